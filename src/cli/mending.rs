//! The commands that say and do what there is to do about a finding.

use super::options::{Baseline, Color, Config, confidences};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use unleak::finding::Confidence;

const FIX_STATUS: &str = "\
Exit status:
  0  nothing is left, habits and notes aside
  1  something is left: it cannot be mended by a program, or was not to be written
  2  an error, or a file has changes that Git does not hold; nothing was written";

#[derive(Debug, Args)]
#[command(after_help = FIX_STATUS)]
#[command(mut_arg("no_baseline", |arg| arg.help("Mend what the baseline accepts too")))]
pub struct Fix {
    /// The files and folders to mend [default: the whole repository or, outside one, the current folder]
    #[arg(value_name = "PATH", conflicts_with = "staged")]
    pub paths: Vec<PathBuf>,
    /// Mend what the next commit would leak: the files on disk, to be staged again afterwards
    #[arg(long)]
    pub staged: bool,
    /// Mend what this rule finds and nothing else; any number of them
    #[arg(long = "rule", value_name = "ID")]
    pub rules: Vec<String>,
    /// Show what would change, and change nothing
    #[arg(short = 'n', long, conflicts_with = "interactive")]
    pub dry_run: bool,
    /// Ask file by file
    #[arg(short, long)]
    pub interactive: bool,
    /// Write the secrets themselves into .env, for its owner alone to read
    #[arg(long)]
    pub write_env: bool,
    /// Also mend files with changes that Git does not hold
    #[arg(long)]
    pub force: bool,
    /// Mend only findings of at least this confidence: high, medium or low [default: low]
    #[arg(long, value_name = "LEVEL", value_parser = confidences(), hide_possible_values = true)]
    pub min_confidence: Option<Confidence>,
    #[command(flatten)]
    pub config: Config,
    #[command(flatten)]
    pub baseline: Baseline,
    /// Whether the diff is coloured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

// What the baseline accepts is explained and planned for all the same.
const WHICH_BASELINE: &str = "Say of what this baseline accepts who accepted it and why: a file, or a folder of them";
const NO_BASELINE: &str = "Say nothing of a baseline";

#[derive(Debug, Args)]
#[command(mut_arg("baseline", |arg| arg.help(WHICH_BASELINE)), mut_arg("no_baseline", |arg| arg.help(NO_BASELINE)))]
pub struct Explain {
    /// A rule's id, or a finding's fingerprint or its first 8 characters at least
    #[arg(value_name = "RULE|FINGERPRINT")]
    pub what: String,
    /// Look the fingerprint up in this JSON or JSON Lines report instead of scanning files and history
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub config: Config,
    #[command(flatten)]
    pub baseline: Baseline,
}

#[derive(Debug, Args)]
#[command(mut_arg("baseline", |arg| arg.help(WHICH_BASELINE)), mut_arg("no_baseline", |arg| arg.help(NO_BASELINE)))]
pub struct Respond {
    /// Fingerprints, or their beginnings [default: every secret in the history]
    #[arg(value_name = "FINGERPRINT")]
    pub findings: Vec<String>,
    /// How it is written
    #[arg(short, long, default_value = "markdown")]
    pub format: PlanFormat,
    /// Write the secrets into this file, outside the repository, in the form that git filter-repo replaces them by
    #[arg(long, value_name = "FILE")]
    pub replacements: Option<PathBuf>,
    #[command(flatten)]
    pub config: Config,
    #[command(flatten)]
    pub baseline: Baseline,
}

/// How an incident plan is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// For people
    Markdown,
    /// One JSON document
    Json,
}

#[derive(Debug, Args)]
pub struct Redact {
    /// The path that rules about paths are to go by
    #[arg(long, value_name = "NAME")]
    pub path: Option<PathBuf>,
    /// Say on standard error how many secrets were masked
    #[arg(long)]
    pub count: bool,
    #[command(flatten)]
    pub config: Config,
}
