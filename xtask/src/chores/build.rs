//! `cargo xtask build`: the released page in `dist/`, for any static server and any folder on it.

mod binary;
mod order;
mod pack;
mod policy;
mod shrink;
mod split;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

pub(super) use shrink::OPTIMISE;

use crate::setup::{Need, Tools, ensure};
use crate::{project, steps};

pub const NEEDS: &[Need] = &[Need::WasmTarget, Need::WasmBindgen, Need::Trunk, Need::WasmOpt];

pub fn build() -> Result<()> {
    build_with(&ensure(NEEDS)?)
}

pub(crate) fn build_with(tools: &Tools) -> Result<()> {
    make(tools)?;
    report(&sizes(&project::dist())?);
    Ok(())
}

/// Calls stay calls unless the called code is no larger than the call: 1.7 KB less to download. The other is what
/// `.cargo/config.toml` says.
const FLAGS: (&str, &str) = (
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
    "--cfg erase_components -Cllvm-args=-inline-threshold=0",
);

/// The page alone, with nothing on standard output.
pub(crate) fn make(tools: &Tools) -> Result<()> {
    // The checksums in the page would be those of the files before they are shrunk.
    let arguments = ["build", "--release", "--no-sri", "true"];
    let mut trunk = tools.trunk()?;
    trunk.args(arguments).env(FLAGS.0, FLAGS.1);
    steps::run(trunk.stdout(std::io::stderr()))?;
    let page = project::dist().join("index.html");
    for wasm in files(&project::dist())?.iter().filter(|file| is_wasm(file)) {
        shrink::shrink(wasm, tools)?;
        pack::pack(&page, wasm, tools)?;
    }
    policy::protect(&page)
}

fn is_wasm(file: &Path) -> bool {
    file.extension() == Some("wasm".as_ref())
}

/// What a visitor downloads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSize {
    /// Inside `dist/`.
    pub path: String,
    pub raw_bytes: u64,
    pub gzip_bytes: u64,
}

/// The files of a built page, the largest first.
pub fn sizes(folder: &Path) -> Result<Vec<FileSize>> {
    let measure = |file: &PathBuf| {
        let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let path = file.strip_prefix(folder).unwrap_or(file).display().to_string();
        let gzip_bytes = gzip_bytes(&content)?;
        Ok(FileSize { path, raw_bytes: content.len() as u64, gzip_bytes })
    };
    let mut sizes: Vec<_> = files(folder)?.iter().map(measure).collect::<Result<_>>()?;
    sizes.sort_by(|a, b| (b.gzip_bytes, &a.path).cmp(&(a.gzip_bytes, &b.path)));
    Ok(sizes)
}

fn report(sizes: &[FileSize]) {
    println!("\n{:>10} {:>10}  dist/", "gzip", "raw");
    let line = |gzip: u64, raw: u64, name: &str| println!("{gzip:>8} B {raw:>8} B  {name}");
    sizes.iter().for_each(|size| line(size.gzip_bytes, size.raw_bytes, &size.path));
    let sum = |of: fn(&FileSize) -> u64| sizes.iter().map(of).sum();
    line(sum(|size| size.gzip_bytes), sum(|size| size.raw_bytes), "in all");
}

/// As servers commonly send it, level 6.
fn gzip_bytes(content: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.len() as u64)
}

/// All files below a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| {
            format!("cannot read {}; `cargo xtask build` makes the page", folder.display())
        })?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_becomes_small() -> Result<()> {
        assert!(gzip_bytes(&[7; 10_000])? < 100);
        Ok(())
    }

    #[test]
    fn sizes_cover_folders_within_and_begin_with_the_largest() -> Result<()> {
        let sizes = sizes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))?;
        assert!(sizes.iter().any(|size| Path::new(&size.path) == Path::new("setup/plan.rs")));
        assert!(sizes.is_sorted_by(|a, b| a.gzip_bytes >= b.gzip_bytes));
        Ok(())
    }
}
