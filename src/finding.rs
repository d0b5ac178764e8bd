//! The nouns between detecting and reporting: candidate, finding, dismissal.

use crate::document::{Location, Origin};
use crate::fingerprint::Fingerprint;
use crate::remedy::Remedy;
use crate::rule::{Form, Kind};
use crate::ruleset::Rule;
use crate::secret::Secret;
use std::ops::Range;
use std::sync::Arc;

pub use crate::rule::Level as Confidence;

/// How bad it is if it is real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// A habit to change.
    Low,
    /// A credential of little reach.
    Medium,
    /// A credential.
    High,
    /// A credential that opens all of an account.
    Critical,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Note];

    /// The severity with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }

    /// The severity of a security-severity number.
    pub fn of(score: f32) -> Self {
        match score {
            s if s > 9.0 => Severity::Critical,
            s if s >= 7.0 => Severity::High,
            s if s >= 4.0 => Severity::Medium,
            s if s >= 1.0 => Severity::Low,
            _ => Severity::Note,
        }
    }

    /// The highest security-severity number that it has.
    pub fn highest(self) -> f32 {
        match self {
            Severity::Critical => 10.0,
            Severity::High => 9.0,
            Severity::Medium => 6.9,
            Severity::Low => 3.9,
            Severity::Note => 0.9,
        }
    }

    /// Its name in reports and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// The name of a confidence in reports and on the command line.
pub fn confidence_name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

/// A match of a rule that nobody has judged yet. It depends on no byte outside `window`.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The rule that matched.
    pub rule: Arc<Rule>,
    /// The anchor's first byte. With the rule and the span it names the candidate.
    pub anchor: usize,
    /// All bytes that the match depends on, cut at the ends of the text.
    pub window: Range<usize>,
    /// The bytes of the secret as it is written, encoded or not.
    pub span: Range<usize>,
    /// The bytes of the pattern's whole match, which holds the anchor.
    pub whole: Range<usize>,
    /// The secret itself, decoded.
    pub secret: Secret,
    /// The id inside it or beside it that revoking needs: the capture `id` or `user` of the pattern, or the part `id`.
    pub key_id: Option<String>,
    /// The other pieces, in the order of the rule's parts.
    pub parts: Vec<Piece>,
    /// How the secret was written, outermost first; empty when it was plain.
    pub forms: Vec<Form>,
    /// The decoded text ends with a line end behind the secret: SMTP and HTTP do not survive it.
    pub encoded_newline: bool,
    /// The decoded text round the secret, when it was encoded: what checks of the surroundings read beside
    /// the text itself.
    pub decoded: Option<Box<Decoded>>,
}

impl Candidate {
    /// Whether it stands in a compressed text, all of which is one place.
    pub fn is_packed(&self) -> bool {
        self.forms.contains(&Form::Packed)
    }

    /// Where the secret stands, as far as that tells whether two are about the same bytes.
    pub fn place(&self) -> Place {
        match self.unpacked() {
            Some(unpacked) => self.place_in(unpacked.number, unpacked.span.clone()),
            None => Place { text: None, span: self.span.clone() },
        }
    }

    /// The same of its other pieces.
    pub fn places_of_parts(&self) -> impl Iterator<Item = Place> {
        let unpacked = self.unpacked();
        self.parts.iter().enumerate().map(move |(nth, part)| {
            let inside = unpacked.and_then(|unpacked| Some((unpacked.number, unpacked.parts.get(nth)?)));
            match inside {
                Some((number, span)) => self.place_in(number, span.clone()),
                None => Place { text: None, span: part.span.clone() },
            }
        })
    }

    fn unpacked(&self) -> Option<&Unpacked> {
        self.decoded.as_ref()?.unpacked.as_ref()
    }

    fn place_in(&self, number: usize, span: Range<usize>) -> Place {
        Place { text: Some((self.span.start, number)), span }
    }
}

/// Some bytes of a document, or of a compressed text in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The compressed text: where it is written, and its number there.
    text: Option<(usize, usize)>,
    /// The bytes.
    pub span: Range<usize>,
}

impl Place {
    /// Whether both hold some byte.
    pub fn overlaps(&self, other: &Place) -> bool {
        self.text == other.text && self.span.start < other.span.end && other.span.start < self.span.end
    }
}

/// The plain text that an encoded secret stands in.
#[derive(Clone)]
pub struct Decoded {
    /// The text.
    pub text: Vec<u8>,
    /// The secret in it.
    pub span: Range<usize>,
    /// Where in a compressed text the secret stands.
    pub unpacked: Option<Unpacked>,
}

/// A place in a compressed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// Tells the texts apart that stand in one stretch.
    pub number: usize,
    /// The secret.
    pub span: Range<usize>,
    /// The other pieces, in the order of the candidate's.
    pub parts: Vec<Range<usize>>,
}

impl std::fmt::Debug for Decoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Decoded({} bytes)", self.text.len())
    }
}

/// Another piece of a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The part's name.
    pub name: String,
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// What it is. It may be half of a credential, so it is kept like one.
    pub value: Secret,
}

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

/// A candidate that does not stand.
#[derive(Debug, Clone)]
pub struct Dismissal {
    /// The rule.
    pub rule: Arc<Rule>,
    /// Where the text comes from.
    pub origin: Origin,
    /// Where in the text.
    pub location: Location,
    /// The secret, or what looked like one.
    pub secret: Secret,
    /// Why.
    pub reason: Reason,
    /// What the checks saw, in order.
    pub steps: Vec<Step>,
}

/// Why a candidate was dismissed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is a placeholder: what gives it away.
    Placeholder(&'static str),
    /// It is a reference to a variable or a store.
    Reference(&'static str),
    /// It is encrypted.
    Encrypted(&'static str),
    /// Its checksum does not hold.
    Checksum,
    /// Too regular to be a credential of this kind.
    Entropy,
    /// Its shape is not that of a real one.
    Shape(&'static str),
    /// The surroundings say it is something else.
    Context(&'static str),
    /// Another rule says more about the same bytes.
    Shadowed(String),
    /// A comment allows it: the reason given.
    AllowedByComment(String),
    /// An entry of the configuration allows it: the reason given.
    AllowedByConfig(String),
    /// Its confidence is below what was asked for.
    Confidence,
}

impl Reason {
    /// The reason's name in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Reason::Placeholder(_) => "placeholder",
            Reason::Reference(_) => "reference",
            Reason::Encrypted(_) => "encrypted",
            Reason::Checksum => "checksum",
            Reason::Entropy => "entropy",
            Reason::Shape(_) => "shape",
            Reason::Context(_) => "context",
            Reason::Shadowed(_) => "shadowed",
            Reason::AllowedByComment(_) => "allowed-by-comment",
            Reason::AllowedByConfig(_) => "allowed-by-config",
            Reason::Confidence => "confidence",
        }
    }

    /// The reason in words.
    pub fn text(&self) -> String {
        match self {
            Reason::Placeholder(what) => format!("a placeholder: {what}"),
            Reason::Reference(what) => format!("a reference, not a literal: {what}"),
            Reason::Encrypted(what) => format!("encrypted: {what}"),
            Reason::Checksum => "invented: the checksum inside does not hold".into(),
            Reason::Entropy => "too regular to be a credential".into(),
            Reason::Shape(what) => format!("not the shape of a real one: {what}"),
            Reason::Context(what) => format!("the surroundings say otherwise: {what}"),
            Reason::Shadowed(rule) => format!("{rule} says more about the same bytes"),
            Reason::AllowedByComment(why) => format!("allowed by a comment: {}", or_none(why)),
            Reason::AllowedByConfig(why) => format!("allowed by the configuration: {}", or_none(why)),
            Reason::Confidence => "below the confidence asked for".into(),
        }
    }
}

fn or_none(why: &str) -> &str {
    if why.is_empty() { "no reason given" } else { why }
}

#[cfg(test)]
mod tests {
    use super::Severity;

    #[test]
    fn the_highest_number_of_a_severity_has_that_severity() {
        for severity in Severity::ALL {
            assert_eq!(Severity::of(severity.highest()), severity);
        }
    }
}
