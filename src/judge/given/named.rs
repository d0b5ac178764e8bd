//! What the name of a credential says of whom it is for.

use super::Case;
use crate::judge::made::Made;
use crate::judge::{digest, public};
use crate::rule::Credential;

/// Words beside `secret` that say whose or what for it is.
const OF_SECRETS: &str =
    "client consumer app application access api cookie session jwt key token oauth otp bot corp merchant signing hmac";

impl Case<'_> {
    /// A key whose name says that it goes out to everybody.
    pub(super) fn is_for_the_public(&self) -> bool {
        let is_named = || {
            public::is_bundled(self.name)
                || self.names_the_public()
                || self.facts.is_of_public_service && !self.names_a_secret()
        };
        self.class != Credential::Password && self.names_a_tag_manager() || self.is_key() && is_named()
    }

    /// `google_tag_manager_auth`: what a page sends to be given its tags.
    fn names_a_tag_manager(&self) -> bool {
        self.words().windows(2).any(|pair| pair[0] == "tag" && pair[1] == "manager")
            || self.words().iter().any(|word| word == "gtm")
    }

    /// A key or a token.
    pub(super) fn is_key(&self) -> bool {
        matches!(self.class, Credential::Key | Credential::Token)
    }

    /// `clientSecretKey`, `private_api_key`, `AUTH_KEY`: no key of this kind is for everybody.
    pub(super) fn names_a_secret(&self) -> bool {
        self.words().iter().any(|word| matches!(word.as_str(), "secret" | "private" | "auth" | "master"))
    }

    /// `private_api_key`, `MASTER_KEY`: what its owner keeps. Programs give names with `auth` to what they hand out.
    pub(super) fn names_what_is_kept(&self) -> bool {
        self.words().iter().any(|word| matches!(word.as_str(), "secret" | "private" | "master"))
    }

    /// `client_secret`, `SECRET_KEY`: not merely a secret, but one to log in or to sign with.
    pub(super) fn names_whose_secret(&self) -> bool {
        let words = self.words();
        let is_of = |word: &String| OF_SECRETS.split_ascii_whitespace().any(|known| known == word);
        words.iter().any(is_of)
    }

    /// `CONSUMER_KEY`, `activation_key`, `PRODUCT_KEYS`: whose something is, what a person is sent once, or what was bought.
    pub(super) fn names_no_access(&self) -> bool {
        let is_such = |pair: &[String]| {
            matches!(pair[1].as_str(), "key" | "keys")
                && matches!(pair[0].as_str(), "consumer" | "activation" | "product" | "invitation")
        };
        self.class == Credential::Key && self.words().windows(2).any(is_such)
    }

    /// `PASSWORD_SHA_512`, `passhash`, `htpasswd` with what crypt makes: what was made of a password, unless no digest is written so.
    pub(super) fn names_a_digest(&self, made: Made) -> bool {
        let is_such = |word: &String| {
            matches!(word.as_str(), "sha" | "md" | "bcrypt" | "pbkdf" | "scrypt" | "argon" | "digest" | "hashed")
                || word.ends_with("hash")
                || word == "htpasswd" && digest::is_as_of_crypt(self.value)
        };
        let is_kind = || self.words().last().is_some_and(is_such);
        self.class == Credential::Password
            && self.words().iter().any(is_such)
            && (made != Made::Random || is_kind() || digest::may_be_one(self.value))
    }

    /// `passphrase`: what opens a key, of which no digest is kept.
    pub(super) fn names_a_phrase(&self) -> bool {
        self.word.to_ascii_lowercase().starts_with(b"passphrase")
    }

    /// `rstudio_apt_key`, `gpg_key`: a key that packages are signed with, which is known by its id.
    pub(super) fn names_a_signer(&self) -> bool {
        let is_such = |word: &String| matches!(word.as_str(), "gpg" | "pgp" | "openpgp" | "apt" | "keyring" | "sign");
        matches!(self.class, Credential::Key | Credential::Secret) && self.words().iter().any(is_such)
    }

    /// `SEGMENT_WRITE_KEY`, `mixpanel_token`
    fn names_the_public(&self) -> bool {
        let words = self.words();
        let is_to_manage = |word: &String| matches!(word.as_str(), "admin" | "server" | "personal" | "management");
        if self.names_a_secret() || words.iter().any(is_to_manage) {
            return false;
        }
        let is_to_write = words.windows(2).any(|pair| pair[0] == "write" && pair[1] == "key");
        is_to_write || words.iter().any(|word| public::is_service(word))
    }

    /// Whether the name says that the key opens something, and is not merely a key.
    pub(super) fn names_a_service(&self) -> bool {
        let says = |word: &String| {
            matches!(
                word.as_str(),
                "api" | "apikey" | "access" | "auth" | "app" | "account" | "secret" | "token" | "service"
            )
        };
        self.words().iter().any(says)
    }
}
