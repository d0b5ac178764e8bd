//! Values that are arguments.

use super::link::Closed;
use super::{Link, Near, is_quote};
use std::ops::Range;

/// Callees whose first argument names what the second one gives.
const GIVING: &str = "\
    define put set setproperty setenv putenv add append addheader header headers setheader setrequestheader \
    setrequestproperty setparameter addparameter addparam setvalue setitem write withenv env field param property \
    basicnamevaluepair namevaluepair keyvaluepair pair entry of with emplace insert_or_assign setattribute \
    setcookie const def let var setq defvar defconst defparameter defcustom constant option setoption setconfig \
    addproperty addattribute pushproperty withproperty systemproperty setstring putstring addstring default_env setdefault values type fill \
    sendkeys send_keys setenvironmentvariable set_header";
/// Callees that copy their second argument to the first.
const COPYING: &str = "strcpy strncpy strlcpy strcpy_s lstrcpy lstrcpya lstrcpyw wcscpy memcpy strdup_to copy";
/// Callees that compare their arguments.
const COMPARING: &str = "\
    strcmp strncmp strcasecmp strncasecmp stricmp _stricmp strcmpi memcmp wcscmp lstrcmp lstrcmpi compare_digest equals \
    hash_equals timingsafeequal constanttimecompare constant_time_compare equal secure_compare";
/// Callees that look a variable up and take what holds without it.
const ASKING: &str = "\
    getenv get_env env get fetch getproperty config default environ getordefault get_or_default getstring lookup \
    option envordefault getenvdefault getconfig arg getvalue env_or read_env str stringvar fromenvironment \
    getenvordefault getenvor envor getorelse getenvwithdefault";

fn is_in(list: &str, word: &[u8]) -> bool {
    let lower = word.to_ascii_lowercase();
    list.split_ascii_whitespace().any(|w| w.as_bytes() == lower)
}

/// `setPassword("x")`, `.password("x")`, `put("password", "x")`, `getenv("PASSWORD", "x")`, `{"password", "x"}`.
pub(super) fn by_argument(
    near: &Near<'_>,
    name: &Range<usize>,
    closed: &Closed,
    anchor: &Range<usize>,
    at: usize,
) -> Option<(Link, usize)> {
    let here = near.byte(at)?;
    if here == b'(' && !closed.is_quoted && at == name.end {
        let is_last = !near.text[anchor.end.min(name.end)..name.end].contains(&b'.');
        let is_password = near.text[anchor.clone()].eq_ignore_ascii_case(b"password");
        let is_sql = || is_password && near.byte(at + 1) == Some(b'\'') && is_given(near, name);
        return (is_last && is_setter(near, name) || is_sql()).then_some((Link::Argument, at + 1));
    }
    if here != b',' || closed.has_bracket {
        return by_alternative(near, closed, at);
    }
    if !closed.is_quoted {
        return by_callee(near, name, at);
    }
    let opened = near.skip_back(opening(near, name)?);
    let is_filled = || near.line_before(opened).trim_ascii() == b"fill_in" && near.starts(at, ", with: ");
    match near.before(opened)? {
        b'{' => Some((Link::Argument, at + 1)),
        // `flag.StringVar(&password, "password", "x", "…")`
        b',' if is_flag(near, opened) => Some((Link::Default, behind_short(near, at))),
        b',' if is_of_section(near, opened) => Some((Link::Argument, at + 1)),
        _ if is_filled() => Some((Link::Argument, at + ", with: ".len())),
        b'<' if near.text[near.start..opened].ends_with(b"{<<") => Some((Link::Argument, at + 1)),
        b'(' => {
            let callee = callee(near, opened - 1);
            if callee == b"StringP" {
                return Some((Link::Default, behind_short(near, at)));
            }
            // `command.env("PASSWORD", "x")`
            if callee == b"env" && near.line_before(opened).trim_ascii_end().ends_with(b".env(") {
                return Some((Link::Argument, at + 1));
            }
            if is_in(ASKING, callee) || callee == b"String" && near.line_before(opened).ends_with(b"flag.String(") {
                return by_option(near, at).or(Some((Link::Default, at + 1)));
            }
            by_option(near, at).or_else(|| gives(callee).then_some((Link::Argument, at + 1)))
        }
        b',' if is_build_field(near, name) => Some((Link::Argument, at + 1)),
        b',' if is_option(near, name) && is_in("add_argument option", line_callee(near, opened)) => by_option(near, at),
        _ if is_option(near, name) && near.byte(near.skip(at + 1, 8, true)).is_some_and(is_quote) => {
            Some((Link::Argument, at + 1))
        }
        _ => None,
    }
}

/// `put`, `WithEnvironment`, `addSecret`, `putConfigValue`: whether a callee gives its second argument to what the first one
/// names: by its verb and the sort of thing that it is about.
fn gives(callee: &[u8]) -> bool {
    const VERBS: &str = "set put add with use insert append register define override inject write store save push";
    const SETTINGS: &str = "\
        env environment envvar variable var prop property config configuration setting secret option credential value \
        parameter param pair entry";
    if is_in(GIVING, callee) {
        return true;
    }
    let words = super::name::words(callee);
    match &words[..] {
        [word] => matches!(word.as_str(), "environment" | "setting"),
        [verb, .., last] => is_in(VERBS, verb.as_bytes()) && is_in(SETTINGS, last.as_bytes()),
        [] => false,
    }
}

/// Where the literal begins that ends with the name: `"password"`, `@"password"`, `"smtp/password"`, `"#password"`.
fn opening(near: &Near<'_>, name: &Range<usize>) -> Option<usize> {
    let before = &near.text[near.start..name.start];
    let path = before.iter().rev().take(40).take_while(|b| super::is_word(**b) || b"/.:#-[]=".contains(b)).count();
    let inside = name.start - path;
    near.before(inside).filter(|b| is_quote(*b))?;
    Some(inside - 1 - usize::from(near.before(inside - 1) == Some(b'@')))
}

/// `buildConfigField "String", "PASSWORD", "\"x\""`
fn is_build_field(near: &Near<'_>, name: &Range<usize>) -> bool {
    let line = near.line_before(name.start).trim_ascii_start();
    line.starts_with(b"buildConfigField") || line.starts_with(b"resValue")
}

/// `"--password", "x"` in a list of arguments.
fn is_option(near: &Near<'_>, name: &Range<usize>) -> bool {
    let before = &near.text[near.start..name.start];
    [&b"\"--"[..], b"'--", b"\"-", b"'-"].iter().any(|mark| before.ends_with(mark))
}

/// `"--password", help="…", default="x"`.
fn by_option(near: &Near<'_>, at: usize) -> Option<(Link, usize)> {
    let rest = near.rest(at);
    let line = &rest[..rest.iter().take(120).position(|b| matches!(b, b'\n' | b')')).unwrap_or(rest.len().min(120))];
    let mut default = memchr::memmem::find(line, b"default")? + "default".len();
    default +=
        ["Value", "_value"].iter().find(|rest| line[default..].starts_with(rest.as_bytes())).map_or(0, |r| r.len());
    line.get(default).filter(|b| matches!(b, b'=' | b':'))?;
    Some((Link::Default, at + default + 1))
}

/// `config.set("section", "password", "x")`
fn is_of_section(near: &Near<'_>, opened: usize) -> bool {
    let Some(section) = near.literal_before(near.skip_back(opened - 1)) else { return false };
    let quote = section.start - 1;
    near.before(quote) == Some(b'(') && is_in("set setitem put config setvalue", callee(near, quote - 1))
}

/// Whether the quote opens the name of a flag behind the variable that takes it.
fn is_flag(near: &Near<'_>, opened: usize) -> bool {
    let line = near.line_before(opened);
    let call = [&b".StringVar("[..], b".StringVarP("].iter().find_map(|call| memchr::memmem::rfind(line, call));
    call.is_some_and(|at| !line[at + 11..].contains(&b')'))
}

/// Behind the comma, and behind the short name of a flag: `"password", "p", "x"`.
fn behind_short(near: &Near<'_>, comma: usize) -> usize {
    let short = near.skip(comma + 1, 4, false);
    let is_short =
        near.byte(short) == Some(b'"') && near.byte(short + 2) == Some(b'"') && near.byte(short + 3) == Some(b',');
    if is_short { short + 4 } else { comma + 1 }
}

/// What the last call on the line is to.
fn line_callee<'n>(near: &'n Near<'_>, at: usize) -> &'n [u8] {
    let line = near.line_before(at);
    memchr::memrchr(b'(', line).map_or(&[], |paren| callee(near, at - line.len() + paren))
}

/// The identifier before the parenthesis that opens a call.
fn callee<'n>(near: &'n Near<'_>, paren: usize) -> &'n [u8] {
    let callee = &near.text[near.start..near.skip_back(before_type_arguments(near, paren))];
    let len = callee.iter().rev().take_while(|b| super::is_word(**b)).count();
    &callee[callee.len() - len..]
}

/// Before the `<string, string>` that stands before the place, if it does.
fn before_type_arguments(near: &Near<'_>, at: usize) -> usize {
    if near.before(at) != Some(b'>') {
        return at;
    }
    let before = near.line_before(at - 1);
    let is_inside = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b',' | b' ' | b'.' | b'?');
    let len = before.iter().rev().take_while(is_inside).count();
    let has_opened = len > 0 && before.len() > len && before[before.len() - len - 1] == b'<';
    if has_opened { at - len - 2 } else { at }
}

/// `strcmp(password, "x")`, `strcpy(it->password, "x")`, `{password, "x"}`, `-define(PASSWORD, "x")`.
fn by_callee(near: &Near<'_>, name: &Range<usize>, at: usize) -> Option<(Link, usize)> {
    let value = near.skip(at + 1, 8, false);
    if !matches!(near.byte(value), Some(b'"' | b'\'' | b'L' | b'<' | b'@')) {
        return None;
    }
    let before = &near.text[near.start..name.start];
    let path = before.iter().rev().take(40).take_while(|b| super::is_word(**b) || b".>-&*$@:".contains(b)).count();
    let opened = name.start - path;
    // `curl_setopt($ch, CURLOPT_PASSWORD, "x")`
    let is_set = || memchr::memmem::rfind(near.line_before(opened), b"setopt(").is_some();
    match near.before(opened)? {
        b'{' => Some((Link::Argument, at + 1)),
        b' ' | b',' if is_set() => Some((Link::Argument, at + 1)),
        b'(' => {
            let callee = callee(near, opened - 1);
            let link = if is_in(COMPARING, callee) { Link::Compared } else { Link::Argument };
            (link == Link::Compared || is_in(COPYING, callee) || callee == b"define").then_some((link, at + 1))
        }
        _ => None,
    }
}

/// `= PASSWORD('x')`, as SQL has it.
fn is_given(near: &Near<'_>, name: &Range<usize>) -> bool {
    let before = near.skip_back(name.start);
    near.before(before) == Some(b'=') && before > near.start
}

/// `env("PASSWORD") or "x"`, `env("PASSWORD").unwrap_or("x")`, `fetch("PASSWORD") { "x" }`.
fn by_alternative(near: &Near<'_>, closed: &Closed, at: usize) -> Option<(Link, usize)> {
    if !closed.has_bracket || !closed.is_quoted {
        return None;
    }
    const WAYS: [&str; 13] = [
        "or ",
        "{ ",
        ".unwrap_or(",
        ".unwrap_or_else(|_| ",
        ".unwrap_or_else(|_e| ",
        ".unwrap_or_else(|| ",
        ".orElse(",
        ".getOrElse(",
        ".or(",
        ".getOrElse { ",
        ".value_or(",
        ".or_else(",
        ".default(",
    ];
    let way = WAYS.iter().find(|way| near.starts(at, way))?;
    let value = near.skip(at + way.len(), 8, false);
    (way.len() <= 3 || near.byte(value).is_some_and(is_quote) || near.starts(value, "String::from("))
        .then_some((Link::Default, value))
}

fn is_setter(near: &Near<'_>, name: &Range<usize>) -> bool {
    let whole = &near.text[name.clone()];
    let last = whole.rsplit(|b| *b == b'.').next().unwrap_or(whole);
    let verb = last.get(..3).unwrap_or(last);
    let sets = [&b"set"[..], b"wit", b"use", b"add"].iter().any(|start| verb.eq_ignore_ascii_case(start))
        && (!verb.eq_ignore_ascii_case(b"wit") || last.get(..4).is_some_and(|verb| verb.eq_ignore_ascii_case(b"with")));
    let called_on = last.len() < whole.len()
        || matches!(near.before(name.start), Some(b'.' | b':'))
        || near.text[near.start..name.start].ends_with(b"->");
    if sets || !called_on {
        return sets;
    }
    let words = super::name::words(last);
    words.len() <= 2 && !asks(&words)
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
