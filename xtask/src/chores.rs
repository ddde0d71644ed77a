//! The subcommands of `cargo xtask`.

pub mod bench;
pub mod build;
pub mod check;
pub mod serve;
pub mod shots;
pub mod test;

use std::env;
use std::process::Command;

use anyhow::{Context, Result};

use crate::project;

/// Another chore, as a process of its own.
fn chore(name: &str) -> Result<Command> {
    let mut command = Command::new(env::current_exe().context("this program has no path")?);
    command.arg(name).current_dir(project::root());
    Ok(command)
}

/// The cargo that runs this program, in the checkout.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(project::root());
    command
}
