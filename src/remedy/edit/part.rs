//! A secret that is a part of a longer string: a hole in it, a join, a call.

use super::super::context::{Binding, Surroundings};
use super::super::expression::quoted;
use super::super::language::Language;
use super::super::literal::Literal;
use super::super::syntax::Partly;
use super::{Change, Place, Replacement};
use std::ops::Range;

impl Place<'_> {
    /// The expression inside a longer string.
    pub(super) fn part(&self, round: &Surroundings<'_>, literal: &Literal, prefix: &str, mark: char) -> Option<Change> {
        let other = if mark == '"' { '\'' } else { '"' };
        let inside = quoted(self.language, self.expression, other);
        let hole = |(open, close): (&str, &str)| {
            let content = if self.language == Language::PowerShell { self.variable } else { &inside };
            format!("{open}{content}{close}")
        };
        let edits = match literal.quote.part {
            Partly::Stays => return None,
            Partly::Hole(..) if prefix.contains('r') => return None,
            Partly::Hole(open, close) => vec![(self.span.clone(), hole((open, close)))],
            Partly::FString => return self.f_string(literal, prefix, mark),
            Partly::Dollars => self.dollars(literal)?,
            Partly::Formatted => self.formatted(round, literal)?,
            Partly::Becomes { quote, hole: marks, unless } => {
                if unless.iter().any(|mark| self.rest_contains(literal, mark)) || !prefix.is_empty() {
                    return None;
                }
                let hole = if quote == "\"" { hole(marks).replace('"', "'") } else { hole(marks) };
                vec![
                    (literal.open..literal.inner.start, quote.to_owned()),
                    (self.span.clone(), hole),
                    (literal.inner.end..literal.outer.end, quote.to_owned()),
                ]
            }
            Partly::Join(glue) => self.join(round, literal, &quoted(self.language, self.expression, mark), glue),
            Partly::Call { open, between, close } => self.call(literal, mark, (open, between, close)),
        };
        Some(Change { edits, expression: quoted(self.language, self.expression, mark) })
    }

    /// `"before" + expression + "behind"`.
    fn join(&self, round: &Surroundings<'_>, literal: &Literal, expression: &str, glue: &str) -> Vec<Replacement> {
        let (open, close) = self.marks(literal);
        let (mut span, mut inserted) = (self.span.clone(), expression.to_owned());
        if span.start == literal.inner.start {
            span.start = literal.outer.start;
        } else {
            inserted = format!("{close}{glue}{inserted}");
        }
        if span.end == literal.inner.end {
            span.end = literal.outer.end;
        } else {
            inserted = format!("{inserted}{glue}{open}");
        }
        if round.binding() == Binding::Loose {
            return vec![(span, inserted)];
        }
        if span.start == literal.outer.start {
            inserted.insert(0, '(');
        }
        if span.end == literal.outer.end {
            inserted.push(')');
        }
        let mut edits = vec![(span.clone(), inserted)];
        if span.start != literal.outer.start {
            edits.insert(0, (literal.outer.start..literal.outer.start, "(".into()));
        }
        if span.end != literal.outer.end {
            edits.push((literal.outer.end..literal.outer.end, ")".into()));
        }
        edits
    }

    /// `paste0("before", expression, "behind")`.
    fn call(&self, literal: &Literal, mark: char, (open, between, close): (&str, &str, &str)) -> Vec<Replacement> {
        let (quote_open, quote_close) = self.marks(literal);
        let mut inserted = quoted(self.language, self.expression, mark);
        let (mut edits, mut span) = (Vec::new(), self.span.clone());
        if span.start == literal.inner.start {
            span.start = literal.outer.start;
            inserted = format!("{open}{inserted}");
        } else {
            edits.push((literal.outer.start..literal.outer.start, open.to_owned()));
            inserted = format!("{quote_close}{between}{inserted}");
        }
        if span.end == literal.inner.end {
            span.end = literal.outer.end;
            edits.push((span, format!("{inserted}{close}")));
        } else {
            edits.push((span, format!("{inserted}{between}{quote_open}")));
            edits.push((literal.outer.end..literal.outer.end, close.to_owned()));
        }
        edits
    }

    /// An `f` in front, if there is none, and the expression in braces.
    pub(super) fn f_string(&self, literal: &Literal, prefix: &str, mark: char) -> Option<Change> {
        let other = if mark == '"' { '\'' } else { '"' };
        let hole = format!("{{{}}}", quoted(self.language, self.expression, other));
        let mut edits = vec![(self.span.clone(), hole)];
        if !prefix.contains('f') {
            let after = self.text[literal.outer.end..].trim_ascii_start();
            let formatted = after.starts_with(b"%") || after.starts_with(b".format");
            let braces = self.rest_contains(literal, "{") || self.rest_contains(literal, "}");
            if formatted || braces || prefix.contains(['u', 'b']) {
                return None;
            }
            edits.insert(0, (literal.outer.start..literal.outer.start, "f".into()));
        } else if is_in_hole(&self.text[literal.inner.start..self.span.start]) {
            return None;
        }
        Some(Change { edits, expression: self.expression.to_owned() })
    }

    /// A string that is nothing but a hole, where a string has to stand beside another one.
    pub(super) fn hole_string(&self, literal: &Literal, mark: char, (open, close): (&str, &str)) -> Option<Change> {
        let inside = quoted(self.language, self.expression, '\'');
        let plain = literal.outer.start == literal.open;
        let edits = vec![(literal.outer.clone(), format!("\"{open}{inside}{close}\""))];
        plain.then(|| Change { edits, expression: quoted(self.language, self.expression, mark) })
    }

    fn marks(&self, literal: &Literal) -> (String, &'static str) {
        let open = String::from_utf8_lossy(&self.text[literal.outer.start..literal.inner.start]).into_owned();
        (open, literal.quote.close)
    }

    /// Whether the literal holds this outside the secret.
    pub(super) fn rest_contains(&self, literal: &Literal, what: &str) -> bool {
        let has = |range: Range<usize>| memchr::memmem::find(&self.text[range], what.as_bytes()).is_some();
        has(literal.inner.start..self.span.start) || has(self.span.end..literal.inner.end)
    }
}

/// Whether what comes behind this beginning of an f-string is code: a brace is open that is not doubled.
pub(super) fn is_in_hole(before: &[u8]) -> bool {
    let doubled = |brace: u8| memchr::memmem::find_iter(before, &[brace, brace]).count();
    let single = |brace: u8| memchr::memchr_iter(brace, before).count() - 2 * doubled(brace);
    single(b'{') > single(b'}')
}
