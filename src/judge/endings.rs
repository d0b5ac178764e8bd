//! How the names of settings end, and what is put behind such an ending.

use super::file;
use super::surroundings::extension;

/// Names with their values and little else.
pub(super) const SETTINGS: &str = "env yml yaml properties json json5 jsonc hjson jsonnet libsonnet toml ini conf cfg cnf tfvars tfstate hocon sls service";
/// XML.
pub(super) const MARKUP: &str = "xml plist config csproj props targets xaml pom cscfg csdef pubxml";
/// What a shell or a builder of images runs.
pub(super) const COMMANDS: &str = "sh bash zsh fish ksh bat cmd ps1 psm1 tf hcl pp";

/// A second ending, behind the one that says what the file holds.
struct Second {
    ending: &'static str,
    sort: Sort,
}

/// What a second ending says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// That something fills the file in. What is no settings then is a page, mostly.
    FilledIn,
    /// That it stands in for the file of the name before, or beside it.
    Beside,
    /// That it is a copy, which says nothing of a file that is no settings: `notes.txt`, `shop.bak`.
    Copy,
}

const SECOND: [Second; 13] = [
    Second { ending: ".erb", sort: Sort::FilledIn },
    Second { ending: ".j2", sort: Sort::FilledIn },
    Second { ending: ".tpl", sort: Sort::FilledIn },
    Second { ending: ".tmpl", sort: Sort::FilledIn },
    Second { ending: ".default", sort: Sort::Beside },
    Second { ending: ".local", sort: Sort::Beside },
    Second { ending: ".backup", sort: Sort::Beside },
    Second { ending: ".txt", sort: Sort::Copy },
    Second { ending: "~", sort: Sort::Copy },
    Second { ending: ".bak", sort: Sort::Copy },
    Second { ending: ".old", sort: Sort::Copy },
    Second { ending: ".orig", sort: Sort::Copy },
    Second { ending: ".save", sort: Sort::Copy },
];

/// Whether the ending, without its dot, is one of the list.
pub(super) fn is_in(list: &str, ending: &[u8]) -> bool {
    list.split_ascii_whitespace().any(|known| known.as_bytes().eq_ignore_ascii_case(ending))
}

/// `.env.dev.txt`, `dev.secret.exs.txt`, `database.php~`, `app.conf.j2`: the path of settings or a program without the
/// second ending that it was given.
pub(super) fn without_second(path: &[u8]) -> &[u8] {
    let Some((stem, sort)) = SECOND.iter().find_map(|second| Some((without(path, second.ending)?, second.sort))) else {
        return path;
    };
    let name = stem.rsplit(|b| *b == b'/').next().unwrap_or_default();
    let ending = extension(stem);
    let is_settings = name.starts_with(b".env")
        || is_env_file(stem)
        || ending.is_some_and(|ending| [SETTINGS, MARKUP, COMMANDS].iter().any(|list| is_in(list, ending)));
    let is_known = match sort {
        Sort::FilledIn => is_settings || ending.is_none() && extension(path) != Some(b"erb"),
        Sort::Beside => is_settings || ending.is_none() || file::is_code(stem),
        Sort::Copy => is_settings || file::is_code(stem),
    };
    if is_known && !name.is_empty() { stem } else { path }
}

/// `envfile.server`, `env/envfiles/web`: whether the path without its ending is that of variables of an environment.
pub(super) fn is_env_file(path: &[u8]) -> bool {
    let lower = path.to_ascii_lowercase();
    let mut parts = lower.rsplit(|b| *b == b'/');
    let name = parts.next().unwrap_or_default();
    let is_folder = |part: &[u8]| matches!(part, b"envfile" | b"envfiles" | b"env_files" | b"env-files" | b".envs");
    let is_named = [&b"envfile"[..], b"env_file", b"env-file"].iter().any(|start| name.starts_with(start));
    is_named || !name.contains(&b'.') && parts.any(is_folder)
}

/// `keys/shop-tests.2025-07-22.private-key.pem`: the path without the name of the app, which the owner chose, if GitHub named
/// the file so when the key of the app was downloaded.
pub(super) fn without_app(path: &[u8]) -> Option<Vec<u8>> {
    const KEY: &[u8] = b"private-key.pem";
    let stem = path.strip_suffix(KEY)?.strip_suffix(b".")?;
    let (name, date) = stem.split_at_checked(stem.len().checked_sub(11)?)?;
    let is_date = date.iter().zip(b".0000-00-00").all(|(is, of)| is == of || *of == b'0' && is.is_ascii_digit());
    let folder = memchr::memrchr(b'/', name).map_or(0, |slash| slash + 1);
    (is_date && folder < name.len()).then(|| [&path[..folder], KEY].concat())
}

/// The path without an ending, in any case of letters.
fn without<'p>(path: &'p [u8], ending: &str) -> Option<&'p [u8]> {
    let (stem, last) = path.split_at_checked(path.len().checked_sub(ending.len())?)?;
    last.eq_ignore_ascii_case(ending.as_bytes()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_apps_are_told_by_the_name_that_github_gives_them() {
        let told = |path: &str| without_app(path.as_bytes());
        assert_eq!(told("keys/shop-tests.2025-07-22.private-key.pem"), Some(b"keys/private-key.pem".to_vec()));
        assert_eq!(told("a.b.2025-07-22.private-key.pem"), Some(b"private-key.pem".to_vec()));
        for path in
            ["private-key.pem", "tests.private-key.pem", ".2025-07-22.private-key.pem", "a.2025-7-22.private-key.pem"]
        {
            assert_eq!(told(path), None, "{path}");
        }
    }

    #[test]
    fn settings_and_programs_are_told_behind_a_second_ending() {
        for (path, expected) in [
            ("deploy/.env.dev.txt", "deploy/.env.dev"),
            (".env.local", ".env"),
            ("envfile.server.txt", "envfile.server"),
            ("env/envfiles/web.txt", "env/envfiles/web"),
            ("dev.secret.exs.txt", "dev.secret.exs"),
            ("database.php~", "database.php"),
            ("application.properties.OLD", "application.properties"),
            ("infra/prod.tfvars.bak", "infra/prod.tfvars"),
            ("roles/web/templates/app.conf.j2", "roles/web/templates/app.conf"),
            ("config/database.yml.erb", "config/database.yml"),
            ("templates/hosts.j2", "templates/hosts"),
            ("settings.py.default", "settings.py"),
            ("Web.config.backup", "Web.config"),
        ] {
            assert_eq!(without_second(path.as_bytes()), expected.as_bytes(), "{path}");
        }
        for path in ["notes.txt", "shop.bak", "views/show.html.erb", "mail/_form.erb", "page.html.j2", ".local", "a/~"]
        {
            assert_eq!(without_second(path.as_bytes()), path.as_bytes(), "{path}");
        }
    }
}
