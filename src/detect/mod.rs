//! Text and changed ranges in, candidates out. Finds, never rejects.
//!
//! The contract: a candidate depends on no byte outside its window, and [`Engine::candidates`] returns
//! exactly those whose window meets a changed range. So what was found in a text's base and lies inside an
//! unchanged copy need not be looked for again.

mod anchors;
mod base64;
mod der;
#[cfg(test)]
mod fitting;
mod given;
mod grams;
mod guard;
mod layers;
mod literal;
mod pattern;
mod rarity;
mod spelling;
mod splice;
mod stats;
mod stretch;
mod table;
mod view;
mod walk;
mod whole;

use crate::document::Changed;
use crate::finding::Candidate;
use crate::ruleset::{Rule, RuleSet};
use anchors::Anchors;
use spelling::Spelling;
use spelling::openings::OPENED;
pub use stats::RuleCost;
use stats::Stats;
use std::ops::Range;
use std::sync::Arc;
use stretch::Budget;
use whole::Whole;

/// All rules, ready to run over texts.
#[derive(Debug)]
pub struct Engine {
    rules: Arc<RuleSet>,
    anchors: Anchors,
    whole: Whole,
    stats: Option<Stats>,
}

/// An anchor, in one of its spellings, that stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Anchor {
    /// Its first byte.
    pub at: usize,
    spelling: u32,
}

impl Engine {
    /// Makes the rules ready, for texts of any size.
    pub fn new(rules: Arc<RuleSet>) -> Self {
        Self::with(rules, false)
    }

    /// Makes the rules ready as soon as may be, for a few texts: rules that are not built in are searched for by
    /// themselves then.
    pub fn for_little(rules: Arc<RuleSet>) -> Self {
        Self::with(rules, true)
    }

    fn with(rules: Arc<RuleSet>, is_soon: bool) -> Self {
        let anchors = Anchors::new(&rules, is_soon);
        let whole = Whole::new(&rules);
        Engine { rules, anchors, whole, stats: None }
    }

    /// The same engine, which counts what each rule costs.
    pub fn counting(self) -> Self {
        Engine { stats: Some(Stats::new(self.rules.rules().len())), ..self }
    }

    /// What each rule, in the order of the set, has cost so far, if that is counted.
    pub fn costs(&self) -> Option<Vec<RuleCost>> {
        self.stats.as_ref().map(Stats::costs)
    }

    /// The rules in force.
    pub fn rules(&self) -> &Arc<RuleSet> {
        &self.rules
    }

    /// Every candidate in the text at this path whose window meets a changed range, in order of anchor.
    pub fn candidates(&self, path: &[u8], text: &[u8], changed: &Changed) -> Vec<Candidate> {
        let mut candidates = self.collect(text, changed, |rule| self.rules.rules()[rule].applies_to(path));
        // What was opened was looked through by all rules.
        candidates.retain(|candidate| candidate.forms.is_empty() || candidate.rule.applies_to(path));
        candidates.extend(self.touched(self.whole.candidates(text, |rule| rule.applies_to(path)), changed));
        candidates
    }

    /// The same without regard to the paths that rules are limited to.
    pub fn candidates_anywhere(&self, text: &[u8], changed: &Changed) -> Vec<Candidate> {
        let mut candidates = self.collect(text, changed, |_| true);
        candidates.extend(self.touched(self.whole.candidates(text, |_| true), changed));
        candidates
    }

    /// The candidates of rules without anchors on changed lines; of a rule that others require, or that requires
    /// others, all, if any is left.
    fn touched(&self, mut found: Vec<Candidate>, changed: &Changed) -> Vec<Candidate> {
        let is_touched = |candidate: &Candidate| changed.meets(&candidate.window);
        if !found.iter().any(is_touched) {
            return Vec::new();
        }
        let required: Vec<&str> = found
            .iter()
            .flat_map(|candidate| candidate.rule.spec.whole.iter())
            .flat_map(|whole| whole.required.iter().map(|required| required.rule.as_str()))
            .collect();
        let is_required: Vec<bool> = found.iter().map(|c| required.contains(&c.rule.id())).collect();
        let is_one_of_several = |c: &Candidate| c.rule.spec.whole.as_ref().is_some_and(|w| !w.required.is_empty());
        let mut at = 0;
        found.retain(|candidate| {
            at += 1;
            is_touched(candidate) || is_required[at - 1] || is_one_of_several(candidate)
        });
        found
    }

    /// Whether a rule without anchors looks at the text; `changed` is what is new in one that none looked at.
    pub fn looks_at_whole(&self, text: &[u8], changed: Option<&[Range<usize>]>) -> bool {
        self.whole.wakes(text, changed)
    }

    /// The candidates of the rules without anchors, whatever the path.
    pub fn whole_candidates(&self, text: &[u8]) -> Vec<Candidate> {
        self.whole.candidates(text, |_| true)
    }

    /// How many rules without anchors there are, and how many of them no keyword wakes.
    pub fn whole_rules(&self) -> (usize, usize) {
        self.whole.counts()
    }

    fn collect(&self, text: &[u8], changed: &Changed, applies: impl Fn(usize) -> bool) -> Vec<Candidate> {
        let mut anchors = Vec::new();
        for part in searched(text.len(), changed, self.anchors.margin()) {
            self.anchors.each(text, part, |anchor| {
                let spelling = self.anchors.spelling(anchor.spelling);
                let rule = self.anchors.rule(anchor.spelling);
                if changed.meets(&spelling.window(anchor.at, text.len())) && (rule == OPENED || applies(rule)) {
                    anchors.push(anchor);
                }
            });
        }
        anchors.sort_unstable();
        anchors.into_iter().flat_map(|anchor| self.candidates_at(text, anchor)).collect()
    }

    /// Calls back for every anchor that stands wholly in these bytes of the text, roughly in their order.
    pub fn anchors(&self, text: &[u8], range: Range<usize>, met: impl FnMut(Anchor)) {
        self.anchors.each(text, range, met);
    }

    /// Every literal that is looked for: the anchors in all their spellings.
    pub fn literals(&self) -> impl Iterator<Item = &[u8]> {
        self.anchors.literals()
    }

    /// How many bytes before and after a change an anchor can stand whose zone meets it.
    pub fn near_margins(&self) -> (usize, usize) {
        self.anchors.near_margins()
    }

    /// The part of an anchor's window that is near: a change there calls for a look at the anchor.
    pub fn zone(&self, anchor: Anchor, len: usize) -> Range<usize> {
        self.anchors.spelling(anchor.spelling).zone(anchor.at, len)
    }

    /// Whether no change beyond the zone of an anchor without candidates can make one there.
    pub fn is_settled(&self, text: &[u8], anchor: Anchor) -> bool {
        let spelling = self.anchors.spelling(anchor.spelling);
        let zone = spelling.zone(anchor.at, text.len());
        if zone == spelling.window(anchor.at, text.len()) {
            return true;
        }
        let rule = self.anchors.rule(anchor.spelling);
        if rule == OPENED {
            return stretch::is_settled(text, anchor.at, spelling, &zone);
        }
        let Some(rule) = self.rules.rules().get(rule) else { return false };
        let end = (anchor.at + spelling.anchor_len).min(text.len());
        spelling.is_plain() && pattern::is_settled(rule, text, &(anchor.at..end), &zone)
    }

    /// The candidates at one anchor.
    pub fn candidates_at(&self, text: &[u8], anchor: Anchor) -> Vec<Candidate> {
        let rule = self.anchors.rule(anchor.spelling);
        match &self.stats {
            _ if rule == OPENED => self.opened_at(text, anchor, &Budget::default(), 1),
            None => self.made_at(text, anchor),
            Some(stats) => stats.counted(rule, || self.made_at(text, anchor)),
        }
    }

    /// The candidates in a stretch that is written otherwise, and in those within it.
    fn opened_at(&self, text: &[u8], anchor: Anchor, budget: &Budget, depth: usize) -> Vec<Candidate> {
        let window = self.window(anchor, text.len());
        let (at, spelling) = (anchor.at - window.start, self.anchors.spelling(anchor.spelling));
        let near = &text[window.clone()];
        let met = |range: Range<usize>, is_same: &dyn Fn(usize, &Spelling) -> bool| {
            let mut is_met = false;
            self.anchors.each(near, range, |other| {
                let spelling = self.anchors.spelling(other.spelling);
                is_met |= self.anchors.rule(other.spelling) == OPENED && is_same(other.at, spelling);
            });
            is_met
        };
        let Some(found) = stretch::opened(near, at, spelling, budget, depth, met) else { return Vec::new() };
        let mut candidates: Vec<Candidate> = Vec::new();
        for inner in &found.texts {
            let number = budget.number();
            let mut anchors = Vec::new();
            self.anchors.each(inner, 0..inner.len(), |anchor| anchors.push(anchor));
            anchors.sort_unstable();
            for inner_anchor in anchors {
                let is_opened = self.anchors.rule(inner_anchor.spelling) == OPENED;
                let inside = match is_opened {
                    true if depth < stretch::DEEPEST => self.opened_at(inner, inner_anchor, budget, depth + 1),
                    true => Vec::new(),
                    false => self.candidates_at(inner, inner_anchor),
                };
                for candidate in inside {
                    let outer = found.outer(candidate, inner, number, text, &window, anchor.at);
                    let is_same = |other: &Candidate| {
                        other.rule.id() == outer.rule.id() && other.span == outer.span && other.secret == outer.secret
                    };
                    if !candidates.iter().any(is_same) {
                        candidates.push(outer);
                    }
                }
            }
        }
        candidates
    }

    /// Whether an anchor of which but the beginning was looked for stands there wholly.
    fn stands(text: &[u8], at: usize, rule: &Rule, spelling: &Spelling) -> bool {
        let Some(found) = text.get(at..at + spelling.anchor_len) else { return false };
        rule.spec.anchors.iter().any(|anchor| match spelling.ignore_case {
            true => found.eq_ignore_ascii_case(anchor.as_bytes()),
            false => found == anchor.as_bytes(),
        })
    }

    fn made_at(&self, text: &[u8], anchor: Anchor) -> Vec<Candidate> {
        let spelling = self.anchors.spelling(anchor.spelling);
        let window = spelling.window(anchor.at, text.len());
        let mut candidates = Vec::new();
        let rule = &self.rules.rules()[self.anchors.rule(anchor.spelling)];
        if spelling.is_cut() && !Self::stands(text, anchor.at, rule, spelling) {
            return candidates;
        }
        view::candidates(rule, spelling, text, anchor.at, &window, &mut candidates);
        candidates
    }

    /// The bytes that the candidates at an anchor depend on, in a text of this length.
    pub fn window(&self, anchor: Anchor, len: usize) -> Range<usize> {
        self.anchors.spelling(anchor.spelling).window(anchor.at, len)
    }

    /// The bytes that the anchor itself takes up.
    pub fn anchor_span(&self, anchor: Anchor) -> Range<usize> {
        anchor.at..anchor.at + self.anchors.spelling(anchor.spelling).len
    }

    /// The widest a window is to either side of its anchor, in bytes.
    pub fn margin(&self) -> usize {
        self.anchors.margin().max(if self.whole.is_empty() { 0 } else { whole::REACH })
    }
}

/// The ranges in which an anchor can stand whose window meets a changed range.
fn searched(len: usize, changed: &Changed, margin: usize) -> Vec<Range<usize>> {
    let Changed::Ranges(ranges) = changed else { return vec![0..len] };
    let mut searched: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        let grown = range.start.saturating_sub(margin)..(range.end + margin).min(len);
        match searched.last_mut() {
            Some(last) if last.end >= grown.start => last.end = last.end.max(grown.end),
            _ => searched.push(grown),
        }
    }
    searched
}
