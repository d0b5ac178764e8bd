//! The history sweep: every object of a repository once, and of each only what is new.
//!
//! Passes, each over all threads: [`objects`] lists what there is, [`blobs`] finds candidates, [`texts`] reads
//! messages and who descends from whom, [`trees`] finds the paths of what was found, [`lifecycle`] when it
//! came and went, [`verdicts`] judges it at its paths. No diff is made, no process started, and nothing that the
//! user configured hides a byte.

mod bases;
pub mod blobs;
pub mod classes;
pub mod delta;
mod entries;
pub mod forest;
mod grove;
mod increment;
pub mod inflate;
pub mod inherit;
mod inside;
pub mod lifecycle;
pub mod loose;
pub mod objects;
pub mod pack;
pub mod progress;
mod reach;
pub mod shapes;
pub mod shard;
pub mod shelf;
mod shown;
mod since;
pub mod state;
mod stories;
pub mod texts;
pub mod tips;
pub mod trees;
pub mod verdicts;
pub mod walk;

use crate::archive::Archives;
use crate::document::{Ahead, Aspect, Changed, Charset, Document, Origin};
use crate::report::{Coverage, Extent, HistoryCoverage, Report, Skipped};
use crate::scan::{Outcome, Scan};
use crate::source::repository::Repository;
use crate::source::{self, Surroundings};
use blobs::Blobs;
use classes::{Classes, Set};
use forest::Forest;
use gix::ObjectId;
use gix::objs::Kind;
use lifecycle::History;
use objects::{Number, Objects};
use progress::{Pass, Progress};
use shapes::{Paths, Shapes};
use shard::Shard;
use state::State;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use texts::Texts;
use tips::Tips;
use trees::{Names, Trees};
use verdicts::Verdicts;

/// A map with a hash that costs little, seeded anew at each start: there are millions of look-ups.
type FastMap<K, V> = HashMap<K, V, foldhash::fast::RandomState>;
/// A set with the same hash.
type FastSet<T> = HashSet<T, foldhash::fast::RandomState>;

/// How to sweep.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many threads.
    pub threads: usize,
    /// Whether a blob that is stored as a delta is searched only where it is new. Without, every blob is searched
    /// in full: the same findings, for comparison.
    pub by_deltas: bool,
    /// Which archives are opened.
    pub archives: Archives,
    /// What an earlier sweep left: only what came since is read, if the rules are the same and nothing that was
    /// there is gone.
    pub since: Option<State>,
    /// Which part of the objects is looked at; of them all unless said otherwise.
    pub shard: Shard,
}

/// What a sweep came to.
#[derive(Debug)]
pub struct Swept {
    /// What it found and read.
    pub report: Report,
    /// What to hand to the next sweep, once this report has arrived.
    pub state: State,
}

impl Default for Options {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Options { threads, by_deltas: true, archives: Archives::Always, since: None, shard: Shard::default() }
    }
}

/// Why a sweep can't begin.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// There is no repository, or it can't be opened.
    #[error(transparent)]
    Repository(#[from] crate::source::Error),
    /// The alternates of the repository can't be followed.
    #[error("the alternates of {0} can't be followed: {1}")]
    Alternates(String, String),
}

/// Sweeps the history of the repository that Git would use in these surroundings.
pub fn sweep(
    surroundings: &Surroundings,
    scan: &Scan,
    options: &Options,
    progress: &Progress,
) -> Result<Swept, SweepError> {
    let repository = Repository::require(surroundings)?;
    let mut sweep = Sweep::new(&repository, scan, options, progress)?;
    let state = State { rules: scan.engine.rules().digest(), tips: sweep.tips() };
    let outcomes = match sweep.extent(&state.rules) {
        (Extent::SinceState, Some(old)) => sweep.run_since(&old.tips, &state.tips),
        (extent, _) => sweep.run(extent),
    };
    let scanned = source::scanned("history", surroundings, repository.work_tree().or(Some(repository.git_dir())));
    Ok(Swept { report: scan.report(scanned, outcomes, Vec::new()), state })
}

/// All that the passes share.
struct Sweep<'a> {
    scan: &'a Scan,
    options: &'a Options,
    progress: &'a Progress,
    objects: Objects,
    tips: Tips,
    shallow: Vec<ObjectId>,
    is_bare: bool,
}

impl<'a> Sweep<'a> {
    fn new(
        repository: &Repository,
        scan: &'a Scan,
        options: &'a Options,
        progress: &'a Progress,
    ) -> Result<Self, SweepError> {
        progress.begin(Pass::Objects, 0);
        let objects = Objects::open(folders(repository.object_folders())?, repository.objects().hash());
        let tips = Tips::of(repository.git(), &objects);
        let is_bare = repository.git().workdir().is_none();
        Ok(Sweep { scan, options, progress, tips, objects, shallow: repository.shallow_ids()?, is_bare })
    }

    /// Everything that is named and there.
    fn tips(&self) -> BTreeSet<ObjectId> {
        self.tips.named().into_iter().filter(|id| self.objects.number(id).is_some()).collect()
    }

    /// How far back to go, and the state to go on from.
    fn extent(&self, rules: &str) -> (Extent, Option<&'a State>) {
        let shard = self.options.shard;
        if !shard.is_whole() {
            return (Extent::Shard(shard.part(), shard.parts()), None);
        }
        let Some(old) = &self.options.since else { return (Extent::Full, None) };
        if old.rules != rules {
            return (Extent::FullAgain("the rules are others than last time".into()), None);
        }
        match old.tips.iter().find(|id| self.objects.number(id).is_none()) {
            Some(id) => (Extent::FullAgain(format!("{id}, which a ref or log named last time, is gone")), None),
            None => (Extent::SinceState, Some(old)),
        }
    }

    /// Reads everything.
    fn run(&mut self, extent: Extent) -> Vec<Outcome> {
        let forest = Forest::new(&self.objects);
        let mut coverage = self.coverage(extent);
        if let Some(history) = &mut coverage.history {
            history.tags = forest.counts[3];
        }
        self.unreadable(&mut coverage, &forest.problems);
        let classes = Classes::default();
        let named = self.ref_names();
        let mut flagged = self.blobs(&forest, &classes, &mut coverage);
        // No later pass reads many blobs, nor holds much of the pack but what it reads itself.
        self.objects.let_go();
        let (commits, messages) = self.texts(&forest, &mut coverage);
        let names = Names::new(self.scan);
        let mut climbed = self.trees(&forest, &flagged, &names, None, &mut coverage);
        if !self.options.shard.is_whole() {
            let own: HashSet<Number> = flagged.keys().copied().collect();
            climbed = self.other_versions(&forest, &classes, &mut flagged, &names, climbed);
            flagged.retain(|number, _| own.contains(number) || climbed.iter().any(|c| c.placed.contains(number)));
        }
        drop(forest);
        self.objects.let_go();
        let found = self.told(commits, &flagged, climbed, names, messages, &HashSet::new());
        vec![Outcome { coverage, ..Outcome::default() }, named, found]
    }

    /// What the names of branches and tags give away: they are pushed as what they lead to is.
    fn ref_names(&self) -> Outcome {
        let mut outcome = Outcome::default();
        for tip in self.tips.refs.iter().filter(|tip| self.options.shard.owns_name(tip.name.as_bytes())) {
            let name = tip.name.as_bytes();
            if self.scan.engine.candidates(b"", name, &Changed::Whole).is_empty() {
                continue;
            }
            let document = Document {
                origin: Origin { path: name.to_vec(), part: Aspect::RefName, ..Origin::default() },
                text: name.to_vec(),
                charset: Charset::Bytes,
                changed: Changed::Whole,
                before: Vec::new(),
                tracked: false,
                ahead: Ahead::default(),
            };
            let told = self.scan.document(&document, &|_| None);
            outcome.findings.extend(told.findings);
            outcome.dismissed.extend(told.dismissed);
        }
        outcome
    }

    /// Puts together when what was found came and went. What the `old` commits brought is not told.
    fn told(
        &self,
        commits: Vec<texts::Commit>,
        flagged: &FastMap<Number, Set>,
        climbed: Vec<trees::Climbed>,
        names: Names<'_>,
        messages: Outcome,
        old: &HashSet<Number>,
    ) -> Outcome {
        self.progress.begin(Pass::Lifecycle, 0);
        let (history, shapes) = rayon::join(
            || History::new(commits, &self.tips, |id| self.objects.number(id)),
            || Shapes::new(&climbed, self.objects.count()),
        );
        let is_placed = |number: &Number| climbed.iter().any(|c| c.placed.contains(number));
        let pathless: Vec<Number> = flagged.keys().copied().filter(|number| !is_placed(number)).collect();
        drop(climbed);
        let mut paths = Paths::default();
        let names = names.into_names();
        let mut verdicts = Verdicts::new(self.scan, &self.objects, self.options.archives, flagged);
        verdicts.judge(&history, &shapes, &mut paths, &names, &pathless);
        let items = |path, leaf| verdicts.items(path, leaf);
        let mut stories = history.stories(&shapes, &mut paths, &items, verdicts.count());
        for story in &mut stories {
            let is_old = |index: &u32| old.contains(&history.commits[*index as usize].number);
            story.is_told = story.introduced.is_empty() || !story.introduced.iter().all(is_old);
            story.introduced.retain(|index| !is_old(index));
        }
        stories::told(self, &history, &shapes, &mut paths, &names, &verdicts, stories, messages)
    }

    fn blobs(&self, forest: &Forest, classes: &Classes, coverage: &mut Coverage) -> FastMap<Number, Set> {
        let Self { scan, progress, .. } = *self;
        self.progress.begin(Pass::Blobs, forest.counts[2]);
        let owns = |number| self.owns(number);
        let (by_deltas, archives) = (self.options.by_deltas, self.options.archives);
        let visitor = Blobs { scan, classes, by_deltas, archives, owns: &owns, progress };
        let walked = forest.walk(&self.objects, &[Kind::Blob], &visitor, self.options.threads, progress);
        self.unreadable(coverage, &walked.problems);
        let mut flagged = FastMap::default();
        for local in walked.locals {
            coverage.blobs += local.read;
            coverage.documents += local.read;
            coverage.bytes += local.bytes;
            flagged.extend(local.objects);
        }
        flagged
    }

    fn texts(&self, forest: &Forest, coverage: &mut Coverage) -> (Vec<texts::Commit>, Outcome) {
        let Self { scan, progress, objects, shallow, .. } = self;
        progress.begin(Pass::Texts, forest.counts[0] + forest.counts[3]);
        let search = |number| self.owns(number);
        let visitor = Texts { objects, scan, shallow, search: &search, progress };
        let walked = forest.walk(objects, &[Kind::Commit, Kind::Tag], &visitor, self.options.threads, progress);
        self.unreadable(coverage, &walked.problems);
        let mut messages = Outcome::default();
        let mut commits = Vec::new();
        for local in walked.locals {
            coverage.add(local.coverage);
            coverage.bytes += local.bytes;
            commits.extend(local.commits);
            messages.findings.extend(local.findings);
            messages.dismissed.extend(local.dismissed);
        }
        (commits, messages)
    }

    fn trees(
        &self,
        forest: &Forest,
        flagged: &FastMap<Number, Set>,
        names: &Names<'_>,
        wanted: Option<&FastSet<trees::Name>>,
        coverage: &mut Coverage,
    ) -> Vec<trees::Climbed> {
        let Self { progress, objects, .. } = self;
        progress.begin(Pass::Trees, forest.counts[1]);
        let shard = self.options.shard;
        let visitor = Trees { objects, flagged, names, shard, wanted, progress };
        let walked = forest.walk(objects, &[Kind::Tree], &visitor, self.options.threads, progress);
        self.unreadable(coverage, &walked.problems);
        for local in &walked.locals {
            coverage.bytes += local.bytes;
            coverage.missing.extend(local.missing.iter().cloned());
            if let Some(history) = &mut coverage.history {
                history.trees += local.read;
            }
        }
        coverage.missing.sort();
        coverage.missing.dedup();
        walked.locals
    }

    fn owns(&self, number: Number) -> bool {
        self.options.shard.is_whole() || self.options.shard.owns(&self.objects.id(number))
    }

    /// A life story needs all versions of a file, those of other shards too: what stands under the names where
    /// something was found is searched as well.
    fn other_versions(
        &self,
        forest: &Forest,
        classes: &Classes,
        flagged: &mut FastMap<Number, Set>,
        names: &Names<'_>,
        climbed: Vec<trees::Climbed>,
    ) -> Vec<trees::Climbed> {
        let is_blob = |entry: &&trees::Entry| matches!(entry.held(), trees::Held::File(_) | trees::Held::Link(_));
        let wanted: FastSet<trees::Name> =
            climbed.iter().flat_map(|c| c.shelf.entries().filter(is_blob).map(|entry| entry.name)).collect();
        if wanted.is_empty() {
            return climbed;
        }
        let nothing = &mut Coverage::default();
        let collected = self.trees(forest, flagged, names, Some(&wanted), nothing);
        let mut others: Vec<Number> =
            collected.iter().flat_map(|c| c.collected.iter().copied()).filter(|n| !self.owns(*n)).collect();
        others.sort_unstable();
        others.dedup();
        self.search(&others, classes, flagged, nothing);
        self.trees(forest, flagged, names, None, nothing)
    }

    fn coverage(&self, extent: Extent) -> Coverage {
        let history = HistoryCoverage {
            refs: self.tips.refs.len() as u64,
            extent,
            stored_bytes: self.objects.bytes(),
            shallow: self.shallow.iter().map(|id| id.to_hex().to_string()).collect(),
            partial_clone: self.objects.promised(),
            ..HistoryCoverage::default()
        };
        let mut coverage = Coverage { history: Some(history), ..Coverage::default() };
        coverage.missing.extend(self.objects.problems.iter().cloned());
        let told = self.tips.problems.iter();
        coverage.missing.extend(told.map(|(what, why)| Skipped { what: what.clone().into(), why: why.clone() }));
        coverage.missing.extend(self.shallow.iter().map(|id| {
            texts::missing(id, "has parents that this shallow clone left out: `git fetch --unshallow` brings them")
        }));
        coverage
    }

    fn unreadable(&self, coverage: &mut Coverage, problems: &[(Number, String)]) {
        let named = problems.iter().map(|(number, why)| texts::missing(&self.objects.id(*number), why));
        coverage.missing.extend(named);
    }
}

/// These object folders and their alternates, each once.
fn folders(named: &[PathBuf]) -> Result<Vec<PathBuf>, SweepError> {
    let mut folders = named.to_vec();
    for folder in named {
        let here = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        let alternates = gix::odb::alternate::resolve(here.clone(), &here)
            .map_err(|e| SweepError::Alternates(folder.display().to_string(), e.to_string()))?;
        folders.extend(alternates);
    }
    let mut seen = std::collections::HashSet::new();
    folders.retain(|folder| seen.insert(folder.canonicalize().unwrap_or_else(|_| folder.clone())));
    Ok(folders)
}
