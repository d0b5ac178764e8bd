//! The spellings of an anchor: plain, and as it looks inside base64, escapes, hexadecimal and UTF-16.
//!
//! `build.rs` reads this file too, and so prints what it makes with `Debug` as source: see [`super::table`].

use crate::rule::{Form, Kind, RuleSpec};
use data_encoding::BASE64;
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
            Decode::Unseen => Form::Split,
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
            Decode::Numbers { .. } => 100,
            Decode::Reversed | Decode::Joined => 10,
            Decode::Hex | Decode::Utf16 => 20,
        }
    }
}

/// The rule of what is no rule's: where a stretch stands that is written otherwise, in which all rules look.
pub(crate) const OPENED: usize = u32::MAX as usize;

/// How much of such a stretch is read behind the literal that gives it away, and how much before it.
const LONGEST_OPENED: usize = 64 << 10;
const LONGEST_BEFORE: usize = 1 << 10;

/// What texts begin with in base64. Compressed: gzip without and with a name, zip, xz, bzip2, Zstandard, zlib with each
/// of its levels. Then JSON, XML, YAML, scripts, settings of cloud machines.
const BEGINNINGS: [&str; 45] = [
    "H4sIA",
    "H4sIC",
    "UEsDBBQ",
    "UEsDBAo",
    "/Td6WFoA",
    "_Td6WFoA",
    "QlpoOTFBWSZTW",
    "KLUv/",
    "KLUv_",
    "eJw",
    "eJx",
    "eJy",
    "eJz",
    "eNo",
    "eNp",
    "eNq",
    "eNr",
    "eAE",
    "eAF",
    "eAG",
    "eAH",
    "eF4",
    "eF5",
    "eF6",
    "eF7",
    "eyJ",
    "eyAi",
    "ewog",
    "ewoJ",
    "ewoi",
    "ew0K",
    "W3si",
    "Wwog",
    "PD94bWwg",
    "LS0tC",
    "LS0tLS1CRUdJTi",
    "YXBpVmVyc2lvbj",
    "IyEvYmlu",
    "IyEvdXNyL2Jpbi",
    "I2Nsb3VkLWNvbmZpZ",
    "Q29udGVudC1UeXBlOi",
    "dmVyc2lvbjog",
    "W2RlZmF1bHRd",
    "W2NsaWVudF",
    "U0cu",
];

/// Words that stand in a text with a credential in it, whatever sort it is. They are looked for in base64, in base64 of
/// base64 or of UTF-16, in hexadecimal digits and in UTF-16.
const WORDS: [&str; 17] = [
    "password",
    "Password",
    "PASSWORD",
    "passwd",
    "PASSWD",
    "secret",
    "Secret",
    "SECRET",
    "TOKEN",
    "Token",
    "token",
    "api_key",
    "apiKey",
    "API_KEY",
    "APIKEY",
    "PRIVATE KEY",
    "AccountKey=",
];

/// Escapes that stand in a text all of whose characters are escaped and that holds a name with a value: of marks, and of
/// small letters where that is long enough. They are looked for in base64.
const ESCAPED_MARKS: [&str; 14] = [
    "\\u006", "\\u007", "\\x5f", "\\x3d", "\\x22", "\\x2d", "\\137", "\\075", "\\042", "\\055", "&#95;", "&#61;",
    "&#34;", "&#45;",
];

/// What stands in percent-encoded text alone: marks of JSON, a key's armour, percent signs that are encoded themselves.
const PERCENT: [&str; 27] = [
    "%7B%22",
    "%7b%22",
    "%22%3A",
    "%22%3a",
    "PRIVATE%20KEY",
    "PRIVATE+KEY-",
    "%2522",
    "%253D",
    "%253d",
    "%253A",
    "%253a",
    "%2526",
    "%252F",
    "%252f",
    "%5Cu00",
    "%5Cx6",
    "%5Cx7",
    "%5C14",
    "%5C15",
    "%5C16",
    "%26%23",
    "S%00G%00.",
    "a%00s%00s%00w",
    "e%00c%00r%00e",
    "E%00C%00R%00E",
    "A%00S%00S%00W",
    "P%00R%00I%00V",
];

/// How escapes of character references begin, which hold no letter.
const ESCAPED_REFERENCES: [&str; 5] = ["\\x26\\x23", "\\u0026\\u0023", "\\046\\043", "&#38;&#35;", "&#x26;&#x23;"];

/// How the escapes of letters begin in strings and in HTML.
const ESCAPES: [&str; 30] = [
    "\\u004", "\\u005", "\\u006", "\\u007", "\\x4", "\\x5", "\\x6", "\\x7", "\\10", "\\11", "\\12", "\\13", "\\14",
    "\\15", "\\16", "\\17", "&#6", "&#7", "&#8", "&#9", "&#10", "&#11", "&#12", "&#x4", "&#x5", "&#x6", "&#x7", "&#X4",
    "&#X5", "&#X6",
];

/// Behind which a list of bytes stands, a number each.
const LISTS: [&str; 12] = [
    "[] = {",
    "[]={",
    "byte[] {",
    "byte[]{",
    "[]byte{",
    "bytes([",
    "bytearray([",
    "Array([",
    ".from([",
    "fromCharCode(",
    "\"data\":[",
    "\"data\": [",
];

/// What turns a text round that stands beside it.
const REVERSALS: [&str; 7] =
    ["[::-1]", "strrev(", ".reverse()", "StrReverse(", "reversed(", ".reverse!", "Array.Reverse("];

/// How far from that the text is looked for.
pub(crate) const LONGEST_REVERSED: usize = 256;

/// Each literal that shows where a stretch stands that is written otherwise.
pub(crate) fn openings() -> Vec<(Vec<u8>, Spelling)> {
    let mut all: Vec<(Vec<u8>, Decode)> = Vec::new();
    for literal in BEGINNINGS {
        all.push((literal.into(), Decode::Begins));
        // The same in base64 of base64, as far as what follows does not change it.
        let twice = BASE64.encode(literal.as_bytes());
        all.push((twice.as_bytes()[..literal.len() * 8 / 6].to_vec(), Decode::Begins));
    }
    for word in WORDS {
        all.extend([Form::Hex, Form::Utf16].into_iter().flat_map(|form| spelled(word.as_bytes(), form)));
        let wide = spelled(word.as_bytes(), Form::Utf16).into_iter().flat_map(|(wide, _)| base64(&wide));
        let once = base64(word.as_bytes());
        let twice: Vec<_> = once.iter().flat_map(|(literal, _)| base64(literal)).collect();
        all.extend(once.into_iter().chain(twice).chain(wide));
    }
    all.extend(ESCAPED_MARKS.iter().flat_map(|mark| base64(mark.as_bytes())));
    all.extend(PERCENT.iter().map(|literal| (literal.as_bytes().to_vec(), Decode::Percent)));
    all.extend(ESCAPES.iter().chain(&ESCAPED_REFERENCES).map(|literal| (literal.as_bytes().to_vec(), Decode::Escaped)));
    all.extend(LISTS.iter().map(|literal| (literal.as_bytes().to_vec(), Decode::Listed)));
    all.extend(REVERSALS.iter().map(|literal| (literal.as_bytes().to_vec(), Decode::Reversed)));
    all.push((b"1f8b08".to_vec(), Decode::Hex));
    all.push((b"1F8B08".to_vec(), Decode::Hex));
    all.iter_mut().for_each(|(literal, _)| literal.truncate(LONGEST));
    all.sort();
    all.dedup();
    all.into_iter()
        .map(|(literal, decode)| {
            let (before, after) = match decode {
                Decode::Begins => (GUARD_REACH, LONGEST_OPENED),
                Decode::Listed => (0, LONGEST_OPENED),
                Decode::Reversed => (LONGEST_REVERSED, LONGEST_REVERSED),
                _ => (LONGEST_BEFORE, LONGEST_OPENED),
            };
            let spelling = Spelling {
                rule: OPENED,
                len: literal.len(),
                ignore_case: false,
                decode: [Some(decode), None],
                anchor_len: literal.len(),
                before,
                after,
            };
            (literal, spelling)
        })
        .collect()
}

/// Whether a text that is written in base64 begins here with one of the literals.
pub(crate) fn begins(text: &[u8]) -> bool {
    BEGINNINGS.iter().any(|literal| text.starts_with(literal.as_bytes()))
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
            for (literal, decode) in numbers(plain) {
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

/// A short anchor as a list of numbers, behind calls that make a character of each too.
fn numbers(plain: &[u8]) -> impl Iterator<Item = (Vec<u8>, Decode)> {
    let list = |between: &str, write: fn(&u8) -> String| plain.iter().map(write).collect::<Vec<_>>().join(between);
    let written: [fn(&u8) -> String; 3] = [|b| b.to_string(), |b| format!("0x{b:02x}"), |b| format!("0x{b:02X}")];
    let lists = [", ", ",", " "].into_iter().flat_map(move |between| written.map(|write| list(between, write)));
    let lists = lists.chain([format!("\\{}", list("\\", |b| b.to_string()))]);
    let lists = lists.chain(
        ["\n", "\n  ", "\n    ", "\n      ", "\n        ", "\n\t"].map(|end| list(&format!(",{end}"), u8::to_string)),
    );
    let first = plain[0];
    let calls = ["chr(", "Chr(", "CHR(", "char]"]
        .into_iter()
        .flat_map(move |call| [format!("{call}{first})"), format!("{call}0x{first:02x})")]);
    let calls = calls.map(|call| if call.starts_with("char]") { call.replace(')', "") } else { call });
    let digits = [" ", ":"]
        .into_iter()
        .flat_map(move |between| [list(between, |b| format!("{b:02x}")), list(between, |b| format!("{b:02X}"))]);
    let written = |digits| move |literal: String| (literal.into_bytes(), Decode::Numbers { digits });
    lists.chain(calls).map(written(false)).chain(digits.map(written(true))).collect::<Vec<_>>().into_iter()
}

/// Characters without width that editors and pages put into words: spaces, joiners, a byte order mark, a soft hyphen.
const UNSEEN: [&[u8]; 6] =
    [b"\xe2\x80\x8b", b"\xe2\x80\x8c", b"\xe2\x80\x8d", b"\xe2\x81\xa0", b"\xef\xbb\xbf", b"\xc2\xad"];
/// Marks of direction and those on other characters that are used most.
const UNSEEN_BEHIND: [&str; 18] = [
    "\u{200e}", "\u{200f}", "\u{202a}", "\u{202b}", "\u{202c}", "\u{202d}", "\u{202e}", "\u{2066}", "\u{2067}",
    "\u{2068}", "\u{2069}", "\u{61c}", "\u{300}", "\u{301}", "\u{302}", "\u{303}", "\u{308}", "\u{34f}",
];

/// What stands between two pieces of a literal that an operator joins.
fn joints() -> impl Iterator<Item = String> {
    let operators = [" + ", "+", " . ", ".", " .. ", " & ", " || ", " <> "];
    ['"', '\''].into_iter().flat_map(move |quote| operators.map(|operator| format!("{quote}{operator}{quote}")))
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

fn spelled(plain: &[u8], form: Form) -> Vec<(Vec<u8>, Decode)> {
    match form {
        Form::Joined | Form::Packed | Form::Split | Form::Reversed => Vec::new(),
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
