//! The steps in words: the rule's, filled in, and what each kind of file asks for besides.

use super::context::Refusal;
use super::language::Language;
use crate::ruleset::Rule;

/// Fills in `{key_id}` and `{variable}`.
pub(super) fn filled(words: &str, key_id: Option<&str>, variable: &str) -> String {
    words.replace("{key_id}", key_id.unwrap_or("<key id>")).replace("{variable}", variable)
}

/// The rule's words with the name that the file has for the variable, where they say no more of it than to read it.
pub(super) fn under_name(words: String, of_rule: &str, variable: &str) -> String {
    let read = format!("Read it from {of_rule} in the environment");
    match words.strip_prefix(&read) {
        // Whatever looks for the rule's name by itself does not look for this one.
        Some(rest) if of_rule != variable && !of_rule.is_empty() => {
            let rest =
                if rest.starts_with(", where") { rest.find([';', '.']).map_or("", |at| &rest[at..]) } else { rest };
            format!("Read it from {variable} in the environment{rest}")
        }
        _ => words,
    }
}

/// How the leaked one is made worthless, in a word or two: what the rule says it begins with.
pub(super) fn revoked(rule: &Rule) -> &'static str {
    let revoke = &rule.spec.remedy.revoke;
    let word = revoke.split([' ', ':']).next().unwrap_or_default();
    let first = revoke.split(". ").next().unwrap_or_default().to_ascii_lowercase();
    let is_password = rule.id().contains("password") || first.contains("password");
    match word {
        "Change" | "Set" | "Give" | "Add" if is_password => "change the password",
        "Change" => "change it",
        "Rotate" | "Roll" => "rotate it",
        "Regenerate" | "Renew" => "renew it",
        "Reset" => "reset it",
        "Make" | "Set" | "Generate" | "Replace" | "Add" | "Move" | "Have" => "replace it",
        _ => "revoke it",
    }
}

/// What to do by hand where the place takes no expression, by why it takes none.
pub(super) fn by_hand_for(refusal: Refusal, language: Language, variable: &str, expression: &str) -> String {
    use Language::*;
    let words = match (refusal, language) {
        (Refusal::SetsItself, _) => "drop the line, which sets {variable} itself, and set it outside the program",
        (Refusal::Annotation, Java | Kotlin | Scala | Groovy) => {
            "name a setting in the annotation that the framework fills in from {variable}: it takes constants only"
        }
        (Refusal::Annotation, Rust) => {
            "name the variable in the attribute, as clap does with env = \"{variable}\": it takes constants only"
        }
        (Refusal::Annotation, Go) => "read {variable} in the code: a tag takes constants only",
        (Refusal::Annotation, _) => "read {variable} in the code: an annotation takes constants only",
        (Refusal::Parameter, _) => "leave the default out and read it in the body, with {expression}",
        (Refusal::Constant, Go) => "make the constant a variable, var … = {expression}",
        (Refusal::Constant, CSharp) => "write static readonly in place of const, with {expression}",
        (Refusal::Constant, VisualBasic) => "write Shared ReadOnly in place of Const, with {expression}",
        (Refusal::Constant, Kotlin) => "drop the word const, and read it with {expression}",
        (Refusal::Constant, Dart) => "write final in place of const, with {expression}",
        (Refusal::Constant, Rust) => {
            "read it when the program starts, with {expression}: a const is made when it is compiled"
        }
        (Refusal::Constant, Php | LaravelConfig) => {
            "read it in the constructor or a function, with {expression}: a declaration takes constants only"
        }
        (Refusal::Constant, TypeScript | DenoTypeScript) => {
            "read it outside of the declaration, with {expression}: types and enums are fixed when it is compiled"
        }
        (Refusal::Constant, C | Cpp | ObjectiveC) => "read it in a function, with {expression}",
        (Refusal::Constant, Elixir) => {
            "read it in config/runtime.exs or a function, with {expression}: this is made when it is compiled"
        }
        (Refusal::Heredoc, Php | LaravelConfig) => {
            "set a variable to {expression} above, and write it in braces in the heredoc, {$secret}: it takes no calls"
        }
        (Refusal::RawHeredoc, Php | LaravelConfig) => {
            "set a variable to {expression} above, take the quotes off the heredoc's mark, and write {$secret} in it; \
             what else looks like a variable there needs a backslash"
        }
        (Refusal::RawHeredoc, Ruby) => {
            "take the quotes off the heredoc's mark and write #{{expression}} in it; what else looks like an \
             expression there needs a backslash"
        }
        (Refusal::RawHeredoc, Perl) => {
            "put the heredoc's mark in double quotes and write {expression} in it; what else looks like a variable \
             there needs a backslash"
        }
        _ => return by_hand(language, variable),
    };
    filled(words, None, variable).replace("{expression}", expression)
}

/// What to do by hand in a file where no edit is made; empty where the expression says it all.
pub(super) fn by_hand(language: Language, variable: &str) -> String {
    use Language::*;
    let lower = variable.to_lowercase();
    let words = match language {
        Browser => "make the call on a server, which reads {variable}: code that runs in a browser keeps no secret",
        Phone => "make the call on a server, which reads {variable}: an app on a phone keeps no secret",
        Arduino => "include the value from a header that Git ignores: a sketch has no environment",
        Generated => "take it out of the file that this one is made from, and make it again",
        Dockerfile => {
            "pass {variable} when the container starts, or use RUN --mount=type=secret,id={lower} while it is \
             built: an image keeps what ENV and ARG say"
        }
        DotEnvExample => "keep {variable} in .env, which Git ignores: an example shows names only",
        Shell | ShellProfile | Fish => {
            "keep {variable} in a file that Git does not hold and let this one read that (. ~/.config/{lower}.sh)"
        }
        Makefile => "drop the line and set {variable} outside: make takes its variables from the environment",
        Sql => {
            "leave it out of the script, and pass it when the script runs: psql -v password=\"${variable}\" and \
             :'password' in it, or sqlcmd -v"
        }
        PowerShell => "drop what sets {variable} here and set it outside the script",
        Systemd => "keep {variable} in a file that root alone can read and name it with EnvironmentFile=",
        Maven => "keep {variable} in the environment and refer to it as ${env.{variable}} where Maven expands it",
        DotEnv => {
            "take the file out of Git (git rm --cached), name it in .gitignore, and keep {variable} in it on your \
             machine only"
        }
        Kubernetes => {
            "keep {variable} in a Secret that is not in Git (ExternalSecret, SealedSecret, SOPS) and refer to it \
             with secretKeyRef"
        }
        HelmValues => "keep {variable} in a Secret made outside the chart and name it as existingSecret",
        TerraformVariables => "drop the line and set TF_VAR_{lower} where Terraform runs",
        TerraformState => {
            "move the state to an encrypted remote backend, out of Git: a state file holds secrets in plain text"
        }
        Terraform => "drop the literal and set TF_VAR_{lower} where Terraform runs; mark the variable sensitive",
        Jenkinsfile => {
            "store {variable} as a credential in Jenkins and bind it in environment with credentials('{dashed}')"
        }
        CircleCi => "drop the line and set {variable} in the project's settings or a context",
        GitlabCi => "drop the line and set {variable} as a masked and protected variable in the CI/CD settings",
        BitbucketPipelines => "drop the line and set {variable} as a secured variable of the repository",
        AzurePipelines => "drop the line and set {variable} as a secret variable of the pipeline",
        GithubWorkflow => "set {variable} as a secret of the repository and pass it in env",
        AppSettings => {
            "leave the value empty: .NET reads environment variables over it (A:B is set by A__B), or use dotnet \
             user-secrets"
        }
        Postfix => {
            "keep the file out of Git and readable by root only: generate it from a template when the server is set up"
        }
        Nginx => "generate the file from a template with envsubst when it starts: nginx reads no environment",
        Json | Xml | Ini | Toml | Yaml | Properties | Hocon | SpringYaml | SpringProperties | Symfony | RailsYaml
        | Serverless | Compose | Ansible | Alertmanager | Grafana | Supabase | Msmtp | NginxTemplate | Expanding
        | Supervisor | Tox | NugetConfig => {
            "leave the value empty and let what reads the file take {variable} from its environment"
        }
        Haskell => "read {variable} with getEnv in IO and pass it on",
        Batch => "drop the line and set {variable} outside the script",
        Prose | Unknown => "take it out, and keep the new one in {variable} or a secret store",
        _ => "change the line by hand: no expression can simply take its place there",
    };
    filled(words, None, variable).replace("{lower}", &lower).replace("{dashed}", &lower.replace('_', "-"))
}

/// Whether the words say more than the expression, where no edit is made.
pub(super) fn words_first(language: Language) -> bool {
    use Language::*;
    matches!(
        language,
        Terraform
            | CircleCi
            | GitlabCi
            | BitbucketPipelines
            | AzurePipelines
            | Batch
            | Kubernetes
            | Dockerfile
            | Jenkinsfile
    )
}

/// What an edit leaves to think of, by language; empty mostly.
pub(super) fn caution(language: Language, path: &[u8]) -> &'static str {
    let path = String::from_utf8_lossy(path);
    match language {
        Language::Elixir if path.contains("config/") && !path.ends_with("runtime.exs") => {
            "Move the line to config/runtime.exs, which is read when the program starts; this file is read when it is built."
        }
        Language::Swift => "On a phone there is no environment and no secret is safe: let a server make the call.",
        Language::Terraform => "The value still goes into the state: encrypt it.",
        Language::DenoScript | Language::DenoTypeScript => "Run it with --allow-env: Deno reads no variable without.",
        Language::Dockerfile => {
            "Give the secret with docker build --secret id=NAME,env=NAME, or to the container with docker run --env NAME; \
             what ENV and ARG say stays in the image."
        }
        Language::HelmValues => {
            "The value is empty now: set it when installing, or name a Secret made outside the chart."
        }
        Language::Nginx => {
            "The included file sets the variable: set $name \"value\"; on the server, readable by root only."
        }
        Language::Postfix => "The named file holds the host and user:password, readable by root only.",
        Language::Systemd => "/etc/UNIT.env holds NAME=value, readable by root only.",
        Language::JavaScript | Language::TypeScript if is_bundled(&path) => {
            "Only what runs on the server may read it: values under env in next.config, define in vite.config, and names \
             that begin with NEXT_PUBLIC_ or VITE_ are copied to every visitor."
        }
        Language::LaravelConfig => "Run php artisan config:clear afterwards if the configuration is cached.",
        _ => "",
    }
}

/// Whether a bundler may copy the file's values into what visitors download.
fn is_bundled(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let configures = ["next.config.", "vite.config.", "nuxt.config."].iter().any(|start| name.starts_with(start));
    let shown = name.ends_with(".jsx") || name.ends_with(".tsx");
    let pages = ["pages/", "app/", "src/"]
        .iter()
        .any(|folder| path.starts_with(folder) || path.contains(&format!("/{folder}")));
    configures || (shown && pages)
}

/// Where the new secret belongs, by the kind of file, when the rule does not say.
pub(super) fn store(language: Language, variable: &str) -> String {
    use Language::*;
    let words = match language {
        GithubWorkflow => {
            "A secret of the repository or environment: Settings > Secrets and variables > Actions, {variable}."
        }
        GitlabCi => "A masked and protected variable: Settings > CI/CD > Variables, {variable}.",
        BitbucketPipelines => "A secured repository variable: Repository settings > Repository variables, {variable}.",
        AzurePipelines => "A secret variable of the pipeline, or a variable group backed by a key vault: {variable}.",
        CircleCi => "A context or the project's environment variables: {variable}.",
        Kubernetes | HelmValues => {
            "A Secret that an operator fills from a store: ExternalSecret, SealedSecret or SOPS."
        }
        Terraform | TerraformVariables | TerraformState => {
            "The environment of the runs, as TF_VAR_ and the variable's name, or a secret store read as a data source."
        }
        Compose | Dockerfile => {
            "A secret of the orchestrator, or an env file that Git and the image ignore: {variable}."
        }
        _ => "The environment of the process, from a secret store or from an ignored .env file: {variable}.",
    };
    filled(words, None, variable)
}

/// What is wrong with a secret that was encoded with a line end behind it.
pub(super) const ENCODED_NEWLINE: &str = "The encoded text ends with a line end that is sent along: encode it again without, with printf %s instead of echo.";

/// What holds of a secret that is a part of an address.
pub(super) const IN_ADDRESS: &str =
    "It is a part of an address: keep it percent-encoded in the variable, as it stands here.";

/// What to do about a secret in an archive.
pub(super) const IN_ARCHIVE: &str =
    "It stands in an archive: mend what the archive is made of and make it anew, or take it out of the repository.";

/// What to do about a secret that stands encoded.
pub(super) const ENCODED: &str =
    "It stands encoded here, which hides nothing: encode when the program runs, not in the file.";
