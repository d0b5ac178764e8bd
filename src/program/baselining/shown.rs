//! Entries of a baseline for people and programs.

use super::scene::Changes;
use crate::cli::ListFormat;
use jiff::civil::Date;
use serde_json::{Value, json};
use unleak::baseline::{Baseline, Entry};
use unleak::output::{harmless_json, harmless_line};

/// All entries, and how many have expired.
pub fn all(baseline: &Baseline, today: Date, format: ListFormat) -> String {
    let entries = baseline.in_order();
    if format == ListFormat::Json {
        let entries = entries.into_iter().map(|entry| {
            let mut value = value(entry);
            value["is_expired"] = entry.is_expired(today).into();
            value
        });
        return pretty(&entries.collect::<Vec<Value>>().into());
    }
    let mut text: String = entries
        .iter()
        .map(|entry| {
            let over = if entry.is_expired(today) { ", which has passed" } else { "" };
            let until = entry.expires.map(|date| format!(" until {date}{over}")).unwrap_or_default();
            let by = if entry.by.is_empty() { String::new() } else { format!(" by {}", entry.by) };
            let terms = format!("accepted on {}{by}{until}: {}", entry.accepted, entry.reason);
            format!("{}\n    {}\n", what(entry), harmless_line(&terms))
        })
        .collect();
    let expired = entries.iter().filter(|entry| entry.is_expired(today)).count();
    let count = match entries.len() {
        1 => "one entry".to_owned(),
        count => format!("{count} entries"),
    };
    text += &format!("{}: {count}, {expired} expired\n", harmless_line(&baseline.name));
    text
}

/// What has changed, a line each.
pub fn changes(changes: &Changes) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(changes.added.iter().map(|entry| format!("+ {}", what(entry))));
    lines.extend(changes.renewed.iter().map(|entry| format!("~ {}", what(entry))));
    let moved = changes.moved.iter();
    lines.extend(moved.map(|(old, new)| format!("> {} was {}", what(new), place(old))));
    lines.extend(changes.removed.iter().map(|entry| format!("- {}", what(entry))));
    lines
}

/// The same with what the signs mean, or for programs.
pub fn differences(changed: &Changes, format: ListFormat) -> String {
    if format == ListFormat::Json {
        let list = |entries: &[Entry]| entries.iter().map(value).collect::<Vec<Value>>();
        let moved = changed.moved.iter().map(|(old, new)| json!({ "before": value(old), "after": value(new) }));
        return pretty(&json!({
            "added": list(&changed.added),
            "changed": list(&changed.renewed),
            "moved": moved.collect::<Vec<Value>>(),
            "removed": list(&changed.removed),
        }));
    }
    let mut text: String = changes(changed).into_iter().map(|line| line + "\n").collect();
    let mut counts = Vec::new();
    for (entries, words) in [
        (changed.added.len(), "not in the baseline (+)"),
        (changed.renewed.len(), "expired or changed (~)"),
        (changed.moved.len(), "renamed (>)"),
        (changed.removed.len(), "gone (-)"),
    ] {
        if entries > 0 {
            counts.push(format!("{entries} {words}"));
        }
    }
    text += &if counts.is_empty() { "no difference\n".to_owned() } else { counts.join(", ") + "\n" };
    text
}

/// "src/mail.py: sendgrid-api-key SG.zT1O…".
fn what(entry: &Entry) -> String {
    let words = [entry.rule.as_str(), entry.masked.as_str()].join(" ");
    format!("{}: {}", place(entry), harmless_line(words.trim_end()))
}

fn place(entry: &Entry) -> String {
    if entry.path.is_empty() {
        return "a message".to_owned();
    }
    harmless_line(&String::from_utf8_lossy(&entry.path))
}

fn value(entry: &Entry) -> Value {
    serde_json::from_str(&entry.to_line()).expect("an entry's line is JSON")
}

fn pretty(value: &Value) -> String {
    harmless_json(&serde_json::to_string_pretty(value).expect("a value is JSON")) + "\n"
}

/// What could not be taken over, and why.
pub fn left_over(left: &[(String, String)], all: usize) -> Vec<String> {
    let mut lines: Vec<String> = left.iter().map(|(what, why)| format!("? {}: {why}", harmless_line(what))).collect();
    if !left.is_empty() {
        lines.push(format!("{} of {all} not taken over", left.len()));
    }
    lines
}
