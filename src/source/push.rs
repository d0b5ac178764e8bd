//! What a push brings: the commits that its new tips reach and the receiving side does not have yet.

use super::objects::ObjectReader;
use super::range::{Apart, History, resolved};
use super::repository::{Repository, chain};
use super::{Error, Reader, Selected, Surroundings, scanned};
use crate::document::{Aspect, Content, Entry, Origin};
use gix::ObjectId;
use gix::objs::Kind;
use std::collections::BTreeSet;

/// A push, as the hook of one of its sides sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// What it does to each ref.
    pub updates: Vec<Update>,
    /// Where it is looked at from.
    pub side: Side,
}

/// Which side looks at a push, and so what it knows the receiver to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// Who pushes, to the remote of this name or URL: it has what its remote-tracking branches name.
    Sender(String),
    /// Who receives: it has what its refs name. What comes is in quarantine until the hook lets it in.
    Receiver,
}

/// What a push does to one ref.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// What the receiver's ref names so far: an id, zeros for a new ref.
    pub old: String,
    /// What it is to name: an id, zeros for a ref that goes, or another revision.
    pub new: String,
}

/// Selects what the push brings. A deletion brings nothing.
pub fn select(surroundings: &Surroundings, push: &Push) -> Result<Selected, Error> {
    let repository = Repository::require(surroundings)?;
    let objects = repository.objects().reader();
    let root = repository.work_tree().unwrap_or(repository.git_dir());
    let mut selected = Selected {
        scanned: scanned("push", surroundings, Some(root)),
        ..Selected::nothing(Reader::of(repository.objects().clone()))
    };
    let known = known(&repository, &objects, push)?;
    let bases: Vec<ObjectId> = known.iter().copied().filter(|id| objects.commit(id).is_ok()).collect();
    let mut heads = Vec::new();
    let mut named = BTreeSet::new();
    for update in push.updates.iter().filter(|update| !is_zeros(&update.new)) {
        let Ok(id) = ObjectId::from_hex(update.new.as_bytes()) else {
            heads.push(resolved(&repository, &update.new)?);
            continue;
        };
        let mut id = id;
        // A tag has a message of its own, and may name another tag.
        while let Ok(tag) = objects.read(&id, Kind::Tag) {
            let (target, message) = parsed(&tag).ok_or_else(|| tip_error(id, "it is no well-formed tag".to_owned()))?;
            if !known.contains(&id) && named.insert(id) {
                selected.entries.push(tag_entry(id, message));
            }
            id = target;
        }
        match objects.read(&id, Kind::Blob) {
            Ok(_) => selected.entries.push(blob_entry(id)),
            Err(_) => {
                objects.commit(&id).map_err(|why| tip_error(id, why))?;
                heads.push(id);
            }
        }
    }
    let mut history = History::new(&objects, &repository, "the push")?;
    let commit_ids = history.between(&bases, &heads, Apart::New)?;
    history.bring(commit_ids, &mut selected)?;
    Ok(selected)
}

/// What the receiver has, as far as this side knows: commits, and the tags that lead to them.
fn known(repository: &Repository, objects: &ObjectReader<'_>, push: &Push) -> Result<BTreeSet<ObjectId>, Error> {
    let prefix = match &push.side {
        Side::Sender(remote) => format!("refs/remotes/{remote}/"),
        Side::Receiver => "refs/".to_owned(),
    };
    let error = |why: String| Error::Repository { path: repository.git_dir().display().to_string(), why };
    let mut known: BTreeSet<ObjectId> =
        push.updates.iter().filter_map(|update| ObjectId::from_hex(update.old.as_bytes()).ok()).collect();
    let platform = repository.git().references().map_err(|why| error(chain(&why)))?;
    let all = platform.all().map_err(|why| error(why.to_string()))?;
    // A ref that can't be read hides nothing: then more is scanned than need be, never less.
    for reference in all.flatten() {
        let id = reference.try_id().filter(|_| reference.name().as_bstr().starts_with(prefix.as_bytes()));
        let mut next = id.map(gix::Id::detach);
        while let Some(id) = next.filter(|id| known.insert(*id)) {
            next = objects.read(&id, Kind::Tag).ok().and_then(|tag| parsed(&tag).map(|(target, _)| target));
        }
    }
    Ok(known)
}

/// What a tag names, and its message.
pub(super) fn parsed(tag: &[u8]) -> Option<(ObjectId, Vec<u8>)> {
    let target = tag.strip_prefix(b"object ")?.split(|b| *b == b'\n').next()?;
    let message = memchr::memmem::find(tag, b"\n\n").map_or(&[][..], |end| &tag[end + 2..]);
    Some((ObjectId::from_hex(target).ok()?, message.to_vec()))
}

fn tag_entry(id: ObjectId, message: Vec<u8>) -> Entry {
    let commit_id = Some(id.to_string().into());
    Entry {
        origin: Origin { part: Aspect::TagMessage, commit_id, ..Origin::default() },
        content: Content::Bytes(message),
        before: Vec::new(),
    }
}

fn blob_entry(id: ObjectId) -> Entry {
    let blob_id = Some(id.to_string().into());
    Entry { origin: Origin { blob_id, ..Origin::default() }, content: Content::Blob(id), before: Vec::new() }
}

fn tip_error(id: ObjectId, why: String) -> Error {
    Error::Object { what: "pushed object", id: id.to_string(), why }
}

/// Whether the id is Git's word for nothing.
fn is_zeros(id: &str) -> bool {
    id.len() >= 40 && id.bytes().all(|b| b == b'0')
}
