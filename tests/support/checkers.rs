//! The programs of others that `tests/run` installs below `target/checkers`, and reports written out for them.
//!
//! `tests/run` sets `UNLEAK_CHECKERS` to `required`: then one that is missing fails the test; else it is left out,
//! and that is said.
#![allow(clippy::print_stdout, reason = "what was not checked is said")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A checker, or a loud line that it is not there.
pub fn checker(path: &str) -> Option<PathBuf> {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = tmp.parent().expect("it is below target").join("checkers").join(path);
    if path.exists() {
        return Some(path);
    }
    assert_ne!(std::env::var("UNLEAK_CHECKERS").as_deref(), Ok("required"), "{} is missing", path.display());
    println!("NOT CHECKED: {} is missing; tests/run installs it", path.display());
    None
}

/// A file below `target/tmp` with that text.
pub fn file(name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("target can be written to");
    path
}

/// Runs a checker and returns what it said, without looking whether it was content.
pub fn run(program: &Path, arguments: &[&std::ffi::OsStr]) -> (bool, String) {
    let output: Output = Command::new(program).args(arguments).output().expect("the checker starts");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), said)
}

/// Runs a Python script in the environment that the checkers live in; it must succeed. Returns what it printed.
#[track_caller]
pub fn python(script: &str, arguments: &[&Path]) -> Option<String> {
    let python = checker("venv/bin/python")?;
    let output = Command::new(python).arg("-c").arg(script).args(arguments).output().expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
