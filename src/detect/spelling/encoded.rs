//! A literal as it looks when it is written otherwise: in base64, escapes, digits, numbers, pieces.

use super::Decode;
use crate::rule::Form;
use data_encoding::BASE64;

pub(super) fn spelled(plain: &[u8], form: Form) -> Vec<(Vec<u8>, Decode)> {
    match form {
        Form::Joined | Form::Packed | Form::Split | Form::Reversed => Vec::new(),
        Form::Base64 => base64(plain),
        Form::Percent => escapes(plain, Decode::Percent, &[|b| format!("%{b:02X}"), |b| format!("%{b:02x}")]),
        Form::Escaped => marked(plain)
            .into_iter()
            .chain(escapes(
                plain,
                Decode::Escaped,
                &[
                    |b| format!("\\u{b:04x}"),
                    |b| format!("\\u{b:04X}"),
                    |b| format!("\\x{b:02x}"),
                    |b| format!("\\x{b:02X}"),
                    |b| format!("\\u{{{b:x}}}"),
                    |b| format!("\\u{{{b:X}}}"),
                    |b| format!("\\{b:03o}"),
                    |b| format!("&#{b};"),
                    |b| format!("&#x{b:02x};"),
                    |b| format!("&#x{b:02X};"),
                ],
            ))
            .collect(),
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
pub(super) fn base64(plain: &[u8]) -> Vec<(Vec<u8>, Decode)> {
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

/// A short anchor as a list of numbers, behind calls that make a character of each too.
pub(super) fn numbers(plain: &[u8]) -> impl Iterator<Item = (Vec<u8>, Decode)> {
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

/// A backslash before each mark, as patterns and Markdown have it.
fn marked(plain: &[u8]) -> Option<(Vec<u8>, Decode)> {
    let escaped = |b: &u8| if b.is_ascii_punctuation() && *b != b'_' { vec![b'\\', *b] } else { vec![*b] };
    let literal: Vec<u8> = plain.iter().flat_map(escaped).collect();
    (literal != plain).then_some((literal, Decode::Escaped))
}

/// A short anchor as a list of characters, a literal each.
pub(super) fn characters(plain: &[u8]) -> impl Iterator<Item = (Vec<u8>, Decode)> {
    let between = [", ", ",", " + ", "+", " . ", ".", ", b", ",b", ",\n", ",\n  ", ",\n    "];
    let lists = ['"', '\''].into_iter().flat_map(move |quote| {
        between.map(|between| {
            plain.iter().map(|b| format!("{quote}{}{quote}", char::from(*b))).collect::<Vec<_>>().join(between)
        })
    });
    lists.map(|literal| (literal.into_bytes(), Decode::Characters)).collect::<Vec<_>>().into_iter()
}

/// Characters without width that editors and pages put into words: spaces, joiners, a byte order mark, a soft hyphen.
pub(super) const UNSEEN: [&[u8]; 6] =
    [b"\xe2\x80\x8b", b"\xe2\x80\x8c", b"\xe2\x80\x8d", b"\xe2\x81\xa0", b"\xef\xbb\xbf", b"\xc2\xad"];
/// Marks of direction and those on other characters that are used most.
pub(super) const UNSEEN_BEHIND: [&str; 18] = [
    "\u{200e}", "\u{200f}", "\u{202a}", "\u{202b}", "\u{202c}", "\u{202d}", "\u{202e}", "\u{2066}", "\u{2067}",
    "\u{2068}", "\u{2069}", "\u{61c}", "\u{300}", "\u{301}", "\u{302}", "\u{303}", "\u{308}", "\u{34f}",
];

/// What stands between two pieces of a literal that an operator joins.
pub(super) fn joints() -> impl Iterator<Item = String> {
    let operators = [" + ", "+", " . ", ".", " .. ", " & ", " || ", " <> "];
    ['"', '\''].into_iter().flat_map(move |quote| operators.map(|operator| format!("{quote}{operator}{quote}")))
}
