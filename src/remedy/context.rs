//! What stands round a string: whether an expression may take its place, and with which brackets.

use super::language::Language;
use super::literal::{is_word, line_of};
use std::ops::Range;

/// The brackets that are open where a string stands, innermost first, and the statements they stand in.
#[derive(Debug)]
pub(super) struct Surroundings<'a> {
    language: Language,
    code: &'a [u8],
    outer: Range<usize>,
    /// Open brackets, innermost first.
    open: Vec<usize>,
    /// From the start of the statement to the string.
    head: String,
    /// The statements that the open braces belong to, innermost first.
    heads: Vec<String>,
}

/// Why no expression can simply take the secret's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Its value is fixed before the program runs.
    Constant,
    /// It is an argument of an annotation, which takes constants only.
    Annotation,
    /// It is the default of a parameter, which takes constants only.
    Parameter,
    /// It is what the variable itself is set to.
    SetsItself,
    /// It stands in a heredoc that no expression can be written in.
    Heredoc,
    /// It stands in a heredoc in which nothing is filled in.
    RawHeredoc,
    /// Something else, mostly that too little is known.
    Other,
}

/// How the string's neighbours bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    /// Anything that is one operand, or a sum, may stand there.
    Loose,
    /// A sum needs brackets.
    Tight,
    /// Even a call needs them: the string is the argument of a call without brackets.
    Argument,
}

impl<'a> Surroundings<'a> {
    /// Looks at what stands round the string at `outer` in code whose strings and comments are blank.
    pub fn new(language: Language, code: &'a [u8], outer: Range<usize>) -> Self {
        let start = statement(language, code, outer.start);
        let mut open = Vec::new();
        let mut heads = Vec::new();
        let mut closed = 0usize;
        for at in (0..outer.start).rev() {
            match code[at] {
                b')' | b']' | b'}' => closed += 1,
                b'(' | b'[' | b'{' if closed > 0 => closed -= 1,
                b'(' | b'[' | b'{' => {
                    open.push(at);
                    if code[at] == b'{' && heads.len() < 8 {
                        heads.push(text_of(code, statement(language, code, at)..at));
                    }
                }
                _ => {}
            }
        }
        Surroundings { language, code, head: text_of(code, start..outer.start), outer, open, heads }
    }

    /// Whether only a constant may stand there, or no expression at all, and why.
    pub fn refusal(&self) -> Option<Refusal> {
        if self.is_annotation() {
            return Some(Refusal::Annotation);
        }
        if self.is_parameter() {
            return Some(Refusal::Parameter);
        }
        if self.is_constant() {
            return Some(Refusal::Constant);
        }
        (self.is_key_or_label() || self.is_import() || self.is_attribute() || self.is_symbol() || self.is_docstring())
            .then_some(Refusal::Other)
    }

    /// Whether another string stands right before or behind, to be joined with it.
    pub fn is_joined_implicitly(&self) -> bool {
        use Language::*;
        // Elsewhere two strings side by side are two arguments.
        if !matches!(self.language, Python | Ruby | Dart | C | Cpp | ObjectiveC) {
            return false;
        }
        let after = self.code[self.outer.end..].trim_ascii_start();
        let after = match after.strip_prefix(b"\\") {
            Some(continued) => continued.trim_ascii_start(),
            None => self.after(),
        };
        let prefix = after.iter().take(3).take_while(|b| b.is_ascii_alphabetic() || **b == b'@').count();
        let before = self.code[..self.outer.start].trim_ascii_end();
        let before = before.strip_suffix(b"\\").map_or(self.before(), |line| line.trim_ascii_end().last().copied());
        matches!(before, Some(b'"' | b'\'')) || matches!(after.get(prefix), Some(b'"' | b'\''))
    }

    /// How the neighbours bind.
    pub fn binding(&self) -> Binding {
        use Language::*;
        if self.language == Hocon {
            return Binding::Loose;
        }
        let before = self.before();
        let same_line = self.code[line_of(self.code, self.outer.start).start..self.outer.start].trim_ascii_end();
        let called = matches!(before, Some(b) if is_word(b) || matches!(b, b')' | b']')) && !same_line.is_empty();
        let word = self.word_before();
        let keyword = ["return", "and", "or", "not", "in", "then", "do", "else", "elif", "yield", "await", "case"];
        if called && !keyword.contains(&word.as_str()) && matches!(self.language, FSharp | Lua | Haskell) {
            return Binding::Argument;
        }
        let loose_before = match before {
            None => true,
            Some(b'(' | b'[' | b'{' | b',' | b'=' | b':' | b';' | b'>' | b'+' | b'?' | b'&' | b'|' | b'}') => true,
            Some(b'.') => matches!(self.language, Php | LaravelConfig | Perl | Lua),
            Some(b) => is_word(b),
        };
        let after = self.after();
        let loose_after = match after.first() {
            None | Some(b')' | b']' | b'}' | b',' | b';' | b'+' | b':' | b'&' | b'|' | b'#' | b'>') => true,
            Some(b'.') => matches!(self.language, Php | LaravelConfig | Perl) || after.starts_with(b".."),
            Some(b'=') => after.starts_with(b"=="),
            Some(_) => self.ends_line(),
        };
        if loose_before && loose_after { Binding::Loose } else { Binding::Tight }
    }

    /// The last byte before the string that is no white space.
    pub fn before(&self) -> Option<u8> {
        let start = if self.line_is_statement() { line_of(self.code, self.outer.start).start } else { 0 };
        self.code[start..self.outer.start].trim_ascii_end().last().copied()
    }

    /// The code behind the string, without leading white space.
    pub fn after(&self) -> &'a [u8] {
        if self.line_is_statement() && self.ends_line() {
            return &[];
        }
        self.code[self.outer.end..].trim_ascii_start()
    }

    /// Whether the statement ends with the line.
    fn line_is_statement(&self) -> bool {
        ends_with_lines(self.language) && !matches!(self.innermost(), Some((_, b'(' | b'[')))
    }

    /// Whether nothing but white space stands behind the string on its line.
    pub fn ends_line(&self) -> bool {
        self.code[self.outer.end..line_of(self.code, self.outer.end).end].trim_ascii().is_empty()
    }

    /// The statement up to the string.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// The bracket that is open where the string stands.
    pub fn innermost(&self) -> Option<(usize, u8)> {
        self.open.first().map(|&at| (at, self.code[at]))
    }

    /// The statements of the open braces, innermost first.
    pub fn heads(&self) -> &[String] {
        &self.heads
    }

    fn word_before(&self) -> String {
        let code = self.code[..self.outer.start].trim_ascii_end();
        let start = code.iter().rposition(|&b| !is_word(b)).map_or(0, |i| i + 1);
        text_of(code, start..code.len())
    }

    fn first_word(&self) -> &str {
        words(&self.head).next().unwrap_or_default()
    }

    fn is_key_or_label(&self) -> bool {
        let after = self.after();
        if self.is_compared() {
            return false;
        }
        match after.first() {
            // There a colon ends the head of a block, too.
            Some(b':') if self.language == Language::Python => matches!(self.innermost(), Some((_, b'{'))),
            Some(b':') => !self.head.contains('?') && !after.starts_with(b"::"),
            Some(b'=') => !after.starts_with(b"=="),
            Some(b'-') => after.starts_with(b"->") && self.language != Language::Php,
            Some(b'{') => true,
            _ => false,
        }
    }

    /// Whether the string is the right side of a comparison.
    fn is_compared(&self) -> bool {
        let before = self.code[..self.outer.start].trim_ascii_end();
        before.ends_with(b"==") || before.ends_with(b"!=")
    }

    /// Ruby's `:"…"`.
    fn is_symbol(&self) -> bool {
        let before = &self.code[..self.outer.start];
        self.language == Language::Ruby && before.ends_with(b":") && !before.ends_with(b"::")
    }

    /// Python's string that is a statement of its own.
    fn is_docstring(&self) -> bool {
        let same_line = &self.code[line_of(self.code, self.outer.start).start..self.outer.start];
        let before = self.code[..self.outer.start].trim_ascii_end();
        self.language == Language::Python
            && self.open.is_empty()
            && same_line.trim_ascii().is_empty()
            && !matches!(before.last(), Some(b'\\' | b'=' | b'+'))
    }

    fn is_import(&self) -> bool {
        let line = text_of(self.code, line_of(self.code, self.outer.start).start..self.outer.start);
        matches!(self.first_word(), "import" | "package" | "case" | "when")
            || self.word_before() == "from"
            || matches!(self.word_before().as_str(), "case" | "extern")
            || (self.language == Language::CSharp && matches!(self.word_before().as_str(), "is" | "or" | "not"))
            || (matches!(self.language, Language::C | Language::Cpp | Language::ObjectiveC)
                && line.trim_start().starts_with('#'))
    }

    /// `@Name(…)`, `[Name(…)]`, `#[name(…)]`, `<Name(…)>`.
    fn is_annotation(&self) -> bool {
        use Language::*;
        self.open.iter().any(|&at| {
            let before = self.code[..at].trim_ascii_end();
            match self.code[at] {
                b'(' => {
                    let name = before.iter().rposition(|&b| !is_word(b) && b != b'.').map(|i| before[i]);
                    matches!(self.language, Java | Kotlin | Scala | Groovy | Swift | Dart) && name == Some(b'@')
                }
                b'[' => {
                    let starts = matches!(before.last(), None | Some(b'{' | b'}' | b';' | b']' | b')'));
                    before.ends_with(b"#") && matches!(self.language, Rust | Php | LaravelConfig)
                        || (starts && self.language == CSharp)
                }
                _ => false,
            }
        }) || (self.language == VisualBasic && self.head.trim_start().starts_with('<'))
            || (self.language == Go && self.heads.first().is_some_and(|head| head.trim_end().ends_with("struct")))
    }

    /// The default of a parameter, in the languages in which that is fixed when the program is compiled.
    fn is_parameter(&self) -> bool {
        use Language::*;
        let head = |word: &str| words(&self.head).any(|w| w == word);
        let in_brackets = self.innermost().is_some_and(|(_, b)| b != b'{');
        let assigned = self.head.trim_end().ends_with('=');
        match self.language {
            Dart => {
                let named = self
                    .innermost()
                    .is_some_and(|(at, _)| matches!(self.code[..at].trim_ascii_end().last(), Some(b'(' | b',')));
                assigned && (in_brackets || named)
            }
            CSharp => {
                let typed = words(self.head.rsplit([',', '(']).next().unwrap_or_default()).count() >= 2;
                assigned && in_brackets && typed
            }
            VisualBasic => head("Optional"),
            Php | LaravelConfig => (head("function") || head("fn")) && in_brackets && assigned,
            Elixir => self.first_word().starts_with("def") && !head("do"),
            _ => false,
        }
    }

    fn is_constant(&self) -> bool {
        use Language::*;
        let head = |word: &str| words(&self.head).any(|w| w.eq_ignore_ascii_case(word));
        let round = |word: &str| self.heads.iter().any(|h| words(h).any(|w| w == word));
        let block = self.open.iter().any(|&at| self.code[at] == b'{');
        match self.language {
            Go => {
                let group = self.open.iter().any(|&at| {
                    let before = self.code[..at].trim_ascii_end();
                    self.code[at] == b'(' && (before.ends_with(b"const") || before.ends_with(b"import"))
                });
                head("const") || group
            }
            Kotlin => head("const"),
            Dart => head("const") || round("const"),
            CSharp => head("const"),
            VisualBasic => head("Const") || head("Case"),
            FSharp => {
                let start = self.outer.start - self.head.len();
                self.head.contains("Literal") || self.code[..start].trim_ascii_end().ends_with(b">]")
            }
            Php | LaravelConfig => {
                let declared = ["public", "protected", "private", "var", "static", "const", "readonly", "final"];
                declared.contains(&self.first_word()) && !head("function") && !head("fn")
            }
            TypeScript | DenoTypeScript => {
                // `type` and its like are names too, as in `{ type: "postgres" }`.
                let declares = |head: &str| {
                    let head = head.trim_start();
                    let head = head.strip_prefix("export ").unwrap_or(head);
                    if head.starts_with("declare ") {
                        return true;
                    }
                    let head = head.strip_prefix("const ").unwrap_or(head);
                    ["type ", "enum ", "interface ", "namespace "].iter().any(|word| {
                        head.strip_prefix(word)
                            .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_alphabetic() || c == '_'))
                    })
                };
                declares(&self.head) || self.heads.iter().any(|head| declares(head))
            }
            C | ObjectiveC => !block || head("static") || self.is_array() || round("enum") || self.is_format(),
            Cpp => ["constexpr", "consteval", "constinit"].into_iter().any(head) || self.is_array() || self.is_format(),
            Elixir => self.head.trim_start().starts_with('@'),
            Erlang => memchr::memmem::find(&self.code[self.outer.end..line_of(self.code, self.outer.end).end], b"->")
                .is_some(),
            Clojure => self.open.iter().any(|&at| at > 0 && matches!(self.code[at - 1], b'\'' | b'`')),
            Terraform => self.heads.iter().any(|h| {
                ["variable", "terraform", "backend", "provisioner"].contains(&words(h).next().unwrap_or_default())
            }),
            _ => false,
        }
    }

    /// `char key[] = "…"`.
    fn is_array(&self) -> bool {
        self.head.trim_end().strip_suffix('=').is_some_and(|h| h.trim_end().ends_with(']'))
    }

    /// `printf("…")`: the format itself, not what is printed with it.
    fn is_format(&self) -> bool {
        self.innermost().is_some_and(|(at, _)| {
            let before = self.code[..at].trim_ascii_end();
            let is_first = !self.code[at..self.outer.start].contains(&b'"');
            is_first && (before.ends_with(b"printf") || before.ends_with(b"scanf"))
        })
    }

    /// `<Mail key="…" />`.
    fn is_attribute(&self) -> bool {
        use Language::*;
        if !matches!(self.language, JavaScript | TypeScript | DenoScript | DenoTypeScript) {
            return false;
        }
        let line = line_of(self.code, self.outer.start);
        let before = &self.code[line.start..self.outer.start];
        let Some(name) = before.strip_suffix(b"=").filter(|b| b.last().is_some_and(|&b| is_word(b))) else {
            return false;
        };
        let tag = name.windows(2).any(|w| w[0] == b'<' && w[1].is_ascii_alphabetic());
        let alone = name.trim_ascii_start().iter().all(|&b| is_word(b) || b == b'-');
        tag || (alone && !self.code[self.outer.end..line.end].contains(&b';'))
    }
}

/// Where the statement that holds a byte begins.
fn statement(language: Language, code: &[u8], at: usize) -> usize {
    let lines = ends_with_lines(language);
    let mut closed = 0usize;
    for i in (0..at).rev() {
        match code[i] {
            b')' | b']' => closed += 1,
            b'(' | b'[' => closed = closed.saturating_sub(1),
            b'{' | b'}' | b';' if closed == 0 => return i + 1,
            b'\n' if lines && closed == 0 => {
                let before = code[..i].trim_ascii_end();
                let goes_on = matches!(before.last(), Some(b'=' | b'(' | b',' | b'[' | b':' | b'+' | b'.' | b'|'));
                if !goes_on {
                    return i + 1;
                }
            }
            _ => {}
        }
    }
    0
}

/// Whether a line's end ends a statement.
fn ends_with_lines(language: Language) -> bool {
    use Language::*;
    !matches!(language, Java | CSharp | Rust | C | Cpp | ObjectiveC | Php | LaravelConfig | Perl | Dart | Erlang)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn text_of(code: &[u8], range: Range<usize>) -> String {
    String::from_utf8_lossy(&code[range]).into_owned()
}
