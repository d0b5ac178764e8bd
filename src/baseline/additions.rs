//! What a change adds to the baseline: each entry is a finding of its own, so that whoever reviews the change
//! sees what it would accept.

use super::{Baseline, Conflicts, Entry, line};
use crate::document::{Aspect, Document, Lines};
use crate::finding::{Confidence, Finding, Severity};
use crate::fingerprint::Fingerprint;
use crate::frame;
use crate::line_hash::document_line_hashes;
use crate::remedy::Remedy;
use crate::ruleset::Rule;
use crate::secret::Secret;
use crate::source::{Loaded, Selected};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// The id of the rule about what a change adds.
pub const ADDITION: &str = "unleak-baseline-addition";

/// The rule about what a change adds. No pattern finds it, so it is in no set of rules.
pub fn addition_rule() -> &'static Arc<Rule> {
    static RULE: LazyLock<Arc<Rule>> = LazyLock::new(|| {
        let spec = toml::from_str(SPEC).expect("a test reads it");
        Arc::new(Rule::new("unleak", spec).expect("a test makes it"))
    });
    &RULE
}

const SPEC: &str = r#"
id = "unleak-baseline-addition"
title = "Entry added to the baseline"
description = """The change accepts a finding: once it is merged, scans that are given this baseline no longer \
report it. A change must not quietly excuse what it leaks itself."""
severity = 0.5
confidence = "high"
kind = "hygiene"
anchors = ['"fingerprint":"v2-']
pattern = '"fingerprint":"v2-'

[remedy]
revoke = "If the secret is real, revoke it instead of accepting it."
replace = "Take the line out of the baseline, and the secret out of the file."
"#;

/// The entries that the selected change adds to the baseline, or lets last longer: beyond what stood in the file
/// before and, if the baseline was read from a revision, beyond what stands there.
pub fn additions(baseline: &Baseline, selected: &Selected) -> Vec<Finding> {
    let is_change = selected.scanned.mode != "files";
    if !is_change && baseline.revision.is_none() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut told = BTreeSet::new();
    for entry in &selected.entries {
        if entry.origin.part != Aspect::Content || !baseline.is_at(&entry.origin.path) {
            continue;
        }
        let Loaded::Document(document) = selected.reader.load(entry) else { continue };
        let mut old = match &baseline.revision {
            Some(_) => baseline.entries.clone(),
            None => BTreeMap::new(),
        };
        for text in document.before.iter().filter_map(|before| selected.reader.before(before)) {
            learn(&text, &mut old);
        }
        for (span, new) in spans(&document.text) {
            let is_known = old.get(&new.fingerprint).is_some_and(|old| !new.outlasts(old));
            if !is_known && told.insert((new.fingerprint.clone(), new.expires)) {
                findings.push(finding(&document, span, &new, old.contains_key(&new.fingerprint)));
            }
        }
    }
    findings
}

/// Of two that accept the same finding, the one that lasts longer was there.
fn learn(text: &[u8], old: &mut BTreeMap<String, Entry>) {
    for entry in line::entries(text, Conflicts::Joined).filter_map(|(_, entry)| entry.ok()) {
        let known = old.entry(entry.fingerprint.clone()).or_insert_with(|| entry.clone());
        if entry.outlasts(known) {
            *known = entry;
        }
    }
}

/// The entries of a text with the bytes of their lines.
fn spans(text: &[u8]) -> Vec<(Range<usize>, Entry)> {
    let mut starts = vec![0];
    starts.extend(memchr::memchr_iter(b'\n', text).map(|at| at + 1));
    let end = |nth: usize| starts[nth] + text[starts[nth]..].split(|b| *b == b'\n').next().map_or(0, <[u8]>::len);
    line::entries(text, Conflicts::Joined)
        .filter_map(|(nth, entry)| Some((starts[nth - 1]..end(nth - 1), entry.ok()?)))
        .map(|(span, entry)| (span.start..span.start + text[span].trim_ascii_end().len(), entry))
        .collect()
}

fn finding(document: &Document, span: Range<usize>, entry: &Entry, is_longer: bool) -> Finding {
    let rule = addition_rule();
    let lines = Lines::new(&document.text);
    let location = lines.location(&span);
    // Only its first bytes are marked: an entry is a long line.
    let marked = span.start..span.start + span.len().min(60);
    Finding {
        severity: Severity::Note,
        confidence: Confidence::High,
        origin: document.origin.clone(),
        location,
        secret: Secret::new([]),
        key_id: None,
        forms: Vec::new(),
        encoded_newline: false,
        fingerprint: Fingerprint::of(ADDITION, &document.origin.path, Secret::new(entry.fingerprint.as_bytes())),
        line_hash: document_line_hashes(document, &[location.start_line]).pop().unwrap_or_default(),
        known: None,
        lifecycle: None,
        frame: frame::frame(&document.text, &lines, &marked, &[]),
        steps: Vec::new(),
        remedy: Remedy {
            next: next(entry, is_longer),
            revoke: rule.spec.remedy.revoke.to_string(),
            replace: rule.spec.remedy.replace.to_string(),
            ..Remedy::default()
        },
        rule: Arc::clone(rule),
    }
}

fn next(entry: &Entry, is_longer: bool) -> String {
    let what = [entry.rule.as_str(), entry.masked.as_str()].join(" ");
    let at = if entry.path.is_empty() {
        "in a message".to_owned()
    } else {
        format!("at {}", String::from_utf8_lossy(&entry.path))
    };
    let by = if entry.by.is_empty() { String::new() } else { format!(" by {}", entry.by) };
    let until = entry.expires.map_or_else(|| "for good".to_owned(), |date| format!("until {date}"));
    let verb = if is_longer { "is to last longer" } else { "is to be accepted" };
    format!("see whether {} {at} {verb}{by}, {until}: {}", what.trim_end(), entry.reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_a_rule() {
        let rule = addition_rule();
        assert_eq!((rule.severity, rule.id()), (Severity::Note, ADDITION));
        rule.compile_all().expect("its pattern is one");
    }
}
