//! The state of a swarm on the page: who holds what, three ways to merge, writes, synchronising, and what it
//! costs.

use anyhow::{Result, ensure};
use xtask::browser::Browser;

use crate::byzantine::open;
use crate::link::link_of;
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
    let wrote = "[...document.querySelectorAll('[data-testid=timeline] [data-began=true]')].at(-1)";
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
        ensure!(text(page, "state-merge")?.contains("42 + 45 = 87"));
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
        // A text that is no number is refused, and nothing is lost.
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
        wait_for_text(page, "state-merge", "stays")?;
        press(page, "use-strategy")?;
        wait_for_text(page, "state", "the last write wins")?;
        press(page, "to-end")?;
        wait_for_text(page, "state-sentence", "All 3 hold 75")
    })
}

#[test]
fn a_delta_costs_less_than_everything() -> Result<()> {
    with_page("", |page| {
        open(page, "delta-sync", "Everything, or what is new")?;
        press(page, "to-end")?;
        wait_for_text(page, "costs", "2 messages, 2 keys")?;
        wait_for_text(page, "state-costs", "The delta took 0.")?;
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

/// The texts of all that is found.
fn texts(page: &Browser, selector: &str) -> Result<String> {
    let script = format!(
        "return [...document.querySelectorAll('{selector}')].map(it => it.textContent).join('|')"
    );
    Ok(page.run(&script)?.as_str().unwrap_or_default().to_owned())
}

/// Presses the line of an agent on the timeline, so far along it, in per cent.
fn press_line(page: &Browser, agent: u32, percent: u32) -> Result<()> {
    page.run(&format!(
        "const line = document.querySelector('[data-testid=timeline] rect[data-lane=\"{agent}\"]');
         const box = line.getBoundingClientRect();
         const clientX = box.left + box.width * {percent} / 100;
         line.dispatchEvent(new MouseEvent('click', {{ bubbles: true, clientX }}))"
    ))
    .map(drop)
}

/// The field to write into has the keyboard's focus.
fn wait_for_focus(page: &Browser) -> Result<()> {
    page.wait_until("document.activeElement.dataset.testid == 'write-value'")
}

fn fill(page: &Browser, place: usize, words: &str) -> Result<()> {
    page.run(&format!(
        "document.querySelectorAll('[data-order=write] input')[{place}].value = '{words}'"
    ))
    .map(drop)
}

#[test]
fn vector_clocks_are_drawn_as_what_was_known() -> Result<()> {
    with_page("", |page| {
        open(page, "vector-causal", "One write knew the other")?;
        press(page, "to-end")?;
        wait_for_text(page, "state-sentence", "All 3 hold ben")?;
        let drawn = texts(page, "[data-testid=lattice] g")?;
        ensure!(drawn.contains("ben{a1:1, a2:1}by a1, at all"), "{drawn}");
        ensure!(drawn.contains("ann{a2:1}by a2"), "{drawn}");
        ensure!(texts(page, "[data-testid=lattice] .named")? == "happened before");
        ensure!(count(page, "[data-testid=lattice] .edge")? == 1);

        open(page, "vector-concurrent", "Neither knew the other")?;
        press(page, "to-end")?;
        wait_for_text(page, "state-sentence", "All 3 hold ann and ben")?;
        ensure!(texts(page, "[data-testid=lattice] .tied")? == "concurrent");
        ensure!(count(page, "[data-testid=lattice] .edge")? == 2);
        wait_for_text(page, "legend", "happened before")?;
        // The merge to come is dotted.
        open(page, "counter-partition", "Counting through a split")?;
        press(page, "to-end")?;
        wait_for_text(page, "state-sentence", "All 3 hold 87")?;
        to_the_last_write(page)?;
        let merged = texts(page, "[data-testid=lattice] [data-look=ahead]")?;
        ensure!(merged == "87{a1:3, a2:3}if they merged", "{merged}");
        wait_for_text(page, "legend", "more")
    })
}

#[test]
fn a_line_of_the_timeline_is_written_on() -> Result<()> {
    with_page("", |page| {
        open(page, "counter-partition", "Counting through a split")?;
        press(page, "to-end")?;
        wait_for_text(page, "state-sentence", "All 3 hold 87")?;
        // Long ago, and on a branch of its own.
        press_line(page, 2, 20)?;
        wait_for_text(page, "write-send", "Write at agent-3")?;
        wait_for_focus(page)?;
        page.test_id("write-value")?.clear()?;
        page.test_id("write-value")?.type_text("100")?;
        press(page, "write-send")?;
        page.test_id("branch-1")?;
        wait_for_text(page, "log", "agent-3 wrote completed_count")?;
        ensure!(count(page, "[data-testid=timeline] [data-began=true]")? > 1, "a dot of its own");
        press(page, "to-end")?;
        wait_for_text(page, "state-sentence", "All 3 hold 187")?;
        // By the keyboard, at the playhead.
        press_line(page, 1, 30)?;
        page.find("[data-testid=timeline] button[data-lane=\"0\"]")?;
        page.run("document.querySelector('[data-testid=timeline] button').focus()")?;
        let clock = text(page, "clock")?;
        page.press("\u{e007}")?;
        wait_for_text(page, "write-send", "Write at agent-1")?;
        wait_for_focus(page)?;
        ensure!(text(page, "clock")? == clock, "where the playhead was");
        // Ahead of the playhead: time goes on to there.
        press_line(page, 1, 90)?;
        wait_for_text(page, "write-send", "Write at agent-2")?;
        page.wait("a later moment", || Ok((text(page, "clock")? > clock).then_some(())))
    })
}

#[test]
fn a_cell_of_the_table_chooses_key_and_agent() -> Result<()> {
    with_page("", |page| {
        open(page, "delta-sync", "Everything, or what is new")?;
        press(page, "to-end")?;
        wait_for_text(page, "versions", "setting-8")?;
        press_line(page, 0, 50)?;
        wait_for_text(page, "state-versions", "2 of 200 keys differ")?;
        wait_for_text(page, "state-versions", "and 192 more that are the same")?;
        ensure!(texts(page, "[data-testid=versions] [data-tint=accent]")?.starts_with("≠ 1"));
        presses(page, "[data-testid=versions] [title^=\"setting-120 at agent-4\"]")?;
        wait_for_text(page, "write-key", "setting-120")?;
        wait_for_text(page, "write-send", "Write at agent-4")?;
        ensure!(count(page, "[data-testid=versions] [aria-pressed=true]")? == 1);
        wait_for_text(page, "state-sentence", "2 different values of setting-120")
    })
}

#[test]
fn several_keys_are_written_at_once() -> Result<()> {
    let mut link = None;
    with_page("", |page| {
        open(page, "reconnection", "Back after a while")?;
        press(page, "to-end")?;
        wait_for_text(page, "versions", "task_queue")?;
        press_line(page, 2, 99)?;
        press(page, "to-start")?;
        press(page, "step-forward")?;
        press(page, "write-also")?;
        fill(page, 0, "10")?;
        // A text that cannot be read is told, and is still there.
        fill(page, 1, "[a, b]")?;
        press(page, "write-send")?;
        wait_for_text(page, "error-message", "task_queue: \"[a, b]\" is no list")?;
        let kept = page.run(
            "return [...document.querySelectorAll('[data-order=write] input')].map(it => it.value)",
        )?;
        ensure!(kept == serde_json::json!(["10", "[a, b]"]), "{kept}");
        presses(page, "[data-testid=error-message] button")?;
        fill(page, 1, "[\"a\", \"b\"]")?;
        press(page, "write-send")?;
        wait_for_text(page, "log", "agent-3 wrote task_queue")?;
        wait_for_text(page, "log", "agent-3 wrote counter")?;
        // One key less.
        presses(page, "[data-order=write] [data-without]")?;
        ensure!(count(page, "[data-order=write] input")? == 1);
        link = Some(link_of(page)?);
        Ok(())
    })?;
    with_page(&format!("#{}", link.unwrap_or_default()), |page| {
        wait_for_text(page, "log", "agent-3 wrote task_queue")?;
        wait_for_text(page, "log", "agent-3 wrote counter")?;
        // Both keys: the counter counts it too.
        press(page, "to-end")?;
        wait_for_text(page, "replicas", "111")
    })
}

#[test]
fn a_replica_is_taken_offline_and_brought_back() -> Result<()> {
    with_page("", |page| {
        open(page, "counter-partition", "Counting through a split")?;
        step(page, 3)?;
        press(page, "agent-agent-3")?;
        wait_for_text(page, "isolate", "Take offline")?;
        press(page, "isolate")?;
        wait_for_text(page, "rejoin", "Bring back online")?;
        press(page, "rejoin")?;
        wait_for_text(page, "isolate", "Take offline")?;
        ensure!(page.find_all("[data-testid=agent-coordinator]")?.is_empty(), "it has no part");
        Ok(())
    })
}

#[test]
fn why_of_a_merge_does_the_sum() -> Result<()> {
    with_page("", |page| {
        open(page, "counter-partition", "Counting through a split")?;
        press(page, "to-end")?;
        wait_for_text(page, "log", "the larger of each entry")?;
        page.run(
            "[...document.querySelectorAll('[data-testid=log-entry]')]
                 .find(it => it.textContent.includes('merged completed_count'))
                 .querySelector('[data-testid=why]').click()",
        )?;
        wait_for_text(page, "log", "The value is their sum: 42 + 45 = 87.")
    })
}
