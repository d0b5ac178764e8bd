//! Git objects, read as they are stored: no replacement objects, no grafts, nothing fetched.

use super::{Error, header};
use gix::objs::{Find, Kind};
use gix::odb::{HandleArc, Store};
use gix::{ObjectId, oid};
use std::path::PathBuf;
use std::sync::Arc;

/// The object stores of a repository: its own or the one in quarantine, and the alternates named beside it.
pub struct Objects {
    stores: Vec<Arc<Store>>,
    hash: gix::hash::Kind,
    is_partial: bool,
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Objects({} stores, {})", self.stores.len(), self.hash)
    }
}

impl Objects {
    /// Opens the folders, of which the first must exist. In a partial clone, objects may be missing by design.
    pub fn open(folders: Vec<PathBuf>, hash: gix::hash::Kind, is_partial: bool) -> Result<Self, Error> {
        let mut stores = Vec::new();
        for (nth, folder) in folders.into_iter().enumerate() {
            if nth > 0 && !folder.is_dir() {
                continue;
            }
            let options = gix::odb::store::init::Options::default();
            let store = Store::at_opts(folder.clone(), hash, &mut std::iter::empty(), options);
            let error =
                |why: std::io::Error| Error::Repository { path: folder.display().to_string(), why: why.to_string() };
            stores.push(Arc::new(store.map_err(error)?));
        }
        Ok(Objects { stores, hash, is_partial })
    }

    /// The first store, for a repository to look ids up in.
    pub fn first(&self) -> gix::OdbHandle {
        let mut handle = self.stores[0].to_handle();
        handle.ignore_replacements = true;
        gix::odb::Handle::from(handle).into()
    }

    /// The kind of hash that ids are.
    pub fn hash(&self) -> gix::hash::Kind {
        self.hash
    }

    /// Ready to read, for one thread.
    pub fn reader(&self) -> ObjectReader<'_> {
        let handles = self.stores.iter().map(|store| {
            let mut handle = store.to_handle_arc();
            handle.ignore_replacements = true;
            HandleArc::from(handle)
        });
        ObjectReader { objects: self, handles: handles.collect() }
    }
}

/// Reads objects in one thread.
pub struct ObjectReader<'o> {
    objects: &'o Objects,
    handles: Vec<HandleArc>,
}

impl ObjectReader<'_> {
    /// The bytes of an object of that kind or, in words, why there are none and what mends it.
    pub fn read(&self, id: &oid, kind: Kind) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        for handle in &self.handles {
            match handle.try_find(id, &mut bytes) {
                Ok(Some(found)) if found.kind == kind => return Ok(bytes),
                Ok(Some(found)) => return Err(format!("it is a {}, not a {kind}", found.kind)),
                Ok(None) => {}
                Err(error) => return Err(format!("it is damaged ({error}); `git fsck` says more")),
            }
        }
        Err(if self.objects.is_partial {
            format!(
                "it is not in this partial clone; `git cat-file -e {id}` fetches it, `git fetch --refetch --filter=tree:99999` all of them"
            )
        } else {
            "it is missing; `git fsck` says more".to_owned()
        })
    }

    /// A commit.
    pub fn commit(&self, id: &oid) -> Result<Commit, String> {
        let bytes = self.read(id, Kind::Commit)?;
        Commit::parse(&bytes).ok_or_else(|| "it is no well-formed commit; `git fsck` says more".to_owned())
    }
}

/// What a commit says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its tree.
    pub tree_id: ObjectId,
    /// Its parents, as it names them itself.
    pub parent_ids: Vec<ObjectId>,
    /// When it was committed, in seconds since 1970.
    pub seconds: i64,
    /// Its message.
    pub message: Vec<u8>,
    /// What somebody wrote in its header.
    pub header: Vec<u8>,
    /// The messages of the tags that it merged and carries in its header.
    pub merged: Vec<Vec<u8>>,
}

impl Commit {
    fn parse(bytes: &[u8]) -> Option<Commit> {
        let (head, message) = header::parted(bytes);
        let mut commit = Commit {
            tree_id: ObjectId::from_hex(head.strip_prefix(b"tree ")?.split(|b| *b == b'\n').next()?).ok()?,
            parent_ids: Vec::new(),
            seconds: 0,
            message: message.to_vec(),
            header: header::written(head),
            merged: header::merged_tags(head).iter().map(|tag| header::parted(tag).1.to_vec()).collect(),
        };
        for line in head.split(|b| *b == b'\n').skip(1) {
            if let Some(id) = line.strip_prefix(b"parent ") {
                commit.parent_ids.push(ObjectId::from_hex(id).ok()?);
            } else if let Some(who) = line.strip_prefix(b"committer ") {
                let seconds = who.rsplit(|b| *b == b' ').nth(1).and_then(|s| std::str::from_utf8(s).ok());
                commit.seconds = seconds.and_then(|s| s.parse().ok()).unwrap_or(0);
                break;
            }
        }
        Some(commit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_gives_its_tree_parents_date_and_message() {
        let id = |digit: &str| digit.repeat(40);
        let text = format!(
            "tree {}\nparent {}\nparent {}\nauthor A <a@b> 1 +0000\ncommitter C D <c@d> 77 +0100\ngpgsig x\n y\n\nhello\n\nworld\n",
            id("1"),
            id("2"),
            id("3")
        );
        let commit = Commit::parse(text.as_bytes()).expect("it is well-formed");
        assert_eq!(commit.tree_id.to_string(), id("1"));
        assert_eq!(commit.parent_ids.iter().map(ToString::to_string).collect::<Vec<_>>(), [id("2"), id("3")]);
        assert_eq!((commit.seconds, &commit.message[..]), (77, &b"hello\n\nworld\n"[..]));
        assert_eq!(Commit::parse(b"blob"), None);
    }
}
