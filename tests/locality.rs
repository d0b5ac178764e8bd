//! The locality contract: for any text and any edit of it, what is inherited from the base through unchanged
//! copies, together with what is detected in the changed ranges, is what detecting in the whole finds.

use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use unleak::detect::Engine;
use unleak::document::Changed;
use unleak::finding::Candidate;
use unleak::ruleset::{Rule, RuleSet};

mod support;
use support::samples::fill;

/// A piece of an edited text.
#[derive(Debug, Clone)]
enum Piece {
    /// Bytes of the base.
    Copy(Range<usize>),
    /// New bytes.
    Insert(Vec<u8>),
}

/// Where a copy came to lie: from, to, length.
type Copied = (usize, usize, usize);

/// The edited text, its changed ranges, and its copies.
fn applied(base: &[u8], pieces: &[Piece]) -> (Vec<u8>, Vec<Range<usize>>, Vec<Copied>) {
    let mut text = Vec::new();
    let mut changed = Vec::new();
    let mut copies = Vec::new();
    let mut base_at = 0;
    for piece in pieces {
        let at = text.len();
        match piece {
            Piece::Copy(range) => {
                if range.start != base_at {
                    changed.push(at..at);
                }
                text.extend_from_slice(&base[range.clone()]);
                copies.push((range.start, at, range.len()));
                base_at = range.end;
            }
            Piece::Insert(bytes) => {
                text.extend_from_slice(bytes);
                changed.push(at..text.len());
            }
        }
    }
    if base_at != base.len() {
        changed.push(text.len()..text.len());
    }
    (text, merged(changed), copies)
}

fn merged(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

type Identity = (String, usize, (usize, usize), (usize, usize), Vec<u8>, String);

fn identity(candidate: &Candidate, shift: isize) -> Identity {
    let moved = |at: usize| at.checked_add_signed(shift).expect("a copy moves to a place in the text");
    let range = |r: &Range<usize>| (moved(r.start), moved(r.end));
    (
        candidate.rule.id().to_owned(),
        moved(candidate.anchor),
        range(&candidate.span),
        range(&candidate.window),
        candidate.secret.expose().to_vec(),
        format!("{:?} {:?}", candidate.forms, candidate.parts.iter().map(|p| range(&p.span)).collect::<Vec<_>>()),
    )
}

/// A copy that an insert of nothing splits is one copy still.
fn contiguous(copies: &[Copied]) -> Vec<Copied> {
    let mut joined: Vec<Copied> = Vec::new();
    for &(from, to, len) in copies {
        match joined.last_mut() {
            Some(last) if last.0 + last.2 == from && last.1 + last.2 == to => last.2 += len,
            _ => joined.push((from, to, len)),
        }
    }
    joined
}

fn inherited(base: &[Candidate], copies: &[Copied], changed: &Changed) -> BTreeSet<Identity> {
    let mut all = BTreeSet::new();
    for candidate in base {
        for &(from, to, len) in copies {
            let window = &candidate.window;
            if from <= window.start && window.end <= from + len {
                let shift = to as isize - from as isize;
                let moved = window.start.wrapping_add_signed(shift)..window.end.wrapping_add_signed(shift);
                if !changed.meets(&moved) {
                    all.insert(identity(candidate, shift));
                }
            }
        }
    }
    all
}

/// Text with credentials in it, whole and in pieces.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let chunk = prop_oneof![
        3 => "[ -~\n]{0,60}".prop_map(String::into_bytes),
        2 => (any::<u64>(), 0..SAMPLES.len()).prop_map(|(seed, which)| sample(which, seed)),
        1 => (any::<u64>(), 0..SAMPLES.len(), any::<prop::sample::Index>()).prop_map(|(seed, which, cut)| {
            let sample = sample(which, seed);
            sample[..cut.index(sample.len())].to_vec()
        }),
        1 => prop::sample::select(vec!["\" + \"", "\n", "\\n", "SG.", "U0cu", "=", "'", " "]).prop_map(|s| s.as_bytes().to_vec()),
    ];
    prop::collection::vec(chunk, 0..12).prop_map(|chunks| chunks.concat())
}

const SAMPLES: &[&str] = &[
    "db_password: %{password:12}\n",
    "{\"access_token\": \"%{alnum:40}\", \"api_key\": '%{hex:32}'}",
    "key = \"SG.%{sendgrid-id}.%{sendgrid-secret}\"\n",
    "SG.%{base64url:22}.%{base64url:43}",
    "\"SG.%{base64url:12}\" + \"%{base64url:10}.%{base64url:43}\"",
    "SG%2E%{base64url:22}%2E%{base64url:43}",
    "SG\\u002e%{base64url:22}\\u002e%{base64url:43} ",
    "key = \"ghp_%{alnum:20}\"; // half of it\nkey += \"%{alnum:16}\";\n",
    "join('', 'SG.%{base64url:22}.%{base64url:4}', '%{base64url:39}') ",
    "SG.%{base64url:22}.%{base64url:4}\u{200b}%{base64url:39} ",
];

fn sample(which: usize, seed: u64) -> Vec<u8> {
    let plain = fill("locality", which, seed, SAMPLES[which % SAMPLES.len()]).text;
    match seed % 5 {
        2 => [b"=", data_encoding::HEXLOWER.encode(&plain).as_bytes(), b";"].concat(),
        0 => data_encoding::BASE64.encode(&plain).into_bytes(),
        1 => plain.iter().flat_map(|b| [*b, 0]).collect(),
        _ => plain,
    }
}

fn edit(len: usize) -> impl Strategy<Value = Vec<Piece>> {
    let piece = prop_oneof![
        3 => (0..=len, 0..=len).prop_map(|(a, b)| Piece::Copy(a.min(b)..a.max(b))),
        1 => text().prop_map(Piece::Insert),
        1 => "[ -~]{0,3}".prop_map(|s| Piece::Insert(s.into_bytes())),
    ];
    // Real edits mostly go on where the last copy ended.
    let small = prop::collection::vec((0..=len, 0..=8usize, "[ -~\n]{0,20}"), 0..4).prop_map(move |mut edits| {
        edits.sort();
        let mut pieces = Vec::new();
        let mut at = 0;
        for (place, removed, inserted) in edits {
            let place = place.max(at);
            pieces.push(Piece::Copy(at..place));
            pieces.push(Piece::Insert(inserted.into_bytes()));
            at = (place + removed).min(len);
        }
        pieces.push(Piece::Copy(at..len));
        pieces
    });
    prop_oneof![small, prop::collection::vec(piece, 0..6)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]
    #[test]
    fn inherited_and_changed_is_whole((base, pieces) in text().prop_flat_map(|base| { let len = base.len(); (Just(base), edit(len)) })) {
        let engine = engine();
        let of_base = engine.candidates_anywhere(&base, &Changed::Whole);
        let (text, ranges, copies) = applied(&base, &pieces);
        let changed = Changed::Ranges(ranges);
        let whole: BTreeSet<Identity> = engine.candidates_anywhere(&text, &Changed::Whole).iter().map(|c| identity(c, 0)).collect();
        let mut sum = inherited(&of_base, &contiguous(&copies), &changed);
        let fresh: BTreeSet<Identity> = engine.candidates_anywhere(&text, &changed).iter().map(|c| identity(c, 0)).collect();
        for candidate in &whole {
            let meets = changed.meets(&(candidate.3.0..candidate.3.1));
            prop_assert_eq!(fresh.contains(candidate), meets, "what meets a changed range is detected there, and nothing else");
        }
        sum.extend(fresh);
        prop_assert_eq!(sum, whole);
    }
}

fn engine() -> &'static Engine {
    static ENGINE: std::sync::LazyLock<Engine> = std::sync::LazyLock::new(|| Engine::new(Arc::new(RuleSet::builtin())));
    &ENGINE
}

#[test]
fn the_texts_of_the_property_hold_candidates_in_every_form() {
    let engine = engine();
    let forms: BTreeSet<_> = (0..400)
        .flat_map(|seed| engine.candidates_anywhere(&sample(seed as usize / 4, seed), &Changed::Whole))
        .map(|c| format!("{:?}", c.forms))
        .collect();
    for form in ["[]", "[Joined]", "[Percent]", "[Escaped]", "[Hex]", "[Base64]", "[Utf16]", "[Split]"] {
        assert!(forms.contains(form), "no sample is found as {form}: {forms:?}");
    }
}

#[test]
fn an_anchor_is_not_settled_as_long_as_it_may_be_completed_far_away() {
    let word = "a_long_anchor_".repeat(8);
    let spec = format!(
        "id = \"acme-token\"\ntitle = \"t\"\ndescription = \"d\"\nseverity = 5.0\nanchors = [\"{word}\"]\npattern = '{word}'\n"
    );
    let spec = toml::from_str(&spec).expect("the rule is valid TOML");
    let rule = Rule::new("Acme", spec).expect("the rule is valid");
    let engine = Engine::new(Arc::new(RuleSet::new(vec![Arc::new(rule)]).expect("the ids differ")));
    // The last letter is another.
    let text = format!("{}! and so on", &word[..word.len() - 1]);
    let mut settled = Vec::new();
    engine.anchors(text.as_bytes(), 0..text.len(), |anchor| {
        let is_found = !engine.candidates_at(text.as_bytes(), anchor).is_empty();
        settled.push((is_found, engine.is_settled(text.as_bytes(), anchor)));
    });
    assert!(settled.contains(&(false, false)) && !settled.iter().any(|(is_found, _)| *is_found), "{settled:?}");
}
