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

/// Whether enough of the alphabet stands round a literal for a decoded secret; cheap, and almost always no.
pub(super) fn is_worth_decoding(text: &[u8], at: usize, skip: usize, len: usize) -> bool {
    const LEAST: usize = 12;
    let end = at + len;
    let after = text[end..].iter().take(LEAST).take_while(|b| value(**b).is_some()).count();
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
    let before = characters_before(text, at, wrapped);
    if before.len() < skip {
        return None;
    }
    let groups_before = (before.len() - skip) / 4;
    let mut characters: Vec<usize> = before[..skip + groups_before * 4].iter().rev().copied().collect();
    let (ended, broken) = characters_after(view, at, wrapped, &mut characters);
    let mut decoded = View::empty(ended, broken);
    for group in characters.chunks(4) {
        push_group(view, group, &mut decoded);
    }
    let anchor = groups_before * 3 + lead;
    (anchor < decoded.text.len()).then_some((decoded, anchor))
}

/// Where the alphabet's characters before `at` stand, nearest first.
fn characters_before(text: &[u8], at: usize, wrapped: bool) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = at;
    loop {
        if wrapped && let Some(before) = literal::break_before(text, at) {
            at = before;
        } else if at > 0 && value(text[at - 1]).is_some() {
            at -= 1;
            found.push(at);
        } else {
            return found;
        }
    }
}

/// Adds where the alphabet's characters from `at` on stand; says whether they end before the text does, and
/// whether a break was passed over.
fn characters_after(view: &View, at: usize, wrapped: bool, found: &mut Vec<usize>) -> (bool, bool) {
    let text = &view.text;
    let mut at = at;
    let mut broken = false;
    while at < text.len() {
        if value(text[at]).is_some() {
            found.push(at);
            at += 1;
        } else if wrapped
            && let Some(after) = literal::break_after(text, at)
            && text.get(after).is_some_and(|b| value(*b).is_some())
        {
            broken = true;
            at = after;
        } else {
            return (true, broken);
        }
    }
    (view.ended, broken)
}

/// Adds the one to three bytes of a group of two to four characters.
fn push_group(view: &View, group: &[usize], decoded: &mut View) {
    let bits = group.iter().fold(0u32, |bits, &at| {
        bits << 6 | u32::from(value(view.text[at]).expect("only characters of the alphabet are kept"))
    });
    let bits = bits << (6 * (4 - group.len()));
    for byte in 0..group.len().saturating_sub(1) {
        let span: Range<usize> = view.written(group[byte]).start..view.written(group[byte + 1]).end;
        decoded.push((bits >> (16 - 8 * byte)) as u8, span);
    }
}
