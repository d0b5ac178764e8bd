//! Files of others among one's own, by their paths: libraries, packages, releases kept as they came.

/// Whether the path is that of what somebody else wrote: a library among one's own files, or a package.
pub(super) fn is_vendored(path: &[u8]) -> bool {
    const FOLDERS: &str = "vendor vendors vendored node_modules third_party thirdparty 3rdparty bower_components site-packages godeps pods .yarn";
    const PACKAGES: [&[u8]; 5] = [b".nupkg", b".gem", b".whl", b".egg", b".crate"];
    let lower = path.to_ascii_lowercase();
    lower.split(|b| *b == b'/').any(|part| {
        FOLDERS.split_ascii_whitespace().any(|folder| folder.as_bytes() == part)
            || PACKAGES.iter().any(|package| part.ends_with(package))
    }) || lower.starts_with(b"pkg/mod/")
        || memchr::memmem::find(&lower, b"/pkg/mod/").is_some()
        || is_in_source_archive(&lower)
        || is_in_package(&lower)
        || is_in_gems(&lower)
}

/// `bundle/ruby/2.2.0/gems/acme-1.2/…`: whether the path is that of a file in a gem that Bundler unpacked. It is in small letters.
fn is_in_gems(path: &[u8]) -> bool {
    let folders: Vec<&[u8]> = path.split(|b| *b == b'/').collect();
    folders
        .windows(3)
        .any(|three| three[0] == b"ruby" && three[1].first().is_some_and(u8::is_ascii_digit) && three[2] == b"gems")
}

/// `packages/Acme.Zip.4.0.5/lib/…`: whether the path is that of a file in a package that NuGet unpacked. It is in small letters.
fn is_in_package(path: &[u8]) -> bool {
    let is_versioned = |folder: &[u8]| {
        let mut pieces = folder.split(|b| *b == b'.').skip_while(|p| !p.iter().all(u8::is_ascii_digit));
        let numbers = pieces.by_ref().take(3).filter(|p| p.first().is_some_and(u8::is_ascii_digit)).count();
        numbers == 3 && folder.first().is_some_and(u8::is_ascii_alphabetic)
    };
    let mut folders = path.split(|b| *b == b'/').skip_while(|folder| *folder != b"packages").skip(1);
    folders.next().is_some_and(is_versioned) && folders.next().is_some()
}

/// `acme-1.2.tar.gz/acme-1.2/…`: whether the path is that of a file in an archive of a release's sources, as packages are
/// handed on. It is in small letters.
fn is_in_source_archive(path: &[u8]) -> bool {
    let mut parts = path.split(|b| *b == b'/').peekable();
    std::iter::from_fn(|| parts.next().map(|part| (part, parts.peek().copied()))).any(|(part, inside)| {
        let stem =
            [&b".tar.gz"[..], b".tgz", b".tar.bz2", b".tar.xz", b".zip"].iter().find_map(|end| part.strip_suffix(*end));
        stem.is_some_and(|stem| stem.iter().any(u8::is_ascii_digit) && inside == Some(stem))
    })
}

#[cfg(test)]
mod tests {
    use super::is_vendored;

    #[test]
    fn packages_that_were_unpacked_are_somebody_elses() {
        assert!(is_vendored(b"src/packages/Acme.Zip.4.0.5/lib/net20/Acme.Zip.XML"));
        assert!(is_vendored(b"packages/acme.1.2.0-beta/tools/init.ps1"));
        assert!(is_vendored(b"bundle/ruby/2.2.0/gems/acme-1.2/lib/acme.rb"));
        for path in ["packages/acme/src/config.ts", "packages/acme.web/.env", "packages/acme-1.0.0.json"] {
            assert!(!is_vendored(path.as_bytes()), "{path}");
        }
    }
}
