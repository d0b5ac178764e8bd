//! Where something stands and how it is written, in the words that all formats share.

use super::redact::Redactor;
use crate::document::{Aspect, Origin};
use crate::finding::{Finding, Lifecycle, Moment};
use crate::remedy::Edit;
use crate::report::Accepted;
use crate::rule::{Form, Kind};

/// The part's name in machine formats.
pub(super) fn part_name(part: Aspect) -> &'static str {
    match part {
        Aspect::Content => "content",
        Aspect::Path => "path",
        Aspect::LinkTarget => "link-target",
        Aspect::CommitMessage => "commit-message",
        Aspect::TagMessage => "tag-message",
        Aspect::Note => "note",
        Aspect::RefName => "ref-name",
        Aspect::Header => "commit-header",
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
        Aspect::Header => message("header of commit"),
        Aspect::RefName => format!("{} (the name of a ref)", redactor.line(&origin.path)),
        _ if origin.path.is_empty() => match &origin.blob_id {
            Some(id) => format!("blob {}, which no tree holds", short(id)),
            None => "standard input".to_owned(),
        },
        _ if origin.file().is_empty() => {
            let file = in_words(&origin.outside(), prefix, redactor);
            let what = if origin.part == Aspect::Path { " (its path)" } else { "" };
            format!("{file}{}{what}", redactor.line(&origin.path))
        }
        Aspect::Path => format!("{} (its path)", path()),
        Aspect::LinkTarget => format!("{} (what the link points to)", path()),
        Aspect::Content => path(),
    }
}

/// The path for machines, a secret in it masked. What has no file gets an address below `.git/`, where no tracked
/// path can be; a stream without a name is `stdin`.
pub(super) fn path(origin: &Origin, redactor: &Redactor) -> String {
    let own = || String::from_utf8_lossy(&redactor.bytes(&origin.path)).into_owned();
    let below_git = |folder: &str| match (&origin.commit_id, origin.path.is_empty()) {
        (Some(id), _) => format!(".git/{folder}/{id}"),
        (None, true) => format!(".git/{folder}/new"),
        (None, false) => own(),
    };
    match origin.part {
        Aspect::CommitMessage => below_git("commit-messages"),
        Aspect::TagMessage => below_git("tag-messages"),
        Aspect::Note => below_git("notes"),
        Aspect::Header => below_git("commit-headers"),
        Aspect::RefName => format!(".git/{}", own()),
        _ if origin.path.is_empty() => match &origin.blob_id {
            Some(id) => format!(".git/objects/{id}"),
            None => "stdin".to_owned(),
        },
        _ if origin.file().is_empty() => path(&origin.outside(), redactor) + &own(),
        _ => own(),
    }
}

/// By whom, when, how long and why a finding was accepted.
pub(super) fn accepted_in_words(accepted: &Accepted) -> String {
    let by = if accepted.by.is_empty() { String::new() } else { format!("by {} ", accepted.by) };
    let until = accepted.expires.as_ref().map(|date| format!(" until {date}")).unwrap_or_default();
    let old = accepted.moved_from.as_ref().map(|path| format!(" at {}", String::from_utf8_lossy(path)));
    format!("{by}on {}{}{until}: {}", accepted.on, old.unwrap_or_default(), accepted.reason)
}

/// Where a finding of a history stands now, and what that means for whoever mends it.
pub(super) fn story_in_words(story: &Lifecycle) -> String {
    let mut text = String::new();
    let first = |moments: &[Moment], what: &str| match moments {
        [] => String::new(),
        [first, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            let day = first.date.get(..10).unwrap_or_default();
            format!("{what} by {} of {day} ({}){more}; ", short(&first.commit_id), first.subject)
        }
    };
    text += &first(&story.introduced, "brought");
    text += &first(&story.removed, "removed");
    text += match () {
        () if story.in_head => "HEAD has it",
        () if is_uncommitted(story) => "no commit that is left has it",
        () => "HEAD has it no more",
    };
    text += &match (story.refs.as_slice(), story.reachable) {
        ([], _) => "; no ref leads to it".to_owned(),
        ([one], _) => format!("; {one} leads to it"),
        ([first, rest @ ..], _) => match rest.len() as u64 + story.refs_omitted {
            1 => format!("; {first} and one more ref lead to it"),
            more => format!("; {first} and {more} more refs lead to it"),
        },
    };
    text
}

/// The next step in one line. What HEAD has no more, nobody has to take out of it.
pub(super) fn next_step(finding: &Finding) -> &str {
    let next = finding.remedy.next.trim();
    let is_gone = finding.lifecycle.as_ref().is_some_and(|story| !story.in_head);
    match next.split_once(", then") {
        Some((revoke, _)) if is_gone => revoke,
        _ => next,
    }
}

/// Whether Git holds it for no commit and no ref: it was staged only, or all that had it is deleted.
fn is_uncommitted(story: &Lifecycle) -> bool {
    !story.reachable && story.introduced.is_empty()
}

/// What to do first about a secret in history; there is none in a habit that leads to leaks.
pub(super) fn history_advice(finding: &Finding) -> Option<&'static str> {
    let story = finding.lifecycle.as_ref().filter(|_| finding.rule.kind != Kind::Hygiene)?;
    if is_uncommitted(story) {
        return Some(
            "in this clone alone, as after a refused commit: Git deletes it some weeks from now, `git gc --prune=now` does so at once, and then it is gone; whoever read the folder has it",
        );
    }
    Some(match (story.pushed, story.reachable, story.in_head) {
        (true, _, false) => {
            "it was pushed: gone from HEAD, it is leaked all the same; revoke it first, rewriting history comes second"
        }
        (true, _, true) => {
            "it was pushed: revoke it first; rewriting history comes second and helps only those who do not have it yet"
        }
        (false, true, _) => "local only so far: amend or drop the commits before they are pushed",
        (false, false, _) => {
            "local only, and no ref leads to it: Git keeps it until `git reflog expire --expire=now --all && git gc --prune=now`; whoever read the folder has it"
        }
    })
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
        Form::Packed => "packed",
        Form::Split => "split",
        Form::Reversed => "reversed",
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
            Form::Packed => "compressed text",
            Form::Split => "pieces put together",
            Form::Reversed => "text written backwards",
        })
        .collect();
    (!names.is_empty()).then(|| names.join(" of "))
}
/// The edits on one line, in order: where each begins, and what is put there. Where it ends would tell how long a weak
/// password is.
pub(super) fn edits_in_words(edits: &[Edit]) -> String {
    let words = edits.iter().map(|edit| {
        let inserted = edit.inserted.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'");
        let how = match (edit.span.is_empty(), inserted.is_empty()) {
            (true, _) => format!("insert `{inserted}`"),
            (false, true) => "take out".to_owned(),
            (false, false) => format!("becomes `{inserted}`"),
        };
        format!("{}:{} {how}", edit.location.start_line, edit.location.start_column)
    });
    words.collect::<Vec<_>>().join(", ")
}
