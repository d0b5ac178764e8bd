//! What becomes of the files themselves, and what is shown of it.

use crate::support::Repository;
use crate::{CLEAN, ERROR, LEFT, assert_exit, filled, read, repository, said, tree};
use std::process::{Command, Stdio};

/// A file in each language, `KEY1!` and so on for keys, several shapes in each; and the words that it has to hold
/// once mended.
const PROGRAMS: [(&str, &str, &[&str]); 14] = [
    (
        "app/mail.py",
        "\"\"\"Sends.\"\"\"\nfrom __future__ import annotations\nimport json\n\nkey = 'KEY1!'\nx = json.dumps({'a': \"KEY1!\", \
         'h': f\"Bearer KEY1! {1}\"})\nh = \"Bearer KEY2!\"\nt = ('apikey', 'KEY1!')\nu = 'https://apikey:KEY1!@host/'\n",
        &["import os\nimport json", "os.environ['SENDGRID_API_KEY']", "{os.environ['SENDGRID_API_KEY_2']}"],
    ),
    (
        "web/mail.js",
        "const sg = { setApiKey(k) { return k; } };\nsg.setApiKey('KEY1!');\nconst h = { Authorization: 'Bearer KEY1!' };\n\
         const u = `https://apikey:KEY2!@host/${h}`;\nconst k = process.env.SENDGRID_API_KEY || \"KEY1!\";\n",
        &["sg.setApiKey(process.env.SENDGRID_API_KEY);", "`Bearer ${process.env.SENDGRID_API_KEY}`"],
    ),
    (
        "web/mail.ts",
        "const key: string = 'KEY1!';\nexport const auth = { user: 'apikey', pass: 'KEY1!' };\nexport default key;\n",
        &["const key: string = process.env.SENDGRID_API_KEY!;"],
    ),
    (
        "config/mail.rb",
        "mail(password: 'KEY1!')\nh = \"Bearer KEY1!\"\nSG = { 'key' => 'KEY2!' }\n",
        &["password: ENV.fetch('SENDGRID_API_KEY')", "\"Bearer #{ENV.fetch('SENDGRID_API_KEY')}\""],
    ),
    (
        "send.php",
        "<?php\n$key = 'KEY1!';\n$h = ['Authorization: Bearer KEY1!'];\n$m->send(\"KEY2!\", 1);\n",
        &["$key = getenv('SENDGRID_API_KEY');", "'Authorization: Bearer ' . getenv("],
    ),
    (
        "cmd/main.go",
        "package main\n\nimport (\n\t\"fmt\"\n)\n\nvar k = \"KEY1!\"\n\nfunc main() {\n\t_ = fmt.Sprint(k + \"Bearer KEY1!\")\n}\n",
        &["\t\"fmt\"\n\t\"os\"\n", "var k = os.Getenv(\"SENDGRID_API_KEY\")"],
    ),
    (
        "src/Mail.java",
        "class Mail {\n    static final String KEY = \"KEY1!\";\n    static String header() { return \"Bearer KEY1!\"; }\n\
         \x20   static String url() { return \"https://apikey:KEY2!@host\"; }\n}\n",
        &["KEY = System.getenv(\"SENDGRID_API_KEY\");"],
    ),
    (
        "src/Mail.cs",
        "using System;\nclass Mail {\n    static readonly string Key = \"KEY1!\";\n    string h = $\"Bearer KEY1! {1}\";\n}\n",
        &["Key = Environment.GetEnvironmentVariable(\"SENDGRID_API_KEY\")"],
    ),
    (
        "src/mail.rs",
        "pub struct Mail {\n    pub key: String,\n}\n\npub fn mail() -> Mail {\n    Mail { key: \"KEY1!\".to_string() }\n}\n\n\
         pub fn key() -> String {\n    String::from(\"KEY1!\")\n}\n",
        &["std::env::var(\"SENDGRID_API_KEY\")"],
    ),
    (
        "bin/send.sh",
        "#!/bin/sh\nKEY='KEY1!'\ncurl -H \"Authorization: Bearer KEY1!\" \"https://example.org/$KEY\"\n",
        &["KEY=\"${SENDGRID_API_KEY:?}\"", "Bearer ${SENDGRID_API_KEY:?}"],
    ),
    (
        "bin/send.pl",
        "use strict;\nmy %mail = (user => 'apikey', password => 'KEY1!');\nmy $h = \"Bearer KEY1!\";\n",
        &["password => $ENV{"],
    ),
    (
        "compose.yml",
        "services:\n  mail:\n    image: mail\n    environment:\n      SENDGRID_API_KEY: KEY1!\n      OTHER: \"x\"\n",
        &["SENDGRID_API_KEY: ${SENDGRID_API_KEY"],
    ),
    (
        ".github/workflows/mail.yml",
        "on: push\njobs:\n  mail:\n    runs-on: ubuntu-latest\n    env:\n      SENDGRID_API_KEY: 'KEY1!'\n    steps:\n      - run: ./send\n",
        &["SENDGRID_API_KEY: '${{ secrets.SENDGRID_API_KEY }}'"],
    ),
    (
        "infra/main.tf",
        "provider \"sendgrid\" {\n  api_key = \"KEY1!\"\n}\n\nlocals {\n  second = \"KEY2!\"\n}\n",
        &["api_key = var.sendgrid_api_key", "second = var.sendgrid_api_key_2", "variable \"sendgrid_api_key_2\" {"],
    ),
];

/// The tools that tell whether a file parses, `%` for the file; those that the machine lacks say nothing.
const TOOLS: [(&str, &[&str]); 11] = [
    ("py", &["python3", "-c", "import sys; compile(open(sys.argv[1]).read(), 'a', 'exec')", "%"]),
    ("js", &["node", "--check", "%"]),
    ("rb", &["ruby", "-c", "%"]),
    ("php", &["php", "-l", "%"]),
    ("go", &["gofmt", "-l", "%"]),
    ("java", &["javac", "-d", "../classes", "%"]),
    ("rs", &["rustc", "--crate-type", "lib", "--emit", "metadata", "--out-dir", "../classes", "%"]),
    ("sh", &["bash", "-n", "%"]),
    ("pl", &["perl", "-c", "%"]),
    ("tf", &["terraform", "fmt", "-check", "-diff", "%"]),
    ("yml", &["python3", "-c", "import sys, yaml; yaml.safe_load(open(sys.argv[1]))", "%"]),
];

/// The tool that checks a file of this kind takes it. What the machine lacks checks nothing.
fn parses(repository: &Repository, path: &str) {
    let extension = path.rsplit('.').next().unwrap_or_default();
    let Some((_, tool)) = TOOLS.iter().find(|(kind, _)| *kind == extension) else { return };
    std::fs::create_dir_all(repository.beside("classes")).expect("a folder can be made");
    let arguments = tool[1..].iter().map(|argument| if *argument == "%" { path } else { argument });
    let mut command = Command::new(tool[0]);
    let ran = command.args(arguments).current_dir(repository.path()).output();
    let output = match ran {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(error) => panic!("{}: {error}", tool[0]),
    };
    if said(&output).contains("No module named 'yaml'") {
        return;
    }
    assert!(output.status.success(), "{path}: {}\n{}", said(&output), read(repository, path));
}

#[test]
fn every_language_is_mended_parses_and_is_clean_and_a_second_run_changes_no_byte() {
    let repository = repository(&PROGRAMS.map(|(path, text, _)| (path, text)));
    for (path, ..) in PROGRAMS {
        parses(&repository, path);
    }
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    for (path, text, words) in PROGRAMS {
        let mended = read(&repository, path);
        assert!(!mended.contains("SG."), "{path}:\n{mended}");
        for word in words {
            assert!(mended.contains(word), "{path} lacks {word:?}:\n{mended}");
        }
        // What is no expression with a secret in it stays.
        let kept = text.lines().filter(|line| !line.contains("KEY")).all(|line| mended.contains(line));
        assert!(kept, "{path}:\n{mended}");
        parses(&repository, path);
    }
    assert_exit(&repository.unleak(["files"]), CLEAN);
    let before = tree(repository.path());
    assert_exit(&repository.unleak(["fix", "--force"]), CLEAN);
    assert_eq!(tree(repository.path()), before);
}

#[test]
fn a_dry_run_shows_the_diff_without_the_secret_and_changes_nothing() {
    let repository = repository(&[("a.py", "import os\nk = 'KEY1!'\n")]);
    let before = tree(repository.path());
    let output = repository.unleak(["fix", "--dry-run", "--write-env"]);
    assert_exit(&output, LEFT);
    let diff = "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n import os\n-k = '…'\n+k = os.environ['SENDGRID_API_KEY']\n";
    assert!(said(&output).contains(diff), "{}", said(&output));
    assert_eq!(tree(repository.path()), before);
}

#[test]
fn git_and_patch_take_the_diff_of_files_in_which_nothing_is_masked() {
    let repository = repository(&[
        // A habit is mended without a secret; the change lies near the beginning, far from it, and at the very end.
        ("a.py", "1\n2\n3\n4\nu = 'http://api.sendgrid.com/v3/mail/send'\n6\n7\n8\n9\n10\n"),
        ("b.py", &(format!("{}u = 'http://api.sendgrid.com/v3/mail/send'", "x = 1\n".repeat(40)))),
    ]);
    let before = tree(repository.path());
    let diff = repository.unleak(["fix", "--dry-run"]).stdout;
    let said = String::from_utf8(diff).expect("the diff is text");
    let diff: String = said.split_inclusive('\n').take_while(|line| !line.contains("would be mended")).collect();
    assert!(diff.contains("@@ -2,7 +2,7 @@") && diff.contains("\\ No newline at end of file"), "{said}");
    assert_eq!(tree(repository.path()), before);
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    let mended = tree(repository.path());
    for (program, arguments) in [("git", &["apply", "-"][..]), ("patch", &["-p1", "--quiet"])] {
        repository.git(["checkout", "--quiet", "--", "."]);
        let mut command = repository.command(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        std::io::Write::write_all(&mut child.stdin.take().expect("piped"), diff.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{program}: {}{diff}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(tree(repository.path()), mended, "{program}");
    }
}

#[test]
fn the_diff_of_a_new_file_makes_that_file() {
    let repository = repository(&[("a.py", "import os\nk = 'KEY1!'\n")]);
    let said = said(&repository.unleak(["fix", "--dry-run"]));
    let (_, new) = said.split_once("--- /dev/null\n+++ b/.env.example\n").expect("it is new");
    assert!(new.starts_with("@@ -0,0 +1,1 @@\n+SENDGRID_API_KEY=\n"), "{said}");
    assert!(said.contains("the secrets themselves are kept nowhere; with --write-env they go into .env"), "{said}");
}

#[test]
fn what_cannot_be_mended_stays_with_the_reason_and_the_way() {
    let repository = repository(&[("a.json", "{\"key\": \"KEY1!\"}\n"), ("b.py", "k = 'KEY2!'\n")]);
    let output = repository.unleak(["fix"]);
    assert_exit(&output, LEFT);
    let words = said(&output);
    assert!(words.contains("left: a.json:1: sendgrid-api-key: a file of this kind has no way"), "{words}");
    assert!(words.contains("1 mended, 1 left"), "{words}");
    assert_eq!(read(&repository, "a.json"), filled("{\"key\": \"KEY1!\"}\n"));
    assert!(!read(&repository, "b.py").contains("SG."));
}

#[test]
fn one_rule_alone_can_be_mended_and_a_wrong_name_is_an_error() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\nu = 'http://api.sendgrid.com/v3/mail/send'\n")]);
    assert_exit(&repository.unleak(["fix", "--rule", "sendgrid-plain-http"]), CLEAN);
    assert_eq!(read(&repository, "a.py"), filled("k = 'KEY1!'\nu = 'https://api.sendgrid.com/v3/mail/send'\n"));
    assert!(!repository.path().join(".env.example").exists(), "no secret moved");
    let output = repository.unleak(["fix", "--rule", "sendgrid-api-kye"]);
    assert_exit(&output, ERROR);
    assert!(said(&output).contains("did you mean \"sendgrid-api-key\""), "{}", said(&output));
}

#[test]
fn terraform_declares_a_variable_once_a_folder() {
    let text = "provider \"sendgrid\" {\n  api_key = \"KEY1!\"\n}\n";
    let repository = repository(&[("a/one.tf", text), ("a/two.tf", text), ("b/one.tf", text)]);
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    let declared = |path: &str| read(&repository, path).contains("variable \"sendgrid_api_key\"");
    assert_eq!(["a/one.tf", "a/two.tf", "b/one.tf"].map(declared), [true, false, true]);
}
