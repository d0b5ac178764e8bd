//! Joins reports of one format: each finding once, in order, within what GitHub takes.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// GitHub rejects a run with more results.
const MOST_RESULTS: usize = 25_000;

/// A joined report.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The report, in the format of those that it was made of.
    pub report: Value,
    /// The severities of its findings.
    pub severities: BTreeSet<String>,
    /// Whether everything was read that should have been.
    pub is_complete: bool,
}

/// Why reports can't be joined.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// There is none.
    #[error("there is nothing to join: name at least one report")]
    Nothing,
    /// One is no JSON.
    #[error("{0} is no JSON, and so no report that `--format json` or `--format sarif` wrote: {1}")]
    Json(String, serde_json::Error),
    /// One is no report.
    #[error("{0} is neither a json nor a sarif report of unleak")]
    Shape(String),
    /// They do not belong together.
    #[error("{0} and {1} do not belong together: {2}")]
    Mixed(String, String, &'static str),
}

/// Joins reports, each with the name to call it by.
pub fn merge(reports: Vec<(String, Vec<u8>)>) -> Result<Merged, MergeError> {
    let mut parsed = Vec::new();
    for (name, bytes) in reports {
        let value: Value = serde_json::from_slice(&bytes).map_err(|e| MergeError::Json(name.clone(), e))?;
        let is_sarif = value.get("runs").is_some_and(Value::is_array);
        if !is_sarif && !value.get("findings").is_some_and(Value::is_array) {
            return Err(MergeError::Shape(name));
        }
        parsed.push((name, is_sarif, value));
    }
    let (first, is_sarif, _) = parsed.first().ok_or(MergeError::Nothing)?;
    if let Some((other, ..)) = parsed.iter().find(|(_, other, _)| other != is_sarif) {
        return Err(MergeError::Mixed(first.clone(), other.clone(), "one is json, the other sarif"));
    }
    match is_sarif {
        true => sarif(parsed.into_iter().map(|(name, _, value)| (name, value)).collect()),
        false => json(parsed.into_iter().map(|(name, _, value)| (name, value)).collect()),
    }
}

fn json(mut reports: Vec<(String, Value)>) -> Result<Merged, MergeError> {
    let (first, mut joined) = reports.remove(0);
    let mut parts: Vec<Value> = vec![joined["coverage"].clone()];
    for (name, report) in &reports {
        for (key, why) in [("schema_version", "their shapes differ"), ("tool", "different versions wrote them")] {
            if report[key] != joined[key] {
                return Err(MergeError::Mixed(first, name.clone(), why));
            }
        }
        if report["scan"]["rules_digest"] != joined["scan"]["rules_digest"] {
            return Err(MergeError::Mixed(first, name.clone(), "different rules were in force"));
        }
        if judged_by(report) != judged_by(&joined) {
            return Err(MergeError::Mixed(first, name.clone(), "different baselines judged them"));
        }
        parts.push(report["coverage"].clone());
    }
    let reports: Vec<Value> = reports.into_iter().map(|(_, report)| report).collect();
    let has_baseline = joined["baseline"].is_object();
    let lists =
        [("findings", place as fn(&Value) -> Place), ("baselined", place), ("dismissed", place), ("notices", text)];
    for (key, order) in lists.into_iter().filter(|(key, _)| *key != "baselined" || has_baseline) {
        let mut all: Vec<Value> = array(&joined[key]).to_vec();
        all.extend(reports.iter().flat_map(|report| array(&report[key]).iter().cloned()));
        all.sort_by_cached_key(order);
        all.dedup_by(|next, last| is_same(key, next, last));
        joined[key] = Value::Array(all);
    }
    // What is unused in one part may be used in another.
    if let Some(baseline) = joined.get_mut("baseline").and_then(Value::as_object_mut) {
        baseline.remove("unused");
    }
    let mut counts: Map<String, Value> =
        ["critical", "high", "medium", "low", "note"].iter().map(|s| ((*s).to_owned(), 0.into())).collect();
    let mut severities = BTreeSet::new();
    for finding in array(&joined["findings"]) {
        let severity = finding["severity"].as_str().unwrap_or("note");
        severities.insert(severity.to_owned());
        let count = counts.get(severity).and_then(Value::as_u64).unwrap_or(0);
        counts.insert(severity.to_owned(), (count + 1).into());
    }
    joined["counts"] = Value::Object(counts);
    joined["coverage"] = coverage(&parts);
    let is_complete = joined["coverage"]["state"] == "complete";
    Ok(Merged { report: joined, severities, is_complete })
}

type Place = (String, String, String, String, u64, u64, String);

/// Where a finding stands in a report's order.
fn place(finding: &Value) -> Place {
    let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let number = |key: &str| finding[key].as_u64().unwrap_or(0);
    let object = finding["object"]["id"].as_str().unwrap_or_default().to_owned();
    (
        text("path"),
        text("part"),
        text("commit") + &object,
        text("blob"),
        number("start_line"),
        number("start_column"),
        text("rule_id") + &text("fingerprint"),
    )
}

fn text(notice: &Value) -> Place {
    (notice.as_str().unwrap_or_default().to_owned(), String::new(), String::new(), String::new(), 0, 0, String::new())
}

/// Two shards may tell the same secret at the same path: both know its whole life story.
fn is_same(key: &str, a: &Value, b: &Value) -> bool {
    a == b || matches!(key, "findings" | "baselined") && a["fingerprint"] == b["fingerprint"] && place(a) == place(b)
}

/// The baseline that a report's findings were judged by: its file, revision and entries.
fn judged_by(report: &Value) -> [&Value; 3] {
    ["file", "revision", "entries"].map(|key| &report["baseline"][key])
}

/// Counts of what each part alone read are added up; what all parts saw alike is said once.
fn coverage(parts: &[Value]) -> Value {
    const ADDED: [&str; 7] = ["documents", "bytes", "files", "blobs", "commits", "trees", "tags"];
    let mut joined = parts[0].clone();
    let is_sharded = parts.iter().all(|part| part["shard"].is_string());
    for key in ADDED {
        if joined[key].is_u64() {
            let alike = key == "tags" && is_sharded;
            let all = parts.iter().filter_map(|part| part[key].as_u64());
            joined[key] = if alike { all.max() } else { Some(all.sum()) }.unwrap_or(0).into();
        }
    }
    for key in ["skipped", "missing"] {
        let mut all: Vec<Value> = parts.iter().flat_map(|part| array(&part[key]).iter().cloned()).collect();
        all.sort_by_cached_key(Value::to_string);
        all.dedup();
        joined[key] = Value::Array(all);
    }
    let mut is_complete = parts.iter().all(|part| part["state"] == "complete");
    if is_sharded {
        let there: BTreeSet<&str> = parts.iter().filter_map(|part| part["shard"].as_str()).collect();
        let count = parts[0]["shard"].as_str().and_then(|s| s.split_once('/')?.1.parse::<usize>().ok()).unwrap_or(0);
        let absent: Vec<String> =
            (1..=count).map(|part| format!("{part}/{count}")).filter(|shard| !there.contains(shard.as_str())).collect();
        if absent.is_empty() {
            joined["extent"] = "full".into();
            joined.as_object_mut().map(|coverage| coverage.remove("shard"));
        } else {
            is_complete = false;
            joined["shard"] = there.into_iter().collect::<Vec<_>>().join(" ").into();
        }
        let missing = absent.into_iter().map(|shard| {
            serde_json::json!({ "what": format!("shard {shard}"), "why": "its report is not among those that were joined" })
        });
        if let Some(list) = joined["missing"].as_array_mut() {
            list.extend(missing);
        }
    }
    joined["state"] = if is_complete { "complete" } else { "partial" }.into();
    joined
}

fn sarif(mut reports: Vec<(String, Value)>) -> Result<Merged, MergeError> {
    let (first, mut joined) = reports.remove(0);
    let mut runs: Vec<Value> = array(&joined["runs"]).to_vec();
    for (name, report) in reports {
        if report["version"] != joined["version"] {
            return Err(MergeError::Mixed(first, name, "their versions of SARIF differ"));
        }
        runs.extend(array(&report["runs"]).iter().cloned());
    }
    // GitHub takes one run a category: runs of one category become one.
    let mut by_category: BTreeMap<String, Value> = BTreeMap::new();
    for run in runs {
        let category = format!("{} {}", run["automationDetails"]["id"], run["tool"]["driver"]["name"]);
        match by_category.get_mut(&category) {
            Some(into) => join_run(into, &run),
            None => drop(by_category.insert(category, run)),
        }
    }
    let mut severities = BTreeSet::new();
    let mut is_complete = true;
    for run in by_category.values_mut() {
        limit(run);
        for result in array(&run["results"]) {
            severities.extend(result["properties"]["severity"].as_str().map(str::to_owned));
        }
        let notes = run["invocations"].as_array().into_iter().flatten();
        let told = notes.flat_map(|invocation| array(&invocation["toolExecutionNotifications"]));
        is_complete &=
            !told.into_iter().any(|note| note["message"]["text"].as_str().is_some_and(|t| t.starts_with("Partial:")));
    }
    joined["runs"] = by_category.into_values().collect();
    Ok(Merged { report: joined, severities, is_complete })
}

fn join_run(into: &mut Value, run: &Value) {
    let mut rules: Vec<Value> = array(&into["tool"]["driver"]["rules"]).to_vec();
    let mut index: BTreeMap<String, usize> =
        rules.iter().enumerate().filter_map(|(at, rule)| Some((rule["id"].as_str()?.to_owned(), at))).collect();
    for rule in array(&run["tool"]["driver"]["rules"]) {
        if let Some(id) = rule["id"].as_str()
            && !index.contains_key(id)
        {
            index.insert(id.to_owned(), rules.len());
            rules.push(rule.clone());
        }
    }
    into["tool"]["driver"]["rules"] = Value::Array(rules);
    let mut results: Vec<Value> = array(&into["results"]).to_vec();
    let mut seen: HashSet<String> = results.iter().map(identity).collect();
    for result in array(&run["results"]) {
        if seen.insert(identity(result)) {
            let mut result = result.clone();
            if let Some(at) = result["ruleId"].as_str().and_then(|id| index.get(id)) {
                result["ruleIndex"] = (*at).into();
            }
            results.push(result);
        }
    }
    results.sort_by_cached_key(|result| {
        let place = &result["locations"][0]["physicalLocation"];
        let line = place["region"]["startLine"].as_u64();
        (place["artifactLocation"]["uri"].to_string(), line, identity(result))
    });
    // A run has the state on all results or on none.
    if results.iter().any(|result| result["baselineState"].is_null()) {
        for result in results.iter_mut().filter_map(Value::as_object_mut) {
            result.remove("baselineState");
        }
    }
    into["results"] = Value::Array(results);
    let notes = "toolExecutionNotifications";
    let mut told: Vec<Value> = array(&into["invocations"][0][notes]).to_vec();
    told.extend(array(&run["invocations"][0][notes]).iter().cloned());
    told.sort_by_cached_key(Value::to_string);
    told.dedup();
    if into["invocations"][0].is_object() {
        into["invocations"][0][notes] = Value::Array(told);
    }
}

/// What makes a result the same as another: rule, place and fingerprints.
fn identity(result: &Value) -> String {
    format!("{} {} {}", result["ruleId"], result["locations"], result["partialFingerprints"])
}

/// Leaves out the least severe of too many results.
fn limit(run: &mut Value) {
    let results = array(&run["results"]);
    if results.len() <= MOST_RESULTS {
        return;
    }
    let rank = |result: &Value| {
        let severity = result["properties"]["severity"].as_str().unwrap_or_default();
        ["critical", "high", "medium", "low"].iter().position(|s| *s == severity).unwrap_or(4)
    };
    let mut order: Vec<usize> = (0..results.len()).collect();
    order.sort_by_key(|at| rank(&results[*at]));
    order.truncate(MOST_RESULTS);
    order.sort_unstable();
    let kept: Vec<Value> = order.into_iter().map(|at| results[at].clone()).collect();
    run["results"] = Value::Array(kept);
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report(shard: &str, findings: Value) -> (String, Vec<u8>) {
        let value = json!({
            "schema_version": 1, "tool": {}, "scan": { "rules_digest": "d" },
            "coverage": { "state": "complete", "blobs": 2, "refs": 3, "tags": 1, "extent": "shard", "shard": shard, "skipped": [], "missing": [] },
            "counts": {}, "findings": findings, "dismissed": [], "notices": [],
        });
        (shard.to_owned(), value.to_string().into_bytes())
    }

    fn finding(path: &str) -> Value {
        json!({ "rule_id": "r", "severity": "high", "path": path, "part": "content", "start_line": 1, "fingerprint": path })
    }

    #[test]
    fn shards_join_to_the_whole() {
        let merged = merge(vec![
            report("2/2", json!([finding("b"), finding("c")])),
            report("1/2", json!([finding("a"), finding("b")])),
        ])
        .expect("they belong together");
        let paths: Vec<&str> = array(&merged.report["findings"]).iter().filter_map(|f| f["path"].as_str()).collect();
        assert_eq!(paths, ["a", "b", "c"]);
        assert_eq!(merged.report["counts"]["high"], 3);
        let coverage = &merged.report["coverage"];
        assert_eq!((coverage["blobs"].as_u64(), coverage["refs"].as_u64()), (Some(4), Some(3)));
        assert_eq!(coverage["extent"], "full");
        assert!(merged.is_complete);
    }

    #[test]
    fn a_shard_that_is_not_there_makes_it_partial() {
        let merged = merge(vec![report("1/3", json!([])), report("3/3", json!([]))]).expect("they belong together");
        assert!(!merged.is_complete);
        assert_eq!(merged.report["coverage"]["missing"][0]["what"], "shard 2/3");
    }

    #[test]
    fn sarif_rules_are_numbered_anew_and_results_kept_once() {
        let log = |rule: &str, uri: &str| {
            let result = json!({
                "ruleId": rule, "ruleIndex": 0, "properties": { "severity": "high" },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri }, "region": { "startLine": 1 } } }],
            });
            let run = json!({
                "tool": { "driver": { "name": "unleak", "rules": [{ "id": rule }] } },
                "automationDetails": { "id": "unleak/history/" },
                "invocations": [{ "toolExecutionNotifications": [] }],
                "results": [result],
            });
            (uri.to_owned(), json!({ "version": "2.1.0", "runs": [run] }).to_string().into_bytes())
        };
        let merged = merge(vec![log("b", "2"), log("a", "1"), log("b", "2")]).expect("they belong together");
        let run = &merged.report["runs"][0];
        assert_eq!(array(&merged.report["runs"]).len(), 1);
        let results: Vec<(&str, u64)> = array(&run["results"])
            .iter()
            .filter_map(|r| Some((r["ruleId"].as_str()?, r["ruleIndex"].as_u64()?)))
            .collect();
        assert_eq!(results, [("a", 1), ("b", 0)]);
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        assert!(matches!(merge(Vec::new()), Err(MergeError::Nothing)));
        assert!(matches!(merge(vec![("a".into(), b"{}".to_vec())]), Err(MergeError::Shape(_))));
        assert!(matches!(merge(vec![("a".into(), b"x".to_vec())]), Err(MergeError::Json(..))));
    }
}
