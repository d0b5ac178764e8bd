//! Whether the files that hold credentials are kept out of Git, images and packages.

use super::At;
use super::traits::{Trait, Was};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::collections::BTreeSet;

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Ignored {
    /// Files that nothing keeps out.
    pub bad: Vec<At>,
    /// Files that are kept out.
    pub covered: Vec<At>,
}

/// Any folder does: rules are matched by paths below it.
const ROOT: &str = "/r";

/// Looks at each file for credentials that the project uses.
pub(super) fn check(traits: &[Trait]) -> Ignored {
    let mut ignored = Ignored::default();
    let files: BTreeSet<String> = traits.iter().filter(|shown| shown.was == Was::EnvFile).map(env_file).collect();
    for file in &files {
        let said = |what: &str| At { path: file.clone().into_bytes(), line: 0, what: what.to_owned(), commit_id: None };
        if !is_ignored(traits, ".gitignore", file) {
            ignored.bad.push(said("no .gitignore names it"));
            continue;
        }
        ignored.covered.push(said("named by .gitignore"));
        for copy in traits.iter().filter(|shown| shown.was == Was::CopiesAll) {
            let folder = folder(&copy.path);
            let is_below = file.starts_with(&folder);
            if is_below && !is_ignored(traits, ".dockerignore", file) {
                ignored.bad.push(At {
                    what: format!("would copy {file} into the image: no .dockerignore names it"),
                    ..copy.at()
                });
            }
        }
        for package in traits.iter().filter(|shown| shown.was == Was::IgnoreFile && name(&shown.path) == ".npmignore") {
            if file.starts_with(&folder(&package.path)) && !is_ignored(traits, ".npmignore", file) {
                ignored
                    .bad
                    .push(At { what: format!("stands in for .gitignore and does not name {file}"), ..package.at() });
            }
        }
    }
    ignored
}

/// The file that an example or a mention is about, beside what mentions it.
fn env_file(shown: &Trait) -> String {
    format!("{}{}", folder(&shown.path), shown.what)
}

fn folder(path: &[u8]) -> String {
    let path = String::from_utf8_lossy(path).into_owned();
    path.rfind('/').map(|at| path[..=at].to_owned()).unwrap_or_default()
}

fn name(path: &[u8]) -> &str {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    std::str::from_utf8(name).unwrap_or_default()
}

/// Whether the lists of this name, in the file's folder or above it, name the file; the deepest that says anything
/// decides.
fn is_ignored(traits: &[Trait], list: &str, file: &str) -> bool {
    let mut lists: Vec<&Trait> = traits
        .iter()
        .filter(|shown| {
            shown.was == Was::IgnoreFile && name(&shown.path) == list && file.starts_with(&folder(&shown.path))
        })
        .collect();
    lists.sort_by_key(|shown| std::cmp::Reverse(shown.path.len()));
    for shown in lists {
        let Some(rules) = rules(shown) else { continue };
        let below = &file[folder(&shown.path).len()..];
        let matched = rules.matched_path_or_any_parents(format!("{ROOT}/{below}"), false);
        if !matched.is_none() {
            return matched.is_ignore();
        }
    }
    false
}

fn rules(shown: &Trait) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new(ROOT);
    for line in shown.what.lines() {
        // A line that is no pattern names nothing.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(was: Was, path: &str, what: &str) -> Trait {
        Trait { was, path: path.as_bytes().to_vec(), line: 0, what: what.to_owned() }
    }

    fn bad(traits: &[Trait]) -> Vec<String> {
        check(traits).bad.into_iter().map(|at| at.what).collect()
    }

    #[test]
    fn a_used_env_file_has_to_be_named_by_a_gitignore_at_or_above_it() {
        let used = shown(Was::EnvFile, "app/.env.example", ".env");
        assert_eq!(bad(std::slice::from_ref(&used)), ["no .gitignore names it"]);
        let root = |text: &str| shown(Was::IgnoreFile, ".gitignore", text);
        assert!(bad(&[used.clone(), root("*.log\n.env\n")]).is_empty());
        assert!(bad(&[used.clone(), root(".env*\n!.env.example")]).is_empty());
        assert!(!bad(&[used.clone(), root("/.env")]).is_empty());
        assert!(bad(&[used.clone(), shown(Was::IgnoreFile, "app/.gitignore", "/.env")]).is_empty());
        assert!(!bad(&[used.clone(), root(".env"), shown(Was::IgnoreFile, "app/.gitignore", "!.env")]).is_empty());
        assert!(!bad(&[used, shown(Was::IgnoreFile, "other/.gitignore", ".env")]).is_empty());
        assert!(bad(&[]).is_empty());
    }

    #[test]
    fn an_image_that_copies_all_and_a_package_list_have_to_name_it_too() {
        let used = shown(Was::EnvFile, ".env.example", ".env");
        let list = shown(Was::IgnoreFile, ".gitignore", ".env");
        let copies = shown(Was::CopiesAll, "Dockerfile", "COPY . .");
        assert_eq!(bad(&[used.clone(), list.clone(), copies.clone()]).len(), 1);
        let docker = shown(Was::IgnoreFile, ".dockerignore", "**/.env");
        assert!(bad(&[used.clone(), list.clone(), copies, docker]).is_empty());
        assert_eq!(bad(&[used, list, shown(Was::IgnoreFile, ".npmignore", "test/")]).len(), 1);
    }
}
