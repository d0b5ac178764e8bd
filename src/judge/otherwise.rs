//! What a value is that is no secret: an address, a path, a date, an identifier, a key that is public.

use super::made::{classes, count, wordiness};

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
    if is_colour(value) {
        return Some("a colour");
    }
    if is_public(value) || is_point(value) {
        return Some("a key for the public");
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
    if has("%s")
        || has("%d")
        || has("{}")
        || has("{0}")
        || has("{{")
        || has("}}")
        || has("%{")
        || has("#{")
        || has("${")
        || has("$(")
        || has("<%")
        || has("%v")
    {
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

/// `revealSwimlaneId`: letters alone, with a capital now and then, never two that stand alone. Letters drawn by lot
/// have as many capitals as others. `currentGOALCanvas` has an abbreviation between longer words.
fn is_camel(value: &[u8]) -> bool {
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
fn is_header(value: &[u8]) -> bool {
    value.strip_prefix(b"X-").is_some_and(|rest| {
        rest.split(|b| *b == b'-')
            .all(|word| matches!(word, [b'A'..=b'Z', ..]) && word.iter().all(u8::is_ascii_alphabetic))
    })
}

/// `EC-8TC407599V444454B`: what PayPal calls a payment while it is made.
fn is_of_checkout(value: &[u8]) -> bool {
    let number = value.strip_prefix(b"EC-").or_else(|| value.strip_prefix(b"EC%2d"));
    number
        .is_some_and(|number| number.len() == 17 && number.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()))
}

/// `wc_order_5ac408a83dba3`: words and the thirteen digits that PHP's `uniqid` makes of the time.
fn is_of_time(value: &[u8]) -> bool {
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
}

/// `\u7528\u6237`: escapes of characters beyond ASCII alone, as Java's properties have their labels.
fn is_of_escapes(value: &[u8]) -> bool {
    let escapes = value.chunks(6);
    let is_beyond = |escape: &[u8]| {
        escape.len() == 6
            && escape.starts_with(b"\\u")
            && escape[2..].iter().all(u8::is_ascii_hexdigit)
            && !escape[2..].starts_with(b"00")
    };
    value.len() >= 12 && escapes.into_iter().all(is_beyond)
}

/// `+String(y))}if(3!=i.b&&`, `!!t.credentials`: what stands between two literals of a program written without blanks.
fn is_amid_code(value: &[u8]) -> bool {
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

/// `utf-8`, `ISO-8859-1`
fn is_encoding(value: &[u8]) -> bool {
    const FAMILIES: [&[u8]; 5] = [b"utf", b"iso-8859", b"iso8859", b"windows-12", b"latin"];
    let family = FAMILIES.iter().find(|f| value.get(..f.len()).is_some_and(|start| start.eq_ignore_ascii_case(f)));
    family.is_some_and(|f| {
        let rest = &value[f.len()..];
        !rest.is_empty()
            && rest.len() <= 4
            && rest
                .iter()
                .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'l' | b'e' | b'b' | b'L' | b'E' | b'B'))
    })
}

/// `#1acd40`
fn is_colour(value: &[u8]) -> bool {
    matches!(value, [b'#', digits @ ..] if matches!(digits.len(), 3 | 4 | 6 | 8) && digits.iter().all(u8::is_ascii_hexdigit))
}

/// `Acme::Helpers::random_hex`: names joined as C++, Perl, Ruby and Rust join them, of letters mostly.
fn is_qualified(value: &[u8]) -> bool {
    let text = value.strip_suffix(b"()").unwrap_or(value);
    let Some(at) = memchr::memmem::find(text, b"::") else { return false };
    let is_name = |name: &[u8]| {
        name.first().is_some_and(u8::is_ascii_alphabetic)
            && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
            && name.iter().filter(|b| b.is_ascii_digit()).count() <= 2
    };
    is_name(&text[..at]) && text[at..].split(|b| *b == b':').filter(|name| !name.is_empty()).all(is_name)
}

/// What services hand out to be shown to everybody, and public keys in DER.
fn is_public(value: &[u8]) -> bool {
    const STARTS: [&str; 10] = [
        "pk_",
        "pk.",
        "phc_",
        "pub-",
        "pubkey",
        "MFkwEwYHKoZIzj",
        "MIIBIjANBg",
        "MIGfMA0GCSqGSIb",
        "MCowBQYDK2Vw",
        "MIICIjANBg",
    ];
    let is_prefixed =
        matches!(value, [b'p', b'u', b'b', hex @ ..] if hex.len() == 32 && hex.iter().all(u8::is_ascii_hexdigit));
    // `proj_pub_…`: what its maker calls public.
    let says_so = || {
        let head = &value[..value.len().min(20)];
        [&b"_pub_"[..], b"-pub-", b"_public_", b"-public-", b"_publishable_"]
            .iter()
            .any(|word| memchr::memmem::find(head, word).is_some())
    };
    is_prefixed
        || value.len() >= 20 && says_so()
        || STARTS.iter().any(|start| value.starts_with(start.as_bytes())) && value.len() >= 20
        || is_public_in_digits(value)
        || is_of_minisign(value)
}

/// `RW` and 54 more: the two letters that Ed25519 is called by, the id and the public key, as minisign and signify write them.
fn is_of_minisign(value: &[u8]) -> bool {
    value.len() == 56 && value.starts_with(b"RW") && data_encoding::BASE64.decode(value).is_ok()
}

/// `30819f300d0609…`: a public key in DER as hexadecimal digits. A private one has its version first.
fn is_public_in_digits(value: &[u8]) -> bool {
    let is_digits = value.len() >= 80 && value.starts_with(b"30") && value.iter().all(u8::is_ascii_hexdigit);
    is_digits
        && [4, 6, 8].into_iter().any(|at| {
            // A sequence, and in it what names an algorithm.
            value[at..].starts_with(b"30") && value[at + 4..].starts_with(b"06")
        })
}

/// A point of the curve P-256 or its kin, which is a public key: 65 bytes in hexadecimal or base64, of which the first
/// is 4, or 33, of which the first is 2 or 3, in hexadecimal.
fn is_point(value: &[u8]) -> bool {
    let is_hex = || value.iter().all(u8::is_ascii_hexdigit);
    match value.len() {
        130 => value.starts_with(b"04") && is_hex(),
        66 => (value.starts_with(b"02") || value.starts_with(b"03")) && is_hex(),
        87 | 88 if value[0] == b'B' => {
            let plain = value.strip_suffix(b"=").unwrap_or(value);
            let url = data_encoding::BASE64URL_NOPAD.decode(plain);
            url.or_else(|_| data_encoding::BASE64_NOPAD.decode(plain))
                .is_ok_and(|bytes| bytes.len() == 65 && bytes[0] == 4)
        }
        _ => false,
    }
}

/// What begins as a file or an object does, in base64; and a JWT without a signature, or the middle of one.
fn is_something_encoded(value: &[u8]) -> Option<&'static str> {
    let starts = ["rO0AB", "iVBORw0KGgo", "R0lGOD", "/9j/4", "UEsDB", "JVBERi0", "AAEAAAD/////", "gASV"];
    if value.len() >= 24 && starts.iter().any(|start| value.starts_with(start.as_bytes())) {
        return Some("a file or an object in base64");
    }
    if value.starts_with(b"eyJ") && !value.contains(&b'.') && is_head_of_jwt(value) {
        return Some("the head of a JWT");
    }
    let is_half = (value.starts_with(b".eyJ") || value.starts_with(b"eyJ") && value.ends_with(b"."))
        && value.iter().filter(|b| **b == b'.').count() == 2;
    is_half.then_some("a JWT without its signature")
}

/// `{"alg":"HS256","typ":"JWT"}` in base64.
fn is_head_of_jwt(value: &[u8]) -> bool {
    let decoded = data_encoding::BASE64URL_NOPAD.decode(value).unwrap_or_default();
    decoded.len() < 100 && decoded.ends_with(b"}") && memchr::memmem::find(&decoded, b"\"alg\":").is_some()
}

/// `888635786844-uh25tl2a.apps.acme.com`
fn is_host(value: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        !label.is_empty() && label.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
    };
    let mut labels = value.rsplit(|b| *b == b'.');
    matches!(labels.next(), Some(b"com" | b"net" | b"org" | b"io"))
        && labels.clone().count() >= 2
        && labels.all(is_label)
}

/// `app:9000`, `db.example.com:5432`, `balancer.example.com:$port`
fn is_host_with_port(value: &[u8]) -> bool {
    let Some(colon) = memchr::memrchr(b':', value) else { return false };
    let (host, port) = (&value[..colon], &value[colon + 1..]);
    let is_port = (2..=5).contains(&port.len()) && port.iter().all(u8::is_ascii_digit) || port.starts_with(b"$");
    let is_name = host.first().is_some_and(u8::is_ascii_alphabetic)
        && host.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'));
    is_port && is_name && (host.len() <= 4 || host.contains(&b'.') || wordiness(host) > 0.5)
}

fn is_email(value: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'@', value) else { return false };
    let (user, host) = (&value[..at], &value[at + 1..]);
    let is_host = host.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    let top = host.rsplit(|b| *b == b'.').next().unwrap_or_default();
    !user.is_empty()
        && user.iter().all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(b))
        && is_host
        && top.len() >= 2
        && top.len() < host.len()
        && top.iter().all(u8::is_ascii_alphabetic)
}

/// `name(…)`, `name[…]`, `a->b`, `a::b`, `a.b()`.
fn is_call(value: &[u8]) -> bool {
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

/// `]:%127s`: a place for so many characters, and marks.
fn is_scan_format(value: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'%', value) else { return false };
    let width = value[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let (before, behind) = (&value[..at], &value[at + 1 + width..]);
    let has_none = |rest: &[u8]| !rest.iter().any(u8::is_ascii_alphanumeric);
    width > 0 && has_none(before) && behind.first() == Some(&b's') && has_none(&behind[1..])
}

/// `row[3],`, `dgst64[0]`, `tmps[gid].iterated_key0[1]`: what stands at a place of a list.
fn is_element(value: &[u8]) -> bool {
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
fn is_escaped(value: &[u8]) -> bool {
    let is_number =
        |digits: &[u8]| !digits.is_empty() && digits.iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b'{' | b'}'));
    let Some(rest) = value.strip_prefix(b"\\u").or_else(|| value.strip_prefix(b"\\x")) else { return false };
    match memchr::memchr(b'\\', rest) {
        None => is_number(rest),
        Some(at) => is_number(&rest[..at]) && rest[at + 1..].strip_prefix(b"u").is_some_and(is_number),
    }
}

fn is_path(value: &[u8]) -> bool {
    let starts =
        ["./", "../", "~/", "$HOME", "\\\\", "/etc/", "/var/", "/run/", "/tmp/", "/usr/", "/home/", "/opt/", "/mnt/"];
    if starts.iter().any(|start| value.starts_with(start.as_bytes())) {
        return true;
    }
    if is_key_file(value) || [&b"id_rsa"[..], b"id_dsa", b"id_ecdsa", b"id_ed25519"].contains(&value) {
        return true;
    }
    let is_drive = matches!(value, [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic());
    let slashes = count(value, |b| matches!(b, b'/' | b'\\'));
    let wordy = wordiness(value);
    let name = value.rsplit(|b| matches!(b, b'/' | b'\\')).next().unwrap_or_default();
    let extension = name.rsplit(|b| *b == b'.').next().unwrap_or_default();
    let has_extension = extension.len() < name.len()
        && (2..=5).contains(&extension.len())
        && extension.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && extension.iter().any(u8::is_ascii_lowercase)
        && name.len() > extension.len() + 1;
    is_drive
        || slashes > 0 && (wordy > 0.4 || value[0] == b'/' && value.len() < 24 || has_extension)
        || has_extension && wordy > 0.4 && digits_few(value)
}

/// `ca.ecdsa.P256.pem`
fn is_key_file(value: &[u8]) -> bool {
    const ENDINGS: [&[u8]; 7] = [b".pem", b".crt", b".cer", b".key", b".p12", b".pfx", b".jks"];
    ENDINGS.iter().any(|ending| value.ends_with(ending))
        && value.iter().all(|b| b.is_ascii_alphanumeric() || b"._/-".contains(b))
}

/// `us-east-1/s3/aws4_request`, `tls:gtls:share`: short pieces, most of them words or numbers.
fn is_list(value: &[u8]) -> bool {
    let text = String::from_utf8_lossy(value).replace("%2F", "/").into_bytes();
    let pieces: Vec<&[u8]> = text.split(|b| b"/:.,;|".contains(b)).filter(|piece| !piece.is_empty()).collect();
    let is_plain = |piece: &&&[u8]| {
        piece.len() <= 12 && (piece.iter().all(u8::is_ascii_digit) || wordiness(piece) > 0.4 || piece.len() <= 4)
    };
    let plain: usize = pieces.iter().filter(is_plain).map(|piece| piece.len()).sum();
    // People put a number between two words: `ember.564.Tundra`.
    let is_made_up = pieces.len() == 3
        && pieces[1].len() >= 2
        && pieces[1].iter().all(u8::is_ascii_digit)
        && pieces[0].iter().any(u8::is_ascii_alphabetic)
        && pieces[2].iter().any(u8::is_ascii_uppercase);
    pieces.len() >= 3 && plain * 10 >= text.len() * 7 && !is_made_up
}

fn digits_few(value: &[u8]) -> bool {
    count(value, u8::is_ascii_digit) * 4 <= value.len()
}

/// `2024-01-31T10:00:00Z`, `12:30`, `1.2.3-rc1`, `10.0.0.1:80`, `1_000`, `0x1f`, `-1.5e3`.
fn is_time_or_version(value: &[u8]) -> bool {
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
        || others == 0 && letters > 0 && marks == 0 && digits > 0 && is_quantity(value)
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

/// `30m`, `3600s`, `10mb`.
fn is_quantity(value: &[u8]) -> bool {
    let unit = value.iter().position(|b| !b.is_ascii_digit()).map_or(&[][..], |at| &value[at..]);
    let units: [&[u8]; 16] = [
        b"s", b"ms", b"m", b"h", b"d", b"px", b"em", b"rem", b"kb", b"mb", b"gb", b"min", b"sec", b"days", b"hours",
        b"minutes",
    ];
    unit.len() < value.len() && units.iter().any(|u| unit.eq_ignore_ascii_case(u))
}

/// Words joined as in a name: `user_password`, `auth.token`, `accessToken`, `api-key`, `Foo::Bar`.
fn is_identifier(value: &[u8]) -> bool {
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
