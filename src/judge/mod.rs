//! A candidate in, a finding or a dismissal with its reason out. The one place where a hit dies.

mod allow;
mod armour;
mod books;
mod called;
mod check;
mod checksum;
mod choice;
mod claims;
mod decodes;
mod digest;
mod drawn;
mod endings;
mod escapes;
mod file;
mod given;
mod hosts;
mod known;
mod layout;
mod letters;
mod literal;
mod made;
mod mashed;
mod openpgp;
mod otherwise;
mod phrases;
mod pkcs12;
pub(crate) mod placeholder;
mod places;
mod public;
mod reference;
mod seed_phrase;
mod spelled;
mod statistics;
mod stock;
mod structure;
mod surroundings;
mod translation;
mod vendored;
mod warned;
mod within;
mod words_digested;

use crate::document::Document;
use crate::finding::{Candidate, Confidence, Finding, Reason, Step, confidence_name};
use crate::rule::{Credential, Kind};
use file::Facts;
use made::Made;

pub use allow::{Allow, On, When};

/// How far to either side of a secret the judge looks, in bytes: its line, the line above, the quotes.
pub const JUDGE_REACH: usize = 512;

/// Who judges, and by what.
#[derive(Debug)]
pub struct Judge {
    /// Findings below it are dismissed.
    pub min_confidence: Confidence,
    /// Allow comments and entries are ignored.
    pub no_allow: bool,
    /// The configuration's allow entries.
    pub allows: Vec<Allow>,
}

impl Default for Judge {
    fn default() -> Self {
        Judge { min_confidence: Confidence::Low, no_allow: false, allows: Vec::new() }
    }
}

/// What the judge says of a candidate.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Why it does not stand, if it does not.
    pub dismissed: Option<Reason>,
    /// How sure it is, if it stands.
    pub confidence: Confidence,
    /// What the checks saw, in order.
    pub steps: Vec<Step>,
}

impl Judge {
    /// Judges one candidate of a document.
    pub fn verdict(&self, candidate: &Candidate, document: &Document) -> Verdict {
        let mut case = Case::new(candidate, document);
        let dismissed = case
            .something_else()
            .or_else(|| case.value())
            .or_else(|| case.checks())
            .or_else(|| self.allowed(&mut case))
            .or_else(|| {
                let is_below = case.confidence < self.min_confidence;
                case.saw("confidence", confidence_name(case.confidence));
                is_below.then_some(Reason::Confidence)
            });
        Verdict { dismissed, confidence: case.confidence, steps: case.steps }
    }

    /// Whether an entry of the configuration allows a finding of a whole history by all the commits that brought it.
    pub fn allows_commits_of(&self, finding: &Finding) -> bool {
        let Some(lifecycle) = finding.lifecycle.as_ref().filter(|l| !self.no_allow && !l.introduced.is_empty()) else {
            return false;
        };
        let commits = || lifecycle.introduced.iter().map(|moment| moment.commit_id.as_str());
        self.allows.iter().any(|allow| allow.covers_commits(finding.rule.id(), commits()))
    }

    /// Whether an entry of the configuration goes by commits: then what stands in a text depends on who brought it.
    pub fn goes_by_commits(&self) -> bool {
        !self.no_allow
            && self.allows.iter().any(|allow| allow.when.as_ref().is_some_and(|when| !when.commits.is_empty()))
    }

    fn allowed(&self, case: &mut Case<'_>) -> Option<Reason> {
        if self.no_allow {
            return None;
        }
        if let Some(reason) = allow::by_comment(case.candidate, &case.document.text) {
            case.saw("allow", "a comment allows it");
            return Some(Reason::AllowedByComment(reason));
        }
        let entry = self.allows.iter().find(|allow| allow.covers(case.candidate, case.document))?;
        entry.mark_used();
        case.saw("allow", format!("{} allows it", entry.place));
        Some(Reason::AllowedByConfig(entry.reason.clone()))
    }
}

/// A candidate before the judge, and what was seen of it so far.
struct Case<'a> {
    candidate: &'a Candidate,
    document: &'a Document,
    confidence: Confidence,
    steps: Vec<Step>,
    /// How its value was made, if that was looked at.
    made: Option<Made>,
}

impl<'a> Case<'a> {
    fn new(candidate: &'a Candidate, document: &'a Document) -> Self {
        let confidence = candidate.rule.spec.confidence;
        let mut case = Case { candidate, document, confidence, steps: Vec::new(), made: None };
        case.saw("pattern", "matches");
        case
    }

    fn saw(&mut self, check: &'static str, saw: impl Into<String>) {
        self.steps.push(Step { check, saw: saw.into() });
    }

    /// What is given to a name and is a name itself, an address, an expression. Most of what stands behind a credential's
    /// name is that, and it shows without a look at anything else.
    fn something_else(&mut self) -> Option<Reason> {
        let candidate = self.candidate;
        let secret = candidate.secret.expose();
        let class = candidate.rule.spec.assigned?;
        if !candidate.forms.is_empty() || secret.len() >= choice::LEAST_FOR_SIGNING {
            return None;
        }
        let made = made::made(secret);
        self.made = Some(made);
        let is_no_key = class != Credential::Password && matches!(made, Made::Word | Made::Number);
        let is_no_token = matches!(class, Credential::Key | Credential::Token) && made == Made::Weak;
        let what = match made {
            Made::Other(what) => what,
            _ if is_no_key || is_no_token => given::NOT_MADE_SO,
            _ => return None,
        };
        self.saw("made", made.text());
        Some(Reason::Shape(what))
    }

    /// Whether the secret is a real value at all.
    fn value(&mut self) -> Option<Reason> {
        if self.candidate.rule.takes_any_text() {
            return None;
        }
        let secret = self.candidate.secret.expose();
        let is_weak = literal::is_weak(&self.candidate.rule.spec);
        if stock::is_in_force(self.candidate, self.document) {
            self.saw("placeholder", "digits that everybody tries, in force");
            return None;
        }
        let why = placeholder::gives_away(secret, is_weak).or_else(|| {
            let is_shown = is_weak
                && placeholder::is_shown_for_one(secret)
                && Facts::of(&self.document.origin.judged_path()).is_explanation();
            is_shown.then_some("words that describe it, in a text that explains")
        });
        self.saw("placeholder", why.unwrap_or("no sign of one"));
        why.map(Reason::Placeholder)
    }

    fn checks(&mut self) -> Option<Reason> {
        let rule = &self.candidate.rule;
        let dismissed = rule.spec.checks.iter().find_map(|check| self.check(check));
        if dismissed.is_none()
            && let Some((saw, fall)) = known::lowered(self.candidate, self.document, self.confidence)
        {
            self.saw("path", saw);
            self.lower();
            if fall == known::Fall::Low {
                self.confidence = Confidence::Low;
            }
        }
        if dismissed.is_none() && rule.kind == Kind::Secret && rule.spec.assigned.is_none() && self.is_shown() {
            self.saw("path", "shown to readers");
            self.lower();
        }
        if dismissed.is_none() && rule.kind == Kind::Secret && self.is_recorded() {
            self.saw("path", "an exchange that a test recorded");
            self.lower();
        }
        if dismissed.is_none() && self.is_word_of_a_program() {
            self.saw("path", "a word amid the texts of a compiled program");
            self.lower();
        }
        if dismissed.is_none()
            && rule.spec.assigned.is_none()
            && literal::is_weak(&rule.spec)
            && self.candidate.forms.is_empty()
            && surroundings::is_inside_markup_comment(&self.document.text, self.candidate.span.start)
        {
            self.saw("comment", "a comment of XML, as samples of settings are given");
            self.lower();
        }
        if dismissed.is_none()
            && self.confidence == Confidence::Medium
            && drawn::is_in_force(self.candidate, self.document)
        {
            self.saw("made", drawn::TEXT);
            self.confidence = Confidence::High;
        }
        dismissed
    }

    /// What a page shows as code, and the made-up logins of translated texts.
    fn is_shown(&self) -> bool {
        let (rule, candidate) = (&self.candidate.rule, self.candidate);
        let path = self.document.origin.judged_path();
        let is_in_page = || rule.spec.generic && file::is_page(&path);
        is_in_page() && surroundings::is_shown_in_page(&self.document.text, candidate.span.start)
            || literal::is_weak(&rule.spec) && file::is_translation(&path)
    }

    /// Recorded exchanges hold tokens that were handed out for a while: VCR's cassettes.
    fn is_recorded(&self) -> bool {
        let path = self.document.origin.judged_path();
        let is_told_by_form = !self.candidate.rule.spec.generic && self.candidate.rule.spec.assigned.is_none();
        is_told_by_form && path.split(|b| matches!(b, b'/' | b'_')).any(|part| part == b"cassettes")
    }

    /// Compiled programs hold what they tell their users: `Usage: connect user/password`, in many languages.
    fn is_word_of_a_program(&self) -> bool {
        let candidate = self.candidate;
        literal::is_weak(&candidate.rule.spec)
            && !candidate.secret.expose().iter().any(u8::is_ascii_digit)
            && surroundings::is_in_binary(&self.document.text, &candidate.span)
    }

    fn made(&mut self) -> Option<Reason> {
        let given = given::judged(self.candidate, self.document, self.made)?;
        given.saw.into_iter().for_each(|saw| self.saw("made", saw));
        match given.verdict {
            Ok(confidence) => {
                self.confidence = confidence;
                None
            }
            Err(reason) => Some(reason),
        }
    }

    fn lower(&mut self) {
        self.confidence = match self.confidence {
            Confidence::High => Confidence::Medium,
            Confidence::Medium | Confidence::Low => Confidence::Low,
        };
    }
}
