//! Texts from outside a repository's files: a stream, and a commit message about to be made.

use super::repository::Repository;
use super::{Error, Reader, Selected, Surroundings, path_bytes, scanned};
use crate::document::{Aspect, Content, Entry, Origin};
use std::path::Path;

/// What Git writes, behind the comment character, above what it shows but never commits.
const SCISSORS: &[u8] = b" ------------------------ >8 ------------------------";

/// Selects a stream that was read to its end.
pub fn stdin(surroundings: &Surroundings, bytes: Vec<u8>, path: Option<&Path>) -> Selected {
    let origin = Origin { path: path.map(path_bytes).unwrap_or_default(), ..Origin::default() };
    Selected {
        scanned: scanned("stdin", surroundings, None),
        entries: vec![Entry { origin, content: Content::Bytes(bytes), before: Vec::new() }],
        ..Selected::nothing(Reader::default())
    }
}

/// Selects the message in a file, as Git is about to commit it.
pub fn message(surroundings: &Surroundings, file: &Path) -> Result<Selected, Error> {
    let file = surroundings.cwd.join(file);
    let bytes = std::fs::read(&file).map_err(|why| Error::File { path: file.clone(), why })?;
    let comment = Repository::find(surroundings).ok().flatten().and_then(|repository| {
        let settings = repository.git().config_snapshot();
        settings.string("core.commentString").or_else(|| settings.string("core.commentChar"))
    });
    // With `auto`, Git picks a character that no line starts with, so `#` is as good a guess as any.
    let comment = comment.filter(|comment| !comment.is_empty() && comment != "auto");
    let comment = comment.map_or(b"#".to_vec(), |comment| comment.to_vec());
    let origin = Origin { part: Aspect::CommitMessage, ..Origin::default() };
    Ok(Selected {
        scanned: scanned("message", surroundings, None),
        entries: vec![Entry { origin, content: Content::Bytes(committed(&bytes, &comment)), before: Vec::new() }],
        ..Selected::nothing(Reader::default())
    })
}

/// What of the message Git will commit: without what stands below the scissors and without comment lines, whose
/// line ends stay so that lines keep their numbers.
///
/// Git removes comments only from a message that went through an editor, which always ends with Git's own
/// comments. A message given by `-m` keeps its lines with `#`, so they are read unless the last line is one.
fn committed(bytes: &[u8], comment: &[u8]) -> Vec<u8> {
    let scissors = [comment, SCISSORS].concat();
    let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
    let cut = lines.iter().position(|line| line.trim_ascii_end() == scissors);
    let kept = &lines[..cut.unwrap_or(lines.len())];
    let is_comment = |line: &[u8]| line.starts_with(comment);
    let last = kept.iter().rev().find(|line| !line.trim_ascii().is_empty());
    let was_edited = cut.is_some() || last.is_some_and(|line| is_comment(line));
    let mut text = Vec::with_capacity(bytes.len());
    for line in kept {
        let end = line.len() - line.iter().rev().take_while(|b| matches!(b, b'\n' | b'\r')).count();
        text.extend_from_slice(if was_edited && is_comment(line) { &line[end..] } else { line });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_what_is_below_the_scissors_are_not_committed() {
        let message = b"subject\n\n# a comment\nbody\n# ------------------------ >8 ------------------------\ndiff\n";
        assert_eq!(committed(message, b"#"), b"subject\n\n\nbody\n");
        assert_eq!(committed(b"one\n#two\n# Please enter\n#\n", b"#"), b"one\n\n\n\n");
        assert_eq!(committed(b"one\r\n;two\r\n", b";"), b"one\r\n\r\n");
    }

    #[test]
    fn a_message_that_no_editor_saw_keeps_its_lines_with_a_hash() {
        assert_eq!(committed(b"one\n# two\nthree\n", b"#"), b"one\n# two\nthree\n");
        assert_eq!(committed(b"# one\n\n; two", b"//"), b"# one\n\n; two");
        assert_eq!(committed(b"", b"#"), b"");
    }
}
