//! How much a visitor downloads, and how much that may be.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::compress::{ENCODINGS, copy_of};
use super::files;

/// All files together, where the server sends brotli; nothing below it is worth a line of code.
const BROTLI_BYTES_MAX: u64 = 1_000_000;

/// The same with gzip, for servers that cannot do better.
const GZIP_BYTES_MAX: u64 = 1_500_000;

/// A file of the page, as it is and as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSize {
    /// Inside `dist/`.
    pub path: String,
    pub raw_bytes: u64,
    pub gzip_bytes: u64,
    pub brotli_bytes: u64,
}

/// The files of a built page, the largest first.
pub fn sizes(folder: &Path) -> Result<Vec<FileSize>> {
    let is_copy = |file: &PathBuf| {
        let name = file.to_string_lossy();
        ENCODINGS.iter().any(|(_, ending)| name.ends_with(ending))
    };
    let measure = |file: PathBuf| {
        Ok(FileSize {
            path: file.strip_prefix(folder).unwrap_or(&file).display().to_string(),
            raw_bytes: bytes_of(&file)?,
            gzip_bytes: bytes_of(&copy_of(&file, ".gz"))?,
            brotli_bytes: bytes_of(&copy_of(&file, ".br"))?,
        })
    };
    let originals = files(folder)?.into_iter().filter(|file| !is_copy(file));
    let mut sizes: Vec<_> = originals.map(measure).collect::<Result<_>>()?;
    sizes.sort_by(|a, b| (b.raw_bytes, &a.path).cmp(&(a.raw_bytes, &b.path)));
    Ok(sizes)
}

fn bytes_of(file: &Path) -> Result<u64> {
    let found = fs::metadata(file).with_context(|| format!("cannot measure {}", file.display()))?;
    Ok(found.len())
}

/// The page as a whole.
pub(crate) fn total(sizes: &[FileSize]) -> FileSize {
    let sum = |of: fn(&FileSize) -> u64| sizes.iter().map(of).sum();
    FileSize {
        path: "in all".to_owned(),
        raw_bytes: sum(|size| size.raw_bytes),
        gzip_bytes: sum(|size| size.gzip_bytes),
        brotli_bytes: sum(|size| size.brotli_bytes),
    }
}

/// For people.
pub(super) fn table(sizes: &[FileSize]) -> String {
    let mut text = format!("\n{:>11} {:>11} {:>11}  dist/", "brotli", "gzip", "raw");
    for FileSize { path, raw_bytes, gzip_bytes, brotli_bytes } in
        sizes.iter().chain([&total(sizes)])
    {
        let _ = write!(text, "\n{brotli_bytes:>9} B {gzip_bytes:>9} B {raw_bytes:>9} B  {path}");
    }
    text
}

/// Whether a page is as small as it has to be.
pub(super) fn check(sizes: &[FileSize]) -> Result<()> {
    let FileSize { gzip_bytes, brotli_bytes, .. } = total(sizes);
    for (encoding, bytes, bytes_max) in
        [("brotli", brotli_bytes, BROTLI_BYTES_MAX), ("gzip", gzip_bytes, GZIP_BYTES_MAX)]
    {
        ensure!(
            bytes <= bytes_max,
            "the page in dist/ takes {bytes} B by {encoding}, expected at most {bytes_max} B: \
             find what has grown (`twiggy top` on the module), or move the limit in {}",
            file!()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::compress::compress;
    use super::*;
    use crate::scratch::Scratch;

    fn size(brotli_bytes: u64, gzip_bytes: u64) -> FileSize {
        FileSize { path: "a".to_owned(), raw_bytes: 9, gzip_bytes, brotli_bytes }
    }

    #[test]
    fn sizes_cover_folders_within_and_begin_with_the_largest() -> Result<()> {
        let scratch = Scratch::new()?;
        let (small, large) = (scratch.path().join("a.js"), scratch.path().join("b/c.wasm"));
        fs::create_dir(scratch.path().join("b"))?;
        fs::write(&small, "let a;")?;
        fs::write(&large, [7; 10_000])?;
        compress(&files(scratch.path())?)?;
        let sizes = sizes(scratch.path())?;
        let [first, second] = &sizes[..] else { panic!("two files and their copies: {sizes:?}") };
        assert_eq!((Path::new(&first.path), first.raw_bytes), (Path::new("b/c.wasm"), 10_000));
        assert_eq!((second.path.as_str(), second.raw_bytes), ("a.js", 6));
        assert!(first.gzip_bytes < 100 && first.brotli_bytes < 100, "{first:?}");
        let all = total(&sizes);
        assert_eq!(all.raw_bytes, 10_006);
        assert_eq!(all.brotli_bytes, first.brotli_bytes + second.brotli_bytes);
        Ok(())
    }

    #[test]
    fn a_page_that_is_too_large_is_refused() {
        let says = |sizes: &[FileSize]| check(sizes).map_err(|error| error.to_string());
        assert_eq!(says(&[size(600_000, 900_000), size(400_000, 600_000)]), Ok(()));
        let brotli = says(&[size(600_000, 900_000), size(400_001, 0)]).expect_err("too large");
        assert!(brotli.contains("1000001 B by brotli, expected at most 1000000 B"), "{brotli}");
        let gzip = says(&[size(0, 1_500_001)]).expect_err("too large");
        assert!(gzip.contains("1500001 B by gzip, expected at most 1500000 B"), "{gzip}");
    }
}
