//! Words that stand in every match of a pattern, as it writes them or in any case.
//!
//! `build.rs` reads this file too.

use regex_syntax::hir::{Class, Hir, HirKind};
use std::ops::Range;

/// The longest that is looked for; of a longer one its end, since most begin with the anchor.
const LONGEST: usize = 8;

/// The shortest that alternatives are searched for in common.
const LEAST: usize = 2;

/// A few bytes to look for; none of them stand everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word {
    pub bytes: [u8; LONGEST],
    pub len: u8,
    /// Whether any ASCII case will do.
    pub any_case: bool,
}

impl Word {
    /// What stands in every text.
    pub(crate) const NONE: Word = Word { bytes: [0; LONGEST], len: 0, any_case: false };

    /// The longest of those that stand in every match and that make a difference.
    pub(crate) fn of(hir: &Hir, is_news: impl Fn(&[u8]) -> bool) -> Word {
        let news = needed(hir).into_iter().filter(|needed| is_news(&needed.bytes));
        // The first of several as long, one in a single case before one in any.
        let longest = news.min_by_key(|needed| (usize::MAX - needed.bytes.len(), needed.any_case));
        let Some(Needed { bytes, any_case }) = longest else { return Word::NONE };
        let end = &bytes[bytes.len().saturating_sub(LONGEST)..];
        let mut word = Word { any_case, len: end.len() as u8, ..Word::NONE };
        word.bytes[..end.len()].copy_from_slice(end);
        word
    }

    pub(crate) fn stands_in(&self, text: &[u8]) -> bool {
        let word = &self.bytes[..usize::from(self.len)];
        match word {
            [] => true,
            [first, ..] if self.any_case => {
                let places = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text);
                let mut here = places.filter_map(|at| text.get(at..at + word.len()));
                here.any(|here| here.eq_ignore_ascii_case(word))
            }
            [byte] => memchr::memchr(*byte, text).is_some(),
            _ => memchr::memmem::find(text, word).is_some(),
        }
    }
}

#[derive(Clone)]
struct Needed {
    bytes: Vec<u8>,
    any_case: bool,
}

impl Needed {
    /// From each of its bytes on the longest part that fits.
    fn parts(&self, fits: impl Fn(&Needed) -> bool) -> impl Iterator<Item = Needed> {
        let part = |span: Range<usize>| Needed { bytes: self.bytes[span].to_vec(), any_case: self.any_case };
        let len = self.bytes.len();
        (0..len).filter_map(move |from| (from + LEAST..=len).rev().map(|end| part(from..end)).find(|part| fits(part)))
    }

    /// Whether the other stands wherever this one does.
    fn implies(&self, other: &Needed) -> bool {
        match other.any_case {
            true => self.bytes.windows(other.bytes.len()).any(|part| part.eq_ignore_ascii_case(&other.bytes)),
            false => !self.any_case && self.bytes.windows(other.bytes.len()).any(|part| *part == *other.bytes),
        }
    }
}

/// The words that stand in every match.
fn needed(hir: &Hir) -> Vec<Needed> {
    match hir.kind() {
        HirKind::Literal(literal) => vec![Needed { bytes: literal.0.to_vec(), any_case: false }],
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        HirKind::Concat(parts) => {
            let mut all: Vec<Needed> = parts.iter().flat_map(needed).collect();
            // Letters in any case are a class each.
            let words = parts.split(|part| spelled(part).is_none()).filter(|letters| letters.len() > 1);
            all.extend(words.map(|letters| Needed {
                bytes: letters.iter().filter_map(spelled).flat_map(|needed| needed.bytes).collect(),
                any_case: true,
            }));
            all
        }
        HirKind::Alternation(ways) => {
            let ways: Vec<Vec<Needed>> = ways.iter().map(needed).collect();
            let in_all = |word: &Needed| ways.iter().all(|way| way.iter().any(|other| other.implies(word)));
            let parts = ways.first().into_iter().flatten().flat_map(|word| word.parts(in_all));
            parts.collect()
        }
        _ => Vec::new(),
    }
}

/// The piece of a pattern as a word, if it is one or a letter in either case.
fn spelled(hir: &Hir) -> Option<Needed> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(Needed { bytes: literal.0.to_vec(), any_case: false }),
        HirKind::Class(Class::Bytes(class)) => {
            let bytes: Vec<u8> = class.ranges().iter().flat_map(|range| range.start()..=range.end()).take(3).collect();
            match bytes[..] {
                [upper, lower] if upper.is_ascii_uppercase() && upper.to_ascii_lowercase() == lower => {
                    Some(Needed { bytes: vec![lower], any_case: true })
                }
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_syntax::ParserBuilder;

    fn word(pattern: &str) -> Word {
        let mut parser = ParserBuilder::new().unicode(false).utf8(false).multi_line(true).build();
        Word::of(&parser.parse(pattern).expect("it is valid"), |bytes| bytes != b"anchor")
    }

    fn written(pattern: &str) -> (String, bool) {
        let word = word(pattern);
        (String::from_utf8_lossy(&word.bytes[..usize::from(word.len)]).into_owned(), word.any_case)
    }

    #[test]
    fn the_longest_word_that_every_match_holds_is_looked_for() {
        assert_eq!(written(r"anchor[a-z]{0,9}: key=\w+"), (": key=".into(), false));
        assert_eq!(written("anchor(?:xyz)+"), ("xyz".into(), false));
        assert_eq!(written("(?i:anchor)[a-z]{0,9}(?i:to_ken)-"), ("to_ken-".into(), true));
        assert_eq!(written("anchor_of_all"), ("r_of_all".into(), false));
        assert_eq!(written(r"anchor(?:\slogin\s\w+)?(?:\spassword:|-password=)"), ("password".into(), false));
    }

    #[test]
    fn alternatives_and_what_may_be_missing_need_nothing() {
        for pattern in ["anchor(?:xyz|za)", "anchor(?:xy)?", "anchor(?:xy)*", "anchor[xy]", "(?i:anchor)"] {
            assert_eq!(word(pattern), Word::NONE, "{pattern}");
        }
    }

    #[test]
    fn a_word_in_any_case_is_found_in_each() {
        let word = word("anchor.(?i:token)");
        for (text, stands) in [("a ToKEN", true), ("tTtoken", true), ("toke", false), ("", false)] {
            assert_eq!(word.stands_in(text.as_bytes()), stands, "{text}");
        }
    }
}
