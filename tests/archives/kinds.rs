//! Every kind of archive is opened, wherever it is met.

use super::*;

#[test]
fn every_kind_is_opened_on_disk_and_in_history() {
    let repository = Repository::new();
    let (archives, expected) = all_kinds();
    for (name, bytes) in archives {
        repository.write(name, bytes);
    }
    assert_eq!(places(&files(&repository)), expected);
    repository.commit("archives");
    let report = swept(&repository);
    assert_eq!(places(&report), expected);
    assert!(report.coverage.is_complete());
    repository.git(["repack", "-adfq"]);
    assert_eq!(places(&swept(&repository)), expected);
    let unopened = places(&scanned(&repository, everything(), Archives::Never));
    assert!(unopened.contains(&"b.tar:2".to_owned()), "what is not packed is found all the same: {unopened:?}");
    assert!(!unopened.iter().any(|place| place.contains('!')), "{unopened:?}");
}

#[test]
fn small_archives_are_opened_in_the_index_and_large_ones_are_named() {
    let repository = Repository::new();
    let noise: Vec<u8> = (0..2_000_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    repository.write("small.zip", zip(&[("mail.py", &text(1))]));
    repository.write("large.zip", zip(&[("mail.py", &text(2)), ("noise", &noise)]));
    repository.git(["add", "--all"]);
    let report = staged(&repository);
    assert_eq!(places(&report), ["small.zip!mail.py:2"]);
    let (skipped, missing) = left_out(&report);
    assert!(missing.is_empty() && skipped.len() == 1, "{skipped:?}");
    assert!(skipped[0].starts_with("large.zip: it is 7 MiB large, more than 1 MiB: too much for"), "{skipped:?}");
    let report = scanned(&repository, Selection::Staged, Archives::Always);
    assert_eq!(places(&report), ["large.zip!mail.py:2", "small.zip!mail.py:2"]);
}

#[test]
fn a_change_of_an_archive_tells_what_is_new_in_it() {
    let repository = Repository::new();
    repository.write("a.zip", zip(&[("old.py", &text(1))]));
    repository.commit("first");
    let moved = zip(&[("old.py", &text(1)), ("new.py", &text(2)), ("moved.py", &text(1))]);
    repository.write("a.zip", moved);
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), ["a.zip!moved.py:2 (known)", "a.zip!new.py:2"]);
    repository.commit("second");
    assert_eq!(places(&range(&repository, "HEAD~..HEAD")), ["a.zip!moved.py:2 (known)", "a.zip!new.py:2"]);
    repository.git(["mv", "a.zip", "b.zip"]);
    let renamed = ["b.zip!moved.py:2 (known)", "b.zip!new.py:2 (known)", "b.zip!old.py:2 (known)"];
    assert_eq!(places(&staged(&repository)), renamed);
}

#[test]
fn a_secret_in_an_archive_has_a_life_story() {
    let repository = Repository::new();
    let mut commits = Vec::new();
    for version in [vec![1], vec![1, 2], vec![2], vec![]] {
        let texts: Vec<(String, Vec<u8>)> = version.iter().map(|n| (format!("{n}.py"), text(*n))).collect();
        let listed: Vec<File<'_>> = texts.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
        repository.write("lib.jar", zip(&listed));
        commits.push(repository.commit("version"));
    }
    let report = swept(&repository);
    assert_eq!(places(&report), ["lib.jar!1.py:2", "lib.jar!2.py:2"]);
    let told = |at: usize| {
        let story = report.findings[at].lifecycle.as_deref().expect("a sweep tells life stories");
        let ids = |moments: &[unleak::finding::Moment]| moments.iter().map(|m| m.commit_id.clone()).collect::<Vec<_>>();
        (ids(&story.introduced), ids(&story.removed), story.in_head)
    };
    assert_eq!(told(0), (vec![commits[0].clone()], vec![commits[2].clone()], false));
    assert_eq!(told(1), (vec![commits[1].clone()], vec![commits[3].clone()], false));
}

#[test]
fn names_in_archives_are_judged_like_names_of_files() {
    let repository = Repository::new();
    repository.write("backup.zip", zip(&[("home/.ssh/id_rsa", b"anything"), ("sendgrid.env", b"anything")]));
    repository.commit("backup");
    for report in [files(&repository), swept(&repository)] {
        let told =
            |f: &unleak::finding::Finding| format!("{} {}", f.rule.id(), String::from_utf8_lossy(&f.origin.path));
        let told: Vec<String> = report.findings.iter().map(told).collect();
        assert!(told.contains(&"sendgrid-env-file backup.zip!sendgrid.env".to_owned()), "{told:?}");
        assert!(told.contains(&"ssh-private-key-file backup.zip!home/.ssh/id_rsa".to_owned()), "{told:?}");
    }
}

#[test]
fn a_file_of_lzw_is_read_whatever_its_codes_are() {
    for most in [9, 10, 12, 16] {
        for len in [0, 1, 2, 300, 5_000, 200_000] {
            let whole = noise(len);
            let mut texts = Texts::default();
            open(
                b"a.Z",
                Kind::of(&compress(&whole, most)).expect("it is one"),
                &compress(&whole, most),
                Archives::Always,
                &mut texts,
            );
            assert!(texts.0 == [whole], "{most} bits, {len} bytes");
        }
    }
}

#[test]
fn what_a_notebook_prints_is_read_as_people_see_it() {
    let repository = Repository::new();
    let password = ["k7Qm2", "xV9tLw4"].concat();
    let notebook = format!(
        "{{\"cells\": [{{\"cell_type\": \"code\", \"source\": [\"key = 'x'\"], \"outputs\": [{{\"output_type\": \"stream\", \
         \"text\": [\"export DB_PASS\", \"WORD='{password}'\\n\"]}}]}}, {{\"source\": [\"{}\"]}}], \"nbformat\": 4}}",
        sendgrid_key(2)
    );
    repository.write("n.ipynb", notebook);
    let expected = ["n.ipynb:1", "n.ipynb!output of cell 1:1"];
    let found = places(&files(&repository));
    assert!(expected.iter().all(|place| found.iter().any(|f| f == place)) && found.len() == 2, "{found:?}");
    repository.commit("notebook");
    assert_eq!(places(&swept(&repository)), found);
}

#[test]
fn what_stands_in_a_notebook_or_behind_a_database_is_read_as_it_is_in_an_archive_too() {
    let repository = Repository::new();
    let notebook = format!("{{\"cells\": [{{\"source\": [\"{}\"]}}], \"nbformat\": 4}}", sendgrid_key(1));
    let database = [sqlite(&[("name", "value")]), text(2)].concat();
    repository.write("a.zip", zip(&[("n.ipynb", notebook.as_bytes()), ("d.db", &database)]));
    let found = places(&files(&repository));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("a.zip!d.db:") && found[1] == "a.zip!n.ipynb:1", "{found:?}");
}
