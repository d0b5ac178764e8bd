//! Blobs too large for a pass to hold as it does others: archives one at a time, texts piece by piece.

use super::{Blobs, Flagged};
use crate::document::Charset;
use crate::judge::JUDGE_REACH;
use crate::source::charset;
use crate::sweep::classes::{Class, Set};
use crate::sweep::inflate::{InflateError, Stream};
use crate::sweep::objects::ObjectError;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// The bytes of a text that is read as a stream that are looked at in one go.
const PIECE: usize = 4 << 20;

impl Blobs<'_> {
    /// A large archive, all of it. One is held at a time.
    pub(super) fn held(
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
            return Err(InflateError::Lies { named: size, actual: all as u64 }.into());
        }
        text.truncate(all);
        let known = self.known(local, &mut text, None);
        Ok(self.opened(&text, known.set).unwrap_or(known.set))
    }

    pub(super) fn streamed(
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
                return Err(InflateError::Lies { named: size, actual: read }.into());
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
