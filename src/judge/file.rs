//! What sort of file a path is that of, as far as that tells what a value in it is worth.

use super::books;
use super::endings;
use super::layout::Layout;
use super::places::Place;
use super::public;
use super::surroundings::{self, extension};
use super::translation;
use super::vendored;
use std::cell::RefCell;

/// All that a path tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// What sort of file it is.
    pub sort: File,
    /// Whether it is that of a test, an example or documentation.
    pub is_sample: bool,
    /// Whether it is that of a program that is somebody's settings: `config/local.php`.
    pub is_settings_code: bool,
    /// Whether a word without quotes is a variable there, not a value.
    pub has_expressions: bool,
    /// Whether it is that of a page with text for people between its tags.
    pub is_page: bool,
    /// Whether it is that of a page that nothing fills in.
    pub is_plain_page: bool,
    /// How it is laid out, if it is no program.
    pub layout: Layout,
    /// Whether it is called after a service whose keys go out to everybody.
    pub is_of_public_service: bool,
    /// Whether it is that of a makefile.
    pub is_makefile: bool,
    /// Whether it is that of rows that a program wrote.
    pub is_record: bool,
    /// Whether it is that of a vault of Ansible's, which is to be enciphered.
    pub is_vault: bool,
    /// Where values are made up or somebody else's, if it is such a place.
    pub place: Option<Place>,
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
            let asked = path;
            let path = endings::without_second(path);
            let facts = Facts {
                sort: File::of(path),
                is_sample: surroundings::is_sample(path),
                is_settings_code: is_settings_code(path),
                has_expressions: has_expressions(path),
                is_page: is_page(path),
                is_plain_page: extension(path)
                    .is_some_and(|e| [&b"html"[..], b"htm"].iter().any(|page| e.eq_ignore_ascii_case(page))),
                layout: if is_table(path) { Layout::Rows } else { Layout::of(path) },
                is_of_public_service: public::is_file_of_service(path),
                is_makefile: is_makefile(path),
                is_record: is_record(path),
                is_vault: is_vault(path),
                place: Place::of(path),
            };
            *last = Some((asked.to_vec(), facts));
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
    pm r clj cljs c h cc cpp hpp hs ml vue svelte sol zig nim jl cfm cfc ino d coffee el lisp scm jsp jspx gsp asp aspx erb \
    eex heex leex \
    html htm ejs hbs twig cshtml razor pas dpr inc phtml haml slim jade pug rake cl cu cue nix as";
/// Programs without an extension, in Ruby and Groovy.
const NAMED_CODE: &str =
    "Fastfile Appfile Matchfile Gemfile Rakefile Podfile Vagrantfile Capfile Guardfile Jenkinsfile";
const STYLE: &str = "css scss sass less styl svg eps ai";
/// Files that describe an interface, with examples of what it answers.
const DESCRIPTIONS: &str = "yml yaml json jsonc json5 har apib raml";
/// Texts for people that have no extension.
const NAMED_PROSE: &str = "copyright license licence notice todo authors contributors credits news changes changelog history readme install upgrading howto faq";
const PROSE: &str = "md markdown mdx rst adoc txt asciidoc textile org tex 1 3 5 7 8 man pod rdoc wiki";

/// Languages of settings in which a word without quotes is a variable or a command.
const EXPRESSIONS: &str = "tf hcl ps1 psm1";

/// Whether a word without quotes is a variable, not a value.
fn has_expressions(path: &[u8]) -> bool {
    let extension = extension(path).unwrap_or_default();
    is_code(path) || EXPRESSIONS.split_ascii_whitespace().any(|e| extension.eq_ignore_ascii_case(e.as_bytes()))
}

/// `app.sqlite3/api_tokens`: whether the path is that of a table in a database, which counts as a folder.
fn is_table(path: &[u8]) -> bool {
    let Some(slash) = memchr::memrchr(b'/', path) else { return false };
    let database = extension(&path[..slash]).unwrap_or_default();
    let is_database = [&b"db"[..], b"sqlite", b"sqlite3", b"db3"].iter().any(|e| database.eq_ignore_ascii_case(e));
    is_database && !path[slash..].contains(&b'.')
}

/// Whether the path is that of rows that a program wrote: of a dump, a log, a table of SQLite.
fn is_record(path: &[u8]) -> bool {
    let extension = extension(path).unwrap_or_default();
    is_table(path) || [&b"sql"[..], b"log", b"csv", b"dump"].iter().any(|e| extension.eq_ignore_ascii_case(e))
}

/// Whether the path is that of a makefile.
fn is_makefile(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    name.eq_ignore_ascii_case(b"makefile") || name.eq_ignore_ascii_case(b"gnumakefile") || name.ends_with(b".mk")
}

/// Whether the path is that of a program.
pub(super) fn is_code(path: &[u8]) -> bool {
    let extension = extension(path).unwrap_or_default();
    CODE.split_ascii_whitespace().any(|e| extension.eq_ignore_ascii_case(e.as_bytes())) || is_named_code(path)
}

/// Whether the path is that of a program whose name says so without an extension.
pub(super) fn is_named_code(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    NAMED_CODE.split_ascii_whitespace().any(|known| name == known.as_bytes())
}

/// `config/local.php`, `app/Settings.cs`: whether a path says that what is there, a program mostly, is settings.
fn is_settings_code(path: &[u8]) -> bool {
    const WORDS: &str = "\
        config configs configuration conf cfg setting settings local env environment environments secret secrets \
        credential credentials parameters production development staging";
    let lower = path.to_ascii_lowercase();
    lower
        .split(|b| !b.is_ascii_alphanumeric())
        .any(|piece| WORDS.split_ascii_whitespace().any(|word| word.as_bytes() == piece))
        || ["config.", "settings."].iter().any(|ending| memchr::memmem::find(&lower, ending.as_bytes()).is_some())
}

/// `group_vars/web/vault.yml`, `environments/production/vault_db.yml`: whether the path is that of variables of Ansible's
/// that are called a vault.
fn is_vault(path: &[u8]) -> bool {
    let lower = path.to_ascii_lowercase();
    let mut parts = lower.rsplit(|b| *b == b'/');
    let name = parts.next().unwrap_or_default();
    let is_yaml = matches!(extension(name), Some(b"yml" | b"yaml") | None);
    is_yaml
        && memchr::memmem::find(name, b"vault").is_some()
        && parts.any(|folder| {
            folder.ends_with(b"group_vars")
                || folder.ends_with(b"host_vars")
                || matches!(folder, b"environments" | b"inventories" | b"inventory")
        })
}

/// Whether the path is that of a translation.
pub(super) fn is_translation(path: &[u8]) -> bool {
    Facts::of(path).sort == File::Translation
}

/// Whether the path is that of a test, an example, documentation or what somebody else made.
pub(super) fn is_of_others(path: &[u8]) -> bool {
    matches!(Facts::of(path).sort, File::Test | File::Sample | File::Manual | File::Foreign)
}

/// Whether the path is that of a list of what a package manager fetched, and from where.
pub(super) fn is_lock(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    name.ends_with(b".lock") || memchr::memmem::find(name, b"-lock.").is_some()
}

/// Whether the path is that of a database's table of logins that are under way: `app.sqlite/django_session`.
pub(super) fn is_of_sessions(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    !name.contains(&b'.') && ["session", "remember"].iter().any(|word| surroundings::contains(name, word))
}

/// Whether the path is that of a page.
pub(super) fn is_page(path: &[u8]) -> bool {
    let extension = extension(path).unwrap_or_default();
    const PAGES: &str = "html htm cshtml razor erb ejs twig gsp jsp jspx";
    PAGES.split_ascii_whitespace().any(|e| extension.eq_ignore_ascii_case(e.as_bytes()))
}

/// `main.3f2a9c1b.js`, `index-5d41402a.css`: what a bundler wrote, named after a digest of it. In small letters.
fn is_bundle(name: &[u8]) -> bool {
    let Some(stem) = [&b".js"[..], b".mjs", b".css"].iter().find_map(|ending| name.strip_suffix(*ending)) else {
        return false;
    };
    let digest = stem.rsplit(|b| matches!(b, b'.' | b'-' | b'_')).next().filter(|last| last.len() < stem.len());
    digest.is_some_and(|digest| {
        (8..=64).contains(&digest.len())
            && digest.iter().all(u8::is_ascii_hexdigit)
            && digest.iter().any(u8::is_ascii_digit)
            && digest.iter().any(u8::is_ascii_alphabetic)
    })
}

/// `public/fonts/selection.json`: the record of a font of icons, which has its maker's account in it. In small letters.
fn is_icons(path: &[u8]) -> bool {
    const FOLDERS: [&[u8]; 4] = [b"fonts", b"webfonts", b"iconfont", b"icomoon"];
    let Some((folder, name)) = memchr::memrchr(b'/', path).map(|slash| path.split_at(slash)) else { return false };
    name.ends_with(b".json")
        && (memchr::memmem::find(name, b"icomoon").is_some()
            || folder.split(|b| *b == b'/').any(|part| FOLDERS.contains(&part)))
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
        if translation::is_one(&lower) {
            return File::Translation;
        }
        if is(STYLE) {
            return File::Style;
        }
        // What is made of a manual has its examples.
        // The help of PowerShell's commands is XML.
        if folder(&[".doctrees", "doctrees"]) || is("doctree") || name.ends_with(b"-help.xml") {
            return File::Manual;
        }
        if books::is_page(&lower) {
            return File::Manual;
        }
        let foreign = folder(&["dist", "generated", "_build"]) || vendored::is_vendored(path);
        if foreign
            || is("lock map snap sarif rbi rbs pyi")
            || has(".min.")
            || has("-lock.")
            || has(".lock.")
            || has(".sum")
            || has(".pb.")
            || has("_pb2")
            || is_bundle(name)
            || is_icons(&lower)
        {
            return File::Foreign;
        }
        if surroundings::is_test(path) {
            return File::Test;
        }
        if surroundings::is_sample(path) {
            let manual =
                ["doc", "docs", "documentation", "guide", "guides", "book", "manual", "manpages", "man", "manuscript"];
            return match is(PROSE) || is(DESCRIPTIONS) {
                true if folder(&manual) => File::Manual,
                true if is(DESCRIPTIONS) => File::Sample,
                true => File::Prose,
                false => File::Sample,
            };
        }
        let notes = ["releasenotes", "release-notes", "changelogs", "newsfragments"];
        if is(PROSE) || folder(&notes) || NAMED_PROSE.split_ascii_whitespace().any(|known| known.as_bytes() == name) {
            return File::Prose;
        }
        let is_index = || {
            ["search_index.", "searchindex.", "search-index."].iter().any(|start| name.starts_with(start.as_bytes()))
        };
        let is_description =
            || is(DESCRIPTIONS) && (has("openapi") || has("swagger") || folder(&["openapi", "swagger"]));
        if is("apib raml") || is_index() || is_description() {
            return File::Manual;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vaults_of_ansible_are_told_by_their_folders() {
        for path in ["group_vars/all/vault.yml", "a/environments/prod/vault_db.yaml", "host_vars/db/vault"] {
            assert!(Facts::of(path.as_bytes()).is_vault, "{path}");
        }
        for path in ["vault.yml", "roles/vault/defaults/main.yml", "group_vars/all/vault.py", "group_vars/all/main.yml"]
        {
            assert!(!Facts::of(path.as_bytes()).is_vault, "{path}");
        }
    }

    #[test]
    fn tables_of_databases_dumps_and_logs_are_records() {
        for path in ["app.sqlite3/api_tokens", "data/app.DB/users", "seed.sql", "log/production.log"] {
            assert!(Facts::of(path.as_bytes()).is_record, "{path}");
        }
        for path in ["app.sqlite3", "app.db/settings.py", "config/tokens", "db/seeds.rb", "a.zip/api_tokens"] {
            assert!(!Facts::of(path.as_bytes()).is_record, "{path}");
        }
    }
}
