//! What a tree, or the index, holds that none of its predecessors does: sorted lists walked side by side.

use super::objects::ObjectReader;
use crate::report::Skipped;
use gix::ObjectId;
use gix::index::State;
use gix::index::entry::{Flags, Stage};
use gix::index::extension::Tree as CachedTree;
use gix::objs::Kind as ObjectKind;
use std::cmp::Ordering;
use std::ops::Range;

/// Git allows no path that is deeper; a tree that is, is an attack on the stack.
const DEEPEST: usize = 2048;

/// What an entry of a tree is. Whether a file may be executed says nothing about secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A symbolic link.
    Link,
    /// A folder.
    Tree,
    /// The commit of a submodule.
    Submodule,
}

impl Kind {
    fn of(mode: u32) -> Kind {
        match mode & 0o170_000 {
            0o040_000 => Kind::Tree,
            0o120_000 => Kind::Link,
            0o160_000 => Kind::Submodule,
            _ => Kind::File,
        }
    }
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its object.
    pub id: ObjectId,
}

/// What stood at a path, or at the path that it was renamed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Old {
    /// What it was.
    pub node: Node,
    /// The other path.
    pub renamed_from: Option<Vec<u8>>,
}

/// A path that no predecessor has as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path.
    pub path: Vec<u8>,
    /// What stands there.
    pub new: Node,
    /// What each predecessor has there.
    pub old: Vec<Option<Old>>,
}

/// What differs.
#[derive(Debug, Default)]
pub struct Changes {
    /// New and changed paths.
    pub changed: Vec<Change>,
    /// Paths of a lone predecessor that are gone.
    pub removed: Vec<(Vec<u8>, Node)>,
    /// Staged paths that the next commit will not hold, or can't.
    pub skipped: Vec<Skipped>,
    /// Paths with conflicts.
    pub conflicts: Vec<Vec<u8>>,
    /// Trees that could not be read.
    pub missing: Vec<Skipped>,
}

/// Finds what the tree holds that none of its predecessors does, each a tree or nothing.
pub fn tree_changes(objects: &ObjectReader<'_>, new: Option<ObjectId>, old: &[Option<ObjectId>]) -> Changes {
    let mut walk = Walk { objects, path: Vec::new(), depth: 0, changes: Changes::default() };
    walk.trees(new, old);
    walk.changes
}

/// Finds what the index holds that none of its predecessors does, each a tree or nothing.
pub fn index_changes(objects: &ObjectReader<'_>, index: &State, old: &[Option<ObjectId>]) -> Changes {
    let mut walk = Walk { objects, path: Vec::new(), depth: 0, changes: Changes::default() };
    let range = 0..index.entries().len();
    if !is_as_it_was(index.tree(), &range, old) {
        walk.index(index, range, index.tree(), old);
    }
    walk.changes
}

struct Walk<'a> {
    objects: &'a ObjectReader<'a>,
    path: Vec<u8>,
    depth: usize,
    changes: Changes,
}

/// An entry of a tree.
pub(super) struct Item {
    /// Its name in the tree.
    pub name: Vec<u8>,
    /// What it is.
    pub node: Node,
}

/// Git's order: folders as if their names ended with a slash.
fn order(a: &[u8], a_is_tree: bool, b: &[u8], b_is_tree: bool) -> Ordering {
    let tail = |is_tree: bool| is_tree.then_some(&b'/');
    a.iter().chain(tail(a_is_tree)).cmp(b.iter().chain(tail(b_is_tree)))
}

/// The entries of a predecessor's tree and how far they were walked.
struct Cursor {
    items: Vec<Item>,
    at: usize,
}

impl Walk<'_> {
    fn trees(&mut self, new: Option<ObjectId>, old: &[Option<ObjectId>]) {
        if new.is_some() && old.contains(&new) || !self.descend() {
            return;
        }
        let mut cursors = self.cursors(old);
        for item in new.map(|id| self.items(id)).unwrap_or_default() {
            let olds = self.advance(&mut cursors, &item.name, item.node.kind == Kind::Tree);
            self.node(&item.name, item.node, olds);
        }
        self.finish(cursors);
    }

    /// The entries in `range` all stand in the folder at `self.path`.
    fn index(&mut self, index: &State, range: Range<usize>, cached: Option<&CachedTree>, old: &[Option<ObjectId>]) {
        if !self.descend() {
            return;
        }
        let mut cursors = self.cursors(old);
        let entries = index.entries();
        let mut at = range.start;
        while at < range.end {
            let entry = &entries[at];
            let rest = &entry.path(index)[self.path.len()..];
            match memchr::memchr(b'/', rest) {
                Some(slash) => {
                    let name = rest[..slash].to_vec();
                    let olds = self.advance(&mut cursors, &name, true);
                    // In a sparse index, an entry can stand for a whole folder.
                    if entry.mode.is_sparse() && slash + 1 == rest.len() {
                        self.node(&name, Node { kind: Kind::Tree, id: entry.id }, olds);
                        at += 1;
                    } else {
                        let cached =
                            cached.and_then(|tree| tree.children.iter().find(|child| child.name[..] == name[..]));
                        let folder = at..self.end_of_folder(index, at..range.end, &name, cached);
                        self.folder(index, folder.clone(), cached, &name, &olds);
                        at = folder.end;
                    }
                }
                None => {
                    let name = rest.to_vec();
                    let path = entry.path(index);
                    let same = entries[at..range.end].iter().take_while(|e| e.path(index) == path).count();
                    let olds = self.advance(&mut cursors, &name, false);
                    for entry in &entries[at..at + same] {
                        self.entry(&name, entry, &olds);
                    }
                    at += same;
                }
            }
        }
        self.finish(cursors);
    }

    /// One stage of one path of the index.
    fn entry(&mut self, name: &[u8], entry: &gix::index::Entry, olds: &[Option<Node>]) {
        let node = Node { kind: Kind::of(entry.mode.bits()), id: entry.id };
        let path = [&self.path, name].concat();
        if entry.flags.contains(Flags::INTENT_TO_ADD) {
            let why = "only announced with `git add --intent-to-add`: nothing of it is staged".to_owned();
            self.changes.skipped.push(Skipped { what: path, why });
            return;
        }
        match entry.stage() {
            Stage::Unconflicted => {}
            // What both sides started from is in history already.
            Stage::Base => return,
            Stage::Ours | Stage::Theirs => {
                if self.changes.conflicts.last() != Some(&path) {
                    self.changes.conflicts.push(path);
                }
            }
        }
        self.node(name, node, olds.to_vec());
    }

    fn folder(
        &mut self,
        index: &State,
        range: Range<usize>,
        cached: Option<&CachedTree>,
        name: &[u8],
        olds: &[Option<Node>],
    ) {
        let old_ids = tree_ids(olds);
        if !is_as_it_was(cached, &range, &old_ids) {
            self.within(name, |walk| walk.index(index, range, cached, &old_ids));
        }
    }

    /// Where the entries of the folder end that starts at the range's first entry.
    fn end_of_folder(&self, index: &State, range: Range<usize>, name: &[u8], cached: Option<&CachedTree>) -> usize {
        let entries = index.entries();
        let folder = [&self.path, name, b"/"].concat();
        let is_inside = |at: usize| entries[at].path(index).starts_with(&folder);
        if let Some(count) = cached.and_then(|tree| tree.num_entries).map(|count| count as usize) {
            let end = range.start + count;
            if count > 0 && end <= range.end && is_inside(end - 1) && (end == range.end || !is_inside(end)) {
                return end;
            }
        }
        range.start + entries[range].partition_point(|entry| entry.path(index).starts_with(&folder))
    }

    /// Compares what stands at a name with what stood there.
    fn node(&mut self, name: &[u8], new: Node, olds: Vec<Option<Node>>) {
        if olds.contains(&Some(new)) {
            return;
        }
        if new.kind == Kind::Tree {
            self.within(name, |walk| walk.trees(Some(new.id), &tree_ids(&olds)));
            return;
        }
        let old = olds.into_iter().map(|old| old.map(|node| Old { node, renamed_from: None })).collect();
        self.changes.changed.push(Change { path: [&self.path, name].concat(), new, old });
    }

    /// What each predecessor has at the name; what a lone one has before it is gone.
    fn advance(&mut self, cursors: &mut [Cursor], name: &[u8], is_tree: bool) -> Vec<Option<Node>> {
        let is_lone = cursors.len() == 1;
        let mut olds = Vec::with_capacity(cursors.len());
        for cursor in cursors {
            let mut found = None;
            while let Some(item) = cursor.items.get(cursor.at) {
                match order(&item.name, item.node.kind == Kind::Tree, name, is_tree) {
                    Ordering::Less => {
                        if is_lone {
                            self.gone(&item.name, item.node);
                        }
                        cursor.at += 1;
                    }
                    Ordering::Equal => {
                        found = Some(item.node);
                        cursor.at += 1;
                        break;
                    }
                    Ordering::Greater => break,
                }
            }
            olds.push(found);
        }
        olds
    }

    fn finish(&mut self, cursors: Vec<Cursor>) {
        if let [cursor] = &cursors[..] {
            for item in &cursor.items[cursor.at..] {
                self.gone(&item.name, item.node);
            }
        }
        self.depth -= 1;
    }

    fn gone(&mut self, name: &[u8], node: Node) {
        if node.kind == Kind::Tree {
            self.within(name, |walk| walk.trees(None, &[Some(node.id)]));
        } else {
            self.changes.removed.push(([&self.path, name].concat(), node));
        }
    }

    fn within(&mut self, name: &[u8], walk: impl FnOnce(&mut Self)) {
        let len = self.path.len();
        self.path.extend_from_slice(name);
        self.path.push(b'/');
        walk(self);
        self.path.truncate(len);
    }

    fn descend(&mut self) -> bool {
        if self.depth == DEEPEST {
            let why = format!("folders are nested more than {DEEPEST} deep");
            self.changes.missing.push(Skipped { what: self.path.clone(), why });
            return false;
        }
        self.depth += 1;
        true
    }

    fn cursors(&mut self, old: &[Option<ObjectId>]) -> Vec<Cursor> {
        old.iter().map(|id| Cursor { items: id.map(|id| self.items(id)).unwrap_or_default(), at: 0 }).collect()
    }

    fn items(&mut self, id: ObjectId) -> Vec<Item> {
        items_of(self.objects, id).unwrap_or_else(|(_, why)| {
            let what = if self.path.is_empty() { id.to_string().into_bytes() } else { self.path.clone() };
            self.changes.missing.push(Skipped { what, why: format!("tree {id}: {why}") });
            Vec::new()
        })
    }
}

/// Whether the index knows which tree its entries in the range would make, and a predecessor has that tree.
fn is_as_it_was(cached: Option<&CachedTree>, range: &Range<usize>, old: &[Option<ObjectId>]) -> bool {
    let is_whole = |tree: &&CachedTree| tree.num_entries.is_some_and(|count| count as usize == range.len());
    cached.filter(is_whole).is_some_and(|tree| old.contains(&Some(tree.id)))
}

fn tree_ids(nodes: &[Option<Node>]) -> Vec<Option<ObjectId>> {
    nodes.iter().map(|node| node.filter(|node| node.kind == Kind::Tree).map(|node| node.id)).collect()
}

/// What a tree has at a path, or which tree can't be read and why.
pub(super) fn node_at(
    objects: &ObjectReader<'_>,
    tree: ObjectId,
    path: &[u8],
) -> Result<Option<Node>, (ObjectId, String)> {
    let mut node = Node { kind: Kind::Tree, id: tree };
    for part in path.split(|b| *b == b'/') {
        if node.kind != Kind::Tree {
            return Ok(None);
        }
        match items_of(objects, node.id)?.into_iter().find(|item| item.name == part) {
            Some(item) => node = item.node,
            None => return Ok(None),
        }
    }
    Ok(Some(node))
}

/// The entries of a tree, or which one can't be read and why.
pub(super) fn items_of(objects: &ObjectReader<'_>, id: ObjectId) -> Result<Vec<Item>, (ObjectId, String)> {
    if id.is_empty_tree() {
        return Ok(Vec::new());
    }
    let bytes = objects.read(&id, ObjectKind::Tree).map_err(|why| (id, why))?;
    parse(&bytes, id.kind().len_in_bytes())
        .ok_or_else(|| (id, "it is no well-formed tree; `git fsck` says more".to_owned()))
}

/// The entries of a tree object; nothing if it is none.
fn parse(mut bytes: &[u8], id_len: usize) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    while !bytes.is_empty() {
        let space = memchr::memchr(b' ', bytes)?;
        let mode = u32::from_str_radix(std::str::from_utf8(&bytes[..space]).ok()?, 8).ok()?;
        let end = space + 1 + memchr::memchr(0, &bytes[space + 1..])?;
        let id = bytes.get(end + 1..end + 1 + id_len)?;
        let node = Node { kind: Kind::of(mode), id: ObjectId::try_from(id).ok()? };
        items.push(Item { name: bytes[space + 1..end].to_vec(), node });
        bytes = &bytes[end + 1 + id_len..];
    }
    Some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_sorts_as_if_its_name_ended_with_a_slash() {
        assert_eq!(order(b"a.b", false, b"a", true), Ordering::Less);
        assert_eq!(order(b"a.b", false, b"a", false), Ordering::Greater);
        assert_eq!(order(b"a", true, b"a0", false), Ordering::Less);
        assert_eq!(order(b"a", true, b"a", true), Ordering::Equal);
    }

    #[test]
    fn a_damaged_tree_is_no_tree() {
        let tree = [&b"100755 run\0"[..], &[7; 20], b"40000 sub\0", &[8; 20]].concat();
        let items = parse(&tree, 20).expect("it is well-formed");
        assert_eq!((items.len(), items[0].node.kind, items[1].node.kind), (2, Kind::File, Kind::Tree));
        assert!(parse(&tree[..tree.len() - 1], 20).is_none());
        assert!(parse(b"100644", 20).is_none());
    }
}
