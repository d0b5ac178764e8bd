//! The host that an address names itself.

use super::{JUDGE_REACH, surroundings};
use crate::document::Document;
use crate::finding::Candidate;

/// `export SHOP_URL=postgres://app:…@db.acme.io/shop` below a line with `localhost`: whether an address names a host with a
/// dot and none of the words stands on its own line, so that what other lines say is of another address.
pub(super) fn is_elsewhere<W: AsRef<str>>(candidate: &Candidate, document: &Document, words: &[W]) -> bool {
    let Some((before, behind)) = sides(candidate, document) else { return false };
    let host = host(behind);
    let has_name = host.contains(&b'.') && host.iter().any(u8::is_ascii_alphabetic);
    let is_said = |word: &W| [before, behind].iter().any(|side| surroundings::contains(side, word.as_ref()));
    has_name && !words.iter().any(is_said)
}

/// Whether an address names a host that can be reached from everywhere: a name with a dot that is not kept for networks of
/// one's own or for examples, or a number outside of these.
pub(super) fn is_reached_from_everywhere(candidate: &Candidate, document: &Document) -> bool {
    sides(candidate, document).is_some_and(|(_, behind)| is_public(host(behind)))
}

fn is_public(host: &[u8]) -> bool {
    if host.iter().any(u8::is_ascii_alphabetic) {
        let last = host.rsplit(|b| *b == b'.').next().unwrap_or_default().to_ascii_lowercase();
        let is_kept = matches!(&last[..], b"local" | b"localhost" | b"test" | b"example" | b"invalid" | b"internal");
        return host.contains(&b'.') && !is_kept && !surroundings::contains(host, "example.");
    }
    let address = std::str::from_utf8(host).ok().and_then(|host| host.parse::<std::net::Ipv4Addr>().ok());
    address.is_some_and(|ip| {
        !(ip.is_private() || ip.is_loopback() || ip.is_unspecified() || ip.is_link_local() || ip.is_documentation())
    })
}

/// What stands on the line of an address before its password and behind it.
fn sides<'d>(candidate: &Candidate, document: &'d Document) -> Option<(&'d [u8], &'d [u8])> {
    if !candidate.rule.id().starts_with("url-") || candidate.decoded.is_some() {
        return None;
    }
    let (text, span) = (&document.text, &candidate.span);
    let behind = &text[span.end..(span.end + JUDGE_REACH).min(text.len())];
    let behind = &behind[..memchr::memchr(b'\n', behind).unwrap_or(behind.len())];
    let before = &text[span.start.saturating_sub(JUDGE_REACH)..span.start];
    let before = &before[memchr::memrchr(b'\n', before).map_or(0, |nl| nl + 1)..];
    Some((before, behind))
}

/// The host behind a password.
fn host(behind: &[u8]) -> &[u8] {
    let host = behind.strip_prefix(b"@").unwrap_or_default();
    &host[..host.iter().take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).count()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_can_be_reached_from_everywhere_are_told() {
        for host in ["db.acme.io", "93.184.216.34", "cluster0.a1.mongodb.net"] {
            assert!(is_public(host.as_bytes()), "{host}");
        }
        for host in ["db", "localhost", "10.0.0.7", "192.168.1.2", "127.0.0.1", "db.local", "db.example.com", "", "1.2"]
        {
            assert!(!is_public(host.as_bytes()), "{host}");
        }
    }
}
