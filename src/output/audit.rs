//! The audit: a row for each statement, for people, in Markdown and JSON. No secret is in any of them.

use super::hostile;
use super::place;
use super::redact::Redactor;
use crate::audit::{At, PRACTICES, Past, Row, Source, Verdict};
use crate::report::Report;
use serde_json::{Value, json};
use std::fmt::Write as _;

const INFALLIBLE: &str = "a String can be written to";
/// The shape of the JSON form; it changes when a reader could misread it.
const SCHEMA_VERSION: u32 = 1;
/// So many places of a row are shown to people.
const SHOWN: usize = 5;

/// What rows are shown with: what was scanned, and what is known of the history.
pub struct Page<'a> {
    report: &'a Report,
    past: Past<'a>,
    now: Redactor,
    then: Option<Redactor>,
}

impl<'a> Page<'a> {
    /// Learns what is to be masked.
    pub fn new(report: &'a Report, past: Past<'a>) -> Self {
        let then = match past {
            Past::Swept(history) => Some(Redactor::new(history, false)),
            Past::Unknown(_) => None,
        };
        Page { report, past, now: Redactor::new(report, false), then }
    }

    /// Text on one line, masked and harmless.
    fn line(&self, text: &[u8]) -> String {
        let masked = self.then.as_ref().map_or(text.into(), |then| then.bytes(text));
        self.now.line(&masked)
    }

    fn at(&self, at: &At, to_root: &str) -> String {
        let line = if at.line == 0 { String::new() } else { format!(":{}", at.line) };
        let commit = at.commit_id.as_ref().map(|id| format!("commit {}", place::short(id)));
        match (at.path.is_empty(), commit) {
            (true, commit) => commit.unwrap_or_default(),
            (false, None) => format!("{to_root}{}{line}", self.line(&at.path)),
            (false, Some(commit)) => format!("{to_root}{}{line} ({commit})", self.line(&at.path)),
        }
    }

    /// For people at a terminal: what failed in full, the rest in short.
    pub fn human(&self, rows: &[Row], color: bool) -> String {
        let mut page = String::new();
        for source in Source::ALL {
            writeln!(page, "{}\n", source.title()).expect(INFALLIBLE);
            for row in rows.iter().filter(|row| row.practice.source == source) {
                self.human_row(row, color, &mut page);
            }
            page.push('\n');
        }
        page + &self.closing(rows)
    }

    fn human_row(&self, row: &Row, color: bool, page: &mut String) {
        let style = match row.verdict {
            _ if !color => anstyle::Style::new(),
            Verdict::Failed => anstyle::AnsiColor::Red.on_default().bold(),
            Verdict::Passed => anstyle::AnsiColor::Green.on_default(),
            Verdict::NothingToJudge | Verdict::NotSeen => anstyle::Style::new().dimmed(),
        };
        let verdict = format!("{:9}", in_words(row.verdict));
        writeln!(page, "{style}{verdict}{style:#} {}", row.practice.statement).expect(INFALLIBLE);
        writeln!(page, "          {}", self.line(row.said.as_bytes())).expect(INFALLIBLE);
        let shown = if row.verdict == Verdict::Passed { 2 } else { SHOWN };
        for at in row.places.iter().take(shown) {
            let words = [self.at(at, &self.report.scan.to_root), self.line(at.what.as_bytes())];
            let words: Vec<String> = words.into_iter().filter(|text| !text.is_empty()).collect();
            writeln!(page, "            {}", words.join("  ")).expect(INFALLIBLE);
        }
        if row.places.len() > shown {
            writeln!(page, "            and {} more", row.places.len() - shown).expect(INFALLIBLE);
        }
        if matches!(row.verdict, Verdict::NotSeen | Verdict::Failed) {
            writeln!(page, "          do: {}", row.practice.instead).expect(INFALLIBLE);
        }
    }

    /// A page with a table for each document.
    pub fn markdown(&self, rows: &[Row]) -> String {
        let mut page = String::from("# Audit of the use of SendGrid\n\n");
        page += &self.closing(rows);
        for source in Source::ALL {
            writeln!(page, "\n## {}\n", source.title()).expect(INFALLIBLE);
            page.push_str("| Statement | Verdict | What was seen | Where | What to do |\n|---|---|---|---|---|\n");
            for row in rows.iter().filter(|row| row.practice.source == source) {
                let places = row.places.iter().take(SHOWN).map(|at| code(&self.at(at, "")));
                let mut places: Vec<String> = places.filter(|place| place != "``").collect();
                if row.places.len() > SHOWN {
                    places.push(format!("and {} more", row.places.len() - SHOWN));
                }
                let is_open = matches!(row.verdict, Verdict::NotSeen | Verdict::Failed);
                let instead = if is_open { row.practice.instead } else { "" };
                let said = cell(&self.line(row.said.as_bytes()));
                let (statement, verdict) = (cell(row.practice.statement), in_words(row.verdict));
                writeln!(page, "| {statement} | {verdict} | {said} | {} | {} |", places.join(", "), cell(instead))
                    .expect(INFALLIBLE);
            }
        }
        page
    }

    /// One JSON document.
    pub fn json(&self, rows: &[Row]) -> String {
        let count = |verdict| rows.iter().filter(|row| row.verdict == verdict).count();
        let counts: serde_json::Map<String, Value> =
            Verdict::ALL.iter().map(|verdict| (verdict.name().to_owned(), json!(count(*verdict)))).collect();
        let missing: Vec<Value> = self.missing().map(|(what, why)| json!({"what": what, "why": why})).collect();
        let audit = json!({
            "schema_version": SCHEMA_VERSION,
            "coverage": {"state": if self.is_complete() { "complete" } else { "partial" },
                "files": self.report.coverage.files, "bytes": self.report.coverage.bytes, "missing": missing,
                "history": self.history()},
            "counts": counts,
            "rows": rows.iter().map(|row| self.value(row)).collect::<Vec<_>>(),
        });
        let text = serde_json::to_string_pretty(&audit).expect("values are JSON");
        hostile::json(&text).into_owned() + "\n"
    }

    fn value(&self, row: &Row) -> Value {
        let place = |at: &At| {
            json!({"path": self.line(&at.path), "line": if at.line == 0 { None } else { Some(at.line) },
                "what": self.line(at.what.as_bytes()), "commit": at.commit_id})
        };
        let practice = row.practice;
        json!({
            "id": practice.id, "document": practice.source.title(), "statement": practice.statement,
            "looks_at": practice.looks_at, "verdict": row.verdict.name(), "said": self.line(row.said.as_bytes()),
            "places": row.places.iter().map(place).collect::<Vec<_>>(), "instead": practice.instead,
        })
    }

    /// Whether the files, and the history when it was to be read, were read in full.
    pub fn is_complete(&self) -> bool {
        let history = match self.past {
            Past::Swept(history) => history.coverage.is_complete(),
            Past::Unknown(_) => true,
        };
        self.report.coverage.is_complete() && history
    }

    fn missing(&self) -> impl Iterator<Item = (String, String)> {
        let history = match self.past {
            Past::Swept(history) => history.coverage.missing.as_slice(),
            Past::Unknown(_) => &[],
        };
        let all = self.report.coverage.missing.iter().chain(history);
        all.map(|missing| (self.line(&missing.what), self.line(missing.why.as_bytes())))
    }

    fn history(&self) -> String {
        match self.past {
            Past::Swept(history) => format!("{} commits", history.coverage.commits),
            Past::Unknown(why) => why.to_owned(),
        }
    }

    fn closing(&self, rows: &[Row]) -> String {
        let count = |verdict| rows.iter().filter(|row| row.verdict == verdict).count();
        let counts: Vec<String> =
            Verdict::ALL.iter().map(|verdict| format!("{} {}", count(*verdict), in_words(*verdict))).collect();
        let mut text = format!(
            "{} rows: {} ({} read; history: {})\n",
            PRACTICES.len(),
            counts.join(", "),
            super::read_in_words(self.report),
            self.history()
        );
        if !self.is_complete() {
            text += "NOT ALL COULD BE READ, so this is no clean bill:\n";
            for (what, why) in self.missing().take(super::NAMED) {
                writeln!(text, "  {what}: {why}").expect(INFALLIBLE);
            }
        }
        text
    }
}

fn in_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Failed => "failed",
        Verdict::Passed => "passed",
        Verdict::NothingToJudge => "nothing",
        Verdict::NotSeen => "not seen",
    }
}

/// The table of docs/audit.md: what each row looks at.
pub fn table() -> String {
    let mut table = String::new();
    for source in Source::ALL {
        writeln!(
            table,
            "### {}\n\n| Row | Statement | Looks at | What no repository shows: do this |\n|---|---|---|---|",
            source.title()
        )
        .expect(INFALLIBLE);
        for practice in PRACTICES.iter().filter(|practice| practice.source == source) {
            let cells = [practice.statement, practice.looks_at, practice.instead].map(cell);
            writeln!(table, "| `{}` | {} |", practice.id, cells.join(" | ")).expect(INFALLIBLE);
        }
        table.push('\n');
    }
    table
}

/// Text in a table's cell, so that nothing in it is taken for markup.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '|' | '<' | '>' | '[' | ']' | '*' | '_' | '\\') {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('|', "\\|"))
}
