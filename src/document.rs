//! What can be read, what was read, and where in it something stands.

use crate::archive::Inner;
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// Where a text comes from. Paths are bytes as Git has them: relative to the repository's root (outside a
/// repository: to the current folder), `/` between the parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Origin {
    /// The path, empty for a stream or message without one.
    pub path: Vec<u8>,
    /// Which part of the thing at that path the text is.
    pub part: Aspect,
    /// The commit that brought it, in full hexadecimal digits, when a commit did. For a tag's message, the tag;
    /// for a note, the object that it is about.
    pub commit_id: Option<Arc<str>>,
    /// The blob it was read from, in full hexadecimal digits, when it was one.
    pub blob_id: Option<Arc<str>>,
    /// Where in the path the archive ends that it stands in, if it stands in one: `a.zip!b`.
    pub inside: Option<Inside>,
}

/// What the parts of a path are that leads into an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Inside {
    /// How long the path of the archive itself is. A `!` follows it.
    pub archive: usize,
    /// Where the last name begins, behind a `!`; there are more than one when the archive holds another.
    pub name: usize,
}

impl Origin {
    /// The path that something has in the archive that is here.
    pub fn within(&self, inner: &Inner, part: Aspect) -> Origin {
        let archive = self.path.len();
        Origin {
            path: [&self.path[..], b"!", &inner.path].concat(),
            part,
            commit_id: self.commit_id.clone(),
            blob_id: self.blob_id.clone(),
            inside: Some(Inside { archive, name: archive + 1 + inner.name_at }),
        }
    }

    /// The path of the file that Git or the disk has: where this stands in an archive, the archive's.
    pub fn file(&self) -> &[u8] {
        &self.path[..self.inside.map_or(self.path.len(), |inside| inside.archive)]
    }

    /// The archive alone, for what stands in one.
    pub fn outside(&self) -> Origin {
        Origin { path: self.file().to_vec(), part: Aspect::Content, inside: None, ..self.clone() }
    }

    /// The path by which rules and the judge go: an archive counts as a folder. A name that is itself looked at has
    /// no folder but that in its archive.
    pub fn judged_path(&self) -> Cow<'_, [u8]> {
        match self.inside {
            None => Cow::Borrowed(&self.path),
            Some(inside) if self.part == Aspect::Path => Cow::Borrowed(&self.path[inside.name..]),
            Some(inside) => {
                let mut path = self.path.clone();
                path[inside.archive] = b'/';
                path[inside.name - 1] = b'/';
                Cow::Owned(path)
            }
        }
    }
}

/// Which part of a thing a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Aspect {
    /// What it holds.
    #[default]
    Content,
    /// Its path, read as a text.
    Path,
    /// What a symbolic link points to.
    LinkTarget,
    /// A commit message.
    CommitMessage,
    /// A tag message.
    TagMessage,
    /// A note on an object.
    Note,
    /// The name of a branch, a tag or another ref.
    RefName,
    /// What somebody wrote in the header of a commit: names, and lines of their own.
    Header,
}

/// Something that could be read.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where it comes from.
    pub origin: Origin,
    /// How to get at its bytes.
    pub content: Content,
    /// What came before it, for each parent: only lines that none of them has count as changed. Empty: all of
    /// it is new.
    pub before: Vec<Before>,
}

/// How to get at an entry's bytes.
#[derive(Debug, Clone)]
pub enum Content {
    /// A file on disk.
    Disk(PathBuf),
    /// A Git object, by its id.
    Blob(gix::ObjectId),
    /// The bytes themselves.
    Bytes(Vec<u8>),
}

/// The text that an entry replaces in one parent.
#[derive(Debug, Clone)]
pub struct Before {
    /// Its blob.
    pub blob_id: gix::ObjectId,
    /// The path it had, when it was another one: the entry was renamed.
    pub renamed_from: Option<Vec<u8>>,
}

/// Which bytes of a text are new. Ranges of length zero are seams: the bytes on both sides were not
/// neighbours before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// All of it.
    Whole,
    /// These ranges, in order, not overlapping.
    Ranges(Vec<Range<usize>>),
}

impl Changed {
    /// Whether the window meets a changed range; touching counts.
    pub fn meets(&self, window: &Range<usize>) -> bool {
        match self {
            Changed::Whole => true,
            Changed::Ranges(ranges) => {
                let first = ranges.partition_point(|r| r.end < window.start);
                ranges.get(first).is_some_and(|r| r.start <= window.end)
            }
        }
    }
}

/// A text that was read.
#[derive(Debug, Clone)]
pub struct Document {
    /// Where it comes from.
    pub origin: Origin,
    /// The text: bytes as they were read, or UTF-8 made from UTF-16; without a byte order mark.
    pub text: Vec<u8>,
    /// How it was written.
    pub charset: Charset,
    /// What of it is new.
    pub changed: Changed,
    /// Its predecessors' texts, to tell an old secret from a new one. Only read when something was found.
    pub before: Vec<Before>,
    /// Whether Git tracks the path, or will with the next commit.
    pub tracked: bool,
    /// What stands before the text, when it is a piece of a large file.
    pub ahead: Ahead,
}

/// How much of a file stands before a piece of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ahead {
    /// Whole lines.
    pub lines: u32,
    /// Characters of the line that the piece begins in.
    pub columns: u32,
    /// Bytes.
    pub bytes: u64,
}

/// How a document was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// Bytes taken as they are: UTF-8, ASCII, Latin-1 or anything else.
    #[default]
    Bytes,
    /// UTF-8 behind a byte order mark (three bytes that `text` does not have).
    Utf8Bom,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
}

/// A place in a text as people count: lines and columns from 1, columns in Unicode characters (a byte that
/// is not UTF-8 counts as one), the end after the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The first line.
    pub start_line: u32,
    /// The column of the first character.
    pub start_column: u32,
    /// The last line.
    pub end_line: u32,
    /// The column after the last character.
    pub end_column: u32,
}

/// Where the lines of a text begin. A line ends with LF, CR LF or a lone CR.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a [u8],
    starts: Vec<usize>,
    ahead: Ahead,
    /// In the long line that was asked about last: how many characters stand before some of its bytes.
    counted: RefCell<(usize, Vec<(usize, usize)>)>,
}

/// The characters of a line are not counted anew from a place farther back than this many bytes.
const COUNTED: usize = 1 << 12;

impl<'a> Lines<'a> {
    /// Finds the lines of the text.
    pub fn new(text: &'a [u8]) -> Self {
        Self::after(text, Ahead::default())
    }

    /// Finds the lines of a text that stands behind others: only [`Lines::location`] counts those.
    pub fn after(text: &'a [u8], ahead: Ahead) -> Self {
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', text) {
            if text[at] == b'\n' || text.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        Lines { text, starts, ahead, counted: RefCell::default() }
    }

    /// The 0-based line that holds the byte.
    pub fn index_of(&self, at: usize) -> usize {
        self.starts.partition_point(|&s| s <= at) - 1
    }

    /// The bytes of a 0-based line without its end.
    pub fn range(&self, line: usize) -> Range<usize> {
        let start = self.starts[line];
        let mut end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        while end > start && matches!(self.text[end - 1], b'\n' | b'\r') {
            end -= 1;
        }
        start..end
    }

    /// How many lines there are; a text that ends with a line end has an empty last one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Where a span of bytes stands.
    pub fn location(&self, span: &Range<usize>) -> Location {
        let (start_line, start_column) = self.position(span.start);
        let (end_line, end_column) = self.position(span.end.max(span.start));
        Location { start_line, start_column, end_line, end_column }
    }

    fn position(&self, at: usize) -> (u32, u32) {
        let line = self.index_of(at);
        let column = self.characters_before(line, at) + 1;
        let columns_ahead = if line == 0 { self.ahead.columns } else { 0 };
        (self.ahead.lines + line as u32 + 1, columns_ahead + column as u32)
    }

    /// How many bytes stand before the text.
    pub(crate) fn bytes_ahead(&self) -> u64 {
        self.ahead.bytes
    }

    /// How many characters of its line stand before a byte. A line may be as long as the file and hold thousands of
    /// findings.
    fn characters_before(&self, line: usize, at: usize) -> usize {
        let start = self.starts[line];
        if at - start <= COUNTED {
            return characters(&self.text[start..at]);
        }
        let mut counted = self.counted.borrow_mut();
        if counted.1.is_empty() || counted.0 != line {
            *counted = (line, vec![(start, 0)]);
        }
        let places = &mut counted.1;
        let mut nth = places.partition_point(|(place, _)| *place <= at) - 1;
        let mut last = places[nth];
        // A count can be taken up only where a character begins.
        while let Some(next) = (last.0 + COUNTED..at).find(|&next| self.text[next] & 0xc0 != 0x80) {
            last = (next, last.1 + characters(&self.text[last.0..next]));
            nth += 1;
            places.insert(nth, last);
        }
        last.1 + characters(&self.text[last.0..at])
    }

    /// What stands before a text that follows this one.
    pub fn ahead_of_end(&self) -> Ahead {
        let (line, column) = self.position(self.text.len());
        Ahead { lines: line - 1, columns: column - 1, bytes: self.ahead.bytes + self.text.len() as u64 }
    }
}

/// How many characters the bytes are; a byte that is not UTF-8 counts as one.
pub fn characters(bytes: &[u8]) -> usize {
    bytes.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_lf_crlf_or_cr() {
        let lines = Lines::new(b"a\r\nb\rc\nd");
        assert_eq!(lines.count(), 4);
        assert_eq!(lines.range(0), 0..1);
        assert_eq!(lines.location(&(7..8)), Location { start_line: 4, start_column: 1, end_line: 4, end_column: 2 });
    }

    #[test]
    fn columns_count_characters_and_invalid_bytes_as_one() {
        let text = "é".as_bytes().iter().copied().chain([0xff, b'x']).collect::<Vec<u8>>();
        let lines = Lines::new(&text);
        assert_eq!(lines.location(&(3..4)).start_column, 3);
    }

    #[test]
    fn columns_of_a_long_line_are_counted_on_and_come_out_the_same() {
        let mut text = "aé\u{1f600}".repeat(9000).into_bytes();
        for at in (0..text.len()).step_by(997) {
            text[at] = 0x80 + (at % 100) as u8;
        }
        let lines = Lines::new(&text);
        for at in [60_000, 5000, 4096, 4097, 59_999, 12, 30_001, 30_000, 62_999] {
            assert_eq!(lines.location(&(at..at)).start_column as usize, characters(&text[..at]) + 1, "{at}");
        }
    }

    #[test]
    fn a_seam_that_touches_a_window_meets_it() {
        let changed = Changed::Ranges(vec![5..5, 20..30]);
        assert!(changed.meets(&(0..5)));
        assert!(changed.meets(&(5..9)));
        assert!(!changed.meets(&(6..19)));
        assert!(changed.meets(&(30..31)));
        assert!(!changed.meets(&(31..40)));
    }
}
