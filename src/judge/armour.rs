//! Private keys in armour: whether what stands between BEGIN and END is a whole key.

use super::decodes::base64;
use super::surroundings::contains;

/// How an OpenSSH key begins.
const OPENSSH: &[u8] = b"openssh-key-v1\0";

/// Whether the block holds a key in full: a DER sequence that begins with a version, or an OpenSSH key. A
/// sample that was cut short for a manual ends before its own header says.
pub(super) fn is_private_key(block: &[u8]) -> bool {
    let key = base64(&armoured(block)).unwrap_or_default();
    match key.strip_prefix(OPENSSH) {
        Some(rest) => is_openssh_key(rest).unwrap_or(false),
        None => is_der_key(&key).unwrap_or(false),
    }
}

/// Words that a manual writes amid the digits of its sample, `…d8Qw^invalid DO NOT USE==`, and a program in a comment
/// beside a key that opens something.
const WARNINGS: [&str; 9] = [
    "do not use",
    "don't use",
    "never use",
    "not a real",
    "not for production",
    "for testing only",
    "for tests only",
    "example only",
    "sample only",
];

/// The words between BEGIN and END that say that the key is none to be used.
pub(super) fn warning(block: &[u8]) -> Option<&'static str> {
    let words: Vec<u8> = block.iter().map(|b| if *b == b'_' { b' ' } else { *b }).collect();
    WARNINGS.into_iter().find(|warning| contains(&words, warning))
}

/// The base64 between the BEGIN and END lines, without what wraps it: line ends, their escapes, quotes, signs
/// that join strings, the plus of a patch.
fn armoured(block: &[u8]) -> Vec<u8> {
    let body_start = memchr::memmem::find(block, b"KEY-----").map_or(0, |at| at + b"KEY-----".len());
    let body_end = memchr::memmem::rfind(block, b"-----END").unwrap_or(block.len());
    let mut text = block.get(body_start..body_end).unwrap_or_default().to_vec();
    for at in memchr::memchr_iter(b'\\', &text.clone()) {
        if matches!(text.get(at + 1), Some(b'n' | b'r' | b't')) {
            text[at + 1] = b' ';
        }
    }
    blank_breaks(&mut text);
    let lines = || text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let is_patch = lines().count() > 1 && lines().all(|line| line[0] == b'+');
    let is_digit = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    let mut base64: Vec<u8> = lines()
        .map(|line| &line[usize::from(is_patch)..])
        .flat_map(|line| line.split(|b| !is_digit(b)))
        .filter(|piece| piece.iter().any(u8::is_ascii_alphanumeric))
        .flat_map(|piece| piece.iter().copied().filter(|b| *b != b'='))
        .collect();
    if base64.len() % 4 == 1 {
        base64.pop();
    }
    base64
}

/// Puts blanks in the place of the line ends of markup: `&#10;`, `<br>`.
fn blank_breaks(text: &mut [u8]) {
    for (open, close) in [(b'&', b';'), (b'<', b'>')] {
        let mut from = 0;
        while let Some(at) = memchr::memchr(open, &text[from..]).map(|at| from + at) {
            let len = text[at..].iter().take(7).position(|b| *b == close).map_or(0, |last| last + 1);
            text[at..at + len].fill(b' ');
            from = at + 1;
        }
    }
}

/// A SEQUENCE whose first element is a small INTEGER, the version, and which is all there.
fn is_der_key(key: &[u8]) -> Option<bool> {
    let rest = key.strip_prefix(&[0x30])?;
    let (&first, rest) = rest.split_first()?;
    let (length, content) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x83 => {
            let (digits, content) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |number, &digit| number << 8 | usize::from(digit)), content)
        }
        _ => return None,
    };
    Some(content.len() >= length && length > 32 && content.starts_with(&[2, 1]))
}

/// Cipher, key derivation and its options, the number of keys, a public and a private one.
fn is_openssh_key(rest: &[u8]) -> Option<bool> {
    let (_cipher, rest) = string(rest)?;
    let (_derivation, rest) = string(rest)?;
    let (_options, rest) = string(rest)?;
    let (_public, rest) = string(rest.get(4..)?)?;
    let (private, _) = string(rest)?;
    Some(private.len() > 32)
}

/// A string of SSH: its length in four bytes, then itself.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_be_bytes(*length) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn armour(key: &[u8], separator: &str, kept: usize) -> Vec<u8> {
        let text = data_encoding::BASE64.encode(key);
        let text = &text[..text.len().min(kept)];
        let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
        let label = ["PRIVATE", "KEY-----"].join(" ");
        format!("-----BEGIN {label}{separator}{}{separator}-----END {label}", lines.join(separator)).into_bytes()
    }

    fn der(length: u16) -> Vec<u8> {
        let mut key = vec![0x30, 0x82];
        key.extend(length.to_be_bytes());
        key.extend([2, 1, 0]);
        key.extend((3..length).map(|i| (u32::from(i) * 167 % 251) as u8));
        key
    }

    fn openssh() -> Vec<u8> {
        let string = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
        let pieces =
            [string(b"none"), string(b"none"), string(b""), vec![0, 0, 0, 1], string(&[7; 51]), string(&[9; 136])];
        [OPENSSH.to_vec(), pieces.concat()].concat()
    }

    #[test]
    fn a_whole_key_is_one_however_its_lines_are_joined() {
        for separator in [
            "\n",
            "\r\n",
            "\\n",
            "\\r\\n",
            "\n    ",
            "\\n\" +\n  \"",
            "\n+",
            "\n# ",
            "\n * ",
            "\\n' .\n'",
            " ",
            "&#10;",
            "&#xD;&#xA;",
            "<br />\n",
        ] {
            assert!(is_private_key(&armour(&der(1190), separator, usize::MAX)), "{separator:?}");
            assert!(is_private_key(&armour(&openssh(), separator, usize::MAX)), "{separator:?}");
        }
    }

    #[test]
    fn words_that_warn_are_seen_and_leave_it_a_key() {
        let key = String::from_utf8(armour(&der(1190), "\n", usize::MAX)).expect("armour is text");
        assert_eq!(warning(key.as_bytes()), None);
        for words in ["^invalid DO NOT USE==\n-----END", " do_not_use\n-----END", "\n// Do not use!\n-----END"] {
            let sample = key.replace("\n-----END", words);
            assert_eq!(warning(sample.as_bytes()), Some("do not use"), "{sample}");
            assert!(is_private_key(sample.as_bytes()), "{sample}");
        }
    }

    #[test]
    fn keys_of_every_length_are_read() {
        let mut short = vec![0x30, 46, 2, 1, 0];
        short.extend([5; 43]);
        assert!(is_private_key(&armour(&short, "\n", usize::MAX)));
        let mut middle = vec![0x30, 0x81, 135, 2, 1, 0];
        middle.extend([5; 132]);
        assert!(is_private_key(&armour(&middle, "\n", usize::MAX)));
    }

    #[test]
    fn a_key_that_was_cut_short_is_none() {
        assert!(!is_private_key(&armour(&der(1190), "\n", 200)));
        assert!(!is_private_key(&armour(&openssh(), "\n", 120)));
    }

    #[test]
    fn other_things_in_armour_are_none() {
        assert!(!is_private_key(&armour(&[0x30, 0x82, 4, 0, 0x30, 0x82], "\n", usize::MAX)));
        assert!(!is_private_key(b"-----BEGIN nothing"));
        assert!(!is_private_key(b""));
    }
}
