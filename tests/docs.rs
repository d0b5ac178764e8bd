//! The README says what the program does: help, rules, exit statuses, samples. `UPDATE_DOCS=1` writes it anew.

mod support;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use support::{Repository, sendgrid_key};
use unleak::config::Config;
use unleak::ruleset::RuleSet;

/// The provider that comes first.
const FIRST: &str = "Twilio SendGrid";
/// One test at a time may rewrite the README.
static README: Mutex<()> = Mutex::new(());

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn readme() -> String {
    std::fs::read_to_string(path("README.md")).expect("there is a README").replace("\r\n", "\n")
}

fn marks(name: &str) -> (String, String) {
    (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"))
}

/// What stands between the marks of that name.
fn between(text: &str, name: &str) -> String {
    let (open, close) = marks(name);
    let (_, rest) = text.split_once(&open).unwrap_or_else(|| panic!("the README has no {open}"));
    let (inside, _) = rest.split_once(&close).unwrap_or_else(|| panic!("the README has no {close}"));
    inside.to_owned()
}

/// The lines of the fenced block between the marks.
fn fenced(name: &str) -> String {
    let inside = between(&readme(), name);
    let lines: Vec<&str> = inside.lines().filter(|line| !line.starts_with("```")).collect();
    lines.join("\n") + "\n"
}

#[track_caller]
fn assert_says(name: &str, expected: &str) {
    let _one_at_a_time = README.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let text = readme();
    let inside = between(&text, name);
    if inside == expected {
        return;
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let (open, close) = marks(name);
        let updated = text.replace(&format!("{open}{inside}{close}"), &format!("{open}{expected}{close}"));
        std::fs::write(path("README.md"), updated).expect("the README can be written");
        return;
    }
    panic!("the README is behind on {name}; run UPDATE_DOCS=1 cargo test --test docs\nit should say:\n{expected}");
}

fn printed(repository: &Repository, arguments: &[&str]) -> String {
    String::from_utf8(repository.unleak(arguments).stdout).expect("help is text")
}

#[test]
fn the_readme_shows_the_help() {
    let repository = Repository::new();
    let program = printed(&repository, &["--help"]);
    let scan = printed(&repository, &["files", "-h"]);
    assert_says("help", &format!("```console\n$ unleak --help\n{program}\n$ unleak files -h\n{scan}```\n"));
}

#[test]
fn the_readme_has_the_exit_statuses_of_the_help() {
    let help = printed(&Repository::new(), &["--help"]);
    let (_, statuses) = help.split_once("Exit status:\n").expect("the help lists them");
    let mut table = String::from("| Status | Meaning |\n|---|---|\n");
    for line in statuses.lines() {
        let (status, meaning) = line.trim().split_once("  ").expect("a status and its meaning");
        writeln!(table, "| {status} | {} |", meaning.replace("--fail-on", "`--fail-on`")).expect("it is a String");
    }
    assert_says("exit", &table);
}

#[test]
fn the_readme_lists_the_rules() {
    let rules = RuleSet::builtin();
    let mut table = String::from("| SendGrid rule | Severity | Finds |\n|---|---|---|\n");
    for rule in rules.rules().iter().filter(|rule| rule.provider == FIRST) {
        writeln!(table, "| `{}` | {} | {} |", rule.id(), rule.severity.name(), rule.spec.title)
            .expect("it is a String");
    }
    let others = || rules.rules().iter().filter(|rule| rule.provider != FIRST);
    let providers: HashSet<&str> = others().map(|rule| rule.provider.as_ref()).collect();
    let (count, providers) = (others().count(), providers.len());
    writeln!(
        table,
        "\nAnd {count} rules of {providers} other providers: [docs/rules.md](docs/rules.md) has all of them."
    )
    .expect("it is a String");
    assert_says("rules", &table);
}

#[test]
fn the_rule_reference_is_what_the_program_prints() {
    let expected = printed(&Repository::new(), &["rules", "--format", "markdown"]);
    assert!(expected.contains("\n### `sendgrid-api-key`\n"), "{expected}");
    let page = path("docs/rules.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(page, expected).expect("the page can be written");
        return;
    }
    let found = std::fs::read_to_string(page).expect("there is a page").replace("\r\n", "\n");
    let line = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
    assert!(
        found == expected,
        "docs/rules.md is behind from line {} on; run UPDATE_DOCS=1 cargo test --test docs",
        line.unwrap_or(found.lines().count().min(expected.lines().count())) + 1
    );
}

#[test]
fn the_readme_shows_a_refused_commit_as_it_is() {
    let repository = Repository::new();
    repository
        .write("mail.py", format!("import sendgrid\n\nclient = sendgrid.SendGridAPIClient(\"{}\")\n", sendgrid_key(1)));
    repository.git(["add", "mail.py"]);
    let output = repository.unleak(["hook", "run", "pre-commit"]);
    let refused = String::from_utf8(output.stderr).expect("the program prints UTF-8");
    assert_says("picture", &format!("```console\n$ git commit --message \"Send mail\"\n{refused}```\n"));
}

#[cfg(unix)]
#[test]
fn the_hook_of_the_readme_refuses_a_commit() {
    let repository = Repository::new();
    let program = Path::new(env!("CARGO_BIN_EXE_unleak"));
    let folder = program.parent().expect("the program stands in a folder").display().to_string();
    let search = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    let installed = repository.command("sh").args(["-c", &fenced("hook")]).env("PATH", &search).status();
    assert!(installed.expect("sh can be started").success());
    let commit = |repository: &Repository| {
        let mut git = repository.command("git");
        git.args(["commit", "--quiet", "--message", "next"]).env("PATH", &search).output().expect("git can be started")
    };
    repository.write("readme", "hello\n");
    repository.git(["add", "--all"]);
    assert!(commit(&repository).status.success());
    repository.write("mail.py", format!("key = \"{}\"\n", sendgrid_key(1)));
    repository.git(["add", "--all"]);
    assert!(!commit(&repository).status.success());
}

#[test]
fn the_configuration_of_the_readme_is_valid_and_its_samples_hold() {
    let repository = Repository::new();
    repository.write("unleak.toml", fenced("config"));
    let checked = repository.unleak(["rules", "--check"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let config = Config::parse(&fenced("config"), "README.md", jiff::civil::date(2026, 11, 21));
    let config = config.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((config.allows.len(), config.own_rules.len()), (1, 1));
}

#[test]
fn every_path_that_the_documents_link_to_exists() {
    for name in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = std::fs::read_to_string(path(name)).expect("the document is there");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(link.starts_with("https://") || path(link).exists(), "{name} links to {link}");
        }
    }
}

#[test]
fn the_hooks_of_the_manifest_run_commands_that_exist() {
    let manifest = std::fs::read_to_string(path(".pre-commit-hooks.yaml")).expect("the manifest is there");
    let help = printed(&Repository::new(), &["--help"]);
    let entries: Vec<&str> = manifest.lines().filter_map(|line| line.trim().strip_prefix("entry: unleak ")).collect();
    let each = ["hook run pre-commit", "hook run commit-msg", "hook run pre-push"];
    assert_eq!(entries, [each, each].concat());
    assert!(help.lines().any(|line| line.trim_start().starts_with("hook ")), "{help}");
    let readme = readme();
    for id in manifest.lines().filter_map(|line| line.strip_prefix("- id: ")) {
        assert!(readme.contains(id), "the README does not name the hook {id}");
    }
}
