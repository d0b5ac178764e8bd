//! What is done with findings in archives, and texts that are compressed inside others.

use super::*;

#[test]
fn files_and_history_tell_the_same_key_stores() {
    let repository = Repository::new();
    let jks = |entries: &[u8]| [&b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01"[..], entries].concat();
    let store = jks(b"\0\0\0\x01\0\x04mail\0\0\x01\x8f\0\0\0\0\0\0\x05\0\x30\x82\x04\xfc\x30\x0e\x06\x0a\x2b\x06\x01\x04\x01\x2a\x02\x11\x01\x01");
    repository.write("conf/server.jks", &store);
    repository.write("conf/client.p12", b"anything at all");
    repository.write("app.war", zip(&[("WEB-INF/server.jks", &store), ("WEB-INF/id_rsa", b"x")]));
    repository.commit("stores");
    let told = |report: &Report| -> Vec<String> {
        let one = |f: &unleak::finding::Finding| format!("{} {}", String::from_utf8_lossy(&f.origin.path), f.rule.id());
        let mut told: Vec<String> = report.findings.iter().map(one).collect();
        told.sort();
        told
    };
    let of_files = told(&files(&repository));
    assert_eq!(of_files, told(&swept(&repository)));
    for path in ["conf/server.jks ", "app.war!WEB-INF/server.jks ", "app.war!WEB-INF/id_rsa "] {
        assert!(of_files.iter().any(|one| one.starts_with(path)), "{path}: {of_files:?}");
    }
}

#[test]
fn an_archive_is_allowed_and_left_out_as_a_whole() {
    let repository = Repository::new();
    repository.write("vendor/a.zip", zip(&[("x/mail.py", &text(1))]));
    repository.write("b.zip", zip(&[("x/mail.py", &text(2))]));
    let config = |text: &str| repository.write("unleak.toml", text);
    let status = || repository.unleak(["files", "--quiet"]);
    for (allow, shown) in [
        ("[[allow]]\npaths = ['vendor/a.zip']\nreason = 'x'", "b.zip!"),
        ("[[allow]]\npaths = ['vendor/']\nreason = 'x'", "b.zip!"),
        ("[[allow]]\npaths = ['b.zip/']\nreason = 'x'", "vendor/a.zip!"),
        ("[[allow]]\npaths = ['b.zip!x/mail.py']\nreason = 'x'", "vendor/a.zip!"),
        ("[scan]\nexclude = ['b.zip']", "vendor/a.zip!"),
    ] {
        config(allow);
        let output = status();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{allow}: {text}");
        assert!(text.contains(shown) && text.matches("-->").count() == 1, "{allow}: {text}");
    }
    config("[scan]\narchives = 'never'");
    assert_eq!(status().status.code(), Some(0));
    let always = repository.unleak(["files", "--quiet", "--archives", "always"]);
    assert_eq!(always.status.code(), Some(1));
    config("[scan]\narchives = 'sometimes'");
    assert_eq!(status().status.code(), Some(2));
}

#[test]
fn an_archive_is_not_mended_but_said_to_need_it() {
    let repository = Repository::new();
    repository.write("a.zip", zip(&[("mail.py", &text(1))]));
    let before = std::fs::read(repository.path().join("a.zip")).expect("it is there");
    let output = repository.unleak(["fix"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("left: a.zip!mail.py:2: sendgrid-api-key: it stands in an archive"), "{told}");
    assert_eq!(std::fs::read(repository.path().join("a.zip")).expect("it is there"), before);
}

/// Base64 as the program of that name writes it, in lines.
fn wrapped(bytes: &[u8]) -> String {
    let encoded = data_encoding::BASE64.encode(bytes);
    let lines = encoded.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned());
    lines.collect::<Vec<_>>().join("\n    ")
}

#[test]
fn compressed_text_in_base64_is_unpacked() {
    let repository = Repository::new();
    let noise = |n: u64| (0..40).map(|m| sendgrid_key(n * 100 + m).replace("SG.", "x ") + "\n").collect::<String>();
    let packed = |n: u64| [text(n), noise(n).into_bytes()].concat();
    let encoded = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
    let release = encoded(encoded(&gz(&packed(4))).as_bytes());
    let files_of = [
        ("gz.yaml", format!("data:\n  gz: {}\n", encoded(&gz(&packed(1))))),
        ("helm.yaml", format!("kind: Secret\ntype: helm.sh/release.v1\ndata:\n  release: {release}\n")),
        ("wrapped.yaml", format!("data:\n  gz: |\n    {}\nend: 1\n", wrapped(&gz(&packed(2))))),
        ("zip.tf", format!("code = \"{}\"\n", encoded(&zip(&[("a.py", &packed(3)), ("b.py", &packed(5))])))),
        ("xz.txt", encoded(&xz(&packed(6)))),
        ("zst.txt", encoded(&zst(&packed(7)))),
        ("bz2.txt", encoded(&bz2(&packed(8)))),
    ];
    for (name, text) in &files_of {
        repository.write(name, text);
    }
    let report = files(&repository);
    let expected =
        ["bz2.txt:1", "gz.yaml:2", "helm.yaml:4", "wrapped.yaml:3", "xz.txt:1", "zip.tf:1", "zip.tf:1", "zst.txt:1"];
    assert_eq!(places(&report), expected, "{}", support::told(&report));
    repository.commit("first");
    // A change far from the beginning, in one of them and behind another.
    repository.write("wrapped.yaml", files_of[2].1.replace("end: 1", "end: 2"));
    repository.write("gz.yaml", format!("data:\n  gz: {}\n", encoded(&gz(&[packed(1), b"more".to_vec()].concat()))));
    repository.commit("second");
    repository.git(["repack", "-adfq"]);
    assert_eq!(places(&swept(&repository)), expected);
}

#[test]
fn what_stands_in_a_token_is_told_at_its_place() {
    let repository = Repository::new();
    let part = |text: String| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    let head = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".to_owned());
    let payload = part(format!("{{\"sub\":\"1\",\"mail\":\"{}\"}}", sendgrid_key(1)));
    repository.write("token.txt", format!("token = \"{head}.{payload}.{}\"\n", part("signature".repeat(4))));
    let odd = part(format!("{{\"alg\":\"HS256\",\"kid\":\"{}\"}}", sendgrid_key(2)));
    repository.write("head.txt", format!("token = \"{odd}.{}.x\"\n", part("{\"sub\":\"1\"}".to_owned())));
    assert_eq!(places(&files(&repository)), ["head.txt:1", "token.txt:1"]);
    let report = files(&repository);
    let found = report.findings.iter().find(|f| f.origin.path == b"token.txt").expect("it is found");
    let start = "token = \"".len() + head.len() + 1;
    assert!(found.location.start_column as usize > start, "{:?}", found.location);
}
