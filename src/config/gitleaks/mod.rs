//! A gitleaks configuration, with its own semantics, as rules and allow entries of this program.

mod counterparts;
mod migrate;
mod pattern;
mod read;
mod table;

use super::written::WhenTable;
use super::{ConfigError, File, nearest};
use crate::rule::{Check, Kind, Level, RuleSpec, Whole};
use counterparts::counterparts;
use read::{Read, ReadList, ReadRule, at};
use std::borrow::Cow;
use std::path::Path;

pub use migrate::{MigrateError, Migrated, migrated};
pub(in crate::config) use table::is_one;

/// The severity of what a rule of another scanner finds, which knows no severities.
const SEVERITY: f32 = 7.5;
/// How many files `[extend] path` may lead to, one from the other.
const DEEPEST: usize = 2;

/// What a configuration, with all that it extends, comes to.
#[derive(Debug, Default)]
pub(in crate::config) struct Import {
    /// What messages call the file.
    pub name: String,
    /// Its rules, and where each is written.
    pub rules: Vec<(RuleSpec, String)>,
    pub allows: Vec<ImportedAllow>,
    /// Whether unleak's own rules are in force too.
    pub builtin: bool,
    /// Those of them that are not.
    pub disable: Vec<String>,
    /// What has another meaning here, or none: a line each.
    pub differences: Vec<String>,
}

/// An allow entry.
#[derive(Debug)]
pub(in crate::config) struct ImportedAllow {
    /// For these rules, or for all.
    pub rules: Vec<String>,
    pub when: WhenTable,
    pub reason: String,
    pub place: String,
}

/// Reads a configuration and the files that it extends.
pub(in crate::config) fn import(text: &str, name: &str, folder: Option<&Path>) -> Result<Import, ConfigError> {
    let file = File { text, name };
    let (mut merged, use_default) = extended(&file, folder, 0)?;
    let mut import = Import { name: name.to_owned(), builtin: use_default.is_some(), ..Import::default() };
    import.differences.append(&mut merged.left_out);
    if let Some(place) = use_default {
        import.differences.push(format!(
            "{place}: useDefault: gitleaks' default rules are not part of unleak; unleak's own rules take their place"
        ));
        import.disabled(&merged);
    }
    let mut builtin_lists = Vec::new();
    for rule in std::mem::take(&mut merged.rules) {
        import.rule(rule, &mut builtin_lists)?;
    }
    if import.rules.is_empty() && !import.builtin {
        let mend = "there is no rule in it, so nothing could be found; a gitleaks configuration without [extend] replaces \
                    all rules: add [extend] with useDefault = true, or rules";
        return Err(file.wrong(&(0..0), mend));
    }
    for list in merged.allowlists {
        let mut rules = Vec::new();
        for (id, place) in &list.targets {
            rules.extend(import.targets(id, place)?);
        }
        // An entry without rules is for all; one whose rules are all unknown is for none.
        if list.targets.is_empty() || !rules.is_empty() {
            import.allow(list, rules);
        }
    }
    import.allows.extend(builtin_lists);
    import.disable.sort();
    import.disable.dedup();
    Ok(import)
}

/// What a file says together with what it extends; and where it asks for the default rules, if it does.
fn extended(file: &File<'_>, folder: Option<&Path>, depth: usize) -> Result<(Read, Option<String>), ConfigError> {
    let mut own = read::read(file)?;
    let mut use_default = own.extend.use_default.then(|| file.name.to_owned());
    let Some((path, place)) = own.extend.path.clone() else { return Ok((own, use_default)) };
    if depth == DEEPEST {
        own.left_out.push(format!("{place}: this extends a third file, which gitleaks does not read"));
        return Ok((own, use_default));
    }
    // gitleaks looks from the current folder; most people expect it beside the file.
    let beside = folder.map(|folder| folder.join(&path));
    let found = [Some(Path::new(&path).to_path_buf()), beside].into_iter().flatten().find(|path| path.is_file());
    let Some(found) = found else {
        let mend = format!("there is no {path}, neither in the current folder nor beside this file; mend the path");
        return Err(at(&place, mend));
    };
    let name = found.display().to_string();
    let text = super::text(&found, &name)?;
    let (mut base, of_base) = extended(&File { text: &text, name: &name }, found.parent(), depth + 1)?;
    use_default = use_default.or(of_base);
    base.rules.retain(|rule| own.extend.disabled.iter().all(|(id, _)| *id != rule.id));
    for rule in own.rules {
        match base.rules.iter_mut().find(|known| known.id == rule.id) {
            Some(known) => overridden(known, rule, &mut base.left_out),
            None => base.rules.push(rule),
        }
    }
    base.allowlists.splice(0..0, own.allowlists);
    base.left_out.extend(own.left_out);
    base.extend.disabled.extend(own.extend.disabled);
    Ok((base, use_default))
}

/// A rule of the extended file with what the extending one says of it.
fn overridden(base: &mut ReadRule, own: ReadRule, left_out: &mut Vec<String>) {
    if !own.required.is_empty() || own.helper {
        let place = &own.place;
        left_out.push(format!(
            "{place}: required and skipReport are not overridden in rule {:?}, in gitleaks neither",
            own.id
        ));
    }
    if !own.description.is_empty() {
        base.description = own.description;
    }
    if own.entropy != 0.0 {
        base.entropy = own.entropy;
    }
    if own.group != 0 {
        base.group = own.group;
    }
    base.regex = own.regex.or(base.regex.take());
    base.path = own.path.or(base.path.take());
    base.tags.extend(own.tags);
    base.keywords.extend(own.keywords);
    base.allowlists.extend(own.allowlists);
}

impl Import {
    /// Which of unleak's own rules are not in force; which names stand for none of them.
    fn disabled(&mut self, read: &Read) {
        let mut unknown = Vec::new();
        for (id, place) in &read.extend.disabled {
            let own = counterparts(id);
            if own.is_empty() && read.rules.iter().all(|rule| rule.id != *id) {
                unknown.push((id.as_str(), place));
            }
            self.stands_for(id, &own, place);
            self.disable.extend(own);
        }
        if let Some((_, place)) = unknown.first() {
            let ids: Vec<&str> = unknown.iter().map(|(id, _)| *id).collect();
            self.differences.push(format!(
                "{place}: disabledRules: unleak has no rule for {}, so there is nothing to disable; `unleak rules` lists its rules",
                ids.join(", ")
            ));
        }
    }

    /// Says which rules an id stands for, when they are called otherwise.
    fn stands_for(&mut self, id: &str, own: &[String], place: &str) {
        if own.iter().any(|own| own != id) {
            self.differences.push(format!("{place}: {id} of gitleaks stands for unleak's {}", own.join(", ")));
        }
    }

    /// Takes a rule over; one without regex and path only says more of a default rule.
    fn rule(&mut self, read: ReadRule, builtin_lists: &mut Vec<ImportedAllow>) -> Result<(), ConfigError> {
        let own = if self.builtin { counterparts(&read.id) } else { Vec::new() };
        let (place, id) = (&read.place, &read.id);
        if read.regex.is_none() && read.path.is_none() {
            if !self.builtin {
                return Err(at(place, format!("rule {id:?} has neither regex nor path; add one of them")));
            }
            let what = format!("{place}: rule {id:?} changes a default rule of gitleaks");
            self.differences.push(match own.is_empty() {
                true => format!("{what} for which unleak has none; it and its allowlists have no effect"),
                false => format!("{what}: of what it says, its allowlists hold for unleak's {}", own.join(", ")),
            });
            let lists = read.allowlists.into_iter().filter(|_| !own.is_empty());
            builtin_lists.extend(lists.map(|list| imported(list, own.clone())));
            return Ok(());
        }
        if !own.is_empty() {
            self.differences.push(format!("{place}: rule {id:?} takes the place of unleak's {}", own.join(", ")));
            self.disable.extend(own);
        }
        let id = self.id_of(&read);
        for list in &read.allowlists {
            self.allow(list.clone(), vec![id.clone()]);
        }
        let place = read.place.clone();
        self.rules.push((spec(read, id), place));
        Ok(())
    }

    /// An id that an allow comment can name: what is no letter, digit or one of `-_.:/` becomes a hyphen.
    fn id_of(&mut self, read: &ReadRule) -> String {
        let id = tame(&read.id);
        if id != read.id {
            self.differences.push(format!("{}: rule {:?} is called {id} here", read.place, read.id));
        }
        id
    }

    /// The rules that an id in `targetRules` is about.
    fn targets(&mut self, id: &str, place: &str) -> Result<Vec<String>, ConfigError> {
        let tamed = tame(id);
        if self.rules.iter().any(|(rule, _)| rule.id == tamed) {
            return Ok(vec![tamed]);
        }
        if !self.builtin {
            let near = nearest(id, self.rules.iter().map(|(rule, _)| &*rule.id));
            let meant = near.map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
            return Err(at(place, format!("targetRules names {id:?}, and there is no such rule{meant}")));
        }
        let own = counterparts(id);
        self.stands_for(id, &own, place);
        if own.is_empty() {
            self.differences.push(format!("{place}: targetRules names {id:?}, for which unleak has no rule"));
        }
        Ok(own)
    }

    fn allow(&mut self, list: ReadList, rules: Vec<String>) {
        if !list.when.any && !list.when.commits.is_empty() {
            self.differences.push(format!(
                "{}: a condition AND with commits holds for scans of commits; a sweep of the whole history and a scan of files \
                 know no single commit, so there it allows nothing",
                list.place
            ));
        }
        self.allows.push(imported(list, rules));
    }
}

fn imported(list: ReadList, rules: Vec<String>) -> ImportedAllow {
    let reason = if list.description.trim().is_empty() {
        "allowed by the gitleaks configuration".to_owned()
    } else {
        list.description.trim().to_owned()
    };
    ImportedAllow { rules, when: list.when, reason, place: list.place }
}

fn tame(id: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || "-_.:/".contains(c) { c } else { '-' };
    id.trim().chars().map(letter).collect()
}

/// A rule as one of this program's, without anchors.
fn spec(read: ReadRule, id: String) -> RuleSpec {
    let text = |text: &str| Cow::Owned(text.trim().to_owned());
    let title = if read.description.trim().is_empty() { &id } else { read.description.trim() };
    let title = text(title.lines().next().unwrap_or_default().trim_end_matches('.'));
    let description = format!("What rule {id} of the gitleaks configuration finds. {}", read.description.trim());
    let mut checks = vec![Check::AnyText];
    if read.entropy != 0.0 {
        checks.push(Check::EntropyAbove(read.entropy));
    }
    let required = read.required.into_iter().map(|mut required| {
        required.rule = tame(&required.rule);
        required
    });
    let whole = Whole {
        keywords: read.keywords,
        path: read.path,
        group: Some(read.group as usize).filter(|group| *group > 0),
        required: required.collect(),
        helper: read.helper,
        tags: read.tags,
    };
    RuleSpec {
        title,
        description: text(&description),
        severity: SEVERITY,
        confidence: Level::Medium,
        kind: if read.regex.is_some() { Kind::Secret } else { Kind::File },
        pattern: Cow::Owned(read.regex.unwrap_or_default()),
        assigned: None,
        checks: Cow::Owned(checks),
        generic: id.to_lowercase().contains("generic"),
        id: Cow::Owned(id),
        whole: Some(whole),
        anchors: Cow::default(),
        ignore_case: false,
        reach: Default::default(),
        measure: None,
        guard: Default::default(),
        parts: Cow::default(),
        forms: Cow::default(),
        encoded: Cow::default(),
        paths: Cow::default(),
        show: 0,
        hits: Cow::default(),
        misses: Cow::default(),
        variable: Cow::default(),
        remedy: Default::default(),
        references: Cow::default(),
    }
}
