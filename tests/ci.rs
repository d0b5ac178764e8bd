//! The recipes of `docs/ci.md` and the GitLab template: checked by their makers' schemas, and run where that can be done.

#![cfg(unix)]
#![allow(clippy::print_stdout, reason = "what was not checked is said")]

mod support;

use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::checkers::{checker, file, python, run};
use support::{Repository, sendgrid_key};

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/gitlab-ci.yml");

/// The block of code in the page that stands below `<!-- name -->`.
fn snippet(name: &str) -> String {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ci.md")).expect("the page exists");
    let (_, below) = page.split_once(&format!("<!-- {name} -->\n")).unwrap_or_else(|| panic!("no {name} in the page"));
    let block = below.strip_prefix("```").and_then(|block| block.split_once('\n')).expect("a block of code follows");
    block.1.split_once("\n```").expect("the block ends").0.to_owned() + "\n"
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn leak(number: u64) -> String {
    format!("client = SendGridAPIClient(\"{}\")\n", sendgrid_key(number))
}

/// A program in a repository, with this one in the search path.
fn command(repository: &Repository, program: &str) -> Command {
    let own = Path::new(env!("CARGO_BIN_EXE_unleak")).parent().expect("it stands in a folder");
    let path = std::env::var("PATH").expect("it is set");
    let mut command = repository.command(program);
    command.env("PATH", format!("{}:{path}", own.display()));
    command
}

#[test]
fn pipelines_hold_to_the_schemas_of_their_makers() {
    let Some(check) = checker("venv/bin/check-jsonschema") else { return };
    let template = PathBuf::from(TEMPLATE);
    let pipelines = [
        ("vendor.gitlab-ci", template),
        ("vendor.gitlab-ci", file("gitlab-ci.yml", snippet("gitlab-ci.yml"))),
        ("vendor.azure-pipelines", file("azure-pipelines.yml", snippet("azure-pipelines.yml"))),
        ("vendor.bitbucket-pipelines", file("bitbucket-pipelines.yml", snippet("bitbucket-pipelines.yml"))),
        ("vendor.circle-ci", file("circleci.yml", snippet("circleci.yml"))),
    ];
    for (schema, path) in &pipelines {
        let (is_content, told) = run(&check, &by_schema(schema, path));
        assert!(is_content, "{}: {told}", path.display());
    }
    let broken = file("broken.yml", snippet("bitbucket-pipelines.yml").replace("depth: full", "depth: [full]"));
    assert!(!run(&check, &by_schema("vendor.bitbucket-pipelines", &broken)).0, "a broken pipeline is seen");
}

/// Azure's schema has patterns that only older readers of regular expressions take.
fn by_schema<'a>(schema: &'a str, path: &'a Path) -> [&'a std::ffi::OsStr; 5] {
    ["--regex-variant".as_ref(), "nonunicode".as_ref(), "--builtin-schema".as_ref(), schema.as_ref(), path.as_os_str()]
}

/// Every shell script in a YAML file, one a line, as JSON.
const SCRIPTS: &str = "
import json, sys
from ruamel.yaml import YAML
def scripts(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ('script', 'before_script', 'bash', 'command') and not isinstance(value, dict):
                yield '\\n'.join(value) if isinstance(value, list) else str(value)
            else:
                yield from scripts(value)
    elif isinstance(node, list):
        for value in node:
            yield from scripts(value)
for path in sys.argv[1:]:
    for script in scripts(YAML(typ='safe').load(open(path))):
        print(json.dumps(script))
";

fn scripts(paths: &[&Path]) -> Option<Vec<String>> {
    let told = python(SCRIPTS, paths)?;
    Some(told.lines().map(|line| serde_json::from_str(line).expect("it printed JSON")).collect())
}

#[test]
fn every_script_is_a_script_to_its_shell() {
    let azure = file("azure-scripts.yml", snippet("azure-pipelines.yml"));
    let bitbucket = file("bitbucket-scripts.yml", snippet("bitbucket-pipelines.yml"));
    let circle = file("circle-scripts.yml", snippet("circleci.yml"));
    let Some(mut scripts) = scripts(&[Path::new(TEMPLATE), &azure, &bitbucket, &circle]) else { return };
    let jenkins = snippet("Jenkinsfile");
    scripts.push(jenkins.split("'''").nth(1).expect("it has a script").to_owned());
    for hook in ["pre-receive.d/unleak", "custom_hooks/pre-receive.d/unleak", "hooks/ref-update"] {
        scripts.push(snippet(hook));
    }
    assert_eq!(scripts.len(), 2 + 2 + 2 + 1 + 1 + 3);
    for script in scripts {
        let output = Command::new("sh").args(["-n", "-c", &script]).output().expect("there is a shell");
        assert!(output.status.success(), "{script}\n{}", said(&output));
    }
    for (open, close) in [('{', '}'), ('(', ')')] {
        assert_eq!(jenkins.matches(open).count(), jenkins.matches(close).count(), "{jenkins}");
    }
}

/// Runs a script as a runner does.
fn job(repository: &Repository, script: &str, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = command(repository, "bash");
    command.args(["-e", "-o", "pipefail", "-c", script]).envs(variables.iter().copied());
    let output = command.output().expect("there is a bash");
    (output.status.code(), said(&output))
}

fn gitlab(repository: &Repository, script: &str, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    job(repository, script, &[variables, &[("CI_DEFAULT_BRANCH", "main")]].concat())
}

/// A branch with a clean commit and one that leaks, and a clone of it all beside the repository.
fn topic(origin: &Repository) -> (String, String) {
    origin.git(["checkout", "--quiet", "-b", "topic"]);
    origin.write("a.py", "x = 1\n");
    let clean = origin.commit("clean");
    origin.write("mail.py", leak(2));
    let leaking = origin.commit("leak");
    origin.git(["clone", "--quiet", "--no-local", &origin.path().to_string_lossy(), "../clone"]);
    (clean, leaking)
}

#[test]
fn the_other_pipelines_find_what_a_pull_request_brings_and_no_more() {
    let azure = file("azure-pull-request.yml", snippet("azure-pipelines.yml"));
    let bitbucket = file("bitbucket-pull-request.yml", snippet("bitbucket-pipelines.yml"));
    let circle = file("circle-branch.yml", snippet("circleci.yml"));
    let Some(scripts) = scripts(&[&azure, &bitbucket, &circle]) else { return };
    let jenkins = snippet("Jenkinsfile").split("'''").nth(1).expect("it has a script").to_owned();
    let without_install: Vec<&str> = scripts[2].lines().filter(|line| !line.starts_with("cargo install")).collect();
    let jobs = [
        (scripts[1].clone(), ("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"), "unleak-junit.xml"),
        (without_install.join("\n"), ("BITBUCKET_PR_DESTINATION_BRANCH", "main"), "test-reports/unleak.xml"),
        (jenkins, ("CHANGE_TARGET", "main"), "unleak-junit.xml"),
        (scripts[4].clone(), ("CIRCLE_BRANCH", "topic"), "test-results/unleak/unleak.xml"),
    ];
    let origin = Repository::new();
    origin.write("old.py", leak(1));
    origin.commit("a leak long ago");
    let (clean, leaking) = topic(&origin);
    let clone = origin.at("../clone");
    for (script, variable, report) in &jobs {
        for (commit, status) in [(&clean, 0), (&leaking, 1)] {
            clone.git(["checkout", "--quiet", "--detach", commit]);
            let (code, told) = job(&clone, script, &[*variable]);
            assert_eq!(code, Some(status), "{script}: {told}");
            let text = std::fs::read_to_string(clone.path().join(report)).expect("the report is written");
            assert!(text.contains("mail.py") == (status == 1) && !text.contains("old.py"), "{script}: {text}");
        }
    }
}

/// The commit that is checked out, the variables, what is scanned, the exit status.
type Case<'a> = (&'a str, Vec<(&'a str, &'a str)>, String, i32);

#[test]
fn the_gitlab_job_scans_what_the_pipeline_is_about() {
    let Some(scripts) = scripts(&[Path::new(TEMPLATE)]) else { return };
    let script = scripts.last().expect("the script comes last");
    let origin = Repository::new();
    origin.write("old.py", leak(1));
    let first = origin.commit("begin, with a leak long ago");
    origin.write("readme", "hello\n");
    let second = origin.commit("go on");
    let (clean, leaking) = topic(&origin);
    let clone = origin.at("../clone");
    clone.git(["remote", "set-head", "origin", "main"]);
    let zeros = "0".repeat(40);
    let merge_request = ("CI_PIPELINE_SOURCE", "merge_request_event");
    let (push, schedule) = (("CI_PIPELINE_SOURCE", "push"), ("CI_PIPELINE_SOURCE", "schedule"));
    let (topic, main) = (("CI_COMMIT_BRANCH", "topic"), ("CI_COMMIT_BRANCH", "main"));
    let cases: [Case; 9] = [
        (&leaking, vec![merge_request, ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &second)], format!("range {second}"), 1),
        (&clean, vec![merge_request, ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &second)], format!("range {second}"), 0),
        (
            &leaking,
            vec![
                merge_request,
                ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &first),
                ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", &clean),
            ],
            format!("range {clean}"),
            1,
        ),
        (&leaking, vec![push, topic, ("CI_COMMIT_BEFORE_SHA", &clean)], format!("range {clean}"), 1),
        (&clean, vec![push, topic, ("CI_COMMIT_BEFORE_SHA", &zeros)], format!("range {second}"), 0),
        (&clean, vec![push, topic, ("CI_COMMIT_BEFORE_SHA", "1234567890abcdef")], format!("range {second}"), 0),
        (&second, vec![push, main, ("CI_COMMIT_BEFORE_SHA", &first)], format!("range {first}"), 0),
        (&second, vec![push, main, ("CI_COMMIT_BEFORE_SHA", &zeros)], "history".into(), 1),
        (&clean, vec![schedule, main, ("CI_COMMIT_BEFORE_SHA", &zeros)], "history".into(), 1),
    ];
    for (commit, variables, scanned, status) in &cases {
        clone.git(["checkout", "--quiet", "--detach", commit]);
        let (code, told) = gitlab(&clone, script, variables);
        assert!(told.contains(&format!("unleak {scanned}")), "{variables:?}: {told}");
        assert_eq!(code, Some(*status), "{variables:?}: {told}");
        for report in ["gl-secret-detection-report.json", "gl-code-quality-report.json", "unleak-junit.xml"] {
            let path = clone.path().join(report);
            let text = std::fs::read_to_string(&path).expect("every report is written");
            assert_eq!(text.contains("sendgrid-api-key"), *status == 1, "{variables:?}: {text}");
            std::fs::remove_file(path).expect("it is there");
        }
    }
    clone.git(["checkout", "--quiet", "--detach", &leaking]);
    let variables = [push, topic, ("CI_COMMIT_BEFORE_SHA", clean.as_str()), ("UNLEAK_OPTIONS", "--exit-zero -q")];
    assert_eq!(gitlab(&clone, script, &variables).0, Some(0));
}

#[test]
fn the_gitlab_job_does_not_pass_a_shallow_clone() {
    let Some(scripts) = scripts(&[Path::new(TEMPLATE)]) else { return };
    let origin = Repository::new();
    origin.write("a", "1\n");
    origin.commit("begin");
    origin.write("a", "2\n");
    origin.commit("go on");
    let url = format!("file://{}", origin.path().display());
    origin.git(["clone", "--quiet", "--depth", "1", &url, "../shallow"]);
    let variables = [("CI_PIPELINE_SOURCE", "schedule"), ("CI_COMMIT_BRANCH", "main")];
    let (code, told) = gitlab(&origin.at("../shallow"), scripts.last().expect("it is there"), &variables);
    assert!(code == Some(2) && told.contains("shallow"), "{told}");
}

/// A repository with a bare remote, whose hooks judge by a configuration beside it.
struct Server {
    repository: Repository,
    remote: Repository,
    config: PathBuf,
}

impl Server {
    fn new() -> Server {
        let repository = Repository::new();
        repository.git(["init", "--quiet", "--bare", "--initial-branch=main", "../remote.git"]);
        let remote = repository.at("../remote.git");
        repository.git(["remote", "add", "origin", &remote.path().to_string_lossy()]);
        let config = repository.beside("server.toml");
        std::fs::write(&config, "[scan]\nfail_on = \"medium\"\n").expect("the folder can be written to");
        Server { repository, remote, config }
    }

    /// Puts a script of the page where the server looks for it.
    fn install(&self, name: &str, script: &str) -> PathBuf {
        let path = self.remote.path().join("hooks").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        let script = script.replace("/etc/unleak.toml", &self.config.to_string_lossy());
        std::fs::write(&path, script).expect("the hook can be written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
        path
    }

    fn push(&self, text: &str) -> (bool, String) {
        self.repository.write("mail.py", text);
        self.repository.git(["add", "--all"]);
        self.repository.git(["commit", "--quiet", "--allow-empty", "--message", "change"]);
        let output = command(&self.repository, "git")
            .args(["push", "origin", "HEAD:refs/heads/main"])
            .env("UNLEAK", "0")
            .output()
            .expect("git can be started");
        (output.status.success(), said(&output))
    }

    /// What leaks is refused and leaves nothing behind; what does not arrives.
    #[track_caller]
    fn assert_guards(&self) {
        let (is_through, told) = self.push(&leak(1));
        assert!(!is_through && told.contains("push refused by the server"), "{told}");
        assert!(told.contains("sendgrid-api-key") && !told.contains(&sendgrid_key(1)[26..]), "{told}");
        assert_eq!(self.remote.git(["for-each-ref"]), "");
        self.repository.git(["update-ref", "-d", "HEAD"]);
        let (is_through, told) = self.push("x = 1\n");
        assert!(is_through, "{told}");
        assert_eq!(self.remote.git(["for-each-ref", "--format=%(refname)"]), "refs/heads/main");
    }
}

/// What runs all that is in a folder, as Gitea's and GitLab's own hooks do: each is handed the same input.
const DELEGATE: &str = "#!/bin/sh
told=$(cat)
for hook in \"$GIT_DIR/hooks/pre-receive.d/\"*; do
    printf '%s\\n' \"$told\" | \"$hook\" || exit $?
done
";

#[test]
fn a_hook_in_gitea_and_forgejo_refuses_the_push() {
    let server = Server::new();
    server.install("pre-receive", DELEGATE);
    server.install("pre-receive.d/unleak", &snippet("pre-receive.d/unleak"));
    server.assert_guards();
}

#[test]
fn a_hook_in_gitlab_refuses_the_push_and_tells_the_web_pages() {
    let server = Server::new();
    server.install("pre-receive", DELEGATE);
    server.install("pre-receive.d/unleak", &snippet("custom_hooks/pre-receive.d/unleak"));
    let (is_through, told) = server.push(&leak(2));
    assert!(!is_through && told.contains("GL-HOOK-ERR: unleak: push refused"), "{told}");
    server.repository.git(["update-ref", "-d", "HEAD"]);
    server.assert_guards();
}

#[test]
fn the_hook_that_a_plain_server_installs_refuses_the_push() {
    let server = Server::new();
    let config = server.config.to_string_lossy().into_owned();
    let output = server.remote.unleak(["hook", "install", "--files", "--config", &config]);
    assert!(output.status.success(), "{}", said(&output));
    server.assert_guards();
}

#[test]
fn a_server_hook_whose_configuration_is_gone_refuses() {
    let server = Server::new();
    server.install("pre-receive", &snippet("pre-receive.d/unleak"));
    std::fs::remove_file(&server.config).expect("it is there");
    let (is_through, told) = server.push("x = 1\n");
    assert!(!is_through && told.contains("server.toml"), "{told}");
}

#[test]
fn gerrits_ref_update_refuses_what_a_ref_would_bring() {
    let server = Server::new();
    let hook = server.install("ref-update", &snippet("hooks/ref-update"));
    // Gerrit writes the objects first, and asks the hook before it moves the ref.
    let ask = |text: &str| {
        server.repository.write("mail.py", text);
        let new = server.repository.commit("change");
        let objects = server.remote.path().join("objects");
        let pack = format!("git rev-list --objects {new} | git pack-objects --quiet '{}/pack/pack'", objects.display());
        let output = server.repository.command("sh").args(["-c", &pack]).output().expect("there is a shell");
        assert!(output.status.success(), "{}", said(&output));
        let zeros = "0".repeat(40);
        let mut command = command(&server.remote, &hook.to_string_lossy());
        command.args(["--project", "p", "--refname", "refs/heads/main", "--uploader", "Ada"]);
        command.args(["--oldrev", &zeros, "--newrev", &new]).env("GIT_DIR", server.remote.path());
        let output = command.output().expect("the hook can be started");
        (output.status.code(), said(&output))
    };
    assert_eq!(ask("x = 1\n"), (Some(0), String::new()));
    let (code, told) = ask(&leak(1));
    assert!(code == Some(1) && told.contains("sendgrid-api-key"), "{told}");
}

#[test]
fn the_template_and_the_page_name_the_same_version_and_file() {
    let (template, page) = (
        std::fs::read_to_string(TEMPLATE).expect("it exists"),
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ci.md")).expect("it exists"),
    );
    let address = format!(
        "remote: https://raw.githubusercontent.com/unleak/unleak/v{}/templates/gitlab-ci.yml",
        env!("CARGO_PKG_VERSION")
    );
    assert!(template.contains(&address) && page.matches(&address).count() == 2);
    assert!(template.contains(&format!("UNLEAK_VERSION: v{}", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn the_reports_of_the_job_are_what_gitlab_reads() {
    let Some(path) = checker("venv/bin/check-jsonschema") else { return };
    let repository = Repository::new();
    repository.write("mail.py", leak(1));
    repository.commit("leak");
    let output = repository.unleak(["history", "--quiet", "--format", "gitlab"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let commit = &report["vulnerabilities"][0]["location"]["commit"];
    assert_eq!(commit["sha"], repository.git(["rev-parse", "HEAD"]).as_str());
    assert_eq!(commit["author"], "Ada <ada@example.org>");
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemas/gitlab-secret-detection.json");
    let file = file("history-of-a-repository.gitlab", &output.stdout);
    let (is_content, told) = run(&path, &["--schemafile".as_ref(), schema.as_ref(), file.as_os_str()]);
    assert!(is_content, "{told}");
}
