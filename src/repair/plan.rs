//! What mending a selection of files would make of them.

use super::names::Names;
use super::terraform::{self, Declared};
use crate::archive::Archives;
use crate::crowd;
use crate::document::{Aspect, Changed, Content, Document};
use crate::finding::Finding;
use crate::remedy::{Edit, mended};
use crate::report::{Coverage, Report, Skipped};
use crate::scan::{Outcome, Scan};
use crate::secret::Secret;
use crate::source::{Loaded, Selected};
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// A text is mended again after each round until nothing is left that can be: edits that would be in each other's
/// way are made one round after the other.
const ROUNDS: usize = 100;

/// What would be done.
#[derive(Debug)]
pub struct Plan {
    /// The scan that it comes from, of the findings that were asked for.
    pub report: Report,
    /// The files that change.
    pub changes: Vec<Change>,
    /// What stays and why.
    pub left: Vec<Left>,
}

/// A file that changes.
#[derive(Debug)]
pub struct Change {
    /// Where it is.
    pub path: PathBuf,
    /// Its text as it is.
    pub document: Document,
    /// Its text as it will be.
    pub after: Vec<u8>,
    /// What goes, each with the variable that is read instead; empty for what is no secret.
    pub mended: Vec<(Finding, String)>,
}

impl Change {
    /// The findings that it mends.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.mended.iter().map(|(finding, _)| finding)
    }
}

/// A finding that can't be mended in its place.
#[derive(Debug)]
pub struct Left {
    /// The finding.
    pub finding: Finding,
    /// Why it stays.
    pub why: &'static str,
}

/// A file with findings.
struct Target {
    path: PathBuf,
    document: Document,
}

/// Plans the mending of what is selected on disk and wanted. `kept` are variables with their values that the project
/// has already.
pub fn plan(
    scan: &Scan,
    selected: Selected,
    wanted: &(dyn Fn(&Finding) -> bool + Sync),
    kept: &[(String, Secret)],
) -> Plan {
    let Selected { scanned, entries, coverage, notices, reader, archives } = selected;
    let load = |entry| match reader.load(entry) {
        Loaded::Document(document) => read(scan, document, entry, archives),
        Loaded::Large(_) => (None, skipped(&entry.origin.path, "too large to be mended by a program")),
        Loaded::Skipped(skipped) => (
            None,
            Outcome { coverage: Coverage { skipped: vec![skipped], ..Coverage::default() }, ..Outcome::default() },
        ),
        Loaded::Missing(missing) => (
            None,
            Outcome { coverage: Coverage { missing: vec![missing], ..Coverage::default() }, ..Outcome::default() },
        ),
    };
    let mut read: Vec<(Option<Target>, Outcome)> = entries.par_iter().map(load).collect();
    let found: Vec<&Finding> = read.iter().flat_map(|(_, outcome)| &outcome.findings).collect();
    let key = |finding: &Finding| (finding.origin.path.clone(), finding.secret.clone());
    let fallen: HashSet<_> = crowd::fallen(&found, scan.judge.min_confidence).map(key).collect();
    let wanted = &|finding: &Finding| wanted(finding) && (fallen.is_empty() || !fallen.contains(&key(finding)));
    for (_, outcome) in &mut read {
        outcome.findings.retain(|finding| wanted(finding));
    }
    let mut names = Names::new(read.iter().flat_map(|(_, outcome)| &outcome.findings), kept);
    let (mut changes, mut left, mut outcomes) = (Vec::new(), Vec::new(), Vec::new());
    let mut declared = Declared::default();
    for (target, outcome) in read {
        match target.filter(|_| !outcome.findings.is_empty()) {
            Some(target) => {
                let (change, stays) = change(scan, target, wanted, &mut names, &mut declared);
                changes.extend(change);
                left.extend(stays);
                left.extend(outcome.findings.iter().filter(|f| f.origin.inside.is_some()).cloned());
            }
            None => left.extend(outcome.findings.iter().cloned()),
        }
        outcomes.push(outcome);
    }
    outcomes.push(Outcome { coverage, ..Outcome::default() });
    let report = scan.report(scanned, outcomes, notices);
    let left = left.into_iter().map(|finding| Left { why: why(&finding), finding }).collect();
    Plan { report, changes, left }
}

fn read(
    scan: &Scan,
    document: Document,
    entry: &crate::document::Entry,
    archives: Archives,
) -> (Option<Target>, Outcome) {
    let mut outcome = scan.document_and_parts(&document, archives, &|_| None);
    let Content::Disk(path) = &entry.content else { return (None, outcome) };
    outcome.coverage.files = 1;
    let is_text = document.origin.part == Aspect::Content;
    let is_here = |finding: &Finding| finding.origin.inside.is_none();
    let target = (is_text && outcome.findings.iter().any(is_here)).then(|| Target { path: path.clone(), document });
    (target, outcome)
}

fn skipped(path: &[u8], why: &str) -> Outcome {
    let missing = vec![Skipped { what: path.to_vec(), why: why.to_owned() }];
    Outcome { coverage: Coverage { missing, ..Coverage::default() }, ..Outcome::default() }
}

/// Mends one text round by round: what becomes of it, and what stays.
fn change(
    scan: &Scan,
    target: Target,
    wanted: &dyn Fn(&Finding) -> bool,
    names: &mut Names,
    declared: &mut Declared,
) -> (Option<Change>, Vec<Finding>) {
    let mut now = Document { changed: Changed::Whole, before: Vec::new(), ..target.document.clone() };
    let mut gone = Vec::new();
    let mut stays = Vec::new();
    for _ in 0..ROUNDS {
        stays = scan.document(&now, &|_| None).findings;
        stays.retain(|finding| wanted(finding));
        let (edits, made) = round(&stays, &target.path, names, declared);
        if made.is_empty() {
            break;
        }
        now.text = mended(&now.text, &edits);
        gone.extend(made);
    }
    if now.text == target.document.text {
        return (None, stays);
    }
    (Some(Change { path: target.path, document: target.document, after: now.text, mended: gone }), stays)
}

/// The edits that can be made at once, in order, and the findings that they mend.
fn round(
    findings: &[Finding],
    path: &Path,
    names: &mut Names,
    declared: &mut Declared,
) -> (Vec<Edit>, Vec<(Finding, String)>) {
    let (mut edits, mut made): (Vec<Edit>, Vec<_>) = (Vec::new(), Vec::new());
    for finding in findings {
        let (mut own, name) = names.edits(finding);
        if own.is_empty() || own.iter().any(|edit| edits.iter().any(|other| is_in_the_way(edit, other))) {
            continue;
        }
        own.retain(|edit| !edits.contains(edit));
        declared.once(path, &mut own);
        edits.extend(own);
        made.push((finding.clone(), name));
    }
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    (edits, made)
}

/// Whether two edits can't be made at once. Equal ones are made once, and one declaration can stand behind another.
fn is_in_the_way(edit: &Edit, other: &Edit) -> bool {
    let are_declarations =
        [edit, other].iter().all(|e| e.span.is_empty() && terraform::declaration(&e.inserted).is_some());
    edit != other && !are_declarations && edit.span.start <= other.span.end && other.span.start <= edit.span.end
}

fn why(finding: &Finding) -> &'static str {
    match finding.origin.part {
        _ if finding.origin.inside.is_some() => "it stands in an archive, which is made anew and not edited",
        Aspect::Path => "it is the file's name or place that leaks",
        Aspect::LinkTarget => "it is the target of a link",
        _ if !finding.holds_secret() => "it is a habit, not a literal that could be replaced",
        _ if !finding.forms.is_empty() => "it stands encoded",
        _ if finding.remedy.expression.is_empty() => "a file of this kind has no way to read a variable",
        _ => "nothing that surely means the same can take its place there",
    }
}
