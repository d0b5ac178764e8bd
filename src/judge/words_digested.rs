//! Digests of the words that everybody tries first. They look drawn by lot, and anybody can make them.

use foldhash::fast::FixedState;
use md5::Md5;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::sync::LazyLock;

/// What people digest to try it out, and choose where nothing depends on it.
const WORDS: &str = "\
    a abc abc123 admin administrator bar baz changeme data default demo dummy example false foo foobar guest hello \
    helloworld key letmein login master message mysecret none null pass passwd password password1 private public qwerty \
    root sample secret string test test1 test123 testing tests token true user username value welcome word world 0 1 12 \
    123 1234 12345 123456 1234567 12345678 123456789 1234567890 000000 111111 666666 888888";
/// What stands behind a word where a command digested it: nothing, or the end of a line.
const ENDS: [&str; 3] = ["", "\n", "\r\n"];
/// How many bytes of a digest tell it from all others.
const HEAD: usize = 16;

static KNOWN: LazyLock<HashSet<[u8; HEAD], FixedState>> = LazyLock::new(|| {
    let words = WORDS.split_ascii_whitespace().chain(["", "hello world"]);
    let written = words.flat_map(|word| {
        let mut capital = word.to_owned();
        capital.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
        [word.to_owned(), capital]
    });
    written.flat_map(|word| ENDS.map(|end| format!("{word}{end}"))).flat_map(|text| digests(text.as_bytes())).collect()
});

/// The heads of a text's digests.
fn digests(text: &[u8]) -> [[u8; HEAD]; 3] {
    [head(&Md5::digest(text)), head(&sha1(text)), head(&Sha256::digest(text))]
}

fn head(digest: &[u8]) -> [u8; HEAD] {
    digest[..HEAD].try_into().expect("these digests are as long or longer")
}

fn sha1(text: &[u8]) -> [u8; 20] {
    let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha1);
    hasher.update(text);
    // Only an attack on SHA-1 makes it fail.
    let id = hasher.try_finalize().unwrap_or_else(|_| gix::ObjectId::null(gix::hash::Kind::Sha1));
    id.as_slice().try_into().expect("a SHA-1 has 20 bytes")
}

/// Whether the hexadecimal digits that a value ends in, behind a prefix or not, are the MD5, SHA-1 or SHA-256 of such a word.
pub(super) fn is_of_word(value: &[u8]) -> bool {
    let digits = value.iter().rev().take_while(|b| b.is_ascii_hexdigit()).count();
    if !matches!(digits, 32 | 40 | 64) {
        return false;
    }
    let digits = &value[value.len() - digits..];
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(&digits[..2 * HEAD]).unwrap_or_default();
    <[u8; HEAD]>::try_from(bytes).is_ok_and(|head| KNOWN.contains(&head))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_common_words_are_seen() {
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        for value in [
            hex(&Md5::digest("test")),
            hex(&Md5::digest("test\n")).to_ascii_uppercase(),
            format!("sk_test_{}", hex(&Md5::digest("test\n"))),
            hex(&sha1(b"password")),
            hex(&Sha256::digest("Admin")),
        ] {
            assert!(is_of_word(value.as_bytes()), "{value}");
        }
        for value in [hex(&Md5::digest("k7Gx2pQ9")), hex(&sha1(b"k7Gx2pQ9")), "test".to_owned(), String::new()] {
            assert!(!is_of_word(value.as_bytes()), "{value}");
        }
    }
}
