//! What a text shows besides findings and places: libraries, ignore files, pipelines, calls that manage keys.

use super::At;
use crate::document::{Aspect, Document, Lines};
use regex::bytes::Regex;
use std::sync::LazyLock;

/// Something that a file shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trait {
    /// What kind of thing.
    pub was: Was,
    /// The file.
    pub path: Vec<u8>,
    /// Its line, from 1; 0 for the file as a whole.
    pub line: u32,
    /// What it is, in words; for an ignore file its text, for an environment file its name.
    pub what: String,
}

/// What kind of thing a file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // each name is what it is
pub enum Was {
    V2Call,
    Https,
    Client,
    SmtpWithTls,
    SmtpWithoutTls,
    ScopedKey,
    MailAndAdmin,
    DeletesKeys,
    AllowsAnyAddress,
    ManagesAllowList,
    TakesEvents,
    ChecksEvents,
    MindsLimits,
    ChecksOff,
    CurrentLibrary,
    OldLibrary,
    LibraryOfUnknownVersion,
    UpdateBot,
    Scanner,
    Plan,
    EnvFile,
    IgnoreFile,
    CopiesAll,
}

impl Trait {
    /// Where it is, for a row.
    pub(super) fn at(&self) -> At {
        At { path: self.path.clone(), line: self.line, what: self.what.clone(), commit_id: None }
    }
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program, and the tests use it")
}

macro_rules! patterns {
    ($($name:ident = $pattern:literal;)*) => {
        $(static $name: LazyLock<Regex> = LazyLock::new(|| pattern($pattern));)*
    };
}

patterns! {
    SENDGRID = r"(?i)sendgrid";
    V2_CALL = r"(?i)https?://(?:api\.|www\.)?sendgrid\.com/(?:api|apiv2)/[a-z][\w./]+";
    HTTPS = r"(?i)https://api\.(?:eu\.)?sendgrid\.com";
    CLIENT = r#"(?x) \.setApiKey\s*\( | \bSendGridAPIClient\s*\( | \bSendGrid::API\.new | \bNewSendClient\s*\( | \bnew\s+\\?SendGrid(?:Client)?\s*\( | \bAddSendGrid\s*\( "#;
    SMTP = r#"(?i)\bsmtp(?:\.eu)?\.sendgrid\.net\b|\bservice["']?\s*(?:=>|[:=(])\s*["']sendgrid["']"#;
    TLS = r#"(?i)\b465\b|starttls|\btls\b|_tls|\bssl\b|_ssl|enablessl|smtps:|secure["']?\s*[:=]\s*true"#;
    // A key is made where its scopes are named.
    KEYS = r"(?i)/v3/api_keys\b|api_keys\.post|\bapi_keys\b[^\r\n]{0,40}\.post\(|sendgrid_api_key";
    MAKES = r#"(?i)\bpost\b|resource\s+"sendgrid_api_key""#;
    SCOPES = r#"(?i)\bscopes?["']?\s*(?:=>|[:=])"#;
    DELETES = r"(?i)\bdelete\b[^\r\n]{0,80}/v3/api_keys/|api_keys[^\r\n]{0,40}\.delete\(|/v3/api_keys/[^\r\n]{0,80}\bdelete\b";
    MAIL_SCOPE = r#"["']mail\.send["']"#;
    ADMIN_SCOPE = r#"["'](?:api_keys\.(?:create|update)|teammates\.(?:create|update)|user\.(?:password|email|username)\.update|access_settings\.whitelist\.\w+|subusers\.\w+|billing\.\w+|credentials\.\w+)["']"#;
    ALLOW_LIST = r"(?i)access_settings/whitelist|access_settings[^\r\n]{0,20}\.whitelist";
    ANY_ADDRESS = r#"["'](?:0\.0\.0\.0/0|\*(?:\.\*){3}|::/0)["']"#;
    EVENTS = r"\bsg_event_id\b|SendGrid Event API|\bsg_message_id\b";
    SIGNATURE = r"(?i)Twilio-Email-Event-Webhook-Signature|\bnew EventWebhook\b|\bEventWebhook\(|verify_?signature\(|TWILIO_EMAIL_EVENT_WEBHOOK";
    LIMITS = r"(?i)\b429\b|X-?RateLimit|too ?many ?requests|Retry-?After";
    CHECKS_OFF = r#"\b(?:NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY)["'\]]*\s*[=:\x20]\s*["']?0\b"#;
    SCANNERS = r"(?i)\b(?:unleak|gitleaks|trufflehog|detect-secrets|ggshield|kingfisher|noseyparker|secretlint|git-secrets|talisman)\b";
    PLAN = r"(?i)\b(?:rotat|revok)\w*\b[^\r\n]{0,80}\b(?:key|credential|secret|token)s?\b|\b(?:leaked|exposed|compromised)\b[^\r\n]{0,60}\b(?:key|credential|secret|token)s?\b";
    COPIES_ALL = r"(?im)^\s*(?:COPY|ADD)\s+(?:--\S+\s+)*\.\/?\s+\S+";
    DOTENV = r#"(?im)["']dotenv["']|\bload_dotenv\b|dotenv/config|Dotenv\.load|godotenv|^\s*gem ["']dotenv"#;
    SENDGRID_ENV = r"\bsource\s+\./sendgrid\.env\b|(?:^|\s)>>?\s*\.?/?sendgrid\.env\b";
    LIBRARY = r#"(?imx)
        (?: ["'] (?<npm> @sendgrid/(?:mail|client|eventhook|eventwebhook|inbound-mail-parser|contact-importer|helpers) ) ["'] \s* : \s* ["'] (?<npm_version>[^"']*) ["']
          | ["'] (?<npm_old> sendgrid ) ["'] \s* : \s* ["'] (?<npm_old_version>[^"']*) ["']
          | ["'] (?<php> sendgrid/sendgrid ) ["'] \s* : \s* ["'] (?<php_version>[^"']*) ["']
          | (?: ^ | ["'] ) (?<python> sendgrid ) \s* (?: (?: [=~<>!]= | = \s* "[\^~=]? | > ) \s* (?<python_version>[\d.]+) )? \s* (?: [,;\#"'] | \r?$ )
          | (?<ruby> sendgrid-ruby ) ["']? \s* [,(]? \s* ["']? [~><=]* \s? (?<ruby_version>\d[\d.]*)?
          | (?<go> github\.com/sendgrid/sendgrid-go ) \x20+ v (?<go_version>[\d.]+)
          | (?<java> sendgrid-java ) (?: \s* </artifactId> \s* <version> | : ) \s* (?<java_version>[\d.]+)?
          | (?: Include | id ) \s* = \s* " (?<net> SendGrid ) " (?: \s+ version \s* = \s* "\[? (?<net_version>[\d.]+) )? )"#;
}

/// The libraries: the group of the pattern, what it is called, and the newest major version known.
const LIBRARIES: [(&str, &str, u32); 8] = [
    ("npm", "npm", 8),
    ("npm_old", "npm", 6),
    ("php", "Composer", 8),
    ("python", "PyPI", 6),
    ("ruby", "RubyGems", 6),
    ("go", "Go", 3),
    ("java", "Maven", 4),
    ("net", "NuGet", 9),
];
/// The npm package `sendgrid` was given up for `@sendgrid/mail`: no version of it is current.
const GIVEN_UP: &str = "npm_old";

/// What a document shows.
pub fn traits(document: &Document) -> Vec<Trait> {
    if document.origin.part != Aspect::Content {
        return Vec::new();
    }
    let path = String::from_utf8_lossy(&document.origin.path).to_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut seen = Seen { document, lines: Lines::after(&document.text, document.ahead), traits: Vec::new() };
    seen.by_name(&path, name);
    if SENDGRID.is_match(&document.text) {
        seen.of_sendgrid(name);
    }
    seen.traits
}

struct Seen<'d> {
    document: &'d Document,
    lines: Lines<'d>,
    traits: Vec<Trait>,
}

impl Seen<'_> {
    fn add(&mut self, was: Was, at: Option<usize>, what: &str) {
        let line = at.map_or(0, |at| self.lines.location(&(at..at)).start_line);
        self.traits.push(Trait { was, path: self.document.origin.path.clone(), line, what: what.to_owned() });
    }

    /// Each match of a pattern, unless its line is a comment.
    fn each(&mut self, was: Was, pattern: &Regex, what: &str) {
        let places: Vec<usize> = pattern.find_iter(&self.document.text).map(|found| found.start()).collect();
        for at in places {
            if !self.is_comment(at) {
                self.add(was, Some(at), what);
            }
        }
    }

    fn first(&mut self, was: Was, pattern: &Regex, what: &str) {
        let found = pattern.find_iter(&self.document.text).map(|found| found.start()).find(|at| !self.is_comment(*at));
        if let Some(at) = found {
            self.add(was, Some(at), what);
        }
    }

    fn is_comment(&self, at: usize) -> bool {
        let line = self.document.text[self.lines.range(self.lines.index_of(at))].trim_ascii_start();
        [&b"//"[..], b"#", b"* ", b"/*", b"--", b"<!--"].iter().any(|mark| line.starts_with(mark))
    }

    fn round(&self, at: usize, lines: usize) -> &[u8] {
        let line = self.lines.index_of(at);
        let last = (line + lines).min(self.lines.count() - 1);
        &self.document.text[self.lines.range(line.saturating_sub(lines)).start..self.lines.range(last).end]
    }

    /// Files that are what they are called.
    fn by_name(&mut self, path: &str, name: &str) {
        let text = String::from_utf8_lossy(&self.document.text).into_owned();
        if matches!(name, ".gitignore" | ".dockerignore" | ".npmignore") {
            self.add(Was::IgnoreFile, None, &text);
        }
        if matches!(
            name,
            "dependabot.yml"
                | "dependabot.yaml"
                | "renovate.json"
                | "renovate.json5"
                | ".renovaterc"
                | ".renovaterc.json"
        ) {
            self.add(Was::UpdateBot, None, "proposes updates");
        }
        let is_pipeline = path.starts_with(".github/workflows/")
            || matches!(
                name,
                ".gitlab-ci.yml" | "azure-pipelines.yml" | "bitbucket-pipelines.yml" | "jenkinsfile" | ".travis.yml"
            )
            || matches!(name, ".pre-commit-config.yaml" | "lefthook.yml" | "lefthook.yaml")
            || path.starts_with(".circleci/")
            || path.contains(".husky/");
        if is_pipeline {
            self.first(Was::Scanner, &SCANNERS, "runs a secret scanner");
        }
        if !is_document(name) {
            self.first(Was::ChecksOff, &CHECKS_OFF, "turns the checks of TLS off for the whole program");
        }
        let is_image = name.starts_with("dockerfile") || name.ends_with(".dockerfile") || name == "containerfile";
        if is_image {
            self.first(Was::CopiesAll, &COPIES_ALL, "copies the whole folder");
        }
        let is_example = name.starts_with(".env")
            && ["example", "sample", "template", "dist", "default"].iter().any(|word| name.contains(word));
        if is_example {
            let file = if name.contains(".server") { ".env.server" } else { ".env" };
            self.add(Was::EnvFile, None, file);
        }
        let is_manifest =
            matches!(name, "package.json" | "gemfile" | "go.mod") || name.ends_with(".py") || name.ends_with(".js");
        if is_manifest && DOTENV.is_match(&self.document.text) && !path.contains("test") {
            self.add(Was::EnvFile, None, ".env");
        }
        let is_policy = matches!(name, "security.md" | "contributing.md" | "runbook.md")
            || path.contains("runbook")
            || path.contains("incident");
        if is_policy && is_document(name) {
            self.first(Was::Plan, &PLAN, "says what to do about a leaked credential");
        }
    }

    fn of_sendgrid(&mut self, name: &str) {
        self.libraries(name);
        if is_document(name) {
            return;
        }
        self.each(Was::V2Call, &V2_CALL, "calls the V2 API");
        self.each(Was::Https, &HTTPS, "an https address");
        self.each(Was::Client, &CLIENT, "a library's client");
        let hosts: Vec<usize> = SMTP.find_iter(&self.document.text).map(|found| found.start()).collect();
        for at in hosts.into_iter().filter(|at| !self.is_comment(*at)).collect::<Vec<_>>() {
            let is_safe = TLS.is_match(self.round(at, 10));
            let was = if is_safe { Was::SmtpWithTls } else { Was::SmtpWithoutTls };
            self.add(was, Some(at), if is_safe { "SMTP with TLS" } else { "SMTP settings without a word on TLS" });
        }
        self.keys();
        self.first(Was::DeletesKeys, &DELETES, "deletes keys");
        if let Some(at) = ALLOW_LIST.find(&self.document.text).map(|found| found.start()) {
            let is_any = ANY_ADDRESS.is_match(self.round(at, 6));
            let was = if is_any { Was::AllowsAnyAddress } else { Was::ManagesAllowList };
            self.add(
                was,
                Some(at),
                if is_any { "adds every address to the allow list" } else { "manages the allow list" },
            );
        }
        self.first(Was::TakesEvents, &EVENTS, "takes SendGrid's events");
        self.first(Was::ChecksEvents, &SIGNATURE, "checks the signature of events");
        self.first(Was::MindsLimits, &LIMITS, "minds limits of requests");
        self.first(Was::EnvFile, &SENDGRID_ENV, "sendgrid.env");
    }

    /// Where keys are made with scopes.
    fn keys(&mut self) {
        let calls: Vec<usize> = KEYS.find_iter(&self.document.text).map(|found| found.start()).collect();
        for at in calls {
            let near = self.round(at, 8);
            if !MAKES.is_match(near) || !SCOPES.is_match(near) || self.is_comment(at) {
                continue;
            }
            let is_mixed = MAIL_SCOPE.is_match(near) && ADMIN_SCOPE.is_match(near);
            self.add(Was::ScopedKey, Some(at), "makes a key with scopes");
            if is_mixed {
                self.add(Was::MailAndAdmin, Some(at), "makes a key for mail and for administration");
            }
        }
    }

    /// Whether a manifest names itself there: `name='sendgrid'`.
    fn is_own_name(&self, at: usize) -> bool {
        let line = self.lines.range(self.lines.index_of(at));
        let before = self.document.text[line.start..at].trim_ascii_start();
        before.starts_with(b"name") && !before.starts_with(b"name =>")
    }

    /// The SendGrid libraries that a manifest names.
    fn libraries(&mut self, name: &str) {
        if !is_manifest(name) {
            return;
        }
        let document = self.document;
        for found in LIBRARY.captures_iter(&document.text) {
            for (group, registry, newest) in LIBRARIES {
                let Some(package) = found.name(group) else { continue };
                if self.is_comment(package.start()) || self.is_own_name(package.start()) || !is_of(registry, name) {
                    continue;
                }
                let version = found
                    .name(&format!("{group}_version"))
                    .map(|version| String::from_utf8_lossy(version.as_bytes()).into_owned());
                let package_name = String::from_utf8_lossy(package.as_bytes()).into_owned();
                let major = version.as_deref().and_then(major);
                let (was, what) = match (major, version) {
                    _ if group == GIVEN_UP => {
                        (Was::OldLibrary, format!("{package_name}, which @sendgrid/mail replaced"))
                    }
                    (Some(major), Some(version)) if major < newest => {
                        (Was::OldLibrary, format!("{package_name} {version}; the newest major version is {newest}"))
                    }
                    (Some(_), Some(version)) => (Was::CurrentLibrary, format!("{package_name} {version}")),
                    _ => (Was::LibraryOfUnknownVersion, package_name),
                };
                self.add(was, Some(package.start()), &what);
            }
        }
    }
}

fn is_document(name: &str) -> bool {
    [".md", ".mdx", ".rst", ".txt", ".adoc", ".html"].iter().any(|end| name.ends_with(end))
}

fn is_manifest(name: &str) -> bool {
    let requirements = (name.starts_with("requirements") || name.starts_with("constraints"))
        && (name.ends_with(".txt") || name.ends_with(".in"));
    let project =
        [".csproj", ".vbproj", ".fsproj", ".gradle", ".gradle.kts", ".gemspec"].iter().any(|end| name.ends_with(end));
    requirements
        || project
        || matches!(
            name,
            "package.json"
                | "composer.json"
                | "pyproject.toml"
                | "pipfile"
                | "setup.py"
                | "setup.cfg"
                | "gemfile"
                | "gemfile.lock"
                | "go.mod"
                | "pom.xml"
                | "packages.config"
                | "directory.packages.props"
        )
}

/// Whether a manifest of this name belongs to the registry.
fn is_of(registry: &str, name: &str) -> bool {
    match registry {
        "npm" => name == "package.json",
        "Composer" => name == "composer.json",
        "RubyGems" => name.starts_with("gemfile") || name.ends_with(".gemspec"),
        "Go" => name == "go.mod",
        "Maven" => name == "pom.xml" || name.contains(".gradle"),
        "NuGet" => name.ends_with("proj") || name.ends_with(".config") || name.ends_with(".props"),
        _ => {
            name.starts_with("requirements")
                || name.starts_with("constraints")
                || matches!(name, "pyproject.toml" | "pipfile" | "setup.py" | "setup.cfg")
        }
    }
}

/// The first number of a version or range.
fn major(version: &str) -> Option<u32> {
    let digits = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}
