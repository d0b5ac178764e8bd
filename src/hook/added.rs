//! What the file of a hook manager becomes when this program's hooks are added to it. Only lines come to it; what it
//! says already stays as it is.

use super::Hook;
use std::fmt::Write;

/// Why nothing can be added.
type Refusal = &'static str;

/// A text with lines behind it.
pub(super) fn behind(text: &str, lines: &str) -> String {
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    [text, gap, lines].concat()
}

/// lefthook's file: each hook has commands, beside those that it may have already.
pub(super) fn to_lefthook(text: &str, hooks: &[Hook]) -> Result<String, Refusal> {
    let mut text = text.to_owned();
    for hook in hooks {
        text = match section(&text, hook.name()) {
            None => behind(&text, &lefthook(&[*hook])),
            Some(section) if !section.rest.is_empty() => {
                return Err("it has commands for one of these hooks on one line");
            }
            Some(section) => {
                let commands = section.child("commands");
                match commands {
                    Some(commands) if !commands.rest.is_empty() => {
                        return Err("it lists the commands of a hook on one line");
                    }
                    Some(commands) if commands.child("unleak").is_some() => {
                        return Err("it has another command called unleak");
                    }
                    Some(commands) => commands.with(&indented(&lefthook_command(*hook), &commands.inner)),
                    None => {
                        let command = indented(&lefthook_command(*hook), "  ");
                        section.with(&indented(&format!("commands:\n{command}"), &section.inner))
                    }
                }
            }
        };
    }
    Ok(text)
}

/// pre-commit's file: one more repository at the end of its list.
pub(super) fn to_pre_commit(text: &str, hooks: &[Hook]) -> Result<String, Refusal> {
    match section(text, "repos") {
        None => Ok(behind(text, &format!("repos:\n{}", pre_commit(hooks, "  ")))),
        Some(section) if section.rest == "[]" => {
            let list = format!("repos:\n{}", pre_commit(hooks, "  "));
            Ok(text[..section.key].to_owned() + &list + &text[section.start..])
        }
        Some(section) if section.rest.is_empty() => Ok(section.with(&pre_commit(hooks, &section.inner))),
        Some(_) => Err("it lists its repos on one line"),
    }
}

/// prek's own file.
pub(super) fn to_prek(text: &str, hooks: &[Hook]) -> Result<String, Refusal> {
    let is_inline = text.lines().any(|line| line.trim_start().starts_with("repos"));
    if is_inline { Err("it lists its repos inline") } else { Ok(behind(text, &prek(hooks))) }
}

/// What a key of a mapping has below it, in YAML with a line for each key.
struct Section<'t> {
    text: &'t str,
    /// Where the key begins, and where the lines below it do and end.
    key: usize,
    start: usize,
    end: usize,
    /// What follows the colon, comments aside.
    rest: &'t str,
    /// How far its own keys or items stand in.
    inner: String,
}

/// The section of a key at the top.
fn section<'t>(text: &'t str, key: &str) -> Option<Section<'t>> {
    below(text, 0..text.len(), "", key)
}

fn below<'t>(text: &'t str, range: std::ops::Range<usize>, indent: &str, key: &str) -> Option<Section<'t>> {
    let mut lines = lines(text, range.clone());
    let (at, line) = lines.find(|(_, line)| {
        line.strip_prefix(indent).and_then(|line| line.strip_prefix(key)).is_some_and(|rest| rest.starts_with(':'))
    })?;
    let start = at + line.len();
    let is_empty = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let is_below = |line: &str| {
        let own = indent_of(line);
        // The items of a list may stand as far in as their key.
        own.len() > indent.len() || own.len() == indent.len() && line.trim_start().starts_with("- ")
    };
    let mut end = start;
    let mut inner = None;
    for (at, line) in lines.filter(|(_, line)| !is_empty(line)).take_while(|(_, line)| is_below(line)) {
        inner = inner.or(Some(indent_of(line).to_owned()));
        end = at + line.len();
    }
    let rest = line[indent.len() + key.len() + 1..].split(" #").next().unwrap_or_default().trim();
    Some(Section { text, key: at, start, end, rest, inner: inner.unwrap_or_else(|| format!("{indent}  ")) })
}

impl<'t> Section<'t> {
    fn child(&self, key: &str) -> Option<Section<'t>> {
        below(self.text, self.start..self.end, &self.inner, key)
    }

    /// The whole text with lines at the end of the section.
    fn with(&self, lines: &str) -> String {
        behind(&self.text[..self.end], lines) + &self.text[self.end..]
    }
}

/// The lines of a part of a text, with their ends, and where each begins.
fn lines(text: &str, range: std::ops::Range<usize>) -> impl Iterator<Item = (usize, &str)> {
    let mut at = range.start;
    text[range].split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches(' ').len()]
}

fn indented(lines: &str, indent: &str) -> String {
    lines.lines().map(|line| format!("{indent}{line}\n")).collect()
}

/// The sections of lefthook's file that these hooks need.
pub(super) fn lefthook(hooks: &[Hook]) -> String {
    let section =
        |hook: &Hook| format!("{}:\n  commands:\n{}", hook.name(), indented(&lefthook_command(*hook), "    "));
    hooks.iter().map(section).collect()
}

fn lefthook_command(hook: Hook) -> String {
    let arguments = match hook {
        Hook::CommitMsg => " {1}",
        Hook::PrePush => " {1} {2}\n  use_stdin: true",
        Hook::PreReceive => "\n  use_stdin: true",
        Hook::PreCommit | Hook::PreMergeCommit => "",
    };
    format!("unleak:\n  run: unleak hook run {}{arguments}\n", hook.name())
}

/// The repository of pre-commit's file that has these hooks.
pub(super) fn pre_commit(hooks: &[Hook], indent: &str) -> String {
    let mut text = format!("{indent}- repo: local\n{indent}  hooks:\n");
    for hook in hooks {
        let (name, pass) = (hook.name(), *hook == Hook::CommitMsg);
        for line in [
            format!("- id: unleak-{name}"),
            format!("  name: unleak ({name})"),
            format!("  entry: unleak hook run {name}"),
            "  language: system".to_owned(),
            format!("  pass_filenames: {pass}"),
            "  always_run: true".to_owned(),
            format!("  stages: [{name}]"),
        ] {
            let _ = writeln!(text, "{indent}    {line}");
        }
    }
    text
}

/// The same for prek's own file.
pub(super) fn prek(hooks: &[Hook]) -> String {
    let mut text = String::from("[[repos]]\nrepo = \"local\"\n");
    for hook in hooks {
        let (name, pass) = (hook.name(), *hook == Hook::CommitMsg);
        let _ = write!(
            text,
            "\n[[repos.hooks]]\nid = \"unleak-{name}\"\nname = \"unleak ({name})\"\nentry = \"unleak hook run \
             {name}\"\nlanguage = \"system\"\npass_filenames = {pass}\nalways_run = true\nstages = [\"{name}\"]\n"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use Hook::{CommitMsg, PreCommit};

    #[test]
    fn a_repository_is_added_at_the_end_of_the_list_wherever_that_stands() {
        let own = |indent: &str| pre_commit(&[PreCommit], indent);
        for (before, after) in [
            ("repos:\n- repo: x\n  rev: y\n", ("repos:\n- repo: x\n  rev: y\n", "", "")),
            ("a: b\nrepos:\n    - repo: x\n\n# end\n", ("a: b\nrepos:\n    - repo: x\n", "    ", "\n# end\n")),
            ("repos:\n- repo: x\nci:\n  a: b\n", ("repos:\n- repo: x\n", "", "ci:\n  a: b\n")),
            ("repos:\n  - repo: x", ("repos:\n  - repo: x\n", "  ", "")),
            ("repos: []\nci: {}\n", ("repos:\n", "  ", "ci: {}\n")),
            ("repos: []  # none yet", ("repos:\n", "  ", "")),
            ("repos:\n", ("repos:\n", "  ", "")),
            ("fail_fast: true\n", ("fail_fast: true\nrepos:\n", "  ", "")),
        ] {
            let expected = [after.0, &own(after.1), after.2].concat();
            assert_eq!(to_pre_commit(before, &[PreCommit]).as_deref(), Ok(&*expected), "{before:?}");
        }
        assert!(to_pre_commit("repos: [{repo: x}]\n", &[PreCommit]).is_err());
    }

    #[test]
    fn a_command_comes_to_those_that_a_hook_has() {
        let command = "unleak:\n  run: unleak hook run pre-commit\n";
        for (before, after) in [
            ("pre-push: {}\n", ("pre-push: {}\npre-commit:\n  commands:\n", "    ", "")),
            (
                "pre-commit:\n  parallel: true\n  commands:\n    lint:\n      run: x\n# end\npre-push:\n",
                ("pre-commit:\n  parallel: true\n  commands:\n    lint:\n      run: x\n", "    ", "# end\npre-push:\n"),
            ),
            (
                "pre-commit:\n    commands:\n        lint: {run: x}\n    piped: true\n",
                ("pre-commit:\n    commands:\n        lint: {run: x}\n", "        ", "    piped: true\n"),
            ),
            (
                "pre-commit: # all\n  jobs:\n    - run: x\n",
                ("pre-commit: # all\n  jobs:\n    - run: x\n  commands:\n", "    ", ""),
            ),
        ] {
            let expected = [after.0, &indented(command, after.1), after.2].concat();
            assert_eq!(to_lefthook(before, &[PreCommit]).as_deref(), Ok(&*expected), "{before:?}");
        }
        for refused in [
            "pre-commit: {commands: {lint: {run: x}}}\n",
            "pre-commit:\n  commands: {}\n",
            "pre-commit:\n  commands:\n    unleak:\n      run: x\n",
        ] {
            assert!(to_lefthook(refused, &[CommitMsg, PreCommit]).is_err(), "{refused:?}");
        }
    }
}
