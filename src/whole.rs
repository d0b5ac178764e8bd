//! What rules that are run over whole texts owe each other: one that requires others, one that only helps, and a
//! generic one beside a specific one on the same line.

use crate::document::{Document, Lines, Location};
use crate::finding::{Candidate, Reason};
use crate::judge::Verdict;
use crate::rule::Kind;
use crate::ruleset::{Rule, RuleSet};

/// Dismisses those whose company is missing, then those that are only company.
pub(crate) fn settle(judged: &mut Vec<(&Candidate, Verdict)>, document: &Document, rules: &RuleSet) {
    if !judged.iter().any(|(candidate, _)| candidate.rule.is_whole()) {
        return;
    }
    let lines = Lines::new(&document.text);
    let places: Vec<Location> = judged.iter().map(|(candidate, _)| lines.location(&candidate.whole)).collect();
    let stands: Vec<bool> = judged.iter().map(|(_, verdict)| verdict.dismissed.is_none()).collect();
    let mut alone = Vec::new();
    for (at, (candidate, _)) in judged.iter().enumerate().filter(|(at, _)| stands[*at]) {
        let required = candidate.rule.spec.whole.iter().flat_map(|whole| &whole.required);
        let is_complete = required.into_iter().all(|required| {
            let is_path = |rule: &Rule| rule.kind == Kind::File && rule.applies_to(&document.origin.judged_path());
            let has_path = || rules.get(&required.rule).is_some_and(|rule| is_path(rule));
            let is_near = judged.iter().enumerate().any(|(other, (candidate, _))| {
                let (here, there) = (places[at], places[other]);
                let is_within = |most: Option<u32>, a: u32, b: u32| most.is_none_or(|most| a.abs_diff(b) <= most);
                stands[other]
                    && candidate.rule.id() == required.rule
                    && is_within(required.within_lines, here.start_line, there.start_line)
                    && is_within(required.within_columns, here.start_column, there.start_column)
            });
            is_near || has_path()
        });
        if !is_complete {
            alone.push(at);
        }
    }
    for at in alone {
        judged[at].1.dismissed = Some(Reason::Context("a rule that it requires finds nothing near by"));
    }
    judged.retain(|(candidate, _)| !candidate.rule.spec.whole.as_ref().is_some_and(|whole| whole.helper));
    give_way(judged, &lines);
}

/// A generic rule gives way to a specific one on the same line whose secret holds the same.
fn give_way(judged: &mut [(&Candidate, Verdict)], lines: &Lines<'_>) {
    let line = |candidate: &Candidate| lines.index_of(candidate.whole.start);
    let mut shadowed = Vec::new();
    for (at, (candidate, verdict)) in judged.iter().enumerate() {
        if verdict.dismissed.is_some() || !candidate.rule.is_whole() || !candidate.rule.spec.generic {
            continue;
        }
        let better = judged.iter().find(|(other, verdict)| {
            verdict.dismissed.is_none()
                && !other.rule.spec.generic
                && other.rule.id() != candidate.rule.id()
                && line(other) == line(candidate)
                && memchr::memmem::find(other.secret.expose(), candidate.secret.expose()).is_some()
        });
        shadowed.extend(better.map(|(other, _)| (at, other.rule.id().to_owned())));
    }
    for (at, by) in shadowed {
        judged[at].1.dismissed = Some(Reason::Shadowed(by));
    }
}
