//! Rust: an owned value of the environment where a borrowed string stood.

use super::super::context::Surroundings;
use super::super::literal::{Literal, is_word};
use super::{Change, Place};

impl Place<'_> {
    /// A borrowed string takes an owned one's place: where that holds without knowing any type.
    pub(super) fn rust(&self, round: &Surroundings<'_>) -> Option<String> {
        let owned = self.rust_value(round)?;
        if self.is_owned_then(round) || self.is_printed(round) {
            return Some(owned);
        }
        Some(format!("{}{owned}", self.rust_borrow(round)?))
    }

    /// `&format!("before{}behind", expression)`, where that is as good as a string.
    pub(super) fn rust_format(&self, round: &Surroundings<'_>, literal: &Literal) -> Option<Change> {
        let has_braces = self.rest_contains(literal, "{") || self.rest_contains(literal, "}");
        if literal.quote.open != "\"" || has_braces {
            return None;
        }
        let value = self.rust_value(round)?;
        let borrow = if self.is_owned_then(round) { "" } else { self.rust_borrow(round)? };
        let edits = vec![
            (literal.outer.start..literal.outer.start, format!("{borrow}format!(")),
            (self.span.clone(), "{}".to_owned()),
            (literal.outer.end..literal.outer.end, format!(", {value})")),
        ];
        Some(Change { edits, expression: value })
    }

    /// The expression as the function that it stands in can write it.
    fn rust_value(&self, round: &Surroundings<'_>) -> Option<String> {
        let constant = |h: &str| {
            let words: Vec<&str> = h.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            words.contains(&"const") || words.contains(&"static")
        };
        if constant(round.head()) || round.heads().iter().any(|h| constant(h)) {
            return None;
        }
        let results = ["dyn Error", "dyn std::error::Error", "anyhow::Result", "eyre::Result"];
        Some(match round.heads().iter().find(|h| h.contains("fn ")) {
            Some(h) if results.iter().any(|r| h.contains(r)) => format!("std::env::var(\"{}\")?", self.variable),
            _ => self.expression.to_owned(),
        })
    }

    /// Whether the string is made an owned one right behind.
    fn is_owned_then(&self, round: &Surroundings<'_>) -> bool {
        let after = round.after();
        [&b".to_string()"[..], b".to_owned()", b".into()"].iter().any(|call| after.starts_with(call))
    }

    /// Whether it fills a hole of `format!` or its like, which take what can be shown.
    fn is_printed(&self, round: &Surroundings<'_>) -> bool {
        const PRINTING: [&str; 9] =
            ["format!", "println!", "print!", "eprintln!", "eprint!", "write!", "writeln!", "panic!", "format_args!"];
        let Some((at, b'(')) = round.innermost() else { return false };
        let before = String::from_utf8_lossy(self.text[..at].trim_ascii_end()).into_owned();
        let is_first = !self.text[at..self.span.start.saturating_sub(1)].contains(&b'"');
        let ends = matches!(round.after().first(), Some(b')' | b','));
        !is_first && ends && round.before() == Some(b',') && PRINTING.iter().any(|name| before.ends_with(name))
    }

    /// What makes an owned string a borrowed one where this one stands.
    fn rust_borrow(&self, round: &Surroundings<'_>) -> Option<&'static str> {
        let after = round.after();
        let (at, bracket) = round.innermost()?;
        let bound = round.head().trim_start().starts_with("let ") && after.starts_with(b";");
        let call = self.text[..at].last().is_some_and(|&b| is_word(b) || b == b'>');
        let argument = bracket == b'(' && call && matches!(after.first(), Some(b')' | b','));
        let added = round.before() == Some(b'+') && matches!(after.first(), Some(b';' | b')' | b',' | b'+'));
        let simple = matches!(round.before(), Some(b'=' | b'(' | b','));
        (added || simple && (bound || argument)).then_some("&")
    }
}
