//! GitLab's secret detection report: no secret, no line of a file, nothing dismissed.
//!
//! It says it is of schema 15.0.7, which every GitLab from 15 on takes, and uses no member that came later. It
//! has no `remediations`, since those are diffs, whose removed lines would hold the secret, and no
//! `raw_source_code_extract`, which GitLab takes for the secret itself. GitLab reads the findings of a report
//! whose scan failed, but shows nowhere what was not read, so each such thing is a finding of unknown severity too.

mod shape;

use self::shape::{
    Commit, Detail, Document, Field, Identifier, Link, Location, Message, Program, Scan, Vendor, Vulnerability,
};
use super::redact::Redactor;
use super::{HOMEPAGE, TOOL, Times, VERSION, about, hostile, place};
use crate::document::Aspect;
use crate::finding::{Finding, Moment, Severity, confidence_name};
use crate::report::{Report, Skipped};
use crate::rule::Kind;
use std::collections::BTreeMap;
use std::io::{self, Write};

const SCHEMA_VERSION: &str = "15.0.7";
/// What GitLab's own scanner writes where it knows of no commit; the schema asks for one.
const NO_COMMIT: &str = "0000000";
/// Limits of the schema, in characters.
const LONGEST_NAME: usize = 255;
const LONGEST_SOLUTION: usize = 7000;

/// Writes the report, indented.
pub(super) fn write(report: &Report, times: Times, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, false);
    let names = about::unique_names(&report.findings);
    let mut vulnerabilities: Vec<Vulnerability> =
        report.coverage.missing.iter().map(|missing| not_read(missing, &redactor)).collect();
    vulnerabilities.extend(report.findings.iter().zip(&names).map(|(f, name)| vulnerability(f, name, &redactor)));
    let document = Document { version: SCHEMA_VERSION, scan: scan(report, times, &redactor), vulnerabilities };
    writeln!(out, "{}", hostile::json(&serde_json::to_string_pretty(&document)?))
}

fn scan(report: &Report, times: Times, redactor: &Redactor) -> Scan {
    let program = || Program { id: TOOL, name: TOOL, url: HOMEPAGE, version: VERSION, vendor: Vendor { name: TOOL } };
    let told = |level: &'static str, text: String| Message { level, value: text };
    let unread = report.coverage.missing.iter().map(|missing| {
        let (what, why) = (redactor.line(&missing.what), redactor.line(missing.why.as_bytes()));
        told("warn", format!("not read: {what}: {why}"))
    });
    let notices = report.notices.iter().filter(|notice| !notice.is_empty());
    let notices = notices.map(|notice| told("info", redactor.line(notice.as_bytes())));
    let accepted = super::accepted_in_words(report).map(|words| told("info", words));
    Scan {
        analyzer: program(),
        scanner: program(),
        kind: "secret_detection",
        start_time: time(times.began),
        end_time: time(times.ended),
        status: if report.coverage.is_complete() { "success" } else { "failure" },
        messages: unread.chain(notices).chain(accepted).collect(),
    }
}

/// UTC without saying so, as the schema wants it.
fn time(seconds: i64) -> String {
    let at = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The same for the same finding in every report, wherever its line is.
fn id(name: &str) -> String {
    let mut bytes = about::digest(&["gitlab", name]);
    // A UUID of version 8: made in a way of one's own.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = data_encoding::HEXLOWER.encode(&bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn vulnerability(finding: &Finding, name: &str, redactor: &Redactor) -> Vulnerability {
    let rule = &finding.rule;
    let mut identifiers = vec![own_identifier(rule.id())];
    if rule.kind == Kind::Secret {
        identifiers.push(Identifier {
            kind: "cwe",
            name: "CWE-798".to_owned(),
            value: "798".to_owned(),
            url: Some("https://cwe.mitre.org/data/definitions/798.html"),
        });
    }
    let remedy = &finding.remedy;
    let steps = [place::next_step(finding), &remedy.revoke, &remedy.replace, &remedy.store, &remedy.verify];
    let steps: Vec<String> =
        steps.iter().filter(|step| !step.trim().is_empty()).map(|step| redactor.line(step.trim().as_bytes())).collect();
    let solution = steps.join("\n");
    let links = rule.spec.references.iter().filter(|url| url.starts_with("http"));
    Vulnerability {
        id: id(name),
        name: about::at_most(&redactor.line(rule.spec.title.as_bytes()), LONGEST_NAME).into_owned(),
        description: redactor.line(rule.spec.description.as_bytes()),
        severity: match finding.severity {
            Severity::Critical => "Critical",
            Severity::High => "High",
            Severity::Medium => "Medium",
            Severity::Low => "Low",
            Severity::Note => "Info",
        },
        solution: (!solution.is_empty()).then(|| about::at_most(&solution, LONGEST_SOLUTION).into_owned()),
        identifiers,
        links: links.map(|url| Link { url: url.to_string() }).collect(),
        location: location(finding, redactor),
        details: details(finding, redactor),
    }
}

/// The first identifier is the one that GitLab knows a finding by, together with its place.
fn own_identifier(rule_id: &str) -> Identifier {
    Identifier { kind: "unleak_rule_id", name: format!("unleak rule {rule_id}"), value: rule_id.to_owned(), url: None }
}

fn location(finding: &Finding, redactor: &Redactor) -> Location {
    let at = finding.location;
    let (start_line, end_line) = match finding.origin.part {
        Aspect::Path | Aspect::LinkTarget => (1, 1),
        _ => (at.start_line.max(1), at.end_line.max(1)),
    };
    let path = place::path(&finding.origin, redactor);
    Location { file: path, start_line: Some(start_line), end_line: Some(end_line), commit: commit(finding, redactor) }
}

/// The commit that brought it, with what its life story says of it.
fn commit(finding: &Finding, redactor: &Redactor) -> Commit {
    let first = finding.lifecycle.as_deref().and_then(|story| story.introduced.first());
    let of_tag_or_note = matches!(finding.origin.part, Aspect::TagMessage | Aspect::Note);
    let own = finding.origin.commit_id.as_deref().filter(|_| !of_tag_or_note);
    let sha = own.or(first.map(|moment| &*moment.commit_id)).unwrap_or(NO_COMMIT);
    let told = first.filter(|moment| moment.commit_id == sha);
    let text = |text: fn(&Moment) -> &str| told.map(|moment| redactor.line(text(moment).as_bytes()));
    Commit {
        sha: sha.to_owned(),
        author: text(|moment| &moment.author),
        date: text(|moment| &moment.date),
        message: text(|moment| &moment.subject),
    }
}

/// What the schema has no member for.
fn details(finding: &Finding, redactor: &Redactor) -> BTreeMap<&'static str, Field> {
    let mut details = BTreeMap::new();
    let mut say = |key: &'static str, name: &'static str, detail: Detail| {
        details.insert(key, Field { name, detail });
    };
    let text = |text: String| Detail::Text { value: text };
    say("confidence", "Confidence", text(confidence_name(finding.confidence).to_owned()));
    say("fingerprint", "Fingerprint", text(finding.fingerprint.to_string()));
    if let Some(secret) = redactor.masked(&finding.rule, &finding.secret) {
        say("secret", "Secret", text(secret));
    }
    if let Some(key_id) = &finding.key_id {
        say("key_id", "Key id", text(redactor.line(key_id.as_bytes())));
    }
    if let Some(forms) = place::forms_in_words(&finding.forms) {
        say("encoding", "Written in", text(forms));
    }
    if finding.origin.part != Aspect::Content || !place::has_file(&finding.origin) {
        say("part", "Stands in", text(place::in_words(&finding.origin, "", redactor)));
    }
    if let Some(known) = &finding.known {
        say("known", "Already committed at", text(redactor.line(&known.path)));
    }
    if let Some(story) = &finding.lifecycle {
        let commits = |moments: &[Moment]| Detail::List {
            items: moments.iter().map(|moment| Detail::Commit { value: moment.commit_id.clone() }).collect(),
        };
        say("introduced", "Brought by", commits(&story.introduced));
        say("removed", "Removed by", commits(&story.removed));
        say("in_head", "In HEAD", Detail::Value { value: story.in_head });
        say("reachable", "A ref leads to it", Detail::Value { value: story.reachable });
        say("pushed", "Pushed", Detail::Value { value: story.pushed });
        let more = (story.refs_omitted > 0).then(|| text(format!("and {} more", story.refs_omitted)));
        let refs = story.refs.iter().map(|name| text(redactor.line(name.as_bytes()))).chain(more);
        say("refs", "Refs", Detail::List { items: refs.collect() });
    }
    if let Some(advice) = place::history_advice(finding) {
        say("advice", "Advice", text(advice.to_owned()));
    }
    details
}

fn not_read(missing: &Skipped, redactor: &Redactor) -> Vulnerability {
    let (what, why) = (redactor.line(&missing.what), redactor.line(missing.why.as_bytes()));
    Vulnerability {
        id: id(&format!("not read {what}")),
        name: "Not read, so not known to be clean".to_owned(),
        description: format!("{what} could not be read: {why}"),
        severity: "Unknown",
        solution: None,
        identifiers: vec![own_identifier("unleak-not-read")],
        links: Vec::new(),
        location: Location {
            file: what,
            start_line: None,
            end_line: None,
            commit: Commit { sha: NO_COMMIT.to_owned(), author: None, date: None, message: None },
        },
        details: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_without_a_zone() {
        assert_eq!(time(1_795_305_600), "2026-11-22T00:00:00");
    }

    #[test]
    fn ids_are_uuids_of_ones_own_making() {
        let id = id("v2-x");
        assert_eq!(id.len(), 36);
        assert_eq!((id.as_bytes()[14], id.matches('-').count()), (b'8', 4));
    }
}
