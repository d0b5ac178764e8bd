//! The command line as types: the commands as a whole. Only `main` sees it.

mod baseline;
mod github;
mod hook;
mod mending;
mod options;
mod rules;
mod scanning;
mod using;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use baseline::{
    BaselineCommand, BaselineCreate, BaselineDiff, BaselineImport, BaselinePrune, BaselineShow, BaselineUpdate, Expiry,
    Terms, WhichBaseline,
};
pub use github::{Github, What};
pub use hook::{Hook, HookInstall, HookRun, HookUninstall, RunnableHook, WhichHooks};
pub use mending::{Explain, Fix, PlanFormat, Redact, Respond};
pub use options::{Baseline, Color, Config, Scan};
pub use rules::{ConfigCommand, ListFormat, Migrate, Rules};
pub use scanning::{Files, History, Merge, Message, Range, Staged, Stdin};
pub use using::{Audit, AuditFormat, Inventory, InventoryFormat};

/// How wide help is where nobody says.
const USUAL_WIDTH: usize = 100;

const EXIT_STATUS: &str = "\
Exit status:
  0  clean: nothing at or above --fail-on, and everything was read
  1  findings at or above --fail-on
  2  an error, or something could not be read";

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

impl Cli {
    /// Reads the arguments; what makes no sense together is an error like a misspelt option.
    pub fn read() -> Result<Self, clap::Error> {
        let mut command = Self::command();
        // No width at all would put each word on a line of its own.
        let is_nothing = |columns: std::ffi::OsString| columns.to_str().is_some_and(|text| text.parse() == Ok(0));
        if std::env::var_os("COLUMNS").is_some_and(is_nothing) && terminal_size::terminal_size().is_none() {
            command = command.term_width(USUAL_WIDTH);
        }
        let mut matches = command.try_get_matches_from_mut(std::env::args_os())?;
        let cli = Self::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))?;
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
