//! `cargo xtask check`: format, lints for both targets, documentation; a warning is an error.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::cargo;
use crate::project;
use crate::setup::{Need, ensure};
use crate::steps::Steps;

pub const NEEDS: &[Need] = &[Need::WasmTarget, Need::Lints];

/// The packages that are also built for the browser.
pub(crate) const IN_THE_BROWSER: [&str; 6] =
    ["--target", "wasm32-unknown-unknown", "-p", "swarmglass", "-p", "swarmglass-engine"];

/// Private items are documented too, so links to them are no mistake.
const DOC_FLAGS: &str = "-D warnings -A rustdoc::private_intra_doc_links";

pub fn check() -> Result<()> {
    ensure(NEEDS)?;
    let mut steps = Steps::default();
    let outcome = check_steps(&mut steps);
    steps.summary();
    outcome
}

/// The first file of each whole protocol: it bears the name of its folder.
fn whole_protocols() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![project::root().join("engine/src")];
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?
        {
            let path = entry?.path();
            let Some(name) = path.file_name().filter(|_| path.is_dir()) else { continue };
            found.extend(Some(path.join(name).with_extension("rs")).filter(|file| file.exists()));
            folders.push(path);
        }
    }
    Ok(found)
}

pub(crate) fn check_steps(steps: &mut Steps) -> Result<()> {
    steps.command("format", &mut cargo(&["fmt", "--all", "--check"]))?;
    // Their modules are made by a macro, where `cargo fmt` does not find them.
    let mut protocols = Command::new("rustfmt");
    protocols.args(["--check", "--edition", "2024"]).args(whole_protocols()?);
    steps.command("format, protocols", &mut protocols)?;
    let all = ["clippy", "--workspace", "--all-targets", "--all-features"];
    steps.command("lints, native", cargo(&all).args(["--", "-D", "warnings"]))?;
    let mut page = cargo(&["clippy", "--all-targets"]);
    steps.command("lints, browser", page.args(IN_THE_BROWSER).args(["--", "-D", "warnings"]))?;
    let document = ["doc", "--no-deps", "--document-private-items"];
    let mut native = cargo(&document);
    native.args(["--workspace", "--all-features"]).env("RUSTDOCFLAGS", DOC_FLAGS);
    steps.command("documentation, native", &mut native)?;
    let mut page = cargo(&document);
    page.args(IN_THE_BROWSER).env("RUSTDOCFLAGS", DOC_FLAGS);
    steps.command("documentation, browser", &mut page)
}
