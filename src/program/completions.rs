//! What a shell and `man` need to know of the command line.

use crate::cli::Cli;
use anyhow::{Context, Result, bail};
use clap::CommandFactory;
use clap_complete::Shell;
use std::io::Write;
use unleak::report::ExitStatus;

/// Prints the completions for a shell.
pub fn completions(shell: Shell) -> Result<ExitStatus> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "unleak", &mut bytes);
    print(&bytes)
}

/// Prints the manual page of the program or of one of its commands.
pub fn manual(command: Option<&str>) -> Result<ExitStatus> {
    let mut program = Cli::command();
    program.build();
    let page = match command {
        None => program,
        Some(name) => match program.find_subcommand(name) {
            Some(found) => found.clone(),
            None => bail!("there is no command {name:?}; `unleak --help` lists them"),
        },
    };
    let mut bytes = Vec::new();
    clap_mangen::Man::new(page).render(&mut bytes).context("making the manual page")?;
    print(&bytes)
}

fn print(bytes: &[u8]) -> Result<ExitStatus> {
    std::io::stdout().lock().write_all(bytes).context("writing to standard output")?;
    Ok(ExitStatus::Clean)
}
