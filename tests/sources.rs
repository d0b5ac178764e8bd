//! Sources on real repositories.

mod support;

use support::Repository;

#[test]
fn the_builder_makes_repositories_of_either_hash() {
    for (repository, digits) in [(Repository::new(), 40), (Repository::sha256(), 64)] {
        repository.write("a/b.txt", "text\n");
        assert_eq!(repository.commit("first").len(), digits);
        assert_eq!(repository.git(["status", "--porcelain"]), "");
    }
}

#[test]
fn the_builder_makes_keys_that_look_real_and_differ() {
    let key = support::sendgrid_key(1);
    assert_eq!(key.len(), 69);
    assert_eq!(key, support::sendgrid_key(1));
    assert_ne!(key, support::sendgrid_key(2));
}
