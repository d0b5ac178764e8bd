//! A literal, or a reference to a variable, a call, a store, something encrypted?

use super::otherwise::code::is_joined_by_plus;
use super::reference::{
    is_form_rule, is_named_file, is_named_secret, is_of_hash, is_percent_variable, is_property, is_rest_of_address,
    is_variable_name,
};
use super::{digest, given, phrases, placeholder, surroundings, within};
use crate::assigned::name;
use crate::document::Document;
use crate::finding::{Candidate, Reason};
use crate::rule::{Check, RuleSpec};

/// Whether the rule's secrets may be passwords that people made up.
pub(super) fn is_weak(rule: &RuleSpec) -> bool {
    rule.checks.contains(&Check::Literal)
}

/// How values begin that a vault, a template or a shell fills in.
const STORES: &[(&str, &str)] = &[
    ("${", "a variable"),
    ("$(", "a command or variable"),
    ("$env:", "a variable"),
    ("$__", "a variable"),
    ("%(", "a variable"),
    ("{{", "a template"),
    ("#{", "an interpolation"),
    ("<%", "a template"),
    ("@{", "a variable"),
    ("@microsoft.keyvault(", "Azure Key Vault"),
    ("op://", "1Password"),
    ("vault:", "Vault"),
    ("vault://", "Vault"),
    ("ref+", "a vals reference"),
    ("sm://", "a secret manager"),
    ("secret://", "a secret manager"),
    ("gcp://", "a secret manager"),
    ("awssm://", "a secret manager"),
    ("arn:aws:", "an AWS resource"),
    ("projects/", "a Google Cloud resource"),
    ("resolve:", "a CloudFormation reference"),
    ("env(", "a variable"),
    ("env:", "a variable"),
    ("env.", "a variable"),
    ("process.env", "a variable"),
    ("os.environ", "a variable"),
    ("os.getenv", "a variable"),
    ("getenv(", "a variable"),
    ("system.getenv", "a variable"),
    ("secrets.", "a secret of the workflow"),
    ("file://", "a file"),
    ("/run/secrets/", "a file"),
    ("/var/run/secrets/", "a file"),
    ("!vault", "Ansible Vault"),
    ("!ref", "a CloudFormation reference"),
    ("!sub", "a CloudFormation reference"),
    ("!secret", "a secret file"),
];

/// How encrypted values begin.
const ENCRYPTED: &[(&str, &str)] = &[
    ("enc[", "SOPS or eyaml"),
    ("$ansible_vault", "Ansible Vault"),
    ("{cipher}", "Spring Cloud Config"),
    ("agaa", "a sealed secret"),
    ("aqicah", "AWS KMS"),
    ("kms:aqicah", "AWS KMS"),
    ("-----begin pgp message", "PGP"),
    ("-----begin age encrypted", "age"),
    ("gpg:", "PGP"),
    ("encrypted:", "encrypted"),
    ("enc(", "Jasypt"),
];

/// How paths begin: `PWD=/home/…` is where a program runs.
const FOLDERS: [&[u8]; 8] = [b"/home/", b"/usr/", b"/var/", b"/etc/", b"/opt/", b"/tmp/", b"/root/", b"/Users/"];

/// How far before a value its name is looked for.
const LONGEST_NAME: usize = 64;

/// Literals that mean "nothing".
const NOTHINGS: &str = "\
        none null nil true false undef undefined yes no on off n/a na void optional required nullable string str";

/// Files in which a bare word is a name, not a value.
const CODE: &str = "\
        py js mjs cjs jsx ts tsx rb php go java kt kts scala groovy gradle cs vb fs rs ex exs erl swift m mm \
        dart lua pl pm r clj c h cc cpp hpp hs ml tf hcl vue svelte sol zig nim jl ps1 psm1 cfm cfc ino d \
        coffee";

/// Why the secret is no literal credential.
pub(super) fn is_no_literal(candidate: &Candidate, document: &Document) -> Option<Reason> {
    let value = candidate.secret.expose();
    let lower = value.to_ascii_lowercase();
    let starting = |list: &[(&'static str, &'static str)]| {
        list.iter().find(|(start, _)| lower.starts_with(start.as_bytes())).map(|(_, what)| *what)
    };
    if let Some(what) = starting(ENCRYPTED) {
        return Some(Reason::Encrypted(what));
    }
    if is_marked_as_enciphered(&lower) {
        return Some(Reason::Encrypted("a mark says so"));
    }
    if is_sealed(value) {
        return Some(Reason::Encrypted("a sealed secret"));
    }
    if let Some(what) = starting(STORES) {
        return Some(Reason::Reference(what));
    }
    if NOTHINGS.split_ascii_whitespace().any(|n| lower == n.as_bytes()) {
        return Some(Reason::Placeholder("a word for nothing"));
    }
    if digest::is_of_password(value) {
        return Some(Reason::Shape("the digest of a password"));
    }
    if digest::is_enciphered(value) {
        return Some(Reason::Encrypted("a device's cipher"));
    }
    if is_of_hash(value) {
        return Some(Reason::Reference("a variable"));
    }
    if memchr::memmem::find(value, b".git#").is_some() {
        return Some(Reason::Reference("a commit of a repository"));
    }
    if is_template_id(value) {
        return Some(Reason::Shape("the id of a template"));
    }
    if is_translated(value, document) {
        return Some(Reason::Context("a word of a translation"));
    }
    if is_rest_of_address(value) {
        return Some(Reason::Reference("an expression"));
    }
    if is_named_file(value) {
        return Some(Reason::Reference("a file"));
    }
    if FOLDERS.iter().any(|folder| value.starts_with(folder)) {
        return Some(Reason::Reference("a path"));
    }
    if is_between_backquotes(candidate, document) {
        return Some(Reason::Reference("a command"));
    }
    if repeats_its_name(candidate, document) || is_described_by_user(candidate, document) {
        return Some(Reason::Placeholder("the same as its name"));
    }
    if value.split(|b| *b == b' ').count() >= 6 && phrases::words_of_sentences(value) >= 3 {
        return Some(Reason::Placeholder("a sentence"));
    }
    if is_form_rule(value) {
        return Some(Reason::Reference("what a form takes"));
    }
    if is_named_secret(value) {
        return Some(Reason::Reference("a secret by its name"));
    }
    if is_property(value) {
        return Some(Reason::Reference("the name of a property"));
    }
    if candidate.rule.spec.assigned.is_none() && is_inside_template(candidate, document) {
        return Some(Reason::Reference("a template"));
    }
    if is_cut_at_quote(candidate, document) || is_joined_by_plus(value) {
        return Some(Reason::Reference("an expression"));
    }
    if is_port(candidate, document) {
        return Some(Reason::Reference("a port"));
    }
    if is_variable_name(value) {
        return Some(Reason::Reference("the name of a variable"));
    }
    // `%{…}` is how Hiera and Logstash write a variable, and how the samples of our own rules write a generator.
    if surroundings::contains(value, "${") || surroundings::contains(value, "%{") || is_percent_variable(value) {
        return Some(Reason::Reference("a variable inside"));
    }
    // Of what is assigned to a name the judge knows whether it stood in quotes.
    if candidate.rule.spec.assigned.is_none() && is_bare_in_code(candidate, document) {
        return Some(Reason::Reference("an expression"));
    }
    None
}

/// Whether the value is two words or more for credentials, or of the name before it: `keystore-password` behind
/// `tls.keystorePassword`.
fn repeats_its_name(candidate: &Candidate, document: &Document) -> bool {
    let value = candidate.secret.expose();
    let words = name::words(value);
    let is_set = placeholder::is_made_for_a_policy(value);
    if words.len() < 2 || is_set || !candidate.forms.is_empty() || value.iter().any(u8::is_ascii_digit) {
        return false;
    }
    let name = name::words(before(candidate, document));
    let is_credential = |word: &str| matches!(word, "password" | "passwd" | "pass" | "secret" | "passphrase");
    words.iter().any(|word| is_credential(word))
        && words.iter().all(|w| name.contains(w) || given::CREDENTIAL_WORDS.split_ascii_whitespace().any(|c| c == w))
}

/// Whether the password of `user:password` only names the user's password.
fn is_described_by_user(candidate: &Candidate, document: &Document) -> bool {
    let before = before(candidate, document);
    let Some(user) = before.strip_suffix(b":") else { return false };
    let user = user.rsplit(|b| !b.is_ascii_alphanumeric() && !b"_.-".contains(b)).next().unwrap_or_default();
    candidate.forms.is_empty() && within::is_described_by(user, candidate.secret.expose())
}

/// `<enc-v1>…`, `{aes}…`: a short mark in brackets, which JSON may escape, that names a way to encipher, and the
/// cipher behind it.
fn is_marked_as_enciphered(lower: &[u8]) -> bool {
    const BRACKETS: [(&[u8], &[u8]); 5] =
        [(b"<", b">"), (b"\\u003c", b"\\u003e"), (b"&lt;", b"&gt;"), (b"{", b"}"), (b"[", b"]")];
    const MARKS: [&[u8]; 5] = [b"enc", b"cipher", b"crypt", b"aes", b"kms"];
    BRACKETS.iter().any(|(open, close)| {
        let inside = lower.strip_prefix(*open);
        let end = inside.and_then(|inside| memchr::memmem::find(inside, close));
        inside.zip(end).is_some_and(|(inside, end)| {
            end <= 16
                && inside.len() >= end + close.len() + 16
                && MARKS.iter().any(|mark| inside[..end].starts_with(mark))
        })
    })
}

/// `AgAH…`, a long run of base64: what only a cluster's controller opens. Two bytes tell how long its session key is, 512.
fn is_sealed(value: &[u8]) -> bool {
    value.len() >= 200
        && matches!(value, [b'A', b'g', b'A'..=b'D', ..])
        && value.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b))
}

/// `d-` and 32 hexadecimal digits: a template of SendGrid's, for the mail that sets a password say.
fn is_template_id(value: &[u8]) -> bool {
    value.strip_prefix(b"d-").is_some_and(|id| id.len() == 32 && id.iter().all(u8::is_ascii_hexdigit))
}

/// `Mot de passe`, `Contraseña`: letters alone, where a translation gives the words for a name.
fn is_translated(value: &[u8], document: &Document) -> bool {
    let is_of_word = |b: &u8| b.is_ascii_alphabetic() || !b.is_ascii() || b" '.:".contains(b);
    value.iter().all(is_of_word) && super::file::is_translation(&document.origin.judged_path())
}

/// `http://$HOST:8000@g`: a number behind a variable, as a command that puts one text in another's place has it.
fn is_port(candidate: &Candidate, document: &Document) -> bool {
    let value = candidate.secret.expose();
    let Some(host) = before(candidate, document).strip_suffix(b":") else { return false };
    let host = host.rsplit(|b| *b == b'/').next().unwrap_or_default();
    candidate.forms.is_empty() && value.len() <= 5 && value.iter().all(u8::is_ascii_digit) && host.starts_with(b"$")
}

/// `password=config['DB_PASS']`: what was read up to the quote of an index or an argument.
fn is_cut_at_quote(candidate: &Candidate, document: &Document) -> bool {
    let is_quote = |byte: Option<&u8>| matches!(byte, Some(b'\'' | b'"'));
    candidate.forms.is_empty()
        && matches!(candidate.secret.expose().last(), Some(b'[' | b'('))
        && is_quote(document.text.get(candidate.span.end))
        && !is_quote(candidate.span.start.checked_sub(1).and_then(|at| document.text.get(at)))
}

/// ``PASSWORD=`pwgen 16 1` ``: what a shell runs, where no text for people marks code that way.
fn is_between_backquotes(candidate: &Candidate, document: &Document) -> bool {
    candidate.forms.is_empty()
        && before(candidate, document).ends_with(b"=`")
        && document.text.get(candidate.span.end) == Some(&b'`')
        && candidate.secret.expose().contains(&b' ')
        && !super::file::Facts::of(&document.origin.judged_path()).is_explanation()
}

/// What stands on the line before the value, as far as a name goes.
fn before<'t>(candidate: &Candidate, document: &'t Document) -> &'t [u8] {
    let from = candidate.span.start.saturating_sub(LONGEST_NAME);
    let before = &document.text[from..candidate.span.start];
    memchr::memrchr(b'\n', before).map_or(before, |nl| &before[nl + 1..])
}

/// Whether the value stands in a template's expression, `{{ include "x" (dict "key" "word") }}`, and is no default.
fn is_inside_template(candidate: &Candidate, document: &Document) -> bool {
    let (text, span) = (&document.text, &candidate.span);
    let before = &text[span.start.saturating_sub(super::JUDGE_REACH)..span.start];
    let before = &before[memchr::memrchr(b'\n', before).map_or(0, |end| end + 1)..];
    let Some(opened) = memchr::memmem::rfind(before, b"{{") else { return false };
    let inside = &before[opened..];
    memchr::memmem::find(inside, b"}}").is_none() && !surroundings::contains(inside, "default")
}

/// A value without quotes in a programming language.
fn is_bare_in_code(candidate: &Candidate, document: &Document) -> bool {
    if !candidate.forms.is_empty() {
        return false;
    }
    let text = &document.text;
    let path = document.origin.judged_path();
    let is_code = || {
        let extension = surroundings::extension(&path);
        extension.is_some_and(|e| CODE.split_ascii_whitespace().any(|c| e.eq_ignore_ascii_case(c.as_bytes())))
            || super::file::is_named_code(&path)
    };
    !surroundings::is_inside_quotes(text, &candidate.span) && is_code()
}
