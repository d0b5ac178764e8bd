//! Where the index is: other folders, worktrees, variables, and repositories that lack or damaged something.

use super::*;

/// The environment in which Git runs the pre-commit hook when it is called so.
fn surroundings_of_hook(repository: &Repository, commit: &[&str]) -> (Surroundings, Vec<String>) {
    let hooks = repository.path().join(".git/hooks");
    std::fs::create_dir_all(&hooks).expect("the folder can be made");
    let kept = repository.beside("kept-index");
    // The hook keeps the index that it was given, for it is gone afterwards, and refuses.
    let script = format!(
        "#!/bin/sh\npwd\nenv | grep '^GIT_' \ncp \"${{GIT_INDEX_FILE:-.git/index}}\" '{}'\nexit 1\n",
        kept.display()
    );
    let hook = hooks.join("pre-commit");
    std::fs::write(&hook, script).expect("the hook can be written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).expect("the hook is ours");
    }
    let output = repository.try_git(commit);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let variables: Vec<(&str, &str)> = told.lines().filter_map(|line| line.split_once('=')).collect();
    let cwd = told.lines().next().expect("the hook ran").into();
    let surroundings = Surroundings::new(cwd, |name| {
        let value = variables.iter().find(|(known, _)| *known == name)?.1;
        Some(if name == "GIT_INDEX_FILE" { kept.clone().into_os_string() } else { value.into() })
    });
    (surroundings, variables.iter().map(|(name, _)| (*name).to_owned()).collect())
}

#[cfg(unix)]
#[test]
fn a_commit_of_all_or_of_one_path_is_read_from_the_index_made_for_it() {
    let repository = repository();
    repository.write("a.txt", leak(1));
    repository.write("sub/b.txt", leak(2));
    for (commit, expected) in [
        (&["commit", "--all", "--message", "all"][..], &["a.txt:1", "sub/b.txt:1"][..]),
        (&["commit", "--message", "one", "--", "sub/b.txt"], &["sub/b.txt:1"]),
    ] {
        assert!(staged(&repository).findings.is_empty());
        let (surroundings, names) = surroundings_of_hook(&repository, commit);
        assert!(names.iter().any(|name| name == "GIT_INDEX_FILE"), "{names:?}");
        assert_eq!(places(&report(&surroundings, Selection::Staged)), expected);
    }
}

#[test]
fn a_relative_index_file_counts_from_the_top_of_the_work_tree() {
    let repository = repository();
    std::fs::copy(repository.path().join(".git/index"), repository.path().join("other-index")).expect("it is there");
    let blob = {
        repository.write("leak", leak(1));
        repository.git(["hash-object", "-w", "leak"])
    };
    let command = repository
        .command("git")
        .env("GIT_INDEX_FILE", "other-index")
        .args(["update-index", "--add", "--cacheinfo", &format!("100644,{blob},sub/leak")])
        .status();
    assert!(command.expect("git runs").success());
    let surroundings = Surroundings { index_file: Some("other-index".into()), ..within(repository.path().join("sub")) };
    assert_eq!(places(&report(&surroundings, Selection::Staged)), ["sub/leak:1"]);
    assert!(staged(&repository).findings.is_empty());
}

#[test]
fn the_whole_repository_is_scanned_from_any_folder() {
    let repository = repository();
    repository.write("a.txt", leak(1));
    repository.git(["add", "--all"]);
    let report = report(&within(repository.path().join("sub/deep")), Selection::Staged);
    assert_eq!((places(&report), &report.scan.to_root[..]), (vec!["a.txt:1".to_owned()], "../../"));
}

#[test]
fn folders_outside_a_sparse_checkout_count_as_they_are() {
    let repository = repository();
    repository.write("other/d.txt", leak(1));
    repository.commit("leak");
    repository.git(["sparse-checkout", "set", "--cone", "--sparse-index", "sub"]);
    assert!(!repository.path().join("other").exists());
    assert_eq!(staged(&repository).coverage.documents, 0);
    repository.write("sub/b.txt", leak(2));
    repository.git(["add", "sub"]);
    assert!(repository.git(["ls-files", "--sparse"]).contains("other/\n"));
    assert_eq!(places(&staged(&repository)), ["sub/b.txt:1"]);
    // A folder of the sparse index that HEAD has otherwise.
    repository.git(["reset", "--quiet", "--soft", "HEAD~1"]);
    assert_eq!(places(&staged(&repository)), ["other/d.txt:1", "sub/b.txt:1"]);
}

#[test]
fn a_split_index_is_read_as_a_whole() {
    let repository = repository();
    repository.git(["update-index", "--index-version", "4", "--split-index"]);
    repository.write("a.txt", leak(1));
    repository.git(["add", "a.txt"]);
    repository.git(["rm", "--quiet", "sub/b.txt"]);
    assert_eq!(places(&staged(&repository)), ["a.txt:1"]);
    assert_eq!(staged(&repository).coverage.blobs, 1);
}

#[test]
fn a_damaged_index_is_an_error_with_its_mend() {
    let repository = repository();
    std::fs::write(repository.path().join(".git/index"), "DIRC nonsense").expect("it is ours");
    let error = refused(&within(repository.path()), Selection::Staged);
    assert!(matches!(error, Error::Index { .. }) && error.to_string().contains("git read-tree HEAD"), "{error}");
    repository.git(["read-tree", "HEAD"]);
    assert!(staged(&repository).findings.is_empty());
}

#[test]
fn a_split_index_without_its_shared_part_is_an_error_with_a_mend_that_works() {
    let repository = repository();
    repository.git(["update-index", "--split-index"]);
    for entry in std::fs::read_dir(repository.path().join(".git")).expect("it is there") {
        let path = entry.expect("it can be listed").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("sharedindex.")) {
            std::fs::remove_file(path).expect("it is ours");
        }
    }
    let error = refused(&within(repository.path()), Selection::Staged);
    assert!(matches!(error, Error::Index { .. }), "{error}");
    repository.git(["read-tree", "HEAD"]);
    assert!(staged(&repository).findings.is_empty());
}

#[test]
fn a_linked_worktree_has_its_own_index() {
    let repository = repository();
    repository.git(["worktree", "add", "--quiet", "../linked"]);
    let linked = repository.at("../linked");
    linked.write("a.txt", leak(1));
    linked.git(["add", "--all"]);
    assert_eq!(places(&staged(&linked)), ["a.txt:1"]);
    assert!(staged(&repository).findings.is_empty());
    let git_dir = linked.git(["rev-parse", "--absolute-git-dir"]);
    let by_variables = Surroundings { git_dir: Some(git_dir.into()), ..within(linked.path()) };
    assert_eq!(places(&report(&by_variables, Selection::Staged)), ["a.txt:1"]);
}

#[test]
fn a_worktree_may_belong_to_a_bare_repository() {
    let repository = repository();
    repository.git(["clone", "--quiet", "--bare", ".", "../bare"]);
    let bare = repository.at("../bare");
    bare.git(["worktree", "add", "--quiet", "../linked", "main"]);
    let linked = repository.at("../linked");
    linked.write("a.txt", leak(1));
    linked.git(["add", "--all"]);
    assert_eq!(places(&staged(&linked)), ["a.txt:1"]);
    let git_dir = linked.git(["rev-parse", "--absolute-git-dir"]);
    let by_variables = Surroundings { git_dir: Some(git_dir.into()), ..within(linked.path()) };
    assert_eq!(places(&report(&by_variables, Selection::Staged)), ["a.txt:1"]);
}

#[test]
fn a_work_tree_named_in_the_settings_is_the_one_that_counts() {
    let repository = repository();
    repository.git(["config", "core.worktree", "../sub"]);
    let report = report(&within(repository.path()), Selection::Staged);
    assert_eq!(report.scan.root.as_deref(), Some(&*repository.path().join("sub")));
}

#[test]
fn a_git_folder_and_work_tree_elsewhere_are_honoured() {
    let repository = repository();
    repository.write("sub/b.txt", leak(1));
    repository.git(["add", "--all"]);
    let elsewhere = repository.beside("home");
    let surroundings = Surroundings {
        git_dir: Some("../repository/.git".into()),
        work_tree: Some(repository.path().to_path_buf()),
        ..within(&elsewhere)
    };
    assert_eq!(places(&report(&surroundings, Selection::Staged)), ["sub/b.txt:1"]);
    let objects = repository.beside("objects");
    std::fs::rename(repository.path().join(".git/objects"), &objects).expect("they are there");
    std::fs::create_dir(repository.path().join(".git/objects")).expect("they are gone");
    let moved = Surroundings { object_directory: Some(objects.clone()), ..surroundings.clone() };
    assert_eq!(places(&report(&moved, Selection::Staged)), ["sub/b.txt:1"]);
    let alternate = Surroundings { alternate_object_directories: Some(objects.into()), ..surroundings };
    assert_eq!(places(&report(&alternate, Selection::Staged)), ["sub/b.txt:1"]);
}

#[test]
fn outside_a_repository_and_in_a_bare_one_nothing_can_be_staged() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let error = refused(&within(folder.path()), Selection::Staged);
    assert!(matches!(error, Error::NoRepository(_)) && error.to_string().contains("unleak files"), "{error}");
    let bare = Repository::with_init(&["--bare"]);
    let error = refused(&within(bare.path()), Selection::Staged);
    assert!(matches!(error, Error::Bare(_)) && error.to_string().contains("unleak range"), "{error}");
}

#[test]
fn what_a_partial_clone_lacks_is_missing_and_never_fetched() {
    let repository = repository();
    repository.git(["config", "uploadpack.allowFilter", "true"]);
    repository.write("other.txt", leak(1));
    repository.commit("leak");
    let url = format!("file://{}", repository.path().display());
    repository.git(["clone", "--quiet", "--filter=blob:none", "--no-checkout", &url, "../partial"]);
    let partial = repository.at("../partial");
    partial.git(["reset", "--quiet", "--soft", "HEAD~1"]);
    partial.git(["read-tree", "origin/main"]);
    let report = staged(&partial);
    let (_, missing) = left_out(&report);
    assert!(missing[0].contains("other.txt: blob") && missing[0].contains("partial clone"), "{missing:?}");
    assert!(!report.coverage.is_complete());
}

#[test]
fn a_damaged_object_is_missing_and_said() {
    let repository = repository();
    repository.write("a.txt", leak(1));
    repository.git(["add", "--all"]);
    let id = repository.git(["rev-parse", ":a.txt"]);
    let object = repository.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    std::fs::remove_file(&object).expect("it is loose");
    std::fs::write(&object, "no zlib").expect("the folder is ours");
    let (_, missing) = left_out(&staged(&repository));
    assert!(missing[0].starts_with("a.txt: blob") && missing[0].contains("git fsck"), "{missing:?}");
}

#[test]
fn a_shallow_clone_is_enough_for_what_is_staged() {
    let repository = repository();
    repository.write("a.txt", leak(1));
    repository.commit("leak");
    let url = format!("file://{}", repository.path().display());
    repository.git(["clone", "--quiet", "--depth=1", &url, "../shallow"]);
    let shallow = repository.at("../shallow");
    shallow.write("sub/b.txt", leak(2));
    shallow.git(["add", "--all"]);
    assert_eq!(places(&staged(&shallow)), ["sub/b.txt:1"]);
}
