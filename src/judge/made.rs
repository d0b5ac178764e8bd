//! How a value was made: drawn by lot, made up by a person, a word, or something that is no secret at all.

use super::digest;
use super::escapes;
use super::letters;
use super::otherwise::{is_colour, something_else};
use super::phrases;
use super::placeholder;
use super::spelled::{Spelled, spelled};
use super::statistics::{distinct, entropy};

/// How a value was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// Drawn by lot: a key, a token, a generated password.
    Random,
    /// A password of letters, digits and marks that is no word.
    Strong,
    /// Words with digits or marks: `Welcome1!`, `hunter2`.
    Weak,
    /// Digits alone.
    Number,
    /// A word.
    Word,
    /// A UUID.
    Uuid,
    /// Hexadecimal digits as long as a digest or a key.
    Hex,
    /// The digest of a password: bcrypt, crypt, argon2 and the like.
    Digest,
    /// Something else; what.
    Other(&'static str),
}

impl Made {
    /// It in words.
    pub(super) fn text(self) -> &'static str {
        match self {
            Made::Random => "drawn by lot",
            Made::Strong => "letters, digits and marks that make no word",
            Made::Weak => "words with digits or marks",
            Made::Number => "digits",
            Made::Word => "a word",
            Made::Uuid => "a UUID",
            Made::Hex => "hexadecimal digits",
            Made::Digest => "the digest of a password",
            Made::Other(what) => what,
        }
    }
}

/// How this value was made.
pub(super) fn made(value: &[u8]) -> Made {
    if digest::is_of_password(value) {
        return Made::Digest;
    }
    if is_uuid(value) {
        return Made::Uuid;
    }
    if value.starts_with(b"0x") && value.contains(&b',') {
        return of_bytes(value);
    }
    if let Some(plain) = escapes::undone(value) {
        return made(&plain);
    }
    // `http://127.0.0.1:{{ app_port }}/`: with blanks it would be a phrase.
    if [&b"http://"[..], b"https://"].iter().any(|scheme| value.starts_with(scheme)) {
        return Made::Other("an address");
    }
    if is_colour(value) {
        return Made::Other("a colour");
    }
    if let Some(made) = phrases::made(value) {
        return made;
    }
    if let Some(what) = something_else(value) {
        return Made::Other(what);
    }
    let digits = count(value, u8::is_ascii_digit);
    if digits == value.len() {
        return Made::Number;
    }
    if value.len() >= 16 && value.iter().all(u8::is_ascii_hexdigit) && digits > 1 && digits < value.len() {
        return if distinct(value) >= 7 { Made::Hex } else { Made::Other("few different digits") };
    }
    match spelled(value) {
        Some(Spelled::Words) => return Made::Word,
        Some(Spelled::Name) => return Made::Other("an identifier"),
        None => {}
    }
    if is_of_known_words(value) {
        return Made::Weak;
    }
    let wordy = wordiness(value);
    let is_token = value.iter().all(|b| b.is_ascii_alphanumeric() || b"-_+/=.~:".contains(b));
    let classes = classes(value);
    if value.len() >= 16 && is_token && wordy < 0.45 && distinct(value) >= 9 && entropy(value) >= 3.1 {
        // `Wachtwoordbeheer`
        let has_first_capital = value[1..].iter().all(u8::is_ascii_lowercase);
        let has_one_case = !value.iter().any(u8::is_ascii_uppercase) || !value.iter().any(u8::is_ascii_lowercase);
        let letters_alone = digits == 0 && (has_one_case || has_first_capital);
        return if letters_alone && value.len() < 20 { Made::Strong } else { Made::Random };
    }
    let letters = count(value, u8::is_ascii_alphabetic);
    if wordy < 0.5
        && letters > 0
        && !placeholder::is_of_describing_words(value)
        && !is_of_pieces(value)
        && (classes >= 3 || digits >= 2 && classes >= 2 && value.len() >= 8)
        && distinct(value) >= 5
    {
        return if value.len() >= 16 && entropy(value) >= 3.3 { Made::Random } else { Made::Strong };
    }
    if letters == value.len() {
        return Made::Word;
    }
    if digits > 0 || value.iter().any(|b| b"!@#$%^&*?+=".contains(b)) { Made::Weak } else { Made::Word }
}

/// `was_sha1_until_2024`: small letters that make words, names of algorithms and years, with marks between them.
fn is_of_known_words(value: &[u8]) -> bool {
    let pieces = || value.split(|b| matches!(b, b'_' | b'-'));
    let is_year =
        |p: &[u8]| p.len() == 4 && matches!(p, [b'1', b'9', ..] | [b'2', b'0', ..]) && p.iter().all(u8::is_ascii_digit);
    let is_word =
        |p: &[u8]| (2..=12).contains(&p.len()) && p.iter().all(u8::is_ascii_lowercase) && letters::likeness(p) > 0.0;
    let is_named = |p: &[u8]| is_year(p) || digest::is_algorithm(p);
    pieces().count() >= 3 && pieces().any(is_named) && pieces().all(|p| is_named(p) || is_word(p))
}

/// `Neo-shuidhich`: letters with a hyphen between them and a capital before them, as words of any language are.
fn is_of_pieces(value: &[u8]) -> bool {
    value.split(|b| *b == b'-').all(|piece| {
        let behind = piece.get(1..).unwrap_or_default();
        piece.first().is_some_and(u8::is_ascii_alphabetic) && behind.iter().all(u8::is_ascii_lowercase)
    })
}

/// `0x1f, 0x4c, …`: a key, unless the bytes are few or follow a pattern.
fn of_bytes(value: &[u8]) -> Made {
    let number = |part: &[u8]| u8::from_str_radix(std::str::from_utf8(part.trim_ascii().get(2..)?).ok()?, 16).ok();
    let parts = value.split(|b| *b == b',').filter(|part| !part.trim_ascii().is_empty());
    let Some(bytes) = parts.map(number).collect::<Option<Vec<u8>>>() else { return Made::Other("a list of numbers") };
    let steps: Vec<u8> = bytes.windows(2).map(|pair| pair[1].wrapping_sub(pair[0])).collect();
    let is_drawn = bytes.len() >= 16 && distinct(&bytes) * 4 >= bytes.len() * 3 && distinct(&steps) * 2 >= steps.len();
    if is_drawn { Made::Hex } else { Made::Other("a list of numbers") }
}

pub(super) fn count(value: &[u8], is: fn(&u8) -> bool) -> usize {
    value.iter().filter(|b| is(b)).count()
}

/// How many of small letters, capitals, digits and marks there are.
pub(super) fn classes(value: &[u8]) -> usize {
    let kinds: [fn(&u8) -> bool; 4] =
        [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit, u8::is_ascii_punctuation];
    kinds.iter().filter(|is| value.iter().any(**is)).count()
}

/// Which share of the letters and marks belongs to words. Digits that stand for letters are read as these.
pub(super) fn wordiness(value: &[u8]) -> f64 {
    let plain = runs(value);
    let read: Vec<u8> = value.iter().map(|b| letter_of(*b)).collect();
    let as_letters = if value.len() <= 24 { runs(&read) } else { 0 };
    plain.max(as_letters) as f64 / value.len().max(1) as f64
}

/// The letter that people write this digit or mark for.
pub(super) fn letter_of(byte: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' | b'!' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        _ => byte,
    }
}

/// How many letters stand in runs that are words.
fn runs(value: &[u8]) -> usize {
    let mut total = 0;
    let mut start = 0;
    while start < value.len() {
        let len = value[start..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
        total += words_in(&value[start..start + len]);
        start += len.max(1);
    }
    total
}

/// How many letters of a run of letters belong to words: all in one case, or behind a capital.
fn words_in(run: &[u8]) -> usize {
    let mut total = 0;
    let mut start = 0;
    for at in 1..=run.len() {
        let breaks = at == run.len()
            || run[at].is_ascii_uppercase() && run[at - 1].is_ascii_lowercase()
            || run[at].is_ascii_lowercase() && run[at - 1].is_ascii_uppercase() && at - start > 1;
        if breaks {
            let piece = &run[start..at];
            // Letters drawn by lot pass these one time in a hundred.
            let least = match piece.len() {
                0..=3 => 0.9,
                4 | 5 => 0.4,
                6 | 7 => 0.1,
                8 | 9 => 0.0,
                10 | 11 => -0.25,
                _ => -0.6,
            };
            if piece.len() >= 3 && letters::likeness(piece) > least {
                total += piece.len();
            }
            start = at;
        }
    }
    total
}

fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_by_how_they_were_made() {
        for (value, expected) in [
            ("hunter2", Made::Weak),
            ("Welcome1!", Made::Weak),
            ("admin123", Made::Weak),
            ("P@ssw0rd2020", Made::Weak),
            ("was_sha1_until_2024", Made::Weak),
            ("monkey", Made::Word),
            ("83749274", Made::Number),
            ("Neo-shuidhich", Made::Word),
            ("x7Gk2pQ9", Made::Strong),
            ("tR4!kz9w", Made::Strong),
            (concat!("9f8b2c7de1a0453b", "8d6f1e2a7c904b35"), Made::Hex),
            ("123e4567-e89b-12d3-a456-426614174000", Made::Uuid),
            (concat!("hJ8kQ2mZ", "x9Lp4Rt7Vb3N"), Made::Random),
        ] {
            assert_eq!(made(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn what_is_no_secret_is_told() {
        for value in [
            "user_password",
            "auth.token",
            "accessToken",
            "https://example.com/x",
            "me@example.com",
            "2024-01-31",
            "10.0.0.1",
            "1.2.3-rc1",
            "getPassword()",
            "./keys/id_rsa",
            "secrets/prod.yml",
            "#password",
            "^[a-z]+$",
            "A-Za-z0-9-_",
            "2021-05-17T165541Z_standard_kmers_k2_8GB",
            "Hello %s",
            "rgb(98, 143, 227)",
            "#fe9a20",
            concat!("0x5aAeb6053F3E94C9b9A0", "9f33669435E7Ef1BeAed"),
            "enter your password",
            "com.acme.Token",
            "30m",
            concat!("rO0ABXQAVk", "lmIHlvdSBkZXNlcm"),
            ".eyJ1c2VyIjoiVG9tIn0.",
            "Has\\u0142o",
            "&#350;ifre",
            "revealSwimlaneId",
            "currentGOALCanvas",
            "ho?ho.isBuffer:e",
            concat!("EC-", "8TC407599V444454B"),
            concat!("wc_order_", "5ac408a83dba3"),
            "\",\"MfaSetup\":false,\"TOTPSecret\":null}",
            "',h($I[",
            concat!("30819f300d06092a864886f7", "0d010101050003818d0030818902818100c14970473bd90fd1f2d20e"),
            concat!("BLnqbKTQD4nShW5LSA-x9yAY04V98VOY", "leR4RQK-QTG4m532MWuJYxSB2h6oJm8uICgiPZLoCdAdaK4_ZVlnYlg"),
        ] {
            assert!(matches!(made(value.as_bytes()), Made::Other(_)), "{value}: {:?}", made(value.as_bytes()));
        }
    }
}
