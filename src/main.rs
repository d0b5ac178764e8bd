//! The program: parse, wire, exit. The only room that touches the process.

mod cli;
mod program;

use anyhow::{Context, Result, bail};
use cli::{Cli, Command};
use program::environment::Environment;
use program::reports::{is_broken_pipe, tell};
use program::scanning::{scan, scan_allowing};
use program::{completions, listing};
use std::io::Read;
use std::process::ExitCode;
use unleak::report::ExitStatus;
use unleak::source::Selection;

fn main() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(usage) => {
            // The reader may be gone, as with `unleak --help | head -1`.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(ExitStatus::Error as u8));
        }
    };
    // A bug must not look like a clean scan, nor like a finding.
    let status = match std::panic::catch_unwind(|| run(cli.command)) {
        Ok(Ok(status)) => status,
        Ok(Err(error)) if is_broken_pipe(&error) => ExitStatus::Clean,
        Ok(Err(error)) => {
            tell(&format!("error: {error:#}"));
            ExitStatus::Error
        }
        Err(_) => ExitStatus::Error,
    };
    ExitCode::from(status as u8)
}

fn run(command: Command) -> Result<ExitStatus> {
    let environment = Environment::read()?;
    match command {
        Command::Files(cli::Files { paths, no_ignore, allow_partial, scan: options }) => {
            if paths.is_empty() && unleak::source::root(&environment.surroundings).is_none() {
                bail!(
                    "a bare repository has no files: `unleak history` sweeps what it holds, `unleak range` some commits"
                );
            }
            scan_allowing(allow_partial, Selection::Files { paths, no_ignore }, &options, &environment)
        }
        Command::Staged(cli::Staged { scan: options }) => scan(Selection::Staged, &options, &environment),
        Command::Range(cli::Range { revisions, allow_partial, scan: options }) => {
            scan_allowing(allow_partial, Selection::Range(revisions), &options, &environment)
        }
        Command::History(history) => program::history::history(&history, &environment),
        Command::Merge(merge) => program::merging::merge(&merge),
        Command::Stdin(cli::Stdin { path, scan: options }) => {
            scan(Selection::Stdin { bytes: standard_input()?, path }, &options, &environment)
        }
        Command::Message(cli::Message { file, scan: options }) => {
            scan(Selection::Message(file), &options, &environment)
        }
        Command::Fix(fix) => program::fixing::fix(&fix, &environment),
        Command::Explain(explain) => program::explaining::explain(&explain, &environment),
        Command::Respond(respond) => program::responding::respond(&respond, &environment),
        Command::Inventory(inventory) => program::inventorying::inventory(&inventory, &environment),
        Command::Audit(audit) => program::auditing::audit(&audit, &environment),
        Command::Redact(redact) => program::redacting::redact(&redact, &environment),
        Command::Hook { command } => program::hook::hook(command, &environment),
        Command::Github(github) => program::github::github(github, &environment),
        Command::Baseline { command } => program::baselining::baseline(&command, &environment),
        Command::Rules(rules) => listing::rules(&rules, &environment),
        Command::Config { command: cli::ConfigCommand::Migrate(migrate) } => {
            program::migrating::migrate(&migrate, &environment)
        }
        Command::Completions { shell } => completions::completions(shell),
        Command::Man { command } => completions::manual(command.as_deref()),
    }
}

fn standard_input() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).context("reading standard input")?;
    Ok(bytes)
}
