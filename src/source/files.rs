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
    let own = index.filter(|_| work_tree.is_some()).map(|index| Tracked { root: root.clone(), index });
    let others = others(surroundings, work_tree, &starts, &mut found);
    let tracked: Vec<Tracked> = own.into_iter().chain(others).collect();
    for tracked in tracked.iter().filter(|_| !no_ignore) {
        found.files.extend(tracked.but_ignored(&starts, &found.files));
    }
    let within = |tracked: Tracked| (folder_in(&root, &surroundings.cwd, &tracked.root), tracked.index);
    let reader = Reader::of_files(tracked.into_iter().map(within).collect());
    let mut selected = Selected { scanned: scanned("files", surroundings, Some(&root)), ..Selected::nothing(reader) };
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
    /// The `.git` folders of other repositories.
    inner: Vec<PathBuf>,
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
    found.inner = std::mem::take(&mut *inner.lock().expect("no walker panics"));
    found.inner.sort();
    found.skipped.extend(found.inner.iter().map(|path| (path.clone(), why.to_owned())));
    found.skipped.sort();
    found
}

/// A work tree and what Git tracks in it.
struct Tracked {
    root: PathBuf,
    index: Index,
}

impl Tracked {
    /// Files below the starting points that Git tracks although it is told to ignore them.
    fn but_ignored(&self, starts: &[PathBuf], found: &[File]) -> Vec<File> {
        let found: HashSet<&Path> = found.iter().map(|file| file.path.as_path()).collect();
        // What a sparse checkout leaves out may stand on disk all the same.
        let tracked = self.index.entries().iter().filter(|e| !e.mode.is_submodule() && !e.mode.is_sparse());
        let paths = tracked.filter_map(|entry| Some(self.root.join(entry.path(&self.index).to_path().ok()?)));
        let is_meant = |path: &Path| starts.iter().any(|start| path.starts_with(start));
        let left_out = paths.filter(|path| !found.contains(path.as_path()) && is_meant(path));
        left_out.filter_map(|path| file_within(&self.root, path)).collect()
    }
}

/// What other repositories track: those that the starting points lie in, and those that were met within. One that can't
/// be read may track files that it is told to ignore, so that is said.
fn others(surroundings: &Surroundings, own: Option<&Path>, starts: &[PathBuf], found: &mut Found) -> Vec<Tracked> {
    let is_elsewhere = |start: &&PathBuf| own.is_none_or(|own| !start.starts_with(own));
    let folder =
        |start: &PathBuf| if start.is_dir() { Some(start.clone()) } else { start.parent().map(Path::to_path_buf) };
    let met = found.inner.iter().filter_map(|git| git.parent().map(Path::to_path_buf));
    let mut others: Vec<Tracked> = Vec::new();
    let mut missing = Vec::new();
    for folder in starts.iter().filter(is_elsewhere).filter_map(folder).chain(met) {
        if others.iter().any(|other| folder == other.root) {
            continue;
        }
        let ceiling_directories = surroundings.ceiling_directories.clone();
        let there = Surroundings { cwd: folder.clone(), ceiling_directories, ..Surroundings::default() };
        let read = Repository::find(&there).and_then(|repository| {
            let Some(repository) = repository else { return Ok(None) };
            let Some(root) = repository.work_tree().map(Path::to_path_buf) else { return Ok(None) };
            Ok(repository.index()?.map(|index| Tracked { root, index }))
        });
        match read {
            Ok(Some(other)) if Some(other.root.as_path()) != own => others.push(other),
            Ok(_) => {}
            Err(error) => missing.push((folder, format!("what Git tracks there can't be read: {error}"))),
        }
    }
    found.missing.extend(missing);
    others.sort_by(|a, b| a.root.cmp(&b.root));
    others.dedup_by(|a, b| a.root == b.root);
    others
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

/// What the names of all files in a folder begin with.
fn folder_in(root: &Path, cwd: &Path, folder: &Path) -> Vec<u8> {
    let mut name = name_in(root, cwd, folder);
    if !name.is_empty() && !name.ends_with(b"/") {
        name.push(b'/');
    }
    name
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
