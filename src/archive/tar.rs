//! What stands in a tape archive: ustar, GNU and pax, read as a stream.
//!
//! Libraries hold a long name in memory whatever its length, and stop where one archive ends though another follows.

use super::packing::read_full;
use std::io::{self, Read};

const BLOCK: usize = 512;

/// A name or a list of properties is never longer.
const LONGEST: u64 = 1 << 20;

/// A file in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Its name as it is written.
    pub name: Vec<u8>,
    /// How many bytes it has.
    pub size: u64,
}

/// Reads headers from a stream, the bytes of each file in between.
pub(super) struct Tar<'r> {
    source: &'r mut dyn Read,
    /// What is left of the file that was met last, with what fills its last block.
    left: u64,
    padding: u64,
    has_ended: bool,
}

/// Why there is no next file.
#[derive(Debug)]
pub(super) enum Stop {
    /// It is over.
    End,
    /// It makes no sense from these bytes on.
    Damaged(Vec<u8>),
    /// It is over, and these bytes and others follow that are no archive.
    Trailing(Vec<u8>),
    /// It can't be read.
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Io(error)
    }
}

impl<'r> Tar<'r> {
    pub(super) fn new(source: &'r mut dyn Read) -> Self {
        Tar { source, left: 0, padding: 0, has_ended: false }
    }

    /// The next file with bytes of its own.
    pub(super) fn next(&mut self) -> Result<Header, Stop> {
        let mut name: Option<Vec<u8>> = None;
        let mut size: Option<u64> = None;
        loop {
            self.skip()?;
            let mut block = [0; BLOCK];
            match read_full(self.source, &mut block)? {
                BLOCK => {}
                0 => return Err(Stop::End),
                some => return Err(self.stopped(block[..some].to_vec())),
            }
            if block.iter().all(|b| *b == 0) {
                // Another archive may follow.
                self.has_ended = true;
                continue;
            }
            if !has_checksum(&block) {
                return Err(self.stopped(block.to_vec()));
            }
            self.has_ended = false;
            let kind = block[156];
            let own_size =
                size.take().or_else(|| number(&block[124..136])).ok_or_else(|| Stop::Damaged(block.to_vec()))?;
            self.left = if matches!(kind, b'1'..=b'6') { 0 } else { own_size };
            self.padding = self.left.wrapping_neg() % BLOCK as u64;
            match kind {
                b'L' => name = Some(until_nul(&self.held()?).to_vec()),
                b'x' => {
                    for (key, value) in records(&self.held()?) {
                        match key {
                            b"path" | b"GNU.sparse.name" => name = Some(value.to_vec()),
                            b"size" => size = std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok()),
                            _ => {}
                        }
                    }
                }
                b'K' | b'g' | b'1'..=b'6' | b'V' => {
                    if matches!(kind, b'1'..=b'6') {
                        name = None;
                    }
                }
                _ => {
                    if kind == b'S' {
                        self.skip_sparse_map(&block)?;
                    }
                    let name = name.unwrap_or_else(|| own_name(&block));
                    return Ok(Header { name, size: self.left });
                }
            }
        }
    }

    /// Why nothing follows, when these bytes do.
    fn stopped(&self, rest: Vec<u8>) -> Stop {
        if self.has_ended { Stop::Trailing(rest) } else { Stop::Damaged(rest) }
    }

    /// The bytes that follow.
    pub(super) fn rest(&mut self) -> &mut dyn Read {
        self.source
    }

    /// The bytes of the file that was met last.
    pub(super) fn content(&mut self) -> Content<'_, 'r> {
        Content { tar: self }
    }

    /// What a name or a list of properties says; nothing if it can't be one.
    fn held(&mut self) -> io::Result<Vec<u8>> {
        let mut held = Vec::new();
        if self.left <= LONGEST {
            self.content().read_to_end(&mut held)?;
        }
        Ok(held)
    }

    /// The places of the pieces of a file with holes may take up more blocks.
    fn skip_sparse_map(&mut self, header: &[u8; BLOCK]) -> io::Result<()> {
        let mut goes_on = header[482] != 0;
        while goes_on {
            let mut block = [0; BLOCK];
            goes_on = read_full(self.source, &mut block)? == BLOCK && block[504] != 0;
        }
        Ok(())
    }

    fn skip(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.left).saturating_add(std::mem::take(&mut self.padding));
        io::copy(&mut self.source.take(rest), &mut io::sink()).map(drop)
    }
}

/// The bytes of a file.
pub(super) struct Content<'t, 'r> {
    tar: &'t mut Tar<'r>,
}

impl Read for Content<'_, '_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.tar.left).unwrap_or(usize::MAX).min(out.len());
        if most == 0 {
            return Ok(0);
        }
        match self.tar.source.read(&mut out[..most])? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.tar.left -= read as u64;
                Ok(read)
            }
        }
    }
}

/// Whether the sum of all bytes, those of the sum itself taken as spaces, is the one it says.
fn has_checksum(block: &[u8; BLOCK]) -> bool {
    let Some(said) = number(&block[148..156]) else { return false };
    let counted = |at: usize| if (148..156).contains(&at) { b' ' } else { block[at] };
    let unsigned: u64 = (0..BLOCK).map(|at| u64::from(counted(at))).sum();
    let signed: i64 = (0..BLOCK).map(|at| i64::from(counted(at) as i8)).sum();
    said == unsigned || i64::try_from(said) == Ok(signed)
}

/// A number in octal digits or, where those do not suffice, in bytes.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let high = field[..field.len() - 8].iter().skip(1).all(|b| *b == 0) && field[0] == 0x80;
        return high.then(|| u64::from_be_bytes(*field.last_chunk().expect("a field has eight bytes and more")));
    }
    let digits = until_nul(field).trim_ascii();
    if digits.is_empty() {
        return Some(0);
    }
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

fn own_name(block: &[u8; BLOCK]) -> Vec<u8> {
    let name = until_nul(&block[..100]);
    let prefix = until_nul(&block[345..500]);
    // GNU's own format has other things in the place of the prefix.
    match &block[257..263] == b"ustar\0" && !prefix.is_empty() {
        true => [prefix, b"/", name].concat(),
        false => name.to_vec(),
    }
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    &bytes[..memchr::memchr(0, bytes).unwrap_or(bytes.len())]
}

/// The properties in a pax header: each is its own length, a space, the key, `=`, the value and a line end.
fn records(mut list: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut records = Vec::new();
    while let Some(space) = memchr::memchr(b' ', list) {
        let len = std::str::from_utf8(&list[..space]).ok().and_then(|digits| digits.parse::<usize>().ok());
        let Some(record) = len.and_then(|len| list.get(space + 1..len)) else { break };
        if let Some(equals) = memchr::memchr(b'=', record) {
            let value = &record[equals + 1..];
            records.push((&record[..equals], value.strip_suffix(b"\n").unwrap_or(value)));
        }
        list = &list[space + 1 + record.len()..];
    }
    records
}
