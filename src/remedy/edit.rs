//! The change that takes a secret out of a program: string by string, and only where it is exactly right.

mod blocks;
mod cpp;
mod part;
mod read;
mod rust;

use super::context::{Binding, Refusal, Surroundings};
use super::expression::quoted;
use super::language::Language;
use super::literal::{Literal, Program};
use super::syntax::{Syntax, Whole};
use std::ops::Range;

/// One replacement, not yet located.
pub(super) type Replacement = (Range<usize>, String);

/// A secret in a program.
pub(super) struct Place<'a> {
    pub language: Language,
    pub text: &'a [u8],
    pub syntax: &'static Syntax,
    /// The secret as it is written.
    pub span: Range<usize>,
    /// The text taken apart.
    pub program: &'a Program,
    /// It is written in several strings, joined.
    pub joined: bool,
    pub variable: &'a str,
    pub expression: &'a str,
}

/// What can be done about a secret in a program.
pub(super) struct Change {
    /// The replacements, in order.
    pub edits: Vec<Replacement>,
    /// The expression as the edits write it.
    pub expression: String,
}

impl Place<'_> {
    /// The change, if there is one that is exactly right; else why there is none.
    pub fn change(&self) -> Result<Change, Refusal> {
        self.exact_change().ok_or_else(|| self.refusal().unwrap_or(Refusal::Other))
    }

    /// Why the place takes no expression, as far as is known.
    fn refusal(&self) -> Option<Refusal> {
        if let Some(document) = self.program.document(&self.span) {
            return Some(if document.quote == Some(b'\'') { Refusal::RawHeredoc } else { Refusal::Heredoc });
        }
        let literal = self.program.literal(self.text, self.syntax, &self.span)?;
        let round = Surroundings::new(self.language, &self.program.code, literal.outer);
        if self.sets_itself(&round) { Some(Refusal::SetsItself) } else { round.refusal() }
    }

    fn exact_change(&self) -> Option<Change> {
        let program = self.program;
        if self.joined {
            let outer = self.joined_strings(program)?;
            let round = Surroundings::new(self.language, &program.code, outer.clone());
            let mark = if self.text[outer.start] == b'\'' { '\'' } else { '"' };
            return self.whole(&round, outer, mark, "");
        }
        if let Some(document) = program.document(&self.span) {
            return self.in_heredoc(document);
        }
        let literal = program.literal(self.text, self.syntax, &self.span)?;
        let round = Surroundings::new(self.language, &program.code, literal.outer.clone());
        let prefix = String::from_utf8_lossy(&self.text[literal.outer.start..literal.open]).to_lowercase();
        let tagged = literal.quote.open == "`"
            && self.text[..literal.outer.start]
                .last()
                .is_some_and(|&b| super::literal::is_word(b) || matches!(b, b')' | b']'));
        if let Some(change) = self.placeholder(&literal, &round) {
            return Some(change);
        }
        if round.refusal().is_some() || self.sets_itself(&round) || tagged || !self.prefix_is_plain(&prefix) {
            return None;
        }
        let mark = if literal.quote.close.starts_with('\'') { '\'' } else { '"' };
        if literal.inner == self.span {
            if literal.quote.whole == Whole::Stays {
                return None;
            }
            if round.is_joined_implicitly() {
                return match self.language {
                    Language::Python => self.f_string(&literal, &prefix, mark),
                    Language::Ruby => self.hole_string(&literal, mark, ("#{", "}")),
                    Language::Dart => self.hole_string(&literal, mark, ("${", "}")),
                    _ => None,
                };
            }
            return self.whole(&round, literal.outer, mark, &prefix);
        }
        if self.language == Language::Python && prefix.contains('b') {
            return None;
        }
        if self.language == Language::Rust {
            return self.rust_format(&round, &literal);
        }
        if self.language == Language::Cpp {
            return self.cpp_sum(&round, &literal);
        }
        self.part(&round, &literal, &prefix, mark)
    }

    /// Whether the letters in front of the quote leave an expression possible.
    fn prefix_is_plain(&self, prefix: &str) -> bool {
        match self.language {
            Language::Rust | Language::C | Language::Cpp => prefix.is_empty(),
            Language::Python => !prefix.contains('t'),
            _ => true,
        }
    }

    /// The strings that the secret is spread over, when they hold nothing else and nothing else stands
    /// between them.
    fn joined_strings(&self, program: &Program) -> Option<Range<usize>> {
        let pieces: Vec<&Literal> =
            program.literals().filter(|l| l.inner.start < self.span.end && self.span.start < l.inner.end).collect();
        let (first, last) = (pieces.first()?, pieces.last()?);
        let plain = pieces.iter().all(|l| l.quote.whole == Whole::Expression && l.outer.start == l.open);
        if pieces.len() < 2 || !plain || first.inner.start != self.span.start || last.inner.end != self.span.end {
            return None;
        }
        let between_is_glue = pieces.windows(2).all(|pair| {
            pair[0].outer.end <= pair[1].outer.start
                && program.code[pair[0].outer.end..pair[1].outer.start]
                    .iter()
                    .all(|b| b.is_ascii_whitespace() || matches!(b, b'+' | b'.' | b'&' | b'\\' | b'_'))
        });
        let outer = first.outer.start..last.outer.end;
        let round = Surroundings::new(self.language, &program.code, outer.clone());
        let alone = round.refusal().is_none() && !round.is_joined_implicitly();
        (between_is_glue && alone).then_some(outer)
    }

    /// The expression in place of the string.
    fn whole(&self, round: &Surroundings<'_>, outer: Range<usize>, mark: char, prefix: &str) -> Option<Change> {
        if self.is_default_of_hole(&outer) {
            return self.without_default_of_hole(&outer);
        }
        if prefix.is_empty()
            && let Some(change) = self.without_default(round, &outer)
        {
            return Some(change);
        }
        if self.sets_itself(round) {
            return None;
        }
        let mut outer = outer;
        let is_script = matches!(self.language, Language::TypeScript | Language::DenoTypeScript);
        if is_script && let Some(rest) = round.after().strip_prefix(b"as const") {
            // Only a literal can be that.
            outer.end = self.program.code.len() - rest.len();
        }
        let mut expression = quoted(self.language, self.expression, mark);
        if self.language == Language::Python && prefix.contains('b') {
            expression.push_str(".encode()");
        } else if self.language == Language::Python && is_default_of_option(round) {
            // Who gives the option need not have the variable.
            expression = quoted(self.language, &format!("os.environ.get(\"{}\")", self.variable), mark);
        }
        if self.language == Language::Rust {
            expression = self.rust(round)?;
        }
        if self.language == Language::Erlang && round.before() == Some(b'<') {
            return None;
        }
        let expression_only = expression.clone();
        if round.binding() == Binding::Argument {
            expression = format!("({expression})");
        }
        let word = |at: Option<&u8>| at.is_some_and(|&b| super::literal::is_word(b));
        if word(self.text[..outer.start].last()) {
            expression.insert(0, ' ');
        }
        if word(self.text.get(outer.end)) {
            expression.push(' ');
        }
        Some(Change { edits: vec![(outer, expression)], expression: expression_only })
    }
}

/// Whether the string is `default=` of an option of a command.
fn is_default_of_option(round: &Surroundings<'_>) -> bool {
    let head = round.head().trim_end();
    let named = head.ends_with("default=") || head.ends_with("default =");
    named && ["add_argument(", "option(", "Option(", "argument("].iter().any(|call| head.contains(call))
}
