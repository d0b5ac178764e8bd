//! `unleak.toml` as it is written: keys and shapes, no meaning yet.

use crate::finding::Confidence;
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
}

/// `[rules]`: which of them are in force.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesTable {
    #[serde(default)]
    pub disable: Vec<Spanned<String>>,
    pub only: Option<Vec<Spanned<String>>>,
}

/// `[[allow]]`: findings that are accepted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowTable {
    pub rule: Option<Spanned<String>>,
    pub paths: Option<Spanned<Vec<Spanned<String>>>>,
    pub value: Option<Spanned<String>>,
    pub reason: Option<Spanned<String>>,
    pub expires: Option<Spanned<toml::Value>>,
}
