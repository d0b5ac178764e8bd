//! The environment, read once and handed down as values; and the configuration that it and the options point to.

use crate::cli;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use unleak::config::{self, Config};
use unleak::source::Surroundings;

/// What the process finds round itself.
#[derive(Debug)]
pub struct Environment {
    /// The current folder, and Git's variables.
    pub surroundings: Surroundings,
    /// UNLEAK_CONFIG.
    config: Option<PathBuf>,
    /// Whether a push is being received: what it brings is not trusted to judge itself.
    is_receiving: bool,
}

/// A configuration, and where it was found.
#[derive(Debug)]
pub struct Chosen {
    /// What it says.
    pub config: Config,
    /// It is the scanned repository's own: its path there, as Git has it.
    pub own_path: Option<Vec<u8>>,
}

impl Environment {
    /// Reads it.
    pub fn read() -> Result<Self> {
        let cwd = std::env::current_dir().context("asking for the current folder")?;
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Ok(Environment {
            surroundings: Surroundings::new(cwd, |name| std::env::var_os(name)),
            config: set("UNLEAK_CONFIG").map(PathBuf::from),
            is_receiving: set("GIT_QUARANTINE_PATH").is_some(),
        })
    }

    /// The configuration that counts: the one named by an option, else by UNLEAK_CONFIG, else the one at the
    /// root of the files that are scanned, else none.
    pub fn config(&self, options: &cli::Config, root: Option<&Path>) -> Result<Chosen> {
        let none = || Chosen { config: Config::default(), own_path: None };
        if options.no_config {
            return Ok(none());
        }
        let named = options.config.as_ref().or(self.config.as_ref());
        if let Some(path) = named {
            let config = read(&self.surroundings.cwd.join(path), &path.display().to_string())?;
            return Ok(Chosen { config, own_path: None });
        }
        let Some((root, path)) = root.filter(|_| !self.is_receiving).and_then(|root| Some((root, config::find(root)?)))
        else {
            return Ok(none());
        };
        let shown = path.strip_prefix(&self.surroundings.cwd).unwrap_or(&path);
        let own_path = path.strip_prefix(root).ok().map(|path| path.to_string_lossy().replace('\\', "/").into_bytes());
        Ok(Chosen { config: read(&path, &shown.display().to_string())?, own_path })
    }
}

fn read(path: &Path, name: &str) -> Result<Config> {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Config::read(path, name, today).context("reading the configuration")
}
