//! Packs `rules/*.toml`, so that the program parses no TOML for them when it starts, and makes the tables that
//! find their anchors.

use rule::{RuleFile, RuleSpec, Text};
use std::fmt::{Debug, Write as _};
use std::path::{Path, PathBuf};
use table::Table;

#[allow(dead_code, missing_docs)]
#[path = "src/detect/fitting.rs"]
mod fitting;
#[allow(dead_code, missing_docs)]
#[path = "src/detect/grams.rs"]
mod grams;
#[allow(dead_code, missing_docs)]
#[path = "src/ruleset/needs.rs"]
mod needs;
#[path = "src/notation.rs"]
mod notation;
#[path = "src/detect/rarity.rs"]
mod rarity;
#[allow(dead_code, missing_docs)]
#[path = "src/rule.rs"]
mod rule;
#[allow(dead_code, missing_docs)]
#[path = "src/ruleset/run.rs"]
mod run;
#[allow(dead_code, missing_docs)]
#[path = "src/detect/spelling/mod.rs"]
mod spelling;
#[allow(dead_code, missing_docs)]
#[path = "src/detect/table.rs"]
mod table;
#[allow(dead_code, missing_docs)]
#[path = "src/ruleset/word.rs"]
mod word;

fn main() {
    let detect = ["fitting", "grams", "rarity", "table"].map(|name| format!("src/detect/{name}.rs"));
    let ruleset = ["needs", "run", "word"].map(|name| format!("src/ruleset/{name}.rs"));
    let others = ["rules", "src/rule.rs", "src/notation.rs", "src/detect/spelling"].map(String::from);
    for source in others.iter().chain(&detect).chain(&ruleset) {
        println!("cargo:rerun-if-changed={source}");
    }
    let target = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let rules = rules();
    write_rules(&target, &rules);
    write_anchors(&target, &Table::with(rules.iter().map(|(_, rule)| rule), fitting::fitting));
}

/// The provider and the rule, of every file in order.
fn rules() -> Vec<(String, RuleSpec)> {
    let mut files: Vec<_> = std::fs::read_dir("rules")
        .expect("rules/ stands beside Cargo.toml")
        .map(|entry| entry.expect("rules/ can be listed").path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    let mut rules = Vec::new();
    for path in files {
        println!("cargo:rerun-if-changed={}", path.display());
        let toml = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let file: RuleFile = toml::from_str(&toml).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        rules.extend(file.rules.into_iter().map(|rule| (file.provider.clone(), trimmed(rule))));
    }
    rules
}

/// Texts of several lines end in TOML with a line end that nobody means.
fn trimmed(mut rule: RuleSpec) -> RuleSpec {
    let remedy = &mut rule.remedy;
    let texts: [&mut Text; 8] = [
        &mut rule.title,
        &mut rule.description,
        &mut rule.pattern,
        &mut rule.variable,
        &mut remedy.revoke,
        &mut remedy.replace,
        &mut remedy.store,
        &mut remedy.verify,
    ];
    for text in texts {
        *text = text.trim().to_owned().into();
    }
    rule
}

/// What every start needs to know of each rule as source, the rest packed.
fn write_rules(target: &Path, rules: &[(String, RuleSpec)]) {
    let mut packed = Vec::new();
    let mut source = String::from("pub(super) static RULES: &[Packed] = &[\n");
    for (provider, rule) in rules {
        let start = packed.len();
        packed.extend(postcard::to_stdvec(rule).expect("a rule is plain data"));
        let (id, severity, kind, end) = (&rule.id, rule.severity, rule.kind, packed.len());
        let needs = needs::Needs::of(rule);
        writeln!(
            source,
            "Packed {{ provider: {provider:?}, id: {id:?}, severity: {severity:?}, kind: Kind::{kind:?}, needs: {needs:?}, spec: {start}..{end} }},"
        )
        .expect("a String can be written to");
    }
    source.push_str("];\n");
    write(target, "rules.bin", &packed);
    write(target, "rules.rs", source.as_bytes());
}

/// The tables as source, without pointers in them: a page of the program that holds none is not touched until
/// it is needed.
fn write_anchors(target: &Path, table: &Table) {
    write(target, "literals.bin", &table.bytes);
    let source = [
        list("GRAMS", "u32", &table.grams),
        list("THREES", "u32", &table.threes),
        list("WAYS", "u8", &table.ways),
        list("BESIDE", "u32", &table.beside),
        list("BUCKETS", "u32", &table.buckets),
        list("PLACES", "Place", &table.places),
        list("LITERALS", "Literal", &table.literals),
        list("SPELLINGS", "Spelling", &table.spellings),
        format!(
            "pub(super) static TABLE: Table = Table {{\n\
             grams: Cow::Borrowed(&GRAMS),\n\
             threes: Cow::Borrowed(&THREES),\n\
             ways: Cow::Borrowed(&WAYS),\n\
             beside: Cow::Borrowed(&BESIDE),\n\
             buckets: Cow::Borrowed(&BUCKETS),\n\
             places: Cow::Borrowed(&PLACES),\n\
             bytes: Cow::Borrowed(include_bytes!(concat!(env!(\"OUT_DIR\"), \"/literals.bin\"))),\n\
             literals: Cow::Borrowed(&LITERALS),\n\
             spellings: Cow::Borrowed(&SPELLINGS),\n\
             factor: {:?},\nmargin: {:?},\nnear_margins: {:?},\n}};\n",
            table.factor, table.margin, table.near_margins
        ),
    ];
    write(target, "anchors.rs", source.concat().as_bytes());
}

fn list(name: &str, of: &str, items: &[impl Debug]) -> String {
    format!("static {name}: [{of}; {}] = {items:?};\n", items.len())
}

fn write(target: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(target.join(name), bytes).expect("OUT_DIR can be written");
}
