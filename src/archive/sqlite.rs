//! The texts in a SQLite database, table by table, after the public description of its file format.
//!
//! A value longer than a page is scattered over several, so that the bytes of the file as they are do not show it.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io;

/// The text of a table is passed on in pieces of about this many bytes, between rows.
const PIECE: usize = 16 << 20;
/// A value of more bytes than this is not a text to be read.
const LONGEST: u64 = 256 << 20;

/// A database file.
pub(super) struct Database<'f> {
    file: &'f [u8],
    page: usize,
    /// The bytes of a page that are used.
    usable: usize,
    encoding: &'static Encoding,
    /// In a log, the number of each page that it holds and where that begins, and where the last one of each number does.
    logged: Option<Logged>,
}

/// The pages of a log.
struct Logged {
    all: Vec<(usize, usize)>,
    latest: HashMap<usize, usize>,
}

/// Takes the name of a table and a piece of its text.
type Told<'t> = &'t mut dyn FnMut(&[u8], &[u8]) -> io::Result<()>;

/// A table as the schema has it.
struct Table {
    name: Vec<u8>,
    root: usize,
    columns: Vec<String>,
}

/// A value in a row.
enum Value {
    Number(i64),
    Text(Vec<u8>),
    Bytes(Vec<u8>),
    Other,
}

impl<'f> Database<'f> {
    /// Reads the header.
    pub(super) fn new(file: &'f [u8]) -> Option<Self> {
        let page = match u16::from_be_bytes(*file.get(16..)?.first_chunk()?) {
            1 => 65536,
            size => usize::from(size),
        };
        let usable = page.checked_sub(usize::from(*file.get(20)?))?;
        let encoding = match file.get(56..60)? {
            [0, 0, 0, 2] => UTF_16LE,
            [0, 0, 0, 3] => UTF_16BE,
            _ => UTF_8,
        };
        (page >= 512 && usable >= 480).then_some(Database { file, page, usable, encoding, logged: None })
    }

    /// Reads the header of a log: of what was written ahead of the database, or of what can be taken back. It does not
    /// say how texts are encoded, nor which table a row belongs to.
    pub(super) fn of_log(file: &'f [u8]) -> Option<Self> {
        let is_ahead = file.starts_with(b"\x37\x7f\x06");
        let (page, first, head, tail) = match is_ahead {
            true => (u32_at(file, 8)?, 32, 24, 0),
            false => (u32_at(file, 24)?, u32_at(file, 20)? as usize, 4, 4),
        };
        let page = usize::try_from(page).ok().filter(|page| page.is_power_of_two() && (512..=65536).contains(page))?;
        let mut all = Vec::new();
        let mut at = first;
        while let Some(number) = u32_at(file, at).filter(|_| at + head + page <= file.len()) {
            all.push((number as usize, at + head));
            at += head + page + tail;
        }
        let latest = all.iter().copied().collect();
        Some(Database { file, page, usable: page, encoding: UTF_8, logged: Some(Logged { all, latest }) })
    }

    /// Tells what texts the rows of a log hold, a line for each, and an empty line behind each row.
    pub(super) fn loose_rows(&self, told: Told<'_>) -> io::Result<()> {
        let mut text = Vec::new();
        for (number, at) in self.logged.iter().flat_map(|logged| &logged.all) {
            let page = &self.file[*at..at + self.page];
            let Some((LEAF, cells)) = cells(page, if *number == 1 { 100 } else { 0 }) else { continue };
            for cell in cells {
                if let Some(row) = self.payload(page, cell, true).and_then(|record| values(&record)) {
                    self.write_row(row, &[], &mut text);
                }
            }
            if text.len() >= PIECE {
                told(b"rows", &text)?;
                text.clear();
            }
        }
        if text.is_empty() { Ok(()) } else { told(b"rows", &text) }
    }

    /// Adds the texts of a row.
    fn write_row(&self, row: Vec<Value>, columns: &[String], text: &mut Vec<u8>) {
        let before = text.len();
        for (nth, value) in row.into_iter().enumerate() {
            let Some(value) = self.as_text(value) else { continue };
            if let Some(column) = columns.get(nth) {
                text.extend_from_slice(column.as_bytes());
                text.extend_from_slice(b": ");
            }
            text.extend_from_slice(&value);
            text.push(b'\n');
        }
        if text.len() > before {
            text.push(b'\n');
        }
    }

    /// Tells of each table what texts it holds: a line for each, behind the name of its column, and an empty line
    /// behind each row.
    pub(super) fn tables(&self, told: Told<'_>) -> io::Result<()> {
        let mut tables = Vec::new();
        self.rows(1, &mut |row, _| {
            tables.extend(self.table(row));
            Ok(())
        })?;
        for table in tables {
            let mut text = Vec::new();
            self.rows(table.root, &mut |row, is_ordered| {
                self.write_row(row, if is_ordered { &table.columns } else { &[] }, &mut text);
                if text.len() >= PIECE {
                    told(&table.name, &text)?;
                    text.clear();
                }
                Ok(())
            })?;
            if !text.is_empty() {
                told(&table.name, &text)?;
            }
        }
        Ok(())
    }

    /// The table that a row of the schema describes.
    fn table(&self, row: Vec<Value>) -> Option<Table> {
        let [kind, name, _, Value::Number(root), sql] = <[Value; 5]>::try_from(row).ok()? else { return None };
        if self.as_text(kind)? != b"table" {
            return None;
        }
        let sql = self.as_text(sql).unwrap_or_default();
        Some(Table { name: self.as_text(name)?, root: usize::try_from(root).ok()?, columns: columns(&sql) })
    }

    /// A value as UTF-8, if it is a text; bytes that are one count.
    fn as_text(&self, value: Value) -> Option<Vec<u8>> {
        match value {
            Value::Text(text) if self.encoding == UTF_8 => Some(text),
            Value::Text(text) => match self.encoding.decode_without_bom_handling(&text).0 {
                Cow::Borrowed(_) => Some(text),
                Cow::Owned(decoded) => Some(decoded.into_bytes()),
            },
            Value::Bytes(bytes) => {
                let is_text = bytes.len() >= 8 && !bytes.contains(&0) && std::str::from_utf8(&bytes).is_ok();
                is_text.then_some(bytes)
            }
            Value::Number(_) | Value::Other => None,
        }
    }

    /// The rows below a page, and whether their values are in the order of the table's columns.
    fn rows(&self, root: usize, row: &mut dyn FnMut(Vec<Value>, bool) -> io::Result<()>) -> io::Result<()> {
        let mut seen = HashSet::new();
        let mut pages = vec![root];
        while let Some(number) = pages.pop() {
            if number == 0 || !seen.insert(number) {
                continue;
            }
            let Some(page) = self.page(number) else { continue };
            let head = if number == 1 { 100 } else { 0 };
            let Some((kind, cells)) = cells(page, head) else { continue };
            if matches!(kind, INTERIOR | INTERIOR_INDEX) {
                pages.extend(u32_at(page, head + 8).map(|last| last as usize));
                pages.extend(cells.iter().rev().filter_map(|at| u32_at(page, *at)).map(|child| child as usize));
            }
            for at in cells {
                let record = match kind {
                    LEAF => self.payload(page, at, true),
                    LEAF_INDEX => self.payload(page, at, false),
                    INTERIOR_INDEX => self.payload(page, at + 4, false),
                    _ => None,
                };
                if let Some(values) = record.and_then(|record| values(&record)) {
                    row(values, kind == LEAF)?;
                }
            }
        }
        Ok(())
    }

    fn page(&self, number: usize) -> Option<&'f [u8]> {
        let start = match &self.logged {
            Some(logged) => *logged.latest.get(&number)?,
            None => (number - 1).checked_mul(self.page)?,
        };
        // The last one may have been cut off.
        self.file.get(start..)?.get(..self.usable).or_else(|| self.file.get(start..)).filter(|page| page.len() > 8)
    }

    /// What a cell holds, put together from all pages that it goes over.
    fn payload(&self, page: &[u8], at: usize, is_table: bool) -> Option<Vec<u8>> {
        let (len, mut at) = varint(page, at)?;
        if is_table {
            at = varint(page, at)?.1;
        }
        if len > LONGEST {
            return None;
        }
        let len = len as usize;
        let usable = self.usable;
        let most = if is_table { usable - 35 } else { (usable - 12) * 64 / 255 - 23 };
        if len <= most {
            return Some(page.get(at..at + len)?.to_vec());
        }
        let least = (usable - 12) * 32 / 255 - 23;
        let here = least + (len - least) % (usable - 4);
        let here = if here <= most { here } else { least };
        let mut payload = page.get(at..at + here)?.to_vec();
        let mut next = u32_at(page, at + here)? as usize;
        // A chain that leads round in a circle ends when it has as many bytes as were promised.
        while payload.len() < len && next != 0 {
            let Some(more) = self.page(next).filter(|more| more.len() > 4) else { break };
            let wanted = (len - payload.len()).min(more.len() - 4);
            payload.extend_from_slice(&more[4..4 + wanted]);
            next = u32_at(more, 0)? as usize;
        }
        Some(payload)
    }
}

const INTERIOR_INDEX: u8 = 2;
const INTERIOR: u8 = 5;
const LEAF_INDEX: u8 = 10;
const LEAF: u8 = 13;

/// The kind of a page, and where its cells begin.
fn cells(page: &[u8], head: usize) -> Option<(u8, Vec<usize>)> {
    let kind = *page.get(head)?;
    let array = match kind {
        INTERIOR | INTERIOR_INDEX => head + 12,
        LEAF | LEAF_INDEX => head + 8,
        _ => return None,
    };
    let count = usize::from(u16::from_be_bytes(*page.get(head + 3..)?.first_chunk()?));
    let pointers = page.get(array..)?.chunks_exact(2).take(count);
    Some((kind, pointers.map(|p| usize::from(u16::from_be_bytes([p[0], p[1]]))).collect()))
}

/// The values of a record, as far as it goes.
fn values(record: &[u8]) -> Option<Vec<Value>> {
    let (end, mut at) = varint(record, 0)?;
    let mut body = usize::try_from(end).ok().filter(|end| *end <= record.len())?;
    let end = body;
    let mut values = Vec::new();
    while at < end {
        let (kind, next) = varint(record, at)?;
        at = next;
        let len = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind as usize,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => usize::try_from((kind - 12) / 2).ok()?,
        };
        // A cut off value is read as far as it is there.
        let bytes = &record[body..body.saturating_add(len).min(record.len())];
        body += bytes.len();
        values.push(match kind {
            1..=6 => Value::Number(bytes.iter().fold(0, |number, b| number << 8 | i64::from(*b))),
            8 | 9 => Value::Number(kind as i64 - 8),
            0 | 7 => Value::Other,
            _ if kind % 2 == 1 => Value::Text(bytes.to_vec()),
            _ => Value::Bytes(bytes.to_vec()),
        });
    }
    Some(values)
}

/// A number of one to nine bytes, seven bits in each, and where it ends.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut number = 0u64;
    for nth in 0..9 {
        let byte = *bytes.get(at + nth)?;
        if nth == 8 {
            return Some((number << 8 | u64::from(byte), at + 9));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((number, at + nth + 1));
        }
    }
    None
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|b| u32::from_be_bytes(*b))
}

/// The names of the columns in the statement that made a table.
fn columns(sql: &[u8]) -> Vec<String> {
    const NO_COLUMN: [&str; 5] = ["constraint", "primary", "unique", "check", "foreign"];
    let sql = String::from_utf8_lossy(sql);
    let Some((_, list)) = sql.split_once('(') else { return Vec::new() };
    let (mut depth, mut quote) = (0u32, None);
    let mut parts = vec![String::new()];
    for c in list.chars() {
        match (quote, c) {
            (Some(end), _) if c == end => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '[') => quote = Some(']'),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => break,
            (None, ')') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().expect("there is one from the start").push(c);
    }
    let name = |part: &String| {
        let part = part.trim();
        let closing = match part.chars().next()? {
            '[' => Some(']'),
            quote @ ('"' | '\'' | '`') => Some(quote),
            _ => None,
        };
        let name = match closing {
            Some(closing) => part[1..].split(closing).next()?,
            None => part.split(|c: char| c.is_whitespace() || c == '(').next()?,
        };
        let is_column = closing.is_some() || !NO_COLUMN.contains(&name.to_ascii_lowercase().as_str());
        is_column.then(|| name.to_owned())
    };
    parts.iter().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_from_the_statement_that_made_the_table() {
        let sql = b"CREATE TABLE t (id INTEGER PRIMARY KEY, \"user name\" TEXT DEFAULT 'a,b', [pass word] VARCHAR(10, 2), `k` , CONSTRAINT x UNIQUE (id), PRIMARY KEY (id))";
        assert_eq!(columns(sql), ["id", "user name", "pass word", "k"]);
        assert_eq!(columns(b"CREATE TABLE t AS"), [""; 0]);
    }

    #[test]
    fn numbers_take_one_to_nine_bytes() {
        assert_eq!(varint(&[0x7f], 0), Some((127, 1)));
        assert_eq!(varint(&[0x81, 0x00], 0), Some((128, 2)));
        assert_eq!(varint(&[0xff; 9], 0), Some((u64::MAX, 9)));
        assert_eq!(varint(&[0xff; 8], 0), None);
    }
}
