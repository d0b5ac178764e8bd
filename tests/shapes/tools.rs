//! The tools that check a mended file: a language's own where the machine has it, and a parser for all.

use crate::support::checkers::checker;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How a language's own tool checks a file, and how it runs it: `%` is the file, `@` its name without the ending.
struct Tool {
    ending: &'static str,
    checks: &'static [&'static str],
    runs: &'static [&'static str],
}

const fn tool(ending: &'static str, checks: &'static [&'static str], runs: &'static [&'static str]) -> Tool {
    Tool { ending, checks, runs }
}

const TOOLS: &[Tool] = &[
    tool("py", &["python3", "-m", "py_compile", "%"], &["python3", "%"]),
    tool("js", &["node", "--check", "%"], &["node", "%"]),
    tool("mjs", &["node", "--check", "%"], &["node", "%"]),
    tool("ts", &["tsc", "--strict", "--noEmit", "--target", "es2022", "--typeRoots", "none", "%"], &[]),
    tool("rb", &["ruby", "-wc", "%"], &["ruby", "%"]),
    tool("php", &["php", "-l", "%"], &["php", "-d", "auto_prepend_file=", "%"]),
    tool("go", &["gofmt", "-l", "%"], &["go", "run", "%"]),
    tool("go", &["go", "vet", "%"], &[]),
    tool("java", &["javac", "-Xlint:all", "-d", "classes", "%"], &["java", "%"]),
    tool(
        "kt",
        &["kotlinc", "-nowarn", "-d", "classes/kt.jar", "%"],
        &["kotlin", "-classpath", "classes/kt.jar", "MailKt"],
    ),
    tool("scala", &["scalac", "-d", "classes", "%"], &["scala", "-classpath", "classes", "Main"]),
    tool("groovy", &["groovyc", "-d", "classes", "%"], &["groovy", "%"]),
    tool("rs", &["rustc", "--edition=2021", "-o", "classes/rs", "%"], &["classes/rs"]),
    tool("exs", &["elixir", "-e", "Code.string_to_quoted!(File.read!(hd(System.argv())))", "%"], &["elixir", "%"]),
    tool(
        "erl",
        &["erlc", "-o", "classes", "%"],
        &["erl", "-noshell", "-pa", "classes", "-s", "mail", "main", "-s", "init", "stop"],
    ),
    tool("swift", &["swiftc", "-typecheck", "%"], &["swift", "%"]),
    tool("dart", &["dart", "analyze", "%"], &["dart", "run", "%"]),
    tool("pl", &["perl", "-c", "%"], &["perl", "%"]),
    tool("lua", &["luac", "-p", "%"], &["lua", "%"]),
    tool("lua", &["luac5.4", "-p", "%"], &["lua5.4", "%"]),
    tool("R", &["Rscript", "-e", "invisible(parse(commandArgs(TRUE)[1]))", "%"], &["Rscript", "%"]),
    tool("clj", &["clojure", "%"], &["clojure", "%"]),
    tool("c", &["cc", "-Wall", "-Wextra", "-Werror", "-o", "classes/c", "%"], &["classes/c"]),
    tool("cpp", &["c++", "-Wall", "-Wextra", "-Werror", "-o", "classes/cpp", "%"], &["classes/cpp"]),
    tool("m", &["clang", "-fsyntax-only", "%"], &[]),
    tool("cs", &["csc", "-nologo", "-out:classes/cs.exe", "%"], &["mono", "classes/cs.exe"]),
    tool("fs", &["fsharpc", "--nologo", "--out:classes/fs.exe", "%"], &[]),
    tool("vb", &["vbc", "-nologo", "-out:classes/vb.exe", "%"], &[]),
    tool("sh", &["bash", "-n", "%"], &["bash", "%"]),
    tool("fish", &["fish", "-n", "%"], &["fish", "%"]),
    tool(
        "ps1",
        &[
            "pwsh",
            "-NoProfile",
            "-Command",
            "$e=$null; [void][Management.Automation.Language.Parser]::ParseFile('%',[ref]$null,[ref]$e); exit $e.Count",
        ],
        &["pwsh", "-NoProfile", "-File", "%"],
    ),
    tool("tf", &["terraform", "fmt", "-diff", "%"], &[]),
];

/// The names of the tools that the machine lacks.
pub type Lacking = BTreeSet<&'static str>;

/// What became of a file at the hands of the tools for it.
pub struct Checked {
    /// What they found wrong.
    pub faults: Vec<String>,
    /// What each printed when it ran the file.
    pub printed: Vec<String>,
    /// The tools that the machine lacks.
    pub lacking: Lacking,
}

/// Checks and runs a file in its folder with every tool there is for it. `environment` is set for the runs.
pub fn check(folder: &Path, path: &str, environment: &[(&str, &str)]) -> Checked {
    let classes = PathBuf::from(format!("{}-classes", folder.display()));
    std::fs::create_dir_all(&classes).expect("target can be written to");
    let classes = classes.display().to_string();
    let mut checked = Checked { faults: Vec::new(), printed: Vec::new(), lacking: Lacking::new() };
    let ending = path.rsplit('.').next().unwrap_or_default();
    for tool in TOOLS.iter().filter(|tool| tool.ending == ending) {
        for (command, is_run) in [(tool.checks, false), (tool.runs, true)] {
            let Some((program, arguments)) = command.split_first() else { continue };
            let program_name = program.replace("classes", &classes);
            let Some(program) = found(&program_name) else {
                checked.lacking.insert(program);
                break;
            };
            let mut command = Command::new(program);
            command
                .args(arguments.iter().map(|a| a.replace('%', path).replace("classes", &classes)))
                .current_dir(folder);
            command.envs(environment.iter().copied()).stdin(Stdio::null());
            let output = command.output().expect("what was found can be started");
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            if !output.status.success() {
                let why = String::from_utf8_lossy(&output.stderr);
                checked.faults.push(format!("{path}: {}: {said}{why}", tool.checks[0]));
                break;
            }
            match is_run {
                true => checked.printed.push(said),
                // Formatters print what they would change.
                false if matches!(tool.checks[0], "gofmt" | "terraform") && !said.is_empty() => {
                    checked.faults.push(format!("{path}: {said}"));
                }
                false => {}
            }
        }
    }
    checked
}

/// Below `target/checkers`, where `tests/run` installs what it can, or on the machine.
pub fn found(program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program));
    }
    let installed = [checkers().join("npm/node_modules/.bin"), checkers().join("venv/bin")];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = installed.into_iter().chain(std::env::split_paths(&path));
    folders.map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// What `tests/run` installed.
pub fn checkers() -> PathBuf {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    tmp.parent().expect("it is below target").join("checkers")
}

/// What the parsers of `parses.py` find wrong, of files with the kind of each; none if they are not installed, which
/// is said.
pub fn faults(files: &[(&str, PathBuf)]) -> Option<Vec<String>> {
    // Installed last, so that all else is there.
    let python = checker("venv/bin/git-filter-repo")?.with_file_name("python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shapes/parses.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python can be started");
    let lines: String = files.iter().map(|(kind, path)| format!("{kind}\t{}\n", path.display())).collect();
    child.stdin.take().expect("it is piped").write_all(lines.as_bytes()).expect("it reads them");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    Some(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// What is wrong with a file by a schema that check-jsonschema brings along.
pub fn schema_fault(schema: &str, path: &Path) -> Option<String> {
    let check = checker("venv/bin/check-jsonschema")?;
    let mut command = Command::new(check);
    command.args(["--builtin-schema", &format!("vendor.{schema}")]).arg(path);
    match schema {
        "gitlab-ci" => _ = command.args(["--data-transform", schema]),
        // Some of its patterns are none by the standard.
        "azure-pipelines" => _ = command.args(["--data-transform", schema, "--regex-variant", "python"]),
        _ => {}
    }
    let output = command.output().expect("it can be started");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (!output.status.success()).then_some(said)
}
