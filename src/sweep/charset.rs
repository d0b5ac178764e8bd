//! How a blob is written: as bytes, behind a byte order mark, or as UTF-16.

use crate::document::Charset;

/// The charset of a text by its beginning, and how many bytes its byte order mark takes up.
pub fn sniff(text: &[u8]) -> (Charset, usize) {
    match text {
        [0xef, 0xbb, 0xbf, ..] => (Charset::Utf8Bom, 3),
        [0xff, 0xfe, ..] => (Charset::Utf16Le, 2),
        [0xfe, 0xff, ..] => (Charset::Utf16Be, 2),
        _ => (Charset::Bytes, 0),
    }
}

/// The text as UTF-8 or as the bytes it is, without a byte order mark.
pub fn decoded(charset: Charset, text: &[u8]) -> Vec<u8> {
    let encoding = match charset {
        Charset::Bytes => return text.to_vec(),
        Charset::Utf8Bom => return text.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(text).to_vec(),
        Charset::Utf16Le => encoding_rs::UTF_16LE,
        Charset::Utf16Be => encoding_rs::UTF_16BE,
    };
    encoding.decode_with_bom_removal(text).0.into_owned().into_bytes()
}
