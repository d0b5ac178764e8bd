//! Rows about what lies outside the keys: transport, libraries, logs, networks, accounts, people.

use super::evidence::Evidence;
use super::traits::Was;
use super::{At, Said, number_of};
use crate::inventory::{Method, Purpose};

/// Requests go over HTTPS, mail over TLS.
pub(super) fn transport(evidence: &Evidence<'_>) -> Said {
    let bad = evidence.found(&["sendgrid-plain-http", "sendgrid-tls-off"]);
    if !bad.is_empty() {
        return Said::failed("the connection is not encrypted, or not checked", bad);
    }
    let off = evidence.shown(Was::ChecksOff);
    if !off.is_empty() && evidence.in_use().count() > 0 {
        return Said::failed("the checks of TLS are turned off for the whole program", off);
    }
    let open = evidence.shown(Was::SmtpWithoutTls);
    if !open.is_empty() {
        return Said::unseen("SMTP settings that do not say whether TLS is used", open);
    }
    let mut good = evidence.shown(Was::Https);
    good.extend(evidence.shown(Was::SmtpWithTls));
    let is_client = |purpose| matches!(purpose, Purpose::MailSend | Purpose::Client | Purpose::Api);
    let clients = evidence.shown(Was::Client);
    let other = evidence.in_use().filter(|place| is_client(place.purpose) && place.method != Method::Unknown).count();
    match (good.is_empty() && clients.is_empty(), other) {
        (true, 0) => Said::nothing("no call of SendGrid was found"),
        (true, _) => Said::unseen("no file shows the address or the library that is called", Vec::new()),
        (false, _) => {
            let (addresses, libraries) = (number_of(good.len(), "address"), number_of(clients.len(), "library client"));
            good.extend(clients);
            Said::passed(
                format!("{} over TLS, {libraries} that use HTTPS", addresses.replace("addresss", "addresses")),
                good,
            )
        }
    }
}

/// The library is one that logs in with keys.
pub(super) fn library(evidence: &Evidence<'_>) -> Said {
    let old = evidence.found(&["sendgrid-legacy-sdk"]);
    if !old.is_empty() {
        return Said::failed("a library that speaks only the V2 API", old);
    }
    let (known, unknown) = (libraries(evidence), of_unknown_version(evidence));
    match (known.is_empty(), unknown.is_empty()) {
        (true, true) => Said::nothing("no manifest names a SendGrid library"),
        (_, false) => Said::unseen("a manifest names a library without a version", unknown),
        (false, true) => Said::passed("every library that a manifest names logs in with API keys", known),
    }
}

/// It is a recent one, and something watches for the next.
pub(super) fn up_to_date(evidence: &Evidence<'_>) -> Said {
    let mut old = evidence.found(&["sendgrid-legacy-sdk"]);
    old.extend(evidence.shown(Was::OldLibrary));
    if !old.is_empty() {
        return Said::failed("a library whose successor is out", old);
    }
    let (mut current, unknown) = (evidence.shown(Was::CurrentLibrary), of_unknown_version(evidence));
    let bots = evidence.shown(Was::UpdateBot);
    match (current.is_empty(), unknown.is_empty(), bots.is_empty()) {
        (true, true, _) => Said::nothing("no manifest names a SendGrid library"),
        (_, true, false) => {
            current.extend(bots);
            Said::passed(
                "the newest major version known to this unleak, and a service is set up that proposes updates",
                current,
            )
        }
        (_, _, false) => Said::unseen("a manifest names a library without a version", unknown),
        (_, _, true) => {
            current.extend(unknown);
            Said::unseen(
                "no old major version; whether patches are missing does not show, and no service that proposes updates is set up",
                current,
            )
        }
    }
}

/// Libraries that are named without a version, and with one nowhere else, as a lock file would.
fn of_unknown_version(evidence: &Evidence<'_>) -> Vec<At> {
    let known = libraries(evidence);
    let is_known = |at: &At| known.iter().any(|known| known.what.split([' ', ',']).next() == Some(at.what.as_str()));
    evidence.shown(Was::LibraryOfUnknownVersion).into_iter().filter(|at| !is_known(at)).collect()
}

fn libraries(evidence: &Evidence<'_>) -> Vec<At> {
    let mut all = evidence.shown(Was::CurrentLibrary);
    all.extend(evidence.shown(Was::OldLibrary));
    all
}

/// Requests are logged and watched, and keys kept out of the logs.
pub(super) fn monitoring(evidence: &Evidence<'_>) -> Said {
    let printed = evidence.found(&["sendgrid-key-printed"]);
    if !printed.is_empty() {
        return Said::failed("a key is printed or logged", printed);
    }
    let (events, checked) = (evidence.shown(Was::TakesEvents), evidence.shown(Was::ChecksEvents));
    let said = match (events.is_empty(), checked.is_empty()) {
        (true, true) => "no line was found that prints a key, and none that takes SendGrid's events",
        (_, false) => "no line was found that prints a key; code for the signature of SendGrid's events is here",
        (false, true) => {
            "no line was found that prints a key; SendGrid's events are taken, but nothing here checks their signature, so that anyone could send some"
        }
    };
    Said::unseen(said, if checked.is_empty() { events } else { checked })
}

/// Only known addresses may use the account.
pub(super) fn allow_list(evidence: &Evidence<'_>) -> Said {
    let any = evidence.shown(Was::AllowsAnyAddress);
    if !any.is_empty() {
        return Said::failed("the allow list lets every address in", any);
    }
    Said::unseen_beside(
        evidence.shown(Was::ManagesAllowList),
        "no file manages the list",
        "a file manages the list; what is on it, SendGrid alone knows",
    )
}

/// What nobody can see in files.
pub(super) fn account_only(_: &Evidence<'_>) -> Said {
    Said::unseen("only the SendGrid account shows it", Vec::new())
}

/// Two-factor authentication, of which a refusal in a log tells.
pub(super) fn two_factor(evidence: &Evidence<'_>) -> Said {
    let refused = evidence.found(&["sendgrid-basic-auth-rejected"]);
    if refused.is_empty() {
        return account_only(evidence);
    }
    Said::unseen(
        "a log says that it was on for the account that was refused; for the others only SendGrid shows it",
        refused,
    )
}

/// The program does not send without limit.
pub(super) fn rate(evidence: &Evidence<'_>) -> Said {
    Said::unseen_beside(
        evidence.shown(Was::MindsLimits),
        "no file that has to do with SendGrid minds status 429; limits before it do not show",
        "code minds SendGrid's limits; whether requests are limited before it does not show",
    )
}

/// People know what to do.
pub(super) fn educated(evidence: &Evidence<'_>) -> Said {
    Said::unseen_beside(
        evidence.shown(Was::Plan),
        "SECURITY, CONTRIBUTING and runbooks, where there are any, say nothing of leaked credentials",
        "a document tells about it; whether it is read does not show",
    )
}

/// Findings are followed up.
pub(super) fn compliance(evidence: &Evidence<'_>) -> Said {
    if !evidence.expired.is_empty() {
        let at = |notice: &String| At { path: Vec::new(), line: 0, what: notice.clone(), commit_id: None };
        return Said::failed("exceptions that have expired", evidence.expired.iter().map(at).collect());
    }
    Said::unseen("how the keys are used, only the account shows", Vec::new())
}

/// Something looks for leaks all the time.
pub(super) fn vigilance(evidence: &Evidence<'_>) -> Said {
    let scanners = evidence.shown(Was::Scanner);
    if scanners.is_empty() {
        return Said::unseen(
            "no pipeline or hook of the repository runs a secret scanner; whether its host does does not show",
            Vec::new(),
        );
    }
    Said::passed("a secret scanner is run", scanners)
}
