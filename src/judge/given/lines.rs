//! The lines round a value, as far as the judge looks.

use crate::assigned::name;
use crate::judge::made::{Made, made};
use crate::judge::{JUDGE_REACH, digest, surroundings};
use std::ops::Range;

/// The line round a span, as far as the judge looks.
pub(super) fn line<'t>(text: &'t [u8], span: &Range<usize>) -> &'t [u8] {
    let until = (span.end + JUDGE_REACH).min(text.len());
    let start = line_start(text, span);
    let end = memchr::memchr(b'\n', &text[span.end..until]).map_or(until, |nl| span.end + nl);
    &text[start..end]
}

/// Where the line begins, as far as the judge looks.
pub(super) fn line_start(text: &[u8], span: &Range<usize>) -> usize {
    let from = span.start.saturating_sub(JUDGE_REACH);
    memchr::memrchr(b'\n', &text[from..span.start]).map_or(from, |nl| from + nl + 1)
}

/// Whether no line ends on either side, as far as the judge looks.
pub(super) fn is_amid_long_line(text: &[u8], span: &Range<usize>) -> bool {
    let before = &text[span.start.saturating_sub(JUDGE_REACH)..span.start];
    let behind = &text[span.end..(span.end + JUDGE_REACH).min(text.len())];
    [before, behind].into_iter().all(|side| side.len() == JUDGE_REACH && !side.contains(&b'\n'))
}

/// `"about": "4035…", "api_keys": "27d4…", "bookmarks": "6558…"`: whether the lines above and below have as many
/// hexadecimal digits, behind names that say of no credential.
pub(super) fn is_among_digests(text: &[u8], span: &Range<usize>) -> bool {
    let is_hex = |word: &[u8]| word.iter().all(u8::is_ascii_hexdigit);
    if !digest::is_as_long(&text[span.clone()]) || !is_hex(&text[span.clone()]) {
        return false;
    }
    let [above, below] = neighbours(text, span);
    let is_of_others = |line: &[u8]| {
        let mut words = line.split(|b| !b.is_ascii_alphanumeric());
        let has_digest = words.any(|word| word.len() == span.len() && is_hex(word));
        has_digest
            && !["key", "secret", "token", "pass", "auth", "salt"].iter().any(|word| surroundings::contains(line, word))
    };
    [above, below].into_iter().flatten().all(is_of_others) && above.is_some() && below.is_some()
}

/// `"members": "tblNlpu0rPV9", "owners": "tblKx81fqvT2"`: whether the lines above and below have as long a value that begins
/// with the same three characters, as ids of one kind do.
pub(super) fn is_among_kin(text: &[u8], span: &Range<usize>) -> bool {
    let value = &text[span.clone()];
    let is_kin = |word: &[u8]| word.len() == value.len() && word != value && word[..3] == value[..3];
    let has_kin = |line: &[u8]| line.split(|b| !b.is_ascii_alphanumeric() && !b"_-".contains(b)).any(is_kin);
    value.len() >= 8 && neighbours(text, span).into_iter().all(|line| line.is_some_and(has_kin))
}

/// What stands before a span, as far as the judge looks.
pub(super) fn before<'t>(text: &'t [u8], span: &Range<usize>) -> &'t [u8] {
    &text[span.start.saturating_sub(JUDGE_REACH)..span.start]
}

/// What stands behind a span, as far as the judge looks.
pub(super) fn behind<'t>(text: &'t [u8], span: &Range<usize>) -> &'t [u8] {
    &text[span.end..(span.end + JUDGE_REACH).min(text.len())]
}

/// Whether the line and the one above are bytes as Git's binary patches have them: a letter for their number, and five
/// characters for each four of them.
pub(super) fn is_in_binary_patch(text: &[u8], span: &Range<usize>) -> bool {
    let is_of_bytes = |line: &[u8]| {
        let bytes = match line.first() {
            Some(letter @ b'A'..=b'Z') => usize::from(letter - b'A') + 1,
            Some(letter @ b'a'..=b'z') => usize::from(letter - b'a') + 27,
            _ => return false,
        };
        line.len() == 1 + bytes.div_ceil(4) * 5 && line.iter().all(u8::is_ascii_graphic)
    };
    let starts_one = |line: &[u8]| line.starts_with(b"literal ") || line.starts_with(b"delta ");
    let above = neighbours(text, span)[0].unwrap_or_default();
    is_of_bytes(line(text, span)) && (is_of_bytes(above) || starts_one(above))
}

/// `EXAMPLES = """`, `# Example configuration:`, `.. code-block:: yaml`: whether one of the lines above says that what
/// follows is shown.
pub(super) fn is_below_example(text: &[u8], span: &Range<usize>) -> bool {
    before(text, span).rsplit(|b| *b == b'\n').skip(1).take(ABOVE).any(|line| {
        let start = line.iter().position(|b| b.is_ascii_alphanumeric()).unwrap_or(line.len());
        let line = line[start..].trim_ascii_end();
        let begins = |word: &[u8]| line.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
        let word = [&b"for example"[..], b"example", b"sample"].into_iter().find(|word| begins(word));
        let is_told = word.is_some_and(|word| {
            let rest = &line[word.len()..];
            let rest = rest.strip_prefix(b"s").unwrap_or(rest);
            let rest = rest.strip_prefix(b"\"").unwrap_or(rest).trim_ascii_start();
            rest.starts_with(b":") || rest.starts_with(b"=") || line.ends_with(b":")
        });
        is_told || begins(b"code-block::")
    })
}

/// How many lines above are looked at for what they say.
const ABOVE: usize = 4;

/// The lines above and below a span, as far as the judge looks.
pub(super) fn neighbours<'t>(text: &'t [u8], span: &Range<usize>) -> [Option<&'t [u8]>; 2] {
    let until = (span.end + JUDGE_REACH).min(text.len());
    let above = before(text, span).rsplit(|b| *b == b'\n').nth(1);
    let below = text[span.end..until].split(|b| *b == b'\n').nth(1);
    [above, below]
}

/// `ST_HASH = "…"` on a line next to it: a password and what its digest has to be.
pub(super) fn has_digest_beside(text: &[u8], span: &Range<usize>) -> bool {
    neighbours(text, span).into_iter().flatten().any(|line| {
        let Some(sign) = memchr::memchr(b'=', line) else { return false };
        let name = line[..sign].trim_ascii_end().to_ascii_lowercase();
        // `HASH_ALGORITHM` tells of no digest.
        line[sign..].contains(&b'"') && [&b"hash"[..], b"digest"].iter().any(|word| name.ends_with(word))
    })
}

/// `username: 'relay',`, `"user": "app"`: whether a line gives a literal to the name of a user.
pub(super) fn names_a_user(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    let line = line.strip_prefix(b"\"").or_else(|| line.strip_prefix(b"'")).unwrap_or(line);
    let len = line.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')).count();
    let (name, rest) = (line[..len].to_ascii_lowercase(), &line[len..]);
    let is_user = [&b"user"[..], b"username", b"user_name", b"login"].iter().any(|word| name.ends_with(word));
    let mut rest = rest.iter().filter(|b| !matches!(b, b' ' | b'"' | b'\''));
    is_user
        && rest.next().is_some_and(|b| matches!(b, b':' | b'='))
        && rest.next().is_some_and(|b| b.is_ascii_alphanumeric())
}

/// `CLIENT_SECRET = …` on a line next to `CLIENT_KEY = …`: a pair of which this is the half that says whose it is.
pub(super) fn has_secret_beside(text: &[u8], span: &Range<usize>, name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    let Some(at) = memchr::memmem::rfind(&name, b"key") else { return false };
    let its = [&name[..at], b"secret"].concat();
    let whose = without_api(&name[..at]);
    let is_access = memchr::memmem::find(&name, b"access").is_some();
    let names = |line: &[u8], word: &[u8]| memchr::memmem::find(line, word).is_some();
    neighbours(text, span).into_iter().flatten().any(|line| {
        let line = line.to_ascii_lowercase();
        let is_of_access = || [&b"secretkey"[..], b"secret_key", b"secret-key", b"secret_access", b"secretaccess"];
        names(&line, &its)
            || is_access && is_of_access().iter().any(|word| names(&line, word))
            || whose.is_some_and(|whose| has_secret_key_of(&line, whose))
    })
}

/// `APP_KEY = "…"` on a line next to `APP_TOKEN = "…"`: whether a constant has its other half beside it, which is drawn by lot
/// as well. What is for everybody needs no two.
pub(super) fn has_half_beside(text: &[u8], span: &Range<usize>, name: &[u8]) -> bool {
    let is_constant = |word: &[u8]| word.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_');
    let halves = [(&b"_TOKEN"[..], &b"_KEY"[..]), (b"_KEY", b"_TOKEN")];
    let Some((whose, other)) = halves.iter().find_map(|(own, other)| Some((name.strip_suffix(*own)?, *other))) else {
        return false;
    };
    let other = [whose, other].concat();
    let has_it = |line: &[u8]| {
        let Some(at) = memchr::memmem::find(line, &other) else { return false };
        let is_whole = at == 0 || line[at - 1] == b' ';
        let rest = line[at + other.len()..].trim_ascii_start().strip_prefix(b"=").unwrap_or_default();
        let mut pieces = rest.split(|b| matches!(b, b'"' | b'\''));
        let is_given = pieces.next().is_some_and(|ahead| ahead.iter().all(u8::is_ascii_whitespace));
        let is_drawn = |value: &[u8]| value.len() >= 20 && matches!(made(value), Made::Random | Made::Hex);
        is_whole && is_given && pieces.next().is_some_and(is_drawn)
    };
    is_constant(name) && !whose.is_empty() && neighbours(text, span).into_iter().flatten().any(has_it)
}

/// `shop_` of `shop_api_`: whose key it is, if the name says that it is one of an interface or an app.
fn without_api(start: &[u8]) -> Option<&[u8]> {
    [&b"api_"[..], b"api-", b"api", b"app_", b"app-", b"app"].iter().find_map(|word| start.strip_suffix(*word))
}

/// What the secret half is called where the other one is an app's key or an interface's.
const SECRET_KEYS: [&[u8]; 6] =
    [b"secret_key", b"secret-key", b"secretkey", b"master_secret", b"master-secret", b"mastersecret"];

/// `"shop_secret_key": "…"`: whether the line begins with the secret key of the same, no longer than those of interfaces.
/// That of a framework is longer.
fn has_secret_key_of(line: &[u8], whose: &[u8]) -> bool {
    const LONGEST: usize = 44;
    let is_of_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let Some(start) = line.iter().position(is_of_name) else { return false };
    let len = line[start..].iter().take_while(|b| is_of_name(b)).count();
    let (name, rest) = line[start..].split_at(len);
    let is_its = name.strip_prefix(whose).is_some_and(|what| SECRET_KEYS.contains(&what));
    let mut values = rest.split(|b| !is_of_name(b)).filter(|piece| !piece.is_empty());
    is_its && values.next().is_some_and(|value| (16..=LONGEST).contains(&value.len()))
}

/// `clientID: 'x'` on a line next to `clientSecret: 'x'`: an id that was given twice.
pub(super) fn is_of_id_beside(text: &[u8], span: &Range<usize>) -> bool {
    let value = &text[span.clone()];
    value.len() >= 8
        && neighbours(text, span).into_iter().flatten().any(|line| {
            let Some(at) = memchr::memmem::find(line, value) else { return false };
            let words = name::words(&line[..at]);
            let says_who =
                |pair: &[String]| matches!(pair[0].as_str(), "consumer" | "client" | "app") && pair[1] == "key";
            let is_id = |word: &String| word == "id" || word.ends_with("clientid") || word.ends_with("appid");
            (words.iter().any(is_id) || words.windows(2).any(says_who))
                && !words.iter().any(|word| matches!(word.as_str(), "secret" | "token" | "password"))
        })
}

/// Whether a code span was opened on the line before the place: `` `password = "x"` ``.
pub(super) fn is_in_span(text: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(JUDGE_REACH);
    let start = memchr::memrchr(b'\n', &text[from..at]).map_or(from, |nl| from + nl + 1);
    text[start..at].iter().filter(|b| **b == b'`').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_may_be_the_id_beside_it() {
        let value = "k7Qw2Xp9Lm4R";
        let is_id = |above: &str| {
            let text = format!("{above} = \"{value}\"\nSECRET = \"{value}\"");
            let at = text.len() - 1 - value.len();
            is_of_id_beside(text.as_bytes(), &(at..at + value.len()))
        };
        assert!(is_id("CONSUMER_KEY") && is_id("app_key") && is_id("clientId"));
        assert!(!is_id("CONSUMER_SECRET") && !is_id("SIGNING_KEY"));
    }

    #[test]
    fn lines_that_name_a_user_are_seen() {
        for line in ["   username: 'relay1',", "\"turn.user\": \"app\"", "DB_USER=app"] {
            assert!(names_a_user(line.as_bytes()), "{line}");
        }
        for line in ["url: 'turn:a.io'", "users: [", "user: ${USER}", "username:"] {
            assert!(!names_a_user(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_key_and_its_secret_may_be_called_by_two_words_each() {
        let value = "k7Qw2Xp9Lm4R".repeat(3);
        assert!(has_secret_key_of(format!("  \"shop_secret_key\": \"{value}\",").as_bytes(), b"shop_"));
        assert!(has_secret_key_of(format!("secret_key={value}").as_bytes(), b""));
        assert!(has_secret_key_of(format!("push.master-secret={value}").as_bytes(), b"push."));
        assert!(!has_secret_key_of(format!("django_secret_key={value}").as_bytes(), b""));
        assert!(!has_secret_key_of(format!("SECRET_KEY={value}{value}").to_ascii_lowercase().as_bytes(), b""));
        assert!(!has_secret_key_of(b"secret_key=", b""));
    }
}
