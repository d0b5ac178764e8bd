//! `unleak.toml`: read, then validated.

/// What the configuration says.
#[derive(Debug, Clone, Default)]
pub struct Config {}
