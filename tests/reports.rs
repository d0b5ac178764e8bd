//! Reports in every format: nothing secret, nothing hostile, the same bytes each time, and all that is promised.

mod support;

use serde_json::Value;
use std::collections::BTreeSet;
use support::reports::{HOSTILE, document, every_rule, everything, key, of_archive, password, refused, report};
use unleak::document::Aspect;
use unleak::finding::{Confidence, Finding};
use unleak::output::{Error, Format, Style, beside, github_summary, write};
use unleak::report::{Report, Skipped};

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
fn no_format_shows_a_secret() {
    let report = everything();
    let secrets: Vec<String> = (1..=12).map(key).chain([password(1)]).collect();
    for format in Format::ALL {
        let text = plain(&report, format);
        for secret in &secrets {
            let hidden = &secret[secret.len().min(7)..];
            let hidden = if hidden.len() < 8 { secret } else { hidden };
            for spelling in [hidden.to_owned(), data_encoding::BASE64.encode(hidden.as_bytes())] {
                assert!(!text.contains(&spelling), "{format} shows {secret} in:\n{text}");
            }
        }
        assert!(!text.contains(&"Ab1".repeat(20)), "{format} shows a line of the block:\n{text}");
    }
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
fn no_built_in_rule_shows_what_it_found() {
    let report = every_rule();
    let texts = Format::ALL.map(|format| (format, written(&report, format, &Style::default())));
    let mut checked = 0;
    for finding in &report.findings {
        let secret = String::from_utf8_lossy(finding.secret.expose());
        let middle = (0..=secret.len() / 2).rev().find(|&at| secret.is_char_boundary(at)).expect("0 is one");
        let hidden = &secret[middle..];
        // What stands in clear text beside it is a user or a host, not what is secret.
        if hidden.len() < 8 || finding.key_id.as_deref().is_some_and(|id| id.contains(hidden)) {
            continue;
        }
        checked += 1;
        for (format, text) in &texts {
            assert!(!text.contains(hidden), "{format} shows {secret:?} of {}", finding.rule.id());
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn weak_passwords_do_not_even_tell_their_length() {
    let of = |password: &str| {
        let text = format!("password = \"{password}\"\n");
        let mut report = report(&[document(b"a.py", Aspect::Content, &text)]);
        assert_eq!(report.findings.len(), 1, "{password}");
        report.findings[0].fingerprint = unleak::fingerprint::Fingerprint::of("", b"", unleak::secret::Secret::new([]));
        report.coverage.bytes = 0;
        written(&report, Format::Human, &Style::default())
    };
    assert_eq!(of(&password(3)), of(&format!("{}{}", password(4), password(5))));
}

#[test]
fn secrets_are_revealed_when_asked_for_and_only_where_they_may() {
    let report = refused();
    let style = Style { reveal: true, ..Style::default() };
    for format in Format::ALL {
        if format.may_reveal() {
            assert!(written(&report, format, &style).contains(&key(1)), "{format}");
        } else {
            let refusal = write(&report, format, &style, &mut Vec::new()).expect_err("it is refused");
            assert!(matches!(refusal, Error::Reveal(f) if f == format));
        }
    }
}

#[test]
fn nothing_hostile_reaches_the_reader() {
    let report = everything();
    for format in Format::ALL {
        let text = plain(&report, format);
        // RFC 4180 wants lines to end with CR LF.
        let text = if format == Format::Csv { text.replace("\r\n", "\n") } else { text };
        let hostile = text.chars().find(|&c| (c.is_control() && c != '\n') || "\u{202e}\u{200b}".contains(c));
        assert_eq!(hostile, None, "{format}:\n{text}");
        assert!(!text.contains("##["), "{format}");
        for line in text.lines().filter(|_| format != Format::Github) {
            assert!(!line.trim_start().starts_with("::"), "{format}: {line}");
        }
    }
}

#[test]
fn what_is_said_beside_a_report_is_as_harmless() {
    let lines = beside(&everything(), false);
    assert!(lines.iter().any(|line| line.starts_with("14 findings (10 critical")), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("not read: ") && line.ends_with("permission denied")));
    for line in lines {
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}') && !line.contains(&key(3)), "{line}");
    }
}

#[test]
fn machine_formats_keep_hostile_paths_exact() {
    let report = everything();
    let path = format!("src/{HOSTILE}.py");
    let found = json(&report, Format::Json);
    let paths: Vec<&str> =
        found["findings"].as_array().expect("a list").iter().filter_map(|f| f["path"].as_str()).collect();
    assert!(paths.contains(&path.as_str()), "{paths:?}");
    let odd = found["findings"].as_array().expect("a list").iter().find(|f| f["rule_id"] == "test-file");
    assert_eq!(odd.expect("the file is found")["path_encoded"], "caf%E9/a.testenv");
}

#[test]
fn the_same_report_makes_the_same_bytes() {
    for format in Format::ALL {
        assert_eq!(plain(&everything(), format), plain(&everything(), format), "{format}");
    }
}

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
fn neighbouring_secrets_are_all_masked() {
    let (one, two, weak) = (key(30), key(31), password(6));
    let text = format!("{one},{two}\npassword = \"{weak}\" # not {weak}, nor {one}\n");
    let report = report(&[document(b"a.py", Aspect::Content, &text)]);
    assert_eq!(report.findings.len(), 4);
    let shown = written(&report, Format::Human, &Style::default());
    for secret in [&one[7..], &two[7..], &weak] {
        assert!(!shown.contains(secret), "{secret} in:\n{shown}");
    }
    assert!(shown.contains("1 | TK.") && shown.contains("…,…\n"), "{shown}");
}

#[test]
fn what_a_rule_shows_of_a_secret_is_never_much_of_it() {
    let mut short = refused();
    short.findings[0].secret = unleak::secret::Secret::new(*b"TK.abcdef");
    assert!(plain(&short, Format::Json).contains("\"secret_masked\": \"…\""));
}

#[test]
fn an_old_secret_in_a_renamed_file_is_called_old() {
    let mut moved = refused();
    moved.findings[0].known = Some(unleak::finding::Known { path: b"lib/mail.py".to_vec() });
    assert!(plain(&moved, Format::Human).contains("already committed at ../lib/mail.py"));
    assert_eq!(json(&moved, Format::Json)["findings"][0]["known"]["path"], "lib/mail.py");
}

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

#[test]
fn formats_are_known_by_their_names() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse::<Format>().expect("it is a format"), format);
    }
    assert!("xml".parse::<Format>().expect_err("there is none").to_string().contains("human, json, jsonl, sarif"));
}

#[test]
fn what_only_a_path_tells_is_allowed_in_the_configuration_and_not_by_a_comment() {
    let said = |documents: &[unleak::document::Document]| {
        let scan = support::scan();
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
