//! What a value is worth that was given to a credential's name: by how it was made, by the name, by what ties
//! them and by the file.

use super::JUDGE_REACH;
use super::made::{Made, classes, made};
use super::surroundings::{self, extension};
use super::{digest, within};
use crate::assigned::{
    self, Assigned, Link, Quote,
    name::{self, Meaning},
};
use crate::document::Document;
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
    let found = read_again(candidate, &document.text)?;
    let path = &document.origin.path;
    let case = Case {
        value: &document.text[found.value.clone()],
        name: &document.text[found.name.clone()],
        word: &document.text[found.word.clone()],
        meaning: name::meaning(&document.text, &found, class),
        line: line(&document.text, &candidate.span),
        file: File::of(path),
        is_in_span: is_in_span(&document.text, found.name.start),
        is_in_code: is_code(path),
        is_in_string: surroundings::is_inside_quotes(&document.text, &candidate.span),
        found,
        class,
    };
    let made = made(case.value);
    let mut saw = vec![made.text().to_owned(), format!("{:?} to a name that {}", case.found.link, case.meaning_text())];
    saw.push(format!("in {}", case.file.text()));
    Some(Given { verdict: case.verdict(made), saw })
}

/// The same as the detector read.
fn read_again(candidate: &Candidate, text: &[u8]) -> Option<Assigned> {
    let spec = &candidate.rule.spec;
    let at = candidate.anchor;
    spec.anchors.iter().find_map(|anchor| {
        let stands = text.get(at..at + anchor.len())?.eq_ignore_ascii_case(anchor.as_bytes());
        assigned::read(text, at..at + anchor.len(), &spec.reach).filter(|f| stands && f.value == candidate.span)
    })
}

/// The line round a span, as far as the judge looks.
fn line<'t>(text: &'t [u8], span: &Range<usize>) -> &'t [u8] {
    let from = span.start.saturating_sub(JUDGE_REACH);
    let until = (span.end + JUDGE_REACH).min(text.len());
    let start = memchr::memrchr(b'\n', &text[from..span.start]).map_or(from, |nl| from + nl + 1);
    let end = memchr::memchr(b'\n', &text[span.end..until]).map_or(until, |nl| span.end + nl);
    &text[start..end]
}

/// Whether a code span was opened on the line before the place: `` `password = "x"` ``.
fn is_in_span(text: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(JUDGE_REACH);
    let start = memchr::memrchr(b'\n', &text[from..at]).map_or(from, |nl| from + nl + 1);
    text[start..at].iter().filter(|b| **b == b'`').count() % 2 == 1
}

/// What sort of file it is, as far as that tells what a value is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum File {
    /// Settings of something that runs, or no path at all.
    Settings,
    /// A program.
    Code,
    /// Text for people.
    Prose,
    /// Translations.
    Translation,
    /// How something looks.
    Style,
    /// Pages of documentation.
    Manual,
    /// A test.
    Test,
    /// An example.
    Sample,
    /// Generated, locked or vendored.
    Foreign,
}

const CODE: &str = "\
    py js mjs cjs jsx ts tsx rb php go java kt kts scala groovy gradle cs vb fs rs ex exs erl swift m mm dart lua pl \
    pm r clj cljs c h cc cpp hpp hs ml vue svelte sol zig nim jl cfm cfc ino d coffee el lisp scm jsp asp aspx erb \
    html htm ejs hbs twig cshtml razor pas dpr";
const STYLE: &str = "css scss sass less styl svg";
const TRANSLATION: &str = "po pot xlf xliff strings resx ftl arb lproj lang mo";
const PROSE: &str = "md mdx rst adoc txt asciidoc textile org tex 1 3 5 7 8 man pod rdoc wiki";

fn is_code(path: &[u8]) -> bool {
    let extension = extension(path).unwrap_or_default();
    CODE.split_ascii_whitespace().any(|e| extension.eq_ignore_ascii_case(e.as_bytes()))
}

impl File {
    fn of(path: &[u8]) -> File {
        let lower = path.to_ascii_lowercase();
        let name = lower.rsplit(|b| *b == b'/').next().unwrap_or_default();
        let extension = extension(&lower).unwrap_or_default();
        let is = |list: &str| list.split_ascii_whitespace().any(|e| e.as_bytes() == extension);
        let folder =
            |names: &[&str]| lower.split(|b| *b == b'/').any(|part| names.iter().any(|name| part == name.as_bytes()));
        let has = |mark: &str| memchr::memmem::find(name, mark.as_bytes()).is_some();
        if is(TRANSLATION)
            || folder(&[
                "locale",
                "locales",
                "i18n",
                "l10n",
                "translations",
                "lang",
                "langs",
                "languages",
                "intl",
                "nls",
            ])
            || name.starts_with(b"messages")
            || has("messages_")
            || has("translation")
        {
            return File::Translation;
        }
        if is(STYLE) {
            return File::Style;
        }
        let foreign = folder(&[
            "vendor",
            "node_modules",
            "third_party",
            "bower_components",
            "dist",
            "generated",
            "site-packages",
        ]);
        if foreign
            || is("lock map snap")
            || has(".min.")
            || has("-lock.")
            || has(".lock.")
            || has(".sum")
            || has(".pb.")
            || has("_pb2")
        {
            return File::Foreign;
        }
        if surroundings::is_test(path) {
            return File::Test;
        }
        if surroundings::is_sample(path) {
            let manual = ["doc", "docs", "documentation", "guide", "guides", "book", "manual", "manpages", "man"];
            return match is(PROSE) {
                true if folder(&manual) => File::Manual,
                true => File::Prose,
                false => File::Sample,
            };
        }
        if is(PROSE) {
            return File::Prose;
        }
        if is_code(path) { File::Code } else { File::Settings }
    }

    fn text(self) -> &'static str {
        match self {
            File::Settings => "settings",
            File::Code => "a program",
            File::Prose => "a text for people",
            File::Translation => "a translation",
            File::Style => "a style sheet",
            File::Manual => "documentation",
            File::Test => "a test",
            File::Sample => "an example",
            File::Foreign => "a file that somebody else made",
        }
    }
}

struct Case<'a> {
    value: &'a [u8],
    name: &'a [u8],
    /// The credential's own word in the name.
    word: &'a [u8],
    meaning: Meaning,
    line: &'a [u8],
    file: File,
    found: Assigned,
    class: Credential,
    /// Name and all stand in a code span.
    is_in_span: bool,
    /// In a file of a programming language, a test's too.
    is_in_code: bool,
    is_in_string: bool,
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
        if let Made::Other(what) = made {
            return Err(Reason::Shape(what));
        }
        if digest::is_enciphered(self.value) {
            return Err(Reason::Encrypted("a device's cipher"));
        }
        if self.class != Credential::Password && within::is_name(self.value) {
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
        if self.is_code() {
            return Err(Reason::Reference("an expression"));
        }
        let is_random = matches!(made, Made::Random | Made::Hex | Made::Uuid);
        if matches!(self.file, File::Translation | File::Style) && !is_random {
            return Err(Reason::Context("a translation or a style sheet"));
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
            Made::Random => Confidence::High,
            Made::Strong => {
                if self.value.len() >= 8 && classes(self.value) >= 3 {
                    Confidence::High
                } else {
                    Confidence::Medium
                }
            }
            Made::Hex => Confidence::Medium,
            Made::Uuid | Made::Digest => Confidence::Low,
            Made::Weak if in_settings && is_strong_name && self.value.len() >= 8 && classes(self.value) >= 3 => {
                Confidence::Medium
            }
            Made::Weak if is_strong_name => Confidence::Low,
            Made::Word if in_settings && is_strong_name && self.is_plainly_tied() => Confidence::Low,
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
        if self.found.link == Link::Told || self.file == File::Prose {
            level = level.min(Confidence::Medium);
        }
        if self.is_comment() {
            level = if made == Made::Random { lower(level) } else { Confidence::Low };
        }
        let is_long = made == Made::Random && self.value.len() >= 20;
        let cap = match self.file {
            File::Sample | File::Translation | File::Style | File::Prose if !is_long => Confidence::Low,
            File::Sample => Confidence::Medium,
            File::Foreign | File::Test | File::Manual => Confidence::Low,
            _ => Confidence::High,
        };
        let level = level.min(cap);
        if self.speaks_of_a_sample() { Confidence::Low } else { level }
    }

    /// Whether the line is a comment in a program.
    fn is_comment(&self) -> bool {
        let line = self.line.trim_ascii_start();
        self.file == File::Code
            && ["#", "//", "*", "/*", ";;", "--"].iter().any(|mark| line.starts_with(mark.as_bytes()))
            && !line.starts_with(b"#define")
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
        matches!(self.found.link, Link::Given | Link::Sibling | Link::Element)
    }

    /// A value without quotes in a programming language.
    fn is_code(&self) -> bool {
        self.found.quote == Quote::Bare && self.is_in_code && self.found.link != Link::Told && !self.is_in_string
    }

    /// Whether the value is made of the words of its name, or of words for credentials.
    fn repeats_its_name(&self, value: &[u8]) -> bool {
        let letters = |text: &[u8]| -> Vec<u8> {
            text.iter().filter(|b| b.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect()
        };
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

/// How a password in base64 was made: as its text was, if a person made that up.
fn made_inside(outside: Made, text: &[u8]) -> Made {
    match made(text) {
        Made::Strong => Made::Strong,
        Made::Weak | Made::Word | Made::Number => Made::Weak,
        _ => outside,
    }
}

/// Words of which no real value is made up.
pub(super) const CREDENTIAL_WORDS: &str = "\
    password passwd pwd pass secret token key api apikey auth credential credentials passphrase user username my your \
    the a new old wrong bad invalid correct incorrect right good valid test foo bar baz access client some any \
    passwort wachtwoord contrasena clave senha mdp super very secure plain text value string db database encrypted \
    unencrypted hashed refresh bearer session jwt id first second another other random default";

fn lower(level: Confidence) -> Confidence {
    match level {
        Confidence::High => Confidence::Medium,
        Confidence::Medium | Confidence::Low => Confidence::Low,
    }
}
