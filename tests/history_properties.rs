//! What a sweep inherits and what it finds anew is what it finds in the whole: over random chains of deltas, and
//! over random histories against every blob that `git cat-file` lists, scanned one by one.

use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;
use unleak::archive::Archives;
use unleak::config::Config;
use unleak::detect::Engine;
use unleak::document::Changed;
use unleak::judge::Judge;
use unleak::scan::Scan;
use unleak::sweep::blobs::{Blobs, Known};
use unleak::sweep::classes::Classes;
use unleak::sweep::delta::{self, News};
use unleak::sweep::progress::Progress;
use unleak::sweep::walk::{Base, Visitor};
use unleak::sweep::{Options, sweep};

mod support;
use support::Repository;
use support::samples::fill;

const LINES: &[&str] = &[
    "key = \"SG.%{sendgrid-id}.%{sendgrid-secret}\"\n",
    "SG.%{base64url:22}.%{base64url:43}",
    "\"SG.%{base64url:12}\" + \"%{base64url:10}.%{base64url:43}\"",
    "SG%2E%{base64url:22}%2E%{base64url:43}",
    "smtp_host = smtp.sendgrid.net\nsmtp_user = someone\n",
    "smtp_password = \"%{base64url:16}\"\n",
    "// unleak:allow sendgrid-api-key it is a sample\n",
    "key = \"SG.%{sendgrid-id}.%{sendgrid-secret}\" # gitleaks:allow\n",
    "-----BEGIN RSA PRIVATE KEY-----\n%{base64url:64}\n%{base64url:64}\n%{base64url:64}\n",
    "%{base64url:64}\n-----END RSA PRIVATE KEY-----\n",
    "https://user:%{base64url:20}@example.org/\n",
];

fn sample(which: usize, seed: u64) -> Vec<u8> {
    let plain = fill("history", which, seed, LINES[which]).text;
    match seed % 6 {
        0 => data_encoding::BASE64.encode(&plain).into_bytes(),
        _ => plain,
    }
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let chunk = prop_oneof![
        3 => "[ -~\n]{0,60}".prop_map(String::into_bytes),
        1 => (1..40usize).prop_map(|lines| b"a line of a file that says little\n".repeat(lines)),
        4 => (any::<u64>(), 0..LINES.len()).prop_map(|(seed, which)| sample(which, seed % 12)),
        1 => (any::<u64>(), 0..LINES.len(), any::<prop::sample::Index>()).prop_map(|(seed, which, cut)| {
            let sample = sample(which, seed % 12);
            sample[..cut.index(sample.len())].to_vec()
        }),
        1 => prop::sample::select(vec!["\u{feff}", "\n", "\\n", "SG.", "'", " "]).prop_map(|s| s.as_bytes().to_vec()),
    ];
    prop::collection::vec(chunk, 0..10).prop_map(|chunks| chunks.concat())
}

/// A piece of an edited text: bytes of the base, by fractions of its length, or new ones.
#[derive(Debug, Clone)]
enum Piece {
    Copy(prop::sample::Index, prop::sample::Index),
    Insert(Vec<u8>),
}

/// An edit: pieces in any order, or a few small changes in place.
#[derive(Debug, Clone)]
enum Edit {
    Pieces(Vec<Piece>),
    Small(Vec<(prop::sample::Index, usize, Vec<u8>)>),
}

fn edit() -> impl Strategy<Value = Edit> {
    let piece = prop_oneof![
        3 => any::<(prop::sample::Index, prop::sample::Index)>().prop_map(|(a, b)| Piece::Copy(a, b)),
        1 => text().prop_map(Piece::Insert),
    ];
    let small =
        (any::<prop::sample::Index>(), 0..8usize, prop_oneof!["[ -~\n]{0,9}".prop_map(String::into_bytes), text()]);
    prop_oneof![
        1 => prop::collection::vec(piece, 0..5).prop_map(Edit::Pieces),
        3 => prop::collection::vec(small, 0..4).prop_map(Edit::Small),
    ]
}

/// The edit as Git's delta.
fn delta_of(base: &[u8], edit: &Edit) -> Vec<u8> {
    // Bytes of the base, or new ones.
    let mut ranges: Vec<Result<Range<usize>, Vec<u8>>> = Vec::new();
    match edit {
        Edit::Pieces(pieces) => {
            for piece in pieces {
                ranges.push(match piece {
                    Piece::Copy(a, b) => {
                        let (a, b) = (a.index(base.len() + 1), b.index(base.len() + 1));
                        Ok(a.min(b)..a.max(b))
                    }
                    Piece::Insert(bytes) => Err(bytes.clone()),
                });
            }
        }
        Edit::Small(changes) => {
            let mut changes: Vec<_> =
                changes.iter().map(|(at, cut, new)| (at.index(base.len() + 1), cut, new)).collect();
            changes.sort();
            let mut at = 0;
            for (place, cut, new) in changes {
                let place = place.max(at);
                ranges.push(Ok(at..place));
                ranges.push(Err(new.clone()));
                at = (place + cut).min(base.len());
            }
            ranges.push(Ok(at..base.len()));
        }
    }
    let mut delta = Vec::new();
    let mut total = 0;
    let mut instructions = Vec::new();
    for range in ranges {
        match range {
            Ok(range) if range.is_empty() => {}
            Ok(range) => {
                total += range.len();
                instructions.push(0xff);
                instructions.extend((range.start as u32).to_le_bytes());
                instructions.extend(&(range.len() as u32).to_le_bytes()[..3]);
            }
            Err(bytes) => {
                total += bytes.len();
                for chunk in bytes.chunks(127) {
                    instructions.push(chunk.len() as u8);
                    instructions.extend_from_slice(chunk);
                }
            }
        }
    }
    for mut size in [base.len(), total] {
        while size >= 0x80 {
            delta.push(size as u8 | 0x80);
            size >>= 7;
        }
        delta.push(size as u8);
    }
    delta.extend(instructions);
    delta
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]
    #[test]
    fn a_chain_of_deltas_holds_what_each_text_holds(first in text(), edits in prop::collection::vec(edit(), 1..6)) {
        holds_what_each_text_holds(support::quiet_scan(), first, edits)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, ..ProptestConfig::default() })]
    #[test]
    fn so_it_is_with_rules_that_no_place_binds(first in text(), edits in prop::collection::vec(edit(), 1..6)) {
        holds_what_each_text_holds(foreign_scan(), first, edits)?;
    }
}

/// Rules of another scanner: woken from afar, by what is encoded, by nothing, and by each other.
fn foreign_scan() -> &'static Scan {
    static SCAN: OnceLock<Scan> = OnceLock::new();
    let text = "[[rules]]\nid = 'far'\nregex = 'smtp_[a-z]+'\nkeywords = ['LITTLE', '// unleak']\n\
        [[rules]]\nid = 'encoded'\nregex = 'smtp\\.sendgrid\\.net'\n\
        [[rules]]\nid = 'pair'\nregex = 'https://user'\n[[rules.required]]\nid = 'far'\nwithinLines = 3\n";
    SCAN.get_or_init(|| {
        let config = Config::parse(text, "gitleaks.toml", date(2026, 11, 21)).expect("it is valid");
        let judge = Judge { allows: config.allows, ..Judge::default() };
        Scan { engine: Engine::new(config.rules), judge, explain: false }
    })
}

/// Whether a chain of deltas, each searched where it is new, holds what each text does when searched whole.
fn holds_what_each_text_holds(scan: &Scan, first: Vec<u8>, edits: Vec<Edit>) -> Result<(), TestCaseError> {
    let (classes, progress) = (Classes::default(), Progress::default());
    let blobs = Blobs {
        scan,
        classes: &classes,
        by_deltas: true,
        archives: Archives::Always,
        owns: &|_| true,
        progress: &progress,
    };
    let mut local = blobs.local();
    let mut base = first;
    let mut known: Known = blobs.visit(&mut local, 0, true, &mut base.clone(), None);
    for edit in edits {
        let (mut made, mut news) = (Vec::new(), News::default());
        delta::apply(&delta_of(&base, &edit), &base, 1 << 24, &mut made, &mut news).expect("it is well formed");
        let whole = blobs.visit(&mut local, 0, true, &mut made.clone(), None);
        known = blobs.visit(&mut local, 0, true, &mut made, Some(Base { state: &known, news: &news }));
        prop_assert_eq!(classes.members(known.set()), classes.members(whole.set()));
        base = made;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 40, ..ProptestConfig::default() })]
    #[test]
    fn a_random_history_holds_what_its_blobs_hold(
        first in text(),
        edits in prop::collection::vec((edit(), any::<prop::sample::Index>()), 5..40),
        depth in 1..60u32,
        window in 1..20u32,
    ) {
        let mut versions = vec![first];
        for (edit, on) in edits {
            let base = versions[on.index(versions.len())].clone();
            let (mut made, mut news) = (Vec::new(), News::default());
            delta::apply(&delta_of(&base, &edit), &base, 1 << 24, &mut made, &mut news).expect("it is well formed");
            versions.push(made);
        }
        let repository = Repository::new();
        for version in &versions {
            repository.write("src/app.js", version);
            repository.commit("version");
        }
        repository.git(["repack", "-adfq", &format!("--depth={depth}"), &format!("--window={window}")]);
        prop_assert_eq!(swept(&repository, true), by_cat_file(&repository));
        prop_assert_eq!(swept(&repository, true), swept(&repository, false));
    }
}

type Found = BTreeSet<(String, Vec<u8>)>;

fn swept(repository: &Repository, by_deltas: bool) -> Found {
    let surroundings = unleak::source::Surroundings { cwd: repository.path().to_path_buf(), ..Default::default() };
    let options = Options { by_deltas, ..Options::default() };
    let report =
        sweep(&surroundings, support::quiet_scan(), &options, &Progress::default()).expect("it can be swept").report;
    assert!(report.coverage.is_complete(), "{:?}", report.coverage.missing);
    report.findings.iter().map(|f| (f.rule.id().to_owned(), f.secret.expose().to_vec())).collect()
}

/// Every blob that Git lists, scanned by itself at the one path there is.
fn by_cat_file(repository: &Repository) -> Found {
    let listed = repository.git(["cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"]);
    let mut found = Found::new();
    for id in listed.lines().filter_map(|line| line.strip_suffix(" blob")) {
        let output = repository.try_git(["cat-file", "blob", id]);
        assert!(output.status.success());
        let bytes = output.stdout.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&output.stdout);
        let document = support::document("src/app.js", bytes, Changed::Whole);
        let outcome = support::quiet_scan().document(&document, &|_| None);
        found.extend(outcome.findings.iter().map(|f| (f.rule.id().to_owned(), f.secret.expose().to_vec())));
    }
    found
}
