//! Turns the templates of `tests/corpus` into files with labels.
//!
//! A template's first line says `LANGUAGE PATH xRENDITIONS`; the rest is the file. In it
//! - `⟨+slot⟩` is a credential, `⟨-slot⟩` is none, `⟨~slot⟩` may be either and counts for nothing, `⟨slot⟩` is filler;
//! - `⟨*N⟩` anywhere in a line repeats the line N times, `⟨{N⟩` … `⟨}⟩` on lines of their own the lines between;
//! - `;class` at the end of a slot names the kind of credential otherwise than its generator does;
//! - `‸` is left out: it breaks up what would look like a secret in the template.
//!
//! `values.rs` says what can stand in a slot.

use crate::stock::Stock;
use crate::support::samples::Random;
use crate::values::{Cursors, Made, Maker};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What a labelled place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// A credential.
    Secret,
    /// None, though it looks like one.
    Harmless,
    /// Opinions differ, or a copy of a place that counts already.
    Either,
}

/// A labelled place in a file.
#[derive(Debug, Clone)]
pub struct Label {
    /// Its bytes.
    pub span: Range<usize>,
    /// What it is.
    pub truth: Truth,
    /// The kind of credential, or of what looks like one.
    pub class: String,
    /// Prefixes of the ids of the rules that should find it; empty if any will do.
    pub rules: Vec<String>,
    /// The format of the catalogue, if any.
    pub format: String,
    /// The line of the template.
    pub place: usize,
}

/// Which half of the corpus a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Half {
    /// To look at while tuning.
    Tuning,
    /// To judge by only.
    HeldOut,
}

impl Half {
    /// Both.
    pub const ALL: [Half; 2] = [Half::Tuning, Half::HeldOut];

    /// The folder of its templates.
    pub fn folder(self) -> &'static str {
        match self {
            Half::Tuning => "tuning",
            Half::HeldOut => "held_out",
        }
    }

    /// Where a template of this name belongs.
    pub fn of(template: &str) -> Self {
        if Random::new(template, 0).number() & 1 == 0 { Half::Tuning } else { Half::HeldOut }
    }
}

/// A file made from a template.
#[derive(Debug)]
pub struct File {
    /// The template's name.
    pub template: String,
    /// Its half.
    pub half: Half,
    /// Which rendition it is.
    pub rendition: usize,
    /// The language or format.
    pub language: String,
    /// Where it would stand in a repository.
    pub path: String,
    /// What is in it.
    pub text: String,
    /// The labelled places, in order.
    pub labels: Vec<Label>,
}

/// Where the corpus is.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The templates of a half: name and text, in order.
pub fn templates(half: Half) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder().join(half.folder())).expect("the templates can be listed");
    let mut templates: Vec<(String, String)> = entries
        .map(|entry| {
            let path = entry.expect("the templates can be listed").path();
            let name = path.file_stem().expect("a template has a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("templates are UTF-8"))
        })
        .collect();
    templates.sort();
    templates
}

/// Every file of a half.
pub fn files(half: Half) -> Vec<File> {
    let stock = Stock::read(&folder());
    let (mut cursors, mut seen, mut files) = (Cursors::default(), HashSet::new(), Vec::new());
    for (name, text) in templates(half) {
        let (header, body) = text.split_once('\n').unwrap_or((&text, ""));
        let [language, path, renditions] = header.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{name}: the first line is no LANGUAGE PATH xRENDITIONS: {header}")
        };
        let count = renditions.strip_prefix('x').and_then(|n| n.parse().ok());
        let mut visits = HashMap::new();
        for rendition in 0..count.unwrap_or_else(|| panic!("{name}: {renditions} is no number of renditions")) {
            let maker = Maker::new(&stock, &mut cursors, &mut visits, &name, rendition);
            let mut writer = Writer { template: &name, maker, text: String::new(), labels: Vec::new() };
            writer.slots(path, 0);
            let path = std::mem::take(&mut writer.text);
            let lines: Vec<(usize, &str)> = body.split_inclusive('\n').enumerate().collect();
            writer.lines(&lines);
            let Writer { text, mut labels, .. } = writer;
            for label in &mut labels {
                let line = around(&text, &label.span);
                if label.truth != Truth::Secret && !seen.insert((line, text[label.span.clone()].to_owned())) {
                    label.truth = Truth::Either;
                }
            }
            let (template, language) = (name.clone(), language.to_owned());
            files.push(File { template, half, rendition, language, path, text, labels });
        }
    }
    files
}

/// The lines that a span touches.
fn around(text: &str, span: &Range<usize>) -> String {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    text[start..end].to_owned()
}

struct Writer<'a> {
    template: &'a str,
    maker: Maker<'a>,
    text: String,
    labels: Vec<Label>,
}

impl Writer<'_> {
    fn lines(&mut self, lines: &[(usize, &str)]) {
        let mut at = 0;
        while let Some((number, line)) = lines.get(at) {
            let counted = |mark: &str| line.trim().strip_prefix(mark)?.strip_suffix('⟩')?.parse::<usize>().ok();
            if let Some(count) = counted("⟨{") {
                let length = self.block(&lines[at + 1..]);
                (0..count).for_each(|_| self.lines(&lines[at + 1..at + 1 + length]));
                at += length + 2;
                continue;
            }
            let (count, line) = repeated(line);
            (0..count).for_each(|_| self.slots(&line, *number));
            at += 1;
        }
    }

    /// How many lines stand before the end of the block.
    fn block(&self, lines: &[(usize, &str)]) -> usize {
        let mut depth = 0;
        for (at, (_, line)) in lines.iter().enumerate() {
            match line.trim() {
                "⟨}⟩" if depth == 0 => return at,
                "⟨}⟩" => depth -= 1,
                line if line.starts_with("⟨{") => depth += 1,
                _ => {}
            }
        }
        panic!("{}: a block has no end", self.template)
    }

    fn slots(&mut self, line: &str, place: usize) {
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('⟨') {
            let (slot, after) = after.split_once('⟩').unwrap_or_else(|| panic!("{}: {line}", self.template));
            self.text += &before.replace('‸', "");
            self.slot(slot, place);
            rest = after;
        }
        self.text += &rest.replace('‸', "");
    }

    fn slot(&mut self, slot: &str, place: usize) {
        let (truth, body) = match slot.chars().next() {
            Some('+') => (Some(Truth::Secret), &slot[1..]),
            Some('-') => (Some(Truth::Harmless), &slot[1..]),
            Some('~') => (Some(Truth::Either), &slot[1..]),
            _ => (None, slot),
        };
        let literal = body.starts_with([':', '?']);
        let (body, class) = match body.rsplit_once(';').filter(|_| !literal) {
            Some((body, class)) => (body, Some(class)),
            None => (body, None),
        };
        let made = self.maker.make(body);
        let start = self.text.len();
        let indent = self.text.rsplit('\n').next().unwrap_or_default();
        let blank = if indent.trim().is_empty() { indent.to_owned() } else { String::new() };
        self.text += &made.text.replace('\n', &format!("\n{blank}"));
        if let Some(truth) = truth.filter(|_| !made.text.is_empty()) {
            let span = start..self.text.len();
            let Made { class: own, rules, format, .. } = made;
            let class = class.map_or(own, str::to_owned);
            self.labels.push(Label { span, truth, class, rules, format, place });
        }
    }
}

/// How often a line stands, and the line without the mark that says so.
fn repeated(line: &str) -> (usize, String) {
    let marked = line.split_once("⟨*").and_then(|(before, after)| {
        let (count, after) = after.split_once('⟩')?;
        Some((count.parse().ok()?, [before, after].concat()))
    });
    marked.unwrap_or_else(|| (1, line.to_owned()))
}
