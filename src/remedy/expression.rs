//! How each language and dialect reads a variable.

use super::language::Language;

/// The expression that reads a variable, with `X` for its name; empty where there is none.
fn form(language: Language) -> &'static str {
    use Language::*;
    match language {
        Python => "os.environ[\"X\"]",
        JavaScript => "process.env.X",
        TypeScript => "process.env.X!",
        DenoScript => "Deno.env.get(\"X\")",
        DenoTypeScript => "Deno.env.get(\"X\")!",
        AppsScript => "PropertiesService.getScriptProperties().getProperty(\"X\")",
        Ruby => "ENV.fetch(\"X\")",
        Php => "getenv('X')",
        LaravelConfig => "env('X')",
        Go => "os.Getenv(\"X\")",
        Java | Kotlin | Groovy => "System.getenv(\"X\")",
        Jenkinsfile => "credentials('X-DASHED')",
        Scala => "sys.env(\"X\")",
        CSharp => "Environment.GetEnvironmentVariable(\"X\")",
        FSharp | VisualBasic => "System.Environment.GetEnvironmentVariable(\"X\")",
        Rust => "std::env::var(\"X\").expect(\"X is set\")",
        Elixir => "System.fetch_env!(\"X\")",
        Erlang => "os:getenv(\"X\")",
        Swift => "ProcessInfo.processInfo.environment[\"X\"]!",
        ObjectiveC => "NSProcessInfo.processInfo.environment[@\"X\"]",
        Dart => "Platform.environment[\"X\"]!",
        Perl => "$ENV{X}",
        Lua => "os.getenv(\"X\")",
        R => "Sys.getenv(\"X\")",
        Clojure => "(System/getenv \"X\")",
        Haskell => "System.Environment.getEnv \"X\"",
        C => "getenv(\"X\")",
        Cpp => "std::getenv(\"X\")",
        Shell => "\"${X:?}\"",
        ShellProfile => "\"${X-}\"",
        Fish => "\"$X\"",
        PowerShell => "$env:X",
        Batch => "%X%",
        Compose => "${X:?}",
        GithubWorkflow => "${{ secrets.X }}",
        GitlabCi | BitbucketPipelines | CircleCi => "$X",
        AzurePipelines => "$(X)",
        Kubernetes => "valueFrom: {secretKeyRef: {name: X-DASHED, key: X}}",
        Ansible => "{{ lookup('env', 'X') }}",
        SpringYaml | SpringProperties => "${X}",
        Symfony => "%env(X)%",
        RailsYaml => "<%= ENV.fetch(\"X\") %>",
        Serverless => "${env:X}",
        Alertmanager => "/run/secrets/X-LOWER",
        Terraform => "var.X-LOWER",
        Hocon | NginxTemplate => "${X}",
        Makefile => "$(X)",
        Supabase => "env(X)",
        Grafana => "$__env{X}",
        Msmtp => "\"printenv X\"",
        Expanding => "${X}",
        Supervisor => "%(ENV_X)s",
        Tox => "{env:X}",
        Maven => "${env.X}",
        NugetConfig => "%X%",
        Systemd => "EnvironmentFile=/etc/%N.env",
        Nginx => "${X-LOWER}",
        Postfix => "texthash:/run/secrets/sasl_passwd",
        Dockerfile => "\"$(cat /run/secrets/X)\"",
        HelmValues | AppSettings | DotEnvExample | TerraformVariables => "",
        Browser | Arduino | Phone | Generated | Sql | Yaml | DotEnv | Ini | Toml | Json | Xml | Properties
        | TerraformState | Prose | Unknown => "",
    }
}

/// The expression that reads the variable in the language; empty where the language has none.
pub(super) fn expression(language: Language, variable: &str) -> String {
    let lower = variable.to_lowercase();
    let form = form(language);
    if let Some((before, after)) = form.split_once("X-DASHED") {
        return [before, &lower.replace('_', "-"), &after.replace("key: X", &format!("key: {variable}"))].concat();
    }
    if let Some((before, after)) = form.split_once("X-LOWER") {
        return [before, &lower, after].concat();
    }
    replace_name(form, variable)
}

/// Puts the name where a lone `X` stands.
fn replace_name(form: &str, variable: &str) -> String {
    let mut out = String::with_capacity(form.len() + variable.len());
    let letters: Vec<char> = form.chars().collect();
    for (i, &c) in letters.iter().enumerate() {
        let alone = |j: Option<usize>| j.and_then(|j| letters.get(j)).is_none_or(|c| !c.is_ascii_alphanumeric());
        if c == 'X' && alone(i.checked_sub(1)) && alone(Some(i + 1)) {
            out.push_str(variable);
        } else {
            out.push(c);
        }
    }
    out
}

/// The expression with its strings in the quotes asked for, where the language has both kinds.
pub(super) fn quoted(language: Language, expression: &str, mark: char) -> String {
    use Language::*;
    let both = [Python, JavaScript, TypeScript, DenoScript, DenoTypeScript, AppsScript, Ruby, Php, LaravelConfig];
    let more = [Groovy, Dart, Lua, R];
    if both.contains(&language) || more.contains(&language) {
        expression.replace(['"', '\''], &mark.to_string())
    } else {
        expression.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_stands_only_where_it_belongs() {
        assert_eq!(expression(Language::Python, "MAX_X"), "os.environ[\"MAX_X\"]");
        assert_eq!(expression(Language::Rust, "KEY"), "std::env::var(\"KEY\").expect(\"KEY is set\")");
        assert_eq!(expression(Language::Terraform, "SENDGRID_API_KEY"), "var.sendgrid_api_key");
        assert_eq!(expression(Language::Kubernetes, "A_KEY"), "valueFrom: {secretKeyRef: {name: a-key, key: A_KEY}}");
    }

    #[test]
    fn quotes_follow_those_of_the_file() {
        assert_eq!(quoted(Language::Ruby, "ENV.fetch(\"X\")", '\''), "ENV.fetch('X')");
        assert_eq!(quoted(Language::Go, "os.Getenv(\"X\")", '\''), "os.Getenv(\"X\")");
    }
}
