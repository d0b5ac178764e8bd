//! The incident behind a leaked secret: where it stood, since when, who may have it; and the file with which it is
//! taken out of history.

use crate::finding::{Finding, Moment};
use crate::report::{Accepted, Report};
use crate::secret::Secret;
use std::collections::BTreeMap;

/// A leaked secret with all places that hold it.
#[derive(Debug)]
pub struct Incident<'r> {
    /// Its findings, in order; never none. The rule, the key's id and the remedy are those of the first.
    pub findings: Vec<&'r Finding>,
    /// The commits that brought it, by date.
    pub introduced: Vec<&'r Moment>,
    /// The commits that took it away somewhere, by date.
    pub removed: Vec<&'r Moment>,
    /// Who wrote the commits that brought it.
    pub authors: Vec<&'r str>,
    /// Full names of the refs that lead to it, tags and stashes among them.
    pub refs: Vec<&'r str>,
    /// How many more lead to one of its findings, at least.
    pub refs_omitted: u64,
    /// Whether the commit at HEAD holds it.
    pub in_head: bool,
    /// Whether it is on a remote.
    pub pushed: bool,
    /// Whether any ref leads to it.
    pub reachable: bool,
    /// Those of its findings that the baseline accepts.
    pub accepted: Vec<&'r Accepted>,
}

impl Incident<'_> {
    /// The finding that stands for all of them.
    pub fn first(&self) -> &Finding {
        self.findings[0]
    }

    /// Whether the baseline accepts it wherever it stands.
    pub fn is_accepted(&self) -> bool {
        self.accepted.len() == self.findings.len()
    }
}

/// The incidents in a report of a history, those that were pushed first, then the worst; what the baseline accepts has
/// leaked no less and comes last. `wanted` are beginnings of fingerprints; none means all.
pub fn incidents<'r>(report: &'r Report, wanted: &[String]) -> Vec<Incident<'r>> {
    let mut by_secret: BTreeMap<(&Secret, &str), Vec<&Finding>> = BTreeMap::new();
    let accepted: &[Accepted] = report.baseline.as_ref().map_or(&[], |baseline| &baseline.accepted);
    let all = report.findings.iter().chain(accepted.iter().map(|accepted| &accepted.finding));
    for finding in all.filter(|finding| finding.holds_secret()) {
        by_secret.entry((&finding.secret, finding.rule.id())).or_default().push(finding);
    }
    let is_wanted = |findings: &Vec<&Finding>| {
        let named = |finding: &&Finding| wanted.iter().any(|w| finding.fingerprint.starts_with(w.as_str()));
        wanted.is_empty() || findings.iter().any(named)
    };
    let mut incidents: Vec<Incident<'_>> = by_secret.into_values().filter(is_wanted).map(incident).collect();
    for incident in &mut incidents {
        let own = |one: &&Accepted| incident.findings.iter().any(|finding| std::ptr::eq(*finding, &one.finding));
        incident.accepted = accepted.iter().filter(own).collect();
    }
    incidents.sort_by_key(|incident| {
        let first = incident.first();
        let since = incident.introduced.first().map(|moment| &moment.date);
        (
            incident.is_accepted(),
            !incident.pushed,
            std::cmp::Reverse(first.severity),
            since.cloned(),
            first.fingerprint.to_string(),
        )
    });
    incidents
}

fn incident(findings: Vec<&Finding>) -> Incident<'_> {
    let stories: Vec<_> = findings.iter().filter_map(|finding| finding.lifecycle.as_deref()).collect();
    let introduced = by_date(stories.iter().flat_map(|story| &story.introduced).collect());
    let mut authors: Vec<&str> = introduced.iter().map(|moment| moment.author.as_str()).collect();
    let mut refs: Vec<&str> = stories.iter().flat_map(|story| story.refs.iter().map(String::as_str)).collect();
    for list in [&mut authors, &mut refs] {
        list.sort_unstable();
        list.dedup();
    }
    Incident {
        removed: by_date(stories.iter().flat_map(|story| &story.removed).collect()),
        in_head: stories.iter().any(|story| story.in_head),
        pushed: stories.iter().any(|story| story.pushed),
        reachable: stories.iter().any(|story| story.reachable),
        introduced,
        authors,
        refs,
        accepted: Vec::new(),
        refs_omitted: stories.iter().map(|story| story.refs_omitted).max().unwrap_or(0),
        findings,
    }
}

fn by_date(mut moments: Vec<&Moment>) -> Vec<&Moment> {
    moments.sort_by_key(|moment| (instant(&moment.date), moment.commit_id.clone()));
    moments.dedup_by_key(|moment| &moment.commit_id);
    moments
}

/// Dates with offsets do not sort as texts.
fn instant(date: &str) -> Option<jiff::Timestamp> {
    date.parse().ok()
}

/// What `git filter-repo --replace-text` and `--replace-message` read: each secret, as it is and as it is written, with
/// what takes its place.
pub fn replacements<'i>(incidents: impl IntoIterator<Item = &'i Incident<'i>>) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for finding in incidents.into_iter().flat_map(|incident| &incident.findings) {
        // Where it is not encoded, it is written as it is, and the frame may hold the beginning only.
        let is_encoded = !finding.forms.is_empty();
        let written = finding.frame.text.get(finding.frame.span.clone()).filter(|_| is_encoded).unwrap_or_default();
        for secret in [finding.secret.expose(), written] {
            if !secret.is_empty() {
                lines.push(line(secret, finding.rule.id()));
            }
        }
    }
    // The longest first: one may be part of another.
    lines.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    lines.dedup();
    lines.concat()
}

fn line(secret: &[u8], rule: &str) -> Vec<u8> {
    let is_literal =
        !secret.iter().any(|b| matches!(b, b'\n' | b'\r')) && memchr::memmem::find(secret, b"==>").is_none();
    let pattern = if is_literal { [b"literal:", secret].concat() } else { [b"regex:", &escaped(secret)[..]].concat() };
    [&pattern[..], b"==>[removed:", rule.as_bytes(), b"]\n"].concat()
}

/// As a regular expression of Python's, on one line; a line end stands for either kind.
fn escaped(secret: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for byte in secret {
        match byte {
            b'\r' => {}
            b'\n' => out.extend_from_slice(b"\\r?\\n"),
            b if b.is_ascii_alphanumeric() || *b == b' ' => out.push(*b),
            b => out.extend_from_slice(format!("\\x{b:02x}").as_bytes()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_a_line_becomes_an_expression() {
        assert_eq!(line(b"SG.a-b", "x-y"), b"literal:SG.a-b==>[removed:x-y]\n");
        assert_eq!(line(b"a==>b", "x-y"), b"regex:a\\x3d\\x3d\\x3eb==>[removed:x-y]\n");
        assert_eq!(line(b"a+\r\nb", "x-y"), b"regex:a\\x2b\\r?\\nb==>[removed:x-y]\n");
    }
}
