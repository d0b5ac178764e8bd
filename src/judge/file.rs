//! What sort of file a path is that of, as far as that tells what a value in it is worth.

use super::surroundings::{self, extension};
use std::cell::RefCell;

/// All that a path tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// What sort of file it is.
    pub sort: File,
    /// Whether it is that of a test, an example or documentation.
    pub is_sample: bool,
    /// Whether a word without quotes is a variable there, not a value.
    pub has_expressions: bool,
    /// Whether it is that of a page with text for people between its tags.
    pub is_page: bool,
    /// Whether it is that of a makefile.
    pub is_makefile: bool,
}

thread_local! {
    /// The path that was last asked about: one text may have a thousand candidates.
    static LAST: RefCell<Option<(Vec<u8>, Facts)>> = const { RefCell::new(None) };
}

impl Facts {
    /// What a path tells.
    pub(super) fn of(path: &[u8]) -> Facts {
        LAST.with_borrow_mut(|last| {
            if let Some((known, facts)) = last
                && known == path
            {
                return *facts;
            }
            let facts = Facts {
                sort: File::of(path),
                is_sample: surroundings::is_sample(path),
                has_expressions: has_expressions(path),
                is_page: is_page(path),
                is_makefile: is_makefile(path),
            };
            *last = Some((path.to_vec(), facts));
            facts
        })
    }

    /// Whether the path is that of a text for people.
    pub(super) fn is_explanation(self) -> bool {
        matches!(self.sort, File::Prose | File::Manual)
    }
}

/// What sort of file it is, as far as that tells what a value is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    /// Settings of something that runs, or no path at all.
    Settings,
    /// A program.
    Code,
    /// Text for people.
    Prose,
    /// Translations.
    Translation,
    /// How something looks.
    Style,
    /// Pages of documentation.
    Manual,
    /// A test.
    Test,
    /// An example.
    Sample,
    /// Generated, locked or vendored.
    Foreign,
}

const CODE: &str = "\
    py js mjs cjs jsx ts tsx rb php go java kt kts scala groovy gradle cs vb fs rs ex exs erl swift m mm dart lua pl \
    pm r clj cljs c h cc cpp hpp hs ml vue svelte sol zig nim jl cfm cfc ino d coffee el lisp scm jsp asp aspx erb \
    eex heex leex \
    html htm ejs hbs twig cshtml razor pas dpr";
const STYLE: &str = "css scss sass less styl svg";
const TRANSLATION: &str = "po pot xlf xliff strings resx ftl arb lproj lang mo";
const PROSE: &str = "md mdx rst adoc txt asciidoc textile org tex 1 3 5 7 8 man pod rdoc wiki";

/// Languages of settings in which a word without quotes is a variable or a command.
const EXPRESSIONS: &str = "tf hcl ps1 psm1";

fn has_expressions(path: &[u8]) -> bool {
    let extension = extension(path).unwrap_or_default();
    is_code(path) || EXPRESSIONS.split_ascii_whitespace().any(|e| extension.eq_ignore_ascii_case(e.as_bytes()))
}

fn is_makefile(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    name.eq_ignore_ascii_case(b"makefile") || name.eq_ignore_ascii_case(b"gnumakefile") || name.ends_with(b".mk")
}

/// Whether the path is that of a program.
pub(super) fn is_code(path: &[u8]) -> bool {
    let extension = extension(path).unwrap_or_default();
    CODE.split_ascii_whitespace().any(|e| extension.eq_ignore_ascii_case(e.as_bytes()))
}

fn is_page(path: &[u8]) -> bool {
    let extension = extension(path).unwrap_or_default();
    const PAGES: &str = "html htm cshtml razor erb ejs twig";
    PAGES.split_ascii_whitespace().any(|e| extension.eq_ignore_ascii_case(e.as_bytes()))
}

impl File {
    fn of(path: &[u8]) -> File {
        let lower = path.to_ascii_lowercase();
        let name = lower.rsplit(|b| *b == b'/').next().unwrap_or_default();
        let extension = extension(&lower).unwrap_or_default();
        let is = |list: &str| list.split_ascii_whitespace().any(|e| e.as_bytes() == extension);
        let folder =
            |names: &[&str]| lower.split(|b| *b == b'/').any(|part| names.iter().any(|name| part == name.as_bytes()));
        let has = |mark: &str| memchr::memmem::find(name, mark.as_bytes()).is_some();
        if is(TRANSLATION)
            || folder(&[
                "locale",
                "locales",
                "i18n",
                "l10n",
                "translations",
                "lang",
                "langs",
                "languages",
                "intl",
                "nls",
            ])
            || name.starts_with(b"messages")
            || has("messages_")
            || has("translation")
        {
            return File::Translation;
        }
        if is(STYLE) {
            return File::Style;
        }
        let foreign = folder(&[
            "vendor",
            "vendors",
            "vendored",
            "node_modules",
            "third_party",
            "bower_components",
            "dist",
            "generated",
            "site-packages",
            "godeps",
        ]);
        if foreign
            || is("lock map snap")
            || has(".min.")
            || has("-lock.")
            || has(".lock.")
            || has(".sum")
            || has(".pb.")
            || has("_pb2")
        {
            return File::Foreign;
        }
        if surroundings::is_test(path) {
            return File::Test;
        }
        if surroundings::is_sample(path) {
            let manual = ["doc", "docs", "documentation", "guide", "guides", "book", "manual", "manpages", "man"];
            return match is(PROSE) {
                true if folder(&manual) => File::Manual,
                true => File::Prose,
                false => File::Sample,
            };
        }
        if is(PROSE) {
            return File::Prose;
        }
        if is_code(path) { File::Code } else { File::Settings }
    }

    /// It in words.
    pub(super) fn text(self) -> &'static str {
        match self {
            File::Settings => "settings",
            File::Code => "a program",
            File::Prose => "a text for people",
            File::Translation => "a translation",
            File::Style => "a style sheet",
            File::Manual => "documentation",
            File::Test => "a test",
            File::Sample => "an example",
            File::Foreign => "a file that somebody else made",
        }
    }
}
