//! A change that brings a configuration and a baseline of its own, judged by those of the revision that it goes to.

mod support;

use support::{Repository, sendgrid_key};

fn leak(number: u64) -> String {
    format!("key = \"{}\"\n", sendgrid_key(number))
}

/// What a run came to: its status, and all that it said.
fn ran(repository: &Repository, arguments: &[&str]) -> (Option<i32>, String) {
    let output = repository.unleak(arguments);
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

/// A repository in which the second commit leaks and switches off what would tell, in one way.
fn switched_off(way: &str) -> Repository {
    let repository = Repository::new();
    repository.write("a.py", "x = 1\n");
    repository.commit("base");
    repository.git(["tag", "base"]);
    repository.write("a.py", leak(1));
    match way {
        "baseline" => {
            repository.write("unleak.toml", "[scan]\nbaseline = \"known.jsonl\"\n");
            let (status, said) = ran(&repository, &["baseline", "create", "--reason", "x"]);
            assert_eq!(status, Some(0), "{said}");
        }
        config => repository.write("unleak.toml", config),
    }
    repository.commit("leak");
    repository
}

#[test]
fn what_a_change_says_of_itself_counts_for_nothing() {
    for way in [
        "[rules]\ndisable = [\"sendgrid-api-key\"]\n",
        "[scan]\nexclude = [\"a.py\"]\n",
        "[scan]\nfail_on = \"critical\"\nmin_confidence = \"high\"\nexclude = [\"*.py\"]\n",
        "[[allow]]\nrule = \"sendgrid-api-key\"\npaths = [\"a.py\"]\nreason = \"x\"\n",
        "baseline",
    ] {
        let repository = switched_off(way);
        let (status, said) = ran(&repository, &["range", "base..HEAD"]);
        assert_eq!(status, Some(0), "{way}: {said}");
        for command in ["range base..HEAD --config-from base", "files --config-from base"] {
            let (status, said) = ran(&repository, &command.split(' ').collect::<Vec<_>>());
            assert_eq!(status, Some(1), "{command}, {way}: {said}");
            assert!(said.contains("sendgrid-api-key"), "{command}, {way}: {said}");
        }
    }
}

#[test]
fn what_the_base_says_counts_although_the_change_takes_it_away() {
    let repository = Repository::new();
    repository
        .write(".unleak.toml", "[[allow]]\nrule = \"sendgrid-api-key\"\npaths = [\"tests/\"]\nreason = \"made up\"\n");
    repository.commit("base");
    repository.git(["tag", "base"]);
    repository.git(["rm", "--quiet", ".unleak.toml"]);
    repository.write("tests/a.py", leak(1));
    repository.commit("change");
    assert_eq!(ran(&repository, &["range", "base..HEAD"]).0, Some(1));
    assert_eq!(ran(&repository, &["range", "base..HEAD", "--config-from", "base"]).0, Some(0));
    // In a folder below the root it is the same file.
    let below = repository
        .command(env!("CARGO_BIN_EXE_unleak"))
        .current_dir(repository.path().join("tests"))
        .args(["range", "base..HEAD", "--config-from", "base"])
        .output();
    assert_eq!(below.expect("it runs").status.code(), Some(0));
}

#[test]
fn a_file_that_is_named_is_read_from_the_revision_too_if_it_lies_in_the_repository() {
    let repository = Repository::new();
    repository.write("ci/strict.toml", "[scan]\nfail_on = \"medium\"\n");
    repository.commit("base");
    repository.git(["tag", "base"]);
    repository.write("ci/strict.toml", "[rules]\ndisable = [\"sendgrid-api-key\"]\n");
    repository.write("a.py", leak(1));
    repository.commit("change");
    let range = ["range", "base..HEAD", "--config", "ci/strict.toml"];
    assert_eq!(ran(&repository, &range).0, Some(0));
    assert_eq!(ran(&repository, &[&range[..], &["--config-from", "base"]].concat()).0, Some(1));
    // Outside of it, the change can't reach it.
    repository.write("../lenient.toml", "[rules]\ndisable = [\"sendgrid-api-key\"]\n");
    let range = ["range", "base..HEAD", "--config", "../lenient.toml", "--config-from", "base"];
    assert_eq!(ran(&repository, &range).0, Some(0));
}

#[test]
fn what_can_not_be_judged_by_is_an_error() {
    let repository = switched_off("[scan]\nfail_on = \"critical\"\n");
    for (arguments, says) in [
        (vec!["range", "HEAD", "--config-from", "nowhere"], "`nowhere` does not name a commit"),
        (vec!["range", "HEAD", "--config-from", "base", "--config", "unleak.toml"], "base has no file unleak.toml"),
        (vec!["range", "HEAD", "--config-from", "base", "--no-config"], "cannot be used with"),
    ] {
        let (status, said) = ran(&repository, &arguments);
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains(says), "{said}");
    }
    repository.write("unleak.toml", "[scan]\nfail_om = \"critical\"\n");
    repository.commit("broken");
    let (status, said) = ran(&repository, &["range", "HEAD~1", "--config-from", "HEAD"]);
    assert!(status == Some(2) && said.contains("HEAD:unleak.toml:2"), "{said}");
}
