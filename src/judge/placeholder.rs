//! What gives a placeholder away.

use super::made::classes;
use super::{claims, phrases, statistics, within};
use crate::assigned::name;
use aho_corasick::AhoCorasick;
use foldhash::fast::FixedState;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that a random string contains by chance less than once in a hundred million.
const LONG_WORDS: &str = "\
    example placeholder changeme change-me change_me changethis change-this change_this replaceme replace-me replace_me insert-your insert_your \
    your-api your_api yourapi api-key-here api_key_here apikeyhere goes-here goes_here redacted notreal notthereal not-the-real not_the_real \
    not-real not-a-real not_a_real dummykey dummy-key dummy_key fakekey fake-key fake_key samplekey sample-key \
    invalid-key keyboardcat lorem-ipsum foobarbaz deadbeef censored xxxxxx todo-";

/// Words that only describe what ought to stand in their place: a value made of them alone is none.
const DESCRIBING: &str = "\
    a access account add admin an any api apikey app application auth bar bot change client code credential \
    credentials database db default dev domain dummy email empty enter env example fake fill foo for from goes guest \
    here host http https id in insert is it key local login mail me mock my mysql name new no none not null of \
    or our own pass passphrase passwd password passwort paste personal placeholder postgres private prod \
    production put pwd real redacted replace root sample secret secure sendgrid server service set sg sgrid \
    site smtp some string stub super test testing that the this to todo token undefined unset use user username \
    valid value var very webhook with xxx you your yours";

static LONG_WORDS_AUTOMATON: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(LONG_WORDS.split_ascii_whitespace()).expect("a few short words fit into an automaton")
});

static DESCRIBING_SET: LazyLock<HashSet<&str, FixedState>> =
    LazyLock::new(|| DESCRIBING.split_ascii_whitespace().collect());

const BRACKETS: &str = "between brackets";

/// Why the value is a placeholder, as it stands or, when it is base64 of a text, as that text. `is_weak`: it may
/// be a password that people made up, so that words are looked at as well.
pub(crate) fn gives_away(value: &[u8], is_weak: bool) -> Option<&'static str> {
    if claims::are_of_a_sample(value) {
        return Some("a token whose claims only fill it");
    }
    plainly(value, is_weak).or_else(|| percent_decoded(value).and_then(|plain| plainly(&plain, is_weak))).or_else(
        || {
            let text = data_encoding::BASE64.decode(value.trim_ascii()).ok()?;
            let is_text = text.len() >= 6 && text.iter().all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace());
            let why =
                is_text.then(|| plainly(text.trim_ascii(), true).or_else(|| says_something(text.trim_ascii())))??;
            let is_braced = text.starts_with(b"{") && text.iter().any(u8::is_ascii_digit);
            (!is_braced || why != BRACKETS).then_some(why)
        },
    )
}

/// `this is a fake bearer token!`: no phrase that somebody chose, which has few of the small words of sentences.
fn says_something(text: &[u8]) -> Option<&'static str> {
    let says = within::is_sentence(text) && phrases::words_of_sentences(text) >= 2;
    // `my-key-which-should-be-changed-in-production`
    let words = || text.split(|b| matches!(b, b'-' | b'_'));
    let is_word = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_alphanumeric);
    let is_joined = words().count() >= 6 && words().all(is_word) && phrases::words_of_sentences(text) >= 3;
    (says || is_joined).then_some("a sentence in base64")
}

/// The value with its percent escapes undone, if there are any: in an address `foo%40bar` is `foo@bar`.
fn percent_decoded(value: &[u8]) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    memchr::memchr(b'%', value)?;
    let (mut plain, mut at, mut undone) = (Vec::with_capacity(value.len()), 0, false);
    while at < value.len() {
        let escaped = if value[at] == b'%' { value.get(at + 1..at + 3).and_then(byte) } else { None };
        plain.push(escaped.unwrap_or(value[at]));
        undone |= escaped.is_some();
        at += if escaped.is_some() { 3 } else { 1 };
    }
    undone.then_some(plain)
}

/// `*SENSITIVE*DATA*DELETED*`, `##HIDDEN - KEEP OUT! ##`, `###ORACLE_PWD###`
fn is_starred(value: &[u8]) -> bool {
    let between = |mark: &[u8]| value.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    let inside = between(b"*").or_else(|| between(b"##")).unwrap_or_default();
    inside.len() >= 6 && inside.iter().all(|b| b.is_ascii_alphabetic() || b"*_- !#".contains(b))
}

fn plainly(value: &[u8], is_weak: bool) -> Option<&'static str> {
    // The end of a line in a string literal.
    let value = value.strip_suffix(b"\\n").unwrap_or(value);
    let lower = value.to_ascii_lowercase();
    let contains = |word: &str| memchr::memmem::find(&lower, word.as_bytes()).is_some();
    if value.is_empty() {
        return Some("empty");
    }
    if contains("...") || contains("…") || contains("***") || contains("•••") || is_starred(value) {
        return Some("masked or cut short");
    }
    if lower.ends_with(b"@todo") || lower.len() > 4 && lower.starts_with(b"@@") && lower.ends_with(b"@@") {
        return Some("a mark that something is to be done");
    }
    if is_enclosed(value) {
        return Some(BRACKETS);
    }
    // Long encodings hold runs of their zero character; short passwords do not.
    let run = if value.len() >= 20 { (value.len() / 4).max(8) } else { 4 };
    if statistics::longest_run(value) >= run.min(value.len().max(3)) {
        return Some("one character over and over");
    }
    let sequence = if value.len() >= 20 { (value.len() / 8).max(8) } else { 6 };
    if statistics::longest_sequence(value) >= sequence && !(is_weak && value.len() < 20 && classes(value) >= 3) {
        return Some("a sequence");
    }
    if ends_in_marks(value) {
        return Some("characters that stand for others");
    }
    if is_of_sequences(value) {
        return Some("sequences alone");
    }
    if counts_in_turn(&lower) {
        return Some("letters and digits that count in turn");
    }
    if is_of_runs(value) {
        return Some("a few characters over and over");
    }
    if is_in_order(&lower) {
        return Some("the letters in their order");
    }
    if value.len() >= 20 && statistics::entropy(value) < 2.5 {
        return Some("few different characters");
    }
    if says_it_twice(&lower) {
        return Some("the same thing twice");
    }
    if repeats_itself(&lower) {
        return Some("a few characters over and over");
    }
    if LONG_WORDS_AUTOMATON.is_match(&lower)
        || is_weak && says_random(&lower)
        || speaks_to_the_reader(&lower)
        || is_your_own(value)
    {
        return Some("words that say so");
    }
    let is_set = is_weak && (is_made_for_a_policy(value) || is_doubled(&lower));
    if (is_weak || value.len() >= 12) && !is_set && is_only_describing(&lower) {
        return Some("only words that describe it");
    }
    None
}

/// Whether it has what a policy for passwords asks for: `Admin_123`, `some!Password`. It is set somewhere, since nobody takes
/// such pains over a placeholder.
pub(super) fn is_made_for_a_policy(value: &[u8]) -> bool {
    let has_mark_inside = || {
        let inside = value.iter().rposition(u8::is_ascii_alphanumeric).map_or(&[][..], |last| &value[1..last]);
        inside.iter().any(|b| b"!@#$%&".contains(b)) && value.iter().any(u8::is_ascii_uppercase)
    };
    let is_of_enough = match classes(value) {
        4 => true,
        3 => has_mark_inside(),
        _ => false,
    };
    value.len() >= 8 && is_of_enough && words(value).count() <= 2
}

/// `adminadmin`: a text that describes something says so once.
fn is_doubled(lower: &[u8]) -> bool {
    let (first, second) = lower.split_at(lower.len() / 2);
    first.len() >= 4 && first == second && first != b"pass"
}

/// Two words or more that only describe, run together, and a number: `newRootPassword123`, which a text that explains
/// something shows in a password's place.
pub(super) fn is_shown_for_one(value: &[u8]) -> bool {
    let words = name::words(value);
    words.len() >= 2
        && value.iter().all(u8::is_ascii_alphanumeric)
        && words.iter().all(|word| DESCRIBING_SET.contains(word.as_str()))
}

/// `secret-abc123`: no letters but those of words that describe, or of the alphabet's start.
pub(super) fn is_of_describing_words(value: &[u8]) -> bool {
    let words = name::words(value);
    words.iter().all(|word| word.len() >= 3 && (word == "abc" || DESCRIBING_SET.contains(word.as_str())))
}

fn is_enclosed(value: &[u8]) -> bool {
    // JSON between braces is a value, such as a token that was made of it.
    !value.starts_with(b"{\"")
        && matches!(
            value,
            [b'<', .., b'>']
                | [b'{', .., b'}']
                | [b'[', .., b']']
                | [b'(', .., b')']
                | [b'$', b'{', ..]
                | [b'%', .., b'%']
                | [b'_', b'_', .., b'_', b'_']
        )
}

/// `A1B2C3D4E5F6G7H8`, `AB1C2defGHijkLMNo3PqRst`: most letters follow the one before in the alphabet.
fn is_in_order(lower: &[u8]) -> bool {
    let letters = || lower.iter().filter(|b| b.is_ascii_lowercase());
    let (count, steps) = (letters().count(), letters().zip(letters().skip(1)).filter(|(a, b)| *a + 1 == **b).count());
    // Six of them come round again in hexadecimal digits.
    let span = letters().max().zip(letters().min()).map_or(0, |(last, first)| last - first);
    count >= 8 && span >= 7 && steps * 10 >= count * 6
}

/// `a1b2c3d4e5f6a7b8`: ten characters or more each of which is the next but one before it, counted on. Hexadecimal
/// digits begin again behind `f`.
fn counts_in_turn(lower: &[u8]) -> bool {
    let follows = |trio: &[u8]| match (trio[0], trio[2]) {
        (b'f' | b'z', b'a') | (b'9', b'0') => true,
        (one, other) => trio[0].is_ascii_alphanumeric() && trio[1] != one && other == one + 1,
    };
    let mut run = 0;
    lower.len() >= 12
        && lower.windows(3).any(|trio| {
            run = if follows(trio) { run + 1 } else { 0 };
            run >= 10
        })
}

/// `aaaaabbbbbccccc12`: most characters are the same as the one before.
fn is_of_runs(value: &[u8]) -> bool {
    value.len() >= 16 && value.windows(2).filter(|pair| pair[0] == pair[1]).count() * 5 >= value.len() * 3
}

/// Ends in five X's, or in seven letters that are X or Y: so many that a random string ends so less than once in a hundred
/// million times.
fn ends_in_marks(value: &[u8]) -> bool {
    let trailing = |is: fn(&u8) -> bool| value.iter().rev().take_while(|b| is(b)).count();
    trailing(|b| *b == b'X') >= 5 || trailing(|b| *b == b'x') >= 5 || trailing(|b| matches!(b, b'X' | b'Y')) >= 7
}

/// `DEF456UVW321`: letters and digits in turn, three or more that count on or back.
fn is_of_sequences(value: &[u8]) -> bool {
    let sort = |b: &u8| (b.is_ascii_digit(), b.is_ascii_uppercase());
    let counts = |run: &[u8]| {
        let steps = || run.windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0]));
        run.len() >= 3 && (steps().all(|step| step == 1) || steps().all(|step| step == -1))
    };
    value.len() >= 10
        && value.iter().all(u8::is_ascii_alphanumeric)
        && value.chunk_by(|a, b| sort(a) == sort(b)).all(counts)
}

/// Whether a short unit makes up all of it: `123123123`, `abababab`.
fn repeats_itself(value: &[u8]) -> bool {
    (1..=value.len() / 3).take(10).any(|unit| value.len() >= 6 && value.iter().zip(&value[unit..]).all(|(a, b)| a == b))
}

/// `crwdns6141:0crwdne6141:0`: two halves that differ in one character at most, as marks of a beginning and an end do.
fn says_it_twice(lower: &[u8]) -> bool {
    let (first, second) = lower.split_at(lower.len() / 2);
    lower.len() >= 16 && first.len() == second.len() && first.iter().zip(second).filter(|(a, b)| a != b).count() <= 1
}

/// `your` or `my` as a word of its own at the start, or `here` at the end.
fn speaks_to_the_reader(lower: &[u8]) -> bool {
    let words: Vec<&[u8]> = words(lower).collect();
    let has_mark = words.len() > 1;
    has_mark
        && (matches!(
            words.first(),
            Some(&b"your" | &b"dont" | &b"insert" | &b"enter" | &b"put" | &b"fake" | &b"dummy" | &b"mock")
        ) || matches!(words.last(), Some(&b"here")))
}

/// `YourPwd8767`, `pypi-YOUR_TOKEN`: what the reader is to put in, whatever number stands behind it or form before it.
fn is_your_own(value: &[u8]) -> bool {
    let words = name::words(value);
    let own = &words[words.iter().take(2).position(|word| word == "your").unwrap_or(words.len())..];
    own.len() >= 2 && own.iter().all(|word| DESCRIBING_SET.contains(word.as_str()))
}

fn is_only_describing(lower: &[u8]) -> bool {
    words(lower).all(|word| word.iter().all(u8::is_ascii_digit) && word.len() < 4 || is_describing(word))
}

/// Whether a word, or the words it is run together from, only describe.
pub(super) fn is_describing(word: &[u8]) -> bool {
    let is_known = |w: &[u8]| std::str::from_utf8(w).is_ok_and(|w| DESCRIBING_SET.contains(w));
    let word = word.trim_ascii_end_digits();
    word.is_empty()
        || is_known(word)
        || (2..word.len().saturating_sub(1))
            .any(|cut| is_known(&word[..cut]) && is_describing_rest(&word[cut..], &is_known))
}

fn is_describing_rest(rest: &[u8], is_known: &dyn Fn(&[u8]) -> bool) -> bool {
    is_known(rest) || (2..rest.len().saturating_sub(1)).any(|cut| is_known(&rest[..cut]) && is_known(&rest[cut..]))
}

fn words(lower: &[u8]) -> impl Iterator<Item = &[u8]> {
    lower.split(|b| !b.is_ascii_alphanumeric()).filter(|w| !w.is_empty())
}

/// `S0m3R@nd0mString0f32Ch@rs`: says in letters and digits for them that it is random.
fn says_random(lower: &[u8]) -> bool {
    let read: Vec<u8> = lower.iter().map(|b| super::made::letter_of(*b)).collect();
    ["somerandom", "randomstring", "arandom"].iter().any(|word| memchr::memmem::find(&read, word.as_bytes()).is_some())
}

/// Bytes without the one or two digits people put behind a word.
trait TrimDigits {
    fn trim_ascii_end_digits(&self) -> &[u8];
}

impl TrimDigits for [u8] {
    fn trim_ascii_end_digits(&self) -> &[u8] {
        let digits = self.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        if digits <= 1 { &self[..self.len() - digits] } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_seen() {
        for value in [
            "your_sendgrid_password",
            "sendgrid-password",
            "sgrid_password",
            "not-a-real-key",
            "thisisnottherealone",
            "SG.your-key-here",
            "xxxxxxxxxxxxxxxx",
            "<SENDGRID_API_KEY>",
            "SG.dummy-key-for-unit-tests",
            "changeme",
            "password",
            "None",
            "1234567890",
            "mypassword",
            "AKIAIOSFODNN7EXAMPLE",
            "abababab",
            "ABC123abc123ABC123ab",
            "ChangeThisToSomethingDifferent!",
            "fakepwd\\n",
            "A1B2C3D4E5F6G7H8I9J0",
            "AB1C2defGHijkLMNo3PqQRstUvw",
            "9ka1b2c3d4e5f6a7b8c9d0",
            "aaaaabbbbbcccccdddddeeeee12",
            "S0m3R@nd0mString0f32Ch@rs",
            "YourPwd876776",
            "foo%40bar",
            "crwdns6141:0crwdne6141:0",
        ] {
            assert!(gives_away(value.as_bytes(), true).is_some(), "{value}");
        }
    }

    #[test]
    fn an_encoded_placeholder_is_one_too() {
        let encoded = |text: &str| data_encoding::BASE64.encode(text.as_bytes()).into_bytes();
        assert!(gives_away(&encoded("your-sendgrid-api-key\n"), false).is_some());
        assert!(gives_away(&encoded("my-key-which-should-be-changed-in-production"), false).is_some());
        assert_eq!(gives_away(&encoded("m0ney.Talks"), false), None);
    }

    #[test]
    fn weak_but_real_passwords_are_not() {
        for value in [
            "hunter2",
            "Welcome1!",
            "pa55Mail",
            "m0ney.Talks",
            "J3nkinsMail!",
            "f0rumAdm1n",
            "C0ldFusi0n",
            "a1rfl0wMail",
            "Sm4rtC!ty",
            "pl4inText!",
            "Mupdo3JcgtvEBP",
            "Admin_123",
            "Pass@word1",
            "Aa12345678",
            "some!Password",
            "adminadmin",
        ] {
            assert_eq!(gives_away(value.as_bytes(), true), None, "{value}");
        }
    }
}
