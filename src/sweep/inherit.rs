//! What was found in a base and lies inside an unchanged copy stands in the text too, shifted.

use super::delta::{Copy, News};
use std::ops::Range;

/// Something that was found in a text and depends on a window of it.
pub trait Found: Sized {
    /// The bytes it depends on.
    fn window(&self) -> Range<usize>;
    /// The same found elsewhere: what stood at `from` stands at `to`.
    fn moved(&self, from: usize, to: usize) -> Self;
}

/// Those of the base's finds that no change touches, in the order of the text. `base` is in order of the
/// windows' starts.
pub fn inherit<F: Found>(base: &[F], news: &News) -> Vec<F> {
    let mut inherited = Vec::new();
    if base.is_empty() {
        return inherited;
    }
    for &Copy { from, to, len } in &news.copies {
        let first = base.partition_point(|f| f.window().start < from);
        for found in base[first..].iter().take_while(|f| f.window().start <= from + len) {
            if found.window().end <= from + len {
                let moved = found.moved(from, to);
                if !meets(&news.changed, &moved.window()) {
                    inherited.push(moved);
                }
            }
        }
    }
    inherited
}

/// Whether a window meets a changed range; touching counts, as in [`crate::document::Changed::meets`].
pub fn meets(changed: &[Range<usize>], window: &Range<usize>) -> bool {
    let first = changed.partition_point(|r| r.end < window.start);
    changed.get(first).is_some_and(|r| r.start <= window.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Span(Range<usize>);

    impl Found for Span {
        fn window(&self) -> Range<usize> {
            self.0.clone()
        }
        fn moved(&self, from: usize, to: usize) -> Self {
            Span(self.0.start - from + to..self.0.end - from + to)
        }
    }

    #[test]
    fn a_find_is_inherited_into_every_copy_that_holds_its_window() {
        let news = News {
            copies: vec![Copy { from: 10, to: 0, len: 20 }, Copy { from: 5, to: 30, len: 20 }],
            changed: vec![0..0, 20..30, 50..50],
        };
        assert_eq!(inherit(&[Span(12..20)], &news), [Span(2..10), Span(37..45)]);
    }

    #[test]
    fn a_find_whose_window_touches_a_change_is_not_inherited() {
        let news = News { copies: vec![Copy { from: 0, to: 0, len: 20 }], changed: vec![20..25] };
        assert_eq!(inherit(&[Span(0..19), Span(10..20), Span(15..21)], &news), [Span(0..19)]);
    }
}
