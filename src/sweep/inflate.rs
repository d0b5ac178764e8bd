//! Inflating an object's bytes, and no more of them than it says.

use gix::zlib::{Decompress, FlushDecompress, Inflate, Status};

/// Deflate can't make more than this of a byte.
const MOST_PER_BYTE: u64 = 1032;

/// Why bytes can't be inflated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InflateError {
    /// The size named can't come from so few bytes.
    #[error("it says it has {named} bytes, which {stored} stored bytes can't hold")]
    Impossible {
        /// The size it names.
        named: u64,
        /// The bytes that are there.
        stored: u64,
    },
    /// The size named is not the size.
    #[error("it says it has {named} bytes and has {actual}")]
    Lies {
        /// The size it names.
        named: u64,
        /// The bytes that came out, as far as they were read.
        actual: u64,
    },
    /// It is larger than is held in memory.
    #[error("it is {0} bytes large, more than is held in memory")]
    TooLarge(u64),
    /// The compressed bytes end too early or are damaged.
    #[error("its compressed bytes are damaged: {0}")]
    Damaged(String),
}

/// A reusable inflater.
#[derive(Default)]
pub struct Inflater {
    inner: Inflate,
}

impl Inflater {
    /// Inflates all of `stored` into `out`, which then holds `size` bytes.
    pub fn whole(&mut self, stored: &[u8], size: u64, largest: u64, out: &mut Vec<u8>) -> Result<(), InflateError> {
        plausible(stored, size)?;
        if size > largest {
            return Err(InflateError::TooLarge(size));
        }
        // One byte more than is named shows a stream that goes on, and lets an empty one end.
        let room = size as usize + 1;
        if out.len() < room {
            out.resize(room, 0);
        }
        self.inner.reset();
        let (status, _, written) =
            self.inner.once(stored, &mut out[..room]).map_err(|e| InflateError::Damaged(e.to_string()))?;
        if written as u64 != size {
            return Err(InflateError::Lies { named: size, actual: written as u64 });
        }
        if status != Status::StreamEnd {
            return Err(InflateError::Damaged("they end too early".into()));
        }
        out.truncate(size as usize);
        Ok(())
    }

    /// Inflates at most the first `out.len()` bytes and says how many there were.
    pub fn prefix(&mut self, stored: &[u8], out: &mut [u8]) -> Result<usize, InflateError> {
        self.inner.reset();
        let (_, _, written) = self.inner.once(stored, out).map_err(|e| InflateError::Damaged(e.to_string()))?;
        Ok(written)
    }
}

/// Refuses a size that the stored bytes can't inflate to, before any memory is asked for.
pub fn plausible(stored: &[u8], size: u64) -> Result<(), InflateError> {
    let stored = stored.len() as u64;
    if size > stored.saturating_mul(MOST_PER_BYTE) {
        return Err(InflateError::Impossible { named: size, stored });
    }
    Ok(())
}

/// Inflates piece by piece, for what is too large to be held.
pub struct Stream<'a> {
    stored: &'a [u8],
    inner: Decompress,
    ended: bool,
}

impl<'a> Stream<'a> {
    /// Starts on these bytes.
    pub fn new(stored: &'a [u8]) -> Self {
        Stream { stored, inner: Decompress::new(), ended: false }
    }

    /// All of a text that says it has `size` bytes, of which there may be no more than `largest`.
    pub fn whole(&mut self, size: u64, largest: u64) -> Result<Vec<u8>, InflateError> {
        if size > largest {
            return Err(InflateError::TooLarge(size));
        }
        let mut text = vec![0; size as usize];
        let got = self.fill(&mut text)? as u64;
        if got != size {
            return Err(InflateError::Lies { named: size, actual: got });
        }
        Ok(text)
    }

    /// Fills `out` as far as there are bytes and says how many came.
    pub fn fill(&mut self, out: &mut [u8]) -> Result<usize, InflateError> {
        let mut filled = 0;
        while filled < out.len() && !self.ended {
            let (before_in, before_out) = (self.inner.total_in(), self.inner.total_out());
            let status = self
                .inner
                .decompress(self.stored, &mut out[filled..], FlushDecompress::None)
                .map_err(|e| InflateError::Damaged(e.to_string()))?;
            let read = (self.inner.total_in() - before_in) as usize;
            let written = (self.inner.total_out() - before_out) as usize;
            self.stored = &self.stored[read..];
            filled += written;
            self.ended = status == Status::StreamEnd;
            if !self.ended && read == 0 && written == 0 {
                return Err(InflateError::Damaged("they end too early".into()));
            }
        }
        Ok(filled)
    }
}
