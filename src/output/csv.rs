//! A table for spreadsheets, RFC 4180: a header, a row for each finding, one for each thing that was not read.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, and paths and commit messages
//! are other people's words: such a cell gets an apostrophe in front.

use super::place;
use super::redact::Redactor;
use crate::finding::{Finding, Moment, confidence_name};
use crate::report::{Report, Skipped};
use std::io::{self, Write};

const HEADER: [&str; 27] = [
    "type",
    "severity",
    "confidence",
    "rule_id",
    "title",
    "path",
    "part",
    "start_line",
    "start_column",
    "end_line",
    "end_column",
    "secret_masked",
    "key_id",
    "encoding",
    "variable",
    "next",
    "commit",
    "blob",
    "introduced",
    "introduced_date",
    "introduced_by",
    "removed",
    "in_head",
    "reachable",
    "pushed",
    "fingerprint",
    "known",
];

/// Writes the table.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, false);
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        // A reader that splits at semicolons must not find any outside quotes either.
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(out);
    table.write_record(HEADER)?;
    for missing in &report.coverage.missing {
        table.write_record(not_read(missing, &redactor))?;
    }
    if let Some(accepted) = super::accepted_in_words(report) {
        let name = report.baseline.as_ref().map(|baseline| baseline.name.as_str()).unwrap_or_default();
        table.write_record(said("baseline", accepted, redactor.line(name.as_bytes())))?;
    }
    for finding in &report.findings {
        table.write_record(row(finding, &redactor).map(cell))?;
    }
    table.flush()
}

/// What was not read comes first, where nobody scrolls past it.
fn not_read(missing: &Skipped, redactor: &Redactor) -> [String; HEADER.len()] {
    said("not-read", format!("not read: {}", redactor.line(missing.why.as_bytes())), redactor.line(&missing.what))
}

/// A row that is no finding.
fn said(kind: &str, title: String, path: String) -> [String; HEADER.len()] {
    let mut row: [String; HEADER.len()] = Default::default();
    for (name, text) in [("type", kind.to_owned()), ("title", title), ("path", path)] {
        row[column(name)] = cell(text);
    }
    row
}

fn column(name: &str) -> usize {
    HEADER.iter().position(|column| *column == name).expect("the header has it")
}

fn row(finding: &Finding, redactor: &Redactor) -> [String; HEADER.len()] {
    let at = finding.location;
    let line = |text: &str| redactor.line(text.as_bytes());
    let story = finding.lifecycle.as_deref();
    let first = story.and_then(|story| story.introduced.first());
    let of_first = |text: fn(&Moment) -> &str| first.map(|moment| line(text(moment))).unwrap_or_default();
    let commits = |moments: &[Moment]| {
        let ids: Vec<&str> = moments.iter().map(|moment| moment.commit_id.as_str()).collect();
        ids.join(" ")
    };
    let yes = |answer: Option<bool>| answer.map(|yes| if yes { "yes" } else { "no" }).unwrap_or_default().to_owned();
    let forms: Vec<&str> = finding.forms.iter().map(|form| place::form_name(*form)).collect();
    [
        "finding".to_owned(),
        finding.severity.name().to_owned(),
        confidence_name(finding.confidence).to_owned(),
        finding.rule.id().to_owned(),
        line(&finding.rule.spec.title),
        line(&place::path(&finding.origin, redactor)),
        place::part_name(finding.origin.part).to_owned(),
        at.start_line.to_string(),
        at.start_column.to_string(),
        at.end_line.to_string(),
        at.end_column.to_string(),
        redactor.masked(&finding.rule, &finding.secret).unwrap_or_default(),
        finding.key_id.as_deref().map(line).unwrap_or_default(),
        forms.join(" "),
        line(&finding.remedy.variable),
        line(place::next_step(finding)),
        finding.origin.commit_id.as_deref().unwrap_or_default().to_owned(),
        finding.origin.blob_id.as_deref().unwrap_or_default().to_owned(),
        story.map(|story| commits(&story.introduced)).unwrap_or_default(),
        of_first(|moment| &moment.date),
        of_first(|moment| &moment.author),
        story.map(|story| commits(&story.removed)).unwrap_or_default(),
        yes(story.map(|story| story.in_head)),
        yes(story.map(|story| story.reachable)),
        yes(story.map(|story| story.pushed)),
        finding.fingerprint.to_string(),
        finding.known.as_ref().map(|known| redactor.line(&known.path)).unwrap_or_default(),
    ]
}

/// A cell that no spreadsheet computes. Tabs and line ends are spelled out before.
fn cell(text: String) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_a_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"] {
            assert_eq!(cell(formula.to_owned()), format!("'{formula}"));
        }
        assert_eq!(cell("a=1".to_owned()), "a=1");
    }
}
