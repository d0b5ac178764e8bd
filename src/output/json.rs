//! JSON for programs: one document, or one object a line. `docs/report.md` describes every member.

mod shape;

use self::shape::{
    AcceptedOut, BaselineOut, Counts, CoverageOut, DismissalOut, EditOut, FindingOut, FoundOut, Head, HistoryOut,
    HolderOut, LifecycleOut, Line, LocationOut, MomentOut, OriginOut, PathOut, RemedyOut, ScanOut, SecretOut,
    SkippedOut, StepOut, Summary, Tool, Whole,
};
use super::redact::Redactor;
use super::{Style, TOOL, VERSION, counts, hostile, place, uri};
use crate::document::{Aspect, Location, Origin};
use crate::finding::{Dismissal, Finding, Lifecycle, Moment, Step, confidence_name};
use crate::report::{Accepted, Coverage, Extent, HistoryCoverage, Report, Skipped};
use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, Write};

/// Raised when a member goes or changes its meaning; new members leave it.
const SCHEMA_VERSION: u32 = 1;

/// Writes one indented document.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, style.reveal);
    let document = Whole {
        head: head(report, &redactor),
        coverage: coverage(&report.coverage, &redactor),
        counts: severities(report),
        findings: report.findings.iter().map(|f| finding(f, &redactor)).collect(),
        baselined: report.baseline.as_ref().map(|b| b.accepted.iter().map(|a| accepted(a, &redactor)).collect()),
        dismissed: report.dismissed.iter().map(|d| dismissal(d, &redactor)).collect(),
        notices: notices(report, &redactor),
    };
    let text = serde_json::to_string_pretty(&document)?;
    writeln!(out, "{}", hostile::json(&text))
}

/// Writes a line for each finding, one for each that the baseline accepts, one for each dismissal, and a last one that sums up.
pub(super) fn write_lines(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, style.reveal);
    for found in &report.findings {
        write_line(&Line { kind: "finding", body: finding(found, &redactor) }, out)?;
    }
    for baselined in report.baseline.iter().flat_map(|baseline| &baseline.accepted) {
        write_line(&Line { kind: "baselined", body: accepted(baselined, &redactor) }, out)?;
    }
    for dismissed in &report.dismissed {
        write_line(&Line { kind: "dismissed", body: dismissal(dismissed, &redactor) }, out)?;
    }
    let body = Summary {
        head: head(report, &redactor),
        coverage: coverage(&report.coverage, &redactor),
        counts: severities(report),
        notices: notices(report, &redactor),
    };
    write_line(&Line { kind: "summary", body }, out)
}

fn write_line<T: Serialize>(line: &Line<T>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", hostile::json(&serde_json::to_string(line)?))
}

fn head<'a>(report: &'a Report, redactor: &Redactor) -> Head<'a> {
    Head {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: TOOL, version: VERSION },
        scan: ScanOut {
            mode: report.scan.mode,
            revisions: report.scan.revisions.as_deref(),
            rules: report.rules.rules().len(),
            rules_digest: report.rules.digest(),
        },
        baseline: report.baseline.as_ref().map(|baseline| BaselineOut {
            file: redactor.text(&baseline.name),
            revision: baseline.revision.as_deref().map(|revision| redactor.text(revision)),
            entries: baseline.entries,
            unused: baseline.unused,
        }),
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
        refs_omitted: story.refs_omitted,
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
        archive: origin.inside.map(|_| String::from_utf8_lossy(&redactor.bytes(origin.file())).into_owned()),
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

fn found<'a>(finding: &'a Finding, redactor: &Redactor) -> FoundOut<'a> {
    FoundOut {
        origin: origin(&finding.origin, redactor),
        location: location(&finding.location),
        offset: finding.frame.binary.map(|binary| binary.offset),
        secret_masked: redactor.masked(&finding.rule, &finding.secret),
        secret: revealed(redactor.revealed(&finding.secret)),
    }
}

fn finding<'a>(finding: &'a Finding, redactor: &Redactor) -> FindingOut<'a> {
    FindingOut {
        rule_id: finding.rule.id(),
        title: &finding.rule.spec.title,
        severity: finding.severity.name(),
        security_severity: finding.security_severity(),
        confidence: confidence_name(finding.confidence),
        found: found(finding, redactor),
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
        next: redactor.text(place::next_step(finding)),
        revoke: redactor.text(&remedy.revoke),
        replace: redactor.text(&remedy.replace),
        store: redactor.text(&remedy.store),
        verify: redactor.text(&remedy.verify),
        variable: &remedy.variable,
        expression: redactor.text(&remedy.expression),
        edits: super::edits(finding, redactor)
            .iter()
            .map(|edit| EditOut { location: location(&edit.location), inserted: redactor.text(&edit.inserted) })
            .collect(),
    }
}

fn accepted<'a>(accepted: &'a Accepted, redactor: &Redactor) -> AcceptedOut<'a> {
    let finding = &accepted.finding;
    AcceptedOut {
        rule_id: finding.rule.id(),
        severity: finding.severity.name(),
        found: found(finding, redactor),
        fingerprint: &finding.fingerprint,
        accepted_by: redactor.text(&accepted.by),
        accepted_on: &accepted.on,
        reason: redactor.text(&accepted.reason),
        expires: accepted.expires.as_deref(),
        moved_from: accepted.moved_from.as_ref().map(|old| path(old, redactor)),
    }
}

fn dismissal<'a>(dismissal: &'a Dismissal, redactor: &Redactor) -> DismissalOut<'a> {
    DismissalOut {
        rule_id: dismissal.rule.id(),
        reason: dismissal.reason.name(),
        reason_text: redactor.text(&dismissal.reason.text()).into_owned(),
        found: FoundOut {
            origin: origin(&dismissal.origin, redactor),
            location: location(&dismissal.location),
            offset: None,
            secret_masked: redactor.masked(&dismissal.rule, &dismissal.secret),
            secret: revealed(redactor.revealed(&dismissal.secret)),
        },
        steps: steps(&dismissal.steps, redactor),
    }
}
