//! Why nothing could be selected, and what mends it.

use std::path::PathBuf;

/// What kept a selection from being found. One unreadable entry is no such thing: it only makes a scan partial.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no repository round the current folder.
    #[error("no Git repository at {0} or above it: run unleak inside one, or scan a folder with `unleak files`")]
    NoRepository(PathBuf),
    /// The repository can't be opened.
    #[error("the Git repository at {path} cannot be opened: {why}")]
    Repository {
        /// Its Git folder.
        path: String,
        /// What Git's files look like instead.
        why: String,
    },
    /// Nothing can be staged in a bare repository.
    #[error("the repository at {0} is bare, so nothing is staged in it: scan commits with `unleak range BASE..HEAD`")]
    Bare(PathBuf),
    /// The index can't be read.
    #[error(
        "the index {path} cannot be read: {why}. `git read-tree HEAD` builds it anew; what was staged must then be \
         added again"
    )]
    Index {
        /// The index file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// An object that everything else depends on can't be read.
    #[error("the {what} {id} cannot be read: {why}")]
    Object {
        /// Its part: a commit or tree.
        what: &'static str,
        /// Its id.
        id: String,
        /// Why, and the mend.
        why: String,
    },
    /// A revision does not name a commit in this clone.
    #[error("`{revision}` does not name a commit in this clone: {why}")]
    Revision {
        /// The revision as it was given.
        revision: String,
        /// What Git's rules make of it, and the mend.
        why: String,
    },
    /// The range has no usable form.
    #[error("`{0}` is no range of commits: write BASE..HEAD, BASE...HEAD or one commit")]
    Range(String),
    /// History ends before the base was reached.
    #[error(
        "history is cut off at commit {commit_id}, before all commits of `{range}` were seen: this clone is shallow. \
         Run `git fetch --unshallow`; in a CI checkout, fetch all of history (actions/checkout: `fetch-depth: 0`)"
    )]
    Shallow {
        /// The range as it was given.
        range: String,
        /// The commit whose parents are not in the clone.
        commit_id: String,
    },
    /// The two ends have no commit in common.
    #[error(
        "the ends of `{0}` have no commit in common, so there is no telling what is new. Name the commit the work \
         started from, or scan one end alone; if the clone is shallow, `git fetch --unshallow` (actions/checkout: \
         `fetch-depth: 0`)"
    )]
    Unrelated(String),
    /// A file that was named can't be read.
    #[error("{path} cannot be read: {why}; name a readable file")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        why: std::io::Error,
    },
}
