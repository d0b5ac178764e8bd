//! `unleak baseline`: made, brought up to date, pruned, shown, compared, taken over from another tool.

mod import;
mod scene;
mod shown;

use self::scene::{Changes, Scene};
use super::environment::Environment;
use super::reports::tell;
use crate::cli::{BaselineCommand, BaselineCreate, BaselineDiff, BaselinePrune, BaselineShow, BaselineUpdate, Expiry};
use anyhow::{Context, Result, bail};
use jiff::ToSpan;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use unleak::baseline::{Baseline, Conflicts, Terms};
use unleak::report::ExitStatus;

/// Why everything was accepted that was there when a baseline was made.
const AT_THE_START: &str = "was there when the baseline was made";

/// Does what is asked for.
pub fn baseline(command: &BaselineCommand, environment: &Environment) -> Result<ExitStatus> {
    match command {
        BaselineCommand::Create(asked) => create(asked, environment).context("making the baseline"),
        BaselineCommand::Update(asked) => update(asked, environment).context("updating the baseline"),
        BaselineCommand::Prune(asked) => prune(asked, environment).context("pruning the baseline"),
        BaselineCommand::Show(asked) => show(asked, environment).context("showing the baseline"),
        BaselineCommand::Diff(asked) => diff(asked, environment).context("comparing the baseline"),
        BaselineCommand::Import(asked) => import::import(asked, environment).context("importing into the baseline"),
    }
}

fn create(asked: &BaselineCreate, environment: &Environment) -> Result<ExitStatus> {
    let mut scene = Scene::new(&asked.which, environment)?;
    if scene.exists() && !asked.force {
        bail!("{} exists already: `unleak baseline update` adds to it, --force makes it anew", scene.place.name);
    }
    let mut baseline = scene.empty();
    let terms = terms(&asked.terms, Some(AT_THE_START), environment)?;
    let changes = scene.follow(&mut baseline, asked.history)?.accepted(&mut baseline, &terms);
    scene.write(&baseline)?;
    let words = if changes.is_empty() { "made, and empty: nothing was found".to_owned() } else { changes.in_words() };
    say(&format!("{}: {words}", scene.place.name))?;
    scene.tell_git()?.iter().try_for_each(|line| say(line))?;
    if !changes.is_empty() {
        say("accepted is not safe: whoever has the repository has these secrets")?;
    }
    scene.next_steps().iter().try_for_each(|line| say(line))?;
    Ok(scene.status())
}

fn update(asked: &BaselineUpdate, environment: &Environment) -> Result<ExitStatus> {
    let mut scene = Scene::new(&asked.which, environment)?;
    let mut baseline = scene.read(Conflicts::Joined)?;
    let mut found = scene.follow(&mut baseline, asked.history)?;
    found.choose(&asked.findings)?;
    if !found.findings.is_empty() && asked.terms.reason.is_none() && !asked.dry_run {
        bail!(
            "say why with --reason: {} would be accepted; `unleak baseline update --dry-run` lists what",
            scene::number_of(found.findings.len(), "finding")
        );
    }
    let terms = terms(&asked.terms, asked.dry_run.then_some(""), environment)?;
    let changes = found.accepted(&mut baseline, &terms);
    finish(&scene, &baseline, &changes, asked.dry_run)?;
    Ok(scene.status())
}

fn prune(asked: &BaselinePrune, environment: &Environment) -> Result<ExitStatus> {
    let mut scene = Scene::new(&asked.which, environment)?;
    let mut baseline = scene.read(Conflicts::Refused)?;
    let used = scene.used(&baseline, !asked.files)?;
    if scene.is_partial {
        bail!("not everything could be read, so there is no telling what is unused; nothing was changed");
    }
    let today = super::baselines::today();
    let mut changes = Changes::default();
    baseline.entries.retain(|fingerprint, entry| {
        let goes = !used.contains(fingerprint) || (asked.expired && entry.is_expired(today));
        if goes {
            changes.removed.push(entry.clone());
        }
        !goes
    });
    finish(&scene, &baseline, &changes, asked.dry_run)?;
    Ok(ExitStatus::Clean)
}

/// Writes what has changed, and says what did.
fn finish(scene: &Scene<'_>, baseline: &Baseline, changes: &Changes, is_dry: bool) -> Result<()> {
    shown::changes(changes).iter().try_for_each(|line| say(line))?;
    let name = &scene.place.name;
    if is_dry {
        return say(&format!("{name} as it would be: {}; nothing was written", changes.in_words()));
    }
    scene.write(baseline)?;
    say(&format!("{name}: {}", changes.in_words()))
}

fn show(asked: &BaselineShow, environment: &Environment) -> Result<ExitStatus> {
    let scene = Scene::new(&asked.which, environment)?;
    let baseline = match &asked.from {
        Some(revision) => scene.at(revision)?,
        None => scene.read(Conflicts::Refused)?,
    };
    print(&shown::all(&baseline, super::baselines::today(), asked.format))?;
    Ok(ExitStatus::Clean)
}

fn diff(asked: &BaselineDiff, environment: &Environment) -> Result<ExitStatus> {
    let mut scene = Scene::new(&asked.which, environment)?;
    let baseline = scene.read(Conflicts::Refused)?;
    let changes = match &asked.from {
        Some(revision) => Changes::between(&scene.at(revision)?, &baseline),
        None => {
            let used = scene.used(&baseline, asked.history)?;
            let mut future = baseline.clone();
            let none =
                Terms { reason: String::new(), by: String::new(), accepted: super::baselines::today(), expires: None };
            let mut changes = scene.follow(&mut future, asked.history)?.accepted(&mut future, &none);
            let unused = baseline.in_order().into_iter().filter(|entry| !used.contains(&entry.fingerprint));
            changes.removed.extend(unused.cloned());
            changes
        }
    };
    print(&shown::differences(&changes, asked.format))?;
    Ok(match (scene.status(), changes.is_empty()) {
        (ExitStatus::Error, _) => ExitStatus::Error,
        (_, true) => ExitStatus::Clean,
        (_, false) => ExitStatus::Findings,
    })
}

/// On which terms findings are accepted; without `reason` the command line has to say why.
fn terms(asked: &crate::cli::Terms, reason: Option<&str>, environment: &Environment) -> Result<Terms> {
    let accepted = super::baselines::today();
    let expires = match asked.expires {
        Some(Expiry::On(day)) if day < accepted => bail!("--expires {day} has passed already"),
        Some(Expiry::On(day)) => Some(day),
        Some(Expiry::In(days)) => Some(accepted.saturating_add(i64::from(days).days())),
        None => None,
    };
    let by = match &asked.by {
        Some(by) => by.clone(),
        None => author(environment).context("asking Git who you are; say who accepts with --by")?,
    };
    let reason = asked.reason.as_deref().or(reason).unwrap_or_default().to_owned();
    Ok(Terms { reason, by, accepted, expires })
}

/// The author that Git would name in a commit: `A U Thor <author@example.com>`.
fn author(environment: &Environment) -> Result<String> {
    let mut git = Command::new("git");
    git.args(["var", "GIT_AUTHOR_IDENT"]).current_dir(&environment.surroundings.cwd).stdin(Stdio::null());
    let output = git.output().context("starting git")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    match text.rfind('>') {
        Some(end) if output.status.success() => Ok(text[..=end].to_owned()),
        _ => bail!("{}", String::from_utf8_lossy(&output.stderr).trim().replace('\n', " ")),
    }
}

fn say(line: &str) -> Result<()> {
    print(&format!("{}\n", unleak::output::harmless(line)))
}

fn print(text: &str) -> Result<()> {
    io::stdout().lock().write_all(text.as_bytes()).context("writing to standard output")
}

/// Says what could not be read.
fn tell_missing(report: &unleak::report::Report) {
    for missing in unleak::output::beside(report, true) {
        tell(&missing);
    }
}
