//! The baseline on real repositories: what is accepted stays accepted through moves, rebases, squashes and renames,
//! what is new does not pass, two branches' additions merge, and a change cannot excuse itself.

#![allow(clippy::print_stdout, reason = "a tool that is missing has to be seen")]

mod support;

use serde_json::Value;
use std::process::Output;
use support::checkers::checker;
use support::{Repository, sendgrid_key};

const FILE: &str = ".unleak-baseline.jsonl";
/// For scans by the baseline on disk.
const BY: [&str; 2] = ["--baseline", FILE];

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs the program, which must end with this status, and returns what it said.
#[track_caller]
fn told(repository: &Repository, status: i32, arguments: &[&str]) -> String {
    let output = repository.unleak(arguments);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", said(&output));
    said(&output)
}

/// A scan with the options for the baseline.
#[track_caller]
fn scanned(repository: &Repository, status: i32, arguments: &[&str]) -> String {
    told(repository, status, &[arguments, &BY].concat())
}

fn source(number: u64) -> String {
    format!("import mail\n\nKEY = \"{}\"\nmail.send(KEY)\n", sendgrid_key(number))
}

/// A repository with a leak in `src/mail.py` that the baseline accepts, all of it committed.
fn accepted() -> Repository {
    let repository = Repository::new();
    repository.write("src/mail.py", source(1));
    repository.commit("an old leak");
    told(&repository, 0, &["baseline", "create", "--reason", "revoked"]);
    repository.commit("accept it");
    repository
}

/// Adds a leak and accepts it, in a commit.
fn accept_another(repository: &Repository, path: &str, number: u64) {
    repository.write(path, source(number));
    told(repository, 0, &["baseline", "update", "--reason", "a sample"]);
    repository.commit(path);
}

fn baseline(repository: &Repository) -> String {
    std::fs::read_to_string(repository.path().join(FILE)).expect("there is a baseline")
}

#[test]
fn what_is_accepted_is_not_reported_and_what_is_new_is() {
    let repository = accepted();
    assert!(scanned(&repository, 0, &["files"]).contains("clean: nothing found; 1 accepted by the baseline"));
    told(&repository, 1, &["files"]);
    assert!(scanned(&repository, 0, &["history"]).contains("1 accepted by the baseline"));
    repository.write("src/other.py", source(2));
    assert!(scanned(&repository, 1, &["files"]).contains("src/other.py:3"));
    let entry: Value = serde_json::from_str(baseline(&repository).trim()).expect("a line is JSON");
    assert_eq!(entry["path"], "src/mail.py");
    assert_eq!(entry["rule"], "sendgrid-api-key");
    assert_eq!(entry["by"], "Ada <ada@example.org>");
    assert_eq!(entry["reason"], "revoked");
    assert!(entry.get("line").is_none() && !baseline(&repository).contains(&sendgrid_key(1)[26..]));
}

#[test]
fn a_configuration_may_name_it_and_then_hooks_judge_by_it() {
    let repository = accepted();
    repository.write("unleak.toml", format!("[scan]\nbaseline = \"{FILE}\"\n"));
    told(&repository, 0, &["files"]);
    told(&repository, 1, &["files", "--no-baseline"]);
    told(&repository, 0, &["hook", "install", "pre-commit"]);
    repository.write("src/mail.py", format!("# moved down\n\n{}", source(1)));
    repository.git(["add", "--all"]);
    let output = repository.try_git(["commit", "--message", "move it"]);
    assert!(output.status.success(), "{}", said(&output));
    repository.write("src/copy.py", source(1));
    repository.git(["add", "--all"]);
    let output = repository.try_git(["commit", "--message", "copy it"]);
    assert!(!output.status.success() && said(&output).contains("src/copy.py"), "{}", said(&output));
    repository.write("unleak.toml", "[scan]\nbaseline = \"../elsewhere\"\n");
    assert!(told(&repository, 2, &["files"]).contains("unleak.toml:2: baseline is the path of a file"));
}

#[test]
fn every_scan_takes_it() {
    let repository = accepted();
    repository.write("src/mail.py", source(1).replace("import mail", "import mailer"));
    repository.git(["add", "--all"]);
    scanned(&repository, 0, &["staged"]);
    for (path, status) in [("src/mail.py", 0), ("src/copy.py", 1)] {
        let text = std::fs::File::open(repository.path().join("src/mail.py")).expect("it is there");
        let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
        let output = command.args(["stdin", "--path", path]).args(BY).stdin(text).output().expect("it can be started");
        assert_eq!(output.status.code(), Some(status), "{}", said(&output));
    }
    repository.git(["commit", "--quiet", "--allow-empty", "--message", &format!("see {}", sendgrid_key(5))]);
    told(&repository, 0, &["baseline", "update", "--history", "--reason", "in a message"]);
    repository.write("message", format!("see {}", sendgrid_key(5)));
    scanned(&repository, 0, &["message", "message"]);
    scanned(&repository, 0, &["range", "HEAD"]);
    told(&repository, 1, &["message", "message"]);
}

#[test]
fn a_secret_may_move_and_be_reformatted_within_its_file() {
    let repository = accepted();
    let key = sendgrid_key(1);
    for text in [
        format!("\n\n\n\n{}", source(1)),
        source(1).replace('\n', "\r\n"),
        format!("KEY = \\\n    '{key}'\n"),
        format!("a = 1\nb = dict(key='{key}', other=2)\nKEY = \"{key}\"\n"),
    ] {
        repository.write("src/mail.py", text);
        scanned(&repository, 0, &["files"]);
        repository.git(["add", "--all"]);
        scanned(&repository, 0, &["staged"]);
    }
}

#[test]
fn rebase_and_squash_change_nothing() {
    let repository = accepted();
    repository.git(["switch", "--quiet", "--create", "feature"]);
    repository.write("src/mail.py", format!("# one\n{}", source(1)));
    repository.commit("one");
    repository.write("src/mail.py", format!("# one\n# two\n{}", source(1)));
    repository.commit("two");
    repository.git(["switch", "--quiet", "main"]);
    repository.write("readme", "hello\n");
    repository.commit("meanwhile");
    repository.git(["switch", "--quiet", "feature"]);
    repository.git(["rebase", "--quiet", "main"]);
    for extra in [&BY[..], &["--baseline-from", "main"]] {
        told(&repository, 0, &[&["range", "main..feature"], extra].concat());
        told(&repository, 0, &[&["history"], extra].concat());
    }
    repository.git(["switch", "--quiet", "main"]);
    repository.git(["merge", "--quiet", "--squash", "feature"]);
    repository.commit("both at once");
    scanned(&repository, 0, &["range", "HEAD"]);
    scanned(&repository, 0, &["history"]);
}

#[test]
fn a_renamed_file_is_no_news_but_a_hint() {
    let repository = accepted();
    repository.git(["mv", "src/mail.py", "src/post.py"]);
    let hint = "src/post.py was src/mail.py when the baseline was made; `unleak baseline update`";
    assert!(scanned(&repository, 0, &["staged"]).contains(hint));
    assert!(scanned(&repository, 0, &["files"]).contains(hint));
    repository.commit("rename");
    assert!(scanned(&repository, 0, &["range", "HEAD"]).contains(hint));
    assert!(scanned(&repository, 0, &["history"]).contains(hint));
    assert!(told(&repository, 0, &["baseline", "update"]).contains("1 entry renamed"));
    let entry: Value = serde_json::from_str(baseline(&repository).trim()).expect("a line is JSON");
    assert_eq!((entry["path"].as_str(), entry["reason"].as_str()), (Some("src/post.py"), Some("revoked")));
    assert!(!scanned(&repository, 0, &["files"]).contains("was src/mail.py"));
    repository.commit("follow");
    // The old name is history, and nothing to do anything about.
    assert!(!scanned(&repository, 0, &["history"]).contains("note:"));
}

#[test]
fn a_copy_in_another_file_is_reported() {
    let repository = accepted();
    let start = repository.git(["rev-parse", "HEAD"]);
    repository.write("src/copy.py", source(1));
    let copied = "src/copy.py holds a copy of a secret that the baseline accepts only at src/mail.py";
    assert!(scanned(&repository, 1, &["files"]).contains(copied));
    repository.commit("copy");
    assert!(scanned(&repository, 1, &["range", "HEAD"]).contains(copied));
    assert!(scanned(&repository, 1, &["history"]).contains(copied));
    // Two copies of one file that is gone: one is the file, the other is a copy.
    repository.git(["mv", "src/mail.py", "src/post.py"]);
    let report = scanned(&repository, 1, &["files"]);
    assert!(report.contains("src/copy.py was src/mail.py") && report.contains("src/post.py:3"), "{report}");
    // A branch from before the accepted file was there has not renamed it.
    repository.git(["reset", "--quiet", "--hard", "HEAD"]);
    repository.git(["switch", "--quiet", "--create", "older", "main~2"]);
    repository.git(["rm", "--quiet", "src/mail.py"]);
    repository.write("readme", "nothing here\n");
    repository.git(["add", "--all"]);
    repository.git(["commit", "--quiet", "--amend", "--message", "before there was any leak"]);
    repository.write("other.py", source(1));
    repository.commit("the same secret elsewhere");
    told(&repository, 1, &["range", "HEAD", "--baseline-from", "main~1"]);
    repository.git(["switch", "--quiet", "main"]);
    // Copied in one commit and deleted in the next is a rename in the end.
    repository.git(["rm", "--quiet", "src/mail.py"]);
    repository.commit("and away");
    assert!(scanned(&repository, 0, &["range", &format!("{start}..HEAD")]).contains("was src/mail.py"));
}

#[test]
fn additions_of_two_branches_merge_in_any_order() {
    for folder in [false, true] {
        for way in ["merge", "the other merge", "rebase", "cherry-pick"] {
            let repository = Repository::new();
            let name = if folder { "ci/accepted/" } else { FILE };
            let by = ["--baseline", name];
            repository.write("readme", "hello\n");
            repository.write("m.py", source(1));
            repository.commit("begin");
            told(&repository, 0, &[&["baseline", "create"], &by[..]].concat());
            assert_eq!(repository.path().join(".gitattributes").exists(), !folder, "a folder needs no attributes");
            repository.commit("baseline");
            for (branch, path, number) in [("one", "n1.py", 2), ("two", "n2.py", 3)] {
                repository.git(["switch", "--quiet", "--create", branch, "main"]);
                repository.write(path, source(number));
                told(&repository, 0, &[&["baseline", "update", "--reason", branch], &by[..]].concat());
                repository.commit(branch);
            }
            match way {
                "merge" => repository.git(["merge", "--quiet", "--no-edit", "one"]),
                "the other merge" => {
                    repository.git(["switch", "--quiet", "one"]);
                    repository.git(["merge", "--quiet", "--no-edit", "two"])
                }
                "rebase" => repository.git(["rebase", "--quiet", "one"]),
                _ => repository.git(["cherry-pick", "one"]),
            };
            let report = told(&repository, 0, &[&["files"], &by[..]].concat());
            assert!(report.contains("3 accepted by the baseline"), "{way}: {report}");
            assert!(told(&repository, 0, &[&["baseline", "show"], &by[..]].concat()).contains("3 entries"));
        }
    }
}

#[test]
fn both_branches_may_make_it_or_accept_the_same_thing() {
    let repository = Repository::new();
    repository.write("m.py", source(1));
    repository.write("n.py", source(2));
    repository.commit("begin");
    for branch in ["one", "two"] {
        repository.git(["switch", "--quiet", "--create", branch, "main"]);
        told(&repository, 0, &["baseline", "create", "--reason", branch]);
        repository.commit(branch);
    }
    repository.git(["merge", "--quiet", "--no-edit", "one"]);
    assert!(scanned(&repository, 0, &["files"]).contains("2 accepted"));
    // Both sides' lines are there until someone writes the file again.
    assert_eq!(baseline(&repository).lines().count(), 4);
    told(&repository, 0, &["baseline", "update"]);
    assert_eq!(baseline(&repository).lines().count(), 2);
}

#[test]
fn a_conflict_that_a_host_left_is_refused_and_joined_by_an_update() {
    let repository = accepted();
    std::fs::remove_file(repository.path().join(".gitattributes")).expect("it is there");
    repository.commit("as on a host that knows no union");
    for (branch, path, number) in [("one", "src/n1.py", 2), ("two", "src/n2.py", 3)] {
        repository.git(["switch", "--quiet", "--create", branch, "main"]);
        accept_another(&repository, path, number);
    }
    assert!(!repository.try_git(["merge", "--quiet", "--no-edit", "one"]).status.success());
    let report = scanned(&repository, 2, &["files"]);
    assert!(
        report.contains(&format!("{FILE}:2: a merge left a conflict here; `unleak baseline update` keeps both")),
        "{report}"
    );
    told(&repository, 0, &["baseline", "update"]);
    assert_eq!(baseline(&repository).lines().count(), 3);
    assert!(scanned(&repository, 0, &["files"]).contains("3 accepted"));
}

#[test]
fn a_change_cannot_widen_the_baseline_that_judges_it() {
    let repository = accepted();
    repository.git(["switch", "--quiet", "--create", "feature"]);
    accept_another(&repository, "src/new.py", 2);
    // By its own baseline it passes, and says that it judges itself.
    let own = scanned(&repository, 0, &["range", "main..feature"]);
    assert!(own.contains("is among the changes and judges them itself: it adds an entry"), "{own}");
    assert!(own.contains("note[unleak-baseline-addition]") && own.contains(&format!("{FILE}:2:1")), "{own}");
    assert!(own.contains("see whether sendgrid-api-key SG.") && own.contains("at src/new.py is to be accepted by Ada"));
    // By the base branch's it does not.
    let base = told(&repository, 1, &["range", "main..feature", "--baseline-from", "main"]);
    assert!(base.contains("critical[sendgrid-api-key]") && base.contains("note[unleak-baseline-addition]"), "{base}");
    let files = told(&repository, 1, &["files", "--baseline-from", "main"]);
    assert!(files.contains("src/new.py") && files.contains("note[unleak-baseline-addition]"), "{files}");
    // Nor does it by having the configuration leave the baseline out.
    repository.write("unleak.toml", format!("[scan]\nexclude = [\"{FILE}\"]\n"));
    repository.commit("hide it");
    let hidden = told(&repository, 1, &["range", "main..feature", "--baseline-from", "main"]);
    assert!(hidden.contains("note[unleak-baseline-addition]"), "{hidden}");
    // To add to it alone is a note, which fails nothing.
    repository.git(["switch", "--quiet", "--create", "accept", "main"]);
    let line = baseline(&repository)
        .replace("src/mail.py", "src/older.py")
        .replace("\"fingerprint\":\"v1-", "\"fingerprint\":\"v1-0");
    let line = format!("{}\"}}\n", &line[..line.len() - 4]);
    repository.write(FILE, format!("{}{line}", baseline(&repository)));
    repository.commit("accept in advance");
    let alone = told(&repository, 0, &["range", "main..accept", "--baseline-from", "main"]);
    assert!(alone.contains("1 finding: 1 note"), "{alone}");
}

#[test]
fn to_let_an_entry_last_longer_is_an_addition_too() {
    let repository = accepted();
    repository
        .write(FILE, baseline(&repository).replace("\"fingerprint\"", "\"expires\":\"2099-01-31\",\"fingerprint\""));
    repository.commit("for a while");
    let stricter = scanned(&repository, 0, &["range", "HEAD"]);
    assert!(!stricter.contains("unleak-baseline-addition"), "{stricter}");
    repository.write(FILE, baseline(&repository).replace("2099", "2199"));
    repository.commit("longer");
    assert!(scanned(&repository, 0, &["range", "HEAD"]).contains("is to last longer"));
}

#[test]
fn a_push_is_not_judged_by_what_it_brings() {
    let repository = accepted();
    let server = repository.beside("server.git");
    repository.git(["clone", "--quiet", "--bare", ".", &server.display().to_string()]);
    let bare = repository.at(&server);
    repository.git(["remote", "add", "origin", &server.display().to_string()]);
    let hook = |arguments: &str| {
        let script = format!("#!/bin/sh\nexec '{}' hook run {arguments} pre-receive\n", env!("CARGO_BIN_EXE_unleak"));
        bare.write("hooks/pre-receive", script);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let all = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(bare.path().join("hooks/pre-receive"), all).expect("the hook is ours");
        }
    };
    // What main has accepted may be touched.
    repository.write("src/mail.py", format!("# moved\n{}", source(1)));
    repository.commit("move");
    hook("");
    let output = repository.try_git(["push", "origin", "main"]);
    assert!(output.status.success(), "the secret is old: {}", said(&output));
    repository.git(["mv", "src/mail.py", "src/post.py"]);
    repository.commit("rename");
    let output = repository.try_git(["push", "origin", "main"]);
    assert!(!output.status.success(), "without a baseline it is known, and reported: {}", said(&output));
    hook("--baseline-from main");
    let output = repository.try_git(["push", "origin", "main"]);
    assert!(output.status.success(), "{}", said(&output));
    // A push that accepts its own leak, names a baseline in its configuration, or both, is refused.
    repository.write("unleak.toml", format!("[scan]\nbaseline = \"{FILE}\"\n"));
    accept_another(&repository, "src/new.py", 2);
    for arguments in ["", "--baseline-from main"] {
        hook(arguments);
        let output = repository.try_git(["push", "origin", "main"]);
        assert!(!output.status.success() && said(&output).contains("src/new.py"), "{arguments}: {}", said(&output));
    }
}

#[test]
fn an_entry_that_has_expired_counts_no_more() {
    let repository = accepted();
    repository
        .write(FILE, baseline(&repository).replace("\"fingerprint\"", "\"expires\":\"2024-02-29\",\"fingerprint\""));
    let report = scanned(&repository, 1, &["files"]);
    assert!(
        report.contains(&format!("{FILE}:1: this was accepted until 2024-02-29, so it is reported again")),
        "{report}"
    );
    assert!(told(&repository, 0, &["baseline", "show"]).contains("1 expired"));
    let why = told(&repository, 2, &["baseline", "update"]);
    assert!(why.contains("say why with --reason: 1 finding would be accepted"), "{why}");
    told(&repository, 0, &["baseline", "update", "--reason", "still revoked", "--expires", "30d"]);
    scanned(&repository, 0, &["files"]);
    assert!(baseline(&repository).contains("still revoked") && !baseline(&repository).contains("2024"));
    assert!(
        told(&repository, 2, &["baseline", "update", "--expires", "2020-01-01", "--reason", "x"])
            .contains("passed already")
    );
}

#[test]
fn what_matches_nothing_can_be_pruned() {
    let repository = accepted();
    accept_another(&repository, "src/two.py", 2);
    repository.write("src/mail.py", "KEY = read()\n");
    repository.commit("mend");
    let line = baseline(&repository).lines().next().expect("there is one").replace("src/mail.py", "src/never.py");
    let (head, _) = line.split_once("\"fingerprint\"").expect("it has one");
    repository.write(FILE, format!("{}{head}\"fingerprint\":\"v1-{}\"}}\n", baseline(&repository), "0".repeat(32)));
    assert!(told(&repository, 1, &["baseline", "diff"]).contains("2 gone (-)"));
    assert!(told(&repository, 1, &["baseline", "diff", "--history"]).contains("1 gone (-)"));
    assert!(told(&repository, 0, &["baseline", "prune", "--dry-run"]).contains("nothing was written"));
    let pruned = told(&repository, 0, &["baseline", "prune"]);
    assert!(pruned.contains("- src/never.py") && pruned.contains("1 entry removed"), "{pruned}");
    // The history still holds what was mended.
    scanned(&repository, 0, &["history"]);
    assert!(told(&repository, 0, &["baseline", "prune", "--files"]).contains("- src/mail.py"));
    scanned(&repository, 0, &["files"]);
    scanned(&repository, 1, &["history"]);
    assert!(told(&repository, 0, &["baseline", "diff"]).contains("no difference"));
}

#[test]
fn only_what_is_named_is_accepted_when_something_is_named() {
    let repository = accepted();
    repository.write("a.py", source(2));
    repository.write("b.py", source(3));
    let report: Value =
        serde_json::from_slice(&repository.unleak(["files", "--format", "json", BY[0], BY[1]]).stdout).expect("JSON");
    let fingerprint = report["findings"][1]["fingerprint"].as_str().expect("it has one");
    told(&repository, 0, &["baseline", "update", "--reason", "this one", &fingerprint[..12]]);
    let left = scanned(&repository, 1, &["files"]);
    assert!(left.contains("a.py:3") && !left.contains("b.py:3"), "{left}");
    assert!(
        told(&repository, 2, &["baseline", "update", "--reason", "x", "v1-00000000"]).contains("has the fingerprint")
    );
    assert!(told(&repository, 1, &["baseline", "diff", "--from", "HEAD"]).contains("+ b.py: sendgrid-api-key"));
}

#[test]
fn a_bad_baseline_stops_the_scan_and_says_what_mends_it() {
    let repository = accepted();
    let good = baseline(&repository);
    for (bad, what) in [
        (good.replace("accepted", "acceptd"), "1: unknown field"),
        (format!("{good}hello\n"), "2: expected value; every line is an entry as `unleak baseline update` writes it"),
        (good.replace("v1-", "v2-"), "1: fingerprint is \"v1-\" and 32 hexadecimal digits"),
        (good.replace("\"accepted\":\"20", "\"accepted\":\"x"), "1: accepted is no date"),
    ] {
        repository.write(FILE, bad);
        let report = scanned(&repository, 2, &["files"]);
        assert!(report.contains(&format!("{FILE}:{what}")), "{report}");
    }
    repository.git(["checkout", "--quiet", FILE]);
    assert!(told(&repository, 2, &["files", "--baseline", "none"]).contains("`unleak baseline create` makes one"));
    let gone = told(&repository, 2, &["files", "--baseline-from", "nowhere"]);
    assert!(
        gone.contains("`nowhere` does not name a commit in this clone") && gone.contains("fetch-depth: 0"),
        "{gone}"
    );
    let first = repository.git(["rev-list", "--max-parents=0", "HEAD"]);
    let none = told(&repository, 1, &["files", "--baseline-from", &first]);
    assert!(none.contains("has no entry in .unleak-baseline.jsonl, so nothing is accepted"), "{none}");
    assert!(told(&repository, 2, &["baseline", "create"]).contains("exists already"));
}

#[test]
fn it_does_not_help_to_guess_a_weak_password() {
    let repository = Repository::new();
    let password = ["Tr0ub4dor", "3x"].join("-");
    repository.write(
        "db.py",
        format!("import psycopg2\npsycopg2.connect(host=\"db\", user=\"app\", password=\"{password}\")\n"),
    );
    repository.commit("begin");
    told(&repository, 0, &["baseline", "create"]);
    let text = baseline(&repository);
    assert!(text.contains("\"masked\":\"…\"") && !text.contains("Tr0") && !text.contains("r-3x"), "{text}");
    let entry: Value = serde_json::from_str(text.trim()).expect("a line is JSON");
    let (rule, own) = (entry["rule"].as_str().expect("text"), entry["fingerprint"].as_str().expect("text"));
    let begun = std::time::Instant::now();
    assert_eq!(unleak::fingerprint::fingerprint(rule, b"db.py", password.as_bytes()), own);
    // A guess costs memory and time; a fast hash would take a ten-thousandth of that.
    assert!(begun.elapsed() > std::time::Duration::from_micros(500), "{:?}", begun.elapsed());
}

#[test]
fn reports_say_what_was_accepted() {
    let repository = accepted();
    repository.write("src/new.py", source(2));
    let run = |arguments: &[&str]| repository.unleak([&["files", "--baseline", FILE], arguments].concat()).stdout;
    let json: Value = serde_json::from_slice(&run(&["--format", "json"])).expect("it is JSON");
    assert_eq!(json["baseline"], serde_json::json!({ "file": FILE, "entries": 1, "unused": 0 }));
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(1));
    let accepted = &json["baselined"][0];
    assert_eq!((accepted["path"].as_str(), accepted["reason"].as_str()), (Some("src/mail.py"), Some("revoked")));
    assert_eq!(accepted["accepted_by"], "Ada <ada@example.org>");
    let states = |arguments: &[&str]| -> Vec<(String, Value)> {
        let sarif: Value = serde_json::from_slice(&run(arguments)).expect("it is JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("there are results").clone();
        results
            .iter()
            .map(|result| {
                let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
                (uri.as_str().unwrap_or_default().to_owned(), result["baselineState"].clone())
            })
            .collect()
    };
    assert_eq!(states(&["--format", "sarif"]), [("src/new.py".to_owned(), "new".into())]);
    let all = [("src/mail.py".to_owned(), "unchanged".into()), ("src/new.py".to_owned(), "new".into())];
    assert_eq!(states(&["--format", "sarif", "--explain"]), all);
    let listed = scanned(&repository, 1, &["files", "--explain"]);
    assert!(listed.contains("accepted[sendgrid-api-key] SG.") && listed.contains("by Ada <ada@example.org> on "));
    let shown = told(&repository, 0, &["baseline", "show", "--format", "json"]);
    let shown: Value = serde_json::from_str(&shown).expect("it is JSON");
    assert_eq!(shown[0]["is_expired"], false);
}

#[test]
fn shards_with_one_baseline_merge_and_with_different_ones_do_not() {
    let repository = accepted();
    accept_another(&repository, "src/two.py", 2);
    for (name, shard, by) in [("1.json", "1/2", "main"), ("2.json", "2/2", "main"), ("3.json", "2/2", "main~1")] {
        let how =
            ["history", "--shard", shard, "--baseline-from", by, "--exit-zero", "--format", "json", "--output", name];
        told(&repository, 0, &how);
    }
    let merged: Value = serde_json::from_slice(&repository.unleak(["merge", "1.json", "2.json"]).stdout).expect("JSON");
    assert_eq!(merged["baselined"].as_array().map(Vec::len), Some(2), "{merged}");
    assert!(told(&repository, 2, &["merge", "1.json", "3.json"]).contains("different baselines judged them"));
}

/// Texts as the other tools write them, for a repository with leaks in two files.
fn others(repository: &Repository) -> (String, String, String) {
    let commit = repository.git(["rev-parse", "HEAD"]);
    let secret = |number| serde_json::to_string(&sendgrid_key(number)).expect("it is text");
    let leaks = format!(
        r#"[{{"RuleID":"sendgrid-api-token","StartLine":3,"EndLine":3,"Match":{0},"Secret":{0},"File":"a.py","Commit":"{commit}"}},
            {{"RuleID":"sendgrid-api-token","StartLine":3,"EndLine":3,"Match":"REDACTED","Secret":"REDACTED","File":"b.py","Commit":""}},
            {{"RuleID":"generic-api-key","StartLine":9,"EndLine":9,"Match":"x","Secret":"not there at all","File":"a.py","Commit":""}}]"#,
        secret(1)
    );
    let ignored =
        format!("# old\n{commit}:a.py:sendgrid-api-token:3\nb.py:sendgrid-api-token:3\ngone.py:generic-api-key:1\n");
    let digest = |text: &str| {
        let output = repository
            .command("python3")
            .args(["-c", "import hashlib,sys; print(hashlib.sha1(sys.argv[1].encode()).hexdigest())", text])
            .output();
        String::from_utf8_lossy(&output.expect("python3 can be started").stdout).trim().to_owned()
    };
    let audited = serde_json::json!({
        "version": "1.5.0", "plugins_used": [], "filters_used": [], "generated_at": "",
        "results": {
            "a.py": [{ "type": "SendGrid Token", "filename": "a.py", "hashed_secret": digest(&sendgrid_key(1)), "is_verified": false, "line_number": 99, "is_secret": true }],
            "b.py": [{ "type": "Secret Keyword", "filename": "b.py", "hashed_secret": digest(&sendgrid_key(2)[3..]), "is_verified": false, "line_number": 3 }],
            "c.py": [{ "type": "Secret Keyword", "filename": "c.py", "hashed_secret": digest("x"), "is_verified": false, "line_number": 1 }],
        },
    });
    (leaks, ignored, audited.to_string())
}

#[test]
fn what_other_tools_accept_is_taken_over_and_the_rest_named() {
    let repository = Repository::new();
    repository.write("a.py", source(1));
    repository.write("b.py", source(2));
    repository.commit("begin");
    let (leaks, ignored, audited) = others(&repository);
    for (name, text, rest) in [
        ("leaks.json", leaks, "? a.py:9 (gitleaks generic-api-key): unleak finds no such secret there"),
        (".gitleaksignore", ignored, "? gone.py:1 (gitleaks generic-api-key): there is no such file any more"),
        (".secrets.baseline", audited, "? c.py:1 (detect-secrets Secret Keyword): there is no such file any more"),
    ] {
        let _ = std::fs::remove_file(repository.path().join(FILE));
        repository.write(name, text);
        let report = told(&repository, 0, &["baseline", "import", name]);
        assert!(report.contains("2 findings accepted (2 critical)"), "{name}: {report}");
        assert!(report.contains(rest) && report.contains("1 of 3 not taken over"), "{name}: {report}");
        std::fs::remove_file(repository.path().join(name)).expect("it is there");
        scanned(&repository, 0, &["files"]);
        repository.write(name, "hello\nworld\n");
        assert!(told(&repository, 2, &["baseline", "import", name]).contains("is neither a gitleaks report"));
        std::fs::remove_file(repository.path().join(name)).expect("it is there");
    }
    assert!(baseline(&repository).contains("audited as a real secret"));
}

#[test]
fn what_the_real_tools_write_is_taken_over() {
    let (Some(gitleaks), Some(detect)) = (checker("venv/bin/gitleaks"), checker("venv/bin/detect-secrets")) else {
        return;
    };
    let repository = Repository::new();
    repository.write("a.py", source(1));
    repository.commit("begin");
    repository.write("lib/b c.py", format!("# moved\n{}", source(2)));
    repository.commit("more");
    let run = |mut command: std::process::Command| {
        let output = command.output().expect("the tool can be started");
        assert!(output.status.success(), "{}", said(&output));
        output.stdout
    };
    // Outside of the repository, since gitleaks reads its own report when that lies in it.
    let written = |name: &str| repository.beside(name).display().to_string();
    let leaks = ["--report-format", "json", "--exit-code", "0", "--no-banner", "--report-path"];
    let mut command = repository.command(&gitleaks);
    command.args(["git", "."]).args(leaks).arg(written("git.json"));
    run(command);
    let mut command = repository.command(&gitleaks);
    command.args(["dir", ".", "--redact"]).args(leaks).arg(written("dir.json"));
    run(command);
    let found = std::fs::read(repository.beside("git.json")).expect("it was written");
    let found: Value = serde_json::from_slice(&found).expect("it is JSON");
    let found = found.as_array().expect("it is a list");
    let lines: Vec<&str> = found.iter().filter_map(|leak| leak["Fingerprint"].as_str()).collect();
    assert_eq!(lines.len(), 2);
    std::fs::write(repository.beside(".gitleaksignore"), lines.join("\n")).expect("the folder is ours");
    let mut command = repository.command(&detect);
    command.args(["scan", "a.py", "lib/b c.py"]);
    std::fs::write(repository.beside(".secrets.baseline"), run(command)).expect("the folder is ours");
    for name in ["git.json", "dir.json", ".gitleaksignore", ".secrets.baseline"] {
        let _ = std::fs::remove_file(repository.path().join(FILE));
        let report = told(&repository, 0, &["baseline", "import", &written(name)]);
        assert!(report.contains("2 findings accepted"), "{name}: {report}");
        scanned(&repository, 0, &["files"]);
    }
}
