//! The pass over commits and tags: their messages are searched, and who descends from whom is noted.

use super::FastSet;
use super::inflate::Stream;
use super::objects::{LARGEST, Number, ObjectError, Objects};
use super::progress::Progress;
use super::walk::{Base, Visitor};
use crate::document::{Ahead, Aspect, Changed, Charset, Document, Origin};
use crate::finding::{Dismissal, Finding, Holder, Lifecycle};
use crate::report::{Coverage, Skipped};
use crate::scan::Scan;
pub(super) use crate::source::header::parted;
use crate::source::header::{merged_tags, written};
use gix::ObjectId;
use std::sync::atomic::Ordering;

/// A number that no object has.
pub const NOWHERE: Number = Number::MAX;

/// A commit's place in history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The commit.
    pub number: Number,
    /// Its tree, or [`NOWHERE`] if it is missing.
    pub tree: Number,
    /// The parents that are there.
    pub parents: Box<[Number]>,
}

/// Reads commits and tags.
pub struct Texts<'a> {
    /// All objects.
    pub objects: &'a Objects,
    /// Finds and judges.
    pub scan: &'a Scan,
    /// Commits whose parents are left out on purpose.
    pub shallow: &'a [ObjectId],
    /// Whether to search messages; without, only history is noted.
    pub search: &'a (dyn Fn(Number) -> bool + Sync),
    /// Who watches.
    pub progress: &'a Progress,
}

/// What a thread read.
#[derive(Default)]
pub struct Told {
    /// The commits.
    pub commits: Vec<Commit>,
    /// Findings in messages.
    pub findings: Vec<Finding>,
    /// Dismissals in messages.
    pub dismissed: Vec<Dismissal>,
    /// What was read, and which objects are named and missing.
    pub coverage: Coverage,
    /// Bytes of all objects in full.
    pub bytes: u64,
    /// Who was named by headers in which nothing was found.
    clean: FastSet<Vec<u8>>,
}

impl Visitor for Texts<'_> {
    type State = ();
    type Local = Told;

    fn local(&self) -> Told {
        Told::default()
    }

    fn visit(&self, told: &mut Told, number: Number, counted: bool, text: &mut Vec<u8>, _: Option<Base<'_, ()>>) {
        if !counted {
            return;
        }
        let is_own = (self.search)(number);
        told.bytes += if is_own { text.len() as u64 } else { 0 };
        self.progress.bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
        let (head, message) = parted(text);
        if head.starts_with(b"tree ") {
            told.coverage.commits += u64::from(is_own);
            let commit = self.commit(told, number, head);
            told.commits.push(commit);
            self.message(told, number, Aspect::CommitMessage, message);
        } else {
            self.message(told, number, Aspect::TagMessage, message);
        }
        if is_own && head.starts_with(b"tree ") {
            self.header(told, number, head);
        }
    }

    fn stream(&self, told: &mut Told, number: Number, size: u64, stream: &mut Stream<'_>) -> Result<(), ObjectError> {
        let mut text = stream.whole(size, LARGEST)?;
        self.visit(told, number, true, &mut text, None);
        Ok(())
    }
}

impl Texts<'_> {
    fn commit(&self, told: &mut Told, number: Number, head: &[u8]) -> Commit {
        let mut commit = Commit { number, tree: NOWHERE, parents: Box::default() };
        let mut parents = Vec::new();
        for line in head.split(|b| *b == b'\n') {
            let (id, is_tree) = match line {
                [b't', b'r', b'e', b'e', b' ', id @ ..] => (id, true),
                [b'p', b'a', b'r', b'e', b'n', b't', b' ', id @ ..] => (id, false),
                _ => break,
            };
            let Ok(id) = ObjectId::from_hex(id) else {
                told.coverage.missing.push(self.broken(number));
                continue;
            };
            match (self.objects.number(&id), is_tree) {
                (Some(tree), true) => commit.tree = tree,
                (Some(parent), false) => parents.push(parent),
                // Behind a shallow boundary nothing is expected; the boundary itself is told elsewhere.
                (None, false) if self.shallow.contains(&self.objects.id(number)) => {}
                (None, _) => told.coverage.missing.push(missing(&id, "is named by a commit and is not there")),
            }
        }
        commit.parents = parents.into();
        commit
    }

    fn broken(&self, number: Number) -> Skipped {
        missing(&self.objects.id(number), "is a commit that makes no sense")
    }

    /// What a commit's header says. Most name who was named before, and say nothing else.
    fn header(&self, told: &mut Told, number: Number, head: &[u8]) {
        let people = people(head);
        if people.as_ref().is_some_and(|people| told.clean.contains(people)) {
            return;
        }
        for merged in merged_tags(head) {
            self.message(told, number, Aspect::CommitMessage, parted(&merged).1);
        }
        let before = (told.findings.len(), told.dismissed.len());
        self.message(told, number, Aspect::Header, &written(head));
        if before == (told.findings.len(), told.dismissed.len()) {
            told.clean.extend(people);
        }
    }

    fn message(&self, told: &mut Told, number: Number, part: Aspect, message: &[u8]) {
        if !(self.search)(number) {
            return;
        }
        // A header is no text that anybody counts.
        told.coverage.documents += u64::from(part != Aspect::Header);
        if self.scan.engine.candidates(b"", message, &Changed::Whole).is_empty() {
            return;
        }
        let id = self.objects.id(number).to_hex().to_string();
        let kind = if part == Aspect::TagMessage { "tag" } else { "commit" };
        let commit_id = Some(id.as_str().into());
        let document = Document {
            origin: Origin { part, commit_id, ..Origin::default() },
            text: message.to_vec(),
            charset: Charset::Bytes,
            changed: Changed::Whole,
            before: Vec::new(),
            tracked: false,
            ahead: Ahead::default(),
        };
        let outcome = self.scan.document(&document, &|_| None);
        let lifecycle = Lifecycle { object: Some(Holder { kind, id }), ..Lifecycle::default() };
        told.findings.extend(
            outcome.findings.into_iter().map(|f| Finding { lifecycle: Some(Box::new(lifecycle.clone())), ..f }),
        );
        told.dismissed.extend(outcome.dismissed);
    }
}

/// An object that is named and can't be found.
pub fn missing(id: &gix::oid, why: &str) -> Skipped {
    Skipped { what: id.to_hex().to_string().into_bytes(), why: why.to_owned() }
}

/// Author and committer without their dates, if a header names no more than these, a tree and parents.
fn people(head: &[u8]) -> Option<Vec<u8>> {
    let mut people = Vec::new();
    for line in head.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
        let is_made = line.starts_with(b"tree ") || line.starts_with(b"parent ");
        let is_person = line.starts_with(b"author ") || line.starts_with(b"committer ");
        let end = memchr::memrchr(b'>', line).filter(|_| is_person).or(is_made.then_some(0))?;
        let date = line[end..].iter().skip(1).all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'+' | b'-'));
        if !is_made && date && line.len() - end <= 24 {
            people.extend_from_slice(&line[..=end]);
        } else if !is_made {
            return None;
        }
    }
    Some(people)
}

/// What a tag names.
pub(super) fn target(tag: &[u8]) -> Option<ObjectId> {
    let target = tag.strip_prefix(b"object ")?.split(|b| *b == b'\n').next()?;
    ObjectId::from_hex(target).ok()
}

/// When a commit was committed, in seconds, its tree and its parents.
pub(super) fn history_of(commit: &[u8]) -> Option<(i64, ObjectId, Vec<ObjectId>)> {
    let (head, _) = parted(commit);
    let mut tree = None;
    let mut parents = Vec::new();
    let mut committed = 0;
    for line in head.split(|b| *b == b'\n') {
        if let Some(id) = line.strip_prefix(b"tree ") {
            tree = ObjectId::from_hex(id).ok();
        } else if let Some(id) = line.strip_prefix(b"parent ") {
            parents.extend(ObjectId::from_hex(id));
        } else if let Some(rest) = line.strip_prefix(b"committer ") {
            let end = rest.iter().rposition(|b| *b == b'>').map_or(0, |at| at + 1);
            let when = std::str::from_utf8(&rest[end..]).unwrap_or_default();
            committed = when.split_ascii_whitespace().next().and_then(|s| s.parse().ok()).unwrap_or(0);
        }
    }
    Some((committed, tree?, parents))
}
