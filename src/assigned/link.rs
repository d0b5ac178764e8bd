//! What stands behind a name and ties a value to it.

use super::{Link, Near};
use std::ops::Range;

/// Methods whose argument is compared with what they are called on.
pub(super) const COMPARING: [&str; 5] = [".equals(", ".equalsIgnoreCase(", ".isEqualTo(", ".eql?(", ".Equals("];

/// The link behind the name, and where the value begins, blanks and prefixes aside.
pub(super) fn behind(near: &Near<'_>, name: &Range<usize>, anchor: &Range<usize>) -> Option<(Link, usize)> {
    if let Some(method) = COMPARING.iter().find(|method| near.starts(name.end, method)) {
        return Some((Link::Compared, name.end + method.len()));
    }
    let closed = closers(near, name);
    let at = near.skip(closed.at, 32, false);
    by_operator(near, name, &closed, at)
        .or_else(|| by_element(near, name, &closed))
        .or_else(|| by_sibling(near, name, &closed))
        .or_else(|| by_argument(near, name, &closed, anchor, at))
        .or_else(|| by_blank(near, name, &closed, anchor, at))
        .or_else(|| by_words(near, name, &closed, at))
}

/// What closes behind a name: quotes, brackets, emphasis.
struct Closed {
    at: usize,
    is_quoted: bool,
    has_bracket: bool,
}

fn closers(near: &Near<'_>, name: &Range<usize>) -> Closed {
    let mut at = name.end;
    if near.byte(at) == Some(b'\\') {
        at += 1;
    }
    let is_quoted = matches!(near.byte(at), Some(b'"' | b'\'' | b'`'));
    at = if is_quoted { at + 1 } else { name.end };
    if !is_quoted && near.starts(at, "&quot;") {
        return Closed { at: at + 6, is_quoted: true, has_bracket: false };
    }
    let inner = near.skip(at, 4, false);
    if is_quoted && near.byte(inner) == Some(b']') {
        at = inner;
    }
    let brackets = near.rest(at).iter().take(2).take_while(|b| matches!(b, b']' | b')')).count();
    let array = near.rest(at).iter().take(6).take_while(|b| matches!(b, b'[' | b']' | b'0'..=b'9')).count();
    at += if array >= 2 && near.byte(at) == Some(b'[') { array } else { brackets };
    at += near.rest(at).iter().take(2).take_while(|b| **b == b'*').count();
    Closed { at, is_quoted, has_bracket: brackets > 0 }
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
    if let Some((operator, link)) = OPERATORS.iter().find(|(operator, _)| near.starts(at, operator)) {
        let is_default = *link == Link::Default;
        let in_braces = is_in_braces(near, name);
        if is_default && (*operator == ":-") != in_braces || *operator == "//" && !closed.has_bracket {
            return None;
        }
        if near.starts(at, "=~") {
            return None;
        }
        return Some((*link, at + operator.len()));
    }
    if near.byte(at) != Some(b':') || near.byte(at + 1) == Some(b':') {
        return by_type(near, at, closed);
    }
    if is_in_braces(near, name) {
        return Some((Link::Default, at + 1));
    }
    let after = at + 1 + near.rest(at + 1).iter().take(2).take_while(|b| **b == b'*').count();
    Some(typed(near, after).map_or((Link::Given, after), |value| (Link::Given, value)))
}

/// `${NAME`
fn is_in_braces(near: &Near<'_>, name: &Range<usize>) -> bool {
    near.text[near.start..name.start].ends_with(b"${")
}

/// Behind `: Type =`, if that is what stands here.
fn typed(near: &Near<'_>, at: usize) -> Option<usize> {
    let line = near.rest(at);
    let len = line.iter().take(48).take_while(|b| is_in_type(**b)).count();
    let has_equals = line.get(len) == Some(&b'=') && line.get(len + 1) != Some(&b'=');
    (has_equals && line[..len].iter().any(u8::is_ascii_alphabetic)).then_some(at + len + 1)
}

/// `password string =`, `Password As String =`.
fn by_type(near: &Near<'_>, at: usize, closed: &Closed) -> Option<(Link, usize)> {
    let is_spaced = at > closed.at && near.byte(at).is_some_and(|b| b.is_ascii_alphabetic());
    if closed.is_quoted || !is_spaced {
        return None;
    }
    let line = near.rest(at).to_ascii_lowercase();
    let kinds = ["as string ", "string ", "as object ", "*string ", "str "];
    let kind = kinds.iter().find(|kind| line.starts_with(kind.as_bytes()))?;
    let equals = near.skip(at + kind.len(), 16, false);
    (near.byte(equals) == Some(b'=') && near.byte(equals + 1) != Some(b'=')).then_some((Link::Given, equals + 1))
}

fn is_in_type(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'.' | b' ' | b'<' | b'>' | b'[' | b']' | b'?' | b'&' | b'\'' | b'|' | b'*' | b'!')
            && byte != b'\''
}

/// `<password>x`, `<entry key="password">x`, `<key>password</key><string>x`.
fn by_element(near: &Near<'_>, name: &Range<usize>, closed: &Closed) -> Option<(Link, usize)> {
    if near.starts(name.end, "</key>") {
        let at = near.skip(name.end + 6, 40, true);
        return near.starts(at, "<string>").then_some((Link::Element, at + 8));
    }
    let opening = near.line_before(name.start);
    let tag = memchr::memrchr(b'<', opening).map(|open| &opening[open..])?;
    if memchr::memchr(b'>', tag).is_some() || tag.starts_with(b"</") {
        return None;
    }
    let rest = near.rest(closed.at);
    let len = rest.iter().take(96).position(|b| matches!(b, b'<' | b'>' | b'\n'))?;
    let is_tag_name = tag.len() == 1 || tag.ends_with(b":");
    let closes = rest[len] == b'>' && !rest[..len].ends_with(b"/") && (is_tag_name || closed.is_quoted);
    let has_value = memchr::memmem::find(&rest[..len], b"value").is_some();
    (closes && !has_value).then_some((Link::Element, closed.at + len + 1))
}

/// `name: PASSWORD` and `value: x`, in that order; `variable "password" { default = "x"`.
fn by_sibling(near: &Near<'_>, name: &Range<usize>, closed: &Closed) -> Option<(Link, usize)> {
    let rest = near.rest(closed.at);
    let gap = rest.iter().take(48).take_while(|b| b.is_ascii_whitespace() || matches!(b, b',' | b'-' | b'{')).count();
    if gap > 0 || rest.first() == Some(&b'/') {
        let at = closed.at + gap;
        let at = if matches!(near.byte(at), Some(b'"' | b'\'')) { at + 1 } else { at };
        let word = ["value", "Value", "VALUE", "newValue", "content"].iter().find(|word| near.starts(at, word));
        if let Some(word) = word {
            let at = at + word.len();
            let at = if matches!(near.byte(at), Some(b'"' | b'\'')) { at + 1 } else { at };
            let at = near.skip(at, 8, false);
            return matches!(near.byte(at), Some(b'=' | b':')).then_some((Link::Sibling, at + 1));
        }
    }
    let is_variable = near.line_before(name.start).trim_ascii_start().starts_with(b"variable");
    if is_variable && closed.is_quoted {
        let block = rest.iter().take(200).position(|b| *b == b'}').map_or(rest, |end| &rest[..end]);
        let default = memchr::memmem::find(block, b"default")?;
        let at = near.skip(closed.at + default + 7, 24, false);
        return (near.byte(at) == Some(b'=')).then_some((Link::Default, at + 1));
    }
    None
}

/// Callees whose first argument names what the second one gives.
const GIVING: &str = "\
    define put set setproperty setenv putenv add append addheader header headers setheader setrequestheader \
    setrequestproperty setparameter addparameter addparam setvalue setitem write withenv env field param property \
    basicnamevaluepair namevaluepair keyvaluepair pair entry of with emplace insert_or_assign setattribute \
    setcookie const def let var setq defvar defconst defparameter defcustom constant option setoption setconfig \
    addproperty addattribute pushproperty withproperty systemproperty setstring putstring addstring default_env setdefault";
/// Callees that look a variable up and take what holds without it.
const ASKING: &str = "\
    getenv get_env env get fetch getproperty config default environ getordefault get_or_default getstring lookup \
    option envordefault getenvdefault getconfig arg getvalue env_or read_env str";

fn is_in(list: &str, word: &[u8]) -> bool {
    let lower = word.to_ascii_lowercase();
    list.split_ascii_whitespace().any(|w| w.as_bytes() == lower)
}

/// `setPassword("x")`, `.password("x")`, `put("password", "x")`, `getenv("PASSWORD", "x")`, `{"password", "x"}`.
fn by_argument(
    near: &Near<'_>,
    name: &Range<usize>,
    closed: &Closed,
    anchor: &Range<usize>,
    at: usize,
) -> Option<(Link, usize)> {
    let here = near.byte(at)?;
    if here == b'(' && !closed.is_quoted && at == name.end {
        let is_last = !near.text[anchor.end.min(name.end)..name.end].contains(&b'.');
        return (is_last && is_setter(near, name)).then_some((Link::Argument, at + 1));
    }
    if here != b',' || !closed.is_quoted || closed.has_bracket {
        return by_alternative(near, closed, at);
    }
    let opened = name.start - usize::from(matches!(near.before(name.start), Some(b'"' | b'\'' | b'`')));
    let opened = near.skip_back(opened - usize::from(near.before(opened) == Some(b'@')));
    match near.before(opened)? {
        b'{' => Some((Link::Argument, at + 1)),
        b'(' => {
            let callee_end = near.skip_back(before_type_arguments(near, opened - 1));
            let callee = &near.text[near.start..callee_end];
            let len = callee.iter().rev().take_while(|b| super::is_word(**b)).count();
            let callee = &callee[callee.len() - len..];
            if is_in(ASKING, callee) {
                return Some((Link::Default, at + 1));
            }
            is_in(GIVING, callee).then_some((Link::Argument, at + 1))
        }
        _ => None,
    }
}

/// Before the `<string, string>` that stands before the place, if it does.
fn before_type_arguments(near: &Near<'_>, at: usize) -> usize {
    let before = near.line_before(at);
    let is_inside = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b',' | b' ' | b'.' | b'?');
    let len = before.strip_suffix(b">").map_or(0, |inner| inner.iter().rev().take_while(is_inside).count());
    let has_opened = len > 0 && before.get(before.len() - len - 2) == Some(&b'<');
    if has_opened { at - len - 2 } else { at }
}

/// `env("PASSWORD") or "x"`.
fn by_alternative(near: &Near<'_>, closed: &Closed, at: usize) -> Option<(Link, usize)> {
    (closed.has_bracket && closed.is_quoted && near.starts(at, "or ")).then_some((Link::Default, at + 3))
}

fn is_setter(near: &Near<'_>, name: &Range<usize>) -> bool {
    let whole = &near.text[name.clone()];
    let last = whole.rsplit(|b| *b == b'.').next().unwrap_or(whole);
    let lower = last.to_ascii_lowercase();
    let sets = ["set", "with", "use", "add"].iter().any(|verb| lower.starts_with(verb.as_bytes()));
    let words = super::name::words(last);
    let is_bare = words.len() <= 2;
    let called_on = last.len() < whole.len()
        || matches!(near.before(name.start), Some(b'.' | b':'))
        || near.text[near.start..name.start].ends_with(b"->");
    sets || is_bare && called_on && !asks(&words)
}

fn asks(words: &[String]) -> bool {
    words.first().is_some_and(|word| {
        is_in(
            "get is has check verify validate encrypt decrypt hash generate make create new reset find read load \
             fetch send delete remove clear parse decode encode assert require invalid expect update change compare \
             match matches forgot revoke refresh request by print log show mask test",
            word.as_bytes(),
        )
    })
}

/// `#define PASSWORD "x"`, `--password x`, `ENV PASSWORD x`, `:password "x"`, `IDENTIFIED BY 'x'`.
fn by_blank(
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
        return matches!(here, b'\'' | b'"').then_some((Link::Following, at));
    }
    if let Some(at) = by_sql_plugin(near, name, at) {
        return Some((Link::Following, at));
    }
    let before = near.line_before(name.start);
    let is_option = before.ends_with(b"--") || before.ends_with(b" -");
    let is_keyword = before.ends_with(b":") && before.iter().rev().nth(1).is_none_or(|b| !is_operand(*b));
    let quoted = matches!(here, b'"' | b'\'' | b'`');
    let words = ["#define", "define", "env", "arg", "set", "setx", "(setq", "(def", "(defvar", "(define", "const"];
    let opening = before.trim_ascii().to_ascii_lowercase();
    let is_defined = words.iter().any(|word| opening == word.as_bytes());
    let is_sql = quoted && near.text[anchor.clone()].eq_ignore_ascii_case(b"password") && name.len() == anchor.len();
    let is_line = opening.is_empty() && quoted;
    (is_option || (is_keyword && quoted) || is_defined || is_sql || is_line).then_some((Link::Following, at))
}

/// `IDENTIFIED WITH mysql_native_password BY 'x'`: where the quote stands.
fn by_sql_plugin(near: &Near<'_>, name: &Range<usize>, at: usize) -> Option<usize> {
    let is_with = near.line_before(name.start).trim_ascii_end().to_ascii_lowercase().ends_with(b"identified with");
    let quote = near.skip(at + 2, 4, false);
    let is_by = near.rest(at).get(..2).is_some_and(|word| word.eq_ignore_ascii_case(b"by"));
    (is_with && is_by && quote > at + 2 && near.byte(quote) == Some(b'\'')).then_some(quote)
}

fn is_operand(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'"' | b'\'' | b'?')
}

/// `the password is x`, `| password | x |`.
fn by_words(near: &Near<'_>, name: &Range<usize>, closed: &Closed, at: usize) -> Option<(Link, usize)> {
    if near.byte(at) == Some(b'|') && near.line_before(name.start).contains(&b'|') {
        return Some((Link::Told, at + 1));
    }
    let says = ["is ", "was ", "ist ", "es ", "est "].iter().find(|word| near.starts(at, word));
    says.filter(|_| at > closed.at).map(|word| (Link::Told, at + word.len()))
}
