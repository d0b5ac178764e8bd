//! The hook of coding assistants, handed what they hand it: nothing leaks by a file, an edit, a patch or a command.

mod support;

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Output, Stdio};
use support::{Repository, sendgrid_key};

fn code(key: &str) -> String {
    format!("import sendgrid\nsg = sendgrid.SendGridAPIClient(\"{key}\")\n")
}

fn hook(repository: &Repository, arguments: &[&str], call: &[u8], environment: &[(&str, &str)]) -> Output {
    let mut command = repository.command(env!("CARGO_BIN_EXE_unleak"));
    command.args(["hook", "run", "pre-tool"]).args(arguments).envs(environment.iter().copied());
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    // The program may end without reading, as with UNLEAK=0.
    let _ = child.stdin.take().expect("it is piped").write_all(call);
    child.wait_with_output().expect("the program ends")
}

fn call(repository: &Repository, call: &Value) -> Output {
    hook(repository, &[], call.to_string().as_bytes(), &[])
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn assert_refused(output: &Output, words: &[&str]) {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("refused: ") && said.lines().count() < 20, "{said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is missing: {said}");
    }
    for number in 1..9 {
        assert!(!said.contains(&sendgrid_key(number)[26..]), "it shows the secret: {said}");
    }
    assert!(output.stdout.is_empty(), "{output:?}");
}

#[track_caller]
fn assert_passes(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    assert!(output.stdout.is_empty() && output.stderr.is_empty(), "what passes is silent: {output:?}");
}

/// As Claude Code tells it, and Codex, Gemini CLI and VS Code with other names of tools.
fn pre_tool_use(repository: &Repository, tool: &str, input: &Value) -> Value {
    json!({
        "session_id": "0b6f", "transcript_path": "/home/u/.assistant/0b6f.jsonl", "cwd": repository.path(),
        "permission_mode": "default", "hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": input,
        "tool_use_id": "toolu_01",
    })
}

#[test]
fn a_file_with_a_key_is_refused_and_the_remedy_told() {
    let repository = Repository::new();
    let path = repository.path().join("app/mail.py");
    let write = |text: &str| pre_tool_use(&repository, "Write", &json!({"file_path": path, "content": text}));
    let output = call(&repository, &write(&code(&sendgrid_key(1))));
    assert_refused(&output, &["Write would leak 1 secret", "in app/mail.py", "write os.environ[\"SENDGRID_API_KEY\"]"]);
    assert_passes(&call(&repository, &write("import os\nkey = os.environ[\"SENDGRID_API_KEY\"]\n")));
}

#[test]
fn an_edit_is_judged_by_what_it_brings_in() {
    let repository = Repository::new();
    repository.write("mail.py", format!("{}x = 1\n", code(&sendgrid_key(1))));
    let edit = |old: &str, new: &str| {
        let input = json!({"file_path": repository.path().join("mail.py"), "old_string": old, "new_string": new});
        call(&repository, &pre_tool_use(&repository, "Edit", &input))
    };
    assert_refused(&edit("x = 1", &format!("x = \"{}\"", sendgrid_key(2))), &["in mail.py"]);
    // What stood there already is no reason, and taking it out least of all.
    assert_passes(&edit("x = 1", "x = 2"));
    assert_passes(&edit(&format!("\"{}\"", sendgrid_key(1)), "os.environ[\"SENDGRID_API_KEY\"]"));
    assert_passes(&edit("import sendgrid\n", &format!("import sendgrid\n# {}\n", sendgrid_key(1))));
    let rewritten = json!({"file_path": "mail.py", "content": format!("# moved\n{}", code(&sendgrid_key(1)))});
    assert_passes(&call(&repository, &pre_tool_use(&repository, "Write", &rewritten)));
    let several = json!({"file_path": "mail.py", "edits": [
        {"old_string": "x = 1", "new_string": "x = 2"},
        {"old_string": "x = 2", "new_string": format!("x = '{}'", sendgrid_key(3))},
    ]});
    assert_refused(&call(&repository, &pre_tool_use(&repository, "MultiEdit", &several)), &["MultiEdit"]);
}

#[test]
fn a_half_that_makes_a_secret_with_the_rest_of_the_file_is_seen() {
    let repository = Repository::new();
    repository.write("mail.py", "server.login(\n    'apikey',\n    PASSWORD,\n)\nhost = 'smtp.sendgrid.net'\n");
    let key = sendgrid_key(1);
    let input = json!({"file_path": "mail.py", "old_string": "PASSWORD", "new_string": format!("'{key}'")});
    assert_refused(&call(&repository, &pre_tool_use(&repository, "Edit", &input)), &["in mail.py"]);
}

#[test]
fn a_command_with_a_key_is_refused() {
    let repository = Repository::new();
    let bash = |command: &str| pre_tool_use(&repository, "Bash", &json!({"command": command, "description": "try"}));
    let curl = format!("curl -H 'Authorization: Bearer {}' https://api.sendgrid.com/v3/scopes", sendgrid_key(1));
    assert_refused(&call(&repository, &bash(&curl)), &["in the command", "SENDGRID_API_KEY"]);
    let here = format!("cat > mail.py <<'EOF'\n{}EOF\n", code(&sendgrid_key(2)));
    assert_refused(&call(&repository, &bash(&here)), &["in the command"]);
    assert_passes(&call(&repository, &bash("curl -H \"Authorization: Bearer $SENDGRID_API_KEY\" https://x.example")));
}

#[test]
fn a_commit_is_judged_by_what_is_staged() {
    let repository = Repository::new();
    repository.write("sub/readme", "hello\n");
    repository.commit("begin");
    let commit = |command: &str| call(&repository, &pre_tool_use(&repository, "Bash", &json!({"command": command})));
    assert_passes(&commit("git commit -m 'nothing yet'"));
    repository.write("mail.py", code(&sendgrid_key(1)));
    repository.git(["add", "mail.py"]);
    for command in ["git commit -m x", "UNLEAK=0 git commit --no-verify -m x", "cd sub && git commit -qam x"] {
        assert_refused(&commit(command), &["this commit", "is staged at mail.py:2"]);
    }
    assert_passes(&commit("git status"));
    assert_passes(&commit("cd /no/such/folder && git commit"));
}

#[test]
fn a_patch_is_judged_by_the_lines_it_adds() {
    let repository = Repository::new();
    repository.write("mail.py", code(&sendgrid_key(1)));
    let patch = |removed: &str, added: &str| {
        let text = format!(
            "*** Begin Patch\n*** Update File: mail.py\n@@\n import sendgrid\n-{removed}\n+{added}\n*** End Patch\n"
        );
        call(&repository, &pre_tool_use(&repository, "apply_patch", &json!({"command": text})))
    };
    let line = |number: u64| format!("sg = sendgrid.SendGridAPIClient(\"{}\")", sendgrid_key(number));
    assert_refused(&patch("x", &line(2)), &["apply_patch", "in mail.py"]);
    assert_passes(&patch(&line(1), "sg = sendgrid.SendGridAPIClient(os.environ[\"SENDGRID_API_KEY\"])"));
    assert_passes(&patch("x", &line(1)));
}

#[test]
fn gemini_cursor_and_windsurf_are_understood() {
    let repository = Repository::new();
    let (cwd, text) = (repository.path(), code(&sendgrid_key(1)));
    let gemini = json!({
        "session_id": "s", "cwd": cwd, "hook_event_name": "BeforeTool", "timestamp": "2026-11-21T20:00:00Z",
        "tool_name": "write_file", "tool_input": {"file_path": cwd.join("a.py"), "content": text},
    });
    assert_refused(&call(&repository, &gemini), &["write_file", "in a.py"]);
    let cursor = json!({
        "hook_event_name": "beforeShellExecution", "conversation_id": "c", "generation_id": "g",
        "workspace_roots": [cwd], "command": format!("echo {}", sendgrid_key(1)), "cwd": cwd,
    });
    assert_refused(&call(&repository, &cursor), &["in the command"]);
    let windsurf = json!({
        "agent_action_name": "pre_write_code", "trajectory_id": "t", "execution_id": "e",
        "tool_info": {"file_path": cwd.join("a.py"), "edits": [{"old_string": "", "new_string": text}]},
    });
    assert_refused(&call(&repository, &windsurf), &["pre_write_code", "in a.py"]);
    let other = json!({"tool_name": "mcp__mail__send", "tool_input": {"message": {"body": text}}});
    assert_refused(&call(&repository, &other), &["mcp__mail__send", "in what the tool is handed"]);
}

#[test]
fn copilot_is_answered_in_json() {
    let repository = Repository::new();
    let create = |text: &str| {
        let arguments = json!({"path": repository.path().join("a.js"), "file_text": text}).to_string();
        json!({"timestamp": 1_795_305_600, "cwd": repository.path(), "toolName": "create", "toolArgs": arguments})
    };
    let output = call(&repository, &create(&format!("const key = '{}'\n", sendgrid_key(1))));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("it answers in JSON");
    assert_eq!(answer["permissionDecision"], "deny");
    let reason = answer["permissionDecisionReason"].as_str().expect("a text");
    assert!(reason.contains("process.env.SENDGRID_API_KEY") && !reason.contains(&sendgrid_key(1)[26..]), "{reason}");
    assert_passes(&call(&repository, &create("const key = process.env.SENDGRID_API_KEY\n")));
    repository.write("unleak.toml", "[scan]\nfail_onn = \"high\"\n");
    let output = call(&repository, &create("x\n"));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("an error is a refusal too");
    assert!(answer["permissionDecisionReason"].as_str().is_some_and(|reason| reason.contains("fail_onn")), "{answer}");
}

#[test]
fn what_cannot_be_judged_is_refused() {
    let repository = Repository::new();
    for (input, word) in [("", "no JSON"), ("{\"tool_name\":", "no JSON"), ("[1]", "no call"), ("{}", "tool_input")] {
        let output = hook(&repository, &[], input.as_bytes(), &[]);
        assert_eq!(output.status.code(), Some(2), "{input}");
        assert!(stderr(&output).starts_with("unleak: error: ") && stderr(&output).contains(word), "{output:?}");
    }
    repository.write("unleak.toml", "nonsense\n");
    let output = call(&repository, &pre_tool_use(&repository, "Bash", &json!({"command": "ls"})));
    assert!(output.status.code() == Some(2) && stderr(&output).contains("unleak.toml:1"), "{output:?}");
}

#[test]
fn places_for_secrets_allowed_and_excluded_ones_pass() {
    let repository = Repository::new();
    repository.write(".gitignore", ".env\n");
    repository.write("unleak.toml", "[scan]\nexclude = [\"fixtures/\"]\n");
    let key = sendgrid_key(1);
    let write = |path: &str, text: String| {
        pre_tool_use(&repository, "Write", &json!({"file_path": repository.path().join(path), "content": text}))
    };
    assert_passes(&call(&repository, &write(".env", format!("SENDGRID_API_KEY={key}\n"))));
    assert_refused(&call(&repository, &write("not.env", format!("SENDGRID_API_KEY={key}\n"))), &["in not.env"]);
    assert_passes(&call(&repository, &write("fixtures/new/a.py", code(&key))));
    let allowed = write("a.py", format!("k = '{key}'  # unleak:allow sendgrid-api-key made up\n"));
    assert_passes(&call(&repository, &allowed));
    let strict = hook(&repository, &["--no-allow"], allowed.to_string().as_bytes(), &[]);
    assert_refused(&strict, &["in a.py"]);
    let habit = write("b.py", format!("requests.post(\"http{}api.sendgrid.com/v3/mail/send\", json=mail)\n", "://"));
    assert_passes(&call(&repository, &habit));
}

#[test]
fn it_can_be_left_out_by_whoever_starts_the_assistant() {
    let repository = Repository::new();
    let text = pre_tool_use(&repository, "Write", &json!({"file_path": "a.py", "content": code(&sendgrid_key(1))}));
    let output = hook(&repository, &[], text.to_string().as_bytes(), &[("UNLEAK", "0")]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("nothing was scanned"), "{}", stderr(&output));
    let forgiven = hook(&repository, &["--exit-zero"], text.to_string().as_bytes(), &[]);
    assert!(forgiven.status.code() == Some(0) && stderr(&forgiven).contains("would leak"), "{forgiven:?}");
}

#[test]
fn outside_a_repository_it_judges_by_the_built_in_rules() {
    let repository = Repository::new();
    let outside = repository.beside("outside");
    std::fs::create_dir(&outside).expect("the folder is new");
    let call = json!({"cwd": outside, "tool_name": "Write",
        "tool_input": {"file_path": outside.join("a.py"), "content": code(&sendgrid_key(1))}});
    assert_refused(&hook(&repository, &[], call.to_string().as_bytes(), &[]), &["in a.py"]);
}
