//! `cargo xtask test`: everything that must hold before a change lands.

use std::fs;

use anyhow::{Context, Result};
use serde_json::json;

use super::check::{IN_THE_BROWSER, check_steps};
use super::{cargo, chore};
use crate::browser::Programs;
use crate::scratch::Scratch;
use crate::setup::{Need, Tools, ensure};
use crate::steps::{Beside, Steps};

/// A test that only proves things small may still be slow in an unoptimised wasm.
const WASM_TEST_TIMEOUT_S: &str = "300";

/// The tests run briefly: compiling the engine unoptimised saves more than it costs.
const UNOPTIMISED: [&str; 2] = ["--config", "profile.dev.package.swarmglass-engine.opt-level=0"];

/// The first step that fails ends it; the durations and the tests so far are shown in any case.
pub fn test() -> Result<()> {
    let tools = ensure(&Need::ALL)?;
    let mut steps = Steps::default();
    let outcome = all_steps(&mut steps, &tools);
    steps.summary();
    outcome
}

/// The page is built beside the steps that do not need it: its linker, which takes the longest, uses one core only.
fn all_steps(steps: &mut Steps, tools: &Tools) -> Result<()> {
    let page = Beside::start("released page", chore("build")?);
    check_steps(steps)?;
    steps.tests("tests, native", &mut cargo(&["test", "--workspace"]))?;
    // The protocol that is only there to be read and tested, and its transcript.
    let echo = [
        "test",
        "--workspace",
        "--features",
        "swarmglass-engine/echo",
        "--lib",
        "--test",
        "golden",
    ];
    let named = ["--", "echo::", "bus::", "settings::", "traces_", "transcripts::", "reports::"];
    steps.tests("tests, echo", cargo(&echo).args(UNOPTIMISED).args(named))?;
    steps.beside(page)?;
    wasm_tests(steps, tools)?;
    // The whole workspace, or the engine would be compiled again with other features of what it depends on.
    let page = ["test", "--workspace", "--features", "swarmglass/e2e", "--test", "e2e"];
    steps.tests("tests, end to end", &mut cargo(&page))
}

fn wasm_tests(steps: &mut Steps, tools: &Tools) -> Result<()> {
    let programs = Programs::find();
    let scratch = Scratch::new()?;
    // The test runner starts the browser itself and reads its flags from a file.
    let flags = scratch.path().join("webdriver.json");
    fs::write(&flags, json!({ "goog:chromeOptions": programs.options(&[]) }).to_string())
        .with_context(|| format!("cannot write {}", flags.display()))?;
    // The page, and the runs that come out the same everywhere; the engine's other tests are native.
    let mut command = cargo(&["test", "--bins", "--test", "golden"]);
    command
        .args(IN_THE_BROWSER)
        .args(UNOPTIMISED)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools.wasm_test_runner())
        .env("TMPDIR", scratch.path())
        .env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TEST_TIMEOUT_S)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &flags)
        .env("WASM_BINDGEN_USE_BROWSER", "1");
    if let Some(chromedriver) = &programs.chromedriver {
        command.env("CHROMEDRIVER", chromedriver);
    }
    steps.tests("tests, browser", &mut command)
}
