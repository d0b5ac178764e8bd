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

/// Some places in a text of this length, nearly all in a short one.
fn places(len: usize) -> impl Iterator<Item = usize> {
    (0..len).step_by(1 + len / 12)
}

/// The samples of all rules, each with its path.
fn samples() -> impl Iterator<Item = (String, Vec<u8>)> {
    quiet_scan().engine.rules().rules().iter().flat_map(|rule| {
        let templates = rule.spec.hits.iter().chain(rule.spec.misses.iter());
        templates.enumerate().map(|(nth, template)| {
            let sample = fill(rule.id(), nth, 1, template);
            (sample.path, sample.text)
        })
    })
}

#[test]
fn a_text_may_end_behind_every_anchor_and_what_follows_it() {
    for anchor in quiet_scan().engine.rules().rules().iter().flat_map(|rule| rule.spec.anchors.iter()) {
        for tail in TAILS {
            look_through("a.yml", &[anchor.as_bytes(), tail].concat());
        }
    }
}

#[test]
fn a_text_may_end_and_begin_anywhere() {
    for (path, text) in samples() {
        for place in places(text.len()) {
            look_through(&path, &text[..place]);
            look_through(&path, &text[place..]);
        }
    }
}
