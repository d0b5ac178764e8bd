//! Rows about how one logs in: the upgrade page's "am I using Basic authentication", and its steps.

use super::evidence::{Evidence, at_place};
use super::traits::Was;
use super::{At, Said, number_of};
use crate::inventory::{Method, Place, Purpose, Standing};

const LOGIN: &str = "logs in with a user name and password";
const EITHER: &str = "the user comes from elsewhere";
const NOT_SHOWN: &str = "how it logs in does not show";
const NO_USE: &str = "no use of SendGrid was found, documents and examples aside";

/// What logs in with a user name and password, with a key, and what does not show it.
struct Sorted {
    logins: Vec<At>,
    unclear: Vec<At>,
    keys: Vec<At>,
}

fn sorted<'p>(places: impl Iterator<Item = &'p Place>) -> Sorted {
    let mut sorted = Sorted { logins: Vec::new(), unclear: Vec::new(), keys: Vec::new() };
    for place in places {
        match place.method {
            Method::Basic | Method::SmtpLogin => sorted.logins.push(at_place(place, LOGIN)),
            Method::Either => sorted.unclear.push(at_place(place, EITHER)),
            Method::Unknown => sorted.unclear.push(at_place(place, NOT_SHOWN)),
            Method::Key | Method::SmtpKey => sorted.keys.push(at_place(place, "API key")),
        }
    }
    sorted
}

impl Sorted {
    /// Failed for a login, open for what does not show it, else passed or nothing.
    fn said(self, nothing: &str) -> Said {
        let (logins, unclear, keys) = (self.logins.len(), self.unclear.len(), self.keys.len());
        match () {
            () if logins > 0 => {
                Said::failed(format!("{} with a user name and password", number_of(logins, "place")), self.logins)
            }
            () if unclear > 0 => {
                let keys =
                    if keys > 0 { format!("; {} with an API key", number_of(keys, "place")) } else { String::new() };
                Said::unseen(
                    format!("{} that do not show it{keys}", number_of(unclear, "place"))
                        .replace("1 place that do", "1 place that does"),
                    self.unclear,
                )
            }
            () if keys > 0 => Said::passed(format!("{}, all with an API key", number_of(keys, "place")), self.keys),
            () => Said::nothing(nothing),
        }
    }
}

/// SMTP logs in as `apikey`.
pub(super) fn smtp_user(evidence: &Evidence<'_>) -> Said {
    sorted(evidence.in_use().filter(|place| place.purpose == Purpose::Smtp))
        .said("no SMTP settings for SendGrid were found, documents and examples aside")
}

/// Calls of the V3 API carry `Bearer`.
pub(super) fn v3_bearer(evidence: &Evidence<'_>) -> Said {
    let old = evidence.shown(Was::V2Call);
    let is_v3 = |place: &&Place| {
        matches!(place.purpose, Purpose::MailSend | Purpose::Api | Purpose::Client)
            && !old.iter().any(|call| call.path == place.path && call.line == place.line)
    };
    let mut sorted = sorted(evidence.in_use().filter(is_v3));
    sorted.logins.extend(evidence.found(&["sendgrid-basic-header", "sendgrid-url-login", "sendgrid-sdk-login"]));
    sorted.said("no use of the V3 API was found, documents and examples aside")
}

/// No calls of the V2 API.
pub(super) fn v2(evidence: &Evidence<'_>) -> Said {
    let mut calls = evidence.shown(Was::V2Call);
    calls.extend(evidence.found(&["sendgrid-v2-login", "sendgrid-v2-endpoint"]));
    if !calls.is_empty() {
        return Said::failed("calls of the V2 API, which takes a user name and password", calls);
    }
    match evidence.in_use().count() {
        0 => Said::nothing(NO_USE),
        uses => Said::passed(format!("none among {}", number_of(uses, "place")), Vec::new()),
    }
}

/// What sends mail was upgraded first.
pub(super) fn mail_first(evidence: &Evidence<'_>) -> Said {
    let mail = evidence.in_use().filter(|place| matches!(place.purpose, Purpose::MailSend | Purpose::Smtp));
    sorted(mail).said("nothing that sends mail through SendGrid was found, documents and examples aside")
}

/// It is known where credentials are.
pub(super) fn identify(evidence: &Evidence<'_>) -> Said {
    let all: Vec<&Place> = evidence.places.iter().collect();
    if evidence.in_use().count() == 0 {
        let named = number_of(all.len(), "place");
        return Said::nothing(format!("{NO_USE}; those name it in {named}"));
    }
    let old = all.iter().filter(|place| place.method.is_login() || place.method == Method::Either);
    let old: Vec<At> = old.map(|place| at_place(place, "user name and password, or it does not show")).collect();
    let count = old.len();
    Said::passed(
        format!(
            "{} listed by `unleak inventory`; {count} of them may be with a user name and password",
            number_of(all.len(), "place")
        ),
        old,
    )
}

/// User names and passwords were replaced.
pub(super) fn replaced(evidence: &Evidence<'_>) -> Said {
    sorted(evidence.in_use()).said(NO_USE)
}

/// The password of the user `apikey` is a key.
pub(super) fn smtp_password(evidence: &Evidence<'_>) -> Said {
    let with_key: Vec<&Place> = evidence.in_use().filter(|place| place.method == Method::SmtpKey).collect();
    let wrong = with_key.iter().filter(|place| place.standing == Standing::Literal && place.found.is_none());
    let wrong: Vec<At> = wrong.map(|place| at_place(place, "a password that is no SendGrid key")).collect();
    if !wrong.is_empty() {
        return Said::failed("the user is apikey, but the password is no SendGrid key", wrong);
    }
    if with_key.is_empty() {
        return Said::nothing("no SMTP settings with the user apikey were found");
    }
    let is_elsewhere = |place: &&&Place| place.standing != Standing::Literal;
    let elsewhere: Vec<At> = with_key
        .iter()
        .filter(is_elsewhere)
        .map(|place| at_place(place, "the password comes from elsewhere"))
        .collect();
    if elsewhere.is_empty() {
        return Said::passed(
            format!("{} with the user apikey and a key", number_of(with_key.len(), "place")),
            Vec::new(),
        );
    }
    Said::unseen("the user is apikey; what the password is does not stand in the files", elsewhere)
}

/// A key in base64 carries no line end.
pub(super) fn base64(evidence: &Evidence<'_>) -> Said {
    use crate::rule::Form;
    let encoded: Vec<_> = evidence.secrets().filter(|finding| finding.forms.contains(&Form::Base64)).collect();
    let broken: Vec<At> =
        encoded.iter().filter(|finding| finding.encoded_newline).map(|f| super::evidence::at(f)).collect();
    match (broken.is_empty(), encoded.is_empty()) {
        (false, _) => Said::failed("a line end was encoded with the key", broken),
        (true, false) => {
            Said::passed(format!("{} in base64, none with a line end", number_of(encoded.len(), "key")), Vec::new())
        }
        (true, true) => Said::nothing("no key in base64 stands in the files"),
    }
}

/// What SendGrid answers to a user name and password, in logs.
pub(super) fn api_rejection(evidence: &Evidence<'_>) -> Said {
    rejection(evidence, b"using basic authentication")
}

/// The same over SMTP.
pub(super) fn smtp_rejection(evidence: &Evidence<'_>) -> Said {
    rejection(evidence, b"basic authentication is not allowed")
}

fn rejection(evidence: &Evidence<'_>, words: &[u8]) -> Said {
    let is_it = |finding: &&crate::finding::Finding| {
        let text = finding.frame.text.to_ascii_lowercase();
        finding.rule.id() == "sendgrid-basic-auth-rejected" && memchr::memmem::find(&text, words).is_some()
    };
    let found: Vec<At> = evidence.report.findings.iter().filter(is_it).map(super::evidence::at).collect();
    if found.is_empty() {
        return Said::unseen("no file holds this answer, but logs are seldom in a repository", Vec::new());
    }
    Said::failed("a log holds this answer: something still logs in with a user name and password", found)
}

/// What an API key is, as far as code shows whether that is known: it is used in a password's place.
pub(super) fn understood(evidence: &Evidence<'_>) -> Said {
    let Sorted { logins, unclear, keys } = sorted(evidence.in_use());
    if !logins.is_empty() {
        return Said::failed("a user name and password stand where an API key belongs", logins);
    }
    Said::unseen(
        format!(
            "no user name and password was found; {} with an API key, {} that do not show it",
            keys.len(),
            unclear.len()
        ),
        Vec::new(),
    )
}
