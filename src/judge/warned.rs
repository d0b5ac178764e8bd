//! What stands round a private key: comments above it that say it is nobody's, made for trials, published or not to be used, and
//! whether it has a file of its own.

use super::JUDGE_REACH;
use super::endings::{COMMANDS, MARKUP, SETTINGS, is_in, without_second};
use super::file::{Facts, File};
use super::known::Fall;
use super::surroundings::{contains, extension};
use crate::document::Document;
use crate::finding::Candidate;

/// What such a comment calls the key.
const WORDS: [&str; 19] = [
    "dummy",
    "dumb ",
    "bogus",
    "fake",
    "insecure",
    "unsafe",
    "for testing",
    "testing purpose",
    "for test purpose",
    "not be used",
    "non-production",
    "not for production",
    "not use in production",
    "not used in",
    "test key",
    "test rsa",
    "test private",
    "test certificate",
    "example of",
];

/// Marks with which a line that is a comment begins.
const MARKS: [&str; 8] = ["#", "//", "/*", "*", "--", ";", "%", "<!--"];

/// Whether a comment above the place, as far as the judge looks and no other key in between, speaks of a key in such words. It may
/// take up several lines, and stand at the head of the file.
pub(super) fn is_warned_of(text: &[u8], at: usize) -> bool {
    let above = &text[at.saturating_sub(JUDGE_REACH)..at];
    let above = memchr::memmem::rfind(above, b"-----END ").map_or(above, |end| &above[end..]);
    let mut comment = Vec::new();
    let mut lines = above.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).chain([&b""[..]]);
    lines.any(|line| {
        if MARKS.iter().any(|mark| line.starts_with(mark.as_bytes())) {
            comment.extend_from_slice(line);
            comment.push(b' ');
            return false;
        }
        let is_warning = contains(&comment, "key") && WORDS.iter().any(|word| contains(&comment, word));
        comment.clear();
        is_warning
    })
}

/// What is known of a private key nothing speaks against. It is one, but whether it opens anything is not to be seen: of 79 that
/// were high in three sets of histories 55 belonged to something that ran. In settings and programs those in comments did not; a
/// vault of Ansible's holds what is in use.
pub(super) fn as_it_stands(candidate: &Candidate, document: &Document, path: &[u8]) -> Option<(&'static str, Fall)> {
    let facts = Facts::of(path);
    let at = candidate.span.start.min(candidate.whole.start);
    let before = &document.text[at.saturating_sub(JUDGE_REACH)..at];
    let line = before[memchr::memrchr(b'\n', before).map_or(0, |end| end + 1)..].trim_ascii_start();
    let is_in_comment =
        MARKS.iter().any(|mark| line.strip_prefix(mark.as_bytes()).is_some_and(|rest| !rest.starts_with(b"-")));
    match facts.sort == File::Code || is_of_settings(path) {
        true if is_in_comment => Some(("a key in a comment", Fall::Low)),
        true if facts.is_vault => None,
        _ => Some(("a key, whatever it opens", Fall::Level)),
    }
}

/// By its ending: a file without one, `deploy_key`, may be a key.
fn is_of_settings(path: &[u8]) -> bool {
    let path = without_second(path);
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    let is = |ending| [SETTINGS, MARKUP, COMMANDS].iter().any(|list| is_in(list, ending));
    name.starts_with(b".env") || extension(path).is_some_and(is)
}

#[cfg(test)]
mod tests {
    use super::is_warned_of;

    #[test]
    fn a_comment_of_one_line_or_more_warns_of_the_key_below() {
        for above in [
            "# These are insecure development keys, they should\n# not be used in production.\nssl:\n  key: |\n    ",
            "// A dummy\n// key\nconst KEY = `",
            "<!-- Dumb Private Key for testing purpose -->\n<key>",
            "a: 1\n# non-production keys\n\nkey: ",
        ] {
            assert!(is_warned_of(above.as_bytes(), above.len()), "{above}");
        }
        for above in [
            "# The key of the load balancer\nkey: ",
            "# not be used by hand\nkey: ",
            "insecure: false\nkey: ",
            "# an insecure key\nkey: x\n-----END RSA PRI-----\n# the key of the shop\nkey: ",
        ] {
            assert!(!is_warned_of(above.as_bytes(), above.len()), "{above}");
        }
    }
}
