//! Which refs lead to what was found.

use super::lifecycle::{History, Index};
use super::{FastMap, Sweep};
use crate::finding::Lifecycle;
use std::collections::BTreeSet;

/// A life story names so many refs and counts the others: a host keeps one or two for each pull request, and with
/// all of them a report of thousands of findings would be a hundred million lines long.
const MOST: usize = 100;

/// Refs by their places, a bit for each.
#[derive(Debug, Clone, Default)]
pub(super) struct Refs(Vec<u64>);

impl Refs {
    /// Adds one.
    pub(super) fn insert(&mut self, place: u32) {
        let word = (place / 64) as usize;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (place % 64);
    }

    /// Adds all of another set.
    pub(super) fn extend(&mut self, others: &Refs) {
        self.0.resize(self.0.len().max(others.0.len()), 0);
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word |= other);
    }

    fn iter(&self) -> impl Iterator<Item = u32> {
        let places = |(at, word): (u32, &u64)| {
            let word = *word;
            (0..64).filter(move |bit| word >> bit & 1 != 0).map(move |bit| at * 64 + bit)
        };
        (0u32..).zip(&self.0).flat_map(places)
    }

    /// Says in a life story which these are.
    pub(super) fn enter(&self, sweep: &Sweep<'_>, lifecycle: &mut Lifecycle) {
        let name = |place: &u32| &sweep.tips.refs[*place as usize].name;
        let mut places: Vec<u32> = self.iter().collect();
        lifecycle.reachable = !places.is_empty();
        lifecycle.pushed = match sweep.is_bare {
            true => lifecycle.reachable,
            false => places.iter().any(|place| name(place).starts_with("refs/remotes/")),
        };
        if places.len() > MOST {
            places.sort_by_key(|place| rank(name(place)));
            lifecycle.refs_omitted = (places.len() - MOST) as u64;
            places.truncate(MOST);
        }
        lifecycle.refs = places.iter().map(name).cloned().collect();
    }
}

/// Which refs people ask for first: branches, then those of remotes, tags, all others.
fn rank(name: &str) -> usize {
    let kinds = ["refs/heads/", "refs/remotes/", "refs/tags/"];
    kinds.iter().position(|kind| name.starts_with(kind)).unwrap_or(if name == "HEAD" { 0 } else { kinds.len() })
}

/// What is known of the places where history is entered.
pub(super) struct Reach {
    /// For each commit that brought something: the refs that lead to it.
    pub(super) refs: FastMap<Index, Refs>,
    /// Those that HEAD leads to.
    pub(super) head: BTreeSet<Index>,
}

impl Reach {
    /// Of the commits that brought something.
    pub(super) fn new(sweep: &Sweep<'_>, history: &History, brought: &[Index]) -> Self {
        let mut reach = Reach { refs: FastMap::default(), head: BTreeSet::new() };
        let commits: Vec<(u32, Index)> = (0u32..)
            .zip(&sweep.tips.refs)
            .filter_map(|(place, tip)| Some((place, history.index(sweep.objects.number(tip.chain.last()?)?)?)))
            .collect();
        let head = head(sweep, history);
        for some in brought.chunks(64) {
            let reached = history.reached(some);
            let marked = |index: Index| {
                let bits = reached[index as usize];
                some.iter().enumerate().filter(move |(bit, _)| bits & (1 << bit) != 0).map(|(_, index)| *index)
            };
            for (place, index) in &commits {
                for brought in marked(*index) {
                    reach.refs.entry(brought).or_default().insert(*place);
                }
            }
            reach.head.extend(head.into_iter().flat_map(marked));
        }
        reach
    }
}

/// The commit that HEAD leads to.
pub(super) fn head(sweep: &Sweep<'_>, history: &History) -> Option<Index> {
    history.index(sweep.objects.number(&sweep.tips.head?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_once() {
        let (mut some, mut others) = (Refs::default(), Refs::default());
        [3, 64, 200].into_iter().for_each(|place| some.insert(place));
        [0, 64].into_iter().for_each(|place| others.insert(place));
        others.extend(&some);
        assert_eq!(others.iter().collect::<Vec<_>>(), [0, 3, 64, 200]);
    }

    #[test]
    fn branches_come_first_and_what_a_host_keeps_last() {
        let mut names = vec!["refs/pull/1/head", "refs/tags/v1", "refs/heads/main", "refs/remotes/origin/main"];
        names.sort_by_key(|name| rank(name));
        assert_eq!(names, ["refs/heads/main", "refs/remotes/origin/main", "refs/tags/v1", "refs/pull/1/head"]);
    }
}
