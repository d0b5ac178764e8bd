//! Programs that look after a repository's hooks: told apart, and what each has to be told.

use super::git::Place;
use super::{Error, Hook, added, file_error, install};
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
        let one = |text: String| hooks.first().map(|hook| (self.file(place, *hook), text)).into_iter().collect();
        match self {
            Manager::Husky | Manager::HooksPath => {
                hooks.iter().map(|hook| (self.file(place, *hook), shell_line(hook))).collect()
            }
            Manager::Lefthook => one(added::lefthook(hooks)),
            Manager::PreCommit => one(added::pre_commit(hooks, "  ")),
            Manager::Prek => one(added::prek(hooks)),
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
        // Husky has a file a hook, the others have one for all.
        let groups: Vec<&[Hook]> = if self == Manager::Husky { hooks.chunks(1).collect() } else { vec![hooks] };
        let mut changed = Vec::new();
        for group in groups {
            let Some(path) = group.first().map(|hook| self.file(place, *hook)) else { continue };
            if self.add(&path, place, group)? {
                changed.push(path);
            }
        }
        Ok(changed)
    }

    /// Adds to one of its files what these hooks need. Says whether that changed it.
    fn add(self, path: &Path, place: &Place, hooks: &[Hook]) -> Result<bool, Error> {
        let old = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(file_error(path, "read")(error)),
        };
        let refused = |why| {
            let snippet = self.snippets(place, hooks).into_iter().map(|(_, text)| text).collect();
            Error::Unwritable { path: path.to_path_buf(), why, snippet }
        };
        let text = std::str::from_utf8(&old).map_err(|_| refused("it is not UTF-8"))?;
        let lacking: Vec<Hook> =
            hooks.iter().copied().filter(|hook| !text.contains(&format!("unleak hook run {}", hook.name()))).collect();
        if lacking.is_empty() {
            return Ok(false);
        }
        let new = match self {
            Manager::Lefthook if path.extension().is_some_and(|e| e == "toml" || e == "json") => {
                Err("only lefthook's YAML files can be")
            }
            Manager::Lefthook => added::to_lefthook(text, &lacking),
            Manager::PreCommit => added::to_pre_commit(text, &lacking),
            Manager::Prek => added::to_prek(text, &lacking),
            Manager::Husky | Manager::HooksPath => {
                Ok(added::behind(text, &lacking.iter().map(shell_line).collect::<String>()))
            }
        };
        put(path, &new.map_err(refused)?)?;
        Ok(true)
    }
}

/// The mode of a file that was not there.
const NEW: u32 = 0o666;

/// Writes a file, whole or not at all. One that is there keeps its permissions, and a link to it stays one.
fn put(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(file_error(folder, "made"))?;
    match path.canonicalize().and_then(|real| Ok((std::fs::metadata(&real)?.permissions(), real))) {
        Ok((permissions, real)) => install::put(&real, text, NEW, Some(permissions)),
        Err(_) => install::put(path, text, NEW, None),
    }
}

/// Takes this program's line out of a file of husky's. Says whether it was there.
pub fn remove_line(path: &Path, hook: Hook) -> Result<bool, Error> {
    let Ok(old) = std::fs::read_to_string(path) else { return Ok(false) };
    let new = old.replace(&shell_line(&hook), "");
    if new == old {
        return Ok(false);
    }
    if new.is_empty() {
        std::fs::remove_file(path).map_err(file_error(path, "removed"))?;
    } else {
        put(path, &new)?;
    }
    Ok(true)
}

fn shell_line(hook: &Hook) -> String {
    format!("unleak hook run {} \"$@\"\n", hook.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn husky_is_known_by_its_folder() {
        assert!(is_husky(".husky/_") && is_husky("sub/.husky") && is_husky(".husky/_/"));
        assert!(!is_husky(".githooks"));
    }
}
