//! The baseline: findings that were accepted as they are, one line each, keyed by what they are and not by where
//! in their file they stand.
//!
//! A line is a JSON object. Its `fingerprint` is that of the finding: rule, path and a digest of the secret that
//! is slow to try guesses on. So a secret that moves within its file is still accepted, a copy of it in another
//! file is not, and the file of the baseline does not help whoever wants to guess a weak password.

mod accept;
mod additions;
mod foreign;
mod line;
mod store;
mod takeover;

pub use accept::{Accepting, accept};
pub use additions::{ADDITION, addition_rule, additions};
pub use foreign::{Clue, Foreign, ForeignError, foreign};
pub use store::{ATTRIBUTES, StoreError, attribute, read, replace, write};
pub use takeover::same;

use crate::finding::Finding;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Where the baseline of a repository stands unless it is said otherwise, seen from its root.
pub const DEFAULT: &str = ".unleak-baseline.jsonl";

/// How the files of a baseline end that is a folder.
pub const EXTENSION: &str = ".jsonl";

/// What was accepted.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    /// What messages call it.
    pub name: String,
    /// The revision that it was read from; none if it was read from disk.
    pub revision: Option<String>,
    /// Its path as Git has it, when it lies in the repository: a file or a folder.
    pub path: Option<Vec<u8>>,
    /// Its entries by their fingerprints, each once.
    pub entries: BTreeMap<String, Entry>,
}

/// A finding that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The path it was found at, as Git has it.
    pub path: Vec<u8>,
    /// The rule that found it.
    pub rule: String,
    /// What may be shown of the secret; empty for a rule about none.
    pub masked: String,
    /// Why it was accepted.
    pub reason: String,
    /// Who accepted it.
    pub by: String,
    /// The day it was accepted on.
    pub accepted: Date,
    /// The last day on which that counts; none if it always does.
    pub expires: Option<Date>,
    /// The finding's fingerprint.
    pub fingerprint: String,
    /// Where it was read, "FILE:LINE"; empty for a new one.
    pub place: String,
}

/// A baseline that can't be relied on.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// A line of it is wrong.
    #[error("{place}: {what}")]
    Line {
        /// The file and line.
        place: String,
        /// What is wrong, and the mend.
        what: String,
    },
}

/// What to do with a line that a merge left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflicts {
    /// It is an error.
    Refused,
    /// Both sides count.
    Joined,
}

/// Who accepts a finding, and on which terms.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// The day.
    pub accepted: Date,
    /// The last day on which that counts.
    pub expires: Option<Date>,
}

impl Entry {
    /// A finding, accepted.
    pub fn of(finding: &Finding, terms: &Terms) -> Self {
        Entry {
            path: finding.origin.path.clone(),
            rule: finding.rule.id().to_owned(),
            masked: crate::output::masked(&finding.rule, &finding.secret).unwrap_or_default(),
            reason: terms.reason.clone(),
            by: terms.by.clone(),
            accepted: terms.accepted,
            expires: terms.expires,
            fingerprint: finding.fingerprint.to_string(),
            place: String::new(),
        }
    }

    /// Its line in the file, with the line's end.
    pub fn to_line(&self) -> String {
        line::of(self)
    }

    /// Whether its last day has passed.
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < today)
    }

    /// Whether it lasts longer than the other one.
    pub fn outlasts(&self, other: &Entry) -> bool {
        match (self.expires, other.expires) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(own), Some(other)) => own > other,
        }
    }

    /// Of two that accept the same finding, the later decision counts; of two of the same day, the stricter.
    fn yields_to(&self, other: &Entry) -> bool {
        match self.accepted.cmp(&other.accepted) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Equal => self.outlasts(other),
        }
    }
}

impl Baseline {
    /// Adds the entries of a file. `name` is what messages call the file.
    pub fn add_text(&mut self, text: &[u8], name: &str, conflicts: Conflicts) -> Result<(), BaselineError> {
        for (nth, entry) in line::entries(text, conflicts) {
            let place = format!("{name}:{nth}");
            match entry {
                Ok(entry) => self.add(Entry { place, ..entry }),
                Err(what) => return Err(BaselineError::Line { place, what }),
            }
        }
        Ok(())
    }

    /// Adds an entry; of two that accept the same finding one is kept.
    pub fn add(&mut self, entry: Entry) {
        match self.entries.get_mut(&entry.fingerprint) {
            Some(known) if known.yields_to(&entry) => *known = entry,
            Some(_) => {}
            None => drop(self.entries.insert(entry.fingerprint.clone(), entry)),
        }
    }

    /// The entries in the order of their file: by path, rule and fingerprint.
    pub fn in_order(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort_by(|a, b| (&a.path, &a.rule, &a.fingerprint).cmp(&(&b.path, &b.rule, &b.fingerprint)));
        entries
    }

    /// The text of its file.
    pub fn text(&self) -> String {
        self.in_order().into_iter().map(line::of).collect()
    }

    /// Whether a path, as Git has it, is that of a file of this baseline.
    pub fn is_at(&self, path: &[u8]) -> bool {
        let Some(rest) = self.path.as_deref().and_then(|own| path.strip_prefix(own)) else { return false };
        rest.is_empty() || (rest.starts_with(b"/") && rest.ends_with(EXTENSION.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(fingerprint: char, accepted: &str, expires: Option<&str>) -> Entry {
        let date = |text: &str| text.parse::<Date>().expect("it is a date");
        Entry {
            path: b"a b".to_vec(),
            rule: "r".into(),
            masked: "…".into(),
            reason: "because".into(),
            by: "A".into(),
            accepted: date(accepted),
            expires: expires.map(date),
            fingerprint: format!("v2-{}", fingerprint.to_string().repeat(32)),
            place: String::new(),
        }
    }

    #[test]
    fn the_later_decision_counts_and_of_one_day_the_stricter() {
        let mut baseline = Baseline::default();
        baseline.add(entry('a', "2026-01-01", None));
        baseline.add(entry('a', "2026-01-01", Some("2026-02-01")));
        baseline.add(entry('a', "2026-01-01", Some("2026-03-01")));
        assert_eq!(baseline.in_order(), [&entry('a', "2026-01-01", Some("2026-02-01"))]);
        baseline.add(entry('a', "2026-01-02", None));
        baseline.add(entry('a', "2026-01-01", Some("2026-02-01")));
        assert_eq!(baseline.in_order(), [&entry('a', "2026-01-02", None)]);
    }

    #[test]
    fn text_and_entries_are_the_same_thing() {
        let mut baseline = Baseline::default();
        baseline.add(Entry { path: b"caf\xe9%".to_vec(), ..entry('b', "2026-01-01", Some("2027-01-31")) });
        baseline.add(Entry { by: String::new(), masked: String::new(), ..entry('a', "2026-01-01", None) });
        let mut read = Baseline::default();
        read.add_text(baseline.text().as_bytes(), "f", Conflicts::Refused).expect("it is well-formed");
        assert_eq!(read.text(), baseline.text());
        assert_eq!(read.in_order()[1].path, b"caf\xe9%");
        assert_eq!(read.in_order()[1].place, "f:2");
    }

    #[test]
    fn an_entry_counts_up_to_its_last_day() {
        let entry = entry('a', "2026-01-01", Some("2026-02-01"));
        assert!(!entry.is_expired("2026-02-01".parse().expect("it is a date")));
        assert!(entry.is_expired("2026-02-02".parse().expect("it is a date")));
    }

    #[test]
    fn a_folder_of_files_is_a_baseline_too() {
        let baseline = Baseline { path: Some(b"ci/base".to_vec()), ..Baseline::default() };
        assert!(baseline.is_at(b"ci/base") && baseline.is_at(b"ci/base/x.jsonl"));
        assert!(!baseline.is_at(b"ci/base2") && !baseline.is_at(b"ci/base/readme.md") && !baseline.is_at(b"ci"));
    }
}
