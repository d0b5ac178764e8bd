//! The shape of the JSON reports: member by member what `docs/report.md` describes.

use serde::Serialize;
use std::borrow::Cow;

#[derive(Serialize)]
pub(super) struct Line<T> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(flatten)]
    pub body: T,
}

#[derive(Serialize)]
pub(super) struct Whole<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    pub coverage: CoverageOut<'a>,
    pub counts: Counts,
    pub findings: Vec<FindingOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baselined: Option<Vec<AcceptedOut<'a>>>,
    pub dismissed: Vec<DismissalOut<'a>>,
    pub notices: Vec<Cow<'a, str>>,
}

#[derive(Serialize)]
pub(super) struct Summary<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    pub coverage: CoverageOut<'a>,
    pub counts: Counts,
    pub notices: Vec<Cow<'a, str>>,
}

#[derive(Serialize)]
pub(super) struct Head<'a> {
    pub schema_version: u32,
    pub tool: Tool,
    pub scan: ScanOut<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineOut<'a>>,
}

/// The baseline that findings were judged by.
#[derive(Serialize)]
pub(super) struct BaselineOut<'a> {
    pub file: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<Cow<'a, str>>,
    pub entries: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unused: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

#[derive(Serialize)]
pub(super) struct ScanOut<'a> {
    pub mode: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revisions: Option<&'a str>,
    pub rules: usize,
    pub rules_digest: String,
}

#[derive(Serialize)]
pub(super) struct CoverageOut<'a> {
    pub state: &'static str,
    pub documents: u64,
    pub bytes: u64,
    pub files: u64,
    pub blobs: u64,
    pub commits: u64,
    #[serde(flatten)]
    pub history: Option<HistoryOut<'a>>,
    pub skipped: Vec<SkippedOut<'a>>,
    pub missing: Vec<SkippedOut<'a>>,
}

#[derive(Serialize)]
pub(super) struct HistoryOut<'a> {
    pub refs: u64,
    pub trees: u64,
    pub tags: u64,
    pub stored_bytes: u64,
    pub shallow: &'a [String],
    pub partial_clone: bool,
    pub extent: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<String>,
}

/// When a secret came into history and went.
#[derive(Serialize)]
pub(in crate::output) struct LifecycleOut<'a> {
    pub introduced: Vec<MomentOut<'a>>,
    pub removed: Vec<MomentOut<'a>>,
    pub in_head: bool,
    pub refs: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "is_zero")]
    pub refs_omitted: u64,
    pub reachable: bool,
    pub pushed: bool,
}

#[derive(Serialize)]
pub(in crate::output) struct MomentOut<'a> {
    pub commit_id: &'a str,
    pub date: &'a str,
    pub author: Cow<'a, str>,
    pub subject: Cow<'a, str>,
}

#[derive(Serialize)]
pub(super) struct HolderOut<'a> {
    pub kind: &'static str,
    pub id: &'a str,
}

/// How many findings there are of each severity.
#[derive(Serialize)]
pub(super) struct Counts {
    pub critical: usize,
    pub high: usize,
    pub medium: usize,
    pub low: usize,
    pub note: usize,
}

#[derive(Serialize)]
pub(super) struct SkippedOut<'a> {
    pub what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what_encoded: Option<String>,
    pub why: Cow<'a, str>,
}

/// A path as text, and as it is when text cannot say that.
#[derive(Serialize)]
pub(super) struct PathOut {
    pub path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_encoded: Option<String>,
}

#[derive(Serialize)]
pub(super) struct OriginOut<'a> {
    #[serde(flatten)]
    pub path: PathOut,
    pub part: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blob: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct LocationOut {
    pub start_line: u32,
    pub start_column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

/// Where something stands, and what may be shown of it.
#[derive(Serialize)]
pub(super) struct FoundOut<'a> {
    #[serde(flatten)]
    pub origin: OriginOut<'a>,
    #[serde(flatten)]
    pub location: LocationOut,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    pub secret_masked: Option<String>,
    #[serde(flatten)]
    pub secret: SecretOut<'a>,
}

#[derive(Serialize)]
pub(super) struct FindingOut<'a> {
    pub rule_id: &'a str,
    pub title: &'a str,
    pub severity: &'static str,
    pub security_severity: f32,
    pub confidence: &'static str,
    #[serde(flatten)]
    pub found: FoundOut<'a>,
    pub fingerprint: &'a str,
    pub line_hash: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub encoding: Vec<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub encoded_newline: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<HolderOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<LifecycleOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<PathOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepOut<'a>>,
    pub remedy: RemedyOut<'a>,
}

/// What `--reveal` adds.
#[derive(Serialize)]
pub(super) struct SecretOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_base64: Option<String>,
}

#[derive(Serialize)]
pub(super) struct StepOut<'a> {
    pub check: &'static str,
    pub saw: Cow<'a, str>,
}

#[derive(Serialize)]
pub(super) struct RemedyOut<'a> {
    pub next: Cow<'a, str>,
    pub revoke: Cow<'a, str>,
    pub replace: Cow<'a, str>,
    pub store: Cow<'a, str>,
    pub verify: Cow<'a, str>,
    pub variable: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub expression: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<EditOut<'a>>,
}

#[derive(Serialize)]
pub(super) struct EditOut<'a> {
    #[serde(flatten)]
    pub location: LocationOut,
    pub inserted: Cow<'a, str>,
}

/// A finding that the baseline accepts.
#[derive(Serialize)]
pub(super) struct AcceptedOut<'a> {
    pub rule_id: &'a str,
    pub severity: &'static str,
    #[serde(flatten)]
    pub found: FoundOut<'a>,
    pub fingerprint: &'a str,
    pub accepted_by: Cow<'a, str>,
    pub accepted_on: &'a str,
    pub reason: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<PathOut>,
}

#[derive(Serialize)]
pub(super) struct DismissalOut<'a> {
    pub rule_id: &'a str,
    pub reason: &'static str,
    pub reason_text: String,
    #[serde(flatten)]
    pub found: FoundOut<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepOut<'a>>,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}
