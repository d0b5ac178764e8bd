//! Structures that issued secrets have and invented ones seldom.

use super::decodes::base64;
use crate::rule::Structure;

/// Whether the secret has the structure.
pub fn holds(kind: Structure, secret: &[u8]) -> bool {
    match kind {
        Structure::SendgridKey => is_sendgrid_key(secret).unwrap_or(false),
        Structure::Jwt => is_jwt(secret),
    }
}

/// The id is a UUID of version 4 in base64url, the secret 32 bytes: six bits are fixed in the id, and both
/// leave over bits at the end that are zero.
fn is_sendgrid_key(secret: &[u8]) -> Option<bool> {
    let (id, secret) = secret.strip_prefix(b"SG.")?.split_at_checked(22)?;
    let secret = secret.strip_prefix(b".").filter(|secret| secret.len() == 43)?;
    Some(
        sextet(id[8])? >> 2 == 0b0100
            && sextet(id[10])? & 0b11 == 0b10
            && sextet(id[21])? & 0b1111 == 0
            && sextet(secret[42])? & 0b11 == 0,
    )
}

/// The value of a character of base64url.
fn sextet(character: u8) -> Option<u8> {
    Some(match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

/// The header is a JSON object that names an algorithm. Of an encrypted token no more can be read; a signed
/// one carries an object too. What stands before the header, as in a token that holds one, is not looked at.
fn is_jwt(secret: &[u8]) -> bool {
    let secret = &secret[memchr::memmem::find(secret, b"eyJ").unwrap_or(0)..];
    let parts: Vec<&[u8]> = secret.split(|&b| b == b'.').collect();
    let [header, payload, ..] = parts.as_slice() else { return false };
    let Some(header) = json_object(header) else { return false };
    header.get("alg").is_some_and(serde_json::Value::is_string) && (parts.len() == 5 || json_object(payload).is_some())
}

fn json_object(part: &[u8]) -> Option<serde_json::Map<String, serde_json::Value>> {
    serde_json::from_slice(&base64(part)?).ok()
}

/// The account that an AWS access key id belongs to: twelve decimal digits, in the bits 1 to 40 of what
/// stands behind the four-letter prefix. Ids given out before 2019 do not name it; their first bit is zero.
pub fn aws_account(key_id: &[u8]) -> Option<u64> {
    let body = key_id.get(4..20).filter(|_| key_id.len() == 20)?;
    let mut bits = 0u64;
    for (place, &character) in body.iter().enumerate() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'2'..=b'7' => character - b'2' + 26,
            _ => return None,
        };
        // Nine characters hold the first 45 bits.
        if place < 9 {
            bits = bits << 5 | u64::from(value);
        }
    }
    let account = (bits >> 4) & ((1 << 40) - 1);
    (bits >> 44 == 1 && account > 0 && account < 1_000_000_000_000).then_some(account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64URL_NOPAD;

    /// Bytes as a generator would draw them, the same on every run.
    fn random<const N: usize>(seed: u64) -> [u8; N] {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        std::array::from_fn(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as u8
        })
    }

    fn sendgrid_key(seed: u64) -> String {
        let mut id = random::<16>(seed);
        id[6] = id[6] & 0x0f | 0x40;
        id[8] = id[8] & 0x3f | 0x80;
        let secret = random::<32>(seed + 1);
        format!("SG.{}.{}", BASE64URL_NOPAD.encode(&id), BASE64URL_NOPAD.encode(&secret))
    }

    #[test]
    fn a_sendgrid_key_made_of_a_uuid_and_32_bytes_has_its_structure() {
        for seed in 0..500 {
            assert!(holds(Structure::SendgridKey, sendgrid_key(seed).as_bytes()), "seed {seed}");
        }
    }

    #[test]
    fn a_sendgrid_key_of_random_characters_seldom_has_its_structure() {
        let held = (0..2000).filter(|&seed| {
            let text = BASE64URL_NOPAD.encode(&random::<51>(seed));
            holds(Structure::SendgridKey, format!("SG.{}.{}", &text[..22], &text[22..65]).as_bytes())
        });
        assert!(held.count() < 10);
    }

    #[test]
    fn each_fixed_bit_of_a_sendgrid_key_counts() {
        let key = sendgrid_key(3);
        for (at, wrong) in [(11, b'A'), (13, b'A'), (24, b'B'), (68, b'B')] {
            let mut bytes = key.clone().into_bytes();
            bytes[at] = wrong;
            assert!(!holds(Structure::SendgridKey, &bytes), "byte {at}");
        }
        assert!(!holds(Structure::SendgridKey, &key.as_bytes()[..68]));
    }

    fn jwt(header: &str, payload: &str) -> String {
        let encode = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        format!("{}.{}.{}", encode(header), encode(payload), BASE64URL_NOPAD.encode(&random::<32>(1)))
    }

    #[test]
    fn a_jwt_has_a_header_with_an_algorithm_and_an_object_as_payload() {
        assert!(holds(Structure::Jwt, jwt(r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"sub":"7"}"#).as_bytes()));
        assert!(!holds(Structure::Jwt, jwt(r#"{"typ":"JWT"}"#, r#"{"sub":"7"}"#).as_bytes()));
        assert!(!holds(Structure::Jwt, jwt(r#"{"alg":"HS256"}"#, "7").as_bytes()));
        assert!(!holds(Structure::Jwt, jwt("alg", "{}").as_bytes()));
        assert!(!holds(Structure::Jwt, b"eyJhbGciOiJIUzI1NiJ9"));
    }

    #[test]
    fn an_encrypted_jwt_shows_only_its_header() {
        let header = BASE64URL_NOPAD.encode(br#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#);
        assert!(holds(Structure::Jwt, format!("{header}.a2V5.aXY.dGV4dA.dGFn").as_bytes()));
    }

    #[test]
    fn an_aws_key_id_names_its_account() {
        assert_eq!(aws_account(concat!("ASIA", "Y34FZKBOKMUTVV7A").as_bytes()), Some(609_629_065_308));
    }

    #[test]
    fn an_old_or_invented_aws_key_id_names_none() {
        assert_eq!(aws_account(concat!("AKIA", "IOSFODNN7EXAMPLE").as_bytes()), None);
        assert_eq!(aws_account(concat!("AKIA", "77777777777777AA").as_bytes()), None);
        assert_eq!(aws_account(b"AKIA0189"), None);
    }
}
