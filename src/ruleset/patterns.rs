//! Compiling what rules are written with: regular expressions, and globs of paths.

use super::RuleError;
use crate::rule::Text;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::bytes::{Regex, RegexBuilder};

/// Bytes that a pattern may keep in each thread of what it has worked out about a text. There are hundreds of
/// patterns, and what they look at is short: the regex crate's 2 MB each added up to a gigabyte.
const STATES: usize = 64 << 10;

pub(super) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
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

pub(super) fn globs(id: &str, paths: &[Text]) -> Result<Option<Paths>, RuleError> {
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

/// Which paths a rule is about.
#[derive(Debug)]
pub(super) struct Paths {
    /// One of these matches; empty when there are only exceptions.
    these: GlobSet,
    /// None of these does.
    but_not: GlobSet,
}

impl Paths {
    pub(super) fn hold(&self, path: &[u8]) -> bool {
        let path = globset::Candidate::from_bytes(path);
        (self.these.is_empty() || self.these.is_match_candidate(&path)) && !self.but_not.is_match_candidate(&path)
    }
}
