//! Settings in a file whose ending says that it is a text.

use super::lines;
use crate::judge::{JUDGE_REACH, surroundings};
use std::ops::Range;

/// `deploy/web.txt`: whether a text may hold settings by its path. What explains something or is to be filled in does not.
pub(super) fn may_hold(path: &[u8]) -> bool {
    let lower = path.to_ascii_lowercase();
    let Some(stem) = lower.strip_suffix(b".txt") else { return false };
    let name = stem.rsplit(|b| *b == b'/').next().unwrap_or_default();
    let explains =
        ["readme", "install", "usage", "howto", "help"].iter().any(|word| surroundings::contains(name, word));
    !explains && !surroundings::is_sample(stem)
}

/// `.github_changelog_generator`: whether the name says that something is set up by the file, but not how it is laid out.
pub(super) fn is_dotfile(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    name.strip_prefix(b".").is_some_and(|rest| !rest.is_empty() && !rest.contains(&b'.'))
}

/// Whether the line of a span and all near it are variables with their values, blank or comments: `SMTP_PORT=587`.
pub(super) fn is_among(text: &[u8], span: &Range<usize>) -> bool {
    is_among_lines(text, span, is_setting)
}

/// The same with names in small letters as well: `user=acme`.
pub(super) fn is_among_pairs(text: &[u8], span: &Range<usize>) -> bool {
    is_among_lines(text, span, is_pair)
}

fn is_among_lines(text: &[u8], span: &Range<usize>, is_setting: fn(&[u8]) -> bool) -> bool {
    const LEAST: usize = 2;
    // Where the judge's sight ends it may cut a line.
    let above = lines::before(text, span).split(|b| *b == b'\n').skip(usize::from(span.start >= JUDGE_REACH));
    let above: Vec<&[u8]> = above.collect();
    let Some((line, above)) = above.split_last() else { return false };
    let behind = lines::behind(text, span);
    let below: Vec<&[u8]> = behind.split(|b| *b == b'\n').skip(1).collect();
    let is_whole = text.len() - span.end < JUDGE_REACH;
    let below = &below[..below.len().saturating_sub(usize::from(!is_whole))];
    let others = || above.iter().chain(below).map(|line| line.trim_ascii()).filter(|line| !line.is_empty());
    let is_other = |line: &&[u8]| !line.starts_with(b"#");
    is_setting(line) && others().filter(is_other).all(is_setting) && others().filter(is_other).count() >= LEAST
}

/// `SMTP_PORT=587`, `export SMTP_PORT=587`
fn is_setting(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"export ").unwrap_or(line);
    let Some(sign) = memchr::memchr(b'=', line) else { return false };
    let is_of_name = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    line.first().is_some_and(u8::is_ascii_uppercase) && sign >= 2 && line[..sign].iter().all(is_of_name)
}

/// `smtp.port=587`
fn is_pair(line: &[u8]) -> bool {
    let Some(sign) = memchr::memchr(b'=', line) else { return false };
    let name = line[..sign].trim_ascii_end();
    let is_of_name = |b: &u8| b.is_ascii_alphanumeric() || b"_.-".contains(b);
    name.len() >= 2 && name[0].is_ascii_alphabetic() && name.iter().all(is_of_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_with_their_values_are_settings() {
        let is_so = |text: &str| {
            let at = text.find("x7Gk2").expect("the value stands there");
            is_among(text.as_bytes(), &(at..at + 5))
        };
        assert!(is_so("# mail\nSMTP_PORT=587\nSMTP_PASSWORD=x7Gk2\n\nSMTP_TLS=yes\n"));
        assert!(!is_so("SMTP_PASSWORD=x7Gk2\n"));
        assert!(!is_so("Set these:\nSMTP_PORT=587\nSMTP_PASSWORD=x7Gk2\nSMTP_TLS=yes\n"));
        assert!(!is_so("SMTP_PORT=587\nthe password is x7Gk2\nSMTP_TLS=yes\nSMTP_USER=a\n"));
    }

    #[test]
    fn dotfiles_of_pairs_are_settings() {
        let is_so = |text: &str| {
            let at = text.find("x7Gk2").expect("the value stands there");
            is_among_pairs(text.as_bytes(), &(at..at + 5))
        };
        assert!(is_so("user=acme\nproject=shop\ntoken=x7Gk2\nexclude-tags=v1.+\n"));
        assert!(!is_so("cd shop\nmake all\ntoken=x7Gk2 ./deploy\n"));
        assert!(is_dotfile(b"contrib/.github_changelog_generator") && !is_dotfile(b".a.yml") && !is_dotfile(b"a/b"));
    }

    #[test]
    fn texts_that_explain_are_none() {
        assert!(may_hold(b"deploy/web.txt"));
        for path in ["deploy/README.txt", "docs/web.txt", "web.example.txt", "deploy/web.md"] {
            assert!(!may_hold(path.as_bytes()), "{path}");
        }
    }
}
