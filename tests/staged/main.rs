//! What is staged, on real repositories.

mod changes;
mod places;
#[path = "../support/mod.rs"]
mod support;

use support::sources::{left_out, places, refused, report, selected, staged, within};
use support::{Repository, sendgrid_key};
use unleak::document::Aspect;
use unleak::source::{Error, Selection, Surroundings};

/// A line that leaks.
fn leak(number: u64) -> String {
    format!("key = \"{}\"\n", sendgrid_key(number))
}

/// A file of some lines that are all different.
fn lines(name: &str) -> String {
    (0..20).map(|n| format!("{name} {n}\n")).collect()
}

/// A repository with one commit.
fn repository() -> Repository {
    with_commit(Repository::new())
}

fn with_commit(repository: Repository) -> Repository {
    repository.write("a.txt", lines("a"));
    repository.write("sub/b.txt", lines("b"));
    repository.write("sub/deep/c.txt", lines("c"));
    repository.commit("first");
    repository
}
