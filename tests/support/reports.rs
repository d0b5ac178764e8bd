//! A report with one of everything that a report can hold, made from rules of its own.

use super::samples::{Random, fill};
use std::sync::Arc;
use unleak::detect::Engine;
use unleak::document::{Ahead, Aspect, Changed, Charset, Document, Lines, Origin};
use unleak::finding::{Finding, Known};
use unleak::judge::Judge;
use unleak::remedy::{Edit, Remedy};
use unleak::report::{Coverage, Report, Scanned, Skipped};
use unleak::rule::{Form, Kind, RuleFile};
use unleak::ruleset::{Rule, RuleSet};
use unleak::scan::{Outcome, Scan};

/// Rules that no provider changes: a key with an id, a password, a long block, a habit, a file.
const RULES: &str = r#"
provider = "Test"

[[rule]]
id = "test-key"
title = "Test key"
description = "A key of a test account. Whoever holds it reads all of the account's mail."
severity = 9.3
confidence = "high"
anchors = ["TK."]
pattern = 'TK\.(?<id>[a-z]{6})\.[A-Za-z0-9]{40}'
reach = { after = 60 }
guard = "token"
show = 7
hits = []
misses = []
variable = "TEST_KEY"
references = ["https://example.com/keys?a=b"]
[rule.remedy]
revoke = "Delete the key {key_id} at Settings > Keys."
replace = "Read the key from the environment."
store = "Keep the new one in the platform's secret store."
verify = "A call with the old one answers 401."

[[rule]]
id = "test-password"
title = "Test password"
description = "A password."
severity = 7.5
anchors = ["password"]
pattern = 'password = "(?<secret>[^"\r\n]+)"'
reach = { after = 90 }
hits = []
misses = []
[rule.remedy]
revoke = "Change the password."
replace = "Read it from the environment."

[[rule]]
id = "test-block"
title = "Test block"
description = "A block of lines."
severity = 5.0
confidence = "low"
anchors = ["block:"]
pattern = 'block:[A-Za-z0-9\r\n]+:end'
reach = { after = 900 }
show = 6
hits = []
misses = []
[rule.remedy]
revoke = "Make another."
replace = "Keep it out of Git."

[[rule]]
id = "test-habit"
kind = "hygiene"
title = "Plain HTTP"
description = "Everybody on the way reads along."
severity = 2.0
anchors = ["http://mail.test"]
pattern = 'http://mail\.test'
hits = []
misses = []
[rule.remedy]
revoke = ""
replace = "Write https."

[[rule]]
id = "test-file"
kind = "file"
title = "Test environment file"
description = "Such files hold secrets."
severity = 0.5
paths = ["*.testenv"]
hits = []
misses = []
[rule.remedy]
revoke = ""
replace = "Ignore it in Git."
"#;

/// What steers terminals, reorders lines, hides, or gives a CI runner a command.
pub const HOSTILE: &str = "\u{1b}[31m\u{202e}\u{200b}\u{9b}\u{7f}##[error]x\r::error::y";

/// A scan by these rules that keeps dismissals.
pub fn scan() -> Scan {
    let file: RuleFile = toml::from_str(RULES).expect("the rules are TOML");
    let rules = file.rules.into_iter().map(|spec| Arc::new(Rule::new(&file.provider, spec).expect("it is sound")));
    let rules = RuleSet::new(rules.collect()).expect("the ids differ");
    Scan { engine: Engine::new(Arc::new(rules)), judge: Judge::default(), explain: true }
}

/// A key of the rule `test-key`.
pub fn key(seed: u64) -> String {
    let mut random = Random::new("report", seed);
    let id = random.characters("abcdefghijklmnopqrstuvwxyz", 6);
    format!("TK.{id}.{}", random.characters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 40))
}

/// A weak password.
pub fn password(seed: u64) -> String {
    Random::new("password", seed).word()
}

/// A document at a path.
pub fn document(path: &[u8], part: Aspect, text: &str) -> Document {
    Document {
        origin: Origin { path: path.to_vec(), part, ..Origin::default() },
        text: text.as_bytes().to_vec(),
        charset: Charset::Bytes,
        changed: Changed::Whole,
        before: Vec::new(),
        tracked: true,
        ahead: Ahead::default(),
    }
}

/// A report on these documents and no more.
pub fn report(documents: &[Document]) -> Report {
    let scan = scan();
    let outcomes = documents.iter().map(|document| scan.document(document, &|_| None)).collect();
    scan.report(scanned(), outcomes, Vec::new())
}

/// A finding or two of each built-in rule, from its own samples: the validator still knows GitHub's old limit of
/// 1,000 results.
pub fn every_rule() -> Report {
    let scan = super::scan();
    let mut outcomes = Vec::new();
    for rule in scan.engine.rules().rules() {
        for (index, hit) in rule.spec.hits.iter().enumerate().take(2) {
            let sample = fill(rule.id(), index, 1, hit);
            let part = if rule.kind == Kind::File { Aspect::Path } else { Aspect::Content };
            let path = if sample.path.is_empty() { rule.id() } else { &sample.path };
            let text = if part == Aspect::Path { path.as_bytes() } else { &sample.text };
            let document = Document { text: text.to_vec(), ..document(path.as_bytes(), part, "") };
            outcomes.push(scan.document(&document, &|_| None));
        }
    }
    scan.report(Scanned { mode: "files", ..Scanned::default() }, outcomes, Vec::new())
}

/// Keys in an archive, in one that lies in it, and in the name of what it holds, at paths that formats have to escape.
pub fn of_archive() -> Report {
    let inner = super::archives::gz(&super::archives::tar(&[("deep/a b.py", format!("k {}", key(22)).as_bytes())]));
    let named = format!("keys/{}.txt", key(23));
    let bytes = super::archives::zip(&[
        ("src/h\u{e9} llo:[1](2).py", format!("import mail\nKEY = \"{}\"\n", key(21)).as_bytes()),
        ("lib/inner.tar.gz", &inner),
        (&named, b"nothing"),
        ("sealed.rar", b"Rar!\x1a\x07\x01\0"),
    ]);
    let archive = Document { text: bytes, ..document("vendor/b\u{fc}ndel 1!.zip".as_bytes(), Aspect::Content, "") };
    let scan = scan();
    let outcome = scan.document_and_parts(&archive, unleak::archive::Archives::Always, &|_| None);
    scan.report(scanned(), vec![outcome], Vec::new())
}

fn scanned() -> Scanned {
    Scanned { mode: "files", revisions: None, to_root: "../".into(), root: None }
}

/// One finding of a key in a Python file, as when a commit is refused.
pub fn refused() -> Report {
    let text = format!("import mail\n\nKEY = \"{}\"\nmail.send(KEY)\n", key(1));
    let mut report = report(&[document(b"src/mail.py", Aspect::Content, &text)]);
    report.scan.mode = "staged";
    for finding in &mut report.findings {
        finding.remedy = remedy(&text, finding);
    }
    report
}

/// Everything that a report can hold.
pub fn everything() -> Report {
    let scan = scan();
    let commit = Some(Arc::from("0123456789abcdef0123456789abcdef01234567"));
    let in_commit = |mut document: Document| {
        document.origin.commit_id = commit.clone();
        document.origin.blob_id = Some(Arc::from("89abcdef0123456789abcdef0123456789abcdef"));
        document
    };
    let code = format!(
        "# {HOSTILE}\npassword = \"{}\"; url = \"http://mail.test\"\nKEY = \"{}\"\n# unleak:allow test-key a sample\nx = \"{}\"\n",
        password(1),
        key(1),
        key(9),
    );
    let block = format!("a\nblock:{}\n{}\n{}:end\nb\n", key(2).replace('.', ""), "Ab1".repeat(20), "Zz9".repeat(20));
    let path = format!("keys/{}/a b.txt", key(3));
    let documents = [
        document("src/hé llo:[1](2).py".as_bytes(), Aspect::Content, &code),
        document(b"src/block.txt", Aspect::Content, &block),
        document(path.as_bytes(), Aspect::Path, &path),
        document(path.as_bytes(), Aspect::Content, &format!("k {}", key(4))),
        document(format!("src/{HOSTILE}.py").as_bytes(), Aspect::Content, &format!("k {}", key(5))),
        document(b"caf\xe9/a.testenv", Aspect::Path, "caf/a.testenv"),
        document(b"link", Aspect::LinkTarget, &key(6)),
        document(b"", Aspect::Content, &format!("from a stream {}", key(7))),
        document(b".git/COMMIT_EDITMSG", Aspect::CommitMessage, &format!("Say {}", key(10))),
        in_commit(document(b"", Aspect::CommitMessage, &format!("Say it\n\nkey {}", key(8)))),
        in_commit(document(b"", Aspect::TagMessage, &format!("tag {}", key(11)))),
        in_commit(document(b"", Aspect::Note, &format!("note {}", key(12)))),
    ];
    let outcomes: Vec<Outcome> = documents.iter().map(|document| scan.document(document, &|_| None)).collect();
    let mut report = scan.report(scanned(), outcomes, vec![format!("unleak.toml:3: {HOSTILE} was never needed")]);
    report.coverage.add(Coverage {
        files: 12,
        commits: 1,
        blobs: 3,
        skipped: vec![Skipped { what: b"a.bin".to_vec(), why: "binary".into() }],
        missing: vec![Skipped { what: format!("{HOSTILE}{}", key(3)).into_bytes(), why: "permission denied".into() }],
        ..Coverage::default()
    });
    for finding in report.findings.iter_mut() {
        embellish(finding, &code);
    }
    report
}

fn embellish(finding: &mut Finding, code: &str) {
    if finding.origin.path.ends_with(b"(2).py") {
        finding.remedy = remedy(code, finding);
        finding.known = Some(Known { path: format!("old/{HOSTILE}.py").into_bytes() });
    }
    if finding.origin.path == b"link" {
        finding.forms = vec![Form::Base64, Form::Percent];
        finding.encoded_newline = true;
    }
}

/// The remedy of a finding in Python: its literal gives way to a look-up.
fn remedy(text: &str, finding: &Finding) -> Remedy {
    let spec = &finding.rule.spec;
    let secret = std::str::from_utf8(finding.secret.expose()).expect("samples are ASCII");
    let literal = format!("\"{secret}\"");
    let edits = text.find(&literal).filter(|_| !secret.is_empty()).map(|start| {
        let span = start..start + literal.len();
        let location = Lines::new(text.as_bytes()).location(&span);
        Edit { span, location, inserted: "os.environ[\"TEST_KEY\"]".into() }
    });
    Remedy {
        next: "revoke it, then write: KEY = os.environ[\"TEST_KEY\"]".into(),
        revoke: spec.remedy.revoke.to_string(),
        replace: spec.remedy.replace.to_string(),
        store: spec.remedy.store.to_string(),
        verify: spec.remedy.verify.to_string(),
        variable: "TEST_KEY".into(),
        expression: "os.environ[\"TEST_KEY\"]".into(),
        edits: edits.into_iter().collect(),
    }
}
