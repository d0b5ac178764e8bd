//! How bad a finding is, and how sure.

pub use crate::rule::Level as Confidence;

/// How bad it is if it is real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// A habit to change.
    Low,
    /// A credential of little reach.
    Medium,
    /// A credential.
    High,
    /// A credential that opens all of an account.
    Critical,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Note];

    /// The severity with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }

    /// The severity of a security-severity number.
    pub fn of(score: f32) -> Self {
        match score {
            s if s > 9.0 => Severity::Critical,
            s if s >= 7.0 => Severity::High,
            s if s >= 4.0 => Severity::Medium,
            s if s >= 1.0 => Severity::Low,
            _ => Severity::Note,
        }
    }

    /// The highest security-severity number that it has.
    pub fn highest(self) -> f32 {
        match self {
            Severity::Critical => 10.0,
            Severity::High => 9.0,
            Severity::Medium => 6.9,
            Severity::Low => 3.9,
            Severity::Note => 0.9,
        }
    }

    /// Its name in reports and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// The name of a confidence in reports and on the command line.
pub fn confidence_name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

#[cfg(test)]
mod tests {
    use super::Severity;

    #[test]
    fn the_highest_number_of_a_severity_has_that_severity() {
        for severity in Severity::ALL {
            assert_eq!(Severity::of(severity.highest()), severity);
        }
    }
}
