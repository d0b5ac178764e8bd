//! Hooks put into real repositories and taken out again: politely, and with nothing else changed.

#![cfg(unix)]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;
use support::{Repository, sendgrid_key};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn source(number: u64) -> String {
    format!("client = SendGridAPIClient(\"{}\")\n", sendgrid_key(number))
}

fn begun() -> Repository {
    let repository = Repository::new();
    repository.write("readme", "hello\n");
    repository.commit("begin");
    repository
}

#[track_caller]
fn hook(repository: &Repository, arguments: &[&str]) -> String {
    let output = repository.unleak([&["hook"], arguments].concat());
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

#[track_caller]
fn assert_hook_fails(repository: &Repository, arguments: &[&str], status: i32) -> String {
    let output = repository.unleak([&["hook"], arguments].concat());
    assert_eq!(output.status.code(), Some(status), "{}", said(&output));
    said(&output)
}

fn commit(repository: &Repository) -> Output {
    repository.git(["add", "--all"]);
    repository.try_git(["commit", "--message", "next"])
}

/// A commit with a key is refused, and the same without it passes.
#[track_caller]
fn assert_guarded(repository: &Repository) {
    repository.write("mail.py", source(7));
    let output = commit(repository);
    assert!(!output.status.success(), "not refused: {}", said(&output));
    assert!(said(&output).contains("unleak: commit refused: 1 finding"), "{}", said(&output));
    repository.write("mail.py", format!("x = {}\n", repository.git(["rev-parse", "HEAD"]).len()));
    repository.write("fresh", repository.git(["rev-parse", "HEAD"]));
    let output = commit(repository);
    assert!(output.status.success(), "{}", said(&output));
}

fn write_script(path: &Path, text: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().expect("it stands in a folder")).expect("the folder can be made");
    std::fs::write(path, text).expect("the script can be written");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o751)).expect("the script is ours");
}

#[test]
fn a_fresh_repository_is_guarded_shown_and_left_as_it_was() {
    let repository = begun();
    assert!(assert_hook_fails(&repository, &["status"], 1).contains("pre-push: not installed"));
    let before = files(&repository.path().join(".git/hooks"));
    hook(&repository, &["install", "--files"]);
    hook(&repository, &["install", "--files"]);
    assert!(hook(&repository, &["status"]).contains("pre-push: installed at"));
    assert_guarded(&repository);
    hook(&repository, &["uninstall"]);
    assert_eq!(files(&repository.path().join(".git/hooks")), before);
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>, u32)> {
    // Without templates, Git makes no folder of hooks.
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .map(|entry| {
            let entry = entry.expect("the folder can be read");
            let mode = entry.metadata().expect("it is there").permissions().mode();
            let bytes = std::fs::read(entry.path()).unwrap_or_default();
            (entry.file_name().to_string_lossy().into_owned(), bytes, mode)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn a_hook_that_was_there_runs_first_and_comes_back_byte_for_byte() {
    let repository = begun();
    let hooks = repository.path().join(".git/hooks");
    let mark = repository.beside("old-hook-ran");
    write_script(&hooks.join("pre-commit"), format!("#!/bin/sh\n# \u{fc}\necho \"$0\" > '{}'", mark.display()));
    write_script(&hooks.join("target"), "#!/bin/sh\nexit 0\n");
    std::os::unix::fs::symlink("target", hooks.join("commit-msg")).expect("a link can be made");
    let before = files(&hooks);
    assert!(hook(&repository, &["install", "--files"]).contains("runs first"));
    hook(&repository, &["install", "--files"]);
    assert_guarded(&repository);
    assert!(mark.exists());
    hook(&repository, &["uninstall"]);
    assert_eq!(files(&hooks), before);
    assert!(hooks.join("commit-msg").is_symlink());
}

#[test]
fn a_hook_that_was_there_still_refuses() {
    let repository = begun();
    write_script(&repository.path().join(".git/hooks/pre-commit"), "#!/bin/sh\necho 'no commits today' >&2\nexit 3\n");
    hook(&repository, &["install", "--files"]);
    repository.write("new", "x\n");
    let output = commit(&repository);
    assert!(!output.status.success() && said(&output).contains("no commits today"), "{}", said(&output));
}

#[test]
fn a_push_is_told_to_the_hook_that_was_there_too() {
    let repository = begun();
    let remote = repository.beside("remote.git");
    repository.git(["init", "--quiet", "--bare", &remote.to_string_lossy()]);
    repository.git(["remote", "add", "origin", &remote.to_string_lossy()]);
    let seen = repository.beside("seen");
    write_script(
        &repository.path().join(".git/hooks/pre-push"),
        format!("#!/bin/sh\n{{ echo \"$1\"; cat; }} > '{}'\n", seen.display()),
    );
    hook(&repository, &["install", "--files"]);
    repository.write("mail.py", source(7));
    repository.commit("unseen");
    let output = repository.try_git(["push", "origin", "main"]);
    assert!(!output.status.success() && said(&output).contains("push refused"), "{}", said(&output));
    let seen = std::fs::read_to_string(seen).expect("the old hook ran");
    assert!(seen.starts_with("origin\nrefs/heads/main ") && seen.ends_with('\n'), "{seen}");
}

#[test]
fn what_was_set_aside_is_not_overwritten_without_force() {
    let repository = begun();
    let hooks = repository.path().join(".git/hooks");
    write_script(&hooks.join("pre-commit"), "#!/bin/sh\n# one\n");
    hook(&repository, &["install", "--files", "pre-commit"]);
    // As lefthook and others do, which put their own in its place.
    write_script(&hooks.join("pre-commit"), "#!/bin/sh\n# two\n");
    let before = files(&hooks);
    assert!(assert_hook_fails(&repository, &["install", "--files", "pre-commit"], 2).contains("--force"));
    assert_eq!(files(&hooks), before);
    assert!(hook(&repository, &["uninstall", "pre-commit"]).contains("was not installed"));
    assert_eq!(files(&hooks), before);
    hook(&repository, &["install", "--files", "--force", "pre-commit"]);
    hook(&repository, &["uninstall", "pre-commit"]);
    assert_eq!(std::fs::read(hooks.join("pre-commit")).expect("it is back"), b"#!/bin/sh\n# two\n");
}

#[test]
fn linked_worktrees_share_the_hooks() {
    let repository = begun();
    let path = repository.beside("linked tree");
    repository.git(["worktree", "add", "--quiet", "-b", "linked", &path.to_string_lossy()]);
    let linked = repository.at(&path);
    hook(&linked, &["install", "--files"]);
    assert!(repository.path().join(".git/hooks/pre-commit").exists());
    assert_guarded(&linked);
    assert_guarded(&repository);
}

#[test]
fn a_submodule_has_hooks_of_its_own() {
    let repository = begun();
    let other = repository.beside("other");
    repository.git(["clone", "--quiet", ".", &other.to_string_lossy()]);
    repository.git(["submodule", "--quiet", "add", &other.to_string_lossy(), "sub"]);
    repository.commit("a submodule");
    let submodule = repository.at("sub");
    hook(&submodule, &["install", "--files"]);
    assert!(repository.path().join(".git/modules/sub/hooks/pre-commit").exists());
    assert!(!repository.path().join(".git/hooks/pre-commit").exists());
    assert_guarded(&submodule);
}

#[test]
fn spaces_and_quotes_in_paths_do_no_harm() {
    let outer = Repository::new();
    let folder = outer.beside("it's a \"folder\" of $mine");
    outer.git(["init", "--quiet", "--initial-branch=main", &folder.to_string_lossy()]);
    let repository = outer.at(&folder);
    repository.write("readme", "hello\n");
    repository.commit("begin");
    let program = outer.beside("it's a program").join("un leak");
    std::fs::create_dir(program.parent().expect("it stands in a folder")).expect("the folder can be made");
    std::fs::copy(env!("CARGO_BIN_EXE_unleak"), &program).expect("the program can be copied");
    let output = repository.command(&program).args(["hook", "install", "--files"]).output();
    assert!(output.expect("the copy can be started").status.success());
    assert_guarded(&repository);
    std::fs::remove_file(program).expect("the copy is ours");
    repository.write("new", "x\n");
    let output = commit(&repository);
    assert!(!output.status.success() && said(&output).contains("the program is gone"), "{}", said(&output));
}

#[test]
fn a_path_of_hooks_that_someone_set_is_left_alone_unless_asked() {
    let repository = begun();
    repository.git(["config", "core.hooksPath", ".githooks"]);
    let text = assert_hook_fails(&repository, &["install", "--files"], 2);
    assert!(text.contains("core.hooksPath=.githooks") && text.contains("unleak hook run pre-commit \"$@\""), "{text}");
    assert!(!repository.path().join(".githooks").exists());
    std::fs::create_dir(repository.path().join("below")).expect("the folder is new");
    let mut below = repository.command(env!("CARGO_BIN_EXE_unleak"));
    below.current_dir(repository.path().join("below")).args(["hook", "install", "--files", "--write"]);
    assert!(below.output().expect("the program can be started").status.success());
    assert_guarded(&repository);
}

#[test]
fn managers_are_told_what_to_add_or_it_is_added() {
    let pre_commit = "# ours\nrepos:\n- repo: https://example.org/x\n  rev: v1\n  hooks:\n  - id: x\n";
    let cases = [
        ("lefthook.yml", "output: false\n", "now run: lefthook install"),
        (".pre-commit-config.yaml", pre_commit, "now run: pre-commit install -t pre-commit -t pre-merge-commit"),
        ("prek.toml", "default_stages = [\"pre-commit\"]\n", "now run: prek install"),
    ];
    for (file, text, next) in cases {
        let repository = begun();
        repository.write(file, text);
        let printed = assert_hook_fails(&repository, &["install", "--files"], 2);
        assert!(printed.contains("unleak hook run pre-push"), "{printed}");
        assert_eq!(std::fs::read_to_string(repository.path().join(file)).expect("it is there"), text);
        assert!(hook(&repository, &["install", "--files", "--write"]).contains(next));
        let written = std::fs::read_to_string(repository.path().join(file)).expect("it is there");
        assert!(written.starts_with(text) && written.contains("unleak hook run commit-msg"), "{written}");
        assert!(hook(&repository, &["install", "--files", "--write"]).contains("has it already"));
        assert!(hook(&repository, &["status"]).contains("called by"));
        assert!(!repository.path().join(".git/hooks/pre-commit").exists());
    }
    let repository = begun();
    repository.write("lefthook.yml", "pre-commit:\n  commands: {}\n");
    assert!(assert_hook_fails(&repository, &["install", "--files", "--write"], 2).contains("Add this yourself"));
}

#[test]
fn huskys_files_get_one_line_and_lose_it_again() {
    let repository = begun();
    repository.git(["config", "core.hooksPath", ".husky/_"]);
    repository.write(".husky/pre-commit", "npm test");
    assert!(assert_hook_fails(&repository, &["install", "--files"], 2).contains("husky"));
    hook(&repository, &["install", "--files", "--write", "pre-commit", "pre-push"]);
    let read = |name: &str| std::fs::read_to_string(repository.path().join(".husky").join(name));
    assert_eq!(read("pre-commit").expect("it is there"), "npm test\nunleak hook run pre-commit \"$@\"\n");
    assert_eq!(read("pre-push").expect("it is there"), "unleak hook run pre-push \"$@\"\n");
    hook(&repository, &["uninstall"]);
    assert_eq!(read("pre-commit").expect("it is there"), "npm test\n");
    assert!(read("pre-push").is_err());
}

#[test]
fn all_repositories_of_a_user_are_guarded_and_keep_their_own_hooks() {
    let repository = begun();
    let mark = repository.beside("own-hook-ran");
    for name in ["pre-commit", "post-commit"] {
        let path = repository.path().join(".git/hooks").join(name);
        write_script(&path, format!("#!/bin/sh\necho {name} >> '{}'\n", mark.display()));
    }
    assert_hook_fails(&repository, &["status", "--global"], 1);
    hook(&repository, &["install", "--global", "--files"]);
    hook(&repository, &["status", "--global"]);
    assert!(hook(&repository, &["install", "--files"]).contains("home/config/unleak/hooks/pre-commit"));
    assert_guarded(&repository);
    let ran = std::fs::read_to_string(&mark).expect("they ran");
    assert_eq!(ran, "pre-commit\npre-commit\npost-commit\n");
    hook(&repository, &["uninstall", "--global", "pre-push"]);
    assert_guarded(&repository);
    hook(&repository, &["uninstall", "--global"]);
    assert!(repository.try_git(["config", "--global", "core.hooksPath"]).stdout.is_empty());
    assert!(!repository.beside("home/config/unleak/hooks").exists());
}

#[test]
fn a_git_that_takes_hooks_from_its_settings_gets_them_there() {
    let repository = begun();
    hook(&repository, &["install", "--files"]);
    let git = repository.command("sh").args(["-c", "command -v git"]).output().expect("there is a shell").stdout;
    let git = String::from_utf8_lossy(&git).trim().to_owned();
    let shim = repository.beside("shim");
    let text = format!("#!/bin/sh\n[ \"$1\" = version ] && echo git version 2.54.0 || exec {git} \"$@\"\n");
    write_script(&shim.join("git"), text);
    let run = |arguments: &[&str]| {
        let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
        let path = format!("{}:{}", shim.display(), std::env::var("PATH").expect("it is set"));
        let output = command.env("PATH", path).arg("hook").args(arguments).output().expect("it can be started");
        assert!(output.status.success(), "{}", said(&output));
        said(&output)
    };
    run(&["install"]);
    assert!(!repository.path().join(".git/hooks/pre-commit").exists(), "it would run twice");
    assert_eq!(repository.git(["config", "hook.unleak-pre-push.event"]), "pre-push");
    assert!(repository.git(["config", "hook.unleak-pre-push.command"]).ends_with("' hook run pre-push"));
    assert!(run(&["status"]).contains("pre-push: installed in Git's settings"));
    run(&["uninstall"]);
    assert!(repository.try_git(["config", "--get-regexp", "^hook"]).stdout.is_empty());
}

#[test]
fn a_bare_repository_gets_the_hook_that_receives() {
    let repository = Repository::with_init(&["--bare"]);
    assert!(hook(&repository, &["install", "--files"]).contains("pre-receive: installed"));
    assert!(!repository.path().join("hooks/pre-commit").exists());
    hook(&repository, &["status"]);
}

#[test]
fn unleak_0_skips_one_commit_and_says_so() {
    let repository = begun();
    hook(&repository, &["install", "--files"]);
    repository.write("mail.py", source(7));
    repository.git(["add", "--all"]);
    let output = repository.command("git").env("UNLEAK", "0").args(["commit", "--message", "next"]).output();
    let output = output.expect("git can be started");
    assert!(output.status.success() && said(&output).contains("UNLEAK=0: pre-commit was skipped"), "{}", said(&output));
    repository.write("more.py", source(8));
    assert!(!commit(&repository).status.success());
}

#[test]
fn a_refusal_of_many_findings_is_short_too() {
    let repository = begun();
    hook(&repository, &["install", "--files"]);
    for number in 0..30 {
        repository.write(format!("mail{number}.py"), format!("x = 1\n{}y = 2\n", source(number)));
    }
    let text = said(&commit(&repository));
    assert!(text.lines().count() < 20, "{text}");
    assert!(text.contains("to mend it: unleak fix --staged"), "{text}");
    assert!(text.contains("and 26 more") && text.contains("next: revoke") && text.contains("unleak:allow"), "{text}");
    assert!(text.contains("UNLEAK=0 git commit") && text.contains("30 findings"), "{text}");
    assert!((0..30).all(|number| !text.contains(&sendgrid_key(number)[26..])), "a secret was printed");
}

#[test]
fn an_amended_commit_is_judged_by_what_it_adds_and_its_message() {
    let repository = begun();
    hook(&repository, &["install", "--files"]);
    let amend = |message: &str| repository.try_git(["commit", "--amend", "--message", message]);
    assert!(amend("better").status.success());
    assert!(!amend(&format!("use {}", sendgrid_key(7))).status.success());
    repository.write("mail.py", source(7));
    repository.git(["add", "--all"]);
    assert!(!amend("with a key").status.success());
}

#[test]
fn a_merge_is_judged_by_what_neither_side_has() {
    for conflicts in [false, true] {
        let repository = begun();
        repository.git(["checkout", "--quiet", "-b", "side"]);
        repository.write("old.py", source(1));
        repository.write("readme", if conflicts { "hello side\n" } else { "hello\n" });
        repository.commit("a key of theirs");
        repository.git(["checkout", "--quiet", "main"]);
        repository.write(if conflicts { "readme" } else { "other" }, "hello main\n");
        repository.commit("main goes on");
        hook(&repository, &["install", "--files"]);
        let merge = repository.try_git(["merge", "--message", "merge", "side"]);
        assert_eq!(merge.status.success(), !conflicts, "{}", said(&merge));
        if conflicts {
            repository.write("readme", format!("hello both\n{}", source(2)));
            let output = commit(&repository);
            assert!(!output.status.success() && said(&output).contains("1 finding"), "{}", said(&output));
            repository.write("readme", "hello both\n");
            assert!(commit(&repository).status.success());
        }
    }
}

#[test]
fn rebase_and_cherry_pick_run_no_hook_and_the_push_is_read() {
    let repository = begun();
    let remote = repository.beside("remote.git");
    repository.git(["init", "--quiet", "--bare", &remote.to_string_lossy()]);
    repository.git(["remote", "add", "origin", &remote.to_string_lossy()]);
    repository.git(["push", "--quiet", "origin", "main"]);
    repository.git(["checkout", "--quiet", "-b", "side"]);
    repository.write("mail.py", source(1));
    repository.commit("a key");
    repository.git(["checkout", "--quiet", "-b", "next", "main"]);
    repository.write("other", "x\n");
    repository.commit("goes on");
    hook(&repository, &["install", "--files"]);
    repository.git(["cherry-pick", "side"]);
    repository.git(["rebase", "--quiet", "next~1", "side"]);
    for branch in ["next", "side"] {
        let output = repository.try_git(["push", "origin", branch]);
        assert!(!output.status.success() && said(&output).contains("push refused"), "{}", said(&output));
    }
}
