//! What stands in a zip archive.
//!
//! Libraries show what the central directory names, of two entries with one name the last. Here every entry counts
//! that has bytes: twins, those that a later change left behind, and those of an archive that was cut off.

use std::ops::Range;

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its name as it is written.
    pub name: Vec<u8>,
    /// How it is packed, by number.
    pub method: u16,
    /// Whether a password is needed.
    pub is_encrypted: bool,
    /// Its bytes in the archive.
    pub packed: Range<usize>,
    /// How many bytes it says it has unpacked.
    pub size: u64,
}

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END64: &[u8] = b"PK\x06\x06";
const LOCATOR64: &[u8] = b"PK\x06\x07";

/// The names that only say where a folder stands.
pub(super) fn is_folder(name: &[u8]) -> bool {
    name.ends_with(b"/") || name.ends_with(b"\\")
}

/// All entries, in the order of the archive, and whether it has a directory of them as it should.
pub(super) fn entries(zip: &[u8]) -> (Vec<Entry>, bool) {
    let directory = directory(zip);
    let is_whole = directory.is_some();
    let mut found: Vec<(usize, Entry)> = directory.unwrap_or_default();
    found.sort_by_key(|(at, _)| *at);
    let mut taken: Vec<Range<usize>> = found.iter().map(|(at, entry)| *at..entry.packed.end.max(at + 1)).collect();
    taken.sort_by_key(|range| (range.start, range.end));
    // What starts inside another entry is a file of its own, or chance.
    let mut covered = 0;
    let mut next = taken.iter().peekable();
    for at in memchr::memmem::find_iter(zip, LOCAL) {
        while let Some(range) = next.next_if(|range| range.start <= at) {
            covered = covered.max(range.end);
        }
        if at < covered {
            continue;
        }
        if let Some(entry) = local(zip, at) {
            covered = covered.max(entry.packed.end);
            found.push((at, entry));
        }
    }
    found.sort_by_key(|(at, _)| *at);
    (found.into_iter().map(|(_, entry)| entry).collect(), is_whole)
}

/// What the central directory names, and where each begins.
fn directory(zip: &[u8]) -> Option<Vec<(usize, Entry)>> {
    let end = memchr::memmem::rfind(&zip[zip.len().saturating_sub(22 + 0xffff)..], END)?;
    let end = end + zip.len().saturating_sub(22 + 0xffff);
    let (mut size, mut offset) = (u64::from(u32_at(zip, end + 12)?), u64::from(u32_at(zip, end + 16)?));
    let mut behind = end;
    if let Some(locator) = end.checked_sub(20).filter(|at| zip[*at..].starts_with(LOCATOR64)) {
        let named = usize::try_from(u64_at(zip, locator + 8)?).ok();
        let last = || memchr::memmem::rfind(&zip[..locator], END64);
        let record = named.filter(|at| zip.get(*at..).is_some_and(|b| b.starts_with(END64))).or_else(last);
        if let Some(record) = record {
            (size, offset) = (u64_at(zip, record + 40)?, u64_at(zip, record + 48)?);
            behind = record;
        }
    }
    // Whatever was put in front of the archive moved all of it.
    let start = behind.checked_sub(usize::try_from(size).ok()?);
    let start = start.filter(|at| zip[*at..].starts_with(CENTRAL) || size == 0);
    let start = start.or_else(|| usize::try_from(offset).ok().filter(|at| *at <= zip.len()))?;
    let moved = start as i128 - i128::from(offset);
    let mut entries = Vec::new();
    let mut at = start;
    while zip.get(at..).is_some_and(|rest| rest.starts_with(CENTRAL)) {
        let Some((entry, next)) = central(zip, at, moved) else { break };
        entries.extend(entry);
        at = next;
    }
    Some(entries)
}

/// An entry of the directory, if its bytes are there, and where the next one begins.
fn central(zip: &[u8], at: usize, moved: i128) -> Option<(Option<(usize, Entry)>, usize)> {
    let (flags, method) = (u16_at(zip, at + 8)?, u16_at(zip, at + 10)?);
    let (mut packed, mut size) = (u64::from(u32_at(zip, at + 20)?), u64::from(u32_at(zip, at + 24)?));
    let [name, extra, comment] = [28, 30, 32].map(|field| u16_at(zip, at + field).map(usize::from));
    let (name, extra, comment) = (name?, extra?, comment?);
    let mut offset = u64::from(u32_at(zip, at + 42)?);
    let bytes = zip.get(at + 46..at + 46 + name)?;
    let next = at + 46 + name + extra + comment;
    if let Some(extra) = zip.get(at + 46 + name..at + 46 + name + extra) {
        wide(extra, [&mut size, &mut packed, &mut offset]);
    }
    let entry = usize::try_from(i128::from(offset) + moved).ok().and_then(|local| {
        let data = data_of(zip, local)?;
        let end = usize::try_from(packed).ok().and_then(|len| data.checked_add(len)).unwrap_or(zip.len());
        let packed = data..end.min(zip.len()).max(data);
        Some((local, Entry { name: bytes.to_vec(), method, is_encrypted: flags & 1 != 0, packed, size }))
    });
    Some((entry, next))
}

/// Puts in the sizes that do not fit into 32 bits and stand apart.
fn wide(mut extra: &[u8], fields: [&mut u64; 3]) {
    while let (Some(id), Some(len)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(body) = extra.get(4..4 + usize::from(len)) else { return };
        if id == 1 {
            let wide = fields.into_iter().filter(|field| **field == u64::from(u32::MAX));
            for (nth, field) in wide.enumerate() {
                *field = u64_at(body, nth * 8).unwrap_or(*field);
            }
            return;
        }
        extra = &extra[4 + usize::from(len)..];
    }
}

/// An entry as it says itself, for which the directory has no word.
fn local(zip: &[u8], at: usize) -> Option<Entry> {
    let (flags, method) = (u16_at(zip, at + 6)?, u16_at(zip, at + 8)?);
    let (packed, size) = (u32_at(zip, at + 18)?, u32_at(zip, at + 22)?);
    let name = zip.get(at + 30..at + 30 + usize::from(u16_at(zip, at + 26)?))?;
    let data = data_of(zip, at)?;
    // Written as a stream, it says behind its bytes how many they are; those that are packed know their end.
    let is_known = flags & 8 == 0 && packed != u32::MAX;
    let end = if is_known { data.saturating_add(packed as usize).min(zip.len()) } else { zip.len() };
    let is_plausible = method < 100 && !name.is_empty();
    is_plausible.then(|| Entry {
        name: name.to_vec(),
        method,
        is_encrypted: flags & 1 != 0,
        packed: data..if is_known { end } else { next_header(zip, data) },
        size: size.into(),
    })
}

/// Where the bytes of the entry with this header begin.
fn data_of(zip: &[u8], local: usize) -> Option<usize> {
    let header = zip.get(local..).filter(|header| header.starts_with(LOCAL))?;
    let data = local + 30 + usize::from(u16_at(header, 26)?) + usize::from(u16_at(header, 28)?);
    (data <= zip.len()).then_some(data)
}

/// The next place at which something else begins.
fn next_header(zip: &[u8], from: usize) -> usize {
    let begins = |at: &usize| [LOCAL, CENTRAL].iter().any(|mark| zip[from + at..].starts_with(mark));
    let next = memchr::memmem::find_iter(&zip[from..], b"PK").find(begins);
    next.map_or(zip.len(), |next| from + next)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|b| u16::from_le_bytes(*b))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|b| u32::from_le_bytes(*b))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|b| u64::from_le_bytes(*b))
}
