//! Bytes that must not be printed.

use std::fmt;

/// A credential. It has no `Display`, does not serialize, and its `Debug` says nothing; only
/// [`crate::output`] may show it, masked, and [`crate::remedy`] may move it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Secret(Box<[u8]>);

impl Secret {
    /// Takes the bytes into custody.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Secret(bytes.into())
    }

    /// The bytes themselves: for judging, digesting and repairing, never for printing.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_show_the_bytes() {
        assert_eq!(format!("{:?}", Secret::new(*b"hunter2")), "Secret(7 bytes)");
    }
}
