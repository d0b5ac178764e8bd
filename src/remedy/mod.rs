//! What to do about a finding: the next step, the steps in full, and the same line without the secret.

use crate::document::Location;

/// What to do about one finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remedy {
    /// The next step in one line.
    pub next: String,
    /// How to make the leaked one worthless.
    pub revoke: String,
    /// What to write instead.
    pub replace: String,
    /// Where the new one belongs.
    pub store: String,
    /// How to see that the leaked one is dead.
    pub verify: String,
    /// The environment variable that should hold it.
    pub variable: String,
    /// The expression that reads it in the file's language, `os.environ["SENDGRID_API_KEY"]`; empty where
    /// the file has no such form.
    pub expression: String,
    /// The change that puts the expression in the secret's place, where that can be done in place.
    pub edits: Vec<Edit>,
}

/// One replacement in the text of the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What to take out, bytes of the document's text.
    pub span: std::ops::Range<usize>,
    /// The same place as people count.
    pub location: Location,
    /// What to put there.
    pub inserted: String,
}
