//! A check over a whole report: many different values in one file that only their names call credentials are data.
//!
//! Rules are local and can't see it: the examples of an API's description, the marks of a catalogue, recorded
//! answers all stand under names like `token`. Somebody's own credentials in one file are few.

use crate::document::Aspect;
use crate::finding::{Confidence, Dismissal, Finding, Reason, Step, confidence_name};
use crate::rule::Credential;
use crate::scan::severity;
use std::collections::HashMap;

/// From so many different values on, each is a level less sure: in the histories that it was chosen by, no file of
/// somebody's own credentials had more than 89, and none of data fewer than 226.
pub const MANY: usize = 100;
/// From so many different values on, none is more than a guess.
pub const MASSES: usize = 200;

/// Lowers what stands in a crowd, takes out what then is below the least confidence that was asked for, and
/// returns that.
///
/// Only values as sure as a finding, or surer, count against it. So it makes no difference whether weaker ones were
/// dismissed before, and one that stands out among them stays.
pub(crate) fn settle(findings: &mut Vec<Finding>, least: Confidence) -> Vec<Dismissal> {
    if findings.len() < MANY {
        return Vec::new();
    }
    let crowds = Crowds::of(&*findings);
    findings.iter_mut().for_each(|finding| crowds.lower(finding));
    findings.extract_if(.., |finding| finding.confidence < least).map(dismissed).collect()
}

/// Those that fall below the least confidence that was asked for.
pub(crate) fn fallen<'f>(findings: &[&'f Finding], least: Confidence) -> impl Iterator<Item = &'f Finding> {
    let may_fall = findings.len() >= MANY && least > Confidence::Low;
    let crowds = Crowds::of(findings.iter().copied().filter(|_| may_fall));
    let falls = move |finding: &&Finding| crowds.lowered(finding).is_some_and(|(_, confidence)| confidence < least);
    findings.iter().copied().filter(falls)
}

/// How many different values stand in each file, by how sure they are.
struct Crowds(HashMap<Vec<u8>, Counts>);

/// How many are of each confidence, from low to high.
type Counts = [usize; 3];

impl Crowds {
    fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut surest: HashMap<(&[u8], &[u8]), Confidence> = HashMap::new();
        for finding in findings.into_iter().filter(|finding| is_counted(finding)) {
            let value = (finding.origin.path.as_slice(), finding.secret.expose());
            let surest = surest.entry(value).or_insert(finding.confidence);
            *surest = (*surest).max(finding.confidence);
        }
        let mut crowds: HashMap<Vec<u8>, Counts> = HashMap::new();
        for ((path, _), confidence) in surest {
            match crowds.get_mut(path) {
                Some(counts) => counts[confidence as usize] += 1,
                None => {
                    let mut counts = Counts::default();
                    counts[confidence as usize] = 1;
                    crowds.insert(path.to_vec(), counts);
                }
            }
        }
        Crowds(crowds)
    }

    /// How many count against a finding and what its confidence comes to, if that is less than it was.
    fn lowered(&self, finding: &Finding) -> Option<(usize, Confidence)> {
        let counts = self.0.get(&finding.origin.path).filter(|_| is_counted(finding))?;
        let others: usize = counts[finding.confidence as usize..].iter().sum();
        let lowered = match (others, finding.confidence) {
            (..MANY, confidence) => confidence,
            (MANY..MASSES, Confidence::High) => Confidence::Medium,
            _ => Confidence::Low,
        };
        // A list of people's passwords is the worst of leaks, and as long as they are many.
        let is_password = finding.rule.spec.assigned == Some(Credential::Password);
        let lowered = if is_password { lowered.max(Confidence::Medium) } else { lowered };
        (lowered < finding.confidence).then_some((others, lowered))
    }

    fn lower(&self, finding: &mut Finding) {
        let Some((others, confidence)) = self.lowered(finding) else { return };
        finding.confidence = confidence;
        finding.severity = finding.severity.min(severity(&finding.rule, confidence));
        let saw = format!(
            "{others} different values as sure as this one in the file, {MANY} and more are data: lowered to {}",
            confidence_name(confidence)
        );
        finding.steps.push(Step { check: "crowd", saw });
    }
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
