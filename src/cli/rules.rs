//! The commands about rules and configurations.

use super::options::Config;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Rules {
    /// The rule to explain: what it finds, samples, what to do, references
    pub id: Option<String>,
    /// How they are written
    #[arg(short, long, default_value = "human")]
    pub format: ListFormat,
    /// Try the configuration's own rules on their hits and misses
    #[arg(long, conflicts_with_all = ["id", "format"])]
    pub check: bool,
    #[command(flatten)]
    pub config: Config,
}

/// How rules are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// The whole reference as a page
    Markdown,
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Write the unleak.toml that means what a gitleaks configuration does, and list what differs
    Migrate(Migrate),
}

#[derive(Debug, Args)]
pub struct Migrate {
    /// The gitleaks configuration [default: .gitleaks.toml, else gitleaks.toml, in the current folder]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Where to write; `-` is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,
}
