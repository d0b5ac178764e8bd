//! gitleaks configurations: what they mean, what is wrong in one, and that a migrated one means the same. Beside the
//! real gitleaks, which `tests/run` installs below `target/checkers`; a missing one is said.

#![allow(clippy::print_stdout, reason = "what was not checked is said")]

mod support;

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::Repository;
use support::checkers::checker;

/// Rules of every kind. No letter of a sample stands in it: they are made by [`files`].
const CONFIG: &str = r#####"
Title = "every kind of rule"

[[rules]]
id = "entropy"
description = "Above a bound"
regex = '''ent_([a-z0-9]{16})\b'''
entropy = 2
keywords = ["ENT_"]
tags = ["one", "two"]

[[rules]]
id = "second-group"
regex = '''(?i)grp_([a-z]+)=([a-z0-9]{8,})'''
SECRETGROUP = 2

[[rules]]
id = "first-group"
regex = '''either_(?:a(\d+)|b(\d+))'''
keywords = "either_,nothing"

[[rules]]
id = "far-keyword"
regex = '''far:[0-9a-f]{12}'''
keywords = ["wake up"]

[[rules]]
id = "no-keyword"
regex = '''<[0-9]{5}>'''

[[rules]]
id = "path-only"
path = '''(^|/)secrets\.[a-z]+$'''

[[rules]]
id = "path-and-regex"
regex = '''inside-[0-9]+'''
path = '''\.conf$'''

[[rules]]
id = "lists"
regex = '''lst_[a-z0-9_]+'''
[[rules.allowlists]]
description = "one kind is enough"
paths = ['''^docs/''']
regexes = ['''^lst_sample''']
stopwords = ["DUMMY"]
[[rules.allowlists]]
regexTarget = "line"
regexes = ['''harmless$''']
[[rules.allowlists]]
regexTarget = "match"
condition = "AND"
regexes = ['''_both''']
paths = ['''^both/''']
stopwords = ["both"]

[[rules]]
id = "Legacy_List"
regex = '''leg_[a-z0-9]+'''
[rules.allowlist]
regexes = ['''0$''']

[[rules]]
id = "composite"
regex = '''user=([a-z]+)'''
[[rules.required]]
id = "helper"
withinLines = 2
[[rules.required]]
id = "visible-helper"
withinColumns = 12

[[rules]]
id = "helper"
regex = '''pass=[a-z0-9]+'''
skipReport = true

[[rules]]
id = "visible-helper"
regex = '''host=[a-z]+'''
[rules.allowlist]
stopwords = ["nohost"]

[[rules]]
id = "generic-thing"
regex = '''thing_[a-z0-9]+'''

[[rules]]
id = "better-thing"
regex = '''better_thing_[a-z0-9]+'''

[[rules]]
id = "go-syntax"
regex = '''\<go\>{x}[[:alpha:]_]{2}\Q.*\E[\w-.]{,3}[^\s:]+(?i:END)\z'''

[[rules]]
id = "lines"
regex = '''\nopen[^#]*close\n'''

[[rules]]
id = "classes"
regex = '''cls[\s\S]\w\W\d\D\b.'''

[[rules]]
id = "repeated"
regex = '''twice_a'''
[[rules]]
id = "repeated"
regex = '''twice_b'''

[[allowlists]]
targetRules = ["no-keyword"]
regexes = ['''<00''']

[[allowlists]]
paths = ['''^vendor/''']
"#####;

/// Files in which every rule finds something and leaves something out.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let base64 = |text: String| data_encoding::BASE64.encode(text.as_bytes());
    let hex = |text: String| data_encoding::HEXLOWER.encode(text.as_bytes());
    let ent = |tail: &str| format!("ent_{tail}");
    let high = "0a9s8d7f6g5h4j3k";
    let encoded = format!(
        "both {}\none {}\ntwo {}\nthree {}\nfour %65%6e%74_{high}\nfive \\u0065\\u006e\\u0074_{high}\n",
        base64(format!("{} and {}!", ent(high), ent("q1w2e3r4t5z6u7i8"))),
        base64(format!("x = {}!", ent(high))),
        base64(base64(format!("y = {}!", ent(high)))),
        hex(ent(high) + "!"),
    );
    vec![
        (
            "a.txt",
            [ent("aabbccddaabbccdd"), ent("aabbccddaabbccde"), ent(high), ent(&high.to_uppercase())].join("\n").into(),
        ),
        (
            "b.txt",
            b"GRP_name=abcdefgh1 grp_x=short\neither_a123 either_b456\nfar:0123456789ab\n<12345> <00345>\n".to_vec(),
        ),
        ("c/far.txt", b"far:0123456789ab\n\n\nand then Wake Up\n".to_vec()),
        ("c/secrets.yaml", b"nothing\n".to_vec()),
        ("secrets.YAML", b"nothing\n".to_vec()),
        ("x.conf", b"inside-1 inside-22\n".to_vec()),
        ("x.cfg", b"inside-3\n".to_vec()),
        (
            "lists.txt",
            b"lst_one lst_sample1 lst_adummyb\nlst_two harmless\nlst_x_both lst_three\nleg_a0 leg_a1\n".to_vec(),
        ),
        ("docs/lists.txt", b"lst_four\n".to_vec()),
        ("both/lists.txt", b"lst_y_both lst_y_bot\n".to_vec()),
        ("vendor/lists.txt", b"lst_five <54321>\n".to_vec()),
        ("composite.txt", b"\nuser=far\n\n\n\n\n user=near host=h\npass=p\n\n\n\n\nuser=late\n".to_vec()),
        ("wide.txt", b"\nuser=wide pass=x and then, far to the right, host=h\n".to_vec()),
        ("lonely.txt", b"\nuser=lonely pass=x nohost host=nohost\n".to_vec()),
        ("things.txt", b"better_thing_1\nthing_2\n".to_vec()),
        ("marked.txt", b"thing_3 # gitleaks:allow\nthing_4\n".to_vec()),
        ("go.txt", b"<go>{x}a_.*-{,3}abcEnd".to_vec()),
        ("lines.txt", b"open a\nopen b\nmore\nclose\nclose\nopen c\nclose\n".to_vec()),
        ("classes.txt", "cls\na\u{e9}1\u{e9}x\ncls\u{e9}_-7 q\ncls\u{660}a!1bc\ncls b-2xy\n".into()),
        ("latin.txt", b"\xe9 thing_5\xe9\n".to_vec()),
        ("twice.txt", b"twice_a twice_b\n".to_vec()),
        ("encoded.txt", encoded.into_bytes()),
    ]
}

/// Rule, path and secret of each finding.
type Found = BTreeSet<(String, String, String)>;

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn theirs(gitleaks: &Path, repository: &Repository, what: &[&str], config: &Path) -> Found {
    let report = repository.beside("theirs.json");
    let mut command: Command = repository.command(gitleaks);
    command.args(what).args(["--no-banner", "-f", "json", "-c"]).arg(config).arg("-r").arg(&report);
    let output = command.output().expect("gitleaks can be started");
    let read = std::fs::read_to_string(&report);
    let read = read.unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    std::fs::remove_file(&report).expect("it can be removed");
    let found: Value = serde_json::from_str(&read).expect("gitleaks writes JSON");
    let found = found.as_array().expect("a list").iter();
    found.map(|f| (text(f, "RuleID"), text(f, "File"), text(f, "Secret"))).collect()
}

fn ours(repository: &Repository, what: &[&str], config: &Path) -> Found {
    let config = config.to_str().expect("it is text");
    let output = repository.unleak([what, &["--format", "json", "--reveal", "--config", config]].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", said(&output)));
    let found = report["findings"].as_array().expect("a list").iter();
    // A path can be a finding by what it is: of the names that rules look at too, gitleaks knows nothing.
    found.map(|f| (text(f, "rule_id"), text(f, "path"), text(f, "secret"))).collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

/// A repository with the files, committed one by one, and the configuration beside it.
fn repository() -> (Repository, PathBuf) {
    let repository = Repository::new();
    for (path, bytes) in files() {
        repository.write(path, bytes);
        repository.commit(path);
    }
    let config = repository.beside("gitleaks.toml");
    std::fs::write(&config, CONFIG).expect("it can be written");
    (repository, config)
}

#[track_caller]
fn assert_same(theirs: &Found, ours: &Found) {
    let only = |a: &Found, b: &Found| a.difference(b).map(|f| format!("\n  {f:?}")).collect::<String>();
    assert!(theirs == ours, "only gitleaks:{}\nonly unleak:{}", only(theirs, ours), only(ours, theirs));
}

#[test]
fn files_are_found_by_the_same_rules_as_in_gitleaks() {
    let Some(gitleaks) = checker("venv/bin/gitleaks") else { return };
    let (repository, config) = repository();
    let theirs = theirs(&gitleaks, &repository, &["dir", "."], &config);
    assert_same(&theirs, &ours(&repository, &["files"], &config));
    for rule in CONFIG.lines().filter_map(|line| line.strip_prefix("id = ")).map(|id| id.trim_matches('"')) {
        let is_found = theirs.iter().any(|(found, ..)| found == rule);
        assert!(is_found || rule == "helper", "rule {rule} is not tried");
    }
}

#[test]
fn a_history_is_swept_by_the_same_rules_as_in_gitleaks() {
    let Some(gitleaks) = checker("venv/bin/gitleaks") else { return };
    let (repository, config) = repository();
    repository.git(["rm", "-q", "a.txt", "c/secrets.yaml"]);
    repository.commit("take some out");
    let theirs = theirs(&gitleaks, &repository, &["git"], &config);
    assert_same(&theirs, &ours(&repository, &["history"], &config));
}

#[test]
fn an_extended_file_is_merged_as_in_gitleaks() {
    let Some(gitleaks) = checker("venv/bin/gitleaks") else { return };
    let (repository, base) = repository();
    let config = repository.beside("extending.toml");
    let more = r#"
[[rules]]
id = "entropy"
entropy = 3.5
keywords = ["more"]
[[rules.allowlists]]
regexes = ['''^0a''']

[[rules]]
id = "added"
regex = '''twice_[ab]'''

[allowlist]
paths = ['''^x\.conf$''']
"#;
    let extend = format!("[extend]\npath = {:?}\ndisabledRules = [\"lists\"]\n", base.display().to_string());
    std::fs::write(&config, extend + more).expect("it can be written");
    let mut theirs = theirs(&gitleaks, &repository, &["dir", "."], &config);
    // The extended file's targetRules are lost in gitleaks.
    assert!(theirs.remove(&("no-keyword".into(), "b.txt".into(), "<00345>".into())));
    assert_same(&theirs, &ours(&repository, &["files"], &config));
    assert!(theirs.iter().any(|(rule, ..)| rule == "added") && !theirs.iter().any(|(rule, ..)| rule == "lists"));
}

#[test]
fn a_migrated_configuration_finds_the_same() {
    let (repository, config) = repository();
    let migrated = repository.beside("unleak.toml");
    let (from, to) = (config.to_str().expect("it is text"), migrated.to_str().expect("it is text"));
    let output = repository.unleak(["config", "migrate", from, "--output", to]);
    assert!(output.status.success(), "{}", said(&output));
    let before = ours(&repository, &["files"], &config);
    assert!(before.len() > 20, "{before:?}");
    assert_same(&before, &ours(&repository, &["files"], &migrated));
    assert_same(&ours(&repository, &["history"], &config), &ours(&repository, &["history"], &migrated));

    let output = repository.unleak(["config", "migrate", from, "--output", to]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("is there already"), "{}", said(&output));
    let output = repository.unleak(["config", "migrate", from, "--output", to, "--force"]);
    assert!(output.status.success() && said(&output).contains("written over"), "{}", said(&output));
    let output = repository.unleak(["config", "migrate", to]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("is no gitleaks configuration"), "{}", said(&output));
}

#[test]
fn a_byte_that_is_no_text_counts_as_a_character() {
    let repository = Repository::new();
    let config = repository.beside("gitleaks.toml");
    std::fs::write(&config, CONFIG).expect("it can be written");
    repository.write("latin.txt", b"\xfc cls\xe9a\xff5\xfez\n");
    let found: Vec<String> = ours(&repository, &["files"], &config).into_iter().map(|(.., secret)| secret).collect();
    assert_eq!(found, ["cls\u{fffd}a\u{fffd}5\u{fffd}z"]);
}

#[test]
fn a_staged_change_is_judged_by_the_whole_file_but_only_what_is_new_is_told() {
    let repository = Repository::new();
    let config = repository.beside("gitleaks.toml");
    std::fs::write(&config, CONFIG).expect("it can be written");
    repository.write("far.txt", "far:000000000001\nWake up\n");
    repository.commit("one");
    repository.write("far.txt", "far:000000000001\nWake up\n\n\nfar:000000000002\n");
    repository.git(["add", "far.txt"]);
    let found: Vec<String> = ours(&repository, &["staged"], &config).into_iter().map(|(.., secret)| secret).collect();
    assert_eq!(found, ["far:000000000002"]);
}

#[test]
fn what_a_commit_that_is_allowed_brought_is_not_told() {
    let repository = Repository::new();
    repository.write("a", "lst_a\n");
    let allowed = repository.commit("one");
    repository.write("b", "lst_b\n");
    repository.commit("two");
    let config = repository.beside("gitleaks.toml");
    let list =
        format!("[[rules]]\nid = \"r\"\nregex = 'lst_.'\n[allowlist]\ncommits = [{:?}]\n", allowed.to_uppercase());
    std::fs::write(&config, list).expect("it can be written");
    let secrets = |what: &[&str]| ours(&repository, what, &config).into_iter().map(|(.., s)| s).collect::<Vec<_>>();
    assert_eq!(secrets(&["history"]), ["lst_b"]);
    assert_eq!(secrets(&["files"]), ["lst_a", "lst_b"]);
    assert_eq!(secrets(&["range", &allowed]), [""; 0]);
    // A text that both commits wrote at is told for the part that the other one wrote.
    repository.write("a", "lst_a\nlst_c\n");
    repository.commit("three");
    assert_eq!(secrets(&["history"]), ["lst_c", "lst_b"]);
}

#[test]
fn unleaks_own_rules_stand_for_the_default_ones_and_that_is_said() {
    let repository = Repository::new();
    repository.write("mail.py", format!("key = \"{}\"\n", support::sendgrid_key(1)));
    repository.write("old.py", format!("key = \"{}\"\n", support::sendgrid_key(2)));
    let config = repository.beside("gitleaks.toml");
    std::fs::write(&config, "[extend]\nuseDefault = true\ndisabledRules = [\"sendgrid-plain-http\", \"curl-auth-user\", \"kraken-access-token\"]\n[allowlist]\npaths = ['old']\n")
        .expect("it can be written");
    let output = repository.unleak(["files", "--config", config.to_str().expect("it is text")]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("mail.py:1") && !said.contains("old.py:1"), "{said}");
    assert!(said.contains("unleak's own rules take their place"), "{said}");
    assert!(said.contains("curl-auth-user of gitleaks stands for unleak's http-curl-password"), "{said}");
    assert!(said.contains("no rule for kraken-access-token") && !said.contains("sendgrid-plain-http"), "{said}");
}

#[test]
fn each_mistake_names_the_line_and_the_mend() {
    let rule = "[[rules]]\nid = \"a\"\n";
    let cases = [
        (format!("{rule}regex = '(?=x)'\n"), 3, "look-around"),
        (format!("{rule}regex = '(x'\n"), 3, "add `)`"),
        (format!("{rule}regex = 'x'\nsecretGroup = 1\n"), 2, "0 groups"),
        (format!("{rule}\n"), 2, "neither regex nor path"),
        ("[[rules]]\nregex = 'x'\n".into(), 2, "no id"),
        ("title = 'x'\n[allowlist]\npaths = ['x']\n".into(), 1, "useDefault = true"),
        (format!("{rule}regex = 'x'\n[allowlist]\npaths = ['x']\n[[allowlists]]\npaths = ['y']\n"), 5, "both"),
        (format!("{rule}regex = 'x'\n[[rules.allowlists]]\ndescription = 'x'\n"), 5, "none of"),
        (format!("{rule}regex = 'x'\n[[rules.allowlists]]\ncondition = 'XOR'\npaths = ['x']\n"), 5, "\"AND\""),
        (format!("{rule}regex = 'x'\n[[rules.allowlists]]\nregexTarget = 'word'\nregexes = ['x']\n"), 5, "\"line\""),
        (format!("{rule}regex = 'x'\n[[rules.required]]\nid = 'b'\n"), 2, "no rule of this file"),
        (format!("{rule}regex = 'x'\n[[allowlists]]\ntargetRules = ['b']\npaths = ['x']\n"), 5, "no such rule"),
        ("[extend]\nuseDefault = true\npath = 'x'\n".into(), 2, "both path and useDefault"),
        ("[extend]\npath = 'not/there.toml'\n".into(), 2, "mend the path"),
        (format!("{rule}regex = 'x'\nentropy = 'much'\n"), 4, "a number"),
        (format!("{rule}regex = 'x'\n[[rules\n"), 4, ""),
    ];
    let repository = Repository::new();
    repository.write("a.txt", "x\n");
    for (text, line, words) in cases {
        repository.write("g.toml", &text);
        let output = repository.unleak(["files", "a.txt", "--config", "g.toml"]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{text}: {said}");
        assert!(said.contains(&format!("g.toml:{line}: ")) && said.contains(words), "line {line}, {words:?}: {said}");
    }
}
