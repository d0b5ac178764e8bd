//! Digits that everybody tries, `123456`, as the password of an account that settings log in with: no placeholder, since they
//! open it.

use super::file::{Facts, File};
use super::layout::Layout;
use super::{JUDGE_REACH, statistics, surroundings};
use crate::document::Document;
use crate::finding::Candidate;
use crate::rule::Credential;

/// So many lines above and below a password its account is looked for.
const LINES: usize = 3;

/// Whether the candidate is such a password: in settings that are names and values, beside a user or a host.
pub(super) fn is_in_force(candidate: &Candidate, document: &Document) -> bool {
    let value = candidate.secret.expose();
    if candidate.rule.spec.assigned != Some(Credential::Password)
        || !candidate.forms.is_empty()
        || !(6..=10).contains(&value.len())
        || !value.iter().all(u8::is_ascii_digit)
        || statistics::longest_sequence(value) < value.len()
    {
        return false;
    }
    let path = document.origin.judged_path();
    let facts = Facts::of(&path);
    let is_written = surroundings::extension(&path).is_some_and(|e| matches!(e, b"json" | b"jsonc" | b"json5"));
    let is_of_settings = facts.sort == File::Settings && facts.layout == Layout::Settings && !facts.is_sample;
    is_of_settings && !is_written && logs_in(&document.text, candidate.span.start)
}

/// Whether the line of the place is no comment, and one near it names a user, a host or an address.
fn logs_in(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(JUDGE_REACH)..at];
    let behind = &text[at..(at + JUDGE_REACH).min(text.len())];
    let own = before.rsplit(|b| *b == b'\n').next().unwrap_or_default().trim_ascii_start();
    let above = before.rsplit(|b| *b == b'\n').skip(1).take(LINES);
    let below = behind.split(|b| *b == b'\n').skip(1).take(LINES);
    !own.starts_with(b"#") && !own.starts_with(b";") && above.chain(below).any(names_an_account)
}

/// `username: app`, `spring.mail.host=…`, `DB_USER=app`, `- MYSQL_USER=app`
fn names_an_account(line: &[u8]) -> bool {
    const ENDS: [&str; 8] = ["user", "username", "user-name", "user_name", "host", "url", "uri", "account"];
    let line = line.trim_ascii();
    let line = line.strip_prefix(b"- ").unwrap_or(line);
    let Some(end) = line.iter().position(|b| matches!(b, b'=' | b':')) else { return false };
    let (name, value) = (line[..end].trim_ascii_end().to_ascii_lowercase(), line[end + 1..].trim_ascii());
    let is_name = name.iter().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(b));
    is_name && !value.is_empty() && ENDS.iter().any(|word| name.ends_with(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_near_by() {
        let at = |text: &str| logs_in(text.as_bytes(), text.find("2345678").expect("the password stands there"));
        assert!(at("mail:\n  username: shop\n  password: 2345678\n"));
        assert!(at("PASS=2345678\nDB_HOST=db1\n"));
        assert!(!at("mail:\n  retries: 3\n  password: 2345678\n"));
        assert!(!at("username: shop\n# password: 2345678\n"));
        assert!(!at("see the url of the user\npassword: 2345678\n"));
    }
}
