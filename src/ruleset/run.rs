//! Runs: so many bytes on end of one class, as every match of a pattern holds them.
//!
//! Thirty-two hexadecimal digits stand behind few of the words that announce them. To look for them takes a look at every
//! thirty-second byte, and a pattern that is not run is not compiled either. `build.rs` reads this file too.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A set of bytes, a bit for each.
pub(crate) type Bytes = [u64; 4];

/// Below this many binary digits of surprise a run stands in too many texts to tell anything.
const LEAST_TELLING: f64 = 4.0;
/// So many pieces of a pattern are read at most.
const MOST_PIECES: usize = 64;

/// So many bytes on end, each of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub class: Bytes,
    /// None: it stands everywhere.
    pub len: u8,
}

impl Run {
    /// What stands in every text.
    pub(crate) const NONE: Run = Run { class: [0; 4], len: 0 };

    /// The most telling run that stands in every match.
    pub(crate) fn of(hir: &Hir) -> Run {
        let best = best(hir);
        if best.telling() < LEAST_TELLING { Run::NONE } else { best.run }
    }

    /// What stands in every text in which one of two stands.
    pub(crate) fn or(self, other: Run) -> Run {
        if self.len == 0 || other.len == 0 {
            return Run::NONE;
        }
        let mut class = self.class;
        class.iter_mut().zip(other.class).for_each(|(own, other)| *own |= other);
        Run { class, len: self.len.min(other.len) }
    }

    pub(crate) fn stands_in(&self, text: &[u8]) -> bool {
        let len = usize::from(self.len);
        let mut at = 0;
        while let Some(here) = text.get(at..at + len) {
            // From its end, so that a byte of no match lets all before it be passed over.
            match here.iter().rposition(|byte| !holds(&self.class, *byte)) {
                None => return true,
                Some(last) => at += last + 1,
            }
        }
        false
    }
}

/// Whether a byte is in a set.
pub(crate) fn holds(bytes: &Bytes, byte: u8) -> bool {
    bytes[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0
}

/// A run that stands in every match.
#[derive(Clone, Copy)]
struct Known {
    run: Run,
    /// How many of its bytes are no words of the pattern: those are anchors in most cases, and so are there anyway.
    open: usize,
}

impl Known {
    const NOTHING: Known = Known { run: Run::NONE, open: 0 };

    fn or(self, other: Known) -> Known {
        Known { run: self.run.or(other.run), open: self.open.min(other.open) }
    }

    /// How much of a surprise it is, in binary digits, if the bytes of a text followed each other by chance.
    fn telling(&self) -> f64 {
        let share: u32 = (0..=u8::MAX).filter(|byte| holds(&self.run.class, *byte)).map(share).sum();
        self.open as f64 * (f64::from(ALL) / f64::from(share.max(1))).log2()
    }
}

/// Of the runs that stand in every match the one that is met least.
fn best(hir: &Hir) -> Known {
    let mut pieces = Vec::new();
    flatten(hir, &mut pieces);
    pieces.truncate(MOST_PIECES);
    let inside = pieces.iter().map(|piece| match piece.kind() {
        HirKind::Repetition(repetition) if repetition.min > 0 => best(&repetition.sub),
        HirKind::Alternation(ways) => ways.iter().map(best).reduce(Known::or).unwrap_or(Known::NOTHING),
        _ => Known::NOTHING,
    });
    // Pieces that follow each other are a run of all their bytes.
    let side_by_side = (0..pieces.len()).flat_map(|from| {
        pieces[from..].iter().scan(Known::NOTHING, |known, piece| {
            let more = piece.properties().minimum_len().unwrap_or(0);
            allow(piece, &mut known.run.class);
            known.run.len = u8::try_from(usize::from(known.run.len) + more).unwrap_or(u8::MAX);
            known.open += if is_word(piece) { 0 } else { more };
            Some(*known)
        })
    });
    inside.chain(side_by_side).max_by(|a, b| a.telling().total_cmp(&b.telling())).unwrap_or(Known::NOTHING)
}

fn flatten<'h>(hir: &'h Hir, pieces: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Concat(parts) => parts.iter().for_each(|part| flatten(part, pieces)),
        HirKind::Capture(capture) => flatten(&capture.sub, pieces),
        _ => pieces.push(hir),
    }
}

/// Whether it is written out, in one case or in any.
fn is_word(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(_) => true,
        HirKind::Class(Class::Bytes(class)) => class.ranges().iter().map(|range| range.len()).sum::<usize>() <= 2,
        HirKind::Repetition(repetition) => is_word(&repetition.sub),
        _ => false,
    }
}

/// How many of ten thousand bytes of source are this one, roughly.
const fn share(byte: u8) -> u32 {
    match byte {
        b' ' => 1500,
        b'e' | b't' => 600,
        b'a' | b'i' | b'n' | b'o' | b'r' | b's' => 400,
        b'c' | b'd' | b'l' | b'm' | b'p' | b'u' => 230,
        b'a'..=b'z' => 90,
        b'\n' => 300,
        b'0' => 90,
        b'1'..=b'9' => 40,
        b'A'..=b'Z' => 35,
        b'_' | b'"' | b'\'' | b'.' | b',' | b'(' | b')' | b'/' | b'-' | b'=' | b':' => 110,
        b'\t' | b'\r' | b'!'..=b'~' => 25,
        _ => 1,
    }
}

/// The sum of all shares.
const ALL: u32 = {
    let (mut sum, mut byte) = (share(0), 0);
    while byte < u8::MAX {
        byte += 1;
        sum += share(byte);
    }
    sum
};

/// Sets the bit of every byte that a match can hold.
pub(crate) fn allow(hir: &Hir, bytes: &mut Bytes) {
    let mut set = |byte: u8| bytes[usize::from(byte >> 6)] |= 1 << (byte & 63);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => literal.0.iter().copied().for_each(set),
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().for_each(|range| (range.start()..=range.end()).for_each(&mut set));
        }
        HirKind::Class(Class::Unicode(class)) => {
            for range in class.ranges() {
                (range.start()..=range.end()).take_while(char::is_ascii).for_each(|c| set(c as u8));
                if !range.end().is_ascii() {
                    (0x80..=0xff).for_each(&mut set);
                }
            }
        }
        HirKind::Repetition(repetition) => allow(&repetition.sub, bytes),
        HirKind::Capture(capture) => allow(&capture.sub, bytes),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|part| allow(part, bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_syntax::ParserBuilder;

    fn run(pattern: &str) -> Run {
        let mut parser = ParserBuilder::new().unicode(false).utf8(false).multi_line(true).build();
        Run::of(&parser.parse(pattern).expect("it is valid"))
    }

    fn bytes(run: Run) -> String {
        (0..=u8::MAX).filter(|byte| holds(&run.class, *byte)).map(char::from).collect()
    }

    #[test]
    fn the_run_that_tells_most_is_looked_for() {
        let known = run(r"token\s{0,3}[=:]\s{0,3}[0-9a-f]{32}[\w.]{1,9}");
        assert_eq!((bytes(known).as_str(), known.len), ("0123456789abcdef", 32));
    }

    #[test]
    fn pieces_side_by_side_are_one_run() {
        let known = run("(?:id)?([0-9A-F]{8})-?[0-9A-F]{4}(?:-[0-9A-F]{4}){2}");
        assert_eq!((bytes(known).as_str(), known.len), ("-0123456789ABCDEF", 22));
    }

    #[test]
    fn of_alternatives_the_shortest_counts_and_the_bytes_of_all() {
        let known = run("key (?:[0-9a-f]{40}|[G-Z]{20})!");
        assert_eq!((bytes(known).as_str(), known.len), ("0123456789GHIJKLMNOPQRSTUVWXYZabcdef", 20));
        assert_eq!(run("key (?:[0-9a-f]{40}|x|y)!"), Run::NONE);
    }

    #[test]
    fn what_need_not_be_there_or_stands_everywhere_is_not_looked_for() {
        for pattern in ["key(?:[0-9a-f]{32})?", "key[0-9a-f]*", "key [^ ]{4}", "key .{9}"] {
            assert_eq!(run(pattern), Run::NONE, "{pattern}");
        }
    }

    #[test]
    fn a_run_is_found_wherever_it_stands() {
        let known = run("[0-9]{5}");
        for (text, stands) in [
            ("", false),
            ("1234", false),
            ("12345", true),
            ("1234x1234", false),
            ("x12345", true),
            ("1234x12345", true),
            ("12x4567", false),
            ("12x45678", true),
            ("123456789 ", true),
        ] {
            assert_eq!(known.stands_in(text.as_bytes()), stands, "{text}");
        }
        assert!(Run::NONE.stands_in(b""));
    }
}
