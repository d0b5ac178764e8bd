//! What is told, read where it is shown: each text is scanned once for all that is shown in it.

use super::inflate::Inflater;
use super::lifecycle::Item;
use super::progress::Progress;
use super::verdicts::{Place, Verdicts};
use crate::document::{Aspect, Inside, Origin};
use crate::finding::{Finding, Lifecycle};
use crate::secret::Secret;
use gix::ObjectId;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;

/// An item of which the story is known, and where it is shown.
pub struct Shown {
    /// What.
    pub item: Item,
    /// Where, with the commit that brought it.
    pub origin: Origin,
    /// What its path holds there.
    pub blob: Option<ObjectId>,
    /// When it came and went.
    pub lifecycle: Lifecycle,
}

/// A text at a path. Which commit brought an item of it counts only when entries of the configuration go by commits.
type Sheet = (Origin, Option<ObjectId>);

/// The findings, in the order of the items.
pub fn findings(verdicts: &Verdicts<'_>, progress: &Progress, shown: Vec<Shown>) -> Vec<Finding> {
    let (mut found, rest) = found_in(verdicts, progress, shown, &|shown| shown.blob);
    // The path of the others holds them by another blob of the same kind: that one is shown.
    let sample = |shown: &Shown| {
        let sample = verdicts.sample_id(verdicts.place(shown.item).leaf);
        sample.filter(|id| Some(*id) != shown.blob)
    };
    found.extend(found_in(verdicts, progress, rest, &sample).0);
    found.sort_by_key(|(item, _)| *item);
    found.into_iter().map(|(_, finding)| finding).collect()
}

/// The findings by their items, and what is not found where it was looked for.
fn found_in(
    verdicts: &Verdicts<'_>,
    progress: &Progress,
    shown: Vec<Shown>,
    blob: &(dyn Fn(&Shown) -> Option<ObjectId> + Sync),
) -> (Vec<(Item, Finding)>, Vec<Shown>) {
    let mut sheets: BTreeMap<Sheet, Vec<Shown>> = BTreeMap::new();
    for shown in shown {
        let sheet = (scanned(verdicts, &shown.origin), blob(&shown));
        sheets.entry(sheet).or_default().push(shown);
    }
    progress.total.fetch_add(sheets.len() as u64, Ordering::Relaxed);
    let told: Vec<_> = sheets
        .into_par_iter()
        .map_init(Inflater::default, |inflater, (sheet, shown)| {
            progress.objects.fetch_add(1, Ordering::Relaxed);
            on_sheet(verdicts, sheet, shown, inflater)
        })
        .collect();
    let (found, rest): (Vec<_>, Vec<_>) = told.into_iter().unzip();
    (found.into_iter().flatten().collect(), rest.into_iter().flatten().collect())
}

/// What is scanned for it, told apart only where that matters to what is found. What stands in an archive is found
/// again by scanning all of it.
fn scanned(verdicts: &Verdicts<'_>, origin: &Origin) -> Origin {
    let scanned = if origin.inside.is_some() { origin.outside() } else { origin.clone() };
    let commit_id = scanned.commit_id.filter(|_| verdicts.go_by_commits());
    Origin { commit_id, blob_id: None, ..scanned }
}

fn on_sheet(
    verdicts: &Verdicts<'_>,
    (scanned, blob): Sheet,
    shown: Vec<Shown>,
    inflater: &mut Inflater,
) -> (Vec<(Item, Finding)>, Vec<Shown>) {
    let text = match (scanned.part, blob) {
        (Aspect::Path, _) => Some(Vec::new()),
        (_, None) => None,
        (_, Some(id)) => verdicts.text_of(&id, inflater).ok(),
    };
    let Some(text) = text else { return (Vec::new(), shown) };
    let findings = verdicts.outcome(scanned, &text).findings;
    let mut first: HashMap<Key<'_>, &Finding> = HashMap::with_capacity(findings.len());
    for finding in &findings {
        first.entry(key(finding.rule.id(), &finding.secret, &finding.origin)).or_insert(finding);
    }
    let (mut found, mut rest) = (Vec::with_capacity(shown.len()), Vec::new());
    for shown in shown {
        let Place { identity, .. } = verdicts.place(shown.item);
        match first.get(&key(identity.rule.id(), &identity.secret, &shown.origin)) {
            Some(finding) => found.push((shown.item, told(finding, shown))),
            None => rest.push(shown),
        }
    }
    (found, rest)
}

/// What makes a finding this one in a text and, in an archive, in this part.
type Key<'a> = (&'a str, &'a Secret, Option<(Inside, &'a [u8], Aspect)>);

fn key<'a>(rule: &'a str, secret: &'a Secret, origin: &'a Origin) -> Key<'a> {
    (rule, secret, origin.inside.map(|inside| (inside, &origin.path[..], origin.part)))
}

/// The finding with its story.
fn told(finding: &Finding, shown: Shown) -> Finding {
    let Origin { commit_id, blob_id, .. } = shown.origin;
    let origin = Origin { commit_id, blob_id, ..finding.origin.clone() };
    Finding { origin, lifecycle: Some(Box::new(shown.lifecycle)), ..finding.clone() }
}
