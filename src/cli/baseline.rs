//! The commands that accept findings.

use super::options::Config;
use super::rules::ListFormat;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What to do with the baseline.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Accept all that is found now, to start with in an old repository
    Create(BaselineCreate),
    /// Accept what was found since, or some of it, and follow files that were renamed
    Update(BaselineUpdate),
    /// Take out the entries that match nothing any more
    Prune(BaselinePrune),
    /// List what is accepted, by whom, why and until when
    Show(BaselineShow),
    /// Compare the baseline with what is found now, or with itself in another revision
    #[command(after_help = DIFF_STATUS)]
    Diff(BaselineDiff),
    /// Accept what another tool's file accepts: a gitleaks report or .gitleaksignore, a detect-secrets baseline
    Import(BaselineImport),
}

const DIFF_STATUS: &str = "\
Exit status:
  0  there is no difference
  1  there is one
  2  an error, or something could not be read";

// Which baseline is meant, and by which rules findings are looked for.
#[derive(Debug, Args)]
pub struct WhichBaseline {
    /// The baseline: a file, or a folder with a file for each entry if it ends with a slash [default: the
    /// configuration's, else .unleak-baseline.jsonl at the repository's root]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    #[command(flatten)]
    pub config: Config,
}

// On which terms findings are accepted.
#[derive(Debug, Args)]
pub struct Terms {
    /// Why they are accepted
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Who accepts them [default: the author that Git would name]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// The last day on which that counts: a date, or a number of days as in 90d [default: none]
    #[arg(long, value_name = "DATE|DAYS", value_parser = expiry)]
    pub expires: Option<Expiry>,
}

/// A day, or how far away one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// That day.
    On(jiff::civil::Date),
    /// So many days from now.
    In(u16),
}

#[derive(Debug, Args)]
pub struct BaselineCreate {
    #[command(flatten)]
    pub which: WhichBaseline,
    #[command(flatten)]
    pub terms: Terms,
    /// Also accept what the history holds, for sweeps with `unleak history`
    #[arg(long)]
    pub history: bool,
    /// Replace the baseline that is there
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct BaselineUpdate {
    /// Accept these alone: fingerprints, or their beginnings [default: all that is found]
    #[arg(value_name = "FINGERPRINT")]
    pub findings: Vec<String>,
    #[command(flatten)]
    pub which: WhichBaseline,
    #[command(flatten)]
    pub terms: Terms,
    /// Also look at what the history holds
    #[arg(long)]
    pub history: bool,
    /// Say what would change, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct BaselinePrune {
    #[command(flatten)]
    pub which: WhichBaseline,
    /// Also take out what only the history holds: sweeps of it will report that again
    #[arg(long)]
    pub files: bool,
    /// Also take out what has expired
    #[arg(long)]
    pub expired: bool,
    /// Say what would go, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct BaselineShow {
    #[command(flatten)]
    pub which: WhichBaseline,
    /// Show it as it is in this revision
    #[arg(long, value_name = "REV")]
    pub from: Option<String>,
    /// How it is written
    #[arg(short, long, default_value = "human")]
    pub format: ListFormat,
}

#[derive(Debug, Args)]
pub struct BaselineDiff {
    #[command(flatten)]
    pub which: WhichBaseline,
    /// Compare the baseline with itself in this revision, and scan nothing
    #[arg(long, value_name = "REV", conflicts_with = "history")]
    pub from: Option<String>,
    /// Also look at what the history holds
    #[arg(long)]
    pub history: bool,
    /// How it is written
    #[arg(short, long, default_value = "human")]
    pub format: ListFormat,
}

#[derive(Debug, Args)]
pub struct BaselineImport {
    /// The files to read; what they are is seen from what they hold
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub which: WhichBaseline,
    #[command(flatten)]
    pub terms: Terms,
    /// Say what would be accepted, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

fn expiry(text: &str) -> Result<Expiry, String> {
    let days = text.strip_suffix('d').and_then(|days| days.parse().ok());
    let date = || text.parse().map(Expiry::On);
    days.map_or_else(date, |days| Ok(Expiry::In(days)))
        .map_err(|_| "write a date as YEAR-MONTH-DAY, or a number of days as in 90d".into())
}
