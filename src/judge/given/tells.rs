//! What the name, the value, the link and the line of a credential that was given to a name tell of it.

use super::{CREDENTIAL_WORDS, Case};
use crate::assigned::{
    Link, Quote,
    name::{self, Meaning},
};
use crate::judge::file::File;
use crate::judge::made::Made;
use crate::judge::otherwise::is_account;
use crate::judge::{choice, placeholder, surroundings};
use crate::rule::Credential;

impl Case<'_> {
    /// `<meta name="y_key" content="…">`: what a server tells the browser of a page.
    pub(super) fn is_of_page(&self) -> bool {
        self.found.link == Link::Sibling && surroundings::contains(self.line, "<meta ")
    }

    /// A text tells of the tokens that programs hand each other, rather than of those that people keep.
    pub(super) fn is_told_of_a_token(&self) -> bool {
        let words = self.words();
        let is_handed = |word: &String| {
            matches!(
                word.as_str(),
                "access" | "refresh" | "id" | "bearer" | "token" | "oauth" | "auth" | "x" | "authorization"
            )
        };
        self.class == Credential::Token
            && matches!(self.file, File::Prose | File::Sample | File::Manual)
            && words.iter().all(is_handed)
    }

    /// `<input type="hidden" name="token" value="…">`: what a page hands back, as it was recorded.
    pub(super) fn is_hidden_field(&self) -> bool {
        let Some(at) = self.found.value.start.checked_sub(self.line_start) else { return false };
        let Some(open) = memchr::memrchr(b'<', &self.line[..at.min(self.line.len())]) else { return false };
        let tag = &self.line[open..];
        let tag = &tag[..memchr::memchr(b'>', tag).unwrap_or(tag.len())];
        open + tag.len() > at
            && ["\"hidden\"", "'hidden'", "=hidden"].iter().any(|word| surroundings::contains(tag, word))
    }

    /// What stands before the name, as far as an address goes.
    pub(super) fn address_before(&self) -> &[u8] {
        let len = self.found.name.start.saturating_sub(self.line_start).min(self.line.len());
        let before = &self.line[..len];
        let is_word = |b: &u8| b.is_ascii_graphic() && !b"\"'`<>(".contains(b);
        let start = before.iter().rposition(|b| !is_word(b)).map_or(0, |at| at + 1);
        &before[start..]
    }

    /// `?e=1700000000&token=…`, `?Expires=…&token=…`: what opens one address until a time.
    pub(super) fn is_signature(&self) -> bool {
        let address = self.address_before();
        let Some(query) = memchr::memchr(b'?', address).map(|at| &address[at + 1..]) else { return false };
        query.split(|b| matches!(b, b'&' | b';')).any(|pair| {
            let Some(at) = memchr::memchr(b'=', pair) else { return false };
            let (name, until) = (&pair[..at], &pair[at + 1..]);
            let is_end = [&b"e"[..], b"expires", b"expire", b"exp", b"deadline", b"se"]
                .iter()
                .any(|end| name.eq_ignore_ascii_case(end));
            is_end && (9..=13).contains(&until.len()) && until.iter().all(u8::is_ascii_digit)
        })
    }

    /// `index.php?route=login&token=…`: a token in an address without a host, or of this machine, is one that was given
    /// out for a visit, as a recorded page has it.
    pub(super) fn is_of_a_visit(&self) -> bool {
        let address = self.address_before();
        let is_in_query = matches!(address.last(), Some(b'?' | b'&' | b';')) && address.contains(&b'?');
        let has_host = || {
            memchr::memmem::find(address, b"://").is_some_and(|at| {
                let host = &address[at + 3..];
                ![&b"localhost"[..], b"127.", b"[::1]"].iter().any(|own| host.starts_with(own))
            })
        };
        is_in_query && !has_host()
    }

    /// `password: build`
    pub(super) fn is_target(&self) -> bool {
        let behind = self.line.trim_ascii_start().strip_prefix(self.name);
        behind.is_some_and(|behind| behind.starts_with(b":") && !behind.starts_with(b":="))
    }

    /// `signingkey = 9F8B2C7D1A0E4B53`: the keys of PGP are named by capital digits.
    pub(super) fn is_fingerprint(&self, made: Made) -> bool {
        let is_named = self.word.to_ascii_lowercase().starts_with(b"signing") && matches!(self.value.len(), 16 | 40);
        made == Made::Hex && is_named && !self.value.iter().any(u8::is_ascii_lowercase)
    }

    /// One word with a capital, as texts for people begin.
    pub(super) fn is_label(&self) -> bool {
        self.value[0].is_ascii_uppercase()
            && self.value[1..].iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_punctuation())
    }

    /// A plain word that code gives to a password, or compares one with (in a test any word does), or that a text for
    /// people shows behind a variable.
    pub(super) fn is_chosen(&self) -> bool {
        let is_tied = self.is_plainly_tied() || self.found.link == Link::Compared;
        let is_enclosed = matches!(self.found.quote, Quote::Quoted | Quote::Tags);
        let in_code = matches!(self.file, File::Code | File::Sample) && is_enclosed && is_tied;
        let in_prose = self.file == File::Prose && choice::is_variable(self.name) && self.is_plainly_tied();
        choice::is_plain_word(self.value) && (in_prose || in_code && !self.speaks_of_a_sample())
    }

    pub(super) fn is_phrase_for_signing(&self) -> bool {
        matches!(self.class, Credential::Secret | Credential::Key)
            && self.meaning == Meaning::Strong
            && self.found.quote == Quote::Quoted
            && choice::is_phrase_for_signing(self.name, self.value)
            && !is_account(self.value)
            && !self.repeats_its_name(self.value)
    }

    /// Whether the line is a comment in a program or in settings.
    pub(super) fn is_comment(&self) -> bool {
        let line = self.line.trim_ascii_start();
        let marks: &[&str] = match self.file {
            File::Code => &["#", "//", "*", "/*", ";;", "--"],
            File::Settings => &["#", ";", "//", "-- "],
            _ => &[],
        };
        marks.iter().any(|mark| line.starts_with(mark.as_bytes())) && !line.starts_with(b"#define")
    }

    /// Whether the line or the value says that it is made up for a test.
    pub(super) fn speaks_of_a_sample(&self) -> bool {
        let is_whose = |word: &String| matches!(word.as_str(), "my" | "your" | "some");
        let is_joined = self.name.eq_ignore_ascii_case(&[b"my", self.word].concat());
        if is_joined || self.words().first().is_some_and(is_whose) {
            return true;
        }
        let words = [
            "example",
            "dummy",
            "fake",
            "mock",
            "assert",
            "expect(",
            "should",
            "sample",
            "invalid",
            "testing",
            "for test",
            "foobar",
            "customize this",
            "change this",
            "示例",
            "例如",
            "サンプル",
            "예시",
            "пример",
            "ejemplo",
            "exemplo",
            "beispiel",
        ];
        let line = self.line.to_ascii_lowercase();
        words.iter().any(|word| memchr::memmem::find(&line, word.as_bytes()).is_some())
            || self
                .words()
                .iter()
                .chain(&name::words(self.value))
                .any(|w| matches!(w.as_str(), "test" | "tests" | "tester" | "foo" | "bar" | "demo" | "local"))
    }

    /// `=`, `:` or tags, not amid other text.
    pub(super) fn is_plainly_tied(&self) -> bool {
        matches!(self.found.link, Link::Given | Link::Sibling | Link::Element) && self.found.quote != Quote::Amid
    }

    /// A value without quotes in a programming language.
    pub(super) fn is_code(&self) -> bool {
        let is_expression = match self.found.quote {
            Quote::Bare => self.found.link != Link::Told && !(self.is_option() && self.found.link == Link::Following),
            Quote::Amid => !self.is_comment(),
            Quote::Quoted | Quote::Tags => false,
        };
        is_expression
            && !self.is_exported()
            && self.is_in_code()
            && !self.is_in_string()
            && !self.is_in_block()
            && !choice::is_no_number(self.value)
            && !(self.facts.is_page && choice::is_no_operand(self.value))
    }

    /// `export PASSWORD=x`: a shell's, in a here-document.
    pub(super) fn is_exported(&self) -> bool {
        let behind = self.line.trim_ascii_start().strip_prefix(b"export ");
        behind.and_then(|line| line.strip_prefix(self.name)).is_some_and(|line| line.starts_with(b"="))
    }

    /// `CRAM-MD5` given to `AUTH`: capitals and numbers, in parts each of which begins with a capital or is a number.
    pub(super) fn names_a_mechanism(&self) -> bool {
        let is_part = |part: &[u8]| {
            let is_number = !part.is_empty() && part.iter().all(u8::is_ascii_digit);
            let is_name = part.first().is_some_and(u8::is_ascii_uppercase)
                && part.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            is_number || is_name
        };
        self.word.to_ascii_lowercase().starts_with(b"auth")
            && self.value.contains(&b'-')
            && self.value.len() <= 24
            && self.value.split(|b| *b == b'-').all(is_part)
    }

    /// Whether the value is made of the words of its name, or of words for credentials.
    pub(super) fn repeats_its_name(&self, value: &[u8]) -> bool {
        let letters = |text: &[u8]| -> Vec<u8> {
            text.iter().filter(|b| b.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect()
        };
        let is_service = self.class == Credential::Password
            && matches!(self.file, File::Settings | File::Prose)
            && choice::is_named_after_its_service(self.name, value);
        if is_service || placeholder::is_made_for_a_policy(value) {
            return false;
        }
        let (plain, name) = (letters(value), letters(self.name));
        let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
        if plain.len() >= 3 && name.len() >= 3 && digits <= 1 && (name.ends_with(&plain) || plain.ends_with(&name)) {
            return true;
        }
        // `passwords` under `kindPassword`: more than one of them.
        let single = plain.strip_suffix(b"s").filter(|single| single.len() >= 4 && plain.len() == value.len());
        if single.is_some_and(|single| name.ends_with(single)) {
            return true;
        }
        // `shop.AcmePayApiKey` under `ApiAcmePayApiKey`
        let last = value.rsplit(|b| *b == b'.').next().filter(|last| (8..value.len()).contains(&last.len()));
        if last.is_some_and(|last| last.iter().all(u8::is_ascii_alphabetic) && name.ends_with(&letters(last))) {
            return true;
        }
        let words = name::words(value);
        let known = |w: &String| CREDENTIAL_WORDS.split_ascii_whitespace().any(|c| c == w) || self.words().contains(w);
        digits <= 1 && !words.is_empty() && words.iter().all(known)
    }
}

/// `ho?ho.isBuffer:e`: what only expressions have.
pub(super) fn has_operators(value: &[u8]) -> bool {
    value.iter().any(|b| b"?!()[]{}|&;,<>".contains(b))
}

/// Whether one mark comes again and again, as between the pieces of something that has parts. Amid characters drawn
/// by lot each mark is rare.
pub(super) fn is_in_pieces(value: &[u8]) -> bool {
    let marks = || value.iter().filter(|b| b.is_ascii_punctuation() && **b != b'-');
    marks().any(|mark| {
        let times = value.iter().filter(|b| *b == mark).count();
        times >= 4 && times * 8 >= value.len()
    })
}
