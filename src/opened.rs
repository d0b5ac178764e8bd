//! What stands in archives, scanned: each text in one is a document of its own, whose path leads through it.

use crate::archive::{self, Archives, Inner, Kind, Unread, Visitor};
use crate::document::{Ahead, Aspect, Changed, Charset, Document, Origin};
use crate::finding::{Finding, Known};
use crate::judge::JUDGE_REACH;
use crate::report::{Coverage, Skipped};
use crate::scan::{Beside, Outcome, ReadBefore, Scan};
use crate::secret::Secret;
use crate::source::{LARGE, Large, Pieces, charset};
use std::collections::{HashMap, HashSet};
use std::io::{self, Cursor, Read};
use std::sync::{Mutex, PoisonError};

/// Something in an archive.
pub(crate) enum Part {
    /// A text, a piece of a large one, or a name.
    Document(Document),
    /// What another document has in code, in words.
    Translation(Document),
    /// What was not read, and why.
    Unread(Vec<u8>, Unread),
}

/// A rule and its secret at a path.
type Key = (Vec<u8>, String, Secret);

/// What can be opened in a document.
pub(crate) fn kind_of(document: &Document) -> Option<Kind> {
    let is_file = document.origin.part == Aspect::Content && document.origin.inside.is_none();
    (is_file && document.charset == Charset::Bytes).then(|| Kind::of(&document.text)).flatten()
}

/// Passes on all that stands in the archive `bytes`, which is at `origin`. `margin` is how far a rule looks.
pub(crate) fn parts(
    origin: &Origin,
    kind: Kind,
    bytes: &[u8],
    archives: Archives,
    margin: usize,
    pass: &mut dyn FnMut(Part),
) {
    archive::open(&origin.path, kind, bytes, archives, &mut Parts { origin, margin, pass });
}

struct Parts<'p> {
    origin: &'p Origin,
    margin: usize,
    pass: &'p mut dyn FnMut(Part),
}

impl Parts<'_> {
    fn document(&self, at: &Inner, part: Aspect, bytes: Vec<u8>) -> Document {
        let (text, charset) = charset::text(bytes);
        let origin = self.origin.within(at, part);
        let (changed, before, ahead) = (Changed::Whole, Vec::new(), Ahead::default());
        Document { origin, text, charset, changed, before, tracked: true, ahead }
    }
}

impl Visitor for Parts<'_> {
    fn name(&mut self, at: &Inner) {
        let origin = self.origin.within(at, Aspect::Path);
        let document =
            Document { text: origin.judged_path().into_owned(), ..self.document(at, Aspect::Path, Vec::new()) };
        (self.pass)(Part::Document(document));
    }

    fn text(&mut self, at: &Inner, content: &mut dyn Read) -> io::Result<()> {
        let mut text = Vec::new();
        let read = (&mut *content).take(LARGE + 1).read_to_end(&mut text);
        if text.len() as u64 <= LARGE {
            let document = self.document(at, Aspect::Content, text);
            (self.pass)(Part::Document(document));
            return read.map(drop);
        }
        let mut rest = Failing { inner: Cursor::new(text).chain(content), error: None };
        let origin = self.origin.within(at, Aspect::Content);
        let (pieces, _) = Pieces::of_stream(&mut rest, origin.path.clone(), LARGE as usize / 2, self.margin)?;
        for document in pieces.flatten() {
            (self.pass)(Part::Document(Document { origin: origin.clone(), tracked: true, ..document }));
        }
        rest.error.map_or(Ok(()), Err)
    }

    fn translation(&mut self, at: &Inner, content: &[u8]) {
        let document = self.document(at, Aspect::Content, content.to_vec());
        (self.pass)(Part::Translation(document));
    }

    fn unread(&mut self, path: &[u8], why: Unread) {
        let what = match path.is_empty() {
            true => self.origin.path.clone(),
            false => [&self.origin.path[..], b"!", path].concat(),
        };
        (self.pass)(Part::Unread(what, why));
    }
}

/// A stream that ends where it can't be read on, and remembers why.
struct Failing<R> {
    inner: R,
    error: Option<io::Error>,
}

impl<R: Read> Read for &mut Failing<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.error.is_some() {
            return Ok(0);
        }
        self.inner.read(out).or_else(|error| {
            self.error = Some(error);
            Ok(0)
        })
    }
}

impl Scan {
    /// How far before and behind a piece of a text its neighbours matter.
    pub(crate) fn overlap(&self) -> usize {
        2 * (self.engine.margin() + JUDGE_REACH)
    }

    /// Scans a document and, if it is an archive, what stands in it.
    pub fn document_and_parts(&self, document: &Document, archives: Archives, before: ReadBefore<'_>) -> Outcome {
        self.document_and_parts_beside(document, archives, before, &|_| {})
    }

    /// The same, and shows each text in the archive to another reader too.
    pub(crate) fn document_and_parts_beside(
        &self,
        document: &Document,
        archives: Archives,
        before: ReadBefore<'_>,
        beside: Beside<'_>,
    ) -> Outcome {
        let mut outcome = self.document(document, before);
        if archives == Archives::Never {
            return outcome;
        }
        if let Some(kind) = kind_of(document) {
            let mut inner = self.parts_of(document, kind, &document.text, archives, beside);
            if !inner.findings.is_empty() && !document.before.is_empty() {
                self.keep_new(&mut inner.findings, document, archives, before);
            }
            join(&mut outcome, inner, kind);
        }
        outcome
    }

    /// Scans what stands in a large file, if that is an archive. One is held in memory at a time.
    pub(crate) fn parts_of_large(
        &self,
        large: &Large,
        archives: Archives,
        beside: Beside<'_>,
    ) -> Option<(Outcome, Kind)> {
        static ONE: Mutex<()> = Mutex::new(());
        let (kind, size) = large.archive().filter(|_| archives != Archives::Never)?;
        let text = |text| Document {
            origin: large.origin().clone(),
            text,
            charset: Charset::Bytes,
            changed: Changed::Whole,
            before: Vec::new(),
            tracked: large.is_tracked(),
            ahead: Ahead::default(),
        };
        let mut outcome = Outcome::default();
        if let Some(why) = archive::too_large(kind, size, archives) {
            unread(&mut outcome.coverage, large.origin().path.clone(), why);
            return Some((outcome, kind));
        }
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        match large.whole() {
            Ok(bytes) => outcome = self.parts_of(&text(Vec::new()), kind, &bytes, archives, beside),
            Err(error) => {
                let (what, why) = (large.origin().path.clone(), error.to_string());
                outcome.coverage.missing.push(Skipped { what, why });
            }
        }
        Some((outcome, kind))
    }

    /// Scans what stands in an archive.
    fn parts_of(
        &self,
        document: &Document,
        kind: Kind,
        bytes: &[u8],
        archives: Archives,
        beside: Beside<'_>,
    ) -> Outcome {
        let (mut told, mut translated) = (Outcome::default(), Outcome::default());
        // What stands near the cut of a large text is found from both sides of it.
        let mut places = HashSet::new();
        parts(&document.origin, kind, bytes, archives, self.overlap(), &mut |part| match part {
            Part::Unread(what, why) => unread(&mut told.coverage, what, why),
            Part::Translation(part) => add(&mut translated, self.document(&part, &|_| None)),
            Part::Document(part) => {
                let part = Document { tracked: document.tracked, ..part };
                beside(&part);
                let mut one = self.document(&part, &|_| None);
                if part.changed != Changed::Whole {
                    one.findings.retain(|f| places.insert((f.rule.id().to_owned(), f.location, f.origin.path.clone())));
                }
                add(&mut told, one);
            }
        });
        prefer(&mut told, &mut translated);
        add(&mut told, translated);
        told
    }

    /// Leaves out what the archive that this one takes the place of had already, and says of what stood elsewhere in
    /// it that it is known.
    fn keep_new(&self, findings: &mut Vec<Finding>, document: &Document, archives: Archives, before: ReadBefore<'_>) {
        let mut old: HashMap<(String, Secret), HashSet<Vec<u8>>> = HashMap::new();
        for predecessor in &document.before {
            let Some(text) = before(predecessor) else { continue };
            let path = predecessor.renamed_from.clone().unwrap_or_else(|| document.origin.path.clone());
            let origin = Origin { path, ..document.origin.clone() };
            let document = Document { origin, text, before: Vec::new(), ..document.clone() };
            let Some(kind) = kind_of(&document) else { continue };
            for finding in self.parts_of(&document, kind, &document.text, archives, &|_| {}).findings {
                let key = (finding.rule.id().to_owned(), finding.secret);
                old.entry(key).or_default().insert(finding.origin.path);
            }
        }
        findings.retain_mut(|finding| match old.get(&(finding.rule.id().to_owned(), finding.secret.clone())) {
            None => true,
            Some(paths) if paths.contains(&finding.origin.path) => false,
            Some(paths) => {
                finding.known = paths.iter().min().map(|path| Known { path: path.clone() });
                true
            }
        });
    }
}

/// Puts together what an archive's own bytes came to and what stands in it, each secret once.
pub(crate) fn join(outcome: &mut Outcome, mut inner: Outcome, kind: Kind) {
    match kind {
        Kind::Notebook => prefer(outcome, &mut inner),
        _ => {
            let inside = keys(&inner);
            let is_inside =
                |rule: &str, secret: &Secret| inside.iter().any(|(_, own, other)| own == rule && other == secret);
            outcome.findings.retain(|f| !is_inside(f.rule.id(), &f.secret));
            outcome.dismissed.retain(|d| !is_inside(d.rule.id(), &d.secret));
        }
    }
    add(outcome, inner);
}

/// Takes out of the second what stands in the first too, above it or below: a translation says nothing new, and what
/// is found in a file of an archive need not be told of the archive's bytes.
fn prefer(told: &mut Outcome, translated: &mut Outcome) {
    let own = keys(told);
    let is_told = |origin: &Origin, rule: &str, secret: &Secret| {
        let at = origin.inside.map_or(0, |inside| inside.name - 1);
        own.contains(&(origin.path[..at].to_vec(), rule.to_owned(), secret.clone()))
    };
    translated.findings.retain(|f| !is_told(&f.origin, f.rule.id(), &f.secret));
    translated.dismissed.retain(|d| !is_told(&d.origin, d.rule.id(), &d.secret));
    let below: HashSet<Key> = told
        .findings
        .iter()
        .filter_map(|f| {
            Some((f.origin.path[..f.origin.inside?.name - 1].to_vec(), f.rule.id().to_owned(), f.secret.clone()))
        })
        .collect();
    let is_below = |origin: &Origin, rule: &str, secret: &Secret| {
        origin.part == Aspect::Content && below.contains(&(origin.path.clone(), rule.to_owned(), secret.clone()))
    };
    told.findings.retain(|f| !is_below(&f.origin, f.rule.id(), &f.secret));
    told.dismissed.retain(|d| !is_below(&d.origin, d.rule.id(), &d.secret));
}

/// Everything that was found or dismissed.
fn keys(outcome: &Outcome) -> HashSet<Key> {
    let found = outcome.findings.iter().map(|f| (&f.origin, &f.rule, &f.secret));
    let dismissed = outcome.dismissed.iter().map(|d| (&d.origin, &d.rule, &d.secret));
    let key = |(origin, rule, secret): (&Origin, &std::sync::Arc<crate::ruleset::Rule>, &Secret)| {
        (origin.path.clone(), rule.id().to_owned(), secret.clone())
    };
    found.chain(dismissed).map(key).collect()
}

/// Notes what was not read.
fn unread(coverage: &mut Coverage, what: Vec<u8>, why: Unread) {
    match why {
        Unread::Skipped(why) => coverage.skipped.push(Skipped { what, why }),
        Unread::Missing(why) => coverage.missing.push(Skipped { what, why }),
    }
}

fn add(to: &mut Outcome, other: Outcome) {
    to.findings.extend(other.findings);
    to.dismissed.extend(other.dismissed);
    to.closed.extend(other.closed);
    let Coverage { documents, bytes, allowed, skipped, missing, .. } = other.coverage;
    to.coverage.add(Coverage { documents, bytes, allowed, skipped, missing, ..Coverage::default() });
}
