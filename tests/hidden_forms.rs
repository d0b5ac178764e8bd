//! Keys in a file that is not what it says: byte order marks that lie, other widths, lists of numbers, written backwards.

mod support;

use support::Repository;
use support::samples::{Random, fill};
use support::sources::{files, places};
use unleak::document::Changed;

fn key(number: u64) -> String {
    Random::new("hidden", number).sendgrid_key()
}

/// The SendGrid keys that are told of a text.
fn told(path: &str, text: &str) -> Vec<String> {
    let report = support::report(path, text.as_bytes(), Changed::Whole);
    let keys = report.findings.iter().filter(|finding| finding.rule.id() == "sendgrid-api-key");
    keys.map(|finding| String::from_utf8_lossy(finding.secret.expose()).into_owned()).collect()
}

#[test]
fn base64_of_armour_is_told_as_armour() {
    let der = [
        &[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20][..],
        &[0x5a, 0x17, 0xc3, 0x8e].repeat(8),
    ];
    let label = ["PRIVATE", "KEY-----"].join(" ");
    let body = data_encoding::BASE64.encode(&der.concat());
    let armour = format!("-----BEGIN {label}\n{body}\n-----END {label}\n");
    let text = format!("tls_key: {}\n", data_encoding::BASE64.encode(armour.as_bytes()));
    let report = support::report("config/tls.yaml", text.as_bytes(), Changed::Whole);
    let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule.id()).collect();
    assert_eq!(rules, ["private-key-pem"]);
}

#[test]
fn no_width_and_no_mark_hides_a_key() {
    let repository = Repository::new();
    let line = format!("key = \"{}\"\n", key(1));
    let be: Vec<u8> = line.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let le: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let chinese: Vec<u8> = "中文文件也是文字\n".repeat(400).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = |unit: fn(u32) -> [u8; 4]| line.chars().flat_map(|c| unit(c.into())).collect::<Vec<u8>>();
    let texts = [
        [b"\xff\xfe", &be[..]].concat(),
        [b"\xfe\xff", &le[..]].concat(),
        [b"\xff\xfe", &chinese[..], &be].concat(),
        [b"\xff\xfe", &chinese[..], b"x", &le].concat(),
        [&chinese[..], &be].concat(),
        [b"\xef\xbb\xbf", &be[..]].concat(),
        be.clone(),
        le.clone(),
        wide(u32::to_le_bytes),
        wide(u32::to_be_bytes),
        [b"\xff\xfe\0\0", &wide(u32::to_le_bytes)[..]].concat(),
        [b"\0\0\xfe\xff", &wide(u32::to_be_bytes)[..]].concat(),
        [b"plain text before it\n", &wide(u32::to_le_bytes)[..]].concat(),
    ];
    for (nth, text) in texts.iter().enumerate() {
        repository.write(format!("{nth:02}.txt"), text);
    }
    repository.commit("all");
    let of_files = places(&files(&repository));
    let found = |nth: &usize| of_files.iter().any(|place| place.starts_with(&format!("{nth:02}.txt")));
    let missed: Vec<usize> = (0..texts.len()).filter(|nth| !found(nth)).collect();
    assert!(missed.is_empty(), "{missed:?}: {of_files:?}");
    assert_eq!(of_files.len(), texts.len(), "once each: {of_files:?}");
    let output = repository.unleak(["history", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let paths: Vec<&str> =
        report["findings"].as_array().expect("a list").iter().filter_map(|f| f["path"].as_str()).collect();
    assert_eq!(paths.len(), texts.len(), "{paths:?}");
}

#[test]
fn numbers_that_are_a_key_are_told() {
    let key = key(2);
    let list = |between: &str, write: fn(u8) -> String| key.bytes().map(write).collect::<Vec<_>>().join(between);
    fn decimal(byte: u8) -> String {
        byte.to_string()
    }
    fn hex(byte: u8) -> String {
        format!("0x{byte:02x}")
    }
    for (path, text) in [
        ("a.json", format!("[{}]\n", list(", ", decimal))),
        ("a.json", format!("[{}]\n", list(",", decimal))),
        ("a.json", format!("[\n  {}\n]\n", list(",\n  ", decimal))),
        ("a.c", format!("static const char k[69] = {{ {} }};\n", list(", ", hex))),
        ("a.c", format!("static const char k[69] = {{{}}};\n", list(",", |b| format!("0x{b:02X}")))),
        ("a.rs", format!("const K: [u8; 69] = [{}];\n", list(", ", hex))),
        ("a.py", format!("k = bytes([{}])\n", list(", ", decimal))),
        ("a.py", format!("k = {}\n", list(" + ", |b| format!("chr({b})")))),
        ("a.php", format!("$k = {};\n", list(".", |b| format!("chr({b})")))),
        ("a.php", format!("$k = {};\n", list(" . ", |b| format!("chr(0x{b:02x})")))),
        ("a.vbs", format!("k = {}\n", list(" & ", |b| format!("Chr({b})")))),
        ("a.sql", format!("select {};\n", list(" || ", |b| format!("CHR({b})")))),
        ("a.sql", format!("select CHAR({});\n", list(",", decimal))),
        ("a.js", format!("k = String.fromCharCode({})\n", list(", ", decimal))),
        ("a.js", format!("k = \"{}\"\n", list("", |b| format!("\\{b:03o}")))),
        ("a.lua", format!("k = \"{}\"\n", list("", |b| format!("\\{b}")))),
        ("a.ps1", format!("$k = {}\n", list("+", |b| format!("[char]{b}")))),
        ("a.txt", format!("{}\n", list(" ", |b| format!("{b:02x}")))),
        ("a.txt", format!("{}\n", list(":", |b| format!("{b:02X}")))),
        ("a.txt", format!("{}\n", list(" ", decimal))),
    ] {
        assert_eq!(told(path, &text), std::slice::from_ref(&key), "{path}: {text:?}");
    }
}

#[test]
fn a_key_in_literals_of_one_character_each_is_told() {
    let key = key(4);
    let list = |between: &str, quote: &str| {
        key.chars().map(|c| format!("{quote}{c}{quote}")).collect::<Vec<_>>().join(between)
    };
    for (path, text) in [
        ("a.js", format!("const key = [{}].join('');\n", list(", ", "'"))),
        ("a.js", format!("const key = [{}].join('');\n", list(",", "\""))),
        ("a.js", format!("const key = [\n  {}\n].join('');\n", list(",\n  ", "'"))),
        ("a.py", format!("key = ''.join([{}])\n", list(", ", "\""))),
        ("a.py", format!("key = {}\n", list(" + ", "'"))),
        ("a.php", format!("$key = {};\n", list(".", "'"))),
        ("a.java", format!("char[] key = {{{}}};\n", list(", ", "'"))),
        ("a.c", format!("static const char key[] = {{ {}, '\\0' }};\n", list(",", "'"))),
        ("a.go", format!("key := []byte{{{}}}\n", list(", ", "'"))),
        ("a.rs", format!("let key = [b{}];\n", list(", b", "'"))),
    ] {
        assert_eq!(told(path, &text), std::slice::from_ref(&key), "{path}: {text:?}");
    }
}

#[test]
fn a_secret_that_is_written_backwards_is_told_where_something_turns_it_round() {
    let key = key(3);
    let token: String =
        String::from_utf8(support::samples::fill("hidden", 1, 1, "glpat-%{alnum:20}").text).expect("ASCII");
    for secret in [&key, &token] {
        let back: String = secret.chars().rev().collect();
        for (path, text) in [
            ("a.py", format!("key = \"{back}\"[::-1]\n")),
            ("a.py", format!("KEY = \"{back}\"\n\ndef key():\n    return KEY[::-1]\n")),
            ("a.py", format!("key = ''.join(reversed(\"{back}\"))\n")),
            ("a.php", format!("$key = strrev('{back}');\n")),
            ("a.js", format!("const key = '{back}'.split('').reverse().join('');\n")),
            ("a.js", format!("const key = [...'{back}'].reverse().join('');\n")),
            ("a.vb", format!("key = StrReverse(\"{back}\")\n")),
            ("a.java", format!("String key = new StringBuilder(\"{back}\").reverse().toString();\n")),
            ("a.rb", format!("KEY = '{back}'.reverse\n")),
            ("a.rb", format!("KEY = \"{back}\".reverse.freeze\n")),
            ("a.lua", format!("local key = string.reverse(\"{back}\")\n")),
            ("a.pl", format!("my $key = reverse '{back}';\n")),
            ("a.kt", format!("val key = \"{back}\".reversed()\n")),
            ("a.sql", format!("SELECT REVERSE('{back}');\n")),
            ("a.sh", format!("export KEY=$(echo {back} | rev)\n")),
            ("a.sh", format!("export KEY=$(echo '{back}' | rev)\n")),
        ] {
            let report = support::report(path, text.as_bytes(), Changed::Whole);
            let found: Vec<_> = report.findings.iter().filter(|f| f.secret.expose() == secret.as_bytes()).collect();
            assert_eq!(found.len(), 1, "{text}{}", support::told(&report));
            let at = text.find(&back).expect("it is there");
            assert!(support::stands_at(found[0], text.as_bytes(), &(at..at + back.len())), "{text}");
        }
        assert!(told("a.py", &format!("key = \"{back}\"\n")).is_empty(), "nothing turns it round");
    }
}

/// The rules that tell something of a text.
fn rules_that_tell(path: &str, text: &str) -> Vec<String> {
    let report = support::report(path, text.as_bytes(), Changed::Whole);
    report.findings.iter().map(|finding| finding.rule.id().to_owned()).collect()
}

#[test]
fn tokens_in_digits_and_in_escapes_with_braces_are_told() {
    for (id, template) in [
        ("github-personal-access-token", "ghp_%{crc32-base62:30}"),
        ("npm-access-token", "npm_%{crc32-base62:30}"),
        ("gitlab-personal-access-token", "glpat-%{alnum:20}"),
        ("stripe-secret-key", "sk_live_%{alnum:24}"),
        ("slack-bot-token", "xoxb-%{digit:12}-%{digit:13}-%{alnum:24}"),
    ] {
        let token = String::from_utf8(fill(id, 0, 1, template).text).expect("tokens are ASCII");
        let digits: String = token.bytes().map(|byte| format!("{byte:02x}")).collect();
        let escapes: String = token.bytes().map(|byte| format!("\\u{{{byte:x}}}")).collect();
        for text in [format!("bytes.fromhex(\"{digits}\")\n"), format!("let t = \"{escapes}\";\n")] {
            assert_eq!(rules_that_tell("src/x.js", &text), [id], "{text}");
        }
        assert!(rules_that_tell("sums.txt", &format!("{}  a.tar\n", &digits[..digits.len() / 2])).is_empty());
    }
}

#[test]
fn base64_of_a_key_in_armour_is_told_as_that() {
    let template = "tls.key: %{to-base64:-----BEGIN PRI‸VATE KEY-----\n%{der:1190:\n}\n-----END PRI‸VATE KEY-----\n}\n";
    let text = String::from_utf8(fill("pem", 0, 1, template).text).expect("base64 is ASCII");
    assert_eq!(rules_that_tell("deploy/tls.yaml", &text), ["private-key-pem"]);
}

#[test]
fn a_token_alone_in_base64_of_base64_is_told() {
    for (id, template) in [
        ("github-personal-access-token", "ghp_%{crc32-base62:30}"),
        ("npm-access-token", "npm_%{crc32-base62:30}"),
        ("gitlab-personal-access-token", "glpat-%{alnum:20}"),
        ("stripe-secret-key", "sk_live_%{alnum:24}"),
        ("slack-bot-token", "xoxb-%{digit:12}-%{digit:13}-%{alnum:24}"),
        ("docker-hub-access-token", "dckr_pat_%{base64url:27}"),
        ("digitalocean-token", "dop_v1_%{hex:64}"),
        ("google-api-key", "AIzaSy%{base64url:33}"),
        ("url-database-password", "postgres://app:%{alnum:20}@db.acme.test/shop"),
    ] {
        for end in ["", "\n"] {
            let template = format!("key: %{{to-base64:%{{to-base64:{template}{end}}}}}\n");
            let text = String::from_utf8(fill(id, 0, 1, &template).text).expect("base64 is ASCII");
            assert_eq!(rules_that_tell("deploy/secret.yaml", &text), [id], "{text}");
        }
    }
}
