//! A rule as written, built in or a user's.

use crate::rule::RuleSpec;
use std::sync::OnceLock;

/// A rule as written; a built-in one is unpacked when somebody first looks at it.
pub struct Spec {
    /// Nothing for a user's.
    pub(super) packed: &'static [u8],
    unpacked: OnceLock<Box<RuleSpec>>,
}

impl Spec {
    /// A built-in rule's.
    pub(super) fn packed(packed: &'static [u8]) -> Self {
        Spec { packed, unpacked: OnceLock::new() }
    }
}

impl std::ops::Deref for Spec {
    type Target = RuleSpec;

    fn deref(&self) -> &RuleSpec {
        let unpack = || Box::new(postcard::from_bytes(self.packed).expect("the build packed it from the same type"));
        self.unpacked.get_or_init(unpack)
    }
}

impl std::fmt::Debug for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

impl From<RuleSpec> for Spec {
    fn from(spec: RuleSpec) -> Self {
        Spec { packed: &[], unpacked: OnceLock::from(Box::new(spec)) }
    }
}
