//! What new tips reach and old tips do not: commits by their dates, trees by what differs from their parents'.

use super::inflate::Inflater;
use super::objects::{Number, Objects};
use super::texts::{self, Commit, NOWHERE, missing};
use crate::report::Skipped;
use gix::objs::Kind;
use gix::{ObjectId, oid};
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};

/// What came since.
#[derive(Default)]
pub struct News {
    /// New commits, and after them the old ones that are their parents, without parents of their own.
    pub commits: Vec<Commit>,
    /// Which of them are old.
    pub old: HashSet<Number>,
    /// New tags.
    pub tags: Vec<Number>,
    /// Trees that a new commit holds and its parents do not.
    pub trees: Vec<Number>,
    /// Blobs that a new commit holds and its parents do not, where they stand.
    pub blobs: Vec<Number>,
    /// What is named and not there.
    pub missing: Vec<Skipped>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    New,
    Old,
}

/// Reads objects and remembers commits.
struct Reader<'a> {
    objects: &'a Objects,
    inflater: Inflater,
    commits: HashMap<ObjectId, (i64, ObjectId, Vec<ObjectId>)>,
}

/// A tree's entries: mode, name, id.
type Entries = Vec<(Vec<u8>, Vec<u8>, ObjectId)>;

impl News {
    /// Finds it. Objects that old tips name are not read again.
    pub fn since(objects: &Objects, old: &BTreeSet<ObjectId>, tips: &BTreeSet<ObjectId>) -> Self {
        let mut news = News::default();
        let mut reader = Reader { objects, inflater: Inflater::default(), commits: HashMap::new() };
        let mut fresh = Vec::new();
        let mut seen = HashSet::new();
        for tip in tips.difference(old) {
            news.enter(&mut reader, *tip, &mut fresh, &mut seen);
        }
        if !fresh.is_empty() {
            let mut behind = Vec::new();
            for tip in old {
                News::default().enter(&mut reader, *tip, &mut behind, &mut HashSet::new());
            }
            let added = news.walk(&mut reader, &fresh, &behind);
            news.differ(&mut reader, &added);
        }
        news.missing.sort();
        news.missing.dedup();
        news
    }

    /// Follows a tip to a commit; tags on the way are new, and so is a tree or blob that it names.
    fn enter(
        &mut self,
        reader: &mut Reader<'_>,
        tip: ObjectId,
        commits: &mut Vec<ObjectId>,
        seen: &mut HashSet<ObjectId>,
    ) {
        let mut at = tip;
        while seen.insert(at) {
            match reader.objects.read(&at, &mut reader.inflater) {
                Ok((Kind::Commit, _)) => return commits.push(at),
                Ok((Kind::Tag, text)) => {
                    self.tags.extend(reader.objects.number(&at));
                    match texts::target(&text) {
                        Some(target) => at = target,
                        None => return,
                    }
                }
                Ok((Kind::Tree, _)) => {
                    let mut whole = HashSet::new();
                    return self.compare(reader, at, &[], &mut whole);
                }
                Ok((Kind::Blob, _)) => return self.blobs.extend(reader.objects.number(&at)),
                // Logs name commits that were cleared away long ago.
                Err(_) => return,
            }
        }
    }

    /// The commits that only the new side reaches, newest first.
    fn walk(&mut self, reader: &mut Reader<'_>, fresh: &[ObjectId], behind: &[ObjectId]) -> Vec<ObjectId> {
        let mut sides: HashMap<ObjectId, Side> = HashMap::new();
        let mut queue: BinaryHeap<(i64, ObjectId)> = BinaryHeap::new();
        let mut waiting = 0usize;
        let paint = |reader: &mut Reader<'_>, id: ObjectId, side: Side, sides: &mut HashMap<ObjectId, Side>| {
            let before = sides.get(&id).copied();
            if before == Some(Side::Old) || before == Some(side) {
                return None;
            }
            sides.insert(id, side);
            reader.commit(&id).map(|commit| (commit.0, id))
        };
        for (ids, side) in [(behind, Side::Old), (fresh, Side::New)] {
            for id in ids {
                if let Some(entry) = paint(reader, *id, side, &mut sides) {
                    waiting += usize::from(side == Side::New);
                    queue.push(entry);
                }
            }
        }
        let mut order = Vec::new();
        let mut done: HashMap<ObjectId, Side> = HashMap::new();
        while waiting > 0
            && let Some((_, id)) = queue.pop()
        {
            let side = sides[&id];
            let before = done.insert(id, side);
            if before.is_none() && side == Side::New {
                waiting -= 1;
                order.push(id);
            }
            if before == Some(side) {
                continue;
            }
            let parents = reader.commit(&id).map(|commit| commit.2.clone()).unwrap_or_default();
            for parent in parents {
                let was = sides.get(&parent).copied();
                match paint(reader, parent, side, &mut sides) {
                    Some(entry) => {
                        if side == Side::New {
                            waiting += 1;
                        } else if was == Some(Side::New) && !done.contains_key(&parent) {
                            waiting -= 1;
                        }
                        queue.push(entry);
                    }
                    None if reader.objects.number(&parent).is_none() && side == Side::New => {
                        self.missing.push(missing(&parent, "is named by a commit and is not there"));
                    }
                    None => {}
                }
            }
        }
        order.retain(|id| sides[id] == Side::New);
        order
    }

    /// Compares each new commit's tree with its parents'.
    fn differ(&mut self, reader: &mut Reader<'_>, added: &[ObjectId]) {
        let mut whole = HashSet::new();
        let is_new: HashSet<&ObjectId> = added.iter().collect();
        let mut edge = BTreeSet::new();
        for id in added {
            let Some((_, tree, parents)) = reader.commit(id).cloned() else { continue };
            let theirs: Vec<ObjectId> =
                parents.iter().filter_map(|p| reader.commit(p).map(|commit| commit.1)).collect();
            self.compare(reader, tree, &theirs, &mut whole);
            edge.extend(parents.iter().filter(|p| !is_new.contains(p)).copied());
            self.commit(reader, id, tree, &parents);
        }
        for id in edge {
            if let Some((_, tree, _)) = reader.commit(&id).cloned() {
                self.commit(reader, &id, tree, &[]);
                self.old.extend(reader.objects.number(&id));
            }
        }
    }

    fn commit(&mut self, reader: &Reader<'_>, id: &oid, tree: ObjectId, parents: &[ObjectId]) {
        let objects = reader.objects;
        let Some(number) = objects.number(id) else { return };
        let tree = objects.number(&tree).unwrap_or(NOWHERE);
        let parents = parents.iter().filter_map(|p| objects.number(p)).collect();
        self.commits.push(Commit { number, tree, parents });
    }

    /// Adds what a tree holds and none of the others does at the same path. `whole` are trees that were added
    /// with all that they hold.
    fn compare(&mut self, reader: &mut Reader<'_>, tree: ObjectId, others: &[ObjectId], whole: &mut HashSet<ObjectId>) {
        let mut stack = vec![(tree, others.to_vec())];
        while let Some((tree, others)) = stack.pop() {
            if others.contains(&tree) || !(whole.insert(tree)) {
                continue;
            }
            let Some(entries) = self.entries(reader, &tree) else { continue };
            self.trees.extend(reader.objects.number(&tree));
            let theirs: Vec<Entries> = others.iter().filter_map(|other| self.entries(reader, other)).collect();
            for (mode, name, id) in entries {
                if mode == b"160000" {
                    continue;
                }
                let same: Vec<ObjectId> = theirs
                    .iter()
                    .flatten()
                    .filter(|(_, their_name, _)| *their_name == name)
                    .map(|(_, _, their_id)| *their_id)
                    .collect();
                if same.contains(&id) {
                    continue;
                }
                match reader.objects.number(&id) {
                    Some(_) if mode == b"40000" || mode == b"040000" => stack.push((id, same)),
                    Some(blob) => self.blobs.push(blob),
                    None => self.missing.push(missing(&id, "is named by a tree and is not there")),
                }
            }
        }
        self.blobs.sort_unstable();
        self.blobs.dedup();
    }

    fn entries(&mut self, reader: &mut Reader<'_>, tree: &oid) -> Option<Entries> {
        match reader.objects.read(tree, &mut reader.inflater) {
            Ok((_, text)) => Some(entries(&text, reader.objects.hash.len_in_bytes())),
            Err(e) => {
                self.missing.push(missing(tree, &e.to_string()));
                None
            }
        }
    }
}

impl Reader<'_> {
    /// A commit's date, tree and parents.
    fn commit(&mut self, id: &ObjectId) -> Option<&(i64, ObjectId, Vec<ObjectId>)> {
        if !self.commits.contains_key(id) {
            let (_, text) = self.objects.read(id, &mut self.inflater).ok()?;
            let commit = texts::history_of(&text)?;
            self.commits.insert(*id, commit);
        }
        self.commits.get(id)
    }
}

/// A tree's entries, as far as they make sense.
pub fn entries(tree: &[u8], id_len: usize) -> Entries {
    let mut entries = Vec::new();
    let mut rest = tree;
    while let Some(nul) = memchr::memchr(0, rest) {
        let Some(id) = rest.get(nul + 1..nul + 1 + id_len).and_then(|id| ObjectId::try_from(id).ok()) else { break };
        let Some(space) = memchr::memchr(b' ', &rest[..nul]) else { break };
        entries.push((rest[..space].to_vec(), rest[space + 1..nul].to_vec(), id));
        rest = &rest[nul + 1 + id_len..];
    }
    entries
}

/// The id that a tree has under a name.
pub fn entry(tree: &[u8], name: &[u8], id_len: usize) -> Option<ObjectId> {
    let mut rest = tree;
    while let Some(nul) = memchr::memchr(0, rest) {
        let id = rest.get(nul + 1..nul + 1 + id_len)?;
        let space = memchr::memchr(b' ', &rest[..nul])?;
        if &rest[space + 1..nul] == name {
            return ObjectId::try_from(id).ok();
        }
        rest = &rest[nul + 1 + id_len..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_by_its_whole_name() {
        let mut tree = b"100644 ab\0".to_vec();
        tree.extend([1; 20]);
        tree.extend(b"40000 a\0");
        tree.extend([2; 20]);
        assert_eq!(entry(&tree, b"a", 20), ObjectId::try_from(&[2u8; 20][..]).ok());
        assert_eq!(entry(&tree, b"b", 20), None);
    }
}
