//! A vote among liars: what the panels show of it, agents that are made to lie, and voting again
//! without them.

use anyhow::{Result, ensure};
use xtask::browser::Browser;

use crate::page::{press, text, wait_for_text};
use crate::panels::choose;
use crate::with_page;

pub fn open(page: &Browser, name: &str, title: &str) -> Result<()> {
    press(page, "scenario-chooser")?;
    press(page, &format!("scenario-{name}"))?;
    wait_for_text(page, "scenario-chooser", title)
}

/// The words of a row of the matrix, for those who cannot see it.
fn row(page: &Browser, agent: &str) -> Result<String> {
    let found = page.run(&format!(
        "return [...document.querySelectorAll('[data-testid=matrix] tbody tr')]
             .find(it => it.querySelector('th').textContent === '{agent}')?.textContent ?? ''"
    ))?;
    Ok(found.as_str().unwrap_or_default().to_owned())
}

#[test]
fn the_liar_is_exposed_by_two_statements_and_the_others_vote_again() -> Result<()> {
    with_page("", |page| {
        open(page, "byzantine-recovery", "A liar among seven")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-sentence", "Approved: needs 4 of 6; 5 FOR, 1 AGAINST.")?;
        choose(page, "proposal-chooser", "security-patch,")?;
        wait_for_text(page, "tally-sentence", "needs 5 of 7; 5 FOR, 1 AGAINST, 1 exposed.")?;
        ensure!(row(page, "agent-6")? == "agent-6AGAINSTAGAINSTAGAINSTAGAINST");
        ensure!(row(page, "agent-7")?.ends_with("nothing"), "{}", row(page, "agent-7")?);
        let evidence = text(page, "evidence")?;
        ensure!(evidence.contains("FOR") && evidence.contains("AGAINST"), "{evidence}");
        let broken = page.find_all("[data-testid=premises] [data-status=violated]")?;
        ensure!(broken.is_empty(), "all it rests on holds");

        // With the eyes of another agent, and where that one learned of it.
        press(page, "agent-agent-4")?;
        wait_for_text(page, "vote-hint", "as agent-4 sees it")?;
        press(page, "show-exposure")?;
        wait_for_text(page, "log", "agent-4 holds two different votes signed by agent-7.")?;
        ensure!(text(page, "clock")?.starts_with("0:00.2"), "{}", text(page, "clock")?);
        ensure!(row(page, "agent-7")?.contains("not yet"), "{}", row(page, "agent-7")?);
        Ok(())
    })
}

#[test]
fn agents_are_made_to_lie_and_one_too_many_is_warned_of() -> Result<()> {
    with_page("", |page| {
        open(page, "byzantine-silent", "Someone says nothing")?;
        page.wait_until("document.querySelector('[data-testid=clock]')?.textContent > '0:00.030'")?;
        press(page, "agent-agent-1")?;
        press(page, "equivocates")?;
        wait_for_text(page, "lie-warning", "2 of 7 lie already, and f = 2")?;
        press(page, "agent-agent-2")?;
        press(page, "equivocates")?;
        wait_for_text(page, "lie-warning", "3 of 7 lie already, and f = 2")?;
        let pressed = page.test_id("equivocates")?.attribute("aria-pressed")?;
        ensure!(pressed.as_deref() == Some("true"), "it is shown to be so: {pressed:?}");
        press(page, "to-end")?;
        wait_for_text(page, "premises", "At most 2 faulty, 3 so far: does not hold")?;
        wait_for_text(page, "told", "agent-7")?;
        // To the moment it broke.
        press(page, "broken-premise-go")?;
        wait_for_text(page, "log", "agent-2 was corrupted.")?;
        // Two are left when one of them is made honest again.
        press(page, "release")?;
        wait_for_text(page, "lie-warning", "2 of 7 lie already")
    })
}

#[test]
fn whoever_is_exposed_can_be_left_out_of_the_next_vote() -> Result<()> {
    with_page("", |page| {
        open(page, "byzantine-equivocator", "One thing to half")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-sentence", "Approved: needs 3 of 4; 3 FOR, 1 exposed.")?;
        wait_for_text(page, "told", "cleo")?;
        press(page, "vote-again")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-sentence", "Approved: needs 2 of 3; 3 FOR.")?;
        wait_for_text(page, "premises", "Nobody is faulty")
    })
}
