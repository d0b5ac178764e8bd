//! The runner of GitHub Actions: what it tells a step in variables and files, and what a step tells it.

use anyhow::{Context, Result, bail};
use std::fs::OpenOptions;
use std::hash::{BuildHasher, Hasher};
use std::io::Write;
use std::path::PathBuf;
use unleak::event::Event;

/// A runner, as a step sees it.
#[derive(Debug)]
pub struct Runner {
    /// What made the job run.
    pub event: Event,
    /// The file that takes the step's part of the job's summary.
    pub summary: Option<PathBuf>,
    outputs: Option<PathBuf>,
}

impl Runner {
    /// Reads the variables that it sets.
    pub fn read() -> Result<Runner> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let text = |name| set(name).and_then(|value| value.into_string().ok());
        let (Some(name), Some(path)) = (text("GITHUB_EVENT_NAME"), set("GITHUB_EVENT_PATH").map(PathBuf::from)) else {
            bail!(
                "GITHUB_EVENT_NAME and GITHUB_EVENT_PATH are not set, so this is no job of GitHub Actions: use \
                 `unleak range BASE..HEAD` or `unleak history`"
            );
        };
        let payload = std::fs::read(&path).with_context(|| format!("reading the event {}", path.display()))?;
        Ok(Runner {
            event: Event::read(&name, text("GITHUB_SHA"), &payload)?,
            summary: set("GITHUB_STEP_SUMMARY").map(PathBuf::from),
            outputs: set("GITHUB_OUTPUT").map(PathBuf::from),
        })
    }

    /// Sets an output of the step.
    pub fn output(&self, name: &str, value: &str) -> Result<()> {
        let Some(path) = &self.outputs else { return Ok(()) };
        if value.contains(['\n', '\r']) {
            bail!("the output {name} would have a line end in it: {value:?}");
        }
        append(path, &format!("{name}={value}\n")).with_context(|| format!("setting the output {name}"))
    }

    /// Adds to the job's summary.
    pub fn summarize(&self, markdown: &str) -> Result<()> {
        let Some(path) = &self.summary else { return Ok(()) };
        append(path, markdown).context("writing the job's summary")
    }
}

fn append(path: &PathBuf, text: &str) -> std::io::Result<()> {
    OpenOptions::new().append(true).create(true).open(path)?.write_all(text.as_bytes())
}

/// A word that nobody who wrote a file before could know. Between `::stop-commands::WORD` and `::WORD::` the runner
/// takes no line for a command.
pub fn secret_word() -> String {
    let random = || std::hash::RandomState::new().build_hasher().finish();
    format!("unleak-{:016x}{:016x}", random(), random())
}
