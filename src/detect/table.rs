//! The literals of all rules and the grams that find them, as tables without pointers.
//!
//! `build.rs` reads this file too: for the built-in rules the tables are made when the program is compiled, so
//! that a start of it neither makes nor copies them.

use super::rarity::{commonness, commonness_of_three};
use super::spelling::openings::openings;
use super::spelling::{Spelling, spellings};
use crate::rule::RuleSpec;
use std::borrow::Cow;
use std::ops::Range;

/// Bits in the set of grams, as a power of two: 512 KiB. A smaller set says yes too often.
pub(crate) const GRAM_BITS: u32 = 22;
/// Words in it.
pub(crate) const GRAM_WORDS: usize = 1 << (GRAM_BITS - 5);
/// The bit that tells capitals, in each of eight bytes: grams are looked for with all of these set, so that a literal
/// in any case needs no more of them than one in a single case.
pub(crate) const FOLD: u64 = 0x2020_2020_2020_2020;
/// Buckets for the places of grams, as a power of two.
const BUCKET_BITS: u32 = 15;
/// Bits in the set of three bytes, as a power of two.
const THREE_BITS: u32 = 15;
/// Words in it.
const THREE_WORDS: usize = 1 << (THREE_BITS - 5);
/// Bits in the set of grams with what stands beside them, as a power of two.
const BESIDE_BITS: u32 = 18;
/// Words in it.
const BESIDE_WORDS: usize = 1 << (BESIDE_BITS - 5);
/// The ways to look at what stands beside a gram: which bits of the four bytes before it count, and which of those behind it.
const WAYS: [(u32, u32); 8] = [
    (0, 0),
    (0, u32::MAX),
    (u32::MAX, 0),
    (0, 0xffff),
    (0xffff_0000, 0),
    (0xff00_0000, 0xff),
    (0, 0xff),
    (0xff00_0000, 0),
];
/// No literal is shorter.
const LEAST: usize = 3;
/// Up to this length an anchor counts only with a byte behind it that [`may_follow`]: a short literal followed
/// by anything would fill the set of grams.
pub(crate) const SHORT: usize = 4;

/// The literals and what finds them.
#[derive(Debug)]
pub(crate) struct Table {
    /// A set of grams, by a hash: most of a text is none of them.
    pub grams: Cow<'static, [u32]>,
    /// The factor of that hash.
    pub factor: u32,
    /// Of the places where but three bytes of a gram are known, a set of these.
    pub threes: Cow<'static, [u32]>,
    /// Of each bucket, a bit for each of the [`WAYS`] to see that none of its places is meant.
    pub ways: Cow<'static, [u8]>,
    /// The grams of the places with what stands beside them, looked at in their way: a set, by a hash.
    pub beside: Cow<'static, [u32]>,
    /// Where each bucket's places begin in `places`; one more than there are buckets.
    pub buckets: Cow<'static, [u32]>,
    /// Which gram stands where in which literal, by bucket.
    pub places: Cow<'static, [Place]>,
    /// What stands in the text, one literal after the other, in lower case when any case will do.
    pub bytes: Cow<'static, [u8]>,
    pub literals: Cow<'static, [Literal]>,
    pub spellings: Cow<'static, [Spelling]>,
    /// The widest a window is to either side of its anchor.
    pub margin: usize,
    /// How far before and after a change a literal can stand whose zone meets it.
    pub near_margins: (usize, usize),
}

/// One of the two grams by which a literal is found: at even places of a text, or at odd ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The gram, folded; or three bytes of it, when the literal has no more there.
    pub gram: u32,
    /// Its literal's index.
    pub literal: u32,
    /// How far the gram stands behind the literal's first byte. A gram for odd places of a literal of three or four bytes may
    /// stand one before it, and the first three are the last of the gram.
    pub behind: i8,
    /// How many bytes of the gram are known.
    pub known: u8,
}

impl Place {
    /// Which of the ways tells most of this place, and what stands beside its gram in the literal.
    fn beside(&self, literal: &[u8]) -> (usize, u32, u32) {
        let at = usize::try_from(self.behind).expect("a gram that is known wholly stands in its literal");
        let byte = |at: Option<usize>| at.and_then(|at| literal.get(at)).copied().unwrap_or(0);
        let four = |bytes: [u8; 4]| u32::from_le_bytes(bytes) | FOLD as u32;
        let before = [4, 3, 2, 1].map(|back| byte(at.checked_sub(back)));
        let after = [4, 5, 6, 7].map(|ahead| byte(Some(at + ahead)));
        let way = match (at, literal.len() - at - 4) {
            (4.., 4..) if commonness(before) < commonness(after) => 2,
            (_, 4..) => 1,
            (4.., _) => 2,
            (1.., 1) => 5,
            (_, 2..) => 3,
            (2.., _) => 4,
            (_, 1) => 6,
            (1, _) => 7,
            _ => 0,
        };
        (way, four(before), four(after))
    }
}

/// A literal that is looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Literal {
    /// Where its bytes begin in [`Table::bytes`].
    pub at: u32,
    pub len: u16,
    pub ignore_case: bool,
    /// Its first bytes, up to eight, as a little-endian number; letters as under `mask`.
    pub head: u64,
    /// The bits of `head` that count: where any case will do, not the one that tells capitals.
    pub mask: u64,
    /// The first of its spellings in [`Table::spellings`].
    pub first: u32,
    /// Behind the last of them.
    pub end: u32,
}

impl Literal {
    /// Where its bytes stand in [`Table::bytes`].
    pub(crate) fn span(&self) -> Range<usize> {
        self.at as usize..self.at as usize + usize::from(self.len)
    }
}

/// The factor of a table that is made while the program runs; `fitting.rs` finds the one that is compiled in.
pub(crate) const FACTOR: u32 = 0x9E37_79B1;

impl Table {
    /// The table of these rules, whose spellings name them by their places here, and of what is opened whole.
    pub(crate) fn of<'r>(rules: impl Iterator<Item = &'r RuleSpec>) -> Self {
        Self::with(rules, |_| FACTOR)
    }

    /// The same with a factor chosen for its grams.
    pub(crate) fn with<'r>(rules: impl Iterator<Item = &'r RuleSpec>, factor: impl FnOnce(&[u32]) -> u32) -> Self {
        let of_rules = rules.enumerate().flat_map(|(index, rule)| spellings(index, rule));
        Self::made(of_rules.chain(openings()), factor)
    }

    /// The table of rules alone, which stand beside others, each with the place that its spellings name it by.
    pub(crate) fn beside<'r>(rules: impl Iterator<Item = (usize, &'r RuleSpec)>) -> Self {
        Self::made(rules.flat_map(|(index, rule)| spellings(index, rule)), |_| FACTOR)
    }

    fn made(all: impl Iterator<Item = (Vec<u8>, Spelling)>, factor: impl FnOnce(&[u32]) -> u32) -> Self {
        let mut all: Vec<(Vec<u8>, Spelling)> = all
            .map(|(mut bytes, spelling)| {
                if spelling.ignore_case {
                    bytes.make_ascii_lowercase();
                }
                (bytes, spelling)
            })
            .collect();
        // Stable: spellings of one literal stay in the order of the rules.
        all.sort_by(|a, b| (&a.0, a.1.ignore_case).cmp(&(&b.0, b.1.ignore_case)));
        let spellings: Vec<Spelling> = all.iter().map(|(_, spelling)| *spelling).collect();
        let (mut grams, mut places) = (Vec::new(), Vec::new());
        let (mut bytes, mut literals) = (Vec::new(), Vec::<Literal>::new());
        for (at, (literal, spelling)) in (0..).zip(all) {
            let ignore_case = spelling.ignore_case;
            match literals.last_mut() {
                Some(last) if bytes[last.span()] == *literal && last.ignore_case == ignore_case => last.end = at + 1,
                _ => {
                    add_places(literals.len(), &literal, &mut grams, &mut places);
                    let (head, mask) = head(&literal, ignore_case);
                    literals.push(Literal {
                        at: bytes.len() as u32,
                        len: u16::try_from(literal.len()).expect("a literal is cut to a few bytes"),
                        ignore_case,
                        head,
                        mask,
                        first: at,
                        end: at + 1,
                    });
                    bytes.extend(literal);
                }
            }
        }
        let factor = factor(&grams);
        let threes: Vec<usize> = places.iter().filter(|p| p.known == 3).map(|p| bit_of_three(p.gram)).collect();
        let (places, buckets) = in_buckets(places);
        let (mut ways, mut beside) = (vec![0; 1 << BUCKET_BITS], Vec::new());
        for place in places.iter().filter(|place| place.known == 4) {
            let (way, before, after) = place.beside(&bytes[literals[place.literal as usize].span()]);
            ways[bucket(place.gram)] |= 1 << way;
            beside.push(bit_of_beside(place.gram, WAYS[way], before, after));
        }
        Table {
            factor,
            ways: ways.into(),
            beside: set(&beside, BESIDE_WORDS).into(),
            margin: spellings.iter().map(Spelling::margin).max().unwrap_or(0),
            near_margins: (
                spellings.iter().map(Spelling::near_after).max().unwrap_or(0),
                spellings.iter().map(Spelling::near_before).max().unwrap_or(0),
            ),
            grams: set(&grams.iter().map(|gram| bit(*gram, factor)).collect::<Vec<_>>(), GRAM_WORDS).into(),
            places: places.into(),
            threes: set(&threes, THREE_WORDS).into(),
            buckets: buckets.into(),
            literals: literals.into(),
            bytes: bytes.into(),
            spellings: spellings.into(),
        }
    }

    /// Whether there may be a gram of which but these three bytes are known.
    fn has_three(&self, three: u32) -> bool {
        let bit = bit_of_three(three);
        self.threes[bit >> 5] >> (bit & 31) & 1 != 0
    }

    /// What a gram at `at` that is in the set may be: whether one of those that are known wholly, and whether one of those of
    /// which but three bytes are.
    #[cold]
    pub(crate) fn may_be(&self, text: &[u8], at: usize, gram: u32) -> (bool, bool) {
        (self.may_stand(text, at, gram), self.has_three(gram & 0xff_ffff) | self.has_three(gram >> 8))
    }

    /// Whether what stands beside a gram at `at` may be what stands beside it in one of the literals.
    fn may_stand(&self, text: &[u8], at: usize, gram: u32) -> bool {
        let mut ways = self.ways[bucket(gram)];
        if ways == 0 {
            return false;
        }
        // Near its ends it is the comparison that tells.
        let Some([b0, b1, b2, b3, _, _, _, _, a0, a1, a2, a3]) =
            at.checked_sub(4).and_then(|from| text.get(from..)?.first_chunk())
        else {
            return true;
        };
        let before = u32::from_le_bytes([*b0, *b1, *b2, *b3]) | FOLD as u32;
        let after = u32::from_le_bytes([*a0, *a1, *a2, *a3]) | FOLD as u32;
        while ways != 0 {
            let bit = bit_of_beside(gram, WAYS[ways.trailing_zeros() as usize], before, after);
            if self.beside[bit >> 5] >> (bit & 31) & 1 != 0 {
                return true;
            }
            ways &= ways - 1;
        }
        false
    }

    /// The places of this gram, and possibly some others.
    pub(crate) fn places_of(&self, gram: u32) -> &[Place] {
        let bucket = bucket(gram);
        &self.places[self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize]
    }
}

/// Adds the grams by which a literal is found: of those at its even places the rarest, and so of those at its odd ones. The
/// first bytes of most are those of common words.
fn add_places(literal: usize, bytes: &[u8], grams: &mut Vec<u32>, places: &mut Vec<Place>) {
    let byte = |at: usize| bytes.get(at).copied();
    for parity in 0..2 {
        let whole = (parity..(bytes.len() + 1).saturating_sub(4).min(64)).step_by(2);
        // Folded, a NUL is a blank.
        let folded = |at: usize| if bytes[at] == 0 { b' ' } else { bytes[at] };
        let rarest = whole.min_by_key(|&at| commonness([at, at + 1, at + 2, at + 3].map(folded)));
        let (behind, gram) = match rarest {
            Some(at) => (at as i8, [byte(at), byte(at + 1), byte(at + 2), byte(at + 3)]),
            None if parity == 1 && begins_rarer(bytes) => (-1, [None, byte(0), byte(1), byte(2)]),
            None => (parity as i8, [byte(parity), byte(parity + 1), byte(parity + 2), None]),
        };
        each_gram(gram, |gram| grams.push(gram));
        let known: Vec<u8> = gram.into_iter().flatten().map(|byte| byte | FOLD as u8).collect();
        places.push(Place {
            gram: known.iter().rev().fold(0, |gram, byte| gram << 8 | u32::from(*byte)),
            literal: literal as u32,
            behind,
            known: known.len() as u8,
        });
    }
}

/// Whether a literal without a gram of its own at odd places is better looked for by its first three bytes than by its last.
fn begins_rarer(bytes: &[u8]) -> bool {
    let three = |at: usize| commonness_of_three([bytes[at], bytes[at + 1], bytes[at + 2]]);
    bytes.len() == LEAST || three(0) < three(1)
}

/// The places by bucket, and where each bucket's begin.
fn in_buckets(mut places: Vec<Place>) -> (Vec<Place>, Vec<u32>) {
    let mut buckets = vec![0; (1 << BUCKET_BITS) + 1];
    places.iter().for_each(|place| buckets[bucket(place.gram) + 1] += 1);
    for bucket in 1..buckets.len() {
        buckets[bucket] += buckets[bucket - 1];
    }
    places.sort_by_key(|place| bucket(place.gram));
    (places, buckets)
}

/// A literal's first bytes, and which of their bits count.
fn head(bytes: &[u8], ignore_case: bool) -> (u64, u64) {
    let (mut head, mut mask) = ([0; 8], [0; 8]);
    for (at, byte) in bytes.iter().enumerate().take(8) {
        mask[at] = if ignore_case && byte.is_ascii_alphabetic() { !0x20 } else { 0xff };
        head[at] = byte & mask[at];
    }
    (u64::from_le_bytes(head), u64::from_le_bytes(mask))
}

/// A set of so many words with these bits in it.
fn set(bits: &[usize], words: usize) -> Vec<u32> {
    let mut set = vec![0; words];
    bits.iter().for_each(|bit| set[bit >> 5] |= 1 << (bit & 31));
    set
}

/// Calls back for every gram that fits, folded, a missing byte standing for any (the last one for any that may
/// follow).
fn each_gram(gram: [Option<u8>; 4], mut add: impl FnMut(u32)) {
    let choices = |place: usize| {
        let known = gram[place];
        let all = known.unwrap_or(0)..=known.unwrap_or(u8::MAX);
        all.filter(move |byte| known.is_some() || place < 3 || may_follow(*byte))
    };
    for first in choices(0) {
        for second in choices(1) {
            for third in choices(2) {
                for fourth in choices(3) {
                    add(u32::from_le_bytes([first, second, third, fourth]) | FOLD as u32);
                }
            }
        }
    }
}

/// Whether the byte can stand behind a short anchor: ASCII text, a line end, the end of the text (as zero).
pub(crate) fn may_follow(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r' | 0)
}

/// A gram's bit in the set.
pub(crate) fn bit(gram: u32, factor: u32) -> usize {
    (gram.wrapping_mul(factor) >> (32 - GRAM_BITS)) as usize
}

/// The bucket of a gram.
fn bucket(gram: u32) -> usize {
    (gram.wrapping_mul(FACTOR) >> (32 - BUCKET_BITS)) as usize
}

/// The bit of a gram with what stands beside it, as far as it is looked at.
fn bit_of_beside(gram: u32, (before_mask, after_mask): (u32, u32), before: u32, after: u32) -> usize {
    let beside = (before & before_mask).wrapping_mul(0x85EB_CA6B) ^ (after & after_mask).wrapping_mul(0xC2B2_AE35);
    ((gram.wrapping_mul(FACTOR) ^ beside) >> (32 - BESIDE_BITS)) as usize
}

/// The bit of three bytes in the set of those.
fn bit_of_three(three: u32) -> usize {
    (three.wrapping_mul(FACTOR) >> (32 - THREE_BITS)) as usize
}
