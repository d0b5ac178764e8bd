//! C++: a sum of strings where one stood that holds more than the secret.

use super::super::context::Surroundings;
use super::super::literal::Literal;
use super::{Change, Place};

impl Place<'_> {
    /// `std::string("before") + expression + "behind"`, where a `std::string` is made of it.
    pub(super) fn cpp_sum(&self, round: &Surroundings<'_>, literal: &Literal) -> Option<Change> {
        let head = round.head().trim_end();
        let is_string = head.ends_with('=') && head.contains("string ") && !head.contains(['*', '&', '(', '[']);
        let ends = matches!(round.after().first(), Some(b';'));
        if literal.quote.open != "\"" || !is_string || !ends {
            return None;
        }
        let (starts, finishes) = (self.span.start == literal.inner.start, self.span.end == literal.inner.end);
        let before = if starts { "std::string(".to_owned() } else { "\") + ".to_owned() };
        let behind = match (starts, finishes) {
            (true, _) => ") + \"",
            (false, false) => " + \"",
            (false, true) => "",
        };
        let mut span = self.span.clone();
        let mut edits = Vec::new();
        if starts {
            span.start = literal.outer.start;
        } else {
            edits.push((literal.outer.start..literal.outer.start, "std::string(".to_owned()));
        }
        if finishes {
            span.end = literal.outer.end;
        }
        edits.push((span, format!("{before}{}{behind}", self.expression)));
        Some(Change { edits, expression: self.expression.to_owned() })
    }
}
