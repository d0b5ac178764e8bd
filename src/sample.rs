//! Tries a rule on its own hits and misses: for the rules that users write.

use crate::document::{Ahead, Changed, Charset, Document, Lines, Origin};
use crate::finding::Finding;
use crate::report::{Report, Scanned};
use crate::rule::Kind;
use crate::ruleset::Rule;
use crate::scan::Scan;
use std::ops::Range;

/// A sample without its marks: `⟪path⟫` on the first line, `«` and `»` round what is to be found, and `‸`, which
/// breaks up what would otherwise be a secret in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Where it stands; empty when that does not matter.
    pub path: String,
    /// The text.
    pub text: String,
    /// The bytes of each secret that is to be found.
    pub expected: Vec<Range<usize>>,
}

impl Sample {
    /// Reads a sample as it is written in a rule.
    pub fn read(template: &str) -> Self {
        let (path, template) = match template.strip_prefix('⟪').and_then(|rest| rest.split_once('⟫')) {
            Some((path, rest)) => (path, rest.strip_prefix('\n').unwrap_or(rest)),
            None => ("", template),
        };
        let mut sample = Sample { path: path.to_owned(), text: String::new(), expected: Vec::new() };
        let mut opened = None;
        for character in template.chars() {
            match character {
                '‸' => {}
                '«' => opened = Some(sample.text.len()),
                '»' => sample.expected.extend(opened.take().map(|start| start..sample.text.len())),
                _ => sample.text.push(character),
            }
        }
        sample
    }
}

/// What of a rule's hits and misses does not hold, a line each.
pub fn failures(scan: &Scan, rule: &Rule) -> Vec<String> {
    let mut failures = Vec::new();
    for (at, hit) in rule.spec.hits.iter().enumerate() {
        let sample = Sample::read(hit);
        let name = format!("{}: hit {}", rule.id(), at + 1);
        let expected = if rule.kind == Kind::File { std::iter::once(0..0).collect() } else { sample.expected.clone() };
        if expected.is_empty() {
            failures.push(format!("{name} marks nothing; put « and » round what is to be found"));
        }
        let report = report(scan, &sample);
        let lines = Lines::new(sample.text.as_bytes());
        for span in expected {
            let place = lines.location(&span);
            let is_it = |finding: &&Finding| finding.rule.id() == rule.id() && finding.location == place;
            if report.findings.iter().find(is_it).is_none() {
                failures.push(format!("{name} is not found{}", why_not(&report, rule)));
            }
        }
    }
    for (at, miss) in rule.spec.misses.iter().enumerate() {
        if report(scan, &Sample::read(miss)).findings.iter().any(|finding| finding.rule.id() == rule.id()) {
            failures.push(format!("{}: miss {} is found", rule.id(), at + 1));
        }
    }
    failures
}

/// What became of it instead: found elsewhere, or dismissed.
fn why_not(report: &Report, rule: &Rule) -> String {
    let found = report.findings.iter().find(|finding| finding.rule.id() == rule.id());
    let dismissed = report.dismissed.iter().find(|dismissal| dismissal.rule.id() == rule.id());
    match (found, dismissed) {
        (Some(found), _) => {
            let place = found.location;
            format!(
                " where it is marked, but from {}:{} to {}:{}",
                place.start_line, place.start_column, place.end_line, place.end_column
            )
        }
        (None, Some(dismissal)) => format!(", but dismissed: {}", dismissal.reason.text()),
        (None, None) => "; does the pattern match, with an anchor inside it and within reach?".into(),
    }
}

fn report(scan: &Scan, sample: &Sample) -> Report {
    let document = Document {
        origin: Origin { path: sample.path.as_bytes().to_vec(), ..Origin::default() },
        text: sample.text.as_bytes().to_vec(),
        charset: Charset::Bytes,
        changed: Changed::Whole,
        before: Vec::new(),
        tracked: false,
        ahead: Ahead::default(),
    };
    scan.report(Scanned::default(), vec![scan.document(&document, &|_| None)], Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_and_remembered() {
        let sample = Sample::read("⟪a/b.env⟫\nkey=«ab‸cd» «e»");
        assert_eq!(sample, Sample { path: "a/b.env".into(), text: "key=abcd e".into(), expected: vec![4..8, 9..10] });
    }
}
