//! What the test files share: filling in samples, and scanning a text in memory.
#![allow(dead_code, reason = "each test file uses its own part of it")]

#[cfg(unix)]
pub mod action;
pub mod archives;
pub mod checkers;
pub mod docs;
pub mod reports;
pub mod repository;
pub mod samples;
pub mod sources;

#[allow(unused_imports, reason = "each test file uses its own part of it")]
pub use repository::{Repository, sendgrid_key};

use std::ops::Range;
use std::sync::{Arc, OnceLock};
use unleak::detect::Engine;
use unleak::document::{Ahead, Aspect, Changed, Charset, Document, Lines, Origin};
use unleak::finding::Finding;
use unleak::judge::Judge;
use unleak::report::{Report, Scanned};
use unleak::ruleset::RuleSet;
use unleak::scan::Scan;

/// The built-in rules, with dismissals kept.
pub fn scan() -> &'static Scan {
    static SCAN: OnceLock<Scan> = OnceLock::new();
    SCAN.get_or_init(|| Scan {
        engine: Engine::new(Arc::new(RuleSet::builtin())),
        judge: Judge { min_confidence: unleak::finding::Confidence::Low, ..Judge::default() },
        explain: true,
    })
}

/// The built-in rules, without dismissals.
pub fn quiet_scan() -> &'static Scan {
    static SCAN: OnceLock<Scan> = OnceLock::new();
    SCAN.get_or_init(|| Scan {
        engine: Engine::new(Arc::new(RuleSet::builtin())),
        judge: Judge::default(),
        explain: false,
    })
}

/// A text as a document at a path.
pub fn document(path: &str, text: &[u8], changed: Changed) -> Document {
    Document {
        origin: Origin { path: path.as_bytes().to_vec(), ..Origin::default() },
        text: text.to_vec(),
        charset: Charset::Bytes,
        changed,
        before: Vec::new(),
        tracked: false,
        ahead: Ahead::default(),
    }
}

/// What the built-in rules make of a text.
pub fn report(path: &str, text: &[u8], changed: Changed) -> Report {
    let outcome = scan().document(&document(path, text, changed), &|_| None);
    scan().report(Scanned::default(), vec![outcome], Vec::new())
}

/// What the built-in rules make of a path.
pub fn report_on_path(path: &str) -> Report {
    let mut document = document(path, path.as_bytes(), Changed::Whole);
    document.origin.part = Aspect::Path;
    document.tracked = true;
    let outcome = scan().document(&document, &|_| None);
    scan().report(Scanned::default(), vec![outcome], Vec::new())
}

/// Whether the finding, or a copy of it, stands exactly at the bytes.
pub fn stands_at(finding: &Finding, text: &[u8], span: &Range<usize>) -> bool {
    let place = Lines::new(text).location(span);
    finding.location == place
}

/// What a report came to, for the message of a failed assertion. Samples are invented, so they may be shown.
pub fn told(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let secret = String::from_utf8_lossy(finding.secret.expose()).into_owned();
        out += &format!("  found {} at {:?}: {secret:?} {:?}\n", finding.rule.id(), finding.location, finding.forms);
    }
    for dismissal in &report.dismissed {
        let secret = String::from_utf8_lossy(dismissal.secret.expose()).into_owned();
        out += &format!(
            "  dismissed {} at {:?}: {secret:?}, {}\n",
            dismissal.rule.id(),
            dismissal.location,
            dismissal.reason.text()
        );
    }
    if out.is_empty() { "  nothing at all".into() } else { out }
}
