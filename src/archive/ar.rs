//! What stands in the archives of packages: `ar`, which Debian's are, `cpio`, and RPM, which is a `cpio` behind headers.

use super::packing::read_full;
use std::io::{self, Read};

/// A name is never longer.
const LONGEST: u64 = 64 << 10;

/// What the entry behind the last is called.
const TRAILER: &[u8] = b"TRAILER!!!";

/// Which of them it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Ar,
    Cpio,
}

/// Reads names from a stream, the bytes of each file in between.
pub(super) struct Members<'r> {
    source: &'r mut dyn Read,
    format: Format,
    /// What is left of the file that was met last, with what fills it up.
    left: u64,
    padding: u64,
    /// The names that are too long for their field.
    long_names: Vec<u8>,
    has_begun: bool,
}

impl<'r> Members<'r> {
    pub(super) fn new(source: &'r mut dyn Read, format: Format) -> Self {
        Members { source, format, left: 0, padding: 0, long_names: Vec::new(), has_begun: false }
    }

    /// The name of the next file with bytes of its own; nothing at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let behind = std::mem::take(&mut self.left) + std::mem::take(&mut self.padding);
            io::copy(&mut (&mut *self.source).take(behind), &mut io::sink())?;
            let name = match self.format {
                Format::Ar => self.of_ar()?,
                Format::Cpio => self.of_cpio()?,
            };
            match name {
                Some(name) if self.left == 0 || name.is_empty() => {}
                name => return Ok(name),
            }
        }
    }

    /// The bytes of the file that was met last.
    pub(super) fn content(&mut self) -> Content<'_, 'r> {
        Content { members: self }
    }

    /// An empty name is that of what no file is.
    fn of_ar(&mut self) -> io::Result<Option<Vec<u8>>> {
        if !std::mem::replace(&mut self.has_begun, true) {
            let _magic: [u8; 8] = self.exactly()?;
        }
        let mut header = [0; 60];
        if read_full(self.source, &mut header)? < header.len() {
            return Ok(None);
        }
        if &header[58..] != b"`\n" {
            return Err(senseless());
        }
        self.left = digits(&header[48..58], 10)?;
        self.padding = self.left % 2;
        let name = header[..16].trim_ascii_end();
        Ok(Some(match name {
            b"/" | b"/SYM64/" | b"__.SYMDEF" => Vec::new(),
            b"//" => {
                self.long_names = self.held(self.left.min(LONGEST * 16))?;
                Vec::new()
            }
            [b'/', at @ ..] => {
                let long = usize::try_from(digits(at, 10)?).ok().and_then(|at| self.long_names.get(at..));
                let long = long.ok_or_else(senseless)?;
                let end = long.iter().position(|b| matches!(b, b'\n' | 0)).unwrap_or(long.len());
                trimmed(&long[..end])
            }
            [b'#', b'1', b'/', len @ ..] => {
                let len = digits(len, 10)?.min(self.left);
                let name = self.held(len)?;
                name[..name.iter().position(|b| *b == 0).unwrap_or(name.len())].to_vec()
            }
            name => trimmed(name),
        }))
    }

    fn of_cpio(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut magic = [0; 6];
        if read_full(self.source, &mut magic)? < magic.len() || magic == [0; 6] {
            return Ok(None);
        }
        let (name_len, size, step) = match &magic {
            b"070701" | b"070702" => {
                let header: [u8; 104] = self.exactly()?;
                (digits(&header[88..96], 16)?, digits(&header[48..56], 16)?, 4)
            }
            b"070707" => {
                let header: [u8; 70] = self.exactly()?;
                (digits(&header[53..59], 8)?, digits(&header[59..70], 8)?, 1)
            }
            _ => return Err(senseless()),
        };
        if name_len > LONGEST {
            return Err(senseless());
        }
        let filled = |len: u64| (step - len % step) % step;
        self.left = name_len;
        let name = self.held(name_len)?;
        let name = name[..name.iter().position(|b| *b == 0).unwrap_or(name.len())].to_vec();
        let head = if step == 4 { 110 } else { 0 };
        io::copy(&mut (&mut *self.source).take(filled(head + name_len)), &mut io::sink())?;
        (self.left, self.padding) = (size, filled(size));
        Ok((name != TRAILER).then_some(name))
    }

    fn held(&mut self, len: u64) -> io::Result<Vec<u8>> {
        let mut held = Vec::new();
        let read = (&mut *self.source).take(len).read_to_end(&mut held)?;
        self.left -= (read as u64).min(self.left);
        Ok(held)
    }

    fn exactly<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.source.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// The bytes of one file.
pub(super) struct Content<'m, 'r> {
    members: &'m mut Members<'r>,
}

impl Read for Content<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.members.left).unwrap_or(usize::MAX).min(out.len());
        let read = self.members.source.read(&mut out[..most])?;
        if read == 0 && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.members.left -= read as u64;
        Ok(read)
    }
}

/// Passes over all of an RPM package that stands before its files: a lead, the signatures, the header.
pub(super) fn skip_headers(source: &mut dyn Read) -> io::Result<()> {
    let skip = |source: &mut dyn Read, len: u64| io::copy(&mut source.take(len), &mut io::sink()).map(drop);
    skip(source, 96)?;
    for is_padded in [true, false] {
        let mut header = [0; 16];
        source.read_exact(&mut header)?;
        let number = |at: usize| u64::from(u32::from_be_bytes([0, 1, 2, 3].map(|nth| header[at + nth])));
        if !header.starts_with(b"\x8e\xad\xe8") {
            return Err(senseless());
        }
        let len = number(8) * 16 + number(12);
        skip(source, len + if is_padded { len.wrapping_neg() % 8 } else { 0 })?;
    }
    Ok(())
}

/// A name of ar without the mark at its end.
fn trimmed(name: &[u8]) -> Vec<u8> {
    name.strip_suffix(b"/").unwrap_or(name).to_vec()
}

fn digits(text: &[u8], radix: u32) -> io::Result<u64> {
    let text = std::str::from_utf8(text.trim_ascii()).map_err(|_| senseless())?;
    u64::from_str_radix(text, radix).map_err(|_| senseless())
}

fn senseless() -> io::Error {
    io::Error::other("it makes no sense from some place on")
}
