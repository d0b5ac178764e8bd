//! Which program the action runs, and where it comes from.

use super::*;

/// The action with checksums of its own, and releases to go with it.
struct Published {
    action: PathBuf,
    releases: PathBuf,
}

const ARCHIVE: &str = concat!("unleak-", env!("CARGO_PKG_VERSION"), "-x86_64-unknown-linux-gnu.tar.gz");

impl Published {
    fn new(repository: &Repository, program: &str) -> Published {
        let (action, releases) = (repository.beside("action"), repository.beside("releases"));
        for folder in [".github/action", "src", "rules"] {
            std::fs::create_dir_all(action.join(folder)).expect("it is new");
        }
        std::fs::create_dir(&releases).expect("it is new");
        for file in ["action.yml", "Cargo.toml", "Cargo.lock", "build.rs", ".github/action/choose"] {
            std::fs::copy(root().join(file), action.join(file)).expect("it is there");
        }
        for file in [".github/action/install", ".github/action/scan"] {
            std::fs::copy(root().join(file), action.join(file)).expect("it is there");
        }
        let folder = releases.join("unleak");
        std::fs::write(&folder, program).expect("it can be written");
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).expect("it is there");
        let packed = Command::new("tar").current_dir(&releases).args(["-czf", ARCHIVE, "unleak"]).status();
        assert!(packed.expect("there is a tar").success());
        let published = Published { action, releases };
        published.record(&hex(&std::fs::read(published.releases.join(ARCHIVE)).expect("it was packed")));
        published
    }

    fn record(&self, sha256: &str) {
        let line = format!("# a comment\n{}  other.tar.gz\n{sha256}  {ARCHIVE}\n", "0".repeat(64));
        std::fs::write(self.action.join(".github/action/checksums"), line).expect("it can be written");
    }

    fn job<'a>(&self, repository: &'a Repository) -> Job<'a> {
        let mut job = pushed(repository);
        job.action = self.action.clone();
        job.variables.insert("RELEASES", self.releases.display().to_string());
        job
    }
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn program() -> String {
    format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_unleak"))
}

#[test]
fn a_binary_whose_checksum_is_known_is_downloaded_once() {
    let repository = leaking();
    let published = Published::new(&repository, &program());
    let outcome = published.job(&repository).run();
    assert_exits(&outcome, 1);
    let url = format!("https://github.com/unleak/unleak/releases/download/v{}/{ARCHIVE}", env!("CARGO_PKG_VERSION"));
    assert!(outcome.calls.contains(&url) && !outcome.calls.contains("cargo"), "{}", outcome.calls);
    let outcome = published.job(&repository).run();
    assert_exits(&outcome, 1);
    assert_eq!(outcome.calls, "", "it was in the cache");
}

#[test]
fn a_binary_of_another_checksum_is_never_run() {
    let repository = leaking();
    let trap = repository.beside("trap");
    let published = Published::new(&repository, &format!("#!/bin/sh\ntouch '{}'\n", trap.display()));
    published.record(&"0".repeat(64));
    let outcome = published.job(&repository).run();
    assert_eq!(outcome.exit, None, "{outcome:#?}");
    assert!(!outcome.passed && !trap.exists() && outcome.log.contains("checksum"), "{outcome:#?}");
    assert!(!outcome.calls.contains("cargo"), "what was tampered with stops the job: {}", outcome.calls);
}

#[test]
fn what_was_tampered_with_in_the_cache_is_downloaded_again() {
    let repository = leaking();
    let published = Published::new(&repository, &program());
    published.job(&repository).run();
    let trap = repository.beside("trap");
    let cache = std::fs::read_dir(repository.beside("runner/cache")).expect("it was made");
    for kept in cache.map(|entry| entry.expect("it can be listed").path()) {
        std::fs::write(kept.join("unleak"), format!("#!/bin/sh\ntouch '{}'\n", trap.display())).expect("writable");
        std::fs::write(kept.join(ARCHIVE), "not an archive").expect("writable");
    }
    let outcome = published.job(&repository).run();
    assert_exits(&outcome, 1);
    assert!(outcome.calls.contains("curl") && !trap.exists(), "{outcome:#?}");
}

#[test]
fn what_cannot_be_downloaded_or_run_is_built_from_source() {
    let repository = leaking();
    let published = Published::new(&repository, "#!/bin/sh\nexit 127\n");
    let outcome = published.job(&repository).run();
    assert_exits(&outcome, 1);
    assert!(outcome.log.contains("does not run here") && outcome.calls.contains("cargo install"), "{outcome:#?}");
    let repository = leaking();
    let mut job = Published::new(&repository, &program()).job(&repository);
    job.variables.remove("RELEASES");
    let outcome = job.run();
    assert_exits(&outcome, 1);
    assert!(outcome.log.contains("could not be had") && outcome.calls.contains("cargo install"), "{outcome:#?}");
}

#[test]
fn a_source_without_a_release_is_built_once() {
    let repository = leaking();
    let outcome = pushed(&repository).run();
    assert!(outcome.calls.contains(&format!("--path {}", root().display())), "{}", outcome.calls);
    assert!(outcome.calls.contains("--locked") && !outcome.calls.contains("curl"), "{}", outcome.calls);
    let outcome = pushed(&repository).run();
    assert_exits(&outcome, 1);
    assert_eq!(outcome.calls, "", "it was in the cache");
}

#[test]
fn another_version_is_built_from_its_tag() {
    let repository = leaking();
    for version in ["0.0.9", "v0.0.9"] {
        let outcome = pushed(&repository).with("version", version).run();
        assert_exits(&outcome, 1);
        let expected = "--git https://github.com/unleak/unleak --tag v0.0.9 unleak";
        assert!(outcome.calls.contains(expected) || outcome.calls.is_empty(), "{}", outcome.calls);
    }
    for version in ["latest", "../1", "1 2"] {
        let outcome = pushed(&repository).with("version", version).run();
        assert!(!outcome.passed && outcome.exit.is_none() && outcome.log.contains("is no version"), "{outcome:#?}");
    }
}

#[test]
fn a_runner_without_a_binary_and_without_rust_is_told_so() {
    let repository = leaking();
    let mut job = pushed(&repository);
    job.variables.insert("CARGO_FAILS", "1".into());
    let outcome = job.run();
    assert!(!outcome.passed && outcome.exit.is_none(), "{outcome:#?}");
    assert!(outcome.log.contains("could not be built"), "{}", outcome.log);
}

#[test]
fn what_the_release_packs_is_what_the_action_installs() {
    let repository = leaking();
    let published = Published::new(&repository, "");
    let runner = repository.beside("runner");
    pushed(&repository).run();
    let mut package = repository.command(root().join(".ci/package"));
    let path = std::env::var("PATH").expect("it is set");
    package
        .args(["x86_64-unknown-linux-gnu", concat!("v", env!("CARGO_PKG_VERSION"))])
        .env("PATH", format!("{}:{path}", runner.join("stand-ins").display()))
        .env("CALLS", runner.join("calls"))
        .env("PROGRAM", env!("CARGO_BIN_EXE_unleak"))
        .env("CARGO_TARGET_DIR", &published.releases);
    let output = package.output().expect("it can be started");
    assert!(output.status.success(), "{output:?}");
    let packed = published.releases.join("package").join(ARCHIVE);
    std::fs::rename(&packed, published.releases.join(ARCHIVE)).expect("it was packed");
    published.record(&hex(&std::fs::read(published.releases.join(ARCHIVE)).expect("it is there")));
    let outcome = published.job(&repository).run();
    assert_exits(&outcome, 1);
    assert!(outcome.log.contains(&format!("from {ARCHIVE}")), "{}", outcome.log);
    let other = repository.command(root().join(".ci/package")).args(["x86_64-unknown-linux-gnu", "v9.9.9"]).output();
    assert_eq!(other.expect("it can be started").status.code(), Some(2));
}
