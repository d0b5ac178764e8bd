//! The import that an expression needs, where the file lacks it.

use super::edit::Replacement;
use super::language::Language;
use super::literal::{Program, is_word};

/// What an expression needs besides itself.
pub(super) enum Import {
    /// Nothing that is not there.
    Present,
    /// This edit.
    Missing(Replacement),
    /// An edit, but there is no safe place for it.
    Nowhere,
}

/// The edit that brings in what the expression needs.
pub(super) fn import(language: Language, text: &[u8], program: &Program, variable: &str) -> Import {
    let end = line_end(text);
    let lines = lines(&program.code, text);
    match language {
        Language::Python => python(&lines, text, end),
        Language::Go => go(&lines, end),
        Language::Swift => simple(&lines, "import Foundation", &["import Foundation", "import UIKit"], end),
        Language::Dart => dart(&lines, end),
        Language::C => simple(&lines, "#include <stdlib.h>", &["#include <stdlib.h>"], end),
        Language::Cpp => simple(&lines, "#include <cstdlib>", &["#include <cstdlib>", "#include <stdlib.h>"], end),
        Language::Terraform => terraform(text, variable, end),
        _ => Import::Present,
    }
}

/// A line of the text.
struct Line<'a> {
    start: usize,
    /// Behind its line end.
    next: usize,
    /// Without its end; strings and comments blank.
    code: &'a [u8],
    /// Without its end.
    text: &'a [u8],
}

impl Line<'_> {
    fn starts_with(&self, word: &str) -> bool {
        self.code.strip_prefix(word.as_bytes()).is_some_and(|rest| rest.first().is_none_or(|&b| !is_word(b)))
    }
}

fn lines<'a>(code: &'a [u8], text: &'a [u8]) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < code.len() {
        let next = code[start..].iter().position(|&b| b == b'\n').map_or(code.len(), |i| start + i + 1);
        let end = start + code[start..next].trim_ascii_end().len();
        lines.push(Line { start, next, code: &code[start..end], text: text[start..end].trim_ascii_end() });
        start = next;
    }
    lines
}

/// How the file ends its lines.
fn line_end(text: &[u8]) -> &'static str {
    match text.iter().position(|&b| b == b'\n') {
        Some(at) if at > 0 && text[at - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

fn insert(at: usize, what: String) -> Import {
    Import::Missing((at..at, what))
}

/// `import os`, before the first import, else behind the module's docstring and comments.
fn python(lines: &[Line<'_>], text: &[u8], end: &str) -> Import {
    let names_os = |line: &Line<'_>| {
        line.code.strip_prefix(b"import ").is_some_and(|names| {
            names.split(|&b| b == b',').any(|name| matches!(name.trim_ascii(), b"os" | b"os.path"))
        })
    };
    if lines.iter().any(names_os) {
        return Import::Present;
    }
    let future = |line: &&Line<'_>| line.text.starts_with(b"from __future__ import");
    let import = |line: &&Line<'_>| line.starts_with("import") || line.starts_with("from");
    // The one that has to come first of all stays first, over all its lines.
    let after_future = lines.iter().rposition(|line| future(&line)).map_or(0, |i| i + 1 + continued(&lines[i..]));
    if let Some(first) = lines[after_future..].iter().find(import) {
        return insert(first.start, format!("import os{end}"));
    }
    if after_future > 0 {
        return insert(lines.get(after_future).map_or(text.len(), |l| l.start), format!("import os{end}"));
    }
    let first = first_statement(lines);
    let docstring = first.is_some_and(|i| {
        let letters = lines[i].code.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        letters <= 1 && matches!(lines[i].code.get(letters), Some(b'"' | b'\''))
    });
    match first {
        Some(i) if docstring => {
            let last = &lines[i + docstring_end(&lines[i..])];
            match last.code.ends_with(b"\"") || last.code.ends_with(b"'") {
                true => insert(last.next, format!("{end}import os{end}")),
                false => Import::Nowhere,
            }
        }
        Some(i) => insert(lines[i].start, format!("import os{end}{end}")),
        None => Import::Nowhere,
    }
}

/// How many further lines a bracketed import goes on for.
fn continued(lines: &[Line<'_>]) -> usize {
    let opens = lines[0].code.contains(&b'(') && !lines[0].code.contains(&b')');
    if opens { lines.iter().position(|l| l.code.contains(&b')')).unwrap_or(0) } else { 0 }
}

/// The first line with code on it.
fn first_statement(lines: &[Line<'_>]) -> Option<usize> {
    lines.iter().position(|line| !line.code.trim_ascii().is_empty())
}

/// The last line of the string that begins on the first of these.
fn docstring_end(lines: &[Line<'_>]) -> usize {
    let mark: &[u8] = match lines[0].text.iter().find(|b| matches!(b, b'"' | b'\'')) {
        Some(b'"') if memchr::memmem::find(lines[0].text, b"\"\"\"").is_some() => b"\"\"\"",
        Some(b'\'') if memchr::memmem::find(lines[0].text, b"'''").is_some() => b"'''",
        _ => return 0,
    };
    let count = |line: &Line<'_>| memchr::memmem::find_iter(line.code, mark).count();
    if count(&lines[0]) >= 2 {
        return 0;
    }
    lines.iter().skip(1).position(|line| count(line) > 0).map_or(0, |i| i + 1)
}

/// `"os"` in the import block where gofmt would sort it, or an import of its own.
fn go(lines: &[Line<'_>], end: &str) -> Import {
    let is_os = |line: &Line<'_>| {
        let spec = line.text.strip_prefix(b"import ").unwrap_or(line.text).trim_ascii();
        spec == b"\"os\"" || spec.starts_with(b"\"os\" //")
    };
    if lines.iter().any(is_os) {
        return Import::Present;
    }
    let block = lines.iter().position(|line| line.starts_with("import") && line.code.ends_with(b"("));
    if let Some(block) = block {
        let specs = &lines[block + 1..];
        let group = specs.iter().take_while(|l| !l.text.trim_ascii().is_empty() && !l.code.starts_with(b")"));
        let group: Vec<&Line<'_>> = group.collect();
        let path = |line: &Line<'_>| line.text.split(|&b| b == b'"').nth(1).map(<[u8]>::to_vec).unwrap_or_default();
        let standard = group.first().is_some_and(|l| !path(l).contains(&b'.'));
        let spec = format!("\t\"os\"{end}");
        if !standard {
            let blank = if group.is_empty() { "" } else { end };
            return insert(lines[block].next, format!("{spec}{blank}"));
        }
        let at = group.iter().find(|l| path(l).as_slice() > b"os".as_slice()).map(|l| l.start);
        return match at.or(group.last().map(|l| l.next)) {
            Some(at) => insert(at, spec),
            None => Import::Nowhere,
        };
    }
    let single = lines.iter().rfind(|line| line.starts_with("import"));
    if let Some(line) = single {
        return insert(line.next, format!("import \"os\"{end}"));
    }
    match lines.iter().find(|line| line.starts_with("package")) {
        Some(package) => insert(package.next, format!("{end}import \"os\"{end}")),
        None => Import::Nowhere,
    }
}

/// A line of its own before the first of its kind, else at the top of the code.
fn simple(lines: &[Line<'_>], wanted: &str, enough: &[&str], end: &str) -> Import {
    if lines.iter().any(|line| enough.iter().any(|e| line.text.trim_ascii() == e.as_bytes())) {
        return Import::Present;
    }
    let word = wanted.split(' ').next().unwrap_or(wanted);
    let like = lines.iter().find(|line| line.code.starts_with(word.as_bytes()));
    match (like, first_statement(lines)) {
        (Some(line), _) => insert(line.start, format!("{wanted}{end}")),
        (None, Some(first)) => insert(lines[first].start, format!("{wanted}{end}{end}")),
        (None, None) => Import::Nowhere,
    }
}

/// `dart:io`, before the first import, behind a `library` line.
fn dart(lines: &[Line<'_>], end: &str) -> Import {
    if lines.iter().any(|line| line.starts_with("import") && memchr::memmem::find(line.text, b"dart:io").is_some()) {
        return Import::Present;
    }
    let wanted = format!("import 'dart:io';{end}");
    if let Some(line) = lines.iter().find(|line| line.starts_with("import")) {
        return insert(line.start, wanted);
    }
    match (lines.iter().find(|line| line.starts_with("library")), first_statement(lines)) {
        (Some(line), _) => insert(line.next, format!("{end}{wanted}")),
        (None, Some(first)) => insert(lines[first].start, format!("{wanted}{end}")),
        (None, None) => Import::Nowhere,
    }
}

/// The variable's declaration, at the end of the file.
fn terraform(text: &[u8], variable: &str, end: &str) -> Import {
    let name = variable.to_lowercase();
    if memchr::memmem::find(text, format!("variable \"{name}\"").as_bytes()).is_some() {
        return Import::Present;
    }
    let gap = if text.ends_with(b"\n") { "" } else { end };
    let block = ["", &format!("variable \"{name}\" {{"), "  type      = string", "  sensitive = true", "}", ""];
    insert(text.len(), format!("{gap}{}", block.join(end)))
}
