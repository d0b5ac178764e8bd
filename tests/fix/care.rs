//! What is left alone: changes that nobody else has, line ends, permissions, links, the index; and all files when one
//! can't be written.

use crate::support::{Repository, sendgrid_key};
use crate::{CLEAN, ERROR, LEFT, assert_exit, bytes, filled, read, repository, said, tree};
use std::io::{Read, Write};
use std::process::{Child, Command, Output, Stdio};

fn unleak_with_input(repository: &Repository, arguments: &[&str], input: &str) -> Output {
    let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    // It may end before it has read all.
    let _ = child.stdin.take().expect("it is piped").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

#[test]
fn a_file_with_changes_that_git_does_not_hold_is_refused_with_all_others() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n"), ("b.py", "k = 'KEY1!'\n")]);
    repository.write("a.py", filled("x = 1\nk = 'KEY1!'\n"));
    let before = tree(repository.path());
    let output = repository.unleak(["fix"]);
    assert_exit(&output, ERROR);
    assert!(said(&output).contains("a.py") && said(&output).contains("--force"), "{}", said(&output));
    assert_eq!(tree(repository.path()), before);
    repository.git(["add", "a.py"]);
    assert_exit(&repository.unleak(["fix", "a.py"]), CLEAN);
    assert_eq!(read(&repository, "a.py"), "import os\n\nx = 1\nk = os.environ['SENDGRID_API_KEY']\n");
    repository.write("b.py", filled("y = 1\nk = 'KEY1!'\n"));
    assert_exit(&repository.unleak(["fix", "--force", "b.py"]), CLEAN);
    assert!(read(&repository, "b.py").contains("y = 1"));
}

#[test]
fn when_one_file_may_not_be_written_none_is() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n"), ("b.py", "k = 'KEY1!'\n")]);
    let path = repository.path().join("b.py");
    let mut permissions = std::fs::metadata(&path).expect("it is there").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("they can be set");
    let before = tree(repository.path());
    let output = repository.unleak(["fix", "--write-env"]);
    assert_exit(&output, ERROR);
    assert!(said(&output).contains("read-only"), "{}", said(&output));
    assert_eq!(tree(repository.path()), before);
}

#[test]
fn line_ends_encoding_and_permissions_stay() {
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let repository = Repository::new();
    repository.write("crlf.py", filled("import sys\r\nk = 'KEY1!'\r\n"));
    repository.write("mark.js", filled("\u{feff}f('KEY1!')\n"));
    repository.write("wide.ps1", utf16(&filled("\u{feff}$grün = 'KEY1!'\r\n")));
    repository.write("latin.rb", [b"# caf\xe9\nk = '", sendgrid_key(1).as_bytes(), b"'"].concat());
    repository.write("run.sh", filled("#!/bin/sh\nsend 'KEY1!'\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = repository.path().join("run.sh");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o750)).expect("they can be set");
    }
    repository.commit("begin");
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    assert_eq!(read(&repository, "crlf.py"), "import os\r\nimport sys\r\nk = os.environ['SENDGRID_API_KEY']\r\n");
    assert_eq!(read(&repository, "mark.js"), "\u{feff}f(process.env.SENDGRID_API_KEY)\n");
    assert_eq!(bytes(&repository, "wide.ps1"), utf16("\u{feff}$grün = $env:SENDGRID_API_KEY\r\n"));
    assert_eq!(bytes(&repository, "latin.rb"), b"# caf\xe9\nk = ENV.fetch('SENDGRID_API_KEY')");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let metadata = std::fs::metadata(repository.path().join("run.sh")).expect("it is there");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o750);
    }
}

#[test]
fn what_is_staged_is_mended_on_disk_and_old_secrets_stay() {
    let repository = repository(&[("old.py", "k = 'KEY2!'\n"), ("a.py", "import os\n")]);
    repository.write("a.py", filled("import os\nk = 'KEY1!'\n"));
    repository.git(["add", "a.py"]);
    let output = repository.unleak(["fix", "--staged"]);
    assert_exit(&output, CLEAN);
    assert!(said(&output).contains("git add -- 'a.py'"), "{}", said(&output));
    assert_eq!(read(&repository, "a.py"), "import os\nk = os.environ['SENDGRID_API_KEY']\n");
    assert!(read(&repository, "old.py").contains("SG."));
    assert_eq!(repository.unleak(["staged"]).status.code(), Some(1), "the index is the user's");
    repository.git(["add", "a.py"]);
    assert_exit(&repository.unleak(["staged"]), CLEAN);
    assert_exit(&repository.unleak(["fix", "--staged"]), CLEAN);
}

#[test]
fn asked_file_by_file_only_what_was_agreed_to_is_written() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n"), ("b.py", "k = 'KEY2!'\n"), ("c.py", "k = 'KEY3!'\n")]);
    let before = tree(repository.path());
    assert_exit(&unleak_with_input(&repository, &["fix", "--interactive"], "y\nq\n"), ERROR);
    assert_exit(&unleak_with_input(&repository, &["fix", "--interactive"], "y\n"), ERROR);
    assert_eq!(tree(repository.path()), before);
    let output = unleak_with_input(&repository, &["fix", "--interactive"], "n\nwhat\ny\nn\n");
    assert_exit(&output, LEFT);
    assert!(read(&repository, "a.py").contains("SG.") && read(&repository, "c.py").contains("SG."));
    assert_eq!(read(&repository, ".env.example"), "SENDGRID_API_KEY_2=\n");
    assert!(!read(&repository, "b.py").contains("SG."));
}

#[test]
fn outside_a_repository_files_are_mended_too() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("a.sh"), filled("send 'KEY1!'\n")).expect("it can be written");
    let fix = Command::new(env!("CARGO_BIN_EXE_unleak"))
        .arg("fix")
        .current_dir(folder.path())
        .env("GIT_CEILING_DIRECTORIES", folder.path().parent().expect("it has one"))
        .output()
        .expect("the program can be started");
    assert_exit(&fix, CLEAN);
    let mended = std::fs::read_to_string(folder.path().join("a.sh")).expect("it is there");
    assert_eq!(mended, "send \"${SENDGRID_API_KEY:?}\"\n");
    assert!(!folder.path().join(".gitignore").exists());
}

#[cfg(unix)]
#[test]
fn a_link_stays_one_and_what_it_names_is_mended() {
    let repository = repository(&[("real/a.py", "k = 'KEY1!'\n")]);
    std::os::unix::fs::symlink("real/a.py", repository.path().join("link.py")).expect("a link can be made");
    repository.commit("link");
    assert_exit(&repository.unleak(["fix", "link.py"]), CLEAN);
    assert!(repository.path().join("link.py").is_symlink());
    assert!(!read(&repository, "real/a.py").contains("SG."));
}

#[test]
fn what_is_gone_on_disk_and_still_staged_is_named() {
    let repository = repository(&[("a.py", "import os\n"), ("b.py", "x = 1\n")]);
    for path in ["a.py", "b.py"] {
        repository.write(path, filled("k = 'KEY1!'\n"));
    }
    repository.git(["add", "--all"]);
    repository.write("a.py", "import os\n");
    std::fs::remove_file(repository.path().join("b.py")).expect("it is there");
    let output = repository.unleak(["fix", "--staged"]);
    assert_exit(&output, LEFT);
    for path in ["a.py", "b.py"] {
        let words = format!("left: {path}:1: sendgrid-api-key: it is gone on disk already");
        assert!(said(&output).contains(&words), "{}", said(&output));
    }
    repository.git(["add", "--all"]);
    assert_exit(&repository.unleak(["fix", "--staged"]), CLEAN);
}

#[test]
fn a_file_that_is_not_as_it_is_staged_keeps_what_only_the_disk_has() {
    let repository = repository(&[("a.py", "import os\n")]);
    repository.write("a.py", filled("import os\nk = 'KEY1!'\n"));
    repository.git(["add", "a.py"]);
    let on_disk = filled("import os\nmine = 1\nk = 'KEY1!'\n");
    repository.write("a.py", &on_disk);
    let output = repository.unleak(["fix", "--staged"]);
    assert_exit(&output, ERROR);
    assert!(said(&output).contains("a.py") && said(&output).contains("--force"), "{}", said(&output));
    assert_eq!(read(&repository, "a.py"), on_disk);
    assert_exit(&repository.unleak(["fix", "--staged", "--force"]), CLEAN);
    assert_eq!(read(&repository, "a.py"), "import os\nmine = 1\nk = os.environ['SENDGRID_API_KEY']\n");
}

/// The program when it has read all files and waits for the first answer.
fn asking(repository: &Repository) -> Child {
    let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
    command.args(["fix", "--interactive", "--write-env"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    let out = child.stdout.as_mut().expect("it is piped");
    let mut byte = [0];
    while byte != *b"?" {
        out.read_exact(&mut byte).expect("it asks");
    }
    child
}

fn answered(mut child: Child) -> Output {
    child.stdin.take().expect("it is piped").write_all(b"a\n").expect("it waits for an answer");
    child.wait_with_output().expect("it ends")
}

#[test]
fn a_file_that_changes_between_reading_and_writing_stops_all_of_it() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n"), ("b.py", "k = 'KEY1!'\n")]);
    let child = asking(&repository);
    repository.write("b.py", "y = 1\n");
    let before = tree(repository.path());
    let output = answered(child);
    assert_exit(&output, ERROR);
    let words = said(&output);
    assert!(words.contains("b.py changed meanwhile") && words.contains("nothing was written"), "{words}");
    assert_eq!(tree(repository.path()), before);
}

#[test]
fn what_comes_into_the_ignored_files_meanwhile_stays() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n")]);
    let child = asking(&repository);
    repository.write(".gitignore", "*.log\n");
    assert_exit(&answered(child), CLEAN);
    assert_eq!(read(&repository, ".gitignore"), "*.log\n.env\n");
}

#[test]
fn mixed_line_ends_a_missing_last_one_and_a_secret_twice_in_a_line() {
    let texts = [
        ("mixed.py", "import os\r\na = 1\nk = 'KEY1!'\nb = 2\r\n", "import os\r\na = 1\nk = KEY\nb = 2\r\n"),
        ("twice.py", "import os\nk = 'KEY1!'; l = 'KEY1!'\r\nm = 1", "import os\nk = KEY; l = KEY\r\nm = 1"),
    ];
    let repository = repository(&texts.map(|(path, before, _)| (path, before)));
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    for (path, _, after) in texts {
        assert_eq!(read(&repository, path), after.replace("KEY", "os.environ['SENDGRID_API_KEY']"), "{path}");
    }
}

#[test]
fn what_two_rules_find_on_the_same_bytes_is_mended_once() {
    let text = "import os\nurl = 'https://api.sendgrid.com/?api_user=ada&api_key=KEY1!'\npassword = 'KEY1!'\n";
    let repository = repository(&[("a.py", text)]);
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    let read = read(&repository, "a.py");
    let lines: Vec<&str> = read.lines().collect();
    let url = "url = f'https://api.sendgrid.com/?api_user=ada&api_key={os.environ[\"SENDGRID_API_KEY\"]}'";
    assert_eq!(lines, ["import os", url, "password = os.environ['SENDGRID_API_KEY']"]);
}

#[test]
fn changes_in_a_submodule_are_no_less_refused() {
    let inner = repository(&[("a.py", "import os\nk = 'KEY1!'\n")]);
    let outer = repository(&[("readme", "x\n")]);
    outer.git(["submodule", "--quiet", "add", &inner.path().display().to_string(), "sub"]);
    outer.commit("a submodule");
    let changed = filled("import os\nmine = 1\nk = 'KEY1!'\n");
    outer.write("sub/a.py", &changed);
    let output = outer.unleak(["fix", "sub/a.py"]);
    assert_exit(&output, ERROR);
    assert!(said(&output).contains("changes that Git does not hold: sub/a.py"), "{}", said(&output));
    assert_eq!(read(&outer, "sub/a.py"), changed);
    outer.at(outer.path().join("sub")).git(["add", "a.py"]);
    assert_exit(&outer.unleak(["fix", "sub/a.py"]), CLEAN);
    assert_eq!(read(&outer, "sub/a.py"), "import os\nmine = 1\nk = os.environ['SENDGRID_API_KEY']\n");
}

#[test]
fn a_file_that_is_only_announced_to_git_is_mended() {
    let repository = repository(&[("readme", "x\n")]);
    repository.write("a.py", filled("import os\nk = 'KEY1!'\n"));
    repository.git(["add", "--intent-to-add", "a.py"]);
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    assert_eq!(read(&repository, "a.py"), "import os\nk = os.environ['SENDGRID_API_KEY']\n");
}

#[test]
fn line_ends_that_git_converts_are_no_changes() {
    let repository = Repository::new();
    repository.git(["config", "core.autocrlf", "true"]);
    repository.write("a.py", filled("import os\r\nk = 'KEY1!'\r\n"));
    repository.commit("begin");
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    assert_eq!(read(&repository, "a.py"), "import os\r\nk = os.environ['SENDGRID_API_KEY']\r\n");
}
