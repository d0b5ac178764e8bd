//! Base64 round a literal: either alphabet, padded or not, on one line or wrapped.

use super::literal;
use super::view::View;
use std::ops::Range;

/// What a character of the alphabet stands for.
pub(super) fn value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

/// What a digit stands for and how long it is written. In an address, a form or a string the last two of the alphabet
/// are escaped.
pub(super) fn digit_at(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let byte = *text.get(at)?;
    if let Some(value) = value(byte) {
        return Some((value, 1));
    }
    if !matches!(byte, b'%' | b'\\') {
        return None;
    }
    let rest = &text[at..];
    ESCAPED.iter().find(|(written, _)| rest.starts_with(written)).map(|(written, value)| (*value, written.len()))
}

/// What the digit that ends at `at` stands for, and its length.
fn digit_before(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let before = &text[..at];
    let last = *before.last()?;
    let value = value(last)?;
    if matches!(last, b'B' | b'b' | b'F' | b'f' | b'/')
        && let Some((written, value)) = ESCAPED.iter().find(|(written, _)| before.ends_with(written))
    {
        return Some((*value, written.len()));
    }
    Some((value, 1))
}

/// A digit of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Digit {
    /// Where it begins.
    pub at: usize,
    len: usize,
    value: u8,
}

const ESCAPED: [(&[u8], u8); 9] = [
    (b"%2B", 62),
    (b"%2b", 62),
    (b"%2F", 63),
    (b"%2f", 63),
    (b"\\/", 63),
    (b"\\u002b", 62),
    (b"\\u002B", 62),
    (b"\\u002f", 63),
    (b"\\u002F", 63),
];

/// Whether enough of the alphabet stands round a literal for a decoded secret; cheap, and almost always no.
pub(super) fn is_worth_decoding(text: &[u8], at: usize, skip: usize, len: usize) -> bool {
    const LEAST: usize = 12;
    let end = at + len;
    let mut after = text[end..].iter().take(LEAST).take_while(|b| value(**b).is_some()).count();
    if after < LEAST && digit_at(text, end + after).is_some() {
        after = LEAST;
    }
    let before = text[..at].iter().rev().take(skip).take_while(|b| value(**b).is_some()).count();
    // Right behind a line break fewer may do; `decoded` looks across the break.
    (after == LEAST || literal::break_after(text, end + after).is_some())
        && (before == skip || literal::break_before(text, at - before).is_some())
}

/// The text that the base64 round a literal decodes to. The literal begins with character number `skip` of a
/// group of four, and what it spells begins `lead` bytes into that group. `wrapped`: line breaks and joined
/// literals in between are passed over.
pub(super) fn decoded(view: &View, at: usize, skip: usize, lead: usize, wrapped: bool) -> Option<(View, usize)> {
    let text = &view.text;
    let before = digits_before(text, at, wrapped);
    if before.len() < skip {
        return None;
    }
    let groups_before = (before.len() - skip) / 4;
    let mut digits: Vec<Digit> = before[..skip + groups_before * 4].iter().rev().copied().collect();
    let (ended, broken) = digits_after(view, at, wrapped, &mut digits);
    let mut decoded = View::empty(ended, broken);
    for group in digits.chunks(4) {
        push_group(view, group, &mut decoded);
    }
    let anchor = groups_before * 3 + lead;
    (anchor < decoded.text.len()).then_some((decoded, anchor))
}

/// The alphabet's digits before `at`, nearest first.
pub(super) fn digits_before(text: &[u8], at: usize, wrapped: bool) -> Vec<Digit> {
    let mut found = Vec::new();
    let mut at = at;
    loop {
        if wrapped && let Some(before) = literal::break_before(text, at) {
            at = before;
        } else if let Some((value, len)) = digit_before(text, at) {
            at -= len;
            found.push(Digit { at, len, value });
        } else {
            return found;
        }
    }
}

/// Adds the alphabet's digits from `at` on; says whether they end before the text does, and whether a break was passed over.
fn digits_after(view: &View, at: usize, wrapped: bool, found: &mut Vec<Digit>) -> (bool, bool) {
    let text = &view.text;
    let mut at = at;
    let mut broken = false;
    while at < text.len() {
        if let Some((value, len)) = digit_at(text, at) {
            found.push(Digit { at, len, value });
            at += len;
        } else if wrapped
            && let Some(after) = literal::break_after(text, at)
            && digit_at(text, after).is_some()
        {
            broken = true;
            at = after;
        } else {
            return (true, broken);
        }
    }
    (view.ended, broken)
}

/// Adds the one to three bytes of a group of two to four digits.
fn push_group(view: &View, group: &[Digit], decoded: &mut View) {
    let bits = group.iter().fold(0u32, |bits, digit| bits << 6 | u32::from(digit.value));
    let bits = bits << (6 * (4 - group.len()));
    for byte in 0..group.len().saturating_sub(1) {
        let last = group[byte + 1];
        let span: Range<usize> = view.written(group[byte].at).start..view.written(last.at + last.len - 1).end;
        decoded.push((bits >> (16 - 8 * byte)) as u8, span);
    }
}
