//! Alphabets, and how a value, a name or a key is written.

use data_encoding::{BASE64, HEXLOWER};

pub const DIGITS: &str = "0123456789";
pub const ALNUM: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Django's alphabet without what means something to a shell.
pub const DJANGO: &str = "abcdefghijklmnopqrstuvwxyz0123456789!@^*-_=+";
pub const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
pub const BASE58: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
pub const BASE64STD: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
pub const BASE64URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Marks that mean nothing in almost every syntax.
pub const PLAIN_MARKS: &str = "!*-_.+=^~@";
/// Marks that only a quoted literal can hold.
pub const WILD_MARKS: &str = "!#%&()[]{};:,?*-_+=^~@/";

/// The recipe of a key file.
pub fn pem(kind: &str, length: usize) -> String {
    let kind = if kind.is_empty() { "PRIVATE KEY".to_owned() } else { format!("{kind} PRIVATE KEY") };
    format!("-----BEGIN {kind}-----\n%{{der:{length}:\n}}\n-----END {kind}-----")
}

/// A step that visits every index.
pub fn stride(count: usize) -> usize {
    [7, 11, 13, 17].into_iter().find(|step| !count.is_multiple_of(*step)).unwrap_or(1)
}

pub fn capital(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

pub fn leet(word: &str) -> String {
    word.replace('o', "0").replace('e', "3").replace('i', "1")
}

/// A name in a language's habit.
pub fn styled(name: &str, style: &str) -> String {
    let words: Vec<&str> = name.split('_').collect();
    let pascal = |words: &[&str]| words.iter().map(|word| capital(word)).collect::<String>();
    match style {
        "ENV" => name.to_uppercase(),
        "snake" => name.to_owned(),
        "camel" => words[0].to_owned() + &pascal(&words[1..]),
        "Pascal" => pascal(&words),
        "kebab" => words.join("-"),
        "dotted" => words.join("."),
        "words" => capital(&words.join(" ")),
        _ => panic!("{style:?} is no style of a name"),
    }
}

pub fn encoded(how: &str, text: &str) -> String {
    let percent = |text: &str| {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect()
    };
    match how {
        "b64" => BASE64.encode(text.as_bytes()),
        "b64nl" => BASE64.encode([text, "\n"].concat().as_bytes()),
        "basic" => BASE64.encode(["svc:", text].concat().as_bytes()),
        "basicapikey" => BASE64.encode(["apikey:", text].concat().as_bytes()),
        "hexof" => HEXLOWER.encode(text.as_bytes()),
        "pct" => percent(text),
        "escaped" => text.replace('\n', "\\n"),
        "jsonu" => text
            .chars()
            .map(|c| if c.is_alphanumeric() { c.to_string() } else { format!("\\u{:04x}", c as u32) })
            .collect(),
        "pad4" => text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n"),
        _ => panic!("{how} is no encoding"),
    }
}

/// An age identity with the checksum of Bech32.
pub fn age_identity(key: &[u8; 32]) -> String {
    const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let prefix = ["age", "secret-key-"].join("-");
    let mut five = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for byte in key {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            five.push((held >> bits & 31) as u8);
        }
    }
    five.push((held << (5 - bits) & 31) as u8);
    let expanded = prefix.bytes().map(|b| b >> 5).chain([0]).chain(prefix.bytes().map(|b| b & 31));
    let sum = polymod(expanded.chain(five.iter().copied()).chain([0; 6])) ^ 1;
    five.extend((0..6).map(|at| (sum >> (5 * (5 - at)) & 31) as u8));
    let body: String = five.iter().map(|five| char::from(LETTERS[usize::from(*five)])).collect();
    format!("{prefix}1{body}").to_uppercase()
}

fn polymod(values: impl Iterator<Item = u8>) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    values.fold(1, |sum, value| {
        let top = sum >> 25;
        let shifted = (sum & 0x01ff_ffff) << 5 ^ u32::from(value);
        GENERATOR.iter().enumerate().fold(shifted, |sum, (at, term)| if top >> at & 1 == 1 { sum ^ term } else { sum })
    })
}
