//! Hooks from the command line: installed, removed, shown, and run.

use super::environment::Environment;
use super::reports::{self, tell};
use super::scanning;
use super::tool;
use crate::cli::{self, HookInstall, HookRun, HookUninstall, RunnableHook, WhichHooks};
use anyhow::{Context, Result, anyhow};
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use unleak::finding::Severity;
use unleak::hook::git::{Git, Place};
use unleak::hook::install::{self, State};
use unleak::hook::manager::{self, Manager};
use unleak::hook::script::{Before, Program};
use unleak::hook::{self, Hook, push};
use unleak::output::{self, Format, Style};
use unleak::report::{ExitStatus, Report};
use unleak::source::{self, Push, Selection, Side, Update};

/// Does what is asked for.
pub fn hook(command: cli::Hook, environment: &Environment) -> Result<ExitStatus> {
    match command {
        cli::Hook::Install(asked) if asked.which.global => install_global(&asked, environment),
        cli::Hook::Install(asked) => install(&asked, environment).context("installing hooks"),
        cli::Hook::Uninstall(asked) => uninstall(&asked, environment).context("removing hooks"),
        cli::Hook::Status(asked) => status(&asked.which, environment).context("looking at hooks"),
        cli::Hook::Run(asked) => run(asked, environment),
    }
}

fn install(asked: &HookInstall, environment: &Environment) -> Result<ExitStatus> {
    let cwd = &environment.surroundings.cwd;
    let place = Place::of(cwd)?;
    // A hook that can't read the repository would refuse every commit.
    source::readable(&environment.surroundings)?;
    let hooks = chosen(&asked.which, place.usual());
    let program = program(asked, cwd)?;
    if place.has_config_hooks && !asked.files {
        for hook in hooks {
            // In both places it would run twice.
            install::out_of_folder(&place.hooks, hook)?;
            install::into_settings(&place.git, "--local", hook, &program)?;
            say(&format!("{}: installed in Git's settings", hook.name()))?;
        }
        return Ok(ExitStatus::Clean);
    }
    match manager::manager(&place).filter(|_| !asked.force) {
        None => {}
        Some(Manager::HooksPath) if asked.write => {}
        // As where the hooks of all repositories stand.
        Some(Manager::HooksPath) if are_installed(&place, &hooks)? => {
            hooks.iter().try_for_each(|hook| say(&in_words(*hook, &install::state(&place, *hook)?)))?;
            return Ok(ExitStatus::Clean);
        }
        Some(manager) if asked.write => return write(manager, &place, &hooks),
        Some(manager) => return explain(manager, &place, &hooks),
    }
    for hook in hooks {
        let state = install::into_folder(&place.hooks, hook, &program, Before::Kept, asked.force)?;
        say(&in_words(hook, &state))?;
    }
    Ok(ExitStatus::Clean)
}

fn are_installed(place: &Place, hooks: &[Hook]) -> Result<bool> {
    let states: Result<Vec<State>, hook::Error> = hooks.iter().map(|hook| install::state(place, *hook)).collect();
    Ok(states?.iter().all(|state| matches!(state, State::File(..))))
}

/// Adds to a manager's files what they need.
fn write(manager: Manager, place: &Place, hooks: &[Hook]) -> Result<ExitStatus> {
    let changed = manager.write(place, hooks)?;
    for path in &changed {
        say(&format!("{}: added to {}", manager.name(), path.display()))?;
    }
    if changed.is_empty() {
        say(&format!("{}: has it already", manager.name()))?;
    }
    if let Some(command) = manager.afterwards(hooks) {
        say(&format!("now run: {command}"))?;
    }
    Ok(ExitStatus::Clean)
}

/// Prints what a manager's files need.
fn explain(manager: Manager, place: &Place, hooks: &[Hook]) -> Result<ExitStatus> {
    tell(&format!(
        "nothing was installed: {} looks after the hooks here ({}). Add what follows, or let --write add it",
        manager.name(),
        place
            .hooks_path
            .as_deref()
            .map_or_else(|| "its file is here".to_owned(), |path| format!("core.hooksPath={path}")),
    ));
    for (path, text) in manager.snippets(place, hooks) {
        say(&format!("# {}\n{text}", path.display()))?;
    }
    if let Some(command) = manager.afterwards(hooks) {
        say(&format!("# then run: {command}"))?;
    }
    Ok(ExitStatus::Error)
}

fn install_global(asked: &HookInstall, environment: &Environment) -> Result<ExitStatus> {
    let cwd = &environment.surroundings.cwd;
    let (git, folder) = (Git::new(cwd), global_folder(environment)?);
    let hooks = chosen(&asked.which, &Hook::CLIENT);
    let program = program(asked, cwd)?;
    if git.has_config_hooks()? && !asked.files {
        for hook in hooks {
            install::into_settings(&git, "--global", hook, &program)?;
            say(&format!("{}: installed in Git's settings, for all repositories", hook.name()))?;
        }
        return Ok(ExitStatus::Clean);
    }
    let set = git.setting("--global", "core.hooksPath")?;
    if let Some(other) = set.filter(|path| Path::new(path) != folder) {
        if !asked.write {
            tell(&format!(
                "nothing was installed: core.hooksPath is {other} for all repositories. Let --write install there"
            ));
            return Ok(ExitStatus::Error);
        }
        for hook in hooks {
            let state = install::into_folder(&cwd.join(&other), hook, &program, Before::Kept, asked.force)?;
            say(&in_words(hook, &state))?;
        }
        return Ok(ExitStatus::Clean);
    }
    install::fill_global(&git, &folder)?;
    for hook in hooks {
        let state = install::into_folder(&folder, hook, &program, Before::Own, asked.force)?;
        say(&in_words(hook, &state))?;
    }
    say(
        "core.hooksPath leads there for all repositories; their own hooks run first. A repository that sets its own core.hooksPath, as with husky, is not covered",
    )?;
    Ok(ExitStatus::Clean)
}

fn uninstall(asked: &HookUninstall, environment: &Environment) -> Result<ExitStatus> {
    let cwd = &environment.surroundings.cwd;
    if asked.which.global {
        return uninstall_global(&asked.which, environment);
    }
    let place = Place::of(cwd)?;
    let manager = manager::manager(&place);
    for hook in chosen(&asked.which, &Hook::ALL) {
        let mut was_there = install::out_of_folder(&place.hooks, hook)?;
        was_there |= install::out_of_settings(&place.git, "--local", hook)?;
        if manager == Some(Manager::Husky) {
            was_there |= manager::remove_line(&Manager::Husky.file(&place, hook), hook)?;
        }
        if was_there {
            say(&format!("{}: removed", hook.name()))?;
        } else if !asked.which.hooks.is_empty() {
            say(&format!("{}: was not installed", hook.name()))?;
        }
    }
    if let Some(manager @ (Manager::Lefthook | Manager::PreCommit | Manager::Prek)) = manager {
        let file = manager.file(&place, Hook::PreCommit);
        if std::fs::read_to_string(&file).is_ok_and(|text| text.contains("unleak")) {
            say(&format!("{} mentions unleak: that part of it is yours to remove", file.display()))?;
        }
    }
    Ok(ExitStatus::Clean)
}

fn uninstall_global(which: &WhichHooks, environment: &Environment) -> Result<ExitStatus> {
    let (git, folder) = (Git::new(&environment.surroundings.cwd), global_folder(environment)?);
    for hook in chosen(which, &Hook::CLIENT) {
        let mut was_there = install::out_of_folder(&folder, hook)?;
        was_there |= install::out_of_settings(&git, "--global", hook)?;
        if let Some(other) = git.setting("--global", "core.hooksPath")?.filter(|path| Path::new(path) != folder) {
            was_there |= install::out_of_folder(&environment.surroundings.cwd.join(other), hook)?;
        }
        if was_there {
            say(&format!("{}: removed", hook.name()))?;
        }
    }
    let is_left =
        |hook: Hook| Ok::<_, hook::Error>(matches!(install::global_state(&git, &folder, hook)?, State::File(..)));
    for hook in Hook::CLIENT {
        if is_left(hook)? {
            return Ok(install::fill_global(&git, &folder).map(|()| ExitStatus::Clean)?);
        }
    }
    if install::empty_global(&git, &folder)? {
        say("core.hooksPath is not set any more")?;
    }
    Ok(ExitStatus::Clean)
}

fn status(which: &WhichHooks, environment: &Environment) -> Result<ExitStatus> {
    let cwd = &environment.surroundings.cwd;
    let mut are_all_there = true;
    if which.global {
        let (git, folder) = (Git::new(cwd), global_folder(environment)?);
        for hook in chosen(which, &Hook::CLIENT) {
            let state = install::global_state(&git, &folder, hook)?;
            are_all_there &= matches!(state, State::File(..) | State::Settings);
            say(&in_words(hook, &state))?;
        }
    } else {
        let place = Place::of(cwd)?;
        let manager = manager::manager(&place);
        for hook in chosen(which, place.usual()) {
            let managed = manager.map(|manager| manager.file(&place, hook)).filter(|file| {
                let call = format!("unleak hook run {}", hook.name());
                std::fs::read_to_string(file).is_ok_and(|text| text.contains(&call))
            });
            let state = install::state(&place, hook)?;
            are_all_there &= managed.is_some() || matches!(state, State::File(..) | State::Settings);
            match (managed, state) {
                (Some(file), State::Absent | State::Other(_)) => {
                    say(&format!("{}: called by {}", hook.name(), file.display()))?;
                }
                (_, state) => say(&in_words(hook, &state))?,
            }
        }
        if let Some(manager) = manager {
            say(&format!("{} looks after the hooks here", manager.name()))?;
        }
    }
    Ok(if are_all_there { ExitStatus::Clean } else { ExitStatus::Findings })
}

fn chosen(which: &WhichHooks, usual: &[Hook]) -> Vec<Hook> {
    if which.hooks.is_empty() { usual.to_vec() } else { which.hooks.clone() }
}

fn program(asked: &HookInstall, cwd: &Path) -> Result<Program> {
    let config = match &asked.config {
        Some(config) => {
            let path = cwd.join(config);
            Some(path.canonicalize().with_context(|| format!("looking for the configuration {}", config.display()))?)
        }
        None => None,
    };
    let path = std::env::current_exe().context("asking for this program's path")?;
    // With a revision it is a path of the repository's trees, whatever is on disk.
    let baseline = match (&asked.baseline, &asked.baseline_from) {
        (Some(file), None) => {
            let path = cwd.join(file);
            Some(path.canonicalize().with_context(|| format!("looking for the baseline {}", file.display()))?)
        }
        (file, _) => file.clone(),
    };
    let baseline_from = asked.baseline_from.clone();
    Ok(Program { path, config, baseline, baseline_from, no_allow: asked.no_allow })
}

fn global_folder(environment: &Environment) -> Result<PathBuf> {
    Ok(environment.settings.as_ref().ok_or(hook::Error::NoHome)?.join("unleak").join("hooks"))
}

fn in_words(hook: Hook, state: &State) -> String {
    let name = hook.name();
    match state {
        State::Absent => format!("{name}: not installed"),
        State::File(path, None) => format!("{name}: installed at {}", path.display()),
        State::File(path, Some(kept)) => {
            format!(
                "{name}: installed at {}; the hook that was there runs first, as {}",
                path.display(),
                kept.display()
            )
        }
        State::Settings => format!("{name}: installed in Git's settings"),
        State::Other(path) => format!("{name}: not installed; there is another hook at {}", path.display()),
    }
}

fn say(text: &str) -> Result<()> {
    writeln!(io::stdout().lock(), "{text}").context("writing to standard output")
}

/// What Git or a manager runs.
fn run(asked: HookRun, environment: &Environment) -> Result<ExitStatus> {
    let HookRun { hook, arguments, mut scan } = asked;
    let hook = match hook {
        RunnableHook::Git(hook) => hook,
        RunnableHook::PreTool => return tool::pre_tool(&scan, environment),
    };
    if hook == Hook::PreReceive {
        // Who pushes may have set the variables, and has made what stands in the repository.
        scan.config.no_config = scan.config.config.is_none();
        if environment.is_off {
            tell("UNLEAK=0 does not count where a push is received");
        }
    } else if environment.is_off {
        tell(&format!("UNLEAK=0: {} was skipped, nothing was scanned", hook.name()));
        return Ok(ExitStatus::Clean);
    }
    let Some(selection) = selection(hook, &arguments, environment)? else { return Ok(ExitStatus::Clean) };
    let (mut report, fail_on) = scanning::report_on(selection, &scan, environment)?;
    let is_asked_for = scan.format != Format::Human || scan.output != Path::new("-") || !scan.reports.is_empty();
    let all_written = if is_asked_for { reports::write(&report, &scan, environment.times()) } else { true };
    let status = scanning::status(&report, fail_on, all_written, scan.exit_zero);
    if !is_asked_for {
        report.findings.retain(|finding| finding.severity >= fail_on);
        refuse(hook, &report, status, &scan).context("telling what was found")?;
    }
    Ok(status)
}

/// What a hook scans; nothing if it was not handed anything.
fn selection(hook: Hook, arguments: &[std::ffi::OsString], environment: &Environment) -> Result<Option<Selection>> {
    let push = match hook {
        Hook::PreCommit | Hook::PreMergeCommit => return Ok(Some(Selection::Staged)),
        Hook::CommitMsg => {
            let file = arguments.first().context("commit-msg needs the file with the message; Git hands it over")?;
            return Ok(Some(Selection::Message(PathBuf::from(file))));
        }
        Hook::PrePush => match &environment.push {
            Some(managed) => Push {
                updates: vec![Update { old: managed.from.clone().unwrap_or_default(), new: managed.to.clone() }],
                side: Side::Sender(managed.remote.clone()),
            },
            None => {
                let remote = arguments.first().map(|name| name.to_string_lossy()).unwrap_or_default();
                push::sent(&input()?, &remote).map_err(|why| anyhow!(why))?
            }
        },
        Hook::PreReceive => push::received(&input()?).map_err(|why| anyhow!(why))?,
    };
    if push.updates.is_empty() {
        // Either all is up to date, or a manager keeps to itself what Git says: then silence would hide a gap.
        tell(&format!("{} was told of no ref, so nothing was scanned", hook.name()));
        return Ok(None);
    }
    Ok(Some(Selection::Push(push)))
}

fn input() -> Result<String> {
    let mut text = String::new();
    // A hook that is tried by hand is handed nothing, and must not wait for it.
    if !io::stdin().is_terminal() {
        io::stdin().lock().read_to_string(&mut text).context("reading what Git hands the hook")?;
    }
    Ok(text)
}

/// Says on standard error why the hook refuses; a hook that does not says nothing but notices.
fn refuse(hook: Hook, report: &Report, status: ExitStatus, scan: &cli::Scan) -> Result<()> {
    let color = match scan.color {
        cli::Color::Always => true,
        cli::Color::Never => false,
        cli::Color::Auto => anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
    };
    let width = terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| width.0.into());
    let style = Style { color, width, ..Style::default() };
    let mut out = Vec::new();
    let is_clean = status == ExitStatus::Clean;
    if !is_clean {
        output::write_brief(report, &style, &mut out)?;
    }
    for line in output::notices(report) {
        writeln!(out, "unleak: note: {line}")?;
    }
    if !is_clean {
        advice(hook, report).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(anstream::stderr().lock().write_all(&out)?)
}

/// What was refused, and what to do now.
fn advice(hook: Hook, report: &Report) -> Vec<String> {
    let refused = match hook {
        Hook::PreCommit | Hook::CommitMsg => "commit refused",
        Hook::PreMergeCommit => "merge refused",
        Hook::PrePush => "push refused, nothing has left this machine",
        Hook::PreReceive => "push refused by the server, which keeps nothing of it",
    };
    let worst = report.findings.iter().max_by_key(|finding| finding.severity);
    let Some(worst) = worst else { return vec![format!("unleak: {refused}: not everything could be read")] };
    let (count, rule) = (report.findings.len(), worst.rule.id());
    let is_staged = matches!(hook, Hook::PreCommit | Hook::PreMergeCommit);
    let all = if is_staged && count > 1 { "; `unleak staged` shows all of them in full" } else { "" };
    let mut lines = vec![format!("unleak: {refused}: {count} finding{}{all}", if count == 1 { "" } else { "s" })];
    if is_staged && report.findings.iter().any(|f| f.holds_secret() && !f.remedy.edits.is_empty()) {
        lines.push("to mend it: unleak fix --staged (with --write-env the secret goes to .env), then git add".into());
    }
    if worst.severity >= Severity::Medium && matches!(hook, Hook::PrePush | Hook::PreReceive) {
        lines.push("in a commit: take it out of the commit itself (git commit --amend, git rebase -i); a later commit does not remove it".into());
    }
    if hook != Hook::CommitMsg {
        lines.push(output::not_a_leak(rule, report.findings.iter()));
    }
    match hook {
        Hook::PreReceive => {}
        Hook::PrePush => lines.push("push once without a scan: UNLEAK=0 git push".into()),
        Hook::PreMergeCommit => lines.push("merge once without a scan: UNLEAK=0 git merge --continue".into()),
        Hook::PreCommit | Hook::CommitMsg => lines.push("commit once without a scan: UNLEAK=0 git commit".into()),
    }
    lines
}
