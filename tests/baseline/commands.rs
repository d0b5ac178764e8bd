//! What a baseline accepts, in the commands that mend, plan and explain, and in reports of every format.

use super::*;

/// A repository with a leak that its baseline accepts, `old.py`, and, in another commit, one that it does not.
fn repository() -> Repository {
    let repository = Repository::new();
    let source = |number| format!("import os\nKEY = \"{}\"\n", sendgrid_key(number));
    repository.write("old.py", source(1));
    repository.commit("an old leak");
    told(&repository, 0, &["baseline", "create", "--reason", "revoked in March"]);
    repository.write("unleak.toml", format!("[scan]\nbaseline = \"{FILE}\"\n"));
    repository.commit("accept it");
    repository.write("new.py", source(2));
    repository.commit("a new leak");
    repository
}

fn read(repository: &Repository, path: &str) -> String {
    std::fs::read_to_string(repository.path().join(path)).expect("the file is there")
}

#[test]
fn fix_leaves_what_is_accepted_and_counts_it() {
    let repository = repository();
    let said = told(&repository, 0, &["fix"]);
    assert!(said.contains("1 accepted by the baseline, left as it is") && said.contains("1 mended, 0 left"), "{said}");
    assert!(read(&repository, "old.py").contains(&sendgrid_key(1)));
    assert!(read(&repository, "new.py").contains("os.environ[\"SENDGRID_API_KEY\"]"));
    told(&repository, 0, &["fix", "--no-baseline"]);
    assert!(read(&repository, "old.py").contains("os.environ["));
}

#[test]
fn fix_of_what_is_staged_leaves_what_is_accepted() {
    let repository = repository();
    repository.git(["rm", "--quiet", "--cached", "old.py", "new.py"]);
    repository.commit_index("out of the way");
    repository.git(["add", "--all"]);
    let said = told(&repository, 0, &["fix", "--staged"]);
    assert!(said.contains("1 accepted by the baseline") && said.contains("1 mended, 0 left"), "{said}");
    assert!(said.contains("git add -- 'new.py' '.env.example' '.gitignore'"), "{said}");
    assert!(read(&repository, "old.py").contains(&sendgrid_key(1)));
}

#[test]
fn a_renamed_file_that_is_accepted_is_left_too() {
    let repository = repository();
    repository.git(["mv", "old.py", "moved.py"]);
    assert!(told(&repository, 0, &["fix"]).contains("1 accepted by the baseline"));
    assert!(read(&repository, "moved.py").contains(&sendgrid_key(1)));
}

#[test]
fn the_plan_has_what_is_accepted_last_with_who_accepted_it() {
    let repository = repository();
    let plan = told(&repository, 1, &["respond"]);
    assert!(plan.contains("2 leaked secrets, none of them on a remote; the baseline accepts 1"), "{plan}");
    let chapters: Vec<&str> = plan.split("\n## ").collect();
    assert!(chapters[1].contains("`new.py`") && !chapters[1].contains("accepted in"), "{plan}");
    assert!(chapters[2].contains("`old.py`") && chapters[2].contains("accepted in the baseline by Ada"), "{plan}");
    assert!(chapters[2].contains("revoked in March"), "{plan}");
    let json = repository.unleak(["respond", "--format", "json"]).stdout;
    let json: Value = serde_json::from_slice(&json).expect("the plan is JSON");
    assert_eq!(json["incidents"][0]["accepted"], serde_json::json!([]));
    assert_eq!(json["incidents"][1]["accepted"][0]["reason"], "revoked in March");
    assert!(!told(&repository, 1, &["respond", "--no-baseline"]).contains("accepted in"));
}

#[test]
fn a_secret_that_is_accepted_at_one_of_its_places_is_not_accepted() {
    let repository = repository();
    repository.write("copy.py", format!("KEY = \"{}\"\n", sendgrid_key(1)));
    repository.write("new.py", "import os\n");
    repository.git(["add", "--all"]);
    repository.git(["commit", "--quiet", "--amend", "--message", "a copy"]);
    repository.git(["reflog", "expire", "--expire=now", "--all"]);
    repository.git(["gc", "--quiet", "--prune=now"]);
    let plan = told(&repository, 1, &["respond"]);
    assert!(plan.contains("1 leaked secret, not on a remote. Whether"), "{plan}");
    assert!(plan.contains("`copy.py`") && plan.contains("accepted in the baseline by Ada"), "{plan}");
}

#[test]
fn what_is_accepted_is_rewritten_only_if_it_is_named() {
    let repository = repository();
    let file = repository.beside("replacements.txt");
    let file = file.to_str().expect("it is text");
    told(&repository, 1, &["respond", "--replacements", file]);
    let all = std::fs::read_to_string(file).expect("it was written");
    assert!(all.contains(&sendgrid_key(2)) && !all.contains(&sendgrid_key(1)));
    let entry: Value = serde_json::from_str(read(&repository, FILE).trim()).expect("an entry is JSON");
    let fingerprint = entry["fingerprint"].as_str().expect("it is text");
    // All that was asked for is accepted.
    told(&repository, 0, &["respond", "--replacements", file, fingerprint]);
    let named = std::fs::read_to_string(file).expect("it was written");
    assert!(named.contains(&sendgrid_key(1)) && !named.contains(&sendgrid_key(2)));
}

#[test]
fn a_finding_that_is_accepted_is_explained_with_who_accepted_it() {
    let repository = repository();
    let entry: Value = serde_json::from_str(read(&repository, FILE).trim()).expect("an entry is JSON");
    let fingerprint = entry["fingerprint"].as_str().expect("it is text");
    let text = told(&repository, 0, &["explain", fingerprint]);
    assert!(text.contains("old.py:2:8") && text.contains("\nWhat to do\n"), "{text}");
    assert!(text.contains("accepted in the baseline by Ada") && text.contains(": revoked in March\n"), "{text}");
    assert!(!told(&repository, 0, &["explain", "--no-baseline", fingerprint]).contains("accepted in"));
}

#[test]
fn every_format_that_has_a_place_for_it_says_how_much_is_accepted() {
    let repository = repository();
    for format in ["human", "github", "github-summary", "markdown", "junit", "csv", "gitlab"] {
        let report = repository.unleak(["files", "--format", format]).stdout;
        let report = String::from_utf8(report).expect("a report is text");
        assert!(report.contains("1 accepted by the baseline"), "{format}: {report}");
        let without = repository.unleak(["files", "--no-baseline", "--format", format]).stdout;
        assert!(!String::from_utf8_lossy(&without).contains("accepted"), "{format}");
    }
    let junit = repository.unleak(["files", "--format", "junit"]).stdout;
    let junit = String::from_utf8(junit).expect("a report is text");
    assert_eq!(junit.matches("<testcase ").count(), 3, "{junit}");
    assert!(junit.contains("tests=\"3\""), "{junit}");
}
