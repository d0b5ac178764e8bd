//! Which language or dialect a file is, from its path and a little of its text.

/// A language, or a dialect of one that reads a variable in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // each name is what it is
pub enum Language {
    Python,
    JavaScript,
    TypeScript,
    /// JavaScript for Deno.
    DenoScript,
    /// TypeScript for Deno.
    DenoTypeScript,
    /// Google Apps Script.
    AppsScript,
    /// JavaScript that runs in a browser, or a page.
    Browser,
    Ruby,
    Php,
    /// A file below Laravel's `config/`.
    LaravelConfig,
    Go,
    Java,
    Kotlin,
    Scala,
    Groovy,
    Jenkinsfile,
    Makefile,
    Sql,
    CSharp,
    FSharp,
    VisualBasic,
    Rust,
    Elixir,
    Erlang,
    Swift,
    ObjectiveC,
    Dart,
    /// An app on a phone: its code or its resources.
    Phone,
    Perl,
    Lua,
    R,
    Clojure,
    Haskell,
    C,
    Cpp,
    /// A sketch for a microcontroller, which has no environment.
    Arduino,
    Shell,
    /// What a shell reads when a session begins.
    ShellProfile,
    Fish,
    PowerShell,
    Batch,
    Compose,
    GithubWorkflow,
    GitlabCi,
    BitbucketPipelines,
    AzurePipelines,
    CircleCi,
    Kubernetes,
    HelmValues,
    Ansible,
    SpringYaml,
    SpringProperties,
    Symfony,
    /// YAML that Rails runs through ERB.
    RailsYaml,
    Serverless,
    Alertmanager,
    Yaml,
    Terraform,
    TerraformVariables,
    Dockerfile,
    DotEnv,
    /// A `.env` that shows the names and should hold no value.
    DotEnvExample,
    Hocon,
    Supabase,
    Grafana,
    Nginx,
    NginxTemplate,
    Postfix,
    Msmtp,
    /// Settings whose reader replaces `${X}` by a variable: npm's, pip's, PHP's, those of Telegraf, Vector, Beats.
    Expanding,
    Supervisor,
    Tox,
    /// Settings of Maven, or a `pom.xml`.
    Maven,
    NugetConfig,
    /// A unit of systemd's.
    Systemd,
    Ini,
    Toml,
    /// .NET's `appsettings.json` and its like.
    AppSettings,
    Json,
    Xml,
    Properties,
    /// A state file of Terraform.
    TerraformState,
    /// Written for people, or by a machine: documents, logs, lock files, dumps, patches.
    Prose,
    /// Made from another file by a machine.
    Generated,
    /// None that is known.
    Unknown,
}

/// How much of a text is looked at for a sign of its dialect.
const LOOKED_AT: usize = 64 * 1024;

/// The language of a file. An empty path is no file: a message, say.
pub fn language(path: &[u8], text: &[u8]) -> Language {
    if path.is_empty() {
        return Language::Unknown;
    }
    let path = String::from_utf8_lossy(path).to_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    let head = &text[..text.len().min(LOOKED_AT)];
    by_name(&path, name, head)
        .or_else(|| by_extension(&path, name, head))
        .or_else(|| by_shebang(head))
        .unwrap_or(Language::Unknown)
}

fn by_name(path: &str, name: &str, text: &[u8]) -> Option<Language> {
    use Language::*;
    let folder = |folder: &str| path.starts_with(&format!("{folder}/")) || path.contains(&format!("/{folder}/"));
    let is_script = [".js", ".mjs", ".cjs"].iter().any(|end| name.ends_with(end));
    Some(match name {
        "package-lock.json" | "npm-shrinkwrap.json" | "pnpm-lock.yaml" | "composer.lock" | "go.sum" => Prose,
        "dockerfile" | "containerfile" => Dockerfile,
        "jenkinsfile" => Jenkinsfile,
        "makefile" | "gnumakefile" => Makefile,
        "main.cf" | "sasl_passwd" | "smtproutes" | "passwd.client" | "authinfo" => Postfix,
        ".msmtprc" | "msmtprc" => Msmtp,
        ".bash_history" | ".zsh_history" | ".python_history" | ".psql_history" => Prose,
        ".bashrc" | ".bash_profile" | ".profile" | ".zshrc" | ".zshenv" | ".zprofile" | ".bash_aliases" => ShellProfile,
        "gemfile" | "rakefile" | "capfile" | "vagrantfile" | "podfile" | "fastfile" | "brewfile" => Ruby,
        ".envrc" | "env.sh" | "setenv.sh" | "vars.sh" | "secrets.sh" | "exports.sh" => ShellProfile,
        "sendgrid.env" => DotEnv,
        "alertmanager.yml" | "alertmanager.yaml" => Alertmanager,
        ".gitlab-ci.yml" | ".gitlab-ci.yaml" => GitlabCi,
        "bitbucket-pipelines.yml" => BitbucketPipelines,
        "azure-pipelines.yml" | "azure-pipelines.yaml" => AzurePipelines,
        "serverless.yml" | "serverless.yaml" => Serverless,
        "nginx.conf" => Nginx,
        "application.conf" | "reference.conf" if !folder("nginx") => Hocon,
        "grafana.ini" => Grafana,
        "config.toml" if folder("supabase") => Supabase,
        "local.settings.json" | "secrets.json" => DotEnv,
        ".npmrc" | ".yarnrc.yml" | "pip.conf" | "pip.ini" | "php.ini" | "telegraf.conf" | "vector.toml" => Expanding,
        "filebeat.yml" | "metricbeat.yml" | "logstash.yml" | "kibana.yml" => Expanding,
        "supervisord.conf" | "supervisor.conf" => Supervisor,
        "tox.ini" => Tox,
        "pom.xml" | "settings.xml" => Maven,
        "nuget.config" => NugetConfig,
        "changelog" | "readme" | "license" | "notes" => Prose,
        _ if name.starts_with("dockerfile.") || name.ends_with(".dockerfile") => Dockerfile,
        _ if name.starts_with("jenkinsfile") => Jenkinsfile,
        _ if name.starts_with(".env") || name.ends_with(".env") => {
            let shows = ["example", "sample", "template", "dist", "tpl"].iter().any(|word| name.contains(word));
            if shows { DotEnvExample } else { DotEnv }
        }
        _ if name.ends_with(".conf") && folder("supervisor") => Supervisor,
        _ if name.starts_with("appsettings") && name.ends_with(".json") => AppSettings,
        _ if name.contains(".tfstate") => TerraformState,
        _ if name.ends_with("-lock.json") => Prose,
        _ if name.ends_with(".min.js") || name.ends_with(".bundle.js") || name.ends_with(".map") => Generated,
        _ if is_script && (folder("dist") || folder("node_modules")) => Generated,
        _ if is_script && (folder("public") || folder("static") || folder("www")) => Browser,
        _ if name.ends_with(".xml") && path.contains("res/values") => Phone,
        _ if name.ends_with(".ini") && path.contains("grafana") => Grafana,
        _ if name.ends_with(".conf.template") => NginxTemplate,
        _ if name.ends_with(".conf") && folder("nginx") => Nginx,
        _ if name.ends_with(".yml") || name.ends_with(".yaml") => yaml(path, name, text),
        _ => return None,
    })
}

/// The dialect of a YAML file: its path says it, else what stands in it.
fn yaml(path: &str, name: &str, text: &[u8]) -> Language {
    use Language::*;
    let folder = |folder: &str| path.starts_with(&format!("{folder}/")) || path.contains(&format!("/{folder}/"));
    let has = |key: &str| has_line(text, key);
    if name.starts_with("docker-compose") || name.starts_with("compose.") || name.starts_with("docker-stack") {
        Compose
    } else if folder(".github/workflows") {
        GithubWorkflow
    } else if folder(".circleci") {
        CircleCi
    } else if name.contains("gitlab-ci") || folder(".gitlab/ci") {
        GitlabCi
    } else if name.contains("azure-pipelines") || folder(".azure-pipelines") || folder(".azuredevops") {
        AzurePipelines
    } else if (name.starts_with("application") || name.starts_with("bootstrap")) && !has("apiVersion:") {
        SpringYaml
    } else if has("apiVersion:") && has("kind:") {
        Kubernetes
    } else if name.starts_with("values") {
        HelmValues
    } else if folder("group_vars")
        || folder("host_vars")
        || folder("roles")
        || (has("- hosts:") && find(text, b"tasks:"))
        || has("- hosts:")
    {
        Ansible
    } else if folder("config/packages") || (path.ends_with("config/services.yaml") && find(text, b"%env(")) {
        Symfony
    } else if find(text, b"<%=")
        || ["config/database.yml", "config/secrets.yml", "config/cable.yml", "config/storage.yml"]
            .iter()
            .any(|end| path.ends_with(end))
    {
        RailsYaml
    } else if has("services:") && (has("version:") || find(text, b"image:")) {
        Compose
    } else {
        Yaml
    }
}

fn by_extension(path: &str, name: &str, text: &[u8]) -> Option<Language> {
    use Language::*;
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "py" | "pyw" | "pyi" => Python,
        "js" | "mjs" | "cjs" | "jsx" => script(path, text, false),
        "ts" | "mts" | "cts" | "tsx" => script(path, text, true),
        "gs" => AppsScript,
        "vue" | "svelte" | "html" | "htm" | "astro" => Browser,
        "rb" | "rake" | "gemspec" | "ru" => Ruby,
        "php" | "phtml" | "inc" => php(path, text),
        "go" => Go,
        "java" => Java,
        "kt" | "kts" => Kotlin,
        "scala" | "sc" | "sbt" => Scala,
        "groovy" | "gradle" => Groovy,
        "cs" | "csx" => CSharp,
        "fs" | "fsx" => FSharp,
        "vb" => VisualBasic,
        "rs" => Rust,
        "ex" | "exs" => Elixir,
        "erl" | "hrl" => Erlang,
        "swift" => Swift,
        "m" | "mm" => ObjectiveC,
        "dart" if find(text, b"package:flutter") => Phone,
        "dart" => Dart,
        "pl" | "pm" | "cgi" | "t" => Perl,
        "lua" => Lua,
        "r" => R,
        "clj" | "cljc" if name != "project.clj" => Clojure,
        "hs" => Haskell,
        "c" => C,
        "cpp" | "cc" | "cxx" | "hpp" | "hh" if !is_sketch(text) => Cpp,
        "ino" | "cpp" | "cc" | "cxx" | "hpp" | "hh" => Arduino,
        "sh" | "bash" | "zsh" | "ksh" => Shell,
        "fish" => Fish,
        "ps1" | "psm1" => PowerShell,
        "bat" | "cmd" => Batch,
        "tf" => Terraform,
        "tfvars" => TerraformVariables,
        "service" if has_line(text, "[Service]") => Systemd,
        "properties" => properties(name, text),
        "ini" | "cfg" | "cnf" | "conf" | "hcl" => Ini,
        "toml" => Toml,
        "mk" => Makefile,
        "sql" => Sql,
        "json" | "json5" | "jsonc" => Json,
        "xml" | "config" | "plist" | "resx" | "csproj" | "xcconfig" => Xml,
        "md" | "mdx" | "markdown" | "rst" | "txt" | "adoc" | "org" | "log" | "csv" | "tsv" | "patch" | "diff"
        | "eml" | "lock" | "ipynb" | "har" | "svg" | "pem" | "out" => Prose,
        _ => return None,
    })
}

fn by_shebang(text: &[u8]) -> Option<Language> {
    let line = text.strip_prefix(b"#!")?.split(|&b| b == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    let program = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
    program.filter(|word| *word != "env" && !word.starts_with('-')).find_map(|word| {
        let plain = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        Some(match plain {
            "sh" | "bash" | "dash" | "zsh" | "ksh" => Language::Shell,
            "python" => Language::Python,
            "node" => Language::JavaScript,
            "deno" => Language::DenoTypeScript,
            "ruby" => Language::Ruby,
            "perl" => Language::Perl,
            "php" => Language::Php,
            "fish" => Language::Fish,
            "pwsh" => Language::PowerShell,
            "lua" => Language::Lua,
            "Rscript" => Language::R,
            _ => return None,
        })
    })
}

fn script(path: &str, text: &[u8], typed: bool) -> Language {
    let signs = [&b"Deno.env"[..], b"Deno.serve", b"https://deno.land/", b"\"jsr:", b"'jsr:", b"\"npm:", b"'npm:"];
    // What runs on Node too reads its variables the way that both have.
    let node = find(text, b"process.env") || find(text, b"require(");
    let deno = !node && (signs.iter().any(|sign| find(text, sign)) || path.contains("supabase/functions/"));
    let browser = [
        &b"document."[..],
        b"window.",
        b"localStorage",
        b"\"use client\"",
        b"'use client'",
        b"import.meta.env",
        b"useState(",
        b"useEffect(",
        b"onClick=",
    ];
    match (deno, typed) {
        (true, false) => Language::DenoScript,
        (true, true) => Language::DenoTypeScript,
        _ if browser.iter().any(|sign| find(text, sign)) => Language::Browser,
        (false, false) => Language::JavaScript,
        (false, true) => Language::TypeScript,
    }
}

fn php(path: &str, text: &[u8]) -> Language {
    let config = path.starts_with("config/") || path.contains("/config/");
    // CodeIgniter and others have a config/ too; Laravel's files return an array and read env().
    let reads_env = find(text, b"env(") && !find(text, b"getenv(");
    let known = ["services.php", "mail.php"].iter().any(|name| path.ends_with(name));
    if config && (reads_env || known) && find(text, b"return [") { Language::LaravelConfig } else { Language::Php }
}

fn properties(name: &str, text: &[u8]) -> Language {
    if name.starts_with("application") || name.starts_with("bootstrap") || has_line(text, "spring.") {
        Language::SpringProperties
    } else {
        Language::Properties
    }
}

fn is_sketch(text: &[u8]) -> bool {
    find(text, b"Arduino.h") || find(text, b"WiFi.h") || find(text, b"ESP8266")
}

fn has_line(text: &[u8], start: &str) -> bool {
    text.split(|&b| b == b'\n').any(|line| line.starts_with(start.as_bytes()))
}

fn find(text: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(text, needle).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_is_told_by_path_or_text() {
        use Language::*;
        for (path, text, expected) in [
            ("app/mail.py", "", Python),
            ("a/B.TS", "", TypeScript),
            ("supabase/functions/mail/index.ts", "", DenoTypeScript),
            ("web/form.js", "document.getElementById('x')", Browser),
            ("config/services.php", "<?php\nreturn [", LaravelConfig),
            ("src/services.php", "<?php\n", Php),
            ("bin/deploy", "#!/usr/bin/env bash\n", Shell),
            ("bin/tool", "#!/usr/bin/python3.11 -u\n", Python),
            ("bin/what", "binary", Unknown),
            ("", "#!/bin/sh is how scripts begin", Unknown),
            ("docker-compose.prod.yml", "", Compose),
            ("stack.yml", "services:\n  web:\n    image: x\n", Compose),
            (".github/workflows/ci.yml", "", GithubWorkflow),
            ("k8s/app.yaml", "apiVersion: v1\nkind: Secret\n", Kubernetes),
            ("chart/values-prod.yaml", "", HelmValues),
            ("group_vars/all.yml", "", Ansible),
            ("src/main/resources/application-prod.yml", "", SpringYaml),
            ("config/packages/mailer.yaml", "", Symfony),
            ("other.yml", "a: b\n", Yaml),
            ("supabase/config.toml", "", Supabase),
            ("other/config.toml", "", Toml),
            (".env.production", "", DotEnv),
            ("mail.properties", "spring.mail.host=x\n", SpringProperties),
            ("web/package-lock.json", "", Prose),
            ("web/dist/app.js", "", Generated),
            ("web/public/app.js", "", Browser),
            ("app/src/main/res/values/strings.xml", "", Phone),
            ("docker/worker.Dockerfile", "", Dockerfile),
        ] {
            assert_eq!(language(path.as_bytes(), text.as_bytes()), expected, "{path}");
        }
    }
}
