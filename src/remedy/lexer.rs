//! Takes a program apart: comments, string literals, and what would be taken for one.

use super::literal::{Literal, is_word, line_of};
use super::syntax::{Apostrophe, Escape, Heredoc, Quote, Syntax};
use std::ops::Range;

/// Something that is not plain code.
#[derive(Debug, Clone)]
pub(super) enum Token {
    Comment(Range<usize>),
    Literal(Literal),
    /// A literal that nothing can be done about: a character, a regular expression, a heredoc.
    Other(Range<usize>),
}

/// A heredoc.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// What stands in its place: `<<~"EOS"`.
    pub mark: Range<usize>,
    /// The word in that.
    word: Range<usize>,
    /// What the word is quoted with.
    pub quote: Option<u8>,
    /// The lines of it.
    pub body: Range<usize>,
    /// Whether a line with the word ends it.
    pub is_closed: bool,
}

/// Beyond this, in bytes, a slash that nothing closes is no regular expression.
const LONGEST_REGEX: usize = 1024;

/// Deeper than this nobody nests strings in strings; hostile texts do.
const DEEPEST: usize = 24;

/// Reads a text from its beginning to its end, once.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    syntax: &'static Syntax,
    pub(super) tokens: Vec<Token>,
    pub(super) sound_to: usize,
    /// Heredocs whose bodies begin on the next line.
    heredocs: Vec<Document>,
    /// Heredocs that were read.
    pub(super) documents: Vec<Document>,
    depth: usize,
    /// Whether anything but plain code can begin with a byte: with most nothing does.
    begins: [bool; 256],
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8], syntax: &'static Syntax) -> Self {
        let begins = syntax.begins();
        Lexer {
            text,
            syntax,
            tokens: Vec::new(),
            sound_to: text.len(),
            heredocs: Vec::new(),
            documents: Vec::new(),
            depth: 0,
            begins,
        }
    }

    pub(super) fn literals(mut self) -> Vec<Literal> {
        self.code(0, None);
        self.tokens
            .into_iter()
            .filter_map(|token| match token {
                Token::Literal(literal) => Some(literal),
                _ => None,
            })
            .collect()
    }

    /// Reads code up to the end, or to the bracket that closes a hole in a string; says where it stopped.
    pub(super) fn code(&mut self, mut at: usize, hole: Option<(u8, u8)>) -> usize {
        let mut nested = 0;
        while at < self.text.len() {
            let byte = self.text[at];
            if let Some((open, close)) = hole {
                if byte == close && nested == 0 {
                    return at;
                }
                nested = nested + usize::from(byte == open) - usize::from(byte == close);
            }
            at = match self.begins[usize::from(byte)] {
                true => self.comment(at).or_else(|| self.string(at)).or_else(|| self.oddity(at)).unwrap_or(at + 1),
                false => at + 1,
            };
        }
        at
    }

    fn comment(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        for block in self.syntax.block_comments {
            let starts = rest.starts_with(block.open.as_bytes())
                && (!block.at_line_start || at == 0 || self.text[at - 1] == b'\n');
            if starts {
                let end = self.block_end(at + block.open.len(), block.open, block.close, block.nests);
                self.tokens.push(Token::Comment(at..end));
                return Some(end);
            }
        }
        if let Some(mark) = self.syntax.line_comments.iter().find(|mark| rest.starts_with(mark.as_bytes())) {
            let doubtful = *mark == "#" && (at > 0 && matches!(self.text[at - 1], b'$' | b'@' | b'{'))
                || *mark == "#" && self.syntax.attributes && rest.starts_with(b"#[");
            if !doubtful {
                let end = line_of(self.text, at).end;
                self.tokens.push(Token::Comment(at..end));
                return Some(end);
            }
        }
        if self.syntax.starts_in_page && rest.starts_with(b"?>") {
            return Some(self.page(at));
        }
        None
    }

    fn block_end(&self, mut at: usize, open: &str, close: &str, nests: bool) -> usize {
        let mut nested = 0;
        let (opening, closing) = (open.as_bytes()[0], close.as_bytes()[0]);
        while let Some(next) = memchr::memchr2(opening, closing, &self.text[at..]) {
            at += next;
            let rest = &self.text[at..];
            if rest.starts_with(close.as_bytes()) {
                at += close.len();
                if nested == 0 {
                    return at;
                }
                nested -= 1;
            } else if nests && rest.starts_with(open.as_bytes()) {
                at += open.len();
                nested += 1;
            } else {
                at += 1;
            }
        }
        self.text.len()
    }

    /// A page round PHP code counts as a comment, up to where the code begins.
    pub(super) fn page(&mut self, at: usize) -> usize {
        let end = memchr::memmem::find(&self.text[at..], b"<?").map_or(self.text.len(), |i| at + i);
        let mark = ["<?php", "<?="].iter().find(|mark| self.text[end..].starts_with(mark.as_bytes()));
        let end = (end + mark.map_or(2, |mark| mark.len())).min(self.text.len());
        self.tokens.push(Token::Comment(at..end));
        end
    }

    fn string(&mut self, at: usize) -> Option<usize> {
        let quote = self.syntax.quotes.iter().find(|quote| {
            self.text[at..].starts_with(quote.open.as_bytes())
                && !(quote.open.as_bytes()[0].is_ascii_alphabetic() && at > 0 && is_word(self.text[at - 1]))
        })?;
        let inner = at + quote.open.len();
        let outer = self.prefix(at);
        let raw = self.text[outer..at].iter().any(|b| matches!(b, b'r' | b'R')) && self.syntax.raw_prefix_ends_escapes;
        let (end, closed) = self.string_end(inner, quote, raw);
        if !closed {
            self.sound_to = self.sound_to.min(at);
            return Some(if quote.lines { self.text.len() } else { end });
        }
        let close = end + quote.close.len();
        self.tokens.push(Token::Literal(Literal { outer: outer..close, inner: inner..end, quote, open: at }));
        Some(close)
    }

    /// Where the letters in front of a quote begin that belong to it.
    fn prefix(&self, at: usize) -> usize {
        let start = self.text[..at].iter().rposition(|&b| !is_word(b)).map_or(0, |i| i + 1);
        let letters = String::from_utf8_lossy(&self.text[start..at]).to_lowercase();
        if self.syntax.prefixes.contains(&letters.as_str()) { start } else { at }
    }

    /// Where a string's inside ends, and whether its closing quote stands there.
    fn string_end(&mut self, mut at: usize, quote: &'static Quote, raw: bool) -> (usize, bool) {
        let close = quote.close.as_bytes();
        let hole = quote.hole.map_or(close[0], |hole| hole.as_bytes()[0]);
        let is_plain = |byte: u8| byte != close[0] && byte != hole && !matches!(byte, b'\\' | b'`' | b'\n' | b'\r');
        while at < self.text.len() {
            let rest = &self.text[at..];
            if is_plain(rest[0]) {
                at += 1;
                continue;
            }
            if !quote.lines && matches!(rest[0], b'\n' | b'\r') {
                let continued =
                    rest[0] == b'\n' && self.text[..at].ends_with(b"\\") && quote.escape == Escape::Backslash;
                if !continued {
                    return (at, false);
                }
            }
            if rest.starts_with(close) {
                if quote.escape == Escape::Doubled && rest[close.len()..].starts_with(close) {
                    at += 2 * close.len();
                    continue;
                }
                return (at, true);
            }
            if let Some(hole) = quote.hole.filter(|hole| !raw && rest.starts_with(hole.as_bytes())) {
                at = self.hole(at + hole.len(), hole.ends_with('('));
                continue;
            }
            let escaped = match quote.escape {
                Escape::Backslash => rest[0] == b'\\' && !raw,
                Escape::Backtick => rest[0] == b'`',
                Escape::Doubled | Escape::None => false,
            };
            at += if escaped && !rest[1..].starts_with(b"\r") && !rest[1..].starts_with(b"\n") { 2 } else { 1 };
        }
        (self.text.len(), false)
    }

    fn hole(&mut self, at: usize, round: bool) -> usize {
        if self.depth >= DEEPEST {
            self.sound_to = 0;
            return self.text.len();
        }
        self.depth += 1;
        let end = self.code(at, Some(if round { (b'(', b')') } else { (b'{', b'}') }));
        self.depth -= 1;
        end + 1
    }

    /// Characters, regular expressions, heredocs: what would otherwise be taken for the start of a string.
    fn oddity(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let end = match rest[0] {
            b'\'' if self.syntax.apostrophe == Apostrophe::Character => character_end(rest),
            b'\\' if self.syntax.apostrophe == Apostrophe::BackslashCharacter => Some(2),
            b'?' | b'$' if self.syntax.apostrophe == Apostrophe::MarkedCharacter(rest[0]) => {
                let word_before = at > 0 && is_word(self.text[at - 1]);
                (!word_before && matches!(rest.get(1), Some(b'"' | b'\'' | b'#' | b'%' | b'\\')))
                    .then_some(if rest.get(1) == Some(&b'\\') { 3 } else { 2 })
            }
            b'/' if self.syntax.slash_regex => self.regex_end(at),
            b'<' if self.syntax.heredoc != Heredoc::None => {
                self.heredoc(at);
                None
            }
            b'\n' if !self.heredocs.is_empty() => return Some(self.heredoc_bodies(at + 1)),
            _ => None,
        }?;
        let end = (at + end).min(self.text.len());
        self.tokens.push(Token::Other(at..end));
        Some(end)
    }

    /// A slash begins a regular expression where an operand is due.
    fn regex_end(&self, at: usize) -> Option<usize> {
        let before = self.text[..at].trim_ascii_end();
        let due = match before.last() {
            None => true,
            Some(b'(' | b',' | b'=' | b':' | b'[' | b'!' | b'&' | b'|' | b'?' | b'{' | b';' | b'~') => true,
            Some(_) => [&b"return"[..], b"typeof", b"case", b"when", b"if", b"and", b"or", b"=>"]
                .iter()
                .any(|word| before.ends_with(word)),
        };
        if !due {
            return None;
        }
        let (mut i, mut class) = (at + 1, false);
        let longest = self.text.len().min(at + LONGEST_REGEX);
        while i < longest {
            match self.text[i] {
                b'\n' => return None,
                b'\\' => i += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => return Some(i + 1 - at),
                _ => {}
            }
            i += 1;
        }
        None
    }

    fn heredoc(&mut self, at: usize) {
        let rest = &self.text[at..];
        let start: &[u8] = if self.syntax.heredoc == Heredoc::Three { b"<<<" } else { b"<<" };
        let Some(mut mark) = rest.strip_prefix(start) else { return };
        mark = mark.strip_prefix(b"~").or_else(|| mark.strip_prefix(b"-")).unwrap_or(mark);
        let quote = mark.first().copied().filter(|b| matches!(b, b'"' | b'\'' | b'`'));
        mark = &mark[usize::from(quote.is_some())..];
        let len = mark.iter().position(|&b| !is_word(b)).unwrap_or(mark.len());
        // `<<` is also an operator: a mark begins with a capital letter, as people write them.
        if len > 0 && (mark[0].is_ascii_uppercase() || mark[0] == b'_') {
            let end = self.text.len() - mark.len() + len;
            let word = end - len..end;
            let end = end + usize::from(quote.is_some());
            self.heredocs.push(Document { mark: at..end, word, quote, body: 0..0, is_closed: false });
        }
    }

    fn heredoc_bodies(&mut self, start: usize) -> usize {
        let mut at = start;
        for mut document in std::mem::take(&mut self.heredocs) {
            let mark = &self.text[document.word.clone()];
            document.body = at..self.text.len();
            while at < self.text.len() {
                let line = line_of(self.text, at);
                let content = self.text[line.clone()].trim_ascii_start();
                at = (line.end + 1).min(self.text.len());
                if content.starts_with(mark) && !content.get(mark.len()).is_some_and(|&b| is_word(b)) {
                    (document.body.end, document.is_closed) = (line.start, true);
                    at = at.min(line.end);
                    break;
                }
            }
            self.documents.push(document);
        }
        self.tokens.push(Token::Other(start..at));
        at
    }
}

/// The length of a character in apostrophes; `None` for a lone apostrophe (a lifetime, a prime).
fn character_end(rest: &[u8]) -> Option<usize> {
    match rest.get(1)? {
        b'\\' => rest[2..].iter().take(10).skip(1).position(|&b| b == b'\'').map(|i| i + 4),
        b'\'' => None,
        _ => rest[2..].iter().take(4).position(|&b| b == b'\'').map(|i| i + 3),
    }
}
