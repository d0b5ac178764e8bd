//! Rules as SARIF describes them: what they find, how bad it is, what to do.

use super::log::{Configuration, Descriptor, DescriptorProperties, Help, Text};
use crate::finding::{Confidence, Severity};
use crate::output::shortened;
use crate::rule::{Kind, RuleSpec};
use crate::ruleset::Rule;
use std::fmt::Write as _;

/// GitHub's limit for a description, in characters; bytes are more.
const LONGEST_DESCRIPTION: usize = 1024;
const INFALLIBLE: &str = "a String can be written to";

/// A rule as the log's driver lists it.
pub(super) fn descriptor(rule: &Rule) -> Descriptor {
    let spec = &rule.spec;
    Descriptor {
        id: rule.id().to_owned(),
        name: name(rule.id()),
        short_description: sentence(&spec.title),
        full_description: sentence(or(&spec.description, &spec.title)),
        help: Help { text: help_text(rule), markdown: help_markdown(rule) },
        help_uri: spec.references.first().map(|uri| uri.to_string()),
        default_configuration: Configuration { level: level(rule.severity) },
        properties: DescriptorProperties {
            tags: tags(rule),
            precision: precision(spec.confidence),
            problem_severity: problem_severity(rule.severity),
            security_severity: format!("{:.1}", spec.severity),
        },
    }
}

/// The level that a severity has in SARIF.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Note => "note",
    }
}

fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Note => "recommendation",
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

fn tags(rule: &Rule) -> Vec<String> {
    let mut tags = vec!["security".to_owned()];
    tags.push(
        match rule.kind {
            Kind::Secret => "secret",
            Kind::Hygiene => "hygiene",
            Kind::File => "file",
        }
        .to_owned(),
    );
    if rule.kind == Kind::Secret {
        tags.push("external/cwe/cwe-798".to_owned());
    }
    let provider = rule.id().split('-').next().unwrap_or_default();
    if !provider.is_empty() && !tags.iter().any(|tag| tag == provider) {
        tags.push(provider.to_owned());
    }
    let own = rule.spec.whole.iter().flat_map(|whole| &whole.tags);
    for tag in own.filter(|tag| !tag.is_empty()) {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags
}

/// `sendgrid-api-key` as `SendgridApiKey`.
fn name(id: &str) -> String {
    id.split('-')
        .map(|part| part[..1.min(part.len())].to_ascii_uppercase() + part.get(1..).unwrap_or_default())
        .collect()
}

fn sentence(text: &str) -> Text {
    let text = shortened(text.trim(), LONGEST_DESCRIPTION - 1);
    let end = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    Text { text: format!("{text}{end}") }
}

fn or<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.trim().is_empty() { other } else { text }
}

/// What to do, step by step: a name and what to do.
fn steps(spec: &RuleSpec) -> Vec<(&'static str, String)> {
    let remedy = &spec.remedy;
    [("Revoke", &remedy.revoke), ("Replace", &remedy.replace), ("Store", &remedy.store), ("Verify", &remedy.verify)]
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(step, text)| (step, text.trim().replace("{key_id}", "KEY_ID")))
        .collect()
}

fn help_text(rule: &Rule) -> String {
    let spec = &rule.spec;
    let mut text = format!("{}\n", or(&spec.description, &spec.title).trim());
    for (number, (step, what)) in steps(spec).into_iter().enumerate() {
        write!(text, "\n{}. {step}: {what}", number + 1).expect(INFALLIBLE);
    }
    if !spec.variable.is_empty() {
        write!(text, "\n\nThe environment variable for it: {}", spec.variable).expect(INFALLIBLE);
    }
    write!(
        text,
        "\n\nTo allow one, put this in a comment on its line or the line above: unleak:allow {} reason",
        rule.id()
    )
    .expect(INFALLIBLE);
    for reference in spec.references.iter() {
        write!(text, "\n{reference}").expect(INFALLIBLE);
    }
    text
}

fn help_markdown(rule: &Rule) -> String {
    let spec = &rule.spec;
    let mut text = format!("# {}\n\n{}\n", spec.title.trim(), or(&spec.description, &spec.title).trim());
    let steps = steps(spec);
    if !steps.is_empty() {
        text.push_str("\n## What to do\n\n");
    }
    for (number, (step, what)) in steps.into_iter().enumerate() {
        writeln!(text, "{}. **{step}.** {what}", number + 1).expect(INFALLIBLE);
    }
    if !spec.variable.is_empty() {
        writeln!(text, "\nThe environment variable for it: `{}`", spec.variable).expect(INFALLIBLE);
    }
    writeln!(
        text,
        "\nTo allow one, put `unleak:allow {} reason` in a comment on its line or the line above.",
        rule.id()
    )
    .expect(INFALLIBLE);
    if !spec.references.is_empty() {
        text.push_str("\n## References\n\n");
    }
    for reference in spec.references.iter() {
        writeln!(text, "- <{reference}>").expect(INFALLIBLE);
    }
    text
}
