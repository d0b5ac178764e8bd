//! What stands behind a name and ties a value to it.

use super::call::by_argument;
use super::markup::{by_element, by_sibling};
use super::store::by_store;
use super::words::{by_blank, by_words};
use super::{Link, Near, is_quote};
use std::ops::Range;

/// Methods whose argument is compared with what they are called on.
pub(super) const COMPARING: [&str; 5] = [".equals(", ".equalsIgnoreCase(", ".isEqualTo(", ".eql?(", ".Equals("];

/// The link behind the name, and where the value begins, blanks and prefixes aside.
pub(super) fn behind(near: &Near<'_>, name: &Range<usize>, anchor: &Range<usize>) -> Option<(Link, usize)> {
    if near.byte(name.end) == Some(b'.')
        && let Some(method) = COMPARING.iter().find(|method| near.starts(name.end, method))
    {
        return Some((Link::Compared, name.end + method.len()));
    }
    let closed = closers(near, name);
    let at = near.skip_wide(closed.at, 32);
    if let Some(found) = parameter(near, name, at) {
        return Some(found);
    }
    by_operator(near, name, &closed, at)
        .or_else(|| by_element(near, name, &closed))
        .or_else(|| by_sibling(near, name, &closed))
        .or_else(|| by_argument(near, name, &closed, anchor, at))
        .or_else(|| by_store(near, name, &closed, at))
        .or_else(|| by_blank(near, name, &closed, anchor, at))
        .or_else(|| by_words(near, name, &closed, at))
}

/// What closes behind a name: quotes, brackets, emphasis.
pub(super) struct Closed {
    pub at: usize,
    pub is_quoted: bool,
    pub has_bracket: bool,
}

fn closers(near: &Near<'_>, name: &Range<usize>) -> Closed {
    let mut at = name.end;
    if near.byte(at) == Some(b'\\') {
        at += 1;
    }
    let is_quoted = matches!(near.byte(at), Some(b'"' | b'\'' | b'`'));
    at = if is_quoted { at + 1 } else { name.end };
    if !is_quoted && near.starts(at, "!: ") {
        return Closed { at: at + 1, is_quoted, has_bracket: false };
    }
    if !is_quoted && near.starts(at, "&quot;") {
        return Closed { at: at + 6, is_quoted: true, has_bracket: false };
    }
    let inner = near.skip(at, 4, false);
    if is_quoted && near.byte(inner) == Some(b']') {
        at = inner;
    }
    at += usize::from(near.byte(at) == Some(b'}') && is_element(near, name));
    let brackets = near.rest(at).iter().take(2).take_while(|b| matches!(b, b']' | b')')).count();
    let array = near.rest(at).iter().take(6).take_while(|b| matches!(b, b'[' | b']' | b'0'..=b'9')).count();
    at += if array >= 2 && near.byte(at) == Some(b'[') { array } else { brackets };
    let mark = near.before(name.start).filter(|b| *b == b'+').unwrap_or(b'*');
    let is_comment = near.starts(at, "*/");
    at += near.rest(at).iter().take(2).take_while(|b| **b == mark && !is_comment).count();
    at += if is_quoted && near.starts(at, ">>") { 2 } else { 0 };
    Closed { at, is_quoted, has_bracket: brackets > 0 }
}

/// Whether Perl's braces round the name say which element it is: `$ENV{NAME}`, `$settings->{'name'}`.
fn is_element(near: &Near<'_>, name: &Range<usize>) -> bool {
    let before = &near.text[near.start..name.start];
    let before = before.strip_suffix(b"'").or_else(|| before.strip_suffix(b"\"")).unwrap_or(before);
    let Some(hash) = before.strip_suffix(b"{") else { return false };
    let is_of_path = |b: &u8| b.is_ascii_alphanumeric() || b"_:{}'\"->".contains(b);
    let path = hash.iter().rev().take(60).take_while(|b| is_of_path(b)).count();
    path > 0 && hash.len() > path && hash[hash.len() - path - 1] == b'$'
}

/// Operators, longest first, and what they tie.
const OPERATORS: &[(&str, Link)] = &[
    ("===", Link::Compared),
    ("!==", Link::Compared),
    ("==", Link::Compared),
    ("!=", Link::Compared),
    ("<>", Link::Compared),
    ("=>", Link::Given),
    ("::=", Link::Given),
    (":=", Link::Given),
    (":-", Link::Default),
    ("?=", Link::Given),
    ("??=", Link::Given),
    ("||=", Link::Given),
    ("<-", Link::Given),
    ("??", Link::Default),
    ("?:", Link::Default),
    ("||", Link::Default),
    ("//", Link::Default),
    ("=", Link::Given),
    ("：", Link::Given),
];

fn by_operator(near: &Near<'_>, name: &Range<usize>, closed: &Closed, at: usize) -> Option<(Link, usize)> {
    let here = near.byte(at)?;
    let is_operator = matches!(here, b'=' | b'!' | b'<' | b':' | b'?' | b'|' | b'/' | 0xef);
    let operator = || OPERATORS.iter().find(|(operator, _)| near.starts(at, operator));
    if let Some((operator, link)) = is_operator.then(operator).flatten() {
        let is_default = *link == Link::Default;
        let in_braces = is_in_braces(near, name);
        if is_default && (*operator == ":-") != in_braces || *operator == "//" && !closed.has_bracket {
            return None;
        }
        if near.starts(at, "=~") {
            return None;
        }
        let value = at + operator.len();
        return Some(if *link == Link::Given {
            declared(near, value).unwrap_or((*link, value))
        } else {
            (*link, value)
        });
    }
    match here {
        b':' if near.byte(at + 1) != Some(b':') => {}
        // LDIF has base64 behind two colons.
        b':' if at == name.end && near.byte(at + 2) == Some(b' ') && near.line_before(name.start).is_empty() => {
            return Some((Link::Given, at + 2));
        }
        b'.' => return by_pair(near, name, closed, at),
        b';' => return serialized(near, closed, at),
        b'{' => return in_braces(near, name, at),
        b'*' => return (near.starts(at, "*/")).then_some((Link::Argument, at + 2)),
        _ => return by_type(near, at, closed),
    }
    if is_in_braces(near, name) {
        // `${PASSWORD:?message}` and `${PASSWORD:+other}` give it none.
        return (!matches!(near.byte(at + 1), Some(b'?' | b'+'))).then_some((Link::Default, at + 1));
    }
    let after = at + 1 + near.rest(at + 1).iter().take(2).take_while(|b| **b == b'*').count();
    let value = typed(near, after).or_else(|| computed(near, after)).unwrap_or(after);
    Some(declared(near, value).unwrap_or((Link::Given, value)))
}

/// What holds by default: `= Field(default="x"`, `= CharField(max_length=64, default="x"`, `: z.string().default('x')`.
fn declared(near: &Near<'_>, at: usize) -> Option<(Link, usize)> {
    let start = near.skip(at, 4, false);
    let rest = near.rest(start);
    let callee = rest.iter().take(40).take_while(|b| super::is_word(**b) || **b == b'.').count();
    if callee == 0 || rest.get(callee) != Some(&b'(') {
        return None;
    }
    let is_plain = |b: &u8| b.is_ascii_alphanumeric() || b"_.,=() ".contains(b);
    let call = &rest[..rest.iter().take(110).take_while(|b| is_plain(b)).count()];
    let found = [&b"default="[..], b".default("].iter().find_map(|mark| {
        let found = memchr::memmem::rfind(call, mark)? + mark.len();
        (found == call.len()).then_some(found)
    })?;
    near.byte(start + found).is_some_and(is_quote).then_some((Link::Default, start + found))
}

/// What a parameter of a template holds unless it is told otherwise: `Password:`, and below it `Type: String` and
/// `Default: x`.
fn parameter(near: &Near<'_>, name: &Range<usize>, at: usize) -> Option<(Link, usize)> {
    let is_block = near.byte(at) == Some(b':') && matches!(near.byte(at + 1), Some(b'\n' | b'\r'));
    let indent = is_block.then(|| near.line_before(name.start)).filter(|line| line.trim_ascii().is_empty())?.len();
    let block = near.rest(at + 1);
    let mut is_text = false;
    let mut from = memchr::memchr(b'\n', block)? + 1;
    loop {
        let line = &block[from..from + memchr::memchr(b'\n', &block[from..])?];
        let inside = line.len() - line.trim_ascii_start().len();
        if inside <= indent {
            return None;
        }
        let setting = line.trim_ascii();
        is_text |= setting == b"Type: String";
        if is_text && setting.starts_with(b"Default: ") {
            return Some((Link::Sibling, at + 1 + from + inside + "Default: ".len()));
        }
        from += line.len() + 1;
    }
}

/// `${NAME`
fn is_in_braces(near: &Near<'_>, name: &Range<usize>) -> bool {
    near.text[near.start..name.start].ends_with(b"${")
}

/// Behind `: Type =`, if that is what stands here.
fn typed(near: &Near<'_>, at: usize) -> Option<usize> {
    let line = near.rest(at);
    let line = if line.starts_with(b" &'static ") { &line[10..] } else { line };
    let skipped = near.rest(at).len() - line.len();
    let len = line.iter().take(48).take_while(|b| is_in_type(**b)).count();
    let has_equals = line.get(len) == Some(&b'=') && line.get(len + 1) != Some(&b'=');
    (has_equals && line[..len].iter().any(u8::is_ascii_alphabetic)).then_some(at + skipped + len + 1)
}

/// Behind `: String { return`, of a property that always says the same.
fn computed(near: &Near<'_>, at: usize) -> Option<usize> {
    let body = near.rest(at).strip_prefix(b" String { ")?;
    let from = at + " String { ".len();
    Some(from + if body.starts_with(b"return ") { "return ".len() } else { 0 })
}

/// `password string =`, `Password As String =`.
fn by_type(near: &Near<'_>, at: usize, closed: &Closed) -> Option<(Link, usize)> {
    let is_spaced = at > closed.at && near.byte(at).is_some_and(|b| b.is_ascii_alphabetic());
    if closed.is_quoted || !is_spaced {
        return None;
    }
    let kinds = ["as string ", "string ", "as object ", "*string ", "str "];
    let begins =
        |kind: &&&str| near.rest(at).get(..kind.len()).is_some_and(|b| b.eq_ignore_ascii_case(kind.as_bytes()));
    let kind = kinds.iter().find(begins)?;
    let equals = near.skip(at + kind.len(), 16, false);
    (near.byte(equals) == Some(b'=') && near.byte(equals + 1) != Some(b'=')).then_some((Link::Given, equals + 1))
}

fn is_in_type(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'.' | b' ' | b'<' | b'>' | b'[' | b']' | b'?' | b'&' | b'|' | b'*' | b'!')
}

/// `(password . "x")`, `("password" . "x")`
fn by_pair(near: &Near<'_>, name: &Range<usize>, closed: &Closed, at: usize) -> Option<(Link, usize)> {
    let opened = name.start.checked_sub(usize::from(closed.is_quoted))?;
    let is_listed = near.before(opened) == Some(b'(') && at > closed.at && near.byte(at + 1) == Some(b' ');
    let value = near.skip(at + 1, 4, false);
    (is_listed && near.byte(value) == Some(b'"')).then_some((Link::Given, value))
}

/// `s:8:"password";s:6:"x";`, as PHP serializes.
fn serialized(near: &Near<'_>, closed: &Closed, at: usize) -> Option<(Link, usize)> {
    let length = near.rest(at).strip_prefix(b";s:").filter(|_| closed.is_quoted)?;
    let digits = length.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let value = at + ";s:".len() + digits + 1;
    (digits > 0 && length.get(digits) == Some(&b':') && matches!(near.byte(value), Some(b'"' | b'\\')))
        .then_some((Link::Given, value))
}

/// `password{"x"}`, `string Password { get; set; } = "x"`.
fn in_braces(near: &Near<'_>, name: &Range<usize>, at: usize) -> Option<(Link, usize)> {
    if at == name.end && near.byte(at + 1).is_some_and(is_quote) {
        return Some((Link::Given, at + 1));
    }
    if !near.starts(at, "{ get;") {
        return None;
    }
    let close = near.rest(at).iter().take(48).position(|b| *b == b'}')?;
    let equals = near.skip(at + close + 1, 4, false);
    (near.byte(equals) == Some(b'=')).then_some((Link::Given, equals + 1))
}
