//! Runs the sources on a repository, within the library.

use super::Repository;
use std::path::Path;
use unleak::document::Aspect;
use unleak::report::Report;
use unleak::source::{Error, Selected, Selection, Surroundings, select};

/// A line that leaks.
pub fn leak(number: u64) -> String {
    format!("key = \"{}\"\n", super::sendgrid_key(number))
}

/// A file of some lines that are all different.
pub fn lines(name: &str) -> String {
    (0..20).map(|n| format!("{name} {n}\n")).collect()
}

/// A process in the folder, without any of Git's variables.
pub fn within(folder: impl AsRef<Path>) -> Surroundings {
    Surroundings { cwd: folder.as_ref().to_path_buf(), ..Surroundings::default() }
}

/// What the selection holds, which must be found.
pub fn selected(surroundings: &Surroundings, selection: Selection) -> Selected {
    select(selection, surroundings).unwrap_or_else(|error| panic!("{error}"))
}

/// Why the selection can't be found.
pub fn refused(surroundings: &Surroundings, selection: Selection) -> Error {
    select(selection, surroundings).map(|selected| selected.entries).expect_err("it should not be possible")
}

/// What a scan of the selection finds.
pub fn report(surroundings: &Surroundings, selection: Selection) -> Report {
    super::scan().run(selected(surroundings, selection))
}

/// What a scan of the staged changes finds.
pub fn staged(repository: &Repository) -> Report {
    report(&within(repository.path()), Selection::Staged)
}

/// What a scan of the range finds.
pub fn range(repository: &Repository, range: &str) -> Report {
    report(&within(repository.path()), Selection::Range(range.to_owned()))
}

/// What a scan of all files finds.
pub fn files(repository: &Repository) -> Report {
    report(&within(repository.path()), Selection::Files { paths: Vec::new(), no_ignore: false })
}

/// Each secret found, in the report's order: `path:line`, with `(known)`, `(name)`, `(link)` or `(message)`
/// behind it where that is so.
pub fn places(report: &Report) -> Vec<String> {
    let secrets = report.findings.iter().filter(|finding| finding.holds_secret());
    secrets
        .map(|finding| {
            let part = match finding.origin.part {
                Aspect::Content => "",
                Aspect::Path => " (name)",
                Aspect::LinkTarget => " (link)",
                _ => " (message)",
            };
            let known = if finding.known.is_some() { " (known)" } else { "" };
            let path = String::from_utf8_lossy(&finding.origin.path);
            format!("{path}:{}{part}{known}", finding.location.start_line)
        })
        .collect()
}

/// What was skipped and what is missing: `path: why`.
pub fn left_out(report: &Report) -> (Vec<String>, Vec<String>) {
    let told = |list: &[unleak::report::Skipped]| {
        list.iter().map(|s| format!("{}: {}", String::from_utf8_lossy(&s.what), s.why)).collect()
    };
    (told(&report.coverage.skipped), told(&report.coverage.missing))
}
