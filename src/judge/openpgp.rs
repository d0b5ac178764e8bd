//! OpenPGP secret keys: whether a passphrase protects the first one of a ring, in binary or in armour.

use super::decodes::base64;

/// What stands before the base64 of an armoured ring.
const ARMOUR: &[u8] = b"PRIVATE KEY BLOCK-----";
/// The tag of a secret key's packet.
const SECRET_KEY: u8 = 5;
/// The way of deriving a key that stands in a stub: the key itself is kept elsewhere.
const STUB: u8 = 101;

/// How the secret part of a key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protection {
    /// As it is.
    None,
    /// Under a passphrase.
    Passphrase,
    /// Not in this file.
    Elsewhere,
}

/// How the first secret key of a ring is kept; nothing if it cannot be read.
pub(super) fn protection(ring: &[u8]) -> Option<Protection> {
    match memchr::memmem::find(ring, ARMOUR) {
        Some(at) => of_packet(&base64(&armoured(&ring[at + ARMOUR.len()..]))?),
        None => of_packet(ring),
    }
}

/// The base64 of a block behind its headers, without line ends, their escapes and quotes, and without the checksum.
fn armoured(block: &[u8]) -> Vec<u8> {
    let end = memchr::memmem::find(block, b"-----END").unwrap_or(block.len());
    let mut text = block[..end].to_vec();
    for at in memchr::memchr_iter(b'\\', &text.clone()) {
        if matches!(text.get(at + 1), Some(b'n' | b'r' | b't')) {
            (text[at], text[at + 1]) = (b'\n', b'\n');
        }
    }
    let mut base64 = Vec::new();
    for line in text.split(|b| *b == b'\n').filter(|line| memchr::memmem::find(line, b": ").is_none()) {
        let digits: Vec<u8> =
            line.iter().copied().filter(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b)).collect();
        if digits.starts_with(b"=") {
            break;
        }
        base64.extend(digits);
    }
    base64
}

/// Reads as far as the octet that says how the secret part is kept.
fn of_packet(packet: &[u8]) -> Option<Protection> {
    let body = body(packet)?;
    let (&version, rest) = body.split_first()?;
    let (&algorithm, mut rest) = rest.get(if version == 3 { 6 } else { 4 }..)?.split_first()?;
    if version == 6 {
        rest = rest.get(4..)?;
    }
    let numbers = match algorithm {
        1..=3 => 2,
        16 | 20 => 3,
        17 => 4,
        18 | 19 | 22 => {
            let (&length, curve) = rest.split_first()?;
            rest = curve.get(usize::from(length)..)?;
            1
        }
        _ => 0,
    };
    for _ in 0..numbers {
        let (bits, digits) = rest.split_first_chunk::<2>()?;
        rest = digits.get(usize::from(u16::from_be_bytes(*bits)).div_ceil(8)..)?;
    }
    rest = match algorithm {
        25 | 27 => rest.get(32..)?,
        26 => rest.get(56..)?,
        28 => rest.get(57..)?,
        18 => {
            let (&length, parameters) = rest.split_first()?;
            parameters.get(usize::from(length)..)?
        }
        _ if numbers > 0 => rest,
        _ => return None,
    };
    let (&usage, rest) = rest.split_first()?;
    Some(match usage {
        0 => Protection::None,
        254 | 255 if rest.get(1) == Some(&STUB) => Protection::Elsewhere,
        _ => Protection::Passphrase,
    })
}

/// What stands in a secret key's packet; it may be cut short.
fn body(packet: &[u8]) -> Option<&[u8]> {
    let (&tag, rest) = packet.split_first()?;
    let header = match (tag & 0xc0, tag & 0x3f) {
        (0xc0, SECRET_KEY) => match *rest.first()? {
            0..=191 => 1,
            192..=223 => 2,
            255 => 5,
            _ => return None,
        },
        (0x80, of) if of >> 2 == SECRET_KEY => [1, 2, 4].get(usize::from(of & 3)).copied()?,
        _ => return None,
    };
    rest.get(header..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;

    /// A packet of 2048-bit RSA whose secret part begins with these bytes.
    fn rsa(secret: &[u8]) -> Vec<u8> {
        let modulus: Vec<u8> = (0..256_u32).map(|i| (i * 167 % 251) as u8 | 1).collect();
        [&[0x95, 3, 0x98, 4, 1, 2, 3, 4, 1, 8, 0][..], &modulus, &[0, 17, 1, 0, 1], secret, &[7; 90]].concat()
    }

    /// A packet of Ed25519.
    fn ed25519(secret: &[u8]) -> Vec<u8> {
        let curve = [0x16, 9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1, 1, 7, 0x40];
        [&[0x94, 0x58, 4, 1, 2, 3, 4][..], &curve, &[9; 32], secret, &[7; 40]].concat()
    }

    fn armour(ring: &[u8], separator: &str) -> Vec<u8> {
        let text = BASE64.encode(ring);
        let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
        let label = ["PGP PRIVATE", "KEY BLOCK-----"].join(" ");
        let lines = lines.join(separator);
        format!("-----BEGIN {label}{separator}Version: GnuPG v2{separator}{separator}{lines}{separator}=AbCd{separator}-----END {label}")
            .into_bytes()
    }

    #[test]
    fn a_key_is_open_locked_or_elsewhere() {
        for (secret, expected) in [
            (&[0, 7, 0xff][..], Protection::None),
            (&[254, 7, 3, 2], Protection::Passphrase),
            (&[253, 9, 2, 3], Protection::Passphrase),
            (&[254, 0, 101, 0, b'G', b'N', b'U', 1], Protection::Elsewhere),
        ] {
            for ring in [rsa(secret), ed25519(secret)] {
                assert_eq!(protection(&ring), Some(expected));
                assert_eq!(protection(&armour(&ring, "\n")), Some(expected));
                assert_eq!(protection(&armour(&ring, "\\n")), Some(expected));
            }
        }
    }

    #[test]
    fn newer_packets_are_read_too() {
        let mut packet = rsa(&[0, 7, 0xff]);
        packet.splice(..3, [0xc5, 0xc2, 0xd8]);
        assert_eq!(protection(&packet), Some(Protection::None));
        let version_6 = [&[0xc5, 75, 6, 1, 2, 3, 4, 27, 0, 0, 0, 32][..], &[9; 32], &[0], &[7; 32]].concat();
        assert_eq!(protection(&version_6), Some(Protection::None));
    }

    #[test]
    fn public_keys_and_other_bytes_are_none() {
        let mut public = rsa(&[0, 7, 0xff]);
        public[0] = 0x99;
        assert_eq!(protection(&public), None);
        assert_eq!(protection(&rsa(&[])[..60]), None);
        assert_eq!(protection(b""), None);
    }
}
