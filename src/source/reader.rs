//! Entries to documents: bytes are read, decoded, and compared with what was there before.

use super::changed::changed;
use super::charset;
use super::large::{LARGE, Large};
use super::objects::Objects;
use crate::document::{Ahead, Aspect, Before, Changed, Content, Document, Entry};
use crate::report::Skipped;
use gix::ObjectId;
use gix::index::File as Index;
use gix::objs::Kind;
use std::path::Path;
use std::sync::Arc;

/// Reads entries, from several threads at once.
#[derive(Debug, Default)]
pub struct Reader {
    /// Where blobs are read from.
    objects: Option<Arc<Objects>>,
    /// What tells which files are tracked, and what the names of those that each knows begin with.
    indexes: Vec<(Vec<u8>, Arc<Index>)>,
}

/// What reading an entry came to.
#[derive(Debug)]
pub enum Loaded {
    /// The text in it.
    Document(Document),
    /// Too large to be held in memory at once: it comes in pieces.
    Large(Box<Large>),
    /// Left out on purpose.
    Skipped(Skipped),
    /// It should have been readable and was not.
    Missing(Skipped),
}

impl Reader {
    /// Reads blobs from these objects.
    pub fn of(objects: Arc<Objects>) -> Self {
        Reader { objects: Some(objects), indexes: Vec::new() }
    }

    /// Reads files, which are tracked if they stand in an index: of the folder whose name theirs begin with.
    pub fn of_files(indexes: Vec<(Vec<u8>, Index)>) -> Self {
        let indexes = indexes.into_iter().map(|(folder, index)| (folder, Arc::new(index))).collect();
        Reader { objects: None, indexes }
    }

    /// Reads an entry and finds out what of it is new.
    pub fn load(&self, entry: &Entry) -> Loaded {
        let bytes = match &entry.content {
            Content::Bytes(bytes) => Ok(bytes.clone()),
            Content::Blob(id) => self.blob(id),
            Content::Disk(path) if entry.origin.part == Aspect::LinkTarget => link_target(path),
            Content::Disk(path) => match std::fs::metadata(path) {
                Ok(metadata) if metadata.len() > LARGE => {
                    let large = Large::open(path, entry.origin.clone(), self.is_tracked(entry));
                    return match large {
                        Ok(large) => Loaded::Large(Box::new(large)),
                        Err(error) => Loaded::Missing(missing(entry, error.to_string())),
                    };
                }
                Ok(_) => std::fs::read(path).map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            },
        };
        match bytes {
            Ok(bytes) => Loaded::Document(self.document(entry, bytes)),
            Err(why) => Loaded::Missing(missing(entry, why)),
        }
    }

    /// Reads what came before an entry, as a text; nothing if it can't be read.
    pub fn before(&self, before: &Before) -> Option<Vec<u8>> {
        self.blob(&before.blob_id).ok().map(|bytes| charset::text(bytes).0)
    }

    fn document(&self, entry: &Entry, bytes: Vec<u8>) -> Document {
        // Names and messages are not files: Git knows no UTF-16 in them.
        let (text, charset) = match entry.origin.part {
            Aspect::Content => charset::text(bytes),
            _ => (bytes, Default::default()),
        };
        Document {
            origin: entry.origin.clone(),
            changed: self.changed(entry, &text),
            text,
            charset,
            before: entry.before.clone(),
            tracked: self.is_tracked(entry),
            ahead: Ahead::default(),
        }
    }

    /// What of the text is new. A file that was only renamed is scanned whole, so that what it leaks is said to
    /// be known at its new place.
    fn changed(&self, entry: &Entry, text: &[u8]) -> Changed {
        let is_same = |before: &Before| matches!(&entry.content, Content::Blob(id) if *id == before.blob_id);
        if entry.before.iter().all(|before| before.renamed_from.is_some()) && entry.before.iter().any(is_same) {
            return Changed::Whole;
        }
        // One that can't be read has no line that is known.
        let predecessors: Vec<Vec<u8>> = entry.before.iter().filter_map(|before| self.before(before)).collect();
        changed(text, &predecessors)
    }

    fn blob(&self, id: &ObjectId) -> Result<Vec<u8>, String> {
        let objects = self.objects.as_ref().expect("only selections of a repository hold blobs");
        objects.reader().read(id, Kind::Blob).map_err(|why| format!("blob {id}: {why}"))
    }

    fn is_tracked(&self, entry: &Entry) -> bool {
        let path: &[u8] = &entry.origin.path;
        if self.objects.is_some() {
            return !path.is_empty();
        }
        let known = |(folder, index): &(Vec<u8>, Arc<Index>)| {
            path.strip_prefix(folder.as_slice()).is_some_and(|path| index.entry_index_by_path(path.into()).is_ok())
        };
        self.indexes.iter().any(known)
    }
}

fn missing(entry: &Entry, why: String) -> Skipped {
    Skipped { what: entry.origin.path.clone(), why }
}

fn link_target(path: &Path) -> Result<Vec<u8>, String> {
    let target = std::fs::read_link(path).map_err(|error| error.to_string())?;
    Ok(super::path_bytes(&target))
}
