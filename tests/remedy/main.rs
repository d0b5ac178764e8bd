//! The remedy of a secret: words, edits, and what the edits make of a program.

mod blocks;
mod catalogue;
mod compiled;
mod languages;
mod logins;
mod places;
mod runs;
mod settings;

use std::sync::{Arc, OnceLock};
use unleak::document::{Ahead, Changed, Charset, Document, Lines, Origin};
use unleak::finding::Candidate;
use unleak::remedy::{Reading, Remedy, mended, remedy};
use unleak::rule::Form;
use unleak::ruleset::{Rule, RuleSet};
use unleak::secret::Secret;

/// A key of the right shape, put together here so that none stands in the tree.
fn key() -> String {
    key_of(3)
}

fn key_of(seed: u32) -> String {
    let body = |seed: u32, len: usize| -> String {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
        (0..len as u32).map(|i| letters[((seed + i) * 37 % 64) as usize] as char).collect()
    };
    ["SG", &body(seed, 22), &body(seed + 8, 43)].join(".")
}

fn rule(id: &str) -> Arc<Rule> {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(RuleSet::builtin).get(id).expect("the built-in rules have it").clone()
}

fn candidate(text: &str, written: &str, forms: &[Form]) -> Candidate {
    let start = text.find(written).expect("the sample holds its secret");
    Candidate {
        rule: rule("sendgrid-api-key"),
        anchor: start,
        window: 0..text.len(),
        span: start..start + written.len(),
        whole: start..start + written.len(),
        secret: Secret::new(key().into_bytes()),
        key_id: Some("abc".into()),
        parts: Vec::new(),
        forms: forms.to_vec(),
        encoded_newline: false,
        decoded: None,
    }
}

fn document(path: &str, text: &str) -> Document {
    Document {
        origin: Origin { path: path.into(), ..Origin::default() },
        text: text.into(),
        charset: Charset::Bytes,
        changed: Changed::Whole,
        before: Vec::new(),
        tracked: true,
        ahead: Ahead::default(),
    }
}

fn remedy_for(path: &str, text: &str, candidate: &Candidate) -> Remedy {
    let document = document(path, text);
    let remedy = remedy(candidate, &document, &Lines::new(&document.text), &Reading::default());
    check(&remedy, text);
    remedy
}

fn remedy_of(path: &str, text: &str) -> Remedy {
    remedy_for(path, text, &candidate(text, &key(), &[]))
}

fn mended_by(remedy: &Remedy, text: &str) -> String {
    String::from_utf8(mended(text.as_bytes(), &remedy.edits)).expect("samples are UTF-8")
}

/// The sample with the key in place of `KEY`, and the same after its edits, with `KEY` for a key left over.
fn fixed(path: &str, sample: &str) -> String {
    let text = sample.replace("KEY!", &key());
    mended_by(&remedy_of(path, &text), &text).replace(&key(), "KEY!")
}

/// What holds of every remedy: ordered edits at their places, and no secret in anything it says.
fn check(remedy: &Remedy, text: &str) {
    let lines = unleak::document::Lines::new(text.as_bytes());
    for pair in remedy.edits.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start);
    }
    for edit in &remedy.edits {
        assert_eq!(edit.location, lines.location(&edit.span));
        assert!(!edit.inserted.contains("SG."));
    }
    let words = [&remedy.next, &remedy.revoke, &remedy.replace, &remedy.store, &remedy.verify, &remedy.expression];
    assert!(words.iter().all(|w| !w.contains(&key())), "{words:?}");
    assert!(!remedy.next.contains('\n'));
}

/// Each sample becomes what stands beside it.
fn becomes(path: &str, samples: &[(&str, &str)]) {
    for (before, after) in samples {
        assert_eq!(fixed(path, before), *after, "{path}: {before}");
    }
}

/// No sample is changed, and the words say what to do.
fn stays(path: &str, samples: &[&str]) {
    for sample in samples {
        assert_eq!(fixed(path, sample), *sample, "{path}");
        let remedy = remedy_of(path, &sample.replace("KEY!", &key()));
        assert!(!remedy.replace.is_empty() && !remedy.next.is_empty());
    }
}
