//! How a value was made: drawn by lot, made up by a person, a word, or something that is no secret at all.

use super::digest;
use super::letters;
use super::statistics::{distinct, entropy};

/// How a value was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// Drawn by lot: a key, a token, a generated password.
    Random,
    /// A password of letters, digits and marks that is no word.
    Strong,
    /// Words with digits or marks: `Welcome1!`, `hunter2`.
    Weak,
    /// Digits alone.
    Number,
    /// A word.
    Word,
    /// A UUID.
    Uuid,
    /// Hexadecimal digits as long as a digest or a key.
    Hex,
    /// The digest of a password: bcrypt, crypt, argon2 and the like.
    Digest,
    /// Something else; what.
    Other(&'static str),
}

impl Made {
    /// It in words.
    pub(super) fn text(self) -> &'static str {
        match self {
            Made::Random => "drawn by lot",
            Made::Strong => "letters, digits and marks that make no word",
            Made::Weak => "words with digits or marks",
            Made::Number => "digits",
            Made::Word => "a word",
            Made::Uuid => "a UUID",
            Made::Hex => "hexadecimal digits",
            Made::Digest => "the digest of a password",
            Made::Other(what) => what,
        }
    }
}

/// How this value was made.
pub(super) fn made(value: &[u8]) -> Made {
    if digest::is_of_password(value) {
        return Made::Digest;
    }
    if is_uuid(value) {
        return Made::Uuid;
    }
    if let Some(what) = something_else(value) {
        return Made::Other(what);
    }
    let digits = count(value, u8::is_ascii_digit);
    if digits == value.len() {
        return Made::Number;
    }
    if value.len() >= 16 && value.iter().all(u8::is_ascii_hexdigit) && digits > 1 && digits < value.len() {
        return if distinct(value) >= 7 { Made::Hex } else { Made::Other("few different digits") };
    }
    let wordy = wordiness(value);
    let is_token = value.iter().all(|b| b.is_ascii_alphanumeric() || b"-_+/=.~:".contains(b));
    let classes = classes(value);
    if value.len() >= 16 && is_token && wordy < 0.45 && distinct(value) >= 9 && entropy(value) >= 3.1 {
        let letters_alone = digits == 0 && classes < 2;
        return if letters_alone && value.len() < 20 { Made::Strong } else { Made::Random };
    }
    let letters = count(value, u8::is_ascii_alphabetic);
    if wordy < 0.5
        && letters > 0
        && (classes >= 3 || digits >= 2 && classes >= 2 && value.len() >= 8)
        && distinct(value) >= 5
    {
        return if value.len() >= 16 && entropy(value) >= 3.3 { Made::Random } else { Made::Strong };
    }
    if letters == value.len() {
        return Made::Word;
    }
    if digits > 0 || value.iter().any(|b| b"!@#$%^&*?+=".contains(b)) { Made::Weak } else { Made::Word }
}

fn count(value: &[u8], is: fn(&u8) -> bool) -> usize {
    value.iter().filter(|b| is(b)).count()
}

/// How many of small letters, capitals, digits and marks there are.
pub(super) fn classes(value: &[u8]) -> usize {
    let kinds: [fn(&u8) -> bool; 4] =
        [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit, u8::is_ascii_punctuation];
    kinds.iter().filter(|is| value.iter().any(**is)).count()
}

/// Which share of the letters and marks belongs to words. Digits that stand for letters are read as these.
pub(super) fn wordiness(value: &[u8]) -> f64 {
    let plain = runs(value);
    let read: Vec<u8> = value.iter().map(|b| letter_of(*b)).collect();
    let as_letters = if value.len() <= 24 { runs(&read) } else { 0 };
    plain.max(as_letters) as f64 / value.len().max(1) as f64
}

/// The letter that people write this digit or mark for.
fn letter_of(byte: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' | b'!' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        _ => byte,
    }
}

/// How many letters stand in runs that are words.
fn runs(value: &[u8]) -> usize {
    let mut total = 0;
    let mut start = 0;
    while start < value.len() {
        let len = value[start..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
        total += words_in(&value[start..start + len]);
        start += len.max(1);
    }
    total
}

/// How many letters of a run of letters belong to words: all in one case, or behind a capital.
fn words_in(run: &[u8]) -> usize {
    let mut total = 0;
    let mut start = 0;
    for at in 1..=run.len() {
        let breaks = at == run.len()
            || run[at].is_ascii_uppercase() && run[at - 1].is_ascii_lowercase()
            || run[at].is_ascii_lowercase() && run[at - 1].is_ascii_uppercase() && at - start > 1;
        if breaks {
            let piece = &run[start..at];
            // Letters drawn by lot pass these one time in a hundred.
            let least = match piece.len() {
                0..=3 => 0.9,
                4 | 5 => 0.4,
                6 | 7 => 0.1,
                8 | 9 => 0.0,
                10 | 11 => -0.25,
                _ => -0.6,
            };
            if piece.len() >= 3 && letters::likeness(piece) > least {
                total += piece.len();
            }
            start = at;
        }
    }
    total
}

fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// What the value is if it is no secret.
fn something_else(value: &[u8]) -> Option<&'static str> {
    let has = |mark: &str| memchr::memmem::find(value, mark.as_bytes()).is_some();
    let first = value.first().copied().unwrap_or_default();
    let last = value.last().copied().unwrap_or_default();
    if value.iter().any(u8::is_ascii_whitespace) {
        return Some("several words");
    }
    if value.iter().any(|b| *b >= 0x80 || b.is_ascii_control()) {
        return Some("text that is not ASCII");
    }
    if !value.iter().any(u8::is_ascii_alphanumeric) {
        return Some("marks alone");
    }
    if has("://") || value.starts_with(b"www.") || value.starts_with(b"//") || value.starts_with(b"mailto:") {
        return Some("an address");
    }
    if is_email(value) {
        return Some("a mail address");
    }
    if has("%s")
        || has("%d")
        || has("{}")
        || has("{0}")
        || has("{{")
        || has("}}")
        || has("%{")
        || has("#{")
        || has("${")
        || has("$(")
        || has("<%")
        || has("%v")
    {
        return Some("a format");
    }
    if has("\\w")
        || has("\\d")
        || has("\\s")
        || has("\\b")
        || has("[a-z")
        || has("[A-Z")
        || has("[0-9")
        || has("[^")
        || has("(?")
        || has(".*")
        || has(".+")
    {
        return Some("a pattern");
    }
    if first == b'<' || last == b'>' || has("</") || has("/>") {
        return Some("markup");
    }
    if is_call(value) {
        return Some("an expression");
    }
    if is_escaped(value) {
        return Some("a character");
    }
    if is_path(value) || is_list(value) {
        return Some("a path");
    }
    if is_time_or_version(value) {
        return Some("a date, a time, a version or an address");
    }
    if (first == b'#' || first == b'.')
        && value[1..].iter().all(|b| b.is_ascii_alphanumeric() || b"-_ .#>".contains(b))
        && wordiness(value) > 0.5
    {
        return Some("a selector");
    }
    is_identifier(value).then_some("an identifier")
}

fn is_email(value: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'@', value) else { return false };
    let (user, host) = (&value[..at], &value[at + 1..]);
    let is_host = host.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    let top = host.rsplit(|b| *b == b'.').next().unwrap_or_default();
    !user.is_empty()
        && user.iter().all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(b))
        && is_host
        && top.len() >= 2
        && top.len() < host.len()
        && top.iter().all(u8::is_ascii_alphabetic)
}

/// `name(…)`, `name[…]`, `a->b`, `a::b`, `a.b()`.
fn is_call(value: &[u8]) -> bool {
    let has = |mark: &[u8]| memchr::memmem::find(value, mark).is_some();
    let opens = value.iter().position(|b| matches!(b, b'(' | b'['));
    let name = opens.map_or(&[][..], |at| &value[..at]);
    let named = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || b"_.:$@-".contains(b));
    let closed = value.iter().any(|b| matches!(b, b')' | b']'));
    named && (closed || value.ends_with(b"(") || value.ends_with(b"[")) && wordiness(name) > 0.4
        || has(b"->")
        || has(b"::") && wordiness(value) > 0.5
        || matches!(value, [b'(', .., b')'] | [b'[', .., b']'] | [b'{', .., b'}'])
        || value.ends_with(b"{")
        || value.ends_with(b"(")
        || named && is_argument(&value[name.len()..])
}

/// `(name)`, `('name', other)`: names in brackets, to the end.
fn is_argument(behind: &[u8]) -> bool {
    let [b'(', inside @ .., b')'] = behind else { return false };
    inside.first().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'"' | b'\'' | b'$' | b'@'))
        && inside.iter().all(|b| b.is_ascii_alphanumeric() || b"_.,'\"$@".contains(b))
        && wordiness(inside) > 0.4
}

/// `\u2713`: nothing but one character by its number.
fn is_escaped(value: &[u8]) -> bool {
    let digits = value.strip_prefix(b"\\u").or_else(|| value.strip_prefix(b"\\x"));
    digits.is_some_and(|digits| digits.iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b'{' | b'}')))
}

fn is_path(value: &[u8]) -> bool {
    let starts =
        ["./", "../", "~/", "$HOME", "\\\\", "/etc/", "/var/", "/run/", "/tmp/", "/usr/", "/home/", "/opt/", "/mnt/"];
    if starts.iter().any(|start| value.starts_with(start.as_bytes())) {
        return true;
    }
    let is_drive = matches!(value, [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic());
    let slashes = count(value, |b| matches!(b, b'/' | b'\\'));
    let wordy = wordiness(value);
    let name = value.rsplit(|b| matches!(b, b'/' | b'\\')).next().unwrap_or_default();
    let extension = name.rsplit(|b| *b == b'.').next().unwrap_or_default();
    let has_extension = extension.len() < name.len()
        && (2..=5).contains(&extension.len())
        && extension.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && extension.iter().any(u8::is_ascii_lowercase)
        && name.len() > extension.len() + 1;
    is_drive
        || slashes > 0 && (wordy > 0.4 || value[0] == b'/' && value.len() < 24 || has_extension)
        || has_extension && wordy > 0.4 && digits_few(value)
}

/// `us-east-1/s3/aws4_request`, `tls:gtls:share`: short pieces, most of them words or numbers.
fn is_list(value: &[u8]) -> bool {
    let text = String::from_utf8_lossy(value).replace("%2F", "/").into_bytes();
    let pieces: Vec<&[u8]> = text.split(|b| b"/:.,;|".contains(b)).filter(|piece| !piece.is_empty()).collect();
    let is_plain = |piece: &&&[u8]| {
        piece.len() <= 12 && (piece.iter().all(u8::is_ascii_digit) || wordiness(piece) > 0.4 || piece.len() <= 4)
    };
    let plain: usize = pieces.iter().filter(is_plain).map(|piece| piece.len()).sum();
    pieces.len() >= 3 && plain * 10 >= text.len() * 7
}

fn digits_few(value: &[u8]) -> bool {
    count(value, u8::is_ascii_digit) * 4 <= value.len()
}

/// `2024-01-31T10:00:00Z`, `12:30`, `1.2.3-rc1`, `10.0.0.1:80`, `1_000`, `0x1f`, `-1.5e3`.
fn is_time_or_version(value: &[u8]) -> bool {
    let digits = count(value, u8::is_ascii_digit);
    let letters = count(value, u8::is_ascii_alphabetic);
    let marks = count(value, |b| matches!(b, b'.' | b':' | b'-' | b'/' | b'_' | b'+' | b','));
    let others = value.len() - digits - letters - marks;
    others == 0 && digits > 0 && marks > 0 && letters <= 2 && digits >= 2 * letters
        || matches!(value, [b'0', b'x', rest @ ..] if rest.len() <= 16 && rest.iter().all(u8::is_ascii_hexdigit))
        || others == 0 && letters > 0 && marks == 0 && digits > 0 && is_quantity(value)
}

/// `30m`, `3600s`, `10mb`.
fn is_quantity(value: &[u8]) -> bool {
    let unit = value.iter().position(|b| !b.is_ascii_digit()).map_or(&[][..], |at| &value[at..]);
    let units: [&[u8]; 16] = [
        b"s", b"ms", b"m", b"h", b"d", b"px", b"em", b"rem", b"kb", b"mb", b"gb", b"min", b"sec", b"days", b"hours",
        b"minutes",
    ];
    unit.len() < value.len() && units.iter().any(|u| unit.eq_ignore_ascii_case(u))
}

/// Words joined as in a name: `user_password`, `auth.token`, `accessToken`, `api-key`, `Foo::Bar`.
fn is_identifier(value: &[u8]) -> bool {
    let mut first = value.iter().copied();
    let starts = first.next().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'@' | b':' | b'$'));
    let joined = value
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b':' | b'@' | b'$' | b'?' | b'/'));
    let marks = value.iter().skip(1).any(|b| matches!(b, b'_' | b'.' | b'-' | b':'));
    let camel = value.windows(2).any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
    let digits = count(value, u8::is_ascii_digit);
    starts && joined && (marks || camel) && digits <= 1 && wordiness(value) + marks_share(value) > 0.7
}

fn marks_share(value: &[u8]) -> f64 {
    count(value, |b| matches!(b, b'_' | b'.' | b'-' | b':' | b'/')) as f64 / value.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_by_how_they_were_made() {
        for (value, expected) in [
            ("hunter2", Made::Weak),
            ("Welcome1!", Made::Weak),
            ("admin123", Made::Weak),
            ("P@ssw0rd2020", Made::Weak),
            ("monkey", Made::Word),
            ("83749274", Made::Number),
            ("x7Gk2pQ9", Made::Strong),
            ("tR4!kz9w", Made::Strong),
            (concat!("9f8b2c7de1a0453b", "8d6f1e2a7c904b35"), Made::Hex),
            ("123e4567-e89b-12d3-a456-426614174000", Made::Uuid),
            (concat!("hJ8kQ2mZ", "x9Lp4Rt7Vb3N"), Made::Random),
        ] {
            assert_eq!(made(value.as_bytes()), expected, "{value}");
        }
    }

    #[test]
    fn what_is_no_secret_is_told() {
        for value in [
            "user_password",
            "auth.token",
            "accessToken",
            "https://example.com/x",
            "me@example.com",
            "2024-01-31",
            "10.0.0.1",
            "1.2.3-rc1",
            "getPassword()",
            "./keys/id_rsa",
            "secrets/prod.yml",
            "#password",
            "^[a-z]+$",
            "Hello %s",
            "enter your password",
            "com.acme.Token",
            "30m",
        ] {
            assert!(matches!(made(value.as_bytes()), Made::Other(_)), "{value}: {:?}", made(value.as_bytes()));
        }
    }
}
