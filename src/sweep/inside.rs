//! What stands in a blob that is an archive: it is opened whole in each of its versions, since a small change moves every
//! byte of what is packed.

use super::classes::{Class, Classes};
use crate::archive::{Archives, Kind, Unread};
use crate::document::{Aspect, Document, Origin};
use crate::finding::{Candidate, Reason};
use crate::opened::{Part, parts};
use crate::scan::Scan;
use std::hash::Hash;

/// Finds what stands in archives.
pub(super) struct Inside<'a> {
    pub scan: &'a Scan,
    pub classes: &'a Classes,
    pub archives: Archives,
}

impl Inside<'_> {
    /// The classes of all that may stand in a blob, if it is one that can be opened. What was not read of it counts as
    /// found, so that the paths are looked up at which to say so.
    pub(super) fn classes(&self, blob: &[u8]) -> Option<Vec<Class>> {
        let kind = Kind::of(blob).filter(|_| self.archives != Archives::Never)?;
        let mut classes = Vec::new();
        parts(&Origin::default(), kind, blob, self.archives, self.scan.overlap(), &mut |part| match part {
            Part::Document(document) if document.origin.part == Aspect::Path => {
                let standing = self.scan.standing(&document);
                classes.extend(standing.iter().map(|(rule, secret)| self.of(&document, &(rule.id(), secret))));
            }
            Part::Document(document) | Part::Translation(document) => self.add(&document, &mut classes),
            Part::Unread(what, why) => {
                let (Unread::Skipped(words) | Unread::Missing(words)) = &why;
                classes.push(self.classes.other(&(what, words)));
            }
        });
        Some(classes)
    }

    fn add(&self, document: &Document, classes: &mut Vec<Class>) {
        let here = Document { origin: Origin::default(), ..document.clone() };
        for candidate in self.scan.engine.candidates_anywhere(&here.text, &here.changed) {
            if self.may_stand(&candidate, &here) {
                let range = super::blobs::judged_by(&candidate, here.text.len());
                let class = self.classes.class(&candidate, &here.text[range.clone()], range.start);
                classes.push(self.of(document, &class));
            }
        }
    }

    /// The class of something at a place in an archive.
    fn of(&self, document: &Document, what: &impl Hash) -> Class {
        self.classes.other(&(&document.origin.path, document.origin.part, what))
    }

    fn may_stand(&self, candidate: &Candidate, document: &Document) -> bool {
        self.scan.explain
            || match self.scan.judge.verdict(candidate, document).dismissed {
                None | Some(Reason::AllowedByConfig(_)) => true,
                Some(_) => false,
            }
    }
}
