//! Which providers' credentials are looked for, and under which names.

use super::bond::bond;
use super::view::View;
use super::{Method, Place, Purpose, SENDGRID, Standing};
use crate::ruleset::RuleSet;
use aho_corasick::AhoCorasick;
use std::collections::{BTreeMap, BTreeSet};

/// The providers asked for, and the variables that their credentials are usually kept in.
#[derive(Debug)]
pub struct Names {
    /// Whether SendGrid is among them.
    pub sendgrid: bool,
    providers: BTreeSet<String>,
    variables: Vec<(String, String)>,
    finder: AhoCorasick,
}

impl Names {
    /// SendGrid alone.
    pub fn sendgrid() -> Self {
        Self::of(BTreeSet::from([SENDGRID.to_owned()]), &[])
    }

    /// The providers of these rules whose name or rule ids contain one of the texts; all of them when there is
    /// none. A text that names nobody is handed back.
    pub fn of_rules(rules: &RuleSet, texts: &[String]) -> Result<Self, String> {
        let mut providers = BTreeSet::new();
        for text in texts {
            let wanted = text.to_lowercase();
            let is_it = |rule: &&crate::ruleset::Rule| {
                rule.provider.to_lowercase().contains(&wanted) || rule.id().split('-').next() == Some(wanted.as_str())
            };
            let before = providers.len();
            let named = rules.rules().iter().map(AsRef::as_ref).filter(is_it).map(|rule| rule.provider.to_string());
            let named: Vec<String> = named.collect();
            providers.extend(named.iter().cloned());
            if named.is_empty() && providers.len() == before {
                return Err(text.clone());
            }
        }
        if texts.is_empty() {
            providers = rules.rules().iter().map(|rule| rule.provider.to_string()).collect();
        }
        let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for rule in rules.rules().iter().filter(|rule| rule.provider != SENDGRID && rule.spec.variable.contains('_')) {
            owners.entry(&rule.spec.variable).or_default().insert(&rule.provider);
        }
        // A name that several providers share, as DB_PASSWORD is, tells nothing of whose it is.
        let own: Vec<(String, String)> = owners
            .into_iter()
            .filter(|(_, owners)| owners.len() == 1)
            .flat_map(|(name, owners)| owners.into_iter().map(move |owner| (name.to_owned(), owner.to_owned())))
            .filter(|(_, owner)| providers.contains(owner))
            .collect();
        Ok(Self::of(providers, &own))
    }

    fn of(providers: BTreeSet<String>, variables: &[(String, String)]) -> Self {
        let finder =
            AhoCorasick::new(variables.iter().map(|(name, _)| name)).expect("the names of variables are few and short");
        Names { sendgrid: providers.contains(SENDGRID), providers, variables: variables.to_vec(), finder }
    }

    /// Whether a provider is asked for.
    pub fn wants(&self, provider: &str) -> bool {
        self.providers.contains(provider)
    }

    /// Whether a text has any of the variables.
    pub(super) fn are_in(&self, text: &[u8]) -> bool {
        !self.variables.is_empty() && self.finder.is_match(text)
    }

    /// The places where the variables stand as whole words.
    pub(super) fn all(&self, view: &View<'_>, places: &mut Vec<Place>) {
        if self.variables.is_empty() {
            return;
        }
        for found in self.finder.find_overlapping_iter(view.text) {
            let is_word = |at: Option<&u8>| at.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
            let before = found.start().checked_sub(1).and_then(|at| view.text.get(at));
            if is_word(before) || is_word(view.text.get(found.end())) {
                continue;
            }
            let (name, provider) = &self.variables[found.pattern().as_usize()];
            let (standing, _) = bond(view, &found.range());
            let mut place = view.place(found.start(), Method::Unknown, standing, Some(name.clone()));
            if standing == Standing::Named && place.purpose == Purpose::Documentation {
                continue;
            }
            place.purpose = view.purpose(Purpose::Other);
            place.provider.clone_from(provider);
            places.push(place);
        }
    }
}
