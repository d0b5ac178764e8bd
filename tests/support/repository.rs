//! Builds real repositories with the `git` program, away from the user's settings, for the tests beside it.

use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The date of the first commit; each further one is a minute later.
const FIRST_COMMIT: u64 = 1_700_000_000;

/// A repository in a folder that goes away with it.
pub struct Repository {
    /// Holds the home folder and, unless this is a clone or a worktree of another one, the repository.
    _folder: Option<tempfile::TempDir>,
    home: PathBuf,
    path: PathBuf,
    minute: Cell<u64>,
}

impl Repository {
    /// An empty repository on branch `main`, with SHA-1 ids.
    pub fn new() -> Self {
        Self::with_init(&[])
    }

    /// The same with SHA-256 ids.
    pub fn sha256() -> Self {
        Self::with_init(&["--object-format=sha256"])
    }

    /// An empty repository made with further arguments for `git init`, `--bare` say.
    pub fn with_init(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        // What `git` prints and what the system calls the folder should agree, symbolic links or not.
        let root = folder.path().canonicalize().expect("the folder exists");
        let (home, path) = (root.join("home"), root.join("repository"));
        std::fs::create_dir(&home).expect("the folder is new");
        std::fs::create_dir(&path).expect("the folder is new");
        let repository = Repository { _folder: Some(folder), home, path, minute: Cell::new(0) };
        repository.git(["init", "--quiet", "--initial-branch=main"].iter().chain(arguments));
        repository
    }

    /// Another repository that stands at a path beside or inside this one: a clone, a worktree, a submodule. It
    /// must not outlive this one.
    pub fn at(&self, path: impl AsRef<Path>) -> Repository {
        let path = self.path.join(path).canonicalize().expect("the other repository exists");
        Repository { _folder: None, home: self.home.clone(), path, minute: Cell::new(self.minute.get() + 500) }
    }

    /// Its root folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder that holds it and the home folder: room for clones and worktrees.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.path.parent().expect("it stands in a folder").join(name)
    }

    /// Writes a file, making its folders.
    pub fn write(&self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        std::fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("its folder can be made");
        std::fs::write(path, bytes).expect("the file can be written");
    }

    /// A program that will run in the repository with a clean environment: no user or system settings, a fixed
    /// identity and date.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        let date = format!("{} +0000", FIRST_COMMIT + 60 * self.minute.get());
        command
            .current_dir(&self.path)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)))
            .env("HOME", &self.home)
            .env("XDG_CONFIG_HOME", self.home.join("config"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .env("GIT_AUTHOR_NAME", "Ada")
            .env("GIT_AUTHOR_EMAIL", "ada@example.org")
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_NAME", "Ada")
            .env("GIT_COMMITTER_EMAIL", "ada@example.org")
            .env("GIT_COMMITTER_DATE", &date)
            .stdin(Stdio::null());
        command
    }

    /// Runs git, which must succeed, and returns what it printed without the last line end.
    pub fn git<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        let arguments: Vec<A> = arguments.into_iter().collect();
        let output = self.try_git(&arguments);
        assert!(
            output.status.success(),
            "git {:?}: {}",
            arguments.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned()
    }

    /// Runs git, which may fail.
    pub fn try_git<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Output {
        // A submodule or clone from the file system is what the tests are made of; Git forbids some by default.
        self.command("git")
            .args(["-c", "protocol.file.allow=always", "-c", "commit.gpgSign=false"])
            .args(arguments)
            .output()
            .expect("git can be started")
    }

    /// Commits all that is in the folder, without running hooks, and returns the commit's id.
    pub fn commit(&self, message: &str) -> String {
        self.git(["add", "--all"]);
        self.commit_index(message)
    }

    /// Commits what is staged, without running hooks, and returns the commit's id.
    pub fn commit_index(&self, message: &str) -> String {
        self.minute.set(self.minute.get() + 1);
        self.git(["commit", "--quiet", "--no-verify", "--allow-empty", "--message", message]);
        self.git(["rev-parse", "HEAD"])
    }

    /// Feeds a stream to `git fast-import`.
    pub fn import(&self, stream: &str) {
        use std::io::Write;
        let mut command = self.command("git");
        let mut child = command
            .args(["fast-import", "--quiet", "--force"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("git can be started");
        child.stdin.take().expect("it is piped").write_all(stream.as_bytes()).expect("git reads it");
        assert!(child.wait().expect("it ends").success());
    }

    /// Runs this package's program in the repository.
    pub fn unleak<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Output {
        self.command(env!("CARGO_BIN_EXE_unleak")).args(arguments).output().expect("the program can be started")
    }
}

/// A well-formed SendGrid key that was never anyone's: the same for the same number.
pub fn sendgrid_key(number: u64) -> String {
    let digest = |salt: &str| Sha256::digest(format!("{salt} {number}"));
    let mut id: [u8; 16] = digest("id")[..16].try_into().expect("a digest is longer");
    // Real ids are random UUIDs.
    id[6] = id[6] & 0x0f | 0x40;
    id[8] = id[8] & 0x3f | 0x80;
    let encoded = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
    ["SG", &encoded(&id), &encoded(&digest("secret"))].join(".")
}

/// Bytes as a zlib stream that compresses nothing.
pub fn zlib_stored(bytes: &[u8]) -> Vec<u8> {
    let len = u16::try_from(bytes.len()).expect("a sample is short");
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    let mut out = vec![0x78, 0x01, 0x01];
    out.extend(len.to_le_bytes());
    out.extend((!len).to_le_bytes());
    out.extend_from_slice(bytes);
    out.extend((b << 16 | a).to_be_bytes());
    out
}
