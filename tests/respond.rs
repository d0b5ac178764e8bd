//! `unleak respond`: every figure of the plan against git, and the rewritten history against a sweep.

mod support;

use std::process::Output;
use support::{Repository, sendgrid_key};

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
    assert!(refs.iter().all(|name| told.contains(name)), "{told:?} {refs:?}");
    assert_eq!(incident["pushed"], false);
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
    let has_filter_repo = repository.try_git(["filter-repo", "--version"]).status.success();
    if !has_filter_repo {
        return;
    }
    repository.unleak(["respond", "--replacements", "../replacements.txt"]);
    // A mirror, as the plan says; a stash is no branch, so it does not go along.
    repository.git(["clone", "--quiet", "--mirror", "--no-local", ".", "../fresh.git"]);
    let file = repository.beside("replacements.txt").display().to_string();
    let fresh = repository.beside("fresh.git").display().to_string();
    repository.git([
        "-C",
        &fresh,
        "filter-repo",
        "--force",
        "--quiet",
        "--replace-text",
        &file,
        "--replace-message",
        &file,
    ]);
    let swept = repository.unleak(["history", &fresh]);
    assert_eq!(swept.status.code(), Some(0), "{}", stdout(&swept));
    assert!(
        repository.git(["-C", &fresh, "log", "--all", "--format=%s"]).contains("no more [removed:sendgrid-api-key]")
    );
}

#[test]
fn a_history_without_a_secret_needs_no_plan_and_an_unknown_fingerprint_is_an_error() {
    let repository = Repository::new();
    repository.write("readme", "hello\n");
    repository.commit("begin");
    assert_eq!(repository.unleak(["respond"]).status.code(), Some(0));
    assert_eq!(repository.unleak(["respond", "v1-0000"]).status.code(), Some(2));
}
