//! The rules themselves: a table, one rule explained, or all of it as JSON. Nothing in them is a secret, but what
//! looks like one is still not printed whole.

use crate::finding::confidence_name;
use crate::rule::{Check, Form, Guard, Kind, Measure, Text, Whole};
use crate::ruleset::{Rule, RuleSet};
use serde::Serialize;
use std::io::{self, Write};

/// The shape of the JSON form; it changes when a reader could misread it.
const SCHEMA_VERSION: u32 = 1;
const WIDTH: usize = 96;
const INDENT: &str = "    ";

/// A table of the rules: id, severity, title.
pub fn table(rules: &RuleSet, out: &mut dyn Write) -> io::Result<()> {
    let longest = rules.rules().iter().map(|rule| rule.id().len()).max().unwrap_or(0);
    for rule in rules.rules() {
        writeln!(out, "{:longest$}  {:8}  {}", rule.id(), rule.severity.name(), rule.spec.title)?;
    }
    Ok(())
}

/// One rule, explained: what it finds, samples, what to do about a finding, references.
pub fn explanation(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    let spec = &rule.spec;
    writeln!(out, "{}: {}", rule.id(), spec.title)?;
    writeln!(
        out,
        "{} ({:.1}), {} confidence, {}; {}",
        rule.severity.name(),
        spec.severity,
        confidence_name(spec.confidence),
        kind_in_words(rule.kind),
        rule.provider
    )?;
    if !spec.description.is_empty() {
        writeln!(out)?;
        wrapped("", "", spec.description.trim(), out)?;
    }
    if !spec.paths.is_empty() {
        writeln!(out, "\nOnly in files like\n{INDENT}{}", spec.paths.join("  "))?;
    }
    if let Some(whole) = &spec.whole {
        of_whole(whole, out)?;
    }
    samples("Found, between the marks", &shown_hits(rule), out)?;
    samples("Not found", &shown_misses(rule), out)?;
    let remedy = &spec.remedy;
    let all = [&*remedy.revoke, &remedy.replace, &remedy.store, &remedy.verify, &spec.variable];
    steps(all, out)?;
    references(rule, out)
}

/// What lies behind a finding of the rule, without samples: what such a thing is, and where its provider says more.
pub fn background(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    if !rule.spec.description.is_empty() {
        writeln!(out, "\nWhat it is")?;
        wrapped(INDENT, INDENT, rule.spec.description.trim(), out)?;
    }
    references(rule, out)
}

/// How to revoke, replace, store and verify, and the variable; what there is nothing to say about is left out.
pub fn steps(all: [&str; 5], out: &mut dyn Write) -> io::Result<()> {
    let named = std::iter::zip(["revoke", "replace", "store", "verify", "variable"], all);
    let said: Vec<_> = named.map(|(name, text)| (name, text.trim())).filter(|(_, text)| !text.is_empty()).collect();
    if !said.is_empty() {
        writeln!(out, "\nWhat to do")?;
    }
    for (name, text) in said {
        wrapped(&format!("{INDENT}{name:10}"), "              ", text, out)?;
    }
    Ok(())
}

fn references(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    let spec = &rule.spec;
    if !spec.references.is_empty() {
        writeln!(out, "\nReferences")?;
        for reference in spec.references.iter() {
            writeln!(out, "{INDENT}{reference}")?;
        }
    }
    Ok(())
}

/// What a rule says that is run over whole texts.
fn of_whole(whole: &Whole, out: &mut dyn Write) -> io::Result<()> {
    let required: Vec<&str> = whole.required.iter().map(|required| required.rule.as_str()).collect();
    let facts = [
        ("Only at paths that match", whole.path.clone().unwrap_or_default()),
        ("Only in texts that hold one of", whole.keywords.join("  ")),
        ("Only near what these find", required.join("  ")),
        ("Tags", whole.tags.join("  ")),
    ];
    for (title, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
        writeln!(out, "\n{title}\n{INDENT}{fact}")?;
    }
    if whole.helper {
        writeln!(out, "\nFinds only for rules that require it")?;
    }
    Ok(())
}

/// Rules as one JSON document.
pub fn json<'r>(rules: impl IntoIterator<Item = &'r Rule>, out: &mut dyn Write) -> io::Result<()> {
    let list = List { schema_version: SCHEMA_VERSION, rules: rules.into_iter().map(listed).collect() };
    serde_json::to_writer_pretty(&mut *out, &list)?;
    writeln!(out)
}

#[derive(Serialize)]
struct List<'r> {
    schema_version: u32,
    rules: Vec<Listed<'r>>,
}

#[derive(Serialize)]
struct Listed<'r> {
    id: &'r str,
    title: &'r str,
    provider: &'r str,
    kind: &'static str,
    severity: &'static str,
    security_severity: String,
    confidence: &'static str,
    description: &'r str,
    generic: bool,
    anchors: &'r [Text],
    ignore_case: bool,
    reach: Span,
    #[serde(skip_serializing_if = "Option::is_none")]
    measure: Option<Measure>,
    guard: Guard,
    forms: &'r [Form],
    parts: Vec<PartName<'r>>,
    checks: &'r [Check],
    paths: &'r [Text],
    hits: Vec<String>,
    misses: Vec<String>,
    variable: &'r str,
    remedy: Steps<'r>,
    references: &'r [Text],
}

#[derive(Serialize)]
struct Span {
    before: u32,
    after: u32,
}

#[derive(Serialize)]
struct PartName<'r> {
    name: &'r str,
    optional: bool,
}

#[derive(Serialize)]
struct Steps<'r> {
    revoke: &'r str,
    replace: &'r str,
    store: &'r str,
    verify: &'r str,
}

fn listed(rule: &Rule) -> Listed<'_> {
    let spec = &rule.spec;
    Listed {
        id: rule.id(),
        title: &spec.title,
        provider: &rule.provider,
        kind: match rule.kind {
            Kind::Secret => "secret",
            Kind::Hygiene => "hygiene",
            Kind::File => "file",
        },
        severity: rule.severity.name(),
        security_severity: format!("{:.1}", spec.severity),
        confidence: confidence_name(spec.confidence),
        description: spec.description.trim(),
        generic: spec.generic,
        anchors: &spec.anchors,
        ignore_case: spec.ignore_case,
        reach: Span { before: spec.reach.before, after: spec.reach.after },
        measure: spec.measure,
        guard: spec.guard,
        forms: &spec.forms,
        parts: spec.parts.iter().map(|part| PartName { name: &part.name, optional: part.optional }).collect(),
        checks: &spec.checks,
        paths: &spec.paths,
        hits: shown_hits(rule),
        misses: shown_misses(rule),
        variable: &spec.variable,
        remedy: Steps {
            revoke: spec.remedy.revoke.trim(),
            replace: spec.remedy.replace.trim(),
            store: spec.remedy.store.trim(),
            verify: spec.remedy.verify.trim(),
        },
        references: &spec.references,
    }
}

fn kind_in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Secret => "a credential",
        Kind::Hygiene => "a habit that leads to leaks",
        Kind::File => "a file that should not be there",
    }
}

fn samples(title: &str, samples: &[String], out: &mut dyn Write) -> io::Result<()> {
    if samples.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    for sample in samples {
        for line in sample.lines() {
            writeln!(out, "{INDENT}{}", super::hostile::line(line.as_bytes()))?;
        }
    }
    Ok(())
}

fn shown_hits(rule: &Rule) -> Vec<String> {
    let masked = rule.kind == Kind::Secret;
    rule.spec.hits.iter().map(|hit| shown(hit, masked.then_some(rule.spec.show.into()))).collect()
}

fn shown_misses(rule: &Rule) -> Vec<String> {
    rule.spec.misses.iter().map(|miss| shown(miss, None)).collect()
}

/// A sample for the eye: what would be filled in is `…`. With a number, so many bytes of what stands between the
/// marks are shown and the rest is `…`.
fn shown(template: &str, masked: Option<usize>) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(character) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("%{").and_then(after_generator) {
            if !text.ends_with('…') {
                text.push('…');
            }
            rest = after;
            continue;
        }
        if let (Some(show), Some(after)) = (masked, rest.strip_prefix('«'))
            && let Some((secret, after)) = after.split_once('»')
        {
            let plain = secret.split(['%', '‸']).next().unwrap_or_default();
            let start = plain.char_indices().take_while(|(at, c)| at + c.len_utf8() <= show).map(|(_, c)| c);
            text.push_str(&format!("«{}…»", start.collect::<String>()));
            rest = after;
            continue;
        }
        text.push(character);
        rest = &rest[character.len_utf8()..];
    }
    text
}

/// What follows a generator, if the text behind `%{` is one.
fn after_generator(text: &str) -> Option<&str> {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut depth = 1;
    let end = text.bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some(&text[end + 1..])
}

/// Writes a text in lines that fit, the first after `lead`, the others after `indent`.
fn wrapped(lead: &str, indent: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut line = lead.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            writeln!(out, "{line}")?;
            line = indent.to_owned();
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    writeln!(out, "{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_not_shown_whole() {
        assert_eq!(shown("key = «SG.%{a:22}.%{b:43}»", Some(7)), "key = «SG.…»");
        assert_eq!(shown("«ab‸cdef» x", Some(4)), "«ab…» x");
        assert_eq!(shown("«abcdef» x", Some(4)), "«abcd…» x");
        assert_eq!(shown("id %{hex:3}%{word} ${x} %{to-hex:%{byte:00}}.", None), "id … ${x} ….");
        assert_eq!(shown("«unclosed", Some(2)), "«unclosed");
    }

    #[test]
    fn every_built_in_rule_is_in_the_table_and_can_be_explained() {
        let rules = RuleSet::builtin();
        let mut listing = Vec::new();
        table(&rules, &mut listing).expect("a Vec can be written to");
        assert_eq!(listing.iter().filter(|b| **b == b'\n').count(), rules.rules().len());
        for rule in rules.rules() {
            let mut text = Vec::new();
            explanation(rule, &mut text).expect("a Vec can be written to");
            let text = String::from_utf8(text).expect("rules are text");
            assert!(text.starts_with(&format!("{}: ", rule.id())));
            assert!(text.contains("\nWhat to do\n"), "{}", rule.id());
        }
    }

    #[test]
    fn the_json_form_lists_each_rule_once() {
        let rules = RuleSet::builtin();
        let mut bytes = Vec::new();
        json(rules.rules().iter().map(AsRef::as_ref), &mut bytes).expect("a Vec can be written to");
        let value: serde_json::Value = serde_json::from_slice(&bytes).expect("it is JSON");
        assert_eq!(value["schema_version"], 1);
        assert_eq!(value["rules"].as_array().map(Vec::len), Some(rules.rules().len()));
        assert!(value["rules"][0]["remedy"]["replace"].is_string());
        let key = value["rules"].as_array().and_then(|list| list.iter().find(|rule| rule["id"] == "sendgrid-api-key"));
        let key = key.expect("it is a built-in rule");
        assert_eq!(key["anchors"][0], "SG.");
        assert_eq!(key["checks"][0], serde_json::json!({"structure": "sendgrid-key"}));
    }
}
