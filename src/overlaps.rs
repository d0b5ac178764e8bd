//! Which of many spans overlap another one, without a look at all of them.

use std::collections::HashMap;
use std::ops::Range;

/// Spans are looked for by the stretches of so many bytes that they lie in.
const STRETCH: usize = 1 << 12;

/// Spans, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Overlaps {
    spans: Vec<Range<usize>>,
    stretches: HashMap<usize, Vec<usize>>,
}

impl Overlaps {
    /// Adds a span.
    pub(crate) fn add(&mut self, span: Range<usize>) {
        for stretch in stretches(&span) {
            self.stretches.entry(stretch).or_default().push(self.spans.len());
        }
        self.spans.push(span);
    }

    /// The number of the first span added that overlaps this one and is accepted.
    pub(crate) fn first(&self, span: &Range<usize>, accept: impl Fn(usize) -> bool) -> Option<usize> {
        let overlaps = |nth: usize| self.spans[nth].start < span.end && span.start < self.spans[nth].end;
        let lists = stretches(span).filter_map(|stretch| self.stretches.get(&stretch));
        lists.filter_map(|list| list.iter().copied().find(|&nth| overlaps(nth) && accept(nth))).min()
    }
}

fn stretches(span: &Range<usize>) -> impl Iterator<Item = usize> {
    span.start / STRETCH..=span.end.max(span.start) / STRETCH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_overlaps_is_the_one_that_a_look_at_all_would_find() {
        let mut random = 7usize;
        let mut number = |below: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % below
        };
        let mut spans: Vec<Range<usize>> = Vec::new();
        let mut overlaps = Overlaps::default();
        for _ in 0..400 {
            let start = number(60_000);
            let longest = if number(10) == 0 { 20_000 } else { 60 };
            let span = start..start + number(longest);
            let found = overlaps.first(&span, |nth| nth % 3 > 0);
            let wanted =
                (0..spans.len()).find(|&n| n % 3 > 0 && spans[n].start < span.end && span.start < spans[n].end);
            assert_eq!(found, wanted, "{span:?}");
            overlaps.add(span.clone());
            spans.push(span);
        }
    }
}
