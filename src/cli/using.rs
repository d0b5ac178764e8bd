//! The commands that list how credentials are used and how they are kept.

use super::options::{Color, Config};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "\
Exit status:
  0  the list is complete
  2  an error, or something could not be read")]
pub struct Inventory {
    /// Where to look [default: the whole repository or, outside one, the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Another provider than SendGrid, by its name or the first word of its rules; any number of them
    #[arg(long, value_name = "NAME", conflicts_with = "all")]
    pub provider: Vec<String>,
    /// All providers that there are rules for
    #[arg(long)]
    pub all: bool,
    /// How it is written
    #[arg(short, long, default_value = "human")]
    pub format: InventoryFormat,
    /// Also read what Git ignores
    #[arg(long)]
    pub no_ignore: bool,
    #[command(flatten)]
    pub config: Config,
    /// Whether the list is coloured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// How an inventory is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InventoryFormat {
    /// For people, at a terminal
    Human,
    /// One JSON document
    Json,
    /// A page with tables
    Markdown,
    /// One line a place, with a heading
    Csv,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Exit status:
  0  no row failed, and everything was read
  1  a row failed
  2  an error, or something could not be read")]
pub struct Audit {
    /// The repository, or a folder in one [default: the one round the current folder]
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
    /// How it is written
    #[arg(short, long, default_value = "human")]
    pub format: AuditFormat,
    /// Leave out the history: rows that need it are not seen then
    #[arg(long)]
    pub no_history: bool,
    /// From how many days in the history on a key is too old
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    pub max_key_age: u32,
    #[command(flatten)]
    pub config: Config,
    /// Whether the rows are coloured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Let a row that failed not fail: exit with 0 instead of 1
    #[arg(long)]
    pub exit_zero: bool,
}

/// How an audit is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// For people, at a terminal
    Human,
    /// A page with tables
    Markdown,
    /// One JSON document
    Json,
}
