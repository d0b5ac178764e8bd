//! Rules without anchors, run over whole texts: those that users of other scanners wrote.
//!
//! A keyword anywhere in the text wakes a rule, so nothing about them is local: a text that a keyword stands in is
//! searched in full, whatever changed in it.

use super::layers::{DEEPEST, Layer};
use crate::finding::{Candidate, Decoded};
use crate::rule::Kind;
use crate::ruleset::{Rule, RuleSet};
use crate::secret::Secret;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// How far matches can reach over the edge of a piece of a text that is read in pieces, in bytes.
pub(super) const REACH: usize = 32 << 10;

/// A literal that a pattern needs is worth looking for from so many bytes on.
const SHORTEST: usize = 3;
/// More literals than this are not looked for.
const MOST: usize = 64;

/// The rules without anchors, ready to run.
#[derive(Debug)]
pub(super) struct Whole {
    rules: Vec<Arc<Rule>>,
    /// The rules that no keyword wakes: they look at every text.
    always: Vec<usize>,
    keywords: Option<AhoCorasick>,
    /// The rules that each keyword wakes.
    woken: Vec<Vec<usize>>,
    longest: usize,
}

impl Whole {
    /// Those of the rules that have no anchors.
    pub(super) fn new(set: &RuleSet) -> Self {
        let of_texts = |rule: &&Arc<Rule>| rule.is_whole() && rule.kind != Kind::File;
        let rules: Vec<Arc<Rule>> = set.rules().iter().filter(of_texts).cloned().collect();
        let mut always = Vec::new();
        let mut keywords: Vec<String> = Vec::new();
        let mut woken: Vec<Vec<usize>> = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            match keywords_of(rule) {
                None => always.push(index),
                Some(own) => {
                    for keyword in own {
                        match keywords.iter().position(|known| *known == keyword) {
                            Some(known) => woken[known].push(index),
                            None => {
                                keywords.push(keyword);
                                woken.push(vec![index]);
                            }
                        }
                    }
                }
            }
        }
        let longest = keywords.iter().map(String::len).max().unwrap_or(0);
        let automaton = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(&keywords);
        // Too many keywords for an automaton wake every rule.
        let keywords = automaton.ok().filter(|_| longest > 0);
        if keywords.is_none() {
            always = (0..rules.len()).collect();
        }
        Whole { rules, always, keywords, woken, longest }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// How many rules there are, and how many look at every text.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.rules.len(), self.always.len())
    }

    /// Whether a rule would look at a text in which these bytes are new; it did not look at what the rest was
    /// copied from.
    pub(super) fn wakes(&self, text: &[u8], changed: Option<&[Range<usize>]>) -> bool {
        if self.rules.is_empty() {
            return false;
        }
        let Some(keywords) = self.keywords.as_ref().filter(|_| self.always.is_empty()) else { return true };
        let wakes = |text: &[u8]| keywords.is_match(text) || layers(text).any(|layer| keywords.is_match(&layer.text));
        let Some(changed) = changed else { return wakes(text) };
        // Nothing is encoded across lines, and no keyword goes over the end of one.
        changed.iter().any(|range| {
            let range = range.start.min(text.len())..range.end.min(text.len());
            let start = range.start.saturating_sub(self.longest);
            let end = (range.end + self.longest).min(text.len());
            wakes(&text[lines(text, &(start..end))])
        })
    }

    /// Every candidate of the text, in order of rule and place.
    pub(super) fn candidates(&self, text: &[u8], applies: impl Fn(&Rule) -> bool) -> Vec<Candidate> {
        let mut found = Vec::new();
        // Writing out what is encoded takes longer than all other rules do.
        if self.rules.is_empty() {
            return found;
        }
        self.look(text, &applies, |rule, matched, secret| {
            found.push(candidate(rule, text, matched, secret.clone(), Secret::new(&text[secret])));
        });
        for layer in layers(text) {
            self.look(&layer.text, &applies, |rule, matched, secret| {
                // What is not decoded was found in the layer above.
                let Some(forms) = layer.forms(&matched) else { return };
                let value = Secret::new(&layer.text[secret.clone()]);
                let mut one = candidate(rule, text, layer.raw(&matched), layer.raw(&secret), value);
                one.forms = forms.to_vec();
                let span = secret.start - matched.start..secret.end - matched.start;
                one.decoded = Some(Box::new(Decoded { text: layer.text[matched].to_vec(), span, unpacked: None }));
                found.push(one);
            });
        }
        found
    }

    /// Calls back with rule, match and secret for all that the rules find which a keyword wakes.
    fn look(
        &self,
        text: &[u8],
        applies: &impl Fn(&Rule) -> bool,
        mut met: impl FnMut(&Arc<Rule>, Range<usize>, Range<usize>),
    ) {
        let awake = self.awake(text);
        let mut read = None;
        for (rule, _) in self.rules.iter().zip(&awake).filter(|(rule, awake)| **awake && applies(rule)) {
            let read: &[u8] = read.get_or_insert_with(|| readable(text));
            for matched in rule.pattern().find_iter(read) {
                let (mut start, mut end) = (matched.start(), matched.end());
                while start < end && read[start] == b'\n' {
                    start += 1;
                }
                while start < end && read[end - 1] == b'\n' {
                    end -= 1;
                }
                let secret = secret(rule, &read[start..end]);
                met(rule, start..end, start + secret.start..start + secret.end);
            }
        }
    }

    /// Which rules look at a text.
    fn awake(&self, text: &[u8]) -> Vec<bool> {
        let mut awake = vec![false; self.rules.len()];
        self.always.iter().for_each(|&index| awake[index] = true);
        let Some(keywords) = &self.keywords else { return awake };
        let mut waiting = awake.iter().filter(|awake| !**awake).count();
        for found in keywords.find_overlapping_iter(text) {
            for &index in &self.woken[found.pattern().as_usize()] {
                waiting -= usize::from(!awake[index]);
                awake[index] = true;
            }
            if waiting == 0 {
                break;
            }
        }
        awake
    }
}

/// The layers below a text, outermost first.
fn layers(text: &[u8]) -> impl Iterator<Item = Rc<Layer>> {
    let mut last = Layer::below(text).map(Rc::new);
    std::iter::from_fn(move || {
        let layer = last.take()?;
        last = layer.next().map(Rc::new);
        Some(layer)
    })
    .take(DEEPEST)
}

/// The text with every byte that is not UTF-8 made a control character: a pattern takes each for one character.
fn readable(text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if std::str::from_utf8(text).is_ok() {
        return text.into();
    }
    let mut readable = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        readable.extend_from_slice(chunk.valid().as_bytes());
        readable.resize(readable.len() + chunk.invalid().len(), 0x1a);
    }
    readable.into()
}

fn candidate(rule: &Arc<Rule>, text: &[u8], whole: Range<usize>, span: Range<usize>, secret: Secret) -> Candidate {
    Candidate {
        rule: Arc::clone(rule),
        anchor: whole.start,
        window: lines(text, &whole),
        secret,
        span,
        whole,
        key_id: None,
        parts: Vec::new(),
        forms: Vec::new(),
        encoded_newline: false,
        decoded: None,
    }
}

/// Which bytes of a match are the secret. The pattern is run on the match alone, as the rule's author expects.
fn secret(rule: &Rule, matched: &[u8]) -> Range<usize> {
    let group = rule.spec.whole.as_ref().and_then(|whole| whole.group);
    let Some(captures) = rule.pattern().captures(matched) else { return 0..matched.len() };
    let secret = match group {
        // A group that took no part is an empty secret.
        Some(group) => return captures.get(group).map_or(0..0, |m| m.range()),
        None => captures.iter().skip(1).flatten().find(|m| !m.is_empty()),
    };
    secret.map_or(0..matched.len(), |m| m.range())
}

/// The lines on which a match stands, without the last one's end.
fn lines(text: &[u8], span: &Range<usize>) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &text[..span.start]).map_or(0, |at| at + 1);
    let end = memchr::memchr(b'\n', &text[span.end..]).map_or(text.len(), |at| span.end + at);
    start..end
}

/// The keywords of a rule, or else literals one of which stands in each of its matches; nothing if there are none.
fn keywords_of(rule: &Rule) -> Option<Vec<String>> {
    let named = rule.spec.whole.as_ref().map(|whole| whole.keywords.as_slice()).unwrap_or_default();
    if !named.is_empty() {
        return (!named.iter().any(String::is_empty)).then(|| named.iter().map(|k| k.to_lowercase()).collect());
    }
    let parsed = regex_syntax::parse(&rule.spec.pattern).ok()?;
    needed(&parsed).filter(|literals| literals.iter().all(|l| l.len() >= SHORTEST))
}

/// Literals in lower case, one of which stands in every match, in some ASCII case.
fn needed(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => letters(hir).map(|text| vec![text]),
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => needed(&repeated.sub),
        HirKind::Alternation(choices) => {
            let mut all = Vec::new();
            for choice in choices {
                all.extend(needed(choice)?);
            }
            (all.len() <= MOST).then_some(all)
        }
        HirKind::Concat(parts) => {
            let mut best: Option<Vec<String>> = None;
            let mut run = String::new();
            let shortest = |literals: &Vec<String>| literals.iter().map(String::len).min().unwrap_or(0);
            let mut offer = |literals: Vec<String>| {
                if best.as_ref().is_none_or(|best| shortest(best) < shortest(&literals)) {
                    best = Some(literals);
                }
            };
            for part in parts {
                match letters(part) {
                    Some(text) => run += &text,
                    None => {
                        offer(vec![std::mem::take(&mut run)]);
                        needed(part).into_iter().for_each(&mut offer);
                    }
                }
            }
            offer(vec![run]);
            best.filter(|best| shortest(best) > 0)
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

/// The text that this matches and nothing else, ASCII case aside.
fn letters(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => String::from_utf8(literal.0.to_vec()).ok().map(|text| text.to_ascii_lowercase()),
        HirKind::Class(Class::Unicode(class)) => {
            let mut one = None;
            for range in class.ranges() {
                // `K` and `S` have a third form that is no ASCII; nobody writes a keyword with it.
                let plain = match range.start() {
                    '\u{212a}' => 'k',
                    '\u{17f}' => 's',
                    c => c.to_ascii_lowercase(),
                };
                if range.start() != range.end() || one.is_some_and(|one| one != plain) {
                    return None;
                }
                one = Some(plain);
            }
            one.map(String::from)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(pattern: &str) -> Option<Vec<String>> {
        needed(&regex_syntax::parse(pattern).expect("it is valid"))
    }

    #[test]
    fn what_a_pattern_needs_is_seen() {
        let some = |words: &[&str]| Some(words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(needs("acme_[a-z0-9]{20}"), some(&["acme_"]));
        assert_eq!(needs("(?i)task[_-]?key=([a-z]+)"), some(&["task"]));
        assert_eq!(needs("(?:alpha|beta)-[0-9]+"), some(&["alpha", "beta"]));
        assert_eq!(needs("[0-9]{4}(?:-token)+"), some(&["-token"]));
        assert_eq!(needs("[0-9a-f]{40}"), None);
        assert_eq!(needs("(?:abc)?[0-9]"), None);
    }

    #[test]
    fn bytes_that_are_no_text_keep_their_places() {
        assert_eq!(&*readable(b"a\xff\xe2\x82b"), b"a\x1a\x1a\x1ab");
        assert_eq!(&*readable("grün".as_bytes()), "grün".as_bytes());
    }
}
