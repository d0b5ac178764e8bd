//! What the corpus is made from: formats of credentials, what looks like them, and lists of words.

use crate::support::samples::Random;
use std::collections::HashMap;
use std::path::Path;

/// A format of the catalogue, or of what only looks like one.
#[derive(Debug, Clone)]
pub struct Format {
    /// Its slug in the catalogue.
    pub id: String,
    /// Names of the variables that hold it.
    pub names: Vec<String>,
    /// What the ids of the rules that should find it begin with.
    pub rules: Vec<String>,
    /// How a credential of it is made.
    pub recipe: String,
}

/// The lists that slots draw from.
#[derive(Debug)]
pub struct Stock {
    /// Words and the like, by the lists' names.
    pub pools: HashMap<String, Vec<String>>,
    /// Credentials.
    pub formats: Vec<Format>,
    /// Identifiers and public keys.
    pub public: Vec<Format>,
}

impl Stock {
    /// What stands in the folder of the corpus.
    pub fn read(folder: &Path) -> Self {
        let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("the corpus is there");
        let pools = toml::from_str(&text("pools.toml")).expect("the pools are lists of strings");
        Stock { pools, formats: formats(&text("formats.tsv"), true), public: formats(&text("public.tsv"), false) }
    }
}

/// The lines of a table of formats, in an order that keeps neighbours apart.
fn formats(table: &str, ruled: bool) -> Vec<Format> {
    let list = |cell: &str| cell.split(',').map(str::to_owned).collect();
    let mut formats: Vec<Format> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| match (ruled, line.split('\t').collect::<Vec<_>>().as_slice()) {
            (true, [id, names, rules, recipe]) => {
                Format { id: (*id).into(), names: list(names), rules: list(rules), recipe: (*recipe).into() }
            }
            (false, [id, names, recipe]) => {
                Format { id: (*id).into(), names: list(names), rules: Vec::new(), recipe: (*recipe).into() }
            }
            _ => panic!("not a line of a table of formats: {line}"),
        })
        .collect();
    formats.sort_by_key(|format| Random::new(&format.id, 7).number());
    formats
}
