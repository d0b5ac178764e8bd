//! Where reports go, and what they show.

use super::*;

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
fn names_of_hostile_bytes_do_not_reach_the_terminal() {
    let repository = Repository::new();
    repository.write("a\u{1b}[31m\n::error::b.py", line(&sendgrid_key(3)));
    let output = repository.unleak(["files"]);
    assert_exit(&output, FINDINGS);
    assert!(!stdout(&output).contains('\u{1b}'));
    assert!(!stdout(&output).lines().any(|l| l.starts_with("::")));
}
