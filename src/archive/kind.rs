//! What can be opened, told by its first bytes: a look at them is all that any other text costs.

/// As many first bytes as tell the kind.
pub(crate) const HEAD: usize = 512;

/// What a zip archive ends with when it has no comment.
const ZIP_END: usize = 22;

/// A program that unpacks itself is looked at if it is no larger than this: what is larger is read as a stream, whose
/// end nobody knows at its beginning.
const LARGEST_PROGRAM: usize = 8 << 20;

/// What holds texts of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A zip archive, and all that are made of one: jar, docx, whl, apk, nupkg.
    Zip,
    /// A tape archive.
    Tar,
    /// One stream, made smaller.
    Packed(Packing),
    /// A SQLite database.
    Sqlite,
    /// A Jupyter notebook.
    Notebook,
}

/// How a stream was made smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Packing {
    /// gzip.
    Gzip,
    /// xz.
    Xz,
    /// Zstandard.
    Zstd,
    /// bzip2.
    Bzip2,
}

impl Kind {
    /// The kind of something that is there whole.
    pub fn of(bytes: &[u8]) -> Option<Kind> {
        Self::of_head(bytes).or_else(|| {
            let end = bytes.len().checked_sub(ZIP_END).filter(|end| *end <= LARGEST_PROGRAM)?;
            // What unpacks itself has a program in front.
            bytes[end..].starts_with(b"PK\x05\x06").then_some(Kind::Zip)
        })
    }

    /// The kind of something of which the first [`HEAD`] bytes are there, if it has as many.
    pub(crate) fn of_head(head: &[u8]) -> Option<Kind> {
        match head.first()? {
            b'P' if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") => Some(Kind::Zip),
            0x1f if head.starts_with(b"\x1f\x8b\x08") => Some(Kind::Packed(Packing::Gzip)),
            0xfd if head.starts_with(b"\xfd7zXZ\0") => Some(Kind::Packed(Packing::Xz)),
            0x28 if head.starts_with(b"\x28\xb5\x2f\xfd") => Some(Kind::Packed(Packing::Zstd)),
            b'B' if head.starts_with(b"BZh") && is_bzip2(head) => Some(Kind::Packed(Packing::Bzip2)),
            b'S' if head.starts_with(b"SQLite format 3\0") => Some(Kind::Sqlite),
            b'{' if super::notebook::may_be_one(head) => Some(Kind::Notebook),
            _ => head.get(257..262).is_some_and(|magic| magic == b"ustar").then_some(Kind::Tar),
        }
    }

    /// Whether all that stands in it stands in its members too, or nobody can read it there.
    pub(super) fn is_only_a_shell(self) -> bool {
        matches!(self, Kind::Zip | Kind::Tar | Kind::Packed(_))
    }
}

/// Whether a block, or the end of an empty stream, follows the name.
fn is_bzip2(head: &[u8]) -> bool {
    head.get(3).is_some_and(|level| (b'1'..=b'9').contains(level))
        && (head[4..].starts_with(b"1AY&SY") || head[4..].starts_with(b"\x17\x72\x45\x38\x50\x90"))
}

impl Packing {
    /// What names of files end with that are packed so, and what of it is left when they are not.
    pub(super) fn suffixes(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Packing::Gzip => &[(".tgz", ".tar"), (".gz", ""), (".svgz", ".svg")],
            Packing::Xz => &[(".txz", ".tar"), (".xz", "")],
            Packing::Zstd => &[(".tzst", ".tar"), (".zst", ""), (".zstd", "")],
            Packing::Bzip2 => &[(".tbz2", ".tar"), (".tbz", ".tar"), (".bz2", "")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_opened_is_told_by_its_first_bytes() {
        let mut tar = vec![0; 512];
        tar[257..265].copy_from_slice(b"ustar  \0");
        let all: [(&[u8], Option<Kind>); 10] = [
            (b"PK\x03\x04rest", Some(Kind::Zip)),
            (b"\x1f\x8b\x08\0", Some(Kind::Packed(Packing::Gzip))),
            (b"\xfd7zXZ\0\0\x04", Some(Kind::Packed(Packing::Xz))),
            (b"\x28\xb5\x2f\xfd\x24", Some(Kind::Packed(Packing::Zstd))),
            (b"BZh91AY&SY", Some(Kind::Packed(Packing::Bzip2))),
            (b"BZh, a word", None),
            (b"SQLite format 3\0", Some(Kind::Sqlite)),
            (&tar, Some(Kind::Tar)),
            (b"", None),
            (b"plain text", None),
        ];
        for (bytes, kind) in all {
            assert_eq!(Kind::of(bytes), kind, "{bytes:?}");
        }
        let program = [&b"MZ program"[..], b"PK\x05\x06", &[0; 18]].concat();
        assert_eq!(Kind::of(&program), Some(Kind::Zip));
    }
}
