//! Numbers about a string.

/// Shannon entropy in bits a byte.
pub(super) fn entropy(bytes: &[u8]) -> f64 {
    let total = bytes.len() as f64;
    let counts = counts(bytes);
    counts.iter().filter(|&&c| c > 0).map(|&c| f64::from(c) / total).map(|p| -p * p.log2()).sum()
}

/// Shannon entropy over characters, each weighed by how many bytes there are: what gitleaks compares.
pub(super) fn entropy_of_characters(bytes: &[u8]) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    for character in String::from_utf8_lossy(bytes).chars() {
        *counts.entry(character).or_insert(0u32) += 1;
    }
    let total = bytes.len() as f64;
    counts.values().map(|&count| f64::from(count) / total).map(|p| -p * p.log2()).sum()
}

/// How many different bytes there are.
pub(super) fn distinct(bytes: &[u8]) -> usize {
    counts(bytes).iter().filter(|&&c| c > 0).count()
}

/// The length of the longest run of one byte.
pub(super) fn longest_run(bytes: &[u8]) -> usize {
    bytes.chunk_by(|a, b| a == b).map(<[u8]>::len).max().unwrap_or(0)
}

/// The length of the longest run in which every byte is the one before plus one, or minus one: `abcdef`,
/// `987654`; from `9` it goes on to `0`.
pub(super) fn longest_sequence(bytes: &[u8]) -> usize {
    let next = |b: u8| if b == b'9' { b'0' } else { b.wrapping_add(1) };
    let same_kind = |a: &u8, b: &u8| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric();
    let up = bytes.chunk_by(|a, b| same_kind(a, b) && next(*a) == *b).map(<[u8]>::len).max();
    let down = bytes.chunk_by(|a, b| same_kind(a, b) && next(*b) == *a).map(<[u8]>::len).max();
    up.max(down).unwrap_or(0)
}

fn counts(bytes: &[u8]) -> [u32; 256] {
    let mut counts = [0; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_is_in_bits_a_character() {
        assert_eq!(entropy(b"aaaa"), 0.0);
        assert_eq!(entropy(b"abcd"), 2.0);
    }

    #[test]
    fn sequences_go_up_and_down_and_wrap_at_nine() {
        assert_eq!(longest_sequence(b"x1234567890123"), 13);
        assert_eq!(longest_sequence(b"fedcba"), 6);
        assert_eq!(longest_sequence(b"az"), 1);
    }
}
