//! What someone who knows unleak would try to get a key past it: odd packs, headers, names, encodings, folders.

mod support;

use support::Repository;
use support::archives::{gz, tar};
use support::sources::{files, places, range, staged};

fn key(number: u64) -> String {
    support::sendgrid_key(number)
}

fn line(number: u64) -> String {
    format!("key = \"{}\"\n", key(number))
}

fn swept(repository: &Repository) -> (i32, String) {
    let output = repository.unleak(["history", "--format", "json"]);
    (output.status.code().expect("it ends by itself"), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How often the rule for keys stands among a sweep's findings.
fn keys_found(repository: &Repository) -> usize {
    let report: serde_json::Value = serde_json::from_str(&swept(repository).1).expect("it is JSON");
    let findings = report["findings"].as_array().expect("it has findings");
    findings.iter().filter(|finding| finding["rule_id"] == "sendgrid-api-key").count()
}

/// Writes an object as it is given and names it by a branch.
fn commit_object(repository: &Repository, object: &str) -> String {
    repository.write("../object", object);
    let id = repository.git(["hash-object", "-t", "commit", "-w", "--literally", "../object"]);
    repository.git(["update-ref", "refs/heads/main", &id]);
    id
}

#[test]
fn a_pack_of_any_name_that_git_reads_is_swept() {
    let repository = Repository::new();
    repository.write("key.py", line(1));
    repository.commit("one");
    repository.write("key.py", "none\n");
    repository.commit("two");
    repository.git(["repack", "-a", "-d", "-q"]);
    let folder = repository.path().join(".git/objects/pack");
    for entry in std::fs::read_dir(&folder).expect("there is a pack").flatten() {
        let name = entry.file_name().into_string().expect("names of packs are ASCII");
        std::fs::rename(entry.path(), folder.join(name.replace("pack-", "other-"))).expect("it can be renamed");
    }
    assert!(repository.git(["log", "-p"]).contains(&key(1)));
    assert_eq!(keys_found(&repository), 1);
}

#[test]
fn what_git_repack_left_behind_without_an_index_ends_nothing() {
    let repository = Repository::new();
    repository.write("a", "plain\n");
    repository.commit("one");
    repository.write(".git/objects/pack/.tmp-7-pack-0.pack", "PACK");
    assert_eq!(swept(&repository).0, 0);
}

#[test]
fn alternates_that_are_gone_are_said() {
    let repository = Repository::new();
    repository.write("a", "plain\n");
    repository.commit("one");
    repository.write(".git/objects/info/alternates", "/nowhere/objects\n");
    let (status, report) = swept(&repository);
    assert_eq!(status, 2);
    assert!(report.contains("/nowhere/objects"), "{report}");
}

#[test]
fn a_large_text_that_only_begins_as_utf_16_is_read_to_its_end() {
    let repository = Repository::new();
    let wide: Vec<u8> = "plain\n".repeat(710_000).encode_utf16().flat_map(u16::to_le_bytes).collect();
    repository.write("1.txt", [&b"\xff\xfe"[..], &wide, line(1).as_bytes()].concat());
    let utf_16: Vec<u8> = line(3).encode_utf16().flat_map(u16::to_le_bytes).collect();
    repository.write("3.txt", [&b"\xff\xfe"[..], &wide, &utf_16].concat());
    repository.commit("large");
    assert_eq!(keys_found(&repository), 2);
}

#[test]
fn a_name_and_a_line_of_ones_own_in_a_commits_header_are_read() {
    let repository = Repository::new();
    repository.write("a", "plain\n");
    repository.commit("one");
    let commit = repository.git(["cat-file", "commit", "HEAD"]);
    let named = commit.replace("author Ada", &format!("author {}", key(1)));
    let id = commit_object(&repository, &format!("{named}\n"));
    assert_eq!(range(&repository, &id).findings.len(), 1);
    let with_line = commit.replace("\n\n", &format!("\nnote {}\n\n", key(2)));
    let id = commit_object(&repository, &format!("{with_line}\n"));
    let report = range(&repository, &id);
    assert_eq!(places(&report).len(), 1);
    assert_eq!(report.findings[0].location.start_line, 4);
    assert_eq!(keys_found(&repository), 2);
    // What an author is called is no setting.
    let named = commit.replace("author Ada", "author password=hunter2hunter2");
    let id = commit_object(&repository, &format!("{named}\n"));
    assert!(range(&repository, &id).findings.is_empty());
}

#[test]
fn the_message_of_a_tag_that_a_merge_carries_is_read_in_a_range() {
    let repository = Repository::new();
    repository.write("a", "plain\n");
    let base = repository.commit("one");
    repository.git(["tag", "--annotate", "v1", "--message", &format!("release\n\n{}", key(1))]);
    let tag = repository.git(["cat-file", "tag", "v1"]).replace('\n', "\n ");
    repository.git(["tag", "--delete", "v1"]);
    let commit = repository.git(["cat-file", "commit", &base]);
    let (head, message) = commit.split_once("\n\n").expect("a commit has a message");
    let merge = format!("{}\nmergetag {tag}\n\n{message}\n", head.replacen('\n', &format!("\nparent {base}\n"), 1));
    let id = commit_object(&repository, &merge);
    assert_eq!(places(&range(&repository, &id)).len(), 1);
    assert_eq!(keys_found(&repository), 2, "in the merge, and in the tag that nothing leads to any more");
}

#[test]
fn names_of_refs_and_of_folders_are_swept() {
    let repository = Repository::new();
    repository.write(format!("{}/file", key(1)), "plain\n");
    repository.commit("one");
    repository.git(["branch", &format!("work/{}", key(2))]);
    let (status, report) = swept(&repository);
    assert_eq!((status, keys_found(&repository)), (1, 2));
    assert!(report.contains("\"ref-name\"") && !report.contains(&key(1)) && !report.contains(&key(2)), "{report}");
}

#[test]
fn a_folder_called_like_a_file_that_leaks_is_none() {
    let repository = Repository::new();
    repository.write(".env/file", "plain\n");
    repository.commit("one");
    assert!(!swept(&repository).1.contains("dotenv"));
}

#[test]
fn a_folder_of_a_folder_outside_a_sparse_checkout_keeps_its_place() {
    let repository = Repository::new();
    for path in ["a/b/one", "a/c/two", "d/three"] {
        repository.write(path, "plain\n");
    }
    repository.commit("one");
    repository.git(["sparse-checkout", "init", "--cone", "--sparse-index"]);
    repository.git(["sparse-checkout", "set", "a/c"]);
    repository.write("a/c/key.py", line(1));
    repository.git(["add", "a/c/key.py"]);
    let report = staged(&repository);
    assert_eq!(places(&report), ["a/c/key.py:1"]);
    assert_eq!(report.coverage.blobs, 1, "nothing else is staged");
}

#[test]
fn what_a_change_allows_itself_is_said() {
    let repository = Repository::new();
    repository.write("a.py", "plain\n");
    repository.commit("one");
    repository.write("a.py", format!("# {} * mine\n{}", "unleak:allow", line(1)));
    repository.commit("two");
    let report = range(&repository, "HEAD");
    assert!(report.findings.is_empty());
    assert_eq!(report.coverage.allowed, 1);
    assert!(report.notices.iter().any(|notice| notice.contains("allowed by a comment")), "{:?}", report.notices);
    for (arguments, status) in [(vec!["range", "HEAD"], 0), (vec!["range", "HEAD", "--no-allow"], 1)] {
        let output = repository.unleak(arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(status), "{said}");
        assert_eq!(said.contains("1 allowed"), status == 0, "{said}");
    }
}

#[test]
fn a_file_that_git_is_told_to_look_away_from_is_read_from_the_disk() {
    let repository = Repository::new();
    repository.write("key.py", line(1));
    repository.write(".gitignore", "key.py\n");
    repository.git(["add", "--force", "--all"]);
    repository.commit_index("one");
    repository.git(["update-index", "--skip-worktree", "key.py"]);
    assert_eq!(places(&files(&repository)), ["key.py:1"]);
}

#[test]
fn the_folder_of_a_repository_in_the_repository_is_said_to_be_left_out() {
    let repository = Repository::new();
    repository.write("inner/.git/config", line(1));
    let report = files(&repository);
    assert_eq!(report.coverage.skipped.len(), 1, "{:?}", report.coverage.skipped);
    assert_eq!(report.coverage.skipped[0].what, b"inner/.git");
}

#[test]
fn what_follows_a_damaged_header_or_the_end_of_a_packed_tar_is_read() {
    let repository = Repository::new();
    let mut damaged = tar(&[("file", b"plain\n")]);
    damaged.truncate(1024);
    let mut second = tar(&[("file", line(1).as_bytes())]);
    second[150] = b'x';
    repository.write("damaged.tar.gz", gz(&[damaged, second].concat()));
    let behind = [tar(&[("file", b"plain\n")]), vec![b'#'; 512], line(2).into_bytes()].concat();
    repository.write("behind.tar.gz", gz(&behind));
    assert_eq!(places(&files(&repository)).len(), 2);
}

#[test]
fn what_needs_more_memory_than_it_gets_is_not_read_and_so_not_clean() {
    // An xz stream of a block whose dictionary is to have 512 MiB; what is in it does not matter.
    let mut block = vec![0x02, 0x00, 0x21, 0x01, 34, 0, 0, 0];
    block.extend(crc32fast::hash(&block).to_le_bytes());
    let flags = [0, 4];
    let crc = crc32fast::hash(&flags).to_le_bytes();
    let stream = [&b"\xfd7zXZ\0"[..], &flags, &crc, &block, &[0; 16]].concat();
    let repository = Repository::new();
    repository.write("huge.xz", stream);
    let report = files(&repository);
    assert!(report.coverage.missing.iter().any(|missing| missing.why.contains("more memory")), "{:?}", report.coverage);
}

#[cfg(unix)]
#[test]
fn a_configuration_behind_a_link_is_told_to_be_among_the_changes() {
    let repository = Repository::new();
    repository.write("settings/unleak.toml", "[scan]\nfail_on = \"high\"\n");
    std::os::unix::fs::symlink("settings/unleak.toml", repository.path().join("unleak.toml")).expect("it is new");
    repository.commit("one");
    repository.write("settings/unleak.toml", "[scan]\nfail_on = \"critical\"\n");
    repository.commit("two");
    let said = String::from_utf8_lossy(&repository.unleak(["range", "HEAD"]).stdout).into_owned();
    assert!(said.contains("settings/unleak.toml is among the changes"), "{said}");
}

#[cfg(unix)]
#[test]
fn the_line_to_copy_into_a_shell_quotes_a_files_name() {
    use std::os::unix::ffi::OsStrExt;
    let names: [&[u8]; 5] =
        [b"a'$(touch made)'.py", b"a b.py", b"caf\xe9 %s\\n'$(touch made)'.py", b"a\x1b[7m.py", b"-a\".py"];
    for name in names {
        let repository = Repository::new();
        repository.write(std::ffi::OsStr::from_bytes(name), line(1));
        repository.git(["add", "--all"]);
        let output = repository.unleak(["fix", "--staged"]);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        let line = said.lines().find_map(|line| line.split_once("git add -- "));
        let (_, words) = line.unwrap_or_else(|| panic!("it does not say what comes next: {said}"));
        assert!(!words.contains('\u{fffd}') && !words.contains('\x1b'), "{words}");
        let ran =
            repository.command("sh").args(["-c", &format!("git add -- {words}")]).output().expect("sh can be run");
        assert!(ran.status.success(), "{words}: {}", String::from_utf8_lossy(&ran.stderr));
        assert!(repository.unleak(["staged"]).status.success(), "{words}");
        assert!(!repository.path().join("made").exists());
    }
}

#[test]
fn thousands_of_findings_on_one_line_are_told_and_get_no_edits_beyond_reason() {
    let repository = Repository::new();
    let text: String = (0..3000).map(|number| line(number).trim_end().to_owned() + "; ").collect();
    repository.write("a.py", &text);
    let report = files(&repository);
    assert_eq!(places(&report).len(), 3000);
    let edited = report.findings.iter().filter(|finding| !finding.remedy.edits.is_empty()).count();
    assert!(edited * text.len() <= 64 << 20, "each edit costs a look at the whole text: {edited}");
    let last = report.findings.last().expect("there are some");
    assert_eq!(last.location.start_column as usize, text.rfind("SG.").expect("it is there") + 1);
}
