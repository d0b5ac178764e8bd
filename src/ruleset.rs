//! The rules in force: validated, with their patterns compiled when they are first needed.

use crate::finding::Severity;
use crate::rule::{Check, Decodes, Guard, Kind, RuleSpec, Text};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::bytes::{Regex, RegexBuilder};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, OnceLock};

mod needs;
mod run;
mod word;

pub(crate) use needs::Needs;

/// Bytes that a pattern may keep in each thread of what it has worked out about a text. There are hundreds of
/// patterns, and what they look at is short: the regex crate's 2 MB each added up to a gigabyte.
const STATES: usize = 64 << 10;

/// No rule may look further than this to either side of its anchor, in bytes.
pub const LONGEST_REACH: u32 = 64 * 1024;

/// A rule that may be relied on.
#[derive(Debug)]
pub struct Rule {
    /// The rule as written.
    pub spec: Spec,
    /// Who issues what it finds.
    pub provider: Text,
    /// How bad a finding is.
    pub severity: Severity,
    /// What sort of thing it finds.
    pub kind: Kind,
    id: Text,
    pattern: OnceLock<Regex>,
    parts: OnceLock<Vec<Vec<OnceLock<Regex>>>>,
    paths: OnceLock<Option<Paths>>,
    whole_path: OnceLock<Option<Regex>>,
    is_whole: bool,
    needs: Cow<'static, Needs>,
}

/// Which paths a rule is about.
#[derive(Debug)]
struct Paths {
    /// One of these matches; empty when there are only exceptions.
    these: GlobSet,
    /// None of these does.
    but_not: GlobSet,
}

impl Paths {
    fn hold(&self, path: &[u8]) -> bool {
        let path = globset::Candidate::from_bytes(path);
        (self.these.is_empty() || self.these.is_match_candidate(&path)) && !self.but_not.is_match_candidate(&path)
    }
}

/// A rule as written; a built-in one is unpacked when somebody first looks at it.
pub struct Spec {
    packed: &'static [u8],
    unpacked: OnceLock<Box<RuleSpec>>,
}

impl std::ops::Deref for Spec {
    type Target = RuleSpec;

    fn deref(&self) -> &RuleSpec {
        let unpack = || Box::new(postcard::from_bytes(self.packed).expect("the build packed it from the same type"));
        self.unpacked.get_or_init(unpack)
    }
}

impl std::fmt::Debug for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

impl From<RuleSpec> for Spec {
    fn from(spec: RuleSpec) -> Self {
        Spec { packed: &[], unpacked: OnceLock::from(Box::new(spec)) }
    }
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
    /// Validates a rule and compiles its patterns.
    pub fn new(provider: &str, spec: RuleSpec) -> Result<Self, RuleError> {
        let id = spec.id.to_string();
        let shape = |what: &str| Err(RuleError::Shape { id: id.clone(), what: what.into() });
        // Ids that other scanners' users chose stay as they are, as far as an allow comment can name them.
        let is_foreign = |b: u8| spec.whole.is_some() && (b.is_ascii_uppercase() || b"_.:/".contains(&b));
        let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || is_foreign(b);
        if id.is_empty() || !id.bytes().all(is_letter) {
            return Err(RuleError::Id(id));
        }
        if !(spec.severity > 0.0 && spec.severity <= 10.0) {
            return shape("severity is a number above 0.0, up to 10.0");
        }
        if let Some(whole) = &spec.whole {
            if !spec.anchors.is_empty() {
                return shape("a rule with [rule.whole] has no anchors; it has keywords");
            }
            if (spec.kind == Kind::File) != spec.pattern.is_empty() {
                return shape("a rule with [rule.whole] has a pattern or else kind = \"file\", and not both");
            }
            if spec.kind == Kind::File && whole.path.is_none() {
                return shape("a rule with [rule.whole] and no pattern needs a path");
            }
        } else if spec.kind == Kind::File {
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
            provider: provider.to_owned().into(),
            id: spec.id.clone(),
            pattern: OnceLock::new(),
            parts: OnceLock::new(),
            paths: OnceLock::new(),
            whole_path: OnceLock::new(),
            is_whole: spec.whole.is_some(),
            needs: Cow::Owned(Needs::of(&spec)),
            spec: spec.into(),
        };
        rule.compile_all()?;
        Ok(rule)
    }

    fn builtin(packed: &'static builtin::Packed) -> Self {
        Rule {
            severity: Severity::of(packed.severity),
            kind: packed.kind,
            provider: packed.provider.into(),
            id: packed.id.into(),
            pattern: OnceLock::new(),
            parts: OnceLock::new(),
            paths: OnceLock::new(),
            whole_path: OnceLock::new(),
            is_whole: false,
            needs: Cow::Borrowed(&packed.needs),
            spec: Spec { packed: &builtin::SPECS[packed.spec.clone()], unpacked: OnceLock::new() },
        }
    }

    /// Compiles every pattern and glob and says which one does not.
    pub fn compile_all(&self) -> Result<(), RuleError> {
        globs(self.id(), &self.spec.paths)?;
        let patterns = self.spec.parts.iter().flat_map(|p| p.patterns.iter().map(move |t| (p.name.as_ref(), t)));
        for (what, pattern) in std::iter::once(("pattern", &self.spec.pattern)).chain(patterns) {
            self.compiled(pattern).map_err(|error| self.bad(what, &error))?;
        }
        if let Some(whole) = &self.spec.whole {
            whole.path.as_deref().map(compile_whole).transpose().map_err(|error| self.bad("path", &error))?;
            let groups = self.pattern().captures_len() - 1;
            if whole.group.is_some_and(|group| group == 0 || group > groups) {
                let what = format!("group counts from 1, and the pattern has {groups}");
                return Err(RuleError::Shape { id: self.id().to_owned(), what });
            }
        }
        Ok(())
    }

    fn bad(&self, what: &str, error: &regex::Error) -> RuleError {
        RuleError::Pattern { id: self.id().to_owned(), what: what.to_owned(), error: regex_error(error) }
    }

    fn compiled(&self, pattern: &str) -> Result<Regex, regex::Error> {
        if self.is_whole { compile_whole(pattern) } else { compile(pattern) }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its pattern.
    pub fn pattern(&self) -> &Regex {
        self.pattern.get_or_init(|| {
            self.compiled(&self.spec.pattern).expect("a rule's patterns were compiled when it was made or by a test")
        })
    }

    /// The patterns of its part with this index, in order.
    pub fn part_patterns(&self, part: usize) -> impl Iterator<Item = &Regex> {
        let cells = |patterns: &[Text]| patterns.iter().map(|_| OnceLock::new()).collect();
        let parts = self.parts.get_or_init(|| self.spec.parts.iter().map(|part| cells(&part.patterns)).collect());
        parts[part].iter().zip(self.spec.parts[part].patterns.iter()).map(|(cell, pattern)| {
            cell.get_or_init(|| {
                compile(pattern).expect("a rule's patterns were compiled when it was made or by a test")
            })
        })
    }

    /// Whether it applies to a path.
    pub fn applies_to(&self, path: &[u8]) -> bool {
        let paths = self.paths.get_or_init(|| {
            globs(self.id(), &self.spec.paths).expect("a rule's globs were compiled when it was made or by a test")
        });
        let whole_path = self.whole_path.get_or_init(|| {
            let path = self.spec.whole.as_ref().and_then(|whole| whole.path.as_deref());
            path.map(|path| compile_whole(path).expect("a user's rule is compiled thoroughly"))
        });
        paths.as_ref().is_none_or(|paths| paths.hold(path))
            && whole_path.as_ref().is_none_or(|pattern| pattern.is_match(path))
    }

    /// Whether it is run over whole texts, by a user's other scanner's semantics.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// What its pattern needs of a text.
    pub(crate) fn needs(&self) -> &Needs {
        &self.needs
    }

    /// Which characters may not adjoin the secret.
    pub fn guard(&self) -> Guard {
        self.spec.guard
    }

    /// Whether what it finds is a text itself, which may hold secrets of its own.
    pub fn holds_text(&self) -> bool {
        self.spec.checks.contains(&Check::Decodes(Decodes::Jwt))
    }

    /// Whether placeholders count: only for rules about text that is no secret.
    pub fn takes_any_text(&self) -> bool {
        self.kind != Kind::Secret || self.spec.checks.contains(&Check::AnyText)
    }
}

fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    let pattern = crate::notation::expand(pattern);
    RegexBuilder::new(&pattern)
        .unicode(false)
        .multi_line(true)
        .size_limit(4 << 20)
        // With room for too few states, each as large as the pattern, the slowest engine would run it.
        .dfa_size_limit(STATES.max(96 * pattern.len()))
        .build()
}

/// A pattern over a whole text, or over a path.
pub(crate) fn compile_whole(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(16 << 20).build()
}

/// What is wrong with a regular expression, in one line.
pub(crate) fn regex_error(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

fn globs(id: &str, paths: &[crate::rule::Text]) -> Result<Option<Paths>, RuleError> {
    if paths.is_empty() {
        return Ok(None);
    }
    let (mut these, mut but_not) = (GlobSetBuilder::new(), GlobSetBuilder::new());
    let bad = |glob: &str, error: globset::Error| RuleError::Path {
        id: id.to_owned(),
        glob: glob.to_owned(),
        error: error.to_string(),
    };
    for glob in paths {
        let (set, bare) = glob.strip_prefix('!').map_or((&mut these, glob.as_ref()), |bare| (&mut but_not, bare));
        // A glob without a slash is about the file's name, wherever the file lies.
        let anywhere = if bare.contains('/') { bare.to_owned() } else { format!("**/{bare}") };
        set.add(
            GlobBuilder::new(&anywhere)
                .case_insensitive(true)
                .literal_separator(true)
                .build()
                .map_err(|e| bad(glob, e))?,
        );
    }
    let built = |set: GlobSetBuilder| set.build().map_err(|e| bad("", e));
    Ok(Some(Paths { these: built(these)?, but_not: built(but_not)? }))
}

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
