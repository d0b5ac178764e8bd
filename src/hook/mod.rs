//! Git hooks: which there are, what each is handed, and how they get into a repository and out again.

mod added;
pub mod git;
pub mod install;
pub mod manager;
pub mod outcome;
mod patch;
pub mod push;
pub mod script;
pub mod tool;

use std::path::PathBuf;

/// A hook that this program can stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hook {
    /// Before a commit: what is staged.
    PreCommit,
    /// Before the commit of a merge without conflicts, where `pre-commit` does not run.
    PreMergeCommit,
    /// When a message is written: the message.
    CommitMsg,
    /// Before a push: the commits that the remote does not have.
    PrePush,
    /// Where a push arrives: the commits that are new there.
    PreReceive,
}

impl Hook {
    /// All of them.
    pub const ALL: [Hook; 5] =
        [Hook::PreCommit, Hook::PreMergeCommit, Hook::CommitMsg, Hook::PrePush, Hook::PreReceive];

    /// Those of a repository that people work in.
    pub const CLIENT: [Hook; 4] = [Hook::PreCommit, Hook::PreMergeCommit, Hook::CommitMsg, Hook::PrePush];

    /// Git's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Hook::PreCommit => "pre-commit",
            Hook::PreMergeCommit => "pre-merge-commit",
            Hook::CommitMsg => "commit-msg",
            Hook::PrePush => "pre-push",
            Hook::PreReceive => "pre-receive",
        }
    }

    /// The hook of that name.
    pub fn named(name: &str) -> Option<Hook> {
        Hook::ALL.into_iter().find(|hook| hook.name() == name)
    }

    /// Whether Git writes to its standard input what is to be done.
    pub fn reads_input(self) -> bool {
        matches!(self, Hook::PrePush | Hook::PreReceive)
    }
}

/// Why hooks could not be looked at, installed or taken away.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Git can't be started.
    #[error("git could not be started: {0}")]
    NoGit(std::io::Error),
    /// There is no repository.
    #[error("no Git repository at {0} or above it: run this inside one, or `git init` first")]
    NoRepository(PathBuf),
    /// Git refused.
    #[error("`git {command}` failed: {why}")]
    Git {
        /// Its arguments.
        command: String,
        /// What it said.
        why: String,
    },
    /// A file can't be read, written or moved.
    #[error("{path} cannot be {verb}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// What was to be done with it.
        verb: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// There is a hook, and also one that was set aside for it before.
    #[error(
        "{path} is not unleak's, and {kept} still holds a hook that was set aside earlier: look at both and remove \
         one, or let --force overwrite the one set aside"
    )]
    InTheWay {
        /// The hook.
        path: PathBuf,
        /// The one set aside.
        kept: PathBuf,
    },
    /// A manager's file can't be added to safely.
    #[error("{path} cannot be added to by a program: {why}. Add this yourself:\n\n{snippet}")]
    Unwritable {
        /// The manager's file.
        path: PathBuf,
        /// Why.
        why: &'static str,
        /// What belongs there.
        snippet: String,
    },
    /// There is no home folder to keep the hooks of all repositories in.
    #[error("there is no home folder: set HOME or XDG_CONFIG_HOME")]
    NoHome,
}

/// An error about a file.
fn file_error(path: &std::path::Path, verb: &'static str) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_path_buf();
    move |source| Error::File { path, verb, source }
}
