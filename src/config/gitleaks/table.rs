//! A table of a gitleaks configuration as gitleaks reads it: keys in any case, unknown ones ignored, one text where a
//! list is expected taken apart at its commas, numbers also as text.

use super::super::{ConfigError, File};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub file: &'a File<'a>,
    table: &'a DeTable<'a>,
    start: usize,
}

/// A value's text, and where it stands.
pub(super) type Placed = (String, Range<usize>);

impl<'a> Table<'a> {
    pub(super) fn new(file: &'a File<'a>, table: &'a Spanned<DeTable<'a>>) -> Self {
        Table { file, table: table.get_ref(), start: 0 }
    }

    /// Where it stands: "file:line".
    pub(super) fn place(&self) -> String {
        self.file.place(&self.span())
    }

    pub(super) fn span(&self) -> Range<usize> {
        let first = self.table.iter().map(|(key, _)| key.span().start).min();
        first.unwrap_or(self.start)..first.unwrap_or(self.start)
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.iter().find(|(name, _)| name.get_ref().eq_ignore_ascii_case(key)).map(|(_, value)| value)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    fn expected(&self, key: &str, value: &Spanned<DeValue<'_>>, what: &str) -> ConfigError {
        let found = value.get_ref().type_str();
        self.file.wrong(&value.span(), format!("{key} is {what}, and here is a {found}"))
    }

    /// A text; empty ones count as not there.
    pub(super) fn text(&self, key: &str) -> Result<Option<Placed>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let text = scalar(value.get_ref()).ok_or_else(|| self.expected(key, value, "a text"))?;
        Ok(Some((text, value.span())).filter(|(text, _)| !text.is_empty()))
    }

    pub(super) fn texts(&self, key: &str) -> Result<Vec<Placed>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        if let Some(text) = value.get_ref().as_str() {
            let parts = text.split(',').filter(|part| !part.is_empty());
            return Ok(parts.map(|part| (part.to_owned(), value.span())).collect());
        }
        let list = value.get_ref().as_array().ok_or_else(|| self.expected(key, value, "a list of texts"))?;
        let text = |item: &Spanned<DeValue<'_>>| {
            let text = scalar(item.get_ref()).ok_or_else(|| self.expected(key, item, "a list of texts"))?;
            Ok((text, item.span()))
        };
        list.iter().map(text).collect()
    }

    pub(super) fn number(&self, key: &str) -> Result<Option<f64>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let number = scalar(value.get_ref()).and_then(|text| text.replace('_', "").parse::<f64>().ok());
        number.map(Some).ok_or_else(|| self.expected(key, value, "a number"))
    }

    pub(super) fn count(&self, key: &str) -> Result<Option<u32>, ConfigError> {
        let Some(number) = self.number(key)? else { return Ok(None) };
        let is_count = number >= 0.0 && number.fract() == 0.0 && number <= f64::from(u32::MAX);
        if !is_count {
            let span = self.get(key).map(Spanned::span).unwrap_or_default();
            return Err(self.file.wrong(&span, format!("{key} is a whole number from 0")));
        }
        Ok(Some(number as u32))
    }

    pub(super) fn truth(&self, key: &str) -> Result<bool, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(false) };
        let truth = value.get_ref().as_bool().or(match value.get_ref().as_str() {
            Some("true" | "1") => Some(true),
            Some("false" | "0" | "") => Some(false),
            _ => None,
        });
        truth.ok_or_else(|| self.expected(key, value, "true or false"))
    }

    /// A table below this one.
    pub(super) fn table(&self, key: &str) -> Result<Option<Table<'a>>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let table = value.get_ref().as_table().ok_or_else(|| self.expected(key, value, "one table, [name]"))?;
        Ok(Some(Table { file: self.file, table, start: value.span().start }))
    }

    /// Tables in a list.
    pub(super) fn tables(&self, key: &str) -> Result<Vec<Table<'a>>, ConfigError> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let what = "a list of tables, [[name]]";
        let list = value.get_ref().as_array().ok_or_else(|| self.expected(key, value, what))?;
        let table = |item: &'a Spanned<DeValue<'a>>| {
            let table = item.get_ref().as_table().ok_or_else(|| self.expected(key, item, what))?;
            Ok(Table { file: self.file, table, start: item.span().start })
        };
        list.iter().map(table).collect()
    }
}

/// Whether the text is a gitleaks configuration: by its keys, none of which unleak's own has.
pub(in crate::config) fn is_one(text: &str) -> bool {
    let Ok(table) = DeTable::parse(text) else { return false };
    let mut is_foreign = false;
    for (key, value) in table.get_ref().iter() {
        match key.get_ref().to_ascii_lowercase().as_str() {
            "scan" | "rule" | "allow" => return false,
            "rules" if value.get_ref().is_table() => return false,
            "rules"
            | "allowlist"
            | "allowlists"
            | "extend"
            | "title"
            | "minversion"
            | "description"
            | "betterleaksminversion" => is_foreign = true,
            _ => {}
        }
    }
    is_foreign
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}
