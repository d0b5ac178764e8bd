//! Real repositories, with secrets planted in their files, packed anew at several depths and windows: a sweep by
//! deltas finds what a sweep in full finds, byte for byte.
//!
//! It takes minutes, so it only runs when asked for:
//! `UNLEAK_REPOSITORIES=path:path cargo test --release --test repacked -- --ignored --nocapture`

#![expect(clippy::print_stdout, reason = "the figures are what it is run for")]

use std::path::Path;
use unleak::finding::Finding;
use unleak::output::{Format, Style, write};
use unleak::report::Report;
use unleak::sweep::progress::Progress;
use unleak::sweep::{Options, sweep};

mod support;
use support::Repository;
use support::samples::{Random, fill};
use support::sources::within;

const LINES: &[&str] = &[
    "key = \"SG.%{sendgrid-id}.%{sendgrid-secret}\"\n",
    "\"SG.%{base64url:22}.\" + \"%{base64url:43}\"\n",
    "SG%2E%{base64url:22}%2E%{base64url:43}\n",
    "smtp_host = smtp.sendgrid.net\nsmtp_user = someone\nsmtp_password = \"%{base64url:16}\"\n",
    "key = \"SG.%{sendgrid-id}.%{sendgrid-secret}\" # gitleaks:allow\n",
    "-----BEGIN RSA PRIVATE KEY-----\n%{base64url:64}\n%{base64url:64}\n-----END RSA PRIVATE KEY-----\n",
    "https://user:%{base64url:20}@db.internal.net/\n",
];

/// Depth and window of each packing.
const PACKINGS: [(u32, u32); 5] = [(1, 10), (10, 5), (50, 10), (250, 50), (4095, 10)];

#[test]
#[ignore = "it needs repositories: see the top of the file"]
fn a_sweep_by_deltas_finds_what_a_sweep_in_full_finds() {
    let named = std::env::var("UNLEAK_REPOSITORIES").expect("UNLEAK_REPOSITORIES names some, separated by colons");
    for path in named.split(':') {
        let repository = planted(Path::new(path));
        let mut first: Option<Vec<u8>> = None;
        for (depth, window) in PACKINGS {
            repository.git(["repack", "-adfq", &format!("--depth={depth}"), &format!("--window={window}")]);
            let (by_deltas, in_full) = (swept(&repository, true), swept(&repository, false));
            let planted = by_deltas.findings.iter().filter(|finding| is_planted(finding)).count();
            println!(
                "{path} depth {depth} window {window}: {} findings, {planted} of planted ones, {} blobs",
                by_deltas.findings.len(),
                by_deltas.coverage.blobs
            );
            assert!(planted >= 50, "{planted} findings are of planted secrets");
            let written = json(&by_deltas);
            assert!(written == json(&in_full), "{path} depth {depth} window {window}: the reports differ");
            let findings = findings_of(&written);
            assert!(first.get_or_insert_with(|| findings.clone()) == &findings, "{path}: packing matters");
        }
    }
}

/// A clone with a branch of 200 commits that bring and take away secrets in 40 of its files.
fn planted(from: &Path) -> Repository {
    let repository = Repository::with_init(&["--bare"]);
    let from = from.to_str().expect("the path is UTF-8");
    repository.git(["fetch", "--quiet", "--no-tags", from, "HEAD:refs/heads/main"]);
    let listed = repository.git(["ls-tree", "-r", "--name-only", "main"]);
    let mut random = Random::new(from, 0);
    let mut paths: Vec<&str> = listed.lines().filter(|path| path.is_ascii() && !path.contains(['"', ' '])).collect();
    let mut files = Vec::new();
    while files.len() < 40 && !paths.is_empty() {
        let path = paths.swap_remove(random.below(paths.len()));
        let output = repository.try_git(["show", &format!("main:{path}")]);
        if let Ok(text) = String::from_utf8(output.stdout)
            && output.status.success()
            && (1..200_000).contains(&text.len())
        {
            files.push((path, text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>()));
        }
    }
    let mut stream = String::from("reset refs/heads/planted\nfrom refs/heads/main\n\n");
    for number in 0..200u64 {
        let which = random.below(files.len());
        let (path, lines) = &mut files[which];
        match number % 4 {
            3 if lines.len() > 2 => drop(lines.remove(random.below(lines.len()))),
            _ => {
                let line = fill("planted", which, number, LINES[random.below(LINES.len())]).text;
                let line = String::from_utf8(line).expect("the samples are ASCII");
                lines.insert(random.below(lines.len() + 1), line);
            }
        }
        let text = lines.concat();
        let date = 1_700_000_000 + 60 * number;
        stream.push_str(&format!(
            "commit refs/heads/planted\ncommitter Ada <ada@example.org> {date} +0000\ndata 2\nit\n\
             M 100644 inline {path}\ndata {}\n{text}\n",
            text.len()
        ));
    }
    repository.import(&stream);
    repository
}

fn is_planted(finding: &Finding) -> bool {
    let lifecycle = finding.lifecycle.as_ref().expect("a sweep tells it");
    lifecycle.introduced.iter().any(|commit| commit.subject == "it")
}

fn swept(repository: &Repository, by_deltas: bool) -> Report {
    let options = Options { by_deltas, ..Options::default() };
    let surroundings = within(repository.path());
    sweep(&surroundings, support::quiet_scan(), &options, &Progress::default()).expect("it can be swept").report
}

fn json(report: &Report) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(report, Format::Json, &Style::default(), &mut bytes).expect("a Vec can be written to");
    bytes
}

/// The findings alone: the coverage tells the pack's size.
fn findings_of(json: &[u8]) -> Vec<u8> {
    let json: serde_json::Value = serde_json::from_slice(json).expect("it is JSON");
    json["findings"].to_string().into_bytes()
}
