//! Streams and messages, and the builder of repositories that the other tests stand on.

mod support;

use support::sources::{places, refused, report, within};
use support::{Repository, sendgrid_key};
use unleak::source::{Error, Selection};

#[test]
fn the_builder_makes_repositories_of_either_hash() {
    for (repository, digits) in [(Repository::new(), 40), (Repository::sha256(), 64)] {
        repository.write("a/b.txt", "text\n");
        assert_eq!(repository.commit("first").len(), digits);
        assert_eq!(repository.git(["status", "--porcelain"]), "");
    }
}

#[test]
fn the_builder_makes_keys_that_look_real_and_differ() {
    let key = sendgrid_key(1);
    assert_eq!(key.len(), 69);
    assert_eq!(key, sendgrid_key(1));
    assert_ne!(key, sendgrid_key(2));
}

#[test]
fn a_stream_is_scanned_under_the_path_it_is_given() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let bytes = format!("line\nkey = \"{}\"\n", sendgrid_key(1)).into_bytes();
    let utf16: Vec<u8> = "\u{feff}line\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let stdin = |bytes: &[u8], path: Option<&str>| {
        report(&within(folder.path()), Selection::Stdin { bytes: bytes.to_vec(), path: path.map(Into::into) })
    };
    assert_eq!(places(&stdin(&bytes, Some("dir/name.txt"))), ["dir/name.txt:2"]);
    assert_eq!(places(&stdin(&bytes, None)), [":2"]);
    assert_eq!(stdin(&utf16, None).coverage.bytes, 5);
}

#[test]
fn a_message_is_scanned_as_git_would_commit_it() {
    let repository = Repository::new();
    let key = sendgrid_key(1);
    let message = |text: &str| {
        repository.write(".git/COMMIT_EDITMSG", text);
        report(&within(repository.path()), Selection::Message(".git/COMMIT_EDITMSG".into()))
    };
    assert_eq!(places(&message(&format!("subject\n\nkey = \"{key}\"\n# Please enter\n"))), [":3 (message)"]);
    assert_eq!(places(&message(&format!("subject\n# key = \"{key}\"\n# Please enter\n"))), Vec::<String>::new());
    repository.git(["config", "core.commentChar", ";"]);
    assert_eq!(places(&message(&format!("subject\n; key = \"{key}\"\n; Please enter\n"))), Vec::<String>::new());
    assert_eq!(places(&message(&format!("# key = \"{key}\"\n; Please enter\n"))), [":1 (message)"]);
    let error = refused(&within(repository.path()), Selection::Message("gone".into()));
    assert!(matches!(error, Error::File { .. }) && error.to_string().contains("gone"), "{error}");
}
