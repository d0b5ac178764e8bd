//! What each input of the action does.

use super::*;

#[test]
fn the_reports_say_what_was_scanned_and_found() {
    let repository = leaking();
    let outcome = pushed(&repository).run();
    assert_exits(&outcome, 1);
    assert_eq!((outcome.outputs["findings"].as_str(), outcome.outputs["state"].as_str()), ("1", "findings"));
    assert_eq!(sarif(&outcome)["runs"][0]["results"].as_array().map(Vec::len), Some(1));
    for words in ["unleak: 1 finding", "| critical | high |", "mail.py", "| what the push brings | <code>"] {
        assert!(outcome.summary.contains(words), "{words:?} is missing:\n{}", outcome.summary);
    }
    // People read the log, the runner the commands.
    for words in ["critical[sendgrid-api-key]", "::error file=mail.py,line=1,"] {
        assert!(outcome.log.contains(words), "{words:?} is missing:\n{}", outcome.log);
    }
}

#[test]
fn a_clean_scan_writes_an_empty_report() {
    let repository = hygienic();
    let outcome = pushed(&repository).with("config", "").run();
    assert_exits(&outcome, 0);
    assert_eq!(outcome.outputs["exit-code"], "0");
    assert!(sarif(&outcome)["runs"][0]["results"].is_array());
}

#[test]
fn fail_on_config_and_args_reach_the_program() {
    let repository = hygienic();
    assert_exits(&pushed(&repository).with("fail-on", "note").run(), 1);
    assert_exits(&pushed(&repository).with("fail-on", "severe").run(), 2);
    let repository = leaking();
    let lenient = repository.beside("my settings.toml");
    std::fs::write(&lenient, "[[allow]]\npaths = [\"mail.py\"]\nreason = \"a test\"\n").expect("it can be written");
    let lenient = lenient.display().to_string();
    assert_exits(&pushed(&repository).with("config", &lenient).run(), 0);
    assert_exits(&pushed(&repository).with("config", "nowhere.toml").run(), 2);
    assert_exits(&pushed(&repository).with("args", &format!("--config '{lenient}'\n--min-confidence high")).run(), 0);
    assert_exits(&pushed(&repository).with("args", "--exit-zero").run(), 0);
    assert_exits(&pushed(&repository).with("args", "'--exit-zero").run(), 2);
    assert_exits(&pushed(&repository).with("args", "--reveal").run(), 2);
}

/// Writes the leak, and accepts it in a baseline at that path.
fn accept(repository: &Repository, baseline: &str) {
    repository.write("mail.py", format!("client = SendGridAPIClient(\"{}\")\n", sendgrid_key(1)));
    let output = repository.unleak(["baseline", "create", "--baseline", baseline, "--by", "Ada", "--reason", "a test"]);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn the_baseline_that_counts_is_the_one_that_was_there_before() {
    let repository = leaking();
    repository.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    accept(&repository, "accepted.jsonl");
    std::fs::remove_file(repository.path().join("mail.py")).expect("it was written");
    repository.commit("accepted first");
    accept(&repository, "too-late.jsonl");
    repository.commit("the leak");
    assert_exits(&pushed(&repository).run(), 1);
    assert_exits(&pushed(&repository).with("baseline", "accepted.jsonl").run(), 0);
    assert_exits(&proposed(&repository, "o/r").with("baseline", "accepted.jsonl").run(), 0);
    assert_exits(&pushed(&repository).with("baseline", "nowhere.jsonl").run(), 1);
    let outcome = proposed(&repository, "o/r").with("baseline", "too-late.jsonl").run();
    assert_exits(&outcome, 1);
    assert!(outcome.log.contains("unleak-baseline-addition"), "{}", outcome.log);
    assert_exits(&pushed(&repository).with("args", "--baseline too-late.jsonl --baseline-from HEAD").run(), 0);
    // What lies elsewhere no push can change.
    let elsewhere = repository.beside("elsewhere.jsonl");
    std::fs::copy(repository.path().join("too-late.jsonl"), &elsewhere).expect("it was made");
    let elsewhere = elsewhere.display().to_string();
    assert_exits(&pushed(&repository).with("baseline", &elsewhere).run(), 0);
    assert_exits(&pushed(&repository).with("scan", "history").with("baseline", &elsewhere).run(), 0);
    // The configuration may name it.
    repository.write("unleak.toml", "[scan]\nbaseline = \"too-late.jsonl\"\n");
    assert_exits(&pushed(&repository).run(), 1);
}

#[test]
fn base_head_and_scan_outdo_the_event() {
    let repository = leaking();
    assert_exits(&pushed(&repository).with("head", "HEAD~1").with("base", "HEAD~1").run(), 0);
    assert_exits(&pushed(&repository).with("base", "-x").run(), 2);
    assert_exits(&pushed(&repository).with("scan", "history").run(), 1);
    assert_exits(&pushed(&repository).with("scan", "everything").run(), 2);
    let mut scheduled = pushed(&repository).with("scan", "diff");
    scheduled.event = "schedule".into();
    let outcome = scheduled.run();
    assert_exits(&outcome, 2);
    assert!(outcome.log.contains("brings no commits"), "{outcome:#?}");
}

#[test]
fn the_report_goes_where_it_is_asked_for() {
    let repository = leaking();
    let outcome = pushed(&repository).with("sarif-file", "out.sarif").run();
    assert_eq!(outcome.outputs["sarif-file"], repository.path().join("out.sarif").display().to_string());
    assert!(repository.path().join("out.sarif").exists());
    let outcome = pushed(&repository).with("sarif-file", "nowhere/out.sarif").run();
    assert_exits(&outcome, 2);
}

#[test]
fn the_checkout_may_stand_elsewhere() {
    let (repository, other) = (leaking(), hygienic());
    let folder = repository.path().display().to_string();
    let mut job = pushed(&repository).with("working-directory", &folder);
    job.workspace = other.path().to_path_buf();
    assert_exits(&job.run(), 1);
    assert_exits(&pushed(&repository).with("working-directory", "nowhere").run(), 2);
}

#[test]
fn annotations_can_be_left_out() {
    let repository = leaking();
    let outcome = pushed(&repository).with("annotations", "false").run();
    assert!(!outcome.log.contains("::error"), "{}", outcome.log);
    assert!(outcome.log.contains("critical[sendgrid-api-key]"), "{}", outcome.log);
    assert_exits(&pushed(&repository).with("annotations", "maybe").run(), 2);
}

#[test]
fn a_pull_request_is_uploaded_unless_it_comes_from_a_fork() {
    let repository = leaking();
    let outcome = proposed(&repository, "o/r").with("upload-sarif", "true").with("category", "keys").run();
    assert_exits(&outcome, 1);
    assert_eq!(outcome.uploads.len(), 1, "{outcome:#?}");
    assert_eq!(outcome.uploads[0]["category"], "keys");
    assert_eq!(outcome.uploads[0]["sarif_file"], outcome.outputs["sarif-file"]);
    assert_eq!(outcome.uploads[0]["checkout_path"], repository.path().display().to_string());
    let outcome = proposed(&repository, "o/r").run();
    assert!(outcome.uploads.is_empty());
    // Nobody would see it otherwise.
    let outcome = proposed(&repository, "fork/r").with("upload-sarif", "true").with("annotations", "false").run();
    assert_exits(&outcome, 1);
    assert!(outcome.uploads.is_empty());
    assert!(outcome.log.contains("::error file=mail.py"), "{}", outcome.log);
    assert!(outcome.log.contains("::notice") && outcome.summary.contains("from a fork"), "{outcome:#?}");
}

#[test]
fn only_what_is_whole_is_uploaded_for_a_branch() {
    let repository = leaking();
    let outcome = pushed(&repository).with("upload-sarif", "true").run();
    assert!(outcome.uploads.is_empty());
    assert!(outcome.summary.contains("close the other alerts"), "{}", outcome.summary);
    for scan in ["history", "files"] {
        let outcome = pushed(&repository).with("upload-sarif", "true").with("scan", scan).run();
        assert_exits(&outcome, 1);
        assert_eq!(outcome.uploads.len(), 1, "{scan}");
    }
    assert_exits(&pushed(&repository).with("upload-sarif", "yes").run(), 2);
}

#[test]
fn no_input_is_run_or_taken_for_a_command() {
    let repository = leaking();
    let action = yaml(&root().join("action.yml"));
    let folder = repository.beside("traps");
    std::fs::create_dir(&folder).expect("it is new");
    for (nth, name) in action["inputs"].as_hash().expect("inputs").keys().enumerate() {
        let name = name.as_str().expect("names are text");
        let trap = folder.join(nth.to_string()).display().to_string();
        let run = format!("$(touch {trap})`touch {trap}`'; touch {trap}; '\"; touch {trap}; \"");
        for value in [run, format!("x\n::error title=trap::{trap}\ntouch {trap}")] {
            let outcome = pushed(&repository).with(name, &value).run();
            assert!(!Path::new(&trap).exists(), "{name}: {value:?} was run");
            let is_command = |line: &str| line.starts_with("::error title=trap");
            assert!(!outcome.log.lines().any(is_command), "{name}: {value:?}: {}", outcome.log);
        }
    }
}

#[test]
fn what_stands_in_files_is_no_command() {
    let repository = leaking();
    let text = format!("::error::a\n##[error]b\nkey = \"{}\"\n::warning::c\n", sendgrid_key(2));
    repository.write("a\n::error::d.py", &text);
    repository.write("b.py", &text);
    repository.commit("::error::e");
    let outcome = pushed(&repository).run();
    assert_exits(&outcome, 1);
    let mut stopped = None;
    for line in outcome.log.lines() {
        if let Some(word) = line.strip_prefix("::stop-commands::") {
            stopped = Some(format!("::{word}::"));
        } else if stopped.as_deref() == Some(line) {
            stopped = None;
        } else if stopped.is_none() {
            assert!(!line.contains("##[") && !line.starts_with("::error::"), "{line}");
        }
    }
    assert_eq!(stopped, None, "commands stay stopped");
}
