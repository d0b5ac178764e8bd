//! The text that a value's escapes stand for: what a translation has for letters beyond ASCII.

/// The longest name or number between `&` and `;`.
const LONGEST_ENTITY: usize = 8;
/// The entities that texts have beside numbers.
const ENTITIES: [(&[u8], char); 7] =
    [(b"amp", '&'), (b"quot", '"'), (b"apos", '\''), (b"lt", '<'), (b"gt", '>'), (b"nbsp", '\u{a0}'), (b"hellip", '…')];

/// The value with `\u0142`, `\x41`, `&#322;` and `&nbsp;` undone, if there are any and they make a text. Bytes that
/// make none are a key's.
pub(super) fn undone(value: &[u8]) -> Option<String> {
    memchr::memchr2(b'\\', b'&', value)?;
    let value = std::str::from_utf8(value).ok()?;
    let (mut plain, mut rest, mut found) = (String::with_capacity(value.len()), value, false);
    while let Some(first) = rest.chars().next() {
        let (character, len) = match escaped(rest.as_bytes()) {
            Some((character, len)) => (character, len),
            None => (first, 0),
        };
        found |= len > 0;
        plain.push(character);
        rest = &rest[if len > 0 { len } else { first.len_utf8() }..];
    }
    let is_text = || plain.chars().all(|c| !c.is_control());
    (found && is_text()).then_some(plain)
}

/// The character that is escaped at the start, and how many bytes that takes.
fn escaped(text: &[u8]) -> Option<(char, usize)> {
    let number = |digits: &[u8], base: u32| {
        let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.is_empty())?;
        char::from_u32(u32::from_str_radix(digits, base).ok()?)
    };
    match text {
        [b'\\', b'u' | b'U', rest @ ..] => Some((number(rest.get(..4)?, 16)?, 6)),
        // A byte beyond ASCII is no character.
        [b'\\', b'x', rest @ ..] => Some((number(rest.get(..2)?, 16).filter(char::is_ascii)?, 4)),
        [b'&', rest @ ..] => {
            let end = rest.iter().take(LONGEST_ENTITY + 1).position(|b| *b == b';')?;
            let character = match &rest[..end] {
                [b'#', b'x' | b'X', digits @ ..] => number(digits, 16),
                [b'#', digits @ ..] => number(digits, 10),
                name => ENTITIES.iter().find(|(known, _)| known == &name).map(|(_, character)| *character),
            };
            Some((character?, end + 2))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_where_they_make_a_text() {
        for (value, text) in [
            ("Has\\u0142o", "Hasło"),
            ("&#350;ifre", "Şifre"),
            ("Passwort&#8230;", "Passwort…"),
            ("Senha&hellip;", "Senha…"),
            ("\\x6d\\x61\\x73\\x74\\x65\\x72", "master"),
            ("a&amp;b", "a&b"),
        ] {
            assert_eq!(undone(value.as_bytes()).as_deref(), Some(text), "{value}");
        }
        for value in ["a&b;c", "\\x9f\\x1c\\x8b", "DOMAIN\\user", "x&&y", "\\u12", "&unknown;", "plain"] {
            assert_eq!(undone(value.as_bytes()), None, "{value}");
        }
    }
}
