//! The spellings of an anchor: plain, and as it looks inside base64, escapes, hexadecimal and UTF-16.
//!
//! `build.rs` reads this file too, and so prints what it makes with `Debug` as source: see [`super::table`].

mod encoded;
pub(crate) mod openings;

use crate::rule::{Form, Kind, RuleSpec};
use encoded::{UNSEEN, UNSEEN_BEHIND, characters, joints, numbers, spelled};
use std::ops::Range;

/// A literal that gives an anchor away, and how to get from it back to the anchor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spelling {
    /// The rule's index in the set.
    pub rule: usize,
    /// The literal's length in bytes, no more than [`LONGEST`].
    pub len: usize,
    /// Whether any ASCII case will do.
    pub ignore_case: bool,
    /// How to decode, outermost first; nothing for the plain spelling.
    pub decode: [Option<Decode>; 2],
    /// The plain anchor's length in bytes.
    pub anchor_len: usize,
    /// Bytes before the literal that candidates depend on.
    pub before: usize,
    /// Bytes after the literal's end that candidates depend on.
    pub after: usize,
}

/// One step of decoding from a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Decode {
    /// The literal's first character is number `skip` of a group of four, and what it spells begins `lead`
    /// bytes into the group's three.
    Base64 { skip: usize, lead: usize },
    /// Percent escapes.
    Percent,
    /// Backslash and character reference escapes.
    Escaped,
    /// Two hexadecimal digits a byte.
    Hex,
    /// A NUL beside every byte.
    Utf16,
    /// Base64 that begins with the literal.
    Begins,
    /// A list of numbers, one a byte, behind the literal.
    Listed,
    /// Characters that nobody sees in between.
    Unseen,
    /// Three NULs beside every byte.
    Utf32,
    /// Numbers from the literal on, one a byte: as programs write them or as two hexadecimal digits.
    Numbers { digits: bool },
    /// Literals of one character each, from the quote of the first on.
    Characters,
    /// A text beside the literal that is turned round.
    Reversed,
    /// The end of one literal and the beginning of the next, joined in between.
    Joined,
}

impl Decode {
    pub(crate) fn form(self) -> Form {
        match self {
            Decode::Base64 { .. } | Decode::Begins => Form::Base64,
            Decode::Percent => Form::Percent,
            Decode::Escaped | Decode::Listed | Decode::Numbers { .. } => Form::Escaped,
            Decode::Unseen | Decode::Characters => Form::Split,
            Decode::Joined => Form::Joined,
            Decode::Hex => Form::Hex,
            Decode::Utf16 | Decode::Utf32 => Form::Utf16,
            Decode::Reversed => Form::Reversed,
        }
    }

    /// How many bytes of text one byte of what it spells takes at most, line breaks included, in tenths.
    fn growth(self) -> usize {
        match self {
            Decode::Base64 { .. } | Decode::Begins => 18,
            Decode::Percent => 30,
            Decode::Escaped | Decode::Listed => 60,
            Decode::Unseen | Decode::Utf32 => 40,
            Decode::Numbers { .. } | Decode::Characters => 100,
            Decode::Reversed | Decode::Joined => 10,
            Decode::Hex | Decode::Utf16 => 20,
        }
    }
}

/// Bytes beyond a rule's reach that guards look at.
pub(crate) const GUARD_REACH: usize = 12;

/// How far from an anchor a change may lie for the anchor to be met again by a search round the change. What an
/// anchor's candidates depend on beyond that, a sweep keeps in mind.
const NEAR: usize = 28;

impl Spelling {
    /// The bytes that candidates at this literal depend on.
    pub(crate) fn window(&self, at: usize, len: usize) -> Range<usize> {
        at.saturating_sub(self.before)..(at + self.len + self.after).min(len)
    }

    /// The part of the window that is near the literal.
    pub(crate) fn zone(&self, at: usize, len: usize) -> Range<usize> {
        at.saturating_sub(self.before.min(NEAR))..(at + self.len + self.after.min(NEAR)).min(len)
    }

    /// How far the window lies from the literal's farther side.
    pub(crate) fn margin(&self) -> usize {
        self.before.max(self.after) + self.len
    }

    /// How far before a change the literal may begin for its zone to meet it.
    pub(crate) fn near_after(&self) -> usize {
        self.len + self.after.min(NEAR)
    }

    /// How far after a change the literal may end for its zone to meet it.
    pub(crate) fn near_before(&self) -> usize {
        self.len + self.before.min(NEAR)
    }

    /// Whether the literal is but the beginning of the anchor as it stands.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_plain() && self.len < self.anchor_len
    }

    /// Whether the anchor stands as it is, not encoded.
    pub(crate) fn is_plain(&self) -> bool {
        self.decode[0].is_none()
    }
}

/// Every spelling of a rule's anchors, with the literal that gives it away.
pub(crate) fn spellings(index: usize, rule: &RuleSpec) -> Vec<(Vec<u8>, Spelling)> {
    let mut all: Vec<(Vec<u8>, Spelling)> = Vec::new();
    for anchor in rule.anchors.iter() {
        let plain = anchor.as_bytes();
        let mut push = |literal, decode| all.push(spelling(index, rule, plain.len(), literal, decode));
        push(plain.to_vec(), [None, None]);
        if rule.ignore_case {
            continue;
        }
        let implied = IMPLIED.iter().filter(|form| is_token(rule, plain) && !rule.forms.contains(form));
        for form in rule.forms.iter().chain(implied) {
            for (literal, decode) in spelled(plain, *form) {
                push(literal, [Some(decode), None]);
            }
        }
        // What has its escapes looked for is short, and an anchor that is longer stands whole in most cases.
        if rule.forms.contains(&Form::Escaped) {
            for (literal, decode) in numbers(plain).chain(characters(plain)) {
                push(literal, [Some(decode), None]);
            }
            let wide: Vec<u8> = plain.iter().flat_map(|b| [*b, 0, 0, 0]).collect();
            push(wide[..wide.len() - 3].to_vec(), [Some(Decode::Utf32), None]);
            for mark in UNSEEN {
                for at in 1..=plain.len() {
                    push([&plain[..at], mark, &plain[at..]].concat(), [Some(Decode::Unseen), None]);
                }
                let characters: Vec<&[u8]> = plain.chunks(1).collect();
                push(characters.join(mark), [Some(Decode::Unseen), None]);
            }
            for mark in UNSEEN_BEHIND {
                push([plain, mark.as_bytes()].concat(), [Some(Decode::Unseen), None]);
            }
            for (at, joint) in (1..plain.len()).flat_map(|at| joints().map(move |joint| (at, joint))) {
                push([&plain[..at], joint.as_bytes(), &plain[at..]].concat(), [Some(Decode::Joined), None]);
            }
        }
        if rule.forms.contains(&Form::Base64) {
            let inner = [Form::Utf16, Form::Percent, Form::Escaped].into_iter().filter(|f| rule.forms.contains(f));
            for (literal, decode) in inner.flat_map(|form| spelled(plain, form)) {
                for (literal, outer) in spelled(&literal, Form::Base64) {
                    push(literal, [Some(outer), Some(decode)]);
                }
            }
        }
    }
    for anchor in rule.encoded.iter() {
        let encoded = spelled(anchor.as_bytes(), Form::Base64).into_iter();
        all.extend(encoded.map(|(literal, decode)| spelling(index, rule, anchor.len(), literal, [Some(decode), None])));
    }
    all.sort_by(|a, b| (&a.0, a.1.decode).cmp(&(&b.0, b.1.decode)));
    all.dedup_by(|a, b| a.0 == b.0 && a.1.decode == b.1.decode);
    all
}

/// Forms in which all tokens are looked for: settings of clusters, and programs for Windows.
const IMPLIED: [Form; 2] = [Form::Base64, Form::Utf16];
/// Shorter anchors in base64 are too common for that.
const LEAST_IMPLIED: usize = 4;

/// How much of an anchor is looked for at most: a search round a change begins so far before it.
const LONGEST: usize = 20;

/// Whether the anchor is of something that is known by itself, in whatever text it stands.
fn is_token(rule: &RuleSpec, anchor: &[u8]) -> bool {
    let is_text = anchor.iter().all(|byte| matches!(byte, b' '..=b'~'));
    rule.kind == Kind::Secret && rule.assigned.is_none() && anchor.len() >= LEAST_IMPLIED && is_text
}

fn spelling(
    index: usize,
    rule: &RuleSpec,
    anchor_len: usize,
    literal: Vec<u8>,
    decode: [Option<Decode>; 2],
) -> (Vec<u8>, Spelling) {
    let grown = |reach: u32| {
        let growth = decode.iter().flatten().fold(10, |g, d| g * d.growth() / 10);
        (reach as usize + GUARD_REACH) * growth / 10
    };
    let joined = if rule.forms.contains(&Form::Joined) { JOIN_SLACK } else { 0 };
    let cut = literal.len().saturating_sub(LONGEST);
    let mut literal = literal;
    literal.truncate(LONGEST);
    let spelling = Spelling {
        rule: index,
        len: literal.len(),
        ignore_case: rule.ignore_case && decode[0].is_none(),
        before: grown(rule.reach.before) + if joined > 0 { CALL_SLACK } else { 0 },
        after: cut + grown(rule.reach.after) + joined,
        anchor_len,
        decode,
    };
    (literal, spelling)
}

/// Room for the quotes, operators and line ends between joined literals.
pub(crate) const JOIN_SLACK: usize = 240;
/// Room for the call before them.
pub(crate) const CALL_SLACK: usize = 40;
