//! Where something is: hosts, mailboxes, paths.

use crate::judge::made::{count, wordiness};

/// `888635786844-uh25tl2a.apps.acme.com`
pub(super) fn is_host(value: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        !label.is_empty() && label.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
    };
    let mut labels = value.rsplit(|b| *b == b'.');
    matches!(labels.next(), Some(b"com" | b"net" | b"org" | b"io"))
        && labels.clone().count() >= 2
        && labels.all(is_label)
}

/// `app:9000`, `db.example.com:5432`, `balancer.example.com:$port`
pub(super) fn is_host_with_port(value: &[u8]) -> bool {
    let Some(colon) = memchr::memrchr(b':', value) else { return false };
    let (host, port) = (&value[..colon], &value[colon + 1..]);
    let is_port = (2..=5).contains(&port.len()) && port.iter().all(u8::is_ascii_digit) || port.starts_with(b"$");
    let is_name = host.first().is_some_and(u8::is_ascii_alphabetic)
        && host.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'));
    is_port && is_name && (host.len() <= 4 || host.contains(&b'.') || wordiness(host) > 0.5)
}

pub(super) fn is_email(value: &[u8]) -> bool {
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

pub(super) fn is_path(value: &[u8]) -> bool {
    let starts =
        ["./", "../", "~/", "$HOME", "\\\\", "/etc/", "/var/", "/run/", "/tmp/", "/usr/", "/home/", "/opt/", "/mnt/"];
    if starts.iter().any(|start| value.starts_with(start.as_bytes())) {
        return true;
    }
    if is_file(value) || [&b"id_rsa"[..], b"id_dsa", b"id_ecdsa", b"id_ed25519"].contains(&value) {
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

/// `ca.ecdsa.P256.pem`, `vault-984b38.json`: a file in which a credential is kept, whatever its name is made of.
fn is_file(value: &[u8]) -> bool {
    const ENDINGS: [&[u8]; 12] =
        [b".pem", b".crt", b".cer", b".key", b".p12", b".pfx", b".jks", b".json", b".yaml", b".yml", b".txt", b".p8"];
    ENDINGS.iter().any(|ending| value.ends_with(ending))
        && value.iter().all(|b| b.is_ascii_alphanumeric() || b"._/-".contains(b))
}

/// `us-east-1/s3/aws4_request`, `tls:gtls:share`: short pieces, most of them words or numbers.
pub(super) fn is_list(value: &[u8]) -> bool {
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
