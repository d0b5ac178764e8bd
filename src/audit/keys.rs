//! Rows about the keys themselves: strength, length, scopes, age, storage, sharing, leaks.

use super::evidence::{Evidence, at, at_place, is_prose};
use super::traits::Was;
use super::{At, Said, ignores, number_of};
use crate::document::Aspect;
use crate::finding::{Finding, Reason};
use crate::inventory::{SENDGRID, Standing, Via};
use crate::rule::Kind;
use crate::secret::Secret;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

const KEY: &str = "sendgrid-api-key";
const TRUNCATED: &str = "sendgrid-api-key-truncated";
const NO_USE: &str = "no use of SendGrid was found, documents and examples aside";

/// Keys are strong: SendGrid makes them, people make passwords.
pub(super) fn strong(evidence: &Evidence<'_>) -> Said {
    let made_up = evidence.secrets().filter(|finding| !finding.rule.id().starts_with(KEY));
    let made_up: Vec<At> = made_up.map(at).collect();
    if !made_up.is_empty() {
        return Said::failed("a password that people made stands where a key belongs", made_up);
    }
    Said::unseen("SendGrid makes the keys, at random; no SendGrid password was found in the files", Vec::new())
}

/// Everything has room for 69 characters.
pub(super) fn length(evidence: &Evidence<'_>) -> Said {
    let short = evidence.found(&[TRUNCATED, "sendgrid-short-column"]);
    let whole: Vec<At> = evidence.secrets().filter(|finding| finding.rule.id() == KEY).map(at).collect();
    match (short.is_empty(), whole.is_empty()) {
        (false, _) => Said::failed("a key that was cut off, or a column too short for one", short),
        (true, false) => Said::passed("every key that stands in the files has its 69 characters", whole),
        (true, true) => Said::nothing("neither a key nor a column for one stands in the files"),
    }
}

/// Keys get the scopes that they need.
pub(super) fn scopes(evidence: &Evidence<'_>) -> Said {
    let without = evidence.found(&["sendgrid-unscoped-key"]);
    if !without.is_empty() {
        return Said::failed("keys are made without scopes, which gives them all but billing", without);
    }
    Said::unseen_beside(
        evidence.shown(Was::ScopedKey),
        "no file makes a key; which scopes the keys in use have, SendGrid alone knows",
        "keys that the files make name their scopes; which scopes the keys in use have, SendGrid alone knows",
    )
}

/// Keys are replaced now and then.
pub(super) fn rotation(evidence: &Evidence<'_>) -> Said {
    let limit = evidence.max_key_age;
    let mut old = Vec::new();
    let mut young = 0;
    for finding in evidence.past_secrets().filter(|finding| finding.rule.id() == KEY) {
        let Some(story) = finding.lifecycle.as_ref().filter(|story| story.in_head) else { continue };
        let Some(first) = story.introduced.first().and_then(|moment| moment.date.get(..10)?.parse::<Date>().ok())
        else {
            continue;
        };
        let days = evidence.today.since(first).map(|span| span.get_days()).unwrap_or_default();
        match u32::try_from(days) {
            Ok(days) if days > limit => {
                old.push(At { what: format!("in use for {days} days at least"), ..at(finding) })
            }
            _ => young += 1,
        }
    }
    if !old.is_empty() {
        return Said::failed(format!("a key older than {limit} days, by the commit that brought it"), old);
    }
    let rotates = evidence.shown(Was::DeletesKeys);
    let said = match (evidence.past_is_whole(), young) {
        (Err(why), _) => format!("{why}, so that no key's age is known"),
        (Ok(()), 0) => {
            "no key stands in the files, so that none can be dated; SendGrid's API gives no dates either".to_owned()
        }
        (Ok(()), young) => {
            format!("{} committed within {limit} days; when they were made is not known", number_of(young, "key"))
        }
    };
    let said = if rotates.is_empty() { said } else { format!("{said}; a file deletes keys, which rotation needs") };
    Said::unseen(said, rotates)
}

/// No key stands in a file.
pub(super) fn storage(evidence: &Evidence<'_>) -> Said {
    let mut bad: Vec<At> = evidence.secrets().map(at).collect();
    bad.extend(literal_values(evidence));
    bad.extend(evidence.found(&["sendgrid-client-exposed", "sendgrid-env-file"]));
    let holds_name = |at: &At| evidence.places.iter().any(|place| place.path == at.path);
    bad.extend(evidence.found(&["sendgrid-dotenv-file"]).into_iter().filter(holds_name));
    let accepted = accepted(evidence);
    let accepted = if accepted == 0 {
        String::new()
    } else {
        format!("; {} allowed by comment or configuration", number_of(accepted, "literal"))
    };
    if !bad.is_empty() {
        return Said::failed(format!("credentials in files, or where everyone gets them{accepted}"), bad);
    }
    by_reference(evidence, &accepted)
}

/// Keys come from environment variables.
pub(super) fn environment(evidence: &Evidence<'_>) -> Said {
    let mut bad: Vec<At> = evidence.secrets().map(at).collect();
    bad.extend(literal_values(evidence));
    if !bad.is_empty() {
        return Said::failed("credentials stand in the files", bad);
    }
    let uses = evidence.in_use().count();
    if uses > 0 && !evidence.in_use().any(|place| place.method.is_key()) {
        return Said::unseen("no use was found of which it shows that it is an API key's", Vec::new());
    }
    by_reference(evidence, "")
}

/// Values in a credential's place that no rule takes for a credential.
fn literal_values(evidence: &Evidence<'_>) -> Vec<At> {
    let literal = evidence.in_use().filter(|place| {
        let is_user = place.variable.as_ref().is_some_and(|name| name.to_lowercase().contains("user"));
        place.standing == Standing::Literal && place.found.is_none() && !is_user && place.provider == SENDGRID
    });
    literal.map(|place| at_place(place, "a literal value")).collect()
}

/// Passed when each use names where the credential comes from.
fn by_reference(evidence: &Evidence<'_>, accepted: &str) -> Said {
    let (mut kept, mut open) = (Vec::new(), Vec::new());
    for place in evidence.in_use() {
        match place.standing {
            Standing::Reference(Via::Settings | Via::Code | Via::Terraform) => {
                open.push(at_place(place, "from a setting or the code"))
            }
            Standing::Reference(_) => kept.push(at_place(place, "from the environment or a store")),
            Standing::Literal | Standing::Placeholder | Standing::Named => {}
        }
    }
    match (kept.is_empty(), open.is_empty()) {
        (true, true) if evidence.in_use().count() == 0 => Said::nothing(format!("{NO_USE}{accepted}")),
        (true, true) => Said::unseen(format!("no file shows where the credential comes from{accepted}"), Vec::new()),
        (true, false) => {
            let said = format!("no literal, but where the settings get their values from does not show{accepted}");
            Said::unseen(said, open)
        }
        (false, _) => {
            let count = number_of(kept.len(), "reference");
            let open = if open.is_empty() {
                String::new()
            } else {
                format!(", {} handed on in the code", number_of(open.len(), "place"))
            };
            Said::passed(format!("{count} to the environment or a store{open}, and no literal{accepted}"), kept)
        }
    }
}

/// How many literals somebody accepted.
fn accepted(evidence: &Evidence<'_>) -> usize {
    let is_accepted = |reason: &Reason| matches!(reason, Reason::AllowedByComment(_) | Reason::AllowedByConfig(_));
    let dismissed = evidence.report.dismissed.iter();
    dismissed.filter(|d| d.rule.provider == SENDGRID && d.rule.kind == Kind::Secret && is_accepted(&d.reason)).count()
}

/// Nobody passes keys on in writing.
pub(super) fn sharing(evidence: &Evidence<'_>) -> Said {
    let is_message =
        |finding: &&Finding| matches!(finding.origin.part, Aspect::CommitMessage | Aspect::TagMessage | Aspect::Note);
    let mut told: Vec<At> = evidence.secrets().filter(|finding| is_prose(&finding.origin.path)).map(at).collect();
    told.extend(evidence.past_secrets().filter(is_message).map(at));
    if !told.is_empty() {
        return Said::failed("a credential in a text that people read", told);
    }
    let said = match evidence.past_is_whole() {
        Ok(()) => "none in documents, commit messages, tags and notes; mail and chats are elsewhere".to_owned(),
        Err(why) => format!("none in documents; messages were not read: {why}"),
    };
    Said::unseen(said, Vec::new())
}

/// One key for one purpose.
pub(super) fn separate(evidence: &Evidence<'_>) -> Said {
    let mut shared = repeated(evidence, |paths| paths.len() > 1);
    shared.extend(evidence.shown(Was::MailAndAdmin));
    if !shared.is_empty() {
        return Said::failed("one key in several places, or for mail and administration at once", shared);
    }
    let keys = evidence.in_use().filter(|place| place.method.is_key()).filter_map(|place| place.variable.as_deref());
    let names: BTreeSet<&str> = keys.filter(|name| name.contains('_')).collect();
    let said = match names.len() {
        0 => "no name of a key shows".to_owned(),
        count => format!(
            "{} of keys: {}",
            number_of(count, "name"),
            names.into_iter().take(5).collect::<Vec<_>>().join(", ")
        ),
    };
    Said::unseen(format!("{said}; whether they hold different keys does not show"), Vec::new())
}

/// Staging has a key of its own, so that a change can be tried there.
pub(super) fn staging(evidence: &Evidence<'_>) -> Said {
    let is_of = |path: &[u8], words: &[&str]| {
        let path = String::from_utf8_lossy(path).to_lowercase();
        words.iter().any(|word| path.contains(word))
    };
    let both = repeated(evidence, |paths| {
        let test = ["staging", "stage", "dev", "test", "qa", "sandbox"];
        paths.iter().any(|path| is_of(path, &["prod", "live"])) && paths.iter().any(|path| is_of(path, &test))
    });
    if !both.is_empty() {
        return Said::failed("the same key in production and in staging", both);
    }
    Said::unseen("whether a change is tried in staging first does not show", Vec::new())
}

/// Where a credential stands that is in more than one file, if the files are of the kind asked for.
fn repeated(evidence: &Evidence<'_>, is_meant: impl Fn(&BTreeSet<&[u8]>) -> bool) -> Vec<At> {
    let mut keys: BTreeMap<&Secret, Vec<&Finding>> = BTreeMap::new();
    for finding in evidence.secrets() {
        keys.entry(&finding.secret).or_default().push(finding);
    }
    let is_repeated = |found: &&Vec<&Finding>| is_meant(&found.iter().map(|f| f.origin.path.as_slice()).collect());
    keys.values().filter(is_repeated).flatten().map(|finding| at(finding)).collect()
}

/// Nothing leaked, and what would leak is ignored.
pub(super) fn leaks(evidence: &Evidence<'_>) -> Said {
    let mut bad: Vec<At> = evidence.past_secrets().map(at).collect();
    if bad.is_empty() {
        bad.extend(evidence.secrets().map(at));
    }
    bad.extend(evidence.found(&["sendgrid-env-file", "sendgrid-dotenv-file"]));
    let ignored = ignores::check(evidence.traits);
    bad.extend(ignored.bad);
    if !bad.is_empty() {
        return Said::failed("credentials in files or history, or files for them that nothing keeps out", bad);
    }
    let covered = match ignored.covered.len() {
        0 => "no file for credentials is named".to_owned(),
        count => format!("{} for credentials kept out", number_of(count, "file")),
    };
    match evidence.past_is_whole() {
        Ok(()) => Said::passed(format!("no SendGrid credential in files or history; {covered}"), ignored.covered),
        Err(why) => Said::unseen(format!("no SendGrid credential in the files; {covered}; {why}"), ignored.covered),
    }
}

/// What leaked was dealt with.
pub(super) fn breaches(evidence: &Evidence<'_>) -> Said {
    let mut leaked: Vec<At> = evidence.past_secrets().map(at).collect();
    leaked.extend(evidence.secrets().map(at));
    if !leaked.is_empty() {
        let said =
            "credentials leaked; whether they were revoked, SendGrid alone knows. `unleak respond` prints the plan";
        return Said::unseen(said, leaked);
    }
    Said::unseen_beside(
        evidence.shown(Was::Plan),
        "SECURITY, CONTRIBUTING and runbooks, where there are any, hold no plan",
        "a document says what to do; whether it is kept does not show",
    )
}
