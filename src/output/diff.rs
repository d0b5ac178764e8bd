//! What a repair changes, as a unified diff in which every secret is masked.

use super::{hostile, redact, unified};
use crate::document::{Ahead, Changed, Charset, Document, Origin};
use crate::repair::{Aside, Change, Hidden, hidden};
use crate::report::Report;
use crate::scan::Scan;
use aho_corasick::{AhoCorasick, MatchKind};
use std::io::{self, Write};

/// From so many bytes on a secret is masked wherever it comes up; a shorter one where it was found.
const DISTINCT: usize = 6;

/// Writes the change of one file. `name` is its path as people are to see it.
pub fn change(scan: &Scan, change: &Change, name: &str, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let before = Document { changed: Changed::Whole, before: Vec::new(), ..change.document.clone() };
    let after = Document { text: change.after.clone(), ..before.clone() };
    let (in_before, in_after) = (hidden(scan, &before), hidden(scan, &after));
    let known: Vec<&[u8]> = in_before.iter().map(|hidden| &before.text[hidden.span.clone()]).collect();
    let known = Known::new(known);
    let shown = |document: &Document, spans: &[Hidden]| harmless(&known.masked(&document.text, spans));
    write(name, Some(&shown(&before, &in_before)), &shown(&after, &in_after), color, out)
}

/// Writes the change of a file beside; of the one that holds secrets only that it changes.
pub fn aside(scan: &Scan, aside: &Aside, name: &str, color: bool, out: &mut dyn Write) -> io::Result<()> {
    if aside.is_private() {
        return Ok(());
    }
    // What stays in it may hold a secret too.
    let shown = |text: &[u8]| {
        let origin = Origin { path: name.as_bytes().to_vec(), ..Origin::default() };
        let document = Document {
            origin,
            text: text.to_vec(),
            charset: Charset::Bytes,
            changed: Changed::Whole,
            before: Vec::new(),
            tracked: true,
            ahead: Ahead::default(),
        };
        let spans = hidden(scan, &document);
        harmless(&Known::new(Vec::new()).masked(text, &spans))
    };
    let before = aside.before.as_deref().map(shown);
    write(name, before.as_deref(), &shown(&aside.after), color, out)
}

/// A text on one line in which nothing could steer a terminal.
pub fn line(text: &str) -> String {
    hostile::line(text.as_bytes())
}

/// Lines for people, in which no secret of the report stands and nothing could steer a terminal.
pub fn words(report: &Report, lines: &[String]) -> String {
    let redactor = redact::Redactor::new(report, false);
    lines.iter().map(|line| redactor.line(line.as_bytes()) + "\n").collect()
}

/// The secrets that were found, to be masked wherever they come up.
struct Known(Option<AhoCorasick>);

impl Known {
    fn new(mut secrets: Vec<&[u8]>) -> Self {
        secrets.retain(|secret| secret.len() >= DISTINCT);
        secrets.sort_unstable();
        secrets.dedup();
        if secrets.is_empty() {
            return Known(None);
        }
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&secrets);
        Known(Some(automaton.expect("the secrets of one file are few")))
    }

    fn masked(&self, text: &[u8], spans: &[Hidden]) -> Vec<u8> {
        let mut spans: Vec<_> = spans.iter().map(|hidden| hidden.span.clone()).collect();
        spans.extend(self.0.iter().flat_map(|known| known.find_iter(text)).map(|found| found.range()));
        spans.sort_unstable_by_key(|span| (span.start, span.end));
        let mut masked = Vec::with_capacity(text.len());
        let mut copied = 0;
        for span in spans {
            if span.start >= copied {
                masked.extend_from_slice(&text[copied..span.start]);
                masked.extend_from_slice(redact::MASK.as_bytes());
            }
            // Lines stay lines, so that both sides of the diff have as many.
            let hidden = &text[span.start.max(copied)..span.end.max(copied)];
            masked.extend(hidden.iter().filter(|byte| **byte == b'\n'));
            copied = copied.max(span.end);
        }
        masked.extend_from_slice(&text[copied..]);
        masked
    }
}

/// The text without what could steer a terminal; line ends become LF.
fn harmless(text: &[u8]) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive(|b| *b == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => {
                hostile::push_lines(line, &mut shown);
                shown.push('\n');
            }
            None => hostile::push_lines(line, &mut shown),
        }
    }
    shown
}

fn write(name: &str, before: Option<&str>, after: &str, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let name = hostile::line(name.as_bytes());
    let text = unified::hunks(before.unwrap_or_default(), after);
    let old = if before.is_some() { format!("a/{name}") } else { "/dev/null".to_owned() };
    for line in format!("--- {old}\n+++ b/{name}\n{text}").lines() {
        let style = match line.as_bytes().first() {
            Some(b'-') => anstyle::AnsiColor::Red.on_default(),
            Some(b'+') => anstyle::AnsiColor::Green.on_default(),
            Some(b'@') => anstyle::AnsiColor::Cyan.on_default(),
            _ => anstyle::Style::new(),
        };
        let style = if color { style } else { anstyle::Style::new() };
        writeln!(out, "{style}{line}{style:#}")?;
    }
    Ok(())
}
