//! Names as words of a command line that people copy.

use super::hostile;
use std::fmt::Write as _;

/// A name as one word that any shell takes for just that. What can't be shown, or is no UTF-8, stands as an escape that
/// `printf` reads.
pub fn word(name: &[u8]) -> String {
    match std::str::from_utf8(name).ok().filter(|text| hostile::line(name) == *text) {
        Some(text) => format!("'{}'", text.replace('\'', "'\\''")),
        None => format!("\"$(printf '{}')\"", escaped(name)),
    }
}

fn escaped(name: &[u8]) -> String {
    let mut text = String::with_capacity(name.len() * 2);
    for byte in name {
        match byte {
            b'%' => text.push_str("%%"),
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' if *byte != b'\'' => text.push(char::from(*byte)),
            _ => write!(text, "\\{byte:03o}").expect("a String can be written to"),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_name_is_one_word() {
        assert_eq!(word(b"a b.py"), "'a b.py'");
        assert_eq!(word(b"it's"), "'it'\\''s'");
        assert_eq!(word("\u{e9}t\u{e9}".as_bytes()), "'\u{e9}t\u{e9}'");
        assert_eq!(word(b"caf\xe9 100%'.py"), "\"$(printf 'caf\\351 100%%\\047.py')\"");
        assert_eq!(word(b"a\x1b\\b"), "\"$(printf 'a\\033\\\\b')\"");
    }
}
