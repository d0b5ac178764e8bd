//! The literals of all rules and the sets of grams that find them, as tables without pointers.
//!
//! `build.rs` reads this file too: for the built-in rules the tables are made when the program is compiled, so
//! that a start of it neither makes nor copies them.

use super::rarity::commonness;
use super::spelling::{Spelling, openings, spellings};
use crate::rule::RuleSpec;
use std::borrow::Cow;
use std::ops::Range;

/// Bits in each of the two sets of grams, as a power of two: 128 KiB. Smaller sets would fit the fastest cache,
/// but say yes too often.
pub(crate) const GRAM_BITS: u32 = 20;
/// Bytes in each of the two sets of grams.
pub(crate) const GRAM_BYTES: usize = 1 << (GRAM_BITS - 3);
/// The bit that tells capitals, in each of eight bytes: grams are looked for with all of these set, so that a literal
/// in any case needs no more of them than one in a single case.
pub(crate) const FOLD: u64 = 0x2020_2020_2020_2020;
/// Slots for the grams' roles, as a power of two, two of them in a byte.
const ROLE_BITS: u32 = 18;
/// The gram is the literal's for even places.
pub(crate) const HERE: u8 = 1;
/// It is the one for odd places: that for even places stands one byte before.
pub(crate) const BEFORE: u8 = 2;
/// It is the one for odd places of a literal of three bytes, which begins one byte further.
pub(crate) const BEHIND: u8 = 4;
/// Buckets for the literals' keys, as a power of two.
const KEY_BITS: u32 = 12;
/// How many bytes of a literal, from its gram on, choose its bucket.
pub(crate) const KEY: usize = 3;
/// Up to this length an anchor counts only with a byte behind it that [`may_follow`]: a short literal followed
/// by anything would fill the sets of grams.
pub(crate) const SHORT: usize = 4;

/// The literals and the two sets that find them.
#[derive(Debug)]
pub(crate) struct Table {
    pub grams: Cow<'static, [u8]>,
    /// The same grams by another hash, four bits for each: where the literal's gram for even places may stand as seen
    /// from here. Asked when `grams` says yes, it takes away nearly all false ones.
    pub roles: Cow<'static, [u8]>,
    /// The factors of both hashes.
    pub factors: [u32; 2],
    /// Where each bucket's literals begin in `literals`; one more than there are buckets.
    pub buckets: Cow<'static, [u16]>,
    /// What stands in the text, one literal after the other, in lower case when any case will do.
    pub bytes: Cow<'static, [u8]>,
    pub literals: Cow<'static, [Literal]>,
    pub spellings: Cow<'static, [Spelling]>,
    /// The widest a window is to either side of its anchor.
    pub margin: usize,
    /// How far before and after a change a literal can stand whose zone meets it.
    pub near_margins: (usize, usize),
}

/// A literal that is looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Literal {
    /// Where its bytes begin in [`Table::bytes`].
    pub at: u32,
    pub len: u16,
    pub ignore_case: bool,
    /// Where in it the gram stands by which it is found at even places; that for odd places is one further.
    pub gram: u8,
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

/// The factors of a table that is made while the program runs; `fitting.rs` finds those that are compiled in.
pub(crate) const FACTORS: [u32; 2] = [0x9E37_79B1, 0x85EB_CA6B];

impl Table {
    /// The table of these rules.
    pub(crate) fn of<'r>(rules: impl Iterator<Item = &'r RuleSpec>) -> Self {
        Self::with(rules, |_| FACTORS)
    }

    /// The same with factors chosen for its grams and their roles.
    pub(crate) fn with<'r>(
        rules: impl Iterator<Item = &'r RuleSpec>,
        factors: impl FnOnce(&[(u32, u8)]) -> [u32; 2],
    ) -> Self {
        let mut all: Vec<(usize, Vec<u8>, Spelling)> = Vec::new();
        let of_rules = rules.enumerate().flat_map(|(index, rule)| spellings(index, rule));
        all.extend(of_rules.chain(openings()).map(|(mut bytes, spelling)| {
            if spelling.ignore_case {
                bytes.make_ascii_lowercase();
            }
            let gram = rarest(&bytes);
            (bucket(&bytes[gram..]), bytes, spelling)
        }));
        // Stable: spellings of one literal stay in the order of the rules.
        all.sort_by(|a, b| (a.0, &a.1, a.2.ignore_case).cmp(&(b.0, &b.1, b.2.ignore_case)));
        let spellings: Vec<Spelling> = all.iter().map(|(_, _, spelling)| *spelling).collect();
        let mut of_grams = Vec::new();
        let mut buckets = vec![0; (1 << KEY_BITS) + 1];
        let (mut bytes, mut literals) = (Vec::new(), Vec::<Literal>::new());
        for (at, (bucket, literal, spelling)) in (0..).zip(all) {
            let ignore_case = spelling.ignore_case;
            match literals.last_mut() {
                Some(last) if bytes[last.span()] == *literal && last.ignore_case == ignore_case => last.end = at + 1,
                _ => {
                    buckets[bucket + 1] = literals.len() as u16 + 1;
                    let gram = rarest(&literal);
                    add_grams(&literal[gram..], &mut of_grams);
                    let (head, mask) = head(&literal, ignore_case);
                    literals.push(Literal {
                        at: bytes.len() as u32,
                        len: u16::try_from(literal.len()).expect("a rule's anchor is shorter than its reach"),
                        ignore_case,
                        gram: gram as u8,
                        head,
                        mask,
                        first: at,
                        end: at + 1,
                    });
                    bytes.extend(literal);
                }
            }
        }
        for bucket in 1..buckets.len() {
            buckets[bucket] = buckets[bucket].max(buckets[bucket - 1]);
        }
        let factors = factors(&of_grams);
        let (grams, roles) = sets(&of_grams, factors);
        Table {
            factors,
            margin: spellings.iter().map(Spelling::margin).max().unwrap_or(0),
            near_margins: (
                spellings.iter().map(Spelling::near_after).max().unwrap_or(0),
                spellings.iter().map(Spelling::near_before).max().unwrap_or(0),
            ),
            grams: grams.into(),
            roles: roles.into(),
            buckets: buckets.into(),
            literals: literals.into(),
            bytes: bytes.into(),
            spellings: spellings.into(),
        }
    }

    /// The literals that have these bytes where their gram stands, and possibly some others.
    pub(crate) fn with_key(&self, key: &[u8]) -> &[Literal] {
        let bucket = bucket(key);
        &self.literals[usize::from(self.buckets[bucket])..usize::from(self.buckets[bucket + 1])]
    }
}

/// Where in a literal the rarest pair of grams stands, one for even places and one for odd. The first bytes of
/// most are those of common words.
fn rarest(bytes: &[u8]) -> usize {
    let gram = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    let cost = |at: &usize| commonness(gram(*at)).max(commonness(gram(*at + 1)));
    (0..bytes.len().saturating_sub(4).min(64)).min_by_key(cost).unwrap_or(0)
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

/// Both sets of these grams.
fn sets(of_grams: &[(u32, u8)], factors: [u32; 2]) -> (Vec<u8>, Vec<u8>) {
    let (mut grams, mut roles) = (vec![0; GRAM_BYTES], vec![0; 1 << (ROLE_BITS - 1)]);
    for (gram, role) in of_grams {
        let bit = bit(*gram, factors[0]);
        grams[bit >> 3] |= 1 << (bit & 7);
        let slot = slot(*gram, factors[1]);
        roles[slot >> 1] |= role << (4 * (slot & 1));
    }
    (grams, roles)
}

/// Adds a literal's gram for even places and that for odd ones, with their roles.
fn add_grams(bytes: &[u8], of_grams: &mut Vec<(u32, u8)>) {
    let byte = |at: usize| bytes.get(at).copied();
    let odd = match bytes.len() > KEY {
        true => ([byte(1), byte(2), byte(3), byte(4)], BEFORE),
        false => ([None, byte(0), byte(1), byte(2)], BEHIND),
    };
    for (gram, role) in [([byte(0), byte(1), byte(2), byte(3)], HERE), odd] {
        each_gram(gram, |gram| of_grams.push((gram, role)));
    }
}

/// Calls back for every gram that fits, folded, a missing byte standing for any (the last one for any that may
/// follow).
fn each_gram(gram: [Option<u8>; 4], mut add: impl FnMut(u32)) {
    let choices = |place: usize| {
        let fits = move |byte: &u8| match gram[place] {
            Some(own) => *byte == own,
            None => place < 3 || may_follow(*byte),
        };
        (0..=u8::MAX).filter(fits)
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

/// A gram's bit in the first set.
pub(crate) fn bit(gram: u32, factor: u32) -> usize {
    (gram.wrapping_mul(factor) >> (32 - GRAM_BITS)) as usize
}

/// The roles that a gram may have.
pub(crate) fn roles(table: &[u8], gram: u32, factor: u32) -> u8 {
    let slot = slot(gram, factor);
    table[slot >> 1] >> (4 * (slot & 1)) & (HERE | BEFORE | BEHIND)
}

/// Where a gram's roles stand.
pub(crate) fn slot(gram: u32, factor: u32) -> usize {
    ((gram ^ gram >> 15).wrapping_mul(factor) >> (32 - ROLE_BITS)) as usize
}

fn bucket(bytes: &[u8]) -> usize {
    let head = [bytes[0].to_ascii_lowercase(), bytes[1].to_ascii_lowercase(), bytes[2].to_ascii_lowercase(), 0];
    (u32::from_le_bytes(head).wrapping_mul(FACTORS[0]) >> (32 - KEY_BITS)) as usize
}
