//! Promises of the engine over thousands of random runs and in exact cases: a module for each subject. A protocol alone is
//! tested in its folder.
//!
//! One program, so that the engine is linked once and long tests run beside short ones.
//! `cargo test -p swarmglass-engine --test engine kernel::` runs one module.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

mod away;
mod bad_input;
mod clocks;
mod examples;
mod kernel;
mod no_coordinator;
mod not_applied;
mod playback;
mod queue;
mod saved;
mod work;

/// Cargo does not look for tests by itself here, so a file that nobody names would never run.
#[test]
fn every_file_of_tests_is_run() {
    let named = include_str!("engine.rs");
    let manifest = include_str!("../Cargo.toml");
    let mut files = 0;
    for entry in std::fs::read_dir("tests").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "rs") {
            continue;
        }
        let stem = path.file_stem().unwrap().to_string_lossy();
        let runs = named.lines().any(|line| line == format!("mod {stem};"))
            || manifest.lines().any(|line| line == format!("name = \"{stem}\""));
        assert!(runs, "add `mod {stem};` to tests/engine.rs");
        files += 1;
    }
    assert!(files > 10, "{files} files");
}
