//! No change, push or guess gets around the baseline that judges it.

use super::*;

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
        .replace("\"fingerprint\":\"v2-", "\"fingerprint\":\"v2-0");
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
