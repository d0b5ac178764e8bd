//! What commits bring in, on real repositories.

mod support;

use support::sources::{leak, left_out, lines, places, range, refused, report, selected, within};
use support::{Repository, sendgrid_key};
use unleak::document::Aspect;
use unleak::source::{Error, Selection, Surroundings};

/// A repository with one commit, tagged `base`.
fn repository() -> Repository {
    with_base(Repository::new())
}

fn with_base(repository: Repository) -> Repository {
    repository.write("a.txt", lines("a"));
    repository.write("sub/b.txt", lines("b"));
    repository.commit("base");
    repository.git(["tag", "base"]);
    repository
}

fn refused_range(repository: &Repository, range: &str) -> Error {
    refused(&within(repository.path()), Selection::Range(range.to_owned()))
}

#[test]
fn a_secret_that_was_removed_again_is_found_with_its_commit() {
    for repository in [repository(), with_base(Repository::sha256())] {
        repository.write("a.txt", lines("a") + &leak(1));
        let leaking = repository.commit("leak");
        repository.write("a.txt", lines("a"));
        repository.commit("remove it");
        for revisions in ["base..HEAD", "base...main", "base.."] {
            let report = range(&repository, revisions);
            assert_eq!(places(&report), ["a.txt:21"], "{revisions}");
            assert_eq!(report.findings[0].origin.commit_id.as_deref(), Some(&leaking[..]));
            assert_eq!(report.coverage.commits, 2);
            assert_eq!(report.scan.revisions.as_deref(), Some(revisions));
        }
    }
}

#[test]
fn one_commit_is_compared_with_its_parents() {
    let repository = repository();
    repository.write("a.txt", leak(1) + &lines("a"));
    repository.commit("leak");
    repository.write("a.txt", leak(1) + &lines("a") + &leak(2));
    repository.commit("leak more");
    assert_eq!(places(&range(&repository, "HEAD")), ["a.txt:22"]);
    assert_eq!(places(&range(&repository, "HEAD~1")), ["a.txt:1"]);
    assert_eq!(range(&repository, "base").coverage.blobs, 2);
}

#[test]
fn a_clean_merge_says_nothing_and_an_evil_one_is_seen() {
    let repository = repository();
    repository.git(["checkout", "--quiet", "-b", "topic"]);
    repository.write("topic.txt", leak(1));
    repository.write("a.txt", "top\n".to_owned() + &lines("a"));
    repository.commit("topic");
    repository.git(["checkout", "--quiet", "main"]);
    repository.write("a.txt", lines("a") + "bottom\n");
    repository.commit("main");
    repository.git(["merge", "--quiet", "--no-commit", "topic"]);
    repository.commit_index("merge");
    assert_eq!(repository.git(["rev-list", "--count", "--merges", "HEAD"]), "1");
    assert_eq!(places(&range(&repository, "HEAD")), Vec::<String>::new());
    assert_eq!(places(&range(&repository, "HEAD^1..HEAD")), ["topic.txt:1"]);
    repository.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    repository.git(["merge", "--quiet", "--no-commit", "topic"]);
    repository.write("a.txt", "top\n".to_owned() + &lines("a") + "bottom\n" + &leak(2));
    repository.write("evil.txt", leak(3));
    let merge = repository.commit("merge");
    assert_eq!(places(&range(&repository, "HEAD")), ["a.txt:23", "evil.txt:1"]);
    repository.git(["rm", "--quiet", "evil.txt"]);
    repository.commit("hide it");
    let report = range(&repository, "base..HEAD");
    assert_eq!(places(&report), ["a.txt:23", "evil.txt:1", "topic.txt:1"]);
    assert_eq!(report.findings[1].origin.commit_id.as_deref(), Some(&merge[..]));
}

#[test]
fn a_blob_at_a_path_is_read_once_and_said_to_come_with_the_first_commit() {
    let repository = repository();
    repository.write("a.txt", lines("a") + &leak(1));
    let first = repository.commit("leak");
    repository.write("a.txt", lines("a"));
    repository.commit("remove");
    repository.write("a.txt", lines("a") + &leak(1));
    repository.commit("add again");
    let report = range(&repository, "base..HEAD");
    assert_eq!(places(&report), ["a.txt:21"]);
    assert_eq!(report.findings[0].origin.commit_id.as_deref(), Some(&first[..]));
    // The leaking blob, and the clean one that came back.
    assert_eq!(report.coverage.blobs, 2);
}

#[test]
fn messages_and_new_names_are_read() {
    let repository = repository();
    repository.git(["mv", "a.txt", &format!("{}.txt", sendgrid_key(1))]);
    repository.commit(&format!("subject\n\nThe key is {}\n", sendgrid_key(2)));
    assert_eq!(
        places(&range(&repository, "base..HEAD")),
        [":3 (message)", &format!("{}.txt:1 (name)", sendgrid_key(1))]
    );
}

#[test]
fn a_leak_that_only_moved_is_known() {
    let repository = repository();
    repository.write("a.txt", leak(1) + &lines("a"));
    repository.commit("leak");
    repository.git(["mv", "a.txt", "moved.txt"]);
    repository.commit("move");
    repository.git(["mv", "moved.txt", "sub/moved.txt"]);
    repository.write("sub/moved.txt", leak(1) + &lines("a") + "edited\n");
    repository.commit("move and edit");
    assert_eq!(places(&range(&repository, "HEAD~1")), ["moved.txt:1 (known)"]);
    assert_eq!(places(&range(&repository, "HEAD")), Vec::<String>::new());
}

#[test]
fn an_empty_range_says_so() {
    let repository = repository();
    let report = range(&repository, "HEAD..base");
    assert_eq!((report.coverage.documents, report.coverage.commits), (0, 0));
    assert!(report.notices[0].starts_with("HEAD..base is empty"), "{:?}", report.notices);
}

#[test]
fn a_base_of_zeros_means_that_nothing_is_known() {
    let repository = repository();
    repository.write("a.txt", leak(1));
    repository.commit("leak");
    let report = range(&repository, &format!("{}..HEAD", "0".repeat(40)));
    assert_eq!((places(&report), report.coverage.commits), (vec!["a.txt:1".to_owned()], 2));
}

#[test]
fn revisions_that_name_nothing_are_errors_with_their_mend() {
    let repository = repository();
    let unknown = format!("{}..HEAD", "1".repeat(40));
    let fetched = ["gone..HEAD", "base..gone", "gone", &unknown].map(|revisions| (revisions, "fetch-depth: 0"));
    // No remote could be asked for these.
    let counted = ["HEAD^{tree}", "HEAD~99..HEAD", "HEAD^2"].map(|revisions| (revisions, "`git log --oneline`"));
    for (revisions, mend) in fetched.into_iter().chain(counted) {
        let error = refused_range(&repository, revisions);
        assert!(matches!(error, Error::Revision { .. }), "{revisions}: {error}");
        assert!(error.to_string().contains(mend), "{error}");
    }
    for revisions in ["", "..", "a..b..c", "--all"] {
        assert!(matches!(refused_range(&repository, revisions), Error::Range(_)), "{revisions}");
    }
}

#[test]
fn unrelated_ends_are_an_error() {
    let repository = repository();
    repository.git(["checkout", "--quiet", "--orphan", "other"]);
    repository.commit_index("another root");
    let error = refused_range(&repository, "main..other");
    assert!(matches!(error, Error::Unrelated(_)) && error.to_string().contains("main..other"), "{error}");
}

#[test]
fn a_shallow_clone_is_read_as_far_as_it_suffices_and_no_farther() {
    let repository = repository();
    for number in 1..=4 {
        repository.write(format!("{number}.txt"), leak(number));
        repository.commit("leak");
    }
    let url = format!("file://{}", repository.path().display());
    repository.git(["clone", "--quiet", "--depth=3", &url, "../shallow"]);
    let shallow = repository.at("../shallow");
    assert_eq!(places(&range(&shallow, "HEAD~2..HEAD")), ["3.txt:1", "4.txt:1"]);
    let base = repository.git(["rev-parse", "base"]);
    for (revisions, kind) in [("HEAD~2", "shallow"), (&format!("{base}..HEAD"), "base"), ("HEAD~3..HEAD", "base")] {
        let error = refused_range(&shallow, revisions);
        match kind {
            "shallow" => assert!(matches!(error, Error::Shallow { .. }), "{error}"),
            _ => assert!(matches!(error, Error::Revision { .. }), "{error}"),
        }
        assert!(error.to_string().contains("fetch-depth: 0"), "{error}");
    }
    // A base that was fetched alone, as CI does: both ends are there and the way between them is not.
    repository.git(["config", "uploadpack.allowAnySHA1InWant", "true"]);
    shallow.git(["fetch", "--quiet", "--depth=1", "origin", &base]);
    let error = refused_range(&shallow, &format!("{base}..HEAD"));
    assert!(matches!(error, Error::Shallow { .. }), "{error}");
}

#[test]
fn replaced_commits_and_grafts_hide_nothing() {
    let repository = repository();
    repository.write("a.txt", leak(1));
    let leaking = repository.commit("leak");
    repository.write("a.txt", lines("a"));
    repository.commit("remove it");
    let base = repository.git(["rev-parse", "base"]);
    repository.git(["replace", &leaking, &base]);
    assert_eq!(places(&range(&repository, "base..HEAD")), ["a.txt:1"]);
    repository.git(["replace", "--delete", &leaking]);
    let head = repository.git(["rev-parse", "HEAD"]);
    repository.write(".git/info/grafts", format!("{head} {base}\n"));
    assert_eq!(repository.git(["rev-list", "--count", "base..HEAD"]), "1");
    assert_eq!(places(&range(&repository, "base..HEAD")), ["a.txt:1"]);
}

#[test]
fn commits_with_wrong_dates_are_not_lost() {
    let repository = repository();
    let commit = |date: &str, path: &str, number: u64| {
        repository.write(path, leak(number));
        repository.git(["add", "--all"]);
        let commit = repository
            .command("git")
            .env("GIT_COMMITTER_DATE", date)
            .args(["commit", "--quiet", "--message", path])
            .status();
        assert!(commit.expect("git runs").success());
    };
    commit("1970-01-02T00:00:00Z", "old.txt", 1);
    commit("2037-01-01T00:00:00Z", "future.txt", 2);
    commit("1980-01-01T00:00:00Z", "older.txt", 3);
    assert_eq!(places(&range(&repository, "base..HEAD")), ["future.txt:1", "old.txt:1", "older.txt:1"]);
    assert_eq!(places(&range(&repository, "HEAD~1..HEAD")), ["older.txt:1"]);
}

#[test]
fn what_the_base_reaches_by_a_commit_of_a_wrong_date_is_not_new() {
    let repository = Repository::new();
    let commit = |mark: u32, date: u64, parents: &[u32], file: &str| {
        let parents: String =
            parents.iter().zip(["from", "merge"]).map(|(parent, word)| format!("{word} :{parent}\n")).collect();
        format!(
            "commit refs/heads/c{mark}\nmark :{mark}\ncommitter A <a@example.org> {date} +0000\ndata 1\nx\n{parents}\
             M 644 inline {file}\ndata <<END\n{}END\n\n",
            leak(u64::from(mark))
        )
    };
    // c3 is older than its parent by its date; the base has c2 by way of it, the head by itself.
    repository.import(
        &[
            commit(1, 80, &[], "common"),
            commit(2, 95, &[1], "shared"),
            commit(3, 85, &[2], "detour"),
            commit(4, 90, &[3, 1], "base"),
            commit(5, 100, &[2, 1], "head"),
        ]
        .concat(),
    );
    assert_eq!(places(&range(&repository, "c4..c5")), ["head:1"]);
}

#[test]
fn the_header_of_every_commit_is_read() {
    let repository = repository();
    let author = format!("{} <a@example.org>", sendgrid_key(1));
    for message in ["one", "two"] {
        repository.git(["commit", "--quiet", "--allow-empty", "--author", &author, "--message", message]);
    }
    let report = range(&repository, "base..HEAD");
    let in_headers = report.findings.iter().filter(|finding| finding.origin.part == Aspect::Header);
    assert_eq!(in_headers.count(), 2, "{:?}", places(&report));
}

#[test]
fn objects_still_in_quarantine_are_read_as_in_a_receiving_hook() {
    let repository = repository();
    let bare = Repository::with_init(&["--bare"]);
    let url = bare.path().to_str().expect("a plain path").to_owned();
    repository.git(["push", "--quiet", &url, "main"]);
    repository.write("a.txt", leak(1));
    let new = repository.commit("leak");
    let old = repository.git(["rev-parse", "base"]);
    // What the hook would see: the new objects elsewhere, the old ones as an alternate.
    let quarantine = bare.beside("quarantine");
    std::fs::rename(repository.path().join(".git/objects"), &quarantine).expect("they are there");
    for object in bare.git(["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]).lines() {
        std::fs::remove_file(quarantine.join(&object[..2]).join(&object[2..])).expect("they are loose");
    }
    let surroundings = Surroundings {
        git_dir: Some(".".into()),
        object_directory: Some(quarantine),
        alternate_object_directories: Some(bare.path().join("objects").into()),
        ..within(bare.path())
    };
    let report = report(&surroundings, Selection::Range(format!("{old}..{new}")));
    assert_eq!((places(&report), left_out(&report)), (vec!["a.txt:1".to_owned()], (vec![], vec![])));
}

#[test]
fn what_is_read_is_what_git_lists() {
    let repository = repository();
    // A history of branches and merges, its shape and contents from a small generator.
    let mut state = 7_u32;
    let mut next = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % below
    };
    for round in 0..30 {
        let branch = format!("b{}", next(3));
        if !repository.try_git(["checkout", "--quiet", &branch]).status.success() {
            repository.git(["checkout", "--quiet", "-b", &branch, "main"]);
        }
        for _ in 0..=next(3) {
            let path = format!("{}/{}.txt", ["x", "x/y", "x.y", "z"][next(4) as usize], next(4));
            if next(4) == 0 {
                repository.try_git(["rm", "--quiet", "--ignore-unmatch", &path]);
            } else {
                repository.write(path, format!("{}\n", next(6)));
            }
        }
        repository.commit(&format!("round {round}"));
        if next(4) == 0 {
            repository.git(["checkout", "--quiet", "main"]);
            repository.git(["merge", "--quiet", "--no-edit", "--strategy=ours", &branch]);
            repository.write(format!("merged/{}.txt", next(3)), format!("{round}\n"));
            repository.git(["add", "--all"]);
            repository.git(["commit", "--quiet", "--amend", "--no-edit"]);
        }
    }
    repository.git(["checkout", "--quiet", "main"]);
    let (mut all, mut merged) = (0, 0);
    for branch in ["b0", "b1", "b2"] {
        for revisions in [format!("base..{branch}"), format!("main..{branch}"), format!("{branch}..main")] {
            // Combined output lists, for a merge, the files that differ from every parent.
            let log = repository.git(["log", "--format=", "-c", "--raw", "--abbrev=40", "--no-renames", &revisions]);
            let mut expected: Vec<String> = log
                .lines()
                .filter_map(|line| {
                    let (raw, path) = line.split_once('\t')?;
                    let parents = raw.chars().take_while(|c| *c == ':').count();
                    let blob = raw.split(' ').nth(parents * 2 + 1)?;
                    (!blob.starts_with("0000")).then(|| format!("{blob} {path}"))
                })
                .collect();
            expected.sort();
            expected.dedup();
            all += expected.len();
            merged += log.lines().filter(|line| line.starts_with("::")).count();
            let selected = selected(&within(repository.path()), Selection::Range(revisions.clone()));
            let contents = selected.entries.iter().filter(|entry| entry.origin.part == Aspect::Content);
            let mut actual: Vec<String> = contents
                .map(|entry| {
                    let blob = entry.origin.blob_id.as_deref().expect("it is a blob");
                    format!("{blob} {}", String::from_utf8_lossy(&entry.origin.path))
                })
                .collect();
            actual.sort();
            assert_eq!(actual, expected, "{revisions}");
            let count = repository.git(["rev-list", "--count", &revisions]);
            assert_eq!(selected.coverage.commits.to_string(), count, "{revisions}");
        }
    }
    assert!(all > 50 && merged > 5, "the history should be worth comparing: {all} blobs, {merged} in merges");
}
