//! Where the anchors of all rules stand, in all their spellings.
//!
//! Almost all of a text holds no anchor, so what counts is how fast that is seen. A bit set of four-byte grams is asked at
//! every second byte: one of the two grams that every literal has for the two ways it can fall on even and odd places must
//! be in it, the rarest that it has for each. What the bit set lets pass is compared with the literals that have this gram
//! in that place. benches/README.md has what this was measured against: automata of the aho-corasick crate, which are slower
//! by a factor of three to ten and take longer to build.

use super::Anchor;
use super::spelling::Spelling;
use super::table::{FOLD, GRAM_WORDS, Literal, Place, SHORT, Table, bit, may_follow};
use crate::ruleset::RuleSet;
use std::ops::Range;

mod builtin {
    use crate::detect::spelling::{Decode::*, Spelling};
    use crate::detect::table::{Literal, Place, Table};
    use std::borrow::Cow;

    include!(concat!(env!("OUT_DIR"), "/anchors.rs"));
}

/// What finds the anchors of a set of rules.
#[derive(Debug)]
pub(super) enum Anchors {
    /// Of the built-in rules: compiled in.
    Builtin,
    /// Of any other set.
    Made(Box<Table>),
}

impl Anchors {
    pub(super) fn new(rules: &RuleSet) -> Self {
        if rules.is_builtin() {
            return Anchors::Builtin;
        }
        Anchors::Made(Box::new(Table::of(rules.rules().iter().map(|rule| &*rule.spec))))
    }

    fn table(&self) -> &Table {
        match self {
            Anchors::Builtin => &builtin::TABLE,
            Anchors::Made(table) => table,
        }
    }

    /// The widest a window is to either side of its anchor.
    pub(super) fn margin(&self) -> usize {
        self.table().margin
    }

    pub(super) fn near_margins(&self) -> (usize, usize) {
        self.table().near_margins
    }

    pub(super) fn literals(&self) -> impl Iterator<Item = &[u8]> {
        let table = self.table();
        table.literals.iter().map(|literal| &table.bytes[literal.span()])
    }

    pub(super) fn spelling(&self, index: u32) -> &Spelling {
        &self.table().spellings[index as usize]
    }

    /// Calls back for every anchor that stands wholly in these bytes of the text, roughly in order of their places.
    pub(super) fn each(&self, text: &[u8], range: Range<usize>, mut met: impl FnMut(Anchor)) {
        let table = self.table();
        let grams: &[u32; GRAM_WORDS] = (&*table.grams).try_into().expect("a set of grams has this size");
        let mut look = |gram: u32, at: usize| {
            let bit = bit(gram, table.factor);
            if grams[bit >> 5] >> (bit & 31) & 1 != 0 {
                compare(table, text, &range, at, gram, &mut met);
            }
        };
        let mut at = range.start;
        // Eight bytes hold the grams at 0, 2 and 4.
        while at + 8 <= range.end {
            let eight = text[at..at + 8].try_into().expect("the slice is eight bytes long");
            let eight = u64::from_le_bytes(eight) | FOLD;
            look(eight as u32, at);
            look((eight >> 16) as u32, at + 2);
            look((eight >> 32) as u32, at + 4);
            at += 6;
        }
        while at < range.end {
            let mut four = [0; 4];
            let tail = &text[at..text.len().min(at + 4)];
            four[..tail.len()].copy_from_slice(tail);
            look(u32::from_le_bytes(four) | FOLD as u32, at);
            at += 2;
        }
    }
}

/// Compares the literals that have this gram, or three bytes of it. Each is met once: with its gram for even places or with
/// that for odd ones.
#[cold]
fn compare(table: &Table, text: &[u8], range: &Range<usize>, at: usize, gram: u32, met: &mut impl FnMut(Anchor)) {
    for place in table.places_of(gram) {
        if place.gram == gram && place.known == 4 {
            meet(table, text, range, at, place, met);
        }
    }
    let (first, last) = (gram & 0xff_ffff, gram >> 8);
    if table.has_three(first) | table.has_three(last) {
        for (three, is_first) in [(first, true), (last, false)] {
            for place in table.places_of(three) {
                if place.gram == three && place.known == 3 && (place.behind >= 0) == is_first {
                    meet(table, text, range, at, place, met);
                }
            }
        }
    }
}

fn meet(table: &Table, text: &[u8], range: &Range<usize>, at: usize, place: &Place, met: &mut impl FnMut(Anchor)) {
    let literal = &table.literals[place.literal as usize];
    let start = at.checked_add_signed(-isize::from(place.behind)).filter(|start| *start >= range.start);
    if let Some(start) = start.filter(|start| stands_at(table, literal, text, *start, range.end)) {
        for spelling in literal.first..literal.end {
            met(Anchor { at: start, spelling });
        }
    }
}

fn stands_at(table: &Table, literal: &Literal, text: &[u8], start: usize, end: usize) -> bool {
    let len = usize::from(literal.len);
    let Some(found) = text.get(start..).filter(|rest| rest.len() >= len && start + len <= end) else { return false };
    if first_eight(found) & literal.mask != literal.head {
        return false;
    }
    if len <= 8 {
        return len > SHORT || may_follow(found.get(len).copied().unwrap_or(0));
    }
    let (found, bytes) = (&found[8..len], &table.bytes[literal.span()][8..]);
    if literal.ignore_case { found.eq_ignore_ascii_case(bytes) } else { found == bytes }
}

fn first_eight(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => {
            let mut eight = [0; 8];
            eight[..text.len()].copy_from_slice(text);
            u64::from_le_bytes(eight)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::fitting::fitting;

    #[test]
    fn every_literal_is_met_once_wherever_it_falls() {
        let anchors = Anchors::new(&RuleSet::builtin_shared());
        for literal in anchors.table().literals.iter() {
            let bytes = &anchors.table().bytes[literal.span()];
            for lead in 0..9 {
                for trail in [0, 1, 2, 3, 20] {
                    let text = [vec![b'\x01'; lead], bytes.to_vec(), vec![b'_'; trail]].concat();
                    let mut met = Vec::new();
                    anchors.each(&text, 0..text.len(), |anchor| met.push((anchor.at, anchor.spelling)));
                    let spellings = literal.first..literal.end;
                    let own = met.iter().filter(|(at, spelling)| *at == lead && spellings.contains(spelling));
                    assert_eq!(own.count(), spellings.len(), "{bytes:?} at {lead}, {trail} behind");
                }
            }
        }
    }

    #[test]
    fn an_anchor_that_sticks_out_of_the_range_is_not_met() {
        let anchors = Anchors::new(&RuleSet::builtin_shared());
        for (range, is_met) in [(2..5, true), (2..4, false), (3..5, false), (0..20, true)] {
            let mut met = false;
            anchors.each(b"  SG.               ", range.clone(), |anchor| {
                met |= anchors.spelling(anchor.spelling).is_plain()
            });
            assert_eq!(met, is_met, "{range:?}");
        }
    }

    #[test]
    fn the_table_that_is_compiled_in_is_the_one_that_would_be_made() {
        let rules = RuleSet::builtin_shared();
        let made = Anchors::Made(Box::new(Table::with(rules.rules().iter().map(|rule| &*rule.spec), fitting)));
        assert_eq!(format!("{:?}", Anchors::Builtin.table()), format!("{:?}", made.table()));
    }
}
