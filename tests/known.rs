//! How sure a finding of a rule that knows a provider or a format is, by where it stands and what stands beside it.

mod support;

use std::fmt::Write;
use support::quiet_scan;
use support::samples::fill;
use unleak::document::{Aspect, Changed};
use unleak::finding::Confidence::{self, High, Low, Medium};
use unleak::finding::confidence_name;

/// A rule, a text with its path, and how sure the rule is of what stands between the marks.
type Case = (&'static str, &'static str, Confidence);

/// How sure the rule is of what it finds in a sample, if it finds it.
fn confidence(rule: &str, text: &str, seed: u64, part: Aspect) -> Option<Confidence> {
    let sample = fill(rule, 0, seed, text);
    let mut document = support::document(&sample.path, &sample.text, Changed::Whole);
    document.origin.part = part;
    let outcome = quiet_scan().document(&document, &|_| None);
    let found = outcome.findings.iter().find(|finding| finding.rule.id() == rule);
    found.map(|finding| finding.confidence)
}

fn all_are(cases: &[Case], part: Aspect) {
    let mut wrong = String::new();
    for (rule, text, expected) in cases {
        for seed in 0..4 {
            let found = confidence(rule, text, seed, part);
            if found != Some(*expected) {
                let found = found.map_or("nothing", confidence_name);
                writeln!(wrong, "{found}, not {}, by {rule} in {text}", confidence_name(*expected))
                    .expect("it is memory");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

const DOCKER: &str = "token: dckr_pat_%{base64url:27}\n";

#[test]
fn what_no_checksum_proves_is_low_in_tests_manuals_and_other_peoples_code() {
    let at = |path: &str| fill("docker", 0, 1, &format!("⟪{path}⟫\n{DOCKER}"));
    let told = |path: &str| {
        let sample = at(path);
        let document = support::document(&sample.path, &sample.text, Changed::Whole);
        let outcome = quiet_scan().document(&document, &|_| None);
        outcome.findings.iter().find(|f| f.rule.id() == "docker-hub-access-token").map(|f| f.confidence)
    };
    for (path, expected) in [
        ("deploy/ci.yml", High),
        ("src/push.py", High),
        ("test.py", High),
        (".github/workflows/tests.yml", High),
        ("Cargo.lock", High),
        (".env.example", Medium),
        ("README.md", Medium),
        ("dist/app.js", Medium),
        ("tests/push.py", Low),
        ("tests/test.py", Low),
        ("docs/push.md", Low),
        ("openapi.yaml", Low),
        ("node_modules/acme/index.js", Low),
        ("cache/acme-1.0.gem/data.tar.gz/config/ci.yml", Low),
    ] {
        assert_eq!(told(path), Some(expected), "{path}");
    }
}

#[test]
fn what_is_proved_stays_sure_in_a_test() {
    all_are(
        &[
            ("sendgrid-api-key", "⟪tests/mail.py⟫\nkey = 'SG.%{sendgrid-id}.%{sendgrid-secret}'\n", High),
            ("sendgrid-api-key", "⟪docs/mail.md⟫\n{\"api_key\": \"SG.%{sendgrid-id}.%{sendgrid-secret}\"}\n", Medium),
            ("sendgrid-api-key", "⟪README.md⟫\nexport KEY=SG.%{sendgrid-id}.%{sendgrid-secret}\n", High),
        ],
        Aspect::Content,
    );
}

#[test]
fn a_commit_message_is_a_text_for_people() {
    all_are(
        &[
            ("docker-hub-access-token", "Log in with dckr_pat_%{base64url:27} again\n", Medium),
            ("sendgrid-api-key", "Take out SG.%{sendgrid-id}.%{sendgrid-secret}\n", High),
        ],
        Aspect::CommitMessage,
    );
}

#[test]
fn code_in_the_comments_that_documentation_is_made_of_explains() {
    const LOGIN: &str = "%{to-base64:acme:%{alnum:14}}";
    let in_file = |start: &str, expected| {
        for seed in 0..4 {
            let text = format!("{start} Authorization = 'Basic {LOGIN}'\n");
            assert_eq!(confidence("http-basic-header", &text, seed, Aspect::Content), Some(expected), "{text}");
        }
    };
    in_file("⟪web/lib/http.js⟫\n/**\n * send(function ($http) {\n *  ", Low);
    in_file("⟪src/http.rs⟫\n/// ", Low);
    in_file("⟪lib/http.rb⟫\n#     ", Low);
    in_file("⟪http.go⟫\n//\t", Low);
    in_file("⟪web/lib/http.js⟫\n//", Medium);
    in_file("⟪http.go⟫\n//", Medium);
    in_file("⟪lib/http.rb⟫\n#", Medium);
    all_are(
        &[
            (
                "docker-hub-access-token",
                "⟪lib/modules/hub.py⟫\nEXAMPLES = '''\n- name: Log in\n  hub:\n    state: present\n    token: dckr_pat_%{base64url:27}\n'''\n",
                Low,
            ),
            ("docker-hub-access-token", "⟪hub.py⟫\nstate: str = 'present'\ntoken = 'dckr_pat_%{base64url:27}'\n", High),
        ],
        Aspect::Content,
    );
}

#[test]
fn a_user_who_is_only_described_has_no_password() {
    let login = |user: &str, password: &str| {
        let text = format!("https://api.sendgrid.com/api/mail.send.json?api_user={user}&api_key={password}&to=a@b.c\n");
        confidence("sendgrid-v2-login", &text, 1, Aspect::Content)
    };
    for user in ["parent_username", "NEWUSERNAME", "SGusername"] {
        assert_eq!(login(user, "%{alnum:11}"), Some(Medium), "{user}");
        assert_eq!(login(user, "SGpasword"), Some(Low), "{user}");
        assert_eq!(login(user, "secureSecrett"), Some(Low), "{user}");
    }
    assert_eq!(login("kestrel", "%{alnum:11}"), Some(High));
    assert_eq!(login("admin", "%{alnum:11}"), Some(High));
}
