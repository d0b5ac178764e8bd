//! The program itself, in a clean environment: exit status, bad input, reports, configuration.

mod configuration;
mod exits;
mod other;
mod reports;
#[path = "../support/mod.rs"]
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
