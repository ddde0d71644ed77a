//! `cargo xtask bench`: what is measured, beside a peer in the same run.

use anyhow::{Result, bail};

/// `arguments` go to the benchmarks.
pub fn bench(_arguments: &[String]) -> Result<()> {
    bail!("there are no benchmarks yet")
}
