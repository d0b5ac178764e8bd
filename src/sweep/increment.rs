//! Sweeping what came since an earlier sweep: few objects, and of the rest only what they are made of.

use super::Sweep;
use super::bases::Bases;
use super::blobs::Blobs;
use super::classes::{Classes, Set};
use super::entries;
use super::forest::Forest;
use super::objects::Number;
use super::progress::Pass;
use super::shapes::{Paths, Shapes};
use super::since::News;
use super::texts::NOWHERE;
use super::trees::{Climbed, Names};
use super::{FastMap, FastSet};
use crate::report::{Coverage, Extent};
use crate::scan::Outcome;
use gix::ObjectId;
use gix::objs::Kind;
use std::collections::{BTreeSet, HashSet};

impl Sweep<'_> {
    /// Reads what the tips reach and the old ones do not.
    pub(super) fn run_since(&self, old: &BTreeSet<ObjectId>, tips: &BTreeSet<ObjectId>) -> Vec<Outcome> {
        let mut coverage = self.coverage(Extent::SinceState);
        let news = News::since(&self.objects, old, tips, &self.shallow);
        coverage.missing.extend(news.missing.iter().cloned());
        let classes = Classes::default();
        let mut flagged = FastMap::default();
        self.progress.begin(Pass::Blobs, news.blobs.len() as u64);
        self.search(&news.blobs, &classes, &mut flagged, &mut coverage);
        let messages = self.read_texts(&news, &mut coverage);

        let names = Names::new(self.scan);
        let mut trees = news.trees.clone();
        let forest = Forest::of(&self.objects, &trees);
        self.unreadable(&mut coverage, &forest.problems);
        let climbed = self.trees(&forest, &flagged, &names, None, &mut coverage);
        if let Some(history) = &mut coverage.history {
            history.tags = news.tags.len() as u64;
        }
        let (before, blobs) = self.before(&news, &climbed, names.into_names());
        self.search(&blobs, &classes, &mut flagged, &mut Coverage::default());
        trees.extend(before);
        trees.sort_unstable();
        trees.dedup();
        let names = Names::new(self.scan);
        let forest = Forest::of(&self.objects, &trees);
        let climbed = self.trees(&forest, &flagged, &names, None, &mut Coverage::default());
        let is_placed = |number: &Number| climbed.iter().any(|c| c.placed.contains(number));
        let fresh: HashSet<Number> = news.blobs.iter().copied().collect();
        let told: FastMap<Number, Set> =
            flagged.into_iter().filter(|(number, _)| fresh.contains(number) || is_placed(number)).collect();
        let found = self.told(news.commits, &told, climbed, names, messages, &news.old);
        vec![Outcome { coverage, ..Outcome::default() }, found]
    }

    /// Searches these blobs.
    pub(super) fn search(
        &self,
        blobs: &[Number],
        classes: &Classes,
        flagged: &mut FastMap<Number, Set>,
        coverage: &mut Coverage,
    ) {
        let Self { scan, progress, objects, .. } = self;
        let wanted: FastSet<Number> = blobs.iter().copied().collect();
        let owns = |number| wanted.contains(&number);
        let (by_deltas, archives) = (self.options.by_deltas, self.options.archives);
        let visitor = Blobs { scan, classes, by_deltas, archives, owns: &owns, progress };
        let forest = Forest::of(objects, blobs);
        self.unreadable(coverage, &forest.problems);
        let walked = forest.walk(objects, &[Kind::Blob], &visitor, self.options.threads, progress);
        self.unreadable(coverage, &walked.problems);
        for local in walked.locals {
            coverage.blobs += local.read;
            coverage.documents += local.read;
            coverage.bytes += local.bytes;
            flagged.extend(local.objects);
        }
    }

    fn read_texts(&self, news: &News, coverage: &mut Coverage) -> Outcome {
        let fresh = news.commits.iter().map(|c| c.number).filter(|number| !news.old.contains(number));
        let numbers: Vec<Number> = fresh.chain(news.tags.iter().copied()).collect();
        let forest = Forest::of(&self.objects, &numbers);
        self.unreadable(coverage, &forest.problems);
        self.texts(&forest, coverage).1
    }

    /// What the commits before the new ones have at the paths where something was found: trees on the way, and
    /// the blobs there.
    fn before(&self, news: &News, climbed: &[Climbed], names: Vec<Box<[u8]>>) -> (Vec<Number>, Vec<Number>) {
        let shapes = Shapes::new(climbed, self.objects.count());
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
        let mut bases = Bases::default();
        for commit in news.commits.iter().filter(|c| news.old.contains(&c.number) && c.tree != NOWHERE) {
            for path in &found {
                let mut at = commit.tree;
                let mut parts = path.split(|b| *b == b'/').peekable();
                while let Some(part) = parts.next() {
                    trees.insert(at);
                    let Ok((_, text)) = bases.read(&self.objects, &self.objects.id(at)) else { break };
                    let id = entries::entry(&text, part, self.objects.hash.len_in_bytes());
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
