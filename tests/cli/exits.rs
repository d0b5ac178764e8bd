//! How the program ends, and what it says when it can not do what is asked.

use super::*;

#[test]
fn a_clean_scan_exits_with_0_in_every_mode() {
    let repository = clean();
    repository.write("message", "a subject\n");
    for arguments in
        [&["files"][..], &["staged"], &["range", "HEAD~1..HEAD"], &["range", "HEAD"], &["message", "message"]]
    {
        assert_exit(&repository.unleak(arguments), CLEAN);
    }
    assert_exit(&unleak_with_input(&repository, &["stdin"], b"nothing\n"), CLEAN);
}

#[test]
fn a_leak_exits_with_1_in_every_mode_and_is_never_printed_whole() {
    let (repository, key) = leaking();
    repository.write("staged.py", line(&sendgrid_key(2)));
    repository.git(["add", "staged.py"]);
    repository.write("message", format!("use {key}\n"));
    let mut outputs: Vec<Output> = Format::ALL
        .into_iter()
        .flat_map(|format| {
            [&["files"][..], &["staged"], &["range", "HEAD~1..HEAD"], &["message", "message"], &["history", "-q"]]
                .map(|arguments| repository.unleak([arguments, &["--format", format.name()]].concat()))
        })
        .collect();
    outputs.push(unleak_with_input(&repository, &["stdin", "--path", "a.py"], line(&key).as_bytes()));
    for output in &outputs {
        assert_exit(output, FINDINGS);
        let secrets = [key.clone(), sendgrid_key(2)].map(|key| key[26..].to_owned());
        for secret in secrets {
            assert!(!stdout(output).contains(&secret) && !stderr(output).contains(&secret), "{}", stdout(output));
        }
    }
}

#[test]
fn exit_zero_forgives_findings_but_no_errors() {
    let (repository, _) = leaking();
    assert_exit(&repository.unleak(["files", "--exit-zero"]), CLEAN);
    assert_exit(&repository.unleak(["files", "--exit-zero", "no/such/file"]), ERROR);
    assert_exit(&repository.unleak(["files", "app/mail.py", "no/such/file"]), ERROR);
}

#[test]
fn what_cannot_be_read_may_be_allowed_and_findings_still_count() {
    let repository = clean();
    assert_exit(&repository.unleak(["files", ".", "no/such/file"]), ERROR);
    let allowed = repository.unleak(["files", "--allow-partial", ".", "no/such/file"]);
    assert_exit(&allowed, CLEAN);
    assert!(stdout(&allowed).contains("no/such/file"), "it is said all the same: {}", stdout(&allowed));
    let (repository, _) = leaking();
    assert_exit(&repository.unleak(["files", "--allow-partial", ".", "no/such/file"]), FINDINGS);
    assert_exit(&repository.unleak(["files", "--allow-partial", "--exit-zero", ".", "no/such/file"]), CLEAN);
}

#[test]
fn help_is_as_wide_as_usual_when_the_terminal_has_no_columns() {
    let repository = Repository::new();
    let help = |columns: &str| {
        let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
        stdout(&command.args(["files", "--help"]).env("COLUMNS", columns).output().expect("the program starts"))
    };
    assert_eq!(help("0"), help(""));
    assert!(help("60").lines().count() > help("0").lines().count());
}

#[test]
fn hygiene_fails_a_scan_only_when_asked() {
    let repository = Repository::new();
    repository.write("a.py", "requests.post(\"http://api.sendgrid.com/v3/mail/send\", json=mail)\n");
    assert_exit(&repository.unleak(["files"]), CLEAN);
    assert_exit(&repository.unleak(["files", "--fail-on", "low"]), FINDINGS);
    repository.write("unleak.toml", "[scan]\nfail_on = \"low\"\n");
    assert_exit(&repository.unleak(["files"]), FINDINGS);
    assert_exit(&repository.unleak(["files", "--fail-on", "high"]), CLEAN);
}

#[test]
fn what_is_below_the_confidence_asked_for_is_dismissed() {
    let (repository, key) = leaking();
    let mut invented = key.into_bytes();
    // Real ids are version 4 UUIDs; this one is not, so the key is less sure.
    invented[11] = if invented[11] == b'_' { b'A' } else { b'_' };
    let text = String::from_utf8(invented).expect("a key is ASCII");
    repository.write("app/mail.py", line(&text));
    let seen = json(&repository.unleak(["files", "--format", "json"]));
    assert_eq!(seen["findings"][0]["confidence"], "medium");
    assert_exit(&repository.unleak(["files", "--min-confidence", "high"]), CLEAN);
    let explained = json(&repository.unleak(["files", "--min-confidence", "high", "--explain", "--format", "json"]));
    assert_eq!(explained["dismissed"][0]["reason"], "confidence", "{explained}");
}

#[test]
fn usage_errors_exit_with_2_and_say_what_is_wrong() {
    let repository = clean();
    for (arguments, words) in [
        (&["files", "--fromat", "json"][..], &["--fromat", "--format"][..]),
        (&["scan"], &["scan"]),
        (&["files", "--format", "xml"], &["xml", "sarif"]),
        (&["files", "--fail-on", "bad"], &["bad", "medium"]),
        (&["files", "--threads", "0"], &["threads"]),
        (&["range"], &["REV"]),
        (&["files", "--report", "sarif"], &["FORMAT=FILE"]),
        (&["files", "--report", "xml=a"], &["xml", "sarif"]),
        (&["files", "--config", "a", "--no-config"], &["--no-config"]),
        (&["files", "--report", "json=-"], &["two reports"]),
        (&["rules", "--check", "sendgrid-api-key"], &["--check"]),
        (&[], &["Usage"]),
    ] {
        assert_error(&repository.unleak(arguments), words);
    }
}

#[test]
fn what_can_not_be_scanned_exits_with_2_and_says_what_to_do() {
    let repository = clean();
    let missing = repository.unleak(["files", "no/such/file"]);
    assert_exit(&missing, ERROR);
    assert!(stdout(&missing).contains("no/such/file"), "{}", stdout(&missing));
    assert_error(&repository.unleak(["files", "no/such/file", "--format", "json"]), &["no/such/file"]);
    assert_error(&repository.unleak(["message", "no-message"]), &["no-message"]);
    assert_error(&repository.unleak(["range", "nowhere..HEAD"]), &["nowhere", "fetch"]);
    assert_error(&repository.unleak(["man", "nonsense"]), &["nonsense", "--help"]);
    let outside = repository.beside("outside");
    std::fs::create_dir(&outside).expect("it is new");
    assert_error(&unleak_in(&repository, &outside, &["staged"]), &["no Git repository", "unleak files"]);
    assert_exit(&unleak_in(&repository, &outside, &["files"]), CLEAN);
}

#[test]
fn where_there_is_nothing_to_read_a_scan_is_no_clean_one() {
    let repository = Repository::new();
    assert_error(&repository.unleak(["range", "HEAD"]), &["no commit on this branch yet", "unleak staged"]);
    repository.git(["init", "--quiet", "--bare", "../bare.git"]);
    let bare = repository.beside("bare.git");
    assert_error(&unleak_in(&repository, &bare, &["files"]), &["bare repository", "unleak history"]);
    assert_error(&unleak_in(&repository, &bare, &["inventory"]), &["bare repository", "clone"]);
    let nowhere = tempfile::tempdir().expect("a folder can be made");
    assert_error(&unleak_in(&repository, nowhere.path(), &["hook", "install"]), &["no Git repository", "git init"]);
    assert_error(&repository.unleak(["files", "--output", "nowhere/report"]), &["there is no folder", "nowhere"]);
}

#[test]
fn an_object_that_can_not_be_read_makes_the_scan_partial_and_never_clean() {
    let repository = clean();
    repository.write("lost.py", "import sys\n");
    repository.git(["add", "lost.py"]);
    let id = repository.git(["rev-parse", ":lost.py"]);
    std::fs::remove_file(repository.path().join(".git/objects").join(&id[..2]).join(&id[2..])).expect("it is loose");
    let output = repository.unleak(["staged", "--format", "json", "--exit-zero"]);
    assert_error(&output, &["not read: ", "lost.py"]);
    assert_eq!(json(&output)["coverage"]["state"], "partial");
    assert_eq!(json(&output)["findings"].as_array().map(Vec::len), Some(0));
}
