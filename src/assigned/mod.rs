//! What is given to a name: just enough of forty notations to tell `password = "…"` from all that only looks
//! like it. Reads bytes near the name alone, and knows neither the file nor whether the value is worth anything.

mod ahead;
mod bare;
mod call;
mod columns;
mod digested;
mod link;
mod login;
mod markup;
pub(crate) mod name;
mod position;
mod store;
mod value;
mod words;

use crate::rule::Reach;
use std::cell::Cell;
use std::ops::Range;

/// A value that stands beside a name, and how it is tied to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assigned {
    /// The whole identifier that holds the name: `spring.datasource.password`.
    pub name: Range<usize>,
    /// The credential's own word in it.
    pub word: Range<usize>,
    /// The literal, without its quotes.
    pub value: Range<usize>,
    /// What ties them.
    pub link: Link,
    /// What encloses the literal.
    pub quote: Quote,
}

/// What ties a value to its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Link {
    /// `=`, `:`, `=>`, `:=` and the like.
    Given,
    /// `==`, `!=`, `.equals(`.
    Compared,
    /// The argument of a setter, or the one behind the name.
    Argument,
    /// What holds when a variable is not set.
    Default,
    /// Behind an option of a command, or a word of a configuration, and a blank.
    Following,
    /// Between the tags of an element.
    Element,
    /// `name` and `value` side by side.
    Sibling,
    /// In a sentence or a table.
    Told,
    /// By its place: among the arguments of a call that takes a credential, or in the column of that name.
    Placed,
}

/// What encloses a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Quote {
    /// Quotes of any sort.
    Quoted,
    /// Tags.
    Tags,
    /// Nothing.
    Bare,
    /// Nothing, amid a sentence or a list on one line.
    Amid,
}

/// How far before its anchor a name can begin, and how far behind it a value can end.
const LONGEST_NAME: usize = 64;
/// Longer values are no credentials that people give names to.
const LONGEST_VALUE: usize = 200;

/// Reads what is given to the name that holds the anchor. Looks at no byte out of reach.
#[cfg(test)]
pub(crate) fn read(text: &[u8], anchor: Range<usize>, reach: &Reach) -> Option<Assigned> {
    reading(text, true, anchor, reach).ok()
}

/// The same in a text that may be cut off; else whether the literal goes on behind an operator, so that it may be one when that is joined.
pub(crate) fn reading(text: &[u8], is_whole: bool, anchor: Range<usize>, reach: &Reach) -> Result<Assigned, bool> {
    let end = (anchor.end + reach.after as usize).min(text.len());
    let start = anchor.start.saturating_sub(reach.before as usize);
    let near = Near { text: &text[..end], start, is_end: is_whole && end == text.len(), goes_on: Cell::new(false) };
    assigned(&near, anchor).ok_or(near.goes_on.get())
}

fn assigned(near: &Near<'_>, anchor: Range<usize>) -> Option<Assigned> {
    let word = word_of(near.text, anchor.clone());
    let (name, (link, value, quote)) = match position::argument(near, &anchor) {
        Some(found) => (word.clone(), found),
        None => match login::told(near, &word) {
            Some(found) => (word.clone(), found),
            None => {
                let name = near.name_around(&word)?;
                let found = tied(near, &name, &word)?;
                let found = login::second(near, &name, found);
                (name, found)
            }
        },
    };
    (value.len() >= 4 && value.len() <= LONGEST_VALUE).then_some(Assigned { name, word, value, link, quote })
}

/// A value, what ties it and what encloses it.
type Tied = (Link, Range<usize>, Quote);

/// What stands behind the name, else before it, else in its column.
fn tied(near: &Near<'_>, name: &Range<usize>, word: &Range<usize>) -> Option<Tied> {
    let behind = || {
        let (link, at) = link::behind(near, name, word)?;
        value::at(near, name, link, at).map(|(value, quote)| (link, value, quote))
    };
    behind()
        .or_else(|| ahead::tied(near, name))
        .or_else(|| store::piped(near, name))
        .or_else(|| columns::tied(near, name))
}

/// An anchor without the marks round its word: what stands behind one makes it rarer.
fn word_of(text: &[u8], anchor: Range<usize>) -> Range<usize> {
    let is_letter = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80;
    let inside = &text[anchor.clone()];
    let start = inside.iter().position(is_letter).unwrap_or(0);
    let end = inside.iter().rposition(is_letter).map_or(inside.len(), |last| last + 1);
    anchor.start + start..anchor.start + end
}

/// The bytes that may be looked at.
struct Near<'t> {
    /// The text up to the end of the window.
    text: &'t [u8],
    /// Where the window starts.
    start: usize,
    /// Whether the text ends where the window does.
    is_end: bool,
    /// Whether a literal was met that goes on behind an operator.
    goes_on: Cell<bool>,
}

impl Near<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    fn before(&self, at: usize) -> Option<u8> {
        (at > self.start).then(|| self.text[at - 1])
    }

    fn rest(&self, at: usize) -> &[u8] {
        &self.text[at.min(self.text.len())..]
    }

    fn starts(&self, at: usize, with: &str) -> bool {
        self.rest(at).starts_with(with.as_bytes())
    }

    /// Behind blanks, and line ends if asked, at most so many.
    fn skip(&self, at: usize, most: usize, lines: bool) -> usize {
        let blank = |b: &&u8| matches!(b, b' ' | b'\t') || lines && matches!(b, b'\n' | b'\r');
        at + self.rest(at).iter().take(most).take_while(blank).count()
    }

    /// Behind blanks, those that are no break included.
    fn skip_wide(&self, at: usize, most: usize) -> usize {
        let behind = self.skip(at, most, false);
        if self.starts(behind, "\u{a0}") { self.skip(behind + "\u{a0}".len(), most, false) } else { behind }
    }

    /// Before blanks.
    fn skip_back(&self, at: usize) -> usize {
        let blanks = self.text[self.start..at].iter().rev().take_while(|b| matches!(b, b' ' | b'\t')).count();
        at - blanks
    }

    /// The literal whose closing quote stands right before the place, on one line.
    fn literal_before(&self, at: usize) -> Option<Range<usize>> {
        let quote = self.before(at).filter(|b| is_quote(*b))?;
        let inside = &self.text[self.start..at - 1];
        let open = memchr::memrchr(quote, inside)?;
        let value = self.start + open + 1..at - 1;
        (!self.text[value.clone()].contains(&b'\n')).then_some(value)
    }

    /// What stands on the line before the place, as far as the window goes.
    fn line_before(&self, at: usize) -> &[u8] {
        let before = &self.text[self.start..at];
        memchr::memrchr(b'\n', before).map_or(before, |nl| &before[nl + 1..])
    }

    /// The identifier round an anchor: letters, digits, `_`, and `-` and `.` between them.
    fn name_around(&self, anchor: &Range<usize>) -> Option<Range<usize>> {
        let mut start = anchor.start;
        while let Some(before) = self.before(start) {
            let joins = matches!(before, b'-' | b'.') && self.before(start - 1).is_some_and(is_word);
            if !is_word(before) && !joins || ends_with_mark(&self.text[self.start..start]) {
                break;
            }
            start -= 1;
            if anchor.start - start > LONGEST_NAME {
                return None;
            }
        }
        let mut end = anchor.end;
        while let Some(here) = self.byte(end) {
            let joins = matches!(here, b'-' | b'.') && self.byte(end + 1).is_some_and(is_word);
            if !is_word(here) && !joins || starts_with_mark(self.rest(end)) || self.is_method(end) {
                break;
            }
            end += 1;
            if end - anchor.end > LONGEST_NAME {
                return None;
            }
        }
        Some(start..end)
    }

    /// Whether a comparing method is called here.
    fn is_method(&self, at: usize) -> bool {
        self.byte(at) == Some(b'.') && link::COMPARING.iter().any(|method| self.starts(at, method))
    }
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// The colon, the brackets and the copula of Chinese and Japanese text, dashes, and the blank that is no break.
const MARKS: [&str; 15] = ["：", "，", "。", "、", "「", "」", "（", "）", "为", "為", "是", "は", "–", "—", "\u{a0}"];

fn ends_with_mark(text: &[u8]) -> bool {
    text.last().is_some_and(|b| *b >= 0x80) && MARKS.iter().any(|mark| text.ends_with(mark.as_bytes()))
}

fn starts_with_mark(text: &[u8]) -> bool {
    text.first().is_some_and(|b| *b >= 0x80) && MARKS.iter().any(|mark| text.starts_with(mark.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::name::{Meaning, meaning};
    use super::*;
    use crate::rule::Credential;

    fn told(text: &str, anchor: &str, class: Credential) -> Option<(String, Meaning)> {
        let at = text.to_ascii_lowercase().find(anchor).expect("the anchor stands in the text");
        let found = read(text.as_bytes(), at..at + anchor.len(), &Reach { before: 110, after: 226 })?;
        let meaning = meaning(text.as_bytes(), &found, class);
        Some((text[found.value].to_owned(), meaning))
    }

    #[test]
    fn an_anchor_may_hold_what_stands_behind_the_word() {
        let value = |text, anchor| told(text, anchor, Credential::Password).map(|(value, _)| value);
        assert_eq!(value("DB_PASS=s3cret", "pass=").as_deref(), Some("s3cret"));
        assert_eq!(value("{\"pwd\": \"s3cret\"}", "pwd\"").as_deref(), Some("s3cret"));
        assert_eq!(value("$foo_pass = 's3cret';", "_pass").as_deref(), Some("s3cret"));
    }

    #[test]
    fn names_of_other_things_mean_something_else() {
        for (text, anchor, class) in [
            ("password_file = 's3cret'", "password", Credential::Password),
            ("passwordless = 's3cret'", "password", Credential::Password),
            ("next_token = 's3cret'", "token", Credential::Token),
            ("tokenizer = 's3cret'", "token", Credential::Token),
            ("TOKENIZER = 's3cret'", "token", Credential::Token),
            ("foreign_key = 's3cret'", "_key", Credential::Key),
            ("secretary = 's3cret'", "secret", Credential::Secret),
            ("is_password = 's3cret'", "password", Credential::Password),
        ] {
            assert_eq!(told(text, anchor, class).map(|(_, meaning)| meaning), Some(Meaning::Other), "{text}");
        }
        for text in
            ["dbPassword = 's3cret'", "DBPASSWORD = 's3cret'", "password2 = 's3cret'", "adminpassword = 's3cret'"]
        {
            let meaning = told(text, "password", Credential::Password).map(|(_, meaning)| meaning);
            assert_eq!(meaning, Some(Meaning::Strong), "{text}");
        }
    }

    #[test]
    fn a_value_that_ends_beyond_reach_is_none() {
        let long = format!("password = '{}'", "x".repeat(300));
        assert_eq!(told(&long, "password", Credential::Password), None);
        let bare = format!("password={}", "x".repeat(226));
        assert_eq!(told(&bare, "password", Credential::Password), None);
    }
}
