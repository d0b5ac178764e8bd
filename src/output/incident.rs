//! The incident plan, in Markdown for people and in JSON for programs. No secret is in either.

use super::hostile;
use super::place;
use super::redact::Redactor;
use crate::finding::Moment;
use crate::repair::Incident;
use crate::report::Report;
use serde_json::{Value, json};
use std::fmt::Write as _;

const INFALLIBLE: &str = "a String can be written to";

/// What a rewrite does not reach, whatever is done.
const NOT_REACHED: [&str; 5] = [
    "clones and forks that others have; each has to be deleted or rewritten too",
    "pull and merge requests, whose refs the host keeps: ask its support to remove them and its cached views",
    "caches, mirrors, CI artefacts and logs, packages and images built from it",
    "search engines and archives of public repositories",
    "backups",
];

/// The plan in Markdown. `replacements` is the file for git filter-repo, when one was written.
pub fn markdown(report: &Report, incidents: &[Incident<'_>], replacements: Option<&str>) -> String {
    let view = View { redactor: Redactor::new(report, false) };
    let mut page = String::from("# Incident plan\n\n");
    page.push_str(&counted(incidents));
    if !report.coverage.is_complete() {
        page.push_str("\n**Not all of the history could be read, so there may be more.**\n");
    }
    for (number, incident) in incidents.iter().enumerate() {
        view.incident(number + 1, incident, &mut page);
    }
    if !incidents.is_empty() {
        rewriting(incidents, replacements, &mut page);
    }
    page
}

/// The plan as one JSON document.
pub fn json(report: &Report, incidents: &[Incident<'_>], replacements: Option<&str>) -> String {
    let view = View { redactor: Redactor::new(report, false) };
    let list: Vec<Value> = incidents.iter().map(|incident| view.value(incident)).collect();
    let state = if report.coverage.is_complete() { "complete" } else { "partial" };
    let plan = json!({
        "schema_version": 1,
        "coverage": state,
        "incidents": list,
        "replacements": replacements,
        "not_reached": NOT_REACHED,
    });
    let text = serde_json::to_string_pretty(&plan).expect("values are JSON");
    hostile::json(&text).into_owned() + "\n"
}

/// How many secrets have leaked, in words.
fn counted(incidents: &[Incident<'_>]) -> String {
    let pushed = incidents.iter().filter(|incident| incident.pushed).count();
    let on_remote = match (incidents.len(), pushed) {
        (0, _) => return "No leaked secret was found in the history.\n".to_owned(),
        (1, 0) => "not on a remote".to_owned(),
        (1, _) => "on a remote".to_owned(),
        (_, 0) => "none of them on a remote".to_owned(),
        (_, pushed) => format!("{pushed} of them on a remote"),
    };
    let secrets = super::number_of(incidents.len(), "leaked secret");
    let accepted = match incidents.iter().filter(|incident| incident.is_accepted()).count() {
        0 => String::new(),
        count => format!("; the baseline accepts {count}, which come last"),
    };
    format!("{secrets}, {on_remote}{accepted}. Whether they are still valid was not checked.\n")
}

struct View {
    redactor: Redactor,
}

impl View {
    fn text(&self, text: &str) -> String {
        self.redactor.line(text.as_bytes())
    }

    /// In Markdown, so that nothing of a repository's names and messages is taken for markup.
    fn code(&self, text: &str) -> String {
        format!("`{}`", self.text(text).replace('`', "'"))
    }

    fn moment(&self, moment: &Moment) -> String {
        let commit = place::short(&moment.commit_id);
        format!("{commit} of {} by {}: {}", moment.date, self.code(&moment.author), self.code(&moment.subject))
    }

    fn incident(&self, number: usize, incident: &Incident<'_>, page: &mut String) {
        let first = incident.first();
        let masked = self.redactor.masked(&first.rule, &first.secret).unwrap_or_default();
        let mut say = |line: String| writeln!(page, "{line}").expect(INFALLIBLE);
        say(format!("\n## {number}. {} {}\n", first.rule.spec.title, self.code(&masked)));
        say(format!("- rule {}, {}; fingerprint {}", first.rule.id(), first.severity.name(), first.fingerprint));
        if let Some(id) = &first.key_id {
            say(format!("- key id {}", self.code(id)));
        }
        say(format!("- what it opens: {}", self.text(&first.rule.spec.description)));
        for finding in &incident.findings {
            let place = place::in_words(&finding.origin, "", &self.redactor);
            say(format!("- at {}, line {}", self.code(&place), finding.location.start_line));
        }
        for moment in &incident.introduced {
            say(format!("- brought by {}", self.moment(moment)));
        }
        for moment in &incident.removed {
            say(format!("- removed by {}", self.moment(moment)));
        }
        say(format!("- exposed {}", window(incident)));
        for accepted in &incident.accepted {
            say(format!("- accepted in the baseline {}", self.text(&place::accepted_in_words(accepted))));
        }
        let mut refs: Vec<String> = incident.refs.iter().map(|name| self.code(name)).collect();
        refs.extend((incident.refs_omitted > 0).then(|| format!("and {} more", incident.refs_omitted)));
        say(format!("- refs that lead to it: {}", if refs.is_empty() { "none".into() } else { refs.join(", ") }));
        say(format!("- on a remote: {}", if incident.pushed { "yes" } else { "not by any remote-tracking ref" }));
        say("\nIn this order:\n".to_owned());
        let remedy = &first.remedy;
        let mut steps =
            vec![remedy.revoke.clone(), remedy.store.clone(), remedy.replace.clone(), remedy.verify.clone()];
        steps.push(format!("Look at the provider's log for use of it {}.", window(incident)));
        steps.push(format!("Tell {}, and who answers for the account and its data.", self.told(incident)));
        for (number, step) in steps.iter().enumerate() {
            say(format!("{}. {}", number + 1, self.text(step)));
        }
    }

    fn told(&self, incident: &Incident<'_>) -> String {
        let authors: Vec<String> = incident.authors.iter().map(|author| self.code(author)).collect();
        if authors.is_empty() { "whoever made it".into() } else { authors.join(", ") }
    }

    fn value(&self, incident: &Incident<'_>) -> Value {
        let first = incident.first();
        let moments = |moments: &[&Moment]| -> Vec<Value> {
            let one = |moment: &&Moment| {
                json!({"commit": moment.commit_id, "date": moment.date, "author": self.text(&moment.author),
                    "subject": self.text(&moment.subject)})
            };
            moments.iter().map(one).collect()
        };
        let place = |finding: &&crate::finding::Finding| {
            json!({"path": self.text(&String::from_utf8_lossy(&finding.origin.path)),
                "part": place::part_name(finding.origin.part), "line": finding.location.start_line,
                "fingerprint": finding.fingerprint.as_str()})
        };
        let accepted = |one: &&crate::report::Accepted| {
            json!({"fingerprint": one.finding.fingerprint.as_str(), "accepted_by": self.text(&one.by), "accepted_on": one.on,
                "reason": self.text(&one.reason), "expires": one.expires})
        };
        let remedy = &first.remedy;
        json!({
            "rule_id": first.rule.id(), "title": first.rule.spec.title, "severity": first.severity.name(),
            "secret_masked": self.redactor.masked(&first.rule, &first.secret), "key_id": first.key_id,
            "places": incident.findings.iter().map(place).collect::<Vec<_>>(),
            "introduced": moments(&incident.introduced), "removed": moments(&incident.removed),
            "authors": incident.authors.iter().map(|author| self.text(author)).collect::<Vec<_>>(),
            "refs": incident.refs, "refs_omitted": incident.refs_omitted, "in_head": incident.in_head, "pushed": incident.pushed,
            "reachable": incident.reachable, "accepted": incident.accepted.iter().map(accepted).collect::<Vec<_>>(),
            "steps": {"revoke": remedy.revoke, "replace": remedy.replace, "store": remedy.store, "verify": remedy.verify},
        })
    }
}

/// From when to when whoever has the history could read it.
fn window(incident: &Incident<'_>) -> String {
    let Some(first) = incident.introduced.first() else {
        return "to whoever can read this clone until it is revoked (no known commit holds it)".to_owned();
    };
    let since = &first.date;
    let gone = if incident.in_head { "still in HEAD" } else { "gone from HEAD, but in the history" };
    format!("since {since} until it is revoked ({gone})")
}

fn rewriting(incidents: &[Incident<'_>], replacements: Option<&str>, page: &mut String) {
    let file = replacements.unwrap_or("FILE");
    let mut say = |line: String| writeln!(page, "{line}").expect(INFALLIBLE);
    say("\n## History, once the secrets are dead\n".to_owned());
    say("Rewriting changes every commit since, so all who work on it have to clone it anew. It revokes nothing.\n"
        .into());
    if replacements.is_none() {
        say("`unleak respond --replacements FILE` writes the file that these commands need.\n".to_owned());
    }
    let quoted = super::shell::word(file.as_bytes());
    say("```sh".to_owned());
    say("git clone --mirror URL fresh.git && cd fresh.git".to_owned());
    say(format!("git filter-repo --replace-text {quoted} --replace-message {quoted}"));
    say("unleak history".to_owned());
    say("git push --force --mirror URL".to_owned());
    say(format!("rm {quoted}"));
    say("```".to_owned());
    if incidents.iter().any(|incident| !incident.reachable) {
        say("\nSome of it no ref leads to. In the clone that has it: `git reflog expire --expire=now --all && git gc --prune=now`.".into());
    }
    say("\nThe commands do not reach:\n".to_owned());
    for what in NOT_REACHED {
        say(format!("- {what}"));
    }
}
