//! How far a sweep has come, for whoever shows it.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// Counters that a sweep moves while it runs; another thread may read them.
#[derive(Debug, Default)]
pub struct Progress {
    pass: AtomicU8,
    /// Objects that the current pass is through with.
    pub objects: AtomicU64,
    /// Objects that the current pass has to go through.
    pub total: AtomicU64,
    /// Bytes of objects in full, over all passes.
    pub bytes: AtomicU64,
    /// Possible findings so far, not yet judged at their paths.
    pub candidates: AtomicU64,
}

/// What a sweep is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Listing the objects.
    Objects,
    /// Reading blobs.
    Blobs,
    /// Reading messages.
    Texts,
    /// Looking for the paths of what was found.
    Trees,
    /// Finding out when it came and went.
    Lifecycle,
}

const PASSES: [Pass; 5] = [Pass::Objects, Pass::Blobs, Pass::Texts, Pass::Trees, Pass::Lifecycle];

impl Progress {
    /// A pass begins.
    pub fn begin(&self, pass: Pass, total: u64) {
        self.objects.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        let index = PASSES.iter().position(|p| *p == pass).unwrap_or(0);
        self.pass.store(index as u8, Ordering::Relaxed);
    }

    /// What the sweep is doing.
    pub fn pass(&self) -> Pass {
        PASSES[usize::from(self.pass.load(Ordering::Relaxed))]
    }
}

impl Pass {
    /// What to call it.
    pub fn name(self) -> &'static str {
        match self {
            Pass::Objects => "listing objects",
            Pass::Blobs => "reading blobs",
            Pass::Texts => "reading messages",
            Pass::Trees => "finding paths",
            Pass::Lifecycle => "telling life stories",
        }
    }
}
