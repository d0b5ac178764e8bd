//! Finds leaked credentials in Git, SendGrid's first of all, and says for each what to do.
//!
//! The modules in the order data flows: a [`config`] and the [`ruleset`] say what to look for, [`source`]
//! turns a selection into entries and documents, [`detect`] finds candidates in a text, [`judge`] turns each
//! into a finding or a dismissal, [`scan`] runs all of it and makes a [`report`], [`output`] writes it.
//!
//! The library neither prints nor exits nor reads the environment.

pub mod archive;
mod assigned;
pub mod audit;
pub mod baseline;
pub mod binary;
mod closed;
pub mod config;
mod crowd;
pub mod detect;
pub mod document;
pub mod event;
pub mod finding;
pub mod fingerprint;
mod frame;
pub mod hook;
pub mod inventory;
pub mod judge;
pub mod line_hash;
pub mod merge;
mod notation;
mod opened;
pub mod output;
mod overlaps;
pub mod remedy;
pub mod repair;
pub mod report;
mod rivals;
pub mod rule;
pub mod ruleset;
pub mod sample;
pub mod scan;
pub mod secret;
pub mod source;
pub mod sweep;
mod whole;
