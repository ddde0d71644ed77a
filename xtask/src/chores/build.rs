//! `cargo xtask build`: the released page in `dist/`, for any static server and any folder on it.

mod compress;
mod policy;
mod size;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

pub use compress::{ENCODINGS, copy_of};
pub(crate) use size::total;
pub use size::{FileSize, sizes};

use crate::setup::{Need, Tools, ensure as put_in_place};
use crate::{project, steps};

pub const NEEDS: &[Need] = &[Need::WasmTarget, Need::WasmBindgen, Need::Trunk, Need::WasmOpt];

pub fn build() -> Result<()> {
    build_with(&put_in_place(NEEDS)?)
}

pub(crate) fn build_with(tools: &Tools) -> Result<()> {
    make(tools)?;
    let sizes = sizes(&project::dist())?;
    println!("{}", size::table(&sizes));
    size::check(&sizes)
}

/// The page alone, with nothing on standard output.
pub(crate) fn make(tools: &Tools) -> Result<()> {
    let dist = project::dist();
    let page = dist.join("index.html");
    steps::run(tools.trunk()?.args(["build", "--release"]).stdout(std::io::stderr()))?;
    for module in files(&dist)?.iter().filter(|file| file.extension() == Some("wasm".as_ref())) {
        let before = fs::metadata(module)?.len();
        optimise(module, tools)?;
        name_size(&page, before, fs::metadata(module)?.len())?;
    }
    policy::protect(&page)?;
    compress::compress(&files(&dist)?)
}

/// Optimises a module in place. Trunk could call `wasm-opt` too, but it fails where there is none.
///
/// No feature flags: the module names the features it uses. With `-all`, `wasm-opt` would write encodings that no browser reads yet.
pub(super) fn optimise(module: &Path, tools: &Tools) -> Result<()> {
    let Some(mut wasm_opt) = tools.wasm_opt() else {
        eprintln!("no wasm-opt on this machine: the page is larger and slower than it needs to be");
        return Ok(());
    };
    steps::run(wasm_opt.arg("-O3").arg(module).arg("-o").arg(module))
        .context("with Node.js and npm on the PATH the pinned wasm-opt is installed")
}

/// Names the module's final size in the page: Trunk has put the size before `wasm-opt` there, and the bar that
/// shows how far the module has come would end early.
fn name_size(page: &Path, before: u64, after: u64) -> Result<()> {
    let html = fs::read_to_string(page)?;
    let (old, new) = (format!(", {before}, initializer()"), format!(", {after}, initializer()"));
    ensure!(html.contains(&old), "{} does not pass the size {before} on", page.display());
    Ok(fs::write(page, html.replace(&old, &new))?)
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
