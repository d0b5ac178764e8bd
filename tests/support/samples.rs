//! Fills in the hits and misses of a rule: text that looks like a secret exists only while a test runs.
//!
//! A sample is a text with
//! - `⟪path/to/name⟫` as its first line, when the path matters;
//! - `«` and `»` round each secret that is to be found;
//! - `‸`, stripped, to break up what would otherwise be a secret in the source;
//! - `%{name}` or `%{name:argument}`, filled in from a seed. The argument of `to-…` is itself a sample:
//!
//! | | |
//! |---|---|
//! | `base64url:N` `base64:N` `base32:N` `hex:N` `HEX:N` `alnum:N` `ALNUM:N` `lowernum:N` `alpha:N` `bech32:N` `lower:N` `upper:N` `digit:N` | N characters of the alphabet, at least one digit and one letter where it has both |
//! | `password:N` | N letters and digits with a mark among them |
//! | `base64-lines:N` | N characters of base64 in lines of 64 |
//! | `word` `uuid` | a made-up word; a random UUID |
//! | `sendgrid-id` `sendgrid-secret` | the two parts of a SendGrid key, with the structure of real ones |
//! | `crc32-base62:N` | N characters and the six that check them |
//! | `crc32-base36:N` | N characters and the seven that check all since `«` |
//! | `crc32-hex-upper:N` | N characters and the eight that check all since `«` |
//! | `crc32-hex-little` | the eight that check all between `«` and the `_` before them |
//! | `crc32-hex` | the eight that check all since the first `_` behind `«`, a `_` right before them aside |
//! | `crc32-base64-little:N` | N characters and the six that check them |
//! | `jwt` `pypi` | a whole one |
//! | `bip39:N` `bip39:N:SEPARATOR` | a seed phrase of N words, whose last holds their sum; with something else than a blank between them |
//! | `der:N` `der:N:SEPARATOR` | a private key's DER with N random bytes, in base64; in lines of 64 if there is a separator |
//! | `openssh:CIPHER` | an OpenSSH key, in lines of base64 |
//! | `to-base64:…` `to-base64url:…` `to-hex:…` `to-percent:…` `to-utf16le:…` | the argument, encoded |
//! | `byte:XX` `bytes:XX…` `random:N` | the byte; the bytes; N random ones |
//! | `repeat:N:…` | the argument N times |

mod random;

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
pub use random::Random;
use random::{ALNUM, BASE64STD, BASE64URL, DIGITS, LOWER, alphabet};
use std::ops::Range;

/// A sample filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Where it stands; empty when that does not matter.
    pub path: String,
    /// The text.
    pub text: Vec<u8>,
    /// The bytes of each secret that is to be found.
    pub expected: Vec<Range<usize>>,
}

/// Fills in a rule's sample.
pub fn fill(rule_id: &str, index: usize, seed: u64, template: &str) -> Sample {
    let mut filling = Filling {
        random: Random::new(&format!("{rule_id}#{index}"), seed),
        rule_id,
        text: Vec::new(),
        opened: None,
        expected: Vec::new(),
    };
    let (path, template) = split_path(template);
    filling.run(template);
    assert!(filling.opened.is_none(), "{rule_id}: a « without » in {template:?}");
    Sample { path: path.to_owned(), text: filling.text, expected: filling.expected }
}

fn split_path(template: &str) -> (&str, &str) {
    match template.strip_prefix('⟪').and_then(|rest| rest.split_once('⟫')) {
        Some((path, rest)) => (path, rest.strip_prefix('\n').unwrap_or(rest)),
        None => ("", template),
    }
}

struct Filling<'a> {
    random: Random,
    rule_id: &'a str,
    text: Vec<u8>,
    opened: Option<usize>,
    expected: Vec<Range<usize>>,
}

impl Filling<'_> {
    fn run(&mut self, template: &str) {
        let mut rest = template;
        while let Some(character) = rest.chars().next() {
            if let Some(inside) = rest.strip_prefix("%{").and_then(|inside| generator(inside)) {
                self.generate(inside);
                rest = &rest["%{".len() + inside.len() + "}".len()..];
                continue;
            }
            match character {
                '‸' => {}
                '«' => self.opened = Some(self.text.len()),
                '»' => {
                    let start = self.opened.take().unwrap_or_else(|| panic!("{}: a » without «", self.rule_id));
                    self.expected.push(start..self.text.len());
                }
                _ => self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
            rest = &rest[character.len_utf8()..];
        }
    }

    /// All since `«`, or since the beginning.
    fn since_open(&self) -> &[u8] {
        &self.text[self.opened.unwrap_or(0)..]
    }

    fn put(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    fn generate(&mut self, inside: &str) {
        let (name, argument) = inside.split_once(':').unwrap_or((inside, ""));
        if let Some(alphabet) = alphabet(name) {
            let made = self.random.characters(&alphabet, self.count(inside, argument));
            return self.put(&made);
        }
        match name {
            "byte" => {
                let byte = u8::from_str_radix(argument, 16);
                self.text.push(byte.unwrap_or_else(|_| self.unknown(inside)));
            }
            "bytes" => {
                let digits: String = argument.chars().filter(|c| *c != '‸').collect();
                let bytes = HEXLOWER.decode(digits.as_bytes());
                self.text.extend(bytes.unwrap_or_else(|_| self.unknown(inside)));
            }
            "random" => {
                for _ in 0..self.count(inside, argument) {
                    let byte = self.random.bytes::<1>();
                    self.text.extend(byte);
                }
            }
            "repeat" => {
                let Some((count, what)) = argument.split_once(':') else { self.unknown(inside) };
                (0..self.count(inside, count)).for_each(|_| self.run(what));
            }
            "to-utf16le" => {
                let text = String::from_utf8(self.inner(argument)).expect("samples in UTF-16 are made from UTF-8");
                self.text.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
            }
            _ => {
                let made = self.made(name, argument).unwrap_or_else(|| self.unknown(inside));
                self.put(&made);
            }
        }
    }

    fn made(&mut self, name: &str, argument: &str) -> Option<String> {
        let count = argument.parse::<usize>();
        Some(match name {
            "password" => self.password(count.ok()?),
            "base64-lines" => lines(&self.random.characters(BASE64STD, count.ok()?)).join("\n"),
            "word" => self.random.word(),
            "uuid" => hyphened(&self.random.uuid()),
            "sendgrid-id" => BASE64URL_NOPAD.encode(&self.random.uuid()),
            "sendgrid-secret" => BASE64URL_NOPAD.encode(&self.random.bytes::<32>()),
            "crc32-base62" => {
                let body = self.random.characters(ALNUM, count.ok()?);
                let sum = crc32fast::hash(body.as_bytes());
                body + &in_base(sum, ALNUM, 6)
            }
            "crc32-base36" => {
                let digits = [DIGITS, LOWER].concat();
                let body = self.random.characters(&digits, count.ok()?);
                let sum = crc32fast::hash(&[self.since_open(), body.as_bytes()].concat());
                body + &in_base(sum, &digits, 7)
            }
            "crc32-hex-upper" => {
                let body = self.random.characters(BASE64URL, count.ok()?);
                let sum = crc32fast::hash(&[self.since_open(), body.as_bytes()].concat());
                body + &HEXUPPER.encode(&sum.to_be_bytes())
            }
            "crc32-hex-little" => {
                let body = self.since_open();
                let sum = crc32fast::hash(body.strip_suffix(b"_").unwrap_or(body));
                HEXLOWER.encode(&sum.to_le_bytes())
            }
            "crc32-hex" => {
                let body = self.since_open();
                let body = &body[body.iter().position(|b| *b == b'_').map_or(0, |at| at + 1)..];
                let sum = crc32fast::hash(body.strip_suffix(b"_").unwrap_or(body));
                HEXLOWER.encode(&sum.to_be_bytes())
            }
            "crc32-base64-little" => {
                let body = self.random.characters(BASE64STD, count.ok()?);
                let sum = crc32fast::hash(body.as_bytes());
                body + &BASE64_NOPAD.encode(&sum.to_le_bytes())
            }
            "bip39" => {
                let (count, separator) = argument.split_once(':').unwrap_or((argument, " "));
                self.seed_phrase(count.parse().ok()?).join(separator)
            }
            "der" => {
                let (count, separator) = argument.split_once(':').unwrap_or((argument, ""));
                self.der(count.parse().ok()?).join(separator)
            }
            "openssh" => self.openssh(argument).join("\n"),
            "jwt" => self.jwt(),
            "pypi" => self.pypi(),
            "to-base64" => BASE64.encode(&self.inner(argument)),
            "to-base64url" => BASE64URL_NOPAD.encode(&self.inner(argument)),
            "to-hex" => HEXLOWER.encode(&self.inner(argument)),
            "to-percent" => self.inner(argument).iter().map(|b| percent(*b)).collect(),
            _ => return None,
        })
    }

    fn count(&self, inside: &str, number: &str) -> usize {
        number.parse().unwrap_or_else(|_| self.unknown(inside))
    }

    fn unknown(&self, inside: &str) -> ! {
        panic!("{}: %{{{inside}}} is no generator; tests/support/samples.rs lists them", self.rule_id)
    }

    /// The bytes that a sample inside a sample comes to.
    fn inner(&mut self, template: &str) -> Vec<u8> {
        let outer = std::mem::take(&mut self.text);
        let opened = self.opened.take();
        self.run(template);
        self.opened = opened;
        std::mem::replace(&mut self.text, outer)
    }

    /// Has a small letter and a digit, so that it looks like no variable's name, and a mark.
    fn password(&mut self, count: usize) -> String {
        let body = self.random.characters(ALNUM, count.saturating_sub(3).max(2));
        let (mark, digit, small) =
            (self.random.characters("!*-_.", 1), self.random.characters(DIGITS, 1), self.random.characters(LOWER, 1));
        let (head, tail) = body.split_at(body.len() / 2);
        [head, &small, &mark, tail, &digit].concat()
    }

    /// The words of a seed phrase.
    fn seed_phrase(&mut self, words: usize) -> Vec<&'static str> {
        let entropy: Vec<u8> = (0..words / 3 * 4).map(|_| self.random.bytes::<1>()[0]).collect();
        let phrase = bip39::Mnemonic::from_entropy(&entropy).expect("a phrase has 12, 15, 18, 21 or 24 words");
        phrase.words().collect()
    }

    /// A private key's DER with this many random bytes, as lines of base64.
    fn der(&mut self, count: u16) -> Vec<String> {
        let mut key = vec![2, 1, 0];
        key.extend((0..count).map(|_| self.random.bytes::<1>()[0]));
        let length = u16::try_from(key.len()).expect("a sample is short").to_be_bytes();
        lines(&BASE64.encode(&[&[0x30, 0x82], &length[..], &key].concat()))
    }

    /// An OpenSSH key under the cipher, as lines of base64.
    fn openssh(&mut self, cipher: &str) -> Vec<String> {
        let string = |bytes: &[u8]| [&u32::to_be_bytes(bytes.len() as u32)[..], bytes].concat();
        let derivation = if cipher == "none" { "none" } else { "bcrypt" };
        let pieces = [
            b"openssh-key-v1\0".to_vec(),
            string(cipher.as_bytes()),
            string(derivation.as_bytes()),
            string(b""),
            vec![0, 0, 0, 1],
            string(&self.random.bytes::<51>()),
            string(&self.random.bytes::<136>()),
        ];
        lines(&BASE64.encode(&pieces.concat()))
    }

    fn jwt(&mut self) -> String {
        let subject = self.random.characters(DIGITS, 10);
        let payload = format!("{{\"sub\":\"{subject}\",\"iat\":1516239022}}");
        let pieces =
            [b"{\"alg\":\"HS256\",\"typ\":\"JWT\"}".as_slice(), payload.as_bytes(), &self.random.bytes::<32>()];
        pieces.map(|piece| BASE64URL_NOPAD.encode(piece)).join(".")
    }

    fn pypi(&mut self) -> String {
        let mut macaroon = vec![2, 1, 8];
        macaroon.extend_from_slice(b"pypi.org");
        macaroon.extend_from_slice(&[2, 36]);
        macaroon.extend_from_slice(hyphened(&self.random.uuid()).as_bytes());
        macaroon.push(0);
        let caveat = format!("[3, \"{}\"]", hyphened(&self.random.uuid()));
        macaroon.extend_from_slice(&[2, u8::try_from(caveat.len()).expect("it is short")]);
        macaroon.extend_from_slice(caveat.as_bytes());
        macaroon.extend_from_slice(&[0, 0, 6, 32]);
        macaroon.extend_from_slice(&self.random.bytes::<32>());
        format!("pypi-{}", BASE64URL_NOPAD.encode(&macaroon))
    }
}

/// What stands between `%{` and the `}` that closes it; nothing if it does not look like a generator.
fn generator(rest: &str) -> Option<&str> {
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut depth = 1;
    for (at, character) in rest.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&rest[..at]);
        }
    }
    None
}

fn in_base(mut number: u32, digits: &str, width: usize) -> String {
    let base = u32::try_from(digits.len()).expect("an alphabet is short");
    let mut text = vec![b'0'; width];
    for place in text.iter_mut().rev() {
        *place = digits.as_bytes()[(number % base) as usize];
        number /= base;
    }
    String::from_utf8(text).expect("digits are ASCII")
}

fn hyphened(uuid: &[u8; 16]) -> String {
    let hex = HEXLOWER.encode(uuid);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

fn lines(text: &str) -> Vec<String> {
    (0..text.len()).step_by(64).map(|at| text[at..text.len().min(at + 64)].to_owned()).collect()
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}
