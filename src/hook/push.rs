//! What Git hands a hook about a push, read.

use crate::source::{Push, Side, Update};

/// Reads what pre-push is handed: a line `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID` for each ref.
pub fn sent(input: &str, remote: &str) -> Result<Push, String> {
    let updates = updates(input, |fields| match fields {
        [_, new, _, old] => Some((old, new)),
        _ => None,
    })?;
    Ok(Push { updates, side: Side::Sender(remote.to_owned()) })
}

/// Reads what pre-receive is handed: a line `OLD-ID NEW-ID REF` for each ref.
pub fn received(input: &str) -> Result<Push, String> {
    let updates = updates(input, |fields| match fields {
        [old, new, _] => Some((old, new)),
        _ => None,
    })?;
    Ok(Push { updates, side: Side::Receiver })
}

/// A line that can't be read must not pass for one that pushes nothing.
fn updates<'i>(input: &'i str, ids: impl Fn(&[&'i str]) -> Option<(&'i str, &'i str)>) -> Result<Vec<Update>, String> {
    let lines = input.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            let is_id = |id: &str| id.len() >= 40 && id.bytes().all(|b| b.is_ascii_hexdigit());
            let both = ids(&fields).filter(|(old, new)| is_id(old) && is_id(new));
            let (old, new) = both.ok_or_else(|| format!("this is not how Git tells a hook of a push: {line:?}"))?;
            Ok(Update { old: old.to_owned(), new: new.to_owned() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_an_update_and_anything_else_is_an_error() {
        let (a, b) = ("a".repeat(40), "0".repeat(40));
        let push = sent(&format!("refs/heads/x {a} refs/heads/y {b}\n(delete) {b} refs/heads/z {a}\n"), "origin");
        let push = push.expect("it is well-formed");
        assert_eq!(push.side, Side::Sender("origin".into()));
        assert_eq!(push.updates[0], Update { old: b.clone(), new: a.clone() });
        assert_eq!(push.updates[1], Update { old: a.clone(), new: b.clone() });
        let push = received(&format!("{a} {b} refs/heads/x\n")).expect("it is well-formed");
        assert_eq!(push.updates, [Update { old: a.clone(), new: b }]);
        assert!(received("").expect("nothing is pushed").updates.is_empty());
        assert!(received(&format!("{a} refs/heads/x\n")).is_err());
        assert!(sent(&format!("HEAD {a} refs/heads/x abc\n"), "origin").is_err());
    }
}
