//! What a series of commits brings in: each blob and path once, compared with all parents of its commit.

use super::entries::entries;
use super::objects::{Commit, ObjectReader};
use super::repository::{Repository, chain};
use super::trees::tree_changes;
use super::{Error, Reader, Selected, Surroundings, scanned};
use crate::document::{Aspect, Content, Entry, Origin};
use crate::report::Coverage;
use gix::ObjectId;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::sync::Arc;

/// Selects what the commits bring that HEAD reaches and BASE does not; of a lone commit, what it brings itself.
pub fn select(surroundings: &Surroundings, range: &str) -> Result<Selected, Error> {
    let repository = Repository::require(surroundings)?;
    let objects = repository.objects().reader();
    let mut history = History::new(&objects, &repository, range)?;
    let commit_ids = match Ends::parse(range)? {
        Ends::Lone(commit) => vec![resolved(&repository, &commit)?],
        Ends::Between { base, head } if base.bytes().all(|b| b == b'0') && base.len() >= 40 => {
            history.between(&[], &[resolved(&repository, &head)?], Apart::Refused)?
        }
        Ends::Between { base, head } => {
            let base = resolved(&repository, &base)?;
            history.between(&[base], &[resolved(&repository, &head)?], Apart::Refused)?
        }
    };
    let root = repository.work_tree().unwrap_or(repository.git_dir());
    let mut selected = Selected {
        scanned: scanned("range", surroundings, Some(root)),
        ..Selected::nothing(Reader::of(repository.objects().clone()))
    };
    selected.scanned.revisions = Some(range.to_owned());
    if commit_ids.is_empty() {
        selected.notices.push(format!("{range} is empty: its end brings no commit that its base does not have"));
    }
    history.bring(commit_ids, &mut selected)?;
    Ok(selected)
}

/// What tells messages, which have neither path nor blob, apart.
fn message_of(origin: &Origin) -> Option<Arc<str>> {
    origin.commit_id.clone().filter(|_| matches!(origin.part, Aspect::CommitMessage | Aspect::Header))
}

/// The ends of a range as the user named them.
enum Ends {
    Lone(String),
    Between { base: String, head: String },
}

impl Ends {
    /// `A..B` and `A...B` are the same commits: what B reaches and A does not is what it reaches beyond their
    /// merge base. An end left out is HEAD.
    fn parse(range: &str) -> Result<Ends, Error> {
        let ends = range.split_once("...").or_else(|| range.split_once(".."));
        let or_head = |end: &str| if end.is_empty() { "HEAD".to_owned() } else { end.to_owned() };
        match ends {
            Some(("", "")) => Err(Error::Range(range.to_owned())),
            Some((_, head)) if head.contains("..") => Err(Error::Range(range.to_owned())),
            Some((base, head)) => Ok(Ends::Between { base: or_head(base), head: or_head(head) }),
            None if range.is_empty() || range.starts_with('-') => Err(Error::Range(range.to_owned())),
            None => Ok(Ends::Lone(range.to_owned())),
        }
    }
}

/// The end of a range, if it is one.
pub(super) fn head_of(range: &str) -> Option<String> {
    match Ends::parse(range).ok()? {
        Ends::Lone(head) | Ends::Between { head, .. } => Some(head),
    }
}

/// The commit that a revision names.
pub(super) fn resolved(repository: &Repository, revision: &str) -> Result<ObjectId, Error> {
    let error =
        |why: String| Error::Revision { revision: revision.to_owned(), why: unresolved(repository, revision, why) };
    let objects = repository.objects().reader();
    // A whole id needs no looking up, which would not find what still is in quarantine.
    let is_whole = revision.len() == repository.objects().hash().len_in_hex();
    if let Some(id) = ObjectId::from_hex(revision.as_bytes()).ok().filter(|id| is_whole && objects.commit(id).is_ok()) {
        return Ok(id);
    }
    // Nor would it find what a ref names when that lies elsewhere than what is in quarantine.
    if let Some(id) = named(repository, &objects, revision) {
        return Ok(id);
    }
    let spec = format!("{revision}^{{commit}}");
    let id = repository.git().rev_parse_single(spec.as_str()).map_err(|why| error(chain(&why)))?.detach();
    objects.commit(&id).map_err(error)?;
    Ok(id)
}

/// The commit that a ref of this name leads to, if there is one.
fn named(repository: &Repository, objects: &ObjectReader<'_>, revision: &str) -> Option<ObjectId> {
    let mut id = match revision {
        "HEAD" => repository.head_id().ok().flatten()?,
        name => repository.git().try_find_reference(name).ok().flatten()?.try_id()?.detach(),
    };
    while let Ok(tag) = objects.read(&id, gix::objs::Kind::Tag) {
        id = super::push::parsed(&tag)?.0;
    }
    objects.commit(&id).is_ok().then_some(id)
}

/// Why a revision names nothing here, and the mend. gix's own words are about its parser.
fn unresolved(repository: &Repository, revision: &str, why: String) -> String {
    if repository.git().is_shallow().unwrap_or(false) {
        return "the clone is shallow, so what came before its first commits is not there. Run `git fetch --unshallow`; in a \
                CI checkout, fetch all of history (actions/checkout: `fetch-depth: 0`)"
            .to_owned();
    }
    if repository.head_id().is_ok_and(|head| head.is_none()) && revision.starts_with("HEAD") {
        return "there is no commit on this branch yet; `unleak staged` scans the first before it is made".to_owned();
    }
    // `HEAD~1` and the like are counted here; no remote knows them.
    if revision.contains(['~', '^', '@', ':']) || revision == "HEAD" {
        return format!("{}. `git log --oneline` lists what there is", why.rsplit(": ").next().unwrap_or(&why));
    }
    format!(
        "there is no branch, tag or commit of that name. Fetch it with `git fetch origin {revision}`; in a CI checkout, \
         fetch all of history (actions/checkout: `fetch-depth: 0`)"
    )
}

/// Commits, each read once.
pub(super) struct History<'a> {
    objects: &'a ObjectReader<'a>,
    shallow: HashSet<ObjectId>,
    commits: HashMap<ObjectId, Arc<Commit>>,
    range: &'a str,
}

/// Which of the ends reach a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Reached {
    by_head: bool,
    by_base: bool,
}

/// What to think of ends that have no commit in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apart {
    /// Someone named them, and probably not these.
    Refused,
    /// A new branch of its own: all of it is new.
    New,
}

impl<'a> History<'a> {
    /// The history of a repository; `range` is what to call it in an error.
    pub(super) fn new(
        objects: &'a ObjectReader<'a>,
        repository: &Repository,
        range: &'a str,
    ) -> Result<History<'a>, Error> {
        let shallow = repository.shallow_ids()?.into_iter().collect();
        Ok(History { objects, shallow, commits: HashMap::new(), range })
    }
}

impl History<'_> {
    /// Adds what the commits bring, each thing once.
    pub(super) fn bring(&mut self, commit_ids: Vec<ObjectId>, selected: &mut Selected) -> Result<(), Error> {
        let mut seen = HashSet::new();
        for commit_id in commit_ids {
            let (entries, coverage) = self.brought_by(commit_id)?;
            selected.coverage.add(coverage);
            selected.entries.extend(entries.into_iter().filter(|entry| {
                let origin = &entry.origin;
                seen.insert((origin.part, origin.blob_id.clone(), origin.path.clone(), message_of(origin)))
            }));
        }
        Ok(())
    }

    /// A commit, without the parents that a shallow clone does not have.
    fn commit(&mut self, id: ObjectId) -> Result<Arc<Commit>, Error> {
        if let Some(commit) = self.commits.get(&id) {
            return Ok(Arc::clone(commit));
        }
        let error = |why| Error::Object { what: "commit", id: id.to_string(), why };
        let commit = Arc::new(self.objects.commit(&id).map_err(error)?);
        self.commits.insert(id, Arc::clone(&commit));
        Ok(commit)
    }

    /// The parents to go on to: none at the boundary of a shallow clone.
    fn parents(&mut self, id: ObjectId) -> Result<Vec<ObjectId>, Error> {
        let commit = self.commit(id)?;
        Ok(if self.shallow.contains(&id) { Vec::new() } else { commit.parent_ids.clone() })
    }

    /// The commits that a head reaches and no base does, parents before their children.
    pub(super) fn between(
        &mut self,
        bases: &[ObjectId],
        heads: &[ObjectId],
        apart: Apart,
    ) -> Result<Vec<ObjectId>, Error> {
        let reached = self.reached(bases, heads, apart)?;
        let is_new = |id: &ObjectId| reached.get(id).is_some_and(|r| r.by_head && !r.by_base);
        let mut commit_ids = Vec::new();
        let mut placed = HashSet::new();
        let mut stack: Vec<(ObjectId, bool)> = heads.iter().rev().map(|head| (*head, false)).collect();
        while let Some((id, is_done)) = stack.pop() {
            if is_done {
                commit_ids.push(id);
            } else if is_new(&id) && placed.insert(id) {
                if self.shallow.contains(&id) && !self.commit(id)?.parent_ids.is_empty() {
                    return Err(Error::Shallow { range: self.range.to_owned(), commit_id: id.to_string() });
                }
                stack.push((id, true));
                stack.extend(self.parents(id)?.into_iter().rev().map(|parent| (parent, false)));
            }
        }
        Ok(commit_ids)
    }

    /// Which commits the ends reach, youngest first, until all that is left is reached by the base. Wrong dates
    /// can make a commit look new that is not; the other way round they can't.
    fn reached(
        &mut self,
        bases: &[ObjectId],
        heads: &[ObjectId],
        apart: Apart,
    ) -> Result<HashMap<ObjectId, Reached>, Error> {
        let mut reached = HashMap::<ObjectId, Reached>::new();
        let mut queue = BinaryHeap::new();
        // Those that only the head is known to reach and whose parents were not looked at yet.
        let mut open = HashSet::new();
        let mut oldest_new = i64::MAX;
        let mut have_met = bases.is_empty() || apart == Apart::New;
        let mut arrivals: Vec<(ObjectId, Reached)> =
            heads.iter().map(|head| (*head, Reached { by_head: true, by_base: false })).collect();
        arrivals.extend(bases.iter().map(|base| (*base, Reached { by_head: false, by_base: true })));
        loop {
            for (id, by) in arrivals.drain(..) {
                let old = reached.get(&id).copied().unwrap_or_default();
                let new = Reached { by_head: old.by_head || by.by_head, by_base: old.by_base || by.by_base };
                if new == old {
                    continue;
                }
                let seconds = self.commit(id)?.seconds;
                reached.insert(id, new);
                queue.push((seconds, id));
                have_met |= new.by_head && new.by_base;
                if new.by_base {
                    open.remove(&id);
                } else {
                    open.insert(id);
                    oldest_new = oldest_new.min(seconds);
                }
            }
            if open.is_empty() && have_met && queue.peek().is_none_or(|(seconds, _)| *seconds < oldest_new) {
                return Ok(reached);
            }
            let Some((_, id)) = queue.pop() else { return Err(self.apart(&reached)) };
            open.remove(&id);
            let by = reached[&id];
            arrivals.extend(self.parents(id)?.into_iter().map(|parent| (parent, by)));
        }
    }

    /// Why the ends did not meet.
    fn apart(&self, reached: &HashMap<ObjectId, Reached>) -> Error {
        let range = self.range.to_owned();
        match reached.keys().filter(|id| self.shallow.contains(*id)).min() {
            Some(id) => Error::Shallow { range, commit_id: id.to_string() },
            None => Error::Unrelated(range),
        }
    }

    /// What the commit holds that none of its parents does, and its message.
    fn brought_by(&mut self, id: ObjectId) -> Result<(Vec<Entry>, Coverage), Error> {
        let commit = self.commit(id)?;
        if self.shallow.contains(&id) && !commit.parent_ids.is_empty() {
            return Err(Error::Shallow { range: self.range.to_owned(), commit_id: id.to_string() });
        }
        let mut trees = Vec::new();
        for parent in &commit.parent_ids {
            trees.push(Some(self.commit(*parent)?.tree_id));
        }
        let commit_id: Arc<str> = id.to_string().into();
        let changes = tree_changes(self.objects, Some(commit.tree_id), &trees);
        let (mut entries, mut coverage) = entries(changes, Some(&commit_id), self.objects, |nth| {
            tree_changes(self.objects, Some(commit.tree_id), &trees[nth..=nth]).removed
        });
        coverage.commits = 1;
        let text = |part, text: &[u8]| Entry {
            origin: Origin { part, commit_id: Some(commit_id.clone()), ..Origin::default() },
            content: Content::Bytes(text.to_vec()),
            before: Vec::new(),
        };
        // A merge carries the messages of the tags that it merged; they are read as one with its own.
        let mut message = commit.message.clone();
        for merged in &commit.merged {
            message.extend_from_slice(b"\n\n");
            message.extend_from_slice(merged);
        }
        entries.push(text(Aspect::CommitMessage, &message));
        if !commit.header.is_empty() {
            entries.push(text(Aspect::Header, &commit.header));
        }
        Ok((entries, coverage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(range: &str) -> Option<(String, String)> {
        match Ends::parse(range) {
            Ok(Ends::Between { base, head }) => Some((base, head)),
            Ok(Ends::Lone(commit)) => Some((String::new(), commit)),
            Err(_) => None,
        }
    }

    #[test]
    fn a_range_has_two_ends_or_is_one_commit() {
        let pair = |base: &str, head: &str| Some((base.to_owned(), head.to_owned()));
        assert_eq!(ends("main..topic"), pair("main", "topic"));
        assert_eq!(ends("main...topic"), pair("main", "topic"));
        assert_eq!(ends("main.."), pair("main", "HEAD"));
        assert_eq!(ends("..topic"), pair("HEAD", "topic"));
        assert_eq!(ends("v1.0"), pair("", "v1.0"));
        for bad in ["", "..", "...", "a..b..c", "--all"] {
            assert_eq!(ends(bad), None, "{bad}");
        }
    }
}
