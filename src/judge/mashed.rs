//! Values that a hand wrote without looking: keys side by side, letters and digits in their order, the same again.

/// Keys side by side, on keyboards of three layouts, and what is counted through.
const ROWS: [&[u8]; 15] = [
    b"abcdefghijklmnopqrstuvwxyz",
    b"01234567890",
    b"qwertyuiop",
    b"asdfghjkl",
    b"zxcvbnm",
    b"qwertzuiop",
    b"yxcvbnm",
    b"azertyuiop",
    b"qsdfghjklm",
    b"wxcvbn",
    b"1q2w3e4r5t6y7u8i9o0p",
    b"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    b"1234567890-=",
    b"qazwsxedcrfvtgbyhnujm",
    b"qweasdzxcrtyfghvbn",
];

/// It in words.
pub(super) const TEXT: &str = "keys side by side, written without looking";

/// So many characters side by side are a run.
const SHORTEST: usize = 3;

/// `abcdabcd1234`, `asdfasdf1`, `qwerty!123`: whether the value is such runs, but for two characters and a quarter of it at
/// most.
pub(super) fn is_mashed(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    let (mut at, mut others) = (0, 0);
    while at < lower.len() {
        let run = run_at(&lower[at..at + of_one_case(&value[at..])]);
        others += usize::from(run == 0);
        at += run.max(1);
    }
    (6..=64).contains(&value.len()) && others <= 2 && others * 4 <= value.len()
}

/// So many keys side by side are a run where any of them may be shifted.
const SHORTEST_SHIFTED: usize = 4;

/// `1qaz@WSX3edc$RFV`: whether all of a longer value is such runs, whichever of the keys are shifted. As a password, somebody types it.
pub(super) fn is_along_keys(value: &[u8]) -> bool {
    let keys: Vec<u8> = value.iter().copied().map(key_of).collect();
    let mut at = 0;
    while at < keys.len() {
        match run_at(&keys[at..]) {
            run if run >= SHORTEST_SHIFTED => at += run,
            _ => return false,
        }
    }
    keys.len() >= 12
}

/// The key that a character is on, by the marks that keyboards of the United States have.
fn key_of(character: u8) -> u8 {
    const SHIFTED: &[u8] = b"!@#$%^&*()_+{}|:\"<>?~";
    const PLAIN: &[u8] = b"1234567890-=[]\\;',./`";
    match SHIFTED.iter().position(|shifted| *shifted == character) {
        Some(at) => PLAIN[at],
        None => character.to_ascii_lowercase(),
    }
}

/// How far the text goes on without a capital behind a small letter: a hand that writes without looking shifts for the first
/// letter at most.
fn of_one_case(text: &[u8]) -> usize {
    let shifts = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
    text.windows(2).position(shifts).map_or(text.len(), |at| at + 1)
}

/// The length of the run that the text begins with, if it is one.
fn run_at(text: &[u8]) -> usize {
    let same = text.iter().take_while(|b| **b == text[0]).count();
    let longest = ROWS.iter().map(|row| along(row.iter(), text).max(along(row.iter().rev(), text))).max().unwrap_or(0);
    let run = longest.max(same);
    if run >= SHORTEST { run } else { 0 }
}

/// How far the text goes along the row, from wherever in it the text's first character stands.
fn along<'r>(mut row: impl Iterator<Item = &'r u8> + Clone, text: &[u8]) -> usize {
    let mut longest = 0;
    loop {
        longest = longest.max(row.clone().zip(text).take_while(|(a, b)| a == b).count());
        if row.next().is_none() {
            return longest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_hand_wrote_without_looking_is_told() {
        for value in [
            "abcdabcd1234",
            "1234abcd1234abcd",
            "asdfasdf",
            "asdf1234",
            "qwertyuiop123",
            "abcabcabc123",
            "Qwerty!123",
            "poiuytrewq",
            "1q2w3e4r",
            "1qaz2wsx",
            "azerty123",
            "aaaa1111",
        ] {
            assert!(is_mashed(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn keys_side_by_side_may_be_shifted() {
        for value in
            ["1qaz@WSX3edc$RFV", "!QAZ2wsx#EDC4rfv", "?:P)(OL><KI*&UJM", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/"]
        {
            assert!(is_along_keys(value.as_bytes()), "{value}");
        }
        for value in ["1qaz@WSX", "k7Qw2Xp9Lm4R", "1qaz2wsx3edcKx81"] {
            assert!(!is_along_keys(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn what_was_made_up_or_drawn_is_not() {
        for value in [
            "test1234",
            "Summer2024!",
            "hunter2",
            "k7Qw2Xp9Lm4R",
            "admin123",
            "qwe",
            "deadbeef1234",
            "P@ssw0rd123",
            "Uztr4ioP",
        ] {
            assert!(!is_mashed(value.as_bytes()), "{value}");
        }
    }
}
