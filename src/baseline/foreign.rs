//! What other tools write down as accepted: gitleaks' JSON reports and `.gitleaksignore`, detect-secrets' baselines.
//! Which one a file is, is seen from what it holds.

use crate::secret::Secret;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Something that another tool accepts.
#[derive(Debug, Clone)]
pub struct Foreign {
    /// Its path, with slashes.
    pub path: String,
    /// The commit whose file is meant; none for the file on disk.
    pub commit_id: Option<String>,
    /// The lines it stands on, as that tool counted them.
    pub lines: RangeInclusive<u32>,
    /// How the secret can be known.
    pub clue: Clue,
    /// What that tool calls it: a rule or a type.
    pub label: String,
    /// Why it is accepted, as far as that tool says.
    pub reason: String,
}

/// How a secret can be known that another tool found.
#[derive(Debug, Clone)]
pub enum Clue {
    /// The secret, and what was matched round it.
    Text(Secret, Secret),
    /// Its SHA-1.
    Sha1([u8; 20]),
    /// Nothing but where it stands.
    Line,
}

/// A file that is none of those that can be read.
#[derive(Debug, thiserror::Error)]
pub enum ForeignError {
    /// It is something else.
    #[error(
        "{0} is neither a gitleaks report (--report-format json), nor a .gitleaksignore, nor a detect-secrets baseline"
    )]
    Unknown(String),
    /// Part of it is not as that tool writes it.
    #[error("{name}: {what}")]
    Broken {
        /// The file, with the line if there is one.
        name: String,
        /// What is wrong.
        what: String,
    },
}

/// Reads what a file accepts. `name` is what messages call it.
pub fn foreign(text: &[u8], name: &str) -> Result<Vec<Foreign>, ForeignError> {
    let unknown = || ForeignError::Unknown(name.to_owned());
    let broken = |error: serde_json::Error| ForeignError::Broken { name: name.to_owned(), what: error.to_string() };
    let text = std::str::from_utf8(text).map_err(|_| unknown())?.trim_start_matches('\u{feff}').trim_start();
    match text.chars().next() {
        Some('[') => {
            let all: Vec<serde_json::Value> = serde_json::from_str(text).map_err(broken)?;
            if !all.iter().all(|one| one.get("RuleID").is_some()) {
                return Err(unknown());
            }
            let leaks: Vec<Leak> = serde_json::from_str(text).map_err(broken)?;
            Ok(leaks.into_iter().map(Leak::foreign).collect())
        }
        Some('{') => {
            let whole: serde_json::Value = serde_json::from_str(text).map_err(broken)?;
            if whole.get("results").is_none() || whole.get("plugins_used").is_none() {
                return Err(unknown());
            }
            let audited: Audited = serde_json::from_str(text).map_err(broken)?;
            audited.foreign(name)
        }
        _ => ignored(text, name),
    }
}

/// A finding in a report of gitleaks.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Leak {
    #[serde(rename = "RuleID")]
    rule_id: String,
    file: String,
    #[serde(default)]
    start_line: u32,
    #[serde(default)]
    end_line: u32,
    #[serde(default)]
    secret: String,
    #[serde(rename = "Match", default)]
    matched: String,
    #[serde(default)]
    commit: String,
}

impl Leak {
    fn foreign(self) -> Foreign {
        // `--redact` leaves that word, `--redact=50` half of the secret and dots.
        let is_redacted = self.secret.is_empty() || self.secret.contains("REDACTED") || self.secret.ends_with("...");
        let clue = match is_redacted {
            true => Clue::Line,
            false => Clue::Text(Secret::new(self.secret.into_bytes()), Secret::new(self.matched.into_bytes())),
        };
        Foreign {
            path: with_slashes(&self.file),
            commit_id: Some(self.commit).filter(|id| !id.is_empty()),
            lines: self.start_line..=self.end_line.max(self.start_line),
            clue,
            reason: format!("was in a report of gitleaks ({})", self.rule_id),
            label: format!("gitleaks {}", self.rule_id),
        }
    }
}

/// A baseline of detect-secrets.
#[derive(Deserialize)]
struct Audited {
    results: BTreeMap<String, Vec<AuditedSecret>>,
}

#[derive(Deserialize)]
struct AuditedSecret {
    #[serde(rename = "type")]
    kind: String,
    hashed_secret: String,
    #[serde(default)]
    line_number: u32,
    is_secret: Option<bool>,
}

impl Audited {
    fn foreign(self, name: &str) -> Result<Vec<Foreign>, ForeignError> {
        let mut all = Vec::new();
        for (path, secrets) in self.results {
            for AuditedSecret { kind, hashed_secret, line_number, is_secret } in secrets {
                let digest = data_encoding::HEXLOWER_PERMISSIVE.decode(hashed_secret.as_bytes()).unwrap_or_default();
                let digest: [u8; 20] = digest.try_into().map_err(|_| ForeignError::Broken {
                    name: name.to_owned(),
                    what: format!("hashed_secret of {path} is no SHA-1 in hexadecimal digits"),
                })?;
                let audit = match is_secret {
                    Some(true) => ", where it was audited as a real secret",
                    Some(false) => ", where it was audited as no secret",
                    None => "",
                };
                all.push(Foreign {
                    path: with_slashes(&path),
                    commit_id: None,
                    lines: line_number..=line_number,
                    clue: Clue::Sha1(digest),
                    reason: format!("was in a baseline of detect-secrets ({kind}){audit}"),
                    label: format!("detect-secrets {kind}"),
                });
            }
        }
        Ok(all)
    }
}

/// `FILE:RULE:LINE` or `COMMIT:FILE:RULE:LINE`, one a line, and comments.
fn ignored(text: &str, name: &str) -> Result<Vec<Foreign>, ForeignError> {
    let mut all = Vec::new();
    for (nth, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let parsed = fingerprint(line);
        if parsed.is_none() && all.is_empty() {
            return Err(ForeignError::Unknown(name.to_owned()));
        }
        all.push(parsed.ok_or_else(|| ForeignError::Broken {
            name: format!("{name}:{}", nth + 1),
            what: "a line of .gitleaksignore is FILE:RULE:LINE, with COMMIT: before it or not".to_owned(),
        })?);
    }
    Ok(all)
}

fn fingerprint(line: &str) -> Option<Foreign> {
    let mut parts = line.rsplitn(3, ':');
    let (number, rule, place) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
    // A path may hold colons too.
    let is_id = |id: &str| id.len() == 40 && id.bytes().all(|b| b.is_ascii_hexdigit());
    let (commit_id, path) = match place.split_once(':') {
        Some((id, path)) if is_id(id) => (Some(id.to_owned()), path),
        _ => (None, place),
    };
    Some(Foreign {
        path: with_slashes(path),
        commit_id,
        lines: number..=number,
        clue: Clue::Line,
        label: format!("gitleaks {rule}"),
        reason: format!("was in .gitleaksignore ({rule})"),
    })
}

fn with_slashes(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches("./").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Foreign>, String> {
        foreign(text.as_bytes(), "f").map_err(|error| error.to_string())
    }

    #[test]
    fn lines_of_a_gitleaksignore_are_taken_apart_from_the_right() {
        let id = "a".repeat(40);
        let text = format!("# why\n\n{id}:a\\b:c.py:some-rule:7\n./x.env:r:3\n");
        let all = read(&text).expect("it is one");
        let told: Vec<_> = all.iter().map(|f| (f.path.as_str(), f.commit_id.is_some(), *f.lines.start())).collect();
        assert_eq!(told, [("a/b:c.py", true, 7), ("x.env", false, 3)]);
    }

    #[test]
    fn a_redacted_secret_is_no_clue() {
        let leak =
            |secret: &str| format!(r#"[{{"RuleID":"r","File":"f","StartLine":2,"EndLine":2,"Secret":"{secret}"}}]"#);
        let is_text = |secret: &str| matches!(read(&leak(secret)).expect("it is one")[0].clue, Clue::Text(..));
        assert!(is_text("hunter2") && !is_text("REDACTED") && !is_text("hunt...") && !is_text(""));
    }

    #[test]
    fn what_is_something_else_is_refused() {
        for other in ["{}", "[1]", "hello world", r#"{"runs":[]}"#, r#"{"results":{}}"#] {
            assert!(read(other).expect_err("it is not").contains("is neither"), "{other}");
        }
        assert!(read("a:b:1\nhello\n").expect_err("it is not").starts_with("f:2: "));
        assert!(read("[{\"RuleID\":1,\"File\":\"f\"}]").is_err());
        let bad = r#"{"plugins_used":[],"results":{"p":[{"type":"t","hashed_secret":"zz"}]}}"#;
        assert!(read(bad).expect_err("it is not").contains("no SHA-1"));
        assert!(read("[]").expect("an empty report is one").is_empty());
    }
}
