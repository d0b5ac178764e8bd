//! GitLab's code quality report: a Code Climate list of issues, as merge requests show it beside the lines.

use super::redact::Redactor;
use super::{TOOL, about, hostile, place};
use crate::document::Aspect;
use crate::finding::{Finding, Severity, confidence_name};
use crate::report::{Report, Skipped};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Issue {
    #[serde(rename = "type")]
    kind: &'static str,
    check_name: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: String,
    location: Location,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes the list, indented: first what was not read, then the findings.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, false);
    let mut issues: Vec<Issue> = report.coverage.missing.iter().map(|missing| not_read(missing, &redactor)).collect();
    // GitLab shows one of several issues with the same fingerprint.
    let names = about::unique_names(&report.findings);
    issues.extend(report.findings.iter().zip(names).map(|(finding, name)| issue(finding, name, &redactor)));
    writeln!(out, "{}", hostile::json(&serde_json::to_string_pretty(&issues)?))
}

fn issue(finding: &Finding, name: String, redactor: &Redactor) -> Issue {
    let lines = match finding.origin.part {
        Aspect::Path | Aspect::LinkTarget => Lines { begin: 1, end: 1 },
        _ => Lines { begin: finding.location.start_line.max(1), end: finding.location.end_line.max(1) },
    };
    Issue {
        kind: "issue",
        check_name: finding.rule.id().to_owned(),
        description: description(finding, redactor),
        content: Some(Content { body: content(finding, redactor) }),
        categories: ["Security"],
        severity: match finding.severity {
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
            Severity::Note => "info",
        },
        fingerprint: name,
        location: Location { path: place::path(&finding.origin, redactor), lines },
    }
}

fn description(finding: &Finding, redactor: &Redactor) -> String {
    let mut text = redactor.line(finding.rule.spec.title.as_bytes());
    if let Some(secret) = redactor.masked(&finding.rule, &finding.secret) {
        text += &format!(" {secret}");
    }
    text += &format!(" ({} confidence)", confidence_name(finding.confidence));
    if finding.origin.part != Aspect::Content {
        text += &format!(" in {}", place::in_words(&finding.origin, "", redactor));
    }
    let next = redactor.line(place::next_step(finding).as_bytes());
    if next.is_empty() { text } else { format!("{text}: {next}") }
}

fn content(finding: &Finding, redactor: &Redactor) -> String {
    about::paragraphs(finding, redactor).join("\n\n")
}

fn not_read(missing: &Skipped, redactor: &Redactor) -> Issue {
    let what = redactor.line(&missing.what);
    Issue {
        kind: "issue",
        check_name: format!("{TOOL}-not-read"),
        description: format!("Not read, so not known to be clean: {}", redactor.line(missing.why.as_bytes())),
        content: None,
        categories: ["Security"],
        severity: "blocker",
        fingerprint: data_encoding::HEXLOWER.encode(&about::digest(&["not-read", &what, &missing.why])),
        location: Location {
            path: if what.is_empty() { ".".to_owned() } else { what },
            lines: Lines { begin: 1, end: 1 },
        },
    }
}
