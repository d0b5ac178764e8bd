//! The rule reference: every rule as a page of Markdown, by provider.

use crate::finding::confidence_name;
use crate::rule::Kind;
use crate::rule::{Check, Checksum, Decodes, Form, Guard, Measure, Structure, Text};
use crate::ruleset::Rule;
use std::io::{self, Write};

/// The provider whose rules come first.
const FIRST: &str = "Twilio SendGrid";

const HEAD: &str = "\
# Rules

What `unleak rules --format markdown` prints. `unleak rules ID` shows samples too.

- A rule wakes where one of its **anchors** stands; what it looks at lies within its **reach**, in bytes before and behind.
- The **confidence** is where the judge begins; its checks then run in order. Before them it looks whether the value is a
  placeholder, after them whether a comment or an entry of the configuration allows it.
- Beside the spellings that a rule names, anchors that match as they are written are looked for in base64 and UTF-16 too, and
  every rule looks through what decoding shows: [decoded.md](decoded.md).
- A **generic** rule gives way to another on the same bytes and is a level less sure in tests, examples and documentation.
";

/// A page with these rules: SendGrid's first, then the other providers in the order of the alphabet.
pub fn page<'r>(rules: impl IntoIterator<Item = &'r Rule>, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: Vec<&Rule> = rules.into_iter().collect();
    // Stable: a provider's rules stay in the order of its file.
    rules.sort_by_key(|rule| (rule.provider != FIRST, rule.provider.to_lowercase()));
    write!(out, "{HEAD}")?;
    for of_provider in rules.chunk_by(|a, b| a.provider == b.provider) {
        writeln!(out, "\n## {}", plain(&of_provider[0].provider))?;
        for rule in of_provider {
            section(rule, out)?;
        }
    }
    Ok(())
}

fn section(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    let spec = &rule.spec;
    writeln!(out, "\n### {}\n", code(rule.id()))?;
    let generic = if spec.generic { ", generic" } else { "" };
    let (severity, confidence) = (rule.severity.name(), confidence_name(spec.confidence));
    let title = plain(&spec.title);
    writeln!(
        out,
        "**{title}**: {severity} ({:.1}), {confidence} confidence{generic}{}.",
        spec.severity,
        kind(rule.kind)
    )?;
    if !spec.description.is_empty() {
        writeln!(out, "{}", plain(&spec.description))?;
    }
    writeln!(out)?;
    if !spec.anchors.is_empty() {
        let any_case = if spec.ignore_case { ", in any case" } else { "" };
        let reach = spec.reach;
        let anchors = codes(&spec.anchors);
        writeln!(out, "- Anchors: {anchors}{any_case}; reach {} before, {} behind", reach.before, reach.after)?;
    }
    let mut item = |name: &str, text: String| match text.is_empty() {
        true => Ok(()),
        false => writeln!(out, "- {name}: {text}"),
    };
    item("Only in files like", codes(&spec.paths))?;
    let parts: Vec<String> = spec
        .parts
        .iter()
        .map(|part| {
            let optional = if part.optional { " (optional)" } else { "" };
            format!("{}{optional}", code(&part.name))
        })
        .collect();
    item("Needs within reach", parts.join(", "))?;
    item("Also looked for", listed(spec.forms.iter().map(|form| form_in_words(*form))))?;
    item("How long", measure(spec.measure).to_owned())?;
    item("Must not adjoin it", guard(spec.guard).to_owned())?;
    let checks: Vec<String> = spec.checks.iter().map(check).collect();
    item("Checks", checks.join("; "))?;
    item("Variable", if spec.variable.is_empty() { String::new() } else { code(&spec.variable) })?;
    let remedy = &spec.remedy;
    item("Revoke", plain(&remedy.revoke))?;
    item("Replace", plain(&remedy.replace))?;
    item("Store", plain(&remedy.store))?;
    item("Verify", plain(&remedy.verify))?;
    let references: Vec<String> =
        spec.references.iter().map(|reference| format!("<{}>", super::hostile::line(reference.as_bytes()))).collect();
    item("References", references.join(", "))
}

/// One check in words: what has to hold, or what holding does.
fn check(check: &Check) -> String {
    match check {
        Check::Entropy(least) => format!("entropy of at least {least:.2} bits a character"),
        Check::EntropyAbove(bound) => format!("entropy above {bound:.2} bits a character"),
        Check::Distinct(least) => format!("at least {least} different characters"),
        Check::Mixed => "letters and digits".into(),
        Check::MinLength(least) => format!("at least {least} bytes"),
        Check::MaxLength(most) => format!("at most {most} bytes"),
        Check::Structure(kind) => format!("{} raises to high, failing lowers to medium", structure(*kind)),
        Check::Checksum(kind) => format!("{} raises to high, failing dismisses", checksum(*kind)),
        Check::Decodes(kind) => format!("is {}", decodes(*kind)),
        Check::PartNot { part, values } => format!("{} is none of {}", code(part), codes(values)),
        Check::Near(words) => format!("near {}", codes(words)),
        Check::NotNear(words) => format!("not near {}", codes(words)),
        Check::RaisedBy(words) => format!("raised a level near {}", codes(words)),
        Check::LoweredBy(words) => format!("lowered a level near {}", codes(words)),
        Check::LowAt(words) => format!("low where the path contains {}", codes(words)),
        Check::NotContaining(words) => format!("contains none of the published samples {}", codes(words)),
        Check::Literal => "a literal, not a variable, call or template".into(),
        Check::Made => "how the value was made, its name and its file decide: see [generic.md](generic.md)".into(),
        Check::AnyText => "placeholders count too".into(),
    }
}

fn structure(kind: Structure) -> &'static str {
    match kind {
        Structure::SendgridKey => "an id that is a UUID of version 4 and a secret of 32 bytes",
        Structure::Jwt => "a JSON object before the first dot",
    }
}

fn checksum(kind: Checksum) -> &'static str {
    match kind {
        Checksum::Crc32Base62 => "the CRC-32 in base 62 at its end",
        Checksum::Crc32Base36 => "the CRC-32 in base 36 at its end",
        Checksum::Crc32HexUpper => "the CRC-32 in hexadecimal at its end",
        Checksum::Crc32HexLittle => "the CRC-32, little end first, in hexadecimal at its end",
        Checksum::Crc32Hex => "the CRC-32 in hexadecimal at its end",
        Checksum::Crc32Base64Little => "the CRC-32, little end first, in base64 at its end",
        Checksum::PypiMacaroon => "a macaroon that names a package index",
        Checksum::Bip39 => "the first bits of the SHA-256 at the end of the words of BIP-39",
    }
}

fn decodes(kind: Decodes) -> &'static str {
    match kind {
        Decodes::BasicUser => "base64 of a user and a password, not SendGrid's",
        Decodes::SaslPlainUser => "base64 of a SASL PLAIN login, not SendGrid's",
        Decodes::Jwt => "a JSON Web Token",
        Decodes::PrivateKey => "a private key that is there in full",
        Decodes::OpenPgpKey => "an OpenPGP secret key without a passphrase",
        Decodes::LockedPgpKey => "an OpenPGP secret key under a passphrase",
        Decodes::SealedPkcs12 => "a PKCS#12 file all of whose content is encrypted",
    }
}

fn measure(measure: Option<Measure>) -> &'static str {
    match measure {
        None => "",
        Some(Measure::Der) => "as the head of the DER sequence says, whose parts have to fill it",
    }
}

fn guard(guard: Guard) -> &'static str {
    match guard {
        Guard::None => "",
        Guard::Token => "a letter or digit on the left; a letter, digit, `_` or `-` on the right",
        Guard::Labelled => {
            "a letter or digit on the left; a letter, digit, `_` or `-` on the right, words like `_prod` aside"
        }
        Guard::Word => "a letter, digit or `_`",
        Guard::Alnum => "a letter or digit",
        Guard::Hex => "a letter, digit or `-`",
        Guard::Base64 => "a letter, digit, `+`, `/`, `_` or `-`; `=` on the right",
    }
}

fn form_in_words(form: Form) -> &'static str {
    match form {
        Form::Joined => "in joined literals",
        Form::Base64 => "in base64",
        Form::Percent => "percent-encoded",
        Form::Escaped => "in escapes",
        Form::Hex => "in hexadecimal",
        Form::Utf16 => "in UTF-16",
        Form::Packed => "compressed",
        Form::Split => "in pieces",
        Form::Reversed => "backwards",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Secret => "",
        Kind::Hygiene => "; a habit that leads to leaks, no secret",
        Kind::File => "; a file that should not be there",
    }
}

fn listed<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

/// Text in a code span, with a fence that is longer than any run of backticks in it.
fn code(text: &str) -> String {
    let mut fence = String::from("`");
    while text.contains(&fence) {
        fence.push('`');
    }
    let edge = if fence.len() > 1 || text.starts_with(' ') && text.ends_with(' ') { " " } else { "" };
    format!("{fence}{edge}{text}{edge}{fence}")
}

/// Literals, each in its code span; blanks and line ends in them are spelled out.
fn codes(texts: &[Text]) -> String {
    texts.iter().map(|text| code(&super::hostile::line(text.as_bytes()))).collect::<Vec<_>>().join(", ")
}

/// A text on one line in which nothing outside a code span is mistaken for markup.
fn plain(text: &str) -> String {
    let line = super::hostile::line(text.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes());
    let mut in_code = false;
    let mut escaped = String::with_capacity(line.len());
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        in_code ^= c == '`';
        // Within a word an underscore means nothing to Markdown.
        let is_within = c == '_'
            && escaped.ends_with(|before: char| before.is_alphanumeric())
            && characters.peek().is_some_and(|next| next.is_alphanumeric());
        if !in_code && !is_within && matches!(c, '<' | '*' | '_' | '[' | '|') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruleset::RuleSet;

    #[test]
    fn every_built_in_rule_has_one_section_and_says_what_it_is_looked_for_by() {
        let rules = RuleSet::builtin();
        let mut bytes = Vec::new();
        page(rules.rules().iter().map(AsRef::as_ref), &mut bytes).expect("a Vec can be written to");
        let text = String::from_utf8(bytes).expect("rules are text");
        assert!(text.find("\n## Twilio SendGrid\n") < text.find("\n## 1Password\n"), "SendGrid comes first");
        for rule in rules.rules() {
            let heading = format!("\n### `{}`\n", rule.id());
            let (_, section) = text.split_once(&heading).unwrap_or_else(|| panic!("no {heading}"));
            let section = section.split("\n### ").next().expect("there is a first piece");
            assert!(rule.kind == Kind::File || section.contains("\n- Anchors: "), "{}", rule.id());
            assert!(rule.spec.checks.is_empty() || section.contains("\n- Checks: "), "{}", rule.id());
            assert_eq!(text.matches(&heading).count(), 1, "{}", rule.id());
        }
    }

    #[test]
    fn markup_counts_only_in_code() {
        assert_eq!(plain("a_b _c <d> `e_f <g>`\n  h*"), "a_b \\_c \\<d> `e_f <g>` h\\*");
    }
}
