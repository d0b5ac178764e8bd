//! Runs `action.yml` as GitHub's runner does: every `run:` step in its own bash with the runner's variables and
//! files. The cache is a folder, uploads are noted, and `curl` and `cargo` are stand-ins that note their calls.

use super::Repository;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use yaml_rust2::{Yaml, YamlLoader};

/// A file that is in YAML.
pub fn yaml(path: &Path) -> Yaml {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    YamlLoader::load_from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())).remove(0)
}

/// The action's own folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A job with one step, which uses the action.
pub struct Job<'a> {
    /// What the runner's folders are beside.
    repository: &'a Repository,
    /// The checkout, GITHUB_WORKSPACE.
    pub workspace: PathBuf,
    /// Where the action was put.
    pub action: PathBuf,
    /// What made the job run.
    pub event: String,
    /// Its payload.
    pub payload: serde_json::Value,
    /// GITHUB_SHA.
    pub commit_id: String,
    /// What the workflow gives under `with`.
    pub with: BTreeMap<String, String>,
    /// RUNNER_OS and RUNNER_ARCH.
    pub platform: (&'static str, &'static str),
    /// Further variables: for the stand-ins.
    pub variables: BTreeMap<&'static str, String>,
}

/// What a job came to.
#[derive(Debug)]
pub struct Outcome {
    /// Whether no step failed.
    pub passed: bool,
    /// What the action hands back.
    pub outputs: BTreeMap<String, String>,
    /// All that was printed.
    pub log: String,
    /// The job's summary.
    pub summary: String,
    /// What was given to code scanning.
    pub uploads: Vec<BTreeMap<String, String>>,
    /// The exit status of the scanning step, if it was reached.
    pub exit: Option<i32>,
    /// What the stand-ins were called with.
    pub calls: String,
}

/// What expressions are looked up in.
type Contexts = BTreeMap<String, String>;

impl<'a> Job<'a> {
    /// A job in a checkout.
    pub fn new(repository: &'a Repository, workspace: PathBuf, event: &str, payload: serde_json::Value) -> Job<'a> {
        Job {
            repository,
            workspace,
            action: root().to_path_buf(),
            event: event.to_owned(),
            payload,
            commit_id: String::new(),
            with: BTreeMap::new(),
            platform: ("Linux", "X64"),
            variables: BTreeMap::new(),
        }
    }

    /// Gives an input.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.with.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs it.
    pub fn run(&self) -> Outcome {
        let action = yaml(&self.action.join("action.yml"));
        let place = Place::new(self);
        let mut contexts = self.contexts(&action);
        let mut outcome = Outcome {
            passed: true,
            outputs: BTreeMap::new(),
            log: String::new(),
            summary: String::new(),
            uploads: Vec::new(),
            exit: None,
            calls: String::new(),
        };
        for step in action["runs"]["steps"].as_vec().expect("the action has steps") {
            if !is_due(step["if"].as_str(), outcome.passed, &contexts) {
                continue;
            }
            match step["run"].as_str() {
                Some(script) => self.run_step(step, script, &place, &mut contexts, &mut outcome),
                None => use_step(step, &place, &mut contexts, &mut outcome),
            }
        }
        for (name, output) in action["outputs"].as_hash().expect("the action has outputs") {
            let value = evaluated(output["value"].as_str().expect("it has a value"), &contexts);
            outcome.outputs.insert(name.as_str().expect("names are text").to_owned(), value);
        }
        outcome.summary = std::fs::read_to_string(&place.summary).unwrap_or_default();
        outcome.calls = std::fs::read_to_string(place.folder.join("calls")).unwrap_or_default();
        outcome
    }

    fn contexts(&self, action: &Yaml) -> Contexts {
        let mut contexts = Contexts::new();
        // In a container it is the host's name of the folder, which is not there.
        contexts.insert("github.workspace".into(), "/home/runner/work/o/r".into());
        flatten("github.event", &self.payload, &mut contexts);
        let inputs = action["inputs"].as_hash().expect("the action has inputs");
        for (name, input) in inputs {
            let name = name.as_str().expect("names are text");
            let default = evaluated(input["default"].as_str().expect("defaults are text"), &contexts);
            let value = self.with.get(name).cloned().unwrap_or(default);
            contexts.insert(format!("inputs.{name}"), value);
        }
        for name in self.with.keys() {
            assert!(contexts.contains_key(&format!("inputs.{name}")), "the action has no input {name}");
        }
        contexts
    }

    fn run_step(&self, step: &Yaml, script: &str, place: &Place, contexts: &mut Contexts, outcome: &mut Outcome) {
        assert_eq!(step["shell"].as_str(), Some("bash"));
        let id = step["id"].as_str().expect("each `run:` step has an id");
        let file = place.folder.join(format!("{id}.sh"));
        std::fs::write(&file, evaluated(script, contexts)).expect("the folder can be written to");
        let outputs = place.folder.join(format!("{id}.outputs"));
        std::fs::write(&outputs, "").expect("the folder can be written to");
        let mut bash = place.command(self);
        if let Some(env) = step["env"].as_hash() {
            for (name, value) in env {
                let value = value.as_str().expect("variables are text");
                bash.env(name.as_str().expect("names are text"), evaluated(value, contexts));
            }
        }
        bash.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(&file).env("GITHUB_OUTPUT", &outputs);
        let output = bash.output().expect("there is a bash");
        outcome.log += &String::from_utf8_lossy(&output.stdout);
        outcome.log += &String::from_utf8_lossy(&output.stderr);
        outcome.passed &= output.status.success();
        if id == "scan" {
            outcome.exit = output.status.code();
        }
        for line in std::fs::read_to_string(&outputs).expect("it was written").lines() {
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{id} set an output by {line:?}"));
            contexts.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
        }
    }
}

/// The runner's folders.
struct Place {
    folder: PathBuf,
    summary: PathBuf,
    cache: PathBuf,
}

impl Place {
    fn new(job: &Job<'_>) -> Place {
        let folder = job.repository.beside("runner");
        for name in ["temp", "stand-ins"] {
            let _ = std::fs::remove_dir_all(folder.join(name));
            std::fs::create_dir_all(folder.join(name)).expect("the folder can be made");
        }
        for name in ["summary", "calls"] {
            let _ = std::fs::remove_file(folder.join(name));
        }
        std::fs::write(folder.join("event.json"), job.payload.to_string()).expect("the folder can be written to");
        stand_in(&folder, "cargo", CARGO);
        stand_in(&folder, "curl", CURL);
        Place { summary: folder.join("summary"), cache: folder.join("cache"), folder }
    }

    /// bash as a step has it.
    fn command(&self, job: &Job<'_>) -> Command {
        let mut bash = job.repository.command("bash");
        let path = std::env::var("PATH").expect("it is set");
        bash.current_dir(&job.workspace)
            .env("PATH", format!("{}:{path}", self.folder.join("stand-ins").display()))
            .env("CALLS", self.folder.join("calls"))
            .env("PROGRAM", env!("CARGO_BIN_EXE_unleak"))
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTION_PATH", &job.action)
            .env("GITHUB_WORKSPACE", &job.workspace)
            .env("GITHUB_EVENT_NAME", &job.event)
            .env("GITHUB_EVENT_PATH", self.folder.join("event.json"))
            .env("GITHUB_SHA", &job.commit_id)
            .env("GITHUB_STEP_SUMMARY", &self.summary)
            .env("RUNNER_OS", job.platform.0)
            .env("RUNNER_ARCH", job.platform.1)
            .env("RUNNER_TEMP", self.folder.join("temp"))
            .envs(&job.variables);
        bash
    }
}

/// Installs the program under test, as if it had been built.
const CARGO: &str = r#"#!/bin/sh
echo "cargo $*" >>"$CALLS"
[ -z "$CARGO_FAILS" ] || exit 101
while [ $# -gt 0 ]; do
    case $1 in
    --root) root=$2 ;;
    --target) target=$2 ;;
    esac
    shift
done
if [ -n "$target" ]; then
    root=$CARGO_TARGET_DIR/$target/release
    mkdir -p "$root" && printf '#!/bin/sh\nexec "%s" "$@"\n' "$PROGRAM" >"$root/unleak" && chmod +x "$root/unleak"
else
    mkdir -p "$root/bin" && ln -s "$PROGRAM" "$root/bin/unleak"
fi
"#;

/// Hands out the files of a folder, and fails without one.
const CURL: &str = r#"#!/bin/sh
echo "curl $*" >>"$CALLS"
while [ $# -gt 1 ]; do
    [ "$1" != --output ] || output=$2
    shift
done
[ -n "$RELEASES" ] && cp "$RELEASES/$(basename "$1")" "$output"
"#;

fn stand_in(folder: &Path, name: &str, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("stand-ins").join(name);
    std::fs::write(&path, script).expect("the folder can be written to");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("the file is there");
}

/// Does what the actions that this one uses do.
fn use_step(step: &Yaml, place: &Place, contexts: &mut Contexts, outcome: &mut Outcome) {
    let uses = step["uses"].as_str().expect("a step runs or uses something");
    let given = step["with"].as_hash().expect("it is given something");
    let with: BTreeMap<String, String> = given
        .iter()
        .map(|(name, value)| (name.as_str().expect("text").to_owned(), value.as_str().expect("text")))
        .map(|(name, value)| (name, evaluated(value, contexts)))
        .collect();
    let copy = |from: &Path, to: &Path| {
        std::fs::create_dir_all(to).expect("the folder can be made");
        let copied = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status();
        assert!(copied.expect("there is a cp").success());
    };
    match uses.split('@').next() {
        Some("actions/cache/restore") => {
            let kept = place.cache.join(&with["key"]);
            if kept.exists() {
                copy(&kept, Path::new(&with["path"]));
                let id = step["id"].as_str().expect("the step has an id");
                contexts.insert(format!("steps.{id}.outputs.cache-hit"), "true".into());
            }
        }
        Some("actions/cache/save") => copy(Path::new(&with["path"]), &place.cache.join(&with["key"])),
        Some("github/codeql-action/upload-sarif") => {
            assert!(Path::new(&with["sarif_file"]).exists(), "{with:?}");
            outcome.uploads.push(with);
        }
        _ => panic!("nothing stands in for {uses}"),
    }
}

/// Replaces each `${{ path }}` by what it names; what is not there is empty, as on GitHub.
fn evaluated(text: &str, contexts: &Contexts) -> String {
    let mut parts = text.split("${{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (path, rest) = part.split_once("}}").expect("an expression ends");
        let path = path.trim();
        assert!(
            path.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)),
            "{path} is not understood here"
        );
        out += contexts.get(path).map_or("", String::as_str);
        out += rest;
    }
    out
}

/// Whether a step runs. One whose condition names no status runs only while all went well.
fn is_due(condition: Option<&str>, all_went_well: bool, contexts: &Contexts) -> bool {
    let terms: Vec<&str> = condition.map_or_else(Vec::new, |text| text.split("&&").map(str::trim).collect());
    let holds = |term: &str| {
        let (path, is_equal, text) = match (term.split_once(" == "), term.split_once(" != ")) {
            (Some((path, text)), _) => (path, true, text),
            (_, Some((path, text))) => (path, false, text),
            _ => return term == "!cancelled()",
        };
        let value = contexts.get(path).map_or("", String::as_str);
        (value == text.trim_matches('\'')) == is_equal
    };
    (all_went_well || terms.contains(&"!cancelled()")) && terms.iter().all(|term| holds(term))
}

fn flatten(path: &str, value: &serde_json::Value, contexts: &mut Contexts) {
    match value {
        serde_json::Value::Object(members) => {
            members.iter().for_each(|(name, value)| flatten(&format!("{path}.{name}"), value, contexts));
        }
        serde_json::Value::Null | serde_json::Value::Array(_) => {}
        serde_json::Value::String(text) => drop(contexts.insert(path.to_owned(), text.clone())),
        other => drop(contexts.insert(path.to_owned(), other.to_string())),
    }
}
