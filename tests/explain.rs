//! `unleak explain`: every rule, and a finding by its fingerprint, from the files, the history or a report.

mod support;

use std::process::Output;
use support::{Repository, sendgrid_key};
use unleak::ruleset::RuleSet;

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
fn assert_error(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(words), "{said}");
}

/// A repository with a leak in its files and one in its history; the JSON report of each.
fn leaking() -> (Repository, String, String) {
    let repository = Repository::new();
    repository.write("old.py", format!("k = '{}'\n", sendgrid_key(1)));
    repository.commit("leak");
    std::fs::remove_file(repository.path().join("old.py")).expect("it is there");
    repository.write("new.py", format!("k = '{}'\n", sendgrid_key(2)));
    repository.commit("leak again");
    let files = stdout(&repository.unleak(["files", "--format", "json"]));
    let history = stdout(&repository.unleak(["history", "--format", "json"]));
    (repository, files, history)
}

fn fingerprints(report: &str) -> Vec<(String, String)> {
    let report: serde_json::Value = serde_json::from_str(report).expect("a report is JSON");
    let member = |finding: &serde_json::Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().expect("a report has findings");
    findings.iter().map(|finding| (member(finding, "path"), member(finding, "fingerprint"))).collect()
}

#[test]
fn every_rule_is_explained_with_what_to_do() {
    let repository = Repository::new();
    for rule in RuleSet::builtin().rules() {
        let output = repository.unleak(["explain", rule.id()]);
        assert_eq!(output.status.code(), Some(0), "{}", rule.id());
        let text = stdout(&output);
        assert!(text.starts_with(&format!("{}: ", rule.id())), "{text}");
        assert!(text.contains("\nWhat to do\n"), "{}", rule.id());
        assert!(rule.spec.references.is_empty() || text.contains("\nReferences\n"), "{}", rule.id());
    }
}

#[test]
fn a_finding_is_explained_by_its_fingerprint_from_the_files_the_history_or_a_report() {
    let (repository, files, history) = leaking();
    repository.write("../report.json", &history);
    let mut all = fingerprints(&files);
    all.extend(fingerprints(&history));
    assert!(all.iter().any(|(path, _)| path == "old.py") && all.iter().any(|(path, _)| path == "new.py"));
    for (path, fingerprint) in &all {
        for arguments in [
            &["explain", fingerprint][..],
            &["explain", &fingerprint[..12]],
            &["explain", fingerprint, "--report", "../report.json"],
        ] {
            let output = repository.unleak(arguments);
            let text = stdout(&output);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            assert!(text.contains(path.as_str()) && text.contains("What to do"), "{text}");
            assert!(![1, 2].iter().any(|number| text.contains(&sendgrid_key(*number)[26..])), "{text}");
        }
    }
}

#[test]
fn what_is_not_known_is_an_error_that_says_what_to_do() {
    let (repository, files, _) = leaking();
    repository.write("../report.json", &files);
    repository.write("../other.txt", "hello");
    let unknown = "v1-00000000000000000000000000000000";
    assert_error(&repository.unleak(["explain", unknown]), "name that with --report");
    assert_error(&repository.unleak(["explain", unknown, "--report", "../report.json"]), "no finding in");
    assert_error(&repository.unleak(["explain", unknown, "--report", "../other.txt"]), "neither a JSON");
    assert_error(&repository.unleak(["explain", "v1-0"]), "too little");
    assert_error(&repository.unleak(["explain", "sendgrid-api-kye"]), "did you mean");
}
