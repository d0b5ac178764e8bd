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
    /// A package of Debian's, or a library of object files.
    Ar,
    /// What initial file systems of Linux are, and the inside of RPM packages.
    Cpio,
    /// An RPM package.
    Rpm,
    /// One stream, made smaller.
    Packed(Packing),
    /// A SQLite database.
    Sqlite,
    /// Pages of a SQLite database beside it: what was written last, or what can be taken back.
    SqliteLog,
    /// A Jupyter notebook.
    Notebook,
    /// Something that holds texts and that unleak can't open; what it is.
    Closed(&'static str),
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
    /// LZMA without a container, `.lzma`.
    Lzma,
    /// `compress` of old Unixes, `.Z`.
    Compress,
}

/// How those begin that can't be opened.
const CLOSED: [(&[u8], &str); 17] = [
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"MSCF\0\0\0\0", "a cabinet of Windows"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a compound file of Windows: an old Office document or an installer"),
    (b"xar!", "a xar archive"),
    (b"LZIP\x01", "a file that lzip packed"),
    (b"\x04\x22\x4d\x18", "a file that LZ4 packed"),
    (b"\x89LZO\0\r\n\x1a\n", "a file that lzop packed"),
    (b"\xff\x06\0\0sNaPpY", "a file that Snappy packed"),
    (b"hsqs", "a SquashFS image"),
    (b"MSWIM\0\0\0", "an image of Windows"),
    (b"KDMV", "a disk image"),
    (b"QFI\xfb", "a disk image"),
    (b"conectix", "a disk image"),
    (b"vhdxfile", "a disk image"),
    (b"# v2 git bundle\n", "a bundle of Git commits"),
    (b"# v3 git bundle\n", "a bundle of Git commits"),
];

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
            b'7' if head.starts_with(b"\x37\x7f\x06\x82") || head.starts_with(b"\x37\x7f\x06\x83") => {
                Some(Kind::SqliteLog)
            }
            0xd9 if head.starts_with(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7") => Some(Kind::SqliteLog),
            b'{' if super::notebook::may_be_one(head) => Some(Kind::Notebook),
            b'!' if head.starts_with(b"!<arch>\n") => Some(Kind::Ar),
            b'0' if is_cpio(head) => Some(Kind::Cpio),
            0xed if head.starts_with(b"\xed\xab\xee\xdb") => Some(Kind::Rpm),
            0x5d if is_lzma(head) => Some(Kind::Packed(Packing::Lzma)),
            0x1f if head.starts_with(b"\x1f\x9d") && head.get(2).is_some_and(|flags| flags & 0x60 == 0) => {
                Some(Kind::Packed(Packing::Compress))
            }
            first if CLOSED.iter().any(|(magic, _)| magic[0] == *first && head.starts_with(magic)) => {
                CLOSED.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, what)| Kind::Closed(what))
            }
            _ => head.get(257..262).is_some_and(|magic| magic == b"ustar").then_some(Kind::Tar),
        }
    }

    /// Whether all that stands in it stands in its members too, or nobody can read it there.
    pub(super) fn is_only_a_shell(self) -> bool {
        !matches!(self, Kind::Sqlite | Kind::SqliteLog | Kind::Notebook | Kind::Closed(_))
    }
}

/// Whether a header of cpio stands there: numbers behind the magic one.
fn is_cpio(head: &[u8]) -> bool {
    let is_new = head.starts_with(b"070701") || head.starts_with(b"070702");
    let is_old = head.starts_with(b"070707");
    let numbers = |len: usize, radix: u32| {
        head.get(6..len).is_some_and(|digits| digits.iter().all(|b| char::from(*b).is_digit(radix)))
    };
    is_new && numbers(110, 16) || is_old && numbers(76, 8)
}

/// Whether this can be the header of LZMA: the usual properties, a size of dictionary that is one bit or two that touch,
/// a size that is unknown or bearable, and the zero that every stream begins with.
fn is_lzma(head: &[u8]) -> bool {
    let Some(header) = head.first_chunk::<14>() else { return false };
    let dictionary = u32::from_le_bytes([header[1], header[2], header[3], header[4]]);
    let size = u64::from_le_bytes(std::array::from_fn(|nth| header[5 + nth]));
    let is_usual = dictionary >= 4096 && (dictionary.is_power_of_two() || (dictionary / 3).is_power_of_two());
    is_usual && (size == u64::MAX || size < 1 << 40) && header[13] == 0
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
            Packing::Lzma => &[(".tlz", ".tar"), (".lzma", "")],
            Packing::Compress => &[(".taz", ".tar"), (".z", "")],
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
        let header = |magic: &str| (magic.to_owned() + &"0".repeat(104)).into_bytes();
        let (cpio, with_sums) = (header("070701"), header("070702"));
        let all: [(&[u8], Option<Kind>); 17] = [
            (&cpio, Some(Kind::Cpio)),
            (&with_sums, Some(Kind::Cpio)),
            (&cpio[..80], None),
            (b"!<arch>\nx", Some(Kind::Ar)),
            (b"]\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0", Some(Kind::Packed(Packing::Lzma))),
            (b"] is a bracket", None),
            (b"Rar!\x1a\x07\x01\0", Some(Kind::Closed("a RAR archive"))),
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
