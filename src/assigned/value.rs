//! The literal behind a link, if it is one: quoted, between tags or bare.

use super::bare::{bare, in_braces};
use super::digested::digested;
use super::name::Words;
use super::{LONGEST_VALUE, Link, Near, Quote, is_quote};
use std::ops::Range;

/// The value that begins at or behind the place.
pub(super) fn at(near: &Near<'_>, name: &Range<usize>, link: Link, at: usize) -> Option<(Range<usize>, Quote)> {
    match link {
        Link::Element => between_tags(near, at),
        Link::Told => told(near, at),
        Link::Given if in_inline_tag(near, at).is_some() => between_tags(near, in_inline_tag(near, at)?),
        Link::Given if bytes(near, at).is_some() => bytes(near, at),
        Link::Default if near.text[near.start..name.start].ends_with(b"${") => in_braces(near, at),
        _ => {
            let opened = opening(near, name, link, at)?;
            match near.byte(opened)? {
                b'"' if near.byte(opened.wrapping_sub(1)) == Some(b'R') && opened > at => raw(near, opened),
                b'"' | b'\'' | b'`' => quoted(near, opened, link),
                b'[' | b'%' | b'q' if let Some(found) = fenced(near, opened) => Some(found),
                b'\\' if matches!(near.byte(opened + 1), Some(b'"' | b'\'')) => escaped(near, opened),
                b'&' if near.starts(opened, "&quot;") => entity(near, opened + 6),
                _ if opened > at && near.text[at..opened].contains(&b'\n') && !is_block(near, at) => None,
                _ => bare(near, name, link, opened),
            }
        }
    }
}

/// `{0x1f, 0x4c, …}`, `[]byte{0x1f, …}`, `[0x1f, …]`: the bytes, brackets aside.
fn bytes(near: &Near<'_>, at: usize) -> Option<(Range<usize>, Quote)> {
    let rest = near.rest(near.skip(at, 8, true));
    let lead = rest.iter().take(28).take_while(|b| b.is_ascii_alphanumeric() || b" []&_;".contains(b)).count();
    let open = match (rest.get(lead), rest.first()) {
        (Some(b'{'), _) => lead,
        (_, Some(b'[')) => 0,
        _ => return None,
    };
    let start = near.skip(near.text.len() - rest.len() + open + 1, 24, true);
    if !near.starts(start, "0x") && !near.starts(start, "0X") {
        return None;
    }
    let inside = near.rest(start);
    let is_byte = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b'x' | b'X' | b',') || b.is_ascii_whitespace();
    let len = inside
        .iter()
        .take(LONGEST_VALUE + 1)
        .position(|b| !is_byte(b))
        .filter(|at| matches!(inside[*at], b'}' | b']'))?;
    let len = inside[..len].trim_ascii_end().len();
    Some((start..start + len, Quote::Quoted))
}

/// Behind `<b>` and its kin: `Password: <b>x</b>`.
fn in_inline_tag(near: &Near<'_>, at: usize) -> Option<usize> {
    let place = near.skip(at, 8, false);
    if near.byte(place) != Some(b'<') {
        return None;
    }
    let tags = ["<b>", "<i>", "<em>", "<tt>", "<kbd>", "<code>", "<strong>"];
    tags.iter().find(|tag| near.starts(place, tag)).map(|tag| place + tag.len())
}

/// Whether a block of YAML begins here.
fn is_block(near: &Near<'_>, at: usize) -> bool {
    matches!(near.byte(near.skip(at, 8, false)), Some(b'|' | b'>'))
}

/// Where the value begins behind blanks, a line end before a quote, and what may stand before a literal.
fn opening(near: &Near<'_>, name: &Range<usize>, link: Link, at: usize) -> Option<usize> {
    let mut place = near.skip_wide(at, 48);
    if near.starts(place, "*/") {
        place = near.skip(place + 2, 8, false);
    }
    let quote = |at: usize| near.byte(at).is_some_and(is_quote);
    if quote(place) && place == at && closes_a_string(near, name, place) {
        return None;
    }
    if matches!(near.byte(place), Some(b'\r' | b'\n' | b'\\')) && matches!(link, Link::Given | Link::Argument) {
        let from = place + usize::from(near.byte(place) == Some(b'\\') && !quote(place + 1));
        let next = near.skip(from, 64, true);
        return if quote(next) { Some(next) } else { (near.byte(place) == Some(b'\\')).then_some(place) };
    }
    let prefix = near.rest(place).iter().take(3).take_while(|b| b"@rRbBuULNf$&".contains(b)).count();
    if prefix > 0 && quote(place + prefix) {
        return Some(place + prefix);
    }
    let inside = || wrapped(near, place).or_else(|| digested(near, place)).or_else(|| boxed(near, place));
    if let Some(inside) = inside().or_else(|| listed(near, name, place)) {
        return Some(inside);
    }
    place = tagged(near, place);
    let alternative = link == Link::Given || link == Link::Default;
    Some(if alternative { alternative_to(near, place).unwrap_or(place) } else { place })
}

/// `{"value": "x"}`, `{"type": "string", "defaultValue": "x"}`: where the quote stands.
fn boxed(near: &Near<'_>, at: usize) -> Option<usize> {
    if near.byte(at) != Some(b'{') {
        return None;
    }
    let key = behind_type(near, near.skip(at + 1, 48, true));
    let key = key + usize::from(near.byte(key).is_some_and(is_quote));
    let word = ["value", "Value", "_value", "defaultValue", "default", "stringValue"]
        .iter()
        .find(|word| near.starts(key, word))?;
    let mark = key + word.len() + usize::from(near.byte(key + word.len()).is_some_and(is_quote));
    let mark = near.skip(mark, 4, false);
    let value = matches!(near.byte(mark), Some(b':' | b'=')).then(|| near.skip(mark + 1, 8, false))?;
    near.byte(value).is_some_and(is_quote).then_some(value)
}

/// Behind `"type": "string",`, if that is what stands here.
fn behind_type(near: &Near<'_>, at: usize) -> usize {
    let rest = near.rest(at);
    let line = &rest[..rest.iter().take(40).position(|b| *b == b',').unwrap_or(0)];
    let is_type = line.starts_with(b"\"type\":") && line.ends_with(b"\"");
    if is_type { near.skip(at + line.len() + 1, 48, true) } else { at }
}

/// `api_keys = ["x", …]`: where the first quote stands.
fn listed(near: &Near<'_>, name: &Range<usize>, at: usize) -> Option<usize> {
    let is_plural = || {
        let name = near.text[name.clone()].to_ascii_lowercase();
        [&b"keys"[..], b"tokens", b"secrets"].iter().any(|plural| name.ends_with(plural))
    };
    (near.byte(at) == Some(b'[') && is_plural()).then(|| quote_at(near, near.skip(at + 1, 24, true))).flatten()
}

/// Behind a tag, an anchor or the mark of a block of YAML.
fn tagged(near: &Near<'_>, at: usize) -> usize {
    match near.byte(at) {
        Some(b'!') if near.starts(at, "!!str ") => near.skip(at + 6, 8, false),
        Some(b'&') => {
            let word = near.rest(at + 1).iter().take(24).take_while(|b| super::is_word(**b)).count();
            if word > 0 && near.byte(at + 1 + word) == Some(b' ') { near.skip(at + 1 + word, 8, false) } else { at }
        }
        Some(b'|' | b'>') => {
            let mark = near.rest(at + 1).iter().take(2).take_while(|b| matches!(b, b'-' | b'+' | b'1'..=b'9')).count();
            let end = near.skip(at + 1 + mark, 4, false);
            let is_block = matches!(near.byte(end), Some(b'\r' | b'\n'));
            if is_block { near.skip(end, 64, true) } else { at }
        }
        _ => at,
    }
}

/// `password or "x"`, `given ? it : "x"`, `options.password || "x"`, `getenv("P") ?: "x"`, `fromMaybe "x" <$> …`: where the quote stands.
fn alternative_to(near: &Near<'_>, at: usize) -> Option<usize> {
    if near.starts(at, "fromMaybe \"") {
        return Some(at + "fromMaybe ".len());
    }
    let rest = near.rest(at);
    let first = rest.first().filter(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'$' | b'@'))?;
    let is_plain = |b: &u8| super::is_word(*b) || b".$@[]\"'()->:?!, =<".contains(b);
    let line = rest.iter().take(90).take_while(|b| is_plain(b) || **b == b'|').count();
    let line = &rest[..line];
    let operator = [&b" or "[..], b" || ", b" ?: ", b" ?? "]
        .iter()
        .find_map(|o| memchr::memmem::find(line, o).map(|found| found + o.len()))
        .or_else(|| {
            let asked = memchr::memmem::find(line, b" ? ")?;
            memchr::memmem::find(&line[asked..], b" : ").map(|found| asked + found + 3)
        })?;
    let is_quoted = first.is_ascii() && line.get(operator).is_some_and(|b| is_quote(*b));
    is_quoted.then_some(at + operator)
}

/// Callees that hand on the literal they are given.
static WRAPPERS: Words = Words::new(
    "\
    string from new bytes byte secret secretstring securestring secretstr securestr some ok literal of plain plaintext \
    sensitive nonsensitive to_string tostring str s password protectedstring char cstring qstring text \
    raw networkcredential data value just pure const string.format_ nsstring l t_ \
    convertto-securestring unescape quote secretvalue unsafeplaintext tochararray qstringliteral \
    qlatin1string _t text_ tstring pack decode b64decode base64decode fromhex \
    getbytes get_bytes bcrypt field signal ref \
    decode64 urlsafe_b64decode atob base64_decode hex2bin frombase64string decodestring unhexlify from_hex",
);

/// Behind `String::from(`, `new SecureString(`, `ConvertTo-SecureString`, where the quote stands.
pub(super) fn wrapped(near: &Near<'_>, at: usize) -> Option<usize> {
    let open = if near.byte(at) == Some(b'(') { at + 1 } else { at };
    let open = if near.starts(open, "new ") { open + 4 } else { open };
    let rest = near.rest(open);
    if rest.first() == Some(&b'<') {
        // `<string>"x"`, `<<"x">>`
        let close = if rest.starts_with(b"<<") { 1 } else { rest.iter().take(12).position(|b| *b == b'>')? };
        return quote_at(near, open + close + 1);
    }
    if rest.starts_with(b"[]byte(") {
        return quote_at(near, open + 7);
    }
    let callee = rest.iter().take(48).take_while(|b| super::is_word(**b) || matches!(b, b'.' | b':' | b'-')).count();
    if callee == 0 {
        return (open > at).then(|| quote_at(near, near.skip(open, 24, true))).flatten();
    }
    let last = rest[..callee].rsplit(|b| matches!(b, b'.' | b':')).next().unwrap_or_default();
    let hands_on = || {
        rest[..callee].eq_ignore_ascii_case(b"hash::make")
            || std::str::from_utf8(last).is_ok_and(|last| WRAPPERS.contains(&last.to_ascii_lowercase()))
    };
    let inside = match rest.get(callee)? {
        b'(' if hands_on() => open + callee + 1,
        b' ' if last.eq_ignore_ascii_case(b"convertto-securestring") => {
            let at = near.skip(open + callee, 4, false);
            if near.starts(at, "-String ") { near.skip(at + 8, 4, false) } else { at }
        }
        _ => return None,
    };
    let inside = near.skip(inside, 8, false);
    // `Lazy::new(|| b"x".to_vec())`, `new(Encoding.UTF8.GetBytes("x"))`
    let inside = if near.starts(inside, "|| ") { inside + 3 } else { inside };
    let prefix = usize::from(near.byte(inside) == Some(b'b'));
    quote_at(near, inside + prefix).or_else(|| wrapped(near, inside).filter(|_| last == b"new"))
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
    open && !is_name_quoted && !near.text[name.end..at].contains(&quote)
}

fn quoted(near: &Near<'_>, opened: usize, link: Link) -> Option<(Range<usize>, Quote)> {
    let quote = near.text[opened];
    let triple = near.rest(opened).starts_with(&[quote; 3]);
    let start = if triple { near.skip(opened + 3, 40, true) } else { opened + 1 };
    let mut end = start;
    loop {
        match near.byte(end)? {
            b'\\' => end += 1,
            b'\n' | b'\r' if triple && near.starts(near.skip(end, 40, true), three(quote)) => break,
            b'\n' | b'\r' => return None,
            byte if byte == quote => break,
            _ => {}
        }
        end += 1;
        if end - start > LONGEST_VALUE {
            return None;
        }
    }
    let behind = if triple { near.skip(end, 40, true) + 3 } else { end + 1 };
    (!goes_on(near, behind, link)).then(|| (inside_quotes(near, start..end), Quote::Quoted))
}

/// The value in `'"x"'` and `"\"x\""`.
fn inside_quotes(near: &Near<'_>, value: Range<usize>) -> Range<usize> {
    let inner = &near.text[value.clone()];
    let len = match inner {
        [b'"', .., b'"'] if inner.len() > 2 => 1,
        [b'\\', b'"', .., b'\\', b'"'] if inner.len() > 4 => 2,
        _ => 0,
    };
    value.start + len..value.end - len
}

fn three(quote: u8) -> &'static str {
    match quote {
        b'"' => "\"\"\"",
        b'\'' => "'''",
        _ => "```",
    }
}

/// `R"(x)"`, with a mark or without.
fn raw(near: &Near<'_>, quote: usize) -> Option<(Range<usize>, Quote)> {
    let open = near.rest(quote).iter().take(17).position(|b| *b == b'(').map(|len| quote + len);
    let Some(open) = open else { return quoted(near, quote, Link::Given) };
    let close = [b")", &near.text[quote + 1..open], b"\""].concat();
    let rest = near.rest(open + 1);
    let len = memchr::memmem::find(&rest[..rest.len().min(LONGEST_VALUE + close.len())], &close)?;
    (!rest[..len].contains(&b'\n')).then_some((open + 1..open + 1 + len, Quote::Quoted))
}

/// `[[x]]`, `q(x)`, `qq{x}`, `%q(x)`.
fn fenced(near: &Near<'_>, at: usize) -> Option<(Range<usize>, Quote)> {
    let lead = ["[[", "%q", "%Q", "qq", "q"].iter().find(|lead| near.starts(at, lead))?;
    let fence = if *lead == "[[" { at + 1 } else { at + lead.len() };
    let close = match near.byte(fence)? {
        b'(' => b')',
        b'{' => b'}',
        b'[' => b']',
        b'|' if *lead != "[[" => b'|',
        _ => return None,
    };
    let rest = near.rest(fence + 1);
    let len =
        rest.iter().take(LONGEST_VALUE + 1).position(|b| *b == close || *b == b'\n').filter(|at| rest[*at] == close)?;
    Some((fence + 1..fence + 1 + len, Quote::Quoted))
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
    let is_joined = breaks || matches!(rest.first(), Some(b'+')) || is_joined_by_dot(rest) || is_followed(near, at);
    if is_joined || rest.starts_with(b"& ") || rest.starts_with(b"<>") {
        near.goes_on.set(true);
        return true;
    }
    rest.first() == Some(&b'%')
        || methods.iter().any(|method| rest.starts_with(method.as_bytes()))
        || rest.starts_with(b"~")
        || is_key
}

/// Whether the next line is one more literal, and then the statement ends or yet another follows.
fn is_followed(near: &Near<'_>, at: usize) -> bool {
    if !matches!(near.byte(at), Some(b'\n' | b'\r')) {
        return false;
    }
    let next = near.skip(at, 80, true);
    let Some(quote) = near.byte(next).filter(|b| matches!(b, b'"' | b'\'')) else { return false };
    let rest = near.rest(next + 1);
    let Some(close) = memchr::memchr2(quote, b'\n', rest).filter(|at| rest[*at] == quote) else { return false };
    matches!(rest.get(close + 1), Some(b';' | b')'))
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
    if near.text[..at].ends_with(b"&gt;") {
        let len = memchr::memmem::find(&rest[..rest.len().min(LONGEST_VALUE)], b"&lt;/")?;
        return (!rest[..len].contains(&b'\n')).then_some((start..start + len, Quote::Tags));
    }
    let len = rest.iter().take(LONGEST_VALUE + 1).position(|b| *b == b'<' || is_data && *b == b']')?;
    let value = rest[..len].trim_ascii_end();
    // `mongodb://<USER>:<PASSWORD>@host/<DATABASE>` has no elements.
    if !is_data && !rest[len + 1..].first().is_none_or(|b| matches!(b, b'/' | b'!')) {
        return None;
    }
    (!value.contains(&b'\n')).then_some((start..start + value.len(), Quote::Tags))
}

/// In a table or a sentence: a code span, something quoted, or one word.
fn told(near: &Near<'_>, at: usize) -> Option<(Range<usize>, Quote)> {
    let at = near.skip(at, 40, false);
    let at = at + near.rest(at).iter().take(2).take_while(|b| **b == b'*').count();
    match near.byte(at)? {
        b'"' | b'\'' | b'`' => quoted(near, at, Link::Told),
        _ if near.starts(at, "「") => {
            let rest = near.rest(at + "「".len());
            let len = memchr::memmem::find(&rest[..rest.len().min(LONGEST_VALUE)], "」".as_bytes())?;
            Some((at + "「".len()..at + "「".len() + len, Quote::Quoted))
        }
        _ => {
            let rest = near.rest(at);
            let len =
                rest.iter().take(LONGEST_VALUE + 1).position(|b| b.is_ascii_whitespace() || b"|\"'`<".contains(b));
            let len = len.or_else(|| near.is_end.then_some(rest.len()))?;
            let kept = &rest[..len];
            let kept = kept.strip_suffix(b",").or_else(|| kept.strip_suffix(b".")).unwrap_or(kept);
            let kept = kept.strip_suffix(b"**").unwrap_or(kept).len();
            let behind = near.skip(at + len, 24, false);
            let kinds = [u8::is_ascii_digit, u8::is_ascii_lowercase, u8::is_ascii_uppercase];
            let in_cell = near.before(near.skip_back(at)) == Some(b'|');
            let is_mixed = !in_cell && len >= 8 && kinds.iter().all(|is| rest[..len].iter().any(is));
            let ends = near.byte(behind).is_none_or(|b| matches!(b, b'|' | b'\n' | b'\r' | b'*'));
            let ends = ends || kept < len || is_mixed;
            ends.then_some((at..at + kept, Quote::Bare))
        }
    }
}
