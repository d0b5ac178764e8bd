//! `unleak audit`: what each row says of repositories made for it, and that it never passes what was not seen.

mod support;

use serde_json::Value;
use support::{Repository, document, quiet_scan, sendgrid_key};
use unleak::audit::{Evidence, Past, Verdict, audit};
use unleak::document::Changed;
use unleak::inventory::{Names, places};
use unleak::report::{Coverage, Scanned, Skipped};
use unleak::scan::Outcome;

/// The rows of an audit by id: verdict, words, places.
struct Rows(Value, Option<i32>);

impl Rows {
    fn of(repository: &Repository, arguments: &[&str]) -> Self {
        let all = [&["audit", "--format", "json"], arguments].concat();
        let output = repository.unleak(&all);
        let text = String::from_utf8(output.stdout).expect("it prints UTF-8");
        let value = serde_json::from_str(&text).unwrap_or_else(|error| {
            panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr));
        });
        Rows(value, output.status.code())
    }

    fn row(&self, id: &str) -> &Value {
        let rows = self.0["rows"].as_array().expect("a list");
        rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("no row {id}"))
    }

    #[track_caller]
    fn assert(&self, id: &str, verdict: &str, place: &str) {
        let row = self.row(id);
        assert_eq!(row["verdict"], verdict, "{row:#}");
        let places = row["places"].as_array().expect("a list");
        let at = |at: &Value| match at["line"].as_u64() {
            Some(line) => format!("{}:{line}", at["path"].as_str().unwrap_or_default()),
            None => at["path"].as_str().unwrap_or_default().to_owned(),
        };
        let places: Vec<String> = places.iter().map(at).collect();
        assert!(place.is_empty() || places.iter().any(|seen| seen == place), "{id}: {place} is not among {places:?}");
    }

    fn passed(&self) -> Vec<&str> {
        let rows = self.0["rows"].as_array().expect("a list").iter();
        rows.filter(|row| row["verdict"] == "passed").filter_map(|row| row["id"].as_str()).collect()
    }
}

fn committed(files: &[(&str, &str)]) -> Repository {
    let repository = Repository::new();
    for (path, text) in files {
        repository.write(path, text);
    }
    repository.commit("Begin");
    repository
}

#[test]
fn without_any_use_of_sendgrid_nothing_is_judged_and_next_to_nothing_passes() {
    let rows = Rows::of(&committed(&[("a.py", "print('hello')\n")]), &[]);
    // That no key leaked was looked at, in all files and all commits.
    assert_eq!(rows.passed(), ["practice-15"]);
    for id in ["upgrade-smtp-user", "upgrade-v2", "upgrade-library", "upgrade-environment", "practice-5", "practice-8"]
    {
        rows.assert(id, "nothing-to-judge", "");
    }
    for id in ["upgrade-2fa", "practice-7", "practice-10", "practice-12", "practice-14"] {
        rows.assert(id, "not-seen", "");
        assert!(rows.row(id)["instead"].as_str().is_some_and(|instead| !instead.is_empty()));
    }
    assert_eq!(rows.1, Some(0));
    assert_eq!(rows.0["rows"].as_array().map(Vec::len), Some(38));
}

#[test]
fn an_application_that_keeps_the_practices_passes_what_can_be_seen() {
    let rows = Rows::of(
        &committed(&[
            ("mail.js", "const sgMail = require('@sendgrid/mail')\nsgMail.setApiKey(process.env.SENDGRID_API_KEY)\n"),
            (
                "smtp.js",
                "createTransport({\n  host: 'smtp.sendgrid.net',\n  port: 465,\n  secure: true,\n  auth: { user: 'apikey', pass: process.env.SENDGRID_API_KEY },\n})\n",
            ),
            (
                "package.json",
                "{\"private\": true, \"dependencies\": {\"@sendgrid/mail\": \"^8.1.0\", \"dotenv\": \"^16.0.0\"}}\n",
            ),
            (".gitignore", ".env\n"),
            (".env.example", "SENDGRID_API_KEY=\n"),
            (".github/dependabot.yml", "version: 2\n"),
            (".github/workflows/scan.yml", "jobs:\n  scan:\n    steps:\n      - run: unleak history\n"),
        ]),
        &[],
    );
    rows.assert("upgrade-smtp-user", "passed", "smtp.js:2");
    rows.assert("upgrade-v3-bearer", "passed", "mail.js:2");
    rows.assert("upgrade-v2", "passed", "");
    rows.assert("upgrade-library", "passed", "package.json:1");
    rows.assert("upgrade-environment", "passed", "mail.js:2");
    rows.assert("upgrade-mail-first", "passed", "");
    rows.assert("upgrade-replace", "passed", "");
    // What the variable holds stands nowhere.
    rows.assert("upgrade-smtp-password", "not-seen", "smtp.js:2");
    rows.assert("practice-5", "passed", "mail.js:2");
    rows.assert("practice-8", "passed", "mail.js:2");
    rows.assert("practice-11", "passed", ".github/dependabot.yml");
    rows.assert("practice-15", "passed", ".env");
    rows.assert("practice-19", "passed", ".github/workflows/scan.yml:4");
    rows.assert("practice-3", "not-seen", "");
    assert_eq!(rows.1, Some(0));
}

#[test]
fn each_fault_fails_its_rows_with_its_place() {
    let password = format!("pw{}!x", 48_213);
    let smtp = format!("host: 'smtp.sendgrid.net',\nauth: {{ user: 'shop-mailer', pass: '{password}' }}\n");
    let rows = Rows::of(
        &committed(&[
            ("smtp.js", &format!("createTransport({{\n{smtp}}})\n")),
            ("old.py", "post('https://api.sendgrid.com/api/bounces.get.json')\n"),
            ("plain.py", "post('http://api.sendgrid.com/v3/mail/send')\n"),
            ("keys.sh", "curl -X POST https://api.sendgrid.com/v3/api_keys -d '{\"name\": \"ci\"}'\n"),
            ("log.js", "console.log(process.env.SENDGRID_API_KEY)\n"),
            ("package.json", "{\"dependencies\": {\"sendgrid\": \"^1.9.2\"}}\n"),
            ("schema.sql", "CREATE TABLE s (sendgrid_api_key VARCHAR(64));\n"),
            ("allow.py", "client.access_settings.whitelist.post({'ips': [{'ip': '0.0.0.0/0'}]}) # SendGrid\n"),
            (
                "mail.log",
                "2024-02-01T10:22:31Z smtp: 535 Authentication failed: Basic authentication is not allowed with 2FA enabled\n",
            ),
            (".env.example", "SENDGRID_API_KEY=\n"),
        ]),
        &[],
    );
    rows.assert("upgrade-smtp-user", "failed", "smtp.js:2");
    rows.assert("upgrade-mail-first", "failed", "smtp.js:2");
    rows.assert("upgrade-replace", "failed", "smtp.js:2");
    rows.assert("practice-1", "failed", "smtp.js:2");
    rows.assert("practice-2", "failed", "smtp.js:3");
    rows.assert("upgrade-v2", "failed", "old.py:1");
    rows.assert("practice-8", "failed", "plain.py:1");
    rows.assert("practice-3", "failed", "keys.sh:1");
    rows.assert("practice-6", "failed", "log.js:1");
    rows.assert("practice-11", "failed", "package.json:1");
    rows.assert("upgrade-library", "failed", "package.json:1");
    rows.assert("upgrade-key-length", "failed", "schema.sql:1");
    rows.assert("practice-7", "failed", "allow.py:1");
    rows.assert("upgrade-smtp-rejection", "failed", "mail.log:1");
    rows.assert("upgrade-api-rejection", "not-seen", "");
    rows.assert("practice-15", "failed", ".env");
    assert_eq!(rows.1, Some(1));
}

#[test]
fn a_key_in_a_file_and_in_the_history_is_stored_leaked_dated_and_shared() {
    let key = sendgrid_key(1);
    let repository = committed(&[
        ("prod/mail.py", &format!("sg = SendGridAPIClient('{key}')\n")),
        ("staging/mail.py", &format!("sg = SendGridAPIClient('{key}')\n")),
    ]);
    repository.git(["commit", "--quiet", "--allow-empty", "--message", &format!("Use {}", sendgrid_key(2))]);
    let rows = Rows::of(&repository, &[]);
    for id in ["practice-5", "upgrade-environment", "practice-13", "upgrade-staging", "practice-15"] {
        rows.assert(id, "failed", "prod/mail.py:1");
    }
    // The samples are of 2023.
    rows.assert("practice-4", "failed", "prod/mail.py:1");
    rows.assert("practice-9", "failed", "");
    rows.assert("practice-16", "not-seen", "prod/mail.py:1");
    rows.assert("upgrade-key-length", "passed", "prod/mail.py:1");
    for form in ["human", "markdown", "json"] {
        let output = repository.unleak(["audit", "--format", form]);
        let text = String::from_utf8(output.stdout).expect("it prints UTF-8");
        assert!(!text.contains(&key) && !text.contains(&sendgrid_key(2)), "{text}");
        assert!(text.contains("prod/mail.py"));
    }
    assert_eq!(Rows::of(&repository, &["--exit-zero"]).1, Some(0));
    Rows::of(&repository, &["--max-key-age", "100000"]).assert("practice-4", "not-seen", "");
}

#[test]
fn a_key_that_is_gone_from_the_files_is_still_leaked() {
    let repository = committed(&[("a.py", &format!("k = '{}'\n", sendgrid_key(3)))]);
    repository.write("a.py", "k = 1\n");
    repository.commit("Forget it");
    let rows = Rows::of(&repository, &[]);
    rows.assert("practice-15", "failed", "a.py:1");
    rows.assert("practice-16", "not-seen", "a.py:1");
    let without = Rows::of(&repository, &["--no-history"]);
    without.assert("practice-15", "not-seen", "");
    without.assert("practice-4", "not-seen", "");
}

#[test]
fn what_could_not_be_read_lets_nothing_pass() {
    let repository = committed(&[("mail.js", "sgMail.setApiKey(process.env.SENDGRID_API_KEY) // @sendgrid/mail\n")]);
    let id = repository.git(["rev-parse", "HEAD:mail.js"]);
    let object = repository.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    std::fs::remove_file(&object).expect("it is a loose object");
    let rows = Rows::of(&repository, &[]);
    assert_eq!(rows.1, Some(2));
    assert_eq!(rows.0["coverage"]["state"], "partial");
    rows.assert("practice-15", "not-seen", "");
    rows.assert("upgrade-environment", "passed", "mail.js:1");
}

#[test]
fn a_file_that_was_not_read_leaves_no_row_passed_and_none_without_anything_to_judge() {
    let missing = vec![Skipped { what: b"a.js".to_vec(), why: "no such luck".to_owned() }];
    let coverage = Coverage { missing, ..Coverage::default() };
    let outcome = Outcome { coverage, ..Outcome::default() };
    let report = quiet_scan().report(Scanned::default(), vec![outcome], Vec::new());
    let places = places(&document("b.js", b"x(process.env.SENDGRID_API_KEY)", Changed::Whole), &Names::sendgrid());
    let evidence = Evidence {
        report: &report,
        past: Past::Unknown("it is a test"),
        places: &places,
        traits: &[],
        expired: &[],
        today: jiff::civil::date(2026, 11, 21),
        max_key_age: 90,
    };
    for row in audit(&evidence) {
        assert_eq!(row.verdict, Verdict::NotSeen, "{}: {}", row.practice.id, row.said);
    }
}

#[test]
fn a_folder_outside_of_a_repository_has_no_history_and_a_file_is_no_folder() {
    let repository = Repository::new();
    let folder = repository.beside("plain");
    std::fs::create_dir(&folder).expect("it is new");
    std::fs::write(folder.join("a.js"), "sgMail.setApiKey(process.env.SENDGRID_API_KEY)\n").expect("it can be written");
    let path = folder.display().to_string();
    let rows = Rows::of(&repository, &[&path]);
    rows.assert("practice-15", "not-seen", "");
    rows.assert("practice-5", "passed", "a.js:1");
    let refused = repository.unleak(["audit", &format!("{path}/a.js")]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is no folder"));
}

#[test]
fn the_page_lists_every_row_as_it_is() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/audit.md");
    let text = std::fs::read_to_string(&path).expect("the page is there").replace("\r\n", "\n");
    let (open, close) = ("<!-- rows -->\n", "<!-- /rows -->\n");
    let (head, rest) = text.split_once(open).expect("it has the mark");
    let (inside, tail) = rest.split_once(close).expect("it has the mark");
    let table = unleak::output::audit::table();
    if inside != table && std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{head}{open}{table}{close}{tail}")).expect("it can be written");
        return;
    }
    assert_eq!(inside, table, "run UPDATE_DOCS=1 cargo test --test audit");
}
