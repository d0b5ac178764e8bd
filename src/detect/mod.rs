//! Text and changed ranges in, candidates out. Finds, never rejects.
//!
//! The contract: a candidate depends on no byte outside its window, and [`Engine::candidates`] returns
//! exactly those whose window meets a changed range. So what was found in a text's base and lies inside an
//! unchanged copy need not be looked for again.

mod anchors;
mod pattern;

use crate::document::Changed;
use crate::finding::Candidate;
use crate::ruleset::RuleSet;
use anchors::Anchors;
use std::ops::Range;
use std::sync::Arc;

/// The bytes to either side of a match that judging may look at: its line, the line above, an allow
/// comment, words that raise or lower confidence.
pub const JUDGE_REACH: usize = 512;

/// All rules, ready to run over texts.
#[derive(Debug)]
pub struct Engine {
    rules: Arc<RuleSet>,
    anchors: Anchors,
}

impl Engine {
    /// Makes the rules ready.
    pub fn new(rules: Arc<RuleSet>) -> Self {
        let anchors = Anchors::new(&rules);
        Engine { rules, anchors }
    }

    /// The rules in force.
    pub fn rules(&self) -> &Arc<RuleSet> {
        &self.rules
    }

    /// Every candidate in the text whose window meets a changed range, in order of anchor and rule.
    pub fn candidates(&self, path: &[u8], text: &[u8], changed: &Changed) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for part in self.searched(text.len(), changed) {
            for hit in self.anchors.hits(&text[part.clone()]) {
                let anchor = part.start + hit.span.start..part.start + hit.span.end;
                let rule = &self.rules.rules()[hit.rule];
                if !rule.applies_to(path) {
                    continue;
                }
                for candidate in pattern::candidates(rule, text, &anchor) {
                    if changed.meets(&candidate.window) {
                        candidates.push(candidate);
                    }
                }
            }
        }
        candidates
    }

    /// The ranges in which an anchor can stand whose window meets a changed range.
    fn searched(&self, len: usize, changed: &Changed) -> Vec<Range<usize>> {
        let Changed::Ranges(ranges) = changed else { return vec![0..len] };
        let margin = self.anchors.longest_window();
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
}
