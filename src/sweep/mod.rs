//! The history sweep: every object of a repository once, and of each only what is new.

pub mod blobs;
mod charset;
pub mod classes;
pub mod delta;
pub mod forest;
pub mod inflate;
pub mod inherit;
pub mod objects;
pub mod progress;
pub mod lifecycle;
pub mod shapes;
pub mod texts;
pub mod tips;
pub mod trees;
