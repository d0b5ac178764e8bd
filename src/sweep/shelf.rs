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

    /// The entries of the tree that was put as the `index`th.
    pub fn tree(&self, index: u32) -> impl Iterator<Item = &Entry> + '_ {
        self.parts(index as usize).iter().flat_map(|&part| &self.entries[span(&self.ends, part)])
    }

    /// All entries, those that many trees share once.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> + '_ {
        self.entries.iter()
    }

    /// Calls back with each tree of which an entry meets the condition; each part is tried once.
    pub fn with(&self, mut meets: impl FnMut(&Entry) -> bool, mut tree: impl FnMut(Number)) {
        let mut start = 0;
        let has: Vec<bool> = (self.ends.iter())
            .map(|&end| self.entries[std::mem::replace(&mut start, end) as usize..end as usize].iter().any(&mut meets))
            .collect();
        for (index, (number, _)) in self.trees.iter().enumerate() {
            if self.parts(index).iter().any(|&part| has[part as usize]) {
                tree(*number);
            }
        }
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
            assert!(shelf.tree(index).eq(entries), "{} entries", entries.len());
        }
    }

    #[test]
    fn what_many_trees_share_is_kept_once() {
        let mut shelf = Shelf::default();
        let mut entries: Vec<Entry> = (0..1000).map(|name| entry(name, name)).collect();
        for (number, place) in (0..100).map(|number| (number, number as usize * 10)) {
            entries[place] = entry(place as u32, 5000 + number);
            shelf.put(number, &entries);
            assert!(shelf.tree(number).eq(&entries));
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
            let mut found = Vec::new();
            shelf.with(|entry| entry.held() == Held::Tree(tree), |number| found.push(number));
            found
        };
        assert_eq!([with(20), with(21), with(22), with(23)], [vec![1, 2], vec![1, 2], vec![1, 4], vec![2]]);
    }
}
