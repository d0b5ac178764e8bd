//! A file too large for memory, read in pieces: each with as much before and after it as a rule looks at.

use super::charset::{Runs, claimed, decoded};
use crate::archive::{HEAD, Kind};
use crate::document::{Ahead, Aspect, Changed, Charset, Document, Lines, Origin};
use crate::report::Skipped;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

/// Files of more bytes than this come in pieces.
pub const LARGE: u64 = 32 << 20;

/// The bytes of a piece, not counting what it shares with its neighbours.
const PIECE: usize = 16 << 20;

/// A file that comes in pieces.
#[derive(Debug)]
pub struct Large<R = File> {
    source: R,
    origin: Origin,
    tracked: bool,
    charset: Charset,
    /// What kind of archive it may be.
    kind: Option<Kind>,
}

impl Large {
    /// Opens the file.
    pub(super) fn open(path: &Path, origin: Origin, tracked: bool) -> std::io::Result<Self> {
        Self::of(File::open(path)?, origin, tracked)
    }

    /// What kind of archive it is, and how many bytes it has.
    pub(crate) fn archive(&self) -> Option<(Kind, u64)> {
        Some((self.kind?, self.source.metadata().ok()?.len()))
    }

    /// All its bytes.
    pub(crate) fn whole(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut source = &self.source;
        source.seek(SeekFrom::Start(0))?;
        source.read_to_end(&mut bytes)?;
        source.seek(SeekFrom::Start(0))?;
        Ok(bytes)
    }

    /// Whether Git tracks it.
    pub(crate) fn is_tracked(&self) -> bool {
        self.tracked
    }

    /// Its path and the like.
    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl<R: Read + Seek> Large<R> {
    fn of(mut source: R, origin: Origin, tracked: bool) -> std::io::Result<Self> {
        let (charset, mark) = charset_of(&mut source)?;
        let kind = kind_of(&mut source)?.filter(|_| charset == Charset::Bytes && origin.part == Aspect::Content);
        source.seek(SeekFrom::Start(mark as u64))?;
        Ok(Large { source, origin, tracked, charset, kind })
    }

    /// Its pieces in order. A candidate that depends on bytes up to `overlap` bytes outside a piece is still found
    /// in it as it would be in the whole; the new bytes of the pieces, taken together, are the file.
    pub fn pieces(self, overlap: usize) -> Pieces<R> {
        Pieces::new(self, PIECE, overlap)
    }
}

/// What kind of archive a file may be, by its first bytes.
fn kind_of(source: &mut (impl Read + Seek)) -> std::io::Result<Option<Kind>> {
    let mut head = Vec::new();
    source.seek(SeekFrom::Start(0))?;
    source.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    Ok(Kind::of_head(&head))
}

/// How a file is written and how long its mark is. What may be UTF-16 is read to its end once for that.
fn charset_of(source: &mut impl Read) -> std::io::Result<(Charset, usize)> {
    let mut bytes = Vec::new();
    let mut runs = Runs::default();
    source.by_ref().take(1 << 16).read_to_end(&mut bytes)?;
    let (charset, mark) = claimed(&bytes);
    if !matches!(charset, Charset::Utf16Le | Charset::Utf16Be) {
        return Ok((charset, mark));
    }
    while !bytes.is_empty() {
        runs.read(&bytes);
        if runs.contradict(charset) {
            return Ok((Charset::Bytes, 0));
        }
        bytes.clear();
        source.by_ref().take(1 << 16).read_to_end(&mut bytes)?;
    }
    Ok((charset, mark))
}

/// The pieces of a large file.
#[derive(Debug)]
pub struct Pieces<R> {
    large: Large<R>,
    piece: usize,
    /// In bytes of the file: a UTF-16 character of two bytes may become one byte of text.
    overlap: usize,
    /// The bytes from the next text's start on, as far as they were read.
    bytes: Vec<u8>,
    /// How many of them were new in an earlier piece.
    old: usize,
    /// What stands before them.
    ahead: Ahead,
    is_read: bool,
    is_done: bool,
}

impl<'r> Pieces<Box<dyn Read + 'r>> {
    /// A stream in pieces of so many bytes, each with so many of its neighbours' as `overlap` says; and the byte order
    /// mark before it. One that may be UTF-16 is read to its end first, since only all of it tells.
    pub fn of_stream(
        mut source: impl Read + 'r,
        path: Vec<u8>,
        piece: usize,
        overlap: usize,
    ) -> std::io::Result<(Self, Vec<u8>)> {
        let mut head = Vec::new();
        source.by_ref().take(1 << 16).read_to_end(&mut head)?;
        let (mut charset, mut mark) = claimed(&head);
        if matches!(charset, Charset::Utf16Le | Charset::Utf16Be) {
            source.read_to_end(&mut head)?;
            (charset, mark) = charset_of(&mut head.as_slice())?;
        }
        let rest = head.split_off(mark);
        let source: Box<dyn Read + 'r> = Box::new(Cursor::new(rest).chain(source));
        let origin = Origin { path, ..Origin::default() };
        Ok((Self::new(Large { source, origin, tracked: false, charset, kind: None }, piece, overlap), head))
    }
}

impl<R: Read> Pieces<R> {
    fn new(large: Large<R>, piece: usize, overlap: usize) -> Self {
        Pieces {
            large,
            piece,
            overlap: 2 * overlap,
            bytes: Vec::new(),
            old: 0,
            ahead: Ahead::default(),
            is_read: false,
            is_done: false,
        }
    }

    /// Reads on until so many bytes are there, or the file ends.
    fn fill(&mut self, len: usize) -> std::io::Result<()> {
        if !self.is_read && self.bytes.len() < len {
            let wanted = len - self.bytes.len();
            let read = self.large.source.by_ref().take(wanted as u64).read_to_end(&mut self.bytes)?;
            self.is_read = read < wanted;
        }
        Ok(())
    }

    fn next_piece(&mut self) -> std::io::Result<Document> {
        // A cut may move on by a few bytes.
        self.fill(self.old + self.piece + self.overlap + 8)?;
        let charset = self.large.charset;
        let end = cut(&self.bytes, self.old + self.piece, charset);
        let stop = cut(&self.bytes, end + self.overlap, charset);
        let mut text = decoded(self.bytes[..self.old].to_vec(), charset);
        let start = text.len();
        text.extend(decoded(self.bytes[self.old..end].to_vec(), charset));
        let new = start..text.len();
        text.extend(decoded(self.bytes[end..stop].to_vec(), charset));
        let document = Document {
            origin: self.large.origin.clone(),
            text,
            charset,
            changed: Changed::Ranges(vec![new]),
            before: Vec::new(),
            tracked: self.large.tracked,
            ahead: self.ahead,
        };
        self.is_done = self.is_read && end == self.bytes.len();
        let next = cut(&self.bytes, end.saturating_sub(self.overlap), charset).min(end);
        let passed = decoded(self.bytes[..next].to_vec(), charset);
        self.ahead = Lines::after(&passed, self.ahead).ahead_of_end();
        self.bytes.drain(..next);
        self.old = end - next;
        Ok(document)
    }
}

impl<R: Read> Iterator for Pieces<R> {
    type Item = Result<Document, Skipped>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        Some(self.next_piece().map_err(|error| {
            self.is_done = true;
            Skipped { what: self.large.origin.path.clone(), why: error.to_string() }
        }))
    }
}

/// The first place at or behind `at` where a cut parts no character and no line end of two bytes.
fn cut(bytes: &[u8], at: usize, charset: Charset) -> usize {
    let unit = |at: usize| match charset {
        Charset::Utf16Le => Some(u16::from_le_bytes([bytes[at], *bytes.get(at + 1)?])),
        Charset::Utf16Be => Some(u16::from_be_bytes([bytes[at], *bytes.get(at + 1)?])),
        Charset::Bytes | Charset::Utf8Bom => Some(bytes[at].into()),
    };
    let (step, is_inside): (usize, fn(u16) -> bool) = match charset {
        Charset::Utf16Le | Charset::Utf16Be => (2, |unit| unit == 10 || (0xdc00..0xe000).contains(&unit)),
        Charset::Bytes | Charset::Utf8Bom => (1, |byte| byte == 10 || (0x80..0xc0).contains(&byte)),
    };
    let mut at = at.next_multiple_of(step);
    // Binary files may have any number of such bytes in a row; no character has more than three.
    let last = at + 3 * step;
    while at < bytes.len() && at < last && unit(at).is_some_and(is_inside) {
        at += step;
    }
    at.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Location;
    use std::io::Cursor;

    fn pieces(bytes: &[u8], piece: usize, overlap: usize) -> Vec<Document> {
        let large = Large::of(Cursor::new(bytes), Origin::default(), false).expect("memory can be read");
        Pieces::new(large, piece, overlap).collect::<Result<_, _>>().expect("memory can be read")
    }

    fn new_bytes(document: &Document) -> (&[u8], Vec<Location>) {
        let Changed::Ranges(ranges) = &document.changed else { panic!("a piece is a range") };
        let lines = Lines::after(&document.text, document.ahead);
        let range = ranges[0].clone();
        (&document.text[range.clone()], range.map(|at| lines.location(&(at..at))).collect())
    }

    #[test]
    fn pieces_are_the_file_and_each_byte_keeps_its_place() {
        let text = "first\r\nsecönd line\n\n  \u{1f600}\u{1f600} end\rlast".repeat(4);
        let whole = Lines::new(text.as_bytes());
        let places: Vec<Location> = (0..text.len()).map(|at| whole.location(&(at..at))).collect();
        let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [text.as_bytes(), &utf16] {
            for (piece, overlap) in [(1, 0), (3, 1), (7, 5), (16, 16), (5, 40), (1000, 10)] {
                let pieces = pieces(bytes, piece, overlap);
                let new: Vec<(&[u8], Vec<Location>)> = pieces.iter().map(new_bytes).collect();
                assert_eq!(new.iter().flat_map(|(bytes, _)| bytes.to_vec()).collect::<Vec<u8>>(), text.as_bytes());
                assert_eq!(new.into_iter().flat_map(|(_, places)| places).collect::<Vec<_>>(), places);
            }
        }
    }

    #[test]
    fn a_piece_has_as_much_on_either_side_as_asked_for() {
        let bytes: Vec<u8> = (0..1000).map(|n| b'a' + (n % 26) as u8).collect();
        for document in pieces(&bytes, 100, 30) {
            let Changed::Ranges(ranges) = &document.changed else { panic!("a piece is a range") };
            let at = memchr::memmem::find(&bytes, &document.text).expect("a piece is a part");
            assert!(ranges[0].start >= 30 || at == 0);
            assert!(document.text.len() - ranges[0].end >= 30 || document.text.last() == bytes.last());
        }
    }

    #[test]
    fn a_file_without_any_character_is_cut_all_the_same() {
        assert_eq!(pieces(&[0x80; 50], 10, 2).iter().map(|d| new_bytes(d).0.len()).sum::<usize>(), 50);
        assert_eq!(pieces(b"", 10, 2).len(), 1);
    }
}
