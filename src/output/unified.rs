//! A unified diff as Git and patch read it: hunks with three lines of context, counted from where they begin.

use imara_diff::{Algorithm, Diff, Hunk, InternedInput};
use std::fmt::Write as _;
use std::ops::Range;

/// So many unchanged lines stand round a change.
const CONTEXT: u32 = 3;

/// The hunks that make one text the other; nothing if they are the same.
pub(super) fn hunks(before: &str, after: &str) -> String {
    let input = InternedInput::new(before, after);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let changes: Vec<Hunk> = diff.hunks().collect();
    let near = |one: &Hunk, next: &Hunk| next.before.start - one.before.end <= 2 * CONTEXT;
    let mut text = String::new();
    for group in changes.chunk_by(near) {
        hunk(group, &input, &mut text);
    }
    text
}

/// One hunk, of changes near each other.
fn hunk(changes: &[Hunk], input: &InternedInput<&str>, text: &mut String) {
    let [first, ..] = changes else { return };
    let last = &changes[changes.len() - 1];
    let lead = first.before.start.min(CONTEXT);
    let end = (last.before.end + CONTEXT).min(input.before.len() as u32);
    let before = first.before.start - lead..end;
    let after = first.after.start - lead..last.after.end + (end - last.before.end);
    writeln!(text, "@@ -{} +{} @@", place(&before), place(&after)).expect("a String can be written to");
    let mut put = |sign: char, tokens: &[imara_diff::Token]| {
        for token in tokens {
            let line = input.interner[*token];
            text.push(sign);
            text.push_str(line);
            if !line.ends_with('\n') {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    };
    let lines = |range: Range<u32>| range.start as usize..range.end as usize;
    let mut at = before.start;
    for change in changes {
        put(' ', &input.before[lines(at..change.before.start)]);
        put('-', &input.before[lines(change.before.clone())]);
        put('+', &input.after[lines(change.after.clone())]);
        at = change.before.end;
    }
    put(' ', &input.before[lines(at..end)]);
}

/// Where lines begin, and how many they are. None begin behind the line that stands before them.
fn place(lines: &Range<u32>) -> String {
    let first = if lines.is_empty() { lines.start } else { lines.start + 1 };
    format!("{first},{}", lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hunk_begins_where_its_first_line_is() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        for line in 1..=9 {
            let after = before.replace(&format!("{line}\n"), "x\n");
            let hunks = hunks(before, &after);
            let first: u32 = line.max(4) - 3;
            assert!(hunks.starts_with(&format!("@@ -{first},")), "{hunks}");
            let shown = hunks.lines().nth(1).expect("a hunk has lines");
            assert!(shown.ends_with(&first.to_string()) && shown.len() == 2, "{hunks}");
        }
    }

    #[test]
    fn a_new_file_begins_at_line_nought() {
        assert_eq!(hunks("", "a\nb\n"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
        assert_eq!(hunks("a\n", ""), "@@ -1,1 +0,0 @@\n-a\n");
        assert_eq!(hunks("a\n", "a\n"), "");
    }

    #[test]
    fn a_missing_last_line_end_is_said() {
        assert_eq!(hunks("a\nb", "a\nc\n"), "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n");
    }

    #[test]
    fn changes_far_apart_are_hunks_of_their_own() {
        let before: String = (0..40).map(|line| format!("{line}\n")).collect();
        let after = before.replace("10\n", "x\ny\n").replace("13\n", "").replace("30\n", "z\n");
        let hunks = hunks(&before, &after);
        let heads: Vec<&str> = hunks.lines().filter(|line| line.starts_with("@@")).collect();
        assert_eq!(heads, ["@@ -8,10 +8,10 @@", "@@ -28,7 +28,7 @@"], "{hunks}");
    }
}
