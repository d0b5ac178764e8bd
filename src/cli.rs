//! The command line as types. Only `main` sees it.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use unleak::archive::Archives;
use unleak::finding::{Confidence, Severity, confidence_name};
use unleak::output::Format;

const EXIT_STATUS: &str = "\
Exit status:
  0  clean: nothing at or above --fail-on, and everything was read
  1  findings at or above --fail-on
  2  an error, or something could not be read";

const FIX_STATUS: &str = "\
Exit status:
  0  nothing is left, habits and notes aside
  1  something is left: it cannot be mended by a program, or was not to be written
  2  an error, or a file has changes that Git does not hold; nothing was written";

/// Finds leaked credentials in Git, SendGrid's first of all, and says for each what to do
#[derive(Debug, Parser)]
#[command(name = "unleak", version, after_help = EXIT_STATUS)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Scan files and folders as they are on disk
    Files(Files),
    /// Scan what the next commit will contain
    Staged(Staged),
    /// Scan what a series of commits brings in
    Range(Range),
    /// Sweep the whole history of a repository: every object once, reachable or not
    History(History),
    /// Join json or sarif reports, of the shards of a sweep say, into one
    Merge(Merge),
    /// Scan a stream
    Stdin(Stdin),
    /// Scan a commit message about to be made
    Message(Message),
    /// Mend files: read each secret from the environment instead of keeping it in the file
    Fix(Fix),
    /// Explain a rule or a finding: what it is, why it matters, how to mend it
    Explain(Explain),
    /// Print the incident plan for what the history holds
    Respond(Respond),
    /// List where SendGrid credentials are used or referred to, mail first
    Inventory(Inventory),
    /// Look at the practices for SendGrid keys, one by one: kept, not kept, or not to be seen in files
    Audit(Audit),
    /// Copy standard input to standard output with every secret masked
    Redact(Redact),
    /// Install, remove, show or run Git hooks
    Hook {
        /// What to do with hooks.
        #[command(subcommand)]
        command: Hook,
    },
    /// Scan what a GitHub Actions event brings in, and report to its runner
    Github(Github),
    /// Accept findings as they are: make a baseline, keep it, look at it, import another tool's
    Baseline {
        /// What to do with the baseline.
        #[command(subcommand)]
        command: BaselineCommand,
    },
    /// List the rules in force, or explain one
    Rules(Rules),
    /// Turn another scanner's configuration into unleak's own
    Config {
        /// What to do with configurations.
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print the completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, in roff
    Man {
        /// The page of this command instead
        command: Option<String>,
    },
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

#[derive(Debug, Args)]
pub struct Files {
    /// What to scan [default: the whole repository or, outside one, the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Also read what Git ignores
    #[arg(long)]
    pub no_ignore: bool,
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

#[derive(Debug, Args)]
#[command(after_help = FIX_STATUS)]
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
    /// Whether the diff is coloured
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// A rule's id, or a finding's fingerprint or its first 8 characters at least
    #[arg(value_name = "RULE|FINGERPRINT")]
    pub what: String,
    /// Look the fingerprint up in this JSON or JSON Lines report instead of scanning files and history
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub config: Config,
}

#[derive(Debug, Args)]
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

// Which configuration counts.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// The configuration [default: $UNLEAK_CONFIG, else unleak.toml at the repository's root]
    #[arg(short, long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Use the built-in rules alone, whatever configuration there is
    #[arg(long)]
    pub no_config: bool,
}

/// What to do with hooks.
#[derive(Debug, Subcommand)]
pub enum Hook {
    /// Put unleak into a repository's hooks; a hook that is there already runs first
    #[command(after_help = "\
Where hooks go: into Git's settings from Git 2.54 on, else into the folder of hooks, which linked worktrees share.
A hook manager (husky, lefthook, pre-commit, prek, core.hooksPath) is left alone: what to add to its file is printed,
or with --write added.

Exit status:
  0  the hooks are in place
  2  they are not: an error, or a manager has to be told")]
    Install(HookInstall),
    /// Take unleak out of a repository's hooks and bring back what was there before
    Uninstall(HookUninstall),
    /// Show which hooks are in place
    #[command(after_help = "\
Exit status:
  0  all of them are in place
  1  one is not
  2  an error")]
    Status(HookStatus),
    /// Do what a hook does; Git, a hook manager or a coding assistant calls this
    Run(HookRun),
}

#[derive(Debug, Args)]
pub struct HookInstall {
    #[command(flatten)]
    pub which: WhichHooks,
    /// Have the hook judge by this configuration, whatever the repository has
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Have the hook judge by this baseline
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Have the hook read the baseline from this revision, the server's main branch say
    #[arg(long, value_name = "REV")]
    pub baseline_from: Option<String>,
    /// Have the hook ignore allow comments and the configuration's allow entries
    #[arg(long)]
    pub no_allow: bool,
    /// Add what is needed to the hook manager's file instead of printing it
    #[arg(long)]
    pub write: bool,
    /// Install beside a hook manager, and overwrite a hook that was set aside earlier
    #[arg(long, conflicts_with = "write")]
    pub force: bool,
    /// Use the folder of hooks even where Git takes hooks from its settings
    #[arg(long)]
    pub files: bool,
}

#[derive(Debug, Args)]
pub struct HookUninstall {
    #[command(flatten)]
    pub which: WhichHooks,
}

#[derive(Debug, Args)]
pub struct HookStatus {
    #[command(flatten)]
    pub which: WhichHooks,
}

// Which hooks are meant.
#[derive(Debug, Args)]
pub struct WhichHooks {
    /// Which hooks [default: pre-receive in a bare repository, elsewhere all others]
    #[arg(value_name = "HOOK", value_parser = hooks())]
    pub hooks: Vec<unleak::hook::Hook>,
    /// For all repositories of this user
    #[arg(long)]
    pub global: bool,
}

#[derive(Debug, Args)]
pub struct HookRun {
    /// Which hook
    #[arg(value_name = "HOOK", value_parser = runnable_hooks())]
    pub hook: RunnableHook,
    /// What Git hands the hook
    #[arg(value_name = "ARGUMENT")]
    pub arguments: Vec<std::ffi::OsString>,
    #[command(flatten)]
    pub scan: Scan,
}

/// What a hook stands before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunnableHook {
    /// Something that Git does.
    Git(unleak::hook::Hook),
    /// A tool that a coding assistant is about to use.
    PreTool,
}

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

impl Cli {
    /// Reads the arguments; what makes no sense together is an error like a misspelt option.
    pub fn read() -> Result<Self, clap::Error> {
        let cli = Self::try_parse()?;
        match cli.command.scan().and_then(Scan::contradiction) {
            Some((kind, what)) => Err(Self::command().error(kind, what)),
            None => Ok(cli),
        }
    }
}

impl Command {
    fn scan(&self) -> Option<&Scan> {
        match self {
            Command::Files(files) => Some(&files.scan),
            Command::Staged(staged) => Some(&staged.scan),
            Command::Range(range) => Some(&range.scan),
            Command::History(history) => Some(&history.scan),
            Command::Stdin(stdin) => Some(&stdin.scan),
            Command::Message(message) => Some(&message.scan),
            Command::Fix(_) | Command::Explain(_) | Command::Respond(_) | Command::Redact(_) => None,
            Command::Inventory(_) | Command::Audit(_) => None,
            Command::Hook { command: Hook::Run(run) } => Some(&run.scan),
            Command::Github(github) => Some(&github.scan),
            Command::Hook { .. }
            | Command::Baseline { .. }
            | Command::Merge(_)
            | Command::Rules(_)
            | Command::Config { .. }
            | Command::Completions { .. }
            | Command::Man { .. } => None,
        }
    }
}

impl Scan {
    /// All reports that are asked for, and where they go.
    pub fn all_reports(&self) -> impl Iterator<Item = (Format, &PathBuf)> {
        std::iter::once((self.format, &self.output)).chain(self.reports.iter().map(|(format, file)| (*format, file)))
    }

    fn contradiction(&self) -> Option<(ErrorKind, String)> {
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

fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name))
        .map(|name| name.parse().expect("the names offered are those that parse"))
}

fn hooks() -> impl TypedValueParser<Value = unleak::hook::Hook> {
    use unleak::hook::Hook;
    PossibleValuesParser::new(Hook::ALL.map(Hook::name))
        .map(|name| Hook::named(&name).expect("the names offered are those of the hooks"))
}

fn runnable_hooks() -> impl TypedValueParser<Value = RunnableHook> {
    use unleak::hook::Hook;
    const PRE_TOOL: &str = "pre-tool";
    let names = Hook::ALL.map(Hook::name).into_iter().chain([PRE_TOOL]);
    PossibleValuesParser::new(names).map(|name| match Hook::named(&name) {
        Some(hook) => RunnableHook::Git(hook),
        None => RunnableHook::PreTool,
    })
}

fn severities() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::name))
        .map(|name| Severity::named(&name).expect("the names offered are those that have a severity"))
}

fn confidences() -> impl TypedValueParser<Value = Confidence> {
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

fn expiry(text: &str) -> Result<Expiry, String> {
    let days = text.strip_suffix('d').and_then(|days| days.parse().ok());
    let date = || text.parse().map(Expiry::On);
    days.map_or_else(date, |days| Ok(Expiry::In(days)))
        .map_err(|_| "write a date as YEAR-MONTH-DAY, or a number of days as in 90d".into())
}

fn further_report(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("write it as FORMAT=FILE, as in sarif=unleak.sarif")?;
    if file.is_empty() {
        return Err("the file is missing; write it as FORMAT=FILE, as in sarif=unleak.sarif".into());
    }
    Ok((format.parse().map_err(|error: unleak::output::Error| error.to_string())?, PathBuf::from(file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        let mut command = Cli::command();
        command.build();
        command.debug_assert();
    }
}
