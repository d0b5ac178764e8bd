//! Values that a command puts into a store of secrets or settings under a name.

use super::link::Closed;
use super::{Link, Near, Quote, Tied, is_quote};
use aho_corasick::AhoCorasick;
use std::ops::Range;
use std::sync::LazyLock;

/// What says that such a command runs; of some the word behind the name is the value.
const STORES: [(&str, bool); 16] = [
    ("secret set ", false),
    ("secrets set ", true),
    ("variable set ", true),
    ("secret put ", false),
    ("secret add ", false),
    ("secret:create ", false),
    ("secret create ", false),
    ("secrets create ", false),
    ("store-secret ", true),
    ("env set ", true),
    ("config set ", true),
    ("config --global ", true),
    ("etcdctl put ", true),
    ("put-parameter ", false),
    ("create-secret ", false),
    ("put-secret-value ", false),
];
/// What stands before the value, blanks and line ends aside.
const OPTIONS: [&str; 10] =
    ["--body", "-b", "--value", "-v", "--secret-string", "--secret-value", "--data", "--plaintext", "<<<", "-d"];

/// `gh secret set NAME --body x`, `aws ssm put-parameter --name /prod/NAME --value x`, `travis env set NAME x`.
pub(super) fn by_store(near: &Near<'_>, name: &Range<usize>, closed: &Closed, at: usize) -> Option<(Link, usize)> {
    if at == closed.at || !near.byte(at).is_some_and(|b| b.is_ascii_graphic()) {
        return None;
    }
    let is_direct = store_before(near, name)?;
    let is_word =
        |at: usize| near.byte(at).is_some_and(|b| !matches!(b, b'-' | b'<' | b'|' | b'>' | b'&' | b'#' | b'='));
    let value = behind_option(near, at).or((is_direct && is_word(at)).then_some(at))?;
    // What is stored is no mere word of a command, but without quotes only a word is read.
    let link = if near.byte(value).is_some_and(is_quote) { Link::Argument } else { Link::Following };
    Some((link, value))
}

/// `echo x | gh secret set NAME`, `printf x | docker secret create NAME -`.
pub(super) fn piped(near: &Near<'_>, name: &Range<usize>) -> Option<Tied> {
    let line = near.line_before(name.start);
    let from = name.start - line.len();
    let pipe = memchr::memrchr(b'|', line)?;
    store_in(&line[pipe..])?;
    let said = line[..pipe].trim_ascii_end();
    let word = ["echo ", "printf "].iter().find_map(|word| {
        let at = memchr::memmem::rfind(said, word.as_bytes())?;
        Some(at + word.len())
    })?;
    let options = said[word..].iter().take_while(|b| matches!(b, b'-' | b'n' | b'e' | b' ')).count();
    let start = if said[word..].starts_with(b"-") { word + options } else { word };
    let value = said.get(start..)?;
    let quote = value.first().copied().filter(|b| is_quote(*b));
    let (value, kind) = match quote {
        Some(quote) if value.len() > 2 && value.ends_with(&[quote]) => (start + 1..said.len() - 1, Quote::Quoted),
        Some(_) => return None,
        None => (start..said.len(), Quote::Bare),
    };
    let is_one = !said[value.clone()].iter().any(|b| b.is_ascii_whitespace() || matches!(b, b'$' | b'`' | b'%'));
    is_one.then_some((Link::Argument, from + value.start..from + value.end, kind))
}

/// Whether the name is an argument of such a command, and whether the value may follow it as it is.
fn store_before(near: &Near<'_>, name: &Range<usize>) -> Option<bool> {
    let before = &near.text[near.start..name.start];
    let line = last_command(before);
    // Only the name itself, its path and its options stand between, and the value of no other option.
    let word = line.iter().rposition(u8::is_ascii_whitespace)?;
    let ahead = line[..word].trim_ascii_end();
    let is_behind_verb = [&b"set"[..], b"put", b"add", b"create"].iter().any(|verb| ahead.ends_with(verb));
    if !is_behind_verb && memchr::memchr(b'-', ahead).is_none() {
        return None;
    }
    let is_direct = store_in(line)?;
    let is_path = |b: &u8| super::is_word(*b) || b"/.:-\"'=".contains(b);
    let is_named = line[word + 1..].iter().all(is_path) && !line[word + 1..].starts_with(b"-");
    is_named.then_some(is_direct)
}

fn store_in(line: &[u8]) -> Option<bool> {
    // Looked for on almost every line with a credential's name, in one pass.
    static FOUND: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(STORES.map(|(word, _)| word)).expect("the words are few"));
    FOUND.find(line).map(|found| STORES[found.pattern().as_usize()].1)
}

/// What stands on the line, with the lines before that end in a backslash or, in PowerShell, a backtick.
fn last_command(before: &[u8]) -> &[u8] {
    let breaks = memchr::memrchr_iter(b'\n', before);
    let goes_on = |at: &usize| matches!(before[..*at].trim_ascii_end().last(), Some(b'\\' | b'`'));
    breaks.into_iter().find(|at| !goes_on(at)).map_or(before, |at| &before[at + 1..])
}

/// Where the value begins behind an option that gives it, on the same command.
fn behind_option(near: &Near<'_>, from: usize) -> Option<usize> {
    let mut at = from;
    let mut goes_on = false;
    while at < from + 130 {
        let here = near.byte(at)?;
        match here {
            b'\n' | b'\r' if !goes_on => return None,
            b'|' | b';' => return None,
            _ => {}
        }
        let is_start = at == from || near.before(at).is_some_and(|b| b.is_ascii_whitespace());
        if is_start && let Some(value) = value_of_option(near, at) {
            return Some(value);
        }
        goes_on = matches!(here, b'\\' | b'`') || goes_on && here.is_ascii_whitespace();
        at += 1;
    }
    None
}

fn value_of_option(near: &Near<'_>, at: usize) -> Option<usize> {
    let option = OPTIONS.iter().find(|option| near.starts(at, option))?;
    let end = at + option.len();
    let value = match near.byte(end)? {
        b'=' => end + 1,
        b' ' => near.skip(end, 8, false),
        b'"' | b'\'' if *option == "<<<" => end,
        _ => return None,
    };
    near.byte(value).filter(|b| b.is_ascii_graphic() && *b != b'-').map(|_| value)
}
