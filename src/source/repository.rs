//! The repository round the current folder, opened without the user's or the system's settings.

use super::objects::{ObjectReader, Objects};
use super::{Error, Surroundings};
use gix::ObjectId;
use gix::index::File as Index;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A repository, and the places that Git's environment variables may have moved.
pub struct Repository {
    git: gix::Repository,
    objects: Arc<Objects>,
    object_folders: Vec<PathBuf>,
    work_tree: Option<PathBuf>,
    index_path: PathBuf,
}

impl Repository {
    /// Finds the repository that Git would use; none is nothing wrong.
    pub fn find(surroundings: &Surroundings) -> Result<Option<Self>, Error> {
        let cwd = &surroundings.cwd;
        let given = |path: &Option<PathBuf>| path.as_ref().map(|path| cwd.join(path));
        let (git_dir, found_work_tree) = match given(&surroundings.git_dir) {
            Some(git_dir) => (resolved(git_dir), None),
            None => match discovered(surroundings)? {
                Some((git_dir, work_tree)) => (git_dir, work_tree),
                None => return Ok(None),
            },
        };
        let mut git = opened(&git_dir)?;
        let settings = git.config_snapshot();
        // A linked worktree may belong to a bare repository.
        let is_bare = settings.boolean("core.bare") == Some(true) && !git_dir.join("commondir").exists();
        let configured = settings.string("core.worktree").and_then(|_| git.workdir().map(Path::to_path_buf));
        // With GIT_DIR alone, Git takes the current folder for the work tree.
        let by_default = found_work_tree.or_else(|| surroundings.git_dir.is_some().then(|| cwd.clone()));
        let inferred = if is_bare { None } else { configured.or(by_default) };
        let work_tree = given(&surroundings.work_tree).or(inferred);
        let is_partial = settings.string("extensions.partialClone").is_some()
            || settings
                .plumbing()
                .sections_by_name("remote")
                .is_some_and(|mut remotes| remotes.any(|remote| remote.value("promisor").is_some()));
        let common_dir = given(&surroundings.common_dir).unwrap_or_else(|| git.common_dir().to_path_buf());
        let mut folders = vec![given(&surroundings.object_directory).unwrap_or_else(|| common_dir.join("objects"))];
        folders.extend(surroundings.alternates());
        let objects = Arc::new(Objects::open(folders.clone(), git.object_hash(), is_partial)?);
        // Abbreviated ids may be of objects that are elsewhere.
        git.objects = objects.first();
        // Git goes to the top of the work tree before it looks for the index.
        let base = work_tree.as_ref().unwrap_or(cwd);
        let index_path =
            surroundings.index_file.as_ref().map_or_else(|| git_dir.join("index"), |index| base.join(index));
        Ok(Some(Repository { git, objects, object_folders: folders, work_tree, index_path }))
    }

    /// Finds the repository; none is an error.
    pub fn require(surroundings: &Surroundings) -> Result<Self, Error> {
        Self::find(surroundings)?.ok_or_else(|| Error::NoRepository(surroundings.cwd.clone()))
    }

    /// Its objects.
    pub fn objects(&self) -> &Arc<Objects> {
        &self.objects
    }

    /// The folders that they lie in: its own or the one in quarantine, and those named beside it.
    pub fn object_folders(&self) -> &[PathBuf] {
        &self.object_folders
    }

    /// The folder of the files, if it has one.
    pub fn work_tree(&self) -> Option<&Path> {
        self.work_tree.as_deref()
    }

    /// The folder with HEAD.
    pub fn git_dir(&self) -> &Path {
        self.git.git_dir()
    }

    /// What Git knows of references and settings.
    pub fn git(&self) -> &gix::Repository {
        &self.git
    }

    /// The index; none if nothing was ever staged.
    pub fn index(&self) -> Result<Option<Index>, Error> {
        if !self.index_path.exists() {
            return Ok(None);
        }
        // Starting threads takes longer than most indexes. Git does not check the checksum either.
        let options = gix::index::decode::Options { thread_limit: Some(1), ..Default::default() };
        let index = Index::at(&self.index_path, self.objects.hash(), true, options);
        index.map(Some).map_err(|error| Error::Index { path: self.index_path.clone(), why: chain(&error) })
    }

    /// The commit that HEAD names; none before the first.
    pub fn head_id(&self) -> Result<Option<ObjectId>, Error> {
        let head = self.git.head().map_err(|error| self.error(&error))?;
        // A branch without a commit is unborn. One that names an object that is gone is not: reading that fails.
        Ok(head.id().map(gix::Id::detach))
    }

    /// The tree of a commit.
    pub fn tree_id(&self, reader: &ObjectReader<'_>, commit_id: ObjectId) -> Result<ObjectId, Error> {
        let commit = reader.commit(&commit_id);
        commit.map(|commit| commit.tree_id).map_err(|why| Error::Object {
            what: "commit",
            id: commit_id.to_string(),
            why,
        })
    }

    /// The commits that a merge in progress brings beside HEAD.
    pub fn merged_ids(&self) -> Result<Vec<ObjectId>, Error> {
        self.ids_in(&self.git_dir().join("MERGE_HEAD"))
    }

    /// The commits whose parents a shallow clone does not have.
    pub fn shallow_ids(&self) -> Result<Vec<ObjectId>, Error> {
        self.ids_in(&self.git.common_dir().join("shallow"))
    }

    fn ids_in(&self, file: &Path) -> Result<Vec<ObjectId>, Error> {
        let text = match std::fs::read(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(why) => return Err(Error::File { path: file.to_path_buf(), why }),
        };
        let lines = text.split(|b| *b == b'\n').filter(|line| !line.is_empty());
        let broken = || Error::Repository {
            path: file.display().to_string(),
            why: "it should hold one commit id a line".to_owned(),
        };
        lines.map(|line| ObjectId::from_hex(line).map_err(|_| broken())).collect()
    }

    fn error(&self, error: &gix::Error) -> Error {
        Error::Repository { path: self.git_dir().display().to_string(), why: chain(error) }
    }
}

/// An error with its causes, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text.replace('\n', " ")
}

/// The Git folder and the work tree that the current folder lies in.
fn discovered(surroundings: &Surroundings) -> Result<Option<(PathBuf, Option<PathBuf>)>, Error> {
    let cwd = &surroundings.cwd;
    let options = gix::discover::upwards::Options {
        trust: gix::discover::upwards::TrustPolicy::Assume(gix::sec::Trust::Full),
        ceiling_dirs: surroundings.ceilings(),
        match_ceiling_dir_or_error: false,
        current_dir: Some(cwd),
        ..Default::default()
    };
    match gix::discover::upwards_opts(cwd, options) {
        Ok((path, _)) => {
            let (git_dir, work_tree) = path.into_repository_and_work_tree_directories();
            Ok(Some((cwd.join(git_dir), work_tree.map(|work_tree| cwd.join(work_tree)))))
        }
        Err(error) if error.downcast_any_ref::<gix::discover::upwards::Error>().is_some() => Ok(None),
        Err(error) => Err(Error::Repository { path: cwd.display().to_string(), why: chain(&error) }),
    }
}

/// Follows a `.git` file, as submodules and linked worktrees have, to the folder that it names.
fn resolved(git_dir: PathBuf) -> PathBuf {
    let text = if git_dir.is_file() { std::fs::read(&git_dir).unwrap_or_default() } else { Vec::new() };
    let target = text.strip_prefix(b"gitdir: ").map(|target| String::from_utf8_lossy(target).trim_end().to_owned());
    match (target, git_dir.parent()) {
        (Some(target), Some(folder)) => folder.join(target),
        _ => git_dir,
    }
}

/// Whether references are stored as reftables, which can't be read.
pub fn has_reftables(common_dir: &Path) -> bool {
    common_dir.join("reftable").join("tables.list").is_file()
}

fn opened(git_dir: &Path) -> Result<gix::Repository, Error> {
    let common = std::fs::read_to_string(git_dir.join("commondir")).ok();
    if has_reftables(&common.map_or_else(|| git_dir.to_path_buf(), |common| git_dir.join(common.trim_end()))) {
        return Err(Error::Repository {
            path: git_dir.display().to_string(),
            why: "its refs are stored as reftables, which unleak does not read; `git refs migrate --ref-format=files` \
                  stores them as files (Git 2.46 or newer)"
                .to_owned(),
        });
    }
    let options = gix::open::Options::isolated()
        .open_path_as_is(true)
        .with(gix::sec::Trust::Full)
        // Nothing is run and nothing written, so a stranger's settings can do no harm.
        .filter_config_section(|_| true)
        .config_overrides(["core.useReplaceRefs=false"])
        // Its own view of the objects is not used, so the packs need not be listed for it.
        .object_store_slots(gix::odb::store::init::Slots::Given(1));
    let git = options
        .open(git_dir)
        .map_err(|error| Error::Repository { path: git_dir.display().to_string(), why: chain(&error) })?;
    Ok(git.to_thread_local())
}

impl Surroundings {
    /// The folders in GIT_ALTERNATE_OBJECT_DIRECTORIES.
    fn alternates(&self) -> Vec<PathBuf> {
        let folders = self.alternate_object_directories.as_deref().map(folders).unwrap_or_default();
        folders.into_iter().map(|folder| self.cwd.join(folder)).collect()
    }

    /// The folders in GIT_CEILING_DIRECTORIES. Relative ones count for nothing.
    fn ceilings(&self) -> Vec<PathBuf> {
        let folders = self.ceiling_directories.as_deref().map(folders).unwrap_or_default();
        folders.into_iter().filter(|folder| folder.is_absolute()).collect()
    }
}

/// The folders in a list as Git writes it: one that holds the separator stands in quotes.
fn folders(list: &OsStr) -> Vec<PathBuf> {
    let bytes = list.as_encoded_bytes();
    if !bytes.contains(&b'"') {
        return std::env::split_paths(list).filter(|folder| !folder.as_os_str().is_empty()).collect();
    }
    let separator = if cfg!(windows) { b';' } else { b':' };
    let mut folders = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let unquoted = rest.starts_with(b"\"").then(|| gix::quote::ansi_c::undo(rest.into()).ok()).flatten();
        let (folder, used) = unquoted.map_or_else(
            || {
                let end = memchr::memchr(separator, rest).unwrap_or(rest.len());
                (rest[..end].to_vec(), end)
            },
            |(folder, used)| (folder.to_vec(), used),
        );
        if let Some(folder) = gix::bstr::ByteSlice::to_path(&folder[..]).ok().filter(|f| !f.as_os_str().is_empty()) {
            folders.push(folder.to_path_buf());
        }
        rest = rest[used..].strip_prefix(&[separator]).unwrap_or(&rest[used.max(1).min(rest.len())..]);
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_list_of_folders_may_quote_the_separator() {
        let paths = |list: &str| folders(OsStr::new(list));
        assert_eq!(paths("/a:/b"), [PathBuf::from("/a"), PathBuf::from("/b")]);
        assert_eq!(paths("\"/a:x\":/b"), [PathBuf::from("/a:x"), PathBuf::from("/b")]);
        assert_eq!(paths("/b:\"/a\\\"x\""), [PathBuf::from("/b"), PathBuf::from("/a\"x")]);
        assert_eq!(paths(""), Vec::<PathBuf>::new());
    }
}
