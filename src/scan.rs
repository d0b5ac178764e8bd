//! Documents in, a report out: detects, judges, deduplicates and sorts, once.

use crate::detect::Engine;
use crate::document::{Before, Document, Lines};
use crate::finding::{Candidate, Dismissal, Finding, Frame, Severity};
use crate::judge::{Judge, Verdict};
use crate::remedy::Remedy;
use crate::report::{Coverage, Report, Scanned};
use crate::source::{Loaded, Selected};
use rayon::prelude::*;

/// The engine and the judge, ready to scan.
#[derive(Debug)]
pub struct Scan {
    /// Finds.
    pub engine: Engine,
    /// Judges.
    pub judge: Judge,
    /// Whether dismissals are kept.
    pub explain: bool,
}

/// What one document, or several, came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What stands.
    pub findings: Vec<Finding>,
    /// What does not; empty unless asked for.
    pub dismissed: Vec<Dismissal>,
    /// What was read.
    pub coverage: Coverage,
}

impl Scan {
    /// Scans all that was selected.
    pub fn run(&self, selected: Selected) -> Report {
        let Selected { scanned, entries, coverage, notices, reader } = selected;
        let mut outcomes: Vec<Outcome> = entries
            .par_iter()
            .map(|entry| match reader.load(entry) {
                Loaded::Document(document) => self.document(&document, &|before| reader.before(before)),
                Loaded::Skipped(skipped) => Outcome {
                    coverage: Coverage { skipped: vec![skipped], ..Coverage::default() },
                    ..Outcome::default()
                },
                Loaded::Missing(missing) => Outcome {
                    coverage: Coverage { missing: vec![missing], ..Coverage::default() },
                    ..Outcome::default()
                },
            })
            .collect();
        outcomes.push(Outcome { coverage, ..Outcome::default() });
        self.report(scanned, outcomes, notices)
    }

    /// Scans one document. `before` reads what it replaces.
    pub fn document(&self, document: &Document, _before: &dyn Fn(&Before) -> Option<Vec<u8>>) -> Outcome {
        let mut outcome = Outcome::default();
        outcome.coverage.documents = 1;
        outcome.coverage.bytes = document.text.len() as u64;
        let candidates = self.engine.candidates(&document.origin.path, &document.text, &document.changed);
        if candidates.is_empty() {
            return outcome;
        }
        let lines = Lines::new(&document.text);
        for candidate in &candidates {
            let verdict = self.judge.verdict(candidate, document);
            match &verdict.dismissed {
                None => outcome.findings.push(finding(candidate, verdict, document, &lines)),
                Some(reason) if self.explain => outcome.dismissed.push(Dismissal {
                    rule: candidate.rule.clone(),
                    origin: document.origin.clone(),
                    location: lines.location(&candidate.span),
                    secret: candidate.secret.clone(),
                    reason: reason.clone(),
                    steps: verdict.steps,
                }),
                Some(_) => {}
            }
        }
        outcome
    }

    /// Puts outcomes together: sorted, each secret once a place.
    pub fn report(&self, scanned: Scanned, outcomes: Vec<Outcome>, notices: Vec<String>) -> Report {
        let mut report = Report {
            scan: scanned,
            findings: Vec::new(),
            dismissed: Vec::new(),
            coverage: Coverage::default(),
            notices,
            rules: self.engine.rules().clone(),
        };
        for outcome in outcomes {
            report.findings.extend(outcome.findings);
            report.dismissed.extend(outcome.dismissed);
            report.coverage.add(outcome.coverage);
        }
        report.findings.sort_by(|a, b| (&a.origin, a.location, a.rule.id()).cmp(&(&b.origin, b.location, b.rule.id())));
        report
    }
}

fn finding(candidate: &Candidate, verdict: Verdict, document: &Document, lines: &Lines<'_>) -> Finding {
    Finding {
        rule: candidate.rule.clone(),
        severity: Severity::of(candidate.rule.spec.severity),
        confidence: verdict.confidence,
        origin: document.origin.clone(),
        location: lines.location(&candidate.span),
        secret: candidate.secret.clone(),
        key_id: verdict.key_id,
        forms: candidate.forms.clone(),
        encoded_newline: candidate.encoded_newline,
        fingerprint: crate::fingerprint::fingerprint(
            candidate.rule.id(),
            &document.origin.path,
            candidate.secret.expose(),
        ),
        line_hash: String::new(),
        known: None,
        frame: Frame::default(),
        steps: verdict.steps,
        remedy: Remedy::default(),
        copies: Vec::new(),
    }
}
