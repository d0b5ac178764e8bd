//! What is staged, on real repositories.

mod support;

use support::sources::{left_out, places, refused, report, selected, staged, within};
use support::{Repository, sendgrid_key};
use unleak::document::Aspect;
use unleak::source::{Error, Selection, Surroundings};

/// A line that leaks.
fn leak(number: u64) -> String {
    format!("key = \"{}\"\n", sendgrid_key(number))
}

/// A file of some lines that are all different.
fn lines(name: &str) -> String {
    (0..20).map(|n| format!("{name} {n}\n")).collect()
}

/// A repository with one commit.
fn repository() -> Repository {
    with_commit(Repository::new())
}

fn with_commit(repository: Repository) -> Repository {
    repository.write("a.txt", lines("a"));
    repository.write("sub/b.txt", lines("b"));
    repository.write("sub/deep/c.txt", lines("c"));
    repository.commit("first");
    repository
}

#[test]
fn a_staged_leak_is_found_and_a_clean_change_says_nothing() {
    for repository in [repository(), with_commit(Repository::sha256())] {
        repository.write("sub/b.txt", lines("b") + &leak(1));
        repository.write("a.txt", lines("a") + "more\n");
        repository.git(["add", "--all"]);
        let report = staged(&repository);
        assert_eq!(places(&report), ["sub/b.txt:21"]);
        assert_eq!((report.coverage.blobs, left_out(&report)), (2, (vec![], vec![])));
        repository.git(["reset", "--quiet", "--hard"]);
        assert_eq!(staged(&repository).coverage.documents, 0);
    }
}

#[test]
fn the_index_is_read_and_not_the_file() {
    let repository = repository();
    repository.write("a.txt", leak(1));
    repository.git(["add", "a.txt"]);
    repository.write("a.txt", "cleaned up, but not staged\n");
    repository.write("sub/b.txt", leak(2));
    assert_eq!(places(&staged(&repository)), ["a.txt:1"]);
}

#[test]
fn an_old_secret_on_an_untouched_line_is_not_reported_again() {
    let repository = repository();
    repository.write("a.txt", leak(1) + &lines("a"));
    repository.commit("leak");
    repository.write("a.txt", leak(1) + &lines("a") + &leak(2));
    repository.git(["add", "a.txt"]);
    assert_eq!(places(&staged(&repository)), ["a.txt:22"]);
}

#[test]
fn before_the_first_commit_all_that_is_staged_is_new() {
    let repository = Repository::new();
    assert_eq!(staged(&repository).coverage.documents, 0);
    repository.write("a.txt", leak(1));
    repository.write("b/c.txt", "clean\n");
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), ["a.txt:1"]);
}

#[test]
fn a_file_only_announced_is_said_to_be_left_out() {
    let repository = repository();
    repository.write("new.txt", leak(1));
    repository.git(["add", "--intent-to-add", "new.txt"]);
    let report = staged(&repository);
    assert!(places(&report).is_empty());
    let (skipped, missing) = left_out(&report);
    assert!(skipped[0].starts_with("new.txt: only announced") && missing.is_empty(), "{skipped:?}");
}

#[test]
fn a_leak_in_a_file_that_was_only_renamed_is_known() {
    let repository = repository();
    repository.write("a.txt", leak(1) + &lines("a"));
    repository.commit("leak");
    repository.git(["mv", "a.txt", "sub/renamed.txt"]);
    let report = staged(&repository);
    assert_eq!(places(&report), ["sub/renamed.txt:1 (known)"]);
    assert_eq!(report.findings[0].known.as_ref().map(|known| &known.path[..]), Some(&b"a.txt"[..]));
}

#[test]
fn in_a_file_renamed_and_edited_only_the_edits_are_new() {
    let repository = repository();
    repository.write("a.txt", leak(1) + &lines("a"));
    repository.write("other.txt", lines("other"));
    repository.commit("leak");
    repository.git(["mv", "a.txt", "z.txt"]);
    repository.git(["rm", "--quiet", "other.txt"]);
    repository.write("z.txt", leak(1) + &lines("a") + "edited\n");
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), Vec::<String>::new());
    repository.write("z.txt", leak(1) + &lines("a") + &leak(2));
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), ["z.txt:22"]);
}

#[test]
fn a_new_file_unlike_any_that_went_is_new_throughout() {
    let repository = repository();
    repository.git(["rm", "--quiet", "a.txt"]);
    repository.write("z.txt", lines("z") + &leak(1));
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), ["z.txt:21"]);
}

#[cfg(unix)]
#[test]
fn a_change_of_mode_brings_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let repository = repository();
    repository.write("a.txt", leak(1));
    repository.commit("leak");
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(repository.path().join("a.txt"), executable).expect("the file is ours");
    repository.git(["add", "--all"]);
    assert_ne!(repository.git(["diff", "--cached"]), "");
    assert_eq!(staged(&repository).coverage.documents, 0);
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_leaks_by_its_target() {
    let repository = repository();
    let link = |name: &str, target: &str| {
        std::os::unix::fs::symlink(target, repository.path().join(name)).expect("links can be made")
    };
    link("link", &format!("https://example.org/?k={}", sendgrid_key(1)));
    std::fs::remove_file(repository.path().join("a.txt")).expect("it is there");
    link("a.txt", &sendgrid_key(2));
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), ["a.txt:1 (link)", "link:1 (link)"]);
}

#[test]
fn a_new_name_that_leaks_is_found_once() {
    let repository = repository();
    let name = format!("{}.txt", sendgrid_key(1));
    repository.write(&name, "");
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), [format!("{name}:1 (name)")]);
    repository.commit("leak");
    repository.write(&name, "changed\n");
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), Vec::<String>::new());
}

#[test]
fn a_submodule_is_left_out_and_said_and_nothing_is_missing() {
    let library = repository();
    let repository = repository();
    repository.git(["submodule", "--quiet", "add", library.path().to_str().expect("a plain path"), "library"]);
    let (skipped, missing) = left_out(&staged(&repository));
    assert!(skipped[0].starts_with("library: a submodule") && missing.is_empty(), "{skipped:?} {missing:?}");
    repository.commit("add the library");
    // Within the submodule, whose Git folder lies elsewhere.
    let library = repository.at("library");
    library.write("sub/b.txt", leak(1));
    library.git(["add", "--all"]);
    assert_eq!(places(&staged(&library)), ["sub/b.txt:1"]);
    let git_dir = library.git(["rev-parse", "--absolute-git-dir"]);
    let by_variable = Surroundings { git_dir: Some(git_dir.into()), ..within(library.path().join("sub")) };
    let report = report(&by_variable, Selection::Staged);
    assert_eq!((places(&report), &report.scan.to_root[..]), (vec!["sub/b.txt:1".to_owned()], "../"));
}

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
fn a_merge_in_progress_brings_only_what_no_parent_has() {
    let repository = repository();
    repository.git(["checkout", "--quiet", "-b", "theirs"]);
    repository.write("theirs.txt", leak(1));
    repository.write("a.txt", lines("a").replace("a 10\n", &leak(2)));
    repository.commit("theirs");
    repository.git(["checkout", "--quiet", "main"]);
    repository.write("a.txt", lines("a").replace("a 10\n", &leak(3)));
    repository.write("ours.txt", leak(4));
    repository.commit("ours");
    assert!(!repository.try_git(["merge", "--quiet", "--no-edit", "theirs"]).status.success());
    let conflicted = staged(&repository);
    assert_eq!(places(&conflicted), Vec::<String>::new());
    assert!(conflicted.notices[0].starts_with("a.txt has conflicts"), "{:?}", conflicted.notices);
    repository.write("a.txt", lines("a").replace("a 10\n", &(leak(3) + &leak(2))));
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), Vec::<String>::new());
    repository.write("a.txt", lines("a").replace("a 10\n", &(leak(3) + &leak(2) + &leak(5))));
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), ["a.txt:13"]);
}

#[test]
fn an_octopus_in_progress_brings_only_what_no_parent_has() {
    let repository = repository();
    for branch in ["one", "two", "three"] {
        repository.git(["checkout", "--quiet", "-b", branch, "main"]);
        repository.write(format!("{branch}.txt"), leak(branch.len() as u64));
        repository.commit(branch);
    }
    repository.git(["checkout", "--quiet", "main"]);
    repository.git(["merge", "--quiet", "--no-commit", "one", "two", "three"]);
    assert_eq!(places(&staged(&repository)), Vec::<String>::new());
    repository.write("evil.txt", leak(9));
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), ["evil.txt:1"]);
}

#[test]
fn a_file_renamed_on_the_other_side_of_a_merge_is_not_new() {
    let repository = repository();
    repository.write("a.txt", leak(1) + &lines("a"));
    repository.commit("leak");
    repository.git(["checkout", "--quiet", "-b", "theirs"]);
    repository.git(["mv", "a.txt", "renamed.txt"]);
    repository.commit("rename");
    repository.git(["checkout", "--quiet", "main"]);
    repository.write("a.txt", leak(1) + &lines("a") + &leak(2));
    repository.commit("edit");
    repository.git(["merge", "--quiet", "--no-commit", "theirs"]);
    assert_eq!(repository.git(["diff", "--cached", "--name-only"]), "renamed.txt");
    assert_eq!(places(&staged(&repository)), Vec::<String>::new());
}

#[test]
fn attributes_and_settings_hide_nothing() {
    let repository = repository();
    repository.write(".gitattributes", "* -diff -text\n*.txt binary diff=hide\n");
    for (key, value) in [
        ("color.ui", "always"),
        ("diff.hide.textconv", "true"),
        ("diff.external", "true"),
        ("diff.noprefix", "true"),
        ("diff.orderFile", "/nowhere"),
        ("diff.ignoreSubmodules", "all"),
        ("core.quotePath", "true"),
        ("core.excludesFile", "/nowhere"),
    ] {
        repository.git(["config", key, value]);
    }
    repository.write("a.txt", leak(1));
    repository.write("sub/b.txt", format!("\0binary\0{}", leak(2)));
    let utf16 = format!("\u{feff}{}", leak(3)).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    repository.write("utf16.txt", utf16);
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), ["a.txt:1", "sub/b.txt:1", "utf16.txt:1"]);
}

#[test]
fn replaced_objects_and_grafts_hide_nothing() {
    let repository = repository();
    repository.write("a.txt", leak(1));
    repository.git(["add", "a.txt"]);
    let leaking = repository.git(["rev-parse", ":a.txt"]);
    repository.write("clean", "clean\n");
    let clean = repository.git(["hash-object", "-w", "clean"]);
    repository.git(["replace", &leaking, &clean]);
    assert_eq!(repository.git(["show", ":a.txt"]), "clean");
    assert_eq!(places(&staged(&repository)), ["a.txt:1"]);
    // HEAD seems to hold the staged tree already.
    let tree = repository.git(["write-tree"]);
    let head_tree = repository.git(["rev-parse", "HEAD^{tree}"]);
    repository.git(["replace", &head_tree, &tree]);
    assert_eq!(places(&staged(&repository)), ["a.txt:1"]);
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

#[test]
fn folders_and_files_that_change_places_are_told_apart() {
    let repository = repository();
    repository.write("x", leak(1));
    repository.write("y/z", leak(2));
    repository.commit("leak");
    repository.git(["rm", "--quiet", "-r", "x", "y"]);
    repository.write("x/x", leak(3));
    repository.write("y", leak(4));
    repository.write("sub.txt", leak(5));
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), ["sub.txt:1", "x/x:1", "y:1"]);
}

#[test]
fn what_is_read_is_what_git_lists_as_staged() {
    let repository = repository();
    let mut state = 11_u32;
    let mut next = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % below
    };
    let mut all = 0;
    for round in 0..25 {
        for _ in 0..next(6) {
            let path = format!("{}/{}.txt", ["x", "x/y", "x.y", "x-y/z", "z"][next(5) as usize], next(4));
            if next(3) == 0 {
                repository.git(["rm", "--quiet", "--cached", "--ignore-unmatch", &path]);
            } else {
                repository.write(&path, format!("{}\n", next(6)));
                repository.git(["add", &path]);
            }
        }
        match next(5) {
            0 => drop(repository.commit_index(&format!("round {round}"))),
            1 => drop(repository.try_git(["reset", "--quiet", "--soft", "HEAD~1"])),
            2 => drop(repository.git(["write-tree"])),
            _ => {}
        }
        let expected = repository.git(["diff", "--cached", "--name-only", "--no-renames", "--diff-filter=d"]);
        let selected = selected(&within(repository.path()), Selection::Staged);
        let contents = selected.entries.iter().filter(|entry| entry.origin.part == Aspect::Content);
        let actual: Vec<String> =
            contents.map(|entry| String::from_utf8_lossy(&entry.origin.path).into_owned()).collect();
        assert_eq!(actual, expected.lines().collect::<Vec<_>>(), "round {round}");
        all += actual.len();
    }
    assert!(all > 50, "there should be something to compare: {all}");
}
