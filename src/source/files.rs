//! Files and folders as they are on disk.

use super::entries::path_entry;
use super::repository::Repository;
use super::{Error, Reader, Selected, Surroundings, path_bytes, scanned};
use crate::document::{Aspect, Content, Entry, Origin};
use crate::report::Skipped;
use gix::bstr::ByteSlice;
use gix::index::File as Index;
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::collections::HashSet;
use std::fs::FileType;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Selects the files at and below the paths; without any, all of the repository or, outside one, of the current
/// folder. Files that Git ignores are left out unless they are tracked or named themselves.
pub fn select(surroundings: &Surroundings, paths: &[PathBuf], no_ignore: bool) -> Result<Selected, Error> {
    let repository = Repository::find(surroundings)?;
    let work_tree = repository.as_ref().and_then(Repository::work_tree);
    let root = work_tree.unwrap_or(&surroundings.cwd).to_path_buf();
    let index = repository.as_ref().map(Repository::index).transpose()?.flatten();
    let mut starts: Vec<PathBuf> = paths.iter().map(|path| tidied(&surroundings.cwd.join(path))).collect();
    if starts.is_empty() {
        starts.push(root.clone());
    }
    let mut found = walked(&starts, no_ignore);
    if let Some(index) = index.as_ref().filter(|_| !no_ignore && work_tree.is_some()) {
        found.files.extend(ignored_but_tracked(index, &root, &starts, &found.files));
    }
    let mut selected =
        Selected { scanned: scanned("files", surroundings, Some(&root)), ..Selected::nothing(Reader::of_files(index)) };
    found.files.sort();
    found.files.dedup();
    for File { path, is_link } in found.files {
        let name = name_in(&root, &surroundings.cwd, &path);
        selected.entries.push(path_entry(&name, None));
        let part = if is_link { Aspect::LinkTarget } else { Aspect::Content };
        selected.entries.push(Entry {
            origin: Origin { path: name, part, ..Origin::default() },
            content: Content::Disk(path),
            before: Vec::new(),
        });
    }
    let told = |list: Vec<(PathBuf, String)>| {
        list.into_iter().map(|(path, why)| Skipped { what: name_in(&root, &surroundings.cwd, &path), why }).collect()
    };
    selected.coverage.skipped = told(found.skipped);
    selected.coverage.missing = told(found.missing);
    Ok(selected)
}

/// A file or a link that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct File {
    path: PathBuf,
    is_link: bool,
}

/// What a walk came across.
#[derive(Debug, Default)]
struct Found {
    files: Vec<File>,
    skipped: Vec<(PathBuf, String)>,
    missing: Vec<(PathBuf, String)>,
}

impl Found {
    fn add(&mut self, entry: Result<DirEntry, ignore::Error>) {
        match entry {
            Ok(entry) => match entry.file_type() {
                // What the user names is followed, what a folder holds is not.
                Some(kind) if kind.is_symlink() && entry.depth() == 0 => match std::fs::metadata(entry.path()) {
                    Ok(metadata) => self.add_file(entry.path(), metadata.file_type()),
                    Err(error) => self.missing.push((entry.into_path(), error.to_string())),
                },
                Some(kind) => self.add_file(entry.path(), kind),
                None => {}
            },
            Err(error) => {
                let path = path_of(&error).map(Path::to_path_buf).unwrap_or_default();
                let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                self.missing.push((path, why));
            }
        }
    }

    fn add_file(&mut self, path: &Path, kind: FileType) {
        if kind.is_file() || kind.is_symlink() {
            self.files.push(File { path: path.to_path_buf(), is_link: kind.is_symlink() });
        } else if !kind.is_dir() {
            self.skipped.push((path.to_path_buf(), "a special file (pipe, socket or device)".to_owned()));
        }
    }
}

fn walked(starts: &[PathBuf], no_ignore: bool) -> Found {
    let mut builder = WalkBuilder::new(&starts[0]);
    for start in &starts[1..] {
        builder.add(start);
    }
    // The folder of another repository that lies in this one holds objects, not files.
    let inner: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
    let met = Arc::clone(&inner);
    builder
        .hidden(false)
        .parents(!no_ignore)
        .git_ignore(!no_ignore)
        .git_exclude(!no_ignore)
        // Neither the user's own list nor one that only other tools read may hide a file.
        .git_global(false)
        .ignore(false)
        .follow_links(false)
        .filter_entry(move |entry| {
            let is_git = entry.depth() > 0 && entry.file_name() == ".git";
            if is_git && entry.depth() > 1 && entry.file_type().is_some_and(|kind| kind.is_dir()) {
                met.lock().expect("no walker panics").push(entry.path().to_path_buf());
            }
            !is_git
        });
    let found = Mutex::new(Found::default());
    builder.build_parallel().run(|| {
        Box::new(|entry| {
            found.lock().expect("no walker panics").add(entry);
            WalkState::Continue
        })
    });
    let mut found = found.into_inner().expect("no walker panics");
    let why = "a repository of its own: `unleak history` in it reads what it holds";
    let inner = std::mem::take(&mut *inner.lock().expect("no walker panics"));
    found.skipped.extend(inner.into_iter().map(|path| (path, why.to_owned())));
    found.skipped.sort();
    found
}

/// Files below the starting points that Git tracks although it is told to ignore them.
fn ignored_but_tracked(index: &Index, root: &Path, starts: &[PathBuf], found: &[File]) -> Vec<File> {
    let found: HashSet<&Path> = found.iter().map(|file| file.path.as_path()).collect();
    // What a sparse checkout leaves out may stand on disk all the same.
    let tracked = index.entries().iter().filter(|entry| !entry.mode.is_submodule() && !entry.mode.is_sparse());
    let paths = tracked.filter_map(|entry| Some(root.join(entry.path(index).to_path().ok()?)));
    let left_out = paths.filter(|path| !found.contains(path.as_path()) && starts.iter().any(|s| path.starts_with(s)));
    left_out.filter_map(|path| file_within(root, path)).collect()
}

/// The file or link at the path, if no folder on the way to it is a link.
fn file_within(root: &Path, path: PathBuf) -> Option<File> {
    let folders = path.ancestors().skip(1).take_while(|folder| *folder != root);
    if folders.into_iter().any(Path::is_symlink) {
        return None;
    }
    let kind = path.symlink_metadata().ok()?.file_type();
    (kind.is_file() || kind.is_symlink()).then(|| File { is_link: kind.is_symlink(), path })
}

/// The path without `.` and `..`, as it is written: links on the way are not resolved.
fn tidied(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                tidy.pop();
            }
            part => tidy.push(part),
        }
    }
    tidy
}

/// The path as reports name it: below the root, or else from the current folder or from the top.
fn name_in(root: &Path, cwd: &Path, path: &Path) -> Vec<u8> {
    let relative = path.strip_prefix(root).or_else(|_| path.strip_prefix(cwd)).unwrap_or(path);
    path_bytes(relative)
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_tidied_as_it_is_written() {
        assert_eq!(tidied(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(tidied(Path::new("/../a")), Path::new("/a"));
    }

    #[test]
    fn a_file_is_named_from_the_root_or_the_current_folder() {
        let name = |path: &str| name_in(Path::new("/r"), Path::new("/c"), Path::new(path));
        assert_eq!(name("/r/a/b"), b"a/b");
        assert_eq!(name("/c/x"), b"x");
        assert_eq!(name("/else/x"), b"/else/x");
    }
}
