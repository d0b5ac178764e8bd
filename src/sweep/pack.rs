//! A pack: where its entries begin, which objects they are, and how each is stored.

use super::inflate::Inflater;
use super::objects::{LARGEST, Number, ObjectError};
use arc_swap::ArcSwap;
use gix::hash::Kind as HashKind;
use gix::objs::Kind;
use gix::odb::pack::{data, index, multi_index};
use gix::{ObjectId, oid};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A pack and where in it everything begins.
pub struct Pack {
    /// Mapped anew now and then while others read.
    data: ArcSwap<data::File>,
    path: PathBuf,
    /// Where its last entry ends.
    end: u64,
    listing: Listing,
    /// Where entries begin, in order.
    pub offsets: Vec<u64>,
    /// For each of them, the object's place among the pack's ids.
    pub places: Vec<u32>,
    /// The number of the first object.
    pub first: Number,
}

/// How a pack's entry is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// In full.
    Whole(Kind),
    /// As a delta on an entry of the same pack.
    On(u32),
    /// As a delta on an object that the pack does not have.
    Outside(ObjectId),
}

impl Pack {
    /// Opens a pack and its index, or what a multi-pack index says of it; nothing if there is neither. Beside it comes what
    /// does not agree.
    pub(super) fn open(
        path: &Path,
        multi: Option<&multi_index::File>,
        hash: HashKind,
        first: Number,
    ) -> Result<Option<(Pack, Vec<String>)>, String> {
        let index_path = path.with_extension("idx");
        let listing = if index_path.is_file() {
            let index = index::File::at(&index_path, hash).map_err(|e| e.to_string())?;
            Ok(index)
        } else if let Some(listed) = multi.and_then(|m| listed_in(m, &index_path)) {
            Err(listed)
        } else {
            return Ok(None);
        };
        let data = data::File::at(path, hash).map_err(|e| e.to_string())?;
        let (listing, entries) = match listing {
            Ok(index) => {
                let (buckets, entries) = rayon::join(
                    || Buckets::new(&index),
                    || in_order(index.num_objects(), |place| index.pack_offset_at_index(place)),
                );
                (Listing::Index(Box::new(index), buckets), entries)
            }
            Err(listed) => {
                let entries = in_order(listed.len() as u32, |place| listed[place as usize].1);
                (Listing::Multi(listed), entries)
            }
        };
        let mut problems = Vec::new();
        if data.num_objects() as usize != entries.len() && matches!(listing, Listing::Index(..)) {
            problems.push(format!("it says it has {} objects and its index {}", data.num_objects(), entries.len()));
        }
        let (offsets, places) = entries.into_iter().unzip();
        let (path, end) = (path.to_owned(), data.pack_end() as u64);
        let data = ArcSwap::from_pointee(data);
        Ok(Some((Pack { data, path, end, listing, offsets, places, first }, problems)))
    }

    /// Maps the file anew, unless it is another one by now.
    pub(super) fn map_anew(&self, hash: HashKind) {
        match data::File::at(&self.path, hash) {
            Ok(data) if data.pack_end() as u64 == self.end => self.data.store(Arc::new(data)),
            _ => {}
        }
    }

    /// Bytes on disk.
    pub(super) fn bytes(&self) -> u64 {
        self.data.load().data_len() as u64
    }

    /// The pack's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The id at a place.
    pub fn id(&self, place: u32) -> &oid {
        match &self.listing {
            Listing::Index(index, _) => index.oid_at_index(place),
            Listing::Multi(listed) => &listed[place as usize].0,
        }
    }

    /// The place of an id.
    pub fn place(&self, id: &oid) -> Option<u32> {
        match &self.listing {
            Listing::Index(index, buckets) => buckets.place(index, id),
            Listing::Multi(listed) => listed.binary_search_by(|l| l.0.as_ref().cmp(id)).ok().map(|p| p as u32),
        }
    }

    /// The position of the entry that begins here.
    pub fn position(&self, offset: u64) -> Option<u32> {
        self.offsets.binary_search(&offset).ok().map(|p| p as u32)
    }

    /// The number of the object at a position.
    pub fn number(&self, position: u32) -> Number {
        self.first + self.places[position as usize]
    }

    /// Where the entry at a place of the ids begins.
    pub(super) fn offset(&self, place: u32) -> u64 {
        match &self.listing {
            Listing::Index(index, _) => index.pack_offset_at_index(place),
            Listing::Multi(listed) => listed[place as usize].1,
        }
    }

    /// Bytes on disk of the entry at a position.
    pub fn stored_len(&self, position: u32) -> u64 {
        let next = self.offsets.get(position as usize + 1).copied().unwrap_or(self.end);
        next.saturating_sub(self.offsets[position as usize])
    }

    /// Hands on what the entry at a position says of itself, and its stored bytes.
    fn entry<T>(
        &self,
        position: u32,
        read: impl FnOnce(data::Entry, &[u8]) -> Result<T, ObjectError>,
    ) -> Result<T, ObjectError> {
        let start = self.offsets[position as usize];
        let next = self.offsets[position as usize + 1..].iter().copied().find(|&o| o > start);
        let end = next.unwrap_or(self.end).min(self.end);
        let data = self.data.load();
        let bytes = (start >= 12 && start < end)
            .then(|| data.entry_slice(start..end))
            .flatten()
            .ok_or_else(|| ObjectError::Shape("its offset lies outside the pack".into()))?;
        let entry =
            data::Entry::from_bytes(bytes, start, data.object_hash()).map_err(|e| ObjectError::Shape(e.to_string()))?;
        let header = entry.header_size();
        let stored = bytes.get(header..).ok_or_else(|| ObjectError::Shape("its header is truncated".into()))?;
        read(entry, stored)
    }

    /// How the entry at a position is stored.
    pub fn stored(&self, position: u32) -> Result<Stored, ObjectError> {
        self.entry(position, |entry, _| self.stored_as(&entry))
    }

    fn stored_as(&self, entry: &data::Entry) -> Result<Stored, ObjectError> {
        use data::entry::Header;
        Ok(match entry.header {
            Header::Commit => Stored::Whole(Kind::Commit),
            Header::Tree => Stored::Whole(Kind::Tree),
            Header::Blob => Stored::Whole(Kind::Blob),
            Header::Tag => Stored::Whole(Kind::Tag),
            Header::OfsDelta { base_distance } => {
                let base = entry.checked_base_pack_offset(base_distance).and_then(|offset| self.position(offset));
                Stored::On(base.ok_or_else(|| ObjectError::Shape("its base is no entry of the pack".into()))?)
            }
            Header::RefDelta { base_id } => match self.place(&base_id).map(|p| self.position(self.offset(p))) {
                Some(Some(base)) => Stored::On(base),
                Some(None) => return Err(ObjectError::Shape("its base is no entry of the pack".into())),
                None => Stored::Outside(base_id),
            },
        })
    }

    /// Bytes on disk of each entry, by position.
    pub fn extents(&self) -> Vec<u64> {
        (0..self.offsets.len() as u32).map(|position| self.stored_len(position)).collect()
    }

    /// Hands on how many bytes the entry at a position says it inflates to, and its stored bytes.
    pub fn extent<T>(
        &self,
        position: u32,
        read: impl FnOnce(u64, &[u8]) -> Result<T, ObjectError>,
    ) -> Result<T, ObjectError> {
        self.entry(position, |entry, stored| read(entry.decompressed_size, stored))
    }

    /// Inflates the entry at a position: an object or a delta.
    pub fn inflate(&self, position: u32, inflater: &mut Inflater, out: &mut Vec<u8>) -> Result<(), ObjectError> {
        self.extent(position, |size, stored| Ok(inflater.whole(stored, size, LARGEST, out)?))
    }
}

/// Where a pack's entries begin, in order, each with its place among the ids.
fn in_order(len: u32, offset: impl Fn(u32) -> u64 + Sync) -> Vec<(u64, u32)> {
    let mut entries: Vec<(u64, u32)> = (0..len).into_par_iter().map(|place| (offset(place), place)).collect();
    entries.par_sort_unstable();
    entries
}

fn listed_in(multi: &multi_index::File, index_path: &Path) -> Option<Vec<(ObjectId, u64)>> {
    let name = index_path.file_name()?;
    let pack = multi.index_names().iter().position(|n| n.as_os_str() == name)? as u32;
    Some(multi.iter().flatten().filter(|e| e.pack_index == pack).map(|e| (e.oid, e.pack_offset)).collect())
}

/// Where the objects of a pack are listed.
enum Listing {
    Index(Box<index::File>, Buckets),
    /// From a multi-pack index, for a pack without an index of its own; in order of the ids.
    Multi(Vec<(ObjectId, u64)>),
}

/// Where in an index ids begin that share their first bits: with as many buckets as there are ids, a look-up reads
/// one or two of them, where a binary search reads a dozen.
struct Buckets {
    /// Where each bucket begins, and the last one's end; nothing if the index is not in order.
    starts: Vec<u32>,
    shift: u32,
}

impl Buckets {
    fn new(index: &index::File) -> Self {
        let len = index.num_objects();
        let bits = (32 - len.leading_zeros()).clamp(1, 24);
        let shift = 32 - bits;
        let mut starts = vec![0u32; (1 << bits) + 1];
        let mut last = 0;
        for place in 0..len {
            let bucket = first_bits(index.oid_at_index(place)) >> shift;
            if bucket < last {
                return Buckets { starts: Vec::new(), shift };
            }
            starts[last as usize + 1..=bucket as usize].fill(place);
            last = bucket;
        }
        starts[last as usize + 1..].fill(len);
        Buckets { starts, shift }
    }

    fn place(&self, index: &index::File, id: &oid) -> Option<u32> {
        if self.starts.is_empty() {
            return index.lookup(id);
        }
        let bucket = (first_bits(id) >> self.shift) as usize;
        (self.starts[bucket]..self.starts[bucket + 1]).find(|place| index.oid_at_index(*place) == id)
    }
}

fn first_bits(id: &oid) -> u32 {
    let bytes = id.as_bytes();
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}
