//! Where a baseline lies: one file, or a folder with a file for each entry; and what Git is told of it.

use super::{Baseline, BaselineError, Conflicts, EXTENSION, Entry, line};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file at the repository's root that tells Git how to merge.
pub const ATTRIBUTES: &str = ".gitattributes";

/// Why a baseline can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is not there.
    #[error("there is no baseline {0}; `unleak baseline create` makes one")]
    Absent(String),
    /// It can't be read.
    #[error("the baseline {name} cannot be read: {source}")]
    Unreadable {
        /// What messages call it.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// It can't be written.
    #[error("the baseline {name} cannot be written: {source}; nothing was changed")]
    Unwritable {
        /// What messages call it.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// A line of it is wrong.
    #[error(transparent)]
    Line(#[from] BaselineError),
}

/// Reads the baseline at a path on disk: a file, or a folder of files.
pub fn read(path: &Path, name: &str, conflicts: Conflicts) -> Result<Baseline, StoreError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => StoreError::Absent(name.to_owned()),
        _ => StoreError::Unreadable { name: name.to_owned(), source },
    };
    let mut baseline = Baseline { name: name.to_owned(), ..Baseline::default() };
    if !path.is_dir() {
        baseline.add_text(&std::fs::read(path).map_err(failed)?, name, conflicts)?;
        return Ok(baseline);
    }
    for file in files(path).map_err(failed)? {
        let shown = format!("{}/{}", name.trim_end_matches('/'), file_name(&file));
        baseline.add_text(&std::fs::read(&file).map_err(failed)?, &shown, conflicts)?;
    }
    Ok(baseline)
}

/// Writes a baseline: whole or not at all if it is a file. A path that ends with a slash, and one where a folder
/// is, is a folder: each entry is a file there, so that no two branches ever touch the same one.
pub fn write(path: &Path, baseline: &Baseline) -> Result<(), StoreError> {
    let failed = |source| StoreError::Unwritable { name: baseline.name.clone(), source };
    match path.is_dir() || baseline.name.ends_with('/') {
        true => write_folder(path, &baseline.in_order()),
        false => replace(path, baseline.text().as_bytes()),
    }
    .map_err(failed)
}

/// What Git has to be told of a baseline's file so that two branches' additions merge: both are kept. None for a
/// folder, which needs no telling.
pub fn attribute(path: &[u8]) -> String {
    // A pattern ends at a space, and these mean something in it.
    let special = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'*' | b'?' | b'[' | b'\\' | b'"' | b'!' | b'#');
    let path: String = match path.iter().any(special) {
        true => path.iter().map(|b| if special(b) { '?' } else { char::from(*b) }).collect(),
        false => String::from_utf8_lossy(path).into_owned(),
    };
    format!("/{path} text eol=lf merge=union")
}

fn write_folder(folder: &Path, entries: &[&Entry]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let old = files(folder)?;
    let mut kept: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let path = folder.join(format!("{}{EXTENSION}", entry.fingerprint));
        let text = line::of(entry);
        if std::fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
            replace(&path, text.as_bytes())?;
        }
        kept.push(path);
    }
    // All entries are there now, so what is left over holds nothing.
    old.iter().filter(|path| !kept.contains(path)).try_for_each(std::fs::remove_file)
}

/// The files of a folder, in order.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if file_name(&path).ends_with(EXTENSION) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Puts a file in another one's place, whole or not at all.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays one: what it points to is replaced.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unleak-").suffix(".tmp");
    match std::fs::metadata(&path) {
        Ok(old) => drop(builder.permissions(old.permissions())),
        Err(_) => make_readable(&mut builder),
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(&path).map(drop).map_err(|error| error.error)
}

/// It is as readable as any new file.
#[cfg(unix)]
fn make_readable(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn make_readable(_: &mut tempfile::Builder<'_, '_>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_is_told_of_a_path_whatever_stands_in_it() {
        assert_eq!(attribute(b".unleak-baseline.jsonl"), "/.unleak-baseline.jsonl text eol=lf merge=union");
        assert_eq!(attribute(b"a b/c[1].jsonl"), "/a?b/c?1].jsonl text eol=lf merge=union");
    }
}
