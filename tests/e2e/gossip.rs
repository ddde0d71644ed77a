//! A gossip on the page: the curve beside the textbook's, who believes what, and how it came out.

use anyhow::{Result, ensure};

use crate::byzantine::open;
use crate::page::{press, text, wait_for_text};
use crate::with_page;

#[test]
fn a_rumour_reaches_everyone_and_its_curve_says_so() -> Result<()> {
    with_page("", |page| {
        open(page, "gossip-ten", "Gossip of ten")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-sentence", "Approved: more than half of all agents")?;
        wait_for_text(page, "curve-words", "After round 5: 100.0 %, in the textbook 100.0 %.")?;
        ensure!(text(page, "counted-by")? == "as no agent can see it");
        let points = page.run("return document.querySelectorAll('.curve circle').length")?;
        ensure!(points == 6, "the start and five rounds: {points}");
        // Those who voted AGAINST have come to approve.
        let state = page.test_id("lamp-no-1")?.attribute("data-vote")?;
        ensure!(state.as_deref() == Some("for"), "{state:?}");
        press(page, "to-start")?;
        page.wait_until("!document.querySelector('[data-testid=curve-words]')")
    })
}

#[test]
fn another_question_is_put_to_a_swarm_that_gossiped() -> Result<()> {
    with_page("", |page| {
        open(page, "gossip-ten", "Gossip of ten")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-sentence", "Approved")?;
        press(page, "propose")?;
        press(page, "propose-send")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-sentence", "7 of 10 = 70 % FOR")
    })
}

#[test]
fn a_majority_that_loses_is_said_to() -> Result<()> {
    with_page("", |page| {
        open(page, "gossip-majority", "The majority that lost")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-sentence", "approved would be right")?;
        wait_for_text(page, "curve-words", "0.0 %, in the textbook")?;
        open(page, "gossip-rumour", "rumour")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-sentence", "which comes to the same")
    })
}
