//! `unleak inventory`: where credentials are used or referred to.

use super::environment::Environment;
use super::{reports, scanning};
use crate::cli::{Color, Inventory, InventoryFormat};
use anyhow::{Context, Result, bail};
use std::io::{self, Write};
use std::sync::Mutex;
use unleak::detect::Engine;
use unleak::inventory::{self, Names};
use unleak::judge::Judge;
use unleak::output::inventory as output;
use unleak::report::ExitStatus;
use unleak::scan::Scan;
use unleak::source::{self, Selection};

/// Reads the files and prints the list.
pub fn inventory(options: &Inventory, environment: &Environment) -> Result<ExitStatus> {
    if options.paths.is_empty() && source::root(&environment.surroundings).is_none() {
        bail!("a bare repository has no files to look at; list those of a clone of it");
    }
    let selection = Selection::Files { paths: options.paths.clone(), no_ignore: options.no_ignore };
    let mut selected = source::select(selection, &environment.surroundings).context("finding what is to be read")?;
    let chosen = environment.config(&options.config, selected.scanned.root.as_deref())?;
    scanning::apply(&chosen, &mut selected);
    let config = chosen.config;
    let names = match (options.all, &options.provider[..]) {
        (false, []) => Names::sendgrid(),
        (_, providers) => match Names::of_rules(&config.rules, providers) {
            Ok(names) => names,
            Err(unknown) => bail!("no rule is about {unknown:?}; `unleak rules` lists them, the provider comes first"),
        },
    };
    // What is allowed is in use all the same, so that the dismissals are kept.
    let judge = Judge { allows: config.allows, ..Judge::default() };
    let scan = Scan { engine: Engine::new(config.rules), judge, explain: true };
    let seen = Mutex::new(Vec::new());
    let report = scan.run_beside(selected, &|document| {
        let places = inventory::places(document, &names);
        if !places.is_empty() {
            seen.lock().expect("no reader panics").extend(places);
        }
    });
    let places = inventory::inventory(seen.into_inner().expect("no reader panics"), &report, &names);
    let page = match options.format {
        InventoryFormat::Human => output::human(&report, &places, colored(options.color)),
        InventoryFormat::Json => output::json(&report, &places),
        InventoryFormat::Markdown => output::markdown(&report, &places),
        InventoryFormat::Csv => output::csv(&report, &places),
    };
    io::stdout().lock().write_all(page.as_bytes()).context("writing to standard output")?;
    for missing in unleak::output::not_read(&report) {
        reports::tell(&missing);
    }
    Ok(if report.coverage.is_complete() { ExitStatus::Clean } else { ExitStatus::Error })
}

/// Whether standard output is to be coloured.
pub fn colored(when: Color) -> bool {
    match when {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    }
}
