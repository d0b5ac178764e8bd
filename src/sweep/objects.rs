//! Every object of a repository, each once: in packs, loose, and in alternates.

use super::delta::{self, DeltaError, News};
use super::inflate::{InflateError, Inflater};
use super::loose::{Loose, read_loose};
use super::pack::{Pack, Stored};
use crate::report::Skipped;
use gix::hash::Kind as HashKind;
use gix::objs::Kind;
use gix::odb::pack::multi_index;
use gix::{ObjectId, oid};
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
        self.packs.iter().for_each(|pack| pack.map_anew(self.hash));
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
                    self.bytes += pack.bytes();
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
