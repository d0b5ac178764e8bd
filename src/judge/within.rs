//! What a value says when it is taken apart: the text inside base64, the pieces of a thing's name.

use super::letters;
use super::made::wordiness;
use super::placeholder::is_describing;
use super::surroundings;

/// The text that a value in base64 holds, if all of it can be read.
pub(super) fn text_in_base64(value: &[u8]) -> Option<Vec<u8>> {
    let text = data_encoding::BASE64.decode(value).or_else(|_| data_encoding::BASE64_NOPAD.decode(value)).ok()?;
    let text = text.trim_ascii();
    (text.len() >= 6 && text.iter().all(|b| b.is_ascii_graphic() || *b == b' ')).then(|| text.to_vec())
}

/// Whether a text is made of words with single blanks between them, three or more, and a number or mark among them at most.
pub(super) fn is_sentence(text: &[u8]) -> bool {
    let is_word =
        |word: &&[u8]| !word.is_empty() && word.iter().all(|b| b.is_ascii_alphabetic() || b".,!?'".contains(b));
    let words = text.split(|b| *b == b' ').filter(is_word).count();
    let others = || text.split(|b| *b == b' ').filter(|word| !is_word(word));
    words >= 3 && words > others().count() * 2 && others().all(|word| word.len() == 1)
}

/// `REQ-ERR-001`: capitals in pieces and a number, as the lines of a list are called.
pub(super) fn is_number_of(value: &[u8]) -> bool {
    let mut pieces = value.rsplit(|b| *b == b'-');
    let is_number = pieces.next().is_some_and(|last| !last.is_empty() && last.iter().all(u8::is_ascii_digit));
    is_number
        && value.contains(&b'-')
        && pieces.all(|piece| !piece.is_empty() && piece.iter().all(u8::is_ascii_uppercase))
}

/// `required!`, `OpenBao..`: letters alone and the marks that end a sentence.
pub(super) fn ends_a_sentence(value: &[u8]) -> bool {
    let marks = value.iter().rev().take_while(|b| b".!?".contains(b)).count();
    marks > 0 && value[..value.len() - marks].iter().all(u8::is_ascii_alphabetic)
}

/// `my-ca-1`, `com.acme.ls`, `etcd-cluster-k8s`, `__do_alloc--read`: small letters in pieces, with at most
/// one digit, or three amid many words (`s3_us_east_1_regional_endpoint`). What is drawn by lot has digits amid its letters, capitals or no pieces; people's phrases end in a number.
pub(super) fn is_name(value: &[u8]) -> bool {
    let value = before_date(behind_date(value));
    let pieces = || value.split(|b| matches!(b, b'-' | b'_' | b'.' | b':' | b'/')).filter(|piece| !piece.is_empty());
    let is_piece = |piece: &[u8]| {
        // `C.call_of_a_library`
        if matches!(piece, [capital] if capital.is_ascii_uppercase()) {
            return true;
        }
        let letters = piece.iter().take_while(|b| b.is_ascii_lowercase()).count();
        if letters >= LONGEST_WORD && letters::likeness(&piece[..letters]) < 0.0 {
            return false;
        }
        let digits = piece[letters..].iter().take_while(|b| b.is_ascii_digit()).count();
        let rest = piece.len() - letters - digits;
        rest == 0 && digits <= 4
            || piece.len() <= 3 && piece.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    let is_long = || pieces().count() >= 5 && digits <= 3 && wordiness(value) > 0.5;
    value.iter().any(u8::is_ascii_lowercase)
        && pieces().count() >= 2
        && pieces().all(is_piece)
        && (digits <= 1 || is_long() || is_numbered(value) || is_of_domain(value))
}

/// Letters that make no word are a piece of no name if they are as many.
const LONGEST_WORD: usize = 20;

/// `shop-x509-https-secret`: as the secrets of a cluster are called, by pieces of which the last says what it is.
pub(super) fn is_name_of_secret(value: &[u8]) -> bool {
    let is_piece =
        |piece: &[u8]| !piece.is_empty() && piece.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let is_word =
        |piece: &[u8]| piece.len() >= 4 && piece.iter().all(u8::is_ascii_lowercase) && letters::likeness(piece) > -0.5;
    let mut pieces = value.rsplit(|b| *b == b'-');
    let says_so = pieces.next().is_some_and(|last| matches!(last, b"secret" | b"secrets" | b"credentials" | b"tls"));
    says_so
        && pieces.clone().count() >= 2
        && pieces.clone().all(is_piece)
        && pieces.filter(|piece| is_word(piece)).count() >= 1
}

/// `system:user:exportAll`, within quotes of its own too: what somebody may do, as pages and interfaces call it.
pub(super) fn is_permission(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"'").and_then(|rest| rest.strip_suffix(b"'")).unwrap_or(value);
    let is_piece = |piece: &[u8]| piece.len() >= 2 && piece.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_');
    value.split(|b| *b == b':').count() >= 3 && value.split(|b| *b == b':').all(is_piece)
}

/// What follows a date: `2017-01-25-180400_unique_name`, as changes of a database are named.
fn behind_date(value: &[u8]) -> &[u8] {
    let is_digits = |range: &[u8]| range.iter().all(u8::is_ascii_digit);
    let is_date = value.len() > 11
        && (is_digits(&value[..4]) && is_digits(&value[5..7]) && is_digits(&value[8..10]))
        && matches!((value[4], value[7], value[10]), (b'-', b'-', b'-' | b'_') | (b'_', b'_', b'_'))
        && matches!(&value[..2], b"19" | b"20");
    if !is_date {
        return value;
    }
    let time = value[11..].iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'-' | b'_')).count();
    &value[11 + time..]
}

/// What a month and a year or a whole date stands behind: `editor-survey-03-2026`.
fn before_date(value: &[u8]) -> &[u8] {
    let digits = |piece: &[u8]| piece.iter().all(u8::is_ascii_digit);
    let mut pieces = value.rsplit(|b| matches!(b, b'-' | b'_')).take_while(|piece| digits(piece));
    let numbers = (pieces.next(), pieces.next(), pieces.next());
    let is_year = |piece: &[u8]| piece.len() == 4 && matches!(&piece[..2], b"19" | b"20");
    let is_part = |piece: &[u8]| matches!(piece.len(), 1 | 2);
    let len = match numbers {
        (Some(one), Some(two), Some(three))
            if is_part(two) && (is_year(one) && is_part(three) || is_part(one) && is_year(three)) =>
        {
            one.len() + two.len() + three.len() + 3
        }
        (Some(one), Some(two), _) if is_year(one) && is_part(two) || is_part(one) && is_year(two) => {
            one.len() + two.len() + 2
        }
        _ => 0,
    };
    &value[..value.len().saturating_sub(len)]
}

/// `HIBERNATE-DBCP-MAXWAIT`: words in capitals, as templates name what they put in.
pub(super) fn is_name_in_capitals(value: &[u8]) -> bool {
    let pieces = || value.split(|b| matches!(b, b'-' | b'_' | b'.'));
    pieces().count() >= 2
        && pieces().all(|piece| !piece.is_empty() && piece.iter().all(u8::is_ascii_uppercase))
        && pieces().any(|piece| piece.len() >= 6 && letters::likeness(piece) > 0.0)
}

/// `payment_to_void_123`: words as programs join them, and a number.
fn is_numbered(value: &[u8]) -> bool {
    let mut pieces = value.rsplit(|b| *b == b'_');
    let is_number = pieces.next().is_some_and(|last| !last.is_empty() && last.iter().all(u8::is_ascii_digit));
    is_number && pieces.clone().count() >= 2 && pieces.all(|p| !p.is_empty() && p.iter().all(u8::is_ascii_lowercase))
}

/// `com.acme-ios.mtls.p12`: a domain from behind, as packages are called.
fn is_of_domain(value: &[u8]) -> bool {
    let mut pieces = value.split(|b| *b == b'.');
    pieces.next().is_some_and(|top| matches!(top, b"com" | b"org" | b"net" | b"io" | b"dev")) && pieces.count() >= 2
}

/// `zigzag32,1,opt,name=key`, `ACT~NSW~NT~QLD`: many short pieces.
pub(super) fn is_list(value: &[u8]) -> bool {
    let is_of = |marks: &[u8]| {
        let pieces = || value.split(|b| marks.contains(b));
        value.contains(&marks[0]) && pieces().count() >= 4 && pieces().all(|piece| piece.len() <= 12)
    };
    [&b",="[..], b"~", b"|", b";"].into_iter().any(is_of)
}

/// `scale=w=iw/8:h=ih/8:format=bgra`: settings side by side, each with its name.
pub(super) fn is_of_settings(value: &[u8]) -> bool {
    let is_setting = |piece: &[u8]| {
        let name = memchr::memchr(b'=', piece).map_or(&[][..], |at| &piece[..at]);
        let has_value = piece.len() > name.len() + 1;
        !name.is_empty() && has_value && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
    };
    let is_login =
        |text| ["pass", "pwd", "secret", "key", "token"].iter().any(|word| surroundings::contains(text, word));
    let is_of = |mark: u8| {
        let pieces = || value.split(|b| *b == mark);
        pieces().count() >= 2 && pieces().all(is_setting)
    };
    // `name,type=mount,uid=1000`: what it is called, and how it is to be had.
    let is_named = |comma: usize| {
        let (name, rest) = (&value[..comma], &value[comma + 1..]);
        let is_name = name.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b));
        comma > 0 && is_name && !is_login(rest) && rest.split(|b| *b == b',').all(is_setting)
    };
    !is_login(value) && [b':', b';', b',', b'&'].into_iter().any(is_of)
        || memchr::memchr(b',', value).is_some_and(is_named)
}

/// `password001_2`: a word for a password and two numbers, as samples count through theirs.
pub(super) fn is_counted(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    let Some(rest) =
        ["password", "passwd", "pass", "pwd", "secret"].iter().find_map(|word| lower.strip_prefix(word.as_bytes()))
    else {
        return false;
    };
    let mut numbers = rest.split(|b| matches!(b, b'_' | b'-' | b'.'));
    numbers.clone().count() == 2 && numbers.all(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// Whether a password is the user's name and words for a password: `reader:reader_password`.
pub(super) fn is_described_by(user: &[u8], password: &[u8]) -> bool {
    let (user, password) = (user.to_ascii_lowercase(), password.to_ascii_lowercase());
    let Some(rest) = password.strip_prefix(&user[..]) else { return false };
    let words = || rest.split(|b| !b.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    user.len() >= 3 && words().next().is_some() && words().all(|word| !word[0].is_ascii_digit() && is_describing(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_things_are_told_from_what_is_drawn_by_lot() {
        for name in [
            "my-ca-1",
            "com.acme.vim.ls",
            "etcd-cluster-k8s",
            "account-s3",
            "__do_alloc--xread",
            "x_bindings",
            "s3_us_east_1_regional_endpoint",
            "2017-01-25-180400_unique_username",
            "C.ngx_http_lua_ffi_free_priv_key",
            "payment_to_void_123",
            "com.acme-ios.mtls.p12",
            "editor-popup-survey-03-2026",
        ] {
            assert!(is_name(name.as_bytes()), "{name}");
        }
        for value in [
            concat!("sk-", "qkvjwxzpfbmtghdrlcnsyqwvkxjz"),
            "a1b2-c3d4-e5f6",
            "maple-river-42",
            "hunter2",
            "rojpog-jobtyd-3bufPi",
            "Welcome-Back",
            "9x-k2m4-7q",
            "12-34-56",
        ] {
            assert!(!is_name(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn passwords_that_samples_count_through_are_seen() {
        assert!(is_counted(b"password001_2"));
        assert!(!is_counted(b"password123"));
        assert!(!is_counted(b"hunter2_3"));
    }

    #[test]
    fn base64_of_a_sentence_is_seen_through() {
        let encoded = data_encoding::BASE64.encode(b"Hello from the other side");
        let text = text_in_base64(encoded.as_bytes()).expect("it is text");
        assert!(is_sentence(&text));
        assert!(!is_sentence(b"m0ney Talks a lot"));
        assert_eq!(text_in_base64(b"AAECAwQFBgcI"), None);
    }

    #[test]
    fn a_password_may_only_describe_its_user() {
        assert!(is_described_by(b"reader", b"reader_password"));
        assert!(is_described_by(b"reader", b"readerpass"));
        assert!(!is_described_by(b"admin", b"admin"));
        assert!(!is_described_by(b"admin", b"admin123"));
        assert!(!is_described_by(b"admin", b"admin-kestrel"));
    }
}
