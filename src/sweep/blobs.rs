//! The pass over blobs: what is new in each is searched, what was found in its base is inherited.

use super::classes::{Class, Classes, Set};
use super::delta::News;
use super::inflate::Stream;
use super::inherit::meets;
use super::inside::Inside;
use super::objects::{Number, ObjectError};
use super::progress::Progress;
use super::walk::{Base, Visitor};
use crate::archive::{Archives, HEAD, Kind, LARGEST};
use crate::detect::Anchor;
use crate::document::{Ahead, Changed, Charset, Document, Origin};
use crate::finding::{Candidate, Reason};
use crate::judge::JUDGE_REACH;
use crate::scan::Scan;
use crate::source::charset;
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

/// The bytes of a text that is read as a stream that are looked at in one go.
const PIECE: usize = 4 << 20;

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

/// An anchor at which something was found, or that looks so far that a distant change matters to it.
#[derive(Debug, Clone)]
struct Mark {
    anchor: Anchor,
    /// What was found; most have nothing.
    found: Option<Box<Judged>>,
    /// Something near it changed since it was looked at.
    is_stale: bool,
}

/// What was found at an anchor.
#[derive(Debug, Clone)]
struct Judged {
    /// All that judges it.
    by: Range<usize>,
    classes: Vec<Class>,
}

impl Mark {
    fn classes(&self) -> &[Class] {
        self.found.as_ref().map_or(&[], |found| &found.classes)
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

    /// A large archive, all of it. One is held at a time.
    fn held(
        &self,
        local: &mut Flagged,
        size: u64,
        mut text: Vec<u8>,
        stream: &mut Stream<'_>,
    ) -> Result<Set, ObjectError> {
        static ONE: Mutex<()> = Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let read = text.len();
        text.resize(size as usize + 1, 0);
        let all = read + stream.fill(&mut text[read..])?;
        if all as u64 != size {
            return Err(super::inflate::InflateError::Lies { named: size, actual: all as u64 }.into());
        }
        text.truncate(all);
        let known = self.known(local, &mut text, None);
        Ok(self.opened(&text, known.set).unwrap_or(known.set))
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

    /// The base's marks whose anchors were copied. Those that a change matters to are looked at again.
    fn inherited(
        &self,
        text: &mut Vec<u8>,
        base: &Known,
        news: &News,
        changed: &[Range<usize>],
        lead: usize,
    ) -> Vec<Mark> {
        let len = text.len();
        // One with a change in its zone is found again by the search round the change.
        let is_kept = |mark: &Mark| !mark.is_stale || !meets(changed, &self.scan.engine.zone(mark.anchor, len));
        let mut marks = self.carried(len, base, news, changed, lead, is_kept);
        if marks.iter().any(|mark| mark.is_stale) {
            let again = |mark: Mark| if mark.is_stale { self.mark(text, mark.anchor) } else { Some(mark) };
            marks = marks.into_iter().filter_map(again).collect();
        }
        marks
    }

    /// The base's marks whose anchors were copied to a text of this length, stale where a change matters to them, as
    /// far as they are to be kept.
    fn carried(
        &self,
        len: usize,
        base: &Known,
        news: &News,
        changed: &[Range<usize>],
        lead: usize,
        is_kept: impl Fn(&Mark) -> bool,
    ) -> Vec<Mark> {
        let mut marks = Vec::new();
        if base.marks.is_empty() {
            return marks;
        }
        let engine = &self.scan.engine;
        for copy in &news.copies {
            // A copy of the byte order mark to elsewhere is one to before the text's beginning.
            let (from, to, end) =
                (copy.from as isize - lead as isize, copy.to as isize - lead as isize, copy.len as isize);
            // Nothing changed within a copy, unless something was pending in the base.
            let is_inside = |range: &Range<usize>| {
                base.pending.is_empty() && range.start as isize > to && (range.end as isize) < to + end
            };
            let is_met = |range: &Range<usize>| !is_inside(range) && meets(changed, range);
            let first = base.marks.partition_point(|m| (m.anchor.at as isize) < from);
            for mark in base.marks[first..].iter().take_while(|m| (m.anchor.at as isize) < from + end) {
                let moved = |at: usize| at as isize - from + to;
                let Ok(at) = usize::try_from(moved(mark.anchor.at)) else { continue };
                let mut anchor = mark.anchor;
                anchor.at = at;
                let span = engine.anchor_span(anchor);
                if span.end as isize > to + end || is_met(&span) {
                    continue;
                }
                let by = |found: &Judged| moved(found.by.start).max(0) as usize..moved(found.by.end).max(0) as usize;
                let is_rejudged = |by: &Range<usize>| by.end > len || is_met(by);
                let is_stale = mark.is_stale
                    || is_met(&engine.window(anchor, len))
                    || mark.found.as_ref().is_some_and(|found| is_rejudged(&by(found)));
                let found = mark.found.as_ref().filter(|_| !is_stale);
                let found = found.map(|found| Box::new(Judged { by: by(found), classes: found.classes.clone() }));
                let mark = Mark { anchor, found, is_stale };
                if is_kept(&mark) {
                    marks.push(mark);
                }
            }
        }
        marks.sort_by_key(|mark| mark.anchor);
        marks
    }

    /// Adds the marks at anchors that a change may matter to; without changes, all of them.
    fn searched(
        &self,
        local: &mut Flagged,
        text: &mut Vec<u8>,
        changed: Option<&[Range<usize>]>,
        mut marks: Vec<Mark>,
    ) -> Vec<Mark> {
        let engine = &self.scan.engine;
        let mut anchors = std::mem::take(&mut local.scratch.anchors);
        anchors.clear();
        match changed {
            None => engine.anchors(text, 0..text.len(), |anchor| anchors.push(anchor)),
            Some(changed) => {
                let (back, ahead) = engine.near_margins();
                let mut from = 0;
                let mut pieces = changed.iter().peekable();
                while let Some(range) = pieces.next() {
                    let start = range.start.saturating_sub(back).max(from);
                    let mut end = range.end + ahead;
                    while let Some(next) = pieces.next_if(|next| next.start.saturating_sub(back) <= end) {
                        end = next.end + ahead;
                    }
                    let end = end.min(text.len());
                    from = end;
                    if start < end {
                        engine.anchors(text, start..end, |anchor| {
                            if meets(changed, &engine.zone(anchor, text.len())) {
                                anchors.push(anchor);
                            }
                        });
                    }
                }
            }
        }
        for &anchor in &anchors {
            marks.extend(self.mark(text, anchor));
        }
        local.scratch.anchors = anchors;
        marks.sort_by_key(|m| m.anchor);
        marks
    }

    /// What is found at an anchor, if it is worth a mark.
    fn mark(&self, text: &mut Vec<u8>, anchor: Anchor) -> Option<Mark> {
        let engine = &self.scan.engine;
        let candidates = engine.candidates_at(text, anchor);
        if candidates.is_empty() {
            return (!engine.is_settled(text, anchor)).then_some(Mark { anchor, found: None, is_stale: false });
        }
        let by = candidates.iter().map(|candidate| judged_by(candidate, text.len()));
        let by = by.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or(anchor.at..anchor.at);
        let mut classes = Vec::new();
        self.as_document(text, |document| {
            for candidate in &candidates {
                if self.may_stand(candidate, document) {
                    let range = judged_by(candidate, document.text.len());
                    classes.push(self.classes.class(candidate, &document.text[range.clone()], range.start));
                }
            }
        });
        Some(Mark { anchor, found: Some(Box::new(Judged { by, classes })), is_stale: false })
    }

    /// Whether the judge could let the candidate stand at some path.
    fn may_stand(&self, candidate: &Candidate, document: &Document) -> bool {
        self.scan.explain
            || match self.scan.judge.verdict(candidate, document).dismissed {
                None | Some(Reason::AllowedByConfig(_)) => true,
                Some(_) => false,
            }
    }

    fn streamed(
        &self,
        local: &mut Flagged,
        size: u64,
        head: Vec<u8>,
        stream: &mut Stream<'_>,
    ) -> Result<Vec<Class>, ObjectError> {
        // UTF-16 takes two bytes for one.
        let margin = 2 * (self.scan.engine.margin() + 2 * JUDGE_REACH + 2);
        // What seems to be UTF-16 is so only if no plain text follows to its very end: until then it is read both ways.
        let (mut classes, mut bare) = (Vec::new(), Vec::new());
        let mut runs = charset::Runs::default();
        runs.read(&head);
        let mut held = head;
        // Where in `held` anchors are looked for next, and how much of the text came before it.
        let (mut next, mut read) = (0, held.len() as u64);
        let mut charset = None;
        loop {
            let start = held.len();
            held.resize(start + PIECE, 0);
            let got = stream.fill(&mut held[start..])?;
            held.truncate(start + got);
            runs.read(&held[start..]);
            read += got as u64;
            let ended = got < PIECE;
            if read > size || ended && read != size {
                return Err(super::inflate::InflateError::Lies { named: size, actual: read }.into());
            }
            if charset.is_none() {
                let (claimed, mark) = charset::claimed(&held);
                let is_believed = !runs.contradict(claimed);
                charset = Some(if is_believed { claimed } else { Charset::Bytes });
                held.drain(..if is_believed { mark } else { 0 });
            }
            let charset = charset.unwrap_or_default();
            let until = if ended { held.len() } else { held.len().saturating_sub(margin) & !1 };
            let new = next..until;
            classes.extend(self.classes_of_piece(local, &held, &new, ended, charset));
            if is_wide(charset) {
                bare.extend(self.classes_of_piece(local, &held, &new, ended, Charset::Bytes));
            }
            if ended {
                return Ok(if runs.contradict(charset) { bare } else { classes });
            }
            let cut = until.saturating_sub(margin) & !1;
            held.drain(..cut);
            next = until - cut;
        }
    }

    /// What is found in a piece, written so, at anchors that stand in what is new of it.
    fn classes_of_piece(
        &self,
        local: &mut Flagged,
        held: &[u8],
        new: &Range<usize>,
        ended: bool,
        charset: Charset,
    ) -> Vec<Class> {
        let mut text = charset::decoded(held.to_vec(), charset);
        let scale = |at: usize| charset::decoded(held[..at].to_vec(), charset).len();
        let (from, to) = if is_wide(charset) { (scale(new.start), scale(new.end)) } else { (new.start, new.end) };
        let marks = self.searched(local, &mut text, None, Vec::new());
        let here = marks.into_iter().filter(|m| m.anchor.at >= from && (ended || m.anchor.at < to));
        let mut classes: Vec<Class> = here.filter_map(|m| m.found).flat_map(|found| found.classes).collect();
        // Found from two pieces, it is the same class.
        classes.extend(self.whole(&mut text, None).into_iter().flatten());
        classes
    }
}

/// Whether a text written so is another than its bytes.
fn is_wide(charset: Charset) -> bool {
    matches!(charset, Charset::Utf16Le | Charset::Utf16Be)
}

/// What changed since the last text that was searched: what the delta says, and what was pending in its base as
/// far as it was copied.
fn changed_since(base: &Base<'_, Known>, lead: usize) -> Vec<Range<usize>> {
    let behind = |at: usize| at.saturating_sub(lead);
    let mut changed: Vec<Range<usize>> = base.news.changed.iter().map(|r| behind(r.start)..behind(r.end)).collect();
    for range in &base.state.pending {
        let range = range.start + lead..range.end + lead;
        for copy in &base.news.copies {
            let start = range.start.max(copy.from);
            let end = range.end.min(copy.from + copy.len);
            if start <= end {
                changed.push(behind(start - copy.from + copy.to)..behind(end - copy.from + copy.to));
            }
        }
    }
    changed.sort_by_key(|r| (r.start, r.end));
    changed.dedup_by(|next, last| {
        let joins = next.start <= last.end;
        if joins {
            last.end = last.end.max(next.end);
        }
        joins
    });
    changed
}

/// The bytes that decide about a candidate: those it depends on, its line and the one above.
pub(super) fn judged_by(candidate: &Candidate, len: usize) -> Range<usize> {
    let (span, window) = (&candidate.span, &candidate.window);
    let start = span.start.saturating_sub(2 * JUDGE_REACH + 2).min(window.start);
    start..(span.end + JUDGE_REACH + 2).max(window.end).min(len)
}
