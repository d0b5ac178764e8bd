//! A rule that may be relied on.

use super::patterns::{Paths, compile, compile_whole, globs, regex_error};
use super::{Needs, RuleError, Spec, builtin};
use crate::finding::Severity;
use crate::rule::{Check, Decodes, Guard, Kind, RuleSpec, Text};
use regex::bytes::Regex;
use std::borrow::Cow;
use std::sync::OnceLock;

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

    pub(super) fn builtin(packed: &'static builtin::Packed) -> Self {
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
            spec: Spec::packed(&builtin::SPECS[packed.spec.clone()]),
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
