//! What the header of a commit says beside ids and dates: names, tags that a merge carries along, lines of anyone's own.

/// The header lines and the message.
pub(crate) fn parted(text: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memmem::find(text, b"\n\n") {
        Some(at) => (&text[..at + 1], &text[at + 2..]),
        None => (text, b""),
    }
}

/// The tags that a merge commit carries inside its header.
pub(crate) fn merged_tags(head: &[u8]) -> Vec<Vec<u8>> {
    let mut tags: Vec<Vec<u8>> = Vec::new();
    let mut inside = false;
    for line in head.split_inclusive(|b| *b == b'\n') {
        match line {
            [b' ', rest @ ..] if inside => {
                if let Some(tag) = tags.last_mut() {
                    tag.extend_from_slice(rest);
                }
            }
            _ => {
                inside = line.starts_with(b"mergetag ");
                if inside {
                    tags.push(line[b"mergetag ".len()..].to_vec());
                }
            }
        }
    }
    tags
}

/// What somebody wrote in the header of a commit, line for line: an empty line stands for what Git makes itself, for
/// what a signature consists of, and for the tags that are read by themselves.
pub(crate) fn written(head: &[u8]) -> Vec<u8> {
    const MADE: [&[u8]; 2] = [b"tree ", b"parent "];
    let mut text = Vec::new();
    let mut in_tag = false;
    for line in head.split_inclusive(|b| *b == b'\n') {
        in_tag = line.starts_with(b"mergetag ") || in_tag && line.starts_with(b" ");
        let is_made = MADE.iter().any(|key| line.starts_with(key));
        if in_tag || is_made || is_base64(line) {
            text.extend(line.last().filter(|b| **b == b'\n'));
        } else {
            text.extend_from_slice(line);
        }
    }
    if text.iter().all(u8::is_ascii_whitespace) { Vec::new() } else { text }
}

/// Whether a line goes on with what a signature is made of.
fn is_base64(line: &[u8]) -> bool {
    let is_digit = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    line.strip_prefix(b" ").is_some_and(|rest| rest.trim_ascii_end().iter().all(is_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merged_tag_is_taken_out_of_the_header() {
        let text = b"tree 1\nmergetag object 2\n type commit\n \n the message\n of two lines\nauthor x\n\nmerge\n";
        let (head, message) = parted(text);
        assert_eq!(message, b"merge\n");
        assert_eq!(parted(&merged_tags(head)[0]).1, b"the message\nof two lines\n");
        assert_eq!(written(head), b"\n\n\n\n\n\nauthor x\n");
    }

    #[test]
    fn what_somebody_wrote_in_a_header_keeps_its_line() {
        let head = b"tree 1\nparent 2\nauthor A <a@b> 1 +0000\ngpgsig -----BEGIN\n Version: x.y\n abc+/=\nnote z\n";
        assert_eq!(written(head), b"\n\nauthor A <a@b> 1 +0000\ngpgsig -----BEGIN\n Version: x.y\n\nnote z\n");
        assert_eq!(written(b"tree 1\n"), b"");
    }
}
