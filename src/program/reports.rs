//! Puts each report where it belongs: whole or not at all, and one that fails takes no other with it.

use crate::cli;
use anyhow::{Context, Result, anyhow};
use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use unleak::output::{self, Format, Style, Times};
use unleak::report::Report;

/// Writes all reports that were asked for; says on standard error which one could not be written. Returns whether
/// all were.
pub fn write(report: &Report, options: &cli::Scan, times: Times) -> bool {
    let mut all_written = true;
    for (format, target) in options.all_reports() {
        if let Err(error) = write_one(report, format, target, options, times) {
            all_written = false;
            tell(&format!("error: {error:#}"));
        }
    }
    let has_human = options.all_reports().any(|(format, target)| format == Format::Human && is_stdout(target));
    if !has_human {
        output::beside(report, options.quiet).iter().for_each(|line| tell(line));
    }
    all_written
}

/// Says a line on standard error. There is nobody left to tell if that fails.
pub fn tell(line: &str) {
    let _ = writeln!(anstream::stderr().lock(), "unleak: {}", output::harmless(line));
}

/// Whether writing failed since the reader went away: nothing is wrong on this side.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
    })
}

fn is_stdout(target: &Path) -> bool {
    target == Path::new("-")
}

fn write_one(report: &Report, format: Format, target: &Path, options: &cli::Scan, times: Times) -> Result<()> {
    let style = Style { times, ..style(options, is_stdout(target)) };
    if is_stdout(target) {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let written = output::write(report, format, &style, &mut out).map_err(anyhow::Error::from);
        return match written.and_then(|()| Ok(out.flush()?)) {
            Err(error) if is_broken_pipe(&error) => Ok(()),
            done => done.with_context(|| format!("writing the {format} report to standard output")),
        };
    }
    let mut bytes = Vec::new();
    output::write(report, format, &style, &mut bytes)
        .map_err(anyhow::Error::from)
        .and_then(|()| put(&bytes, format, target, options.reveal))
        .with_context(|| format!("writing the {format} report to {}", target.display()))
}

fn style(options: &cli::Scan, to_stdout: bool) -> Style {
    let color = match options.color {
        cli::Color::Always => true,
        cli::Color::Never => false,
        cli::Color::Auto => to_stdout && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
    };
    let is_terminal = to_stdout && io::stdout().is_terminal();
    let width = if is_terminal { terminal_size::terminal_size().map(|(width, _)| width.0.into()) } else { None };
    Style { color, reveal: options.reveal, width, explain: options.explain, quiet: options.quiet, ..Style::default() }
}

/// Puts a report for machines that shows no secrets.
pub fn put_json(bytes: &[u8], target: &Path) -> Result<()> {
    put(bytes, Format::Json, target, false)
}

fn put(bytes: &[u8], format: Format, target: &Path, reveals: bool) -> Result<()> {
    // A link stays one: what it points to is replaced.
    let target = target.canonicalize().unwrap_or_else(|_| target.to_path_buf());
    let old = std::fs::metadata(&target).ok();
    let is_special = old.as_ref().is_some_and(|old| !old.is_file() && !old.is_dir());
    // A job's summary is one file that each step adds to; a pipe or device can't be replaced.
    if is_special || format == Format::GithubSummary {
        let mut file = OpenOptions::new().append(true).create(true).open(&target)?;
        return Ok(file.write_all(bytes)?);
    }
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unleak-").suffix(".tmp");
    if let Some(old) = old.filter(|_| !reveals) {
        builder.permissions(old.permissions());
    } else {
        make_readable(&mut builder, reveals);
    }
    if !folder.is_dir() {
        return Err(anyhow!("there is no folder {}", folder.display()));
    }
    let mut file = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
    file.write_all(bytes)?;
    file.persist(&target).map_err(|error| anyhow!(error.error))?;
    Ok(())
}

/// A report is as readable as any new file, unless it shows secrets.
#[cfg(unix)]
fn make_readable(builder: &mut tempfile::Builder<'_, '_>, reveals: bool) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(if reveals { 0o600 } else { 0o666 }));
}

#[cfg(not(unix))]
fn make_readable(_: &mut tempfile::Builder<'_, '_>, _: bool) {}
