//! What stands for a password and is called one.

use super::{literal, within};
use crate::assigned::name;
use crate::finding::Candidate;

/// Whether what stands for a password is called one: `cosign-key-password`, `secret_with_at_least_32_characters`, `keystore
/// password`. It is where a password is to be found, or what one is to be put for; in an address it is what is sent.
pub(super) fn is_name_of_secret(candidate: &Candidate) -> bool {
    literal::is_weak(&candidate.rule.spec)
        && !["url-", "connection-string-"].iter().any(|start| candidate.rule.id().starts_with(start))
        && is_called_so(candidate.secret.expose())
}

fn is_called_so(value: &[u8]) -> bool {
    let pieces = || value.split(|b| matches!(b, b'-' | b'_' | b'.'));
    let is_named = || {
        let mut ends = pieces().next().into_iter().chain(pieces().next_back());
        pieces().count() >= 3 && ends.any(is_word) && within::is_name(value)
    };
    // `myShop_password`, `default-key-for-my-shop`
    let is_ones_own = || pieces().count() == 2 && value.starts_with(b"my") && pieces().next_back().is_some_and(is_word);
    let is_for_something = || {
        let second = pieces().skip(1);
        pieces().count() >= 4 && pieces().zip(second).any(|(word, next)| is_word(word) && next == b"for")
    };
    let is_told = || {
        let mut words = value.rsplit(|b| *b == b' ');
        words.next().is_some_and(is_word)
            && words.clone().count() > 0
            && words.all(|w| w.iter().all(u8::is_ascii_lowercase))
    };
    is_named() || is_ones_own() || is_for_something() || is_told() || is_counted_from_one(value)
}

fn is_word(word: &[u8]) -> bool {
    matches!(word, b"password" | b"secret" | b"key" | b"token")
}

/// `Shop_password123!`, `MyShopPassword1234`: what a variable is called, or whose it is, and numbers from one on.
fn is_counted_from_one(value: &[u8]) -> bool {
    let marks = value.iter().rev().take_while(|b| b"!?.#@$".contains(b)).count();
    let value = &value[..value.len() - marks];
    let digits = value.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let (what, numbers) = value.split_at(value.len() - digits);
    let words = name::words(what);
    let is_of_words = what.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'.'));
    let is_variable = what.contains(&b'_');
    let is_whose = words.first().is_some_and(|first| matches!(first.as_str(), "my" | "your" | "some"));
    numbers.len() >= 3
        && b"123456789".starts_with(numbers)
        && is_of_words
        && words.len() >= 2
        && words.last().is_some_and(|last| is_word(last.as_bytes()))
        && (is_variable || is_whose)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_called_a_password_is_told_from_one() {
        for value in
            ["cosign-key-password", "myShop_password", "Shop_password123!", "MyShopPassword1234", "keystore password"]
        {
            assert!(is_called_so(value.as_bytes()), "{value}");
        }
        for value in ["Summer_2024!", "ShopPassword1!", "acme-password7", "Kestrel_key91", "hunter2"] {
            assert!(!is_called_so(value.as_bytes()), "{value}");
        }
    }
}
