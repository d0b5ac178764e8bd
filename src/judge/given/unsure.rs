//! What fails no scan. Of each class of findings it was counted in some two hundred histories what share is real: a
//! class of which most are not is of low confidence.

use super::{Case, lines, shown};
use crate::assigned::{Link, Quote, name::Meaning};
use crate::judge::file::File;
use crate::judge::layout::Layout;
use crate::judge::made::Made;
use crate::judge::places::Place;
use crate::judge::{digest, mashed, statistics, surroundings, words_digested};
use crate::rule::Credential;

/// So many characters of which each follows the one before are in no value that was drawn by lot.
const COUNTED: usize = 8;

/// What is as long in a table's column of passwords was digested.
const LONGEST_PASSWORD: usize = 80;

impl Case<'_> {
    /// The class that it belongs to, if most of that are no credentials of anybody.
    pub(super) fn false_class(&self, made: Made) -> Option<&'static str> {
        let is_password = self.class == Credential::Password;
        Some(match self.file {
            File::Prose | File::Manual => "what is shown to readers",
            File::Sample => "an example, or settings to be filled in",
            _ if self.is_remark() => "in a comment",
            _ if self.is_below_example() => "below a line that says it is an example",
            _ if self.is_compact() => "in a program without line ends",
            _ if self.found.link == Link::Told => "told of in a sentence",
            _ if self.is_in_code() && self.meaning == Meaning::Weak && !self.facts.is_settings_code => {
                "under a name that is seldom a credential's in a program"
            }
            _ if self.names_no_access() => "under a name that lets nobody in",
            _ if self.is_for_the_public() || self.is_to_report_to() => "a key for the public",
            _ if self.is_beside_its_secret() || self.is_who_asks() => "an id, whose secret stands beside it",
            _ if self.class == Credential::Secret
                && shown::is_of_public_client(lines::behind(self.text, self.span)) =>
            {
                "of a client that sends no secret"
            }
            _ if self.class == Credential::Token && self.is_recorded() => "a token that a program wrote down",
            _ if is_password && !self.names_a_phrase() && (self.names_a_digest(made) || self.is_digest(made)) => {
                "what remained of a password"
            }
            _ if mashed::is_mashed(self.value) || !is_password && mashed::is_along_keys(self.value) => mashed::TEXT,
            _ if is_masked(self.value) => "masked in part",
            _ if !is_password && is_of_resource(self.value) => "an id of Twilio's",
            _ if !is_password && statistics::longest_sequence(self.value) >= COUNTED => "characters that count on",
            _ if words_digested::is_of_word(self.value) => "the digest of a common word",
            _ if is_password && surroundings::is_of_escapes(self.value) => "bytes that nobody types",
            _ if self.is_in_code() && self.is_said() => "what a program says",
            _ if self.is_in_code() && self.stands_in_text() && !self.is_secret_in_query() => {
                "in a text that a program holds"
            }
            _ if self.is_in_code() && self.is_known_answer() => "a password beside its digest",
            _ if self.is_in_code() && surroundings::is_among_expectations(self.text, self.span) => {
                "in a test by its content"
            }
            _ if self.facts.is_plain_page && !is_password => "in a page",
            _ if self.is_in_record() && !is_password => "beside a time, as interfaces answer",
            _ if self.class != Credential::Secret && self.is_in_query() => "in an address",
            _ if is_password && self.is_cipher() => "whole blocks, as ciphers are",
            _ if self.is_beside_a_series() => "beside what counts through the alphabet",
            _ if !is_password && self.is_also_an_id() => "the same as the id beside it",
            _ if self.class == Credential::Token && self.found.link == Link::Following => "a token in a command",
            _ => return self.place_of_others().map(Place::text),
        })
    }

    /// The place where it is made up or somebody else's, if it is in one.
    pub(super) fn place_of_others(&self) -> Option<Place> {
        self.facts.place.filter(|place| match place {
            Place::MadeUp | Place::Release | Place::Patch => true,
            Place::App | Place::Script => self.is_key() && !self.names_a_secret(),
            Place::License => self.class == Credential::Key,
        })
    }

    /// What stands behind the mark of a comment. Whoever takes a line out of settings puts the mark before it as it is;
    /// what is shown there to be filled in stands one blank behind it: `# ADMIN_TOKEN=…`.
    fn is_remark(&self) -> bool {
        let line = self.line.trim_ascii_start();
        if self.is_in_code() {
            let is_whole = self.is_comment() || self.is_in_block();
            return is_whole || is_behind_mark(self.ahead_of_name());
        }
        if self.facts.is_makefile && memchr::memmem::find(self.ahead_of_name(), b" ## ").is_some() {
            return true;
        }
        // In these settings what holds by default stands behind the mark, as it is: `;secret_key = …`.
        if line.starts_with(b";") {
            return true;
        }
        let Some(behind) = ["#", "//", "--"].iter().find_map(|mark| line.strip_prefix(mark.as_bytes())) else {
            return false;
        };
        // Behind a mark that JSON does not have, an answer that is shown.
        let is_of_object = || matches!(behind, [b' ', ..]) && behind.trim_ascii_start().starts_with(b"\"");
        matches!(behind, [b' ', first, ..] if first.is_ascii_alphanumeric() || *first == b'_') || is_of_object()
    }

    /// `#db.password=…`: a line that was taken out of settings as it was.
    pub(super) fn is_taken_out(&self) -> bool {
        self.facts.layout == Layout::Settings
            && self.found.link == Link::Given
            && self.line.trim_ascii_start().starts_with(b"#")
            && self.ahead_of_name().trim_ascii() == b"#"
            && !self.ahead_of_name().ends_with(b" ")
    }

    /// The line up to the name.
    fn ahead_of_name(&self) -> &[u8] {
        let len = self.found.name.start.saturating_sub(self.line_start);
        &self.line[..len.min(self.line.len())]
    }

    /// As many hexadecimal digits as a digest has: in a program they are compared with what was digested, beside what
    /// is kept of a person they remained of a password. In settings they are passwords that something drew by lot.
    fn is_digest(&self, made: Made) -> bool {
        made == Made::Hex && (self.is_in_code() || self.is_of_a_person() && digest::is_as_long(self.value))
            || self.is_in_code() && digest::is_sha1_in_base64(self.value)
            || made == Made::Random
                && (self.has_salt() || self.found.link == Link::Placed && self.value.len() >= LONGEST_PASSWORD)
    }

    /// Without quotes of its own, in a program: what it says, or documentation that stands in it.
    fn is_said(&self) -> bool {
        let is_bare = self.found.quote == Quote::Bare && !self.is_in_string();
        is_bare && !self.is_exported() && !matches!(self.found.link, Link::Default | Link::Following)
    }
}

impl Case<'_> {
    /// `https://host/token?secret=…`: what an app signs itself in with.
    fn is_secret_in_query(&self) -> bool {
        self.class == Credential::Secret && self.is_in_query()
    }

    /// Whole blocks in base64, as ciphers are. In settings, 32 bytes are what somebody drew by lot.
    fn is_cipher(&self) -> bool {
        let is_drawn = || self.value.len() == 44 && self.facts.layout == Layout::Settings;
        let is_of_settings = self.is_in_list() || self.file == File::Settings && is_drawn();
        digest::is_of_blocks(self.value) && !is_of_settings && !self.is_of_a_login()
    }

    /// 16 bytes in base64 beside the user's name: a password that a server drew, or less often the MD5 of one.
    pub(super) fn is_of_a_login(&self) -> bool {
        self.value.len() == 24
            && digest::is_of_blocks(self.value)
            && lines::neighbours(self.text, self.span).into_iter().flatten().any(lines::names_a_user)
    }

    /// `cache.acme.io:6380,password=…`: in a list of settings that says which host lets it in.
    pub(super) fn is_beside_its_host(&self) -> bool {
        begins_with_host(self.ahead_of_name())
    }

    /// `host:6380,password=…,ssl=True`: among settings that one literal has side by side.
    fn is_in_list(&self) -> bool {
        matches!(self.ahead_of_name(), [.., b',' | b';'])
    }
}

/// `value="cache.acme.io:6380,abort=no,`: whether what stands before a name is a list of settings that begins with a host and
/// its port.
fn begins_with_host(ahead: &[u8]) -> bool {
    let Some((first, b",")) = memchr::memchr(b',', ahead).map(|at| (&ahead[..at], &ahead[ahead.len() - 1..])) else {
        return false;
    };
    let start = first.iter().rposition(|b| !b.is_ascii_alphanumeric() && !b".-:".contains(b)).map_or(0, |at| at + 1);
    let Some(colon) = memchr::memchr(b':', &first[start..]) else { return false };
    let (host, port) = first[start..].split_at(colon);
    host.contains(&b'.') && host.iter().any(u8::is_ascii_alphabetic) && (3..=6).contains(&port.len())
}

/// `AC` or `SK` and 32 hexadecimal digits: it names an account or a key, whose secret is another.
fn is_of_resource(value: &[u8]) -> bool {
    let is_digit = |b: &u8| b.is_ascii_digit() || (b'a'..=b'f').contains(b);
    value.len() == 34 && value[..2].iter().all(u8::is_ascii_uppercase) && value[2..].iter().all(is_digit)
}

/// `ACME-----k8`: hyphens for what was left out.
fn is_masked(value: &[u8]) -> bool {
    memchr::memmem::find(value, b"-----").is_some() && memchr::memmem::find(value, b"-----BEGIN").is_none()
}

/// Whether a comment begins on the line, behind a statement: `protect_from_forgery # :secret => '…'`.
fn is_behind_mark(ahead: &[u8]) -> bool {
    let marks = [&b" # "[..], b" #:", b" // "];
    let Some(at) = marks.iter().filter_map(|mark| memchr::memmem::find(ahead, mark)).min() else { return false };
    [b'"', b'\''].iter().all(|quote| ahead[..at].iter().filter(|b| *b == quote).count() % 2 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_begin_with_a_host_are_seen() {
        assert!(begins_with_host(b"  <Setting value=\"cache.acme.io:6380,"));
        assert!(begins_with_host(b"REDIS=cache.acme.io:6380,abort=no,"));
        assert!(!begins_with_host(b"localhost:6380,"));
        assert!(!begins_with_host(b"user: a.b, "));
    }

    #[test]
    fn comments_behind_statements_are_seen() {
        assert!(is_behind_mark(b"  protect_from_forgery # :"));
        assert!(is_behind_mark(b"call(\"x\"); // "));
        assert!(!is_behind_mark(b"call(\"a # b\", "));
        assert!(!is_behind_mark(b"url = \"https://host?"));
    }
}
