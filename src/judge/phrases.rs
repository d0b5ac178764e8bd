//! Passphrases of several words, and passwords with letters that are not ASCII.

use super::made::{self, Made, classes};

/// Words that sentences, labels and documentation are made of, but no passphrase.
const OF_SENTENCES: &str = "\
    a an the and or not of to in on at by for from with without as is are was be been must should can may will would do does \
    don your you my our their its it this that these those if when then than no yes only all any same please enter type \
    password passwords passwd passphrase passcode pass secret secrets token tokens key keys code pin user users username name \
    email account login log sign forgot forgotten reset change changed confirm confirmation new old current repeat again \
    wrong invalid incorrect required missing empty show hide set use used using at least characters letters digits long \
    short field value string text file path default optional example test none null der die das und oder nicht mit dem ihr ihre \
    sie bitte le la les un une et ou pas votre vos de du des el los las su tu una por para con o que il lo gli di da per";

/// How a value was made that holds blanks or letters beyond ASCII, if people or programs make such passwords.
pub(super) fn made(value: &[u8]) -> Option<Made> {
    let has_blank = value.contains(&b' ');
    let is_ascii = value.iter().all(|b| b.is_ascii() && !b.is_ascii_control());
    match (has_blank, is_ascii) {
        (true, true) => of_words(value),
        (false, false) => foreign(value),
        _ => None,
    }
}

/// `correct horse battery staple`, `x9!Kq 7Lm#w2`.
fn of_words(value: &[u8]) -> Option<Made> {
    let words: Vec<&[u8]> = value.split(|b| *b == b' ').collect();
    if words.iter().any(|word| matches!(word, [b'\'' | b'"', ..] | [b'%', b'>'] | [b'}', b'}'])) {
        return None;
    }
    let has_random = words.iter().any(|word| {
        word.len() >= 6
            && word.len() < 40
            && classes(word) >= 3
            && word.iter().any(u8::is_ascii_digit)
            && matches!(made::made(word), Made::Random | Made::Strong)
    });
    if words.len() <= 3 && has_random && words.iter().all(|word| !word.is_empty() && !is_of_sentences(word)) {
        return Some(Made::Strong);
    }
    let is_plain = |word: &&[u8]| {
        word.len() >= 3 && word.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) && !is_of_sentences(word)
    };
    let is_phrase = (4..=8).contains(&words.len()) && words.iter().all(is_plain);
    is_phrase.then_some(Made::Weak)
}

/// How many words of a text stand in sentences rather than in passphrases.
pub(super) fn words_of_sentences(text: &[u8]) -> usize {
    text.split(|b| !b.is_ascii_alphanumeric()).filter(|word| !word.is_empty() && is_of_sentences(word)).count()
}

fn is_of_sentences(word: &[u8]) -> bool {
    let word = word.to_ascii_lowercase();
    OF_SENTENCES.split_ascii_whitespace().any(|w| w.as_bytes() == word)
}

/// `Grün3Wiese!`, `пароль2019`: letters of Europe with digits, no blanks. A label has no digits.
fn foreign(value: &[u8]) -> Option<Made> {
    let text = std::str::from_utf8(value).ok()?;
    let count = text.chars().count();
    let is_european = text.chars().all(|c| c.is_ascii_graphic() || ('\u{c0}'..'\u{530}').contains(&c));
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (is_european && (7..=40).contains(&count) && letters >= 4 && digits >= 1 && !text.contains("..."))
        .then_some(Made::Weak)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passphrases_are_told_from_sentences() {
        for value in ["correct horse battery staple", "maple9 orbit cobalt willow ferry"] {
            assert_eq!(made(value.as_bytes()), Some(Made::Weak), "{value}");
        }
        for value in [
            "enter your password here",
            "Forgot your password?",
            "must have eight characters",
            "two words",
            "used to sign cookies",
        ] {
            assert_eq!(made(value.as_bytes()), None, "{value}");
        }
    }

    #[test]
    fn letters_beyond_ascii_do_not_make_it_a_label() {
        assert_eq!(made("Grün3Wiese!".as_bytes()), Some(Made::Weak));
        assert_eq!(made("пароль2019".as_bytes()), Some(Made::Weak));
        for value in ["Contraseña", "Mật", "密码必须8位以上", "Größe"] {
            assert_eq!(made(value.as_bytes()), None, "{value}");
        }
    }
}
