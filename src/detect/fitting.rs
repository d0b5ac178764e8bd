//! Finds the factors of the hashes with which the sets of grams say yes to as few common grams as can be.
//!
//! `build.rs` does it when the program is compiled, for it takes a while; the program itself has no need of it.

use super::grams::{GRAMS, LEVELS};
use super::table::{FACTORS, GRAM_BITS, bit, slot};

/// How many factors are tried.
const TRIES: u32 = 100;

/// The factors by which the fewest common grams, each counted as often as it stands in a text, fall together with one
/// of these.
pub(crate) fn fitting(of_grams: &[(u32, u8)]) -> [u32; 2] {
    let common: Vec<(u32, u64)> = common().collect();
    let tried = (1..=TRIES).map(|nth| FACTORS[0].wrapping_mul(2 * nth + 1));
    let taken = |place: &dyn Fn(u32) -> usize| {
        let mut own = vec![false; 1 << GRAM_BITS];
        of_grams.iter().for_each(|(gram, _)| own[place(*gram)] = true);
        common.iter().filter(|(gram, _)| own[place(*gram)]).map(|(_, times)| times).sum::<u64>()
    };
    let first = tried.clone().min_by_key(|factor| taken(&|gram| bit(gram, *factor)));
    let second = tried.min_by_key(|factor| taken(&|gram| slot(gram, *factor)));
    [first.unwrap_or(FACTORS[0]), second.unwrap_or(FACTORS[1])]
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
