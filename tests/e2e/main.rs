//! The built page in a real browser, as a person uses it.
//!
//! Run by `cargo xtask test`. By itself, after `cargo xtask build`:
//! `cargo test --features e2e --test e2e`.
#![cfg(not(target_arch = "wasm32"))]

mod driving;

use anyhow::Result;
use xtask::browser::Browser;
use xtask::project;
use xtask::server::StaticServer;

/// The page in `dist/`, opened in a browser of its own.
struct Visit {
    browser: Browser,
    _server: StaticServer,
}

impl Visit {
    fn open() -> Result<Self> {
        let server = StaticServer::start(&project::dist())?;
        let browser = Browser::open()?;
        browser.goto(server.url())?;
        Ok(Self { browser, _server: server })
    }

    /// Nothing went wrong that a person would not have seen.
    fn check_console(&self) -> Result<()> {
        assert_eq!(self.browser.console_errors()?, Vec::<String>::new());
        Ok(())
    }
}

#[test]
fn the_page_opens_under_its_name() -> Result<()> {
    let page = Visit::open()?;
    page.browser.wait_until("document.querySelector('main') !== null")?;
    assert_eq!(page.browser.title()?, "swarmglass");
    page.check_console()
}
