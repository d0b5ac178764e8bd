//! Making a finding of a candidate that stands.

use crate::document::{Document, Lines};
use crate::finding::{Candidate, Confidence, Finding, Severity};
use crate::fingerprint::Fingerprint;
use crate::frame;
use crate::judge::Verdict;
use crate::line_hash::document_line_hashes;
use crate::remedy::Reading;
use crate::rule::Kind;
use crate::ruleset::Rule;
use crate::secret::Secret;
use std::ops::Range;

/// A finding as if it were new.
pub(super) fn finding(
    candidate: &Candidate,
    verdict: Verdict,
    fingerprint: Fingerprint,
    document: &Document,
    lines: &Lines<'_>,
    reading: &Reading,
    secrets: &[Range<usize>],
) -> Finding {
    let rule = &candidate.rule;
    let secret = told(candidate);
    let span = &candidate.span;
    Finding {
        severity: severity(rule, verdict.confidence),
        confidence: verdict.confidence,
        origin: document.origin.clone(),
        location: lines.location(span),
        key_id: candidate.key_id.clone(),
        forms: candidate.forms.clone(),
        encoded_newline: candidate.encoded_newline,
        fingerprint,
        line_hash: String::new(),
        known: None,
        lifecycle: None,
        frame: frame::frame(&document.text, lines, span, secrets),
        steps: verdict.steps,
        remedy: crate::remedy::remedy(candidate, document, lines, reading),
        secret,
        rule: rule.clone(),
    }
}

/// A name with a weak value is a guess: it is told, and fails no scan unless asked to.
pub(crate) fn severity(rule: &Rule, confidence: Confidence) -> Severity {
    let is_guess = rule.spec.assigned.is_some() && confidence == Confidence::Low;
    if is_guess { rule.severity.min(Severity::Low) } else { rule.severity }
}

/// Where secrets stand, for a frame to mask them: in order, and those that overlap in one.
pub(super) fn secrets(candidates: &[Candidate]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> =
        candidates.iter().filter(|c| c.rule.kind == Kind::Secret).map(|c| c.span.clone()).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    spans.dedup_by(|next, last| {
        let overlap = next.start < last.end;
        last.end = if overlap { last.end.max(next.end) } else { last.end };
        overlap
    });
    spans
}

/// The secret, if the rule is about one.
pub(super) fn told(candidate: &Candidate) -> Secret {
    if candidate.rule.kind == Kind::Secret { candidate.secret.clone() } else { Secret::new([]) }
}

pub(super) fn fingerprint(candidate: &Candidate, document: &Document) -> Fingerprint {
    Fingerprint::of(candidate.rule.id(), &document.origin.path, told(candidate))
}

/// Gives each finding GitHub's hash of the line it begins on.
pub(super) fn hash_lines(findings: &mut [Finding], document: &Document) {
    if findings.is_empty() {
        return;
    }
    let lines: Vec<u32> = findings.iter().map(|finding| finding.location.start_line).collect();
    for (finding, hash) in findings.iter_mut().zip(document_line_hashes(document, &lines)) {
        finding.line_hash = hash;
    }
}
