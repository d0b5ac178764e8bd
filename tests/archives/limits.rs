//! What an archive may cost, and what becomes of one that is damaged, locked or means harm.

use super::*;

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
    let mut packed = tar(&[("plain", b"nothing")]);
    repository.write("more.tar.gz", gz(&[&packed[..], b"what follows an end is no damage"].concat()));
    packed.truncate(1024);
    repository.write("cut.tar.gz", gz(&[&packed[..], &[b'#'; 512]].concat()));
    let report = files(&repository);
    let found: std::collections::BTreeSet<String> = places(&report).into_iter().collect();
    let expected = ["cut.gz!cut:2", "cut.zip!a.py:2", "cut.zip!b.py:2"];
    assert!(expected.iter().all(|place| found.contains(*place)), "{found:?}");
    let (skipped, missing) = left_out(&report);
    assert!(missing.is_empty(), "{missing:?}");
    let starts = ["cut.gz: damaged", "cut.tar.gz: damaged", "cut.zip: damaged", "locked.zip!secret.py: encrypted"];
    for start in starts {
        assert!(skipped.iter().any(|told| told.starts_with(start)), "{start}: {skipped:?}");
    }
    assert!(!skipped.iter().any(|told| told.starts_with("more.tar.gz")), "{skipped:?}");
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
