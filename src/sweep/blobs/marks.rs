//! Where in a blob something was found: carried over from its base where nothing changed, else searched for.

use super::{Blobs, Flagged, Known};
use crate::detect::Anchor;
use crate::document::Document;
use crate::finding::{Candidate, Reason};
use crate::judge::JUDGE_REACH;
use crate::sweep::classes::Class;
use crate::sweep::delta::News;
use crate::sweep::inherit::meets;
use crate::sweep::walk::Base;
use std::ops::Range;

/// An anchor at which something was found, or that looks so far that a distant change matters to it.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) anchor: Anchor,
    /// What was found; most have nothing.
    pub(super) found: Option<Box<Judged>>,
    /// Something near it changed since it was looked at.
    is_stale: bool,
}

/// What was found at an anchor.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    /// All that judges it.
    by: Range<usize>,
    pub(super) classes: Vec<Class>,
}

impl Mark {
    pub(super) fn classes(&self) -> &[Class] {
        self.found.as_ref().map_or(&[], |found| &found.classes)
    }
}

impl Blobs<'_> {
    /// The base's marks whose anchors were copied. Those that a change matters to are looked at again.
    pub(super) fn inherited(
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
    pub(super) fn carried(
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
    pub(super) fn searched(
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
    pub(super) fn may_stand(&self, candidate: &Candidate, document: &Document) -> bool {
        self.scan.explain
            || match self.scan.judge.verdict(candidate, document).dismissed {
                None | Some(Reason::AllowedByConfig(_)) => true,
                Some(_) => false,
            }
    }
}

/// What changed since the last text that was searched: what the delta says, and what was pending in its base as
/// far as it was copied.
pub(super) fn changed_since(base: &Base<'_, Known>, lead: usize) -> Vec<Range<usize>> {
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
pub(in crate::sweep) fn judged_by(candidate: &Candidate, len: usize) -> Range<usize> {
    let (span, window) = (&candidate.span, &candidate.window);
    let start = span.start.saturating_sub(2 * JUDGE_REACH + 2).min(window.start);
    start..(span.end + JUDGE_REACH + 2).max(window.end).min(len)
}
