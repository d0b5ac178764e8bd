//! Documents in, a report out: detects, judges, deduplicates and sorts, once.

mod changes;
mod made;

use crate::archive::Archives;
use crate::closed;
use crate::crowd;
use crate::detect::Engine;
use crate::document::{Aspect, Before, Changed, Content, Document, Entry, Lines, Origin};
use crate::finding::{Candidate, Dismissal, Finding, Known, Reason};
use crate::fingerprint::Fingerprint;
use crate::judge::{Judge, Verdict};
use crate::remedy::Reading;
use crate::report::{Coverage, Report, Scanned};
use crate::rule::Kind;
use crate::ruleset::Rule;
use crate::secret::Secret;
use crate::source::{Large, Loaded, Reader, Selected};
use rayon::prelude::*;
use std::cell::LazyCell;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use changes::{grown, is_touched, old_path};
pub(crate) use made::severity;
use made::{finding, fingerprint, hash_lines, secrets, told};

/// Up to so many entries are read on one thread.
const FEW: usize = 24;

/// The engine and the judge, ready to scan.
#[derive(Debug)]
pub struct Scan {
    /// Finds.
    pub engine: Engine,
    /// Judges.
    pub judge: Judge,
    /// Whether dismissals are kept.
    pub explain: bool,
}

/// What one document, or several, came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What stands.
    pub findings: Vec<Finding>,
    /// What does not; empty unless asked for.
    pub dismissed: Vec<Dismissal>,
    /// What was read.
    pub coverage: Coverage,
    /// Files that give nothing away, whatever their names say.
    pub closed: Vec<(Origin, Reason)>,
}

/// Reads what a document replaces.
pub type ReadBefore<'a> = &'a (dyn Fn(&Before) -> Option<Vec<u8>> + 'a);

/// Reads what is scanned beside the scan, from several threads at once.
pub type Beside<'a> = &'a (dyn Fn(&Document) + Sync + 'a);

impl Scan {
    /// Scans all that was selected.
    pub fn run(&self, selected: Selected) -> Report {
        self.run_beside(selected, &|_| {})
    }

    /// Scans all that was selected, and shows each text, or piece of a large one, to another reader too.
    pub fn run_beside(&self, selected: Selected, beside: Beside<'_>) -> Report {
        let Selected { scanned, entries, coverage, notices, reader, archives } = selected;
        let read = |entry: &Entry| self.entry(entry, &reader, archives, beside);
        // Starting threads takes longer than reading a few files, and a commit seldom has more.
        let mut outcomes: Vec<Outcome> = match entries.len() {
            0..=FEW => entries.iter().map(read).collect(),
            _ => entries.par_iter().map(read).collect(),
        };
        outcomes.push(Outcome { coverage, ..Outcome::default() });
        self.report(scanned, outcomes, notices)
    }

    fn entry(&self, entry: &Entry, reader: &Reader, archives: Archives, beside: Beside<'_>) -> Outcome {
        let not_read = |coverage| Outcome { coverage, ..Outcome::default() };
        match reader.load(entry) {
            Loaded::Document(document) => {
                beside(&document);
                let mut outcome =
                    self.document_and_parts_beside(&document, archives, &|before| reader.before(before), beside);
                outcome.coverage.blobs = u64::from(matches!(entry.content, Content::Blob(_)));
                outcome.coverage.files = u64::from(matches!(entry.content, Content::Disk(_)));
                outcome
            }
            Loaded::Large(large) => self.large(*large, archives, beside),
            Loaded::Skipped(skipped) => not_read(Coverage { skipped: vec![skipped], ..Coverage::default() }),
            Loaded::Missing(missing) => not_read(Coverage { missing: vec![missing], ..Coverage::default() }),
        }
    }

    /// Scans a large file piece by piece, as if it were one document.
    fn large(&self, large: Large, archives: Archives, beside: Beside<'_>) -> Outcome {
        let mut all = Outcome::default();
        let inner = self.parts_of_large(&large, archives, beside);
        // A window reaches that far to both sides of its anchor, and the judge a little farther.
        for piece in large.pieces(self.overlap()) {
            match piece {
                Ok(document) => {
                    beside(&document);
                    let outcome = self.document(&document, &|_| None);
                    all.findings.extend(outcome.findings);
                    all.dismissed.extend(outcome.dismissed);
                    all.coverage.allowed += outcome.coverage.allowed;
                    if let Changed::Ranges(ranges) = &document.changed {
                        all.coverage.bytes += ranges.iter().map(|range| range.len() as u64).sum::<u64>();
                    }
                }
                Err(missing) => all.coverage.missing.push(missing),
            }
        }
        // What stands near a cut is found from both sides of it.
        let mut seen = HashSet::new();
        all.findings
            .retain(|finding| seen.insert((finding.rule.id().to_owned(), finding.location, finding.secret.clone())));
        seen.clear();
        all.dismissed.retain(|dismissal| {
            seen.insert((dismissal.rule.id().to_owned(), dismissal.location, dismissal.secret.clone()))
        });
        all.coverage.documents = 1;
        all.coverage.files = 1;
        if let Some((inner, kind)) = inner {
            crate::opened::join(&mut all, inner, kind);
        }
        all
    }

    /// Scans one document. `before` reads what it replaces.
    pub fn document(&self, document: &Document, before: ReadBefore<'_>) -> Outcome {
        let mut outcome = Outcome::default();
        outcome.coverage.documents = 1;
        outcome.coverage.bytes = document.text.len() as u64;
        if document.origin.part == Aspect::Path && document.tracked {
            outcome.findings.extend(self.path_findings(document));
        }
        outcome.closed.extend(closed::of_document(document).map(|reason| (document.origin.clone(), reason)));
        let path = &document.origin.judged_path();
        let mut candidates = self.engine.candidates(path, &document.text, &grown(&document.changed));
        if matches!(document.origin.part, Aspect::Header | Aspect::RefName) {
            // Names and dates are no settings: only what has the form of a credential counts there.
            candidates.retain(|candidate| !candidate.rule.spec.generic && candidate.rule.spec.assigned.is_none());
        }
        if candidates.is_empty() {
            return outcome;
        }
        let judged = self.judged(&candidates, document);
        let old = if document.before.is_empty() { HashSet::new() } else { self.old(document, before) };
        // Most candidates are dismissed.
        let lines = LazyCell::new(|| Lines::after(&document.text, document.ahead));
        let reading = Reading::default();
        let secrets = secrets(&candidates);
        // One secret may stand in a text a thousand times.
        let mut fingerprints: HashMap<(&str, &Secret), Fingerprint> = HashMap::new();
        for (candidate, verdict) in judged {
            let is_old = old.contains(&(candidate.rule.id().to_owned(), candidate.secret.clone()));
            if !is_touched(candidate, &document.changed) && (is_old || verdict.dismissed.is_some()) {
                continue;
            }
            if matches!(verdict.dismissed, Some(Reason::AllowedByComment(_) | Reason::AllowedByConfig(_))) {
                outcome.coverage.allowed += 1;
            }
            match &verdict.dismissed {
                None => {
                    let known = is_old.then(|| Known { path: old_path(document) });
                    let fingerprint = fingerprints
                        .entry((candidate.rule.id(), &candidate.secret))
                        .or_insert_with(|| fingerprint(candidate, document))
                        .clone();
                    let made = finding(candidate, verdict, fingerprint, document, &lines, &reading, &secrets);
                    outcome.findings.push(Finding { known, ..made });
                }
                Some(reason) if self.explain => outcome.dismissed.push(Dismissal {
                    rule: candidate.rule.clone(),
                    origin: document.origin.clone(),
                    location: lines.location(&candidate.span),
                    secret: candidate.secret.clone(),
                    reason: reason.clone(),
                    steps: verdict.steps,
                }),
                Some(_) => {}
            }
        }
        hash_lines(&mut outcome.findings, document);
        outcome
    }

    /// The rule and the secret of everything that stands in a document, all of which counts as new: what
    /// [`Scan::document`] makes findings of.
    pub fn standing(&self, document: &Document) -> Vec<(Arc<Rule>, Secret)> {
        let mut standing = Vec::new();
        if document.origin.part == Aspect::Path && document.tracked {
            standing.extend(self.path_findings(document).into_iter().map(|finding| (finding.rule, finding.secret)));
        }
        let candidates = self.engine.candidates(&document.origin.judged_path(), &document.text, &Changed::Whole);
        for (candidate, verdict) in self.judged(&candidates, document) {
            if verdict.dismissed.is_none() {
                standing.push((candidate.rule.clone(), told(candidate)));
            }
        }
        standing
    }

    /// The candidates, each once, with the judge's word; of several on the same bytes only the best stands.
    fn judged<'c>(&self, candidates: &'c [Candidate], document: &Document) -> Vec<(&'c Candidate, Verdict)> {
        let mut judged: Vec<(&Candidate, Verdict)> = Vec::new();
        let mut places = HashMap::new();
        for candidate in candidates {
            let verdict = self.judge.verdict(candidate, document);
            // What is encoded has one place and may hold several secrets.
            let has_many = candidate.rule.is_whole() || candidate.is_packed();
            let secret = has_many.then_some(&candidate.secret);
            let place = (candidate.rule.id(), candidate.span.clone(), secret);
            match places.entry(place) {
                Vacant(place) => {
                    place.insert(judged.len());
                    judged.push((candidate, verdict));
                }
                // What one anchor leads to in vain another may lead to whole, with a part that only it reaches.
                Occupied(place) if verdict.dismissed.is_none() && judged[*place.get()].1.dismissed.is_some() => {
                    judged[*place.get()] = (candidate, verdict);
                }
                Occupied(_) => {}
            }
        }
        crate::rivals::settle(&mut judged, self.engine.rules());
        crate::whole::settle(&mut judged, document, self.engine.rules());
        crate::rivals::tell_once(&mut judged);
        judged
    }

    /// What the document's predecessors held already: rule and secret of each finding.
    fn old(&self, document: &Document, before: ReadBefore<'_>) -> HashSet<(String, Secret)> {
        let mut old = HashSet::new();
        for before in document.before.iter().filter_map(before) {
            let predecessor =
                Document { text: before, changed: Changed::Whole, before: Vec::new(), ..document.clone() };
            let candidates =
                self.engine.candidates(&predecessor.origin.judged_path(), &predecessor.text, &Changed::Whole);
            let judged = self.judged(&candidates, &predecessor);
            let standing = judged.iter().filter(|(_, verdict)| verdict.dismissed.is_none());
            old.extend(standing.map(|(c, _)| (c.rule.id().to_owned(), c.secret.clone())));
        }
        old
    }

    /// What the path itself gives away.
    fn path_findings(&self, document: &Document) -> Vec<Finding> {
        let rules = self.engine.rules().rules().iter();
        let path = document.origin.judged_path();
        rules
            .filter(|rule| rule.kind == Kind::File && rule.applies_to(&path))
            .filter(|rule| rule.spec.whole.as_ref().is_none_or(|whole| !whole.helper))
            .filter_map(|rule| {
                let candidate = Candidate {
                    rule: Arc::clone(rule),
                    anchor: 0,
                    window: 0..document.text.len(),
                    span: 0..0,
                    whole: 0..0,
                    secret: Secret::new([]),
                    key_id: None,
                    parts: Vec::new(),
                    forms: Vec::new(),
                    encoded_newline: false,
                    decoded: None,
                };
                let verdict = self.judge.verdict(&candidate, document);
                let lines = Lines::after(&document.text, document.ahead);
                let reading = Reading::default();
                let fingerprint = fingerprint(&candidate, document);
                (verdict.dismissed.is_none())
                    .then(|| finding(&candidate, verdict, fingerprint, document, &lines, &reading, &[]))
            })
            .collect()
    }

    /// Puts outcomes together, sorted.
    pub fn report(&self, scanned: Scanned, outcomes: Vec<Outcome>, notices: Vec<String>) -> Report {
        let mut report = Report {
            scan: scanned,
            findings: Vec::new(),
            dismissed: Vec::new(),
            baseline: None,
            coverage: Coverage::default(),
            notices,
            rules: self.engine.rules().clone(),
        };
        let mut closed = Vec::new();
        for outcome in outcomes {
            closed.extend(outcome.closed);
            report.findings.extend(outcome.findings);
            report.dismissed.extend(outcome.dismissed);
            report.coverage.add(outcome.coverage);
        }
        report.notices.extend(allowed_in_words(&report));
        let unread = closed::settle(&mut report.findings, closed);
        let fallen = crowd::settle(&mut report.findings, self.judge.min_confidence);
        if self.explain {
            report.dismissed.extend(unread.into_iter().chain(fallen));
        }
        report.sort();
        report
            .dismissed
            .sort_by(|a, b| (&a.origin, a.location, a.rule.id()).cmp(&(&b.origin, b.location, b.rule.id())));
        for unread in [&mut report.coverage.skipped, &mut report.coverage.missing] {
            unread.sort();
            // Versions of one archive may lack the same.
            unread.dedup();
        }
        report
    }
}

/// What is to be said of changes that bring what is allowed: whoever makes them may have allowed it themselves.
fn allowed_in_words(report: &Report) -> Option<String> {
    let is_change = matches!(report.scan.mode, "staged" | "range" | "push");
    let what = match report.coverage.allowed {
        0 => return None,
        1 => "1 credential in the changes is allowed by a comment or the configuration".to_owned(),
        more => format!("{more} credentials in the changes are allowed by comments or the configuration"),
    };
    is_change.then(|| format!("{what}: --explain lists what was dismissed, --no-allow reports it"))
}
