//! The commands that install and run hooks.

use super::options::Scan;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What to do with hooks.
#[derive(Debug, Subcommand)]
pub enum Hook {
    /// Put unleak into a repository's hooks; a hook that is there already runs first
    #[command(after_help = "\
Hooks go into Git's settings from Git 2.54 on, else into the folder of hooks, which linked worktrees share. \
The files of a hook manager (husky, lefthook, pre-commit, prek, core.hooksPath) are left alone: what to add to them is \
printed, or with --write added.

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
