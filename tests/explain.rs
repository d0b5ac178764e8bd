//! `unleak explain`: every rule, and a finding by its fingerprint, from the files, the history or a report.

mod support;

use std::process::Output;
use support::samples::fill;
use support::{Repository, report, sendgrid_key};
use unleak::document::Changed;
use unleak::finding::Step;
use unleak::rule::{Check, Kind};
use unleak::ruleset::{Rule, RuleSet};

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
    let unknown = "v2-00000000000000000000000000000000";
    assert_error(&repository.unleak(["explain", unknown]), "name that with --report");
    assert_error(&repository.unleak(["explain", unknown, "--report", "../report.json"]), "no finding in");
    assert_error(&repository.unleak(["explain", unknown, "--report", "../other.txt"]), "neither a JSON");
    assert_error(&repository.unleak(["explain", "v2-0"]), "too little");
    assert_error(&repository.unleak(["explain", "sendgrid-api-kye"]), "did you mean");
}

/// The name under which a check says what it saw.
fn step_name(check: &Check) -> &'static str {
    match check {
        Check::Entropy(_) | Check::EntropyAbove(_) => "entropy",
        Check::Distinct(_) => "distinct",
        Check::Mixed => "mixed",
        Check::MinLength(_) | Check::MaxLength(_) => "length",
        Check::Structure(_) => "structure",
        Check::Checksum(_) => "checksum",
        Check::Decodes(_) => "decodes",
        Check::PartNot { .. } => "part",
        Check::Near(_) | Check::NotNear(_) | Check::RaisedBy(_) | Check::LoweredBy(_) => "near",
        Check::LowAt(_) => "at",
        Check::NotContaining(_) => "sample",
        Check::Literal => "literal",
        Check::Made => "made",
        Check::AnyText => "any-text",
    }
}

/// How many of the rule's checks said what they saw, in their order.
fn told(rule: &Rule, steps: &[Step]) -> usize {
    let mut steps = steps.iter();
    rule.spec.checks.iter().take_while(|check| steps.any(|step| step.check == step_name(check))).count()
}

#[test]
fn every_check_of_a_finding_and_of_a_dismissal_says_what_it_saw_and_never_the_secret() {
    let rules = RuleSet::builtin();
    for rule in rules.rules().iter().filter(|rule| rule.kind == Kind::Secret) {
        let samples = [&rule.spec.hits, &rule.spec.misses];
        for template in samples.into_iter().flat_map(|samples| samples.iter().take(2)) {
            let sample = fill(rule.id(), 0, 0, template);
            let report = report(&sample.path, &sample.text, Changed::Whole);
            for finding in &report.findings {
                let all = finding.rule.spec.checks.len();
                assert_eq!(told(&finding.rule, &finding.steps), all, "{}: {:?}", finding.rule.id(), finding.steps);
                let secret = String::from_utf8_lossy(finding.secret.expose());
                let leaks = |step: &Step| secret.len() >= 8 && step.saw.contains(&*secret);
                assert!(!finding.steps.iter().any(leaks), "{}: {:?}", finding.rule.id(), finding.steps);
            }
            for dismissal in &report.dismissed {
                let [first, second, ..] = &dismissal.steps[..] else { panic!("{}", dismissal.rule.id()) };
                assert_eq!(first.check, "pattern");
                let is_after = told(&dismissal.rule, &dismissal.steps) > 0 || dismissal.rule.spec.checks.is_empty();
                let is_first = matches!(second.check, "placeholder" | "made");
                assert!(is_first || is_after, "{}: {:?}", dismissal.rule.id(), dismissal.steps);
            }
        }
    }
}

#[test]
fn the_steps_of_a_weak_password_tell_neither_its_length_nor_its_entropy() {
    let repository = Repository::new();
    let password = ["Tr0ub", "4dor&", "3x"].concat();
    repository.write(
        "settings.py",
        format!("EMAIL_HOST = 'smtp.sendgrid.net'\nEMAIL_HOST_USER = 'acme'\nEMAIL_HOST_PASSWORD = '{password}'\n"),
    );
    let tells = |text: &str| text.contains("12 bytes") || text.contains("12 characters") || text.contains(&password);
    for format in ["human", "json"] {
        let output = repository.unleak(["files", "--explain", "--format", format]);
        let text = stdout(&output);
        assert!(text.contains("a literal"), "{text}");
        assert!(!tells(&text), "{text}");
    }
    let report: serde_json::Value =
        serde_json::from_str(&stdout(&repository.unleak(["files", "--explain", "--format", "json"]))).expect("JSON");
    for list in ["findings", "dismissed"] {
        for step in report[list].as_array().into_iter().flatten().flat_map(|one| one["steps"].as_array()).flatten() {
            let saw = step["saw"].as_str().unwrap_or_default();
            let is_measured = ["entropy", "distinct", "length"].contains(&step["check"].as_str().unwrap_or_default());
            let says = saw.split_once(": ").is_some_and(|(outcome, bound)| {
                ["holds", "does not hold"].contains(&outcome)
                    && bound.starts_with("at ")
                    && ["bits a character", "characters", "bytes"].iter().any(|unit| bound.ends_with(unit))
            });
            assert!(!is_measured || says, "{step}");
        }
    }
}

#[test]
fn what_is_encrypted_is_dismissed_with_who_encrypted_it() {
    for (template, reason) in [
        ("⟪a.yaml⟫\nsmtp_password: ENC[AES256_GCM,data:%{base64:24},iv:%{base64:43}=,type:str]\n", "SOPS"),
        ("⟪a.yaml⟫\nclient_secret: \"$ANSIBLE_VAULT;1.2;AES256;prod\\n%{hex:80}\"\n", "Ansible Vault"),
        ("⟪a.properties⟫\nmail.password=ENC(%{base64:32})\n", "Jasypt"),
    ] {
        let sample = fill("encrypted", 0, 1, template);
        let report = report(&sample.path, &sample.text, Changed::Whole);
        assert!(report.findings.is_empty() && !report.dismissed.is_empty(), "{template}");
        for dismissal in &report.dismissed {
            assert!(dismissal.reason.text().contains(reason), "{template}: {}", dismissal.reason.text());
        }
    }
}
