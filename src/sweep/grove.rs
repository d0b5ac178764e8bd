//! The few objects that a sweep goes on with, and what they are made of: so much of the forest as leads to them.

use super::forest::{Place, Root};
use super::inflate::Inflater;
use super::loose::loose_kind;
use super::objects::{Number, ObjectError, Objects};
use super::pack::Stored;
use super::{FastMap, FastSet};

/// Part of a forest.
#[derive(Default)]
pub(super) struct Grove {
    /// By pack and position: the entries that stand on this one and lead to something that is wanted.
    children: FastMap<(u32, u32), Vec<u32>>,
    /// What is wanted; everything else is only made on the way.
    wanted: FastSet<(u32, u32)>,
    /// Entries that a root is known to lead to.
    known: FastSet<(u32, u32)>,
    /// Where walks begin.
    pub roots: Vec<Root>,
    /// What can't be read, and why.
    pub problems: Vec<(Number, String)>,
}

impl Grove {
    /// Goes from each of these objects to what it is made of.
    pub fn new(objects: &Objects, wanted: &[Number]) -> Self {
        let mut grove = Grove::default();
        let mut inflater = Inflater::default();
        for &number in wanted {
            if let Err(e) = grove.add(objects, number, &mut inflater) {
                grove.stray(objects, number, &e, &mut inflater);
            }
        }
        grove
    }

    /// The entries that are made of this one.
    pub fn children(&self, pack: u32, position: u32) -> Vec<u32> {
        self.children.get(&(pack, position)).cloned().unwrap_or_default()
    }

    /// Whether the entry is one of those that were asked for.
    pub fn is_wanted(&self, pack: u32, position: u32) -> bool {
        self.wanted.contains(&(pack, position))
    }

    fn add(&mut self, objects: &Objects, number: Number, inflater: &mut Inflater) -> Result<(), ObjectError> {
        let Some((index, mut at)) = objects.packed(number)? else {
            let place = number - objects.first_loose;
            let (kind, weight) = loose_kind(objects, &objects.loose[place as usize], inflater)?;
            self.roots.push(Root { kind, place: Place::Loose(place), weight, orphan: false });
            return Ok(());
        };
        let pack = &objects.packs[index as usize];
        let mut chain = vec![at];
        let root = loop {
            if self.known.contains(&(index, at)) {
                break None;
            }
            match pack.stored(at)? {
                Stored::Whole(kind) => break Some(kind),
                Stored::Outside(_) => break Some(objects.read_entry(pack, at, inflater, 0)?.0),
                Stored::On(base) => {
                    chain.push(base);
                    at = base;
                }
            }
            if chain.len() > pack.offsets.len() {
                return Err(ObjectError::Loop);
            }
        };
        self.wanted.insert((index, chain[0]));
        for pair in chain.windows(2) {
            if self.known.insert((index, pair[0])) {
                self.children.entry((index, pair[1])).or_default().push(pair[0]);
            }
        }
        if let Some(kind) = root {
            self.known.insert((index, at));
            let place = Place::Packed { pack: index, position: at };
            self.roots.push(Root { kind, place, weight: 0, orphan: false });
        }
        Ok(())
    }

    /// An object whose deltas lead nowhere: another copy may be whole.
    fn stray(&mut self, objects: &Objects, number: Number, why: &ObjectError, inflater: &mut Inflater) {
        let read = objects.read(&objects.id(number), inflater);
        match (read, objects.packed(number)) {
            (Ok((kind, _)), Ok(Some((pack, position)))) => {
                self.wanted.insert((pack, position));
                self.roots.push(Root { kind, place: Place::Packed { pack, position }, weight: 0, orphan: true });
            }
            _ => self.problems.push((number, why.to_string())),
        }
    }
}
