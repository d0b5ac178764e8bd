//! What new tips reach and old tips do not: commits by their dates, trees by what differs from their parents'.

use super::bases::Bases;
use super::entries::{Beside, entries};
use super::inflate::Inflater;
use super::objects::{Number, Objects};
use super::texts::{self, Commit, NOWHERE, missing};
use crate::report::Skipped;
use gix::objs::Kind;
use gix::{ObjectId, oid};
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};
use std::sync::Arc;

/// Clocks are not set alike: a commit may be so many seconds older than its parents by its date.
const SLACK: i64 = 86_400;

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

/// Trees and those that they were compared with.
type Compared = HashSet<(ObjectId, Vec<ObjectId>)>;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    New,
    Old,
}

/// Reads objects and remembers commits.
struct Reader<'a> {
    objects: &'a Objects,
    inflater: Inflater,
    bases: Bases,
    commits: HashMap<ObjectId, (i64, ObjectId, Vec<ObjectId>)>,
}

impl News {
    /// Finds it. Objects that old tips name are not read again.
    pub fn since(objects: &Objects, old: &BTreeSet<ObjectId>, tips: &BTreeSet<ObjectId>, shallow: &[ObjectId]) -> Self {
        let mut news = News::default();
        let mut reader =
            Reader { objects, inflater: Inflater::default(), bases: Bases::default(), commits: HashMap::new() };
        let mut fresh = Vec::new();
        let mut seen = HashSet::new();
        for tip in tips.difference(old) {
            news.enter(&mut reader, *tip, &mut fresh, &mut seen);
        }
        if !fresh.is_empty() {
            let behind: Vec<ObjectId> = old.iter().filter_map(|tip| reader.behind_tags(*tip)).collect();
            let added = news.walk(&mut reader, &fresh, &behind, shallow);
            news.differ(&mut reader, &added);
        }
        news.trees.sort_unstable();
        news.trees.dedup();
        news.blobs.sort_unstable();
        news.blobs.dedup();
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
                Ok((Kind::Commit, text)) => {
                    reader.remember(at, &text);
                    return commits.push(at);
                }
                Ok((Kind::Tag, text)) => {
                    self.tags.extend(reader.objects.number(&at));
                    match texts::target(&text) {
                        Some(target) => at = target,
                        None => return,
                    }
                }
                Ok((Kind::Tree, _)) => {
                    let mut compared = Compared::new();
                    return self.compare(reader, at, &[], &mut compared);
                }
                Ok((Kind::Blob, _)) => return self.blobs.extend(reader.objects.number(&at)),
                // Logs name commits that were cleared away long ago.
                Err(_) => return,
            }
        }
    }

    /// The commits that only the new side reaches, newest first. Of equal age, those of the old side come first, so
    /// that nothing is new that was only met too early.
    fn walk(
        &mut self,
        reader: &mut Reader<'_>,
        fresh: &[ObjectId],
        behind: &[ObjectId],
        shallow: &[ObjectId],
    ) -> Vec<ObjectId> {
        let mut sides: HashMap<ObjectId, Side> = HashMap::new();
        let mut queue: BinaryHeap<(i64, Side, ObjectId)> = BinaryHeap::new();
        let mut oldest = i64::MAX;
        let mut waiting = 0usize;
        let paint = |reader: &mut Reader<'_>, id: ObjectId, side: Side, sides: &mut HashMap<ObjectId, Side>| {
            let before = sides.get(&id).copied();
            if before == Some(Side::Old) || before == Some(side) {
                return None;
            }
            sides.insert(id, side);
            reader.commit(&id).map(|commit| (commit.0, side, id))
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
        while let Some((date, _, id)) = queue.pop()
            && (waiting > 0 || date >= oldest.saturating_sub(SLACK))
        {
            let side = sides[&id];
            let before = done.insert(id, side);
            if before.is_none() && side == Side::New {
                waiting -= 1;
                oldest = oldest.min(date);
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
                    None if side == Side::New && reader.objects.number(&parent).is_none() && !shallow.contains(&id) => {
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
        let mut compared = Compared::new();
        let is_new: HashSet<&ObjectId> = added.iter().collect();
        let mut edge = BTreeSet::new();
        for id in added {
            let Some((_, tree, parents)) = reader.commit(id).cloned() else { continue };
            let theirs: Vec<ObjectId> =
                parents.iter().filter_map(|p| reader.commit(p).map(|commit| commit.1)).collect();
            self.compare(reader, tree, &theirs, &mut compared);
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

    /// Adds what a tree holds and none of the others does at the same path. `compared` are those that were compared,
    /// and with which: a tree that comes back later is compared with others.
    fn compare(&mut self, reader: &mut Reader<'_>, tree: ObjectId, others: &[ObjectId], compared: &mut Compared) {
        let id_len = reader.objects.hash.len_in_bytes();
        let mut stack = vec![(tree, others.to_vec())];
        while let Some((tree, others)) = stack.pop() {
            if others.contains(&tree) || !compared.insert((tree, others.clone())) {
                continue;
            }
            let Some(text) = self.tree(reader, &tree) else { continue };
            self.trees.extend(reader.objects.number(&tree));
            let theirs: Vec<_> = others.iter().filter_map(|other| self.tree(reader, other)).collect();
            let mut theirs: Vec<Beside<'_>> = theirs.iter().map(|text| Beside::new(text, id_len)).collect();
            for entry in entries(&text, id_len) {
                // All of them are asked, so that all go on to the next name.
                let same: Vec<&oid> = theirs.iter_mut().filter_map(|beside| beside.get(entry.name)).collect();
                if entry.is_submodule() || same.contains(&entry.id) {
                    continue;
                }
                match reader.objects.number(entry.id) {
                    Some(_) if entry.is_tree() => {
                        stack.push((entry.id.to_owned(), same.into_iter().map(ToOwned::to_owned).collect()));
                    }
                    Some(blob) => self.blobs.push(blob),
                    None => self.missing.push(missing(entry.id, "is named by a tree and is not there")),
                }
            }
        }
    }

    fn tree(&mut self, reader: &mut Reader<'_>, tree: &oid) -> Option<Arc<Vec<u8>>> {
        match reader.bases.read(reader.objects, tree) {
            Ok((_, text)) => Some(text),
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
            self.remember(*id, &text);
        }
        self.commits.get(id)
    }

    fn remember(&mut self, id: ObjectId, commit: &[u8]) {
        self.commits.extend(texts::history_of(commit).map(|commit| (id, commit)));
    }

    /// The commit that a tip names, by tags or itself.
    fn behind_tags(&mut self, tip: ObjectId) -> Option<ObjectId> {
        let mut at = tip;
        // A tag that names itself, which no hash allows, would go on for ever.
        for _ in 0..64 {
            match self.objects.read(&at, &mut self.inflater).ok()? {
                (Kind::Commit, text) => {
                    self.remember(at, &text);
                    return Some(at);
                }
                (Kind::Tag, text) => at = texts::target(&text)?,
                (Kind::Tree | Kind::Blob, _) => return None,
            }
        }
        None
    }
}
