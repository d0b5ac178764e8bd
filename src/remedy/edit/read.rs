//! Lines that have to do with the variable already: that set it, or read it with the secret as its default.

use super::super::context::Surroundings;
use super::super::language::Language;
use super::super::literal::{Literal, line_of};
use super::super::variable::{Shape, default_of};
use super::{Change, Place};
use std::ops::Range;

/// What stands before the name of a variable that a program sets for itself and those that it starts.
const SETS: [&str; 14] = [
    "process.env.",
    "process.env[",
    "$env:",
    "${env:",
    "environ[",
    "environ.setdefault(",
    "ENV[",
    "$ENV{",
    "$_ENV[",
    "setenv(",
    "Setenv(",
    "set_var(",
    "put_env(",
    "SetEnvironmentVariable(",
];

/// How Rust makes an owned string of a borrowed one.
const OWNED: [&[u8]; 4] = [b".to_string()", b".to_owned()", b".into()", b""];

impl Place<'_> {
    /// `process.env.X = "…"` and `os.Setenv("X", "…")`: reading the variable there would say nothing.
    pub(super) fn sets_itself(&self, round: &Surroundings<'_>) -> bool {
        let before = String::from_utf8_lossy(&self.text[line_of(self.text, self.span.start).start..self.span.start]);
        let quotes = ['"', '\'', '`'];
        let before = before.trim_end().trim_end_matches(quotes).trim_end();
        // `putenv("X=…")` of PHP's sets it in one string.
        let name = match before.strip_suffix('=').or_else(|| before.strip_suffix(',')) {
            Some(name) if !name.ends_with(['=', '!', '<', '>']) => name.trim_end(),
            _ => return false,
        };
        let name = name.trim_end_matches(['"', '\'', ']', '}', '!']);
        let setter = name.strip_suffix(self.variable).unwrap_or_default().trim_end_matches(quotes);
        let assigned = round.head().trim_end().ends_with(['=', ',']) || setter.ends_with("putenv(");
        assigned && (setter.ends_with("putenv(") || SETS.iter().any(|sets| setter.ends_with(sets)))
    }

    /// `os.environ.get("X", "…")` and `process.env.X || "…"` read the variable already: the default goes.
    pub(super) fn without_default(&self, round: &Surroundings<'_>, outer: &Range<usize>) -> Option<Change> {
        let line = line_of(self.text, outer.start);
        let found = default_of(&self.text[line.start..outer.start])?;
        if found.name != self.variable {
            return None;
        }
        let (kept, keep) = (line.start + found.start, line.start + found.keep);
        let kept = String::from_utf8_lossy(&self.text[kept..keep]).into_owned();
        let change = |span: Range<usize>, inserted: &str, expression: String| {
            Some(Change { edits: vec![(span, inserted.to_owned())], expression })
        };
        let after = round.after();
        let end_of = |rest: &[u8]| self.program.code.len() - rest.len();
        let ends = matches!(after.first(), None | Some(b')' | b',' | b';' | b'}' | b']'));
        match found.shape {
            Shape::Operator if ends => {
                use Language::*;
                let strict = matches!(self.language, TypeScript | DenoTypeScript | Swift | Dart);
                let inserted = if strict { "!" } else { "" };
                change(keep..outer.end, inserted, kept + inserted)
            }
            Shape::Argument if after.starts_with(b")") => change(keep..outer.end, "", kept + ")"),
            Shape::Block => change(keep..end_of(after.strip_prefix(b"}")?), "", kept),
            Shape::OrElse => change(keep..end_of(after.strip_prefix(b")")?), ".orElseThrow()", kept + ".orElseThrow()"),
            Shape::Unwrap => {
                let owned = OWNED.iter().find_map(|call| after.strip_prefix(*call)?.strip_prefix(b")"))?;
                let inserted = ".expect(\"it is set in the environment\")";
                change(keep..end_of(owned), inserted, kept + inserted)
            }
            Shape::Map => {
                let map =
                    ["().getOrDefault", ".getOrElse"].into_iter().find_map(|map| Some((kept.find(map)?, map.len())))?;
                let start = line.start + found.start + map.0;
                let edits = vec![(start..start + map.1, String::new()), (keep..outer.end, String::new())];
                let expression = self.expression.to_owned();
                after.starts_with(b")").then_some(Change { edits, expression })
            }
            _ => None,
        }
    }

    /// Whether this is the default of a name in `const { X = "…" } = process.env`.
    pub(super) fn is_default_of_hole(&self, outer: &Range<usize>) -> bool {
        let script = matches!(self.language, Language::JavaScript | Language::TypeScript);
        let before = self.program.code[..outer.start].trim_ascii_end();
        script && before.ends_with(b"=") && {
            let behind = &self.program.code[outer.end..line_of(self.text, outer.end).end];
            let close = behind.iter().position(|b| matches!(b, b'}' | b'{' | b'(' | b')' | b';'));
            close.is_some_and(|at| {
                let rest = behind[at..].strip_prefix(b"}").unwrap_or_default().trim_ascii_start();
                let rest = rest.strip_prefix(b"=").unwrap_or_default().trim_ascii_start();
                let rest = rest.strip_prefix(b"process.env").map(<[u8]>::trim_ascii_start);
                rest.is_some_and(|rest| matches!(rest.first(), None | Some(b';')))
            })
        }
    }

    pub(super) fn without_default_of_hole(&self, outer: &Range<usize>) -> Option<Change> {
        let before = self.program.code[..outer.start].trim_ascii_end().strip_suffix(b"=")?.trim_ascii_end();
        let line = &before[line_of(before, before.len()).start..];
        let named = line.rsplit(|b| matches!(b, b'{' | b',')).next()?;
        let name = String::from_utf8_lossy(named.split(|&b| b == b':').next()?.trim_ascii()).into_owned();
        let expression = format!("process.env.{name}");
        (name == self.variable).then(|| Change { edits: vec![(before.len()..outer.end, String::new())], expression })
    }

    /// `@Value("…")` becomes `@Value("${X}")`, which Spring fills in.
    pub(super) fn placeholder(&self, literal: &Literal, round: &Surroundings<'_>) -> Option<Change> {
        let dollar = match self.language {
            Language::Java | Language::Groovy => "$",
            Language::Kotlin => "\\$",
            _ => return None,
        };
        let (open, _) = round.innermost()?;
        let named = self.program.code[..open].trim_ascii_end().ends_with(b"@Value");
        let single = literal.quote.open == "'" && self.language == Language::Groovy;
        let in_groovy = if self.language == Language::Groovy && !single { "\\$" } else { dollar };
        let expression = format!("{in_groovy}{{{}}}", self.variable);
        (named && literal.inner == self.span)
            .then(|| Change { edits: vec![(self.span.clone(), expression.clone())], expression })
    }
}
