//! How the file is made, kept, merged and pruned, and what is taken over from other tools.

use super::*;

#[test]
fn additions_of_two_branches_merge_in_any_order() {
    for folder in [false, true] {
        for way in ["merge", "the other merge", "rebase", "cherry-pick"] {
            let repository = Repository::new();
            let name = if folder { "ci/accepted/" } else { FILE };
            let by = ["--baseline", name];
            repository.write("readme", "hello\n");
            repository.write("m.py", source(1));
            repository.commit("begin");
            told(&repository, 0, &[&["baseline", "create"], &by[..]].concat());
            assert_eq!(repository.path().join(".gitattributes").exists(), !folder, "a folder needs no attributes");
            repository.commit("baseline");
            for (branch, path, number) in [("one", "n1.py", 2), ("two", "n2.py", 3)] {
                repository.git(["switch", "--quiet", "--create", branch, "main"]);
                repository.write(path, source(number));
                told(&repository, 0, &[&["baseline", "update", "--reason", branch], &by[..]].concat());
                repository.commit(branch);
            }
            match way {
                "merge" => repository.git(["merge", "--quiet", "--no-edit", "one"]),
                "the other merge" => {
                    repository.git(["switch", "--quiet", "one"]);
                    repository.git(["merge", "--quiet", "--no-edit", "two"])
                }
                "rebase" => repository.git(["rebase", "--quiet", "one"]),
                _ => repository.git(["cherry-pick", "one"]),
            };
            let report = told(&repository, 0, &[&["files"], &by[..]].concat());
            assert!(report.contains("3 accepted by the baseline"), "{way}: {report}");
            assert!(told(&repository, 0, &[&["baseline", "show"], &by[..]].concat()).contains("3 entries"));
        }
    }
}

#[test]
fn both_branches_may_make_it_or_accept_the_same_thing() {
    let repository = Repository::new();
    repository.write("m.py", source(1));
    repository.write("n.py", source(2));
    repository.commit("begin");
    for branch in ["one", "two"] {
        repository.git(["switch", "--quiet", "--create", branch, "main"]);
        told(&repository, 0, &["baseline", "create", "--reason", branch]);
        repository.commit(branch);
    }
    repository.git(["merge", "--quiet", "--no-edit", "one"]);
    assert!(scanned(&repository, 0, &["files"]).contains("2 accepted"));
    // Both sides' lines are there until someone writes the file again.
    assert_eq!(baseline(&repository).lines().count(), 4);
    told(&repository, 0, &["baseline", "update"]);
    assert_eq!(baseline(&repository).lines().count(), 2);
}

#[test]
fn a_conflict_that_a_host_left_is_refused_and_joined_by_an_update() {
    let repository = accepted();
    std::fs::remove_file(repository.path().join(".gitattributes")).expect("it is there");
    repository.commit("as on a host that knows no union");
    for (branch, path, number) in [("one", "src/n1.py", 2), ("two", "src/n2.py", 3)] {
        repository.git(["switch", "--quiet", "--create", branch, "main"]);
        accept_another(&repository, path, number);
    }
    assert!(!repository.try_git(["merge", "--quiet", "--no-edit", "one"]).status.success());
    let report = scanned(&repository, 2, &["files"]);
    assert!(
        report.contains(&format!("{FILE}:2: a merge left a conflict here; `unleak baseline update` keeps both")),
        "{report}"
    );
    told(&repository, 0, &["baseline", "update"]);
    assert_eq!(baseline(&repository).lines().count(), 3);
    assert!(scanned(&repository, 0, &["files"]).contains("3 accepted"));
}

#[test]
fn what_matches_nothing_can_be_pruned() {
    let repository = accepted();
    accept_another(&repository, "src/two.py", 2);
    repository.write("src/mail.py", "KEY = read()\n");
    repository.commit("mend");
    let line = baseline(&repository).lines().next().expect("there is one").replace("src/mail.py", "src/never.py");
    let (head, _) = line.split_once("\"fingerprint\"").expect("it has one");
    repository.write(FILE, format!("{}{head}\"fingerprint\":\"v2-{}\"}}\n", baseline(&repository), "0".repeat(32)));
    assert!(told(&repository, 1, &["baseline", "diff"]).contains("2 gone (-)"));
    assert!(told(&repository, 1, &["baseline", "diff", "--history"]).contains("1 gone (-)"));
    assert!(told(&repository, 0, &["baseline", "prune", "--dry-run"]).contains("nothing was written"));
    let pruned = told(&repository, 0, &["baseline", "prune"]);
    assert!(pruned.contains("- src/never.py") && pruned.contains("1 entry removed"), "{pruned}");
    // The history still holds what was mended.
    scanned(&repository, 0, &["history"]);
    assert!(told(&repository, 0, &["baseline", "prune", "--files"]).contains("- src/mail.py"));
    scanned(&repository, 0, &["files"]);
    scanned(&repository, 1, &["history"]);
    assert!(told(&repository, 0, &["baseline", "diff"]).contains("no difference"));
}

#[test]
fn only_what_is_named_is_accepted_when_something_is_named() {
    let repository = accepted();
    repository.write("a.py", source(2));
    repository.write("b.py", source(3));
    let report: Value =
        serde_json::from_slice(&repository.unleak(["files", "--format", "json", BY[0], BY[1]]).stdout).expect("JSON");
    let fingerprint = report["findings"][1]["fingerprint"].as_str().expect("it has one");
    told(&repository, 0, &["baseline", "update", "--reason", "this one", &fingerprint[..12]]);
    let left = scanned(&repository, 1, &["files"]);
    assert!(left.contains("a.py:3") && !left.contains("b.py:3"), "{left}");
    assert!(
        told(&repository, 2, &["baseline", "update", "--reason", "x", "v2-00000000"]).contains("has the fingerprint")
    );
    assert!(told(&repository, 1, &["baseline", "diff", "--from", "HEAD"]).contains("+ b.py: sendgrid-api-key"));
}

#[test]
fn a_bad_baseline_stops_the_scan_and_says_what_mends_it() {
    let repository = accepted();
    let good = baseline(&repository);
    for (bad, what) in [
        (good.replace("accepted", "acceptd"), "1: unknown field"),
        (format!("{good}hello\n"), "2: expected value; every line is an entry as `unleak baseline update` writes it"),
        (good.replace("v2-", "v1-"), "1: fingerprint was made by an earlier unleak; delete the line and accept"),
        (good.replace("v2-", "v3-"), "1: fingerprint is \"v2-\" and 32 hexadecimal digits"),
        (good.replace("\"accepted\":\"20", "\"accepted\":\"x"), "1: accepted is no date"),
    ] {
        repository.write(FILE, bad);
        let report = scanned(&repository, 2, &["files"]);
        assert!(report.contains(&format!("{FILE}:{what}")), "{report}");
    }
    repository.git(["checkout", "--quiet", FILE]);
    assert!(told(&repository, 2, &["files", "--baseline", "none"]).contains("`unleak baseline create` makes one"));
    let gone = told(&repository, 2, &["files", "--baseline-from", "nowhere"]);
    assert!(
        gone.contains("`nowhere` does not name a commit in this clone") && gone.contains("fetch-depth: 0"),
        "{gone}"
    );
    let first = repository.git(["rev-list", "--max-parents=0", "HEAD"]);
    let none = told(&repository, 1, &["files", "--baseline-from", &first]);
    assert!(none.contains("has no entry in .unleak-baseline.jsonl, so nothing is accepted"), "{none}");
    assert!(told(&repository, 2, &["baseline", "create"]).contains("exists already"));
}

/// Texts as the other tools write them, for a repository with leaks in two files.
fn others(repository: &Repository) -> (String, String, String) {
    let commit = repository.git(["rev-parse", "HEAD"]);
    let secret = |number| serde_json::to_string(&sendgrid_key(number)).expect("it is text");
    let leaks = format!(
        r#"[{{"RuleID":"sendgrid-api-token","StartLine":3,"EndLine":3,"Match":{0},"Secret":{0},"File":"a.py","Commit":"{commit}"}},
            {{"RuleID":"sendgrid-api-token","StartLine":3,"EndLine":3,"Match":"REDACTED","Secret":"REDACTED","File":"b.py","Commit":""}},
            {{"RuleID":"generic-api-key","StartLine":9,"EndLine":9,"Match":"x","Secret":"not there at all","File":"a.py","Commit":""}}]"#,
        secret(1)
    );
    let ignored =
        format!("# old\n{commit}:a.py:sendgrid-api-token:3\nb.py:sendgrid-api-token:3\ngone.py:generic-api-key:1\n");
    let digest = |text: &str| {
        let output = repository
            .command("python3")
            .args(["-c", "import hashlib,sys; print(hashlib.sha1(sys.argv[1].encode()).hexdigest())", text])
            .output();
        String::from_utf8_lossy(&output.expect("python3 can be started").stdout).trim().to_owned()
    };
    let audited = serde_json::json!({
        "version": "1.5.0", "plugins_used": [], "filters_used": [], "generated_at": "",
        "results": {
            "a.py": [{ "type": "SendGrid Token", "filename": "a.py", "hashed_secret": digest(&sendgrid_key(1)), "is_verified": false, "line_number": 99, "is_secret": true }],
            "b.py": [{ "type": "Secret Keyword", "filename": "b.py", "hashed_secret": digest(&sendgrid_key(2)[3..]), "is_verified": false, "line_number": 3 }],
            "c.py": [{ "type": "Secret Keyword", "filename": "c.py", "hashed_secret": digest("x"), "is_verified": false, "line_number": 1 }],
        },
    });
    (leaks, ignored, audited.to_string())
}

#[test]
fn what_other_tools_accept_is_taken_over_and_the_rest_named() {
    let repository = Repository::new();
    repository.write("a.py", source(1));
    repository.write("b.py", source(2));
    repository.commit("begin");
    let (leaks, ignored, audited) = others(&repository);
    for (name, text, rest) in [
        ("leaks.json", leaks, "? a.py:9 (gitleaks generic-api-key): unleak finds no such secret there"),
        (".gitleaksignore", ignored, "? gone.py:1 (gitleaks generic-api-key): there is no such file any more"),
        (".secrets.baseline", audited, "? c.py:1 (detect-secrets Secret Keyword): there is no such file any more"),
    ] {
        let _ = std::fs::remove_file(repository.path().join(FILE));
        repository.write(name, text);
        let report = told(&repository, 0, &["baseline", "import", name]);
        assert!(report.contains("2 findings accepted (2 critical)"), "{name}: {report}");
        assert!(report.contains(rest) && report.contains("1 of 3 not taken over"), "{name}: {report}");
        std::fs::remove_file(repository.path().join(name)).expect("it is there");
        scanned(&repository, 0, &["files"]);
        repository.write(name, "hello\nworld\n");
        assert!(told(&repository, 2, &["baseline", "import", name]).contains("is neither a gitleaks report"));
        std::fs::remove_file(repository.path().join(name)).expect("it is there");
    }
    assert!(baseline(&repository).contains("audited as a real secret"));
}

#[test]
fn what_the_real_tools_write_is_taken_over() {
    let (Some(gitleaks), Some(detect)) = (checker("venv/bin/gitleaks"), checker("venv/bin/detect-secrets")) else {
        return;
    };
    let repository = Repository::new();
    repository.write("a.py", source(1));
    repository.commit("begin");
    repository.write("lib/b c.py", format!("# moved\n{}", source(2)));
    repository.commit("more");
    let run = |mut command: std::process::Command| {
        let output = command.output().expect("the tool can be started");
        assert!(output.status.success(), "{}", said(&output));
        output.stdout
    };
    // Outside of the repository, since gitleaks reads its own report when that lies in it.
    let written = |name: &str| repository.beside(name).display().to_string();
    let leaks = ["--report-format", "json", "--exit-code", "0", "--no-banner", "--report-path"];
    let mut command = repository.command(&gitleaks);
    command.args(["git", "."]).args(leaks).arg(written("git.json"));
    run(command);
    let mut command = repository.command(&gitleaks);
    command.args(["dir", ".", "--redact"]).args(leaks).arg(written("dir.json"));
    run(command);
    let found = std::fs::read(repository.beside("git.json")).expect("it was written");
    let found: Value = serde_json::from_slice(&found).expect("it is JSON");
    let found = found.as_array().expect("it is a list");
    let lines: Vec<&str> = found.iter().filter_map(|leak| leak["Fingerprint"].as_str()).collect();
    assert_eq!(lines.len(), 2);
    std::fs::write(repository.beside(".gitleaksignore"), lines.join("\n")).expect("the folder is ours");
    let mut command = repository.command(&detect);
    command.args(["scan", "a.py", "lib/b c.py"]);
    std::fs::write(repository.beside(".secrets.baseline"), run(command)).expect("the folder is ours");
    for name in ["git.json", "dir.json", ".gitleaksignore", ".secrets.baseline"] {
        let _ = std::fs::remove_file(repository.path().join(FILE));
        let report = told(&repository, 0, &["baseline", "import", &written(name)]);
        assert!(report.contains("2 findings accepted"), "{name}: {report}");
        scanned(&repository, 0, &["files"]);
    }
}
