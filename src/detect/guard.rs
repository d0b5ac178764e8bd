//! What may not adjoin a secret, and the escapes that do not count.

use crate::rule::Guard;

/// Whether nothing that belongs to a longer word stands on either side of `start..end`.
pub(super) fn is_free(guard: Guard, text: &[u8], start: usize, end: usize) -> bool {
    is_left_free(guard, text, start) && is_right_free(guard, text, end) || is_measured(text, start, end)
}

/// Whether the byte before says how long the secret is, as files do that are no text: Java classes, compiled Python,
/// MessagePack and the like. For a key of 69 bytes that byte is an `E`.
fn is_measured(text: &[u8], start: usize, end: usize) -> bool {
    let Some(at) = start.checked_sub(1).filter(|&at| usize::from(text[at]) == end - start) else { return false };
    let before = &text[at.saturating_sub(super::spelling::GUARD_REACH - 1)..at];
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f);
    // Behind what begins a character of more bytes no ASCII stands in a text.
    before.iter().any(is_control) || before.last().is_some_and(|byte| *byte >= 0xc0)
}

fn is_left_free(guard: Guard, text: &[u8], at: usize) -> bool {
    let Some(&before) = at.checked_sub(1).and_then(|i| text.get(i)) else { return true };
    let belongs = match guard {
        Guard::None => false,
        Guard::Token | Guard::Labelled | Guard::Alnum => before.is_ascii_alphanumeric(),
        Guard::Word => before.is_ascii_alphanumeric() || before == b'_',
        Guard::Hex => before.is_ascii_alphanumeric() || before == b'-',
        Guard::Base64 => before.is_ascii_alphanumeric() || matches!(before, b'+' | b'/' | b'_' | b'-'),
    };
    !belongs || is_default_mark(&text[..at]) || escape_ends(&text[at.saturating_sub(super::spelling::GUARD_REACH)..at])
}

/// Whether the bytes end with what comes before a default in a shell: the `:-` of `${NAME:-value}`.
fn is_default_mark(before: &[u8]) -> bool {
    before.ends_with(b":-")
}

fn is_right_free(guard: Guard, text: &[u8], at: usize) -> bool {
    let Some(&after) = text.get(at) else { return true };
    !match guard {
        Guard::None => false,
        Guard::Token => is_of_token(after),
        Guard::Labelled => is_of_token(after) && !is_label(&text[at..]),
        Guard::Alnum => after.is_ascii_alphanumeric(),
        Guard::Word => after.is_ascii_alphanumeric() || after == b'_',
        Guard::Hex => after.is_ascii_alphanumeric() || after == b'-',
        Guard::Base64 => after.is_ascii_alphanumeric() || matches!(after, b'+' | b'/' | b'_' | b'-' | b'='),
    }
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// `_prod`, `-old`, or the `_` alone that Markdown puts behind words: no more of the token itself.
fn is_label(text: &[u8]) -> bool {
    const LONGEST: usize = 12;
    let Some((b'_' | b'-', word)) = text.split_first() else { return false };
    let len = word.iter().take(LONGEST).take_while(|b| b.is_ascii_lowercase()).count();
    !word.get(len).copied().is_some_and(is_of_token)
}

/// Whether the bytes end with an escape: `\n`, `\x0a`, `\u000a`, `%0A`, the `=3D` of a mail, or a terminal
/// colour `[31m`.
pub(super) fn escape_ends(before: &[u8]) -> bool {
    let len = before.len();
    let is_hex = |from: usize| len >= from && before[len - from..].iter().all(u8::is_ascii_hexdigit);
    let stands = |from: usize, mark: &[u8]| len >= from && before[len - from..].starts_with(mark);
    let colour = || {
        let digits = before[..len - 1].iter().rev().take_while(|b| b.is_ascii_digit() || **b == b';').count();
        before[len - 1] == b'm' && digits > 0 && before[..len - 1 - digits].ends_with(b"[")
    };
    (len >= 2 && before[len - 2] == b'\\' && b"nrtbfv0ae".contains(&before[len - 1]))
        || (is_hex(2) && (stands(3, b"%") || stands(4, b"\\x")))
        || (is_hex(4) && stands(6, b"\\u"))
        || before.ends_with(b"=3D")
        || colour()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_says_the_length_is_no_letter() {
        let key = "k".repeat(69);
        for (before, behind) in
            [(&b"\x01\0E"[..], &b"\x01\0\x04"[..]), (b"i\0\0\0\0NzE", b"N"), (b"\xd9E", b"\xa1b"), (b"\x12E", b"\"")]
        {
            let text = [before, key.as_bytes(), behind].concat();
            assert!(is_free(Guard::Token, &text, before.len(), before.len() + key.len()), "{before:?}");
        }
        for before in [&b"E"[..], b"name=\nE", b"\xc3\xa9E", b"\x01\0D"] {
            let text = [before, key.as_bytes()].concat();
            assert!(!is_free(Guard::Token, &text, before.len(), text.len()), "{before:?}");
        }
    }

    #[test]
    fn the_mark_of_a_shells_default_is_no_part_of_the_value() {
        for guard in [Guard::Hex, Guard::Base64] {
            assert!(is_left_free(guard, b"${KEY:-ab", 7), "{guard:?}");
            assert!(!is_left_free(guard, b"${KEY-ab", 6), "{guard:?}");
        }
    }

    #[test]
    fn a_label_behind_a_token_is_no_part_of_it() {
        for right in [&b"_prod"[..], b"-old\n", b"_", b"-", b"_ ", b"\"", b""] {
            assert!(is_right_free(Guard::Labelled, &[b"k", right].concat(), 1), "{right:?}");
        }
        for right in [&b"k"[..], b"_Prod", b"-2", b"_prod-eu", b"_averyverylongword", b"__"] {
            assert!(!is_right_free(Guard::Labelled, &[b"k", right].concat(), 1), "{right:?}");
        }
    }

    #[test]
    fn an_escape_on_the_left_does_not_count_as_a_letter() {
        for left in [&b"a\\n"[..], b"key%3D", b"\\u003d", b"\\x3d", b"\x1b[31m", b"_", b"=", b""] {
            let text = [left, b"SG."].concat();
            assert!(is_left_free(Guard::Token, &text, left.len()), "{left:?}");
        }
        for left in [&b"M"[..], b"n", b"3d", b"u003d", b"1"] {
            let text = [left, b"SG."].concat();
            assert!(!is_left_free(Guard::Token, &text, left.len()), "{left:?}");
        }
    }
}
