//! A text with what is encoded in it written out, layer by layer, as rules over whole texts see it.
//!
//! Percent-encoding, `\u` escapes, hexadecimal and base64 that come out as printable ASCII stand decoded in the next
//! layer, in their place. All of it happens within a line, so a change matters to its own lines alone.

use crate::rule::Form;
use data_encoding::{Encoding, Specification};
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// How often something may be encoded.
pub(super) const DEEPEST: usize = 5;

/// One layer: text, and what of it is decoded.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub text: Vec<u8>,
    segments: Vec<Segment>,
}

/// A stretch of a layer that is written otherwise in the text itself.
#[derive(Debug, Clone)]
struct Segment {
    at: Range<usize>,
    /// Where it is written.
    raw: Range<usize>,
    /// How, outermost first.
    forms: Vec<Form>,
    /// It was decoded for this layer, not for one before.
    is_fresh: bool,
}

impl Layer {
    /// The layer below the text itself; nothing when nothing is encoded.
    pub(super) fn below(text: &[u8]) -> Option<Layer> {
        Self::written_out(text, &[])
    }

    /// The layer below this one.
    pub(super) fn next(&self) -> Option<Layer> {
        Self::written_out(&self.text, &self.segments)
    }

    fn written_out(text: &[u8], segments: &[Segment]) -> Option<Layer> {
        let mut layer = Layer { text: Vec::with_capacity(text.len()), segments: Vec::new() };
        let mut at = 0;
        let mut is_new = false;
        for (range, form) in encoded(text) {
            let Some(decoded) = decoded(&text[range.clone()], form) else { continue };
            is_new = true;
            layer.copy(text, at..range.start, segments);
            let mut forms = meeting(segments, &range).next().map_or_else(Vec::new, |segment| segment.forms.clone());
            forms.push(form);
            let start = layer.text.len();
            layer.text.extend_from_slice(&decoded);
            let at_new = start..layer.text.len();
            layer.segments.push(Segment { at: at_new, raw: raw(segments, &range), forms, is_fresh: true });
            at = range.end;
        }
        layer.copy(text, at..text.len(), segments);
        is_new.then_some(layer)
    }

    /// Takes over what is not decoded anew. What is left of a segment still stands where all of it is written.
    fn copy(&mut self, text: &[u8], range: Range<usize>, old: &[Segment]) {
        let to = self.text.len();
        for segment in meeting(old, &range) {
            let start = segment.at.start.max(range.start) - range.start + to;
            let end = segment.at.end.min(range.end) - range.start + to;
            self.segments.push(Segment { at: start..end, is_fresh: false, ..segment.clone() });
        }
        self.text.extend_from_slice(&text[range]);
    }

    /// How a stretch was encoded, when something in it was decoded for this layer.
    pub(super) fn forms(&self, range: &Range<usize>) -> Option<&[Form]> {
        let fresh = meeting(&self.segments, range).find(|segment| segment.is_fresh);
        fresh.map(|segment| segment.forms.as_slice())
    }

    /// Where a stretch is written in the text itself; an encoded piece counts whole.
    pub(super) fn raw(&self, range: &Range<usize>) -> Range<usize> {
        raw(&self.segments, range)
    }
}

/// The segments of which something stands in the range.
fn meeting<'s>(segments: &'s [Segment], range: &Range<usize>) -> impl Iterator<Item = &'s Segment> + use<'s> {
    let (start, end) = (range.start, range.end);
    let first = segments.partition_point(|segment| segment.at.end <= start);
    segments[first..].iter().take_while(move |segment| segment.at.start < end)
}

fn raw(segments: &[Segment], range: &Range<usize>) -> Range<usize> {
    let plain = |at: usize| {
        let before = segments[..segments.partition_point(|s| s.at.end <= at)].last();
        before.map_or(at, |before| at - before.at.end + before.raw.end)
    };
    let held = |at: usize| meeting(segments, &(at..at + 1)).next();
    let start = held(range.start).map_or_else(|| plain(range.start), |s| s.raw.start);
    if range.is_empty() {
        return start..start;
    }
    let end = held(range.end - 1).map_or_else(|| plain(range.end), |s| s.raw.end);
    start..end.max(start)
}

/// What may be encoded, in order and apart. Of two that touch, the one that encodes single characters comes first; the
/// other is looked at again in the next layer, whole.
fn encoded(text: &[u8]) -> Vec<(Range<usize>, Form)> {
    const WAYS: [(&str, Form); 4] = [
        (r"%[0-9A-Fa-f]{2}(?:[^\n]*%[0-9A-Fa-f]{2})?", Form::Percent),
        (r"(?:\\{1,2}[uU][0-9A-Fa-f]{4})+|(?:U\+[0-9A-Fa-f]{4}(?:[ \t]|$))+", Form::Escaped),
        (r"[0-9A-Fa-f]{32,}", Form::Hex),
        (r"[0-9A-Za-z_/+-]{16,}={0,2}", Form::Base64),
    ];
    static ANY: LazyLock<Regex> = LazyLock::new(|| {
        let ways = WAYS.map(|(pattern, _)| format!("({pattern})")).join("|");
        Regex::new(&format!("(?-u){ways}")).expect("it is valid")
    });
    let mut found: Vec<(Range<usize>, usize)> = Vec::new();
    for captures in ANY.captures_iter(text) {
        let way = (1..=WAYS.len()).find_map(|group| Some((captures.get(group)?.range(), group - 1)));
        found.extend(way);
    }
    let waits = |at: usize| {
        let (range, way) = &found[at];
        let before = at.checked_sub(1).map(|at| &found[at]).filter(|(other, _)| other.end == range.start);
        let behind = found.get(at + 1).filter(|(other, _)| other.start == range.end);
        before.into_iter().chain(behind).any(|(_, other)| other < way)
    };
    (0..found.len()).filter(|&at| !waits(at)).map(|at| (found[at].0.clone(), WAYS[found[at].1].1)).collect()
}

fn decoded(text: &[u8], form: Form) -> Option<Vec<u8>> {
    let hex = |digits: &[u8]| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    let decoded = match form {
        Form::Percent => {
            let mut out = Vec::with_capacity(text.len());
            let mut at = 0;
            while at < text.len() {
                let byte = text.get(at + 1..at + 3).filter(|_| text[at] == b'%').and_then(hex);
                out.push(byte.map_or(text[at], |byte| byte as u8));
                if byte.is_some_and(|byte| !is_printable(byte as u8)) {
                    return None;
                }
                at += if byte.is_some() { 3 } else { 1 };
            }
            return Some(out);
        }
        Form::Escaped => {
            let codes =
                text.split(|b| matches!(b, b'\\' | b'u' | b'U' | b'+' | b' ' | b'\t')).filter(|c| !c.is_empty());
            codes.map(|code| u8::try_from(hex(code)?).ok()).collect::<Option<Vec<u8>>>()?
        }
        Form::Hex => data_encoding::HEXLOWER_PERMISSIVE.decode(text).ok()?,
        _ => unpadded(text)?,
    };
    (!decoded.is_empty() && decoded.iter().all(|&byte| is_printable(byte))).then_some(decoded)
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}

fn unpadded(text: &[u8]) -> Option<Vec<u8>> {
    static ALPHABETS: LazyLock<[Encoding; 2]> = LazyLock::new(|| {
        ["+/", "-_"].map(|last| {
            let mut alphabet = Specification::new();
            alphabet.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
            alphabet.symbols.push_str(last);
            alphabet.check_trailing_bits = false;
            alphabet.encoding().expect("64 symbols make an encoding")
        })
    });
    let text = text.trim_ascii_end();
    let digits = &text[..text.iter().position(|&b| b == b'=').unwrap_or(text.len())];
    if !digits.iter().any(|b| b.is_ascii_digit() || b"+/-_".contains(b)) {
        return None;
    }
    let is_for_urls = digits.iter().any(|b| b"-_".contains(b));
    ALPHABETS[usize::from(is_for_urls)].decode(digits).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;

    #[test]
    fn what_is_encoded_twice_is_read_in_the_second_layer_and_found_where_it_is_written() {
        let inner = BASE64.encode(b"password=letmein1 and more");
        let outer = BASE64.encode(inner.as_bytes());
        let text = format!("a: {outer}\nb: x%3Dy");
        let first = Layer::below(text.as_bytes()).expect("something is encoded");
        assert_eq!(first.text, format!("a: {inner}\nb: x=y").as_bytes());
        let second = first.next().expect("something is encoded");
        let wanted = "a: password=letmein1 and more\nb: x=y";
        assert_eq!(String::from_utf8_lossy(&second.text), wanted);
        let at = wanted.find("letmein1").expect("it is there");
        assert_eq!(second.raw(&(at..at + 8)), 3..3 + outer.len());
        assert_eq!(second.forms(&(at..at + 8)), Some(&[Form::Base64, Form::Base64][..]));
        let at = wanted.find("=y").expect("it is there");
        assert_eq!(second.forms(&(at..at + 2)), None, "that was to be seen in the layer before");
        assert_eq!(&text[second.raw(&(at..at + 2))], "%3Dy");
        assert!(second.next().is_none());
    }

    #[test]
    fn what_is_left_of_a_decoded_piece_keeps_its_place() {
        let inner = BASE64.encode(b"the inner text, 1 of 1");
        let outer = BASE64.encode(format!("before {inner} behind it").as_bytes());
        let text = format!("{outer} and more");
        let first = Layer::below(text.as_bytes()).expect("something is encoded");
        let second = first.next().expect("something is encoded");
        let wanted = "before the inner text, 1 of 1 behind it and more";
        assert_eq!(String::from_utf8_lossy(&second.text), wanted);
        for (word, place) in [("before", 0..outer.len()), ("inner", 0..outer.len()), ("behind", 0..outer.len())] {
            let at = wanted.find(word).expect("it is there");
            assert_eq!(second.raw(&(at..at + word.len())), place, "{word}");
        }
        let at = wanted.find("more").expect("it is there");
        assert_eq!(&text[second.raw(&(at..at + 4))], "more");
        assert!(second.forms(&(0..6)).is_none() && second.forms(&(10..12)).is_some());
    }

    #[test]
    fn only_printable_text_is_decoded() {
        for text in ["AAECAwQFBgcICQoLDA0ODw==", "averylongidentifierwithoutdigits", "%00%01", "\\u00e9\\u00e9"] {
            assert!(Layer::below(text.as_bytes()).is_none(), "{text}");
        }
        let hex = data_encoding::HEXLOWER.encode(b"sixteen bytes ok");
        assert_eq!(Layer::below(hex.as_bytes()).expect("it is hex").text, b"sixteen bytes ok");
        assert_eq!(Layer::below(br"\u0061\u0062 U+0063 U+0064 ").expect("it is").text, b"ab cd");
    }
}
