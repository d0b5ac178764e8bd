//! The pass over trees: which hold something that was found, or a name that is itself a finding.

use super::classes::Set;
use super::inflate::{Inflater, Stream};
use super::inherit::{Found, inherit, meets};
use super::objects::{LARGEST, Number, ObjectError, Objects};
use super::progress::Progress;
use super::shard::Shard;
use super::shelf::Shelf;
use super::texts::missing;
use super::walk::{Base, Visitor};
use super::{FastMap, FastSet};
use crate::closed;
use crate::document::Changed;
use crate::report::Skipped;
use crate::rule::Kind as RuleKind;
use crate::scan::Scan;
use gix::ObjectId;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

/// The number of a file name.
pub type Name = u32;

/// What a tree's entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Held {
    /// Another tree.
    Tree(Number),
    /// A file's contents in which something was found.
    File(Set),
    /// The target of a symbolic link in which something was found.
    Link(Set),
    /// A name that is itself a finding, or holds one.
    Named,
}

/// An entry worth keeping. There are many, so they are kept small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Entry {
    /// Its name.
    pub name: Name,
    /// Two bits for the kind, the rest for the number.
    packed: u32,
}

/// Numbers of objects and sets stay below this.
const KIND: u32 = 1 << 30;

impl Entry {
    /// An entry; numbers and sets stay below 2^30.
    pub fn new(name: Name, held: Held) -> Self {
        let packed = match held {
            Held::Tree(tree) => tree,
            Held::File(set) => KIND | set,
            Held::Link(set) => (2 * KIND) | set,
            Held::Named => 3 * KIND,
        };
        Entry { name, packed }
    }

    /// What it is.
    pub fn held(self) -> Held {
        let number = self.packed % KIND;
        match self.packed / KIND {
            0 => Held::Tree(number),
            1 => Held::File(number),
            2 => Held::Link(number),
            _ => Held::Named,
        }
    }
}

/// Reads trees.
pub struct Trees<'a> {
    /// All objects.
    pub objects: &'a Objects,
    /// Blobs in which something was found, and what.
    pub flagged: &'a FastMap<Number, Set>,
    /// All names met.
    pub names: &'a Names<'a>,
    /// Which trees and names are counted and told.
    pub shard: Shard,
    /// Names whose blobs are collected, wherever they stand.
    pub wanted: Option<&'a FastSet<Name>>,
    /// Who watches.
    pub progress: &'a Progress,
}

/// What a thread read.
#[derive(Default)]
pub struct Climbed {
    /// The trees and their entries worth keeping.
    pub shelf: Shelf,
    /// Objects that are named and not there.
    pub missing: Vec<Skipped>,
    /// Trees read.
    pub read: u64,
    /// Bytes of all objects in full.
    pub bytes: u64,
    /// Blobs under a wanted name.
    pub collected: FastSet<Number>,
    /// Flagged blobs that some tree holds.
    pub placed: FastSet<Number>,
    names: FastMap<Box<[u8]>, (Name, bool, bool)>,
    inflater: Inflater,
    seen_missing: FastSet<ObjectId>,
    /// Room for the entries of the tree at hand.
    worth: Vec<Entry>,
}

/// An entry worth keeping and where it stands in its tree.
#[derive(Debug, Clone)]
pub struct Tracked {
    span: Range<usize>,
    entry: Entry,
}

impl Found for Tracked {
    fn window(&self) -> Range<usize> {
        self.span.clone()
    }

    fn moved(&self, from: usize, to: usize) -> Self {
        Tracked { span: self.span.start - from + to..self.span.end - from + to, entry: self.entry }
    }
}

impl Visitor for Trees<'_> {
    type State = Vec<Tracked>;
    type Local = Climbed;

    fn local(&self) -> Climbed {
        Climbed::default()
    }

    fn visit(
        &self,
        climbed: &mut Climbed,
        number: Number,
        counted: bool,
        text: &mut Vec<u8>,
        base: Option<Base<'_, Vec<Tracked>>>,
    ) -> Vec<Tracked> {
        let mut tracked = match &base {
            Some(base) => inherit(base.state, base.news),
            None => Vec::new(),
        };
        let changed = base.as_ref().map(|base| base.news.changed.as_slice());
        self.entries(climbed, number, text, changed, &mut tracked);
        if changed.is_some() {
            tracked.sort_by_key(|t| t.span.start);
        }
        if counted {
            if self.shard.owns(&self.objects.id(number)) {
                climbed.read += 1;
                climbed.bytes += text.len() as u64;
            }
            self.progress.bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
            climbed.worth.clear();
            climbed.worth.extend(tracked.iter().map(|t| t.entry));
            climbed.shelf.put(number, &climbed.worth);
        }
        tracked
    }

    fn stream(
        &self,
        climbed: &mut Climbed,
        number: Number,
        size: u64,
        stream: &mut Stream<'_>,
    ) -> Result<(), ObjectError> {
        let mut text = stream.whole(size, LARGEST)?;
        self.visit(climbed, number, true, &mut text, None);
        Ok(())
    }
}

impl Trees<'_> {
    /// Looks at the entries that a change touches; without changes, at all. `tracked` holds what was inherited, in
    /// order: the end of each is where another entry begins, so that what lies between need not be gone through.
    fn entries(
        &self,
        climbed: &mut Climbed,
        number: Number,
        text: &[u8],
        changed: Option<&[Range<usize>]>,
        tracked: &mut Vec<Tracked>,
    ) {
        let everything = 0..text.len();
        let inherited = tracked.len();
        let mut start = 0;
        for range in changed.unwrap_or(std::slice::from_ref(&everything)) {
            let before = tracked[..inherited].partition_point(|t| t.span.end <= range.start);
            start = start.max(before.checked_sub(1).map_or(0, |last| tracked[last].span.end));
            while start < text.len() && start <= range.end {
                let Some(end) = self.end_of_entry(text, start) else {
                    climbed.missing.push(missing(&self.objects.id(number), "is a tree that makes no sense"));
                    return;
                };
                if changed.is_none_or(|changed| meets(changed, &(start..end))) {
                    let (head, id) = text[start..end].split_at(end - start - self.objects.hash.len_in_bytes());
                    self.entry(climbed, number, head, id, start..end, tracked);
                }
                start = end;
            }
        }
    }

    /// Whether a file whose name can be a finding gives something away. One that can't be read may.
    fn lies_open(&self, id: &gix::oid, inflater: &mut Inflater) -> bool {
        self.names.are_many || self.objects.read(id, inflater).map_or(true, |(_, text)| closed::reason(&text).is_none())
    }

    fn end_of_entry(&self, text: &[u8], start: usize) -> Option<usize> {
        let nul = memchr::memchr(0, &text[start..])?;
        let end = start + nul + 1 + self.objects.hash.len_in_bytes();
        (end <= text.len()).then_some(end)
    }

    fn entry(
        &self,
        climbed: &mut Climbed,
        number: Number,
        head: &[u8],
        id: &[u8],
        span: Range<usize>,
        tracked: &mut Vec<Tracked>,
    ) {
        let head = head.strip_suffix(&[0]).unwrap_or(head);
        let Some(space) = memchr::memchr(b' ', head) else {
            climbed.missing.push(missing(&self.objects.id(number), "is a tree that makes no sense"));
            return;
        };
        let (mode, name) = (&head[..space], &head[space + 1..]);
        let is_folder = matches!(mode, b"40000" | b"040000");
        let id = gix::oid::from_bytes_unchecked(id);
        let (name, can_be, holds) = match climbed.names.get(name) {
            Some(known) => *known,
            None => {
                let (number, can_be, holds) = self.names.get(name);
                let is_own = self.shard.owns_name(name);
                *climbed.names.entry(name.into()).or_insert((number, can_be && is_own, holds && is_own))
            }
        };
        // A folder is none of the files that rules are about, nor is a link, but its name can hold a credential.
        let is_file = !is_folder && !matches!(mode, b"120000" | b"160000");
        let is_named = holds || can_be && is_file && self.lies_open(id, &mut climbed.inflater);
        let mut keep = |held| tracked.push(Tracked { span: span.clone(), entry: Entry::new(name, held) });
        if is_named {
            keep(Held::Named);
        }
        // A commit of another repository: a submodule.
        if mode == b"160000" {
            return;
        }
        match self.objects.number(id) {
            Some(child) if is_folder => keep(Held::Tree(child)),
            Some(child) => {
                if self.wanted.is_some_and(|wanted| wanted.contains(&name)) {
                    climbed.collected.insert(child);
                }
                if let Some(&set) = self.flagged.get(&child) {
                    climbed.placed.insert(child);
                    keep(if mode == b"120000" { Held::Link(set) } else { Held::File(set) });
                }
            }
            None => {
                if climbed.seen_missing.insert(id.to_owned()) {
                    climbed.missing.push(missing(id, "is named by a tree and is not there"));
                }
            }
        }
    }
}

/// All file names, each once, and whether they can be findings.
pub struct Names<'a> {
    scan: &'a Scan,
    /// The last parts of the paths that rules of kind `file` are about.
    files: GlobSet,
    /// Whether any name can be a finding, so that it is not worth reading the files.
    are_many: bool,
    inner: Mutex<NamesInner>,
}

#[derive(Default)]
struct NamesInner {
    by_name: FastMap<Box<[u8]>, (Name, bool, bool)>,
    names: Vec<Box<[u8]>>,
}

impl<'a> Names<'a> {
    /// No names yet.
    pub fn new(scan: &'a Scan) -> Self {
        let mut files = GlobSetBuilder::new();
        let rules = scan.engine.rules().rules().iter().filter(|rule| rule.kind == RuleKind::File);
        // An expression on the whole path can be about any name.
        let are_many = rules.clone().any(|rule| rule.is_whole());
        if are_many {
            files.add(Glob::new("*").expect("a star is a glob"));
        }
        for path in rules.flat_map(|rule| rule.spec.paths.iter()) {
            let last = path.rsplit('/').next().unwrap_or(path);
            let glob = GlobBuilder::new(last).case_insensitive(true).literal_separator(true).build();
            if let Ok(glob) = glob.or_else(|_| GlobBuilder::new("*").build()) {
                files.add(glob);
            }
        }
        let files = files.build().unwrap_or_else(|_| GlobSet::empty());
        Names { scan, files, are_many, inner: Mutex::default() }
    }

    /// The number of a name, whether it can be a finding, and whether it may hold a credential.
    fn get(&self, name: &[u8]) -> (Name, bool, bool) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&known) = inner.by_name.get(name) {
            return known;
        }
        let holds = !self.scan.engine.candidates_anywhere(name, &Changed::Whole).is_empty();
        let can_be = holds || self.files.is_match_candidate(&globset::Candidate::from_bytes(name));
        let known = (inner.names.len() as Name, can_be, holds);
        inner.names.push(name.into());
        inner.by_name.insert(name.into(), known);
        known
    }

    /// All names, by number.
    pub fn into_names(self) -> Vec<Box<[u8]>> {
        self.inner.into_inner().unwrap_or_else(PoisonError::into_inner).names
    }
}
