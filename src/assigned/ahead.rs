//! Values that stand before their names.

use super::{Link, Near, Quote, Tied, is_quote};
use std::ops::Range;

/// How far before the name its value is looked for.
const FARTHEST: usize = 100;

/// `"x" == password`, `"x".equals(password)`, `"x" forKey:@"password"`, `value="x" name="password"`.
pub(super) fn tied(near: &Near<'_>, name: &Range<usize>) -> Option<Tied> {
    let before = near.skip_back(name.start);
    let quoted = |link, value| Some((link, value, Quote::Quoted));
    match near.before(before)? {
        b'=' => {
            let operator =
                ["===", "!==", "==", "!="].iter().find(|o| near.text[near.start..before].ends_with(o.as_bytes()))?;
            quoted(Link::Compared, near.literal_before(near.skip_back(before - operator.len()))?)
        }
        b'(' => {
            let method =
                super::link::COMPARING.iter().find(|m| near.text[near.start..before].ends_with(m.as_bytes()))?;
            quoted(Link::Compared, near.literal_before(before - method.len())?)
        }
        quote if is_quote(quote) && before == name.start && near.byte(name.end) == Some(quote) => {
            quoted(Link::Sibling, beside(near, before - 1)?)
        }
        _ => None,
    }
}

/// What stands between a value and its name in Objective-C and Swift.
const LABELS: [&str; 5] = [" forKey:@", ", forKey: ", " forHTTPHeaderField:@", ", forHTTPHeaderField: ", ", forName: "];

/// The value of an object or an element whose name begins at the quote.
fn beside(near: &Near<'_>, quote: usize) -> Option<Range<usize>> {
    let before = &near.text[near.start.max(quote.saturating_sub(FARTHEST))..quote];
    if let Some(label) = LABELS.iter().find(|label| before.ends_with(label.as_bytes())) {
        return near.literal_before(quote - label.len());
    }
    if before.ends_with(b", @") && memchr::memmem::find(before, b"ObjectsAndKeys:").is_some() {
        return near.literal_before(quote - ", @".len());
    }
    let object = memchr::memrchr3(b'{', b'<', b'(', before).map_or(before, |open| &before[open..]);
    let is_over = object.contains(&b'}') || object.contains(&b'>');
    let names = ["name", "key", "Name", "Key", "type", "id", "env"];
    let before_mark =
        object.trim_ascii_end().strip_suffix(b"=").or_else(|| object.trim_ascii_end().strip_suffix(b":"))?;
    let word = before_mark.trim_ascii_end();
    let word = word.strip_suffix(b"\"").unwrap_or(word);
    if is_over || !names.iter().any(|name| word.ends_with(name.as_bytes())) {
        return None;
    }
    let value = memchr::memmem::rfind(object, b"alue")?;
    let is_default = object[..value].ends_with(b"default_v");
    let is_key =
        value >= 2 && matches!(object[value - 1], b'v' | b'V') && (is_default || !super::is_word(object[value - 2]));
    let start = quote - object.len() + value + "alue".len();
    let at = near.skip(start + usize::from(near.byte(start) == Some(b'"')), 4, false);
    let open = matches!(near.byte(at), Some(b'=' | b':')).then(|| near.skip(at + 1, 4, false))?;
    let mark = near.byte(open).filter(|b| is_quote(*b) && is_key)?;
    let len = memchr::memchr(mark, &near.text[open + 1..quote])?;
    (!near.text[open + 1..open + 1 + len].contains(&b'\n')).then_some(open + 1..open + 1 + len)
}
