//! What stands in a credential's place and is something else by where it stands: a route, a type, a word of a sentence, what a
//! test gets wrong on purpose.

use super::Case;
use crate::assigned::{Link, Quote, name};
use crate::finding::Reason;
use crate::judge::file::File;
use crate::judge::surroundings;
use crate::rule::Credential;

impl Case<'_> {
    /// What it is, if it is one of these.
    pub(super) fn is_aside(&self) -> Option<Reason> {
        if self.is_place_in_address() {
            return Some(Reason::Context("a place in an address, and what serves it"));
        }
        if self.is_type_of_schema() {
            return Some(Reason::Shape("a type"));
        }
        if self.found.link == Link::Told && is_joined_word(self.value) {
            return Some(Reason::Context("a word of a sentence or a table"));
        }
        if self.file != File::Test {
            return None;
        }
        if self.class == Credential::Password && is_wrong_on_purpose(self.value) {
            return Some(Reason::Placeholder("wrong on purpose, in a test"));
        }
        let is_uuid = self.class != Credential::Password && is_shaped_like_uuid(self.value);
        is_uuid.then_some(Reason::Context("a UUID in a test"))
    }

    /// `"/orders/:secret" => "orders#accept"`
    fn is_place_in_address(&self) -> bool {
        let before = &self.text[self.line_start.min(self.found.name.start)..self.found.name.start];
        let is_named = before.ends_with(b"/:") || before.ends_with(b"/{") || before.ends_with(b"/<");
        is_named && self.found.link == Link::Given
    }

    /// `secret: Float!`, `tokens: [Token!]!`
    fn is_type_of_schema(&self) -> bool {
        let is_of_type = |b: &u8| b.is_ascii_alphanumeric() || b"_[]!".contains(b);
        let path = self.document.origin.judged_path();
        self.found.quote == Quote::Bare
            && self.value.iter().all(is_of_type)
            && surroundings::extension(&path).is_some_and(|e| matches!(e, b"graphql" | b"graphqls" | b"gql"))
    }
}

/// `user-chosen`: two words of small letters.
fn is_joined_word(value: &[u8]) -> bool {
    let words = value.split(|b| *b == b'-');
    words.clone().count() == 2 && words.clone().all(|word| word.len() >= 2 && word.iter().all(u8::is_ascii_lowercase))
}

/// `WrongHorse7!`, `NotTheHorse!1`, `whatever-42`
fn is_wrong_on_purpose(value: &[u8]) -> bool {
    let words = name::words(value);
    let Some(first) = words.first() else { return false };
    matches!(first.as_str(), "wrong" | "incorrect" | "invalid" | "bogus" | "whatever")
        || first == "not" && words.get(1).is_some_and(|second| matches!(second.as_str(), "the" | "a" | "my" | "real"))
}

/// Letters and digits in groups as those of a UUID.
fn is_shaped_like_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_digit() || b.is_ascii_lowercase(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_on_purpose_says_so_first() {
        for value in ["WrongHorse7!", "NotTheHorse!1", "Whatever-42x", "wrong7", "not-my-horse7"] {
            assert!(is_wrong_on_purpose(value.as_bytes()), "{value}");
        }
        for value in ["Wr0ngHorse7", "notary77", "Knott3d-horse", "Horse-Wrong7"] {
            assert!(!is_wrong_on_purpose(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn a_joined_word_has_two_halves_of_small_letters() {
        assert!(is_joined_word(b"user-chosen"));
        for value in ["maple-river-42", "maple-river-stone-lamp", "maple", "Maple-river", "maple-7"] {
            assert!(!is_joined_word(value.as_bytes()), "{value}");
        }
    }
}
