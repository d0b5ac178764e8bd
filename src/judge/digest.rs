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
    "-pbkdf2-",
    "-hashed-",
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
    "$SHA1$",
    "sha1$",
    "sha256$",
    "bcrypt$",
    "argon2$",
    "SCRAM-SHA-",
];

/// `$2y$10$…`, `$argon2id$…`, `pbkdf2_sha256$…`, `{SSHA}…`; alone or behind a user's name, as in `.htpasswd`;
/// MySQL's `*` and PostgreSQL's `md5` before hexadecimal digits.
pub(super) fn is_of_password(value: &[u8]) -> bool {
    let is_cut = |value: &[u8]| matches!(value, [b'$', b'2', b'a' | b'b' | b'y', b'$', a, b, b'$', ..] if a.is_ascii_digit() && b.is_ascii_digit());
    let is_one = |value: &[u8]| {
        is_cut(value) || value.len() >= 24 && STARTS.iter().any(|start| value.starts_with(start.as_bytes()))
    };
    let behind_user = memchr::memchr2(b':', b'|', value).map(|colon| &value[colon + 1..]);
    let is_hex = |rest: &[u8], len: usize| rest.len() == len && rest.iter().all(u8::is_ascii_hexdigit);
    // The third format of ASP.NET's Identity: one, three numbers of four bytes, a salt and a key.
    let is_of_identity = value.len() >= 82 && value.starts_with(b"AQAAAA");
    // The second: nought, a salt of 16 bytes and a key of 32.
    let is_of_older_identity = value.len() == 68
        && value[0] == b'A'
        && data_encoding::BASE64.decode(value).is_ok_and(|bytes| bytes.len() == 49 && bytes[0] == 0);
    is_one(value)
        || is_of_identity
        || is_of_older_identity
        || names_its_way(value)
        || is_behind_its_way(value)
        || is_in_bytes(value)
        || behind_user.is_some_and(is_one)
        // Django's for an account without a password.
        || value.strip_prefix(b"!").is_some_and(|rest| rest.len() == 40 && rest.iter().all(u8::is_ascii_alphanumeric))
        || value.strip_prefix(b"*").is_some_and(|rest| is_hex(rest, 40))
        || value.strip_prefix(b"md5").is_some_and(|rest| is_hex(rest, 32))
}

/// `ImN1cnN1cyI:1bzn57:HJo7lvn9…`: a value, the time and the signature of both, as Django signs.
pub(super) fn is_signed(value: &[u8]) -> bool {
    let is_url_base64 = |part: &[u8]| part.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let parts: Vec<&[u8]> = value.split(|b| *b == b':').collect();
    matches!(parts[..], [signed, time, signature] if !signed.is_empty()
        && time.len() == 6
        && matches!(signature.len(), 27 | 43)
        && [signed, time, signature].into_iter().all(is_url_base64))
}

/// Whether hexadecimal digits are as many as a digest has: MD5, SHA-1, SHA-256, SHA-512.
pub(super) fn is_as_long(hex: &[u8]) -> bool {
    matches!(hex.len(), 32 | 40 | 64 | 128)
}

/// Whether hexadecimal digits are as many as MD5, SHA-1 or SHA-256 has, or a few less: programs that write a byte below sixteen
/// with one digit lose one of each.
pub(super) fn is_nearly_as_long(hex: &[u8]) -> bool {
    matches!(hex.len(), 27..=32 | 36..=40 | 57..=64 | 128)
}

/// Whether a value is as the crypt of old wrote digests: two characters of salt and eleven more.
pub(super) fn is_as_of_crypt(value: &[u8]) -> bool {
    value.len() == 13 && value.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/'))
}

/// Whether characters drawn by lot may be what a digest is written as: hexadecimal digits, base64 of as many bytes as one has,
/// alone or with a salt, the thirteen characters of DES, or parts between marks.
pub(super) fn may_be_one(value: &[u8]) -> bool {
    let bytes = value.iter().rposition(|b| *b != b'=').map_or(0, |last| (last + 1) * 3 / 4);
    let is_base64 = value.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=.".contains(b));
    value.iter().any(|b| b"$:".contains(b))
        || value.iter().all(u8::is_ascii_hexdigit)
        || value.len() == 13 && is_base64
        || is_base64 && (value.ends_with(b"=") || matches!(bytes, 16 | 20 | 24 | 28 | 32 | 36 | 48 | 64))
}

/// Whether a value is base64 of twenty bytes that are no text, as SHA-1 makes them.
pub(super) fn is_sha1_in_base64(value: &[u8]) -> bool {
    value.len() == 28
        && data_encoding::BASE64
            .decode(value)
            .is_ok_and(|bytes| bytes.len() == 20 && bytes.iter().any(|b| !b.is_ascii()))
}

/// Base64 of more bytes than a password has, which are no text and either whole blocks or filled up to the end: a
/// password that was enciphered.
pub(super) fn is_cipher_text(value: &[u8]) -> bool {
    value.len() > 44
        && data_encoding::BASE64.decode(value).is_ok_and(|bytes| {
            let is_whole = value.ends_with(b"=") || bytes.len() % 16 == 0;
            is_whole && bytes.iter().any(|b| !b.is_ascii())
        })
}

/// Base64, filled up to the end, of one block or more of 8 or 16 bytes that are no text, as ciphers make them.
pub(super) fn is_of_blocks(value: &[u8]) -> bool {
    value.ends_with(b"=")
        && data_encoding::BASE64
            .decode(value)
            .is_ok_and(|bytes| bytes.len() % 8 == 0 && bytes.iter().any(|b| !b.is_ascii()))
}

/// `$SHA1$DA39A3EE…`: the name of a way between `$`, and what it made.
fn names_its_way(value: &[u8]) -> bool {
    let Some(rest) = value.strip_prefix(b"$") else { return false };
    let Some(end) = memchr::memchr(b'$', rest) else { return false };
    let (way, made) = (&rest[..end], &rest[end + 1..]);
    let is_name = (2..=16).contains(&way.len()) && way.iter().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(b));
    let is_made = made.len() >= 24 && made.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=.,$-_".contains(b));
    is_name && is_made && is_algorithm(&way.to_ascii_lowercase())
}

/// `\x24326224…`: a digest of bcrypt as PostgreSQL writes bytes.
fn is_in_bytes(value: &[u8]) -> bool {
    let Some(hex) = value.strip_prefix(b"\\x").filter(|hex| hex.len() >= 16) else { return false };
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(&hex[..8]).unwrap_or_default();
    matches!(bytes[..], [b'$', b'2', b'a' | b'b' | b'y', b'$'])
}

/// `{SHA-256}{1}9f8b…`, `hmac-sha256:9f8b…`: the name of a way, in braces or before a colon, and what it made.
fn is_behind_its_way(value: &[u8]) -> bool {
    let (way, made) = match value {
        [b'{', rest @ ..] => {
            let Some(end) = memchr::memchr(b'}', rest) else { return false };
            let made = &rest[end + 1..];
            // The salt, or the times it was done.
            let salt = made.strip_prefix(b"{").and_then(|rest| memchr::memchr(b'}', rest));
            (&rest[..end], salt.map_or(made, |end| &made[end + 2..]))
        }
        _ => {
            let Some(colon) = memchr::memchr(b':', value) else { return false };
            (&value[..colon], &value[colon + 1..])
        }
    };
    let is_name = (3..=20).contains(&way.len()) && is_algorithm(&way.to_ascii_lowercase());
    is_name && made.len() >= 24 && made.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=.,$-_".contains(b))
}

/// Parts of the names of algorithms, behind which a number may stand.
const ALGORITHMS: &str = "\
    scram sha md aes des gcm cbc ctr ecb hmac rsa dsa ecdsa bcrypt scrypt argon pbkdf crypt cram digest \
    ntlm gssapi oauth xoauth oauthbearer hs rs es ps ed x blake chacha poly ripemd whirlpool kerberos ssha smd";
/// Words beside them in the names of ways to log in. With a number they are what people choose: `password123`.
const BESIDE: &str = "plain login external plus with native caching mysql password";

/// `scram-sha-256`, `aes-256-gcm`, `caching_sha2_password`: the name of an algorithm, of parts that stand in such names.
pub(super) fn is_algorithm(value: &[u8]) -> bool {
    let is_in =
        |list: &str, word: &[u8]| list.split_ascii_whitespace().any(|a| word.eq_ignore_ascii_case(a.as_bytes()));
    let is_part = |part: &[u8]| {
        let letters = part.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let (word, number) = part.split_at(letters);
        (word.is_empty() || is_in(ALGORITHMS, word) || number.is_empty() && is_in(BESIDE, word))
            && number.len() <= 4
            && number.iter().all(u8::is_ascii_digit)
    };
    value.len() <= 32
        && value.first().is_some_and(u8::is_ascii_alphabetic)
        && value.iter().any(u8::is_ascii_digit)
        && value.split(|b| b"-_/".contains(b)).all(is_part)
}

/// `~{f4f8…}`: hexadecimal digits in marked braces; `%^%#…%^%#`: the same four marks before and behind, as routers write what they enciphered; `2.…|…|…`: where a
/// cipher begins, its text and its code, in base64.
pub(super) fn is_enciphered(value: &[u8]) -> bool {
    let len = value.len();
    let is_in_braces = value.strip_prefix(b"~{").and_then(|rest| rest.strip_suffix(b"}"));
    is_in_braces.is_some_and(|inside| len >= 19 && inside.iter().all(u8::is_ascii_hexdigit))
        || is_in_parts(value)
        || is_behind_name(value)
        || is_message(value)
        || begins_as_cipher(value)
        || len >= 24
            && value[..4] == value[len - 4..]
            && value[..4].iter().all(u8::is_ascii_punctuation)
            && value[..4].iter().any(|b| *b != value[0])
}

/// `EJ[1:…:…:…]`, `ENC(…)`: what was enciphered, in brackets behind the name of who did.
fn is_behind_name(value: &[u8]) -> bool {
    let name = value.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
    let inside = match &value[name..] {
        [b'[', inside @ .., b']'] | [b'(', inside @ .., b')'] => inside,
        _ => return false,
    };
    let is_base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/=:,_-".contains(b);
    (2..=12).contains(&name)
        && value[0].is_ascii_uppercase()
        && inside.len() >= 24
        && inside.iter().all(is_base64)
        && inside.iter().any(u8::is_ascii_digit)
}

/// `…--…--…`: text, where its cipher begins and its code in base64, as Rails seals what it keeps.
fn is_message(value: &[u8]) -> bool {
    let text = String::from_utf8_lossy(value);
    let parts: Vec<usize> = text
        .split("--")
        .filter_map(|part| data_encoding::BASE64.decode(part.as_bytes()).ok().map(|bytes| bytes.len()))
        .collect();
    text.split("--").count() == 3 && matches!(parts[..], [_, 12 | 16, 16 | 32])
}

/// How ciphers begin that say by whom they were made: OpenSSL and CryptoJS, Fernet, OpenPGP, Google's KMS, Windows and
/// PowerShell.
fn begins_as_cipher(value: &[u8]) -> bool {
    const STARTS: [(&[u8], usize); 10] = [
        (b"U2FsdGVkX1", 24),
        (b"gAAAAAB", 100),
        (b"hQEMA", 200),
        (b"hQIMA", 200),
        (b"wcBMA", 200),
        (b"wcFMA", 200),
        (b"CiQA", 80),
        (b"AQAAANCMnd8BFdERjHoAwE", 60),
        (b"01000000d08c9ddf0115d111", 60),
        (b"76492d1116743f0423413b16", 60),
    ];
    STARTS.iter().any(|(start, least)| value.len() >= *least && value.starts_with(start))
}

/// The parts of a cipher in base64 between bars: blocks of sixteen bytes, behind the number of the way if there is one.
fn is_in_parts(value: &[u8]) -> bool {
    let body = match value {
        [digit, b'.', rest @ ..] if digit.is_ascii_digit() => rest,
        _ => value,
    };
    let is_part = |part: &[u8]| {
        part.len() >= 24
            && data_encoding::BASE64.decode_len(part.len()).is_ok()
            && data_encoding::BASE64.decode(part).is_ok_and(|bytes| bytes.len() % 16 == 0)
    };
    memchr::memchr(b'|', body).is_some()
        && (2..=3).contains(&body.split(|b| *b == b'|').count())
        && body.split(|b| *b == b'|').all(is_part)
}

/// The key id or the fingerprint of an OpenPGP key in any case, as those who fetch packages write it.
pub(super) fn is_fingerprint(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"0x").unwrap_or(value);
    matches!(value.len(), 8 | 16 | 40) && value.iter().all(u8::is_ascii_hexdigit)
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
            format!("1|{bcrypt}"),
            "$2a$04$zvZz1zV".to_owned(),
            format!("*{hex}"),
            format!("md5{}", &hex[..32].to_ascii_lowercase()),
            format!("SCRAM-SHA-256$4096:{}", "Ab12".repeat(8)),
            format!("$SHA1${hex}"),
            format!("$PBKDF2-SHA512$iterations=210000${hex}"),
            format!("{{SHA-256}}{{1}}{hex}"),
            format!("{{SHA512-CRYPT}}$6$rounds=70000${hex}"),
            format!("hmac-sha256:{hex}"),
            format!("\\x24326224{hex}"),
        ] {
            assert!(is_of_password(value.as_bytes()), "{value}");
        }
        for value in ["hunter2", "md5", "*star*", "user:Welcome1!Welcome1!Welcome"] {
            assert!(!is_of_password(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn digests_have_their_lengths() {
        for value in ["9f8b2c7de1a0453b", "q3/kz3RzS+hcqqu4wnYUjttydjQ=", "a1$Kx81fqvT", "rl0uE5zDqmW7."] {
            assert!(may_be_one(value.as_bytes()), "{value}");
        }
        for value in ["kV8tQ2mZx7RaWp4LcJ9sHy3NdFg6BuTeKo5i", "kV8tQ2m!x7RaWp4LcJ9s"] {
            assert!(!may_be_one(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn names_of_algorithms_are_told_from_passwords() {
        for value in ["scram-sha-256", "aes-256-gcm", "HS256", "md5", "caching_sha2_password", "pbkdf2"] {
            assert!(is_algorithm(value.as_bytes()), "{value}");
        }
        for value in
            ["hunter2", "sha", "12345678", "aes-Kx81fq", "x0B4w_6HEK72", "Welcome1", "password123", "login2024"]
        {
            assert!(!is_algorithm(value.as_bytes()), "{value}");
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
    fn ciphers_are_told_by_their_notation() {
        let base64 = "q3/kz3RzS+hcqqu4wnYUjttydjR+BWks";
        for value in [
            format!("EJ[1:{base64}:{base64}:9M3sbVn3zu23of52k==]"),
            format!("ENC({base64})"),
            format!("U2FsdGVkX1{base64}"),
            "9M3sbVn3zu23of52kV8q7w==--fMZfI3MptOYF/hXc--DmZ0X8J5aXl3Qk1rSG9wZg==".to_owned(),
        ] {
            assert!(is_enciphered(value.as_bytes()), "{value}");
        }
        for value in ["EJ[1]", "Kx81fq(vT20pQm)", "a--b--c", base64, "Pa$$w0rd[2024-and-some-more-of-it]x"] {
            assert!(!is_enciphered(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn ids_of_openpgp_keys_are_capitals() {
        assert!(is_openpgp_id("9F8B2C7D".repeat(5).as_bytes()));
        assert!(is_openpgp_id("9F8B2C7D".repeat(2).as_bytes()));
        assert!(!is_openpgp_id("9f8b2c7d".repeat(5).as_bytes()));
        assert!(!is_openpgp_id("9F8B2C7D".repeat(4).as_bytes()));
    }
}
