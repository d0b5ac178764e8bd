//! Lines that have to do with the variable already: that set it, or read it with the secret as its default.

use super::super::context::Surroundings;
use super::super::language::Language;
use super::super::literal::line_of;
use super::super::variable::default_of;
use super::{Change, Place};
use std::ops::Range;

impl Place<'_> {
    /// `process.env.X = "…"` and `$env:X = "…"`: reading the variable there would say nothing.
    pub(super) fn sets_itself(&self, round: &Surroundings<'_>) -> bool {
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

    /// `os.environ.get("X", "…")` and `process.env.X || "…"` read the variable already: the default goes.
    pub(super) fn without_default(&self, round: &Surroundings<'_>, outer: &Range<usize>) -> Option<Change> {
        let line = line_of(self.text, outer.start);
        let found = default_of(&self.text[line.start..outer.start])?;
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
