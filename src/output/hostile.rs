//! Text out of files, made harmless: what could steer a terminal, reorder a line, hide in it or give a CI
//! runner a command is spelled out.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The bytes on one line: control, bidirectional and invisible characters and bytes that are not UTF-8 are
/// spelled out, line ends and tabs too.
pub(super) fn line(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    push(bytes, false, &mut text);
    text
}

/// The same for a text of several lines: LF and tab stay.
pub(super) fn push_lines(bytes: &[u8], text: &mut String) {
    push(bytes, true, text);
}

fn push(bytes: &[u8], lines: bool, text: &mut String) {
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' | '\t' if lines => text.push(c),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                // `##[` anywhere in a line starts a command of older CI runners, `::` only where a line begins.
                '[' if text.ends_with("##") => text.push_str("\\x5b"),
                c if c.is_ascii() && is_hostile(c) => write!(text, "\\x{:02x}", c as u32).expect(INFALLIBLE),
                c if is_hostile(c) => write!(text, "\\u{{{:x}}}", c as u32).expect(INFALLIBLE),
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02x}").expect(INFALLIBLE);
        }
    }
}

const INFALLIBLE: &str = "a String can be written to";

/// JSON text with the same characters as `\u` escapes: it means the same and can be printed anywhere.
pub(super) fn json(text: &str) -> Cow<'_, str> {
    let is_special = |c: char| (!c.is_ascii() || c == '\x7f') && is_hostile(c);
    if !text.contains(is_special) && !text.contains("##[") {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if is_special(c) || (c == '[' && escaped.ends_with("##")) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(escaped, "\\u{unit:04x}").expect(INFALLIBLE);
            }
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

/// Whether a character does something other than show itself.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_bidi_and_bad_bytes_are_spelled_out() {
        assert_eq!(line(b"a\x1b[31mb\x07\x7f"), "a\\x1b[31mb\\x07\\x7f");
        assert_eq!(line("a\u{202e}b\u{200b}\u{9b}".as_bytes()), "a\\u{202e}b\\u{200b}\\u{9b}");
        assert_eq!(line(b"caf\xe9\r\n\t"), "caf\\xe9\\r\\n\\t");
        assert_eq!(line("ä 日本 🦀".as_bytes()), "ä 日本 🦀");
    }

    #[test]
    fn lines_keep_their_ends_and_tabs() {
        let mut text = String::new();
        push_lines(b"a\tb\r\nc", &mut text);
        assert_eq!(text, "a\tb\\r\nc");
    }

    #[test]
    fn runner_commands_are_broken_up() {
        assert_eq!(line(b"x ##[error]boo"), "x ##\\x5berror]boo");
        assert_eq!(json("\"##[error]\""), "\"##\\u005berror]\"");
    }

    #[test]
    fn escaped_json_means_the_same() {
        let nasty = "a\u{202e}\u{e0041}\u{7f}\u{85}b##[c";
        let text = serde_json::to_string(nasty).expect("a string serializes");
        let escaped = json(&text);
        assert!(escaped.is_ascii());
        assert_eq!(serde_json::from_str::<String>(&escaped).expect("it is still JSON"), nasty);
    }
}
