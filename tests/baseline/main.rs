//! The baseline on real repositories: what is accepted stays accepted through moves, rebases, squashes and renames,
//! what is new does not pass, two branches' additions merge, and a change cannot excuse itself.

#![allow(clippy::print_stdout, reason = "a tool that is missing has to be seen")]

mod commands;
mod judging;
mod keeping;
#[path = "../support/mod.rs"]
mod support;
mod trust;

use serde_json::Value;
use std::process::Output;
use support::checkers::checker;
use support::{Repository, sendgrid_key};

const FILE: &str = ".unleak-baseline.jsonl";
/// For scans by the baseline on disk.
const BY: [&str; 2] = ["--baseline", FILE];

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs the program, which must end with this status, and returns what it said.
#[track_caller]
fn told(repository: &Repository, status: i32, arguments: &[&str]) -> String {
    let output = repository.unleak(arguments);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", said(&output));
    said(&output)
}

/// A scan with the options for the baseline.
#[track_caller]
fn scanned(repository: &Repository, status: i32, arguments: &[&str]) -> String {
    told(repository, status, &[arguments, &BY].concat())
}

fn source(number: u64) -> String {
    format!("import mail\n\nKEY = \"{}\"\nmail.send(KEY)\n", sendgrid_key(number))
}

/// A repository with a leak in `src/mail.py` that the baseline accepts, all of it committed.
fn accepted() -> Repository {
    let repository = Repository::new();
    repository.write("src/mail.py", source(1));
    repository.commit("an old leak");
    told(&repository, 0, &["baseline", "create", "--reason", "revoked"]);
    repository.commit("accept it");
    repository
}

/// Adds a leak and accepts it, in a commit.
fn accept_another(repository: &Repository, path: &str, number: u64) {
    repository.write(path, source(number));
    told(repository, 0, &["baseline", "update", "--reason", "a sample"]);
    repository.commit(path);
}

fn baseline(repository: &Repository) -> String {
    std::fs::read_to_string(repository.path().join(FILE)).expect("there is a baseline")
}
