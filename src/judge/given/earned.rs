//! How sure a class of findings may be. What is not known is of the lower level: a class is of medium confidence or high
//! because so many of it that were read were credentials of somebody, not because nothing speaks against it. The shares
//! stand in `docs/generic.md`.

use super::{Case, Sure, lines};
use crate::assigned::{Link, Quote, name::Meaning};
use crate::finding::Confidence;
use crate::judge::file::File;
use crate::judge::layout::Layout;
use crate::judge::made::Made;
use crate::judge::{digest, surroundings};
use crate::rule::Credential;

impl Case<'_> {
    /// The most that the class of the finding lets it be, and what keeps it from being surer.
    pub(super) fn earned(&self, made: Made) -> Sure {
        if self.is_sure_class(made) {
            (Confidence::High, None)
        } else if self.is_fair_class(made) {
            (Confidence::Medium, Some(self.short_of_sure()))
        } else {
            (Confidence::Low, Some("of a class that is not known to be real mostly"))
        }
    }

    /// What keeps a finding of a fair class from being sure.
    fn short_of_sure(&self) -> &'static str {
        if self.is_key() {
            "a key or a token, which may be for everybody"
        } else if self.is_in_archive() {
            "in an archive or a database"
        } else if self.has_words_of_samples() {
            "with words in it that samples have"
        } else if self.file == File::Settings && self.facts.layout != Layout::Settings {
            "in a file of more than settings"
        } else {
            "of a class that is real mostly, not always"
        }
    }

    /// Whether it is of a class of which nineteen in twenty are real, and more.
    fn is_sure_class(&self, made: Made) -> bool {
        let is_by_lot = matches!(made, Made::Random | Made::Hex);
        let is_given = self.found.link == Link::Given && matches!(self.found.quote, Quote::Quoted | Quote::Bare);
        let is_literal = matches!(self.found.link, Link::Given | Link::Argument) && self.found.quote == Quote::Quoted;
        if self.meaning != Meaning::Strong
            || self.is_in_archive()
            || self.facts.place.is_some()
            || self.has_words_of_samples()
            || self.may_be_of_crypt()
            || lines::is_among_kin(self.text, self.span)
        {
            return false;
        }
        match (self.file, self.class) {
            (File::Settings, Credential::Password) => {
                self.facts.layout == Layout::Settings && is_given && matches!(made, Made::Random | Made::Strong)
                    || made == Made::Random && self.is_beside_its_host()
            }
            (File::Settings, Credential::Secret) => {
                self.facts.layout == Layout::Settings && is_given && is_by_lot && self.says_secret()
            }
            (File::Code, Credential::Password) => is_literal && made == Made::Random,
            (File::Code, Credential::Secret) => {
                let is_of_letters = || self.value.iter().all(u8::is_ascii_alphabetic);
                is_literal
                    && self.says_secret()
                    && (made == Made::Hex || made == Made::Random && self.names_whose_secret() && !is_of_letters())
            }
            _ => false,
        }
    }

    /// In a file that is called a vault and lies open, whatever sort of credential it is: what such a file holds was meant to
    /// be enciphered.
    pub(super) fn is_of_vault(&self, made: Made) -> bool {
        let is_given = self.found.link == Link::Given && matches!(self.found.quote, Quote::Quoted | Quote::Bare);
        let is_made = matches!(made, Made::Random | Made::Hex | Made::Uuid);
        self.facts.is_vault
            && self.file == File::Settings
            && self.facts.place.is_none()
            && is_given
            && is_made
            && !self.is_in_archive()
            && !self.is_comment()
            && !self.has_words_of_samples()
    }

    /// Whether it is of a class of which four in five are real, and more.
    fn is_fair_class(&self, made: Made) -> bool {
        let is_by_lot = matches!(made, Made::Random | Made::Hex);
        let is_key = || matches!(self.class, Credential::Secret | Credential::Key);
        match self.file {
            // What programs keep in their databases and archives are sessions mostly.
            File::Settings if self.is_in_archive() && self.class == Credential::Token => false,
            File::Settings => match self.facts.layout {
                Layout::Settings | Layout::Markup | Layout::Commands => true,
                Layout::Rows => !self.is_key(),
                Layout::Unknown => is_key() && is_by_lot,
                Layout::Log => false,
            },
            File::Code => match self.class {
                Credential::Password => true,
                Credential::Secret => is_by_lot || self.facts.is_settings_code,
                Credential::Key | Credential::Token => {
                    self.facts.is_settings_code
                        || self.names_what_is_kept()
                        || is_by_lot && self.is_told_by_the_program()
                }
            },
            _ => false,
        }
    }

    /// `ansible_user_password`: for the account of a machine, thirteen characters may be what crypt made of a password.
    fn may_be_of_crypt(&self) -> bool {
        self.class == Credential::Password
            && digest::is_as_of_crypt(self.value)
            && self.words().iter().any(|word| word == "user")
    }

    /// By its cast, or by its other half on a line next to it.
    fn is_told_by_the_program(&self) -> bool {
        let is_long = self.value.len() >= 20 && self.found.quote == Quote::Quoted && self.found.link == Link::Given;
        self.is_called_a_bearer() || is_long && lines::has_half_beside(self.text, self.span, self.name)
    }

    /// `const token = '…' as Bearer`: the program says what sort of token it is.
    fn is_called_a_bearer(&self) -> bool {
        let behind = lines::behind(self.text, self.span);
        let cast = behind.get(1..).and_then(|rest| rest.strip_prefix(b" as ")).unwrap_or_default();
        let len = cast.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let kind = &cast[..len];
        self.found.quote == Quote::Quoted
            && [&b"Bearer"[..], b"BearerToken", b"AccessToken", b"ApiKey", b"ApiToken"].contains(&kind)
    }

    /// The name says it in so many letters. What others mean, `tag_manager_auth`, `encryption_key`, may be public.
    fn says_secret(&self) -> bool {
        surroundings::contains(self.name, "secret")
    }

    /// `repmgrPassword123!4`, `mySecretKey12345678`: what is made of words that say what it is, as samples are.
    fn has_words_of_samples(&self) -> bool {
        const WORDS: [&str; 8] = ["passw", "secret", "sample", "example", "change", "dummy", "demo", "test"];
        WORDS.iter().any(|word| surroundings::contains(self.value, word))
    }
}
