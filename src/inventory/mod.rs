//! Where credentials are used or referred to, literally or by reference: places in texts, put together with what a
//! scan found. SendGrid's are looked for by name, call, address and settings, the others' by name.

mod bond;
mod marks;
mod names;
mod smtp;
mod view;

pub use names::Names;

use crate::document::{Aspect, Document};
use crate::finding::{Finding, Reason};
use crate::remedy::Language;
use crate::report::Report;
use crate::rule::Kind;
use crate::ruleset::Rule;
use crate::secret::Secret;
use std::collections::BTreeMap;
use std::sync::Arc;
use view::View;

/// Whose credentials come first.
pub const SENDGRID: &str = "Twilio SendGrid";

/// One place that uses a credential or refers to it.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file, as reports name it.
    pub path: Vec<u8>,
    /// Its line, from 1.
    pub line: u32,
    /// The column where it begins, from 1.
    pub column: u32,
    /// The language of the file.
    pub language: Language,
    /// What the credential is for there.
    pub purpose: Purpose,
    /// How one logs in with it.
    pub method: Method,
    /// The name it is kept under, as it is written there.
    pub variable: Option<String>,
    /// Whether it stands there itself.
    pub standing: Standing,
    /// Whose it is.
    pub provider: String,
    /// The literal, when a rule found it: only [`crate::output`] shows it, masked.
    pub found: Option<(Arc<Rule>, Secret)>,
    /// Whether the line is a comment.
    pub in_comment: bool,
}

/// What a credential is for, in the order in which they are to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Sends mail over the web API.
    MailSend,
    /// Sends mail over SMTP.
    Smtp,
    /// Another call of the V3 API.
    Api,
    /// Another call of the V2 API.
    V2Api,
    /// A client or a variable in code that does not show which calls it is for.
    Client,
    /// Where it is kept or handed on: settings, environment files, pipelines.
    Kept,
    /// Another provider's.
    Other,
    /// Written for people: what a document tells them to do.
    Documentation,
}

/// How one logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// With a user name and password over the web API: a Basic header or a V2 call.
    Basic,
    /// With a user name and password over SMTP.
    SmtpLogin,
    /// With a user name that stands elsewhere: a key only if that is `apikey`.
    Either,
    /// With an API key over SMTP: the user is `apikey`.
    SmtpKey,
    /// With an API key.
    Key,
    /// It does not show.
    Unknown,
}

/// Whether a credential stands at a place itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It does.
    Literal,
    /// It comes from elsewhere.
    Reference(Via),
    /// A stand-in, or nothing yet: a value is to be filled in.
    Placeholder,
    /// Only its name, or nothing of it, stands there.
    Named,
}

/// How a place refers to what it does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Via {
    /// An environment variable.
    Environment,
    /// A variable that a shell or a tool fills in.
    Substitution,
    /// A secret of a pipeline.
    CiSecret,
    /// A Kubernetes Secret.
    KubernetesSecret,
    /// A secret store.
    Store,
    /// The application's settings or credentials.
    Settings,
    /// A Terraform variable.
    Terraform,
    /// A variable or expression of the code.
    Code,
}

impl Purpose {
    /// All of them, in order.
    pub const ALL: [Purpose; 8] = [
        Purpose::MailSend,
        Purpose::Smtp,
        Purpose::Api,
        Purpose::V2Api,
        Purpose::Client,
        Purpose::Kept,
        Purpose::Other,
        Purpose::Documentation,
    ];

    /// Its name in machine formats.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::MailSend => "mail-send",
            Purpose::Smtp => "smtp",
            Purpose::Api => "v3-api",
            Purpose::V2Api => "v2-api",
            Purpose::Client => "client",
            Purpose::Kept => "kept",
            Purpose::Other => "other",
            Purpose::Documentation => "documentation",
        }
    }
}

impl Method {
    /// All of them.
    pub const ALL: [Method; 6] =
        [Method::Basic, Method::SmtpLogin, Method::Either, Method::SmtpKey, Method::Key, Method::Unknown];

    /// Its name in machine formats.
    pub fn name(self) -> &'static str {
        match self {
            Method::Basic => "basic",
            Method::SmtpLogin => "smtp-login",
            Method::Either => "login-or-key",
            Method::SmtpKey => "smtp-key",
            Method::Key => "key",
            Method::Unknown => "unknown",
        }
    }

    /// Whether it is a user name and password.
    pub fn is_login(self) -> bool {
        matches!(self, Method::Basic | Method::SmtpLogin)
    }

    /// Whether it is an API key.
    pub fn is_key(self) -> bool {
        matches!(self, Method::Key | Method::SmtpKey)
    }
}

impl Standing {
    /// Its name in machine formats.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Literal => "literal",
            Standing::Reference(_) => "reference",
            Standing::Placeholder => "placeholder",
            Standing::Named => "named",
        }
    }
}

impl Via {
    /// Its name in machine formats.
    pub fn name(self) -> &'static str {
        match self {
            Via::Environment => "environment",
            Via::Substitution => "substitution",
            Via::CiSecret => "ci-secret",
            Via::KubernetesSecret => "kubernetes-secret",
            Via::Store => "secret-store",
            Via::Settings => "settings",
            Via::Terraform => "terraform-variable",
            Via::Code => "code",
        }
    }
}

/// The places of a text that have to do with SendGrid's credentials, and with the other names asked for.
pub fn places(document: &Document, names: &Names) -> Vec<Place> {
    if document.origin.part != Aspect::Content {
        return Vec::new();
    }
    let mut places = Vec::new();
    let is_sendgrid = names.sendgrid && marks::may_have_any(&document.text);
    if is_sendgrid || names.are_in(&document.text) {
        let view = View::new(document);
        if is_sendgrid {
            marks::all(&view, &mut places);
        }
        names.all(&view, &mut places);
    }
    let mut places = one_a_line(places);
    belong_to_hosts(&mut places);
    places
}

/// A user or password variable that stands beside an SMTP host belongs to its settings.
fn belong_to_hosts(places: &mut [Place]) {
    let hosts: Vec<(u32, Method)> =
        places.iter().filter(|place| place.purpose == Purpose::Smtp).map(|place| (place.line, place.method)).collect();
    for place in places.iter_mut().filter(|place| matches!(place.purpose, Purpose::Client | Purpose::Kept)) {
        let is_near = |(line, _): &&(u32, Method)| place.line.abs_diff(*line) <= smtp::LINES;
        let Some((_, method)) = hosts.iter().filter(is_near).min_by_key(|(line, _)| place.line.abs_diff(*line)) else {
            continue;
        };
        place.purpose = Purpose::Smtp;
        if matches!(place.method, Method::Either | Method::Key) && *method != Method::Unknown {
            place.method = *method;
        }
    }
}

/// All places in order: those seen in texts, with what the scan found of the same providers.
pub fn inventory(seen: Vec<Place>, report: &Report, names: &Names) -> Vec<Place> {
    let mut places: BTreeMap<(Vec<u8>, u32, String), Place> = BTreeMap::new();
    for place in seen {
        let key = (place.path.clone(), place.line, place.provider.to_string());
        match places.get_mut(&key) {
            Some(known) => known.join(place),
            None => _ = places.insert(key, place),
        }
    }
    let allowed = report
        .dismissed
        .iter()
        .filter(|dismissal| matches!(dismissal.reason, Reason::AllowedByComment(_) | Reason::AllowedByConfig(_)));
    let found =
        report.findings.iter().map(|finding| (&finding.rule, &finding.origin, finding.location, &finding.secret));
    let allowed = allowed.map(|d| (&d.rule, &d.origin, d.location, &d.secret));
    for (rule, origin, location, secret) in found.chain(allowed) {
        if rule.kind != Kind::Secret || origin.part != Aspect::Content || !names.wants(&rule.provider) {
            continue;
        }
        let key = (origin.path.clone(), location.start_line, rule.provider.to_string());
        let near = smtp_host_near(&places, &key);
        let beside = purpose_of_file(&places, &origin.path);
        let place = places.entry(key).or_insert_with(|| Place {
            path: origin.path.clone(),
            line: location.start_line,
            column: location.start_column,
            language: crate::remedy::language(&origin.path, b""),
            purpose: if rule.provider == SENDGRID { beside } else { Purpose::Other },
            method: Method::Unknown,
            variable: None,
            standing: Standing::Literal,
            provider: rule.provider.to_string(),
            found: None,
            in_comment: false,
        });
        place.standing = Standing::Literal;
        place.found = Some((Arc::clone(rule), secret.clone()));
        // Whatever the document is for, a credential that stands in it is kept there.
        if place.purpose == Purpose::Documentation {
            place.purpose = if rule.provider == SENDGRID { Purpose::Kept } else { Purpose::Other };
        }
        if rule.provider == SENDGRID {
            place.method = method_of(rule.id()).unwrap_or(place.method);
            place.purpose = purpose_of(rule.id(), place.purpose);
        }
        // The password of a login stands some lines from its host.
        if let Some((language, purpose, method)) = near
            && matches!(place.purpose, Purpose::Client | Purpose::Kept)
        {
            (place.language, place.purpose) = (language, purpose);
            place.method = if rule.id() == KEY && method == Method::SmtpKey { method } else { place.method };
        }
    }
    let mut places: Vec<Place> = places.into_values().collect();
    places.sort_by_cached_key(|place| {
        (place.purpose, place.in_comment, place.rank(), place.provider.to_string(), place.path.clone(), place.line)
    });
    places
}

const KEY: &str = "sendgrid-api-key";

/// What a credential on a line of its own is for, by the other places of its file.
fn purpose_of_file(places: &BTreeMap<(Vec<u8>, u32, String), Place>, path: &[u8]) -> Purpose {
    let all = (path.to_vec(), 0, String::new())..=(path.to_vec(), u32::MAX, SENDGRID.to_owned());
    let purposes = places.range(all).map(|(_, place)| place.purpose);
    let own = [Purpose::MailSend, Purpose::Client];
    purposes.filter(|purpose| own.contains(purpose)).min().unwrap_or(Purpose::Kept)
}

/// What is said of an SMTP host a few lines away, for a finding on a line of its own.
fn smtp_host_near(
    places: &BTreeMap<(Vec<u8>, u32, String), Place>,
    (path, line, provider): &(Vec<u8>, u32, String),
) -> Option<(Language, Purpose, Method)> {
    if provider != SENDGRID {
        return None;
    }
    let first = (path.clone(), line.saturating_sub(smtp::LINES), String::new());
    let last = (path.clone(), line + smtp::LINES, provider.to_string());
    let mut near = places.range(first..=last).map(|(_, place)| place);
    near.find(|place| place.purpose == Purpose::Smtp).map(|place| (place.language, place.purpose, place.method))
}

/// How one logs in with what a rule finds.
fn method_of(rule_id: &str) -> Option<Method> {
    Some(match rule_id {
        "sendgrid-smtp-login" | "sendgrid-sasl-plain-login" | "sendgrid-auth-login" => Method::SmtpLogin,
        "sendgrid-basic-header" | "sendgrid-url-login" | "sendgrid-v2-login" | "sendgrid-sdk-login" => Method::Basic,
        "sendgrid-env-login" | "sendgrid-settings-login" => Method::Basic,
        _ => return None,
    })
}

fn purpose_of(rule_id: &str, seen: Purpose) -> Purpose {
    match rule_id {
        "sendgrid-smtp-login" | "sendgrid-sasl-plain-login" | "sendgrid-auth-login"
            if seen != Purpose::Documentation =>
        {
            Purpose::Smtp
        }
        "sendgrid-v2-login" if seen == Purpose::Client => Purpose::V2Api,
        _ => seen,
    }
}

/// Whether a finding is about SendGrid.
pub fn is_sendgrid(finding: &Finding) -> bool {
    finding.rule.provider == SENDGRID
}

impl Place {
    /// Logins come before keys, literals before references.
    fn rank(&self) -> (u8, Method) {
        let standing = match self.standing {
            Standing::Literal => 0,
            Standing::Reference(_) => 1,
            Standing::Named => 2,
            Standing::Placeholder => 3,
        };
        (standing, self.method)
    }

    /// Takes over what another place on the same line says more.
    fn join(&mut self, other: Place) {
        if other.rank().0 < self.rank().0 {
            self.standing = other.standing;
        }
        if self.method == Method::Unknown || (self.method == Method::Either && other.method != Method::Unknown) {
            self.method = other.method;
        }
        self.purpose = self.purpose.min(other.purpose);
        self.column = self.column.min(other.column);
        self.variable = self.variable.take().or(other.variable);
    }
}

/// One place for a line and provider: what several marks on it say, taken together.
fn one_a_line(places: Vec<Place>) -> Vec<Place> {
    let mut lines: BTreeMap<(u32, String), Place> = BTreeMap::new();
    for place in places {
        match lines.get_mut(&(place.line, place.provider.to_string())) {
            Some(known) => known.join(place),
            None => _ = lines.insert((place.line, place.provider.to_string()), place),
        }
    }
    lines.into_values().collect()
}
