//! What may be reported as sure. Of each class of findings it was counted in some two hundred histories what share is
//! real: a class of which less than nineteen in twenty are is of medium confidence at most.

use super::Case;
use crate::assigned::{Link, Quote, name};
use crate::finding::Confidence;
use crate::judge::digest;
use crate::judge::file::File;
use crate::judge::made::Made;
use crate::judge::places::Place;
use crate::judge::surroundings;
use crate::rule::Credential;

/// Words of names and of what stands round them that say that a key counts visitors, reports crashes, searches or draws
/// maps: it goes out to everybody who opens the page or the app.
const FOR_THE_PUBLIC: &str = "\
    analytics mixpanel segment posthog amplitude rudder rudderstack bugsnag flurry hoptoad airbrake honeybadger algolia docsearch \
    typesense telemetry maps map beacon logrocket fullstory hotjar gtag";

impl Case<'_> {
    /// The most that the class of the finding lets it be.
    pub(super) fn at_most(&self, level: Confidence, made: Made) -> Confidence {
        if self.is_for_the_public() {
            return Confidence::Low;
        }
        if self.doubtful_class(made).is_some() { level.min(Confidence::Medium) } else { level }
    }

    /// A key whose name says that it goes out to everybody.
    fn is_for_the_public(&self) -> bool {
        self.is_key() && self.names_the_public()
    }

    fn is_key(&self) -> bool {
        matches!(self.class, Credential::Key | Credential::Token)
    }

    /// The class that it belongs to, if too many of that are no credentials of anybody for one to be sure.
    pub(super) fn doubtful_class(&self, made: Made) -> Option<&'static str> {
        let in_code = self.file == File::Code;
        let is_password = self.class == Credential::Password;
        Some(match self.place_of_others() {
            Some(place) => place.text(),
            _ if self.is_for_the_public() => "a key for the public",
            _ if self.is_in_query() => "in an address",
            _ if in_code && self.stands_in_text() => "in a text of a program",
            _ if in_code && self.is_key() && !self.names_a_secret() => "a key in a program",
            _ if in_code && self.is_known_answer => "a password beside its digest",
            _ if in_code && is_password && made == Made::Strong => "made up, in a program",
            _ if in_code && !is_password && self.is_short_and_of_letters() => "letters alone, in a program",
            _ if self.names_half_of_a_pair() => "the half of a pair that names its owner",
            _ if is_password && digest::is_of_blocks(self.value) => "whole blocks, as ciphers are",
            _ if self.is_in_plain_page && !is_password => "in a page",
            _ if self.is_beside_a_series => "beside what counts through the alphabet",
            _ if self.is_in_record && !is_password => "beside a time, as interfaces answer",
            _ if self.class == Credential::Token && self.found.link == Link::Following => "a token in a command",
            _ if self.has_no_sort => "in a file whose name says nothing",
            _ => return None,
        })
    }

    /// The place where it is made up or somebody else's, if it is in one.
    pub(super) fn place_of_others(&self) -> Option<Place> {
        self.place.filter(|place| match place {
            Place::MadeUp | Place::Release | Place::Patch => true,
            Place::App | Place::Script => self.is_key() && !self.names_a_secret(),
            Place::License => self.class == Credential::Key,
        })
    }

    /// `clientSecretKey`, `private_api_key`, `AUTH_KEY`: no key of this kind is for everybody.
    fn names_a_secret(&self) -> bool {
        name::words(self.name).iter().any(|word| matches!(word.as_str(), "secret" | "private" | "auth" | "master"))
    }

    /// `access_key`: what goes with a secret and says whose that is.
    fn names_half_of_a_pair(&self) -> bool {
        let words = name::words(self.name);
        let is_half = |pair: &[String]| pair[1] == "key" && matches!(pair[0].as_str(), "access" | "integration");
        self.class == Credential::Key && words.windows(2).any(is_half) && !words.iter().any(|word| word == "secret")
    }

    /// `CONSUMER_KEY`, `activation_key`, `PRODUCT_KEYS`: whose something is, what a person is sent once, or what was bought.
    pub(super) fn names_no_access(&self) -> bool {
        let is_such = |pair: &[String]| {
            matches!(pair[1].as_str(), "key" | "keys")
                && matches!(pair[0].as_str(), "consumer" | "activation" | "product" | "invitation")
        };
        self.class == Credential::Key && name::words(self.name).windows(2).any(is_such)
    }

    /// What is drawn by lot has digits mostly, unless it has but letters to be drawn from.
    fn is_short_and_of_letters(&self) -> bool {
        self.value.len() < 24 && self.value.iter().all(u8::is_ascii_alphabetic)
    }

    /// `SEGMENT_WRITE_KEY`, `mixpanel_token`
    fn names_the_public(&self) -> bool {
        let words = name::words(self.name);
        let is_to_manage = |word: &String| matches!(word.as_str(), "admin" | "server" | "personal" | "management");
        if self.names_a_secret() || words.iter().any(is_to_manage) {
            return false;
        }
        let is_to_write = words.windows(2).any(|pair| pair[0] == "write" && pair[1] == "key");
        is_to_write || words.iter().any(|word| FOR_THE_PUBLIC.split_ascii_whitespace().any(|known| known == word))
    }

    /// Without quotes of its own in a program, or laid out in a literal with line ends: what a program says or its
    /// documentation shows.
    fn stands_in_text(&self) -> bool {
        self.found.quote == Quote::Bare && self.found.link != Link::Default
            || self.found.quote == Quote::Amid
            || self.is_shown_in_program()
    }

    /// In documentation that a program holds, or in an object that it has in a literal.
    pub(super) fn is_shown_in_program(&self) -> bool {
        self.is_in_docstring || self.stands_in_a_literal() || surroundings::contains(self.line, "\\n\"")
    }

    /// `"{\"password\": \"…\"}"`, `r#"{"password":"…"}"#`: an object written out in a literal.
    fn stands_in_a_literal(&self) -> bool {
        let len = self.found.value.start.saturating_sub(self.line_start).min(self.line.len());
        let before = &self.line[..len];
        before.ends_with(b"\\\"")
            || [&b"\"{\""[..], b"'{\"", b"`{\""].iter().any(|open| memchr::memmem::find(before, open).is_some())
    }

    /// `https://host/path?token=…`, `grant_type=x&token=…`
    pub(super) fn is_in_query(&self) -> bool {
        match self.address_before() {
            [before @ .., b'?'] => memchr::memmem::find(before, b"://").is_some(),
            [before @ .., b'&' | b';'] => before.contains(&b'='),
            _ => false,
        }
    }
}

/// Whether a literal between three quotes, as documentation stands in, is open between what stands before and behind:
/// it was opened behind what ends in a colon or a sign of equality, or is closed on a line of its own.
pub(super) fn is_in_docstring(before: &[u8], behind: &[u8]) -> bool {
    let Some(at) = [&b"\"\"\""[..], b"'''"].iter().filter_map(|mark| memchr::memmem::rfind(before, mark)).max() else {
        return is_closed_alone(behind);
    };
    let ahead = before[..at].trim_ascii_end();
    let ahead = ahead.strip_suffix(b"r").unwrap_or(ahead).trim_ascii_end();
    ahead.ends_with(b":") || ahead.ends_with(b"=") || ahead.ends_with(b"doc") || ahead.ends_with(b"(")
}

/// Whether the next three quotes close a literal: alone on their line, below one that opens nothing.
fn is_closed_alone(behind: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(behind, b"\"\"\"") else { return false };
    let Some(nl) = memchr::memrchr(b'\n', &behind[..at]) else { return false };
    let last = behind[..nl].trim_ascii_end().last().copied().unwrap_or_default();
    behind[nl..at].iter().all(u8::is_ascii_whitespace)
        && matches!(behind.get(at + 3), Some(b'\n' | b'\r') | None)
        && !matches!(last, b':' | b'=' | b'(')
}

/// `"created_at": "2023-01-12T08:24:26Z"`: whether the time stands near at which what an interface answered came to be.
pub(super) fn has_time(near: &[u8]) -> bool {
    memchr::memmem::find_iter(near, b"\"20").any(|at| {
        let day = &near[at + 1..];
        let is_day = day.len() > 10
            && [0, 1, 2, 3, 5, 6, 8, 9].iter().all(|place| day[*place].is_ascii_digit())
            && (day[4], day[7]) == (b'-', b'-')
            && matches!(day[10], b'T' | b' ');
        is_day && near[..at].trim_ascii_end().ends_with(b"\":")
    })
}

/// Whether a line has a value that counts through the alphabet, as samples have them: `abcdefghijklmnop`,
/// `aabbccddeeff`.
pub(super) fn has_series(line: &[u8]) -> bool {
    let (mut length, mut steps) = (1, 0);
    line.windows(2).any(|pair| {
        let step = pair[1].wrapping_sub(pair[0]);
        let goes_on = step <= 1 && pair.iter().all(u8::is_ascii_lowercase);
        (length, steps) = if goes_on { (length + 1, steps + step) } else { (1, 0) };
        length >= 12 && steps >= 5
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_seen() {
        assert!(has_series(b"clientID: abcdefghijklmnopqrst"));
        assert!(has_series(b"id: aabbccddeeff00112233"));
        assert!(!has_series(b"id: 9f8b2c7de1a0453b8d6f1e2a7c904b35"));
        assert!(!has_series(b"redis://host/0tygggggggggggggggggggggfcddddddddd"));
    }

    #[test]
    fn documentation_between_three_quotes_is_seen() {
        for before in
            ["EXAMPLES = r'''\n- name: x\n  token: ", "def f():\n    \"\"\"Sends it.\n\n    token=", "@doc \"\"\"\n x "]
        {
            assert!(is_in_docstring(before.as_bytes(), b""), "{before}");
        }
        assert!(is_in_docstring(b"\"key\": ", b"\n    }\n    \"\"\"\n    x = 1\n"));
        assert!(!is_in_docstring(b"key = ", b"\n\ndef f():\n    \"\"\"\n    x = 1\n"));
        for before in ["def f():\n    \"\"\"Sends it.\"\"\"\n    token = ", "token = "] {
            assert!(!is_in_docstring(before.as_bytes(), b""), "{before}");
        }
    }
}
