//! A candidate in, a finding or a dismissal with its reason out. The one place where a hit dies.

pub mod checksum;
pub mod decodes;
pub mod structure;

use crate::document::Document;
use crate::finding::{Candidate, Confidence, Reason, Step};

/// Who judges, and by what.
#[derive(Debug, Default)]
pub struct Judge {
    /// Findings below it are dismissed.
    pub min_confidence: Confidence,
    /// Allow comments and entries are ignored.
    pub no_allow: bool,
    /// The configuration's allow entries.
    pub allows: Vec<Allow>,
}

/// An `[[allow]]` entry of the configuration.
#[derive(Debug)]
pub struct Allow {
    /// Only findings of this rule.
    pub rule: Option<String>,
    /// Only findings at paths that match.
    pub paths: Option<globset::GlobSet>,
    /// Only findings whose secret matches.
    pub value: Option<regex::bytes::Regex>,
    /// Why it is allowed.
    pub reason: String,
    /// The last day it holds, as `YYYY-MM-DD`; the caller leaves expired entries out.
    pub expires: Option<String>,
    /// Where it stands, for a notice: "unleak.toml:12".
    pub place: String,
    /// Whether it allowed something.
    pub used: std::sync::atomic::AtomicBool,
}

/// What the judge says of a candidate.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Why it does not stand, if it does not.
    pub dismissed: Option<Reason>,
    /// How sure it is, if it stands.
    pub confidence: Confidence,
    /// The id inside it that revoking needs.
    pub key_id: Option<String>,
    /// What the checks saw, in order.
    pub steps: Vec<Step>,
}

impl Judge {
    /// Judges one candidate of a document.
    pub fn verdict(&self, candidate: &Candidate, _document: &Document) -> Verdict {
        Verdict { dismissed: None, confidence: candidate.rule.spec.confidence, key_id: None, steps: Vec::new() }
    }
}
