//! The program itself, in a clean environment: exit status, bad input, reports, configuration.

mod support;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use support::{Repository, sendgrid_key};
use unleak::output::Format;

const CLEAN: i32 = 0;
const FINDINGS: i32 = 1;
const ERROR: i32 = 2;

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn assert_exit(output: &Output, status: i32) {
    assert_eq!(output.status.code(), Some(status), "stdout:\n{}\nstderr:\n{}", stdout(output), stderr(output));
}

/// Asserts that the run failed and that standard error holds each of the words.
#[track_caller]
fn assert_error(output: &Output, words: &[&str]) {
    assert_exit(output, ERROR);
    for word in words {
        assert!(stderr(output).contains(word), "no {word:?} in {}", stderr(output));
    }
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", stdout(output)))
}

fn line(key: &str) -> String {
    format!("client = SendGridAPIClient(\"{key}\")\n")
}

/// A repository with one commit that leaks a key in `app/mail.py`.
fn leaking() -> (Repository, String) {
    let repository = Repository::new();
    let key = sendgrid_key(1);
    repository.write("readme", "hello\n");
    repository.commit("begin");
    repository.write("app/mail.py", line(&key));
    repository.commit("send mail");
    (repository, key)
}

/// A repository without a leak.
fn clean() -> Repository {
    let repository = Repository::new();
    repository.write("a.py", "import os\n");
    repository.commit("begin");
    repository.write("a.py", "import os\nkey = os.environ[\"SENDGRID_API_KEY\"]\n");
    repository.commit("more");
    repository
}

fn unleak_with_input(repository: &Repository, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    child.stdin.take().expect("it is piped").write_all(input).expect("the program reads its input");
    child.wait_with_output().expect("the program ends")
}

fn unleak_in(repository: &Repository, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
    command.current_dir(folder).args(arguments).output().expect("the program can be started")
}

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
fn a_finding_in_a_program_has_its_byte_and_the_words_round_it() {
    let repository = Repository::new();
    let key = sendgrid_key(1);
    let program =
        [b"\x7fELF\x02\x01\0\0", &[7; 300][..], b"\0api_key\0", key.as_bytes(), b"\0Bearer\0\xff\xfe"].concat();
    repository.write("bin/mail", program);
    let output = repository.unleak(["files", "--format", "json", "--report", "human=report.txt"]);
    let finding = &json(&output)["findings"][0];
    assert_eq!((finding["path"].as_str(), finding["offset"].as_u64()), (Some("bin/mail"), Some(317)));
    let report = std::fs::read_to_string(repository.path().join("report.txt")).expect("it was written");
    assert!(report.contains("byte 317 of an ELF program"), "{report}");
    assert!(report.contains(&format!("·api_key·{}…·Bearer·", &key[..7])), "{report}");
    assert!(!report.contains("\\x") && !report.contains(&key[8..]), "{report}");
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

#[test]
fn a_broken_configuration_stops_at_once_naming_file_line_and_mend() {
    let (repository, _) = leaking();
    for (text, words) in [
        ("[scan]\nfial_on = \"high\"\n", &["unleak.toml:2", "fial_on", "fail_on"][..]),
        ("[rules]\ndisable = [\"sendgrid-apikey\"]\n", &["unleak.toml:2", "did you mean \"sendgrid-api-key\"?"]),
        ("[rules]\nonly = []\n", &["unleak.toml:1", "no rule is left"]),
        ("[[allow]]\nreason = \"all of it\"\npaths = [\"**\"]\n", &["unleak.toml:1", "allows everything"]),
        ("[[allow]]\npaths = [\"a\"]\nvalue = \"(\"\nreason = \"x\"\n", &["unleak.toml:3", "regular expression"]),
    ] {
        repository.write("unleak.toml", text);
        repository.git(["add", "unleak.toml"]);
        for arguments in [&["files"][..], &["staged"], &["range", "HEAD~1..HEAD"], &["rules"], &["message", "readme"]] {
            assert_error(&repository.unleak(arguments), words);
        }
        let without = repository.unleak(["files", "--no-config"]);
        assert_exit(&without, FINDINGS);
    }
    std::fs::create_dir(repository.path().join("app/deep")).expect("it is new");
    let below = unleak_in(&repository, &repository.path().join("app/deep"), &["files"]);
    assert_error(&below, &["unleak.toml:3"]);
}

#[test]
fn an_option_outdoes_the_environment_and_both_outdo_the_repository() {
    let (repository, _) = leaking();
    let allow = |rule: &str| format!("[[allow]]\nrule = \"{rule}\"\nreason = \"a test\"\n");
    repository.write(".github/unleak.toml", allow("sendgrid-api-key"));
    repository.write("other.toml", allow("npm-access-token").replace("npm-access-token", "stripe-test-key"));
    let with_variable = |arguments: &[&str], value: &str| {
        let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
        command.args(arguments).env("UNLEAK_CONFIG", value).output().expect("the program can be started")
    };
    assert_exit(&repository.unleak(["files"]), CLEAN);
    assert_exit(&repository.unleak(["files", "--no-allow"]), FINDINGS);
    assert_exit(&repository.unleak(["files", "--no-config"]), FINDINGS);
    assert_exit(&repository.unleak(["files", "--config", "other.toml"]), FINDINGS);
    assert_exit(&with_variable(&["files"], "other.toml"), FINDINGS);
    assert_exit(&with_variable(&["files"], ""), CLEAN);
    assert_exit(&with_variable(&["files", "--config", ".github/unleak.toml"], "other.toml"), CLEAN);
    assert_error(&with_variable(&["files"], "nowhere.toml"), &["nowhere.toml"]);
    assert_exit(&with_variable(&["files", "--no-config"], "nowhere.toml"), FINDINGS);
    repository.write("unleak.toml", allow("stripe-test-key"));
    assert_exit(&repository.unleak(["files"]), FINDINGS);
}

#[test]
fn the_configuration_at_the_root_counts_from_any_folder() {
    let (repository, _) = leaking();
    repository.write("unleak.toml", "[[allow]]\npaths = [\"app/\"]\nreason = \"a test\"\n");
    repository.write("app/unleak.toml", "this would be a mistake");
    assert_exit(&unleak_in(&repository, &repository.path().join("app"), &["files"]), CLEAN);
    assert_exit(&unleak_in(&repository, &repository.path().join("app"), &["files", "mail.py"]), CLEAN);
}

#[test]
fn neither_a_stream_nor_a_bare_repository_nor_a_push_is_judged_by_what_it_brings() {
    let (repository, key) = leaking();
    let allow = "[[allow]]\nrule = \"sendgrid-api-key\"\nreason = \"a test\"\n";
    repository.write("unleak.toml", allow);
    repository.commit("allow it");
    assert_exit(&repository.unleak(["range", "HEAD~2..HEAD"]), CLEAN);
    assert_exit(&unleak_with_input(&repository, &["stdin"], line(&key).as_bytes()), FINDINGS);
    let mut receiving = repository.command(env!("CARGO_BIN_EXE_unleak"));
    receiving.args(["range", "HEAD~2..HEAD"]).env("GIT_QUARANTINE_PATH", repository.path());
    assert_exit(&receiving.output().expect("the program can be started"), FINDINGS);
    let bare = repository.beside("bare.git");
    repository.git(["clone", "--quiet", "--bare", ".", &bare.to_string_lossy()]);
    std::fs::write(bare.join("unleak.toml"), allow).expect("the folder exists");
    assert_exit(&unleak_in(&repository, &bare, &["range", "HEAD~2..HEAD"]), FINDINGS);
}

#[test]
fn a_configuration_that_judges_its_own_change_is_pointed_out() {
    let (repository, _) = leaking();
    repository.write("unleak.toml", "[[allow]]\nrule = \"sendgrid-api-key\"\nreason = \"a test\"\n");
    repository.git(["add", "unleak.toml"]);
    let said = "unleak.toml is among the changes";
    assert!(stdout(&repository.unleak(["staged"])).contains(said));
    assert!(stderr(&repository.unleak(["staged", "--format", "sarif"])).contains(said));
    assert!(!stdout(&repository.unleak(["files"])).contains(said));
    repository.commit("allow it");
    assert!(stdout(&repository.unleak(["range", "HEAD"])).contains(said));
    assert!(!stdout(&repository.unleak(["staged"])).contains(said));
}

#[test]
fn expired_and_unused_allow_entries_are_reported() {
    let (repository, _) = leaking();
    repository.write(
        "unleak.toml",
        "[[allow]]\nrule = \"sendgrid-api-key\"\nexpires = \"2020-01-01\"\nreason = \"once\"\n\n\
         [[allow]]\npaths = [\"elsewhere/\"]\nreason = \"gone\"\n",
    );
    let output = repository.unleak(["files", "--format", "json"]);
    assert_exit(&output, FINDINGS);
    let notices = json(&output)["notices"].to_string();
    assert!(notices.contains("unleak.toml:1: this allow entry expired on 2020-01-01"), "{notices}");
    assert!(notices.contains("unleak.toml:6: this allow entry allows nothing"), "{notices}");
    let part = json(&repository.unleak(["files", "app", "--format", "json"]))["notices"].to_string();
    assert!(part.contains("unleak.toml:1") && !part.contains("unleak.toml:6"), "{part}");
}

#[test]
fn excluded_paths_are_counted_as_skipped() {
    let (repository, _) = leaking();
    repository.write("unleak.toml", "[scan]\nexclude = [\"app/\"]\n");
    let output = repository.unleak(["files", "--format", "json"]);
    assert_exit(&output, CLEAN);
    let skipped = &json(&output)["coverage"]["skipped"];
    assert_eq!(skipped[0]["what"], "app/mail.py", "{skipped}");
    assert!(skipped[0]["why"].as_str().is_some_and(|why| why.contains("configuration")), "{skipped}");
    assert_eq!(skipped.as_array().map(Vec::len), Some(1), "{skipped}");
}

#[test]
fn one_scan_writes_several_reports() {
    let (repository, key) = leaking();
    let output = repository.unleak([
        "files",
        "--format",
        "json",
        "--output",
        "-",
        "--report",
        "sarif=out.sarif",
        "--report",
        "human=out.txt",
    ]);
    assert_exit(&output, FINDINGS);
    assert_eq!(json(&output)["findings"][0]["rule_id"], "sendgrid-api-key");
    let read = |name: &str| std::fs::read_to_string(repository.path().join(name)).expect("the report is there");
    let sarif: serde_json::Value = serde_json::from_str(&read("out.sarif")).expect("it is JSON");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "sendgrid-api-key");
    assert!(read("out.txt").contains("sendgrid-api-key") && !read("out.txt").contains('\u{1b}'));
    assert!(!read("out.txt").contains(&key));
}

#[test]
fn a_report_that_fails_takes_no_other_with_it() {
    let (repository, _) = leaking();
    let output = repository.unleak(["files", "--report", "json=no/such/folder/a.json", "--report", "sarif=b.sarif"]);
    assert_error(&output, &["no/such/folder/a.json", "json report"]);
    assert!(stdout(&output).contains("sendgrid-api-key"));
    assert!(repository.path().join("b.sarif").exists());
    let clean = clean();
    assert_exit(&clean.unleak(["files", "--exit-zero", "--output", "no/such/folder/a.txt"]), ERROR);
}

#[test]
fn a_report_replaces_the_last_one_whole_and_leaves_nothing_beside_it() {
    let (repository, _) = leaking();
    repository.write("reports/a.json", "x".repeat(100_000));
    assert_exit(&repository.unleak(["files", "app", "--format", "json", "--output", "reports/a.json"]), FINDINGS);
    let text = std::fs::read_to_string(repository.path().join("reports/a.json")).expect("the report is there");
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    let beside = std::fs::read_dir(repository.path().join("reports")).expect("the folder is there").count();
    assert_eq!(beside, 1);
}

#[test]
fn a_job_summary_is_added_to_what_stands_there() {
    let (repository, _) = leaking();
    repository.write("summary.md", "# before\n");
    repository.unleak(["files", "app", "--report", "github-summary=summary.md"]);
    let text = std::fs::read_to_string(repository.path().join("summary.md")).expect("the summary is there");
    assert!(text.starts_with("# before\n") && text.contains("SendGrid API key"), "{text}");
}

#[test]
fn revealing_is_refused_where_reports_are_passed_on() {
    let (repository, key) = leaking();
    for arguments in [
        &["files", "--reveal", "--format", "sarif"][..],
        &["files", "--reveal", "--format", "github"],
        &["files", "--reveal", "--format", "github-summary"],
        &["files", "--reveal", "--format", "gitlab"],
        &["staged", "--reveal", "--format", "codeclimate"],
        &["range", "HEAD", "--reveal", "--format", "junit"],
        &["history", "--reveal", "--report", "csv=a.csv"],
        &["files", "--reveal", "--report", "markdown=a.md"],
        &["files", "--reveal", "--report", "sarif=a.sarif"],
    ] {
        let output = repository.unleak(arguments);
        assert_error(&output, &["--reveal", "refused"]);
        assert!(!stdout(&output).contains(&key));
    }
    assert!(!repository.path().join("a.sarif").exists());
    for format in ["human", "json"] {
        assert!(stdout(&repository.unleak(["files", "--reveal", "--format", format])).contains(&key));
    }
}

#[cfg(unix)]
#[test]
fn a_report_that_reveals_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (repository, _) = leaking();
    repository.unleak(["files", "app", "--reveal", "--report", "json=shown.json"]);
    repository.unleak(["files", "app", "--report", "json=masked.json"]);
    let mode = |name: &str| {
        let metadata = std::fs::metadata(repository.path().join(name)).expect("the report is there");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode("shown.json"), 0o600);
    assert_eq!(mode("masked.json") & 0o444, 0o444 & mode("readme"));
}

#[test]
fn a_reader_that_goes_away_is_no_crash() {
    let repository = Repository::new();
    let text: String = (0..20).map(|n| line(&sendgrid_key(n))).collect();
    repository.write("a.py", text);
    for arguments in [&["files"][..], &["files", "--format", "json"], &["rules"], &["rules", "--format", "json"]] {
        let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
        let mut child = command
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut said).expect("it is text");
        let status = child.wait().expect("the program ends").code();
        assert_eq!(status, Some(if arguments[0] == "rules" { CLEAN } else { FINDINGS }), "{said}");
        assert!(!said.contains("panicked") && !said.contains("roken pipe"), "{said}");
    }
}

#[test]
fn color_is_for_terminals_unless_asked_for() {
    let (repository, _) = leaking();
    let has_color = |arguments: &[&str]| stdout(&repository.unleak(arguments)).contains('\u{1b}');
    assert!(!has_color(&["files"]));
    assert!(has_color(&["files", "--color", "always"]));
    assert!(!has_color(&["files", "--color", "never"]));
    let with = |name: &str, value: &str| {
        let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
        stdout(&command.arg("files").env(name, value).output().expect("the program can be started")).contains('\u{1b}')
    };
    assert!(with("CLICOLOR_FORCE", "1"));
    assert!(!with("NO_COLOR", "1"));
}

#[test]
fn quiet_leaves_out_the_summary_but_no_finding() {
    let (repository, _) = leaking();
    assert!(stdout(&repository.unleak(["files", "--quiet"])).contains("sendgrid-api-key"));
    assert_eq!(stdout(&clean().unleak(["files", "--quiet"])), "");
    let beside = repository.unleak(["files", "--quiet", "--format", "sarif", "--output", "a.sarif"]);
    assert_eq!((stdout(&beside), stderr(&beside)), (String::new(), String::new()));
    let told = repository.unleak(["files", "app", "--format", "sarif", "--output", "a.sarif"]);
    assert_eq!(stderr(&told), "unleak: 1 finding (1 critical) in 1 file, 111 bytes\n");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let (repository, _) = leaking();
    let one = repository.unleak(["files", "--threads", "1", "--format", "json"]);
    let many = repository.unleak(["files", "--threads", "7", "--format", "json"]);
    assert_eq!(stdout(&one), stdout(&many));
}

#[test]
fn rules_are_listed_explained_and_checked() {
    let repository = clean();
    let table = stdout(&repository.unleak(["rules"]));
    assert!(table.lines().any(|l| l.starts_with("sendgrid-api-key ") && l.contains("critical")), "{table}");
    let one = stdout(&repository.unleak(["rules", "sendgrid-api-key"]));
    assert!(one.contains("What to do") && one.contains("https://"), "{one}");
    assert_error(&repository.unleak(["rules", "sendgrid-apikey"]), &["did you mean \"sendgrid-api-key\"?"]);
    assert_error(&repository.unleak(["rules", "--check"]), &["no rules of its own"]);
    let listed = json(&repository.unleak(["rules", "--format", "json"]));
    assert_eq!(listed["rules"].as_array().map(Vec::len), Some(table.lines().count()));
    let rule = "[[rule]]\nid = \"acme-token\"\ntitle = \"Acme token\"\ndescription = \"Opens Acme.\"\nseverity = 7.5\n\
                anchors = [\"acme_\"]\npattern = 'acme_(?<secret>[a-z0-9]{12})'\n";
    repository.write("unleak.toml", format!("{rule}hits = [\"acme_«q‸8rk2mv9xw3t»\"]\n"));
    assert!(stdout(&repository.unleak(["rules"])).contains("acme-token"));
    assert_exit(&repository.unleak(["rules", "--check"]), CLEAN);
    repository.write("unleak.toml", format!("{rule}misses = [\"acme_q‸8rk2mv9xw3t\"]\n"));
    assert_error(&repository.unleak(["rules", "--check"]), &["acme-token: miss 1 is found"]);
}

#[test]
fn completions_and_manual_pages_name_the_commands() {
    let repository = clean();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = repository.unleak(["completions", shell]);
        assert_exit(&output, CLEAN);
        assert!(stdout(&output).contains("staged") && stdout(&output).contains("min-confidence"), "{shell}");
    }
    assert!(stdout(&repository.unleak(["man"])).contains("unleak\\-staged(1)"));
    assert!(stdout(&repository.unleak(["man", "staged"])).contains("min\\-confidence"));
}

#[test]
fn names_of_hostile_bytes_do_not_reach_the_terminal() {
    let repository = Repository::new();
    repository.write("a\u{1b}[31m\n::error::b.py", line(&sendgrid_key(3)));
    let output = repository.unleak(["files"]);
    assert_exit(&output, FINDINGS);
    assert!(!stdout(&output).contains('\u{1b}'));
    assert!(!stdout(&output).lines().any(|l| l.starts_with("::")));
}

#[test]
fn a_hostile_configuration_does_not_reach_the_terminal() {
    let repository = Repository::new();
    repository.write("unleak.toml", "\"\\u001b[2J\" = 1\n");
    let output = repository.unleak(["files"]);
    assert_error(&output, &["unleak.toml:1", "x1b[2J"]);
    assert!(!stderr(&output).contains('\u{1b}'));
}

#[test]
fn the_program_starts_without_home_or_terminal() {
    let (repository, _) = leaking();
    let output = Command::new(env!("CARGO_BIN_EXE_unleak"))
        .args(["files"])
        .env_clear()
        .current_dir(repository.path())
        .stdin(Stdio::null())
        .output()
        .expect("the program can be started");
    assert_exit(&output, FINDINGS);
}
