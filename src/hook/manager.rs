//! Programs that look after a repository's hooks: told apart, and what each has to be told.

use super::git::Place;
use super::{Error, Hook, file_error};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Who looks after the hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    /// husky: a file a hook in `.husky`.
    Husky,
    /// lefthook: one file for all hooks.
    Lefthook,
    /// pre-commit, or prek with pre-commit's file.
    PreCommit,
    /// prek with its own file.
    Prek,
    /// Someone who set `core.hooksPath`.
    HooksPath,
}

/// The names that lefthook's file may have.
const LEFTHOOK: [&str; 8] = [
    "lefthook.yml",
    "lefthook.yaml",
    ".lefthook.yml",
    ".lefthook.yaml",
    ".config/lefthook.yml",
    ".config/lefthook.yaml",
    "lefthook.toml",
    "lefthook.json",
];

const PRE_COMMIT: [&str; 2] = [".pre-commit-config.yaml", ".pre-commit-config.yml"];

/// Who looks after the hooks of this repository; none: nobody but Git.
pub fn manager(place: &Place) -> Option<Manager> {
    let has = |names: &[&str]| !place.is_bare && names.iter().any(|name| place.top.join(name).is_file());
    match &place.hooks_path {
        Some(path) if is_husky(path) => Some(Manager::Husky),
        _ if has(&LEFTHOOK) => Some(Manager::Lefthook),
        _ if has(&["prek.toml"]) => Some(Manager::Prek),
        _ if has(&PRE_COMMIT) => Some(Manager::PreCommit),
        Some(_) => Some(Manager::HooksPath),
        None => Hook::ALL.into_iter().find_map(|hook| {
            let text = std::fs::read(place.hooks.join(hook.name())).ok()?;
            let says = |word: &str| memchr::memmem::find(&text, word.as_bytes()).is_some();
            match () {
                () if super::script::is_ours(&text) => None,
                () if says("lefthook") => Some(Manager::Lefthook),
                () if says("https://pre-commit.com") || says("prek ") => Some(Manager::PreCommit),
                () => None,
            }
        }),
    }
}

fn is_husky(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.ends_with(".husky/_") || path.ends_with(".husky")
}

impl Manager {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Manager::Husky => "husky",
            Manager::Lefthook => "lefthook",
            Manager::PreCommit => "pre-commit",
            Manager::Prek => "prek",
            Manager::HooksPath => "core.hooksPath",
        }
    }

    /// The file that its snippet belongs in.
    pub fn file(self, place: &Place, hook: Hook) -> PathBuf {
        let first = |names: &[&str]| {
            let found = names.iter().find(|name| place.top.join(name).is_file());
            place.top.join(found.unwrap_or(&names[0]))
        };
        match self {
            Manager::Husky => place.top.join(".husky").join(hook.name()),
            Manager::Lefthook => first(&LEFTHOOK),
            Manager::PreCommit => first(&PRE_COMMIT),
            Manager::Prek => place.top.join("prek.toml"),
            Manager::HooksPath => place.hooks.join(hook.name()),
        }
    }

    /// What has to be added for these hooks, each piece with its file.
    pub fn snippets(self, place: &Place, hooks: &[Hook]) -> Vec<(PathBuf, String)> {
        let every = |piece: fn(Hook) -> String| hooks.iter().map(|hook| piece(*hook)).collect::<String>();
        let one = |text: String| hooks.first().map(|hook| (self.file(place, *hook), text)).into_iter().collect();
        match self {
            Manager::Husky | Manager::HooksPath => {
                hooks.iter().map(|hook| (self.file(place, *hook), shell_line(*hook))).collect()
            }
            Manager::Lefthook => one(every(lefthook)),
            Manager::PreCommit => one(pre_commit(hooks, "  ")),
            Manager::Prek => one(prek(hooks)),
        }
    }

    /// What is left to do once its files say so; nothing if nothing is.
    pub fn afterwards(self, hooks: &[Hook]) -> Option<String> {
        let types = || hooks.iter().fold(String::new(), |all, hook| all + " -t " + hook.name());
        match self {
            Manager::Lefthook => Some("lefthook install".to_owned()),
            Manager::PreCommit => Some(format!("pre-commit install{}", types())),
            Manager::Prek => Some(format!("prek install{}", types())),
            Manager::Husky | Manager::HooksPath => None,
        }
    }

    /// Adds it to the manager's files. Says which changed.
    pub fn write(self, place: &Place, hooks: &[Hook]) -> Result<Vec<PathBuf>, Error> {
        let mut changed = Vec::new();
        if self == Manager::Husky {
            for hook in hooks {
                let path = self.file(place, *hook);
                if append(&path, &[*hook], |_| Ok(shell_line(*hook)))? {
                    changed.push(path);
                }
            }
            return Ok(changed);
        }
        let Some(path) = hooks.first().map(|hook| self.file(place, *hook)) else { return Ok(changed) };
        let snippet = || self.snippets(place, hooks).into_iter().map(|(_, text)| text).collect::<String>();
        let refused = |why| Error::Unwritable { path: path.clone(), why, snippet: snippet() };
        let added = match self {
            Manager::Lefthook if path.extension().is_some_and(|e| e == "toml" || e == "json") => {
                return Err(refused("only lefthook's YAML files can be"));
            }
            Manager::Lefthook => append(&path, hooks, |text| {
                let is_taken =
                    hooks.iter().any(|hook| text.lines().any(|l| l.starts_with(&format!("{}:", hook.name()))));
                if is_taken { Err(refused("it has commands for one of these hooks already")) } else { Ok(snippet()) }
            })?,
            Manager::PreCommit => append(&path, hooks, |text| {
                let indent = indent_of_last_list(text)
                    .ok_or_else(|| refused("`repos:` is not the last thing in it, or lists nothing"))?;
                Ok(pre_commit(hooks, &indent))
            })?,
            _ => append(&path, hooks, |text| {
                let is_inline = text.lines().any(|line| line.trim_start().starts_with("repos"));
                if is_inline { Err(refused("it lists its repos inline")) } else { Ok(snippet()) }
            })?,
        };
        if added {
            changed.push(path);
        }
        Ok(changed)
    }
}

/// Appends to a file what `snippet` makes of its text, unless it calls this program for these hooks already.
fn append(path: &Path, hooks: &[Hook], snippet: impl FnOnce(&str) -> Result<String, Error>) -> Result<bool, Error> {
    let old = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(file_error(path, "read")(error)),
    };
    let text = String::from_utf8_lossy(&old);
    if hooks.iter().all(|hook| text.contains(&format!("unleak hook run {}", hook.name()))) {
        return Ok(false);
    }
    let snippet = snippet(&text)?;
    let gap = if old.is_empty() || old.ends_with(b"\n") { "" } else { "\n" };
    let new = [&old[..], gap.as_bytes(), snippet.as_bytes()].concat();
    std::fs::create_dir_all(path.parent().unwrap_or(path)).map_err(file_error(path, "made"))?;
    std::fs::write(path, new).map_err(file_error(path, "written"))?;
    Ok(true)
}

/// Takes this program's line out of a file of husky's. Says whether it was there.
pub fn remove_line(path: &Path, hook: Hook) -> Result<bool, Error> {
    let Ok(old) = std::fs::read_to_string(path) else { return Ok(false) };
    let new = old.replace(&shell_line(hook), "");
    if new == old {
        return Ok(false);
    }
    if new.is_empty() {
        std::fs::remove_file(path).map_err(file_error(path, "removed"))?;
    } else {
        std::fs::write(path, new).map_err(file_error(path, "written"))?;
    }
    Ok(true)
}

fn shell_line(hook: Hook) -> String {
    format!("unleak hook run {} \"$@\"\n", hook.name())
}

fn lefthook(hook: Hook) -> String {
    let arguments = match hook {
        Hook::CommitMsg => " {1}",
        Hook::PrePush => " {1} {2}\n      use_stdin: true",
        Hook::PreReceive => "\n      use_stdin: true",
        Hook::PreCommit | Hook::PreMergeCommit => "",
    };
    let name = hook.name();
    format!("{name}:\n  commands:\n    unleak:\n      run: unleak hook run {name}{arguments}\n")
}

fn pre_commit(hooks: &[Hook], indent: &str) -> String {
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

fn prek(hooks: &[Hook]) -> String {
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

/// How far the items of `repos:` stand in, if that list ends the file.
fn indent_of_last_list(yaml: &str) -> Option<String> {
    let is_top = |line: &&str| !line.starts_with([' ', '\t', '-', '#']) && !line.trim().is_empty();
    if yaml.lines().rfind(is_top)?.trim_end() != "repos:" {
        return None;
    }
    let item =
        yaml.lines().skip_while(|line| line.trim_end() != "repos:").find(|l| l.trim_start().starts_with("- "))?;
    Some(item[..item.len() - item.trim_start().len()].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_added_to_only_where_it_ends_the_file() {
        assert_eq!(indent_of_last_list("repos:\n- repo: x\n  rev: y\n"), Some(String::new()));
        assert_eq!(indent_of_last_list("a: b\nrepos:\n    - repo: x\n# end\n"), Some("    ".into()));
        assert_eq!(indent_of_last_list("repos:\n- repo: x\nci:\n  a: b\n"), None);
        assert_eq!(indent_of_last_list("repos: [{repo: x}]\n"), None);
    }

    #[test]
    fn husky_is_known_by_its_folder() {
        assert!(is_husky(".husky/_") && is_husky("sub/.husky") && is_husky(".husky/_/"));
        assert!(!is_husky(".githooks"));
    }
}
