//! The literal behind a link, if it is one: quoted, between tags or bare.

use super::{LONGEST_VALUE, Link, Near, Quote};
use std::ops::Range;

/// The value that begins at or behind the place.
pub(super) fn at(near: &Near<'_>, name: &Range<usize>, link: Link, at: usize) -> Option<(Range<usize>, Quote)> {
    match link {
        Link::Element => between_tags(near, at),
        Link::Told => told(near, at),
        Link::Given if in_inline_tag(near, at).is_some() => between_tags(near, in_inline_tag(near, at)?),
        Link::Default if near.text[near.start..name.start].ends_with(b"${") => in_braces(near, at),
        _ => {
            let opened = opening(near, name, link, at)?;
            match near.byte(opened)? {
                b'"' | b'\'' | b'`' => quoted(near, opened, link),
                b'\\' if matches!(near.byte(opened + 1), Some(b'"' | b'\'')) => escaped(near, opened),
                b'&' if near.starts(opened, "&quot;") => entity(near, opened + 6),
                _ if opened > at && near.text[at..opened].contains(&b'\n') => None,
                _ => bare(near, name, link, opened),
            }
        }
    }
}

/// Behind `<b>` and its kin: `Password: <b>x</b>`.
fn in_inline_tag(near: &Near<'_>, at: usize) -> Option<usize> {
    let place = near.skip(at, 8, false);
    let tags = ["<b>", "<i>", "<em>", "<tt>", "<kbd>", "<code>", "<strong>"];
    tags.iter().find(|tag| near.starts(place, tag)).map(|tag| place + tag.len())
}

/// Where the value begins behind blanks, a line end before a quote, and what may stand before a literal.
fn opening(near: &Near<'_>, name: &Range<usize>, link: Link, at: usize) -> Option<usize> {
    let mut place = near.skip(at, 48, false);
    if matches!(near.byte(place), Some(b'"' | b'\'' | b'`')) && place == at && closes_a_string(near, name, place) {
        return None;
    }
    let quote = |at: usize| matches!(near.byte(at), Some(b'"' | b'\'' | b'`'));
    if matches!(near.byte(place), Some(b'\r' | b'\n' | b'\\')) && matches!(link, Link::Given | Link::Argument) {
        let from = place + usize::from(near.byte(place) == Some(b'\\') && !quote(place + 1));
        let next = near.skip(from, 64, true);
        return if quote(next) { Some(next) } else { (near.byte(place) == Some(b'\\')).then_some(place) };
    }
    let prefix = near.rest(place).iter().take(3).take_while(|b| b"@rRbBuULNf$&".contains(b)).count();
    if prefix > 0 && quote(place + prefix) {
        return Some(place + prefix);
    }
    if let Some(inside) = wrapped(near, place) {
        place = inside;
    }
    Some(place)
}

/// Callees that hand on the literal they are given.
const WRAPPERS: &str = "\
    string from new bytes byte secret secretstring securestring secretstr securestr some ok literal of plain plaintext \
    sensitive nonsensitive to_string tostring str s password protectedstring char std::string cstring qstring text \
    raw buffer.from networkcredential data value just pure const secret.of string.format_ nsstring l t_ \
    convertto-securestring unescape quote secretvalue unsafeplaintext cfn.secretvalue tochararray \
    decode b64decode decodestring decode64 strict_decode64 urlsafe_decode64 base64_decode frombase64string from_base64 \
    atob unhexlify fromhex decodehex hex2bin a2b_hex";

/// Behind `String::from(`, `new SecureString(`, `ConvertTo-SecureString`, where the quote stands.
fn wrapped(near: &Near<'_>, at: usize) -> Option<usize> {
    let open = if near.byte(at) == Some(b'(') { at + 1 } else { at };
    let open = if near.starts(open, "new ") { open + 4 } else { open };
    let rest = near.rest(open);
    if rest.starts_with(b"[]byte(") {
        return quote_at(near, open + 7);
    }
    let callee = rest.iter().take(48).take_while(|b| super::is_word(**b) || matches!(b, b'.' | b':' | b'-')).count();
    if callee == 0 {
        return (open > at).then(|| quote_at(near, open)).flatten();
    }
    let last = rest[..callee].rsplit(|b| matches!(b, b'.' | b':')).next().unwrap_or_default().to_ascii_lowercase();
    let hands_on = WRAPPERS.split_ascii_whitespace().any(|w| w.as_bytes() == last);
    let inside = match rest.get(callee)? {
        b'(' => open + callee + 1,
        b' ' if last == b"convertto-securestring" => {
            let at = near.skip(open + callee, 4, false);
            if near.starts(at, "-String ") { near.skip(at + 8, 4, false) } else { at }
        }
        _ => return None,
    };
    hands_on.then(|| quote_at(near, near.skip(inside, 8, false))).flatten()
}

fn quote_at(near: &Near<'_>, at: usize) -> Option<usize> {
    matches!(near.byte(at), Some(b'"' | b'\'' | b'`')).then_some(at)
}

/// Whether the quote closes a string in which the name stands: `"Password:"`.
fn closes_a_string(near: &Near<'_>, name: &Range<usize>, at: usize) -> bool {
    let quote = near.text[at];
    let before = near.line_before(name.start);
    let is_name_quoted = before.last() == Some(&quote) && near.byte(name.end) == Some(quote);
    let open = before.iter().filter(|b| **b == quote).count() % 2 == 1;
    open && !is_name_quoted
}

fn quoted(near: &Near<'_>, opened: usize, link: Link) -> Option<(Range<usize>, Quote)> {
    let quote = near.text[opened];
    let triple = near.rest(opened).starts_with(&[quote; 3]);
    let start = if triple { opened + 3 } else { opened + 1 };
    let mut end = start;
    loop {
        match near.byte(end)? {
            b'\\' => end += 1,
            b'\n' | b'\r' => return None,
            byte if byte == quote => break,
            _ => {}
        }
        end += 1;
        if end - start > LONGEST_VALUE {
            return None;
        }
    }
    let behind = if triple { end + 3 } else { end + 1 };
    (!goes_on(near, behind, link)).then_some((start..end, Quote::Quoted))
}

/// Whether more is joined to the literal, or it is itself a key.
fn goes_on(near: &Near<'_>, behind: usize, link: Link) -> bool {
    let at = near.skip(behind, 16, false);
    let rest = near.rest(at);
    let is_joined_by_dot = |rest: &[u8]| {
        rest.first() == Some(&b'.') && rest.get(1).is_some_and(|b| matches!(b, b' ' | b'$' | b'"' | b'\'' | b'.'))
    };
    let methods = [".format", ".concat", ".replace", ".join", ".split", ".sub", ".strip", ".repeat", ".length", "*"];
    let is_key =
        rest.first() == Some(&b':') && rest.get(1) != Some(&b':') && !matches!(link, Link::Default | Link::Compared)
            || rest.starts_with(b"=>");
    let breaks = rest.first() == Some(&b'\\') && matches!(rest.get(1), Some(b'\n' | b'\r'));
    breaks
        || matches!(rest.first(), Some(b'+' | b'%'))
        || is_joined_by_dot(rest)
        || methods.iter().any(|method| rest.starts_with(method.as_bytes()))
        || rest.starts_with(b"& ")
        || rest.starts_with(b"<>")
        || rest.starts_with(b"~")
        || is_key
}

/// `\"…\"` inside a string.
fn escaped(near: &Near<'_>, opened: usize) -> Option<(Range<usize>, Quote)> {
    let start = opened + 2;
    let close = [b'\\', near.text[opened + 1]];
    let rest = near.rest(start);
    let len = memchr::memmem::find(&rest[..rest.len().min(LONGEST_VALUE + 2)], &close)?;
    let is_one_line = !rest[..len].contains(&b'\n');
    (is_one_line && !goes_on(near, start + len + 2, Link::Given)).then_some((start..start + len, Quote::Quoted))
}

fn entity(near: &Near<'_>, start: usize) -> Option<(Range<usize>, Quote)> {
    let rest = near.rest(start);
    let len = memchr::memmem::find(&rest[..rest.len().min(LONGEST_VALUE + 6)], b"&quot;")?;
    (!rest[..len].contains(&b'\n')).then_some((start..start + len, Quote::Quoted))
}

fn between_tags(near: &Near<'_>, at: usize) -> Option<(Range<usize>, Quote)> {
    let mut start = near.skip(at, 64, true);
    let is_data = near.starts(start, "<![CDATA[");
    start += if is_data { 9 } else { 0 };
    let rest = near.rest(start);
    let len = rest.iter().take(LONGEST_VALUE + 1).position(|b| *b == b'<' || is_data && *b == b']')?;
    let value = rest[..len].trim_ascii_end();
    (!value.contains(&b'\n')).then_some((start..start + value.len(), Quote::Tags))
}

/// In a table or a sentence: a code span, something quoted, or one word.
fn told(near: &Near<'_>, at: usize) -> Option<(Range<usize>, Quote)> {
    let at = near.skip(at, 40, false);
    let at = at + near.rest(at).iter().take(2).take_while(|b| **b == b'*').count();
    match near.byte(at)? {
        b'"' | b'\'' | b'`' => quoted(near, at, Link::Told),
        _ => {
            let rest = near.rest(at);
            let len =
                rest.iter().take(LONGEST_VALUE + 1).position(|b| b.is_ascii_whitespace() || b"|\"'`<".contains(b));
            let len = len.or_else(|| near.is_end.then_some(rest.len()))?;
            let kept = rest[..len].len()
                - 2 * usize::from(rest[..len].ends_with(b"**"))
                - usize::from(rest[..len].ends_with(b"."))
                - usize::from(rest[..len].ends_with(b","));
            let behind = near.skip(at + len, 24, false);
            let ends = near.byte(behind).is_none_or(|b| matches!(b, b'|' | b'\n' | b'\r' | b'*')) || kept < len;
            ends.then_some((at..at + kept, Quote::Bare))
        }
    }
}

/// `${NAME:-value}`
fn in_braces(near: &Near<'_>, at: usize) -> Option<(Range<usize>, Quote)> {
    let at = at + usize::from(near.byte(at) == Some(b'-'));
    let rest = near.rest(at);
    let len = rest.iter().take(LONGEST_VALUE + 1).position(|b| matches!(b, b'}' | b'$' | b'{' | b'\n' | b' '))?;
    if rest[len] != b'}' {
        return None;
    }
    let quotes = usize::from(len > 2 && matches!(rest[0], b'"' | b'\'') && rest[len - 1] == rest[0]);
    Some((at + quotes..at + len - quotes, Quote::Quoted))
}

fn bare(near: &Near<'_>, name: &Range<usize>, link: Link, start: usize) -> Option<(Range<usize>, Quote)> {
    let len = match link {
        Link::Given | Link::Sibling => match whole_line(near, name, start, link) {
            _ if before_break(near, start).is_some() => {
                return before_break(near, start).map(|len| (start..start + len, Quote::Tags));
            }
            Some(len) => len,
            None => inline(near, name, start)?,
        },
        Link::Following => word(near, start)?,
        _ => return None,
    };
    (len > 0).then_some((start..start + len, Quote::Bare))
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
        || behind > start + len && (matches!(near.byte(behind), Some(b'#' | b';')) || near.starts(behind, "//"));
    if !ends || link == Link::Given && !opens_a_line(near.line_before(name.start)) {
        return None;
    }
    while len > 0 && matches!(rest[len - 1], b',' | b';') {
        len -= 1;
    }
    let has_quotes = rest[..len].iter().any(|b| matches!(b, b'"' | b'\'' | b'`'));
    (!has_quotes).then_some(len)
}

/// Whether a setting may begin behind this: nothing, a list's mark, a comment's mark, `export`.
fn opens_a_line(before: &[u8]) -> bool {
    let before = before.trim_ascii();
    let is_mark = |b: &u8| matches!(b, b'-' | b'#' | b'/' | b';' | b'*' | b'"' | b'\'' | b'>' | b'|' | b'$' | b'%');
    let words =
        ["export", "env", "ENV", "ARG", "set", "setx", "SET", "const", "var", "let", "ARG", "declare", "RUN export"];
    let path =
        before.iter().all(|b| super::is_word(*b) || matches!(b, b':' | b'/' | b'\\' | b'.' | b'[' | b'$' | b'@'));
    before.iter().all(is_mark) || words.iter().any(|w| before == w.as_bytes()) || path && before.len() < 48
}

/// The length of a word amid other settings: in a query, a connection string, a command, a flow of YAML.
fn inline(near: &Near<'_>, name: &Range<usize>, start: usize) -> Option<usize> {
    let rest = near.rest(start);
    let is_end = |b: &u8| b.is_ascii_whitespace() || b"\"'`<>(){}[],;&|\\".contains(b);
    let len = rest.iter().take(LONGEST_VALUE + 1).position(is_end);
    let len = len.or_else(|| (near.is_end && rest.len() <= LONGEST_VALUE).then_some(rest.len()))?;
    let by_colon = near.text[name.end..start].contains(&b':');
    let closer = rest.get(len).copied();
    let tight = near.text[name.end..start].iter().filter(|b| b.is_ascii_whitespace()).count();
    let line = near.line_before(name.start);
    let before = line.trim_ascii_end().last().copied();
    let fits = if by_colon {
        let in_flow = matches!(before, Some(b'{' | b',')) && matches!(closer, Some(b',' | b'}'));
        in_flow
            || matches!(closer, Some(b'"' | b'\'' | b'\\')) && matches!(line.last(), Some(b'"' | b'\'' | b'{' | b','))
    } else {
        let follows = closer.is_none_or(|b| b.is_ascii_whitespace() || b"\"'`;&|\\,>)".contains(&b));
        let opened = line.last().is_none_or(|b| b.is_ascii_whitespace() || b"?&;\"'`,({-".contains(b));
        tight == 0 && follows && opened
    };
    fits.then_some(len)
}

/// The length of the word that begins here, as a shell has it.
fn word(near: &Near<'_>, start: usize) -> Option<usize> {
    let rest = near.rest(start);
    let len = rest.iter().take(LONGEST_VALUE + 1).position(|b| b.is_ascii_whitespace() || b"\"'`;|&<>".contains(b));
    let len = len.or_else(|| (near.is_end && rest.len() <= LONGEST_VALUE).then_some(rest.len()))?;
    (!rest[..len].starts_with(b"-")).then_some(len)
}
