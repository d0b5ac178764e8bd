//! From findings to mended files: which edits go into which file, under which name each secret is kept, and how
//! all of it is written or none.

mod aside;
mod encoding;
mod incident;
mod names;
mod plan;
mod spans;
mod stream;
mod terraform;
mod tree;
mod write;

pub use aside::{Aside, Purpose, Secrets, asides, assignments};
pub use incident::{Incident, incidents, replacements};
pub use plan::{Change, Left, Plan, plan};
pub use spans::{Hidden, hidden};
pub use stream::redact;
pub use tree::{Standing, standing};
pub use write::{Error, write};
