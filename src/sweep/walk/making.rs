//! Making one object of a walk: from what is stored, from its base, or as a stream.

use super::{Base, Built, Task, Visitor, Worker};
use crate::sweep::delta;
use crate::sweep::forest::Place;
use crate::sweep::inflate::{Stream, plausible};
use crate::sweep::loose::{loose_header, read_loose};
use crate::sweep::objects::{LARGEST, Number, ObjectError};
use crate::sweep::pack::Stored;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};

/// An object's text and what the visitor keeps of it; nothing for one that was streamed.
type Made<S> = Result<Option<(Vec<u8>, S)>, ObjectError>;

/// Objects without deltas on them that are larger than this are read as a stream.
pub const STREAMED: u64 = 8 << 20;

impl<V: Visitor> Worker<'_, '_, V> {
    /// Makes the object and shows it to the visitor. Nothing comes back for one that was streamed.
    pub(super) fn make(&mut self, task: &Task<V::State>, leaf: bool) -> Made<V::State> {
        if task.orphan {
            return Err(ObjectError::Base("it is damaged itself".into()));
        }
        let number = self.shared.number(task.place);
        let counted = !self.shared.forest.is_duplicate(task.place);
        let mut text = self.spare.pop().unwrap_or_default();
        let (pack, position) = match task.place {
            Place::Loose(place) => {
                let file = self.shared.objects.loose_file(&self.shared.objects.loose[place as usize]);
                if self.stream_loose(number, &file)? {
                    return Ok(None);
                }
                text = read_loose(&file, &mut self.inflater, LARGEST)?.1;
                let state = self.shared.visitor.visit(&mut self.local, number, counted, &mut text, None);
                return Ok(Some((text, state)));
            }
            Place::Packed { pack, position } => (&self.shared.objects.packs[pack as usize], position),
        };
        match &task.base {
            None if matches!(pack.stored(position)?, Stored::Outside(_)) => {
                text = self.shared.objects.read_entry(pack, position, &mut self.inflater, 0)?.1;
                let state = self.shared.visitor.visit(&mut self.local, number, counted, &mut text, None);
                Ok(Some((text, state)))
            }
            None => {
                let is_streamed = pack.extent(position, |size, stored| {
                    if !leaf || size <= STREAMED {
                        self.inflater.whole(stored, size, LARGEST, &mut text)?;
                        return Ok(false);
                    }
                    plausible(stored, size)?;
                    self.shared.visitor.stream(&mut self.local, number, size, &mut Stream::new(stored))?;
                    Ok(true)
                })?;
                if is_streamed {
                    return Ok(None);
                }
                let state = self.shared.visitor.visit(&mut self.local, number, counted, &mut text, None);
                Ok(Some((text, state)))
            }
            Some(base) => {
                let base_text = self.text_of(base)?;
                pack.inflate(position, &mut self.inflater, &mut self.delta)?;
                delta::apply(&self.delta, &base_text, LARGEST, &mut text, &mut self.news)?;
                let base = Base { state: &base.state, news: &self.news };
                let state = self.shared.visitor.visit(&mut self.local, number, counted, &mut text, Some(base));
                Ok(Some((text, state)))
            }
        }
    }

    fn stream_loose(&mut self, number: Number, file: &std::path::Path) -> Result<bool, ObjectError> {
        let io = |e| ObjectError::Io(Arc::new(e));
        // Deflate makes at most a thousand bytes of one, so a small file need not be looked at twice.
        if std::fs::metadata(file).map_err(io)?.len() < STREAMED / 1024 {
            return Ok(false);
        }
        let stored = std::fs::read(file).map_err(io)?;
        let (_, size, header) = loose_header(&stored, &mut self.inflater)?;
        if size <= STREAMED {
            return Ok(false);
        }
        plausible(&stored, size)?;
        let mut stream = Stream::new(&stored);
        stream.fill(&mut vec![0; header])?;
        self.shared.visitor.stream(&mut self.local, number, size, &mut stream)?;
        Ok(true)
    }

    /// The text of a base, made again if it was let go.
    fn text_of(&mut self, base: &Built<V::State>) -> Result<Arc<Vec<u8>>, ObjectError> {
        if let Some(text) = base.text.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            return Ok(Arc::clone(text));
        }
        let pack = &self.shared.objects.packs[base.pack as usize];
        match self.shared.objects.read_entry(pack, base.position, &mut self.inflater, 0) {
            Ok((_, text)) => Ok(Arc::new(text)),
            Err(_) => {
                let id = self.shared.objects.id(pack.number(base.position));
                Ok(Arc::new(self.shared.objects.read(&id, &mut self.inflater)?.1))
            }
        }
    }

    pub(super) fn another_copy(&mut self, number: Number, counted: bool) -> Option<(Vec<u8>, V::State)> {
        let id = self.shared.objects.id(number);
        let (_, mut text) = self.shared.objects.read(&id, &mut self.inflater).ok()?;
        let visitor = self.shared.visitor;
        let local = &mut self.local;
        catch_unwind(AssertUnwindSafe(|| {
            let state = visitor.visit(local, number, counted, &mut text, None);
            (text, state)
        }))
        .ok()
    }
}
