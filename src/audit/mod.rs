//! The 19 practices and the upgrade page, a row each: what was looked at in a repository, what came of it, or that a
//! repository cannot show it, and what to do instead. Never a pass for what was not seen.

mod accounts;
mod evidence;
mod ignores;
mod keys;
mod logins;
mod practices;
mod traits;

pub use evidence::{Evidence, Past};
pub use practices::{PRACTICES, Practice, Source};
pub use traits::{Trait, Was, traits};

/// What a row comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It is not kept: the places say where.
    Failed,
    /// It was looked at and is kept.
    Passed,
    /// There is nothing that it could be about.
    NothingToJudge,
    /// A repository cannot show it, or not all of it.
    NotSeen,
}

/// A place that a row rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The file; empty for what no path leads to.
    pub path: Vec<u8>,
    /// Its line, from 1; 0 for the file as a whole.
    pub line: u32,
    /// What is there, in words. It may hold text out of files.
    pub what: String,
    /// The commit that brought it, when it was seen in the history.
    pub commit_id: Option<String>,
}

/// What a practice comes to in one repository.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which.
    pub practice: &'static Practice,
    /// The verdict.
    pub verdict: Verdict,
    /// What was seen, in words.
    pub said: String,
    /// Where.
    pub places: Vec<At>,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Verdict; 4] = [Verdict::Failed, Verdict::Passed, Verdict::NothingToJudge, Verdict::NotSeen];

    /// Its name in machine formats.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Failed => "failed",
            Verdict::Passed => "passed",
            Verdict::NothingToJudge => "nothing-to-judge",
            Verdict::NotSeen => "not-seen",
        }
    }
}

/// What a check says before it is known whether all was read.
struct Said {
    verdict: Verdict,
    said: String,
    places: Vec<At>,
}

impl Said {
    fn new(verdict: Verdict, said: impl Into<String>, places: Vec<At>) -> Self {
        Said { verdict, said: said.into(), places }
    }

    fn failed(said: impl Into<String>, places: Vec<At>) -> Self {
        Self::new(Verdict::Failed, said, places)
    }

    fn passed(said: impl Into<String>, places: Vec<At>) -> Self {
        Self::new(Verdict::Passed, said, places)
    }

    fn nothing(said: impl Into<String>) -> Self {
        Self::new(Verdict::NothingToJudge, said, Vec::new())
    }

    fn unseen(said: impl Into<String>, places: Vec<At>) -> Self {
        Self::new(Verdict::NotSeen, said, places)
    }

    /// What no file can settle: other words where files show `none` of it and where they show `some`.
    fn unseen_beside(shown: Vec<At>, none: &str, some: &str) -> Self {
        Self::unseen(if shown.is_empty() { none } else { some }, shown)
    }
}

/// The rows, in the order of the two documents.
pub fn audit(evidence: &Evidence<'_>) -> Vec<Row> {
    PRACTICES
        .iter()
        .map(|practice| {
            let Said { verdict, said, mut places } = (practice.check)(evidence);
            places.sort();
            places.dedup();
            // What was not read could have failed, and could have been something to judge.
            let is_open = matches!(verdict, Verdict::Passed | Verdict::NothingToJudge);
            if is_open && !evidence.report.coverage.is_complete() {
                let said = format!("not all files could be read; in those that were: {said}");
                return Row { practice, verdict: Verdict::NotSeen, said, places };
            }
            Row { practice, verdict, said, places }
        })
        .collect()
}

/// "1 place", "3 places".
fn number_of(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
