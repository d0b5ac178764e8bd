//! The file that Git runs as a hook: for any POSIX shell, Git for Windows' included.

use super::Hook;
use std::path::{Path, PathBuf};

/// What a hook that was there before is called while this one stands in its place.
pub const KEPT: &str = ".before-unleak";

/// What a hook runs.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// This program.
    pub path: PathBuf,
    /// The configuration that it is to judge by, if one was named.
    pub config: Option<PathBuf>,
    /// The baseline that it is to judge by, if one was named.
    pub baseline: Option<PathBuf>,
    /// The revision that the baseline is to be read from, if one was named.
    pub baseline_from: Option<String>,
    /// Whether nothing that stands in a repository allows a finding.
    pub no_allow: bool,
}

/// Which hook runs before this program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// The one that was set aside.
    Kept,
    /// The one in the repository's own folder: this one stands in a folder for all repositories.
    Own,
}

/// Begins the second line of every file that runs this program.
const MARK: &str = "# unleak hook ";
/// And of those that only pass on.
const PASSES_ON: &str = "# unleak passes on ";

/// Whether a file runs this program.
pub fn is_ours(text: &[u8]) -> bool {
    has_mark(text, MARK)
}

/// Whether a file of ours only runs the repository's own hook.
pub fn passes_on(text: &[u8]) -> bool {
    has_mark(text, PASSES_ON)
}

fn has_mark(text: &[u8], mark: &str) -> bool {
    text.split(|b| *b == b'\n').nth(1).is_some_and(|line| line.starts_with(mark.as_bytes()))
}

/// The command that a hook runs: the program by its path, with its options.
pub fn command(hook: Hook, program: &Program) -> String {
    format!("{} {}", quoted(&program.path), arguments(hook, program))
}

/// The file for a hook.
pub fn text(hook: Hook, program: &Program, before: Before) -> String {
    let arguments = arguments(hook, program);
    let (name, program) = (hook.name(), quoted(&program.path));
    let (first, input) = (first(name, before), hook.reads_input());
    // A hook that was there before and this program read the same input, so it is kept.
    let (keep, feed) = if input {
        ("input=$(cat; echo x)\ninput=${input%x}\n", "printf %s \"$input\" 2>/dev/null | ")
    } else {
        ("", "")
    };
    let run = if input {
        format!("printf %s \"$input\" | \"$unleak\" {arguments} -- \"$@\"")
    } else {
        format!("exec \"$unleak\" {arguments} -- \"$@\"")
    };
    format!(
        "#!/bin/sh\n\
         {MARK}{name}: `unleak hook uninstall {name}` takes it away and brings back what was here before.\n\
         unleak={program}\n\
         {keep}{first}\
         if [ -x \"$first\" ]; then\n  {feed}\"$first\" \"$@\" || exit $?\nfi\n\
         [ -x \"$unleak\" ] || unleak=unleak\n\
         command -v \"$unleak\" >/dev/null 2>&1 || {{\n  \
         echo \"unleak: the program is gone, so nothing was scanned. Install it again, or remove the hook $0\" >&2\n  \
         exit 1\n}}\n\
         {run}\n"
    )
}

/// The file for a hook that this program has no part in, in a folder for all repositories: runs the repository's
/// own, which Git no longer looks for.
pub fn pass_on(name: &str) -> String {
    let first = first(name, Before::Own);
    format!(
        "#!/bin/sh\n{PASSES_ON}{name}: runs the repository's own, nothing else.\n{first}\
         [ -x \"$first\" ] || exit 0\nexec \"$first\" \"$@\"\n"
    )
}

fn first(name: &str, before: Before) -> String {
    match before {
        Before::Kept => format!("first=\"${{0%/*}}/{name}{KEPT}\"\n"),
        Before::Own => format!("first=\"$(git rev-parse --git-common-dir)/hooks/{name}\"\n"),
    }
}

fn arguments(hook: Hook, program: &Program) -> String {
    let config = program.config.as_deref().map(|config| format!(" --config {}", quoted(config))).unwrap_or_default();
    let baseline = program.baseline.as_deref().map(|file| format!(" --baseline {}", quoted(file))).unwrap_or_default();
    let from = program.baseline_from.as_deref().map(|revision| format!(" --baseline-from {}", quoted_text(revision)));
    let from = from.unwrap_or_default();
    let no_allow = if program.no_allow { " --no-allow" } else { "" };
    format!("hook run{config}{baseline}{from}{no_allow} {}", hook.name())
}

/// A path as one word of a shell.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let path = if cfg!(windows) { path.trim_start_matches(r"\\?\").replace('\\', "/") } else { path };
    quoted_text(&path)
}

/// A text as one word of a shell.
fn quoted_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_whatever_stands_in_it() {
        assert_eq!(quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
        let program = Program { path: "/u".into(), config: Some("/c d".into()), no_allow: true, ..Program::default() };
        assert_eq!(command(Hook::PreReceive, &program), "'/u' hook run --config '/c d' --no-allow pre-receive");
        let program = Program {
            path: "/u".into(),
            baseline: Some("/b".into()),
            baseline_from: Some("it's".into()),
            ..Program::default()
        };
        let expected = r"'/u' hook run --baseline '/b' --baseline-from 'it'\''s' pre-push";
        assert_eq!(command(Hook::PrePush, &program), expected);
    }

    #[test]
    fn files_of_ours_are_known_and_others_are_not() {
        for hook in Hook::ALL {
            assert!(is_ours(text(hook, &Program::default(), Before::Kept).as_bytes()));
        }
        assert!(passes_on(pass_on("post-checkout").as_bytes()) && !is_ours(pass_on("post-checkout").as_bytes()));
        assert!(!is_ours(b"#!/bin/sh\nunleak staged\n"));
        assert!(!is_ours(b""));
    }
}
