//! Files as they are on disk, in real folders.

mod support;

use std::path::PathBuf;
use support::sources::{files, leak, left_out, places, report, selected, within};
use support::{Repository, sendgrid_key};
use unleak::source::{Loaded, Selection};

fn named(paths: &[&str]) -> Selection {
    Selection::Files { paths: paths.iter().map(PathBuf::from).collect(), no_ignore: false }
}

/// A repository with leaks here and there.
fn repository() -> Repository {
    let repository = Repository::new();
    repository.write(".gitignore", "ignored*\n*.log\n");
    repository.write("a.txt", leak(1));
    repository.write("sub/.hidden", leak(2));
    repository.write("ignored/x.txt", leak(3));
    repository.write("sub/b.log", leak(4));
    repository
}

#[test]
fn hidden_files_are_read_and_ignored_ones_and_the_git_folder_are_not() {
    let repository = repository();
    repository.write(".git/leak", leak(5));
    assert_eq!(places(&files(&repository)), ["a.txt:1", "sub/.hidden:1"]);
    let all = Selection::Files { paths: Vec::new(), no_ignore: true };
    assert_eq!(
        places(&report(&within(repository.path()), all)),
        ["a.txt:1", "ignored/x.txt:1", "sub/.hidden:1", "sub/b.log:1"]
    );
}

#[test]
fn only_gits_own_lists_can_hide_a_file() {
    let repository = repository();
    repository.write(".ignore", "*\n");
    repository.write(".rgignore", "*\n");
    repository.write(".git/info/exclude", "sub\n");
    assert_eq!(places(&files(&repository)), ["a.txt:1"]);
}

#[test]
fn a_tracked_file_is_read_even_if_it_is_ignored() {
    let repository = repository();
    repository.git(["add", "--force", "sub/b.log", "ignored/x.txt"]);
    std::fs::remove_dir_all(repository.path().join("ignored")).expect("it is there");
    assert_eq!(places(&files(&repository)), ["a.txt:1", "sub/.hidden:1", "sub/b.log:1"]);
    assert_eq!(places(&report(&within(repository.path()), named(&["a.txt"]))), ["a.txt:1"]);
}

#[test]
fn paths_count_from_the_current_folder_and_are_named_from_the_root() {
    let repository = repository();
    let sub = within(repository.path().join("sub"));
    assert_eq!(places(&report(&sub, named(&[".hidden", "b.log"]))), ["sub/.hidden:1", "sub/b.log:1"]);
    assert_eq!(places(&report(&sub, named(&["../a.txt", "./../a.txt"]))), ["a.txt:1"]);
    let whole = report(&sub, named(&[]));
    assert_eq!((places(&whole).len(), &whole.scan.to_root[..]), (2, "../"));
}

#[test]
fn outside_a_repository_the_current_folder_is_read() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::create_dir(folder.path().join("sub")).expect("it is new");
    std::fs::write(folder.path().join("sub/a.txt"), leak(1)).expect("it can be written");
    let report = report(&within(folder.path()), named(&[]));
    assert_eq!((places(&report), &report.scan.to_root[..]), (vec!["sub/a.txt:1".to_owned()], ""));
}

#[test]
fn tracked_files_are_known_as_such() {
    let repository = repository();
    repository.git(["add", "a.txt"]);
    let selected = selected(&within(repository.path()), named(&["a.txt", "sub/.hidden"]));
    let tracked: Vec<(String, bool)> = selected
        .entries
        .iter()
        .map(|entry| match selected.reader.load(entry) {
            Loaded::Document(document) => {
                (String::from_utf8_lossy(&document.origin.path).into_owned(), document.tracked)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [("a.txt", true), ("a.txt", true), ("sub/.hidden", false), ("sub/.hidden", false)];
    assert_eq!(tracked, expected.map(|(path, tracked)| (path.to_owned(), tracked)));
}

#[test]
fn what_another_repository_tracks_is_known_wherever_one_stands() {
    let repository = repository();
    repository.write("db/password.txt", "x");
    repository.git(["add", "--force", "a.txt", "sub/b.log", "db/password.txt"]);
    let own = Repository::new();
    own.write("c.txt", leak(6));
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let whole = repository.path().to_str().expect("its name is text").to_owned();
    let sub = format!("{whole}/sub");
    for (cwd, start, expected) in [
        (folder.path(), &whole, vec!["a.txt:1", "sub/.hidden:1", "sub/b.log:1"]),
        (own.path(), &whole, vec!["a.txt:1", "sub/.hidden:1", "sub/b.log:1"]),
        (own.path(), &sub, vec!["sub/.hidden:1", "sub/b.log:1"]),
        // Its files stand in a folder that is no repository itself.
        (folder.path(), &repository.beside("").display().to_string(), vec!["a.txt:1", "sub/.hidden:1", "sub/b.log:1"]),
    ] {
        let report = report(&within(cwd), named(&[start]));
        let expected: Vec<String> = expected.iter().map(|place| format!("{whole}/{place}")).collect();
        assert_eq!(places(&report), expected);
        let files: Vec<String> = report
            .findings
            .iter()
            .filter(|finding| finding.rule.id() == "generic-password-file")
            .map(|finding| String::from_utf8_lossy(&finding.origin.path).into_owned())
            .collect();
        let is_in = !start.ends_with("/sub");
        assert_eq!(files, if is_in { vec![format!("{whole}/db/password.txt")] } else { Vec::new() });
        assert!(report.coverage.missing.is_empty());
    }
    // Its index may name files that are ignored.
    std::fs::write(repository.path().join(".git/index"), "no index").expect("it can be written");
    let report = report(&within(own.path()), named(&[&whole]));
    assert_eq!(report.coverage.missing.len(), 1);
    assert!(report.coverage.missing[0].why.starts_with("what Git tracks there can't be read"));
}

#[test]
fn a_name_that_leaks_is_found() {
    let repository = Repository::new();
    let name = format!("{}.txt", sendgrid_key(1));
    repository.write(&name, "clean\n");
    assert_eq!(places(&files(&repository)), [format!("{name}:1 (name)")]);
}

#[cfg(unix)]
#[test]
fn links_are_read_as_what_they_point_to_and_not_followed() {
    let repository = Repository::new();
    std::fs::create_dir(repository.beside("outside")).expect("it is new");
    std::fs::write(repository.beside("outside/leak.txt"), leak(1)).expect("it can be written");
    let link = |name: &str, target: &str| {
        std::os::unix::fs::symlink(target, repository.path().join(name)).expect("links can be made")
    };
    link("folder", "../outside");
    link("file", "../outside/leak.txt");
    link("loop", ".");
    link("dangling", &format!("https://example.org/?k={}", sendgrid_key(2)));
    let report_all = files(&repository);
    assert_eq!((places(&report_all), left_out(&report_all)), (vec!["dangling:1 (link)".to_owned()], (vec![], vec![])));
    // What the user names is meant.
    assert_eq!(places(&report(&within(repository.path()), named(&["file"]))), ["file:1"]);
}

#[cfg(unix)]
#[test]
fn special_files_are_left_out_and_what_cannot_be_read_is_missing() {
    use std::os::unix::fs::PermissionsExt;
    let repository = Repository::new();
    repository.write("a.txt", leak(1));
    let _socket = std::os::unix::net::UnixListener::bind(repository.path().join("socket")).expect("a short path");
    let (skipped, missing) = left_out(&files(&repository));
    assert!(skipped[0].starts_with("socket: a special file") && missing.is_empty(), "{skipped:?} {missing:?}");
    let (_, missing) = left_out(&report(&within(repository.path()), named(&["gone", "a.txt"])));
    assert!(missing[0].starts_with("gone: "), "{missing:?}");
    // Nothing is closed to root, so there is nothing to see then.
    repository.write("closed.txt", leak(2));
    repository.write("folder/b.txt", leak(3));
    let close = |path: &str, mode: u32| {
        let path = repository.path().join(path);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("it is ours")
    };
    close("closed.txt", 0);
    close("folder", 0);
    if std::fs::read(repository.path().join("closed.txt")).is_err() {
        let report = files(&repository);
        let (_, missing) = left_out(&report);
        assert_eq!((places(&report), missing.len()), (vec!["a.txt:1".to_owned()], 2), "{missing:?}");
        assert!(!report.coverage.is_complete());
    }
    close("folder", 0o755);
}

#[test]
fn binary_files_long_lines_and_other_charsets_are_read_and_counted() {
    let repository = Repository::new();
    repository.write("binary", [&b"\x7fELF\0\0\xff"[..], leak(1).as_bytes(), &[0; 64]].concat());
    repository.write("latin1.txt", [&b"caf\xe9 "[..], leak(2).as_bytes()].concat());
    repository.write("crlf.txt", format!("one\r\ntwo\r\n{}", leak(3).replace('\n', "\r\n")));
    repository.write("minified.js", format!("{}{}{}", "x;".repeat(1 << 20), leak(4).trim_end(), ";y".repeat(1 << 20)));
    for (name, mark) in [("utf16-marked.txt", "\u{feff}"), ("utf16.txt", "")] {
        let text = format!("{mark}first line\n{}", leak(5));
        repository.write(name, text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    }
    // Plain text behind a mark, and behind UTF-16.
    let wide: Vec<u8> = format!("\u{feff}{}", leak(6)).encode_utf16().flat_map(u16::to_le_bytes).collect();
    repository.write("mixed.txt", [&wide[..], leak(7).as_bytes()].concat());
    repository.write("misleading.txt", [&b"\xff\xfe"[..], leak(8).as_bytes()].concat());
    let report = files(&repository);
    assert_eq!(
        places(&report),
        [
            "binary:1",
            "crlf.txt:3",
            "latin1.txt:1",
            "minified.js:1",
            "misleading.txt:1",
            "mixed.txt:1",
            "mixed.txt:2",
            "utf16-marked.txt:2",
            "utf16.txt:2"
        ]
    );
    assert_eq!((report.coverage.files, report.coverage.missing.len()), (8, 0));
}

#[test]
fn a_file_too_large_for_memory_is_read_in_pieces_and_each_secret_is_found_once() {
    let repository = Repository::new();
    let piece = 16 << 20;
    let line = "0123456789abcde\n";
    let mut text = line.repeat((34 << 20) / line.len()).into_bytes();
    let key = leak(1);
    // One at the start, one across the first cut, one just behind the second and one at the end.
    for at in [0, piece - 37, 2 * piece, text.len() - key.len()] {
        text[at..at + key.len()].copy_from_slice(key.as_bytes());
    }
    let whole = unleak::document::Lines::new(&text);
    let line_of = |at: usize| format!("large.txt:{}", whole.index_of(at) + 1);
    repository.write("large.txt", &text);
    let report = files(&repository);
    let expected =
        [0, piece - 37, 2 * piece, text.len() - key.len()].map(|at| line_of(at + key.find("SG").expect("it is there")));
    assert_eq!(places(&report), expected);
    assert_eq!((report.coverage.files, report.coverage.bytes), (1, text.len() as u64 + "large.txt".len() as u64));
}

#[test]
fn a_name_says_nothing_of_a_file_that_gives_nothing_away() {
    let repository = Repository::new();
    repository.write("a/id_rsa", "$ANSIBLE_VAULT;1.1;AES256\n61626364\n");
    repository.write("b/id_rsa", "");
    repository.write("c/id_rsa", "opened\n");
    std::os::unix::fs::symlink("../c/id_rsa", repository.path().join("id_dsa")).expect("links can be made");
    repository.git(["add", "."]);
    for report in [files(&repository), support::sources::staged(&repository)] {
        let found: Vec<String> = report
            .findings
            .iter()
            .filter(|finding| finding.rule.id() == "ssh-private-key-file")
            .map(|finding| String::from_utf8_lossy(&finding.origin.path).into_owned())
            .collect();
        assert_eq!(found, ["c/id_rsa"]);
    }
}
