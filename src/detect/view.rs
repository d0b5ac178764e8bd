//! Views: a stretch of text as it reads after joining literals, undoing escapes or decoding, with the way back
//! to where each of its bytes was written.

use super::spelling::{Decode, Spelling};
use super::{base64, given, literal, pattern, splice};
use crate::finding::{Candidate, Decoded, Piece};
use crate::rule::Form;
use crate::ruleset::Rule;
use crate::secret::Secret;
use std::ops::Range;
use std::sync::Arc;

/// Text with, for each byte, where it was written.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    pub text: Vec<u8>,
    places: Places,
    /// Whether the decoded text ends because its source does, not because the view is cut.
    pub ended: bool,
    /// Whether the source was broken over lines.
    pub wrapped: bool,
}

/// Where the bytes of a view were written.
#[derive(Debug, Clone)]
enum Places {
    /// One behind the other, from there on.
    From(usize),
    /// Each from one place to another.
    Each(Vec<(usize, usize)>),
}

impl Default for Places {
    fn default() -> Self {
        Places::Each(Vec::new())
    }
}

impl View {
    /// The bytes as they are.
    pub(super) fn plain(text: &[u8], range: Range<usize>) -> Self {
        let ended = range.end == text.len();
        View { places: Places::From(range.start), text: text[range].to_vec(), ..View::empty(ended, false) }
    }

    /// A view to be filled.
    pub(super) fn empty(ended: bool, wrapped: bool) -> Self {
        View { ended, wrapped, ..View::default() }
    }

    /// Adds a byte that is written at `span`.
    pub(super) fn push(&mut self, byte: u8, span: Range<usize>) {
        let Places::Each(places) = &mut self.places else { unreachable!("only an empty view is filled") };
        places.push((span.start, span.end));
        self.text.push(byte);
    }

    /// Where a byte of this view is written.
    pub(super) fn written(&self, at: usize) -> Range<usize> {
        match &self.places {
            Places::From(first) => first + at..first + at + 1,
            Places::Each(places) => places[at].0..places[at].1,
        }
    }

    /// Where a stretch of this view is written.
    fn span(&self, range: &Range<usize>) -> Range<usize> {
        match range.is_empty() {
            true => {
                let at = match self.text.len().checked_sub(1) {
                    _ if range.start < self.text.len() => self.written(range.start).start,
                    Some(last) => self.written(last).end,
                    None => 0,
                };
                at..at
            }
            false => self.written(range.start).start..self.written(range.end - 1).end,
        }
    }
}

/// The candidates at one literal: decoded first, then as it stands, then with literals joined or escapes
/// undone, whichever matches first.
pub(super) fn candidates(
    rule: &Arc<Rule>,
    spelling: &Spelling,
    text: &[u8],
    at: usize,
    window: &Range<usize>,
    found: &mut Vec<Candidate>,
) {
    if let Some(class) = rule.spec.assigned {
        found.extend(given::candidate(rule, class, spelling, text, at, window));
        return;
    }
    if spelling.is_plain() {
        let matches = pattern::matches(rule, text, at..at + spelling.anchor_len);
        if !matches.is_empty() {
            found.extend(matches.into_iter().map(|m| plain_candidate(rule, text, at, window, m)));
            return;
        }
        let anchor = at..at + spelling.anchor_len;
        let rewritten = || {
            let is_worth_it = literal::worth_a_view(rule, text, anchor.end, window.end);
            let view = is_worth_it.then(|| View::plain(text, window.clone()))?;
            rewritten(rule, &view, at - window.start, spelling.anchor_len)
        };
        let in_pieces = || {
            let is_looked_for = rule.spec.forms.contains(&Form::Joined);
            let (view, matches) = is_looked_for.then(|| splice::spliced(rule, text, anchor.clone(), window))??;
            Some((view, matches, Form::Split))
        };
        if let Some((view, matches, form)) = rewritten().or_else(in_pieces) {
            found.extend(matches.iter().map(|m| candidate(rule, &view, at, window, m, vec![form])));
        }
        return;
    }
    let mut forms: Vec<Form> = spelling.decode.iter().flatten().map(|d| d.form()).collect();
    for wrapped in [false, true] {
        let Some((view, anchor)) = decoded(rule, spelling, text, at, window, wrapped) else { continue };
        let matches = pattern::matches(rule, &view.text, anchor..anchor + spelling.anchor_len);
        if !matches.is_empty() {
            found.extend(matches.iter().map(|m| candidate(rule, &view, at, window, m, forms.clone())));
            return;
        }
        if let Some((view, matches, form)) = rewritten(rule, &view, anchor, spelling.anchor_len) {
            forms.push(form);
            found.extend(matches.iter().map(|m| candidate(rule, &view, at, window, m, forms.clone())));
            return;
        }
        if !matches!(spelling.decode[0], Some(Decode::Base64 { .. })) {
            return;
        }
    }
}

/// The view after all of a spelling's decoding, and where the anchor stands in it.
pub(super) fn decoded(
    rule: &Rule,
    spelling: &Spelling,
    text: &[u8],
    at: usize,
    window: &Range<usize>,
    wrapped: bool,
) -> Option<(View, usize)> {
    if let Some(Decode::Base64 { skip, .. }) = spelling.decode[0]
        && !base64::is_worth_decoding(text, at, skip, spelling.len)
    {
        return None;
    }
    let mut view = View::plain(text, window.clone());
    let mut anchor = at - window.start;
    for decode in spelling.decode.iter().flatten() {
        (view, anchor) = match *decode {
            Decode::Base64 { skip, lead } => base64::decoded(&view, anchor, skip, lead, wrapped)?,
            Decode::Percent => literal::unescaped(&view, anchor, true)?,
            Decode::Escaped => literal::unescaped(&view, anchor, false)?,
            Decode::Hex => literal::unhexed(&view, anchor)?,
            Decode::Utf16 => literal::narrowed(&view, anchor, 2)?,
            Decode::Utf32 => literal::narrowed(&view, anchor, 4)?,
            Decode::Unseen => splice::seen(&view, anchor)?,
            Decode::Joined => literal::joined_from(&view, anchor)?,
            Decode::Numbers { digits } => literal::numbered(&view, anchor, digits)?,
            Decode::Characters => literal::characters(&view, anchor)?,
            // No rule has them: what they begin is opened whole.
            Decode::Begins | Decode::Listed | Decode::Reversed => return None,
        };
    }
    let mut anchors = rule.spec.anchors.iter().chain(rule.spec.encoded.iter());
    let stands = anchors.any(|a| view.text[anchor..].starts_with(a.as_bytes()));
    stands.then_some((view, anchor))
}

/// A view of a view, from the anchor's place and length in it.
type Rewrite = fn(&View, usize, usize) -> Option<(View, usize)>;

/// The matches after joining literals or undoing escapes, as far as the rule looks for these forms.
fn rewritten(rule: &Rule, view: &View, anchor: usize, len: usize) -> Option<(View, Vec<pattern::Match>, Form)> {
    let forms = &rule.spec.forms;
    let tries: [(Form, Rewrite); 4] = [
        (Form::Joined, |view, anchor, _| literal::joined(view, anchor)),
        (Form::Escaped, |view, anchor, _| literal::unescaped(view, anchor, false)),
        (Form::Percent, |view, anchor, _| literal::unescaped(view, anchor, true)),
        (Form::Joined, literal::gathered),
    ];
    tries.into_iter().filter(|(form, _)| forms.contains(form)).find_map(|(form, rewrite)| {
        let (view, anchor) = rewrite(view, anchor, len)?;
        let matches = pattern::matches(rule, &view.text, anchor..anchor + len);
        (!matches.is_empty()).then_some((view, matches, form))
    })
}

pub(super) fn plain_candidate(
    rule: &Arc<Rule>,
    text: &[u8],
    at: usize,
    window: &Range<usize>,
    found: pattern::Match,
) -> Candidate {
    let piece = |(index, span): (usize, Range<usize>)| Piece {
        name: rule.spec.parts[index].name.to_string(),
        value: Secret::new(&text[span.clone()]),
        span,
    };
    Candidate {
        rule: Arc::clone(rule),
        anchor: at,
        window: window.clone(),
        secret: Secret::new(&text[found.secret.clone()]),
        key_id: key_id(text, &found),
        span: found.secret,
        whole: found.whole,
        parts: found.parts.into_iter().map(piece).collect(),
        forms: Vec::new(),
        encoded_newline: false,
        decoded: None,
    }
}

pub(super) fn candidate(
    rule: &Arc<Rule>,
    view: &View,
    at: usize,
    window: &Range<usize>,
    found: &pattern::Match,
    forms: Vec<Form>,
) -> Candidate {
    let piece = |(index, span): &(usize, Range<usize>)| Piece {
        name: rule.spec.parts[*index].name.to_string(),
        value: Secret::new(&view.text[span.clone()]),
        span: view.span(span),
    };
    Candidate {
        rule: Arc::clone(rule),
        anchor: at,
        window: window.clone(),
        secret: Secret::new(&view.text[found.secret.clone()]),
        key_id: key_id(&view.text, found),
        span: view.span(&found.secret),
        whole: view.span(&found.whole),
        parts: found.parts.iter().map(piece).collect(),
        encoded_newline: forms.last() == Some(&Form::Base64) && breaks_its_line(view, &found.secret),
        decoded: Some(Box::new(Decoded { text: view.text.clone(), span: found.secret.clone(), unpacked: None })),
        forms,
    }
}

fn key_id(text: &[u8], found: &pattern::Match) -> Option<String> {
    found.id.clone().map(|id| String::from_utf8_lossy(&text[id]).into_owned())
}

/// Whether the decoded text is one line with the secret at its end, and either a line end was encoded with
/// it or the encoding itself was broken over lines: mail servers refuse both. A key in armour has lines of its own.
fn breaks_its_line(view: &View, secret: &Range<usize>) -> bool {
    let (until, after) = (&view.text[..secret.end], &view.text[secret.end..]);
    let only_line_ends = after.iter().all(|b| matches!(b, b'\n' | b'\r'));
    let is_one_line = !until.contains(&b'\n') && only_line_ends && view.ended;
    is_one_line && (!after.is_empty() || view.wrapped)
}
