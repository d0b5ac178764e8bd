//! All files or none: each is written beside its place, and only when all are there, each takes its place.

use std::fs::Permissions;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is not what it was when it was read.
    #[error("{0} changed meanwhile or is not text in one encoding; nothing was written, run it again")]
    Changed(PathBuf),
    /// A file may not be written.
    #[error("{0} is read-only; nothing was written")]
    ReadOnly(PathBuf),
    /// The file system refused.
    #[error("{path} cannot be written: {source}; {state}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
        /// What became of the others.
        state: String,
    },
}

/// A file to be written.
#[derive(Debug)]
pub(super) struct New {
    /// Where.
    pub path: PathBuf,
    /// What is there now; none for a file that is not.
    pub old: Option<Vec<u8>>,
    /// What is to be there.
    pub bytes: Vec<u8>,
    /// Nobody but its owner may read it.
    pub private: bool,
}

/// Writes the changed files and what goes beside them.
pub fn write(changes: &[&super::Change], asides: &[super::Aside]) -> Result<(), Error> {
    let mut files = Vec::new();
    for change in changes {
        // What a link names is replaced, not the link.
        let path = change.path.canonicalize().map_err(|source| refused(&change.path, source))?;
        let old = std::fs::read(&path).map_err(|source| refused(&path, source))?;
        let bytes = super::encoding::encoded(&old, &change.document.text, &change.after);
        let bytes = bytes.ok_or_else(|| Error::Changed(change.path.clone()))?;
        files.push(New { path, old: Some(old), bytes, private: false });
    }
    for aside in asides {
        let path = aside.path.canonicalize().unwrap_or_else(|_| aside.path.clone());
        // A file that is mended itself gets the lines behind what it has become.
        if let Some(mended) = files.iter_mut().find(|file| file.path == path) {
            let before = aside.before.as_deref().unwrap_or_default();
            mended.bytes.extend_from_slice(aside.after.strip_prefix(before).unwrap_or_default());
            continue;
        }
        let old = aside.before.clone();
        files.push(New { path, old, bytes: aside.after.clone(), private: aside.is_private() });
    }
    all(files)
}

/// Writes all of them or none.
pub(super) fn all(files: Vec<New>) -> Result<(), Error> {
    let mut ready: Vec<(NamedTempFile, New)> = Vec::new();
    for file in files {
        let beside = beside(&file)?;
        ready.push((beside, file));
    }
    for (_, file) in &ready {
        if std::fs::read(&file.path).ok() != file.old {
            return Err(Error::Changed(file.path.clone()));
        }
    }
    let mut done: Vec<New> = Vec::new();
    for (beside, file) in ready {
        match beside.persist(&file.path) {
            Ok(_) => done.push(file),
            Err(error) => {
                let state = undone(done);
                return Err(Error::File { path: file.path, source: error.error, state });
            }
        }
    }
    Ok(())
}

/// The new bytes in a file of their own in the same folder, with the permissions of the old.
fn beside(file: &New) -> Result<NamedTempFile, Error> {
    let refused = |source| refused(&file.path, source);
    let old =
        if file.old.is_some() { Some(std::fs::metadata(&file.path).map_err(refused)?.permissions()) } else { None };
    if old.as_ref().is_some_and(Permissions::readonly) {
        return Err(Error::ReadOnly(file.path.clone()));
    }
    let mut builder = Builder::new();
    builder.prefix(".unleak-").suffix(".tmp");
    create_with(&mut builder, file.private);
    let folder = file.path.parent().unwrap_or(Path::new("."));
    let mut beside = builder.tempfile_in(folder).map_err(refused)?;
    beside.write_all(&file.bytes).map_err(refused)?;
    if let Some(permissions) = old.filter(|_| !file.private) {
        beside.as_file().set_permissions(permissions).map_err(refused)?;
    }
    beside.as_file().sync_all().map_err(refused)?;
    Ok(beside)
}

/// Puts back what was there before.
fn undone(done: Vec<New>) -> String {
    let mut failed = Vec::new();
    for file in done {
        let restored = match &file.old {
            Some(old) => {
                let back = New { old: Some(file.bytes), bytes: old.clone(), ..file };
                beside(&back)
                    .ok()
                    .and_then(|beside| beside.persist(&back.path).ok())
                    .is_some()
                    .then_some(())
                    .ok_or(back.path)
            }
            None => std::fs::remove_file(&file.path).map_err(|_| file.path),
        };
        failed.extend(restored.err().map(|path| path.display().to_string()));
    }
    match failed.is_empty() {
        true => "all other files are as they were".to_owned(),
        false => format!("these were changed already and could not be put back: {}", failed.join(", ")),
    }
}

fn refused(path: &Path, source: std::io::Error) -> Error {
    Error::File { path: path.to_path_buf(), source, state: "nothing was written".to_owned() }
}

#[cfg(unix)]
fn create_with(builder: &mut Builder<'_, '_>, private: bool) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(Permissions::from_mode(if private { 0o600 } else { 0o666 }));
}

#[cfg(not(unix))]
fn create_with(_: &mut Builder<'_, '_>, _: bool) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(path: PathBuf, old: Option<&[u8]>) -> New {
        New { path, old: old.map(<[u8]>::to_vec), bytes: b"new".to_vec(), private: false }
    }

    #[test]
    fn when_one_file_cannot_be_written_none_is() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let first = folder.path().join("first");
        std::fs::write(&first, "old").expect("a file can be written");
        let gone = folder.path().join("no/such/folder/file");
        assert!(all(vec![new(first.clone(), Some(b"old")), new(gone, None)]).is_err());
        // A folder in its place lets the last step fail, when the first file has been replaced already.
        let taken = folder.path().join("taken");
        std::fs::create_dir(&taken).expect("a folder can be made");
        assert!(all(vec![new(first.clone(), Some(b"old")), new(taken, None)]).is_err());
        assert_eq!(std::fs::read(&first).expect("it is there"), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 2);
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("a");
        std::fs::write(&path, "other").expect("a file can be written");
        assert!(matches!(all(vec![new(path.clone(), Some(b"old"))]), Err(Error::Changed(_))));
        assert_eq!(std::fs::read(&path).expect("it is there"), b"other");
    }
}
