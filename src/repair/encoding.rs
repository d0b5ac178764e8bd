//! A text back to the bytes of its file: the same encoding, the same byte order mark.

use crate::document::Charset;
use crate::source::charset::detected;

/// The bytes of a file that holds `after`, given that `bytes` are the file with `before`; none where the bytes are
/// not `before` to the last one, since the file changed or part of it is not text.
pub(super) fn encoded(bytes: &[u8], before: &[u8], after: &[u8]) -> Option<Vec<u8>> {
    let (charset, mark) = detected(bytes);
    let with = |text: &[u8]| {
        let mut out = bytes[..mark].to_vec();
        out.extend(units(text, charset)?);
        Some(out)
    };
    (with(before)? == bytes).then(|| with(after))?
}

/// The text in the charset, without a mark; none for what is not text in it.
pub(super) fn units(text: &[u8], charset: Charset) -> Option<Vec<u8>> {
    let unit = match charset {
        Charset::Bytes | Charset::Utf8Bom => return Some(text.to_vec()),
        Charset::Utf16Le => u16::to_le_bytes,
        Charset::Utf16Be => u16::to_be_bytes,
    };
    Some(std::str::from_utf8(text).ok()?.encode_utf16().flat_map(unit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_back_into_its_encoding_with_its_mark() {
        let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
        let bytes = utf16("\u{feff}key = \"grün\"\r\n");
        let after = encoded(&bytes, "key = \"grün\"\r\n".as_bytes(), "key = X\r\n".as_bytes());
        assert_eq!(after, Some(utf16("\u{feff}key = X\r\n")));
        assert_eq!(encoded(b"\xef\xbb\xbfa", b"a", b"b"), Some(b"\xef\xbb\xbfb".to_vec()));
        assert_eq!(encoded(b"caf\xe9 a", b"caf\xe9 a", b"caf\xe9 b"), Some(b"caf\xe9 b".to_vec()));
    }

    #[test]
    fn a_file_that_is_not_what_was_read_is_not_written() {
        assert_eq!(encoded(b"changed", b"a", b"b"), None);
        let mut half = "\u{feff}ab".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        half.extend([0x00, 0xd8]);
        assert_eq!(encoded(&half, "ab\u{fffd}".as_bytes(), b"c"), None);
    }
}
