//! The subcommands of `cargo xtask`.

pub mod bench;
pub mod build;
pub mod check;
pub mod serve;
pub mod shots;
pub mod test;

use std::env;
use std::process::Command;

use crate::project;

/// The cargo that runs this program, in the checkout.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(project::root());
    command
}
