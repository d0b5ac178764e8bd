//! Values behind a blank: of options, definitions, sentences and tables.

use super::columns::is_header;
use super::link::Closed;
use super::{Link, Near};
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

/// `#define PASSWORD "x"`, `--password x`, `ENV PASSWORD x`, `:password "x"`, `IDENTIFIED BY 'x'`.
pub(super) fn by_blank(
    near: &Near<'_>,
    name: &Range<usize>,
    closed: &Closed,
    anchor: &Range<usize>,
    at: usize,
) -> Option<(Link, usize)> {
    let here = near.byte(at)?;
    if at == closed.at || closed.is_quoted || matches!(here, b'\n' | b'\r') {
        return None;
    }
    if near.text[anchor.clone()].eq_ignore_ascii_case(b"identified by") {
        return Some((Link::Following, at));
    }
    let before = near.line_before(name.start);
    if let Some(value) = by_sql_plugin(near, before, at) {
        return Some((Link::Following, value));
    }
    if let Some(value) = of_a_device(near, before.trim_ascii(), at) {
        return Some((Link::Following, value));
    }
    let is_option = before.ends_with(b"--") || before.ends_with(b" -");
    let is_keyword = before.ends_with(b":") && before.iter().rev().nth(1).is_none_or(|b| !is_operand(*b));
    let quoted = matches!(here, b'"' | b'\'' | b'`');
    // `#define PASSWD (0x5A << 24)`
    let is_computed = here == b'(' && near.byte(at + 1).is_some_and(|b| b.is_ascii_digit());
    // `set(API_TOKEN "x")` of CMake, `set $token "x"` of nginx
    let is_set = || quoted && ["set(", "set $"].iter().any(|set| before.trim_ascii_start() == set.as_bytes());
    let is_defined = (is_definition(before.trim_ascii()) || is_set()) && !is_computed;
    let is_sql = quoted && near.text[anchor.clone()].eq_ignore_ascii_case(b"password") && name.len() == anchor.len();
    let is_line = before.trim_ascii().is_empty() && (quoted || is_last_word(near, at));
    let is_attribute = quoted && before.ends_with(b"@") && before.trim_ascii().len() == 1;
    (is_option || (is_keyword && quoted) || is_defined || is_sql || is_line || is_attribute)
        .then_some((Link::Following, at))
}

/// `IDENTIFIED WITH mysql_native_password BY 'x'`: where the quote stands.
fn by_sql_plugin(near: &Near<'_>, before: &[u8], at: usize) -> Option<usize> {
    const WITH: &[u8] = b"identified with ";
    let is_with = before.len() >= WITH.len() && before[before.len() - WITH.len()..].eq_ignore_ascii_case(WITH);
    let quote = near.skip(at + 2, 4, false);
    let is_by = near.rest(at).get(..2).is_some_and(|word| word.eq_ignore_ascii_case(b"by"));
    (is_with && is_by && quote > at + 2 && near.byte(quote) == Some(b'\'')).then_some(quote)
}

/// `enable password x`, `username NAME password 0 x`, `mysqladmin -u root password x`.
fn of_a_device(near: &Near<'_>, before: &[u8], at: usize) -> Option<usize> {
    static ADMIN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("mysqladmin "));
    let is_one = before == b"enable"
        || before.starts_with(b"username ")
        || before.len() > 12 && !before.ends_with(b"-") && ADMIN.find(before).is_some();
    is_one.then_some(if near.starts(at, "0 ") { at + 2 } else { at })
}

/// What stands before a name that is defined without an operator.
fn is_definition(before: &[u8]) -> bool {
    const WORDS: [&str; 25] = [
        "#define",
        "define",
        "env",
        "arg",
        "set",
        "setx",
        "setenv",
        "set -x",
        "set -gx",
        "set -ux",
        "set -ugx",
        "setq",
        "def",
        "defvar",
        "defparameter",
        "defconstant",
        "defconst",
        "defcustom",
        "const",
        "proxy_set_header",
        "add_header",
        "requestheader set",
        "header set",
        "header_up",
        "header_down",
    ];
    // `(setq my/password`, `(defvar *password*`
    let marks = before.iter().rev().take_while(|b| super::is_word(**b) || matches!(b, b'/' | b'*' | b'+')).count();
    let is_whole =
        marks == before.len() || !before[before.len() - marks..].iter().any(|b| matches!(b, b'/' | b'*' | b'+'));
    let opening = if is_whole { before } else { before[..before.len() - marks].trim_ascii_end() };
    let opening = opening.strip_prefix(b"(").unwrap_or(opening);
    WORDS.iter().any(|word| opening.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether one word ends the line.
fn is_last_word(near: &Near<'_>, at: usize) -> bool {
    let rest = near.rest(at);
    let len = rest.iter().take(super::LONGEST_VALUE + 1).take_while(|b| !b.is_ascii_whitespace()).count();
    let behind = near.skip(at + len, 8, false);
    len >= 6 && near.byte(behind).map_or(near.is_end, |b| matches!(b, b'\n' | b'\r'))
}

/// Whether a word of capitals, small letters and digits begins here.
fn is_made_up(near: &Near<'_>, at: usize) -> bool {
    let word = near.rest(at).iter().take(64).take_while(|b| b.is_ascii_graphic());
    let has = |is: fn(&u8) -> bool| word.clone().any(is);
    has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)
}

fn is_operand(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'"' | b'\'' | b'?')
}

/// Whether the line is a row of a table. In `|(rule, secret)| …` a closure begins, in `a | grep password | b` a command.
fn opens_a_row(before: &[u8]) -> bool {
    let mark = before.iter().position(|b| !matches!(b, b' ' | b'\t' | b'#' | b'*' | b'/' | b'>'));
    mark.is_some_and(|at| before[at] == b'|')
}

/// `the password is x`, `| password | x |`, `密码为 x`, `password - x`.
pub(super) fn by_words(near: &Near<'_>, name: &Range<usize>, closed: &Closed, at: usize) -> Option<(Link, usize)> {
    const SAYS: [&str; 16] = [
        "is ", "is: ", "was ", "ist ", "lautet ", "es ", "est ", "é ", "är ", "er ", "jest ", "это ", "- ", "– ", "— ",
        "to ",
    ];
    const COPULAS: [&str; 4] = ["为", "為", "是", "は"];
    let here = near.byte(at)?;
    if here == b'|' && opens_a_row(near.line_before(name.start)) && !closed.has_bracket {
        return (!is_header(near, at)).then_some((Link::Told, at + 1));
    }
    if let Some(word) = COPULAS.iter().find(|word| near.starts(at, word)) {
        let value = at + word.len();
        return Some((Link::Told, value + if near.starts(value, "：") { "：".len() } else { 0 }));
    }
    const OF: [&str; 9] = ["for ", "für ", "pour ", "para ", "per ", "voor ", "dla ", "для ", "от "];
    if at > closed.at && OF.iter().any(|word| near.starts(at, word)) {
        let subject = near.rest(at).iter().take(32).take_while(|b| super::is_word(**b) || **b == b' ').count();
        return near.starts(at + subject, ": ").then_some((Link::Told, at + subject + 2));
    }
    // `user root, password x`
    let before = near.line_before(name.start);
    let names_a_user = || [&b"user "[..], b"login "].iter().any(|word| memchr::memmem::find(before, word).is_some());
    let is_listed = at > closed.at && !closed.has_bracket && before.trim_ascii_end().ends_with(b",");
    if is_listed && names_a_user() && is_made_up(near, at) {
        return Some((Link::Told, at));
    }
    let says = || SAYS.iter().find(|word| near.starts(at, word));
    (at > closed.at).then(says).flatten().map(|word| (Link::Told, at + word.len()))
}
