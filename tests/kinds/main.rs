//! Kinds of credentials in the places in which they stand: each line of `tests/kinds/*.txt` is one.
//!
//! `⟪path⟫ text`: each secret of the text stands between `«` and `»` and has to be found at just these bytes, and
//! nothing else may be, at a severity above a note. `⏎` is a line end, `⟦rule⟧` at the end names the rule that has to find
//! it, with `@low` or so behind it how surely. What else is filled in `tests/support/samples.rs` says.
//! `KINDS=ldap cargo test --test kinds` looks only at lines that contain that.

#[path = "../support/mod.rs"]
mod support;

mod matrix;
mod pairs;

use support::report;
use support::samples::fill;
use unleak::document::{Changed, Lines};
use unleak::finding::{Severity, confidence_name};

/// How many times each line is filled in.
const SEEDS: u64 = 2;

/// What is wrong with how a line's secrets are found, as it is filled in for this seed.
fn wrong(name: &str, number: usize, seed: u64, line: &str) -> Option<String> {
    let (line, rule) = match line.strip_suffix('⟧').and_then(|line| line.rsplit_once('⟦')) {
        Some((line, rule)) => (line.trim_end(), rule),
        None => (line, ""),
    };
    let (rule, confidence) = rule.split_once('@').unwrap_or((rule, ""));
    let template = line.replacen("⟫ ", "⟫\n", 1).replace('⏎', "\n") + "\n";
    let sample = fill(name, number, seed, &template);
    let report = report(&sample.path, &sample.text, Changed::Whole);
    let told = report.findings.iter().filter(|f| f.holds_secret() && f.severity > Severity::Note);
    let told: Vec<_> = told.map(|f| (f.location, f.rule.id(), confidence_name(f.confidence), &f.secret)).collect();
    let places = Lines::new(&sample.text);
    let places: Vec<_> =
        sample.expected.iter().map(|span| (places.location(span), &sample.text[span.clone()])).collect();
    let mut problems: Vec<String> = Vec::new();
    for (place, text) in &places {
        let text = String::from_utf8_lossy(text);
        match told.iter().find(|(told, ..)| told == place) {
            None => problems.push(format!("missed {text:?}")),
            Some((_, id, sure, _)) if !id.starts_with(rule) || !sure.starts_with(confidence) => {
                problems.push(format!("{text:?} by {id} ({sure})"));
            }
            Some(_) => {}
        }
    }
    for (place, id, sure, secret) in &told {
        if !places.iter().any(|(expected, _)| expected == place) {
            problems.push(format!("told {:?} by {id} ({sure})", String::from_utf8_lossy(secret.expose())));
        }
    }
    (!problems.is_empty()).then(|| format!("{}: {line}\n    {}", number + 1, problems.join("; ")))
}

fn check(name: &str, lines: &str) {
    let only = std::env::var("KINDS").unwrap_or_default();
    let mut all = Vec::new();
    let mut count = 0;
    for (number, line) in lines.lines().enumerate() {
        if line.is_empty() || line.starts_with("# ") || !line.contains(&only) {
            continue;
        }
        count += 1;
        all.extend((0..SEEDS).find_map(|seed| wrong(name, number, seed, line)));
    }
    assert!(all.is_empty(), "{name}: {} of {count} wrong:\n{}", all.len(), all.join("\n"));
    assert!(count > 0 || !only.is_empty(), "{name}: no lines");
}

#[test]
fn passwords_in_commands_are_found_and_their_look_alikes_are_not() {
    check("commands", include_str!("commands.txt"));
}

#[test]
fn digests_of_passwords_are_told_as_such() {
    check("digests", include_str!("digests.txt"));
}

#[test]
fn what_only_looks_like_a_credential_is_not_told() {
    check("alarms", include_str!("alarms.txt"));
}

#[test]
fn rules_drawn_by_lot_find_what_they_say_in_other_files() {
    check("drawn", include_str!("drawn.txt"));
}
