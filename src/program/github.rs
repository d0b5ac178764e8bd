//! What a GitHub Actions event brings, from its payload to annotations, the job's summary, outputs and exit status.

use super::baselines::Looking;
use super::environment::Environment;
use super::runner::{Runner, secret_word};
use super::{history, reports, scanning};
use crate::cli::{self, Github};
use anyhow::{Context, Result, bail};
use std::io::Write;
use unleak::event::{Event, Task, Wanted};
use unleak::output::{self, Format, Style, Times};
use unleak::report::{ExitStatus, Report};
use unleak::source::{self, Push, Selection, Side};

/// Scans what the event brings, tells the runner of it and says how it went.
pub fn github(mut asked: Github, environment: &Environment) -> Result<ExitStatus> {
    if asked.scan.reveal {
        bail!("--reveal is refused where the log may be public");
    }
    let runner = Runner::read()?;
    if let Some(sarif) = &mut asked.sarif {
        *sarif = environment.surroundings.cwd.join(&*sarif);
    }
    let status = scanned(&asked, &runner, environment);
    let told = status.or_else(|error| {
        refuse(&error, &runner)?;
        Ok(ExitStatus::Error)
    });
    runner.output("exit-code", &(told.as_ref().map_or(ExitStatus::Error as u8, |status| *status as u8)).to_string())?;
    told
}

fn scanned(asked: &Github, runner: &Runner, environment: &Environment) -> Result<ExitStatus> {
    let wanted = match asked.what {
        cli::What::Auto => Wanted::Auto,
        cli::What::Diff => Wanted::Diff,
        cli::What::History => Wanted::History,
        cli::What::Files => Wanted::Files,
    };
    let commit = |revision: &str| source::commit_id(&environment.surroundings, revision);
    let task = runner.event.task(wanted, asked.base.as_deref(), asked.head.as_deref(), &commit)?;
    match task {
        Task::Nothing(why) => {
            say(&format!("unleak: {why}, so nothing was scanned"))?;
            runner.summarize(&format!("## unleak: nothing to scan\n\n{why}\n"))?;
            runner.output("findings", "0")?;
            runner.output("state", "nothing")?;
            Ok(ExitStatus::Clean)
        }
        Task::History => {
            let base = runner.event.base().and_then(commit);
            let scan = judged_by_base(asked, base, &runner.event, environment)?;
            let asked_for =
                cli::History { repository: None, allow_partial: false, since_state: None, shard: None, scan };
            let teller =
                Teller { asked, runner, words: "the whole history", is_whole: true, times: environment.times() };
            let mut is_complete = false;
            let status = history::told(&asked_for, environment, |report| {
                is_complete = report.coverage.is_complete();
                teller.tell(report)
            })?;
            teller.conclude(status, is_complete)?;
            Ok(status)
        }
        Task::Scan(selection, words) => {
            let is_whole = matches!(selection, Selection::Files { .. });
            let teller = Teller { asked, runner, words: &words, is_whole, times: environment.times() };
            let base = match &selection {
                Selection::Push(Push { side: Side::Runner(known), .. }) => known.last().cloned(),
                _ => runner.event.base().and_then(commit),
            };
            let options = judged_by_base(asked, base, &runner.event, environment)?;
            let (report, fail_on) = scanning::report_on(selection, &options, environment)?;
            let all_written = teller.tell(&report);
            let status = scanning::status(&report, fail_on, all_written, asked.scan.exit_zero);
            teller.conclude(status, report.coverage.is_complete())?;
            Ok(status)
        }
    }
}

/// The options, judged by what the commits go to: a change must not accept its own findings, and a pull request not
/// switch off what looks at it. What lies outside of the repository is out of its reach.
fn judged_by_base(asked: &Github, base: Option<String>, event: &Event, environment: &Environment) -> Result<cli::Scan> {
    let mut options = asked.scan.clone();
    let Some(base) = base else { return Ok(options) };
    if event.is_pull_request() && !asked.own_config && !options.config.no_config {
        options.config.config_from.get_or_insert_with(|| base.clone());
    }
    let root = source::root(&environment.surroundings);
    let config = environment.config(&options.config, root.as_deref())?.config;
    let surroundings = &environment.surroundings;
    let looking = Looking { config: &config, root: root.as_deref(), cwd: &surroundings.cwd, surroundings };
    options.baseline = looking.judged_at(&options.baseline, Some(&base));
    Ok(options)
}

/// Tells the runner of one scan.
struct Teller<'a> {
    asked: &'a Github,
    runner: &'a Runner,
    /// What is scanned.
    words: &'a str,
    /// Whether that is all there is, and not only what came last.
    is_whole: bool,
    /// The times that reports have.
    times: Times,
}

impl Teller<'_> {
    /// Writes the reports; says what could not be written and returns whether all was.
    fn tell(&self, report: &Report) -> bool {
        let told = self.write(report);
        told.unwrap_or_else(|error| {
            reports::tell(&format!("error: {error:#}"));
            false
        })
    }

    fn write(&self, report: &Report) -> Result<bool> {
        let mut options = self.asked.scan.clone();
        options.reports.extend(self.asked.sarif.iter().map(|file| (Format::Sarif, file.clone())));
        // What stands in files must not be taken for a command of the runner.
        let word = secret_word();
        let range = report.scan.revisions.as_deref().map(|range| format!(" ({range})")).unwrap_or_default();
        say(&format!("unleak scans {}{range}\n::stop-commands::{word}", output::harmless(self.words)))?;
        let all_written = reports::write(report, &options, self.times);
        say(&format!("::{word}::"))?;
        let why_not = self.why_not_uploaded();
        if !self.asked.no_annotations || (self.asked.upload && !self.runner.event.may_write()) {
            let mut lines = Vec::new();
            output::write(report, Format::Github, &Style::default(), &mut lines)?;
            std::io::stdout().lock().write_all(&lines).context("writing annotations")?;
        }
        if let Some(why) = why_not {
            say(&format!("::notice title=unleak::{why}"))?;
        }
        self.runner.summarize(&output::github_summary(report))?;
        self.runner.summarize(&output::scanned(self.words, report))?;
        if report.coverage.history.as_ref().is_some_and(|history| !history.shallow.is_empty()) {
            let mend = self.runner.event.mend();
            say(&format!("unleak: the checkout is shallow: {mend}"))?;
            self.runner.summarize(&format!("\nThe checkout is shallow: {}", fenced(&mend)))?;
        }
        if let Some(why) = why_not {
            self.runner.summarize(&format!("\n{why}.\n"))?;
        }
        self.runner.output("findings", &report.findings.len().to_string())?;
        if let Some(root) = &report.scan.root {
            self.runner.output("root", &root.display().to_string())?;
        }
        if let Some(sarif) = self.asked.sarif.as_ref().filter(|file| file.exists()) {
            self.runner.output("sarif-file", &sarif.display().to_string())?;
            self.runner.output("upload", if self.asked.upload && why_not.is_none() { "true" } else { "false" })?;
        }
        Ok(all_written)
    }

    /// Why code scanning does not get the report, when it was to get it.
    fn why_not_uploaded(&self) -> Option<&'static str> {
        let event = &self.runner.event;
        if !self.asked.upload {
            None
        } else if !event.may_write() {
            Some("Not uploaded to code scanning: a pull request from a fork may not write")
        } else if !self.is_whole && !event.is_pull_request() {
            Some(
                "Not uploaded to code scanning, which would take what this event brings for all there is and close \
                 the other alerts; a job with `scan: history` or `scan: files` uploads",
            )
        } else {
            None
        }
    }

    fn conclude(&self, status: ExitStatus, is_complete: bool) -> Result<()> {
        let state = match status {
            ExitStatus::Clean => "clean",
            ExitStatus::Findings => "findings",
            ExitStatus::Error if is_complete => "error",
            ExitStatus::Error => "incomplete",
        };
        self.runner.output("state", state)
    }
}

/// Says what went wrong where its readers look: in an annotation, the summary and the log.
fn refuse(error: &anyhow::Error, runner: &Runner) -> Result<()> {
    let lacks_commits = error.chain().any(|cause| {
        matches!(
            cause.downcast_ref::<source::Error>(),
            Some(source::Error::Revision { .. } | source::Error::Shallow { .. } | source::Error::Unrelated(_))
        )
    });
    let what = output::harmless(&format!("{error:#}"));
    let mend = if lacks_commits { runner.event.mend() } else { String::new() };
    let text = if lacks_commits { format!("{what}\nTo mend it, {mend}") } else { what.clone() };
    say(&output::command("error", "unleak: nothing was scanned", &text))?;
    let mend = if lacks_commits { format!("To mend it, {}", fenced(&mend)) } else { String::new() };
    runner.summarize(&format!("## unleak: error, nothing was scanned\n\n{}\n\n{mend}", output::markdown(&what)))?;
    runner.output("state", "error")
}

/// "add to …:" and the lines of YAML that follow, as Markdown.
fn fenced(mend: &str) -> String {
    let mut page = String::new();
    let mut is_open = false;
    for line in mend.lines() {
        let is_code = line.starts_with(' ');
        if is_code != is_open {
            page.push_str(if is_code { "\n```yaml\n" } else { "```\n\n" });
            is_open = is_code;
        }
        page.push_str(line);
        page.push('\n');
    }
    page + if is_open { "```\n" } else { "" }
}

fn say(text: &str) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{text}").context("writing to standard output")
}
