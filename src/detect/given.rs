//! What is given to a name that means a credential: as it stands, in base64, in an escaped string, or joined from
//! literals.

use super::literal;
use super::pattern::Match;
use super::spelling::Spelling;
use super::view::{self, View};
use crate::assigned::{self, Assigned, name::Meaning};
use crate::finding::Candidate;
use crate::rule::{Credential, Form};
use crate::ruleset::Rule;
use std::ops::Range;
use std::sync::Arc;

/// So many letters alone may be drawn by lot, fewer are words.
const LETTERS: usize = 16;

/// The candidate at an anchor of such a rule.
pub(super) fn candidate(
    rule: &Arc<Rule>,
    class: Credential,
    spelling: &Spelling,
    text: &[u8],
    at: usize,
    window: &Range<usize>,
) -> Option<Candidate> {
    let reach = &rule.spec.reach;
    let read_in = |view: View, anchor: usize, forms: Vec<Form>| {
        let found = assigned::reading(&view.text, view.ended, anchor..anchor + spelling.anchor_len, reach).ok()?;
        let found = meant(&view.text, found, class)?;
        Some(view::candidate(rule, &view, at, window, &found, forms))
    };
    if let Some(decode) = spelling.decode[0] {
        let decoded = |wrapped| view::decoded(rule, spelling, text, at, window, wrapped);
        return [false, true].into_iter().find_map(|wrapped| {
            let (view, anchor) = decoded(wrapped)?;
            read_in(view, anchor, vec![decode.form()])
        });
    }
    if is_in_mail(text, at + spelling.anchor_len) {
        let (view, anchor) = literal::unmailed(&View::plain(text, window.clone()), at - window.start)?;
        return read_in(view, anchor, vec![Form::Escaped]);
    }
    match assigned::reading(text, true, at..at + spelling.anchor_len, reach) {
        Ok(found) => meant(text, found, class).map(|found| view::plain_candidate(rule, text, at, window, found)),
        Err(goes_on) => {
            let anchor = at - window.start;
            let plain = || View::plain(text, window.clone());
            if goes_on {
                let (view, anchor) = literal::joined(&plain(), anchor)?;
                return read_in(view, anchor, vec![Form::Joined]);
            }
            let percent = escapes_behind(text, at + spelling.anchor_len)?;
            let form = if percent { Form::Percent } else { Form::Escaped };
            let (view, anchor) = literal::unescaped(&plain(), anchor, percent)?;
            read_in(view, anchor, vec![form])
        }
    }
}

/// Whether the sign behind the identifier is written as mails have it: `password=3Dvalue`.
fn is_in_mail(text: &[u8], from: usize) -> bool {
    let sign = match text.get(from) {
        Some(b'3') if text[from - 1] == b'=' => from - 1,
        Some(b'=') => from,
        _ => return false,
    };
    text[sign..].starts_with(b"=3D")
}

/// The value, unless the name is one of something else.
fn meant(text: &[u8], found: Assigned, class: Credential) -> Option<Match> {
    let can_be_one = can_be_one(class, &text[found.value.clone()]);
    (can_be_one && assigned::name::meaning(text, &found, class) != Meaning::Other).then(|| {
        let whole = found.name.start.min(found.value.start)..found.value.end;
        Match { secret: found.value, whole, id: None, parts: Vec::new() }
    })
}

/// Whether a value can be one of this class by its length; keys and tokens have no blanks either, and short ones not letters
/// alone. Most that is given to a `token` in programs is shorter, or a word.
fn can_be_one(class: Credential, value: &[u8]) -> bool {
    match class {
        Credential::Password => true,
        Credential::Secret => value.len() >= 5,
        Credential::Key | Credential::Token => {
            value.len() >= 10
                && !value.contains(&b' ')
                && (value.len() >= LETTERS || !value.iter().all(u8::is_ascii_alphabetic))
        }
    }
}

/// Whether the identifier ends with an escaped mark: percent-encoded, or as strings and references have it.
fn escapes_behind(text: &[u8], from: usize) -> Option<bool> {
    let rest = &text[from..];
    let word =
        rest.iter().take(24).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')).count();
    match rest.get(word..word + 3)? {
        [b'%', high, low] => (high.is_ascii_hexdigit() && low.is_ascii_hexdigit()).then_some(true),
        [b'\\', b'u' | b'x' | b'\\', _] | [b'&', b'#', _] => Some(false),
        _ => None,
    }
}
