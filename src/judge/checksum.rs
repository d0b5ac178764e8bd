//! Checksums that providers put inside their tokens: they tell an issued token from an invented one.

use super::decodes::base64;
use super::seed_phrase;
use crate::rule::Checksum;

/// The digits of base 62 as GitHub and npm count them; base 36 is the first 36 of them in lower case.
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// The package indexes that issue macaroons.
const INDEXES: [&[u8]; 2] = [b"pypi.org", b"test.pypi.org"];

/// Whether the checksum inside the secret holds.
pub fn holds(kind: Checksum, secret: &[u8]) -> bool {
    match kind {
        Checksum::Crc32Base62 => crc32_base62(secret).unwrap_or(false),
        Checksum::Crc32Base36 => tail(secret, 7).is_some_and(|(body, sum)| digits(crc(body), BASE36, 7) == sum),
        Checksum::Crc32HexUpper => {
            tail(secret, 8).is_some_and(|(body, sum)| format!("{:08X}", crc(body)).as_bytes() == sum)
        }
        Checksum::Crc32HexLittle => tail(secret, 8).is_some_and(|(body, sum)| {
            body.strip_suffix(b"_")
                .is_some_and(|body| format!("{:08x}", crc(body).swap_bytes()).as_bytes().eq_ignore_ascii_case(sum))
        }),
        Checksum::Crc32Hex => crc32_hex(secret).unwrap_or(false),
        Checksum::Crc32Base64Little => crc32_base64_little(secret).unwrap_or(false),
        Checksum::PypiMacaroon => is_pypi_macaroon(secret).unwrap_or(false),
        Checksum::Bip39 => seed_phrase::read(secret).is_some(),
    }
}

fn crc32_base62(secret: &[u8]) -> Option<bool> {
    let body_start = memchr::memrchr(b'_', secret)? + 1;
    let (body, sum) = tail(&secret[body_start..], 6)?;
    Some(digits(crc(body), BASE62, 6) == sum)
}

fn crc32_hex(secret: &[u8]) -> Option<bool> {
    let body_start = memchr::memchr(b'_', secret)? + 1;
    let (body, sum) = tail(&secret[body_start..], 8)?;
    let body = body.strip_suffix(b"_").unwrap_or(body);
    Some(format!("{:08x}", crc(body)).as_bytes().eq_ignore_ascii_case(sum))
}

fn crc32_base64_little(secret: &[u8]) -> Option<bool> {
    let (body, sum) = tail(secret.get(4..)?, 6)?;
    Some(data_encoding::BASE64_NOPAD.encode(&crc(body).to_le_bytes()).as_bytes() == sum)
}

/// A macaroon of version 2 is a version byte and fields of type, length and value; the first section, closed
/// by a zero byte, holds the location and the identifier.
fn is_pypi_macaroon(secret: &[u8]) -> Option<bool> {
    let bytes = base64(secret.strip_prefix(b"pypi-")?)?;
    let (location, rest) = field(bytes.strip_prefix(&[2])?, 1)?;
    let (identifier, rest) = field(rest, 2)?;
    Some(INDEXES.contains(&location) && !identifier.is_empty() && rest.first() == Some(&0))
}

/// A field of the type asked for, shorter than 128 bytes, and what follows it.
fn field(bytes: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let [first, length, rest @ ..] = bytes else { return None };
    (*first == kind && *length < 128).then_some(())?;
    rest.split_at_checked(usize::from(*length))
}

/// The secret without its last `length` bytes, and these; `None` when nothing would be left.
fn tail(secret: &[u8], length: usize) -> Option<(&[u8], &[u8])> {
    let body = secret.len().checked_sub(length).filter(|&body| body > 0)?;
    Some(secret.split_at(body))
}

fn crc(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// The number in the base of the alphabet, filled up with its zero on the left.
fn digits(mut number: u32, alphabet: &[u8], width: usize) -> Vec<u8> {
    let base = alphabet.len() as u32;
    let mut digits = vec![alphabet[0]; width];
    for digit in digits.iter_mut().rev() {
        *digit = alphabet[(number % base) as usize];
        number /= base;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A body as a provider would draw it, the same on every run.
    fn body(length: usize) -> String {
        (0..length).map(|i| BASE62[(i * 37 + i * i * 11 + 5) % 62] as char).collect()
    }

    fn broken(token: &str) -> String {
        let mut bytes = token.as_bytes().to_vec();
        bytes[8] = if bytes[8] == b'x' { b'y' } else { b'x' };
        String::from_utf8(bytes).expect("one ASCII letter replaced another")
    }

    fn holds_for_it_and_not_for_a_changed_one(kind: Checksum, token: &str) {
        assert!(holds(kind, token.as_bytes()), "{kind:?}");
        assert!(!holds(kind, broken(token).as_bytes()), "{kind:?} after a change");
    }

    #[test]
    fn github_and_npm_tokens_end_with_the_base62_crc_of_their_body() {
        for prefix in ["ghp_", "gho_", "npm_"] {
            let body = body(30);
            let sum = digits(crc32fast::hash(body.as_bytes()), BASE62, 6);
            let token = format!("{prefix}{body}{}", String::from_utf8_lossy(&sum));
            holds_for_it_and_not_for_a_changed_one(Checksum::Crc32Base62, &token);
        }
    }

    #[test]
    fn a_small_crc_is_filled_up_with_zeros() {
        assert_eq!(digits(61, BASE62, 6), b"00000z");
        assert_eq!(digits(u32::MAX, BASE62, 6), b"4gfFC3");
        assert_eq!(digits(35, BASE36, 7), b"000000z");
        assert_eq!(digits(u32::MAX, BASE36, 7), b"1z141z3");
    }

    #[test]
    fn routable_gitlab_tokens_end_with_the_base36_crc_of_all_before() {
        let head = format!("glpat-{}.01.0z", body(27));
        let sum = digits(crc32fast::hash(head.as_bytes()), BASE36, 7);
        holds_for_it_and_not_for_a_changed_one(
            Checksum::Crc32Base36,
            &format!("{head}{}", String::from_utf8_lossy(&sum)),
        );
    }

    #[test]
    fn atlassian_tokens_end_with_the_upper_case_hexadecimal_crc_of_all_before() {
        let head = format!("ATATT3{}=", body(178));
        let token = format!("{head}{:08X}", crc32fast::hash(head.as_bytes()));
        holds_for_it_and_not_for_a_changed_one(Checksum::Crc32HexUpper, &token);
    }

    #[test]
    fn grafana_tokens_end_with_the_crc_little_end_first() {
        let head = format!("glsa_{}", body(32));
        let sum: String = crc32fast::hash(head.as_bytes()).to_le_bytes().iter().map(|b| format!("{b:02x}")).collect();
        holds_for_it_and_not_for_a_changed_one(Checksum::Crc32HexLittle, &format!("{head}_{sum}"));
    }

    #[test]
    fn cloudflare_and_zuplo_tokens_end_with_the_hexadecimal_crc_of_their_body() {
        for (prefix, length, separator) in [("cfut_", 40, ""), ("cfk_", 40, ""), ("zpka_", 32, "_")] {
            let body = body(length);
            let token = format!("{prefix}{body}{separator}{:08x}", crc32fast::hash(body.as_bytes()));
            holds_for_it_and_not_for_a_changed_one(Checksum::Crc32Hex, &token);
        }
        assert!(!holds(Checksum::Crc32Hex, b"zpka_") && !holds(Checksum::Crc32Hex, b"none"));
    }

    #[test]
    fn confluent_secrets_end_with_the_base64_of_the_crc_little_end_first() {
        let body = body(54);
        let sum = data_encoding::BASE64_NOPAD.encode(&crc32fast::hash(body.as_bytes()).to_le_bytes());
        holds_for_it_and_not_for_a_changed_one(Checksum::Crc32Base64Little, &format!("cflt{body}{sum}"));
        assert!(!holds(Checksum::Crc32Base64Little, b"cfl") && !holds(Checksum::Crc32Base64Little, b"cflt123456"));
    }

    #[test]
    fn a_pypi_macaroon_names_the_index_and_an_identifier() {
        let macaroon = |location: &str, end: u8| {
            let mut bytes = vec![2, 1, location.len() as u8];
            bytes.extend(location.as_bytes());
            bytes.extend([2, 36]);
            bytes.extend(body(36).as_bytes());
            bytes.extend([end, 0, 6, 32]);
            bytes.extend([7; 32]);
            format!("pypi-{}", data_encoding::BASE64URL_NOPAD.encode(&bytes))
        };
        assert!(macaroon("pypi.org", 0).starts_with(concat!("pypi-", "AgEIcHlwaS5vcmc")));
        assert!(macaroon("test.pypi.org", 0).starts_with(concat!("pypi-", "AgENdGVzdC5weXBpLm9yZw")));
        for index in ["pypi.org", "test.pypi.org"] {
            assert!(holds(Checksum::PypiMacaroon, macaroon(index, 0).as_bytes()));
        }
        assert!(!holds(Checksum::PypiMacaroon, macaroon("example.org", 0).as_bytes()));
        assert!(!holds(Checksum::PypiMacaroon, macaroon("pypi.org", 1).as_bytes()));
    }

    #[test]
    fn what_is_too_short_holds_no_checksum() {
        for kind in [
            Checksum::Crc32Base62,
            Checksum::Crc32Base36,
            Checksum::Crc32HexUpper,
            Checksum::Crc32HexLittle,
            Checksum::PypiMacaroon,
        ] {
            for text in ["", "_", "pypi-", "ghp_", "ghp_12345", "00000000"] {
                assert!(!holds(kind, text.as_bytes()), "{kind:?} {text}");
            }
        }
    }
}
