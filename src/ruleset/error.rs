//! What is wrong with a rule, and the mend.

/// A rule that can't be relied on.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// The id is not of the form `provider-thing`.
    #[error("rule id {0:?}: use lower-case letters, digits and hyphens, as in provider-thing")]
    Id(String),
    /// Two rules have one id.
    #[error("rule {0}: there are two rules with this id; ids are unique, so rename one")]
    Duplicate(String),
    /// A pattern does not compile.
    #[error("rule {id}: {what} is not a valid regular expression: {error}")]
    Pattern {
        /// The rule.
        id: String,
        /// Which of its patterns.
        what: String,
        /// What the regex crate says.
        error: String,
    },
    /// A glob does not compile.
    #[error("rule {id}: path {glob:?} is not a valid glob: {error}")]
    Path {
        /// The rule.
        id: String,
        /// The glob.
        glob: String,
        /// What globset says.
        error: String,
    },
    /// Something a rule needs is missing or makes no sense.
    #[error("rule {id}: {what}")]
    Shape {
        /// The rule.
        id: String,
        /// What, and the mend.
        what: String,
    },
}
