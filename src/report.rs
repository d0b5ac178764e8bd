//! What a scan comes to: findings in order, dismissals, coverage, notices, and the exit status.

use crate::finding::{Dismissal, Finding, Severity};
use crate::ruleset::RuleSet;
use std::sync::Arc;

/// All that a scan found and all that it did not read.
#[derive(Debug, Clone)]
pub struct Report {
    /// What was scanned.
    pub scan: Scanned,
    /// The findings, in order of path, place and rule.
    pub findings: Vec<Finding>,
    /// What was dismissed and why, in the same order; empty unless asked for.
    pub dismissed: Vec<Dismissal>,
    /// What a baseline accepted, when one was given.
    pub baseline: Option<Baselined>,
    /// What was read and what was not.
    pub coverage: Coverage,
    /// What the user should know besides: an expired or unused allow entry, an empty range.
    pub notices: Vec<String>,
    /// The rules that were in force.
    pub rules: Arc<RuleSet>,
}

/// What a baseline made of the findings.
#[derive(Debug, Clone)]
pub struct Baselined {
    /// What messages call it.
    pub name: String,
    /// The revision that it was read from; none if it was read from disk.
    pub revision: Option<String>,
    /// How many entries it has.
    pub entries: usize,
    /// How many of them match nothing; none unless everything was scanned.
    pub unused: Option<usize>,
    /// The findings that it accepts, in order; they are no findings of the report.
    pub accepted: Vec<Accepted>,
    /// Whether reports for people and SARIF list them.
    pub is_listed: bool,
}

/// A finding that a baseline accepts.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The finding.
    pub finding: Finding,
    /// Who accepted it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// On which day: `2026-11-21`.
    pub on: String,
    /// The last day on which that counts.
    pub expires: Option<String>,
    /// The fingerprint of the baseline's entry.
    pub entry: String,
    /// The path it was accepted at, when the file was renamed since.
    pub moved_from: Option<Vec<u8>>,
}

/// What was scanned.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// The subcommand: files, staged, range, stdin, message, history; or push, in a hook.
    pub mode: &'static str,
    /// The revisions as the user gave them, when there were any.
    pub revisions: Option<String>,
    /// From the current folder to the folder that paths are relative to, with `/` at the end (`../../`), or
    /// empty; in front of a path it makes it relative to the current folder.
    pub to_root: String,
    /// The repository's root or, outside one, the current folder; where files can be looked up.
    pub root: Option<std::path::PathBuf>,
}

/// What was read and what was not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Texts read: files, blobs, messages, paths.
    pub documents: u64,
    /// Bytes in them.
    pub bytes: u64,
    /// Files on disk read.
    pub files: u64,
    /// Git blobs read.
    pub blobs: u64,
    /// Commits looked at.
    pub commits: u64,
    /// How many findings a comment or an entry of the configuration allows.
    pub allowed: u64,
    /// What else a sweep of a whole history went through.
    pub history: Option<HistoryCoverage>,
    /// What was left out on purpose, and why: the scan is complete all the same.
    pub skipped: Vec<Skipped>,
    /// What should have been read and could not be: the scan is partial.
    pub missing: Vec<Skipped>,
}

/// What a sweep of a whole history went through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryCoverage {
    /// Refs, HEAD included where it is detached.
    pub refs: u64,
    /// Trees read.
    pub trees: u64,
    /// Annotated tags read.
    pub tags: u64,
    /// Bytes on disk of all packs and loose objects.
    pub stored_bytes: u64,
    /// Ids of commits whose parents were left out when the repository was cloned.
    pub shallow: Vec<String>,
    /// Whether some objects were left out on purpose when the repository was cloned.
    pub partial_clone: bool,
    /// How far back it went.
    pub extent: Extent,
}

/// How far back a sweep went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Extent {
    /// All of it.
    #[default]
    Full,
    /// All of it, although a state of an earlier sweep was given: why.
    FullAgain(String),
    /// What came since the state of an earlier sweep.
    SinceState,
    /// One part in so many: its number, from 1, and how many there are.
    Shard(u32, u32),
}

/// Something that was not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// What: a path or an object's id.
    pub what: Vec<u8>,
    /// Why.
    pub why: String,
}

impl Coverage {
    /// Whether everything that should have been read was.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }

    /// Adds what another part of the same scan covered.
    pub fn add(&mut self, other: Coverage) {
        self.documents += other.documents;
        self.bytes += other.bytes;
        self.files += other.files;
        self.blobs += other.blobs;
        self.commits += other.commits;
        self.allowed += other.allowed;
        self.history = self.history.take().or(other.history);
        self.skipped.extend(other.skipped);
        self.missing.extend(other.missing);
    }
}

/// The program's exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Nothing at or above the severity asked for, and everything was read.
    Clean = 0,
    /// A finding at or above the severity asked for, and everything was read.
    Findings = 1,
    /// An error, or something was not read.
    Error = 2,
}

impl Report {
    /// Puts the findings in order.
    pub fn sort(&mut self) {
        self.findings.sort_by(|a, b| (&a.origin, a.location, a.rule.id()).cmp(&(&b.origin, b.location, b.rule.id())));
    }

    /// What the report comes to.
    pub fn exit_status(&self, fail_on: Severity) -> ExitStatus {
        if !self.coverage.is_complete() {
            ExitStatus::Error
        } else if self.findings.iter().any(|f| f.severity >= fail_on) {
            ExitStatus::Findings
        } else {
            ExitStatus::Clean
        }
    }
}
