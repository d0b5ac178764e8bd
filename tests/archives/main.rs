//! Secrets in archives: found in every kind, on disk, in the index and in history, in bounded time.

mod kinds;
mod limits;
mod others;
#[path = "../support/mod.rs"]
mod support;

use std::io::{self, Read};
use std::time::{Duration, Instant};
use support::archives::{File, ar, bz2, compress, cpio, gz, lzma, rpm, sqlite, tar, wal, xz, zip, zst};
use support::sources::{files, leak, left_out, places, range, staged, within};
use support::{Repository, sendgrid_key};
use unleak::archive::{Archives, Inner, Kind, Unread, Visitor, open};
use unleak::report::{ExitStatus, Report};
use unleak::source::{Selected, Selection, select};
use unleak::sweep::progress::Progress;
use unleak::sweep::{Options, sweep};

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
