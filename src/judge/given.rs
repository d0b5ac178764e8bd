//! What a value is worth that was given to a credential's name: by how it was made, by the name, by what ties
//! them and by the file.

mod aside;
mod earned;
mod levels;
mod lines;
mod named;
mod round;
mod settings;
mod shown;
mod tells;
mod unsure;

use super::file::{Facts, File};
use super::layout::Layout;
use super::made::{Made, made};
use super::surroundings;
use super::{choice, digest, within};
use crate::assigned::{
    self, Assigned, Link, Quote,
    name::{self, Meaning},
};
use crate::document::{Aspect, Document};
use crate::finding::{Candidate, Confidence, Reason};
use crate::rule::Credential;
use lines::{line, line_start};
use std::cell::OnceCell;
use std::ops::Range;
use tells::has_operators;

/// Words and numbers where keys are drawn by lot.
pub(super) const NOT_MADE_SO: &str = "not how such credentials are made";

/// What was seen of a value, and what it comes to.
pub(super) struct Given {
    /// What was seen, in order.
    pub saw: Vec<String>,
    /// How sure, or why not at all.
    pub verdict: Result<Confidence, Reason>,
}

/// Judges the value of a rule that finds what is assigned to names; `known`: how it was made, if that is known.
pub(super) fn judged(candidate: &Candidate, document: &Document, known: Option<Made>) -> Option<Given> {
    let class = candidate.rule.spec.assigned?;
    let (text, span) = match &candidate.decoded {
        Some(decoded) => (&decoded.text[..], &decoded.span),
        None => (&document.text[..], &candidate.span),
    };
    let found = read_again(candidate, text, span, class)?;
    let path = document.origin.judged_path();
    let mut facts = Facts::of(&path);
    if facts.sort == File::Prose && settings::may_hold(&path) && settings::is_among(text, span) {
        (facts.sort, facts.layout) = (File::Settings, Layout::Settings);
    }
    let may_be_set_up = || facts.layout == Layout::Unknown && settings::is_dotfile(&path);
    if facts.sort == File::Settings && may_be_set_up() && settings::is_among_pairs(text, span) {
        facts.layout = Layout::Settings;
    }
    let case = Case {
        candidate,
        document,
        text,
        span,
        is_decoded: candidate.decoded.is_some(),
        facts,
        value: &text[found.value.clone()],
        name: &text[found.name.clone()],
        words: OnceCell::new(),
        word: &text[found.word.clone()],
        meaning: name::meaning(text, &found, class),
        line: line(text, span),
        line_start: line_start(text, span),
        file: match document.origin.part {
            part if is_message(part) => File::Prose,
            _ if surroundings::is_in_report(text, span.start) => File::Foreign,
            _ if facts.is_page && surroundings::is_shown_in_page(text, span.start) => File::Manual,
            _ => facts.sort,
        },
        found,
        class,
    };
    let made = known.unwrap_or_else(|| made(case.value));
    let mut saw = vec![made.text().to_owned(), format!("{:?} to a name that {}", case.found.link, case.meaning_text())];
    saw.push(format!("in {}", case.file.text()));
    let verdict = case.verdict(made).map(|(level, why)| {
        saw.extend(why.map(str::to_owned));
        level
    });
    Some(Given { verdict, saw })
}

/// Whether it is a text that people write for people: a commit's message, a tag's, a note.
fn is_message(part: Aspect) -> bool {
    matches!(part, Aspect::CommitMessage | Aspect::TagMessage | Aspect::Note)
}

/// The same as the detector read.
fn read_again(candidate: &Candidate, text: &[u8], span: &Range<usize>, class: Credential) -> Option<Assigned> {
    let spec = &candidate.rule.spec;
    let is_whole = candidate.decoded.is_none();
    let read = |at: usize| {
        spec.anchors.iter().find_map(|anchor| {
            let stands = text.get(at..at + anchor.len())?.eq_ignore_ascii_case(anchor.as_bytes());
            let found =
                stands.then(|| assigned::reading(text, is_whole, at..at + anchor.len(), &spec.reach).ok())??;
            (found.value == *span).then_some(found)
        })
    };
    // A view does not say where the anchor stands in it, and other words of the name mean something else.
    let is_meant = |found: &Assigned| name::meaning(text, found, class) != Meaning::Other;
    if is_whole { read(candidate.anchor) } else { (0..text.len()).filter_map(read).find(is_meant) }
}

/// How sure, and what keeps it from being surer.
type Sure = (Confidence, Option<&'static str>);

struct Case<'a> {
    candidate: &'a Candidate,
    document: &'a Document,
    /// The text that it stands in, decoded if need be.
    text: &'a [u8],
    /// Where the value stands in it.
    span: &'a Range<usize>,
    is_decoded: bool,
    /// What the path tells.
    facts: Facts,
    value: &'a [u8],
    name: &'a [u8],
    words: OnceCell<Vec<String>>,
    /// The credential's own word in the name.
    word: &'a [u8],
    meaning: Meaning,
    line: &'a [u8],
    /// Where the line begins in the text.
    line_start: usize,
    file: File,
    found: Assigned,
    class: Credential,
}

impl Case<'_> {
    fn meaning_text(&self) -> &'static str {
        match self.meaning {
            Meaning::Strong => "means a credential",
            Meaning::Weak => "may mean a credential",
            Meaning::Other => "means something else",
        }
    }

    fn verdict(&self, made: Made) -> Result<Sure, Reason> {
        let is_drawn = matches!(made, Made::Random | Made::Hex);
        if !is_drawn && self.is_phrase_for_signing() {
            return Ok(self.lowered(Confidence::Low, made));
        }
        if let Made::Other(what) = made {
            return Err(Reason::Shape(what));
        }
        if self.meaning == Meaning::Other {
            return Err(Reason::Context("the name of something else"));
        }
        if digest::is_enciphered(self.value) {
            return Err(Reason::Encrypted("a device's cipher"));
        }
        if self.is_in_binary_patch() {
            return Err(Reason::Shape("a line of a binary patch"));
        }
        if self.class == Credential::Password && digest::is_signed(self.value) {
            return Err(Reason::Shape("a value with its signature"));
        }
        if self.found.link == Link::Told && (within::ends_a_sentence(self.value) || within::is_number_of(self.value)) {
            return Err(Reason::Context("a word of a sentence or a table"));
        }
        if self.value.strip_suffix(b"=").is_some_and(choice::is_setting) || choice::is_other_variable(self.value) {
            return Err(Reason::Context("another setting"));
        }
        if matches!(self.class, Credential::Key | Credential::Token) && within::is_list(self.value) {
            return Err(Reason::Shape("a list"));
        }
        let is_mount = || self.found.link == Link::Following && self.value.starts_with(b"id=") && self.is_option();
        if is_mount() {
            return Err(Reason::Reference("the name of a secret that is mounted"));
        }
        if within::is_of_settings(self.value) {
            return Err(Reason::Shape("settings side by side"));
        }
        if self.class != Credential::Password
            && (within::is_name(self.value)
                || within::is_name_in_capitals(self.value)
                || within::is_name_of_secret(self.value)
                || within::is_permission(self.value))
        {
            return Err(Reason::Shape("the name of something"));
        }
        let made = match within::text_in_base64(self.value) {
            Some(text) if self.repeats_its_name(&text) => {
                return Err(Reason::Placeholder("the same as its name, in base64"));
            }
            Some(text) if within::is_sentence(&text) => return Err(Reason::Placeholder("a sentence in base64")),
            Some(text) if self.class == Credential::Password => made_inside(made, &text),
            _ => made,
        };
        if self.repeats_its_name(self.value) {
            return Err(Reason::Placeholder("the same as its name"));
        }
        if within::is_counted(self.value) {
            return Err(Reason::Placeholder("a word for it and two numbers"));
        }
        if let Some(reason) = self.is_aside() {
            return Err(reason);
        }
        if self.is_code() || self.is_compact() && self.found.quote == Quote::Bare && has_operators(self.value) {
            return Err(Reason::Reference("an expression"));
        }
        if self.found.quote == Quote::Bare && choice::is_alias(self.value) {
            return Err(Reason::Reference("what stands elsewhere in the file"));
        }
        if self.facts.is_makefile && self.is_target() {
            return Err(Reason::Context("a target of a makefile"));
        }
        if self.is_fingerprint(made) {
            return Err(Reason::Shape("the fingerprint of a key"));
        }
        if digest::is_algorithm(self.value) {
            return Err(Reason::Shape("the name of an algorithm"));
        }
        if self.names_a_mechanism() {
            return Err(Reason::Shape("the name of a way to log in"));
        }
        let is_random = matches!(made, Made::Random | Made::Hex | Made::Uuid);
        // Labels have no digits amid their letters.
        let is_no_label = made == Made::Strong
            && self.value.len() >= 8
            && self.value.iter().any(u8::is_ascii_digit)
            && !self.value.contains(&b' ');
        if matches!(self.file, File::Translation | File::Style) && !is_random && !is_no_label {
            return Err(Reason::Context("a translation or a style sheet"));
        }
        if made == Made::Uuid && self.file == File::Test && self.class != Credential::Password {
            return Err(Reason::Context("a UUID in a test"));
        }
        let is_made_up = matches!(made, Made::Weak | Made::Word | Made::Number);
        if matches!(self.file, File::Prose | File::Manual) && self.is_in_span() && is_made_up {
            return Err(Reason::Context("a sentence that shows how it is written"));
        }
        let base = match self.class {
            Credential::Password => self.of_password(made),
            Credential::Secret => self.of_secret(made),
            Credential::Key | Credential::Token => self.of_key(made),
        };
        let base = base.ok_or(Reason::Shape(NOT_MADE_SO))?;
        Ok(self.lowered(base, made))
    }
}

/// How a password in base64 was made: as its text was, if a person made that up.
fn made_inside(outside: Made, text: &[u8]) -> Made {
    // A login has the password behind the colon.
    let text = memchr::memchr(b':', text).map_or(text, |colon| &text[colon + 1..]);
    match made(text) {
        Made::Strong => Made::Strong,
        Made::Weak | Made::Number => Made::Weak,
        Made::Word | Made::Other("an identifier") => Made::Word,
        _ => outside,
    }
}

/// Words of which no real value is made up.
pub(super) const CREDENTIAL_WORDS: &str = "\
    password passwd pwd pass secret token key api apikey auth credential credentials passphrase user username my your \
    the a new old wrong bad invalid correct incorrect right good valid test foo bar baz access client some any \
    passwort wachtwoord contrasena clave senha mdp super very secure plain text value string db database encrypted \
    unencrypted hash hashed short long weak refresh bearer session jwt id first second another other random default";
