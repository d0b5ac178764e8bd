//! Git's deltas: applied, with knowledge of what they copy and what is new.

use std::ops::Range;

/// Bytes that a text has from its base. Copies that go on where the last one ended are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copy {
    /// Where they stand in the base.
    pub from: usize,
    /// Where they stand in the text.
    pub to: usize,
    /// How many.
    pub len: usize,
}

/// What a delta made of its base.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// What was copied, in order of `to`.
    pub copies: Vec<Copy>,
    /// What is new, in order: inserted bytes, and seams of length zero where bytes meet that were not
    /// neighbours in the base. The base's ends count as neighbours of the text's.
    pub changed: Vec<Range<usize>>,
}

/// Why a delta can't be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeltaError {
    /// It ends in the middle of something.
    #[error("the delta is truncated")]
    Truncated,
    /// It was made for a base of another length.
    #[error("the delta is for a base of {wanted} bytes and its base has {actual}")]
    WrongBase {
        /// The length the delta names.
        wanted: u64,
        /// The length the base has.
        actual: u64,
    },
    /// It copies from beyond the base's end.
    #[error("the delta copies from beyond the end of its base")]
    BeyondBase,
    /// It does not make as many bytes as it says.
    #[error("the delta makes {actual} bytes and says {wanted}")]
    WrongResult {
        /// The length the delta names.
        wanted: u64,
        /// The length it makes; more than is named ends the work at once.
        actual: u64,
    },
    /// Its result is larger than a sweep holds in memory.
    #[error("it is {0} bytes large, more than is held in memory for a delta")]
    TooLarge(u64),
    /// It holds the one instruction that means nothing.
    #[error("the delta holds an unknown instruction")]
    Unknown,
}

/// The lengths of a delta's base and result, and its instructions.
pub fn header(delta: &[u8]) -> Result<(u64, u64, &[u8]), DeltaError> {
    let (base, rest) = size(delta)?;
    let (result, rest) = size(rest)?;
    Ok((base, result, rest))
}

/// Applies a delta to its base. `text` is overwritten, `news` too.
pub fn apply(delta: &[u8], base: &[u8], largest: u64, text: &mut Vec<u8>, news: &mut News) -> Result<(), DeltaError> {
    let (wanted_base, wanted, mut rest) = header(delta)?;
    if wanted_base != base.len() as u64 {
        return Err(DeltaError::WrongBase { wanted: wanted_base, actual: base.len() as u64 });
    }
    if wanted > largest {
        return Err(DeltaError::TooLarge(wanted));
    }
    text.clear();
    text.reserve_exact(wanted as usize);
    news.copies.clear();
    while let Some((&instruction, after)) = rest.split_first() {
        rest = after;
        let (from, bytes) = if instruction & 0x80 != 0 {
            let (from, len) = copy(instruction, &mut rest)?;
            (Some(from), base.get(from..from + len).ok_or(DeltaError::BeyondBase)?)
        } else if instruction != 0 {
            let (bytes, after) = rest.split_at_checked(instruction as usize).ok_or(DeltaError::Truncated)?;
            rest = after;
            (None, bytes)
        } else {
            return Err(DeltaError::Unknown);
        };
        let made = (text.len() + bytes.len()) as u64;
        if made > wanted {
            return Err(DeltaError::WrongResult { wanted, actual: made });
        }
        if let Some(from) = from {
            join(&mut news.copies, Copy { from, to: text.len(), len: bytes.len() });
        }
        text.extend_from_slice(bytes);
    }
    if text.len() as u64 != wanted {
        return Err(DeltaError::WrongResult { wanted, actual: text.len() as u64 });
    }
    changed(&news.copies, base.len(), text.len(), &mut news.changed);
    Ok(())
}

fn size(delta: &[u8]) -> Result<(u64, &[u8]), DeltaError> {
    let mut value = 0u64;
    for (index, &byte) in delta.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((value, &delta[index + 1..]));
        }
    }
    Err(DeltaError::Truncated)
}

fn copy(instruction: u8, rest: &mut &[u8]) -> Result<(usize, usize), DeltaError> {
    let mut field = |bits: std::ops::Range<u32>| {
        let mut value = 0usize;
        for (place, bit) in bits.enumerate() {
            if instruction & (1 << bit) != 0 {
                let (&byte, after) = rest.split_first().ok_or(DeltaError::Truncated)?;
                value |= (byte as usize) << (8 * place);
                *rest = after;
            }
        }
        Ok(value)
    };
    let from = field(0..4)?;
    let len = field(4..7)?;
    Ok((from, if len == 0 { 0x10000 } else { len }))
}

fn join(copies: &mut Vec<Copy>, next: Copy) {
    match copies.last_mut() {
        Some(last) if last.to + last.len == next.to && last.from + last.len == next.from => last.len += next.len,
        _ => copies.push(next),
    }
}

fn changed(copies: &[Copy], base_len: usize, text_len: usize, changed: &mut Vec<Range<usize>>) {
    changed.clear();
    let mut at = 0;
    let mut neighbour = 0;
    for copy in copies {
        if copy.to > at || copy.from != neighbour {
            changed.push(at..copy.to);
        }
        at = copy.to + copy.len;
        neighbour = copy.from + copy.len;
    }
    if at < text_len || neighbour != base_len {
        changed.push(at..text_len);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(delta: &[u8], base: &[u8]) -> Result<(Vec<u8>, News), DeltaError> {
        let (mut text, mut news) = (Vec::new(), News::default());
        apply(delta, base, 1 << 20, &mut text, &mut news).map(|()| (text, news))
    }

    #[test]
    fn contiguous_copies_leave_no_seam() {
        let (text, news) = applied(&[6, 6, 0x90, 3, 0x91, 3, 3], b"abcdef").expect("it is well formed");
        assert_eq!(text, b"abcdef");
        assert_eq!(news.copies, [Copy { from: 0, to: 0, len: 6 }]);
        assert!(news.changed.is_empty());
    }

    #[test]
    fn inserts_and_seams_are_new() {
        let (text, news) = applied(&[6, 6, 0x91, 1, 2, 1, b'X', 0x91, 3, 1, 0x91, 5, 1, 0x90, 1], b"abcdef")
            .expect("it is well formed");
        assert_eq!(text, b"bcXdfa");
        assert_eq!(news.changed, [0..0, 2..3, 4..4, 5..5, 6..6]);
    }

    #[test]
    fn a_text_cut_short_has_a_seam_at_its_end() {
        let (_, news) = applied(&[6, 3, 0x90, 3], b"abcdef").expect("it is well formed");
        assert_eq!(news.changed, [3..3]);
    }

    #[test]
    fn what_is_malformed_is_an_error() {
        assert_eq!(applied(&[5, 1, 0x90, 1], b"abcdef"), Err(DeltaError::WrongBase { wanted: 5, actual: 6 }));
        assert_eq!(applied(&[6, 9, 0x91, 3, 9], b"abcdef"), Err(DeltaError::BeyondBase));
        assert_eq!(applied(&[6, 3, 0x90, 4], b"abcdef"), Err(DeltaError::WrongResult { wanted: 3, actual: 4 }));
        assert_eq!(applied(&[6, 3, 0x90, 2], b"abcdef"), Err(DeltaError::WrongResult { wanted: 3, actual: 2 }));
        assert_eq!(applied(&[6, 3, 5, b'a'], b"abcdef"), Err(DeltaError::Truncated));
        assert_eq!(applied(&[6, 3, 0], b"abcdef"), Err(DeltaError::Unknown));
        assert_eq!(applied(&[0xff; 12], b"abcdef"), Err(DeltaError::Truncated));
        assert_eq!(applied(&[6, 0xff, 0xff, 0xff, 0xff, 0x7f], b"abcdef"), Err(DeltaError::TooLarge((1 << 35) - 1)));
    }
}
