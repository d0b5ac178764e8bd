//! How sure a finding of a rule that knows a provider or a format is, by where it stands and what stands beside it.

mod places;
#[path = "../support/mod.rs"]
mod support;
mod values;

use std::fmt::Write;
use support::quiet_scan;
use support::samples::fill;
use unleak::document::{Aspect, Changed};
use unleak::finding::Confidence::{self, High, Low, Medium};
use unleak::finding::confidence_name;

/// A rule, a text with its path, and how sure the rule is of what stands between the marks.
type Case = (&'static str, &'static str, Confidence);

/// How sure the rule is of what it finds in a sample, if it finds it.
fn confidence(rule: &str, text: &str, seed: u64, part: Aspect) -> Option<Confidence> {
    let sample = fill(rule, 0, seed, text);
    let mut document = support::document(&sample.path, &sample.text, Changed::Whole);
    document.origin.part = part;
    let outcome = quiet_scan().document(&document, &|_| None);
    let found = outcome.findings.iter().find(|finding| finding.rule.id() == rule);
    found.map(|finding| finding.confidence)
}

fn all_are(cases: &[Case], part: Aspect) {
    let mut wrong = String::new();
    for (rule, text, expected) in cases {
        for seed in 0..4 {
            let found = confidence(rule, text, seed, part);
            if found != Some(*expected) {
                let found = found.map_or("nothing", confidence_name);
                writeln!(wrong, "{found}, not {}, by {rule} in {text}", confidence_name(*expected))
                    .expect("it is memory");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
