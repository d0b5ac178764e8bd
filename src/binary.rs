//! What a person can use of a place in a file that is no text: the byte it begins at, what the file is, and the words
//! round it.

use std::ops::Range;

/// A place in a file that is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binary {
    /// The first byte of it, counted from 0.
    pub offset: u64,
    /// What the file is, in words: "an ELF program".
    pub kind: &'static str,
}

/// So far to either side, in bytes, words are looked for.
const NEAR: usize = 80;
/// So many printable characters in a row are words; fewer come about by chance.
const WORD: usize = 4;
/// Stands for all that is no word.
const GAP: &str = "·";

/// Whether the bytes round a place are no text: a NUL, or one in twenty a control character.
pub(crate) fn is_binary(near: &[u8]) -> bool {
    let is_control = |byte: &&u8| matches!(byte, 1..=7 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    near.contains(&0) || near.iter().filter(is_control).count() * 20 > near.len()
}

/// The words before and behind a place, on one line, with the gap between them; and where the spans given, as far as
/// they are near, stand in it. The first span returned is that of the place itself; it is empty if the place is no
/// word either, and then there is no text.
pub(crate) fn words(
    text: &[u8],
    span: &Range<usize>,
    spans: &[Range<usize>],
) -> (Vec<u8>, Range<usize>, Vec<Range<usize>>) {
    if span.is_empty() || !text[span.clone()].iter().all(is_printable) {
        return (Vec::new(), 0..0, Vec::new());
    }
    let near = span.start.saturating_sub(NEAR)..(span.end + NEAR).min(text.len());
    let mut out = Vec::with_capacity(near.len());
    // Where each byte went.
    let mut went = Vec::with_capacity(near.len() + 1);
    let mut at = near.start;
    while at < near.end {
        let is_word = is_printable(&text[at]);
        let run = text[at..near.end].iter().take_while(|byte| is_printable(byte) == is_word).count();
        let is_kept = is_word && (run >= WORD || (at < span.end && span.start < at + run));
        for (nth, byte) in text[at..at + run].iter().enumerate() {
            went.push(out.len());
            if is_kept {
                out.push(*byte);
            } else if nth == 0 && !out.ends_with(GAP.as_bytes()) {
                out.extend_from_slice(GAP.as_bytes());
            }
        }
        at += run;
    }
    went.push(out.len());
    let moved = |span: &Range<usize>| {
        let (start, end) = (span.start.max(near.start), span.end.min(near.end));
        (start < end).then(|| went[start - near.start]..went[end - near.start])
    };
    let own = moved(span).unwrap_or(0..0);
    (out, own, spans.iter().filter_map(moved).filter(|span| !span.is_empty()).collect())
}

fn is_printable(byte: &u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// What a file is that is no text, by its first bytes.
pub(crate) fn kind(head: &[u8]) -> &'static str {
    const KINDS: [(&[u8], &str); 27] = [
        (b"\x7fELF", "an ELF program"),
        (b"MZ", "a Windows program"),
        (b"\xcf\xfa\xed\xfe", "a macOS program"),
        (b"\xce\xfa\xed\xfe", "a macOS program"),
        (b"\0asm", "a WebAssembly module"),
        (b"dex\n", "an Android program"),
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"%PDF", "a PDF document"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\xfe\xed\xfe\xed", "a Java key store"),
        (b"\xce\xce\xce\xce", "a Java key store (JCEKS)"),
        (b"\x03\xd9\xa2\x9a", "a KeePass database"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\x1f\x8b", "a gzip file"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"Rar!", "a rar archive"),
        (b"\xd0\xcf\x11\xe0", "an Office document of the old kind"),
        (b"bplist0", "a binary property list"),
        (b"DIRC", "a Git index"),
        (b"PACK", "a Git pack"),
        (b"\xd4\xc3\xb2\xa1", "a packet capture"),
        (b"\x0a\x0d\x0d\x0a", "a packet capture"),
        (b"\xac\xed\0\x05", "serialized Java objects"),
        (b"\x30\x82", "a DER structure"),
        (b"\x30\x80", "a DER structure"),
    ];
    // A program of macOS for several processors begins alike, with how many there are.
    if head.starts_with(b"\xca\xfe\xba\xbe") {
        return if head.get(7).is_some_and(|version| *version >= 45) { "a Java class" } else { "a macOS program" };
    }
    KINDS.iter().find(|(magic, _)| head.starts_with(magic)).map_or("a binary file", |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_a_place_are_kept_and_what_is_none_is_a_gap() {
        let text = b"\0\x01name=\0ab\xff\xfekey hunter22\x00\x00more words\x02\x03";
        let at = memchr::memmem::find(text, b"hunter22").expect("it is there");
        let other = memchr::memmem::find(text, b"words").expect("it is there");
        let (shown, own, others) = words(text, &(at..at + 8), std::slice::from_ref(&(other..other + 5)));
        assert_eq!(String::from_utf8_lossy(&shown), "·name=·key hunter22·more words·");
        assert_eq!(&shown[own], b"hunter22");
        assert_eq!(others.iter().map(|span| &shown[span.clone()]).collect::<Vec<_>>(), [b"words"]);
    }

    #[test]
    fn a_place_that_is_no_word_has_no_text() {
        assert_eq!(words(b"ab\0cd", &(0..5), &[]).0, b"");
    }

    #[test]
    fn text_in_any_charset_is_no_binary() {
        assert!(!is_binary(b"caf\xe9 = \x1b[31mx\r\n\tpassw\xf6rd"));
        assert!(is_binary(b"key\0value") && is_binary(b"\x02\x03\x04 ab"));
    }

    #[test]
    fn kinds_are_told_by_the_first_bytes() {
        assert_eq!(kind(b"\xca\xfe\xba\xbe\0\0\0\x34"), "a Java class");
        assert_eq!(kind(b"\xca\xfe\xba\xbe\0\0\0\x02"), "a macOS program");
        assert_eq!(kind(b"\x7fELF\x02"), "an ELF program");
        assert_eq!(kind(b""), "a binary file");
    }
}
