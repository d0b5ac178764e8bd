//! The GitHub Action: every `run:` step of `action.yml` with each event's payload, on real clones.

#![cfg(unix)]

mod others;
mod pull_requests;
mod pushes;
#[path = "../support/mod.rs"]
mod support;
mod world;

use support::action::Outcome;
use support::sendgrid_key;
use world::World;

/// The line that a shallow checkout has to be told.
const FULL: &str = "fetch-depth: 0";

/// Which files the annotations point to; a message is in none.
fn annotated(outcome: &Outcome) -> Vec<String> {
    let lines = outcome.log.lines().filter(|line| line.starts_with("::error ") || line.starts_with("::warning "));
    let lines = lines.filter(|line| !line.contains("title=unleak"));
    let mut files: Vec<String> = lines
        .map(|line| match line.split_once("file=") {
            Some((_, rest)) => rest.split([',', ':']).next().unwrap_or_default().to_owned(),
            None => "a message".to_owned(),
        })
        .collect();
    files.sort();
    files
}

/// A row of the table: what happened in which checkout, and what has to come of it.
struct Case {
    event: &'static str,
    state: &'static str,
    /// The files that are reported; none: clean.
    found: &'static [&'static str],
    exit: i32,
    run: fn(&World) -> Outcome,
    range: &'static str,
}

#[track_caller]
fn assert_told(case: &Case, outcome: &Outcome) {
    let what = format!("{}, {}: {outcome:#?}", case.event, case.state);
    assert_eq!(outcome.exit, Some(case.exit), "{what}");
    assert_eq!(outcome.passed, case.exit == 0, "{what}");
    assert_eq!(outcome.outputs["exit-code"], case.exit.to_string(), "{what}");
    assert_eq!(annotated(outcome), case.found, "{what}");
    for number in 0..9 {
        let secret = &sendgrid_key(number)[27..];
        assert!(!outcome.log.contains(secret) && !outcome.summary.contains(secret), "a secret was told: {what}");
    }
    if case.exit == 2 {
        assert!(outcome.log.contains(FULL) && outcome.summary.contains(FULL), "{what}");
        assert!(["error", "incomplete"].contains(&outcome.outputs["state"].as_str()), "{what}");
        return;
    }
    assert_eq!(outcome.outputs["findings"], case.found.len().to_string(), "{what}");
    let state = match (case.exit, case.range) {
        (1, _) => "findings",
        (_, "nothing") => "nothing",
        _ => "clean",
    };
    assert_eq!(outcome.outputs["state"], state, "{what}");
    for file in case.found.iter().filter(|file| file.contains('.')) {
        assert!(outcome.summary.contains(&file.replace('_', "&#95;")), "the summary lacks {file}: {what}");
    }
}

#[test]
fn each_event_scans_its_own_range() {
    let mut table = String::from("| Event | Checkout | Scanned | Exit status |\n|---|---|---|---|\n");
    let cases: Vec<&Case> = [pull_requests::CASES, pushes::CASES, others::CASES].into_iter().flatten().collect();
    let rows = in_turns(&cases, |case| {
        let world = World::new();
        let outcome = (case.run)(&world);
        assert_told(case, &outcome);
        assert_eq!(world.range(&outcome), case.range, "{}, {}", case.event, case.state);
        let range = match case.range.rsplit_once(" (") {
            Some((words, range)) => format!("{words}: `{}`", range.trim_end_matches(')')),
            None => case.range.to_owned(),
        };
        format!("| `{}` | {} | {range} | {} |\n", case.event, case.state, case.exit)
    });
    table.extend(rows);
    support::docs::assert_says("docs/github-action.md", "events", &table);
}

/// Two at a time, all of them though one fails, and what comes of them in their order.
fn in_turns<T: Sync, R: Send>(all: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let one = |case: &T| std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(case))).ok();
    let (first, second) = all.split_at(all.len().div_ceil(2));
    let results: Vec<Option<R>> = std::thread::scope(|scope| {
        let other = scope.spawn(|| second.iter().map(one).collect::<Vec<_>>());
        let mut results: Vec<Option<R>> = first.iter().map(one).collect();
        results.extend(other.join().expect("panics are caught"));
        results
    });
    let failed = results.iter().filter(|result| result.is_none()).count();
    assert_eq!(failed, 0, "so many cases failed; each says why above");
    results.into_iter().flatten().collect()
}
