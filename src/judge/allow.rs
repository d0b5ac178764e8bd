//! Allowed by a comment beside it, or by an entry of the configuration.

use super::JUDGE_REACH;
use crate::document::{Document, Origin};
use crate::finding::Candidate;
use aho_corasick::AhoCorasick;
use regex::bytes::RegexSet;
use std::sync::atomic::{AtomicBool, Ordering};

/// An `[[allow]]` entry of the configuration.
#[derive(Debug)]
pub struct Allow {
    /// Only findings of these rules; of all, when there are none.
    pub rules: Vec<String>,
    /// Only findings at paths that match.
    pub paths: Option<globset::GlobSet>,
    /// Only findings whose secret matches.
    pub value: Option<regex::bytes::Regex>,
    /// Only findings of which this holds too.
    pub when: Option<When>,
    /// Why it is allowed.
    pub reason: String,
    /// Where it stands, for a notice: "unleak.toml:12".
    pub place: String,
    /// Whether it allowed something.
    pub used: AtomicBool,
}

impl Allow {
    /// Whether the entry allows the candidate of this document.
    pub fn covers(&self, candidate: &Candidate, document: &Document) -> bool {
        let origin = &document.origin;
        self.is_for(candidate.rule.id())
            && self.paths.as_ref().is_none_or(|paths| {
                names(origin, |path| paths.is_match_candidate(&globset::Candidate::from_bytes(path)))
            })
            && self.value.as_ref().is_none_or(|value| value.is_match(candidate.secret.expose()))
            && self.when.as_ref().is_none_or(|when| when.holds(candidate, document))
    }

    fn is_for(&self, rule: &str) -> bool {
        self.rules.is_empty() || self.rules.iter().any(|own| own == rule)
    }

    /// Whether the entry allows whatever this rule finds in what these commits brought.
    pub fn covers_commits<'c>(&self, rule: &str, mut commits: impl Iterator<Item = &'c str>) -> bool {
        let is_alone = self.paths.is_none() && self.value.is_none();
        let Some(when) = self.when.as_ref().filter(|when| is_alone && when.any && !when.commits.is_empty()) else {
            return false;
        };
        self.is_for(rule) && commits.all(|commit| when.has_commit(commit))
    }

    /// Notes that it allowed something.
    pub fn mark_used(&self) {
        self.used.store(true, Ordering::Relaxed);
    }
}

/// Whether a path is meant: the one that is reported or, for what stands in an archive, that of the archive or the one
/// that it would have if the archive were a folder.
fn names(origin: &Origin, is_meant: impl Fn(&[u8]) -> bool) -> bool {
    is_meant(&origin.path) || origin.inside.is_some() && (is_meant(origin.file()) || is_meant(&origin.judged_path()))
}

/// Conditions as other scanners' allowlists have them.
#[derive(Debug)]
pub struct When {
    /// One kind is enough; else one of each kind that is given must hold.
    pub any: bool,
    /// On the path.
    pub paths: Option<RegexSet>,
    /// On what `on` names.
    pub patterns: Option<RegexSet>,
    /// What the patterns are about.
    pub on: On,
    /// Texts in the secret, in any ASCII case.
    pub stopwords: Option<AhoCorasick>,
    /// Commits in full hexadecimal digits, in lower case.
    pub commits: Vec<String>,
}

/// What a pattern of an allow entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// The secret.
    #[default]
    Secret,
    /// All that the rule's pattern matched.
    Match,
    /// The lines that the match stands on, behind the line end before them.
    Line,
}

impl When {
    fn holds(&self, candidate: &Candidate, document: &Document) -> bool {
        let secret = candidate.secret.expose();
        let commit = document.origin.commit_id.as_deref();
        let kinds = [
            self.paths.as_ref().map(|paths| names(&document.origin, |path| paths.is_match(path))),
            self.patterns.as_ref().map(|patterns| patterns.is_match(self.subject(candidate, &document.text))),
            self.stopwords.as_ref().map(|words| words.is_match(secret)),
            (!self.commits.is_empty()).then(|| commit.is_some_and(|commit| self.has_commit(commit))),
        ];
        let mut given = kinds.into_iter().flatten();
        if self.any { given.any(|holds| holds) } else { given.all(|holds| holds) }
    }

    fn has_commit(&self, id: &str) -> bool {
        self.commits.iter().any(|commit| commit.eq_ignore_ascii_case(id))
    }

    fn subject<'t>(&self, candidate: &'t Candidate, text: &'t [u8]) -> &'t [u8] {
        match self.on {
            On::Secret => candidate.secret.expose(),
            On::Match => match &candidate.decoded {
                Some(decoded) => &decoded.text,
                None => text.get(candidate.whole.clone()).unwrap_or_default(),
            },
            On::Line => {
                let end = candidate.whole.end.min(text.len());
                let start = candidate.whole.start.min(end);
                let start = memchr::memrchr(b'\n', &text[..start]).unwrap_or(0);
                let end = memchr::memchr(b'\n', &text[end..]).map_or(text.len(), |at| end + at);
                &text[start..end]
            }
        }
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
    // A rule that is run over whole texts is another scanner's, whose mark counts on all lines of the match.
    let lines = if candidate.rule.is_whole() { &text[candidate.window.clone()] } else { own };
    if FOREIGN.iter().any(|mark| memchr::memmem::find(lines, mark).is_some()) {
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
