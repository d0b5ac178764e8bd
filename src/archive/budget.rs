//! How much of an archive is read: its own bytes, what it unpacks to, how many files, how deep.

use super::{Archives, Unread};
use std::cell::Cell;
use std::io::{self, Read};

/// How much of one archive, with all in it, is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Its own bytes.
    pub(super) stored: u64,
    /// What it may unpack to: so many bytes, and so many more for each of its own, but no more than `most`.
    free: u64,
    ratio: u64,
    most: u64,
    pub(super) entries: u64,
    pub(super) depth: usize,
}

/// Archives of more bytes than this are not opened: most kinds have to be held in memory.
pub(crate) const LARGEST: u64 = 512 << 20;

const GENEROUS: Limits =
    Limits { stored: LARGEST, free: 64 << 20, ratio: 100, most: 2 << 30, entries: 250_000, depth: 8 };
const SMALL: Limits = Limits { stored: 1 << 20, free: 8 << 20, ratio: 0, most: 8 << 20, entries: 2_000, depth: 4 };

/// How much more may be read.
pub(super) struct Budget {
    pub(super) limits: Limits,
    pub(super) archives: Archives,
    pub(super) bytes: u64,
    left: Cell<u64>,
    pub(super) entries: Cell<u64>,
    pub(super) is_spent: Cell<bool>,
}

impl Budget {
    /// What may be read of an archive of this size; nothing if none is opened.
    pub(super) fn new(archives: Archives, stored: u64) -> Option<Self> {
        let limits = match archives {
            Archives::Always => GENEROUS,
            Archives::Small => SMALL,
            Archives::Never => return None,
        };
        let bytes = stored.saturating_mul(limits.ratio).saturating_add(limits.free).min(limits.most);
        let (left, entries) = (Cell::new(bytes), Cell::new(limits.entries));
        Some(Budget { limits, archives, bytes, left, entries, is_spent: Cell::new(false) })
    }

    /// What was not read because of a limit.
    pub(super) fn unread(&self, why: &str) -> Unread {
        match self.archives {
            Archives::Small => {
                Unread::Skipped(format!("{why}: too much for a look at small archives; `--archives always` opens it"))
            }
            _ => Unread::Missing(format!(
                "{why}: it was not read to its end; look into it yourself, then `--archives small` passes over it"
            )),
        }
    }

    /// One entry more; false when there are too many.
    pub(super) fn has_room(&self) -> bool {
        match self.entries.get().checked_sub(1) {
            Some(left) => self.entries.set(left),
            None => self.is_spent.set(true),
        }
        !self.is_spent.get()
    }
}

/// What is unpacked, as long as the budget lasts.
pub(super) struct Metered<'b, R> {
    pub(super) inner: R,
    pub(super) budget: &'b Budget,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        match self.budget.left.get().checked_sub(read as u64) {
            Some(left) => self.budget.left.set(left),
            None => {
                self.budget.is_spent.set(true);
                return Err(io::Error::other("the budget is spent"));
            }
        }
        Ok(read)
    }
}

pub(super) fn in_words(bytes: u64) -> String {
    match bytes {
        0..0x10_0000 => format!("{} KiB", bytes >> 10),
        _ => format!("{} MiB", bytes >> 20),
    }
}
