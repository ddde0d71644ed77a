//! A person's acts on a swarm at work: a new task, other skills, another policy, and how work is set before
//! the run.

use anyhow::{Result, ensure};
use serde_json::json;
use xtask::browser::Browser;

use crate::byzantine::open;
use crate::choice::open_at_end;
use crate::page::{press, text, wait_for_text};
use crate::panels::choose;
use crate::with_page;

/// So many steps on from the start.
fn step(page: &Browser, steps: usize) -> Result<()> {
    press(page, "to-end")?;
    press(page, "to-start")?;
    (0..steps).try_for_each(|_| press(page, "step-forward"))
}

fn fill(page: &Browser, id: &str, words: &str) -> Result<()> {
    page.test_id(id)?;
    let words = json!(words);
    page.run(&format!("document.querySelector('[data-testid=\"{id}\"]').value = {words}")).map(drop)
}

/// The value that is typed or chosen.
fn typed(page: &Browser, id: &str) -> Result<String> {
    let value = page.test_id(id)?.property("value")?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

fn is_ticked(page: &Browser, id: &str) -> Result<bool> {
    Ok(page.test_id(id)?.property("checked")? == true)
}

/// The task is the one that is shown.
fn wait_for_task(page: &Browser, name: &str) -> Result<()> {
    wait_for_text(page, "work-panel", name)
}

#[test]
fn one_press_submits_a_task_that_is_bid_for_and_done() -> Result<()> {
    with_page("", |page| {
        open(page, "campaign", "A campaign, shared out")?;
        step(page, 30)?;
        ensure!(typed(page, "task-id")? == "campaign_002", "{}", typed(page, "task-id")?);
        ensure!(is_ticked(page, "task-skills-finance")?, "like the last of the scenario");
        ensure!(!is_ticked(page, "task-skills-helpdesk")?, "which does not ask for that");
        press(page, "task-send")?;
        page.wait_until("document.querySelector('[data-testid=task-id]').value == 'campaign_003'")?;
        wait_for_task(page, "campaign_002")?;
        press(page, "to-end")?;
        wait_for_text(page, "work-sentence", "Done: 3 parts, quality")?;
        wait_for_text(page, "bids", "has none of the skills")?;
        let board = text(page, "board")?;
        ensure!(board.contains("campaign_001") && board.contains("campaign_002"), "{board}");
        // The skills that a task asks for decide who bids.
        press(page, "task-skills-marketing")?;
        press(page, "task-skills-finance")?;
        press(page, "task-skills-analytics")?;
        press(page, "task-skills-helpdesk")?;
        choose(page, "task-complexity", "simple")?;
        fill(page, "task-id", "answer the phone")?;
        press(page, "task-send")?;
        wait_for_task(page, "answer the phone")?;
        wait_for_text(page, "caption", "answer the phone")?;
        press(page, "to-end")?;
        wait_for_text(page, "work-sentence", "Done: 1 part, quality")?;
        wait_for_text(page, "bids", "marketing")
    })
}

#[test]
fn a_wrong_value_is_said_and_nothing_that_was_typed_is_lost() -> Result<()> {
    with_page("", |page| {
        open(page, "campaign", "A campaign, shared out")?;
        step(page, 30)?;
        fill(page, "task-id", "Q2 launch")?;
        fill(page, "task-load", "-5")?;
        fill(page, "task-other_skills", "juggling")?;
        press(page, "task-send")?;
        wait_for_text(
            page,
            "error-message",
            "submit.task.load: expected whole units of work above 0",
        )?;
        // It leads to the field, unfolded.
        page.wait_until("document.activeElement.dataset.testid == 'task-load'")?;
        page.wait_until("document.activeElement.checkVisibility()")?;
        ensure!(typed(page, "task-id")? == "Q2 launch" && typed(page, "task-load")? == "-5");
        ensure!(typed(page, "task-other_skills")? == "juggling", "what was right as well");
        fill(page, "task-load", "5")?;
        press(page, "task-send")?;
        wait_for_text(
            page,
            "error-message",
            "\"juggling\", which nobody has; name one that agents have",
        )?;
        page.wait_until("document.activeElement.dataset.testid == 'task-other_skills'")?;
        fill(page, "task-other_skills", "")?;
        for (id, value, said) in [
            ("task-duration_ms", "soon", "expected a number"),
            ("task-duration_ms", "0", "above 0"),
            ("task-deadline_ms", "1", "which is past by then; write a later time"),
            ("task-priority", "0", "higher goes first"),
            ("task-id", "campaign_001", "a second time; give each task an id of its own"),
            ("task-id", "", "a name of 1 to 64 characters"),
        ] {
            let before = typed(page, id)?;
            fill(page, id, value)?;
            press(page, "task-send")?;
            wait_for_text(page, "error-message", said)?;
            ensure!(typed(page, id)? == value, "{id} holds {}", typed(page, id)?);
            fill(page, id, &before)?;
        }
        press(page, "task-send")?;
        wait_for_task(page, "Q2 launch")?;
        page.wait_until("!document.querySelector('[data-testid=error-message]')")?;
        page.wait_until("!document.querySelector('[aria-invalid]')")
    })
}

#[test]
fn a_task_that_nobody_can_do_ends_with_its_reason() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "nobody-capable", "Nobody can")?;
        wait_for_text(page, "work-sentence", "It has failed")?;
        press(page, "task-send")?;
        wait_for_task(page, "translation-2")?;
        press(page, "to-end")?;
        wait_for_text(page, "work-sentence", "It has failed: ")?;
        wait_for_text(page, "bids", "is not healthy")?;
        // An agent that is made healthy bids for the next.
        press(page, "agent-translator")?;
        press(page, "worker-healthy-healthy")?;
        press(page, "worker-send")?;
        press(page, "task-send")?;
        wait_for_task(page, "translation-3")?;
        press(page, "to-end")?;
        wait_for_text(page, "work-sentence", "Done: 1 part")
    })
}

#[test]
fn skills_that_an_agent_learns_count_at_the_next_task() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "campaign", "A campaign, shared out")?;
        wait_for_text(page, "bids", "has none of the skills")?;
        press(page, "agent-support")?;
        wait_for_text(page, "worker-title", "How support works")?;
        ensure!(is_ticked(page, "worker-skills-helpdesk")?);
        ensure!(typed(page, "worker-capacity")? == "100");
        // Nothing is no change.
        press(page, "worker-send")?;
        wait_for_text(page, "error-message", "say what changes")?;
        press(page, "worker-skills-finance")?;
        fill(page, "worker-other_skills", "analytics, juggling")?;
        fill(page, "worker-capacity", "60")?;
        press(page, "worker-send")?;
        page.wait_until("!document.querySelector('[data-testid=error-message]')")?;
        ensure!(
            is_ticked(page, "worker-skills-juggling")?
                && is_ticked(page, "worker-skills-analytics")?
        );
        ensure!(typed(page, "worker-other_skills")?.is_empty(), "it is among the others now");
        press(page, "task-skills-juggling")?;
        press(page, "task-send")?;
        wait_for_task(page, "campaign_002")?;
        press(page, "to-end")?;
        wait_for_text(page, "work-sentence", "Done: 4 parts")?;
        let bids = text(page, "bids")?;
        ensure!(!bids.contains("has none of the skills"), "{bids}");
        // An agent that forgets the skill that is asked for does not bid.
        press(page, "agent-support")?;
        press(page, "agent-marketing")?;
        wait_for_text(page, "worker-title", "How marketing works")?;
        press(page, "worker-skills-marketing")?;
        press(page, "worker-send")?;
        press(page, "task-send")?;
        wait_for_task(page, "campaign_003")?;
        press(page, "to-end")?;
        wait_for_text(page, "bids", "marketingno bid: has none of the skills")
    })
}

#[test]
fn what_finance_tells_marketing_is_changed_by_hand_and_reaches_it() -> Result<()> {
    with_page("", |page| {
        open(page, "budget-question", "What is our budget?")?;
        step(page, 30)?;
        press(page, "agent-finance")?;
        wait_for_text(page, "worker-title", "How finance works")?;
        // The scenario has changed it already, at 1.4 s.
        ensure!(typed(page, "worker-knows")? == "ads_budget: 25000");
        fill(page, "worker-knows", "ads_budget 7000")?;
        press(page, "worker-send")?;
        wait_for_text(page, "error-message", "write for example budget: 30000")?;
        ensure!(typed(page, "worker-knows")? == "ads_budget 7000", "what was typed stays");
        fill(page, "worker-knows", "ads_budget: 7000")?;
        press(page, "worker-send")?;
        page.wait_until("!document.querySelector('[data-testid=error-message]')")?;
        press(page, "to-end")?;
        press(page, "agent-marketing")?;
        wait_for_text(page, "agent-panel", "ads_budget: 7000, says finance")?;
        page.run("document.querySelector('[data-testid=task-0-go]').click()")?;
        wait_for_text(page, "work-panel", "paid_for")?;
        wait_for_text(page, "work-panel", "7000")
    })
}

/// The agent that bid highest for the task that is shown, and does it.
fn chosen(page: &Browser) -> Result<String> {
    let found = page.run(
        "return document.querySelector('[data-testid=bids] th[data-weight=strong]')?.textContent ?? ''",
    )?;
    Ok(found.as_str().unwrap_or_default().to_owned())
}

#[test]
fn another_policy_chooses_another_agent_for_the_next_task() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "skill-or-reputation", "Skill or reputation")?;
        wait_for_text(page, "work-panel", "second-build")?;
        ensure!(chosen(page)? == "specialist", "{}", chosen(page)?);
        ensure!(typed(page, "policy-policy")? == "skill_first", "as it is now");
        choose(page, "policy-policy", "balanced")?;
        press(page, "policy-send")?;
        press(page, "task-send")?;
        wait_for_task(page, "second-build-2")?;
        press(page, "to-end")?;
        wait_for_text(page, "work-sentence", "Done")?;
        ensure!(chosen(page)? == "veteran", "{}", chosen(page)?);
        // Weights of one's own are asked for when they are chosen, and have to sum to 100.
        press(page, "policy-title")?;
        page.wait_until("document.querySelector('[data-testid=policy-send]').checkVisibility()")?;
        ensure!(
            page.run(
                "return !document.querySelector('[data-testid=policy-skill]').checkVisibility()"
            )? == true
        );
        choose(page, "policy-policy", "your own")?;
        page.wait_until("document.querySelector('[data-testid=policy-skill]').checkVisibility()")?;
        fill(page, "policy-reputation", "0")?;
        fill(page, "policy-skill", "90")?;
        press(page, "policy-send")?;
        wait_for_text(page, "error-message", "weights that sum to 100, found 110")?;
        fill(page, "policy-load", "-10")?;
        press(page, "policy-send")?;
        wait_for_text(
            page,
            "error-message",
            "write three that sum to 100, for example 40, 40 and 20",
        )?;
        ensure!(typed(page, "policy-skill")? == "90" && typed(page, "policy-load")? == "-10");
        fill(page, "policy-load", "10")?;
        press(page, "policy-send")?;
        page.wait_until("!document.querySelector('[data-testid=error-message]')")?;
        press(page, "task-send")?;
        wait_for_task(page, "second-build-3")?;
        press(page, "to-end")?;
        wait_for_text(page, "work-sentence", "Done")?;
        ensure!(chosen(page)? == "specialist", "{}", chosen(page)?);
        Ok(())
    })
}

#[test]
fn work_is_set_before_the_run() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "skill-or-reputation", "Skill or reputation")?;
        wait_for_text(page, "Settings", "Lease per attempt")?;
        press(page, "score-by-1")?;
        wait_for_text(page, "Settings", "0.4 reputation, 0.6 skill")?;
        press(page, "to-end")?;
        // The first task, before anything is changed.
        page.wait_until("document.querySelector('[data-testid=task-0-go]')")?;
        page.run("document.querySelector('[data-testid=task-0-go]').click()")?;
        wait_for_task(page, "first-build")?;
        page.wait_until(
            "document.querySelector('[data-testid=bids] th[data-weight=strong]')?.textContent == 'specialist'",
        )?;
        crate::page::set(page, "attempts", "1")?;
        wait_for_text(page, "attempts-words", "1")
    })
}

#[test]
fn a_paused_task_is_seen_in_the_queue_and_without_pre_emption_nothing_is_paused() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "pre-emption", "Which task makes way?")?;
        wait_for_text(page, "queue-words", "0 of 5 slots are taken")?;
        let paused = "document.querySelectorAll('[data-testid=queue] [data-look=paused]').length";
        page.wait_until(&format!("{paused} === 3"))?;
        let why = "[...document.querySelectorAll('[data-testid=queue] title')].some(it => \
             it.textContent.includes('report-5 paused for 1.5 s, making way for incident'))";
        page.wait_until(why)?;
        press(page, "preempt-0")?;
        press(page, "to-end")?;
        wait_for_text(page, "queue-words", "0 of 5 slots are taken")?;
        page.wait_until(&format!("{paused} === 0"))
    })
}
