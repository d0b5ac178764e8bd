//! Text as a program reads it: adjacent literals joined, escapes undone, hexadecimal and UTF-16 narrowed.

use super::view::View;
use crate::rule::Form;
use crate::ruleset::Rule;
use std::ops::Range;

/// The longest stretch between two literals that belong together, in bytes.
const LONGEST_JOIN: usize = 120;

/// Whether joining or unescaping could change what stands behind an anchor; cheap, and mostly no.
pub(super) fn worth_a_view(rule: &Rule, text: &[u8], from: usize, to: usize) -> bool {
    let has = |bytes: &[u8]| text[from..to].iter().any(|b| bytes.contains(b));
    rule.spec.forms.iter().any(|form| match form {
        Form::Joined => has(b"\"'`\\="),
        Form::Escaped => has(b"\\&"),
        Form::Percent => has(b"%"),
        Form::Base64 | Form::Hex | Form::Utf16 | Form::Packed | Form::Split | Form::Reversed => false,
    })
}

/// The view with adjacent literals joined: `"a" + "b"`, `"a" . "b"`, `"a" "b"`, `["a", "b"].join("")`, a
/// backslash at a line's end, the soft line break of a mail. Nothing if there are none.
pub(super) fn joined(view: &View, anchor: usize) -> Option<(View, usize)> {
    rewrite(view, anchor, |text, at| {
        let next = literal_break_after(text, at, true).or_else(|| soft_break_after(text, at))?;
        Some((None, next))
    })
}

/// The same from the anchor on alone: what stands before it may look like the end of a literal (`"S"`, as in `b"S"`).
pub(super) fn joined_from(view: &View, anchor: usize) -> Option<(View, usize)> {
    let next = |text: &[u8], at: usize| literal_break_after(text, at, true).map(|next| (None, next));
    rewrite(view, anchor, |text, at| if at < anchor { None } else { next(text, at) })
}

/// Where quoted-printable text goes on behind the `=` that breaks its line.
fn soft_break_after(text: &[u8], at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix(b"=")?;
    let line_end = [&b"\r\n"[..], b"\n"].into_iter().find(|end| rest.starts_with(end))?;
    let after = at + 1 + line_end.len();
    text.get(after).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')).then_some(after)
}

/// The view with the contents of all literals from the anchor's on put together that an operator joins, by a
/// name in between or not: `a = "SG."; b = a + "x.y"`. Only where the anchor ends its literal.
pub(super) fn gathered(view: &View, anchor: usize, len: usize) -> Option<(View, usize)> {
    let text = &view.text;
    let quote = *text.get(anchor + len)?;
    if !is_quote(quote) {
        return None;
    }
    rewrite(view, anchor, |text, at| {
        if at < anchor + len || text[at] != quote {
            return None;
        }
        let next = text[at + 1..].iter().take(LONGEST_JOIN).position(|&b| b == quote)?;
        has_operator(&text[at + 1..at + 1 + next]).then_some((None, at + 1 + next + 1))
    })
}

/// Whether an operator that joins strings stands in the code between two literals.
fn has_operator(between: &[u8]) -> bool {
    between.contains(&b'+')
        || [&b" . "[..], b"..", b" & ", b" ~ ", b"||", b"<>"].iter().any(|o| memchr::memmem::find(between, o).is_some())
}

/// The view with escapes undone: percent escapes, or those of strings and character references.
pub(super) fn unescaped(view: &View, anchor: usize, percent: bool) -> Option<(View, usize)> {
    rewrite(view, anchor, |text, at| match text[at] {
        b'%' if percent => hex_byte(text, at + 1).map(|byte| (Some(byte), at + 3)),
        b'\\' if !percent => backslash(text, at).or_else(|| marked(text, at)),
        b'&' if !percent => reference(text, at),
        _ => None,
    })
}

/// The view of a mail's text as it reads: `=3D` is a sign, and an `=` at a line's end goes.
pub(super) fn unmailed(view: &View, anchor: usize) -> Option<(View, usize)> {
    rewrite(view, anchor, |text, at| match text[at] {
        b'=' => match soft_break_after(text, at) {
            Some(next) => Some((None, next)),
            None => hex_byte(text, at + 1).map(|byte| (Some(byte), at + 3)),
        },
        _ => None,
    })
}

/// Copies the view; where `replace` says so, puts a byte or nothing in the place of what stands there.
pub(super) fn rewrite(
    view: &View,
    anchor: usize,
    replace: impl Fn(&[u8], usize) -> Option<(Option<u8>, usize)>,
) -> Option<(View, usize)> {
    let mut rewritten = View::empty(view.ended, view.wrapped);
    let mut new_anchor = None;
    let mut is_changed = false;
    let mut at = 0;
    while at < view.text.len() {
        if at >= anchor && new_anchor.is_none() {
            new_anchor = Some(rewritten.text.len());
        }
        match replace(&view.text, at) {
            Some((byte, next)) => {
                is_changed = true;
                let next = next.min(view.text.len());
                if let Some(byte) = byte {
                    rewritten.push(byte, view.written(at).start..view.written(next - 1).end);
                }
                at = next;
            }
            None => {
                rewritten.push(view.text[at], view.written(at));
                at += 1;
            }
        }
    }
    if !is_changed { None } else { Some((rewritten, new_anchor?)) }
}

/// The byte that an escape of a string stands for, and where it ends.
pub(super) fn backslash(text: &[u8], at: usize) -> Option<(Option<u8>, usize)> {
    Some(match *text.get(at + 1)? {
        b'x' => (Some(hex_byte(text, at + 2)?), at + 4),
        b'u' if text.get(at + 2) == Some(&b'{') => {
            let end = text[at + 3..].iter().take(7).position(|&b| b == b'}')? + at + 3;
            (Some(ascii(&text[at + 3..end], 16)?), end + 1)
        }
        b'u' => (Some(ascii(text.get(at + 2..at + 6)?, 16)?), at + 6),
        b'0'..=b'7' if text.get(at + 2..at + 4).is_some_and(|d| d.iter().all(|b| (b'0'..=b'7').contains(b))) => {
            (Some(ascii(&text[at + 1..at + 4], 8)?), at + 4)
        }
        b'n' => (Some(b'\n'), at + 2),
        b'r' => (Some(b'\r'), at + 2),
        b't' => (Some(b'\t'), at + 2),
        quote @ (b'"' | b'\'' | b'\\' | b'/') => (Some(quote), at + 2),
        _ => return None,
    })
}

/// The mark that patterns and Markdown have behind a backslash.
fn marked(text: &[u8], at: usize) -> Option<(Option<u8>, usize)> {
    text.get(at + 1).filter(|mark| b".-_".contains(mark)).map(|mark| (Some(*mark), at + 2))
}

/// The byte that a character reference stands for, and where it ends.
pub(super) fn reference(text: &[u8], at: usize) -> Option<(Option<u8>, usize)> {
    let rest = text.get(at + 1..)?;
    let end = rest.iter().take(8).position(|&b| b == b';')?;
    let byte = match &rest[..end] {
        [b'#', b'x' | b'X', digits @ ..] => ascii(digits, 16)?,
        [b'#', digits @ ..] => ascii(digits, 10)?,
        b"amp" => b'&',
        b"quot" => b'"',
        b"apos" => b'\'',
        b"lt" => b'<',
        b"gt" => b'>',
        _ => return None,
    };
    Some((Some(byte), at + 1 + end + 1))
}

fn ascii(digits: &[u8], radix: u32) -> Option<u8> {
    let value = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    u8::try_from(value).ok().filter(u8::is_ascii)
}

/// The byte that two hexadecimal digits stand for.
pub(super) fn hex_byte(text: &[u8], at: usize) -> Option<u8> {
    let digits = std::str::from_utf8(text.get(at..at + 2)?).ok()?;
    u8::from_str_radix(digits, 16).ok()
}

/// The bytes that the hexadecimal digits round `at` stand for.
pub(super) fn unhexed(view: &View, at: usize) -> Option<(View, usize)> {
    let text = &view.text;
    let before =
        text[..at].chunks_exact(2).len().min(text[..at].iter().rev().take_while(|b| b.is_ascii_hexdigit()).count() / 2);
    let mut narrow = View::empty(true, false);
    let mut from = at - before * 2;
    while let Some(byte) = hex_byte(text, from) {
        narrow.push(byte, view.written(from).start..view.written(from + 1).end);
        from += 2;
    }
    (before < narrow.text.len()).then_some((narrow, before))
}

/// The bytes of a stretch in which `width - 1` NULs stand beside each.
pub(super) fn narrowed(view: &View, at: usize, width: usize) -> Option<(View, usize)> {
    let text = &view.text;
    let nuls = width - 1;
    let are_nul = |range: Range<usize>| text.get(range).is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0));
    let is_one = |at: usize| {
        let (before, behind) =
            (at.checked_sub(nuls).is_some_and(|from| are_nul(from..at)), are_nul(at + 1..at + width));
        text[at] != 0 && (before || behind)
    };
    let mut from = at;
    while from >= width && is_one(from - width) && are_nul(from - nuls..from) {
        from -= width;
    }
    let before = (at - from) / width;
    let mut narrow = View::empty(true, false);
    while from < text.len() && is_one(from) {
        narrow.push(text[from], view.written(from));
        from += width;
    }
    (before < narrow.text.len()).then_some((narrow, before))
}

/// The bytes that the numbers from `at` on stand for: between them are marks and calls that make a character of each.
pub(super) fn numbered(view: &View, at: usize, digits: bool) -> Option<(View, usize)> {
    let text = &view.text;
    let mut bytes = View::empty(true, false);
    let mut from = number_near(text, at);
    while let Some((byte, end)) =
        if digits { hex_byte(text, from).map(|byte| (byte, from + 2)) } else { number(text, from) }
    {
        bytes.push(byte, view.written(from).start..view.written(end - 1).end);
        from = number_near(text, end);
    }
    (!bytes.text.is_empty()).then_some((bytes, 0))
}

/// The characters of the literals from `at` on that hold one each, with operators or commas between them.
pub(super) fn characters(view: &View, at: usize) -> Option<(View, usize)> {
    const LONGEST_BETWEEN: usize = 16;
    let text = &view.text;
    let mut all = View::empty(true, false);
    let mut from = at;
    while let Some(&[open, byte, close]) = text.get(from..from + 3)
        && is_quote(open)
        && close == open
    {
        all.push(byte, view.written(from + 1));
        let between = text[from + 3..].iter().take(LONGEST_BETWEEN);
        from += 3 + between.take_while(|b| b.is_ascii_whitespace() || b",+.&|<>~bLu".contains(b)).count();
    }
    (!all.text.is_empty()).then_some((all, 0))
}

/// Where the next of these numbers begins.
fn number_near(text: &[u8], from: usize) -> usize {
    const CALLS: [&[u8]; 8] = [b"chr", b"Chr", b"CHR", b"ChrW", b"char", b"Char", b"byte", b"String.fromCharCode"];
    let mut at = from;
    while at < text.len() && at < from + 32 {
        match CALLS.iter().rev().find(|call| text[at..].starts_with(call)) {
            Some(call) => at += call.len(),
            None if text[at].is_ascii_alphanumeric() => break,
            None => at += 1,
        }
    }
    at
}

/// A number below 256.
pub(super) fn number(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let rest = &text[at.min(text.len())..];
    if rest.len() > 2 && rest[0] == b'0' && matches!(rest[1], b'x' | b'X') {
        let len = rest[2..].iter().take(3).take_while(|b| b.is_ascii_hexdigit()).count();
        let digits = std::str::from_utf8(&rest[2..2 + len]).ok()?;
        return Some((u8::from_str_radix(digits, 16).ok()?, at + 2 + len));
    }
    let len = rest.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    Some((std::str::from_utf8(&rest[..len]).ok()?.parse().ok()?, at + len))
}

pub(super) fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Where the text goes on behind what separates two joined literals at `at`; if asked, of a list too that some call
/// joins.
fn literal_break_after(text: &[u8], at: usize, lists: bool) -> Option<usize> {
    match text[at] {
        b'\\' => {
            let rest = &text[at + 1..];
            let line_end = if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
            let blanks = rest[line_end..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            (line_end > 0).then_some(at + 1 + line_end + blanks)
        }
        quote if is_quote(quote) => {
            let rest = &text[at + 1..text.len().min(at + 1 + LONGEST_JOIN)];
            let open = rest.iter().position(|b| is_quote(*b))?;
            let between = &rest[..open];
            let is_listed =
                || lists && is_comma(between) && JOINERS.iter().any(|j| memchr::memmem::find(text, j).is_some());
            (is_join(between) || is_listed()).then_some(at + 1 + open + 1)
        }
        _ => None,
    }
}

/// What makes one text of a list of literals.
const JOINERS: &[&[u8]] = &[b"join(", b"concat", b"implode("];

fn is_comma(between: &[u8]) -> bool {
    between.trim_ascii() == b","
}

/// Whether what stands between two quotes joins the literals: blanks, line ends, an operator, a prefix.
fn is_join(between: &[u8]) -> bool {
    let prefix = between.iter().rev().take(2).take_while(|b| b"fFrRbBuULS@$".contains(b)).count();
    between[..between.len() - prefix].iter().all(|b| b.is_ascii_whitespace() || b"+.&\\<>^|_".contains(b))
}

/// Where base64 goes on behind a line break, an escaped one, or the end of a joined literal.
pub(super) fn break_after(text: &[u8], at: usize) -> Option<usize> {
    break_of(text, at, true)
}

/// The same without lists, which only the whole text tells from other lists.
pub(super) fn plain_break_after(text: &[u8], at: usize) -> Option<usize> {
    break_of(text, at, false)
}

fn break_of(text: &[u8], at: usize, lists: bool) -> Option<usize> {
    let rest = text.get(at..)?;
    let line_end = [&b"\r\n"[..], b"\n", b"\\r\\n", b"\\n"].into_iter().find(|end| rest.starts_with(end));
    match line_end {
        Some(end) => {
            let blanks = rest[end.len()..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            Some(at + end.len() + blanks)
        }
        None if !rest.is_empty() => literal_break_after(text, at, lists),
        None => None,
    }
}

/// Where base64 ends before a line break, an escaped one, or the start of a joined literal that ends at `at`.
pub(super) fn break_before(text: &[u8], at: usize) -> Option<usize> {
    let before = &text[..at];
    // Almost always a digit.
    if !matches!(before.last()?, b' ' | b'\t' | b'\n' | b'n' | b'"' | b'\'' | b'`') {
        return None;
    }
    let blanks = before.iter().rev().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let trimmed = &before[..at - blanks];
    let line_end = [&b"\\r\\n"[..], b"\\n", b"\r\n", b"\n"].into_iter().find(|end| trimmed.ends_with(end));
    if let Some(end) = line_end {
        return Some(trimmed.len() - end.len());
    }
    let (&quote, rest) = before.split_last()?;
    if !is_quote(quote) {
        return None;
    }
    let close = rest.iter().rev().take(LONGEST_JOIN).position(|b| is_quote(*b))?;
    let close = rest.len() - 1 - close;
    is_join(&rest[close + 1..]).then_some(close)
}
