//! How objects are stored: clones that lack some, packs, damage, sizes.

use crate::support;
use crate::support::{Repository, sendgrid_key};
use crate::{finding, introduced, line, of_key, removed, shown, swept, swept_with};
use std::collections::BTreeSet;
use unleak::sweep::Options;

#[test]
fn a_shallow_clone_is_swept_and_said_to_be_partial() {
    let origin = Repository::new();
    let key = sendgrid_key(34);
    origin.commit("one");
    origin.write("a.js", line(&key));
    origin.commit("two");
    let url = format!("file://{}", origin.path().display());
    origin.git(["clone", "--quiet", "--depth=1", &url, "../shallow"]);
    let report = swept(&origin.at("../shallow"));
    finding(&report, &key);
    assert!(!report.coverage.is_complete());
    assert!(report.coverage.missing.iter().any(|m| m.why.contains("--unshallow")));
    assert_eq!(report.coverage.history.as_ref().map(|h| h.shallow.len()), Some(1));
}

#[test]
fn a_partial_clone_names_what_it_lacks() {
    let origin = Repository::new();
    origin.write("a.js", line(&sendgrid_key(35)));
    origin.commit("one");
    origin.git(["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", origin.path().display());
    origin.git(["clone", "--quiet", "--bare", "--filter=blob:none", &url, "../partial"]);
    let report = swept(&origin.at("../partial"));
    let blob = origin.git(["rev-parse", "HEAD:a.js"]);
    assert!(report.coverage.missing.iter().any(|m| m.what == blob.as_bytes()), "{:?}", report.coverage.missing);
    assert!(report.coverage.history.is_some_and(|h| h.partial_clone));
}

#[test]
fn sha256_repositories_are_swept_loose_and_packed() {
    let repository = Repository::sha256();
    let key = sendgrid_key(38);
    for version in 0..5 {
        repository.write("a.js", format!("// {version}\n{}// end\n", line(&key)));
        repository.commit("version");
    }
    let loose = shown(&swept(&repository));
    repository.git(["repack", "-adfq"]);
    assert_eq!(loose, shown(&swept(&repository)));
    assert_eq!(loose.len(), 1);
}

#[test]
fn packs_multi_pack_indexes_and_duplicates_count_once() {
    let repository = Repository::new();
    let key = sendgrid_key(39);
    let text = |version: u32| (0..40).map(|n| format!("line {}\n", n * version)).collect::<String>();
    for version in 1..6 {
        repository.write("a.js", text(version) + &line(&key) + &text(3));
        repository.commit("version");
    }
    let blobs = swept(&repository).coverage.blobs;
    repository.git(["repack", "-dq"]);
    repository.write("b.js", line(&key));
    repository.commit("more");
    repository.git(["repack", "-dq"]);
    // All objects once more in a third pack, beside the two.
    repository.git(["repack", "-aq"]);
    let report = swept(&repository);
    assert_eq!(report.coverage.blobs, blobs + 1);
    assert_eq!(of_key(&report, &key).len(), 2);
    repository.git(["multi-pack-index", "write"]);
    assert_eq!(shown(&swept(&repository)), shown(&report));
}

#[test]
fn the_deepest_chain_of_deltas_is_followed() {
    let repository = Repository::new();
    let key = sendgrid_key(40);
    let mut stream = String::new();
    let mut lines: Vec<String> = (0..60).map(|n| format!("line {n} of a file with many versions\n")).collect();
    for version in 0..4200u32 {
        lines[(version % 60) as usize] = format!("line {} changed in version {version}\n", version % 60);
        let mut text = lines.concat();
        if (1000..3000).contains(&version) {
            text += &line(&key);
        }
        stream += &format!("blob\nmark :{}\ndata {}\n{text}\n", version + 1, text.len());
    }
    for version in 0..4200u32 {
        stream += &format!(
            "commit refs/heads/main\nmark :{}\ncommitter Ada <ada@example.org> {} +0000\ndata 1\nv\n{}M 100644 :{} a.js\n\n",
            10_001 + version,
            1_700_000_000 + version,
            if version > 0 { format!("from :{}\n", 10_000 + version) } else { String::new() },
            version + 1,
        );
    }
    repository.import(&stream);
    repository.git(["repack", "-adfq", "--depth=4095", "--window=3"]);
    let report = swept(&repository);
    let found = finding(&report, &key);
    let log = repository.git(["log", "--format=%H", "--reverse", "main"]);
    let commits: Vec<&str> = log.lines().collect();
    assert_eq!(introduced(found), [commits[1000]]);
    assert_eq!(removed(found), [commits[3000]]);
}

#[test]
fn a_damaged_pack_or_object_makes_the_sweep_partial_and_ends_nothing() {
    let repository = Repository::new();
    let key = sendgrid_key(41);
    let text = |version: u32| (0..400).map(|n| format!("line {}\n", n * version)).collect::<String>();
    for version in 1..8 {
        repository.write("a.js", text(version));
        repository.write("b.js", format!("{}{}", line(&key), version));
        repository.commit("version");
    }
    let whole = swept(&repository);
    repository.git(["repack", "-adfq"]);
    let folder = repository.path().join(".git/objects/pack");
    let pack = std::fs::read_dir(&folder)
        .expect("there is a pack")
        .flatten()
        .map(|e| e.path())
        .find(|p| p.extension().is_some_and(|e| e == "pack"))
        .expect("there is a pack");
    let bytes = std::fs::read(&pack).expect("it can be read");
    let mut partial = 0;
    for at in (12..bytes.len() - 20).step_by(97) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        std::fs::remove_file(&pack).expect("it is ours");
        std::fs::write(&pack, &damaged).expect("it can be written");
        let report = swept_with(&repository, &Options::default());
        partial += u32::from(!report.coverage.is_complete());
        if report.coverage.is_complete() {
            assert_eq!(report.coverage.blobs, whole.coverage.blobs);
        }
    }
    assert!(partial > 0);
    std::fs::remove_file(&pack).expect("it is ours");
    std::fs::write(&pack, &bytes[..bytes.len() / 2]).expect("it can be written");
    assert!(!swept_with(&repository, &Options::default()).coverage.is_complete());
    std::fs::write(&pack, b"PACK").expect("it can be written");
    assert!(!swept_with(&repository, &Options::default()).coverage.is_complete());
}

#[test]
fn loose_objects_that_lie_about_their_size_are_named() {
    let repository = Repository::new();
    repository.commit("begin");
    let stored = |header: &str, body: &[u8]| {
        let mut raw = header.as_bytes().to_vec();
        raw.push(0);
        raw.extend_from_slice(body);
        support::repository::zlib_stored(&raw)
    };
    let put = |id: &str, bytes: &[u8]| repository.write(format!(".git/objects/{}/{}", &id[..2], &id[2..]), bytes);
    put(&"11".repeat(20), &stored("blob 1099511627776", b"small"));
    put(&"22".repeat(20), &stored("blob 4", b"longer than four"));
    put(&"33".repeat(20), &stored("blob 400", b"short"));
    put(&"44".repeat(20), &stored("blob 5", b"short")[..9]);
    put(&"55".repeat(20), b"no zlib at all");
    put(&"66".repeat(20), &stored("thing 5", b"short"));
    put(&"77".repeat(20), b"");
    let report = swept_with(&repository, &Options::default());
    let missing: BTreeSet<String> =
        report.coverage.missing.iter().map(|m| String::from_utf8_lossy(&m.what).into_owned()).collect();
    assert_eq!(missing, ["11", "22", "33", "44", "55", "66", "77"].map(|d| d.repeat(20)).into_iter().collect());
}

#[test]
fn a_large_blob_is_read_as_a_stream_to_its_end() {
    let repository = Repository::new();
    let keys = [sendgrid_key(71), sendgrid_key(72)];
    let filler = "a line of a file that says little and is long enough to fill a piece\n".repeat(90_000);
    repository.write("large.txt", line(&keys[0]) + &filler + &filler + &line(&keys[1]));
    repository.commit("more than eight megabytes");
    for packed in [false, true] {
        if packed {
            repository.git(["repack", "-adfq"]);
        }
        let report = swept(&repository);
        assert!(keys.iter().all(|key| of_key(&report, key).len() == 1), "packed {packed}: {}", support::told(&report));
        assert!(report.coverage.is_complete() && report.coverage.bytes > 12_000_000);
    }
}

#[test]
fn a_file_that_compresses_a_thousandfold_is_read_like_any_other() {
    let repository = Repository::new();
    let key = sendgrid_key(73);
    repository.write("zeros.bin", [vec![b'0'; 40 << 20], b"\n".to_vec(), line(&key).into_bytes()].concat());
    repository.commit("forty megabytes in forty kilobytes");
    repository.git(["repack", "-adfq"]);
    let report = swept(&repository);
    assert!(report.coverage.is_complete(), "{:?}", report.coverage.missing);
    finding(&report, &key);
}
