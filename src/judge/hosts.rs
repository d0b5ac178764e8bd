//! The host that an address names itself.

use super::{JUDGE_REACH, surroundings};
use crate::document::Document;
use crate::finding::Candidate;
use crate::rule::Text;

/// `export SHOP_URL=postgres://app:…@db.acme.io/shop` below a line with `localhost`: whether an address names a host with a
/// dot and none of the words stands on its own line, so that what other lines say is of another address.
pub(super) fn is_elsewhere(candidate: &Candidate, document: &Document, words: &[Text]) -> bool {
    if !candidate.rule.id().starts_with("url-") || candidate.decoded.is_some() {
        return false;
    }
    let text = &document.text;
    let span = &candidate.span;
    let behind = &text[span.end..(span.end + JUDGE_REACH).min(text.len())];
    let behind = &behind[..memchr::memchr(b'\n', behind).unwrap_or(behind.len())];
    let before = &text[span.start.saturating_sub(JUDGE_REACH)..span.start];
    let before = &before[memchr::memrchr(b'\n', before).map_or(0, |nl| nl + 1)..];
    let host = behind.strip_prefix(b"@").unwrap_or_default();
    let host = &host[..host.iter().take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).count()];
    let has_name = host.contains(&b'.') && host.iter().any(u8::is_ascii_alphabetic);
    has_name && !words.iter().any(|word| [before, behind].iter().any(|side| surroundings::contains(side, word)))
}
