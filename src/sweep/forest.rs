//! Walks deltas from their bases down, so that every object is made once, and few are held at a time.

use super::delta::{self, News};
use super::grove::Grove;
use super::inflate::{Inflater, Stream, plausible};
use super::objects::{LARGEST, Loose, Number, ObjectError, Objects, Pack, Stored, loose_header, read_loose};
use super::progress::Progress;
use gix::ObjectId;
use gix::objs::Kind;
use rayon::prelude::*;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

const NONE: u32 = u32::MAX;

/// What can't be read, and why.
type Problems = Vec<(Number, String)>;

/// An object's text and what the visitor keeps of it; nothing for one that was streamed.
type Made<S> = Result<Option<(Vec<u8>, S)>, ObjectError>;

/// Objects without deltas on them that are larger than this are read as a stream.
pub const STREAMED: u64 = 8 << 20;

/// When the texts held go beyond this many bytes, those that are not needed next are let go and made again.
const BUDGET: u64 = 32 << 20;

/// Packs of more bytes than this altogether are mapped anew now and then,
const MANY: u64 = 128 << 20;
/// whenever a thread has read such a part of them,
const PARTS: u64 = 12;
/// where each entry counts as so many bytes more: with the page it is on come others.
const PAGE: u64 = 4096;
/// Of so many entries is said how they are stored before packs are mapped anew.
const AT_ONCE: usize = 1 << 17;

/// Which entries of a pack are deltas on which.
struct Trees {
    parent: Vec<u32>,
    first_child: Vec<u32>,
    next_sibling: Vec<u32>,
    /// Stored bytes of an entry and all that stand on it.
    weight: Vec<u64>,
    duplicate: Vec<bool>,
}

/// Where a walk begins: an object that is no delta.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root {
    pub kind: Kind,
    pub place: Place,
    pub weight: u64,
    /// Its deltas lead nowhere: only another copy helps.
    pub orphan: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Packed { pack: u32, position: u32 },
    Loose(u32),
}

/// All objects in the order in which they can be made.
pub struct Forest {
    trees: Vec<Trees>,
    roots: Vec<Root>,
    /// Of only some objects: instead of trees.
    grove: Option<Grove>,
    /// Objects whose kind can't be known, and why.
    pub problems: Vec<(Number, String)>,
    /// Objects of each kind, each once: commits, trees, blobs, tags.
    pub counts: [u64; 4],
}

/// What a walk does with every object.
pub trait Visitor: Sync {
    /// What it keeps of an object while deltas on it are made.
    type State: Send + Sync;
    /// What each thread keeps.
    type Local: Send;

    /// A thread begins.
    fn local(&self) -> Self::Local;

    /// An object was made. `base` says what it was made of; `counted` is false for a second copy.
    fn visit(
        &self,
        local: &mut Self::Local,
        number: Number,
        counted: bool,
        text: &mut Vec<u8>,
        base: Option<Base<'_, Self::State>>,
    ) -> Self::State;

    /// An object that is too large to be held and that no delta stands on.
    fn stream(
        &self,
        local: &mut Self::Local,
        number: Number,
        size: u64,
        stream: &mut Stream<'_>,
    ) -> Result<(), ObjectError>;
}

/// What an object was made of.
pub struct Base<'a, S> {
    /// What the visitor kept of it.
    pub state: &'a S,
    /// What was copied from it and what is new.
    pub news: &'a News,
}

/// What a walk came to.
pub struct Walked<L> {
    /// What each thread kept.
    pub locals: Vec<L>,
    /// What can't be read, and why.
    pub problems: Vec<(Number, String)>,
}

impl Forest {
    /// Finds out which object is a delta on which.
    pub fn new(objects: &Objects) -> Self {
        let mut forest =
            Forest { trees: Vec::new(), roots: Vec::new(), grove: None, problems: Vec::new(), counts: [0; 4] };
        for (index, pack) in objects.packs.iter().enumerate() {
            forest.add_pack(objects, index, pack);
        }
        forest.add_loose(objects);
        forest.roots.sort_by_key(|root| std::cmp::Reverse(root.weight));
        forest
    }

    /// So much of it as leads to these objects. What they are made of is made too, as if it were a second copy.
    pub(super) fn of(objects: &Objects, wanted: &[Number]) -> Self {
        let mut grove = Grove::new(objects, wanted);
        let (roots, problems) = (std::mem::take(&mut grove.roots), std::mem::take(&mut grove.problems));
        Forest { trees: Vec::new(), roots, grove: Some(grove), problems, counts: [0; 4] }
    }

    fn add_pack(&mut self, objects: &Objects, index: usize, pack: &Pack) {
        let len = pack.offsets.len();
        let mut stored: Vec<Result<Stored, ObjectError>> = Vec::with_capacity(len);
        for start in (0..len).step_by(AT_ONCE) {
            let positions = start as u32..len.min(start + AT_ONCE) as u32;
            stored.par_extend(positions.into_par_iter().map(|position| pack.stored(position)));
            if len > AT_ONCE {
                objects.let_go();
            }
        }
        let mut trees = Trees {
            parent: vec![NONE; len],
            first_child: vec![NONE; len],
            next_sibling: vec![NONE; len],
            weight: pack.extents(),
            duplicate: (0..len).map(|p| objects.is_duplicate(index, pack.places[p])).collect(),
        };
        let mut kinds: Vec<Option<Kind>> = vec![None; len];
        let mut order: Vec<u32> = Vec::with_capacity(len);
        for (position, stored) in (0u32..).zip(stored) {
            match stored {
                Ok(Stored::Whole(kind)) => {
                    kinds[position as usize] = Some(kind);
                    order.push(position);
                }
                Ok(Stored::On(base)) => {
                    trees.parent[position as usize] = base;
                    trees.next_sibling[position as usize] = trees.first_child[base as usize];
                    trees.first_child[base as usize] = position;
                }
                Ok(Stored::Outside(_)) => match objects.read_entry(pack, position, &mut Inflater::default(), 0) {
                    Ok((kind, _)) => {
                        kinds[position as usize] = Some(kind);
                        order.push(position);
                    }
                    Err(e) => self.unreadable(
                        objects,
                        pack.number(position),
                        &e.to_string(),
                        &mut order,
                        &mut kinds,
                        position,
                    ),
                },
                Err(e) => {
                    self.unreadable(objects, pack.number(position), &e.to_string(), &mut order, &mut kinds, position)
                }
            }
        }
        let roots = order.len();
        let mut next = 0;
        while next < order.len() {
            let at = order[next] as usize;
            let mut child = trees.first_child[at];
            while child != NONE {
                kinds[child as usize] = kinds[at];
                order.push(child);
                child = trees.next_sibling[child as usize];
            }
            next += 1;
        }
        for &position in order[roots..].iter().rev() {
            let weight = trees.weight[position as usize];
            trees.weight[trees.parent[position as usize] as usize] += weight;
        }
        for (position, kind) in kinds.iter().enumerate() {
            match kind {
                Some(kind) if !trees.duplicate[position] => self.counts[slot(*kind)] += 1,
                Some(_) => {}
                // What no root leads to leads round in a circle.
                None if trees.parent[position] != NONE => {
                    self.problems.push((pack.number(position as u32), ObjectError::Loop.to_string()));
                }
                None => {}
            }
        }
        for &position in &order[..roots] {
            let Some(kind) = kinds[position as usize] else { continue };
            let place = Place::Packed { pack: index as u32, position };
            self.roots.push(Root { kind, place, weight: trees.weight[position as usize], orphan: false });
        }
        self.trees.push(trees);
    }

    /// An entry that makes no sense: another copy may say what kind of object it is.
    fn unreadable(
        &mut self,
        objects: &Objects,
        number: Number,
        why: &str,
        order: &mut Vec<u32>,
        kinds: &mut [Option<Kind>],
        position: u32,
    ) {
        match objects.read(&objects.id(number), &mut Inflater::default()) {
            Ok((kind, _)) => {
                kinds[position as usize] = Some(kind);
                order.push(position);
            }
            Err(_) => self.problems.push((number, why.to_owned())),
        }
    }

    fn add_loose(&mut self, objects: &Objects) {
        let headers: Vec<_> = objects
            .loose
            .par_iter()
            .map_init(Inflater::default, |inflater, loose| loose_kind(objects, loose, inflater))
            .collect();
        for (place, header) in (0u32..).zip(headers) {
            match header {
                Ok((kind, weight)) => {
                    self.counts[slot(kind)] += 1;
                    self.roots.push(Root { kind, place: Place::Loose(place), weight, orphan: false });
                }
                Err(e) => self.problems.push((objects.first_loose + place, e.to_string())),
            }
        }
    }

    /// Walks all objects of these kinds.
    pub fn walk<V: Visitor>(
        &self,
        objects: &Objects,
        kinds: &[Kind],
        visitor: &V,
        threads: usize,
        progress: &Progress,
    ) -> Walked<V::Local> {
        let roots: Vec<Root> = self.roots.iter().filter(|r| kinds.contains(&r.kind)).copied().collect();
        let threads = threads.clamp(1, roots.len().max(1));
        let shared = Shared {
            forest: self,
            objects,
            visitor,
            roots: &roots,
            cursor: AtomicUsize::new(0),
            queue: Mutex::new(Queue { tasks: VecDeque::new(), idle: 0 }),
            wake: Condvar::new(),
            hungry: AtomicUsize::new(0),
            held: AtomicU64::new(0),
            threads,
            progress,
        };
        let workers: Vec<(V::Local, Problems)> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..threads).map(|_| scope.spawn(|| Worker::new(&shared).run())).collect();
            handles.into_iter().map(|h| h.join().expect("a worker catches the panics of what it calls")).collect()
        });
        let mut walked = Walked { locals: Vec::new(), problems: Vec::new() };
        for (local, problems) in workers {
            walked.locals.push(local);
            walked.problems.extend(problems);
        }
        walked.problems.sort();
        walked
    }
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

/// Which count an object of this kind belongs to.
fn slot(kind: Kind) -> usize {
    match kind {
        Kind::Commit => 0,
        Kind::Tree => 1,
        Kind::Blob => 2,
        Kind::Tag => 3,
    }
}

/// An object that deltas are to be applied to.
struct Built<S> {
    text: Mutex<Option<Arc<Vec<u8>>>>,
    state: S,
    pack: u32,
    position: u32,
}

/// An object to be made.
struct Task<S> {
    place: Place,
    base: Option<Arc<Built<S>>>,
    /// Its base can't be read: only another copy helps.
    orphan: bool,
}

struct Queue<S> {
    tasks: VecDeque<Task<S>>,
    idle: usize,
}

struct Shared<'a, V: Visitor> {
    forest: &'a Forest,
    objects: &'a Objects,
    visitor: &'a V,
    roots: &'a [Root],
    cursor: AtomicUsize,
    queue: Mutex<Queue<V::State>>,
    wake: Condvar,
    /// How many threads wait for work.
    hungry: AtomicUsize,
    /// Bytes of texts that deltas still have to be applied to.
    held: AtomicU64,
    threads: usize,
    progress: &'a Progress,
}

struct Worker<'a, 'b, V: Visitor> {
    shared: &'b Shared<'a, V>,
    local: V::Local,
    stack: Vec<Task<V::State>>,
    inflater: Inflater,
    /// Stored bytes read since packs were mapped anew.
    read: u64,
    delta: Vec<u8>,
    news: News,
    spare: Vec<Vec<u8>>,
    problems: Vec<(Number, String)>,
}

impl<'a, 'b, V: Visitor> Worker<'a, 'b, V> {
    fn new(shared: &'b Shared<'a, V>) -> Self {
        Worker {
            shared,
            local: shared.visitor.local(),
            stack: Vec::new(),
            inflater: Inflater::default(),
            read: 0,
            delta: Vec::new(),
            news: News::default(),
            spare: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn run(mut self) -> (V::Local, Vec<(Number, String)>) {
        while let Some(task) = self.next() {
            self.work(task);
            if self.stack.len() > 1 && self.shared.hungry.load(Ordering::Relaxed) > 0 {
                let given = self.stack.remove(0);
                self.lock().tasks.push_back(given);
                self.shared.wake.notify_one();
            }
        }
        (self.local, self.problems)
    }

    fn lock(&self) -> std::sync::MutexGuard<'b, Queue<V::State>> {
        self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next object to make: this thread's, a fresh root, or one that another thread gives away.
    fn next(&mut self) -> Option<Task<V::State>> {
        if let Some(task) = self.stack.pop() {
            return Some(task);
        }
        let root = self.shared.cursor.fetch_add(1, Ordering::Relaxed);
        if let Some(root) = self.shared.roots.get(root) {
            return Some(Task { place: root.place, base: None, orphan: root.orphan });
        }
        let mut queue = self.lock();
        queue.idle += 1;
        self.shared.hungry.fetch_add(1, Ordering::Relaxed);
        loop {
            if let Some(task) = queue.tasks.pop_front() {
                queue.idle -= 1;
                self.shared.hungry.fetch_sub(1, Ordering::Relaxed);
                return Some(task);
            }
            if queue.idle == self.shared.threads {
                self.shared.wake.notify_all();
                return None;
            }
            queue = self.shared.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn work(&mut self, task: Task<V::State>) {
        let number = self.shared.number(task.place);
        self.shared.progress.objects.fetch_add(1, Ordering::Relaxed);
        let children = self.shared.children(task.place);
        if children.is_empty() && self.shared.is_duplicate(task.place) {
            return self.release(task.base);
        }
        let made = catch_unwind(AssertUnwindSafe(|| self.make(&task, children.is_empty())));
        let made = made.unwrap_or_else(|_| Err(ObjectError::Shape("reading it failed inside unleak: a fault".into())));
        self.let_packs_go(task.place);
        let state = match made {
            Ok(Some((text, state))) => Some((text, state)),
            Ok(None) => None,
            Err(e) => match self.another_copy(number, !self.shared.is_duplicate(task.place)) {
                Some(made) => Some(made),
                None => {
                    if !self.shared.is_duplicate(task.place) {
                        self.problems.push((number, e.to_string()));
                    }
                    self.orphans(task.place, &children);
                    None
                }
            },
        };
        self.release(task.base);
        if let Some((text, state)) = state {
            self.descend(task.place, text, state, children);
        }
    }

    /// What was read of a mapped pack counts as memory until it is mapped anew.
    fn let_packs_go(&mut self, place: Place) {
        let all = self.shared.objects.bytes();
        let Place::Packed { pack, position } = place else { return };
        if all < MANY {
            return;
        }
        self.read += self.shared.objects.packs[pack as usize].stored_len(position) + PAGE;
        if self.read > all / PARTS {
            self.read = 0;
            self.shared.objects.let_go();
        }
    }

    /// Makes the object and shows it to the visitor. Nothing comes back for one that was streamed.
    fn make(&mut self, task: &Task<V::State>, leaf: bool) -> Made<V::State> {
        if task.orphan {
            return Err(ObjectError::Base("it is damaged itself".into()));
        }
        let number = self.shared.number(task.place);
        let counted = !self.shared.is_duplicate(task.place);
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

    fn another_copy(&mut self, number: Number, counted: bool) -> Option<(Vec<u8>, V::State)> {
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

    fn orphans(&mut self, place: Place, children: &[u32]) {
        let Place::Packed { pack, .. } = place else { return };
        for &position in children {
            self.stack.push(Task { place: Place::Packed { pack, position }, base: None, orphan: true });
        }
    }

    /// Keeps the text for the deltas on it: the largest tree of them last, when nothing else needs it any more.
    fn descend(&mut self, place: Place, text: Vec<u8>, state: V::State, children: Vec<u32>) {
        let Place::Packed { pack, position } = place else { return self.recycle(text) };
        if children.is_empty() {
            return self.recycle(text);
        }
        let held = self.shared.held.fetch_add(text.len() as u64, Ordering::Relaxed) + text.len() as u64;
        if held > BUDGET {
            for task in &self.stack {
                if let Some(base) = &task.base {
                    self.let_go(base);
                }
            }
        }
        let built = Arc::new(Built { text: Mutex::new(Some(Arc::new(text))), state, pack, position });
        for position in children {
            let place = Place::Packed { pack, position };
            self.stack.push(Task { place, base: Some(Arc::clone(&built)), orphan: false });
        }
    }

    fn let_go(&self, base: &Built<V::State>) {
        let text = base.text.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(text) = text {
            self.shared.held.fetch_sub(text.len() as u64, Ordering::Relaxed);
        }
    }

    fn release(&mut self, base: Option<Arc<Built<V::State>>>) {
        let Some(built) = base.and_then(Arc::into_inner) else { return };
        let Some(text) = built.text.into_inner().unwrap_or_else(PoisonError::into_inner) else { return };
        self.shared.held.fetch_sub(text.len() as u64, Ordering::Relaxed);
        if let Some(text) = Arc::into_inner(text) {
            self.recycle(text);
        }
    }

    fn recycle(&mut self, text: Vec<u8>) {
        if self.spare.len() < 8 && text.capacity() < 1 << 20 {
            self.spare.push(text);
        }
    }
}

impl<V: Visitor> Shared<'_, V> {
    fn number(&self, place: Place) -> Number {
        match place {
            Place::Packed { pack, position } => self.objects.packs[pack as usize].number(position),
            Place::Loose(place) => self.objects.first_loose + place,
        }
    }

    fn is_duplicate(&self, place: Place) -> bool {
        match place {
            Place::Packed { pack, position } => match &self.forest.grove {
                Some(grove) => !grove.is_wanted(pack, position),
                None => self.forest.trees[pack as usize].duplicate[position as usize],
            },
            Place::Loose(_) => false,
        }
    }

    /// The deltas on an object, the one with the heaviest tree first.
    fn children(&self, place: Place) -> Vec<u32> {
        let Place::Packed { pack, position } = place else { return Vec::new() };
        if let Some(grove) = &self.forest.grove {
            return grove.children(pack, position);
        }
        let trees = &self.forest.trees[pack as usize];
        let mut children = Vec::new();
        let mut child = trees.first_child[position as usize];
        while child != NONE {
            children.push(child);
            child = trees.next_sibling[child as usize];
        }
        children.sort_by_key(|&c| std::cmp::Reverse(trees.weight[c as usize]));
        children
    }
}

/// Ids of objects, by their numbers.
pub fn named(objects: &Objects, problems: &[(Number, String)]) -> Vec<(ObjectId, String)> {
    problems.iter().map(|(number, why)| (objects.id(*number), why.clone())).collect()
}
