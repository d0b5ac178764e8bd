//! Archives opened: what can hold texts of its own, and each of them with its name, in bounded time and memory.
//!
//! Nothing is written anywhere, no name is taken for a path on disk, and what an archive says of itself (sizes,
//! counts, checksums) is believed only as far as its bytes bear it out.

mod ar;
mod budget;
mod kind;
mod lzw;
mod notebook;
mod opening;
mod packing;
mod sqlite;
mod tar;
mod zip;

use budget::{Budget, in_words};
pub use kind::{Kind, Packing};
use opening::{Opening, Place};
use std::io::{self, Read};

pub(crate) use budget::LARGEST;
pub(crate) use kind::HEAD;

/// Which archives are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Archives {
    /// All.
    #[default]
    Always,
    /// Small ones: what a commit hook has time for.
    Small,
    /// None.
    Never,
}

impl Archives {
    /// All of them, by their names on the command line.
    pub const ALL: [(&str, Archives); 3] =
        [("always", Archives::Always), ("small", Archives::Small), ("never", Archives::Never)];

    /// The choice with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(own, _)| *own == name).map(|(_, archives)| archives)
    }
}

/// Where in an archive something stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inner {
    /// The names on the way, each archive's followed by `!`: `b.tar!c`.
    pub path: Vec<u8>,
    /// Where in it the last name begins.
    pub name_at: usize,
}

/// Why something in an archive was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// Nobody without more than the archive can, or it was left out on purpose.
    Skipped(String),
    /// It can be read, and was not.
    Missing(String),
}

/// What is done with the contents of an archive.
pub trait Visitor {
    /// A file with this name stands in it.
    fn name(&mut self, at: &Inner);
    /// A text stands in it.
    fn text(&mut self, at: &Inner, content: &mut dyn Read) -> io::Result<()>;
    /// A text that says in words what another, at the path above it, has in code: only what that lacks is new.
    fn translation(&mut self, at: &Inner, content: &[u8]);
    /// Something in it was not read; the archive itself, if there is no path.
    fn unread(&mut self, path: &[u8], why: Unread);
}

/// Why an archive of this size is not opened, if it is not.
pub fn too_large(kind: Kind, size: u64, archives: Archives) -> Option<Unread> {
    let budget = Budget::new(archives, size)?;
    let most = budget.limits.stored;
    let why = || format!("it is {} large, more than {}", in_words(size), in_words(most));
    (size > most && !matches!(kind, Kind::Notebook | Kind::Closed(_))).then(|| budget.unread(&why()))
}

/// Goes through all that an archive holds. `name` is its own file name, as far as there is one.
pub fn open(name: &[u8], kind: Kind, bytes: &[u8], archives: Archives, visitor: &mut dyn Visitor) {
    if let Some(why) = too_large(kind, bytes.len() as u64, archives) {
        return visitor.unread(b"", why);
    }
    let Some(budget) = Budget::new(archives, bytes.len() as u64) else { return };
    let mut opening = Opening { budget: &budget, visitor };
    let place = Place { inner: Inner::default(), name, depth: 0 };
    let read = opening.whole(&place, kind, bytes);
    opening.settle(&place, kind, read);
}
