//! Rules drawn by lot, in shapes that their samples do not have, and what looks like what they find.
//!
//! `tokens.txt` has formats that are known by themselves, `named.txt` those that are known by their name.

use crate::support::report;
use crate::support::samples::{Sample, fill};
use unleak::document::{Changed, Lines};
use unleak::report::Report;

/// Where a token stands that is known by itself: the file, and the text with the token for `@`.
const PLACES: &[(&str, &str)] = &[
    ("client.go", "const apiKey = \"@\" // rotate me\n"),
    ("src/client.rs", "    let reply = client.get(url).bearer_auth(\"@\").send()?;\n"),
    ("application.properties", "acme.api.token=@\n"),
    ("Program.cs", "[assembly: ApiKey(\"@\")]\n"),
    ("links.txt", "https://api.acme.dev/v1/items?key=@&limit=10\n"),
    ("deploy.sh", "acme-cli login --token @ --quiet\n"),
    ("setup.ini", "token = @ ; production\n"),
    ("seed.js", "post(\"{\\\"token\\\":\\\"@\\\"}\");\n"),
    ("tokens.yaml", "tokens:\n  - @\n"),
    ("index.html", "<meta name=\"token\" content=\"@\">\n"),
    ("notes.md", "Use `@` until the new one comes.\n"),
    ("app.log", "2026-01-12 10:01:22 DEBUG sent Authorization=@\n"),
    ("data.sql", "INSERT INTO accounts VALUES (3, '@', NOW());\n"),
    ("config.exs", "config :acme, key: \"@\"\n"),
    ("settings.xml", "<setting><value>@</value></setting>\n"),
    ("default.nix", "{ token = \"@\"; }\n"),
];

/// Where a value stands under its name: `N` as a variable's name, `n` in lower case, `c` as identifiers have it.
const NAMED: &[(&str, &str)] = &[
    ("env.sh", "export @N@=\"@\"\n"),
    ("main.go", "\tos.Setenv(\"@N@\", \"@\")\n"),
    ("Keys.kt", "private val @c@ = \"@\"\n"),
    ("Keys.cs", "    public const string @c@ = \"@\";\n"),
    ("appsettings.json", "{\n  \"Keys\": {\n    \"@c@\": \"@\"\n  }\n}\n"),
    ("run.ps1", "$env:@N@ = '@'\n"),
    ("Makefile", "@N@ := @\n"),
    ("compose.yml", "environment:\n  - @N@=@\n"),
    ("config.rb", "  @n@: '@',\n"),
    ("env.pl", "$ENV{@N@} = '@';\n"),
    ("config.toml", "@n@ = \"@\"\n"),
    ("ci.yml", "      - run: @N@=@ ./deploy.sh\n"),
    ("Keys.swift", "let @c@ = \"@\"\n"),
    ("config.lua", "@n@ = \"@\",\n"),
];

/// What stands in the place of a whole token: `@` is one, `^` what its first characters are.
const LOOK_ALIKES: &[&str] = &[
    "q@",
    LONGER,
    "^…",
    "^xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "^<your-token>",
    "^YOUR_TOKEN_GOES_HERE_REPLACE_IT_BEFORE_YOU_DEPLOY_IT_ANYWHERE_AT_ALL",
    "^[A-Za-z0-9_-]{20,64}",
    "^${ACME_VALUE}",
    "^********************************",
    "^aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// A token with more behind it.
const LONGER: &str = "@Kx83";

/// What stands in the place of a value under its name, and is none.
const REFERENCES: &[&str] = &[
    "${@N@}",
    "$@N@",
    "<@n@>",
    "your_@n@",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "{{ @n@ }}",
    "%@N@%",
    "op://vault/acme/@n@",
    "REPLACE_ME",
];

fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with("# "));
    lines.map(|(number, line)| (number, line.split(" | ").map(str::trim).collect()))
}

fn made(number: usize, path: &str, template: &str) -> (Sample, Report) {
    let sample = fill("matrix", number, 0, &format!("⟪{path}⟫\n{template}"));
    let report = report(&sample.path, &sample.text, Changed::Whole);
    (sample, report)
}

/// What is wrong unless the rule alone finds what is marked.
fn unless_found(rule: &str, number: usize, path: &str, template: &str) -> Option<String> {
    let (sample, report) = made(number, path, template);
    let told: Vec<_> = report.findings.iter().filter(|f| f.holds_secret()).collect();
    let place = Lines::new(&sample.text).location(&sample.expected[0]);
    let is_right = matches!(told[..], [only] if only.rule.id() == rule && only.location == place);
    let told: Vec<_> = told.iter().map(|f| f.rule.id()).collect();
    (!is_right).then(|| format!("{rule} in {path}: {told:?} for {}", String::from_utf8_lossy(&sample.text)))
}

/// What is wrong if the rule finds something; if nothing may be told at all, any other too.
fn if_found(rule: &str, number: usize, path: &str, template: &str, at_all: bool) -> Option<String> {
    let (sample, report) = made(number, path, template);
    let told = report.findings.iter().filter(|f| f.holds_secret()).find(|f| at_all || f.rule.id() == rule)?;
    Some(format!("{rule} in {path}: told by {}: {}", told.rule.id(), String::from_utf8_lossy(&sample.text)))
}

fn camel(name: &str) -> String {
    let mut words = name.split('_').map(str::to_lowercase);
    let first = words.next().unwrap_or_default();
    words.fold(first, |all, word| all + &word[..1].to_uppercase() + &word[1..])
}

#[test]
fn tokens_are_known_in_any_surroundings() {
    let mut wrong = Vec::new();
    for (number, row) in rows(include_str!("tokens.txt")) {
        let [rule, whole, ..] = row[..] else { panic!("{row:?}") };
        let marked = format!("«{whole}»");
        wrong.extend(
            PLACES.iter().filter_map(|(path, text)| unless_found(rule, number, path, &text.replace('@', &marked))),
        );
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_only_begins_like_a_token_is_none() {
    let mut wrong = Vec::new();
    for (number, row) in rows(include_str!("tokens.txt")) {
        let [rule, whole, prefix, short, foreign] = row[..] else { panic!("{row:?}") };
        let (prefix, is_longer_too) = prefix.strip_suffix('+').map_or((prefix, false), |prefix| (prefix, true));
        let likes = LOOK_ALIKES.iter().filter(|like| prefix != "-" || !like.contains('^'));
        let likes = likes.filter(|like| !is_longer_too || **like != LONGER);
        let likes = likes.map(|like| like.replace('@', whole).replace('^', prefix));
        for like in likes.chain([short.to_owned(), foreign.to_owned()]) {
            let text = format!("reference: \"{like}\"\n");
            wrong.extend(if_found(rule, number, "notes.yaml", &text, false));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn values_are_known_by_their_names_in_any_notation() {
    let mut wrong = Vec::new();
    for (number, row) in rows(include_str!("named.txt")) {
        let [rule, name, whole, ..] = row[..] else { panic!("{row:?}") };
        for (path, text) in NAMED {
            let text = text.replace("@N@", name).replace("@n@", &name.to_lowercase()).replace("@c@", &camel(name));
            wrong.extend(unless_found(rule, number, path, &text.replace('@', &format!("«{whole}»"))));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn references_and_other_values_under_such_names_are_none() {
    let mut wrong = Vec::new();
    for (number, row) in rows(include_str!("named.txt")) {
        let [rule, name, _, short, foreign, other] = row[..] else { panic!("{row:?}") };
        for reference in REFERENCES {
            let value = reference.replace("@N@", name).replace("@n@", &name.to_lowercase());
            let lines = [format!("{name}={value}\n"), format!("{name}=\"{value}\"\n")];
            wrong.extend(lines.iter().filter_map(|line| if_found(rule, number, ".env", line, true)));
        }
        for line in [format!("{name}={short}\n"), format!("{name}={foreign}\n"), format!("{other}\n")] {
            wrong.extend(if_found(rule, number, ".env", &line, false));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
