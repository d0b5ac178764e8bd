//! The commands that scan files, what Git holds, streams and messages, and that join reports.

use super::options::{Scan, severities};
use clap::Args;
use std::path::PathBuf;
use unleak::finding::Severity;

#[derive(Debug, Args)]
pub struct Files {
    /// What to scan [default: the whole repository or, outside one, the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Also read what Git ignores
    #[arg(long)]
    pub no_ignore: bool,
    /// Let what can't be read not fail; it is said all the same
    #[arg(long)]
    pub allow_partial: bool,
    #[command(flatten)]
    pub scan: Scan,
}

#[derive(Debug, Args)]
pub struct Staged {
    #[command(flatten)]
    pub scan: Scan,
}

#[derive(Debug, Args)]
pub struct Range {
    /// Which commits: BASE..HEAD, BASE...HEAD, or one commit
    #[arg(value_name = "REV")]
    pub revisions: String,
    /// Let what can't be read not fail; it is said all the same
    #[arg(long)]
    pub allow_partial: bool,
    #[command(flatten)]
    pub scan: Scan,
}

#[derive(Debug, Args)]
pub struct History {
    /// The repository: a path, or a URL, which is cloned in full into a temporary folder first [default: the one
    /// round the current folder]
    #[arg(value_name = "REPO")]
    pub repository: Option<String>,
    /// Let a history that is not all there (shallow, partial, damaged) not fail; it is said all the same
    #[arg(long)]
    pub allow_partial: bool,
    /// Read only what came since the sweep that left this file, and leave it for the next one; without the file,
    /// with other rules or when a tip is gone, everything is read
    #[arg(long, value_name = "FILE")]
    pub since_state: Option<PathBuf>,
    /// Look at one part of the objects, the I-th of N; `unleak merge` joins the reports
    #[arg(long, value_name = "I/N", conflicts_with = "since_state")]
    pub shard: Option<unleak::sweep::shard::Shard>,
    #[command(flatten)]
    pub scan: Scan,
}

#[derive(Debug, Args)]
pub struct Merge {
    /// The reports, all json or all sarif
    #[arg(value_name = "REPORT", required = true)]
    pub reports: Vec<PathBuf>,
    /// Where the joined report goes; `-` is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    /// The severity from which findings make the exit status 1: critical, high, medium, low or note [default: medium]
    #[arg(long, value_name = "SEVERITY", value_parser = severities(), hide_possible_values = true)]
    pub fail_on: Option<Severity>,
    /// Let findings not fail: exit with 0 instead of 1
    #[arg(long)]
    pub exit_zero: bool,
}

#[derive(Debug, Args)]
pub struct Stdin {
    /// The path to report the stream under; rules about paths go by it
    #[arg(long, value_name = "NAME")]
    pub path: Option<PathBuf>,
    #[command(flatten)]
    pub scan: Scan,
}

#[derive(Debug, Args)]
pub struct Message {
    /// The file that holds the message, as Git hands it to a commit-msg hook
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub scan: Scan,
}
