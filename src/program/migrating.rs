//! `unleak config migrate`: a gitleaks configuration, written as the unleak.toml that means the same.

use super::environment::Environment;
use super::reports::{self, tell};
use crate::cli;
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::{Path, PathBuf};
use unleak::config::gitleaks::migrated;
use unleak::report::ExitStatus;

/// Where gitleaks' users keep theirs.
const USUAL: [&str; 2] = [".gitleaks.toml", "gitleaks.toml"];

/// Does what was asked for.
pub fn migrate(asked: &cli::Migrate, environment: &Environment) -> Result<ExitStatus> {
    let cwd = &environment.surroundings.cwd;
    let file = match &asked.file {
        Some(file) => file.clone(),
        None => match USUAL.iter().map(PathBuf::from).find(|name| cwd.join(name).is_file()) {
            Some(file) => file,
            None => bail!("there is neither .gitleaks.toml nor gitleaks.toml in the current folder; name the file"),
        },
    };
    if !cwd.join(&file).is_file() {
        bail!("there is no file {}; name a gitleaks configuration", file.display());
    }
    let migrated = migrated(&cwd.join(&file), &file.display().to_string()).context("reading the configuration")?;
    for difference in &migrated.differences {
        tell(&format!("differs: {difference}"));
    }
    let what = format!("{} rules and {} allow entries", migrated.rules, migrated.allows);
    if asked.output == Path::new("-") {
        let mut out = std::io::stdout().lock();
        out.write_all(migrated.text.as_bytes()).and_then(|()| out.flush()).context("writing to standard output")?;
        tell(&format!("{what}; save them as unleak.toml at the repository's root"));
        return Ok(ExitStatus::Clean);
    }
    let target = cwd.join(&asked.output);
    let is_there = target.symlink_metadata().is_ok();
    if is_there && !asked.force {
        bail!("{} is there already; write elsewhere, or write over it with --force", asked.output.display());
    }
    reports::put_json(migrated.text.as_bytes(), &target)
        .with_context(|| format!("writing {}", asked.output.display()))?;
    let verb = if is_there { "written over" } else { "written" };
    tell(&format!("{} {verb}: {what}", asked.output.display()));
    Ok(ExitStatus::Clean)
}
