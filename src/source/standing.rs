//! What stands at a path: on disk, in the index, in a commit.

use super::range::{head_of, resolved};
use super::repository::Repository;
use super::trees::{Kind, Node, items_of, node_at};
use super::{Error, Selection, Surroundings, charset};
use crate::document::{Ahead, Changed, Document, Origin};
use gix::ObjectId;
use gix::index::File as Index;
use gix::index::entry::Flags;
use gix::objs::Kind as ObjectKind;
use std::cell::OnceCell;
use std::path::PathBuf;

/// Looks paths up in the state that a scan was about.
pub struct Standing {
    repository: Option<Repository>,
    root: PathBuf,
    index: OnceCell<Option<Index>>,
    /// The trees that what was scanned leads to in the end; none when that is not commits.
    heads: Vec<ObjectId>,
}

/// Which state a path is looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State<'a> {
    /// The files on disk.
    Disk,
    /// The index, compared with HEAD.
    Index,
    /// A commit among those that are looked at, compared with its parents and with what they all lead to.
    Change(&'a str),
    /// A commit of the past.
    Past(&'a str),
}

/// A file's path and its bytes.
pub type File = (Vec<u8>, Vec<u8>);

/// The revisions that a selection of commits leads to.
pub fn heads(selection: &Selection) -> Vec<String> {
    match selection {
        Selection::Range(range) => head_of(range).into_iter().collect(),
        Selection::Push(push) => push.updates.iter().map(|update| update.new.clone()).collect(),
        _ => Vec::new(),
    }
}

impl Standing {
    /// Looks in the repository round the current folder or, outside one, in the folder. `heads` are revisions.
    pub fn new(surroundings: &Surroundings, heads: &[String]) -> Result<Self, Error> {
        let repository = Repository::find(surroundings)?;
        let root = repository.as_ref().and_then(Repository::work_tree).unwrap_or(&surroundings.cwd).to_path_buf();
        let mut standing = Standing { repository, root, index: OnceCell::new(), heads: Vec::new() };
        // One that can't be found out leaves more to be looked at, never less.
        standing.heads = heads.iter().filter_map(|head| standing.tree(head).ok()).collect();
        Ok(standing)
    }

    /// Whether a path is gone from the state. In a change, it has to have been there before. When that can't be
    /// found out, it is not gone.
    pub fn is_gone(&self, path: &[u8], state: State<'_>) -> bool {
        match state {
            State::Disk => {
                let is_absent =
                    std::str::from_utf8(path).is_ok_and(|path| self.root.join(path).symlink_metadata().is_err());
                // In a sparse checkout, Git does not put all that it has on disk.
                is_absent && !self.staged(path).is_some_and(|flags| flags.contains(Flags::SKIP_WORKTREE))
            }
            State::Index => {
                let head = self.tree("HEAD").is_ok_and(|tree| self.has(tree, path));
                head && self.index().is_some() && self.staged(path).is_none()
            }
            State::Change(id) => {
                let own = self.tree(id).is_ok_and(|tree| self.has(tree, path));
                let is_at_end = self.heads.is_empty() || self.heads.iter().any(|tree| self.has(*tree, path));
                (own || self.was_before(id, path)) && !(own && is_at_end)
            }
            State::Past(id) => self.tree(id).is_ok_and(|tree| self.node(tree, path) == Some(None)),
        }
    }

    /// The file at a path in a revision or, if a folder is there, the files in it; nothing if the revision has no
    /// such path, or is Git's word for none.
    pub fn files_at(&self, revision: &str, path: &[u8]) -> Result<Option<Vec<File>>, Error> {
        if revision.len() >= 40 && revision.bytes().all(|b| b == b'0') {
            return Ok(None);
        }
        let repository = self.repository.as_ref().ok_or_else(|| Error::NoRepository(self.root.clone()))?;
        let objects = repository.objects().reader();
        let failed = |what| move |(id, why): (ObjectId, String)| Error::Object { what, id: id.to_string(), why };
        let tree = self.tree(revision)?;
        let blob = |node: Node| objects.read(&node.id, ObjectKind::Blob).map_err(|why| (node.id, why));
        match node_at(&objects, tree, path).map_err(failed("tree"))? {
            Some(node) if node.kind == Kind::File => {
                Ok(Some(vec![(path.to_vec(), blob(node).map_err(failed("blob"))?)]))
            }
            Some(node) if node.kind == Kind::Tree => {
                let items = items_of(&objects, node.id).map_err(failed("tree"))?;
                let files = items.into_iter().filter(|item| item.node.kind == Kind::File);
                let read = files.map(|item| Ok(([path, b"/", &item.name].concat(), blob(item.node)?)));
                read.collect::<Result<_, _>>().map(Some).map_err(failed("blob"))
            }
            _ => Ok(None),
        }
    }

    /// The file at a path on disk or in a commit, as a text; in words, why there is none.
    pub fn document(&self, commit: Option<&str>, path: &[u8]) -> Result<Document, String> {
        let bytes = match commit {
            Some(id) => {
                let files = self.files_at(id, path).map_err(|error| error.to_string())?;
                let own = files.into_iter().flatten().find(|(own, _)| own == path);
                own.map(|(_, bytes)| bytes).ok_or("the commit has no such file")?
            }
            None => {
                let path = std::str::from_utf8(path).map_err(|error| error.to_string())?;
                let file = self.root.join(path);
                if !file.is_file() {
                    return Err("there is no such file any more".to_owned());
                }
                std::fs::read(file).map_err(|error| error.to_string())?
            }
        };
        let (text, charset) = charset::text(bytes);
        let origin = Origin { path: path.to_vec(), ..Origin::default() };
        let (changed, before, ahead) = (Changed::Whole, Vec::new(), Ahead::default());
        Ok(Document { origin, text, charset, changed, before, tracked: true, ahead })
    }

    fn tree(&self, revision: &str) -> Result<ObjectId, Error> {
        let repository = self.repository.as_ref().ok_or_else(|| Error::NoRepository(self.root.clone()))?;
        repository.tree_id(&repository.objects().reader(), resolved(repository, revision)?)
    }

    fn has(&self, tree: ObjectId, path: &[u8]) -> bool {
        self.node(tree, path).is_some_and(|node| node.is_some())
    }

    /// Whether a parent of the commit has the path.
    fn was_before(&self, id: &str, path: &[u8]) -> bool {
        let Some(repository) = &self.repository else { return false };
        let commit = resolved(repository, id).ok().and_then(|id| repository.objects().reader().commit(&id).ok());
        let parents = commit.into_iter().flat_map(|commit| commit.parent_ids);
        parents.filter_map(|parent| self.tree(&parent.to_string()).ok()).any(|tree| self.has(tree, path))
    }

    fn index(&self) -> Option<&Index> {
        self.index.get_or_init(|| self.repository.as_ref()?.index().ok().flatten()).as_ref()
    }

    /// The flags of the path's entry in the index, if it has one.
    fn staged(&self, path: &[u8]) -> Option<Flags> {
        let index = self.index()?;
        let at = index.entry_index_by_path(path.into()).ok()?;
        Some(index.entries()[at].flags)
    }

    /// What stands at the path in a tree; nothing if that can't be found out.
    fn node(&self, tree: ObjectId, path: &[u8]) -> Option<Option<Node>> {
        node_at(&self.repository.as_ref()?.objects().reader(), tree, path).ok()
    }
}
