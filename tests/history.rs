//! The history sweep on repositories that hold a secret in every place where one can hide, and the life story
//! that it tells of each.

use std::collections::BTreeSet;
use unleak::document::Aspect;
use unleak::finding::{Finding, Lifecycle};
use unleak::report::{Extent, Report};
use unleak::source::Surroundings;
use unleak::sweep::progress::Progress;
use unleak::sweep::state::State;
use unleak::sweep::{Options, sweep};

mod support;
use support::{Repository, sendgrid_key};

fn swept_with(repository: &Repository, options: &Options) -> Report {
    let surroundings = Surroundings { cwd: repository.path().to_path_buf(), ..Surroundings::default() };
    sweep(&surroundings, support::quiet_scan(), options, &Progress::default()).expect("it can be swept").report
}

fn swept(repository: &Repository) -> Report {
    let report = swept_with(repository, &Options::default());
    let full = swept_with(repository, &Options { by_deltas: false, threads: 1, ..Options::default() });
    assert_eq!(shown(&report), shown(&full), "sweeping by deltas and in full come to the same");
    report
}

/// Everything about the findings, as text.
fn shown(report: &Report) -> Vec<String> {
    report.findings.iter().map(in_full).collect()
}

/// All but the rule, which compiles its patterns when they are needed and looks different then.
fn in_full(finding: &Finding) -> String {
    let Finding { rule, origin, location, secret, fingerprint, lifecycle, .. } = finding;
    let rest = (&finding.confidence, &finding.steps, &finding.forms, &finding.line_hash, &finding.frame.text);
    format!("{} {:?} {origin:?} {location:?} {fingerprint} {lifecycle:?} {rest:?}", rule.id(), secret.expose())
}

/// The one finding of this key.
fn finding<'r>(report: &'r Report, key: &str) -> &'r Finding {
    let found: Vec<&Finding> = of_key(report, key);
    assert_eq!(found.len(), 1, "one finding of the key: {}", support::told(report));
    found[0]
}

fn of_key<'r>(report: &'r Report, key: &str) -> Vec<&'r Finding> {
    report
        .findings
        .iter()
        .filter(|f| f.rule.id() == "sendgrid-api-key" && f.secret.expose() == key.as_bytes())
        .collect()
}

fn story(finding: &Finding) -> &Lifecycle {
    finding.lifecycle.as_deref().expect("a sweep tells life stories")
}

fn introduced(finding: &Finding) -> Vec<&str> {
    story(finding).introduced.iter().map(|m| m.commit_id.as_str()).collect()
}

fn removed(finding: &Finding) -> Vec<&str> {
    story(finding).removed.iter().map(|m| m.commit_id.as_str()).collect()
}

/// A line that assigns the key.
fn line(key: &str) -> String {
    format!("apiKey = \"{key}\"\n")
}

#[test]
fn a_secret_that_was_removed_is_found_where_it_stood() {
    let repository = Repository::new();
    let key = sendgrid_key(1);
    repository.write("readme", "nothing\n");
    repository.commit("begin");
    repository.write("src/mail.js", format!("// mail\n\n{}", line(&key)));
    let brought = repository.commit("add mail");
    repository.write("src/mail.js", "// mail\n\nlet key = process.env.KEY\n");
    let took = repository.commit("use the environment");
    let report = swept(&repository);
    let found = finding(&report, &key);
    assert_eq!(found.origin.path, b"src/mail.js");
    assert_eq!((found.location.start_line, found.location.start_column), (3, 11));
    assert_eq!(found.origin.commit_id.as_deref(), Some(brought.as_str()));
    assert_eq!(introduced(found), [brought.as_str()]);
    assert_eq!(removed(found), [took.as_str()]);
    let story = story(found);
    assert_eq!((story.in_head, story.reachable, story.pushed), (false, true, false));
    assert_eq!(story.refs, ["refs/heads/main"]);
    assert_eq!(story.introduced[0].subject, "add mail");
    assert_eq!(story.introduced[0].author, "Ada <ada@example.org>");
    assert_eq!(story.introduced[0].date, "2023-11-14T22:15:20+00:00");
    assert!(report.coverage.is_complete(), "{:?}", report.coverage.missing);
}

#[test]
fn a_secret_at_head_is_shown_where_head_has_it() {
    let repository = Repository::new();
    let key = sendgrid_key(2);
    repository.write("a.js", line(&key));
    let brought = repository.commit("add");
    repository.write("a.js", format!("// one\n// two\n{}", line(&key)));
    repository.commit("move down");
    let report = swept(&repository);
    let found = finding(&report, &key);
    assert_eq!(found.location.start_line, 3);
    assert!(story(found).in_head);
    assert_eq!(introduced(found), [brought.as_str()]);
    assert!(removed(found).is_empty());
}

#[test]
fn a_secret_on_another_branch_is_found_with_the_branch() {
    let repository = Repository::new();
    let key = sendgrid_key(3);
    repository.commit("begin");
    repository.git(["checkout", "--quiet", "-b", "side"]);
    repository.write("a.js", line(&key));
    repository.commit("on the side");
    repository.git(["tag", "light"]);
    repository.git(["checkout", "--quiet", "main"]);
    let found = &swept(&repository);
    let found = finding(found, &key);
    assert_eq!(story(found).refs, ["refs/heads/side", "refs/tags/light"]);
    assert!(!story(found).in_head);
}

#[test]
fn an_evil_merge_introduces_and_removes() {
    let repository = Repository::new();
    let (dropped, brought) = (sendgrid_key(4), sendgrid_key(5));
    repository.write("a.js", "// a\n");
    repository.commit("begin");
    repository.git(["checkout", "--quiet", "-b", "side"]);
    repository.write("b.js", line(&dropped));
    let side = repository.commit("side");
    repository.git(["checkout", "--quiet", "main"]);
    repository.write("c.js", "// c\n");
    repository.commit("main");
    repository.git(["merge", "--quiet", "--no-commit", "--no-ff", "side"]);
    repository.write("b.js", "// cleaned\n");
    repository.write("d.js", line(&brought));
    let merge = repository.commit("merge");
    let report = swept(&repository);
    assert_eq!(introduced(finding(&report, &brought)), [merge.as_str()]);
    assert_eq!(introduced(finding(&report, &dropped)), [side.as_str()]);
    assert_eq!(removed(finding(&report, &dropped)), [merge.as_str()]);
}

#[test]
fn a_clean_merge_neither_introduces_nor_removes() {
    let repository = Repository::new();
    let (kept, gone) = (sendgrid_key(6), sendgrid_key(7));
    repository.write("gone.js", line(&gone));
    let begin = repository.commit("begin");
    repository.git(["checkout", "--quiet", "-b", "side"]);
    repository.write("kept.js", line(&kept));
    let side = repository.commit("side");
    repository.git(["checkout", "--quiet", "main"]);
    repository.write("gone.js", "// nothing\n");
    let cleaned = repository.commit("clean");
    repository.git(["merge", "--quiet", "--no-ff", "-m", "merge", "side"]);
    let report = swept(&repository);
    assert_eq!(introduced(finding(&report, &kept)), [side.as_str()]);
    assert!(story(finding(&report, &kept)).in_head);
    assert_eq!(introduced(finding(&report, &gone)), [begin.as_str()]);
    assert_eq!(removed(finding(&report, &gone)), [cleaned.as_str()]);
}

#[test]
fn stashes_are_found_the_older_ones_as_unreachable() {
    let repository = Repository::new();
    let (older, first) = (sendgrid_key(8), sendgrid_key(9));
    repository.write("a.js", "// a\n");
    repository.commit("begin");
    for key in [&older, &first] {
        repository.write("a.js", line(key));
        repository.git(["stash", "push", "--quiet"]);
    }
    let report = swept(&repository);
    let story_of = |key| story(finding(&report, key));
    assert_eq!(story_of(&first).refs, ["refs/stash"]);
    assert!(story_of(&first).reachable);
    assert!(story_of(&older).refs.is_empty());
    assert!(!story_of(&older).reachable);
    assert_eq!(finding(&report, &older).origin.path, b"a.js");
    assert!(!introduced(finding(&report, &older)).is_empty());
}

#[test]
fn commits_that_only_the_reflog_has_are_found() {
    let repository = Repository::new();
    let key = sendgrid_key(10);
    repository.commit("begin");
    repository.write("a.js", line(&key));
    let lost = repository.commit("oops");
    repository.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    let report = swept(&repository);
    let found = finding(&report, &key);
    assert_eq!(introduced(found), [lost.as_str()]);
    assert!(!story(found).reachable);
}

#[test]
fn a_dangling_blob_is_found_and_named() {
    let repository = Repository::new();
    let key = sendgrid_key(11);
    repository.commit("begin");
    repository.write("a.js", line(&key));
    let blob = repository.git(["hash-object", "-w", "a.js"]);
    let report = swept(&repository);
    let found = finding(&report, &key);
    assert_eq!(found.origin.blob_id.as_deref(), Some(blob.as_str()));
    let holder = story(found).object.as_ref().expect("no path has it");
    assert_eq!((holder.kind, holder.id.as_str()), ("blob", blob.as_str()));
    assert!(!story(found).reachable && introduced(found).is_empty());
}

#[test]
fn a_tag_on_a_blob_makes_it_reachable() {
    let repository = Repository::new();
    let key = sendgrid_key(12);
    repository.commit("begin");
    repository.write("a.js", line(&key));
    let blob = repository.git(["hash-object", "-w", "a.js"]);
    repository.git(["tag", "-a", "-m", "a blob", "blob", &blob]);
    let report = swept(&repository);
    assert_eq!(story(finding(&report, &key)).refs, ["refs/tags/blob"]);
}

#[test]
fn messages_of_commits_and_tags_are_read() {
    let repository = Repository::new();
    let (in_commit, in_tag) = (sendgrid_key(13), sendgrid_key(14));
    let commit = repository.commit(&format!("subject\n\n{}", line(&in_commit)));
    repository.git(["tag", "-a", "-m", &line(&in_tag), "v1"]);
    let tag = repository.git(["rev-parse", "refs/tags/v1"]);
    let report = swept(&repository);
    let found = finding(&report, &in_commit);
    assert_eq!(found.origin.part, Aspect::CommitMessage);
    assert_eq!(found.origin.commit_id.as_deref(), Some(commit.as_str()));
    assert_eq!(introduced(found), [commit.as_str()]);
    assert!(story(found).in_head);
    let found = finding(&report, &in_tag);
    assert_eq!(found.origin.part, Aspect::TagMessage);
    let holder = story(found).object.as_ref().expect("a tag holds it");
    assert_eq!((holder.kind, holder.id.as_str()), ("tag", tag.as_str()));
    assert_eq!(story(found).refs, ["refs/tags/v1"]);
}

#[test]
fn notes_are_read_and_say_what_they_are_about() {
    let repository = Repository::new();
    let key = sendgrid_key(15);
    let commit = repository.commit("begin");
    repository.git(["notes", "add", "-m", &line(&key)]);
    let report = swept(&repository);
    let found = finding(&report, &key);
    assert_eq!(found.origin.part, Aspect::Note);
    let holder = story(found).object.as_ref().expect("a note holds it");
    assert_eq!((holder.kind, holder.id.as_str()), ("note", commit.as_str()));
    assert_eq!(story(found).refs, ["refs/notes/commits"]);
}

#[test]
fn a_replaced_commit_hides_nothing() {
    let repository = Repository::new();
    let key = sendgrid_key(16);
    repository.commit("begin");
    repository.write("a.js", line(&key));
    let replaced = repository.commit("leak");
    let tree = repository.git(["rev-parse", "HEAD~1^{tree}"]);
    let clean = repository.git(["commit-tree", "-p", "HEAD~1", "-m", "clean", &tree]);
    repository.git(["replace", &replaced, &clean]);
    let report = swept(&repository);
    let found = finding(&report, &key);
    assert_eq!(introduced(found), [replaced.as_str()]);
    assert!(story(found).in_head, "what HEAD really names counts, not what replaces it");
}

#[test]
fn attributes_encodings_links_and_names_hide_nothing() {
    let repository = Repository::new();
    let keys: Vec<String> = (20..25).map(sendgrid_key).collect();
    repository.write(".gitattributes", "*.js -diff\n*.bin binary\n");
    repository.write("quiet.js", line(&keys[0]));
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(line(&keys[1]).encode_utf16()).flat_map(u16::to_le_bytes).collect();
    repository.write("wide.txt", utf16);
    std::os::unix::fs::symlink(&keys[2], repository.path().join("link")).expect("links can be made");
    repository.write(format!("kept-{}.log", keys[3]), "nothing\n");
    repository.write("data.bin", [b"\0\x01\x02".as_slice(), line(&keys[4]).as_bytes()].concat());
    repository.write("deploy/sendgrid.env", "PORT=1\n");
    repository.commit("all at once");
    let report = swept(&repository);
    assert_eq!(finding(&report, &keys[0]).origin.path, b"quiet.js");
    assert_eq!(finding(&report, &keys[1]).origin.path, b"wide.txt");
    assert_eq!(finding(&report, &keys[2]).origin.part, Aspect::LinkTarget);
    assert_eq!(finding(&report, &keys[3]).origin.part, Aspect::Path);
    assert_eq!(finding(&report, &keys[4]).origin.path, b"data.bin");
    let by_path: Vec<&Finding> = report.findings.iter().filter(|f| f.origin.path == b"deploy/sendgrid.env").collect();
    assert!(!by_path.is_empty(), "a tracked sendgrid.env is a finding by its name: {}", support::told(&report));
    assert!(by_path.iter().all(|f| story(f).in_head));
}

#[test]
fn one_blob_at_two_paths_is_two_findings() {
    let repository = Repository::new();
    let key = sendgrid_key(30);
    repository.write("a.js", line(&key));
    let first = repository.commit("one");
    repository.write("lib/b.js", line(&key));
    let second = repository.commit("two");
    let report = swept(&repository);
    let found = of_key(&report, &key);
    assert_eq!(found.iter().map(|f| f.origin.path.as_slice()).collect::<Vec<_>>(), [b"a.js".as_slice(), b"lib/b.js"]);
    assert_eq!(found.iter().flat_map(|f| introduced(f)).collect::<Vec<_>>(), [first, second]);
}

#[test]
fn a_file_that_moves_goes_and_comes_back_is_told_so() {
    let repository = Repository::new();
    let key = sendgrid_key(31);
    repository.write("a.js", line(&key));
    let added = repository.commit("add");
    repository.git(["mv", "a.js", "b.js"]);
    let moved = repository.commit("move");
    repository.git(["revert", "--no-edit", "HEAD"]);
    let back = repository.git(["rev-parse", "HEAD"]);
    let report = swept(&repository);
    let found = of_key(&report, &key);
    assert_eq!(introduced(found[0]), [added.as_str(), back.as_str()]);
    assert_eq!(removed(found[0]), [moved.as_str()]);
    assert_eq!(introduced(found[1]), [moved.as_str()]);
    assert_eq!(removed(found[1]), [back.as_str()]);
}

#[test]
fn what_a_remote_tracking_ref_leads_to_is_pushed() {
    let origin = Repository::new();
    let (pushed, local) = (sendgrid_key(32), sendgrid_key(33));
    origin.write("a.js", line(&pushed));
    origin.commit("pushed");
    origin.git(["clone", "--quiet", ".", "../clone"]);
    let clone = origin.at("../clone");
    clone.write("b.js", line(&local));
    clone.commit("local");
    let report = swept(&clone);
    assert!(story(finding(&report, &pushed)).pushed);
    assert!(!story(finding(&report, &local)).pushed);
}

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
fn a_submodule_has_a_history_of_its_own() {
    let inner = Repository::new();
    let key = sendgrid_key(36);
    inner.write("a.js", line(&key));
    inner.commit("inner");
    inner.git(["init", "--quiet", "--initial-branch=main", "../outer"]);
    let outer = inner.at("../outer");
    outer.git(["submodule", "--quiet", "add", inner.path().to_str().expect("it is text"), "sub"]);
    outer.commit("outer");
    assert!(of_key(&swept(&outer), &key).is_empty());
    finding(&swept(&outer.at("sub")), &key);
}

#[test]
fn alternates_are_read() {
    let origin = Repository::new();
    let key = sendgrid_key(37);
    origin.write("a.js", line(&key));
    origin.commit("one");
    origin.git(["clone", "--quiet", "--shared", ".", "../shared"]);
    let report = swept(&origin.at("../shared"));
    assert!(story(finding(&report, &key)).in_head);
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
fn going_on_reads_only_what_came_since() {
    let repository = Repository::new();
    let keys: Vec<String> = (50..56).map(sendgrid_key).collect();
    repository.write("deep/er/a.js", line(&keys[0]));
    repository.write("b.js", "// b\n");
    repository.commit("old");
    let since = |state: Option<State>| {
        let surroundings = Surroundings { cwd: repository.path().to_path_buf(), ..Surroundings::default() };
        let options = Options { since: state, ..Options::default() };
        sweep(&surroundings, support::quiet_scan(), &options, &Progress::default()).expect("it can be swept")
    };
    let first = since(None);
    let again = since(Some(first.state.clone()));
    assert_eq!((again.report.findings.len(), again.report.coverage.blobs), (0, 0));

    // The old secret moves inside its file; new ones come by a file, a merge, a message, a tag and a note.
    repository.write("deep/er/a.js", format!("// moved\n{}{}", line(&keys[0]), line(&keys[1])));
    let brought = repository.commit("new");
    repository.git(["checkout", "--quiet", "-b", "side", "HEAD~1"]);
    repository.write("c.js", line(&keys[2]));
    repository.commit(&line(&keys[3]));
    repository.git(["checkout", "--quiet", "main"]);
    repository.git(["merge", "--quiet", "-m", "merge", "side"]);
    repository.git(["tag", "-a", "-m", &line(&keys[4]), "v1"]);
    repository.git(["notes", "add", "-m", &line(&keys[5])]);
    let second = since(Some(first.state.clone())).report;
    assert!(of_key(&second, &keys[0]).is_empty(), "it was there before");
    for key in &keys[1..] {
        finding(&second, key);
    }
    assert_eq!(introduced(finding(&second, &keys[1])), [brought.as_str()]);
    assert_eq!((second.coverage.commits, second.coverage.blobs), (4, 3));
    let whole = since(None).report;
    for key in &keys[1..] {
        assert_eq!(in_full(finding(&second, key)), in_full(finding(&whole, key)));
    }

    let other = State { rules: "others".into(), ..first.state.clone() };
    let full = since(Some(other)).report;
    assert_eq!(shown(&full), shown(&whole));
    assert!(matches!(full.coverage.history.map(|h| h.extent), Some(Extent::FullAgain(_))));
    repository.git(["checkout", "--quiet", "--orphan", "fresh"]);
    repository.commit("fresh");
    for name in ["refs/heads/main", "refs/heads/side", "refs/tags/v1", "refs/notes/commits"] {
        repository.git(["update-ref", "-d", name]);
    }
    repository.git(["reflog", "expire", "--expire=now", "--all"]);
    repository.git(["gc", "--quiet", "--prune=now"]);
    let lost = since(Some(first.state)).report;
    assert!(matches!(lost.coverage.history.map(|h| h.extent), Some(Extent::FullAgain(why)) if why.contains("gone")));
}

#[test]
fn shards_together_find_what_the_whole_finds() {
    let repository = Repository::new();
    let text = |version: u32| (0..60).map(|n| format!("line {}\n", n * version)).collect::<String>();
    for version in 0..24u32 {
        let key = sendgrid_key(60 + u64::from(version / 4));
        let middle = if version % 4 == 3 { String::new() } else { line(&key) };
        repository.write("src/a.js", text(1) + &middle + &format!("// {version}\n") + &text(2));
        repository.write(format!("b{}.js", version % 3), text(3) + &line(&sendgrid_key(80 + u64::from(version % 5))));
        repository.commit(&format!("version {version}\n\n{}", line(&sendgrid_key(90 + u64::from(version % 2)))));
    }
    repository.write("sendgrid.env", "PORT=1\n");
    repository.commit("a name");
    repository.git(["repack", "-adfq"]);
    let whole = swept(&repository);
    let all: BTreeSet<String> = shown(&whole).into_iter().collect();
    for parts in [2, 5] {
        let mut together = BTreeSet::new();
        let (mut blobs, mut commits) = (0, 0);
        for part in 1..=parts {
            let shard = format!("{part}/{parts}").parse().expect("it is a part");
            let report = swept_with(&repository, &Options { shard, ..Options::default() });
            together.extend(shown(&report));
            blobs += report.coverage.blobs;
            commits += report.coverage.commits;
        }
        let differing: Vec<&String> = together.symmetric_difference(&all).collect();
        assert!(differing.is_empty(), "{differing:#?}");
        assert_eq!((blobs, commits), (whole.coverage.blobs, whole.coverage.commits));
    }
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
fn grafts_hide_no_commit() {
    let repository = Repository::new();
    let key = sendgrid_key(70);
    repository.write("a.js", line(&key));
    let first = repository.commit("leak");
    repository.write("a.js", "mended\n");
    let second = repository.commit("mend");
    repository.write(".git/info/grafts", format!("{second}\n"));
    let report = swept(&repository);
    let found = finding(&report, &key);
    assert_eq!((introduced(found), removed(found)), (vec![first.as_str()], vec![second.as_str()]));
    assert!(story(found).reachable);
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

#[test]
fn what_lies_in_quarantine_is_swept_with_its_alternates() {
    let repository = Repository::new();
    let (old, new) = (sendgrid_key(74), sendgrid_key(75));
    repository.write("a.js", line(&old));
    repository.commit("old");
    let quarantine = repository.beside("quarantine");
    std::fs::create_dir_all(&quarantine).expect("the folder is new");
    repository.write("../new.js", line(&new));
    let objects = repository.path().join(".git/objects");
    let output = repository
        .command("git")
        .args(["hash-object", "-w", "../new.js"])
        .env("GIT_OBJECT_DIRECTORY", &quarantine)
        .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", &objects)
        .output()
        .expect("git can be started");
    assert!(output.status.success());
    let output = repository
        .command(env!("CARGO_BIN_EXE_unleak"))
        .args(["history", "--format", "json", "--exit-zero"])
        .env("GIT_OBJECT_DIRECTORY", &quarantine)
        .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", &objects)
        .output()
        .expect("the program can be started");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let found = report["findings"].as_array().expect("it is a list");
    let ids: Vec<&str> = found.iter().filter_map(|finding| finding["key_id"].as_str()).collect();
    assert!([&old, &new].iter().all(|key| ids.contains(&&key[3..25])), "{ids:?}");
}

#[test]
fn a_sweep_explains_what_it_dismissed() {
    let repository = Repository::new();
    let key = sendgrid_key(76);
    repository.write("a.js", line(&key).trim_end().to_owned() + " // unleak:allow sendgrid-api-key it is a sample\n");
    repository.commit("allowed");
    let output = repository.unleak(["history", "--explain"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("it is a sample") && !text.contains(&key[26..]), "{text}");
}

#[test]
fn people_are_told_the_worst_first_and_one_secret_once() {
    let repository = Repository::new();
    let key = sendgrid_key(3);
    repository.write("a.yml", "admin_password: Kestrel77\n");
    repository.write("b.js", line(&key));
    repository.write("c/d.js", line(&key));
    repository.commit("add");
    let told = String::from_utf8(repository.unleak(["history"]).stdout).expect("it is UTF-8");
    let places = |rule: &str| told.matches(&format!("[{rule}]")).count();
    assert_eq!((places("sendgrid-api-key"), places("generic-password")), (1, 1), "{told}");
    assert!(told.starts_with("critical[sendgrid-api-key]"), "{told}");
    assert!(told.contains("also: the same at 1 more place: c/d.js:1:11"), "{told}");
    assert!(told.contains("3 findings of 2 secrets: "), "{told}");
}
