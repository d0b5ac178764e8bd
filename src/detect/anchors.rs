//! Where the anchors of all rules stand, in all their spellings.
//!
//! Almost all of a text holds no anchor, so what counts is how fast that is seen. A bit set of four-byte grams
//! is asked at every second byte: one of the two grams that every literal has for the two ways it can fall
//! on even and odd places must be in it. What the bit set lets pass is compared with the literals that begin
//! with the same three bytes. benches/README.md has what this was measured against: automata of the
//! aho-corasick crate, which are slower by a factor of three to ten and take longer to build.

use super::Anchor;
use super::spelling::{Spelling, spellings};
use crate::ruleset::RuleSet;
use std::ops::Range;

/// Bits in each of the two sets of grams, as a power of two: 128 KiB. Smaller sets would fit the fastest cache,
/// but say yes too often.
const GRAM_BITS: u32 = 20;
/// Buckets for the literals' first three bytes, as a power of two.
const HEAD_BITS: u32 = 12;

/// The literals and the two tables that find them.
#[derive(Debug)]
pub(super) struct Anchors {
    grams: Vec<u64>,
    /// The same grams by another hash: asked when `grams` says yes, it takes away nearly all false ones.
    grams_again: Vec<u64>,
    /// Where each bucket's literals begin in `literals`; one more than there are buckets.
    heads: Vec<u16>,
    literals: Vec<Literal>,
    spellings: Vec<Spelling>,
    margin: usize,
    /// How far before and after a change a literal can stand whose window meets it, far ones aside.
    near_margins: (usize, usize),
}

#[derive(Debug)]
struct Literal {
    /// As it is compared: in lower case when any case will do.
    bytes: Box<[u8]>,
    ignore_case: bool,
    /// Its spellings, as a range of `spellings`.
    spellings: Range<u32>,
}

impl Anchors {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let mut all: Vec<(usize, Vec<u8>, Spelling)> = Vec::new();
        for (index, rule) in rules.rules().iter().enumerate() {
            all.extend(spellings(index, rule).into_iter().map(|spelling| {
                let mut bytes = spelling.literal.clone();
                if spelling.ignore_case {
                    bytes.make_ascii_lowercase();
                }
                (bucket(&bytes), bytes, spelling)
            }));
        }
        // Stable: spellings of one literal stay in the order of the rules.
        all.sort_by(|a, b| (a.0, &a.1, a.2.ignore_case).cmp(&(b.0, &b.1, b.2.ignore_case)));
        let mut anchors = Anchors {
            grams: vec![0; 1 << (GRAM_BITS - 6)],
            grams_again: vec![0; 1 << (GRAM_BITS - 6)],
            heads: vec![0; (1 << HEAD_BITS) + 1],
            literals: Vec::new(),
            spellings: Vec::with_capacity(all.len()),
            margin: 0,
            near_margins: (0, 0),
        };
        for (bucket, bytes, spelling) in all {
            let ignore_case = spelling.ignore_case;
            let at = anchors.spellings.len() as u32;
            anchors.spellings.push(spelling);
            match anchors.literals.last_mut() {
                Some(last) if *last.bytes == *bytes && last.ignore_case == ignore_case => last.spellings.end = at + 1,
                _ => {
                    anchors.add_grams(&bytes, ignore_case);
                    anchors.heads[bucket + 1] = anchors.literals.len() as u16 + 1;
                    anchors.literals.push(Literal { bytes: bytes.into(), ignore_case, spellings: at..at + 1 });
                }
            }
        }
        for bucket in 1..anchors.heads.len() {
            anchors.heads[bucket] = anchors.heads[bucket].max(anchors.heads[bucket - 1]);
        }
        anchors.margin = anchors.spellings.iter().map(Spelling::margin).max().unwrap_or(0);
        let near = || anchors.spellings.iter().filter(|s| !s.is_far());
        anchors.near_margins = (
            near().map(Spelling::margin_after).max().unwrap_or(0),
            near().map(Spelling::margin_before).max().unwrap_or(0),
        );
        anchors
    }

    /// The widest a window is to either side of its anchor.
    pub(super) fn margin(&self) -> usize {
        self.margin
    }

    pub(super) fn near_margins(&self) -> (usize, usize) {
        self.near_margins
    }

    pub(super) fn literals(&self) -> impl Iterator<Item = &[u8]> {
        self.literals.iter().map(|literal| &*literal.bytes)
    }

    pub(super) fn spelling(&self, index: u32) -> &Spelling {
        &self.spellings[index as usize]
    }

    /// Calls back for every anchor that stands wholly in these bytes of the text, in order of their places.
    pub(super) fn each(&self, text: &[u8], range: Range<usize>, mut met: impl FnMut(Anchor)) {
        let mut at = range.start;
        // Eight bytes hold the grams at 0, 2 and 4.
        while at + 8 <= range.end {
            let eight = u64::from_le_bytes(text[at..at + 8].try_into().expect("the slice is eight bytes long"));
            if self.has(eight as u32) && self.has_again(eight as u32) {
                self.compare(text, &range, at, &mut met);
            }
            if self.has((eight >> 16) as u32) && self.has_again((eight >> 16) as u32) {
                self.compare(text, &range, at + 2, &mut met);
            }
            if self.has((eight >> 32) as u32) && self.has_again((eight >> 32) as u32) {
                self.compare(text, &range, at + 4, &mut met);
            }
            at += 6;
        }
        while at < range.end {
            let mut four = [0; 4];
            let tail = &text[at..text.len().min(at + 4)];
            four[..tail.len()].copy_from_slice(tail);
            if self.has(u32::from_le_bytes(four)) {
                self.compare(text, &range, at, &mut met);
            }
            at += 2;
        }
    }

    fn has(&self, gram: u32) -> bool {
        is_in(&self.grams, hash(gram, GRAM_BITS))
    }

    fn has_again(&self, gram: u32) -> bool {
        is_in(&self.grams_again, hash_again(gram))
    }

    /// Compares the literals whose gram may stand at `at`: they begin there, one before or one behind.
    #[cold]
    fn compare(&self, text: &[u8], range: &Range<usize>, at: usize, met: &mut impl FnMut(Anchor)) {
        for start in at.saturating_sub(1)..=at + 1 {
            let Some(head) = text.get(start..start + HEAD).filter(|_| start >= range.start) else { continue };
            let bucket = bucket(head);
            for literal in &self.literals[usize::from(self.heads[bucket])..usize::from(self.heads[bucket + 1])] {
                if offset(literal.bytes.len(), start > at, start < at) && literal.stands_at(text, start, range.end) {
                    for spelling in literal.spellings.clone() {
                        met(Anchor { at: start, spelling });
                    }
                }
            }
        }
    }

    /// Adds the gram for even places and that for odd ones.
    fn add_grams(&mut self, bytes: &[u8], ignore_case: bool) {
        let byte = |at: usize| bytes.get(at).copied();
        let odd =
            if bytes.len() > HEAD { [byte(1), byte(2), byte(3), byte(4)] } else { [None, byte(0), byte(1), byte(2)] };
        for gram in [[byte(0), byte(1), byte(2), byte(3)], odd] {
            each_gram(gram, ignore_case, |gram| {
                add(&mut self.grams, hash(gram, GRAM_BITS));
                add(&mut self.grams_again, hash_again(gram));
            });
        }
    }
}

/// How many of a literal's first bytes choose its bucket.
const HEAD: usize = 3;

/// Whether a literal of this length is looked for at the place one behind or one before the gram's. Each
/// literal is met once: on the gram's own place, or on the one that its gram for odd places implies.
fn offset(len: usize, behind: bool, before: bool) -> bool {
    (!behind && !before) || (behind && len == HEAD) || (before && len > HEAD)
}

/// Up to this length an anchor counts only with a byte behind it that [`may_follow`]: a short literal followed
/// by anything would fill the sets of grams.
const SHORT: usize = 4;

/// Whether the byte can stand behind a short anchor: ASCII text, a line end, the end of the text (as zero).
fn may_follow(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r' | 0)
}

/// Calls back for every gram that fits, a missing byte standing for any (the last one for any that may follow)
/// and a letter for both its cases if asked.
fn each_gram(gram: [Option<u8>; 4], ignore_case: bool, mut add: impl FnMut(u32)) {
    let choices = |place: usize| match gram[place] {
        None => 256,
        Some(byte) if ignore_case && byte.is_ascii_alphabetic() => 2,
        Some(_) => 1,
    };
    let byte = |place: usize, choice: usize| gram[place].map_or(choice as u8, |byte| byte ^ (choice as u8) << 5);
    for first in 0..choices(0) {
        for second in 0..choices(1) {
            for third in 0..choices(2) {
                for fourth in (0..choices(3)).filter(|&choice| gram[3].is_some() || may_follow(choice as u8)) {
                    add(u32::from_le_bytes([byte(0, first), byte(1, second), byte(2, third), byte(3, fourth)]));
                }
            }
        }
    }
}

fn hash(gram: u32, bits: u32) -> usize {
    (gram.wrapping_mul(0x9E37_79B1) >> (32 - bits)) as usize
}

fn hash_again(gram: u32) -> usize {
    ((gram ^ gram >> 15).wrapping_mul(0x85EB_CA6B) >> (32 - GRAM_BITS)) as usize
}

fn is_in(set: &[u64], bit: usize) -> bool {
    set[bit >> 6] >> (bit & 63) & 1 != 0
}

fn add(set: &mut [u64], bit: usize) {
    set[bit >> 6] |= 1 << (bit & 63);
}

fn bucket(bytes: &[u8]) -> usize {
    let head = [bytes[0].to_ascii_lowercase(), bytes[1].to_ascii_lowercase(), bytes[2].to_ascii_lowercase(), 0];
    hash(u32::from_le_bytes(head), HEAD_BITS)
}

impl Literal {
    fn stands_at(&self, text: &[u8], start: usize, end: usize) -> bool {
        text.get(start..start + self.bytes.len()).is_some_and(|found| {
            start + found.len() <= end
                && (found.len() > SHORT || may_follow(text.get(start + found.len()).copied().unwrap_or(0)))
                && if self.ignore_case { found.eq_ignore_ascii_case(&self.bytes) } else { *found == *self.bytes }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_literal_is_met_once_wherever_it_falls() {
        let anchors = Anchors::new(&RuleSet::builtin());
        for literal in &anchors.literals {
            for lead in 0..9 {
                for trail in [0, 1, 2, 3, 20] {
                    let text = [vec![b'\x01'; lead], literal.bytes.to_vec(), vec![b'_'; trail]].concat();
                    let mut met = Vec::new();
                    anchors.each(&text, 0..text.len(), |anchor| met.push((anchor.at, anchor.spelling)));
                    let own: Vec<_> = met
                        .iter()
                        .filter(|(at, spelling)| *at == lead && literal.spellings.contains(spelling))
                        .collect();
                    assert_eq!(own.len(), literal.spellings.len(), "{:?} at {lead}, {trail} behind", literal.bytes);
                }
            }
        }
    }

    #[test]
    fn an_anchor_that_sticks_out_of_the_range_is_not_met() {
        let anchors = Anchors::new(&RuleSet::builtin());
        for (range, is_met) in [(2..5, true), (2..4, false), (3..5, false), (0..20, true)] {
            let mut met = false;
            anchors.each(b"  SG.               ", range.clone(), |anchor| {
                met |= anchors.spelling(anchor.spelling).decode.is_empty()
            });
            assert_eq!(met, is_met, "{range:?}");
        }
    }
}
