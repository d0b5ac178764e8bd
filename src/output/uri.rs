//! Paths as relative references of RFC 3986.

use std::fmt::Write as _;

/// A path's bytes with everything but letters, digits, `-._~` and `/` percent-encoded: nothing is lost, and
/// no first segment can be taken for a scheme. A leading `./` goes, an absolute path becomes a `file` URI.
pub(super) fn of_path(path: &[u8]) -> String {
    let mut path = path;
    while let Some(rest) = path.strip_prefix(b"./") {
        path = rest;
    }
    let mut uri = String::with_capacity(path.len() + 8);
    if path.starts_with(b"/") {
        uri.push_str("file://");
    }
    for &byte in path {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte as char),
            _ => write!(uri, "%{byte:02X}").expect("a String can be written to"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_percent_encoded() {
        assert_eq!(of_path("src/a b/é:#?%.py".as_bytes()), "src/a%20b/%C3%A9%3A%23%3F%25.py");
        assert_eq!(of_path(b"caf\xe9\\x"), "caf%E9%5Cx");
        assert_eq!(of_path(b"././a"), "a");
        assert_eq!(of_path(b"../a"), "../a");
        assert_eq!(of_path(b"/etc/x"), "file:///etc/x");
    }
}
