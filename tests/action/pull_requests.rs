//! Pull requests: what they bring, from where, in which checkouts.

use crate::Case;
use crate::support::action::Job;
use crate::world::{Depth, World, leak, leaking_topic};

pub const CASES: &[Case] = &[
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
        event: "pull_request",
        state: "brings a leak and a configuration that allows it",
        found: &["mail.py"],
        exit: 1,
        run: |world| allowing_topic(world).run(),
        range: "what the pull request brings (m3..t2)",
    },
    Case {
        event: "pull_request",
        state: "the same, with `own-config: true`",
        found: &[],
        exit: 0,
        run: |world| allowing_topic(world).with("own-config", "true").run(),
        range: "what the pull request brings (m3..t2)",
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
];

/// The topic leaks and excludes the file from what is scanned.
fn allowing_topic(world: &World) -> Job<'_> {
    leaking_topic(world);
    world.commit("t2", "unleak.toml", "[scan]\nexclude = [\"mail.py\"]\n");
    world.pull_request("m3", Depth::Full)
}

/// The base is checked out, and the head of the pull request is in a fork.
fn fork_target(world: &World) -> Job<'_> {
    leaking_topic(world);
    world.git(["update-ref", "refs/pull/7/head", "topic"]);
    world.push(&["refs/pull/7/head"]);
    let payload = world.pull_request_payload("m3", "fork/r");
    world.job("refs/heads/main", Depth::Full, "pull_request_target", payload)
}
