//! A regular expression as Go's `regexp` reads it, written so that the regex crate reads the same.
//!
//! The two share most of their syntax. They part where a brace or bracket is a letter in one and an operator in the
//! other, in what `\s`, `\w`, `\d` and `\b` are about (ASCII in Go), in `\<` and `\>`, octal escapes and `\Q…\E`.

use std::iter::Peekable;
use std::str::Chars;

/// The most repetitions that Go takes.
const MOST: u32 = 1000;

/// The expression in the regex crate's syntax, for its Unicode mode; or what Go has against it.
pub(super) fn translated(go: &str) -> Result<String, String> {
    let mut reader = Reader { rest: go.chars().peekable(), out: String::new(), last: Last::Nothing, open: 0 };
    while let Some(c) = reader.rest.next() {
        reader.one(c)?;
    }
    match reader.open {
        0 => Ok(reader.out),
        _ => Err("a group is not closed; add `)`".into()),
    }
}

/// What stands before a repetition operator.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Nothing,
    Item,
    Repetition,
}

struct Reader<'p> {
    rest: Peekable<Chars<'p>>,
    out: String,
    last: Last,
    open: usize,
}

impl Reader<'_> {
    fn one(&mut self, c: char) -> Result<(), String> {
        let last = std::mem::replace(&mut self.last, Last::Item);
        match c {
            '(' => self.group()?,
            ')' => {
                self.open = self.open.checked_sub(1).ok_or("a group is closed that was not opened; write `\\)`")?;
                self.out.push(c);
            }
            '|' => {
                self.last = Last::Nothing;
                self.out.push(c);
            }
            '^' | '$' | '.' => self.out.push(c),
            '*' | '+' | '?' => self.repetition(last, c.to_string())?,
            '{' => match counts(&self.rest) {
                Some((text, most)) => {
                    if most > MOST {
                        return Err(format!("{{{text}}} repeats more than {MOST} times, which Go refuses"));
                    }
                    self.rest.by_ref().take(text.chars().count() + 1).for_each(drop);
                    self.repetition(last, format!("{{{text}}}"))?;
                }
                None => self.literal(c),
            },
            '[' => self.class()?,
            '\\' => self.escape()?,
            _ => self.literal(c),
        }
        Ok(())
    }

    fn literal(&mut self, c: char) {
        match c {
            '\0'..='\x1f' | '\x7f' => self.out += &format!("\\x{{{:02X}}}", c as u32),
            _ => regex_syntax::escape_into(c.encode_utf8(&mut [0; 4]), &mut self.out),
        }
    }

    fn repetition(&mut self, last: Last, operator: String) -> Result<(), String> {
        match last {
            Last::Nothing => return Err(format!("`{operator}` has nothing to repeat; write `\\{operator}`")),
            Last::Repetition => return Err(format!("`{operator}` repeats a repetition, which Go refuses")),
            Last::Item => self.out += &operator,
        }
        if self.rest.next_if_eq(&'?').is_some() {
            self.out.push('?');
        }
        self.last = Last::Repetition;
        Ok(())
    }

    fn group(&mut self) -> Result<(), String> {
        self.open += 1;
        self.last = Last::Nothing;
        self.out.push('(');
        if self.rest.next_if_eq(&'?').is_none() {
            return Ok(());
        }
        self.out.push('?');
        self.rest.next_if_eq(&'P').into_iter().for_each(|p| self.out.push(p));
        if self.rest.next_if_eq(&'<').is_some() {
            let name: String =
                std::iter::from_fn(|| self.rest.next_if(|&c| c == '_' || c.is_ascii_alphanumeric())).collect();
            if name.is_empty() || self.rest.next() != Some('>') {
                return Err("Go has no look-behind, and a group's name is letters, digits and `_`".into());
            }
            self.out += &format!("<{name}>");
            return Ok(());
        }
        loop {
            match self.rest.next() {
                Some(c @ ('i' | 'm' | 's' | 'U' | '-')) => self.out.push(c),
                Some(':') => break self.out.push(':'),
                Some(')') => {
                    self.open -= 1;
                    break self.out.push(')');
                }
                Some(c @ ('=' | '!')) => return Err(format!("Go has no look-around: `(?{c}`")),
                Some(c) => return Err(format!("Go has no flag `{c}`")),
                None => return Err("a group is not closed; add `)`".into()),
            }
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        match self.rest.peek().copied() {
            Some(c @ ('A' | 'z')) => self.out += &format!("\\{c}"),
            Some(c @ ('b' | 'B')) => self.out += &format!("(?-u:\\{c})"),
            Some('Q') => {
                self.rest.next();
                while let Some(c) = self.rest.next() {
                    if c == '\\' && self.rest.next_if_eq(&'E').is_some() {
                        break;
                    }
                    self.literal(c);
                }
                return Ok(());
            }
            _ => {
                match escaped(&mut self.rest)? {
                    Escaped::Char(c) => self.literal(c),
                    Escaped::Class { items, negated: false } => self.out += &format!("[{items}]"),
                    Escaped::Class { items, negated: true } => self.out += &format!("[^{items}]"),
                    Escaped::Property(property) => self.out += &property,
                }
                return Ok(());
            }
        }
        self.rest.next();
        Ok(())
    }

    /// A class in brackets. A `[` in it is a letter, and so are `&&`, `--` and `~~`.
    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut is_first = true;
        loop {
            let Some(c) = self.rest.next() else { return Err("a class is not closed; add `]`".into()) };
            if c == ']' && !is_first {
                break;
            }
            is_first = false;
            if c == '[' && self.rest.peek() == Some(&':') {
                let rest: String = self.rest.clone().collect();
                if let Some(end) = rest.find(":]") {
                    self.out += &format!("[{}]", &rest[..end + 1]);
                    self.rest.by_ref().take(rest[..end + 2].chars().count()).for_each(drop);
                    continue;
                }
            }
            let from = match c {
                '\\' => match escaped(&mut self.rest)? {
                    Escaped::Char(c) => c,
                    Escaped::Class { items, negated } => {
                        self.out += &if negated { format!("[^{items}]") } else { items.to_owned() };
                        continue;
                    }
                    Escaped::Property(property) => {
                        self.out += &property;
                        continue;
                    }
                },
                c => c,
            };
            let to = self.range_end()?.unwrap_or(from);
            if to < from {
                return Err(format!("the range {from}-{to} is upside down"));
            }
            in_class(from, &mut self.out);
            if to != from {
                self.out.push('-');
                in_class(to, &mut self.out);
            }
        }
        self.out.push(']');
        Ok(())
    }

    /// The end of a range, if what comes next makes the last character the begin of one.
    fn range_end(&mut self) -> Result<Option<char>, String> {
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('-') || matches!(ahead.peek(), None | Some(']')) {
            return Ok(None);
        }
        self.rest.next();
        match self.rest.next() {
            Some('\\') => match escaped(&mut self.rest)? {
                Escaped::Char(c) => Ok(Some(c)),
                _ => Err("a range in a class ends with a class; put the `-` at the end".into()),
            },
            end => Ok(end),
        }
    }
}

/// `3`, `3,` or `3,5` before a brace that closes, and the greatest number in it. Anything else is no repetition.
fn counts(rest: &Peekable<Chars<'_>>) -> Option<(String, u32)> {
    let text: String = rest.clone().take_while(|&c| c != '}').take(16).collect();
    if rest.clone().nth(text.chars().count()) != Some('}') {
        return None;
    }
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| text.parse().unwrap_or(u32::MAX))
    };
    let most = match text.split_once(',') {
        None => number(&text)?,
        Some((least, "")) => number(least)?,
        Some((least, most)) => number(least)?.max(number(most)?),
    };
    Some((text, most))
}

enum Escaped {
    Char(char),
    Class { items: &'static str, negated: bool },
    Property(String),
}

/// What stands behind a backslash, in a class or outside.
fn escaped(rest: &mut Peekable<Chars<'_>>) -> Result<Escaped, String> {
    let Some(c) = rest.next() else { return Err("a backslash at the end; write `\\\\`".into()) };
    let class = |items| Ok(Escaped::Class { items, negated: c.is_ascii_uppercase() });
    Ok(Escaped::Char(match c {
        'd' | 'D' => return class("0-9"),
        's' | 'S' => return class("\\t\\n\\x0C\\r "),
        'w' | 'W' => return class("0-9A-Za-z_"),
        'p' | 'P' => return property(c, rest),
        'a' => '\x07',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        'x' => hexadecimal(rest)?,
        '0'..='7' => {
            let mut value = c.to_digit(8).unwrap_or_default();
            if c != '0' && !rest.peek().is_some_and(|c| c.is_digit(8)) {
                return Err(format!("Go has no back-reference: `\\{c}`"));
            }
            for _ in 0..2 {
                match rest.next_if(|c| c.is_digit(8)).and_then(|c| c.to_digit(8)) {
                    Some(digit) => value = value * 8 + digit,
                    None => break,
                }
            }
            char::from_u32(value).unwrap_or_default()
        }
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
        c => return Err(format!("Go has no escape `\\{c}`")),
    }))
}

fn hexadecimal(rest: &mut Peekable<Chars<'_>>) -> Result<char, String> {
    let digits: String = match rest.next_if_eq(&'{') {
        Some(_) => rest.by_ref().take_while(|&c| c != '}').collect(),
        None => rest.by_ref().take(2).collect(),
    };
    let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() > 1 || !digits.is_empty());
    code.and_then(char::from_u32).ok_or_else(|| format!("`\\x{digits}` is no character; write `\\x{{2F}}` or `\\x2F`"))
}

fn property(c: char, rest: &mut Peekable<Chars<'_>>) -> Result<Escaped, String> {
    let mut name: String = match rest.next() {
        Some('{') => rest.by_ref().take_while(|&c| c != '}').collect(),
        Some(letter) => letter.to_string(),
        None => return Err(format!("`\\{c}` names no class of characters")),
    };
    let mut negated = c == 'P';
    if let Some(plain) = name.strip_prefix('^') {
        negated = !negated;
        name = plain.to_owned();
    }
    Ok(Escaped::Property(format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' })))
}

/// A character of a class, so that it stands for itself.
fn in_class(c: char, out: &mut String) {
    match c {
        '\0'..='\x1f' | '\x7f' => *out += &format!("\\x{{{:02X}}}", c as u32),
        ']' | '[' | '\\' | '^' | '-' | '&' | '~' => out.extend(['\\', c]),
        _ => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruleset::compile_whole;

    fn matches(go: &str, text: &str) -> bool {
        let rust = translated(go).unwrap_or_else(|e| panic!("{go}: {e}"));
        compile_whole(&rust).unwrap_or_else(|e| panic!("{go} became {rust}: {e}")).is_match(text.as_bytes())
    }

    #[test]
    fn what_is_a_letter_in_go_stays_one() {
        for (go, text) in [
            ("a{", "a{"),
            ("{x}", "{x}"),
            ("a{,5}", "a{,5}"),
            ("^a{2, 3}$", "a{2, 3}"),
            ("x]}", "x]}"),
            (r"\<b\>", "<b>"),
            (r#"\"\'\/\_\ \#"#, "\"'/_ #"),
            (r"\101\0", "A\0"),
            (r"\x41\x{42}", "AB"),
            (r"\Qa.b[\E+", "a.b[["),
            ("[]a]", "]"),
            ("^[a[b]$", "["),
            ("^[a&&b]$", "&"),
            (r"^[\w-.]$", "-"),
            (r"^[\w.-]$", "-"),
            (r"^[a-]$", "-"),
            ("^[~~]$", "~"),
            ("^[[:alpha:]_]$", "_"),
            (r"^[^\s:]$", "x"),
            (r"^\s$", "\x0c"),
            ("[[:^space:]]", "x"),
            (r"^\p{Greek}\pL\P{^Greek}$", "αaα"),
            ("(?P<name>x)(?:y)(?i-s:Z)", "xyz"),
            ("^.$", "é"),
            ("a{2}?b", "aab"),
        ] {
            assert!(matches(go, text), "{go} on {text:?}");
        }
    }

    #[test]
    fn classes_are_about_ascii() {
        for (go, text) in [(r"^\d$", "٣"), (r"^\w$", "é"), (r"\s", "\x0b\u{a0}"), (r"é\b", "é")] {
            assert!(!matches(go, text), "{go} on {text:?}");
        }
        assert!(matches(r"\bSG\b", "éSGé"));
        assert!(matches(r"^\W$", "é"));
    }

    #[test]
    fn what_go_refuses_is_refused() {
        for go in [
            "(?=a)", "(?!a)", "(?<=a)", r"(a)\1", "a**", "*a", "(|*)", "(a", "a)", "[a", r"\y", "a{1001}", "(?x)a",
            r"\C", "[z-a]", r"\E",
        ] {
            assert!(translated(go).is_err(), "{go}");
        }
    }
}
