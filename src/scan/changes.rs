//! What of a document is new: the ranges that are read, and the candidates that stand on them.

use crate::document::{Changed, Document};
use crate::finding::Candidate;
use crate::judge::JUDGE_REACH;
use std::ops::Range;

/// The changed ranges, grown by how far the judge looks: a comment that allowed an old secret may be gone.
pub(super) fn grown(changed: &Changed) -> Changed {
    match changed {
        Changed::Whole => Changed::Whole,
        Changed::Ranges(ranges) => {
            let mut grown: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
            for range in ranges {
                let wider = range.start.saturating_sub(JUDGE_REACH)..range.end + JUDGE_REACH;
                match grown.last_mut() {
                    Some(last) if last.end >= wider.start => last.end = last.end.max(wider.end),
                    _ => grown.push(wider),
                }
            }
            Changed::Ranges(grown)
        }
    }
}

/// Whether the secret or another piece of the candidate stands on changed bytes.
pub(super) fn is_touched(candidate: &Candidate, changed: &Changed) -> bool {
    let Changed::Ranges(ranges) = changed else { return true };
    let overlaps = |span: &Range<usize>| ranges.iter().any(|r| r.start < span.end && span.start < r.end);
    overlaps(&candidate.span) || candidate.parts.iter().any(|part| overlaps(&part.span))
}

pub(super) fn old_path(document: &Document) -> Vec<u8> {
    let renamed = document.before.iter().find_map(|before| before.renamed_from.clone());
    renamed.unwrap_or_else(|| document.origin.path.clone())
}
