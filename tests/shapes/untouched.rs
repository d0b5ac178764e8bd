//! On real texts, not made for it: edits take out the secret and its expression and nothing else, and leave nothing to
//! do a second time.

use crate::support::samples::fill;
use crate::support::{document, quiet_scan};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use unleak::document::{Changed, Document};
use unleak::finding::Finding;
use unleak::remedy::{Language, language, mended};

/// Kinds of files in which a text without a path of its own is tried.
const PATHS: [&str; 8] = ["a.py", "a.js", "a.rb", "a.sh", "compose.yml", "Dockerfile", "a.tf", ".env.example"];

/// The texts with their paths: the samples of every rule, in as many kinds of files, and the labelled corpus where
/// it is.
fn texts(kinds: usize) -> Vec<(String, Vec<u8>)> {
    let mut texts = Vec::new();
    for rule in quiet_scan().engine.rules().rules() {
        for (index, hit) in rule.spec.hits.iter().enumerate() {
            let sample = fill(rule.id(), index, 5, hit);
            let paths = PATHS.iter().cycle().skip(texts.len()).take(kinds).map(|path| (*path).to_owned());
            match sample.path.is_empty() {
                false => texts.push((sample.path, sample.text)),
                true => texts.extend(paths.map(|path| (path, sample.text.clone())).collect::<Vec<_>>()),
            }
        }
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("UNLEAK_SHARED").map_or(beside, PathBuf::from);
    below(&shared.join("corpus/sendgrid"), &mut |path| {
        let inside =
            path.strip_prefix(shared.join("corpus/sendgrid")).expect("it is below").to_string_lossy().into_owned();
        let inside = inside.splitn(3, '/').last().unwrap_or_default().to_owned();
        texts.push((inside, std::fs::read(path).expect("a file of the corpus can be read")));
    });
    texts
}

fn below(folder: &Path, each: &mut dyn FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path().is_dir() {
            true => below(&entry.path(), each),
            false => each(&entry.path()),
        }
    }
}

/// What is wrong with the edits of a finding.
fn fault(document: &Document, finding: &Finding) -> Option<String> {
    let edits = &finding.remedy.edits;
    let text = &document.text;
    let told =
        |what: &str| Some(format!("{} {}: {what}", String::from_utf8_lossy(&document.origin.path), finding.rule.id()));
    if edits.is_empty() {
        return None;
    }
    let lines = |at: usize| memchr::memchr_iter(b'\n', &text[..at]).count() as u32 + 1;
    let (first, last) = (finding.location.start_line, finding.location.end_line);
    let has_import =
        edits.iter().filter(|e| e.span.is_empty() && !(first..=last).contains(&lines(e.span.start))).count();
    if has_import > 1 {
        return told("more than an import stands elsewhere");
    }
    for edit in edits.iter().filter(|edit| !edit.span.is_empty()) {
        let taken = &text[edit.span.clone()];
        let rest = String::from_utf8_lossy(taken).replace(&*String::from_utf8_lossy(finding.secret.expose()), "");
        let is_entry = matches!(
            language(&document.origin.path, text),
            Language::Kubernetes
                | Language::Terraform
                | Language::TerraformVariables
                | Language::Systemd
                | Language::CircleCi
                | Language::GitlabCi
                | Language::Postfix
        );
        let letters = rest.bytes().filter(u8::is_ascii_alphanumeric).filter(|b| !b"bBfFrRuU".contains(b)).count();
        let is_user = finding.rule.id() == "sendgrid-smtp-login" && edit.inserted == "apikey";
        // The default of a variable of Terraform's goes with its line, Rust's with its call.
        let is_default = edit.inserted.is_empty() && rest == "  default = \"\"\n"
            || edit.inserted.starts_with(".expect(") && rest == ".unwrap_or_else(|_| \"\".to_string())";
        if letters > 0 && finding.forms.is_empty() && !is_entry && !is_user && !is_default {
            return told(&format!("takes {rest:?} besides"));
        }
    }
    let after = Document { text: mended(text, edits), ..document.clone() };
    let before_it = text[..edits[0].span.start] == after.text[..edits[0].span.start];
    let rest = text.len() - edits[edits.len() - 1].span.end;
    let behind_it = text[text.len() - rest..] == after.text[after.text.len() - rest..];
    if !before_it || !behind_it {
        return told("bytes outside change");
    }
    let count = |document: &Document| {
        let findings = quiet_scan().document(document, &|_| None).findings;
        findings
            .iter()
            .filter(|f| f.rule.id() == finding.rule.id() && f.secret == finding.secret && f.remedy.edits == *edits)
            .count()
    };
    (count(&after) > 0).then(|| told("there is the same to do a second time")).flatten()
}

#[test]
fn edits_touch_the_secrets_expression_and_the_import_alone() {
    let checked: Vec<(usize, Vec<String>)> = texts(PATHS.len())
        .par_iter()
        .map(|(path, text)| {
            let document = document(path, text, Changed::Whole);
            let findings = quiet_scan().document(&document, &|_| None).findings;
            let edited = findings.iter().filter(|finding| !finding.remedy.edits.is_empty()).count();
            (edited, findings.iter().filter_map(|finding| fault(&document, finding)).collect())
        })
        .collect();
    let edited: usize = checked.iter().map(|(edited, _)| edited).sum();
    let faults: Vec<String> = checked.into_iter().flat_map(|(_, faults)| faults).collect();
    println!("{edited} findings with edits");
    assert!(edited > 1000, "{edited}");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Every file below a folder with its bytes.
fn tree(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    below(folder, &mut |path| files.push((path.to_path_buf(), std::fs::read(path).expect("it can be read"))));
    files.sort();
    files
}

#[test]
fn after_a_fix_of_everything_what_is_left_is_what_was_said_and_a_second_one_changes_no_byte() {
    let folder = crate::folder("everything");
    for (number, (path, text)) in texts(1).iter().enumerate() {
        let path = folder.join(number.to_string()).join(path);
        std::fs::create_dir_all(path.parent().expect("it stands in a folder")).expect("it can be made");
        std::fs::write(path, text).expect("it can be written");
    }
    std::fs::write(folder.join(".ignore"), "!*\n").expect("it can be written");
    let (status, said) = crate::unleak(&folder, &["fix", "."]);
    assert_ne!(status, Some(2), "{}", said.lines().filter(|l| l.starts_with("unleak")).collect::<String>());
    let mut left: Vec<String> = said
        .lines()
        .filter_map(|line| line.strip_prefix("left: "))
        .map(|line| line.splitn(4, ':').take(3).collect::<Vec<_>>().join(":").replace(": ", ":"))
        .collect();
    let once = tree(&folder);
    let (_, report) = crate::unleak(&folder, &["files", "--format", "json", "--output", "../everything.json", "."]);
    let report = std::fs::read(folder.with_file_name("everything.json")).unwrap_or_else(|_| panic!("{report}"));
    let report: serde_json::Value = serde_json::from_slice(&report).expect("it is JSON");
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut found: Vec<String> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| format!("{}:{}:{}", word(&finding["path"]), finding["start_line"], word(&finding["rule_id"])))
        .collect();
    left.sort();
    found.sort();
    let first = std::iter::zip(&left, &found).find(|(left, found)| left != found);
    assert_eq!((left.len(), first), (found.len(), None), "what was left is what is found");
    crate::unleak(&folder, &["fix", "."]);
    let changed: Vec<_> =
        std::iter::zip(&once, &tree(&folder)).filter(|(a, b)| a != b).map(|(a, _)| a.0.clone()).collect();
    assert!(changed.is_empty(), "a second time: {changed:?}");
}
