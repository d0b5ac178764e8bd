//! Archives of every kind, made in memory by the libraries that others make them with.

use std::io::{Cursor, Write};

/// A file in an archive: its name and what it holds.
pub type File<'f> = (&'f str, &'f [u8]);

/// A zip archive.
pub fn zip(files: &[File<'_>]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory can be written");
        writer.write_all(bytes).expect("memory can be written");
    }
    writer.finish().expect("memory can be written").into_inner()
}

/// A tape archive.
pub fn tar(files: &[File<'_>]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).expect("memory can be written");
    }
    builder.into_inner().expect("memory can be written")
}

/// gzip.
pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// bzip2.
pub fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// xz.
pub fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(3);
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), options).expect("memory can be written");
    writer.write_all(bytes).expect("memory can be written");
    writer.finish().expect("memory can be written")
}

/// Zstandard.
pub fn zst(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// A database with one table `settings (name, value)` on pages of 512 bytes: longer values go over several of them.
pub fn sqlite(rows: &[(&str, &str)]) -> Vec<u8> {
    const PAGE: usize = 512;
    const MOST: usize = PAGE - 35;
    let mut overflow: Vec<Vec<u8>> = Vec::new();
    let mut cells: Vec<Vec<u8>> = Vec::new();
    for (id, (name, value)) in (1..).zip(rows) {
        let record = record(&[Cell::Text(name), Cell::Text(value)]);
        let mut cell = [varint(record.len() as u64), varint(id)].concat();
        if record.len() <= MOST {
            cell.extend(&record);
        } else {
            let least = (PAGE - 12) * 32 / 255 - 23;
            let here = least + (record.len() - least) % (PAGE - 4);
            let here = if here <= MOST { here } else { least };
            cell.extend(&record[..here]);
            cell.extend((overflow.len() as u32 + 3).to_be_bytes());
            let pages: Vec<&[u8]> = record[here..].chunks(PAGE - 4).collect();
            for (nth, bytes) in pages.iter().enumerate() {
                let next = if nth + 1 < pages.len() { overflow.len() as u32 + 4 } else { 0 };
                overflow.push([&next.to_be_bytes()[..], bytes].concat());
            }
        }
        cells.push(cell);
    }
    let sql = "CREATE TABLE settings (name TEXT, value TEXT)";
    let table = [Cell::Text("table"), Cell::Text("settings"), Cell::Text("settings"), Cell::Number(2), Cell::Text(sql)];
    let schema = record(&table);
    let schema = [varint(schema.len() as u64), varint(1), schema].concat();
    let pages = 2 + overflow.len() as u32;
    let mut header = b"SQLite format 3\0".to_vec();
    header.extend((PAGE as u16).to_be_bytes());
    header.extend([1, 1, 0, 64, 32, 32, 0, 0, 0, 1]);
    header.extend(pages.to_be_bytes());
    header.resize(100, 0);
    header[47] = 4;
    header[59] = 1;
    let mut file = leaf(header, &[schema], PAGE);
    file.extend(leaf(Vec::new(), &cells, PAGE));
    for mut page in overflow {
        page.resize(PAGE, 0);
        file.extend(page);
    }
    file
}

enum Cell<'c> {
    Text(&'c str),
    Number(u8),
}

fn record(values: &[Cell<'_>]) -> Vec<u8> {
    let kinds = values.iter().flat_map(|value| match value {
        Cell::Text(text) => varint(text.len() as u64 * 2 + 13),
        Cell::Number(_) => vec![1],
    });
    let kinds: Vec<u8> = kinds.collect();
    let mut record = varint(kinds.len() as u64 + 1);
    record.extend(kinds);
    for value in values {
        match value {
            Cell::Text(text) => record.extend(text.as_bytes()),
            Cell::Number(number) => record.push(*number),
        }
    }
    record
}

/// A page of a table without pages below it, behind what stands before it.
fn leaf(mut page: Vec<u8>, cells: &[Vec<u8>], size: usize) -> Vec<u8> {
    let head = page.len();
    page.resize(size, 0);
    let mut end = size;
    for (nth, cell) in cells.iter().enumerate() {
        end -= cell.len();
        page[end..end + cell.len()].copy_from_slice(cell);
        page[head + 8 + nth * 2..][..2].copy_from_slice(&(end as u16).to_be_bytes());
    }
    page[head] = 13;
    page[head + 3..head + 5].copy_from_slice(&(cells.len() as u16).to_be_bytes());
    page[head + 5..head + 7].copy_from_slice(&(end as u16).to_be_bytes());
    page
}

fn varint(number: u64) -> Vec<u8> {
    match number {
        0..0x80 => vec![number as u8],
        _ => vec![(number >> 7) as u8 | 0x80, number as u8 & 0x7f],
    }
}

/// LZMA without a container.
pub fn lzma(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::LzmaOptions::with_preset(3);
    let mut writer = lzma_rust2::LzmaWriter::new_use_header(Vec::new(), &options, None).expect("memory can be written");
    writer.write_all(bytes).expect("memory can be written");
    writer.finish().expect("memory can be written")
}

/// What Debian's packages are, with short and long names.
pub fn ar(files: &[File<'_>]) -> Vec<u8> {
    let long: String = files.iter().filter(|(name, _)| name.len() > 15).map(|(name, _)| format!("{name}/\n")).collect();
    let mut out = b"!<arch>\n".to_vec();
    let mut member = |name: &str, bytes: &[u8]| {
        out.extend(format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 100_644, bytes.len()).bytes());
        out.extend(bytes);
        out.extend(vec![b'\n'; bytes.len() % 2]);
    };
    if !long.is_empty() {
        member("//", long.as_bytes());
    }
    for (name, bytes) in files {
        match long.find(&format!("{name}/\n")).filter(|_| name.len() > 15) {
            Some(at) => member(&format!("/{at}"), bytes),
            None => member(&format!("{name}/"), bytes),
        }
    }
    out
}

/// What initial file systems are.
pub fn cpio(files: &[File<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in files.iter().copied().chain([("TRAILER!!!", &b""[..])]) {
        let size = bytes.len() as u32;
        let numbers = [1, 0o100_644, 0, 0, 1, 0, size, 0, 0, 0, 0, name.len() as u32 + 1, 0];
        out.extend(b"070701");
        out.extend(numbers.iter().flat_map(|number| format!("{number:08X}").into_bytes()));
        out.extend(name.bytes().chain([0]));
        out.resize(out.len().next_multiple_of(4), 0);
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

/// An RPM package round what it carries.
pub fn rpm(payload: &[u8]) -> Vec<u8> {
    let mut out = b"\xed\xab\xee\xdb\x03\x00".to_vec();
    out.resize(96, 0);
    for (entries, data) in [(1u32, 5usize), (2, 3)] {
        out.extend(b"\x8e\xad\xe8\x01\0\0\0\0");
        out.extend(entries.to_be_bytes());
        out.extend((data as u32).to_be_bytes());
        out.extend(vec![1; entries as usize * 16 + data]);
        if entries == 1 {
            out.resize(out.len().next_multiple_of(8), 0);
        }
    }
    out.extend(payload);
    out
}

/// What `compress` makes, with codes of up to `most` bits.
pub fn compress(bytes: &[u8], most: u32) -> Vec<u8> {
    let mut out = vec![0x1f, 0x9d, 0x80 | most as u8];
    let mut codes: std::collections::HashMap<(usize, u8), usize> = std::collections::HashMap::new();
    let (mut width, mut group, mut current, mut known) = (9, Vec::<usize>::new(), None, 257);
    let flush = |out: &mut Vec<u8>, group: &mut Vec<usize>, width: u32, is_last: bool| {
        let len = if is_last { (group.len() * width as usize).div_ceil(8) } else { width as usize };
        let mut bytes = vec![0u8; len];
        for (nth, code) in group.drain(..).enumerate() {
            for bit in (0..width as usize).filter(|bit| code >> bit & 1 == 1) {
                let at = nth * width as usize + bit;
                bytes[at / 8] |= 1 << (at % 8);
            }
        }
        out.extend(bytes);
    };
    for &byte in bytes {
        let Some(before) = current else {
            current = Some(usize::from(byte));
            continue;
        };
        if let Some(&code) = codes.get(&(before, byte)) {
            current = Some(code);
            continue;
        }
        group.push(before);
        if group.len() == 8 {
            flush(&mut out, &mut group, width, false);
        }
        if known < 1 << most {
            codes.insert((before, byte), known);
            known += 1;
            // The reader is one entry behind.
            if known > 1 << width && width < most {
                if !group.is_empty() {
                    flush(&mut out, &mut group, width, false);
                }
                width += 1;
            }
        }
        current = Some(usize::from(byte));
    }
    group.extend(current);
    flush(&mut out, &mut group, width, true);
    out
}

/// What was written ahead of a database with pages of 512 bytes, if it was all of it.
pub fn wal(database: &[u8]) -> Vec<u8> {
    let mut out = b"\x37\x7f\x06\x82\0\x2d\xe2\x18".to_vec();
    out.extend(512u32.to_be_bytes());
    out.resize(32, 0);
    for (number, page) in (1u32..).zip(database.chunks(512)) {
        out.extend(number.to_be_bytes());
        out.extend([0; 20]);
        out.extend(page);
    }
    out
}
