//! A gitleaks configuration written down as the `unleak.toml` that means the same.

use super::super::written::{On, WhenTable};
use super::super::{ConfigError, text};
use super::{Import, ImportedAllow, import};
use crate::rule::{Check, Kind, RuleSpec, Whole};
use std::fmt::Write as _;
use std::path::Path;

/// A configuration in the form of this program's.
#[derive(Debug)]
pub struct Migrated {
    /// The text of the `unleak.toml`.
    pub text: String,
    /// What has another meaning here, or none: a line each.
    pub differences: Vec<String>,
    /// How many rules are in it.
    pub rules: usize,
    /// How many allow entries are in it.
    pub allows: usize,
}

/// Why a file can't be migrated.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// It is no gitleaks configuration.
    #[error("{0} is no gitleaks configuration: it has none of [[rules]], [[allowlists]], [allowlist] and [extend]")]
    Another(String),
    /// Something in it is wrong.
    #[error(transparent)]
    Wrong(#[from] ConfigError),
}

/// Reads a gitleaks configuration, and what it extends. `name` is what messages call the file.
pub fn migrated(path: &Path, name: &str) -> Result<Migrated, MigrateError> {
    let text = text(path, name)?;
    if !super::is_one(&text) {
        // What is wrong with its TOML says more than what it is not.
        if toml::from_str::<toml::Table>(&text).is_err() {
            super::read::read(&super::File { text: &text, name })?;
        }
        return Err(MigrateError::Another(name.to_owned()));
    }
    let import = import(&text, name, path.parent())?;
    Ok(Migrated {
        text: written(&import),
        rules: import.rules.len(),
        allows: import.allows.len(),
        differences: import.differences,
    })
}

fn written(import: &Import) -> String {
    let mut out = format!("# Made by `unleak config migrate` from {}.\n", import.name.replace('\n', " "));
    for difference in &import.differences {
        let _ = writeln!(out, "# {}", difference.replace('\n', " "));
    }
    if !import.builtin {
        out += "\n[rules]\nbuiltin = false    # these rules alone, as it was\n";
    } else if !import.disable.is_empty() {
        let _ = writeln!(out, "\n[rules]\ndisable = {}", list(&import.disable));
    }
    for (spec, _) in &import.rules {
        rule(spec, &mut out);
    }
    for entry in &import.allows {
        allow(entry, &mut out);
    }
    out
}

fn rule(spec: &RuleSpec, out: &mut String) {
    let mut set = |key: &str, value: String| {
        let _ = writeln!(out, "{key} = {value}");
    };
    set("\n[[rule]]\nid", quoted(&spec.id));
    set("title", quoted(&spec.title));
    set("description", quoted(&spec.description));
    set("severity", format!("{:?}", spec.severity));
    if spec.kind == Kind::File {
        set("kind", quoted("file"));
    } else {
        set("pattern", quoted(&spec.pattern));
    }
    if spec.generic {
        set("generic", "true".into());
    }
    let checks = spec.checks.iter().map(|check| match check {
        Check::EntropyAbove(bits) => format!("{{ entropy-above = {bits:?} }}"),
        _ => quoted("any-text"),
    });
    set("checks", format!("[{}]", checks.collect::<Vec<_>>().join(", ")));
    let Some(whole) = &spec.whole else { return };
    of_whole(whole, &mut set);
}

fn of_whole(whole: &Whole, set: &mut impl FnMut(&str, String)) {
    set("[rule.whole]\nkeywords", list(&whole.keywords));
    if let Some(path) = &whole.path {
        set("path", quoted(path));
    }
    if let Some(group) = whole.group {
        set("group", group.to_string());
    }
    if whole.helper {
        set("helper", "true".into());
    }
    if !whole.tags.is_empty() {
        set("tags", list(&whole.tags));
    }
    if !whole.required.is_empty() {
        let required = whole.required.iter().map(|required| {
            let within =
                |name: &str, most: Option<u32>| most.map_or_else(String::new, |most| format!(", {name} = {most}"));
            let (lines, columns) = (required.within_lines, required.within_columns);
            let within = within("within_lines", lines) + &within("within_columns", columns);
            format!("{{ rule = {}{within} }}", quoted(&required.rule))
        });
        set("required", format!("[{}]", required.collect::<Vec<_>>().join(", ")));
    }
}

fn allow(entry: &ImportedAllow, out: &mut String) {
    out.push_str("\n[[allow]]\n");
    if !entry.rules.is_empty() {
        let _ = writeln!(out, "rules = {}", list(&entry.rules));
    }
    let _ = writeln!(out, "reason = {}\n[allow.when]", quoted(&entry.reason));
    let WhenTable { any, paths, patterns, on, stopwords, commits } = &entry.when;
    if *any {
        out.push_str("any = true\n");
    }
    for (key, texts) in [("paths", paths), ("patterns", patterns), ("stopwords", stopwords), ("commits", commits)] {
        if !texts.is_empty() {
            let _ = writeln!(out, "{key} = {}", list(texts));
        }
    }
    match on {
        On::Secret => {}
        On::Match => out.push_str("on = \"match\"\n"),
        On::Line => out.push_str("on = \"line\"\n"),
    }
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    match texts.iter().map(|text| text.len() + 2).sum::<usize>() {
        0..=90 => format!("[{}]", texts.join(", ")),
        _ => format!("[\n    {},\n]", texts.join(",\n    ")),
    }
}

/// A TOML string: as it is between quotes, if that is possible.
fn quoted(text: &str) -> String {
    let is_plain = !text.chars().any(|c| c.is_control());
    match text {
        _ if is_plain && !text.contains(['"', '\\']) => format!("\"{text}\""),
        _ if is_plain && !text.contains('\'') => format!("'{text}'"),
        _ if is_plain && !text.contains("'''") && !text.ends_with('\'') => format!("'''{text}'''"),
        _ => toml::Value::String(text.to_owned()).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_text_holds_it_is_read_back() {
        for text in ["a", "a\"b", "a'b", "a'\"b", "a\\d'", "'", "'''", "\\'''", "\"", "", "é\u{1}\n", "\\"] {
            let read: toml::Table = toml::from_str(&format!("x = {}", quoted(text))).expect("it is TOML");
            assert_eq!(read["x"].as_str(), Some(text), "{}", quoted(text));
        }
    }
}
