//! What each check of a rule makes of a candidate.

use super::{Case, armour, checksum, decodes, hosts, known, literal, seed_phrase, statistics, structure, surroundings};
use crate::finding::{Confidence, Reason, confidence_name};
use crate::rule::{Check, Checksum, Decodes, Text};

/// From so many bytes on, a length or an entropy does not help to guess a secret.
const LONG: usize = 20;

impl Case<'_> {
    /// Why the check dismisses it, if it does.
    pub(super) fn check(&mut self, check: &Check) -> Option<Reason> {
        let secret = self.candidate.secret.expose();
        match check {
            Check::Entropy(least) => self.entropy(*least),
            Check::EntropyAbove(bound) => {
                let bits = statistics::entropy_of_characters(secret);
                self.saw("entropy", format!("{bits:.2} bits, above {bound:.2} expected"));
                (bits <= *bound).then_some(Reason::Entropy)
            }
            Check::Distinct(least) => self.distinct(*least as usize),
            Check::Mixed => {
                let mixed = secret.iter().any(u8::is_ascii_digit) && secret.iter().any(u8::is_ascii_alphabetic);
                self.saw("mixed", if mixed { "letters and digits" } else { "no mix of letters and digits" });
                (!mixed).then_some(Reason::Shape("letters and digits are expected"))
            }
            Check::MinLength(least) => {
                let is_short = secret.len() < *least as usize;
                self.measured("length", secret.len().to_string(), !is_short, ("bytes", format!("at least {least}")));
                is_short.then_some(Reason::Shape("too short"))
            }
            Check::MaxLength(most) => {
                let is_long = secret.len() > *most as usize;
                self.measured("length", secret.len().to_string(), !is_long, ("bytes", format!("at most {most}")));
                is_long.then_some(Reason::Shape("too long"))
            }
            Check::Structure(kind) => {
                let holds = structure::holds(*kind, secret);
                self.saw(
                    "structure",
                    if holds { "that of a real one" } else { "not that of a real one: invented or altered" },
                );
                self.confidence = if holds { Confidence::High } else { self.confidence.min(Confidence::Medium) };
                None
            }
            Check::Checksum(kind) => {
                let holds = checksum::holds(*kind, secret);
                self.saw("checksum", if holds { "holds" } else { "does not hold" });
                self.confidence = if holds { Confidence::High } else { self.confidence };
                if holds && *kind == Checksum::Bip39 && seed_phrase::is_published(secret) {
                    self.saw("sample", "a published sample");
                    return Some(Reason::Placeholder("a published sample"));
                }
                (!holds).then_some(Reason::Checksum)
            }
            Check::Decodes(kind) => self.decodes(*kind),
            Check::PartNot { part, values } => self.part_not(part, values),
            Check::Near(words) => {
                self.near(words).is_none().then_some(Reason::Context("none of the expected words near by"))
            }
            Check::NotNear(words) => self.near(words).map(|_| Reason::Context("a word near by speaks against it")),
            Check::RaisedBy(words) => {
                self.raised_by(words);
                None
            }
            Check::LoweredBy(words) => {
                if self.near(words).is_some()
                    && !surroundings::names_its_own_host(self.candidate, self.document)
                    && !hosts::is_elsewhere(self.candidate, self.document, words)
                {
                    self.lower();
                    self.saw("lowered", format!("to {}", confidence_name(self.confidence)));
                }
                None
            }
            Check::LowAt(parts) => {
                self.low_at(parts);
                None
            }
            Check::NotContaining(words) => self.not_containing(words),
            Check::Literal => {
                let why = literal::is_no_literal(self.candidate, self.document);
                self.saw("literal", why.as_ref().map_or_else(|| "a literal".to_owned(), Reason::text));
                why
            }
            Check::Made => self.made(),
            Check::AnyText => {
                self.saw("any-text", "placeholders count too");
                None
            }
        }
    }

    fn part_not(&mut self, part: &str, values: &[Text]) -> Option<Reason> {
        let Some(piece) = self.candidate.parts.iter().find(|p| p.name == part) else {
            self.saw("part", format!("there is no {part}"));
            return None;
        };
        let is_one = values.iter().any(|v| piece.value.expose().eq_ignore_ascii_case(v.as_bytes()));
        self.saw("part", format!("{part} {} one of the excluded values", if is_one { "is" } else { "is not" }));
        is_one.then_some(Reason::Context("a part of it belongs to another rule"))
    }

    /// Notes a figure of the secret, unless it would help to guess it: then only whether it is as it should be.
    fn measured(&mut self, check: &'static str, figure: String, holds: bool, (unit, bound): (&str, String)) {
        let secret = self.candidate.secret.expose();
        let tells = secret.len() < LONG || literal::is_weak(&self.candidate.rule.spec);
        self.saw(
            check,
            match (tells, holds) {
                (false, _) => format!("{figure} {unit}, {bound}"),
                (true, true) => format!("holds: {bound} {unit}"),
                (true, false) => format!("does not hold: {bound} {unit}"),
            },
        );
    }

    fn near<'w>(&mut self, words: &'w [Text]) -> Option<&'w str> {
        let found = surroundings::near(self.candidate, self.document, words);
        self.saw("near", found.map_or_else(|| "none of the words".to_owned(), |word| format!("{word:?}")));
        found
    }

    fn decodes(&mut self, kind: Decodes) -> Option<Reason> {
        let secret = self.candidate.secret.expose();
        let holds = decodes::holds(kind, secret);
        self.saw("decodes", if holds { "to what is expected" } else { "to something else" });
        if let Some(words) = armour::warning(secret).filter(|_| holds && kind == Decodes::PrivateKey) {
            self.saw("sample", format!("{words:?} between its lines, of a sample or in a comment"));
            self.confidence = Confidence::Low;
        }
        if holds && kind == Decodes::BasicUser && decodes::is_of_words(secret) {
            self.saw("decodes", "two words");
            self.confidence = Confidence::Low;
        }
        (!holds).then_some(Reason::Shape("it decodes to something else"))
    }

    fn low_at(&mut self, parts: &[Text]) {
        let path = self.document.origin.judged_path();
        let is_at = |part: &str| match part.strip_suffix('$') {
            Some(end) => path.len() >= end.len() && path[path.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes()),
            None => surroundings::contains(&path, part),
        };
        let found = parts.iter().find(|part| is_at(part));
        self.saw("at", found.map_or_else(|| "no such path".to_owned(), |part| format!("{part:?}")));
        self.confidence = if found.is_some() { Confidence::Low } else { self.confidence };
    }

    fn not_containing(&mut self, words: &[Text]) -> Option<Reason> {
        let secret = self.candidate.secret.expose();
        let found = words.iter().find(|w| surroundings::contains(secret, w));
        if found.is_none() && words.iter().any(|word| known::is_nearly(secret, word.as_bytes())) {
            self.saw("sample", "a published sample with a few characters changed");
            self.confidence = Confidence::Low;
            return None;
        }
        self.saw("sample", if found.is_some() { "a published sample" } else { "none of the published samples" });
        found.map(|_| Reason::Placeholder("a published sample"))
    }

    fn raised_by(&mut self, words: &[Text]) {
        if self.near(words).is_some() {
            self.confidence = match self.confidence {
                Confidence::Low => Confidence::Medium,
                Confidence::Medium | Confidence::High => Confidence::High,
            };
            self.saw("raised", format!("to {}", confidence_name(self.confidence)));
        }
    }

    fn entropy(&mut self, least: f32) -> Option<Reason> {
        let bits = statistics::entropy(self.candidate.secret.expose());
        let is_too_low = bits < f64::from(least);
        self.measured(
            "entropy",
            format!("{bits:.2}"),
            !is_too_low,
            ("bits a character", format!("at least {least:.2}")),
        );
        is_too_low.then_some(Reason::Entropy)
    }

    fn distinct(&mut self, least: usize) -> Option<Reason> {
        let distinct = statistics::distinct(self.candidate.secret.expose());
        let is_too_low = distinct < least;
        self.measured("distinct", distinct.to_string(), !is_too_low, ("characters", format!("at least {least}")));
        is_too_low.then_some(Reason::Entropy)
    }
}
