//! Literals without quotes.

use super::{LONGEST_VALUE, Link, Near, Quote};
use std::ops::Range;

/// What a variable stands behind in the unit of a service: `Environment=NAME=value`.
const UNIT: &[u8] = b"Environment=";

/// `${NAME:-value}`
pub(super) fn in_braces(near: &Near<'_>, at: usize) -> Option<(Range<usize>, Quote)> {
    let at = at + usize::from(near.byte(at) == Some(b'-'));
    let rest = near.rest(at);
    let len = rest.iter().take(LONGEST_VALUE + 1).position(|b| matches!(b, b'}' | b'$' | b'{' | b'\n' | b' '))?;
    if rest[len] != b'}' {
        return None;
    }
    let quotes = usize::from(len > 2 && matches!(rest[0], b'"' | b'\'') && rest[len - 1] == rest[0]);
    Some((at + quotes..at + len - quotes, Quote::Quoted))
}

pub(super) fn bare(near: &Near<'_>, name: &Range<usize>, link: Link, start: usize) -> Option<(Range<usize>, Quote)> {
    let (len, quote) = match link {
        Link::Given if before_break(near, start).is_some() => (before_break(near, start)?, Quote::Tags),
        Link::Given | Link::Sibling => match whole_line(near, name, start, link) {
            Some(len) => (len, Quote::Bare),
            None => inline(near, name, start)?,
        },
        Link::Following => (word(near, start)?, Quote::Bare),
        _ => return None,
    };
    (len > 0).then_some((start..start + len, quote))
}

/// The length of the word that stands before a line break of a page: `Password: x<br>`.
fn before_break(near: &Near<'_>, start: usize) -> Option<usize> {
    let rest = near.rest(start);
    let len = rest.iter().take(64).position(|b| b.is_ascii_whitespace() || b"\"'`<>(){};,".contains(b))?;
    (len > 0 && near.starts(start + len, "<br")).then_some(len)
}

/// The length of the one word that stands between here and the line's end, or a comment behind it.
fn whole_line(near: &Near<'_>, name: &Range<usize>, start: usize, link: Link) -> Option<usize> {
    let rest = near.rest(start);
    let mut len = rest.iter().take(LONGEST_VALUE + 1).position(u8::is_ascii_whitespace);
    if len.is_none() && near.is_end && rest.len() <= LONGEST_VALUE {
        len = Some(rest.len());
    }
    let mut len = len?;
    let behind = near.skip(start + len, 64, false);
    let ends = near.byte(behind).is_none_or(|b| matches!(b, b'\n' | b'\r'))
        || behind > start + len
            && (matches!(near.byte(behind), Some(b'#' | b';'))
                || near.starts(behind, "//")
                || near.starts(behind, "-->"));
    if !ends || link == Link::Given && !opens_a_line(near.line_before(name.start)) {
        return None;
    }
    // `- {name: A_TOKEN, value: x}`
    let in_flow = link == Link::Sibling;
    while len > 0 && (matches!(rest[len - 1], b',' | b';') || in_flow && matches!(rest[len - 1], b'}' | b']')) {
        len -= 1;
    }
    let has_quotes = rest[..len].iter().any(|b| matches!(b, b'"' | b'\'' | b'`'));
    (!has_quotes).then_some(len)
}

/// Whether a setting may begin behind this: nothing, a list's mark, a comment's mark, `export`.
fn opens_a_line(before: &[u8]) -> bool {
    let before = before.trim_ascii();
    let is_mark =
        |b: &u8| matches!(b, b'-' | b'<' | b'!' | b'#' | b'/' | b';' | b'*' | b'"' | b'\'' | b'>' | b'|' | b'$' | b'%');
    let words =
        ["export", "env", "ENV", "ARG", "set", "setx", "SET", "const", "var", "let", "ARG", "declare", "RUN export"];
    let path =
        before.iter().all(|b| super::is_word(*b) || matches!(b, b':' | b'/' | b'\\' | b'.' | b'[' | b'$' | b'@'));
    before.iter().all(is_mark)
        || before == UNIT
        || words.iter().any(|w| before == w.as_bytes())
        || path && before.len() < 48
}

/// The length of a word amid other settings: in a query, a connection string, a command, a flow of YAML.
fn inline(near: &Near<'_>, name: &Range<usize>, start: usize) -> Option<(usize, Quote)> {
    let rest = near.rest(start);
    let is_end = |b: &u8| b.is_ascii_whitespace() || b"\"'`<>(){}[],;&|\\".contains(b);
    let len = rest.iter().take(LONGEST_VALUE + 1).position(is_end);
    let len = len.or_else(|| (near.is_end && rest.len() <= LONGEST_VALUE).then_some(rest.len()))?;
    let by_colon = near.text[name.end..start].contains(&b':');
    let closer = rest.get(len).copied();
    let tight = near.text[name.end..start].iter().filter(|b| b.is_ascii_whitespace()).count();
    let line = near.line_before(name.start);
    let before = line.trim_ascii_end().last().copied();
    let is_listed = |behind| is_amid(before, behind) || names_a_user(line) && ends_here(behind);
    if by_colon && tight > 0 && is_listed(near.rest(start + len)) {
        let kept = len - usize::from(rest[..len].ends_with(b"."));
        return Some((kept, Quote::Amid));
    }
    let fits = if by_colon && line.ends_with(b"/") {
        // `tool /password:x`
        tight == 0 && closer.is_none_or(|b| b.is_ascii_whitespace()) && line.ends_with(b" /")
    } else if by_colon {
        let in_flow = matches!(before, Some(b'{' | b',')) && matches!(closer, Some(b',' | b'}'));
        in_flow
            || matches!(closer, Some(b'"' | b'\'' | b'\\')) && matches!(line.last(), Some(b'"' | b'\'' | b'{' | b','))
    } else {
        let follows = closer.is_none_or(|b| b.is_ascii_whitespace() || b"\"'`;&|\\,>)".contains(&b));
        let opened = line.last().is_none_or(|b| b.is_ascii_whitespace() || b"?&;\"'`,({-".contains(b)) || line == UNIT;
        tight == 0 && follows && opened
    };
    fits.then_some((len, Quote::Bare))
}

/// Whether a word stands amid a sentence or a list: `user: app, password: x`.
fn is_amid(before: Option<u8>, behind: &[u8]) -> bool {
    let is_opening = |b: u8| matches!(b, b',' | b'/' | b';' | b'(' | b'|' | 0x80..);
    before.is_some_and(is_opening) && ends_here(behind)
}

/// Whether a word of a sentence or a list ends here.
fn ends_here(behind: &[u8]) -> bool {
    match behind {
        [] | [b'\n' | b'\r', ..] | [b')' | b',' | b';', b' ' | b'\n' | b'\r', ..] => true,
        [b')', b'.' | b',' | b';', b' ' | b'\n' | b'\r', ..] => true,
        [b' ', rest @ ..] => matches!(rest.first(), Some(b'/' | b'|' | b'(')),
        _ => false,
    }
}

/// `user: app `, right before the name of the password.
fn names_a_user(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let user = line.iter().rev().take(64).take_while(|b| !b.is_ascii_whitespace()).count();
    let Some(label) = line[..line.len() - user].trim_ascii_end().strip_suffix(b":") else { return false };
    user > 0
        && ["user", "username", "login", "email"].iter().any(|word| {
            label.len() >= word.len() && label[label.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
        })
}

/// The length of the word that begins here, as a shell has it.
fn word(near: &Near<'_>, start: usize) -> Option<usize> {
    let rest = near.rest(start);
    let len = rest.iter().take(LONGEST_VALUE + 1).position(|b| b.is_ascii_whitespace() || b"\"'`;|&<>".contains(b));
    let len = len.or_else(|| (near.is_end && rest.len() <= LONGEST_VALUE).then_some(rest.len()))?;
    (!rest[..len].starts_with(b"-")).then_some(len)
}
