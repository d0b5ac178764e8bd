//! A stream without its secrets: each is found as in the whole, wherever the stream is cut.

use super::encoding::units;
use super::spans::hidden;
use crate::document::{Changed, Document};
use crate::judge::JUDGE_REACH;
use crate::scan::Scan;
use crate::source::Pieces;
use std::io::{self, Read, Write};
use std::ops::Range;

/// How many bytes of the stream are taken at once.
const PIECE: usize = 256 << 10;

/// Copies the stream with `[redacted:RULE]` in the place of each secret, and says how many there were. The path says
/// which rules apply where rules go by it. Output lags behind by as much as the rules look ahead.
pub fn redact(scan: &Scan, source: impl Read, path: Vec<u8>, out: &mut dyn Write) -> io::Result<u64> {
    in_pieces(scan, source, path, PIECE, out)
}

fn in_pieces(scan: &Scan, source: impl Read, path: Vec<u8>, piece: usize, out: &mut dyn Write) -> io::Result<u64> {
    // A window reaches that far to both sides of its anchor, and the judge a little farther.
    let overlap = 2 * (scan.engine.margin() + JUDGE_REACH);
    let (pieces, mark) = Pieces::of_stream(source, path, piece, overlap)?;
    out.write_all(&mark)?;
    let mut count = 0;
    for read in pieces {
        let document = read.map_err(|missing| io::Error::other(missing.why))?;
        count += one(scan, &document, out)?;
        out.flush()?;
    }
    Ok(count)
}

/// Writes the new bytes of a piece. A secret that began in the piece before has its mask there.
fn one(scan: &Scan, document: &Document, out: &mut dyn Write) -> io::Result<u64> {
    let new = match &document.changed {
        Changed::Ranges(ranges) => ranges.first().cloned().unwrap_or_default(),
        Changed::Whole => 0..document.text.len(),
    };
    let mut at = new.start;
    let mut count = 0;
    for hidden in hidden(scan, document) {
        let Range { start, end } = hidden.span;
        if end <= new.start || start >= new.end {
            continue;
        }
        put(document, at..start.max(at), out)?;
        if start >= new.start {
            let lines = memchr::memchr_iter(b'\n', &document.text[start..end]).count();
            let mask = format!("[redacted:{}]{}", hidden.rule_id, "\n".repeat(lines));
            out.write_all(&units(mask.as_bytes(), document.charset).expect("a mask is ASCII"))?;
            count += 1;
        }
        at = end.min(new.end);
    }
    put(document, at..new.end.max(at), out)?;
    Ok(count)
}

fn put(document: &Document, range: Range<usize>, out: &mut dyn Write) -> io::Result<()> {
    let text = &document.text[range];
    match units(text, document.charset) {
        Some(bytes) => out.write_all(&bytes),
        None => Err(io::Error::other("the stream begins as UTF-16 and does not go on so")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Engine;
    use crate::judge::Judge;
    use crate::ruleset::RuleSet;
    use data_encoding::BASE64URL_NOPAD;
    use sha2::{Digest, Sha256};
    use std::sync::Arc;

    fn scan() -> Scan {
        let judge = Judge { no_allow: true, ..Judge::default() };
        Scan { engine: Engine::new(Arc::new(RuleSet::builtin())), judge, explain: false }
    }

    fn key(number: u32) -> String {
        let digest = |salt: &str| Sha256::digest(format!("{salt}{number}"));
        ["SG", &BASE64URL_NOPAD.encode(&digest("id")[..16]), &BASE64URL_NOPAD.encode(&digest("secret"))].join(".")
    }

    fn redacted(scan: &Scan, text: &[u8], piece: usize) -> Vec<u8> {
        let mut out = Vec::new();
        in_pieces(scan, text, Vec::new(), piece, &mut out).expect("memory can be read and written");
        out
    }

    #[test]
    fn wherever_the_stream_is_cut_the_same_comes_out() {
        let scan = scan();
        let text = format!("{}a={} b={}\n{}", "-".repeat(150), key(1), key(2), "é".repeat(40));
        let wanted =
            text.replace(&key(1), "[redacted:sendgrid-api-key]").replace(&key(2), "[redacted:sendgrid-api-key]");
        for piece in (1..text.len() + 2).rev() {
            let got = redacted(&scan, text.as_bytes(), piece);
            assert_eq!(String::from_utf8_lossy(&got), wanted, "in pieces of {piece} bytes");
        }
    }

    /// A reader that gives as much at once as it pleases.
    struct Fitful<'t> {
        text: &'t [u8],
        steps: std::iter::Cycle<std::vec::IntoIter<usize>>,
    }

    impl Read for Fitful<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let step = self.steps.next().unwrap_or(1).min(into.len()).min(self.text.len());
            into[..step].copy_from_slice(&self.text[..step]);
            self.text = &self.text[step..];
            Ok(step)
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, ..Default::default() })]

        #[test]
        fn whatever_the_pieces_and_the_reads_the_same_comes_out(
            parts in proptest::collection::vec(0..7usize, 1..12),
            piece in 1..3000usize,
            steps in proptest::collection::vec(1..700usize, 1..9),
        ) {
            let scan = scan();
            let password = ["postgres://app:s3cr", "3t!Passw0rd@db.example.com/x"].concat();
            let github = format!("gh{}_{}", 'p', "Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0UvWx1Y");
            let text: String = std::iter::zip(1.., &parts).map(|(number, part)| match part {
                0 => format!("key = \"{}\"\n", key(number)),
                1 => "x".repeat(number as usize * 37),
                2 => "a line of text, then another\r\n".repeat(number as usize),
                3 => format!(" {password} "),
                4 => data_encoding::BASE64.encode(key(number).as_bytes()),
                5 => format!("\ntoken: {github}\n"),
                _ => "grün \u{1f512} ".repeat(9),
            }).collect();
            let whole = redacted(&scan, text.as_bytes(), usize::MAX >> 1);
            let mut out = Vec::new();
            let reader = Fitful { text: text.as_bytes(), steps: steps.into_iter().cycle() };
            in_pieces(&scan, reader, Vec::new(), piece, &mut out).expect("memory can be read and written");
            proptest::prop_assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(&whole));
            for number in 1..13 {
                proptest::prop_assert!(memchr::memmem::find(&out, key(number).as_bytes()).is_none());
            }
        }
    }

    #[test]
    fn an_allowed_secret_is_masked_and_a_placeholder_stays() {
        let scan = scan();
        let text =
            format!("k = \"{}\" # unleak:allow sendgrid-api-key known\nSENDGRID_API_KEY=your-key-here\n", key(3));
        let got = String::from_utf8(redacted(&scan, text.as_bytes(), 64)).expect("it is text");
        assert_eq!(got, text.replace(&key(3), "[redacted:sendgrid-api-key]"));
    }

    #[test]
    fn utf16_stays_utf16_with_its_mark() {
        let scan = scan();
        let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let text = format!("\u{feff}key {} grün\r\n", key(4));
        let wanted = utf16(&text.replace(&key(4), "[redacted:sendgrid-api-key]"));
        assert_eq!(redacted(&scan, &utf16(&text), 10), wanted);
    }
}
