//! The pass over blobs: what is new in each is searched, what was found in its base is inherited.

mod marks;
mod streams;

use super::classes::{Class, Classes, Set};
use super::inflate::Stream;
use super::inside::Inside;
use super::objects::{Number, ObjectError};
use super::progress::Progress;
use super::walk::{Base, Visitor};
use crate::archive::{Archives, HEAD, Kind, LARGEST};
use crate::detect::Anchor;
use crate::document::{Ahead, Changed, Charset, Document, Origin};
use crate::scan::Scan;
use crate::source::charset;
pub(super) use marks::judged_by;
use marks::{Mark, changed_since};
use std::ops::Range;
use std::sync::atomic::Ordering;

/// Searches blobs.
pub struct Blobs<'a> {
    /// Finds and judges.
    pub scan: &'a Scan,
    /// What is found.
    pub classes: &'a Classes,
    /// Where a blob that is a delta is searched only where it is new.
    pub by_deltas: bool,
    /// Which archives are opened.
    pub archives: Archives,
    /// Which blobs are searched; of the others, what changed is kept for the deltas on them.
    pub owns: &'a (dyn Fn(Number) -> bool + Sync),
    /// Who watches.
    pub progress: &'a Progress,
}

/// What a thread found.
#[derive(Default)]
pub struct Flagged {
    /// Objects with possible findings, and which.
    pub objects: Vec<(Number, Set)>,
    /// Bytes of all objects in full.
    pub bytes: u64,
    /// Objects that were read.
    pub read: u64,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    changed: Vec<Range<usize>>,
    anchors: Vec<Anchor>,
}

/// What is known of a blob while deltas on it are read.
pub struct Known {
    /// How many bytes the text's byte order mark takes up; nothing for a text that is not read as it is
    /// stored, on which nothing can be inherited.
    lead: Option<usize>,
    marks: Vec<Mark>,
    /// What changed since the blob that was searched last, when this one was not.
    pending: Vec<Range<usize>>,
    is_searched: bool,
    set: Set,
    /// What was found in it and, since it is an archive, in what it holds.
    opened: Option<Set>,
    /// Whether a rule without anchors looks at it, as far as is known.
    is_whole: bool,
}

impl Known {
    /// What was found.
    pub fn set(&self) -> Set {
        self.opened.unwrap_or(self.set)
    }
}

impl Visitor for Blobs<'_> {
    type State = Known;
    type Local = Flagged;

    fn local(&self) -> Flagged {
        Flagged::default()
    }

    fn visit(
        &self,
        local: &mut Flagged,
        number: Number,
        counted: bool,
        text: &mut Vec<u8>,
        base: Option<Base<'_, Known>>,
    ) -> Known {
        if !(self.owns)(number) {
            return self.unsearched(text, base);
        }
        let mut known = self.known(local, text, base);
        known.opened = self.opened(text, known.set);
        if counted {
            local.read += 1;
            local.bytes += text.len() as u64;
            self.progress.bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
            if known.set() != 0 {
                local.objects.push((number, known.set()));
                self.progress.candidates.fetch_add(1, Ordering::Relaxed);
            }
        }
        known
    }

    fn stream(
        &self,
        local: &mut Flagged,
        number: Number,
        size: u64,
        stream: &mut Stream<'_>,
    ) -> Result<(), ObjectError> {
        if !(self.owns)(number) {
            return Ok(());
        }
        let mut head = vec![0; HEAD];
        let got = stream.fill(&mut head)?;
        head.truncate(got);
        let set = match Kind::of_head(&head).filter(|_| self.archives != Archives::Never) {
            Some(_) if size <= LARGEST => self.held(local, size, head, stream)?,
            kind => {
                let mut classes = self.streamed(local, size, head, stream)?;
                // Where it is judged it is said to be too large.
                classes.extend(kind.map(|_| self.classes.other(&"too large")));
                self.classes.set(classes)
            }
        };
        local.read += 1;
        local.bytes += size;
        self.progress.bytes.fetch_add(size, Ordering::Relaxed);
        if set != 0 {
            local.objects.push((number, set));
        }
        Ok(())
    }
}

impl Blobs<'_> {
    /// What was found in a blob and in what it holds, if it is an archive.
    fn opened(&self, text: &[u8], own: Set) -> Option<Set> {
        let inside = Inside { scan: self.scan, classes: self.classes, archives: self.archives };
        let mut classes = inside.classes(text)?;
        classes.extend_from_slice(&self.classes.members(own));
        Some(self.classes.set(classes))
    }

    fn known(&self, local: &mut Flagged, text: &mut Vec<u8>, base: Option<Base<'_, Known>>) -> Known {
        let (charset, lead) = charset::detected(text);
        if matches!(charset, Charset::Utf16Le | Charset::Utf16Be) {
            let mut utf8 = charset::decoded(text[lead..].to_vec(), charset);
            let marks = self.searched(local, &mut utf8, None, Vec::new());
            let whole = self.whole(&mut utf8, None);
            return Known {
                lead: None,
                set: self.set(&marks, whole.as_deref()),
                marks: Vec::new(),
                pending: Vec::new(),
                is_searched: true,
                opened: None,
                is_whole: whole.is_some(),
            };
        }
        let base = base.filter(|base| self.by_deltas && base.state.lead == Some(lead));
        let mut stored = std::mem::take(text);
        let known = match base {
            None => {
                let (marks, whole) = self.behind(lead, &mut stored, |text| {
                    (self.searched(local, text, None, Vec::new()), self.whole(text, None))
                });
                let set = self.set(&marks, whole.as_deref());
                let is_whole = whole.is_some();
                Known { lead: Some(lead), set, marks, pending: Vec::new(), is_searched: true, opened: None, is_whole }
            }
            Some(base) => {
                let (marks, whole) = self.behind(lead, &mut stored, |text| self.new_and_old(local, text, &base, lead));
                let is_same = base.state.is_searched
                    && whole.is_none()
                    && !base.state.is_whole
                    && marks.len() == base.state.marks.len()
                    && marks.iter().zip(&base.state.marks).all(|(a, b)| {
                        // Most have none, and a call to compare nothing adds up.
                        a.found.is_none() && b.found.is_none() || a.classes() == b.classes()
                    });
                let set = if is_same { base.state.set } else { self.set(&marks, whole.as_deref()) };
                let is_whole = whole.is_some();
                Known { lead: Some(lead), set, marks, pending: Vec::new(), is_searched: true, opened: None, is_whole }
            }
        };
        *text = stored;
        known
    }

    /// What is known of a blob that is not searched itself: what was found before and where it changed since.
    fn unsearched(&self, text: &[u8], base: Option<Base<'_, Known>>) -> Known {
        let (charset, lead) = charset::detected(text);
        let is_text = !matches!(charset, Charset::Utf16Le | Charset::Utf16Be);
        let base = base.filter(|base| self.by_deltas && is_text && base.state.lead == Some(lead));
        let Some(base) = base else {
            let (marks, pending) = (Vec::new(), Vec::new());
            return Known { lead: None, marks, pending, is_searched: false, set: 0, opened: None, is_whole: true };
        };
        let pending = changed_since(&base, lead);
        let len = text.len() - lead;
        Known {
            lead: Some(lead),
            marks: self.carried(len, base.state, base.news, &pending, lead, |_| true),
            pending,
            is_searched: false,
            set: 0,
            opened: None,
            // Nobody looked, so whoever is made of it is looked at.
            is_whole: true,
        }
    }

    /// Runs on the text behind its byte order mark.
    fn behind<T>(&self, lead: usize, stored: &mut Vec<u8>, run: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        if lead == 0 {
            return run(stored);
        }
        let mut text = stored[lead..].to_vec();
        run(&mut text)
    }

    fn set(&self, marks: &[Mark], whole: Option<&[Class]>) -> Set {
        let whole = whole.unwrap_or_default();
        if whole.is_empty() && marks.iter().all(|m| m.classes().is_empty()) {
            return 0;
        }
        self.classes.set(marks.iter().flat_map(|m| m.classes()).chain(whole).copied().collect())
    }

    /// What the rules without anchors find, if one of them looks at the text. Nothing of it is inherited: a keyword
    /// anywhere in the text decides. In a text made of one that none looked at, only what changed is asked.
    fn whole(&self, text: &mut Vec<u8>, changed: Option<&[Range<usize>]>) -> Option<Vec<Class>> {
        let engine = &self.scan.engine;
        if !engine.looks_at_whole(text, changed) {
            return None;
        }
        let candidates = engine.whole_candidates(text);
        let mut classes = Vec::new();
        if !candidates.is_empty() {
            self.as_document(text, |document| {
                for candidate in &candidates {
                    if self.may_stand(candidate, document) {
                        // What another rule has to find near by may stand anywhere.
                        let is_local = candidate.rule.spec.whole.as_ref().is_none_or(|whole| whole.required.is_empty());
                        let range = match is_local {
                            true => judged_by(candidate, document.text.len()),
                            false => 0..document.text.len(),
                        };
                        classes.push(self.classes.class(candidate, &document.text[range.clone()], range.start));
                    }
                }
            });
        }
        Some(classes)
    }

    /// Runs on the text as a document at no path.
    fn as_document(&self, text: &mut Vec<u8>, run: impl FnOnce(&Document)) {
        let document = Document {
            origin: Origin::default(),
            text: std::mem::take(text),
            charset: Charset::Bytes,
            changed: Changed::Whole,
            before: Vec::new(),
            tracked: true,
            ahead: Ahead::default(),
        };
        run(&document);
        *text = document.text;
    }

    /// The marks of a text that was made of another: inherited where nothing changed, else found.
    fn new_and_old(
        &self,
        local: &mut Flagged,
        text: &mut Vec<u8>,
        base: &Base<'_, Known>,
        lead: usize,
    ) -> (Vec<Mark>, Option<Vec<Class>>) {
        let mut changed = std::mem::take(&mut local.scratch.changed);
        changed.clear();
        match base.state.pending.is_empty() {
            true => changed
                .extend(base.news.changed.iter().map(|r| r.start.saturating_sub(lead)..r.end.saturating_sub(lead))),
            false => changed.extend(changed_since(base, lead)),
        }
        let inherited = self.inherited(text, base.state, base.news, &changed, lead);
        let marks = self.searched(local, text, Some(&changed), inherited);
        let whole = self.whole(text, Some(changed.as_slice()).filter(|_| !base.state.is_whole));
        local.scratch.changed = changed;
        (marks, whole)
    }
}
