//! What an encoded secret decodes to.

use super::{armour, openpgp, openpgp::Protection, pkcs12, placeholder, structure};
use crate::rule::{Decodes, Structure};
use data_encoding::{Encoding, Specification};
use std::sync::LazyLock;

/// The user name that SendGrid asks for when the password is a key.
const KEY_USER: &[u8] = b"apikey";

/// Base64 without padding. Bits left over at the end are not looked at: decoders ignore them.
static BASE64: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    specification.translate.from.push_str("-_");
    specification.translate.to.push_str("+/");
    specification.check_trailing_bits = false;
    specification.encoding().expect("64 different symbols and the two of the URL alphabet")
});

/// Whether the secret decodes to what is named.
pub fn holds(kind: Decodes, secret: &[u8]) -> bool {
    let login = match kind {
        Decodes::BasicUser => basic,
        Decodes::SaslPlainUser => sasl_plain,
        Decodes::PrivateKey => return armour::is_private_key(secret),
        Decodes::SealedPkcs12 => return pkcs12::is_sealed(secret),
        Decodes::OpenPgpKey => return matches!(openpgp::protection(secret), None | Some(Protection::None)),
        Decodes::LockedPgpKey => return openpgp::protection(secret) == Some(Protection::Passphrase),
        Decodes::Jwt => return structure::holds(Structure::Jwt, secret),
    };
    base64(secret).is_some_and(|text| login(&text).is_some_and(|(user, password)| is_login(user, password)))
}

/// Whether it is base64 of a login in which user and password are a word of small letters each.
pub(super) fn is_of_words(secret: &[u8]) -> bool {
    let is_word = |piece: &[u8]| !piece.is_empty() && piece.iter().all(u8::is_ascii_lowercase);
    base64(secret).is_some_and(|text| basic(&text).is_some_and(|(user, password)| is_word(user) && is_word(password)))
}

/// Decodes base64 in the standard or the URL alphabet, padded or not.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii_end();
    let end = text.iter().rposition(|&b| b != b'=').map_or(0, |last| last + 1);
    BASE64.decode(&text[..end]).ok()
}

/// `user:password`
fn basic(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', text)?;
    Some((&text[..colon], &text[colon + 1..]))
}

/// `[authorization identity] NUL user NUL password`
fn sasl_plain(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut pieces = text.splitn(3, |&b| b == 0);
    let (Some(_), Some(user), Some(password)) = (pieces.next(), pieces.next(), pieces.next()) else { return None };
    Some((user, password))
}

/// Whether it is a user's name with a password: not a key, which has a rule of its own, not JSON, and not words
/// that stand for a password.
fn is_login(user: &[u8], password: &[u8]) -> bool {
    let password = password.trim_ascii_end();
    !user.is_empty()
        && !password.is_empty()
        && is_text(user)
        && is_text(password)
        && !user.starts_with(b"{")
        && placeholder::gives_away(password, true).is_none()
        && user != KEY_USER
        && ![user, password].iter().any(|piece| is_sendgrid_key_shaped(piece))
}

fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(char::is_control))
}

fn is_sendgrid_key_shaped(text: &[u8]) -> bool {
    structure::holds(Structure::SendgridKey, text) || text.len() == 69 && text.starts_with(b"SG.") && text[25] == b'.'
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64 as STANDARD;

    fn holds_for(kind: Decodes, text: &[u8]) -> bool {
        holds(kind, STANDARD.encode(text).as_bytes())
    }

    #[test]
    fn basic_with_a_user_and_a_password_is_a_login() {
        assert!(holds_for(Decodes::BasicUser, b"alice@example.com:correct horse"));
        assert!(holds_for(Decodes::BasicUser, b"alice:with:colons\n"));
    }

    #[test]
    fn basic_with_a_key_is_not_a_login() {
        let key = format!("SG.{}.{}", "a".repeat(22), "b".repeat(43));
        assert!(!holds_for(Decodes::BasicUser, format!("apikey:{key}").as_bytes()));
        assert!(!holds_for(Decodes::BasicUser, format!("alice:{key}").as_bytes()));
        assert!(!holds_for(Decodes::BasicUser, format!("{key}:").as_bytes()));
        assert!(!holds_for(Decodes::BasicUser, b"apikey:anything"));
    }

    #[test]
    fn words_that_stand_for_a_password_are_no_login() {
        for text in [&b"username:password"[..], b"alice:<password>", b"alice:xxxxxxxx", b"alice:changeme"] {
            assert!(!holds_for(Decodes::BasicUser, text));
        }
    }

    #[test]
    fn a_login_may_be_of_words_alone() {
        let is_so = |text: &[u8]| is_of_words(STANDARD.encode(text).as_bytes());
        assert!(is_so(b"maple:river"));
        assert!(!is_so(b"maple:river7") && !is_so(b"maple") && !is_so(b"maple:"));
    }

    #[test]
    fn basic_without_a_colon_or_a_half_is_not_a_login() {
        for text in [&b"alice"[..], b"alice:", b":hunter2", b"", b"alice:\xff\xfe", b"a\x00b:c", b"{\"a\":\"b\"}"] {
            assert!(!holds_for(Decodes::BasicUser, text));
        }
    }

    #[test]
    fn sasl_plain_has_a_user_and_a_password_behind_nuls() {
        assert!(holds_for(Decodes::SaslPlainUser, b"\0alice\0hunter2"));
        assert!(holds_for(Decodes::SaslPlainUser, b"admin\0alice\0hunter2"));
        for text in [&b"\0apikey\0hunter2"[..], b"alice:hunter2", b"\0alice", b"\0\0hunter2"] {
            assert!(!holds_for(Decodes::SaslPlainUser, text));
        }
    }

    #[test]
    fn base64_is_read_in_both_alphabets_padded_or_not() {
        for text in ["+/8=", "-_8", "+/8", "-_8=\n", "-_9"] {
            assert_eq!(base64(text.as_bytes()).as_deref(), Some(&[0xfb, 0xff][..]), "{text}");
        }
        assert_eq!(base64(b"a b"), None);
        assert_eq!(base64(b"a"), None);
    }
}
