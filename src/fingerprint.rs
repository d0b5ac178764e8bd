//! A finding's identity: rule, path and a digest of the secret that does not help to guess it.
//!
//! A fingerprint is `v2-` and 32 hexadecimal digits, the first 16 bytes of a hash:
//!
//! - context = SHA-256 of "unleak fingerprint v2", the rule's id, the path and nothing else, each with its
//!   length in front (8 bytes, little end first);
//! - a secret that is long and random (at least [`STRONG_BITS`] by [`bits`]) or empty: SHA-256 of the context
//!   and the secret;
//! - any other: Argon2id (version 0x13, 1 MiB, 1 pass, 1 lane) of the secret with the context as salt.
//!
//! So whoever holds a report and wants to try a list of passwords pays a third of a thousandth of a second for each
//! guess at each finding, some thousand times what a plain hash costs, while the common random key costs the scan nothing. Which hash it is depends on the
//! secret alone, and the fingerprint does not tell.

use crate::secret::Secret;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

thread_local! {
    /// What a thread's slow hashes are made in: to ask for it and clear it anew takes as long as the hash.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// What every fingerprint begins with: the version of how it is made.
pub const VERSION: &str = "v2-";

/// From so many bits on a guess is hopeless with the fastest hash.
const STRONG_BITS: f32 = 80.0;
const MEMORY_KIB: u32 = 1024;
const PASSES: u32 = 1;

/// Fewer slow hashes than that are not worth threads.
const MANY: usize = 8;

/// A finding's fingerprint, made when somebody reads it: a scan that only says whether there is anything, or a hook
/// whose findings all stand in few lines, needs none.
#[derive(Clone)]
pub struct Fingerprint(Arc<Late>);

struct Late {
    context: [u8; 32],
    secret: Secret,
    text: OnceLock<String>,
}

impl Fingerprint {
    /// That of a secret that a rule found at a path: what [`fingerprint`] makes of the same.
    pub fn of(rule_id: &str, path: &[u8], secret: Secret) -> Self {
        Fingerprint(Arc::new(Late { context: context(rule_id, path), secret, text: OnceLock::new() }))
    }

    /// The text, `v2-` and 32 digits.
    pub fn as_str(&self) -> &str {
        self.0.text.get_or_init(|| made(&self.0.context, self.0.secret.expose()))
    }

    fn is_costly(&self) -> bool {
        self.0.text.get().is_none() && !is_cheap(self.0.secret.expose())
    }
}

/// Makes those that take long, on all threads, before somebody reads one after the other.
pub fn make<'f>(all: impl Iterator<Item = &'f Fingerprint>) {
    let costly: Vec<&Fingerprint> = all.filter(|one| one.is_costly()).collect();
    if costly.len() >= MANY {
        costly.par_iter().for_each(|one| _ = one.as_str());
    }
}

impl Deref for Fingerprint {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

/// The fingerprint of a secret that a rule found at a path. It does not depend on where in the text the
/// secret stands; for a rule that finds no secret it is the same all over the path.
pub fn fingerprint(rule_id: &str, path: &[u8], secret: &[u8]) -> String {
    made(&context(rule_id, path), secret)
}

fn made(context: &[u8; 32], secret: &[u8]) -> String {
    let digest = if is_cheap(secret) {
        let hash = Sha256::new().chain_update(context).chain_update(secret).finalize();
        first_half(&hash.into())
    } else {
        slow(secret, context)
    };
    format!("{VERSION}{}", data_encoding::HEXLOWER.encode(&digest))
}

/// Whether the fingerprint of a secret costs next to nothing: guessing it is hopeless anyway.
pub fn is_cheap(secret: &[u8]) -> bool {
    secret.is_empty() || bits(secret) >= STRONG_BITS
}

fn context(rule_id: &str, path: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for piece in [b"unleak fingerprint v2".as_slice(), rule_id.as_bytes(), path] {
        hash.update((piece.len() as u64).to_le_bytes());
        hash.update(piece);
    }
    hash.finalize().into()
}

fn first_half(hash: &[u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}

fn slow(secret: &[u8], salt: &[u8]) -> [u8; 16] {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(16)).expect("the parameters are within Argon2's bounds");
    let mut digest = [0; 16];
    MEMORY.with_borrow_mut(|memory| {
        memory.resize(params.block_count(), Block::default());
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(secret, salt, &mut digest, memory)
            .expect("salt and output are within Argon2's bounds, and a weak secret is shorter than 4 GiB");
    });
    digest
}

/// A low estimate of how many bits a guesser lacks. It errs towards weak: that only costs time.
///
/// A secret is worth as much as its best piece between characters that addresses and sentences are
/// punctuated with, since a guesser knows the others (`postgres://app:PASSWORD@host`).
pub fn bits(secret: &[u8]) -> f32 {
    secret
        .split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'_' | b'-')))
        .map(|piece| hexadecimal_bits(piece).max(token_bits(piece)))
        .fold(0.0, f32::max)
}

/// Four bits a digit, for a piece that is nothing but well mixed hexadecimal digits.
fn hexadecimal_bits(piece: &[u8]) -> f32 {
    let digits: Vec<u8> = piece.iter().copied().filter(|&b| b != b'-').collect();
    let one_case = !(digits.iter().any(u8::is_ascii_uppercase) && digits.iter().any(u8::is_ascii_lowercase));
    let changes = digits.windows(2).filter(|w| w[0].is_ascii_digit() != w[1].is_ascii_digit()).count();
    let mut distinct = digits.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let mixed = distinct.len() >= 8 && changes * 5 >= digits.len();
    if one_case && mixed && digits.iter().all(u8::is_ascii_hexdigit) { 4.0 * digits.len() as f32 } else { 0.0 }
}

/// Few bits for what could be a word or a number, some for lone characters, nearly none for what repeats or
/// goes on from the one before.
fn token_bits(piece: &[u8]) -> f32 {
    let tokens = tokens(piece);
    let mut seen = std::collections::HashSet::new();
    let mut bits = 0.0;
    for (at, token) in tokens.iter().enumerate() {
        let follows = at >= 2 && token.len() == 1 && token[0].abs_diff(tokens[at - 2][0]) <= 1;
        bits += if follows || (token.len() > 1 && !seen.insert(*token)) { 0.5 } else { worth(token) };
    }
    bits
}

fn worth(token: &[u8]) -> f32 {
    let digits = token[0].is_ascii_digit();
    let letters = token[0].is_ascii_alphabetic();
    match token.len() {
        1 if letters => 4.7,
        1 if digits => 3.3,
        2 if letters => 6.0,
        2..=4 if digits => 6.0,
        _ if letters || digits => 8.0,
        _ => 1.0,
    }
}

/// The piece in runs of one sort: `Word`, `word`, `WORD`, `123`, `--`.
fn tokens(piece: &[u8]) -> Vec<&[u8]> {
    fn sort(b: u8) -> u8 {
        match b {
            b'a'..=b'z' => 0,
            b'A'..=b'Z' => 1,
            b'0'..=b'9' => 2,
            _ => 3,
        }
    }
    let mut tokens = Vec::new();
    let mut start = 0;
    for at in 1..=piece.len() {
        let capital = at == start + 1 && piece.get(at).is_some_and(|&b| sort(b) == 0) && sort(piece[start]) == 1;
        if at == piece.len() || (sort(piece[at]) != sort(piece[at - 1]) && !capital) {
            tokens.push(&piece[start..at]);
            start = at;
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Random text of an alphabet, the same for the same seed.
    fn random(alphabet: &[u8], len: usize, seed: u64) -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        (0..len)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                alphabet[(state >> 33) as usize % alphabet.len()]
            })
            .collect()
    }

    const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    #[test]
    fn it_depends_on_rule_path_and_secret_and_nothing_else() {
        let of = |rule, path: &str, secret: &str| fingerprint(rule, path.as_bytes(), secret.as_bytes());
        assert_eq!(of("a-b", "p", "hunter2"), of("a-b", "p", "hunter2"));
        let others =
            [of("a-c", "p", "hunter2"), of("a-b", "q", "hunter2"), of("a-b", "p", "hunter3"), of("a-b", "p", "")];
        for other in &others {
            assert_ne!(*other, of("a-b", "p", "hunter2"));
            assert_eq!(other.len(), 35);
        }
    }

    #[test]
    fn the_algorithm_is_the_documented_one() {
        // Computed by another implementation: a change of any of these is a new version.
        assert_eq!(fingerprint("a-b", b"p", b""), "v2-937121db81a3b1cae83c267e033e34a4");
        assert_eq!(fingerprint("a-b", b"p", b"hunter2"), "v2-d86d5190ff2f9b6c2c5edc49fab85165");
        let strong = random(b"0123456789abcdef", 64, 7);
        assert_eq!(fingerprint("a-b", b"p", &strong), "v2-f12f1c24de7e0caa656eb0b9103368b2");
    }

    #[test]
    fn nearly_all_random_keys_are_strong() {
        for (alphabet, len) in [(BASE64, 43), (&BASE64[..62], 40), (b"0123456789abcdef".as_slice(), 40)] {
            let strong = (1..=1000).filter(|&seed| bits(&random(alphabet, len, seed)) >= STRONG_BITS).count();
            assert!(strong > 980, "{strong} of 1000 with {} characters", alphabet.len());
        }
    }

    #[test]
    fn what_people_think_of_is_weak() {
        let address = ["app_user:hunter2", "db-prod-1.internal.example.com:5432/app_production?sslmode=require"];
        let address = format!("postgres://{}", address.join("@"));
        for password in [
            "hunter2",
            "P4ssw0rdP4ssw0rdP4ssw0rdP4ssw0rd",
            "correct horse battery staple correct horse battery staple",
            "Correct-Horse-Battery-9-Staple",
            "MyCompany-SendGrid-Production-2024!",
            "1q2w3e4r5t6y7u8i9o0p",
            "a1b2c3d4e5f6g7h8i9j0k1l2m3n4",
            "0123456789abcdef0123456789abcdef",
            "deadbeefdeadbeefdeadbeefdeadbeef",
            &address,
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(bits(password.as_bytes()) < STRONG_BITS, "{password}: {}", bits(password.as_bytes()));
        }
    }
}
