//! Repositories that Git itself would not make, or makes seldom: what they hide is read or said.

mod support;

use support::sources::{left_out, places, range, staged};
use support::{Repository, sendgrid_key};

fn leak(number: u64) -> String {
    format!("key = \"{}\"\n", sendgrid_key(number))
}

/// A repository whose tree has an entry with a submodule's mode that names this object.
fn with_gitlink(repository: &Repository, id: &str) {
    repository.git(["update-index", "--add", "--cacheinfo", &format!("160000,{id},vendor/module")]);
    repository.commit_index("link");
}

#[test]
fn a_file_under_a_submodules_mode_is_read() {
    let repository = Repository::new();
    repository.write("a", "plain\n");
    repository.commit("one");
    repository.write("../blob", leak(1));
    let blob = repository.git(["hash-object", "-w", "../blob"]);
    repository.git(["update-index", "--add", "--cacheinfo", &format!("160000,{blob},vendor/module")]);
    assert_eq!(places(&staged(&repository)), ["vendor/module:1"]);
    repository.commit_index("link");
    assert_eq!(places(&range(&repository, "HEAD")), ["vendor/module:1"]);
}

#[test]
fn a_folder_under_a_submodules_mode_makes_a_range_partial_and_a_real_submodule_does_not() {
    let repository = Repository::new();
    repository.write("inner/key.py", leak(1));
    repository.git(["add", "--all"]);
    let tree = repository.git(["write-tree"]);
    repository.git(["rm", "--quiet", "--cached", "-r", "inner"]);
    repository.write("a", "plain\n");
    repository.git(["add", "a"]);
    let commit = repository.commit_index("one");
    with_gitlink(&repository, &tree);
    let report = range(&repository, "HEAD");
    assert!(left_out(&report).1.iter().any(|missing| missing.contains("submodule")), "{:?}", report.coverage);
    assert_eq!(repository.unleak(["range", "HEAD"]).status.code(), Some(2));
    with_gitlink(&repository, &commit);
    assert!(range(&repository, "HEAD").coverage.is_complete(), "a commit is what belongs there");
}

#[test]
fn reftables_are_named_with_the_mend_and_no_hook_is_installed_that_refuses_everything() {
    let repository = Repository::new();
    repository.write("a", "plain\n");
    repository.commit("one");
    // As `git init --ref-format=reftable` has it, which older versions of Git don't know.
    repository.write(".git/reftable/tables.list", "");
    for arguments in [vec!["range", "HEAD"], vec!["history"], vec!["staged"], vec!["hook", "install"]] {
        let output = repository.unleak(arguments.clone());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains("git refs migrate --ref-format=files"), "{arguments:?}: {said}");
    }
    assert!(!repository.path().join(".git/hooks/pre-commit").exists());
    std::fs::remove_dir_all(repository.path().join(".git/reftable")).expect("it is there");
    assert_eq!(repository.unleak(["hook", "install"]).status.code(), Some(0));
}

#[test]
fn refs_that_a_linked_worktree_has_for_itself_are_named_as_such() {
    let repository = Repository::new();
    repository.write("a", "plain\n");
    repository.commit("one");
    repository.git(["worktree", "add", "--quiet", "--detach", "../linked"]);
    repository.write("key.py", leak(1));
    let id = repository.commit("leak");
    repository.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    repository.git(["reflog", "expire", "--expire=now", "--all"]);
    repository.git(["-C", "../linked", "update-ref", "refs/worktree/mine", &id]);
    repository.git(["-C", "../linked", "update-ref", "refs/bisect/bad", &id]);
    let output = repository.unleak(["history", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let refs = report["findings"][0]["lifecycle"]["refs"].to_string();
    for name in ["worktrees/linked/refs/worktree/mine", "worktrees/linked/refs/bisect/bad"] {
        assert!(refs.contains(name), "{refs}");
    }
}
