//! Values in the column of a name: of an `INSERT`, of a table in a text, of separated values.

use super::{LONGEST_VALUE, Link, Near, Quote, Tied, is_quote, position};
use std::ops::Range;

/// The value below the name, or in its place.
pub(super) fn tied(near: &Near<'_>, name: &Range<usize>) -> Option<Tied> {
    let is_quoted = near.before(name.start).is_some_and(is_quote) && near.byte(name.end).is_some_and(is_quote);
    let (start, end) = (name.start - usize::from(is_quoted), name.end + usize::from(is_quoted));
    let before = near.before(near.skip_back(start));
    let behind = near.skip(end, 24, false);
    match (before, near.byte(behind)?) {
        (Some(b'(' | b','), b')' | b',') if behind == end => {
            inserted(near, start, end).or_else(|| separated(near, start).filter(|_| before == Some(b',')))
        }
        (Some(b'|'), b'|') if is_header(near, behind) => in_table(near, start),
        (None | Some(b'\n' | b',' | b';' | b'\t'), b',' | b';' | b'\t' | b'\r' | b'\n') if behind == end => {
            separated(near, start)
        }
        _ => None,
    }
    .map(|(value, quote)| (Link::Placed, value, quote))
}

/// `INSERT INTO users (name, password) VALUES ('app', 'x')`
fn inserted(near: &Near<'_>, start: usize, end: usize) -> Option<(Range<usize>, Quote)> {
    let is_name = |b: &u8| super::is_word(*b) || b", `\"[].\n\r\t".contains(b);
    let before = &near.text[near.start..start];
    let names = before.iter().rev().take_while(|b| is_name(b)).count();
    (near.before(start - names) == Some(b'(')).then_some(())?;
    let rest = near.rest(end);
    let close = rest.iter().take(140).position(|b| !is_name(b)).filter(|at| rest[*at] == b')')?;
    let values = near.skip(end + close + 1, 16, true);
    near.rest(values).get(..6).filter(|word| word.eq_ignore_ascii_case(b"values"))?;
    let open = near.skip(values + 6, 16, true);
    (near.byte(open) == Some(b'(')).then_some(())?;
    let index = before[before.len() - names..].iter().filter(|b| **b == b',').count();
    position::literal_at(near, open, index)
}

/// Whether a rule of dashes below the line makes it the head of a table.
pub(super) fn is_header(near: &Near<'_>, at: usize) -> bool {
    let below = memchr::memchr(b'\n', near.rest(at)).map(|nl| near.rest(at + nl + 1).trim_ascii_start());
    below.is_some_and(|below| {
        below.starts_with(b"|--")
            || below.starts_with(b"| --")
            || below.starts_with(b"|:-")
            || below.starts_with(b"| :-")
    })
}

/// The cell in the first row of a table.
fn in_table(near: &Near<'_>, start: usize) -> Option<(Range<usize>, Quote)> {
    let column = near.line_before(start).iter().filter(|b| **b == b'|').count();
    let rule = start + memchr::memchr(b'\n', near.rest(start))? + 1;
    let row = rule + memchr::memchr(b'\n', near.rest(rule))? + 1;
    let cell = cell(near, row, b'|', column)?;
    let text = &near.text[cell.clone()];
    let mark = usize::from(text.len() > 2 && text[0] == b'`' && text.ends_with(b"`"));
    Some((cell.start + mark..cell.end - mark, Quote::Quoted))
}

/// The field in the line below a head of names.
fn separated(near: &Near<'_>, start: usize) -> Option<(Range<usize>, Quote)> {
    let head_start = start - near.line_before(start).len();
    let head = &near.text[head_start..head_start + memchr::memchr(b'\n', &near.text[head_start..])?];
    let separator = *head.iter().find(|b| matches!(b, b',' | b';' | b'\t'))?;
    // `User name,Password`, not a sentence
    let has_blanks = head.contains(&b' ') && !head.windows(2).any(|pair| pair == [separator, b' ']);
    let is_name = |b: &u8| {
        super::is_word(*b) || matches!(b, b'"' | b'-' | b'.' | b'\r') || *b == separator || *b == b' ' && has_blanks
    };
    // A row of numbers and names is no head.
    let is_named = |cell: &[u8]| cell.iter().any(u8::is_ascii_alphabetic) || !cell.is_ascii();
    let count = |line: &[u8]| line.iter().filter(|b| **b == separator).count();
    let row = head_start + head.len() + 1;
    let line = near.rest(row);
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    // A comma at the end makes it a list in a program.
    let is_head = head.iter().all(is_name)
        && head.split(|b| *b == separator).all(is_named)
        && head.last() != Some(&separator)
        && count(head) == count(line);
    let index = count(&near.text[head_start..start]);
    let field = is_head.then(|| cell(near, row, separator, index)).flatten()?;
    let text = &near.text[field.clone()];
    let mark = usize::from(text.len() > 2 && text[0] == b'"' && text.ends_with(b"\""));
    Some((field.start + mark..field.end - mark, if mark > 0 { Quote::Quoted } else { Quote::Bare }))
}

/// The text between two separators of a line.
fn cell(near: &Near<'_>, line: usize, separator: u8, index: usize) -> Option<Range<usize>> {
    let rest = near.rest(line);
    let len = memchr::memchr(b'\n', rest).or_else(|| near.is_end.then_some(rest.len()))?;
    let before: usize = rest[..len].split(|b| *b == separator).take(index).map(|cell| cell.len() + 1).sum();
    let cell = rest[..len].split(|b| *b == separator).nth(index)?;
    let text = cell.trim_ascii();
    let start = line + before + (cell.len() - cell.trim_ascii_start().len());
    (!text.is_empty() && text.len() <= LONGEST_VALUE).then_some(start..start + text.len())
}
