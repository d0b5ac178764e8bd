//! The report for people: what a developer needs at the moment a commit is refused, and no more.

mod short;

use super::gathered::{Gathered, gathered};
use super::redact::Redactor;
use super::{
    NAMED, Style, accepted_in_words, counts_in_words, hostile, in_short, number_of, place, read_in_words, shortened,
};
use crate::binary::Binary;
use crate::document::Aspect;
use crate::finding::{Dismissal, Finding, Severity, confidence_name};
use crate::fingerprint;
use crate::report::{Report, Skipped};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::collections::HashSet;
use std::io::{self, Write};

pub(super) use short::write_brief;

const DEFAULT_WIDTH: usize = 100;
/// In less room than this, notes are left for the terminal to break.
const NARROWEST: usize = 30;
/// No note about a finding is longer than this many bytes.
const LONGEST_NOTE: usize = 400;

/// So many further places of a secret are named.
const ELSEWHERE: usize = 3;

/// How line numbers and their margin look.
const MARGIN: anstyle::Style = anstyle::AnsiColor::BrightBlue.on_default().bold();

/// Writes the report.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, style.reveal);
    let view = View { report, redactor: &redactor, style };
    let renderer = renderer(style);
    let mut explained = HashSet::new();
    let (in_short, in_full) = short::parted(gathered(report), style);
    fingerprint::make(in_full.iter().map(|told| &told.finding.fingerprint));
    for told in in_full {
        let detail = if explained.insert(told.finding.rule.id()) { Detail::All } else { Detail::KnownRule };
        view.finding(&told, detail, &renderer, out)?;
    }
    view.in_short(&in_short, out)?;
    if style.explain {
        view.accepted(out)?;
        view.dismissals(out)?;
    }
    view.missing(out)?;
    if !style.quiet {
        view.closing(out)?;
    }
    Ok(())
}

fn renderer(style: &Style) -> Renderer {
    let renderer = if style.color { Renderer::styled().line_num(MARGIN) } else { Renderer::plain() };
    renderer.term_width(style.width.unwrap_or(DEFAULT_WIDTH))
}

/// How much is said of a finding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// All of it.
    All,
    /// All but why such a thing matters, which was said above.
    KnownRule,
    /// What who made the commit needs to mend it.
    Brief,
}

struct View<'a> {
    report: &'a Report,
    redactor: &'a Redactor,
    style: &'a Style,
}

impl View<'_> {
    /// The title, the place, the frame, the notes. The renderer would take the place from the frame, which is
    /// cut and masked, so it is written here.
    fn finding(&self, told: &Gathered<'_>, detail: Detail, renderer: &Renderer, out: &mut dyn Write) -> io::Result<()> {
        let finding = told.finding;
        let title = level(finding.severity)
            .with_name(finding.severity.name())
            .primary_title(hostile::line(finding.rule.spec.title.as_bytes()))
            .id(finding.rule.id().to_owned());
        writeln!(out, "{}", renderer.render(&[Group::with_title(title)]))?;
        let snippet = self.snippet(finding);
        let shown_lines = finding.frame.text.iter().filter(|&&byte| byte == b'\n').count();
        let last_line = if snippet.is_some() { finding.frame.first_line as usize + shown_lines } else { 0 };
        let margin_style = if self.style.color { MARGIN } else { anstyle::Style::new() };
        let margin = last_line.to_string().len();
        writeln!(out, "{:margin$}{margin_style}-->{margin_style:#} {}", "", self.place(finding))?;
        let mut frame = Group::with_level(level(finding.severity));
        if let Some(snippet) = snippet {
            frame = frame.element(snippet);
        }
        let notes = self.notes(told, detail).into_iter().map(|(name, text)| {
            let text = self.folded(name, text, margin);
            Level::NOTE.with_name(name).message(text)
        });
        writeln!(out, "{}\n", renderer.render(&[frame.elements(notes)]))
    }

    fn place(&self, finding: &Finding) -> String {
        let place = place::in_words(&finding.origin, &self.report.scan.to_root, self.redactor);
        let at = finding.location;
        match finding.origin.part {
            Aspect::Path => place,
            _ => match finding.frame.binary {
                Some(Binary { offset, kind }) => {
                    format!("{place}:{}:{}, byte {offset} of {kind}", at.start_line, at.start_column)
                }
                None => format!("{place}:{}:{}", at.start_line, at.start_column),
            },
        }
    }

    fn snippet<'a>(&self, finding: &Finding) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
        let shown = self.redactor.frame(finding);
        if shown.span.is_empty() {
            return None;
        }
        let mut label = format!("{} confidence", confidence_name(finding.confidence));
        if let Some(forms) = place::forms_in_words(&finding.forms) {
            let secret = self.redactor.shown(&finding.rule, &finding.secret).unwrap_or_default();
            label = format!("{forms} of {secret}, {label}").replace(" of ,", ",");
        }
        let marked = AnnotationKind::Primary.span(shown.span).label(label);
        Some(
            Snippet::source(shown.text)
                .line_start(finding.frame.first_line.max(1) as usize)
                .fold(false)
                .annotation(marked),
        )
    }

    /// What is to be said of a finding: a name and a line each.
    fn notes(&self, told: &Gathered<'_>, detail: Detail) -> Vec<(&'static str, String)> {
        let finding = told.finding;
        let mut notes = Vec::new();
        let mut say =
            |name: &'static str, text: String| notes.push((name, shortened(&text, LONGEST_NOTE).into_owned()));
        if detail != Detail::KnownRule {
            say("why", hostile::line(in_short(&finding.rule.spec.description).as_bytes()));
        }
        if detail == Detail::All && finding.holds_secret() && !finding.remedy.revoke.is_empty() {
            say("revoke", self.redactor.line(in_short(&finding.remedy.revoke).as_bytes()));
        }
        if finding.encoded_newline {
            say(
                "note",
                "a line end was encoded with it, which breaks logging in: encode without it (printf, not echo)".into(),
            );
        }
        if let Some(known) = &finding.known {
            say("known", self.known(&known.path, &finding.origin.path));
        }
        if finding.frame.span.is_empty() {
            say("confidence", confidence_name(finding.confidence).to_owned());
        }
        if !told.others.is_empty() {
            say("also", self.elsewhere(&told.others));
        }
        if let Some(commit) = finding.origin.commit_id.as_ref().filter(|id| needs_commit(finding, id)) {
            say("commit", place::short(commit).to_owned());
        }
        if let Some(story) = &finding.lifecycle {
            say("history", self.redactor.line(place::story_in_words(story).as_bytes()));
        }
        if let Some(advice) = place::history_advice(finding) {
            say("advice", advice.to_owned());
        }
        let next = place::next_step(finding);
        if !next.is_empty() {
            say("next", self.redactor.line(next.as_bytes()));
        }
        if detail == Detail::Brief {
            return notes;
        }
        let edits = super::edits(finding, self.redactor);
        if !edits.is_empty() {
            // Cut short it would be another change.
            notes.push(("fix", self.redactor.line(place::edits_in_words(edits).as_bytes())));
        }
        let mut say =
            |name: &'static str, text: String| notes.push((name, shortened(&text, LONGEST_NOTE).into_owned()));
        if self.style.explain {
            for step in &finding.steps {
                say("check", format!("{}: {}", step.check, self.redactor.line(step.saw.as_bytes())));
            }
        }
        say("fingerprint", finding.fingerprint.to_string());
        notes
    }

    /// A note broken between words where the terminal ends; what is to be copied stays in one piece.
    fn folded(&self, name: &str, text: String, margin: usize) -> String {
        let lead = margin + " = : ".len() + name.len();
        match self.style.width.and_then(|width| width.checked_sub(lead)) {
            Some(room) if room >= NARROWEST && name != "fix" => folded(&text, room),
            _ => text,
        }
    }

    /// Where else the same secret stands, the first few by name.
    fn elsewhere(&self, others: &[&Finding]) -> String {
        let named: Vec<String> = others.iter().take(ELSEWHERE).map(|other| self.place(other)).collect();
        let more = others.len().saturating_sub(ELSEWHERE);
        let more = if more > 0 { format!(" and {more} more; --format json names all") } else { String::new() };
        format!("the same at {}: {}{more}", number_of(others.len(), "more place"), named.join(", "))
    }

    fn known(&self, old: &[u8], new: &[u8]) -> String {
        if old == new {
            return "already committed here before: it has leaked if that was pushed".into();
        }
        let prefix = &self.report.scan.to_root;
        format!("already committed at {prefix}{}: it has leaked if that was pushed", self.redactor.line(old))
    }

    /// What the baseline accepts, a line each.
    fn accepted(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(baseline) = &self.report.baseline else { return Ok(()) };
        for accepted in &baseline.accepted {
            let finding = &accepted.finding;
            let secret = self.redactor.shown(&finding.rule, &finding.secret).map(|s| format!(" {s}"));
            let (rule, secret) = (finding.rule.id(), secret.unwrap_or_default());
            let words = self.redactor.line(place::accepted_in_words(accepted).as_bytes());
            writeln!(out, "accepted[{rule}]{secret} at {}: {words}", self.place(finding))?;
        }
        let name = hostile::line(baseline.name.as_bytes());
        match baseline.unused.unwrap_or(0) {
            0 => {}
            1 => writeln!(out, "{name}: one entry matches nothing; `unleak baseline prune` looks further")?,
            more => writeln!(out, "{name}: {more} entries match nothing; `unleak baseline prune` looks further")?,
        }
        if !baseline.accepted.is_empty() {
            writeln!(out)?;
        }
        Ok(())
    }

    fn dismissals(&self, out: &mut dyn Write) -> io::Result<()> {
        for dismissal in &self.report.dismissed {
            writeln!(out, "{}", self.dismissal(dismissal))?;
        }
        if !self.report.dismissed.is_empty() {
            writeln!(out)?;
        }
        Ok(())
    }

    fn dismissal(&self, dismissal: &Dismissal) -> String {
        let place = place::in_words(&dismissal.origin, &self.report.scan.to_root, self.redactor);
        let secret = self.redactor.shown(&dismissal.rule, &dismissal.secret).map(|s| format!(" {s}"));
        let saw: String = dismissal
            .steps
            .iter()
            .map(|step| format!("; {}: {}", step.check, self.redactor.line(step.saw.as_bytes())))
            .collect();
        format!(
            "dismissed[{}]{} at {place}:{}:{}: {}{saw}",
            dismissal.rule.id(),
            secret.unwrap_or_default(),
            dismissal.location.start_line,
            dismissal.location.start_column,
            self.redactor.line(dismissal.reason.text().as_bytes()),
        )
    }

    /// What should have been read and was not: said even when quiet, since nothing found there means nothing.
    fn missing(&self, out: &mut dyn Write) -> io::Result<()> {
        let missing = &self.report.coverage.missing;
        if missing.is_empty() {
            return Ok(());
        }
        writeln!(out, "NOT READ, so this is no clean bill:")?;
        self.named(missing, out)
    }

    fn named(&self, list: &[Skipped], out: &mut dyn Write) -> io::Result<()> {
        let limit = if self.style.explain { usize::MAX } else { NAMED };
        for entry in list.iter().take(limit) {
            let what = self.redactor.line(&entry.what);
            writeln!(out, "  {what}: {}", self.redactor.line(entry.why.as_bytes()))?;
        }
        if list.len() > limit {
            writeln!(out, "  and {} more; --format json names all of them", list.len() - limit)?;
        }
        Ok(())
    }

    /// The last lines: notices, counts, coverage, how to allow.
    fn closing(&self, out: &mut dyn Write) -> io::Result<()> {
        let report = self.report;
        for notice in &report.notices {
            writeln!(out, "note: {}", self.redactor.line(notice.as_bytes()))?;
        }
        let skipped = &report.coverage.skipped;
        if self.style.explain && !skipped.is_empty() {
            writeln!(out, "left out on purpose:")?;
            self.named(skipped, out)?;
        }
        let found = match (report.findings.len(), report.coverage.is_complete()) {
            (0, true) => "clean: nothing found".to_owned(),
            (0, false) => "nothing found in what was read".to_owned(),
            (count, _) => {
                let secrets = gathered(report).len();
                let told = if secrets < count { format!(" of {secrets} secrets") } else { String::new() };
                format!("{}{told}: {}", number_of(count, "finding"), counts_in_words(report))
            }
        };
        let accepted = accepted_in_words(report).map(|words| format!("; {words}")).unwrap_or_default();
        let allowed = match report.coverage.allowed {
            0 => String::new(),
            count => format!("; {count} allowed by comments or the configuration"),
        };
        let accepted = accepted + &allowed;
        let left_out = if skipped.is_empty() { String::new() } else { format!("; {} left out", skipped.len()) };
        writeln!(out, "{found}{accepted} ({} read{left_out})", read_in_words(report))?;
        // What is added to the baseline is looked at, not allowed.
        let mut allowable = report.findings.iter().filter(|f| f.rule.id() != crate::baseline::ADDITION);
        if let Some(first) = allowable.next() {
            let is_one = allowable.clone().all(|f| f.rule.id() == first.rule.id());
            let rule = if is_one { first.rule.id() } else { "RULE" };
            writeln!(out, "{}", super::not_a_leak(rule, std::iter::once(first).chain(allowable)))?;
        }
        Ok(())
    }
}

/// Whether the commit is to be named: unless the history that is told begins with it.
fn needs_commit(finding: &Finding, commit_id: &str) -> bool {
    let story = finding.lifecycle.as_ref().and_then(|story| story.introduced.first());
    place::has_file(&finding.origin) && story.is_none_or(|first| first.commit_id != commit_id)
}

/// The text in lines of at most so many characters, where words let it.
fn folded(text: &str, room: usize) -> String {
    let mut folded = String::with_capacity(text.len() + 8);
    let mut taken = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        match taken {
            0 => {}
            _ if taken + 1 + length > room => {
                folded.push('\n');
                taken = 0;
            }
            _ => {
                folded.push(' ');
                taken += 1;
            }
        }
        folded.push_str(word);
        taken += length;
    }
    folded
}

fn level<'a>(severity: Severity) -> Level<'a> {
    match severity {
        Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low | Severity::Note => Level::NOTE,
    }
}
