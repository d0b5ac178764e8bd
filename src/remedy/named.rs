//! The name that a file gives to a secret of no known kind, as an environment variable would be called.

use super::formats;
use super::language::Language;
use super::yaml;
use std::ops::Range;

/// Words of which a variable's name needs one, to say that it holds a secret.
const SECRET: [&str; 9] = ["PASS", "PWD", "SECRET", "TOKEN", "KEY", "AUTH", "CRED", "PIN", "SALT"];

/// Beginnings of a dotted name that say nothing.
const EMPTY: [&str; 12] =
    ["self", "this", "config", "settings", "options", "app", "conf", "cfg", "opts", "props", "exports", "data"];

/// The longest name, in bytes, that is taken over.
const LONGEST: usize = 48;

/// The variable that is called like what the secret is given to: `dbPassword` is `DB_PASSWORD`. None where that says no
/// more than what sort of secret it is.
pub(super) fn name(language: Language, text: &[u8], span: &Range<usize>, before: &[u8]) -> Option<String> {
    let segments = given_to(before)?;
    let name = variable(&segments);
    if says_whose(&name) {
        return Some(name);
    }
    let keys: Vec<String> = match language {
        Language::Json => formats::json_keys(text, span.start)?,
        _ if is_yaml(language) => yaml::scalar(text, span)?.keys.into_iter().rev().collect(),
        _ => return None,
    };
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    // Spring looks for the whole path.
    let least = if language == Language::SpringYaml { keys.len() } else { 2 };
    let name = variable(&keys[keys.len().saturating_sub(least)..]);
    says_whose(&name).then_some(name)
}

fn is_yaml(language: Language) -> bool {
    use Language::*;
    matches!(language, Yaml | SpringYaml | Ansible | HelmValues | RailsYaml | Symfony | Serverless)
}

/// The parts of the name that stands before `=` or `:`, a type between left out.
fn given_to(before: &[u8]) -> Option<Vec<&str>> {
    let before = std::str::from_utf8(&before[before.len().saturating_sub(160)..]).ok()?;
    let before = before.trim_end_matches(['"', '\'', '`', '@', '$']).trim_end();
    let before = ["=>", ":=", "=", ":"].iter().find_map(|mark| before.strip_suffix(mark))?.trim_end();
    if before.ends_with(['=', '!', '<', '>']) {
        return None;
    }
    let before = match before.rsplit_once(':') {
        Some((name, kind)) if kind.starts_with(' ') && kind.trim().chars().all(|c| c.is_alphanumeric() || c == '?') => {
            name
        }
        _ => before,
    };
    let name = before.trim_end_matches(['"', '\'', ']', ')', '?']);
    let start =
        name.rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))).map_or(0, |at| at + 1);
    let mut segments: Vec<&str> = name.get(start..)?.trim_matches(['.', '-']).split('.').collect();
    while segments.len() > 1 && EMPTY.contains(&segments[0].to_ascii_lowercase().as_str()) {
        segments.remove(0);
    }
    Some(segments)
}

/// In capitals, with `_` between words.
fn variable(segments: &[&str]) -> String {
    let mut out = String::new();
    let mut small = false;
    for letter in segments.join("_").chars() {
        if letter.is_ascii_uppercase() && small {
            out.push('_');
        }
        small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        out.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' });
    }
    out.trim_matches('_').to_owned()
}

/// Whether it has a word besides one for a secret.
fn says_whose(name: &str) -> bool {
    let words: Vec<&str> = name.split('_').filter(|word| !word.is_empty()).collect();
    let secret =
        |word: &str| SECRET.iter().any(|s| word.contains(s)) || matches!(word, "API" | "ACCESS" | "CLIENT" | "PRIVATE");
    let plain = name.len() <= LONGEST && name.starts_with(|c: char| c.is_ascii_uppercase());
    plain && words.iter().any(|word| SECRET.iter().any(|s| word.contains(s))) && !words.iter().all(|word| secret(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_the_file_becomes_a_variable() {
        for (before, expected) in [
            ("const dbPassword = '", Some("DB_PASSWORD")),
            ("val smtpPassword: String = \"", Some("SMTP_PASSWORD")),
            ("self.ldap_passwd = \"", Some("LDAP_PASSWD")),
            ("config.mail.password = '", Some("MAIL_PASSWORD")),
            ("app.jwt-secret=", Some("JWT_SECRET")),
            ("  password: '", None),
            ("apiKey = \"", None),
            ("connect('root', '", None),
            ("if dbPassword == \"", None),
        ] {
            let name = name(Language::Python, before.as_bytes(), &(before.len()..before.len()), before.as_bytes());
            assert_eq!(name.as_deref(), expected, "{before}");
        }
    }

    #[test]
    fn a_key_is_named_with_the_one_that_it_stands_under() {
        let at = |language, text: &str| {
            let start = text.find("PW").expect("it is there");
            let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
            name(language, text.as_bytes(), &(start..start + 2), &text.as_bytes()[line..start])
        };
        assert_eq!(at(Language::Json, "{\"db\": {\"password\": \"PW\"}}").as_deref(), Some("DB_PASSWORD"));
        assert_eq!(at(Language::Yaml, "a:\n  db:\n    password: PW\n").as_deref(), Some("DB_PASSWORD"));
        let spring = at(Language::SpringYaml, "spring:\n  datasource:\n    password: PW\n");
        assert_eq!(spring.as_deref(), Some("SPRING_DATASOURCE_PASSWORD"));
    }
}
