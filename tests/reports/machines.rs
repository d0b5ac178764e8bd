//! What is promised of the formats that programs read.

use crate::support::reports::{document, everything, key, report};
use crate::{json, plain, written};
use serde_json::Value;
use std::collections::BTreeSet;
use unleak::document::Aspect;
use unleak::output::{Format, Style, github_summary};

#[test]
fn json_lines_are_findings_then_dismissals_then_a_summary() {
    let report = everything();
    let text = plain(&report, Format::Jsonl);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line["type"].as_str()).collect();
    let count = |kind| kinds.iter().filter(|k| **k == kind).count();
    assert_eq!(
        (count("finding"), count("dismissed"), count("summary")),
        (report.findings.len(), report.dismissed.len(), 1)
    );
    assert!(kinds.is_sorted_by_key(|kind| ["finding", "dismissed", "summary"].iter().position(|k| k == kind)));
}

#[test]
fn every_member_of_the_json_is_documented() {
    fn members(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(name, value)| {
                into.insert(name.clone());
                members(value, into);
            }),
            Value::Array(items) => items.iter().for_each(|item| members(item, into)),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    let style = Style { reveal: true, ..Style::default() };
    for format in [Format::Json, Format::Jsonl] {
        for line in serde_json::Deserializer::from_str(&written(&everything(), format, &style)).into_iter::<Value>() {
            members(&line.expect("it is JSON"), &mut names);
        }
    }
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.md")).expect("the page exists");
    let missing: Vec<&String> = names.iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "docs/report.md does not describe {missing:?}");
    assert!(names.len() > 50, "{names:?}");
}

#[test]
fn annotations_stay_within_githubs_limits_and_their_lines() {
    let documents: Vec<_> =
        (0..15).map(|n| document(format!("f{n}").as_bytes(), Aspect::Content, &format!("k {}", key(n)))).collect();
    let many = plain(&report(&documents), Format::Github);
    assert_eq!(many.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert!(many.contains("15 findings") && many.contains("5 more are not annotated"), "{many}");
    let text = plain(&everything(), Format::Github);
    for line in text.lines() {
        let command = ["::error ", "::warning ", "::notice ", "unleak: "].iter().any(|start| line.starts_with(start));
        assert!(command, "{line}");
    }
    let mut few = everything();
    few.findings.retain(|finding| finding.origin.path.ends_with(b"(2).py"));
    let text = plain(&few, Format::Github);
    let expected =
        "::error file=src/hé llo%3A[1](2).py,line=4,endLine=4,col=8,endColumn=58,title=Test key (test-key)::";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn the_job_summary_is_plain_text_to_markdown_and_fits() {
    let page = github_summary(&everything());
    let table: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).collect();
    assert_eq!(table.len(), everything().findings.len() + 1);
    for row in table {
        assert_eq!(row.matches('|').count(), 7, "{row}");
        assert!(!row.contains('`') && !row.contains('['), "{row}");
    }
    let long = "d/".repeat(490);
    let mut many = report(&[document(format!("{long}f").as_bytes(), Aspect::Content, &format!("k {}", key(1)))]);
    many.findings = vec![many.findings[0].clone(); 3000];
    let page = github_summary(&many);
    assert!(page.len() < 1 << 20 && page.contains(" more; the SARIF"), "{}", page.len());
}

#[test]
fn sarif_pairs_kinds_and_levels_and_leaves_nothing_empty() {
    fn walk(at: &str, value: &Value) {
        match value {
            Value::String(text) => assert!(!text.is_empty(), "{at} is empty"),
            Value::Array(items) => items.iter().for_each(|item| walk(&format!("{at}[]"), item)),
            Value::Object(object) => object.iter().for_each(|(name, value)| walk(&format!("{at}.{name}"), value)),
            _ => {}
        }
    }
    let report = everything();
    let log = json(&report, Format::Sarif);
    walk("log", &log);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
    let ids: BTreeSet<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), rules.len());
    let results = run["results"].as_array().expect("a list");
    assert_eq!(results.len(), report.findings.len());
    for result in results {
        assert!(result.get("kind").is_none_or(|kind| kind == "fail"), "a level other than none needs the kind fail");
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let title = rules[index]["shortDescription"]["text"].as_str().expect("a title");
        assert!(result["message"]["text"].as_str().expect("a message").starts_with(title));
        assert!(result["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("a hash").contains(':'));
    }
}

#[test]
fn sarif_keeps_the_worst_of_too_many_results() {
    let mut many = report(&[
        document(b"a", Aspect::Content, "u = \"http://mail.test\""),
        document(b"b", Aspect::Content, &format!("k {}", key(1))),
    ]);
    let worst = many.findings.pop().expect("two findings");
    many.findings = vec![many.findings[0].clone(); 25_000];
    many.findings.push(worst);
    let log = json(&many, Format::Sarif);
    let results = log["runs"][0]["results"].as_array().expect("a list");
    assert_eq!(results.len(), 25_000);
    assert_eq!(results.last().expect("there are some")["ruleId"], "test-key");
    let told = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert!(told.as_str().expect("a text").contains("1 finding of the least severe"), "{told}");
}
