//! What a process finds round itself: its folder and Git's variables, handed in since the library reads neither.

use std::ffi::OsString;
use std::path::PathBuf;

/// The folder a process runs in and what Git's environment variables say.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The current folder, absolute.
    pub cwd: PathBuf,
    /// GIT_DIR.
    pub git_dir: Option<PathBuf>,
    /// GIT_WORK_TREE.
    pub work_tree: Option<PathBuf>,
    /// GIT_COMMON_DIR.
    pub common_dir: Option<PathBuf>,
    /// GIT_INDEX_FILE.
    pub index_file: Option<PathBuf>,
    /// GIT_OBJECT_DIRECTORY.
    pub object_directory: Option<PathBuf>,
    /// GIT_ALTERNATE_OBJECT_DIRECTORIES, as it stands: a list.
    pub alternate_object_directories: Option<OsString>,
    /// GIT_CEILING_DIRECTORIES, as it stands: a list.
    pub ceiling_directories: Option<OsString>,
    /// The ids of the commits that are being merged, where Git has not written them to MERGE_HEAD yet: for
    /// pre-merge-commit it hands them over in names of variables, GITHEAD_ and the id.
    pub merging: Vec<String>,
}

impl Surroundings {
    /// Asks for the variables by name; an empty value counts as none. A program hands in
    /// `|name| std::env::var_os(name)`.
    pub fn new(cwd: PathBuf, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let path = |name| set(name).map(PathBuf::from);
        Surroundings {
            cwd,
            git_dir: path("GIT_DIR"),
            work_tree: path("GIT_WORK_TREE"),
            common_dir: path("GIT_COMMON_DIR"),
            index_file: path("GIT_INDEX_FILE"),
            object_directory: path("GIT_OBJECT_DIRECTORY"),
            alternate_object_directories: set("GIT_ALTERNATE_OBJECT_DIRECTORIES"),
            ceiling_directories: set("GIT_CEILING_DIRECTORIES"),
            merging: Vec::new(),
        }
    }
}
