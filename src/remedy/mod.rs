//! What to do about a finding: the next step, the steps in full, and the same line without the secret.

mod config;
mod context;
mod edit;
mod expression;
mod formats;
mod import;
mod language;
mod lexer;
mod literal;
mod named;
mod shell;
mod steps;
mod syntax;
mod syntaxes;
mod variable;
mod yaml;

use crate::document::{Ahead, Aspect, Document, Lines, Location};
use crate::finding::Candidate;
use crate::rule::{Form, Kind};
use crate::ruleset::Rule;
use context::Refusal;
use edit::{Change, Place, Replacement};
use import::Import;
use literal::Program;
use regex::Regex;
use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::sync::OnceLock;
use syntax::Syntax;

pub use language::{Language, language};

/// Longer texts, in bytes, are generated: nobody mends them by hand, and no edit is offered.
const LARGEST: usize = 256 * 1024;

/// What to do about one finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remedy {
    /// The next step in one line. It holds no secret; the key's id stands whole.
    pub next: String,
    /// How to make the leaked one worthless.
    pub revoke: String,
    /// What to write instead.
    pub replace: String,
    /// Where the new one belongs.
    pub store: String,
    /// How to see that the leaked one is dead.
    pub verify: String,
    /// The environment variable that should hold it; empty for a rule about no secret.
    pub variable: String,
    /// The expression that reads it in the file's language, `os.environ["SENDGRID_API_KEY"]`; empty where
    /// the file has no such form.
    pub expression: String,
    /// The change that puts the expression in the secret's place, where that can be done in place: all of
    /// them or none, in order, not overlapping. Two findings in one file can carry an equal edit (the
    /// import, or the turning of one string into another kind): it is made once.
    pub edits: Vec<Edit>,
}

/// One replacement in the text of the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What to take out, bytes of the document's text; empty to put in only.
    pub span: Range<usize>,
    /// The same place as people count.
    pub location: Location,
    /// What to put there. It holds no secret.
    pub inserted: String,
}

/// What the remedies of all findings in a document share: its text taken apart, when that is first needed.
#[derive(Debug, Default)]
pub struct Reading {
    program: OnceCell<Program>,
    /// How many bytes were gone through for its findings.
    spent: Cell<usize>,
}

/// So many bytes of a text are gone through for the remedies of its findings, of which each may need all of the text.
/// Whoever has thousands of them in one file mends it otherwise; they are told what to do, and no edit.
const MOST_READ: usize = 64 << 20;

impl Reading {
    /// Whether a finding more may look at all of the text.
    fn has_room(&self, text: &[u8]) -> bool {
        self.spent.set(self.spent.get().saturating_add(text.len()));
        text.len() <= LARGEST && self.spent.get() <= MOST_READ
    }

    fn program(&self, text: &[u8], syntax: &'static Syntax) -> &Program {
        self.program.get_or_init(|| Program::new(text, syntax))
    }
}

/// What to do about a candidate of the document that stands. `reading` is the document's own.
pub fn remedy(candidate: &Candidate, document: &Document, lines: &Lines<'_>, reading: &Reading) -> Remedy {
    let (rule, key_id, text) = (&*candidate.rule, candidate.key_id.as_deref(), &document.text[..]);
    // A message, a link's target or the path itself is written in no language.
    let path = &document.origin.judged_path();
    let path = if document.origin.part == Aspect::Content { &path[..] } else { &[] };
    let language = language(path, text);
    if rule.kind != Kind::Secret {
        let edits = match document.origin.inside {
            Some(_) => Vec::new(),
            None => located(lines, with_tls(language, text, candidate)),
        };
        return Remedy { edits, ..without_secret(rule, key_id) };
    }
    let has_room = reading.has_room(text);
    let can_be_read = has_room && !expression::expression(language, "X").is_empty();
    let own_name = has_room.then(|| formats::own_name(language, text, &candidate.span)).flatten();
    let variable = own_name.unwrap_or_else(|| {
        let language = if has_room { language } else { Language::Unknown };
        variable::variable(language, text, candidate, can_be_read)
    });
    let variable = if in_address(text, &candidate.span) { of_password(variable) } else { variable };
    let variable = match variable.strip_prefix("GITHUB_") {
        // Secrets of GitHub's own may not begin so, and this one would be the runner's token.
        Some(rest) if language == Language::GithubWorkflow => format!("GH_{rest}"),
        _ => variable,
    };
    let plain = in_dialect(language, text, expression::expression(language, &variable));
    // Behind a piece that was read before, it is unknown what is code and what a string.
    let change = match has_room && document.ahead == Ahead::default() && document.origin.inside.is_none() {
        true => replacements(language, text, candidate, &variable, &plain, reading),
        false => Err(Refusal::Other),
    };
    let (change, refusal) = match change {
        Ok(change) => (Some(change), Refusal::Other),
        Err(refusal) => (None, refusal),
    };
    let shown = change.as_ref().map_or(&plain, |change| &change.expression);
    let words = |words: &str| steps::filled(words, key_id, &variable);
    let mut replace = vec![steps::under_name(words(&rule.spec.remedy.replace), &rule.spec.variable, &variable)];
    match &change {
        Some(change) => {
            if change.expression.is_empty() {
                replace.push(sentence(&steps::by_hand(language, &variable)));
            }
            replace.push(steps::caution(language, path).to_owned());
            if in_address(text, &candidate.span) {
                replace.push(steps::IN_ADDRESS.to_owned());
            }
        }
        None => replace.push(sentence(&steps::by_hand_for(refusal, language, &variable, &plain))),
    }
    if candidate.forms.iter().any(|form| !matches!(form, Form::Joined | Form::Split)) {
        replace.push(steps::ENCODED.to_owned());
    }
    if document.origin.inside.is_some() {
        replace.push(steps::IN_ARCHIVE.to_owned());
    }
    if candidate.encoded_newline {
        replace.push(steps::ENCODED_NEWLINE.to_owned());
    }
    replace.retain(|words| !words.is_empty());
    let store = words(&rule.spec.remedy.store);
    Remedy {
        next: next(language, text, candidate, &variable, shown, change.as_ref().ok_or(refusal)),
        revoke: words(&rule.spec.remedy.revoke),
        replace: replace.join(" "),
        store: if store.is_empty() { steps::store(language, &variable) } else { store },
        verify: words(&rule.spec.remedy.verify),
        expression: shown.clone(),
        edits: change.map(|change| located(lines, change.edits)).unwrap_or_default(),
        variable,
    }
}

/// The text with the edits made.
pub fn mended(text: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in edits {
        out.extend_from_slice(&text[at..edit.span.start]);
        out.extend_from_slice(edit.inserted.as_bytes());
        at = edit.span.end;
    }
    out.extend_from_slice(&text[at..]);
    out
}

/// The remedy of a habit or a file: the rule's words.
fn without_secret(rule: &Rule, key_id: Option<&str>) -> Remedy {
    let words = |words: &str| steps::filled(words, key_id, &rule.spec.variable);
    let replace = words(&rule.spec.remedy.replace);
    Remedy {
        next: first_sentence(&replace).to_owned(),
        revoke: words(&rule.spec.remedy.revoke),
        store: words(&rule.spec.remedy.store),
        verify: words(&rule.spec.remedy.verify),
        replace,
        ..Remedy::default()
    }
}

/// `http://` becomes `https://`, where a program or its settings say so.
fn with_tls(language: Language, text: &[u8], candidate: &Candidate) -> Vec<Replacement> {
    let at = candidate.whole.start + "http".len();
    let plain = candidate.rule.id() == "sendgrid-plain-http" && text.get(at..).is_some_and(|t| t.starts_with(b"://"));
    let written_by_hand = !matches!(language, Language::Prose | Language::Generated | Language::Unknown);
    if plain && written_by_hand { vec![(at..at, "s".to_owned())] } else { Vec::new() }
}

/// The expression as this file would write it.
fn in_dialect(language: Language, text: &[u8], expression: String) -> String {
    let head = &text[..text.len().min(LARGEST)];
    let using_system = || memchr::memmem::find(head, b"using System;").is_some();
    if language == Language::CSharp && !using_system() { format!("System.{expression}") } else { expression }
}

fn replacements(
    language: Language,
    text: &[u8],
    candidate: &Candidate,
    variable: &str,
    expression: &str,
    reading: &Reading,
) -> Result<Change, Refusal> {
    let joined = candidate.forms == [Form::Joined];
    let span = &candidate.span;
    if text.len() > LARGEST || span.is_empty() || span.end > text.len() {
        return Err(Refusal::Other);
    }
    if candidate.encoded_newline && candidate.forms == [Form::Base64] && syntaxes::syntax(language).is_none() {
        return formats::without_encoded_newline(text, span).ok_or(Refusal::Other);
    }
    if !has_form(language, expression) {
        return Err(Refusal::Other);
    }
    if !(joined || candidate.forms.is_empty()) || variable::is_collection(&candidate.rule, text) {
        return Err(Refusal::Other);
    }
    let user = login_user(text, candidate).map_err(|NeedsOtherCode| Refusal::Other)?;
    if language == Language::Terraform
        && let Some(change) = formats::terraform_default(text, span)
    {
        return Ok(change);
    }
    let mut change = match syntaxes::syntax(language) {
        Some(syntax) => {
            let program = reading.program(text, syntax);
            let place = Place { language, text, syntax, program, span: span.clone(), joined, variable, expression };
            let mut change = place.change()?;
            if change.edits.iter().any(|(_, inserted)| inserted.contains(import_sign(language))) {
                match import::import(language, text, program, variable) {
                    Import::Present => {}
                    Import::Missing(edit) => change.edits.push(edit),
                    Import::Nowhere => return Err(Refusal::Other),
                }
            }
            change
        }
        None if joined => return Err(Refusal::Other),
        None => config::Setting { language, text, span, variable, expression }.change().ok_or(Refusal::Other)?,
    };
    if let Some(user) = user {
        change.edits.push((user, "apikey".to_owned()));
    }
    change.edits.sort_by_key(|(span, _)| (span.start, span.end));
    let overlap = change.edits.windows(2).any(|pair| pair[0].0.end > pair[1].0.start);
    if overlap { Err(Refusal::Other) } else { Ok(change) }
}

/// Whether files of the language can do without the secret in them.
fn has_form(language: Language, expression: &str) -> bool {
    use Language::*;
    !expression.is_empty() || matches!(language, HelmValues | AppSettings | DotEnvExample | TerraformVariables)
}

/// Whether the span is the password in an address, `scheme://user:…@host`.
fn in_address(text: &[u8], span: &Range<usize>) -> bool {
    let before = &text[literal::line_of(text, span.start).start..span.start];
    let begins = memchr::memmem::rfind(before, b"://");
    let user = begins.is_some_and(|at| !before[at + 3..].iter().any(|b| matches!(b, b'/' | b' ' | b'?')));
    user && text.get(span.end) == Some(&b'@')
}

/// The name for the password of an address whose own name this is.
fn of_password(name: String) -> String {
    let whole = ["_URL", "_URI", "_DSN"].iter().find_map(|end| name.strip_suffix(end));
    whole.map(|start| format!("{start}_PASSWORD")).unwrap_or(name)
}

/// What an edit writes when it reads a variable and does not just drop a default.
fn import_sign(language: Language) -> &'static str {
    match language {
        Language::Python => "os.environ",
        Language::Go => "os.Getenv",
        Language::Swift => "ProcessInfo",
        Language::Dart => "Platform",
        Language::C | Language::Cpp => "getenv",
        Language::Terraform => "var.",
        _ => "",
    }
}

/// A login of SendGrid, or a key in parts, that no edit can mend: the code has to call something else.
struct NeedsOtherCode;

/// The user name of an SMTP login of SendGrid: with a key as password it has to be `apikey`.
fn login_user(text: &[u8], candidate: &Candidate) -> Result<Option<Range<usize>>, NeedsOtherCode> {
    let user = candidate.parts.iter().find(|part| part.name == "user");
    let Some(user) = user.filter(|_| candidate.rule.id().starts_with("sendgrid-")) else {
        return if candidate.rule.id() == "sendgrid-api-key-parts" { Err(NeedsOtherCode) } else { Ok(None) };
    };
    let smtp = candidate.rule.id() == "sendgrid-smtp-login";
    let stands = !user.span.is_empty() && text.get(user.span.clone()) == Some(user.value.expose());
    if smtp && stands { Ok(Some(user.span.clone())) } else { Err(NeedsOtherCode) }
}

fn located(lines: &Lines<'_>, edits: Vec<Replacement>) -> Vec<Edit> {
    edits.into_iter().map(|(span, inserted)| Edit { location: lines.location(&span), span, inserted }).collect()
}

/// The next step in one line.
fn next(
    language: Language,
    text: &[u8],
    candidate: &Candidate,
    variable: &str,
    expression: &str,
    change: Result<&Change, Refusal>,
) -> String {
    let revoke = match &candidate.key_id {
        Some(user) if candidate.rule.pattern().capture_names().flatten().any(|name| name == "user") => {
            format!("change the password of {user}")
        }
        Some(id) if candidate.rule.spec.parts.iter().any(|part| part.name == "id" && part.optional) => {
            format!("revoke the secret of {id}")
        }
        Some(id) => format!("revoke key id {id}"),
        None if candidate.parts.iter().any(|part| part.name == "user") => "change the password".to_owned(),
        None => steps::revoked(&candidate.rule).to_owned(),
    };
    let then = match change {
        Ok(change) if change.expression.is_empty() => format!("then {}", steps::by_hand(language, variable)),
        Ok(change) => format!("then write: {}", shown(language, text, candidate, expression, change)),
        Err(_) if login_user(text, candidate).is_err() => {
            let words = steps::filled(first_sentence(&candidate.rule.spec.remedy.replace), None, variable);
            format!("then {}", with_first_letter(&words, char::to_lowercase))
        }
        Err(refusal) if refusal != Refusal::Other || expression.is_empty() || steps::words_first(language) => {
            format!("then {}", steps::by_hand_for(refusal, language, variable, expression))
        }
        Err(_) => format!("then read it with {expression}"),
    };
    format!("{revoke}, {then}")
}

/// The mended assignment when the line is a simple one, else the expression alone. Nothing else of the line
/// is shown: other secrets may stand on it.
fn shown(language: Language, text: &[u8], candidate: &Candidate, expression: &str, change: &Change) -> String {
    let line = literal::line_of(text, candidate.span.start);
    let taken = change.edits.iter().find(|(span, _)| {
        span.start <= candidate.span.start && candidate.span.start < span.end && span.start >= line.start
    });
    let Some((span, inserted)) = taken else { return expression.to_owned() };
    // A string that became something longer, or a default that went, is not shown as if it were all.
    let whole = inserted == expression || (language == Language::Ansible && inserted.contains(expression));
    match assignment(&text[line.start..span.start]) {
        Some(name) if whole => {
            let quote = name.chars().last().filter(|c| matches!(c, '"' | '\'')).map(String::from);
            format!("{name}{inserted}{}", quote.unwrap_or_default())
        }
        _ => expression.to_owned(),
    }
}

/// What gives a name to the value, when the line is no more than that up to it and the name is one that
/// people give.
fn assignment(before: &[u8]) -> Option<String> {
    static ASSIGNMENT: OnceLock<Regex> = OnceLock::new();
    let pattern = ASSIGNMENT.get_or_init(|| {
        Regex::new(
            r#"(?x)^\s* ( (?:[A-Za-z]{1,12}\x20){0,4} (?:-\x20)? ["':@$]* [A-Za-z_][A-Za-z_.>$-]{0,31} [0-9]{0,2}
            (?:\[["'][A-Za-z_.-]{1,32}["']\]){0,2} ["']? (?:\s?:\s?[A-Za-z]{1,12}\??)? \s*(?::=|=>|<-|=|:)\s*["']? )$"#,
        )
        .expect("a constant pattern")
    });
    let text = std::str::from_utf8(before).ok()?;
    Some(pattern.captures(text)?.get(1)?.as_str().to_owned())
}

fn sentence(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("{}.", with_first_letter(words, char::to_uppercase)) }
}

fn with_first_letter<I: Iterator<Item = char>>(words: &str, case: fn(char) -> I) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| case(first).collect::<String>() + letters.as_str()).unwrap_or_default()
}

fn first_sentence(words: &str) -> &str {
    words.split_once(". ").map_or(words.trim_end_matches('.'), |(first, _)| first)
}
