//! Merge groups, schedules, runs by hand and the like.

use crate::Case;
use crate::world::{Depth, leaking_topic};
use serde_json::json;

pub const CASES: &[Case] = &[
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
