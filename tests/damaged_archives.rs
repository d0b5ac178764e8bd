//! Archives that can't be read to their end: which of them leave a scan incomplete, whatever is scanned.

mod support;

use support::Repository;
use support::archives::{gz, xz, zip};

/// A text that does not shrink to a single block.
fn text() -> Vec<u8> {
    (0..20_000u64).flat_map(|n| format!("{:x} ", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).into_bytes()).collect()
}

/// The bytes with some of those in the middle turned round.
fn broken(mut bytes: Vec<u8>) -> Vec<u8> {
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40].iter_mut().for_each(|byte| *byte = !*byte);
    bytes
}

fn locked() -> Vec<u8> {
    let mut locked = zip(&[("secret.py", b"text")]);
    let directory = memchr::memmem::find(&locked, b"PK\x01\x02").expect("it has a directory");
    locked[6] |= 1;
    locked[directory + 8] |= 1;
    locked
}

#[test]
fn an_archive_leaves_every_scan_complete_or_none_but_never_stops_a_commit() {
    let whole = gz(&text());
    for (name, bytes, status) in [
        ("whole.gz", whole.clone(), 0),
        ("broken.gz", broken(whole.clone()), 2),
        ("broken.xz", broken(xz(&text())), 2),
        ("broken.zip", broken(zip(&[("a.txt", &text())])), 2),
        ("in.zip", zip(&[("b.gz", &broken(whole.clone()))]), 2),
        ("cut.gz", whole[..whole.len() - 2000].to_vec(), 0),
        ("behind.gz", [&whole[..], b"a signature, say"].concat(), 0),
        ("locked.zip", locked(), 0),
        ("closed.7z", b"7z\xbc\xaf\x27\x1c\x00\x04 and more".to_vec(), 0),
        ("begins.bin", b"\x1f\x8b\x08 is how it begins and no more than that".to_vec(), 0),
    ] {
        let repository = Repository::new();
        repository.write("a.py", "x = 1\n");
        repository.commit("one");
        repository.write(name, bytes);
        repository.git(["add", "--all"]);
        let is_listed = |said: &str| said.contains(name) || name == "whole.gz";
        let run = |arguments: &[&str]| {
            let output = repository.unleak(arguments);
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(is_listed(&said), "{name}, {arguments:?}: {said}");
            (output.status.code(), said)
        };
        assert_eq!(run(&["staged", "--format", "json"]).0, Some(0), "{name}");
        repository.commit("two");
        for arguments in [
            &["files", "--format", "json"][..],
            &["range", "HEAD", "--format", "json"],
            &["history", "--format", "json"],
        ] {
            let (code, said) = run(arguments);
            assert_eq!(code, Some(status), "{name}, {arguments:?}: {said}");
        }
        for command in [&["history"][..], &["files"], &["range", "HEAD"]] {
            let output = repository.unleak([command, &["--allow-partial"]].concat());
            assert_eq!(output.status.code(), Some(0), "{name}, {command:?}");
            assert!(status == 0 || is_listed(&String::from_utf8_lossy(&output.stdout)), "{name}, {command:?}");
        }
        assert_eq!(repository.unleak(["files", "--archives", "small"]).status.code(), Some(0), "{name}");
    }
}
