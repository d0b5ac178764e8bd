//! Which configuration counts, and what is said of it.

use super::*;

#[test]
fn a_broken_configuration_stops_at_once_naming_file_line_and_mend() {
    let (repository, _) = leaking();
    for (text, words) in [
        ("[scan]\nfial_on = \"high\"\n", &["unleak.toml:2", "fial_on", "fail_on"][..]),
        ("[rules]\ndisable = [\"sendgrid-apikey\"]\n", &["unleak.toml:2", "did you mean \"sendgrid-api-key\"?"]),
        ("[rules]\nonly = []\n", &["unleak.toml:1", "no rule is left"]),
        ("[[allow]]\nreason = \"all of it\"\npaths = [\"**\"]\n", &["unleak.toml:1", "allows everything"]),
        ("[[allow]]\npaths = [\"a\"]\nvalue = \"(\"\nreason = \"x\"\n", &["unleak.toml:3", "regular expression"]),
    ] {
        repository.write("unleak.toml", text);
        repository.git(["add", "unleak.toml"]);
        for arguments in [&["files"][..], &["staged"], &["range", "HEAD~1..HEAD"], &["rules"], &["message", "readme"]] {
            assert_error(&repository.unleak(arguments), words);
        }
        let without = repository.unleak(["files", "--no-config"]);
        assert_exit(&without, FINDINGS);
    }
    std::fs::create_dir(repository.path().join("app/deep")).expect("it is new");
    let below = unleak_in(&repository, &repository.path().join("app/deep"), &["files"]);
    assert_error(&below, &["unleak.toml:3"]);
}

#[test]
fn an_option_outdoes_the_environment_and_both_outdo_the_repository() {
    let (repository, _) = leaking();
    let allow = |rule: &str| format!("[[allow]]\nrule = \"{rule}\"\nreason = \"a test\"\n");
    repository.write(".github/unleak.toml", allow("sendgrid-api-key"));
    repository.write("other.toml", allow("npm-access-token").replace("npm-access-token", "stripe-test-key"));
    let with_variable = |arguments: &[&str], value: &str| {
        let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
        command.args(arguments).env("UNLEAK_CONFIG", value).output().expect("the program can be started")
    };
    assert_exit(&repository.unleak(["files"]), CLEAN);
    assert_exit(&repository.unleak(["files", "--no-allow"]), FINDINGS);
    assert_exit(&repository.unleak(["files", "--no-config"]), FINDINGS);
    assert_exit(&repository.unleak(["files", "--config", "other.toml"]), FINDINGS);
    assert_exit(&with_variable(&["files"], "other.toml"), FINDINGS);
    assert_exit(&with_variable(&["files"], ""), CLEAN);
    assert_exit(&with_variable(&["files", "--config", ".github/unleak.toml"], "other.toml"), CLEAN);
    assert_error(&with_variable(&["files"], "nowhere.toml"), &["nowhere.toml"]);
    assert_exit(&with_variable(&["files", "--no-config"], "nowhere.toml"), FINDINGS);
    repository.write("unleak.toml", allow("stripe-test-key"));
    assert_exit(&repository.unleak(["files"]), FINDINGS);
}

#[test]
fn the_configuration_at_the_root_counts_from_any_folder() {
    let (repository, _) = leaking();
    repository.write("unleak.toml", "[[allow]]\npaths = [\"app/\"]\nreason = \"a test\"\n");
    repository.write("app/unleak.toml", "this would be a mistake");
    assert_exit(&unleak_in(&repository, &repository.path().join("app"), &["files"]), CLEAN);
    assert_exit(&unleak_in(&repository, &repository.path().join("app"), &["files", "mail.py"]), CLEAN);
}

#[test]
fn neither_a_stream_nor_a_bare_repository_nor_a_push_is_judged_by_what_it_brings() {
    let (repository, key) = leaking();
    let allow = "[[allow]]\nrule = \"sendgrid-api-key\"\nreason = \"a test\"\n";
    repository.write("unleak.toml", allow);
    repository.commit("allow it");
    assert_exit(&repository.unleak(["range", "HEAD~2..HEAD"]), CLEAN);
    assert_exit(&unleak_with_input(&repository, &["stdin"], line(&key).as_bytes()), FINDINGS);
    let mut receiving = repository.command(env!("CARGO_BIN_EXE_unleak"));
    receiving.args(["range", "HEAD~2..HEAD"]).env("GIT_QUARANTINE_PATH", repository.path());
    assert_exit(&receiving.output().expect("the program can be started"), FINDINGS);
    let bare = repository.beside("bare.git");
    repository.git(["clone", "--quiet", "--bare", ".", &bare.to_string_lossy()]);
    std::fs::write(bare.join("unleak.toml"), allow).expect("the folder exists");
    assert_exit(&unleak_in(&repository, &bare, &["range", "HEAD~2..HEAD"]), FINDINGS);
}

#[test]
fn a_configuration_that_judges_its_own_change_is_pointed_out() {
    let (repository, _) = leaking();
    repository.write("unleak.toml", "[[allow]]\nrule = \"sendgrid-api-key\"\nreason = \"a test\"\n");
    repository.git(["add", "unleak.toml"]);
    let said = "unleak.toml is among the changes";
    assert!(stdout(&repository.unleak(["staged"])).contains(said));
    assert!(stderr(&repository.unleak(["staged", "--format", "sarif"])).contains(said));
    assert!(!stdout(&repository.unleak(["files"])).contains(said));
    repository.commit("allow it");
    assert!(stdout(&repository.unleak(["range", "HEAD"])).contains(said));
    assert!(!stdout(&repository.unleak(["staged"])).contains(said));
}

#[test]
fn expired_and_unused_allow_entries_are_reported() {
    let (repository, _) = leaking();
    repository.write(
        "unleak.toml",
        "[[allow]]\nrule = \"sendgrid-api-key\"\nexpires = \"2020-01-01\"\nreason = \"once\"\n\n\
         [[allow]]\npaths = [\"elsewhere/\"]\nreason = \"gone\"\n",
    );
    let output = repository.unleak(["files", "--format", "json"]);
    assert_exit(&output, FINDINGS);
    let notices = json(&output)["notices"].to_string();
    assert!(notices.contains("unleak.toml:1: this allow entry expired on 2020-01-01"), "{notices}");
    assert!(notices.contains("unleak.toml:6: this allow entry allows nothing"), "{notices}");
    let part = json(&repository.unleak(["files", "app", "--format", "json"]))["notices"].to_string();
    assert!(part.contains("unleak.toml:1") && !part.contains("unleak.toml:6"), "{part}");
}

#[test]
fn excluded_paths_are_counted_as_skipped() {
    let (repository, _) = leaking();
    repository.write("unleak.toml", "[scan]\nexclude = [\"app/\"]\n");
    let output = repository.unleak(["files", "--format", "json"]);
    assert_exit(&output, CLEAN);
    let skipped = &json(&output)["coverage"]["skipped"];
    assert_eq!(skipped[0]["what"], "app/mail.py", "{skipped}");
    assert!(skipped[0]["why"].as_str().is_some_and(|why| why.contains("configuration")), "{skipped}");
    assert_eq!(skipped.as_array().map(Vec::len), Some(1), "{skipped}");
}

#[test]
fn a_hostile_configuration_does_not_reach_the_terminal() {
    let repository = Repository::new();
    repository.write("unleak.toml", "\"\\u001b[2J\" = 1\n");
    let output = repository.unleak(["files"]);
    assert_error(&output, &["unleak.toml:1", "x1b[2J"]);
    assert!(!stderr(&output).contains('\u{1b}'));
}
