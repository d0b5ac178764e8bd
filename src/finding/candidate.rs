//! What detecting comes to: a match of a rule, where it stands and how it is written.

use crate::rule::Form;
use crate::ruleset::Rule;
use crate::secret::Secret;
use std::ops::Range;
use std::sync::Arc;

/// A match of a rule that nobody has judged yet. It depends on no byte outside `window`.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The rule that matched.
    pub rule: Arc<Rule>,
    /// The anchor's first byte. With the rule and the span it names the candidate.
    pub anchor: usize,
    /// All bytes that the match depends on, cut at the ends of the text.
    pub window: Range<usize>,
    /// The bytes of the secret as it is written, encoded or not.
    pub span: Range<usize>,
    /// The bytes of the pattern's whole match, which holds the anchor.
    pub whole: Range<usize>,
    /// The secret itself, decoded.
    pub secret: Secret,
    /// The id inside it or beside it that revoking needs: the capture `id` or `user` of the pattern, or the part `id`.
    pub key_id: Option<String>,
    /// The other pieces, in the order of the rule's parts.
    pub parts: Vec<Piece>,
    /// How the secret was written, outermost first; empty when it was plain.
    pub forms: Vec<Form>,
    /// The decoded text ends with a line end behind the secret: SMTP and HTTP do not survive it.
    pub encoded_newline: bool,
    /// The decoded text round the secret, when it was encoded: what checks of the surroundings read beside
    /// the text itself.
    pub decoded: Option<Box<Decoded>>,
}

impl Candidate {
    /// Whether it stands in a compressed text, all of which is one place.
    pub fn is_packed(&self) -> bool {
        self.forms.contains(&Form::Packed)
    }

    /// Where the secret stands, as far as that tells whether two are about the same bytes.
    pub fn place(&self) -> Place {
        match self.unpacked() {
            Some(unpacked) => self.place_in(unpacked.number, unpacked.span.clone()),
            None => Place { text: None, span: self.span.clone() },
        }
    }

    /// The same of its other pieces.
    pub fn places_of_parts(&self) -> impl Iterator<Item = Place> {
        let unpacked = self.unpacked();
        self.parts.iter().enumerate().map(move |(nth, part)| {
            let inside = unpacked.and_then(|unpacked| Some((unpacked.number, unpacked.parts.get(nth)?)));
            match inside {
                Some((number, span)) => self.place_in(number, span.clone()),
                None => Place { text: None, span: part.span.clone() },
            }
        })
    }

    fn unpacked(&self) -> Option<&Unpacked> {
        self.decoded.as_ref()?.unpacked.as_ref()
    }

    fn place_in(&self, number: usize, span: Range<usize>) -> Place {
        Place { text: Some((self.span.start, number)), span }
    }
}

/// Some bytes of a document, or of a compressed text in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The compressed text: where it is written, and its number there.
    text: Option<(usize, usize)>,
    /// The bytes.
    pub span: Range<usize>,
}

impl Place {
    /// Whether both hold some byte.
    pub fn overlaps(&self, other: &Place) -> bool {
        self.text == other.text && self.span.start < other.span.end && other.span.start < self.span.end
    }
}

/// The plain text that an encoded secret stands in.
#[derive(Clone)]
pub struct Decoded {
    /// The text.
    pub text: Vec<u8>,
    /// The secret in it.
    pub span: Range<usize>,
    /// Where in a compressed text the secret stands.
    pub unpacked: Option<Unpacked>,
}

/// A place in a compressed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// Tells the texts apart that stand in one stretch.
    pub number: usize,
    /// The secret.
    pub span: Range<usize>,
    /// The other pieces, in the order of the candidate's.
    pub parts: Vec<Range<usize>>,
}

impl std::fmt::Debug for Decoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Decoded({} bytes)", self.text.len())
    }
}

/// Another piece of a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The part's name.
    pub name: String,
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// What it is. It may be half of a credential, so it is kept like one.
    pub value: Secret,
}
