//! Findings in a line each: beside the one that a hook shows, and many of low confidence.

use super::super::{Style, number_of};
use super::{Detail, Gathered, Redactor, View, renderer};
use crate::finding::{Confidence, Finding};
use crate::report::Report;
use std::io::{self, Write};

/// Beside the finding that is shown in full, so many are named.
const BRIEF: usize = 3;

/// Up to so many findings of low confidence are told in full.
const LOW: usize = 20;

/// The findings that are told in a line each, and those that are told in full: whoever sweeps a large repository reads
/// the sure ones, not hundreds of frames of what tests hold.
pub(super) fn parted<'r>(all: Vec<Gathered<'r>>, style: &Style) -> (Vec<Gathered<'r>>, Vec<Gathered<'r>>) {
    let is_low = |told: &Gathered<'_>| told.finding.confidence == Confidence::Low;
    let are_many = !style.explain && all.iter().filter(|told| is_low(told)).count() > LOW;
    all.into_iter().partition(|told| are_many && is_low(told))
}

/// Writes the worst finding and one line for each of a few others, for whom a program in between, as a
/// hook is, tells of them.
pub(in crate::output) fn write_brief(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, style.reveal);
    let view = View { report, redactor: &redactor, style };
    let renderer = renderer(style);
    // The first of the worst: of equals, the last is the greatest.
    let worst = report.findings.iter().enumerate().rev().max_by_key(|(_, finding)| finding.severity);
    let Some((worst, finding)) = worst else { return view.missing(out) };
    view.finding(&Gathered { finding, others: Vec::new() }, Detail::Brief, &renderer, out)?;
    let others = report.findings.iter().enumerate().filter(|(nth, _)| *nth != worst);
    for (_, other) in others.take(BRIEF) {
        writeln!(out, "{}", view.line(other))?;
    }
    if report.findings.len() > BRIEF + 1 {
        writeln!(out, "and {} more", report.findings.len() - BRIEF - 1)?;
    }
    view.missing(out)
}

impl View<'_> {
    /// A finding in one line.
    fn line(&self, finding: &Finding) -> String {
        let secret = self.redactor.shown(&finding.rule, &finding.secret).map(|s| format!(" {s}")).unwrap_or_default();
        format!("{}[{}]{secret} at {}", finding.severity.name(), finding.rule.id(), self.place(finding))
    }

    /// The findings that are told in a line each.
    pub(super) fn in_short(&self, all: &[Gathered<'_>], out: &mut dyn Write) -> io::Result<()> {
        if all.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "{} of low confidence in short, which --explain tells in full:",
            number_of(all.len(), "finding")
        )?;
        for told in all {
            let more = match told.others.len() {
                0 => String::new(),
                more => format!(" and {}", number_of(more, "more place")),
            };
            writeln!(out, "  {}{more}", self.line(told.finding))?;
        }
        writeln!(out)
    }
}
