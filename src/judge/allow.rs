//! Allowed by a comment beside it, or by an entry of the configuration.

use super::JUDGE_REACH;
use crate::finding::Candidate;
use std::sync::atomic::{AtomicBool, Ordering};

/// An `[[allow]]` entry of the configuration.
#[derive(Debug)]
pub struct Allow {
    /// Only findings of this rule.
    pub rule: Option<String>,
    /// Only findings at paths that match.
    pub paths: Option<globset::GlobSet>,
    /// Only findings whose secret matches.
    pub value: Option<regex::bytes::Regex>,
    /// Why it is allowed.
    pub reason: String,
    /// Where it stands, for a notice: "unleak.toml:12".
    pub place: String,
    /// Whether it allowed something.
    pub used: AtomicBool,
}

impl Allow {
    /// Whether the entry allows the candidate at this path.
    pub fn covers(&self, candidate: &Candidate, path: &[u8]) -> bool {
        self.rule.as_ref().is_none_or(|rule| rule == candidate.rule.id())
            && self.paths.as_ref().is_none_or(|paths| paths.is_match_candidate(&globset::Candidate::from_bytes(path)))
            && self.value.as_ref().is_none_or(|value| value.is_match(candidate.secret.expose()))
    }

    /// Notes that it allowed something.
    pub fn mark_used(&self) {
        self.used.store(true, Ordering::Relaxed);
    }
}

/// Our own mark: a rule and a reason follow.
const MARK: &[u8] = b"unleak:allow";
/// Other scanners' marks, on the line itself.
const FOREIGN: &[&[u8]] = &[b"gitleaks:allow", b"pragma: allowlist secret", b"pragma: whitelist secret"];
/// Other scanners' marks on the line above.
const FOREIGN_ABOVE: &[&[u8]] = &[b"pragma: allowlist nextline secret", b"pragma: whitelist nextline secret"];
/// What a line that is only a comment begins with.
const COMMENTS: &[&str] = &[
    "#", "//", "/*", "*", "--", ";", "<!--", "%", "(*", "{-", "{#", "{{!", "\"\"\"", "'", "REM ", "rem ", "\\\"", "::",
];

/// The reason that a comment gives for allowing the candidate: on one of its lines, or on a line of its own
/// right above.
pub(super) fn by_comment(candidate: &Candidate, text: &[u8]) -> Option<String> {
    let span = &candidate.span;
    let start = line_start(text, span.start);
    let end = span.end + text[span.end..].iter().take(JUDGE_REACH).position(|b| *b == b'\n').unwrap_or(JUDGE_REACH);
    let own = &text[start..end.min(text.len())];
    if let Some(reason) = marked(own, candidate.rule.id()) {
        return Some(reason);
    }
    if FOREIGN.iter().any(|mark| memchr::memmem::find(own, mark).is_some()) {
        return Some("marked for another scanner".into());
    }
    if start == 0 || text[start - 1] != b'\n' {
        return None;
    }
    let above = &text[line_start(text, start - 1)..start - 1];
    let comment = above.trim_ascii_start();
    if !COMMENTS.iter().any(|c| comment.starts_with(c.as_bytes())) {
        return None;
    }
    if FOREIGN_ABOVE.iter().any(|mark| memchr::memmem::find(above, mark).is_some()) {
        return Some("marked for another scanner".into());
    }
    marked(above, candidate.rule.id())
}

/// Where the line begins that holds the byte, or as far back as the judge looks.
fn line_start(text: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(JUDGE_REACH);
    memchr::memrchr(b'\n', &text[from..at]).map_or(from, |nl| from + nl + 1)
}

/// The reason behind our own mark, if it is for this rule or for all.
fn marked(line: &[u8], rule: &str) -> Option<String> {
    let at = memchr::memmem::find(line, MARK)?;
    let rest = String::from_utf8_lossy(&line[at + MARK.len()..]);
    let rest = rest.trim().trim_end_matches(['*', '/', '-', '>', '}', '#']).trim();
    let (rules, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let is_for_all = rules.is_empty() || rules == "*" || rules == "all";
    (is_for_all || rules.split(',').any(|r| r == rule)).then(|| reason.trim().to_owned())
}
