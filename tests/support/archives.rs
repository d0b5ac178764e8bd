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
