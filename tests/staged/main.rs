//! What is staged, on real repositories.

mod changes;
mod places;
#[path = "../support/mod.rs"]
mod support;

use support::sources::{leak, left_out, lines, places, refused, report, selected, staged, within};
use support::{Repository, sendgrid_key};
use unleak::document::Aspect;
use unleak::source::{Error, Selection, Surroundings};

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
