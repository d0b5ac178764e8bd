//! `unleak rules`: the rules in force, one of them explained, or the configuration's own tried on their samples.

use super::environment::Environment;
use super::reports::tell;
use crate::cli::{ListFormat, Rules};
use anyhow::{Context, Result, bail};
use std::io::{self, BufWriter, Write};
use unleak::baseline;
use unleak::config::{Config, nearest};
use unleak::detect::Engine;
use unleak::judge::Judge;
use unleak::output::{reference, rules as output};
use unleak::report::ExitStatus;
use unleak::ruleset::{Rule, RuleSet};
use unleak::sample;
use unleak::scan::Scan;
use unleak::source;

/// Does what was asked for.
pub fn rules(options: &Rules, environment: &Environment) -> Result<ExitStatus> {
    let root = source::root(&environment.surroundings);
    let config = environment.config(&options.config, root.as_deref())?.config;
    if options.check {
        return check(config);
    }
    let out = &mut BufWriter::new(io::stdout().lock());
    match (&options.id, options.format) {
        (None, ListFormat::Human) => output::table(&config.rules, out),
        (None, ListFormat::Json) => output::json(config.rules.rules().iter().map(AsRef::as_ref), out),
        (None, ListFormat::Markdown) => reference::page(config.rules.rules().iter().map(AsRef::as_ref), out),
        (Some(id), ListFormat::Markdown) => reference::page([named(&config.rules, id)?], out),
        (Some(id), ListFormat::Human) => output::explanation(named(&config.rules, id)?, out),
        (Some(id), ListFormat::Json) => output::json([named(&config.rules, id)?], out),
    }
    .and_then(|()| out.flush())
    .context("writing to standard output")?;
    Ok(ExitStatus::Clean)
}

/// The rule with this id, or an error that names the one that was probably meant.
pub fn named<'r>(rules: &'r RuleSet, id: &str) -> Result<&'r Rule> {
    // It is in no set, since no pattern finds it.
    if id == baseline::ADDITION {
        return Ok(baseline::addition_rule());
    }
    match (rules.get(id), nearest(id, rules.rules().iter().map(|rule| rule.id()))) {
        (Some(rule), _) => Ok(rule),
        (None, Some(near)) => bail!("no rule {id:?} is in force; did you mean {near:?}? `unleak rules` lists them"),
        (None, None) => bail!("no rule {id:?} is in force; `unleak rules` lists them"),
    }
}

fn check(config: Config) -> Result<ExitStatus> {
    let own = config.own_rules;
    if own.is_empty() {
        bail!("the configuration has no rules of its own to check; name one that has with --config");
    }
    let scan = Scan { engine: Engine::new(config.rules), judge: Judge::default(), explain: true };
    let rules: Vec<&Rule> = own.iter().filter_map(|id| scan.engine.rules().get(id)).map(AsRef::as_ref).collect();
    let failures: Vec<String> = rules.iter().flat_map(|rule| sample::failures(&scan, rule)).collect();
    for failure in &failures {
        tell(&format!("error: {failure}"));
    }
    if !failures.is_empty() {
        return Ok(ExitStatus::Error);
    }
    let samples: usize = rules.iter().map(|rule| rule.spec.hits.len() + rule.spec.misses.len()).sum();
    writeln!(io::stdout(), "{} rules, {samples} samples: all hold", rules.len())
        .context("writing to standard output")?;
    Ok(ExitStatus::Clean)
}
