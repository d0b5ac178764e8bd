//! `unleak respond`: the incident plan for what a history holds.

use super::baselines::Looking;
use super::environment::Environment;
use super::reports::tell;
use crate::cli::{PlanFormat, Respond};
use anyhow::{Context, Result, bail};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use unleak::detect::Engine;
use unleak::judge::Judge;
use unleak::output::incident;
use unleak::repair::{self, Incident};
use unleak::report::ExitStatus;
use unleak::scan::Scan;
use unleak::source;
use unleak::sweep;

/// Sweeps the history and prints the plan.
pub fn respond(options: &Respond, environment: &Environment) -> Result<ExitStatus> {
    let surroundings = &environment.surroundings;
    let root = source::root(surroundings);
    let config = environment.config(&options.config, root.as_deref())?.config;
    let looking = Looking { config: &config, root: root.as_deref(), cwd: &surroundings.cwd, surroundings };
    let judging = looking.judging(&options.baseline, &[]).context("reading the baseline")?;
    let judge = Judge { allows: config.allows, ..Judge::default() };
    let scan = Scan { engine: Engine::new(config.rules), judge, explain: false };
    let progress = sweep::progress::Progress::default();
    let swept = sweep::sweep(surroundings, &scan, &sweep::Options::default(), &progress);
    let mut report = swept.context("sweeping the history")?.report;
    if let Some(judging) = judging {
        judging.judge(&mut report, true, false);
    }
    let incidents = repair::incidents(&report, &options.findings);
    if let Some(unknown) = options.findings.iter().find(|wanted| !is_among(&incidents, wanted)) {
        bail!("no secret in the history has the fingerprint {unknown}; `unleak history` lists them");
    }
    let file = match &options.replacements {
        Some(file) => put(&to_rewrite(&incidents, &options.findings), file, environment)?,
        None => None,
    };
    let file = file.as_ref().map(|file| file.display().to_string());
    let page = match options.format {
        PlanFormat::Markdown => incident::markdown(&report, &incidents, file.as_deref()),
        PlanFormat::Json => incident::json(&report, &incidents, file.as_deref()),
    };
    io::stdout().lock().write_all(page.as_bytes()).context("writing to standard output")?;
    Ok(match (report.coverage.is_complete(), incidents.iter().all(Incident::is_accepted)) {
        (false, _) => ExitStatus::Error,
        (true, true) => ExitStatus::Clean,
        (true, false) => ExitStatus::Findings,
    })
}

/// What is to go from history: what the baseline accepts stays in it unless it is named.
fn to_rewrite<'i, 'r>(incidents: &'i [Incident<'r>], named: &[String]) -> Vec<&'i Incident<'r>> {
    incidents.iter().filter(|incident| !named.is_empty() || !incident.is_accepted()).collect()
}

fn is_among(incidents: &[Incident<'_>], wanted: &str) -> bool {
    incidents.iter().flat_map(|incident| &incident.findings).any(|finding| finding.fingerprint.starts_with(wanted))
}

/// Writes the secrets for git filter-repo, for their owner alone to read, and never where Git could add them.
fn put(incidents: &[&Incident<'_>], file: &Path, environment: &Environment) -> Result<Option<PathBuf>> {
    if incidents.is_empty() {
        tell(&format!("there is nothing to take out of history, so {} was not written", file.display()));
        return Ok(None);
    }
    let surroundings = &environment.surroundings;
    let file = surroundings.cwd.join(file);
    let folder = file.parent().unwrap_or(Path::new("/"));
    let folder = folder.canonicalize().with_context(|| format!("looking at {}", folder.display()))?;
    let root = source::root(surroundings).and_then(|root| root.canonicalize().ok());
    if root.is_some_and(|root| folder.starts_with(root)) {
        bail!("{} is inside the repository and would hold the secrets: name a file outside of it", file.display());
    }
    let mut beside = tempfile::Builder::new().prefix(".unleak-").tempfile_in(&folder).context("making the file")?;
    beside.write_all(&repair::replacements(incidents.iter().copied())).context("writing the replacements")?;
    // A temporary file is its owner's alone, and stays so.
    beside.persist(&file).with_context(|| format!("writing {}", file.display()))?;
    Ok(Some(file))
}
