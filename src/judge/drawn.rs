//! What raises a password that a rule of medium confidence found: it was drawn by lot and stands in settings that are in
//! force.

use super::file::{Facts, File};
use super::layout::Layout;
use super::made::{Made, made};
use super::places::Place;
use super::{digest, hosts, literal, surroundings, within};
use crate::document::{Aspect, Document};
use crate::finding::{Candidate, Confidence};
use crate::rule::Kind;

/// What was seen of such a password.
pub(super) const TEXT: &str = "drawn by lot, in settings";

/// A password that is drawn by lot has so many characters. Shorter ones are chosen by people as well.
const LEAST: usize = 20;
/// How far to either side a host is looked for.
const NEAR: usize = 200;

/// Whether a candidate of a rule of medium confidence is such a password.
pub(super) fn is_in_force(candidate: &Candidate, document: &Document) -> bool {
    let (rule, origin) = (&candidate.rule, &document.origin);
    let is_of_rule = rule.kind == Kind::Secret
        && rule.spec.assigned.is_none()
        && rule.spec.confidence == Confidence::Medium
        && literal::is_weak(&rule.spec);
    is_of_rule
        && candidate.forms.is_empty()
        && origin.part == Aspect::Content
        && origin.inside.is_none()
        && is_drawn(candidate.secret.expose())
        && is_of_settings(&origin.judged_path(), || hosts::is_reached_from_everywhere(candidate, document))
        && !is_of_own_machine(document, candidate)
}

fn is_drawn(value: &[u8]) -> bool {
    const WORDS: [&str; 8] = ["passw", "secret", "sample", "example", "change", "dummy", "demo", "test"];
    // The base64 of a Secret looks drawn by lot, whatever it is of.
    let inside = within::text_in_base64(value);
    let value = inside.as_deref().unwrap_or(value);
    let is_so = value.len() >= LEAST
        && match made(value) {
            Made::Random => true,
            Made::Hex => digest::is_as_long(value),
            _ => false,
        };
    is_so && !WORDS.iter().any(|word| surroundings::contains(value, word))
}

/// Settings of something that runs, not those by which a service tries out what was pushed. A `.env` that names a host which
/// can be reached from everywhere is in force below a folder of a playground as well.
fn is_of_settings(path: &[u8], names_host: impl Fn() -> bool) -> bool {
    const OF_SERVICES: [&str; 6] = [".github/", ".travis", ".circleci", "gitlab-ci", "azure-pipelines", "appveyor"];
    let facts = Facts::of(path);
    facts.sort == File::Settings
        && facts.layout == Layout::Settings
        && (facts.place.is_none() || facts.place == Some(Place::MadeUp) && is_env(path) && names_host())
        && !facts.is_sample
        && !OF_SERVICES.iter().any(|service| surroundings::contains(path, service))
}

/// `.env`, `.env.production`, `.env-cmdrc`
fn is_env(path: &[u8]) -> bool {
    path.rsplit(|b| *b == b'/').next().unwrap_or_default().starts_with(b".env")
}

/// Whether what it opens is on this machine, or an address names a host that only a network of containers knows. What other
/// lines say is of another address if this one names its own host.
fn is_of_own_machine(document: &Document, candidate: &Candidate) -> bool {
    const OWN: [&str; 5] = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "host.docker.internal"];
    let (text, span) = (&document.text, &candidate.span);
    let near = &text[span.start.saturating_sub(NEAR)..(span.end + NEAR).min(text.len())];
    let behind = &text[span.end..(span.end + NEAR).min(text.len())];
    let is_bare = |rest: &[u8]| {
        let end =
            rest.iter().position(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'.' | b'-')).unwrap_or(rest.len());
        let host = &rest[..end];
        !host.contains(&b'.')
            || [&b".local"[..], b".test", b".example", b".invalid"].iter().any(|end| host.ends_with(end))
    };
    let is_said = OWN.iter().any(|host| surroundings::contains(near, host));
    is_said && !hosts::is_elsewhere(candidate, document, &OWN) || behind.strip_prefix(b"@").is_some_and(is_bare)
}
