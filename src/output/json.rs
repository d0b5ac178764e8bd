//! JSON for programs: one document, or one object a line. `docs/report.md` describes every member.

use super::redact::Redactor;
use super::{Style, TOOL, VERSION, counts, hostile, place, uri};
use crate::document::{Aspect, Location, Origin};
use crate::finding::{Dismissal, Finding, Lifecycle, Moment, Step, confidence_name};
use crate::report::{Coverage, Extent, HistoryCoverage, Report, Skipped};
use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, Write};

/// Raised when a member goes or changes its meaning; new members leave it.
const SCHEMA_VERSION: u32 = 1;

/// Writes one indented document.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, style.reveal);
    let document = Whole {
        head: head(report),
        coverage: coverage(&report.coverage, &redactor),
        counts: severities(report),
        findings: report.findings.iter().map(|f| finding(f, &redactor)).collect(),
        dismissed: report.dismissed.iter().map(|d| dismissal(d, &redactor)).collect(),
        notices: notices(report, &redactor),
    };
    let text = serde_json::to_string_pretty(&document)?;
    writeln!(out, "{}", hostile::json(&text))
}

/// Writes a line for each finding, one for each dismissal, and a last one that sums up.
pub(super) fn write_lines(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, style.reveal);
    for found in &report.findings {
        write_line(&Line { kind: "finding", body: finding(found, &redactor) }, out)?;
    }
    for dismissed in &report.dismissed {
        write_line(&Line { kind: "dismissed", body: dismissal(dismissed, &redactor) }, out)?;
    }
    let body = Summary {
        head: head(report),
        coverage: coverage(&report.coverage, &redactor),
        counts: severities(report),
        notices: notices(report, &redactor),
    };
    write_line(&Line { kind: "summary", body }, out)
}

fn write_line<T: Serialize>(line: &Line<T>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", hostile::json(&serde_json::to_string(line)?))
}

#[derive(Serialize)]
struct Line<T> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    body: T,
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    coverage: CoverageOut<'a>,
    counts: Counts,
    findings: Vec<FindingOut<'a>>,
    dismissed: Vec<DismissalOut<'a>>,
    notices: Vec<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Summary<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    coverage: CoverageOut<'a>,
    counts: Counts,
    notices: Vec<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Head<'a> {
    schema_version: u32,
    tool: Tool,
    scan: ScanOut<'a>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct ScanOut<'a> {
    mode: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    revisions: Option<&'a str>,
    rules: usize,
    rules_digest: String,
}

#[derive(Serialize)]
struct CoverageOut<'a> {
    state: &'static str,
    documents: u64,
    bytes: u64,
    files: u64,
    blobs: u64,
    commits: u64,
    #[serde(flatten)]
    history: Option<HistoryOut<'a>>,
    skipped: Vec<SkippedOut<'a>>,
    missing: Vec<SkippedOut<'a>>,
}

#[derive(Serialize)]
struct HistoryOut<'a> {
    refs: u64,
    trees: u64,
    tags: u64,
    stored_bytes: u64,
    shallow: &'a [String],
    partial_clone: bool,
    extent: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    extent_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<String>,
}

/// When a secret came into history and went.
#[derive(Serialize)]
pub(super) struct LifecycleOut<'a> {
    introduced: Vec<MomentOut<'a>>,
    removed: Vec<MomentOut<'a>>,
    in_head: bool,
    refs: Vec<Cow<'a, str>>,
    reachable: bool,
    pushed: bool,
}

#[derive(Serialize)]
struct MomentOut<'a> {
    commit_id: &'a str,
    date: &'a str,
    author: Cow<'a, str>,
    subject: Cow<'a, str>,
}

#[derive(Serialize)]
struct HolderOut<'a> {
    kind: &'static str,
    id: &'a str,
}

/// How many findings there are of each severity.
#[derive(Serialize)]
struct Counts {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    note: usize,
}

#[derive(Serialize)]
struct SkippedOut<'a> {
    what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    what_encoded: Option<String>,
    why: Cow<'a, str>,
}

/// A path as text, and as it is when text cannot say that.
#[derive(Serialize)]
struct PathOut {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_encoded: Option<String>,
}

#[derive(Serialize)]
struct OriginOut<'a> {
    #[serde(flatten)]
    path: PathOut,
    part: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blob: Option<&'a str>,
}

#[derive(Serialize)]
struct LocationOut {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    rule_id: &'a str,
    title: &'a str,
    severity: &'static str,
    security_severity: f32,
    confidence: &'static str,
    #[serde(flatten)]
    origin: OriginOut<'a>,
    #[serde(flatten)]
    location: LocationOut,
    secret_masked: Option<String>,
    #[serde(flatten)]
    secret: SecretOut<'a>,
    fingerprint: &'a str,
    line_hash: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    encoding: Vec<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    encoded_newline: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<HolderOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle: Option<LifecycleOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<PathOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<StepOut<'a>>,
    remedy: RemedyOut<'a>,
}

/// What `--reveal` adds.
#[derive(Serialize)]
struct SecretOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_base64: Option<String>,
}

#[derive(Serialize)]
struct StepOut<'a> {
    check: &'static str,
    saw: Cow<'a, str>,
}

#[derive(Serialize)]
struct RemedyOut<'a> {
    next: Cow<'a, str>,
    revoke: Cow<'a, str>,
    replace: Cow<'a, str>,
    store: Cow<'a, str>,
    verify: Cow<'a, str>,
    variable: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    expression: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<EditOut<'a>>,
}

#[derive(Serialize)]
struct EditOut<'a> {
    #[serde(flatten)]
    location: LocationOut,
    inserted: Cow<'a, str>,
}

#[derive(Serialize)]
struct DismissalOut<'a> {
    rule_id: &'a str,
    reason: &'static str,
    reason_text: String,
    #[serde(flatten)]
    origin: OriginOut<'a>,
    #[serde(flatten)]
    location: LocationOut,
    secret_masked: Option<String>,
    #[serde(flatten)]
    secret: SecretOut<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<StepOut<'a>>,
}

fn head(report: &Report) -> Head<'_> {
    Head {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: TOOL, version: VERSION },
        scan: ScanOut {
            mode: report.scan.mode,
            revisions: report.scan.revisions.as_deref(),
            rules: report.rules.rules().len(),
            rules_digest: report.rules.digest(),
        },
    }
}

fn severities(report: &Report) -> Counts {
    let [critical, high, medium, low, note] = counts(report).map(|(_, count)| count);
    Counts { critical, high, medium, low, note }
}

fn notices<'a>(report: &'a Report, redactor: &Redactor) -> Vec<Cow<'a, str>> {
    report.notices.iter().map(|notice| redactor.text(notice)).collect()
}

fn coverage<'a>(coverage: &'a Coverage, redactor: &Redactor) -> CoverageOut<'a> {
    let all = |list: &'a [Skipped]| list.iter().map(|s| skipped(s, redactor)).collect();
    CoverageOut {
        state: if coverage.is_complete() { "complete" } else { "partial" },
        documents: coverage.documents,
        bytes: coverage.bytes,
        files: coverage.files,
        blobs: coverage.blobs,
        commits: coverage.commits,
        history: coverage.history.as_ref().map(history),
        skipped: all(&coverage.skipped),
        missing: all(&coverage.missing),
    }
}

fn history(history: &HistoryCoverage) -> HistoryOut<'_> {
    let (extent, extent_reason, shard) = match &history.extent {
        Extent::Full => ("full", None, None),
        Extent::FullAgain(why) => ("full", Some(why.as_str()), None),
        Extent::SinceState => ("since-state", None, None),
        Extent::Shard(part, parts) => ("shard", None, Some(format!("{part}/{parts}"))),
    };
    HistoryOut {
        refs: history.refs,
        trees: history.trees,
        tags: history.tags,
        stored_bytes: history.stored_bytes,
        shallow: &history.shallow,
        partial_clone: history.partial_clone,
        extent,
        extent_reason,
        shard,
    }
}

/// A life story; what commits say of themselves may hold secrets too.
pub(super) fn lifecycle<'a>(story: &'a Lifecycle, redactor: &Redactor) -> LifecycleOut<'a> {
    let moments = |moments: &'a [Moment]| {
        let moment = |moment: &'a Moment| MomentOut {
            commit_id: &moment.commit_id,
            date: &moment.date,
            author: redactor.text(&moment.author),
            subject: redactor.text(&moment.subject),
        };
        moments.iter().map(moment).collect()
    };
    LifecycleOut {
        introduced: moments(&story.introduced),
        removed: moments(&story.removed),
        in_head: story.in_head,
        refs: story.refs.iter().map(|name| redactor.text(name)).collect(),
        reachable: story.reachable,
        pushed: story.pushed,
    }
}

fn skipped<'a>(skipped: &'a Skipped, redactor: &Redactor) -> SkippedOut<'a> {
    let PathOut { path: what, path_encoded: what_encoded } = path(&skipped.what, redactor);
    SkippedOut { what, what_encoded, why: redactor.text(&skipped.why) }
}

fn path(path: &[u8], redactor: &Redactor) -> PathOut {
    let path = redactor.bytes(path);
    PathOut {
        path: String::from_utf8_lossy(&path).into_owned(),
        path_encoded: std::str::from_utf8(&path).is_err().then(|| uri::of_path(&path)),
    }
}

fn origin<'a>(origin: &'a Origin, redactor: &Redactor) -> OriginOut<'a> {
    OriginOut {
        path: path(&origin.path, redactor),
        part: place::part_name(origin.part),
        commit: origin.commit_id.as_deref().filter(|_| !matches!(origin.part, Aspect::TagMessage | Aspect::Note)),
        blob: origin.blob_id.as_deref(),
    }
}

fn location(location: &Location) -> LocationOut {
    let Location { start_line, start_column, end_line, end_column } = *location;
    LocationOut { start_line, start_column, end_line, end_column }
}

fn revealed(secret: Option<&[u8]>) -> SecretOut<'_> {
    SecretOut {
        secret: secret.map(String::from_utf8_lossy),
        secret_base64: secret
            .filter(|bytes| std::str::from_utf8(bytes).is_err())
            .map(|bytes| data_encoding::BASE64.encode(bytes)),
    }
}

fn steps<'a>(steps: &'a [Step], redactor: &Redactor) -> Vec<StepOut<'a>> {
    steps.iter().map(|step| StepOut { check: step.check, saw: redactor.text(&step.saw) }).collect()
}

fn finding<'a>(finding: &'a Finding, redactor: &Redactor) -> FindingOut<'a> {
    FindingOut {
        rule_id: finding.rule.id(),
        title: &finding.rule.spec.title,
        severity: finding.severity.name(),
        security_severity: finding.rule.spec.severity,
        confidence: confidence_name(finding.confidence),
        origin: origin(&finding.origin, redactor),
        location: location(&finding.location),
        secret_masked: redactor.masked(&finding.rule, &finding.secret),
        secret: revealed(redactor.revealed(&finding.secret)),
        fingerprint: &finding.fingerprint,
        line_hash: &finding.line_hash,
        encoding: finding.forms.iter().map(|form| place::form_name(*form)).collect(),
        encoded_newline: finding.encoded_newline,
        key_id: finding.key_id.as_deref(),
        object: finding
            .lifecycle
            .as_ref()
            .and_then(|story| story.object.as_ref())
            .map(|holder| HolderOut { kind: holder.kind, id: &holder.id }),
        lifecycle: finding.lifecycle.as_deref().map(|story| lifecycle(story, redactor)),
        known: finding.known.as_ref().map(|known| path(&known.path, redactor)),
        steps: steps(&finding.steps, redactor),
        remedy: remedy(finding, redactor),
    }
}

fn remedy<'a>(finding: &'a Finding, redactor: &Redactor) -> RemedyOut<'a> {
    let remedy = &finding.remedy;
    RemedyOut {
        next: redactor.text(&remedy.next),
        revoke: redactor.text(&remedy.revoke),
        replace: redactor.text(&remedy.replace),
        store: redactor.text(&remedy.store),
        verify: redactor.text(&remedy.verify),
        variable: &remedy.variable,
        expression: redactor.text(&remedy.expression),
        edits: remedy
            .edits
            .iter()
            .map(|edit| EditOut { location: location(&edit.location), inserted: redactor.text(&edit.inserted) })
            .collect(),
    }
}

fn dismissal<'a>(dismissal: &'a Dismissal, redactor: &Redactor) -> DismissalOut<'a> {
    DismissalOut {
        rule_id: dismissal.rule.id(),
        reason: dismissal.reason.name(),
        reason_text: redactor.text(&dismissal.reason.text()).into_owned(),
        origin: origin(&dismissal.origin, redactor),
        location: location(&dismissal.location),
        secret_masked: redactor.masked(&dismissal.rule, &dismissal.secret),
        secret: revealed(redactor.revealed(&dismissal.secret)),
        steps: steps(&dismissal.steps, redactor),
    }
}
