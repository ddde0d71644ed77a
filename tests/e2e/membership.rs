//! Membership from the page: agents are added, leave, come back, and ask how all stands.

use anyhow::{Result, ensure};

use crate::byzantine::open;
use crate::page::{press, text, wait_for_text};
use crate::panels::choose;
use crate::with_page;

#[test]
fn an_agent_that_is_added_takes_part() -> Result<()> {
    with_page("", |page| {
        open(page, "nobody-capable", "")?;
        press(page, "to-start")?;
        press(page, "agent-title")?;
        let name = page.test_id("agent-id")?;
        name.clear()?;
        name.type_text("coordinator")?;
        choose(page, "agent-kind", "a devops")?;
        press(page, "agent-send")?;
        wait_for_text(page, "error-message", "an id of its own")?;
        // The choice and the typed text are still there, to be mended.
        page.test_id("agent-id")?.clear()?;
        page.test_id("agent-id")?.type_text("helper")?;
        press(page, "agent-send")?;
        press(page, "to-end")?;
        let words = page.run(
            "return document.querySelector('[data-testid=agent-helper]')?.textContent ?? ''",
        )?;
        ensure!(words.as_str().is_some_and(|it| it.contains("helper")), "{words}");
        ensure!(text(page, "reputations")?.contains("helper"));
        Ok(())
    })
}

#[test]
fn whoever_leaves_is_offered_to_come_back() -> Result<()> {
    with_page("", |page| {
        open(page, "campaign", "A campaign, shared out")?;
        press(page, "to-end")?;
        wait_for_text(page, "work-sentence", "Done")?;
        press(page, "agent-support")?;
        press(page, "unregister")?;
        press(page, "to-end")?;
        wait_for_text(page, "caption", "support was unregistered")?;
        press(page, "register")?;
        press(page, "to-end")?;
        wait_for_text(page, "caption", "support was registered")?;
        press(page, "ask-status")?;
        press(page, "to-end")?;
        wait_for_text(
            page,
            "caption",
            "support hears how the swarm stands: 4 agents, 0 proposals and 0 tasks open",
        )
    })
}
