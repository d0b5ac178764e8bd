//! What a change brings, and what was there before.

use super::*;

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

#[cfg(unix)]
#[test]
fn a_file_in_the_place_of_a_link_is_new_throughout() {
    let repository = repository();
    std::os::unix::fs::symlink(leak(1).trim_end(), repository.path().join("link")).expect("a link can be made");
    repository.commit("link");
    std::fs::remove_file(repository.path().join("link")).expect("it is there");
    repository.write("link", leak(1));
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), ["link:1"]);
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
