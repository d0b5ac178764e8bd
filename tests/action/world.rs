//! A repository on GitHub, and the checkouts that a runner makes of it.

use crate::support::action::{Job, Outcome};
use crate::support::{Repository, sendgrid_key};
use serde_json::{Value, json};
use std::path::PathBuf;

pub const ZEROS: &str = "0000000000000000000000000000000000000000";
pub fn leak(number: u64) -> String {
    format!("client = SendGridAPIClient(\"{}\")\n", sendgrid_key(number))
}

/// A repository on GitHub, as its owner sees it, and the names that its commits go by here.
pub struct World {
    pub repository: Repository,
    names: std::cell::RefCell<Vec<(String, &'static str)>>,
}

/// How much a checkout brings along.
#[derive(Clone, Copy, PartialEq)]
pub enum Depth {
    Full,
    Commits(u32),
}

impl World {
    /// `main` has a leak of long ago, m1, and a newer one, m3, which came after `topic` had left it.
    pub fn new() -> World {
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

    pub fn remote(&self) -> PathBuf {
        self.repository.beside("remote.git")
    }

    pub fn git<A: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        self.repository.git(arguments)
    }

    /// The id of a commit by the name that it goes by here, or of what Git knows by that name.
    pub fn id(&self, revision: &str) -> String {
        let known = self.names.borrow().iter().find(|(_, name)| *name == revision).map(|(id, _)| id.clone());
        known.unwrap_or_else(|| self.git(["rev-parse", revision]))
    }

    pub fn named(&self, name: &'static str, id: String) -> String {
        self.names.borrow_mut().push((id.clone(), name));
        id
    }

    pub fn commit(&self, name: &'static str, path: &str, text: &str) -> String {
        self.repository.write(path, text);
        let id = self.repository.commit(name);
        self.named(name, id)
    }

    pub fn switch(&self, branch: &str) {
        self.git(["checkout", "--quiet", branch]);
    }

    /// Pushes, and overwrites what was there.
    pub fn push(&self, refs: &[&str]) {
        let remote = self.remote().display().to_string();
        self.git([&["push", "--quiet", "--force", &remote], refs].concat());
    }

    /// What actions/checkout makes of a ref: a clone that stands on it, detached.
    pub fn checkout(&self, reference: &str, depth: Depth) -> PathBuf {
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

    pub fn job(&self, reference: &str, depth: Depth, event: &str, payload: Value) -> Job<'_> {
        let mut job = Job::new(&self.repository, self.checkout(reference, depth), event, payload);
        job.commit_id = self.id(&format!("{reference}^{{commit}}"));
        job
    }

    /// Makes `refs/pull/7/head` and the merge that GitHub tries out, and a job for the pull request of `topic`.
    pub fn pull_request(&self, base: &str, depth: Depth) -> Job<'_> {
        let merge = self.try_merge();
        self.job(&merge, depth, "pull_request", self.pull_request_payload(base, "o/r"))
    }

    pub fn try_merge(&self) -> String {
        self.git(["checkout", "--quiet", "--detach", "main"]);
        self.git(["merge", "--quiet", "--no-ff", "--no-edit", "topic"]);
        self.git(["update-ref", "refs/pull/7/merge", "HEAD"]);
        self.git(["update-ref", "refs/pull/7/head", "topic"]);
        self.named("merge", self.id("HEAD"));
        self.push(&["topic", "refs/pull/7/head", "refs/pull/7/merge"]);
        "refs/pull/7/merge".to_owned()
    }

    pub fn pull_request_payload(&self, base: &str, from: &str) -> Value {
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

    pub fn push_payload(&self, reference: &str, before: &str, after: &str) -> Value {
        json!({
            "ref": reference, "before": before, "after": after,
            "created": before == ZEROS, "deleted": after == ZEROS, "forced": false, "commits": [],
            "repository": {"full_name": "o/r", "default_branch": "main"},
        })
    }

    /// A job for a push to a branch that has happened: from what it was to what it is.
    pub fn pushed(&self, branch: &str, before: &str, depth: Depth) -> Job<'_> {
        let reference = format!("refs/heads/{branch}");
        let payload = self.push_payload(&reference, before, &self.id(branch));
        self.job(&reference, depth, "push", payload)
    }

    /// The log's line about what is scanned, with names for ids.
    pub fn range(&self, outcome: &Outcome) -> String {
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

/// A topic of one commit, t1, which leaks.
pub fn leaking_topic(world: &World) {
    world.switch("topic");
    world.commit("t1", "mail.py", &leak(3));
}
