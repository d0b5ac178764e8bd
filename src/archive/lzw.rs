//! What `compress` of old Unixes makes, and names `.Z`: LZW with codes of nine to sixteen bits.

use std::io::{self, Read};

/// The code that empties the table.
const CLEAR: usize = 256;

/// A stream of `compress` made large again.
pub(super) struct Uncompress<R> {
    source: R,
    /// The widest code, in bits, and whether the table may be emptied.
    most: u32,
    has_clear: bool,
    /// Each code's last byte and the code of what stands before it.
    suffix: Vec<u8>,
    prefix: Vec<u16>,
    width: u32,
    previous: Option<(usize, u8)>,
    /// Codes come in groups of eight; what is left of one when the width changes is filled up.
    group: Vec<u8>,
    bit: usize,
    pending: Vec<u8>,
}

impl<R: Read> Uncompress<R> {
    /// Reads the header.
    pub(super) fn new(mut source: R) -> io::Result<Self> {
        let mut header = [0; 3];
        source.read_exact(&mut header)?;
        let most = u32::from(header[2] & 0x1f);
        if !(9..=16).contains(&most) {
            return Err(io::Error::other("its header makes no sense"));
        }
        let has_clear = header[2] & 0x80 != 0;
        let first = if has_clear { CLEAR + 1 } else { CLEAR };
        Ok(Uncompress {
            source,
            most,
            has_clear,
            suffix: (0..first).map(|code| code as u8).collect(),
            prefix: vec![0; first],
            width: 9,
            previous: None,
            group: Vec::new(),
            bit: 0,
            pending: Vec::new(),
        })
    }

    /// The next code; nothing at the end.
    fn code(&mut self) -> io::Result<Option<usize>> {
        if self.bit + self.width as usize > self.group.len() * 8 {
            self.group.clear();
            self.bit = 0;
            self.source.by_ref().take(u64::from(self.width)).read_to_end(&mut self.group)?;
            if self.group.len() * 8 < self.width as usize {
                return Ok(None);
            }
        }
        let mut code = 0;
        for nth in 0..self.width as usize {
            let bit = self.bit + nth;
            code |= usize::from(self.group[bit / 8] >> (bit % 8) & 1) << nth;
        }
        self.bit += self.width as usize;
        Ok(Some(code))
    }

    /// Codes of another width begin a new group.
    fn set_width(&mut self, width: u32) {
        self.width = width;
        self.group.clear();
        self.bit = 0;
    }

    /// Undoes one code, last byte first into `pending`; false at the end.
    fn step(&mut self) -> io::Result<bool> {
        if self.suffix.len() >= 1 << self.width && self.width < self.most {
            self.set_width(self.width + 1);
        }
        let Some(code) = self.code()? else { return Ok(false) };
        if code == CLEAR && self.has_clear {
            self.suffix.truncate(CLEAR + 1);
            self.prefix.truncate(CLEAR + 1);
            self.set_width(9);
            self.previous = None;
            return Ok(true);
        }
        let next = self.suffix.len();
        let mut at = match self.previous {
            // What is not in the table yet is the last one, with its own first byte behind it.
            Some((previous, first)) if code == next => {
                self.pending.push(first);
                previous
            }
            _ if code < next => code,
            _ => return Err(io::Error::other("a code that is none")),
        };
        while at >= CLEAR {
            self.pending.push(self.suffix[at]);
            at = self.prefix[at].into();
        }
        let first = at as u8;
        self.pending.push(first);
        if let Some((previous, _)) = self.previous
            && next < 1 << self.most
        {
            self.suffix.push(first);
            self.prefix.push(previous as u16);
        }
        self.previous = Some((code, first));
        Ok(true)
    }
}

impl<R: Read> Read for Uncompress<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.pending.is_empty() && !out.is_empty() {
            if !self.step()? {
                return Ok(0);
            }
        }
        let len = out.len().min(self.pending.len());
        for byte in &mut out[..len] {
            *byte = self.pending.pop().expect("so many are there");
        }
        Ok(len)
    }
}
