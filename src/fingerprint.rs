//! A finding's identity: rule, path and a digest of the secret that does not help to guess it.

use sha2::{Digest, Sha256};

/// The fingerprint of a secret that a rule found at a path: 32 hexadecimal digits. It does not depend on
/// where in the text the secret stands.
pub fn fingerprint(rule_id: &str, path: &[u8], secret: &[u8]) -> String {
    let mut hash = Sha256::new();
    for piece in [rule_id.as_bytes(), path, secret] {
        hash.update((piece.len() as u64).to_le_bytes());
        hash.update(piece);
    }
    data_encoding::HEXLOWER.encode(&hash.finalize()[..16])
}
