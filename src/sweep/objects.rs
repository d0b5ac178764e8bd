//! Every object of a repository, each once: in packs, loose, and in alternates.

use super::delta::{self, DeltaError, News};
use super::inflate::{InflateError, Inflater};
use crate::report::Skipped;
use arc_swap::ArcSwap;
use gix::hash::Kind as HashKind;
use gix::objs::Kind;
use gix::odb::pack::{data, index, multi_index};
use gix::{ObjectId, oid};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// No object larger than this is held in memory: it is read as a stream or, as a delta or the base of one,
/// not at all.
pub const LARGEST: u64 = 1 << 30;

/// An object's number: packs in order, in each the objects in order of their ids, then the loose ones.
pub type Number = u32;

/// Why an object can't be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ObjectError {
    /// Its bytes can't be inflated.
    #[error("{0}")]
    Inflate(#[from] InflateError),
    /// Its delta can't be applied.
    #[error("{0}")]
    Delta(#[from] DeltaError),
    /// Its base can't be read.
    #[error("its base can't be read: {0}")]
    Base(String),
    /// Its deltas lead back to itself, or to nothing.
    #[error("its deltas lead round in a circle")]
    Loop,
    /// Something about the way it is stored makes no sense.
    #[error("{0}")]
    Shape(String),
    /// The file can't be read.
    #[error("{0}")]
    Io(Arc<std::io::Error>),
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

/// A file in which one object lies.
pub struct Loose {
    /// Its id.
    pub id: ObjectId,
    folder: u32,
}

/// All objects.
pub struct Objects {
    /// The hash that ids are made with.
    pub hash: HashKind,
    /// The packs.
    pub packs: Vec<Pack>,
    /// Loose objects that no pack has, in order of their ids.
    pub loose: Vec<Loose>,
    /// The number of the first loose object.
    pub first_loose: Number,
    /// Packs and folders that can't be read, and why.
    pub problems: Vec<Skipped>,
    folders: Vec<PathBuf>,
    bytes: u64,
    promised: bool,
}

impl Objects {
    /// Opens everything in these object folders: a repository's own first, then its alternates.
    pub fn open(folders: Vec<PathBuf>, hash: HashKind) -> Self {
        let mut objects = Objects {
            hash,
            packs: Vec::new(),
            loose: Vec::new(),
            first_loose: 0,
            problems: Vec::new(),
            folders,
            bytes: 0,
            promised: false,
        };
        for folder in objects.folders.clone() {
            if !folder.is_dir() {
                objects.problem(
                    &folder,
                    "it is named as a folder of objects (`objects/info/alternates`) and is not there",
                );
            }
            objects.add_packs(&folder.join("pack"));
        }
        for folder in 0..objects.folders.len() {
            objects.add_loose(folder);
        }
        objects
    }

    /// How many objects there are, duplicates included.
    pub fn count(&self) -> usize {
        self.first_loose as usize + self.loose.len()
    }

    /// Bytes on disk of all packs.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether some packs came from a promisor: what is missing may be had from it.
    pub fn promised(&self) -> bool {
        self.promised
    }

    /// Maps the packs anew, so that what was read of them so far no longer counts as this program's memory. One that
    /// was repacked meanwhile stays as it is.
    pub fn let_go(&self) {
        for pack in &self.packs {
            match data::File::at(&pack.path, self.hash) {
                Ok(data) if data.pack_end() as u64 == pack.end => pack.data.store(Arc::new(data)),
                _ => {}
            }
        }
    }

    /// The number of the object with this id: of several copies, the first.
    pub fn number(&self, id: &oid) -> Option<Number> {
        for pack in &self.packs {
            if let Some(place) = pack.place(id) {
                return Some(pack.first + place);
            }
        }
        self.loose_place(id).map(|place| self.first_loose + place as u32)
    }

    /// The id of the object with this number.
    pub fn id(&self, number: Number) -> ObjectId {
        if number >= self.first_loose {
            return self.loose[(number - self.first_loose) as usize].id;
        }
        let pack = self.pack_of(number);
        pack.id(number - pack.first).to_owned()
    }

    /// The pack and the position in it of the object with this number; nothing if it is loose.
    pub(super) fn packed(&self, number: Number) -> Result<Option<(u32, u32)>, ObjectError> {
        if number >= self.first_loose {
            return Ok(None);
        }
        let index = self.packs.partition_point(|p| p.first <= number) - 1;
        let pack = &self.packs[index];
        match pack.position(pack.offset(number - pack.first)) {
            Some(position) => Ok(Some((index as u32, position))),
            None => Err(ObjectError::Shape("its offset is no entry of the pack".into())),
        }
    }

    /// Whether the object may be a tag, as far as that can be said without inflating it.
    pub fn can_be_tag(&self, id: &oid) -> bool {
        for pack in &self.packs {
            if let Some(place) = pack.place(id) {
                let stored = pack.position(pack.offset(place)).map(|position| pack.stored(position));
                return !matches!(stored, Some(Ok(Stored::Whole(Kind::Commit | Kind::Tree | Kind::Blob))));
            }
        }
        true
    }

    /// Whether an earlier pack has the object as well.
    pub fn is_duplicate(&self, pack: usize, place: u32) -> bool {
        pack > 0 && {
            let id = self.packs[pack].id(place);
            self.packs[..pack].iter().any(|earlier| earlier.place(id).is_some())
        }
    }

    /// Reads an object from whichever copy of it can be read.
    pub fn read(&self, id: &oid, inflater: &mut Inflater) -> Result<(Kind, Vec<u8>), ObjectError> {
        self.read_at_depth(id, inflater, 0)
    }

    fn read_at_depth(&self, id: &oid, inflater: &mut Inflater, outside: u32) -> Result<(Kind, Vec<u8>), ObjectError> {
        let mut error = ObjectError::Shape("it is missing".into());
        if outside > 16 {
            return Err(ObjectError::Loop);
        }
        for pack in &self.packs {
            let Some(place) = pack.place(id) else { continue };
            let read = match pack.position(pack.offset(place)) {
                Some(position) => self.read_entry(pack, position, inflater, outside),
                None => Err(ObjectError::Shape("its offset is no entry of the pack".into())),
            };
            match read {
                Ok(read) => return Ok(read),
                Err(e) => error = e,
            }
        }
        for folder in 0..self.folders.len() {
            let path = self.loose_path(id, folder);
            if path.is_file() {
                match read_loose(&path, inflater, LARGEST) {
                    Ok(read) => return Ok(read),
                    Err(e) => error = e,
                }
            }
        }
        Err(error)
    }

    /// Reads a pack's entry through all its deltas.
    pub fn read_entry(
        &self,
        pack: &Pack,
        position: u32,
        inflater: &mut Inflater,
        outside: u32,
    ) -> Result<(Kind, Vec<u8>), ObjectError> {
        let mut chain = Vec::new();
        let mut at = position;
        let (kind, mut text) = loop {
            match pack.stored(at)? {
                Stored::Whole(kind) => {
                    let mut text = Vec::new();
                    pack.inflate(at, inflater, &mut text)?;
                    break (kind, text);
                }
                Stored::On(base) => {
                    chain.push(at);
                    if chain.len() > pack.offsets.len() {
                        return Err(ObjectError::Loop);
                    }
                    at = base;
                }
                Stored::Outside(id) => {
                    chain.push(at);
                    break self.read_at_depth(&id, inflater, outside + 1)?;
                }
            }
        };
        let (mut delta, mut next, mut news) = (Vec::new(), Vec::new(), News::default());
        for &at in chain.iter().rev() {
            pack.inflate(at, inflater, &mut delta)?;
            delta::apply(&delta, &text, LARGEST, &mut next, &mut news)?;
            std::mem::swap(&mut text, &mut next);
        }
        Ok((kind, text))
    }

    /// The file of a loose object.
    pub fn loose_file(&self, loose: &Loose) -> PathBuf {
        self.loose_path(&loose.id, loose.folder as usize)
    }

    fn loose_path(&self, id: &oid, folder: usize) -> PathBuf {
        let hex = id.to_hex().to_string();
        self.folders[folder].join(&hex[..2]).join(&hex[2..])
    }

    fn pack_of(&self, number: Number) -> &Pack {
        let after = self.packs.partition_point(|p| p.first <= number);
        &self.packs[after - 1]
    }

    fn loose_place(&self, id: &oid) -> Option<usize> {
        self.loose.binary_search_by(|l| l.id.as_ref().cmp(id)).ok()
    }

    fn add_packs(&mut self, folder: &Path) {
        let mut paths: Vec<PathBuf> = match std::fs::read_dir(folder) {
            Ok(entries) => entries.flatten().map(|e| e.path()).collect(),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return,
            Err(e) => return self.problem(folder, &e.to_string()),
        };
        paths.sort();
        let multi = folder.join("multi-pack-index");
        let multi = if multi.is_file() { multi_index::File::at(&multi, None).ok() } else { None };
        for path in paths.iter().filter(|p| p.extension() == Some(OsStr::new("pack"))) {
            // Git reads every pack that has an index, whatever it is called. What a `git repack` that was cut short left
            // behind has none.
            let is_unfinished = path.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b".tmp-"));
            if is_unfinished && !path.with_extension("idx").exists() {
                continue;
            }
            self.promised |= path.with_extension("promisor").exists();
            match Pack::open(path, multi.as_ref(), self.hash, self.first_loose) {
                Ok(Some((pack, problems))) => {
                    self.first_loose += pack.offsets.len() as u32;
                    self.bytes += pack.data.load().data_len() as u64;
                    for problem in problems {
                        self.problem(path, &problem);
                    }
                    self.packs.push(pack);
                }
                Ok(None) => self.problem(path, "it has no index: run `git index-pack` on it"),
                Err(why) => self.problem(path, &why),
            }
        }
    }

    fn add_loose(&mut self, folder: usize) {
        for first in 0..=255u8 {
            let within = self.folders[folder].join(format!("{first:02x}"));
            let entries = match std::fs::read_dir(&within) {
                Ok(entries) => entries,
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
                Err(e) => {
                    self.problem(&within, &e.to_string());
                    continue;
                }
            };
            for entry in entries.flatten() {
                let name = entry.file_name();
                let Some(rest) = name.to_str().filter(|n| n.len() + 2 == self.hash.len_in_hex()) else { continue };
                let Ok(id) = ObjectId::from_hex(format!("{first:02x}{rest}").as_bytes()) else { continue };
                if self.packs.iter().all(|p| p.place(&id).is_none()) {
                    self.bytes += entry.metadata().map_or(0, |m| m.len());
                    self.loose.push(Loose { id, folder: folder as u32 });
                }
            }
        }
        self.loose.sort_by_key(|loose| (loose.id, loose.folder));
        self.loose.dedup_by(|a, b| a.id == b.id);
    }

    fn problem(&mut self, path: &Path, why: &str) {
        self.problems.push(Skipped { what: path.as_os_str().as_encoded_bytes().to_vec(), why: why.to_owned() });
    }
}

/// Where a pack's entries begin, in order, each with its place among the ids.
fn in_order(len: u32, offset: impl Fn(u32) -> u64 + Sync) -> Vec<(u64, u32)> {
    let mut entries: Vec<(u64, u32)> = (0..len).into_par_iter().map(|place| (offset(place), place)).collect();
    entries.par_sort_unstable();
    entries
}

impl Pack {
    fn open(
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

    fn offset(&self, place: u32) -> u64 {
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

fn listed_in(multi: &multi_index::File, index_path: &Path) -> Option<Vec<(ObjectId, u64)>> {
    let name = index_path.file_name()?;
    let pack = multi.index_names().iter().position(|n| n.as_os_str() == name)? as u32;
    Some(multi.iter().flatten().filter(|e| e.pack_index == pack).map(|e| (e.oid, e.pack_offset)).collect())
}

/// The kind, size and bytes of a loose object that is not larger than `largest`.
pub fn read_loose(path: &Path, inflater: &mut Inflater, largest: u64) -> Result<(Kind, Vec<u8>), ObjectError> {
    let stored = std::fs::read(path).map_err(|e| ObjectError::Io(Arc::new(e)))?;
    let (kind, size, header) = loose_header(&stored, inflater)?;
    let mut text = Vec::new();
    inflater.whole(&stored, size + header as u64, largest, &mut text)?;
    text.drain(..header);
    Ok((kind, text))
}

/// What a loose object says it is: its kind, its size, and how many bytes that took to say.
pub fn loose_header(stored: &[u8], inflater: &mut Inflater) -> Result<(Kind, u64, usize), ObjectError> {
    let mut start = [0u8; 64];
    let len = inflater.prefix(stored, &mut start)?;
    let shape = || ObjectError::Shape("it does not begin like an object".into());
    let end = memchr::memchr(0, &start[..len]).ok_or_else(shape)?;
    let header = std::str::from_utf8(&start[..end]).map_err(|_| shape())?;
    let (kind, size) = header.split_once(' ').ok_or_else(shape)?;
    let kind = Kind::from_bytes(kind.as_bytes()).map_err(|_| shape())?;
    Ok((kind, size.parse().map_err(|_| shape())?, end + 1))
}
