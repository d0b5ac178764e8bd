//! Joining reports that were written before.

use super::{reports, scanning};
use crate::cli;
use anyhow::{Context, Result};
use std::path::Path;
use unleak::finding::Severity;
use unleak::merge;
use unleak::report::ExitStatus;

/// Joins reports, writes the joined one and says what it comes to.
pub fn merge(asked: &cli::Merge) -> Result<ExitStatus> {
    let mut read = Vec::new();
    for path in &asked.reports {
        let bytes = std::fs::read(path)
            .with_context(|| format!("reading the report {}; name a readable file", path.display()))?;
        read.push((path.display().to_string(), bytes));
    }
    let merged = merge::merge(read).context("joining the reports")?;
    let mut text = serde_json::to_vec_pretty(&merged.report).context("writing the joined report")?;
    text.push(b'\n');
    if asked.output == Path::new("-") {
        use std::io::Write;
        std::io::stdout().lock().write_all(&text).context("writing the joined report to standard output")?;
    } else {
        reports::put_json(&text, &asked.output)
            .with_context(|| format!("writing the joined report to {}", asked.output.display()))?;
    }
    let fail_on = asked.fail_on.unwrap_or(scanning::FAIL_ON);
    let fails = merged.severities.iter().filter_map(|name| Severity::named(name)).any(|severity| severity >= fail_on);
    Ok(match (merged.is_complete, fails && !asked.exit_zero) {
        (false, _) => ExitStatus::Error,
        (true, true) => ExitStatus::Findings,
        (true, false) => ExitStatus::Clean,
    })
}
