//! Passwords among the arguments of calls that take one at a certain place, and in commands that set one.

use super::{LONGEST_VALUE, Link, Near, Quote, Tied, is_quote, value};
use std::ops::Range;

/// Anchors that open a call, and which of its arguments, from zero, is the password.
const CALLS: &[(&str, usize)] = &[
    ("basicauth(", 1),
    ("basic_auth(", 1),
    ("networkcredential(", 1),
    ("passwordcredentials(", 1),
    ("passwordauthentication(", 1),
    ("basiccredentials(", 1),
    (".login(", 1),
    ("ftp_login(", 2),
    ("auth=(", 1),
    ("getconnection(", 2),
    ("mysqli(", 2),
    ("mysqli_connect(", 2),
    ("mysql_connect(", 2),
    ("mysql_pconnect(", 2),
    ("mysql_real_connect(", 3),
    ("new pdo(", 2),
    ("dbi->connect(", 2),
    ("digestauth(", 1),
    ("auth = (", 1),
    (":auth(", 1),
    (".addap(", 1),
    (".auth(", 1),
    ("generate_password_hash(", 0),
    ("make_password(", 0),
    ("password_hash(", 0),
    ("hash_password(", 0),
    ("hashpw(", 0),
    ("plainauth(", 2),
    ("createcredential(", 2),
    ("credentials(", 3),
    ("credentials::new(", 1),
    ("setauth(", 1),
    ("ldap_bind(", 2),
    ("authenticate(", 1),
    ("new sequelize(", 2),
    ("wifi.begin(", 1),
    ("usermanager.createasync(", 1),
    ("x509certificate2(", 1),
    ("keystore.load(", 1),
    ("ks.load(", 1),
    ("keyring.set_password(", 2),
    ("mosquitto_username_pw_set(", 2),
    (".username_pw_set(", 1),
    ("hmac256(", 0),
    ("hmac384(", 0),
    ("hmac512(", 0),
    ("secretkeyspec(", 0),
    ("createhmac(", 1),
    ("clientsecretcredential(", 2),
    (".bearer_auth(", 0),
    ("jwt.sign(", 1),
    ("jwt.verify(", 1),
    ("jwt.encode(", 1),
    ("jwt.decode(", 1),
    (".signwith(", 1),
    ("symmetricsecuritykey(", 0),
    ("cookiestore(", 0),
    (" fernet(", 0),
];

/// Anchors of commands behind which the next word is the credential.
const COMMANDS: [&str; 3] = ["-server key ", "isakmp key ", "-server community "];

/// Blocks that hold a key called just so.
fn is_cipher(word: &[u8]) -> bool {
    [&b"encryption:"[..], b"encrypt:", b"jwt:"].iter().any(|block| word.eq_ignore_ascii_case(block))
}

/// The value that an anchor itself ties, if it is one of a call or a command.
pub(super) fn argument(near: &Near<'_>, anchor: &Range<usize>) -> Option<Tied> {
    let word = &near.text[anchor.clone()];
    let found = match word.last()? {
        b'(' => {
            let (_, index) = CALLS.iter().find(|(call, _)| word.eq_ignore_ascii_case(call.as_bytes()))?;
            // `{{ password | password_hash('sha512') }}`
            if near.before(near.skip_back(anchor.start)) == Some(b'|') {
                return None;
            }
            literal_at(near, anchor.end - 1, *index).or_else(|| last_of_two(near, word, anchor.end - 1))
        }
        b'g' | b'G' if word.eq_ignore_ascii_case(b"convertto-securestring") => secured(near, anchor),
        b' ' => by_command(near, word, anchor),
        b'"' if word.eq_ignore_ascii_case(b"send \"") => sent(near, anchor),
        b'"' if word.eq_ignore_ascii_case(b"basicauth \"") => second_literal(near, anchor.end - 1),
        b'"' | b'\'' if word[..word.len() - 1].eq_ignore_ascii_case(b"basic_auth ") => {
            argument_behind(near, anchor.end - 1)
        }
        b'"' if word.eq_ignore_ascii_case(b"security_credentials, \"") => literal(near, anchor.end - 1),
        b't' | b'T' if word.eq_ignore_ascii_case(b"\"jwt") => key_inside(near, anchor.end),
        b':' if is_cipher(word) => key_inside(near, anchor.end - 1),
        b'd' | b'D' if word.eq_ignore_ascii_case(b"chpasswd") => piped(near, anchor.start, b':'),
        b'n' | b'N' if word.eq_ignore_ascii_case(b"password-stdin") => piped(near, anchor.start, b' '),
        _ => None,
    };
    found.map(|(value, quote)| (Link::Placed, value, quote))
}

/// The password of a call that is made in more ways than one: `auth("x")`, `PlainCredentials("user", "x")`.
fn last_of_two(near: &Near<'_>, word: &[u8], paren: usize) -> Option<(Range<usize>, Quote)> {
    if word[1..].eq_ignore_ascii_case(b"auth(") {
        return literal_at(near, paren, 0);
    }
    if !word.eq_ignore_ascii_case(b"credentials(") {
        return None;
    }
    let (value, quote) = literal_at(near, paren, 1)?;
    (near.byte(near.skip(value.end + 1, 16, true)) == Some(b')')).then_some((value, quote))
}

/// The literal that is this argument of what the parenthesis opens, if it is one and nothing else.
pub(super) fn literal_at(near: &Near<'_>, paren: usize, index: usize) -> Option<(Range<usize>, Quote)> {
    let (mut at, mut count, mut depth) = (paren + 1, 0, 0);
    loop {
        let start = near.skip(at, 64, true);
        if count == index && depth == 0 {
            return literal(near, start);
        }
        at = loop {
            let byte = near.byte(at)?;
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth -= 1,
                b',' if depth == 0 => break at + 1,
                b';' => return None,
                _ if is_quote(byte) => at = closing(near, at)?,
                _ => {}
            }
            if depth < 0 {
                return None;
            }
            at += 1;
        };
        count += 1;
    }
}

/// Methods that make something else of a literal without changing it.
const CONVERSIONS: [&str; 7] =
    [".toCharArray()", ".to_string()", ".to_owned()", ".into()", ".getBytes(", ".as_bytes()", ".as_ref()"];

/// Behind `password: `, as an argument may be called.
fn after_label(near: &Near<'_>, at: usize) -> usize {
    let label = near.rest(at).iter().take(24).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let is_label = label > 1 && near.starts(at + label, ": ");
    if is_label { at + label + 2 } else { at }
}

/// Where the quote closes that opens here.
fn closing(near: &Near<'_>, open: usize) -> Option<usize> {
    let quote = near.text[open];
    let mut at = open + 1;
    while near.byte(at)? != quote {
        at += if near.byte(at) == Some(b'\\') { 2 } else { 1 };
    }
    Some(at)
}

fn literal(near: &Near<'_>, start: usize) -> Option<(Range<usize>, Quote)> {
    let start = value::wrapped(near, after_label(near, start)).unwrap_or(start);
    let start = after_label(near, start);
    let start = start + usize::from(matches!(near.byte(start), Some(b'@' | b'N' | b'L' | b'b' | b'r' | b'u')));
    let open = near.byte(start).filter(|b| is_quote(*b)).map(|_| start)?;
    let close = closing(near, open)?;
    let behind = near.skip(close + 1, 16, true);
    // `"x".toCharArray()` hands on the literal, too.
    let is_handed_on = CONVERSIONS.iter().any(|conversion| near.starts(behind, conversion));
    let ends = (is_handed_on || matches!(near.byte(behind), Some(b',' | b')'))) && close - open <= LONGEST_VALUE + 1;
    (ends && !near.text[open..close].contains(&b'\n')).then_some((open + 1..close, Quote::Quoted))
}

/// `ConvertTo-SecureString -AsPlainText -Force -String "x"`, `"x" | ConvertTo-SecureString`.
fn secured(near: &Near<'_>, anchor: &Range<usize>) -> Option<(Range<usize>, Quote)> {
    let before = near.skip_back(anchor.start);
    if near.before(before) == Some(b'|') {
        return near.literal_before(near.skip_back(before - 1)).map(|value| (value, Quote::Quoted));
    }
    let rest = near.rest(anchor.end);
    let open = rest.iter().take(64).position(|b| matches!(b, b'"' | b'\'' | b'$' | b'\n' | b')' | b'|'))?;
    let open = anchor.end + open;
    near.byte(open).filter(|b| is_quote(*b))?;
    Some((open + 1..closing(near, open)?, Quote::Quoted))
}

/// `net user NAME x /add`
fn third_word(near: &Near<'_>, at: usize) -> Option<(Range<usize>, Quote)> {
    let name = near.skip(at, 8, false);
    let name_end = name + near.rest(name).iter().take(32).position(u8::is_ascii_whitespace)?;
    let start = near.skip(name_end, 8, false);
    let len = near.rest(start).iter().take(64).position(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'&'))?;
    let is_word = !matches!(near.byte(start), Some(b'/' | b'%' | b'$' | b'*' | b'-')) && len > 0;
    let is_command = near.byte(near.skip(start + len, 8, false)) == Some(b'/');
    (is_word && is_command).then_some((start..start + len, Quote::Quoted))
}

fn by_command(near: &Near<'_>, word: &[u8], anchor: &Range<usize>) -> Option<(Range<usize>, Quote)> {
    let is = |command: &str| word.eq_ignore_ascii_case(command.as_bytes());
    let scheme = |scheme: &str| word.len() == scheme.len() + 1 && word[1..].eq_ignore_ascii_case(scheme.as_bytes());
    match word[0] {
        b']' => behind_colon(near, anchor.end),
        _ if is("login: ") || is("credentials: ") => second_of_two(near, anchor.end),
        _ if is("net user ") => third_word(near, anchor.end),
        _ if is("userpwd, ") => behind_colon(near, near.skip(anchor.end, 4, false)),
        _ if scheme("bearer ") => bearer(near, anchor),
        _ if scheme("basic ") => basic(near, anchor),
        _ if COMMANDS.iter().any(|command| is(command)) => next_word(near, anchor.end),
        _ => None,
    }
}

/// The word that begins here.
fn next_word(near: &Near<'_>, start: usize) -> Option<(Range<usize>, Quote)> {
    let rest = near.rest(start);
    let len = rest.iter().take(80).position(u8::is_ascii_whitespace).or_else(|| near.is_end.then_some(rest.len()))?;
    Some((start..start + len, Quote::Quoted))
}

/// `"user:x"`, `user:x`
fn behind_colon(near: &Near<'_>, start: usize) -> Option<(Range<usize>, Quote)> {
    let quote = near.byte(start).filter(|b| is_quote(*b));
    let is_end = |b: &u8| quote.map_or_else(|| b.is_ascii_whitespace() || b"\"'`\\".contains(b), |quote| *b == quote);
    let open = start + usize::from(quote.is_some());
    let rest = near.rest(open);
    let len = rest.iter().take(LONGEST_VALUE).position(is_end).or_else(|| near.is_end.then_some(rest.len()))?;
    let colon = memchr::memchr(b':', &rest[..len])?;
    let is_login = colon > 0 && !rest[..len].iter().any(u8::is_ascii_whitespace);
    is_login.then_some((open + colon + 1..open + len, Quote::Quoted))
}

/// `"Bearer x"`
fn bearer(near: &Near<'_>, anchor: &Range<usize>) -> Option<(Range<usize>, Quote)> {
    let rest = near.rest(anchor.end);
    let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(b)).count();
    let closes = rest.get(len) == Some(&near.text[anchor.start]);
    (closes && len >= 16).then_some((anchor.end..anchor.end + len, Quote::Quoted))
}

/// `"Basic x"`, of a name and a password in base64.
fn basic(near: &Near<'_>, anchor: &Range<usize>) -> Option<(Range<usize>, Quote)> {
    let rest = near.rest(anchor.end);
    let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b)).count();
    let ends = rest.get(len).is_none_or(|b| b.is_ascii_whitespace() || is_quote(*b));
    let login = (ends && len >= 8).then(|| data_encoding::BASE64.decode(&rest[..len]).ok())??;
    let colon = memchr::memchr(b':', &login).filter(|at| *at > 0 && login.len() - at > 4)?;
    (colon < 64 && login.iter().all(u8::is_ascii_graphic)).then_some((anchor.end..anchor.end + len, Quote::Quoted))
}

/// `send "x\r"` behind a prompt for a password.
fn sent(near: &Near<'_>, anchor: &Range<usize>) -> Option<(Range<usize>, Quote)> {
    let before = &near.text[near.start..anchor.start];
    memchr::memmem::rfind(before, b"assword").or_else(|| memchr::memmem::rfind(before, b"assphrase"))?;
    let rest = near.rest(anchor.end);
    let len = memchr::memchr2(b'"', b'\n', rest).filter(|at| rest[*at] == b'"')?;
    let value = rest[..len].strip_suffix(b"\\r").or_else(|| rest[..len].strip_suffix(b"\\n"))?;
    (!value.contains(&b'$')).then_some((anchor.end..anchor.end + value.len(), Quote::Quoted))
}

/// `BasicAuth "user" "x"`
fn second_literal(near: &Near<'_>, open: usize) -> Option<(Range<usize>, Quote)> {
    let next = near.skip(closing(near, open)? + 1, 8, false);
    near.byte(next).filter(|b| is_quote(*b))?;
    Some((next + 1..closing(near, next)?, Quote::Quoted))
}

/// `basic_auth "user", "x"`
fn argument_behind(near: &Near<'_>, open: usize) -> Option<(Range<usize>, Quote)> {
    let comma = closing(near, open)? + 1;
    let next = near.skip(comma + 1, 8, false);
    near.byte(next).filter(|b| near.byte(comma) == Some(b',') && is_quote(*b))?;
    Some((next + 1..closing(near, next)?, Quote::Quoted))
}

/// `"Jwt": { "Issuer": "app", "Key": "x" }`, `encryption: { algorithm: "aes", key: "x" }`, or the same as a block of YAML.
fn key_inside(near: &Near<'_>, at: usize) -> Option<(Range<usize>, Quote)> {
    let word = near.rest(at).iter().take(24).take_while(|b| b.is_ascii_alphanumeric()).count();
    let mark = near.rest(at + word).iter().take(2).take_while(|b| matches!(b, b'"' | b'\'' | b':')).count();
    let open = at + word + mark;
    let is_marked = near.before(open) == Some(b':');
    let inside = near.skip(open, 24, true);
    let is_block =
        near.text[open..inside].contains(&b'\n') && near.before(inside).is_some_and(|b| matches!(b, b' ' | b'\t'));
    if !is_marked || near.byte(inside)? != b'{' && !is_block {
        return None;
    }
    let block = &near.rest(inside + 1)[..near.rest(inside + 1).len().min(160)];
    let end = block.windows(2).position(|w| w[0] == b'}' || w[0] == b'\n' && w[1].is_ascii_graphic() && w[1] != b'"');
    let block = &near.text[inside..inside + 1 + end.unwrap_or(block.len())];
    let key = memchr::memmem::find_iter(block, b"ey").find(|found| {
        let before = found.checked_sub(2).map(|at| block[at]);
        let is_key = *found > 0 && matches!(block[found - 1], b'k' | b'K') && !before.is_some_and(super::is_word);
        is_key && matches!(block.get(found + 2..found + 4), Some([b':', b' ' | b'"' | b'\''] | [b'"', b':']))
    })?;
    let value = near.skip(inside + key + 2 + 1 + usize::from(block[key + 2] == b'"'), 8, false);
    if near.byte(value).is_some_and(is_quote) {
        return Some((value + 1..closing(near, value)?, Quote::Quoted));
    }
    is_block.then(|| next_word(near, value)).flatten()
}

/// `Login: admin / x`, `credentials: admin:x`
fn second_of_two(near: &Near<'_>, at: usize) -> Option<(Range<usize>, Quote)> {
    let start = near.skip(at, 4, false);
    let start = start + usize::from(near.byte(start) == Some(b'`'));
    let user =
        near.rest(start).iter().take(40).take_while(|b| b.is_ascii_alphanumeric() || b"_.@-".contains(b)).count();
    let mark = near.rest(start + user).iter().take(6).take_while(|b| matches!(b, b' ' | b'/' | b':' | b'`')).count();
    let marks = &near.text[start + user..start + user + mark];
    let is_one = |b: u8| marks.iter().filter(|m| **m == b).count() == 1;
    let from = start + user + mark;
    let len = near
        .rest(from)
        .iter()
        .take(64)
        .position(|b| b.is_ascii_whitespace() || matches!(b, b'`' | b'"' | b'\'' | b')' | b','));
    let len = len.or_else(|| near.is_end.then(|| near.rest(from).len()))?;
    let is_pair = user >= 2 && (is_one(b'/') != is_one(b':')) && !marks.contains(&b'`') | marks.ends_with(b"`");
    is_pair.then_some((from..from + len, Quote::Quoted))
}

/// `echo "root:x" | chpasswd`, `echo "x" | docker login --password-stdin`
fn piped(near: &Near<'_>, command: usize, mark: u8) -> Option<(Range<usize>, Quote)> {
    let line = near.line_before(command);
    let pipe = memchr::memrchr(b'|', line)?;
    let text = line[..pipe].trim_ascii_end();
    let echo = memchr::memmem::rfind(text, b"echo ").or_else(|| memchr::memmem::rfind(text, b"printf "))?;
    let colon = echo + memchr::memchr(mark, &text[echo..])?;
    let is_quoted = mark == b' ' && text.get(colon + 1).is_some_and(|b| is_quote(*b));
    let colon = colon + usize::from(is_quoted);
    let end = text.len() - usize::from(text.last().is_some_and(|b| is_quote(*b)));
    let base = command - line.len();
    let value = text.get(colon + 1..end)?;
    let value = value.strip_suffix(b"\\n").unwrap_or(value);
    let is_literal = !value.contains(&b' ') && !value.contains(&b'$');
    is_literal.then_some((base + colon + 1..base + colon + 1 + value.len(), Quote::Quoted))
}
