//! Which baseline counts, and judging a report by it.

use crate::cli;
use anyhow::{Context, Result, bail};
use std::path::{Component, Path, PathBuf};
use unleak::baseline::{self, Accepting, Baseline, Conflicts};
use unleak::config::Config;
use unleak::finding::Finding;
use unleak::report::Report;
use unleak::source::{Selected, Standing, Surroundings};

/// Where a baseline lies.
#[derive(Debug, Clone)]
pub struct Place {
    /// On disk.
    pub disk: PathBuf,
    /// What messages call it.
    pub name: String,
    /// As Git has it, when it lies in the repository.
    pub path: Option<Vec<u8>>,
}

/// A baseline, ready to judge by.
pub struct Judging {
    baseline: Baseline,
    standing: Standing,
    added: Vec<Finding>,
}

/// What a baseline is looked for by.
pub struct Looking<'a> {
    /// The configuration that counts.
    pub config: &'a Config,
    /// The root of what is scanned, if it has one.
    pub root: Option<&'a Path>,
    /// The folder that paths given on the command line are relative to.
    pub cwd: &'a Path,
    /// Where the repository is looked for.
    pub surroundings: &'a Surroundings,
}

impl Looking<'_> {
    /// Where the baseline is that an option or the configuration names, else where one is by default.
    pub fn place(&self, named: Option<&Path>) -> Place {
        let root = self.root.unwrap_or(self.cwd);
        let (disk, name) = match (named, &self.config.baseline) {
            (Some(named), _) => (self.cwd.join(named), named.display().to_string()),
            (None, Some(set)) => (root.join(set), set.display().to_string()),
            (None, None) => (root.join(baseline::DEFAULT), baseline::DEFAULT.to_owned()),
        };
        // In a bare repository, a path is one of its trees.
        let below = match self.root {
            Some(root) => below(&disk, root),
            None => {
                named.or(self.config.baseline.as_deref()).unwrap_or(Path::new(baseline::DEFAULT)).to_path_buf().into()
            }
        };
        let path = below.filter(|path| path.is_relative()).map(|path| bytes(&path));
        Place { disk, name, path }
    }

    /// The options with the baseline read from a revision, if one is asked for that lies in the repository: one that
    /// lies elsewhere is out of a change's reach.
    pub fn judged_at(&self, options: &cli::Baseline, revision: Option<&String>) -> cli::Baseline {
        let is_own = match &options.baseline {
            Some(named) => self.root.is_some_and(|root| below(&self.cwd.join(named), root).is_some()),
            None => self.config.baseline.is_some(),
        };
        let mut options = options.clone();
        if is_own && !options.no_baseline && options.baseline_from.is_none() {
            options.baseline_from = revision.cloned();
        }
        options
    }

    /// The baseline that the options and the configuration ask for, if they do. `heads` are the revisions that the
    /// scan leads to.
    pub fn judging(&self, options: &cli::Baseline, heads: &[String]) -> Result<Option<Judging>> {
        let is_asked_for =
            options.baseline.is_some() || options.baseline_from.is_some() || self.config.baseline.is_some();
        if options.no_baseline || !is_asked_for {
            return Ok(None);
        }
        let place = self.place(options.baseline.as_deref());
        let standing = Standing::new(self.surroundings, heads).context("looking at the repository")?;
        let mut baseline = match &options.baseline_from {
            Some(revision) => at(revision, &place, &standing)?,
            None => baseline::read(&place.disk, &place.name, Conflicts::Refused)?,
        };
        baseline.path = place.path;
        Ok(Some(Judging { baseline, standing, added: Vec::new() }))
    }
}

/// The baseline as it is in a revision; one that is not there accepts nothing.
pub fn at(revision: &str, place: &Place, standing: &Standing) -> Result<Baseline> {
    let name = format!("{}:{}", revision, place.name);
    let Some(path) = &place.path else {
        bail!("{} lies outside of the repository, so no revision has it: leave out --baseline-from", place.name);
    };
    let mut baseline =
        Baseline { name: place.name.clone(), revision: Some(revision.to_owned()), ..Baseline::default() };
    let files = standing.files_at(revision, path).with_context(|| name.clone())?;
    for (file, text) in files.unwrap_or_default() {
        let file = String::from_utf8_lossy(&file).into_owned();
        if file.len() == path.len() || file.ends_with(baseline::EXTENSION) {
            baseline.add_text(&text, &format!("{revision}:{file}"), Conflicts::Refused)?;
        }
    }
    Ok(baseline)
}

impl Judging {
    /// Notes what the selected change adds to the baseline itself.
    pub fn look_at(&mut self, selected: &mut Selected) {
        self.added = baseline::additions(&self.baseline, selected);
        if !self.added.is_empty() && self.baseline.revision.is_none() {
            let count = match self.added.len() {
                1 => "an entry".to_owned(),
                count => format!("{count} entries"),
            };
            selected.notices.push(format!(
                "{} is among the changes and judges them itself: it adds {count}. Look at what it accepts, or judge by \
                 the base branch's with --baseline-from",
                self.baseline.name
            ));
        }
    }

    /// Takes out of the report what the baseline accepts.
    pub fn judge(self, report: &mut Report, is_whole: bool, is_listed: bool) {
        let how = Accepting { baseline: &self.baseline, today: today(), standing: &self.standing, is_whole, is_listed };
        baseline::accept(report, &how);
        if self.baseline.entries.is_empty()
            && let Some(revision) = &self.baseline.revision
        {
            report.notices.push(format!("{revision} has no entry in {}, so nothing is accepted", self.baseline.name));
        }
        if !self.added.is_empty() {
            report.findings.extend(self.added);
            report.sort();
        }
    }
}

/// The day it is, in UTC: the same for everyone who looks at a baseline at the same time.
pub fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The path from the root to a file below it.
pub fn below(file: &Path, root: &Path) -> Option<PathBuf> {
    // Neither the file nor its folder need exist, and the way there may lead through links and `..`.
    let file = tidied(file);
    let there = file.ancestors().skip(1).find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
    let file = there.and_then(|(folder, real)| Some(real.join(file.strip_prefix(folder).ok()?))).unwrap_or(file);
    let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    file.strip_prefix(root).ok().map(Path::to_path_buf)
}

fn tidied(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(tidied.pop()),
            part => tidied.push(part),
        }
    }
    tidied
}

fn bytes(path: &Path) -> Vec<u8> {
    let path = tidied(path).to_string_lossy().into_owned();
    if cfg!(windows) { path.replace('\\', "/").into_bytes() } else { path.into_bytes() }
}
