//! Which of unleak's own rules find what a default rule of gitleaks does, where the ids are not the same.

use crate::ruleset::RuleSet;

const COUNTERPARTS: &[(&str, &[&str])] = &[
    ("1password-secret-key", &["onepassword-secret-key"]),
    ("1password-service-account-token", &["onepassword-service-account-token"]),
    ("airtable-api-key", &["airtable-api-key-legacy"]),
    ("airtable-personnal-access-token", &["airtable-access-token"]),
    ("algolia-api-key", &["algolia-admin-key"]),
    ("alibaba-secret-key", &["alibaba-access-key-secret"]),
    ("anthropic-admin-api-key", &["anthropic-admin-key"]),
    ("aws-access-token", &["aws-access-key", "aws-access-key-id"]),
    ("aws-amazon-bedrock-api-key-long-lived", &["aws-bedrock-api-key"]),
    ("aws-amazon-bedrock-api-key-short-lived", &["aws-bedrock-api-key"]),
    ("azure-ad-client-secret", &["azure-client-secret"]),
    ("clojars-api-token", &["clojars-deploy-token"]),
    ("cloudflare-api-key", &["cloudflare-token", "cloudflare-api-token"]),
    ("codecov-access-token", &["codecov-upload-token"]),
    ("cohere-api-token", &["cohere-api-key"]),
    ("coinbase-access-token", &["coinbase-cdp-key"]),
    ("confluent-secret-key", &["confluent-api-secret"]),
    ("contentful-delivery-api-token", &["contentful-management-token"]),
    ("curl-auth-header", &["http-bearer-header", "http-basic-header"]),
    ("curl-auth-user", &["http-curl-password"]),
    ("databricks-api-token", &["databricks-token"]),
    ("datadog-access-token", &["datadog-api-key", "datadog-application-key"]),
    ("digitalocean-access-token", &["digitalocean-token"]),
    ("digitalocean-pat", &["digitalocean-token"]),
    ("digitalocean-refresh-token", &["digitalocean-token"]),
    ("discord-api-token", &["discord-bot-token"]),
    ("doppler-api-token", &["doppler-token"]),
    ("dropbox-api-token", &["dropbox-access-token"]),
    ("dropbox-long-lived-api-token", &["dropbox-access-token"]),
    ("dropbox-short-lived-api-token", &["dropbox-access-token"]),
    ("duffel-api-token", &["duffel-access-token"]),
    ("dynatrace-api-token", &["dynatrace-token"]),
    ("easypost-api-token", &["easypost-api-key"]),
    ("easypost-test-api-token", &["easypost-api-key"]),
    ("facebook-access-token", &["meta-access-token"]),
    ("facebook-page-access-token", &["meta-access-token"]),
    ("facebook-secret", &["meta-app-secret"]),
    ("flyio-access-token", &["fly-access-token"]),
    ("frameio-api-token", &["frameio-developer-token"]),
    ("gcp-api-key", &["google-api-key"]),
    ("github-fine-grained-pat", &["github-fine-grained-token"]),
    ("github-oauth", &["github-oauth-token"]),
    ("github-pat", &["github-personal-access-token"]),
    ("gitlab-cicd-job-token", &["gitlab-ci-job-token"]),
    ("gitlab-feature-flag-client-token", &["gitlab-feature-flag-token"]),
    ("gitlab-incoming-mail-token", &["gitlab-feed-token"]),
    ("gitlab-kubernetes-agent-token", &["gitlab-agent-token"]),
    ("gitlab-oauth-app-secret", &["gitlab-oauth-application-secret"]),
    ("gitlab-pat", &["gitlab-personal-access-token"]),
    ("gitlab-pat-routable", &["gitlab-routable-access-token"]),
    ("gitlab-ptt", &["gitlab-pipeline-trigger-token"]),
    ("gitlab-rrt", &["gitlab-runner-token"]),
    ("gitlab-runner-authentication-token", &["gitlab-runner-token"]),
    ("grafana-cloud-api-token", &["grafana-cloud-token"]),
    ("harness-api-key", &["harness-access-token"]),
    ("hashicorp-tf-api-token", &["hashicorp-terraform-token"]),
    ("heroku-api-key-v2", &["heroku-api-token"]),
    ("hubspot-api-key", &["hubspot-access-token"]),
    ("huggingface-organization-api-token", &["huggingface-access-token"]),
    ("infracost-api-token", &["infracost-api-key"]),
    ("intercom-api-key", &["intercom-access-token"]),
    ("jfrog-api-key", &["artifactory-api-key"]),
    ("jfrog-identity-token", &["artifactory-reference-token"]),
    ("jwt", &["jwt-token"]),
    ("jwt-base64", &["jwt-token"]),
    ("kubernetes-secret-yaml", &["kubernetes-secret-data", "kubernetes-secret-string-data"]),
    ("launchdarkly-access-token", &["launchdarkly-api-key"]),
    ("mailgun-private-api-token", &["mailgun-api-key"]),
    ("mapbox-api-token", &["mapbox-secret-token"]),
    ("microsoft-teams-webhook", &["microsoft-teams-webhook-url"]),
    ("new-relic-insert-key", &["newrelic-insights-key"]),
    ("new-relic-user-api-key", &["newrelic-user-key"]),
    ("notion-api-token", &["notion-token"]),
    ("nuget-config-password", &["nuget-feed-password"]),
    ("octopus-deploy-api-key", &["octopus-api-key"]),
    ("okta-access-token", &["okta-api-token"]),
    ("plaid-api-token", &["plaid-access-token"]),
    ("plaid-secret-key", &["plaid-secret"]),
    ("planetscale-api-token", &["planetscale-credential"]),
    ("planetscale-oauth-token", &["planetscale-credential"]),
    ("planetscale-password", &["planetscale-credential"]),
    ("postman-api-token", &["postman-api-key"]),
    ("prefect-api-token", &["prefect-api-key"]),
    ("private-key", &["private-key-pem", "private-key-encrypted", "private-key-pgp"]),
    ("pulumi-api-token", &["pulumi-access-token"]),
    ("pypi-upload-token", &["pypi-api-token"]),
    ("rapidapi-access-token", &["rapidapi-api-key"]),
    ("readme-api-token", &["readme-api-key"]),
    ("rubygems-api-token", &["rubygems-api-key"]),
    ("sendgrid-api-token", &["sendgrid-api-key"]),
    ("sendinblue-api-token", &["brevo-api-key"]),
    ("sentry-access-token", &["sentry-auth-token"]),
    ("sentry-org-token", &["sentry-auth-token"]),
    ("sentry-user-token", &["sentry-auth-token"]),
    ("shopify-access-token", &["shopify-token"]),
    ("shopify-custom-access-token", &["shopify-token"]),
    ("shopify-private-app-access-token", &["shopify-token"]),
    ("slack-config-access-token", &["slack-configuration-token"]),
    ("slack-config-refresh-token", &["slack-configuration-token"]),
    ("slack-legacy-bot-token", &["slack-legacy-token"]),
    ("slack-legacy-workspace-token", &["slack-legacy-token"]),
    ("sonar-api-token", &["sonar-token"]),
    ("stripe-access-token", &["stripe-secret-key", "stripe-restricted-key", "stripe-test-key"]),
    ("telegram-bot-api-token", &["telegram-bot-token"]),
    ("twitch-api-token", &["twitch-client-secret"]),
    ("twitter-access-secret", &["x-access-token-secret"]),
    ("twitter-api-secret", &["x-consumer-secret"]),
    ("twitter-bearer-token", &["x-bearer-token"]),
    ("typeform-api-token", &["typeform-access-token"]),
    ("vault-batch-token", &["hashicorp-vault-token"]),
    ("vault-service-token", &["hashicorp-vault-token", "hashicorp-vault-token-legacy"]),
    ("zendesk-secret-key", &["zendesk-api-token"]),
];

/// The ids of unleak's own rules for the id of a default rule: the same one, or those that find the same; none if
/// there are none.
pub(super) fn counterparts(id: &str) -> Vec<String> {
    if let Some(rule) = RuleSet::builtin_shared().get(id) {
        return vec![rule.id().to_owned()];
    }
    let known = COUNTERPARTS.iter().find(|(theirs, _)| *theirs == id);
    known.map(|(_, ours)| ours.iter().map(|id| (*id).to_owned()).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_counterpart_is_there_and_no_id_stands_twice() {
        let builtin = RuleSet::builtin_shared();
        for (at, (theirs, ours)) in COUNTERPARTS.iter().enumerate() {
            assert!(builtin.get(theirs).is_none(), "{theirs} is a rule of unleak's own");
            assert!(COUNTERPARTS[..at].iter().all(|(other, _)| other < theirs), "{theirs} is out of order");
            for id in *ours {
                assert!(builtin.get(id).is_some(), "there is no rule {id}");
            }
        }
    }
}
