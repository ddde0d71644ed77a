//! The built page in a real browser, as a person uses it.
//!
//! Run by `cargo xtask test`. By itself, after `cargo xtask build`:
//! `cargo test --features e2e --test e2e`.
#![cfg(not(target_arch = "wasm32"))]

use anyhow::Result;
use xtask::browser::{Browser, ColourScheme, Size};
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

#[test]
fn the_page_sees_the_size_and_the_colour_scheme_of_its_visitor() -> Result<()> {
    let page = Visit::open()?;
    page.browser.set_size(Size { width_px: 390, height_px: 844 })?;
    page.browser.wait_until("innerWidth === 390 && innerHeight === 844")?;
    for (scheme, name) in [(ColourScheme::Dark, "dark"), (ColourScheme::Light, "light")] {
        page.browser.set_colour_scheme(scheme)?;
        page.browser
            .wait_until(&format!("matchMedia('(prefers-color-scheme: {name})').matches"))?;
    }
    page.check_console()
}
