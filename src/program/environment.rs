//! The environment, read once and handed down as values; and the configuration that it and the options point to.

use super::baselines::{self, today};
use crate::cli;
use anyhow::{Context, Result, anyhow, bail};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use unleak::config::{self, Config};
use unleak::output::Times;
use unleak::source::{Standing, Surroundings};

/// What the process finds round itself.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The current folder, and Git's variables.
    pub surroundings: Surroundings,
    /// UNLEAK_CONFIG.
    config: Option<PathBuf>,
    /// Whether a push is being received: what it brings is not trusted to judge itself.
    is_receiving: bool,
    /// Whether UNLEAK is 0: hooks let everything pass, once.
    pub is_off: bool,
    /// What a hook manager that reads Git's standard input itself tells of a push.
    pub push: Option<ManagedPush>,
    /// The folder of settings of all programs.
    pub settings: Option<PathBuf>,
    clock: Clock,
}

/// Where the times in a report come from.
#[derive(Debug, Clone)]
enum Clock {
    /// The machine's clock: when the program began.
    Running(Timestamp),
    /// SOURCE_DATE_EPOCH, which stands for any time, so that the same input makes the same bytes.
    Stopped(i64),
}

/// A push, as pre-commit and prek tell a hook of it.
#[derive(Debug, Clone)]
pub struct ManagedPush {
    /// PRE_COMMIT_REMOTE_NAME.
    pub remote: String,
    /// PRE_COMMIT_FROM_REF: what the remote has; not set when all of it is new.
    pub from: Option<String>,
    /// PRE_COMMIT_TO_REF or, when all of it is new, PRE_COMMIT_LOCAL_BRANCH.
    pub to: String,
}

/// A configuration, and where it was found.
#[derive(Debug)]
pub struct Chosen {
    /// What it says.
    pub config: Config,
    /// It is the scanned repository's own: its path there, as Git has it, and the one that it leads to if it is a link.
    pub own_paths: Vec<Vec<u8>>,
}

impl Environment {
    /// Reads it.
    pub fn read() -> Result<Self> {
        let cwd = std::env::current_dir().context("asking for the current folder")?;
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let mut surroundings = Surroundings::new(cwd, |name| std::env::var_os(name));
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        surroundings.merging = names.filter_map(|name| name.strip_prefix("GITHEAD_").map(str::to_owned)).collect();
        let text = |name| set(name).and_then(|value| value.into_string().ok());
        let home = || Some(PathBuf::from(set("HOME").or_else(|| set("USERPROFILE"))?).join(".config"));
        Ok(Environment {
            surroundings,
            is_off: text("UNLEAK").is_some_and(|value| value == "0"),
            push: text("PRE_COMMIT_REMOTE_NAME").and_then(|remote| {
                let to = text("PRE_COMMIT_TO_REF").or_else(|| text("PRE_COMMIT_LOCAL_BRANCH"))?;
                Some(ManagedPush { remote, from: text("PRE_COMMIT_FROM_REF"), to })
            }),
            settings: set("XDG_CONFIG_HOME").map(PathBuf::from).or_else(home),
            clock: match text("SOURCE_DATE_EPOCH").and_then(|seconds| seconds.parse().ok()) {
                Some(seconds) => Clock::Stopped(seconds),
                None => Clock::Running(Timestamp::now()),
            },
            config: set("UNLEAK_CONFIG").map(PathBuf::from),
            is_receiving: set("GIT_QUARANTINE_PATH").is_some(),
        })
    }

    /// The same for a process in another folder.
    pub fn within(&self, folder: &Path) -> Self {
        let mut there = self.clone();
        there.surroundings.cwd = self.surroundings.cwd.join(folder);
        there
    }

    /// When the scan began, and now.
    pub fn times(&self) -> Times {
        match self.clock {
            Clock::Running(began) => Times { began: began.as_second(), ended: Timestamp::now().as_second() },
            Clock::Stopped(at) => Times { began: at, ended: at },
        }
    }

    /// The configuration that counts: the one named by an option, else by UNLEAK_CONFIG, else the one at the
    /// root of the files that are scanned, else none.
    pub fn config(&self, options: &cli::Config, root: Option<&Path>) -> Result<Chosen> {
        let none = || Chosen { config: Config::default(), own_paths: Vec::new() };
        if options.no_config {
            return Ok(none());
        }
        let named = options.config.as_ref().or(self.config.as_ref());
        if let Some(revision) = &options.config_from
            && let Some(config) = self.config_at(revision, named, root)?
        {
            return Ok(Chosen { config, own_paths: Vec::new() });
        }
        if let Some(path) = named {
            let config = read(&self.surroundings.cwd.join(path), &path.display().to_string())?;
            return Ok(Chosen { config, own_paths: Vec::new() });
        }
        let Some((root, path)) = root.filter(|_| !self.is_receiving).and_then(|root| Some((root, config::find(root)?)))
        else {
            return Ok(none());
        };
        let shown = path.strip_prefix(&self.surroundings.cwd).unwrap_or(&path);
        let below = |path: &Path, root: &Path| {
            path.strip_prefix(root).ok().map(|path| path.to_string_lossy().replace('\\', "/").into_bytes())
        };
        let real = path.canonicalize().ok().zip(root.canonicalize().ok()).and_then(|(path, root)| below(&path, &root));
        let own_paths = below(&path, root).into_iter().chain(real).collect();
        Ok(Chosen { config: read(&path, &shown.display().to_string())?, own_paths })
    }

    /// The configuration in a revision: the one that is named or stands at its root, else none. Nothing for a file that
    /// lies outside of the repository, and so out of a change's reach.
    fn config_at(&self, revision: &str, named: Option<&PathBuf>, root: Option<&Path>) -> Result<Option<Config>> {
        let named = match named {
            Some(path) => {
                match baselines::below(&self.surroundings.cwd.join(path), root.unwrap_or(&self.surroundings.cwd)) {
                    Some(path) => Some(path.to_string_lossy().replace('\\', "/")),
                    None => return Ok(None),
                }
            }
            None => None,
        };
        let paths = named.as_deref().map_or(config::FILES.to_vec(), |path| vec![path]);
        let standing = Standing::new(&self.surroundings, &[]).context("looking at the repository")?;
        for path in paths {
            let files = standing.files_at(revision, path.as_bytes()).context("reading the configuration")?;
            let Some((_, bytes)) = files.into_iter().flatten().find(|(own, _)| own == path.as_bytes()) else {
                continue;
            };
            let name = format!("{revision}:{path}");
            let text = String::from_utf8(bytes).map_err(|_| anyhow!("{name} is not UTF-8; save the file as UTF-8"))?;
            return Config::parse(&text, &name, today()).context("reading the configuration").map(Some);
        }
        if let Some(path) = named {
            bail!("{revision} has no file {path}: name one that it has, or leave out --config-from");
        }
        Ok(Some(Config::default()))
    }
}

fn read(path: &Path, name: &str) -> Result<Config> {
    Config::read(path, name, today()).context("reading the configuration")
}
