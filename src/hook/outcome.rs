//! The texts that a call of a tool would leave behind, as documents: what is new in them, and what stood there.

use super::tool::{Act, Edit};
use crate::document::{Ahead, Before, Changed, Charset, Document, Origin};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The name under which a shell command is judged: as a script.
pub const COMMAND: &str = "command.sh";

/// A text to be scanned.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The text.
    pub document: Document,
    /// The file that holds it afterwards; none for a command or a message.
    pub path: Option<PathBuf>,
    /// What the file held before.
    pub before: Option<Vec<u8>>,
}

/// What an act would leave behind. `name` says how a path is called in reports, `read` what a file holds now.
pub fn outcomes(act: &Act, name: impl Fn(&Path) -> Vec<u8>, read: impl Fn(&Path) -> Option<Vec<u8>>) -> Vec<Outcome> {
    let of_file = |path: &Path, text: Vec<u8>, changed: Changed| {
        let before = read(path);
        Outcome { document: document(name(path), text, changed, before.is_some()), path: Some(path.into()), before }
    };
    let alone = |name: &str, text: &str| Outcome {
        document: document(name.as_bytes().to_vec(), text.as_bytes().to_vec(), Changed::Whole, false),
        path: None,
        before: None,
    };
    match act {
        Act::Write { path, text } => vec![of_file(path, text.as_bytes().to_vec(), Changed::Whole)],
        Act::Edit { path, edits } => match edited(read(path), edits) {
            Some((text, changed)) => vec![of_file(path, text, Changed::Ranges(changed))],
            // The tool will say that there is no such text, or finds it in a way of its own.
            None => edits.iter().map(|edit| of_file(path, edit.new.clone().into_bytes(), Changed::Whole)).collect(),
        },
        Act::Patch { path, lines } => {
            let (text, changed) = patched(lines);
            vec![of_file(path, text, Changed::Ranges(changed))]
        }
        Act::Run(command) => vec![alone(COMMAND, command)],
        Act::Say(text) => vec![alone("", text)],
    }
}

fn document(path: Vec<u8>, text: Vec<u8>, changed: Changed, has_before: bool) -> Document {
    let before = Before { blob_id: gix::ObjectId::null(gix::hash::Kind::Sha1), renamed_from: None };
    Document {
        origin: Origin { path, ..Origin::default() },
        text,
        charset: Charset::Bytes,
        changed,
        before: if has_before { vec![before] } else { Vec::new() },
        tracked: false,
        ahead: Ahead::default(),
    }
}

/// The file with the edits made, and where they are; nothing if one can't be made.
fn edited(file: Option<Vec<u8>>, edits: &[Edit]) -> Option<(Vec<u8>, Vec<Range<usize>>)> {
    let mut text = file?;
    let mut changed: Vec<Range<usize>> = Vec::new();
    for edit in edits {
        let (old, new) = (edit.old.as_bytes(), edit.new.as_bytes());
        if old.is_empty() {
            return None;
        }
        let mut at = memchr::memmem::find(&text, old)?;
        loop {
            text.splice(at..at + old.len(), new.iter().copied());
            shift(&mut changed, at..at + old.len(), new.len());
            let next = at + new.len();
            match memchr::memmem::find(&text[next..], old).filter(|_| edit.everywhere) {
                Some(found) => at = next + found,
                None => break,
            }
        }
    }
    Some((text, changed))
}

/// Moves ranges as a replacement moves the text, and adds its own.
fn shift(changed: &mut Vec<Range<usize>>, gone: Range<usize>, come: usize) {
    let moved = |at: usize| if at >= gone.end { at - gone.len() + come } else { at };
    let mut own = gone.start..gone.start + come;
    changed.retain_mut(|range| {
        let is_apart = range.end <= gone.start || range.start >= gone.end;
        *range = match is_apart {
            true => moved(range.start)..moved(range.end.max(range.start)),
            false => range.start.min(gone.start)..moved(range.end).max(own.end),
        };
        if !is_apart {
            own = own.start.min(range.start)..own.end.max(range.end);
        }
        is_apart
    });
    changed.push(own);
    changed.sort_by_key(|range| range.start);
}

fn patched(lines: &[(bool, String)]) -> (Vec<u8>, Vec<Range<usize>>) {
    let (mut text, mut changed): (Vec<u8>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
    for (is_new, line) in lines {
        let start = text.len();
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
        match changed.last_mut().filter(|last| last.end == start) {
            Some(last) if *is_new => last.end = text.len(),
            _ if *is_new => changed.push(start..text.len()),
            _ => {}
        }
    }
    (text, changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(old: &str, new: &str, everywhere: bool) -> Edit {
        Edit { old: old.into(), new: new.into(), everywhere }
    }

    #[test]
    fn edits_are_made_and_their_places_known() {
        let (text, changed) =
            edited(Some(b"a b a b".to_vec()), &[edit("a", "xyz", true), edit("b", "", false)]).expect("they fit");
        assert_eq!(text, b"xyz  xyz b");
        let texts: Vec<&[u8]> = changed.iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(texts, [&b"xyz"[..], b"", b"xyz"]);
    }

    #[test]
    fn an_edit_within_an_edit_is_one_place() {
        let (text, changed) =
            edited(Some(b"a b".to_vec()), &[edit("b", "[1]", false), edit("1", "22", false)]).expect("they fit");
        assert_eq!((&text[..], changed), (&b"a [22]"[..], vec![2..6]));
    }

    #[test]
    fn an_edit_that_fits_nowhere_is_none() {
        assert_eq!(edited(Some(b"a".to_vec()), &[edit("b", "c", false)]), None);
        assert_eq!(edited(None, &[edit("b", "c", false)]), None);
    }
}
