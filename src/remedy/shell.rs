//! Where in a shell script a secret stands: bare, in one kind of quotes or the other, in a heredoc.

use super::literal::{end_of_line, line_of};
use std::ops::Range;

/// How the shell reads a place in a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// In a word without quotes.
    Bare,
    /// Between double quotes, the opening one's place.
    Double(usize),
    /// Between single quotes, the opening one's place.
    Single(usize),
    /// In a heredoc that expands variables.
    Expanding,
    /// Where nothing is expanded and nothing can be.
    Fixed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// Commands, up to a closing bracket if there is one; how many brackets are open in them.
    Commands(Option<u8>, u32),
    Double(usize),
    /// `${…}`.
    Parameter,
}

struct Reader<'a> {
    text: &'a [u8],
    frames: Vec<Frame>,
    heredocs: Vec<(Vec<u8>, bool)>,
}

/// How the shell reads the span; `None` where that is in doubt.
pub(super) fn context(text: &[u8], span: &Range<usize>) -> Option<Context> {
    let (whole, ended_well) = Reader::new(text).read(span)?;
    let line = line_of(text, span.start);
    let here = span.start - line.start..span.end.checked_sub(line.start)?;
    let alone = Reader::new(&text[line.clone()]).read(&here).map(|(context, _)| context);
    match whole {
        Context::Double(open) | Context::Single(open) if open < line.start => ended_well.then_some(whole),
        Context::Double(open) => (alone == Some(Context::Double(open - line.start))).then_some(whole),
        Context::Single(open) => (alone == Some(Context::Single(open - line.start))).then_some(whole),
        Context::Bare => (alone == Some(Context::Bare)).then_some(whole),
        Context::Expanding => ended_well.then_some(whole),
        Context::Fixed => None,
    }
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8]) -> Self {
        Reader { text, frames: vec![Frame::Commands(None, 0)], heredocs: Vec::new() }
    }

    /// Reads to the end: the context of the span, and whether everything that was opened was closed.
    fn read(mut self, span: &Range<usize>) -> Option<(Context, bool)> {
        let mut at = 0;
        let mut found = None;
        while at < self.text.len() {
            let frame = *self.frames.last()?;
            let before = at;
            let jumped = match frame {
                Frame::Double(_) => self.double(at),
                Frame::Parameter | Frame::Commands(..) => self.commands(at, frame),
            };
            let (next, inside) = jumped;
            if found.is_none() && next > span.start {
                // What was jumped over as one piece decides; else the frame does.
                let context = match (inside, frame) {
                    (Some(inside), _) => inside,
                    (None, Frame::Double(open)) => Context::Double(open),
                    (None, Frame::Commands(..)) => Context::Bare,
                    (None, Frame::Parameter) => Context::Fixed,
                };
                let whole = before <= span.start && (inside.is_none() || span.end <= next);
                found = Some(if whole { context } else { Context::Fixed });
            }
            at = next;
            if self.frames.len() > 64 {
                return None;
            }
        }
        let ended_well = self.frames.len() == 1 && self.heredocs.is_empty();
        Some((found?, ended_well))
    }

    fn double(&mut self, at: usize) -> (usize, Option<Context>) {
        match self.text[at] {
            b'"' => {
                self.frames.pop();
                (at + 1, None)
            }
            b'\\' => (at + 2, None),
            b'`' => (self.to(at + 1, b'`'), Some(Context::Fixed)),
            b'$' => (self.dollar(at), None),
            _ => (at + 1, None),
        }
    }

    fn commands(&mut self, at: usize, frame: Frame) -> (usize, Option<Context>) {
        let word_start = at == 0 || matches!(self.text[at - 1], b' ' | b'\t' | b'\n' | b';' | b'(' | b'&' | b'|');
        match self.text[at] {
            b'\\' => (at + 2, None),
            b'"' => {
                self.frames.push(Frame::Double(at));
                (at + 1, None)
            }
            b'\'' => (self.to(at + 1, b'\''), Some(Context::Single(at))),
            b'`' => (self.to(at + 1, b'`'), Some(Context::Fixed)),
            b'$' if self.text[at..].starts_with(b"$'") => (self.to(at + 2, b'\''), Some(Context::Fixed)),
            b'$' => (self.dollar(at), None),
            b'#' if word_start && frame != Frame::Parameter => {
                (end_of_line(self.text, at).max(at + 1), Some(Context::Fixed))
            }
            b'}' if frame == Frame::Parameter => {
                self.frames.pop();
                (at + 1, None)
            }
            b'(' | b')' if frame != Frame::Parameter => {
                self.bracket(self.text[at]);
                (at + 1, None)
            }
            b'<' if self.text[at..].starts_with(b"<<") && !self.text[at..].starts_with(b"<<<") => {
                (self.heredoc(at), None)
            }
            b'<' if self.text[at..].starts_with(b"<<<") => (at + 3, None),
            b'\n' if !self.heredocs.is_empty() => self.bodies(at + 1),
            _ => (at + 1, None),
        }
    }

    fn bracket(&mut self, byte: u8) {
        let Some(Frame::Commands(close, open)) = self.frames.last_mut() else { return };
        if byte == b'(' {
            *open += 1;
        } else if *open > 0 {
            *open -= 1;
        } else if *close == Some(b')') {
            self.frames.pop();
        }
    }

    fn dollar(&mut self, at: usize) -> usize {
        match self.text.get(at + 1) {
            Some(b'(') => {
                self.frames.push(Frame::Commands(Some(b')'), 0));
                at + 2
            }
            Some(b'{') => {
                self.frames.push(Frame::Parameter);
                at + 2
            }
            _ => at + 1,
        }
    }

    fn to(&self, at: usize, close: u8) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.iter().position(|&b| b == close).map_or(self.text.len(), |i| at + i + 1)
    }

    fn heredoc(&mut self, at: usize) -> usize {
        let mut i = at + 2;
        if self.text.get(i) == Some(&b'-') {
            i += 1;
        }
        while self.text.get(i) == Some(&b' ') {
            i += 1;
        }
        let start = i;
        while self.text.get(i).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'\'' | b'"' | b'\\')) {
            i += 1;
        }
        let word = &self.text[start..i];
        let mark: Vec<u8> = word.iter().copied().filter(|b| !matches!(b, b'\'' | b'"' | b'\\')).collect();
        // `1 << 2` in arithmetic is none.
        if mark.first().is_some_and(|b| !b.is_ascii_digit()) {
            let expands = mark.len() == word.len();
            self.heredocs.push((mark, expands));
        }
        i.max(at + 2)
    }

    /// Jumps over the next heredoc's body; the last jump ends behind them all.
    fn bodies(&mut self, start: usize) -> (usize, Option<Context>) {
        let (mark, expands) = self.heredocs.remove(0);
        let mut at = start;
        while at < self.text.len() {
            let line = at..end_of_line(self.text, at);
            at = (line.end + 1).min(self.text.len());
            if self.text[line.clone()].trim_ascii() == mark {
                // Stops before the line end, which begins the next body if there is one.
                let context = if expands { Context::Expanding } else { Context::Fixed };
                return (line.end.max(start), Some(context));
            }
        }
        self.heredocs.push((mark, expands));
        (self.text.len(), Some(Context::Fixed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(script: &str) -> Option<Context> {
        let start = script.find('@').expect("the sample marks its secret");
        context(script.as_bytes(), &(start..start + 1))
    }

    #[test]
    fn quotes_are_told_apart() {
        assert_eq!(at("KEY=@\n"), Some(Context::Bare));
        assert_eq!(at("KEY=\"a@\"\n"), Some(Context::Double(4)));
        assert_eq!(at("KEY='@'\n"), Some(Context::Single(4)));
        assert_eq!(at("KEY=$'@'\n"), None);
        assert_eq!(at("# KEY=@\n"), None);
        assert_eq!(at("echo \"$(curl -u 'a:@' x)\"\n"), Some(Context::Single(16)));
        assert_eq!(at("echo \"${KEY:-@}\"\n"), None);
        assert_eq!(at("echo it\\'s @\n"), Some(Context::Bare));
        assert_eq!(at("curl -d '{\n \"a\": \"@\"\n}'\n"), Some(Context::Single(8)));
    }

    #[test]
    fn a_heredoc_expands_unless_its_mark_is_quoted() {
        assert_eq!(at("cat <<EOF\nkey @\nEOF\n"), Some(Context::Expanding));
        assert_eq!(at("cat <<'EOF'\nkey @\nEOF\n"), None);
        assert_eq!(at("cat <<-EOF > x\n\tkey\n\tEOF\nkey=@\n"), Some(Context::Bare));
        assert_eq!(at("cat <<EOF\nkey @\n"), None);
    }

    #[test]
    fn a_quote_that_never_closes_leaves_doubt() {
        assert_eq!(at("echo don't\nKEY='@'\n"), None);
    }
}
