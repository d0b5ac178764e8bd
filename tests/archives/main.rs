//! Secrets in archives: found in every kind, on disk, in the index and in history, in bounded time.

mod support;

use std::io::{self, Read};
use std::time::{Duration, Instant};
use support::archives::{File, ar, bz2, compress, cpio, gz, lzma, rpm, sqlite, tar, wal, xz, zip, zst};
use support::sources::{files, left_out, places, range, staged, within};
use support::{Repository, sendgrid_key};
use unleak::archive::{Archives, Inner, Kind, Unread, Visitor, open};
use unleak::report::{ExitStatus, Report};
use unleak::source::{Selected, Selection, select};
use unleak::sweep::progress::Progress;
use unleak::sweep::{Options, sweep};

/// A line that leaks.
fn leak(number: u64) -> String {
    format!("key = \"{}\"\n", sendgrid_key(number))
}

/// A file of several lines, of which the second leaks.
fn text(number: u64) -> Vec<u8> {
    format!("first\n{}last\n", leak(number)).into_bytes()
}

fn scanned(repository: &Repository, selection: Selection, archives: Archives) -> Report {
    let selected = select(selection, &within(repository.path())).unwrap_or_else(|error| panic!("{error}"));
    support::scan().run(Selected { archives, ..selected })
}

fn everything() -> Selection {
    Selection::Files { paths: Vec::new(), no_ignore: false }
}

fn swept(repository: &Repository) -> Report {
    let with = |options: &Options| {
        sweep(&within(repository.path()), support::quiet_scan(), options, &Progress::default())
            .expect("it can be swept")
            .report
    };
    let report = with(&Options::default());
    let full = with(&Options { by_deltas: false, threads: 1, ..Options::default() });
    let shown = |report: &Report| {
        let finding = |f: &unleak::finding::Finding| format!("{:?} {:?} {:?}", f.origin, f.location, f.lifecycle);
        (report.findings.iter().map(finding).collect::<Vec<_>>(), left_out(report))
    };
    assert_eq!(shown(&report), shown(&full), "sweeping by deltas and in full come to the same");
    report
}

/// Lines that repeat little.
fn noise(bytes: usize) -> Vec<u8> {
    let line = |n: u64| format!("line {}\n", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).into_bytes();
    (0..).flat_map(line).take(bytes).collect()
}

/// Every kind of archive, each with a leak of its own, and where that is found.
fn all_kinds() -> (Vec<(&'static str, Vec<u8>)>, Vec<&'static str>) {
    let long = "long/".repeat(60) + "mail.py";
    let archives = vec![
        ("a.zip", zip(&[("readme", b"nothing"), ("src/mail.py", &text(1))])),
        ("b.tar", tar(&[("src/mail.py", &text(2))])),
        ("c.tar.gz", gz(&tar(&[("src/mail.py", &text(3)), (&long, b"nothing")]))),
        ("d.txz", xz(&tar(&[("mail.py", &text(4))]))),
        ("e.sql.gz", gz(&text(5))),
        ("f.sql.bz2", bz2(&text(6))),
        ("g.log.xz", xz(&text(7))),
        ("h.log.zst", zst(&text(8))),
        ("i.war", zip(&[("lib/inner.jar", &zip(&[("app.properties", &text(9))]))])),
        ("j.db", sqlite(&[("other", "value"), ("mail", &format!("{}{}", "x".repeat(2000), leak(10)))])),
        ("j.db-wal", wal(&sqlite(&[("other", "value"), ("mail", &format!("{}{}", "x".repeat(2000), leak(18)))]))),
        ("k.docx", zip(&[("word/data.tar.gz", &gz(&tar(&[("deep.py", &text(11))])))])),
        ("l.deb", ar(&[("debian-binary", b"2.0\n"), ("data.tar.xz", &xz(&tar(&[("etc/a.conf", &text(12))])))])),
        ("m.a", ar(&[("a-name-that-is-long.txt", &text(13)), ("odd", b"123"), ("b.txt", b"nothing")])),
        ("n.img", gz(&cpio(&[("init", b"#!/bin/sh\n"), ("etc/b.conf", &text(14))]))),
        ("o.rpm", rpm(&zst(&cpio(&[("etc/c.conf", &text(15)), ("x", b"")])))),
        ("p.sql.lzma", lzma(&text(16))),
        ("q.log.Z", compress(&[text(17), noise(40_000)].concat(), 16)),
    ];
    let places = vec![
        "a.zip!src/mail.py:2",
        "b.tar!src/mail.py:2",
        "c.tar.gz!src/mail.py:2",
        "d.txz!mail.py:2",
        "e.sql.gz!e.sql:2",
        "f.sql.bz2!f.sql:2",
        "g.log.xz!g.log:2",
        "h.log.zst!h.log:2",
        "i.war!lib/inner.jar!app.properties:2",
        "j.db!settings:5",
        "j.db-wal!rows:10",
        "k.docx!word/data.tar.gz!deep.py:2",
        "l.deb!data.tar.xz!etc/a.conf:2",
        "m.a!a-name-that-is-long.txt:2",
        "n.img!etc/b.conf:2",
        "o.rpm!etc/c.conf:2",
        "p.sql.lzma!p.sql:2",
        "q.log.Z!q.log:2",
    ];
    (archives, places)
}

#[test]
fn every_kind_is_opened_on_disk_and_in_history() {
    let repository = Repository::new();
    let (archives, expected) = all_kinds();
    for (name, bytes) in archives {
        repository.write(name, bytes);
    }
    assert_eq!(places(&files(&repository)), expected);
    repository.commit("archives");
    let report = swept(&repository);
    assert_eq!(places(&report), expected);
    assert!(report.coverage.is_complete());
    repository.git(["repack", "-adfq"]);
    assert_eq!(places(&swept(&repository)), expected);
    let unopened = places(&scanned(&repository, everything(), Archives::Never));
    assert!(unopened.contains(&"b.tar:2".to_owned()), "what is not packed is found all the same: {unopened:?}");
    assert!(!unopened.iter().any(|place| place.contains('!')), "{unopened:?}");
}

#[test]
fn small_archives_are_opened_in_the_index_and_large_ones_are_named() {
    let repository = Repository::new();
    let noise: Vec<u8> = (0..2_000_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    repository.write("small.zip", zip(&[("mail.py", &text(1))]));
    repository.write("large.zip", zip(&[("mail.py", &text(2)), ("noise", &noise)]));
    repository.git(["add", "--all"]);
    let report = staged(&repository);
    assert_eq!(places(&report), ["small.zip!mail.py:2"]);
    let (skipped, missing) = left_out(&report);
    assert!(missing.is_empty() && skipped.len() == 1, "{skipped:?}");
    assert!(skipped[0].starts_with("large.zip: it is 7 MiB large, more than 1 MiB: too much for"), "{skipped:?}");
    let report = scanned(&repository, Selection::Staged, Archives::Always);
    assert_eq!(places(&report), ["large.zip!mail.py:2", "small.zip!mail.py:2"]);
}

#[test]
fn a_change_of_an_archive_tells_what_is_new_in_it() {
    let repository = Repository::new();
    repository.write("a.zip", zip(&[("old.py", &text(1))]));
    repository.commit("first");
    let moved = zip(&[("old.py", &text(1)), ("new.py", &text(2)), ("moved.py", &text(1))]);
    repository.write("a.zip", moved);
    repository.git(["add", "--all"]);
    assert_eq!(places(&staged(&repository)), ["a.zip!moved.py:2 (known)", "a.zip!new.py:2"]);
    repository.commit("second");
    assert_eq!(places(&range(&repository, "HEAD~..HEAD")), ["a.zip!moved.py:2 (known)", "a.zip!new.py:2"]);
    repository.git(["mv", "a.zip", "b.zip"]);
    let renamed = ["b.zip!moved.py:2 (known)", "b.zip!new.py:2 (known)", "b.zip!old.py:2 (known)"];
    assert_eq!(places(&staged(&repository)), renamed);
}

#[test]
fn a_secret_in_an_archive_has_a_life_story() {
    let repository = Repository::new();
    let mut commits = Vec::new();
    for version in [vec![1], vec![1, 2], vec![2], vec![]] {
        let texts: Vec<(String, Vec<u8>)> = version.iter().map(|n| (format!("{n}.py"), text(*n))).collect();
        let listed: Vec<File<'_>> = texts.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
        repository.write("lib.jar", zip(&listed));
        commits.push(repository.commit("version"));
    }
    let report = swept(&repository);
    assert_eq!(places(&report), ["lib.jar!1.py:2", "lib.jar!2.py:2"]);
    let told = |at: usize| {
        let story = report.findings[at].lifecycle.as_deref().expect("a sweep tells life stories");
        let ids = |moments: &[unleak::finding::Moment]| moments.iter().map(|m| m.commit_id.clone()).collect::<Vec<_>>();
        (ids(&story.introduced), ids(&story.removed), story.in_head)
    };
    assert_eq!(told(0), (vec![commits[0].clone()], vec![commits[2].clone()], false));
    assert_eq!(told(1), (vec![commits[1].clone()], vec![commits[3].clone()], false));
}

#[test]
fn names_in_archives_are_judged_like_names_of_files() {
    let repository = Repository::new();
    repository.write("backup.zip", zip(&[("home/.ssh/id_rsa", b"anything"), ("sendgrid.env", b"anything")]));
    repository.commit("backup");
    for report in [files(&repository), swept(&repository)] {
        let told =
            |f: &unleak::finding::Finding| format!("{} {}", f.rule.id(), String::from_utf8_lossy(&f.origin.path));
        let told: Vec<String> = report.findings.iter().map(told).collect();
        assert!(told.contains(&"sendgrid-env-file backup.zip!sendgrid.env".to_owned()), "{told:?}");
        assert!(told.contains(&"ssh-private-key-file backup.zip!home/.ssh/id_rsa".to_owned()), "{told:?}");
    }
}

#[test]
fn a_bomb_costs_little_time_and_makes_the_scan_partial() {
    let repository = Repository::new();
    let zeros = vec![0; 40 << 20];
    let packed = bz2(&zeros);
    let many: Vec<(String, &[u8])> = (0..400).map(|n| (format!("{n}.bz2"), packed.as_slice())).collect();
    let many: Vec<File<'_>> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let layer = zip(&many);
    repository.write("bomb.zip", zip(&[("a.zip", &layer), ("b.zip", &layer), ("key.py", &text(1))]));
    repository.commit("bomb");
    let begun = Instant::now();
    for report in [scanned(&repository, everything(), Archives::Always), swept(&repository)] {
        let (_, missing) = left_out(&report);
        assert_eq!(missing.len(), 1, "{missing:?}");
        assert!(missing[0].starts_with("bomb.zip: it unpacks to more than "), "{missing:?}");
        assert_eq!(report.exit_status(unleak::finding::Severity::Critical), ExitStatus::Error);
    }
    assert!(begun.elapsed() < Duration::from_secs(240), "{:?}", begun.elapsed());
    let report = scanned(&repository, everything(), Archives::Small);
    assert!(report.coverage.is_complete() && !report.coverage.skipped.is_empty());
}

#[test]
fn what_cannot_be_opened_is_said_wherever_it_is_met() {
    let repository = Repository::new();
    let closed: [(&str, &[u8], &str); 5] = [
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive"),
        ("b.rar", b"Rar!\x1a\x07\x01\0", "a RAR archive"),
        ("c.cab", b"MSCF\0\0\0\0", "a cabinet of Windows"),
        ("d.lz4", b"\x04\x22\x4d\x18", "a file that LZ4 packed"),
        ("e.bundle", b"# v2 git bundle\n", "a bundle of Git commits"),
    ];
    for (name, bytes, _) in closed {
        // What stands in it plainly is found all the same.
        repository.write(name, [bytes, &text(1)].concat());
    }
    repository.write("f.zip", zip(&[("inner.rar", closed[1].1)]));
    repository.commit("archives");
    for report in [files(&repository), swept(&repository)] {
        let (skipped, missing) = left_out(&report);
        assert!(missing.is_empty(), "{missing:?}");
        for (name, _, what) in closed.iter().chain(&[("f.zip!inner.rar", &b""[..], "a RAR archive")]) {
            let told = format!("{name}: {what}: unleak can't open it; unpack it and scan what comes out");
            assert!(skipped.contains(&told), "{told}: {skipped:?}");
        }
        assert_eq!(skipped.len(), 6, "{skipped:?}");
        assert_eq!(places(&report).len(), 5, "{:?}", places(&report));
    }
    assert!(left_out(&scanned(&repository, everything(), Archives::Never)).0.is_empty());
}

#[test]
fn a_file_of_lzw_is_read_whatever_its_codes_are() {
    for most in [9, 10, 12, 16] {
        for len in [0, 1, 2, 300, 5_000, 200_000] {
            let whole = noise(len);
            let mut texts = Texts::default();
            open(
                b"a.Z",
                Kind::of(&compress(&whole, most)).expect("it is one"),
                &compress(&whole, most),
                Archives::Always,
                &mut texts,
            );
            assert!(texts.0 == [whole], "{most} bits, {len} bytes");
        }
    }
}

#[test]
fn files_and_history_tell_the_same_key_stores() {
    let repository = Repository::new();
    let jks = |entries: &[u8]| [&b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01"[..], entries].concat();
    let store = jks(b"\0\0\0\x01\0\x04mail\0\0\x01\x8f\0\0\0\0\0\0\x05\0\x30\x82\x04\xfc\x30\x0e\x06\x0a\x2b\x06\x01\x04\x01\x2a\x02\x11\x01\x01");
    repository.write("conf/server.jks", &store);
    repository.write("conf/client.p12", b"anything at all");
    repository.write("app.war", zip(&[("WEB-INF/server.jks", &store), ("WEB-INF/id_rsa", b"x")]));
    repository.commit("stores");
    let told = |report: &Report| -> Vec<String> {
        let one = |f: &unleak::finding::Finding| format!("{} {}", String::from_utf8_lossy(&f.origin.path), f.rule.id());
        let mut told: Vec<String> = report.findings.iter().map(one).collect();
        told.sort();
        told
    };
    let of_files = told(&files(&repository));
    assert_eq!(of_files, told(&swept(&repository)));
    for path in ["conf/server.jks ", "app.war!WEB-INF/server.jks ", "app.war!WEB-INF/id_rsa "] {
        assert!(of_files.iter().any(|one| one.starts_with(path)), "{path}: {of_files:?}");
    }
}

/// The most memory that the program took, in bytes.
#[cfg(target_os = "linux")]
fn peak_of(repository: &Repository, arguments: &[&str]) -> u64 {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_unleak"))
        .args(arguments)
        .current_dir(repository.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut peak = 0;
    while child.try_wait().expect("it can be asked").is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or(0) << 10);
        std::thread::sleep(Duration::from_millis(5));
    }
    peak
}

#[cfg(target_os = "linux")]
#[test]
fn a_bomb_takes_little_memory() {
    let repository = Repository::new();
    let zeros = vec![0; 40 << 20];
    let layers = [bz2(&zeros), gz(&zeros), xz(&zeros), lzma(&zeros), gz(&bz2(&zeros))];
    let names = ["a.bz2", "b.gz", "c.xz", "d.lzma", "e.bz2.gz"];
    let listed: Vec<File<'_>> = names.iter().zip(&layers).map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    repository.write("bomb.zip", zip(&listed));
    repository.commit("bombs");
    for arguments in [&["files", "--quiet", "--threads", "2"][..], &["history", "--quiet", "--threads", "2"]] {
        let peak = peak_of(&repository, arguments);
        assert!(peak > 0 && peak < 160 << 20, "{arguments:?} took {} MiB", peak >> 20);
    }
}

/// What was passed to it as texts.
#[derive(Default)]
struct Texts(Vec<Vec<u8>>);

impl Visitor for Texts {
    fn name(&mut self, _: &Inner) {}

    fn text(&mut self, _: &Inner, content: &mut dyn Read) -> io::Result<()> {
        let mut text = Vec::new();
        let read = content.read_to_end(&mut text);
        self.0.push(text);
        read.map(drop)
    }

    fn translation(&mut self, _: &Inner, _: &[u8]) {}

    fn unread(&mut self, path: &[u8], why: Unread) {
        panic!("{}: {why:?}", String::from_utf8_lossy(path));
    }
}

#[test]
fn archives_that_hold_each_other_for_ever_are_left_at_some_depth() {
    let repository = Repository::new();
    let mut nested = zip(&[("key.py", &text(1))]);
    for _ in 0..6 {
        nested = zip(&[("in.zip", &nested)]);
    }
    repository.write("seven.zip", &nested);
    for _ in 0..4 {
        nested = zip(&[("in.zip", &nested)]);
    }
    repository.write("eleven.zip", &nested);
    let report = files(&repository);
    assert_eq!(places(&report), [format!("seven.zip{}!key.py:2", "!in.zip".repeat(6))]);
    let (_, missing) = left_out(&report);
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert!(missing[0].contains(": it lies 8 archives deep"), "{missing:?}");
}

#[test]
fn damaged_and_encrypted_archives_are_named_and_leave_the_scan_complete() {
    let repository = Repository::new();
    let whole = gz(&text(1).repeat(2000));
    repository.write("cut.gz", &whole[..whole.len() - 20]);
    let zipped = zip(&[("a.py", &text(2)), ("b.py", &text(3))]);
    let directory = memchr::memmem::find(&zipped, b"PK\x01\x02").expect("it has a directory");
    repository.write("cut.zip", &zipped[..directory]);
    let mut locked = zip(&[("secret.py", &text(4))]);
    let directory = memchr::memmem::find(&locked, b"PK\x01\x02").expect("it has a directory");
    locked[6] |= 1;
    locked[directory + 8] |= 1;
    repository.write("locked.zip", locked);
    let report = files(&repository);
    let found: std::collections::BTreeSet<String> = places(&report).into_iter().collect();
    let expected = ["cut.gz!cut:2", "cut.zip!a.py:2", "cut.zip!b.py:2"];
    assert!(expected.iter().all(|place| found.contains(*place)), "{found:?}");
    let (skipped, missing) = left_out(&report);
    assert!(missing.is_empty(), "{missing:?}");
    let starts = ["cut.gz: damaged", "cut.zip: damaged", "locked.zip!secret.py: encrypted"];
    for start in starts {
        assert!(skipped.iter().any(|told| told.starts_with(start)), "{start}: {skipped:?}");
    }
}

#[test]
fn twins_and_leftovers_in_a_zip_are_found_and_names_lead_nowhere() {
    let repository = Repository::new();
    let first = zip(&[("../../etc/a.py", &text(1))]);
    // Another archive behind it: its directory names nothing of the first.
    let second = zip(&[("/abs\u{202e}/\u{1b}b.py", &text(2))]);
    repository.write("two.zip", [first, second].concat());
    let program = [&b"#!/bin/sh\nexit\n"[..], &zip(&[("c.py", &text(3))])].concat();
    repository.write("installer", program);
    let report = files(&repository);
    assert_eq!(places(&report), ["installer!c.py:2", "two.zip!abs\u{202e}/\u{1b}b.py:2", "two.zip!etc/a.py:2"]);
    let shown = repository.unleak(["files", "--color", "never"]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("two.zip!abs\\u{202e}/\\x1bb.py:2"), "{shown}");
}

#[test]
fn what_a_notebook_prints_is_read_as_people_see_it() {
    let repository = Repository::new();
    let key = sendgrid_key(1);
    let (head, tail) = key.split_at(30);
    let notebook = format!(
        "{{\"cells\": [{{\"cell_type\": \"code\", \"source\": [\"key = 'x'\"], \"outputs\": [{{\"output_type\": \"stream\", \
         \"text\": [\"the key is {head}\", \"{tail} all right\\n\"]}}]}}, {{\"source\": [\"{}\"]}}], \"nbformat\": 4}}",
        sendgrid_key(2)
    );
    repository.write("n.ipynb", notebook);
    let expected = ["n.ipynb:1", "n.ipynb!output of cell 1:1"];
    let found = places(&files(&repository));
    assert!(expected.iter().all(|place| found.iter().any(|f| f == place)) && found.len() == 2, "{found:?}");
    repository.commit("notebook");
    assert_eq!(places(&swept(&repository)), found);
}

#[test]
fn an_archive_is_allowed_and_left_out_as_a_whole() {
    let repository = Repository::new();
    repository.write("vendor/a.zip", zip(&[("x/mail.py", &text(1))]));
    repository.write("b.zip", zip(&[("x/mail.py", &text(2))]));
    let config = |text: &str| repository.write("unleak.toml", text);
    let status = || repository.unleak(["files", "--quiet"]);
    for (allow, shown) in [
        ("[[allow]]\npaths = ['vendor/a.zip']\nreason = 'x'", "b.zip!"),
        ("[[allow]]\npaths = ['vendor/']\nreason = 'x'", "b.zip!"),
        ("[[allow]]\npaths = ['b.zip/']\nreason = 'x'", "vendor/a.zip!"),
        ("[[allow]]\npaths = ['b.zip!x/mail.py']\nreason = 'x'", "vendor/a.zip!"),
        ("[scan]\nexclude = ['b.zip']", "vendor/a.zip!"),
    ] {
        config(allow);
        let output = status();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{allow}: {text}");
        assert!(text.contains(shown) && text.matches("-->").count() == 1, "{allow}: {text}");
    }
    config("[scan]\narchives = 'never'");
    assert_eq!(status().status.code(), Some(0));
    let always = repository.unleak(["files", "--quiet", "--archives", "always"]);
    assert_eq!(always.status.code(), Some(1));
    config("[scan]\narchives = 'sometimes'");
    assert_eq!(status().status.code(), Some(2));
}

#[test]
fn an_archive_is_not_mended_but_said_to_need_it() {
    let repository = Repository::new();
    repository.write("a.zip", zip(&[("mail.py", &text(1))]));
    let before = std::fs::read(repository.path().join("a.zip")).expect("it is there");
    let output = repository.unleak(["fix"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("left: a.zip!mail.py:2: sendgrid-api-key: it stands in an archive"), "{told}");
    assert_eq!(std::fs::read(repository.path().join("a.zip")).expect("it is there"), before);
}

/// Base64 as the program of that name writes it, in lines.
fn wrapped(bytes: &[u8]) -> String {
    let encoded = data_encoding::BASE64.encode(bytes);
    let lines = encoded.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned());
    lines.collect::<Vec<_>>().join("\n    ")
}

#[test]
fn compressed_text_in_base64_is_unpacked() {
    let repository = Repository::new();
    let noise = |n: u64| (0..40).map(|m| sendgrid_key(n * 100 + m).replace("SG.", "x ") + "\n").collect::<String>();
    let packed = |n: u64| [text(n), noise(n).into_bytes()].concat();
    let encoded = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
    let release = encoded(encoded(&gz(&packed(4))).as_bytes());
    let files_of = [
        ("gz.yaml", format!("data:\n  gz: {}\n", encoded(&gz(&packed(1))))),
        ("helm.yaml", format!("kind: Secret\ntype: helm.sh/release.v1\ndata:\n  release: {release}\n")),
        ("wrapped.yaml", format!("data:\n  gz: |\n    {}\nend: 1\n", wrapped(&gz(&packed(2))))),
        ("zip.tf", format!("code = \"{}\"\n", encoded(&zip(&[("a.py", &packed(3)), ("b.py", &packed(5))])))),
        ("xz.txt", encoded(&xz(&packed(6)))),
        ("zst.txt", encoded(&zst(&packed(7)))),
        ("bz2.txt", encoded(&bz2(&packed(8)))),
    ];
    for (name, text) in &files_of {
        repository.write(name, text);
    }
    let report = files(&repository);
    let expected =
        ["bz2.txt:1", "gz.yaml:2", "helm.yaml:4", "wrapped.yaml:3", "xz.txt:1", "zip.tf:1", "zip.tf:1", "zst.txt:1"];
    assert_eq!(places(&report), expected, "{}", support::told(&report));
    repository.commit("first");
    // A change far from the beginning, in one of them and behind another.
    repository.write("wrapped.yaml", files_of[2].1.replace("end: 1", "end: 2"));
    repository.write("gz.yaml", format!("data:\n  gz: {}\n", encoded(&gz(&[packed(1), b"more".to_vec()].concat()))));
    repository.commit("second");
    repository.git(["repack", "-adfq"]);
    assert_eq!(places(&swept(&repository)), expected);
}

#[test]
fn what_stands_in_a_token_is_told_at_its_place() {
    let repository = Repository::new();
    let part = |text: String| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    let head = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".to_owned());
    let payload = part(format!("{{\"sub\":\"1\",\"mail\":\"{}\"}}", sendgrid_key(1)));
    repository.write("token.txt", format!("token = \"{head}.{payload}.{}\"\n", part("signature".repeat(4))));
    let odd = part(format!("{{\"alg\":\"HS256\",\"kid\":\"{}\"}}", sendgrid_key(2)));
    repository.write("head.txt", format!("token = \"{odd}.{}.x\"\n", part("{\"sub\":\"1\"}".to_owned())));
    assert_eq!(places(&files(&repository)), ["head.txt:1", "token.txt:1"]);
    let report = files(&repository);
    let found = report.findings.iter().find(|f| f.origin.path == b"token.txt").expect("it is found");
    let start = "token = \"".len() + head.len() + 1;
    assert!(found.location.start_column as usize > start, "{:?}", found.location);
}

/// Reads all that is passed to it.
#[derive(Default)]
struct Counting {
    bytes: u64,
    unread: usize,
}

impl Visitor for Counting {
    fn name(&mut self, at: &Inner) {
        assert!(at.name_at <= at.path.len());
    }

    fn text(&mut self, _: &Inner, content: &mut dyn Read) -> io::Result<()> {
        self.bytes += io::copy(content, &mut io::sink())?;
        Ok(())
    }

    fn translation(&mut self, _: &Inner, _: &[u8]) {}

    fn unread(&mut self, _: &[u8], _: Unread) {
        self.unread += 1;
    }
}

#[test]
fn no_damage_does_harm() {
    let (archives, _) = all_kinds();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for (name, whole) in archives {
        let kind = Kind::of(&whole).expect("it is an archive");
        for round in 0..400 {
            let mut bytes = whole.clone();
            if round % 4 == 0 {
                bytes.truncate(random(whole.len()));
            }
            for _ in 0..random(12) {
                let at = random(whole.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = [0, 0xff, 0x7f, *byte ^ (1 << random(8)), random(256) as u8][random(5)];
                }
            }
            let mut counting = Counting::default();
            open(name.as_bytes(), kind, &bytes, Archives::Small, &mut counting);
            assert!(counting.bytes <= 5 * (8 << 20), "{name} {round}: {}", counting.bytes);
        }
    }
}
