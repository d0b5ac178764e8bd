//! How long a private key in DER is: as its own head says, if what it says holds.

/// The tags of what a private key is made of.
const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
/// PKCS#8 and PKCS#1 have no more parts than this, other primes aside.
const MOST: usize = 12;

/// The bytes of the sequence at the beginning: whole, and filled by its parts to the last byte. Source of the form:
/// ITU-T X.690, 8.1 and 8.9.
pub(super) fn length(text: &[u8]) -> Option<usize> {
    let (tag, content, end) = element(text, 0)?;
    let mut at = content;
    let mut parts = 0;
    while at < end {
        let (tag, _, next) = element(text, at)?;
        if parts == 0 && tag != INTEGER || next > end || parts == MOST {
            return None;
        }
        at = next;
        parts += 1;
    }
    (tag == SEQUENCE && parts >= 2).then_some(end)
}

/// The tag of what stands at a place, where its content begins and where it ends, in the text.
fn element(text: &[u8], at: usize) -> Option<(u8, usize, usize)> {
    let tag = *text.get(at)?;
    let first = *text.get(at + 1)?;
    let (content, len) = match first {
        0..=0x7f => (at + 2, usize::from(first)),
        // Lengths of a key take up two bytes at most.
        0x81 | 0x82 => {
            let bytes = text.get(at + 2..at + 2 + usize::from(first & 3))?;
            (at + 2 + bytes.len(), bytes.iter().fold(0, |len, byte| len << 8 | usize::from(*byte)))
        }
        _ => return None,
    };
    let end = content + len;
    (end <= text.len()).then_some((tag, content, end))
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn a_sequence_is_as_long_as_it_says_if_its_parts_fill_it() {
        let key = [&[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20][..], &[7; 32]].concat();
        assert_eq!(length(&key), Some(48));
        assert_eq!(length(&[&key[..], &[1, 2, 3]].concat()), Some(48));
        let long = [&[0x30, 0x82, 1, 7, 2, 1, 0, 4, 0x82, 1, 0][..], &[7; 256]].concat();
        assert_eq!(length(&long), Some(267));
        let with_part_of = |len: u8| {
            let mut other = [&key[..], &[0; 9]].concat();
            other[13] = len;
            other
        };
        let (short, long) = (with_part_of(0x21), with_part_of(0x23));
        let others: [&[u8]; 3] = [&key[..47], &key[..1], &[]];
        for wrong in
            others.into_iter().chain([&[0x30, 0x80, 2, 1, 0, 4, 0, 0, 0][..], &[0x30, 3, 4, 1, 0], &short, &long])
        {
            assert_eq!(length(wrong), None, "{wrong:?}");
        }
    }
}
