//! A rule's pattern and parts, run round one anchor.

use crate::finding::Candidate;
use crate::ruleset::Rule;
use crate::secret::Secret;
use std::ops::Range;
use std::sync::Arc;

/// The candidates of a rule whose match contains the anchor.
pub(super) fn candidates(rule: &Arc<Rule>, text: &[u8], anchor: &Range<usize>) -> Vec<Candidate> {
    let start = anchor.start.saturating_sub(rule.spec.reach.before as usize);
    let end = (anchor.end + rule.spec.reach.after as usize).min(text.len());
    let mut found = Vec::new();
    for captures in rule.pattern().captures_iter(&text[start..end]) {
        let whole = captures.get(0).expect("group 0 is the match");
        if start + whole.start() > anchor.start || start + whole.end() < anchor.end {
            continue;
        }
        let secret = captures.name("secret").unwrap_or(whole);
        let span = start + secret.start()..start + secret.end();
        found.push(Candidate {
            rule: Arc::clone(rule),
            anchor: anchor.start,
            window: start.saturating_sub(super::JUDGE_REACH)..(end + super::JUDGE_REACH).min(text.len()),
            secret: Secret::new(&text[span.clone()]),
            span,
            parts: Vec::new(),
            forms: Vec::new(),
            encoded_newline: false,
            decoded: None,
        });
    }
    found
}
