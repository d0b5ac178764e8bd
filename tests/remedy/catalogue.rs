//! What the built-in rules say of the repair, held against what a reader needs of it.

use unleak::rule::Kind;
use unleak::ruleset::{Rule, RuleSet};

/// Rules of secrets whose issuer nobody can know from the text: they can't name a place.
const NO_ISSUER: [&str; 5] = ["generic-", "command-", "digest-", "jwt-token", "jetbrains-deployment-password"];

fn secrets(check: impl Fn(&Rule) -> bool) -> Vec<String> {
    let rules = RuleSet::builtin();
    let secrets = rules.rules().iter().filter(|rule| rule.kind == Kind::Secret);
    secrets.filter(|rule| !check(rule)).map(|rule| format!("{}: {}", rule.id(), rule.spec.remedy.revoke)).collect()
}

#[test]
fn every_provider_s_remedy_names_a_page_a_menu_or_a_command() {
    let is_place =
        |text: &str| [" > ", "`", "https://", "DELETE ", "POST ", ".com", ".org"].iter().any(|s| text.contains(s));
    let has_issuer = |rule: &Rule| !NO_ISSUER.iter().any(|start| rule.id().starts_with(start));
    let generic = |rule: &Rule| rule.spec.generic || rule.id().starts_with("sendgrid-");
    let wrong = secrets(|rule| !has_issuer(rule) || generic(rule) || is_place(&rule.spec.remedy.revoke));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_remedy_of_a_key_begins_with_its_end() {
    // Those that die by themselves, and those of which a service hands out but one at a login.
    const AT_ONCE: [&str; 7] = [
        "dropbox-access-token",
        "google-oauth-refresh-token",
        "kubernetes-service-account-token",
        "kubernetes-kubeconfig-token",
        "meta-access-token",
        "openshift-user-token",
        "telegram-bot-token",
    ];
    let wrong = secrets(|rule| {
        let revoke = &rule.spec.remedy.revoke;
        let at_once = AT_ONCE.contains(&rule.id()) || rule.id() == "slack-bot-token";
        at_once || !(revoke.starts_with("Delete ") || revoke.starts_with("Revoke it"))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
