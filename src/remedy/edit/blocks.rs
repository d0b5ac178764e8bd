//! A secret in a text of several lines: heredocs, Java's text blocks, C#'s raw strings.

use super::super::context::Surroundings;
use super::super::expression::quoted;
use super::super::language::Language;
use super::super::lexer::Document;
use super::super::literal::{Literal, line_of};
use super::part::is_in_hole;
use super::{Change, Place, Replacement};

impl Place<'_> {
    /// The expression in a heredoc in which such are filled in: Ruby's, and Perl's for what is no call.
    pub(super) fn in_heredoc(&self, document: &Document) -> Option<Change> {
        let round = Surroundings::new(self.language, &self.program.code, document.mark.clone());
        let head = &self.text[line_of(self.text, document.mark.start).start..document.mark.start];
        let sets = memchr::memmem::find(head, b"ENV").is_some();
        if round.refusal().is_some() || sets || !matches!(document.quote, None | Some(b'"')) {
            return None;
        }
        let before = &self.text[document.body.start..self.span.start];
        let next = self.text.get(self.span.end);
        let expression = quoted(self.language, self.expression, '"');
        let inserted = match self.language {
            Language::Ruby if !is_behind(before, b"#{") && !before.ends_with(b"\\") => format!("#{{{expression}}}"),
            // What follows could be taken for a part of it.
            Language::Perl
                if !is_behind(before, b"@{")
                    && !before.ends_with(b"\\")
                    && !matches!(next, Some(b'[' | b'{' | b'-')) =>
            {
                expression.clone()
            }
            _ => return None,
        };
        Some(Change { edits: vec![(self.span.clone(), inserted)], expression })
    }

    /// `$$"""{"key": "{{expression}}"}"""`: one `$` more than braces stand side by side.
    pub(super) fn dollars(&self, literal: &Literal) -> Option<Vec<Replacement>> {
        let (before, behind) =
            (&self.text[literal.inner.start..self.span.start], &self.text[self.span.end..literal.inner.end]);
        let is_brace = |byte: Option<&u8>| matches!(byte, Some(b'{' | b'}'));
        // A quote beside the marks makes them longer.
        let is_longer = self.text.get(literal.outer.end) == Some(&b'"') || before.first() == Some(&b'"');
        if is_longer || is_brace(before.last()) || is_brace(behind.first()) {
            return None;
        }
        let is_filled_in = literal.quote.open.starts_with('$');
        let braces = match is_filled_in {
            true if is_in_hole(before) => return None,
            true => 1,
            false => braces_side_by_side(before).max(braces_side_by_side(behind)) + 1,
        };
        let hole = format!("{}{}{}", "{".repeat(braces), self.expression, "}".repeat(braces));
        let mut edits = vec![(self.span.clone(), hole)];
        if !is_filled_in {
            edits.insert(0, (literal.outer.start..literal.outer.start, "$".repeat(braces)));
        }
        Some(edits)
    }

    /// `"""…%s…""".formatted(expression)`
    pub(super) fn formatted(&self, round: &Surroundings<'_>, literal: &Literal) -> Option<Vec<Replacement>> {
        let is_format = |name: &[u8]| [&b"format"[..], b"printf", b"formatted"].iter().any(|call| name.ends_with(call));
        let calls = round.innermost().is_some_and(|(open, _)| is_format(self.program.code[..open].trim_ascii_end()));
        let is_formatted = round.after().starts_with(b".formatted");
        if self.rest_contains(literal, "%") || calls || is_formatted {
            return None;
        }
        let behind = format!(".formatted({})", self.expression);
        Some(vec![(self.span.clone(), "%s".to_owned()), (literal.outer.end..literal.outer.end, behind)])
    }
}

/// Whether this was opened in the text and not closed.
fn is_behind(text: &[u8], open: &[u8]) -> bool {
    memchr::memmem::rfind(text, open).is_some_and(|at| !text[at..].contains(&b'}'))
}

/// The most braces of one kind that stand side by side.
fn braces_side_by_side(text: &[u8]) -> usize {
    let runs = text.chunk_by(|a, b| a == b).filter(|run| matches!(run[0], b'{' | b'}'));
    runs.map(<[u8]>::len).max().unwrap_or(0)
}
