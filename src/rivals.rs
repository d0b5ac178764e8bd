//! Which of several candidates on the same bytes stands.

use crate::finding::{Candidate, Place, Reason};
use crate::judge::Verdict;
use crate::overlaps::Overlaps;
use crate::rule::Kind;
use crate::ruleset::{Rule, RuleSet};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Dismisses all but the best on the same bytes.
pub(crate) fn settle(judged: &mut [(&Candidate, Verdict)], rules: &RuleSet) {
    keep_one_of_a_provider(judged, rules);
    shadow(judged);
}

/// Leaves out what stands in a compressed text and, since nothing was gained by that, is to be read in the stretch itself.
pub(crate) fn tell_once(judged: &mut Vec<(&Candidate, Verdict)>) {
    if !judged.iter().any(|(candidate, _)| candidate.is_packed()) {
        return;
    }
    let standing = judged.iter().filter(|(candidate, verdict)| !candidate.is_packed() && verdict.dismissed.is_none());
    let read: Vec<&Candidate> = standing.map(|(candidate, _)| *candidate).collect();
    judged.retain(|(candidate, _)| {
        let holds = |other: &&Candidate| {
            let is_within = candidate.span.start <= other.span.start && other.span.end <= candidate.span.end;
            is_within && other.rule.id() == candidate.rule.id() && other.secret == candidate.secret
        };
        !candidate.is_packed() || !read.iter().any(holds)
    });
}

/// One secret, one finding: of a provider's rules that find the very same bytes, the one that stands
/// first in its file.
fn keep_one_of_a_provider(judged: &mut [(&Candidate, Verdict)], rules: &RuleSet) {
    let place = |rule: &Rule| rules.place(rule.id());
    // Of many candidates only those on the same bytes are compared.
    let mut on_same: HashMap<Range<usize>, Vec<usize>> = HashMap::new();
    for (at, (candidate, _)) in judged.iter().enumerate() {
        on_same.entry(candidate.span.clone()).or_default().push(at);
    }
    for at in 0..judged.len() {
        let (candidate, verdict) = &judged[at];
        if verdict.dismissed.is_some() || candidate.rule.kind != Kind::Secret {
            continue;
        }
        let own = candidate.place();
        let others = on_same[&candidate.span].iter().map(|&other| &judged[other]);
        let shadow = others.into_iter().find(|(other, verdict)| {
            verdict.dismissed.is_none()
                && other.place() == own
                && other.rule.kind == Kind::Secret
                && other.rule.provider == candidate.rule.provider
                && place(&other.rule) < place(&candidate.rule)
                && !other.rule.is_whole()
                && !candidate.rule.is_whole()
        });
        if let Some(id) = shadow.map(|(other, _)| other.rule.id().to_owned()) {
            judged[at].1.dismissed = Some(Reason::Shadowed(id));
        }
    }
}

/// Dismisses what stands on the bytes of a better one: specific before generic, then the surer, then the
/// worse, then what is written less otherwise. A generic one also gives way to the other pieces of a pair, which says more about both halves.
fn shadow(judged: &mut [(&Candidate, Verdict)]) {
    let mut ranked: Vec<usize> = (0..judged.len())
        .filter(|&at| judged[at].0.rule.kind == Kind::Secret && judged[at].1.dismissed.is_none())
        .filter(|&at| !judged[at].0.rule.is_whole())
        .collect();
    ranked.sort_by_key(|&at| {
        let (candidate, verdict) = &judged[at];
        let rule = &candidate.rule;
        // What a name says gives way to what any pattern says.
        (
            rule.spec.generic,
            rule.spec.assigned.is_some(),
            Reverse(verdict.confidence),
            Reverse(rule.severity),
            candidate.forms.len(),
            rule.id(),
        )
    });
    let (settled_at, settled_by) = settled(judged);
    let mut standing_at = Overlaps::default();
    let mut standing: Vec<(Place, bool, Arc<Rule>)> = Vec::new();
    for at in ranked {
        let (candidate, verdict) = &mut judged[at];
        let own = candidate.place();
        let is_named = candidate.rule.spec.assigned.is_some();
        let is_near = |nth: usize| settled_by[nth].0.overlaps(&own);
        let by = is_named.then(|| settled_at.first(&own.span, is_near)).flatten().map(|nth| &settled_by[nth].1);
        let better = |nth: usize| {
            let (other, is_whole, rule) = &standing[nth];
            // What a token holds is a secret of its own.
            let is_held = rule.holds_text() && !candidate.forms.is_empty();
            other.overlaps(&own) && (*is_whole || candidate.rule.spec.generic) && !is_held
        };
        let better = || standing_at.first(&own.span, better).map(|nth| &standing[nth].2);
        if let Some(rule) = by.or_else(better) {
            verdict.dismissed = Some(Reason::Shadowed(rule.id().to_owned()));
            continue;
        }
        let parts = candidate.places_of_parts().map(|place| (place, false));
        for (place, is_whole) in std::iter::once((own.clone(), true)).chain(parts) {
            standing_at.add(place.span.clone());
            standing.push((place, is_whole, Arc::clone(&candidate.rule)));
        }
    }
}

/// Where a rule that knows the format said for certain that it is no leak, or somebody allowed it: a name alone
/// knows no better.
fn settled(judged: &[(&Candidate, Verdict)]) -> (Overlaps, Vec<(Place, Arc<Rule>)>) {
    let is_settled = |verdict: &Verdict| {
        matches!(
            verdict.dismissed,
            Some(
                Reason::Checksum
                    | Reason::Placeholder(_)
                    | Reason::Encrypted(_)
                    | Reason::AllowedByComment(_)
                    | Reason::AllowedByConfig(_)
            )
        )
    };
    let (mut at, mut by) = (Overlaps::default(), Vec::new());
    for (candidate, verdict) in judged {
        if candidate.rule.kind == Kind::Secret && candidate.rule.spec.assigned.is_none() && is_settled(verdict) {
            let place = candidate.place();
            at.add(place.span.clone());
            by.push((place, Arc::clone(&candidate.rule)));
        }
    }
    (at, by)
}
