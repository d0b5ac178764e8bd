//! `unleak fix`: plan, show, ask, write, and say what is left to do.

use super::baselines::{Judging, Looking};
use super::environment::Environment;
use super::reports::tell;
use super::{listing, scanning};
use crate::cli::{Color, Fix};
use anyhow::{Context, Result, bail};
use std::collections::{BTreeSet, HashSet};
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use unleak::detect::Engine;
use unleak::finding::{Finding, Severity};
use unleak::judge::Judge;
use unleak::output;
use unleak::repair::{self, Aside, Change, Left, Plan, Purpose, Standing};
use unleak::report::{ExitStatus, Report};
use unleak::scan::Scan;
use unleak::secret::Secret;
use unleak::source::{self, Selected, Selection};

/// A finding, wherever in its file it stands.
type Key = (Vec<u8>, String, Secret);

/// Mends files.
pub fn fix(options: &Fix, environment: &Environment) -> Result<ExitStatus> {
    let root = source::root(&environment.surroundings).context("a bare repository has no files to mend")?;
    let mut chosen = environment.config(&options.config, Some(&root))?;
    for rule in &options.rules {
        listing::named(&chosen.config.rules, rule)?;
    }
    let fail_on = chosen.config.fail_on.unwrap_or(scanning::FAIL_ON);
    let min_confidence = options.min_confidence.or(chosen.config.min_confidence);
    let surroundings = &environment.surroundings;
    let looking = Looking { config: &chosen.config, root: Some(&root), cwd: &surroundings.cwd, surroundings };
    let judging = looking.judging(&options.baseline, &[]).context("reading the baseline")?;
    let allows = std::mem::take(&mut chosen.config.allows);
    let default = Judge::default();
    let judge = Judge { min_confidence: min_confidence.unwrap_or(default.min_confidence), allows, ..default };
    let scan = Scan { engine: Engine::new(chosen.config.rules.clone()), judge, explain: false };
    let select = |selection| -> Result<_> {
        let mut selected =
            source::select(selection, &environment.surroundings).context("finding what is to be mended")?;
        scanning::apply(&chosen, &mut selected);
        Ok(selected)
    };
    let kept = repair::assignments(&std::fs::read(root.join(".env")).unwrap_or_default());
    let planning = Planning { options, root: &root, scan: &scan, select: &select, kept: &kept };
    let plan = if options.staged { planning.of_staged(judging)? } else { planning.of_files(judging)? };
    mend(options, environment, &root, &scan, &plan, fail_on)
}

/// What a plan is made by.
struct Planning<'a> {
    options: &'a Fix,
    root: &'a Path,
    scan: &'a Scan,
    select: &'a dyn Fn(Selection) -> Result<Selected>,
    kept: &'a [(String, Secret)],
}

impl Planning<'_> {
    /// What the index would leak, mended on disk.
    fn of_staged(&self, judging: Option<Judging>) -> Result<Plan> {
        let mut staged = judged(self.scan, (self.select)(Selection::Staged)?, judging)?;
        staged.findings.retain(|finding| is_meant(self.options, finding));
        let keys: HashSet<Key> = staged.findings.iter().map(key).collect();
        let paths = staged.findings.iter().filter_map(|finding| on_disk(self.root, finding.origin.file()));
        let paths: BTreeSet<PathBuf> = paths.collect();
        // Named none, all files would be meant.
        let mut plan = if paths.is_empty() {
            let report = Report { findings: Vec::new(), ..staged.clone() };
            Plan { report, changes: Vec::new(), left: Vec::new() }
        } else {
            let selected = (self.select)(Selection::Files { paths: paths.into_iter().collect(), no_ignore: true })?;
            repair::plan(self.scan, selected, &|finding| keys.contains(&key(finding)), self.kept)
        };
        let there: HashSet<Key> = plan.report.findings.iter().map(key).collect();
        let gone = staged.findings.into_iter().filter(|finding| !there.contains(&key(finding)));
        let why = "it is gone on disk already, and the index still has it: `git add` the file";
        plan.left.extend(gone.map(|finding| Left { finding, why }));
        Ok(plan)
    }

    fn of_files(&self, judging: Option<Judging>) -> Result<Plan> {
        let files = || (self.select)(Selection::Files { paths: self.options.paths.clone(), no_ignore: false });
        // Which of several files is the renamed one shows only once all of them were seen.
        let report = if judging.is_some() { Some(judged(self.scan, files()?, judging)?) } else { None };
        let accepted = report.iter().flat_map(|report| &report.baseline).flat_map(|baseline| &baseline.accepted);
        let accepted: HashSet<Key> = accepted.map(|accepted| key(&accepted.finding)).collect();
        let options = self.options;
        let wanted = |finding: &Finding| is_meant(options, finding) && !accepted.contains(&key(finding));
        Ok(repair::plan(self.scan, files()?, &wanted, self.kept))
    }
}

/// Whether a finding is of the rules that are asked for.
fn is_meant(options: &Fix, finding: &Finding) -> bool {
    options.rules.is_empty() || options.rules.iter().any(|id| id == finding.rule.id())
}

/// What a scan would report. What the baseline accepts is left as it is, and counted.
fn judged(scan: &Scan, selected: Selected, judging: Option<Judging>) -> Result<Report> {
    let mut report = scan.run(selected);
    if let Some(judging) = judging {
        judging.judge(&mut report, false, false);
    }
    if let Some(accepted) = output::accepted_in_words(&report) {
        print(format!("{accepted}, left as it is; --no-baseline mends it too\n").as_bytes())?;
    }
    Ok(report)
}

fn key(finding: &Finding) -> Key {
    (finding.origin.path.clone(), finding.rule.id().to_owned(), finding.secret.clone())
}

/// The staged file as it is on disk, if it is there.
fn on_disk(root: &Path, path: &[u8]) -> Option<PathBuf> {
    let path = root.join(gix::path::from_byte_slice(path).ok()?);
    path.is_file().then_some(path)
}

/// How things are shown.
struct Shown {
    color: bool,
    dry_run: bool,
}

impl Shown {
    fn new(options: &Fix) -> Self {
        let can = || anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
        let color = match options.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => can(),
        };
        Shown { color, dry_run: options.dry_run }
    }
}

fn mend(
    options: &Fix,
    environment: &Environment,
    root: &Path,
    scan: &Scan,
    plan: &Plan,
    fail_on: Severity,
) -> Result<ExitStatus> {
    let shown = Shown::new(options);
    let in_git = source::is_repository(&environment.surroundings);
    let paths = plan.changes.iter().map(|change| change.path.as_path());
    let standing = repair::standing(&environment.surroundings, paths).context("comparing the files with the index")?;
    let mut files: HashSet<&Path> = HashSet::new();
    let mut answers = Answers { all: !options.interactive };
    for change in &plan.changes {
        let mut diff = Vec::new();
        output::diff::change(scan, change, &name(change), shown.color, &mut diff).context("making the diff")?;
        print(&diff)?;
        match answers.wants(&name(change))? {
            Answer::Yes => _ = files.insert(&change.path),
            Answer::No => {}
            Answer::Quit => bail!("nothing was written"),
        }
    }
    let is_chosen = |path: &Path| files.contains(path);
    let asides = repair::asides(plan, root, &is_chosen, options.write_env, in_git);
    refuse_tracked(environment, &asides)?;
    for aside in &asides {
        let mut diff = Vec::new();
        let name = aside.path.strip_prefix(root).unwrap_or(&aside.path).display().to_string();
        output::diff::aside(scan, aside, &name, shown.color, &mut diff).context("making the diff")?;
        print(&diff)?;
    }
    let dirty: Vec<String> = std::iter::zip(&plan.changes, standing)
        .filter(|(change, standing)| *standing == Standing::Dirty && is_chosen(&change.path))
        .map(|(change, _)| name(change))
        .collect();
    if !dirty.is_empty() && !options.force {
        let words = format!(
            "these have changes that Git does not hold: {}; nothing was written. Stage or stash them, or use --force",
            dirty.join(", ")
        );
        if !options.dry_run {
            bail!(words);
        }
        tell(&format!("note: {}", words.replace("nothing was written", "without --dry-run this would be an error")));
    }
    let changes: Vec<&Change> = plan.changes.iter().filter(|change| is_chosen(&change.path)).collect();
    if !options.dry_run {
        repair::write(&changes, &asides)?;
    }
    said(plan, &changes, &asides, options, root)?;
    for missing in &plan.report.coverage.missing {
        tell(&format!("not read: {}: {}", String::from_utf8_lossy(&missing.what), missing.why));
    }
    let done: usize = changes.iter().map(|change| change.mended.len()).sum();
    let all: usize = plan.changes.iter().map(|change| change.mended.len()).sum();
    // As in a scan, a habit alone is no failure.
    let is_grave = |finding: &Finding| finding.severity >= fail_on;
    let kept = plan.changes.iter().filter(|change| options.dry_run || !is_chosen(&change.path));
    let mut remaining = plan.left.iter().map(|left| &left.finding).chain(kept.flat_map(Change::findings));
    let status = closing(&shown, done, plan.left.len() + all - done, remaining.any(is_grave))?;
    Ok(if plan.report.coverage.is_complete() { status } else { ExitStatus::Error })
}

/// A `.env` that Git tracks would commit what is written into it.
fn refuse_tracked(environment: &Environment, asides: &[Aside]) -> Result<()> {
    let private = asides.iter().find(|aside| aside.is_private());
    let Some(aside) = private else { return Ok(()) };
    let standing = repair::standing(&environment.surroundings, std::iter::once(aside.path.as_path()))?;
    if standing != [Standing::Untracked] {
        bail!("Git tracks .env, so it would commit the secrets; nothing was written. First: git rm --cached .env");
    }
    Ok(())
}

fn name(change: &Change) -> String {
    String::from_utf8_lossy(&change.document.origin.path).into_owned()
}

/// Says what was done, what stays, and what only a person can do.
fn said(plan: &Plan, changes: &[&Change], asides: &[Aside], options: &Fix, root: &Path) -> Result<()> {
    let mut lines: Vec<String> = Vec::new();
    for left in &plan.left {
        let finding = &left.finding;
        let path = String::from_utf8_lossy(&finding.origin.path);
        lines.push(format!("left: {path}:{}: {}: {}", finding.location.start_line, finding.rule.id(), left.why));
        lines.push(format!("      {}", finding.remedy.replace.trim()));
    }
    for aside in asides {
        if let Purpose::Secrets(names) = &aside.purpose {
            let tense = if options.dry_run { "would get" } else { "now holds" };
            lines.push(format!(".env {tense} {}", names.join(", ")));
        }
    }
    lines.extend(kept(changes, options, root));
    if !options.dry_run {
        lines.extend(next(changes));
        lines.extend(to_stage(plan, changes, asides, root).filter(|_| options.staged));
    }
    let mut seen = HashSet::new();
    lines.retain(|line| !line.starts_with("next") || seen.insert(line.clone()));
    print(output::diff::words(&plan.report, &lines).as_bytes())
}

/// What remains to be done for what was mended: mending a line takes no secret back.
fn next(changes: &[&Change]) -> Vec<String> {
    let (mut lines, mut how) = (Vec::new(), BTreeSet::new());
    for (finding, name) in changes.iter().flat_map(|change| &change.mended).filter(|(f, _)| f.holds_secret()) {
        let revoke = finding.remedy.next.split(", then").next().unwrap_or_default();
        let rule = finding.rule.id();
        lines.push(format!("next: {revoke}, keep its successor as {name}"));
        how.insert(format!("next: `unleak explain {rule}` says how and where"));
    }
    lines.extend(how);
    lines
}

/// What becomes of the values: one that `.env` has stays there, and one that nothing is told to keep is gone.
fn kept(changes: &[&Change], options: &Fix, root: &Path) -> Vec<String> {
    let there = repair::assignments(&std::fs::read(root.join(".env")).unwrap_or_default());
    let moved = || changes.iter().flat_map(|change| &change.mended).filter(|(finding, _)| finding.holds_secret());
    let is_other = |finding: &Finding, name: &String| {
        there.iter().any(|(own, _)| own == name)
            && !there.iter().any(|(own, value)| own == name && *value == finding.secret)
    };
    let others: BTreeSet<&String> = moved().filter(|(f, name)| is_other(f, name)).map(|(_, name)| name).collect();
    let mut lines: Vec<String> = others
        .iter()
        .map(|name| format!("note: .env has another value for {name}, which counts from now on"))
        .collect();
    let is_kept = |finding: &Finding| there.iter().any(|(_, value)| *value == finding.secret);
    if options.dry_run && !options.write_env && moved().any(|(finding, _)| !is_kept(finding)) {
        lines.push("note: the secrets themselves are kept nowhere; with --write-env they go into .env".to_owned());
    }
    lines
}

/// How what was mended gets into the next commit, seen from the current folder.
fn to_stage(plan: &Plan, changes: &[&Change], asides: &[Aside], root: &Path) -> Option<String> {
    let beside =
        asides.iter().filter(|aside| !aside.is_private()).filter_map(|aside| aside.path.strip_prefix(root).ok());
    let names = changes.iter().map(|change| change.document.origin.path.clone());
    let names = names.chain(beside.map(|path| path.as_os_str().as_encoded_bytes().to_vec()));
    let quoted = |name: Vec<u8>| output::shell::word(&[plan.report.scan.to_root.as_bytes(), &name].concat());
    let names: Vec<String> = names.map(quoted).collect();
    (!changes.is_empty()).then(|| format!("next: the index still holds the secret: git add -- {}", names.join(" ")))
}

fn closing(shown: &Shown, done: usize, left: usize, fails: bool) -> Result<ExitStatus> {
    let words = match (done, left, shown.dry_run) {
        (0, 0, _) => "nothing to mend".to_owned(),
        (done, left, true) => format!("{done} would be mended, {left} left"),
        (done, left, false) => format!("{done} mended, {left} left"),
    };
    print(format!("{words}\n").as_bytes())?;
    Ok(if fails { ExitStatus::Findings } else { ExitStatus::Clean })
}

fn print(bytes: &[u8]) -> Result<()> {
    io::stdout().lock().write_all(bytes).context("writing to standard output")
}

enum Answer {
    Yes,
    No,
    Quit,
}

/// What the user says, file by file.
struct Answers {
    all: bool,
}

impl Answers {
    fn wants(&mut self, name: &str) -> Result<Answer> {
        while !self.all {
            print(format!("mend {name}? [y]es, [n]o, [a]ll that follow, [q]uit and write nothing: ").as_bytes())?;
            io::stdout().flush().context("writing to standard output")?;
            let mut line = String::new();
            let read = io::stdin().lock().read_line(&mut line).context("reading the answer")?;
            if !io::stdin().is_terminal() {
                print(b"\n")?;
            }
            match line.trim() {
                "y" | "yes" => return Ok(Answer::Yes),
                "n" | "no" => return Ok(Answer::No),
                "a" | "all" => self.all = true,
                "q" | "quit" => return Ok(Answer::Quit),
                _ if read == 0 => return Ok(Answer::Quit),
                _ => {}
            }
        }
        Ok(Answer::Yes)
    }
}
