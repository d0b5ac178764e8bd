//! What a value is worth that was given to a credential's name: by how it was made, by the name, by what ties
//! them and by the file.

use super::JUDGE_REACH;
use super::file::{self, Facts, File};
use super::made::{Made, classes, made};
use super::surroundings;
use super::{choice, digest, placeholder, within};
use crate::assigned::{
    self, Assigned, Link, Quote,
    name::{self, Meaning},
};
use crate::document::{Aspect, Document};
use crate::finding::{Candidate, Confidence, Reason};
use crate::rule::Credential;
use std::ops::Range;

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
            || document.origin.inside.is_some() && file::is_of_sessions(&document.origin.judged_path()),
        has_salt: class == Credential::Password && surroundings::has_salt(text, span),
        is_compact: facts.has_expressions && is_amid_long_line(text, span),
        found,
        class,
    };
    let made = made(case.value);
    let mut saw = vec![made.text().to_owned(), format!("{:?} to a name that {}", case.found.link, case.meaning_text())];
    saw.push(format!("in {}", case.file.text()));
    Some(Given { verdict: case.verdict(made), saw })
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

/// The line round a span, as far as the judge looks.
fn line<'t>(text: &'t [u8], span: &Range<usize>) -> &'t [u8] {
    let until = (span.end + JUDGE_REACH).min(text.len());
    let start = line_start(text, span);
    let end = memchr::memchr(b'\n', &text[span.end..until]).map_or(until, |nl| span.end + nl);
    &text[start..end]
}

/// Where the line begins, as far as the judge looks.
fn line_start(text: &[u8], span: &Range<usize>) -> usize {
    let from = span.start.saturating_sub(JUDGE_REACH);
    memchr::memrchr(b'\n', &text[from..span.start]).map_or(from, |nl| from + nl + 1)
}

/// Whether no line ends on either side, as far as the judge looks.
fn is_amid_long_line(text: &[u8], span: &Range<usize>) -> bool {
    let before = &text[span.start.saturating_sub(JUDGE_REACH)..span.start];
    let behind = &text[span.end..(span.end + JUDGE_REACH).min(text.len())];
    [before, behind].into_iter().all(|side| side.len() == JUDGE_REACH && !side.contains(&b'\n'))
}

/// `"about": "4035…", "api_keys": "27d4…", "bookmarks": "6558…"`: whether the lines above and below have as many
/// hexadecimal digits, behind names that say of no credential.
fn is_among_digests(text: &[u8], span: &Range<usize>) -> bool {
    let is_hex = |word: &[u8]| word.iter().all(u8::is_ascii_hexdigit);
    if !digest::is_as_long(&text[span.clone()]) || !is_hex(&text[span.clone()]) {
        return false;
    }
    let from = span.start.saturating_sub(JUDGE_REACH);
    let until = (span.end + JUDGE_REACH).min(text.len());
    let above = text[from..span.start].rsplit(|b| *b == b'\n').nth(1);
    let below = text[span.end..until].split(|b| *b == b'\n').nth(1);
    let is_of_others = |line: &[u8]| {
        let mut words = line.split(|b| !b.is_ascii_alphanumeric());
        let has_digest = words.any(|word| word.len() == span.len() && is_hex(word));
        has_digest
            && !["key", "secret", "token", "pass", "auth", "salt"].iter().any(|word| surroundings::contains(line, word))
    };
    [above, below].into_iter().flatten().all(is_of_others) && above.is_some() && below.is_some()
}

/// Whether a code span was opened on the line before the place: `` `password = "x"` ``.
fn is_in_span(text: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(JUDGE_REACH);
    let start = memchr::memrchr(b'\n', &text[from..at]).map_or(from, |nl| from + nl + 1);
    text[start..at].iter().filter(|b| **b == b'`').count() % 2 == 1
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
    /// In a program without line ends near by, as tools write it.
    is_compact: bool,
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
        if made == Made::Hex && digest::is_openpgp_id(self.value) && !self.names_a_service() {
            return None;
        }
        Some(match made {
            Made::Random if self.value.len() >= 20 => Confidence::High,
            Made::Random => Confidence::Medium,
            Made::Hex if self.value.len() >= 32 => Confidence::High,
            Made::Hex => Confidence::Medium,
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
        if self.speaks_of_a_sample() { Confidence::Low } else { level }
    }

    /// `<meta name="y_key" content="…">`: what a server tells the browser of a page.
    fn is_of_page(&self) -> bool {
        self.found.link == Link::Sibling && surroundings::contains(self.line, "<meta ")
    }

    /// A text tells of the tokens that programs hand each other, rather than of those that people keep.
    fn is_told_of_a_token(&self) -> bool {
        let words = name::words(self.name);
        let is_handed = |word: &String| {
            matches!(
                word.as_str(),
                "access" | "refresh" | "id" | "bearer" | "token" | "oauth" | "auth" | "x" | "authorization"
            )
        };
        self.class == Credential::Token
            && matches!(self.file, File::Prose | File::Sample | File::Manual)
            && words.iter().all(is_handed)
    }

    /// `<input type="hidden" name="token" value="…">`: what a page hands back, as it was recorded.
    fn is_hidden_field(&self) -> bool {
        let Some(at) = self.found.value.start.checked_sub(self.line_start) else { return false };
        let Some(open) = memchr::memrchr(b'<', &self.line[..at.min(self.line.len())]) else { return false };
        let tag = &self.line[open..];
        let tag = &tag[..memchr::memchr(b'>', tag).unwrap_or(tag.len())];
        open + tag.len() > at
            && ["\"hidden\"", "'hidden'", "=hidden"].iter().any(|word| surroundings::contains(tag, word))
    }

    /// What stands before the name, as far as an address goes.
    fn address_before(&self) -> &[u8] {
        let len = self.found.name.start.saturating_sub(self.line_start).min(self.line.len());
        let before = &self.line[..len];
        let is_word = |b: &u8| b.is_ascii_graphic() && !b"\"'`<>(".contains(b);
        let start = before.iter().rposition(|b| !is_word(b)).map_or(0, |at| at + 1);
        &before[start..]
    }

    /// `?e=1700000000&token=…`, `?Expires=…&token=…`: what opens one address until a time.
    fn is_signature(&self) -> bool {
        let address = self.address_before();
        let Some(query) = memchr::memchr(b'?', address).map(|at| &address[at + 1..]) else { return false };
        query.split(|b| matches!(b, b'&' | b';')).any(|pair| {
            let Some(at) = memchr::memchr(b'=', pair) else { return false };
            let (name, until) = (&pair[..at], &pair[at + 1..]);
            let is_end = [&b"e"[..], b"expires", b"expire", b"exp", b"deadline", b"se"]
                .iter()
                .any(|end| name.eq_ignore_ascii_case(end));
            is_end && (9..=13).contains(&until.len()) && until.iter().all(u8::is_ascii_digit)
        })
    }

    /// `index.php?route=login&token=…`: a token in an address without a host, or of this machine, is one that was given
    /// out for a visit, as a recorded page has it.
    fn is_of_a_visit(&self) -> bool {
        let address = self.address_before();
        let is_in_query = matches!(address.last(), Some(b'?' | b'&' | b';')) && address.contains(&b'?');
        let has_host = || {
            memchr::memmem::find(address, b"://").is_some_and(|at| {
                let host = &address[at + 3..];
                ![&b"localhost"[..], b"127.", b"[::1]"].iter().any(|own| host.starts_with(own))
            })
        };
        is_in_query && !has_host()
    }

    /// `password: build`
    fn is_target(&self) -> bool {
        let behind = self.line.trim_ascii_start().strip_prefix(self.name);
        behind.is_some_and(|behind| behind.starts_with(b":") && !behind.starts_with(b":="))
    }

    /// `signingkey = 9F8B2C7D1A0E4B53`: the keys of PGP are named by capital digits.
    fn is_fingerprint(&self, made: Made) -> bool {
        let is_named = self.word.to_ascii_lowercase().starts_with(b"signing") && matches!(self.value.len(), 16 | 40);
        made == Made::Hex && is_named && !self.value.iter().any(u8::is_ascii_lowercase)
    }

    /// One word with a capital, as texts for people begin.
    fn is_label(&self) -> bool {
        self.value[0].is_ascii_uppercase()
            && self.value[1..].iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_punctuation())
    }

    /// A plain word that code gives to a password, or compares one with (in a test any word does), or that a text for
    /// people shows behind a variable.
    fn is_chosen(&self) -> bool {
        let is_tied = self.is_plainly_tied() || self.found.link == Link::Compared;
        let is_enclosed = matches!(self.found.quote, Quote::Quoted | Quote::Tags);
        let in_code = matches!(self.file, File::Code | File::Sample) && is_enclosed && is_tied;
        let in_prose = self.file == File::Prose && choice::is_variable(self.name) && self.is_plainly_tied();
        choice::is_plain_word(self.value) && (in_prose || in_code && !self.speaks_of_a_sample())
    }

    fn is_phrase_for_signing(&self) -> bool {
        matches!(self.class, Credential::Secret | Credential::Key)
            && self.meaning == Meaning::Strong
            && self.found.quote == Quote::Quoted
            && choice::is_phrase_for_signing(self.name, self.value)
            && !self.repeats_its_name(self.value)
    }

    /// Whether the line is a comment in a program or in settings.
    fn is_comment(&self) -> bool {
        let line = self.line.trim_ascii_start();
        let marks: &[&str] = match self.file {
            File::Code => &["#", "//", "*", "/*", ";;", "--"],
            File::Settings => &["#", ";", "//", "-- "],
            _ => &[],
        };
        marks.iter().any(|mark| line.starts_with(mark.as_bytes())) && !line.starts_with(b"#define")
    }

    /// Whether the line or the value says that it is made up for a test.
    fn speaks_of_a_sample(&self) -> bool {
        let is_whose = |word: &String| matches!(word.as_str(), "my" | "your" | "some");
        let is_joined = self.name.eq_ignore_ascii_case(&[b"my", self.word].concat());
        if is_joined || name::words(self.name).first().is_some_and(is_whose) {
            return true;
        }
        let words = [
            "example", "dummy", "fake", "mock", "assert", "expect(", "should", "sample", "invalid", "testing",
            "for test", "foobar",
        ];
        let line = self.line.to_ascii_lowercase();
        words.iter().any(|word| memchr::memmem::find(&line, word.as_bytes()).is_some())
            || name::words(self.name)
                .iter()
                .chain(&name::words(self.value))
                .any(|w| matches!(w.as_str(), "test" | "tests" | "tester" | "foo" | "bar" | "demo" | "local"))
    }

    /// `=`, `:` or tags, not amid other text.
    fn is_plainly_tied(&self) -> bool {
        matches!(self.found.link, Link::Given | Link::Sibling | Link::Element) && self.found.quote != Quote::Amid
    }

    /// A value without quotes in a programming language.
    fn is_code(&self) -> bool {
        let is_expression = match self.found.quote {
            Quote::Bare => self.found.link != Link::Told && !(self.is_option && self.found.link == Link::Following),
            Quote::Amid => !self.is_comment(),
            Quote::Quoted | Quote::Tags => false,
        };
        is_expression
            && !self.is_exported()
            && self.is_in_code
            && !self.is_in_string
            && !self.is_in_block
            && !choice::is_no_number(self.value)
            && !(self.is_in_page && choice::is_no_operand(self.value))
    }

    /// `export PASSWORD=x`: a shell's, in a here-document.
    fn is_exported(&self) -> bool {
        let behind = self.line.trim_ascii_start().strip_prefix(b"export ");
        behind.and_then(|line| line.strip_prefix(self.name)).is_some_and(|line| line.starts_with(b"="))
    }

    /// `CRAM-MD5` given to `AUTH`: capitals and numbers, in parts each of which begins with a capital or is a number.
    fn names_a_mechanism(&self) -> bool {
        let is_part = |part: &[u8]| {
            let is_number = !part.is_empty() && part.iter().all(u8::is_ascii_digit);
            let is_name = part.first().is_some_and(u8::is_ascii_uppercase)
                && part.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            is_number || is_name
        };
        self.word.to_ascii_lowercase().starts_with(b"auth")
            && self.value.contains(&b'-')
            && self.value.len() <= 24
            && self.value.split(|b| *b == b'-').all(is_part)
    }

    /// Whether the value is made of the words of its name, or of words for credentials.
    fn repeats_its_name(&self, value: &[u8]) -> bool {
        let letters = |text: &[u8]| -> Vec<u8> {
            text.iter().filter(|b| b.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect()
        };
        let is_service = self.class == Credential::Password
            && matches!(self.file, File::Settings | File::Prose)
            && choice::is_named_after_its_service(self.name, value);
        if is_service || placeholder::is_made_for_a_policy(value) {
            return false;
        }
        let (plain, name) = (letters(value), letters(self.name));
        let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
        if plain.len() >= 3 && name.len() >= 3 && digits <= 1 && (name.ends_with(&plain) || plain.ends_with(&name)) {
            return true;
        }
        let words = name::words(value);
        let known = |w: &String| {
            CREDENTIAL_WORDS.split_ascii_whitespace().any(|c| c == w) || name::words(self.name).contains(w)
        };
        digits <= 1 && !words.is_empty() && words.iter().all(known)
    }
}

/// `ho?ho.isBuffer:e`: what only expressions have.
fn has_operators(value: &[u8]) -> bool {
    value.iter().any(|b| b"?!()[]{}|&;,<>".contains(b))
}

/// Whether one mark comes again and again, as between the pieces of something that has parts. Amid characters drawn
/// by lot each mark is rare.
fn is_in_pieces(value: &[u8]) -> bool {
    let marks = || value.iter().filter(|b| b.is_ascii_punctuation() && **b != b'-');
    marks().any(|mark| {
        let times = value.iter().filter(|b| *b == mark).count();
        times >= 4 && times * 8 >= value.len()
    })
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
