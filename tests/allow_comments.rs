//! What a comment allows: one finding on its line or on the line below, for a rule and a reason, and nothing else.

mod support;

use support::{report, sendgrid_key};
use unleak::document::Changed;
use unleak::finding::Reason;

/// The reasons for which keys in this text are allowed, `KEY` for the key, and how many are not.
fn allowed(path: &str, text: &str) -> (Vec<String>, usize) {
    let text = text.replace("KEY", &sendgrid_key(1)).replace("ALLOW", "unleak:allow");
    let report = report(path, text.as_bytes(), Changed::Whole);
    let reasons = report.dismissed.iter().filter_map(|dismissal| match &dismissal.reason {
        Reason::AllowedByComment(why) => Some(why.clone()),
        _ => None,
    });
    (reasons.collect(), report.findings.len())
}

#[track_caller]
fn assert_allows(path: &str, text: &str, reason: &str) {
    assert_eq!(allowed(path, text), (vec![reason.to_owned()], 0), "{text}");
}

#[track_caller]
fn assert_allows_nothing(path: &str, text: &str) {
    assert_eq!(allowed(path, text), (Vec::new(), 1), "{text}");
}

#[test]
fn a_comment_on_the_line_allows_its_rule_or_all_with_a_reason() {
    for (comment, reason) in [
        ("ALLOW sendgrid-api-key made up", "made up"),
        ("ALLOW sendgrid-api-key", ""),
        ("ALLOW aws-access-key,sendgrid-api-key made up", "made up"),
        ("ALLOW * made up", "made up"),
        ("ALLOW all made up", "made up"),
        ("ALLOW", ""),
    ] {
        assert_allows("a.py", &format!("k = \"KEY\"  # {comment}\n"), reason);
        assert_allows("a.c", &format!("char *k = \"KEY\"; /* {comment} */\n"), reason);
    }
    for comment in ["ALLOW aws-access-key made up", "ALLOW sendgrid made up", "allow sendgrid-api-key made up"] {
        assert_allows_nothing("a.py", &format!("k = \"KEY\"  # {comment}\n"));
    }
}

#[test]
fn a_line_above_counts_only_if_it_is_a_comment_and_nothing_more() {
    for (path, open, close) in [
        ("a.py", "#", ""),
        ("a.js", "    //", ""),
        ("a.c", "/*", " */"),
        ("a.sql", "--", ""),
        ("a.xml", "<!--", " -->"),
        ("a.ini", ";", ""),
        ("a.tex", "%", ""),
        ("a.bat", "REM ", ""),
        ("a.hbs", "{{!", " }}"),
    ] {
        assert_allows(path, &format!("{open} ALLOW sendgrid-api-key made up{close}\nk = \"KEY\"\n"), "made up");
    }
    assert_allows_nothing("a.py", "x = 1  # ALLOW sendgrid-api-key made up\nk = \"KEY\"\n");
    assert_allows_nothing("a.py", "# ALLOW sendgrid-api-key made up\n\nk = \"KEY\"\n");
    assert_allows_nothing("a.py", "k = \"KEY\"\n# ALLOW sendgrid-api-key made up\n");
    assert_allows_nothing("a.py", "# ALLOW aws-access-key made up\nk = \"KEY\"\n");
}

#[test]
fn marks_of_other_scanners_are_understood_where_those_want_them() {
    let why = "marked for another scanner";
    for mark in ["gitleaks:allow", "pragma: allowlist secret", "pragma: whitelist secret"] {
        assert_allows("a.py", &format!("k = \"KEY\"  # {mark}\n"), why);
        assert_allows_nothing("a.py", &format!("# {mark}\nk = \"KEY\"\n"));
    }
    for mark in ["pragma: allowlist nextline secret", "pragma: whitelist nextline secret"] {
        assert_allows("a.py", &format!("# {mark}\nk = \"KEY\"\n"), why);
        assert_allows_nothing("a.py", &format!("x = 1  # {mark}\nk = \"KEY\"\n"));
    }
}
