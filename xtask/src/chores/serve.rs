//! `cargo xtask serve`: the page while developing, built anew whenever a file changes.

use anyhow::Result;

use crate::setup::{Need, ensure};
use crate::steps;

pub const NEEDS: &[Need] = &[Need::WasmTarget, Need::WasmBindgen, Need::Trunk];

/// Runs until it is interrupted; `arguments` go to `trunk serve`, such as `--port 9000` or `--open`.
pub fn serve(arguments: &[String]) -> Result<()> {
    let tools = ensure(NEEDS)?;
    // `dist/` always holds a released page.
    steps::run(tools.trunk()?.args(["serve", "--dist", "target/page"]).args(arguments))
}
