//! Texts that are cut off anywhere, with whatever comes next: none may break what looks for credentials and judges them.

mod support;

use support::samples::fill;
use support::{document, quiet_scan};
use unleak::document::Changed;

/// What may stand behind the place where a text is cut off.
const TAILS: [&[u8]; 14] =
    [b"", b" ", b"\n", b"\n  ", b":\n\t", b"\"", b"'", b"(\"", b"{", b": {", b"\\", b" = ", b"\xe2\x80", b"=3D"];

/// Finds and judges as a scan does.
fn look_through(path: &str, text: &[u8]) {
    let scan = quiet_scan();
    let document = document(path, text, Changed::Whole);
    for candidate in scan.engine.candidates(path.as_bytes(), text, &Changed::Whole) {
        scan.judge.verdict(&candidate, &document);
    }
}

/// Some places in a text of this length, more of them in a short one.
fn places(len: usize) -> impl Iterator<Item = usize> {
    (0..len).step_by(1 + len / 24)
}

/// The samples of all rules, and their anchors alone.
fn samples() -> Vec<(String, Vec<u8>)> {
    let mut samples = Vec::new();
    for rule in quiet_scan().engine.rules().rules() {
        for (nth, template) in rule.spec.hits.iter().chain(rule.spec.misses.iter()).enumerate() {
            let sample = fill(rule.id(), nth, 1, template);
            samples.push((sample.path, sample.text));
        }
        samples.extend(rule.spec.anchors.iter().map(|anchor| (String::new(), anchor.as_bytes().to_vec())));
    }
    samples
}

#[test]
fn a_text_may_end_anywhere() {
    for (path, text) in samples() {
        for end in places(text.len()) {
            look_through(&path, &text[..end]);
        }
        for tail in TAILS {
            look_through(&path, &[&text, tail].concat());
        }
    }
}

#[test]
fn a_text_may_begin_anywhere() {
    for (path, text) in samples() {
        for start in places(text.len()) {
            look_through(&path, &text[start..]);
        }
    }
}
