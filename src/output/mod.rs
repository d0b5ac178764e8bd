//! A report in, bytes out: one file a format. Secrets are masked here and nowhere else.

mod about;
mod assistant;
pub mod audit;
mod codeclimate;
mod csv;
pub mod diff;
mod gathered;
mod github;
mod gitlab;
mod hostile;
mod human;
pub mod incident;
pub mod inventory;
mod json;
mod junit;
mod language;
mod markdown;
mod place;
mod redact;
pub mod reference;
pub mod rules;
mod sarif;
pub mod shell;
pub mod stats;
mod unified;
mod uri;

pub use assistant::refusal;
pub use github::{command, markdown, scanned, summary as github_summary};

use crate::document::Aspect;
use crate::finding::{Finding, Severity};
use crate::fingerprint;
use crate::remedy::Edit;
use crate::report::Report;
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

/// The change that takes the secret out of its file, the same in every format: none where the file no longer holds
/// it, or where what is put in holds another.
fn edits<'f>(finding: &'f Finding, redactor: &redact::Redactor) -> &'f [Edit] {
    let edits = &finding.remedy.edits;
    let is_clean = edits.iter().all(|edit| matches!(redactor.text(&edit.inserted), std::borrow::Cow::Borrowed(_)));
    let is_gone = finding.lifecycle.as_ref().is_some_and(|story| !story.in_head);
    let is_in_file = finding.origin.part == Aspect::Content && !finding.origin.path.is_empty();
    if is_clean && !is_gone && is_in_file { edits } else { &[] }
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// For people, at a terminal.
    #[default]
    Human,
    /// One JSON document; its shape is in `docs/report.md`.
    Json,
    /// One JSON object a line: findings, dismissals, a summary.
    Jsonl,
    /// SARIF 2.1.0 for GitHub code scanning and its kin.
    Sarif,
    /// Workflow commands that annotate a pull request.
    Github,
    /// A Markdown page for `$GITHUB_STEP_SUMMARY`.
    GithubSummary,
    /// GitLab's secret detection report, schema 15.
    Gitlab,
    /// GitLab's code quality report, a Code Climate list of issues.
    Codeclimate,
    /// JUnit XML, for what shows tests.
    Junit,
    /// A table for spreadsheets, RFC 4180.
    Csv,
    /// A Markdown page for an issue, a wiki or a mail.
    Markdown,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 11] = [
        Format::Human,
        Format::Json,
        Format::Jsonl,
        Format::Sarif,
        Format::Github,
        Format::GithubSummary,
        Format::Gitlab,
        Format::Codeclimate,
        Format::Junit,
        Format::Csv,
        Format::Markdown,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::GithubSummary => "github-summary",
            Format::Gitlab => "gitlab",
            Format::Codeclimate => "codeclimate",
            Format::Junit => "junit",
            Format::Csv => "csv",
            Format::Markdown => "markdown",
        }
    }

    /// Whether it may show secrets when asked to: reports that are made to be passed on may not.
    pub fn may_reveal(self) -> bool {
        matches!(self, Format::Human | Format::Json | Format::Jsonl)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Format::ALL.into_iter().find(|f| f.name() == name).ok_or_else(|| Error::UnknownFormat(name.to_owned()))
    }
}

/// How a report looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether the human format carries ANSI colours.
    pub color: bool,
    /// Whether secrets are printed as they are.
    pub reveal: bool,
    /// How many columns the terminal has; 100 when nobody knows.
    pub width: Option<usize>,
    /// Whether the human format lists what was dismissed, and why, and what the checks saw. The other formats
    /// say it whenever the report holds it.
    pub explain: bool,
    /// Whether the human format leaves out everything but the findings and what could not be read.
    pub quiet: bool,
    /// When the scan began and ended, for the format that has to say so; the beginning of 1970 when nobody knows.
    pub times: Times,
}

/// When a scan began and when it ended, in seconds since 1970 began, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    /// When it began.
    pub began: i64,
    /// When it ended.
    pub ended: i64,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The receiving end failed.
    #[error("the report could not be written: {0}")]
    Io(#[from] io::Error),
    /// A report that is passed on was to show secrets.
    #[error("the {0} format never shows secrets: leave out --reveal, or use human, json or jsonl")]
    Reveal(Format),
    /// There is no such format.
    #[error("there is no format {0:?}: it is {names}", names = Format::ALL.map(Format::name).join(", "))]
    UnknownFormat(String),
}

/// Writes a report. The same report and style make the same bytes.
pub fn write(report: &Report, format: Format, style: &Style, out: &mut dyn Write) -> Result<(), Error> {
    if style.reveal && !format.may_reveal() {
        return Err(Error::Reveal(format));
    }
    if !matches!(format, Format::Human | Format::Github) {
        let accepted = report.baseline.iter().flat_map(|baseline| &baseline.accepted).map(|accepted| &accepted.finding);
        fingerprint::make(report.findings.iter().chain(accepted).map(|finding| &finding.fingerprint));
    }
    match format {
        Format::Human => human::write(report, style, out)?,
        Format::Json => json::write(report, style, out)?,
        Format::Jsonl => json::write_lines(report, style, out)?,
        Format::Sarif => sarif::write(report, out)?,
        Format::Github => github::write(report, out)?,
        Format::GithubSummary => out.write_all(github::summary(report).as_bytes())?,
        Format::Gitlab => gitlab::write(report, style.times, out)?,
        Format::Codeclimate => codeclimate::write(report, out)?,
        Format::Junit => junit::write(report, out)?,
        Format::Csv => csv::write(report, out)?,
        Format::Markdown => markdown::write(report, out)?,
    }
    Ok(())
}

/// Writes for people, in few lines, what was found: the worst finding in full, the others named.
pub fn write_brief(report: &Report, style: &Style, out: &mut dyn Write) -> Result<(), Error> {
    Ok(human::write_brief(report, style, out)?)
}

/// What may be shown of a secret that a rule found: the leading bytes that the rule calls public, then `…`; nothing
/// for a rule that finds no secret.
pub fn masked(rule: &crate::ruleset::Rule, secret: &crate::secret::Secret) -> Option<String> {
    redact::masked(rule, secret)
}

/// What the baseline accepts of the report, a line each: by whom, when, how long and why.
pub fn accepted(report: &Report) -> Vec<String> {
    let redactor = redact::Redactor::new(report, false);
    let all = report.baseline.iter().flat_map(|baseline| &baseline.accepted);
    let words = all.map(|accepted| redactor.line(place::accepted_in_words(accepted).as_bytes()));
    words.map(|words| format!("accepted in the baseline {words}")).collect()
}

/// How findings of a rule are allowed that are no leaks: beside what stands in a text a comment can stand.
pub fn not_a_leak<'f>(rule: &str, mut findings: impl Iterator<Item = &'f Finding>) -> String {
    match findings.any(|finding| finding.origin.part != Aspect::Path) {
        true => format!("not a leak? put `unleak:allow {rule} reason` in a comment on the line or the line above"),
        false => format!("not a leak? allow it in unleak.toml: [[allow]] with rule = \"{rule}\", paths and a reason"),
    }
}

/// A report's notices, in harmless lines.
pub fn notices(report: &Report) -> Vec<String> {
    let redactor = redact::Redactor::new(report, false);
    report.notices.iter().map(|notice| redactor.line(notice.as_bytes()).to_string()).collect()
}

/// What people should know who are handed a report for machines, in harmless lines: notices and "2 findings
/// (1 critical, 1 low) in 3 files" unless `quiet`, and what could not be read.
pub fn beside(report: &Report, quiet: bool) -> Vec<String> {
    let redactor = redact::Redactor::new(report, false);
    let mut lines = Vec::new();
    if !quiet {
        lines.extend(report.notices.iter().map(|notice| format!("note: {}", redactor.line(notice.as_bytes()))));
        let read = read_in_words(report);
        let accepted = accepted_in_words(report).map(|words| format!(", {words},")).unwrap_or_default();
        lines.push(match report.findings.len() {
            0 => format!("no findings{accepted} in {read}"),
            count => format!("{} ({}){accepted} in {read}", number_of(count, "finding"), counts_in_words(report)),
        });
    }
    lines.extend(not_read(report));
    lines
}

/// What could not be read, in harmless lines.
pub fn not_read(report: &Report) -> Vec<String> {
    let redactor = redact::Redactor::new(report, false);
    let missing = &report.coverage.missing;
    let named = missing.iter().take(NAMED).map(|unread| {
        let (what, why) = (redactor.line(&unread.what), redactor.line(unread.why.as_bytes()));
        format!("not read: {what}: {why}")
    });
    let mut lines: Vec<String> = named.collect();
    if missing.len() > NAMED {
        lines.push(format!("not read: and {} more", missing.len() - NAMED));
    }
    lines
}

/// A text of several lines as it may go to a terminal: what could steer it, or hide in a line, is spelled out.
pub fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    hostile::push_lines(text.as_bytes(), &mut harmless);
    harmless
}

/// A text on one line, as it may go to a terminal.
pub fn harmless_line(text: &str) -> String {
    hostile::line(text.as_bytes())
}

/// JSON as it may go to a terminal: the same value, with what could steer one escaped.
pub fn harmless_json(text: &str) -> String {
    hostile::json(text).into_owned()
}

/// So many things that could not be read are named to people; the rest is counted.
const NAMED: usize = 10;
/// The name that this program bears in reports.
const TOOL: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");
const HOMEPAGE: &str = env!("CARGO_PKG_REPOSITORY");

const SEVERITIES: [Severity; 5] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Note];

/// How many findings there are of each severity, the worst first, none left out.
fn counts(report: &Report) -> [(Severity, usize); 5] {
    SEVERITIES.map(|severity| (severity, report.findings.iter().filter(|f| f.severity == severity).count()))
}

/// "2 critical, 1 low"; severities without a finding are not named.
fn counts_in_words(report: &Report) -> String {
    let named: Vec<String> = counts(report)
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {}", severity.name()))
        .collect();
    named.join(", ")
}

/// "3 accepted by the baseline", when there is one and it accepts any.
pub fn accepted_in_words(report: &Report) -> Option<String> {
    let count = report.baseline.as_ref()?.accepted.len();
    (count > 0).then(|| format!("{count} accepted by the baseline"))
}

/// "1 finding", "2 findings".
fn number_of(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// What was read, in words: "3 files, 12 kB".
fn read_in_words(report: &Report) -> String {
    let coverage = &report.coverage;
    let mut read: Vec<String> = [(coverage.commits, "commit"), (coverage.files, "file"), (coverage.blobs, "blob")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| number_of(count as usize, noun))
        .collect();
    if read.is_empty() {
        read.push(number_of(coverage.documents as usize, "text"));
    }
    read.push(match coverage.bytes {
        b if b < 10_000 => number_of(b as usize, "byte"),
        b if b < 10_000_000 => format!("{} kB", b / 1000),
        b => format!("{} MB", b / 1_000_000),
    });
    read.join(", ")
}

/// What a description says first: its first sentence, and the second one up to a semicolon when both are short.
fn in_short(description: &str) -> String {
    const SHORT: usize = 180;
    let description = description.trim();
    let Some((first, rest)) = description.split_once(". ") else { return description.to_owned() };
    let second = rest.split(". ").next().unwrap_or_default();
    let second = second.split(';').next().unwrap_or_default().trim_end_matches('.');
    let both = format!("{first}. {second}.");
    if both.len() <= SHORT { both } else { format!("{first}.") }
}

/// At most `limit` bytes of a text, cut between characters and marked.
fn shortened(text: &str, limit: usize) -> std::borrow::Cow<'_, str> {
    if text.len() <= limit {
        return text.into();
    }
    let room = limit.saturating_sub('…'.len_utf8());
    let end = (0..=room).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
    format!("{}…", &text[..end]).into()
}
