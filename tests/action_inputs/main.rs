//! The GitHub Action: what its inputs do, what it hands back, where the program comes from, and its checkers.

#![cfg(unix)]

mod support;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::action::{Job, Outcome, root, yaml};
use support::{Repository, sendgrid_key};

/// A repository whose newest commit leaks, and hygiene that only `--fail-on low` minds.
fn leaking() -> Repository {
    let repository = Repository::new();
    repository.write("readme", "hello\n");
    repository.commit("one");
    repository.write("mail.py", format!("client = SendGridAPIClient(\"{}\")\n", sendgrid_key(1)));
    repository.commit("two");
    repository
}

fn hygienic() -> Repository {
    let repository = Repository::new();
    repository.write("readme", "hello\n");
    repository.commit("one");
    repository.write(".env", "DEBUG=1\n");
    repository.commit("two");
    repository
}

fn payload(repository: &Repository) -> Value {
    let id = |revision: &str| repository.git(["rev-parse", revision]);
    json!({"ref": "refs/heads/main", "before": id("HEAD~1"), "after": id("HEAD"), "deleted": false,
        "repository": {"full_name": "o/r", "default_branch": "main"}})
}

/// A job for a push of the newest commit.
fn pushed(repository: &Repository) -> Job<'_> {
    Job::new(repository, repository.path().to_path_buf(), "push", payload(repository))
}

/// A job for a pull request of the newest commit.
fn proposed<'a>(repository: &'a Repository, from: &str) -> Job<'a> {
    let id = |revision: &str| repository.git(["rev-parse", revision]);
    let payload = json!({"number": 7, "pull_request": {"number": 7,
        "base": {"ref": "main", "sha": id("HEAD~1"), "repo": {"full_name": "o/r"}},
        "head": {"ref": "topic", "sha": id("HEAD"), "repo": {"full_name": from}}}});
    Job::new(repository, repository.path().to_path_buf(), "pull_request", payload)
}

#[track_caller]
fn assert_exits(outcome: &Outcome, status: i32) {
    assert_eq!(outcome.exit, Some(status), "{outcome:#?}");
}

fn sarif(outcome: &Outcome) -> Value {
    let file = std::fs::read(&outcome.outputs["sarif-file"]).expect("the report was written");
    serde_json::from_slice(&file).expect("it is JSON")
}

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

/// The action with checksums of its own, and releases to go with it.
struct Published {
    action: PathBuf,
    releases: PathBuf,
}

const ARCHIVE: &str = concat!("unleak-", env!("CARGO_PKG_VERSION"), "-x86_64-unknown-linux-gnu.tar.gz");

impl Published {
    fn new(repository: &Repository, program: &str) -> Published {
        let (action, releases) = (repository.beside("action"), repository.beside("releases"));
        for folder in [".github/action", "src", "rules"] {
            std::fs::create_dir_all(action.join(folder)).expect("it is new");
        }
        std::fs::create_dir(&releases).expect("it is new");
        for file in ["action.yml", "Cargo.toml", "Cargo.lock", "build.rs", ".github/action/choose"] {
            std::fs::copy(root().join(file), action.join(file)).expect("it is there");
        }
        for file in [".github/action/install", ".github/action/scan"] {
            std::fs::copy(root().join(file), action.join(file)).expect("it is there");
        }
        let folder = releases.join("unleak");
        std::fs::write(&folder, program).expect("it can be written");
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).expect("it is there");
        let packed = Command::new("tar").current_dir(&releases).args(["-czf", ARCHIVE, "unleak"]).status();
        assert!(packed.expect("there is a tar").success());
        let published = Published { action, releases };
        published.record(&hex(&std::fs::read(published.releases.join(ARCHIVE)).expect("it was packed")));
        published
    }

    fn record(&self, sha256: &str) {
        let line = format!("# a comment\n{}  other.tar.gz\n{sha256}  {ARCHIVE}\n", "0".repeat(64));
        std::fs::write(self.action.join(".github/action/checksums"), line).expect("it can be written");
    }

    fn job<'a>(&self, repository: &'a Repository) -> Job<'a> {
        let mut job = pushed(repository);
        job.action = self.action.clone();
        job.variables.insert("RELEASES", self.releases.display().to_string());
        job
    }
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn program() -> String {
    format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_unleak"))
}

#[test]
fn a_binary_whose_checksum_is_known_is_downloaded_once() {
    let repository = leaking();
    let published = Published::new(&repository, &program());
    let outcome = published.job(&repository).run();
    assert_exits(&outcome, 1);
    let url = format!("https://github.com/unleak/unleak/releases/download/v{}/{ARCHIVE}", env!("CARGO_PKG_VERSION"));
    assert!(outcome.calls.contains(&url) && !outcome.calls.contains("cargo"), "{}", outcome.calls);
    let outcome = published.job(&repository).run();
    assert_exits(&outcome, 1);
    assert_eq!(outcome.calls, "", "it was in the cache");
}

#[test]
fn a_binary_of_another_checksum_is_never_run() {
    let repository = leaking();
    let trap = repository.beside("trap");
    let published = Published::new(&repository, &format!("#!/bin/sh\ntouch '{}'\n", trap.display()));
    published.record(&"0".repeat(64));
    let outcome = published.job(&repository).run();
    assert_eq!(outcome.exit, None, "{outcome:#?}");
    assert!(!outcome.passed && !trap.exists() && outcome.log.contains("checksum"), "{outcome:#?}");
    assert!(!outcome.calls.contains("cargo"), "what was tampered with stops the job: {}", outcome.calls);
}

#[test]
fn what_was_tampered_with_in_the_cache_is_downloaded_again() {
    let repository = leaking();
    let published = Published::new(&repository, &program());
    published.job(&repository).run();
    let trap = repository.beside("trap");
    let cache = std::fs::read_dir(repository.beside("runner/cache")).expect("it was made");
    for kept in cache.map(|entry| entry.expect("it can be listed").path()) {
        std::fs::write(kept.join("unleak"), format!("#!/bin/sh\ntouch '{}'\n", trap.display())).expect("writable");
        std::fs::write(kept.join(ARCHIVE), "not an archive").expect("writable");
    }
    let outcome = published.job(&repository).run();
    assert_exits(&outcome, 1);
    assert!(outcome.calls.contains("curl") && !trap.exists(), "{outcome:#?}");
}

#[test]
fn what_cannot_be_downloaded_or_run_is_built_from_source() {
    let repository = leaking();
    let published = Published::new(&repository, "#!/bin/sh\nexit 127\n");
    let outcome = published.job(&repository).run();
    assert_exits(&outcome, 1);
    assert!(outcome.log.contains("does not run here") && outcome.calls.contains("cargo install"), "{outcome:#?}");
    let repository = leaking();
    let mut job = Published::new(&repository, &program()).job(&repository);
    job.variables.remove("RELEASES");
    let outcome = job.run();
    assert_exits(&outcome, 1);
    assert!(outcome.log.contains("could not be had") && outcome.calls.contains("cargo install"), "{outcome:#?}");
}

#[test]
fn a_source_without_a_release_is_built_once() {
    let repository = leaking();
    let outcome = pushed(&repository).run();
    assert!(outcome.calls.contains(&format!("--path {}", root().display())), "{}", outcome.calls);
    assert!(outcome.calls.contains("--locked") && !outcome.calls.contains("curl"), "{}", outcome.calls);
    let outcome = pushed(&repository).run();
    assert_exits(&outcome, 1);
    assert_eq!(outcome.calls, "", "it was in the cache");
}

#[test]
fn another_version_is_built_from_its_tag() {
    let repository = leaking();
    for version in ["0.0.9", "v0.0.9"] {
        let outcome = pushed(&repository).with("version", version).run();
        assert_exits(&outcome, 1);
        let expected = "--git https://github.com/unleak/unleak --tag v0.0.9 unleak";
        assert!(outcome.calls.contains(expected) || outcome.calls.is_empty(), "{}", outcome.calls);
    }
    for version in ["latest", "../1", "1 2"] {
        let outcome = pushed(&repository).with("version", version).run();
        assert!(!outcome.passed && outcome.exit.is_none() && outcome.log.contains("is no version"), "{outcome:#?}");
    }
}

#[test]
fn a_runner_without_a_binary_and_without_rust_is_told_so() {
    let repository = leaking();
    let mut job = pushed(&repository);
    job.variables.insert("CARGO_FAILS", "1".into());
    let outcome = job.run();
    assert!(!outcome.passed && outcome.exit.is_none(), "{outcome:#?}");
    assert!(outcome.log.contains("could not be built"), "{}", outcome.log);
}

#[test]
fn what_the_release_packs_is_what_the_action_installs() {
    let repository = leaking();
    let published = Published::new(&repository, "");
    let runner = repository.beside("runner");
    pushed(&repository).run();
    let mut package = repository.command(root().join(".ci/package"));
    let path = std::env::var("PATH").expect("it is set");
    package
        .args(["x86_64-unknown-linux-gnu", concat!("v", env!("CARGO_PKG_VERSION"))])
        .env("PATH", format!("{}:{path}", runner.join("stand-ins").display()))
        .env("CALLS", runner.join("calls"))
        .env("PROGRAM", env!("CARGO_BIN_EXE_unleak"))
        .env("CARGO_TARGET_DIR", &published.releases);
    let output = package.output().expect("it can be started");
    assert!(output.status.success(), "{output:?}");
    let packed = published.releases.join("package").join(ARCHIVE);
    std::fs::rename(&packed, published.releases.join(ARCHIVE)).expect("it was packed");
    published.record(&hex(&std::fs::read(published.releases.join(ARCHIVE)).expect("it is there")));
    let outcome = published.job(&repository).run();
    assert_exits(&outcome, 1);
    assert!(outcome.log.contains(&format!("from {ARCHIVE}")), "{}", outcome.log);
    let other = repository.command(root().join(".ci/package")).args(["x86_64-unknown-linux-gnu", "v9.9.9"]).output();
    assert_eq!(other.expect("it can be started").status.code(), Some(2));
}

/// Everything that GitHub reads.
fn workflows() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(root().join(".github/workflows")).expect("there are workflows");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    paths
}

#[test]
fn the_action_has_the_inputs_and_outputs_that_its_page_lists() {
    let action = yaml(&root().join("action.yml"));
    let mut inputs = String::from("| Input | Default | What it is |\n|---|---|---|\n");
    for (name, input) in action["inputs"].as_hash().expect("inputs") {
        let text = |yaml: &yaml_rust2::Yaml| yaml.as_str().expect("a text").to_owned();
        let default = match text(&input["default"]).as_str() {
            "" => String::new(),
            value => format!("`{value}`"),
        };
        writeln!(inputs, "| `{}` | {default} | {} |", text(name), text(&input["description"])).expect("a String");
    }
    support::docs::assert_says("docs/github-action.md", "inputs", &inputs);
    let mut outputs = String::from("| Output | What it is |\n|---|---|\n");
    for (name, output) in action["outputs"].as_hash().expect("outputs") {
        let (name, what) = (name.as_str().expect("a text"), output["description"].as_str().expect("a text"));
        writeln!(outputs, "| `{name}` | {what} |").expect("a String");
    }
    support::docs::assert_says("docs/github-action.md", "outputs", &outputs);
}

#[test]
fn no_script_holds_an_expression_and_every_action_is_pinned() {
    let mut paths = workflows();
    paths.push(root().join("action.yml"));
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("it is there");
        for line in text.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("uses: ")) {
            let (action, comment) = line.split_once(" # ").unwrap_or((line, ""));
            let id = action.split_once('@').map_or("", |(_, id)| id);
            let is_pinned = id.len() == 40 && id.bytes().all(|b| b.is_ascii_hexdigit()) && comment.starts_with('v');
            assert!(is_pinned || action.starts_with("./"), "{}: {line}", path.display());
        }
        let mut scripts = Vec::new();
        collect(&yaml(&path), &mut scripts);
        assert!(!scripts.is_empty() && scripts.iter().all(|script| !script.contains("${{")), "{}", path.display());
    }
}

/// Every `run:` in a document.
fn collect(yaml: &yaml_rust2::Yaml, scripts: &mut Vec<String>) {
    if let Some(members) = yaml.as_hash() {
        for (name, value) in members {
            match (name.as_str(), value.as_str()) {
                (Some("run"), Some(script)) => scripts.push(script.to_owned()),
                _ => collect(value, scripts),
            }
        }
    }
    yaml.as_vec().into_iter().flatten().for_each(|value| collect(value, scripts));
}

/// A checker, at the root of the tree.
fn checker(name: &str) -> Option<Command> {
    let mut command = Command::new(support::checkers::checker(&format!("venv/bin/{name}"))?);
    command.current_dir(root());
    Some(command)
}

#[track_caller]
fn assert_accepts(mut checker: Command) {
    let output = checker.output().expect("it can be started");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn zizmor_finds_nothing_to_say() {
    let Some(mut zizmor) = checker("zizmor") else { return };
    zizmor.args(["--offline", "--no-progress", "--quiet", "--persona=pedantic", "action.yml", ".github"]);
    assert_accepts(zizmor);
}

#[test]
fn actionlint_finds_nothing_to_say() {
    let Some(mut actionlint) = checker("actionlint") else { return };
    actionlint.args(["-oneline"]).args(workflows());
    assert_accepts(actionlint);
}

#[test]
fn the_schemas_hold() {
    let Some(mut check) = checker("check-jsonschema") else { return };
    check.args(["--builtin-schema", "vendor.github-actions", "action.yml"]);
    assert_accepts(check);
    let Some(mut check) = checker("check-jsonschema") else { return };
    check.args(["--builtin-schema", "vendor.github-workflows"]).args(workflows());
    assert_accepts(check);
}
