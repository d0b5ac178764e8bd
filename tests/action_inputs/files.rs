//! The files of the action and the workflows themselves.

use super::*;

/// Everything that GitHub reads.
fn workflows() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(root().join(".github/workflows")).expect("there are workflows");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    paths
}

#[test]
fn the_action_has_the_inputs_and_outputs_that_its_page_lists() {
    let action = yaml(&root().join("action.yml"));
    let mut inputs = String::from("| Input | Default | What it is |\n|---|---|---|\n");
    for (name, input) in action["inputs"].as_hash().expect("inputs") {
        let text = |yaml: &yaml_rust2::Yaml| yaml.as_str().expect("a text").to_owned();
        let default = match text(&input["default"]).as_str() {
            "" => String::new(),
            value => format!("`{value}`"),
        };
        writeln!(inputs, "| `{}` | {default} | {} |", text(name), text(&input["description"])).expect("a String");
    }
    support::docs::assert_says("docs/github-action.md", "inputs", &inputs);
    let mut outputs = String::from("| Output | What it is |\n|---|---|\n");
    for (name, output) in action["outputs"].as_hash().expect("outputs") {
        let (name, what) = (name.as_str().expect("a text"), output["description"].as_str().expect("a text"));
        writeln!(outputs, "| `{name}` | {what} |").expect("a String");
    }
    support::docs::assert_says("docs/github-action.md", "outputs", &outputs);
}

#[test]
fn no_script_holds_an_expression_and_every_action_is_pinned() {
    let mut paths = workflows();
    paths.push(root().join("action.yml"));
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("it is there");
        for line in text.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("uses: ")) {
            let (action, comment) = line.split_once(" # ").unwrap_or((line, ""));
            let id = action.split_once('@').map_or("", |(_, id)| id);
            let is_pinned = id.len() == 40 && id.bytes().all(|b| b.is_ascii_hexdigit()) && comment.starts_with('v');
            assert!(is_pinned || action.starts_with("./"), "{}: {line}", path.display());
        }
        let mut scripts = Vec::new();
        collect(&yaml(&path), &mut scripts);
        assert!(!scripts.is_empty() && scripts.iter().all(|script| !script.contains("${{")), "{}", path.display());
    }
}

/// Every `run:` in a document.
fn collect(yaml: &yaml_rust2::Yaml, scripts: &mut Vec<String>) {
    if let Some(members) = yaml.as_hash() {
        for (name, value) in members {
            match (name.as_str(), value.as_str()) {
                (Some("run"), Some(script)) => scripts.push(script.to_owned()),
                _ => collect(value, scripts),
            }
        }
    }
    yaml.as_vec().into_iter().flatten().for_each(|value| collect(value, scripts));
}

/// A checker, at the root of the tree.
fn checker(name: &str) -> Option<Command> {
    let mut command = Command::new(support::checkers::checker(&format!("venv/bin/{name}"))?);
    command.current_dir(root());
    Some(command)
}

#[track_caller]
fn assert_accepts(mut checker: Command) {
    let output = checker.output().expect("it can be started");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn zizmor_finds_nothing_to_say() {
    let Some(mut zizmor) = checker("zizmor") else { return };
    zizmor.args(["--offline", "--no-progress", "--quiet", "--persona=pedantic", "action.yml", ".github"]);
    assert_accepts(zizmor);
}

#[test]
fn actionlint_finds_nothing_to_say() {
    let Some(mut actionlint) = checker("actionlint") else { return };
    actionlint.args(["-oneline"]).args(workflows());
    assert_accepts(actionlint);
}

#[test]
fn the_schemas_hold() {
    let Some(mut check) = checker("check-jsonschema") else { return };
    check.args(["--builtin-schema", "vendor.github-actions", "action.yml"]);
    assert_accepts(check);
    let Some(mut check) = checker("check-jsonschema") else { return };
    check.args(["--builtin-schema", "vendor.github-workflows"]).args(workflows());
    assert_accepts(check);
}
