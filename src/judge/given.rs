//! What a value is worth that was given to a credential's name: by how it was made, by the name, by what ties
//! them and by the file.

mod earned;
mod lines;
mod named;
mod shown;
mod tells;
mod unsure;

use super::file::{self, Facts, File};
use super::layout::Layout;
use super::made::{Made, classes, made};
use super::places::Place;
use super::surroundings;
use super::{JUDGE_REACH, choice, digest, within};
use crate::assigned::{
    self, Assigned, Link, Quote,
    name::{self, Meaning},
};
use crate::document::{Aspect, Document};
use crate::finding::{Candidate, Confidence, Reason};
use crate::rule::Credential;
use lines::{
    before, behind, has_digest_beside, has_secret_beside, is_amid_long_line, is_among_digests, is_in_binary_patch,
    is_in_span, line, line_start, neighbours,
};
use std::ops::Range;
use tells::{has_operators, is_in_pieces};

/// What was seen of a value, and what it comes to.
pub(super) struct Given {
    /// What was seen, in order.
    pub saw: Vec<String>,
    /// How sure, or why not at all.
    pub verdict: Result<Confidence, Reason>,
}

/// Judges the value of a rule that finds what is assigned to names.
pub(super) fn judged(candidate: &Candidate, document: &Document) -> Option<Given> {
    let class = candidate.rule.spec.assigned?;
    let (text, span) = match &candidate.decoded {
        Some(decoded) => (&decoded.text[..], &decoded.span),
        None => (&document.text[..], &candidate.span),
    };
    let found = read_again(candidate, text, span, class)?;
    let facts = Facts::of(&document.origin.judged_path());
    let case = Case {
        value: &text[found.value.clone()],
        name: &text[found.name.clone()],
        word: &text[found.word.clone()],
        meaning: name::meaning(text, &found, class),
        line: line(text, span),
        line_start: line_start(text, span),
        is_among_digests: is_among_digests(text, span),
        is_recorded: facts.is_record || candidate.decoded.is_none() && surroundings::is_in_binary(text, span),
        file: match document.origin.part {
            part if is_message(part) => File::Prose,
            _ if surroundings::is_in_report(text, span.start) => File::Foreign,
            _ if facts.is_page && surroundings::is_shown_in_page(text, span.start) => File::Manual,
            _ => facts.sort,
        },
        is_in_span: is_in_span(text, found.name.start),
        is_in_page: facts.is_page,
        is_in_code: facts.has_expressions && candidate.decoded.is_none(),
        is_makefile: facts.is_makefile,
        is_option: found.name.start > 0 && text[found.name.start - 1] == b'-',
        is_in_string: surroundings::is_inside_quotes(text, span),
        is_in_block: surroundings::is_inside_comment(text, span.start),
        is_passing: class == Credential::Token && surroundings::is_in_answer(text, span)
            || class == Credential::Key && surroundings::is_to_search(text, span)
            || class == Credential::Password && surroundings::is_of_a_call(text, span)
            || document.origin.inside.is_some() && file::is_of_sessions(&document.origin.judged_path()),
        has_salt: class == Credential::Password && surroundings::has_salt(text, span),
        is_of_a_person: class == Credential::Password && surroundings::is_of_a_person(text, span),
        is_in_settings_code: facts.is_settings_code,
        is_compact: facts.has_expressions && is_amid_long_line(text, span),
        place: facts.place,
        is_in_binary_patch: is_in_binary_patch(text, span),
        is_in_docstring: shown::is_in_docstring(before(text, span), behind(text, span)),
        is_known_answer: class == Credential::Password && has_digest_beside(text, span),
        is_beside_a_series: neighbours(text, span).into_iter().flatten().any(shown::has_series),
        is_in_record: shown::has_time(
            &text[span.start.saturating_sub(JUDGE_REACH)..(span.end + JUDGE_REACH).min(text.len())],
        ),
        is_in_plain_page: facts.is_plain_page,
        layout: facts.layout,
        is_of_public_service: facts.is_of_public_service,
        is_in_archive: document.origin.inside.is_some(),
        is_beside_its_secret: class == Credential::Key && has_secret_beside(text, span, &text[found.name.clone()]),
        found,
        class,
    };
    let made = made(case.value);
    let mut saw = vec![made.text().to_owned(), format!("{:?} to a name that {}", case.found.link, case.meaning_text())];
    saw.push(format!("in {}", case.file.text()));
    let verdict = case.verdict(made);
    if verdict.is_ok() {
        saw.extend(case.false_class(made).or_else(|| case.earned(made).1).map(str::to_owned));
    }
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

struct Case<'a> {
    value: &'a [u8],
    name: &'a [u8],
    /// The credential's own word in the name.
    word: &'a [u8],
    meaning: Meaning,
    line: &'a [u8],
    /// Where the line begins in the text.
    line_start: usize,
    /// The lines next to it have as many hexadecimal digits each, under names of other things.
    is_among_digests: bool,
    /// In a file of rows that a program wrote: of a database, of a log.
    is_recorded: bool,
    file: File,
    found: Assigned,
    class: Credential,
    /// Name and all stand in a code span.
    is_in_span: bool,
    /// In a file of a programming language, a test's too.
    is_in_code: bool,
    /// In a page with text for people between its tags.
    is_in_page: bool,
    is_in_string: bool,
    /// Between the marks of a comment of several lines.
    is_in_block: bool,
    /// What something handed out for a while, or to every visitor.
    is_passing: bool,
    /// A salt stands near.
    has_salt: bool,
    /// Beside what is kept of a person.
    is_of_a_person: bool,
    /// In a program that is somebody's settings, told by its path.
    is_in_settings_code: bool,
    /// In a program without line ends near by, as tools write it.
    is_compact: bool,
    /// Where values are made up or somebody else's.
    place: Option<Place>,
    /// In a line of bytes that Git wrote into a patch.
    is_in_binary_patch: bool,
    /// In a literal between three quotes, which documentation stands in.
    is_in_docstring: bool,
    /// Its digest stands beside it.
    is_known_answer: bool,
    /// A line next to it has a value that counts through the alphabet.
    is_beside_a_series: bool,
    /// A time stands near, as in what an interface answered.
    is_in_record: bool,
    /// In a page without a program on a server.
    is_in_plain_page: bool,
    /// How the file is laid out, if it is no program.
    layout: Layout,
    /// In a file that is called after a service whose keys go out to everybody.
    is_of_public_service: bool,
    /// In a file of an archive, a table of a database.
    is_in_archive: bool,
    /// The secret of its pair stands on a line next to it.
    is_beside_its_secret: bool,
    is_makefile: bool,
    /// The name is an option of a command.
    is_option: bool,
}

impl Case<'_> {
    fn meaning_text(&self) -> &'static str {
        match self.meaning {
            Meaning::Strong => "means a credential",
            Meaning::Weak => "may mean a credential",
            Meaning::Other => "means something else",
        }
    }

    fn verdict(&self, made: Made) -> Result<Confidence, Reason> {
        if self.is_phrase_for_signing() {
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
        if self.is_in_binary_patch {
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
        if within::is_of_settings(self.value) {
            return Err(Reason::Shape("settings side by side"));
        }
        if self.class != Credential::Password
            && (within::is_name(self.value) || within::is_name_in_capitals(self.value))
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
        if self.is_code() || self.is_compact && self.found.quote == Quote::Bare && has_operators(self.value) {
            return Err(Reason::Reference("an expression"));
        }
        if self.found.quote == Quote::Bare && choice::is_alias(self.value) {
            return Err(Reason::Reference("what stands elsewhere in the file"));
        }
        if self.is_makefile && self.is_target() {
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
        if matches!(self.file, File::Prose | File::Manual) && self.is_in_span && is_made_up {
            return Err(Reason::Context("a sentence that shows how it is written"));
        }
        let base = match self.class {
            Credential::Password => self.of_password(made),
            Credential::Secret => self.of_secret(made),
            Credential::Key | Credential::Token => self.of_key(made),
        };
        let base = base.ok_or(Reason::Shape("not how such credentials are made"))?;
        Ok(self.lowered(base, made))
    }

    fn of_password(&self, made: Made) -> Option<Confidence> {
        let in_settings = self.file == File::Settings;
        let is_strong_name = self.meaning == Meaning::Strong;
        Some(match made {
            Made::Random if digest::is_cipher_text(self.value) => Confidence::Medium,
            Made::Random => Confidence::High,
            Made::Strong => {
                let has_digit = self.value.iter().any(u8::is_ascii_digit);
                if self.value.len() >= 8 && classes(self.value) >= 3 && has_digit {
                    Confidence::High
                } else {
                    Confidence::Medium
                }
            }
            // In a table of users it is what remained of a password.
            Made::Hex if in_settings && self.found.link == Link::Placed || self.has_salt => Confidence::Low,
            Made::Hex if self.is_recorded && digest::is_as_long(self.value) => Confidence::Low,
            Made::Hex => Confidence::Medium,
            Made::Uuid => Confidence::Low,
            Made::Weak if in_settings && is_strong_name && self.value.len() >= 8 && classes(self.value) >= 3 => {
                Confidence::Medium
            }
            Made::Weak if is_strong_name => Confidence::Low,
            // A word in a comment of settings is the stock value.
            Made::Word
                if in_settings
                    && is_strong_name
                    && self.is_plainly_tied()
                    && !self.is_label()
                    && !self.is_comment() =>
            {
                Confidence::Low
            }
            Made::Word if is_strong_name && self.is_chosen() => Confidence::Low,
            Made::Number if is_strong_name && self.found.quote != Quote::Bare && self.value.len() <= 12 => {
                Confidence::Low
            }
            _ => return None,
        })
    }

    fn of_secret(&self, made: Made) -> Option<Confidence> {
        Some(match made {
            Made::Random => Confidence::High,
            Made::Hex if self.value.len() >= 24 => Confidence::High,
            Made::Hex | Made::Uuid => Confidence::Medium,
            Made::Strong if self.value.len() >= 8 => Confidence::Medium,
            Made::Strong => Confidence::Low,
            Made::Weak if self.meaning == Meaning::Strong && self.value.len() >= 8 => Confidence::Low,
            _ => return None,
        })
    }

    fn of_key(&self, made: Made) -> Option<Confidence> {
        let is_id = made == Made::Hex && digest::is_openpgp_id(self.value) && !self.names_a_service();
        if is_id || self.names_a_signer() && digest::is_fingerprint(self.value) {
            return None;
        }
        Some(match made {
            Made::Random if self.value.len() >= 20 => Confidence::High,
            Made::Random => Confidence::Medium,
            Made::Hex if self.value.len() >= 32 => Confidence::High,
            Made::Hex if self.value.len() > 16 || self.names_a_service() => Confidence::Medium,
            // An id of 64 bits: of a key that signs packages, of a device.
            Made::Hex => Confidence::Low,
            Made::Uuid if !self.word.eq_ignore_ascii_case(b"key") && self.class == Credential::Key => {
                Confidence::Medium
            }
            Made::Uuid if self.class == Credential::Key => return None,
            Made::Uuid => Confidence::Low,
            Made::Strong if self.value.len() >= 10 && self.meaning == Meaning::Strong => Confidence::Low,
            _ => return None,
        })
    }

    /// Whether the name says that the key opens something, and is not merely a key.
    fn names_a_service(&self) -> bool {
        let says = |word: &String| {
            matches!(
                word.as_str(),
                "api" | "apikey" | "access" | "auth" | "app" | "account" | "secret" | "token" | "service"
            )
        };
        name::words(self.name).iter().any(says)
    }

    /// What the file, the link and the words of the line take away.
    fn lowered(&self, base: Confidence, made: Made) -> Confidence {
        let mut level = base;
        if self.meaning == Meaning::Weak || matches!(self.found.link, Link::Compared | Link::Default) {
            level = lower(level);
        }
        let is_of_bytes = made == Made::Hex && self.value.contains(&b',');
        if self.found.link == Link::Told || self.found.quote == Quote::Amid || self.file == File::Prose || is_of_bytes {
            level = level.min(Confidence::Medium);
        }
        // What programs record are the tokens of sessions mostly.
        if self.class == Credential::Token && self.is_recorded {
            level = level.min(Confidence::Medium);
        }
        // A salt alone opens nothing.
        if name::words(self.name).last().is_some_and(|word| word.ends_with("salt")) {
            level = Confidence::Low;
        }
        if self.class != Credential::Password && self.is_hidden_field() {
            level = Confidence::Low;
        }
        if self.class == Credential::Token && self.is_of_a_visit() {
            level = lower(level.min(Confidence::Medium));
        }
        if made == Made::Hex && self.is_among_digests {
            level = Confidence::Low;
        }
        if self.class == Credential::Token && self.is_signature() {
            level = Confidence::Low;
        }
        if self.is_comment() || self.is_in_block && self.is_in_code {
            level = if made == Made::Random { lower(level) } else { Confidence::Low };
        }
        let is_short = self.value.len() < 24;
        if self.meaning == Meaning::Weak && is_short && matches!(self.class, Credential::Key | Credential::Token) {
            level = Confidence::Low;
        }
        if self.is_of_page() || self.is_passing || self.is_told_of_a_token() {
            level = Confidence::Low;
        }
        if is_in_pieces(self.value) {
            level = level.min(Confidence::Medium);
        }
        let is_long = made == Made::Random && self.value.len() >= 20;
        let cap = match self.file {
            File::Sample | File::Prose if !is_long => Confidence::Low,
            File::Sample => Confidence::Medium,
            File::Foreign | File::Test | File::Manual | File::Translation | File::Style => Confidence::Low,
            _ if self.is_compact && self.is_in_page => Confidence::Low,
            _ if self.is_compact => {
                if is_short {
                    Confidence::Low
                } else {
                    Confidence::Medium
                }
            }
            _ => Confidence::High,
        };
        let level = level.min(cap);
        if self.speaks_of_a_sample() || self.false_class(made).is_some() {
            Confidence::Low
        } else {
            level.min(self.earned(made).0)
        }
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

fn lower(level: Confidence) -> Confidence {
    match level {
        Confidence::High => Confidence::Medium,
        Confidence::Medium | Confidence::Low => Confidence::Low,
    }
}
