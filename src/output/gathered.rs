//! Findings as people read them: those of a whole history with the worst first, and one and the same secret told
//! once, however many places hold it.

use crate::finding::Finding;
use crate::report::Report;
use std::cmp::Reverse;
use std::collections::HashMap;

/// A finding that is told in full, and where else the same stands.
pub(super) struct Gathered<'r> {
    /// The surest of them, at HEAD if any is.
    pub finding: &'r Finding,
    /// The others, in the report's order.
    pub others: Vec<&'r Finding>,
}

/// The findings to tell. What is staged, or lies in files, is told place by place, in the report's order.
pub(super) fn gathered(report: &Report) -> Vec<Gathered<'_>> {
    if report.scan.mode != "history" {
        return report.findings.iter().map(|finding| Gathered { finding, others: Vec::new() }).collect();
    }
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let mut known: HashMap<(&str, &[u8]), usize> = HashMap::new();
    for finding in &report.findings {
        let same = same(finding).map(|same| *known.entry((finding.rule.id(), same)).or_insert(groups.len()));
        match same.and_then(|at| groups.get_mut(at)) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    let mut told: Vec<Gathered<'_>> = groups.into_iter().map(first_of).collect();
    told.sort_by_key(|one| Reverse((one.finding.severity, one.finding.confidence)));
    told
}

/// What makes two findings of a rule the same: the secret, or the blob where the whole file is what is told.
fn same(finding: &Finding) -> Option<&[u8]> {
    let secret = finding.secret.expose();
    let blob = finding.origin.blob_id.as_ref().map(|id| id.as_bytes());
    if secret.is_empty() { blob } else { Some(secret) }
}

fn first_of(mut group: Vec<&Finding>) -> Gathered<'_> {
    let is_in_head = |finding: &Finding| finding.lifecycle.as_ref().is_some_and(|story| story.in_head);
    // Of equals `min_by_key` takes the first.
    let best = (0..group.len()).min_by_key(|&at| Reverse((group[at].confidence, is_in_head(group[at])))).unwrap_or(0);
    let finding = group.remove(best);
    Gathered { finding, others: group }
}
