//! The nouns between detecting and reporting: candidate, finding, dismissal.

mod candidate;
mod dismissal;
mod lifecycle;
mod severity;

use crate::document::{Location, Origin};
use crate::fingerprint::Fingerprint;
use crate::remedy::Remedy;
use crate::rule::{Form, Kind};
use crate::ruleset::Rule;
use crate::secret::Secret;
use std::ops::Range;
use std::sync::Arc;

pub use candidate::{Candidate, Decoded, Piece, Place, Unpacked};
pub use dismissal::{Dismissal, Reason};
pub use lifecycle::{Holder, Lifecycle, Moment};
pub use severity::{Confidence, Severity, confidence_name};

/// What one check saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The check's name.
    pub check: &'static str,
    /// What it saw, without the secret.
    pub saw: String,
}

/// A candidate that stands.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: Arc<Rule>,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where the text comes from.
    pub origin: Origin,
    /// Where in the text; for a finding on a path alone, line 1, column 1.
    pub location: Location,
    /// The secret; empty for a rule of kind hygiene or file.
    pub secret: Secret,
    /// The id inside it or beside it that revoking needs. It is no secret.
    pub key_id: Option<String>,
    /// How it was written, outermost first.
    pub forms: Vec<Form>,
    /// The decoded text ends with a line end behind the secret.
    pub encoded_newline: bool,
    /// Rule, path and a digest of the secret; see [`crate::fingerprint`].
    pub fingerprint: Fingerprint,
    /// GitHub's hash of the line it starts on, counted within the text.
    pub line_hash: String,
    /// It already stood in a parent: at this path, when it was another one.
    pub known: Option<Known>,
    /// Its life story, when the whole history was read.
    pub lifecycle: Option<Box<Lifecycle>>,
    /// The lines round it, for people.
    pub frame: Frame,
    /// What the checks saw, in order.
    pub steps: Vec<Step>,
    /// What to do about it.
    pub remedy: Remedy,
}

impl Finding {
    /// Whether it is about a credential.
    pub fn holds_secret(&self) -> bool {
        self.rule.kind == Kind::Secret
    }

    /// Its security-severity number: the rule's, or less if it is less severe than what the rule mostly finds.
    pub fn security_severity(&self) -> f32 {
        self.rule.spec.severity.min(self.severity.highest())
    }
}

/// An old secret on a new or moved line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The path it had in the parent.
    pub path: Vec<u8>,
}

/// The lines round a finding: at most a few, each cut to a bearable length round the secret.
#[derive(Clone, Default)]
pub struct Frame {
    /// The 1-based number of the first line.
    pub first_line: u32,
    /// The text, lines separated by LF. It holds the secret: only [`crate::output`] reads it, and masks it.
    pub text: Vec<u8>,
    /// Every span in `text` that has to be masked: this finding's secret and any other finding's.
    pub secrets: Vec<Range<usize>>,
    /// The finding's own span in `text`.
    pub span: Range<usize>,
    /// Where it is in a file that is no text; then `text` is the words round it, on one line.
    pub binary: Option<crate::binary::Binary>,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame(from line {}, {} bytes)", self.first_line, self.text.len())
    }
}
