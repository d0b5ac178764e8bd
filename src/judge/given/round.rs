//! What stands round a value, each looked for when it is asked about: most candidates are dismissed before.

use super::{Case, lines, shown};
use crate::assigned::name;
use crate::judge::layout::Layout;
use crate::judge::{JUDGE_REACH, file, surroundings};
use crate::rule::Credential;

impl Case<'_> {
    /// The words of the name.
    pub(super) fn words(&self) -> &[String] {
        self.words.get_or_init(|| name::words(self.name))
    }

    /// The name is an option of a command.
    pub(super) fn is_option(&self) -> bool {
        self.found.name.start > 0 && self.text[self.found.name.start - 1] == b'-'
    }

    /// In a file of a programming language, a test's too.
    pub(super) fn is_in_code(&self) -> bool {
        self.facts.has_expressions && !self.is_decoded
    }

    /// In a program without line ends near by, as tools write it.
    pub(super) fn is_compact(&self) -> bool {
        self.facts.has_expressions && lines::is_amid_long_line(self.text, self.span)
    }

    /// In a file of rows that a program wrote: of a database, of a log.
    pub(super) fn is_recorded(&self) -> bool {
        self.facts.is_record || !self.is_decoded && surroundings::is_in_binary(self.text, self.span)
    }

    /// In rows that a program wrote, those of a table in a text file too.
    pub(super) fn is_in_rows(&self) -> bool {
        self.facts.layout == Layout::Rows || self.is_recorded()
    }

    /// In a file of an archive, a table of a database.
    pub(super) fn is_in_archive(&self) -> bool {
        self.document.origin.inside.is_some()
    }

    /// The lines next to it have as many hexadecimal digits each, under names of other things.
    pub(super) fn is_among_digests(&self) -> bool {
        lines::is_among_digests(self.text, self.span)
    }

    /// Name and all stand in a code span.
    pub(super) fn is_in_span(&self) -> bool {
        lines::is_in_span(self.text, self.found.name.start)
    }

    pub(super) fn is_in_string(&self) -> bool {
        surroundings::is_inside_quotes(self.text, self.span)
    }

    /// Between the marks of a comment of several lines.
    pub(super) fn is_in_block(&self) -> bool {
        surroundings::is_inside_comment(self.text, self.span.start)
    }

    /// What something handed out for a while, or to every visitor.
    pub(super) fn is_passing(&self) -> bool {
        let by_text = match self.class {
            Credential::Token => surroundings::is_in_answer(self.text, self.span),
            Credential::Key => surroundings::is_to_search(self.text, self.span),
            Credential::Password => surroundings::is_of_a_call(self.text, self.span),
            Credential::Secret => false,
        };
        by_text || self.is_in_archive() && file::is_of_sessions(&self.document.origin.judged_path())
    }

    /// A salt stands near a password.
    pub(super) fn has_salt(&self) -> bool {
        self.class == Credential::Password && surroundings::has_salt(self.text, self.span)
    }

    /// A password beside what is kept of a person.
    pub(super) fn is_of_a_person(&self) -> bool {
        self.class == Credential::Password && surroundings::is_of_a_person(self.text, self.span)
    }

    /// In a line of bytes that Git wrote into a patch.
    pub(super) fn is_in_binary_patch(&self) -> bool {
        lines::is_in_binary_patch(self.text, self.span)
    }

    /// In a literal between three quotes, which documentation stands in.
    pub(super) fn is_in_docstring(&self) -> bool {
        shown::is_in_docstring(lines::before(self.text, self.span), lines::behind(self.text, self.span))
    }

    /// The digest of a password stands beside it.
    pub(super) fn is_known_answer(&self) -> bool {
        self.class == Credential::Password && lines::has_digest_beside(self.text, self.span)
    }

    /// A line above says that it is shown.
    pub(super) fn is_below_example(&self) -> bool {
        lines::is_below_example(self.text, self.span)
    }

    /// A line next to it has a value that counts through the alphabet.
    pub(super) fn is_beside_a_series(&self) -> bool {
        lines::neighbours(self.text, self.span).into_iter().flatten().any(shown::has_series)
    }

    /// A time stands near, as in what an interface answered.
    pub(super) fn is_in_record(&self) -> bool {
        let until = (self.span.end + JUDGE_REACH).min(self.text.len());
        shown::has_time(&self.text[self.span.start.saturating_sub(JUDGE_REACH)..until])
    }

    /// The secret of its pair stands on a line next to a key.
    pub(super) fn is_beside_its_secret(&self) -> bool {
        self.class == Credential::Key && lines::has_secret_beside(self.text, self.span, self.name)
    }

    /// `project_key` beside `ingest_url`: by which reports of crashes know whose they are.
    pub(super) fn is_to_report_to(&self) -> bool {
        let names_a_project = self.words().windows(2).any(|pair| pair[0] == "project" && pair[1] == "key");
        self.class == Credential::Key
            && names_a_project
            && [lines::before(self.text, self.span), lines::behind(self.text, self.span)]
                .iter()
                .any(|side| surroundings::contains(side, "ingest"))
    }

    /// `consumer_token` beside `consumer_secret`: who asks.
    pub(super) fn is_who_asks(&self) -> bool {
        let names_one_who_asks = self.words().windows(2).any(|pair| pair[0] == "consumer" && pair[1] == "token");
        let has_secret = |line: &[u8]| surroundings::contains(line, "secret");
        self.class == Credential::Token
            && names_one_who_asks
            && lines::neighbours(self.text, self.span).into_iter().flatten().any(has_secret)
    }

    /// The value is given to an id on a line next to it as well.
    pub(super) fn is_also_an_id(&self) -> bool {
        lines::is_of_id_beside(self.text, self.span)
    }
}
