//! A check over a whole report: many different values in one file that only their names call credentials are data,
//! and so are some under one and the same name.
//!
//! Rules are local and can't see it: the examples of an API's description, the marks of a catalogue, recorded
//! answers all stand under names like `token`. Somebody's own credentials in one file are few, and their names differ.

use crate::document::Aspect;
use crate::finding::{Confidence, Dismissal, Finding, Reason, Step, confidence_name};
use crate::rule::Credential;
use crate::scan::severity;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// From so many different values on, each is a level less sure: in the histories that it was chosen by, no file of
/// somebody's own credentials had more than 89, and none of data fewer than 226.
pub const MANY: usize = 100;
/// From so many different values on, none is more than a guess.
pub const MASSES: usize = 200;
/// So many different values that stand under one name in one version of a file are a list of records: none is high.
pub const RECORDS: usize = 6;
/// From so many of them on, none of medium confidence is more than a guess.
pub const TABLE: usize = 20;

/// Lowers what stands in a crowd, takes out what then is below the least confidence that was asked for, and
/// returns that.
///
/// Only values as sure as a finding, or surer, count against it. So it makes no difference whether weaker ones were
/// dismissed before, and one that stands out among them stays.
pub(crate) fn settle(findings: &mut Vec<Finding>, least: Confidence) -> Vec<Dismissal> {
    if findings.len() < RECORDS {
        return Vec::new();
    }
    let crowds = Crowds::of(&*findings);
    findings.iter_mut().for_each(|finding| crowds.lower(finding));
    findings.extract_if(.., |finding| finding.confidence < least).map(dismissed).collect()
}

/// Those that fall below the least confidence that was asked for.
pub(crate) fn fallen<'f>(findings: &[&'f Finding], least: Confidence) -> impl Iterator<Item = &'f Finding> {
    let may_fall = findings.len() >= RECORDS && least > Confidence::Low;
    let crowds = Crowds::of(findings.iter().copied().filter(|_| may_fall));
    let falls = move |finding: &&Finding| crowds.lowered(finding).is_some_and(|(_, confidence)| confidence < least);
    findings.iter().copied().filter(falls)
}

/// How many different values stand in each file, and in each version of it under each name, by how sure they are.
#[derive(Default)]
struct Crowds {
    files: HashMap<Vec<u8>, Counts>,
    names: HashMap<Named, Counts>,
}

/// A path, the commit that brought it there and the name that values have in it.
type Named = (Vec<u8>, Option<Arc<str>>, Vec<u8>);

/// How many are of each confidence, from low to high.
type Counts = [usize; 3];

impl Crowds {
    fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let counted: Vec<&Finding> = findings.into_iter().filter(|finding| is_counted(finding)).collect();
        let files = counts(&counted, |finding| finding.origin.path.clone());
        Crowds { files, names: counts(&counted, named) }
    }

    /// How many count against a finding, why, and what its confidence comes to, if that is less than it was.
    fn lowered(&self, finding: &Finding) -> Option<(String, Confidence)> {
        if !is_counted(finding) {
            return None;
        }
        let others = |counts: &Counts| counts[finding.confidence as usize..].iter().sum::<usize>();
        let in_file = others(self.files.get(&finding.origin.path)?);
        let by_file = match (in_file, finding.confidence) {
            (..MANY, confidence) => confidence,
            (MANY..MASSES, Confidence::High) => Confidence::Medium,
            _ => Confidence::Low,
        };
        let saw = format!("{in_file} different values as sure as this one in the file, {MANY} and more are data");
        // A list of people's passwords is the worst of leaks, and as long as they are many.
        if finding.rule.spec.assigned == Some(Credential::Password) {
            let lowered = by_file.max(Confidence::Medium);
            return (lowered < finding.confidence).then_some((saw, lowered));
        }
        let alike = self.names.get(&named(finding)).map_or(0, others);
        let by_name = match (alike, finding.confidence) {
            (RECORDS.., Confidence::High) => Confidence::Medium,
            (TABLE.., _) => Confidence::Low,
            (_, confidence) => confidence,
        };
        let saw = match by_name < by_file {
            true => format!(
                "{alike} different values as sure as this one have its name here, {RECORDS} and more are records"
            ),
            false => saw,
        };
        let lowered = by_name.min(by_file);
        (lowered < finding.confidence).then_some((saw, lowered))
    }

    fn lower(&self, finding: &mut Finding) {
        let Some((saw, confidence)) = self.lowered(finding) else { return };
        finding.confidence = confidence;
        finding.severity = finding.severity.min(severity(&finding.rule, confidence));
        let saw = format!("{saw}: lowered to {}", confidence_name(confidence));
        finding.steps.push(Step { check: "crowd", saw });
    }
}

/// How many different values each group of findings has, each counted where it is surest.
fn counts<K: Eq + Hash + Clone>(findings: &[&Finding], group: impl Fn(&Finding) -> K) -> HashMap<K, Counts> {
    let mut surest: HashMap<(K, &[u8]), Confidence> = HashMap::new();
    for finding in findings {
        let surest = surest.entry((group(finding), finding.secret.expose())).or_insert(finding.confidence);
        *surest = (*surest).max(finding.confidence);
    }
    let mut counts: HashMap<K, Counts> = HashMap::new();
    for ((group, _), confidence) in surest {
        counts.entry(group).or_default()[confidence as usize] += 1;
    }
    counts
}

/// Where a finding stands and under what name. What has none, as in the rows of a table, is alike.
fn named(finding: &Finding) -> Named {
    let frame = &finding.frame;
    let name = match frame.binary {
        Some(_) => b"",
        None => name_before(&frame.text[..frame.span.start]),
    };
    (finding.origin.path.clone(), finding.origin.commit_id.clone(), name.to_vec())
}

/// The last name on the line in front of a value; none in a row of values, where only its column has one; of what
/// says `value`, all that leads to it.
fn name_before(text: &[u8]) -> &[u8] {
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80 || matches!(byte, b'_' | b'-' | b'.');
    let line = &text[text.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1)..];
    if is_in_row(line) {
        return b"";
    }
    let end = line.iter().rposition(is_of_name).map_or(0, |last| last + 1);
    let start = line[..end].iter().rposition(|byte| !is_of_name(byte)).map_or(0, |before| before + 1);
    let name = &line[start..end];
    if name.eq_ignore_ascii_case(b"value") { text } else { name }
}

/// Whether a comma stands in front of a value, its quotes aside.
fn is_in_row(before: &[u8]) -> bool {
    before.iter().rev().find(|byte| !byte.is_ascii_whitespace() && !b"'\"`\\".contains(byte)) == Some(&b',')
}

/// Whether a finding goes by a name alone and stands in a file. In a history, what no tree holds has no path that
/// would tell which others stand beside it.
fn is_counted(finding: &Finding) -> bool {
    let has_place = !finding.origin.path.is_empty() || finding.lifecycle.is_none();
    finding.rule.spec.assigned.is_some() && finding.origin.part == Aspect::Content && has_place
}

fn dismissed(finding: Finding) -> Dismissal {
    let Finding { rule, origin, location, secret, steps, .. } = finding;
    Dismissal { rule, origin, location, secret, reason: Reason::Confidence, steps }
}
