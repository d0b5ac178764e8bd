//! The entries of a tree as Git stores it, and those of another tree beside them.

use gix::{ObjectId, oid};
use std::collections::HashMap;

/// An entry of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'t> {
    /// What it is, in octal digits.
    pub mode: &'t [u8],
    /// Its name.
    pub name: &'t [u8],
    /// What it holds.
    pub id: &'t oid,
}

impl Entry<'_> {
    /// Whether it is a tree.
    pub fn is_tree(&self) -> bool {
        self.mode == b"40000" || self.mode == b"040000"
    }

    /// Whether it is a commit of another repository.
    pub fn is_submodule(&self) -> bool {
        self.mode == b"160000"
    }
}

/// A tree's entries, as far as they make sense.
pub fn entries(tree: &[u8], id_len: usize) -> impl Iterator<Item = Entry<'_>> {
    let mut rest = tree;
    std::iter::from_fn(move || {
        let nul = memchr::memchr(0, rest)?;
        let id = oid::try_from_bytes(rest.get(nul + 1..nul + 1 + id_len)?).ok()?;
        let space = memchr::memchr(b' ', &rest[..nul])?;
        let entry = Entry { mode: &rest[..space], name: &rest[space + 1..nul], id };
        rest = &rest[nul + 1 + id_len..];
        Some(entry)
    })
}

/// The id that a tree has under a name.
pub fn entry(tree: &[u8], name: &[u8], id_len: usize) -> Option<ObjectId> {
    entries(tree, id_len).find(|entry| entry.name == name).map(|entry| entry.id.to_owned())
}

/// A tree that is looked into for each entry of another that resembles it: the names come in nearly the same order.
pub struct Beside<'t> {
    entries: Vec<Entry<'t>>,
    next: usize,
    /// Where each name stands; made when the order is first another.
    places: Option<HashMap<&'t [u8], usize>>,
}

impl<'t> Beside<'t> {
    /// Looks into a tree.
    pub fn new(tree: &'t [u8], id_len: usize) -> Self {
        Beside { entries: entries(tree, id_len).collect(), next: 0, places: None }
    }

    /// What it has under a name.
    pub fn get(&mut self, name: &[u8]) -> Option<&'t oid> {
        let place = match self.entries.get(self.next) {
            Some(entry) if entry.name == name => self.next,
            _ => {
                let entries = &self.entries;
                let places = self.places.get_or_insert_with(|| entries.iter().map(|e| e.name).zip(0..).collect());
                *places.get(name)?
            }
        };
        self.next = place + 1;
        Some(self.entries[place].id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(names: &[(&str, u8)]) -> Vec<u8> {
        let entry = |(name, id): &(&str, u8)| [format!("100644 {name}\0").as_bytes(), &[*id; 20]].concat();
        names.iter().flat_map(entry).collect()
    }

    #[test]
    fn an_entry_is_found_by_its_whole_name() {
        let tree = tree(&[("ab", 1), ("a", 2)]);
        assert_eq!(entry(&tree, b"a", 20), ObjectId::try_from(&[2u8; 20][..]).ok());
        assert_eq!(entry(&tree, b"b", 20), None);
    }

    #[test]
    fn entries_are_found_beside_others_in_any_order() {
        let other = tree(&[("a", 1), ("b", 2), ("c", 3), ("d", 4)]);
        let mut beside = Beside::new(&other, 20);
        let got: Vec<_> = ["a", "new", "c", "d", "b", "e"].map(|name| beside.get(name.as_bytes())).into();
        let got: Vec<Option<u8>> = got.iter().map(|id| id.map(|id| id.as_bytes()[0])).collect();
        assert_eq!(got, [Some(1), None, Some(3), Some(4), Some(2), None]);
    }

    #[test]
    fn a_tree_that_ends_too_early_has_the_entries_before() {
        let whole = tree(&[("a", 1), ("b", 2)]);
        assert_eq!(entries(&whole[..whole.len() - 1], 20).count(), 1);
        assert_eq!(entries(b"100644", 20).count(), 0);
    }
}
