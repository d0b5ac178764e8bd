//! Scores what the built-in rules make of the corpus.

use crate::generate::{File, Label, Truth};
use crate::support::report;
use std::collections::BTreeMap;
use std::fmt::Write;
use unleak::document::{Changed, Lines, Location};
use unleak::finding::confidence_name;

/// Found and all of something.
#[derive(Debug, Default, Clone, Copy)]
struct Share {
    of: usize,
    all: usize,
}

impl Share {
    fn add(&mut self, hit: bool) {
        self.all += 1;
        self.of += usize::from(hit);
    }
}

/// What came of a set of files.
#[derive(Debug, Default)]
pub struct Score {
    /// Credentials there are.
    pub secrets: usize,
    /// Credentials found.
    pub hit: usize,
    /// Findings on credentials.
    pub real: usize,
    /// Findings on anything else.
    pub wrong: usize,
    /// Labelled places that are no credentials.
    harmless: usize,
    /// Credentials found by a rule that should find them, of those found for which there is one.
    expected: Share,
    classes: BTreeMap<String, Share>,
    formats: BTreeMap<String, Share>,
    languages: BTreeMap<String, (Share, usize)>,
    rules: BTreeMap<String, Share>,
    confidences: BTreeMap<&'static str, Share>,
    misses: Vec<String>,
    alarms: Vec<String>,
}

/// A share in per cent; of nothing, all.
pub fn percent(of: usize, all: usize) -> f64 {
    if all == 0 { 100.0 } else { 100.0 * of as f64 / all as f64 }
}

impl Score {
    /// Scans the files.
    pub fn of(files: &[File]) -> Self {
        let mut score = Score::default();
        files.iter().for_each(|file| score.file(file));
        score
    }

    fn file(&mut self, file: &File) {
        let report = report(&file.path, file.text.as_bytes(), Changed::Whole);
        let lines = Lines::new(file.text.as_bytes());
        let places: Vec<Location> = file.labels.iter().map(|label| lines.location(&label.span)).collect();
        let mut found: Vec<Vec<&str>> = vec![Vec::new(); places.len()];
        for finding in report.findings.iter().filter(|finding| finding.holds_secret()) {
            let touched: Vec<usize> = (0..places.len()).filter(|at| overlap(&places[*at], &finding.location)).collect();
            touched.iter().for_each(|at| found[*at].push(finding.rule.id()));
            let any = |truth| touched.iter().any(|at| file.labels[*at].truth == truth);
            let real = any(Truth::Secret);
            if !real && any(Truth::Either) {
                continue;
            }
            *if real { &mut self.real } else { &mut self.wrong } += 1;
            self.rules.entry(finding.rule.id().to_owned()).or_default().add(real);
            self.confidences.entry(confidence_name(finding.confidence)).or_default().add(real);
            self.languages.entry(file.language.clone()).or_default().1 += usize::from(!real);
            if !real {
                let secret = String::from_utf8_lossy(finding.secret.expose()).into_owned();
                let what = if touched.is_empty() { "unlabelled" } else { "labelled as none" };
                let confidence = confidence_name(finding.confidence);
                let line = line_of(&file.text, finding.location.start_line);
                self.alarms.push(format!(
                    "{} [{confidence}] {what} {}/{}:{}: {secret:?} in: {line}",
                    finding.rule.id(),
                    file.template,
                    file.path,
                    finding.location.start_line
                ));
            }
        }
        for (at, label) in file.labels.iter().enumerate() {
            self.label(file, label, &found[at]);
        }
    }

    fn label(&mut self, file: &File, label: &Label, found: &[&str]) {
        if label.truth != Truth::Secret {
            self.harmless += usize::from(label.truth == Truth::Harmless);
            return;
        }
        let hit = !found.is_empty();
        self.secrets += 1;
        self.hit += usize::from(hit);
        if hit && !label.rules.is_empty() && label.rules != ["any"] {
            self.expected.add(found.iter().any(|id| label.rules.iter().any(|prefix| id.starts_with(prefix.as_str()))));
        }
        self.classes.entry(label.class.clone()).or_default().add(hit);
        self.languages.entry(file.language.clone()).or_default().0.add(hit);
        if !label.format.is_empty() {
            self.formats.entry(label.format.clone()).or_default().add(hit);
        }
        if !hit {
            let value: String = file.text[label.span.clone()].chars().take(60).collect();
            let number = file.text[..label.span.start].matches('\n').count() as u32 + 1;
            let line = line_of(&file.text, number);
            let (class, format) = (&label.class, &label.format);
            self.misses
                .push(format!("{class} {format} {}/{}:{number}: {value:?} in: {line}", file.template, file.path));
        }
    }

    /// A line or two.
    pub fn summary(&self, name: &str) -> String {
        let mut out = format!(
            "{name}: recall {:.1} % ({} of {}), precision {:.1} % ({} false alarms on {} places that are none and all other text)\n",
            percent(self.hit, self.secrets),
            self.hit,
            self.secrets,
            percent(self.real, self.real + self.wrong),
            self.wrong,
            self.harmless,
        );
        for level in ["high", "medium", "low"] {
            let share = self.confidences.get(level).copied().unwrap_or_default();
            let _ = write!(out, "{level} confidence: {:.1} % of {} real; ", percent(share.of, share.all), share.all);
        }
        out
    }

    /// Everything, by class, format, language and rule.
    pub fn table(&self, name: &str) -> String {
        let mut out = self.summary(name);
        let _ = writeln!(out, "\nfound by a rule of the provider: {} of {}", self.expected.of, self.expected.all);
        let row = |out: &mut String, name: &str, share: &Share| {
            let _ =
                writeln!(out, "  {name:40} {:4} of {:4} {:5.1} %", share.of, share.all, percent(share.of, share.all));
        };
        out += "\nrecall by kind of credential\n";
        self.classes.iter().for_each(|(name, share)| row(&mut out, name, share));
        out += "recall by format, where not all are found\n";
        self.formats
            .iter()
            .filter(|(_, share)| share.of < share.all)
            .for_each(|(name, share)| row(&mut out, name, share));
        out += "recall by language, and false alarms\n";
        for (name, (share, wrong)) in &self.languages {
            let _ = writeln!(
                out,
                "  {name:40} {:4} of {:4} {:5.1} %, {wrong} false",
                share.of,
                share.all,
                percent(share.of, share.all)
            );
        }
        out += "precision by rule\n";
        self.rules.iter().for_each(|(name, share)| row(&mut out, name, share));
        out
    }

    /// Each miss and false alarm. Values are made up, so they may be shown.
    pub fn told(&self) -> String {
        let list =
            |what: &str, lines: &[String]| lines.iter().map(|line| format!("{what} {line}\n")).collect::<String>();
        list("MISS", &self.misses) + &list("ALARM", &self.alarms)
    }
}

fn overlap(one: &Location, other: &Location) -> bool {
    let start = |place: &Location| (place.start_line, place.start_column);
    let end = |place: &Location| (place.end_line, place.end_column);
    start(one) < end(other) && start(other) < end(one)
}

fn line_of(text: &str, number: u32) -> String {
    let line = text.lines().nth(number as usize - 1).unwrap_or_default().trim();
    line.chars().take(160).collect()
}
