//! Where the time of a scan goes, over the files named on the command line: `cargo bench --bench stages -- DIR`.
//!
//! Prints megabytes a second of processor time for each stage, so that other programs on the machine disturb
//! little, and for comparison what the automata of the aho-corasick crate take for the same literals.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use unleak::detect::Engine;
use unleak::document::{Ahead, Changed, Charset, Document, Origin};
use unleak::judge::Judge;
use unleak::ruleset::RuleSet;
use unleak::scan::Scan;

const PASSES: usize = 5;

fn main() {
    let roots: Vec<PathBuf> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).map(PathBuf::from).collect();
    let documents: Vec<Document> = roots.iter().flat_map(ignore::Walk::new).flatten().filter_map(document).collect();
    let bytes: usize = documents.iter().map(|d| d.text.len()).sum();
    println!("{} files, {:.1} MB", documents.len(), bytes as f64 / 1e6);
    let start = Instant::now();
    let rules = Arc::new(RuleSet::builtin());
    println!("{:40} {:8.2} ms", format!("{} rules", rules.rules().len()), start.elapsed().as_secs_f64() * 1e3);
    let start = Instant::now();
    let engine = Engine::new(rules);
    println!("{:40} {:8.2} ms", "engine", start.elapsed().as_secs_f64() * 1e3);
    if documents.is_empty() {
        println!("name folders to read: cargo bench --bench stages -- DIR");
        return;
    }
    let mut met = 0;
    stage("anchors", bytes, || {
        met = 0;
        documents.iter().for_each(|d| engine.anchors(&d.text, 0..d.text.len(), |_| met += 1));
    });
    println!("{:40} {:8.2} a MB", "anchors met", met as f64 / (bytes as f64 / 1e6));
    stage("candidates", bytes, || {
        documents.iter().for_each(|d| drop(engine.candidates(&d.origin.path, &d.text, &Changed::Whole)));
    });
    let literals: Vec<Vec<u8>> = engine.literals().map(<[u8]>::to_vec).collect();
    let scan = Scan { engine, judge: Judge::default(), explain: false };
    stage("detected, judged and described", bytes, || documents.iter().for_each(|d| drop(scan.document(d, &|_| None))));
    for (kind, name) in [(AhoCorasickKind::ContiguousNFA, "contiguous NFA"), (AhoCorasickKind::DFA, "DFA")] {
        for folded in [true, false] {
            automaton(kind, name, folded, &literals, &documents, bytes);
        }
    }
}

fn automaton(
    kind: AhoCorasickKind,
    name: &str,
    folded: bool,
    literals: &[Vec<u8>],
    documents: &[Document],
    bytes: usize,
) {
    let name = format!("aho-corasick {name}, {}", if folded { "any case" } else { "as written" });
    let start = Instant::now();
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(folded)
        .kind(Some(kind))
        .build(literals)
        .expect("the literals are far below the automaton's limits");
    println!("{:40} {:8.2} ms", format!("{name}, built"), start.elapsed().as_secs_f64() * 1e3);
    let mut met = 0;
    stage(&name, bytes, || documents.iter().for_each(|d| met += automaton.find_overlapping_iter(&d.text).count()));
}

fn document(entry: ignore::DirEntry) -> Option<Document> {
    let text = entry.file_type().filter(std::fs::FileType::is_file).and_then(|_| std::fs::read(entry.path()).ok())?;
    let origin = Origin { path: entry.path().to_string_lossy().as_bytes().to_vec(), ..Origin::default() };
    Some(Document {
        origin,
        text,
        charset: Charset::Bytes,
        changed: Changed::Whole,
        before: Vec::new(),
        tracked: false,
        ahead: Ahead::default(),
    })
}

fn stage(name: &str, bytes: usize, mut run: impl FnMut()) {
    run();
    let start = processor_seconds();
    (0..PASSES).for_each(|_| run());
    let seconds = (processor_seconds() - start).max(0.01);
    println!("{name:40} {:8.0} MB/s", PASSES as f64 * bytes as f64 / 1e6 / seconds);
}

/// User and system time of this process; in ticks of 1/100 s, hence several passes. Linux only.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("benchmarks run on Linux");
    let fields: Vec<&str> = stat.rsplit(')').next().map(|s| s.split_whitespace().collect()).unwrap_or_default();
    [11, 12].iter().map(|&at| fields[at].parse::<f64>().expect("a number of ticks")).sum::<f64>() / 100.0
}
