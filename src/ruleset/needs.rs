//! What a rule's pattern needs of a text, seen without running it.
//!
//! Most anchors stand where their rule finds nothing: `://` is in every address, and few addresses hold an `@`. Three
//! things are read off a pattern once: the bytes that no match holds, so that a match lies between two of them, and
//! a literal and a run of bytes that every match holds. To look for them costs a hundredth of a run.
//!
//! `build.rs` reads this file too: for the built-in rules it is done when the program is compiled.

use super::run::{self, Bytes, Run};
use super::word::Word;
use crate::notation;
use crate::rule::{RuleSpec, Text};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, Look};
use std::ops::Range;

/// How many parts' literals, and how many parts' runs are looked for.
const PARTS: usize = 2;

/// What a pattern needs of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Needs {
    /// A bit for each byte that can stand in a match.
    pub bytes: Bytes,
    /// A literal that stands in every match.
    pub literal: Word,
    /// A run of bytes that stands in every match.
    pub run: Run,
    /// Literals that stand within reach whenever the rule finds something: of its parts.
    pub parts: [Word; PARTS],
    /// Runs that do.
    pub part_runs: [Run; PARTS],
    /// The lengths between which a match's lies, in bytes.
    pub shortest: u16,
    /// See above.
    pub longest: u16,
}

impl Needs {
    /// Of a rule whose patterns say nothing that can be seen beforehand.
    const NOTHING: Needs = Needs {
        bytes: [u64::MAX; 4],
        literal: Word::NONE,
        run: Run::NONE,
        parts: [Word::NONE; PARTS],
        part_runs: [Run::NONE; PARTS],
        shortest: 0,
        longest: u16::MAX,
    };

    /// What can be read off a rule's patterns.
    pub(crate) fn of(rule: &RuleSpec) -> Self {
        let Some(hir) = parsed(&rule.pattern) else { return Needs::NOTHING };
        let is_news = |literal: &[u8]| !rule.anchors.iter().any(|a| holds(a.as_bytes(), literal));
        let literal = |hir: &Hir| Word::of(hir, is_news);
        let len = |len: Option<usize>| len.and_then(|len| u16::try_from(len).ok());
        let mut needs = Needs {
            literal: literal(&hir),
            run: Run::of(&hir),
            shortest: len(hir.properties().minimum_len()).unwrap_or(0),
            longest: len(hir.properties().maximum_len()).unwrap_or(u16::MAX),
            ..Needs::NOTHING
        };
        if !has_ends(&hir) {
            needs.bytes = [0; 4];
            run::allow(&hir, &mut needs.bytes);
        }
        let required = || rule.parts.iter().filter(|part| !part.optional);
        let single = required().filter(|part| part.patterns.len() == 1);
        let literals = single.filter_map(|part| parsed(&part.patterns[0])).map(|hir| literal(&hir));
        for (to, from) in needs.parts.iter_mut().zip(literals.filter(|l| l.len > 0)) {
            *to = from;
        }
        let run = |pattern: &Text| parsed(pattern).map_or(Run::NONE, |hir| Run::of(&hir));
        let runs = required().filter_map(|part| part.patterns.iter().map(run).reduce(Run::or));
        for (to, from) in needs.part_runs.iter_mut().zip(runs.filter(|run| run.len > 0)) {
            *to = from;
        }
        needs
    }

    /// Where a match that holds the anchor can lie within a slice of a text, and one byte more on either side for what
    /// looks at its neighbour. Nothing if there can be none.
    pub(crate) fn run(&self, slice: &[u8], anchor: &Range<usize>) -> Option<Range<usize>> {
        let between = self.between(slice, anchor);
        let near = &slice[between.clone()];
        let holds = self.literal.stands_in(near) && self.run.stands_in(near);
        holds.then(|| between.start.saturating_sub(1)..(between.end + 1).min(slice.len()))
    }

    /// What lies round the anchor, in a slice of a text, between two bytes that no match holds.
    pub(crate) fn between(&self, slice: &[u8], anchor: &Range<usize>) -> Range<usize> {
        if self.bytes == Needs::NOTHING.bytes {
            return 0..slice.len();
        }
        let behind = slice[anchor.end..].iter().position(|byte| !self.can_stand(*byte));
        let before = slice[..anchor.start].iter().rposition(|byte| !self.can_stand(*byte));
        before.map_or(0, |at| at + 1)..behind.map_or(slice.len(), |at| anchor.end + at)
    }

    /// Whether a match can hold this byte.
    pub(crate) fn can_stand(&self, byte: u8) -> bool {
        run::holds(&self.bytes, byte)
    }

    /// Whether the literals and runs of the parts stand in a slice of a text.
    pub(crate) fn parts_stand_in(&self, slice: &[u8]) -> bool {
        self.parts.iter().all(|literal| literal.stands_in(slice))
            && self.part_runs.iter().all(|run| run.stands_in(slice))
    }
}

/// The pattern as the regex crate reads a rule's.
fn parsed(pattern: &str) -> Option<Hir> {
    let pattern = Some(notation::expand(pattern)).filter(|pattern| !pattern.is_empty())?;
    ParserBuilder::new().unicode(false).utf8(false).multi_line(true).build().parse(&pattern).ok()
}

fn holds(text: &[u8], literal: &[u8]) -> bool {
    text.windows(literal.len()).any(|window| window.eq_ignore_ascii_case(literal))
}

/// Whether the pattern asks for the text's own beginning or end: in a slice these would lie elsewhere.
fn has_ends(hir: &Hir) -> bool {
    let looks = hir.properties().look_set();
    looks.contains(Look::Start) || looks.contains(Look::End)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruleset::RuleSet;

    fn needs(pattern: &str, anchor: &str) -> Needs {
        let rule = format!(
            "id = \"a-b\"\ntitle = \"\"\ndescription = \"\"\nseverity = 1.0\nanchors = ['{anchor}']\npattern = '''{pattern}'''"
        );
        Needs::of(&toml::from_str(&rule).expect("it is a rule"))
    }

    #[test]
    fn a_match_lies_between_bytes_that_none_holds() {
        let needs = needs(r"://[a-z]{1,9}:[a-z]{1,9}@", "://");
        let run = |text: &str| {
            let at = text.find("://").expect("the anchor stands in the text");
            needs.run(text.as_bytes(), &(at..at + 3)).map(|run| text[run].to_owned())
        };
        assert_eq!(run("http://user:word@host and a@b").as_deref(), Some("http://user:word@host "));
        assert_eq!(run("see <http://user:word@host>").as_deref(), Some("<http://user:word@host>"));
        assert_eq!(run("http://host/ a@b"), None);
    }

    #[test]
    fn what_asks_for_the_texts_end_is_given_all_of_it() {
        let needs = needs(r"abc[0-9]{4}\z", "abc");
        assert_eq!(needs.run(b"abc1234 abc1234", &(8..11)), Some(0..15));
    }

    #[test]
    fn a_part_needs_what_each_of_its_patterns_needs() {
        let rule = "id = \"a-b\"\ntitle = \"\"\ndescription = \"\"\nseverity = 1.0\nanchors = ['abc']\npattern = 'abc'\n\
                    [[part]]\nname = 'id'\npatterns = ['id [0-9]{12}', 'no. [0-9A-F]{16}']\n";
        let needs = Needs::of(&toml::from_str(rule).expect("it is a rule"));
        assert!(needs.parts_stand_in(b"abc id 123456789012") && needs.parts_stand_in(b"abc 123456789ABC"));
        assert!(!needs.parts_stand_in(b"abc id 1234567890"));
    }

    #[test]
    fn what_is_compiled_in_is_what_would_be_made() {
        let rules = RuleSet::builtin_shared();
        assert!(rules.rules().iter().all(|rule| *rule.needs() == Needs::of(&rule.spec)));
        let telling = rules.rules().iter().filter(|rule| rule.needs().literal.len > 0).count();
        assert!(telling > 20, "{telling}");
    }
}
