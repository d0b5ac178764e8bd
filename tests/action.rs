//! The GitHub Action: every `run:` step of `action.yml` with each event's payload, on real clones.

#![cfg(unix)]

mod support;

use serde_json::{Value, json};
use std::path::PathBuf;
use support::action::{Job, Outcome};
use support::{Repository, sendgrid_key};

const ZEROS: &str = "0000000000000000000000000000000000000000";
/// The line that a shallow checkout has to be told.
const FULL: &str = "fetch-depth: 0";

fn leak(number: u64) -> String {
    format!("client = SendGridAPIClient(\"{}\")\n", sendgrid_key(number))
}

/// A repository on GitHub, as its owner sees it, and the names that its commits go by here.
struct World {
    repository: Repository,
    names: std::cell::RefCell<Vec<(String, &'static str)>>,
}

/// How much a checkout brings along.
#[derive(Clone, Copy, PartialEq)]
enum Depth {
    Full,
    Commits(u32),
}

impl World {
    /// `main` has a leak of long ago, m1, and a newer one, m3, which came after `topic` had left it.
    fn new() -> World {
        let world = World { repository: Repository::new(), names: Vec::new().into() };
        let remote = world.remote();
        world.git(["init", "--quiet", "--bare", "--initial-branch=main", &remote.to_string_lossy()]);
        // As on GitHub, any commit can be had by its id.
        for name in ["uploadpack.allowAnySHA1InWant", "uploadpack.allowFilter"] {
            world.git(["--git-dir", &remote.to_string_lossy(), "config", name, "true"]);
        }
        world.commit("m0", "readme", "hello\n");
        world.commit("m1", "old.py", &leak(1));
        world.commit("m2", "readme", "hello again\n");
        world.git(["branch", "topic"]);
        world.commit("m3", "later.py", &leak(2));
        world.push(&["main"]);
        world
    }

    fn remote(&self) -> PathBuf {
        self.repository.beside("remote.git")
    }

    fn git<A: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        self.repository.git(arguments)
    }

    /// The id of a commit by the name that it goes by here, or of what Git knows by that name.
    fn id(&self, revision: &str) -> String {
        let known = self.names.borrow().iter().find(|(_, name)| *name == revision).map(|(id, _)| id.clone());
        known.unwrap_or_else(|| self.git(["rev-parse", revision]))
    }

    fn named(&self, name: &'static str, id: String) -> String {
        self.names.borrow_mut().push((id.clone(), name));
        id
    }

    fn commit(&self, name: &'static str, path: &str, text: &str) -> String {
        self.repository.write(path, text);
        let id = self.repository.commit(name);
        self.named(name, id)
    }

    fn switch(&self, branch: &str) {
        self.git(["checkout", "--quiet", branch]);
    }

    /// Pushes, and overwrites what was there.
    fn push(&self, refs: &[&str]) {
        let remote = self.remote().display().to_string();
        self.git([&["push", "--quiet", "--force", &remote], refs].concat());
    }

    /// What actions/checkout makes of a ref: a clone that stands on it, detached.
    fn checkout(&self, reference: &str, depth: Depth) -> PathBuf {
        let folder = self.repository.beside("workspace");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).expect("the folder can be made");
        let clone = self.repository.at(&folder);
        clone.git(["init", "--quiet", "--initial-branch=main"]);
        clone.git(["remote", "add", "origin", &format!("file://{}", self.remote().display())]);
        let id = self.id(reference);
        let own = match reference.strip_prefix("refs/heads/") {
            Some(branch) => format!("+{id}:refs/remotes/origin/{branch}"),
            None if reference.starts_with("refs/tags/") => format!("+{reference}:{reference}"),
            None => format!("+{id}:refs/remotes/{}", reference.trim_start_matches("refs/")),
        };
        let fetch = ["fetch", "--quiet", "--no-tags"];
        match depth {
            Depth::Commits(count) => clone.git([&fetch[..], &[&format!("--depth={count}"), "origin", &own]].concat()),
            Depth::Full => {
                let all = ["origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];
                clone.git([&fetch[..], &all[..]].concat());
                clone.git([&fetch[..], &["origin", &own]].concat())
            }
        };
        clone.git(["checkout", "--quiet", "--detach", &id]);
        folder
    }

    fn job(&self, reference: &str, depth: Depth, event: &str, payload: Value) -> Job<'_> {
        let mut job = Job::new(&self.repository, self.checkout(reference, depth), event, payload);
        job.commit_id = self.id(&format!("{reference}^{{commit}}"));
        job
    }

    /// Makes `refs/pull/7/head` and the merge that GitHub tries out, and a job for the pull request of `topic`.
    fn pull_request(&self, base: &str, depth: Depth) -> Job<'_> {
        let merge = self.try_merge();
        self.job(&merge, depth, "pull_request", self.pull_request_payload(base, "o/r"))
    }

    fn try_merge(&self) -> String {
        self.git(["checkout", "--quiet", "--detach", "main"]);
        self.git(["merge", "--quiet", "--no-ff", "--no-edit", "topic"]);
        self.git(["update-ref", "refs/pull/7/merge", "HEAD"]);
        self.git(["update-ref", "refs/pull/7/head", "topic"]);
        self.named("merge", self.id("HEAD"));
        self.push(&["topic", "refs/pull/7/head", "refs/pull/7/merge"]);
        "refs/pull/7/merge".to_owned()
    }

    fn pull_request_payload(&self, base: &str, from: &str) -> Value {
        let repository = |name: &str| json!({"full_name": name, "fork": name != "o/r"});
        json!({
            "action": "synchronize", "number": 7,
            "pull_request": {
                "number": 7,
                "base": {"ref": "main", "sha": self.id(base), "repo": repository("o/r")},
                "head": {"ref": "topic", "sha": self.id("topic"), "repo": repository(from)},
            },
            "repository": {"full_name": "o/r", "default_branch": "main"},
        })
    }

    fn push_payload(&self, reference: &str, before: &str, after: &str) -> Value {
        json!({
            "ref": reference, "before": before, "after": after,
            "created": before == ZEROS, "deleted": after == ZEROS, "forced": false, "commits": [],
            "repository": {"full_name": "o/r", "default_branch": "main"},
        })
    }

    /// A job for a push to a branch that has happened: from what it was to what it is.
    fn pushed(&self, branch: &str, before: &str, depth: Depth) -> Job<'_> {
        let reference = format!("refs/heads/{branch}");
        let payload = self.push_payload(&reference, before, &self.id(branch));
        self.job(&reference, depth, "push", payload)
    }

    /// The log's line about what is scanned, with names for ids.
    fn range(&self, outcome: &Outcome) -> String {
        let line = outcome.log.lines().find_map(|line| line.strip_prefix("unleak scans "));
        let mut text = match line {
            Some(line) => line.to_owned(),
            None if outcome.outputs["state"] == "nothing" => "nothing".to_owned(),
            None => "refused".to_owned(),
        };
        for (id, name) in self.names.borrow().iter() {
            text = text.replace(id, name);
        }
        text
    }
}

/// Which files the annotations point to; a message is in none.
fn annotated(outcome: &Outcome) -> Vec<String> {
    let lines = outcome.log.lines().filter(|line| line.starts_with("::error ") || line.starts_with("::warning "));
    let lines = lines.filter(|line| !line.contains("title=unleak"));
    let mut files: Vec<String> = lines
        .map(|line| match line.split_once("file=") {
            Some((_, rest)) => rest.split([',', ':']).next().unwrap_or_default().to_owned(),
            None => "a message".to_owned(),
        })
        .collect();
    files.sort();
    files
}

/// A row of the table: what happened in which checkout, and what has to come of it.
struct Case {
    event: &'static str,
    state: &'static str,
    /// The files that are reported; none: clean.
    found: &'static [&'static str],
    exit: i32,
    run: fn(&World) -> Outcome,
    range: &'static str,
}

#[track_caller]
fn assert_told(case: &Case, outcome: &Outcome) {
    let what = format!("{}, {}: {outcome:#?}", case.event, case.state);
    assert_eq!(outcome.exit, Some(case.exit), "{what}");
    assert_eq!(outcome.passed, case.exit == 0, "{what}");
    assert_eq!(outcome.outputs["exit-code"], case.exit.to_string(), "{what}");
    assert_eq!(annotated(outcome), case.found, "{what}");
    for number in 0..9 {
        let secret = &sendgrid_key(number)[27..];
        assert!(!outcome.log.contains(secret) && !outcome.summary.contains(secret), "a secret was told: {what}");
    }
    if case.exit == 2 {
        assert!(outcome.log.contains(FULL) && outcome.summary.contains(FULL), "{what}");
        assert!(["error", "incomplete"].contains(&outcome.outputs["state"].as_str()), "{what}");
        return;
    }
    assert_eq!(outcome.outputs["findings"], case.found.len().to_string(), "{what}");
    let state = match (case.exit, case.range) {
        (1, _) => "findings",
        (_, "nothing") => "nothing",
        _ => "clean",
    };
    assert_eq!(outcome.outputs["state"], state, "{what}");
    for file in case.found.iter().filter(|file| file.contains('.')) {
        assert!(outcome.summary.contains(&file.replace('_', "&#95;")), "the summary lacks {file}: {what}");
    }
}

/// A topic of one commit, t1, which leaks.
fn leaking_topic(world: &World) {
    world.switch("topic");
    world.commit("t1", "mail.py", &leak(3));
}

const CASES: &[Case] = &[
    Case {
        event: "pull_request",
        state: "brings a leak; its base has an older one and a newer one",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            leaking_topic(world);
            world.pull_request("m3", Depth::Full).run()
        },
        range: "what the pull request brings (m3..t1)",
    },
    Case {
        event: "pull_request",
        state: "brings no leak",
        found: &[],
        exit: 0,
        run: |world| {
            world.switch("topic");
            world.commit("t1", "mail.py", "x = 1\n");
            world.pull_request("m3", Depth::Full).run()
        },
        range: "what the pull request brings (m3..t1)",
    },
    Case {
        event: "pull_request",
        state: "leaks in the first of 40 commits, and removes it in the second",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            leaking_topic(world);
            world.commit("t2", "mail.py", "x = 1\n");
            for number in 3..=40 {
                world.repository.write("count", format!("{number}\n"));
                world.repository.commit("more");
            }
            world.named("t40", world.id("topic"));
            world.pull_request("m3", Depth::Full).run()
        },
        range: "what the pull request brings (m3..t40)",
    },
    Case {
        event: "pull_request",
        state: "the base in the event is old; the base's newer leak was merged in",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            leaking_topic(world);
            world.git(["merge", "--quiet", "--no-edit", "main"]);
            world.named("t2", world.id("topic"));
            world.pull_request("m2", Depth::Full).run()
        },
        range: "what the pull request brings (m2..t2 ^m3)",
    },
    Case {
        event: "pull_request",
        state: "the leak stands only in the merge of its own",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            world.switch("topic");
            world.commit("t1", "mail.py", "x = 1\n");
            world.git(["merge", "--quiet", "--no-commit", "main"]);
            world.commit("t2", "mail.py", &leak(3));
            world.pull_request("m3", Depth::Full).run()
        },
        range: "what the pull request brings (m3..t2)",
    },
    Case {
        event: "pull_request",
        state: "merged before the job ran",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            leaking_topic(world);
            let merge = world.try_merge();
            let payload = world.pull_request_payload("m3", "o/r");
            world.switch("main");
            world.git(["merge", "--quiet", "--ff-only", &merge]);
            world.push(&["main"]);
            world.job(&merge, Depth::Full, "pull_request", payload).run()
        },
        range: "what the pull request brings (m3..t1)",
    },
    Case {
        event: "pull_request",
        state: "shallow checkout",
        found: &[],
        exit: 2,
        run: |world| {
            leaking_topic(world);
            world.pull_request("m3", Depth::Commits(1)).run()
        },
        range: "refused",
    },
    Case {
        event: "pull_request",
        state: "shallow checkout, but deep enough",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            leaking_topic(world);
            world.pull_request("m3", Depth::Commits(3)).run()
        },
        range: "what the pull request brings (m3..t1)",
    },
    Case {
        event: "pull_request_target",
        state: "from a fork; only the base was checked out, the head is fetched",
        found: &["mail.py"],
        exit: 1,
        run: |world| fork_target(world).run(),
        range: "what the pull request brings (m3..t1)",
    },
    Case {
        event: "pull_request_target",
        state: "from a fork; the head cannot be fetched",
        found: &[],
        exit: 2,
        run: |world| {
            let job = fork_target(world);
            world.repository.at(&job.workspace).git(["remote", "set-url", "origin", "file:///nowhere"]);
            job.run()
        },
        range: "refused",
    },
    Case {
        event: "push",
        state: "one commit more, which leaks",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            world.switch("main");
            world.commit("m4", "mail.py", &leak(3));
            world.push(&["main"]);
            world.pushed("main", &world.id("m3"), Depth::Full).run()
        },
        range: "what the push brings (m3..m4)",
    },
    Case {
        event: "push",
        state: "one commit more, which is clean",
        found: &[],
        exit: 0,
        run: |world| {
            world.switch("main");
            world.commit("m4", "mail.py", "x = 1\n");
            world.push(&["main"]);
            world.pushed("main", &world.id("m3"), Depth::Full).run()
        },
        range: "what the push brings (m3..m4)",
    },
    Case {
        event: "push",
        state: "shallow checkout",
        found: &[],
        exit: 2,
        run: |world| {
            world.switch("main");
            world.commit("m4", "mail.py", &leak(3));
            world.push(&["main"]);
            world.pushed("main", &world.id("m3"), Depth::Commits(1)).run()
        },
        range: "refused",
    },
    Case {
        event: "push",
        state: "shallow checkout, but deep enough",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            world.switch("main");
            world.commit("m4", "mail.py", &leak(3));
            world.push(&["main"]);
            world.pushed("main", &world.id("m3"), Depth::Commits(2)).run()
        },
        range: "what the push brings (m3..m4)",
    },
    Case {
        event: "push",
        state: "new branch",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            leaking_topic(world);
            world.push(&["topic"]);
            world.pushed("topic", ZEROS, Depth::Full).run()
        },
        range: "a new ref: what `main` does not have (t1 ^m3)",
    },
    Case {
        event: "push",
        state: "new branch, shallow checkout",
        found: &[],
        exit: 2,
        run: |world| {
            leaking_topic(world);
            world.push(&["topic"]);
            world.pushed("topic", ZEROS, Depth::Commits(1)).run()
        },
        range: "refused",
    },
    Case {
        event: "push",
        state: "new branch without a commit of its own",
        found: &[],
        exit: 0,
        run: |world| {
            world.push(&["topic"]);
            world.pushed("topic", ZEROS, Depth::Full).run()
        },
        range: "a new ref: what `main` does not have (m2 ^m3)",
    },
    Case {
        event: "push",
        state: "new branch that has no commit in common with others",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            world.git(["checkout", "--quiet", "--orphan", "pages"]);
            world.git(["rm", "-r", "--quiet", "--force", "."]);
            world.commit("p1", "mail.py", &leak(3));
            world.commit("p2", "index.html", "hello\n");
            world.push(&["pages"]);
            world.pushed("pages", ZEROS, Depth::Full).run()
        },
        range: "a new ref: what `main` does not have (p2 ^m3)",
    },
    Case {
        event: "push",
        state: "the first branch of a new repository",
        found: &["later.py", "old.py"],
        exit: 1,
        run: |world| world.pushed("main", ZEROS, Depth::Full).run(),
        range: "a new ref: everything that it reaches (m3)",
    },
    Case {
        event: "push",
        state: "force-push; what was there can still be fetched",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            let before = rewritten_topic(world);
            world.pushed("topic", &before, Depth::Full).run()
        },
        range: "what the push brings (t1..u2)",
    },
    Case {
        event: "push",
        state: "force-push; what was there is gone",
        found: &["mail.py", "other.py"],
        exit: 1,
        run: |world| {
            rewritten_topic(world);
            world.pushed("topic", &"1".repeat(40), Depth::Full).run()
        },
        range: "a force-push: what `main` does not have (u2 ^m3)",
    },
    Case {
        event: "push",
        state: "force-push to the default branch; what was there is gone",
        found: &["mail.py", "old.py"],
        exit: 1,
        run: |world| {
            world.switch("main");
            world.git(["reset", "--quiet", "--hard", "HEAD~1"]);
            world.commit("m4", "mail.py", &leak(3));
            world.push(&["main"]);
            world.pushed("main", &"1".repeat(40), Depth::Full).run()
        },
        range: "a force-push: everything that it reaches (m4)",
    },
    Case {
        event: "push",
        state: "a branch was deleted",
        found: &[],
        exit: 0,
        run: |world| {
            let payload = world.push_payload("refs/heads/topic", &world.id("m2"), ZEROS);
            world.job("refs/heads/main", Depth::Full, "push", payload).run()
        },
        range: "nothing",
    },
    Case {
        event: "push",
        state: "a tag of a commit that no branch has",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            leaking_topic(world);
            world.git(["tag", "v1"]);
            tagged(world).run()
        },
        range: "a new ref: what `main` does not have (t1 ^m3)",
    },
    Case {
        event: "push",
        state: "a tag of what `main` has",
        found: &[],
        exit: 0,
        run: |world| {
            world.git(["tag", "v1", "main"]);
            tagged(world).run()
        },
        range: "a new ref: what `main` does not have (m3 ^m3)",
    },
    Case {
        event: "push",
        state: "an annotated tag whose message leaks",
        found: &["a message"],
        exit: 1,
        run: |world| {
            world.git(["tag", "--annotate", "--message", &leak(3), "v1", "main"]);
            world.named("v1", world.git(["rev-parse", "v1"]));
            tagged(world).run()
        },
        range: "a new ref: what `main` does not have (v1 ^m3)",
    },
    Case {
        event: "merge_group",
        state: "brings a leak",
        found: &["mail.py"],
        exit: 1,
        run: |world| {
            leaking_topic(world);
            world.git(["checkout", "--quiet", "-b", "gh-readonly-queue/main/pr-7", "main"]);
            world.git(["merge", "--quiet", "--no-ff", "--no-edit", "topic"]);
            world.named("queued", world.id("HEAD"));
            world.push(&["HEAD"]);
            let payload = json!({"action": "checks_requested", "merge_group": {
                "base_sha": world.id("m3"), "base_ref": "refs/heads/main",
                "head_sha": world.id("HEAD"), "head_ref": "refs/heads/gh-readonly-queue/main/pr-7",
            }});
            world.job("refs/heads/gh-readonly-queue/main/pr-7", Depth::Full, "merge_group", payload).run()
        },
        range: "what the merge group brings (m3..queued)",
    },
    Case {
        event: "schedule",
        state: "full clone",
        found: &["later.py", "old.py"],
        exit: 1,
        run: |world| world.job("refs/heads/main", Depth::Full, "schedule", json!({"schedule": "0 5 * * 1"})).run(),
        range: "the whole history",
    },
    Case {
        event: "schedule",
        state: "shallow checkout",
        found: &["later.py", "old.py"],
        exit: 2,
        run: |world| {
            world.job("refs/heads/main", Depth::Commits(1), "schedule", json!({"schedule": "0 5 * * 1"})).run()
        },
        range: "the whole history",
    },
    Case {
        event: "workflow_dispatch",
        state: "full clone",
        found: &["later.py", "old.py"],
        exit: 1,
        run: |world| world.job("refs/heads/main", Depth::Full, "workflow_dispatch", json!({"inputs": null})).run(),
        range: "the whole history",
    },
    Case {
        event: "workflow_dispatch",
        state: "`base` is given",
        found: &["later.py"],
        exit: 1,
        run: |world| {
            let job = world.job("refs/heads/main", Depth::Full, "workflow_dispatch", json!({}));
            job.with("base", &world.id("m2")).run()
        },
        range: "what `base` and `head` ask for (m2..HEAD)",
    },
    Case {
        event: "release",
        state: "full clone, as with any event that brings nothing",
        found: &["later.py", "old.py"],
        exit: 1,
        run: |world| {
            world.job("refs/heads/main", Depth::Full, "release", json!({"action": "published", "release": {}})).run()
        },
        range: "the whole history",
    },
    Case {
        event: "any",
        state: "`scan: files`; a shallow checkout will do",
        found: &["later.py", "old.py"],
        exit: 1,
        run: |world| {
            let job = world.pushed("main", &world.id("m2"), Depth::Commits(1));
            job.with("scan", "files").run()
        },
        range: "the files of the checkout",
    },
];

/// The base is checked out, and the head of the pull request is in a fork.
fn fork_target(world: &World) -> Job<'_> {
    leaking_topic(world);
    world.git(["update-ref", "refs/pull/7/head", "topic"]);
    world.push(&["refs/pull/7/head"]);
    let payload = world.pull_request_payload("m3", "fork/r");
    world.job("refs/heads/main", Depth::Full, "pull_request_target", payload)
}

/// A topic whose last commit was replaced; gives what it was.
fn rewritten_topic(world: &World) -> String {
    world.switch("topic");
    world.commit("u1", "other.py", &leak(4));
    let before = world.commit("t1", "mail.py", "x = 1\n");
    world.push(&["topic"]);
    world.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    world.commit("u2", "mail.py", &leak(3));
    world.push(&["topic"]);
    before
}

fn tagged(world: &World) -> Job<'_> {
    world.push(&["v1"]);
    let payload = world.push_payload("refs/tags/v1", ZEROS, &world.id("v1"));
    world.job("refs/tags/v1", Depth::Full, "push", payload)
}

#[test]
fn each_event_scans_its_own_range() {
    let mut table = String::from("| Event | Checkout | Scanned | Exit status |\n|---|---|---|---|\n");
    let rows = in_turns(CASES, |case| {
        let world = World::new();
        let outcome = (case.run)(&world);
        assert_told(case, &outcome);
        assert_eq!(world.range(&outcome), case.range, "{}, {}", case.event, case.state);
        let range = match case.range.rsplit_once(" (") {
            Some((words, range)) => format!("{words}: `{}`", range.trim_end_matches(')')),
            None => case.range.to_owned(),
        };
        format!("| `{}` | {} | {range} | {} |\n", case.event, case.state, case.exit)
    });
    table.extend(rows);
    support::docs::assert_says("docs/github-action.md", "events", &table);
}

/// Two at a time, all of them though one fails, and what comes of them in their order.
fn in_turns<T: Sync, R: Send>(all: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let one = |case: &T| std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(case))).ok();
    let (first, second) = all.split_at(all.len().div_ceil(2));
    let results: Vec<Option<R>> = std::thread::scope(|scope| {
        let other = scope.spawn(|| second.iter().map(one).collect::<Vec<_>>());
        let mut results: Vec<Option<R>> = first.iter().map(one).collect();
        results.extend(other.join().expect("panics are caught"));
        results
    });
    let failed = results.iter().filter(|result| result.is_none()).count();
    assert_eq!(failed, 0, "so many cases failed; each says why above");
    results.into_iter().flatten().collect()
}
