//! The bytes that stand in what is written otherwise, one by one, with the place where each is written.

use super::spelling::Decode;
use super::spelling::openings::begins;
use super::{base64, literal};
use std::ops::Range;

/// Calls back with each byte of what stands from here on and where it is written, as long as that says to go on; gives
/// the end of the stretch.
pub(super) fn walk(decode: Decode, text: &[u8], from: usize, mut each: impl FnMut(u8, Range<usize>) -> bool) -> usize {
    let mut at = from;
    let mut last = usize::MAX;
    let mut step = |next: Option<(u8, usize)>, at: &mut usize| match next {
        Some((byte, next)) => {
            let goes_on = each(byte, *at..next);
            *at = next;
            goes_on
        }
        None => false,
    };
    match decode {
        Decode::Base64 { .. } | Decode::Begins => return base64_walk(text, from, each),
        Decode::Hex => while step(literal::hex_byte(text, at).map(|byte| (byte, at + 2)), &mut at) {},
        Decode::Utf16 => {
            let pair = |at: usize| match text.get(at..at + 2)? {
                [byte, 0] if *byte != 0 => Some((*byte, at + 2)),
                _ => None,
            };
            while step(pair(at), &mut at) {}
        }
        Decode::Reversed => {
            let end = from + text[from..].iter().take_while(|byte| is_of_literal(**byte)).count();
            return match (from..end).rev().all(|at| each(text[at], at..at + 1)) {
                true => end,
                false => from,
            };
        }
        Decode::Unseen | Decode::Utf32 | Decode::Numbers { .. } | Decode::Characters | Decode::Joined => {}
        Decode::Percent => while step(of_address(text, at), &mut at) {},
        Decode::Escaped => while step(escape(text, at).or_else(|| unescaped(text, at)), &mut at) {},
        Decode::Listed => {
            while last != at {
                last = at;
                at = number_from(text, at);
                if !step(literal::number(text, at), &mut at) {
                    break;
                }
            }
        }
    }
    at
}

/// Base64, over line ends and what joins literals.
fn base64_walk(text: &[u8], from: usize, mut each: impl FnMut(u8, Range<usize>) -> bool) -> usize {
    let (mut at, mut end, mut bits, mut count) = (from, from, 0u32, 0);
    let mut places: [Range<usize>; 4] = std::array::from_fn(|_| 0..0);
    let mut emit = |bits: u32, places: &[Range<usize>]| {
        (0..places.len().saturating_sub(1))
            .all(|nth| each((bits >> (16 - 8 * nth)) as u8, places[nth].start..places[nth + 1].end))
    };
    loop {
        if let Some((value, len)) = base64::digit_at(text, at) {
            places[count] = at..at + len;
            (bits, count, at) = (bits << 6 | u32::from(value), count + 1, at + len);
            end = at;
            if count == 4 {
                if !emit(bits, &places) {
                    return end;
                }
                (bits, count) = (0, 0);
            }
            continue;
        }
        let next = literal::plain_break_after(text, at);
        match next.filter(|&next| base64::digit_at(text, next).is_some() && !begins(&text[next..])) {
            Some(next) => at = next,
            None => break,
        }
    }
    if count > 1 {
        emit(bits << (6 * (4 - count)), &places[..count]);
    }
    end
}

/// What can stand in an address.
pub(super) fn is_of_address(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~%+!*():@$,;/?#&=".contains(&byte)
}

fn of_address(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let byte = *text.get(at).filter(|byte| is_of_address(**byte))?;
    let escaped = (byte == b'%').then(|| literal::hex_byte(text, at + 1)).flatten();
    Some(escaped.map_or((byte, at + 1), |byte| (byte, at + 3)))
}

/// An escape of one character that is ASCII.
pub(super) fn escape(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let (byte, next) = match text.get(at)? {
        b'\\' => literal::backslash(text, at),
        b'&' => literal::reference(text, at),
        _ => None,
    }?;
    Some((byte?, next))
}

/// What may stand amid escapes as it is.
fn unescaped(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let byte = *text.get(at)?;
    (byte.is_ascii_graphic() && !b"\"'`<>\\".contains(&byte)).then_some((byte, at + 1))
}

/// Where the next number of a list begins.
pub(super) fn number_from(text: &[u8], at: usize) -> usize {
    let most = 24;
    at + text[at..].iter().take(most).take_while(|b| b.is_ascii_whitespace() || **b == b',').count()
}

/// What a literal that holds a secret is made of.
pub(super) fn is_of_literal(byte: u8) -> bool {
    byte.is_ascii_graphic() && !literal::is_quote(byte)
}
