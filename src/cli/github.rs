//! The command that scans for an event of GitHub Actions.

use super::options::Scan;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Github {
    /// What to scan: what the event brings or, where it brings nothing, the history (auto); or diff, history, files
    #[arg(long = "scan", value_name = "WHAT", default_value = "auto", hide_possible_values = true)]
    pub what: What,
    /// Scan what comes after this revision, whatever the event says
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// Scan up to this revision, whatever the event says
    #[arg(long, value_name = "REV")]
    pub head: Option<String>,
    /// Where the SARIF report goes
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<PathBuf>,
    /// The SARIF report is wanted by code scanning: say whether this event lets it be uploaded
    #[arg(long, requires = "sarif")]
    pub upload: bool,
    /// Do not annotate the lines of the findings
    #[arg(long)]
    pub no_annotations: bool,
    /// Judge a pull request by the configuration and the baseline that it brings, not by those of its base
    #[arg(long, conflicts_with = "config_from")]
    pub own_config: bool,
    #[command(flatten)]
    pub scan: Scan,
}

/// What is scanned for an event of GitHub Actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// What fits the event
    Auto,
    /// What the event brings
    Diff,
    /// Everything that was ever committed
    History,
    /// The files as they are on disk
    Files,
}
