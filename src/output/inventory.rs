//! The inventory: where credentials are used or referred to, for people, in Markdown, JSON and CSV.

use super::language::language_name;
use super::redact::Redactor;
use super::{hostile, number_of};
use crate::inventory::{Method, Place, Purpose, Standing, Via};
use crate::report::Report;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const INFALLIBLE: &str = "a String can be written to";
/// The shape of the JSON form; it changes when a reader could misread it.
const SCHEMA_VERSION: u32 = 1;
/// No column of the human form is wider, so that one long path does not push all others away.
const WIDEST: usize = 60;

/// What a purpose is called as a heading.
fn heading(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::MailSend => "mail/send over the web API",
        Purpose::Smtp => "SMTP",
        Purpose::Api => "other calls of the V3 API",
        Purpose::V2Api => "other calls of the V2 API",
        Purpose::Client => "code that does not show which calls it is for",
        Purpose::Kept => "where it is kept or handed on",
        Purpose::Other => "other providers",
        Purpose::Documentation => "documents, and what they tell people to write",
    }
}

fn method_in_words(method: Method) -> &'static str {
    match method {
        Method::Basic => "user name and password",
        Method::SmtpLogin => "SMTP login with user name and password",
        Method::Either => "user and password from elsewhere: a key only if the user is apikey",
        Method::SmtpKey => "API key, user apikey",
        Method::Key => "API key",
        Method::Unknown => "how it logs in does not show here",
    }
}

fn via_in_words(via: Via) -> &'static str {
    match via {
        Via::Environment => "environment variable",
        Via::Substitution => "filled-in variable",
        Via::CiSecret => "pipeline's secret",
        Via::KubernetesSecret => "Kubernetes Secret",
        Via::Store => "secret store",
        Via::Settings => "setting",
        Via::Terraform => "Terraform variable",
        Via::Code => "expression",
    }
}

struct View {
    redactor: Redactor,
    to_root: String,
}

impl View {
    fn new(report: &Report) -> Self {
        View { redactor: Redactor::new(report, false), to_root: report.scan.to_root.clone() }
    }

    fn path(&self, place: &Place) -> String {
        self.redactor.line(&place.path)
    }

    fn variable(&self, place: &Place) -> Option<String> {
        place.variable.as_ref().map(|name| self.redactor.line(name.as_bytes()))
    }

    fn masked(&self, place: &Place) -> Option<String> {
        let (rule, secret) = place.found.as_ref()?;
        self.redactor.masked(rule, secret)
    }

    /// "LITERAL SG.abcd…", "environment variable SENDGRID_API_KEY".
    fn standing(&self, place: &Place) -> String {
        let name = self.variable(place);
        let with = |words: &str| match &name {
            Some(name) => format!("{words} {name}"),
            None => words.to_owned(),
        };
        match place.standing {
            Standing::Literal => match (self.masked(place), &name) {
                (Some(masked), Some(name)) => format!("LITERAL {masked} in {name}"),
                (Some(masked), None) => format!("LITERAL {masked}"),
                (None, _) => with("LITERAL value of"),
            },
            Standing::Reference(via) => with(via_in_words(via)),
            Standing::Placeholder => with("to be filled in:"),
            Standing::Named => name.clone().map(|name| format!("names {name}")).unwrap_or_default(),
        }
    }

    fn words(&self, place: &Place) -> String {
        let comment = if place.in_comment { "in a comment" } else { "" };
        let provider =
            if place.purpose == Purpose::Other { hostile::line(place.provider.as_bytes()) } else { String::new() };
        let is_plain = place.purpose == Purpose::Other && place.method == Method::Unknown;
        let method = if is_plain { "" } else { method_in_words(place.method) };
        let all = [provider, method.to_owned(), self.standing(place), comment.to_owned()];
        let said: Vec<String> = all.into_iter().filter(|words| !words.is_empty()).collect();
        said.join("; ")
    }
}

/// For people: groups, the most important first, then what it comes to.
pub fn human(report: &Report, places: &[Place], color: bool) -> String {
    let view = View::new(report);
    let bold = if color { anstyle::Style::new().bold() } else { anstyle::Style::new() };
    let alarm = if color { anstyle::AnsiColor::Red.on_default() } else { anstyle::Style::new() };
    let mut page = String::new();
    for (purpose, group) in groups(places) {
        writeln!(page, "{bold}{}{bold:#} ({})", heading(purpose), number_of(group.len(), "place")).expect(INFALLIBLE);
        if purpose == Purpose::Documentation {
            by_file(&view, &group, &mut page);
            continue;
        }
        let at: Vec<String> =
            group.iter().map(|place| format!("{}{}:{}", view.to_root, view.path(place), place.line)).collect();
        let wide = at.iter().map(|at| at.chars().count()).max().unwrap_or_default().min(WIDEST);
        for (place, at) in std::iter::zip(group, at) {
            let style = if place.standing == Standing::Literal { alarm } else { anstyle::Style::new() };
            let language = language_name(place.language);
            writeln!(page, "  {at:wide$}  {style}{}{style:#} ({language})", view.words(place)).expect(INFALLIBLE);
        }
        page.push('\n');
    }
    page + &closing(report, places)
}

/// Documents are many and say the same: a line for each file.
fn by_file(view: &View, group: &[&Place], page: &mut String) {
    let mut files: BTreeMap<String, Vec<&Place>> = BTreeMap::new();
    for place in group {
        files.entry(view.path(place)).or_default().push(place);
    }
    for (path, places) in files {
        let lines: BTreeSet<u32> = places.iter().map(|place| place.line).collect();
        let first: Vec<String> = lines.iter().take(6).map(u32::to_string).collect();
        let more = if lines.len() > first.len() { ", …" } else { "" };
        let literal = if places.iter().any(|place| place.standing == Standing::Literal) { "; LITERAL" } else { "" };
        let to_root = &view.to_root;
        writeln!(
            page,
            "  {to_root}{path}: line{} {}{more}{literal}",
            if lines.len() == 1 { "" } else { "s" },
            first.join(", ")
        )
        .expect(INFALLIBLE);
    }
    page.push('\n');
}

fn groups(places: &[Place]) -> impl Iterator<Item = (Purpose, Vec<&Place>)> {
    Purpose::ALL.into_iter().filter_map(|purpose| {
        let group: Vec<&Place> = places.iter().filter(|place| place.purpose == purpose).collect();
        (!group.is_empty()).then_some((purpose, group))
    })
}

/// What it comes to, in a line or two.
fn closing(report: &Report, places: &[Place]) -> String {
    let files: BTreeSet<&[u8]> = places.iter().map(|place| place.path.as_slice()).collect();
    let count = |is: &dyn Fn(&Place) -> bool| places.iter().filter(|place| is(place)).count();
    let literals = count(&|place| place.standing == Standing::Literal);
    let logins = count(&|place| place.method.is_login());
    let read = super::read_in_words(report);
    let partial = if report.coverage.is_complete() { "" } else { "; NOT ALL COULD BE READ, so there may be more" };
    if places.is_empty() {
        return format!("no place found that uses or names such a credential ({read} read){partial}\n");
    }
    let (places, files) = (number_of(places.len(), "place"), number_of(files.len(), "file"));
    format!("{places} in {files}: {literals} literal, {logins} with a user name and password ({read} read){partial}\n")
}

/// A page with a table for each group.
pub fn markdown(report: &Report, places: &[Place]) -> String {
    let view = View::new(report);
    let mut page = String::from("# Where credentials are used\n\n");
    page += &closing(report, places);
    for (purpose, group) in groups(places) {
        let title = heading(purpose);
        writeln!(page, "\n## {}{}\n", title[..1].to_uppercase(), &title[1..]).expect(INFALLIBLE);
        page.push_str("| Place | Language | How | What stands there |\n|---|---|---|---|\n");
        for place in group {
            let at = cell(&format!("{}:{}", view.path(place), place.line));
            let (how, what) = (method_in_words(place.method), view.standing(place));
            let what = if place.in_comment { format!("{what} (in a comment)") } else { what };
            let what = if what.is_empty() { what } else { cell(&what) };
            writeln!(page, "| {at} | {} | {how} | {what} |", language_name(place.language)).expect(INFALLIBLE);
        }
    }
    page
}

/// Text out of files as code in a table's cell.
fn cell(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('|', "\\|"))
}

/// One JSON document.
pub fn json(report: &Report, places: &[Place]) -> String {
    let view = View::new(report);
    let list: Vec<Value> = places.iter().map(|place| value(&view, place)).collect();
    let missing = report.coverage.missing.iter().map(
        |missing| json!({"what": view.redactor.line(&missing.what), "why": view.redactor.line(missing.why.as_bytes())}),
    );
    let missing: Vec<Value> = missing.collect();
    let inventory = json!({
        "schema_version": SCHEMA_VERSION,
        "coverage": {"state": if report.coverage.is_complete() { "complete" } else { "partial" },
            "files": report.coverage.files, "bytes": report.coverage.bytes, "missing": missing},
        "places": list,
    });
    let text = serde_json::to_string_pretty(&inventory).expect("values are JSON");
    hostile::json(&text).into_owned() + "\n"
}

fn value(view: &View, place: &Place) -> Value {
    let via = match place.standing {
        Standing::Reference(via) => Some(via.name()),
        _ => None,
    };
    json!({
        "path": view.path(place), "line": place.line, "column": place.column,
        "language": language_name(place.language), "provider": place.provider,
        "purpose": place.purpose.name(), "method": place.method.name(),
        "standing": place.standing.name(), "via": via, "variable": view.variable(place),
        "rule_id": place.found.as_ref().map(|(rule, _)| rule.id()), "secret_masked": view.masked(place),
        "in_comment": place.in_comment,
    })
}

/// One line a place, with a heading; fields are quoted as RFC 4180 has it.
pub fn csv(report: &Report, places: &[Place]) -> String {
    let view = View::new(report);
    let mut page = String::from(
        "purpose,method,standing,via,variable,path,line,column,language,provider,rule_id,secret_masked\r\n",
    );
    for place in places {
        let value = value(&view, place);
        let names = [
            "purpose",
            "method",
            "standing",
            "via",
            "variable",
            "path",
            "line",
            "column",
            "language",
            "provider",
            "rule_id",
            "secret_masked",
        ];
        let fields: Vec<String> = names.iter().map(|name| field(&value[name])).collect();
        page += &(fields.join(",") + "\r\n");
    }
    page
}

/// A field. One that a spreadsheet would take for a formula begins with an apostrophe.
fn field(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => return String::new(),
        other => other.to_string(),
    };
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text };
    if text.contains([',', '"', '\'']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
