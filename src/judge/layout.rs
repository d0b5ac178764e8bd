//! How a file of settings is laid out, as far as its path tells.

use super::endings::{self, COMMANDS, MARKUP, SETTINGS};
use super::surroundings::{self, extension};

/// How a file is laid out that is no program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Names with their values and little else: YAML, JSON, properties, `.env`, `.ini`.
    Settings,
    /// XML, in which whole databases are written as well.
    Markup,
    /// What a shell or a builder of images runs.
    Commands,
    /// Rows that a program wrote: a dump, a table.
    Rows,
    /// Lines that a program wrote about what it did.
    Log,
    /// The path does not tell.
    Unknown,
}

/// Files without an extension that say what they hold, and those of commands.
const NAMED: &str =
    "conf cfg config setting secret cred passw token rc profile make contain proc hosts host vault key docker";

impl Layout {
    /// What a path without its second ending tells.
    pub(super) fn of(path: &[u8]) -> Layout {
        let stem = path.rsplit(|b| *b == b'/').next().unwrap_or_default().to_ascii_lowercase();
        let ending = extension(&stem).unwrap_or_default();
        let is = |list: &str| endings::is_in(list, ending);
        let is_env = stem.starts_with(b".env") || stem.starts_with(b"env.") || stem == b"env";
        let is_of_hosts = || path.split(|b| *b == b'/').any(|part| matches!(part, b"group_vars" | b"host_vars"));
        if is_env || endings::is_env_file(path) || is(SETTINGS) || ending.is_empty() && is_of_hosts() {
            return Layout::Settings;
        }
        if is(MARKUP) {
            return Layout::Markup;
        }
        if is(COMMANDS) || stem.starts_with(b"dockerfile") || stem.ends_with(b"makefile") {
            return Layout::Commands;
        }
        if matches!(ending, b"log" | b"out") {
            return Layout::Log;
        }
        if matches!(ending, b"sql" | b"csv" | b"tsv" | b"dump" | b"bak") {
            return Layout::Rows;
        }
        let says = || NAMED.split_ascii_whitespace().any(|word| surroundings::contains(&stem, word));
        // `jdbc.properties.preview`
        if stem.split(|b| *b == b'.').skip(1).any(|piece| endings::is_in(SETTINGS, piece)) {
            return Layout::Settings;
        }
        let is_named = !stem.is_empty() && (stem.starts_with(b".") || !stem.contains(&b'.')) && says();
        if is_named || stem.is_empty() { Layout::Settings } else { Layout::Unknown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_told_by_paths() {
        for (path, expected) in [
            ("config/app.yml", Layout::Settings),
            ("deploy/.env.production", Layout::Settings),
            ("docker.env", Layout::Settings),
            ("envfile.server.txt", Layout::Settings),
            ("env/envfiles/web.txt", Layout::Settings),
            ("roles/web/templates/app.conf.j2", Layout::Settings),
            ("environments/local/group_vars/all", Layout::Settings),
            ("conf/jdbc.properties.preview", Layout::Settings),
            (".npmrc", Layout::Settings),
            ("home/credentials", Layout::Settings),
            ("db/changelog.xml", Layout::Markup),
            ("Dockerfile", Layout::Commands),
            ("run.sh", Layout::Commands),
            ("seed.sql", Layout::Rows),
            ("audit.log", Layout::Log),
            ("notification/slack", Layout::Unknown),
            ("help_topic.MAD", Layout::Unknown),
        ] {
            assert_eq!(Layout::of(endings::without_second(path.as_bytes())), expected, "{path}");
        }
    }
}
