//! What a sweep is asked for: to go on from an earlier one, a part of it, its reasons, its words.

use crate::support;
use crate::support::{Repository, sendgrid_key};
use crate::{finding, in_full, introduced, line, of_key, shown, swept, swept_with};
use std::collections::BTreeSet;
use unleak::document::Aspect;
use unleak::report::Extent;
use unleak::source::Surroundings;
use unleak::sweep::progress::{Pass, Progress};
use unleak::sweep::state::State;
use unleak::sweep::{Options, sweep};

#[test]
fn going_on_reads_only_what_came_since() {
    let repository = Repository::new();
    let keys: Vec<String> = (50..56).map(sendgrid_key).collect();
    repository.write("deep/er/a.js", line(&keys[0]));
    repository.write("b.js", "// b\n");
    repository.commit("old");
    let since = |state: Option<State>| {
        let surroundings = Surroundings { cwd: repository.path().to_path_buf(), ..Surroundings::default() };
        let options = Options { since: state, ..Options::default() };
        sweep(&surroundings, support::quiet_scan(), &options, &Progress::default()).expect("it can be swept")
    };
    let first = since(None);
    let again = since(Some(first.state.clone()));
    assert_eq!((again.report.findings.len(), again.report.coverage.blobs), (0, 0));

    // The old secret moves inside its file; new ones come by a file, a merge, a message, a tag and a note.
    repository.write("deep/er/a.js", format!("// moved\n{}{}", line(&keys[0]), line(&keys[1])));
    let brought = repository.commit("new");
    repository.git(["checkout", "--quiet", "-b", "side", "HEAD~1"]);
    repository.write("c.js", line(&keys[2]));
    repository.commit(&line(&keys[3]));
    repository.git(["checkout", "--quiet", "main"]);
    repository.git(["merge", "--quiet", "-m", "merge", "side"]);
    repository.git(["tag", "-a", "-m", &line(&keys[4]), "v1"]);
    repository.git(["notes", "add", "-m", &line(&keys[5])]);
    let second = since(Some(first.state.clone())).report;
    assert!(of_key(&second, &keys[0]).is_empty(), "it was there before");
    for key in &keys[1..] {
        finding(&second, key);
    }
    assert_eq!(introduced(finding(&second, &keys[1])), [brought.as_str()]);
    assert_eq!((second.coverage.commits, second.coverage.blobs), (4, 3));
    let whole = since(None).report;
    for key in &keys[1..] {
        assert_eq!(in_full(finding(&second, key)), in_full(finding(&whole, key)));
    }

    let other = State { rules: "others".into(), ..first.state.clone() };
    let full = since(Some(other)).report;
    assert_eq!(shown(&full), shown(&whole));
    assert!(matches!(full.coverage.history.map(|h| h.extent), Some(Extent::FullAgain(_))));
    repository.git(["checkout", "--quiet", "--orphan", "fresh"]);
    repository.commit("fresh");
    for name in ["refs/heads/main", "refs/heads/side", "refs/tags/v1", "refs/notes/commits"] {
        repository.git(["update-ref", "-d", name]);
    }
    repository.git(["reflog", "expire", "--expire=now", "--all"]);
    repository.git(["gc", "--quiet", "--prune=now"]);
    let lost = since(Some(first.state)).report;
    assert!(matches!(lost.coverage.history.map(|h| h.extent), Some(Extent::FullAgain(why)) if why.contains("gone")));
}

#[test]
fn shards_together_find_what_the_whole_finds() {
    let repository = Repository::new();
    let text = |version: u32| (0..60).map(|n| format!("line {}\n", n * version)).collect::<String>();
    for version in 0..24u32 {
        let key = sendgrid_key(60 + u64::from(version / 4));
        let middle = if version % 4 == 3 { String::new() } else { line(&key) };
        repository.write("src/a.js", text(1) + &middle + &format!("// {version}\n") + &text(2));
        repository.write(format!("b{}.js", version % 3), text(3) + &line(&sendgrid_key(80 + u64::from(version % 5))));
        repository.commit(&format!("version {version}\n\n{}", line(&sendgrid_key(90 + u64::from(version % 2)))));
    }
    repository.write("sendgrid.env", "PORT=1\n");
    repository.commit("a name");
    // Each shard looks through some of the commits that name one author, and passes by the others.
    let author = format!("{} <a@example.org>", sendgrid_key(95));
    for number in 0..12 {
        let message = format!("by a key {number}");
        repository.git(["commit", "--quiet", "--allow-empty", "--author", &author, "--message", &message]);
    }
    repository.git(["repack", "-adfq"]);
    let whole = swept(&repository);
    assert_eq!(whole.findings.iter().filter(|finding| finding.origin.part == Aspect::Header).count(), 12);
    let all: BTreeSet<String> = shown(&whole).into_iter().collect();
    for parts in [2, 5] {
        let mut together = BTreeSet::new();
        let (mut blobs, mut commits) = (0, 0);
        for part in 1..=parts {
            let shard = format!("{part}/{parts}").parse().expect("it is a part");
            let report = swept_with(&repository, &Options { shard, ..Options::default() });
            together.extend(shown(&report));
            blobs += report.coverage.blobs;
            commits += report.coverage.commits;
        }
        let differing: Vec<&String> = together.symmetric_difference(&all).collect();
        assert!(differing.is_empty(), "{differing:#?}");
        assert_eq!((blobs, commits), (whole.coverage.blobs, whole.coverage.commits));
    }
}

#[test]
fn a_sweep_explains_what_it_dismissed() {
    let repository = Repository::new();
    let key = sendgrid_key(76);
    repository.write("a.js", line(&key).trim_end().to_owned() + " // unleak:allow sendgrid-api-key it is a sample\n");
    repository.commit("allowed");
    let output = repository.unleak(["history", "--explain"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("it is a sample") && !text.contains(&key[26..]), "{text}");
}

#[test]
fn people_are_told_the_worst_first_and_one_secret_once() {
    let repository = Repository::new();
    let key = sendgrid_key(3);
    repository.write("a.yml", "admin_password: Kestrel77\n");
    repository.write("b.js", line(&key));
    repository.write("c/d.js", line(&key));
    repository.commit("add");
    let told = String::from_utf8(repository.unleak(["history"]).stdout).expect("it is UTF-8");
    let places = |rule: &str| told.matches(&format!("[{rule}]")).count();
    assert_eq!((places("sendgrid-api-key"), places("generic-password")), (1, 1), "{told}");
    assert!(told.starts_with("critical[sendgrid-api-key]"), "{told}");
    assert!(told.contains("also: the same at 1 more place: c/d.js:1:11"), "{told}");
    assert!(told.contains("3 findings of 2 secrets: "), "{told}");
}

#[test]
fn a_text_to_which_each_commit_added_a_secret_is_scanned_once_for_all_of_them() {
    let repository = Repository::new();
    let keys: Vec<String> = (70..82).map(sendgrid_key).collect();
    let brought: Vec<String> = (1..=keys.len())
        .map(|count| {
            repository.write("a.js", keys[..count].iter().map(|key| line(key)).collect::<String>());
            repository.commit("one more")
        })
        .collect();
    let surroundings = Surroundings { cwd: repository.path().to_path_buf(), ..Surroundings::default() };
    let progress = Progress::default();
    let swept = sweep(&surroundings, support::quiet_scan(), &Options::default(), &progress).expect("it can be swept");
    for (nth, key) in keys.iter().enumerate() {
        let found = finding(&swept.report, key);
        assert_eq!(found.origin.commit_id.as_deref(), Some(brought[nth].as_str()));
        assert_eq!((introduced(found), found.location.start_line), (vec![brought[nth].as_str()], nth as u32 + 1));
    }
    assert_eq!(progress.pass(), Pass::Lifecycle);
    assert_eq!((progress.objects.into_inner(), progress.total.into_inner()), (1, 1), "the text that HEAD has");
}
