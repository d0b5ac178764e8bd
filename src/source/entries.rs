//! Changes turned into entries: what was renamed is paired, links are targets, new names are texts too.

use super::changed::likeness;
use super::objects::ObjectReader;
use super::trees::{Change, Changes, Kind, Node, Old};
use crate::document::{Aspect, Before, Content, Entry, Origin};
use crate::report::{Coverage, Skipped};
use gix::ObjectId;
use gix::objs::Kind as ObjectKind;
use std::collections::HashMap;
use std::sync::Arc;

/// At least so much of a file's lines must be shared for it to count as renamed.
const ALIKE: f32 = 0.5;

/// With more pairs of new and gone files than this, only those of the same name are compared.
const MOST_PAIRS: usize = 10_000;

/// The entries that a scan of these changes reads, and what is left out of it. `removed_from` finds what the nth
/// predecessor had and is gone, for merges, whose changes do not tell.
pub fn entries(
    mut changes: Changes,
    commit_id: Option<&Arc<str>>,
    objects: &ObjectReader<'_>,
    removed_from: impl Fn(usize) -> Vec<(Vec<u8>, Node)>,
) -> (Vec<Entry>, Coverage) {
    let predecessors = changes.changed.first().map_or(0, |change| change.old.len());
    for nth in 0..predecessors {
        let is_new = |change: &Change| change.new.kind == Kind::File && change.old[nth].is_none();
        if !changes.changed.iter().any(is_new) {
            continue;
        }
        let removed = if predecessors == 1 { std::mem::take(&mut changes.removed) } else { removed_from(nth) };
        pair(changes.changed.iter_mut().filter(|change| is_new(change)).collect(), nth, &removed, objects);
    }
    let mut entries = Vec::new();
    let mut coverage = Coverage { skipped: changes.skipped, missing: changes.missing, ..Coverage::default() };
    for change in changes.changed {
        let is_new_name = change.old.iter().all(|old| old.as_ref().is_none_or(|old| old.renamed_from.is_some()));
        if is_new_name {
            entries.push(path_entry(&change.path, commit_id));
        }
        match change.new.kind {
            // Git never looks at what a submodule's mode leads to, so anything can be put there.
            Kind::Submodule if objects.read(&change.new.id, ObjectKind::Blob).is_ok() => {
                entries.push(blob_entry(change, commit_id));
            }
            Kind::Submodule if objects.read(&change.new.id, ObjectKind::Tree).is_ok() => {
                coverage.missing.push(Skipped {
                    what: change.path,
                    why: format!(
                        "a folder, tree {}, where a submodule's commit should be: Git itself makes no such \
                                  entry, so ask who made it; `unleak history` reads what is in it",
                        change.new.id
                    ),
                });
            }
            Kind::Submodule => coverage.skipped.push(Skipped {
                what: change.path,
                why: "a submodule: what it holds is scanned in its own repository".to_owned(),
            }),
            _ => entries.push(blob_entry(change, commit_id)),
        }
    }
    (entries, coverage)
}

/// A path as a text.
pub fn path_entry(path: &[u8], commit_id: Option<&Arc<str>>) -> Entry {
    Entry {
        origin: Origin { path: path.to_vec(), part: Aspect::Path, commit_id: commit_id.cloned(), ..Origin::default() },
        content: Content::Bytes(path.to_vec()),
        before: Vec::new(),
    }
}

fn blob_entry(change: Change, commit_id: Option<&Arc<str>>) -> Entry {
    let part = if change.new.kind == Kind::Link { Aspect::LinkTarget } else { Aspect::Content };
    // A link's target and a file's lines have nothing in common.
    let same_kind = change.old.into_iter().flatten().filter(|old| old.node.kind == change.new.kind);
    Entry {
        before: same_kind.map(|old| Before { blob_id: old.node.id, renamed_from: old.renamed_from }).collect(),
        content: Content::Blob(change.new.id),
        origin: Origin {
            path: change.path,
            part,
            commit_id: commit_id.cloned(),
            blob_id: Some(change.new.id.to_string().into()),
            inside: None,
        },
    }
}

/// Finds for each new file the one it was renamed from: the same blob, or else the gone file most like it.
fn pair(new: Vec<&mut Change>, nth: usize, removed: &[(Vec<u8>, Node)], objects: &ObjectReader<'_>) {
    let removed: Vec<&(Vec<u8>, Node)> = removed.iter().filter(|(_, node)| node.kind == Kind::File).collect();
    if removed.is_empty() {
        return;
    }
    let mut by_id = HashMap::<ObjectId, Vec<&(Vec<u8>, Node)>>::new();
    for gone in &removed {
        by_id.entry(gone.1.id).or_default().push(gone);
    }
    let has_few_pairs = new.len().saturating_mul(removed.len()) <= MOST_PAIRS;
    let mut texts = HashMap::<ObjectId, Option<Arc<[u8]>>>::new();
    let mut read = |id: ObjectId| {
        texts.entry(id).or_insert_with(|| objects.read(&id, ObjectKind::Blob).ok().map(Arc::from)).clone()
    };
    for change in new {
        let is_namesake = |gone: &&&(Vec<u8>, Node)| name(&gone.0) == name(&change.path);
        let exact = by_id.get(&change.new.id).map(|same| same.iter().find(is_namesake).unwrap_or(&same[0]));
        let found = match exact {
            Some(gone) => Some(*gone),
            None => {
                let Some(text) = read(change.new.id) else { continue };
                let candidates = removed.iter().filter(|gone| has_few_pairs || is_namesake(gone));
                let alike = candidates.filter_map(|gone| {
                    let likeness = likeness(&read(gone.1.id)?, &text);
                    (likeness >= ALIKE).then_some((likeness, *gone))
                });
                alike.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, gone)| gone)
            }
        };
        change.old[nth] = found.map(|(path, node)| Old { node: *node, renamed_from: Some(path.clone()) });
    }
}

/// The last part of a path.
fn name(path: &[u8]) -> &[u8] {
    path.rsplit(|b| *b == b'/').next().unwrap_or(path)
}
