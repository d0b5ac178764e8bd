//! What a coding assistant is about to do, as its hook before a tool tells on standard input.
//!
//! The protocols are alike: a JSON object with the tool's name and input. Claude Code, Codex, Gemini CLI and others
//! have `tool_name` and `tool_input`; Copilot has `toolName` and `toolArgs`, an object or a string that holds one;
//! Windsurf has `tool_info`; Cursor hands a shell command over in the object itself. What a tool's input means is
//! told by the names in it. A text under an unknown name is read all the same; only what stands in a file already
//! (`old_string`) is not.

use super::patch;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// A call of a tool that is about to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The tool's name.
    pub tool: String,
    /// The folder that it runs in, when that is told.
    pub cwd: Option<PathBuf>,
    /// What it would write, run or say.
    pub acts: Vec<Act>,
    /// How a refusal is told.
    pub answer: Answer,
}

/// One thing that a call does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Writes a file.
    Write {
        /// Where to.
        path: PathBuf,
        /// What.
        text: String,
    },
    /// Changes a file.
    Edit {
        /// Which.
        path: PathBuf,
        /// How, one after the other.
        edits: Vec<Edit>,
    },
    /// Changes a file by lines that are added among others.
    Patch {
        /// Which.
        path: PathBuf,
        /// Each line of the outcome that is told, and whether it is new.
        lines: Vec<(bool, String)>,
    },
    /// Runs a shell command.
    Run(String),
    /// Hands over any other text.
    Say(String),
}

/// A text that gives way to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What stands there.
    pub old: String,
    /// What will.
    pub new: String,
    /// Wherever it stands, not just the first time.
    pub everywhere: bool,
}

/// How a refusal is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// By exit status 2 and words on standard error.
    Status,
    /// By a JSON object on standard output, as Copilot wants it.
    Json,
}

/// Why a call can't be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not JSON.
    #[error("the call of a tool on standard input is no JSON")]
    Json(#[from] serde_json::Error),
    /// It is JSON of another shape.
    #[error(
        "the JSON on standard input is no call of a tool: it has none of tool_input, toolArgs, tool_info and command"
    )]
    Shape,
}

const PATHS: [&str; 6] = ["file_path", "filePath", "path", "target_file", "notebook_path", "filename"];
const CONTENTS: [&str; 4] = ["content", "contents", "file_text", "new_source"];
const OLD: [&str; 5] = ["old_string", "old_str", "oldString", "old_text", "oldText"];
const NEW: [&str; 5] = ["new_string", "new_str", "newString", "new_text", "newText"];
const COMMANDS: [&str; 4] = ["command", "command_line", "commandLine", "cmd"];

impl Call {
    /// Reads a call.
    pub fn read(bytes: &[u8]) -> Result<Call, Error> {
        let Value::Object(mut call) = serde_json::from_slice(bytes)? else { return Err(Error::Shape) };
        let names = ["tool_name", "toolName", "agent_action_name", "hook_event_name"];
        let tool = names.iter().find_map(|name| call.get(*name)?.as_str()).unwrap_or("the tool").to_owned();
        let answer = if call.contains_key("toolArgs") { Answer::Json } else { Answer::Status };
        let cwd = call.get("cwd").and_then(Value::as_str).filter(|cwd| !cwd.is_empty()).map(PathBuf::from);
        let input = match ["tool_input", "toolArgs", "tool_info"].iter().find_map(|name| call.remove(*name)) {
            // Some hand over JSON within a string.
            Some(Value::String(text)) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            Some(input) => input,
            None if COMMANDS.iter().any(|name| call.contains_key(*name)) => own_input(call),
            None if call.contains_key("edits") || call.contains_key("content") => own_input(call),
            None => return Err(Error::Shape),
        };
        let cwd = cwd.or_else(|| Some(PathBuf::from(input.get("cwd")?.as_str()?)));
        let mut acts = Vec::new();
        of_value(input, &mut acts);
        Ok(Call { tool, cwd, acts, answer })
    }

    /// The folders in which the call makes commits.
    pub fn commits_in(&self, cwd: &Path) -> Vec<PathBuf> {
        let commands = self.acts.iter().filter_map(|act| match act {
            Act::Run(command) => Some(command.as_str()),
            _ => None,
        });
        commands.flat_map(|command| commits_in(command, cwd)).collect()
    }
}

/// The input, where it stands beside what the assistant says of itself.
fn own_input(mut call: Map<String, Value>) -> Value {
    call.retain(|name, _| {
        [&PATHS[..], &CONTENTS, &OLD, &NEW, &COMMANDS, &["edits", "cwd"]].concat().contains(&&**name)
    });
    Value::Object(call)
}

fn of_value(value: Value, acts: &mut Vec<Act>) {
    match value {
        Value::String(text) if patch::is_patch(&text) => acts.extend(patch::acts(&text)),
        Value::String(text) => acts.push(Act::Say(text)),
        Value::Array(values) => values.into_iter().for_each(|value| of_value(value, acts)),
        Value::Object(object) => of_object(object, acts),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn of_object(mut object: Map<String, Value>, acts: &mut Vec<Act>) {
    if let Some(command) = COMMANDS.iter().find_map(|name| taken(&mut object, name)) {
        match patch::is_patch(&command) {
            true => acts.extend(patch::acts(&command)),
            false => acts.push(Act::Run(command)),
        }
    }
    let path = PATHS.iter().find_map(|name| text(&mut object, name)).map(PathBuf::from);
    let mut edits: Vec<Edit> = edit(&mut object).into_iter().collect();
    if let Some(Value::Array(list)) = object.get_mut("edits") {
        edits.extend(list.iter_mut().filter_map(Value::as_object_mut).filter_map(edit));
    }
    let content = CONTENTS.iter().find_map(|name| text(&mut object, name));
    match path {
        Some(path) => {
            acts.extend(content.map(|text| Act::Write { path: path.clone(), text }));
            if !edits.is_empty() {
                acts.push(Act::Edit { path, edits });
            }
        }
        None => {
            acts.extend(content.map(Act::Say));
            acts.extend(edits.into_iter().map(|edit| Act::Say(edit.new)));
        }
    }
    OLD.iter().for_each(|name| drop(object.remove(*name)));
    object.remove("cwd");
    object.into_iter().for_each(|(_, value)| of_value(value, acts));
}

/// The replacement that an object tells; it is taken out.
fn edit(object: &mut Map<String, Value>) -> Option<Edit> {
    let new = NEW.iter().find_map(|name| text(object, name))?;
    let old = OLD.iter().find_map(|name| text(object, name)).unwrap_or_default();
    let everywhere = ["replace_all", "replaceAll", "allow_multiple"].iter().any(|name| {
        let told = object.remove(*name);
        told.is_some_and(|told| told == Value::Bool(true))
    });
    Some(Edit { old, new, everywhere })
}

fn text(object: &mut Map<String, Value>, name: &str) -> Option<String> {
    match object.get_mut(name)? {
        Value::String(text) => {
            let text = std::mem::take(text);
            object.remove(name);
            Some(text)
        }
        _ => None,
    }
}

/// A command: a text, or a list of arguments.
fn taken(object: &mut Map<String, Value>, name: &str) -> Option<String> {
    let arguments = object.get(name).and_then(Value::as_array).map(|list| {
        let arguments: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        arguments.join(" ")
    });
    match arguments {
        Some(command) => object.remove(name).map(|_| command),
        None => text(object, name),
    }
}

/// The folders in which a shell command commits. It is no shell: a word `commit` anywhere behind `git` counts.
fn commits_in(command: &str, cwd: &Path) -> Vec<PathBuf> {
    let mut folder = cwd.to_path_buf();
    let mut folders = Vec::new();
    for simple in command.split([';', '&', '|', '\n', '(', ')', '`']) {
        let words: Vec<&str> = simple.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
        if let ["cd", target] = words[..] {
            folder = folder.join(target);
            continue;
        }
        let is_git = |word: &&str| *word == "git" || word.ends_with("/git") || word.ends_with("git.exe");
        let Some(git) = words.iter().position(is_git) else { continue };
        let rest = &words[git + 1..];
        if rest.contains(&"commit") {
            let elsewhere = rest.iter().position(|word| *word == "-C").and_then(|at| rest.get(at + 1));
            folders.push(elsewhere.map_or_else(|| folder.clone(), |path| folder.join(path)));
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Call {
        Call::read(value.to_string().as_bytes()).expect("it is a call")
    }

    #[test]
    fn a_write_an_edit_and_a_command_are_told_apart() {
        let write =
            read(json!({"tool_name": "Write", "cwd": "/r", "tool_input": {"file_path": "/r/a", "content": "x"}}));
        assert_eq!(write.acts, [Act::Write { path: "/r/a".into(), text: "x".into() }]);
        let input = json!({"file_path": "a", "old_string": "x", "new_string": "y", "replace_all": true});
        let edit = read(json!({"tool_name": "Edit", "tool_input": input}));
        let edits = vec![Edit { old: "x".into(), new: "y".into(), everywhere: true }];
        assert_eq!(edit.acts, [Act::Edit { path: "a".into(), edits }]);
        let run = read(json!({"tool_name": "Bash", "tool_input": {"command": "ls", "timeout": 3}}));
        assert_eq!(run.acts, [Act::Run("ls".into())]);
        let run = read(json!({"tool_name": "shell", "tool_input": {"command": ["bash", "-lc", "ls a"]}}));
        assert_eq!(run.acts, [Act::Run("bash -lc ls a".into())]);
    }

    #[test]
    fn input_may_be_json_in_a_string_and_unknown_texts_are_read() {
        let call = read(json!({"toolName": "create", "toolArgs": "{\"path\": \"a\", \"file_text\": \"x\"}"}));
        assert_eq!((call.acts.len(), call.answer), (1, Answer::Json));
        let input = json!({"path": "a", "old_str": "no", "deep": [{"body": "yes"}], "n": 1});
        assert_eq!(read(json!({"tool_input": input})).acts, [Act::Say("yes".into())]);
        assert_eq!(read(json!({"tool_input": "free text"})).acts, [Act::Say("free text".into())]);
    }

    #[test]
    fn what_is_no_call_is_refused() {
        for bytes in [&b""[..], b"{", b"[]", b"{}", b"{\"hook_event_name\": \"PreToolUse\"}", b"\xff"] {
            assert!(Call::read(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn commits_are_seen_in_the_folder_they_happen_in() {
        let folders = |command: &str| -> Vec<String> {
            let folders = commits_in(command, Path::new("/r"));
            folders.iter().map(|folder| folder.display().to_string()).collect()
        };
        assert_eq!(folders("git add . && git commit -m x"), ["/r"]);
        assert_eq!(folders("cd sub && UNLEAK=0 git -c a=b commit"), ["/r/sub"]);
        assert_eq!(folders("git -C '/other' commit -a"), ["/other"]);
        assert_eq!(folders("git status; echo commit"), Vec::<String>::new());
    }
}
