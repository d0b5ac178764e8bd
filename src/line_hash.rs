//! GitHub's hash of a line, by which code scanning knows an alert again: `primaryLocationLineHash`.
//!
//! The uploader reads a file as UTF-8, leaves out spaces and tabs, turns every line end into LF and runs a
//! rolling hash over windows of 100 UTF-16 units. A line's hash is that of the window which begins at its
//! first unit, so it also covers what follows the line. Behind the colon stands how often that hash has come
//! up in the file. When a report brings other hashes than the uploader computes, it warns about each.

use crate::document::{Ahead, Charset, Document};
use std::borrow::Cow;
use std::collections::HashMap;

const WINDOW: usize = 100;
const BASE: u64 = 37;
/// Stands for the end of the file.
const END: u16 = 0xffff;

/// The hash of every line of a text, the first line's first. A text that ends with a line end has an empty
/// last line, with a hash of its own.
pub fn line_hashes(text: &str) -> Vec<String> {
    let mut hashes = Vec::new();
    each_line(text, |_, hash, occurrence| hashes.push(format!("{hash:x}:{occurrence}")));
    hashes
}

/// The hashes of these lines (from 1) of a document, as the uploader computes them from the file it was read
/// from; empty for a line that the uploader does not see, and for a later piece of a large file, since how
/// often a hash came up in what lies ahead of it is not known. The uploader computes what is missing.
///
/// The uploader knows no encoding but UTF-8. Bytes that are none count as U+FFFD, a byte order mark counts
/// as a character, and a UTF-16 file is read byte by byte: its CR LF are two line ends then, so that the
/// hash of line 3 is that of another text than line 3. It is the uploader's hash all the same. For UTF-16 a
/// byte order mark is taken for granted; without one the first lines' hashes differ, which costs a warning.
pub fn document_line_hashes(document: &Document, lines: &[u32]) -> Vec<String> {
    let mut hashes = vec![String::new(); lines.len()];
    if lines.is_empty() || document.ahead != Ahead::default() {
        return hashes;
    }
    let mut wanted: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        wanted.entry(*line).or_default().push(at);
    }
    each_line(&as_uploaded(document), |line, hash, occurrence| {
        for &at in wanted.get(&line).into_iter().flatten() {
            hashes[at] = format!("{hash:x}:{occurrence}");
        }
    });
    hashes
}

/// The document's file as a program sees it that reads it as UTF-8.
fn as_uploaded(document: &Document) -> Cow<'_, str> {
    let units = |bytes: fn(u16) -> [u8; 2]| {
        let text = String::from_utf8_lossy(&document.text);
        let file: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect();
        Cow::Owned(String::from_utf8_lossy(&file).into_owned())
    };
    match document.charset {
        Charset::Bytes => String::from_utf8_lossy(&document.text),
        Charset::Utf8Bom => Cow::Owned(format!("\u{feff}{}", String::from_utf8_lossy(&document.text))),
        Charset::Utf16Le => units(u16::to_le_bytes),
        Charset::Utf16Be => units(u16::to_be_bytes),
    }
}

/// Calls back for each line, in order, with its number from 1, its hash, and how often that has come up.
fn each_line(text: &str, mut found: impl FnMut(u32, u64, u32)) {
    let mut seen: HashMap<u64, u32> = HashMap::new();
    let mut rolling = Rolling::new();
    let mut emit = |begun: Option<(u32, u64)>| {
        if let Some((line, hash)) = begun {
            let occurrence = seen.entry(hash).or_default();
            *occurrence += 1;
            found(line, hash, *occurrence);
        }
    };
    let (mut line, mut at_start, mut after_cr) = (0, true, false);
    for unit in text.encode_utf16().chain([END]) {
        let is_second_half = after_cr && unit == u16::from(b'\n');
        after_cr = false;
        if unit == u16::from(b' ') || unit == u16::from(b'\t') || is_second_half {
            continue;
        }
        after_cr = unit == u16::from(b'\r');
        let unit = if after_cr { u16::from(b'\n') } else { unit };
        let begins = at_start.then(|| {
            line += 1;
            line
        });
        at_start = unit == u16::from(b'\n');
        emit(rolling.push(unit, begins));
    }
    for _ in 0..WINDOW {
        emit(rolling.push(0, None));
    }
}

/// The hash of the last [`WINDOW`] units, and which lines begin at one of them.
struct Rolling {
    units: [u16; WINDOW],
    begins: [Option<u32>; WINDOW],
    next: usize,
    hash: u64,
    /// What the oldest unit weighs once another is added: 37^100.
    oldest: u64,
}

impl Rolling {
    fn new() -> Self {
        let oldest = (0..WINDOW).fold(1u64, |power, _| power.wrapping_mul(BASE));
        Rolling { units: [0; WINDOW], begins: [None; WINDOW], next: 0, hash: 0, oldest }
    }

    /// Takes a unit in and the oldest one out; the line that began at the latter, with the hash of the window.
    fn push(&mut self, unit: u16, begins: Option<u32>) -> Option<(u32, u64)> {
        let complete = self.begins[self.next].map(|line| (line, self.hash));
        let gone = u64::from(self.units[self.next]).wrapping_mul(self.oldest);
        self.hash = self.hash.wrapping_mul(BASE).wrapping_add(u64::from(unit)).wrapping_sub(gone);
        self.units[self.next] = unit;
        self.begins[self.next] = begins;
        self.next = (self.next + 1) % WINDOW;
        complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Changed, Origin};

    fn document(charset: Charset, text: &[u8]) -> Document {
        Document {
            origin: Origin::default(),
            text: text.to_vec(),
            charset,
            changed: Changed::Whole,
            before: Vec::new(),
            tracked: false,
            ahead: Default::default(),
        }
    }

    #[test]
    fn hashes_are_those_of_the_uploader() {
        let ten = "Lorem ipsum dolor sit amet.\n".repeat(10);
        let mut ten_hashes: Vec<String> = (1..=6).map(|n| format!("a7f2ff13bc495cf2:{n}")).collect();
        ten_hashes.extend(
            [
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ]
            .map(String::from),
        );
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            line_hashes(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        assert_eq!(line_hashes(&ten), ten_hashes);
        assert_eq!(
            line_hashes(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n"),
            [
                "e9496ae3ebfced30:1",
                "fb7c023a8b9ccb3f:1",
                "ce8ba1a563dcdaca:1",
                "e20e36e16fcb0cc8:1",
                "b3edc88f2938467e:1",
                "c8e28b0b4002a3a0:1",
                "c129715d7a2bc9a3:1"
            ]
        );
        assert_eq!(
            line_hashes("x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n"),
            [
                "e54938cc54b302f1:1",
                "bb609acbe9138d60:1",
                "1131fd5871777f34:1",
                "5c482a0f8b35ea28:1",
                "54517377da7028d2:1",
                "2c644846cb18d53e:1",
                "f1b89f20de0d133:1",
                "c129715d7a2bc9a3:1"
            ]
        );
    }

    #[test]
    fn a_document_has_the_hashes_of_its_file() {
        let plain = document(Charset::Bytes, b"a\nb\n");
        assert_eq!(
            document_line_hashes(&plain, &[2, 1, 9]),
            [&line_hashes("a\nb\n")[1], &line_hashes("a\nb\n")[0], ""]
        );
        let marked = document(Charset::Utf8Bom, b"a\n");
        assert_eq!(document_line_hashes(&marked, &[1])[0], line_hashes("\u{feff}a\n")[0]);
        let latin = document(Charset::Bytes, b"caf\xe9\n");
        assert_eq!(document_line_hashes(&latin, &[1])[0], line_hashes("caf\u{fffd}\n")[0]);
        let wide = document(Charset::Utf16Le, b"a\nb");
        assert_eq!(document_line_hashes(&wide, &[2])[0], line_hashes("\u{fffd}\u{fffd}a\0\n\0b\0")[1]);
        let wide = document(Charset::Utf16Be, b"a\nb");
        assert_eq!(document_line_hashes(&wide, &[2])[0], line_hashes("\u{fffd}\u{fffd}\0a\0\n\0b")[1]);
    }
}
