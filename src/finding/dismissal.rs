//! A candidate that does not stand, and why.

use super::Step;
use crate::document::{Location, Origin};
use crate::ruleset::Rule;
use crate::secret::Secret;
use std::sync::Arc;

/// A candidate that does not stand.
#[derive(Debug, Clone)]
pub struct Dismissal {
    /// The rule.
    pub rule: Arc<Rule>,
    /// Where the text comes from.
    pub origin: Origin,
    /// Where in the text.
    pub location: Location,
    /// The secret, or what looked like one.
    pub secret: Secret,
    /// Why.
    pub reason: Reason,
    /// What the checks saw, in order.
    pub steps: Vec<Step>,
}

/// Why a candidate was dismissed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is a placeholder: what gives it away.
    Placeholder(&'static str),
    /// It is a reference to a variable or a store.
    Reference(&'static str),
    /// It is encrypted.
    Encrypted(&'static str),
    /// Its checksum does not hold.
    Checksum,
    /// Too regular to be a credential of this kind.
    Entropy,
    /// Its shape is not that of a real one.
    Shape(&'static str),
    /// The surroundings say it is something else.
    Context(&'static str),
    /// Another rule says more about the same bytes.
    Shadowed(String),
    /// A comment allows it: the reason given.
    AllowedByComment(String),
    /// An entry of the configuration allows it: the reason given.
    AllowedByConfig(String),
    /// Its confidence is below what was asked for.
    Confidence,
}

impl Reason {
    /// The reason's name in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Reason::Placeholder(_) => "placeholder",
            Reason::Reference(_) => "reference",
            Reason::Encrypted(_) => "encrypted",
            Reason::Checksum => "checksum",
            Reason::Entropy => "entropy",
            Reason::Shape(_) => "shape",
            Reason::Context(_) => "context",
            Reason::Shadowed(_) => "shadowed",
            Reason::AllowedByComment(_) => "allowed-by-comment",
            Reason::AllowedByConfig(_) => "allowed-by-config",
            Reason::Confidence => "confidence",
        }
    }

    /// The reason in words.
    pub fn text(&self) -> String {
        match self {
            Reason::Placeholder(what) => format!("a placeholder: {what}"),
            Reason::Reference(what) => format!("a reference, not a literal: {what}"),
            Reason::Encrypted(what) => format!("encrypted: {what}"),
            Reason::Checksum => "invented: the checksum inside does not hold".into(),
            Reason::Entropy => "too regular to be a credential".into(),
            Reason::Shape(what) => format!("not the shape of a real one: {what}"),
            Reason::Context(what) => format!("the surroundings say otherwise: {what}"),
            Reason::Shadowed(rule) => format!("{rule} says more about the same bytes"),
            Reason::AllowedByComment(why) => format!("allowed by a comment: {}", or_none(why)),
            Reason::AllowedByConfig(why) => format!("allowed by the configuration: {}", or_none(why)),
            Reason::Confidence => "below the confidence asked for".into(),
        }
    }
}

fn or_none(why: &str) -> &str {
    if why.is_empty() { "no reason given" } else { why }
}
