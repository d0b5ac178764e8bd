//! Sweeping what came since an earlier sweep: few objects, each read by itself.

use super::Sweep;
use super::blobs::{Blobs, Flagged};
use super::classes::{Classes, Set};
use super::forest::Visitor;
use super::inflate::Inflater;
use super::objects::Number;
use super::progress::Pass;
use super::shapes::{Paths, Shapes};
use super::shard::Shard;
use super::since::{self, News};
use super::texts::{Commit, NOWHERE, Texts, Told, missing};
use super::trees::{Climbed, Names, Trees};
use crate::report::{Coverage, Extent};
use crate::scan::Outcome;
use gix::ObjectId;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};

impl Sweep<'_> {
    /// Reads what the tips reach and the old ones do not.
    pub(super) fn run_since(&self, old: &BTreeSet<ObjectId>, tips: &BTreeSet<ObjectId>) -> Vec<Outcome> {
        let mut coverage = self.coverage(Extent::SinceState);
        let news = News::since(&self.objects, old, tips);
        coverage.missing.extend(news.missing.iter().cloned());
        let classes = Classes::default();
        let mut flagged = HashMap::new();
        self.progress.begin(Pass::Blobs, news.blobs.len() as u64);
        self.search(&news.blobs, &classes, &mut flagged, &mut coverage);
        let messages = self.read_texts(&news, &mut coverage);

        self.progress.begin(Pass::Trees, news.trees.len() as u64);
        let names = Names::new(self.scan);
        let mut trees = news.trees.clone();
        let climbed = self.climb(&trees, &flagged, &names, &mut coverage);
        if let Some(history) = &mut coverage.history {
            history.trees = climbed.read;
            history.tags = news.tags.len() as u64;
        }
        let (before, blobs) = self.before(&news, &climbed, names.into_names());
        self.search(&blobs, &classes, &mut flagged, &mut Coverage::default());
        trees.extend(before);
        trees.sort_unstable();
        trees.dedup();
        let names = Names::new(self.scan);
        let climbed = self.climb(&trees, &flagged, &names, &mut Coverage::default());
        let fresh: HashSet<Number> = news.blobs.iter().copied().collect();
        let told: HashMap<Number, Set> = flagged
            .into_iter()
            .filter(|(number, _)| fresh.contains(number) || climbed.placed.contains(number))
            .collect();
        let found = self.told(news.commits, &told, vec![climbed], names, messages, &news.old);
        vec![Outcome { coverage, ..Outcome::default() }, found]
    }

    /// Searches these blobs in full.
    pub(super) fn search(
        &self,
        blobs: &[Number],
        classes: &Classes,
        flagged: &mut HashMap<Number, Set>,
        coverage: &mut Coverage,
    ) {
        let Self { scan, progress, objects, .. } = self;
        let archives = self.options.archives;
        let visitor = Blobs { scan, classes, by_deltas: false, archives, owns: &|_| true, progress };
        let searched: Vec<Result<Flagged, _>> = blobs
            .par_iter()
            .map_init(Inflater::default, |inflater, &number| {
                let id = objects.id(number);
                let (_, mut text) = objects.read(&id, inflater).map_err(|e| missing(&id, &e.to_string()))?;
                let mut local = visitor.local();
                visitor.visit(&mut local, number, true, &mut text, None);
                Ok(local)
            })
            .collect();
        for one in searched {
            match one {
                Ok(local) => {
                    coverage.blobs += local.read;
                    coverage.documents += local.read;
                    coverage.bytes += local.bytes;
                    flagged.extend(local.objects);
                }
                Err(missing) => coverage.missing.push(missing),
            }
        }
    }

    fn read_texts(&self, news: &News, coverage: &mut Coverage) -> Outcome {
        let Self { scan, progress, objects, shallow, .. } = self;
        let fresh = |commit: &&Commit| !news.old.contains(&commit.number);
        let numbers: Vec<Number> =
            news.commits.iter().filter(fresh).map(|c| c.number).chain(news.tags.iter().copied()).collect();
        progress.begin(Pass::Texts, numbers.len() as u64);
        let visitor = Texts { objects, scan, shallow, search: &|_| true, progress };
        let (mut told, mut inflater) = (Told::default(), Inflater::default());
        for number in numbers {
            let id = objects.id(number);
            match objects.read(&id, &mut inflater) {
                Ok((_, mut text)) => visitor.visit(&mut told, number, true, &mut text, None),
                Err(e) => coverage.missing.push(missing(&id, &e.to_string())),
            }
        }
        coverage.add(told.coverage);
        coverage.bytes += told.bytes;
        Outcome { findings: told.findings, dismissed: told.dismissed, ..Outcome::default() }
    }

    fn climb(
        &self,
        trees: &[Number],
        flagged: &HashMap<Number, Set>,
        names: &Names<'_>,
        coverage: &mut Coverage,
    ) -> Climbed {
        let Self { progress, objects, .. } = self;
        let visitor = Trees { objects, flagged, names, shard: Shard::default(), wanted: None, progress };
        let (mut climbed, mut inflater) = (visitor.local(), Inflater::default());
        for &number in trees {
            let id = objects.id(number);
            match objects.read(&id, &mut inflater) {
                Ok((_, mut text)) => drop(visitor.visit(&mut climbed, number, true, &mut text, None)),
                Err(e) => coverage.missing.push(missing(&id, &e.to_string())),
            }
        }
        coverage.missing.append(&mut climbed.missing);
        coverage.bytes += climbed.bytes;
        climbed
    }

    /// What the commits before the new ones have at the paths where something was found: trees on the way, and
    /// the blobs there.
    fn before(&self, news: &News, climbed: &Climbed, names: Vec<Box<[u8]>>) -> (Vec<Number>, Vec<Number>) {
        let shapes = Shapes::new(std::slice::from_ref(climbed), self.objects.count());
        let mut paths = Paths::default();
        let mut found = BTreeSet::new();
        let mut seen = HashSet::new();
        for commit in &news.commits {
            shapes.leaves(shapes.of(commit.tree), super::shapes::ROOT, &mut paths, &mut seen, |path, _| {
                found.insert(path);
            });
        }
        let found: Vec<Vec<u8>> = found.into_iter().map(|path| paths.bytes(path, &names).0).collect();
        let (mut trees, mut blobs) = (BTreeSet::new(), BTreeSet::new());
        let mut inflater = Inflater::default();
        for commit in news.commits.iter().filter(|c| news.old.contains(&c.number) && c.tree != NOWHERE) {
            for path in &found {
                let mut at = commit.tree;
                let mut parts = path.split(|b| *b == b'/').peekable();
                while let Some(part) = parts.next() {
                    trees.insert(at);
                    let Ok((_, text)) = self.objects.read(&self.objects.id(at), &mut inflater) else { break };
                    let id = since::entry(&text, part, self.objects.hash.len_in_bytes());
                    let Some(number) = id.and_then(|id| self.objects.number(&id)) else { break };
                    if parts.peek().is_none() {
                        blobs.insert(number);
                    }
                    at = number;
                }
            }
        }
        (trees.into_iter().collect(), blobs.into_iter().collect())
    }
}
