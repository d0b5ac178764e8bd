//! Reports in every format: nothing secret, nothing hostile, the same bytes each time, and all that is promised.

mod machines;
mod people;
mod secrecy;
#[path = "../support/mod.rs"]
mod support;

use serde_json::Value;
use std::collections::BTreeSet;
use support::reports::{everything, key, of_archive};
use unleak::document::Aspect;
use unleak::output::{Format, Style, write};
use unleak::report::Report;

fn written(report: &Report, format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    write(report, format, style, &mut out).expect("memory can be written to");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn plain(report: &Report, format: Format) -> String {
    written(report, format, &Style { explain: true, ..Style::default() })
}

fn json(report: &Report, format: Format) -> Value {
    serde_json::from_str(&plain(report, format)).expect("it is JSON")
}

#[test]
fn the_sample_holds_one_of_everything() {
    let report = everything();
    let parts: BTreeSet<Aspect> = report.findings.iter().map(|f| f.origin.part).collect();
    assert_eq!(parts.len(), 6, "{parts:?}");
    let rules: BTreeSet<&str> = report.findings.iter().map(|f| f.rule.id()).collect();
    assert_eq!(rules.len(), 5, "{rules:?}");
    assert!(!report.dismissed.is_empty());
    assert!(report.findings.iter().any(|f| !f.remedy.edits.is_empty()));
}

#[test]
fn what_stands_in_an_archive_is_named_with_the_way_to_it_in_every_format() {
    let report = of_archive();
    assert_eq!(report.findings.len(), 3);
    let plainly = |text: &str| {
        let bytes = text.replace("%21", "!").replace("%20", " ").replace("%2F", "/").replace("\\!", "!");
        bytes.replace("\\_", "_").replace("&#33;", "!").replace("%3A", ":")
    };
    for format in Format::ALL {
        let text = plain(&report, format);
        for number in 21..=23 {
            assert!(!text.contains(&key(number)[8..]), "{format} shows a key:\n{text}");
        }
        let text = plainly(&text);
        for way in ["1!.zip!lib/inner.tar.gz!deep/a b.py", ".zip!keys/"] {
            assert!(text.contains(way), "{format} does not name {way}:\n{text}");
        }
    }
    let json = json(&report, Format::Json);
    assert!(json["findings"][0]["archive"].as_str().is_some_and(|archive| archive.ends_with("1!.zip")), "{json}");
    let skipped = json["coverage"]["skipped"].to_string();
    assert!(skipped.contains("sealed.rar") && skipped.contains("a RAR archive: unleak can't open it"), "{skipped}");
}

#[test]
fn the_same_report_makes_the_same_bytes() {
    for format in Format::ALL {
        assert_eq!(plain(&everything(), format), plain(&everything(), format), "{format}");
    }
}

#[test]
fn formats_are_known_by_their_names() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse::<Format>().expect("it is a format"), format);
    }
    assert!("xml".parse::<Format>().expect_err("there is none").to_string().contains("human, json, jsonl, sarif"));
}
