//! What a finding of a rule that knows a provider or a format is worth where it stands: in a test, an example, a text for
//! people, a comment, or beside a user who is only described.

use super::endings;
use super::file::{self, Facts, File};
use super::places::Place;
use super::{called, digest, literal, mashed, placeholder, structure, surroundings, vendored, warned, words_digested};
use crate::document::{Aspect, Document};
use crate::finding::{Candidate, Confidence};
use crate::rule::{Check, Checksum, Kind};
use std::borrow::Cow;

/// How far a finding falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fall {
    /// By a level.
    Level,
    /// To low.
    Low,
}

/// Why a finding is less sure than its rule says, and how far it falls.
pub(super) fn lowered(
    candidate: &Candidate,
    document: &Document,
    confidence: Confidence,
) -> Option<(&'static str, Fall)> {
    let rule = &candidate.rule;
    if rule.spec.assigned.is_some() {
        return None;
    }
    let path = document.origin.judged_path();
    match rule.kind {
        Kind::Secret => {}
        Kind::File => {
            let is_sample = Facts::of(&path).is_sample;
            return is_sample.then_some(("a test, an example or documentation", Fall::Level));
        }
        Kind::Hygiene => {
            let is_less = confidence == Confidence::High && file::is_of_others(&path);
            return is_less.then_some(("a test, an example, documentation or what somebody else made", Fall::Level));
        }
    }
    let path = endings::without_app(&path).filter(|_| is_private_key(candidate)).map_or(path, Cow::Owned);
    let proof = Proof::of(candidate);
    by_line(candidate, document)
        .or_else(|| by_login(candidate))
        .or_else(|| {
            let is_mashed = literal::is_weak(&rule.spec) && mashed::is_mashed(candidate.secret.expose());
            is_mashed.then_some((mashed::TEXT, Fall::Low))
        })
        .or_else(|| called::is_name_of_secret(candidate).then_some(("a name that says what it is of", Fall::Low)))
        .or_else(|| stock_comment(candidate, document, &path).map(|fall| (STOCK_COMMENT, fall)))
        .or_else(|| {
            let is_known = words_digested::is_of_word(candidate.secret.expose());
            is_known.then_some(("the digest of a common word", Fall::Low))
        })
        .or_else(|| is_digest_in_record(candidate, &path).then_some(("as long as a digest, in a record", Fall::Low)))
        .or_else(|| (proof == Proof::None && is_explained(document, candidate, &path)).then_some(EXPLAINED))
        .or_else(|| by_file(candidate, document, &path, proof, confidence))
}

const EXPLAINED: (&str, Fall) = ("an example in a program's documentation", Fall::Low);
const STOCK_COMMENT: &str = "a comment of settings, as samples are given";

/// What shows that a value was given out, wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// A checksum, or an id beside it that names an account.
    Sum,
    /// A structure that invented ones seldom have.
    Structure,
    /// Nothing.
    None,
}

impl Proof {
    fn of(candidate: &Candidate) -> Proof {
        let checks = &candidate.rule.spec.checks;
        let names_account = |key_id: &String| structure::aws_account(key_id.as_bytes()).is_some();
        let holds = |check: &Check| match check {
            Check::Structure(kind) => structure::holds(*kind, candidate.secret.expose()),
            _ => false,
        };
        // A wallet makes the sum of a seed phrase itself: that of a test's is right as well.
        let is_given_out = |check: &Check| matches!(check, Check::Checksum(kind) if *kind != Checksum::Bip39);
        if checks.iter().any(is_given_out)
            || !candidate.parts.is_empty() && candidate.key_id.as_ref().is_some_and(names_account)
        {
            return Proof::Sum;
        }
        if checks.iter().any(holds) { Proof::Structure } else { Proof::None }
    }
}

/// By the sort of file. What tests, manuals and other people's code hold opens nothing of one's own, unless it can be seen
/// to have been given out; an example may be a copy of what runs.
fn by_file(
    candidate: &Candidate,
    document: &Document,
    path: &[u8],
    proof: Proof,
    confidence: Confidence,
) -> Option<(&'static str, Fall)> {
    let part = document.origin.part;
    if matches!(part, Aspect::CommitMessage | Aspect::TagMessage | Aspect::Note) {
        return (proof == Proof::None).then_some(("a text for people", Fall::Level));
    }
    // Translations are what some folders are called for, whatever else they hold.
    let sort = match Facts::of(path).sort {
        File::Translation if surroundings::is_test(path) => File::Test,
        File::Translation if vendored::is_vendored(path) => File::Foreign,
        sort => sort,
    };
    if proof == Proof::None && is_guide(path) {
        return Some(("a guide", Fall::Low));
    }
    let place = Facts::of(path).place.filter(|place| matches!(place, Place::Patch | Place::Release));
    if let Some(place) =
        place.filter(|_| proof == Proof::None && !matches!(sort, File::Test | File::Manual | File::Foreign))
    {
        return Some((place.text(), Fall::Level));
    }
    if proof == Proof::None && is_exchange(path) && sort != File::Test {
        return Some(("a recorded exchange", Fall::Level));
    }
    match (sort, proof) {
        (File::Manual, Proof::Structure) => (confidence == Confidence::High).then_some(("documentation", Fall::Level)),
        (_, Proof::Sum | Proof::Structure) => None,
        (File::Test, Proof::None) if is_run(path) => None,
        (File::Foreign, Proof::None) if file::is_lock(path) => None,
        (File::Foreign, Proof::None) if !vendored::is_vendored(path) => {
            Some(("a file that a program made", Fall::Level))
        }
        (File::Test | File::Manual | File::Foreign, Proof::None) => Some((sort.text(), Fall::Low)),
        (File::Sample | File::Prose, Proof::None) if is_private_key(candidate) => {
            Some(("a key that is only shown", Fall::Low))
        }
        (File::Translation, Proof::None) => Some(("a translation", Fall::Low)),
        (File::Sample, Proof::None) => Some(("an example", Fall::Level)),
        // What only the names beside it tell is shown there; a note for oneself has no marks for readers.
        (File::Prose, Proof::None) if candidate.rule.spec.generic && surroundings::extension(path) != Some(b"txt") => {
            Some(("a text for people", Fall::Low))
        }
        (File::Prose, Proof::None) => {
            let is_less = confidence == Confidence::High || literal::is_weak(&candidate.rule.spec);
            is_less.then_some(("a text for people", Fall::Level))
        }
        (File::Code, Proof::None) if is_seed_phrase(candidate) && !Facts::of(path).is_settings_code => {
            Some(("in a program, in which wallets are tried out", Fall::Level))
        }
        _ if is_key_for_trials(candidate, path) => Some(("a key to try something out with", Fall::Low)),
        _ if is_private_key(candidate) && proof == Proof::None => warned::as_it_stands(candidate, document, path)
            .filter(|(_, fall)| *fall == Fall::Low || confidence == Confidence::High),
        _ => None,
    }
}

fn is_private_key(candidate: &Candidate) -> bool {
    candidate.rule.id().starts_with("private-key-")
}

fn is_seed_phrase(candidate: &Candidate) -> bool {
    candidate.rule.spec.checks.contains(&Check::Checksum(Checksum::Bip39))
}

/// Whether a private key's path says that it is for nobody's machine but the developer's, or for trials.
fn is_key_for_trials(candidate: &Candidate, path: &[u8]) -> bool {
    const WORDS: [&str; 9] =
        ["localhost", "snakeoil", "snake-oil", "insecure", "samplecert", "dummy", "/stub", "integration", "vagrant"];
    is_private_key(candidate) && WORDS.iter().any(|word| surroundings::contains(path, word))
}

/// Whether a file that is called a test does the work itself: `test.py`, in which somebody tries something out, and what a
/// service runs on every push.
fn is_run(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    let stem = name.split(|b| *b == b'.').next().unwrap_or_default();
    let folder = &path[..path.len() - name.len()];
    // `config/test.exs` is what Elixir's tests are set up by.
    let is_tried_out = stem.eq_ignore_ascii_case(b"test")
        && file::is_code(path)
        && !name.ends_with(b".exs")
        && !surroundings::is_sample(folder);
    is_tried_out || memchr::memmem::find(path, b".github/workflows/").is_some()
}

/// Whether the path is that of what a guide builds.
fn is_guide(path: &[u8]) -> bool {
    path.split(|b| *b == b'/').any(|part| matches!(part, b"guides" | b"tutorial" | b"tutorials"))
}

/// Whether the path is that of requests and answers, in which a login holds for a while, or of what an IDE sends them with.
fn is_exchange(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    name.starts_with(b"http-client.")
        || surroundings::extension(path).is_some_and(|extension| matches!(extension, b"har" | b"http" | b"rest"))
}

/// By what stands before it on its line: words for what is made up, and names for what a form shows; or the report of
/// another scanner.
fn by_line(candidate: &Candidate, document: &Document) -> Option<(&'static str, Fall)> {
    const MADE_UP: [&str; 5] = ["placeholder", "dummy", "fake", "mock", "bogus"];
    let text = &document.text;
    let at = candidate.span.start.min(candidate.whole.start);
    if surroundings::is_in_report(text, at) || surroundings::is_before_report(text, candidate.span.end) {
        return Some(("the report of a scanner", Fall::Low));
    }
    let before = &text[at.saturating_sub(NAMED)..at];
    let line = &before[memchr::memrchr(b'\n', before).map_or(0, |end| end + 1)..];
    // A name and its value may stand on two lines.
    let line = if line.iter().any(u8::is_ascii_alphanumeric) { line } else { line_before(text, at - line.len()) };
    let is_shown = || {
        let end = line.iter().rposition(|b| b.is_ascii_alphanumeric()).map_or(0, |last| last + 1);
        let tie = &line[end..];
        line[..end].to_ascii_lowercase().ends_with(b"example") && tie.iter().any(|b| matches!(b, b':' | b'='))
    };
    let secret = candidate.secret.expose();
    // What is drawn by lot has no such runs; passwords that people make up do.
    const COUNTED: [&str; 4] = ["abc123", "abcdef", "123456", "xyz789"];
    let is_drawn = !literal::is_weak(&candidate.rule.spec) && !is_private_key(candidate);
    // A key in base64 is long enough to spell such a word by chance.
    let is_called =
        !is_private_key(candidate) && ["fake", "dummy"].iter().any(|word| surroundings::contains(secret, word));
    let says_so = is_called
        || is_drawn
            && secret.len() <= 200
            && (secret.ends_with(b"secret") || COUNTED.iter().any(|word| surroundings::contains(secret, word)));
    let is_of_test = || {
        is_private_key(candidate)
            && (["test_", "_test"].iter().any(|word| surroundings::contains(line, word))
                || says_it_is_of_a_test(line_before(text, at - line.len()))
                || warned::is_warned_of(text, at))
    };
    let is_made_up =
        says_so || is_of_test() || MADE_UP.iter().any(|word| surroundings::contains(line, word)) || is_shown();
    is_made_up.then_some(("a line that says it is made up", Fall::Low))
}

/// `// This is a test RSA private key and not used anywhere`: whether a comment says that a key is a test's.
fn says_it_is_of_a_test(line: &[u8]) -> bool {
    let is_comment = ["//", "#", "/*", "*", "--"].iter().any(|mark| line.starts_with(mark.as_bytes()));
    is_comment && surroundings::contains(line, "key") && surroundings::contains(line, " test ")
}

/// How far before a value its name is looked for.
const NAMED: usize = 120;

/// Whether a value is a published sample but for a few of its characters: `EXAMAAAKEY`. It is of one length with the
/// sample or holds it.
pub(super) fn is_nearly(value: &[u8], sample: &[u8]) -> bool {
    let differs = |part: &[u8]| part.iter().zip(sample).filter(|(a, b)| !a.eq_ignore_ascii_case(b)).count();
    sample.len() >= 16 && value.windows(sample.len()).any(|part| differs(part) * 4 <= sample.len())
}

/// Whether the line explains a program to its readers: code within the comments that documentation is made of, and the YAML
/// in the strings of Ansible's modules.
fn is_explained(document: &Document, candidate: &Candidate, path: &[u8]) -> bool {
    if !file::is_code(path) && surroundings::extension(path) != Some(b"rbs") {
        return false;
    }
    let text = &document.text;
    let start = memchr::memrchr(b'\n', &text[..candidate.span.start]).map_or(0, |at| at + 1);
    if candidate.span.start - start > super::JUDGE_REACH {
        return false;
    }
    let line = text[start..candidate.span.start].trim_ascii_start();
    let extension = surroundings::extension(path).unwrap_or_default();
    let is_indented = |rest: &[u8], blanks: usize| {
        rest.first() == Some(&b'\t') || rest.len() > blanks && rest[..blanks].iter().all(|b| *b == b' ')
    };
    match extension {
        b"py" => (is_yaml(line) || line.is_empty()) && is_yaml(line_before(text, start)),
        b"rb" | b"rbs" => line.strip_prefix(b"#").is_some_and(|rest| is_indented(rest, 3)),
        b"go" => line.strip_prefix(b"//").is_some_and(|rest| is_indented(rest, 3)),
        b"rs" => line.starts_with(b"///") || line.starts_with(b"//!"),
        _ => line.starts_with(b"* ") || line.starts_with(b"/// "),
    }
}

/// How far a password falls in a comment of settings, a blank behind its mark: `# set mmonit http://monit:monit@host`; or in
/// any comment what only its name tells, by more amid a comment of several lines, as settings begin with. A line that was
/// taken out, `#DB_PASSWORD=…`, was in force.
fn stock_comment(candidate: &Candidate, document: &Document, path: &[u8]) -> Option<Fall> {
    let spec = &candidate.rule.spec;
    let goes_by_name =
        literal::is_weak(spec) && !file::is_code(path) || spec.generic && spec.confidence == Confidence::High;
    if !goes_by_name || !candidate.forms.is_empty() || is_private_key(candidate) {
        return None;
    }
    let text = &document.text;
    let before = &text[candidate.span.start.saturating_sub(super::JUDGE_REACH)..candidate.span.start];
    let line = &before[memchr::memrchr(b'\n', before).map_or(0, |end| end + 1)..];
    let above = || line_before(text, candidate.span.start - line.len());
    is_remark(line).then(|| if !file::is_code(path) && is_remark(above()) { Fall::Low } else { Fall::Level })
}

/// `# name: value`: whether a line begins with the mark of a comment and a blank.
fn is_remark(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    let marks = line.iter().take_while(|b| matches!(b, b'#' | b';')).count();
    // Debian's example of answers for an installation has no blank there.
    marks > 0 && line.get(marks).is_some_and(u8::is_ascii_whitespace) || line.starts_with(b"#d-i ")
}

/// Whether a log or a dump has as many hexadecimal digits as a digest has for a password.
fn is_digest_in_record(candidate: &Candidate, path: &[u8]) -> bool {
    let value = candidate.secret.expose();
    literal::is_weak(&candidate.rule.spec)
        && digest::is_as_long(value)
        && value.iter().all(u8::is_ascii_hexdigit)
        && Facts::of(path).is_record
}

/// The line before the one that starts there, without blanks, as far as the judge looks.
fn line_before(text: &[u8], start: usize) -> &[u8] {
    let before = text[start.saturating_sub(super::JUDGE_REACH)..start].strip_suffix(b"\n").unwrap_or_default();
    before[memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)..].trim_ascii()
}

/// `state: present`, `- name: Add a key`: a name without quotes, a colon, a value and no sign of a program.
fn is_yaml(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"- ").unwrap_or(line).trim_ascii_start();
    let name = line.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
    let rest = &line[name..];
    name > 0
        && line[0].is_ascii_alphabetic()
        && rest.starts_with(b": ")
        && !rest.windows(3).any(|three| three == b" = ")
        && !rest.ends_with(b",")
}

/// By the user beside it, who may be only described, `NEWUSERNAME`, and the password as well, `parent_password`.
fn by_login(candidate: &Candidate) -> Option<(&'static str, Fall)> {
    let user = candidate.parts.iter().find(|part| part.name == "user").map(|part| part.value.expose())?;
    // `someEmail@fake.com`
    let is_invented = ["someemail", "someuser", "@fake."].iter().any(|mark| surroundings::contains(user, mark));
    let is_described =
        is_invented || surroundings::contains(user, "username") || placeholder::gives_away(user, false).is_some();
    let names = |word: &&str| surroundings::contains(candidate.secret.expose(), word);
    let fall = if ["pass", "pasw", "secre"].iter().any(names) { Fall::Low } else { Fall::Level };
    is_described.then_some(("a login that is only described", fall))
}
