//! A hook refuses a real `git commit` that brings a key, and lets the same commit without the key pass: also where
//! the repository's settings, attributes or encodings hide the text from `git diff`.

mod support;

use std::path::PathBuf;
use std::process::Output;
use support::{Repository, sendgrid_key};

/// What stands where the key would, when there is none.
const NO_KEY: &str = "read-from-the-environment";

/// Installs a hook that runs the program and leaves a mark that it ran.
fn install(repository: &Repository, hook: &str, arguments: &str) -> PathBuf {
    let mark = repository.beside("hook-ran");
    let script = format!("#!/bin/sh\n: > '{}'\nexec '{}' {arguments}\n", mark.display(), env!("CARGO_BIN_EXE_unleak"));
    let path = repository.path().join(".git/hooks").join(hook);
    std::fs::create_dir_all(path.parent().expect("it stands in a folder")).expect("the folder can be made");
    std::fs::write(&path, script).expect("the hook can be written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("the hook is ours");
    }
    mark
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Builds the case twice, once with a key and once without; `stage` leaves something to commit and `commit` does it.
#[track_caller]
fn assert_refused(stage: impl Fn(&Repository, &str), commit: impl Fn(&Repository) -> Output) {
    for text in [sendgrid_key(7).as_str(), NO_KEY] {
        let repository = Repository::new();
        repository.write("readme", "hello\n");
        repository.commit("begin");
        stage(&repository, text);
        let before = repository.git(["rev-parse", "HEAD"]);
        let mark = install(&repository, "pre-commit", "staged");
        let output = commit(&repository);
        assert!(mark.exists(), "the hook did not run: {}", said(&output));
        let after = repository.git(["rev-parse", "HEAD"]);
        if text == NO_KEY {
            assert!(output.status.success() && before != after, "refused without a key: {}", said(&output));
        } else {
            assert!(!output.status.success() && before == after, "not refused: {}", said(&output));
            assert!(said(&output).contains("sendgrid-api-key"), "{}", said(&output));
            assert!(!said(&output).contains(&text[26..]), "the secret was printed: {}", said(&output));
        }
    }
}

fn commit(repository: &Repository) -> Output {
    repository.try_git(["commit", "--message", "next"])
}

fn source(text: &str) -> String {
    format!("client = SendGridAPIClient(\"{text}\")\n")
}

fn write_and_add(repository: &Repository, path: &str, bytes: impl AsRef<[u8]>) {
    repository.write(path, bytes);
    repository.git(["add", "--all"]);
}

#[test]
fn a_plain_file() {
    assert_refused(|repository, text| write_and_add(repository, "app/mail.py", source(text)), commit);
}

#[test]
fn settings_that_change_what_git_diff_prints() {
    let settings = [
        ("color.ui", "always"),
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.external", "true"),
        ("diff.renames", "copies"),
        ("diff.algorithm", "histogram"),
        ("diff.context", "0"),
        ("diff.interHunkContext", "9"),
        ("diff.submodule", "log"),
        ("diff.wordRegex", "."),
        ("diff.colorMoved", "zebra"),
        ("diff.suppressBlankEmpty", "true"),
        ("diff.wsErrorHighlight", "all"),
        ("core.quotePath", "true"),
    ];
    for (name, value) in settings {
        assert_refused(
            |repository, text| {
                write_and_add(repository, "mail.py", source(text));
                repository.git(["config", name, value]);
            },
            commit,
        );
    }
}

#[test]
fn attributes_that_hide_the_text() {
    for attributes in ["* -diff\n", "* binary\n", "*.py diff=none linguist-generated export-ignore\n", "* -text\n"] {
        assert_refused(
            |repository, text| {
                repository.write(".gitattributes", attributes);
                write_and_add(repository, "mail.py", source(text));
            },
            commit,
        );
    }
}

#[cfg(unix)]
#[test]
fn a_textconv_driver() {
    assert_refused(
        |repository, text| {
            repository.write(".gitattributes", "*.py diff=hidden\n");
            repository.git(["config", "diff.hidden.textconv", "true"]);
            repository.git(["config", "diff.hidden.command", "true"]);
            write_and_add(repository, "mail.py", source(text));
        },
        commit,
    );
}

#[test]
fn a_file_with_a_nul_byte() {
    assert_refused(
        |repository, text| write_and_add(repository, "mail.dat", [b"\0\x01\n", source(text).as_bytes()].concat()),
        commit,
    );
}

#[test]
fn utf_16_with_a_byte_order_mark() {
    assert_refused(
        |repository, text| {
            let units = format!("\u{feff}{}", source(text));
            let bytes: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
            write_and_add(repository, "mail.ps1", bytes);
        },
        commit,
    );
}

#[test]
fn a_commit_from_a_folder_below_with_the_key_at_the_root() {
    assert_refused(
        |repository, text| {
            repository.write("below/here.txt", "x\n");
            write_and_add(repository, "mail.py", source(text));
        },
        |repository| {
            let mut command = repository.command("git");
            command.current_dir(repository.path().join("below")).args(["commit", "--message", "next"]);
            command.output().expect("git can be started")
        },
    );
}

#[test]
fn a_pure_rename_of_a_file_that_leaks_already() {
    assert_refused(
        |repository, text| {
            repository.write("old.py", source(text));
            repository.commit("once, unseen");
            repository.git(["mv", "old.py", "new.py"]);
        },
        commit,
    );
}

#[test]
fn a_key_as_a_file_name() {
    assert_refused(|repository, text| write_and_add(repository, &format!("keys/{text}.txt"), "x\n"), commit);
}

#[cfg(unix)]
#[test]
fn a_key_as_the_target_of_a_link() {
    assert_refused(
        |repository, text| {
            std::os::unix::fs::symlink(text, repository.path().join("link")).expect("a link can be made");
            repository.git(["add", "--all"]);
        },
        commit,
    );
}

#[test]
fn a_configuration_of_the_repository_without_rules() {
    assert_refused(
        |repository, text| {
            repository.write("unleak.toml", "[[allow]]\npaths = [\"elsewhere/\"]\nreason = \"a test\"\n");
            write_and_add(repository, "mail.py", source(text));
        },
        commit,
    );
}

#[test]
fn a_configuration_that_would_let_everything_pass_lets_nothing_pass() {
    for text in [
        "[[allow]]\npaths = [\"**\"]\nreason = \"all of it\"\n",
        "[[allow]]\nvalue = \".*\"\nreason = \"all of it\"\n",
        "[rules]\nonly = []\n",
        "[scan]\nexclude = [\"**\"]\n",
        "not toml",
    ] {
        let repository = Repository::new();
        repository.write("readme", "hello\n");
        repository.commit("begin");
        repository.write("unleak.toml", text);
        write_and_add(&repository, "mail.py", source(&sendgrid_key(7)));
        install(&repository, "pre-commit", "staged");
        let output = commit(&repository);
        assert!(!output.status.success(), "{text}: {}", said(&output));
        assert!(said(&output).contains("unleak.toml:"), "{text}: {}", said(&output));
    }
}

#[test]
fn a_key_that_is_staged_and_already_gone_from_the_file() {
    assert_refused(
        |repository, text| {
            write_and_add(repository, "mail.py", source(text));
            repository.write("mail.py", source(NO_KEY));
        },
        commit,
    );
}

#[test]
fn commit_all_and_commit_of_a_path() {
    let edit = |repository: &Repository, text: &str| {
        repository.write("mail.py", "import os\n");
        repository.commit("more");
        repository.write("mail.py", format!("import os\n{}", source(text)));
    };
    assert_refused(edit, |repository| repository.try_git(["commit", "--all", "--message", "next"]));
    assert_refused(edit, |repository| repository.try_git(["commit", "--message", "next", "--", "mail.py"]));
}

#[test]
fn a_linked_worktree() {
    for text in [sendgrid_key(7).as_str(), NO_KEY] {
        let repository = Repository::new();
        repository.write("readme", "hello\n");
        repository.commit("begin");
        let mark = install(&repository, "pre-commit", "staged");
        let path = repository.beside("linked");
        repository.git(["worktree", "add", "--quiet", &path.to_string_lossy()]);
        let linked = repository.at(&path);
        write_and_add(&linked, "mail.py", source(text));
        let output = commit(&linked);
        assert!(mark.exists());
        assert_eq!(output.status.success(), text == NO_KEY, "{}", said(&output));
    }
}

#[test]
fn the_first_commit() {
    for text in [sendgrid_key(7).as_str(), NO_KEY] {
        let repository = Repository::new();
        install(&repository, "pre-commit", "staged");
        write_and_add(&repository, "mail.py", source(text));
        let output = commit(&repository);
        assert_eq!(output.status.success(), text == NO_KEY, "{}", said(&output));
    }
}

#[test]
fn a_key_on_an_untouched_line_does_not_stand_in_the_way() {
    let repository = Repository::new();
    repository.write("mail.py", format!("{}\n\n\nx = 1\n", source(&sendgrid_key(7))));
    repository.commit("once, unseen");
    repository.write("mail.py", format!("{}\n\n\nx = 2\n", source(&sendgrid_key(7))));
    repository.git(["add", "--all"]);
    install(&repository, "pre-commit", "staged");
    let output = commit(&repository);
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn a_commit_message() {
    for text in [sendgrid_key(7).as_str(), NO_KEY] {
        let repository = Repository::new();
        let mark = install(&repository, "commit-msg", "message \"$1\"");
        repository.write("readme", "hello\n");
        repository.git(["add", "--all"]);
        let output = repository.try_git(["commit", "--message", &format!("Use {text}")]);
        assert!(mark.exists());
        assert_eq!(output.status.success(), text == NO_KEY, "{}", said(&output));
    }
}

#[test]
fn a_refusal_is_short() {
    let repository = Repository::new();
    write_and_add(&repository, "mail.py", source(&sendgrid_key(7)));
    install(&repository, "pre-commit", "staged");
    let output = commit(&repository);
    let text = said(&output);
    assert!(!output.status.success());
    assert!(text.lines().count() < 20, "{text}");
    assert!(text.contains("revoke") && text.contains("SENDGRID_API_KEY"), "{text}");
}
