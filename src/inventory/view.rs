//! A text as the search for places sees it: its lines, its language, and what the whole file is about.

use super::{Method, Place, Purpose, SENDGRID, Standing};
use crate::document::{Document, Lines};
use crate::remedy::{Language, language};
use regex::bytes::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// What a file that sends mail through SendGrid's web API says somewhere.
static SENDS_MAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)@sendgrid/mail|\bsgMail\b|/mail/send\b|\.mail\.send\b|\._\("send"\)|sendgrid\.helpers|helpers/mail|\bSendEmailAsync\b|\bNewSendClient\b|\bNewSingleEmail|SendGrid\\Mail|SendGrid::Mail|\bMailHelper\b|sendgrid_backend|anymail|sendgrid[\w.]*\.mail\b|(?:sg|client|sendgrid\w*)\.send\(|\.sendEmail\(|Adapters?\.SendGrid|SendGridAdapter"#,
    )
});

/// A pattern that is part of the program.
pub(super) fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program, and the tests use it")
}

/// A text and what is known of it.
pub(super) struct View<'d> {
    pub text: &'d [u8],
    pub language: Language,
    lines: Lines<'d>,
    path: &'d [u8],
    base: Purpose,
}

impl<'d> View<'d> {
    pub fn new(document: &'d Document) -> Self {
        let text = document.text.as_slice();
        let language = language(&document.origin.path, text);
        let base = match kind(language) {
            Kind::ForPeople => Purpose::Documentation,
            Kind::Settings => Purpose::Kept,
            Kind::Code if SENDS_MAIL.is_match(text) => Purpose::MailSend,
            Kind::Code => Purpose::Client,
        };
        let lines = Lines::after(text, document.ahead);
        View { text, language, lines, path: &document.origin.path, base }
    }

    pub fn is_settings(&self) -> bool {
        kind(self.language) == Kind::Settings
    }

    /// Whether the file only shows what another one is to look like, so that its values are stand-ins.
    pub fn is_example(&self) -> bool {
        let name = self.path.rsplit(|byte| *byte == b'/').next().unwrap_or_default().to_ascii_lowercase();
        let has = |word: &[u8]| memchr::memmem::find(&name, word).is_some();
        self.is_settings() && [&b"example"[..], b"sample", b"template", b".dist"].into_iter().any(has)
    }

    /// Whether `$NAME` and `%NAME%` are filled in by what reads the file; elsewhere a variable of the code may begin
    /// so too.
    pub fn fills_in(&self) -> bool {
        use Language::*;
        !matches!(self.language, Php | LaravelConfig | Perl | Ruby | Python | JavaScript | TypeScript | CSharp)
    }

    /// The bytes of the line round an offset.
    pub fn line(&self, at: usize) -> Range<usize> {
        self.lines.range(self.lines.index_of(at))
    }

    /// The bytes of so many lines before and after the line round an offset, and of itself.
    pub fn lines_round(&self, at: usize, before: usize, after: usize) -> Range<usize> {
        let line = self.lines.index_of(at);
        let last = (line + after).min(self.lines.count() - 1);
        self.lines.range(line.saturating_sub(before)).start..self.lines.range(last).end
    }

    /// A place at an offset, of SendGrid's, for what the file is about.
    pub fn place(&self, at: usize, method: Method, standing: Standing, variable: Option<String>) -> Place {
        let location = self.lines.location(&(at..at));
        Place {
            path: self.path.to_vec(),
            line: location.start_line,
            column: location.start_column,
            language: self.language,
            purpose: self.base,
            method,
            variable,
            standing,
            provider: SENDGRID.to_owned(),
            found: None,
            in_comment: self.is_comment(at),
        }
    }

    /// The purpose, unless the file is written for people.
    pub fn purpose(&self, purpose: Purpose) -> Purpose {
        if self.base == Purpose::Documentation { self.base } else { purpose }
    }

    fn is_comment(&self, at: usize) -> bool {
        let line = self.text[self.line(at)].trim_ascii_start();
        let marks: &[&[u8]] = match self.language {
            Language::C | Language::Cpp | Language::CSharp | Language::Prose => &[b"//", b"/*", b"* "],
            Language::Clojure | Language::Ini => &[b";", b"#"],
            _ => &[b"//", b"/*", b"* ", b"#", b"--", b"<!--"],
        };
        marks.iter().any(|mark| line.starts_with(mark)) && kind(self.language) != Kind::ForPeople
    }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Code,
    Settings,
    ForPeople,
}

fn kind(language: Language) -> Kind {
    use Language::*;
    match language {
        Prose | Generated => Kind::ForPeople,
        Compose | GithubWorkflow | GitlabCi | BitbucketPipelines | AzurePipelines | CircleCi | Kubernetes
        | HelmValues | Ansible | SpringYaml | SpringProperties | Symfony | RailsYaml | Serverless | Alertmanager
        | Yaml | Terraform | TerraformVariables | Dockerfile | DotEnv | Hocon | Supabase | Grafana | Nginx
        | NginxTemplate | Postfix | Msmtp | Ini | Toml | AppSettings | Json | Xml | Properties | TerraformState
        | DotEnvExample | Expanding | Supervisor | Tox | Maven | NugetConfig | Systemd | Unknown => Kind::Settings,
        _ => Kind::Code,
    }
}
