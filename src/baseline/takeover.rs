//! Finds what another tool accepts among what this one finds, or says why it can't.

use super::foreign::{Clue, Foreign};
use crate::document::{Document, Lines};
use crate::finding::Finding;
use gix::hash::Kind;
use std::collections::BTreeSet;

/// Lines that are longer are not searched for a piece with the digest.
const LONGEST_LINE: usize = 500;
/// No shorter piece of a secret is taken for it.
const SHORTEST: usize = 6;

/// The findings in the document that are what the other tool accepts: several places of one secret are one. Or, in
/// words, why there is none.
pub fn same<'f>(foreign: &Foreign, document: &Document, findings: &'f [Finding]) -> Result<&'f Finding, String> {
    let secrets: Vec<&Finding> = findings.iter().filter(|finding| finding.holds_secret()).collect();
    let found: Vec<&Finding> = match &foreign.clue {
        Clue::Text(secret, matched) => by_text(secret.expose(), matched.expose(), &secrets),
        Clue::Sha1(digest) => by_digest(digest, document, &secrets),
        Clue::Line => secrets.iter().filter(|finding| is_on(finding, foreign)).copied().collect(),
    };
    let different: BTreeSet<&str> = found.iter().map(|finding| finding.fingerprint.as_str()).collect();
    match different.len() {
        1 => Ok(found[0]),
        0 => Err(nothing(foreign, &secrets)),
        _ => one_by_name(foreign, &found).ok_or_else(|| {
            format!("{} of what unleak finds there could be meant; accept it by its fingerprint", different.len())
        }),
    }
}

fn nothing(foreign: &Foreign, secrets: &[&Finding]) -> String {
    match secrets.iter().find(|finding| is_on(finding, foreign)) {
        Some(other) => format!("unleak finds another secret on the line ({})", other.rule.id()),
        None => "unleak finds no such secret there, so there is nothing to accept".to_owned(),
    }
}

fn is_on(finding: &Finding, foreign: &Foreign) -> bool {
    finding.location.start_line <= *foreign.lines.end() && *foreign.lines.start() <= finding.location.end_line
}

/// The secret itself, else one that it is part of or that is part of it: tools cut differently.
fn by_text<'f>(secret: &[u8], matched: &[u8], secrets: &[&'f Finding]) -> Vec<&'f Finding> {
    let filter = |is_it: &dyn Fn(&[u8]) -> bool| -> Vec<&'f Finding> {
        secrets.iter().filter(|finding| is_it(finding.secret.expose())).copied().collect()
    };
    let holds = |whole: &[u8], part: &[u8]| part.len() >= SHORTEST && memchr::memmem::find(whole, part).is_some();
    let exact = filter(&|own| own == secret);
    if !exact.is_empty() {
        return exact;
    }
    filter(&|own| holds(own, secret) || holds(secret, own) || holds(matched, own))
}

/// The secret with the digest, else one on whose lines a piece that overlaps it has the digest.
fn by_digest<'f>(digest: &[u8; 20], document: &Document, secrets: &[&'f Finding]) -> Vec<&'f Finding> {
    let exact: Vec<&Finding> =
        secrets.iter().filter(|finding| sha1(finding.secret.expose()) == *digest).copied().collect();
    if !exact.is_empty() {
        return exact;
    }
    let lines = Lines::new(&document.text);
    let has_piece = |finding: &&&Finding| {
        let at = finding.location;
        let first = at.start_line as usize - 1;
        if first >= lines.count() || at.start_line != at.end_line {
            return false;
        }
        let line = &document.text[lines.range(first)];
        let own = finding.secret.expose();
        let (start, end) = match memchr::memmem::find(line, own) {
            Some(start) => (start, start + own.len()),
            None => (0, line.len()),
        };
        line.len() <= LONGEST_LINE && pieces(line, start, end).any(|piece| sha1(piece) == *digest)
    };
    secrets.iter().filter(has_piece).copied().collect()
}

/// The pieces of a line that overlap its bytes from start to end.
fn pieces(line: &[u8], start: usize, end: usize) -> impl Iterator<Item = &[u8]> {
    (0..end).flat_map(move |from| {
        let first = (from + SHORTEST).max(start + 1);
        (first..=line.len()).map(move |to| &line[from..to])
    })
}

fn sha1(bytes: &[u8]) -> [u8; 20] {
    let mut hasher = gix::hash::hasher(Kind::Sha1);
    hasher.update(bytes);
    // Only an attack on SHA-1 makes it fail, and then the digest is not the one that is looked for.
    let id = hasher.try_finalize().unwrap_or_else(|_| gix::ObjectId::null(Kind::Sha1));
    id.as_slice().try_into().expect("a SHA-1 has 20 bytes")
}

/// Of several findings the one whose rule shares most words with the other tool's name, if there is one such.
fn one_by_name<'f>(foreign: &Foreign, found: &[&'f Finding]) -> Option<&'f Finding> {
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| w.len() > 2).map(str::to_ascii_lowercase).collect()
    };
    let wanted = words(&foreign.label);
    let score = |finding: &Finding| words(finding.rule.id()).intersection(&wanted).count();
    let best = found.iter().map(|finding| score(finding)).max().filter(|best| *best > 0)?;
    let mut same = found.iter().filter(|finding| score(finding) == best);
    let first = same.next()?;
    same.all(|other| *other.fingerprint == *first.fingerprint).then_some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_the_one_that_others_compute() {
        let hex = data_encoding::HEXLOWER.encode(&sha1(b"abc"));
        assert_eq!(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
    }

    #[test]
    fn pieces_overlap_the_secret_and_are_not_too_short() {
        let line = b"key = 'hunter2'";
        let all: Vec<&[u8]> = pieces(line, 7, 14).collect();
        assert!(all.contains(&&b"hunter2"[..]) && all.contains(&&line[..]));
        assert!(!all.contains(&&b"key = "[..]) && all.iter().all(|piece| piece.len() >= SHORTEST));
    }
}
