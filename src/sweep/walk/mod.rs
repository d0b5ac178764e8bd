//! Walks deltas from their bases down, so that every object is made once, and few are held at a time.

mod making;

use super::delta::News;
use super::forest::{Forest, Place, Root};
use super::inflate::{Inflater, Stream};
use super::objects::{Number, ObjectError, Objects};
use super::progress::Progress;
use gix::objs::Kind;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// What can't be read, and why.
type Problems = Vec<(Number, String)>;

/// When the texts held go beyond this many bytes, those that are not needed next are let go and made again.
const BUDGET: u64 = 32 << 20;

/// Packs of more bytes than this altogether are mapped anew now and then,
const MANY: u64 = 128 << 20;
/// whenever a thread has read such a part of them,
const PARTS: u64 = 12;
/// where each entry counts as so many bytes more: with the page it is on come others.
const PAGE: u64 = 4096;
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
    /// Walks all objects of these kinds.
    pub fn walk<V: Visitor>(
        &self,
        objects: &Objects,
        kinds: &[Kind],
        visitor: &V,
        threads: usize,
        progress: &Progress,
    ) -> Walked<V::Local> {
        let roots = self.roots(kinds);
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
        let children = self.shared.forest.children(task.place);
        if children.is_empty() && self.shared.forest.is_duplicate(task.place) {
            return self.release(task.base);
        }
        let made = catch_unwind(AssertUnwindSafe(|| self.make(&task, children.is_empty())));
        let made = made.unwrap_or_else(|_| Err(ObjectError::Shape("reading it failed inside unleak: a fault".into())));
        self.let_packs_go(task.place);
        let state = match made {
            Ok(Some((text, state))) => Some((text, state)),
            Ok(None) => None,
            Err(e) => match self.another_copy(number, !self.shared.forest.is_duplicate(task.place)) {
                Some(made) => Some(made),
                None => {
                    if !self.shared.forest.is_duplicate(task.place) {
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
}
