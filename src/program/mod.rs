//! What the program does round the library: reads the environment, picks the configuration, puts reports where
//! they belong.

pub mod auditing;
pub mod baselines;
pub mod baselining;
pub mod completions;
pub mod environment;
pub mod explaining;
pub mod fixing;
pub mod github;
pub mod history;
pub mod hook;
pub mod inventorying;
pub mod listing;
pub mod merging;
pub mod migrating;
pub mod redacting;
pub mod reports;
pub mod responding;
pub mod runner;
pub mod scanning;
pub mod tool;
