//! How sure a value is by how it was made and what sort of credential its name says, and what the file, the link and the
//! line take away.

use super::tells::is_in_pieces;
use super::{Case, Sure};
use crate::assigned::{Link, Quote, name::Meaning};
use crate::finding::Confidence;
use crate::judge::digest;
use crate::judge::file::File;
use crate::judge::made::{Made, classes};
use crate::judge::stock;
use crate::rule::Credential;

impl Case<'_> {
    pub(super) fn of_password(&self, made: Made) -> Option<Confidence> {
        let in_settings = self.file == File::Settings;
        let is_strong_name = self.meaning == Meaning::Strong;
        Some(match made {
            Made::Random if digest::is_cipher_text(self.value) || self.is_of_a_login() => Confidence::Medium,
            Made::Random => Confidence::High,
            Made::Strong => {
                let has_digit = self.value.iter().any(u8::is_ascii_digit);
                if self.value.len() >= 8 && classes(self.value) >= 3 && has_digit {
                    Confidence::High
                } else {
                    Confidence::Medium
                }
            }
            // In a table of users it is what remained of a password.
            Made::Hex if in_settings && self.found.link == Link::Placed || self.has_salt() => Confidence::Low,
            Made::Hex if self.is_in_rows() && digest::is_nearly_as_long(self.value) => Confidence::Low,
            Made::Hex => Confidence::Medium,
            Made::Uuid => Confidence::Low,
            Made::Weak if in_settings && is_strong_name && self.value.len() >= 8 && classes(self.value) >= 3 => {
                Confidence::Medium
            }
            Made::Weak if is_strong_name => Confidence::Low,
            // A word in a comment of settings is the stock value.
            Made::Word
                if in_settings
                    && is_strong_name
                    && self.is_plainly_tied()
                    && !self.is_label()
                    && !self.is_comment() =>
            {
                Confidence::Low
            }
            Made::Word if is_strong_name && self.is_chosen() => Confidence::Low,
            Made::Number if is_strong_name && self.found.quote != Quote::Bare && self.value.len() <= 12 => {
                Confidence::Low
            }
            Made::Number if is_strong_name && stock::is_in_force(self.candidate, self.document) => Confidence::Low,
            _ => return None,
        })
    }

    pub(super) fn of_secret(&self, made: Made) -> Option<Confidence> {
        if self.names_a_signer() && digest::is_fingerprint(self.value) {
            return None;
        }
        Some(match made {
            Made::Random => Confidence::High,
            Made::Hex if self.value.len() >= 24 => Confidence::High,
            Made::Hex | Made::Uuid => Confidence::Medium,
            Made::Strong if self.value.len() >= 8 => Confidence::Medium,
            Made::Strong => Confidence::Low,
            Made::Weak if self.meaning == Meaning::Strong && self.value.len() >= 8 => Confidence::Low,
            _ => return None,
        })
    }

    pub(super) fn of_key(&self, made: Made) -> Option<Confidence> {
        let is_id = made == Made::Hex && digest::is_openpgp_id(self.value) && !self.names_a_service();
        if is_id || self.names_a_signer() && digest::is_fingerprint(self.value) {
            return None;
        }
        Some(match made {
            Made::Random if self.value.len() >= 20 => Confidence::High,
            Made::Random => Confidence::Medium,
            Made::Hex if self.value.len() >= 32 => Confidence::High,
            Made::Hex if self.value.len() > 16 || self.names_a_service() => Confidence::Medium,
            // An id of 64 bits: of a key that signs packages, of a device.
            Made::Hex => Confidence::Low,
            Made::Uuid if !self.word.eq_ignore_ascii_case(b"key") && self.class == Credential::Key => {
                Confidence::Medium
            }
            Made::Uuid if self.class == Credential::Key => return None,
            // `ClientToken`: by which a service of Amazon's knows a request that is sent twice.
            Made::Uuid if self.words() == ["client", "token"] => return None,
            Made::Uuid => Confidence::Low,
            Made::Strong if self.value.len() >= 10 && self.meaning == Meaning::Strong => Confidence::Low,
            _ => return None,
        })
    }

    /// What the file, the link and the words of the line take away.
    pub(super) fn lowered(&self, base: Confidence, made: Made) -> Sure {
        let mut level = base;
        if self.meaning == Meaning::Weak || matches!(self.found.link, Link::Compared | Link::Default) {
            level = lower(level);
        }
        let is_of_bytes = made == Made::Hex && self.value.contains(&b',');
        if self.found.link == Link::Told || self.found.quote == Quote::Amid || self.file == File::Prose || is_of_bytes {
            level = level.min(Confidence::Medium);
        }
        // What programs record are the tokens of sessions mostly.
        if self.class == Credential::Token && self.is_recorded() {
            level = level.min(Confidence::Medium);
        }
        // A salt alone opens nothing.
        if self.words().last().is_some_and(|word| word.ends_with("salt")) {
            level = Confidence::Low;
        }
        if self.class != Credential::Password && self.is_hidden_field() {
            level = Confidence::Low;
        }
        if self.class == Credential::Token && self.is_of_a_visit() {
            level = lower(level.min(Confidence::Medium));
        }
        if made == Made::Hex && self.is_among_digests() {
            level = Confidence::Low;
        }
        if self.class == Credential::Token && self.is_signature() {
            level = Confidence::Low;
        }
        if self.is_comment() || self.is_in_block() && self.is_in_code() {
            level = match made {
                Made::Strong if self.is_taken_out() => level.min(Confidence::Medium),
                Made::Random => lower(level),
                _ => Confidence::Low,
            };
        }
        let is_short = self.value.len() < 24;
        if self.meaning == Meaning::Weak && is_short && matches!(self.class, Credential::Key | Credential::Token) {
            level = Confidence::Low;
        }
        if self.is_of_page() || self.is_passing() || self.is_told_of_a_token() {
            level = Confidence::Low;
        }
        if is_in_pieces(self.value) {
            level = level.min(Confidence::Medium);
        }
        let is_long = made == Made::Random && self.value.len() >= 20;
        let cap = match self.file {
            File::Sample | File::Prose if !is_long => Confidence::Low,
            File::Sample => Confidence::Medium,
            File::Foreign | File::Test | File::Manual | File::Translation | File::Style => Confidence::Low,
            _ if self.is_compact() && self.facts.is_page => Confidence::Low,
            _ if self.is_compact() => {
                if is_short {
                    Confidence::Low
                } else {
                    Confidence::Medium
                }
            }
            _ => Confidence::High,
        };
        let level = level.min(cap);
        if let Some(class) = self.false_class(made) {
            return (Confidence::Low, Some(class));
        }
        if self.speaks_of_a_sample() {
            return (Confidence::Low, Some("a line that says it is made up"));
        }
        if level > Confidence::Low && self.is_of_vault(made) {
            return (Confidence::High, None);
        }
        let (most, class) = self.earned(made);
        (level.min(most), class.filter(|_| most < level))
    }
}

fn lower(level: Confidence) -> Confidence {
    match level {
        Confidence::High => Confidence::Medium,
        Confidence::Medium | Confidence::Low => Confidence::Low,
    }
}
