//! The pass over blobs: what is new in each is searched, what was found in its base is inherited.

use super::classes::{Class, Classes, Set};
use super::delta::News;
use super::forest::{Base, Visitor};
use super::inflate::Stream;
use super::inherit::meets;
use super::objects::{Number, ObjectError};
use super::progress::Progress;
use crate::detect::Anchor;
use crate::document::{Ahead, Changed, Charset, Document, Origin};
use crate::finding::{Candidate, Reason};
use crate::judge::JUDGE_REACH;
use crate::scan::Scan;
use crate::source::charset;
use std::ops::Range;
use std::sync::atomic::Ordering;

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
    /// Bytes that were searched.
    pub searched: u64,
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
    set: Set,
}

impl Known {
    /// What was found.
    pub fn set(&self) -> Set {
        self.set
    }
}

/// An anchor at which something was found, or that looks so far that a distant change matters to it.
#[derive(Debug, Clone)]
struct Mark {
    anchor: Anchor,
    /// All that judges what was found at the anchor.
    judged_by: Range<usize>,
    classes: Vec<Class>,
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
        let known = self.known(local, text, base);
        if counted {
            local.read += 1;
            local.bytes += text.len() as u64;
            self.progress.bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
            if known.set != 0 {
                local.objects.push((number, known.set));
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
        let classes = self.streamed(local, size, stream)?;
        local.read += 1;
        local.bytes += size;
        self.progress.bytes.fetch_add(size, Ordering::Relaxed);
        let set = self.classes.set(classes);
        if set != 0 {
            local.objects.push((number, set));
        }
        Ok(())
    }
}

impl Blobs<'_> {
    fn known(&self, local: &mut Flagged, text: &mut Vec<u8>, base: Option<Base<'_, Known>>) -> Known {
        let (charset, lead) = charset::detected(text);
        if matches!(charset, Charset::Utf16Le | Charset::Utf16Be) {
            let mut utf8 = charset::decoded(text[lead..].to_vec(), charset);
            local.searched += utf8.len() as u64;
            let marks = self.searched(local, &mut utf8, None, Vec::new());
            return Known { lead: None, set: self.set(&marks), marks: Vec::new() };
        }
        let base = base.filter(|base| self.by_deltas && base.state.lead == Some(lead));
        let mut stored = std::mem::take(text);
        let known = match base {
            None => {
                local.searched += stored.len() as u64;
                let marks = self.behind(lead, &mut stored, |text| self.searched(local, text, None, Vec::new()));
                Known { lead: Some(lead), set: self.set(&marks), marks }
            }
            Some(base) => {
                let marks = self.behind(lead, &mut stored, |text| self.new_and_old(local, text, &base, lead));
                let is_same = marks.len() == base.state.marks.len()
                    && marks.iter().zip(&base.state.marks).all(|(a, b)| a.classes == b.classes);
                let set = if is_same { base.state.set } else { self.set(&marks) };
                Known { lead: Some(lead), set, marks }
            }
        };
        *text = stored;
        known
    }

    /// Runs on the text behind its byte order mark.
    fn behind(&self, lead: usize, stored: &mut Vec<u8>, run: impl FnOnce(&mut Vec<u8>) -> Vec<Mark>) -> Vec<Mark> {
        if lead == 0 {
            return run(stored);
        }
        let mut text = stored[lead..].to_vec();
        run(&mut text)
    }

    fn set(&self, marks: &[Mark]) -> Set {
        if marks.iter().all(|m| m.classes.is_empty()) {
            return 0;
        }
        self.classes.set(marks.iter().flat_map(|m| m.classes.iter().copied()).collect())
    }

    /// The marks of a text that was made of another: inherited where nothing changed, else found.
    fn new_and_old(&self, local: &mut Flagged, text: &mut Vec<u8>, base: &Base<'_, Known>, lead: usize) -> Vec<Mark> {
        let mut changed = std::mem::take(&mut local.scratch.changed);
        changed.clear();
        changed.extend(base.news.changed.iter().map(|r| r.start.saturating_sub(lead)..r.end.saturating_sub(lead)));
        let inherited = self.inherited(text, &base.state.marks, base.news, &changed, lead);
        let marks = self.searched(local, text, Some(&changed), inherited);
        local.scratch.changed = changed;
        marks
    }

    /// The base's marks whose anchors were copied. Those that a change matters to are looked at again.
    fn inherited(
        &self,
        text: &mut Vec<u8>,
        base: &[Mark],
        news: &News,
        changed: &[Range<usize>],
        lead: usize,
    ) -> Vec<Mark> {
        let mut marks = Vec::new();
        if base.is_empty() {
            return marks;
        }
        let engine = &self.scan.engine;
        for copy in &news.copies {
            // A copy of the byte order mark to elsewhere is one to before the text's beginning.
            let (from, to, end) =
                (copy.from as isize - lead as isize, copy.to as isize - lead as isize, copy.len as isize);
            let first = base.partition_point(|m| (m.anchor.at as isize) < from);
            for mark in base[first..].iter().take_while(|m| (m.anchor.at as isize) < from + end) {
                let moved = |at: usize| at as isize - from + to;
                let Ok(at) = usize::try_from(moved(mark.anchor.at)) else { continue };
                let mut anchor = mark.anchor;
                anchor.at = at;
                let span = engine.anchor_span(anchor);
                if span.end as isize > to + end || meets(changed, &span) {
                    continue;
                }
                let window = engine.window(anchor, text.len());
                let is_far = engine.is_far(anchor);
                if meets(changed, &window) {
                    // A near one is found again by the search round the change.
                    if is_far {
                        marks.extend(self.mark(text, anchor));
                    }
                    continue;
                }
                let judged_by = moved(mark.judged_by.start).max(0) as usize..moved(mark.judged_by.end).max(0) as usize;
                if mark.judged_by.is_empty() {
                    marks.push(Mark { anchor, judged_by: at..at, classes: Vec::new() });
                } else if judged_by.end > text.len() || meets(changed, &judged_by) {
                    marks.extend(self.mark(text, anchor));
                } else {
                    marks.push(Mark { anchor, judged_by, classes: mark.classes.clone() });
                }
            }
        }
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
                    local.searched += end.saturating_sub(start) as u64;
                    if start < end {
                        engine.anchors(text, start..end, |anchor| {
                            let wanted = if engine.is_far(anchor) {
                                meets(changed, &engine.anchor_span(anchor))
                            } else {
                                meets(changed, &engine.window(anchor, text.len()))
                            };
                            if wanted {
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
        if candidates.is_empty() && !engine.is_far(anchor) {
            return None;
        }
        let mut judged_by = anchor.at..anchor.at;
        for candidate in &candidates {
            let of_one = judged_by_of(candidate, text.len());
            judged_by = if judged_by.is_empty() {
                of_one
            } else {
                judged_by.start.min(of_one.start)..judged_by.end.max(of_one.end)
            };
        }
        let mut classes = Vec::new();
        if !candidates.is_empty() {
            let document = Document {
                origin: Origin::default(),
                text: std::mem::take(text),
                charset: Charset::Bytes,
                changed: Changed::Whole,
                before: Vec::new(),
                tracked: true,
                ahead: Ahead::default(),
            };
            for candidate in &candidates {
                if self.may_stand(candidate, &document) {
                    let range = judged_by_of(candidate, document.text.len());
                    classes.push(self.classes.class(candidate, &document.text[range.clone()], range.start));
                }
            }
            *text = document.text;
        }
        Some(Mark { anchor, judged_by, classes })
    }

    /// Whether the judge could let the candidate stand at some path.
    fn may_stand(&self, candidate: &Candidate, document: &Document) -> bool {
        self.scan.explain
            || match self.scan.judge.verdict(candidate, document).dismissed {
                None | Some(Reason::AllowedByConfig(_)) => true,
                Some(_) => false,
            }
    }

    fn streamed(&self, local: &mut Flagged, size: u64, stream: &mut Stream<'_>) -> Result<Vec<Class>, ObjectError> {
        // UTF-16 takes two bytes for one.
        let margin = 2 * (self.scan.engine.margin() + 2 * JUDGE_REACH + 2);
        let mut classes = Vec::new();
        let mut held: Vec<u8> = Vec::new();
        // Where in `held` anchors are looked for next, and how much of the text came before it.
        let (mut next, mut read) = (0, 0u64);
        let mut charset = None;
        loop {
            let start = held.len();
            held.resize(start + PIECE, 0);
            let got = stream.fill(&mut held[start..])?;
            held.truncate(start + got);
            read += got as u64;
            let ended = got < PIECE;
            if read > size || ended && read != size {
                return Err(super::inflate::InflateError::Lies { named: size, actual: read }.into());
            }
            if charset.is_none() {
                let (detected, mark) = charset::detected(&held);
                charset = Some(detected);
                held.drain(..mark);
            }
            let charset = charset.unwrap_or_default();
            let until = if ended { held.len() } else { held.len().saturating_sub(margin) & !1 };
            let mut text = charset::decoded(held.clone(), charset);
            let scale = |at: usize| charset::decoded(held[..at].to_vec(), charset).len();
            let (from, to) = (scale(next), scale(until));
            local.searched += (to - from) as u64;
            let marks = self.searched(local, &mut text, None, Vec::new());
            let here = marks.into_iter().filter(|m| m.anchor.at >= from && (ended || m.anchor.at < to));
            classes.extend(here.flat_map(|m| m.classes));
            if ended {
                return Ok(classes);
            }
            let cut = until.saturating_sub(margin) & !1;
            held.drain(..cut);
            next = until - cut;
        }
    }
}

/// The bytes that decide about a candidate: those it depends on, its line and the one above.
fn judged_by_of(candidate: &Candidate, len: usize) -> Range<usize> {
    let (span, window) = (&candidate.span, &candidate.window);
    let start = span.start.saturating_sub(2 * JUDGE_REACH + 2).min(window.start);
    start..(span.end + JUDGE_REACH + 2).max(window.end).min(len)
}
