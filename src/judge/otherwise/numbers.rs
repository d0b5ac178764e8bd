//! What counts or measures: times, versions, quantities, colours, numbers of payments.

use crate::judge::made::count;

/// `EC-8TC407599V444454B`: what PayPal calls a payment while it is made.
pub(super) fn is_of_checkout(value: &[u8]) -> bool {
    let number = value.strip_prefix(b"EC-").or_else(|| value.strip_prefix(b"EC%2d"));
    number
        .is_some_and(|number| number.len() == 17 && number.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()))
}

/// `wc_order_5ac408a83dba3`: words and the thirteen digits that PHP's `uniqid` makes of the time.
pub(super) fn is_of_time(value: &[u8]) -> bool {
    let Some((last, words)) =
        value.rsplit(|b| matches!(b, b'_' | b'-')).next().map(|last| (last, &value[..value.len() - last.len()]))
    else {
        return false;
    };
    let is_hex = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    let is_now = last.len() == 13 && matches!(last[0], b'4'..=b'6') && last.iter().all(is_hex);
    is_now
        && words.len() >= 3
        && words.split(|b| matches!(b, b'_' | b'-')).all(|word| word.iter().all(u8::is_ascii_lowercase))
        || begins_with_a_time(value)
}

/// `2021-05-17T165541Z_standard`: a day and a time, and what was made then.
fn begins_with_a_time(value: &[u8]) -> bool {
    const SHAPE: &[u8] = b"0000-00-00T00";
    let fits = |(b, like): (&u8, &u8)| if *like == b'0' { b.is_ascii_digit() } else { b == like };
    value.len() > SHAPE.len() && matches!(&value[..2], b"19" | b"20") && value.iter().zip(SHAPE).all(fits)
}

/// `#1acd40`
pub(in crate::judge) fn is_colour(value: &[u8]) -> bool {
    let is_call = || [&b"rgb("[..], b"rgba(", b"hsl(", b"hsla("].iter().any(|call| value.starts_with(call));
    value.ends_with(b")") && is_call()
        || matches!(value, [b'#', digits @ ..] if matches!(digits.len(), 3 | 4 | 6 | 8) && digits.iter().all(u8::is_ascii_hexdigit))
}

/// `2024-01-31T10:00:00Z`, `12:30`, `1.2.3-rc1`, `10.0.0.1:80`, `1_000`, `0x1f`, `-1.5e3`.
pub(super) fn is_time_or_version(value: &[u8]) -> bool {
    let digits = count(value, u8::is_ascii_digit);
    let letters = count(value, u8::is_ascii_alphabetic);
    let marks = count(value, |b| matches!(b, b'.' | b':' | b'-' | b'/' | b'_' | b'+' | b','));
    let others = value.len() - digits - letters - marks;
    is_requirement(value)
        || is_of_package(value)
        || is_version_of(value)
        || is_locale(value)
        || others == 0 && digits > 0 && marks > 0 && letters <= 2 && digits >= 2 * letters
        || matches!(value, [b'0', b'x', rest @ ..] if rest.len() <= 16 && rest.iter().all(u8::is_ascii_hexdigit))
        || others == 0 && letters > 0 && digits > 0 && is_quantity(value)
}

/// `0.19.12_@firebase+app@0.7.21`: a version and what it goes with, as pnpm locks it.
fn is_version_of(value: &[u8]) -> bool {
    let version = value.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let dots = value[..version].iter().filter(|b| **b == b'.').count();
    dots >= 2 && matches!(value.get(version), Some(b'_' | b'(')) && value[version..].contains(&b'@')
}

/// `detect-secrets==1.2.0`, `acme>=2`: a package and its version.
fn is_requirement(value: &[u8]) -> bool {
    let Some(at) = value.windows(2).position(|pair| matches!(pair, b"==" | b">=" | b"<=" | b"~=")) else {
        return false;
    };
    let (name, version) = (&value[..at], &value[at + 2..]);
    name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.[]".contains(b))
        && version.first().is_some_and(u8::is_ascii_digit)
        && version.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'*' | b'-'))
}

/// `1:4.13+dfsg1-1+deb12u1`: numbers with dots, and what a distribution adds.
fn is_of_package(value: &[u8]) -> bool {
    let epoch = value.iter().take_while(|b| b.is_ascii_digit()).count();
    let version = value[epoch..].strip_prefix(b":").unwrap_or(value);
    let end = version.iter().position(|b| matches!(b, b'+' | b'~' | b'-')).unwrap_or(version.len());
    let (numbers, added) = version.split_at(end);
    numbers.contains(&b'.')
        && numbers.split(|b| *b == b'.').all(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
        && added.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+~-.".contains(b))
}

/// `en_001`, `de_AT`: a language and where it is spoken.
fn is_locale(value: &[u8]) -> bool {
    matches!(value, [a, b, b'_' | b'-', region @ ..] if a.is_ascii_lowercase() && b.is_ascii_lowercase()
        && (region.len() == 3 && region.iter().all(u8::is_ascii_digit)
            || region.len() == 2 && region.iter().all(u8::is_ascii_uppercase)))
}

/// `30m`, `3600s`, `10mb`, `-9dp`.
fn is_quantity(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"-").unwrap_or(value);
    let unit = value.iter().position(|b| !b.is_ascii_digit()).map_or(&[][..], |at| &value[at..]);
    let units: [&[u8]; 20] = [
        b"dp", b"sp", b"dip", b"pt", b"s", b"ms", b"m", b"h", b"d", b"px", b"em", b"rem", b"kb", b"mb", b"gb", b"min",
        b"sec", b"days", b"hours", b"minutes",
    ];
    unit.len() < value.len() && units.iter().any(|u| unit.eq_ignore_ascii_case(u))
}
