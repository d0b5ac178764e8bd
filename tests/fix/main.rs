//! `unleak fix` on real repositories: what is mended parses, is clean, and stays as it is the second time.

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use support::{Repository, sendgrid_key};

const CLEAN: i32 = 0;
const LEFT: i32 = 1;
const ERROR: i32 = 2;

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

fn filled(text: &str) -> String {
    (1..4).fold(text.to_owned(), |text, number| text.replace(&format!("KEY{number}!"), &sendgrid_key(number)))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[track_caller]
fn assert_exit(output: &Output, status: i32) {
    assert_eq!(output.status.code(), Some(status), "{}", said(output));
    for number in 1..4 {
        let secret = sendgrid_key(number)[26..].to_owned();
        assert!(!said(output).contains(&secret), "a key is printed: {}", said(output));
    }
}

/// A repository with these files committed.
fn repository(files: &[(&str, &str)]) -> Repository {
    let repository = Repository::new();
    for (path, text) in files {
        repository.write(path, filled(text));
    }
    repository.commit("begin");
    repository
}

fn read(repository: &Repository, path: &str) -> String {
    String::from_utf8(bytes(repository, path)).expect("samples are UTF-8")
}

fn bytes(repository: &Repository, path: &str) -> Vec<u8> {
    std::fs::read(repository.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file of the folder but Git's own.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("it can be read").path();
        match path.is_dir() {
            true if path.ends_with(".git") => {}
            true => files.extend(tree(&path)),
            false => _ = files.insert(path.display().to_string(), std::fs::read(&path).expect("it can be read")),
        }
    }
    files
}

fn unleak_with_input(repository: &Repository, arguments: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    // It may end before it has read all.
    let _ = child.stdin.take().expect("it is piped").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

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
fn with_the_written_environment_a_program_yields_what_it_did() {
    let text = "print('KEY1!', \"Bearer KEY2!\")\n";
    let repository = repository(&[("a.py", text)]);
    let run = || {
        let mut shell = repository.command("sh");
        shell.args(["-c", "set -a; if test -f .env; then . ./.env; fi; python3 a.py"]).output()
    };
    let before = run().expect("there is a shell");
    if !before.status.success() {
        return;
    }
    assert_exit(&repository.unleak(["fix", "--write-env"]), CLEAN);
    assert!(!read(&repository, "a.py").contains("SG."));
    let after = run().expect("there is a shell");
    assert_eq!(said(&after), said(&before));
    assert_exit(&repository.unleak(["files"]), CLEAN);
}

#[test]
fn secrets_go_into_an_ignored_file_for_their_owner_and_names_beside_it() {
    let repository =
        repository(&[("a.py", "k = 'KEY1!'\n"), ("b.js", "f('KEY2!', 'KEY1!')\n"), ("Dockerfile", "FROM x\n")]);
    repository.write(".gitignore", "*.log");
    repository.commit("ignore");
    assert_exit(&repository.unleak(["fix", "--write-env"]), CLEAN);
    let env = format!("SENDGRID_API_KEY={}\nSENDGRID_API_KEY_2={}\n", sendgrid_key(1), sendgrid_key(2));
    assert_eq!(read(&repository, ".env"), env);
    assert_eq!(read(&repository, ".env.example"), "SENDGRID_API_KEY=\nSENDGRID_API_KEY_2=\n");
    assert_eq!(read(&repository, ".gitignore"), "*.log\n.env\n");
    assert_eq!(read(&repository, ".dockerignore"), ".env\n");
    assert_eq!(
        read(&repository, "b.js"),
        "f(process.env.SENDGRID_API_KEY_2, process.env.SENDGRID_API_KEY)\n",
        "one name for one secret, and no name for two"
    );
    assert!(repository.git(["status", "--porcelain", "--", ".env"]).is_empty());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(repository.path().join(".env")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn no_secret_is_written_anywhere_unless_told_to() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n")]);
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    assert!(!repository.path().join(".env").exists());
    assert!(tree(repository.path()).values().all(|bytes| memchr::memmem::find(bytes, b"SG.").is_none()));
}

#[test]
fn a_tracked_env_file_gets_no_secret() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n"), (".env", "PORT=1\n")]);
    let before = tree(repository.path());
    let output = repository.unleak(["fix", "--write-env"]);
    assert_exit(&output, ERROR);
    assert!(said(&output).contains("git rm --cached .env"), "{}", said(&output));
    assert_eq!(tree(repository.path()), before);
}

#[test]
fn a_name_that_the_environment_has_already_is_used_and_another_value_stays() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n"), ("b.rb", "k = 'KEY2!'\n"), (".gitignore", ".env\n")]);
    let env = format!("MAIL_TOKEN={}\nSENDGRID_API_KEY=other\n", sendgrid_key(1));
    repository.write(".env", &env);
    assert_exit(&repository.unleak(["fix", "--write-env"]), CLEAN);
    assert!(read(&repository, "a.py").contains("os.environ['MAIL_TOKEN']"));
    assert!(read(&repository, "b.rb").contains("SENDGRID_API_KEY"));
    assert_eq!(read(&repository, ".env"), env);
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
fn a_file_with_changes_that_git_does_not_hold_is_refused_with_all_others() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n"), ("b.py", "k = 'KEY1!'\n")]);
    repository.write("a.py", filled("x = 1\nk = 'KEY1!'\n"));
    let before = tree(repository.path());
    let output = repository.unleak(["fix"]);
    assert_exit(&output, ERROR);
    assert!(said(&output).contains("a.py") && said(&output).contains("--force"), "{}", said(&output));
    assert_eq!(tree(repository.path()), before);
    repository.git(["add", "a.py"]);
    assert_exit(&repository.unleak(["fix", "a.py"]), CLEAN);
    assert_eq!(read(&repository, "a.py"), "import os\n\nx = 1\nk = os.environ['SENDGRID_API_KEY']\n");
    repository.write("b.py", filled("y = 1\nk = 'KEY1!'\n"));
    assert_exit(&repository.unleak(["fix", "--force", "b.py"]), CLEAN);
    assert!(read(&repository, "b.py").contains("y = 1"));
}

#[test]
fn when_one_file_may_not_be_written_none_is() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n"), ("b.py", "k = 'KEY1!'\n")]);
    let path = repository.path().join("b.py");
    let mut permissions = std::fs::metadata(&path).expect("it is there").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("they can be set");
    let before = tree(repository.path());
    let output = repository.unleak(["fix", "--write-env"]);
    assert_exit(&output, ERROR);
    assert!(said(&output).contains("read-only"), "{}", said(&output));
    assert_eq!(tree(repository.path()), before);
}

#[test]
fn line_ends_encoding_and_permissions_stay() {
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let repository = Repository::new();
    repository.write("crlf.py", filled("import sys\r\nk = 'KEY1!'\r\n"));
    repository.write("mark.js", filled("\u{feff}f('KEY1!')\n"));
    repository.write("wide.ps1", utf16(&filled("\u{feff}$grün = 'KEY1!'\r\n")));
    repository.write("latin.rb", [b"# caf\xe9\nk = '", sendgrid_key(1).as_bytes(), b"'"].concat());
    repository.write("run.sh", filled("#!/bin/sh\nsend 'KEY1!'\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let path = repository.path().join("run.sh");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o750)).expect("they can be set");
    }
    repository.commit("begin");
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    assert_eq!(read(&repository, "crlf.py"), "import os\r\nimport sys\r\nk = os.environ['SENDGRID_API_KEY']\r\n");
    assert_eq!(read(&repository, "mark.js"), "\u{feff}f(process.env.SENDGRID_API_KEY)\n");
    assert_eq!(bytes(&repository, "wide.ps1"), utf16("\u{feff}$grün = $env:SENDGRID_API_KEY\r\n"));
    assert_eq!(bytes(&repository, "latin.rb"), b"# caf\xe9\nk = ENV.fetch('SENDGRID_API_KEY')");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let metadata = std::fs::metadata(repository.path().join("run.sh")).expect("it is there");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o750);
    }
}

#[test]
fn what_is_staged_is_mended_on_disk_and_old_secrets_stay() {
    let repository = repository(&[("old.py", "k = 'KEY2!'\n"), ("a.py", "import os\n")]);
    repository.write("a.py", filled("import os\nk = 'KEY1!'\n"));
    repository.git(["add", "a.py"]);
    let output = repository.unleak(["fix", "--staged"]);
    assert_exit(&output, CLEAN);
    assert!(said(&output).contains("git add -- 'a.py'"), "{}", said(&output));
    assert_eq!(read(&repository, "a.py"), "import os\nk = os.environ['SENDGRID_API_KEY']\n");
    assert!(read(&repository, "old.py").contains("SG."));
    assert_eq!(repository.unleak(["staged"]).status.code(), Some(1), "the index is the user's");
    repository.git(["add", "a.py"]);
    assert_exit(&repository.unleak(["staged"]), CLEAN);
    assert_exit(&repository.unleak(["fix", "--staged"]), CLEAN);
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
fn asked_file_by_file_only_what_was_agreed_to_is_written() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n"), ("b.py", "k = 'KEY2!'\n"), ("c.py", "k = 'KEY3!'\n")]);
    let before = tree(repository.path());
    assert_exit(&unleak_with_input(&repository, &["fix", "--interactive"], "y\nq\n"), ERROR);
    assert_exit(&unleak_with_input(&repository, &["fix", "--interactive"], "y\n"), ERROR);
    assert_eq!(tree(repository.path()), before);
    let output = unleak_with_input(&repository, &["fix", "--interactive"], "n\nwhat\ny\nn\n");
    assert_exit(&output, LEFT);
    assert!(read(&repository, "a.py").contains("SG.") && read(&repository, "c.py").contains("SG."));
    assert_eq!(read(&repository, ".env.example"), "SENDGRID_API_KEY_2=\n");
    assert!(!read(&repository, "b.py").contains("SG."));
}

#[test]
fn terraform_declares_a_variable_once_a_folder() {
    let text = "provider \"sendgrid\" {\n  api_key = \"KEY1!\"\n}\n";
    let repository = repository(&[("a/one.tf", text), ("a/two.tf", text), ("b/one.tf", text)]);
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    let declared = |path: &str| read(&repository, path).contains("variable \"sendgrid_api_key\"");
    assert_eq!(["a/one.tf", "a/two.tf", "b/one.tf"].map(declared), [true, false, true]);
}

#[test]
fn outside_a_repository_files_are_mended_too() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("a.sh"), filled("send 'KEY1!'\n")).expect("it can be written");
    let fix = Command::new(env!("CARGO_BIN_EXE_unleak"))
        .arg("fix")
        .current_dir(folder.path())
        .env("GIT_CEILING_DIRECTORIES", folder.path().parent().expect("it has one"))
        .output()
        .expect("the program can be started");
    assert_exit(&fix, CLEAN);
    let mended = std::fs::read_to_string(folder.path().join("a.sh")).expect("it is there");
    assert_eq!(mended, "send \"${SENDGRID_API_KEY:?}\"\n");
    assert!(!folder.path().join(".gitignore").exists());
}

#[cfg(unix)]
#[test]
fn a_link_stays_one_and_what_it_names_is_mended() {
    let repository = repository(&[("real/a.py", "k = 'KEY1!'\n")]);
    std::os::unix::fs::symlink("real/a.py", repository.path().join("link.py")).expect("a link can be made");
    repository.commit("link");
    assert_exit(&repository.unleak(["fix", "link.py"]), CLEAN);
    assert!(repository.path().join("link.py").is_symlink());
    assert!(!read(&repository, "real/a.py").contains("SG."));
}
