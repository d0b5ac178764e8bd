//! unleak.toml: what it may say, and that each mistake in it names the line and the mend.

mod support;

use jiff::civil::{Date, date};
use support::samples::Random;
use unleak::config::Config;
use unleak::detect::Engine;
use unleak::document::Changed;
use unleak::finding::{Confidence, Reason, Severity};
use unleak::judge::Judge;
use unleak::report::{Report, Scanned};
use unleak::ruleset::RuleSet;
use unleak::scan::Scan;

const TODAY: Date = date(2026, 11, 21);

fn config(text: &str) -> Config {
    Config::parse(text, "unleak.toml", TODAY).unwrap_or_else(|error| panic!("{error}"))
}

fn mistake(text: &str) -> String {
    Config::parse(text, "unleak.toml", TODAY).map(|_| ()).expect_err("this is no good configuration").to_string()
}

/// Asserts that the mistake stands on the line and that the message holds each of the words.
fn assert_mistake(text: &str, line: usize, words: &[&str]) {
    let message = mistake(text);
    assert!(message.starts_with(&format!("unleak.toml:{line}: ")), "not on line {line}: {message}");
    for word in words {
        assert!(message.contains(word), "no {word:?} in: {message}");
    }
    assert!(!message.contains('\n'), "more than one line: {message}");
}

fn report(config: Config, path: &str, text: &str) -> (Report, Scan) {
    let scan = Scan {
        engine: Engine::new(config.rules),
        judge: Judge { allows: config.allows, ..Judge::default() },
        explain: true,
    };
    let outcome = scan.document(&support::document(path, text.as_bytes(), Changed::Whole), &|_| None);
    (scan.report(Scanned::default(), vec![outcome], Vec::new()), scan)
}

#[test]
fn an_empty_file_leaves_everything_as_it_is() {
    let config = config("");
    assert_eq!(config.rules.rules().len(), RuleSet::builtin().rules().len());
    assert!(config.allows.is_empty() && config.notices.is_empty() && config.own_rules.is_empty());
    assert_eq!((config.fail_on, config.min_confidence), (None, None));
}

#[test]
fn the_scan_table_sets_defaults_and_excludes_paths() {
    let config =
        config("[scan]\nfail_on = \"high\"\nmin_confidence = \"medium\"\nexclude = [\"vendor/\", \"*.lock\"]\n");
    assert_eq!((config.fail_on, config.min_confidence), (Some(Severity::High), Some(Confidence::Medium)));
    let exclude = config.exclude.expect("it says what to exclude");
    assert!(exclude.is_match("vendor/a/b") && exclude.is_match("x/Cargo.lock") && !exclude.is_match("src/vendor.rs"));
}

#[test]
fn rules_can_be_switched_off_or_picked() {
    let all = RuleSet::builtin().rules().len();
    let fewer = config("[rules]\ndisable = [\"sendgrid-api-key\"]\n");
    assert_eq!(fewer.rules.rules().len(), all - 1);
    assert!(fewer.rules.get("sendgrid-api-key").is_none());
    let one = config("[rules]\nonly = [\"sendgrid-api-key\"]\n");
    assert_eq!(one.rules.rules().len(), 1);
}

const OWN_RULE: &str = r#"[[rule]]
id = "acme-token"
title = "Acme token"
description = "Opens the gates of Acme."
severity = 7.5
anchors = ["acme_"]
pattern = 'acme_(?<secret>[a-z0-9]{12})\b'
hits = ["token = acme_«q‸8rk2mv9xw3t»"]
misses = ["acme_short"]
"#;

#[test]
fn a_rule_of_its_own_needs_neither_reach_nor_remedy_and_finds() {
    let config = config(OWN_RULE);
    assert_eq!(config.own_rules, ["acme-token"]);
    let (report, scan) = report(config, "a.txt", &format!("token = acme_{}\n", ["q8rk2m", "v9xw3t"].concat()));
    assert_eq!(report.findings.iter().map(|f| f.rule.id()).collect::<Vec<_>>(), ["acme-token"]);
    let rule = scan.engine.rules().get("acme-token").expect("it is in force");
    assert_eq!(unleak::sample::failures(&scan, rule), Vec::<String>::new());
}

#[test]
fn samples_that_do_not_hold_are_told_apart() {
    let wrong = OWN_RULE.replace("«q‸8rk2mv9xw3t»", "q‸«8rk2mv9xw3t»").replace("acme_short", "acme_q‸8rk2mv9xw3t");
    let (_, scan) = report(config(&wrong), "", "");
    let rule = scan.engine.rules().get("acme-token").expect("it is in force");
    let failures = unleak::sample::failures(&scan, rule);
    assert_eq!(failures.len(), 2, "{failures:?}");
    assert!(
        failures[0].starts_with("acme-token: hit 1 is not found where it is marked, but from 1:14"),
        "{failures:?}"
    );
    assert_eq!(failures[1], "acme-token: miss 1 is found");
}

#[test]
fn a_built_in_rule_can_be_replaced_when_it_is_switched_off() {
    let own = OWN_RULE.replace("acme-token", "sendgrid-api-key");
    assert_mistake(&own, 2, &["sendgrid-api-key", "disable"]);
    let replaced = config(&format!("rules.disable = [\"sendgrid-api-key\"]\n{own}"));
    assert_eq!(replaced.rules.get("sendgrid-api-key").map(|r| r.spec.title.to_string()), Some("Acme token".into()));
}

#[test]
fn an_allow_entry_allows_what_all_its_conditions_hold_for() {
    let key = Random::new("allow", 1).sendgrid_key();
    let text = format!("key = '{key}'\n");
    let entry =
        "[[allow]]\nrule = \"sendgrid-api-key\"\npaths = [\"tests/**\"]\nvalue = '^SG\\.'\nreason = \"made up\"\n";
    let (inside, scan) = report(config(entry), "tests/a.py", &text);
    assert!(inside.findings.is_empty(), "{}", support::told(&inside));
    assert!(matches!(&inside.dismissed[0].reason, Reason::AllowedByConfig(why) if why == "made up"));
    assert_eq!(unleak::config::unused(&scan.judge.allows), Vec::<String>::new());
    let (outside, scan) = report(config(entry), "src/a.py", &text);
    assert_eq!(outside.findings.len(), 1);
    let unused = unleak::config::unused(&scan.judge.allows);
    assert_eq!(unused.len(), 1);
    assert!(unused[0].starts_with("unleak.toml:1: "), "{unused:?}");
}

#[test]
fn an_allow_entry_may_name_classes_of_unicode() {
    let text = format!("key = '{}'\n", Random::new("allow", 2).sendgrid_key());
    for (value, is_allowed) in [(r"^\p{Lu}{2}\.", true), ("^[а-я]", false), (r"^(?i)sg\.\w", true)] {
        let (report, _) = report(config(&format!("[[allow]]\nvalue = '{value}'\nreason = \"x\"\n")), "a.py", &text);
        assert_eq!(report.findings.is_empty(), is_allowed, "{value}");
    }
}

#[test]
fn an_entry_holds_on_its_last_day_and_is_reported_after_it() {
    for expires in ["expires = \"2026-11-21\"", "expires = 2026-11-21"] {
        let last_day = config(&format!("[[allow]]\npaths = [\"a/\"]\nreason = \"x\"\n{expires}\n"));
        assert_eq!((last_day.allows.len(), last_day.notices.len()), (1, 0));
    }
    let over = config("\n[[allow]]\npaths = [\"a/\"]\nreason = \"x\"\nexpires = \"2026-11-20\"\n");
    assert_eq!(over.allows.len(), 0);
    assert!(over.notices[0].starts_with("unleak.toml:2: this allow entry expired on 2026-11-20"), "{:?}", over.notices);
}

#[test]
fn misspelt_keys_are_refused_by_line_with_those_that_exist() {
    assert_mistake("[scan]\nfail-on = \"high\"\n", 2, &["fail-on", "fail_on", "exclude"]);
    assert_mistake("[[allow]]\nreason = \"x\"\nruel = \"y\"\n", 3, &["ruel", "`rule`"]);
    assert_mistake("[scan]\n[allowlist]\n", 2, &["allowlist", "`allow`"]);
    assert_mistake(&OWN_RULE.replace("anchors", "anchor"), 6, &["anchor", "`anchors`"]);
}

#[test]
fn what_is_no_toml_is_refused_by_line() {
    assert_mistake("[scan]\nfail_on = high\n", 2, &[]);
    assert_mistake("[scan\n", 1, &[]);
    assert_mistake("[scan]\nfail_on = 3\n", 2, &["string"]);
}

#[test]
fn values_that_mean_nothing_are_refused_with_those_that_do() {
    assert_mistake("[scan]\nfail_on = \"bad\"\n", 2, &["bad", "critical, high, medium, low, note"]);
    assert_mistake("[scan]\nmin_confidence = \"sure\"\n", 2, &["sure", "`low`"]);
    assert_mistake("[scan]\nexclude = [\"ok\", \"a[\"]\n", 2, &["a[", "glob"]);
    assert_mistake("[rules]\ndisable = [\n  \"sendgrid-apikey\",\n]\n", 3, &["did you mean \"sendgrid-api-key\"?"]);
    assert_mistake("[rules]\nonly = [\"zzzzzzzz\"]\n", 2, &["zzzzzzzz", "unleak rules"]);
    assert_mistake("[[allow]]\nrule = \"sendgrid-api-kex\"\nreason = \"x\"\n", 2, &["did you mean"]);
    assert_mistake("[[allow]]\nvalue = \"a(b\"\nreason = \"x\"\n", 2, &["a(b", "regular expression", "unclosed group"]);
    assert_mistake("[[allow]]\npaths = [\"a\"]\nreason = \"x\"\nexpires = \"soon\"\n", 4, &["soon", "YYYY-MM-DD"]);
    assert_mistake("[[allow]]\npaths = [\"a\"]\nreason = \"x\"\nexpires = \"2026-02-30\"\n", 4, &["YYYY-MM-DD"]);
}

#[test]
fn an_allow_entry_says_why_and_what() {
    assert_mistake("\n[[allow]]\npaths = [\"a\"]\n", 2, &["reason"]);
    assert_mistake("[[allow]]\npaths = [\"a\"]\nreason = \" \"\n", 1, &["reason"]);
    for everything in ["", "paths = [\"**\"]\n", "paths = [\"*\"]\nvalue = \".\"\n", "value = \".*\"\n"] {
        assert_mistake(&format!("[[allow]]\nreason = \"x\"\n{everything}"), 1, &["everything", "narrow"]);
    }
    assert_mistake("[[allow]]\nreason = \"x\"\npaths = []\n", 3, &["empty"]);
}

#[test]
fn nothing_may_be_left_to_find() {
    assert_mistake("[rules]\nonly = []\n", 1, &["no rule is left"]);
    assert_mistake("[scan]\nexclude = [\"**\"]\n", 2, &["every path"]);
    let ids: Vec<String> = RuleSet::builtin().rules().iter().map(|r| format!("{:?}", r.id())).collect();
    assert_mistake(&format!("\n[rules]\ndisable = [{}]\n", ids.join(", ")), 2, &["no rule is left"]);
}

#[test]
fn a_bad_rule_is_refused_where_it_stands() {
    assert_mistake(&OWN_RULE.replace("[a-z0-9]{12}", "[a-z"), 7, &["acme-token", "regular expression"]);
    assert_mistake(&OWN_RULE.replace("acme-token", "Acme Token"), 2, &["Acme Token", "lower-case"]);
    assert_mistake(&OWN_RULE.replace("7.5", "75.0"), 2, &["severity"]);
    assert_mistake(&OWN_RULE.replace("title = \"Acme token\"\n", ""), 1, &["title"]);
    assert_mistake(&format!("{OWN_RULE}\n{OWN_RULE}"), 12, &["acme-token", "exists already"]);
}

#[test]
fn a_file_that_is_no_text_is_refused_by_line() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("unleak.toml");
    std::fs::write(&path, b"# fine\n# \xff\n").expect("the file can be written");
    let error = Config::read(&path, "here.toml", TODAY).expect_err("it is no UTF-8").to_string();
    assert!(error.starts_with("here.toml:2: ") && error.contains("UTF-8"), "{error}");
    let error = Config::read(&folder.path().join("none"), "none", TODAY).expect_err("there is no file").to_string();
    assert!(error.starts_with("none: ") && error.contains("--no-config"), "{error}");
}
