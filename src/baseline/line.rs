//! One entry, one line of JSON: written with its members in one order, read strictly.

use super::{Conflicts, Entry};
use crate::fingerprint::VERSION;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// An entry as it is written. The path comes first, so that lines sort by it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    path: String,
    /// Whether `path` is percent-encoded, since it is not UTF-8.
    #[serde(default, skip_serializing_if = "is_false")]
    path_encoded: bool,
    rule: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    masked: String,
    reason: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    by: String,
    accepted: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    fingerprint: String,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// The entry's line with its end.
pub(super) fn of(entry: &Entry) -> String {
    let plain = std::str::from_utf8(&entry.path).ok();
    let written = Written {
        path: plain.map_or_else(|| encoded(&entry.path), str::to_owned),
        path_encoded: plain.is_none(),
        rule: entry.rule.clone(),
        masked: entry.masked.clone(),
        reason: entry.reason.clone(),
        by: entry.by.clone(),
        accepted: entry.accepted.to_string(),
        expires: entry.expires.map(|date| date.to_string()),
        fingerprint: entry.fingerprint.clone(),
    };
    serde_json::to_string(&written).expect("an entry is text and nothing else") + "\n"
}

/// The entries of a text, each with its line's number from 1, or what is wrong with the line.
pub(super) fn entries(
    text: &[u8],
    conflicts: Conflicts,
) -> impl Iterator<Item = (usize, Result<Entry, String>)> + use<'_> {
    let mut is_base = false;
    text.split(|b| *b == b'\n').enumerate().filter_map(move |(nth, line)| {
        let line = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| nth == 0).unwrap_or(line).trim_ascii();
        let is_mark = [b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>"].iter().any(|mark| line.starts_with(*mark));
        if is_mark && conflicts == Conflicts::Joined {
            is_base = line.starts_with(b"|");
            return None;
        }
        // What both sides had in common before is no decision of either.
        if line.is_empty() || is_base {
            return None;
        }
        let entry = match is_mark {
            true => Err("a merge left a conflict here; `unleak baseline update` keeps both sides".to_owned()),
            false => entry(line),
        };
        Some((nth + 1, entry))
    })
}

fn entry(line: &[u8]) -> Result<Entry, String> {
    const MEND: &str = "every line is an entry as `unleak baseline update` writes it; mend the line or delete it";
    let written: Written = serde_json::from_slice(line).map_err(|error| {
        let text = error.to_string();
        // The parser counts lines itself, and there is one.
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        format!("{what}; {MEND}")
    })?;
    let date = |key: &str, text: &str| {
        text.parse::<Date>().map_err(|_| format!("{key} is no date: write {key} as YEAR-MONTH-DAY, \"2031-01-31\""))
    };
    if is_earlier(&written.fingerprint) {
        return Err("fingerprint was made by an earlier unleak; delete the line and accept the finding again with \
                    `unleak baseline update`"
            .to_owned());
    }
    let digits = written.fingerprint.strip_prefix(VERSION).unwrap_or_default();
    if digits.len() != 32 || !digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(format!("fingerprint is \"{VERSION}\" and 32 hexadecimal digits; {MEND}"));
    }
    if written.rule.is_empty() {
        return Err(format!("rule is empty; {MEND}"));
    }
    Ok(Entry {
        path: if written.path_encoded { decoded(&written.path) } else { Some(written.path.into_bytes()) }
            .ok_or_else(|| format!("path is not percent-encoded as path_encoded says; {MEND}"))?,
        accepted: date("accepted", &written.accepted)?,
        expires: written.expires.as_deref().map(|text| date("expires", text)).transpose()?,
        rule: written.rule,
        masked: written.masked,
        reason: written.reason,
        by: written.by,
        fingerprint: written.fingerprint,
        place: String::new(),
    })
}

/// Whether an unleak that made fingerprints in another way made this one.
fn is_earlier(fingerprint: &str) -> bool {
    fingerprint.starts_with("v1-")
}

fn encoded(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len() + 8);
    for &byte in path {
        match byte {
            b' '..=b'~' if byte != b'%' => text.push(byte as char),
            _ => write!(text, "%{byte:02X}").expect("a String can be written to"),
        }
    }
    text
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut path = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        path.push(match first {
            b'%' => {
                let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
                rest = &rest[2..];
                u8::from_str_radix(digits, 16).ok()?
            }
            byte => *byte,
        });
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"path":"p","rule":"r","reason":"x","accepted":"2026-01-01","fingerprint":"v2-0123456789abcdef0123456789abcdef"}"#;

    fn wrong(line: &str) -> String {
        entry(line.as_bytes()).expect_err("it should not be taken")
    }

    #[test]
    fn a_bad_line_says_what_is_wrong() {
        assert!(entry(LINE.as_bytes()).is_ok());
        assert!(wrong("{").starts_with("EOF while parsing"));
        assert!(wrong(&LINE.replace("2026-01-01", "soon")).starts_with("accepted is no date"));
        assert!(wrong(&LINE.replace("v2-0", "v2-G")).starts_with("fingerprint is"));
        // A misspelt expiry would make an entry that never ends.
        assert!(wrong(&LINE.replace("\"reason\"", "\"expire\":\"2026-01-01\",\"reason\"")).contains("unknown field"));
        assert!(wrong(&LINE.replace(r#""rule":"r","#, "")).contains("missing field `rule`"));
    }

    #[test]
    fn both_sides_of_a_conflict_can_be_joined() {
        let other = LINE.replace("\"p\"", "\"q\"");
        let old = LINE.replace("\"p\"", "\"old\"");
        let text = format!("<<<<<<< a\r\n{LINE}\r\n||||||| base\n{old}\n=======\n{other}\n>>>>>>> b\n");
        let first = entries(text.as_bytes(), Conflicts::Refused).next().expect("there are lines");
        assert_eq!((first.0, first.1.is_err()), (1, true));
        let joined: Vec<Vec<u8>> =
            entries(text.as_bytes(), Conflicts::Joined).map(|(_, e)| e.expect("it is well-formed").path).collect();
        assert_eq!(joined, [b"p".to_vec(), b"q".to_vec()]);
    }
}
