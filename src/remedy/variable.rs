//! The environment variable that should hold a secret: the rule's, or one that the file names already.

use super::language::Language;
use crate::finding::Candidate;
use crate::ruleset::Rule;
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::OnceLock;

/// Prefixes with which a bundler copies a variable into what every visitor downloads.
const EXPOSED: [&str; 7] =
    ["NEXT_PUBLIC_", "REACT_APP_", "VITE_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "GATSBY_", "PUBLIC_"];

/// Names that say nothing of whose secret it is.
const VAGUE: [&str; 17] = [
    "API_KEY",
    "API_SECRET",
    "API_TOKEN",
    "ACCESS_KEY",
    "ACCESS_TOKEN",
    "AUTH_TOKEN",
    "AUTH_KEY",
    "SECRET_KEY",
    "SECRET_TOKEN",
    "CLIENT_SECRET",
    "PRIVATE_KEY",
    "DEFAULT_KEY",
    "TEST_KEY",
    "MY_KEY",
    "DEFAULT_VALUE",
    "BASE_URL",
    "BEARER_TOKEN",
];

/// The name of the variable, never empty, made of letters, digits and `_`. `can_be_read`: the file's language
/// reads variables.
pub(super) fn variable(language: Language, text: &[u8], candidate: &Candidate, can_be_read: bool) -> String {
    let rule = &*candidate.rule;
    let line = super::literal::line_of(text, candidate.span.start);
    let before = &text[line.start..candidate.span.start];
    let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
    if let Some(found) = default_of(before) {
        return found.name;
    }
    if let Some((name, _)) = default_in_braces(before) {
        return name;
    }
    let of_rule = of_rule(rule);
    // A rule that knows no more than a name of it has the name to tell what for.
    let own = || super::named::name(language, text, &candidate.span, before);
    let own = || rule.spec.assigned.is_some().then(own).flatten();
    match assigned(before, &of_rule).or_else(own) {
        Some(name) => name,
        None if can_be_read => numbered(rule, text, candidate, read_in(text, &of_rule).unwrap_or(of_rule)),
        None => of_rule,
    }
}

/// The rule's variable or, of a rule without one, a name made of its id.
fn of_rule(rule: &Rule) -> String {
    let name = if rule.spec.variable.is_empty() { rule.id() } else { &rule.spec.variable };
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    match name.chars().next() {
        Some(c) if c.is_ascii_digit() => format!("_{name}"),
        _ if rule.spec.variable.is_empty() => name.to_uppercase(),
        _ => name,
    }
}

/// The name that the line gives to the value, if it is written as environment variables are.
fn assigned(before: &[u8], of_rule: &str) -> Option<String> {
    static NAME: OnceLock<Regex> = OnceLock::new();
    let pattern = NAME.get_or_init(|| {
        Regex::new(r#"(?-u)(?:^|[^A-Za-z0-9_])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)["']?[\])}]?\s*(?::=|=>|[:=,])\s*["']?$"#)
            .expect("a constant pattern")
    });
    let tail = &before[before.len().saturating_sub(160)..];
    let name = String::from_utf8_lossy(pattern.captures(tail)?.get(1)?.as_bytes()).into_owned();
    let name = EXPOSED.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(&name);
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let usable = name.contains('_') && name.len() <= 60 && digits <= 4 && !VAGUE.contains(&name);
    (usable || name == of_rule).then(|| name.to_owned())
}

/// A variable of the same service that the file reads elsewhere, if it reads just one.
fn read_in(text: &[u8], of_rule: &str) -> Option<String> {
    static READ: OnceLock<Regex> = OnceLock::new();
    let pattern = READ.get_or_init(|| {
        Regex::new(r#"(?-u)(?:environ(?:\.get)?[\[(]|getenv\(|Getenv\(|env\(|process\.env\.|process\.env\[|ENV(?:\.fetch)?[\[(]|env\.get\(|env::var\(|EnvironmentVariable\()["']?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"#)
            .expect("a constant pattern")
    });
    let service = of_rule.split('_').next()?;
    let mut names: Vec<&[u8]> = pattern
        .captures_iter(&text[..text.len().min(super::LARGEST)])
        .filter_map(|c| Some(c.get(1)?.as_bytes()))
        .filter(|name| {
            let kind = [&b"KEY"[..], b"TOKEN", b"SECRET", b"PASS"];
            name.starts_with(service.as_bytes()) && kind.iter().any(|k| memchr::memmem::find(name, k).is_some())
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    match names[..] {
        [name] if service.len() > 2 && !has_user_word(name) => Some(String::from_utf8_lossy(name).into_owned()),
        _ => None,
    }
}

fn has_user_word(name: &[u8]) -> bool {
    memchr::memmem::find(name, b"USER").is_some() || memchr::memmem::find(name, b"PUBLIC").is_some()
}

/// A text with more matches of one rule than this is a collection: nobody mends it line by line.
const MANY: usize = 64;

/// Whether the text holds more matches of the rule than anybody mends.
pub(super) fn is_collection(rule: &Rule, text: &[u8]) -> bool {
    let text = &text[..text.len().min(super::LARGEST)];
    !rule.spec.pattern.is_empty()
        && has_anchors(rule, text, MANY + 1)
        && rule.pattern().find_iter(text).nth(MANY).is_some()
}

/// Whether so many anchors of the rule may stand in a text. That is seen much faster than where its pattern matches.
fn has_anchors(rule: &Rule, text: &[u8], least: usize) -> bool {
    let anchors = || rule.spec.anchors.iter().flat_map(|anchor| memchr::memmem::find_iter(text, anchor.as_bytes()));
    rule.spec.ignore_case || anchors().take(least).count() == least
}

/// Two different secrets of one kind in one text need two names: the second gets a number.
fn numbered(rule: &Rule, text: &[u8], candidate: &Candidate, name: String) -> String {
    if rule.spec.generic || !candidate.forms.is_empty() || !rule.spec.parts.is_empty() {
        return name;
    }
    if !has_anchors(rule, &text[..candidate.anchor.min(text.len())], 1) {
        return name;
    }
    let mut seen: Vec<&[u8]> = Vec::new();
    for captures in rule.pattern().captures_iter(&text[..text.len().min(super::LARGEST)]).take(MANY) {
        let found = captures.name("secret").or(captures.get(0)).map(|m| m.as_bytes()).unwrap_or_default();
        if found == candidate.secret.expose() {
            break;
        }
        if !seen.contains(&found) {
            seen.push(found);
        }
    }
    if seen.is_empty() || seen.len() == MANY || text.len() > super::LARGEST {
        name
    } else {
        format!("{name}_{}", seen.len() + 1)
    }
}

/// A look-up of a variable with the secret as its default.
pub(super) struct Default {
    /// The variable.
    pub name: String,
    /// Where the look-up begins.
    pub start: usize,
    /// Where what can stay of it ends.
    pub keep: usize,
    /// How the default is given.
    pub shape: Shape,
}

/// How a default is given to a look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Behind an operator, `||`.
    Operator,
    /// As the look-up's second argument.
    Argument,
    /// In a block, `{ "…" }`.
    Block,
    /// In Rust, with `unwrap_or`.
    Unwrap,
    /// In Java, with `orElse`.
    OrElse,
    /// As the second argument of the look-up in a map, which needs another one without.
    Map,
}

/// The look-up whose default comes right behind this text.
pub(super) fn default_of(before: &[u8]) -> Option<Default> {
    static CALL: OnceLock<Regex> = OnceLock::new();
    static OPERATOR: OnceLock<Regex> = OnceLock::new();
    static OTHER: OnceLock<Regex> = OnceLock::new();
    let offset = before.len().saturating_sub(240);
    let tail = &before[offset..];
    let call = CALL.get_or_init(|| {
        Regex::new(r#"(?-u)((?:os\.environ\.get|os\.getenv|\bgetenv|\benv|\bconfig|ENV\.fetch|System\.get_env|Sys\.getenv|environ\.get|\benv\.str)\(\s*["']([A-Z][A-Z0-9_]*)["'])\s*,\s*(?:default\s*=\s*|unset\s*=\s*)?$"#)
            .expect("a constant pattern")
    });
    let operator = OPERATOR.get_or_init(|| {
        Regex::new(r#"(?-u)((?:process\.env\.([A-Z][A-Z0-9_]*)|(?:process\.env|\bENV|\$_ENV|\$_SERVER|Platform\.environment|processInfo\.environment|os\.environ|os\.getenv|os\.environ\.get|Deno\.env\.get|\bgetenv|System\.get_?env|EnvironmentVariable)[\[(]["']([A-Z][A-Z0-9_]*)["'][\])]|\$ENV\{["']?([A-Z][A-Z0-9_]*)["']?\}))\s*(?:\|\||\?\?|\?:|//|or)\s*$"#)
            .expect("a constant pattern")
    });
    let tail_of = |before: &'static [u8]| memchr::memmem::find(tail, before).is_some();
    let other = || {
        OTHER.get_or_init(|| {
            Regex::new(
                r#"(?x-u)( ENV\.fetch\(["']([A-Z][A-Z0-9_]*)["']\) | (?:std::)?env::var\("([A-Z][A-Z0-9_]*)"\)
            | Optional\.ofNullable\(System\.getenv\("([A-Z][A-Z0-9_]*)"\)\)
            | (?:System\.getenv\(\)|sys\.env)\.getOr(?:Default|Else)\(\s*"([A-Z][A-Z0-9_]*)" )
            (?: (?P<block>\s*\{)\s* | (?P<unwrap>\s*\.\s*unwrap_or(?:_else)?\()\s*(?:\|\w*\|\s*)?
            | (?P<else>\s*\.orElse\()\s* | (?P<map>,)\s* )$"#,
            )
            .expect("a constant pattern")
        })
    };
    let (captures, shape) = if let Some(captures) = call.captures(tail) {
        (captures, Shape::Argument)
    } else if let Some(captures) = operator.captures(tail) {
        (captures, Shape::Operator)
    } else if [&b"ENV.fetch("[..], b"env::var(", b".orElse(", b".getOr"].into_iter().any(tail_of) {
        let captures = other().captures(tail)?;
        let shapes = [("block", Shape::Block), ("unwrap", Shape::Unwrap), ("else", Shape::OrElse), ("map", Shape::Map)];
        let (_, shape) = shapes.into_iter().find(|(name, _)| captures.name(name).is_some())?;
        (captures, shape)
    } else {
        return None;
    };
    let kept: Range<usize> = captures.get(1)?.range();
    let name = (2..captures.len()).find_map(|i| captures.get(i))?;
    let name = String::from_utf8_lossy(name.as_bytes()).into_owned();
    Some(Default { name, start: offset + kept.start, keep: offset + kept.end, shape })
}

/// `${X:-`, `${X:=`, `${X-` or `${X:` right behind which a default begins: the name, and where what can
/// stay ends.
pub(super) fn default_in_braces(before: &[u8]) -> Option<(String, usize)> {
    let mut start = memchr::memmem::rfind(before, b"${")?;
    let mut inside = &before[start + 2..];
    if let Some(name) = inside.strip_prefix(b"env:") {
        (start, inside) = (start + 4, name);
    }
    let len = inside.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let operator = matches!(&inside[len..], b":-" | b":=" | b"-" | b"=" | b":" | b"," | b", " | b", '" | b",'");
    (len > 0 && operator).then(|| (String::from_utf8_lossy(&inside[..len]).into_owned(), start + 2 + len))
}
