//! SARIF 2.1.0, as GitHub code scanning takes it: nothing dismissed, no secret, no line of a file.
//!
//! A finding in a message has no file, but GitHub asks for one. It gets an address below `.git/`, where no
//! tracked path can be: `.git/commit-messages/ID`, `.git/tag-messages/ID`, `.git/notes/ID`; a message that is
//! being made is at its own path. A logical location names the object, and the text says where it is.

mod log;
mod rules;

use self::log::{
    ArtifactChange, ArtifactLocation, AutomationDetails, Driver, Fingerprints, Fix, Invocation, Location, Log,
    LogicalLocation, Notification, Outcome, OutcomeProperties, PhysicalLocation, Region, Replacement, Run, Text, Tool,
};
use super::redact::Redactor;
use super::{HOMEPAGE, TOOL, VERSION, hostile, number_of, place, shortened, uri};
use crate::document::{Aspect, Origin};
use crate::finding::{Finding, confidence_name};
use crate::report::{Accepted, Report};
use std::collections::BTreeMap;
use std::io::{self, Write};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// GitHub rejects a run with more.
const MOST_RESULTS: usize = 25_000;
/// So many unread things are named each by a notification.
const MOST_NOTIFICATIONS: usize = 100;
const LONGEST_MESSAGE: usize = 1000;

/// Writes the log, indented.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, false);
    let results = most_severe(results(report));
    let mut indexes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut descriptors = Vec::new();
    for (finding, _) in &results {
        indexes.entry(finding.rule.id()).or_insert_with(|| {
            descriptors.push(rules::descriptor(&finding.rule));
            descriptors.len() - 1
        });
    }
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver { name: TOOL, semantic_version: VERSION, information_uri: HOMEPAGE, rules: descriptors },
            },
            automation_details: AutomationDetails { id: format!("{TOOL}/{}/", mode(report)) },
            // An upload whose invocation failed is rejected, and with it what was found.
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: notifications(report, results.len(), &redactor),
            }],
            column_kind: "unicodeCodePoints",
            newline_sequences: ["\r\n", "\n", "\r"],
            results: results
                .iter()
                .map(|(finding, state)| Outcome {
                    baseline_state: *state,
                    ..outcome(finding, indexes[finding.rule.id()], &redactor)
                })
                .collect(),
        }],
    };
    writeln!(out, "{}", hostile::json(&serde_json::to_string_pretty(&log)?))
}

/// A finding and how it compares to the baseline, if there is one: on all results of a run or on none.
type Compared<'a> = (&'a Finding, Option<&'static str>);

/// The findings, with what the baseline accepts if that is to be listed: code scanning knows no state and would
/// open an alert for each.
fn results(report: &Report) -> Vec<Compared<'_>> {
    let Some(baseline) = &report.baseline else { return report.findings.iter().map(|f| (f, None)).collect() };
    let mut results: Vec<Compared<'_>> = report.findings.iter().map(|finding| (finding, Some("new"))).collect();
    if baseline.is_listed {
        let state = |accepted: &Accepted| if accepted.moved_from.is_some() { "updated" } else { "unchanged" };
        results.extend(baseline.accepted.iter().map(|accepted| (&accepted.finding, Some(state(accepted)))));
        results.sort_by_key(|(finding, _)| (&finding.origin, finding.location, finding.rule.id()));
    }
    results
}

/// The results that fit, the least severe left out, in their order.
fn most_severe(results: Vec<Compared<'_>>) -> Vec<Compared<'_>> {
    if results.len() <= MOST_RESULTS {
        return results;
    }
    let mut kept: Vec<usize> = (0..results.len()).collect();
    kept.sort_by_key(|&at| std::cmp::Reverse(results[at].0.severity));
    kept.truncate(MOST_RESULTS);
    kept.sort_unstable();
    kept.into_iter().map(|at| results[at]).collect()
}

fn mode(report: &Report) -> &str {
    if report.scan.mode.is_empty() { "scan" } else { report.scan.mode }
}

fn notifications(report: &Report, written: usize, redactor: &Redactor) -> Vec<Notification> {
    let warning = |text: String| Notification { level: "warning", message: Text { text } };
    let mut notifications = Vec::new();
    let missing = &report.coverage.missing;
    if !missing.is_empty() {
        notifications.push(warning(format!("Partial: {} could not be read.", missing.len())));
    }
    for entry in missing.iter().take(MOST_NOTIFICATIONS) {
        let what = redactor.line(&entry.what);
        notifications.push(warning(format!("Not read: '{what}': {}.", redactor.text(&entry.why))));
    }
    let wanted = results(report).len();
    if written < wanted {
        let left = number_of(wanted - written, "finding");
        notifications.push(warning(format!("{left} of the least severe are left out: a run holds {MOST_RESULTS}.")));
    }
    let notices = report.notices.iter().filter(|notice| !notice.is_empty());
    notifications.extend(
        notices
            .map(|notice| Notification { level: "note", message: Text { text: redactor.text(notice).into_owned() } }),
    );
    notifications
}

fn outcome(finding: &Finding, rule_index: usize, redactor: &Redactor) -> Outcome {
    let known = finding.known.as_ref().map(|known| redactor.line(&known.path));
    Outcome {
        rule_id: finding.rule.id().to_owned(),
        rule_index,
        level: rules::level(finding.severity),
        message: Text { text: message(finding, redactor) },
        locations: [location(finding, redactor)],
        partial_fingerprints: Fingerprints { line_hash: line_hash(finding), own: finding.fingerprint.to_string() },
        baseline_state: None,
        fixes: fix(finding, redactor).into_iter().collect(),
        properties: OutcomeProperties {
            severity: finding.severity.name(),
            security_severity: (finding.severity < finding.rule.severity)
                .then(|| format!("{:.1}", finding.security_severity())),
            confidence: confidence_name(finding.confidence),
            part: place::part_name(finding.origin.part),
            secret_masked: redactor.masked(&finding.rule, &finding.secret),
            commit: finding.origin.commit_id.as_deref().map(str::to_owned),
            blob: finding.origin.blob_id.as_deref().map(str::to_owned),
            key_id: finding.key_id.clone(),
            encoding: finding.forms.iter().map(|form| place::form_name(*form)).collect(),
            lifecycle: finding
                .lifecycle
                .as_deref()
                .and_then(|story| serde_json::to_value(super::json::lifecycle(story, redactor)).ok()),
            known: known.filter(|path| !path.is_empty()),
        },
    }
}

/// GitHub's hash of the line. What has no line is known by its fingerprint: the uploader could not compute
/// anything either. A file without a hash has one that the uploader computes.
fn line_hash(finding: &Finding) -> String {
    let digest = finding.fingerprint.rsplit('-').next().unwrap_or_default();
    match digest.get(..16) {
        Some(half) if finding.line_hash.is_empty() && finding.origin.part != Aspect::Content => format!("{half}:1"),
        _ => finding.line_hash.clone(),
    }
}

/// The first sentence is the alert's title.
fn message(finding: &Finding, redactor: &Redactor) -> String {
    let title = finding.rule.spec.title.trim().trim_end_matches('.').to_owned();
    let mut text = format!("{title}.");
    if let Some(secret) = redactor.masked(&finding.rule, &finding.secret).filter(|s| s != super::redact::MASK) {
        text += &format!(" It begins with '{}'.", secret.trim_end_matches(super::redact::MASK));
    }
    if let Some(forms) = place::forms_in_words(&finding.forms) {
        text += &format!(" It is written in {forms}.");
    }
    if finding.origin.part != Aspect::Content || !place::has_file(&finding.origin) {
        text += &format!(" It stands in '{}'.", place::in_words(&finding.origin, "", redactor));
    }
    if let Some(commit) = finding.origin.commit_id.as_ref().filter(|_| place::has_file(&finding.origin)) {
        text += &format!(" Commit {} brought it.", place::short(commit));
    }
    if let Some(story) = &finding.lifecycle {
        // Masked first: of a secret that is cut in two, the half would not be known.
        let story = redactor.line(place::story_in_words(story).as_bytes());
        text += &format!(" History: {}.", shortened(&story, 300));
    }
    if let Some(known) = &finding.known {
        text += &format!(" It was already committed at '{}'.", redactor.line(&known.path));
    }
    text += &format!(" Confidence: {}.", confidence_name(finding.confidence));
    let next = place::next_step(finding);
    if !next.is_empty() {
        text += &format!(" Next: {}{}", redactor.text(next), if next.ends_with('.') { "" } else { "." });
    }
    // `[text](1)` would be a link.
    shortened(&text.replace("](", "] ("), LONGEST_MESSAGE).into_owned()
}

fn location(finding: &Finding, redactor: &Redactor) -> Location {
    let origin = &finding.origin;
    // The columns of a path or of a link's target count in that text, not in the file.
    let region = match origin.part {
        Aspect::Path | Aspect::LinkTarget => Region { start_line: 1, start_column: 1, end_line: 1, end_column: 1 },
        _ => region(&finding.location),
    };
    let logical = if place::has_file(origin) {
        None
    } else {
        let kind = place::part_name(origin.part);
        Some(LogicalLocation { fully_qualified_name: place::in_words(origin, "", redactor), kind })
    };
    Location {
        physical_location: PhysicalLocation { artifact_location: artifact(origin, redactor), region },
        logical_locations: logical.into_iter().collect(),
    }
}

fn region(location: &crate::document::Location) -> Region {
    Region {
        start_line: location.start_line.max(1),
        start_column: location.start_column.max(1),
        end_line: location.end_line.max(1),
        end_column: location.end_column.max(1),
    }
}

fn artifact(origin: &Origin, redactor: &Redactor) -> ArtifactLocation {
    let below_git = |folder: &str| match (&origin.commit_id, origin.path.is_empty()) {
        (Some(id), _) => format!(".git/{folder}/{id}"),
        (None, true) => format!(".git/{folder}/new"),
        (None, false) => uri::of_path(&redactor.bytes(&origin.path)),
    };
    let uri = match origin.part {
        Aspect::CommitMessage => below_git("commit-messages"),
        Aspect::TagMessage => below_git("tag-messages"),
        Aspect::Note => below_git("notes"),
        Aspect::Header => below_git("commit-headers"),
        Aspect::RefName => format!(".git/{}", uri::of_path(&redactor.bytes(&origin.path))),
        _ if origin.path.is_empty() => match &origin.blob_id {
            Some(id) => format!(".git/objects/{id}"),
            None => "stdin".to_owned(),
        },
        _ if origin.file().is_empty() => {
            artifact(&origin.outside(), redactor).uri + &uri::of_path(&redactor.bytes(&origin.path))
        }
        _ => uri::of_path(&redactor.bytes(&origin.path)),
    };
    ArtifactLocation { uri }
}

/// The change that takes the secret out of its file, when there is one and it brings no secret in.
fn fix(finding: &Finding, redactor: &Redactor) -> Option<Fix> {
    let edits = super::edits(finding, redactor);
    if edits.is_empty() {
        return None;
    }
    let what = match finding.remedy.variable.as_str() {
        "" => "Take the secret out of the file.".to_owned(),
        variable => format!("Read it from the environment variable {variable}."),
    };
    let replacements = edits.iter().map(|edit| Replacement {
        deleted_region: region(&edit.location),
        inserted_content: Text { text: edit.inserted.clone() },
    });
    Some(Fix {
        description: Text { text: what },
        artifact_changes: [ArtifactChange {
            artifact_location: artifact(&finding.origin, redactor),
            replacements: replacements.collect(),
        }],
    })
}
