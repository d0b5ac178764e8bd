//! The spellings of an anchor: plain, and as it looks inside base64, escapes, hexadecimal and UTF-16.
//!
//! `build.rs` reads this file too, and so prints what it makes with `Debug` as source: see [`super::table`].

use crate::rule::{Form, RuleSpec};
use data_encoding::BASE64;
use std::ops::Range;

/// A literal that gives an anchor away, and how to get from it back to the anchor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spelling {
    /// The rule's index in the set.
    pub rule: usize,
    /// The literal's length in bytes.
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
}

impl Decode {
    pub(crate) fn form(self) -> Form {
        match self {
            Decode::Base64 { .. } => Form::Base64,
            Decode::Percent => Form::Percent,
            Decode::Escaped => Form::Escaped,
            Decode::Hex => Form::Hex,
            Decode::Utf16 => Form::Utf16,
        }
    }

    /// How many bytes of text one byte of what it spells takes at most, line breaks included, in tenths.
    fn growth(self) -> usize {
        match self {
            Decode::Base64 { .. } => 18,
            Decode::Percent => 30,
            Decode::Escaped => 60,
            Decode::Hex | Decode::Utf16 => 20,
        }
    }
}

/// The rule of what is no rule's: the beginnings of compressed texts in base64, in which all rules look.
pub(crate) const PACKED: usize = u32::MAX as usize;

/// How much base64 of a compressed text is read.
const LONGEST_PACKED: usize = 64 << 10;

/// What compressed texts begin with in base64: gzip without and with a name, zip, xz, bzip2, Zstandard; and gzip in base64
/// of base64.
const PACKINGS: [&str; 11] = [
    "H4sIA",
    "H4sIC",
    "UEsDBBQ",
    "UEsDBAo",
    "/Td6WFoA",
    "_Td6WFoA",
    "QlpoOTFBWSZTW",
    "KLUv/",
    "KLUv_",
    "SDRzSUF",
    "SDRzSUN",
];

/// The spellings of compressed texts.
pub(crate) fn packings() -> impl Iterator<Item = (Vec<u8>, Spelling)> {
    PACKINGS.into_iter().map(|literal| {
        let spelling = Spelling {
            rule: PACKED,
            len: literal.len(),
            ignore_case: false,
            decode: [None, None],
            anchor_len: literal.len(),
            before: 1,
            after: LONGEST_PACKED,
        };
        (literal.as_bytes().to_vec(), spelling)
    })
}

/// Bytes beyond a rule's reach that guards look at.
pub(crate) const GUARD_REACH: usize = 12;

/// How far from an anchor a change may lie for the anchor to be met again by a search round the change. What an
/// anchor's candidates depend on beyond that, a sweep keeps in mind.
const NEAR: usize = 64;

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
        for form in rule.forms.iter() {
            for (literal, decode) in spelled(plain, *form) {
                push(literal, [Some(decode), None]);
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
    let spelling = Spelling {
        rule: index,
        len: literal.len(),
        ignore_case: rule.ignore_case && decode[0].is_none(),
        before: grown(rule.reach.before),
        after: grown(rule.reach.after) + joined,
        anchor_len,
        decode,
    };
    (literal, spelling)
}

/// Room for the quotes, operators and line ends between joined literals.
pub(crate) const JOIN_SLACK: usize = 160;

fn spelled(plain: &[u8], form: Form) -> Vec<(Vec<u8>, Decode)> {
    match form {
        Form::Joined | Form::Packed => Vec::new(),
        Form::Base64 => base64(plain),
        Form::Percent => escapes(plain, Decode::Percent, &[|b| format!("%{b:02X}"), |b| format!("%{b:02x}")]),
        Form::Escaped => escapes(
            plain,
            Decode::Escaped,
            &[
                |b| format!("\\u{b:04x}"),
                |b| format!("\\u{b:04X}"),
                |b| format!("\\x{b:02x}"),
                |b| format!("\\x{b:02X}"),
                |b| format!("\\{b:03o}"),
                |b| format!("&#{b};"),
                |b| format!("&#x{b:02x};"),
                |b| format!("&#x{b:02X};"),
            ],
        ),
        Form::Hex => vec![
            (data_encoding::HEXLOWER.encode(plain).into_bytes(), Decode::Hex),
            (data_encoding::HEXUPPER.encode(plain).into_bytes(), Decode::Hex),
        ],
        Form::Utf16 => {
            let mut literal: Vec<u8> = plain.iter().flat_map(|&b| [b, 0]).collect();
            literal.pop();
            vec![(literal, Decode::Utf16)]
        }
    }
}

/// The characters for each of the three alignments. Where few are the same whatever stands round the anchor,
/// every choice for the next one is spelled out, given that ASCII follows: longer literals are rarer.
fn base64(plain: &[u8]) -> Vec<(Vec<u8>, Decode)> {
    let mut all = Vec::new();
    for lead in 0..3 {
        let mut padded = vec![0; lead];
        padded.extend_from_slice(plain);
        let skip = (lead * 8).div_ceil(6);
        let end = (lead + plain.len()) * 8 / 6;
        if end < skip + 3 {
            continue;
        }
        // The bits that the last character takes from the byte behind the anchor.
        let taken = (6 - (lead + plain.len()) * 8 % 6) % 6;
        let is_short = end < skip + 5 && taken > 0;
        for next in if is_short { (0x20..0x80).step_by(1 << (8 - taken)) } else { (0..1).step_by(1) } {
            padded.truncate(lead + plain.len());
            padded.push(next);
            let encoded = BASE64.encode(&padded).into_bytes();
            let literal = encoded[skip..end + usize::from(is_short)].to_vec();
            if literal.iter().any(|b| matches!(b, b'+' | b'/')) {
                let url = literal
                    .iter()
                    .map(|b| match b {
                        b'+' => b'-',
                        b'/' => b'_',
                        b => *b,
                    })
                    .collect();
                all.push((url, Decode::Base64 { skip, lead }));
            }
            all.push((literal, Decode::Base64 { skip, lead }));
        }
    }
    all
}

/// The spelling in which every byte is escaped, and that in which only the marks are.
fn escapes(plain: &[u8], decode: Decode, spell: &[fn(u8) -> String]) -> Vec<(Vec<u8>, Decode)> {
    let mut all = Vec::new();
    for spell in spell {
        let marks: String = plain
            .iter()
            .map(|&b| if b.is_ascii_alphanumeric() || b == b'_' { char::from(b).to_string() } else { spell(b) })
            .collect();
        let whole: String = plain.iter().map(|&b| spell(b)).collect();
        if marks.as_bytes() != plain {
            all.push((marks.into_bytes(), decode));
        }
        all.push((whole.into_bytes(), decode));
    }
    all
}
