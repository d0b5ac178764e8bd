//! A selection turned into entries, and entries into documents.

mod changed;
pub(crate) mod charset;
mod entries;
mod error;
mod files;
pub(crate) mod header;
mod large;
mod objects;
mod push;
mod range;
mod reader;
pub(crate) mod repository;
mod staged;
mod standing;
mod stream;
mod surroundings;
mod trees;

pub use error::Error;
pub(crate) use large::LARGE;
pub use large::{Large, Pieces};
pub use push::{Push, Side, Update};
pub use reader::{Loaded, Reader};
pub use standing::{Standing, State, heads};
pub use surroundings::Surroundings;

use crate::archive::Archives;
use crate::document::Entry;
use crate::report::{Coverage, Scanned};
use std::path::{Path, PathBuf};

/// What is to be scanned, as the user asked for it.
#[derive(Debug, Clone)]
pub enum Selection {
    /// Files and folders as they are on disk.
    Files {
        /// Which; relative ones to the current folder. None: the whole repository, or outside one the current folder.
        paths: Vec<PathBuf>,
        /// Whether files that Git ignores are read too.
        no_ignore: bool,
    },
    /// What the next commit will contain.
    Staged,
    /// What commits bring in: `BASE..HEAD`, `BASE...HEAD`, or one commit.
    Range(String),
    /// What a push brings that its receiver does not have.
    Push(Push),
    /// A stream that was read to its end.
    Stdin {
        /// Its bytes.
        bytes: Vec<u8>,
        /// The path to report it under, if it has one.
        path: Option<PathBuf>,
    },
    /// The file with a commit message about to be made.
    Message(PathBuf),
}

/// What is to be scanned, found but not yet read.
#[derive(Debug)]
pub struct Selected {
    /// What was asked for.
    pub scanned: Scanned,
    /// What can be read.
    pub entries: Vec<Entry>,
    /// What finding them covered already: commits looked at, things left out or missing.
    pub coverage: Coverage,
    /// What the user should know.
    pub notices: Vec<String>,
    /// Reads them.
    pub reader: Reader,
    /// Which archives among them are opened.
    pub archives: Archives,
}

/// Which archives are opened when nobody says otherwise: in a hook, for which somebody waits, small ones.
fn usual_archives(selection: &Selection) -> Archives {
    match selection {
        Selection::Push(Push { side: Side::Runner(_), .. }) => Archives::Always,
        Selection::Staged | Selection::Push(_) => Archives::Small,
        Selection::Message(_) => Archives::Never,
        Selection::Files { .. } | Selection::Range(_) | Selection::Stdin { .. } => Archives::Always,
    }
}

/// Finds what a selection holds.
pub fn select(selection: Selection, surroundings: &Surroundings) -> Result<Selected, Error> {
    let archives = usual_archives(&selection);
    let selected = selected(selection, surroundings)?;
    Ok(Selected { archives, ..selected })
}

fn selected(selection: Selection, surroundings: &Surroundings) -> Result<Selected, Error> {
    match selection {
        Selection::Files { paths, no_ignore } => files::select(surroundings, &paths, no_ignore),
        Selection::Staged => staged::select(surroundings),
        Selection::Range(range) => range::select(surroundings, &range),
        Selection::Push(push) => push::select(surroundings, &push),
        Selection::Stdin { bytes, path } => Ok(stream::stdin(surroundings, bytes, path.as_deref())),
        Selection::Message(file) => stream::message(surroundings, &file),
    }
}

/// The folder with the files of the repository round the current folder; outside a repository, the current
/// folder; none in a bare one.
pub fn root(surroundings: &Surroundings) -> Option<PathBuf> {
    match repository::Repository::find(surroundings) {
        Ok(Some(repository)) => repository.work_tree().map(Path::to_path_buf),
        Ok(None) | Err(_) => Some(surroundings.cwd.clone()),
    }
}

/// The id of the commit that a revision names in the repository round the current folder, if it names one there.
pub fn commit_id(surroundings: &Surroundings, revision: &str) -> Option<String> {
    let repository = repository::Repository::find(surroundings).ok()??;
    range::resolved(&repository, revision).ok().map(|id| id.to_string())
}

/// Whether the repository round the current folder can be read; why not, and the mend, if not.
pub fn readable(surroundings: &Surroundings) -> Result<(), Error> {
    repository::Repository::require(surroundings).map(drop)
}

/// Whether there is a repository round the current folder.
pub fn is_repository(surroundings: &Surroundings) -> bool {
    matches!(repository::Repository::find(surroundings), Ok(Some(_)))
}

impl Selected {
    /// Nothing yet.
    fn nothing(reader: Reader) -> Self {
        Selected {
            scanned: Scanned::default(),
            entries: Vec::new(),
            coverage: Coverage::default(),
            notices: Vec::new(),
            reader,
            archives: Archives::Never,
        }
    }
}

/// What was asked for, with the way from the current folder to the root that paths are relative to.
pub(crate) fn scanned(mode: &'static str, surroundings: &Surroundings, root: Option<&Path>) -> Scanned {
    let cwd = surroundings.cwd.as_path();
    let root = root.unwrap_or(cwd);
    let to_root = match cwd.strip_prefix(root) {
        Ok(below) => "../".repeat(below.components().count()),
        Err(_) => format!("{}/", root.display()),
    };
    Scanned { mode, revisions: None, to_root, root: Some(root.to_path_buf()) }
}

/// A path as Git has it.
pub(crate) fn path_bytes(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_encoded_bytes().to_vec();
    if cfg!(windows) { bytes.into_iter().map(|b| if b == b'\\' { b'/' } else { b }).collect() } else { bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_the_root_goes_up_or_names_it() {
        let surroundings = Surroundings { cwd: "/r/a/b".into(), ..Surroundings::default() };
        let to_root = |root: &str| scanned("files", &surroundings, Some(Path::new(root))).to_root;
        assert_eq!(to_root("/r"), "../../");
        assert_eq!(to_root("/r/a/b"), "");
        assert_eq!(to_root("/else"), "/else/");
    }
}
