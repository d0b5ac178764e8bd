//! Every built-in rule finds its hits at the right bytes, and nothing in its misses.
//! `RULE=twilio cargo test --test rules` looks only at rules whose id contains that.

mod support;

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;
use support::samples::{Sample, fill};
use support::{report, scan, stands_at, told};
use unleak::document::{Changed, Lines};
use unleak::finding::Candidate;
use unleak::report::Report;
use unleak::rule::{Kind, RuleFile};
use unleak::ruleset::Rule;

/// How many times each sample is filled in. A finding costs milliseconds: its fingerprint is slow on purpose.
const SEEDS: u64 = 4;
/// So much text that is about nothing goes before and after a sample.
const PADDING: usize = 4096;

fn rules() -> impl Iterator<Item = &'static Rule> {
    let only = std::env::var("RULE").unwrap_or_default();
    scan().engine.rules().rules().iter().map(AsRef::as_ref).filter(move |rule: &&Rule| rule.id().contains(&only))
}

/// Collects what is wrong with each rule, so that one run shows all of it.
fn check(what: impl Fn(&Rule, &mut Vec<String>)) {
    let mut wrong = Vec::new();
    for rule in rules() {
        what(rule, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn hits(rule: &Rule) -> impl Iterator<Item = (String, Sample)> {
    filled(rule, &rule.spec.hits, "hit")
}

fn misses(rule: &Rule) -> impl Iterator<Item = (String, Sample)> {
    filled(rule, &rule.spec.misses, "miss")
}

fn filled(rule: &Rule, templates: &[unleak::rule::Text], what: &str) -> impl Iterator<Item = (String, Sample)> {
    let mut all = Vec::new();
    for (index, template) in templates.iter().enumerate() {
        // Misses get other seeds than hits, so that no sample repeats another one's secret.
        let name = format!("{} {what}", rule.id());
        for seed in 0..SEEDS {
            all.push((format!("{} {what} {} (seed {seed})", rule.id(), index + 1), fill(&name, index, seed, template)));
        }
    }
    all.into_iter()
}

/// Where a rule's hit is to be found: between the marks or, for a rule about paths, at the text's start.
fn expected(rule: &Rule, sample: &Sample) -> Vec<Range<usize>> {
    if rule.kind == Kind::File { std::iter::once(0..0).collect() } else { sample.expected.clone() }
}

/// What the rules make of a sample; a rule about paths is asked about the path itself.
fn made_of(rule: &Rule, sample: &Sample) -> Report {
    if rule.kind == Kind::File {
        return support::report_on_path(&sample.path);
    }
    report(&sample.path, &sample.text, Changed::Whole)
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace(&padding(PADDING), "[…]")
}

#[test]
fn every_pattern_compiles() {
    check(|rule, wrong| {
        if let Err(error) = rule.compile_all() {
            wrong.push(error.to_string());
        }
    });
}

#[test]
fn ids_are_unique_and_begin_with_the_name_of_their_file() {
    let mut ids = HashSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for entry in std::fs::read_dir(folder).expect("rules/ stands beside Cargo.toml") {
        let path = entry.expect("rules/ can be listed").path();
        let slug = path.file_stem().expect("a rule file has a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a rule file can be read");
        let file: RuleFile = toml::from_str(&text).expect("a rule file is TOML, else the build had failed");
        for rule in file.rules {
            assert!(rule.id.starts_with(&format!("{slug}-")), "{} stands in {}", rule.id, path.display());
            assert!(ids.insert(rule.id.to_string()), "two rules have the id {}", rule.id);
        }
    }
    assert_eq!(ids.len(), scan().engine.rules().rules().len());
}

#[test]
fn every_rule_says_what_it_is_and_what_to_do() {
    check(|rule, wrong| {
        let spec = &rule.spec;
        let fields = [
            ("title", spec.title.len() >= 8),
            ("description", spec.description.len() >= 60 && spec.description.ends_with('.')),
            ("revoke", rule.kind != Kind::Secret || spec.remedy.revoke.len() >= 20),
            ("replace", spec.remedy.replace.len() >= 10),
            ("references", !spec.references.is_empty() && spec.references.iter().all(|r| r.starts_with("https://"))),
        ];
        for (name, good) in fields {
            if !good {
                wrong.push(format!("{}: {name} says too little", rule.id()));
            }
        }
    });
}

#[test]
fn remedies_name_the_variable_of_their_rule_and_no_id_that_is_not_known() {
    check(|rule, wrong| {
        let spec = &rule.spec;
        let remedy = &spec.remedy;
        let parts = spec.parts.iter().any(|part| part.name == "id");
        let has_id = parts || rule.kind == Kind::File || rule.pattern().capture_names().flatten().any(|n| n == "id");
        let texts = [&remedy.revoke, &remedy.replace, &remedy.store, &remedy.verify];
        if !has_id && texts.iter().any(|text| text.contains("{key_id}")) {
            wrong.push(format!("{}: speaks of a key id that it does not find", rule.id()));
        }
        if let Some((_, rest)) = remedy.replace.split_once("Read it from ")
            && let Some((name, _)) = rest.split_once(" in the environment")
            && name != spec.variable
        {
            wrong.push(format!("{}: the variable is {}, and the remedy says {name}", rule.id(), spec.variable));
        }
    });
}

#[test]
fn every_rule_has_enough_samples() {
    check(|rule, wrong| {
        if rule.spec.hits.len() < 3 || rule.spec.misses.len() < 5 {
            wrong.push(format!("{}: needs 3 hits and 5 misses", rule.id()));
        }
    });
}

#[test]
fn hits_are_found_at_the_right_bytes() {
    check(|rule, wrong| {
        for (name, sample) in hits(rule) {
            found_at(rule, &name, &sample, &expected(rule, &sample), wrong);
        }
    });
}

fn found_at(rule: &Rule, name: &str, sample: &Sample, expected: &[Range<usize>], wrong: &mut Vec<String>) {
    if expected.is_empty() {
        wrong.push(format!("{name}: nothing stands between « and »"));
    }
    let report = made_of(rule, sample);
    for span in expected {
        let found = report.findings.iter().find(|f| f.rule.id() == rule.id() && stands_at(f, &sample.text, span));
        let place = Lines::new(&sample.text).location(span);
        let Some(found) = found else {
            wrong.push(format!("{name}: not found at {place:?} in\n{}\n{}", shown(&sample.text), told(&report)));
            continue;
        };
        if rule.kind == Kind::Secret && found.forms.is_empty() && found.secret.expose() != &sample.text[span.clone()] {
            wrong.push(format!("{name}: the secret is not what stands there"));
        }
        let others = report.findings.iter().filter(|f| f.holds_secret() && f.rule.id() != rule.id());
        for other in others.filter(|f| rule.kind == Kind::Secret && stands_at(f, &sample.text, span)) {
            wrong.push(format!("{name}: {} finds the same secret", other.rule.id()));
        }
    }
    let count = report.findings.iter().filter(|f| f.rule.id() == rule.id()).count();
    if count > expected.len() {
        wrong.push(format!("{name}: found {count} times in\n{}\n{}", shown(&sample.text), told(&report)));
    }
}

#[test]
fn misses_are_not_found() {
    check(|rule, wrong| {
        for (name, sample) in misses(rule) {
            let report = made_of(rule, &sample);
            if report.findings.iter().any(|f| f.rule.id() == rule.id()) {
                wrong.push(format!("{name}: found in\n{}\n{}", shown(&sample.text), told(&report)));
            }
        }
    });
}

/// Text of about the length, in lines, in which no rule has an anchor and no check a word.
fn padding(length: usize) -> String {
    "\nthe river bends south of the old mill and nobody minds\n".repeat(length / 50)
}

/// Rules whose pattern begins where a file does can't be found in the middle of one.
fn is_about_whole_files(rule: &Rule) -> bool {
    rule.kind == Kind::File || rule.spec.pattern.contains(r"\A")
}

#[test]
fn hits_are_found_amid_other_text() {
    let padding = padding(PADDING);
    check(|rule, wrong| {
        if is_about_whole_files(rule) {
            return;
        }
        for (name, mut sample) in hits(rule).step_by(SEEDS as usize) {
            let by = padding.len();
            sample.text = [padding.as_bytes(), &sample.text, padding.as_bytes()].concat();
            sample.expected = sample.expected.iter().map(|s| s.start + by..s.end + by).collect();
            found_at(rule, &format!("{name} amid other text"), &sample, &sample.expected, wrong);
        }
    });
}

fn candidates(rule: &Rule, path: &str, text: &[u8], changed: &Changed) -> Vec<Candidate> {
    let mut all = scan().engine.candidates(path.as_bytes(), text, changed);
    all.retain(|candidate| candidate.rule.id() == rule.id());
    all
}

#[test]
fn a_candidate_depends_on_its_window_alone() {
    let padding = padding(PADDING);
    check(|rule, wrong| {
        if is_about_whole_files(rule) {
            return;
        }
        for (name, sample) in hits(rule) {
            let text = [padding.as_bytes(), &sample.text, padding.as_bytes()].concat();
            for candidate in candidates(rule, &sample.path, &text, &Changed::Whole) {
                let same = |other: &Candidate| other.anchor == candidate.anchor && other.span == candidate.span;
                let window = Changed::Ranges(vec![candidate.window.clone()]);
                if !candidates(rule, &sample.path, &text, &window).iter().any(same) {
                    wrong.push(format!("{name}: not found when its window is all that changed"));
                }
                let mut elsewhere = text.clone();
                let inside = candidate.window.clone();
                for (_, byte) in elsewhere.iter_mut().enumerate().filter(|(at, _)| !inside.contains(at)) {
                    *byte = if byte.is_ascii_whitespace() { b'\n' } else { b'~' };
                }
                if !candidates(rule, &sample.path, &elsewhere, &Changed::Whole).iter().any(same) {
                    wrong.push(format!("{name}: depends on bytes outside its window"));
                }
            }
        }
    });
}

#[test]
fn no_pattern_matches_without_an_anchor() {
    check(|rule, wrong| {
        if rule.kind == Kind::File || rule.spec.assigned.is_some() {
            return;
        }
        let holds_anchor = |text: &[u8]| {
            rule.spec.anchors.iter().any(|anchor| {
                text.windows(anchor.len()).any(|w| {
                    w == anchor.as_bytes() || rule.spec.ignore_case && w.eq_ignore_ascii_case(anchor.as_bytes())
                })
            })
        };
        for (name, sample) in hits(rule).chain(misses(rule)) {
            for text in [sample.text.clone(), without_anchors(rule, &sample.text)] {
                if rule.pattern().find_iter(&text).any(|found| !holds_anchor(found.as_bytes())) {
                    wrong.push(format!("{name}: the pattern matches without an anchor in\n{}", shown(&text)));
                }
            }
        }
    });
}

/// The text with each anchor's last letter or digit turned into its neighbour.
fn without_anchors(rule: &Rule, text: &[u8]) -> Vec<u8> {
    let mut altered = text.to_vec();
    for anchor in rule.spec.anchors.iter() {
        for at in 0..altered.len().saturating_sub(anchor.len() - 1) {
            let here = at..at + anchor.len();
            let same = altered[here.clone()] == *anchor.as_bytes();
            if same || rule.spec.ignore_case && altered[here.clone()].eq_ignore_ascii_case(anchor.as_bytes()) {
                let last =
                    altered[here.clone()].iter().rposition(u8::is_ascii_alphanumeric).unwrap_or(anchor.len() - 1);
                let byte = &mut altered[here.start + last];
                *byte = if matches!(*byte, b'z' | b'Z' | b'9') { *byte - 1 } else { *byte + 1 };
            }
        }
    }
    altered
}

#[test]
fn samples_are_the_same_each_time_and_differ_by_seed() {
    let template = "⟪a/b.env⟫\nkey=«SG.%{sendgrid-id}.%{sendgrid-secret}»";
    let one = fill("a-rule", 0, 0, template);
    assert_eq!(one, fill("a-rule", 0, 0, template));
    assert_ne!(one, fill("a-rule", 0, 1, template));
    assert_eq!(one.path, "a/b.env");
    assert_eq!((one.expected.len(), one.expected.first()), (1, Some(&(4..73))));
    assert_eq!(fill("a-rule", 0, 0, "%{to-base64:a‸%{byte:62}}").text, b"YWI=");
    assert_eq!(fill("a-rule", 0, 0, "${x} %{repeat:2:ab}").text, b"${x} abab");
}
