//! What stands in programs: names, calls, places of lists, what goes between two literals.

use crate::judge::made::{classes, count, wordiness};
use crate::judge::statistics::distinct;

/// `revealSwimlaneId`: letters alone, with a capital now and then, never two that stand alone. Letters drawn by lot
/// have as many capitals as others. `currentGOALCanvas` has an abbreviation between longer words.
pub(super) fn is_camel(value: &[u8]) -> bool {
    let capitals = count(value, u8::is_ascii_uppercase);
    let inner = count(&value[1..], u8::is_ascii_uppercase);
    let mut words = value.split(u8::is_ascii_uppercase).filter(|word| !word.is_empty());
    let has_abbreviation = value.len() >= 12
        && value.iter().all(u8::is_ascii_alphabetic)
        && value[0].is_ascii_lowercase()
        && (3..=6).contains(&inner)
        && words.clone().count() == 2
        && words.all(|word| word.len() >= 4);
    if has_abbreviation {
        return true;
    }
    value.len() >= 12
        && value.iter().all(u8::is_ascii_alphabetic)
        && value[0].is_ascii_lowercase()
        && inner > 0
        && capitals * 5 <= value.len()
        && value.windows(2).all(|pair| !(pair[0].is_ascii_uppercase() && pair[1].is_ascii_uppercase()))
}

/// `X-Acme-Secret`: a header that no standard has.
pub(super) fn is_header(value: &[u8]) -> bool {
    value.strip_prefix(b"X-").is_some_and(|rest| {
        rest.split(|b| *b == b'-')
            .all(|word| matches!(word, [b'A'..=b'Z', ..]) && word.iter().all(u8::is_ascii_alphabetic))
    })
}

/// `+String(y))}if(3!=i.b&&`, `!!t.credentials`: what stands between two literals of a program written without blanks.
pub(super) fn is_amid_code(value: &[u8]) -> bool {
    let has = |mark: &[u8]| usize::from(memchr::memmem::find(value, mark).is_some());
    let marks = [&b")}"[..], b"){", b"&&", b"||", b"==", b"!=", b"};", b"==="].into_iter().map(has).sum::<usize>();
    let is_negated = value.starts_with(b"!!")
        && value.contains(&b'.')
        && value[2..].iter().all(|b| b.is_ascii_alphabetic() || *b == b'.');
    // The rest of an object in JSON, or what stands behind a literal that ends where this seems to begin.
    let is_of_json = memchr::memmem::find(value, b"\":").is_some_and(|at| value[..at].contains(&b'"'));
    let is_behind_literal = matches!(value, [b'"' | b'\'', b',' | b')' | b';' | b'+' | b'.', ..]);
    // `N.isMacintosh?6:5`, `ho?ho.isBuffer:e`
    let is_choice = value.iter().position(|b| *b == b'?').is_some_and(|at| {
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"._$".contains(b);
        let (asked, chosen) = (&value[..at], &value[at + 1..]);
        asked.first().is_some_and(u8::is_ascii_alphabetic)
            && value.contains(&b'.')
            && asked.iter().all(is_name)
            && chosen.iter().all(|b| is_name(b) || *b == b':')
            && chosen.iter().filter(|b| **b == b':').count() == 1
    });
    // `'".$row["password"]."'`: what stands between two literals that PHP joins.
    let is_joined = value.starts_with(b".$") && value.ends_with(b".");
    is_joined || is_negated || is_choice || is_of_json || is_behind_literal || marks >= 2
}

/// `' + store_pass + '\\`: what stands between two literals that are joined by a plus.
pub(in crate::judge) fn is_joined_by_plus(value: &[u8]) -> bool {
    let Some(rest) = value.strip_prefix(b"'").or_else(|| value.strip_prefix(b"\"")) else { return false };
    let Some(rest) = rest.trim_ascii_start().strip_prefix(b"+") else { return false };
    let rest = rest.trim_ascii_start();
    let is_of_name = |b: &u8| b.is_ascii_alphanumeric() || b"_.()[]".contains(b);
    let name = rest.iter().take_while(|b| is_of_name(b)).count();
    let behind = rest[name..].trim_ascii_start();
    let has_second = behind
        .strip_prefix(b"+")
        .is_some_and(|rest| matches!(rest.trim_ascii_start().first(), None | Some(b'\'' | b'"' | b'\\')));
    name > 0 && !rest[0].is_ascii_digit() && has_second
}

/// `Acme::Helpers::random_hex`: names joined as C++, Perl, Ruby and Rust join them, of letters mostly.
pub(super) fn is_qualified(value: &[u8]) -> bool {
    let text = value.strip_suffix(b"()").unwrap_or(value);
    let Some(at) = memchr::memmem::find(text, b"::") else { return false };
    let is_name = |name: &[u8]| {
        name.first().is_some_and(u8::is_ascii_alphabetic)
            && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
            && name.iter().filter(|b| b.is_ascii_digit()).count() <= 2
    };
    is_name(&text[..at]) && text[at..].split(|b| *b == b':').filter(|name| !name.is_empty()).all(is_name)
}

/// `name(…)`, `name[…]`, `a->b`, `a::b`, `a.b()`.
pub(super) fn is_call(value: &[u8]) -> bool {
    let has = |mark: &[u8]| memchr::memmem::find(value, mark).is_some();
    let opens = value.iter().position(|b| matches!(b, b'(' | b'['));
    let name = opens.map_or(&[][..], |at| &value[..at]);
    let named = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || b"_.:$@-".contains(b));
    let closed = value.iter().any(|b| matches!(b, b')' | b']'));
    named && (closed || value.ends_with(b"(") || value.ends_with(b"[")) && wordiness(name) > 0.4
        || has(b"->")
        || has(b"::") && wordiness(value) > 0.5
        || matches!(value, [b'(', .., b')'] | [b'[', .., b']'] | [b'{', .., b'}'])
        || value.ends_with(b"{")
        || value.ends_with(b"(")
        || named && (is_argument(&value[name.len()..]) || is_variables(&value[name.len()..]))
}

/// `user-%d`, `{}:{}`, `#{name}`: a text into which values are put.
pub(super) fn is_format(value: &[u8]) -> bool {
    const MARKS: [&str; 9] = ["{}", "{0}", "{{", "}}", "%{", "#{", "${", "$(", "<%"];
    if MARKS.iter().any(|mark| memchr::memmem::find(value, mark.as_bytes()).is_some()) {
        return true;
    }
    let mut places =
        memchr::memchr_iter(b'%', value).filter(|at| matches!(value.get(at + 1), Some(b's' | b'd' | b'v')));
    let Some(first) = places.next() else { return false };
    places.next().is_some() || !is_drawn_round(&value[..first], &value[first + 2..])
}

/// `k7Qw%v2Xp9Lm…`: whether a place for a value is but two characters of what was drawn by lot: letters and digits adjoin
/// it, and what is left without it makes no word.
fn is_drawn_round(before: &[u8], behind: &[u8]) -> bool {
    let rest = [before, behind].concat();
    let digits = rest.iter().filter(|b| b.is_ascii_digit()).count();
    let adjoins = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    rest.len() >= 10
        && adjoins(before.last())
        && adjoins(behind.first())
        && digits >= 2
        && classes(&rest) >= 3
        && distinct(&rest) >= 8
        && wordiness(&rest) < 0.4
}

/// `]:%127s`: a place for so many characters, and marks.
pub(super) fn is_scan_format(value: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'%', value) else { return false };
    let width = value[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let (before, behind) = (&value[..at], &value[at + 1 + width..]);
    let has_none = |rest: &[u8]| !rest.iter().any(u8::is_ascii_alphanumeric);
    width > 0 && has_none(before) && behind.first() == Some(&b's') && has_none(&behind[1..])
}

/// `A-Za-z0-9_`: ranges of characters to choose from, and marks.
pub(super) fn is_of_ranges(value: &[u8]) -> bool {
    let (mut at, mut ranges) = (0, 0);
    while at < value.len() {
        let is_range = matches!(&value[at..], [a, b'-', z, ..] if a.is_ascii_alphanumeric() && a < z
            && [u8::is_ascii_digit, u8::is_ascii_lowercase, u8::is_ascii_uppercase].iter().any(|is| is(a) && is(z)));
        if !is_range && value[at].is_ascii_alphanumeric() {
            return false;
        }
        ranges += usize::from(is_range);
        at += if is_range { 3 } else { 1 };
    }
    ranges >= 2 && memchr::memmem::find(&value.to_ascii_lowercase(), b"a-z").is_some()
}

/// `row[3],`, `dgst64[0]`, `tmps[gid].iterated_key0[1]`: what stands at a place of a list.
pub(super) fn is_element(value: &[u8]) -> bool {
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let name = value.iter().take_while(|b| is_word(b)).count();
    let inside = match value[name..].split_first() {
        Some((b'[', rest)) => memchr::memchr(b']', rest).map(|close| (&rest[..close], &rest[close + 1..])),
        _ => None,
    };
    let is_indexed = inside.is_some_and(|(index, behind)| {
        let is_number = !index.is_empty() && index.iter().all(u8::is_ascii_digit);
        let is_over = behind.iter().all(|b| b",;)".contains(b));
        let is_field = behind.first() == Some(&b'.') && behind[1..].first().is_some_and(u8::is_ascii_alphabetic);
        is_number && is_over || is_field && index.iter().all(is_word)
    });
    name > 0 && !value[0].is_ascii_digit() && is_indexed
}

/// `($buffer, $length)`
fn is_variables(behind: &[u8]) -> bool {
    let Some(inside) = behind.strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")")) else { return false };
    let is_variable = |part: &[u8]| {
        let name = part.trim_ascii().strip_prefix(b"$").unwrap_or_default();
        !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
    };
    inside.split(|b| *b == b',').all(is_variable)
}

/// `(name)`, `('name', other)`: names in brackets, to the end.
fn is_argument(behind: &[u8]) -> bool {
    let [b'(', inside @ .., b')'] = behind else { return false };
    inside.first().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'"' | b'\'' | b'$' | b'@'))
        && inside.iter().all(|b| b.is_ascii_alphanumeric() || b"_.,'\"$@".contains(b))
        && wordiness(inside) > 0.4
}

/// `\u2713`, `\u{1F1F5}\u{1F1FC}`: nothing but one or two characters by their numbers.
pub(super) fn is_escaped(value: &[u8]) -> bool {
    let is_number =
        |digits: &[u8]| !digits.is_empty() && digits.iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b'{' | b'}'));
    let Some(rest) = value.strip_prefix(b"\\u").or_else(|| value.strip_prefix(b"\\x")) else { return false };
    match memchr::memchr(b'\\', rest) {
        None => is_number(rest),
        Some(at) => is_number(&rest[..at]) && rest[at + 1..].strip_prefix(b"u").is_some_and(is_number),
    }
}

/// Words joined as in a name: `user_password`, `auth.token`, `accessToken`, `api-key`, `Foo::Bar`.
pub(super) fn is_identifier(value: &[u8]) -> bool {
    let mut first = value.iter().copied();
    let starts = first.next().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'@' | b':' | b'$'));
    if matches!(value, [b'_', rest @ ..] if !rest.is_empty() && rest.iter().all(u8::is_ascii_alphabetic)) {
        return true;
    }
    let joined = value
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b':' | b'@' | b'$' | b'?' | b'/'));
    let marks = value.iter().skip(1).any(|b| matches!(b, b'_' | b'.' | b'-' | b':'));
    let camel = value.windows(2).any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
    let digits = count(value, u8::is_ascii_digit);
    // `Cobalt-Heron_8` has what policies ask for.
    let is_for_a_policy = classes(value) == 4
        && value.len() >= 8
        && value[value.len() - 1].is_ascii_digit()
        && value[0].is_ascii_uppercase()
        && count(value, |b| matches!(b, b'_' | b'.' | b'-' | b':')) == 1;
    !is_for_a_policy
        && starts
        && joined
        && (marks || camel)
        && digits <= 1
        && wordiness(value) + marks_share(value) > 0.7
}

fn marks_share(value: &[u8]) -> f64 {
    count(value, |b| matches!(b, b'_' | b'.' | b'-' | b':' | b'/')) as f64 / value.len() as f64
}
