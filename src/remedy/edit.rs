//! The change that takes a secret out of a program: string by string, and only where it is exactly right.

use super::context::{Binding, Surroundings};
use super::expression::quoted;
use super::language::Language;
use super::literal::{Literal, Program, line_of};
use super::syntax::{Partly, Syntax, Whole};
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
    /// The change, if there is one that is exactly right.
    pub fn change(&self) -> Option<Change> {
        let program = self.program;
        if self.joined {
            let outer = self.joined_strings(program)?;
            let round = Surroundings::new(self.language, &program.code, outer.clone());
            let mark = if self.text[outer.start] == b'\'' { '\'' } else { '"' };
            return self.whole(&round, outer, mark, "");
        }
        let literal = program.literal(self.text, self.syntax, &self.span)?;
        let round = Surroundings::new(self.language, &program.code, literal.outer.clone());
        let prefix = String::from_utf8_lossy(&self.text[literal.outer.start..literal.open]).to_lowercase();
        let tagged = literal.quote.open == "`"
            && self.text[..literal.outer.start]
                .last()
                .is_some_and(|&b| super::literal::is_word(b) || matches!(b, b')' | b']'));
        if round.refuses_expression() || tagged || !self.prefix_is_plain(&prefix) {
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
        let alone = !round.refuses_expression() && !round.is_joined_implicitly();
        (between_is_glue && alone).then_some(outer)
    }

    /// The expression in place of the string.
    fn whole(&self, round: &Surroundings<'_>, outer: Range<usize>, mark: char, prefix: &str) -> Option<Change> {
        if prefix.is_empty()
            && let Some(change) = self.without_default(round, &outer)
        {
            return Some(change);
        }
        if self.sets_itself(round) {
            return None;
        }
        let mut expression = quoted(self.language, self.expression, mark);
        if self.language == Language::Python && prefix.contains('b') {
            expression.push_str(".encode()");
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

    /// `process.env.X = "…"` and `$env:X = "…"`: reading the variable there would say nothing.
    fn sets_itself(&self, round: &Surroundings<'_>) -> bool {
        use Language::*;
        let head = self.text_before(round);
        let name = head.trim_end().strip_suffix('=').map(str::trim_end).unwrap_or_default();
        let (dotted, quoted) = match self.language {
            JavaScript | TypeScript => ("process.env.", "process.env["),
            PowerShell => ("$env:", "${env:"),
            _ => return false,
        };
        let end = |rest: &str| rest.trim_matches(['"', '\'', ']', '}', '!']) == self.variable;
        [dotted, quoted].iter().any(|start| name.rsplit_once(start).is_some_and(|(_, rest)| end(rest)))
    }

    /// The line up to the string, its own strings as they are.
    fn text_before(&self, round: &Surroundings<'_>) -> String {
        let line = line_of(self.text, self.span.start);
        let before = &self.text[line.start..self.span.start];
        let code = String::from_utf8_lossy(before).into_owned();
        if round.head().trim_end().ends_with('=') {
            code.trim_end_matches(['"', '\'', '`']).to_owned()
        } else {
            String::new()
        }
    }

    /// A string that is nothing but a hole, where a string has to stand beside another one.
    fn hole_string(&self, literal: &Literal, mark: char, (open, close): (&str, &str)) -> Option<Change> {
        let inside = quoted(self.language, self.expression, '\'');
        let plain = literal.outer.start == literal.open;
        let edits = vec![(literal.outer.clone(), format!("\"{open}{inside}{close}\""))];
        plain.then(|| Change { edits, expression: quoted(self.language, self.expression, mark) })
    }

    /// `&format!("before{}behind", expression)`, where that is as good as a string.
    fn rust_format(&self, round: &Surroundings<'_>, literal: &Literal) -> Option<Change> {
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

    /// `std::string("before") + expression + "behind"`, where a `std::string` is made of it.
    fn cpp_sum(&self, round: &Surroundings<'_>, literal: &Literal) -> Option<Change> {
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

    /// The expression inside a longer string.
    fn part(&self, round: &Surroundings<'_>, literal: &Literal, prefix: &str, mark: char) -> Option<Change> {
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
    fn f_string(&self, literal: &Literal, prefix: &str, mark: char) -> Option<Change> {
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

    fn marks(&self, literal: &Literal) -> (String, &'static str) {
        let open = String::from_utf8_lossy(&self.text[literal.outer.start..literal.inner.start]).into_owned();
        (open, literal.quote.close)
    }

    /// Whether the literal holds this outside the secret.
    fn rest_contains(&self, literal: &Literal, what: &str) -> bool {
        let has = |range: Range<usize>| memchr::memmem::find(&self.text[range], what.as_bytes()).is_some();
        has(literal.inner.start..self.span.start) || has(self.span.end..literal.inner.end)
    }

    /// A borrowed string takes an owned one's place: where that holds without knowing any type.
    fn rust(&self, round: &Surroundings<'_>) -> Option<String> {
        let owned = self.rust_value(round)?;
        if self.is_owned_then(round) || self.is_printed(round) {
            return Some(owned);
        }
        Some(format!("{}{owned}", self.rust_borrow(round)?))
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
        let call = self.text[..at].last().is_some_and(|&b| super::literal::is_word(b) || b == b'>');
        let argument = bracket == b'(' && call && matches!(after.first(), Some(b')' | b','));
        let added = round.before() == Some(b'+') && matches!(after.first(), Some(b';' | b')' | b',' | b'+'));
        let simple = matches!(round.before(), Some(b'=' | b'(' | b','));
        (added || simple && (bound || argument)).then_some("&")
    }

    /// `os.environ.get("X", "…")` and `process.env.X || "…"` read the variable already: the default goes.
    fn without_default(&self, round: &Surroundings<'_>, outer: &Range<usize>) -> Option<Change> {
        let line = line_of(self.text, outer.start);
        let found = super::variable::default_of(&self.text[line.start..outer.start])?;
        let ends = matches!(round.after().first(), None | Some(b')' | b',' | b';' | b'}' | b']'));
        if found.name != self.variable || !ends || (found.is_call && !round.after().starts_with(b")")) {
            return None;
        }
        let strict =
            matches!(self.language, Language::TypeScript | Language::DenoTypeScript | Language::Swift | Language::Dart);
        let inserted = if strict && !found.is_call { "!" } else { "" };
        let start = line.start + found.keep;
        let kept = String::from_utf8_lossy(&self.text[line.start + found.start..start]).into_owned();
        let closing = if found.is_call { ")" } else { inserted };
        Some(Change { edits: vec![(start..outer.end, inserted.to_owned())], expression: kept + closing })
    }
}

/// Whether what comes behind this beginning of an f-string is code: a brace is open that is not doubled.
fn is_in_hole(before: &[u8]) -> bool {
    let doubled = |brace: u8| memchr::memmem::find_iter(before, &[brace, brace]).count();
    let single = |brace: u8| memchr::memchr_iter(brace, before).count() - 2 * doubled(brace);
    single(b'{') > single(b'}')
}
