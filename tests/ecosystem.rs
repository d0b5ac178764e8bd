//! SARIF as its readers see it: Microsoft's validator, the schema, GitHub's uploader, and the files themselves.
//!
//! The checkers are installed below `target/checkers` by `tests/run`, which also sets `UNLEAK_CHECKERS` to
//! `required`: then a checker that is missing fails the test; else it is left out, and that is said.

#![allow(clippy::print_stdout, reason = "what was not checked is said")]

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::checkers::checker;
use support::reports::{document, every_rule, everything, key, of_archive, refused, report, scan};
use support::{Repository, sendgrid_key};
use unleak::document::Aspect;
use unleak::line_hash::line_hashes;
use unleak::output::{Format, Style, write};
use unleak::report::{Accepted, Baselined, Report, Skipped};
use unleak::source::{Selection, Surroundings, select};

/// Facts that are shared beside the repository, where they are.
fn shared(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let root = std::env::var_os("UNLEAK_SHARED").map_or(beside, PathBuf::from);
    Some(root.join("eco").join(name)).filter(|path| path.exists())
}

const MULTITOOL: &str = "npm/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool";
const SCHEMA: &str = "npm/node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json";

fn sarif(report: &Report) -> Value {
    let mut out = Vec::new();
    write(report, Format::Sarif, &Style::default(), &mut out).expect("memory can be written to");
    serde_json::from_slice(&out).expect("SARIF is JSON")
}

/// The logs that every checker reads, written to files.
fn logs() -> Vec<PathBuf> {
    let clean = report(&[document(b"a.py", Aspect::Content, "x = 1\n")]);
    let mut partial = clean.clone();
    partial.coverage.missing.push(Skipped { what: b"b \xff.py".to_vec(), why: "permission denied".into() });
    let mut baselined = everything();
    let accepted = baselined.findings.split_off(baselined.findings.len() / 2).into_iter().enumerate();
    baselined.baseline = Some(Baselined {
        name: "b.jsonl".into(),
        revision: None,
        entries: 9,
        unused: None,
        is_listed: true,
        accepted: accepted
            .map(|(nth, finding)| Accepted {
                finding,
                by: "Ada".into(),
                reason: "a sample".into(),
                on: "2026-11-22".into(),
                expires: None,
                entry: String::new(),
                moved_from: (nth % 2 == 0).then(|| b"old.py".to_vec()),
            })
            .collect(),
    });
    let logs = [
        ("baselined", baselined),
        ("archive", of_archive()),
        ("everything", everything()),
        ("refused", refused()),
        ("clean", clean),
        ("partial", partial),
        ("files", Folder::new(&spellings(key)).scanned()),
        ("rules", every_rule()),
    ];
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let write_log = |(name, report): &(&str, Report)| {
        let path = folder.join(format!("{name}-{:?}.sarif", std::thread::current().id()).replace(['(', ')'], ""));
        std::fs::write(&path, sarif(report).to_string()).expect("target can be written to");
        path
    };
    logs.iter().map(write_log).collect()
}

#[test]
fn every_rule_reads_well_in_sarif() {
    let report = every_rule();
    let log = sarif(&report);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("a list");
    let all = support::scan().engine.rules().rules().len();
    assert!(rules.len() * 10 >= all * 9, "{} of {all} rules found their own samples", rules.len());
    for rule in rules {
        for text in [&rule["shortDescription"]["text"], &rule["fullDescription"]["text"], &rule["help"]["markdown"]] {
            assert!(text.as_str().is_some_and(|text| text.len() > 5), "{rule:#}");
        }
        assert!(rule["fullDescription"]["text"].as_str().is_some_and(|text| text.len() <= 1024));
        assert!(rule["properties"]["tags"].as_array().is_some_and(|tags| tags.len() <= 10));
        let number: f32 =
            rule["properties"]["security-severity"].as_str().expect("a string").parse().expect("a number");
        assert!(number > 0.0 && number <= 10.0);
    }
}

/// A folder of files that goes away with it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, Vec<u8>)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).expect("the folder can be written to");
        }
        Folder(folder)
    }

    fn scanned(&self) -> Report {
        let root = self.0.path().canonicalize().expect("the folder exists");
        let surroundings = Surroundings::new(root, |_| None);
        let selected = select(Selection::Files { paths: Vec::new(), no_ignore: true }, &surroundings);
        scan().run(selected.expect("a folder can be scanned"))
    }
}

/// A key in files of every spelling, with what shifts bytes against characters before it.
fn spellings(key: fn(u64) -> String) -> Vec<(&'static str, Vec<u8>)> {
    let text = |number: u64| format!("# é 日本 🦀\r\n\tx = '🦀\t{}' # ü\r\n", key(number));
    let wide = |text: String, bytes: fn(u16) -> [u8; 2]| {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
    };
    vec![
        ("utf 8.txt", text(20).into_bytes()),
        ("bom.txt", [b"\xef\xbb\xbf".as_slice(), format!("{} # 🦀\n", key(21)).as_bytes()].concat()),
        ("latin-1.txt", [b"caf\xe9 = \xfc".as_slice(), format!(" '{}'\r\n", key(22)).as_bytes()].concat()),
        ("utf-16le.txt", wide(text(23), u16::to_le_bytes)),
        ("utf-16be.txt", wide(text(24), u16::to_be_bytes)),
        ("cr.txt", format!("a\rb = {}\rc", key(25)).into_bytes()),
        ("lf.txt", format!("a\n\n\n  b = {}", key(26)).into_bytes()),
    ]
}

/// A file's text as an editor shows it, a byte that is not UTF-8 as one character.
fn read(bytes: &[u8]) -> String {
    let wide = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).expect("the file is UTF-16")
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).expect("the file is UTF-8"),
        _ => String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| bytes.iter().map(|&b| char::from(b)).collect()),
    }
}

/// Where a region begins and ends in a text, in bytes.
fn span(text: &str, region: &Value) -> std::ops::Range<usize> {
    let mut starts = vec![0];
    for (at, c) in text.char_indices() {
        if c == '\n' || (c == '\r' && !text[at + 1..].starts_with('\n')) {
            starts.push(at + 1);
        }
    }
    let place = |line: &str, column: &str| {
        let number = |name: &str| region[name].as_u64().expect("regions are whole") as usize;
        let start = starts[number(line) - 1];
        let mut characters = text[start..].char_indices().map(|(at, _)| start + at).chain([text.len()]);
        characters.nth(number(column) - 1).expect("the column is within the text")
    };
    place("startLine", "startColumn")..place("endLine", "endColumn")
}

/// The results of a log about the file with this address.
fn results_in<'a>(log: &'a Value, uri: &str) -> Vec<&'a Value> {
    let results = log["runs"][0]["results"].as_array().expect("a list");
    let address = |result: &Value| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri;
    results.iter().filter(|result| address(result)).collect()
}

/// Each file has one result; its region is the key, and its line hash the one that the uploader computes.
fn tells_the_truth(log: &Value, files: &[(&str, Vec<u8>)], key: fn(u64) -> String) {
    for (number, (name, bytes)) in (20..).zip(files) {
        let results = results_in(log, &name.replace(' ', "%20"));
        assert_eq!(results.len(), 1, "{name}: {log:#}");
        let region = &results[0]["locations"][0]["physicalLocation"]["region"];
        let text = read(bytes);
        assert_eq!(text[span(&text, region)], key(number), "{name}");
        let uploaded = line_hashes(&String::from_utf8_lossy(bytes));
        let line = region["startLine"].as_u64().expect("a line") as usize;
        assert_eq!(results[0]["partialFingerprints"]["primaryLocationLineHash"], uploaded[line - 1].as_str(), "{name}");
    }
}

#[test]
fn each_region_read_back_from_its_file_is_the_secret() {
    let files = spellings(key);
    tells_the_truth(&sarif(&Folder::new(&files).scanned()), &files, key);
}

/// What the program itself writes about the files on disk.
fn program(repository: &Repository) -> Value {
    let output = repository.unleak(["files", "--format", "sarif"]);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

#[test]
fn the_program_tells_the_same_truth() {
    let files = spellings(sendgrid_key);
    let repository = Repository::new();
    files.iter().for_each(|(name, bytes)| repository.write(name, bytes));
    tells_the_truth(&program(&repository), &files, sendgrid_key);
}

/// Code in several languages that holds the key.
fn code() -> Vec<(&'static str, String)> {
    let key = |number: u64| sendgrid_key(100 + number);
    vec![
        ("mail.py", format!("import sendgrid\n\nsg = sendgrid.SendGridAPIClient(\"{}\")  # ü 🦀\n", key(1))),
        ("mail.js", format!("const é = '🦀'; sgMail.setApiKey('{}');\n", key(2))),
        ("mail.rb", format!("sg = SendGrid::API.new(api_key: '{}')\r\n", key(3))),
        ("mail.go", format!("package main\n\nfunc main() {{\n\tkey := \"{}\"\n\tsend(key)\n}}\n", key(4))),
        ("Mail.java", format!("class Mail {{\n    String key = \"{}\";\n}}\n", key(5))),
        ("mail.sh", format!("#!/bin/sh\nSENDGRID_API_KEY=\"{}\"\nsend \"$SENDGRID_API_KEY\"\n", key(6))),
    ]
}

#[test]
fn fixes_applied_to_their_files_leave_nothing_to_find() {
    let repository = Repository::new();
    code().iter().for_each(|(name, text)| repository.write(name, text));
    let log = program(&repository);
    for (number, (name, text)) in (101..).zip(code()) {
        let results = results_in(&log, name);
        assert_eq!(results.len(), 1, "{name}");
        let mut replacements: Vec<(std::ops::Range<usize>, &str)> =
            results[0]["fixes"][0]["artifactChanges"][0]["replacements"]
                .as_array()
                .unwrap_or_else(|| panic!("no fix for {name}: {:#}", results[0]))
                .iter()
                .map(|r| (span(&text, &r["deletedRegion"]), r["insertedContent"]["text"].as_str().expect("a text")))
                .collect();
        replacements.sort_by_key(|(span, _)| span.start);
        let mut fixed = text;
        for (span, inserted) in replacements.into_iter().rev() {
            fixed.replace_range(span, inserted);
        }
        assert!(!fixed.contains(&sendgrid_key(number)[10..]) && fixed.contains("SENDGRID_API_KEY"), "{name}:\n{fixed}");
        repository.write(name, &fixed);
    }
    assert_eq!(program(&repository)["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn a_fix_applied_to_its_file_takes_the_secret_out() {
    let text = format!("import mail\n\nKEY = \"{}\"\nmail.send(KEY)\n", key(1));
    let log = sarif(&refused());
    let replacement = &log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    let mut fixed = text.clone();
    let inserted = replacement["insertedContent"]["text"].as_str().expect("a text");
    fixed.replace_range(span(&text, &replacement["deletedRegion"]), inserted);
    assert_eq!(fixed, "import mail\n\nKEY = os.environ[\"TEST_KEY\"]\nmail.send(KEY)\n");
}

#[test]
fn the_validator_finds_no_error() {
    let Some(multitool) = checker(MULTITOOL) else { return };
    for log in logs() {
        let errors = errors(&multitool, &log);
        assert!(errors.is_empty(), "{}: {errors:#?}", log.display());
    }
}

#[test]
fn the_validator_finds_the_error_in_a_broken_log() {
    let Some(multitool) = checker(MULTITOOL) else { return };
    let mut broken = sarif(&refused());
    let place = &mut broken["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    place.as_object_mut().expect("an object").remove("region");
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken.sarif");
    std::fs::write(&log, broken.to_string()).expect("target can be written to");
    assert!(!errors(&multitool, &log).is_empty());
}

/// What the validator takes for errors in a log. Its exit status is 0 whatever it finds.
fn errors(multitool: &Path, log: &Path) -> Vec<Value> {
    let own = log.with_extension("xml");
    std::fs::write(&own, multitool_config()).expect("target can be written to");
    let verdict = log.with_extension("verdict.sarif");
    let output = Command::new(multitool)
        .arg("validate")
        .arg(log)
        .arg("--config")
        .arg(shared("multitool-gh.xml").unwrap_or(own))
        .args(["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--log", "ForceOverwrite", "-o"])
        .arg(&verdict)
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .output()
        .expect("the validator starts");
    let told = std::fs::read(&verdict).unwrap_or_else(|_| panic!("no verdict: {output:?}"));
    let told: Value = serde_json::from_slice(told.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&told)).expect("JSON");
    assert_eq!(told["runs"][0]["invocations"][0]["executionSuccessful"], true, "{output:?}");
    let results = told["runs"][0]["results"].as_array().cloned().unwrap_or_default();
    results.into_iter().filter(|result| result["level"].as_str().unwrap_or("warning") == "error").collect()
}

/// Switches on the rules about GitHub that the validator leaves off, and off the one that calls addresses.
fn multitool_config() -> String {
    let on = [
        "GH1001.ProvideRequiredLocationProperties",
        "GH1003.ProvideRequiredRegionProperties",
        "GH1004.ReviewArraysThatExceedConfigurableDefaults",
        "GH1005.LocationsMustBeRelativeUrisOrFilePaths",
        "GH1006.ProvideCheckoutPath",
        "GH1007.ProvideFullyFormattedMessageStrings",
    ];
    let rule = |name: &str, state: &str| {
        format!(
            "<Properties Key=\"{name}.Options\"><Property Key=\"RuleEnabled\" Value=\"{state}\" \
             Type=\"Driver.RuleEnabledState\" /></Properties>"
        )
    };
    let rules: String = on.iter().map(|name| rule(name, "Error")).collect();
    format!(
        "<?xml version=\"1.0\"?><Properties>{rules}{}</Properties>",
        rule("SARIF2006.UrisShouldBeReachable", "Disabled")
    )
}

#[test]
fn the_schema_holds() {
    let (Some(check), Some(schema)) = (checker("venv/bin/check-jsonschema"), checker(SCHEMA)) else { return };
    let output = Command::new(check).arg("--schemafile").arg(schema).args(logs()).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_uploader_accepts_it() {
    let files = (shared("codeql_schema_check.cjs"), shared("sarif-schema-2.1.0.codeql.json"));
    let (Some(script), Some(schema)) = files else {
        println!("NOT CHECKED: the uploader's schema is not beside this repository");
        return;
    };
    let Some(modules) = checker("npm/node_modules") else { return };
    for log in logs() {
        let mut node = Command::new("node");
        let output = node.env("NODE_PATH", &modules).arg(&script).arg(&schema).arg(&log).output();
        let output = output.expect("node starts");
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && told.is_empty(), "{}: {told}", log.display());
    }
}
