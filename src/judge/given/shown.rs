//! Whether a program or a page shows a value rather than uses it.

use super::{Case, lines};
use crate::assigned::{Link, Quote};
use crate::judge::surroundings;

impl Case<'_> {
    /// Without quotes of its own in a program, or laid out in a literal with line ends: what a program says or its
    /// documentation shows.
    pub(super) fn stands_in_text(&self) -> bool {
        self.found.quote == Quote::Bare && self.found.link != Link::Default
            || self.found.quote == Quote::Amid
            || self.is_shown_in_program()
    }

    /// In documentation that a program holds, or in an object that it has in a literal.
    pub(super) fn is_shown_in_program(&self) -> bool {
        self.is_in_docstring() || self.stands_in_a_literal() || surroundings::contains(self.line, "\\n\"")
    }

    /// `"{\"password\": \"…\"}"`, `r#"{"password":"…"}"#`: an object written out in a literal, as JSON without a blank
    /// is in a program.
    fn stands_in_a_literal(&self) -> bool {
        let len = self.found.value.start.saturating_sub(self.line_start).min(self.line.len());
        let before = &self.line[..len];
        before.ends_with(b"\\\"")
            || before.ends_with(b"\":\"") && !self.is_entry_by_comments(before)
            || [&b"\"{\""[..], b"'{\"", b"`{\""].iter().any(|open| memchr::memmem::find(before, open).is_some())
    }

    /// `"key":"…",` alone on its line, beside a comment: an entry of the program, since objects in literals have no comments.
    fn is_entry_by_comments(&self, before: &[u8]) -> bool {
        let is_entry =
            before.trim_ascii_start().starts_with(b"\"") && before.iter().filter(|b| **b == b'"').count() == 3;
        is_entry && lines::neighbours(self.text, self.span).into_iter().flatten().any(has_comment)
    }

    /// `https://host/path?token=…`, `grant_type=x&token=…`
    pub(super) fn is_in_query(&self) -> bool {
        match self.address_before() {
            [before @ .., b'?'] => memchr::memmem::find(before, b"://").is_some(),
            [before @ .., b'&' | b';'] => before.contains(&b'='),
            _ => false,
        }
    }
}

/// `# settings of the voice`, `"name": "value",  # of the voice`: whether a line of a program is a comment or has one behind.
fn has_comment(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    [&b"#"[..], b"//"].iter().any(|mark| {
        let is_behind =
            || memchr::memmem::find(line, mark).is_some_and(|at| line[..at].trim_ascii_end().ends_with(b","));
        line.starts_with(mark) || is_behind()
    })
}

/// Whether a literal between three quotes, as documentation stands in, is open between what stands before and behind:
/// it was opened behind what ends in a colon or a sign of equality, or is closed on a line of its own.
pub(super) fn is_in_docstring(before: &[u8], behind: &[u8]) -> bool {
    let Some(at) = [&b"\"\"\""[..], b"'''"].iter().filter_map(|mark| memchr::memmem::rfind(before, mark)).max() else {
        return is_closed_alone(behind);
    };
    let ahead = before[..at].trim_ascii_end();
    let ahead = ahead.strip_suffix(b"r").unwrap_or(ahead).trim_ascii_end();
    ahead.ends_with(b":") || ahead.ends_with(b"=") || ahead.ends_with(b"doc") || ahead.ends_with(b"(")
}

/// Whether the next three quotes close a literal: alone on their line, below one that opens nothing.
fn is_closed_alone(behind: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(behind, b"\"\"\"") else { return false };
    let Some(nl) = memchr::memrchr(b'\n', &behind[..at]) else { return false };
    let last = behind[..nl].trim_ascii_end().last().copied().unwrap_or_default();
    !opens_remark(&behind[..at], &behind[at + 3..])
        && behind[nl..at].iter().all(u8::is_ascii_whitespace)
        && matches!(behind.get(at + 3), Some(b'\n' | b'\r') | None)
        && !matches!(last, b':' | b'=' | b'(')
}

/// Whether three quotes at the beginning of a line, below a blank one, open a remark on what follows rather than close a
/// literal: a line of words stands below them.
fn opens_remark(ahead: &[u8], behind: &[u8]) -> bool {
    let is_below_blank = ahead.ends_with(b"\n\n") || ahead.ends_with(b"\r\n\r\n");
    let mut below = behind.split(|b| *b == b'\n').skip(1);
    let is_said = |line: &[u8]| {
        line.first().is_some_and(u8::is_ascii_uppercase)
            && line.contains(&b' ')
            && !line.iter().any(|b| matches!(b, b'=' | b'(' | b'{' | b'[' | b'"'))
    };
    is_below_blank && below.next().is_some_and(is_said)
}

/// `"created_at": "2023-01-12T08:24:26Z"`: whether the time stands near at which what an interface answered came to be.
pub(super) fn has_time(near: &[u8]) -> bool {
    memchr::memmem::find_iter(near, b"\"20").any(|at| {
        let day = &near[at + 1..];
        let is_day = day.len() > 10
            && [0, 1, 2, 3, 5, 6, 8, 9].iter().all(|place| day[*place].is_ascii_digit())
            && (day[4], day[7]) == (b'-', b'-')
            && matches!(day[10], b'T' | b' ');
        is_day && near[..at].trim_ascii_end().ends_with(b"\":")
    })
}

/// `"secret": "…", …, "publicClient": true`: whether the rest of the object says that the client is one of a page or an app,
/// which is asked for no secret: Keycloak makes one for each.
pub(super) fn is_of_public_client(behind: &[u8]) -> bool {
    let Some(at) = memchr::memmem::find(behind, b"\"publicClient\"") else { return false };
    let said = behind[at..].iter().skip_while(|b| **b != b':').skip(1).skip_while(|b| b.is_ascii_whitespace());
    said.take(4).eq(b"true") && memchr::memmem::find(&behind[..at], b"\"clientId\"").is_none()
}

/// Whether a line has a value that counts through the alphabet, as samples have them: `abcdefghijklmnop`,
/// `aabbccddeeff`.
pub(super) fn has_series(line: &[u8]) -> bool {
    let (mut length, mut steps) = (1, 0);
    line.windows(2).any(|pair| {
        let step = pair[1].wrapping_sub(pair[0]);
        let goes_on = step <= 1 && pair.iter().all(u8::is_ascii_lowercase);
        (length, steps) = if goes_on { (length + 1, steps + step) } else { (1, 0) };
        length >= 12 && steps >= 5
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_that_send_no_secret_are_seen() {
        assert!(is_of_public_client(b"\",\n \"bearerOnly\": false,\n \"publicClient\" : true,\n"));
        assert!(!is_of_public_client(b"\", \"publicClient\": false"));
        assert!(!is_of_public_client(b"\" }, { \"clientId\": \"app\", \"publicClient\": true"));
    }

    #[test]
    fn series_are_seen() {
        assert!(has_series(b"clientID: abcdefghijklmnopqrst"));
        assert!(has_series(b"id: aabbccddeeff00112233"));
        assert!(!has_series(b"id: 9f8b2c7de1a0453b8d6f1e2a7c904b35"));
        assert!(!has_series(b"redis://host/0tygggggggggggggggggggggfcddddddddd"));
    }

    #[test]
    fn documentation_between_three_quotes_is_seen() {
        for before in
            ["EXAMPLES = r'''\n- name: x\n  token: ", "def f():\n    \"\"\"Sends it.\n\n    token=", "@doc \"\"\"\n x "]
        {
            assert!(is_in_docstring(before.as_bytes(), b""), "{before}");
        }
        assert!(is_in_docstring(b"\"key\": ", b"\n    }\n    \"\"\"\n    x = 1\n"));
        let remark = b"\")\n\n\"\"\"\nMost that a job may take up\n\"\"\"\nMOST = 1\n";
        assert!(!is_in_docstring(b"KEY = os.getenv(\"KEY\", \"", remark));
        assert!(is_in_docstring(b"KEY = os.getenv(\"KEY\", \"", b"\")\n\n\"\"\"\nmost = f(KEY)\n"));
        assert!(!is_in_docstring(b"key = ", b"\n\ndef f():\n    \"\"\"\n    x = 1\n"));
        for before in ["def f():\n    \"\"\"Sends it.\"\"\"\n    token = ", "token = "] {
            assert!(!is_in_docstring(before.as_bytes(), b""), "{before}");
        }
    }
}
