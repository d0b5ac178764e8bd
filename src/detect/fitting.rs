//! Finds the factor of the hash with which the set of grams says yes to as few common grams as can be.
//!
//! `build.rs` does it when the program is compiled, for it takes a while; the program itself has no need of it.

use super::grams::{GRAMS, LEVELS};
use super::table::{FACTOR, GRAM_BITS, bit};

/// How many factors are tried.
const TRIES: u32 = 1200;

/// The factor by which the fewest common grams, each counted as often as it stands in a text, fall together with one of
/// these.
pub(crate) fn fitting(grams: &[u32]) -> u32 {
    let common: Vec<(u32, u64)> = common().collect();
    let taken = |factor: &u32| {
        let mut own = vec![false; 1 << GRAM_BITS];
        grams.iter().for_each(|gram| own[bit(*gram, *factor)] = true);
        common.iter().filter(|(gram, _)| own[bit(*gram, *factor)]).map(|(_, times)| times).sum::<u64>()
    };
    (1..=TRIES).map(|nth| FACTOR.wrapping_mul(2 * nth + 1)).min_by_key(taken).unwrap_or(FACTOR)
}

/// The grams that were counted, and how often each stands in a text beside the rarest of them.
fn common() -> impl Iterator<Item = (u32, u64)> {
    let grams = GRAMS.iter().flat_map(|row| row.chunks_exact(4));
    let levels = LEVELS.iter().flat_map(|row| row.iter());
    grams.zip(levels).map(|(gram, level)| {
        let times = 2f64.powf(f64::from(level - b'#') / 4.0).round() as u64;
        (u32::from_le_bytes([gram[0], gram[1], gram[2], gram[3]]), times)
    })
}
