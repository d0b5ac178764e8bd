//! A secret in pieces: what a program or a reader puts together that no operator between two literals does. Statements that
//! let a text grow, calls that take its pieces, comments and continued lines between them, characters that nobody sees.
//!
//! All of it begins at an anchor behind which a rule's pattern does not match, and with the longest run of bytes that can
//! stand in a match.

use super::literal;
use super::pattern::{self, Match};
use super::view::View;
use crate::rule::Check;
use crate::ruleset::Rule;
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::LazyLock;

/// How many pieces there may be.
const MOST_PIECES: usize = 12;

/// Pieces of which it can't be told whether they belong together count from this length on.
const LEAST_PIECE: usize = 8;

/// The matches over pieces, in a view of them.
pub(super) fn spliced(
    rule: &Rule,
    text: &[u8],
    anchor: Range<usize>,
    window: &Range<usize>,
) -> Option<(View, Vec<Match>)> {
    let needs = rule.needs();
    let can_stand = |at: usize| text.get(at).is_some_and(|byte| needs.can_stand(*byte));
    // Rules of which more than a word matches have nothing that a piece could end at.
    if needs.can_stand(b'"') || needs.can_stand(b' ') || !anchor.clone().all(can_stand) {
        return None;
    }
    let run_end = |from: usize| (from..window.end).find(|at| !can_stand(*at)).unwrap_or(window.end);
    let before = (window.start..anchor.start).rev().take_while(|at| can_stand(*at)).last().unwrap_or(anchor.start);
    let first = before..run_end(anchor.end);
    if first.len() >= usize::from(needs.longest) || !may_end_piece(text, first.end) {
        return None;
    }
    let near = &text[..window.end];
    if unseen_end(near, first.end).is_some()
        && let Some((view, at)) = seen(&View::plain(text, window.clone()), anchor.start - window.start)
    {
        let matches = pattern::matches(rule, &view.text, at..at + anchor.len());
        if !matches.is_empty() {
            return Some((view, matches));
        }
    }
    let tried =
        |pieces: &mut dyn Iterator<Item = Range<usize>>| together(rule, text, window, &anchor, first.clone(), pieces);
    let mut at = first.end;
    let mut joined = std::iter::from_fn(|| {
        let piece = glued(near, window.start, at)?;
        at = run_end(piece);
        Some(piece..at)
    });
    if let Some(found) = tried(&mut joined) {
        return Some(found);
    }
    // What proves itself may be put together by anything.
    if !proves_itself(rule) {
        return None;
    }
    let mut at = first.end;
    let runs: Vec<Range<usize>> = std::iter::from_fn(|| {
        let start = (at..window.end).find(|at| can_stand(*at))?;
        at = run_end(start);
        Some(start..at)
    })
    .collect();
    let is_quoted =
        |run: &&Range<usize>| is_quote(text[run.start - 1]) && text.get(run.end).is_some_and(|b| is_quote(*b));
    let ends_line = |run: &&Range<usize>| {
        let rest = &near[run.end..];
        let rest = &rest[..rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len())];
        rest.iter().all(|b| b.is_ascii_whitespace() || b"\"'`;,)]}\\^".contains(b))
    };
    let is_long = |run: &&Range<usize>| run.len() >= LEAST_PIECE;
    tried(&mut runs.iter().filter(is_quoted).cloned())
        .or_else(|| tried(&mut runs.iter().filter(ends_line).cloned()))
        .or_else(|| tried(&mut runs.iter().filter(is_long).cloned()))
}

/// The view without the characters that nobody sees.
pub(super) fn seen(view: &View, anchor: usize) -> Option<(View, usize)> {
    literal::rewrite(view, anchor, |text, at| unseen_end(text, at).map(|end| (None, end)))
}

/// Where characters that nobody sees end, if some begin here.
fn unseen_end(text: &[u8], at: usize) -> Option<usize> {
    static UNSEEN_HERE: LazyLock<Regex> = LazyLock::new(|| glue(&[UNSEEN]));
    let may_begin = text.get(at).is_some_and(|byte| b"\\&<\xe2\xef\xc2\xcc\xcd\xd8\xe1".contains(byte));
    may_begin.then(|| Some(at + UNSEEN_HERE.find(&text[at..])?.end())).flatten()
}

/// What stands right here in one of these ways.
fn glue(ways: &[&str]) -> Regex {
    let pattern = format!("^(?:{})", ways.join("|"));
    let pattern = pattern.replace("SKIP", SKIP).replace("NAME", NAME).replace("OPEN", OPEN);
    RegexBuilder::new(&pattern).unicode(false).ignore_whitespace(true).build().expect("it is valid")
}

/// The first pieces that match together, the last of them to its end.
fn together(
    rule: &Rule,
    text: &[u8],
    window: &Range<usize>,
    anchor: &Range<usize>,
    first: Range<usize>,
    pieces: &mut dyn Iterator<Item = Range<usize>>,
) -> Option<(View, Vec<Match>)> {
    let needs = rule.needs();
    let mut all = vec![first];
    let mut len = all[0].len();
    for piece in pieces.take(MOST_PIECES) {
        len += piece.len();
        all.push(piece);
        if len < usize::from(needs.shortest) {
            continue;
        }
        let (view, at) = view_of(text, window, anchor, &all);
        let matches = pattern::matches(rule, &view.text, at..at + anchor.len());
        if !matches.is_empty() {
            return Some((view, matches));
        }
        if len > usize::from(needs.longest) {
            return None;
        }
    }
    None
}

/// The pieces behind each other with what stands round them, and where the anchor stands.
fn view_of(text: &[u8], window: &Range<usize>, anchor: &Range<usize>, pieces: &[Range<usize>]) -> (View, usize) {
    let (first, last) = (&pieces[0], &pieces[pieces.len() - 1]);
    let mut view = View::empty(last.end == text.len(), false);
    let around = std::iter::once(window.start..first.start).chain(pieces.iter().cloned());
    let behind = last.end..window.end.min(last.end + 1);
    for at in around.chain(std::iter::once(behind)).flatten() {
        view.push(text[at], at..at + 1);
    }
    (view, anchor.start - window.start)
}

/// Whether the rule can tell a secret from pieces that do not belong together.
fn proves_itself(rule: &Rule) -> bool {
    rule.spec.checks.iter().any(|check| matches!(check, Check::Checksum(_) | Check::Structure(_)))
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Whether something can stand here that parts two pieces; cheap, and mostly no.
fn may_end_piece(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|byte| b"\"'`\\\n\r<$^&\xe2\xef\xc2\xcc\xcd\xd8\xe1 ".contains(byte))
}

/// Where the next piece begins behind what joins it to the one that ends at `at`. What was called before the first piece
/// may stand from `from` on.
fn glued(text: &[u8], from: usize, at: usize) -> Option<usize> {
    static GLUE: LazyLock<Regex> =
        LazyLock::new(|| glue(&[UNSEEN, IN_TEMPLATE, JOINED, LISTED, GROWN_BARE, CONTINUED]));
    let captures = GLUE.captures(&text[at..])?;
    let next = at + captures.get(0)?.end();
    let is_listed = captures.name("comma").is_some();
    (!is_listed || is_called(&text[from..at]) || is_called(&text[next..])).then_some(next)
}

/// Whether a call that makes one text of several stands here.
fn is_called(text: &[u8]) -> bool {
    static CALL: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?i)(?:concat\w*|s?n?printf|format|paste0|join\w*|implode|strcat|str_c|glue)\W{0,3}\(|concatenate|%s%s|\{\}\{\}|\{0\}\{1\}";
        RegexBuilder::new(pattern).unicode(false).build().expect("it is valid")
    });
    CALL.is_match(text)
}

/// Blanks, comments and continued lines.
const SKIP: &str = r"(?: \s | // [^\n]* \n | /\* (?s:.){0,120}? \*/ | \# [^\n]* \n | -- [^\n]* \n | [\\`^_] \r? \n )*";
/// A variable.
const NAME: &str = r"(?: [$@]? \w [\w.:>$-]{0,60} (?: \[ [^\]\n]{0,40} \] )? )";
/// What begins a literal.
const OPEN: &str = r#"(?: [fFrRbBuULS@$]{0,2} ["'`] )"#;
/// Characters without width, marks on others and direction marks, as bytes and escaped.
const UNSEEN: &str = r"(?: \xe2\x80[\x8b-\x8f\xaa-\xae] | \xe2\x81[\xa0-\xaf] | \xef\xbb\xbf | \xc2\xad | \xcc[\x80-\xbf] | \xcd[\x80-\xaf]
    | \xd8\x9c | \xe1\xa0\x8e | \xef\xb8[\x80-\x8f] | \\u\{? (?i:200[b-f]|202[a-e]|206[0-9a-f]|feff|00ad|034f) \}?
    | &(?:\#8203|\#8204|\#8205|\#173|\#8288|\#xfeff|\#x200[bcdBCD]|\#xad|\#xAD|shy|ZeroWidthSpace|zwj|zwnj|NoBreak); | <wbr\s*/?> )+";
/// A line that goes on with the next, or a word of a shell that begins or ends with a literal.
const CONTINUED: &str = r#"[\\`^] \r? \n [\x20\t]* ["']? | ["']{1,2} \b"#;
/// A variable of a shell, a makefile or a batch file that grows by a word.
const GROWN_BARE: &str = r#"["']? ;? \s+ (?:export\s+|set\s+)? NAME (?: \+= | \s? :? = \s? ["']? (?: \$\{\w{1,60}\} | \$\(\w{1,60}\) | %\w{1,60}% | "\$\w{1,60}" ) ) ["']?"#;
/// One literal within another's braces, next to each other.
const IN_TEMPLATE: &str = r#"["'`] \s* \} [$\#]? \{ \s* ["'`] | [$\#]\{ \s* (?:""|'')? \s* \}"#;
/// The end of a literal, an operator, a call or an assignment that adds, and the beginning of the next literal.
const JOINED: &str = r#"\\? ["'`] SKIP \)* SKIP (?:
      (?: [+&~^_] | \.{1,2} | <> | \|\| | \+\+ | [A-Z_]{2,24} ) SKIP
    | (?: \. | -> | :: | ; \s* NAME (?:\.|->) ) \s* (?i:append\w*|concat|push_str|write_?(?:str(?:ing)?)?|add|plus) \s* \( \s*
    | ;? SKIP NAME SKIP (?: [+.~&^] | \.\. | <> | \|\| )= SKIP
    | ;? SKIP NAME SKIP :?= SKIP NAME SKIP (?: [+.~&^] | \.\. | <> | \|\| | \+\+ ) SKIP
    )? \\? OPEN"#;
/// Two of a list.
const LISTED: &str = r#"["'`] SKIP (?<comma>,) SKIP OPEN"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_joins_two_pieces_ends_where_the_next_begins() {
        for (glue, goes_on) in [
            ("\".concat(\"", true),
            ("\" + \"", true),
            ("\";\nkey += \"", true),
            ("\");\nkey.append(\"", true),
            ("\", \"", false),
            ("\"; other = \"", false),
            ("\"\n", false),
            ("\\\n    ", true),
        ] {
            let text = format!("{glue}rest");
            assert_eq!(glued(text.as_bytes(), 0, 0), goes_on.then_some(glue.len()), "{glue}");
        }
    }
}
