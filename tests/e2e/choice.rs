//! A choice of several options, and a pipeline of decisions, at their ends.

use anyhow::{Result, ensure};
use xtask::browser::Browser;

use crate::page::{press, text, wait_for_text};
use crate::with_page;

/// A scenario at its end.
pub fn open_at_end(page: &Browser, name: &str, title: &str) -> Result<()> {
    press(page, "scenario-chooser")?;
    press(page, &format!("scenario-{name}"))?;
    wait_for_text(page, "scenario-chooser", title)?;
    press(page, "to-end")
}

/// The text of the items of a list or the rows of a table.
fn items(page: &Browser, id: &str) -> Result<Vec<String>> {
    let items = page.run(&format!(
        "return [...document.querySelectorAll('[data-testid={id}] :is(li, tr)')].map(it =>
             it.innerText.trim().replaceAll(/\\s+/g, ' ')).filter(it => it)"
    ))?;
    let items = items.as_array().into_iter().flatten();
    Ok(items.filter_map(|item| item.as_str().map(str::to_owned)).collect())
}

#[test]
fn a_choice_shows_a_bar_for_each_option_and_says_that_it_is_a_tie() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "database-choice", "Four databases")?;
        let lead = "postgres has won with 3 of 8: level with another, it stands first.";
        wait_for_text(page, "tally-sentence", lead)?;
        let bars = items(page, "options")?;
        let expected = ["A postgres wins 3", "B mysql level 3", "C sqlite 1", "D mongodb 1"];
        ensure!(bars == expected, "{bars:?}");
        let lamp = page.test_id("lamp-lead")?.text()?;
        ensure!(lamp.contains('B') && lamp.contains("mysql"), "{lamp}");
        Ok(())
    })
}

#[test]
fn a_pipeline_shows_its_stages_and_each_leads_to_its_vote() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "pipeline", "Three gates")?;
        wait_for_text(page, "pipeline-sentence", "3 of 3 stages passed.")?;
        let stages = items(page, "pipeline")?;
        let expected = ["architecture passed", "implementation passed", "deployment passed"];
        ensure!(stages == expected, "{stages:?}");
        wait_for_text(page, "tally-sentence", "3 of 3 = 100 % FOR")?;
        press(page, "stage-implementation-go")?;
        wait_for_text(page, "tally-sentence", "4 of 5 = 80 % FOR")?;
        let pressed = page.test_id("stage-implementation-go")?.attribute("aria-pressed")?;
        ensure!(pressed.as_deref() == Some("true"), "the stage that is shown is marked");
        let statistics = text(page, "statistics")?;
        ensure!(statistics.contains("3 proposals: 3 approved; 100 % approved"), "{statistics}");
        Ok(())
    })
}
