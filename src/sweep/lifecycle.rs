//! When what was found came and went: set membership along history, without a single diff.

use super::shapes::{Leaf, NOTES, Path, Paths, ROOT, Shape, Shapes};
use super::texts::Commit;
use super::tips::Tips;
use std::collections::{HashMap, HashSet};

/// The number of a (rule, secret, path).
pub type Item = u32;
/// A commit's place among all commits, parents before children.
pub type Index = u32;

/// Commits so that parents come before their children.
pub struct History {
    /// The commits.
    pub commits: Vec<Commit>,
    /// For each, its parents' places.
    pub parents: Vec<Box<[Index]>>,
    by_number: HashMap<u32, Index>,
    /// For each, whether notes lead to it.
    notes: Vec<bool>,
}

/// The life story of one item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    /// Commits that hold it, no parent of which does.
    pub introduced: Vec<Index>,
    /// Commits that do not hold it any more.
    pub removed: Vec<Index>,
    /// Whether it is told at all: not if it was there before the commits that are looked at.
    pub is_told: bool,
}

/// What a path holds: the items at it when it holds this leaf.
pub type Items<'a> = &'a dyn Fn(Path, Leaf) -> &'a [Item];

impl History {
    /// Puts commits in order.
    pub fn new(commits: Vec<Commit>, tips: &Tips, number: impl Fn(&gix::oid) -> Option<u32>) -> Self {
        let mut commits = commits;
        commits.sort_by_key(|c| c.number);
        let places: HashMap<u32, u32> = commits.iter().zip(0u32..).map(|(c, place)| (c.number, place)).collect();
        let order = ordered(&commits, &places);
        let by_number: HashMap<u32, Index> =
            order.iter().zip(0u32..).map(|(place, index)| (commits[*place as usize].number, index)).collect();
        let mut slots: Vec<Option<Commit>> = commits.into_iter().map(Some).collect();
        let commits: Vec<Commit> =
            order.iter().map(|place| slots[*place as usize].take().expect("each place is in the order once")).collect();
        let parents: Vec<Box<[Index]>> = commits
            .iter()
            .zip(0u32..)
            // A forged circle of parents is cut where it closes.
            .map(|(c, index)| {
                c.parents.iter().filter_map(|p| by_number.get(p).copied()).filter(|p| *p < index).collect()
            })
            .collect();
        let mut history = History { notes: vec![false; commits.len()], commits, parents, by_number };
        for tip in tips.refs.iter().filter(|tip| tip.name.starts_with("refs/notes/")) {
            let last = tip.chain.last().and_then(|id| number(id)).and_then(|n| history.index(n));
            let mut stack: Vec<Index> = last.into_iter().collect();
            while let Some(index) = stack.pop() {
                if !std::mem::replace(&mut history.notes[index as usize], true) {
                    stack.extend_from_slice(&history.parents[index as usize]);
                }
            }
        }
        history
    }

    /// The place of a commit.
    pub fn index(&self, number: u32) -> Option<Index> {
        self.by_number.get(&number).copied()
    }

    /// Where the paths of a commit's tree begin.
    pub fn root(&self, index: Index) -> Path {
        if self.notes[index as usize] { NOTES } else { ROOT }
    }

    /// For each commit, a bit for each of the (at most 64) marked ones that it is or descends from.
    pub fn reached(&self, marked: &[Index]) -> Vec<u64> {
        let mut reached = vec![0u64; self.commits.len()];
        for (bit, index) in marked.iter().enumerate() {
            reached[*index as usize] |= 1 << bit;
        }
        for index in 0..reached.len() {
            reached[index] |= self.parents[index].iter().fold(0, |bits, parent| bits | reached[*parent as usize]);
        }
        reached
    }

    /// The stories of all items. `shapes` are those of the commits' trees.
    pub fn stories(&self, shapes: &Shapes, paths: &mut Paths, items: Items<'_>, count: usize) -> Vec<Story> {
        let mut stories = vec![Story::default(); count];
        let mut unsure = Vec::new();
        for index in 0..self.commits.len() as Index {
            let shape = self.shape(shapes, index);
            let parents = &self.parents[index as usize];
            let others: Vec<Shape> = parents.iter().map(|p| self.shape(shapes, *p)).collect();
            if shape == 0 && others.iter().all(|o| *o == 0) {
                continue;
            }
            shapes.differences(shape, &others, self.root(index), paths, |path, own, theirs| {
                let own = union(path, own, items);
                let theirs: Vec<HashSet<Item>> = theirs.iter().map(|side| union(path, side, items)).collect();
                for item in own.iter().filter(|item| theirs.iter().all(|side| !side.contains(item))) {
                    stories[*item as usize].introduced.push(index);
                }
                let gone: HashSet<Item> = theirs.iter().flatten().filter(|item| !own.contains(item)).copied().collect();
                for item in gone {
                    let without: Vec<Index> =
                        parents.iter().zip(&theirs).filter(|(_, s)| !s.contains(&item)).map(|(p, _)| *p).collect();
                    match without.is_empty() {
                        true => stories[item as usize].removed.push(index),
                        false => unsure.push((index, item, without)),
                    }
                }
            });
        }
        self.settle(unsure, &mut stories);
        stories
    }

    /// A merge that does not hold what only some of its parents hold removed it, unless a parent without it
    /// descends from a commit that brought it: then that side removed it, and the merge only followed.
    fn settle(&self, unsure: Vec<(Index, Item, Vec<Index>)>, stories: &mut [Story]) {
        let mut brought: Vec<Index> =
            unsure.iter().flat_map(|(_, item, _)| stories[*item as usize].introduced.iter().copied()).collect();
        brought.sort_unstable();
        brought.dedup();
        let mut followed = vec![false; unsure.len()];
        for some in brought.chunks(64) {
            let reached = self.reached(some);
            for ((_, item, without), followed) in unsure.iter().zip(&mut followed) {
                let introduced = &stories[*item as usize].introduced;
                let bits = some.iter().enumerate().filter(|(_, index)| introduced.contains(index));
                let bits = bits.fold(0u64, |bits, (bit, _)| bits | 1 << bit);
                *followed |= without.iter().any(|parent| reached[*parent as usize] & bits != 0);
            }
        }
        for ((index, item, _), followed) in unsure.into_iter().zip(followed) {
            if !followed {
                stories[item as usize].removed.push(index);
            }
        }
        for story in stories {
            story.removed.sort_unstable();
            story.removed.dedup();
            story.introduced.sort_unstable();
            story.introduced.dedup();
        }
    }

    /// The shape of a commit's tree.
    pub fn shape(&self, shapes: &Shapes, index: Index) -> Shape {
        shapes.of(self.commits[index as usize].tree)
    }
}

fn union(path: Path, leaves: &[Leaf], items: Items<'_>) -> HashSet<Item> {
    leaves.iter().flat_map(|leaf| items(path, *leaf).iter().copied()).collect()
}

/// The places of commits, parents first.
fn ordered(commits: &[Commit], places: &HashMap<u32, u32>) -> Vec<u32> {
    let mut order = Vec::with_capacity(commits.len());
    let mut state = vec![0u8; commits.len()];
    for place in 0..commits.len() as u32 {
        let mut stack = vec![place];
        while let Some(&at) = stack.last() {
            match state[at as usize] {
                0 => {
                    state[at as usize] = 1;
                    let parents = commits[at as usize].parents.iter().filter_map(|p| places.get(p).copied());
                    stack.extend(parents.filter(|p| state[*p as usize] == 0));
                }
                1 => {
                    state[at as usize] = 2;
                    order.push(at);
                    stack.pop();
                }
                _ => {
                    stack.pop();
                }
            }
        }
    }
    order
}
