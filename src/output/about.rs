//! What several formats say of a finding in the same words, and the names by which they keep findings apart.

use super::place;
use super::redact::Redactor;
use crate::finding::Finding;
use crate::rule::RuleSpec;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;

/// A finding in paragraphs of plain text: why it matters, how it is written, its history, what to do.
pub(super) fn paragraphs(finding: &Finding, redactor: &Redactor) -> Vec<String> {
    let line = |text: &str| redactor.line(text.as_bytes());
    let mut paragraphs = vec![line(&finding.rule.spec.description)];
    let mut say = |name: &str, text: String| paragraphs.push(format!("{name}: {text}"));
    if let Some(forms) = place::forms_in_words(&finding.forms) {
        say("Written in", forms);
    }
    if let Some(commit) = finding.origin.commit_id.as_ref().filter(|_| place::has_file(&finding.origin)) {
        say("Commit", commit.to_string());
    }
    if let Some(story) = &finding.lifecycle {
        say("History", line(&place::story_in_words(story)));
    }
    if let Some(advice) = place::history_advice(finding) {
        say("Advice", advice.to_owned());
    }
    if let Some(known) = &finding.known {
        say("Already committed at", redactor.line(&known.path));
    }
    let remedy = &finding.remedy;
    for (step, what) in [
        ("Next", place::next_step(finding)),
        ("Revoke", &remedy.revoke),
        ("Replace", &remedy.replace),
        ("Store", &remedy.store),
        ("Verify", &remedy.verify),
    ] {
        if !what.trim().is_empty() {
            say(step, line(what.trim()));
        }
    }
    say("Fingerprint", finding.fingerprint.to_string());
    paragraphs
}

/// What a rule says is to be done, of no finding in particular: a verb and what to do, in order.
pub(super) fn steps(spec: &RuleSpec, redactor: &Redactor) -> Vec<(&'static str, String)> {
    let remedy = &spec.remedy;
    let variable = if spec.variable.is_empty() { "the variable" } else { &*spec.variable };
    [("Revoke", &remedy.revoke), ("Replace", &remedy.replace), ("Store", &remedy.store), ("Verify", &remedy.verify)]
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(step, text)| {
            let text = text.trim().replace("{key_id}", "KEY_ID").replace("{variable}", variable);
            (step, redactor.line(text.as_bytes()))
        })
        .collect()
}

/// A name for each finding that no other of the report has: its fingerprint, numbered from the second time on.
/// It does not change when lines move.
pub(super) fn unique_names(findings: &[Finding]) -> Vec<String> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    let name = |finding: &Finding, time: usize| match time {
        1 => finding.fingerprint.to_string(),
        nth => format!("{}-{nth}", finding.fingerprint),
    };
    findings
        .iter()
        .map(|finding| {
            let time = times.entry(finding.fingerprint.as_str()).or_default();
            *time += 1;
            name(finding, *time)
        })
        .collect()
}

/// 16 bytes that stand for the texts.
pub(super) fn digest(texts: &[&str]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    let mut half = [0; 16];
    half.copy_from_slice(&hash.finalize()[..16]);
    half
}

/// A text that a format takes only so much of, in characters.
pub(super) fn at_most(text: &str, characters: usize) -> Cow<'_, str> {
    match text.char_indices().nth(characters) {
        None => text.into(),
        Some(_) => {
            let end = text.char_indices().nth(characters - 1).map_or(0, |(at, _)| at);
            format!("{}…", &text[..end]).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_to_characters() {
        assert_eq!(at_most("äöü", 3), "äöü");
        assert_eq!(at_most("äöüß", 3), "äö…");
    }

    #[test]
    fn digests_tell_where_one_text_ends() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
    }
}
