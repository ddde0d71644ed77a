//! A gossip on the page: the curve beside the textbook's, who believes what, and how it came out.

use anyhow::{Result, ensure};
use xtask::browser::Browser;

use crate::byzantine::open;
use crate::link::link_of;
use crate::page::{press, set, text, wait_for_text};
use crate::panels::choose;
use crate::with_page;

#[test]
fn a_rumour_reaches_everyone_and_its_curve_says_so() -> Result<()> {
    with_page("", |page| {
        open(page, "gossip-ten", "Gossip of ten")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-sentence", "Approved: more than half of all agents")?;
        wait_for_text(page, "curve-words", "After round 5: 100.0 %, in the textbook 100.0 %.")?;
        ensure!(text(page, "vote-hint")? == "as no agent can see it");
        let points = page.run("return document.querySelectorAll('.curve circle').length")?;
        ensure!(points == 6, "the start and five rounds: {points}");
        // Those who voted AGAINST have come to approve.
        let state = page.test_id("lamp-no-1")?.attribute("data-tint")?;
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
fn setting_the_fanout_starts_the_run_again_with_it_and_the_link_holds_it() -> Result<()> {
    let mut link = None;
    with_page("", |page| {
        open(page, "gossip-ten", "Gossip of ten")?;
        press(page, "to-end")?;
        wait_for_text(page, "news-words", "Round 5: 0 of 18 messages brought news")?;
        page.run("document.querySelector('[data-testid=fanout]').focus()")?;
        set(page, "fanout", "7")?;
        wait_for_text(page, "fanout-words", "7")?;
        let focused = page.run("return document.activeElement.dataset.testid")?;
        ensure!(focused == "fanout", "the keyboard stays where it was: {focused}");
        page.wait_until("document.querySelector('[data-testid=clock]')?.textContent < '0:00.500'")?;
        press(page, "to-end")?;
        wait_for_text(page, "news-words", "Round 4: 0 of 70 messages brought news")?;
        // A preset sets it back, with what belongs to it.
        press(page, "preset-1")?;
        wait_for_text(page, "fanout-words", "5")?;
        wait_for_text(page, "gossip-rounds-words", "10")?;
        set(page, "fanout", "6")?;
        press(page, "to-end")?;
        wait_for_text(page, "news-words", "of 54 messages")?;
        link = Some(link_of(page)?);
        Ok(())
    })?;
    with_page(&format!("#{}", link.unwrap_or_default()), |page| {
        wait_for_text(page, "fanout-words", "6")?;
        wait_for_text(page, "convergence-words", "99 %")?;
        wait_for_text(page, "news-words", "of 54 messages")?;
        // The gallery's own is as it was.
        open(page, "gossip-ten", "Gossip of ten")?;
        wait_for_text(page, "fanout-words", "3")
    })
}

/// The label beside a control.
fn label(page: &Browser, id: &str) -> Result<String> {
    let of_it = format!("[data-testid={id}]");
    let found = page.run(&format!(
        "return document.querySelector('{of_it}').closest('label').querySelector('span').textContent"
    ))?;
    Ok(found.as_str().unwrap_or_default().to_owned())
}

#[test]
fn the_rule_by_which_agents_stop_is_chosen_with_its_k_and_the_link_holds_both() -> Result<()> {
    const NO_K: &str = "!document.querySelector('[data-testid=stop-k]')";
    let mut link = None;
    with_page("", |page| {
        open(page, "gossip-ten", "Gossip of ten")?;
        // The rule of the house has no k.
        page.wait_until(NO_K)?;
        choose(page, "stop", "feedback and counter")?;
        wait_for_text(page, "stop-k-words", "1")?;
        set(page, "stop-k", "3")?;
        wait_for_text(page, "stop-k-words", "3")?;
        ensure!(label(page, "stop-k")? == "After k rounds");
        // Another rule keeps the k, and says what it is there.
        choose(page, "stop", "blind and coin")?;
        page.wait_until("document.querySelector('[data-testid=stop]').value === '4'")?;
        wait_for_text(page, "stop-k-words", "3")?;
        ensure!(label(page, "stop-k")? == "With a chance of one in k");
        press(page, "to-end")?;
        wait_for_text(page, "log", "loses interest and tells no more.")?;
        link = Some(link_of(page)?);
        Ok(())
    })?;
    with_page(&format!("#{}", link.unwrap_or_default()), |page| {
        wait_for_text(page, "stop-k-words", "3")?;
        page.wait_until("document.querySelector('[data-testid=stop]').value === '4'")?;
        choose(page, "stop", "when all is known")?;
        page.wait_until(NO_K)?;
        // An agent that only asks others does not tell: there is nothing to stop.
        press(page, "exchange-1")?;
        page.wait_until("!document.querySelector('[data-testid=stop]')")
    })
}

#[test]
fn another_rule_is_chosen_from_a_list() -> Result<()> {
    with_page("", |page| {
        choose(page, "approved-by", "everyone")?;
        page.wait_until("!document.querySelector('[data-testid=share-needed]')")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-decision", "rejected")?;
        // Each stage of a pipeline has a rule of its own: there it cannot be chosen.
        open(page, "pipeline", "")?;
        page.wait_until("!document.querySelector('[data-testid=approved-by]')")
    })
}
