//! Files whose name alone is a finding and that give nothing away: empty ones, links to others, and what was enciphered
//! whole.

use crate::document::{Aspect, Document, Origin};
use crate::finding::{Dismissal, Finding, Reason, Step};
use crate::rule::Kind;
use std::collections::HashMap;

/// How files begin that were enciphered whole, and by what.
const STARTS: [(&[u8], &str); 8] = [
    (b"$ANSIBLE_VAULT;", "Ansible Vault"),
    (b"-----BEGIN PGP MESSAGE-----", "OpenPGP"),
    (b"age-encryption.org/", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    (b"\0GITCRYPT\0", "git-crypt"),
    (b"Salted__", "OpenSSL"),
    (b"U2FsdGVkX1", "OpenSSL"),
    (b"# STRONGBOX ENCRYPTED RESOURCE", "Strongbox"),
];

/// Why a file's text gives nothing away, if it does not.
pub(crate) fn reason(text: &[u8]) -> Option<Reason> {
    let text = text.trim_ascii_start();
    if text.is_empty() {
        return Some(Reason::Placeholder("the file is empty"));
    }
    let by = STARTS.iter().find(|(start, _)| text.starts_with(start)).map(|(_, by)| *by);
    by.or_else(|| is_of_sops(text).then_some("SOPS")).map(Reason::Encrypted)
}

/// `{"data": "ENC[AES256_GCM,data:…`: a file that is no settings, as SOPS keeps it.
fn is_of_sops(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(b"{").and_then(|rest| rest.trim_ascii_start().strip_prefix(b"\"data\"")) else {
        return false;
    };
    let rest = rest.trim_ascii_start().strip_prefix(b":").unwrap_or_default();
    rest.trim_ascii_start().starts_with(b"\"ENC[")
}

/// Why what stands at a document's path gives nothing away, if it does not.
pub(crate) fn of_document(document: &Document) -> Option<Reason> {
    match document.origin.part {
        Aspect::Content => reason(&document.text),
        Aspect::LinkTarget => Some(Reason::Reference("a link to another file")),
        _ => None,
    }
}

/// Takes out what is found by the name of a file that gives nothing away, and returns it.
pub(crate) fn settle(findings: &mut Vec<Finding>, closed: Vec<(Origin, Reason)>) -> Vec<Dismissal> {
    if closed.is_empty() || !findings.iter().any(|finding| finding.rule.kind == Kind::File) {
        return Vec::new();
    }
    let place = |origin: &Origin| (origin.path.clone(), origin.commit_id.clone());
    let closed: HashMap<_, Reason> = closed.into_iter().map(|(origin, reason)| (place(&origin), reason)).collect();
    let is_closed =
        |finding: &mut Finding| finding.rule.kind == Kind::File && closed.contains_key(&place(&finding.origin));
    let taken: Vec<Finding> = findings.extract_if(.., is_closed).collect();
    let dismissed = taken.into_iter().filter_map(|Finding { rule, origin, location, secret, mut steps, .. }| {
        let reason = closed.get(&place(&origin))?.clone();
        steps.push(Step { check: "content", saw: reason.text() });
        Some(Dismissal { rule, origin, location, secret, reason, steps })
    });
    dismissed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gives_nothing_away_is_told_by_its_first_bytes() {
        for text in [
            &b""[..],
            b" \n",
            b"$ANSIBLE_VAULT;1.1;AES256\n61626364\n",
            b"\0GITCRYPT\0\x01\x02",
            b"{\n\t\"data\": \"ENC[AES256_GCM,data:Kx81\"}",
        ] {
            assert!(reason(text).is_some(), "{}", text.escape_ascii());
        }
        for text in [&b"-----BEGIN OPENSSH"[..], b"{\"data\": \"x\"}", b"PORT=1\n", b"user:$ANSIBLE_VAULT;"] {
            assert_eq!(reason(text), None, "{}", text.escape_ascii());
        }
    }
}
