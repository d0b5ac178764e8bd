//! How a line refers to a name: as an environment variable, a secret of the pipeline, a setting, with a value.

use super::view::{View, pattern};
use super::{Standing, Via};
use crate::judge::placeholder;
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// No more of a line than this is looked at before a name.
const BEFORE: usize = 120;

macro_rules! patterns {
    ($($name:ident = $pattern:literal;)*) => {
        $(static $name: LazyLock<Regex> = LazyLock::new(|| pattern($pattern));)*
    };
}

// What stands right before a name that is looked up.
patterns! {
    SECRETS = r#"(?i)\bsecrets(?:\.|\[\s*["'])$"#;
    STORE = r#"(?i)(?:(?:get|define|access|read|fetch)_?secret\w*|secrets?_?manager\w*|key_?vault\w*|\bvault[\w.:/-]*|op:/|resolve:secretsmanager|get_?parameter\w*)[^\r\n]{0,60}?[^\w]$"#;
    LOOKUP = r#"(?i)(?:\benv|_env|\.env|environ|getenv|getenvironmentvariable|lookupenv|environment|_server|env::var(?:_os)?)!?(?:\.(?:get|fetch|require|str|string|var|get\w+))?!?\s*(?:\?\.|[.\[({:]{1,2})\s*["'`:]?$"#;
    SUBSTITUTED = r#"(?i)(?:\$\{?\{?\s*(?:env\.|vars\.|variables\.)?|\$\(\s*|%|\{\{\s*[\w.$]*)$"#;
    TERRAFORM = r"\b(?:var|local|data|module)\.[\w.]*$";
    SETTINGS = r#"(?i)(?:settings|config\w*|credentials|conf|preferences|options)(?:\(\)|\.\w+|\[:?["']?\w+["']?\])*\s*(?:\??\.|\[\s*:?["']?|\(\s*:?["']|,\s*:?["']|\.dig\(\s*:?["']?)$"#;
    NAMED = r#"(?i)\bname["']?\s*[:=]\s*["']?$"#;
    // What follows a name that gets a value.
    ASSIGNED = r#"^["'`\])]{0,3}(?:\s+value)?\s*(?::=|=>|\?\?=|\|\|=|=|:)\s*"#;
    KEPT_IN_SECRET = r#"(?i)secretKeyRef|valueFrom|existingSecret"#;
    // A look-up anywhere in a value, with the name that is looked up.
    REFERENCE = r#"(?ix)
        (?: \bsecrets(?:\.|\[\s*["']) (?<secret>[\w-]+)
          | (?: process\.env | import\.meta\.env | (?:Deno|Bun)\.env(?:\.get)? | os\.environ(?:\.get)? | \b(?:os\.)?getenv | \$?_?\bENV(?:\.fetch)?
              | \benv(?:\.\w+)? | (?:System\.)?getenv | GetEnvironmentVariable | LookupEnv | (?:get_env|fetch_env) | env::var(?:_os)? | \$_ENV | \$_SERVER | \$env | Sys\.getenv
              | environ(?:\.get)? )!? \s* (?: \?\. | [.\[({:]{1,2} ) \s* ["'`:]? (?<environment>[A-Za-z_][\w.-]*)
          | \$\{\{? \s* (?:env\.)? (?<braced>[A-Za-z_][\w.-]*)
          | (?-i: \$\(? (?<dollar>[A-Z_][A-Z0-9_]{2,}) \b )
          | (?-i: % (?<percent>[A-Z_][A-Z0-9_]{2,}) % )
          | \{\{ [^}\r\n]*? (?<template>[A-Za-z_][\w.]*) ["']? \s* (?:\|[^}\r\n]*)? \}\}
          | \b(?:var|local)\. (?<terraform>\w+)
          | (?: op:// | vault: | \bvault\b | arn:aws:secretsmanager | resolve:secretsmanager | KeyVault | ref\+\w+:// | \bENC\[ | (?:get|access|define)_?secret\w*\( ) (?<store>)
          | (?: settings | config\w* | credentials ) (?:\.|\[\s*:?["']?|\(\s*:?["']|\.dig\() (?<settings>[\w.:-]+) )"#;
}

/// How the name at `span` is referred to on its line, and by what name when that is another one.
pub(super) fn bond(view: &View<'_>, span: &Range<usize>) -> (Standing, Option<String>) {
    let line = view.line(span.start);
    let before = &view.text[line.start.max(span.start.saturating_sub(BEFORE))..span.start];
    let after = &view.text[span.end..line.end.max(span.end)];
    let via = match () {
        () if SECRETS.is_match(before) => Via::CiSecret,
        () if STORE.is_match(before) => Via::Store,
        () if LOOKUP.is_match(before) => Via::Environment,
        () if TERRAFORM.is_match(before) => Via::Terraform,
        () if SUBSTITUTED.is_match(before) && view.fills_in() => Via::Substitution,
        () if NAMED.is_match(before) => return named(view, span),
        () => match assigned(after) {
            Some(value) => return valued(view, value),
            None if SETTINGS.is_match(before) => Via::Settings,
            None => return (Standing::Named, None),
        },
    };
    (Standing::Reference(via), None)
}

/// The value that follows a name on its line; nothing for a comparison.
fn assigned(after: &[u8]) -> Option<&[u8]> {
    let sign = ASSIGNED.find(after)?;
    let value = &after[sign.end()..];
    let is_comparison = sign.as_bytes().ends_with(b"=") && value.starts_with(b"=");
    (!is_comparison && !value.starts_with(b":")).then_some(value)
}

/// An entry of a list, `- name: X`, whose value stands on one of the next lines.
fn named(view: &View<'_>, span: &Range<usize>) -> (Standing, Option<String>) {
    let line = view.line(span.start);
    let rest = &view.text[line.end..view.lines_round(span.start, 0, 3).end];
    for next in rest.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|next| !next.is_empty()) {
        if KEPT_IN_SECRET.is_match(next) {
            return (Standing::Reference(Via::KubernetesSecret), None);
        }
        if let Some(value) = next.strip_prefix(b"value:").or_else(|| next.strip_prefix(b"value =")) {
            return valued(view, value);
        }
        if next.starts_with(b"- ") {
            break;
        }
    }
    (Standing::Named, None)
}

/// What a value is: a look-up with its name, a stand-in, an expression of the code or a literal.
pub(super) fn valued(view: &View<'_>, value: &[u8]) -> (Standing, Option<String>) {
    let value = value.trim_ascii();
    if let Some((via, name)) = reference(first_value(value)) {
        return (Standing::Reference(via), Some(name).filter(|name| !name.is_empty()));
    }
    let quoted = quoted(value);
    if quoted.is_none() && !view.is_settings() {
        let is_nothing = value.is_empty() || value.starts_with(b"{") || value.starts_with(b"[");
        return match code(value) {
            Some(name) if !is_nothing => (Standing::Reference(Via::Code), Some(name)),
            _ => (Standing::Named, None),
        };
    }
    let bare = quoted.unwrap_or_else(|| bare(value));
    let is_empty = bare.is_empty() || matches!(bare, b"{" | b"[" | b"|" | b">" | b"~" | b"null" | b"''" | b"\"\"");
    let says_type = matches!(bare, b"string" | b"String" | b"true" | b"false");
    if is_empty || says_type || view.is_example() || bare.len() < 6 || placeholder::gives_away(bare, true).is_some() {
        return (Standing::Placeholder, None);
    }
    (Standing::Literal, None)
}

/// A value up to where the next one of the same line begins.
fn first_value(value: &[u8]) -> &[u8] {
    let end = value.windows(2).position(|pair| pair == b", ").unwrap_or(value.len());
    &value[..end]
}

/// The look-up in a value and the name that is looked up.
pub(super) fn reference(value: &[u8]) -> Option<(Via, String)> {
    let found = REFERENCE.captures(value)?;
    let kinds = [
        ("secret", Via::CiSecret),
        ("environment", Via::Environment),
        ("braced", Via::Substitution),
        ("dollar", Via::Substitution),
        ("percent", Via::Substitution),
        ("template", Via::Substitution),
        ("terraform", Via::Terraform),
        ("store", Via::Store),
        ("settings", Via::Settings),
    ];
    let (name, via) = kinds.into_iter().find_map(|(kind, via)| Some((found.name(kind)?, via)))?;
    let name = String::from_utf8_lossy(name.as_bytes()).into_owned();
    match name.strip_prefix("secrets.") {
        Some(secret) => Some((Via::CiSecret, secret.to_owned())),
        None => Some((via, name)),
    }
}

/// The text between the quotes that a value begins with.
pub(super) fn quoted(value: &[u8]) -> Option<&[u8]> {
    let quote = *value.first().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let end = value[1..].iter().position(|byte| *byte == quote)?;
    Some(&value[1..=end])
}

/// A value without quotes, up to a blank or a separator.
pub(super) fn bare(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| matches!(byte, b' ' | b'\t' | b',' | b';' | b'<')).unwrap_or(value.len());
    value[..end].strip_suffix(b"\"").unwrap_or(&value[..end])
}

/// The variable or the path of members that an expression begins with.
pub(super) fn code(value: &[u8]) -> Option<String> {
    static NAME: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^[&*@$]?[A-Za-z_][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_]\w*)*"));
    let name = NAME.find(value)?;
    let keywords: [&[u8]; 12] = [
        b"new",
        b"await",
        b"string",
        b"str",
        b"String",
        b"None",
        b"null",
        b"nil",
        b"undefined",
        b"this",
        b"self",
        b"true",
    ];
    (!keywords.contains(&name.as_bytes()) && name.len() <= 80)
        .then(|| String::from_utf8_lossy(name.as_bytes()).into_owned())
}
