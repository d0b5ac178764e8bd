//! `unleak baseline import`: what another tool accepts, found again and accepted here.

use super::super::environment::Environment;
use super::scene::{Changes, Scene};
use super::{finish, say, shown, terms};
use crate::cli::BaselineImport;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use unleak::baseline::{self, Baseline, Conflicts, Entry, Foreign, Terms};
use unleak::document::Document;
use unleak::finding::Finding;
use unleak::report::ExitStatus;
use unleak::source::Standing;

/// A file and the commit it is read from, if it is not the one on disk.
type Version = (Option<String>, String);
/// A text and what is found in it; or why there is none.
type Read = Result<(Document, Vec<Finding>), String>;

pub fn import(asked: &BaselineImport, environment: &Environment) -> Result<ExitStatus> {
    let mut scene = Scene::new(&asked.which, environment)?;
    let is_new = !scene.exists();
    let mut baseline = if is_new { scene.empty() } else { scene.read(Conflicts::Refused)? };
    let terms = terms(&asked.terms, Some(""), environment)?;
    let mut wanted: Vec<Foreign> = Vec::new();
    for file in &asked.files {
        let text = std::fs::read(environment.surroundings.cwd.join(file))
            .with_context(|| format!("reading {}; name a readable file", file.display()))?;
        wanted.extend(baseline::foreign(&text, &file.display().to_string())?);
    }
    let standing = scene.standing()?;
    let mut taken = Taken::default();
    for foreign in &wanted {
        taken.take(foreign, &mut scene, &standing, &mut baseline, &terms);
    }
    if is_new && taken.changes.is_empty() {
        say("nothing was taken over, so no baseline was made")?;
    } else {
        finish(&scene, &baseline, &taken.changes, asked.dry_run)?;
    }
    if is_new && !asked.dry_run && !taken.changes.is_empty() {
        scene.tell_git()?.iter().try_for_each(|line| say(line))?;
        scene.next_steps().iter().try_for_each(|line| say(line))?;
    }
    if taken.known > 0 {
        say(&format!("{} of {} accepted already", taken.known, wanted.len()))?;
    }
    shown::left_over(&taken.left, wanted.len()).iter().try_for_each(|line| say(line))?;
    Ok(ExitStatus::Clean)
}

/// What has become of what the other tool accepts.
#[derive(Default)]
struct Taken {
    versions: BTreeMap<Version, Read>,
    changes: Changes,
    known: usize,
    /// What could not be found again, and why.
    left: Vec<(String, String)>,
}

impl Taken {
    fn take(
        &mut self,
        foreign: &Foreign,
        scene: &mut Scene<'_>,
        standing: &Standing,
        baseline: &mut Baseline,
        terms: &Terms,
    ) {
        let path = scene.in_repository(&foreign.path);
        let version = (foreign.commit_id.clone(), path.clone());
        let read = self.versions.entry(version).or_insert_with(|| {
            if path.starts_with('/') || path.split('/').any(|part| part == "..") {
                return Err("it lies outside of the repository".to_owned());
            }
            let document = standing.document(foreign.commit_id.as_deref(), path.as_bytes())?;
            let findings = scene.scan().document(&document, &|_| None).findings;
            Ok((document, findings))
        });
        let found = read
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|(document, findings)| baseline::same(foreign, document, findings));
        match found {
            Ok(finding) if baseline.entries.contains_key(finding.fingerprint.as_str()) => self.known += 1,
            Ok(finding) => {
                let reason = if terms.reason.is_empty() { &foreign.reason } else { &terms.reason };
                let entry = Entry::of(finding, &Terms { reason: reason.clone(), ..terms.clone() });
                self.changes.add(finding, entry.clone());
                baseline.add(entry);
            }
            Err(why) => {
                let line = match *foreign.lines.start() {
                    0 => String::new(),
                    line => format!(":{line}"),
                };
                let commit = foreign.commit_id.as_deref().and_then(|id| id.get(..10));
                let commit = commit.map(|id| format!(" of {id}")).unwrap_or_default();
                self.left.push((format!("{path}{line}{commit} ({})", foreign.label), why));
            }
        }
    }
}
