//! When a finding came into history and went, and what leads to it.

/// When something came into history and went, over all commits that the object store holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lifecycle {
    /// Commits that hold it while none of their parents does, oldest first.
    pub introduced: Vec<Moment>,
    /// Commits that hold it no more, oldest first.
    pub removed: Vec<Moment>,
    /// Whether the commit at HEAD holds it.
    pub in_head: bool,
    /// Full names of refs that lead to it: of many the first hundred, branches before all others.
    pub refs: Vec<String>,
    /// How many more lead to it.
    pub refs_omitted: u64,
    /// Whether any ref leads to it. If not, it lies in an older stash entry, a reflog, or nowhere.
    pub reachable: bool,
    /// Whether a remote-tracking ref leads to it. In a bare repository, which lives by pushes and fetches, any ref.
    pub pushed: bool,
    /// What holds it, when it is no file.
    pub object: Option<Holder>,
}

/// A commit in a life story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// In full hexadecimal digits.
    pub commit_id: String,
    /// When it was written, as its author's clock showed: `2026-11-21T20:53:12+01:00`.
    pub date: String,
    /// Name and address, `A U Thor <author@example.com>`.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
}

/// An object that holds a finding and is no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// `commit`, `tag`, `note` or `blob`.
    pub kind: &'static str,
    /// Its id in full hexadecimal digits; a note's is that of the object it is about.
    pub id: String,
}
