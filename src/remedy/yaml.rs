//! The scalar of a YAML file that a secret stands in, and the keys above it.

use super::literal::line_of;
use std::ops::Range;

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    /// Without quotes between `[…]` or `{…}`.
    PlainInFlow,
    Single,
    Double,
    /// A line of a literal or folded block.
    Block,
}

/// A scalar, or the line of a block.
#[derive(Debug, Clone)]
pub(super) struct Scalar {
    /// With its quotes.
    pub outer: Range<usize>,
    /// What stands between them.
    pub inner: Range<usize>,
    pub style: Style,
    /// The keys it stands under, the nearest first, with their places where they are on its line.
    pub keys: Vec<String>,
    /// Where the nearest key is, if it is on the scalar's line.
    pub key: Option<Range<usize>>,
}

/// The scalar that holds the span; `None` for a comment, a key, or a scalar over several lines.
pub(super) fn scalar(text: &[u8], span: &Range<usize>) -> Option<Scalar> {
    let line = line_of(text, span.start);
    if span.end > line.end {
        return None;
    }
    let (mut keys, in_block, continues) = ancestors(text, line.start);
    if in_block {
        let inner = line.start + indent(&text[line.clone()])..line.end;
        return Some(Scalar { outer: inner.clone(), inner, style: Style::Block, keys, key: None });
    }
    let mut node = Node { text, at: line.start, end: line.end, key: None, keys: Vec::new() };
    let mut scalar = node.find(span)?;
    if scalar.style == Style::Plain && continues && scalar.key.is_none() && !node.keys.is_empty() {
        return None;
    }
    if continues && node.keys.is_empty() && !text[line].trim_ascii_start().starts_with(b"-") {
        return None;
    }
    node.keys.reverse();
    node.keys.append(&mut keys);
    scalar.keys = node.keys;
    Some(scalar)
}

/// The keys of the lines above that a line belongs to, whether it is inside a block scalar, and whether the
/// line above it that is nearest has a value already, so that this one goes on with it.
fn ancestors(text: &[u8], line_start: usize) -> (Vec<String>, bool, bool) {
    let (mut keys, mut in_block, mut continues) = (Vec::new(), false, false);
    let first = &text[line_of(text, line_start)];
    let mut level = depth(first);
    let mut at = line_start;
    let mut nearest = true;
    while at > 0 && level > 0 && keys.len() < 64 {
        let line = line_of(text, at - 1);
        at = line.start;
        let content = &text[line.clone()];
        let bare = content.trim_ascii();
        if bare.is_empty() || bare.starts_with(b"#") {
            continue;
        }
        if depth(content) >= level {
            continue;
        }
        let without_dash = dashes(bare);
        let key_at = 2 * (indent(content) + bare.len() - without_dash.len());
        let is_above = key_at < level || (opens_block(without_dash) && !without_dash.contains(&b':'));
        level = depth(content);
        if !is_above {
            // Only its dash stands further out: the key behind that is a neighbour.
            nearest = false;
            continue;
        }
        let uncommented = match memchr::memmem::find(without_dash, b" #") {
            Some(i) => without_dash[..i].trim_ascii_end(),
            None => without_dash,
        };
        in_block |= opens_block(uncommented);
        if nearest {
            continues = !uncommented.ends_with(b":") && !opens_block(uncommented) && !bare.starts_with(b"-");
            nearest = false;
        }
        if let Some(i) = uncommented.iter().position(|&b| b == b':') {
            let key = uncommented[..i].trim_ascii();
            keys.push(String::from_utf8_lossy(key).trim_matches(['"', '\'']).to_owned());
        }
    }
    (keys, in_block, continues)
}

/// How far in a line stands; a dash stands half a step further in than its key's line.
fn depth(line: &[u8]) -> usize {
    let columns = indent(line);
    2 * columns + usize::from(line[columns.min(line.len())..].starts_with(b"-"))
}

fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|&&b| b == b' ').count()
}

fn dashes(mut line: &[u8]) -> &[u8] {
    while let Some(rest) = line.strip_prefix(b"- ") {
        line = rest.trim_ascii_start();
    }
    line
}

/// Whether the line ends with `|` or `>` and their modifiers.
fn opens_block(line: &[u8]) -> bool {
    let word = line.rsplit(|&b| b == b' ').next().unwrap_or_default();
    let alone = word.len() == line.len() || line.contains(&b':') || line.starts_with(b"- ");
    matches!(word.first(), Some(b'|' | b'>'))
        && word[1..].iter().all(|b| matches!(b, b'+' | b'-' | b'0'..=b'9'))
        && alone
}

/// The nodes of one line.
struct Node<'a> {
    text: &'a [u8],
    at: usize,
    end: usize,
    key: Option<Range<usize>>,
    keys: Vec<String>,
}

impl Node<'_> {
    fn find(&mut self, span: &Range<usize>) -> Option<Scalar> {
        while self.at < self.end {
            self.spaces();
            let rest = &self.text[self.at..self.end];
            match rest.first()? {
                b'-' if rest.len() == 1 || rest[1] == b' ' => self.at += 1,
                b'#' => return None,
                b'&' | b'!' => self.at += rest.iter().position(|&b| b == b' ')?,
                b'"' | b'\'' => {
                    let outer = self.quoted()?;
                    if !self.take_key(&outer) {
                        return self.hit(span, outer, 1, if rest[0] == b'"' { Style::Double } else { Style::Single });
                    }
                }
                b'{' | b'[' => return self.flow(span),
                _ => {
                    let outer = self.plain();
                    if !self.take_key(&outer) {
                        let odd = self.text[outer.clone()].iter().any(|b| matches!(b, b'"'))
                            && self.text[outer.clone()].iter().filter(|&&b| b == b'"').count() % 2 == 1;
                        return if odd { None } else { self.hit(span, outer, 0, Style::Plain) };
                    }
                }
            }
        }
        None
    }

    fn spaces(&mut self) {
        while self.at < self.end && matches!(self.text[self.at], b' ' | b'\t') {
            self.at += 1;
        }
    }

    /// Takes the node for a key if a colon follows.
    fn take_key(&mut self, outer: &Range<usize>) -> bool {
        self.at = outer.end;
        self.spaces();
        let rest = &self.text[self.at..self.end];
        if rest.first() != Some(&b':') || rest.get(1).is_some_and(|&b| b != b' ' && b != b'\t') {
            return false;
        }
        let name = String::from_utf8_lossy(&self.text[outer.clone()]).trim_matches(['"', '\'']).to_owned();
        self.keys.push(name);
        self.key = Some(outer.clone());
        self.at += 1;
        true
    }

    fn quoted(&self) -> Option<Range<usize>> {
        let mark = self.text[self.at];
        let mut i = self.at + 1;
        while i < self.end {
            match self.text[i] {
                b'\\' if mark == b'"' => i += 1,
                b if b == mark => {
                    if mark == b'\'' && self.text[..self.end].get(i + 1) == Some(&b'\'') {
                        i += 1;
                    } else {
                        return Some(self.at..i + 1);
                    }
                }
                _ => {}
            }
            i += 1;
        }
        None
    }

    /// A plain scalar ends at a comment, or before a colon that makes it a key.
    fn plain(&self) -> Range<usize> {
        let line = &self.text[self.at..self.end];
        let mut end = memchr::memmem::find(line, b" #").unwrap_or(line.len());
        let colon = (0..end).find(|&i| line[i] == b':' && line.get(i + 1).is_none_or(|b| matches!(b, b' ' | b'\t')));
        end = colon.unwrap_or(end);
        self.at..self.at + line[..end].trim_ascii_end().len()
    }

    fn flow(&mut self, span: &Range<usize>) -> Option<Scalar> {
        while self.at < self.end {
            match self.text[self.at] {
                b'"' | b'\'' => {
                    let style = if self.text[self.at] == b'"' { Style::Double } else { Style::Single };
                    let outer = self.quoted()?;
                    if outer.end > span.start {
                        self.key_of_flow(outer.start);
                        return self.hit(span, outer, 1, style);
                    }
                    self.at = outer.end;
                }
                b'{' | b'[' | b'}' | b']' | b',' | b' ' => self.at += 1,
                b'#' if self.text[self.at - 1] == b' ' => return None,
                _ => {
                    let rest = &self.text[self.at..self.end];
                    let stop = |i: usize| {
                        matches!(rest[i], b',' | b'}' | b']')
                            || (rest[i] == b':' && matches!(rest.get(i + 1), None | Some(b' ')))
                    };
                    let end = (0..rest.len()).find(|&i| stop(i)).unwrap_or(rest.len());
                    let outer = self.at..self.at + rest[..end].trim_ascii_end().len().max(1);
                    if outer.end > span.start {
                        self.key_of_flow(outer.start);
                        return self.hit(span, outer, 0, Style::PlainInFlow);
                    }
                    self.at += end.max(1);
                }
            }
        }
        None
    }

    fn key_of_flow(&mut self, at: usize) {
        let before = self.text[..at].trim_ascii_end();
        if let Some(before) = before.strip_suffix(b":") {
            let before = before.trim_ascii_end();
            let start = before.iter().rposition(|b| matches!(b, b'{' | b',' | b' ')).map_or(0, |i| i + 1);
            let name = String::from_utf8_lossy(&before[start..]).trim_matches(['"', '\'']).to_owned();
            self.key = Some(start..before.len());
            self.keys.push(name);
        }
    }

    fn hit(&self, span: &Range<usize>, outer: Range<usize>, mark: usize, style: Style) -> Option<Scalar> {
        let inner = outer.start + mark..outer.end - mark;
        // Nothing but a comment may stand behind it, outside of flow.
        let holds = inner.start <= span.start && span.end <= inner.end;
        holds.then(|| Scalar { outer, inner, style, keys: Vec::new(), key: self.key.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<(Style, bool, Vec<String>)> {
        let start = text.find('@').expect("the sample marks its secret");
        let scalar = scalar(text.as_bytes(), &(start..start + 1))?;
        Some((scalar.style, scalar.inner == (start..start + 1), scalar.keys))
    }

    #[test]
    fn scalars_of_every_style_are_found() {
        let keys = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        assert_eq!(at("a:\n  b: @\n"), Some((Style::Plain, true, keys(&["b", "a"]))));
        assert_eq!(at("a:\n  b: \"x@\" # c\n"), Some((Style::Double, false, keys(&["b", "a"]))));
        assert_eq!(at("a:\n- 'K=@'\n"), Some((Style::Single, false, keys(&["a"]))));
        assert_eq!(at("a:\n  - name: K\n    value: @\n"), Some((Style::Plain, true, keys(&["value", "a"]))));
        assert_eq!(at("a:\n  - b: |\n      x\n    c: @\n"), Some((Style::Plain, true, keys(&["c", "a"]))));
        assert_eq!(at("a:\n  - |\n    x @\n"), Some((Style::Block, false, keys(&["a"]))));
        assert_eq!(at("a: {b: @, c: d}\n"), Some((Style::PlainInFlow, true, keys(&["b", "a"]))));
        assert_eq!(at("a: {b: \"@\"}\n"), Some((Style::Double, true, keys(&["b", "a"]))));
        assert_eq!(at("run: |\n  x\n  y @\n"), Some((Style::Block, false, keys(&["run"]))));
    }

    #[test]
    fn comments_keys_and_continuations_are_none() {
        assert_eq!(at("a: b # @\n"), None);
        assert_eq!(at("# a: @\n"), None);
        assert_eq!(at("@: b\n"), None);
        assert_eq!(at("a: \"x\n  @ y\"\n"), None);
        assert_eq!(at("a: x\n  @ y\n"), None);
    }
}
