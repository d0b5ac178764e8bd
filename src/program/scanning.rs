//! One scan from selection to exit status.

use super::baselines::Looking;
use super::environment::{Chosen, Environment};
use super::reports;
use crate::cli;
use anyhow::{Context, Result};
use std::io::Write;
use unleak::config;
use unleak::detect::Engine;
use unleak::finding::Severity;
use unleak::judge::Judge;
use unleak::output::{Format, stats};
use unleak::report::{ExitStatus, Report};
use unleak::scan::Scan;
use unleak::source::{self, Selected, Selection};

/// The severity from which findings fail a scan when nobody says otherwise: hygiene never refuses a commit.
pub const FAIL_ON: Severity = Severity::Medium;

/// As many texts as a commit has.
const LITTLE: usize = 100;

/// Scans a selection, writes the reports and says how it went.
pub fn scan(selection: Selection, options: &cli::Scan, environment: &Environment) -> Result<ExitStatus> {
    scan_allowing(false, selection, options, environment)
}

/// The same; `partial` says whether what could not be read may be so.
pub fn scan_allowing(
    partial: bool,
    selection: Selection,
    options: &cli::Scan,
    environment: &Environment,
) -> Result<ExitStatus> {
    let (report, fail_on) = report_on(selection, options, environment)?;
    let all_written = reports::write(&report, options, environment.times());
    Ok(status_allowing(partial, report, fail_on, all_written, options.exit_zero))
}

/// Scans a selection. Also says from which severity on findings fail the scan.
pub fn report_on(selection: Selection, options: &cli::Scan, environment: &Environment) -> Result<(Report, Severity)> {
    let is_whole = matches!(&selection, Selection::Files { paths, .. } if paths.is_empty());
    let is_stream = matches!(selection, Selection::Stdin { .. });
    let heads = source::heads(&selection);
    let is_rooted = matches!(selection, Selection::Files { .. } | Selection::Staged);
    let mut selected = source::select(selection, &environment.surroundings).context("finding what is to be scanned")?;
    let root = match () {
        () if is_stream => None,
        () if is_rooted => selected.scanned.root.clone(),
        () => source::root(&environment.surroundings),
    };
    let chosen = environment.config(&options.config, root.as_deref())?;
    let cwd = &environment.surroundings.cwd;
    let looking =
        Looking { config: &chosen.config, root: root.as_deref(), cwd, surroundings: &environment.surroundings };
    let baseline = looking.judged_at(&options.baseline, options.config.config_from.as_ref());
    let mut judging = looking.judging(&baseline, &heads).context("reading the baseline")?;
    // Before anything is left out: what a change adds to the baseline, it must not hide.
    if let Some(judging) = &mut judging {
        judging.look_at(&mut selected);
    }
    apply(&chosen, &mut selected);
    selected.archives = options.archives.unwrap_or(selected.archives);
    let fail_on = options.fail_on.or(chosen.config.fail_on).unwrap_or(FAIL_ON);
    let amount = if selected.entries.len() <= LITTLE { Amount::Little } else { Amount::Much };
    let scan = prepared(chosen, options, amount);
    let mut report = in_threads(options.threads, || scan.run(selected))?;
    say_costs(&scan, &mut report, options);
    if let Some(judging) = judging {
        judging.judge(&mut report, is_whole, options.explain);
    }
    if is_whole && !options.no_allow {
        report.notices.extend(config::unused(&scan.judge.allows));
    }
    // The process ends soon; giving back what the scan holds piece by piece would only take time.
    std::mem::forget(scan);
    Ok((report, fail_on))
}

/// Does to the selection what the configuration says, and says what it did.
pub fn apply(chosen: &Chosen, selected: &mut Selected) {
    selected.archives = chosen.config.archives.unwrap_or(selected.archives);
    selected.notices.extend(chosen.config.notices.iter().cloned());
    let is_changed = |own: &&Vec<u8>| selected.entries.iter().any(|entry| entry.origin.path == **own);
    if selected.scanned.mode != "files"
        && let Some(own) = chosen.own_paths.iter().find(is_changed)
    {
        selected.notices.push(format!(
            "{} is among the changes and judges them itself: look at what it changes, or judge by the base branch's with --config-from",
            String::from_utf8_lossy(own)
        ));
    }
    if let Some(exclude) = &chosen.config.exclude {
        let skipped = config::leave_out(exclude, &mut selected.entries);
        selected.coverage.skipped.extend(skipped);
    }
}

/// How much there is to scan.
#[derive(Debug, Clone, Copy)]
pub enum Amount {
    /// A commit, a text.
    Little,
    /// A tree, a history.
    Much,
}

/// The engine and the judge, made ready.
pub fn prepared(chosen: Chosen, options: &cli::Scan, amount: Amount) -> Scan {
    let config = chosen.config;
    let default = Judge::default();
    let engine = match amount {
        Amount::Little => Engine::for_little(config.rules),
        Amount::Much => Engine::new(config.rules),
    };
    Scan {
        engine: if options.rule_stats { engine.counting() } else { engine },
        judge: Judge {
            min_confidence: options.min_confidence.or(config.min_confidence).unwrap_or(default.min_confidence),
            no_allow: options.no_allow,
            allows: config.allows,
        },
        // What was dismissed is counted too.
        explain: options.explain || options.rule_stats,
    }
}

/// Says what each rule cost, if that was asked for, and drops the dismissals that were only to be counted.
pub fn say_costs(scan: &Scan, report: &mut Report, options: &cli::Scan) {
    let Some(costs) = scan.engine.costs() else { return };
    let text = match options.format {
        Format::Json | Format::Jsonl => stats::json(report, &costs),
        _ => stats::table(report, &costs),
    };
    // There is nobody left to tell if that fails.
    let _ = writeln!(anstream::stderr().lock(), "{}", text.trim_end());
    if !options.explain {
        report.dismissed.clear();
    }
}

pub fn in_threads<R: Send>(threads: Option<u16>, run: impl FnOnce() -> R + Send) -> Result<R> {
    let Some(threads) = threads else { return Ok(run()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build();
    Ok(pool.with_context(|| format!("starting {threads} threads"))?.install(run))
}

/// The status of a report that was told; `partial` says whether what could not be read may be so.
pub fn status_allowing(
    partial: bool,
    mut report: Report,
    fail_on: Severity,
    all_written: bool,
    exit_zero: bool,
) -> ExitStatus {
    if partial {
        report.coverage.missing.clear();
    }
    status(&report, fail_on, all_written, exit_zero)
}

pub fn status(report: &Report, fail_on: Severity, all_written: bool, exit_zero: bool) -> ExitStatus {
    match report.exit_status(fail_on) {
        _ if !all_written => ExitStatus::Error,
        ExitStatus::Findings if exit_zero => ExitStatus::Clean,
        status => status,
    }
}
