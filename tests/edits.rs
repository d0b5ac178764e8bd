//! The edits of a finding: SARIF's `fixes`, JSON's `remedy.edits`, the human report and `unleak fix` have the same.

mod support;

use serde_json::Value;
use support::{Repository, sendgrid_key};

const FILES: [(&str, &str); 6] = [
    ("a.py", "key = 'KEY!'\nh = \"Bearer KEY!\"\n"),
    ("b.go", "package b\n\nimport (\n\t\"fmt\"\n)\n\nfunc f() { fmt.Sprint(\"KEY!\") }\n"),
    ("c.js", "const h = \"Bearer KEY!\"\r\n"),
    ("d.sh", "send 'Bearer KEY!'\n"),
    ("compose.yml", "services:\n  a:\n    environment:\n      - K=KEY!\n"),
    ("e.json", "{\"grün\": \"KEY!\"}\n"),
];

/// An edit: the place, from line and column to line and column, and what is put there.
type Edit = (String, [u64; 4], String);

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a place has numbers")
}

fn of_json(report: &Value) -> Vec<Edit> {
    let mut edits = Vec::new();
    for finding in report["findings"].as_array().expect("a list") {
        let path = finding["path"].as_str().expect("a path");
        for edit in finding["remedy"]["edits"].as_array().into_iter().flatten() {
            let place = edit;
            let at = ["start_line", "start_column", "end_line", "end_column"].map(|name| number(&place[name]));
            edits.push((path.to_owned(), at, edit["inserted"].as_str().expect("a text").to_owned()));
        }
    }
    edits
}

fn of_sarif(log: &Value) -> Vec<Edit> {
    let mut edits = Vec::new();
    for result in log["runs"][0]["results"].as_array().expect("a list") {
        for change in result["fixes"].as_array().into_iter().flatten().map(|fix| &fix["artifactChanges"][0]) {
            let path = change["artifactLocation"]["uri"].as_str().expect("a path");
            for replacement in change["replacements"].as_array().expect("a list") {
                let region = &replacement["deletedRegion"];
                let at = ["startLine", "startColumn", "endLine", "endColumn"].map(|name| number(&region[name]));
                let text = replacement["insertedContent"]["text"].as_str().expect("a text");
                edits.push((path.to_owned(), at, text.to_owned()));
            }
        }
    }
    edits
}

/// The notes of the human report, as it writes the same edits.
fn in_words(edits: &[Edit]) -> Vec<String> {
    let words = edits.iter().map(|(_, [line, column, end_line, end_column], text)| {
        let text = text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
        match (line, column) == (end_line, end_column) {
            true => format!("{line}:{column} insert `{text}`"),
            false => format!("{line}:{column} becomes `{text}`"),
        }
    });
    words.collect()
}

#[test]
fn every_report_and_the_mended_files_carry_the_same_edits() {
    let repository = Repository::new();
    for (path, text) in FILES {
        repository.write(path, text.replace("KEY!", &sendgrid_key(1)));
    }
    repository.commit("begin");
    let run = |format: &str| {
        let output = repository.unleak(["files", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("reports are UTF-8")
    };
    let json = of_json(&serde_json::from_str(&run("json")).expect("it is JSON"));
    assert!(json.len() > FILES.len(), "{json:?}");
    assert_eq!(of_sarif(&serde_json::from_str(&run("sarif")).expect("it is JSON")), json);
    let human = run("human");
    let told: Vec<&str> = human.lines().filter_map(|line| line.split_once("= fix: ")).map(|(_, fix)| fix).collect();
    assert_eq!(told.join(", "), in_words(&json).join(", "), "{human}");

    // And these are the edits that `fix` makes, each once.
    let mut expected: Vec<(String, String)> = Vec::new();
    for (path, text) in FILES {
        let mut edits: Vec<&Edit> = json.iter().filter(|(of, ..)| of == path).collect();
        edits.sort_by_key(|(_, at, _)| (at[0], at[1], at[2], at[3]));
        edits.dedup();
        let mut mended = text.replace("KEY!", &sendgrid_key(1));
        for (_, at, inserted) in edits.into_iter().rev() {
            let span = offset(&mended, at[0], at[1])..offset(&mended, at[2], at[3]);
            mended.replace_range(span, inserted);
        }
        expected.push((path.to_owned(), mended));
    }
    repository.unleak(["fix"]);
    for (path, text) in expected {
        assert_eq!(std::fs::read_to_string(repository.path().join(&path)).expect("it is there"), text, "{path}");
    }
}

/// The byte at a line and a column.
fn offset(text: &str, line: u64, column: u64) -> usize {
    let index = |number: u64| usize::try_from(number).expect("it is small") - 1;
    let start: usize = text.split_inclusive('\n').take(index(line)).map(str::len).sum();
    let rest = &text[start..];
    start + rest.char_indices().nth(index(column)).map_or(rest.len(), |(at, _)| at)
}
