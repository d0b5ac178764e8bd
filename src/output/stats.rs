//! What each rule cost in a scan: a table, or one JSON object.

use crate::detect::RuleCost;
use crate::report::Report;
use serde::Serialize;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Stats<'r> {
    bytes: u64,
    pattern_runs: u64,
    pattern_runs_per_mb: f64,
    rules: Vec<Row<'r>>,
}

#[derive(Serialize)]
struct Row<'r> {
    rule_id: &'r str,
    anchors: u64,
    pattern_runs: u64,
    candidates: u64,
    dismissed: usize,
    findings: usize,
    microseconds: u64,
}

/// One JSON object on one line.
pub fn json(report: &Report, costs: &[RuleCost]) -> String {
    serde_json::json!({ "rule_stats": stats(report, costs) }).to_string()
}

/// A table of the rules that woke, the costliest first.
pub fn table(report: &Report, costs: &[RuleCost]) -> String {
    let stats = stats(report, costs);
    let longest = stats.rules.iter().map(|row| row.rule_id.len()).max().unwrap_or(0).max("rule".len());
    let mut text = format!("{:longest$}  anchors     runs  candid.  dismiss.  findings  time (ms)\n", "rule");
    for row in &stats.rules {
        let (id, anchors, runs, candidates) = (row.rule_id, row.anchors, row.pattern_runs, row.candidates);
        let (dismissed, findings, time) = (row.dismissed, row.findings, row.microseconds as f64 / 1000.0);
        writeln!(text, "{id:longest$} {anchors:8} {runs:8} {candidates:8} {dismissed:9} {findings:9} {time:10.3}")
            .expect("a String can be written to");
    }
    let (runs, bytes, rate) = (stats.pattern_runs, stats.bytes as f64 / 1e6, stats.pattern_runs_per_mb);
    writeln!(text, "{runs} pattern runs in {bytes:.1} MB: {rate:.1} a MB").expect("a String can be written to");
    text
}

fn stats<'r>(report: &'r Report, costs: &[RuleCost]) -> Stats<'r> {
    let mut rules: Vec<Row<'_>> = std::iter::zip(report.rules.rules(), costs)
        .map(|(rule, cost)| Row {
            rule_id: rule.id(),
            anchors: cost.anchors,
            pattern_runs: cost.pattern_runs,
            candidates: cost.candidates,
            dismissed: report.dismissed.iter().filter(|dismissal| dismissal.rule.id() == rule.id()).count(),
            findings: report.findings.iter().filter(|finding| finding.rule.id() == rule.id()).count(),
            microseconds: cost.nanoseconds / 1000,
        })
        .filter(|row| row.anchors > 0 || row.findings > 0)
        .collect();
    rules.sort_by_key(|row| (std::cmp::Reverse(row.microseconds), row.rule_id));
    let pattern_runs = rules.iter().map(|row| row.pattern_runs).sum();
    let bytes = report.coverage.bytes;
    let pattern_runs_per_mb = if bytes == 0 { 0.0 } else { pattern_runs as f64 * 1e6 / bytes as f64 };
    Stats { bytes, pattern_runs, pattern_runs_per_mb, rules }
}
