//! Secrets in pieces, in pairs, in code, and the words that go with them.

use crate::{candidate, document, key, key_of, mended_by, remedy_for, remedy_of, rule};
use unleak::document::{Ahead, Aspect, Lines};
use unleak::finding::Piece;
use unleak::remedy::{Reading, remedy};
use unleak::rule::Form;
use unleak::secret::Secret;

#[test]
fn strings_joined_to_a_secret_go_together() {
    let samples = [
        ("a.py", "import os\nk = (\"SG.\" + \"REST\")\n", "import os\nk = (os.environ[\"SENDGRID_API_KEY\"])\n"),
        ("a.py", "import os\nk = (\"SG.\"\n     \"REST\")\n", "import os\nk = (os.environ[\"SENDGRID_API_KEY\"])\n"),
        ("a.js", "const k = 'SG.' +\n  'REST';\n", "const k = process.env.SENDGRID_API_KEY;\n"),
        ("a.php", "<?php\n$k = 'SG.' . 'REST';\n", "<?php\n$k = getenv('SENDGRID_API_KEY');\n"),
        // More stands in the strings than the secret, or between them.
        ("a.js", "const k = 'Bearer SG.' + 'REST';\n", "const k = 'Bearer SG.' + 'REST';\n"),
        ("a.js", "const k = 'SG.' + x + 'REST';\n", "const k = 'SG.' + x + 'REST';\n"),
        ("a.yml", "k: \"SG.\\\n  REST\"\n", "k: \"SG.\\\n  REST\"\n"),
    ];
    for (path, before, after) in samples {
        let rest = key()[3..].to_owned();
        let text = before.replace("REST", &rest);
        let start = text.find("SG.").expect("the sample holds its secret");
        let end = text.find(&rest).expect("the sample holds its secret") + rest.len();
        let candidate = candidate(&text, &text[start..end], &[Form::Joined]);
        let mended = mended_by(&remedy_for(path, &text, &candidate), &text);
        assert_eq!(mended.replace(&rest, "REST"), after, "{path}: {before}");
    }
}

#[test]
fn an_encoded_secret_gets_words_only() {
    let text = "k = \"U0cuABCDEFGH\"\n";
    let mut candidate = candidate(text, "U0cuABCDEFGH", &[Form::Base64]);
    candidate.encoded_newline = true;
    let remedy = remedy_for("a.py", text, &candidate);
    assert!(remedy.edits.is_empty());
    assert!(remedy.replace.contains("printf %s"), "{}", remedy.replace);
}

#[test]
fn an_encoded_line_end_goes_where_the_secret_has_to_stay_encoded() {
    let encoded = data_encoding::BASE64.encode(format!("{}\n", key()).as_bytes());
    let text = format!("apiVersion: v1\nkind: Secret\ndata:\n  key: {encoded}\n");
    let without = text.replace("Cg==", "");
    for written in [&encoded[..], &encoded[..encoded.len() - 4]] {
        let mut candidate = candidate(&text, written, &[Form::Base64]);
        candidate.encoded_newline = true;
        assert_eq!(mended_by(&remedy_for("k8s.yaml", &text, &candidate), &text), without);
    }
}

#[test]
fn the_password_of_an_address_is_not_named_like_the_address() {
    let text = "url = 'postgres://app:hunter2!@db.example.com/x'\n";
    let mut candidate = candidate(text, "hunter2!", &[]);
    candidate.rule = rule("url-database-password");
    candidate.secret = Secret::new(*b"hunter2!");
    let remedy = remedy_for("a.rb", text, &candidate);
    assert_eq!(remedy.variable, "DATABASE_PASSWORD");
    assert!(remedy.replace.contains("percent-encoded"), "{}", remedy.replace);
}

#[test]
fn a_text_that_is_no_file_or_a_piece_of_one_is_not_edited() {
    let text = format!("key = \"{}\"\n", key());
    let candidate = candidate(&text, &key(), &[]);
    let mut message = document("app/mail.py", &text);
    message.origin.part = Aspect::CommitMessage;
    assert!(remedy(&candidate, &message, &Lines::new(text.as_bytes()), &Reading::default()).edits.is_empty());
    let mut piece = document("app/mail.py", &text);
    piece.ahead = Ahead { lines: 3, columns: 0, bytes: 40 };
    assert!(remedy(&candidate, &piece, &Lines::new(text.as_bytes()), &Reading::default()).edits.is_empty());
}

#[test]
fn two_secrets_of_a_kind_get_two_names() {
    let (first, second) = (key_of(20), key());
    let text = format!("import os\na = '{first}'\nb = '{second}'\nc = '{second}'\n");
    let names = |written: &str| {
        let mut candidate = candidate(&text, written, &[]);
        candidate.secret = Secret::new(written.as_bytes());
        remedy_for("a.py", &text, &candidate).variable
    };
    assert_eq!(names(&first), "SENDGRID_API_KEY");
    assert_eq!(names(&second), "SENDGRID_API_KEY_2");
}

#[test]
fn a_collection_of_secrets_is_not_edited() {
    let line = |seed: u32| format!("k = '{}'\n", key_of(seed));
    let text: String = (3..60).map(line).collect();
    assert!(!remedy_of("a.py", &text).edits.is_empty());
    let text: String = (3..90).map(line).collect();
    assert!(remedy_of("a.py", &text).edits.is_empty());
}

#[test]
fn the_variable_is_one_that_the_file_names_already() {
    for (line, expected) in [
        ("MAIL_PASSWORD = 'KEY!'", "MAIL_PASSWORD"),
        ("API_KEY = 'KEY!'", "SENDGRID_API_KEY"),
        ("app.config['SMTP_PASS'] = 'KEY!'", "SMTP_PASS"),
        ("NEXT_PUBLIC_SENDGRID_KEY = 'KEY!'", "SENDGRID_KEY"),
        ("k = 'KEY!'\nb = os.environ['SENDGRID_KEY_EU']", "SENDGRID_KEY_EU"),
        ("k = 'KEY!'\nb = os.environ['SENDGRID_USER_KEY']", "SENDGRID_API_KEY"),
        ("mail_password = 'KEY!'", "SENDGRID_API_KEY"),
    ] {
        assert_eq!(remedy_of("a.py", &line.replace("KEY!", &key())).variable, expected, "{line}");
    }
}

#[test]
fn the_next_step_names_the_key_and_the_mended_line() {
    for (path, line, expected) in [
        ("a.py", "password = \"KEY!\"\n", "revoke key id abc, then write: password = os.environ[\"SENDGRID_API_KEY\"]"),
        (
            "a.sh",
            "export MAIL_PASSWORD=KEY!\n",
            "revoke key id abc, then write: export MAIL_PASSWORD=\"${MAIL_PASSWORD:?}\"",
        ),
        (
            "a.py",
            "    'password': 'KEY!',\n",
            "revoke key id abc, then write: 'password': os.environ['SENDGRID_API_KEY']",
        ),
        (
            "A.java",
            "  static final String K = \"KEY!\";\n",
            "revoke key id abc, then write: static final String K = System.getenv(\"SENDGRID_API_KEY\")",
        ),
        ("a.js", "h = 'Bearer KEY!'\n", "revoke key id abc, then write: process.env.SENDGRID_API_KEY"),
        (
            ".gitlab-ci.yml",
            "variables:\n  MAIL_KEY: KEY!\n",
            "revoke key id abc, then drop the line and set MAIL_KEY as a masked and protected variable in the CI/CD settings",
        ),
        ("a.js", "send('other', 'KEY!')\n", "revoke key id abc, then write: process.env.SENDGRID_API_KEY"),
        (
            "group_vars/a.yml",
            "key: KEY!\n",
            "revoke key id abc, then write: key: \"{{ lookup('env', 'SENDGRID_API_KEY') }}\"",
        ),
        (
            "a.go",
            "package a\nconst k = \"KEY!\"\n",
            "revoke key id abc, then make the constant a variable, var … = os.Getenv(\"SENDGRID_API_KEY\")",
        ),
        (
            "a.cs",
            "class A { void F(string k = \"KEY!\") {} }\n",
            "revoke key id abc, then leave the default out and read it in the body, with \
             System.Environment.GetEnvironmentVariable(\"SENDGRID_API_KEY\")",
        ),
        (
            "a.py",
            "import os\nos.environ[\"MAIL_KEY\"] = \"KEY!\"\n",
            "revoke key id abc, then drop the line, which sets MAIL_KEY itself, and set it outside the program",
        ),
        (
            "Dockerfile",
            "FROM a\nLABEL k=KEY!\n",
            "revoke key id abc, then pass SENDGRID_API_KEY when the container starts, or use RUN --mount=type=secret,\
             id=sendgrid_api_key while it is built: an image keeps what ENV and ARG say",
        ),
    ] {
        assert_eq!(remedy_of(path, &line.replace("KEY!", &key())).next, expected);
    }
    let env = remedy_of(".env", &format!("SENDGRID_API_KEY={}\n", key()));
    assert!(env.next.starts_with("revoke key id abc, then take the file out of Git"), "{}", env.next);
}

/// The mended text of an SMTP login, or of another login of SendGrid.
fn login(rule_id: &str, path: &str, text: &str) -> String {
    let secret = text.find("hunter2!").expect("the sample holds its password");
    let user = text.find("acme-mailer").expect("the sample holds its user");
    let mut candidate = candidate(text, "hunter2!", &[]);
    candidate.rule = rule(rule_id);
    candidate.secret = Secret::new(*b"hunter2!");
    candidate.key_id = None;
    candidate.parts = vec![
        Piece { name: "user".into(), span: user..user + 11, value: Secret::new(*b"acme-mailer") },
        Piece { name: "secret".into(), span: secret..secret + 8, value: Secret::new(*b"hunter2!") },
    ];
    mended_by(&remedy_for(path, text, &candidate), text)
}

#[test]
fn an_smtp_login_becomes_apikey_and_a_key() {
    let python = "import os\ns.login('acme-mailer', 'hunter2!')\n";
    assert_eq!(
        login("sendgrid-smtp-login", "a.py", python),
        "import os\ns.login('apikey', os.environ['SENDGRID_API_KEY'])\n"
    );
    // Without a place for the password the user stays too.
    let json = "{\"user\": \"acme-mailer\", \"pass\": \"hunter2!\"}\n";
    assert_eq!(login("sendgrid-smtp-login", "a.json", json), json);
    let url = "url = 'smtps://acme-mailer:hunter2!@smtp.sendgrid.net:465'\n";
    assert_eq!(
        login("sendgrid-smtp-login", "a.rb", url),
        "url = \"smtps://apikey:#{ENV.fetch('SENDGRID_API_KEY')}@smtp.sendgrid.net:465\"\n"
    );
    // The other interfaces take no key in a password's place.
    let http = "url = 'https://acme-mailer:hunter2!@api.sendgrid.com'\n";
    assert_eq!(login("sendgrid-url-login", "a.rb", http), http);
    assert_eq!(login("sendgrid-sdk-login", "a.py", python), python);
}

#[test]
fn a_part_of_a_key_is_not_replaced_by_the_whole_key() {
    let text = format!("const key = ['SG', 'abc', '{}'].join('.');\n", key());
    let mut candidate = candidate(&text, &key(), &[]);
    candidate.rule = rule("sendgrid-api-key-parts");
    let remedy = remedy_for("a.js", &text, &candidate);
    assert_eq!(mended_by(&remedy, &text), text);
    assert!(
        remedy.next.ends_with("read the whole key from the environment variable SENDGRID_API_KEY"),
        "{}",
        remedy.next
    );
}

#[test]
fn an_unprotected_address_gets_its_s() {
    for (path, after) in
        [("a.py", "url = 'https://api.sendgrid.com'\n"), ("a.log", "url = 'http://api.sendgrid.com'\n")]
    {
        let text = "url = 'http://api.sendgrid.com'\n";
        let mut candidate = candidate(text, "http://api.sendgrid.com", &[]);
        candidate.rule = rule("sendgrid-plain-http");
        let remedy = remedy_for(path, text, &candidate);
        assert_eq!(mended_by(&remedy, text), after);
        assert!(remedy.variable.is_empty() && remedy.next == "Write https:// in place of http://", "{}", remedy.next);
    }
}

#[test]
fn the_words_name_the_variable_that_the_file_has() {
    let of = |id: &str, text: &str| {
        let mut candidate = candidate(text, &key(), &[]);
        candidate.rule = rule(id);
        remedy_for("a.py", text, &candidate)
    };
    let remedy = of("openai-api-key", &format!("MAIL_MODEL_KEY = \"{}\"\n", key()));
    assert_eq!(remedy.variable, "MAIL_MODEL_KEY");
    assert_eq!(remedy.replace, "Read it from MAIL_MODEL_KEY in the environment.");
    let remedy = of("openai-api-key", &format!("client(\"{}\")\n", key()));
    assert!(remedy.replace.contains("Read it from OPENAI_API_KEY in the environment, where "), "{}", remedy.replace);
}
