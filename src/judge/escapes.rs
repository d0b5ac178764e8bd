//! A value without its escapes: what a text for people or a string of bytes says once a program has read it.

/// Entities of pages for characters of ASCII; any other name stands for one beyond it.
const ENTITIES: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];

/// The value with `\u00f5`, `\x6d`, `&#351;` and `&nbsp;` undone, if it has any and text comes of it.
pub(super) fn undone(value: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr2(b'\\', b'&', value)?;
    let (mut plain, mut at, mut is_escaped) = (Vec::with_capacity(value.len()), 0, false);
    while at < value.len() {
        let escape = match value[at] {
            b'\\' => of_string(&value[at + 1..]),
            b'&' => of_page(&value[at + 1..]),
            _ => None,
        };
        match escape {
            Some((character, len)) => {
                plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                (at, is_escaped) = (at + 1 + len, true);
            }
            None => {
                plain.push(value[at]);
                at += 1;
            }
        }
    }
    let end = plain.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
    plain.truncate(end);
    let is_text = end > 0 && !plain.iter().any(u8::is_ascii_control);
    (is_escaped && is_text).then_some(plain)
}

/// `u00f5`, `u{f5}`, `U000000f5`, `x6d` behind a backslash, and how long that is.
fn of_string(behind: &[u8]) -> Option<(char, usize)> {
    match behind {
        [b'u', b'{', rest @ ..] => {
            let len = memchr::memchr(b'}', &rest[..rest.len().min(8)])?;
            Some((number(&rest[..len], 16)?, len + 3))
        }
        [b'U', rest @ ..] => Some((number(rest.get(..8)?, 16)?, 9)),
        [b'u', rest @ ..] => Some((number(rest.get(..4)?, 16)?, 5)),
        [b'x', rest @ ..] => number(rest.get(..2)?, 16).filter(char::is_ascii).map(|character| (character, 3)),
        _ => None,
    }
}

/// `#351;`, `#x15f;`, `nbsp;` behind an ampersand, and how long that is.
fn of_page(behind: &[u8]) -> Option<(char, usize)> {
    let len = memchr::memchr(b';', &behind[..behind.len().min(9)])?;
    let character = match &behind[..len] {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        name if len >= 2 && name.iter().all(u8::is_ascii_alphabetic) => ENTITIES
            .iter()
            .find(|(entity, _)| name == entity.as_bytes())
            .map_or('\u{fffd}', |(_, character)| *character),
        _ => return None,
    };
    Some((character, len + 1))
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    let digits = is_number.then(|| std::str::from_utf8(digits).ok())??;
    char::from_u32(u32::from_str_radix(digits, radix).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_strings_and_pages_are_undone() {
        for (value, plain) in [
            ("Jelsz\\u00F3", "Jelszó"),
            ("&#350;ifre", "Şifre"),
            ("Senha&#8230;", "Senha…"),
            ("\\x6d\\x61\\x73\\x74\\x65\\x72\\x20key", "master key"),
            ("1.3.6.1\\x00", "1.3.6.1"),
            ("\\U00010450\\U00010468", "\u{10450}\u{10468}"),
            ("a\\u{1F600}b", "a\u{1F600}b"),
            ("R&amp;D-7", "R&D-7"),
        ] {
            assert_eq!(undone(value.as_bytes()).as_deref(), Some(plain.as_bytes()), "{value}");
        }
    }

    #[test]
    fn what_has_no_escape_or_holds_bytes_is_left_alone() {
        for value in ["hunter2", "a\\b&c", "\\x01\\x9f\\x02", "x\\u00", "R&D;7", "&#;", "\\xzz"] {
            assert_eq!(undone(value.as_bytes()), None, "{value}");
        }
    }
}
