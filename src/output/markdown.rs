//! A Markdown page for an issue, a wiki or a mail: what was read, what was found, and what to do about each sort.

use super::redact::Redactor;
use super::{TOOL, VERSION, about, accepted_in_words, counts_in_words, number_of, place, read_in_words, shortened};
use crate::document::Aspect;
use crate::finding::{Finding, confidence_name};
use crate::report::Report;
use crate::ruleset::Rule;
use std::fmt::Write as _;
use std::io::{self, Write};

/// A cell of a table, in bytes.
const LONGEST_CELL: usize = 1000;
const INFALLIBLE: &str = "a String can be written to";

/// Writes the page.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, false);
    let mut page = format!("# {TOOL}: {}\n\n", heading(report));
    let accepted = accepted_in_words(report).map(|words| format!("; {words}")).unwrap_or_default();
    writeln!(page, "{TOOL} {VERSION}, {}: {}{accepted}.", mode(report), read_in_words(report)).expect(INFALLIBLE);
    not_read(report, &redactor, &mut page);
    for notice in &report.notices {
        writeln!(page, "\nNote: {}", cell(&redactor.line(notice.as_bytes()))).expect(INFALLIBLE);
    }
    if !report.findings.is_empty() {
        findings(report, &redactor, &mut page);
        steps(report, &redactor, &mut page);
    }
    out.write_all(page.as_bytes())
}

fn heading(report: &Report) -> String {
    match (report.findings.len(), report.coverage.is_complete()) {
        (0, true) => "clean, nothing found".to_owned(),
        (0, false) => "incomplete, nothing found in what was read".to_owned(),
        (count, true) => format!("{}, {}", number_of(count, "finding"), counts_in_words(report)),
        (count, false) => format!("incomplete, {}, {}", number_of(count, "finding"), counts_in_words(report)),
    }
}

fn mode(report: &Report) -> String {
    let revisions = report.scan.revisions.as_deref().map(|range| format!(" {}", cell(range))).unwrap_or_default();
    format!("{}{revisions}", if report.scan.mode.is_empty() { "scan" } else { report.scan.mode })
}

fn not_read(report: &Report, redactor: &Redactor, page: &mut String) {
    if report.coverage.is_complete() {
        return;
    }
    page.push_str("\n## Not read\n\nWhat could not be read is not known to be clean.\n\n");
    for missing in &report.coverage.missing {
        let (what, why) = (redactor.line(&missing.what), redactor.line(missing.why.as_bytes()));
        writeln!(page, "- {} {}", code(&what), cell(&why)).expect(INFALLIBLE);
    }
}

fn findings(report: &Report, redactor: &Redactor, page: &mut String) {
    page.push_str("\n## Findings\n\n| Severity | Confidence | What | Where | Secret | Next step | Fingerprint |\n");
    page.push_str("|---|---|---|---|---|---|---|\n");
    for finding in &report.findings {
        let place = place::in_words(&finding.origin, "", redactor);
        let place = match finding.origin.part {
            Aspect::Path => place,
            _ => format!("{place}:{}", finding.location.start_line),
        };
        writeln!(
            page,
            "| {} | {} | {} {} | {} | {} | {} | {} |",
            finding.severity.name(),
            confidence_name(finding.confidence),
            cell(&redactor.line(finding.rule.spec.title.as_bytes())),
            code(finding.rule.id()),
            code(&place) + &history(finding, redactor),
            code(&redactor.masked(&finding.rule, &finding.secret).unwrap_or_default()),
            cell(&redactor.line(place::next_step(finding).as_bytes())),
            code(&finding.fingerprint),
        )
        .expect(INFALLIBLE);
    }
}

/// What belongs to a place: the commit that brought it, or all of its life.
fn history(finding: &Finding, redactor: &Redactor) -> String {
    if let Some(story) = &finding.lifecycle {
        return format!(" {}", cell(&redactor.line(place::story_in_words(story).as_bytes())));
    }
    match finding.origin.commit_id.as_ref().filter(|_| place::has_file(&finding.origin)) {
        Some(commit) => format!(" commit {}", place::short(commit)),
        None => String::new(),
    }
}

/// What to do, once for each rule that found something.
fn steps(report: &Report, redactor: &Redactor, page: &mut String) {
    page.push_str("\n## What to do\n");
    let mut told: Vec<&str> = Vec::new();
    for finding in &report.findings {
        if told.contains(&finding.rule.id()) {
            continue;
        }
        told.push(finding.rule.id());
        let rule: &Rule = &finding.rule;
        let title = redactor.line(rule.spec.title.as_bytes());
        writeln!(page, "\n### {} {}\n", cell(&title), code(rule.id())).expect(INFALLIBLE);
        writeln!(page, "{}\n", cell(&redactor.line(rule.spec.description.as_bytes()))).expect(INFALLIBLE);
        let steps = about::steps(&rule.spec, redactor);
        for (number, (step, what)) in steps.iter().enumerate() {
            writeln!(page, "{}. {step}: {}", number + 1, cell(what)).expect(INFALLIBLE);
        }
    }
}

/// Text as code; nothing for nothing.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<code>{}</code>", cell(text)) }
}

/// Text in a cell of a Markdown table: no character of it means anything to Markdown or HTML.
pub(super) fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for c in shortened(text, LONGEST_CELL).chars() {
        match c {
            ' ' | '.' | ',' | '/' | '-' => cell.push(c),
            c if c.is_ascii_punctuation() => write!(cell, "&#{};", c as u32).expect(INFALLIBLE),
            c => cell.push(c),
        }
    }
    cell
}
