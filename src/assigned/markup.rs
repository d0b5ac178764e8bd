//! Values in elements, and beside their names.

use super::link::Closed;
use super::{Link, Near, is_quote};
use std::ops::Range;

/// `<password>x`, `<entry key="password">x`, `<key>password</key><string>x`, `&lt;password&gt;x`.
pub(super) fn by_element(near: &Near<'_>, name: &Range<usize>, closed: &Closed) -> Option<(Link, usize)> {
    if near.byte(name.end) == Some(b'<') {
        return by_next_element(near, name.end);
    }
    let opening = near.line_before(name.start);
    if near.starts(name.end, "&gt;") {
        return opening.ends_with(b"&lt;").then_some((Link::Element, name.end + "&gt;".len()));
    }
    let tag = memchr::memrchr(b'<', opening).map(|open| &opening[open..])?;
    if memchr::memchr(b'>', tag).is_some() || tag.starts_with(b"</") {
        return None;
    }
    let rest = near.rest(closed.at);
    let len = rest.iter().take(96).position(|b| matches!(b, b'<' | b'>' | b'\n'))?;
    let is_tag_name = tag.len() == 1 || tag.ends_with(b":");
    let closes = rest[len] == b'>' && !rest[..len].ends_with(b"/") && (is_tag_name || closed.is_quoted);
    let has_value = memchr::memmem::find(&rest[..len], b"value").is_some();
    if !closes || has_value {
        return None;
    }
    let inside = near.skip(closed.at + len + 1, 40, true);
    // `<AdministratorPassword><Value>x`, and by an attribute `<property name="password"><value>x`.
    let tags: &[&str] = if is_tag_name { &["<Value>"] } else { &["<value>", "<string>", "<Value>"] };
    let nested = tags.iter().find(|tag| near.starts(inside, tag));
    Some((Link::Element, nested.map_or(closed.at + len + 1, |tag| inside + tag.len())))
}

/// `<key>password</key><string>x`, `<name>password</name><value>x`.
fn by_next_element(near: &Near<'_>, closing: usize) -> Option<(Link, usize)> {
    const PAIRS: [(&str, &str); 6] = [
        ("</key>", "<string>"),
        ("</name>", "<value>"),
        ("</Name>", "<Value>"),
        ("</key>", "<value>"),
        ("</param-name>", "<param-value>"),
        ("</env-entry-name>", "<env-entry-value>"),
    ];
    // `<Key>Password</Key><Value ProtectInMemory="True">x`
    if near.starts(closing, "</Key>") {
        let at = near.skip(closing + "</Key>".len(), 40, true);
        let tag = near.starts(at, "<Value").then(|| near.rest(at).iter().take(48).position(|b| *b == b'>'))??;
        return Some((Link::Element, at + tag + 1));
    }
    PAIRS.iter().find_map(|(close, open)| {
        let at = near.starts(closing, close).then(|| near.skip(closing + close.len(), 40, true))?;
        near.starts(at, open).then_some((Link::Element, at + open.len()))
    })
}

/// `name: PASSWORD` and `value: x`, in that order; `variable "password" { default = "x"`.
pub(super) fn by_sibling(near: &Near<'_>, name: &Range<usize>, closed: &Closed) -> Option<(Link, usize)> {
    let rest = near.rest(closed.at);
    let gap = rest.iter().take(48).take_while(|b| b.is_ascii_whitespace() || matches!(b, b',' | b'-' | b'{')).count();
    if gap > 0 || rest.first() == Some(&b'/') {
        let at = closed.at + gap;
        let at = if matches!(near.byte(at), Some(b'"' | b'\'')) { at + 1 } else { at };
        let word =
            ["value", "Value", "VALUE", "newValue", "content", "defaultValue", "ParameterValue", "plaintext_value"]
                .iter()
                .find(|word| near.starts(at, word));
        if let Some(word) = word {
            let at = at + word.len();
            let at = if matches!(near.byte(at), Some(b'"' | b'\'')) { at + 1 } else { at };
            let at = near.skip(at, 8, false);
            return matches!(near.byte(at), Some(b'=' | b':')).then_some((Link::Sibling, at + 1));
        }
    }
    if !closed.is_quoted && near.byte(closed.at) != Some(b'\n') {
        return None;
    }
    // Go's tags: `env:"PASSWORD" envDefault:"x"`
    if let Some(tag) = [" default:", " envDefault:"].iter().find(|tag| closed.is_quoted && near.starts(closed.at, tag))
    {
        return Some((Link::Default, closed.at + tag.len()));
    }
    let is_variable = near.line_before(name.start).trim_ascii_start().starts_with(b"variable");
    if is_variable && closed.is_quoted {
        let block = rest.iter().take(200).position(|b| *b == b'}').map_or(rest, |end| &rest[..end]);
        let default = memchr::memmem::find(block, b"default")?;
        let at = near.skip(closed.at + default + 7, 24, false);
        return (near.byte(at) == Some(b'=')).then_some((Link::Default, at + 1));
    }
    if is_named(near, name, closed) { by_later_value(near, closed.at) } else { None }
}

/// Whether the name is itself the value of a `name` or a `key`.
fn is_named(near: &Near<'_>, name: &Range<usize>, closed: &Closed) -> bool {
    let before = near.line_before(name.start);
    // `"Name": "/acme/db/password"`
    let path = before.iter().rev().take_while(|b| super::is_word(**b) || matches!(b, b'/' | b'-' | b'.')).count();
    let before = if closed.is_quoted { &before[..(before.len() - path).saturating_sub(1)] } else { before };
    let before = before.trim_ascii_end();
    let Some((b':' | b'=', before)) = before.split_last() else { return false };
    let before = before.trim_ascii_end();
    let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
    ["name", "key", "id"].iter().any(|word| {
        before.len() >= word.len() && before[before.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
    })
}

/// `"type": "text", "value": "x"` in the same object, on the same or the next lines.
fn by_later_value(near: &Near<'_>, from: usize) -> Option<(Link, usize)> {
    let rest = near.rest(from);
    let end = rest.iter().take(140).position(|b| matches!(b, b'}' | b'{' | b'[' | b'<' | b'>'));
    let object = &rest[..end.unwrap_or(rest.len().min(140))];
    let next_item = memchr::memmem::find(object, b"\n- ").or_else(|| memchr::memmem::find(object, b" - "));
    let object = &object[..next_item.unwrap_or(object.len())];
    // `passwordKey: db-password`, and below it a block of its own: `env:`
    let next_block = memchr::memmem::find(object, b":\n");
    let object = &object[..next_block.unwrap_or(object.len())];
    let begins = |at: usize| at > 0 && matches!(object[at - 1], b' ' | b'"' | b'\'' | b',' | b'\t');
    let value = || {
        memchr::memmem::find_iter(object, b"alue").find(|at| {
            let start = at.saturating_sub(1);
            let is_parameter = object[..start].ends_with(b"Parameter") || object[..start].ends_with(b"default");
            matches!(object[start], b'v' | b'V') && (begins(start) || is_parameter)
        })
    };
    let default = || memchr::memmem::find(object, b"default").filter(|at| begins(*at)).map(|at| at + "def".len());
    let at = from + value().or_else(default)? + "alue".len();
    let at = at + usize::from(near.byte(at).is_some_and(is_quote));
    let at = near.skip(at, 8, false);
    matches!(near.byte(at), Some(b'=' | b':')).then_some((Link::Sibling, at + 1))
}
