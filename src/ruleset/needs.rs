//! What a rule's pattern needs of a text, seen without running it.
//!
//! Most anchors stand where their rule finds nothing: `://` is in every address, and few addresses hold an `@`. Two
//! things are read off a pattern once: the bytes that no match holds, so that a match lies between two of them, and
//! a literal that every match holds. To look for both costs a hundredth of a run.
//!
//! `build.rs` reads this file too: for the built-in rules it is done when the program is compiled.

use crate::rule::RuleSpec;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Look};
use std::ops::Range;

/// The longest literal that is looked for; of a longer one its beginning.
const LONGEST: usize = 8;
/// How many parts' literals are looked for.
const PARTS: usize = 2;

/// What a pattern needs of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Needs {
    /// A bit for each byte that can stand in a match.
    pub bytes: [u64; 4],
    /// A literal that stands in every match.
    pub literal: Short,
    /// Literals that stand within reach whenever the rule finds something: of its parts.
    pub parts: [Short; PARTS],
    /// The lengths between which a match's lies, in bytes.
    pub shortest: u16,
    /// See above.
    pub longest: u16,
}

/// A literal of a few bytes; of none, it stands everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Short {
    pub bytes: [u8; LONGEST],
    pub len: u8,
}

impl Short {
    fn of(literal: &[u8]) -> Self {
        let mut short = Short::default();
        for (to, from) in short.bytes.iter_mut().zip(literal) {
            *to = *from;
            short.len += 1;
        }
        short
    }

    fn stands_in(&self, text: &[u8]) -> bool {
        match self.len {
            0 => true,
            1 => memchr::memchr(self.bytes[0], text).is_some(),
            len => memchr::memmem::find(text, &self.bytes[..usize::from(len)]).is_some(),
        }
    }
}

impl Needs {
    /// Of a rule whose patterns say nothing that can be seen beforehand.
    const NOTHING: Needs =
        Needs { bytes: [u64::MAX; 4], literal: NO_LITERAL, parts: [NO_LITERAL; PARTS], shortest: 0, longest: u16::MAX };

    /// What can be read off a rule's patterns.
    pub(crate) fn of(rule: &RuleSpec) -> Self {
        let Some(hir) = parsed(&rule.pattern) else { return Needs::NOTHING };
        let is_news = |literal: &[u8]| !rule.anchors.iter().any(|a| holds(a.as_bytes(), literal));
        let literal = |hir: &Hir| longest(needed(hir).into_iter().filter(|l| is_news(l)).collect());
        let len = |len: Option<usize>| len.and_then(|len| u16::try_from(len).ok());
        let mut needs = Needs {
            literal: literal(&hir),
            shortest: len(hir.properties().minimum_len()).unwrap_or(0),
            longest: len(hir.properties().maximum_len()).unwrap_or(u16::MAX),
            ..Needs::NOTHING
        };
        if !has_ends(&hir) {
            needs.bytes = [0; 4];
            allow(&hir, &mut needs.bytes);
        }
        let required = rule.parts.iter().filter(|part| !part.optional && part.patterns.len() == 1);
        let literals = required.filter_map(|part| parsed(&part.patterns[0])).map(|hir| literal(&hir));
        for (to, from) in needs.parts.iter_mut().zip(literals.filter(|l| l.len > 0)) {
            *to = from;
        }
        needs
    }

    /// Where a match that holds the anchor can lie within a slice of a text, and one byte more on either side for what
    /// looks at its neighbour. Nothing if there can be none.
    pub(crate) fn run(&self, slice: &[u8], anchor: &Range<usize>) -> Option<Range<usize>> {
        let between = self.between(slice, anchor);
        let holds = self.literal.stands_in(&slice[between.clone()]);
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
        self.bytes[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0
    }

    /// Whether the literals of the parts stand in a slice of a text.
    pub(crate) fn parts_stand_in(&self, slice: &[u8]) -> bool {
        self.parts.iter().all(|literal| literal.stands_in(slice))
    }
}

const NO_LITERAL: Short = Short { bytes: [0; LONGEST], len: 0 };

/// The pattern as the regex crate reads a rule's; nothing for one in a notation of ours.
fn parsed(pattern: &str) -> Option<Hir> {
    if pattern.is_empty() || pattern.contains("%{") {
        return None;
    }
    ParserBuilder::new().unicode(false).utf8(false).multi_line(true).build().parse(pattern).ok()
}

/// The literals that stand in every match.
fn needed(hir: &Hir) -> Vec<Vec<u8>> {
    match hir.kind() {
        HirKind::Literal(literal) => vec![literal.0.to_vec()],
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(needed).collect(),
        _ => Vec::new(),
    }
}

fn longest(literals: Vec<Vec<u8>>) -> Short {
    // The first of several as long.
    literals.iter().rev().max_by_key(|literal| literal.len()).map_or(NO_LITERAL, |literal| Short::of(literal))
}

fn holds(text: &[u8], literal: &[u8]) -> bool {
    text.windows(literal.len()).any(|window| window.eq_ignore_ascii_case(literal))
}

/// Whether the pattern asks for the text's own beginning or end: in a slice these would lie elsewhere.
fn has_ends(hir: &Hir) -> bool {
    let looks = hir.properties().look_set();
    looks.contains(Look::Start) || looks.contains(Look::End)
}

/// Sets the bit of every byte that a match can hold.
fn allow(hir: &Hir, bytes: &mut [u64; 4]) {
    let mut set = |byte: u8| bytes[usize::from(byte >> 6)] |= 1 << (byte & 63);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => literal.0.iter().copied().for_each(set),
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().for_each(|range| (range.start()..=range.end()).for_each(&mut set));
        }
        HirKind::Class(Class::Unicode(class)) => {
            for range in class.ranges() {
                (range.start()..=range.end()).take_while(char::is_ascii).for_each(|c| set(c as u8));
                if !range.end().is_ascii() {
                    (0x80..=0xff).for_each(&mut set);
                }
            }
        }
        HirKind::Repetition(repetition) => allow(&repetition.sub, bytes),
        HirKind::Capture(capture) => allow(&capture.sub, bytes),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|part| allow(part, bytes)),
    }
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
    fn alternatives_and_optional_pieces_need_nothing() {
        for pattern in ["abc(?:x|y)", "abc(?:xy)?", "abc(?:xy)*", "abc[xy]", "(?i:abc)"] {
            assert_eq!(needs(pattern, "abc").literal, NO_LITERAL, "{pattern}");
        }
        assert_eq!(needs("abc(?:xyz)+", "abc").literal, Short::of(b"xyz"));
    }

    #[test]
    fn what_is_compiled_in_is_what_would_be_made() {
        let rules = RuleSet::builtin_shared();
        assert!(rules.rules().iter().all(|rule| *rule.needs() == Needs::of(&rule.spec)));
        let telling = rules.rules().iter().filter(|rule| rule.needs().literal.len > 0).count();
        assert!(telling > 20, "{telling}");
    }
}
