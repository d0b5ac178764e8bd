//! What people read of a report.

use crate::support::reports::{document, everything, key, password, refused, report};
use crate::{json, plain, written};
use unleak::document::Aspect;
use unleak::finding::{Confidence, Finding};
use unleak::output::{Format, Style, github_summary};
use unleak::report::Skipped;

#[test]
fn a_refused_commit_says_all_that_is_needed_in_under_twenty_lines() {
    let text = written(&refused(), Format::Human, &Style::default());
    assert!(text.lines().count() < 20, "{text}");
    let shown = format!("{}…", &key(1)[..7]);
    for needed in [
        "critical[test-key]: Test key",
        "../src/mail.py:3:8",
        &shown,
        "high confidence",
        "why: A key of a test account. Whoever holds it reads all of the account's mail.",
        "next: revoke it, then write: KEY = os.environ[\"TEST_KEY\"]",
        "fingerprint: v2-",
        "1 finding: 1 critical",
        "unleak:allow test-key reason",
    ] {
        assert!(text.contains(needed), "{needed:?} is missing in:\n{text}");
    }
}

#[test]
fn many_findings_of_low_confidence_take_a_line_each() {
    let text = format!("KEY = \"{}\"\n", key(1));
    let mut report = report(&[document(b"settings.py", Aspect::Content, &text)]);
    let finding = report.findings[0].clone();
    for number in 0..21 {
        let mut low = Finding { confidence: Confidence::Low, ..finding.clone() };
        low.origin.path = format!("tests/t{number}.py").into_bytes();
        report.findings.push(low);
    }
    let text = written(&report, Format::Human, &Style::default());
    assert_eq!(text.matches("fingerprint: ").count(), 1, "{text}");
    let in_short = text.lines().filter(|line| line.starts_with("  critical[test-key] ")).count();
    assert!(in_short == 21 && text.contains("\n21 findings of low confidence in short, which --explain"), "{text}");
    assert!(text.contains("22 findings: 22 critical") && !text.contains(&key(1)[12..]), "{text}");
    report.findings.pop();
    for all in [written(&report, Format::Human, &Style::default()), plain(&report, Format::Human)] {
        assert!(all.matches("fingerprint: ").count() == 21 && !all.contains("in short"), "{all}");
    }
}

#[test]
fn a_clean_scan_says_so_in_one_line() {
    let clean = report(&[document(b"a.py", Aspect::Content, "x = 1\n")]);
    assert_eq!(written(&clean, Format::Human, &Style::default()), "clean: nothing found (1 text, 6 bytes read)\n");
    assert_eq!(written(&clean, Format::Human, &Style { quiet: true, ..Style::default() }), "");
    assert_eq!(json(&clean, Format::Sarif)["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(json(&clean, Format::Json)["coverage"]["state"], "complete");
}

#[test]
fn a_partial_scan_is_never_called_clean() {
    let mut partial = report(&[document(b"a.py", Aspect::Content, "x = 1\n")]);
    partial.coverage.missing.push(Skipped { what: b"b.py".to_vec(), why: "permission denied".into() });
    for style in [Style::default(), Style { quiet: true, ..Style::default() }] {
        let text = written(&partial, Format::Human, &style);
        assert!(text.contains("NOT READ") && text.contains("b.py: permission denied"), "{text}");
        assert!(!text.contains("clean:"), "{text}");
    }
    assert_eq!(json(&partial, Format::Json)["coverage"]["state"], "partial");
    let invocation = &json(&partial, Format::Sarif)["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], true);
    assert_eq!(invocation["toolExecutionNotifications"][0]["level"], "warning");
    assert!(plain(&partial, Format::Github).starts_with("::error title=unleak%3A not everything was read::"));
    assert!(github_summary(&partial).contains("not read: <code>b.py</code>"));
}

#[test]
fn colours_change_nothing_but_the_colours() {
    let style = Style { color: true, explain: true, ..Style::default() };
    let coloured = written(&everything(), Format::Human, &style);
    assert!(coloured.contains("\u{1b}["));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain(&everything(), Format::Human));
}

#[test]
fn an_old_secret_in_a_renamed_file_is_called_old() {
    let mut moved = refused();
    moved.findings[0].known = Some(unleak::finding::Known { path: b"lib/mail.py".to_vec() });
    assert!(plain(&moved, Format::Human).contains("already committed at ../lib/mail.py"));
    assert_eq!(json(&moved, Format::Json)["findings"][0]["known"]["path"], "lib/mail.py");
}

#[test]
fn what_only_a_path_tells_is_allowed_in_the_configuration_and_not_by_a_comment() {
    let said = |documents: &[unleak::document::Document]| {
        let scan = crate::support::scan();
        let outcomes = documents.iter().map(|document| scan.document(document, &|_| None)).collect();
        let report = scan.report(unleak::report::Scanned::default(), outcomes, Vec::new());
        let text = written(&report, Format::Human, &Style::default());
        text.lines().last().expect("it says how to allow it").to_owned()
    };
    let path = b"db/password.txt";
    let of_path = || document(path, Aspect::Path, "db/password.txt");
    let of_text = || document(b"a.py", Aspect::Content, &format!("password = \"{}\"\n", password(3)));
    assert!(said(&[of_path()]).contains("in unleak.toml: [[allow]] with rule = \"generic-password-file\""));
    assert!(said(&[of_text()]).contains("`unleak:allow generic-password reason` in a comment"));
    assert!(said(&[of_path(), of_text()]).contains("`unleak:allow RULE reason` in a comment"));
}
