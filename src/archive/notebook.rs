//! Jupyter notebooks: the cells as people see them, not as a list of quoted lines.

use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// A cell's text, or what it printed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// `cell 3`, `output of cell 3`.
    pub name: String,
    /// The text.
    pub text: Vec<u8>,
}

/// Whether a text that begins so may be a notebook: it is JSON, and its first key is one of a notebook's.
pub(super) fn may_be_one(head: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(b"{") else { return false };
    let rest = rest.trim_ascii_start();
    [&b"\"cells\""[..], b"\"metadata\"", b"\"nbformat", b"\"worksheets\""].iter().any(|key| rest.starts_with(key))
}

/// The cells of a notebook; none if it is no notebook after all.
pub(super) fn cells(text: &[u8]) -> Vec<Cell> {
    if memchr::memmem::find(text, b"\"nbformat\"").is_none() {
        return Vec::new();
    }
    let Ok(notebook) = serde_json::from_slice::<Notebook>(text) else { return Vec::new() };
    let sheets = notebook.worksheets.into_iter().flat_map(|sheet| sheet.cells);
    let mut cells = Vec::new();
    for (nth, cell) in (1..).zip(notebook.cells.into_iter().chain(sheets)) {
        let printed: Vec<String> = cell.outputs.into_iter().map(Output::text).filter(|text| !text.is_empty()).collect();
        let attached = cell.attachments.into_iter().flat_map(|(name, data)| {
            let texts = data.into_iter().filter(|(kind, _)| is_text(kind)).map(|(_, lines)| lines.text());
            texts.map(|text| (format!("attachment of cell {nth}: {name}"), text)).collect::<Vec<_>>()
        });
        let texts =
            [(format!("cell {nth}"), cell.source.text()), (format!("output of cell {nth}"), printed.join("\n"))];
        let texts = texts.into_iter().chain(attached).filter(|(_, text)| !text.is_empty());
        cells.extend(texts.map(|(name, text)| Cell { name, text: text.into_bytes() }));
    }
    cells
}

#[derive(Deserialize)]
struct Notebook {
    #[serde(default)]
    cells: Vec<Written>,
    /// Where notebooks of version 3 have their cells.
    #[serde(default)]
    worksheets: Vec<Worksheet>,
}

#[derive(Deserialize)]
struct Worksheet {
    #[serde(default)]
    cells: Vec<Written>,
}

#[derive(Deserialize)]
struct Written {
    #[serde(default, alias = "input")]
    source: Lines,
    #[serde(default)]
    outputs: Vec<Output>,
    /// By name, then by type.
    #[serde(default)]
    attachments: BTreeMap<String, BTreeMap<String, Lines>>,
}

#[derive(Deserialize)]
struct Output {
    #[serde(default)]
    text: Lines,
    /// By type; pictures are no text.
    #[serde(default)]
    data: BTreeMap<String, Lines>,
    #[serde(default)]
    evalue: Lines,
    #[serde(default)]
    traceback: Lines,
}

impl Output {
    fn text(self) -> String {
        let data = self.data.into_iter().filter(|(kind, _)| is_text(kind)).map(|(_, lines)| lines);
        let traceback = match self.traceback {
            Lines::Many(lines) => Lines::One(lines.join("\n")),
            other => other,
        };
        let all = [self.text, self.evalue, traceback].into_iter().chain(data);
        all.map(Lines::text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

/// Whether what has this type is a text: pictures and sound are written in base64.
fn is_text(kind: &str) -> bool {
    kind.starts_with("text/") || ["json", "javascript", "xml", "latex"].into_iter().any(|name| kind.ends_with(name))
}

/// A text in one piece or in lines with their ends.
#[derive(Deserialize)]
#[serde(untagged)]
enum Lines {
    One(String),
    Many(Vec<String>),
    Other(IgnoredAny),
}

impl Default for Lines {
    fn default() -> Self {
        Lines::One(String::new())
    }
}

impl Lines {
    fn text(self) -> String {
        match self {
            Lines::One(text) => text,
            Lines::Many(lines) => lines.concat(),
            Lines::Other(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notebook_is_its_cells_and_what_they_printed() {
        let notebook = br##"{
 "cells": [
  {"cell_type": "code", "source": ["a = \"b\"\n", "c"], "outputs": [
    {"output_type": "stream", "text": ["one\n", "two"]},
    {"data": {"image/png": "iVBORw0KGgo=", "text/plain": ["3"], "application/json": {"a": 1}}},
    {"ename": "E", "evalue": "bad", "traceback": ["x", "y"]}]},
  {"cell_type": "markdown", "source": "# title", "attachments":
    {"a.txt": {"text/plain": ["four\n", "five"]}, "b.png": {"image/png": "iVBORw0KGgo="}}}],
 "nbformat": 4}"##;
        assert!(may_be_one(notebook));
        let told = |name: &str, text: &str| Cell { name: name.into(), text: text.into() };
        let expected = [
            told("cell 1", "a = \"b\"\nc"),
            told("output of cell 1", "one\ntwo\n3\nbad\nx\ny"),
            told("cell 2", "# title"),
            told("attachment of cell 2: a.txt", "four\nfive"),
        ];
        assert_eq!(cells(notebook), expected);
    }

    #[test]
    fn other_json_is_no_notebook() {
        assert!(!may_be_one(b"{\"name\": \"x\"}"));
        assert_eq!(cells(b"{\"metadata\": {}, \"cells\": 3}"), []);
        assert_eq!(cells(b"{\"cells\": 3, \"nbformat\": 4}"), []);
    }
}
