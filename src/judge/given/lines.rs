//! The lines round a value, as far as the judge looks.

use crate::judge::{JUDGE_REACH, digest, surroundings};
use std::ops::Range;

/// The line round a span, as far as the judge looks.
pub(super) fn line<'t>(text: &'t [u8], span: &Range<usize>) -> &'t [u8] {
    let until = (span.end + JUDGE_REACH).min(text.len());
    let start = line_start(text, span);
    let end = memchr::memchr(b'\n', &text[span.end..until]).map_or(until, |nl| span.end + nl);
    &text[start..end]
}

/// Where the line begins, as far as the judge looks.
pub(super) fn line_start(text: &[u8], span: &Range<usize>) -> usize {
    let from = span.start.saturating_sub(JUDGE_REACH);
    memchr::memrchr(b'\n', &text[from..span.start]).map_or(from, |nl| from + nl + 1)
}

/// Whether no line ends on either side, as far as the judge looks.
pub(super) fn is_amid_long_line(text: &[u8], span: &Range<usize>) -> bool {
    let before = &text[span.start.saturating_sub(JUDGE_REACH)..span.start];
    let behind = &text[span.end..(span.end + JUDGE_REACH).min(text.len())];
    [before, behind].into_iter().all(|side| side.len() == JUDGE_REACH && !side.contains(&b'\n'))
}

/// `"about": "4035…", "api_keys": "27d4…", "bookmarks": "6558…"`: whether the lines above and below have as many
/// hexadecimal digits, behind names that say of no credential.
pub(super) fn is_among_digests(text: &[u8], span: &Range<usize>) -> bool {
    let is_hex = |word: &[u8]| word.iter().all(u8::is_ascii_hexdigit);
    if !digest::is_as_long(&text[span.clone()]) || !is_hex(&text[span.clone()]) {
        return false;
    }
    let [above, below] = neighbours(text, span);
    let is_of_others = |line: &[u8]| {
        let mut words = line.split(|b| !b.is_ascii_alphanumeric());
        let has_digest = words.any(|word| word.len() == span.len() && is_hex(word));
        has_digest
            && !["key", "secret", "token", "pass", "auth", "salt"].iter().any(|word| surroundings::contains(line, word))
    };
    [above, below].into_iter().flatten().all(is_of_others) && above.is_some() && below.is_some()
}

/// What stands before a span, as far as the judge looks.
pub(super) fn before<'t>(text: &'t [u8], span: &Range<usize>) -> &'t [u8] {
    &text[span.start.saturating_sub(JUDGE_REACH)..span.start]
}

/// What stands behind a span, as far as the judge looks.
pub(super) fn behind<'t>(text: &'t [u8], span: &Range<usize>) -> &'t [u8] {
    &text[span.end..(span.end + JUDGE_REACH).min(text.len())]
}

/// The lines above and below a span, as far as the judge looks.
pub(super) fn neighbours<'t>(text: &'t [u8], span: &Range<usize>) -> [Option<&'t [u8]>; 2] {
    let until = (span.end + JUDGE_REACH).min(text.len());
    let above = before(text, span).rsplit(|b| *b == b'\n').nth(1);
    let below = text[span.end..until].split(|b| *b == b'\n').nth(1);
    [above, below]
}

/// `ST_HASH = "…"` on a line next to it: a password and what its digest has to be.
pub(super) fn has_digest_beside(text: &[u8], span: &Range<usize>) -> bool {
    neighbours(text, span).into_iter().flatten().any(|line| {
        ["hash", "digest"].iter().any(|word| {
            memchr::memmem::find(&line.to_ascii_lowercase(), word.as_bytes())
                .is_some_and(|at| line[at..].contains(&b'=') && line[at..].contains(&b'"'))
        })
    })
}

/// Whether a code span was opened on the line before the place: `` `password = "x"` ``.
pub(super) fn is_in_span(text: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(JUDGE_REACH);
    let start = memchr::memrchr(b'\n', &text[from..at]).map_or(from, |nl| from + nl + 1);
    text[start..at].iter().filter(|b| **b == b'`').count() % 2 == 1
}

/// Whether a span is amid the bytes of a file as Git writes them in a patch: base85 in lines, each behind a letter that
/// says how many bytes it holds.
pub(super) fn is_bytes_of_patch(text: &[u8], span: &Range<usize>) -> bool {
    let start = line_start(text, span);
    let above = line(text, &(start.saturating_sub(1)..start.saturating_sub(1)));
    let is_head = above.starts_with(b"literal ") || above.starts_with(b"delta ");
    is_line_of_patch(line(text, span)) && (is_head || is_line_of_patch(above))
}

fn is_line_of_patch(line: &[u8]) -> bool {
    let Some((count, digits)) = line.strip_suffix(b"\r").unwrap_or(line).split_first() else { return false };
    let bytes = match count {
        b'A'..=b'Z' => count - b'A' + 1,
        b'a'..=b'z' => count - b'a' + 27,
        _ => return false,
    };
    let is_digit = |b: &u8| b.is_ascii_alphanumeric() || b"!#$%&()*+-;<=>?@^_`{|}~".contains(b);
    digits.len() == usize::from(bytes).div_ceil(4) * 5 && digits.iter().all(is_digit)
}
