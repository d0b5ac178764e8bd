//! Hook managers as their users run them: pre-commit, prek, husky and lefthook, each with the real program.
//!
//! They are installed below `target/checkers` by `tests/run`, which also sets `UNLEAK_CHECKERS` to `required`: then
//! one that is missing fails the test; else it is left out, and that is said.

#![cfg(unix)]
#![allow(clippy::print_stdout, reason = "what was not checked is said")]

mod support;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::checkers::checker;
use support::{Repository, sendgrid_key};

const PRE_COMMIT: &str = "venv/bin/pre-commit";
const PREK: &str = "venv/bin/prek";
const HUSKY: &str = "npm/node_modules/.bin/husky";
const LEFTHOOK: &str = "npm/node_modules/.bin/lefthook";

/// A repository with a remote, a manager, and this program in the search path.
struct Managed {
    repository: Repository,
    manager: PathBuf,
}

impl Managed {
    fn new(manager: PathBuf) -> Managed {
        let repository = Repository::new();
        let remote = repository.beside("remote.git");
        repository.git(["init", "--quiet", "--bare", "--initial-branch=main", &remote.to_string_lossy()]);
        repository.git(["remote", "add", "origin", &remote.to_string_lossy()]);
        repository.write("readme", "hello\n");
        repository.commit("begin");
        repository.git(["push", "--quiet", "origin", "main"]);
        Managed { repository, manager }
    }

    fn run(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Output {
        let folder = |program: &Path| program.parent().expect("it stands in a folder").display().to_string();
        let own = folder(Path::new(env!("CARGO_BIN_EXE_unleak")));
        let path = std::env::var("PATH").expect("it is set");
        let mut command: Command = self.repository.command(program);
        command.env("PATH", format!("{own}:{}:{path}", folder(&self.manager))).args(arguments);
        command.output().expect("it can be started")
    }

    #[track_caller]
    fn must(&self, program: impl AsRef<OsStr>, arguments: &[&str]) {
        let output = self.run(program, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    }

    #[track_caller]
    fn manage(&self, arguments: &[&str]) {
        self.must(&self.manager, arguments);
    }

    #[track_caller]
    fn install(&self, hooks: &[&str]) {
        let arguments = [&["hook", "install", "--files", "--write"], hooks].concat();
        self.must(env!("CARGO_BIN_EXE_unleak"), &arguments);
        self.repository.commit("the manager's files");
    }

    fn commit(&self, text: &str, message: &str) -> Output {
        self.repository.write("mail.py", text);
        self.repository.git(["add", "--all"]);
        self.run("git", &["commit", "--message", message])
    }

    /// Files, messages and pushes with a key are refused, others are not.
    #[track_caller]
    fn assert_guards(&self) {
        let key = sendgrid_key(7);
        let source = format!("client = SendGridAPIClient(\"{key}\")\n");
        self.assert_refused(&self.commit(&source, "next"), "unleak: commit refused: 1 finding");
        self.assert_refused(&self.commit("x = 1\n", &format!("use {key}")), "the message");
        self.assert_passes(&self.commit("x = 1\n", "next"));
        self.assert_passes(&self.run("git", &["push", "origin", "main"]));
        self.repository.write("mail.py", &source);
        self.repository.commit("unseen");
        self.repository.write("mail.py", "x = 2\n");
        self.repository.commit("gone again");
        for branch in ["main", "main:refs/heads/topic"] {
            self.assert_refused(&self.run("git", &["push", "origin", branch]), "unleak: push refused");
        }
        self.repository.git(["reset", "--quiet", "--hard", "HEAD~2"]);
        self.assert_passes(&self.run("git", &["push", "origin", "main:refs/heads/topic"]));
        self.assert_passes(&self.run("git", &["push", "origin", ":topic"]));
    }

    #[track_caller]
    fn assert_refused(&self, output: &Output, words: &str) {
        let text = said(output);
        assert!(!output.status.success() && text.contains(words), "{words:?} is missing: {text}");
        assert!(!text.contains(&sendgrid_key(7)[26..]), "the secret was printed: {text}");
    }

    #[track_caller]
    fn assert_passes(&self, output: &Output) {
        assert!(output.status.success(), "{}", said(output));
    }

    /// A repository that holds this one's manifest, and a configuration that is pinned to it.
    fn pin(&self) -> PathBuf {
        let folder = self.repository.beside("unleak");
        self.repository.git(["init", "--quiet", &folder.to_string_lossy()]);
        let hooks = self.repository.at(&folder);
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
        hooks.write(".pre-commit-hooks.yaml", std::fs::read(manifest).expect("the manifest is there"));
        let commit_id = hooks.commit("the manifest");
        let ids: String =
            ["", "-commit-msg", "-push"].map(|which| format!("      - id: unleak-system{which}\n")).concat();
        let config = format!("repos:\n  - repo: file://{}\n    rev: {commit_id}\n    hooks:\n{ids}", folder.display());
        self.repository.write(".pre-commit-config.yaml", config);
        self.repository.commit("the configuration");
        folder
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

const TYPES: [&str; 8] = ["-t", "pre-commit", "-t", "pre-merge-commit", "-t", "commit-msg", "-t", "pre-push"];

/// What pre-commit and prek have in common.
fn assert_framework_guards(manager: PathBuf) {
    let managed = Managed::new(manager);
    let folder = managed.pin();
    managed.manage(&[&["install"], &TYPES[..]].concat());
    managed.assert_guards();
    managed.repository.write("mail.py", format!("client = SendGridAPIClient(\"{}\")\n", sendgrid_key(7)));
    managed.repository.git(["add", "--all"]);
    managed.assert_refused(&managed.run(&managed.manager, &["run"]), "unleak: commit refused");
    let tried = managed.run(&managed.manager, &["try-repo", &folder.to_string_lossy(), "unleak-system", "--verbose"]);
    managed.assert_refused(&tried, "unleak: commit refused");
    // What is not staged is not judged.
    managed.repository.git(["reset", "--quiet"]);
    managed.assert_passes(&managed.run(&managed.manager, &["run"]));
    let skipped = managed.run("env", &["SKIP=unleak-system", "git", "commit", "--all", "--message", "skipped"]);
    managed.assert_passes(&skipped);
}

#[test]
fn pre_commit_runs_the_hooks_of_the_manifest() {
    let Some(pre_commit) = checker(PRE_COMMIT) else { return };
    assert_framework_guards(pre_commit);
}

#[test]
fn prek_runs_the_hooks_of_the_manifest() {
    let Some(prek) = checker(PREK) else { return };
    assert_framework_guards(prek);
}

#[test]
fn pre_commit_runs_what_was_added_to_its_file() {
    let Some(pre_commit) = checker(PRE_COMMIT) else { return };
    let managed = Managed::new(pre_commit);
    let config = "repos:\n- repo: meta\n  hooks:\n  - id: identity\nfail_fast: true\n";
    managed.repository.write(".pre-commit-config.yaml", config);
    managed.install(&[]);
    managed.manage(&[&["install"], &TYPES[..]].concat());
    managed.assert_guards();
}

#[test]
fn prek_runs_what_was_added_to_its_file() {
    let Some(prek) = checker(PREK) else { return };
    let managed = Managed::new(prek);
    managed.repository.write("prek.toml", "");
    managed.install(&[]);
    managed.manage(&[&["install"], &TYPES[..]].concat());
    managed.assert_guards();
}

#[test]
fn pre_commit_installed_over_this_programs_hook_still_runs_it() {
    let Some(pre_commit) = checker(PRE_COMMIT) else { return };
    let managed = Managed::new(pre_commit);
    managed.must(env!("CARGO_BIN_EXE_unleak"), &["hook", "install", "--files"]);
    managed.repository.write(".pre-commit-config.yaml", "repos:\n- repo: meta\n  hooks:\n  - id: identity\n");
    managed.manage(&["install"]);
    let source = format!("client = SendGridAPIClient(\"{}\")\n", sendgrid_key(7));
    managed.assert_refused(&managed.commit(&source, "next"), "unleak: commit refused");
}

#[test]
fn husky_runs_what_was_added_to_its_files() {
    let Some(husky) = checker(HUSKY) else { return };
    let managed = Managed::new(husky);
    managed.repository.write("package.json", "{\"name\": \"x\", \"private\": true}\n");
    managed.manage(&[]);
    managed.install(&[]);
    managed.assert_guards();
}

#[test]
fn lefthook_runs_what_was_added_to_its_file() {
    let Some(lefthook) = checker(LEFTHOOK) else { return };
    let managed = Managed::new(lefthook);
    managed
        .repository
        .write("lefthook.yml", "pre-commit:\n  commands:\n    own:\n      run: test -e readme\nno_tty: true\n");
    managed.install(&[]);
    managed.manage(&["install"]);
    managed.assert_guards();
}
