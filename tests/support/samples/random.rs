//! Characters, bytes and words from a seed.

use data_encoding::BASE64URL_NOPAD;

pub(super) const DIGITS: &str = "0123456789";
pub(super) const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
pub(super) const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
pub(super) const ALNUM: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub(super) const BASE64URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
pub(super) const BASE64STD: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A small generator of pseudo-random numbers (SplitMix64).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// One that depends on the name and the number.
    pub fn new(name: &str, number: u64) -> Self {
        let mut seed = 0xcbf2_9ce4_8422_2325_u64;
        for byte in name.bytes().chain(number.to_le_bytes()) {
            seed = (seed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Random(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below the bound.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.number() % bound as u64).expect("a number below a usize is one")
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.number().to_le_bytes()[3])
    }

    /// Characters of the alphabet, one of them at least a digit and one a letter where it has both and there is room.
    pub fn characters(&mut self, alphabet: &str, count: usize) -> String {
        let from = alphabet.as_bytes();
        let has = |text: &str, is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
        let mixed = count >= 2 && has(alphabet, u8::is_ascii_digit) && has(alphabet, u8::is_ascii_alphabetic);
        loop {
            let text: String = (0..count).map(|_| char::from(from[self.below(from.len())])).collect();
            if !mixed || has(&text, u8::is_ascii_digit) && has(&text, u8::is_ascii_alphabetic) {
                return text;
            }
        }
    }

    /// A version 4 UUID's bytes.
    pub fn uuid(&mut self) -> [u8; 16] {
        let mut bytes: [u8; 16] = self.bytes();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        bytes
    }

    /// A made-up word of eight letters.
    pub fn word(&mut self) -> String {
        (0..4).map(|_| self.characters("bdfgklmnprstvz", 1) + &self.characters("aeiou", 1)).collect()
    }

    /// A whole SendGrid key with the structure of real ones.
    pub fn sendgrid_key(&mut self) -> String {
        ["SG", &BASE64URL_NOPAD.encode(&self.uuid()), &BASE64URL_NOPAD.encode(&self.bytes::<32>())].join(".")
    }

    /// A SendGrid key that has the shape of real ones and nothing more.
    pub fn sendgrid_shape(&mut self) -> String {
        ["SG", &self.characters(BASE64URL, 22), &self.characters(BASE64URL, 43)].join(".")
    }
}

/// The alphabet of the generators that need nothing else.
pub(super) fn alphabet(name: &str) -> Option<String> {
    Some(match name {
        "base64url" => BASE64URL.into(),
        "base64" => BASE64STD.into(),
        "base32" => [UPPER, "234567"].concat(),
        "hex" => [DIGITS, "abcdef"].concat(),
        "HEX" => [DIGITS, "ABCDEF"].concat(),
        "alnum" => ALNUM.into(),
        "ALNUM" => [DIGITS, UPPER].concat(),
        "lowernum" => [DIGITS, LOWER].concat(),
        "alpha" => [UPPER, LOWER].concat(),
        "bech32" => "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".into(),
        "lower" => LOWER.into(),
        "upper" => UPPER.into(),
        "digit" => DIGITS.into(),
        _ => return None,
    })
}
