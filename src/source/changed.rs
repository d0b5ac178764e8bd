//! What of a text is new: lines that none of its predecessors has, and seams where lines went.

use crate::document::Changed;
use imara_diff::{Algorithm, Diff, InternedInput};
use std::ops::Range;

/// The ranges of `text` that are new compared with each of the predecessors. A changed line is a range with its
/// line end; lines that went leave a seam.
pub fn changed(text: &[u8], predecessors: &[Vec<u8>]) -> Changed {
    let mut common: Option<Vec<Range<usize>>> = None;
    for predecessor in predecessors {
        let ranges = ranges(predecessor, text);
        common = Some(match common {
            None => ranges,
            Some(common) => intersection(&common, &ranges),
        });
    }
    common.map_or(Changed::Whole, Changed::Ranges)
}

fn ranges(before: &[u8], after: &[u8]) -> Vec<Range<usize>> {
    let input = InternedInput::new(before, after);
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let mut starts = vec![0];
    starts.extend(memchr::memchr_iter(b'\n', after).map(|at| at + 1));
    let start = |line: u32| starts.get(line as usize).copied().unwrap_or(after.len()).min(after.len());
    diff.hunks().map(|hunk| start(hunk.after.start)..start(hunk.after.end)).collect()
}

/// What lies in both lists of ranges. Where a range of one touches one of the other, bytes are neighbours that
/// were none in either: a seam.
fn intersection(a: &[Range<usize>], b: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut common: Vec<Range<usize>> = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        let both = a[i].start.max(b[j].start)..a[i].end.min(b[j].end);
        let is_inside = |seam: usize| common.last().is_some_and(|last| last.end == seam);
        if both.start < both.end || both.start == both.end && !is_inside(both.start) {
            common.push(both);
        }
        if a[i].end < b[j].end {
            i += 1;
        } else {
            j += 1;
        }
    }
    common
}

/// How much of the larger text the lines make up that both have: 0 to 1, by bytes. Texts of very different size
/// are not looked at: they can't share half.
pub fn likeness(before: &[u8], after: &[u8]) -> f32 {
    if before.len().min(after.len()) * 2 < before.len().max(after.len()) {
        return 0.0;
    }
    let mut lines = std::collections::HashMap::<&[u8], usize>::new();
    for line in before.split_inclusive(|b| *b == b'\n') {
        *lines.entry(line).or_default() += 1;
    }
    let mut shared = 0;
    for line in after.split_inclusive(|b| *b == b'\n') {
        if let Some(left) = lines.get_mut(line).filter(|left| **left > 0) {
            *left -= 1;
            shared += line.len();
        }
    }
    shared as f32 / before.len().max(after.len()).max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges_of(text: &str, predecessors: &[&str]) -> Vec<(usize, usize)> {
        let predecessors: Vec<Vec<u8>> = predecessors.iter().map(|p| p.as_bytes().to_vec()).collect();
        match changed(text.as_bytes(), &predecessors) {
            Changed::Ranges(ranges) => ranges.into_iter().map(|range| (range.start, range.end)).collect(),
            Changed::Whole => panic!("there was a predecessor"),
        }
    }

    #[test]
    fn a_changed_line_is_a_range_with_its_line_end() {
        assert_eq!(ranges_of("a\nB\nc\n", &["a\nb\nc\n"]), [(2, 4)]);
        assert_eq!(ranges_of("a\nb", &["a\n"]), [(2, 3)]);
        assert_eq!(ranges_of("a\n", &["a"]), [(0, 2)]);
    }

    #[test]
    fn lines_that_went_leave_a_seam() {
        assert_eq!(ranges_of("a\nc\n", &["a\nb\nc\n"]), [(2, 2)]);
        assert_eq!(ranges_of("", &["a\n"]), [(0, 0)]);
        assert!(ranges_of("a\n", &["a\n"]).is_empty());
    }

    #[test]
    fn without_a_predecessor_all_is_new() {
        assert_eq!(changed(b"a", &[]), Changed::Whole);
    }

    #[test]
    fn only_what_no_parent_has_counts_in_a_merge() {
        assert_eq!(ranges_of("a\nb\nours\ntheirs\n", &["a\nb\nours\n", "a\nb\ntheirs\n"]), [(9, 9)]);
        assert!(ranges_of("ours\na\nb\nc\ntheirs\n", &["ours\na\nb\nc\n", "a\nb\nc\ntheirs\n"]).is_empty());
        assert_eq!(ranges_of("ours\nevil\ntheirs\n", &["ours\n", "theirs\n"]), [(5, 10)]);
    }

    #[test]
    fn likeness_is_the_share_of_common_lines() {
        assert_eq!(likeness(b"a\nb\n", b"a\nb\n"), 1.0);
        assert_eq!(likeness(b"a\nb\n", b"a\nc\n"), 0.5);
        assert_eq!(likeness(b"a\na\n", b"a\nb\nc\n"), 1.0 / 3.0);
        assert_eq!(likeness(b"a\n", b"a\nb\nc\n"), 0.0);
        assert_eq!(likeness(b"", b""), 0.0);
    }
}
