//! PKCS#12 files: whether anything of them can be read without their password.

/// How the contents of a file and the parts of it are named: the object identifier of PKCS#7 data.
const DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
/// The same for encrypted data.
const ENCRYPTED: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];
/// DER's tags.
const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const EXPLICIT: u8 = 0xa0;

/// Whether the beginning of a file says that all it holds is one encrypted part. With a second part there is one
/// that shows whether it has a key: nobody encrypts keys and certificates twice.
pub(super) fn is_sealed(start: &[u8]) -> bool {
    sealed(start).unwrap_or(false)
}

fn sealed(start: &[u8]) -> Option<bool> {
    let (_, file) = opened(start, SEQUENCE)?;
    let (_, content) = opened(file.strip_prefix(&[2, 1, 3])?, SEQUENCE)?;
    let (_, content) = opened(content.strip_prefix(DATA)?, EXPLICIT)?;
    let (_, octets) = opened(content, OCTETS)?;
    let (all, parts) = opened(octets, SEQUENCE)?;
    let (first, part) = opened(parts, SEQUENCE)?;
    let head = parts.len() - part.len();
    Some(part.starts_with(ENCRYPTED) && head + first == all)
}

/// The length that an element of this tag has, and what stands behind tag and length.
fn opened(bytes: &[u8], tag: u8) -> Option<(usize, &[u8])> {
    let (&first, rest) = bytes.strip_prefix(&[tag])?.split_first()?;
    match first {
        0..=0x7f => Some((usize::from(first), rest)),
        0x81..=0x83 => {
            let (digits, content) = rest.split_at_checked(usize::from(first & 0x7f))?;
            Some((digits.iter().fold(0, |number, digit| number << 8 | usize::from(*digit)), content))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with an encrypted part of so many bytes, and so many bytes of others behind it.
    fn file(part: u8, others: u8) -> Vec<u8> {
        let mut bytes = ENCRYPTED.to_vec();
        let mut wrap = |tag: u8, length: u8, lead: &[u8]| {
            let inner = std::mem::take(&mut bytes);
            bytes = [lead, &[tag, 0x81, length], &inner].concat();
        };
        wrap(SEQUENCE, part, &[]);
        wrap(SEQUENCE, part + 3 + others, &[]);
        wrap(OCTETS, part + others + 6, &[]);
        wrap(EXPLICIT, part + others + 9, DATA);
        wrap(SEQUENCE, part + others + 23, &[2, 1, 3]);
        wrap(SEQUENCE, part + others + 29, &[]);
        bytes
    }

    #[test]
    fn a_file_is_sealed_if_its_one_part_is_encrypted() {
        assert!(is_sealed(&file(100, 0)));
        assert!(!is_sealed(&file(100, 40)));
        let mut plain = file(100, 0);
        *plain.last_mut().expect("a file has bytes") = 1;
        assert!(!is_sealed(&plain));
        assert!(!is_sealed(&file(100, 0)[..20]));
    }
}
