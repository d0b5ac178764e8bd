//! Pushes: to branches old, new and rewritten, and of tags.

use crate::Case;
use crate::support::action::{Job, Outcome};
use crate::world::{Depth, World, ZEROS, leak, leaking_topic};

pub const CASES: &[Case] = &[
    Case {
        event: "push",
        state: "one commit more, which leaks",
        found: &["mail.py"],
        exit: 1,
        run: |world| leaking_push(world, Depth::Full),
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
        run: |world| leaking_push(world, Depth::Commits(1)),
        range: "refused",
    },
    Case {
        event: "push",
        state: "shallow checkout, but deep enough",
        found: &["mail.py"],
        exit: 1,
        run: |world| leaking_push(world, Depth::Commits(2)),
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
];

/// A push of one commit to main, m4, which leaks, in a checkout of some depth.
fn leaking_push(world: &World, depth: Depth) -> Outcome {
    world.switch("main");
    world.commit("m4", "mail.py", &leak(3));
    world.push(&["main"]);
    world.pushed("main", &world.id("m3"), depth).run()
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
