//! One `[[allow]]` entry, checked.

use super::written::{AllowTable, WhenTable};
use super::{ConfigError, File, globs, unknown_rule};
use crate::judge::{Allow, When};
use crate::ruleset::{RuleSet, compile_whole, regex_error};
use aho_corasick::AhoCorasickBuilder;
use jiff::civil::Date;
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use std::sync::atomic::AtomicBool;
use toml::Spanned;

/// What an entry comes to today.
#[derive(Debug)]
pub(super) enum Entry {
    /// It allows what it says.
    Holds(Box<Allow>),
    /// It allows nothing any more: the notice.
    Expired(String),
}

/// Checks an entry. `known` says whether a rule of this id exists, in force or not.
pub(super) fn allow(
    file: &File<'_>,
    entry: &Spanned<AllowTable>,
    known: impl Fn(&str) -> bool,
    rules: &RuleSet,
    today: Date,
) -> Result<Entry, ConfigError> {
    let place = entry.span();
    let entry = entry.get_ref();
    let Some(reason) = entry.reason.as_ref().map(|r| r.get_ref().trim()).filter(|r| !r.is_empty()) else {
        return Err(file.wrong(&place, "an allow entry needs a reason; add reason = \"why this is no leak\""));
    };
    if let Some(id) = entry.rule.iter().chain(&entry.rules).find(|id| !known(id.get_ref())) {
        return Err(file.wrong(&id.span(), unknown_rule(id.get_ref(), rules.rules().iter().map(|r| r.id()))));
    }
    let paths = match &entry.paths {
        None => None,
        Some(written) => Some(globs::set(file, written.get_ref())?.ok_or_else(|| {
            file.wrong(&written.span(), "paths is empty and so no path matches; name some, or leave the key out")
        })?),
    };
    let value = entry.value.as_ref().map(|written| value(file, written)).transpose()?;
    let when = entry.when.as_ref().map(|table| {
        if table.get_ref().is_empty() {
            let mend = "[allow.when] has no condition; give it paths, patterns, stopwords or commits";
            return Err(file.wrong(&table.span(), mend));
        }
        when(table.get_ref()).map_err(|what| file.wrong(&table.span(), what))
    });
    let when = when.transpose()?;
    let narrowed = entry.rule.is_some()
        || !entry.rules.is_empty()
        || when.is_some()
        || paths.as_ref().is_some_and(|paths| !globs::takes_everything(paths))
        || value.as_ref().is_some_and(|value| !takes_everything(value));
    if !narrowed {
        let mend = "this entry allows everything; narrow it by rule, paths or value";
        return Err(file.wrong(&place, mend));
    }
    let expires = entry.expires.as_ref().map(|written| date(file, written)).transpose()?;
    if let Some(last) = expires.filter(|last| *last < today) {
        return Ok(Entry::Expired(format!(
            "{}: this allow entry expired on {last} and allows nothing any more; set a later date or remove it",
            file.place(&place)
        )));
    }
    Ok(Entry::Holds(Box::new(Allow {
        rules: entry.rule.iter().chain(&entry.rules).map(|id| id.get_ref().clone()).collect(),
        when,
        paths,
        value,
        reason: reason.to_owned(),
        place: file.place(&place),
        used: AtomicBool::new(false),
    })))
}

/// The conditions of an entry, ready.
pub(super) fn when(table: &WhenTable) -> Result<When, String> {
    let set = |patterns: &[String]| -> Result<Option<RegexSet>, String> {
        if patterns.is_empty() {
            return Ok(None);
        }
        // Each alone first: a set does not say which of its patterns is the bad one.
        for pattern in patterns {
            compile_whole(pattern)
                .map_err(|e| format!("{pattern:?} is not a valid regular expression: {}", regex_error(&e)))?;
        }
        let set = RegexSetBuilder::new(patterns).size_limit(64 << 20).build();
        set.map(Some).map_err(|e| format!("these patterns are too many for one entry: {}", regex_error(&e)))
    };
    let words = match table.stopwords.is_empty() {
        true => None,
        false => {
            let words = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(&table.stopwords);
            Some(words.map_err(|e| format!("these stopwords are too many for one entry: {e}"))?)
        }
    };
    Ok(When {
        any: table.any,
        paths: set(&table.paths)?,
        patterns: set(&table.patterns)?,
        on: table.on,
        stopwords: words,
        commits: table.commits.clone(),
    })
}

fn value(file: &File<'_>, written: &Spanned<String>) -> Result<Regex, ConfigError> {
    // Secrets are bytes. A class of Unicode needs the other mode, in which `.` is a character.
    let compiled = |unicode: bool| RegexBuilder::new(written.get_ref()).unicode(unicode).size_limit(4 << 20).build();
    compiled(false).or_else(|_| compiled(true)).map_err(|error| {
        file.wrong(
            &written.span(),
            format!("{:?} is not a valid regular expression: {}", written.get_ref(), regex_error(&error)),
        )
    })
}

/// Whether the pattern matches whatever secret it is given: two that share no character.
fn takes_everything(value: &Regex) -> bool {
    let letters = [b'k'; 64];
    let others = [b"0Z-_.+/=9".as_slice(); 8].concat();
    value.is_match(&letters) && value.is_match(&others)
}

fn date(file: &File<'_>, written: &Spanned<toml::Value>) -> Result<Date, ConfigError> {
    let text = match written.get_ref() {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.parse()
        .map_err(|_| file.wrong(&written.span(), format!("{text} is not a date; write it as expires = \"YYYY-MM-DD\"")))
}
