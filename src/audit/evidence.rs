//! What is known of a repository when its rows are judged, and the questions that several rows ask of it.

use super::At;
use super::traits::{Trait, Was};
use crate::document::Aspect;
use crate::finding::Finding;
use crate::inventory::{Place, Purpose, SENDGRID, Standing};
use crate::remedy::{Language, language};
use crate::report::Report;
use crate::rule::Kind;
use jiff::civil::Date;

/// All that was gathered.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// What the scan of the files found.
    pub report: &'a Report,
    /// What the sweep of the history found.
    pub past: Past<'a>,
    /// Where credentials are used.
    pub places: &'a [Place],
    /// What else the files show.
    pub traits: &'a [Trait],
    /// Notices about allow entries that have expired.
    pub expired: &'a [String],
    /// The day of the audit.
    pub today: Date,
    /// From how many days on a key is too old.
    pub max_key_age: u32,
}

/// What the history says.
#[derive(Debug, Clone, Copy)]
pub enum Past<'a> {
    /// It was swept.
    Swept(&'a Report),
    /// It was not: why.
    Unknown(&'a str),
}

impl<'a> Evidence<'a> {
    /// The findings of these rules in the files.
    pub(super) fn found(&self, rules: &[&str]) -> Vec<At> {
        let findings = self.report.findings.iter().filter(|finding| rules.contains(&finding.rule.id()));
        findings.map(at).collect()
    }

    /// The SendGrid credentials that stand in the files.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &'a Finding> {
        self.report.findings.iter().filter(|finding| is_secret(finding))
    }

    /// The SendGrid credentials that the history holds.
    pub(super) fn past_secrets(&self) -> impl Iterator<Item = &'a Finding> {
        let findings = match self.past {
            Past::Swept(report) => report.findings.as_slice(),
            Past::Unknown(_) => &[],
        };
        findings.iter().filter(|finding| is_secret(finding))
    }

    /// Whether all of the history was read; else why not.
    pub(super) fn past_is_whole(&self) -> Result<(), &'a str> {
        match self.past {
            Past::Swept(report) if report.coverage.is_complete() => Ok(()),
            Past::Swept(_) => Err("not all of the history could be read"),
            Past::Unknown(why) => Err(why),
        }
    }

    /// The places in use: neither in a comment nor in a document nor to be filled in.
    pub(super) fn in_use(&self) -> impl Iterator<Item = &'a Place> {
        self.places.iter().filter(|place| {
            let is_literal = place.found.is_some();
            place.purpose != Purpose::Documentation
                && (is_literal || !place.in_comment && place.standing != Standing::Placeholder)
        })
    }

    /// What of this kind the files show.
    pub(super) fn shown(&self, was: Was) -> Vec<At> {
        self.traits.iter().filter(|shown| shown.was == was).map(Trait::at).collect()
    }
}

/// Whether a finding is a SendGrid credential itself.
fn is_secret(finding: &Finding) -> bool {
    finding.rule.kind == Kind::Secret && finding.rule.provider == SENDGRID
}

/// Where a finding stands, with its rule.
pub(super) fn at(finding: &Finding) -> At {
    let line = if finding.origin.part == Aspect::Content { finding.location.start_line } else { 0 };
    let first = finding.lifecycle.as_ref().and_then(|story| story.introduced.first());
    let commit_id = finding.origin.commit_id.as_ref().map(ToString::to_string).or(first.map(|m| m.commit_id.clone()));
    let what = match finding.origin.part {
        Aspect::CommitMessage => format!("{} in a commit message", finding.rule.id()),
        Aspect::TagMessage => format!("{} in a tag's message", finding.rule.id()),
        Aspect::Note => format!("{} in a note", finding.rule.id()),
        Aspect::RefName => format!("{} in the name of a ref", finding.rule.id()),
        Aspect::Header => format!("{} in the header of a commit", finding.rule.id()),
        _ => finding.rule.id().to_owned(),
    };
    At { path: finding.origin.path.clone(), line, what, commit_id }
}

/// Where a credential is used, in these words.
pub(super) fn at_place(place: &Place, what: &str) -> At {
    let what = match &place.variable {
        Some(name) if !what.is_empty() => format!("{what}: {name}"),
        Some(name) => name.clone(),
        None => what.to_owned(),
    };
    At { path: place.path.clone(), line: place.line, what, commit_id: None }
}

/// Whether a file is written for people.
pub(super) fn is_prose(path: &[u8]) -> bool {
    let is_mail = path.to_ascii_lowercase().ends_with(b".eml");
    is_mail || matches!(language(path, b""), Language::Prose)
}
