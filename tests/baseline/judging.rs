//! What an entry accepts, through renames, merges and rebases, and what it does not.

use super::*;

#[test]
fn what_is_accepted_is_not_reported_and_what_is_new_is() {
    let repository = accepted();
    assert!(scanned(&repository, 0, &["files"]).contains("clean: nothing found; 1 accepted by the baseline"));
    told(&repository, 1, &["files"]);
    assert!(scanned(&repository, 0, &["history"]).contains("1 accepted by the baseline"));
    repository.write("src/other.py", source(2));
    assert!(scanned(&repository, 1, &["files"]).contains("src/other.py:3"));
    let entry: Value = serde_json::from_str(baseline(&repository).trim()).expect("a line is JSON");
    assert_eq!(entry["path"], "src/mail.py");
    assert_eq!(entry["rule"], "sendgrid-api-key");
    assert_eq!(entry["by"], "Ada <ada@example.org>");
    assert_eq!(entry["reason"], "revoked");
    assert!(entry.get("line").is_none() && !baseline(&repository).contains(&sendgrid_key(1)[26..]));
}

#[test]
fn a_configuration_may_name_it_and_then_hooks_judge_by_it() {
    let repository = accepted();
    repository.write("unleak.toml", format!("[scan]\nbaseline = \"{FILE}\"\n"));
    told(&repository, 0, &["files"]);
    told(&repository, 1, &["files", "--no-baseline"]);
    told(&repository, 0, &["hook", "install", "pre-commit"]);
    repository.write("src/mail.py", format!("# moved down\n\n{}", source(1)));
    repository.git(["add", "--all"]);
    let output = repository.try_git(["commit", "--message", "move it"]);
    assert!(output.status.success(), "{}", said(&output));
    repository.write("src/copy.py", source(1));
    repository.git(["add", "--all"]);
    let output = repository.try_git(["commit", "--message", "copy it"]);
    assert!(!output.status.success() && said(&output).contains("src/copy.py"), "{}", said(&output));
    repository.write("unleak.toml", "[scan]\nbaseline = \"../elsewhere\"\n");
    assert!(told(&repository, 2, &["files"]).contains("unleak.toml:2: baseline is the path of a file"));
}

#[test]
fn every_scan_takes_it() {
    let repository = accepted();
    repository.write("src/mail.py", source(1).replace("import mail", "import mailer"));
    repository.git(["add", "--all"]);
    scanned(&repository, 0, &["staged"]);
    for (path, status) in [("src/mail.py", 0), ("src/copy.py", 1)] {
        let text = std::fs::File::open(repository.path().join("src/mail.py")).expect("it is there");
        let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
        let output = command.args(["stdin", "--path", path]).args(BY).stdin(text).output().expect("it can be started");
        assert_eq!(output.status.code(), Some(status), "{}", said(&output));
    }
    repository.git(["commit", "--quiet", "--allow-empty", "--message", &format!("see {}", sendgrid_key(5))]);
    told(&repository, 0, &["baseline", "update", "--history", "--reason", "in a message"]);
    repository.write("message", format!("see {}", sendgrid_key(5)));
    scanned(&repository, 0, &["message", "message"]);
    scanned(&repository, 0, &["range", "HEAD"]);
    told(&repository, 1, &["message", "message"]);
}

#[test]
fn a_secret_may_move_and_be_reformatted_within_its_file() {
    let repository = accepted();
    let key = sendgrid_key(1);
    for text in [
        format!("\n\n\n\n{}", source(1)),
        source(1).replace('\n', "\r\n"),
        format!("KEY = \\\n    '{key}'\n"),
        format!("a = 1\nb = dict(key='{key}', other=2)\nKEY = \"{key}\"\n"),
    ] {
        repository.write("src/mail.py", text);
        scanned(&repository, 0, &["files"]);
        repository.git(["add", "--all"]);
        scanned(&repository, 0, &["staged"]);
    }
}

#[test]
fn rebase_and_squash_change_nothing() {
    let repository = accepted();
    repository.git(["switch", "--quiet", "--create", "feature"]);
    repository.write("src/mail.py", format!("# one\n{}", source(1)));
    repository.commit("one");
    repository.write("src/mail.py", format!("# one\n# two\n{}", source(1)));
    repository.commit("two");
    repository.git(["switch", "--quiet", "main"]);
    repository.write("readme", "hello\n");
    repository.commit("meanwhile");
    repository.git(["switch", "--quiet", "feature"]);
    repository.git(["rebase", "--quiet", "main"]);
    for extra in [&BY[..], &["--baseline-from", "main"]] {
        told(&repository, 0, &[&["range", "main..feature"], extra].concat());
        told(&repository, 0, &[&["history"], extra].concat());
    }
    repository.git(["switch", "--quiet", "main"]);
    repository.git(["merge", "--quiet", "--squash", "feature"]);
    repository.commit("both at once");
    scanned(&repository, 0, &["range", "HEAD"]);
    scanned(&repository, 0, &["history"]);
}

#[test]
fn a_renamed_file_is_no_news_but_a_hint() {
    let repository = accepted();
    repository.git(["mv", "src/mail.py", "src/post.py"]);
    let hint = "src/post.py was src/mail.py when the baseline was made; `unleak baseline update`";
    assert!(scanned(&repository, 0, &["staged"]).contains(hint));
    assert!(scanned(&repository, 0, &["files"]).contains(hint));
    repository.commit("rename");
    assert!(scanned(&repository, 0, &["range", "HEAD"]).contains(hint));
    assert!(scanned(&repository, 0, &["history"]).contains(hint));
    assert!(told(&repository, 0, &["baseline", "update"]).contains("1 entry renamed"));
    let entry: Value = serde_json::from_str(baseline(&repository).trim()).expect("a line is JSON");
    assert_eq!((entry["path"].as_str(), entry["reason"].as_str()), (Some("src/post.py"), Some("revoked")));
    assert!(!scanned(&repository, 0, &["files"]).contains("was src/mail.py"));
    repository.commit("follow");
    // The old name is history, and nothing to do anything about.
    assert!(!scanned(&repository, 0, &["history"]).contains("note:"));
}

#[test]
fn a_renamed_file_is_known_beside_another_that_holds_the_same() {
    let repository = Repository::new();
    for path in ["src/mail.py", "lib/post.py"] {
        repository.write(path, source(1));
    }
    repository.commit("two leaks");
    told(&repository, 0, &["baseline", "create", "--reason", "revoked"]);
    repository.git(["mv", "lib/post.py", "src/post_office.py"]);
    let report = scanned(&repository, 0, &["files"]);
    assert!(report.contains("src/post_office.py was lib/post.py"), "{report}");
}

#[test]
fn a_copy_in_another_file_is_reported() {
    let repository = accepted();
    let start = repository.git(["rev-parse", "HEAD"]);
    repository.write("src/copy.py", source(1));
    let copied = "src/copy.py holds a copy of a secret that the baseline accepts only at src/mail.py";
    assert!(scanned(&repository, 1, &["files"]).contains(copied));
    repository.commit("copy");
    assert!(scanned(&repository, 1, &["range", "HEAD"]).contains(copied));
    assert!(scanned(&repository, 1, &["history"]).contains(copied));
    // Two copies of one file that is gone: one is the file, the other is a copy.
    repository.git(["mv", "src/mail.py", "src/post.py"]);
    let report = scanned(&repository, 1, &["files"]);
    assert!(report.contains("src/copy.py was src/mail.py") && report.contains("src/post.py:3"), "{report}");
    // A branch from before the accepted file was there has not renamed it.
    repository.git(["reset", "--quiet", "--hard", "HEAD"]);
    repository.git(["switch", "--quiet", "--create", "older", "main~2"]);
    repository.git(["rm", "--quiet", "src/mail.py"]);
    repository.write("readme", "nothing here\n");
    repository.git(["add", "--all"]);
    repository.git(["commit", "--quiet", "--amend", "--message", "before there was any leak"]);
    repository.write("other.py", source(1));
    repository.commit("the same secret elsewhere");
    told(&repository, 1, &["range", "HEAD", "--baseline-from", "main~1"]);
    repository.git(["switch", "--quiet", "main"]);
    // Copied in one commit and deleted in the next is a rename in the end.
    repository.git(["rm", "--quiet", "src/mail.py"]);
    repository.commit("and away");
    assert!(scanned(&repository, 0, &["range", &format!("{start}..HEAD")]).contains("was src/mail.py"));
}

#[test]
fn an_entry_that_has_expired_counts_no_more() {
    let repository = accepted();
    repository
        .write(FILE, baseline(&repository).replace("\"fingerprint\"", "\"expires\":\"2024-02-29\",\"fingerprint\""));
    let report = scanned(&repository, 1, &["files"]);
    assert!(
        report.contains(&format!("{FILE}:1: this was accepted until 2024-02-29, so it is reported again")),
        "{report}"
    );
    assert!(told(&repository, 0, &["baseline", "show"]).contains("1 expired"));
    let why = told(&repository, 2, &["baseline", "update"]);
    assert!(why.contains("say why with --reason: 1 finding would be accepted"), "{why}");
    told(&repository, 0, &["baseline", "update", "--reason", "still revoked", "--expires", "30d"]);
    scanned(&repository, 0, &["files"]);
    assert!(baseline(&repository).contains("still revoked") && !baseline(&repository).contains("2024"));
    assert!(
        told(&repository, 2, &["baseline", "update", "--expires", "2020-01-01", "--reason", "x"])
            .contains("passed already")
    );
}

#[test]
fn an_entry_that_has_expired_does_not_follow_its_file_either() {
    let repository = accepted();
    repository
        .write(FILE, baseline(&repository).replace("\"fingerprint\"", "\"expires\":\"2024-02-29\",\"fingerprint\""));
    repository.git(["mv", "src/mail.py", "src/post.py"]);
    let report = scanned(&repository, 1, &["files"]);
    assert!(report.contains("this was accepted until 2024-02-29"), "{report}");
}

#[test]
fn reports_say_what_was_accepted() {
    let repository = accepted();
    repository.write("src/new.py", source(2));
    let run = |arguments: &[&str]| repository.unleak([&["files", "--baseline", FILE], arguments].concat()).stdout;
    let json: Value = serde_json::from_slice(&run(&["--format", "json"])).expect("it is JSON");
    assert_eq!(json["baseline"], serde_json::json!({ "file": FILE, "entries": 1, "unused": 0 }));
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(1));
    let accepted = &json["baselined"][0];
    assert_eq!((accepted["path"].as_str(), accepted["reason"].as_str()), (Some("src/mail.py"), Some("revoked")));
    assert_eq!(accepted["accepted_by"], "Ada <ada@example.org>");
    let states = |arguments: &[&str]| -> Vec<(String, Value)> {
        let sarif: Value = serde_json::from_slice(&run(arguments)).expect("it is JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("there are results").clone();
        results
            .iter()
            .map(|result| {
                let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
                (uri.as_str().unwrap_or_default().to_owned(), result["baselineState"].clone())
            })
            .collect()
    };
    assert_eq!(states(&["--format", "sarif"]), [("src/new.py".to_owned(), "new".into())]);
    let all = [("src/mail.py".to_owned(), "unchanged".into()), ("src/new.py".to_owned(), "new".into())];
    assert_eq!(states(&["--format", "sarif", "--explain"]), all);
    let listed = scanned(&repository, 1, &["files", "--explain"]);
    assert!(listed.contains("accepted[sendgrid-api-key] SG.") && listed.contains("by Ada <ada@example.org> on "));
    let shown = told(&repository, 0, &["baseline", "show", "--format", "json"]);
    let shown: Value = serde_json::from_str(&shown).expect("it is JSON");
    assert_eq!(shown[0]["is_expired"], false);
}

#[test]
fn shards_with_one_baseline_merge_and_with_different_ones_do_not() {
    let repository = accepted();
    accept_another(&repository, "src/two.py", 2);
    for (name, shard, by) in [("1.json", "1/2", "main"), ("2.json", "2/2", "main"), ("3.json", "2/2", "main~1")] {
        let how =
            ["history", "--shard", shard, "--baseline-from", by, "--exit-zero", "--format", "json", "--output", name];
        told(&repository, 0, &how);
    }
    let merged: Value = serde_json::from_slice(&repository.unleak(["merge", "1.json", "2.json"]).stdout).expect("JSON");
    assert_eq!(merged["baselined"].as_array().map(Vec::len), Some(2), "{merged}");
    assert!(told(&repository, 2, &["merge", "1.json", "3.json"]).contains("different baselines judged them"));
}
