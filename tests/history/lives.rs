//! Where a secret stood, when it came and went, and which refs lead to it.

use crate::support::{Repository, sendgrid_key};
use crate::{finding, introduced, line, of_key, removed, story, swept};
use unleak::document::Aspect;

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
fn of_many_refs_a_hundred_are_named_branches_first_and_the_others_counted() {
    let repository = Repository::new();
    let key = sendgrid_key(49);
    repository.write("a.js", line(&key));
    repository.commit("leak");
    let refs: String = (0..130).map(|n| format!("reset refs/changes/{n}\nfrom refs/heads/main\n\n")).collect();
    repository.import(&refs);
    let report = swept(&repository);
    let story = story(finding(&report, &key));
    assert_eq!((story.refs.len(), story.refs_omitted), (100, 31));
    assert_eq!(story.refs[0], "refs/heads/main");
    let told = String::from_utf8(repository.unleak(["history"]).stdout).expect("it is UTF-8");
    assert!(told.contains("refs/heads/main and 130 more refs lead to it"), "{told}");
}

#[test]
fn what_a_refused_commit_left_behind_is_told_as_local_and_goes_with_gc() {
    let repository = Repository::new();
    repository.commit("begin");
    repository.write("a.js", line(&sendgrid_key(48)));
    repository.git(["add", "a.js"]);
    // As Git does before it asks the hook that refuses.
    repository.git(["write-tree"]);
    repository.write("a.js", "apiKey = process.env.SENDGRID_API_KEY\n");
    repository.commit("mended");
    let output = repository.unleak(["history"]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("= history: no commit that is left has it; no ref leads to it"), "{told}");
    assert!(told.contains("in this clone alone, as after a refused commit"), "{told}");
    assert!(told.contains("`git gc --prune=now`"), "{told}");
    repository.git(["gc", "--quiet", "--prune=now"]);
    assert_eq!(repository.unleak(["history"]).status.code(), Some(0));
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
