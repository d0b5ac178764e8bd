//! The rules in force: validated, with their patterns compiled when they are first needed.

use crate::finding::Severity;
use crate::rule::{Check, Guard, Kind, RuleSpec};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::bytes::{Regex, RegexBuilder};
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock, OnceLock};

/// No rule may look further than this to either side of its anchor, in bytes.
pub const LONGEST_REACH: u32 = 64 * 1024;

/// A rule that may be relied on.
#[derive(Debug)]
pub struct Rule {
    /// The rule as written.
    pub spec: RuleSpec,
    /// Who issues what it finds.
    pub provider: String,
    /// How bad a finding is.
    pub severity: Severity,
    /// What sort of thing it finds.
    pub kind: Kind,
    pattern: OnceLock<Regex>,
    parts: Vec<Vec<OnceLock<Regex>>>,
    paths: OnceLock<Option<GlobSet>>,
}

/// A rule that can't be relied on.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// The id is not of the form `provider-thing`.
    #[error("rule id {0:?}: use lower-case letters, digits and hyphens, as in provider-thing")]
    Id(String),
    /// Two rules have one id.
    #[error("rule {0}: there are two rules with this id; ids are unique, so rename one")]
    Duplicate(String),
    /// A pattern does not compile.
    #[error("rule {id}: {what} is not a valid regular expression: {error}")]
    Pattern {
        /// The rule.
        id: String,
        /// Which of its patterns.
        what: String,
        /// What the regex crate says.
        error: String,
    },
    /// A glob does not compile.
    #[error("rule {id}: path {glob:?} is not a valid glob: {error}")]
    Path {
        /// The rule.
        id: String,
        /// The glob.
        glob: String,
        /// What globset says.
        error: String,
    },
    /// Something a rule needs is missing or makes no sense.
    #[error("rule {id}: {what}")]
    Shape {
        /// The rule.
        id: String,
        /// What, and the mend.
        what: String,
    },
}

impl Rule {
    /// Validates a rule. `thorough` also compiles its patterns, as for rules that a user wrote; the built-in
    /// ones are compiled by a test.
    pub fn new(provider: &str, spec: RuleSpec, thorough: bool) -> Result<Self, RuleError> {
        let id = spec.id.to_string();
        let shape = |what: &str| Err(RuleError::Shape { id: id.clone(), what: what.into() });
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(RuleError::Id(id));
        }
        if !(spec.severity > 0.0 && spec.severity <= 10.0) {
            return shape("severity is a number above 0.0, up to 10.0");
        }
        if spec.kind == Kind::File {
            if spec.paths.is_empty() {
                return shape("a rule of kind \"file\" needs paths");
            }
        } else if spec.anchors.is_empty() || spec.pattern.is_empty() != spec.assigned.is_some() {
            return shape("anchors and either pattern or assigned are needed, unless kind is \"file\"");
        }
        if spec.anchors.iter().any(|a| a.len() < 3) {
            return shape("an anchor is at least three bytes long");
        }
        if spec.reach.before > LONGEST_REACH || spec.reach.after > LONGEST_REACH {
            return shape("reach is at most 65536 bytes to either side");
        }
        let rule = Rule {
            severity: Severity::of(spec.severity),
            kind: spec.kind,
            provider: provider.to_owned(),
            pattern: OnceLock::new(),
            parts: spec.parts.iter().map(|p| p.patterns.iter().map(|_| OnceLock::new()).collect()).collect(),
            paths: OnceLock::new(),
            spec,
        };
        if thorough {
            rule.compile_all()?;
        }
        Ok(rule)
    }

    /// Compiles every pattern and glob and says which one does not.
    pub fn compile_all(&self) -> Result<(), RuleError> {
        globs(self.id(), &self.spec.paths)?;
        let patterns = self.spec.parts.iter().flat_map(|p| p.patterns.iter().map(move |t| (p.name.as_ref(), t)));
        for (what, pattern) in std::iter::once(("pattern", &self.spec.pattern)).chain(patterns) {
            compile(pattern).map_err(|error| RuleError::Pattern {
                id: self.id().to_owned(),
                what: what.to_owned(),
                error: regex_error(&error),
            })?;
        }
        Ok(())
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.spec.id
    }

    /// Its pattern.
    pub fn pattern(&self) -> &Regex {
        self.pattern.get_or_init(|| {
            compile(&self.spec.pattern).expect("a rule's patterns were compiled by a test or thoroughly")
        })
    }

    /// The patterns of its part with this index, in order.
    pub fn part_patterns(&self, part: usize) -> impl Iterator<Item = &Regex> {
        self.parts[part].iter().zip(self.spec.parts[part].patterns.iter()).map(|(cell, pattern)| {
            cell.get_or_init(|| compile(pattern).expect("a rule's patterns were compiled by a test or thoroughly"))
        })
    }

    /// Whether it applies to a path.
    pub fn applies_to(&self, path: &[u8]) -> bool {
        let paths = self.paths.get_or_init(|| {
            globs(self.id(), &self.spec.paths).expect("a rule's globs were compiled by a test or thoroughly")
        });
        paths.as_ref().is_none_or(|paths| paths.is_match_candidate(&globset::Candidate::from_bytes(path)))
    }

    /// Which characters may not adjoin the secret.
    pub fn guard(&self) -> Guard {
        self.spec.guard
    }

    /// Whether placeholders count: only for rules about text that is no secret.
    pub fn takes_any_text(&self) -> bool {
        self.kind != Kind::Secret || self.spec.checks.contains(&Check::AnyText)
    }
}

fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&crate::notation::expand(pattern)).unicode(false).multi_line(true).size_limit(4 << 20).build()
}

/// What is wrong with a regular expression, in one line.
pub(crate) fn regex_error(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

fn globs(id: &str, paths: &[crate::rule::Text]) -> Result<Option<GlobSet>, RuleError> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    let bad = |glob: &str, error: globset::Error| RuleError::Path {
        id: id.to_owned(),
        glob: glob.to_owned(),
        error: error.to_string(),
    };
    for glob in paths {
        // A glob without a slash is about the file's name, wherever the file lies.
        let anywhere = if glob.contains('/') { glob.to_string() } else { format!("**/{glob}") };
        set.add(
            GlobBuilder::new(&anywhere)
                .case_insensitive(true)
                .literal_separator(true)
                .build()
                .map_err(|e| bad(glob, e))?,
        );
    }
    Ok(Some(set.build().map_err(|e| bad("", e))?))
}

/// The rules in force.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<Arc<Rule>>,
}

mod builtin {
    use crate::rule::*;
    use std::borrow::Cow;

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
        let rules = builtin::RULES
            .iter()
            .map(|(provider, spec)| {
                Arc::new(Rule::new(provider, spec.clone(), false).expect("a test validates the built-in rules"))
            })
            .collect();
        RuleSet { rules }
    }

    /// A set of these rules; ids are unique.
    pub fn new(rules: Vec<Arc<Rule>>) -> Result<Self, RuleError> {
        let mut ids = std::collections::HashSet::new();
        for rule in &rules {
            if !ids.insert(rule.id().to_owned()) {
                return Err(RuleError::Duplicate(rule.id().to_owned()));
            }
        }
        Ok(RuleSet { rules })
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
            hash.update(format!("{:?}", rule.spec));
        }
        data_encoding::HEXLOWER.encode(&hash.finalize())
    }
}
