//! What a value is that is no secret: an address, a path, a date, an identifier, a key that is public.

mod addresses;
pub(super) mod code;
mod encoded;
mod numbers;

use super::made::wordiness;
use addresses::{is_email, is_host, is_host_with_port, is_list, is_path};
use code::{
    is_amid_code, is_call, is_camel, is_element, is_escaped, is_format, is_header, is_identifier, is_of_ranges,
    is_qualified, is_scan_format,
};
pub(super) use encoded::is_account;
use encoded::{is_encoding, is_of_escapes, is_point, is_public, is_something_encoded};
pub(super) use numbers::is_colour;
use numbers::{is_of_checkout, is_of_time, is_time_or_version};

/// What the value is if it is no secret.
pub(super) fn something_else(value: &[u8]) -> Option<&'static str> {
    let has = |mark: &str| memchr::memmem::find(value, mark.as_bytes()).is_some();
    let first = value.first().copied().unwrap_or_default();
    let last = value.last().copied().unwrap_or_default();
    if value.iter().any(u8::is_ascii_whitespace) {
        return Some("several words");
    }
    if value.iter().any(|b| *b >= 0x80 || b.is_ascii_control()) || is_of_escapes(value) {
        return Some("text that is not ASCII");
    }
    if last == b'?' && value[..value.len() - 1].iter().all(u8::is_ascii_alphabetic) || last == b':' {
        return Some("a question or a label");
    }
    if is_encoding(value) {
        return Some("an encoding of text");
    }
    if is_public(value) || is_point(value) {
        return Some("a key for the public");
    }
    if is_account(value) {
        return Some("an account of a blockchain");
    }
    if !value.iter().any(u8::is_ascii_alphanumeric) {
        return Some("marks alone");
    }
    if let Some(what) = is_something_encoded(value) {
        return Some(what);
    }
    if has("://")
        || value.starts_with(b"urn:")
        || value.starts_with(b"www.")
        || value.starts_with(b"//")
        || value.starts_with(b"mailto:")
    {
        return Some("an address");
    }
    if is_host_with_port(value) || is_host(value) {
        return Some("an address");
    }
    if is_qualified(value) {
        return Some("a name in a program");
    }
    if is_email(value) {
        return Some("a mail address");
    }
    if is_format(value) {
        return Some("a format");
    }
    if first == b'^' && last == b'$' && value.len() > 2
        || has("\\w")
        || has("\\d")
        || has("\\s")
        || has("\\b")
        || has("[a-z")
        || has("[A-Z")
        || has("[0-9")
        || has("[^")
        || has("(?")
        || has(".*")
        || has(".+")
        || is_of_ranges(value)
    {
        return Some("a pattern");
    }
    if first == b'<' || last == b'>' || has("</") || has("/>") || value.starts_with(b"{@") {
        return Some("markup");
    }
    if first == b'"' && has("\":") {
        return Some("an object");
    }
    if is_scan_format(value) {
        return Some("a format");
    }
    if value.starts_with(b"ocid1.") {
        return Some("the id of something in Oracle's cloud");
    }
    if is_call(value) || is_amid_code(value) || is_element(value) {
        return Some("an expression");
    }
    if is_escaped(value) {
        return Some("a character");
    }
    if is_path(value) || is_list(value) {
        return Some("a path");
    }
    if is_time_or_version(value) {
        return Some("a date, a time, a version or an address");
    }
    if (first == b'#' || first == b'.')
        && value[1..].iter().all(|b| b.is_ascii_alphanumeric() || b"-_ .#>".contains(b))
        && wordiness(value) > 0.5
    {
        return Some("a selector");
    }
    if is_header(value) {
        return Some("the name of a header");
    }
    if is_of_checkout(value) {
        return Some("the number of a payment");
    }
    if is_of_time(value) {
        return Some("an id made of the time");
    }
    (is_identifier(value) || is_camel(value)).then_some("an identifier")
}
