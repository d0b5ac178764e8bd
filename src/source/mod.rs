//! A selection turned into entries, and entries into documents.

mod surroundings;

pub use surroundings::Surroundings;

use crate::document::{Before, Document, Entry};
use crate::report::{Coverage, Scanned, Skipped};
use std::path::PathBuf;

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
}

/// Reads entries, from several threads at once.
#[derive(Debug, Default)]
pub struct Reader {
    /// The repository that blobs are read from.
    pub repository: Option<gix::ThreadSafeRepository>,
}

/// What reading an entry came to.
#[derive(Debug)]
pub enum Loaded {
    /// The texts in it.
    Document(Document),
    /// Left out on purpose.
    Skipped(Skipped),
    /// It should have been readable and was not.
    Missing(Skipped),
}

impl Reader {
    /// Reads an entry and finds out what of it is new.
    pub fn load(&self, _entry: &Entry) -> Loaded {
        Loaded::Skipped(Skipped { what: Vec::new(), why: "no source reads anything yet".into() })
    }

    /// Reads what came before an entry; nothing if it can't be read.
    pub fn before(&self, _before: &Before) -> Option<Vec<u8>> {
        None
    }
}
