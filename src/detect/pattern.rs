//! A rule's pattern and parts, run round one anchor in a plain text.

use super::{der, guard};
use crate::rule::Measure;
use crate::ruleset::Rule;
use regex::bytes::{Captures, Regex};
use std::ops::Range;

/// A match in the text it was looked for in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    /// The secret.
    pub secret: Range<usize>,
    /// The pattern's whole match.
    pub whole: Range<usize>,
    /// The capture `id` or `user` of the pattern, or the part `id`.
    pub id: Option<Range<usize>>,
    /// The parts that were found: their index in the rule, and where.
    pub parts: Vec<(usize, Range<usize>)>,
}

/// The matches of a rule that contain the anchor.
pub(super) fn matches(rule: &Rule, text: &[u8], anchor: Range<usize>) -> Vec<Match> {
    let start = anchor.start.saturating_sub(rule.spec.reach.before as usize);
    let end = (anchor.end + rule.spec.reach.after as usize).min(text.len());
    let slice = &text[start..end];
    let mut found = Vec::new();
    let Some(run) = rule.needs().run(slice, &(anchor.start - start..anchor.end - start)) else { return found };
    if !rule.needs().parts_stand_in(slice) {
        return found;
    }
    super::stats::pattern_runs();
    let (near, start) = (&slice[run.clone()], start + run.start);
    for captures in rule.pattern().captures_iter(near) {
        let whole = captures.get(0).expect("group 0 is the match");
        if start + whole.start() > anchor.start {
            break;
        }
        if start + whole.end() < anchor.end {
            continue;
        }
        let (secret, whole) = match rule.spec.measure {
            None => {
                let secret = captures.name("secret").unwrap_or_else(|| value(rule.pattern(), &captures));
                (start + secret.start()..start + secret.end(), start + whole.start()..start + whole.end())
            }
            Some(Measure::Der) => {
                let from = start + whole.start();
                let Some(len) = der::length(&text[from..end]) else { continue };
                (from..from + len, from..from + len)
            }
        };
        let found_here = Match {
            secret,
            whole,
            id: captures
                .name("id")
                .or_else(|| captures.name("user"))
                .filter(|id| !id.is_empty())
                .map(|id| start + id.start()..start + id.end()),
            parts: Vec::new(),
        };
        if let Some(complete) = with_parts(rule, slice, start - run.start, &anchor, found_here) {
            let also = also(rule.pattern(), &captures).map(|span| start + span.start()..start + span.end());
            let others = also.map(|secret| Match { secret, id: None, ..complete.clone() }).collect::<Vec<_>>();
            let all = std::iter::once(complete).chain(others);
            found.extend(all.filter(|found| guard::is_free(rule.guard(), text, found.secret.start, found.secret.end)));
        }
    }
    found
}

/// The further secrets of a match: captures whose names begin with `also`.
fn also<'c, 't>(pattern: &'c Regex, captures: &'c Captures<'t>) -> impl Iterator<Item = regex::bytes::Match<'t>> + 'c {
    let names = pattern.capture_names().flatten().filter(|name| name.starts_with("also"));
    names.filter_map(|name| captures.name(name))
}

/// Whether nothing outside the zone round an anchor without matches can make one: between two bytes that no match
/// holds, and both in the zone, there is none. Parts that have to be there may stand anywhere, and so
/// may what is joined.
pub(super) fn is_settled(rule: &Rule, text: &[u8], anchor: &Range<usize>, zone: &Range<usize>) -> bool {
    if rule.spec.assigned.is_some() || rule.spec.parts.iter().any(|part| !part.optional) || !rule.spec.forms.is_empty()
    {
        return false;
    }
    let start = anchor.start.saturating_sub(rule.spec.reach.before as usize);
    let end = (anchor.end + rule.spec.reach.after as usize).min(text.len());
    let run = rule.needs().between(&text[start..end], &(anchor.start - start..anchor.end - start));
    (zone.start <= start || start + run.start > zone.start) && (end <= zone.end || start + run.end < zone.end)
}

/// The match with the rule's parts, or nothing if one is missing.
fn with_parts(rule: &Rule, slice: &[u8], start: usize, anchor: &Range<usize>, mut found: Match) -> Option<Match> {
    for (index, part) in rule.spec.parts.iter().enumerate() {
        match nearest(rule, index, slice, start, anchor) {
            Some(span) => {
                match part.name.as_ref() {
                    "secret" => found.secret = span.clone(),
                    "id" => found.id = Some(span.clone()),
                    _ => {}
                }
                found.parts.push((index, span));
            }
            None if part.optional => {}
            None => return None,
        }
    }
    Some(found)
}

/// Of a part's first pattern that matches at all, the match nearest to the anchor.
fn nearest(rule: &Rule, part: usize, slice: &[u8], start: usize, anchor: &Range<usize>) -> Option<Range<usize>> {
    rule.part_patterns(part).find_map(|pattern| {
        pattern
            .captures_iter(slice)
            .map(|captures| value(pattern, &captures))
            .map(|value| start + value.start()..start + value.end())
            .min_by_key(|span| {
                if span.start >= anchor.end { span.start - anchor.end } else { anchor.start.saturating_sub(span.end) }
            })
    })
}

/// The first capture that takes part and whose name begins with `value`, else the whole match.
fn value<'t>(pattern: &Regex, captures: &Captures<'t>) -> regex::bytes::Match<'t> {
    let values = pattern.capture_names().flatten().filter(|name| name.starts_with("value"));
    let value = values.filter_map(|name| captures.name(name)).next();
    value.unwrap_or_else(|| captures.get_match())
}
