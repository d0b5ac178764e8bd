//! A sweep of a whole history from the repository named to the exit status, with progress for who watches.

use super::baselines::Looking;
use super::environment::Environment;
use super::{reports, scanning};
use crate::cli;
use anyhow::{Context, Result, bail};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use unleak::report::{ExitStatus, Report};
use unleak::source::{self, Surroundings};
use unleak::sweep::progress::{Pass, Progress};
use unleak::sweep::state::State;
use unleak::sweep::{self, Options, Swept};

/// Sweeps a history, writes the reports and says how it went.
pub fn history(asked: &cli::History, environment: &Environment) -> Result<ExitStatus> {
    told(asked, environment, |report| reports::write(report, &asked.scan, environment.times()))
}

/// Sweeps a history and says how it went. `tell` passes the report on and returns whether all of it was written.
pub fn told(asked: &cli::History, environment: &Environment, tell: impl FnOnce(&Report) -> bool) -> Result<ExitStatus> {
    let options = &asked.scan;
    let cloned;
    let surroundings = match &asked.repository {
        None => environment.surroundings.clone(),
        Some(url) if is_url(url, &environment.surroundings.cwd) => {
            cloned = clone(url, options.quiet)?;
            Surroundings { cwd: cloned.path().to_path_buf(), ..Surroundings::default() }
        }
        Some(path) => {
            let cwd = environment.surroundings.cwd.join(path);
            if !cwd.is_dir() {
                bail!("{path} is no folder: name a repository by its path or URL");
            }
            Surroundings { cwd, ..Surroundings::default() }
        }
    };
    let root = source::root(&surroundings);
    let chosen = environment.config(&options.config, root.as_deref())?;
    let notices = chosen.config.notices.clone();
    let cwd = &environment.surroundings.cwd;
    let looking = Looking { config: &chosen.config, root: root.as_deref(), cwd, surroundings: &surroundings };
    let judging = looking.judging(&options.baseline, &[]).context("reading the baseline")?;
    let fail_on = options.fail_on.or(chosen.config.fail_on).unwrap_or(scanning::FAIL_ON);
    let archives = options.archives.or(chosen.config.archives).unwrap_or_default();
    let scan = scanning::prepared(chosen, options, scanning::Amount::Much);
    let mut how = Options::default();
    if let Some(threads) = options.threads {
        how.threads = threads.into();
    }
    how.archives = archives;
    how.shard = asked.shard.unwrap_or_default();
    if let Some(file) = &asked.since_state {
        how.since = State::read(file)?;
    }
    let progress = Progress::default();
    let swept = watched(&progress, !options.quiet, || {
        scanning::in_threads(options.threads, || sweep::sweep(&surroundings, &scan, &how, &progress))
    });
    let Swept { mut report, state } = swept?.context("sweeping the history")?;
    scanning::say_costs(&scan, &mut report, options);
    report.notices.extend(notices);
    report.findings.retain(|finding| !scan.judge.allows_commits_of(finding));
    report.notices.extend(searched_in_full(scan.engine.whole_rules()));
    if let Some(judging) = judging {
        judging.judge(&mut report, true, options.explain);
    }
    let all_written = tell(&report);
    // What was not read, or not told to anyone, has to be read again.
    if let Some(file) = asked.since_state.as_ref().filter(|_| all_written) {
        if report.coverage.is_complete() || asked.allow_partial {
            state.write(file)?;
        } else {
            reports::tell(&format!("the state {} stays as it was, since the sweep is partial", file.display()));
        }
    }
    Ok(scanning::status_allowing(asked.allow_partial, report, fail_on, all_written, options.exit_zero))
}

/// What to say of rules that have no anchors, and how many of them look at every text.
fn searched_in_full((rules, always): (usize, usize)) -> Option<String> {
    let which = match (rules, always) {
        (0, _) => return None,
        (_, 0) => "one of their keywords stands in".to_owned(),
        _ => format!("there is ({always} of them have neither a keyword nor a text that they need)"),
    };
    Some(format!("{rules} rules are not bound to a place in the text: each text that {which} was searched in full"))
}

/// Whether this names a repository elsewhere: it has a scheme, or looks like `host:path` and is no path here.
fn is_url(text: &str, cwd: &Path) -> bool {
    let is_scp = || text.split_once(':').is_some_and(|(host, _)| host.len() > 1 && !host.contains(['/', '\\']));
    text.contains("://") || (is_scp() && !cwd.join(text).exists())
}

/// A bare clone of everything, in a folder that goes away with it.
fn clone(url: &str, quiet: bool) -> Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new().prefix("unleak-").tempdir().context("making a temporary folder")?;
    if !quiet {
        reports::tell(&format!("cloning {url} into {}, to be deleted afterwards", folder.path().display()));
    }
    let mut git = Command::new("git");
    git.args(["clone", "--mirror", "--quiet", "--", url]).arg(folder.path()).stdin(Stdio::null());
    let cloned = git.status().context("starting git to clone the repository")?;
    if !cloned.success() {
        bail!("git could not clone {url}");
    }
    Ok(folder)
}

/// Runs the work and, on a terminal, shows how far it has come.
fn watched<T: Send>(progress: &Progress, wanted: bool, work: impl FnOnce() -> T + Send) -> T {
    if !wanted || !std::io::stderr().is_terminal() {
        return work();
    }
    std::thread::scope(|scope| {
        let (done, is_done) = channel::<()>();
        scope.spawn(move || show(progress, &is_done));
        let result = work();
        drop(done);
        result
    })
}

fn show(progress: &Progress, is_done: &Receiver<()>) {
    let begun = Instant::now();
    let mut pass = (progress.pass(), begun);
    while let Err(RecvTimeoutError::Timeout) = is_done.recv_timeout(Duration::from_millis(200)) {
        if progress.pass() != pass.0 {
            pass = (progress.pass(), Instant::now());
        }
        let line = line(progress, pass.0, pass.1.elapsed());
        let _ = write!(anstream::stderr().lock(), "\r\x1b[K{line}");
    }
    let _ = write!(anstream::stderr().lock(), "\r\x1b[K");
}

/// "reading blobs: 1200 of 161216, 40 MB, 3 with possible findings, 5 s left".
fn line(progress: &Progress, pass: Pass, taken: Duration) -> String {
    use std::sync::atomic::Ordering::Relaxed;
    let (done, total) = (progress.objects.load(Relaxed), progress.total.load(Relaxed));
    let mut line = pass.name().to_owned();
    if total > 0 {
        line += &format!(": {} of {total}", done.min(total));
    }
    line += &format!(", {} MB", progress.bytes.load(Relaxed) / 1_000_000);
    let candidates = progress.candidates.load(Relaxed);
    if candidates > 0 {
        line += &format!(", {candidates} with possible findings");
    }
    if done > 0 && total > done && taken > Duration::from_secs(1) {
        let left = taken.as_secs_f64() / done as f64 * (total - done) as f64;
        line += &format!(", {left:.0} s left");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_here_is_no_url() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(is_url("https://example.org/a.git", here));
        assert!(is_url("git@example.org:a/b", here));
        assert!(!is_url("src", here));
        assert!(!is_url("../a/b:c", here));
        assert!(!is_url("C:\\a", here));
    }
}
