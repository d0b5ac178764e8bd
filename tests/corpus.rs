//! The labelled SendGrid cases beside the project, where they are: every leak found, nothing else reported.
//! `CORPUS=FOLDER` looks elsewhere; `CORPUS_TOLD=p203` prints all that was made of the paths that contain it.
#![allow(clippy::print_stdout, reason = "the score is for whoever runs the test")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use support::{report, told};
use unleak::document::Changed;

/// Every file below a folder, in order.
fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("the corpus can be listed");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("the corpus can be listed").path()).collect();
    paths.sort();
    for path in paths {
        match path.is_dir() {
            true => files_below(&path, found),
            false => found.push(path),
        }
    }
}

/// The bytes as a source hands them on: UTF-16 behind a byte order mark as UTF-8.
fn text_of(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).expect("a file of the corpus can be read");
    let (text, encoding, _) = match bytes.as_slice() {
        [0xff, 0xfe, ..] => encoding_rs::UTF_16LE.decode(&bytes),
        [0xfe, 0xff, ..] => encoding_rs::UTF_16BE.decode(&bytes),
        _ => return bytes,
    };
    assert!(encoding.name().starts_with("UTF-16"), "a byte order mark decides");
    text.into_owned().into_bytes()
}

#[test]
fn the_corpus_is_found_whole_and_nothing_else() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let root = std::env::var_os("CORPUS").map_or(beside, PathBuf::from);
    let Ok(root) = root.canonicalize() else {
        println!("skipped: there is no corpus beside the project");
        return;
    };
    let mut files = Vec::new();
    files_below(&root.join("sendgrid"), &mut files);
    let mut lines = String::new();
    for file in files.iter().filter(|file| !file.ends_with("truth.jsonl")) {
        let inside =
            file.strip_prefix(&root).expect("it was listed below the root").to_string_lossy().replace('\\', "/");
        // Below the case's folder lies what a repository's root would be.
        let path = inside.splitn(4, '/').last().expect("splitting yields something");
        let report = report(path, &text_of(file), Changed::Whole);
        for finding in &report.findings {
            let (start, end) = (finding.location.start_line, finding.location.end_line);
            let line =
                serde_json::json!({"file": inside, "start_line": start, "end_line": end, "rule": finding.rule.id()});
            lines += &format!("{line}\n");
        }
        if std::env::var_os("CORPUS_TOLD").is_some_and(|part| inside.contains(&*part.to_string_lossy())) {
            println!("{inside}\n{}", told(&report));
        }
    }
    let findings = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("FINDINGS.jsonl");
    std::fs::write(&findings, lines).expect("target/tmp can be written");
    score(&root, &findings);
}

/// Has the corpus's own script score the findings.
fn score(root: &Path, findings: &Path) {
    let (json, misses) = (findings.with_file_name("score.json"), findings.with_file_name("misses.jsonl"));
    let output = Command::new("python3")
        .arg(root.join("score.py"))
        .arg(findings)
        .arg("--root")
        .arg(root)
        .args(["--corpus", "sendgrid", "--tiers", "all"])
        .arg("--misses")
        .arg(&misses)
        .arg("--json")
        .arg(&json)
        .output()
        .expect("python3 is installed where the corpus is");
    let misses = std::fs::read_to_string(misses).unwrap_or_default();
    println!("{}{misses}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let score = std::fs::read(json).expect("the script writes the score");
    let score: serde_json::Value = serde_json::from_slice(&score).expect("the score is JSON");
    let count = |name: &str| score["sendgrid"][name].as_u64().unwrap_or(0);
    assert!(count("T") > 0, "the corpus holds leaks");
    assert_eq!(count("TP"), count("T"), "every leak is found");
    assert_eq!((count("fpF"), count("Fhit"), count("unlab")), (0, 0, 0), "nothing else is reported");
}
