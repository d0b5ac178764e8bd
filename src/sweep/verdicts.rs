//! Judging what was found at each of its paths: the same bytes are judged once a path.

use super::classes::{Identity, Set};
use super::inflate::Inflater;
use super::lifecycle::{History, Item};
use super::objects::{Number, Objects};
use super::shapes::{Leaf, Path, Paths, ROOT, Shapes};
use super::{FastMap, FastSet};
use crate::archive::Archives;
use crate::document::{Ahead, Aspect, Changed, Document, Origin};
use crate::finding::Dismissal;
use crate::opened::kind_of;
use crate::report::{Coverage, Skipped};
use crate::scan::{Outcome, Scan};
use crate::source::charset;
use gix::ObjectId;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The path of blobs that no tree holds.
pub const PATHLESS: Path = Path::MAX;

/// What stands, at which paths.
pub struct Verdicts<'a> {
    scan: &'a Scan,
    objects: &'a Objects,
    archives: Archives,
    /// For each set, a blob that holds it: of all, the one with the least id.
    samples: FastMap<Set, Number>,
    flagged: &'a FastMap<Number, Set>,
    by_place: FastMap<(Path, Leaf), Vec<Item>>,
    items: Vec<Place>,
    /// What was dismissed; empty unless asked for.
    pub dismissed: Vec<Dismissal>,
    /// Blobs that could be read before and now can't, and what could not be read in archives.
    pub missing: Vec<Skipped>,
    /// What was left out of archives on purpose.
    pub skipped: Vec<Skipped>,
}

/// What a path came to that holds a leaf.
struct Judged {
    path: Path,
    leaf: Leaf,
    standing: Vec<(Origin, Identity)>,
    dismissed: Vec<Dismissal>,
    coverage: Coverage,
}

/// A rule and a secret at a path.
pub struct Place {
    /// What.
    pub identity: Identity,
    /// Where.
    pub path: Path,
    /// Where, in bytes.
    pub origin: Origin,
    /// What the path held when it was found first: which sample it was judged by.
    pub leaf: Leaf,
}

impl<'a> Verdicts<'a> {
    /// Nothing judged yet.
    pub fn new(scan: &'a Scan, objects: &'a Objects, archives: Archives, flagged: &'a FastMap<Number, Set>) -> Self {
        let mut samples: FastMap<Set, Number> = FastMap::default();
        for (&number, &set) in flagged {
            let sample = samples.entry(set).or_insert(number);
            if objects.id(number) < objects.id(*sample) {
                *sample = number;
            }
        }
        Verdicts {
            scan,
            objects,
            archives,
            samples,
            flagged,
            by_place: FastMap::default(),
            items: Vec::new(),
            dismissed: Vec::new(),
            missing: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// What stands at a path that holds this leaf.
    pub fn items(&self, path: Path, leaf: Leaf) -> &[Item] {
        self.by_place.get(&(path, leaf)).map_or(&[], Vec::as_slice)
    }

    /// How many items there are.
    pub fn count(&self) -> usize {
        self.items.len()
    }

    /// An item.
    pub fn place(&self, item: Item) -> &Place {
        &self.items[item as usize]
    }

    /// What a blob is as a leaf, if something was found in it.
    pub fn leaf_of(&self, blob: Number) -> Option<Leaf> {
        self.flagged.get(&blob).map(|set| Leaf::File(*set))
    }

    /// The blob that a leaf was judged by.
    pub fn sample_id(&self, leaf: Leaf) -> Option<ObjectId> {
        let number = self.samples.get(&set_of(leaf)?)?;
        Some(self.objects.id(*number))
    }

    /// Whether it depends on the commit that brought it what stands.
    pub fn go_by_commits(&self) -> bool {
        self.scan.judge.goes_by_commits()
    }

    /// Judges everything that any commit or loose tree holds, and the blobs that no tree does.
    pub fn judge(
        &mut self,
        history: &History,
        shapes: &Shapes,
        paths: &mut Paths,
        names: &[Box<[u8]>],
        pathless: &[Number],
    ) {
        let mut seen = HashSet::new();
        let mut places: FastSet<(Path, Leaf)> = FastSet::default();
        for index in 0..history.commits.len() as u32 {
            let (shape, root) = (history.shape(shapes, index), history.root(index));
            shapes.leaves(shape, root, paths, &mut seen, |path, leaf| {
                places.insert((path, leaf));
            });
        }
        let of_commits: HashSet<Number> = history.commits.iter().map(|c| c.tree).collect();
        for top in &shapes.tops {
            if !of_commits.contains(top) {
                shapes.leaves(shapes.of(*top), ROOT, paths, &mut seen, |path, leaf| {
                    places.insert((path, leaf));
                });
            }
        }
        let mut by_set: BTreeMap<Option<Set>, Vec<(Path, Leaf, Origin)>> = BTreeMap::new();
        for (path, leaf) in places {
            let (bytes, is_note) = paths.bytes(path, names);
            let part = match leaf {
                _ if is_note => Aspect::Note,
                Leaf::File(_) => Aspect::Content,
                Leaf::Link(_) => Aspect::LinkTarget,
                Leaf::Named => Aspect::Path,
            };
            by_set.entry(set_of(leaf)).or_default().push((
                path,
                leaf,
                Origin { path: bytes, part, ..Origin::default() },
            ));
        }
        let loose: HashSet<Set> = pathless.iter().filter_map(|number| self.flagged.get(number)).copied().collect();
        for set in loose {
            by_set.entry(Some(set)).or_default().push((PATHLESS, Leaf::File(set), Origin::default()));
        }
        let judged: Vec<_> = by_set
            .into_par_iter()
            .map_init(Inflater::default, |inflater, (set, mut places)| {
                places.sort_by(|a, b| (&a.2, a.1).cmp(&(&b.2, b.1)));
                self.of_set(set, places, inflater)
            })
            .collect();
        self.collect(judged);
    }

    fn of_set(
        &self,
        set: Option<Set>,
        places: Vec<(Path, Leaf, Origin)>,
        inflater: &mut Inflater,
    ) -> Result<Vec<Judged>, Skipped> {
        let text = match set.and_then(|set| self.samples.get(&set)) {
            Some(number) => self.text_of(&self.objects.id(*number), inflater)?,
            None => Vec::new(),
        };
        let mut judged = Vec::with_capacity(places.len());
        for (path, leaf, origin) in places {
            let document = document(origin.clone(), &text);
            // Whole findings are made of those alone that are told in the end.
            let is_archive = self.archives != Archives::Never && kind_of(&document).is_some();
            let (standing, dismissed, coverage) = match self.scan.explain || is_archive {
                true => {
                    let outcome = self.scan.document_and_parts(&document, self.archives, &|_| None);
                    let found = outcome.findings.into_iter().map(|f| (f.origin, Identity::of(f.rule, f.secret)));
                    (found.collect(), outcome.dismissed, outcome.coverage)
                }
                false => {
                    let standing = self.scan.standing(&document).into_iter();
                    let found = standing.map(|(rule, secret)| (origin.clone(), Identity::of(rule, secret)));
                    (found.collect(), Vec::new(), Coverage::default())
                }
            };
            judged.push(Judged { path, leaf, standing, dismissed, coverage });
        }
        Ok(judged)
    }

    /// The bytes of a blob.
    pub fn text_of(&self, id: &ObjectId, inflater: &mut Inflater) -> Result<Vec<u8>, Skipped> {
        let read = self.objects.read(id, inflater);
        read.map(|(_, text)| text).map_err(|e| super::texts::missing(id, &e.to_string()))
    }

    /// What a blob, or a path, comes to where it stands.
    pub fn outcome(&self, origin: Origin, text: &[u8]) -> Outcome {
        self.scan.document_and_parts(&document(origin, text), self.archives, &|_| None)
    }

    fn collect(&mut self, judged: Vec<Result<Vec<Judged>, Skipped>>) {
        let mut known: HashMap<(Path, Origin, String, Vec<u8>), Item> = HashMap::new();
        for one in judged {
            let judged = match one {
                Ok(judged) => judged,
                Err(missing) => {
                    self.missing.push(missing);
                    continue;
                }
            };
            for Judged { path, leaf, standing, dismissed, coverage } in judged {
                self.missing.extend(coverage.missing);
                self.skipped.extend(coverage.skipped);
                let mut items: Vec<Item> = Vec::new();
                for (origin, identity) in standing {
                    let key = (path, origin.clone(), identity.rule.id().to_owned(), identity.secret.expose().to_vec());
                    let next = self.items.len() as Item;
                    let item = *known.entry(key).or_insert(next);
                    if item == next {
                        self.items.push(Place { identity, path, origin, leaf });
                    }
                    items.push(item);
                }
                items.sort_unstable();
                items.dedup();
                self.dismissed.extend(dismissed);
                if !items.is_empty() {
                    self.by_place.insert((path, leaf), items);
                }
            }
        }
    }
}

/// A blob, or a path, as a document that stands there.
fn document(origin: Origin, text: &[u8]) -> Document {
    let (text, charset) = match origin.part {
        Aspect::Path => (origin.path.clone(), Default::default()),
        _ => charset::text(text.to_vec()),
    };
    Document {
        origin,
        text,
        charset,
        changed: Changed::Whole,
        before: Vec::new(),
        tracked: true,
        ahead: Ahead::default(),
    }
}

fn set_of(leaf: Leaf) -> Option<Set> {
    match leaf {
        Leaf::File(set) | Leaf::Link(set) => Some(set),
        Leaf::Named => None,
    }
}
