//! The log that can be asked why, and the inspector.

use anyhow::{Result, ensure};
use xtask::browser::Browser;

use crate::page::{press, text, wait_for_text};
use crate::with_page;

fn count(page: &Browser, selector: &str) -> Result<usize> {
    Ok(page.find_all(selector)?.len())
}

#[test]
fn a_line_of_the_log_is_asked_why_and_leads_to_its_root() -> Result<()> {
    with_page("", |page| {
        press(page, "to-end")?;
        wait_for_text(page, "tally-decision", "approved")?;
        press(page, "why")?;
        wait_for_text(page, "causes", "The scenario asks for it")?;
        ensure!(count(page, "[data-testid=causes] li")? > 3, "a chain of causes");
        // The first cause of all is a moment one can go to.
        page.run("[...document.querySelectorAll('[data-testid=causes] button')].at(-1).click()")?;
        page.wait_until("document.querySelector('[data-testid=clock]').textContent < '0:00.100'")
    })
}

#[test]
fn the_log_is_filtered_by_kind_agent_and_letters() -> Result<()> {
    with_page("", |page| {
        press(page, "to-end")?;
        wait_for_text(page, "tally-decision", "approved")?;
        let lines = || count(page, "[data-testid=log-entry]");
        let all = lines()?;
        press(page, "log-messages")?;
        wait_for_text(page, "log", "sent coordinator a ballot")?;
        press(page, "log-votes")?;
        press(page, "agent-qa-engineer")?;
        press(page, "log-agent")?;
        page.wait("fewer lines", || Ok((lines()? < all).then_some(())))?;
        page.test_id("log-find")?.type_text("no such words")?;
        page.wait("nothing that fits", || Ok((lines()? == 0).then_some(())))?;
        press(page, "log-clear")?;
        page.wait("all of it again", || Ok((lines()? == all).then_some(())))
    })
}

#[test]
fn the_inspector_shows_what_an_agent_learns() -> Result<()> {
    with_page("", |page| {
        press(page, "play")?;
        press(page, "to-start")?;
        press(page, "agent-qa-engineer")?;
        wait_for_text(page, "inspector", "of no proposal")?;
        press(page, "to-end")?;
        wait_for_text(page, "inspector", "AGAINST: load_test is false")?;
        wait_for_text(page, "inspector", "deploy-v3.0: approved")?;
        ensure!(count(page, "[data-changed=true]")? > 3, "what has changed is marked");
        ensure!(text(page, "agent-panel")?.contains("weight 2.5"));
        Ok(())
    })
}
