//! Paths of the pages of a book or of a built manual, whatever they end in.

use super::surroundings::extension;
use super::{endings, file};

/// Whether the path is that of such a page. It is in small letters.
pub(super) fn is_page(path: &[u8]) -> bool {
    is_in_epub(path) || is_in_site(path) || is_of_manuscript(path)
}

/// `guide.epub/EPUB/text/ch011.xhtml`
fn is_in_epub(path: &[u8]) -> bool {
    memchr::memmem::find(path, b".epub/").is_some()
}

/// `site/setup/docker/index.html`: a folder for each page, as builders of manuals make them below a folder of their own.
fn is_in_site(path: &[u8]) -> bool {
    const BUILT: [&[u8]; 4] = [b"site", b"_site", b"_book", b"gh-pages"];
    let mut parts = path.rsplit(|b| *b == b'/');
    parts.next().is_some_and(|name| name == b"index.html") && parts.skip(1).any(|part| BUILT.contains(&part))
}

/// `manuscript/chapter.mde`: what is below the folder of a book's text and is neither a program nor settings.
fn is_of_manuscript(path: &[u8]) -> bool {
    let known = [endings::SETTINGS, endings::MARKUP, endings::COMMANDS];
    (path.starts_with(b"manuscript/") || memchr::memmem::find(path, b"/manuscript/").is_some())
        && !file::is_code(path)
        && extension(path).is_some_and(|ending| known.iter().all(|list| !endings::is_in(list, ending)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_books_and_of_built_manuals_are_told() {
        for path in [
            "manuscript/book.epub/epub/text/ch011.xhtml",
            "site/setup/docker/index.html",
            "docs/_book/login/index.html",
            "manuscript/login.mde",
        ] {
            assert!(is_page(path.as_bytes()), "{path}");
        }
        for path in [
            "site/index.html",
            "site/login.html",
            "web/site/config.php",
            "sites/shop/start/index.html",
            "manuscript/code/login.py",
            "manuscript/app.yml",
            "manuscript/key",
            "book.epub",
        ] {
            assert!(!is_page(path.as_bytes()), "{path}");
        }
    }
}
