//! The project's chores, and what tests need to drive a real browser.
//!
//! - [`chores`]: one file for each subcommand of `cargo xtask`
//! - [`setup`]: what a chore needs on this machine, and how it gets there
//! - [`steps`]: running commands so that a person sees what happens and how long it took
//! - [`server`]: a static file server for the built page
//! - [`browser`]: headless Chromium through WebDriver, for tests, benchmarks and pictures
//! - [`scratch`]: a folder for the time being
//! - [`project`]: where the checkout and the cache are

pub mod browser;
pub mod chores;
pub mod project;
pub mod scratch;
pub mod server;
pub mod setup;
pub mod steps;
