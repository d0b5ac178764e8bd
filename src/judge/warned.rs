//! Comments above a private key that say it is nobody's: made for trials, published, not to be used.

use super::JUDGE_REACH;
use super::surroundings::contains;

/// What such a comment calls the key.
const WORDS: [&str; 13] = [
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
