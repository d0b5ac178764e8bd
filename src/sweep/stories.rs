//! Findings with their life stories, from what stands and what history says of it.

use super::inflate::Inflater;
use super::lifecycle::{History, Index, Item, Story};
use super::reach::{Reach, Refs, head};
use super::shapes::{Paths, ROOT, Shapes};
use super::shown::{self, Shown};
use super::verdicts::{PATHLESS, Verdicts};
use super::{Sweep, entries, texts};
use crate::document::{Aspect, Origin};
use crate::finding::{Finding, Holder, Lifecycle, Moment};
use crate::scan::Outcome;
use gix::ObjectId;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// All findings, those in messages included.
#[expect(clippy::too_many_arguments, reason = "it is the one place where all passes meet")]
pub(super) fn told(
    sweep: &Sweep<'_>,
    history: &History,
    shapes: &Shapes,
    paths: &mut Paths,
    names: &[Box<[u8]>],
    verdicts: &Verdicts<'_>,
    stories: Vec<Story>,
    messages: Outcome,
) -> Outcome {
    let spoken: Vec<Index> = messages.findings.iter().filter_map(|f| commit_of(sweep, history, f)).collect();
    let mut brought: Vec<Index> = stories.iter().flat_map(|s| s.introduced.iter().copied()).chain(spoken).collect();
    brought.sort_unstable();
    brought.dedup();
    let teller = Teller {
        sweep,
        history,
        shapes,
        verdicts,
        reach: Reach::new(sweep, history, &brought),
        direct: direct(sweep, shapes, paths, verdicts),
        in_head: in_head(sweep, history, shapes, paths, verdicts),
    };
    let mut outcome = Outcome { dismissed: messages.dismissed, ..Outcome::default() };
    outcome.dismissed.extend(verdicts.dismissed.iter().cloned());
    outcome.coverage.missing.extend(verdicts.missing.iter().cloned());
    outcome.coverage.skipped.extend(verdicts.skipped.iter().cloned());
    let spoken: Vec<Finding> = messages.findings.into_par_iter().map(|f| teller.spoken(f)).collect();
    outcome.findings.extend(spoken);
    let held: Vec<Shown> = stories
        .into_par_iter()
        .enumerate()
        .filter(|(_, story)| story.is_told)
        .map_init(Inflater::default, |inflater, (item, story)| teller.held(item as Item, story, inflater, paths, names))
        .collect();
    outcome.findings.extend(shown::findings(verdicts, sweep.progress, held));
    outcome
}

struct Teller<'a> {
    sweep: &'a Sweep<'a>,
    history: &'a History,
    shapes: &'a Shapes,
    verdicts: &'a Verdicts<'a>,
    reach: Reach,
    /// Tips that name a tree or blob that holds an item, without a commit.
    direct: HashMap<Item, Refs>,
    in_head: BTreeSet<Item>,
}

impl Teller<'_> {
    /// A finding in a message.
    fn spoken(&self, finding: Finding) -> Finding {
        let Some(mut lifecycle) = finding.lifecycle.clone() else { return finding };
        match commit_of(self.sweep, self.history, &finding) {
            Some(index) => {
                let mut inflater = Inflater::default();
                lifecycle.introduced = self.moments(&[index], &mut inflater).into_iter().map(|(_, m)| m).collect();
                lifecycle.in_head = self.reach.head.contains(&index);
                let refs = self.reach.refs.get(&index).cloned().unwrap_or_default();
                refs.enter(self.sweep, &mut lifecycle);
            }
            None => {
                let names = |id: &ObjectId| lifecycle.object.as_ref().is_some_and(|o| id.to_hex() == o.id);
                let mut refs = Refs::default();
                let tips = (0u32..).zip(&self.sweep.tips.refs);
                tips.filter(|(_, tip)| tip.chain.iter().any(names)).for_each(|(place, _)| refs.insert(place));
                refs.enter(self.sweep, &mut lifecycle);
            }
        }
        Finding { lifecycle: Some(lifecycle), ..finding }
    }

    /// Where a finding at a path is shown.
    fn held(&self, item: Item, story: Story, inflater: &mut Inflater, paths: &Paths, names: &[Box<[u8]>]) -> Shown {
        let place = self.verdicts.place(item);
        let introduced = self.moments(&story.introduced, inflater);
        let in_head = self.in_head.contains(&item);
        let mut lifecycle = Lifecycle {
            removed: self.moments(&story.removed, inflater).into_iter().map(|(_, m)| m).collect(),
            in_head,
            ..Lifecycle::default()
        };
        let mut refs = self.direct.get(&item).cloned().unwrap_or_default();
        for index in &story.introduced {
            self.reach.refs.get(index).into_iter().for_each(|others| refs.extend(others));
        }
        refs.enter(self.sweep, &mut lifecycle);
        let shown = if in_head { self.head() } else { introduced.first().map(|(index, _)| *index) };
        let mut blob = shown.and_then(|index| self.blob_at(index, item, inflater, paths, names));
        blob = blob.or_else(|| self.verdicts.sample_id(place.leaf));
        let origin = Origin {
            commit_id: match place.origin.part {
                Aspect::Note => Some(annotated(&place.origin.path).into()),
                _ => introduced.first().map(|(_, moment)| moment.commit_id.as_str().into()),
            },
            blob_id: match place.origin.part {
                Aspect::Path if place.origin.inside.is_none() => None,
                _ => blob.map(|id| id.to_hex().to_string().into()),
            },
            ..place.origin.clone()
        };
        lifecycle.object = match (place.path, place.origin.part) {
            (PATHLESS, _) => blob.map(|id| Holder { kind: "blob", id: id.to_hex().to_string() }),
            (_, Aspect::Note) => Some(Holder { kind: "note", id: annotated(&place.origin.path) }),
            _ => None,
        };
        lifecycle.introduced = introduced.into_iter().map(|(_, moment)| moment).collect();
        Shown { item, origin, blob, lifecycle }
    }

    fn head(&self) -> Option<Index> {
        head(self.sweep, self.history)
    }

    /// Commits as people know them, oldest first.
    fn moments(&self, commits: &[Index], inflater: &mut Inflater) -> Vec<(Index, Moment)> {
        let mut moments: Vec<(i64, Index, Moment)> = commits
            .iter()
            .filter_map(|index| {
                let id = self.sweep.objects.id(self.history.commits[*index as usize].number);
                let (_, text) = self.sweep.objects.read(&id, inflater).ok()?;
                let (committed, moment) = moment(&id, &text);
                Some((committed, *index, moment))
            })
            .collect();
        moments.sort_by(|a, b| (a.0, &a.2.commit_id).cmp(&(b.0, &b.2.commit_id)));
        moments.into_iter().map(|(_, index, moment)| (index, moment)).collect()
    }

    /// The blob that a commit's tree has at an item's path.
    fn blob_at(
        &self,
        index: Index,
        item: Item,
        inflater: &mut Inflater,
        paths: &Paths,
        names: &[Box<[u8]>],
    ) -> Option<ObjectId> {
        let place = self.verdicts.place(item);
        debug_assert!(self.shapes.of(self.history.commits[index as usize].tree) != 0);
        let (path, _) = paths.bytes(place.path, names);
        let tree = self.history.commits[index as usize].tree;
        let mut at = (tree != texts::NOWHERE).then(|| self.sweep.objects.id(tree))?;
        for part in path.split(|b| *b == b'/') {
            let (_, text) = self.sweep.objects.read(&at, inflater).ok()?;
            at = entries::entry(&text, part, self.sweep.objects.hash.len_in_bytes())?;
        }
        Some(at)
    }
}

fn commit_of(sweep: &Sweep<'_>, history: &History, finding: &Finding) -> Option<Index> {
    let id = ObjectId::from_hex(finding.origin.commit_id.as_ref()?.as_bytes()).ok()?;
    history.index(sweep.objects.number(&id)?)
}

/// The items that HEAD's tree holds.
fn in_head(
    sweep: &Sweep<'_>,
    history: &History,
    shapes: &Shapes,
    paths: &mut Paths,
    verdicts: &Verdicts<'_>,
) -> BTreeSet<Item> {
    let mut items = BTreeSet::new();
    if let Some(index) = head(sweep, history) {
        let shape = history.shape(shapes, index);
        shapes.leaves(shape, history.root(index), paths, &mut Default::default(), |path, leaf| {
            items.extend(verdicts.items(path, leaf));
        });
    }
    items
}

/// Items in trees and blobs that a ref names without a commit.
fn direct(sweep: &Sweep<'_>, shapes: &Shapes, paths: &mut Paths, verdicts: &Verdicts<'_>) -> HashMap<Item, Refs> {
    let mut direct: HashMap<Item, Refs> = HashMap::new();
    for (place, tip) in (0u32..).zip(&sweep.tips.refs) {
        let Some(number) = tip.chain.last().and_then(|id| sweep.objects.number(id)) else { continue };
        let mut enter = |items: &[Item]| {
            items.iter().for_each(|item| {
                direct.entry(*item).or_default().insert(place);
            })
        };
        shapes.leaves(shapes.of(number), ROOT, paths, &mut Default::default(), |path, leaf| {
            enter(verdicts.items(path, leaf));
        });
        if let Some(leaf) = verdicts.leaf_of(number) {
            enter(verdicts.items(PATHLESS, leaf));
        }
    }
    direct
}

/// The object that a note is about: its id stands in the note's path, with slashes in between.
fn annotated(path: &[u8]) -> String {
    path.iter().filter(|b| **b != b'/').map(|b| char::from(*b)).collect()
}

/// When a commit was committed, in seconds, and how people know it.
fn moment(id: &ObjectId, text: &[u8]) -> (i64, Moment) {
    let (head, message) = texts::parted(text);
    let line = |key: &[u8]| head.split(|b| *b == b'\n').find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    let (author, seconds, offset) = signature(line(b"author "));
    let (_, committed, _) = signature(line(b"committer "));
    let subject = message.trim_ascii_start().split(|b| *b == b'\n').next().unwrap_or_default();
    let moment = Moment {
        commit_id: id.to_hex().to_string(),
        date: date(seconds, offset),
        author,
        subject: String::from_utf8_lossy(subject.trim_ascii_end()).into_owned(),
    };
    (committed, moment)
}

/// Who, when in seconds, and how many minutes east of Greenwich.
fn signature(line: &[u8]) -> (String, i64, i32) {
    let end = line.iter().rposition(|b| *b == b'>').map_or(line.len(), |at| at + 1);
    let who = String::from_utf8_lossy(&line[..end]).into_owned();
    let when = String::from_utf8_lossy(&line[end..]).into_owned();
    let mut parts = when.split_ascii_whitespace();
    let seconds = parts.next().and_then(|s| s.parse().ok()).unwrap_or(0);
    let zone: i32 = parts.next().and_then(|z| z.parse().ok()).unwrap_or(0);
    (who, seconds, zone / 100 * 60 + zone % 100)
}

fn date(seconds: i64, minutes: i32) -> String {
    let offset = jiff::tz::Offset::from_seconds(minutes.saturating_mul(60)).unwrap_or(jiff::tz::Offset::UTC);
    match jiff::Timestamp::from_second(seconds) {
        Ok(at) => at.to_zoned(offset.to_time_zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_told_as_people_know_it() {
        let id = ObjectId::null(gix::hash::Kind::Sha1);
        let text =
            b"tree 1\nauthor A U Thor <a@b> 1000000000 -0330\ncommitter C <c@d> 1000000001 +0000\n\nsubject\n\nbody";
        let (committed, moment) = moment(&id, text);
        assert_eq!(committed, 1_000_000_001);
        assert_eq!(moment.author, "A U Thor <a@b>");
        assert_eq!(moment.date, "2001-09-08T22:16:40-03:30");
        assert_eq!(moment.subject, "subject");
    }
}
