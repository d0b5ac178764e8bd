//! What else is asked of it.

use super::*;

#[test]
fn the_number_of_threads_changes_nothing() {
    let (repository, _) = leaking();
    let one = repository.unleak(["files", "--threads", "1", "--format", "json"]);
    let many = repository.unleak(["files", "--threads", "7", "--format", "json"]);
    assert_eq!(stdout(&one), stdout(&many));
}

#[test]
fn rules_are_listed_explained_and_checked() {
    let repository = clean();
    let table = stdout(&repository.unleak(["rules"]));
    assert!(table.lines().any(|l| l.starts_with("sendgrid-api-key ") && l.contains("critical")), "{table}");
    let one = stdout(&repository.unleak(["rules", "sendgrid-api-key"]));
    assert!(one.contains("What to do") && one.contains("https://"), "{one}");
    assert_error(&repository.unleak(["rules", "sendgrid-apikey"]), &["did you mean \"sendgrid-api-key\"?"]);
    assert_error(&repository.unleak(["rules", "--check"]), &["no rules of its own"]);
    let listed = json(&repository.unleak(["rules", "--format", "json"]));
    assert_eq!(listed["rules"].as_array().map(Vec::len), Some(table.lines().count()));
    let rule = "[[rule]]\nid = \"acme-token\"\ntitle = \"Acme token\"\ndescription = \"Opens Acme.\"\nseverity = 7.5\n\
                anchors = [\"acme_\"]\npattern = 'acme_(?<secret>[a-z0-9]{12})'\n";
    repository.write("unleak.toml", format!("{rule}hits = [\"acme_«q‸8rk2mv9xw3t»\"]\n"));
    assert!(stdout(&repository.unleak(["rules"])).contains("acme-token"));
    assert_exit(&repository.unleak(["rules", "--check"]), CLEAN);
    repository.write("unleak.toml", format!("{rule}misses = [\"acme_q‸8rk2mv9xw3t\"]\n"));
    assert_error(&repository.unleak(["rules", "--check"]), &["acme-token: miss 1 is found"]);
}

#[test]
fn completions_and_manual_pages_name_the_commands() {
    let repository = clean();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = repository.unleak(["completions", shell]);
        assert_exit(&output, CLEAN);
        assert!(stdout(&output).contains("staged") && stdout(&output).contains("min-confidence"), "{shell}");
    }
    assert!(stdout(&repository.unleak(["man"])).contains("unleak\\-staged(1)"));
    assert!(stdout(&repository.unleak(["man", "staged"])).contains("min\\-confidence"));
}

#[test]
fn the_program_starts_without_home_or_terminal() {
    let (repository, _) = leaking();
    let output = Command::new(env!("CARGO_BIN_EXE_unleak"))
        .args(["files"])
        .env_clear()
        .current_dir(repository.path())
        .stdin(Stdio::null())
        .output()
        .expect("the program can be started");
    assert_exit(&output, FINDINGS);
}
