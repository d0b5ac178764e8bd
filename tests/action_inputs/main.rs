//! The GitHub Action: what its inputs do, what it hands back, where the program comes from, and its checkers.

#![cfg(unix)]

mod files;
mod inputs;
mod install;
#[path = "../support/mod.rs"]
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
