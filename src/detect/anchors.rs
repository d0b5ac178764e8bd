//! Where the anchors of all rules stand, in all their spellings.
//!
//! Almost all of a text holds no anchor, so what counts is how fast that is seen. A bit set of four-byte grams is asked at
//! every second byte: one of the two grams that every literal has for the two ways it can fall on even and odd places must
//! be in it, the rarest that it has for each. What the bit set lets pass is compared with the literals that have this gram
//! in that place. benches/README.md has what this was measured against: automata of the aho-corasick crate, which are slower
//! by a factor of three to ten and take longer to build.

use super::Anchor;
use super::spelling::Spelling;
use super::spelling::openings::OPENED;
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
    /// Of most of them, and of some others.
    Part(Box<Part>),
    /// Of any other set.
    Made(Box<Table>),
}

/// The table that is compiled in, as far as its rules are in force, and one of other rules. It is ready ten times as
/// soon as one of all of them.
#[derive(Debug)]
pub(super) struct Part {
    /// Where in the set each built-in rule stands, if it is in force.
    places: Vec<Option<usize>>,
    others: Option<Table>,
}

impl Part {
    fn new(rules: &RuleSet) -> Self {
        let mut places = vec![None; RuleSet::builtin_shared().rules().len()];
        let mut others = Vec::new();
        for (at, (rule, own)) in rules.rules().iter().zip(rules.places()).enumerate() {
            match own {
                Some(place) => places[*place] = Some(at),
                None => others.push((at, &*rule.spec)),
            }
        }
        let others = (!others.is_empty()).then(|| Table::beside(others.into_iter()));
        Part { places, others }
    }

    /// The rule of a spelling of the built-in table.
    fn rule(&self, spelling: &Spelling) -> Option<usize> {
        if spelling.rule == OPENED { Some(OPENED) } else { self.places[spelling.rule] }
    }
}

impl Anchors {
    /// Of these rules; `is_soon`: a few texts are all that is to be searched, so that to be ready soon matters more than
    /// to be fast.
    pub(super) fn new(rules: &RuleSet, is_soon: bool) -> Self {
        if rules.is_builtin() {
            return Anchors::Builtin;
        }
        let builtin = rules.places().iter().flatten().count();
        let are_most = builtin * 2 > RuleSet::builtin_shared().rules().len();
        if are_most && (is_soon || builtin == rules.rules().len()) {
            return Anchors::Part(Box::new(Part::new(rules)));
        }
        Anchors::Made(Box::new(Table::of(rules.rules().iter().map(|rule| &*rule.spec))))
    }

    /// All tables, the first of them always.
    fn tables(&self) -> (&Table, Option<&Table>) {
        match self {
            Anchors::Builtin => (&builtin::TABLE, None),
            Anchors::Part(part) => (&builtin::TABLE, part.others.as_ref()),
            Anchors::Made(table) => (table, None),
        }
    }

    /// The widest a window is to either side of its anchor.
    pub(super) fn margin(&self) -> usize {
        let (table, others) = self.tables();
        others.map_or(0, |others| others.margin).max(table.margin)
    }

    pub(super) fn near_margins(&self) -> (usize, usize) {
        let (table, others) = self.tables();
        let (before, after) = others.map_or((0, 0), |others| others.near_margins);
        (before.max(table.near_margins.0), after.max(table.near_margins.1))
    }

    pub(super) fn literals(&self) -> impl Iterator<Item = &[u8]> {
        let (table, others) = self.tables();
        literals_of(table).chain(others.into_iter().flat_map(literals_of))
    }

    /// The spelling of an anchor. Its rule is what [`Anchors::rule`] says.
    pub(super) fn spelling(&self, index: u32) -> &Spelling {
        let (table, others) = self.tables();
        let index = index as usize;
        match others {
            Some(others) if index >= table.spellings.len() => &others.spellings[index - table.spellings.len()],
            _ => &table.spellings[index],
        }
    }

    /// Where in the set the rule of an anchor stands, or [`OPENED`].
    pub(super) fn rule(&self, index: u32) -> usize {
        let spelling = self.spelling(index);
        match self {
            Anchors::Part(part) if (index as usize) < builtin::TABLE.spellings.len() => {
                part.rule(spelling).expect("no anchor of a rule that is not in force is met")
            }
            _ => spelling.rule,
        }
    }

    /// Calls back for every anchor that stands wholly in these bytes of the text, roughly in order of their places.
    pub(super) fn each(&self, text: &[u8], range: Range<usize>, mut met: impl FnMut(Anchor)) {
        let part = match self {
            Anchors::Builtin => return each_of(&builtin::TABLE, text, range, met),
            Anchors::Made(table) => return each_of(table, text, range, met),
            Anchors::Part(part) => part,
        };
        let spellings = &builtin::TABLE.spellings;
        each_of(&builtin::TABLE, text, range.clone(), |anchor| {
            if part.rule(&spellings[anchor.spelling as usize]).is_some() {
                met(anchor);
            }
        });
        if let Some(others) = &part.others {
            let first = spellings.len() as u32;
            each_of(others, text, range, |anchor| met(Anchor { spelling: first + anchor.spelling, ..anchor }));
        }
    }
}

fn literals_of(table: &Table) -> impl Iterator<Item = &[u8]> {
    table.literals.iter().map(|literal| &table.bytes[literal.span()])
}

fn each_of(table: &Table, text: &[u8], range: Range<usize>, mut met: impl FnMut(Anchor)) {
    let grams: &[u32; GRAM_WORDS] = (&*table.grams).try_into().expect("a set of grams has this size");
    let mut look = |gram: u32, at: usize| {
        let bit = bit(gram, table.factor);
        if grams[bit >> 5] >> (bit & 31) & 1 != 0 {
            let (whole, three) = table.may_be(text, at, gram);
            if whole {
                compare(table, text, &range, at, gram, &mut met);
            }
            if three {
                compare_threes(table, text, &range, at, gram, &mut met);
            }
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

/// Compares the literals that have this gram. Each is met once: with its gram for even places or with that for odd ones.
#[cold]
fn compare(table: &Table, text: &[u8], range: &Range<usize>, at: usize, gram: u32, met: &mut impl FnMut(Anchor)) {
    for place in table.places_of(gram) {
        if place.gram == gram && place.known == 4 {
            meet(table, text, range, at, place, met);
        }
    }
}

/// Compares those that have but three bytes of it.
#[cold]
fn compare_threes(
    table: &Table,
    text: &[u8],
    range: &Range<usize>,
    at: usize,
    gram: u32,
    met: &mut impl FnMut(Anchor),
) {
    for (three, is_first) in [(gram & 0xff_ffff, true), (gram >> 8, false)] {
        for place in table.places_of(three) {
            if place.gram == three && place.known == 3 && (place.behind >= 0) == is_first {
                meet(table, text, range, at, place, met);
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
    use std::sync::Arc;

    #[test]
    fn every_literal_is_met_once_wherever_it_falls() {
        let anchors = Anchors::new(&RuleSet::builtin_shared(), false);
        for literal in builtin::TABLE.literals.iter() {
            let bytes = &builtin::TABLE.bytes[literal.span()];
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
        let anchors = Anchors::new(&RuleSet::builtin_shared(), false);
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
        assert_eq!(format!("{:?}", builtin::TABLE), format!("{:?}", made.tables().0));
    }

    #[test]
    fn the_table_that_is_compiled_in_serves_a_part_of_its_rules_beside_others() {
        let all = RuleSet::builtin_shared();
        let spec = crate::rule::RuleSpec {
            id: "own-token".into(),
            anchors: vec!["owntoken_".into(), "ghp_".into()].into(),
            ..crate::rule::RuleSpec::clone(&all.get("npm-access-token").expect("it is built in").spec)
        };
        let own = Arc::new(crate::ruleset::Rule::new("Acme", spec).expect("the rule is valid"));
        let but_some = || all.rules().iter().skip(7).step_by(3).chain(all.rules().iter().skip(8).step_by(3)).cloned();
        let text: Vec<u8> =
            literals_of(&builtin::TABLE).flat_map(|literal| [literal, b"_owntoken_x"].concat()).collect();
        for (rules, is_soon) in [(but_some().collect(), false), (but_some().chain([own]).collect::<Vec<_>>(), true)] {
            let rules = RuleSet::new(rules).expect("the ids differ");
            let part = Anchors::new(&rules, is_soon);
            assert!(matches!(part, Anchors::Part(_)));
            let made = Anchors::Made(Box::new(Table::of(rules.rules().iter().map(|rule| &*rule.spec))));
            let met = |anchors: &Anchors| {
                let mut met = Vec::new();
                anchors.each(&text, 0..text.len(), |anchor| {
                    let spelling = anchors.spelling(anchor.spelling);
                    met.push((
                        anchor.at,
                        anchors.rule(anchor.spelling),
                        format!("{:?}", (spelling.decode, spelling.len)),
                    ));
                });
                met.sort();
                met
            };
            assert_eq!(met(&part), met(&made));
            assert_eq!(part.margin(), builtin::TABLE.margin);
            let (own, of_part) = (made.near_margins(), part.near_margins());
            assert!(own.0 <= of_part.0 && own.1 <= of_part.1);
        }
    }
}
