//! `unleak.toml`: read as written, then validated into what the rest of the program relies on.

mod allow;
pub mod gitleaks;
mod globs;
mod nearest;
mod written;

use crate::archive::Archives;
use crate::document::Entry;
use crate::finding::{Confidence, Severity};
use crate::judge::Allow;
use crate::report::Skipped;
use crate::rule::Reach;
use crate::ruleset::{Rule, RuleError, RuleSet};
use globset::GlobSet;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::Spanned;
use written::{RulesTable, ScanTable, Written};

pub use nearest::nearest;

/// Where a repository's own configuration may stand, seen from its root, in the order they are tried.
pub const FILES: [&str; 3] = ["unleak.toml", ".unleak.toml", ".github/unleak.toml"];

/// Who issues what a rule of the configuration finds.
const CUSTOM_PROVIDER: &str = "Custom";
/// How far a rule of the configuration looks when it does not say.
const CUSTOM_REACH: Reach = Reach { before: 256, after: 256 };

/// What the configuration says, checked.
#[derive(Debug)]
pub struct Config {
    /// The rules in force: at least one.
    pub rules: Arc<RuleSet>,
    /// The ids of the rules that the configuration brings along, in its order.
    pub own_rules: Vec<String>,
    /// The allow entries that hold today.
    pub allows: Vec<Allow>,
    /// The severity from which findings fail a scan.
    pub fail_on: Option<Severity>,
    /// The confidence below which findings are dismissed.
    pub min_confidence: Option<Confidence>,
    /// Paths that are not scanned.
    pub exclude: Option<GlobSet>,
    /// Where the baseline is, seen from the repository's root.
    pub baseline: Option<PathBuf>,
    /// Which archives are opened, whatever is scanned.
    pub archives: Option<Archives>,
    /// What the user should know: allow entries that have expired.
    pub notices: Vec<String>,
}

/// A configuration that can't be relied on.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It can't be read.
    #[error("{path}: {error}; name a readable file, or use --no-config")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// It is not text.
    #[error("{path}:{line}: this line is not UTF-8; save the file as UTF-8")]
    NotText {
        /// The file.
        path: String,
        /// The line.
        line: usize,
    },
    /// Something in it is wrong.
    #[error("{place}: {what}")]
    Wrong {
        /// The file and line: "unleak.toml:12".
        place: String,
        /// What, and the mend.
        what: String,
    },
}

impl Default for Config {
    /// No file at all: the built-in rules.
    fn default() -> Self {
        Config {
            rules: RuleSet::builtin_shared(),
            own_rules: Vec::new(),
            allows: Vec::new(),
            fail_on: None,
            min_confidence: None,
            exclude: None,
            baseline: None,
            archives: None,
            notices: Vec::new(),
        }
    }
}

impl Config {
    /// Reads a configuration: this program's, or gitleaks', which its keys tell apart. `name` is what messages call the file; `today` decides what has expired.
    pub fn read(path: &Path, name: &str, today: Date) -> Result<Self, ConfigError> {
        let text = text(path, name)?;
        match gitleaks::is_one(&text) {
            true => Self::imported(gitleaks::import(&text, name, path.parent())?),
            false => Self::own(&text, name, today),
        }
    }

    /// What a gitleaks configuration comes to.
    fn imported(import: gitleaks::Import) -> Result<Self, ConfigError> {
        let builtin = RuleSet::builtin_shared();
        let is_in_force = |rule: &&Arc<Rule>| import.builtin && !import.disable.iter().any(|id| id == rule.id());
        let mut rules: Vec<Arc<Rule>> = builtin.rules().iter().filter(is_in_force).cloned().collect();
        let mut own_rules = Vec::new();
        for (spec, place) in import.rules {
            let wrong = |e: RuleError| ConfigError::Wrong { place: place.clone(), what: e.to_string() };
            own_rules.push(spec.id.to_string());
            rules.push(Arc::new(Rule::new(CUSTOM_PROVIDER, spec).map_err(wrong)?));
        }
        let rules = RuleSet::new(rules).map_err(|e| ConfigError::Wrong { place: import.name, what: e.to_string() })?;
        let mut allows = Vec::new();
        for entry in import.allows {
            let when = allow::when(&entry.when);
            let when = when.map_err(|what| ConfigError::Wrong { place: entry.place.clone(), what })?;
            allows.push(Allow {
                rules: entry.rules,
                paths: None,
                value: None,
                when: Some(when),
                reason: entry.reason,
                place: entry.place,
                used: false.into(),
            });
        }
        Ok(Config {
            rules: Arc::new(rules),
            own_rules,
            allows,
            fail_on: None,
            min_confidence: None,
            exclude: None,
            baseline: None,
            archives: None,
            notices: import.differences,
        })
    }

    /// The same, from the text of the file.
    pub fn parse(text: &str, name: &str, today: Date) -> Result<Self, ConfigError> {
        match gitleaks::is_one(text) {
            true => Self::imported(gitleaks::import(text, name, None)?),
            false => Self::own(text, name, today),
        }
    }

    fn own(text: &str, name: &str, today: Date) -> Result<Self, ConfigError> {
        let file = File { text, name };
        let written: Written = toml::from_str(text).map_err(|e| {
            let place = e.span().unwrap_or_default();
            file.wrong(&place, e.message().trim_end().replace('\n', ", "))
        })?;
        let builtin = RuleSet::builtin_shared();
        let (rules, own_rules) = rules(&file, &builtin, written.rules, written.rule)?;
        let known = |id: &str| builtin.get(id).is_some() || own_rules.iter().any(|own| own == id);
        let mut notices = Vec::new();
        let mut allows = Vec::new();
        for entry in written.allow {
            match allow::allow(&file, &entry, known, &rules, today)? {
                allow::Entry::Holds(allow) => allows.push(*allow),
                allow::Entry::Expired(notice) => notices.push(notice),
            }
        }
        let (fail_on, exclude) = scan(&file, &written.scan)?;
        let baseline = baseline(&file, &written.scan)?;
        let (min_confidence, archives) = (written.scan.min_confidence, written.scan.archives);
        Ok(Config { rules, own_rules, allows, fail_on, min_confidence, exclude, baseline, archives, notices })
    }
}

/// The text of a configuration.
fn text(path: &Path, name: &str) -> Result<String, ConfigError> {
    let bytes = std::fs::read(path).map_err(|error| ConfigError::Unreadable { path: name.to_owned(), error })?;
    String::from_utf8(bytes).map_err(|e| ConfigError::NotText {
        path: name.to_owned(),
        line: 1 + memchr::memchr_iter(b'\n', &e.as_bytes()[..e.utf8_error().valid_up_to()]).count(),
    })
}

/// The first of [`FILES`] that stands below the root.
pub fn find(root: &Path) -> Option<PathBuf> {
    FILES.iter().map(|name| root.join(name)).find(|path| path.is_file())
}

/// Whether a path below the repository's root is that of a configuration.
pub fn is_config(path: &[u8]) -> bool {
    FILES.iter().any(|name| name.as_bytes() == path)
}

/// A notice for each entry that allowed nothing. It only means something after a scan of everything.
pub fn unused(allows: &[Allow]) -> Vec<String> {
    // An allowlist that came from another scanner with its rules may well be for other repositories.
    let own = allows.iter().filter(|a| a.when.is_none());
    let unused = own.filter(|a| !a.used.load(std::sync::atomic::Ordering::Relaxed));
    unused.map(|a| format!("{}: this allow entry allows nothing (any more); remove it", a.place)).collect()
}

/// Takes the entries at excluded paths out of the list, and says which paths that were.
pub fn leave_out(exclude: &GlobSet, entries: &mut Vec<Entry>) -> Vec<Skipped> {
    let mut paths = BTreeSet::new();
    entries.retain(|entry| {
        let path = &entry.origin.path;
        let is_excluded = !path.is_empty() && exclude.is_match_candidate(&globset::Candidate::from_bytes(path));
        if is_excluded {
            paths.insert(path.clone());
        }
        !is_excluded
    });
    paths.into_iter().map(|what| Skipped { what, why: "excluded by the configuration".to_owned() }).collect()
}

/// The file under validation: turns offsets into lines.
struct File<'a> {
    text: &'a str,
    name: &'a str,
}

impl File<'_> {
    fn place(&self, span: &Range<usize>) -> String {
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        format!("{}:{}", self.name, 1 + memchr::memchr_iter(b'\n', before).count())
    }

    fn wrong(&self, span: &Range<usize>, what: impl Into<String>) -> ConfigError {
        ConfigError::Wrong { place: self.place(span), what: what.into() }
    }

    /// The first line at or after the offset that sets the key, or the offset itself.
    fn key_after(&self, span: &Range<usize>, key: &str) -> Range<usize> {
        let mut at = span.start;
        for line in self.text[span.start..].split_inclusive('\n') {
            if line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
                return at..at;
            }
            at += line.len();
        }
        span.clone()
    }
}

/// The rules in force, and the ids of those that the file brings along.
fn rules(
    file: &File<'_>,
    builtin: &Arc<RuleSet>,
    table: Option<Spanned<RulesTable>>,
    own: Vec<Spanned<crate::rule::RuleSpec>>,
) -> Result<(Arc<RuleSet>, Vec<String>), ConfigError> {
    if table.is_none() && own.is_empty() {
        return Ok((Arc::clone(builtin), Vec::new()));
    }
    let (place, table) = table.map(|t| (t.span(), t.into_inner())).unwrap_or_default();
    for id in &table.disable {
        if builtin.get(id.get_ref()).is_none() {
            let ids = builtin.rules().iter().map(|r| r.id());
            return Err(file.wrong(&id.span(), unknown_rule(id.get_ref(), ids)));
        }
    }
    let disabled = |id: &str| !table.builtin || table.disable.iter().any(|d| d.get_ref() == id);
    let mut rules: Vec<Arc<Rule>> = builtin.rules().iter().filter(|r| !disabled(r.id())).cloned().collect();
    let mut own_rules = Vec::new();
    for spec in own {
        let span = spec.span();
        let rule = own_rule(file, &span, spec.into_inner())?;
        if rules.iter().any(|r| r.id() == rule.id()) {
            let mend = format!(
                "rule {:?} exists already; give this one another id, or list it in [rules] disable to replace it",
                rule.id()
            );
            return Err(file.wrong(&file.key_after(&span, "id"), mend));
        }
        own_rules.push(rule.id().to_owned());
        rules.push(Arc::new(rule));
    }
    if let Some(only) = &table.only {
        for id in only {
            if !rules.iter().any(|r| r.id() == id.get_ref()) {
                let ids = rules.iter().map(|r| r.id());
                return Err(file.wrong(&id.span(), unknown_rule(id.get_ref(), ids)));
            }
        }
        rules.retain(|r| only.iter().any(|id| id.get_ref() == r.id()));
    }
    if rules.is_empty() {
        return Err(file.wrong(&place, "no rule is left in force, so nothing could be found; keep at least one"));
    }
    let rules = RuleSet::new(rules).map_err(|e| file.wrong(&place, e.to_string()))?;
    Ok((Arc::new(rules), own_rules))
}

fn own_rule(file: &File<'_>, span: &Range<usize>, mut spec: crate::rule::RuleSpec) -> Result<Rule, ConfigError> {
    if spec.reach == Reach::default() && spec.whole.is_none() {
        spec.reach = CUSTOM_REACH;
    }
    Rule::new(CUSTOM_PROVIDER, spec).map_err(|error| {
        let key = match &error {
            RuleError::Id(_) | RuleError::Duplicate(_) => "id",
            RuleError::Pattern { what, .. } if what == "pattern" => "pattern",
            RuleError::Path { .. } => "paths",
            _ => "id",
        };
        file.wrong(&file.key_after(span, key), error.to_string())
    })
}

fn unknown_rule<'a>(id: &str, ids: impl Iterator<Item = &'a str>) -> String {
    match nearest(id, ids) {
        Some(near) => format!("there is no rule {id:?}; did you mean {near:?}? `unleak rules` lists them"),
        None => format!("there is no rule {id:?}; `unleak rules` lists them"),
    }
}

/// Where the `[scan]` table says the baseline is.
fn baseline(file: &File<'_>, table: &ScanTable) -> Result<Option<PathBuf>, ConfigError> {
    let Some(written) = &table.baseline else { return Ok(None) };
    let path = PathBuf::from(written.get_ref());
    let is_below = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if written.get_ref().is_empty() || !is_below {
        let mend = "baseline is the path of a file in the repository, seen from its root; for one elsewhere there is --baseline";
        return Err(file.wrong(&written.span(), mend));
    }
    Ok(Some(path))
}

/// What the `[scan]` table says on failing and on paths left out.
fn scan(file: &File<'_>, table: &ScanTable) -> Result<(Option<Severity>, Option<GlobSet>), ConfigError> {
    let fail_on = match &table.fail_on {
        None => None,
        Some(name) => Some(Severity::named(name.get_ref()).ok_or_else(|| {
            let names = Severity::ALL.map(Severity::name).join(", ");
            file.wrong(&name.span(), format!("no severity is called {:?}; it is one of {names}", name.get_ref()))
        })?),
    };
    let exclude = match &table.exclude {
        None => None,
        Some(globs) => globs::set(file, globs.get_ref())?,
    };
    if let (Some(globs), Some(set)) = (&table.exclude, &exclude)
        && globs::takes_everything(set)
    {
        return Err(file.wrong(&globs.span(), "this excludes every path, so nothing could be found; exclude less"));
    }
    Ok((fail_on, exclude))
}
