//! What every scan can be told: reports, configuration, baseline, thresholds.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use unleak::archive::Archives;
use unleak::finding::{Confidence, Severity, confidence_name};
use unleak::output::Format;

// What every scan can be told. (A doc comment would become the text of the help.)
#[derive(Debug, Clone, Args)]
pub struct Scan {
    /// How the report is written
    #[arg(short, long, default_value = Format::default().name(), value_parser = formats(), alias = "report-format")]
    pub format: Format,
    /// Where the report goes; `-` is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-", alias = "report-path")]
    pub output: PathBuf,
    /// A further report of the same scan; any number of them
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = further_report)]
    pub reports: Vec<(Format, PathBuf)>,
    #[command(flatten)]
    pub config: Config,
    #[command(flatten)]
    pub baseline: Baseline,
    /// Dismiss findings of less confidence: high, medium or low [default: low]
    #[arg(long, value_name = "LEVEL", value_parser = confidences(), hide_possible_values = true)]
    pub min_confidence: Option<Confidence>,
    /// The severity from which findings make the exit status 1: critical, high, medium, low or note [default: medium]
    #[arg(long, value_name = "SEVERITY", value_parser = severities(), hide_possible_values = true)]
    pub fail_on: Option<Severity>,
    /// Also list what was dismissed, and why
    #[arg(long)]
    pub explain: bool,
    /// Say on standard error what each rule cost: anchors met, pattern runs, time. As JSON with --format json
    #[arg(long)]
    pub rule_stats: bool,
    /// Print secrets as they are; refused for reports that are passed on
    #[arg(long)]
    pub reveal: bool,
    /// Ignore allow comments and the configuration's allow entries
    #[arg(long)]
    pub no_allow: bool,
    /// Which archives are opened (zip, tar, gzip, SQLite and the like): always, small or never [default: small for
    /// staged and in hooks, else always]
    #[arg(long, value_name = "WHICH", value_parser = archives(), hide_possible_values = true)]
    pub archives: Option<Archives>,
    /// How many threads to use [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Whether the human report is coloured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Leave out the summary and notices
    #[arg(short, long)]
    pub quiet: bool,
    /// Let findings not fail: exit with 0 instead of 1
    #[arg(long)]
    pub exit_zero: bool,
}

// Which findings were accepted before.
#[derive(Debug, Clone, Args)]
pub struct Baseline {
    /// Leave out what this baseline accepts: a file, or a folder of them. `unleak baseline` makes it
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Read the baseline from this revision, the base branch say, so that a change can't widen it for itself
    #[arg(long, value_name = "REV")]
    pub baseline_from: Option<String>,
    /// Report what the baseline accepts too
    #[arg(long, conflicts_with_all = ["baseline", "baseline_from"])]
    pub no_baseline: bool,
}

// Which configuration counts.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// The configuration [default: $UNLEAK_CONFIG, else unleak.toml at the repository's root]
    #[arg(short, long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Read the configuration, and the baseline if it lies in the repository, from this revision, the base branch say,
    /// so that a change can't judge itself
    #[arg(long, value_name = "REV", conflicts_with = "no_config")]
    pub config_from: Option<String>,
    /// Use the built-in rules alone, whatever configuration there is
    #[arg(long)]
    pub no_config: bool,
}

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal that can, unless NO_COLOR is set
    Auto,
    /// Yes
    Always,
    /// No
    Never,
}

impl Scan {
    /// All reports that are asked for, and where they go.
    pub fn all_reports(&self) -> impl Iterator<Item = (Format, &PathBuf)> {
        std::iter::once((self.format, &self.output)).chain(self.reports.iter().map(|(format, file)| (*format, file)))
    }

    pub(super) fn contradiction(&self) -> Option<(ErrorKind, String)> {
        if let Some((format, _)) = self.all_reports().find(|(format, _)| self.reveal && !format.may_reveal()) {
            let what =
                format!("--reveal is refused for {format}, which is made to be passed on; use human, json or jsonl");
            return Some((ErrorKind::ArgumentConflict, what));
        }
        let mut targets: Vec<&PathBuf> = self.all_reports().map(|(_, file)| file).collect();
        targets.sort();
        let twice = targets.windows(2).find(|pair| pair[0] == pair[1])?[0];
        let what = format!("two reports go to {}; give each its own file", twice.display());
        Some((ErrorKind::ArgumentConflict, what))
    }
}

pub(super) fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name))
        .map(|name| name.parse().expect("the names offered are those that parse"))
}

pub(super) fn severities() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::name))
        .map(|name| Severity::named(&name).expect("the names offered are those that have a severity"))
}

pub(super) fn confidences() -> impl TypedValueParser<Value = Confidence> {
    const ALL: [Confidence; 3] = [Confidence::High, Confidence::Medium, Confidence::Low];
    PossibleValuesParser::new(ALL.map(confidence_name)).map(|name| {
        ALL.into_iter()
            .find(|level| confidence_name(*level) == name)
            .expect("the names offered are those of the levels")
    })
}

fn archives() -> impl TypedValueParser<Value = Archives> {
    PossibleValuesParser::new(Archives::ALL.map(|(name, _)| name))
        .map(|name| Archives::named(&name).expect("the names offered are those of the choices"))
}

fn further_report(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("write it as FORMAT=FILE, as in sarif=unleak.sarif")?;
    if file.is_empty() {
        return Err("the file is missing; write it as FORMAT=FILE, as in sarif=unleak.sarif".into());
    }
    Ok((format.parse().map_err(|error: unleak::output::Error| error.to_string())?, PathBuf::from(file)))
}
