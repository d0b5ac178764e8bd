//! Streams that were made smaller, made large again.

use super::kind::{Kind, Packing};
use std::io::{self, BufRead, BufReader, Read};

/// The most memory that a stream may ask for to be unpacked.
const MEMORY: u32 = 256 << 20;

impl Packing {
    /// What the stream unpacks to, all parts of it one after the other.
    pub(super) fn unpack<'r>(self, source: impl Read + 'r) -> Box<dyn Read + 'r> {
        let source = BufReader::new(source);
        match self {
            Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(source)),
            Packing::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(source)),
            Packing::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(source, true, MEMORY >> 10)),
            Packing::Zstd => Box::new(Frames::new(source)),
            Packing::Lzma => lazily(move || lzma_rust2::LzmaReader::new_mem_limit(source, MEMORY >> 10, None)),
            Packing::Compress => lazily(move || super::lzw::Uncompress::new(source)),
        }
    }
}

/// A reader whose header is read when its first byte is asked for.
fn lazily<'r, R: Read + 'r>(make: impl FnOnce() -> io::Result<R> + 'r) -> Box<dyn Read + 'r> {
    struct Lazy<R, F> {
        made: Option<R>,
        make: Option<F>,
    }
    impl<R: Read, F: FnOnce() -> io::Result<R>> Read for Lazy<R, F> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            if let Some(make) = self.make.take() {
                self.made = Some(make()?);
            }
            self.made.as_mut().map_or(Ok(0), |reader| reader.read(out))
        }
    }
    Box::new(Lazy { made: None, make: Some(make) })
}

/// The bytes of a zip entry that is packed by this method; nothing for one that is not known.
pub(super) fn of_zip<'r>(method: u16, packed: &'r [u8], size: u64) -> Option<Box<dyn Read + 'r>> {
    Some(match method {
        0 => Box::new(packed),
        8 => Box::new(flate2::bufread::DeflateDecoder::new(packed)),
        12 => Packing::Bzip2.unpack(packed),
        14 => {
            // A version, the length of the properties, the properties.
            let properties = packed.get(4..9)?;
            let dictionary = u32::from_le_bytes(*properties[1..].first_chunk()?);
            let size = if size == u64::from(u32::MAX) { u64::MAX } else { size };
            let small = dictionary.min(MEMORY);
            let unpacked = lzma_rust2::LzmaReader::new_with_props(&packed[9..], size, properties[0], small, None);
            Box::new(unpacked.ok()?)
        }
        93 => Packing::Zstd.unpack(packed),
        95 => Packing::Xz.unpack(packed),
        _ => return None,
    })
}

/// Whether unpacking failed because of [`MEMORY`] alone.
pub(super) fn asks_for_too_much(error: &io::Error) -> bool {
    use ruzstd::decoding::errors::FrameDecoderError::{self, WindowSizeTooBig};
    let frame = error.get_ref().and_then(|inner| inner.downcast_ref::<FrameDecoderError>());
    error.kind() == io::ErrorKind::OutOfMemory || matches!(frame, Some(WindowSizeTooBig { .. }))
}

/// Whether bytes that are there were not unpacked because of this error. What ends too early has no more of them; what
/// stands behind the last stream of a file can be read as it is, like all of a file that only begins like one.
pub(super) fn hides_the_rest(kind: Kind, error: &io::Error) -> bool {
    let is_sure = !matches!(kind, Kind::Packed(Packing::Lzma | Packing::Compress));
    let is_packed = matches!(kind, Kind::Packed(_) | Kind::Zip) && is_sure;
    is_packed && error.kind() != io::ErrorKind::UnexpectedEof && error.to_string() != "invalid gzip header"
}

/// Fills the buffer as far as there are bytes.
pub(super) fn read_full(source: &mut dyn Read, out: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < out.len() {
        match source.read(&mut out[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Zstandard frames one after the other; those among them that are to be skipped are.
struct Frames<R> {
    source: R,
    decoder: ruzstd::decoding::FrameDecoder,
    is_inside: bool,
}

impl<R: BufRead> Frames<R> {
    fn new(source: R) -> Self {
        let mut decoder = ruzstd::decoding::FrameDecoder::new();
        decoder.set_max_window_size(u64::from(MEMORY));
        Frames { source, decoder, is_inside: false }
    }

    /// Begins the next frame; false at the end.
    fn begin(&mut self) -> io::Result<bool> {
        use ruzstd::decoding::errors::{FrameDecoderError::ReadFrameHeaderError, ReadFrameHeaderError::SkipFrame};
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(ReadFrameHeaderError(SkipFrame { length, .. })) => {
                    io::copy(&mut self.source.by_ref().take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !out.is_empty() {
            if !self.is_inside {
                self.is_inside = self.begin()?;
                if !self.is_inside {
                    return Ok(0);
                }
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let one = ruzstd::decoding::BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.source, one).map_err(io::Error::other)?;
            }
            match self.decoder.read(out)? {
                0 => self.is_inside = false,
                read => return Ok(read),
            }
        }
        Ok(0)
    }
}
