//! The name that someone probably meant.

/// The known name nearest to a mistyped one, if one is near enough to be meant.
pub fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, name) = known.map(|name| (distance(typed, name), name)).min()?;
    let part = !typed.is_empty() && name.contains(typed);
    (part || distance <= 2 + typed.len() / 8).then_some(name)
}

/// How many bytes have to be put in, taken out or replaced to make one of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let replaced = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_nonsense_is_not() {
        let ids = ["sendgrid-api-key", "github-token"];
        assert_eq!(nearest("sendgrid-apikey", ids.into_iter()), Some("sendgrid-api-key"));
        assert_eq!(nearest("github-tokne", ids.into_iter()), Some("github-token"));
        assert_eq!(nearest("api-key", ids.into_iter()), None);
        assert_eq!(nearest("zzzzzz", ids.into_iter()), None);
    }

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
