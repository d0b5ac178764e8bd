//! What in a text has to do with SendGrid's credentials: names, clients, addresses, Kubernetes Secrets.

use super::bond::{bond, code, reference};
use super::smtp;
use super::view::{View, pattern};
use super::{Method, Place, Purpose, Standing, Via};
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::LazyLock;

static ANY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)sendgrid|sengrid|\bSG_API_KEY\b"));

/// A variable, member or setting that names a SendGrid credential. What ends otherwise (a template, a sender, the id
/// of a key, a webhook's public key) is none.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?ix) \b (?: [a-z0-9_]*? (?: sendgrid | sengrid ) (?: [a-z0-9_]*? | (?: [.:-] | ["'\]]{1,2}\[["'] | ["'], \s* :?["'] | \[ [:"'] | , \s* : ) (?:[a-z0-9]+[._-])*? )
              (?: (?<key> (?: api[_-]? )? (?: key | token ) | secret ) | (?<password> pass (?: word | wd )? | pwd ) | (?<user> user (?:_?name)? ) )
              (?: _? (?: prod (?:uction)? | staging | dev (?:elopment)? | test | eu | us | live | marketing | \d+ ) )? | SG_API_KEY ) \b"#,
    )
});
static NO_CREDENTIAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)webhook|verification|public_?key|template|unsubscribe|_from|csrf"));

/// Two words of settings on lines of their own: `sendgrid:` and below it `api_key: …`.
static NESTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)\bsendgrid["']?\s*(?:(?:=>|[:=])\s*[\[{]?|[\[{])[ \t]*\r?\n[ \t]*["':]?(?<name>api[_-]?key|key|token|password)["']?\s*(?:=>|[:=])"#,
    )
});

static SECRET_REF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)secretKeyRef["']?:[\s{"']*(?:name|key)["']?:\s*["']?(?:[\w.-]+["']?[\s,"']*(?:name|key)["']?:\s*["']?)?[\w.-]*sendgrid[\w.-]*"#,
    )
});

/// Clients of the libraries. `legacy` takes a user name and a password; `either` takes both, told by the arguments.
static CLIENT: LazyLock<Regex> = LazyLock::new(|| {
    let text = r#"
        (?<key> (?: \b (?: sg\w* | \w*sendgrid\w* | mail(?:er|Service)? | client ) | sendgrid/\w+ ['\x22] \) ) \.setApiKey \s* \(
          | \b SendGridAPIClient \s* \( | \b SendGrid::API\.new \b \(? | \b sendgrid\.NewSendClient \s* \( | \b sendgrid\.GetRequest \s* \(
          | \b new \s+ SendGridClient \s* \( | \b AddSendGrid \s* \( | \b SGClient::new \s* \( | \b sendgrid::(?:v3::)?Sender::new \s* \(
          | (?: Swoosh\.Adapters\.Sendgrid | Bamboo\.SendGridAdapter ) \b | ["'] (?: sendgrid_backend\.SendgridBackend | anymail\.backends\.sendgrid\.EmailBackend ) ["'] )
      | (?<legacy> \b SendGrid::Client\.new \s* \( \s* :?api_user | \b sendgrid\.SendGridClient \s* \( \s* [^(),]+, | \b sendgrid\.NewSendGridClient \s* \( | \b sendgrid\.Sendgrid \s* \( | \b new \s+ Web \s* \( \s* \w*credentials )
      | (?<either> \b require \s* \( \s* ["']sendgrid["'] \s* \) \s* \( | \b new \s+ \\? Send[Gg]rid \s* \( )"#;
    RegexBuilder::new(text).ignore_whitespace(true).build().expect("the pattern is part of the program")
});

/// Calls of the web API. The documentation, the console and bare names of the host are none.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)(?:https?://)?(?:api\.(?:eu\.)?)sendgrid\.com(?<path>/[\w./{}$:-]*)?|https?://(?:www\.)?sendgrid\.com(?<old>/(?:api|apiv2)/[\w./{}$:-]+)|["'`](?<relative>/?v3/(?:mail/send|api_keys|scopes|access_settings)\b[\w./{}$:-]*)"#,
    )
});
/// What a variable that holds a key is called; options, clients and hosts are called otherwise.
static KEY_LIKE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)key|token|secret|pass|auth|cred|conf|env|sendgrid|sg"));
static BEARER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bbearer\b|setApiKey|api_key_bearer"));
static BASIC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)authorization["'\]]{0,2}\s*(?:=>|[:=,(])?\s*f?["'`]?\s*Basic\b|\bapi_user\b|HTTPBasicAuth|auth\s*=\s*\(|\s-u\s"#,
    )
});
static KEY_AS_USER: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?i)["'\s(]apikey["':]"#));

/// Whether a text has anything to do with it at all.
pub(super) fn may_have_any(text: &[u8]) -> bool {
    ANY.is_match(text)
}

/// All places of a text.
pub(super) fn all(view: &View<'_>, places: &mut Vec<Place>) {
    smtp::hosts(view, places);
    clients(view, places);
    addresses(view, places);
    names(view, places);
    for nested in NESTED.captures_iter(view.text).filter_map(|found| found.name("name")) {
        let (standing, other) = bond(view, &nested.range());
        let name = String::from_utf8_lossy(nested.as_bytes()).into_owned();
        places.push(view.place(nested.start(), Method::Key, standing, Some(other.unwrap_or(name))));
    }
    for found in SECRET_REF.find_iter(view.text) {
        let standing = Standing::Reference(Via::KubernetesSecret);
        places.push(view.place(found.start(), Method::Unknown, standing, None));
    }
}

fn names(view: &View<'_>, places: &mut Vec<Place>) {
    for found in NAME.captures_iter(view.text) {
        let name = found.get(0).expect("a match has a whole");
        let written = String::from_utf8_lossy(name.as_bytes()).into_owned();
        if NO_CREDENTIAL.is_match(name.as_bytes()) || is_called(view.text, &name.range()) {
            continue;
        }
        let (standing, other) = bond(view, &name.range());
        // People write of a key in many words; what tells them to do something names a variable or a value.
        let place = view.place(name.start(), Method::Key, standing, Some(other.unwrap_or(written)));
        let is_prose = place.purpose == Purpose::Documentation && standing == Standing::Named;
        if is_prose && !name.as_bytes().contains(&b'_') {
            continue;
        }
        let is_login = found.name("password").is_some() || found.name("user").is_some();
        let method = if is_login { login(view, name.start()) } else { Method::Key };
        places.push(Place { method, ..place });
    }
}

/// A user or password variable of SendGrid: with a user `apikey` beside it, it holds a key.
fn login(view: &View<'_>, at: usize) -> Method {
    let near = view.lines_round(at, 4, 4);
    if KEY_AS_USER.is_match(&view.text[near]) { Method::SmtpKey } else { Method::Either }
}

/// Whether a name is that of a function, `sendgrid_key(`, or part of an address, a path or a longer word.
fn is_called(text: &[u8], name: &Range<usize>) -> bool {
    matches!(text.get(name.end), Some(b'(' | b'-'))
        || matches!(name.start.checked_sub(1).map(|at| text[at]), Some(b'@' | b'/' | b'-' | b'#'))
}

fn clients(view: &View<'_>, places: &mut Vec<Place>) {
    for found in CLIENT.captures_iter(view.text) {
        let call = found.get(0).expect("a match has a whole");
        let arguments = arguments(&view.text[call.end()..]);
        let method = match () {
            () if found.name("key").is_some() => Method::Key,
            () if found.name("legacy").is_some() => Method::Basic,
            () if is_login(&arguments) => Method::Basic,
            () => Method::Key,
        };
        let first = if call.as_bytes().ends_with(b"(") { arguments.first().copied().unwrap_or_default() } else { b"" };
        let first = first.rsplit(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
        let (standing, variable) = match reference(first) {
            Some((via, name)) => (Standing::Reference(via), Some(name)),
            None => match code(first).filter(|name| KEY_LIKE.is_match(name.as_bytes())) {
                Some(name) => (Standing::Reference(Via::Code), Some(name)),
                None => (Standing::Named, None),
            },
        };
        let is_definition = first.starts_with(b"this ") || view.text[..call.start()].ends_with(b"class ");
        // What follows an opening bracket is an argument; a class named in prose has none.
        if is_definition || view.purpose(Purpose::Client) == Purpose::Documentation && first.is_empty() {
            continue;
        }
        places.push(view.place(call.start(), method, standing, variable));
    }
}

/// The arguments of a call, from behind its bracket; cut where they grow long.
fn arguments(text: &[u8]) -> Vec<&[u8]> {
    let text = &text[..text.len().min(300)];
    let (mut depth, mut start, mut quote) = (0usize, 0, None);
    let mut list = Vec::new();
    for (at, byte) in text.iter().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == *byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'' | b'`') => quote = Some(*byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') if depth == 0 => {
                list.push(text[start..at].trim_ascii());
                return list;
            }
            (None, b')' | b']' | b'}') => depth -= 1,
            (None, b',') if depth == 0 => {
                list.push(text[start..at].trim_ascii());
                start = at + 1;
            }
            _ => {}
        }
    }
    list
}

/// Whether two arguments are a user name and a password, and no key with options.
fn is_login(arguments: &[&[u8]]) -> bool {
    let [first, second, ..] = arguments else { return false };
    let says = |text: &[u8], words: &[&str]| {
        let lower = String::from_utf8_lossy(text).to_lowercase();
        words.iter().any(|word| lower.contains(word))
    };
    !first.is_empty()
        && (says(second, &["pass", "pwd", "secret"]) || (says(first, &["user", "login"]) && !second.is_empty()))
}

fn addresses(view: &View<'_>, places: &mut Vec<Place>) {
    for found in ADDRESS.captures_iter(view.text) {
        let whole = found.get(0).expect("a match has a whole");
        let path = ["path", "old", "relative"].iter().find_map(|part| found.name(part)).map(|path| path.as_bytes());
        let path = String::from_utf8_lossy(path.unwrap_or_default()).to_lowercase();
        let is_old = path.starts_with("/api/") || path.starts_with("/apiv2/");
        let sends = path.contains("mail/send") || path.contains("mail.send");
        let near = &view.text[view.lines_round(whole.start(), 8, 12)];
        let method = match () {
            () if is_old => Method::Basic,
            () if BASIC.is_match(near) && KEY_AS_USER.is_match(near) => Method::Key,
            () if BEARER.is_match(near) => Method::Key,
            () if BASIC.is_match(near) => Method::Basic,
            () => Method::Unknown,
        };
        let mut place = view.place(whole.start(), method, Standing::Named, None);
        place.purpose = view.purpose(match (sends, is_old) {
            (true, _) => Purpose::MailSend,
            (false, true) => Purpose::V2Api,
            (false, false) => Purpose::Api,
        });
        places.push(place);
    }
}
