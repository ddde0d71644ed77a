//! `cargo xtask check`: format, lints for both targets, documentation; a warning is an error.

use anyhow::Result;

use super::cargo;
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

pub(crate) fn check_steps(steps: &mut Steps) -> Result<()> {
    steps.command("format", &mut cargo(&["fmt", "--all", "--check"]))?;
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
