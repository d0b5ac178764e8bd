//! Reports for GitLab, for servers that show tests, for spreadsheets and for pages: each as its readers read it.

#![allow(clippy::print_stdout, reason = "what was not checked is said")]

mod support;

use serde_json::Value;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;
use support::checkers::{checker, file, python, run};
use support::reports::{HOSTILE, document, every_rule, everything, key, of_archive, refused, report};
use unleak::document::Aspect;
use unleak::finding::{Lifecycle, Moment, Severity};
use unleak::output::{Format, Style, Times, write};
use unleak::report::{Report, Skipped};

const OURS: [Format; 5] = [Format::Gitlab, Format::Codeclimate, Format::Junit, Format::Csv, Format::Markdown];

fn written(report: &Report, format: Format) -> String {
    let style = Style { times: Times { began: 1_795_305_600, ended: 1_795_305_661 }, ..Style::default() };
    let mut out = Vec::new();
    write(report, format, &style, &mut out).expect("memory can be written to");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn json(report: &Report, format: Format) -> Value {
    serde_json::from_str(&written(report, format)).expect("it is JSON")
}

fn clean() -> Report {
    report(&[document(b"a.py", Aspect::Content, "x = 1\n")])
}

fn partial() -> Report {
    let mut partial = clean();
    partial.coverage.missing.push(Skipped { what: b"b.py".to_vec(), why: "permission denied".into() });
    partial
}

/// A key that a commit brought and another took away, with people's words round it that hold a key too.
fn of_history() -> Report {
    let mut report = refused();
    let moment = |digit: &str, subject: String| Moment {
        commit_id: digit.repeat(40),
        date: "2026-11-21T20:53:12+01:00".into(),
        author: format!("=cmd|A {HOSTILE} <a@example.org>"),
        subject,
    };
    report.scan.mode = "history";
    report.findings[0].lifecycle = Some(Box::new(Lifecycle {
        introduced: vec![moment("a", format!("Use {}", key(1)))],
        removed: vec![moment("b", "Take it out".into())],
        in_head: false,
        refs: vec!["refs/heads/main".into()],
        refs_omitted: 0,
        reachable: true,
        pushed: true,
        object: None,
    }));
    report
}

/// Each sort of report, by name.
fn samples() -> [(&'static str, Report); 7] {
    [
        ("archive", of_archive()),
        ("everything", everything()),
        ("refused", refused()),
        ("clean", clean()),
        ("partial", partial()),
        ("history", of_history()),
        ("rules", every_rule()),
    ]
}

/// The samples in one format, each in a file for a checker.
fn files(format: Format) -> Vec<PathBuf> {
    samples().iter().map(|(name, report)| file(&format!("{name}.{format}"), written(report, format))).collect()
}

#[test]
fn what_was_not_read_is_seen_in_every_format() {
    for format in OURS {
        let (clean, partial) = (written(&clean(), format), written(&partial(), format));
        let told = partial.contains("b.py") && partial.contains("permission denied");
        assert!(told && partial.to_lowercase().contains("not read"), "{format}:\n{partial}");
        assert!(!clean.contains("b.py"), "{format}:\n{clean}");
    }
    assert!(written(&clean(), Format::Markdown).contains("clean, nothing found"));
    assert!(!written(&partial(), Format::Markdown).contains("clean, nothing"));
    assert_eq!(json(&partial(), Format::Gitlab)["scan"]["status"], "failure");
    assert_eq!(json(&partial(), Format::Gitlab)["vulnerabilities"][0]["severity"], "Unknown");
    assert_eq!(json(&partial(), Format::Codeclimate)[0]["severity"], "blocker");
}

#[test]
fn a_clean_scan_has_nothing_to_show() {
    let report = json(&clean(), Format::Gitlab);
    assert_eq!(report["vulnerabilities"], serde_json::json!([]));
    assert_eq!(report["scan"]["status"], "success");
    assert_eq!(json(&clean(), Format::Codeclimate), serde_json::json!([]));
    assert_eq!(written(&clean(), Format::Csv).lines().count(), 1);
    assert!(written(&clean(), Format::Junit).contains("tests=\"1\" failures=\"0\" errors=\"0\""));
}

#[test]
fn a_life_story_is_told_wherever_there_is_room() {
    let report = of_history();
    let (brought, removed) = ("a".repeat(40), "b".repeat(40));
    let vulnerability = &json(&report, Format::Gitlab)["vulnerabilities"][0];
    assert_eq!(vulnerability["location"]["commit"]["sha"], brought.as_str());
    assert_eq!(vulnerability["location"]["commit"]["date"], "2026-11-21T20:53:12+01:00");
    assert_eq!(vulnerability["details"]["removed"]["items"][0]["value"], removed.as_str());
    assert_eq!(vulnerability["details"]["in_head"]["value"], false);
    let table = written(&report, Format::Csv);
    assert!(table.contains(&brought) && table.contains(&removed), "{table}");
    for format in OURS {
        let text = written(&report, format);
        assert!(text.contains(&brought[..10]) && text.contains(&removed[..10]), "{format}:\n{text}");
        assert!(!text.contains(&key(1)[8..]), "{format}:\n{text}");
    }
}

#[test]
fn each_finding_keeps_its_own_identity() {
    let twice = format!("a = '{0}'\nb = '{0}'\n", key(1));
    let moved = format!("\n\na = '{0}'\n\nb = '{0}'\n", key(1));
    let of = |text: &str| report(&[document(b"a.py", Aspect::Content, text)]);
    let names = |report: &Report| -> Vec<String> {
        let gitlab = json(report, Format::Gitlab);
        let ids = gitlab["vulnerabilities"].as_array().expect("a list").iter().map(|v| v["id"].to_string());
        let quality = json(report, Format::Codeclimate);
        let prints = quality.as_array().expect("a list").iter().map(|i| i["fingerprint"].to_string());
        ids.chain(prints).collect()
    };
    let before = names(&of(&twice));
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), 4, "{before:?}");
    assert_eq!(before, names(&of(&moved)), "moving lines changes no identity");
}

#[test]
fn gitlab_is_told_the_severity_the_rule_and_the_confidence() {
    let report = json(&everything(), Format::Gitlab);
    let vulnerabilities = report["vulnerabilities"].as_array().expect("a list");
    assert_eq!(vulnerabilities.len(), everything().findings.len() + 1);
    let of = |rule: &str| {
        let found = vulnerabilities.iter().find(|v| v["identifiers"][0]["value"] == rule);
        found.unwrap_or_else(|| panic!("{rule} is missing"))
    };
    assert_eq!(of("test-key")["severity"], "Critical");
    assert_eq!(of("test-key")["identifiers"][1]["name"], "CWE-798");
    assert_eq!(of("test-key")["details"]["confidence"]["value"], "high");
    assert_eq!(of("test-habit")["severity"], "Low");
    assert_eq!(of("test-habit")["identifiers"].as_array().map(Vec::len), Some(1));
    assert_eq!(of("test-file")["severity"], "Info");
    let solution = of("test-key")["solution"].as_str().expect("a text");
    assert!(solution.contains("Delete the key") || solution.contains("revoke"), "{solution}");
    assert_eq!(report["scan"]["start_time"], "2026-11-22T00:00:00");
    assert_eq!(report["scan"]["end_time"], "2026-11-22T00:01:01");
}

#[test]
fn the_schemas_hold() {
    let Some(check) = checker("venv/bin/check-jsonschema") else { return };
    for (format, schema) in [(Format::Gitlab, "gitlab-secret-detection"), (Format::Codeclimate, "code-quality")] {
        let schema = format!("{}/tests/schemas/{schema}.json", env!("CARGO_MANIFEST_DIR"));
        let files = files(format);
        let mut arguments: Vec<&OsStr> = vec![OsStr::new("--schemafile"), OsStr::new(&schema)];
        arguments.extend(files.iter().map(|file| file.as_os_str()));
        let (is_content, said) = run(&check, &arguments);
        assert!(is_content, "{said}");
        let mut broken = json(&refused(), format);
        let place = if format == Format::Gitlab { &mut broken["vulnerabilities"][0] } else { &mut broken[0] };
        place.as_object_mut().expect("an object").remove("location");
        let broken = file(&format!("broken.{format}"), broken.to_string());
        let (is_content, said) = run(&check, &["--schemafile".as_ref(), schema.as_ref(), broken.as_os_str()]);
        assert!(!is_content && said.contains("location"), "{said}");
    }
}

#[test]
fn junit_keeps_to_jenkins_schema() {
    let Some(schema) = checker("junit-10.xsd") else { return };
    const VALIDATE: &str = "
import sys
from lxml import etree
schema = etree.XMLSchema(etree.parse(sys.argv[1]))
for path in sys.argv[2:]:
    schema.assertValid(etree.parse(path))
broken = etree.parse(sys.argv[2])
broken.getroot()[0][0].attrib.pop('name')
assert not schema.validate(broken)
";
    let files = files(Format::Junit);
    let arguments: Vec<&std::path::Path> = [&schema].into_iter().chain(&files).map(PathBuf::as_path).collect();
    python(VALIDATE, &arguments);
}

#[test]
fn junit_counts_what_a_reader_counts() {
    const COUNT: &str = "
import sys
from junitparser import JUnitXml
for path in sys.argv[1:]:
    xml = JUnitXml.fromfile(path)
    suite = next(iter(xml))
    said = (suite.tests, suite.failures, suite.errors, suite.skipped)
    suite.update_statistics()
    assert said == (suite.tests, suite.failures, suite.errors, suite.skipped), (path, said)
    print(*said)
";
    let files = files(Format::Junit);
    let Some(told) = python(COUNT, &files.iter().map(PathBuf::as_path).collect::<Vec<_>>()) else { return };
    for ((name, report), line) in samples().iter().zip(told.lines()) {
        let failures = report.findings.iter().filter(|finding| finding.severity >= Severity::Medium).count();
        let errors = report.coverage.missing.len();
        let (findings, tests) = (report.findings.len(), report.findings.len() + errors.max(1));
        assert_eq!(line, format!("{tests} {failures} {errors} {}", findings - failures), "{name}");
    }
}

#[test]
fn another_reader_of_csv_sees_a_whole_table_and_no_formula() {
    const READ: &str = "
import csv, sys
for path in sys.argv[1:]:
    rows = list(csv.DictReader(open(path, newline='', encoding='utf-8'), strict=True))
    for row in rows:
        assert None not in row and None not in row.values(), row
        for cell in row.values():
            assert not cell.startswith(('=', '+', '-', '@', '\\t', '\\r')), cell
            assert '\\n' not in cell and '\\r' not in cell
    print(sum(row['type'] == 'finding' for row in rows), sum(row['type'] == 'not-read' for row in rows))
";
    let files = files(Format::Csv);
    let Some(told) = python(READ, &files.iter().map(PathBuf::as_path).collect::<Vec<_>>()) else { return };
    for ((name, report), line) in samples().iter().zip(told.lines()) {
        assert_eq!(line, format!("{} {}", report.findings.len(), report.coverage.missing.len()), "{name}");
    }
}

#[test]
fn cells_that_begin_like_a_formula_are_texts() {
    let path = b"=HYPERLINK(\"http://x\",\"y\");1.py";
    let report = report(&[document(path, Aspect::Content, &format!("k {}", key(1)))]);
    let table = written(&report, Format::Csv);
    assert!(table.contains("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\");1.py\""), "{table}");
    assert!(written(&of_history(), Format::Csv).contains("\"'=cmd|A "));
    assert!(table.lines().count() == 2 && table.ends_with("\r\n"), "{table}");
}

#[test]
fn markdown_is_a_table_of_plain_text_to_another_renderer() {
    const RENDER: &str = "
import sys
from markdown_it import MarkdownIt
reader = MarkdownIt('commonmark').enable('table')
for path in sys.argv[1:]:
    tokens = reader.parse(open(path, encoding='utf-8').read())
    kinds = [child.type for token in tokens for child in (token.children or [token])]
    assert not {'link_open', 'image', 'html_block', 'code_block', 'fence', 'blockquote_open'} & set(kinds), kinds
    inline = [child.content for token in tokens for child in (token.children or []) if child.type == 'html_inline']
    assert set(inline) <= {'<code>', '</code>'}, inline
    rows = kinds.count('tr_open')
    assert kinds.count('td_open') == 7 * max(rows - 1, 0)
    print(max(rows - 1, 0))
";
    let files = files(Format::Markdown);
    let Some(told) = python(RENDER, &files.iter().map(PathBuf::as_path).collect::<Vec<_>>()) else { return };
    for ((name, report), line) in samples().iter().zip(told.lines()) {
        assert_eq!(line, report.findings.len().to_string(), "{name}");
    }
}
