//! One automaton over the anchors of all rules.

use crate::ruleset::RuleSet;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::ops::Range;

/// The automaton and what each of its literals stands for.
#[derive(Debug)]
pub(super) struct Anchors {
    automaton: AhoCorasick,
    owners: Vec<Vec<usize>>,
    longest_window: usize,
}

/// An anchor that was met.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// The rule's index in the set.
    pub rule: usize,
    /// The anchor's bytes in the text that was searched.
    pub span: Range<usize>,
}

impl Anchors {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let mut literals: Vec<Vec<u8>> = Vec::new();
        let mut owners: Vec<Vec<usize>> = Vec::new();
        for (index, rule) in rules.rules().iter().enumerate() {
            for anchor in rule.spec.anchors.iter() {
                let literal = anchor.as_bytes().to_vec();
                match literals.iter().position(|l| *l == literal) {
                    Some(at) => owners[at].push(index),
                    None => {
                        literals.push(literal);
                        owners.push(vec![index]);
                    }
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&literals)
            .expect("the anchors of all rules are far below the automaton's limits");
        let longest_window = rules
            .rules()
            .iter()
            .map(|r| (r.spec.reach.before.max(r.spec.reach.after)) as usize + super::JUDGE_REACH + 256)
            .max()
            .unwrap_or(0);
        Anchors { automaton, owners, longest_window }
    }

    pub(super) fn longest_window(&self) -> usize {
        self.longest_window
    }

    pub(super) fn hits<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = Hit> + 't {
        self.automaton.find_overlapping_iter(text).flat_map(|found| {
            self.owners[found.pattern().as_usize()]
                .iter()
                .map(move |&rule| Hit { rule, span: found.start()..found.end() })
        })
    }
}
