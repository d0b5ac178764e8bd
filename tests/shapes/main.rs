//! `unleak fix` in every language and format: what is mended parses, yields what it did, is clean, and stays as it is
//! the second time.

#![cfg(unix)]
#![allow(clippy::print_stdout, reason = "what was not checked is said")]

#[path = "../support/mod.rs"]
mod support;

mod formats;
mod programs;
mod tools;
mod untouched;

use formats::{SETTINGS, STAY};
use programs::{PROGRAMS, Program};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::sendgrid_key;
use tools::{Lacking, check};

/// A folder below target that is new and stays for whoever wants to look.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shapes").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("target can be written to");
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("it stands in a folder")).expect("it can be made");
    std::fs::write(path, text).expect("it can be written");
}

/// Runs this program there, outside of any repository.
fn unleak(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unleak"));
    command.args(arguments).current_dir(folder).env("GIT_CEILING_DIRECTORIES", folder.parent().expect("it has one"));
    let output = command.output().expect("the program can be started");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), said)
}

/// Variables that the mended programs read.
fn environment(key: &str) -> Vec<(&'static str, &str)> {
    ["SENDGRID_API_KEY", "MAIL_PASSWORD", "SMTP_LOGIN", "TF_VAR_sendgrid_api_key"].map(|name| (name, key)).to_vec()
}

#[test]
fn a_program_in_every_language_is_mended_and_yields_what_it_did() {
    let key = sendgrid_key(1);
    let (mut faults, mut lacking, mut parsed) = (Vec::new(), Lacking::new(), Vec::new());
    for (head, name) in ["plain", "imported"].into_iter().enumerate() {
        let (before, after) = (folder(&format!("{name}-before")), folder(&format!("{name}-after")));
        for program in PROGRAMS {
            let text = format!("{}{}", program.heads[head], program.body).replace("KEY!", &key);
            write(&before, program.path, &text);
            write(&after, program.path, &text);
        }
        let (status, said) = unleak(&after, &["fix", "."]);
        let left = said.lines().filter(|line| line.starts_with("left: ") && !line.contains("-key-printed"));
        faults.extend(left.map(str::to_owned));
        assert_ne!(status, Some(2), "{said}");
        let both =
            |program: &Program| (check(&before, program.path, &[]), check(&after, program.path, &environment(&key)));
        let checked: Vec<_> = PROGRAMS.par_iter().map(both).collect();
        for (program, (was, is)) in std::iter::zip(PROGRAMS, checked) {
            faults.extend(was.faults.into_iter().map(|fault| format!("before: {fault}")));
            faults.extend(is.faults);
            lacking.extend(is.lacking);
            if was.printed != is.printed {
                faults.push(format!("{}: printed {:?}, prints {:?}", program.path, was.printed, is.printed));
            }
            if !program.grammar.is_empty() {
                parsed.push((program.grammar, before.join(program.path)));
                parsed.push((program.grammar, after.join(program.path)));
            }
        }
        let (status, said) = unleak(&after, &["files", "."]);
        if status != Some(0) {
            let found = said.lines().filter(|line| line.contains(" --> ") || line.starts_with("critical"));
            faults.push(found.collect::<Vec<_>>().join("\n"));
        }
        let (_, said) = unleak(&after, &["fix", "."]);
        if said.contains("+++ ") {
            faults.push(format!("a second time: {said}"));
        }
    }
    faults.extend(tools::faults(&parsed).unwrap_or_default());
    for tool in lacking {
        println!("NOT CHECKED: there is no {tool}");
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn configuration_in_every_format_is_mended_and_stays_valid() {
    let key = sendgrid_key(1);
    let folder = folder("formats");
    let mut faults = Vec::new();
    for (path, text) in SETTINGS.iter().map(|s| (s.path, s.text)).chain(STAY.iter().copied()) {
        write(&folder, path, &text.replace("KEY!", &key));
    }
    let readable: Vec<_> = SETTINGS.iter().filter(|setting| !setting.reader.is_empty()).collect();
    let files: Vec<_> = readable.iter().map(|setting| (setting.reader, folder.join(setting.path))).collect();
    faults.extend(tools::faults(&files).unwrap_or_default().into_iter().map(|fault| format!("before: {fault}")));
    let (status, said) = unleak(&folder, &["fix", "."]);
    assert_eq!(status, Some(1), "{said}");
    for setting in SETTINGS {
        let mended = std::fs::read_to_string(folder.join(setting.path)).expect("it is there");
        if mended.contains(&key) {
            faults.push(format!("{} holds the key still:\n{}", setting.path, mended.replace(&key, "KEY!")));
        }
        let lacks = setting.says.iter().filter(|words| !mended.contains(*words));
        faults
            .extend(lacks.map(|words| format!("{} lacks {words:?}:\n{}", setting.path, mended.replace(&key, "KEY!"))));
    }
    for (path, text) in STAY {
        let now = std::fs::read_to_string(folder.join(path)).expect("it is there");
        if now != text.replace("KEY!", &key) || !said.contains(&format!("left: {path}:")) {
            faults.push(format!("{path} does not stay, or it is not said:\n{now}"));
        }
    }
    faults.extend(tools::faults(&files).unwrap_or_default());
    let schemas: Vec<_> = SETTINGS.iter().filter(|setting| !setting.schema.is_empty()).collect();
    faults.extend(schemas.iter().filter_map(|setting| tools::schema_fault(setting.schema, &folder.join(setting.path))));
    let (_, said) = unleak(&folder, &["fix", "."]);
    if said.contains("+++ ") {
        faults.push(format!("a second time: {said}"));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
