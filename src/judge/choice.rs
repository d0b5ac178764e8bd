//! What people choose for a secret that nothing makes for them: a word, a phrase, the name of what it is for.

use crate::assigned::name;

/// A word of small letters alone, as a password is: what a field is called has marks, what it is labelled a capital.
pub(super) fn is_plain_word(value: &[u8]) -> bool {
    value.len() >= 6 && value.iter().all(u8::is_ascii_lowercase)
}

/// `MYSQL_PASSWORD`
pub(super) fn is_variable(name: &[u8]) -> bool {
    name.contains(&b'_') && name.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
}

/// `MYSQL_PASSWORD`, `redis-password`, `_session`, `-Dpassword`: what a value is given to.
pub(super) fn is_setting(name: &[u8]) -> bool {
    let says = |word: &str| memchr::memmem::find(name, word.as_bytes()).is_some();
    let is_plain = || name.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-' | b'.'));
    is_variable(name)
        || is_plain() && ["password", "secret", "token"].into_iter().any(says)
        || matches!(name, [b'-' | b'_', rest @ ..] if rest.iter().all(|b| b.is_ascii_alphabetic() || b"_.-".contains(b)))
}

/// `POSTGRES_DB=acme`: a variable of the environment that names no credential, and its value.
pub(super) fn is_other_variable(value: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'=', value) else { return false };
    let words = name::words(&value[..at]);
    is_variable(&value[..at])
        && at + 1 < value.len()
        && !words
            .iter()
            .any(|w| matches!(w.as_str(), "password" | "pass" | "pwd" | "secret" | "token" | "key" | "auth"))
}

/// `*id002`: what YAML calls a value that stands elsewhere.
pub(super) fn is_alias(value: &[u8]) -> bool {
    matches!(value, [b'*', name @ ..] if name.len() >= 3
        && name.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-')))
}

/// `WORDPRESS_DB_PASSWORD=wordpress`
pub(super) fn is_named_after_its_service(name: &[u8], value: &[u8]) -> bool {
    is_variable(name)
        && is_plain_word(value)
        && name::words(name).first().is_some_and(|first| first.as_bytes() == value && value != b"password")
}

/// Keys for signing are no shorter, in bytes.
pub(super) const LEAST_FOR_SIGNING: usize = 32;

/// Words run together under the name of a signing key, as long as such keys have to be.
pub(super) fn is_phrase_for_signing(name: &[u8], value: &[u8]) -> bool {
    let says_signing = |word: &String| matches!(word.as_str(), "jwt" | "auth" | "signing" | "hmac");
    value.len() >= LEAST_FOR_SIGNING
        && value.iter().all(u8::is_ascii_alphanumeric)
        && value.iter().filter(|b| b.is_ascii_uppercase()).count() >= 5
        && name::words(name).iter().any(says_signing)
}

/// `026d0cae…`: begins with a digit and goes on with more letters than a number has.
pub(super) fn is_no_number(value: &[u8]) -> bool {
    value.len() >= 16
        && value[0].is_ascii_digit()
        && value[1].is_ascii_alphanumeric()
        && !matches!(value[1], b'x' | b'X')
        && value.iter().all(u8::is_ascii_alphanumeric)
        && value.iter().filter(|b| b.is_ascii_alphabetic()).count() >= 4
}

/// `P@$$w0rd`: in the text of a page, what no expression of the page's program looks like.
pub(super) fn is_no_operand(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_digit)
        && value.iter().any(|b| matches!(b, b'@' | b'#' | b'!' | b'%'))
        && !value.iter().any(|b| b"=(){}[];,.".contains(b))
}
