//! What Git itself says of a repository's hooks: its version, the folder, the settings.

use super::{Error, Hook};
use gix::bstr::ByteSlice;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The first version that takes hooks from its settings.
const CONFIG_HOOKS: (u32, u32) = (2, 54);

/// Git, in one folder.
#[derive(Debug, Clone)]
pub struct Git {
    folder: PathBuf,
}

/// A repository's hooks, and what else decides about them.
#[derive(Debug, Clone)]
pub struct Place {
    /// Git, at the top of the repository.
    pub git: Git,
    /// The folder of the files or, in a bare repository, the repository.
    pub top: PathBuf,
    /// Whether there are no files.
    pub is_bare: bool,
    /// The folder with the hooks.
    pub hooks: PathBuf,
    /// `core.hooksPath`, if it is set.
    pub hooks_path: Option<String>,
    /// Whether this Git takes hooks from its settings.
    pub has_config_hooks: bool,
}

impl Git {
    /// Git in that folder.
    pub fn new(folder: &Path) -> Git {
        Git { folder: folder.to_path_buf() }
    }

    /// Runs it. None: it ended with status 1, its word for "there is none".
    pub fn ask(&self, arguments: &[&str]) -> Result<Option<Vec<u8>>, Error> {
        let mut command = Command::new("git");
        // Of what it says, one thing is read: that there is no repository.
        command.current_dir(&self.folder).args(arguments).env("LC_ALL", "C").stdin(Stdio::null());
        let output = command.output();
        let output = output.map_err(Error::NoGit)?;
        match output.status.code() {
            Some(0) => {
                let end = output.stdout.trim_end_with(|c| c == '\n' || c == '\r').len();
                Ok(Some(output.stdout[..end].to_vec()))
            }
            Some(1) => Ok(None),
            _ => Err(Error::Git {
                command: arguments.join(" "),
                why: String::from_utf8_lossy(&output.stderr).trim().replace('\n', " "),
            }),
        }
    }

    /// The same, as text, where there must be an answer.
    fn text(&self, arguments: &[&str]) -> Result<String, Error> {
        let answer = self.ask(arguments)?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    fn path(&self, arguments: &[&str]) -> Result<PathBuf, Error> {
        let answer = self.ask(arguments)?.unwrap_or_default();
        let path = answer.to_path().map_or_else(|_| PathBuf::from(answer.to_str_lossy().as_ref()), Path::to_path_buf);
        Ok(self.folder.join(path))
    }

    /// A setting; `scope` is `--global`, `--local` or nothing for whichever counts.
    pub fn setting(&self, scope: &str, name: &str) -> Result<Option<String>, Error> {
        let arguments: Vec<&str> = ["config", scope, "--get", name].into_iter().filter(|a| !a.is_empty()).collect();
        Ok(self.ask(&arguments)?.map(|value| String::from_utf8_lossy(&value).into_owned()))
    }

    /// Sets it.
    pub fn set(&self, scope: &str, name: &str, value: &str) -> Result<(), Error> {
        let done = self.ask(&["config", scope, name, value])?;
        done.map(|_| ()).ok_or_else(|| Error::Git { command: format!("config {scope} {name}"), why: String::new() })
    }

    /// Removes a section of the settings, which may not be there.
    pub fn forget(&self, scope: &str, section: &str) -> Result<(), Error> {
        self.ask(&["config", scope, "--remove-section", section]).map(|_| ())
    }

    /// Whether it takes hooks from its settings.
    pub fn has_config_hooks(&self) -> Result<bool, Error> {
        Ok(version(&self.text(&["version"])?).is_some_and(|version| version >= CONFIG_HOOKS))
    }
}

impl Place {
    /// Asks Git about the repository round the folder.
    pub fn of(folder: &Path) -> Result<Place, Error> {
        let git = Git::new(folder);
        let inside = git.text(&["rev-parse", "--is-inside-work-tree"]).map_err(|error| match error {
            Error::Git { why, .. } if why.contains("not a git repository") => Error::NoRepository(folder.to_path_buf()),
            error => error,
        });
        let is_bare = inside? != "true";
        let top = git.path(&["rev-parse", if is_bare { "--absolute-git-dir" } else { "--show-toplevel" }])?;
        // Relative to the top, as Git runs hooks there.
        let git = Git::new(&top);
        Ok(Place {
            hooks: git.path(&["rev-parse", "--git-path", "hooks"])?,
            hooks_path: git.setting("", "core.hooksPath")?,
            has_config_hooks: git.has_config_hooks()?,
            is_bare,
            top,
            git,
        })
    }

    /// The hooks that belong into this kind of repository.
    pub fn usual(&self) -> &'static [Hook] {
        if self.is_bare { &[Hook::PreReceive] } else { &Hook::CLIENT }
    }
}

/// The version in what `git version` prints.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix("git version ")?.split('.').map(|n| n.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_all_builds_are_read() {
        assert_eq!(version("git version 2.47.3"), Some((2, 47)));
        assert_eq!(version("git version 2.54.0.windows.1"), Some((2, 54)));
        assert_eq!(version("git version 2.39.5 (Apple Git-154)"), Some((2, 39)));
        assert_eq!(version("git version 3.0.0"), Some((3, 0)));
        assert_eq!(version("hub version 2"), None);
    }
}
