//! Paths of translations.

use super::file;
use super::surroundings::extension;

const ENDINGS: &str = "po pot xlf xliff strings resx ftl arb lproj lang mo";
/// Files of settings or texts, which a translation is when a language alone names it.
const TEXTS: &str = "json json5 yml yaml php inc properties xml ini toml js ts mjs txt";
/// Languages that programs are translated to, by the two letters of ISO 639 that mean nothing else.
const LANGUAGES: &str = "\
    af ar az be bg bn bs ca cs cy da de el en eo es et fa fi fil fr ga gd gl he hi hr hu hy id it ja ka kk km ko \
    ku ky lt lv mk ml mn mr ms nb ne nl nn no pa pl pt ro ru si sk sl sq sr sv sw ta te th tl tr uk ur uz vi zh";
/// Folders of translations.
const FOLDERS: [&str; 15] = [
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
    "localization",
    "localizations",
    "localisation",
    "language",
    "strings",
];

/// Whether the path, which is in small letters, is that of a translation.
pub(super) fn is_one(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    let extension = extension(path).unwrap_or_default();
    let has = |mark: &str| memchr::memmem::find(name, mark.as_bytes()).is_some();
    ENDINGS.split_ascii_whitespace().any(|ending| ending.as_bytes() == extension)
        || is_below_folder(path)
        || is_of_language(path, name, extension)
        || name.starts_with(b"messages")
        || has("messages_")
        || has("translation")
}

/// `i18n/site.json`, unless it is one of the tools that make translations: `i18n/_tools/collect.php`.
fn is_below_folder(path: &[u8]) -> bool {
    let mut folders =
        path.split(|b| *b == b'/').skip_while(|part| !FOLDERS.iter().any(|known| part == &known.as_bytes()));
    let is_tools = |part: &[u8]| matches!(part, b"tools" | b"_tools" | b"scripts" | b"bin");
    folders.next().is_some() && !(folders.any(is_tools) && file::is_code(path))
}

/// `de.yml`, `pt-BR.json`, `login_et.properties`, `values-fi/strings.xml`, `de.lproj/…`: of one language. The path is in small letters.
fn is_of_language(path: &[u8], name: &[u8], extension: &[u8]) -> bool {
    let is_language = |text: &[u8]| LANGUAGES.split_ascii_whitespace().any(|language| language.as_bytes() == text);
    let is_region = |text: &[u8]| matches!(text.len(), 2..=4) && text.iter().all(u8::is_ascii_alphanumeric);
    let is_locale = |text: &[u8]| match text.iter().position(|b| matches!(b, b'_' | b'-')) {
        None => is_language(text),
        Some(at) => is_language(&text[..at]) && is_region(&text[at + 1..]),
    };
    let stem = &name[..name.len().saturating_sub(extension.len() + 1)];
    let is_bundle = || {
        let mut ends = stem.iter().enumerate().filter(|(_, b)| **b == b'_').map(|(at, _)| &stem[at + 1..]);
        extension == b"properties" && ends.any(is_locale)
    };
    // `messages/pt-br/archive.json`
    let is_below_messages = || {
        let mut folders = path.rsplit(|b| *b == b'/').skip(1);
        folders.next().is_some_and(is_locale) && folders.next() == Some(b"messages")
    };
    let is_folder = |folder: &[u8]| {
        folder.ends_with(b".lproj")
            || folder.strip_prefix(b"values-").is_some_and(|rest| rest.starts_with(b"b+") || is_locale(rest))
    };
    TEXTS.split_ascii_whitespace().any(|text| text.as_bytes() == extension) && (is_locale(stem) || is_below_messages())
        || is_bundle()
        || path.split(|b| *b == b'/').any(is_folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_language_are_translations() {
        for path in [
            "res/values-fi-rFI/strings.xml",
            "res/values-b+en+001/strings.xml",
            "model/login_hu.properties",
            "model/login_pt_BR.properties",
            "dashboard/pt-BR.json",
            "protected/acme/messages/pt-BR/archive.json",
            "Localization/Server/kk.json",
        ] {
            assert!(is_one(&path.to_ascii_lowercase().into_bytes()), "{path}");
        }
        for path in [
            "res/values/strings.xml",
            "res/values-night/keys.xml",
            "config/application_qa.properties",
            "config/eu.yml",
            "deploy/eu-west-1.yml",
            "db.json",
            "i18n/_tools/collect.php",
        ] {
            assert!(!is_one(&path.to_ascii_lowercase().into_bytes()), "{path}");
        }
    }
}
