//! Values that say where a secret is to be found: a variable, a property, a file, the name of a secret.

use super::surroundings;

/// `SENDGRID_PASSWORD`, `$PASSWORD`, `%PASSWORD%`, `:password`, `@password`.
pub(super) fn is_variable_name(value: &[u8]) -> bool {
    let is_upper = |name: &[u8]| {
        name.contains(&b'_') && name.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
    };
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    match value {
        [b'@', ..] if digits >= 3 => false,
        // `$RELEASE-KEYSTORE-PASSWORD`, as whoever wrote a workflow hoped to name one.
        [b'$', b'A'..=b'Z', name @ ..] if name.contains(&b'-') => {
            name.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
        }
        [b'$' | b'@' | b':', name @ ..] => {
            !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
        }
        name => is_upper(name),
    }
}

/// `required|string|max:50`: what Laravel asks of a field.
pub(super) fn is_form_rule(value: &[u8]) -> bool {
    let first = value.split(|b| *b == b'|').next().unwrap_or_default();
    first.len() < value.len()
        && matches!(first, b"required" | b"nullable" | b"sometimes" | b"string" | b"bail" | b"filled")
}

/// `@acme-database-password`: a secret that a service keeps under this name.
pub(super) fn is_named_secret(value: &[u8]) -> bool {
    let Some(name) = value.strip_prefix(b"@") else { return false };
    let last = name.rsplit(|b| matches!(b, b'-' | b'_')).next().unwrap_or_default();
    last.len() < name.len()
        && name.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
        && matches!(last, b"password" | b"secret" | b"key" | b"token" | b"pass" | b"url")
}

/// `tls.server.keyPassword`, `acme.keystore.pass`: words with dots between them, the last a word for a password. It is where
/// the password is to be found.
pub(super) fn is_property(value: &[u8]) -> bool {
    let mut pieces = value.rsplit(|b| *b == b'.');
    let is_word = |piece: &[u8]| piece.len() >= 2 && piece.iter().all(|b| b.is_ascii_alphabetic() || *b == b'-');
    let names = |piece: &[u8]| ["pass", "pwd", "secret"].iter().any(|word| surroundings::contains(piece, word));
    pieces.next().is_some_and(|last| is_word(last) && names(last)) && pieces.clone().count() >= 2 && pieces.all(is_word)
}

/// `$POST{password1}`, `$ML{'.password'}`: what Perl looks up.
pub(super) fn is_of_hash(value: &[u8]) -> bool {
    let Some(rest) = value.strip_prefix(b"$") else { return false };
    let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let is_open = rest.get(name) == Some(&b'{') && rest[0].is_ascii_alphabetic();
    name >= 2 && is_open && rest[name + 1..].iter().all(|b| b.is_ascii_alphanumeric() || b"_.'\"}-".contains(b))
}

/// `@localhost:5432/db`: what stands behind the password of an address that is put together.
pub(super) fn is_rest_of_address(value: &[u8]) -> bool {
    let Some(rest) = value.strip_prefix(b"@") else { return false };
    let Some(slash) = memchr::memchr(b'/', rest) else { return false };
    let mut host = rest[..slash].split(|b| *b == b':');
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let is_host = host.next().is_some_and(|name| !name.is_empty() && name.iter().all(is_name));
    is_host && host.next().is_some_and(|port| !port.is_empty() && port.iter().all(u8::is_ascii_digit))
}

/// `@secret.txt`, as commands are told to read a value from a file.
pub(super) fn is_named_file(value: &[u8]) -> bool {
    let Some(path) = value.strip_prefix(b"@") else { return false };
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"._/~-".contains(b);
    let ending = surroundings::extension(path).unwrap_or_default();
    (2..=4).contains(&ending.len()) && ending.iter().all(u8::is_ascii_lowercase) && path.iter().all(is_name)
}

pub(super) fn is_percent_variable(value: &[u8]) -> bool {
    value == b"%s" || (value.starts_with(b"%") && value.ends_with(b"%") && value.len() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_takes_and_names_of_secrets_are_no_literals() {
        assert!(is_form_rule(b"required|string|max:50") && is_form_rule(b"nullable|string"));
        assert!(!is_form_rule(b"required") && !is_form_rule(b"h0tel|string"));
        assert!(is_named_secret(b"@acme-database-password") && is_named_secret(b"@acme-west-2-password"));
        assert!(!is_named_secret(b"@acme") && !is_named_secret(b"@maple-river-42") && !is_named_secret(b"@password"));
    }

    #[test]
    fn what_stands_behind_a_password_in_an_address_is_no_literal() {
        assert!(is_rest_of_address(b"@localhost:5432/db"));
        assert!(!is_rest_of_address(b"@maple/42") && !is_rest_of_address(b"h@x:1/y"));
    }

    #[test]
    fn names_of_properties_are_no_literals() {
        for name in ["tls.server.keyPassword", "cassandra.ssl.truststore.password", "workflow.java.keystore.pass"] {
            assert!(is_property(name.as_bytes()), "{name}");
        }
        for value in ["m0ney.Talks", "my.password", "maple.river.pass42", "correct.horse.battery"] {
            assert!(!is_property(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn names_of_variables_are_no_literals() {
        for name in ["SENDGRID_PASSWORD", "$PASSWORD", ":password", "@api_key"] {
            assert!(is_variable_name(name.as_bytes()), "{name}");
        }
        for value in ["ZpcSfr8ii3", "HUNTER2", "$ecret!", "m0ney.Talks", "@someThing2019"] {
            assert!(!is_variable_name(value.as_bytes()), "{value}");
        }
    }
}
