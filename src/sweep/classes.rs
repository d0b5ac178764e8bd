//! What was found, once: candidates that are the same in themselves and in all that judges them.

use crate::finding::Candidate;
use crate::ruleset::Rule;
use crate::secret::Secret;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

/// The number of a class of candidates.
pub type Class = u32;
/// The number of a set of classes. 0 is the empty one.
pub type Set = u32;

/// A rule and the secret it found.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The rule.
    pub rule: Arc<Rule>,
    /// The secret.
    pub secret: Secret,
}

impl Identity {
    /// What a rule found.
    pub fn of(rule: Arc<Rule>, secret: Secret) -> Self {
        Identity { rule, secret }
    }
}

/// All classes, and all sets of them that some object holds.
pub struct Classes {
    keys: [RandomState; 2],
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    by_digest: HashMap<u128, Class>,
    by_members: HashMap<Arc<[Class]>, Set>,
    sets: Vec<Arc<[Class]>>,
}

impl Default for Classes {
    fn default() -> Self {
        let inner =
            Inner { by_members: HashMap::from([(Arc::from([]), 0)]), sets: vec![Arc::from([])], ..Inner::default() };
        Classes { keys: [RandomState::new(), RandomState::new()], inner: Mutex::new(inner) }
    }
}

impl Classes {
    /// The class of a candidate that is judged by these bytes, which begin at `start` in its text.
    pub fn class(&self, candidate: &Candidate, judged_by: &[u8], start: usize) -> Class {
        let parts = candidate.parts.iter().map(|p| (p.span.start - start.min(p.span.start), &p.value));
        let key = (
            candidate.rule.id(),
            candidate.secret.expose(),
            candidate.span.start - start,
            candidate.span.end - start,
            parts.collect::<Vec<_>>(),
            judged_by,
        );
        self.other(&key)
    }

    /// The class of anything else that is told apart by its hash.
    pub fn other(&self, key: &impl Hash) -> Class {
        let [high, low] = [0, 1].map(|k| self.keys[k].hash_one(key));
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let next = inner.by_digest.len() as Class;
        *inner.by_digest.entry(u128::from(high) << 64 | u128::from(low)).or_insert(next)
    }

    /// The set of these classes.
    pub fn set(&self, mut members: Vec<Class>) -> Set {
        if members.is_empty() {
            return 0;
        }
        members.sort_unstable();
        members.dedup();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&set) = inner.by_members.get(members.as_slice()) {
            return set;
        }
        let members: Arc<[Class]> = Arc::from(members);
        let set = inner.sets.len() as Set;
        inner.sets.push(Arc::clone(&members));
        inner.by_members.insert(members, set);
        set
    }

    /// The classes in a set.
    pub fn members(&self, set: Set) -> Arc<[Class]> {
        Arc::clone(&self.inner.lock().unwrap_or_else(PoisonError::into_inner).sets[set as usize])
    }

    /// How many sets there are, the empty one included.
    pub fn sets(&self) -> usize {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).sets.len()
    }
}
