//! Path globs of the configuration.

use super::{ConfigError, File};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use toml::Spanned;

/// A set of the globs, or nothing when there are none. A glob without a slash is about a file's name,
/// wherever it lies; one that ends with a slash about all that lies below. ASCII case does not count, `*`
/// stops at a slash and `**` does not.
pub(super) fn set(file: &File<'_>, globs: &[Spanned<String>]) -> Result<Option<GlobSet>, ConfigError> {
    if globs.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let wrong = |error: globset::Error| {
            file.wrong(&glob.span(), format!("{:?} is not a valid glob: {}", glob.get_ref(), error.kind()))
        };
        set.add(
            GlobBuilder::new(&whole(glob.get_ref()))
                .case_insensitive(true)
                .literal_separator(true)
                .build()
                .map_err(wrong)?,
        );
    }
    let place = globs[0].span();
    Ok(Some(set.build().map_err(|e| file.wrong(&place, e.to_string()))?))
}

/// The glob over the whole path, from the repository's root, that a written one stands for.
fn whole(written: &str) -> String {
    let glob = written.strip_prefix("./").unwrap_or(written);
    let below = if glob.ends_with('/') { "**" } else { "" };
    match glob.strip_prefix('/') {
        Some(rooted) => format!("{rooted}{below}"),
        None if glob.contains('/') => format!("{glob}{below}"),
        None => format!("**/{glob}"),
    }
}

/// Whether the set matches whatever path it is given.
pub(super) fn takes_everything(set: &GlobSet) -> bool {
    ["q", "q/w.x", "q/w/e.y"].iter().all(|path| set.is_match(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(glob: &str, path: &str) -> bool {
        let file = File { text: "", name: "unleak.toml" };
        let globs = [Spanned::new(0..0, glob.to_owned())];
        set(&file, &globs).expect("the glob is valid").expect("there is one").is_match(path)
    }

    #[test]
    fn a_glob_without_a_slash_is_about_the_file_name() {
        assert!(matches("*.pem", "a/b/c.pem"));
        assert!(matches("*.pem", "c.PEM"));
        assert!(!matches("*.pem", "c.pem/x"));
    }

    #[test]
    fn a_glob_with_a_slash_begins_at_the_root() {
        assert!(matches("tests/*.rs", "tests/a.rs"));
        assert!(!matches("tests/*.rs", "x/tests/a.rs"));
        assert!(!matches("tests/*.rs", "tests/x/a.rs"));
        assert!(matches("/only.txt", "only.txt"));
        assert!(!matches("/only.txt", "x/only.txt"));
        assert!(matches("./a/b", "a/b"));
    }

    #[test]
    fn a_slash_at_the_end_means_all_below() {
        assert!(matches("vendor/", "vendor/a/b"));
        assert!(!matches("vendor/", "x/vendor/a"));
        assert!(matches("**/vendor/", "x/vendor/a"));
    }

    #[test]
    fn what_takes_everything_is_seen() {
        let all = |glob: &str| {
            let file = File { text: "", name: "unleak.toml" };
            let set = set(&file, &[Spanned::new(0..0, glob.to_owned())]);
            takes_everything(&set.expect("the glob is valid").expect("there is one"))
        };
        assert!(all("**"));
        assert!(all("*"));
        assert!(all("**/*"));
        assert!(!all("*.x"));
        assert!(!all("q/**"));
    }
}
