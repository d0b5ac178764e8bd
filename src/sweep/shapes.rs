//! Trees reduced to what was found in them: equal ones are one, so that histories compare fast.

use super::FastMap;
use super::classes::Set;
use super::objects::Number;
use super::trees::{Climbed, Entry, Held, Name};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::HashSet;
use std::sync::Arc;

/// The number of a shape. 0 is a tree in which nothing was found.
pub type Shape = u32;
/// The number of a path. 0 is the root of trees, 1 that of notes.
pub type Path = u32;

/// The root of the trees of ordinary commits.
pub const ROOT: Path = 0;
/// The root of the trees of notes.
pub const NOTES: Path = 1;

/// What a path holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Leaf {
    /// A file's contents.
    File(Set),
    /// A symbolic link's target.
    Link(Set),
    /// Nothing but its own name.
    Named,
}

/// What stands in a tree, in order; a tree in it by its shape instead of its number.
type Children = Arc<[Entry]>;

/// All shapes.
pub struct Shapes {
    shapes: Vec<Children>,
    by_children: FastMap<Children, Shape>,
    /// By the trees' numbers.
    of_tree: Vec<Shape>,
    /// Trees in which something was found and that no tree holds.
    pub tops: Vec<Number>,
}

/// Trees and where their entries stand.
struct Listed<'a> {
    climbed: &'a [Climbed],
    /// By the trees' numbers: which thread read it, and its place there.
    at: Vec<(u32, u32)>,
    /// For each thread, which parts of trees hold something that was found or a tree below which it was.
    parts: Vec<Vec<bool>>,
}

const UNKNOWN: u32 = u32::MAX;

impl Shapes {
    /// The shapes of all trees that were read, of so many objects.
    pub fn new(climbed: &[Climbed], objects: usize) -> Self {
        let mut shapes = Shapes {
            shapes: vec![Arc::from([])],
            by_children: FastMap::from_iter([(Arc::from([]), 0)]),
            of_tree: vec![UNKNOWN; objects],
            tops: Vec::new(),
        };
        let mut at = vec![(UNKNOWN, 0); objects];
        for (thread, climbed) in (0u32..).zip(climbed) {
            for (index, number) in (0u32..).zip(climbed.shelf.trees()) {
                at[number as usize] = (thread, index);
            }
        }
        let mut listed = Listed { climbed, at, parts: Vec::new() };
        let interesting = listed.interesting();
        let all = || (0..objects as Number).filter(|number| interesting[*number as usize]);
        let mut held = vec![false; objects];
        for number in all() {
            shapes.make(number, &listed, &interesting);
            listed.trees_in(number).for_each(|tree| held[tree as usize] = true);
        }
        shapes.tops = all().filter(|number| !held[*number as usize]).collect();
        shapes
    }

    /// The shape of a tree.
    pub fn of(&self, tree: Number) -> Shape {
        match self.of_tree.get(tree as usize) {
            Some(&shape) if shape != UNKNOWN => shape,
            _ => 0,
        }
    }

    /// Makes a tree's shape after those of the trees in it; a tree that holds itself, which no hash allows but
    /// a forged index does, counts as empty there.
    fn make(&mut self, number: Number, listed: &Listed<'_>, interesting: &[bool]) {
        let mut stack = vec![(number, false)];
        let mut begun = HashSet::new();
        while let Some((number, is_ready)) = stack.pop() {
            if self.of_tree[number as usize] != UNKNOWN {
                continue;
            }
            if is_ready {
                let child = |entry: &Entry| match entry.held() {
                    Held::Tree(tree) => match self.of(tree) {
                        0 => None,
                        shape => Some(Entry::new(entry.name, Held::Tree(shape))),
                    },
                    _ => Some(*entry),
                };
                let mut children: Vec<Entry> = listed.entries(number).filter_map(child).collect();
                children.sort_unstable();
                children.dedup();
                let shape = self.intern(children);
                self.of_tree[number as usize] = shape;
            } else if begun.insert(number) {
                stack.push((number, true));
                stack.extend(listed.trees_in(number).filter(|t| interesting[*t as usize]).map(|t| (t, false)));
            }
        }
    }

    fn intern(&mut self, children: Vec<Entry>) -> Shape {
        if let Some(&shape) = self.by_children.get(children.as_slice()) {
            return shape;
        }
        let children: Children = children.into();
        let shape = self.shapes.len() as Shape;
        self.shapes.push(Arc::clone(&children));
        self.by_children.insert(children, shape);
        shape
    }

    /// Everything found below a shape that hangs at a path. Nothing for a pair that `seen` holds already.
    pub fn leaves(
        &self,
        shape: Shape,
        path: Path,
        paths: &mut Paths,
        seen: &mut HashSet<(Path, Shape)>,
        mut found: impl FnMut(Path, Leaf),
    ) {
        let mut stack = vec![(path, shape)];
        while let Some((path, shape)) = stack.pop() {
            if shape == 0 || !seen.insert((path, shape)) {
                continue;
            }
            for entry in self.shapes[shape as usize].iter() {
                let at = paths.child(path, entry.name);
                match entry.held() {
                    Held::Tree(shape) => stack.push((at, shape)),
                    held => leaf(held).into_iter().for_each(|leaf| found(at, leaf)),
                }
            }
        }
    }

    /// Where a shape differs from any of the others: calls back with the path, its own leaves there, and theirs.
    pub fn differences(
        &self,
        shape: Shape,
        others: &[Shape],
        root: Path,
        paths: &mut Paths,
        mut differs: impl FnMut(Path, &[Leaf], &[Vec<Leaf>]),
    ) {
        let mut stack = vec![(root, shape, others.to_vec())];
        while let Some((path, shape, others)) = stack.pop() {
            if !others.is_empty() && others.iter().all(|other| *other == shape) {
                continue;
            }
            let sides: Vec<&Children> =
                std::iter::once(&shape).chain(&others).map(|shape| &self.shapes[*shape as usize]).collect();
            let mut names: Vec<Name> = sides.iter().flat_map(|side| side.iter().map(|entry| entry.name)).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                let held: Vec<&[Entry]> = sides.iter().map(|side| under(side, name)).collect();
                if held.len() > 1 && held[1..].iter().all(|other| *other == held[0]) {
                    continue;
                }
                let at = paths.child(path, name);
                let leaves: Vec<Vec<Leaf>> = held.iter().map(|side| leaves_of(side)).collect();
                if leaves.iter().any(|side| !side.is_empty()) {
                    differs(at, &leaves[0], &leaves[1..]);
                }
                let trees: Vec<Shape> = held.iter().map(|side| tree_of(side)).collect();
                if trees.iter().any(|tree| *tree != 0) {
                    stack.push((at, trees[0], trees[1..].to_vec()));
                }
            }
        }
    }
}

fn under(children: &[Entry], name: Name) -> &[Entry] {
    let start = children.partition_point(|entry| entry.name < name);
    let len = children[start..].iter().take_while(|entry| entry.name == name).count();
    &children[start..start + len]
}

fn leaf(held: Held) -> Option<Leaf> {
    match held {
        Held::Tree(_) => None,
        Held::File(set) => Some(Leaf::File(set)),
        Held::Link(set) => Some(Leaf::Link(set)),
        Held::Named => Some(Leaf::Named),
    }
}

fn leaves_of(children: &[Entry]) -> Vec<Leaf> {
    children.iter().filter_map(|entry| leaf(entry.held())).collect()
}

fn tree_of(children: &[Entry]) -> Shape {
    let tree = children.iter().find_map(|entry| match entry.held() {
        Held::Tree(shape) => Some(shape),
        _ => None,
    });
    tree.unwrap_or(0)
}

impl Listed<'_> {
    /// What a tree holds, but for parts of it in which nothing was found.
    fn entries(&self, number: Number) -> impl Iterator<Item = &Entry> + '_ {
        let (thread, index) = self.at[number as usize];
        let thread = self.climbed.get(thread as usize).zip(self.parts.get(thread as usize));
        thread.into_iter().flat_map(move |(climbed, parts)| climbed.shelf.tree_in(index, parts))
    }

    fn trees_in(&self, number: Number) -> impl Iterator<Item = Number> + '_ {
        self.entries(number).filter_map(|entry| match entry.held() {
            Held::Tree(tree) => Some(tree),
            _ => None,
        })
    }

    /// For each object, whether it is a tree below which something was found.
    fn interesting(&mut self) -> Vec<bool> {
        let mut interesting = vec![false; self.at.len()];
        // Directories are few levels deep: climbing by whole rounds is faster than keeping who holds whom.
        loop {
            let holds = |entry: &Entry| match entry.held() {
                Held::Tree(tree) => interesting[tree as usize],
                _ => true,
            };
            let found = |climbed: &Climbed| {
                let parts = climbed.shelf.parts_with(holds);
                let trees: Vec<Number> =
                    climbed.shelf.trees_with(&parts).filter(|t| !interesting[*t as usize]).collect();
                (parts, trees)
            };
            let (parts, more): (Vec<_>, Vec<_>) = self.climbed.par_iter().map(found).unzip();
            self.parts = parts;
            if more.iter().all(Vec::is_empty) {
                return interesting;
            }
            more.iter().flatten().for_each(|tree| interesting[*tree as usize] = true);
        }
    }
}

/// Paths, each once.
pub struct Paths {
    by_parts: FastMap<(Path, Name), Path>,
    parts: Vec<(Path, Name)>,
}

impl Default for Paths {
    fn default() -> Self {
        Paths { by_parts: FastMap::default(), parts: vec![(ROOT, Name::MAX), (NOTES, Name::MAX)] }
    }
}

impl Paths {
    /// The path of an entry.
    pub fn child(&mut self, parent: Path, name: Name) -> Path {
        let next = self.parts.len() as Path;
        let path = *self.by_parts.entry((parent, name)).or_insert(next);
        if path == next {
            self.parts.push((parent, name));
        }
        path
    }

    /// Its bytes, and whether it is a note's.
    pub fn bytes(&self, path: Path, names: &[Box<[u8]>]) -> (Vec<u8>, bool) {
        let mut parts: Vec<&[u8]> = Vec::new();
        let mut at = path;
        while at > NOTES {
            let (parent, name) = self.parts[at as usize];
            parts.push(&names[name as usize]);
            at = parent;
        }
        parts.reverse();
        (parts.join(&b'/'), at == NOTES)
    }
}
