//! The hook of a coding assistant: what a tool is about to write or run is scanned first.
//!
//! It refuses with exit status 2, since assistants take 1 for a hook that failed and go on. For the same reason it
//! refuses when it can't tell: a call that can't be read, a configuration with a mistake.

use super::environment::Environment;
use super::reports::{self, tell};
use super::scanning;
use crate::cli;
use anyhow::{Context, Result};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use unleak::finding::Finding;
use unleak::hook::git::Git;
use unleak::hook::outcome::{self, Outcome};
use unleak::hook::tool::{Answer, Call};
use unleak::output::{self, Format};
use unleak::report::{ExitStatus, Scanned};
use unleak::source::{self, Selection};

/// Reads a call from standard input and answers it.
pub fn pre_tool(options: &cli::Scan, environment: &Environment) -> Result<ExitStatus> {
    if environment.is_off {
        tell("UNLEAK=0: the hook was skipped, nothing was scanned");
        return Ok(ExitStatus::Clean);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).context("reading the call of a tool")?;
    let call = Call::read(&bytes)?;
    let answer = call.answer;
    match judged(&call, options, environment) {
        Ok(lines) if lines.is_empty() => Ok(ExitStatus::Clean),
        Ok(lines) => refuse(answer, lines, options.exit_zero),
        Err(error) if answer == Answer::Json => refuse(answer, vec![format!("refused: {error:#}")], false),
        Err(error) => Err(error),
    }
}

/// Says why not, in the way the assistant listens to.
fn refuse(answer: Answer, lines: Vec<String>, is_forgiven: bool) -> Result<ExitStatus> {
    lines.iter().for_each(|line| tell(line));
    if is_forgiven {
        return Ok(ExitStatus::Clean);
    }
    if answer == Answer::Status {
        return Ok(ExitStatus::Error);
    }
    let reason = output::harmless(&lines.join("\n"));
    let decision = serde_json::json!({ "permissionDecision": "deny", "permissionDecisionReason": reason });
    writeln!(io::stdout().lock(), "{decision}").context("answering on standard output")?;
    Ok(ExitStatus::Clean)
}

/// The lines of the refusal; none if there is nothing to refuse.
fn judged(call: &Call, options: &cli::Scan, environment: &Environment) -> Result<Vec<String>> {
    let environment =
        call.cwd.as_ref().filter(|cwd| cwd.is_dir()).map_or_else(|| environment.clone(), |cwd| environment.within(cwd));
    let mut lines = of_texts(call, options, &environment)?;
    for folder in call.commits_in(&environment.surroundings.cwd) {
        let there = environment.within(&folder);
        if folder.is_dir() && source::is_repository(&there.surroundings) {
            let (mut report, fail_on) = scanning::report_on(Selection::Staged, options, &there)?;
            report.findings.retain(|finding| finding.severity >= fail_on);
            let place = |finding: &Finding| {
                format!(
                    "is staged at {}:{}",
                    String::from_utf8_lossy(&finding.origin.path),
                    finding.location.start_line
                )
            };
            lines.extend(output::refusal(&report, &format!("this commit ({})", call.tool), &place));
        }
    }
    Ok(lines)
}

/// What the texts of the call hold.
fn of_texts(call: &Call, options: &cli::Scan, environment: &Environment) -> Result<Vec<String>> {
    let cwd = &environment.surroundings.cwd;
    let root = source::root(&environment.surroundings);
    let chosen = environment.config(&options.config, root.as_deref())?;
    let fail_on = options.fail_on.or(chosen.config.fail_on).unwrap_or(scanning::FAIL_ON);
    let exclude = chosen.config.exclude.clone();
    let scan = scanning::prepared(chosen, options, scanning::Amount::Little);
    let name = |path: &Path| name_in(root.as_deref().unwrap_or(cwd), &cwd.join(path));
    let read = |path: &Path| held(&cwd.join(path));
    let texts = call.acts.iter().flat_map(|act| outcome::outcomes(act, name, read));
    let mut found = Vec::new();
    for Outcome { document, path, before } in texts {
        let file = String::from_utf8_lossy(&document.origin.path).into_owned();
        if path.is_some() && exclude.as_ref().is_some_and(|exclude| exclude.is_match(&file)) {
            continue;
        }
        let mut outcome = scan.document(&document, &|_| before.clone());
        // What stands in the file already is not this call's doing.
        outcome.findings.retain(|finding| finding.severity >= fail_on && finding.known.is_none());
        if !outcome.findings.is_empty() && path.is_some_and(|path| is_ignored(&cwd.join(path))) {
            outcome.findings.clear();
        }
        found.push(outcome);
    }
    let mut report = scan.report(Scanned { mode: "tool", ..Scanned::default() }, found, Vec::new());
    report.findings.retain(|finding| finding.severity >= fail_on);
    if options.format != Format::Human || options.output != Path::new("-") || !options.reports.is_empty() {
        anyhow::ensure!(reports::write(&report, options, environment.times()), "a report could not be written");
    }
    Ok(output::refusal(&report, &call.tool, &place))
}

/// What a file holds. A pipe or device would keep the assistant waiting.
fn held(path: &Path) -> Option<Vec<u8>> {
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    std::fs::read(path).ok()
}

fn place(finding: &Finding) -> String {
    match finding.origin.path.as_slice() {
        b"" => "in what the tool is handed".to_owned(),
        path if path == outcome::COMMAND.as_bytes() => "in the command".to_owned(),
        path => format!("in {}", String::from_utf8_lossy(path)),
    }
}

/// A path as reports have it: below the root where it is, else whole.
fn name_in(root: &Path, path: &Path) -> Vec<u8> {
    let tidy: PathBuf = path.components().collect();
    let name = tidy.strip_prefix(root).unwrap_or(&tidy);
    name.to_string_lossy().replace('\\', "/").into_bytes()
}

/// Whether Git ignores the file: then it is a place for secrets, `.env` say. The user's own list does not count.
fn is_ignored(path: &Path) -> bool {
    let Some(folder) = path.ancestors().skip(1).find(|folder| folder.is_dir()) else { return false };
    let path = path.to_string_lossy();
    let asked = Git::new(folder).ask(&["-c", "core.excludesFile=", "check-ignore", "--quiet", "--", &path]);
    matches!(asked, Ok(Some(_)))
}
