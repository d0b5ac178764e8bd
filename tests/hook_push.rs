//! The hooks of a push, on both sides, with the real `git push`: every ref of it, and only what is new.

mod support;

use std::process::Output;
use support::{Repository, sendgrid_key};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn source(number: u64) -> String {
    format!("client = SendGridAPIClient(\"{}\")\n", sendgrid_key(number))
}

/// A repository with one commit that its remote has, and the remote, which is bare.
fn pair_of(repository: Repository) -> (Repository, Repository) {
    let format = repository.git(["rev-parse", "--show-object-format"]);
    let remote = repository.beside("remote.git");
    let format = format!("--object-format={format}");
    repository.git(["init", "--quiet", "--bare", "--initial-branch=main", &format, &remote.to_string_lossy()]);
    repository.git(["remote", "add", "origin", &remote.to_string_lossy()]);
    repository.write("readme", "hello\n");
    repository.commit("begin");
    repository.git(["push", "--quiet", "origin", "main"]);
    let remote = repository.at(&remote);
    (repository, remote)
}

fn pair() -> (Repository, Repository) {
    pair_of(Repository::new())
}

#[track_caller]
fn install(repository: &Repository, hook: &str) {
    let output = repository.unleak(["hook", "install", "--files", hook]);
    assert!(output.status.success(), "{}", said(&output));
}

#[track_caller]
fn assert_refused(output: &Output, words: &str) {
    let text = said(output);
    assert!(!output.status.success(), "not refused: {text}");
    assert!(text.contains(words), "{words:?} is missing: {text}");
    assert!(text.contains("sendgrid-api-key"), "{text}");
}

#[track_caller]
fn assert_passes(output: &Output) {
    assert!(output.status.success(), "{}", said(output));
    assert!(!said(output).contains("unleak"), "a clean push is silent: {}", said(output));
}

#[test]
fn one_leaking_ref_of_several_stops_the_whole_push() {
    let (repository, remote) = pair();
    install(&repository, "pre-push");
    for (branch, text) in [("a", "x = 1\n".to_owned()), ("b", source(1)), ("c", "x = 3\n".to_owned())] {
        repository.git(["checkout", "--quiet", "-b", branch, "main"]);
        repository.write("mail.py", text);
        repository.commit(branch);
    }
    let leak = repository.git(["rev-parse", "--short=10", "b"]);
    let output = repository.try_git(["push", "origin", "a", "b", "c"]);
    assert_refused(&output, "push refused");
    assert!(said(&output).contains(&leak), "{}", said(&output));
    assert_eq!(remote.git(["for-each-ref", "--format=%(refname)"]), "refs/heads/main");
    assert_passes(&repository.try_git(["push", "--quiet", "origin", "a", "c"]));
}

#[test]
fn a_key_that_comes_and_goes_within_the_push_stops_it() {
    let (repository, _remote) = pair();
    install(&repository, "pre-push");
    repository.write("mail.py", source(1));
    repository.commit("come");
    repository.write("mail.py", "x = 1\n");
    repository.commit("go");
    assert_refused(&repository.try_git(["push", "origin", "main"]), "does not remove it");
}

#[test]
fn what_the_pushed_commits_allow_themselves_is_said() {
    let (repository, _remote) = pair();
    install(&repository, "pre-push");
    repository.write("mail.py", format!("# {} * mine\n{}", "unleak:allow", source(1)));
    repository.commit("allowed");
    let output = repository.try_git(["push", "origin", "main"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("1 credential in the changes is allowed"), "{}", said(&output));
}

#[test]
fn what_the_remote_has_is_not_reported_again_for_a_new_branch() {
    let (repository, _remote) = pair();
    repository.write("mail.py", source(1));
    repository.commit("once, unseen");
    repository.git(["push", "--quiet", "origin", "main"]);
    install(&repository, "pre-push");
    repository.git(["checkout", "--quiet", "-b", "topic"]);
    assert_passes(&repository.try_git(["push", "--quiet", "origin", "topic"]));
    repository.write("other.py", "x = 1\n");
    repository.commit("more");
    assert_passes(&repository.try_git(["push", "--quiet", "origin", "topic:refs/heads/other"]));
    assert_passes(&repository.try_git(["push", "--quiet", "origin", ":topic"]));
    // Another remote does not have it.
    let second = repository.beside("second.git");
    repository.git(["init", "--quiet", "--bare", &second.to_string_lossy()]);
    assert_refused(&repository.try_git(["push", &second.to_string_lossy(), "topic"]), "push refused");
}

#[test]
fn a_branch_without_common_history_and_a_tag_message_are_read() {
    let (repository, _remote) = pair();
    install(&repository, "pre-push");
    repository.git(["tag", "--annotate", "--message", &format!("use {}", sendgrid_key(1)), "v1"]);
    assert_refused(&repository.try_git(["push", "origin", "v1"]), "message of tag");
    repository.git(["tag", "--annotate", "--message", "fine", "v2"]);
    assert_passes(&repository.try_git(["push", "--quiet", "origin", "v2"]));
    repository.git(["checkout", "--quiet", "--orphan", "pages"]);
    repository.write("mail.py", source(1));
    repository.commit("apart");
    assert_refused(&repository.try_git(["push", "origin", "pages"]), "push refused");
    repository.write("mail.py", "x = 1\n");
    repository.git(["add", "--all"]);
    repository.git(["commit", "--quiet", "--amend", "--no-edit"]);
    assert_passes(&repository.try_git(["push", "--quiet", "origin", "pages"]));
}

#[test]
fn a_push_that_overwrites_is_judged_by_what_it_brings() {
    let (repository, _remote) = pair();
    install(&repository, "pre-push");
    repository.write("mail.py", "x = 1\n");
    repository.commit("one");
    repository.git(["push", "--quiet", "origin", "main"]);
    repository.write("mail.py", source(1));
    repository.git(["add", "--all"]);
    repository.git(["commit", "--quiet", "--amend", "--no-edit"]);
    assert_refused(&repository.try_git(["push", "--force", "origin", "main"]), "push refused");
}

#[test]
fn unleak_0_lets_one_push_pass_and_says_so() {
    let (repository, _remote) = pair();
    install(&repository, "pre-push");
    repository.write("mail.py", source(1));
    repository.commit("one");
    let output = repository.command("git").env("UNLEAK", "0").args(["push", "origin", "main"]).output();
    let output = output.expect("git can be started");
    assert!(output.status.success() && said(&output).contains("UNLEAK=0: pre-push was skipped"), "{}", said(&output));
}

#[test]
fn the_server_refuses_a_push_and_keeps_nothing_of_it() {
    for repository in [Repository::new(), Repository::sha256()] {
        let (repository, remote) = pair_of(repository);
        install(&remote, "pre-receive");
        repository.write("mail.py", source(1));
        let leak = repository.commit("one");
        repository.git(["branch", "second", "main~1"]);
        let output = repository.try_git(["push", "origin", "main", "second"]);
        assert_refused(&output, "remote: unleak: push refused by the server");
        assert_eq!(remote.git(["for-each-ref", "--format=%(refname)"]), "refs/heads/main");
        assert!(!remote.try_git(["cat-file", "-e", &leak]).status.success(), "it was kept");
        repository.write("mail.py", "x = 1\n");
        repository.git(["add", "--all"]);
        repository.git(["commit", "--quiet", "--amend", "--no-edit"]);
        assert_passes(&repository.try_git(["push", "--quiet", "origin", "main", "second"]));
        assert_passes(&repository.try_git(["push", "--quiet", "origin", ":second"]));
    }
}

#[test]
fn the_server_reads_only_what_is_new_there() {
    let (repository, remote) = pair();
    repository.write("mail.py", source(1));
    repository.commit("once, unseen");
    repository.git(["push", "--quiet", "origin", "main"]);
    install(&remote, "pre-receive");
    repository.write("other.py", "x = 1\n");
    repository.commit("more");
    assert_passes(&repository.try_git(["push", "--quiet", "origin", "main", "main:refs/heads/topic"]));
    assert_passes(&repository.try_git(["push", "--quiet", "origin", "main~1:refs/heads/old"]));
    // Large pushes come as a pack that is kept, small ones as loose objects; both are in quarantine.
    remote.git(["config", "receive.unpackLimit", "1"]);
    repository.write("third.py", source(3));
    repository.commit("leak");
    assert_refused(&repository.try_git(["push", "origin", "main"]), "third.py");
}

#[test]
fn who_pushes_has_no_say_in_how_the_server_judges() {
    let (repository, remote) = pair();
    install(&remote, "pre-receive");
    let lenient = "[[allow]]\npaths = [\"mail.py\"]\nreason = \"a test\"\n";
    repository.write("unleak.toml", lenient);
    repository.write("mail.py", source(1));
    repository.commit("one");
    let config = repository.path().join("unleak.toml");
    let mut command = repository.command("git");
    command.env("UNLEAK", "0").env("UNLEAK_CONFIG", &config).args(["push", "origin", "main"]);
    let output = command.output().expect("git can be started");
    assert_refused(&output, "UNLEAK=0 does not count");
    // Who runs the server has.
    let output = remote.unleak(["hook", "install", "--files", "--config", &config.to_string_lossy()]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(repository.try_git(["push", "origin", "main"]).status.success());
    repository.write("other.py", format!("# unleak:allow sendgrid-api-key a test\n{}", source(2)));
    repository.commit("two");
    let output = remote.unleak(["hook", "install", "--files", "--no-allow"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_refused(&repository.try_git(["push", "origin", "main"]), "other.py");
}

#[test]
fn what_is_no_push_is_an_error() {
    let (repository, _remote) = pair();
    let mut command = repository.command("sh");
    command.args(["-c", &format!("echo nonsense | '{}' hook run pre-push origin url", env!("CARGO_BIN_EXE_unleak"))]);
    assert_eq!(command.output().expect("there is a shell").status.code(), Some(2));
}
