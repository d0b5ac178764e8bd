//! What one file of a gitleaks configuration says, its expressions translated.

use super::super::written::{On, WhenTable};
use super::super::{ConfigError, File};
use super::pattern::translated;
use super::table::{Placed, Table};
use crate::rule::Required;
use crate::ruleset::{compile_whole, regex_error};
use toml::de::DeTable;

/// One file.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub rules: Vec<ReadRule>,
    pub allowlists: Vec<ReadList>,
    pub extend: Extend,
    /// What is written in it and has no meaning here, a line each.
    pub left_out: Vec<String>,
}

/// `[extend]`.
#[derive(Debug, Default)]
pub(super) struct Extend {
    pub path: Option<(String, String)>,
    pub use_default: bool,
    /// Ids, and where each is named.
    pub disabled: Vec<(String, String)>,
}

/// `[[rules]]`.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadRule {
    pub id: String,
    pub description: String,
    pub regex: Option<String>,
    pub path: Option<String>,
    pub group: u32,
    pub entropy: f64,
    pub keywords: Vec<String>,
    pub tags: Vec<String>,
    pub allowlists: Vec<ReadList>,
    pub required: Vec<Required>,
    pub helper: bool,
    pub place: String,
}

/// `[[allowlists]]`, of a rule or of all.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadList {
    pub description: String,
    pub when: WhenTable,
    /// The ids of the rules it is for, when not for all.
    pub targets: Vec<Placed2>,
    pub place: String,
}

/// A text and "file:line".
pub(super) type Placed2 = (String, String);

/// Reads a file.
pub(super) fn read(file: &File<'_>) -> Result<Read, ConfigError> {
    let parsed = DeTable::parse(file.text)
        .map_err(|e| file.wrong(&e.span().unwrap_or_default(), e.message().trim_end().replace('\n', ", ")))?;
    let top = Table::new(file, &parsed);
    let mut read = Read { allowlists: lists(&top, true)?, ..Read::default() };
    if let Some(table) = top.table("extend")? {
        let placed = |(text, span): Placed| (text, file.place(&span));
        read.extend = Extend {
            path: table.text("path")?.map(placed),
            use_default: table.truth("useDefault")?,
            disabled: table.texts("disabledRules")?.into_iter().map(placed).collect(),
        };
        if read.extend.path.is_some() && read.extend.use_default {
            let what = "[extend] has both path and useDefault, which gitleaks refuses; keep one of them";
            return Err(file.wrong(&table.span(), what));
        }
    }
    for key in ["prefilter", "filter"] {
        if top.has(key) {
            read.left_out.push(format!("{}: {key} is an expression of betterleaks and is not evaluated", file.name));
        }
    }
    for table in top.tables("rules")? {
        let rule = rule(&table, &mut read.left_out)?;
        match read.rules.iter_mut().find(|known| known.id == rule.id) {
            Some(known) => {
                read.left_out.push(format!(
                    "{}: rule {:?} is written again at {}, which counts",
                    known.place, rule.id, rule.place
                ));
                *known = rule;
            }
            None => read.rules.push(rule),
        }
    }
    for rule in &read.rules {
        if let Some(missing) = rule.required.iter().find(|r| read.rules.iter().all(|rule| rule.id != r.rule)) {
            return Err(at(
                &rule.place,
                format!("rule {:?} requires {:?}, which is no rule of this file", rule.id, missing.rule),
            ));
        }
    }
    Ok(read)
}

/// An error at a place that is known as text.
pub(super) fn at(place: &str, what: String) -> ConfigError {
    ConfigError::Wrong { place: place.to_owned(), what }
}

fn rule(table: &Table<'_>, left_out: &mut Vec<String>) -> Result<ReadRule, ConfigError> {
    let file = table.file;
    let plain = |texts: Vec<Placed>| texts.into_iter().map(|(text, _)| text).collect::<Vec<_>>();
    let id = table.text("id")?.map(|(id, _)| id).filter(|id| !id.trim().is_empty());
    let id = id.ok_or_else(|| file.wrong(&table.span(), "this rule has no id; add id = \"name\""))?;
    for key in ["filter", "validate"] {
        if table.has(key) {
            left_out.push(format!("{}: rule {id:?} has a {key} of betterleaks, which is not evaluated", table.place()));
        }
    }
    let mut rule = ReadRule {
        description: table.text("description")?.map(|(text, _)| text).unwrap_or_default(),
        regex: table.text("regex")?.map(|text| expression(file, "regex", &text)).transpose()?,
        path: table.text("path")?.map(|text| expression(file, "path", &text)).transpose()?,
        group: table.count("secretGroup")?.unwrap_or_default(),
        entropy: table.number("entropy")?.unwrap_or_default(),
        keywords: plain(table.texts("keywords")?).into_iter().map(|keyword| keyword.to_lowercase()).collect(),
        tags: plain(table.texts("tags")?),
        allowlists: lists(table, false)?,
        required: Vec::new(),
        helper: table.truth("skipReport")?,
        place: table.place(),
        id,
    };
    let groups = |pattern: &String| compile_whole(pattern).map_or(0, |pattern| pattern.captures_len() as u32 - 1);
    if rule.group > 0
        && let Some(groups) = rule.regex.as_ref().map(groups).filter(|groups| *groups < rule.group)
    {
        let what = format!("secretGroup is {}, and the regex has {groups} groups", rule.group);
        return Err(at(&rule.place, what));
    }
    for table in table.tables("required")? {
        let named =
            table.text("id")?.ok_or_else(|| file.wrong(&table.span(), "what is required has no id; name a rule"))?;
        let (within_lines, within_columns) = (table.count("withinLines")?, table.count("withinColumns")?);
        rule.required.push(Required { rule: named.0, within_lines, within_columns });
    }
    Ok(rule)
}

/// The allowlists of a rule or of the file.
fn lists(table: &Table<'_>, is_global: bool) -> Result<Vec<ReadList>, ConfigError> {
    // `rules.allowlist` was a single table; some write it as a list.
    let single = match table.table("allowlist") {
        Ok(single) => single.into_iter().collect(),
        Err(_) => table.tables("allowlist")?,
    };
    let several = table.tables("allowlists")?;
    if let (Some(single), false) = (single.first(), several.is_empty()) {
        let what =
            "there are both [allowlist] and [[allowlists]], which gitleaks refuses; move the first into the second";
        return Err(table.file.wrong(&single.span(), what));
    }
    single.iter().chain(&several).map(|table| list(table, is_global)).collect()
}

fn list(table: &Table<'_>, is_global: bool) -> Result<ReadList, ConfigError> {
    let file = table.file;
    let expressions = |key: &str| -> Result<Vec<String>, ConfigError> {
        table.texts(key)?.iter().map(|text| expression(file, key, text)).collect()
    };
    let plain = |key: &str| -> Result<Vec<String>, ConfigError> {
        Ok(table.texts(key)?.into_iter().map(|(text, _)| text).collect())
    };
    let any = match table.text("condition")?.map(|(text, span)| (text.to_uppercase(), span)) {
        None => true,
        Some((text, _)) if text == "OR" || text == "||" => true,
        Some((text, _)) if text == "AND" || text == "&&" => false,
        Some((text, span)) => {
            return Err(file.wrong(&span, format!("condition is {text:?}; write \"OR\" or \"AND\"")));
        }
    };
    let on = match table.text("regexTarget")?.map(|(text, span)| (text.to_lowercase(), span)) {
        None => On::Secret,
        Some((text, _)) if text == "secret" => On::Secret,
        Some((text, _)) if text == "match" => On::Match,
        Some((text, _)) if text == "line" => On::Line,
        Some((text, span)) => {
            let mend = format!("regexTarget is {text:?}; write \"secret\", \"match\" or \"line\"");
            return Err(file.wrong(&span, mend));
        }
    };
    let when = WhenTable {
        any,
        on,
        paths: expressions("paths")?,
        patterns: expressions("regexes")?,
        stopwords: plain("stopwords")?,
        commits: plain("commits")?,
    };
    if when.is_empty() {
        let what = "this allowlist has none of commits, paths, regexes and stopwords; add one or remove it";
        return Err(file.wrong(&table.span(), what));
    }
    let targets = if is_global { table.texts("targetRules")? } else { Vec::new() };
    Ok(ReadList {
        description: table.text("description")?.map(|(text, _)| text).unwrap_or_default(),
        when,
        targets: targets.into_iter().map(|(id, span)| (id, file.place(&span))).collect(),
        place: table.place(),
    })
}

/// An expression in the regex crate's syntax, tried.
fn expression(file: &File<'_>, key: &str, (go, span): &Placed) -> Result<String, ConfigError> {
    let refused = |why: String| file.wrong(span, format!("{key} {go:?} is not a valid regular expression: {why}"));
    let rust = translated(go).map_err(refused)?;
    compile_whole(&rust).map_err(|error| refused(regex_error(&error)))?;
    Ok(rust)
}
