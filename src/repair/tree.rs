//! How a file on disk stands to Git: whether what a repair overwrites could be had back.

use crate::source::repository::Repository;
use crate::source::{Error, Surroundings};
use gix::index::File as Index;
use gix::index::entry::{Flags, Stage};
use gix::objs::Kind;
use std::path::Path;

/// How a file stands to the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Git holds the same bytes.
    Clean,
    /// Git tracks it and holds other bytes, or several versions: there are changes that only the disk has.
    Dirty,
    /// Git does not track it.
    Untracked,
}

/// How each of the files stands to the index of its repository; outside a repository all are untracked.
pub fn standing<'p>(
    surroundings: &Surroundings,
    paths: impl Iterator<Item = &'p Path>,
) -> Result<Vec<Standing>, Error> {
    let outer = Repository::find(surroundings)?.map(Held::of).transpose()?;
    paths
        .map(|path| {
            Ok(within(outer.as_ref(), path)?
                .as_ref()
                .or(outer.as_ref())
                .map_or(Standing::Untracked, |held| held.standing(path)))
        })
        .collect()
}

/// A repository with its index.
struct Held {
    repository: Repository,
    index: Option<Index>,
}

impl Held {
    fn of(repository: Repository) -> Result<Held, Error> {
        let index = repository.index()?;
        Ok(Held { repository, index })
    }

    fn standing(&self, path: &Path) -> Standing {
        self.index.as_ref().map_or(Standing::Untracked, |index| one(&self.repository, index, path))
    }
}

/// The repository inside the other that a file belongs to, as a submodule's does, if there is one.
fn within(outer: Option<&Held>, path: &Path) -> Result<Option<Held>, Error> {
    let Some(root) = outer.and_then(|outer| outer.repository.work_tree()?.canonicalize().ok()) else { return Ok(None) };
    let Ok(path) = path.canonicalize() else { return Ok(None) };
    let mut folders = path.ancestors().skip(1).take_while(|folder| folder.starts_with(&root) && *folder != root);
    let Some(folder) = folders.find(|folder| folder.join(".git").exists()) else { return Ok(None) };
    let surroundings = Surroundings { cwd: folder.to_path_buf(), ..Surroundings::default() };
    Repository::find(&surroundings)?.map(Held::of).transpose()
}

fn one(repository: &Repository, index: &Index, path: &Path) -> Standing {
    // A link is not what is written, but what it names.
    let Some(root) = repository.work_tree().and_then(|root| root.canonicalize().ok()) else {
        return Standing::Untracked;
    };
    let Ok(path) = path.canonicalize() else { return Standing::Untracked };
    let Ok(name) = path.strip_prefix(root).map(crate::source::path_bytes) else { return Standing::Untracked };
    let Ok(found) = index.entry_index_by_path(name.as_slice().into()) else { return Standing::Untracked };
    let entry = &index.entries()[found];
    if entry.flags.contains(Flags::INTENT_TO_ADD) {
        return Standing::Untracked;
    }
    if entry.stage() != Stage::Unconflicted {
        return Standing::Dirty;
    }
    let (Ok(disk), Ok(held)) = (std::fs::read(&path), repository.objects().reader().read(&entry.id, Kind::Blob)) else {
        return Standing::Dirty;
    };
    if disk == held || without_returns(&disk) == held { Standing::Clean } else { Standing::Dirty }
}

/// As Git stores it where it is told to convert line ends.
fn without_returns(bytes: &[u8]) -> Vec<u8> {
    let is_kept = |(at, byte): (usize, &u8)| (*byte != b'\r' || bytes.get(at + 1) != Some(&b'\n')).then_some(*byte);
    bytes.iter().enumerate().filter_map(is_kept).collect()
}
