//! Words of languages that the table of letters does not know, told by how words are written: vowels between the
//! consonants, capitals at the beginning alone.

/// How a value of letters is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelled {
    /// `Palavra-passe`, `Suojakoodilukitus`: as texts for people have words.
    Words,
    /// `revealSwimlaneId`: as programs call things.
    Name,
}

/// How it is written, if no other than words can be meant.
pub(super) fn spelled(value: &[u8]) -> Option<Spelled> {
    let pieces = || value.split(|b| matches!(b, b'-' | b'\'' | b'.' | b'_'));
    if value.len() < 8 || !pieces().all(is_piece) || !is_spoken(value) {
        return None;
    }
    let capitals = value.iter().filter(|b| b.is_ascii_uppercase()).count();
    let has_humps = value.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let has_marks = pieces().nth(1).is_some();
    match (has_humps, value[0].is_ascii_uppercase()) {
        // Letters that are drawn by lot have a capital at every second place.
        (true, _) if has_marks || value.len() < capitals * 4 => None,
        (true, false) => Some(Spelled::Name),
        (false, false) if !has_marks => None,
        _ => Some(Spelled::Words),
    }
}

/// Letters alone, no capital behind a capital.
fn is_piece(piece: &[u8]) -> bool {
    piece.len() >= 2
        && piece.iter().all(u8::is_ascii_alphabetic)
        && !piece.windows(2).any(|pair| pair[0].is_ascii_uppercase() && pair[1].is_ascii_uppercase())
}

/// Three vowels or more of ten letters, and no five consonants side by side.
fn is_spoken(value: &[u8]) -> bool {
    let is_vowel = |b: &u8| b"aeiouyAEIOUY".contains(b);
    let vowels = value.iter().filter(|b| is_vowel(b)).count();
    let longest = value.split(|b| is_vowel(b) || !b.is_ascii_alphabetic()).map(<[u8]>::len).max().unwrap_or(0);
    vowels * 10 >= value.len() * 3 && longest <= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_language_are_told_from_letters_drawn_by_lot() {
        for value in ["Palavra-passe", "Neo-shuidhich", "Suojakoodilukitus", "Mot-de-passe"] {
            assert_eq!(spelled(value.as_bytes()), Some(Spelled::Words), "{value}");
        }
        assert_eq!(spelled(b"revealSwimlaneId"), Some(Spelled::Name));
        for value in [
            "mxrr-acpr-jnuu-nwwd",
            "mxrracprjnuunwwd",
            "falsjdferwerouwreopuaoperjaosj",
            "VukKcMwaJUSmiyvDANVCa",
            "rojpog-jobtyd-3bufPi",
            "Pass-word1",
            "rotation",
        ] {
            assert_eq!(spelled(value.as_bytes()), None, "{value}");
        }
    }
}
