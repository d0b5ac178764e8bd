//! `unleak redact`: standard input to standard output, every secret masked.

use super::environment::Environment;
use super::reports::tell;
use crate::cli::Redact;
use anyhow::{Context, Result};
use std::io::{self, BufWriter, Write};
use unleak::detect::Engine;
use unleak::judge::Judge;
use unleak::repair;
use unleak::report::ExitStatus;
use unleak::scan::Scan;
use unleak::source;

/// Copies the stream. Nothing allows a secret here: what may stand in a file is not meant to be passed on.
pub fn redact(options: &Redact, environment: &Environment) -> Result<ExitStatus> {
    let root = source::root(&environment.surroundings);
    let config = environment.config(&options.config, root.as_deref())?.config;
    let judge = Judge { no_allow: true, ..Judge::default() };
    let scan = Scan { engine: Engine::new(config.rules), judge, explain: false };
    let path = options.path.as_deref().map(|path| path.to_string_lossy().replace('\\', "/").into_bytes());
    let mut out = BufWriter::new(io::stdout().lock());
    let count = repair::redact(&scan, io::stdin().lock(), path.unwrap_or_default(), &mut out)
        .and_then(|count| out.flush().map(|()| count))
        .context("copying standard input to standard output")?;
    if options.count {
        tell(&format!("{count} masked"));
    }
    Ok(ExitStatus::Clean)
}
