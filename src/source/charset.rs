//! Bytes as they stand to text: UTF-16 becomes UTF-8, a byte order mark goes, all else stays as it is.

use crate::document::Charset;

/// How much of a text is looked at to tell UTF-16 by its NULs.
const SAMPLE: usize = 4096;

/// So many printable ASCII bytes in a row are no UTF-16: as such they would be a dozen unlikely ideographs.
const ASCII_RUN: usize = 24;

/// How the bytes are written and how many bytes of them are the mark that says so.
///
/// Without a mark, a text counts as UTF-16 when in its first 4096 bytes one half of each pair is NUL in at least
/// seven pairs of ten and the other half in at most one of twenty: text of mostly Latin characters, which
/// is what credentials are made of, and hardly any other file.
///
/// A mark of one order before a text that is of the other in this way lies. With or without a mark, a text that holds 24
/// printable ASCII bytes in a row, or as many of them in the other order, is not UTF-16, or not only: decoding it would
/// make gibberish of what stands there for all to read, so it stays as it is.
///
/// UTF-32 is taken for UTF-16 with a NUL behind each character; that form tokens are looked for in.
pub fn detected(bytes: &[u8]) -> (Charset, usize) {
    let (charset, mark) = claimed(bytes);
    let mut runs = Runs::default();
    if matches!(charset, Charset::Utf16Le | Charset::Utf16Be) {
        runs.read(bytes);
    }
    if runs.contradict(charset) { (Charset::Bytes, 0) } else { (charset, mark) }
}

/// How the beginning says that the bytes are written, and how long the mark is.
pub(crate) fn claimed(bytes: &[u8]) -> (Charset, usize) {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => (Charset::Utf8Bom, 3),
        [0xff, 0xfe, rest @ ..] => (marked(Charset::Utf16Le, rest), 2),
        [0xfe, 0xff, rest @ ..] => (marked(Charset::Utf16Be, rest), 2),
        _ => (by_nuls(&bytes[..bytes.len().min(SAMPLE)]), 0),
    }
}

/// Looks for long runs of printable ASCII in bytes that come bit by bit: as they are, and in pairs with a NUL.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    plain: usize,
    little: usize,
    big: usize,
    before: u8,
    is_odd: bool,
    found: [bool; 3],
}

impl Runs {
    /// Looks at what comes next.
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        let is_printable = |byte: u8| matches!(byte, b' '..=b'~');
        let count = |run: &mut usize, goes_on: bool| {
            *run = if goes_on { *run + 1 } else { 0 };
            *run >= ASCII_RUN
        };
        for &byte in bytes {
            // Plain text settles all of it.
            if self.found[0] {
                return;
            }
            self.found[0] |= count(&mut self.plain, is_printable(byte));
            if self.is_odd {
                self.found[1] |= count(&mut self.little, is_printable(self.before) && byte == 0);
                self.found[2] |= count(&mut self.big, is_printable(byte) && self.before == 0);
            }
            (self.before, self.is_odd) = (byte, !self.is_odd);
        }
    }

    /// Whether what was read holds something for all to read that would be gibberish if it were written so.
    pub(crate) fn contradict(&self, charset: Charset) -> bool {
        let [plain, little, big] = self.found;
        match charset {
            Charset::Utf16Le => plain || big,
            Charset::Utf16Be => plain || little,
            Charset::Bytes | Charset::Utf8Bom => false,
        }
    }
}

/// How a text is written behind a mark that says so, unless the text says otherwise.
fn marked(charset: Charset, rest: &[u8]) -> Charset {
    match by_nuls(&rest[..rest.len().min(SAMPLE)]) {
        Charset::Bytes => charset,
        by_nuls => by_nuls,
    }
}

fn by_nuls(sample: &[u8]) -> Charset {
    if sample.len() < 8 || memchr::memchr(0, sample).is_none() {
        return Charset::Bytes;
    }
    let pairs = sample.len() / 2;
    let nuls = |half: usize| sample.chunks_exact(2).filter(|pair| pair[half] == 0).count();
    let (first, second) = (nuls(0), nuls(1));
    let is_many = |count: usize| count * 10 >= pairs * 7;
    let is_few = |count: usize| count * 20 <= pairs;
    // In UTF-32 every other pair holds nothing else.
    let is_padding = |nth: usize| {
        let of_four = sample.chunks_exact(4).filter(|four| (0..4).all(|at| (four[at] == 0) == (at != nth)));
        is_many(of_four.count() * 2)
    };
    if is_many(second) && (is_few(first) || is_padding(0)) {
        Charset::Utf16Le
    } else if is_many(first) && (is_few(second) || is_padding(3)) {
        Charset::Utf16Be
    } else {
        Charset::Bytes
    }
}

/// The text in the bytes, which are written so and have no mark any more.
pub fn decoded(bytes: Vec<u8>, charset: Charset) -> Vec<u8> {
    let encoding = match charset {
        Charset::Bytes | Charset::Utf8Bom => return bytes,
        Charset::Utf16Le => encoding_rs::UTF_16LE,
        Charset::Utf16Be => encoding_rs::UTF_16BE,
    };
    encoding.decode_without_bom_handling(&bytes).0.into_owned().into_bytes()
}

/// The text in the bytes and how they were written.
pub fn text(mut bytes: Vec<u8>) -> (Vec<u8>, Charset) {
    let (charset, mark) = detected(&bytes);
    if mark > 0 {
        bytes.drain(..mark);
    }
    (decoded(bytes, charset), charset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn utf16_becomes_utf8_with_or_without_a_mark() {
        let sample = "key = \"grün\"\r\n";
        for (unit, charset) in
            [(u16::to_le_bytes as fn(u16) -> [u8; 2], Charset::Utf16Le), (u16::to_be_bytes, Charset::Utf16Be)]
        {
            let bare = utf16(sample, unit);
            let marked = utf16(&format!("\u{feff}{sample}"), unit);
            assert_eq!(text(bare), (sample.as_bytes().to_vec(), charset));
            assert_eq!(text(marked), (sample.as_bytes().to_vec(), charset));
        }
    }

    #[test]
    fn an_utf8_mark_goes_and_other_bytes_stay() {
        assert_eq!(text(b"\xef\xbb\xbfa".to_vec()), (b"a".to_vec(), Charset::Utf8Bom));
        for bytes in [&b"plain"[..], b"caf\xe9", b"a\0b\0c", &[0; 64], b"\0\x01\0\x02\x7fELF\0\0\0", b""] {
            assert_eq!(text(bytes.to_vec()), (bytes.to_vec(), Charset::Bytes), "{bytes:?}");
        }
    }

    #[test]
    fn a_mark_alone_hides_no_plain_text() {
        let plain = b"a line that anyone can read\n";
        let mixed = [&utf16("\u{feff}wide\n", u16::to_le_bytes)[..], plain].concat();
        for bytes in [[&b"\xff\xfe"[..], plain].concat(), [&b"\xfe\xff"[..], plain].concat(), mixed] {
            assert_eq!(text(bytes.clone()), (bytes, Charset::Bytes));
        }
        let ideographs = "\u{feff}中文文件也是文字".repeat(20);
        assert_eq!(text(utf16(&ideographs, u16::to_le_bytes)).1, Charset::Utf16Le);
    }

    #[test]
    fn a_mark_that_lies_hides_nothing() {
        let sample = "key = \"a line that anyone can read\"\n";
        for (mark, unit, charset) in [
            (&b"\xff\xfe"[..], u16::to_be_bytes as fn(u16) -> [u8; 2], Charset::Utf16Be),
            (b"\xfe\xff", u16::to_le_bytes, Charset::Utf16Le),
        ] {
            let wide = utf16(sample, unit);
            assert_eq!(text([mark, &wide].concat()), (sample.as_bytes().to_vec(), charset));
            // Behind enough that does not lie, it stays for those that look for tokens in UTF-16.
            let truthful = utf16(
                &"中文文件也是文字".repeat(300),
                if charset == Charset::Utf16Be { u16::to_le_bytes } else { u16::to_be_bytes },
            );
            let mixed = [mark, &truthful, &wide].concat();
            assert_eq!(text(mixed.clone()), (mixed, Charset::Bytes));
        }
    }

    #[test]
    fn utf32_becomes_characters_with_nuls_beside_them() {
        let sample = "key = \"a line that anyone can read\"\n";
        for (unit, at) in [(u32::to_le_bytes as fn(u32) -> [u8; 4], 0), (u32::to_be_bytes, 1)] {
            let bytes: Vec<u8> = sample.chars().flat_map(|c| unit(c.into())).collect();
            let (text, _) = text(bytes);
            assert_eq!(text.iter().skip(at).step_by(2).copied().collect::<Vec<u8>>(), sample.as_bytes());
        }
    }

    #[test]
    fn half_a_surrogate_and_half_a_unit_do_no_harm() {
        let mut bytes = utf16("\u{feff}ab", u16::to_le_bytes);
        bytes.extend([0x00, 0xd8, b'x']);
        let (text, _) = text(bytes);
        assert!(text.starts_with(b"ab"));
    }
}
