//! The panels as a person uses them: the log with its filters and causes, the inspector, several
//! proposals, properties that were broken.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use xtask::browser::Browser;

use crate::page::{choose_file, press, text, wait_for_text};
use crate::with_page;

/// Chooses an option of a list by its words.
pub fn choose(page: &Browser, id: &str, words: &str) -> Result<()> {
    page.test_id(id)?;
    page.run(&format!(
        "const list = document.querySelector('[data-testid=\"{id}\"]');
         list.value = [...list.options].find(it => it.text.includes('{words}')).value;
         list.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    ))?;
    Ok(())
}

/// How many lines the log shows, and of those how many hold the words.
fn lines(page: &Browser, words: &str) -> Result<(usize, usize)> {
    let all = page.run(
        "return [...document.querySelectorAll('[data-testid=log-entry]')].map(it => it.textContent)",
    )?;
    let all = all.as_array().context("a list of lines")?;
    let holds = |line: &&Value| line.as_str().is_some_and(|line| line.contains(words));
    Ok((all.len(), all.iter().filter(holds).count()))
}

fn row(page: &Browser, label: &str) -> Result<String> {
    let found = page.run(&format!(
        "return document.querySelector('[data-row=\"{label}\"] dd')?.textContent ?? ''"
    ))?;
    Ok(found.as_str().unwrap_or_default().to_owned())
}

#[test]
fn the_log_is_filtered_by_kind_agent_and_words() -> Result<()> {
    with_page("", |page| {
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "log", "The vote is closed.")?;
        let (main, _) = lines(page, "")?;

        page.test_id("log-Messages")?.click()?;
        page.wait("messages alone", || {
            let (all, votes) = lines(page, "votes")?;
            Ok((all > main && votes == 0).then_some(()))
        })?;
        page.test_id("log-Votes")?.click()?;
        choose(page, "log-agent", "qa-engineer")?;
        page.wait("what is about qa alone", || {
            let (all, of_qa) = lines(page, "qa-engineer")?;
            Ok((all == 4 && of_qa == 4).then_some(()))
        })?;
        ensure!(text(page, "log-count")?.starts_with("4 of "), "{}", text(page, "log-count")?);

        page.test_id("log-search")?.type_text("nothing of the kind")?;
        page.test_id("log-clear")?.click()?;
        page.wait("all lines again", || Ok((lines(page, "")?.0 == main).then_some(())))?;
        ensure!(page.test_id("log-search")?.property("value")? == "", "the search is empty again");
        Ok(())
    })
}

#[test]
fn why_leads_back_to_the_root_and_every_cause_can_be_gone_to() -> Result<()> {
    with_page("", |page| {
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "log", "Approved")?;
        page.run(
            "[...document.querySelectorAll('[data-testid=log-entry]')]
                 .find(it => it.textContent.includes('Approved: no missing'))
                 .querySelector('[data-testid=why]').click()",
        )?;
        wait_for_text(page, "root", "The scenario plans this.")?;
        let causes = page.find_all("[data-testid=cause]")?;
        ensure!(causes.len() == 7, "{} causes", causes.len());
        ensure!(causes[0].text()?.contains("devops-engineer’s ballot was counted: FOR."));

        // To the root: the proposal is being opened, and the causes stay unfolded.
        page.find_all("[data-testid=cause] .go")?[6].click()?;
        wait_for_text(page, "clock", "0:00.020")?;
        wait_for_text(page, "root", "The scenario plans this.")?;
        page.wait_until(
            "document.querySelector('[data-when=ahead]')?.textContent.includes('Approved')",
        )?;
        page.wait_until(
            "[...document.querySelectorAll('[data-testid=cause]')].at(-1).dataset.when === 'now'",
        )
    })
}

#[test]
fn the_inspector_follows_what_an_agent_learns() -> Result<()> {
    with_page("", |page| {
        press(page, "play")?;
        press(page, "to-start")?;
        wait_for_text(page, "agent-panel", "Select an agent")?;
        press(page, "agent-coordinator")?;
        wait_for_text(page, "agent-panel", "no ballots yet")?;
        // Step by step until a ballot has arrived.
        page.wait("a ballot", || {
            page.test_id("step-forward")?.click()?;
            Ok(row(page, "Counts")?.contains("1 of 5 ballots").then_some(()))
        })?;
        ensure!(row(page, "Changed")?.contains("ballot was counted"), "{}", row(page, "Changed")?);
        let washed = "document.querySelector('[data-row=Counts]').dataset.changed";
        ensure!(page.run(&format!("return {washed}"))? == "true", "the row is washed");
        // An arrival elsewhere changes nothing here.
        press(page, "agent-qa-engineer")?;
        page.wait_until("document.querySelector('[data-row=Rule]')?.textContent.includes('load_test is false, so AGAINST')")?;
        page.wait_until("!document.querySelector('.facts [data-changed=true]')")
    })
}

#[test]
fn one_of_two_proposals_is_chosen_and_shown() -> Result<()> {
    let two = r#"{ "format": 1, "name": "two", "title": "Two", "agents": [{ "id": "a", "count": 7 }, { "id": "no", "mind": "against" }],
        "proposals": [{ "id": "first" }, { "id": "second", "at_ms": 5, "algorithm": "unanimous" }] }"#;
    with_page("", |page| {
        choose_file(page, "two.json", two)?;
        wait_for_text(page, "scenario-chooser", "Two")?;
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "rejected")?;
        choose(page, "proposal-chooser", "first")?;
        wait_for_text(page, "tally-decision", "approved")?;
        wait_for_text(page, "log", "second: ")?;
        ensure!(page.find_all("[data-testid^=lamp-]")?.len() == 8, "a lamp per possible ballot");
        Ok(())
    })
}

#[test]
fn a_field_of_lamps_is_walked_with_the_arrows() -> Result<()> {
    let crowd = r#"{ "format": 1, "name": "crowd", "title": "Crowd", "agents": [{ "id": "a", "count": 40 }],
        "proposals": [{ "id": "p" }] }"#;
    with_page("", |page| {
        choose_file(page, "crowd.json", crowd)?;
        wait_for_text(page, "scenario-chooser", "Crowd")?;
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "approved")?;
        let clock = text(page, "clock")?;
        page.run("document.querySelector('.lamps button').focus()")?;
        page.press("\u{e014}")?;
        page.press("\u{e014}")?;
        page.wait_until("document.activeElement.ariaLabel.includes('a-3: FOR, counted')")?;
        page.wait_until(
            "document.querySelector('.named-lamp').textContent === 'a-3: FOR, counted'",
        )?;
        ensure!(text(page, "clock")? == clock, "the arrows did not step through time");
        Ok(())
    })
}

#[test]
fn a_broken_property_leads_to_the_event_that_broke_it() -> Result<()> {
    with_page("", |page| {
        page.test_id("scenario-chooser")?.click()?;
        press(page, "scenario-partitioned-vote")?;
        wait_for_text(page, "scenario-chooser", "A swarm in two halves")?;
        page.test_id("to-end")?.click()?;
        page.wait_until("document.querySelector('[data-testid=property-agreement]')?.dataset.status === 'violated'")?;
        let end = text(page, "clock")?;
        page.find("[data-testid=property-agreement] button")?.click()?;
        page.wait("another moment", || Ok((text(page, "clock")? != end).then_some(())))?;
        page.wait_until(
            "document.querySelector('[data-when=now]')?.textContent.includes('records a timeout')",
        )
    })
}

/// The list of branches is lower than six of them.
#[test]
fn the_current_branch_is_always_in_sight() -> Result<()> {
    with_page("", |page| {
        page.test_id("to-end")?.click()?;
        for agent in
            ["qa-engineer", "devops-engineer", "qa-engineer", "devops-engineer", "qa-engineer"]
        {
            page.test_id("to-start")?.click()?;
            page.test_id("step-forward")?.click()?;
            press(page, &format!("agent-{agent}"))?;
            page.test_id("crash")?.click()?;
        }
        let in_sight = "(() => { const list = document.querySelector('.branches').getBoundingClientRect(); \
            const it = document.querySelector('.branches [aria-pressed=true]').getBoundingClientRect(); \
            return it.top >= list.top - 1 && it.bottom <= list.bottom + 1 })()";
        ensure!(page.find_all("[data-testid^=branch-]")?.len() > 4);
        page.wait_until(in_sight)?;
        press(page, "branch-0")?;
        page.wait_until("document.querySelector('[data-testid=branch-0]').ariaPressed === 'true'")?;
        page.wait_until(in_sight)
    })
}

#[test]
fn an_error_and_a_notice_stand_one_under_the_other() -> Result<()> {
    with_page("", |page| {
        press(page, "agent-qa-engineer")?;
        page.test_id("crash")?.click()?;
        page.test_id("reset")?.click()?;
        page.test_id("left-run")?;
        page.run("location.hash = 'scenario=nowhere'")?;
        page.test_id("error-message")?;
        page.wait_until(
            "document.querySelector('[data-testid=error-message]').getBoundingClientRect().bottom \
             <= document.querySelector('[data-testid=left-run]').getBoundingClientRect().top",
        )
    })
}

#[test]
fn a_violated_property_leads_to_where_it_is_seen() -> Result<()> {
    with_page("?scenario=byzantine-too-many", |page| {
        page.test_id("to-end")?.click()?;
        page.wait_until("document.querySelector('[data-status=violated]')")?;
        page.wait_until(
            "[...document.querySelectorAll('[data-status=violated]')].every(it => it.querySelector('button'))",
        )
    })
}

#[test]
fn focus_and_elements_stay_while_what_a_panel_says_changes() -> Result<()> {
    with_page("?scenario=task-distribution", |page| {
        page.wait_until("document.querySelectorAll('[data-testid=board] button').length >= 3")?;
        page.run(
            "window.task = document.querySelector('[data-testid=task-1-go]'); task.focus();
             window.load = document.querySelector('[data-testid=loads] tbody tr');
             window.said = document.querySelector('[data-testid=work-figures-hint]').textContent;
             document.querySelector('.column.right').scrollTop = 60",
        )?;
        page.wait_until(
            "document.querySelector('[data-testid=work-figures-hint]').textContent !== said
             && document.querySelectorAll('[data-testid=board] button').length >= 10",
        )?;
        page.wait_until("document.activeElement === task && load.isConnected")?;
        page.wait_until("document.querySelector('.column.right').scrollTop === 60")
    })
}
