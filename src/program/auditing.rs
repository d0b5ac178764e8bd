//! `unleak audit`: the practices of the two documents, looked at in one repository.

use super::environment::Environment;
use super::{inventorying, scanning};
use crate::cli::{Audit, AuditFormat};
use anyhow::{Context, Result, bail};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use unleak::audit::{self, Evidence, Past, Trait, Verdict};
use unleak::detect::Engine;
use unleak::inventory::{self, Names, Place};
use unleak::judge::Judge;
use unleak::output::audit::Page;
use unleak::report::{ExitStatus, Report};
use unleak::scan::Scan;
use unleak::source::{self, Selection, Surroundings};
use unleak::sweep;

/// Looks and prints the rows.
pub fn audit(options: &Audit, environment: &Environment) -> Result<ExitStatus> {
    let (surroundings, paths) = where_to(options, environment)?;
    if source::root(&surroundings).is_none() {
        bail!("a bare repository has no files to look at; audit a clone of it");
    }
    let mut selected = source::select(Selection::Files { paths, no_ignore: false }, &surroundings)
        .context("finding what is to be looked at")?;
    let chosen = environment.config(&options.config, selected.scanned.root.as_deref())?;
    scanning::apply(&chosen, &mut selected);
    let config = chosen.config;
    let expired = config.notices;
    let judge = Judge { allows: config.allows, ..Judge::default() };
    let scan = Scan { engine: Engine::new(config.rules), judge, explain: true };
    let names = Names::sendgrid();
    let seen: Mutex<(Vec<Place>, Vec<Trait>)> = Mutex::default();
    let report = scan.run_beside(selected, &|document| {
        // What an archive holds is used here; how it was made is the business of whoever made it.
        let is_own = document.origin.inside.is_none();
        let traits = if is_own { audit::traits(document) } else { Vec::new() };
        let places = inventory::places(document, &names);
        if !places.is_empty() || !traits.is_empty() {
            let mut seen = seen.lock().expect("no reader panics");
            seen.0.extend(places);
            seen.1.extend(traits);
        }
    });
    let (places, mut traits) = seen.into_inner().expect("no reader panics");
    traits.sort();
    traits.dedup();
    let places = inventory::inventory(places, &report, &names);
    let swept = past(options, &surroundings, &scan)?;
    let past = match &swept {
        Ok(report) => Past::Swept(report),
        Err(why) => Past::Unknown(why),
    };
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let evidence = Evidence {
        report: &report,
        past,
        places: &places,
        traits: &traits,
        expired: &expired,
        today,
        max_key_age: options.max_key_age,
    };
    let rows = audit::audit(&evidence);
    let page = Page::new(&report, past);
    let text = match options.format {
        AuditFormat::Human => page.human(&rows, inventorying::colored(options.color)),
        AuditFormat::Markdown => page.markdown(&rows),
        AuditFormat::Json => page.json(&rows),
    };
    io::stdout().lock().write_all(text.as_bytes()).context("writing to standard output")?;
    Ok(match rows.iter().any(|row| row.verdict == Verdict::Failed) {
        _ if !page.is_complete() => ExitStatus::Error,
        true if !options.exit_zero => ExitStatus::Findings,
        _ => ExitStatus::Clean,
    })
}

/// The folder to stand in, and the part of its repository that is asked for.
fn where_to(options: &Audit, environment: &Environment) -> Result<(Surroundings, Vec<PathBuf>)> {
    let Some(path) = &options.path else { return Ok((environment.surroundings.clone(), Vec::new())) };
    let folder = environment.surroundings.cwd.join(path);
    let folder = folder.canonicalize().with_context(|| format!("looking at {}", path.display()))?;
    if !folder.is_dir() {
        bail!("{} is no folder: name a repository or a folder in one", path.display());
    }
    let surroundings = Surroundings { cwd: folder.clone(), ..Surroundings::default() };
    let is_root = source::root(&surroundings).and_then(|root| root.canonicalize().ok()) == Some(folder.clone());
    Ok((surroundings, if is_root { Vec::new() } else { vec![folder] }))
}

/// What the history holds, or why that is not known.
fn past(options: &Audit, surroundings: &Surroundings, scan: &Scan) -> Result<Result<Report, &'static str>> {
    if options.no_history {
        return Ok(Err("the history was left out with --no-history"));
    }
    if !source::is_repository(surroundings) {
        return Ok(Err("there is no repository, so no history"));
    }
    let progress = sweep::progress::Progress::default();
    let swept = sweep::sweep(surroundings, scan, &sweep::Options::default(), &progress);
    Ok(Ok(swept.context("sweeping the history")?.report))
}
