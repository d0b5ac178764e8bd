//! Sweeps repositories and shows where the time goes: `cargo bench --bench sweep -- REPOSITORY… [--full] [--runs N]`.
//!
//! Beside each sweep stands what `git cat-file` takes to print all objects of the same repository, measured in
//! the same run. Seconds are of the wall and, in brackets, of all processors together.
#![allow(clippy::print_stdout, reason = "it is a program that prints a table")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use unleak::detect::Engine;
use unleak::judge::Judge;
use unleak::ruleset::RuleSet;
use unleak::scan::Scan;
use unleak::source::Surroundings;
use unleak::sweep::progress::{Pass, Progress};
use unleak::sweep::{Options, sweep};

fn main() {
    let mut runs = 1;
    let mut by_deltas = true;
    let mut repositories = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bench" => {}
            "--full" => by_deltas = false,
            "--runs" => runs = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1),
            path => repositories.push(PathBuf::from(path)),
        }
    }
    if repositories.is_empty() {
        println!("name repositories: cargo bench --bench sweep -- REPOSITORY…");
    }
    for repository in repositories {
        println!("{}", repository.display());
        for _ in 0..runs {
            let (git, git_cpu) = timed(|| cat_file(&repository));
            println!("  git cat-file          {git:6.2} ({git_cpu:.2})");
            one(&repository, by_deltas);
        }
    }
}

fn one(repository: &Path, by_deltas: bool) {
    let progress = Progress::default();
    let stop = AtomicBool::new(false);
    let mut passes: Vec<Passed> = Vec::new();
    let mut swept = None;
    let (whole, whole_cpu) = timed(|| {
        std::thread::scope(|scope| {
            let watch = scope.spawn(|| watched(&progress, &stop));
            let scan =
                Scan { engine: Engine::new(Arc::new(RuleSet::builtin())), judge: Judge::default(), explain: false };
            let surroundings = Surroundings {
                cwd: std::path::absolute(repository).expect("the path makes sense"),
                ..Surroundings::default()
            };
            let options = Options { by_deltas, ..Options::default() };
            swept = Some(sweep(&surroundings, &scan, &options, &progress).expect("it can be swept"));
            stop.store(true, Ordering::Relaxed);
            passes = watch.join().expect("watching does not fail");
        });
    });
    for Passed { pass, wall, cpu, heap } in passes {
        println!("  {:<22}{wall:6.2} ({cpu:.2}), {} MB beside what is mapped", pass.name(), heap / 1000);
    }
    let report = swept.expect("it was swept").report;
    let coverage = &report.coverage;
    println!(
        "  sweep                 {whole:6.2} ({whole_cpu:.2}), {} findings, {} blobs, {} MB in full, {} unread, peak {} MB",
        report.findings.len(),
        coverage.blobs,
        coverage.bytes / 1_000_000,
        coverage.missing.len(),
        memory("VmHWM:") / 1000,
    );
}

/// What a pass took, and the memory of its own that the process had at its end, in thousands of bytes.
struct Passed {
    pass: Pass,
    wall: f64,
    cpu: f64,
    heap: u64,
}

/// How long each pass takes, seen from beside.
fn watched(progress: &Progress, stop: &AtomicBool) -> Vec<Passed> {
    let mut passes = Vec::new();
    let mut current = (progress.pass(), Instant::now(), cpu());
    let mut close = |(pass, begun, before): (Pass, Instant, f64)| {
        let wall = begun.elapsed().as_secs_f64();
        passes.push(Passed { pass, wall, cpu: cpu() - before, heap: memory("RssAnon:") });
    };
    while !stop.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(2));
        if progress.pass() != current.0 {
            close(current);
            current = (progress.pass(), Instant::now(), cpu());
        }
    }
    close(current);
    passes
}

fn cat_file(repository: &Path) {
    let mut git = Command::new("git");
    git.arg("-C").arg(repository).args(["cat-file", "--batch-all-objects", "--unordered", "--buffer", "--batch"]);
    let status = git.stdout(Stdio::null()).status().expect("git can be started");
    assert!(status.success());
}

fn timed(work: impl FnOnce()) -> (f64, f64) {
    let (begun, cpu_begun) = (Instant::now(), cpu());
    work();
    (begun.elapsed().as_secs_f64(), cpu() - cpu_begun)
}

/// Processor seconds of this process and of those it waited for; 0 where the system does not tell.
fn cpu() -> f64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else { return 0.0 };
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = fields.split_ascii_whitespace().skip(11).take(4).filter_map(|f| f.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// The memory that the system reports under this name, in thousands of bytes.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}
