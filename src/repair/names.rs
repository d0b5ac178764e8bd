//! One name for one secret across files, and no name for two.

use crate::finding::Finding;
use crate::remedy::Edit;
use crate::secret::Secret;
use std::collections::{BTreeMap, BTreeSet};

/// Under which variable each secret is kept.
#[derive(Debug, Default)]
pub(super) struct Names {
    of: BTreeMap<Secret, String>,
    taken: BTreeSet<String>,
}

impl Names {
    /// Gives a name to the secret of every finding that can be mended. `kept` are variables with their values that
    /// the project has already, as in its `.env`.
    pub fn new<'f>(findings: impl Iterator<Item = &'f Finding> + Clone, kept: &[(String, Secret)]) -> Self {
        let mut names = Names::default();
        let findings = findings.filter(|finding| finding.holds_secret() && !finding.remedy.edits.is_empty());
        for (name, value) in kept {
            if findings.clone().any(|finding| finding.secret == *value) {
                names.give(value, name);
            }
        }
        // A name that the text reads already can't be changed, so it goes first.
        for finding in findings.clone().filter(|finding| is_bound(finding)) {
            names.give(&finding.secret, &finding.remedy.variable);
        }
        for finding in findings {
            names.give(&finding.secret, &finding.remedy.variable);
        }
        names
    }

    fn give(&mut self, secret: &Secret, wanted: &str) {
        if self.of.contains_key(secret) {
            return;
        }
        let numbered = (2..).map(|number| format!("{wanted}_{number}"));
        let name = std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !self.taken.contains(name));
        let name = name.expect("numbers do not end");
        self.taken.insert(name.clone());
        self.of.insert(secret.clone(), name);
    }

    /// The finding's edits, reading the secret's own name; and that name.
    pub fn edits(&mut self, finding: &Finding) -> (Vec<Edit>, String) {
        let edits = finding.remedy.edits.clone();
        let variable = &finding.remedy.variable;
        if !finding.holds_secret() || edits.is_empty() {
            return (edits, variable.clone());
        }
        if is_bound(finding) {
            // Declared for another secret, it would give that one's value.
            let is_others = is_declared(finding) && self.of.get(&finding.secret).is_some_and(|name| name != variable);
            return (if is_others { Vec::new() } else { edits }, variable.clone());
        }
        self.give(&finding.secret, variable);
        let name = self.of[&finding.secret].clone();
        let renamed = edits.into_iter().map(|edit| Edit { inserted: renamed(&edit.inserted, variable, &name), ..edit });
        (renamed.collect(), name)
    }
}

/// Whether the edits leave the name in the text as it is: a look-up whose default goes, or a declared variable of
/// Terraform's.
fn is_bound(finding: &Finding) -> bool {
    let variable = &finding.remedy.variable;
    is_declared(finding) || !(says(finding, variable) || says(finding, &variable.to_lowercase()))
}

/// Whether the edits read a variable of Terraform's that the file declares already.
fn is_declared(finding: &Finding) -> bool {
    let lower = finding.remedy.variable.to_lowercase();
    says(finding, &format!("var.{lower}")) && !says(finding, &format!("variable \"{lower}\""))
}

fn says(finding: &Finding, what: &str) -> bool {
    finding.remedy.edits.iter().any(|edit| edit.inserted.contains(what))
}

/// The text with one name in the other's place, as it is and in lower case.
fn renamed(text: &str, from: &str, to: &str) -> String {
    if from == to || from.is_empty() {
        return text.to_owned();
    }
    replaced(&replaced(text, from, to), &from.to_lowercase(), &to.to_lowercase())
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len() + to.len());
    let mut copied = 0;
    for (at, _) in text.match_indices(from) {
        let end = at + from.len();
        if !text[..at].ends_with(is_word) && !text[end..].starts_with(is_word) {
            out.push_str(&text[copied..at]);
            out.push_str(to);
            copied = end;
        }
    }
    out + &text[copied..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_as_a_word_only() {
        let text = "os.environ[\"A_KEY\"] MY_A_KEY A_KEY_2 var.a_key";
        assert_eq!(renamed(text, "A_KEY", "B"), "os.environ[\"B\"] MY_A_KEY A_KEY_2 var.b");
        assert_eq!(renamed("x", "", "B"), "x");
    }

    #[test]
    fn two_secrets_never_share_a_name() {
        let mut names = Names::default();
        for (secret, wanted) in [(b"one", "A"), (b"two", "A"), (b"one", "B"), (b"six", "A")] {
            names.give(&Secret::new(*secret), wanted);
        }
        let name = |secret: &[u8; 3]| names.of[&Secret::new(*secret)].as_str();
        assert_eq!([name(b"one"), name(b"two"), name(b"six")], ["A", "A_2", "A_3"]);
    }
}
