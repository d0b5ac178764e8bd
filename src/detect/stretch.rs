//! Stretches that are written otherwise from one end to the other: base64 that begins like a text of some sort, words
//! for credentials in base64, hexadecimal digits or UTF-16, escaped letters, lists of bytes. Each is written out once and
//! all rules look through it.

use super::spelling::{Decode, Spelling};
use super::walk::{escape, is_of_address, is_of_literal, number_from, walk};
use super::{base64, guard, literal};
use crate::archive::{Archives, Inner, Kind, Unread, Visitor, open};
use crate::finding::{Candidate, Decoded, Unpacked};
use crate::judge::JUDGE_REACH;
use crate::rule::Form;
use std::cell::Cell;
use std::io::{self, Read};
use std::ops::Range;

/// How often something may be written otherwise.
pub(super) const DEEPEST: usize = 4;

/// How many bytes are written out at one place of a text, all that is in them included: so many, so many more for each of
/// the stretch itself, but no more than the last.
const FREE: usize = 1 << 20;
const RATIO: usize = 100;
const MOST: usize = 8 << 20;

/// How far back a word is looked for first.
const NEAR: usize = 64;

/// Escapes that stand one behind the other where every letter is escaped.
const LEAST_ESCAPES: usize = 4;

/// How much more may be written out, and how many texts were.
#[derive(Default)]
pub(super) struct Budget {
    left: Cell<usize>,
    texts: Cell<usize>,
}

impl Budget {
    /// The number of the next text.
    pub(super) fn number(&self) -> usize {
        self.texts.replace(self.texts.get() + 1)
    }

    /// Sets how much may be written out of a stretch of this length.
    fn begin(&self, decode: Decode, len: usize) {
        // At words one stretch may be opened several times, and what is compressed has a beginning of its own.
        let ratio = if by_words(decode) { 1 } else { RATIO };
        self.left.set((FREE + len.saturating_mul(ratio)).min(MOST));
    }

    fn takes(&self, bytes: usize) -> bool {
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// What a stretch holds.
pub(super) struct Opened {
    decode: Decode,
    /// Its first byte and the end of it.
    span: Range<usize>,
    /// How it was written, outermost first.
    forms: Vec<Form>,
    /// The texts in it.
    pub texts: Vec<Vec<u8>>,
    /// Where bytes of it stand does not tell where they are written.
    is_packed: bool,
    /// How many bytes of what is decoded one of the text takes.
    width: usize,
}

/// What stands in the stretch that a literal at `at` gives away, unless one before it does. `met` says whether the first
/// holds for any literal in a range.
pub(super) fn opened(
    text: &[u8],
    at: usize,
    spelling: &Spelling,
    budget: &Budget,
    depth: usize,
    met: impl Fn(Range<usize>, &dyn Fn(usize, &Spelling) -> bool) -> bool,
) -> Option<Opened> {
    let decode = spelling.decode[0]?;
    let (from, word) = beginning(text, at, spelling.len, decode)?;
    let is_same =
        |other: usize, spelling: &Spelling| spelling.decode[0].is_some_and(|d| phase(d, other) == phase(decode, at));
    // Where there are many, one is near.
    let near = at.saturating_sub(NEAR).max(from);
    if from < at && by_words(decode) && (met(near..at, &is_same) || met(from..near, &is_same)) {
        return None;
    }
    let mut bytes = Vec::new();
    let end = walk(decode, text, from, |byte, _| {
        bytes.push(byte);
        true
    });
    if depth == 1 {
        budget.begin(decode, bytes.len());
    }
    if bytes.len() < word || !budget.takes(bytes.len()) {
        return None;
    }
    let mut opened =
        Opened { decode, span: from..end, forms: vec![decode.form()], texts: Vec::new(), is_packed: false, width: 1 };
    if word == 0 && opened.unpack(&bytes, budget) {
        return Some(opened);
    }
    if let Some(narrow) = narrowed(&bytes) {
        opened.forms.push(Form::Utf16);
        (opened.width, bytes) = (2, narrow);
    } else if !is_text(&bytes[word.saturating_sub(8)..]) && !is_der_in_list(decode, &bytes) {
        return None;
    }
    opened.texts.push(bytes);
    Some(opened)
}

/// Whether no change beyond the zone of a literal where nothing was found can make something be found: it begins no
/// stretch, or one that ends within the zone.
pub(super) fn is_settled(text: &[u8], at: usize, spelling: &Spelling, zone: &Range<usize>) -> bool {
    let near = &text[..zone.end];
    match spelling.decode[0] {
        Some(Decode::Begins) => {
            let digits = near[at..].iter().take_while(|b| base64::value(**b).is_some()).count();
            let is_over =
                near.get(at + digits).is_some_and(|b| !matches!(b, b'\n' | b'\r' | b'\\' | b'%' | b'"' | b'\'' | b'`'));
            is_over || beginning(near, at, spelling.len, Decode::Begins).is_none()
        }
        Some(Decode::Listed) => {
            let from = number_from(near, at + spelling.len);
            from < near.len() && !near[from].is_ascii_digit()
        }
        Some(Decode::Escaped) => !has_escapes(text, at),
        _ => false,
    }
}

impl Opened {
    /// Takes out what is compressed, if anything is.
    fn unpack(&mut self, bytes: &[u8], budget: &Budget) -> bool {
        if !matches!(Kind::of_head(bytes), Some(Kind::Zip | Kind::Packed(_))) && !is_zlib(bytes) {
            return false;
        }
        let mut texts = Texts { texts: Vec::new(), budget };
        match Kind::of_head(bytes) {
            Some(kind) => open(b"", kind, bytes, Archives::Small, &mut texts),
            None => drop(texts.read(&mut flate2::bufread::ZlibDecoder::new(bytes))),
        }
        self.texts = texts.texts;
        self.texts.retain(|text| !text.is_empty());
        self.forms.push(Form::Packed);
        self.is_packed = true;
        !self.texts.is_empty()
    }

    /// A candidate in one of its texts, `inside`, as one at the place where that is written. The stretch was found in the
    /// window, by the literal at `at`.
    pub(super) fn outer(
        &self,
        inner: Candidate,
        inside: &[u8],
        number: usize,
        text: &[u8],
        window: &Range<usize>,
        at: usize,
    ) -> Candidate {
        let place = |range: &Range<usize>| {
            let range = if self.is_packed { self.span.clone() } else { self.written(&text[window.clone()], range) };
            range.start + window.start..range.end + window.start
        };
        let mut decoded = inner.decoded.unwrap_or_else(|| cut(inside, &inner.span, &inner.window));
        if self.is_packed && decoded.unpacked.is_none() {
            let parts = inner.parts.iter().map(|part| part.span.clone()).collect();
            decoded.unpacked = Some(Unpacked { number, span: inner.span.clone(), parts });
        }
        let mut parts = inner.parts;
        parts.iter_mut().for_each(|part| part.span = place(&part.span));
        Candidate {
            anchor: at,
            window: window.clone(),
            span: place(&inner.span),
            whole: place(&inner.whole),
            parts,
            forms: self.forms.iter().chain(&inner.forms).copied().collect(),
            encoded_newline: false,
            decoded: Some(decoded),
            ..inner
        }
    }

    /// Where bytes of its text are written.
    fn written(&self, text: &[u8], range: &Range<usize>) -> Range<usize> {
        let (first, last) = (range.start * self.width, (range.end * self.width).max(1) - 1);
        let (mut start, mut end, mut nth) = (self.span.start, self.span.start, 0);
        walk(self.decode, text, self.span.start, |_, span| {
            if nth < first {
                nth += 1;
                return true;
            }
            // What is turned round is met from its end.
            if nth == first {
                (start, end) = (span.start, span.end);
            }
            (start, end) = (start.min(span.start), end.max(span.end));
            nth += 1;
            nth <= last
        });
        if range.is_empty() { start..start } else { start..end }
    }
}

/// Whether a list of bytes is a structure of the kind that keys are.
fn is_der_in_list(decode: Decode, bytes: &[u8]) -> bool {
    decode == Decode::Listed && bytes.starts_with(b"0\x82")
}

/// The text round a candidate, as far as the judge looks.
fn cut(text: &[u8], span: &Range<usize>, window: &Range<usize>) -> Box<Decoded> {
    let start =
        span.start.min(window.start).max(span.start.saturating_sub(4 * JUDGE_REACH)).saturating_sub(JUDGE_REACH);
    let end = (span.end.max(window.end.min(span.end + 4 * JUDGE_REACH)) + JUDGE_REACH).min(text.len());
    Box::new(Decoded { text: text[start..end].to_vec(), span: span.start - start..span.end - start, unpacked: None })
}

/// Where the stretch begins, and how many bytes of what is decoded stand before the literal.
fn beginning(text: &[u8], at: usize, len: usize, decode: Decode) -> Option<(usize, usize)> {
    match decode {
        Decode::Begins => {
            let belongs = at > 0 && base64::value(text[at - 1]).is_some();
            (!belongs || guard::escape_ends(&text[at.saturating_sub(super::spelling::GUARD_REACH)..at]))
                .then_some((at, 0))
        }
        Decode::Listed => Some((at + len, 0)),
        Decode::Reversed => reversed(text, at, len).map(|literal| (literal.start, 0)),
        // No stretch is written so.
        Decode::Unseen | Decode::Utf32 | Decode::Numbers { .. } | Decode::Characters | Decode::Joined => None,
        Decode::Base64 { skip, lead } => {
            let digits = base64::digits_before(text, at, false);
            let groups = digits.len().checked_sub(skip)? / 4;
            let from = (skip + groups * 4).checked_sub(1).map_or(at, |farthest| digits[farthest].at);
            Some((from, groups * 3 + lead))
        }
        Decode::Hex => {
            let digits = text[..at].iter().rev().take_while(|b| b.is_ascii_hexdigit()).count() / 2;
            Some((at - digits * 2, digits))
        }
        Decode::Utf16 => {
            let pairs = text[..at].rchunks_exact(2).take_while(|pair| pair[0] != 0 && pair[1] == 0).count();
            Some((at - pairs * 2, pairs))
        }
        Decode::Percent => {
            let from = at - text[..at].iter().rev().take_while(|b| is_of_address(**b)).count();
            // No escape is cut.
            let from = from + usize::from(text[from] != b'%' && from > 0 && text[from - 1] == b'%') * 2;
            Some((from, decoded_len(decode, text, from..at)))
        }
        Decode::Escaped => {
            if !has_escapes(text, at) {
                return None;
            }
            let from = first_escape(text, at)?;
            Some((from, decoded_len(decode, text, from..at)))
        }
    }
}

/// The literal that is turned round: of those that are long enough for a secret the one behind a call, else the nearest
/// one before, or the word before a shell's pipe.
fn reversed(text: &[u8], at: usize, len: usize) -> Option<Range<usize>> {
    const LEAST: usize = 20;
    let end_of = |from: usize| from + text[from..].iter().take_while(|byte| is_of_literal(**byte)).count();
    let is_literal = |literal: &Range<usize>| {
        let quote = text[literal.start - 1];
        literal.len() >= LEAST && literal::is_quote(quote) && text.get(literal.end) == Some(&quote)
    };
    let behind = at + len - usize::from(literal::is_quote(text[at + len - 1]));
    let open = behind + text[behind..].iter().take(4).take_while(|byte| !literal::is_quote(**byte)).count() + 1;
    let argument = (open < text.len()).then(|| open..end_of(open)).filter(is_literal);
    let literal = argument.or_else(|| {
        let quotes = (1..at).rev().filter(|from| literal::is_quote(text[from - 1]));
        quotes.map(|from| from..end_of(from)).filter(|literal| literal.end <= at).find(is_literal)
    });
    literal.or_else(|| {
        let end = text[..at].trim_ascii_end().len();
        let start = end - text[..end].iter().rev().take_while(|byte| is_of_literal(**byte)).count();
        (text[at] == b'|' && end - start >= LEAST).then_some(start..end)
    })
}

/// Whether several escapes stand here. They take up less than a zone.
fn has_escapes(text: &[u8], at: usize) -> bool {
    let mut at = at;
    (0..LEAST_ESCAPES).all(|_| match escape(text, at) {
        Some((_, next)) => {
            at = next;
            true
        }
        None => false,
    })
}

fn decoded_len(decode: Decode, text: &[u8], range: Range<usize>) -> usize {
    let mut count = 0;
    walk(decode, &text[..range.end], range.start, |_, _| {
        count += 1;
        true
    });
    count
}

/// Where the escapes begin among which one at `at` stands; nothing if one before it is that of a letter too, so that they
/// were met already.
fn first_escape(text: &[u8], at: usize) -> Option<usize> {
    let mut from = at;
    loop {
        let before = (3..=7.min(from)).find(|len| escape(text, from - len).is_some_and(|(_, next)| next == from));
        let Some(len) = before else { return Some(from) };
        from -= len;
        if escape(text, from).is_some_and(|(byte, _)| byte >= b'@') {
            return None;
        }
    }
}

/// Whether literals of this sort stand anywhere in a stretch, and not where it begins.
fn by_words(decode: Decode) -> bool {
    matches!(decode, Decode::Base64 { .. } | Decode::Hex | Decode::Utf16 | Decode::Percent)
}

/// How a literal at `at` lies on the groups of what is written so: those of one stretch lie alike.
fn phase(decode: Decode, at: usize) -> Option<(Form, usize)> {
    let group = match decode {
        Decode::Base64 { skip, .. } => (at + 4 - skip) % 4,
        Decode::Hex | Decode::Utf16 => at % 2,
        Decode::Percent => 0,
        _ => return None,
    };
    Some((decode.form(), group))
}

/// Whether the bytes begin like text. One that was cut out of a longer one may begin with anything.
fn is_text(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(32)];
    head.len() >= 8 && head.iter().all(|b| matches!(b, b' '..=b'~' | b'\t' | b'\n' | b'\r' | 0x80..))
}

/// The text in UTF-16 that these bytes are, as far as it is ASCII.
fn narrowed(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_wide = bytes.len() >= 16 && bytes[..16].chunks_exact(2).all(|pair| pair[0] != 0 && pair[1] == 0);
    is_wide.then(|| bytes.chunks_exact(2).map(|pair| if pair[1] == 0 { pair[0] } else { b'?' }).collect())
}

/// Whether a stream of zlib begins here: deflate, windows of 32 KiB, a header that is a multiple of 31.
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [0x78, second, ..] if (0x7800 + u16::from(*second)) % 31 == 0 && second & 0x20 == 0)
}

struct Texts<'b> {
    texts: Vec<Vec<u8>>,
    budget: &'b Budget,
}

impl Texts<'_> {
    fn read(&mut self, content: &mut dyn Read) -> io::Result<()> {
        let mut text = Vec::new();
        let read = content.take(self.budget.left.get() as u64).read_to_end(&mut text);
        self.budget.takes(text.len());
        self.texts.push(text);
        read.map(drop)
    }
}

impl Visitor for Texts<'_> {
    fn name(&mut self, _: &Inner) {}

    fn text(&mut self, _: &Inner, content: &mut dyn Read) -> io::Result<()> {
        self.read(content)
    }

    fn translation(&mut self, _: &Inner, _: &[u8]) {}

    fn unread(&mut self, _: &[u8], _: Unread) {}
}
