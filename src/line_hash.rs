//! GitHub's hash of a line, by which code scanning knows an alert again: `primaryLocationLineHash`.
//!
//! The uploader reads a file as UTF-8, leaves out spaces and tabs, turns every line end into LF and runs a
//! rolling hash over windows of 100 UTF-16 units. A line's hash is that of the window which begins at its
//! first unit, so it also covers what follows the line. Behind the colon stands how often that hash has come
//! up in the file. When a report brings other hashes than the uploader computes, it warns about each.

use crate::document::{Ahead, Charset, Document};
use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

const WINDOW: usize = 100;
const BASE: u64 = 37;
/// What a unit weighs once a window more is read: 37^100.
const OLDEST: u64 = BASE.wrapping_pow(WINDOW as u32);
/// Stands for the end of the file.
const END: u16 = 0xffff;

/// The hash of every line of a text, the first line's first. A text that ends with a line end has an empty
/// last line, with a hash of its own.
pub fn line_hashes(text: &str) -> Vec<String> {
    let hashes = hashes(text, usize::MAX);
    let lines: Vec<u32> = (1..).take(hashes.len()).collect();
    counted(&hashes, &lines)
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
    let Some(last) = lines.iter().max().filter(|_| document.ahead == Ahead::default()) else {
        return vec![String::new(); lines.len()];
    };
    counted(&hashes(&as_uploaded(document), *last as usize), lines)
}

/// The hashes of these lines (from 1) as they are written, each with how often it has come up so far; empty for a line that
/// is not there.
fn counted(hashes: &[u64], lines: &[u32]) -> Vec<String> {
    let hash = |line: u32| (line as usize).checked_sub(1).and_then(|at| hashes.get(at));
    // Few of the lines are wanted, so that only their hashes are counted.
    let mut seen: HashMap<u64, u32> = lines.iter().filter_map(|line| hash(*line)).map(|hash| (*hash, 0)).collect();
    let mut wanted: Vec<usize> = (0..lines.len()).collect();
    wanted.sort_by_key(|at| lines[*at]);
    let mut counted = vec![String::new(); lines.len()];
    let mut wanted = wanted.into_iter().filter(|at| hash(lines[*at]).is_some()).peekable();
    for (line, hash) in (1..).zip(hashes) {
        let Some(occurrence) = seen.get_mut(hash) else { continue };
        *occurrence += 1;
        while let Some(at) = wanted.next_if(|at| lines[*at] == line) {
            counted[at] = format!("{hash:x}:{occurrence}");
        }
    }
    counted
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

/// The hashes of so many lines, in order; of all if there are no more.
fn hashes(text: &str, lines: usize) -> Vec<u64> {
    // Of most texts each byte is a unit.
    if text.is_ascii() { hashes_of(text.bytes().map(u16::from), lines) } else { hashes_of(text.encode_utf16(), lines) }
}

fn hashes_of(units: impl Iterator<Item = u16>, lines: usize) -> Vec<u64> {
    let mut windows = Windows { hashes: Vec::new(), begun: VecDeque::new(), read: 0, all: 0, lines };
    let (mut at_start, mut after_cr) = (true, false);
    for unit in units.chain([END]) {
        let is_second_half = after_cr && unit == u16::from(b'\n');
        after_cr = false;
        if unit == u16::from(b' ') || unit == u16::from(b'\t') || is_second_half {
            continue;
        }
        after_cr = unit == u16::from(b'\r');
        let unit = if after_cr { u16::from(b'\n') } else { unit };
        if windows.is_done() {
            break;
        }
        windows.push(unit, at_start);
        at_start = unit == u16::from(b'\n');
    }
    (0..WINDOW).for_each(|_| windows.push(0, false));
    windows.hashes
}

/// The hashes of windows that begin where a line does. That of all units from the first one on is kept, and a window's is
/// the difference between where it ends and where it began.
struct Windows {
    hashes: Vec<u64>,
    /// Of the windows that are not read to their ends: how many units will have been, and what is to be taken off then.
    begun: VecDeque<(usize, u64)>,
    read: usize,
    /// The hash of all units so far.
    all: u64,
    /// How many lines are asked for.
    lines: usize,
}

impl Windows {
    fn push(&mut self, unit: u16, begins: bool) {
        if begins && self.hashes.len() + self.begun.len() < self.lines {
            self.begun.push_back((self.read + WINDOW, self.all.wrapping_mul(OLDEST)));
        }
        self.all = self.all.wrapping_mul(BASE).wrapping_add(u64::from(unit));
        self.read += 1;
        if let Some((_, gone)) = self.begun.front().filter(|(end, _)| *end == self.read) {
            self.hashes.push(self.all.wrapping_sub(*gone));
            self.begun.pop_front();
        }
    }

    fn is_done(&self) -> bool {
        self.hashes.len() == self.lines
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
