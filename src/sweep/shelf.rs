//! What trees hold, kept small: trees follow each other with little changed, and the parts that stay are kept once.

use super::objects::Number;
use super::trees::Entry;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher;
use std::ops::Range;

/// A part ends behind every name whose number is a multiple of this. The ends depend on names alone, so that a tree
/// in which one entry is new differs from the one before in one part.
const EVERY: u32 = 8;

/// A part has at most so many entries.
const LONGEST: usize = 64;

/// The number of a part.
type Part = u32;

/// The entries of trees.
#[derive(Default)]
pub struct Shelf {
    /// Each tree, and where the list of its parts ends.
    trees: Vec<(Number, u32)>,
    lists: Vec<Part>,
    /// Where each part's entries end.
    ends: Vec<u32>,
    entries: Vec<Entry>,
    known: HashTable<Part>,
    hasher: RandomState,
}

impl Shelf {
    /// Puts a tree there.
    pub fn put(&mut self, tree: Number, entries: &[Entry]) {
        let is_last = |at: usize| at + 1 == entries.len() || (at + 1).is_multiple_of(LONGEST);
        let ends_part = |at: usize| entries[at].name.is_multiple_of(EVERY) || is_last(at);
        let mut start = 0;
        for at in 0..entries.len() {
            if ends_part(at) {
                let part = self.part(&entries[start..=at]);
                self.lists.push(part);
                start = at + 1;
            }
        }
        self.trees.push((tree, self.lists.len() as u32));
    }

    fn part(&mut self, entries: &[Entry]) -> Part {
        let Shelf { ends, entries: all, known, hasher, .. } = self;
        let hash = hasher.hash_one(entries);
        if let Some(&part) = known.find(hash, |&part| &all[span(ends, part)] == entries) {
            return part;
        }
        let part = ends.len() as Part;
        all.extend_from_slice(entries);
        ends.push(all.len() as u32);
        known.insert_unique(hash, part, |&part| hasher.hash_one(&all[span(ends, part)]));
        part
    }

    /// The trees, in the order in which they were put.
    pub fn trees(&self) -> impl Iterator<Item = Number> + '_ {
        self.trees.iter().map(|(tree, _)| *tree)
    }

    /// All entries, those that many trees share once.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> + '_ {
        self.entries.iter()
    }

    /// For each part, whether one of its entries meets the condition.
    pub fn parts_with(&self, mut meets: impl FnMut(&Entry) -> bool) -> Vec<bool> {
        let mut start = 0;
        (self.ends.iter())
            .map(|&end| self.entries[std::mem::replace(&mut start, end) as usize..end as usize].iter().any(&mut meets))
            .collect()
    }

    /// The trees that have one of these parts.
    pub fn trees_with<'a>(&'a self, has: &'a [bool]) -> impl Iterator<Item = Number> + 'a {
        let is_one = |index: &usize| self.parts(*index).iter().any(|&part| has[part as usize]);
        (0..self.trees.len()).filter(is_one).map(|index| self.trees[index].0)
    }

    /// What these parts hold of the tree that was put as the `index`th.
    pub fn tree_in<'a>(&'a self, index: u32, has: &'a [bool]) -> impl Iterator<Item = &'a Entry> + 'a {
        let own = self.parts(index as usize).iter().filter(|&&part| has[part as usize]);
        own.flat_map(|&part| &self.entries[span(&self.ends, part)])
    }

    fn parts(&self, index: usize) -> &[Part] {
        let start = index.checked_sub(1).map_or(0, |before| self.trees[before].1);
        &self.lists[start as usize..self.trees[index].1 as usize]
    }
}

/// Where a part's entries stand.
fn span(ends: &[u32], part: Part) -> Range<usize> {
    let start = (part as usize).checked_sub(1).map_or(0, |before| ends[before]);
    start as usize..ends[part as usize] as usize
}

#[cfg(test)]
mod tests {
    use super::super::trees::Held;
    use super::*;

    fn entry(name: u32, tree: Number) -> Entry {
        Entry::new(name, Held::Tree(tree))
    }

    #[test]
    fn a_tree_comes_back_as_it_was_put() {
        let mut shelf = Shelf::default();
        let trees: Vec<Vec<Entry>> =
            [0, 1, 7, 8, 64, 65, 1000].map(|len| (0..len).map(|name| entry(name * 3, name)).collect()).into();
        for (number, entries) in (10..).zip(&trees) {
            shelf.put(number, entries);
        }
        assert_eq!(shelf.trees().collect::<Vec<_>>(), (10..17).collect::<Vec<_>>());
        for (index, entries) in (0..).zip(&trees) {
            assert!(shelf.tree_in(index, &shelf.parts_with(|_| true)).eq(entries), "{} entries", entries.len());
        }
    }

    #[test]
    fn what_many_trees_share_is_kept_once() {
        let mut shelf = Shelf::default();
        let mut entries: Vec<Entry> = (0..1000).map(|name| entry(name, name)).collect();
        for (number, place) in (0..100).map(|number| (number, number as usize * 10)) {
            entries[place] = entry(place as u32, 5000 + number);
            shelf.put(number, &entries);
            assert!(shelf.tree_in(number, &shelf.parts_with(|_| true)).eq(&entries));
        }
        assert!(shelf.entries().count() < 2000, "{} entries kept", shelf.entries().count());
    }

    #[test]
    fn the_trees_with_an_entry_are_found() {
        let mut shelf = Shelf::default();
        shelf.put(1, &[entry(1, 20), entry(8, 21), entry(9, 22)]);
        shelf.put(2, &[entry(1, 20), entry(8, 21), entry(9, 23)]);
        shelf.put(3, &[]);
        shelf.put(4, &[entry(9, 22)]);
        let with = |tree: Number| {
            let parts = shelf.parts_with(|entry| entry.held() == Held::Tree(tree));
            let found: Vec<Number> = shelf.trees_with(&parts).collect();
            let held = [0, 1, 2, 3].map(|index| shelf.tree_in(index, &parts).count());
            let has = |number: Number| found.contains(&number);
            assert_eq!(held.map(|held| held > 0), [has(1), has(2), has(3), has(4)]);
            found
        };
        assert_eq!([with(20), with(21), with(22), with(23)], [vec![1, 2], vec![1, 2], vec![1, 4], vec![2]]);
    }
}
