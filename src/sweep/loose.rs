//! Loose objects: each a file of its own, which says what it is once it is inflated.

use super::inflate::Inflater;
use super::objects::{ObjectError, Objects};
use gix::ObjectId;
use gix::objs::Kind;
use std::path::Path;
use std::sync::Arc;

/// A file in which one object lies.
pub struct Loose {
    /// Its id.
    pub id: ObjectId,
    /// Which of the object folders holds it.
    pub(super) folder: u32,
}

/// The kind of a loose object, and how long its file is.
pub(super) fn loose_kind(
    objects: &Objects,
    loose: &Loose,
    inflater: &mut Inflater,
) -> Result<(Kind, u64), ObjectError> {
    let io = |e| ObjectError::Io(Arc::new(e));
    let mut start = Vec::new();
    let file = std::fs::File::open(objects.loose_file(loose)).map_err(io)?;
    std::io::Read::read_to_end(&mut std::io::Read::take(&file, 4096), &mut start).map_err(io)?;
    let len = file.metadata().map_or(0, |m| m.len());
    loose_header(&start, inflater).map(|(kind, _, _)| (kind, len))
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
