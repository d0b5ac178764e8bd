//! The repository, its baseline, and what is found in it now.

use super::super::baselines::{self, Looking, Place};
use super::super::environment::{Chosen, Environment};
use super::super::scanning;
use crate::cli::WhichBaseline;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::path::PathBuf;
use unleak::baseline::{self, Accepting, Baseline, Conflicts, Entry, Terms};
use unleak::detect::Engine;
use unleak::finding::{Finding, Severity};
use unleak::judge::Judge;
use unleak::report::{ExitStatus, Report};
use unleak::scan::Scan;
use unleak::source::{self, Selection, Standing};
use unleak::sweep;

/// Everything that the commands work on.
pub struct Scene<'e> {
    environment: &'e Environment,
    chosen: Chosen,
    root: PathBuf,
    scan: Option<Scan>,
    /// Where the baseline is.
    pub place: Place,
    /// Whether something could not be read.
    pub is_partial: bool,
}

/// What is found now and the baseline does not accept.
pub struct Found {
    /// The findings.
    pub findings: Vec<Finding>,
    changes: Changes,
}

/// What became of the entries of a baseline.
#[derive(Default)]
pub struct Changes {
    /// New ones.
    pub added: Vec<Entry>,
    /// Those that were accepted again, or on other terms.
    pub renewed: Vec<Entry>,
    /// Those whose file was renamed: before and after.
    pub moved: Vec<(Entry, Entry)>,
    /// Those that are gone, or match nothing.
    pub removed: Vec<Entry>,
    severities: Vec<Severity>,
}

impl<'e> Scene<'e> {
    /// Finds the repository and where its baseline is.
    pub fn new(which: &WhichBaseline, environment: &'e Environment) -> Result<Self> {
        let surroundings = &environment.surroundings;
        let Some(root) = source::root(surroundings) else {
            bail!("a bare repository has no files to keep a baseline in: run this in a clone of it");
        };
        let chosen = environment.config(&which.config, Some(&root))?;
        let looking = Looking { config: &chosen.config, root: Some(&root), cwd: &surroundings.cwd, surroundings };
        let place = looking.place(which.baseline.as_deref());
        Ok(Scene { environment, root, place, chosen, scan: None, is_partial: false })
    }

    /// A path that another tool wrote down, as Git has it: that tool may have been told an absolute one.
    pub fn in_repository(&self, path: &str) -> String {
        let root = self.root.to_string_lossy().replace('\\', "/");
        path.strip_prefix(root.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path).to_owned()
    }

    /// Whether the baseline is there.
    pub fn exists(&self) -> bool {
        match self.place.disk.is_dir() {
            true => std::fs::read_dir(&self.place.disk).is_ok_and(|mut files| files.next().is_some()),
            false => self.place.disk.exists(),
        }
    }

    /// A baseline without entries, to stand there.
    pub fn empty(&self) -> Baseline {
        Baseline { name: self.place.name.clone(), path: self.place.path.clone(), ..Baseline::default() }
    }

    /// The baseline as it is on disk.
    pub fn read(&self, conflicts: Conflicts) -> Result<Baseline> {
        let read = baseline::read(&self.place.disk, &self.place.name, conflicts)?;
        Ok(Baseline { path: self.place.path.clone(), ..read })
    }

    /// The baseline as it is in a revision.
    pub fn at(&self, revision: &str) -> Result<Baseline> {
        baselines::at(revision, &self.place, &self.standing()?)
    }

    /// Writes it.
    pub fn write(&self, baseline: &Baseline) -> Result<()> {
        Ok(baseline::write(&self.place.disk, baseline)?)
    }

    /// Looks paths up.
    pub fn standing(&self) -> Result<Standing> {
        Standing::new(&self.environment.surroundings, &[]).context("looking at the repository")
    }

    /// The scan by the rules in force.
    pub fn scan(&mut self) -> &Scan {
        let config = &mut self.chosen.config;
        self.scan.get_or_insert_with(|| {
            let default = Judge::default();
            let judge = Judge {
                min_confidence: config.min_confidence.unwrap_or(default.min_confidence),
                allows: std::mem::take(&mut config.allows),
                ..default
            };
            Scan { engine: Engine::new(config.rules.clone()), judge, explain: false }
        })
    }

    /// What all files on disk hold.
    pub fn files(&mut self) -> Result<Report> {
        let everything = Selection::Files { paths: Vec::new(), no_ignore: false };
        let mut selected =
            source::select(everything, &self.environment.surroundings).context("finding what to scan")?;
        scanning::apply(&self.chosen, &mut selected);
        let report = self.scan().run(selected);
        self.note(&report);
        Ok(report)
    }

    /// What the history holds.
    pub fn history(&mut self) -> Result<Report> {
        let surroundings = &self.environment.surroundings;
        let (options, progress) = (sweep::Options::default(), sweep::progress::Progress::default());
        let swept = sweep::sweep(surroundings, self.scan(), &options, &progress).context("sweeping the history")?;
        self.note(&swept.report);
        Ok(swept.report)
    }

    fn note(&mut self, report: &Report) {
        super::tell_missing(report);
        self.is_partial |= !report.coverage.is_complete();
    }

    /// An error if something could not be read.
    pub fn status(&self) -> ExitStatus {
        if self.is_partial { ExitStatus::Error } else { ExitStatus::Clean }
    }

    /// Moves entries along with files that were renamed, and finds what the baseline does not accept.
    pub fn follow(&mut self, baseline: &mut Baseline, with_history: bool) -> Result<Found> {
        let mut report = self.files()?;
        self.judge(&mut report, baseline)?;
        let mut changes = Changes::default();
        for accepted in report.baseline.take().into_iter().flat_map(|judged| judged.accepted) {
            if accepted.moved_from.is_none() {
                continue;
            }
            // Several places of one file have one entry.
            let Some(old) = baseline.entries.remove(&accepted.entry) else { continue };
            let finding = &accepted.finding;
            let new = Entry {
                path: finding.origin.path.clone(),
                fingerprint: finding.fingerprint.to_string(),
                place: String::new(),
                ..old.clone()
            };
            baseline.add(new.clone());
            changes.moved.push((old, new));
        }
        let mut findings = report.findings;
        if with_history {
            let mut report = self.history()?;
            self.judge(&mut report, baseline)?;
            findings.extend(report.findings);
        }
        let mut seen = BTreeSet::new();
        findings.retain(|finding| seen.insert(finding.fingerprint.to_string()));
        Ok(Found { findings, changes })
    }

    /// The entries that match something, by their fingerprints.
    pub fn used(&mut self, baseline: &Baseline, with_history: bool) -> Result<BTreeSet<String>> {
        let mut reports = vec![self.files()?];
        if with_history && source::is_repository(&self.environment.surroundings) {
            reports.push(self.history()?);
        }
        let mut used = BTreeSet::new();
        for mut report in reports {
            // What has expired is found all the same.
            used.extend(report.findings.iter().map(|finding| finding.fingerprint.to_string()));
            self.judge(&mut report, baseline)?;
            used.extend(report.baseline.into_iter().flat_map(|judged| judged.accepted).map(|accepted| accepted.entry));
        }
        Ok(used)
    }

    fn judge(&self, report: &mut Report, baseline: &Baseline) -> Result<()> {
        let standing = self.standing()?;
        let today = baselines::today();
        baseline::accept(report, &Accepting { baseline, today, standing: &standing, is_whole: true, is_listed: false });
        Ok(())
    }

    /// Tells Git how to merge the baseline, unless it was told or need not be; says what was done.
    pub fn tell_git(&self) -> Result<Option<String>> {
        let Some(path) = self.place.path.as_ref().filter(|_| !self.place.disk.is_dir()) else { return Ok(None) };
        if !source::is_repository(&self.environment.surroundings) {
            return Ok(None);
        }
        let line = baseline::attribute(path);
        let pattern = line.split(' ').next().unwrap_or_default();
        let file = self.root.join(baseline::ATTRIBUTES);
        let mut text = match std::fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error).with_context(|| format!("reading {}", baseline::ATTRIBUTES)),
        };
        let is_ours = |line: &[u8]| line.trim_ascii().split(u8::is_ascii_whitespace).next() == Some(pattern.as_bytes());
        if text.split(|b| *b == b'\n').any(is_ours) {
            return Ok(None);
        }
        if !text.is_empty() && !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        text.extend_from_slice(format!("{line}\n").as_bytes());
        baseline::replace(&file, &text).with_context(|| format!("writing {}", baseline::ATTRIBUTES))?;
        Ok(Some(format!("{}: what two branches add will merge", baseline::ATTRIBUTES)))
    }

    /// What is left to do once there is a baseline.
    pub fn next_steps(&self) -> Vec<String> {
        let name = &self.place.name;
        let set = self.chosen.config.baseline.is_some();
        let path = self.place.path.as_ref().map(|path| String::from_utf8_lossy(path).into_owned());
        let mut lines = Vec::new();
        match path {
            Some(_) if set => lines.push("next: commit it".to_owned()),
            Some(path) => {
                lines.push(format!("next: commit it, and let scans use it: --baseline {name}, or in unleak.toml"));
                lines.push(format!("    [scan]\n    baseline = \"{path}\""));
            }
            None => lines.push(format!("next: let scans use it: --baseline {name}")),
        }
        lines
    }
}

impl Found {
    /// Keeps what was asked for: findings whose fingerprints begin like these; all if there are none.
    pub fn choose(&mut self, wanted: &[String]) -> Result<()> {
        let is_wanted = |finding: &Finding, wanted: &String| finding.fingerprint.starts_with(wanted.as_str());
        for wanted in wanted {
            let count = self.findings.iter().filter(|finding| is_wanted(finding, wanted)).count();
            if wanted.len() < 8 {
                bail!("{wanted} is too little of a fingerprint: give its first 8 characters at least");
            }
            if count == 0 {
                bail!("nothing that the baseline does not accept has the fingerprint {wanted}; reports name them");
            }
        }
        if !wanted.is_empty() {
            self.findings.retain(|finding| wanted.iter().any(|wanted| is_wanted(finding, wanted)));
        }
        Ok(())
    }

    /// Accepts it.
    pub fn accepted(self, baseline: &mut Baseline, terms: &Terms) -> Changes {
        let Found { findings, mut changes } = self;
        for finding in &findings {
            let entry = Entry::of(finding, terms);
            changes.severities.push(finding.severity);
            match baseline.entries.insert(entry.fingerprint.clone(), entry.clone()) {
                Some(_) => changes.renewed.push(entry),
                None => changes.added.push(entry),
            }
        }
        changes
    }
}

impl Changes {
    /// From one state of a baseline to another.
    pub fn between(old: &Baseline, new: &Baseline) -> Self {
        let mut changes = Changes::default();
        for entry in new.in_order() {
            match old.entries.get(&entry.fingerprint) {
                None => changes.added.push(entry.clone()),
                Some(old)
                    if Entry { place: String::new(), ..old.clone() }
                        != (Entry { place: String::new(), ..entry.clone() }) =>
                {
                    changes.renewed.push(entry.clone());
                }
                Some(_) => {}
            }
        }
        let gone = old.in_order().into_iter().filter(|entry| !new.entries.contains_key(&entry.fingerprint));
        changes.removed.extend(gone.cloned());
        changes
    }

    /// Notes that a finding was accepted.
    pub fn add(&mut self, finding: &Finding, entry: Entry) {
        self.severities.push(finding.severity);
        self.added.push(entry);
    }

    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.renewed.is_empty() && self.moved.is_empty() && self.removed.is_empty()
    }

    /// "3 findings accepted (1 critical, 2 high), 1 entry renamed".
    pub fn in_words(&self) -> String {
        let counted = |severity: Severity| (severity, self.severities.iter().filter(|s| **s == severity).count());
        let severities: Vec<String> = Severity::ALL
            .map(counted)
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(severity, count)| format!("{count} {}", severity.name()))
            .collect();
        let mut words = Vec::new();
        match self.added.len() + self.renewed.len() {
            0 => {}
            count => words.push(format!("{} accepted ({})", number_of(count, "finding"), severities.join(", "))),
        }
        let entries = |count: usize, what: &str| {
            let noun = if count == 1 { "entry" } else { "entries" };
            (count > 0).then(|| format!("{count} {noun} {what}"))
        };
        words.extend(entries(self.moved.len(), "renamed"));
        words.extend(entries(self.removed.len(), "removed"));
        if words.is_empty() { "nothing to change".to_owned() } else { words.join(", ") }
    }
}

/// "1 finding", "2 findings".
pub fn number_of(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
