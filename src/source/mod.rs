//! A selection turned into entries, and entries into documents.

use crate::document::{Before, Document, Entry};
use crate::report::{Coverage, Scanned, Skipped};

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
