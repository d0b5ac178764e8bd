//! Takes out of a report what a baseline accepts, and says what it no longer does.

use super::{Baseline, Entry};
use crate::document::Aspect;
use crate::finding::Finding;
use crate::fingerprint;
use crate::report::{Accepted, Baselined, Extent, Report};
use crate::source::{Standing, State};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// So many things of one sort are named to people; the rest is counted.
const NAMED: usize = 5;
/// A weak secret is slow to digest, so it is looked for at so many other paths and no more.
const TRIES: usize = 64;

/// How to judge by a baseline.
pub struct Accepting<'a> {
    /// The baseline.
    pub baseline: &'a Baseline,
    /// Decides what has expired.
    pub today: Date,
    /// Tells whether a path is gone.
    pub standing: &'a Standing,
    /// Whether everything was scanned that the baseline is about, so that an entry that matches nothing is unused.
    pub is_whole: bool,
    /// Whether reports list what was accepted.
    pub is_listed: bool,
}

/// What a baseline says of a finding.
enum Word<'b> {
    /// It is accepted as it is.
    Accepted(&'b Entry),
    /// It was accepted, at this finding's path or at one that is gone, until a day that has passed.
    Expired(&'b Entry),
    /// It was accepted at a path that is gone: the file was renamed.
    Moved(&'b Entry),
    /// It was accepted at a path that still is there, so this is another copy.
    Copy(&'b Entry),
    /// It is new.
    New,
}

/// Moves the findings that the baseline accepts to the report's list of those.
pub fn accept(report: &mut Report, how: &Accepting<'_>) {
    let mut judge = Judge { how, mode: report.scan.mode, claims: BTreeMap::new(), tally: Tally::default() };
    let mut accepted = Vec::new();
    fingerprint::make(report.findings.iter().map(|finding| &finding.fingerprint));
    let mut findings = Vec::new();
    for finding in std::mem::take(&mut report.findings) {
        match judge.word(&finding) {
            Word::Accepted(entry) => accepted.push(judge.take(finding, entry, false)),
            Word::Moved(entry) => accepted.push(judge.take(finding, entry, true)),
            Word::Expired(entry) => {
                judge.tally.expired.insert(entry.fingerprint.clone(), entry);
                findings.push(finding);
            }
            Word::Copy(entry) => {
                judge.tally.copies.insert((finding.origin.path.clone(), entry.path.clone()));
                findings.push(finding);
            }
            Word::New => findings.push(finding),
        }
    }
    report.findings = findings;
    let is_whole = how.is_whole && report.coverage.history.as_ref().is_none_or(|h| h.extent == Extent::Full);
    let baseline = how.baseline;
    report.baseline = Some(Baselined {
        name: baseline.name.clone(),
        revision: baseline.revision.clone(),
        entries: baseline.entries.len(),
        unused: is_whole.then(|| baseline.entries.keys().filter(|key| !judge.tally.used.contains(*key)).count()),
        accepted,
        is_listed: how.is_listed,
    });
    report.notices.extend(judge.tally.notices(&report.scan.to_root));
}

struct Judge<'a> {
    how: &'a Accepting<'a>,
    mode: &'static str,
    /// The path that an entry's gone one became, in each commit: of several new copies only one is the old one.
    claims: BTreeMap<(String, Option<String>), Vec<u8>>,
    tally: Tally<'a>,
}

impl<'a> Judge<'a> {
    fn word(&mut self, finding: &Finding) -> Word<'a> {
        let baseline = self.how.baseline;
        let (entry, is_moved) = match baseline.entries.get(&*finding.fingerprint) {
            Some(entry) => (entry, false),
            None => match self.elsewhere(finding) {
                Some(entry) if self.is_gone(entry, finding) && self.claims(entry, finding) => (entry, true),
                Some(entry) => return Word::Copy(entry),
                None => return Word::New,
            },
        };
        self.tally.used.insert(entry.fingerprint.clone());
        match (entry.is_expired(self.how.today), is_moved) {
            (true, _) => Word::Expired(entry),
            (false, true) => Word::Moved(entry),
            (false, false) => Word::Accepted(entry),
        }
    }

    /// The entry that accepts the same secret at another path; of several, one whose path is gone.
    fn elsewhere(&self, finding: &Finding) -> Option<&'a Entry> {
        let path = &finding.origin.path;
        if path.is_empty() || !matches!(finding.origin.part, Aspect::Content | Aspect::LinkTarget) {
            return None;
        }
        let masked = crate::output::masked(&finding.rule, &finding.secret).unwrap_or_default();
        // A rule about no secret is about its file.
        if masked.is_empty() {
            return None;
        }
        let is_alike = |entry: &&Entry| entry.rule == finding.rule.id() && entry.masked == masked;
        let mut others: Vec<&Entry> =
            self.how.baseline.entries.values().filter(|e| is_alike(e) && !e.path.is_empty()).collect();
        let known = finding.known.as_ref().map(|known| known.path.as_slice());
        others.sort_by_key(|entry| {
            let is_near = name(&entry.path) == name(path) || folder(&entry.path) == folder(path);
            (known != Some(entry.path.as_slice()), !is_near)
        });
        let secret = finding.secret.expose();
        let tries = if fingerprint::is_cheap(secret) { usize::MAX } else { TRIES };
        let is_same = |entry: &&&Entry| fingerprint::fingerprint(&entry.rule, &entry.path, secret) == entry.fingerprint;
        let same: Vec<&Entry> = others.iter().take(tries).filter(is_same).copied().collect();
        same.iter().find(|entry| self.is_gone(entry, finding)).or(same.first()).copied()
    }

    fn is_gone(&self, entry: &Entry, finding: &Finding) -> bool {
        let state = match (self.mode, &finding.origin.commit_id) {
            ("files", _) => State::Disk,
            ("staged", _) => State::Index,
            ("history", Some(id)) => State::Past(id),
            (_, Some(id)) => State::Change(id),
            // A stream says nothing of other paths.
            (_, None) => return false,
        };
        self.how.standing.is_gone(&entry.path, state)
    }

    fn claims(&mut self, entry: &Entry, finding: &Finding) -> bool {
        let key = (entry.fingerprint.clone(), finding.origin.commit_id.as_deref().map(str::to_owned));
        let path = self.claims.entry(key).or_insert_with(|| finding.origin.path.clone());
        *path == finding.origin.path
    }

    fn take(&mut self, finding: Finding, entry: &'a Entry, is_moved: bool) -> Accepted {
        // In a history, the name that a file once had is no reason to do anything.
        let is_current = finding.lifecycle.as_ref().is_none_or(|story| story.in_head);
        if is_moved && is_current {
            self.tally.moves.insert((entry.path.clone(), finding.origin.path.clone()));
        }
        Accepted {
            finding,
            by: entry.by.clone(),
            reason: entry.reason.clone(),
            on: entry.accepted.to_string(),
            expires: entry.expires.map(|date| date.to_string()),
            entry: entry.fingerprint.clone(),
            moved_from: is_moved.then(|| entry.path.clone()),
        }
    }
}

/// What people should be told, each thing once.
#[derive(Default)]
struct Tally<'a> {
    used: BTreeSet<String>,
    expired: BTreeMap<String, &'a Entry>,
    moves: BTreeSet<(Vec<u8>, Vec<u8>)>,
    copies: BTreeSet<(Vec<u8>, Vec<u8>)>,
}

impl Tally<'_> {
    fn notices(&self, prefix: &str) -> Vec<String> {
        let mut notices = Vec::new();
        let shown = |path: &[u8]| format!("{prefix}{}", String::from_utf8_lossy(path));
        let mut say = |lines: Vec<String>, more: &str| {
            let rest = lines.len().saturating_sub(NAMED);
            notices.extend(lines.into_iter().take(NAMED));
            if rest > 0 {
                notices.push(format!("and {rest} more {more}"));
            }
        };
        let expired = self.expired.values().map(|entry| {
            let until = entry.expires.map(|date| date.to_string()).unwrap_or_default();
            format!("{}: this was accepted until {until}, so it is reported again", entry.place)
        });
        say(expired.collect(), "entries of the baseline have expired");
        let moves = self.moves.iter().map(|(old, new)| {
            let (old, new) = (shown(old), shown(new));
            format!("{new} was {old} when the baseline was made; `unleak baseline update` writes the new name down")
        });
        say(moves.collect(), "files were renamed since the baseline was made");
        let copies = self.copies.iter().map(|(path, other)| {
            let (path, other) = (shown(path), shown(other));
            format!("{path} holds a copy of a secret that the baseline accepts only at {other}")
        });
        say(copies.collect(), "files hold copies of accepted secrets");
        notices
    }
}

fn name(path: &[u8]) -> &[u8] {
    path.rsplit(|b| *b == b'/').next().unwrap_or(path)
}

fn folder(path: &[u8]) -> &[u8] {
    &path[..path.len() - name(path).len()]
}
