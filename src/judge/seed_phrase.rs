//! The seed phrases of wallets, BIP-39: words of a list of 2048, the last of which holds the sum of the others.

use bip39::{Language, Mnemonic};
use sha2::{Digest, Sha256};

/// The heads of the SHA-256 of phrases that everybody knows, blanks between their words: the standard's test vectors that
/// are drawn by lot, what Ganache, Truffle and Substrate begin with, and the samples of ethers' manual and of a book.
const PUBLISHED: [&str; 17] = [
    "d6da54d12db9eac8",
    "b12ee277a669b18f",
    "341c225b06c91708",
    "6d828debd306e21a",
    "cc95a8a1b5e9bf13",
    "30452ba5605dd252",
    "b2e71100d10bee74",
    "b8ae5c99142647d1",
    "0f388b04e512d7a0",
    "b1bff22ae077ce1a",
    "662c451cc5886e1d",
    "867f9f5929a7201c",
    "9c5d0a6656e5d3f3",
    "b83e96417f61cb14",
    "eaeed9f42605b549",
    "d16d608fce743a04",
    "c4546324c2acf02b",
];

/// The phrase that a text holds, if all its words are of the list and the sum holds. What stands between the words, blanks
/// or the marks of a list, counts for nothing.
pub(super) fn read(text: &[u8]) -> Option<Mnemonic> {
    let words: Vec<&str> = text
        .split(|b| !b.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
        .map(|word| std::str::from_utf8(word).expect("letters of ASCII"))
        .collect();
    Mnemonic::parse_in_normalized(Language::English, &words.join(" ")).ok()
}

/// Whether everybody knows the phrase: half of its words or more come again, as in `test test … junk`, all its bytes are one
/// and the same, as in half of the standard's test vectors, or it is published.
pub(super) fn is_published(text: &[u8]) -> bool {
    let Some(phrase) = read(text) else { return false };
    let mut words: Vec<usize> = phrase.word_indices().collect();
    words.sort_unstable();
    words.dedup();
    let (entropy, len) = phrase.to_entropy_array();
    let is_of_one_byte = entropy[..len].iter().all(|byte| *byte == entropy[0]);
    let written: Vec<&str> = phrase.words().collect();
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(written.join(" "))[..8]);
    words.len() * 2 <= phrase.word_count() || is_of_one_byte || PUBLISHED.contains(&&digest[..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A phrase as a wallet would draw it, the same on every run.
    fn phrase(bytes: u8) -> String {
        let entropy: Vec<u8> = (0..bytes).map(|i| i.wrapping_mul(91).wrapping_add(47) ^ (i << 3)).collect();
        Mnemonic::from_entropy(&entropy).expect("as many bytes as a phrase holds").words().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn phrases_of_every_length_are_read_whatever_stands_between_their_words() {
        for bytes in [16, 20, 24, 28, 32] {
            let phrase = phrase(bytes);
            assert!(read(phrase.as_bytes()).is_some(), "{phrase}");
            assert!(read(phrase.replace(' ', "\",\n  \"").as_bytes()).is_some(), "{phrase}");
            assert!(!is_published(phrase.as_bytes()), "{phrase}");
        }
    }

    #[test]
    fn what_has_another_sum_other_words_or_too_few_is_none() {
        let phrase = phrase(16);
        let (head, last) = phrase.rsplit_once(' ').expect("there are twelve");
        let other = if last == "zoo" { "abandon" } else { "zoo" };
        // Of 2048 last words 128 are right.
        assert!(read(format!("{head} {last}").as_bytes()).is_some());
        assert!(read(head.as_bytes()).is_none());
        assert!(read(format!("{head} secrets").as_bytes()).is_none());
        assert_ne!(read(format!("{head} {other}").as_bytes()).map(|p| p.to_string()), Some(phrase.clone()));
    }

    #[test]
    fn phrases_that_everybody_knows_are_published() {
        let of_byte = |byte: u8| Mnemonic::from_entropy(&[byte; 16]).expect("twelve words").to_string();
        for phrase in [of_byte(0), of_byte(0x7f), of_byte(0xff), format!("{}junk", "test ".repeat(11))] {
            assert!(is_published(phrase.as_bytes()), "{phrase}");
        }
    }
}
