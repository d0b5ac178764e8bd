//! What goes beside the mended files: the secrets into `.env`, their names into `.env.example`, and a line that keeps
//! `.env` out of Git and out of images.

use super::Plan;
use crate::finding::Finding;
use crate::remedy::{Language, language};
use crate::rule::Form;
use crate::secret::Secret;
use ignore::gitignore::GitignoreBuilder;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file beside the mended ones.
#[derive(Debug)]
pub struct Aside {
    /// Where.
    pub path: PathBuf,
    /// What it is for.
    pub purpose: Purpose,
    /// What it holds; none if there is no such file.
    pub before: Option<Vec<u8>>,
    /// What it will hold.
    pub after: Vec<u8>,
}

/// What a file beside the mended ones is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// It holds the secrets: these names are added.
    Secrets(Vec<String>),
    /// It names the variables: these are added.
    Names(Vec<String>),
    /// It keeps `.env` out.
    Ignore,
}

impl Aside {
    /// Whether nobody but its owner may read it.
    pub fn is_private(&self) -> bool {
        matches!(self.purpose, Purpose::Secrets(_))
    }
}

/// Variables with their values, by name: of several values of one name, each.
pub type Secrets = Vec<(String, Secret)>;

/// The assignments in a `.env` file.
pub fn assignments(text: &[u8]) -> Secrets {
    let lines = text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let assigned = lines.filter_map(|line| {
        let line = line.strip_prefix(b"export ").unwrap_or(line);
        let at = memchr::memchr(b'=', line)?;
        let name = std::str::from_utf8(line[..at].trim_ascii()).ok()?;
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        is_name.then(|| (name.to_owned(), Secret::new(unquoted(line[at + 1..].trim_ascii()))))
    });
    assigned.collect()
}

fn unquoted(value: &[u8]) -> Vec<u8> {
    match value {
        [q @ (b'"' | b'\''), inner @ .., end] if q == end => inner.to_vec(),
        value => value.to_vec(),
    }
}

/// What the changes move into the environment of a process. Secrets of a platform's own store are not among them.
fn moved(plan: &Plan, is_chosen: &dyn Fn(&Path) -> bool) -> BTreeMap<String, Secret> {
    let mut moved = BTreeMap::new();
    for change in plan.changes.iter().filter(|change| is_chosen(&change.path)) {
        let language = language(&change.document.origin.path, &change.document.text);
        if is_platform(language) {
            continue;
        }
        let is_terraform = matches!(language, Language::Terraform | Language::TerraformVariables);
        for (finding, name) in change.mended.iter().filter(|(finding, _)| is_moved(finding)) {
            let name = if is_terraform { format!("TF_VAR_{}", name.to_lowercase()) } else { name.clone() };
            moved.entry(name).or_insert_with(|| finding.secret.clone());
        }
    }
    moved
}

/// Whether the secret left its place; one that stands encoded may only have been encoded anew.
fn is_moved(finding: &Finding) -> bool {
    finding.holds_secret() && finding.forms.iter().all(|form| *form == Form::Joined)
}

/// Whether the secret has its place in the settings of a service, not in a file beside the code.
fn is_platform(language: Language) -> bool {
    use Language::*;
    matches!(
        language,
        GithubWorkflow
            | GitlabCi
            | BitbucketPipelines
            | AzurePipelines
            | CircleCi
            | Jenkinsfile
            | Kubernetes
            | HelmValues
    )
}

/// The files that go beside the changes that were chosen. `write_env`: the secrets themselves are written too.
/// `in_git`: the root is that of a repository.
pub fn asides(
    plan: &Plan,
    root: &Path,
    is_chosen: &dyn Fn(&Path) -> bool,
    write_env: bool,
    in_git: bool,
) -> Vec<Aside> {
    let moved = moved(plan, is_chosen);
    if moved.is_empty() {
        return Vec::new();
    }
    let mut asides = Vec::new();
    if write_env {
        asides.extend(added(root, ".env", &moved, |name| line(name, &moved[name]), Purpose::Secrets));
    }
    asides.extend(added(root, ".env.example", &moved, |name| format!("{name}=\n").into_bytes(), Purpose::Names));
    let has = |name: &str| root.join(name).exists();
    let ignores = [(".gitignore", in_git), (".dockerignore", has(".dockerignore") || has("Dockerfile"))];
    for name in ignores.into_iter().filter(|(_, wanted)| *wanted).map(|(name, _)| name) {
        asides.extend(ignoring(root, name));
    }
    asides
}

/// The file with a line for each name that it lacks; none if it lacks none.
fn added(
    root: &Path,
    file: &str,
    moved: &BTreeMap<String, Secret>,
    line: impl Fn(&String) -> Vec<u8>,
    purpose: fn(Vec<String>) -> Purpose,
) -> Option<Aside> {
    let path = root.join(file);
    let before = std::fs::read(&path).ok();
    let present = assignments(before.as_deref().unwrap_or_default());
    let lacking = moved.keys().filter(|name| !present.iter().any(|(there, _)| there == *name));
    let names: Vec<String> = lacking.cloned().collect();
    let lines: Vec<u8> = names.iter().flat_map(line).collect();
    (!names.is_empty()).then(|| Aside {
        after: appended(before.as_deref(), &lines),
        path,
        before,
        purpose: purpose(names),
    })
}

/// The ignore file with a line for `.env`; none if it has one that counts.
fn ignoring(root: &Path, file: &str) -> Option<Aside> {
    let path = root.join(file);
    let before = std::fs::read(&path).ok();
    let mut builder = GitignoreBuilder::new(root);
    for line in String::from_utf8_lossy(before.as_deref().unwrap_or_default()).lines() {
        // A line that is no pattern ignores nothing.
        let _ = builder.add_line(None, line);
    }
    let is_ignored = builder.build().is_ok_and(|ignore| ignore.matched(root.join(".env"), false).is_ignore());
    (!is_ignored).then(|| Aside {
        after: appended(before.as_deref(), b".env\n"),
        path,
        before,
        purpose: Purpose::Ignore,
    })
}

/// The lines behind a text, which gets its last line end if it lacks it, and written with its line ends.
fn appended(before: Option<&[u8]>, lines: &[u8]) -> Vec<u8> {
    let mut text = before.unwrap_or_default().to_vec();
    let returns = memchr::memmem::find(&text, b"\r\n").is_some();
    let end: &[u8] = if returns { b"\r\n" } else { b"\n" };
    if !text.is_empty() && text.last() != Some(&b'\n') {
        text.extend_from_slice(end);
    }
    for line in lines.split_inclusive(|b| *b == b'\n') {
        text.extend_from_slice(line.strip_suffix(b"\n").unwrap_or(line));
        text.extend_from_slice(end);
    }
    text
}

/// `NAME=value`, quoted where a reader of such files could take the value apart.
fn line(name: &str, secret: &Secret) -> Vec<u8> {
    let value = secret.expose();
    let is_plain = value.iter().all(|b| b.is_ascii_alphanumeric() || b"_-./:@+=,%~".contains(b));
    let quoted = if is_plain {
        value.to_vec()
    } else if !value.iter().any(|b| matches!(b, b'\'' | b'\n' | b'\r')) {
        [b"'", value, b"'"].concat()
    } else {
        let escaped = value.iter().flat_map(|b| match b {
            b'\n' => b"\\n".to_vec(),
            b'\r' => b"\\r".to_vec(),
            b'"' | b'\\' | b'$' | b'`' => vec![b'\\', *b],
            b => vec![*b],
        });
        [b"\"", &escaped.collect::<Vec<u8>>()[..], b"\""].concat()
    };
    [name.as_bytes(), b"=", &quoted, b"\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_quoted_where_it_has_to_be() {
        let line = |value: &str| String::from_utf8(line("A", &Secret::new(value.as_bytes()))).expect("it is text");
        assert_eq!(line("SG.a-b_c"), "A=SG.a-b_c\n");
        assert_eq!(line("a b#$c"), "A='a b#$c'\n");
        assert_eq!(line("it's\n$x"), "A=\"it's\\n\\$x\"\n");
    }

    #[test]
    fn lines_are_put_behind_what_is_there() {
        assert_eq!(appended(None, b"a\n"), b"a\n");
        assert_eq!(appended(Some(b"x"), b"a\nb\n"), b"x\na\nb\n");
        assert_eq!(appended(Some(b"x\r\ny\r\n"), b"a\n"), b"x\r\ny\r\na\r\n");
    }

    #[test]
    fn assignments_are_read_with_their_quotes() {
        let read = assignments(b"# A=1\nexport B = 'two'\nC=3\r\nnot a name=4\n");
        let shown: Vec<_> = read.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
        assert_eq!(shown, [("B", &b"two"[..]), ("C", b"3")]);
    }
}
