//! A refusal for a coding assistant: what it must not write, and what it is to write instead, in a few lines.

use super::redact::Redactor;
use super::{hostile, number_of, shortened};
use crate::finding::{Finding, Severity, confidence_name};
use crate::report::Report;

/// So many findings are told; the rest is counted.
const TOLD: usize = 5;
/// A line, in bytes.
const LONGEST_LINE: usize = 400;

/// What is refused, what stands in it, and what to do. `place` says of a finding where it would have gone.
pub fn refusal(report: &Report, what: &str, place: &dyn Fn(&Finding) -> String) -> Vec<String> {
    let redactor = Redactor::new(report, false);
    let line = |text: String| shortened(&text, LONGEST_LINE).into_owned();
    let mut worst: Vec<&Finding> = report.findings.iter().collect();
    worst.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut lines = Vec::new();
    if !worst.is_empty() {
        lines.push(line(format!("refused: {} would leak {}", hostile::line(what.as_bytes()), secrets(&worst))));
    }
    for finding in worst.iter().take(TOLD) {
        let masked = redactor.masked(&finding.rule, &finding.secret).map(|text| format!(" {text}")).unwrap_or_default();
        let title = hostile::line(finding.rule.spec.title.as_bytes());
        let place = redactor.line(place(finding).as_bytes());
        let (severity, confidence) = (finding.severity.name(), confidence_name(finding.confidence));
        let rule = finding.rule.id();
        lines.push(line(format!("{severity}[{rule}]: {title}{masked} {place} ({confidence} confidence)")));
        lines.push(line(format!("  instead: {}", redactor.line(instead(finding).as_bytes()))));
    }
    if worst.len() > TOLD {
        lines.push(format!("and {} more", worst.len() - TOLD));
    }
    for missing in report.coverage.missing.iter().take(TOLD) {
        let (what, why) = (redactor.line(&missing.what), redactor.line(missing.why.as_bytes()));
        lines.push(line(format!("refused: could not be read, so is not known to be clean: {what}: {why}")));
    }
    if worst.iter().any(|finding| finding.holds_secret() && finding.severity > Severity::Low) {
        lines.push(
            "The value belongs in the environment or a secret store, not in tracked files, commands or messages; \
             do not spell it in another way. Tell the user, who should revoke it: this session has seen it."
                .to_owned(),
        );
    }
    lines
}

fn secrets(findings: &[&Finding]) -> String {
    match findings.iter().all(|finding| finding.holds_secret()) {
        true => number_of(findings.len(), "secret"),
        false => number_of(findings.len(), "finding"),
    }
}

/// What to write in the secret's place.
fn instead(finding: &Finding) -> String {
    let remedy = &finding.remedy;
    match (remedy.expression.as_str(), remedy.variable.as_str()) {
        ("", "") => remedy.next.clone(),
        ("", variable) => format!("keep it in {variable}, and read that: {}", remedy.replace),
        (expression, _) => format!("write {expression}"),
    }
}
