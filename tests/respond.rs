//! `unleak respond`: every figure of the plan against git, and the rewritten history against a sweep.

#![allow(clippy::print_stdout, reason = "what was not checked is said")]

mod support;

use std::path::Path;
use std::process::Output;
use support::checkers::checker;
use support::{Repository, samples, sendgrid_key};

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A key in three commits, two branches, a tag and a stash; its first and last commit.
fn leaking() -> (Repository, [String; 3]) {
    let repository = Repository::new();
    let line = |number| format!("key = '{}'\n", sendgrid_key(number));
    repository.write("readme", "hello\n");
    repository.commit("begin");
    repository.write("a.py", line(1));
    let first = repository.commit("send mail");
    repository.git(["branch", "side"]);
    repository.git(["tag", "-m", "a release", "v1"]);
    repository.write("b/c.rb", line(1));
    let second = repository.commit("send more mail");
    std::fs::remove_file(repository.path().join("a.py")).expect("it is there");
    std::fs::remove_file(repository.path().join("b/c.rb")).expect("it is there");
    let third = repository.commit(&format!("no more {}", sendgrid_key(1)));
    repository.write("readme", line(1));
    repository.git(["stash"]);
    (repository, [first, second, third])
}

fn plan(repository: &Repository) -> serde_json::Value {
    let output = repository.unleak(["respond", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&stdout(&output)).expect("the plan is JSON")
}

fn texts(value: &serde_json::Value) -> Vec<&str> {
    value.as_array().expect("it is a list").iter().filter_map(serde_json::Value::as_str).collect()
}

#[test]
fn every_figure_of_the_plan_is_what_git_says() {
    let (repository, [first, second, third]) = leaking();
    let plan = plan(&repository);
    let incidents = plan["incidents"].as_array().expect("it is a list");
    assert_eq!(incidents.len(), 1, "one secret is one incident: {plan:#}");
    let incident = &incidents[0];
    assert_eq!(incident["key_id"], &sendgrid_key(1)[3..25]);
    let introduced: Vec<&str> =
        incident["introduced"].as_array().expect("a list").iter().filter_map(|m| m["commit"].as_str()).collect();
    assert_eq!(introduced[0], first);
    assert!(introduced.contains(&second.as_str()));
    let date = repository.git(["show", "-s", "--format=%aI", &first]).replace('Z', "+00:00");
    assert_eq!(incident["introduced"][0]["date"], date);
    let removed: Vec<&str> =
        incident["removed"].as_array().expect("a list").iter().filter_map(|m| m["commit"].as_str()).collect();
    assert!(removed.contains(&third.as_str()));
    assert_eq!(texts(&incident["authors"]), ["Ada <ada@example.org>"]);
    let mut refs = repository.git(["for-each-ref", "--contains", &first, "--format=%(refname)"]);
    refs.push('\n');
    let refs: Vec<&str> = refs.lines().collect();
    let told = texts(&incident["refs"]);
    assert_eq!(told, refs, "refs in order, no other");
    assert!(told.contains(&"refs/stash") && told.contains(&"refs/tags/v1") && told.contains(&"refs/heads/side"));
    // What git itself finds by searching every commit's changes for the key, and the messages.
    let key = sendgrid_key(1);
    let by_change =
        repository.git(["log", "--all", "--diff-merges=separate", "--no-patch", "--format=%H", &format!("-S{key}")]);
    let by_message = repository.git(["log", "--all", "--format=%H", "--fixed-strings", &format!("--grep={key}")]);
    let mut expected: Vec<&str> = by_change.lines().chain(by_message.lines()).collect();
    let mut named: Vec<&str> = introduced.iter().chain(&removed).copied().collect();
    for list in [&mut expected, &mut named] {
        list.sort_unstable();
        list.dedup();
    }
    assert_eq!(named, expected, "every commit that brought or took the key, and no other");
    let in_files = repository.try_git(["grep", "--quiet", &key, "HEAD"]).status.success();
    let in_message = repository.git(["show", "--no-patch", "--format=%B", "HEAD"]).contains(&key);
    assert_eq!(incident["in_head"], in_files || in_message);
}

#[test]
fn the_plan_for_people_has_the_steps_and_no_secret() {
    let (repository, [first, ..]) = leaking();
    let output = repository.unleak(["respond"]);
    let page = stdout(&output);
    for words in
        [&first[..10], "In this order", "git filter-repo", "do not reach", "refs/tags/v1", &sendgrid_key(1)[3..25]]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains(&sendgrid_key(1)[26..]), "{page}");
}

#[test]
fn the_secrets_are_written_outside_the_repository_only_and_for_their_owner() {
    let (repository, _) = leaking();
    let inside = repository.unleak(["respond", "--replacements", "replacements.txt"]);
    assert_eq!(inside.status.code(), Some(2));
    assert!(!repository.path().join("replacements.txt").exists());
    let outside = repository.unleak(["respond", "--replacements", "../replacements.txt"]);
    assert_eq!(outside.status.code(), Some(1), "{}", String::from_utf8_lossy(&outside.stderr));
    let path = repository.beside("replacements.txt");
    let text = std::fs::read_to_string(&path).expect("it is there");
    assert_eq!(text, format!("literal:{}==>[removed:sendgrid-api-key]\n", sendgrid_key(1)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_history_rewritten_with_the_file_holds_nothing_any_more() {
    let (repository, _) = leaking();
    let Some(filter_repo) = checker("venv/bin/git-filter-repo") else { return };
    rewritten(&repository, &filter_repo);
    assert!(
        repository
            .git(["-C", "../fresh.git", "log", "--all", "--format=%s"])
            .contains("no more [removed:sendgrid-api-key]")
    );
}

#[test]
fn secrets_of_other_kinds_and_spellings_go_from_history_too() {
    let Some(filter_repo) = checker("venv/bin/git-filter-repo") else { return };
    let repository = Repository::new();
    let token =
        samples::Random::new("token", 1).characters("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", 30);
    let sum = samples::fill("github", 0, 1, "«ghp_%{crc32-base62:30}»");
    let password = format!("postgres://app:{}@db.example.com/app", &token[..18]);
    let encoded = data_encoding::BASE64.encode(sendgrid_key(2).as_bytes());
    repository.write("a.py", [b"t = '", &sum.text[..], b"'\n"].concat());
    repository.write("b.env", format!("DATABASE_URL={password}\n"));
    repository.commit("begin");
    repository.write("c.yaml", format!("apiVersion: v1\nkind: Secret\ndata:\n  key: {encoded}\n"));
    repository.commit("deploy");
    repository.git(["rm", "--quiet", "a.py"]);
    repository.commit("drop");
    let output = repository.unleak(["respond", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the plan is JSON");
    assert!(plan["incidents"].as_array().is_some_and(|incidents| incidents.len() >= 3), "{plan:#}");
    rewritten(&repository, &filter_repo);
}

/// Rewrites a mirror with the file of the plan; a sweep of it finds nothing.
fn rewritten(repository: &Repository, filter_repo: &Path) {
    repository.unleak(["respond", "--replacements", "../replacements.txt"]);
    // A mirror, as the plan says; a stash is no branch, so it does not go along.
    repository.git(["clone", "--quiet", "--mirror", "--no-local", ".", "../fresh.git"]);
    let file = repository.beside("replacements.txt").display().to_string();
    let fresh = repository.beside("fresh.git").display().to_string();
    let mut command = repository.command(filter_repo);
    command.args(["--force", "--quiet", "--replace-text", &file, "--replace-message", &file]).current_dir(&fresh);
    let output = command.output().expect("it can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let swept = repository.unleak(["history", &fresh]);
    assert_eq!(swept.status.code(), Some(0), "{}", stdout(&swept));
}

#[test]
fn a_history_without_a_secret_needs_no_plan_and_an_unknown_fingerprint_is_an_error() {
    let repository = Repository::new();
    repository.write("readme", "hello\n");
    repository.commit("begin");
    assert_eq!(repository.unleak(["respond"]).status.code(), Some(0));
    assert_eq!(repository.unleak(["respond", "v2-0000"]).status.code(), Some(2));
}
