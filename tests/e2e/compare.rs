//! The values of a setting side by side, from runs that a worker makes beside the page.

use anyhow::{Result, ensure};

use crate::byzantine::open;
use crate::page::{press, text, wait_for_text};
use crate::with_page;

#[test]
fn all_ways_to_assign_are_compared_beside_the_page() -> Result<()> {
    with_page("", |page| {
        open(page, "schedulers", "Round robin, then adaptive")?;
        wait_for_text(page, "compare", "Assign by: all 11 ways")?;
        press(page, "compare")?;
        wait_for_text(page, "comparison-said", "220 of 220 runs")?;
        let table = text(page, "comparison-table")?;
        let rows = table.lines().filter(|line| line.contains(" ± ")).count();
        ensure!(rows == 11, "{rows} rows: {table}");
        ensure!(!table.contains('–'), "a figure is missing: {table}");
        // The same comes out each time.
        page.run("document.querySelector('dialog[open]').close()")?;
        press(page, "compare")?;
        wait_for_text(page, "comparison-said", "220 of 220 runs")?;
        ensure!(text(page, "comparison-table")? == table, "another table the second time");
        Ok(())
    })
}

#[test]
fn a_comparison_can_be_stopped_and_what_was_made_is_kept() -> Result<()> {
    with_page("", |page| {
        open(page, "two-choices", "The power of two choices")?;
        press(page, "compare")?;
        page.wait_until(
            "Number.parseInt(document.querySelector('[data-testid=comparison-said]').textContent) > 0",
        )?;
        press(page, "stop-comparison")?;
        wait_for_text(page, "comparison-said", "Stopped: ")?;
        let said = text(page, "comparison-said")?;
        ensure!(!said.contains(" 220 of"), "it was over before it was stopped: {said}");
        page.wait_until("(window.since ??= performance.now()) + 600 < performance.now()")?;
        ensure!(text(page, "comparison-said")? == said, "it goes on after it was stopped");
        page.run(
            "window.saved = null; const click = HTMLElement.prototype.click; \
             HTMLElement.prototype.click = function () { \
                 if (this.download) window.saved = this.download; else click.call(this); }",
        )?;
        press(page, "save-comparison")?;
        page.wait_until("window.saved === 'two-choices-compared.csv'")
    })
}

#[test]
fn nothing_is_compared_where_there_is_one_way() -> Result<()> {
    with_page("", |page| {
        page.wait_until("document.querySelector('[data-testid=compare-panel]').hidden")
    })
}
