//! Where the string literals and comments of a program stand: enough of each language to tell them apart.

use super::lexer::{Document, Lexer, Token};
use super::syntax::{Quote, Syntax};
use std::ops::Range;

/// A string literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Literal {
    /// With its quotes and prefix.
    pub outer: Range<usize>,
    /// What stands between the quotes.
    pub inner: Range<usize>,
    /// How it is written.
    pub quote: &'static Quote,
    /// Where its opening quote begins, behind the prefix.
    pub open: usize,
}

/// A program, taken apart.
#[derive(Debug)]
pub(super) struct Program {
    tokens: Vec<Token>,
    documents: Vec<Document>,
    /// Up to here every literal was closed where it should be.
    sound_to: usize,
    /// The text with comments and the insides of literals blanked, byte for byte as long.
    pub code: Vec<u8>,
}

impl Program {
    /// Takes a text apart.
    pub fn new(text: &[u8], syntax: &'static Syntax) -> Self {
        let mut lexer = Lexer::new(text, syntax);
        let start = if syntax.starts_in_page { lexer.page(0) } else { 0 };
        lexer.code(start, None);
        let mut code = text.to_vec();
        for token in &lexer.tokens {
            let (range, by) = match token {
                Token::Comment(range) => (range.clone(), b' '),
                Token::Literal(literal) => (literal.inner.clone(), b'_'),
                Token::Other(range) => (range.clone(), b'_'),
            };
            for byte in &mut code[range] {
                if !matches!(byte, b'\n' | b'\r') {
                    *byte = by;
                }
            }
        }
        Program { tokens: lexer.tokens, documents: lexer.documents, sound_to: lexer.sound_to, code }
    }

    /// The innermost literal whose inside holds the span, when there is no doubt about it.
    pub fn literal(&self, text: &[u8], syntax: &'static Syntax, span: &Range<usize>) -> Option<Literal> {
        let literal = self.innermost(span)?;
        let line = line_of(text, span.start);
        if literal.outer.start >= line.start && literal.outer.end <= line.end {
            // The line by itself has to say the same: a quote that was misread further up does not count.
            let alone = Lexer::new(&text[line.clone()], syntax);
            let same = alone.literals().iter().any(|l| {
                l.outer.start + line.start == literal.outer.start && l.outer.end + line.start == literal.outer.end
            });
            same.then_some(literal)
        } else {
            (literal.outer.end <= self.sound_to).then_some(literal)
        }
    }

    /// The heredoc whose lines hold the span, when there is no doubt about it.
    pub fn document(&self, span: &Range<usize>) -> Option<&Document> {
        let holds = |body: &Range<usize>| body.start <= span.start && span.end <= body.end;
        let document = self.documents.iter().find(|document| holds(&document.body))?;
        (document.is_closed && document.body.end <= self.sound_to).then_some(document)
    }

    /// The literals, in order of their ends.
    pub fn literals(&self) -> impl Iterator<Item = &Literal> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Literal(literal) => Some(literal),
            _ => None,
        })
    }

    fn innermost(&self, span: &Range<usize>) -> Option<Literal> {
        let holds = |range: &Range<usize>| range.start <= span.start && span.end <= range.end;
        let mut best: Option<(usize, Option<&Literal>)> = None;
        for token in &self.tokens {
            let (range, literal) = match token {
                Token::Comment(range) | Token::Other(range) => (range, None),
                Token::Literal(literal) => (&literal.inner, Some(literal)),
            };
            if holds(range) && best.is_none_or(|(len, _)| range.len() < len) {
                best = Some((range.len(), literal));
            }
        }
        best?.1.cloned()
    }
}

/// No line is looked at farther than this many bytes: one that is longer was generated, may hold thousands of findings,
/// and would be gone through for each.
const LONGEST_LINE: usize = 8 << 10;

/// The line that holds a byte, without its end; of a very long one what is near the byte.
pub(super) fn line_of(text: &[u8], at: usize) -> Range<usize> {
    let at = at.min(text.len());
    let (from, to) = (at.saturating_sub(LONGEST_LINE), (at + LONGEST_LINE).min(text.len()));
    let start = memchr::memrchr2(b'\n', b'\r', &text[from..at]).map_or(from, |i| from + i + 1);
    start..memchr::memchr2(b'\n', b'\r', &text[at..to]).map_or(to, |i| at + i)
}

/// Where the line ends that holds a byte.
pub(super) fn end_of_line(text: &[u8], at: usize) -> usize {
    let at = at.min(text.len());
    memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |i| at + i)
}

/// Whether a byte can stand in a name.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
