//! Paths where what looks like a credential is often made up, somebody else's or meant for everybody, though its line
//! says nothing of that.

/// What such a path tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Rows to begin with, stories of components, factories, measurements: `prisma/seed/users.ts`, `lib/factory.ex`.
    MadeUp,
    /// In a release that is kept as it came: `deps/acme-1.2.3.tar.gz`.
    Release,
    /// Changes to other files, which are somebody else's mostly.
    Patch,
    /// Settings that go out with an app, in which its keys for the public stand: `Info.plist`.
    App,
    /// A script that pages load, with what it needs to be known by.
    Script,
    /// A license, which has a key for itself.
    License,
}

impl Place {
    /// It in words.
    pub(super) fn text(self) -> &'static str {
        match self {
            Place::MadeUp => "made up to begin or to show something with",
            Place::Release => "in a release that is kept as it came",
            Place::Patch => "in changes to other files",
            Place::App => "in settings that go out with an app",
            Place::Script => "in a script that goes out with pages",
            Place::License => "in a license",
        }
    }
}

/// Words of paths below which values are made up.
const MADE_UP: &str = "\
    seed seeds seeder seeders seeding story stories storybook factories fake fakes faker stub stubs dummy dummies fixture \
    fixtures mock mocks mockdata suite suites bench benches benchmark benchmarks gatling jmeter loadtest playground \
    playgrounds tutorial tutorials guide guides";
/// Settings that an app carries to everybody who installs it. In small letters.
const OF_APPS: [&str; 5] = [
    "info.plist",
    "androidmanifest.xml",
    "google-services.json",
    "googleservice-info.plist",
    "agconnect-services.json",
];
/// Folders that a web server hands out as they are. In small letters.
const SERVED: [&str; 4] = ["static", "public", "wwwroot", "htdocs"];
/// How archives of releases end. In small letters.
const ARCHIVES: [&str; 8] = [".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip", ".tar", ".jar", ".crate"];

impl Place {
    /// What a path tells.
    pub(super) fn of(path: &[u8]) -> Option<Place> {
        let lower = path.to_ascii_lowercase();
        let (folder, name) = match memchr::memrchr(b'/', &lower) {
            Some(slash) => lower.split_at(slash + 1),
            None => (&[][..], &lower[..]),
        };
        if folder.split(|b| *b == b'/').any(is_release) {
            return Some(Place::Release);
        }
        if [&b".patch"[..], b".diff"].iter().any(|ending| name.ends_with(ending)) {
            return Some(Place::Patch);
        }
        let is_of_android = || {
            let mut folders = folder.rsplit(|b| *b == b'/').skip(1);
            let is_of_resources = folders.next().is_some_and(|folder| {
                folder == b"values" || folder == b"xml" || folder.starts_with(b"layout") || folder == b"navigation"
            });
            is_of_resources && folders.next() == Some(b"res") && name.ends_with(b".xml")
        };
        if OF_APPS.iter().any(|known| name == known.as_bytes()) || is_of_android() {
            return Some(Place::App);
        }
        if name.ends_with(b".js")
            && folder.split(|b| *b == b'/').any(|part| SERVED.iter().any(|known| part == known.as_bytes()))
        {
            return Some(Place::Script);
        }
        let words = || lower.split(|b| !b.is_ascii_alphanumeric()).map(without_number);
        if words().any(|word| matches!(word, b"license" | b"licenses" | b"licence" | b"licences")) {
            return Some(Place::License);
        }
        let is_made_up = words().any(|word| MADE_UP.split_ascii_whitespace().any(|known| known.as_bytes() == word));
        (is_made_up || is_of_name(path)).then_some(Place::MadeUp)
    }
}

/// `fixtures2`, `seed01`: the word without its number.
fn without_number(word: &[u8]) -> &[u8] {
    let digits = word.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    &word[..word.len() - digits]
}

/// `database/UsersTableSeeder.php`, `lib/factory.ex`. A folder of factories holds those of a program.
fn is_of_name(path: &[u8]) -> bool {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    let stem = name.split(|b| *b == b'.').next().unwrap_or_default();
    let endings: [&[u8]; 8] = [b"Seeder", b"Seed", b"Seeds", b"Fixture", b"Fixtures", b"Mock", b"Mocks", b"Stub"];
    stem == b"factory" || endings.iter().any(|ending| stem.ends_with(ending))
}

/// `acme-1.2.3.tar.gz`, `v0.9.0.zip`: an archive that is called by a version.
fn is_release(folder: &[u8]) -> bool {
    let Some(stem) = ARCHIVES.iter().find_map(|ending| folder.strip_suffix(ending.as_bytes())) else { return false };
    let version = stem.rsplit(|b| matches!(b, b'-' | b'_')).next().unwrap_or_default();
    let version = version.strip_prefix(b"v").unwrap_or(version);
    let mut numbers = version.split(|b| *b == b'.');
    version.contains(&b'.') && numbers.all(|number| number.first().is_some_and(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_by_their_paths() {
        for (path, expected) in [
            ("packages/prisma/seed/users.ts", Some(Place::MadeUp)),
            ("priv/repo/seeds.exs", Some(Place::MadeUp)),
            ("web/stories/git-modal.stories.js", Some(Place::MadeUp)),
            ("database/UsersTableSeeder.php", Some(Place::MadeUp)),
            ("openapi/fixtures2.json", Some(Place::MadeUp)),
            ("lib/acme/factory.ex", Some(Place::MadeUp)),
            ("src/main/java/acme/factory/Sources.java", None),
            ("internal/suites/one/configuration.yml", Some(Place::MadeUp)),
            ("deps/web.py-0.32.tar.gz/webpy/session.py", Some(Place::Release)),
            ("cache/kit/@v/v0.9.0.zip/kit@v0.9.0/.travis.yml", Some(Place::Release)),
            ("patches/x.patch", Some(Place::Patch)),
            ("ios/App/Info.plist", Some(Place::App)),
            ("app/src/main/res/values/keys.xml", Some(Place::App)),
            ("app/src/main/res/layout-land/map.xml", Some(Place::App)),
            ("app/static/js/maps.js", Some(Place::Script)),
            ("dev/license/a.json", Some(Place::License)),
            ("backup.zip/url-watches.json", None),
            ("config/secrets.yml", None),
            ("src/history.rs", None),
        ] {
            assert_eq!(Place::of(path.as_bytes()), expected, "{path}");
        }
    }
}
