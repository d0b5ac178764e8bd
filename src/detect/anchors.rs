//! One automaton over the anchors of all rules, in all their spellings.

use super::Anchor;
use super::spelling::{Spelling, spellings};
use crate::ruleset::RuleSet;
use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};
use std::collections::HashMap;
use std::ops::Range;

/// The automaton and what each of its literals stands for.
#[derive(Debug)]
pub(super) struct Anchors {
    automaton: AhoCorasick,
    /// The spellings of each literal: where they begin and end in `spellings`.
    owners: Vec<Range<u32>>,
    spellings: Vec<Spelling>,
    margin: usize,
    near_margins: (usize, usize),
}

impl Anchors {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let mut by_literal: HashMap<Vec<u8>, Vec<Spelling>> = HashMap::new();
        for (index, rule) in rules.rules().iter().enumerate() {
            for spelling in spellings(index, rule) {
                by_literal.entry(spelling.literal.to_ascii_lowercase()).or_default().push(spelling);
            }
        }
        let mut literals: Vec<_> = by_literal.into_iter().collect();
        literals.sort_by(|a, b| a.0.cmp(&b.0));
        let mut spellings = Vec::new();
        let mut owners = Vec::new();
        for (_, mut of_literal) in literals.iter_mut().map(|(l, s)| (l, std::mem::take(s))) {
            let start = spellings.len() as u32;
            spellings.append(&mut of_literal);
            owners.push(start..spellings.len() as u32);
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(literals.iter().map(|(literal, _)| literal))
            .expect("the anchors of all rules are far below the automaton's limits");
        let margin = spellings.iter().map(Spelling::margin).max().unwrap_or(0);
        let near = || spellings.iter().filter(|s| !s.is_far());
        let near_margins = (
            near().map(Spelling::margin_after).max().unwrap_or(0),
            near().map(Spelling::margin_before).max().unwrap_or(0),
        );
        Anchors { automaton, owners, spellings, margin, near_margins }
    }

    pub(super) fn margin(&self) -> usize {
        self.margin
    }

    pub(super) fn near_margins(&self) -> (usize, usize) {
        self.near_margins
    }

    pub(super) fn spelling(&self, index: u32) -> &Spelling {
        &self.spellings[index as usize]
    }

    /// Calls back for every anchor that stands wholly in these bytes of the text, in order of their ends.
    pub(super) fn each(&self, text: &[u8], range: Range<usize>, mut met: impl FnMut(Anchor)) {
        for found in self.automaton.find_overlapping_iter(Input::new(text).span(range)) {
            let owners = self.owners[found.pattern().as_usize()].clone();
            for index in owners {
                let spelling = &self.spellings[index as usize];
                if spelling.ignore_case || text[found.start()..found.end()] == spelling.literal[..] {
                    met(Anchor { at: found.start(), spelling: index });
                }
            }
        }
    }
}
