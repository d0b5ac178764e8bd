//! What lies where a sweep could miss it: replaced, grafted, borrowed, hidden by settings.

use crate::support;
use crate::support::{Repository, sendgrid_key};
use crate::{finding, introduced, line, of_key, removed, story, swept};
use unleak::document::Aspect;
use unleak::finding::Finding;

#[test]
fn a_replaced_commit_hides_nothing() {
    let repository = Repository::new();
    let key = sendgrid_key(16);
    repository.commit("begin");
    repository.write("a.js", line(&key));
    let replaced = repository.commit("leak");
    let tree = repository.git(["rev-parse", "HEAD~1^{tree}"]);
    let clean = repository.git(["commit-tree", "-p", "HEAD~1", "-m", "clean", &tree]);
    repository.git(["replace", &replaced, &clean]);
    let report = swept(&repository);
    let found = finding(&report, &key);
    assert_eq!(introduced(found), [replaced.as_str()]);
    assert!(story(found).in_head, "what HEAD really names counts, not what replaces it");
}

#[test]
fn attributes_encodings_links_and_names_hide_nothing() {
    let repository = Repository::new();
    let keys: Vec<String> = (20..25).map(sendgrid_key).collect();
    repository.write(".gitattributes", "*.js -diff\n*.bin binary\n");
    repository.write("quiet.js", line(&keys[0]));
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(line(&keys[1]).encode_utf16()).flat_map(u16::to_le_bytes).collect();
    repository.write("wide.txt", utf16);
    std::os::unix::fs::symlink(&keys[2], repository.path().join("link")).expect("links can be made");
    repository.write(format!("kept-{}.log", keys[3]), "nothing\n");
    repository.write("data.bin", [b"\0\x01\x02".as_slice(), line(&keys[4]).as_bytes()].concat());
    repository.write("deploy/sendgrid.env", "PORT=1\n");
    repository.commit("all at once");
    let report = swept(&repository);
    assert_eq!(finding(&report, &keys[0]).origin.path, b"quiet.js");
    assert_eq!(finding(&report, &keys[1]).origin.path, b"wide.txt");
    assert_eq!(finding(&report, &keys[2]).origin.part, Aspect::LinkTarget);
    assert_eq!(finding(&report, &keys[3]).origin.part, Aspect::Path);
    assert_eq!(finding(&report, &keys[4]).origin.path, b"data.bin");
    let by_path: Vec<&Finding> = report.findings.iter().filter(|f| f.origin.path == b"deploy/sendgrid.env").collect();
    assert!(!by_path.is_empty(), "a tracked sendgrid.env is a finding by its name: {}", support::told(&report));
    assert!(by_path.iter().all(|f| story(f).in_head));
}

#[test]
fn grafts_hide_no_commit() {
    let repository = Repository::new();
    let key = sendgrid_key(70);
    repository.write("a.js", line(&key));
    let first = repository.commit("leak");
    repository.write("a.js", "mended\n");
    let second = repository.commit("mend");
    repository.write(".git/info/grafts", format!("{second}\n"));
    let report = swept(&repository);
    let found = finding(&report, &key);
    assert_eq!((introduced(found), removed(found)), (vec![first.as_str()], vec![second.as_str()]));
    assert!(story(found).reachable);
}

#[test]
fn a_submodule_has_a_history_of_its_own() {
    let inner = Repository::new();
    let key = sendgrid_key(36);
    inner.write("a.js", line(&key));
    inner.commit("inner");
    inner.git(["init", "--quiet", "--initial-branch=main", "../outer"]);
    let outer = inner.at("../outer");
    outer.git(["submodule", "--quiet", "add", inner.path().to_str().expect("it is text"), "sub"]);
    outer.commit("outer");
    assert!(of_key(&swept(&outer), &key).is_empty());
    finding(&swept(&outer.at("sub")), &key);
}

#[test]
fn alternates_are_read() {
    let origin = Repository::new();
    let key = sendgrid_key(37);
    origin.write("a.js", line(&key));
    origin.commit("one");
    origin.git(["clone", "--quiet", "--shared", ".", "../shared"]);
    let report = swept(&origin.at("../shared"));
    assert!(story(finding(&report, &key)).in_head);
}

#[test]
fn what_lies_in_quarantine_is_swept_with_its_alternates() {
    let repository = Repository::new();
    let (old, new) = (sendgrid_key(74), sendgrid_key(75));
    repository.write("a.js", line(&old));
    repository.commit("old");
    let quarantine = repository.beside("quarantine");
    std::fs::create_dir_all(&quarantine).expect("the folder is new");
    repository.write("../new.js", line(&new));
    let objects = repository.path().join(".git/objects");
    let output = repository
        .command("git")
        .args(["hash-object", "-w", "../new.js"])
        .env("GIT_OBJECT_DIRECTORY", &quarantine)
        .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", &objects)
        .output()
        .expect("git can be started");
    assert!(output.status.success());
    let output = repository
        .command(env!("CARGO_BIN_EXE_unleak"))
        .args(["history", "--format", "json", "--exit-zero"])
        .env("GIT_OBJECT_DIRECTORY", &quarantine)
        .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", &objects)
        .output()
        .expect("the program can be started");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let found = report["findings"].as_array().expect("it is a list");
    let ids: Vec<&str> = found.iter().filter_map(|finding| finding["key_id"].as_str()).collect();
    assert!([&old, &new].iter().all(|key| ids.contains(&&key[3..25])), "{ids:?}");
}

#[test]
fn a_name_is_found_where_the_file_lies_open() {
    let repository = Repository::new();
    repository.write("deploy/id_rsa", "$ANSIBLE_VAULT;1.1;AES256\n61626364\n");
    repository.write("empty/.htpasswd", "\n");
    std::os::unix::fs::symlink("../.env", repository.path().join(".env.local")).expect("links can be made");
    repository.commit("enciphered, empty and a link");
    let report = swept(&repository);
    assert!(report.findings.is_empty(), "{}", support::told(&report));
    repository.write("deploy/id_rsa", "opened\n");
    let opened = repository.commit("opened");
    repository.write("deploy/id_rsa", "$ANSIBLE_VAULT;1.1;AES256\n64636261\n");
    let closed = repository.commit("enciphered again");
    let report = swept(&repository);
    let found = report.findings.iter().find(|f| f.rule.id() == "ssh-private-key-file").expect("it was open once");
    assert_eq!((introduced(found), removed(found)), (vec![opened.as_str()], vec![closed.as_str()]));
}
