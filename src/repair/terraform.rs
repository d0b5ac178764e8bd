//! Terraform reads all files of a folder as one: a variable is declared once in it.

use crate::remedy::Edit;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What the files of a run have declared so far.
#[derive(Debug, Default)]
pub(super) struct Declared {
    here: BTreeSet<(PathBuf, String)>,
}

impl Declared {
    /// Drops declarations that stand in another file of the folder already.
    pub fn once(&mut self, path: &Path, edits: &mut Vec<Edit>) {
        if path.extension().is_none_or(|extension| extension != "tf") {
            return;
        }
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        edits.retain(|edit| {
            let Some(head) = declaration(&edit.inserted) else { return true };
            let is_new = self.here.insert((folder.clone(), head.to_owned()));
            is_new && !is_declared(&folder, path, head)
        });
    }
}

/// The head of the variable's block that the text declares.
pub(super) fn declaration(inserted: &str) -> Option<&str> {
    let start = inserted.find("variable \"")?;
    let end = inserted[start..].find(" {")?;
    Some(&inserted[start..start + end])
}

fn is_declared(folder: &Path, path: &Path, head: &str) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    let others = entries.flatten().map(|entry| entry.path());
    let others = others.filter(|other| other != path && other.extension().is_some_and(|extension| extension == "tf"));
    let texts = others.filter_map(|other| std::fs::read(other).ok());
    texts.into_iter().any(|text| memchr::memmem::find(&text, head.as_bytes()).is_some())
}
