//! Reads objects one by one and keeps what they were made of, since the next is often made of the same.

use super::FastMap;
use super::delta::{self, News};
use super::inflate::Inflater;
use super::objects::{LARGEST, ObjectError, Objects};
use super::pack::Stored;
use gix::objs::Kind;
use gix::oid;
use std::collections::VecDeque;
use std::sync::Arc;

/// Texts of so many bytes are kept.
const KEPT: usize = 24 << 20;

/// A pack's entry: pack and position.
type Place = (u32, u32);

/// Texts by their places, those that were not asked for of late let go.
#[derive(Default)]
pub struct Bases {
    held: FastMap<Place, Held>,
    /// When each was asked for; for one that was asked for again, earlier times stay until they come up.
    queue: VecDeque<(Place, u64)>,
    bytes: usize,
    clock: u64,
    inflater: Inflater,
    delta: Vec<u8>,
    news: News,
}

struct Held {
    kind: Kind,
    text: Arc<Vec<u8>>,
    asked: u64,
}

impl Bases {
    /// Reads an object from whichever copy of it can be read.
    pub fn read(&mut self, objects: &Objects, id: &oid) -> Result<(Kind, Arc<Vec<u8>>), ObjectError> {
        let place = objects.number(id).map(|number| objects.packed(number));
        if let Some(Ok(Some(place))) = place
            && let Ok(read) = self.entry(objects, place)
        {
            return Ok(read);
        }
        objects.read(id, &mut self.inflater).map(|(kind, text)| (kind, Arc::new(text)))
    }

    fn entry(&mut self, objects: &Objects, place: Place) -> Result<(Kind, Arc<Vec<u8>>), ObjectError> {
        let pack = &objects.packs[place.0 as usize];
        let mut chain = Vec::new();
        let mut at = place;
        let (kind, mut text) = loop {
            if let Some(held) = self.held(at) {
                break held;
            }
            chain.push(at);
            match pack.stored(at.1)? {
                Stored::On(base) if chain.len() <= pack.offsets.len() => at.1 = base,
                Stored::On(_) => return Err(ObjectError::Loop),
                Stored::Whole(_) | Stored::Outside(_) => {
                    chain.pop();
                    let (kind, text) = objects.read_entry(pack, at.1, &mut self.inflater, 0)?;
                    break (kind, self.keep(at, kind, text));
                }
            }
        };
        for at in chain.into_iter().rev() {
            pack.inflate(at.1, &mut self.inflater, &mut self.delta)?;
            let mut made = Vec::new();
            delta::apply(&self.delta, &text, LARGEST, &mut made, &mut self.news)?;
            text = self.keep(at, kind, made);
        }
        Ok((kind, text))
    }

    fn held(&mut self, place: Place) -> Option<(Kind, Arc<Vec<u8>>)> {
        let held = self.held.get_mut(&place)?;
        self.clock += 1;
        held.asked = self.clock;
        self.queue.push_back((place, self.clock));
        Some((held.kind, Arc::clone(&held.text)))
    }

    fn keep(&mut self, place: Place, kind: Kind, text: Vec<u8>) -> Arc<Vec<u8>> {
        let text = Arc::new(text);
        self.clock += 1;
        self.bytes += text.len();
        self.held.insert(place, Held { kind, text: Arc::clone(&text), asked: self.clock });
        self.queue.push_back((place, self.clock));
        while self.bytes > KEPT
            && let Some((place, asked)) = self.queue.pop_front()
        {
            if self.held.get(&place).is_some_and(|held| held.asked == asked) {
                self.bytes -= self.held.remove(&place).map_or(0, |held| held.text.len());
            }
        }
        text
    }
}
