//! Where in a text something stands that must not be shown.

use crate::document::Document;
use crate::finding::{Candidate, Reason};
use crate::rule::Kind;
use crate::scan::Scan;
use std::ops::Range;

/// Bytes that must not be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// Where they stand.
    pub span: Range<usize>,
    /// The rule that says so.
    pub rule_id: String,
}

/// Every secret of the document whose bytes meet its changed ranges, in order, not overlapping. What a comment
/// or the configuration allows is hidden too: allowed to stand in a file is not allowed to be passed on.
pub fn hidden(scan: &Scan, document: &Document) -> Vec<Hidden> {
    let mut found: Vec<Hidden> = scan
        .engine
        .candidates(&document.origin.path, &document.text, &document.changed)
        .iter()
        .filter(|candidate| candidate.rule.kind == Kind::Secret && !candidate.span.is_empty())
        .filter(|candidate| is_real(scan, candidate, document))
        .map(|candidate| Hidden { span: candidate.span.clone(), rule_id: candidate.rule.id().to_owned() })
        .collect();
    let is_generic = |id: &str| scan.engine.rules().get(id).is_some_and(|rule| rule.spec.generic);
    found.sort_by_key(|h| (h.span.start, is_generic(&h.rule_id), h.span.end, h.rule_id.clone()));
    let mut merged: Vec<Hidden> = Vec::new();
    for hidden in found {
        match merged.last_mut() {
            Some(last) if hidden.span.start < last.span.end => last.span.end = last.span.end.max(hidden.span.end),
            _ => merged.push(hidden),
        }
    }
    merged
}

fn is_real(scan: &Scan, candidate: &Candidate, document: &Document) -> bool {
    use Reason::*;
    match scan.judge.verdict(candidate, document).dismissed {
        None => true,
        Some(Shadowed(_) | AllowedByComment(_) | AllowedByConfig(_) | Confidence) => true,
        Some(Placeholder(_) | Reference(_) | Encrypted(_) | Checksum | Entropy | Shape(_) | Context(_)) => false,
    }
}
