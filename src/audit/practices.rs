//! The statements of the two documents, each with what is looked at and what to do about what no file shows.

use super::evidence::Evidence;
use super::{Said, accounts, keys, logins};

/// One statement.
#[derive(Debug)]
pub struct Practice {
    /// Its name in reports; it never changes.
    pub id: &'static str,
    /// Which document it is from.
    pub source: Source,
    /// What it asks for, in short.
    pub statement: &'static str,
    /// What is looked at.
    pub looks_at: &'static str,
    /// What to do about what a repository cannot show.
    pub instead: &'static str,
    pub(super) check: fn(&Evidence<'_>) -> Said,
}

/// A document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Twilio SendGrid's page on the upgrade to API keys.
    Upgrade,
    /// The 19 practices.
    Practices,
}

impl Source {
    /// Both.
    pub const ALL: [Source; 2] = [Source::Upgrade, Source::Practices];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Source::Upgrade => "Upgrade your authentication method to API keys (Twilio SendGrid)",
            Source::Practices => "19 SendGrid API key authentication best practices (AOTsend)",
        }
    }
}

/// All of them, in the order of the documents.
pub const PRACTICES: &[Practice] = &[
    upgrade(
        "upgrade-smtp-user",
        "SMTP: the user name is apikey",
        "SMTP settings for SendGrid: the user beside the host",
        "See what the user name is where it is set: anything but apikey is a user name and password.",
        logins::smtp_user,
    ),
    upgrade(
        "upgrade-v3-bearer",
        "V3 API: the Authorization header says Bearer, not Basic",
        "clients of the libraries, calls of the V3 API and the header near them",
        "Look at the header where it is made, or at the wire in a test: Bearer is an API key.",
        logins::v3_bearer,
    ),
    upgrade(
        "upgrade-v2",
        "V2 API: no calls, since they take user name and password",
        "addresses of the V2 API, and logins in such calls",
        "Search the programs that are not in this repository for sendgrid.com/api/.",
        logins::v2,
    ),
    upgrade(
        "upgrade-library",
        "The library is one that logs in with API keys",
        "manifests that name a SendGrid library, and its version",
        "See which version is installed where it runs.",
        accounts::library,
    ),
    upgrade(
        "upgrade-email-activity",
        "Email Activity: no message without an api_key_id",
        "nothing: it stands in the account",
        "Ask the Email Activity API, GET /v3/messages?query=..., for mail of the last days (an add-on): an empty api_key_id is a user name and password.",
        accounts::account_only,
    ),
    upgrade(
        "upgrade-key-length",
        "Everything that holds a key has room for 69 characters",
        "keys that were cut off; columns and fields for SendGrid keys",
        "See that forms, secret stores and databases elsewhere take 69 characters.",
        keys::length,
    ),
    upgrade(
        "upgrade-least-privilege",
        "Keys have only the permissions that their requests need",
        "code and Terraform that makes keys",
        "GET /v3/scopes with each key lists what it may do; to send, mail.send is enough.",
        keys::scopes,
    ),
    upgrade(
        "upgrade-mail-first",
        "What sends mail is upgraded first",
        "the places that send mail, over the API or SMTP",
        "Take the places that `unleak inventory` lists first.",
        logins::mail_first,
    ),
    upgrade(
        "upgrade-environment",
        "API keys are stored in environment variables",
        "literal keys, and where references get them from",
        "See where the setting gets its value: it should be the environment or a secret store.",
        keys::environment,
    ),
    upgrade(
        "upgrade-staging",
        "Changes are tried in staging before production",
        "the same key in files of production and of staging",
        "Give staging a key and, better, a subuser of its own, and try the new key there.",
        keys::staging,
    ),
    upgrade(
        "upgrade-identify",
        "It is known where user names and passwords are stored",
        "all places, by `unleak inventory`",
        "List what is outside of the repository: hosts, pipelines, vaults.",
        logins::identify,
    ),
    upgrade(
        "upgrade-generate",
        "API keys are made with the least permissions",
        "code and Terraform that makes keys",
        "POST /v3/api_keys with {\"name\": \"mailer\", \"scopes\": [\"mail.send\"]}; without scopes it gets all of them.",
        keys::scopes,
    ),
    upgrade(
        "upgrade-replace",
        "User names and passwords are replaced by API keys",
        "what each use logs in with",
        "See what the variables hold: a key begins with SG. and has 69 characters.",
        logins::replaced,
    ),
    upgrade(
        "upgrade-smtp-password",
        "SMTP: the password is an API key",
        "SMTP settings with the user apikey: the password beside it",
        "See what the variable holds: a key begins with SG. and has 69 characters.",
        logins::smtp_password,
    ),
    upgrade(
        "upgrade-base64",
        "A key in base64 has no line end or blank in it",
        "keys in base64",
        "Encode with printf, not echo, and without wrapping: printf %s \"$KEY\" | base64 -w0.",
        logins::base64,
    ),
    upgrade(
        "upgrade-2fa",
        "Two-factor authentication is on for users, subusers and teammates",
        "nothing but refusals in logs: it stands in the account",
        "Settings > Two-Factor Authentication, and Teammates and Subusers for the others.",
        accounts::two_factor,
    ),
    upgrade(
        "upgrade-api-rejection",
        "No call is refused for \"using basic authentication with 2FA enabled\"",
        "that answer in logs and recordings",
        "Search the logs where they are: `unleak stdin <LOG` finds it.",
        logins::api_rejection,
    ),
    upgrade(
        "upgrade-smtp-rejection",
        "No mail is refused with \"535 ... Basic authentication is not allowed with 2FA enabled\"",
        "that answer in logs and recordings",
        "Search the logs where they are: `unleak stdin <LOG` finds it.",
        logins::smtp_rejection,
    ),
    upgrade(
        "upgrade-no-2fa-off",
        "A refusal is mended with a key, not by turning two-factor authentication off",
        "nothing: it stands in the account",
        "The answer itself offers to turn it off and to go by IP addresses. Don't: SendGrid requires it since 2020.",
        accounts::account_only,
    ),
    practice(
        "practice-1",
        "1. Understanding API keys",
        "user names and passwords where keys belong",
        "Read `unleak explain sendgrid-api-key` together.",
        logins::understood,
    ),
    practice(
        "practice-2",
        "2. Strong keys",
        "passwords that people made, in a key's place",
        "Let SendGrid make the keys; where a password is left, replace it by a key.",
        keys::strong,
    ),
    practice(
        "practice-3",
        "3. Limited access",
        "code and Terraform that makes keys",
        "GET /v3/scopes with each key lists what it may do; take away what it does not use.",
        keys::scopes,
    ),
    practice(
        "practice-4",
        "4. Regular rotation",
        "how long a key stands in the files, by the history",
        "Note when each key was made, and replace it each quarter: SendGrid's API gives no dates.",
        keys::rotation,
    ),
    practice(
        "practice-5",
        "5. Secure storage",
        "literal keys and logins, keys under names that go to browsers, tracked environment files",
        "See where the setting gets its value: it should be the environment or a secret store.",
        keys::storage,
    ),
    practice(
        "practice-6",
        "6. Monitoring and logging",
        "keys that are printed; code that takes SendGrid's events",
        "Turn on the Event Webhook with its signature, and look at Email Activity and Settings > IP Access Management > Recent access attempts.",
        accounts::monitoring,
    ),
    practice(
        "practice-7",
        "7. IP allow list",
        "code that manages the list, and entries for every address",
        "GET /v3/access_settings/whitelist, or Settings > IP Access Management. Leave yourself a way in.",
        accounts::allow_list,
    ),
    practice(
        "practice-8",
        "8. HTTPS for all requests",
        "addresses of the API, SMTP settings, TLS and its checks turned off",
        "See that mail goes to port 465, or to 587 with STARTTLS required.",
        accounts::transport,
    ),
    practice(
        "practice-9",
        "9. No sharing of keys",
        "credentials in documents, mails, commit messages, tags and notes",
        "Pass keys on through a secret store; `unleak redact` masks them in what goes to a chat.",
        keys::sharing,
    ),
    practice(
        "practice-10",
        "10. Two-factor authentication",
        "nothing but refusals in logs: it stands in the account",
        "Settings > Two-Factor Authentication, for every user, subuser and teammate.",
        accounts::two_factor,
    ),
    practice(
        "practice-11",
        "11. Up to date",
        "versions of SendGrid libraries, and services that propose updates",
        "Have Dependabot or Renovate propose updates.",
        accounts::up_to_date,
    ),
    practice(
        "practice-12",
        "12. Review of permissions",
        "nothing: it stands in the account",
        "GET /v3/api_keys and /v3/api_keys/{id} list the keys and their scopes; compare with what each is for.",
        accounts::account_only,
    ),
    practice(
        "practice-13",
        "13. Separate keys for separate functions",
        "one key in several files; keys made for mail and administration at once",
        "Make a key for each service and environment, so that one can be deleted alone.",
        keys::separate,
    ),
    practice(
        "practice-14",
        "14. Rate limiting",
        "code that minds status 429",
        "Limit what your own users can make the program send; honour X-RateLimit-Reset.",
        accounts::rate,
    ),
    practice(
        "practice-15",
        "15. No leaked keys",
        "credentials in files and history; .gitignore, .dockerignore and .npmignore",
        "Run `unleak history` in a full clone, and `unleak hook install`.",
        keys::leaks,
    ),
    practice(
        "practice-16",
        "16. Response to breaches",
        "what leaked, and documents with a plan",
        "`unleak respond` prints the plan for what leaked: revoke, look at the log, tell who must know.",
        keys::breaches,
    ),
    practice(
        "practice-17",
        "17. Education of developers",
        "documents on the handling of credentials",
        "`unleak explain RULE` says why and how; the hook says it when it matters.",
        accounts::educated,
    ),
    practice(
        "practice-18",
        "18. Auditing and compliance",
        "allow entries that have expired",
        "Compare Email Activity and the list of keys with what should be; keep the JSON form of this audit.",
        accounts::compliance,
    ),
    practice(
        "practice-19",
        "19. Vigilance",
        "pipelines and hooks that run a secret scanner",
        "Run unleak in the pipeline and on a schedule, and turn on the host's push protection.",
        accounts::vigilance,
    ),
];

type Check = fn(&Evidence<'_>) -> Said;

const fn upgrade(
    id: &'static str,
    statement: &'static str,
    looks_at: &'static str,
    instead: &'static str,
    check: Check,
) -> Practice {
    Practice { id, source: Source::Upgrade, statement, looks_at, instead, check }
}

const fn practice(
    id: &'static str,
    statement: &'static str,
    looks_at: &'static str,
    instead: &'static str,
    check: Check,
) -> Practice {
    Practice { id, source: Source::Practices, statement, looks_at, instead, check }
}
