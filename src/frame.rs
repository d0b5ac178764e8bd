//! The lines round a finding, cut to a bearable length.

use crate::binary::{self, Binary};
use crate::document::Lines;
use crate::finding::Frame;
use std::ops::Range;

/// How much of a long line is kept to either side of the finding, in bytes.
const KEPT: usize = 100;
/// How many lines of a finding that spans several are kept.
const MOST_LINES: usize = 3;

/// The finding's lines with one before and one after. `secrets` are all spans of the text to be masked,
/// in order and apart.
pub(crate) fn frame(text: &[u8], lines: &Lines<'_>, span: &Range<usize>, secrets: &[Range<usize>]) -> Frame {
    let first = lines.index_of(span.start);
    let last = lines.index_of(span.end.max(span.start + 1) - 1).min(first + MOST_LINES - 1);
    let shown = first.saturating_sub(1)..=(last + 1).min(lines.count() - 1);
    let near = &text[span.start.saturating_sub(KEPT)..(span.end.min(span.start + KEPT) + KEPT).min(text.len())];
    if binary::is_binary(near) {
        return of_binary(text, lines, span, secrets);
    }
    let mut frame = Frame { first_line: number(lines, *shown.start()), ..Frame::default() };
    let mut own: Option<Range<usize>> = None;
    for line in shown {
        let whole = lines.range(line);
        let kept = kept(&whole, span);
        if kept.start > whole.start {
            frame.text.extend_from_slice("…".as_bytes());
        }
        let shift = frame.text.len();
        frame.text.extend_from_slice(&text[kept.clone()]);
        let moved = |span: &Range<usize>| {
            clipped(span, &kept).map(|s| s.start - kept.start + shift..s.end - kept.start + shift)
        };
        frame.secrets.extend(within(secrets, &kept).filter_map(moved));
        if let Some(here) = moved(span) {
            own = Some(own.map_or(here.start, |own| own.start)..here.end);
        }
        if kept.end < whole.end {
            frame.text.extend_from_slice("…".as_bytes());
        }
        frame.text.push(b'\n');
    }
    frame.text.pop();
    frame.span = own.unwrap_or(0..0);
    frame.secrets.sort_by_key(|s| (s.start, s.end));
    frame.secrets.dedup();
    frame
}

/// Of a file that is no text, the words round the finding.
fn of_binary(text: &[u8], lines: &Lines<'_>, span: &Range<usize>, secrets: &[Range<usize>]) -> Frame {
    let (words, own, secrets) = binary::words(text, span, secrets);
    let ahead = lines.bytes_ahead();
    // Of a piece of a large file, the first bytes are not at hand.
    let kind = if ahead == 0 { binary::kind(text) } else { binary::kind(&[]) };
    let binary = Some(Binary { offset: ahead + span.start as u64, kind });
    let first_line = number(lines, lines.index_of(span.start));
    Frame { first_line, text: words, secrets, span: own, binary }
}

/// The 1-based number of a line. Asked of its first byte, since a line of a binary may be millions long.
fn number(lines: &Lines<'_>, line: usize) -> u32 {
    let start = lines.range(line).start;
    lines.location(&(start..start)).start_line
}

/// The part of a line that is kept: all of it, or what is near the finding or near its start.
fn kept(line: &Range<usize>, span: &Range<usize>) -> Range<usize> {
    if line.len() <= 2 * KEPT {
        return line.clone();
    }
    match clipped(span, line) {
        Some(own) => own.start.saturating_sub(KEPT).max(line.start)..(own.end + KEPT).min(line.end),
        None => line.start..line.start + KEPT,
    }
}

/// Of spans in order and apart, those of which something lies in a range.
fn within<'s>(spans: &'s [Range<usize>], range: &Range<usize>) -> impl Iterator<Item = &'s Range<usize>> {
    let (first, end) = (spans.partition_point(|span| span.end <= range.start), range.end);
    spans[first..].iter().take_while(move |span| span.start < end)
}

fn clipped(span: &Range<usize>, to: &Range<usize>) -> Option<Range<usize>> {
    let (start, end) = (span.start.max(to.start), span.end.min(to.end));
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_has_the_line_before_and_after_and_its_spans_fit() {
        let text = b"one\nkey = hunter2;\nthree\nfour";
        let lines = Lines::new(text);
        let frame = frame(text, &lines, &(10..17), &[10..17]);
        assert_eq!(frame.first_line, 1);
        assert_eq!(frame.text, b"one\nkey = hunter2;\nthree");
        assert_eq!(&frame.text[frame.span.clone()], b"hunter2");
        assert_eq!(frame.secrets, vec![frame.span.clone()]);
    }

    #[test]
    fn a_long_line_is_cut_round_the_finding() {
        let text = [vec![b'a'; 5000], b"hunter2".to_vec(), vec![b'b'; 5000]].concat();
        let lines = Lines::new(&text);
        let frame = frame(&text, &lines, &(5000..5007), std::slice::from_ref(&(5000..5007)));
        assert!(frame.text.len() < 250);
        assert_eq!(&frame.text[frame.span.clone()], b"hunter2");
    }
}
