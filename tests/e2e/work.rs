//! Work that is shared out, on the page: who bid and with what score, who worked when, what it did to
//! reputations, and the task a person looks at.

use anyhow::{Result, ensure};
use xtask::browser::Browser;

use crate::choice::open_at_end;
use crate::page::{press, text, wait_for_text};
use crate::with_page;

/// The text of the rows of a table.
fn rows(page: &Browser, id: &str) -> Result<Vec<String>> {
    let rows = page.run(&format!(
        "return [...document.querySelectorAll('[data-testid={id}] tbody tr')].map(it =>
             it.innerText.trim().replaceAll(/\\s+/g, ' '))"
    ))?;
    let rows = rows.as_array().into_iter().flatten();
    Ok(rows.filter_map(|row| row.as_str().map(str::to_owned)).collect())
}

#[test]
fn a_campaign_is_bid_for_shared_out_and_done() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "campaign", "A campaign, shared out")?;
        wait_for_text(page, "work-sentence", "Done: 3 parts, quality")?;
        wait_for_text(page, "warnings", "cost 55000 is above the budget of 50000")?;
        wait_for_text(page, "gantt-words", "2.8 s, not 6.6 s: 2.4 times faster")?;
        // 100 × 0.4, a Jaccard of one in five × 0.4, and all of it free × 0.2.
        let bids = rows(page, "bids")?;
        ensure!(bids.len() == 4, "{bids:?}");
        for bid in &bids[..3] {
            ensure!(bid.ends_with("40 8 20 68"), "{bid}");
        }
        ensure!(bids[3].starts_with("support no bid: has none of the skills"), "{bids:?}");
        let reputations = rows(page, "reputations")?;
        ensure!(reputations.iter().any(|row| row == "support Competent 100"), "{reputations:?}");
        let coverage = rows(page, "coverage")?;
        ensure!(coverage.len() == 3 && coverage[0].contains("has done it"), "{coverage:?}");
        wait_for_text(page, "caption", "campaign_001 is done: 3 parts")
    })
}

/// Chooses a task on the board, by its number.
fn choose(page: &Browser, task: u32) -> Result<()> {
    press(page, &format!("task-{task}-go"))
}

#[test]
fn a_task_that_is_chosen_on_the_board_is_the_one_the_panels_show() -> Result<()> {
    with_page("", |page| {
        for (name, title, task, shown) in [
            ("task-distribution", "Fifty tasks for ten", 3, "task-4"),
            ("meritocracy", "The better get more", 0, "task-1"),
        ] {
            open_at_end(page, name, title)?;
            page.wait_until(
                "document.querySelectorAll('[data-testid=board] button').length >= 50",
            )?;
            choose(page, task)?;
            wait_for_text(page, "work-panel", shown)?;
            let pressed = format!(
                "document.querySelector('[data-testid=board] [aria-pressed=true]')?.dataset.testid === 'task-{task}-go'"
            );
            page.wait_until(&pressed)?;
            let bids = rows(page, "bids")?;
            ensure!(!bids.is_empty(), "{name}: the bids of {shown}");
        }
        Ok(())
    })
}

#[test]
fn the_bids_lead_to_why_the_task_was_awarded_with_the_sum() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "campaign", "A campaign, shared out")?;
        wait_for_text(page, "work-sentence", "Done: 3 parts")?;
        press(page, "why-award")?;
        let sum = "marketing came first of 3: reputation 100 × 0.4 + skill 20 × 0.4 + free 100 × 0.2 = 68.";
        wait_for_text(page, "log", sum)?;
        wait_for_text(page, "log", "No bid: support has none of the skills.")?;
        page.wait_until("document.activeElement?.dataset.testid === 'why'")?;
        // And from there what the result did to a reputation.
        page.run(
            "[...document.querySelectorAll('[data-testid=log-newest]')].forEach(it => it.click())",
        )?;
        wait_for_text(page, "log", "insights delivered")?;
        page.run(
            "[...document.querySelectorAll('[data-testid=log-entry]')].find(it =>
                 it.innerText.includes('insights delivered')).querySelector('[data-testid=why]').click()",
        )?;
        wait_for_text(page, "log", "Its reputation rises by 5, to 105.")
    })
}

/// Waits until the inspector says this in the row.
fn fact(page: &Browser, label: &str, expected: &str) -> Result<()> {
    let row = format!("document.querySelector('[data-row=\"{label}\"] dd')?.textContent ?? ''");
    page.wait_until(&format!("({row}).includes('{expected}')"))
}

#[test]
fn the_inspector_knows_an_agent_at_work_and_who_shares_it_out() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "campaign", "A campaign, shared out")?;
        wait_for_text(page, "work-sentence", "Done: 3 parts")?;
        press(page, "agent-marketing")?;
        fact(page, "Skills", "marketing, content, social")?;
        fact(page, "Load", "0 of 100, 0 %: bids, being below 80 %")?;
        fact(page, "Reputation", "105, Competent, as coordinator holds it")?;
        fact(page, "Tasks", "1 done, 0 failed: success rate 100 %")?;
        let panel = text(page, "agent-panel")?;
        ensure!(panel.contains("reputation 105, Competent"), "{panel}");
        ensure!(!panel.contains("Votes"), "nobody votes here: {panel}");
        press(page, "agent-coordinator")?;
        fact(page, "Board", "1 done")
    })
}

#[test]
fn a_managers_board_is_shown_while_it_or_its_worker_is_selected() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "hierarchy", "A manager and its workers")?;
        wait_for_text(page, "work-sentence", "Done: 1 part")?;
        page.wait_until("!document.querySelector('[data-testid=bids]')")?;
        page.run("document.querySelector('[data-testid=managers] button:nth-child(2)').click()")?;
        wait_for_text(page, "work-sentence", "Done: 3 parts")?;
        choose(page, 0)?;
        wait_for_text(page, "work-panel", "document-1")?;
        wait_for_text(page, "results", "extractor 3, analyzer 1")?;
        let bids = rows(page, "bids")?;
        ensure!(bids.len() == 3 && bids[0].starts_with("parser"), "{bids:?}");
        let reputations = rows(page, "reputations")?;
        ensure!(reputations.len() == 3, "{reputations:?}");
        press(page, "agent-parser")?;
        wait_for_text(page, "results", "extractor 3, analyzer 1")?;
        press(page, "agent-coordinator")?;
        wait_for_text(page, "work-sentence", "Done: 1 part")
    })
}

#[test]
fn another_scenario_is_seen_from_its_top() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "campaign", "A campaign, shared out")?;
        wait_for_text(page, "work-sentence", "Done: 3 parts")?;
        page.run("document.querySelector('.column.right').scrollTop = 400")?;
        open_at_end(page, "hierarchy", "A manager and its workers")?;
        page.wait_until("document.querySelector('.column.right').scrollTop === 0")
    })
}
