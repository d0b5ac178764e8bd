//! Every form in every other: which of four kinds of secrets are found in texts that are written otherwise, twice.

mod support;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use support::archives::gz;
use support::samples::fill;
use unleak::document::Changed;

/// A way to write a text.
type Encode = fn(&[u8]) -> Vec<u8>;

const FORMS: [(&str, Encode); 12] = [
    ("plain", |text| text.to_vec()),
    ("base64", |text| BASE64.encode(text).into_bytes()),
    ("base64url", |text| BASE64URL_NOPAD.encode(text).into_bytes()),
    ("hex", |text| HEXLOWER.encode(text).into_bytes()),
    ("percent", |text| each(text, |b| if is_unreserved(b) { char::from(b).into() } else { format!("%{b:02X}") })),
    ("\\x", |text| each(text, |b| format!("\\x{b:02x}"))),
    ("\\u", |text| each(text, |b| format!("\\u{b:04x}"))),
    ("octal", |text| each(text, |b| format!("\\{b:03o}"))),
    ("HTML", |text| each(text, |b| format!("&#{b};"))),
    ("UTF-16", |text| text.iter().flat_map(|b| [*b, 0]).collect()),
    ("gzip", |text| BASE64.encode(&gz(&[text, &noise()].concat())).into_bytes()),
    ("mail", quoted_printable),
];

/// What is hidden: a letter for the table, a file, where in it the secret stands.
const SECRETS: [(char, &str); 5] = [
    ('S', "SENDGRID_API_KEY=«SG.%{sendgrid-id}.%{sendgrid-secret}»\n"),
    ('A', "[default]\naws_access_key_id = AKIA%{base32:16}\naws_secret_access_key = «%{base64:40}»\n"),
    ('J', "{\"host\": \"db.acme.test\", \"password\": \"«%{password:14}»\"}\n"),
    ('E', "DB_HOST=db.acme.test\nDB_PASSWORD=«%{alnum:16}»\nDB_NAME=app\n"),
    ('K', "«-----BEGIN PRI‸VATE KEY-----\n%{der:610:\n}\n-----END PRI‸VATE KEY-----»\n"),
];

fn each(text: &[u8], write: impl Fn(u8) -> String) -> Vec<u8> {
    text.iter().map(|b| write(*b)).collect::<String>().into_bytes()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

/// Something behind the text that does not shrink, so that it is not too short to be worth packing.
fn noise() -> Vec<u8> {
    (0..60u64).flat_map(|n| format!("line {}\n", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).into_bytes()).collect()
}

/// As mails have it, in lines of 76.
fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut out = String::new();
    let mut column = 0;
    for &byte in text {
        let written = match byte {
            b'\n' => "\n".to_owned(),
            b'=' | 0..=31 | 127.. => format!("={byte:02X}"),
            _ => char::from(byte).to_string(),
        };
        if column + written.len() > 75 && byte != b'\n' {
            out.push_str("=\n");
            column = 0;
        }
        column = if byte == b'\n' { 0 } else { column + written.len() };
        out.push_str(&written);
    }
    out.into_bytes()
}

/// Which of the secrets are found that are written in these forms, the last one outermost.
fn found(forms: &[Encode]) -> String {
    let mut letters = String::new();
    for (letter, template) in SECRETS {
        let sample = fill("forms", 0, 7, template);
        let secret = sample.text[sample.expected[0].clone()].to_vec();
        let text = forms.iter().fold(sample.text, |text, form| form(&text));
        let report =
            support::report("deploy/settings.txt", &[b"value: ", &text[..], b" \nend: 1\n"].concat(), Changed::Whole);
        let is_it = |f: &unleak::finding::Finding| {
            let own = f.secret.expose();
            own == secret || secret.starts_with(b"-----") && f.rule.id().starts_with("private-key")
        };
        if report.findings.iter().any(is_it) {
            letters.push(letter);
        }
    }
    letters
}

/// The table of the documentation: a row for each outer form, a column for each inner one.
fn table() -> String {
    let names: Vec<String> = FORMS.iter().map(|(name, _)| format!("`{name}`")).collect();
    let mut table = format!("| | {} |\n|---{}|\n", names.join(" | "), "|---".repeat(FORMS.len()));
    let all: String = SECRETS.iter().map(|(letter, _)| letter).collect();
    for ((_, outer), name) in FORMS.iter().zip(&names) {
        let cells: Vec<String> = FORMS
            .iter()
            .map(|(_, inner)| match found(&[*inner, *outer]) {
                letters if letters == all => "all".to_owned(),
                letters => letters,
            })
            .collect();
        table += &format!("| {name} | {} |\n", cells.join(" | "));
    }
    table
}

#[test]
fn the_documentation_has_the_table_of_what_is_found_in_which_forms() {
    support::docs::assert_says("docs/decoded.md", "forms", &table());
}

/// The rules that tell something of a text, each with its secret.
fn told(path: &str, text: &str) -> Vec<(String, String)> {
    let report = support::report(path, text.as_bytes(), Changed::Whole);
    let of = |f: &unleak::finding::Finding| {
        (f.rule.id().to_owned(), String::from_utf8_lossy(f.secret.expose()).into_owned())
    };
    report.findings.iter().map(of).collect()
}

fn base64(text: &str) -> String {
    BASE64.encode(text.as_bytes())
}

#[test]
fn a_token_and_the_password_in_it_are_told_once_each() {
    let part = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    let password = fill("forms", 1, 1, "%{password:14}").text;
    let password = String::from_utf8(password).expect("it is ASCII");
    let head = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    let signature = part("signature".repeat(4).as_str());
    for (payload, own) in [
        (format!("{{\"sub\":\"bob\",\"password\":\"{password}\",\"iat\":1516239022}}"), Some("generic-password")),
        (
            format!("{{\"db\":\"postgres://app:{password}@db.acme.test/app\"}}").replace('+', "x"),
            Some("postgresql-url"),
        ),
        ("{\"sub\":\"bob\",\"token_use\":\"access\",\"auth_time\":1516239022,\"scope\":\"openid\"}".to_owned(), None),
    ] {
        let told = told("app.log", &format!("bearer {head}.{}.{signature}\n", part(&payload)));
        let rules: Vec<&str> = told.iter().map(|(rule, _)| rule.as_str()).collect();
        let inner = told.iter().filter(|(rule, _)| rule != "jwt-token").collect::<Vec<_>>();
        assert_eq!(inner.len(), usize::from(own.is_some()), "{payload}: {rules:?}");
        assert!(inner.iter().all(|(_, secret)| *secret == password), "{payload}: {told:?}");
        if own != Some("postgresql-url") {
            assert!(rules.contains(&"jwt-token"), "{payload}: {rules:?}");
        }
    }
    // A token in the settings of a cluster.
    let token = format!("{head}.{}.{signature}", part("{\"sub\":\"bob\"}"));
    let told = told("secret.yaml", &format!("kind: Secret\ndata:\n  jwt: {}\n", base64(&token)));
    assert_eq!(told, [("jwt-token".to_owned(), token)]);
}

#[test]
fn names_count_in_compressed_text_and_each_secret_is_told_once() {
    let sample =
        fill("forms", 2, 1, "SENDGRID_API_KEY=«SG.%{sendgrid-id}.%{sendgrid-secret}»\nADMIN_PASSWORD=«%{alnum:16}»\n");
    let secret = |nth: usize| String::from_utf8_lossy(&sample.text[sample.expected[nth].clone()]).into_owned();
    let zlib = |text: &[u8], level| {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(level));
        std::io::Write::write_all(&mut out, text).expect("memory can be written");
        out.finish().expect("memory can be written")
    };
    let long = [&sample.text[..], &noise()].concat();
    // What is stored and not compressed can be read without unpacking too.
    let packed = [gz(&long), zlib(&long, 0), zlib(&long, 1), zlib(&long, 6), zlib(&long, 9)];
    for bytes in packed {
        let once = BASE64.encode(&bytes);
        for text in [
            format!("env: {once}\n"),
            format!("env: {}\n", base64(&once)),
            format!("x=%22{}%22\n", once.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")),
        ] {
            let told = told("values.yaml", &text);
            let expected = [("sendgrid-api-key".to_owned(), secret(0)), ("generic-password".to_owned(), secret(1))];
            assert_eq!(told.len(), 2, "{told:?}");
            assert!(expected.iter().all(|one| told.contains(one)), "{told:?}");
        }
    }
}

#[test]
fn lists_of_bytes_are_read() {
    let key = fill("forms", 3, 1, SECRETS[4].1).text;
    let token = fill("forms", 4, 1, SECRETS[0].1).text;
    let hex = |bytes: &[u8]| {
        bytes
            .chunks(12)
            .map(|line| line.iter().map(|b| format!("0x{b:02x}")).collect::<Vec<_>>().join(", "))
            .collect::<Vec<_>>()
            .join(",\n  ")
    };
    let decimal = |bytes: &[u8]| bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    for (path, text, rule) in [
        ("key.h", format!("unsigned char key_pem[] = {{\n  {}\n}};\n", hex(&key)), "private-key-pem"),
        ("a.js", format!("const key = Buffer.from([{}]);\n", decimal(&token)), "sendgrid-api-key"),
        ("a.js", format!("x = String.fromCharCode({});\n", decimal(&token)), "sendgrid-api-key"),
        ("a.json", format!("{{\"type\":\"Buffer\",\"data\":[{}]}}\n", decimal(&token)), "sendgrid-api-key"),
        ("a.go", format!("var key = []byte{{{}}}\n", hex(&token)), "sendgrid-api-key"),
    ] {
        let told = told(path, &text);
        assert!(told.iter().any(|(own, _)| own == rule), "{text}: {told:?}");
    }
}

#[test]
fn what_is_found_stands_where_it_is_written() {
    let sample = fill("forms", 5, 1, "{\"user\": \"app\", \"password\": \"«%{password:12}»\", \"port\": 1}");
    let inner = String::from_utf8(sample.text).expect("it is ASCII");
    let text = format!("settings = \"{}\"\n", base64(&inner));
    let report = support::report("a.py", text.as_bytes(), Changed::Whole);
    let found = report.findings.iter().find(|f| f.rule.id() == "generic-password").expect("it is found");
    let at = sample.expected[0].start;
    let first = "settings = \"".len() + at / 3 * 4 + at % 3 + 1;
    assert_eq!(found.location.start_column as usize, first);
}

#[test]
fn marks_that_lead_nowhere_cost_little() {
    let marks = [
        "eyJ ",
        "H4sIAAAA\n",
        "eyJ\n",
        "70617373776f7264",
        "%22%3A",
        "\\x61\\x62",
        "\\u0061\\u0062",
        "&#97;&#98;",
        "UEsDBBQ\", \"",
        "[] = {",
        "cGFzc3dvcmQ9",
        "p\0a\0s\0s\0w\0o\0r\0d\0",
    ];
    for mark in marks {
        let text = mark.repeat((32 << 10) / mark.len());
        let begun = std::time::Instant::now();
        let report = support::report("a.txt", text.as_bytes(), Changed::Whole);
        assert!(report.findings.is_empty(), "{mark}");
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "{mark}: {:?}", begun.elapsed());
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, ..Default::default() })]

    #[test]
    fn no_text_of_marks_does_harm(pieces in proptest::collection::vec((0..16usize, "[A-Za-z0-9+/=%\\\\u&#;x, \n\"]{0,24}"), 0..60)) {
        const MARKS: [&str; 16] = [
            "eyJ", "H4sIA", "UEsDBBQ", "eJx", "7061737377", "1f8b08", "%7B%22", "%2522", "\\u006", "\\x6", "\\16", "&#6", "&#x6",
            "[] = {", "bytes([", "cGFzc3dvcm",
        ];
        let text: String = pieces.iter().map(|(mark, rest)| format!("{}{rest}", MARKS[*mark])).collect();
        support::report("a.txt", text.as_bytes(), Changed::Whole);
    }
}
