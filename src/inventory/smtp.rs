//! Settings of a mail client round SendGrid's SMTP host: who logs in, with what.

use super::bond::{bare, quoted, reference, valued};
use super::view::{View, pattern};
use super::{Method, Place, Purpose, Standing};
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// So many lines to either side of the host belong to its settings.
pub(super) const LINES: u32 = 10;

static HOST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?i)\bsmtp(?:\.eu)?\.sendgrid\.net\b|\bservice["']?\s*(?:=>|[:=(])\s*["']sendgrid["']"#)
});
/// The user that stands for "an API key is the password".
static APIKEY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)(?:["'`\s=:/>])(?:apikey|YXBpa2V5)(?:["'`\s,:;@<)]|$)"#));
static USER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)(?:user|login)(?:_?name)?["'\]]{0,2}(?:\s*(?:=>|:=|[:=(])\s*|[\x20\t]+["'])(?<value>["'$\w:\[{%<][^\r\n]{0,160})"#,
    )
});
static PASSWORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)pass(?:word|wd|wort|phrase)?["'\]]{0,2}(?:\s*(?:=>|:=|[:=(])\s*|[\x20\t]+["'])(?<value>["'$\w:\[{%<][^\r\n]{0,160})"#,
    )
});

/// The places where SendGrid's SMTP host stands.
pub(super) fn hosts(view: &View<'_>, places: &mut Vec<Place>) {
    for host in HOST.find_iter(view.text) {
        let lines = LINES as usize;
        let near = view.lines_round(host.start(), lines, lines);
        let (method, user) = user(view, &near, host.start());
        let (standing, password) = match nearest(&PASSWORD, view, &near, host.start()) {
            Some(value) => valued(view, value),
            None => (Standing::Named, None),
        };
        let mut place = view.place(host.start(), method, standing, password.or(user));
        place.purpose = view.purpose(Purpose::Smtp);
        places.push(place);
    }
}

/// How one logs in near the host and, when the user comes from elsewhere, by what name.
fn user(view: &View<'_>, near: &Range<usize>, host: usize) -> (Method, Option<String>) {
    if APIKEY.is_match(&view.text[near.clone()]) {
        return (Method::SmtpKey, None);
    }
    let Some(value) = nearest(&USER, view, near, host) else { return (Method::Unknown, None) };
    if let Some((_, name)) = reference(value) {
        return (Method::Either, Some(name));
    }
    match quoted(value) {
        Some(literal) if !literal.is_empty() => (Method::SmtpLogin, None),
        None if view.is_settings() && !bare(value).is_empty() => (Method::SmtpLogin, None),
        _ => (Method::Either, None),
    }
}

/// The value whose pattern stands nearest to the host.
fn nearest<'d>(wanted: &Regex, view: &View<'d>, near: &Range<usize>, host: usize) -> Option<&'d [u8]> {
    let text: &'d [u8] = &view.text[near.clone()];
    let found = wanted.captures_iter(text).filter_map(|captures| captures.name("value"));
    found.min_by_key(|value| (value.start() + near.start).abs_diff(host)).map(|value| value.as_bytes())
}
