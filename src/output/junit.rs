//! JUnit XML, for servers that show tests: a finding is a test that fails, what was not read is one with an error.
//!
//! It keeps to the schema that Jenkins' xUnit plugin publishes. The first test says whether everything was read,
//! so that a clean scan is not an empty suite. Findings of low severity and notes are tests that were skipped:
//! they are seen and turn nothing red, as they do not fail a scan unless asked to.

use super::redact::Redactor;
use super::{TOOL, about, accepted_in_words, place, read_in_words};
use crate::document::Aspect;
use crate::finding::{Finding, Severity, confidence_name};
use crate::report::Report;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::{self, Write};

/// Writes the suite, indented.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let redactor = Redactor::new(report, false);
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let counts = counts(report);
    let in_all = [("tests", counts.tests), ("failures", counts.failures), ("errors", counts.errors)];
    let in_all = in_all.map(|(name, count)| (name, count.to_string()));
    let attributes = || in_all.iter().map(|(name, count)| (*name, count.as_str()));
    let suites = xml.create_element("testsuites").with_attribute(("name", TOOL)).with_attributes(attributes());
    suites.write_inner_content(|xml| {
        let skipped = counts.skipped.to_string();
        let suite = xml.create_element("testsuite").with_attribute(("name", suite(report).as_str()));
        let suite = suite.with_attributes(attributes()).with_attribute(("skipped", skipped.as_str()));
        suite.write_inner_content(|xml| {
            coverage(report, &redactor, xml)?;
            accepted(report, xml)?;
            report.findings.iter().try_for_each(|found| finding(found, &redactor, xml))
        })?;
        Ok(())
    })?;
    writeln!(out)
}

struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

fn counts(report: &Report) -> Counts {
    let failures = report.findings.iter().filter(|finding| fails(finding)).count();
    let errors = report.coverage.missing.len();
    let told = errors.max(1) + usize::from(accepted_in_words(report).is_some());
    Counts { tests: told + report.findings.len(), failures, errors, skipped: report.findings.len() - failures }
}

fn fails(finding: &Finding) -> bool {
    finding.severity >= Severity::Medium
}

fn suite(report: &Report) -> String {
    format!("{TOOL} {}", if report.scan.mode.is_empty() { "scan" } else { report.scan.mode })
}

/// One test that all was read, or one with an error for each thing that was not.
fn coverage<W: Write>(report: &Report, redactor: &Redactor, xml: &mut Writer<W>) -> io::Result<()> {
    let class = format!("{TOOL}.coverage");
    let missing = &report.coverage.missing;
    if missing.is_empty() {
        let test = xml.create_element("testcase").with_attribute(("classname", class.as_str()));
        test.with_attribute(("name", format!("everything was read: {}", read_in_words(report)).as_str()))
            .write_empty()?;
    }
    for missing in missing {
        let (what, why) = (text(redactor.line(&missing.what)), text(redactor.line(missing.why.as_bytes())));
        let test = xml.create_element("testcase").with_attribute(("classname", class.as_str()));
        test.with_attribute(("name", format!("not read: {what}").as_str())).write_inner_content(|xml| {
            let error = xml.create_element("error").with_attribute(("type", "not-read"));
            error.with_attribute(("message", why.as_str())).write_empty()?;
            Ok(())
        })?;
    }
    Ok(())
}

/// A test that passes and says how much the baseline accepts.
fn accepted<W: Write>(report: &Report, xml: &mut Writer<W>) -> io::Result<()> {
    let Some(words) = accepted_in_words(report) else { return Ok(()) };
    let class = format!("{TOOL}.baseline");
    let test = xml.create_element("testcase").with_attribute(("classname", class.as_str()));
    test.with_attribute(("name", words.as_str())).write_empty()?;
    Ok(())
}

fn finding<W: Write>(finding: &Finding, redactor: &Redactor, xml: &mut Writer<W>) -> io::Result<()> {
    let place = place::in_words(&finding.origin, "", redactor);
    let name = text(match finding.origin.part {
        Aspect::Path => place,
        _ => format!("{place}:{}:{}", finding.location.start_line, finding.location.start_column),
    });
    let mut message = format!(
        "{}, {} severity, {} confidence",
        redactor.line(finding.rule.spec.title.as_bytes()),
        finding.severity.name(),
        confidence_name(finding.confidence)
    );
    if let Some(secret) = redactor.masked(&finding.rule, &finding.secret) {
        message += &format!(": {secret}");
    }
    let (message, outcome) = (text(message), if fails(finding) { "failure" } else { "skipped" });
    let body = text(about::paragraphs(finding, redactor).join("\n"));
    let test = xml.create_element("testcase").with_attribute(("classname", finding.rule.id()));
    test.with_attribute(("name", name.as_str())).write_inner_content(|xml| {
        let outcome = xml.create_element(outcome).with_attribute(("type", finding.severity.name()));
        outcome.with_attribute(("message", message.as_str())).write_text_content(BytesText::new(&body))?;
        Ok(())
    })?;
    Ok(())
}

/// Two characters that are not hostile have no place in XML either.
fn text(text: String) -> String {
    if text.contains(['\u{fffe}', '\u{ffff}']) { text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}") } else { text }
}
