//! Texts that were compressed and then written in base64: what kubectl, Helm and scripts carry about.

use super::base64;
use super::literal;
use crate::archive::{Archives, Inner, Kind, Unread, Visitor, open};
use crate::finding::{Candidate, Decoded};
use crate::judge::JUDGE_REACH;
use crate::rule::Form;
use std::io::{self, Read};
use std::ops::Range;

/// What a stretch of base64 holds.
pub(super) struct Unpacked {
    /// The bytes from its first character on that it is written in.
    pub len: usize,
    /// How it was written, outermost first.
    pub forms: Vec<Form>,
    /// The texts in it.
    pub texts: Vec<Vec<u8>>,
}

/// What stands compressed in the base64 that begins at `at`. Helm writes base64 of base64.
pub(super) fn unpacked(text: &[u8], at: usize) -> Option<Unpacked> {
    if at > 0 && base64::value(text[at - 1]).is_some() {
        return None;
    }
    let (mut bytes, len) = decoded(&text[at..]);
    let mut forms = vec![Form::Base64];
    if Kind::of_head(&bytes).is_none() {
        bytes = decoded(&bytes).0;
        forms.push(Form::Base64);
    }
    let kind = Kind::of_head(&bytes).filter(|kind| matches!(kind, Kind::Zip | Kind::Packed(_)))?;
    forms.push(Form::Packed);
    let mut texts = Texts(Vec::new());
    open(b"", kind, &bytes, Archives::Small, &mut texts);
    Some(Unpacked { len, forms, texts: texts.0 })
}

/// The bytes that base64 at the beginning of a text stands for, and how far it goes. Line breaks are passed over.
fn decoded(text: &[u8]) -> (Vec<u8>, usize) {
    let (mut bytes, mut bits, mut count, mut at, mut end) = (Vec::new(), 0u32, 0, 0, 0);
    while at < text.len() {
        if let Some(value) = base64::value(text[at]) {
            (bits, count, at) = (bits << 6 | u32::from(value), count + 1, at + 1);
            end = at;
            if count == 4 {
                bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
                (bits, count) = (0, 0);
            }
        } else {
            let next = literal::break_after(text, at);
            match next.filter(|next| text.get(*next).is_some_and(|b| base64::value(*b).is_some())) {
                Some(next) => at = next,
                None => break,
            }
        }
    }
    if count > 1 {
        let rest = (bits << (6 * (4 - count))).to_be_bytes();
        bytes.extend_from_slice(&rest[1..count]);
    }
    (bytes, end)
}

struct Texts(Vec<Vec<u8>>);

impl Visitor for Texts {
    fn name(&mut self, _: &Inner) {}

    fn text(&mut self, _: &Inner, content: &mut dyn Read) -> io::Result<()> {
        let mut text = Vec::new();
        let read = content.read_to_end(&mut text);
        self.0.push(text);
        read.map(drop)
    }

    fn translation(&mut self, _: &Inner, _: &[u8]) {}

    fn unread(&mut self, _: &[u8], _: Unread) {}
}

/// A candidate in an unpacked text as one at the place where that is written.
pub(super) fn outer(
    inner: Candidate,
    text: &[u8],
    at: usize,
    span: &Range<usize>,
    window: &Range<usize>,
    forms: &[Form],
) -> Candidate {
    let decoded = inner.decoded.unwrap_or_else(|| {
        let start = inner.span.start.min(inner.window.start).saturating_sub(JUDGE_REACH);
        let end = (inner.span.end.max(inner.window.end) + JUDGE_REACH).min(text.len());
        let span = inner.span.start - start..inner.span.end - start;
        Box::new(Decoded { text: text[start..end].to_vec(), span })
    });
    let mut parts = inner.parts;
    parts.iter_mut().for_each(|part| part.span = span.clone());
    Candidate {
        anchor: at,
        window: window.clone(),
        span: span.clone(),
        whole: span.clone(),
        parts,
        forms: forms.iter().chain(&inner.forms).copied().collect(),
        encoded_newline: false,
        decoded: Some(decoded),
        ..inner
    }
}
