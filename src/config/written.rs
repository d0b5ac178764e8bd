//! `unleak.toml` as it is written: keys and shapes, no meaning yet.

use crate::archive::Archives;
use crate::finding::Confidence;
pub(super) use crate::judge::On;
use crate::rule::RuleSpec;
use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    #[serde(default)]
    pub scan: ScanTable,
    pub rules: Option<Spanned<RulesTable>>,
    #[serde(default)]
    pub rule: Vec<Spanned<RuleSpec>>,
    #[serde(default)]
    pub allow: Vec<Spanned<AllowTable>>,
}

/// `[scan]`: what the command line says when it does not.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScanTable {
    pub fail_on: Option<Spanned<String>>,
    pub min_confidence: Option<Confidence>,
    pub exclude: Option<Spanned<Vec<Spanned<String>>>>,
    pub baseline: Option<Spanned<String>>,
    pub archives: Option<Archives>,
}

/// `[rules]`: which of them are in force.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesTable {
    /// Whether unleak's own rules are in force too.
    #[serde(default = "yes")]
    pub builtin: bool,
    #[serde(default)]
    pub disable: Vec<Spanned<String>>,
    pub only: Option<Vec<Spanned<String>>>,
}

impl Default for RulesTable {
    fn default() -> Self {
        RulesTable { builtin: true, disable: Vec::new(), only: None }
    }
}

fn yes() -> bool {
    true
}

/// `[[allow]]`: findings that are accepted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowTable {
    pub rule: Option<Spanned<String>>,
    #[serde(default)]
    pub rules: Vec<Spanned<String>>,
    pub paths: Option<Spanned<Vec<Spanned<String>>>>,
    pub value: Option<Spanned<String>>,
    pub reason: Option<Spanned<String>>,
    pub expires: Option<Spanned<toml::Value>>,
    pub when: Option<Spanned<WhenTable>>,
}

/// `[allow.when]`: conditions as other scanners' allowlists have them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WhenTable {
    /// One kind of condition is enough; else one of each kind that is given must hold.
    #[serde(default)]
    pub any: bool,
    /// Regular expressions on the path.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Regular expressions on what `on` names.
    #[serde(default)]
    pub patterns: Vec<String>,
    #[serde(default)]
    pub on: On,
    /// Texts in the secret, in any ASCII case.
    #[serde(default)]
    pub stopwords: Vec<String>,
    /// Commits in full hexadecimal digits that bring what is allowed.
    #[serde(default)]
    pub commits: Vec<String>,
}

impl WhenTable {
    /// Whether there is no condition in it.
    pub(super) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.patterns.is_empty() && self.stopwords.is_empty() && self.commits.is_empty()
    }
}
