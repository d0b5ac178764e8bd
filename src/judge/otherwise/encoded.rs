//! What is public, and what an encoding gives away: keys for everybody, files in base64, halves of a JWT, escapes.

/// `\u7528\u6237`: escapes of characters beyond ASCII alone, as Java's properties have their labels.
pub(super) fn is_of_escapes(value: &[u8]) -> bool {
    let escapes = value.chunks(6);
    let is_beyond = |escape: &[u8]| {
        escape.len() == 6
            && escape.starts_with(b"\\u")
            && escape[2..].iter().all(u8::is_ascii_hexdigit)
            && !escape[2..].starts_with(b"00")
    };
    value.len() >= 12 && escapes.into_iter().all(is_beyond)
}

/// `utf-8`, `ISO-8859-1`
pub(super) fn is_encoding(value: &[u8]) -> bool {
    const FAMILIES: [&[u8]; 5] = [b"utf", b"iso-8859", b"iso8859", b"windows-12", b"latin"];
    let family = FAMILIES.iter().find(|f| value.get(..f.len()).is_some_and(|start| start.eq_ignore_ascii_case(f)));
    family.is_some_and(|f| {
        let rest = &value[f.len()..];
        !rest.is_empty()
            && rest.len() <= 4
            && rest
                .iter()
                .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'l' | b'e' | b'b' | b'L' | b'E' | b'B'))
    })
}

/// What services hand out to be shown to everybody, and public keys in DER.
pub(super) fn is_public(value: &[u8]) -> bool {
    const STARTS: [&str; 13] = [
        "pk_",
        "pk.",
        "phc_",
        "pub-",
        "pubkey",
        "AAAAB3NzaC1",
        "AAAAC3NzaC1",
        "AAAAE2VjZHNh",
        "MFkwEwYHKoZIzj",
        "MIIBIjANBg",
        "MIGfMA0GCSqGSIb",
        "MCowBQYDK2Vw",
        "MIICIjANBg",
    ];
    let is_prefixed =
        matches!(value, [b'p', b'u', b'b', hex @ ..] if hex.len() == 32 && hex.iter().all(u8::is_ascii_hexdigit));
    // `proj_pub_…`: what its maker calls public.
    let says_so = || {
        let head = &value[..value.len().min(20)];
        [&b"_pub_"[..], b"-pub-", b"_public_", b"-public-", b"_publishable_"]
            .iter()
            .any(|word| memchr::memmem::find(head, word).is_some())
    };
    is_prefixed
        || value.len() >= 20 && says_so()
        || STARTS.iter().any(|start| value.starts_with(start.as_bytes())) && value.len() >= 20
        || is_public_in_digits(value)
        || is_of_minisign(value)
}

/// `RW` and 54 more: the two letters that Ed25519 is called by, the id and the public key, as minisign and signify write them.
fn is_of_minisign(value: &[u8]) -> bool {
    value.len() == 56 && value.starts_with(b"RW") && data_encoding::BASE64.decode(value).is_ok()
}

/// `30819f300d0609…`: a public key in DER as hexadecimal digits. A private one has its version first.
fn is_public_in_digits(value: &[u8]) -> bool {
    let is_digits = value.len() >= 80 && value.starts_with(b"30") && value.iter().all(u8::is_ascii_hexdigit);
    is_digits
        && [4, 6, 8].into_iter().any(|at| {
            // A sequence, and in it what names an algorithm.
            value[at..].starts_with(b"30") && value[at + 4..].starts_with(b"06")
        })
}

/// A point of the curve P-256 or its kin, which is a public key: 65 bytes in hexadecimal or base64, of which the first
/// is 4, or 33, of which the first is 2 or 3, in hexadecimal.
pub(super) fn is_point(value: &[u8]) -> bool {
    let is_hex = || value.iter().all(u8::is_ascii_hexdigit);
    match value.len() {
        130 => value.starts_with(b"04") && is_hex(),
        66 => (value.starts_with(b"02") || value.starts_with(b"03")) && is_hex(),
        87 | 88 if value[0] == b'B' => {
            let plain = value.strip_suffix(b"=").unwrap_or(value);
            let url = data_encoding::BASE64URL_NOPAD.decode(plain);
            url.or_else(|_| data_encoding::BASE64_NOPAD.decode(plain))
                .is_ok_and(|bytes| bytes.len() == 65 && bytes[0] == 4)
        }
        _ => false,
    }
}

/// `0x` and 40 hexadecimal digits: an account or a contract of a blockchain of Ethereum's kind. Its key has 64.
pub(in crate::judge) fn is_account(value: &[u8]) -> bool {
    value.strip_prefix(b"0x").is_some_and(|hex| hex.len() == 40 && hex.iter().all(u8::is_ascii_hexdigit))
}

/// What begins as a file or an object does, in base64; and a JWT without a signature, or the middle of one.
pub(super) fn is_something_encoded(value: &[u8]) -> Option<&'static str> {
    let starts = ["rO0AB", "iVBORw0KGgo", "R0lGOD", "/9j/4", "UEsDB", "JVBERi0", "AAEAAAD/////", "gASV"];
    if value.len() >= 24 && starts.iter().any(|start| value.starts_with(start.as_bytes())) {
        return Some("a file or an object in base64");
    }
    if value.starts_with(b"eyJ") && !value.contains(&b'.') && is_head_of_jwt(value) {
        return Some("the head of a JWT");
    }
    let is_half = (value.starts_with(b".eyJ") || value.starts_with(b"eyJ") && value.ends_with(b"."))
        && value.iter().filter(|b| **b == b'.').count() == 2;
    is_half.then_some("a JWT without its signature")
}

/// `{"alg":"HS256","typ":"JWT"}` in base64.
fn is_head_of_jwt(value: &[u8]) -> bool {
    let decoded = data_encoding::BASE64URL_NOPAD.decode(value).unwrap_or_default();
    decoded.len() < 100 && decoded.ends_with(b"}") && memchr::memmem::find(&decoded, b"\"alg\":").is_some()
}
