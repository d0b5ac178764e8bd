//! `unleak explain`: a rule or a finding, and what to do about it.

use super::baselines::Looking;
use super::environment::{Chosen, Environment};
use super::{listing, scanning};
use crate::cli::Explain;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use unleak::detect::Engine;
use unleak::fingerprint;
use unleak::judge::Judge;
use unleak::output::rules::steps;
use unleak::output::{self, Format, Style};
use unleak::report::{ExitStatus, Report};
use unleak::scan::Scan;
use unleak::source::{self, Selection};
use unleak::sweep;

/// No shorter piece of a fingerprint is looked up.
const SHORTEST: usize = 8;

/// Explains what was asked for.
pub fn explain(options: &Explain, environment: &Environment) -> Result<ExitStatus> {
    let root = source::root(&environment.surroundings);
    let chosen = environment.config(&options.config, root.as_deref())?;
    let mut text = Vec::new();
    if !options.what.starts_with(fingerprint::VERSION) {
        let rule = listing::named(&chosen.config.rules, &options.what)?;
        output::rules::explanation(rule, &mut text)?;
    } else if options.what.len() < SHORTEST {
        bail!("{:?} is too little of a fingerprint: give its first {SHORTEST} characters at least", options.what);
    } else if let Some(file) = &options.report {
        reported(&options.what, file, chosen, &mut text)?;
    } else {
        scanned(options, chosen, environment, &mut text)?;
    }
    let mut out = BufWriter::new(io::stdout().lock());
    out.write_all(&text).and_then(|()| out.flush()).context("writing to standard output")?;
    Ok(ExitStatus::Clean)
}

/// Finds the fingerprint in the files or, failing that, in the history, and explains the finding.
fn scanned(options: &Explain, chosen: Chosen, environment: &Environment, out: &mut dyn Write) -> Result<()> {
    let fingerprint = options.what.as_str();
    let (surroundings, root) = (&environment.surroundings, source::root(&environment.surroundings));
    let looking = Looking { config: &chosen.config, root: root.as_deref(), cwd: &surroundings.cwd, surroundings };
    let judging = looking.judging(&options.baseline, &[]).context("reading the baseline")?;
    let everything = Selection::Files { paths: Vec::new(), no_ignore: false };
    let mut selected = source::select(everything, &environment.surroundings).context("finding what to scan")?;
    scanning::apply(&chosen, &mut selected);
    let config = chosen.config;
    let judge = Judge { allows: config.allows, ..Judge::default() };
    let scan = Scan { engine: Engine::new(config.rules), judge, explain: false };
    let mut report = scan.run(selected);
    report.findings.retain(|finding| finding.fingerprint.starts_with(fingerprint));
    if report.findings.is_empty() && source::is_repository(&environment.surroundings) {
        let (how, progress) = (sweep::Options::default(), sweep::progress::Progress::default());
        let swept = sweep::sweep(&environment.surroundings, &scan, &how, &progress);
        report = swept.context("sweeping the history")?.report;
        report.findings.retain(|finding| finding.fingerprint.starts_with(fingerprint));
    }
    one_kind(fingerprint, &report)?;
    report.notices.clear();
    // Before what is accepted is no finding of the report any more.
    let finding = report.findings[0].clone();
    if let Some(judging) = judging {
        judging.judge(&mut report, false, false);
    }
    let accepted: Vec<String> = output::accepted(&report);
    let taken = report.baseline.take().into_iter().flat_map(|baseline| baseline.accepted);
    report.findings.extend(taken.map(|accepted| accepted.finding));
    let style = Style { explain: true, quiet: true, ..Style::default() };
    output::write(&report, Format::Human, &style, out)?;
    accepted.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    let remedy = &finding.remedy;
    steps([&remedy.revoke, &remedy.replace, &remedy.store, &remedy.verify, &remedy.variable], out)?;
    Ok(output::rules::background(&finding.rule, out)?)
}

/// A short fingerprint may mean several findings.
fn one_kind(fingerprint: &str, report: &Report) -> Result<()> {
    let mut found: Vec<&str> = report.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    found.sort_unstable();
    found.dedup();
    match found[..] {
        [] => bail!(
            "no finding has the fingerprint {fingerprint}, neither in the files nor in the history; if it comes from a \
             report, name that with --report"
        ),
        [_] => Ok(()),
        _ => bail!("{fingerprint} is the beginning of {} fingerprints: {}", found.len(), found.join(", ")),
    }
}

/// Finds the fingerprint in a report and explains what stands there.
fn reported(fingerprint: &str, file: &Path, chosen: Chosen, out: &mut dyn Write) -> Result<()> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("reading the report {}; name a readable file", file.display()))?;
    let findings = findings(&text)
        .with_context(|| format!("{} is neither a JSON nor a JSON Lines report of unleak", file.display()))?;
    let is_it = |finding: &&Value| finding["fingerprint"].as_str().is_some_and(|own| own.starts_with(fingerprint));
    let Some(finding) = findings.iter().find(is_it) else {
        bail!("no finding in {} has the fingerprint {fingerprint}", file.display());
    };
    let words = |name: &str| output::diff::line(finding[name].as_str().unwrap_or_default());
    writeln!(out, "{}: {} at {}:{}", words("rule_id"), words("title"), words("path"), finding["start_line"])?;
    let remedy = |name: &str| output::diff::line(finding["remedy"][name].as_str().unwrap_or_default());
    writeln!(out, "next: {}", remedy("next"))?;
    let all = ["revoke", "replace", "store", "verify", "variable"].map(remedy);
    steps(all.each_ref().map(String::as_str), out)?;
    let rule = finding["rule_id"].as_str().unwrap_or_default();
    match chosen.config.rules.get(rule) {
        Some(rule) => Ok(output::rules::background(rule, out)?),
        None => Ok(writeln!(out, "\n{} is not in force here, so there is no more to say", output::diff::line(rule))?),
    }
}

/// The findings of a report, whichever of the two forms it has.
fn findings(text: &str) -> Result<Vec<Value>> {
    if let Ok(whole) = serde_json::from_str::<Value>(text)
        && let Some(findings) = whole["findings"].as_array()
    {
        return Ok(findings.clone());
    }
    let lines: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    Ok(lines.into_iter().filter(|line| line["type"] == "finding").collect())
}
