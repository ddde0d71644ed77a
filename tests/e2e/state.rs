//! What a swarm keeps, on the page: who holds what, three ways to merge, writes, synchronising, and what it costs.

use anyhow::{Result, ensure};
use xtask::browser::Browser;

use crate::byzantine::open;
use crate::page::{press, text, wait_for_text};
use crate::panels::choose;
use crate::with_page;

/// So many steps on from the start.
fn step(page: &Browser, steps: usize) -> Result<()> {
    press(page, "to-end")?;
    press(page, "to-start")?;
    (0..steps).try_for_each(|_| press(page, "step-forward"))
}

fn count(page: &Browser, selector: &str) -> Result<u64> {
    let found = page.run(&format!("return document.querySelectorAll('{selector}').length"))?;
    Ok(found.as_u64().unwrap_or_default())
}

/// The moment of the last write in the split of the counter.
fn to_the_last_write(page: &Browser) -> Result<()> {
    let wrote = "[...document.querySelectorAll('[data-testid=timeline] [data-wrote=true]')].at(-1)";
    page.run(&format!("{wrote}.dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))"))?;
    wait_for_text(page, "state-sentence", "3 different values")
}

fn presses(page: &Browser, selector: &str) -> Result<()> {
    page.run(&format!("document.querySelector('{selector}').click()")).map(drop)
}

#[test]
fn both_sides_of_a_split_count_and_nothing_is_lost() -> Result<()> {
    with_page("", |page| {
        open(page, "counter-partition", "Counting through a split")?;
        press(page, "to-end")?;
        wait_for_text(page, "state-sentence", "All 3 hold 87")?;
        ensure!(count(page, "[data-testid=timeline] g")? > 8, "writes and merges over time");
        to_the_last_write(page)?;
        let outcomes = text(page, "outcomes")?;
        ensure!(outcomes.contains("The 62 of agent-1 is lost"), "{outcomes}");
        ensure!(text(page, "steps")?.contains("42 + 45 = 87"));
        wait_for_text(page, "clocks", "is concurrent with")
    })
}

#[test]
fn a_write_at_an_agent_reaches_the_others() -> Result<()> {
    with_page("", |page| {
        open(page, "counter-partition", "Counting through a split")?;
        step(page, 3)?;
        press(page, "agent-agent-3")?;
        wait_for_text(page, "write-send", "Write at agent-3")?;
        page.test_id("write-value")?.clear()?;
        page.test_id("write-value")?.type_text("5")?;
        press(page, "write-send")?;
        press(page, "to-end")?;
        wait_for_text(page, "state-sentence", "All 3 hold 92")?;
        // What is no number is refused, and nothing is lost.
        press(page, "to-start")?;
        page.test_id("write-value")?.clear()?;
        page.test_id("write-value")?.type_text("many")?;
        press(page, "write-send")?;
        wait_for_text(page, "error-message", "is no number")
    })
}

#[test]
fn another_way_to_resolve_is_used_from_now_on() -> Result<()> {
    with_page("", |page| {
        open(page, "counter-partition", "Counting through a split")?;
        press(page, "to-end")?;
        wait_for_text(page, "state-sentence", "All 3 hold 87")?;
        to_the_last_write(page)?;
        presses(page, "[data-testid=outcomes] button:first-child")?;
        wait_for_text(page, "steps", "stays")?;
        press(page, "use-strategy")?;
        wait_for_text(page, "state-panel", "the last write wins")?;
        press(page, "to-end")?;
        wait_for_text(page, "state-sentence", "All 3 hold 75")
    })
}

#[test]
fn the_side_of_two_is_refused() -> Result<()> {
    with_page("", |page| {
        open(page, "strong-minority", "The side that must refuse")?;
        press(page, "to-end")?;
        wait_for_text(page, "replicas", "refused: 2 of the 3 it needs could be reached")
    })
}

#[test]
fn a_delta_costs_less_than_everything() -> Result<()> {
    with_page("", |page| {
        open(page, "delta-sync", "Everything, or what is new")?;
        press(page, "to-end")?;
        wait_for_text(page, "costs", "2 messages, 2 keys")?;
        wait_for_text(page, "state-panel", "The delta took 0.")?;
        choose(page, "key-chooser", "setting-120")?;
        wait_for_text(page, "state-sentence", "All 4 hold loud")?;
        // A person can do it too.
        step(page, 2)?;
        press(page, "agent-agent-2")?;
        press(page, "sync-full")?;
        press(page, "to-end")?;
        wait_for_text(page, "costs", "200 keys")
    })
}
