//! Nothing secret and nothing hostile in any format.

use crate::support::reports::{HOSTILE, document, every_rule, everything, key, password, refused, report};
use crate::{json, plain, written};
use unleak::document::Aspect;
use unleak::output::{Error, Format, Style, beside, write};

#[test]
fn no_format_shows_a_secret() {
    let report = everything();
    let secrets: Vec<String> = (1..=12).map(key).chain([password(1)]).collect();
    for format in Format::ALL {
        let text = plain(&report, format);
        for secret in &secrets {
            let hidden = &secret[secret.len().min(7)..];
            let hidden = if hidden.len() < 8 { secret } else { hidden };
            for spelling in [hidden.to_owned(), data_encoding::BASE64.encode(hidden.as_bytes())] {
                assert!(!text.contains(&spelling), "{format} shows {secret} in:\n{text}");
            }
        }
        assert!(!text.contains(&"Ab1".repeat(20)), "{format} shows a line of the block:\n{text}");
    }
}

#[test]
fn no_built_in_rule_shows_what_it_found() {
    let report = every_rule();
    let texts = Format::ALL.map(|format| (format, written(&report, format, &Style::default())));
    let mut checked = 0;
    for finding in &report.findings {
        let secret = String::from_utf8_lossy(finding.secret.expose());
        let middle = (0..=secret.len() / 2).rev().find(|&at| secret.is_char_boundary(at)).expect("0 is one");
        let hidden = &secret[middle..];
        // What stands in clear text beside it is a user or a host, not what is secret.
        if hidden.len() < 8 || finding.key_id.as_deref().is_some_and(|id| id.contains(hidden)) {
            continue;
        }
        checked += 1;
        for (format, text) in &texts {
            assert!(!text.contains(hidden), "{format} shows {secret:?} of {}", finding.rule.id());
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn weak_passwords_do_not_even_tell_their_length() {
    let of = |password: &str| {
        let text = format!("password = \"{password}\"\n");
        let mut report = report(&[document(b"a.py", Aspect::Content, &text)]);
        assert_eq!(report.findings.len(), 1, "{password}");
        report.findings[0].fingerprint = unleak::fingerprint::Fingerprint::of("", b"", unleak::secret::Secret::new([]));
        report.coverage.bytes = 0;
        written(&report, Format::Human, &Style::default())
    };
    assert_eq!(of(&password(3)), of(&format!("{}{}", password(4), password(5))));
}

#[test]
fn secrets_are_revealed_when_asked_for_and_only_where_they_may() {
    let report = refused();
    let style = Style { reveal: true, ..Style::default() };
    for format in Format::ALL {
        if format.may_reveal() {
            assert!(written(&report, format, &style).contains(&key(1)), "{format}");
        } else {
            let refusal = write(&report, format, &style, &mut Vec::new()).expect_err("it is refused");
            assert!(matches!(refusal, Error::Reveal(f) if f == format));
        }
    }
}

#[test]
fn nothing_hostile_reaches_the_reader() {
    let report = everything();
    for format in Format::ALL {
        let text = plain(&report, format);
        // RFC 4180 wants lines to end with CR LF.
        let text = if format == Format::Csv { text.replace("\r\n", "\n") } else { text };
        let hostile = text.chars().find(|&c| (c.is_control() && c != '\n') || "\u{202e}\u{200b}".contains(c));
        assert_eq!(hostile, None, "{format}:\n{text}");
        assert!(!text.contains("##["), "{format}");
        for line in text.lines().filter(|_| format != Format::Github) {
            assert!(!line.trim_start().starts_with("::"), "{format}: {line}");
        }
    }
}

#[test]
fn what_is_said_beside_a_report_is_as_harmless() {
    let lines = beside(&everything(), false);
    assert!(lines.iter().any(|line| line.starts_with("14 findings (10 critical")), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("not read: ") && line.ends_with("permission denied")));
    for line in lines {
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}') && !line.contains(&key(3)), "{line}");
    }
}

#[test]
fn machine_formats_keep_hostile_paths_exact() {
    let report = everything();
    let path = format!("src/{HOSTILE}.py");
    let found = json(&report, Format::Json);
    let paths: Vec<&str> =
        found["findings"].as_array().expect("a list").iter().filter_map(|f| f["path"].as_str()).collect();
    assert!(paths.contains(&path.as_str()), "{paths:?}");
    let odd = found["findings"].as_array().expect("a list").iter().find(|f| f["rule_id"] == "test-file");
    assert_eq!(odd.expect("the file is found")["path_encoded"], "caf%E9/a.testenv");
}

#[test]
fn neighbouring_secrets_are_all_masked() {
    let (one, two, weak) = (key(30), key(31), password(6));
    let text = format!("{one},{two}\npassword = \"{weak}\" # not {weak}, nor {one}\n");
    let report = report(&[document(b"a.py", Aspect::Content, &text)]);
    assert_eq!(report.findings.len(), 4);
    let shown = written(&report, Format::Human, &Style::default());
    for secret in [&one[7..], &two[7..], &weak] {
        assert!(!shown.contains(secret), "{secret} in:\n{shown}");
    }
    assert!(shown.contains("1 | TK.") && shown.contains("…,…\n"), "{shown}");
}

#[test]
fn what_a_rule_shows_of_a_secret_is_never_much_of_it() {
    let mut short = refused();
    short.findings[0].secret = unleak::secret::Secret::new(*b"TK.abcdef");
    assert!(plain(&short, Format::Json).contains("\"secret_masked\": \"…\""));
}
