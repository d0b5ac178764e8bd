//! The recipes of `docs/editors.md` and `docs/assistants.md`, as their readers would use them.

#![allow(clippy::print_stdout, reason = "what was not checked is said")]

mod support;

use regex::Regex;
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};
use support::{Repository, sendgrid_key};

/// The block of code in a page that stands below `<!-- name -->`.
fn snippet(page: &str, name: &str) -> String {
    let path = format!("{}/docs/{page}.md", env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(path).expect("the page exists");
    let (_, below) = page.split_once(&format!("<!-- {name} -->\n")).unwrap_or_else(|| panic!("no {name} in the page"));
    let block = below.strip_prefix("```").and_then(|block| block.split_once('\n')).expect("a block of code follows");
    block.1.split_once("\n```").expect("the block ends").0.to_owned() + "\n"
}

fn leaking() -> Repository {
    let repository = Repository::new();
    repository.write("src/mail.py", format!("import sendgrid\n\nsg = SendGridAPIClient(\"{}\")\n", sendgrid_key(1)));
    repository
}

#[test]
fn vim_finds_the_place_with_the_compiler_of_the_page() {
    if Command::new("vim").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("NOT CHECKED: there is no vim");
        return;
    }
    let repository = leaking();
    let runtime = repository.beside("vim");
    std::fs::create_dir_all(runtime.join("compiler")).expect("the folder is new");
    std::fs::write(runtime.join("compiler/unleak.vim"), snippet("editors", "unleak.vim")).expect("it can be written");
    let own = std::path::Path::new(env!("CARGO_BIN_EXE_unleak")).parent().expect("it stands in a folder");
    let mut vim = repository.command("vim");
    vim.env("PATH", format!("{}:{}", own.display(), std::env::var("PATH").expect("it is set")));
    vim.args(["-Nu", "NONE", "-es", "-c", &format!("set runtimepath^={}", runtime.display())]);
    let places = "map(filter(getqflist(), 'v:val.valid'), \
                  {_, e -> bufname(e.bufnr) . ':' . e.lnum . ':' . e.col . ' ' . e.text})";
    vim.args(["-c", "edit src/mail.py", "-c", "compiler unleak", "-c", "silent make"]);
    vim.args(["-c", &format!("call writefile({places}, 'places')"), "-c", "qall!"]);
    let output = vim.output().expect("it starts");
    let places = std::fs::read_to_string(repository.path().join("places")).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!(places, "src/mail.py:3:25 SendGrid API key\n");
}

#[test]
fn the_problem_matcher_of_vs_code_finds_the_place() {
    let tasks: Value = serde_json::from_str(&snippet("editors", "tasks.json")).expect("it is JSON");
    let task = &tasks["tasks"][0];
    assert!(task["command"].as_str().is_some_and(|c| c.starts_with("unleak files --color never --quiet")));
    let repository = leaking();
    let output = repository.unleak(["files", "--color", "never", "--quiet", "src/mail.py"]);
    let text = String::from_utf8(output.stdout).expect("it is UTF-8");
    let patterns = task["problemMatcher"]["pattern"].as_array().expect("a list");
    let mut told = text.lines();
    let mut group = |pattern: &Value, names: &[&str]| -> Vec<String> {
        let expression = Regex::new(pattern["regexp"].as_str().expect("a pattern")).expect("it is one");
        let found = expression.captures(told.next().expect("a line each")).expect("it matches");
        names.iter().map(|name| found[pattern[*name].as_u64().expect("a number") as usize].to_owned()).collect()
    };
    assert_eq!(group(&patterns[0], &["code", "message"]), ["sendgrid-api-key", "SendGrid API key"]);
    assert_eq!(group(&patterns[1], &["file", "line", "column"]), ["src/mail.py", "3", "25"]);
}

#[test]
fn an_assistant_reads_what_the_page_shows() {
    let settings: Value = serde_json::from_str(&snippet("assistants", ".claude/settings.json")).expect("it is JSON");
    let hook = &settings["hooks"]["PreToolUse"][0];
    assert_eq!(hook["hooks"][0]["command"], "unleak hook run pre-tool");
    let matcher = Regex::new(&format!("^({})$", hook["matcher"].as_str().expect("a pattern"))).expect("it is one");
    assert!(["Bash", "Write", "mcp__mail__send"].iter().all(|tool| matcher.is_match(tool)));
    let repository = leaking();
    let text = format!("key = \"{}\"\n", sendgrid_key(1));
    let input = serde_json::json!({"file_path": repository.path().join("mail.py"), "content": text});
    let call = serde_json::json!({"tool_name": "Write", "cwd": repository.path(), "tool_input": input});
    let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
    command.args(["hook", "run", "pre-tool"]).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    child.stdin.take().expect("it is piped").write_all(call.to_string().as_bytes()).expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), snippet("assistants", "refusal"));
    assert_eq!(output.status.code(), Some(2));
}
