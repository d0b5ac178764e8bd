//! Where something stands and how it is written, in the words that all formats share.

use super::redact::Redactor;
use crate::document::{Aspect, Origin};
use crate::rule::Form;

/// The part's name in machine formats.
pub(super) fn part_name(part: Aspect) -> &'static str {
    match part {
        Aspect::Content => "content",
        Aspect::Path => "path",
        Aspect::LinkTarget => "link-target",
        Aspect::CommitMessage => "commit-message",
        Aspect::TagMessage => "tag-message",
        Aspect::Note => "note",
    }
}

/// Whether the text is a file's, or says something about one, so that a path leads there.
pub(super) fn has_file(origin: &Origin) -> bool {
    matches!(origin.part, Aspect::Content | Aspect::Path | Aspect::LinkTarget) && !origin.path.is_empty()
}

/// An origin for people: the path behind `prefix`, or what the text is when no path leads to it.
pub(super) fn in_words(origin: &Origin, prefix: &str, redactor: &Redactor) -> String {
    let path = || format!("{prefix}{}", redactor.line(&origin.path));
    let message = |what: &str| match &origin.commit_id {
        Some(id) => format!("{what} {}", short(id)),
        None if origin.path.is_empty() => "the message".to_owned(),
        None => path(),
    };
    match origin.part {
        Aspect::CommitMessage => message("message of commit"),
        Aspect::TagMessage => message("message of tag"),
        Aspect::Note => message("note on"),
        _ if origin.path.is_empty() => "standard input".to_owned(),
        Aspect::Path => format!("{} (its path)", path()),
        Aspect::LinkTarget => format!("{} (what the link points to)", path()),
        Aspect::Content => path(),
    }
}

/// A commit's or blob's id as people quote it.
pub(super) fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}

/// A spelling's name in machine formats.
pub(super) fn form_name(form: Form) -> &'static str {
    match form {
        Form::Joined => "joined",
        Form::Base64 => "base64",
        Form::Percent => "percent",
        Form::Escaped => "escaped",
        Form::Hex => "hex",
        Form::Utf16 => "utf16",
    }
}

/// Spellings in words, outermost first: "base64 of percent-encoding"; nothing for plain text.
pub(super) fn forms_in_words(forms: &[Form]) -> Option<String> {
    let names: Vec<&str> = forms
        .iter()
        .map(|form| match form {
            Form::Joined => "string literals put together",
            Form::Base64 => "base64",
            Form::Percent => "percent-encoding",
            Form::Escaped => "character escapes",
            Form::Hex => "hexadecimal digits",
            Form::Utf16 => "UTF-16",
        })
        .collect();
    (!names.is_empty()).then(|| names.join(" of "))
}
