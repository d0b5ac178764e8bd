//! Where the secrets and their names go.

use crate::support::sendgrid_key;
use crate::{CLEAN, ERROR, LEFT, assert_exit, read, repository, said, tree};

#[test]
fn with_the_written_environment_a_program_yields_what_it_did() {
    let text = "print('KEY1!', \"Bearer KEY2!\")\n";
    let repository = repository(&[("a.py", text)]);
    let run = || {
        let mut shell = repository.command("sh");
        shell.args(["-c", "set -a; if test -f .env; then . ./.env; fi; python3 a.py"]).output()
    };
    let before = run().expect("there is a shell");
    if !before.status.success() {
        return;
    }
    assert_exit(&repository.unleak(["fix", "--write-env"]), CLEAN);
    assert!(!read(&repository, "a.py").contains("SG."));
    let after = run().expect("there is a shell");
    assert_eq!(said(&after), said(&before));
    assert_exit(&repository.unleak(["files"]), CLEAN);
}

#[test]
fn secrets_go_into_an_ignored_file_for_their_owner_and_names_beside_it() {
    let repository =
        repository(&[("a.py", "k = 'KEY1!'\n"), ("b.js", "f('KEY2!', 'KEY1!')\n"), ("Dockerfile", "FROM x\n")]);
    repository.write(".gitignore", "*.log");
    repository.commit("ignore");
    assert_exit(&repository.unleak(["fix", "--write-env"]), CLEAN);
    let env = format!("SENDGRID_API_KEY={}\nSENDGRID_API_KEY_2={}\n", sendgrid_key(1), sendgrid_key(2));
    assert_eq!(read(&repository, ".env"), env);
    assert_eq!(read(&repository, ".env.example"), "SENDGRID_API_KEY=\nSENDGRID_API_KEY_2=\n");
    assert_eq!(read(&repository, ".gitignore"), "*.log\n.env\n");
    assert_eq!(read(&repository, ".dockerignore"), ".env\n");
    assert_eq!(
        read(&repository, "b.js"),
        "f(process.env.SENDGRID_API_KEY_2, process.env.SENDGRID_API_KEY)\n",
        "one name for one secret, and no name for two"
    );
    assert!(repository.git(["status", "--porcelain", "--", ".env"]).is_empty());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(repository.path().join(".env")).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn no_secret_is_written_anywhere_unless_told_to() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n")]);
    assert_exit(&repository.unleak(["fix"]), CLEAN);
    assert!(!repository.path().join(".env").exists());
    assert!(tree(repository.path()).values().all(|bytes| memchr::memmem::find(bytes, b"SG.").is_none()));
}

#[test]
fn a_tracked_env_file_gets_no_secret() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n"), (".env", "PORT=1\n")]);
    let before = tree(repository.path());
    let output = repository.unleak(["fix", "--write-env"]);
    assert_exit(&output, ERROR);
    assert!(said(&output).contains("git rm --cached .env"), "{}", said(&output));
    assert_eq!(tree(repository.path()), before);
}

#[test]
fn a_name_that_the_environment_has_already_is_used_and_another_value_stays() {
    let repository = repository(&[("a.py", "k = 'KEY1!'\n"), ("b.rb", "k = 'KEY2!'\n"), (".gitignore", ".env\n")]);
    let env = format!("MAIL_TOKEN={}\nSENDGRID_API_KEY=other\n", sendgrid_key(1));
    repository.write(".env", &env);
    assert_exit(&repository.unleak(["fix", "--write-env"]), CLEAN);
    assert!(read(&repository, "a.py").contains("os.environ['MAIL_TOKEN']"));
    assert!(read(&repository, "b.rb").contains("SENDGRID_API_KEY"));
    assert_eq!(read(&repository, ".env"), env);
}

#[test]
fn a_secret_that_is_only_encoded_anew_has_not_left_its_place() {
    let encoded = data_encoding::BASE64.encode(format!("{}\n", sendgrid_key(1)).as_bytes());
    let repository = repository(&[("a.sh", &format!("KEY_B64='{encoded}'\n"))]);
    assert_exit(&repository.unleak(["fix"]), LEFT);
    let anew = data_encoding::BASE64.encode(sendgrid_key(1).as_bytes());
    assert_eq!(read(&repository, "a.sh"), format!("KEY_B64='{anew}'\n"));
    assert!(!repository.path().join(".env.example").exists(), "nothing reads a variable");
}
