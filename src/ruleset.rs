//! The rules in force: validated, with their patterns compiled when they are first needed.

use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

mod error;
mod needs;
mod patterns;
mod rule;
mod run;
mod spec;
mod word;

pub use error::RuleError;
pub(crate) use needs::Needs;
pub(crate) use patterns::{compile_whole, regex_error};
pub use rule::{LONGEST_REACH, Rule};
pub use spec::Spec;

/// The rules in force.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<Arc<Rule>>,
    /// Of each rule that is built in, its place among those.
    places: Vec<Option<usize>>,
    is_builtin: bool,
}

mod builtin {
    use super::needs::Needs;
    use super::run::Run;
    use super::word::Word;
    use crate::rule::Kind;

    /// What is known of a built-in rule before it is unpacked.
    pub(super) struct Packed {
        pub provider: &'static str,
        pub id: &'static str,
        pub severity: f32,
        pub kind: Kind,
        pub needs: Needs,
        /// Where in [`SPECS`] the whole of it stands.
        pub spec: std::ops::Range<usize>,
    }

    pub(super) static SPECS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

    include!(concat!(env!("OUT_DIR"), "/rules.rs"));
}

impl RuleSet {
    /// The built-in rules, made once.
    pub fn builtin_shared() -> Arc<Self> {
        static BUILTIN: LazyLock<Arc<RuleSet>> = LazyLock::new(|| Arc::new(RuleSet::builtin()));
        Arc::clone(&BUILTIN)
    }

    /// The built-in rules.
    pub fn builtin() -> Self {
        let rules: Vec<Arc<Rule>> = builtin::RULES.iter().map(|packed| Arc::new(Rule::builtin(packed))).collect();
        RuleSet { places: (0..rules.len()).map(Some).collect(), rules, is_builtin: true }
    }

    /// Whether these are the built-in rules, all of them and no other.
    pub fn is_builtin(&self) -> bool {
        self.is_builtin
    }

    /// A set of these rules; ids are unique.
    pub fn new(rules: Vec<Arc<Rule>>) -> Result<Self, RuleError> {
        let mut ids = HashSet::new();
        for rule in &rules {
            if !ids.insert(rule.id().to_owned()) {
                return Err(RuleError::Duplicate(rule.id().to_owned()));
            }
        }
        let builtin = Self::builtin_shared();
        let known: HashMap<*const Rule, usize> = builtin.rules.iter().map(Arc::as_ptr).zip(0..).collect();
        let places = rules.iter().map(|rule| known.get(&Arc::as_ptr(rule)).copied()).collect();
        Ok(RuleSet { rules, places, is_builtin: false })
    }

    /// Of each rule in force, its place among the built-in ones, if it is one of those that all share.
    pub fn places(&self) -> &[Option<usize>] {
        &self.places
    }

    /// All rules in force.
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// The rule with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Rule>> {
        self.rules.iter().find(|rule| rule.id() == id)
    }

    /// Where in the set the rule with this id stands; behind all others if it does not.
    pub fn place(&self, id: &str) -> usize {
        self.rules.iter().position(|rule| rule.id() == id).unwrap_or(self.rules.len())
    }

    /// A digest of everything about the rules that decides what is found, and of the program's version.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(env!("CARGO_PKG_VERSION"));
        for rule in &self.rules {
            match rule.spec.packed {
                [] => hash.update(format!("{:?}", rule.spec)),
                packed => hash.update(packed),
            }
        }
        data_encoding::HEXLOWER.encode(&hash.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleSpec;

    #[test]
    fn the_digest_is_that_of_all_rules_and_of_what_they_say() {
        let all = RuleSet::builtin();
        let but_one = RuleSet::new(all.rules()[1..].to_vec()).expect("the ids differ");
        assert_eq!(all.digest(), RuleSet::builtin().digest());
        assert_ne!(all.digest(), but_one.digest());
        let own = |severity| {
            let spec = RuleSpec { severity, ..RuleSpec::clone(&all.rules()[0].spec) };
            let rule = Rule::new("Acme", spec).expect("the rule is valid");
            RuleSet::new(vec![Arc::new(rule)]).expect("the ids differ").digest()
        };
        assert_ne!(own(1.0), own(2.0));
    }
}
