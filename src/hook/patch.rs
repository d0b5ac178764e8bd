//! The patches that Codex and its kin apply: `*** Begin Patch`, then files, each with its lines.

use super::tool::Act;
use std::path::PathBuf;

const BEGIN: &str = "*** Begin Patch";

/// Whether a text holds such a patch.
pub(super) fn is_patch(text: &str) -> bool {
    text.lines().any(|line| line.trim() == BEGIN)
}

/// What the patch does to each file. What stands round it, as the shell command that applies it, is read too.
pub(super) fn acts(text: &str) -> Vec<Act> {
    let mut acts = Vec::new();
    let mut around = String::new();
    let mut file: Option<(PathBuf, Vec<(bool, String)>)> = None;
    let mut done = |file: &mut Option<(PathBuf, Vec<(bool, String)>)>| {
        acts.extend(file.take().map(|(path, lines)| Act::Patch { path, lines }));
    };
    for line in text.lines() {
        let named = ["*** Add File: ", "*** Update File: "].iter().find_map(|head| line.strip_prefix(head));
        if let Some(path) = named {
            done(&mut file);
            file = Some((path.trim().into(), Vec::new()));
        } else if let Some(path) = line.strip_prefix("*** Move to: ") {
            file = file.map(|(_, lines)| (path.trim().into(), lines));
        } else if line.starts_with("*** ") {
            done(&mut file);
        } else if let Some((_, lines)) = &mut file {
            match line.split_at_checked(1) {
                Some(("+", added)) => lines.push((true, added.to_owned())),
                Some((" ", kept)) => lines.push((false, kept.to_owned())),
                None => lines.push((false, String::new())),
                // A line that goes, or a heading of a hunk.
                Some(_) => {}
            }
        } else {
            around.push_str(line);
            around.push('\n');
        }
    }
    done(&mut file);
    if !around.trim().is_empty() {
        acts.push(Act::Run(around));
    }
    acts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_and_kept_lines_are_told_apart_and_removed_ones_left_out() {
        let text = "*** Begin Patch\n*** Update File: a.py\n@@ def f():\n x = 1\n-old\n+new\n*** Add File: b\n+b\n*** End Patch\n";
        assert!(is_patch(text));
        let lines = |lines: &[(bool, &str)]| lines.iter().map(|(new, text)| (*new, (*text).to_owned())).collect();
        assert_eq!(
            acts(text),
            [
                Act::Patch { path: "a.py".into(), lines: lines(&[(false, "x = 1"), (true, "new")]) },
                Act::Patch { path: "b".into(), lines: lines(&[(true, "b")]) },
            ]
        );
    }

    #[test]
    fn a_file_that_moves_is_judged_by_its_new_name() {
        let text = "*** Begin Patch\n*** Update File: a.py\n*** Move to: tests/b.py\n@@\n+new\n*** End Patch\n";
        assert_eq!(acts(text), [Act::Patch { path: "tests/b.py".into(), lines: vec![(true, "new".to_owned())] }]);
    }
}
