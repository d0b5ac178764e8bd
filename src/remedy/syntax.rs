//! The strings and comments of each language, and what a secret inside a longer string can become.

/// What has to be known of a language to find its strings.
#[derive(Debug)]
pub(super) struct Syntax {
    pub line_comments: &'static [&'static str],
    pub block_comments: &'static [Block],
    /// The kinds of strings; of two that begin alike the longer comes first.
    pub quotes: &'static [Quote],
    /// What may stand in front of an opening quote and belongs to the string, in lower case.
    pub prefixes: &'static [&'static str],
    /// Whether an `r` in the prefix switches escapes off.
    pub raw_prefix_ends_escapes: bool,
    pub apostrophe: Apostrophe,
    /// Whether a slash can begin a regular expression.
    pub slash_regex: bool,
    pub heredoc: Heredoc,
    /// Whether code begins behind `<?` only.
    pub starts_in_page: bool,
    /// Whether `#[` is no comment.
    pub attributes: bool,
}

impl Syntax {
    /// With which bytes anything but plain code can begin.
    pub(super) fn begins(&self) -> [bool; 256] {
        let mut begins = [false; 256];
        let blocks = self.block_comments.iter().map(|block| block.open);
        let marks = self.line_comments.iter().copied().chain(blocks).chain(self.quotes.iter().map(|quote| quote.open));
        marks.for_each(|mark| begins[usize::from(mark.as_bytes()[0])] = true);
        let mut set = |byte: u8, is_one: bool| begins[usize::from(byte)] |= is_one;
        match self.apostrophe {
            Apostrophe::Nothing => {}
            Apostrophe::Character => set(b'\'', true),
            Apostrophe::BackslashCharacter => set(b'\\', true),
            Apostrophe::MarkedCharacter(mark) => set(mark, true),
        }
        set(b'/', self.slash_regex);
        set(b'?', self.starts_in_page);
        set(b'<', self.heredoc != Heredoc::None);
        set(b'\n', self.heredoc != Heredoc::None);
        begins
    }
}

/// A comment with an end.
#[derive(Debug)]
pub(super) struct Block {
    pub open: &'static str,
    pub close: &'static str,
    pub nests: bool,
    pub at_line_start: bool,
}

/// What an apostrophe, or its like, means where it is no quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apostrophe {
    Nothing,
    /// `'"'` is a character.
    Character,
    /// `\"` is one.
    BackslashCharacter,
    /// `?"` is one, or `$"`.
    MarkedCharacter(u8),
}

/// How a heredoc begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heredoc {
    None,
    /// `<<`.
    Two,
    /// `<<<`.
    Three,
}

/// How a string holds its own quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    None,
    Backslash,
    Backtick,
    Doubled,
}

/// One kind of string.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Quote {
    pub open: &'static str,
    pub close: &'static str,
    pub escape: Escape,
    /// Whether it may go on over a line's end.
    pub lines: bool,
    /// What opens a hole for code in it.
    pub hole: Option<&'static str>,
    /// What becomes of a secret that is all of it.
    pub whole: Whole,
    /// What becomes of a secret that is a part of it.
    pub part: Partly,
}

/// What becomes of a string that is nothing but the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// The expression takes its place.
    Expression,
    /// It stays: it is no plain string.
    Stays,
}

/// What becomes of a secret inside a longer string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Partly {
    /// It stays.
    Stays,
    /// The expression in a hole: what opens the hole, what closes it.
    Hole(&'static str, &'static str),
    /// The same, in a string that becomes another kind first, unless it holds one of these.
    Becomes { quote: &'static str, hole: (&'static str, &'static str), unless: &'static [&'static str] },
    /// The string is closed, the expression joined on with this, and opened again.
    Join(&'static str),
    /// The pieces become the arguments of a call.
    Call { open: &'static str, between: &'static str, close: &'static str },
    /// Python's: an `f` in front, unless there are braces.
    FString,
    /// C#'s raw strings: as many `$` in front as its braces ask for.
    Dollars,
    /// Java's text blocks: `%s` in its place and `.formatted(…)` behind, unless there are percent signs.
    Formatted,
}
