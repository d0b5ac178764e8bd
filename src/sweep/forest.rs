//! Which object is stored as a delta on which: all of them in the order in which they can be made.

use super::grove::Grove;
use super::inflate::Inflater;
use super::loose::loose_kind;
use super::objects::{Number, ObjectError, Objects};
use super::pack::{Pack, Stored};
use gix::objs::Kind;
use rayon::prelude::*;

const NONE: u32 = u32::MAX;

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
        let mut trees = Trees::new(objects, index, pack);
        let mut kinds: Vec<Option<Kind>> = vec![None; pack.offsets.len()];
        let mut order: Vec<u32> = Vec::with_capacity(kinds.len());
        for (position, stored) in (0u32..).zip(stored(objects, pack)) {
            let kind = match stored {
                Ok(Stored::Whole(kind)) => Ok(kind),
                Ok(Stored::On(base)) => {
                    trees.put_on(base, position);
                    continue;
                }
                Ok(Stored::Outside(_)) => objects.read_entry(pack, position, &mut Inflater::default(), 0).map(|r| r.0),
                Err(e) => Err(e),
            };
            // If the entry makes no sense, another copy may say what kind of object it is.
            let number = pack.number(position);
            let of_copy = || objects.read(&objects.id(number), &mut Inflater::default()).map(|(kind, _)| kind);
            match kind.or_else(|e| of_copy().map_err(|_| e)) {
                Ok(kind) => {
                    kinds[position as usize] = Some(kind);
                    order.push(position);
                }
                Err(e) => self.problems.push((number, e.to_string())),
            }
        }
        let roots = order.len();
        trees.follow(&mut order, &mut kinds);
        trees.weigh(&order[roots..]);
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

    /// Where walks over objects of these kinds begin, the heaviest first.
    pub(super) fn roots(&self, kinds: &[Kind]) -> Vec<Root> {
        self.roots.iter().filter(|root| kinds.contains(&root.kind)).copied().collect()
    }

    /// Whether it is a second copy, or only made on the way to another.
    #[inline]
    pub(super) fn is_duplicate(&self, place: Place) -> bool {
        match place {
            Place::Packed { pack, position } => match &self.grove {
                Some(grove) => !grove.is_wanted(pack, position),
                None => self.trees[pack as usize].duplicate[position as usize],
            },
            Place::Loose(_) => false,
        }
    }

    /// The deltas on an object, the one with the heaviest tree first.
    pub(super) fn children(&self, place: Place) -> Vec<u32> {
        match (place, &self.grove) {
            (Place::Loose(_), _) => Vec::new(),
            (Place::Packed { pack, position }, Some(grove)) => grove.children(pack, position),
            (Place::Packed { pack, position }, None) => self.trees[pack as usize].children(position),
        }
    }
}

impl Trees {
    /// Every entry by itself.
    fn new(objects: &Objects, index: usize, pack: &Pack) -> Self {
        let len = pack.offsets.len();
        Trees {
            parent: vec![NONE; len],
            first_child: vec![NONE; len],
            next_sibling: vec![NONE; len],
            weight: pack.extents(),
            duplicate: (0..len).map(|p| objects.is_duplicate(index, pack.places[p])).collect(),
        }
    }

    fn put_on(&mut self, base: u32, position: u32) {
        self.parent[position as usize] = base;
        self.next_sibling[position as usize] = self.first_child[base as usize];
        self.first_child[base as usize] = position;
    }

    /// Appends to the roots what stands on them, each behind its base and of its kind.
    fn follow(&self, order: &mut Vec<u32>, kinds: &mut [Option<Kind>]) {
        let mut next = 0;
        while next < order.len() {
            let at = order[next];
            for child in self.on(at) {
                kinds[child as usize] = kinds[at as usize];
                order.push(child);
            }
            next += 1;
        }
    }

    /// Adds to each base what these deltas weigh, which are in the order in which they are made.
    fn weigh(&mut self, deltas: &[u32]) {
        for &position in deltas.iter().rev() {
            let weight = self.weight[position as usize];
            self.weight[self.parent[position as usize] as usize] += weight;
        }
    }

    /// The deltas on an entry.
    fn on(&self, position: u32) -> impl Iterator<Item = u32> + '_ {
        let known = |entry: u32| (entry != NONE).then_some(entry);
        let first = known(self.first_child[position as usize]);
        std::iter::successors(first, move |child| known(self.next_sibling[*child as usize]))
    }

    fn children(&self, position: u32) -> Vec<u32> {
        let mut children: Vec<u32> = self.on(position).collect();
        children.sort_by_key(|&child| std::cmp::Reverse(self.weight[child as usize]));
        children
    }
}

/// How each entry of a pack is stored.
fn stored(objects: &Objects, pack: &Pack) -> Vec<Result<Stored, ObjectError>> {
    let len = pack.offsets.len();
    let mut stored = Vec::with_capacity(len);
    for start in (0..len).step_by(AT_ONCE) {
        let positions = start as u32..len.min(start + AT_ONCE) as u32;
        stored.par_extend(positions.into_par_iter().map(|position| pack.stored(position)));
        if len > AT_ONCE {
            objects.let_go();
        }
    }
    stored
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
