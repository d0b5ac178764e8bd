//! Literals that a program digests or enciphers before it keeps them.

use super::{Near, is_quote, is_word, name};

/// `encoder.encode("x")`, `await bcrypt.hash("x", 10)`, `Hash::make('x')`: where the quote stands, if such a call begins here.
pub(super) fn digested(near: &Near<'_>, at: usize) -> Option<usize> {
    let start = ["await ", "new "].iter().find(|word| near.starts(at, word)).map_or(at, |word| at + word.len());
    let is_of_path = |b: &u8| is_word(*b) || b".:>-()$".contains(b);
    let path = near.rest(start).iter().take(72).take_while(|b| is_of_path(b)).count();
    near.byte(start + path).filter(|b| is_quote(*b))?;
    let callee = near.rest(start)[..path].strip_suffix(b"(")?;
    let last = callee.iter().rev().take_while(|b| is_word(**b)).count();
    let (on, method) = callee.split_at(callee.len() - last);
    digests(on, method).then_some(start + path)
}

/// Whether a method's name says so, or that of what it is called on.
fn digests(on: &[u8], method: &[u8]) -> bool {
    const DIGESTS: [&str; 8] = ["hash", "bcrypt", "argon", "scrypt", "encrypt", "md", "sha", "digest"];
    const WITH: [&str; 12] =
        ["sync", "async", "password", "pass", "pw", "pwd", "hex", "as", "string", "text", "it", "digest"];
    const ENCODERS: [&str; 6] = ["encod", "crypt", "hash", "argon", "passw", "digest"];
    let words = name::words(method);
    let Some((first, others)) = words.split_first() else { return false };
    let is_of_encoder = || {
        let on = on.to_ascii_lowercase();
        ENCODERS.iter().any(|word| memchr::memmem::find(&on, word.as_bytes()).is_some())
    };
    DIGESTS.contains(&first.as_str()) && others.iter().all(|word| WITH.contains(&word.as_str()))
        || matches!(&words[..], [word] if matches!(word.as_str(), "encode" | "make" | "generate")) && is_of_encoder()
}
