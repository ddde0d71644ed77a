//! Work that is shared out, on the page: who bid and with what score, who worked when, what it did to
//! reputations, and the task a person looks at.

use anyhow::{Result, ensure};
use xtask::browser::Browser;

use crate::choice::open_at_end;
use crate::page::{press, text, wait_for_text};
use crate::with_page;

/// What the rows of a table say.
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

#[test]
fn while_it_is_worked_on_the_bars_say_how_long_it_will_take() -> Result<()> {
    with_page("", |page| {
        open_at_end(page, "campaign", "A campaign, shared out")?;
        wait_for_text(page, "work-sentence", "Done")?;
        press(page, "to-start")?;
        wait_for_text(page, "work-sentence", "0 of 4 have said whether they can help")?;
        (0..60).try_for_each(|_| press(page, "step-forward"))?;
        let words = text(page, "work-panel")?;
        ensure!(words.contains("3 of 3 skills covered"), "{words}");
        Ok(())
    })
}
