//! The change that takes a secret out of a script of a shell or a configuration file that can read variables.

use super::edit::Change;
use super::formats::{self, Rest};
use super::language::Language;
use super::literal::line_of;
use super::shell::{self, Context};
use super::yaml::{self, Scalar, Style};
use std::ops::Range;

/// A secret in a configuration file or a shell's script.
pub(super) struct Setting<'a> {
    pub language: Language,
    pub text: &'a [u8],
    pub span: &'a Range<usize>,
    pub variable: &'a str,
    pub expression: &'a str,
}

impl Setting<'_> {
    /// The change, if there is one that is exactly right.
    pub fn change(&self) -> Option<Change> {
        use Language::*;
        let line = line_of(self.text, self.span.start);
        if self.span.end > line.end {
            return None;
        }
        match self.language {
            Shell => self.without_default(":?").or_else(|| self.shell()),
            ShellProfile => self.without_default("-").or_else(|| self.shell()),
            Fish => self.fish(),
            Batch => self.batch(),
            SpringProperties => self.without_default("").or_else(|| self.line(b"#!", "=:")),
            Grafana => self.line(b"#;", "="),
            NginxTemplate => self.line(b"#", ""),
            Supabase => self.supabase(),
            Msmtp => self.msmtp(),
            Expanding | Tox => self.without_default("").or_else(|| self.line(b"#;", "")),
            Supervisor => self.line(b"#;", "="),
            Makefile => self.makefile(),
            Jenkinsfile => self.put(formats::jenkinsfile(self.text, self.span, self.expression), self.expression),
            Maven | NugetConfig => {
                formats::markup(self.text, self.span).and_then(|()| self.edit(self.span.clone(), self.expression))
            }
            Systemd => self.put(formats::systemd(self.text, self.span), self.expression),
            Dockerfile => self.dockerfile(),
            DotEnvExample => self.put(formats::assigned_value(self.text, self.span), ""),
            AppSettings => self.put(formats::json_value(self.text, self.span), ""),
            TerraformVariables => self.put(formats::terraform_line(self.text, self.span, self.variable), ""),
            Nginx => self.put(formats::nginx(self.text, self.span, self.variable, self.expression), self.expression),
            Postfix => self.put(formats::postfix(self.text, self.span, self.expression), self.expression),
            _ => self.yaml(),
        }
    }

    fn edit(&self, span: Range<usize>, inserted: impl Into<String>) -> Option<Change> {
        Some(Change { edits: vec![(span, inserted.into())], expression: self.expression.to_owned() })
    }

    /// The edits, with what reads the variable in them; nothing where the variable is read without being named.
    fn put(&self, edits: Option<Vec<super::edit::Replacement>>, expression: &str) -> Option<Change> {
        Some(Change { edits: edits?, expression: expression.to_owned() })
    }

    /// What is built reads the secret from a mount; what is started reads the variable.
    fn dockerfile(&self) -> Option<Change> {
        match formats::dockerfile(self.text, self.span)? {
            Rest::Emptied(edits) => self.put(Some(edits), ""),
            Rest::Started => self.shell(),
            Rest::Built(at) => {
                let mount = format!(" --mount=type=secret,id={}", self.variable);
                let bare = self.expression.trim_matches('"');
                let mut change = match formats::in_run(self.text, at, self.span)? {
                    Context::Bare => self.edit(self.span.clone(), self.expression),
                    Context::Double(_) => self.edit(self.span.clone(), bare),
                    Context::Single(open) => self.single_quoted(open, self.expression),
                    Context::Expanding | Context::Fixed => None,
                }?;
                if !self.text[at..].starts_with(mount.as_bytes()) {
                    change.edits.insert(0, (at..at, mount));
                }
                Some(change)
            }
        }
    }

    /// `${X:-secret}` reads the variable already: the default goes.
    fn without_default(&self, inserted: &str) -> Option<Change> {
        let line = line_of(self.text, self.span.start);
        let (name, keep) = super::variable::default_in_braces(&self.text[line.start..self.span.start])?;
        let closed = self.text.get(self.span.end) == Some(&b'}');
        let start = line.start + keep;
        let open = start.checked_sub(name.len() + 2)?;
        if !closed || name != self.variable {
            return None;
        }
        if matches!(self.language, Language::Shell | Language::ShellProfile) {
            let context = shell::context(self.text, &(open..open + 1))?;
            if matches!(context, Context::Single(_) | Context::Fixed) {
                return None;
            }
        } else if matches!(self.text[line.clone()].trim_ascii_start().first(), Some(b'#' | b'!')) {
            return None;
        }
        let expression = format!("${{{name}{inserted}}}");
        Some(Change { edits: vec![(start..self.span.end, inserted.to_owned())], expression })
    }

    fn shell(&self) -> Option<Change> {
        // That is where the variable comes from.
        if formats::sets_itself(self.language, self.text, self.span, self.variable) {
            return None;
        }
        // Where a session begins, a variable that is not set must not end it.
        let operator = if self.language == Language::ShellProfile { "-" } else { ":?" };
        let bare = format!("${{{}{operator}}}", self.variable);
        match shell::context(self.text, self.span)? {
            // The name of a function stays.
            Context::Bare if self.text[self.span.end..].trim_ascii_start().starts_with(b"(") => None,
            Context::Bare => self.edit(self.span.clone(), format!("\"{bare}\"")),
            Context::Double(_) | Context::Expanding => self.edit(self.span.clone(), bare),
            Context::Single(open) => self.single_quoted(open, &format!("\"{bare}\"")),
            Context::Fixed => None,
        }
    }

    /// Single quotes are closed, the expression put in double ones, and opened again.
    fn single_quoted(&self, open: usize, expression: &str) -> Option<Change> {
        let whole = open + 1 == self.span.start && self.text.get(self.span.end) == Some(&b'\'');
        if whole {
            return self.edit(open..self.span.end + 1, expression);
        }
        let bare = expression.strip_prefix('"').and_then(|bare| bare.strip_suffix('"'));
        match (self.plain_single_quoted(open), bare) {
            // Between double quotes all of it reads the same.
            (Some(close), Some(bare)) => {
                let mark = |at: usize| (at..at + 1, "\"".to_owned());
                let edits = vec![mark(open), (self.span.clone(), bare.to_owned()), mark(close)];
                Some(Change { edits, expression: self.expression.to_owned() })
            }
            _ => self.edit(self.span.clone(), format!("'{expression}'")),
        }
    }

    /// Where the single quotes end, if nothing in them would mean anything between double ones.
    fn plain_single_quoted(&self, open: usize) -> Option<usize> {
        let close = self.span.end + memchr::memchr(b'\'', &self.text[self.span.end..])?;
        let rest = [&self.text[open + 1..self.span.start], &self.text[self.span.end..close]];
        let special = |b: &u8| matches!(b, b'"' | b'$' | b'`' | b'\\' | b'!' | b'\n');
        (self.language != Language::Fish && !rest.into_iter().flatten().any(special)).then_some(close)
    }

    fn fish(&self) -> Option<Change> {
        let line = line_of(self.text, self.span.start);
        let mut quote: Option<(u8, usize)> = None;
        let mut at = line.start;
        while at < self.span.start {
            match (self.text[at], quote) {
                (b'\\', _) => at += 1,
                (b'#', None) if at == line.start || self.text[at - 1] == b' ' => return None,
                (b @ (b'"' | b'\''), None) => quote = Some((b, at)),
                (b, Some((mark, _))) if b == mark => quote = None,
                _ => {}
            }
            at += 1;
        }
        let before = String::from_utf8_lossy(&self.text[line.start..self.span.start]).into_owned();
        let words: Vec<&str> = before.split([' ', '\'', '"']).filter(|word| !word.is_empty()).collect();
        if words.first() == Some(&"set") && words.last() == Some(&self.variable) {
            return None;
        }
        match quote {
            None => self.edit(self.span.clone(), self.expression),
            Some((b'"', _)) => {
                let joined = self.text.get(self.span.end).is_some_and(|&b| super::literal::is_word(b) || b == b'[');
                self.edit(self.span.clone(), format!("${}{}", self.variable, if joined { "\"\"" } else { "" }))
            }
            Some((_, open)) => self.single_quoted(open, self.expression),
        }
    }

    /// `$(X)`, in a variable as in a command; not where the line is what gives the variable its value.
    fn makefile(&self) -> Option<Change> {
        let line = line_of(self.text, self.span.start);
        let before = String::from_utf8_lossy(&self.text[line.start..self.span.start]).into_owned();
        let name = before.split(['=', ':', '?', '+']).next().unwrap_or_default().trim();
        let itself = name.strip_prefix("export ").unwrap_or(name).trim() == self.variable;
        let define = ["define ", "ifeq", "ifneq"].iter().any(|word| before.trim_start().starts_with(word));
        if itself || define { None } else { self.line(b"#", "") }
    }

    fn batch(&self) -> Option<Change> {
        let line = line_of(self.text, self.span.start);
        let start = String::from_utf8_lossy(&self.text[line.start..self.span.start]).trim_start().to_lowercase();
        let start = start.trim_start_matches('@');
        let itself = start.strip_prefix("set ").is_some_and(|s| {
            s.trim_start_matches(['"', ' ']).starts_with(&format!("{}=", self.variable.to_lowercase()))
        });
        let comment = start.starts_with("rem ") || start.starts_with("::");
        if itself || comment { None } else { self.edit(self.span.clone(), self.expression) }
    }

    /// A line of the form key, separator, value. The value may hold the expression anywhere.
    fn line(&self, comments: &[u8], separators: &str) -> Option<Change> {
        let line = line_of(self.text, self.span.start);
        let before = &self.text[line.start..self.span.start];
        let comment = before.trim_ascii_start().first().is_some_and(|b| comments.contains(b));
        let separated = separators.is_empty() || before.iter().any(|&b| separators.as_bytes().contains(&b));
        if comment || !separated { None } else { self.edit(self.span.clone(), self.expression) }
    }

    /// `pass = "env(X)"`: only as the whole of a string.
    fn supabase(&self) -> Option<Change> {
        let line = line_of(self.text, self.span.start);
        let before = &self.text[line.start..self.span.start];
        let quoted = before.ends_with(b"\"") && self.text.get(self.span.end) == Some(&b'"');
        let key = before.trim_ascii_start();
        let plain = !key.starts_with(b"#") && key.iter().filter(|&&b| b == b'"').count() == 1 && key.contains(&b'=');
        if quoted && plain { self.edit(self.span.clone(), self.expression) } else { None }
    }

    /// `password …` becomes `passwordeval "printenv X"`.
    fn msmtp(&self) -> Option<Change> {
        let line = line_of(self.text, self.span.start);
        let content = &self.text[line.clone()];
        let key = line.start + content.len() - content.trim_ascii_start().len();
        let value = self.text[key..line.end].strip_prefix(b"password")?;
        let rest = value.trim_ascii();
        let bare = rest.strip_prefix(b"\"").and_then(|r| r.strip_suffix(b"\"")).unwrap_or(rest);
        if !value.first()?.is_ascii_whitespace() || bare != &self.text[self.span.clone()] {
            return None;
        }
        let start = line.end - value.trim_ascii_start().len();
        let eval = (key + "password".len()..key + "password".len(), "eval".to_owned());
        let edits = vec![eval, (start..start + rest.len(), self.expression.to_owned())];
        Some(Change { edits, expression: format!("passwordeval {}", self.expression) })
    }

    fn yaml(&self) -> Option<Change> {
        use Language::*;
        let scalar = yaml::scalar(self.text, self.span)?;
        let key = scalar.keys.first().map(String::as_str).unwrap_or_default();
        let under = |names: &[&str]| scalar.keys.iter().any(|k| names.contains(&k.as_str()));
        let scripts = ["script", "before_script", "after_script", "run", "command"];
        match self.language {
            HelmValues if scalar.inner == *self.span && scalar.key.is_some() => {
                self.put(Some(vec![(scalar.outer.clone(), "\"\"".to_owned())]), "")
            }
            Kubernetes => self.put(formats::secret_key_ref(&scalar, self.span, self.expression), self.expression),
            GithubWorkflow if !under(&["env", "with", "run", "secrets"]) => None,
            // The name of the runner's own token, which is another one.
            GithubWorkflow if self.variable.to_uppercase().starts_with("GITHUB_") => None,
            GitlabCi | BitbucketPipelines | CircleCi if under(&scripts) => self.script_line(&scalar),
            CircleCi | BitbucketPipelines => self.put(formats::without_entry(self.text, &scalar, self.span), ""),
            GitlabCi | AzurePipelines if key == self.variable && under(&["variables"]) => {
                self.put(formats::without_entry(self.text, &scalar, self.span), "")
            }
            GitlabCi if !under(&["variables"]) => None,
            Compose | SpringYaml | Serverless => {
                let inserted = if self.language == Compose { ":?" } else { "" };
                let without = self.without_default(inserted).or_else(|| self.without_quoted_default());
                without.or_else(|| self.in_scalar(&scalar, self.expression.to_owned()))
            }
            Ansible if scalar.style == Style::Single => self.in_scalar(&scalar, self.expression.replace('\'', "\"")),
            Alertmanager => self.alertmanager(&scalar),
            GithubWorkflow | GitlabCi | AzurePipelines | Symfony | RailsYaml | Ansible => {
                self.in_scalar(&scalar, self.expression.to_owned())
            }
            _ => None,
        }
    }

    /// `${env:X, 'secret'}` of the Serverless Framework: the default goes.
    fn without_quoted_default(&self) -> Option<Change> {
        let line = line_of(self.text, self.span.start);
        let before = &self.text[line.start..self.span.start];
        let read = format!("${{env:{}", self.variable);
        let start = memchr::memmem::rfind(before, read.as_bytes())? + read.len();
        let quote = before[start..].strip_prefix(b",")?.trim_ascii();
        let behind = self.text.get(self.span.end..line.end)?;
        let quoted = matches!(quote, b"'" | b"\"") && behind.starts_with(quote) && behind[1..].starts_with(b"}");
        if quoted { self.edit(line.start + start..self.span.end + 1, "") } else { None }
    }

    /// The expression inside a scalar; in quotes where the scalar could not begin with it.
    fn in_scalar(&self, scalar: &Scalar, expression: String) -> Option<Change> {
        let before = &self.text[scalar.inner.start..self.span.start];
        // Inside another expression it would be a part of that.
        let holes = [("${", "}"), ("#{", "}"), ("{{", "}}"), ("$(", ")"), ("$[", "]"), ("<%", "%>")];
        let last = |mark: &str| memchr::memmem::rfind(before, mark.as_bytes());
        if holes.iter().any(|(open, close)| last(open).is_some_and(|at| last(close).is_none_or(|end| end < at))) {
            return None;
        }
        let whole = scalar.inner == *self.span;
        let first = expression.chars().next()?;
        let braces = expression.contains(['{', '}', '[', ',']);
        let needs_quotes = match scalar.style {
            Style::Plain => scalar.inner.start == self.span.start && matches!(first, '{' | '%'),
            Style::PlainInFlow => braces || first == '%',
            Style::Single | Style::Double | Style::Block => false,
        };
        if !needs_quotes {
            return self.edit(self.span.clone(), expression);
        }
        let mark = if expression.contains('\'') { '"' } else { '\'' };
        if whole { self.edit(self.span.clone(), format!("{mark}{expression}{mark}")) } else { None }
    }

    /// A line of a pipeline that a shell runs.
    fn script_line(&self, scalar: &Scalar) -> Option<Change> {
        if scalar.style == Style::Double || scalar.style == Style::Single {
            return None;
        }
        let script = &self.text[scalar.inner.clone()];
        let here = self.span.start - scalar.inner.start..self.span.end - scalar.inner.start;
        let joined = self.text.get(self.span.end).is_some_and(|&b| super::literal::is_word(b));
        let read = if joined { format!("${{{}}}", self.variable) } else { self.expression.to_owned() };
        match shell::context(script, &here)? {
            Context::Double(_) => self.edit(self.span.clone(), read),
            // A scalar may not begin with a quote that does not end it.
            Context::Bare if here.start > 0 => self.edit(self.span.clone(), format!("\"{read}\"")),
            _ => None,
        }
    }

    /// `password: …` becomes `password_file: /run/secrets/…`.
    fn alertmanager(&self, scalar: &Scalar) -> Option<Change> {
        let key = scalar.key.clone()?;
        let name = String::from_utf8_lossy(&self.text[key.clone()]).into_owned();
        let has_file = ["password", "credentials", "token", "api_key", "service_key", "routing_key", "api_url"];
        if scalar.inner != *self.span || !has_file.iter().any(|end| name.ends_with(end)) {
            return None;
        }
        let edits = vec![(key.end..key.end, "_file".to_owned()), (scalar.outer.clone(), self.expression.to_owned())];
        Some(Change { edits, expression: format!("{name}_file: {}", self.expression) })
    }
}
