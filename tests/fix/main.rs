//! `unleak fix` on real repositories: what is mended parses, is clean, and stays as it is the second time.

mod care;
mod environment;
#[path = "../support/mod.rs"]
mod support;
mod texts;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;
use support::{Repository, sendgrid_key};

const CLEAN: i32 = 0;
const LEFT: i32 = 1;
const ERROR: i32 = 2;

fn filled(text: &str) -> String {
    (1..4).fold(text.to_owned(), |text, number| text.replace(&format!("KEY{number}!"), &sendgrid_key(number)))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[track_caller]
fn assert_exit(output: &Output, status: i32) {
    assert_eq!(output.status.code(), Some(status), "{}", said(output));
    for number in 1..4 {
        let secret = sendgrid_key(number)[26..].to_owned();
        assert!(!said(output).contains(&secret), "a key is printed: {}", said(output));
    }
}

/// A repository with these files committed.
fn repository(files: &[(&str, &str)]) -> Repository {
    let repository = Repository::new();
    for (path, text) in files {
        repository.write(path, filled(text));
    }
    repository.commit("begin");
    repository
}

fn read(repository: &Repository, path: &str) -> String {
    String::from_utf8(bytes(repository, path)).expect("samples are UTF-8")
}

fn bytes(repository: &Repository, path: &str) -> Vec<u8> {
    std::fs::read(repository.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file of the folder but Git's own.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("it can be read").path();
        match path.is_dir() {
            true if path.ends_with(".git") => {}
            true => files.extend(tree(&path)),
            false => _ = files.insert(path.display().to_string(), std::fs::read(&path).expect("it can be read")),
        }
    }
    files
}
