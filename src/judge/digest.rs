//! What stands in a password's place when it is digested or enciphered: told by how such values are written.

/// How the digests of passwords begin.
const STARTS: &[&str] = &[
    "$1$",
    "$1c$",
    "$$2",
    "$$apr1$$",
    "\\$1\\$",
    "\\$2",
    "\\$5\\$",
    "\\$6\\$",
    "$2a$",
    "$2b$",
    "$2y$",
    "$5$",
    "$6$",
    "$7$",
    "$y$",
    "$gy$",
    "$S$",
    "$wp$2",
    "$shiro1$",
    "$krb5",
    "$apr1$",
    "$argon2",
    "$pbkdf2",
    "$scrypt$",
    "$P$",
    "$H$",
    "pbkdf2_",
    "pbkdf2:",
    "scrypt:",
    "grub.pbkdf2.",
    "AQAAAAEAACcQAAAAE",
    "AQAAAAIAAYagAAAAE",
    "{SSHA",
    "{SHA}",
    "{PBKDF2",
    "{PKCS5S2}",
    "{pbkdf2}",
    "{scrypt}",
    "{argon2",
    "{MD5}",
    "{SMD5}",
    "{CRYPT}",
    "{bcrypt}",
    "md5$",
    "{noop}$2",
    "sha1$",
    "sha256$",
    "bcrypt$",
    "argon2$",
    "SCRAM-SHA-",
];

/// `$2y$10$…`, `$argon2id$…`, `pbkdf2_sha256$…`, `{SSHA}…`; alone or behind a user's name, as in `.htpasswd`;
/// MySQL's `*` and PostgreSQL's `md5` before hexadecimal digits.
pub(super) fn is_of_password(value: &[u8]) -> bool {
    let is_one = |value: &[u8]| value.len() >= 24 && STARTS.iter().any(|start| value.starts_with(start.as_bytes()));
    let behind_user = memchr::memchr(b':', value).map(|colon| &value[colon + 1..]);
    let is_hex = |rest: &[u8], len: usize| rest.len() == len && rest.iter().all(u8::is_ascii_hexdigit);
    is_one(value)
        || behind_user.is_some_and(is_one)
        || value.strip_prefix(b"*").is_some_and(|rest| is_hex(rest, 40))
        || value.strip_prefix(b"md5").is_some_and(|rest| is_hex(rest, 32))
}

/// `%^%#…%^%#`: the same four marks before and behind, as routers write what they enciphered.
pub(super) fn is_enciphered(value: &[u8]) -> bool {
    let len = value.len();
    len >= 24
        && value[..4] == value[len - 4..]
        && value[..4].iter().all(u8::is_ascii_punctuation)
        && value[..4].iter().any(|b| *b != value[0])
}

/// The key id or the fingerprint of an OpenPGP key: 16 or 40 hexadecimal digits, always in capitals.
pub(super) fn is_openpgp_id(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"0x").unwrap_or(value);
    matches!(value.len(), 16 | 40) && value.iter().all(|b| b.is_ascii_digit() || matches!(b, b'A'..=b'F'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_passwords_are_told_by_their_notation() {
        let hex = "9F8B2C7D".repeat(5);
        let bcrypt = format!("$2y$10${}", "a1B2".repeat(13));
        for value in [
            bcrypt.clone(),
            format!("registry:{bcrypt}"),
            format!("*{hex}"),
            format!("md5{}", &hex[..32].to_ascii_lowercase()),
            format!("SCRAM-SHA-256$4096:{}", "Ab12".repeat(8)),
        ] {
            assert!(is_of_password(value.as_bytes()), "{value}");
        }
        for value in ["hunter2", "md5", "*star*", "user:Welcome1!Welcome1!Welcome"] {
            assert!(!is_of_password(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn the_same_four_marks_at_both_ends_are_a_cipher() {
        let inside = "B]FgV!C#[:rcpeXB60q!*/lsT";
        assert!(is_enciphered(format!("%^%#{inside}%^%#").as_bytes()));
        assert!(!is_enciphered(format!("%^%#{inside}").as_bytes()));
        assert!(!is_enciphered(format!("****{inside}****").as_bytes()));
    }

    #[test]
    fn ids_of_openpgp_keys_are_capitals() {
        assert!(is_openpgp_id("9F8B2C7D".repeat(5).as_bytes()));
        assert!(is_openpgp_id("9F8B2C7D".repeat(2).as_bytes()));
        assert!(!is_openpgp_id("9f8b2c7d".repeat(5).as_bytes()));
        assert!(!is_openpgp_id("9F8B2C7D".repeat(4).as_bytes()));
    }
}
