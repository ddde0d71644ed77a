//! The built page in a real browser, as a person uses it.
//!
//! Run by `cargo xtask test`. By itself, after `cargo xtask build`:
//! `cargo test --features e2e --test e2e`.
#![cfg(not(target_arch = "wasm32"))]

mod audit;
mod browsers;
mod byzantine;
mod choice;
mod compare;
mod driving;
mod gossip;
mod kept;
mod keyboard;
mod link;
mod loading;
mod membership;
mod monkey;
mod page;
mod panels;
mod robust;
mod shape;
mod stage;
mod state;
mod work;
mod work_orders;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::{fs, thread};

use anyhow::{Result, ensure};
use browsers::with_browser;
use xtask::browser::Browser;
use xtask::project;
use xtask::server::StaticServer;

/// Opens the page in `dist/` in a tab of its own; `place` is a query or a fragment, or nothing.
///
/// Whatever a test is about, the console must hold no error at its end. A test that fails leaves a picture.
fn with_page(place: &str, check: impl FnOnce(&Browser) -> Result<()>) -> Result<()> {
    let server = StaticServer::start(&project::dist())?;
    with_browser(|browser| {
        browser.goto(&format!("{}{place}", server.url()))?;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            check(browser)?;
            let errors = browser.console_errors()?;
            ensure!(errors.is_empty(), "the console holds errors: {errors:?}");
            Ok(())
        }));
        if !matches!(outcome, Ok(Ok(()))) {
            leave_a_picture(browser)?;
        }
        outcome.unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn leave_a_picture(browser: &Browser) -> Result<()> {
    let folder = project::root().join("target/e2e");
    fs::create_dir_all(&folder)?;
    let test = thread::current().name().unwrap_or("test").replace("::", "-");
    let file = folder.join(format!("{test}.png"));
    browser.screenshot(&file)?;
    eprintln!("what it looked like: {}", file.display());
    Ok(())
}

#[test]
fn the_page_opens_under_its_name() -> Result<()> {
    with_page("", |page| {
        page.find("main")?;
        page.wait_until("document.title === 'Deployment vote · swarmglass'")?;
        Ok(())
    })
}
