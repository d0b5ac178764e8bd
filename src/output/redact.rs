//! The one place where a secret, or a text that holds one, becomes text to print.

use super::hostile;
use crate::document::Aspect;
use crate::finding::{Finding, Reason};
use crate::report::Report;
use crate::rule::Kind;
use crate::ruleset::Rule;
use crate::secret::Secret;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Stands for what is not shown. Always the same, so that it tells no length.
pub(super) const MASK: &str = "…";
/// From so many bytes on a secret is masked wherever it comes up in a path or a message; a shorter one could
/// be part of any word, and masking that word would betray it.
const LONG: usize = 16;
/// Up to so many: a longer one is a block of lines, which no path or message holds, and thousands of them would
/// fill the memory.
const BLOCK: usize = 512;
/// From so many bytes on a secret is masked wherever it comes up in a frame of the same path.
const DISTINCT: usize = 6;
/// No rule may show more of a secret than this.
const LONGEST_SHOWN: usize = 24;

/// Masks the secrets of one report.
pub(super) struct Redactor {
    reveal: bool,
    known: Option<AhoCorasick>,
    /// The shorter secrets, by the path they were found at.
    known_at: HashMap<Vec<u8>, AhoCorasick>,
}

/// A frame that may be printed.
pub(super) struct Shown {
    /// Its lines, masked and harmless.
    pub text: String,
    /// The finding's own span in it.
    pub span: Range<usize>,
}

impl Redactor {
    /// Learns the secrets of a report.
    pub fn new(report: &Report, reveal: bool) -> Self {
        let mut known: Vec<&[u8]> = Vec::new();
        for finding in all_findings(report) {
            let written = finding.frame.text.get(finding.frame.span.clone()).unwrap_or_default();
            let pieces = [finding.secret.expose(), written];
            known.extend(pieces.into_iter().filter(|s| recognisable(s, &finding.rule, finding.origin.part)));
        }
        let real = report.dismissed.iter().filter(|dismissal| may_be_real(&dismissal.reason));
        let dismissed = real.map(|d| (d.secret.expose(), &d.rule, d.origin.part));
        known.extend(dismissed.filter(|(s, rule, part)| recognisable(s, rule, *part)).map(|(s, ..)| s));
        let mut short: HashMap<&[u8], Vec<&[u8]>> = HashMap::new();
        for finding in all_findings(report).filter(|f| f.holds_secret()) {
            let secret = finding.secret.expose();
            if (DISTINCT..LONG).contains(&secret.len()) {
                short.entry(&finding.origin.path).or_default().push(secret);
            }
        }
        if reveal {
            return Redactor { reveal, known: None, known_at: HashMap::new() };
        }
        let known_at = short.into_iter().filter_map(|(path, secrets)| Some((path.to_vec(), automaton(secrets)?)));
        Redactor { reveal, known: automaton(known), known_at: known_at.collect() }
    }

    /// A path or message with every secret in it masked.
    pub fn bytes<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let Some(known) = self.known.as_ref().filter(|known| known.is_match(text)) else { return text.into() };
        let mut masked = Vec::with_capacity(text.len());
        let mut copied = 0;
        for found in known.find_iter(text) {
            masked.extend_from_slice(&text[copied..found.start()]);
            masked.extend_from_slice(MASK.as_bytes());
            copied = found.end();
        }
        masked.extend_from_slice(&text[copied..]);
        masked.into()
    }

    /// A message with every secret in it masked.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.bytes(text.as_bytes()) {
            Cow::Borrowed(_) => text.into(),
            Cow::Owned(masked) => String::from_utf8_lossy(&masked).into_owned().into(),
        }
    }

    /// A path or message on one line for people: masked and harmless.
    pub fn line(&self, text: &[u8]) -> String {
        hostile::line(&self.bytes(text))
    }

    /// What may be shown of a secret: the leading bytes that its rule calls public, then `…`; nothing for a
    /// rule that finds no secret.
    pub fn masked(&self, rule: &Rule, secret: &Secret) -> Option<String> {
        masked(rule, secret)
    }

    /// A secret as people are to see it: masked, or whole when that was asked for.
    pub fn shown(&self, rule: &Rule, secret: &Secret) -> Option<String> {
        if self.reveal && !secret.expose().is_empty() {
            return Some(hostile::line(secret.expose()));
        }
        self.masked(rule, secret)
    }

    /// The secret itself, when that was asked for.
    pub fn revealed<'a>(&self, secret: &'a Secret) -> Option<&'a [u8]> {
        (self.reveal && !secret.expose().is_empty()).then(|| secret.expose())
    }

    /// A finding's frame, masked and harmless.
    pub fn frame(&self, finding: &Finding) -> Shown {
        let frame = &finding.frame;
        let hidden = self.hidden_in(finding);
        let mut own = frame.span.start.min(frame.text.len())..frame.span.end.min(frame.text.len());
        for part in &hidden {
            // A secret is shown as one mask, so the finding cannot begin or end within it.
            own.start = if part.contains(&own.start) { part.start } else { own.start };
            own.end = if part.start < own.end && own.end < part.end { part.end } else { own.end };
        }
        let edges = hidden.iter().chain([&own]).flat_map(|part| [part.start, part.end]);
        let mut cuts: Vec<usize> = edges.chain([0, frame.text.len()]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut shown = Shown { text: String::with_capacity(frame.text.len()), span: 0..0 };
        for (at, &cut) in cuts.iter().enumerate() {
            if cut == own.start {
                shown.span.start = shown.text.len();
            }
            if cut == own.end {
                shown.span.end = shown.text.len();
            }
            let Some(&next) = cuts.get(at + 1) else { break };
            if hidden.iter().any(|part| part.start == cut) {
                let whole = cut <= frame.span.start && frame.span.end <= next;
                mask(&frame.text[cut..next], whole.then_some(finding), &mut shown.text);
            } else {
                hostile::push_lines(&frame.text[cut..next], &mut shown.text);
            }
        }
        shown
    }

    /// The spans of a finding's frame that hold secrets, in order, not touching.
    fn hidden_in(&self, finding: &Finding) -> Vec<Range<usize>> {
        if self.reveal {
            return Vec::new();
        }
        let frame = &finding.frame;
        let mut spans: Vec<Range<usize>> = frame.secrets.clone();
        if finding.holds_secret() {
            spans.push(frame.span.clone());
        }
        for known in self.known.iter().chain(self.known_at.get(&finding.origin.path)) {
            spans.extend(known.find_iter(&frame.text).map(|found| found.range()));
        }
        spans.retain(|span| span.start < span.end && span.start < frame.text.len());
        spans.sort_unstable_by_key(|span| span.start);
        let mut merged: Vec<Range<usize>> = Vec::new();
        for span in spans {
            let end = span.end.min(frame.text.len());
            match merged.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(end),
                _ => merged.push(span.start..end),
            }
        }
        merged
    }
}

/// What may be shown of a secret: see [`Redactor::masked`].
pub(super) fn masked(rule: &Rule, secret: &Secret) -> Option<String> {
    if rule.kind != Kind::Secret || secret.expose().is_empty() {
        return None;
    }
    Some(format!("{}{MASK}", hostile::line(public_prefix(rule, secret))))
}

/// What was found, accepted or not: what is accepted is no less a secret.
fn all_findings(report: &Report) -> impl Iterator<Item = &Finding> {
    let accepted = report.baseline.iter().flat_map(|baseline| &baseline.accepted);
    report.findings.iter().chain(accepted.map(|accepted| &accepted.finding))
}

/// Finds any of the secrets, the longest where several begin; nothing when there is none. What it is asked about is short, so
/// that it is the making that costs.
fn automaton(mut secrets: Vec<&[u8]>) -> Option<AhoCorasick> {
    secrets.sort_unstable();
    secrets.dedup();
    let mut builder = AhoCorasick::builder();
    builder.match_kind(MatchKind::LeftmostLongest).kind(Some(AhoCorasickKind::NoncontiguousNFA));
    let automaton = builder.build(&secrets);
    (!secrets.is_empty()).then(|| automaton.expect("the secrets are fewer and shorter than an automaton can hold"))
}

/// Whether what was dismissed may be a secret all the same. What is a placeholder or a look-up (`process.env.X`)
/// must not be masked: a remedy may well say it.
fn may_be_real(reason: &Reason) -> bool {
    match reason {
        Reason::Placeholder(_) | Reason::Reference(_) | Reason::Encrypted(_) | Reason::Checksum => false,
        Reason::Entropy | Reason::Shape(_) | Reason::Context(_) => false,
        Reason::Shadowed(_) | Reason::AllowedByComment(_) | Reason::AllowedByConfig(_) => true,
        Reason::Confidence => true,
    }
}

/// Whether a secret may be masked wherever it comes up: a short one only where paths are searched for it.
fn recognisable(secret: &[u8], rule: &Rule, part: Aspect) -> bool {
    let is_long = (LONG..=BLOCK).contains(&secret.len());
    rule.kind == Kind::Secret && (is_long || (matches!(part, Aspect::Path | Aspect::RefName) && !secret.is_empty()))
}

/// Puts a mask in the place of hidden bytes, with as many line ends as they had. When they are the finding's
/// own secret as it is written there, its public prefix comes first.
fn mask(hidden: &[u8], own: Option<&Finding>, text: &mut String) {
    let public = own.map(|finding| public_prefix(&finding.rule, &finding.secret)).unwrap_or_default();
    if hidden.starts_with(public) && !public.contains(&b'\n') {
        hostile::push_lines(public, text);
    }
    text.push_str(MASK);
    for _ in memchr::memchr_iter(b'\n', hidden) {
        text.push('\n');
        text.push_str(MASK);
    }
}

/// The leading bytes of a secret that are public; none when they would be more than a third of it, since its
/// rule was written for longer ones.
fn public_prefix<'a>(rule: &Rule, secret: &'a Secret) -> &'a [u8] {
    let shown = usize::from(rule.spec.show).min(LONGEST_SHOWN);
    if shown * 3 > secret.expose().len() { &[] } else { &secret.expose()[..shown] }
}
