//! Many different values in one file that only their names call credentials: what the whole report makes of them.

mod support;

use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Output;
use support::samples::Random;
use support::{Repository, document, quiet_scan, sendgrid_key};
use unleak::document::Changed;
use unleak::finding::Confidence::{self, High, Low, Medium};
use unleak::finding::Severity;
use unleak::report::{Report, Scanned};

/// Secrets from number `from` on, each of another service. They are high, tokens are not.
fn secrets(from: usize, count: usize) -> String {
    lines("client_secret", 40, from, count)
}

/// Lines with a random value each, the same for the same number, and a name of its own.
fn lines(name: &str, length: usize, from: usize, count: usize) -> String {
    (from..from + count).map(|number| format!("{name}_{number}: {}\n", value(name, length, number))).collect()
}

/// Records that all have a value under the same name.
fn records(name: &str, length: usize, from: usize, count: usize) -> String {
    (from..from + count).map(|number| format!("- {name}: {}\n", value(name, length, number))).collect()
}

fn value(name: &str, length: usize, number: usize) -> String {
    Random::new(name, number as u64).characters(ALPHABET, length)
}

const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What the files with these texts come to.
fn report(files: &[(&str, &str)]) -> Report {
    let scanned = |(path, text): &(&str, &str)| {
        quiet_scan().document(&document(path, text.as_bytes(), Changed::Whole), &|_| None)
    };
    quiet_scan().report(Scanned::default(), files.iter().map(scanned).collect(), Vec::new())
}

/// The confidences that the findings of a text have, by how many have them.
fn confidences(text: &str) -> Vec<(Confidence, usize)> {
    counted(&report(&[("api/store.yaml", text)]))
}

fn counted(report: &Report) -> Vec<(Confidence, usize)> {
    let count = |level| report.findings.iter().filter(|finding| finding.confidence == level).count();
    [Low, Medium, High].map(|level| (level, count(level))).into_iter().filter(|(_, count)| *count > 0).collect()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn list<'v>(report: &'v Value, name: &str) -> &'v [Value] {
    report[name].as_array().map(Vec::as_slice).unwrap_or_else(|| panic!("it has no list {name}"))
}

/// Whether all findings have this confidence, and how many there are.
fn all_are(report: &Value, confidence: &str) -> (bool, usize) {
    let findings = list(report, "findings");
    (findings.iter().all(|finding| finding["confidence"] == confidence), findings.len())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn the_more_different_secrets_a_file_holds_the_less_sure_each_is() {
    assert_eq!(confidences(&secrets(0, 99)), [(High, 99)]);
    assert_eq!(confidences(&secrets(0, 100)), [(Medium, 100)]);
    assert_eq!(confidences(&secrets(0, 199)), [(Medium, 199)]);
    assert_eq!(confidences(&secrets(0, 200)), [(Low, 200)]);
    let shorter = |count| lines("access_token", 19, 0, count);
    assert_eq!(confidences(&shorter(99)), [(Medium, 99)]);
    assert_eq!(confidences(&shorter(100)), [(Low, 100)]);
}

#[test]
fn values_under_one_name_in_one_version_are_records() {
    let of = |name: &str, count| confidences(&records(name, 40, 0, count));
    assert_eq!(of("client_secret", 5), [(High, 5)]);
    assert_eq!(of("client_secret", 6), [(Medium, 6)]);
    assert_eq!(of("client_secret", 40), [(Medium, 40)]);
    assert_eq!(of("access_token", 19), [(Medium, 19)]);
    assert_eq!(of("access_token", 20), [(Low, 20)]);
    assert_eq!(of("client_secret", 200), [(Low, 200)]);
    let lists = records("client_secret", 40, 0, 5) + &records("app_secret", 40, 0, 5);
    assert_eq!(confidences(&lists), [(High, 10)]);
}

#[test]
fn names_and_values_in_pairs_are_as_many_names() {
    let pair = |number| format!("  - name: SERVICE_{number}_SECRET\n    value: {}\n", value("pair", 40, number));
    assert_eq!(confidences(&(0..24).map(pair).collect::<String>()), [(Medium, 24)]);
}

#[test]
fn rows_without_names_are_alike() {
    let row = |number| {
        format!("INSERT INTO clients (id, client_secret) VALUES ({number}, '{}');\n", value("row", 40, number))
    };
    let (few, many): (String, String) = ((0..3).map(row).collect(), (0..9).map(row).collect());
    let report = |text: &str| counted(&report(&[("db/clients.sql", text)]));
    assert_eq!(report(&few).iter().map(|(_, count)| count).sum::<usize>(), 3);
    assert!(report(&many).iter().all(|(confidence, _)| *confidence < High), "{:?}", report(&many));
}

#[test]
fn people_s_passwords_are_no_records() {
    assert_eq!(confidences(&records("password", 40, 0, 30)), [(High, 30)]);
}

#[test]
fn a_secret_changed_again_and_again_is_no_list_of_records() {
    let repository = Repository::new();
    for version in 0..8 {
        repository.write("settings.yaml", records("client_secret", 40, version, 1));
        repository.commit(&format!("secret {version}"));
    }
    let history = json(&repository.unleak(["history", "--format", "json"]));
    assert_eq!(all_are(&history, "high"), (true, 8));
}

#[test]
fn one_value_in_many_places_is_no_crowd() {
    assert_eq!(confidences(&secrets(7, 1).repeat(300)), [(High, 300)]);
    let thrice = secrets(0, 80) + &secrets(0, 80) + &secrets(0, 80);
    assert_eq!(confidences(&thrice), [(High, 240)]);
}

#[test]
fn files_beside_each_other_are_no_crowd() {
    let (a, b, c) = (secrets(0, 90), secrets(90, 90), secrets(180, 90));
    assert_eq!(counted(&report(&[("a.yaml", &a), ("b.yaml", &b), ("c.yaml", &c)])), [(High, 270)]);
}

#[test]
fn a_list_of_passwords_never_falls_below_medium() {
    let report = report(&[("users.yaml", &lines("password", 40, 0, 250))]);
    assert_eq!(counted(&report), [(Medium, 250)]);
    assert!(report.findings.iter().all(|finding| finding.severity >= Severity::Medium));
}

#[test]
fn what_is_surer_than_the_crowd_stays() {
    let text = lines("access_token", 19, 0, 300) + &secrets(0, 1);
    assert_eq!(confidences(&text), [(Low, 300), (High, 1)]);
}

#[test]
fn a_key_of_a_known_format_in_a_crowd_stays() {
    let text = secrets(0, 300) + &format!("api_key: {}\n", sendgrid_key(1));
    let report = report(&[("store.yaml", &text)]);
    let key = report.findings.iter().find(|finding| finding.rule.id() == "sendgrid-api-key").expect("it is found");
    assert_eq!((key.confidence, key.severity), (High, Severity::Critical));
    assert!(!key.steps.iter().any(|step| step.check == "crowd"));
    let others = report.findings.iter().filter(|finding| finding.rule.id() != "sendgrid-api-key");
    assert!(
        others.clone().count() == 300 && others.clone().all(|f| (f.confidence, f.severity) == (Low, Severity::Low))
    );
}

#[test]
fn explain_says_how_many_there_are_and_how_many_are_too_many() {
    let repository = Repository::new();
    repository.write("store.yaml", secrets(0, 230));
    let output = repository.unleak(["files", "--explain"]);
    let expected = "crowd: 230 different values as sure as this one in the file, 100 and more are data: lowered to low";
    assert_eq!(said(&output).matches(expected).count(), 230, "{}", said(&output));
    assert_eq!(output.status.code(), Some(0), "low findings fail no scan");
    assert_eq!(repository.unleak(["files", "--fail-on", "low"]).status.code(), Some(1));
}

#[test]
fn what_falls_below_the_confidence_asked_for_is_dismissed_as_such() {
    let repository = Repository::new();
    repository.write("a/crowd.yaml", secrets(0, 120));
    repository.write("b/few.yaml", secrets(500, 3) + &lines("access_token", 19, 500, 4));
    repository.write("c/weak.yaml", "admin_password: kestrel\n");
    repository.commit("add");
    let shown = |findings: &mut dyn Iterator<Item = &Value>| -> Vec<(String, String)> {
        findings.map(|f| (f["fingerprint"].to_string(), f["confidence"].to_string())).collect()
    };
    let rank = |name: &str| ["low", "medium", "high"].iter().position(|level| *level == name);
    for command in ["files", "history"] {
        let whole = json(&repository.unleak([command, "--format", "json"]));
        for (least, expected) in [("low", 128), ("medium", 127), ("high", 3)] {
            let some = json(&repository.unleak([command, "--min-confidence", least, "--explain", "--format", "json"]));
            let is_kept = |f: &&Value| rank(f["confidence"].as_str().expect("it is a text")) >= rank(least);
            let kept = shown(&mut list(&whole, "findings").iter().filter(is_kept));
            assert_eq!(shown(&mut list(&some, "findings").iter()), kept, "{command} {least}");
            let dismissed = list(&some, "dismissed").iter().filter(|d| d["reason"] == "confidence").count();
            assert_eq!((kept.len(), dismissed), (expected, 128 - expected), "{command} {least}");
        }
    }
    repository.write("unleak.toml", "[scan]\nmin_confidence = \"high\"\n");
    assert_eq!(list(&json(&repository.unleak(["files", "--format", "json"])), "findings").len(), 3);
}

/// A history in which no version of a file is a crowd, but all of them are; and a few keys beside it.
fn growing() -> Repository {
    let repository = Repository::new();
    for version in 0..6 {
        repository.write("catalogue/store.yaml", secrets(version * 40, 60));
        repository.write(format!("b{version}.js"), format!("const key = '{}';\n", sendgrid_key(version as u64)));
        repository.write("settings.yaml", secrets(1000 + version, 2));
        repository.commit(&format!("version {version}"));
    }
    repository
}

#[test]
fn a_history_counts_what_a_path_held_in_all_its_versions() {
    let repository = growing();
    let of = |report: &Value, path: &str| -> BTreeSet<String> {
        let findings = list(report, "findings").iter();
        findings.filter(|f| f["path"] == path).map(|f| f["confidence"].as_str().expect("a text").to_owned()).collect()
    };
    let history = json(&repository.unleak(["history", "--format", "json"]));
    assert_eq!(of(&history, "catalogue/store.yaml"), BTreeSet::from(["low".to_owned()]));
    assert_eq!(of(&history, "settings.yaml"), BTreeSet::from(["high".to_owned()]));
    assert_eq!(of(&history, "b0.js"), BTreeSet::from(["high".to_owned()]));
    let files = json(&repository.unleak(["files", "--format", "json"]));
    assert_eq!(of(&files, "catalogue/store.yaml"), BTreeSet::from(["high".to_owned()]));
}

#[test]
fn shards_joined_are_as_sure_as_the_whole() {
    let repository = growing();
    repository.git(["repack", "-adfq"]);
    let whole = json(&repository.unleak(["history", "--format", "json"]));
    let mut reports = vec!["merge".to_owned()];
    for part in 1..=3 {
        let name = repository.beside(&format!("{part}.json")).display().to_string();
        repository.unleak(["history", "--shard", &format!("{part}/3"), "--format", "json", "--output", &name]);
        reports.push(name);
    }
    let output = repository.unleak(&reports);
    let joined = json(&output);
    assert_eq!((&joined["findings"], &joined["counts"]), (&whole["findings"], &whole["counts"]));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn going_on_counts_only_what_came_since() {
    let repository = growing();
    let state = repository.beside("state").display().to_string();
    let go_on = || json(&repository.unleak(["history", "--since-state", &state, "--format", "json"]));
    assert!(list(&go_on(), "findings").iter().any(|finding| finding["confidence"] == "low"));
    repository.write("catalogue/store.yaml", secrets(5000, 30));
    repository.commit("thirty more");
    assert_eq!(all_are(&go_on(), "high"), (true, 30));
}

#[test]
fn a_small_change_is_judged_by_itself_and_a_crowd_that_is_staged_as_one() {
    let repository = Repository::new();
    repository.write("store.yaml", secrets(0, 300));
    repository.git(["add", "--all"]);
    let staged = repository.unleak(["staged", "--format", "json"]);
    assert_eq!(staged.status.code(), Some(0), "{}", said(&staged));
    assert_eq!(all_are(&json(&staged), "low"), (true, 300));
    repository.commit_index("a catalogue");
    repository.write("store.yaml", secrets(0, 300) + &secrets(900, 1));
    repository.git(["add", "--all"]);
    let staged = repository.unleak(["staged", "--format", "json"]);
    assert_eq!((all_are(&json(&staged), "high"), staged.status.code()), ((true, 1), Some(1)));
    repository.commit_index("one more");
    let range = repository.unleak(["range", "HEAD~1..HEAD", "--format", "json"]);
    assert_eq!(all_are(&json(&range), "high"), (true, 1));
}

#[test]
fn a_baseline_knows_a_finding_again_when_it_is_in_a_crowd() {
    let repository = Repository::new();
    repository.write("store.yaml", secrets(0, 60));
    repository.commit("sixty");
    assert_eq!(repository.unleak(["baseline", "create", "--reason", "examples"]).status.code(), Some(0));
    repository.write("unleak.toml", "[scan]\nbaseline = \".unleak-baseline.jsonl\"\n");
    repository.write("store.yaml", secrets(0, 260));
    let report = json(&repository.unleak(["files", "--format", "json", "--explain"]));
    assert_eq!(list(&report, "baselined").len(), 60, "{}", report["baseline"]);
    assert_eq!(all_are(&report, "low"), (true, 200));
}

#[test]
fn fix_leaves_what_falls_below_the_confidence_asked_for() {
    let repository = Repository::new();
    let text: String = secrets(0, 120).replace("- client_secret: ", "client_secret = '").replace('\n', "'\n");
    repository.write("store.py", &text);
    repository.write("mail.py", format!("key = '{}'\n", sendgrid_key(1)));
    repository.commit("add");
    let output = repository.unleak(["fix", "--min-confidence", "high"]);
    assert!(said(&output).contains("1 mended, 0 left"), "{}", said(&output));
    assert_eq!(std::fs::read_to_string(repository.path().join("store.py")).ok(), Some(text));
}

#[test]
fn every_format_tells_the_lowered_severity() {
    let repository = Repository::new();
    repository.write("store.yaml", secrets(0, 230));
    let report = |format: &str| repository.unleak(["files", "--format", format]);
    let sarif = json(&report("sarif"));
    let results = list(&sarif["runs"][0], "results");
    assert!(results.len() == 230 && results.iter().all(|r| r["properties"]["severity"] == "low"), "{}", results[0]);
    let human = said(&report("human"));
    assert!(human.contains("low[generic-secret]") && !human.contains("medium[generic-secret]"), "{human}");
    let gitlab = json(&report("gitlab"));
    let all = list(&gitlab, "vulnerabilities");
    assert!(all.len() == 230 && all.iter().all(|v| v["severity"] == "Low"));
}
