//! The history sweep on repositories that hold a secret in every place where one can hide, and the life story
//! that it tells of each.

mod hiding;
mod lives;
mod options;
mod stores;
#[path = "../support/mod.rs"]
mod support;

use support::Repository;
use unleak::finding::{Finding, Lifecycle};
use unleak::report::Report;
use unleak::source::Surroundings;
use unleak::sweep::progress::Progress;
use unleak::sweep::{Options, sweep};

fn swept_with(repository: &Repository, options: &Options) -> Report {
    let surroundings = Surroundings { cwd: repository.path().to_path_buf(), ..Surroundings::default() };
    sweep(&surroundings, support::quiet_scan(), options, &Progress::default()).expect("it can be swept").report
}

fn swept(repository: &Repository) -> Report {
    let report = swept_with(repository, &Options::default());
    let full = swept_with(repository, &Options { by_deltas: false, threads: 1, ..Options::default() });
    assert_eq!(shown(&report), shown(&full), "sweeping by deltas and in full come to the same");
    report
}

/// Everything about the findings, as text.
fn shown(report: &Report) -> Vec<String> {
    report.findings.iter().map(in_full).collect()
}

/// All but the rule, which compiles its patterns when they are needed and looks different then.
fn in_full(finding: &Finding) -> String {
    let Finding { rule, origin, location, secret, fingerprint, lifecycle, .. } = finding;
    let rest = (&finding.confidence, &finding.steps, &finding.forms, &finding.line_hash, &finding.frame.text);
    format!("{} {:?} {origin:?} {location:?} {fingerprint} {lifecycle:?} {rest:?}", rule.id(), secret.expose())
}

/// The one finding of this key.
fn finding<'r>(report: &'r Report, key: &str) -> &'r Finding {
    let found: Vec<&Finding> = of_key(report, key);
    assert_eq!(found.len(), 1, "one finding of the key: {}", support::told(report));
    found[0]
}

fn of_key<'r>(report: &'r Report, key: &str) -> Vec<&'r Finding> {
    report
        .findings
        .iter()
        .filter(|f| f.rule.id() == "sendgrid-api-key" && f.secret.expose() == key.as_bytes())
        .collect()
}

fn story(finding: &Finding) -> &Lifecycle {
    finding.lifecycle.as_deref().expect("a sweep tells life stories")
}

fn introduced(finding: &Finding) -> Vec<&str> {
    story(finding).introduced.iter().map(|m| m.commit_id.as_str()).collect()
}

fn removed(finding: &Finding) -> Vec<&str> {
    story(finding).removed.iter().map(|m| m.commit_id.as_str()).collect()
}

/// A line that assigns the key.
fn line(key: &str) -> String {
    format!("apiKey = \"{key}\"\n")
}
