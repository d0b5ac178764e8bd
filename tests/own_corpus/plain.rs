//! Every format of the catalogue in the lines in which people write credentials: who finds it, and how surely.

use crate::generate::folder;
use crate::stock::{Format, Stock};
use crate::support::report;
use crate::values::{Cursors, Maker};
use std::collections::HashMap;
use unleak::document::{Changed, Lines};
use unleak::finding::Confidence;
use unleak::finding::confidence_name;

/// Paths and the lines in them: `N` stands for the variable's name, `n` for that in lower case, `V` for the value.
const LINES: &[(&str, &str, &str)] = &[
    (".env", "DEBUG=0\n", "@N@=@V@\n"),
    ("deploy.sh", "#!/bin/sh\n", "export @N@=\"@V@\"\n"),
    ("app/settings.py", "import os\n", "@N@ = \"@V@\"\n"),
    ("config.yaml", "service:\r\n", "  @n@: @V@\r\n"),
    ("src/client.js", "'use strict';\n", "const config = { @n@: '@V@' };\n"),
    ("infra/main.tf", "locals {\n", "  @n@ = \"@V@\"\n"),
    ("Dockerfile", "FROM debian\n", "ENV @N@ @V@\n"),
    ("deploy/pod.yaml", "env:\n", "  - name: @N@\n    value: \"@V@\"\n"),
    ("config/app.json", "{\n", "  \"@n@\": \"@V@\",\n"),
    ("run.sh", "#!/bin/sh\n", "docker run --rm -e @N@=@V@ acme/app\n"),
    ("src/Config.java", "class Config {\n", "  static final String @N@ = \"@V@\";\n"),
    ("config.php", "<?php\n", "define('@N@', '@V@');\n"),
    ("web.config", "<appSettings>\n", "<add key=\"@N@\" value=\"@V@\" />\n"),
    ("run.ps1", "param()\n", "$env:@N@ = \"@V@\"\n"),
    (".github/workflows/ci.yml", "env:\n", "  @N@: @V@\n"),
    ("src/keys.ts", "export {};\n", "export const @n@: string = '@V@';\n"),
    ("keys.go", "package keys\n", "const @N@ string = \"@V@\"\n"),
    ("src/keys.rs", "use std::env;\n", "pub const @N@: &str = \"@V@\";\n"),
    ("Keys.kt", "object Keys {\n", "const val @N@: String = \"@V@\"\n"),
    ("res/values/keys.xml", "<resources>\n", "<string name=\"@n@\">@V@</string>\n"),
    ("settings.xml", "<settings>\n", "<@n@>@V@</@n@>\n"),
    ("app.rb", "require 'x'\n", "ENV['@N@'] ||= '@V@'\n"),
    ("app.py", "import os\n", "os.environ[\"@N@\"] = \"@V@\"\n"),
    ("manage.py", "import os\n", "os.environ.setdefault(\"@N@\", \"@V@\")\n"),
    ("app.js", "'use strict';\n", "const x = process.env.@N@ || '@V@';\n"),
    ("compose.yml", "environment:\n", "  - @N@=@V@\n"),
    ("run.bat", "@echo off\r\n", "set @N@=@V@\r\n"),
    ("data.sql", "BEGIN;\n", "INSERT INTO settings VALUES ('@n@', '@V@');\n"),
    ("deploy.sh", "#!/bin/sh\n", "fly secrets set @N@=@V@ -a acme\n"),
];

/// Names that do not say whose credential it is: any rule may find what is given to them.
const SAY_TOO_LITTLE: &[&str] = &["VAULT_PASS"];

/// What is wrong with how one value is found at one place, if anything is.
fn wrong(format: &Format, name: &str, path: &str, text: &str, value: &str) -> Option<String> {
    let report = report(path, text.as_bytes(), Changed::Whole);
    let start = text.find(value).expect("the value was put there");
    let place = Lines::new(text.as_bytes()).location(&(start..start + value.len()));
    let found = report.findings.iter().filter(|f| f.holds_secret());
    let found: Vec<_> =
        found.filter(|f| f.location.start_line <= place.end_line && place.start_line <= f.location.end_line).collect();
    let is_anyones = SAY_TOO_LITTLE.contains(&name);
    let is_own =
        |id: &str| is_anyones || format.rules.iter().any(|prefix| prefix == "any" || id.starts_with(prefix.as_str()));
    match found.iter().max_by_key(|f| (is_own(f.rule.id()), f.confidence)) {
        None => Some(format!("nothing at {path}: {}", text.trim_end())),
        Some(f) if !is_own(f.rule.id()) => {
            Some(format!("by {} ({}) at {path}", f.rule.id(), confidence_name(f.confidence)))
        }
        Some(f) if PUBLIC_AT.contains(&(f.rule.id(), path)) => None,
        Some(f) if f.confidence == Confidence::Low => Some(format!("low, by {} at {path}", f.rule.id())),
        Some(_) => None,
    }
}

/// Where a rule's keys go out to everybody: they are low there.
const PUBLIC_AT: [(&str, &str); 1] = [("google-api-key", "res/values/keys.xml")];

/// Every format, name and line.
pub fn wrong_in_plain_lines() -> Vec<String> {
    let stock = Stock::read(&folder());
    let (mut shared, mut visits) = (Cursors::default(), HashMap::new());
    let mut all = Vec::new();
    for format in &stock.formats {
        for (at, name) in format.names.iter().enumerate() {
            let mut maker = Maker::new(&stock, &mut shared, &mut visits, &format.id, at);
            let value = maker.make(&format!("fmt:{}", format.id)).text;
            for (path, before, line) in LINES {
                let line = line.replace("@N@", name).replace("@n@", &name.to_lowercase()).replace("@V@", &value);
                let text = [before, line.as_str()].concat();
                all.extend(
                    wrong(format, name, path, &text, &value).map(|what| format!("{} {name}: {what}", format.id)),
                );
            }
        }
    }
    all
}
