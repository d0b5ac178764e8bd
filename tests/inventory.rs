//! `unleak inventory`: which places it sees in a text, what it says of each, and that all forms say the same.

mod support;

use support::{Repository, document, quiet_scan, scan, sendgrid_key};
use unleak::document::Changed;
use unleak::inventory::{Method, Names, Place, Purpose, Standing, Via, places};
use unleak::ruleset::RuleSet;

fn seen(path: &str, text: &str) -> Vec<Place> {
    places(&document(path, text.as_bytes(), Changed::Whole), &Names::sendgrid())
}

#[track_caller]
fn only(path: &str, text: &str) -> Place {
    let mut places = seen(path, text);
    assert_eq!(places.len(), 1, "{text}: {places:#?}");
    places.remove(0)
}

#[track_caller]
fn assert_refers(path: &str, text: &str, via: Via, variable: &str) {
    let place = only(path, text);
    assert_eq!((place.standing, place.variable.as_deref()), (Standing::Reference(via), Some(variable)), "{text}");
}

#[test]
fn look_ups_of_every_language_are_references_by_their_variable() {
    let environment = [
        ("a.js", "sgMail.setApiKey(process.env.SENDGRID_API_KEY)"),
        ("a.ts", "const key = process.env['SENDGRID_API_KEY']!"),
        ("a.py", "sg = SendGridAPIClient(os.environ.get('SENDGRID_API_KEY'))"),
        ("a.py", "sg = sendgrid.SendGridAPIClient(api_key=os.environ[\"SENDGRID_API_KEY\"])"),
        ("a.rb", "sg = SendGrid::API.new(api_key: ENV['SENDGRID_API_KEY'])"),
        ("a.rb", "key = ENV.fetch('SENDGRID_API_KEY')"),
        ("a.php", "<?php $sg = new \\SendGrid(getenv('SENDGRID_API_KEY'));"),
        ("a.php", "<?php return ['key' => env('SENDGRID_API_KEY')];"),
        ("a.go", "client := sendgrid.NewSendClient(os.Getenv(\"SENDGRID_API_KEY\"))"),
        ("A.java", "SendGrid sg = new SendGrid(System.getenv(\"SENDGRID_API_KEY\"));"),
        ("A.cs", "var key = Environment.GetEnvironmentVariable(\"SENDGRID_API_KEY\");"),
        ("a.ex", "api_key: System.fetch_env!(\"SENDGRID_API_KEY\")"),
        ("a.rs", "let key = std::env::var(\"SENDGRID_API_KEY\")?;"),
        ("a.ps1", "$key = $env:SENDGRID_API_KEY"),
    ];
    for (path, text) in environment {
        assert_refers(path, text, Via::Environment, "SENDGRID_API_KEY");
    }
    assert_refers("a.sh", "curl -H \"X: ${SENDGRID_API_KEY}\"", Via::Substitution, "SENDGRID_API_KEY");
    assert_refers("main.tf", "key = var.sendgrid_api_key", Via::Terraform, "sendgrid_api_key");
    assert_refers("settings.py", "client(settings.SENDGRID_API_KEY)", Via::Settings, "SENDGRID_API_KEY");
    let workflow = "jobs:\n  a:\n    steps:\n      - env:\n          SENDGRID_API_KEY: ${{ secrets.MAIL_KEY }}\n";
    assert_refers(".github/workflows/a.yml", workflow, Via::CiSecret, "MAIL_KEY");
    let rails = "password: Rails.application.credentials.sendgrid[:api_key]";
    assert_eq!(only("a.rb", rails).standing, Standing::Reference(Via::Settings));
}

#[test]
fn what_an_archive_refers_to_or_holds_is_listed_with_the_way_to_it() {
    let repository = Repository::new();
    let leak = format!("sendgrid.api-key={}\n", sendgrid_key(1));
    let files = [
        ("src/mail.py", &b"sg = SendGridAPIClient(os.environ['SENDGRID_API_KEY'])\n"[..]),
        ("conf/mail.properties", leak.as_bytes()),
    ];
    repository.write("app.war", support::archives::zip(&files));
    repository.commit("Begin");
    let output = repository.unleak(["inventory", "--format", "csv"]);
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{table}");
    let rows = |path: &str| table.lines().filter(|line| line.contains(path)).collect::<Vec<_>>().join("\n");
    assert!(rows("app.war!src/mail.py").contains("reference"), "{table}");
    assert!(rows("app.war!conf/mail.properties").contains("literal"), "{table}");
    let audit = repository.unleak(["audit", "--format", "json"]);
    let rows = String::from_utf8_lossy(&audit.stdout).into_owned();
    assert!(rows.contains("app.war!conf/mail.properties"), "{rows}");
}

#[test]
fn a_kubernetes_secret_is_a_reference() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nenv:\n- name: SENDGRID_API_KEY\n  valueFrom:\n    secretKeyRef:\n      name: sendgrid\n      key: api-key\n";
    let places = seen("deploy.yaml", deployment);
    assert!(!places.is_empty());
    assert!(places.iter().all(|place| place.standing == Standing::Reference(Via::KubernetesSecret)), "{places:#?}");
}

#[test]
fn smtp_settings_tell_a_key_from_a_login_by_the_user() {
    let settings = |user: &str| {
        let text = format!(
            "config.smtp_settings = {{\n  address: 'smtp.sendgrid.net',\n  user_name: {user},\n  password: ENV['MAIL_PASSWORD']\n}}\n"
        );
        only("config/a.rb", &text)
    };
    let key = settings("'apikey'");
    assert_eq!((key.purpose, key.method, key.line), (Purpose::Smtp, Method::SmtpKey, 2));
    assert_eq!(key.variable.as_deref(), Some("MAIL_PASSWORD"));
    assert_eq!(settings("'shop@example.org'").method, Method::SmtpLogin);
    assert_eq!(settings("ENV['MAIL_USER']").method, Method::Either);
    let mailer =
        only("a.js", "createTransport({ service: 'SendGrid', auth: { user: 'apikey', pass: process.env.KEY } })");
    assert_eq!((mailer.purpose, mailer.method), (Purpose::Smtp, Method::SmtpKey));
    assert_eq!(mailer.standing, Standing::Reference(Via::Environment));
}

#[test]
fn calls_are_sorted_by_what_they_are_for_and_how_they_log_in() {
    let call = |text: &str| {
        let place = only("a.js", text);
        (place.purpose, place.method)
    };
    assert_eq!(
        call("fetch('https://api.sendgrid.com/v3/mail/send', { headers: { Authorization: `Bearer ${key}` } })"),
        (Purpose::MailSend, Method::Key)
    );
    assert_eq!(
        call("fetch('https://api.sendgrid.com/v3/stats', { headers: { Authorization: `Basic ${login}` } })"),
        (Purpose::Api, Method::Basic)
    );
    assert_eq!(call("get('https://api.sendgrid.com/api/bounces.get.json')"), (Purpose::V2Api, Method::Basic));
    assert_eq!(call("post('https://api.sendgrid.com/api/mail.send.json')"), (Purpose::MailSend, Method::Basic));
    assert_eq!(call("const sg = require('sendgrid')(user, password)"), (Purpose::Client, Method::Basic));
    assert_eq!(call("const sg = require('sendgrid')(apiKey)"), (Purpose::Client, Method::Key));
    assert_eq!(call("sgMail.setApiKey(key); // @sendgrid/mail"), (Purpose::MailSend, Method::Key));
}

#[test]
fn what_only_sounds_like_a_credential_is_no_place() {
    for (path, text) in [
        ("a.js", "const SENDGRID_TEMPLATE_ID = process.env.SENDGRID_TEMPLATE_ID"),
        ("a.py", "key = os.environ['SENDGRID_WEBHOOK_VERIFICATION_KEY']"),
        ("a.py", "SENDGRID_API_KEY_ID = 1"),
        ("README.md", "See https://docs.sendgrid.com/ui/sendgrid-api-keys for your SendGrid key."),
        ("a.html", "<a href='https://sendgrid.com/docs/api'>SendGrid</a>"),
        ("a.py", "class SendGridAPIClient(BaseInterface):"),
    ] {
        assert!(seen(path, text).is_empty(), "{text}: {:#?}", seen(path, text));
    }
}

#[test]
fn a_value_to_be_filled_in_is_neither_literal_nor_reference() {
    for text in ["SENDGRID_API_KEY=\n", "SENDGRID_API_KEY=your-api-key-here\n", "export SENDGRID_API_KEY='<key>'\n"] {
        assert_eq!(only(".env.example", text).standing, Standing::Placeholder, "{text}");
    }
    let example = "SMTP_HOST=smtp.sendgrid.net\nSMTP_USER=apikey\nSMTP_PASSWORD=hdgfads--i.e.Sendgrid-apikey--\n";
    let stand_in = only(".env.example", example);
    assert_eq!((stand_in.standing, stand_in.method), (Standing::Placeholder, Method::SmtpKey));
    let commented = only("a.py", "# client = SendGridAPIClient(os.environ['SENDGRID_API_KEY'])\n");
    assert!(commented.in_comment);
}

#[test]
fn other_providers_are_looked_for_by_name() {
    let names = Names::of_rules(&RuleSet::builtin(), &["stripe".to_owned()]).expect("there are rules about it");
    assert!(!names.sendgrid);
    let text = b"stripe.api_key = os.environ['STRIPE_SECRET_KEY']\nSENDGRID_API_KEY = 1\n";
    let places = places(&document("a.py", text, Changed::Whole), &names);
    assert_eq!(places.len(), 1);
    assert_eq!((places[0].provider.as_str(), places[0].purpose), ("Stripe", Purpose::Other));
    assert_eq!(places[0].standing, Standing::Reference(Via::Environment));
    let unknown = Names::of_rules(&RuleSet::builtin(), &["no-such-thing".to_owned()]);
    assert_eq!(unknown.err().as_deref(), Some("no-such-thing"));
    assert!(Names::of_rules(quiet_scan().engine.rules(), &[]).is_ok_and(|all| all.sendgrid));
    assert!(scan().explain);
}

fn sample() -> (Repository, String) {
    let repository = Repository::new();
    let key = sendgrid_key(1);
    repository
        .write("mail.js", "const sgMail = require('@sendgrid/mail')\nsgMail.setApiKey(process.env.SENDGRID_API_KEY)\n");
    repository.write("old/mail.js", format!("require('@sendgrid/mail').setApiKey('{key}')\n"));
    repository.write(".env.example", "SENDGRID_API_KEY=\n");
    repository.write("README.md", "Set `SENDGRID_API_KEY=...` first.\n");
    repository.write("ignored/a.js", "x(process.env.SENDGRID_API_KEY)\n");
    repository.write(".gitignore", "ignored/\n");
    (repository, key)
}

#[test]
fn every_form_lists_the_same_places_mail_first_and_shows_no_secret() {
    let (repository, key) = sample();
    let print = |form: &str| {
        let output = repository.unleak(["inventory", "--format", form]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("it prints UTF-8");
        assert!(!text.contains(&key) && !text.contains("ignored/"), "{text}");
        text
    };
    let json: serde_json::Value = serde_json::from_str(&print("json")).expect("it is JSON");
    let places = json["places"].as_array().expect("a list");
    let at = |place: &serde_json::Value| format!("{}:{}", place["path"].as_str().unwrap_or_default(), place["line"]);
    let order: Vec<String> = places.iter().map(at).collect();
    assert_eq!(order, ["old/mail.js:1", "mail.js:2", ".env.example:1", "README.md:1"]);
    assert_eq!(places[0]["standing"], "literal");
    assert_eq!(places[0]["rule_id"], "sendgrid-api-key");
    assert_eq!(places[1]["variable"], "SENDGRID_API_KEY");
    assert_eq!(json["coverage"]["state"], "complete");
    let (human, markdown, csv) = (print("human"), print("markdown"), print("csv"));
    for place in ["old/mail.js:1", "mail.js:2", ".env.example:1"] {
        assert!(human.contains(place) && markdown.contains(place), "{human}{markdown}");
    }
    assert!(human.find("old/mail.js").expect("listed") < human.find("README.md").expect("listed"));
    assert_eq!(csv.lines().count(), 1 + places.len());
}

#[test]
fn hostile_paths_and_names_are_spelled_out() {
    let repository = Repository::new();
    repository.write("a\u{1b}[31m|`b.js", "sgMail.setApiKey(process.env.SENDGRID_API_KEY) // @sendgrid/mail\n");
    for form in ["human", "markdown", "json", "csv"] {
        let output = repository.unleak(["inventory", "--format", form]);
        assert!(!output.stdout.contains(&0x1b), "{form}");
    }
    let page = repository.unleak(["inventory", "--format", "markdown"]).stdout;
    assert!(String::from_utf8_lossy(&page).contains("\\|'b.js:1`"), "{}", String::from_utf8_lossy(&page));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_makes_the_list_partial() {
    use std::os::unix::fs::symlink;
    let repository = Repository::new();
    repository.write("a.js", "x(process.env.SENDGRID_API_KEY)\n");
    symlink("nowhere", repository.path().join("gone")).expect("a link can be made");
    let output = repository.unleak(["inventory", "a.js", "gone"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).contains("NOT ALL COULD BE READ"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not read: gone"));
}

#[test]
fn an_unknown_provider_is_an_error() {
    let output = Repository::new().unleak(["inventory", "--provider", "no-such-thing"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-thing"));
}
