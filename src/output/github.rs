//! For GitHub Actions: workflow commands that annotate the changed lines, and a Markdown job summary.
//!
//! GitHub shows 10 annotations of each type of a step, 50 of a job, and drops the others without a word. So
//! the worst come first, no more than that are written, and the last line says how many there are.

use super::markdown::{cell, code};
use super::redact::Redactor;
use super::{TOOL, counts_in_words, hostile, number_of, place, read_in_words, shortened};
use crate::document::Aspect;
use crate::finding::{Finding, Severity, confidence_name};
use crate::report::Report;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Annotations of one type that a step shows.
const PER_TYPE: usize = 10;
/// A summary may have 1 MiB; the rest of the step wants some of it.
const LONGEST_SUMMARY: usize = 900_000;
/// An annotation's text, in bytes.
const LONGEST_TEXT: usize = 1000;

/// Writes an annotation for each finding, the worst first, and a closing line.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, false);
    let mut written = Written::default();
    if !report.coverage.is_complete() {
        let text = format!("{} could not be read, so this is no clean bill", report.coverage.missing.len());
        written.write("error", &[("title", format!("{TOOL}: not everything was read"))], &text, out)?;
    }
    for finding in worst_first(report) {
        let text = message(finding, &redactor);
        written.write(severity_command(finding.severity), &properties(finding, &redactor), &text, out)?;
    }
    for notice in &report.notices {
        let text = redactor.line(notice.as_bytes());
        written.write("notice", &[("title", TOOL.to_owned())], &text, out)?;
    }
    writeln!(out, "{TOOL}: {}{}", closing(report), written.left_out())
}

/// The same in Markdown, for `$GITHUB_STEP_SUMMARY`: a table of the findings, the worst first.
pub fn summary(report: &Report) -> String {
    let redactor = Redactor::new(report, false);
    let mut page = format!("## {TOOL}: {}\n\n", closing(report));
    for missing in report.coverage.missing.iter().take(PER_TYPE) {
        let (what, why) = (redactor.line(&missing.what), redactor.line(missing.why.as_bytes()));
        writeln!(page, "- not read: <code>{}</code>, {}", cell(&what), cell(&why)).expect(INFALLIBLE);
    }
    for notice in report.notices.iter().take(PER_TYPE) {
        writeln!(page, "- {}", cell(&redactor.line(notice.as_bytes()))).expect(INFALLIBLE);
    }
    if report.findings.is_empty() {
        return page;
    }
    page.push_str("\n| Severity | Confidence | What | Where | Secret | Next step |\n|---|---|---|---|---|---|\n");
    for (done, finding) in worst_first(report).into_iter().enumerate() {
        let row = row(finding, &redactor);
        if page.len() + row.len() > LONGEST_SUMMARY {
            let left = report.findings.len() - done;
            writeln!(page, "\n{} more; the SARIF or JSON report has all of them.", number_of(left, "finding"))
                .expect(INFALLIBLE);
            break;
        }
        page.push_str(&row);
    }
    page
}

/// A table of what was scanned, for `$GITHUB_STEP_SUMMARY`; `words` say what that is.
pub fn scanned(words: &str, report: &Report) -> String {
    let range = report.scan.revisions.as_deref().map_or_else(String::new, |range| {
        let ends: Vec<String> = range.split(' ').map(short_ends).collect();
        format!("<code>{}</code>", cell(&ends.join(" ")))
    });
    format!(
        "\n| Scanned | Range | Read | Not read |\n|---|---|---|---|\n| {} | {range} | {} | {} |\n",
        markdown(words),
        cell(&read_in_words(report)),
        report.coverage.missing.len()
    )
}

/// `BASE..HEAD` with ids cut to a readable length.
fn short_ends(range: &str) -> String {
    let short = |end: &str| {
        let (mark, id) = end.split_at(usize::from(end.starts_with('^')));
        let is_id = id.len() >= 40 && id.bytes().all(|b| b.is_ascii_hexdigit());
        format!("{mark}{}", if is_id { place::short(id) } else { id })
    };
    match range.split_once("..") {
        Some((base, head)) => format!("{}..{}", short(base), short(head)),
        None => short(range),
    }
}

/// A workflow command: `error`, `warning` or `notice`, with a title.
pub fn command(kind: &str, title: &str, text: &str) -> String {
    format!("::{kind} title={}::{}", property(title), data(text))
}

/// Text as Markdown that shows just that. What stands between backquotes is code.
pub fn markdown(text: &str) -> String {
    let parts: Vec<String> = text.split('`').map(cell).collect();
    let is_paired = parts.len() % 2 == 1;
    let coded = |(nth, part): (usize, &String)| match nth % 2 {
        1 if is_paired => format!("<code>{part}</code>"),
        _ => part.clone(),
    };
    parts.iter().enumerate().map(coded).collect()
}

const INFALLIBLE: &str = "a String can be written to";

/// The annotations written so far, by type, and how many were not.
#[derive(Default)]
struct Written {
    counts: [usize; 3],
    left_out: usize,
}

impl Written {
    fn write(
        &mut self,
        command: &'static str,
        properties: &[(&str, String)],
        text: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let count = match command {
            "error" => &mut self.counts[0],
            "warning" => &mut self.counts[1],
            _ => &mut self.counts[2],
        };
        if *count == PER_TYPE {
            self.left_out += 1;
            return Ok(());
        }
        *count += 1;
        let properties: Vec<String> = properties.iter().map(|(k, v)| format!("{k}={}", property(v))).collect();
        writeln!(out, "::{command} {}::{}", properties.join(","), data(text))
    }

    fn left_out(&self) -> String {
        match self.left_out {
            0 => String::new(),
            more => format!("; {more} more are not annotated, since GitHub shows {PER_TYPE} of a type"),
        }
    }
}

fn worst_first(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

fn closing(report: &Report) -> String {
    let found = match report.findings.len() {
        0 if report.coverage.is_complete() => "clean, nothing found".to_owned(),
        0 => "nothing found in what was read".to_owned(),
        count => format!("{}, {}", number_of(count, "finding"), counts_in_words(report)),
    };
    let accepted = super::accepted_in_words(report).map(|words| format!(", {words}")).unwrap_or_default();
    let missing = match report.coverage.missing.len() {
        0 => String::new(),
        count => format!(", {count} not read"),
    };
    format!("{found}{accepted} ({} read{missing})", read_in_words(report))
}

fn severity_command(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Note => "notice",
    }
}

/// Where an annotation goes and its title. Columns are only taken on one line.
fn properties(finding: &Finding, redactor: &Redactor) -> Vec<(&'static str, String)> {
    let mut properties = Vec::new();
    let at = finding.location;
    if place::has_file(&finding.origin) {
        // GitHub knows the archive, not what stands in it.
        let is_text = finding.origin.part == Aspect::Content && finding.origin.inside.is_none();
        properties.push(("file", redactor.line(finding.origin.file())));
        if is_text {
            properties.push(("line", at.start_line.to_string()));
            properties.push(("endLine", at.end_line.to_string()));
        }
        if is_text && at.start_line == at.end_line {
            properties.push(("col", at.start_column.to_string()));
            properties.push(("endColumn", at.end_column.to_string()));
        }
    }
    properties.push(("title", format!("{} ({})", title(finding), finding.rule.id())));
    properties
}

/// A rule may be a user's, so its title is no safer than a file.
fn title(finding: &Finding) -> String {
    hostile::line(finding.rule.spec.title.as_bytes())
}

fn message(finding: &Finding, redactor: &Redactor) -> String {
    let mut text = format!("{} severity, {} confidence", finding.severity.name(), confidence_name(finding.confidence));
    if let Some(secret) = redactor.masked(&finding.rule, &finding.secret) {
        write!(text, ": {secret}").expect(INFALLIBLE);
    }
    if let Some(forms) = place::forms_in_words(&finding.forms) {
        write!(text, ", written in {forms}").expect(INFALLIBLE);
    }
    if !place::has_file(&finding.origin) || finding.origin.part != Aspect::Content {
        write!(text, ", in {}", place::in_words(&finding.origin, "", redactor)).expect(INFALLIBLE);
    } else if finding.origin.inside.is_some() {
        let place = place::in_words(&finding.origin, "", redactor);
        write!(text, ", in {place}, line {}", finding.location.start_line).expect(INFALLIBLE);
    }
    if let Some(commit) = finding.origin.commit_id.as_ref().filter(|_| place::has_file(&finding.origin)) {
        write!(text, ", commit {}", place::short(commit)).expect(INFALLIBLE);
    }
    if let Some(known) = &finding.known {
        write!(text, ", already committed at {}", redactor.line(&known.path)).expect(INFALLIBLE);
    }
    let next = place::next_step(finding);
    if !next.is_empty() {
        write!(text, "\nNext: {}", redactor.line(next.as_bytes())).expect(INFALLIBLE);
    }
    shortened(&text, LONGEST_TEXT).into_owned()
}

/// Text behind the `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn row(finding: &Finding, redactor: &Redactor) -> String {
    let place = place::in_words(&finding.origin, "", redactor);
    let place = match finding.origin.part {
        Aspect::Path => place,
        _ => format!("{place}:{}", finding.location.start_line),
    };
    format!(
        "| {} | {} | {} {} | {} | {} | {} |\n",
        finding.severity.name(),
        confidence_name(finding.confidence),
        cell(&title(finding)),
        code(finding.rule.id()),
        code(&place),
        code(&redactor.masked(&finding.rule, &finding.secret).unwrap_or_default()),
        cell(&redactor.line(place::next_step(finding).as_bytes())),
    )
}
