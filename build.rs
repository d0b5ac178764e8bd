//! Turns `rules/*.toml` into constants, so that the program parses no TOML for them when it starts.

use rule::{Check, Form, Part, RuleFile, Text};
use std::fmt::Write as _;
use std::path::Path;

#[allow(dead_code, missing_docs)]
#[path = "src/rule.rs"]
mod rule;

fn main() {
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=src/rule.rs");
    let mut files: Vec<_> = std::fs::read_dir("rules")
        .expect("rules/ stands beside Cargo.toml")
        .map(|entry| entry.expect("rules/ can be listed").path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    let mut out = String::from("pub(crate) static RULES: &[(&str, RuleSpec)] = &[\n");
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        write_file(&mut out, &file);
    }
    out.push_str("];\n");
    let target = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&target).join("rules.rs"), out).expect("OUT_DIR can be written");
}

fn write_file(out: &mut String, path: &Path) {
    let toml = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file: RuleFile = toml::from_str(&toml).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    for rule in &file.rules {
        let parts: Vec<String> = rule.parts.iter().map(part).collect();
        let forms: Vec<String> = rule.forms.iter().map(|f: &Form| format!("Form::{f:?}")).collect();
        let checks: Vec<String> = rule.checks.iter().map(check).collect();
        writeln!(
            out,
            "({provider:?}, RuleSpec {{ id: {id}, title: {title}, description: {description}, severity: {severity:?}, \
             confidence: Level::{confidence:?}, kind: Kind::{kind:?}, anchors: {anchors}, ignore_case: {ignore_case}, \
             pattern: {pattern}, assigned: {assigned}, reach: Reach {{ before: {before}, after: {after} }}, guard: Guard::{guard:?}, \
             parts: {parts}, forms: {forms}, checks: {checks}, paths: {paths}, generic: {generic}, show: {show}, \
             hits: {hits}, misses: {misses}, variable: {variable}, remedy: Remedy {{ revoke: {revoke}, \
             replace: {replace}, store: {store}, verify: {verify} }}, references: {references} }}),",
            provider = file.provider,
            id = text(&rule.id),
            title = text(&rule.title),
            description = text(&rule.description),
            severity = rule.severity,
            confidence = rule.confidence,
            kind = rule.kind,
            anchors = texts(&rule.anchors),
            ignore_case = rule.ignore_case,
            pattern = text(&rule.pattern),
            assigned = rule.assigned.map_or("None".into(), |c| format!("Some(Credential::{c:?})")),
            before = rule.reach.before,
            after = rule.reach.after,
            guard = rule.guard,
            parts = list(&parts),
            forms = list(&forms),
            checks = list(&checks),
            paths = texts(&rule.paths),
            generic = rule.generic,
            show = rule.show,
            hits = texts(&rule.hits),
            misses = texts(&rule.misses),
            variable = text(&rule.variable),
            revoke = text(&rule.remedy.revoke),
            replace = text(&rule.remedy.replace),
            store = text(&rule.remedy.store),
            verify = text(&rule.remedy.verify),
            references = texts(&rule.references),
        )
        .expect("a String can be written to");
    }
}

fn text(text: &Text) -> String {
    format!("Cow::Borrowed({:?})", text.trim())
}

fn texts(texts: &[Text]) -> String {
    list(&texts.iter().map(|t| format!("Cow::Borrowed({t:?})")).collect::<Vec<_>>())
}

fn list(items: &[String]) -> String {
    format!("Cow::Borrowed(&[{}])", items.join(", "))
}

fn part(part: &Part) -> String {
    format!("Part {{ name: {}, patterns: {}, optional: {} }}", text(&part.name), texts(&part.patterns), part.optional)
}

fn check(check: &Check) -> String {
    match check {
        Check::Structure(s) => format!("Check::Structure(Structure::{s:?})"),
        Check::Checksum(s) => format!("Check::Checksum(Checksum::{s:?})"),
        Check::Decodes(s) => format!("Check::Decodes(Decodes::{s:?})"),
        Check::PartNot { part, values } => {
            format!("Check::PartNot {{ part: {}, values: {} }}", text(part), texts(values))
        }
        Check::Near(words) => format!("Check::Near({})", texts(words)),
        Check::NotNear(words) => format!("Check::NotNear({})", texts(words)),
        Check::RaisedBy(words) => format!("Check::RaisedBy({})", texts(words)),
        Check::LoweredBy(words) => format!("Check::LoweredBy({})", texts(words)),
        Check::NotContaining(words) => format!("Check::NotContaining({})", texts(words)),
        Check::Entropy(_)
        | Check::Distinct(_)
        | Check::Mixed
        | Check::MinLength(_)
        | Check::MaxLength(_)
        | Check::Literal
        | Check::Made
        | Check::AnyText => format!("Check::{check:?}"),
    }
}
