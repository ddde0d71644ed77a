//! A `.br` and a `.gz` beside each file of a page: a static server sends them to browsers that accept them, and
//! has nothing to compress itself.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

/// As `Accept-Encoding` and `Content-Encoding` name them, the smaller one first, with what a file's name ends with.
pub const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Files are compressed once and downloaded often: as small as it goes.
const BROTLI_QUALITY: u32 = 11;

/// The largest window that every browser accepts.
const BROTLI_WINDOW_LOG2: u32 = 24;

const BUFFER_BYTES: usize = 64 * 1024;

pub(super) fn compress(files: &[PathBuf]) -> Result<()> {
    for file in files {
        let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        for (encoding, ending) in ENCODINGS {
            let copy = copy_of(file, ending);
            let compressed = if encoding == "br" { brotli(&content)? } else { gzip(&content)? };
            fs::write(&copy, compressed)
                .with_context(|| format!("cannot write {}", copy.display()))?;
        }
    }
    Ok(())
}

/// The compressed copy of a file: `app.js.br` of `app.js`.
pub fn copy_of(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let mut writer =
        CompressorWriter::new(&mut compressed, BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW_LOG2);
    writer.write_all(content)?;
    writer.flush()?;
    drop(writer);
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}
