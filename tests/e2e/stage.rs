//! A person's acts on the stage: select, intervene, partition, look closer.

use anyhow::{Context, Result, ensure};
use xtask::browser::Browser;

use crate::page::{press, set, wait_for_text};
use crate::with_page;

/// Where something on the stage is, in CSS pixels of the window; its own parts of the canvas, so that
/// the test holds at any size.
fn at(page: &Browser, x: f64, y: f64) -> Result<(i32, i32)> {
    let place = format!(
        "const r = document.querySelector('[data-testid=stage]').getBoundingClientRect(); \
         return [Math.round(r.left + r.width * {x}), Math.round(r.top + r.height * {y})]"
    );
    let place = page.run(&place)?;
    let pixel = |n: usize| place[n].as_i64().and_then(|it| i32::try_from(it).ok());
    Ok((pixel(0).context("no x")?, pixel(1).context("no y")?))
}

/// Paused while the five proposals are on their way.
fn with_messages(page: &Browser) -> Result<()> {
    press(page, "play")?;
    press(page, "to-start")?;
    press(page, "step-forward")?;
    page.wait_until("document.querySelectorAll('[data-testid^=message-]').length == 5")
}

#[test]
fn a_partition_is_drawn_across_the_stage_and_healed() -> Result<()> {
    with_page("", |page| {
        with_messages(page)?;
        press(page, "partition")?;
        let (from, to) = (at(page, 0.1, 0.7)?, at(page, 0.9, 0.7)?);
        page.drag(&[from, at(page, 0.5, 0.7)?, to])?;
        wait_for_text(page, "log", "broke apart")?;
        wait_for_text(page, "books", "2 lost")?;
        press(page, "heal")?;
        wait_for_text(page, "log", "healed")?;
        press(page, "to-end")?;
        // Those who never heard of it stay silent.
        wait_for_text(page, "tally-decision", "timeout")
    })
}

#[test]
fn who_is_cut_off_can_be_chosen_without_a_mouse() -> Result<()> {
    with_page("", |page| {
        with_messages(page)?;
        press(page, "partition")?;
        ensure!(page.test_id("split")?.property("disabled")? == true, "nobody is chosen yet");
        press(page, "away-qa-engineer")?;
        wait_for_text(page, "split", "Cut off 1")?;
        press(page, "split")?;
        wait_for_text(page, "log", "broke apart")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-sentence", "79.2 % FOR")
    })
}

#[test]
fn a_message_is_selected_dropped_and_missing() -> Result<()> {
    with_page("", |page| {
        with_messages(page)?;
        let id =
            page.run("return document.querySelector('[data-testid^=message-]').dataset.testid")?;
        let id = id.as_str().context("the message has a name")?.to_owned();
        press(page, &id)?;
        wait_for_text(page, "intervene-on", "proposal to")?;
        press(page, "duplicate")?;
        wait_for_text(page, "books", "1 doubled")?;
        press(page, "drop")?;
        wait_for_text(page, "books", "1 lost")?;
        wait_for_text(page, "intervene-on", "on the swarm")
    })
}

#[test]
fn a_link_is_found_under_the_pointer_cut_and_mended() -> Result<()> {
    with_page("", |page| {
        press(page, "play")?;
        // Nothing is on its way yet: what is half-way between two agents is their link.
        press(page, "to-start")?;
        let (x, y) = at(page, 0.5, 0.31)?;
        page.click_at(x, y)?;
        wait_for_text(page, "intervene-on", "lead-engineer – coordinator")?;
        press(page, "cut")?;
        wait_for_text(page, "log", "was cut")?;
        press(page, "mend")?;
        wait_for_text(page, "log", "mended")
    })
}

#[test]
fn a_question_is_put_to_the_swarm() -> Result<()> {
    with_page("", |page| {
        press(page, "to-end")?;
        wait_for_text(page, "tally-decision", "approved")?;
        press(page, "propose")?;
        page.test_id("propose-question")?.clear()?;
        page.test_id("propose-question")?.type_text("All at once?")?;
        page.run("document.querySelector('[data-testid=propose-rule]').value = 'unanimous'")?;
        page.test_id("propose-send")?.click()?;
        wait_for_text(page, "caption", "All at once?")?;
        press(page, "to-end")?;
        wait_for_text(page, "tally-decision", "rejected")
    })
}

#[test]
fn the_network_is_made_slower_and_lossy() -> Result<()> {
    with_page("", |page| {
        press(page, "play")?;
        press(page, "to-start")?;
        set(page, "loss", "100")?;
        press(page, "to-end")?;
        wait_for_text(page, "loss-words", "100 %")?;
        wait_for_text(page, "tally-decision", "timeout")?;
        press(page, "branch-0")?;
        press(page, "to-start")?;
        set(page, "latency", "30")?;
        press(page, "step-forward")?;
        wait_for_text(page, "latency-words", "500 to 1500 ms")
    })
}

#[test]
fn the_stage_is_seen_from_nearer_and_an_agent_put_elsewhere() -> Result<()> {
    with_page("", |page| {
        press(page, "play")?;
        let picture = |page: &Browser| {
            page.run("return document.querySelector('[data-testid=stage]').toDataURL()")
        };
        page.wait("a stage that stands still", || {
            let before = picture(page)?;
            std::thread::sleep(std::time::Duration::from_millis(500));
            Ok((picture(page)? == before).then_some(()))
        })?;
        let before = picture(page)?;
        let differs = || Ok((picture(page)? != before).then_some(()));
        let same = || Ok((picture(page)? == before).then_some(()));
        press(page, "zoom-in")?;
        page.wait("a nearer view", differs)?;
        press(page, "fit")?;
        page.wait("the whole stage again", same)?;
        page.press("z")?;
        page.wait("a nearer view by key", differs)?;
        page.press("0")?;
        page.wait("the whole stage by key", same)?;
        let agent = at(page, 0.5, 0.21)?;
        page.drag(&[agent, at(page, 0.45, 0.3)?, at(page, 0.4, 0.35)?])?;
        page.wait("an agent elsewhere", differs)?;
        press(page, "fit")?;
        // An agent under the pointer would be marked.
        page.click_at(100, 20)?;
        page.wait("everyone in their place", same)
    })
}

#[test]
fn housekeeping_is_left_out_shown_as_dots_or_named() -> Result<()> {
    with_page("", |page| {
        with_messages(page)?;
        let pressed = |id: &str| page.test_id(id)?.attribute("aria-pressed");
        assert_eq!(pressed("noise-context")?.as_deref(), Some("true"));
        for (key, id) in [("f", "noise-focus"), ("a", "noise-all"), ("c", "noise-context")] {
            page.press(key)?;
            page.wait(id, || Ok((pressed(id)?.as_deref() == Some("true")).then_some(())))?;
        }
        Ok(())
    })
}

#[test]
fn the_menu_of_what_is_under_the_pointer_crashes_it() -> Result<()> {
    let open = "document.querySelector('[data-testid=stage-menu]').matches(':popover-open')";
    with_page("", |page| {
        with_messages(page)?;
        let (x, y) = at(page, 0.5, 0.21)?;
        page.run(&format!(
            "document.querySelector('[data-testid=stage]').dispatchEvent(new MouseEvent('contextmenu', \
             {{ bubbles: true, cancelable: true, clientX: {x}, clientY: {y} }}))"
        ))?;
        page.wait_until(open)?;
        wait_for_text(page, "intervene-on", "lead-engineer")?;
        page.run("document.querySelector('[data-testid=stage-menu] [data-testid=crash]').click()")?;
        wait_for_text(page, "log", "lead-engineer crashed")?;
        page.wait_until(&format!("!{open}"))?;
        page.press("m")?;
        page.wait_until(open)?;
        page.press("\u{e00c}")?;
        page.wait_until(&format!("!{open}"))
    })
}
