//! What each rule costs: counted only by an engine that was asked to.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

thread_local! {
    /// How many times this thread has run a rule's pattern.
    static RUNS: Cell<u64> = const { Cell::new(0) };
}

/// What one rule came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleCost {
    /// How many times one of its anchors, in any spelling, was looked at.
    pub anchors: u64,
    /// How many times its pattern was run.
    pub pattern_runs: u64,
    /// How many candidates that made.
    pub candidates: u64,
    /// The time all of it took, over all threads, in nanoseconds.
    pub nanoseconds: u64,
}

/// The same while threads add to it.
#[derive(Debug, Default)]
struct Counted {
    anchors: AtomicU64,
    pattern_runs: AtomicU64,
    candidates: AtomicU64,
    nanoseconds: AtomicU64,
}

/// The counters of all rules.
#[derive(Debug)]
pub(super) struct Stats {
    rules: Vec<Counted>,
}

impl Stats {
    pub(super) fn new(rules: usize) -> Self {
        Stats { rules: (0..rules).map(|_| Counted::default()).collect() }
    }

    /// Does what makes candidates of one anchor of a rule, and counts it.
    pub(super) fn counted<C>(&self, rule: usize, make: impl FnOnce() -> Vec<C>) -> Vec<C> {
        let (begun, before) = (Instant::now(), RUNS.get());
        let candidates = make();
        let counted = &self.rules[rule];
        counted.nanoseconds.fetch_add(begun.elapsed().as_nanos() as u64, Relaxed);
        counted.pattern_runs.fetch_add(RUNS.get().wrapping_sub(before), Relaxed);
        counted.anchors.fetch_add(1, Relaxed);
        counted.candidates.fetch_add(candidates.len() as u64, Relaxed);
        candidates
    }

    pub(super) fn costs(&self) -> Vec<RuleCost> {
        let cost = |counted: &Counted| RuleCost {
            anchors: counted.anchors.load(Relaxed),
            pattern_runs: counted.pattern_runs.load(Relaxed),
            candidates: counted.candidates.load(Relaxed),
            nanoseconds: counted.nanoseconds.load(Relaxed),
        };
        self.rules.iter().map(cost).collect()
    }
}

/// Notes that a pattern is run. A thread's own number: it costs next to nothing beside the run.
pub(super) fn pattern_runs() {
    RUNS.set(RUNS.get().wrapping_add(1));
}
